"""What is typed about accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.accounts.listing import STATES
from nhipcau.accounts.rules import Keeper
from nhipcau.accounts.services.absence import LENDABLE
from nhipcau.core import vietnamese
from nhipcau.core.forms import DateField, ReasonField, VietnameseFormMixin
from nhipcau.parties.models import Membership, Organisation, User

ADMINISTRATOR = "administrator"
_ALL: tuple[str, Any] = ("", _("all"))


class AccountFilter(VietnameseFormMixin, forms.Form):
    """By organisation, role and state; what the address says beyond that narrows nothing."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"), required=False, queryset=Organisation.objects.none(), empty_label=_("all")
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[_ALL, *Membership.Role.choices, (ADMINISTRATOR, _("system administrator"))],
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[_ALL, *STATES])

    def __init__(self, *args: Any, keeper: Keeper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = keeper.places()  # type: ignore[attr-defined]  # a field of choices


class PhoneMixin:
    """A mobile number as it is stored everywhere."""

    cleaned_data: dict[str, Any]

    def clean_phone(self) -> str:
        """The number in E.164, empty where none was typed."""
        typed: str = self.cleaned_data["phone"]
        phone = vietnamese.parse_phone(typed) if typed else None
        if typed and phone is None:
            raise ValidationError(
                _("This is not a telephone number. A mobile number has 10 digits, for example 0912 345 678.")
            )
        return phone.e164 if phone else ""


class DaysMixin:
    """Two days in their order."""

    def clean(self) -> dict[str, Any]:
        """The last day may not come before the first."""
        said: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]  # beside a form
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first day."))  # type: ignore[attr-defined]
        return said


class AboutForm(PhoneMixin, VietnameseFormMixin, forms.Form):
    """Who somebody is."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Where there is one, the link goes out by mail as well.")
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("10 digits, for example 0912 345 678."),
    )


class OwnForm(AboutForm):
    """Who one is oneself; another address asks for the password, for by it a new one can be had."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Only when the e-mail changes."),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["email"].help_text = _("A forgotten password can be set anew by mail.")

    def clean(self) -> dict[str, Any]:
        """Weigh the password where it is asked for; it goes no further."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        password = said.pop("password", "")
        if "email" in said and said["email"].lower() != self.account.email.lower():
            if not password:
                self.add_error("password", _("To change the e-mail, please type your password."))
            elif not get_adapter().reauthenticate(self.account, password):
                self.add_error("password", _("The password is not right."))
        return said


class RoleForm(DaysMixin, VietnameseFormMixin, forms.Form):
    """A role in an organisation, from day to day."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)
    first_day = DateField(label=pgettext_lazy("day", "From"))
    last_day = DateField(
        label=pgettext_lazy("day", "To"), required=False, help_text=_("Leave empty where no end is known.")
    )

    def __init__(self, *args: Any, keeper: Keeper, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = keeper.places()
        field = self.fields["organisation"]
        field.queryset = places  # type: ignore[attr-defined]  # a field of choices
        self.fields["first_day"].initial = today
        if len(keeper.organisations) == 1 and not keeper.everywhere:
            field.initial = next(iter(keeper.organisations))


class InviteForm(AboutForm, RoleForm):
    """Somebody new with a first role; an administrator may also invite another administrator."""

    field_order = ("name", "email", "phone", "organisation", "role", "first_day", "last_day")

    def __init__(self, *args: Any, keeper: Keeper, today: date, **kwargs: Any) -> None:
        super().__init__(*args, keeper=keeper, today=today, **kwargs)
        if keeper.everywhere:
            self.fields["organisation"].required = False
            self.fields["organisation"].help_text = _("Not needed for a system administrator.")
            self.fields["role"].choices = [  # type: ignore[attr-defined]  # a field of choices
                *Membership.Role.choices,
                (ADMINISTRATOR, _("system administrator")),
            ]

    def clean(self) -> dict[str, Any]:
        """Whoever is no administrator has an organisation."""
        said = super().clean()
        if said.get("role") == ADMINISTRATOR:
            said["organisation"] = None
        elif "organisation" in said and said["organisation"] is None:
            self.add_error("organisation", _("Please choose."))
        return said


class ReasonForm(VietnameseFormMixin, forms.Form):
    """Why something is done to an account."""

    reason = ReasonField()


class PasswordForm(VietnameseFormMixin, forms.Form):
    """A password of one's own."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Weighed against the name it belongs to."""
        password: str = self.cleaned_data["password"]
        self.account.username = self.cleaned_data.get("username", self.account.username)
        validate_password(password, self.account)
        return password


def checked_username(username: str) -> str:
    """Only what can be typed on any keyboard; raises ValidationError."""
    if not username.isascii() or not username.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise ValidationError(_("Please use letters without marks, digits, point or hyphen only."))
    return username


class AcceptForm(PasswordForm):
    """How one wants to sign in."""

    username = forms.CharField(
        label=_("Sign-in name"), max_length=60, help_text=_("Letters without marks, digits, point or hyphen.")
    )
    field_order = ("username", "password")

    def clean_username(self) -> str:
        """Only what can be typed on any keyboard."""
        return checked_username(self.cleaned_data["username"])


class StandInForm(DaysMixin, VietnameseFormMixin, forms.Form):
    """Who acts in one's place, for which organisation, from day to day."""

    organisation = forms.ModelChoiceField(label=_("For"), queryset=Organisation.objects.none())
    delegate = forms.ModelChoiceField(label=_("Stand-in"), queryset=User.objects.none())
    first_day = DateField(label=pgettext_lazy("day", "From"))
    last_day = DateField(label=pgettext_lazy("day", "To"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, *args: Any, principal: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Membership.objects.of(principal).filter(role__in=LENDABLE).exclude(last_day__lt=today)
        places = Organisation.objects.filter(pk__in=own.values("organisation"))
        colleagues = User.objects.filter(
            is_active=True, pk__in=Membership.objects.holding(day=today).filter(organisation__in=places).values("user")
        ).exclude(pk=principal.pk)
        self.fields["organisation"].queryset = places  # type: ignore[attr-defined]  # a field of choices
        self.fields["delegate"].queryset = colleagues.order_by("display_name", "pk")  # type: ignore[attr-defined]
        self.fields["first_day"].initial = today
        if len(places) == 1:
            self.fields["organisation"].initial = places[0].pk
