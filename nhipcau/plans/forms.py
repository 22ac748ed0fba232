"""What officers, directors and departments type about a plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement, Clause
from nhipcau.core.forms import DateField, NumberField, ReasonField, SeenForm, VietnameseFormMixin
from nhipcau.core.models import Bilingual
from nhipcau.parties.models import Organisation
from nhipcau.plans.models import Direction, Indicator, Milestone, Objective, Phase, Plan
from nhipcau.plans.services import IndicatorFacts

LONGEST = 2000
TARGETS = "target_"


def lines(rows: int = 4) -> forms.Textarea:
    """A box for a text of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class PairedForm(SeenForm):
    """A form about a bilingual row: filled from the row, and asking about English only when it is out of date."""

    english_checked = forms.BooleanField(
        label=_("I have read the English again: it says what the Vietnamese says."), required=False
    )

    def __init__(self, *args: Any, row: Bilingual | None = None, **kwargs: Any) -> None:
        own = {} if row is None else {name: getattr(row, name) for name in self.base_fields if hasattr(row, name)}
        own |= kwargs.pop("initial", None) or {}
        super().__init__(*args, initial=own, filled=row is not None, **kwargs)
        self.stale = bool(row and row.stale_english())
        if not self.stale:
            del self.fields["english_checked"]
        else:
            self.order_fields([name for name in self.fields if name != "english_checked"])

    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the services."""
        return dict(self.cleaned_data)


class NewPlanForm(VietnameseFormMixin, forms.Form):
    """A new plan: empty, with quarters, or drafted from an earlier one."""

    year = forms.IntegerField(
        label=_("Year"),
        min_value=2000,
        max_value=2100,
        error_messages={
            "required": _("Please enter the year."),
            "invalid": _("Please write the year like 2027."),
            "min_value": _("The year lies between 2000 and 2100."),
            "max_value": _("The year lies between 2000 and 2100."),
        },
    )
    title = forms.CharField(label=_("Title in Vietnamese"), max_length=300)
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    start = forms.ChoiceField(label=_("Start from"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, earlier: Sequence[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = {f"copy-{plan.pk}": plan for plan in earlier}
        field = self.fields["start"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            *(
                (
                    key,
                    _("The plan for %(year)s: its phases, objectives, indicators, targets and milestones")
                    % {"year": plan.year},
                )
                for key, plan in self.earlier.items()
            ),
            ("quarters", _("An empty plan with four quarters as phases")),
            ("blank", _("An empty plan")),
        ]

    @property
    def source(self) -> Plan | None:
        """The plan to draft from, None for an empty one."""
        return self.earlier.get(self.cleaned_data["start"])


class PlanForm(PairedForm):
    """Title and last day of a plan."""

    title = forms.CharField(label=_("Title in Vietnamese"), max_length=300)
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    last_day = DateField(label=_("Last day"), help_text=_("The last phase ends on this day."))


class PhaseForm(PairedForm):
    """A phase by its first day."""

    name = forms.CharField(label=_("Name in Vietnamese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    first_day = DateField(
        label=_("First day"), help_text=_("A phase ends where the next one begins; the last one ends with the plan.")
    )
    report_due = DateField(label=_("Report due"), required=False)

    def __init__(self, *args: Any, row: Phase | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)


class ClauseChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Clauses by their short names."""

    def label_from_instance(self, obj: Any) -> str:
        """Number and short name."""
        return f"{obj.order}. {obj.text('name')}"


class DirectionChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Directions by kind, who gave them and how they begin."""

    def label_from_instance(self, obj: Any) -> str:
        """Kind, giver and the first words."""
        words = obj.text("wording")
        shown = words if len(words) <= 120 else f"{words[:117]}…"
        return f"{capfirst(obj.get_kind_display())} · {obj.issuer.short}: {shown}"


class ObjectiveForm(PairedForm):
    """An objective and what it answers."""

    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("Short, once in the plan; for example MT-1."))
    wording = forms.CharField(label=_("Objective in Vietnamese"), max_length=LONGEST, widget=lines())
    wording_en = forms.CharField(label=_("Objective in English"), max_length=LONGEST, required=False, widget=lines())
    clauses = ClauseChoice(
        Clause.objects.none(), label=_("Clauses answered"), required=False, widget=forms.CheckboxSelectMultiple
    )
    directions = DirectionChoice(
        Direction.objects.none(), label=_("Directions answered"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, agreement: Agreement, row: Objective | None = None, **kwargs: Any) -> None:
        chosen: dict[str, list[Any]] = {}
        if row is not None:
            chosen = {"clauses": list(row.clauses.all()), "directions": list(row.directions.all())}
        super().__init__(*args, row=row, initial=chosen, **kwargs)
        clauses, directions = self.fields["clauses"], self.fields["directions"]
        assert isinstance(clauses, forms.ModelMultipleChoiceField)
        assert isinstance(directions, forms.ModelMultipleChoiceField)
        in_force = Clause.objects.in_force().filter(agreement=agreement)
        clauses.queryset = in_force | Clause.objects.filter(pk__in=[clause.pk for clause in chosen.get("clauses", [])])
        directions.queryset = Direction.objects.filter(agreement=agreement).select_related("issuer")


class TargetForm(VietnameseFormMixin, forms.Form):
    """A target of a phase, with the reason where one is replaced in a plan in force."""

    value = NumberField(
        label=_("Target"), required=False, help_text=_("Leave it empty where nothing is measured in this phase.")
    )
    reason = ReasonField(required=False, widget=lines(2))

    def __init__(self, *args: Any, reason_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason_required:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _(
                "The plan is in force. Please say why this target changes."
            )


class MilestoneForm(PairedForm):
    """A dated point of the roadmap."""

    day = DateField(label=_("Day"))
    title = forms.CharField(label=_("Title in Vietnamese"), max_length=250)
    title_en = forms.CharField(label=_("Title in English"), max_length=250, required=False)
    lead = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Lead unit"), required=False, empty_label=_("both sides together")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, agreement: Agreement, row: Milestone | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        lead = self.fields["lead"]
        assert isinstance(lead, forms.ModelChoiceField)
        lead.queryset = Organisation.objects.filter(party_to__agreement=agreement).order_by("party_to__order")


class ReachForm(VietnameseFormMixin, forms.Form):
    """The day a milestone was reached."""

    day = DateField(label=_("Reached on"))
    note = ReasonField(label=_("Note"), required=False)


class DirectionForm(VietnameseFormMixin, forms.Form):
    """What a department asked, pledged or assessed, keyed in by its officer."""

    kind = forms.ChoiceField(
        label=_("Kind of direction"),
        choices=[(value, capfirst(label)) for value, label in Direction.Kind.choices],
        widget=forms.RadioSelect,
    )
    issuer = forms.ModelChoiceField(Organisation.objects.none(), label=_("Given by"), empty_label=None)
    speaker_position = forms.CharField(
        label=_("Said or signed by"),
        max_length=200,
        required=False,
        help_text=_("The position, for example “Director of the Department”."),
    )
    addressees = forms.ModelMultipleChoiceField(
        Organisation.objects.none(),
        label=_("Addressed to"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An instruction reaches only the units under your department; the others receive it as a request."),
    )
    said_on = DateField(label=_("Date"))
    source = forms.CharField(
        label=_("Source paper"),
        max_length=300,
        help_text=_("Number, symbol and date of the paper, or the meeting where it was said."),
    )
    wording = forms.CharField(label=_("Content in Vietnamese"), max_length=4000, widget=lines(5))
    wording_en = forms.CharField(label=_("Content in English"), max_length=4000, required=False, widget=lines(5))
    due = DateField(
        label=_("Deadline"), required=False, help_text=_("Only where the paper states one; otherwise leave it empty.")
    )

    def __init__(self, *args: Any, parties: Iterable[Organisation], departments: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issuer, addressees = self.fields["issuer"], self.fields["addressees"]
        assert isinstance(issuer, forms.ModelChoiceField)
        assert isinstance(addressees, forms.ModelMultipleChoiceField)
        issuer.queryset = Organisation.objects.filter(pk__in=departments)
        addressees.queryset = Organisation.objects.filter(pk__in=[party.pk for party in parties])


class AnswerForm(VietnameseFormMixin, forms.Form):
    """What an addressee answered."""

    answer = forms.CharField(
        label=_("Answer"),
        max_length=4000,
        widget=lines(5),
        help_text=_("What was done or is planned, and the number and date of the reply where there is one."),
    )
    day = DateField(label=_("Answered on"))


class IndicatorForm(PairedForm):
    """The facts of an indicator with its target in each phase; `kinds` are (key, name) pairs of kinds of evidence.

    What is filtered and which part is counted stay as they are on the row; the page that counts offers them.
    """

    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("Short, once in the plan; for example CT-01."))
    name = forms.CharField(label=_("Name in reports"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit of measure"), max_length=40)
    unit_en = forms.CharField(label=_("Unit of measure in English"), max_length=40, required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=Indicator.Stage.choices, initial=Indicator.Stage.OUTPUT)
    falling_is_good = forms.BooleanField(label=_("Lower is better"), required=False)
    decimals = forms.TypedChoiceField(
        label=_("Decimals"), choices=[(0, "0"), (1, "1"), (2, "2")], coerce=int, initial=0
    )
    measure = forms.ChoiceField(
        label=_("What is counted"), choices=Indicator.Measure.choices, initial=Indicator.Measure.ROWS
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds of evidence"), required=False, widget=forms.CheckboxSelectMultiple)
    dimension = forms.CharField(label=_("Different by"), max_length=30, required=False)
    across = forms.ChoiceField(label=_("Across phases"), choices=Indicator.Across.choices, initial=Indicator.Across.SUM)
    scope = forms.ChoiceField(label=_("Counted in"), choices=Indicator.Scope.choices, initial=Indicator.Scope.INDICATOR)
    baseline = NumberField(label=_("Baseline"), required=False)
    baseline_note = forms.CharField(label=_("Note on the baseline"), max_length=200, required=False)
    baseline_note_en = forms.CharField(label=_("Note on the baseline in English"), max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, str]],
        phases: Iterable[Phase],
        targets: dict[int, Decimal | None] | None = None,
        row: Indicator | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, row=row, **kwargs)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = kinds
        self.phases = list(phases)
        for phase in self.phases:
            self.fields[f"{TARGETS}{phase.pk}"] = NumberField(
                label=phase.text("name"),
                required=False,
                min_value=0,
                initial=(targets or {}).get(phase.pk),
                error_messages={"min_value": _("A target cannot be negative.")},
            )

    def facts(self) -> IndicatorFacts:
        """What was typed of the indicator itself."""
        names = set(IndicatorFacts.__annotations__) & set(self.cleaned_data)
        return {name: self.cleaned_data[name] for name in names}  # type: ignore[return-value]  # the keys are those of the TypedDict

    def targets(self) -> dict[int, Decimal | None]:
        """The target typed for each phase, by the key of the phase."""
        return {phase.pk: self.cleaned_data.get(f"{TARGETS}{phase.pk}") for phase in self.phases}


def first_days(year: int) -> list[date]:
    """The first days of the quarters."""
    return [date(year, month, 1) for month in (1, 4, 7, 10)]
