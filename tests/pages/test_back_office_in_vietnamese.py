"""Every screen of the back office, as those who work in it read it: not a word of English is left over.

What is read is gathered from the markup, from what is read aloud and from what scripts are handed; a word that cannot be
Vietnamese, and is neither data nor a name of the world's, was left untranslated.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
import wagtail
from django.contrib.auth.models import Group
from django.template.loaders import app_directories
from django.test import Client
from django.utils.translation import gettext, override, pgettext
from wagtail.models import Workflow

from nhipcau.newsroom import wagtail_words
from nhipcau.newsroom.boards import ON_PAGES
from nhipcau.parties.models import User
from tests.e2e.harness import ROOT
from tests.pages import english
from tests.pages.conftest import Clients
from tests.pages.leftovers import Known, known, leftover, newsroom
from tests.pages.screens import KEEPER, WITHOUT_SCREEN, Look, Newsroom, is_part, looks, names
from tests.pages.test_cast import undone
from tests.pages.test_every_page import told

__all__ = ["known", "newsroom"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Wagtail compares two versions of a film's address through a parser of HTML, which wonders.
    pytest.mark.filterwarnings("ignore:The input passed in on this line:bs4.MarkupResemblesLocatorWarning"),
]
PACKAGES = Path(wagtail.__file__).parents[1]
CATALOGUES = [  # of which staff meet something, besides Wagtail's own
    "django/conf/locale/en", "django/contrib/auth/locale/en", "django/contrib/contenttypes/locale/en", "taggit/locale/en",
]  # fmt: skip
UNUSED = ("search_promotions", "contrib/forms", "simple_translation", "styleguide", "table_block", "contrib/settings")


def read(client: Client, look: Look, known: Known) -> Iterator[str]:
    """What is wrong with a screen: it does not answer, or a text on it is in English."""
    with override("vi"):
        path = look.path
    answer = client.get(path, headers={"accept-language": "vi"}, follow=True)
    if answer.status_code != 200:
        yield f"{path}: {answer.status_code}"
        return
    yield from wrong(answer, path, known)


def wrong(answer: Any, path: str, known: Known) -> Iterator[str]:
    """The texts of an answer in which something was left over."""
    content = b"".join(answer) if answer.streaming else answer.content
    for text in dict.fromkeys(english.in_answer(content, answer["Content-Type"])) if content else ():
        words = leftover(text, known)
        if words:
            yield f"{text[:200]}  ({', '.join(words[:6])})  {path}"


def first_of_each(found: list[str]) -> str:
    """Each finding once, with the first screen it stands on."""
    return "\n".join({line.rsplit("  ", 1)[0]: line for line in reversed(found)}.values())


# --- nothing is left out ----------------------------------------------------------------------------
def test_every_address_is_looked_at_or_explained(newsroom: Newsroom) -> None:
    looked = {look.name for look in looks(newsroom)}
    assert [name for name in names() if name not in looked | set(WITHOUT_SCREEN) and not is_part(name)] == []
    assert sorted(looked & set(WITHOUT_SCREEN)) == []
    assert sorted((looked | set(WITHOUT_SCREEN)) - set(names())) == []


def test_detector_tells_both_languages_apart() -> None:
    said = "Đã lưu bài viết lúc 9 giờ, do Ban Biên tập HMC duyệt: www.hcmc.gov.vn, anh.jpg, quý vị vui lòng thử lại theo mẫu"
    assert english.foreign_words(said) == ["HMC"]
    for text in ("Edit", "Not set", "Add page", "Select all", "Sort by title", "Live", "Copy", "Reset", "That is it"):
        assert english.foreign_words(text), text
    page = (
        '<p title="Delete">Xóa<span lang="en">Stay</span></p><script type="application/json">{"a": ["Close it"]}</script>'
        "<button data-w-x-value='{\"text\": \"Save draft\"}' aria-label='More'>+</button><textarea>typed</textarea>"
    )
    assert list(english.in_markup(page)) == ["Xóa", "Delete", "Close it", "+", "Save draft", "More"]


# --- what is read -----------------------------------------------------------------------------------
def test_keeper_of_everything_reads_no_english(newsroom: Newsroom, clients: Clients, known: Known) -> None:
    told(first_of_each([line for look in looks(newsroom) for line in read(clients.of(KEEPER), look, known)]))


SHOWN_TO_EDITORS = re.compile(
    r"wagtailadmin_(home|account|pages:(add|edit|history))$|wagtailadmin_explore$"
    r"|(articles|wagtailimages|wagtaildocs)(_chooser)?:(index|edit|add_multiple|choose)$"
    r"|newsroom_|wagtailsnippets_newsroom_author:edit"
)


@pytest.mark.parametrize("place", range(len(ON_PAGES)), ids=list(ON_PAGES))
def test_newsroom_reads_no_english(newsroom: Newsroom, known: Known, place: int) -> None:
    from tests import makers

    user = list(newsroom.board.values())[place]
    client = makers.come_in(Client(), user)
    shown = [look for look in looks(newsroom) if SHOWN_TO_EDITORS.match(look.name) and not look.query]
    told(first_of_each([line for look in shown for line in read(client, look, known)]))


def test_refused_forms_are_in_vietnamese(newsroom: Newsroom, clients: Clients, known: Known) -> None:
    forms = [look for look in looks(newsroom) if re.search(r":(add|edit|create|copy|move)$|_account$", look.name)]
    found: list[str] = []
    sent = 0
    for look in forms:
        with undone(), override("vi"):
            answer = clients.of(KEEPER).post(look.path, {}, headers={"accept-language": "vi"})
        if answer.status_code == 200:
            sent += 1
            found += wrong(answer, look.path, known)
    told(first_of_each(found))
    assert sent > 40


# --- the catalogues ---------------------------------------------------------------------------------
def _entries(folder: Path, domain: str) -> Iterator[polib.POEntry]:
    for path in sorted(folder.glob(f"**/LC_MESSAGES/{domain}.po")):
        yield from (entry for entry in polib.pofile(str(path)) if not entry.obsolete)


def _wagtail(domain: str) -> Iterator[polib.POEntry]:
    for path in sorted(PACKAGES.glob(f"wagtail/**/locale/en/LC_MESSAGES/{domain}.po")):
        if not any(part in str(path) for part in UNUSED):
            yield from polib.pofile(str(path))


Named = tuple[str | None, str]


def _name(entry: polib.POEntry) -> Named:
    return entry.msgctxt, entry.msgid


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_message_of_wagtail_has_our_own_vietnamese(domain: str) -> None:
    ours = {_name(entry) for entry in _entries(ROOT / "locale", domain) if entry.translated()}
    assert [_name(entry) for entry in _wagtail(domain) if _name(entry) not in ours] == []


@pytest.mark.parametrize("folder", CATALOGUES)
def test_every_message_of_django_is_said_in_vietnamese(folder: str) -> None:
    known = {_name(entry) for entry in _entries(ROOT / "locale", "django") if entry.translated()}
    theirs = PACKAGES / folder.replace("/en", "/vi")
    known |= {_name(entry) for entry in _entries(theirs, "django") if entry.translated() and not entry.fuzzy}
    assert [_name(entry) for entry in _entries(PACKAGES / folder, "django") if _name(entry) not in known] == []


def test_moments_are_told_in_vietnamese() -> None:
    """Django's words for them lie in an application that is not installed; Wagtail borrows them all the same."""
    with override("vi"):
        said = [gettext("now"), gettext("%(delta)s ago"), pgettext("naturaltime-past", "%(num)d week")]
    assert said == ["vừa xong", "%(delta)s trước", "%(num)d tuần"]


# One Vietnamese serves a message of ours and the same of Wagtail's; whoever adds to the list has read both.
SHARED = {
    "All", "Back", "Cancel", "Cancelled", "Changes", "Choose", "Code", "Compare", "Copy", "Date", "Document", "Documents",
    "Edit", "File", "For search engines", "History", "Home", "Language", "Link", "Name", "Next", "Oldest", "Page", "Pages",
    "Password", "Previous", "Privacy", "Rename", "Roles", "Save", "Search", "Section", "Show", "Sign in", "Title", "Undo",
    "account", "active", "document", "documents", "draft", "expired", "file", "group", "name", "title",
}  # fmt: skip


def test_words_of_other_rooms_do_not_stand_in_for_wagtails() -> None:
    ours = polib.pofile(str(ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"))
    theirs = {_name(entry) for entry in _wagtail("django")}
    assert {entry.msgid for entry in ours if _name(entry) in theirs} == SHARED


def test_scripts_are_handed_vietnamese(newsroom: Newsroom, clients: Clients) -> None:
    answer = clients.of(KEEPER).get("/bien-tap/jsi18n/", headers={"accept-language": "vi"})
    handed = re.search(r"const newcatalog = (\{.*?\});", answer.content.decode(), re.DOTALL)
    assert handed
    words = json.loads(handed[1])
    missing = [entry.msgid for entry in _wagtail("djangojs") if entry.msgid not in words]
    assert missing == []
    found = {}
    for message, said in words.items():
        for text in said if isinstance(said, list) else [said]:
            left = leftover(text, ([], set()))
            if left:
                found[message] = left
    assert found == {}


# --- what Wagtail does not mark -------------------------------------------------------------------------
@pytest.mark.parametrize("template", wagtail_words.MENDED)
def test_words_mended_in_templates_still_stand_there(template: str) -> None:
    path = next(PACKAGES.glob(f"wagtail/**/templates/{template}"))
    text = path.read_text()
    assert [there for there, _instead in wagtail_words.MENDED[template] if there not in text] == []
    assert issubclass(wagtail_words.Loader, app_directories.Loader)


def test_labels_follow_the_reader(newsroom: Newsroom, clients: Clients) -> None:
    told_in = {}
    for language, prefix in (("en", "/en"), ("vi", "")):
        for address in ("redirects/", "choose-email-link/", "snippets/agreements/clause/add/", "sites/"):
            answer = clients.of(KEEPER).get(f"{prefix}/bien-tap/{address}", headers={"accept-language": language})
            told_in[language, address] = answer.content.decode()
    expected = {
        "redirects/": ("Permanent", "Vĩnh viễn"),
        "choose-email-link/": ("Email address", "Địa chỉ thư điện tử"),
        "snippets/agreements/clause/add/": ("Choose another agreement", "Chọn bản ghi nhớ hợp tác khác"),
        "sites/": ("Root page", "Trang gốc"),
    }
    for address, (en, vi) in expected.items():
        page_en, page_vi = (
            text.encode().decode("unicode_escape", "ignore") if text.startswith("{") else text
            for text in (told_in["en", address], told_in["vi", address])
        )
        assert (en in page_en, vi in page_en) == (True, False), address
        assert en not in page_vi, address
        if not told_in["vi", address].startswith("{"):
            assert vi in page_vi, address


def test_wagtails_own_groups_and_workflow_are_gone(newsroom: Newsroom) -> None:
    assert not Group.objects.filter(name__in=["Editors", "Moderators"]).exists()
    assert not Workflow.objects.filter(name="Moderators approval").exists()
    assert User(username="a", display_name="Lê An").get_full_name() == "Lê An"
