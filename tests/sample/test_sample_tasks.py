"""The sample fills in the background, in slices that take up where the last one stopped."""

from datetime import date

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from nhipcau.activities.models import Activity
from nhipcau.attendance.models import Registration
from nhipcau.evidence.models import Evidence
from nhipcau.outbox.models import Message
from nhipcau.plans.models import Plan
from nhipcau.reports.models import Report
from nhipcau.sample import dates
from nhipcau.sample.beginnings import Beginning
from nhipcau.sample.filling import begin_interest, fill, steps
from nhipcau.sample.progress import Progress
from nhipcau.sample.tasks import fill_sample, go_on

NOW = dates.moment(date(2026, 11, 23), 9, 30)
pytestmark = pytest.mark.django_db


def waiting() -> list[tuple[str, str]]:
    """What of ours the queue holds; Wagtail queues its own."""
    ours = DBTaskResult.objects.filter(task_path__startswith="nhipcau.")
    return list(ours.values_list("task_path", "status"))


def test_start_queues_the_rest_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sample", "--start", "--small", "--today", "2026-11-23")
    assert waiting() == [("nhipcau.sample.tasks.fill_sample", "READY")]
    assert "quantri" in capsys.readouterr().out
    call_command("sample", "--start", "--small")
    assert waiting() == [("nhipcau.sample.tasks.fill_sample", "READY")]
    assert capsys.readouterr().out == ""
    assert Message.objects.count() == 0


def test_filling_stopped_anywhere_goes_on_from_there() -> None:
    Beginning(now=NOW, small=True).write()
    before = Progress.read(now=NOW, small=True)
    assert (before.done, before.percent) == (0, 0)
    assert not fill(now=NOW, small=True, seconds=0.0)
    first = Progress.read(now=NOW, small=True)
    assert not fill(now=NOW, small=True, seconds=0.0)
    second = Progress.read(now=NOW, small=True)
    assert 0 <= first.done <= second.done < second.all
    names = [step.name for step, _number in zip(steps(now=NOW, small=True), range(3), strict=False)]
    assert names[0].startswith("2026 · ")


def test_a_step_done_twice_counts_once() -> None:
    Beginning(now=NOW, small=True).write()
    step = next(steps(now=NOW, small=True))
    step.do()
    registered = Registration.objects.count()
    step.do()
    assert (registered > 0, Registration.objects.count()) == (True, registered)


def test_a_task_queues_the_next_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    Beginning(now=NOW, small=True).write()
    monkeypatch.setattr("nhipcau.sample.tasks.SECONDS", 0.0)
    assert fill_sample.call(NOW.isoformat(), True) is False
    assert waiting() == [("nhipcau.sample.tasks.fill_sample", "READY")]
    assert go_on(now=NOW, small=True) is False


@pytest.mark.parametrize("today", [date(2026, 1, 2), date(2026, 6, 30), date(2026, 12, 31), date(2028, 2, 29)])
def test_the_sample_can_begin_on_any_day(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhipcau.sample.filling.KEYS", ("current",))
    now = dates.moment(today, 9, 30)
    Beginning(now=now, small=True).write()
    begin_interest(now=now, small=True)
    assert fill(now=now, small=True)
    plan = Plan.objects.prefetch_related("phases").get(year=today.year)
    phase = plan.phase_on(today)
    assert phase is not None
    past = [a for a in plan.activities.all() if a.ends_at < now]
    assert {a.code for a in past if a.state == Activity.State.PLANNED} == set()
    assert {a.code for a in past} != set()
    assert Report.objects.filter(plan=plan, phase=phase, frozen_at=None).count() == 1
    frozen = [
        p.order for p in plan.phases.all() if p.reports.filter(frozen_at__isnull=False, issues__isnull=False).exists()
    ]
    assert frozen == list(range(1, phase.order))
    assert Evidence.objects.awaiting_verification().filter(plan=plan).exists()
    assert Evidence.objects.sent_back().filter(plan=plan).exists()
    assert not Evidence.objects.filter(recorded_at__gt=now).exists()
    assert Message.objects.count() == 0
