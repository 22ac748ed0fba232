"""How an article about an activity begins: in which section its writer is at home, and what is known of it already."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause
from nhipcau.newsroom.boards import ON_PAGES
from nhipcau.newsroom.models import Article, Reported, Section
from nhipcau.newsroom.querysets import STEP
from nhipcau.parties.models import Membership, User


def sections_for(user: User, activity: Activity, *, day: date) -> list[Section]:
    """The sections somebody may write about an activity in, the likeliest first; three queries.

    Those of the writer's own unit stand before those that belong to all, and the one written in last before its
    neighbours. Administrators write everywhere, first of all where the unit that leads the activity does.
    """
    rows = Section.objects.in_language(settings.LANGUAGE_CODE)
    units = {activity.lead_id}
    if not user.is_superuser:
        held = Membership.objects.of(user).holding(day=day).filter(role__in=ON_PAGES)
        units = set(held.values_list("organisation_id", flat=True))
        if not units:
            return []
        rows = rows.filter(Q(organisation__in=units) | Q(organisation=None))
    own = Article.objects.filter(owner=user, locale__language_code=settings.LANGUAGE_CODE)
    last = own.order_by("-latest_revision_created_at", "-pk").values_list("path", flat=True).first() or ""
    return sorted(rows, key=lambda section: (section.organisation_id not in units, section.path != last[:-STEP]))


def begin_about(article: Article, activity: Activity) -> None:
    """Let an article not yet saved report on an activity, with the topics, pillars and clauses that has; writes nothing."""
    article.reported = [Reported(activity=activity)]
    article.topics = list(activity.topics.all())
    article.pillars = list(activity.pillars.all())
    article.clauses = list(Clause.objects.filter(objectives__indicators__activities=activity).distinct())
