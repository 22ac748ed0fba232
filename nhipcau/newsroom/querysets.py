"""The questions asked of articles, sections and authors.

Published articles for a page of the website, newest first, each with what a card shows:

    Article.objects.public(at=request.now).in_language("vi").latest_first().for_cards()

`.in_section(section)`, `.about_topic(topic)`, `.about_activity(activity)`, `.by(author)` narrow further;
`put_sections(articles)` then gives every article of a list its section with one query.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Cast
from wagtail.models import CollectionViewRestriction
from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from nhipcau.activities.models import Activity
    from nhipcau.agreements.models import Clause, Topic
    from nhipcau.newsroom.models import Article, Author, Offered, Picture, Section

#: So many characters of a page's path stand for one level of the tree.
STEP = 4


def _public(at: datetime) -> Q:
    return Q(live=True, published_at__lte=at) & (Q(expire_at__isnull=True) | Q(expire_at__gt=at))


class ArticleQuerySet(PageQuerySet):
    """Sets of articles."""

    def public(self, *, at: datetime) -> ArticleQuerySet:
        """Those anybody may read at a moment: published, out of embargo, not expired."""
        return self.filter(_public(at)).filter(Q(embargo_until__isnull=True) | Q(embargo_until__lte=at))

    def in_language(self, code: str) -> ArticleQuerySet:
        """Those written in a language ("vi", "en")."""
        return self.filter(locale__language_code=code)

    def in_section(self, section: Section) -> ArticleQuerySet:
        """Those of a section, which is of one language."""
        return self.child_of(section)

    def about_topic(self, topic: Topic) -> ArticleQuerySet:
        """Those sorted under a topic."""
        return self.filter(topics=topic)

    def about_activity(self, activity: Activity) -> ArticleQuerySet:
        """Those that report on an activity."""
        return self.filter(reported__activity=activity)

    def about_clause(self, clause: Clause) -> ArticleQuerySet:
        """Those that report on a clause."""
        return self.filter(clauses=clause)

    def by(self, author: Author) -> ArticleQuerySet:
        """Those an author signed."""
        return self.filter(bylines__author=author)

    def latest_first(self) -> ArticleQuerySet:
        """By the moment of publication."""
        return self.order_by("-published_at", "-pk")

    def for_cards(self) -> ArticleQuerySet:
        """With picture and its renditions, without the body; one query and one for the renditions."""
        return self.select_related("picture", "locale").prefetch_related("picture__renditions").defer_streamfields()

    def showing(self, pictures: Iterable[Picture]) -> ArticleQuerySet:
        """Those with one of the pictures, at their head or in their body; asked of the rows themselves.

        Wagtail's index of references is written by the worker, which may be down.
        """
        keys = [picture.pk for picture in pictures]
        if not keys:
            return self.none()
        within = rf'"picture": ({"|".join(str(key) for key in keys)})[,}}]'
        rows = self.annotate(body_text=Cast("body", models.TextField()))
        return rows.filter(Q(picture__in=keys) | Q(body_text__regex=within)).order_by("pk")

    def other_editions(self, article: Article, *, at: datetime) -> ArticleQuerySet:
        """The public editions of an article in other languages."""
        return self.public(at=at).filter(translation_key=article.translation_key).exclude(pk=article.pk)


class OfferedQuerySet(models.QuerySet["Offered"]):
    """Documents of articles."""

    def public(self, *, at: datetime) -> OfferedQuerySet:
        """Those anybody may have: of an article that is public, in a collection that is kept from nobody."""
        from nhipcau.newsroom.models import Article

        path = ExpressionWrapper(OuterRef("document__collection__path"), output_field=models.CharField())
        kept = CollectionViewRestriction.objects.annotate(asked=path)
        rows = self.filter(article__in=Article.objects.public(at=at))
        return rows.exclude(Exists(kept.filter(asked__startswith=F("collection__path"))))


class SectionQuerySet(PageQuerySet):
    """Sets of sections."""

    def in_language(self, code: str) -> SectionQuerySet:
        """Those of a language, in the order of the tree."""
        return self.live().filter(locale__language_code=code).order_by("path")


class AuthorQuerySet(models.QuerySet["Author"]):
    """Sets of authors."""

    def published(self, *, at: datetime) -> AuthorQuerySet:
        """Those who signed something public."""
        from nhipcau.newsroom.models import Article, Byline

        signed = Byline.objects.filter(article__in=Article.objects.public(at=at))
        return self.filter(pk__in=signed.values("author"))


def put_sections(articles: Iterable[Article]) -> None:
    """Give each article of a list its section; one query for all."""
    from nhipcau.newsroom.models import Section

    listed = list(articles)
    paths = {article.path[:-STEP] for article in listed}
    found = {section.path: section for section in Section.objects.filter(path__in=paths).select_related("organisation")}
    for article in listed:
        article.__dict__["section"] = found.get(article.path[:-STEP])
