"""The pages Wagtail serves: the news front of each language, sections under it, articles in them.

A tree for each language: `/tin/` → `/tin/<section>/` → `/tin/<section>/<article>/`, and the same under `/en/`. An article
and its edition in another language share `translation_key`.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    PublishingPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause, Pillar, Topic
from nhipcau.newsroom.blocks import Body
from nhipcau.newsroom.faces import Faced
from nhipcau.newsroom.forms import ArticleForm, SectionForm
from nhipcau.newsroom.models.files import Download, Picture
from nhipcau.newsroom.models.people import Author
from nhipcau.newsroom.panels import SourcePanel
from nhipcau.newsroom.querysets import ArticleQuerySet, OfferedQuerySet, SectionQuerySet
from nhipcau.parties.models import Organisation


class NewsFront(Faced, Page):
    """The front of the news in one language: the root of the site for Wagtail."""

    max_count_per_parent = 2
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["newsroom.Section"]
    private_page_options: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("news front")
        verbose_name_plural = _("news fronts")

    def __str__(self) -> str:
        return str(self.title)


class Section(Faced, Page):
    """A section of the news ("Press", "Foreign affairs"), led by one party's editors or by both."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("led by"),
        help_text=_(
            "Its reporters, editors and head of the editorial board work here. Left empty: those of every unit."
        ),
    )
    intro = models.CharField(_("what it is about"), max_length=300, blank=True)

    objects = PageManager.from_queryset(SectionQuerySet)()

    base_form_class = SectionForm
    parent_page_types: ClassVar[list[str]] = ["newsroom.NewsFront"]
    subpage_types: ClassVar[list[str]] = ["newsroom.Article"]
    private_page_options: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("intro", heading=_("Introduction for readers")),
        FieldPanel("organisation"),
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def __str__(self) -> str:
        return str(self.title)


class Article(Faced, Page):
    """One article in one language; its title is the headline."""

    lead = models.TextField(_("lead"), max_length=800, help_text=_("The first paragraph, also shown in lists."))
    dateline = models.CharField(
        _("dateline"),
        max_length=40,
        blank=True,
        help_text=_(
            "What stands in brackets before the lead, as in “(HMC) -”. Left empty: the unit that leads the section."
        ),
    )
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("main picture")
    )
    body = StreamField(Body(), verbose_name=_("body"), blank=True)
    topics = ParentalManyToManyField(Topic, blank=True, related_name="articles", verbose_name=_("topics"))
    pillars = ParentalManyToManyField(Pillar, blank=True, related_name="articles", verbose_name=_("diplomacy pillars"))
    clauses = ParentalManyToManyField(
        Clause, blank=True, related_name="articles", verbose_name=_("clauses it reports on")
    )
    breaking = models.BooleanField(_("breaking news"), default=False)
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True, help_text=_("Nobody outside reads it before, whoever publishes it.")
    )
    correction = models.TextField(
        _("correction"), max_length=800, blank=True, help_text=_("Shown to readers: what was wrong and what is right.")
    )
    corrected_at = models.DateTimeField(
        _("corrected"), null=True, blank=True, help_text=_("Left empty, the moment the correction is first saved.")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False, db_index=True)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)
    # In an edition made from another: each text of the source as it was when this edition last answered it.
    source_texts = models.JSONField(_("texts it was made from"), default=dict, blank=True, editable=False)

    objects = PageManager.from_queryset(ArticleQuerySet)()

    base_form_class = ArticleForm
    parent_page_types: ClassVar[list[str]] = ["newsroom.Section"]
    subpage_types: ClassVar[list[str]] = []
    private_page_options: ClassVar[list[str]] = []
    #: What belongs to the page and not to one of its revisions.
    kept_over_revisions = ("published_at", "is_sample")

    content_panels: ClassVar[list[Any]] = [
        SourcePanel(),
        FieldPanel(
            "title", heading=_("Headline"), help_text=_("What happened, in a line of at most some 90 characters.")
        ),
        FieldPanel("lead"),
        FieldPanel("picture"),
        FieldPanel("body"),
        MultipleChooserPanel("bylines", chooser_field_name="author", heading=_("Authors"), label=_("author")),
        MultipleChooserPanel(
            "reported", chooser_field_name="activity", heading=_("Activities it reports on"), label=_("activity")
        ),
        FieldRowPanel(
            [
                FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                FieldPanel("pillars", widget=forms.CheckboxSelectMultiple),
            ]
        ),
        FieldPanel("clauses", widget=forms.CheckboxSelectMultiple),
        MultiFieldPanel(
            [FieldPanel("correction"), FieldPanel("corrected_at")], heading=_("Correction"), classname="collapsed"
        ),
    ]
    promote_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("breaking"), FieldPanel("dateline"), FieldPanel("embargo_until")], heading=_("Publication")
        ),
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
            classname="collapsed",
        ),
    ]
    settings_panels: ClassVar[list[Any]] = [PublishingPanel(), CommentPanel()]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """What is live must be ready to be read; a draft may lack whatever it likes.

        Every way to publish ends in `save()`, which cleans a live page: button, workflow, schedule, several at once.
        Raises ValidationError with a sentence for each thing that is missing.
        """
        super().clean()
        from nhipcau.newsroom.readiness import lacks

        if self.live and not getattr(self, "kept_as_draft", False):
            missing = lacks(self)
            if missing:
                raise ValidationError([lack.message for lack in missing])

    def with_content_json(self, content: dict[str, Any]) -> Article:
        """An older or newer text of this page, with what belongs to the page itself."""
        page: Article = super().with_content_json(content)
        for name in self.kept_over_revisions:
            setattr(page, name, getattr(self, name))
        return page

    @cached_property
    def section(self) -> Section:
        """The section it stands in; one query unless `querysets.put_sections` gave it."""
        parent: Section = self.get_parent().specific
        return parent

    @property
    def dateline_shown(self) -> str:
        """“(HMC) -”, by the article itself or by the unit that leads its section; empty where there is neither."""
        unit = self.section.organisation
        words = self.dateline or (unit.short if unit else "")
        return f"({words}) -" if words else ""

    def is_public(self, *, at: datetime) -> bool:
        """Whether anybody may read it at a moment; as `ArticleQuerySet.public`."""
        return bool(
            self.live
            and self.published_at
            and self.published_at <= at
            and not (self.embargo_until and self.embargo_until > at)
            and not (self.expire_at and self.expire_at <= at)
        )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, once it is public; a preview shows it earlier to those inside."""
        at: datetime = request.now  # type: ignore[attr-defined]  # set by the clock
        if not getattr(request, "is_preview", False) and not self.is_public(at=at):
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response


class Byline(Orderable):
    """An author signs an article, in this order."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines", verbose_name=_("article"))
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))

    class Meta(Orderable.Meta):
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")

    def __str__(self) -> str:
        return str(self.author)


class Offered(models.Model):
    """A document that an article offers for download, as last published; written by `services.note_published`."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="offered", verbose_name=_("article"))
    document = models.ForeignKey(Download, on_delete=models.CASCADE, related_name="+", verbose_name=_("document"))

    objects = OfferedQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of an article")
        verbose_name_plural = _("documents of articles")
        constraints = [models.UniqueConstraint(fields=["article", "document"], name="offered_once")]

    def __str__(self) -> str:
        return str(self.document)


class Reported(Orderable):
    """An article reports on an activity; published, it is evidence of it."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="reported", verbose_name=_("article"))
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+", verbose_name=_("activity"))

    class Meta(Orderable.Meta):
        verbose_name = _("activity reported on")
        verbose_name_plural = _("activities reported on")

    def __str__(self) -> str:
        return str(self.activity)
