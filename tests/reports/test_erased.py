"""A guest who was counted asks to be forgotten: the frozen report stays verifiable, and nothing drifts."""

import pytest

from nhipcau.attendance import services as attendance
from nhipcau.evidence.models import Evidence
from nhipcau.parties.matching import join_people, undo_match
from nhipcau.plans.models import Indicator
from nhipcau.privacy import services as privacy
from nhipcau.privacy.models import Access, Request
from nhipcau.reports import checking, figures
from nhipcau.reports.models import Report
from tests import makers
from tests.reports import stage
from tests.reports.stage import AT, Stage, freeze, set_stage

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def counted_guest(on: Stage) -> tuple[Indicator, list[makers.Registration]]:
    """Two guests who came to the talk, and an indicator that counts different people."""
    intake = makers.make_intake(on.talk)
    guests = [makers.make_registration(intake, name) for name in ("Trịnh Quỳnh Giao", "Lê Văn An")]
    for guest in guests:
        guest.intake = intake
        attendance.check_in(registration=guest, by=on.officer, at=stage.moment(8, 20, 14))
    people = makers.make_indicator(
        on.visits.objective, code="CT-09", measure="distinct", dimension="person", scope="plan", name="Số người dự"
    )
    makers.make_target(people, on.phase, value=2)
    return people, guests


def test_erasing_a_counted_guest_leaves_the_frozen_report_as_it_was() -> None:
    on = set_stage()
    people, guests = counted_guest(on)
    report = freeze(on.report)
    digest, rows = report.digest, Evidence.objects.counted().count()
    access = privacy.open_access(person=guests[0].person, how=Access.How.EMAIL, at=AT)
    asked = privacy.file_request(person=guests[0].person, access=access, kind=Request.Kind.ERASE, language="vi", at=AT)
    privacy.accept(request=asked, by=on.officer, at=AT)
    guests[0].person.refresh_from_db()
    assert guests[0].person.name == "—"
    report = Report.objects.get(pk=report.pk)
    frozen = figures.frozen_lines(report)
    assert report.payload is not None
    assert figures.digest(report.payload) == digest
    found = checking.check(report.check_code)
    assert found is not None
    assert found.matches
    assert figures.drift(report, frozen) == {}
    assert Evidence.objects.counted().count() == rows
    assert [line.value for line in frozen if line.indicator == people] == [2]


def test_joining_two_counted_records_shows_as_drift_and_goes_with_the_undo() -> None:
    on = set_stage()
    people, guests = counted_guest(on)
    report = freeze(on.report)
    digest = report.digest
    match = join_people(kept=guests[0].person, other=guests[1].person, points=60, by=on.officer, at=AT)

    def drift() -> dict[int, tuple[object, object]]:
        fresh = Report.objects.get(pk=report.pk)
        assert fresh.payload is not None
        assert figures.digest(fresh.payload) == digest
        found = figures.drift(fresh, figures.frozen_lines(fresh))
        return {pk: (one.frozen, one.now) for pk, one in found.items()}

    assert drift() == {people.pk: (2, 1)}
    undo_match(match=match, by=on.officer, at=AT)
    assert drift() == {}
