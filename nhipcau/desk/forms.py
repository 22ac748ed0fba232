"""The few forms the desk itself has."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.accounts.forms import checked_username
from nhipcau.agreements.models import Agreement
from nhipcau.core import journal
from nhipcau.core.forms import DateField, VietnameseFormMixin
from nhipcau.parties.models import User

#: Acts of guests by their own link and of the system itself.
NOBODY = "0"


class FirstAdministratorForm(VietnameseFormMixin, forms.Form):
    """Who looks after a fresh installation, and the code that shows a right to say so."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Shown where the server was started, and kept in the file first-administrator-code.txt of the data folder."
        ),
    )
    display_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("Sign-in name"), max_length=60, help_text=_("Letters without marks, digits, point or hyphen.")
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def clean_username(self) -> str:
        """Only what can be typed on any keyboard."""
        return checked_username(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Weigh the password against the name it belongs to."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        password = data.get("password")
        if password:
            try:
                validate_password(password, User(username=data.get("username", ""), email=data.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class JournalFilter(VietnameseFormMixin, forms.Form):
    """Narrows the journal; whatever cannot be read narrows nothing. One query for the accounts to choose from."""

    who = forms.ChoiceField(label=_("Done by"), required=False)
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False)
    first = DateField(label=pgettext_lazy("day", "From"), required=False)
    last = DateField(label=pgettext_lazy("day", "To"), required=False)

    def __init__(self, *args: Any, agreement: Agreement, hidden: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_parties = Q(memberships__organisation__party_to__agreement=agreement)
        above = Q(memberships__organisation__supervises__unit__party_to__agreement=agreement)
        staff = User.objects.filter(of_parties | above).distinct().order_by("display_name", "username")
        who, kind = self.fields["who"], self.fields["kind"]
        assert isinstance(who, forms.ChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        who.choices = [
            ("", _("everybody")),
            (NOBODY, _("guests and the system")),
            *((str(user.pk), str(user)) for user in staff),
        ]
        kinds = {one: journal.thing_of_kind(one) for one in journal.kinds() if one not in hidden}
        words = sorted((capfirst(str(thing.model._meta.verbose_name)), one) for one, thing in kinds.items() if thing)
        kind.choices = [("", _("all kinds")), *((one, word) for word, one in words)]
