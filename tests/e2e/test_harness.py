"""The harness itself: a page opens, axe speaks, a window that is too narrow is told."""

import pytest

from tests import makers
from tests.e2e.fixtures import OpenWindow
from tests.e2e.harness import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_window_opens_a_page_and_finds_no_barrier(open_as: OpenWindow) -> None:
    makers.make_agreement()
    window = open_as(size=PHONE)
    window.go("/")
    window.check("home")


def test_axe_names_a_barrier(open_as: OpenWindow) -> None:
    window = open_as()
    window.page.set_content("<html lang='vi'><title>x</title><main><img src='data:,'><h1>x</h1></main></html>")
    assert [barrier.split(":")[0] for barrier in window.barriers()] == ["image-alt"]


def test_overflow_names_what_sticks_out(open_as: OpenWindow) -> None:
    window = open_as(size=PHONE)
    window.page.set_content("<meta name=viewport content='width=device-width'><div style='width:500px'>x</div>")
    assert window.overflow() == '508 > 390: <div style="width:500px">x</div>'
