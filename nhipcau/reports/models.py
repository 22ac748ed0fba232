"""Reports drawn from the ledger: figures frozen with what they counted, a digest, and later drift beside them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement
from nhipcau.core.middleware import local_day
from nhipcau.evidence.models import Evidence
from nhipcau.parties.models import Organisation
from nhipcau.plans.models import Indicator, Phase, Plan, Window
from nhipcau.reports.querysets import ReportQuerySet, SnapshotQuerySet

#: So many characters of a digest are compared by eye.
DIGITS = 16


class Report(models.Model):
    """A report over a window of days. `payload` is null until both directors have frozen the figures."""

    class Kind(models.TextChoices):
        PHASE = "phase", _("phase report")
        MONTH = "month", _("monthly report")
        QUARTER = "quarter", _("quarterly report")
        HALF_YEAR = "half_year", _("half-year report")
        YEAR = "year", _("annual report")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports", verbose_name=_("plan"))
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("phase")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PHASE)
    first_day = models.DateField(_("data from"))
    last_day = models.DateField(_("data to"))
    narrative = models.JSONField(
        _("narrative"), default=dict, blank=True, help_text=_("assessment, limits, causes, next, proposals")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    created_at = models.DateTimeField(_("drafted at"))
    frozen_at = models.DateTimeField(_("figures frozen at"), null=True, blank=True)
    payload = models.JSONField(_("frozen figures"), null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    check_code = models.CharField(_("check code"), max_length=12, unique=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-last_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="report_days_in_order",
                violation_error_message=_("The last day comes before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True) | ~Q(digest=""), name="frozen_report_has_digest"
            ),
            models.UniqueConstraint(
                fields=["phase"],
                condition=Q(kind="phase"),
                name="phase_report_once",
                violation_error_message=_("This phase already has a report."),
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "first_day", "last_day"],
                name="report_window_once",
                violation_error_message=_("There is already a report of this kind over these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{capfirst(self.get_kind_display())}, {self.first_day:%d/%m/%Y} – {self.last_day:%d/%m/%Y}"

    @property
    def window(self) -> Window:
        """The days whose data it tells."""
        return Window(self.first_day, self.last_day)

    @property
    def mark(self) -> str:
        """So much of the digest stands at the foot of the paper; empty until the figures are frozen."""
        return self.digest[:DIGITS]

    @property
    def file_stem(self) -> str:
        """How its files are called."""
        return f"bao-cao-{self.first_day:%Y%m%d}-{self.last_day:%Y%m%d}"


class FreezeConsent(models.Model):
    """A party's director froze the figures he or she saw, named by their digest."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="consents", verbose_name=_("report"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("party"))
    digest = models.CharField(_("digest seen"), max_length=64)
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
        verbose_name = _("freezing of figures")
        verbose_name_plural = _("freezing of figures")
        constraints = [models.UniqueConstraint(fields=["report", "organisation"], name="freeze_once_per_party")]

    def __str__(self) -> str:
        return f"{self.report} · {self.organisation}"


class Measurement(models.Model):
    """One indicator's figures in one report, and why when a target was missed. Frozen with the report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="measurements", verbose_name=_("report"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indicator"))
    explanation = models.TextField(_("explanation"), blank=True)
    value = models.DecimalField(_("actual"), max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=2, null=True, blank=True)
    cumulative = models.DecimalField(_("cumulative"), max_digits=18, decimal_places=2, null=True, blank=True)
    counted = models.PositiveIntegerField(_("records counted"), default=0)
    definition = models.JSONField(_("definition"), default=dict, blank=True)
    place = models.PositiveSmallIntegerField(
        _("place in the frozen table"), null=True, blank=True, help_text=_("The line of the payload it belongs to.")
    )

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["indicator__objective__order", "indicator__order", "indicator__code"]
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="measurement_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.indicator_id}"


class MeasurementEvidence(models.Model):
    """A piece of evidence that a frozen figure counted."""

    measurement = models.ForeignKey(
        Measurement, on_delete=models.CASCADE, related_name="counted_evidence", verbose_name=_("measurement")
    )
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", verbose_name=_("evidence"))

    class Meta:
        verbose_name = _("counted evidence")
        verbose_name_plural = _("counted evidence")
        constraints = [models.UniqueConstraint(fields=["measurement", "evidence"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.measurement_id} {self.evidence_id}"


class Issue(models.Model):
    """A party's records office numbered, dated, sealed and sent the signed paper; recorded afterwards."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="issues", verbose_name=_("report"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    number = models.PositiveIntegerField(_("number"))
    symbol = models.CharField(_("symbol"), max_length=40)
    issued_on = models.DateField(_("date of issue"))
    year = models.PositiveSmallIntegerField(_("year of issue"), editable=False)  # numbers begin at 01 each January
    signer = models.CharField(_("signed by"), max_length=120)
    signer_position = models.CharField(_("position of the signer"), max_length=120)
    signed_file = models.FileField(_("signed file"), upload_to="reports/%Y/")
    sha256 = models.CharField(_("digest of the file"), max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("issue of a report")
        verbose_name_plural = _("issues of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "organisation"],
                name="issue_once_per_party",
                violation_error_message=_("This unit's issue is already recorded."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "year", "number", "symbol"],
                name="issue_number_once_a_year",
                violation_error_message=_("This number was already given to another paper of this unit this year."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}/{self.symbol}"


class Snapshot(models.Model):
    """What the public may see of the progress, without personal data, as of one moment."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="snapshots", verbose_name=_("agreement")
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="snapshots", verbose_name=_("plan"))
    payload = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    at = models.DateTimeField(_("prepared at"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("public snapshot")
        verbose_name_plural = _("public snapshots")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="withdrawn_snapshot_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {local_day(self.at):%d/%m/%Y}"

    @property
    def state(self) -> str:
        """`withdrawn`, `public` or `prepared`."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "public" if self.released_at is not None else "prepared"


class SnapshotConsent(models.Model):
    """A department has seen a snapshot, or a party's director released it."""

    class Kind(models.TextChoices):
        SEEN = "seen", _("seen by the department")
        RELEASED = "released", _("released by the director")

    snapshot = models.ForeignKey(
        Snapshot, on_delete=models.CASCADE, related_name="consents", verbose_name=_("snapshot")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
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
        verbose_name = _("consent to a snapshot")
        verbose_name_plural = _("consents to snapshots")
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "organisation", "kind"], name="snapshot_consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.organisation} {self.kind}"
