"""The journal: what an act leaves behind, and that nobody changes it afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from nhipcau.activities.errors import ReasonMissing
from nhipcau.activities.models import Activity
from nhipcau.activities.services import SpeakerDraft, move_activity, put_speakers, schedule_activity
from nhipcau.core import journal
from nhipcau.core.models import JournalEntry
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.django_db


def utc(moment: datetime) -> str:
    """A moment as the journal keeps it."""
    return moment.astimezone(UTC).isoformat()


def written() -> list[dict[str, Any]]:
    """Every entry in the order of the acts, without keys and moments."""
    return [
        {
            name: value
            for name, value in row.items()
            if value not in ("", {}, None) and name not in {"id", "at", "folded"}
        }
        for row in JournalEntry.objects.order_by("at", "id").values()
    ]


def test_moving_is_told_whole(plan: Plan, officer_hmc: User, now: datetime) -> None:
    activity = makers.make_activity(plan)
    was, until = activity.starts_at, activity.ends_at
    later = was + timedelta(days=1)
    move_activity(
        activity=activity,
        starts_at=later,
        ends_at=until + timedelta(days=1),
        reason=" Diễn giả bận họp ",
        by=officer_hmc,
        at=now,
    )
    assert written() == [
        {
            "by_id": officer_hmc.pk,
            "by_name": "officer_hmc",
            "verb": "activities.move_activity",
            "kind": "activities.activity",
            "object_id": str(activity.pk),
            "label": "HD-01 Tọa đàm khởi nghiệp số",
            "label_en": "HD-01 Talk on digital start-ups",
            "under_kind": "activities.activity",
            "under_id": str(activity.pk),
            "whole_kind": "agreements.agreement",
            "whole_id": str(plan.agreement_id),
            "before": {"starts_at": utc(was), "ends_at": utc(until)},
            "after": {
                "starts_at": utc(later),
                "ends_at": utc(until + timedelta(days=1)),
            },
            "reason": "Diễn giả bận họp",
        }
    ]


def test_nothing_is_told_when_a_form_is_written_anew_as_it_was(plan: Plan, officer_hmc: User, now: datetime) -> None:
    activity = makers.make_activity(plan)
    speakers = [SpeakerDraft("Lê Văn Mẫu"), SpeakerDraft("Trần Thị Mẫu")]
    put_speakers(activity=activity, speakers=speakers, by=officer_hmc, at=now)
    put_speakers(activity=activity, speakers=speakers, by=officer_hmc, at=now)
    put_speakers(activity=activity, speakers=speakers[1:], by=officer_hmc, at=now)
    assert [(one.get("before"), one.get("after")) for one in written()] == [
        (None, {"speakers": ["Lê Văn Mẫu", "Trần Thị Mẫu"]}),
        ({"speakers": ["Lê Văn Mẫu"]}, None),
    ]


def test_what_fails_leaves_no_entry(plan: Plan, officer_hmc: User, now: datetime) -> None:
    activity = makers.make_activity(plan)
    with pytest.raises(ReasonMissing):
        move_activity(activity=activity, starts_at=now, ends_at=now, reason=" ", by=officer_hmc, at=now)
    assert written() == []


@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_journalentry SET by_name = 'ai đó'",
        "DELETE FROM core_journalentry",
        pytest.param("INSERT", id="replace"),
    ],
)
def test_the_database_refuses_to_change_it(plan: Plan, officer_hmc: User, now: datetime, statement: str) -> None:
    activity = makers.make_activity(plan)
    entry = journal.note(activity, verb="tests.note", by=officer_hmc, at=now)
    if statement == "INSERT":
        if connection.vendor != "sqlite":
            statement = "TRUNCATE core_journalentry"
        else:
            statement = "INSERT OR REPLACE INTO core_journalentry SELECT * FROM core_journalentry"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert JournalEntry.objects.get().by_name == entry.by_name == "officer_hmc"


def test_a_new_activity_is_told_with_what_was_given(plan: Plan, officer_hmc: User, now: datetime) -> None:
    kind = makers.make_activity(plan).kind
    start = makers.NOW + timedelta(days=3)
    created = schedule_activity(
        plan=plan,
        kind=kind,
        code="A9",
        title="Tọa đàm mẫu",
        title_en="A sample talk",
        lead=makers.make_organisation("hmc"),
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        by=officer_hmc,
        at=now,
    )
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.label, entry.label_en) == (
        "activities.schedule_activity",
        "A9 Tọa đàm mẫu",
        "A9 A sample talk",
    )
    assert entry.before == {}
    assert entry.after == {
        "phase": {"id": str(created.phase_id), "vi": str(created.phase), "en": created.phase.text("name", "en")},
        "kind": entry.after["kind"],
        "code": "A9",
        "title": "Tọa đàm mẫu",
        "title_en": "A sample talk",
        "lead": entry.after["lead"],
        "starts_at": utc(start),
        "ends_at": utc(start + timedelta(hours=2)),
        "mode": "onsite",
        "language": "vi",
        "expected": 0,
        "estimate": 0,
        "state": "planned",
    }
    assert entry.after["lead"]["vi"] == str(created.lead)
    assert Activity.objects.get(pk=created.pk).starts_at == start


def test_acts_within_an_act_are_part_of_it(plan: Plan, officer_hmc: User, now: datetime) -> None:
    activity = makers.make_activity(plan)

    @journal.verb(of="activity", unless_same=True)
    def outer(*, activity: Activity, by: User, at: datetime) -> None:
        put_speakers(activity=activity, speakers=[SpeakerDraft("Lê Văn Mẫu")], by=by, at=at)

    outer(activity=activity, by=officer_hmc, at=now)
    inner, whole = sorted(JournalEntry.objects.all(), key=lambda entry: entry.part_of is None)
    assert (inner.verb, inner.part_of) == ("activities.put_speakers", whole.id)


def test_somebody_else_may_act_in_a_persons_place(plan: Plan, officer_hmc: User, now: datetime) -> None:
    activity = makers.make_activity(plan)
    with journal.acting_for("Giám đốc HMC"):
        put_speakers(activity=activity, speakers=[SpeakerDraft("Lê Văn Mẫu")], by=officer_hmc, at=now)
    assert JournalEntry.objects.get().acting_for_name == "Giám đốc HMC"
