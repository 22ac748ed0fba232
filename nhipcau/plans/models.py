"""What was planned: phases that cannot overlap, objectives that answer something, indicators as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement, Clause
from nhipcau.core.models import Bilingual
from nhipcau.parties.models import Organisation, Person
from nhipcau.plans.querysets import DirectionQuerySet, MilestoneQuerySet, PlanQuerySet, TargetQuerySet


@dataclass(frozen=True)
class Window:
    """Days counted together, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days the window has."""
        return (self.last - self.first).days + 1

    def elapsed(self, day: date) -> float:
        """The share of the window that has passed at the end of a day, 0 to 1."""
        return min(max(((day - self.first).days + 1) / self.days, 0.0), 1.0)


class Plan(Bilingual):
    """A year's plan under an agreement."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ADOPTED = "adopted", _("in force")
        CLOSED = "closed", _("closed")

    bilingual_fields: ClassVar[tuple[str, ...]] = ("title",)

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="plans", verbose_name=_("agreement")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    last_day = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("copied from")
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "year"],
                name="plan_year_once",
                violation_error_message=_("There is already a plan for this year."),
            )
        ]

    def __str__(self) -> str:
        return self.text("title")

    def windows(self) -> dict[int, Window]:
        """The days of each phase by its key; one query unless phases are prefetched."""
        phases = sorted(self.phases.all(), key=lambda phase: phase.first_day)
        ends = [phase.first_day - timedelta(days=1) for phase in phases[1:]] + [self.last_day]
        return {phase.pk: Window(phase.first_day, end) for phase, end in zip(phases, ends, strict=True)}

    def window(self) -> Window:
        """The days of the whole plan."""
        windows = self.windows().values()
        return Window(min((w.first for w in windows), default=self.last_day), self.last_day)

    def phase_on(self, day: date) -> Phase | None:
        """The phase a day falls in."""
        phases = {phase.pk: phase for phase in self.phases.all()}
        return next((phases[pk] for pk, window in self.windows().items() if day in window), None)


class PlanConsent(models.Model):
    """A party's director agreed the plan; it is in force once every party has."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="consents", verbose_name=_("plan"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("party"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    acted_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("agreement to a plan")
        verbose_name_plural = _("agreements to plans")
        constraints = [models.UniqueConstraint(fields=["plan", "organisation"], name="plan_consent_once")]

    def __str__(self) -> str:
        return f"{self.plan} · {self.organisation}"


class Phase(Bilingual):
    """Part of a plan, stored by its first day: it ends where the next begins, so phases cannot overlap."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name",)

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="phases", verbose_name=_("plan"))
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    first_day = models.DateField(_("first day"))
    report_due = models.DateField(_("report due"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["plan", "first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "first_day"],
                name="phase_day_once",
                violation_error_message=_("Another phase of this plan begins on that day."),
            ),
        ]

    def __str__(self) -> str:
        return self.text("name")


class Direction(Bilingual):
    """What was asked, pledged or assessed from above."""

    class Kind(models.TextChoices):
        INSTRUCTION = "instruction", _("instruction")
        REQUEST = "request", _("request")
        SUPPORT = "support", _("support pledged")
        ASSESSMENT = "assessment", _("assessment")

    bilingual_fields: ClassVar[tuple[str, ...]] = ("wording", "speaker_position")

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="directions", verbose_name=_("agreement")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="directions_given", verbose_name=_("given by")
    )
    speaker = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("said by")
    )
    speaker_position = models.CharField(_("position"), max_length=200, blank=True)
    speaker_position_en = models.CharField(_("position in English"), max_length=200, blank=True)
    addressees = models.ManyToManyField(
        Organisation, related_name="directions_received", verbose_name=_("addressed to")
    )
    said_on = models.DateField(_("date"))
    source = models.CharField(_("source paper"), max_length=300, blank=True)
    wording = models.TextField(_("content"))
    wording_en = models.TextField(_("content in English"), blank=True)
    due = models.DateField(_("due"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = DirectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("direction from above")
        verbose_name_plural = _("directions from above")
        ordering = ["said_on", "pk"]

    def __str__(self) -> str:
        return self.text("wording")


class Objective(Bilingual):
    """What the plan wants to reach; it answers at least one clause or one direction."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("wording",)

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="objectives", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=12)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    wording = models.TextField(_("objective"))
    wording_en = models.TextField(_("objective in English"), blank=True)
    clauses = models.ManyToManyField(Clause, blank=True, related_name="objectives", verbose_name=_("clauses answered"))
    directions = models.ManyToManyField(
        Direction, blank=True, related_name="objectives", verbose_name=_("directions answered")
    )

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["plan", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="objective_code_once",
                violation_error_message=_("This plan already has an objective with this code."),
            )
        ]

    def __str__(self) -> str:
        return self.text("wording")


class Indicator(Bilingual):
    """A definition of what is counted, as data: kinds of evidence × measure × across phases."""

    class Measure(models.TextChoices):
        ROWS = "rows", _("number of records")
        SUM = "sum", _("sum of quantities")
        DISTINCT = "distinct", _("number of different ones")
        MEAN = "mean", _("mean")
        MEDIAN = "median", _("median")
        SHARE = "share", _("share of records, in percent")
        RATIO = "ratio", _("ratio of two sums, in percent")
        BALANCE = "balance", _("balance, from −100 to 100")
        TARGETS_MET = "derived", _("share of this phase's targets that are met, in percent")

    class Across(models.TextChoices):
        SUM = "sum", _("add the phases up")
        LAST = "last", _("the latest phase counts")
        FLOOR = "floor", _("the lowest phase counts")
        RECOUNT = "recount", _("count again from the start")

    class Scope(models.TextChoices):
        INDICATOR = "indicator", _("the activities that work for this indicator")
        PLAN = "plan", _("the whole plan")

    class Stage(models.TextChoices):
        INPUT = "input", _("input")
        PROCESS = "process", _("process")
        OUTPUT = "output", _("output")
        OUT_TAKE = "out_take", _("reaction")
        OUTCOME = "outcome", _("outcome")
        IMPACT = "impact", _("impact")
        COMPLIANCE = "compliance", _("compliance")

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name", "unit", "baseline_note")

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("objective")
    )
    code = models.CharField(_("code"), max_length=12)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    name = models.CharField(_("name in reports"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=40)
    unit_en = models.CharField(_("unit in English"), max_length=40, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.OUTPUT)
    falling_is_good = models.BooleanField(_("lower is better"), default=False)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    measure = models.CharField(_("what is counted"), max_length=10, choices=Measure, default=Measure.ROWS)
    kinds = models.JSONField(_("kinds of evidence"), default=list, blank=True)
    dimension = models.CharField(_("different by"), max_length=30, blank=True)
    where = models.JSONField(_("only those with"), default=dict, blank=True)
    numerator = models.JSONField(_("counted part"), default=dict, blank=True)
    numerator_kinds = models.JSONField(_("kinds of evidence above the line"), default=list, blank=True)
    across = models.CharField(_("across phases"), max_length=10, choices=Across, default=Across.SUM)
    scope = models.CharField(_("counted in"), max_length=10, choices=Scope, default=Scope.INDICATOR)
    baseline = models.DecimalField(_("baseline"), max_digits=16, decimal_places=2, null=True, blank=True)
    baseline_note = models.CharField(_("note on the baseline"), max_length=200, blank=True)
    baseline_note_en = models.CharField(_("note on the baseline in English"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["objective__order", "order", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "code"],
                name="indicator_code_once",
                violation_error_message=_("There is already an indicator with this code."),
            )
        ]

    def __str__(self) -> str:
        return self.text("name")

    def year_target(self, targets: Sequence[Decimal | None]) -> Decimal | None:
        """The year's target from those of the phases in order: added up, else the last one that is set."""
        set_ones = [target for target in targets if target is not None]
        if not set_ones:
            return None
        return sum(set_ones, Decimal(0)) if self.across == self.Across.SUM else set_ones[-1]

    def definition(self) -> dict[str, object]:
        """The counting rule as plain data, for the frozen report and its digest."""
        return {
            "measure": self.measure,
            "kinds": sorted(self.kinds),
            "dimension": self.dimension,
            "where": self.where,
            "numerator": self.numerator,
            "numerator_kinds": sorted(self.numerator_kinds),
            "across": self.across,
            "scope": self.scope,
        }


class Target(models.Model):
    """What an indicator should reach in a phase; a revision supersedes it. No value: not measured then."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="targets", verbose_name=_("indicator")
    )
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="targets", verbose_name=_("phase"))
    value = models.DecimalField(_("target"), max_digits=16, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    superseded_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "phase", "-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "phase"],
                condition=Q(superseded_at__isnull=True),
                name="target_current_once",
                violation_error_message=_("This phase already has a target."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="target_not_negative",
                violation_error_message=_("A target cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.phase}: {self.value}"


class Milestone(Bilingual):
    """A dated point of the roadmap."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("title",)

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="milestones", verbose_name=_("plan"))
    day = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    lead = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lead unit")
    )
    done_on = models.DateField(_("reached on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return self.text("title")
