"""What of a Vietnamese screen is English, once data and names are set aside; shared by those who read the back office."""

import re

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField
from django.utils.translation import override
from wagtail.fields import StreamField
from wagtail.models import Site

from nhipcau.parties.models import Organisation
from tests.pages import english
from tests.pages.screens import Newsroom, make_newsroom
from tests.pages.test_every_page import strings
from tests.scenarios.programme import Programme

# Words of no language, or of every one.
NAMES = {
    **dict.fromkeys(["Wagtail", "JavaScript", "Embedly"], "products"),
    **dict.fromkeys(
        [
            "JPG",
            "JPEG",
            "PNG",
            "WEBP",
            "AVIF",
            "HEIC",
            "GIF",
            "CSV",
            "XLSX",
            "TSV",
            "PDF",
            "DOCX",
            "PPTX",
            "ODT",
            "ODS",
            "TXT",
            "ZIP",
            "JSON",
            "API",
        ],
        "kinds of files and of data",
    ),
    **dict.fromkeys(["byte", "KB", "MB"], "measures"),
    **dict.fromkeys(["Esc", "Ctrl", "Shift", "Alt"], "what is printed on keys"),
    **dict.fromkeys(["web", "website", "video", "email"], "Vietnamese by now"),
    **dict.fromkeys(["ZZ", "KT"], "given as examples of what is typed: a country, a signer"),
    "CN": "Sunday, over a calendar",
    "thg": "the month, cut short as browsers write it",
    "English": "the language by its own name, as “Tiếng Việt” in the English back office",
}
# Sentences that name codes which are typed and stored as they are.
CODES = {
    "Mã của phiếu: registration, child, substitute, on_behalf, speaker, official, account, request.",
    "from",  # how a column of the file may be called
    "Chọn tệp có mỗi dòng là một chuyển hướng, gồm cột địa chỉ cũ (from) và cột địa chỉ mới (to); tên cột tùy ý.",
}


@pytest.fixture(scope="module")
def newsroom(programme: Programme) -> Newsroom:
    """The programme and what the back office shows beside it."""
    with override("vi"):
        return make_newsroom(programme)


@pytest.fixture(scope="module")
def known(newsroom: Newsroom) -> tuple[list[str], set[str]]:
    """What somebody typed in: phrases, longest first, and single words."""
    found = set()
    for model in apps.get_models():
        if not model.__module__.startswith("nhipcau."):
            continue
        fields = [f.name for f in model._meta.concrete_fields if isinstance(f, CharField | TextField | JSONField)]
        fields += [f.name for f in model._meta.concrete_fields if isinstance(f, StreamField)]
        for row in model._base_manager.all():
            found.add(str(row))
            for name in fields:
                for text in strings(getattr(row, name)):
                    found.update(" ".join(line.split()) for line in text.splitlines())
    short = Organisation.objects.exclude(abbreviation="").values_list("abbreviation", flat=True)
    phrases = sorted((text for text in found if " " in text), key=len, reverse=True)
    phrases += [*short, Site.objects.get().hostname]
    return phrases, {text for text in found if " " not in text}


Known = tuple[list[str], set[str]]


def leftover(text: str, known: Known) -> list[str]:
    """The words of a text that were left over."""
    phrases, words = known
    if text in CODES or text in words or not english.foreign_words(text):
        return []
    for phrase in phrases:
        text = text.replace(phrase, " ")
    cut = text.rstrip("*").removesuffix("…")  # as a script cuts it short
    if cut != text and any(phrase.startswith(cut) for phrase in phrases):
        return []
    quoted = re.sub(r"“([^”]*)”", lambda said: " " if said[1] in words else said[0], text)
    names = {name.lower() for name in NAMES}
    if " ".join(word for word in quoted.split() if word.lower() not in names) in words:
        return []
    return [word for word in english.foreign_words(quoted) if word.lower() not in names]
