"""What officers type about an activity."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.activities.services import SessionDraft, SpeakerDraft
from nhipcau.agreements.access import Standing, Verb
from nhipcau.agreements.models import Audience, Pillar, Topic
from nhipcau.core import vietnamese
from nhipcau.core.forms import (
    DateTimeField,
    MoneyField,
    NumberField,
    ReasonField,
    SeenForm,
    VietnameseFormMixin,
)
from nhipcau.core.language import reading
from nhipcau.core.middleware import LOCAL
from nhipcau.parties.models import Organisation
from nhipcau.plans.models import Indicator, Phase, Plan

STEP_LABELS = {
    "ahead": _("ahead"),
    "unconfirmed": _("over, to be confirmed"),
    "held": _("held, file open"),
    "closed": _("file closed"),
    "cancelled": _("cancelled"),
}


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Units by their short names, which fit a narrow box."""

    def label_from_instance(self, obj: Any) -> str:
        """The abbreviation."""
        return str(obj.short)


class IndicatorChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Indicators named by their codes, so that officers find the line of the plan."""

    def label_from_instance(self, obj: Any) -> str:
        """Objective, code and name."""
        return f"{obj.objective.code} · {obj.code} {obj.text('name')}"


class ActivityFilter(VietnameseFormMixin, forms.Form):
    """The filters beside the search box of the list; what is not offered is ignored."""

    state = forms.ChoiceField(
        label=_("Step"), required=False, choices=[("", ""), *STEP_LABELS.items()], widget=forms.HiddenInput
    )  # chosen by the tabs, carried along by the search
    phase = forms.ModelChoiceField(Phase.objects.none(), label=_("Phase"), required=False, empty_label=_("all"))
    kind = forms.ModelChoiceField(
        ActivityKind.objects.all(), label=_("Kind"), required=False, empty_label=_("all"), to_field_name="slug"
    )
    lead = UnitChoice(Organisation.objects.none(), label=_("Lead unit"), required=False, empty_label=_("all"))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phase, lead = self.fields["phase"], self.fields["lead"]
        assert isinstance(phase, forms.ModelChoiceField)
        assert isinstance(lead, forms.ModelChoiceField)
        phase.queryset = plan.phases.all()
        lead.queryset = Organisation.objects.filter(party_to__agreement=plan.agreement_id)


class ActivityForm(SeenForm):
    """The facts of an activity, Vietnamese beside English."""

    kind = forms.ModelChoiceField(ActivityKind.objects.all(), label=_("Kind of activity"), empty_label=_("choose"))
    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("Short, once in the plan; for example TD-03."))
    title = forms.CharField(label=_("Title in Vietnamese"), max_length=250)
    title_en = forms.CharField(label=_("Title in English"), max_length=250, required=False)
    summary = forms.CharField(
        label=_("Summary in Vietnamese"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Two or three sentences guests read: what it is about and what they take away."),
    )
    summary_en = forms.CharField(
        label=_("Summary in English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    english_checked = forms.BooleanField(
        label=_("I have read the English again: it says what the Vietnamese says."), required=False
    )
    starts_at = DateTimeField(label=_("Starts"))
    ends_at = DateTimeField(label=_("Ends"))
    venue = forms.CharField(label=_("Venue in Vietnamese"), max_length=250, required=False)
    venue_en = forms.CharField(label=_("Venue in English"), max_length=250, required=False)
    mode = forms.ChoiceField(label=_("Mode"), choices=Activity.Mode.choices)
    language = forms.ChoiceField(label=_("Language spoken"), choices=Activity.Language.choices)
    lead = forms.ModelChoiceField(Organisation.objects.none(), label=_("Lead unit"), empty_label=_("choose"))
    partner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Supporting unit"), required=False, empty_label=_("none")
    )
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.all(), label=_("For whom"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pillars = forms.ModelMultipleChoiceField(
        Pillar.objects.all(), label=_("Diplomacy pillars"), required=False, widget=forms.CheckboxSelectMultiple
    )
    indicators = IndicatorChoice(
        Indicator.objects.none(),
        label=_("Indicators it works for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What happens here is counted towards these indicators."),
    )
    expected = NumberField(label=_("Expected guests"), required=False, decimal_places=0, max_digits=6, min_value=0)
    estimate = MoneyField(label=_("Estimate, VND"), required=False)
    is_public = forms.BooleanField(
        label=_("Show on the public website"),
        required=False,
        help_text=_("It appears once the plan is in force."),
    )

    def __init__(
        self, *args: Any, plan: Plan, standing: Standing, activity: Activity | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, filled=activity is not None, **kwargs)
        parties = Organisation.objects.filter(party_to__agreement=plan.agreement_id).order_by("party_to__order")
        own = [pk for pk in standing.parties if standing.can(Verb.LEAD, party=pk)]
        for name, queryset in (
            ("lead", parties.filter(pk__in=own)),
            ("partner", parties),
            (
                "indicators",
                Indicator.objects.filter(objective__plan=plan)
                .select_related("objective")
                .order_by("objective__order", "order", "code"),
            ),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        if activity is None or not activity.stale_english():
            del self.fields["english_checked"]
        if activity is not None and plan.state != Plan.State.DRAFT:
            del self.fields["starts_at"], self.fields["ends_at"]

    def clean(self) -> dict[str, Any]:
        """Point at the end when it comes before the start."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends < starts:
            self.add_error("ends_at", _("The end comes before the start; please check the two times."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What `schedule_activity` and `revise_activity` take."""
        values = dict(self.cleaned_data)
        values["expected"] = int(values["expected"] or 0)
        values["estimate"] = values["estimate"] or 0
        return values


def initial_of(activity: Activity) -> dict[str, Any]:
    """The present facts of an activity for its form; four queries."""
    names = [
        "kind",
        "code",
        "title",
        "title_en",
        "summary",
        "summary_en",
        "starts_at",
        "ends_at",
        "venue",
        "venue_en",
        "mode",
        "language",
        "lead",
        "partner",
        "expected",
        "estimate",
        "is_public",
    ]
    sets = ("audiences", "topics", "pillars", "indicators")
    return {name: getattr(activity, name) for name in names} | {
        name: [thing.pk for thing in getattr(activity, name).all()] for name in sets
    }


class MoveForm(VietnameseFormMixin, forms.Form):
    """A new time and why."""

    starts_at = DateTimeField(label=_("New start"))
    ends_at = DateTimeField(label=_("New end"))
    reason = ReasonField(
        help_text=_("Kept with the activity; registered guests read it in the mail that tells them."),
    )

    def clean(self) -> dict[str, Any]:
        """Point at the end when it comes before the start."""
        cleaned: dict[str, Any] = super().clean() or {}
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends < starts:
            self.add_error("ends_at", _("The end comes before the start; please check the two times."))
        return cleaned


class ReasonForm(VietnameseFormMixin, forms.Form):
    """Why a step is taken."""

    reason = ReasonField(
        help_text=_("Kept with the activity; registered guests read it in the mail that tells them."),
    )


class CloseForm(VietnameseFormMixin, forms.Form):
    """What came of the activity."""

    result = forms.CharField(
        label=_("Result"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was reached against what was intended, in a few sentences."),
    )
    lesson = forms.CharField(
        label=_("Lesson learned"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    spent = MoneyField(label=_("Spent, VND"), required=False, help_text=_("Leave empty until it is settled."))


class SpeakerForm(VietnameseFormMixin, forms.Form):
    """A speaker; an emptied name takes the row out."""

    name = forms.CharField(label=_("Full name"), max_length=120, required=False)
    position = forms.CharField(label=_("Position in Vietnamese"), max_length=200, required=False)
    position_en = forms.CharField(label=_("Position in English"), max_length=200, required=False)
    order = NumberField(label=_("Order"), required=False, min_value=0, max_digits=3, decimal_places=0)

    def clean(self) -> dict[str, Any]:
        """A position needs somebody who holds it."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("name") and (cleaned.get("position") or cleaned.get("position_en")):
            self.add_error("name", _("Please give the name, or empty the position as well."))
        return cleaned


SpeakerFormSet = forms.formset_factory(SpeakerForm, extra=2, max_num=30, validate_max=True)


def speakers_of(formset: Any) -> list[SpeakerDraft]:
    """The speakers a valid formset holds, by the order typed and then by row."""
    rows = [f.cleaned_data for f in formset.forms if f.cleaned_data.get("name")]
    rows.sort(key=lambda row: (row["order"] is None, row["order"] or 0))
    return [SpeakerDraft(row["name"], row["position"], row["position_en"]) for row in rows]


class SessionForm(VietnameseFormMixin, forms.Form):
    """A line of the run sheet; an emptied content takes the line out."""

    day = forms.ChoiceField(label=_("Day"))
    time = forms.TimeField(
        label=_("Hour"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("This is not an hour. Please write it like 13:45.")},
    )
    title = forms.CharField(label=_("Content in Vietnamese"), max_length=250, required=False)
    title_en = forms.CharField(label=_("Content in English"), max_length=250, required=False)
    in_charge = forms.CharField(label=_("In charge"), max_length=120, required=False)

    def __init__(self, *args: Any, days: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(f"{day:%Y-%m-%d}", vietnamese.weekday_short(day, language=reading())) for day in days]
        if len(days) == 1:
            field.widget = forms.HiddenInput()
            field.initial = f"{days[0]:%Y-%m-%d}"

    def clean(self) -> dict[str, Any]:
        """A line needs its hour and its content."""
        cleaned: dict[str, Any] = super().clean() or {}
        typed = any(cleaned.get(name) for name in ("title", "title_en", "in_charge", "time"))
        if typed and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("Please say what happens then, or empty the whole line."))
        if cleaned.get("title") and cleaned.get("time") is None and "time" not in self.errors:
            self.add_error("time", _("Please give the hour."))
        return cleaned

    def has_changed(self) -> bool:
        """A line of which only the day is set counts as left empty."""
        return any(name != "day" for name in self.changed_data)


SessionFormSet = forms.formset_factory(SessionForm, extra=3, max_num=120, validate_max=True)


def sessions_of(formset: Any) -> list[SessionDraft]:
    """The lines a valid formset holds, by hour."""
    rows = [f.cleaned_data for f in formset.forms if f.cleaned_data.get("title")]
    drafts = [
        SessionDraft(_moment(row["day"], row["time"]), row["title"], row["title_en"], row["in_charge"]) for row in rows
    ]
    return sorted(drafts, key=lambda draft: draft.starts_at)


def _moment(day: str, hour: time) -> datetime:
    return datetime.combine(date.fromisoformat(day), hour, tzinfo=LOCAL)
