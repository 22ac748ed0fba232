"""Organisations, people, accounts and roles that hold from one day to another."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from nhipcau.core import vietnamese
from nhipcau.core.models import Bilingual
from nhipcau.parties.querysets import (
    DelegationQuerySet,
    MembershipQuerySet,
    OrganisationQuerySet,
    PersonQuerySet,
    SupervisionQuerySet,
)


class Organisation(Bilingual):
    """A body that signs, supervises, receives papers or sends people; never hard-coded."""

    class Kind(models.TextChoices):
        SERVICE_UNIT = "service_unit", _("public-service unit")
        DEPARTMENT = "department", _("city department")
        CITY = "city", _("city")
        OTHER = "other", _("other organisation")

    bilingual_fields: ClassVar[tuple[str, ...]] = ("name",)

    name = models.CharField(_("name"), max_length=200, unique=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    symbol = models.CharField(
        _("symbol on papers"),
        max_length=20,
        blank=True,
        help_text=_("As in “Số: 05/BC-TTBC”: the part after the dash."),
    )
    place = models.CharField(
        _("place on papers"),
        max_length=80,
        blank=True,
        help_text=_("As it stands before the date of a paper: “Thành phố Hồ Chí Minh, ngày …”."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.text("name")

    @property
    def short(self) -> str:
        """The abbreviation where there is one, else the name."""
        return self.abbreviation or self.text("name")


class Supervision(models.Model):
    """A department supervises a unit from one day to another; mergers close one row and open the next."""

    unit = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="supervised_by", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="supervises", verbose_name=_("supervising department")
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True, blank=True)
    unverified = models.BooleanField(
        _("not yet checked against the gazette"), default=False, help_text=_("Shown beside the role until confirmed.")
    )

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")
        ordering = ["unit", "first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="supervision_days_in_order",
                violation_error_message=_("The last day comes before the first day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} → {self.unit}"


class Person(models.Model):
    """Somebody who signs, speaks, attends or is on staff. Erasure empties the row but keeps it."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Ms")
        MALE = "male", _("Mr")
        UNKNOWN = "", _("not stated")

    name = models.CharField(_("full name"), max_length=120)
    name_sort = models.CharField(_("sort key"), max_length=1000, editable=False, db_index=True)
    name_key = models.CharField(
        _("words of the name without marks, in order"), max_length=200, editable=False, db_index=True, default=""
    )
    sex = models.CharField(_("form of address"), max_length=10, choices=Sex, blank=True, default="")
    phone = models.CharField(_("mobile number"), max_length=20, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    # Country codes; the second stands for a foreign guest whose country was not asked.
    HOME, ABROAD = "VN", "ZZ"
    personal_fields = ("name", "name_sort", "name_key", "sex", "phone", "email", "nationality")

    nationality = models.CharField(
        _("nationality"),
        max_length=2,
        blank=True,
        help_text=_("Country code; ZZ for a foreign guest whose country was not asked, empty where nothing was said."),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    objected_at = models.DateTimeField(_("wants no messages since"), null=True, blank=True, editable=False)
    # Never a chain: whoever is the same as somebody points at the row that was kept.
    same_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="also",
        verbose_name=_("same person as"),
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_sort", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(same_as=F("pk")), name="person_not_the_own_double")]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_shown(self) -> str:
        """The number as people write it here; foreign ones with their country."""
        return vietnamese.phone_shown(self.phone)

    @property
    def neutral_label(self) -> str:
        """What the journal calls a person."""
        return f"#{self.pk}"


class Match(models.Model):
    """Two records were looked at by a person: one and the same, or two; taken back, it is as if nothing had been said."""

    class Verdict(models.TextChoices):
        SAME = "same", _("the same person")
        DIFFERENT = "different", _("two different people")

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("record kept"))
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("other record"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    points = models.PositiveSmallIntegerField(_("likeness in points"))
    # Those that had been found to be the same as the other record before: they follow it, and go back with it.
    moved = models.JSONField(_("records that followed"), default=list, blank=True)
    by = models.ForeignKey("parties.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        "parties.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("comparison of two records")
        verbose_name_plural = _("comparisons of records")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "other"], condition=Q(undone_at__isnull=True), name="match_stands_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("other")), name="match_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.kept_id} {self.verdict} {self.other_id}"


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's pictures point here untyped
    """An account of staff. Participants need none.

    `session_epoch` goes into what every session is checked by: counting it up ends all sessions at once, wherever.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ("email", "phone", "first_name", "last_name")

    display_name = models.CharField(_("name shown"), max_length=120, blank=True)
    phone = models.CharField(_("mobile number"), max_length=20, blank=True)
    is_demo = models.BooleanField(_("demo account"), default=False, editable=False)
    session_epoch = models.PositiveIntegerField(_("sessions ended so often"), default=0, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")  # type: ignore[assignment]  # the stubs of AbstractUser know plain text only
        verbose_name_plural = _("accounts")  # type: ignore[assignment]  # as above

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """What Wagtail calls it in comments, locks and histories: the name shown."""
        return self.display_name or super().get_full_name()

    @property
    def neutral_label(self) -> str:
        """What the journal calls it: staff act under their names."""
        return str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What Django compares on every request: the password, and how often the sessions were ended."""
        said = f"{self.password}:{self.session_epoch}"
        return salted_hmac("nhipcau.parties.session", said, secret=secret, algorithm="sha256").hexdigest()


class Membership(models.Model):
    """An account holds a role in an organisation from one day to another."""

    class Role(models.TextChoices):
        OFFICER = "officer", _("programme officer")
        DIRECTOR = "director", _("director")
        RECORDS = "records", _("records office")
        RECEPTION = "reception", _("reception desk")
        REPORTER = "reporter", _("reporter")
        EDITOR = "editor", _("editor")
        CHIEF_EDITOR = "chief_editor", _("head of the editorial board")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("account"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    first_day = models.DateField(_("from"), default=date(2021, 11, 11))
    last_day = models.DateField(_("to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "first_day"],
                name="membership_once",
                violation_error_message=_("This account already has the role from that day."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation.short}"


class Delegation(models.Model):
    """Somebody names who acts in the own place for one organisation from day to day; it ends by itself."""

    principal = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="delegations_given", verbose_name=_("on behalf of")
    )
    delegate = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="delegations_held", verbose_name=_("stand-in")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("named at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="delegation_days_in_order",
                violation_error_message=_("The last day comes before the first day."),
            ),
            models.CheckConstraint(
                condition=~Q(delegate=F("principal")),
                name="delegation_to_another",
                violation_error_message=_("Please choose another person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal} → {self.delegate}"
