"""One press at an activity's page of the desk, and its article is begun: played in a browser, published, read."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Topic
from nhipcau.newsroom.models import Article
from nhipcau.parties.models import Membership
from tests import makers
from tests.e2e.fixtures import OpenWindow, _django_db_helper, browser, open_as, server, tables
from tests.e2e.harness import PHONE
from tests.newsroom.test_journey import SLOW, settle

__all__ = ["_django_db_helper", "browser", "open_as", "server", "tables"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def activity(tables: None) -> Activity:
    """A talk of HMC in a sample programme, with two sections to write in."""
    plan = makers.make_plan(makers.make_agreement(is_sample=True))
    talk = makers.make_activity(plan, indicators=[makers.make_indicator(makers.make_objective(plan))])
    talk.topics.add(makers._term(Topic, "startup", "Khởi nghiệp", "Start-ups"))
    makers.make_section()
    makers.make_section("Báo chí", "Press")
    return talk


def test_from_the_activity_to_its_published_article(open_as: OpenWindow, activity: Activity) -> None:
    chief = makers.make_user("chief", ("hmc", Membership.Role.CHIEF_EDITOR), is_demo=True)
    for language in ("vi", "en"):
        small = open_as(chief, language=language, size=PHONE)
        small.go(("/en" if language == "en" else "") + reverse("activities:activity", args=[activity.pk]))
        small.check("newsroom-write-about-button")
    window = open_as(chief)
    page = window.page
    window.go(reverse("activities:activity", args=[activity.pk]))
    window.sees("newsroom-write-about-button")
    page.get_by_role("link", name=window.t("Write about this activity")).click()
    page.wait_for_url(re.compile(r"/bien-tap/viet-bai/\d+/ve/\d+/"))
    expect(page.locator("input[name=topics]:checked")).to_have_count(1)
    expect(page.locator("input[name=clauses]:checked")).to_have_count(1)
    expect(page.locator("[name=reported-0-activity]")).to_have_value(str(activity.pk))
    window.sees("newsroom-write-about-form")
    page.locator("[name=title]").fill("Khai mạc tọa đàm")
    page.locator("[name=lead]").fill("Hơn một trăm bạn trẻ đã dự.")
    box = page.locator("[data-contentpath=body] .public-DraftEditor-content").first
    box.click()
    page.keyboard.type("Sáng nay.")
    settle(page)
    page.locator("button[name=action-publish]").first.click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=SLOW)
    article = Article.objects.get()
    assert (article.live, article.section.title) == (True, "Đối ngoại")
    assert [row.activity for row in article.reported.all()] == [activity]
    reader = open_as()
    reader.go(article.url)
    expect(reader.page.get_by_role("link", name=activity.title).first).to_be_visible()
    assert window.complaints == []
