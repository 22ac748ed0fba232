"""The few forms the desk itself has."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nhipcau.accounts.forms import checked_username
from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.parties.models import User


class FirstAdministratorForm(VietnameseFormMixin, forms.Form):
    """Who looks after a fresh installation."""

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
