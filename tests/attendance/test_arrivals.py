"""The reception desk: once, undone, at the door, on paper."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhipcau.activities.models import Activity
from nhipcau.attendance import services
from nhipcau.attendance.errors import AlreadyRegistered, BadList, NotAdmitted, NotStanding, SeatsGone
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.core import journal, uploads
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence, EvidenceDimension
from nhipcau.parties.models import User
from tests import makers

pytestmark = pytest.mark.database

DAY = datetime(2026, 12, 10, 13, 45, tzinfo=LOCAL)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture
def guest(intake: Intake) -> Registration:
    """A guest with a seat."""
    return makers.make_registration(intake)


def whole(guest: Registration) -> Registration:
    """Read as the desk reads it."""
    return Registration.objects.whole().get(pk=guest.pk)


def test_check_in_is_evidence_with_the_dimensions_of_the_day(guest: Registration, officer_hmc: User) -> None:
    admission = services.check_in(registration=guest, by=officer_hmc, at=DAY, point="Cửa A")
    assert (admission.first, admission.check_in.point) == (True, "Cửa A")
    evidence = Evidence.objects.get()
    assert (evidence.kind_id, evidence.source_ref, evidence.grade, evidence.day, evidence.person) == (
        "attendance.checkin", f"attendance.registration:{guest.pk}", "machine", DAY.date(), guest.person,
    )  # fmt: skip
    assert sorted(EvidenceDimension.objects.values_list("dimension", "value")) == [
        ("audience", "youth"), ("kind", "talkshow"), ("mode", "onsite"),
    ]  # fmt: skip


@pytest.mark.parametrize(("said", "written"), [("VN", ["vn"]), ("ZZ", ["foreign"]), ("FR", ["foreign"]), ("", [])])
def test_check_in_claims_a_nationality_only_where_one_was_given(
    said: str, written: list[str], guest: Registration, officer_hmc: User
) -> None:
    guest.person.nationality = said
    services.check_in(registration=guest, by=officer_hmc, at=DAY)
    kept = EvidenceDimension.objects.filter(dimension="nationality")
    assert list(kept.values_list("value", flat=True)) == written


def test_check_in_looks_at_the_row_as_it_is_now(intake: Intake, guest: Registration, officer_hmc: User) -> None:
    stale = whole(guest)
    services.cancel_registration(registration=guest, at=DAY, notify=False)
    with pytest.raises(NotAdmitted):
        services.check_in(registration=stale, by=officer_hmc, at=DAY)
    assert (CheckIn.objects.count(), Evidence.objects.count()) == (0, 0)


def test_check_in_of_who_moved_up_meanwhile_takes_no_second_seat(intake: Intake, officer_hmc: User) -> None:
    waiting = makers.make_registration(intake, "Trần Gia Bảo", state="waiting")
    stale = whole(waiting)
    services.promote(registration=waiting, by=officer_hmc, at=DAY, notify=False)
    assert services.check_in(registration=stale, by=officer_hmc, at=DAY).first is True
    intake.refresh_from_db()
    assert intake.taken == 1


def test_check_in_of_who_left_the_waiting_list_meanwhile_is_refused(intake: Intake, officer_hmc: User) -> None:
    waiting = makers.make_registration(intake, "Trần Gia Bảo", state="waiting")
    stale = whole(waiting)
    services.cancel_registration(registration=waiting, at=DAY, notify=False)
    with pytest.raises(NotAdmitted):
        services.check_in(registration=stale, by=officer_hmc, at=DAY)
    intake.refresh_from_db()
    assert (intake.taken, Registration.objects.confirmed().count()) == (0, 0)


def test_substitute_at_the_door_is_refused_whole(guest: Registration, officer_hmc: User, now: datetime) -> None:
    with pytest.raises(NotAdmitted):  # not before the day
        services.admit_substitute(registration=guest, name="Trần Gia Bảo", by=officer_hmc, at=now)
    guest.refresh_from_db()
    assert (guest.state, Registration.objects.count()) == ("confirmed", 1)
    admission = services.admit_substitute(registration=whole(guest), name="Trần Gia Bảo", by=officer_hmc, at=DAY)
    assert (admission.first, admission.registration.substitute_for, admission.registration.channel) == (
        True, guest, "desk",
    )  # fmt: skip


def test_check_in_of_an_unknown_audience_claims_none(intake: Intake, guest: Registration, officer_hmc: User) -> None:
    guest.intake.activity.dimensions["audience"] = ["enterprise", "youth"]
    services.check_in(registration=guest, by=officer_hmc, at=DAY)
    assert not EvidenceDimension.objects.filter(dimension="audience").exists()


def test_check_in_takes_six_statements(guest: Registration, officer_hmc: User) -> None:
    registration = whole(guest)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        services.check_in(registration=registration, by=officer_hmc, at=DAY)
    # the activity held, the row under its lock with whether the guest is in, arrival, known evidence?, evidence, its
    # dimensions
    statements = [q["sql"].split()[0] for q in asked if "SAVEPOINT" not in q["sql"]]
    assert statements == ["SELECT", "SELECT", "INSERT", "SELECT", "INSERT", "INSERT"]


def test_check_in_twice_counts_once_and_says_when(guest: Registration, officer_hmc: User, reception_hmc: User) -> None:
    first = services.check_in(registration=guest, by=officer_hmc, at=DAY, point="Cửa A")
    again = services.check_in(registration=guest, by=reception_hmc, at=DAY + timedelta(minutes=4), point="Cửa B")
    assert (again.first, again.check_in, again.check_in.point) == (False, first.check_in, "Cửa A")
    assert Evidence.objects.counted().count() == 1


def test_undo_voids_and_the_next_scan_counts(guest: Registration, officer_hmc: User) -> None:
    arrival = services.check_in(registration=guest, by=officer_hmc, at=DAY).check_in
    services.undo_check_in(check_in=arrival, by=officer_hmc, at=DAY)
    assert Evidence.objects.counted().count() == 0
    with pytest.raises(NotStanding):
        services.undo_check_in(check_in=arrival, by=officer_hmc, at=DAY)
    assert services.check_in(registration=guest, by=officer_hmc, at=DAY).first is True
    assert Evidence.objects.counted().count() == 1
    assert CheckIn.objects.count() == 2


def test_check_in_before_the_day_is_refused(guest: Registration, officer_hmc: User, now: datetime) -> None:
    with pytest.raises(NotAdmitted):
        services.check_in(registration=guest, by=officer_hmc, at=now)
    assert Evidence.objects.count() == 0


def test_check_in_of_a_cancelled_guest_or_activity_is_refused(guest: Registration, officer_hmc: User) -> None:
    gone = makers.make_registration(guest.intake, "Trần Gia Bảo", state="cancelled")
    with pytest.raises(NotAdmitted):
        services.check_in(registration=gone, by=officer_hmc, at=DAY)
    Activity.objects.update(state=Activity.State.CANCELLED)
    with pytest.raises(NotAdmitted):
        services.check_in(registration=guest, by=officer_hmc, at=DAY)


def test_check_in_from_the_waiting_list_takes_a_free_seat_or_none(intake: Intake, officer_hmc: User) -> None:
    early = makers.make_registration(intake, "Trần Gia Bảo", state="waiting")
    assert services.check_in(registration=early, by=officer_hmc, at=DAY).first is True
    makers.make_registration(Intake.objects.get(pk=intake.pk))
    late = makers.make_registration(intake, "Lê Minh An", state="waiting")
    with pytest.raises(NotAdmitted):
        services.check_in(registration=late, by=officer_hmc, at=DAY)
    intake.refresh_from_db()
    assert (intake.taken, Registration.objects.confirmed().count(), CheckIn.objects.count()) == (2, 2, 1)
    (seated,) = journal.of_thing("attendance.registration", [early.pk]).filter(verb="attendance.promote")
    assert (seated.before, seated.after, seated.by_name) == (
        {"state": "waiting"},
        {"state": "confirmed"},
        str(officer_hmc),
    )


def test_walk_in_takes_a_seat_and_comes_in(intake: Intake, officer_hmc: User) -> None:
    admission = services.admit_walk_in(intake=intake, name="Trần Gia Bảo", unit="Báo A", by=officer_hmc, at=DAY)
    assert (admission.first, admission.registration.channel, admission.registration.phone) == (True, "desk", "")
    intake.refresh_from_db()
    assert intake.taken == 1


def test_walk_in_without_a_seat_is_refused_and_leaves_nothing(intake: Intake, officer_hmc: User) -> None:
    makers.make_registration(intake), makers.make_registration(intake, "Lê Minh An")
    with pytest.raises(SeatsGone):
        services.admit_walk_in(intake=intake, name="Trần Gia Bảo", by=officer_hmc, at=DAY)
    assert CheckIn.objects.count() == 0


def test_walk_in_who_is_registered_comes_in_on_his_own_place(guest: Registration, officer_hmc: User) -> None:
    admission = services.admit_walk_in(
        intake=guest.intake, name="nguyễn thị thanh vân", phone=guest.phone, by=officer_hmc, at=DAY
    )
    assert (admission.registration, admission.first) == (guest, True)
    with pytest.raises(AlreadyRegistered):
        services.admit_walk_in(intake=guest.intake, name="Trần Gia Bảo", phone=guest.phone, by=officer_hmc, at=DAY)


def test_signed_list_waits_for_another_person_and_is_kept_once(activity: Activity, officer_hmc: User) -> None:
    upload = uploads.read(SimpleUploadedFile("ky.pdf", PDF))
    kept = services.record_signed_list(activity=activity, upload=upload, signatures=86, by=officer_hmc, at=DAY)
    again = services.record_signed_list(activity=activity, upload=upload, signatures=86, by=officer_hmc, at=DAY)
    assert kept == again
    assert (kept.kind_id, int(kept.quantity), kept.grade, kept.needs_verification) == (
        "attendance.signed_list",
        86,
        "signed",
        True,
    )
    assert [a.name for a in kept.attachments.all()] == ["ky.pdf"]
    assert Evidence.objects.counted().count() == 0
    with pytest.raises(BadList):
        services.record_signed_list(activity=activity, upload=upload, signatures=0, by=officer_hmc, at=DAY)


def test_signed_list_is_refused_before_the_day_and_in_a_closed_plan(
    activity: Activity, officer_hmc: User, now: datetime
) -> None:
    upload = uploads.read(SimpleUploadedFile("ky.pdf", PDF))
    with pytest.raises(BadList):
        services.record_signed_list(activity=activity, upload=upload, signatures=3, by=officer_hmc, at=now)
    activity.plan.state = "closed"
    with pytest.raises(BadList):
        services.record_signed_list(activity=activity, upload=upload, signatures=3, by=officer_hmc, at=DAY)
    assert Evidence.objects.count() == 0


def test_note_documents_is_kept_on_the_arrival(guest: Registration, officer_hmc: User) -> None:
    arrival = services.check_in(registration=guest, by=officer_hmc, at=DAY).check_in
    services.note_documents(check_in=arrival, took=True, by=officer_hmc, at=DAY)
    arrival.refresh_from_db()
    assert arrival.took_documents is True
