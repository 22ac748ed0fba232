"""What forms tell people, the law's periods, the links people look at their data with, and what they ask."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nhipcau.core.models import Bilingual
from nhipcau.parties.models import Organisation, Person
from nhipcau.privacy.querysets import AccessQuerySet, LegalPeriodQuerySet, NoticeQuerySet, RequestQuerySet


class Notice(Bilingual):
    """What one form collects, why, on what ground, how long and for whose eyes. A change is a new version."""

    class Ground(models.TextChoices):
        CONSENT = "consent", _("consent of the person")
        DUTY = "duty", _("task of the unit laid down by law")
        CONTRACT = "contract", _("work or contract with the unit")
        LAW = "law", _("duty under the law")

    class From(models.TextChoices):
        EVENT = "event", _("after the activity")
        ANSWER = "answer", _("after the answer")
        LEAVING = "leaving", _("after the account is closed")
        ARCHIVE = "archive", _("as long as the file is kept by the rules on archives")

    bilingual_fields: ClassVar[tuple[str, ...]] = ("title", "collects", "purpose", "seen_by", "wording")

    form = models.SlugField(
        _("form"),
        max_length=30,
        help_text=_(
            "The key of the form: registration, child, substitute, on_behalf, speaker, official, account, request."
        ),
    )
    version = models.PositiveSmallIntegerField(_("version"))
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    title = models.CharField(_("name of the form"), max_length=120)
    title_en = models.CharField(_("name of the form in English"), max_length=120)
    collects = models.CharField(_("what is collected"), max_length=500)
    collects_en = models.CharField(_("what is collected, in English"), max_length=500)
    purpose = models.CharField(_("purpose"), max_length=500)
    purpose_en = models.CharField(_("purpose in English"), max_length=500)
    ground = models.CharField(_("legal ground"), max_length=10, choices=Ground)
    keep_months = models.PositiveSmallIntegerField(_("kept for, months"), default=12)
    keep_from = models.CharField(_("counted from"), max_length=10, choices=From, default=From.EVENT)
    seen_by = models.CharField(_("who sees it"), max_length=300)
    seen_by_en = models.CharField(_("who sees it, in English"), max_length=300)
    wording = models.TextField(_("wording shown on the form"))
    wording_en = models.TextField(_("wording in English"))
    first_day = models.DateField(_("used from"))
    is_sample = models.BooleanField(
        _("sample wording"),
        default=False,
        help_text=_("Ours, until the unit has decided on its own wording; shown as such."),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of a form")
        verbose_name_plural = _("notices of forms")
        ordering = ["order", "form", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "version"],
                name="notice_version_once",
                violation_error_message=_("This form already has a notice of that version."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.text('title')} v{self.version}"

    @property
    def limited(self) -> bool:
        """Whether the time of keeping is counted in months."""
        return self.keep_from != self.From.ARCHIVE


class LegalPeriod(models.Model):
    """A period or an age the law sets, from one day to another; chosen by the day of the act."""

    class Kind(models.TextChoices):
        ACKNOWLEDGE = "acknowledge", _("confirm receipt")
        SEE = "see", _("see, receive or correct data")
        STOP = "stop", _("withdraw consent, restrict or object")
        ERASE = "erase", _("erase data")
        CHILD = "child", _("age up to which a guardian consents")

    class Unit(models.TextChoices):
        HOUR = "hour", _("hours")
        DAY = "day", _("days")
        WORKDAY = "workday", _("working days")
        YEAR = "year", _("years of age")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    n = models.PositiveSmallIntegerField(_("number"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    cite = models.CharField(_("source"), max_length=200)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True, blank=True)
    unverified = models.BooleanField(_("not yet checked against the gazette"), default=True)

    objects = LegalPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal period")
        verbose_name_plural = _("legal periods")
        ordering = ["kind", "-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first_day"], name="legal_period_once"),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=models.F("first_day")),
                name="legal_period_days_in_order",
                violation_error_message=_("The last day comes before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.n} {self.get_unit_display()}"


class Access(models.Model):
    """A link a person looks at the own data with, and how it is known whose it is. Its key is signed into the address."""

    class How(models.TextChoices):
        TICKET = "ticket", _("by the link of the admission code")
        EMAIL = "email", _("by a link sent to the address on record")
        OFFICER = "officer", _("identity checked by an officer")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    how = models.CharField(_("how"), max_length=8, choices=How)
    only = models.CharField(_("only this record"), max_length=60, blank=True)
    address = models.EmailField(_("what was given with this address"), blank=True)
    opened_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    personal_fields = ("person", "address")

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("link to the own data")
        verbose_name_plural = _("links to the own data")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["expires_at"], name="access_expiry")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.how}"

    @property
    def neutral_label(self) -> str:
        """What the journal calls it: how it is known whose it is."""
        return self.get_how_display()


class Request(models.Model):
    """A person asks for something about the own data; the day the answer is due comes from the law in force."""

    class Kind(models.TextChoices):
        SEE = "see", _("see the data")
        CORRECT = "correct", _("correct the data")
        ERASE = "erase", _("erase the data")
        WITHDRAW = "withdraw", _("withdraw consent")
        OBJECT = "object", _("object to the use of the data")

    class State(models.TextChoices):
        OPEN = "open", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        TAKEN_BACK = "taken_back", _("taken back by the person")

    kind = models.CharField(_("what is asked"), max_length=10, choices=Kind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit that answers")
    )
    how = models.CharField(
        _("identity"), max_length=8, choices=Access.How, blank=True, help_text=_("Empty: to be checked by telephone.")
    )
    only = models.CharField(_("only this record"), max_length=60, blank=True)
    address = models.EmailField(_("what was given with this address"), blank=True)
    checked_at = models.DateTimeField(_("identity checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("identity checked by"),
    )
    proposed = models.JSONField(_("proposed values"), default=dict, blank=True)
    note = models.CharField(_("in the person's words"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=2, default="vi")
    received_at = models.DateTimeField(_("received at"))
    period = models.ForeignKey(
        LegalPeriod, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("legal period")
    )
    due = models.DateField(_("answer due"))
    confirm_due = models.DateField(_("receipt to be confirmed by"))
    confirmed_at = models.DateTimeField(_("receipt confirmed at"), null=True, blank=True)
    extended_at = models.DateTimeField(_("extended at"), null=True, blank=True)
    extension_reason = models.CharField(_("reason of the extension"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    legal_reason = models.CharField(_("legal reason of the refusal"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    emptied_at = models.DateTimeField(_("personal details erased at"), null=True, blank=True, editable=False)

    personal_fields = ("person", "proposed", "note", "answer", "address")

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "only", "address"], condition=Q(state="open"), name="request_open_once_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="request_answered_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(legal_reason=""),
                name="request_refused_says_why",
                violation_error_message=_("A refusal names its reason in the law."),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "due"], name="request_list")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_at:%d/%m/%Y}"

    @property
    def neutral_label(self) -> str:
        """What the journal calls it: what is asked and when, not by whom."""
        return str(self)

    @property
    def checked(self) -> bool:
        """Whether it is known that the person asks."""
        return bool(self.how)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == self.State.OPEN
