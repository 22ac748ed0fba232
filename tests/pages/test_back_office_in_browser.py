"""What scripts build in the back office, opened piece by piece in Chromium: in Vietnamese, and within its policy."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.fixtures import OpenWindow
from tests.e2e.harness import Window
from tests.newsroom.test_journey import SLOW
from tests.pages.leftovers import Known, known, leftover, newsroom
from tests.pages.screens import KEEPER, Newsroom
from tests.pages.test_every_page import told

__all__ = ["known", "newsroom"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Wagtail compares two versions of a film's address through a parser of HTML, which wonders.
    pytest.mark.filterwarnings("ignore:The input passed in on this line:bs4.MarkupResemblesLocatorWarning"),
]
POLICY = re.compile(r"Content.Security|unsafe-|violat|Refused|^script:")
# How the tool that marks the centre of a picture asks a browser without touch whether it has any; the refusal is its answer.
TOUCH = "Executing inline event handler"
SHOWN = """(() => {
  const spoken = [...document.querySelectorAll('[aria-label],[title],[placeholder]')].filter(e => e.checkVisibility())
    .flatMap(e => ['aria-label', 'title', 'placeholder'].map(name => e.getAttribute(name)));
  return document.body.innerText.split(/[\\n\\t]/).concat(spoken).filter(Boolean);
})()"""


class Reader:
    """Somebody who opens one thing after another and reads all there is to see each time."""

    def __init__(self, window: Window, known: Known) -> None:
        self.window, self.known, self.found = window, known, dict[str, str]()

    @property
    def page(self) -> Page:
        """The page looked at."""
        return self.window.page

    def go(self, path: str) -> None:
        """Open an address of the back office and read it."""
        answer = self.page.goto(f"{self.window.address}/bien-tap/{path}", wait_until="load")
        assert answer is not None
        assert answer.status == 200, path
        self.read(path)

    def read(self, where: str) -> None:
        """Note each text with English in it, and each complaint about the policy."""
        self.page.wait_for_timeout(150)
        for text in self.window.run(SHOWN):
            line = " ".join(unicodedata.normalize("NFC", text).split())
            words = leftover(line, self.known)
            if words:
                self.found.setdefault(line, f"{', '.join(words)}  {where}")
        for said in self.window.complaints:
            if POLICY.search(said) and not (where.startswith("images/") and TOUCH in said):
                self.found.setdefault(said, where)
        self.window.complaints.clear()

    def press(self, selector: str, opens: str = "") -> None:
        """Press the first such thing, wait for what it opens, and read."""
        self.page.locator(selector).locator("visible=true").first.click()
        if opens:
            expect(self.page.locator(opens).locator("visible=true").first).to_be_visible()
        self.read(f"{self.page.url} after {selector}")

    def close(self) -> None:
        """Shut the window of a chooser."""
        self.page.locator(".modal.in [data-dismiss=modal]").first.click()
        expect(self.page.locator(".modal.in")).to_have_count(0)


@pytest.fixture
def reader(open_as: OpenWindow, newsroom: Newsroom, known: Known) -> Iterator[Reader]:
    """The keeper of everything, who found no English and no complaint when all was read."""
    reading = Reader(open_as(newsroom.programme.cast[KEEPER]), known)
    yield reading
    told("\n".join(f"{text}  ({where})" for text, where in reading.found.items()))


def test_article_and_all_that_opens_beside_it(reader: Reader, newsroom: Newsroom) -> None:
    page = reader.page
    reader.go(f"pages/{newsroom.full.pk}/edit/")
    for panel in ("status", "preview", "checks", "comments"):
        reader.press(f"[data-side-panel-toggle={panel}]", f"[data-side-panel={panel}]")
    reader.press("[data-side-panel-toggle=preview]")
    shown = page.frame_locator("#w-preview-iframe").locator("h1")
    expect(shown).to_have_text(newsroom.full.title, timeout=SLOW)
    reader.read("the preview")
    reader.press("[data-side-panel-toggle=preview]")
    reader.press("[data-contentpath=body] .c-sf-add-button", ".w-combobox-container, .tippy-content")
    page.keyboard.press("Escape")
    # A picture, a page, a document and an activity are chosen in windows of their own.
    reader.press("[data-contentpath=picture] [aria-label='Thao tác']", ".tippy-content")
    page.get_by_role("button", name="Đổi hình ảnh").click()
    expect(page.locator(".modal.in [data-chooser-modal-choice]").first).to_be_visible()
    reader.read("pictures")
    reader.press(".modal.in [role=tab][href='#tab-upload']")
    reader.close()
    for panel in ("bylines", "reported"):
        reader.press(f"#id_{panel}-OPEN_MODAL", ".modal.in [data-multiple-choice-select]")
        page.locator(".modal.in [data-multiple-choice-select]").first.check()
        reader.read("several chosen")
        reader.close()
    # Running text: the palette, its buttons, a link and a comment.
    box = page.locator("[data-contentpath=body] .public-DraftEditor-content").first
    box.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("/")
    reader.read("palette")
    page.keyboard.press("Escape")
    page.keyboard.press("Backspace")
    page.keyboard.press("Control+a")
    reader.read("words picked")
    page.keyboard.press("Control+k")
    expect(page.locator(".modal.in h1, .modal.in h2").first).to_be_visible()
    reader.read("link")
    for kind in ("external", "email", "phone", "anchor"):
        there = page.locator(f".modal.in a[href*='{kind}-link']")
        if there.count():
            there.first.click()
            page.wait_for_timeout(400)
            reader.read(f"{kind} link")
    reader.close()
    # The sheet of what is said about an article to search engines, with its moments.
    page.get_by_role("tab", name="Quảng bá").click()
    page.locator("[name=embargo_until]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_be_visible()
    reader.read("moment")
    page.keyboard.press("Escape")
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle").locator(
        "visible=true"
    ).last.click()
    reader.read("what may be done")


SCREENS = (
    "", "pages/", "pages/{section}/", "pages/{section}/?q=khong+co+gi", "pages/{full}/history/",
    "pages/{full}/revisions/compare/earliest...latest/", "pages/{full}/usage/", "pages/{full}/copy/", "pages/{full}/move/",
    "pages/{full}/delete/", "pages/{full}/unpublish/", "pages/{full}/workflow_history/", "pages/{handed_in}/edit/",
    "pages/{scheduled}/edit/", "pages/{locked}/edit/", "pages/{section}/edit/",
    "pages/add/newsroom/article/{section}/", "bai-viet/", "ban-dich/", "images/", "images/add/", "images/multiple/add/",
    "images/{picture}/", "documents/", "documents/multiple/add/", "documents/add/", "account/", "reports/site-history/",
    "reports/workflow/", "workflows/add/", "workflows/edit/{workflow}/", "groups/new/", "users/", "redirects/add/",
    "redirects/import/", "sites/", "collections/add/", "snippets/agreements/agreement/", "snippets/agreements/clause/add/",
    "snippets/parties/membership/add/", "snippets/privacy/notice/", "snippets/newsroom/author/add/",
)  # fmt: skip


def test_screens_that_scripts_complete(reader: Reader, newsroom: Newsroom) -> None:
    rows = {key: row.pk for key, row in newsroom.rest.items() if hasattr(row, "pk")}
    rows |= {"full": newsroom.full.pk, "section": newsroom.section.pk, "picture": newsroom.picture.pk}
    for path in SCREENS:
        reader.go(path.format(**rows))


def test_windows_over_other_screens(reader: Reader, newsroom: Newsroom) -> None:
    page = reader.page
    reader.go("snippets/agreements/clause/add/")
    reader.press("#id_agreement-chooser [data-chooser-action-choose]", ".modal.in [data-chooser-modal-choice]")
    page.locator(".modal.in [data-chooser-modal-choice]").first.click()
    expect(page.locator("#id_agreement")).not_to_have_value("")
    reader.go("snippets/parties/membership/add/")
    page.locator("[name=first_day]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_be_visible()
    reader.read("day")
    reader.go("redirects/add/")
    reader.press("#id_redirect_page-chooser [data-chooser-action-choose]", ".modal.in h1, .modal.in h2")
    reader.close()
    reader.go("workflows/add/")
    reader.press("#id_workflow_tasks-ADD")
    reader.press("[id$='-task-chooser'] [data-chooser-action-choose]", ".modal.in [role=tab]")
    reader.close()
    reader.go(f"pages/{newsroom.rest['handed_in'].pk}/edit/")
    page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").locator(
        "visible=true"
    ).last.click()
    reader.read("what the next in line may do")
    reader.go(f"pages/{newsroom.section.pk}/")
    page.locator("[data-bulk-action-checkbox]").locator("visible=true").nth(1).check()
    reader.read("several rows picked")
    page.get_by_role("button", name=re.compile("bộ lọc", re.IGNORECASE)).first.click()
    reader.read("filters")
    reader.go("account/")
    page.keyboard.press("?")
    reader.read("keys")
