"""From sign-in to a published article in two languages with two pictures, in a real browser."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from nhipcau.newsroom import metadata
from nhipcau.newsroom.models import Article, Picture, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.e2e.fixtures import OpenWindow, _django_db_helper, browser, open_as, server, tables

__all__ = ["_django_db_helper", "browser", "open_as", "server", "tables"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST = 25
SLOW = 20_000  # a busy machine
SAID = metadata.Said(
    caption="Đại biểu tại lễ khai mạc.",
    caption_en="Delegates at the opening.",
    credit="Vân Anh (mẫu)",
    description="Hội trường đông người",
    description_en="A full hall",
)


class Hand:
    """Clicks and fills, and counts both."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, what: Locator | str) -> None:
        self.actions += 1
        (self.page.locator(what) if isinstance(what, str) else what).first.click()

    def fill(self, what: Locator | str, text: str) -> None:
        self.actions += 1
        (self.page.locator(what) if isinstance(what, str) else what).first.fill(text)

    def choose_file(self, what: str, path: Path) -> None:
        self.actions += 1
        self.page.locator(what).first.set_input_files(path)

    def write(self, what: Locator | str, text: str) -> None:
        """Type into rich text."""
        self.actions += 1
        box = (self.page.locator(what) if isinstance(what, str) else what).first
        box.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        settle(self.page)


@pytest.fixture(scope="module")
def section(tables: None) -> Section:
    """In a sample programme, whose demo accounts owe no second factor; elsewhere that adds a code and a press."""
    makers.make_agreement(is_sample=True)
    return makers.make_section()


@pytest.fixture(scope="module")
def chief(section: Section) -> User:
    """Head of the editorial board of HMC."""
    return makers.make_user(
        "chief", ("hmc", Membership.Role.CHIEF_EDITOR), display_name="Trưởng Ban Biên tập (mẫu)", is_demo=True
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two photographs whose files say what they show and whose they are."""
    paths = [tmp_path / "khai-mac.jpg", tmp_path / "be-mac.jpg"]
    for width, path in zip((1200, 1100), paths, strict=True):  # the same file twice would be asked about
        path.write_bytes(makers.a_photograph(width, xmp=metadata.packet(SAID)))
    return paths


def test_bilingual_article_with_two_pictures_takes_at_most_25_actions(
    open_as: OpenWindow, section: Section, chief: User, files: list[Path]
) -> None:
    window = open_as()
    hand = Hand(window.page)
    page = window.page
    window.go(reverse("account_login") + "?next=" + reverse("wagtailadmin_home"))
    hand.fill("input[name=login]", "chief")
    hand.fill("input[name=password]", "mot-mat-khau-dai")
    hand.click("main button[type=submit]")
    window.sees("newsroom-home")
    hand.click(page.get_by_role("link", name=window.t("Write an article")))
    hand.fill("[name=title]", "Khai mạc tọa đàm khởi nghiệp số")
    hand.fill("[name=lead]", "Hơn một trăm bạn trẻ dự buổi tọa đàm tại Thành phố.")
    _upload(hand, page.locator("[data-contentpath=picture]"), files[0])
    hand.write("[data-contentpath=body] .public-DraftEditor-content", "Buổi tọa đàm diễn ra sáng nay.")
    hand.click(page.locator("[data-contentpath=body] button.c-sf-add-button:visible").last)
    hand.click(page.get_by_role("option", name=window.t("Picture")))
    _upload(hand, page.locator("[data-contentpath=body] [data-contentpath=picture]"), files[1])
    window.sees("newsroom-article")
    hand.click("button[name=action-publish]")
    expect(page.locator(".messages .success")).to_be_visible(timeout=SLOW)
    article = Article.objects.get(locale__language_code="vi")
    hand.click(page.locator(".messages").get_by_role("link", name=window.t("Begin the English edition")))
    hand.fill("[name=title]", "Digital start-ups meet investors")
    hand.fill("[name=lead]", "More than a hundred young people came.")
    hand.write("[data-contentpath=body] .public-DraftEditor-content", "The talk took place this morning.")
    window.sees("newsroom-english")
    hand.click("button[name=action-publish]")
    expect(page.locator(".messages .success")).to_be_visible(timeout=SLOW)
    english = Article.objects.get(locale__language_code="en")
    assert hand.actions <= MOST, hand.actions
    assert (article.live, english.live) == (True, True)
    assert english.slug == "digital-start-ups-meet-investors"
    assert [(p.caption, p.caption_en, p.credit) for p in Picture.objects.all()] == [
        (SAID.caption, SAID.caption_en, SAID.credit)
    ] * 2
    reader = open_as(language="en")
    reader.go(english.url)
    expect(reader.page.locator("figcaption").first).to_have_text("Delegates at the opening. Photo: Vân Anh (mẫu)")
    reader.check("newsroom-public")


def settle(page: Page) -> None:
    """Give the editor the quarter of a second after which it hands its text to the form."""
    page.wait_for_timeout(600)


def _upload(hand: Hand, field: Locator, path: Path) -> None:
    """Choose a picture that is not there yet: open, upload, done."""
    hand.click(field.locator("[data-chooser-action-choose]:visible").first)
    hand.click(hand.page.locator(".modal a[href='#tab-upload']"))
    hand.choose_file(".modal input[type=file]", path)
    hand.click(hand.page.locator(".modal #tab-upload button[type=submit]"))
    expect(hand.page.locator(".modal")).to_have_count(0, timeout=SLOW)


def test_pressing_publish_while_it_is_being_kept_waits_for_that_and_makes_one_article(
    open_as: OpenWindow, section: Section, chief: User
) -> None:
    window = open_as()
    page = window.page
    window.go(reverse("account_login") + "?next=" + reverse("newsroom_write"))
    page.fill("input[name=login]", "chief")
    page.fill("input[name=password]", "mot-mat-khau-dai")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_selector("[name=title]")
    page.wait_for_timeout(2500)  # Wagtail begins to watch two seconds after the page has come
    page.evaluate(
        """() => { window.heard = []; for (const name of ["save", "success"])
             document.addEventListener(`w-autosave:${name}`, () => window.heard.push(name)); }"""
    )
    page.fill("[name=title]", "Bấm xuất bản thật nhanh")
    page.fill("[name=lead]", "Bài được gửi trong lúc trình duyệt đang lưu.")
    page.locator("[data-contentpath=body] .public-DraftEditor-content").first.click()
    page.keyboard.type("Một đoạn.")
    page.wait_for_function("() => window.heard.at(-1) === 'success'", timeout=SLOW)
    page.wait_for_timeout(2500)  # nothing more is to be kept
    assert page.evaluate("() => window.heard[0]") == "save"  # these are Wagtail's names still
    page.evaluate("() => document.dispatchEvent(new CustomEvent('w-autosave:save', {cancelable: true}))")
    page.locator("button[name=action-publish]").first.click()
    settle(page)
    article = Article.objects.get(title="Bấm xuất bản thật nhanh")
    assert not article.live
    page.evaluate("() => document.dispatchEvent(new CustomEvent('w-autosave:success'))")
    expect(page.locator(".messages .success")).to_be_visible(timeout=SLOW)
    assert Article.objects.get(title="Bấm xuất bản thật nhanh").live
