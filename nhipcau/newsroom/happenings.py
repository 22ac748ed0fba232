"""Wagtail says that a page went live or off: the only signals of a framework the house listens to."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.log_actions import LogContext, get_active_log_context
from wagtail.models import Revision
from wagtail.signals import page_published, page_unpublished

from nhipcau.newsroom import boards, services
from nhipcau.newsroom.models import Article, Section
from nhipcau.newsroom.moments import moment
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
    """A section opened or changed in the back office gets its people and its way."""
    if instance.live:
        boards.staff_section(section=instance, at=moment())
