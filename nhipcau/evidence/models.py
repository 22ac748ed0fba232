"""The ledger: rows are only ever added; the one column that may change, once, is `superseded_by`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Term
from nhipcau.core.keys import new_id
from nhipcau.evidence.querysets import AwaitingQuerySet, EvidenceQuerySet
from nhipcau.parties.models import Organisation, Person
from nhipcau.plans.models import Plan


class EvidenceKind(Term):
    """A kind of evidence an indicator can count."""

    slug = models.SlugField(_("key"), max_length=40, primary_key=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=40, blank=True)
    hint = models.CharField(_("what it stands for"), max_length=300, blank=True)
    hint_en = models.CharField(_("what it stands for, in English"), max_length=300, blank=True)
    by_hand = models.BooleanField(
        _("declared by hand"), default=True, help_text=_("No part of the product produces it by itself yet.")
    )
    dimensions = models.JSONField(
        _("dimensions"), default=dict, blank=True, help_text=_("Each with the values offered; none offered: any value.")
    )
    least = models.DecimalField(
        _("smallest quantity"), max_digits=18, decimal_places=2, null=True, blank=True, default=0
    )
    most = models.DecimalField(_("largest quantity"), max_digits=18, decimal_places=2, null=True, blank=True)

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name", "unit", "hint")

    class Meta(Term.Meta):
        verbose_name = _("kind of evidence")
        verbose_name_plural = _("kinds of evidence")


class Evidence(models.Model):
    """One thing that happened and can be proven."""

    class Grade(models.TextChoices):
        MACHINE = "machine", _("recorded by the system")
        SIGNED = "signed", _("signed list or paper")
        DOCUMENT = "document", _("document or link")
        CLAIM = "claim", _("statement")

    id = models.BigIntegerField(_("key"), primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("plan"))
    activity = models.ForeignKey(
        Activity, on_delete=models.PROTECT, null=True, related_name="evidence", verbose_name=_("activity")
    )
    kind = models.ForeignKey(EvidenceKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=2, default=1)
    day = models.DateField(_("day"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    grade = models.CharField(_("grade"), max_length=10, choices=Grade)
    needs_verification = models.BooleanField(_("counts only once verified"), default=False)
    source_ref = models.CharField(_("source record"), max_length=120)
    note = models.CharField(_("note"), max_length=500, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    void = models.BooleanField(_("void"), default=False)
    # One row replaces one: held by a constraint over those that name one. An index over all rows would be taken by SQLite
    # for what nothing replaced, which is nearly everything, of every plan.
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="supersedes",
        verbose_name=_("replaced by"),
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_ref"], condition=Q(superseded_by__isnull=True), name="evidence_source_once"
            ),
            models.UniqueConstraint(
                fields=["superseded_by"], condition=Q(superseded_by__isnull=False), name="evidence_replaces_one"
            ),
        ]
        indexes = [
            models.Index(
                fields=["plan", "kind", "day", "activity", "needs_verification", "quantity", "id"],
                condition=Q(superseded_by__isnull=True, void=False),
                name="evidence_counted",
            ),
            models.Index(
                fields=["source_ref"], condition=Q(superseded_by__isnull=False), name="evidence_replaced_by_source"
            ),
            models.Index(
                fields=["recorded_by", "-recorded_at"],
                condition=Q(superseded_by__isnull=True, void=False, needs_verification=True),
                name="evidence_told_by_hand",
            ),
            models.Index(
                fields=["plan", "-day", "-id"], condition=Q(superseded_by__isnull=True), name="evidence_by_day"
            ),
            models.Index(fields=["activity", "kind"], name="evidence_by_activity"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} {self.source_ref}"


class EvidenceDimension(models.Model):
    """A dimension's value as it was when the evidence was recorded."""

    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="dimensions", verbose_name=_("evidence")
    )
    dimension = models.CharField(_("dimension"), max_length=30)
    value = models.CharField(_("value"), max_length=80)

    class Meta:
        verbose_name = _("dimension of evidence")
        verbose_name_plural = _("dimensions of evidence")
        constraints = [
            models.UniqueConstraint(fields=["evidence", "dimension", "value"], name="evidence_dimension_once")
        ]
        indexes = [models.Index(fields=["dimension", "value", "evidence"], name="evidence_by_dimension")]

    def __str__(self) -> str:
        return f"{self.dimension}={self.value}"


class Attachment(models.Model):
    """A file that proves a piece of evidence, with its digest."""

    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="attachments", verbose_name=_("evidence")
    )
    file = models.FileField(_("file"), upload_to="evidence/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["file"], name="evidence_attached")]

    def __str__(self) -> str:
        return self.name


class Verification(models.Model):
    """Another person looked at a piece of evidence: it is vouched for, or sent back with a reason and a day."""

    class Outcome(models.TextChoices):
        VERIFIED = "verified", _("verified")
        RETURNED = "returned", _("sent back for completion")

    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, related_name="verifications", verbose_name=_("evidence")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    due = models.DateField(_("to be completed by"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="returned") | (~Q(reason="") & Q(due__isnull=False)),
                name="returned_says_why_and_until_when",
                violation_error_message=_("Evidence sent back needs a reason and a day."),
            ),
            models.UniqueConstraint(
                fields=["evidence"],
                condition=Q(outcome="verified"),
                name="evidence_verified_once",
                violation_error_message=_("This evidence has already been verified."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.outcome}"


class Awaiting(models.Model):
    """A record that waits for another person: a short list beside a long ledger, kept by the database's own triggers.

    It says nothing the ledger does not say (`evidence/awaiting.py` compares and fills it again); it is there so that what
    waits is found among what waits and not among all that was ever declared. No figure is read from it.
    """

    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, primary_key=True, related_name="awaiting", verbose_name=_("evidence")
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("plan"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    returned = models.BooleanField(_("sent back"), default=False)

    objects = AwaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("awaiting verification")
        verbose_name_plural = _("awaiting verification")
        indexes = [
            models.Index(fields=["plan", "returned", "recorded_at", "evidence", "recorded_by"], name="awaiting_by_plan")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} returned={self.returned}"
