"""The small sample, loaded once into an empty database through the services people use, and looked at from all sides."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.attendance.models import CheckIn, Consent, Intake, Registration
from nhipcau.core.middleware import local_day
from nhipcau.core.vietnamese import fold
from nhipcau.evidence.counting import progress
from nhipcau.evidence.models import Attachment, Evidence
from nhipcau.outbox.models import Message
from nhipcau.parties.models import Membership, Organisation, Person, Supervision, User
from nhipcau.plans.models import Indicator, Plan
from nhipcau.reports.models import Report, Snapshot
from nhipcau.sample import content, dates
from nhipcau.sample.beginnings import Beginning
from nhipcau.sample.filling import begin_interest, fill
from nhipcau.sample.passwords import keep_passwords
from nhipcau.sample.programme import beginning
from nhipcau.sample.progress import Progress

pytestmark = pytest.mark.django_db  # each test's own changes go at its end; the sample stays until the last one

TODAY = date(2026, 11, 23)
NOW = dates.moment(TODAY, 9, 30)


@pytest.fixture(scope="module")
def passwords(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The whole small sample; rolled back after the last test of this module."""
    with django_db_blocker.unblock():
        everything = transaction.atomic()
        everything.__enter__()
        try:
            made = Beginning(now=NOW, small=True).write()
            begin_interest(now=NOW, small=True)
            assert fill(now=NOW, small=True)
            yield made
        finally:
            transaction.set_rollback(True)
            everything.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _loaded(passwords: dict[str, str]) -> None:
    """Every test here looks at the same rows."""


def counts() -> dict[str, int]:
    """How much there is of everything."""
    models: list[Any] = [
        Agreement, Plan, Activity, Intake, User, Person, Registration, Consent, CheckIn, Evidence, Attachment, Report,
        Snapshot, Message,
    ]  # fmt: skip
    return {model.__name__: model.objects.count() for model in models}


def plan(year: int) -> Plan:
    """A year's plan with its phases."""
    return Plan.objects.prefetch_related("phases").get(year=year)


def test_the_small_sample_has_exactly_so_much() -> None:
    assert counts() == {
        "Agreement": 1, "Plan": 2, "Activity": 60, "Intake": 58, "User": 19, "Person": 735, "Registration": 870,
        "Consent": 870, "CheckIn": 613, "Evidence": 1731, "Attachment": 62, "Report": 8, "Snapshot": 2, "Message": 0,
    }  # fmt: skip


def test_a_second_run_changes_nothing() -> None:
    before = counts()
    assert Beginning(now=NOW, small=True).write() == {}
    assert begin_interest(now=NOW, small=True) == 0
    assert fill(now=NOW, small=True)
    assert counts() == before
    progress = Progress.read(now=NOW, small=True)
    assert (progress.done, progress.percent) == (progress.all, 100)


def test_no_mail_is_queued() -> None:
    assert Message.objects.count() == 0


def test_the_beginning_is_remembered() -> None:
    assert beginning() == NOW


def test_everything_is_marked_as_sample() -> None:
    assert list(Agreement.objects.values_list("is_sample", flat=True)) == [True]


def test_each_unit_says_where_its_papers_are_dated() -> None:
    assert set(Organisation.objects.filter(party_to__isnull=False).values_list("place", flat=True)) == {
        "Thành phố Hồ Chí Minh"
    }


def test_each_role_has_an_account(passwords: dict[str, str]) -> None:
    held = {
        (m.user.username, m.role, m.organisation.abbreviation)
        for m in Membership.objects.select_related("user", "organisation")
    }
    assert held == {
        ("canbo.ttbc", "officer", "HMC"), ("giamdoc.ttbc", "director", "HMC"), ("vanthu.ttbc", "records", "HMC"),
        ("letan.ttbc", "reception", "HMC"), ("bientap.ttbc", "editor", "HMC"), ("phongvien.ttbc", "reporter", "HMC"),
        ("truongban.ttbc", "chief_editor", "HMC"), ("phongvien.fsc", "reporter", "FSC"), ("bientap.fsc", "editor", "FSC"),
        ("truongban.fsc", "chief_editor", "FSC"), ("canbo.fsc", "officer", "FSC"),
        ("giamdoc.fsc", "director", "FSC"), ("vanthu.fsc", "records", "FSC"), ("letan.fsc", "reception", "FSC"),
        ("canbo.sngv", "officer", "SNgV"), ("canbo.stttt", "officer", "STTTT"), ("canbo.svhtt", "officer", "SVHTT"),
    }  # fmt: skip
    assert {u.username for u in User.objects.all()} - {name for name, _role, _of in held} == {"nguoingoai", "quantri"}
    assert [u.username for u in User.objects.filter(is_superuser=True)] == ["quantri"]
    for name, password in passwords.items():
        assert User.objects.get(username=name).check_password(password), name


def test_passwords_are_kept_for_their_owner_only(passwords: dict[str, str]) -> None:
    keep_passwords(passwords)
    path = settings.DATA / "demo-accounts.txt"
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line.split()[:2] for line in lines] == [[name, password] for name, password in passwords.items()]


def test_supervision_changes_hands_and_says_what_is_unconfirmed() -> None:
    rows = Supervision.objects.order_by("first_day", "unit__abbreviation").values_list(
        "unit__abbreviation", "department__abbreviation", "last_day", "unverified"
    )
    assert list(rows) == [
        ("FSC", "SNgV", None, False),
        ("HMC", "STTTT", date(2025, 2, 28), False),
        ("HMC", "SVHTT", None, True),
    ]


def test_only_the_public_record_bears_real_names() -> None:
    real = {fold(name) for name in content.PUBLIC_RECORD[:5]}
    bearing = [person for person in Person.objects.all() if fold(person.name) in real]
    assert sorted(person.name for person in bearing) == sorted(content.PUBLIC_RECORD[:5])
    assert [person.registrations.count() for person in bearing] == [0, 0, 0, 0, 0]
    everybody = {fold(name) for name in Registration.objects.values_list("name", flat=True)}
    assert everybody & {fold(name) for name in content.PUBLIC_RECORD} == set()


def test_the_current_plan_is_in_force_and_the_planned_year_closed() -> None:
    states = list(Plan.objects.order_by("year").values_list("year", "state", "copied_from__year"))
    assert states == [(2022, "closed", None), (2026, "adopted", 2022)]
    assert [p.consents.count() for p in Plan.objects.all()] == [2, 2]


def test_every_activity_lies_in_the_phase_of_its_day() -> None:
    for year in (2022, 2026):
        whole = plan(year)
        for activity in whole.activities.all():
            assert whole.phase_on(local_day(activity.starts_at)) == activity.phase, (year, activity.code)
        assert whole.activities.count() == 30


def test_what_is_past_has_happened_and_what_is_to_come_is_open() -> None:
    current = plan(2026)
    states = {a.code: a.state for a in current.activities.order_by("starts_at")}
    assert Counter(states.values()) == {"closed": 26, "held": 1, "planned": 3}
    assert [code for code, state in states.items() if state != "closed"] == ["TT-01", "BD-06", "HB-06", "ĐP-03"]
    for intake in Intake.objects.filter(activity__plan=current, activity__starts_at__gt=NOW):
        assert intake.opens_at < NOW < intake.closes_at, intake
        assert intake.registrations.count() > 0
    assert not Registration.objects.filter(registered_at__gt=NOW).exists()
    assert not CheckIn.objects.filter(at__gt=NOW).exists()
    assert not Evidence.objects.filter(recorded_at__gt=NOW).exists()


def test_one_event_of_each_year_was_postponed_with_a_reason() -> None:
    moved = {
        (a.plan.year, a.code): (a.changes.get().kind, local_day(a.changes.get().old_start), local_day(a.starts_at))
        for a in Activity.objects.filter(changes__isnull=False).select_related("plan")
    }
    assert moved == {
        (2022, "TĐ-06"): ("moved", date(2022, 8, 25), date(2022, 9, 15)),
        (2026, "BD-02"): ("moved", date(2026, 4, 22), date(2026, 5, 6)),
    }


def test_the_two_full_activities_have_waiting_lists() -> None:
    waiting = Counter(
        (r.intake.activity.plan.year, r.intake.activity.code)
        for r in Registration.objects.filter(state="waiting").select_related("intake__activity__plan")
    )
    assert waiting == {(2022, "TĐ-05"): 2, (2026, "TĐ-02"): 1}
    for intake in Intake.objects.filter(registrations__state="waiting").distinct():
        assert intake.taken == intake.capacity


def test_registrations_tell_all_that_happens_at_a_desk() -> None:
    assert Registration.objects.filter(state="cancelled", substituted_by__isnull=True).exists()
    assert Registration.objects.filter(substitute_for__isnull=False, check_ins__isnull=False).exists()
    assert Registration.objects.filter(channel="desk").exists()
    assert Registration.objects.filter(of_honour=True, seat="A1").exists()
    assert CheckIn.objects.filter(undone_at__isnull=False).exists()
    assert Person.objects.filter(registrations__isnull=False).distinct().count() < Registration.objects.count()
    selfmade = Registration.objects.filter(channel="self")
    assert selfmade.filter(consent__isnull=True).count() == 0


def test_seats_agree_with_the_places_given_out() -> None:
    wrong = [
        intake.activity.code
        for intake in Intake.objects.select_related("activity")
        if intake.taken != intake.registrations.filter(state="confirmed").count()
    ]
    assert wrong == []


def test_every_figure_of_the_past_can_be_counted() -> None:
    for year, day in ((2022, date(2022, 12, 31)), (2026, TODAY)):
        whole = plan(year)
        indicators = list(Indicator.objects.filter(objective__plan=whole).select_related("objective"))
        rows = progress(whole, indicators, day=day)
        over = [pk for pk, window in whole.windows().items() if window.last < day or year == 2022]
        missing = [
            (year, row.indicator.code, pk)
            for row in rows.values()
            for pk in over
            if row.phase_targets[pk] is not None and row.by_phase[pk].value is None
        ]
        assert (len(rows), missing) == (30, [])


def test_money_is_told_once() -> None:
    for activity in Activity.objects.filter(plan__year=2022):
        told = sum(
            Evidence.objects.counted()
            .filter(activity=activity, kind_id="finance.spent")
            .values_list("quantity", flat=True)
        )
        assert told == Decimal(activity.spent or 0), activity.code


def test_reports_of_finished_phases_are_frozen_explained_and_issued() -> None:
    kept = [
        (r.plan.year, r.phase.order if r.phase else 0, r.frozen_at is not None, r.issues.count())
        for r in Report.objects.select_related("plan", "phase").order_by("plan__year", "first_day")
    ]
    assert kept == [
        (2022, 1, True, 2), (2022, 2, True, 2), (2022, 3, True, 2), (2022, 4, True, 2),
        (2026, 1, True, 2), (2026, 2, True, 2), (2026, 3, True, 2), (2026, 4, False, 0),
    ]  # fmt: skip
    for report in Report.objects.frozen():
        missed = [
            m for m in report.measurements.all() if m.target is not None and m.value is not None and m.value < m.target
        ]
        assert missed
        assert [m.indicator.code for m in missed if not m.explanation] == []


def test_the_public_may_see_what_both_directors_released() -> None:
    kept = [
        (s.plan.year, s.released_at is not None, sorted(f"{c.organisation.short} {c.kind}" for c in s.consents.all()))
        for s in Snapshot.objects.select_related("plan").order_by("plan__year")
    ]
    assert kept == [
        (2022, True, ["FSC released", "HMC released", "SNgV seen", "STTTT seen"]),
        (2026, True, ["FSC released", "HMC released", "SNgV seen", "SVHTT seen"]),
    ]


def test_reports_sent_count_for_the_department_of_their_day() -> None:
    sent = Counter(
        Evidence.objects.filter(kind_id="report.sent", dimensions__dimension="department").values_list(
            "plan__year", "dimensions__value"
        )
    )
    assert sent == {(2022, "SNgV"): 4, (2022, "STTTT"): 4, (2026, "SNgV"): 3, (2026, "SVHTT"): 3}


def test_some_evidence_waits_and_one_row_was_sent_back() -> None:
    waiting = Evidence.objects.awaiting_verification()
    assert Counter(waiting.values_list("plan__year", "activity__code", "kind_id")) == {
        (2026, "BD-04", "training.completed"): 2,
        (2026, "BD-06", "survey.score"): 3,
        (2026, "HN-02", "contact.made"): 2,
        (2026, "SK-03", "finance.spent"): 1,
        (2026, "SK-03", "press.item"): 9,
        (2026, "SK-03", "promotion.reach"): 1,
    }
    back = Evidence.objects.sent_back().get()
    assert (back.activity and back.activity.code, back.kind_id, back.verifications.get().due) == (
        "BD-04", "training.completed", date(2026, 11, 27),
    )  # fmt: skip


def test_the_command_says_what_it_wants() -> None:
    with pytest.raises(CommandError, match="Say --start, --fill or --status"):
        call_command("sample")
