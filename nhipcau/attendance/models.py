"""Who comes: seats as a counter that the database guards, registrations, admissions, consent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Audience
from nhipcau.attendance.querysets import CheckInQuerySet, RegistrationQuerySet
from nhipcau.core import vietnamese
from nhipcau.core.models import Bilingual, Linked
from nhipcau.parties.models import Person
from nhipcau.privacy.models import Notice


class Intake(Bilingual):
    """An activity takes registrations: how many seats, from when to when. `taken` can never pass `capacity`."""

    bilingual_fields: ClassVar[tuple[str, ...]] = ("note",)

    activity = models.OneToOneField(
        Activity, on_delete=models.PROTECT, related_name="intake", verbose_name=_("activity")
    )
    capacity = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(_("seats taken"), default=0, editable=False)
    opens_at = models.DateTimeField(_("registration opens"))
    closes_at = models.DateTimeField(_("registration closes"))
    note = models.CharField(_("note on the admission code"), max_length=250, blank=True)
    note_en = models.CharField(_("note on the admission code in English"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("registration settings")
        verbose_name_plural = _("registration settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")),
                name="seats_never_oversold",
                violation_error_message=_("There are more guests than seats."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gte=F("opens_at")),
                name="intake_times_in_order",
                violation_error_message=_("Registration closes before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity.code} {self.taken}/{self.capacity}"

    @property
    def left(self) -> int:
        """Seats still free."""
        return max(self.capacity - self.taken, 0)


class Registration(Linked):
    """One person's place at one activity."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "name_sort", "phone", "email", "unit", "position")

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        WAITING = "waiting", _("waiting list")
        CANCELLED = "cancelled", _("cancelled")

    class Channel(models.TextChoices):
        SELF = "self", _("registered online")
        PHONE = "phone", _("by telephone")
        ZALO = "zalo", _("by Zalo")
        LETTER = "letter", _("by letter or e-mail")
        DESK = "desk", _("at the reception desk")

    intake = models.ForeignKey(
        Intake, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("registration settings")
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("person"))
    name = models.CharField(_("full name"), max_length=120)
    name_sort = models.CharField(_("sort key"), max_length=1000, editable=False)
    phone = models.CharField(_("mobile number"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    unit = models.CharField(_("organisation"), max_length=160, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    audience = models.ForeignKey(
        Audience, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("you are")
    )
    language = models.CharField(_("language"), max_length=2, default="vi")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CONFIRMED)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.SELF)
    code = models.CharField(_("admission code"), max_length=8, unique=True)
    seat = models.CharField(_("seat"), max_length=30, blank=True)
    of_honour = models.BooleanField(_("guest of honour"), default=False)
    substitute_for = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="substituted_by",
        verbose_name=_("in place of"),
    )
    registered_at = models.DateTimeField(_("registered at"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    # Empty where the guest did it by the own link.
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cancelled by"),
    )
    erased_at = models.DateTimeField(_("personal details erased at"), null=True, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["name_sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "phone"],
                condition=~Q(state="cancelled") & ~Q(phone=""),
                name="registration_phone_once",
                violation_error_message=_("This mobile number is already registered for this activity."),
            )
        ]
        indexes = [models.Index(fields=["intake", "state", "name_sort"], name="registration_list")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def phone_shown(self) -> str:
        """The number as people write it here: 0912 345 678; foreign ones with their country."""
        return vietnamese.phone_shown(self.phone)

    @property
    def last_four(self) -> str:
        """What a guest is asked for at the door."""
        return self.phone[-4:]


class Consent(models.Model):
    """On what ground a guest's details are kept, by which notice, told then and through this channel.

    Nothing is assumed from silence: without an agreement the ground is the unit's task, and the row says so.
    """

    class Basis(models.TextChoices):
        AGREED = "agreed", _("agreed on the form")
        TOLD = "told", _("agreed when told by staff")
        DUTY = "duty", _("invited by the unit in its task, without consent")

    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="consent", verbose_name=_("registration")
    )
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+", verbose_name=_("notice"))
    at = models.DateTimeField(_("at"))
    basis = models.CharField(_("ground"), max_length=8, choices=Basis, default=Basis.AGREED)
    channel = models.CharField(
        _("channel"), max_length=8, choices=Registration.Channel, default=Registration.Channel.SELF
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    # For a child: who consented in the child's place.
    guardian_name = models.CharField(_("parent or guardian"), max_length=120, blank=True)
    guardian_phone = models.CharField(_("guardian's mobile number"), max_length=20, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent to data processing")
        verbose_name_plural = _("consents to data processing")

    def __str__(self) -> str:
        return f"{self.registration_id} {self.basis}"

    @property
    def guardian_phone_shown(self) -> str:
        """The guardian's number as people write it here."""
        return vietnamese.phone_shown(self.guardian_phone)


class CheckIn(models.Model):
    """A guest came in; an undo is noted on the row, the next admission is a new one."""

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="check_ins", verbose_name=_("registration")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    point = models.CharField(_("reception point"), max_length=30, blank=True)
    took_documents = models.BooleanField(_("documents received"), default=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(undone_at__isnull=True), name="check_in_once")
        ]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.at:%H:%M}"
