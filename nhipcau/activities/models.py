"""What is done: one kind of row for a talk show, a course or a press conference; kinds are data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.querysets import ActivityQuerySet
from nhipcau.agreements.models import Audience, Pillar, Term, Topic
from nhipcau.core.middleware import local_day
from nhipcau.core.models import Bilingual
from nhipcau.parties.models import Organisation
from nhipcau.plans.models import Indicator, Phase, Plan


class ActivityKind(Term):
    """A kind of activity, with what its guests are called and its list of things to prepare."""

    class Guests(models.TextChoices):
        DELEGATES = "delegates", _("delegates")
        TRAINEES = "trainees", _("trainees")
        REPORTERS = "reporters", _("reporters")
        GUESTS = "guests", _("guests")

    guests = models.CharField(_("guests are called"), max_length=12, choices=Guests, default=Guests.GUESTS)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)

    class Meta(Term.Meta):
        verbose_name = _("kind of activity")
        verbose_name_plural = _("kinds of activity")


class Activity(Bilingual):
    """One activity of the plan."""

    class Mode(models.TextChoices):
        ONSITE = "onsite", _("in person")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("in person and online")

    class Language(models.TextChoices):
        VI = "vi", _("Vietnamese")
        VI_EN = "vi-en", _("Vietnamese, interpreted into English")
        EN = "en", _("English")
        EN_VI = "en-vi", _("English, interpreted into Vietnamese")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CLOSED = "closed", _("file closed")
        CANCELLED = "cancelled", _("cancelled")

    bilingual_fields: ClassVar[tuple[str, ...]] = ("title", "summary", "venue")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="activities", verbose_name=_("plan"))
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="activities", verbose_name=_("phase"))
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    code = models.CharField(_("code"), max_length=12)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="leads", verbose_name=_("lead unit"))
    partner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supports",
        verbose_name=_("supporting unit"),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    planned_end = models.DateTimeField(_("end as first planned"), editable=False)
    venue = models.CharField(_("venue"), max_length=250, blank=True)
    venue_en = models.CharField(_("venue in English"), max_length=250, blank=True)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.ONSITE)
    language = models.CharField(_("language spoken"), max_length=5, choices=Language, default=Language.VI)
    audiences = models.ManyToManyField(Audience, blank=True, related_name="activities", verbose_name=_("audiences"))
    topics = models.ManyToManyField(Topic, blank=True, related_name="activities", verbose_name=_("topics"))
    pillars = models.ManyToManyField(Pillar, blank=True, related_name="activities", verbose_name=_("pillars"))
    indicators = models.ManyToManyField(
        Indicator, blank=True, related_name="activities", verbose_name=_("indicators it works for")
    )
    expected = models.PositiveIntegerField(_("expected guests"), default=0)
    estimate = models.PositiveBigIntegerField(_("estimate, VND"), default=0)
    spent = models.PositiveBigIntegerField(_("spent, VND"), null=True, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    result = models.TextField(_("result"), blank=True)
    lesson = models.TextField(_("lesson learned"), blank=True)
    revised_at = models.DateTimeField(_("last changed"), null=True, blank=True, editable=False)
    dimensions = models.JSONField(
        _("dimensions"),
        default=dict,
        editable=False,
        help_text=_("Topics, pillars, areas, kind and mode as of the last change; evidence freezes them."),
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["starts_at", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="activity_code_once",
                violation_error_message=_("This plan already has an activity with this code."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")),
                name="activity_times_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text('title')}"

    @property
    def first_day(self) -> date:
        """The local day it starts on."""
        return local_day(self.starts_at)

    @property
    def last_day(self) -> date:
        """The local day it ends on."""
        return local_day(self.ends_at)

    @property
    def languages(self) -> list[str]:
        """Codes of the languages it can be followed in, the one spoken first."""
        return self.language.split("-")

    @property
    def days(self) -> list[date]:
        """Every local day it covers, at most a year."""
        length = min((self.last_day - self.first_day).days, 366)
        return [self.first_day + timedelta(days=n) for n in range(length + 1)]


class Session(Bilingual):
    """A line of the run sheet."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("title",)

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("activity")
    )
    starts_at = models.DateTimeField(_("starts"))
    title = models.CharField(_("content"), max_length=250)
    title_en = models.CharField(_("content in English"), max_length=250, blank=True)
    in_charge = models.CharField(_("in charge"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("line of the run sheet")
        verbose_name_plural = _("run sheet")
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return self.text("title")


class Speaker(Bilingual):
    """Who speaks, in the order of the programme."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("position",)

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="speakers", verbose_name=_("activity")
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("position"), max_length=200, blank=True)
    position_en = models.CharField(_("position in English"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """An activity was moved, cancelled or reopened: from when to when, why, by whom."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")
        REOPENED = "reopened", _("reopened")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="changes", verbose_name=_("activity"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    reason = models.CharField(_("reason"), max_length=300)
    old_start = models.DateTimeField(_("was to start"))
    new_start = models.DateTimeField(_("now starts"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("change of an activity")
        verbose_name_plural = _("changes of activities")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.activity.code} {self.get_kind_display()}"
