"""What a visitor can narrow the calendar by; what is not offered is ignored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Area, Audience, Topic
from nhipcau.core.forms import VietnameseFormMixin


class CalendarFilter(VietnameseFormMixin, forms.Form):
    """Topic, audience and area of cooperation, by their keys; and the language one can follow it in, spoken or interpreted."""

    topic = forms.ModelChoiceField(
        Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("all"), to_field_name="slug"
    )
    audience = forms.ModelChoiceField(
        Audience.objects.all(), label=_("For whom"), required=False, empty_label=_("all"), to_field_name="slug"
    )
    area = forms.ModelChoiceField(
        Area.objects.all(), label=_("Area of cooperation"), required=False, empty_label=_("all"), to_field_name="slug"
    )
    language = forms.ChoiceField(
        choices=(("", _("all")), ("vi", _("followed in Vietnamese")), ("en", _("followed in English"))),
        label=_("Language"),
        required=False,
    )
