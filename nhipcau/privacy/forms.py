"""What people ask about their data, and what officers answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core import vietnamese
from nhipcau.core.forms import ReasonField, VietnameseFormMixin
from nhipcau.privacy.models import Request

_NOBODY = _("Please write a mobile number, for example 0912 345 678, or an e-mail address.")


class AskForm(VietnameseFormMixin, forms.Form):
    """By which number or address somebody may be known here."""

    contact = forms.CharField(
        label=_("Mobile number or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        help_text=_("The one you gave when registering."),
    )

    def clean(self) -> dict[str, Any]:
        """A number in its international form, or an address; gives `phone` and `email`."""
        said = super().clean() or self.cleaned_data
        typed = said.get("contact", "")
        if not typed:
            return dict(said)
        phone, email = vietnamese.normal_mobile(typed) or "", ""
        if not phone:
            try:
                email = forms.EmailField().clean(typed)
            except forms.ValidationError:
                self.add_error("contact", _NOBODY)
        return {**said, "phone": phone, "email": email}


def _phone(typed: str) -> str:
    if not typed:
        return ""
    number = vietnamese.normal_mobile(typed)
    if number is None:
        raise forms.ValidationError(
            _("A mobile number has 10 digits, for example 0912 345 678. Everything else has been kept.")
        )
    return number


class ValuesForm(VietnameseFormMixin, forms.Form):
    """The values that can be corrected; what is left empty stays."""

    name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    unit = forms.CharField(label=_("Organisation"), max_length=160, required=False)
    position = forms.CharField(label=_("Position"), max_length=120, required=False)

    def clean_phone(self) -> str:
        """The number as it is stored."""
        return _phone(self.cleaned_data["phone"])

    @property
    def values(self) -> dict[str, str]:
        """What was given."""
        return {name: self.cleaned_data[name] for name in ValuesForm.base_fields if self.cleaned_data.get(name)}


class CorrectionForm(ValuesForm):
    """What a person wants corrected: values, or words where no field fits."""

    note = forms.CharField(
        label=_("In your own words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For what no field is there for."),
    )


class WordsForm(VietnameseFormMixin, forms.Form):
    """A request with a few words, if the person likes."""

    note = forms.CharField(
        label=_("In your own words, if you like"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefusalForm(VietnameseFormMixin, forms.Form):
    """A refusal names its reason in the law."""

    legal_reason = ReasonField(
        label=_("Reason in the law"),
        help_text=_("Article and document, in one sentence the person understands."),
    )
    answer = forms.CharField(
        label=_("What else is to be said"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExtensionForm(VietnameseFormMixin, forms.Form):
    """Why the answer needs more time."""

    reason = ReasonField(label=_("Why the answer needs more time"))


ASKABLE = [Request.Kind.ERASE, Request.Kind.WITHDRAW, Request.Kind.OBJECT]
