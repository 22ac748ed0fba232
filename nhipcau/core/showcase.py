"""What the components page shows: a form in each state, a list long enough for pages, a menu, figures. Nothing here is stored."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Registration(forms.Form):
    """One field of every kind the product uses."""

    name = forms.CharField(label=gettext_lazy("Full name"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("10 digits, for example 0912 345 678."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("You are"),
        choices=[("press", gettext_lazy("Reporter")), ("business", gettext_lazy("Business"))],
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    language = forms.ChoiceField(
        label=gettext_lazy("Language in the room"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Headphones are handed out at the door."),
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        choices=[("economy", gettext_lazy("Digital economy")), ("startup", gettext_lazy("Start-ups"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("Question to the speakers"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    paper = forms.FileField(label=gettext_lazy("Scanned paper"), required=False)
    consent = forms.BooleanField(label=gettext_lazy("I agree that the organisers use these details for this event."))

    def clean_phone(self) -> str:
        """Refuse a number that is too short, as the real form does."""
        phone: str = self.cleaned_data["phone"]
        if sum(sign.isdigit() for sign in phone) != 10:
            raise forms.ValidationError(_("A mobile number has 10 digits, for example 0912 345 678."))
        return phone


class Filters(forms.Form):
    """Two filters beside a search box."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("all")), ("talk", gettext_lazy("Talk")), ("course", gettext_lazy("Course"))],
    )


def _menu() -> list[dict[str, Any]]:
    """A sidebar with a current entry, counts and groups."""
    return [
        {
            "label": "",
            "entries": [
                {"label": _("Today"), "url": "#today", "current": True, "count": 3},
                {"label": _("From promise to result"), "url": "#trace", "current": False, "count": 0},
                {"label": _("Roadmap of the year"), "url": "#roadmap", "current": False, "count": 0},
            ],
        },
        {
            "label": _("Results"),
            "entries": [
                {"label": _("Evidence ledger"), "url": "#table", "current": False, "count": 14},
                {"label": _("Phase reports"), "url": "#forms", "current": False, "count": 0},
            ],
        },
    ]


def showcase(page: str) -> dict[str, Any]:
    """The context of the components page."""
    wrong = Registration(
        {"name": "Nguyễn Thị Thanh Vân", "phone": "0912 345", "kind": "press", "language": "xx"},
        auto_id="wrong_%s",
    )
    wrong.add_error(
        None,
        _(
            "Sorry, the last seat was taken while you were filling in the form. What you typed has been kept; "
            "you can join the waiting list, now at place 4."
        ),
    )
    return {
        "desk_menu": _menu(),
        "is_sample": True,
        "form": Registration(auto_id="blank_%s", initial={"language": "vi", "topics": ["economy"]}),
        "wrong_form": wrong,
        "filters": Filters(auto_id="filter_%s"),
        "page_obj": Paginator(range(1, 1348), 10).get_page(page),
        "day": date(2022, 1, 20),
        "moment": datetime(2022, 1, 20, 6, 45, tzinfo=UTC),
        "amount": 1250000,
        "share": 0.687,
        "nothing": None,
        "public_nav": [
            (_("News"), "#news", True),
            (_("Activities"), "#events", False),
            (_("Press room"), "#press", False),
        ],
        "site_links": [(_("Privacy"), "#privacy"), (_("Accessibility"), "#accessibility")],
    }
