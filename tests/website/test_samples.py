"""Sample data says so wherever it is met, and stands beside real data without lending it its mark."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.test import Client
from icalendar import Calendar

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement
from nhipcau.parties.models import User
from nhipcau.reports.models import Snapshot
from nhipcau.reports.services import prepare_snapshot
from tests import makers

SignIn = Callable[[User], Client]
MARK = "DỮ LIỆU MẪU"


@pytest.fixture
def sample(db: None) -> Activity:
    """A public talk of sample data, the only agreement being a sample."""
    activity = makers.make_activity(makers.make_plan(makers.make_agreement(is_sample=True)), title="Tọa đàm mẫu")
    makers.make_intake(activity)
    return activity


@pytest.fixture
def real(sample: Activity) -> Activity:
    """A public talk of a real agreement, signed later than the sample's."""
    agreement = makers.make_agreement()
    Agreement.objects.filter(pk=agreement.pk).update(signed_on=date(2022, 1, 5))
    agreement.refresh_from_db()
    return makers.make_activity(makers.make_plan(agreement), title="Tọa đàm thật")


def page(address: str) -> str:
    """What a visitor gets."""
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def release(activity: Activity, by: User) -> Snapshot:
    """A released snapshot of the activity's plan."""
    snapshot = prepare_snapshot(plan=activity.plan, by=by, at=makers.NOW)
    snapshot.released_at = makers.NOW
    snapshot.save()
    return snapshot


def test_every_public_page_and_file_of_sample_data_carries_the_mark(sample: Activity) -> None:
    event = f"/hoat-dong/{sample.slug}/"
    for address in (
        "/", "/lich/", "/ban-ghi-nho/", "/ket-qua/", "/kiem-tra/", "/gioi-thieu/", "/rieng-tu/", "/tiep-can/", event,
        f"/dang-ky/{sample.slug}/", "/tai-khoan/login/", "/tai-khoan/password/reset/", "/lich.ics",
        f"/hoat-dong/{sample.slug}.ics",
    ):  # fmt: skip
        for prefix in ("", "/en"):
            assert MARK in page(prefix + address), prefix + address
    assert [str(e["SUMMARY"]) for e in Calendar.from_ical(page("/lich.ics")).walk("VEVENT")] == [
        "[DỮ LIỆU MẪU] Tọa đàm mẫu"
    ]


def test_search_engines_are_not_offered_sample_data(sample: Activity, real: Activity) -> None:
    invented, held = page(f"/hoat-dong/{sample.slug}/"), page(f"/hoat-dong/{real.slug}/")
    assert ["application/ld+json" in found for found in (invented, held)] == [False, True]
    assert ['<meta name="robots" content="noindex">' in found for found in (invented, held)] == [True, False]
    sitemap = page("/sitemap.xml")
    assert [activity.slug in sitemap for activity in (sample, real)] == [False, True]


def test_activities_sheet_of_sample_data_carries_the_mark(
    sample: Activity, real: Activity, officer_hmc: User, sign_in: SignIn
) -> None:
    def texts(activity: Activity) -> str:
        content = sign_in(officer_hmc).get(f"/ban/hoat-dong/hoat-dong.xlsx?plan={activity.plan_id}").content
        return ZipFile(io.BytesIO(content)).read("xl/sharedStrings.xml").decode()

    assert [MARK in texts(activity) for activity in (sample, real)] == [True, False]


def test_front_page_tells_of_one_agreement_only(sample: Activity, real: Activity, officer_hmc: User) -> None:
    release(sample, officer_hmc)
    home, progress = Client().get("/"), Client().get("/ket-qua/")
    assert [activity.pk for activity, _seats in home.context["upcoming"]] == [real.pk]
    assert (home.context["snapshot"], progress.context["snapshot"], progress.context["told"]) == (None, None, None)
    assert MARK not in home.content.decode()
    own = release(real, officer_hmc)
    assert (Client().get("/").context["snapshot"], Client().get("/ket-qua/").context["snapshot"]) == (own, own)


def test_calendar_marks_each_sample_activity_beside_real_ones(sample: Activity, real: Activity) -> None:
    mixed = page("/lich/")
    assert mixed.count(MARK) == 1
    assert "sample-ribbon" not in mixed
    assert MARK in mixed.partition("Tọa đàm mẫu")[0].rpartition("<article")[2]
    Activity.objects.filter(pk=real.pk).update(
        starts_at=makers.NOW - timedelta(days=9), ends_at=makers.NOW - timedelta(days=8)
    )
    assert "sample-ribbon" in page("/lich/")
    assert MARK not in page("/lich/?khi=qua")
    found = [str(e["SUMMARY"]) for e in Calendar.from_ical(page("/lich.ics")).walk("VEVENT")]
    assert found == ["Tọa đàm thật", "[DỮ LIỆU MẪU] Tọa đàm mẫu"]


def test_sign_in_page_without_sample_data_carries_no_mark(agreement: Agreement) -> None:
    assert MARK not in page("/tai-khoan/login/")
