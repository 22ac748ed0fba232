"""The agreement as it was signed, and the words its activities are sorted by."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.querysets import AgreementQuerySet, ClauseQuerySet
from nhipcau.core.models import Bilingual
from nhipcau.parties.models import Organisation, Person


class Term(Bilingual):
    """A word of a closed list (area, topic, audience, pillar), ordered by hand."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name",)

    slug = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.text("name")


class Area(Term):
    """An area of cooperation."""

    class Meta(Term.Meta):
        verbose_name = _("area of cooperation")
        verbose_name_plural = _("areas of cooperation")


class Topic(Term):
    """A topic both sides are strong in."""

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Audience(Term):
    """Whom an activity is for."""

    class Meta(Term.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")


class Pillar(Term):
    """A pillar of diplomacy."""

    class Meta(Term.Meta):
        verbose_name = _("diplomacy pillar")
        verbose_name_plural = _("diplomacy pillars")


class Agreement(Bilingual):
    """A signed memorandum between public organisations."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("title", "purpose")

    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    purpose_en = models.TextField(_("purpose in English"), blank=True)
    number = models.CharField(_("number and symbol"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    signed_file = models.FileField(_("signed file"), upload_to="agreements/", blank=True)
    source_note = models.TextField(_("note on the source"), blank=True)
    source_note_en = models.TextField(_("note on the source in English"), blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_on", "-pk"]

    def __str__(self) -> str:
        return self.text("title")


class Party(models.Model):
    """An organisation as a party to an agreement, in the order of the signed text."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="party_to", verbose_name=_("organisation")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("signatory unit")
        verbose_name_plural = _("signatory units")
        ordering = ["agreement", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "organisation"],
                name="party_once",
                violation_error_message=_("This organisation is already a party."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Signatory(Bilingual):
    """Who signed for a party, with the position of that day."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("position",)

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="signatories", verbose_name=_("party"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    position = models.CharField(_("position"), max_length=200)
    position_en = models.CharField(_("position in English"), max_length=200, blank=True)
    for_director = models.BooleanField(
        _("signed for the director"), default=False, help_text=_("A deputy signs under “KT. GIÁM ĐỐC”.")
    )

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return f"{self.person}, {self.text('position')}"


class AttendingOfficial(Bilingual):
    """An official in attendance at the signing, in protocol order."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("position",)

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="officials", verbose_name=_("agreement")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    position = models.CharField(_("position"), max_length=200)
    position_en = models.CharField(_("position in English"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("official in attendance")
        verbose_name_plural = _("officials in attendance")
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.person}, {self.text('position')}"


class Clause(Bilingual):
    """One thing promised. Never edited: an amendment adds the next version and supersedes this one."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name", "wording")

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="clauses", verbose_name=_("agreement")
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="clauses", verbose_name=_("area"))
    order = models.PositiveSmallIntegerField(_("order"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("short name"), max_length=160)
    name_en = models.CharField(_("short name in English"), max_length=160, blank=True)
    wording = models.TextField(_("text"))
    wording_en = models.TextField(_("text in English"), blank=True)
    superseded_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("replaced by"),
    )

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["agreement", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "order", "version"],
                name="clause_version_once",
                violation_error_message=_("There is already a clause with this number and version."),
            )
        ]

    def __str__(self) -> str:
        return self.text("name")


class Amendment(models.Model):
    """A signed annex that changes or extends an agreement."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="amendments", verbose_name=_("agreement")
    )
    signed_on = models.DateField(_("signed on"))
    summary = models.TextField(_("what changes"))
    signed_file = models.FileField(_("signed file"), upload_to="agreements/", blank=True)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["signed_on"]

    def __str__(self) -> str:
        return f"{self.agreement} · {self.signed_on:%d/%m/%Y}"
