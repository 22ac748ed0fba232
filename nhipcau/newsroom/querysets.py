"""The questions asked of articles, sections and authors.

Published articles for a page of the website, newest first, each with what a card shows:

    Article.objects.public(at=request.now).in_language("vi").latest_first().for_cards()

`.in_section(section)`, `.about_topic(topic)`, `.about_activity(activity)`, `.by(author)` narrow further;
`put_sections(articles)` then gives every article of a list its section with one query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from wagtail.models import CollectionViewRestriction, Revision
from wagtail.query import PageQuerySet

from nhipcau.core.holdings import same_address

if TYPE_CHECKING:
    from nhipcau.activities.models import Activity
    from nhipcau.agreements.models import Clause, Topic
    from nhipcau.newsroom.models import Article, Author, Download, Enquiry, Offered, Picture, Section

#: So many characters of a page's path stand for one level of the tree.
STEP = 4
#: What a card or a line of a list shows of an article, and what its address is made from.
SHOWN = (
    "path", "depth", "slug", "url_path", "title", "live", "translation_key", "locale__language_code",
    "lead", "breaking", "published_at", "is_sample",
    *(f"picture__{name}" for name in (
        "title", "width", "height", "description", "description_en", "caption", "caption_en", "credit",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )),
)  # fmt: skip
#: The same of a section.
SECTION = (
    "path", "depth", "slug", "url_path", "title", "live", "locale__language_code",
    *(f"organisation__{name}" for name in ("name", "name_en", "english_of", "abbreviation")),
)  # fmt: skip

#: How a file stands in a body as it is stored, by its model and with KEYS for its key: a picture in a block or gallery, a
#: document as a block or as a link in running text, whose quotation marks are escaped.
STANDS_AS = {
    "picture": ('"picture": KEYS[,}]',),
    "download": (
        '"type": "document", "value": KEYS[,}]',
        '<a[^>]* linktype="document"[^>]* id="KEYS"',
        '<a[^>]* id="KEYS"[^>]* linktype="document"',
    ),
}


def _at_head(files: list[Picture | Download], field: str) -> Q:
    """That one of the files is the main picture; no document stands there."""
    return Q(**{f"{field}__in": [file.pk for file in files if file._meta.model_name == "picture"]})


def _within(files: list[Picture | Download]) -> str:
    """The pattern of a body that holds one of the files."""
    (kind,) = {str(file._meta.model_name) for file in files}
    keys = "|".join(str(file.pk) for file in files)
    return "|".join(STANDS_AS[kind]).replace('"', r'\\*"').replace("KEYS", f"({keys})")


def _public(at: datetime) -> Q:
    return Q(live=True, published_at__lte=at) & (Q(expire_at__isnull=True) | Q(expire_at__gt=at))


def _counted(rows: models.QuerySet[models.Model]) -> Coalesce:
    """How many rows there are for the article outside."""
    counted = rows.order_by().values("article").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


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
        """What a list shows, with picture and its renditions; one query and one for the renditions."""
        return self.lean().prefetch_related("picture__renditions")

    def lean(self) -> ArticleQuerySet:
        """What a list shows, with picture but not its renditions; for who fetches the renditions of a whole page."""
        return self.select_related("picture", "locale").only(*SHOWN)

    def scored(self, article: Article, *, topics: Collection[int]) -> ArticleQuerySet:
        """Each with how many activities and topics it shares with an article."""
        from nhipcau.newsroom.models import Article, Reported

        own = Reported.objects.filter(article=article.pk).values("activity")
        shared = Reported.objects.filter(article=OuterRef("pk"), activity__in=own)
        alike = Article.topics.through.objects.filter(article=OuterRef("pk"), topic__in=topics)
        return self.annotate(shared_activities=_counted(shared), shared_topics=_counted(alike))

    def around(
        self, article: Article, *, topics: Collection[int], at: datetime, each: int = 4
    ) -> tuple[list[Article], list[Article]]:
        """What to read next: the nearest by activity, topic and recency, and the latest of its section; one query.

        None stands in both.
        """
        others = self.public(at=at).filter(locale=article.locale_id).exclude(pk=article.pk)
        near = others.scored(article, topics=topics).filter(Q(shared_activities__gt=0) | Q(shared_topics__gt=0))
        near = near.order_by("-shared_activities", "-shared_topics", "-published_at", "-pk")
        section = article.path[:-STEP]
        beside = others.filter(path__startswith=section, depth=article.depth).latest_first()
        chosen = Q(pk__in=near.values("pk")[:each]) | Q(pk__in=beside.values("pk")[: 2 * each])
        rows = list(self.filter(chosen).scored(article, topics=topics).latest_first().lean())
        shared = [row for row in rows if row.shared_activities or row.shared_topics]
        shared.sort(key=lambda row: (-row.shared_activities, -row.shared_topics))
        first = shared[:each]
        return first, [row for row in rows if row not in first and row.path.startswith(section)][:each]

    def showing(self, files: Iterable[Picture | Download]) -> ArticleQuerySet:
        """Those with one of the pictures or documents (all of one kind), at their head or in their body; the rows are asked.

        Wagtail's index of references is written by the worker, which may be down.
        """
        listed = list(files)
        if not listed:
            return self.none()
        found = Q(body_text__regex=_within(listed)) | _at_head(listed, "picture")
        return self.annotate(body_text=Cast("body", models.TextField())).filter(found).order_by("pk")

    def keeping(self, files: Iterable[Picture | Download]) -> ArticleQuerySet:
        """The same and those whose latest draft, or a text that waits for its hour, has one of them.

        A draft over a published article is a revision alone. Of an edition's revision the body is read and not the texts
        it was made from, which name what the source had then.
        """
        listed = list(files)
        if not listed:
            return self.none()
        kept = Revision.objects.annotate(said=KT("content__body"))
        waiting = Q(pk=OuterRef("latest_revision")) | Q(approved_go_live_at__isnull=False)
        has = Q(said__regex=_within(listed)) | _at_head(listed, "content__picture")
        drafts = kept.filter(waiting, has, object_id=Cast(OuterRef("pk"), models.CharField()))
        drafts = drafts.filter(base_content_type__app_label="wagtailcore", base_content_type__model="page")
        shown = self.showing(listed).values("pk").order_by()
        return self.filter(Q(pk__in=shown) | Exists(drafts)).order_by("pk")

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


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Sets of letters to the editors."""

    def of(self, organisations: Collection[int]) -> EnquiryQuerySet:
        """Those the units answer."""
        return self.filter(organisation__in=organisations)

    def waiting(self) -> EnquiryQuerySet:
        """Those not answered yet and not emptied, oldest first."""
        return self.filter(answered_at__isnull=True, emptied_at__isnull=True).order_by("received_at", "pk")

    def from_addresses(self, emails: Iterable[str]) -> EnquiryQuerySet:
        """Those that came from one of the addresses and still say so, oldest first; capitals make no difference."""
        wanted = Q(pk__in=[])
        for email in emails:
            wanted |= same_address(email)
        return self.filter(wanted, emptied_at__isnull=True).order_by("received_at", "pk")

    def answered(self) -> EnquiryQuerySet:
        """Those answered, latest first."""
        return self.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")


def put_sections(articles: Iterable[Article]) -> None:
    """Give each article of a list its section; one query for all."""
    from nhipcau.newsroom.models import Section

    listed = list(articles)
    if not listed:
        return
    paths = {article.path[:-STEP] for article in listed}
    sections = Section.objects.filter(path__in=paths).select_related("organisation", "locale").only(*SECTION)
    found = {section.path: section for section in sections}
    for article in listed:
        article.__dict__["section"] = found.get(article.path[:-STEP])
