"""The filter over the list of mails."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.outbox.models import Message


class MessageFilter(VietnameseFormMixin, forms.Form):
    """By state; an unknown state in the address narrows nothing."""

    EVERY: ClassVar[list[tuple[str, object]]] = [("", _("all"))]

    state = forms.ChoiceField(label=_("State"), required=False, choices=[*EVERY, *Message.State.choices])
