"""What readers fill in to reach the editors, and what editors note of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.newsroom.models import Enquiry


class ContactForm(VietnameseFormMixin, forms.Form):
    """A letter to the editors; a correction names the page, a question of the press the news organisation."""

    address = forms.CharField(
        label=_("Address of the page"),
        max_length=300,
        required=False,
        help_text=_("Where what is wrong can be read."),
    )
    name = forms.CharField(label=_("Full name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    outlet = forms.CharField(
        label=_("News organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("The answer goes there."),
    )
    text = forms.CharField(label=_("What you want to tell"), max_length=4000, widget=forms.Textarea({"rows": 7}))

    def __init__(self, *args: Any, reason: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason == Enquiry.Reason.CORRECTION:
            del self.fields["outlet"]
            self.fields["text"].label = _("What is wrong, and what is right")
        else:
            del self.fields["address"]
            self.fields["text"].label = _("Your question")


class OutcomeForm(VietnameseFormMixin, forms.Form):
    """What came of a letter."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("For colleagues: corrected, answered by mail, nothing to correct and why."),
    )
