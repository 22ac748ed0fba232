"""The back office on a phone: Wagtail's lists and heads, which our style sheet folds, keep apart and inside the screen."""

import pytest
from django.urls import reverse

from nhipcau.newsroom.models import Section
from nhipcau.parties.models import Membership
from tests import makers
from tests.e2e.fixtures import OpenWindow, _django_db_helper, browser, open_as, server, tables
from tests.e2e.harness import PHONE

__all__ = ["_django_db_helper", "browser", "open_as", "server", "tables"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: Where a part ends below or beside another, in whole pixels.
BELOW = """() => Math.round(document.querySelector("table.listing tbody").getBoundingClientRect().top
  - Math.max(...[...document.querySelectorAll("table.listing th")].map(one => one.getBoundingClientRect().bottom))) >= 0"""
OUTSIDE = """selector => [...document.querySelectorAll(selector)].filter(one => {
  const box = one.getBoundingClientRect(); return box.width && (box.left < 0 || box.right > innerWidth) }).length"""


@pytest.fixture(scope="module")
def section(tables: None) -> Section:
    """With an article that was handed in, in a sample programme."""
    makers.make_agreement(is_sample=True)
    section = makers.make_section()
    workflow = section.get_workflow()
    assert workflow
    workflow.start(makers.make_article("Khai mạc tọa đàm " * 6, section=section), None)
    makers.make_picture()
    return section


def test_lists_and_heads_keep_apart_and_inside(open_as: OpenWindow, section: Section) -> None:
    reporter = makers.make_user("reporter", ("hmc", Membership.Role.REPORTER), is_demo=True)
    window = open_as(reporter, size=PHONE)
    page = window.page
    for address in (reverse("wagtailadmin_explore", args=[section.pk]), reverse("articles:index")):
        window.go(address)
        assert page.evaluate(BELOW)
    for address, parts in (
        (reverse("wagtailimages:index"), ".w-slim-header__search-form :is(input,select,button)"),
        (reverse("wagtailadmin_account"), "select"),
    ):
        window.go(address)
        assert page.evaluate(OUTSIDE, parts) == 0
    window.go(reverse("wagtailadmin_pages:edit", args=[section.get_children().get().pk]))
    toggle, words = page.locator(".sidebar-nav-toggle--mobile"), page.locator(".messages li")
    opener, notice = toggle.bounding_box(), words.bounding_box()
    assert opener
    assert notice
    assert (opener["y"], opener["y"] < notice["y"] + notice["height"]) == (0, True)
