"""How the news look on the site: an article with what belongs to it, and the lists of a section and of the front."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.blocks import pictures_in
from nhipcau.newsroom.faces import Face, show
from nhipcau.newsroom.models import Article, NewsFront, Reported, Section
from nhipcau.newsroom.querysets import ArticleQuerySet, put_sections
from nhipcau.website import structured
from nhipcau.website.trail import trail

PER_PAGE = 20


def addresses(editions: Iterable[Any]) -> dict[str, str]:
    """The address of each edition by its language; needs locales joined."""
    return {page.locale.language_code: page.url for page in editions}


def listed(articles: ArticleQuerySet, request: NowRequest, *, sections: bool = True) -> Page[Any]:
    """A page of a list of articles, ready to be drawn; a count, rows, renditions, and one query for their sections."""
    page = Paginator(articles.latest_first().for_cards(), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    if sections:
        put_sections(page.object_list)
    return page


def _front(page: NewsFront, request: NowRequest) -> dict[str, Any]:
    language = page.locale.language_code
    others = NewsFront.objects.filter(translation_key=page.translation_key).live().exclude(pk=page.pk)
    page_obj = listed(Article.objects.public(at=request.now).in_language(language), request)
    return {
        "is_sample": _all_sample(page_obj),
        "sections": list(Section.objects.in_language(language).select_related("locale")),
        "page_obj": page_obj,
        "translations": addresses(others.select_related("locale")),
        **trail(),
    }


def _section(page: Section, request: NowRequest) -> dict[str, Any]:
    others = Section.objects.filter(translation_key=page.translation_key).live().exclude(pk=page.pk)
    page_obj = listed(Article.objects.public(at=request.now).in_section(page), request, sections=False)
    for article in page_obj.object_list:
        article.__dict__["section"] = page
    return {
        "is_sample": _all_sample(page_obj),
        "page_obj": page_obj,
        "translations": addresses(others.select_related("locale")),
        **trail(news_crumb()),
    }


def _all_sample(page: Page[Any]) -> bool:
    return bool(page.object_list) and all(article.is_sample for article in page.object_list)


def news_crumb() -> tuple[str, str]:
    """The news front as a step of the way."""
    return _("News"), reverse("wagtail_serve", args=[""])


def _article(page: Article, request: NowRequest) -> dict[str, Any]:
    """All that is shown around the text; seven queries and one for each kind of picture or record in the body."""
    at: datetime = request.now
    topics = list(page.topics.all())
    reported: Any = Reported.objects.filter(article=page.pk).values("activity")
    if getattr(request, "is_preview", False):
        reported = [one.activity_id for one in page.reported.all()]
    activities = Activity.objects.public().filter(pk__in=reported).select_related("kind").order_by("starts_at", "pk")
    related, beside = Article.objects.around(page, topics=[topic.pk for topic in topics], at=at)
    put_sections([page, *related, *beside])
    heads = [page.picture] if page.picture else []
    pictures = [*heads, *pictures_in(page.body), *(row.picture for row in [*related, *beside])]
    prefetch_related_objects([picture for picture in pictures if picture is not None], "renditions")
    bylines = [byline.author for byline in page.bylines.select_related("author")]
    editions = Article.objects.other_editions(page, at=at).select_related("locale").lean()
    around = trail(news_crumb(), (page.section.title, page.section.url))
    return {
        "article": page,
        "section": page.section,
        "is_sample": page.is_sample,
        "bylines": bylines,
        "topics": topics,
        "activities": list(activities),
        "related": related,
        "beside": beside,
        "translations": addresses(editions),
        # The room of the news knows no address of this one; its block for a related activity is told here.
        "activity_address": "website:event",
        "card": reverse("website:article_card", args=[page.pk]),
        "structured": []
        if page.is_sample or not page.published_at
        else [structured.article_json(page, bylines), around["crumbs_json"]],
        "contact_url": f"{reverse('newsroom:contact', args=['dinh-chinh'])}?bai={page.pk}",
        **around,
    }


show(NewsFront, Face("website/news_front.html", _front))
show(Section, Face("website/section.html", _section))
show(Article, Face("website/article.html", _article))
