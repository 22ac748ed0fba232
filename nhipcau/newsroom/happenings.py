"""Wagtail says that a page went live or off or was moved: the only signals of a framework the house listens to."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.log_actions import LogContext, get_active_log_context
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished, post_page_move, pre_page_move

from nhipcau.newsroom import boards, moves, services
from nhipcau.newsroom.models import Article, Section
from nhipcau.newsroom.moments import moment
from nhipcau.newsroom.tasks import restate_section
from nhipcau.parties.models import User


def _by(revision: Revision | None = None) -> User | None:
    """Who did it: whoever is at work in the back office, else who saved what went live."""
    context: LogContext = get_active_log_context()
    return context.user or (revision.user if revision else None)


@receiver(page_published, sender=Article)
def note_published(instance: Article, revision: Revision, **rest: Any) -> None:
    """Sent also when a publication is only scheduled; that is none yet."""
    if instance.live:
        services.note_published(article=instance, by=_by(revision), at=moment())


@receiver(page_unpublished, sender=Article)
def note_withdrawn(instance: Article, **rest: Any) -> None:
    """Sent also before a live page is deleted."""
    services.note_withdrawn(article=instance, by=_by(), at=moment())


@receiver(page_published, sender=Section)
def staff(instance: Section, **rest: Any) -> None:
    """A section opened or changed in the back office gets its people and its way; the ledger hears of it."""
    if instance.live:
        boards.staff_section(section=instance, at=moment())
        transaction.on_commit(lambda: restate_section.enqueue(instance.pk))


@receiver(pre_page_move, sender=Article)
def check_move(instance: Page, parent_page_before: Page, parent_page_after: Page, **rest: Any) -> None:
    """Sent also where an article only changes its place within its section, which is nothing."""
    if parent_page_before.pk != parent_page_after.pk:
        moves.check_move(
            article=instance.specific, before=parent_page_before.specific, after=parent_page_after.specific
        )


@receiver(post_page_move, sender=Article)
def note_moved(instance: Page, parent_page_before: Page, parent_page_after: Page, **rest: Any) -> None:
    """As above."""
    if parent_page_before.pk != parent_page_after.pk:
        moves.note_moved(article=instance.specific, after=parent_page_after.specific, by=_by(), at=moment())


@receiver(post_page_move, sender=Section)
def follow_order(instance: Page, **rest: Any) -> None:
    """A section has its language's front above it always, so all it can change is its place among the others."""
    moves.follow_order(section=instance.specific)
