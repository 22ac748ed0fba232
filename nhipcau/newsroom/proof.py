"""A published article about an activity is evidence of it, once for all its editions, and no longer when withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import local_day
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import activity_dimensions, restate_evidence, void_evidence
from nhipcau.newsroom.models import Article, Section
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan

KIND = "article.published"
PREFIX = "newsroom.article"


def source(key: UUID, activity_pk: int) -> str:
    """What the ledger calls an article about an activity: the same for all editions."""
    return f"{PREFIX}:{key.hex}.{activity_pk}"


@transaction.atomic
def put_in_step(*, key: UUID, by: User | None, at: datetime, without: Article | None = None) -> None:
    """Bring the ledger in step with an article's editions, as often as one likes; `without` is one just going.

    What it reports on is told by the edition in the first language of the site while that is published, else by
    another; the languages are those published. Nothing is written in a closed plan, which a report was drawn from.
    """
    editions = list(
        Article.objects.filter(translation_key=key, live=True, published_at__isnull=False)
        .select_related("locale")
        .exclude(pk=without.pk if without else None)
        .defer_streamfields()
    )
    editions.sort(key=lambda edition: edition.locale.language_code != settings.LANGUAGE_CODE)
    wanted = _activities(editions[0]) if editions else {}
    standing = Evidence.objects.current().filter(kind_id=KIND, source_ref__startswith=f"{PREFIX}:{key.hex}.")
    for row in standing.exclude(plan__state=Plan.State.CLOSED).exclude(activity__in=wanted):
        void_evidence(kind=KIND, source_ref=row.source_ref, by=by, at=at)
    for activity in wanted.values():
        _restate(editions, activity, by=by, at=at)


def _activities(article: Article) -> dict[int, Activity]:
    rows = Activity.objects.filter(pk__in=article.reported.values("activity")).exclude(plan__state=Plan.State.CLOSED)
    return {activity.pk: activity for activity in rows.select_related("plan", "lead")}


def _restate(editions: list[Article], activity: Activity, *, by: User | None, at: datetime) -> None:
    article = editions[0]
    first = min(edition.published_at for edition in editions if edition.published_at)
    section: Section = article.section
    inherited = activity_dimensions(activity)
    own = {
        "topic": _slugs(article.topics.all()),
        "pillar": _slugs(article.pillars.all()),
    }
    restate_evidence(
        plan=activity.plan,
        activity=activity,
        kind=KIND,
        day=min(local_day(first), activity.plan.last_day),
        source_ref=source(article.translation_key, activity.pk),
        by=by,
        at=at,
        organisation=section.organisation or activity.lead,
        dimensions={
            **inherited,
            **{name: list(dict.fromkeys([*inherited[name], *values])) for name, values in own.items()},
            "language": sorted(edition.locale.language_code for edition in editions),
            "section": [section.slug],
        },
        note=article.title[:500],
        link=article.full_url or "",
    )


def _slugs(terms: Iterable[object]) -> list[str]:
    return [term.slug for term in terms]  # type: ignore[attr-defined]  # terms of a closed list


def put_all_in_step(*, at: datetime) -> int:
    """The same for every article there is: makes good what a power cut left half done; how many were looked at."""
    keys = Article.objects.filter(published_at__isnull=False).values_list("translation_key", flat=True).distinct()
    for key in keys:
        put_in_step(key=key, by=None, at=at)
    return len(keys)
