"""Articles move to another section, sections change their order: in all languages alike, and nothing that follows is lost.

Readers' old addresses lead on (Wagtail writes a redirect at every move and change of address), the ledger says the new
section, and pages kept whole go because rows of theirs were written.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from treebeard.mp_tree import MP_MoveHandler
from wagtail.models import Page

from nhipcau.core import journal
from nhipcau.newsroom import proof
from nhipcau.newsroom.errors import NotReady
from nhipcau.newsroom.models import Article, Section
from nhipcau.newsroom.moments import told_at
from nhipcau.parties.models import User


def check_move(*, article: Article, before: Section, after: Section) -> None:
    """Whether an article may go from one section to another, its edition in the other language with it.

    Raises NotReady with a sentence that says what to do first.
    """
    source = _source(article)
    if source is not None:
        if after.translation_key != source.section.translation_key:
            raise NotReady(
                _(
                    "The English edition stands where the Vietnamese stands. Please move “%(title)s”; this one goes along."
                )
                % {"title": source.title}
            )
        return
    for one in (article, *_editions(article)):
        if one.workflow_in_progress:
            raise NotReady(
                _("“%(title)s” waits for approval in “%(section)s”. Please cancel that first, then move it.")
                % {"title": one.draft_title, "section": before.title}
            )
    for edition in _editions(article):
        place = after.get_translation_or_none(edition.locale)
        if place is None or not place.live:
            raise NotReady(
                _("“%(section)s” has no page in English yet, and this article has an English edition. Add it first.")
                % {"section": after.title}
            )
        if place.get_children().filter(slug=edition.slug).exclude(pk=edition.pk).exists():
            raise NotReady(
                _(
                    "In “%(section)s” another English article already has the address “%(slug)s”. Please change one first."
                )
                % {"section": after.title, "slug": edition.slug}
            )


@journal.verb(of="article")
@transaction.atomic
def note_moved(*, article: Article, after: Section, by: User | None, at: datetime) -> None:
    """What follows when an article stands in another section: its editions go along, the ledger says the new one."""
    if _source(article) is None:
        for edition in _editions(article):
            place = after.get_translation(edition.locale)
            if edition.get_parent().pk != place.pk:
                with told_at(at):
                    edition.move(place, pos="last-child", user=by)
    proof.put_in_step(key=article.translation_key, by=by, at=at)


@journal.exempt("the order of sections is told by Wagtail's own log, and an article's move by itself")
@transaction.atomic
def follow_order(*, section: Section) -> None:
    """Bring the sections of the other languages into the order of the one that was moved among its neighbours."""
    siblings = section.get_siblings(inclusive=True).order_by("path")
    keys = list(siblings.values_list("translation_key", flat=True))
    place = {key: number for number, key in enumerate(keys)}
    for edition in section.get_translations():
        rows = list(Section.objects.filter(pk__in=edition.get_siblings(inclusive=True).values("pk")).order_by("path"))
        wanted = sorted(rows, key=lambda row: place.get(row.translation_key, len(keys)))
        if rows == wanted:
            continue
        front = edition.get_parent()
        for row in wanted:
            # Below what Wagtail announces: its own signal would ask for the order of this language back.
            MP_MoveHandler(Page.objects.get(pk=row.pk), Page.objects.get(pk=front.pk), "last-child").process()


def restate_section(*, section: Section, at: datetime) -> int:
    """Let the ledger say a section's address and unit of today for all its articles; how many were looked at."""
    keys = (
        Article.objects.child_of(section).filter(published_at__isnull=False).values_list("translation_key", flat=True)
    )
    for key in keys:
        proof.put_in_step(key=key, by=None, at=at)
    return len(keys)


def _source(article: Article) -> Article | None:
    """The article in the first language, for an edition in another that has one."""
    if article.locale.language_code == settings.LANGUAGE_CODE:
        return None
    rows = Article.objects.filter(translation_key=article.translation_key)
    return rows.filter(locale__language_code=settings.LANGUAGE_CODE).first()


def _editions(article: Article) -> list[Article]:
    return list(Article.objects.filter(translation_key=article.translation_key).exclude(pk=article.pk))
