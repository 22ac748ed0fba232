"""Vietnamese is complete where allauth, Django and Wagtail leave gaps, with every placeholder kept."""

import re
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client

LOCALE = Path(__file__).resolve().parents[2] / "locale"
OURS = {
    "allauth": LOCALE / "allauth" / "vi" / "LC_MESSAGES" / "django.po",
    "django": LOCALE / "django" / "vi" / "LC_MESSAGES" / "django.po",
    "wagtail": LOCALE / "wagtail" / "vi" / "LC_MESSAGES" / "django.po",
    "wagtail scripts": LOCALE / "wagtail" / "vi" / "LC_MESSAGES" / "djangojs.po",
}
WAGTAIL_PARTS = sorted(app for app in settings.INSTALLED_APPS if app.split(".")[0] == "wagtail")
# Parts of Django whose sentences can reach a visitor or an officer here.
DJANGO_PARTS = (
    "conf",
    "contrib/auth",
    "contrib/contenttypes",
    "contrib/humanize",
    "contrib/postgres",
    "contrib/sessions",
    "contrib/sites",
)
# Percent directives and {braces}; the bare sign in "100 %" is neither.
PLACEHOLDER = re.compile(r"%\(\w+\)[-+0#.\d]*[a-z]|%[-+0#.\d]*[sdrfi]|\{\w*\}")

Key = tuple[str | None, str]


def _package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _entries(path: Path) -> dict[Key, polib.POEntry]:
    """What a catalogue says now; a missing catalogue says nothing."""
    if not path.exists():
        return {}
    return {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path)) if not e.obsolete}


def _texts(entry: polib.POEntry) -> list[str]:
    """The translations an entry holds, one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _gaps(folder: Path, domain: str = "django") -> set[Key]:
    """What this part of a package can say and its own Vietnamese cannot."""
    source = _entries(folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po")
    shipped = _entries(folder / "locale" / "vi" / "LC_MESSAGES" / f"{domain}.po")
    return {key for key in source if key not in shipped or not shipped[key].translated()}


def test_allauth_speaks_vietnamese_throughout() -> None:
    shipped = _entries(_package("allauth") / "locale" / "de" / "LC_MESSAGES" / "django.po")
    ours = _entries(OURS["allauth"])

    assert len(shipped) > 300
    assert sorted(msgid for (context, msgid) in shipped if (context, msgid) not in ours) == []


@pytest.mark.parametrize("part", DJANGO_PARTS)
def test_django_gap_is_filled(part: str) -> None:
    folder, ours = _package("django") / part, _entries(OURS["django"])

    assert (folder / "locale" / "en").is_dir()
    assert sorted(msgid for (context, msgid) in _gaps(folder) if (context, msgid) not in ours) == []


@pytest.mark.parametrize("part", WAGTAIL_PARTS)
@pytest.mark.parametrize(("domain", "catalogue"), [("django", "wagtail"), ("djangojs", "wagtail scripts")])
def test_wagtail_gap_is_filled(part: str, domain: str, catalogue: str) -> None:
    ours = _entries(OURS[catalogue])

    assert sorted(msgid for (context, msgid) in _gaps(_package(part), domain) if (context, msgid) not in ours) == []


def test_scripts_of_the_back_office_speak_vietnamese(client: Client) -> None:
    said = client.get("/bien-tap/jsi18n/", headers={"accept-language": "vi"}).content.decode()

    assert '"Insert a block": "Ch\\u00e8n kh\\u1ed1i n\\u1ed9i dung"' in said


@pytest.mark.parametrize("catalogue", sorted(OURS))
def test_catalogue_leaves_nothing_empty_or_doubtful(catalogue: str) -> None:
    entries = _entries(OURS[catalogue])

    assert entries
    assert [
        entry.msgid for entry in entries.values() if entry.fuzzy or not all(text.strip() for text in _texts(entry))
    ] == []


@pytest.mark.parametrize("catalogue", sorted(OURS))
def test_catalogue_has_the_one_vietnamese_plural_form(catalogue: str) -> None:
    plurals = [entry for entry in _entries(OURS[catalogue]).values() if entry.msgid_plural]

    assert plurals
    assert [entry.msgid for entry in plurals if list(entry.msgstr_plural) != [0]] == []
    assert polib.pofile(str(OURS[catalogue])).metadata["Plural-Forms"] == "nplurals=1; plural=0;"


@pytest.mark.parametrize("catalogue", sorted(OURS))
def test_catalogue_keeps_every_placeholder(catalogue: str) -> None:
    wrong = []
    for entry in _entries(OURS[catalogue]).values():
        wanted = sorted(set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)))
        # Positional directives are filled in order, so their number counts as well.
        bare = [found for found in PLACEHOLDER.findall(entry.msgid) if re.fullmatch(r"%\w|\{\}", found)]
        for text in _texts(entry):
            found = PLACEHOLDER.findall(text)
            if sorted(set(found)) != wanted or [f for f in found if re.fullmatch(r"%\w|\{\}", f)] != bare:
                wrong.append((entry.msgid, text))

    assert wrong == []


@pytest.mark.parametrize("catalogue", sorted(OURS))
def test_catalogue_keeps_links_and_line_ends(catalogue: str) -> None:
    tag = re.compile(r"<[^>]+>")

    assert [
        entry.msgid
        for entry in _entries(OURS[catalogue]).values()
        for text in _texts(entry)
        if tag.findall(text) != tag.findall(entry.msgid)
        or text.endswith("\n") != entry.msgid.endswith("\n")
        or text.startswith("\n") != entry.msgid.startswith("\n")
    ] == []


@pytest.mark.parametrize("catalogue", sorted(OURS))
def test_catalogue_never_raises_its_voice(catalogue: str) -> None:
    assert [text for entry in _entries(OURS[catalogue]).values() for text in _texts(entry) if "!" in text] == []


def test_catalogues_agree_where_they_share_a_message() -> None:
    """All locale folders feed one namespace, so a shared message must read the same in both."""
    allauth, django = _entries(OURS["allauth"]), _entries(OURS["django"])
    shared = allauth.keys() & django.keys()

    assert shared
    assert [key for key in shared if _texts(allauth[key]) != _texts(django[key])] == []
