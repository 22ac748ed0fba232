"""What an article still lacks before anybody may read it, each with its sentence and, for a picture, the way to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhipcau.newsroom.blocks import pictures_in

if TYPE_CHECKING:
    from nhipcau.newsroom.models import Article, Picture


class WithLink(SafeString):
    """A sentence with a link that stays one: the back office puts a field's name before it, which may be empty."""

    def __radd__(self, before: str) -> SafeString:
        """The name before it, escaped."""
        return format_html("{}{}", before, self)


@dataclass(frozen=True)
class Lack:
    """One thing that is missing; `field` is where the editor is told."""

    field: str
    message: str | SafeString


def lacks(article: Article) -> list[Lack]:
    """Everything that keeps an article from being published; one query for each picture not yet loaded."""
    found = []
    if not article.lead.strip():
        found.append(Lack("lead", _("The article has no lead yet. Please write its first paragraph.")))
    if article.picture is not None:
        found += [Lack("picture", said) for said in _of_pictures([article.picture])]
    found += [Lack("body", said) for said in _of_pictures(pictures_in(article.body))]
    return found


def _of_pictures(pictures: Iterable[Picture | None]) -> list[str | SafeString]:
    said: list[str | SafeString] = []
    for number, picture in enumerate(pictures, start=1):
        if picture is None:
            said.append(
                _("Picture %(number)d of the text no longer exists. Please choose another or remove its place.")
                % {"number": number}
            )
            continue
        words = _unready(picture)
        if words:
            address = reverse("wagtailimages:edit", args=[picture.pk])
            said.append(WithLink(format_html('{} <a href="{}">{}</a>', words, address, _("Add it to the picture"))))
    return said


def _unready(picture: Picture) -> str:
    """What a picture lacks, in one sentence; empty when it may be printed."""
    has_caption, has_credit = bool(picture.caption.strip()), bool(picture.credit.strip())
    if has_caption and has_credit:
        return ""
    if has_credit:
        words = _("The picture “%(title)s” has no caption yet, so the article cannot be published.")
    elif has_caption:
        words = _("The picture “%(title)s” has no credit yet, so the article cannot be published.")
    else:
        words = _("The picture “%(title)s” has neither caption nor credit yet, so the article cannot be published.")
    return words % {"title": picture.title}
