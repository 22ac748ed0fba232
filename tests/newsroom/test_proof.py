"""A published article about an activity is evidence: once, from its moment on, as long as readers may read it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from nhipcau.activities.models import Activity
from nhipcau.core.entries import source_link
from nhipcau.evidence.models import Evidence
from nhipcau.newsroom import proof, services, tasks
from nhipcau.newsroom.models import Article, Section
from nhipcau.parties.models import User
from nhipcau.plans.models import Plan
from tests import makers

pytestmark = pytest.mark.django_db
Told = list[tuple[int | None, date, str, dict[str, list[str]], bool]]


def told(*, current: bool = True) -> Told:
    """Rows of articles as (activity, day, unit, own dimensions, void), oldest first."""
    rows = Evidence.objects.filter(kind_id=proof.KIND).order_by("pk")
    if current:
        rows = rows.filter(superseded_by__isnull=True)
    found: Told = []
    for row in rows.select_related("organisation"):
        own: dict[str, list[str]] = {}
        for dimension in row.dimensions.order_by("value"):
            if dimension.dimension in {"language", "section", "topic"}:
                own.setdefault(dimension.dimension, []).append(dimension.value)
        found.append(
            (row.activity_id, row.day, row.organisation.abbreviation if row.organisation else "", own, row.void)
        )
    return found


@pytest.mark.database
def test_publication_is_evidence_with_language_section_and_topics(section: Section, activity: Activity) -> None:
    topic = makers._term(makers.Topic, "startup", "Khởi nghiệp")
    article = makers.make_article(activities=[activity], topics=[topic])
    own = {"language": ["vi"], "section": ["doi-ngoai"], "topic": ["startup"]}
    assert told() == [(activity.pk, date(2026, 11, 23), "HMC", own, False)]
    assert Evidence.objects.get(kind_id=proof.KIND).link.endswith(article.url)


@pytest.mark.database
def test_draft_is_none_and_publishing_again_adds_none(section: Section, activity: Activity, now: datetime) -> None:
    article = makers.make_article(published=None, activities=[activity])
    assert told() == []
    for hours in (0, 1, 2):
        services.publish_article(article=article, by=None, at=now + timedelta(hours=hours))
    assert len(told(current=False)) == 1


@pytest.mark.database
def test_withdrawn_counts_no_more_and_counts_again_when_republished(
    section: Section, activity: Activity, now: datetime
) -> None:
    article = makers.make_article(activities=[activity])
    withdrawn = services.withdraw_article(article=article, by=None, at=now)
    assert [row[-1] for row in told()] == [True]
    services.publish_article(article=withdrawn, by=None, at=now + timedelta(days=1))
    assert [row[-1] for row in told()] == [False]
    assert [row[1] for row in told()] == [date(2026, 11, 23)]
    assert len(told(current=False)) == 3


def test_deleted_counts_no_more(section: Section, activity: Activity) -> None:
    makers.make_article(activities=[activity]).delete()
    assert [row[-1] for row in told()] == [True]


@pytest.mark.database
def test_english_edition_is_the_same_evidence_in_two_languages(section: Section, activity: Activity) -> None:
    article = makers.make_article(activities=[activity])
    english = makers.make_english(article)
    assert [row[3]["language"] for row in told()] == [["en", "vi"]]
    services.withdraw_article(article=article, by=None, at=makers.NOW)
    assert [row[3]["language"] for row in told()] == [["en"]]
    services.withdraw_article(article=english, by=None, at=makers.NOW)
    assert [row[-1] for row in told()] == [True]


def test_another_activity_takes_the_place_of_the_first(section: Section, activity: Activity) -> None:
    other = makers.make_activity(activity.plan)
    article = makers.make_article(activities=[activity])
    article.reported.set([type(article.reported.all()[0])(activity=other)])
    article.save_revision()
    services.publish_article(article=article, by=None, at=makers.NOW)
    assert [(row[0], row[-1]) for row in told()] == [(activity.pk, True), (other.pk, False)]


def test_closed_plan_takes_no_more(section: Section, activity: Activity) -> None:
    Plan.objects.filter(pk=activity.plan_id).update(state=Plan.State.CLOSED)
    makers.make_article(activities=[activity])
    assert told() == []


def test_what_a_power_cut_left_out_is_made_good_at_night(section: Section, activity: Activity, clock: Any) -> None:
    article = makers.make_article(activities=[activity])
    from nhipcau.evidence.services import void_evidence

    void_evidence(
        kind=proof.KIND, source_ref=proof.source(article.translation_key, activity.pk), by=None, at=makers.NOW
    )
    assert tasks.keep_in_step.func() == 1
    assert [row[-1] for row in told()] == [False]


def test_scheduled_article_goes_out_when_the_worker_returns(section: Section, activity: Activity, clock: Any) -> None:
    hour = datetime.now(UTC) + timedelta(hours=1)
    article = makers.make_article(published=None, activities=[activity])
    article.go_live_at = hour
    article.save_revision().publish()
    clock.set(hour - timedelta(minutes=1))
    assert (tasks.publish_due.func(), told()) == (0, [])
    # The worker was down for a day; Wagtail asks the machine's own clock whether the hour has come.
    revision = Article.objects.get().get_latest_revision()
    revision.content["go_live_at"] = (hour - timedelta(hours=2)).isoformat()
    revision.save()
    clock.set(hour + timedelta(days=1))
    assert tasks.publish_due.func() == 1
    article.refresh_from_db()
    assert (article.live, article.published_at) == (True, hour + timedelta(days=1))
    assert len(told()) == 1
    assert tasks.publish_due.func() == 0


def test_worker_asks_every_minute() -> None:
    from nhipcau.core.schedule import periodic

    assert {one.name: one.cron for one in periodic()}["nhipcau.newsroom.tasks.publish_due"] == "* * * * *"


def test_ledger_leads_to_the_article(
    sign_in: Callable[[User], Any], officer_hmc: User, section: Section, activity: Activity
) -> None:
    article = makers.make_article(activities=[activity])
    row = Evidence.objects.get(kind_id=proof.KIND)
    assert source_link(row.source_ref) == ("bài viết", article.url)
    shown = sign_in(officer_hmc).get(reverse("evidence:evidence", args=[row.pk]))
    assert f'href="{article.url}"' in shown.content.decode()
    services.withdraw_article(article=article, by=None, at=makers.NOW)
    assert source_link(row.source_ref) == ("bài viết", reverse("wagtailadmin_pages:edit", args=[article.pk]))
