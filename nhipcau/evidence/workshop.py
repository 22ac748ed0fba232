"""The indicator workshop: a definition as typed, what it would count at this moment, and how it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Activity
from nhipcau.core.forms import NumberField, ReasonField, VietnameseFormMixin
from nhipcau.core.language import reading
from nhipcau.evidence.counting import Figure, counted_rows, figures, progress
from nhipcau.evidence.models import EvidenceKind
from nhipcau.evidence.words import OWN_COLUMNS, REGISTERS, Words
from nhipcau.parties.models import User
from nhipcau.plans.models import Indicator, Objective, Phase, Plan, Window
from nhipcau.plans.services import IndicatorFacts, create_indicator, revise_indicator, revise_target

Measure, Across = Indicator.Measure, Indicator.Across
TARGET = "target_"
BETWEEN = ":"
MOST_SHOWN = 12
#: Over the year these cannot be added up: a mean of a mean is no mean.
NEVER_ADDED = {Measure.MEAN, Measure.MEDIAN, Measure.SHARE, Measure.RATIO, Measure.BALANCE, Measure.TARGETS_MET}


def pairs(where: Mapping[str, Iterable[str]]) -> list[str]:
    """{"audience": ["youth"]} as the boxes of the form name it: ["audience:youth"]."""
    return [f"{name}{BETWEEN}{value}" for name, values in where.items() for value in values]


def mapping(chosen: Iterable[str]) -> dict[str, list[str]]:
    """The other way round."""
    found: dict[str, list[str]] = {}
    for pair in chosen:
        name, _between, value = pair.partition(BETWEEN)
        found.setdefault(name, []).append(value)
    return found


class IndicatorForm(VietnameseFormMixin, forms.Form):
    """An indicator as a sentence, with its name, its unit and what it should reach in each phase."""

    measure = forms.ChoiceField(label=pgettext_lazy("workshop", "Count"), choices=Measure.choices)
    kinds = forms.MultipleChoiceField(
        label=_("of these kinds of evidence"), required=False, widget=forms.CheckboxSelectMultiple
    )
    dimension = forms.ChoiceField(label=_("different by"), required=False)
    numerator = forms.MultipleChoiceField(
        label=_("the part that is counted"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numerator_kinds = forms.MultipleChoiceField(
        label=_("kinds above the line"), required=False, widget=forms.CheckboxSelectMultiple
    )
    where = forms.MultipleChoiceField(label=_("only records with"), required=False, widget=forms.CheckboxSelectMultiple)
    scope = forms.ChoiceField(label=pgettext_lazy("workshop", "in"), choices=Indicator.Scope.choices)
    across = forms.ChoiceField(label=pgettext_lazy("workshop", "and over the year"), choices=Across.choices)
    objective = forms.ModelChoiceField(label=_("Objective"), queryset=Objective.objects.none(), empty_label="—")
    code = forms.CharField(label=_("Code"), max_length=12)
    name = forms.CharField(label=_("Name in reports"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=40)
    unit_en = forms.CharField(label=_("Unit in English"), max_length=40, required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=Indicator.Stage.choices, initial=Indicator.Stage.OUTPUT)
    decimals = forms.TypedChoiceField(
        label=_("Places after the comma"), choices=[(0, "0"), (1, "1"), (2, "2")], coerce=int, initial=0
    )
    falling_is_good = forms.BooleanField(label=_("Lower is better"), required=False)
    baseline = NumberField(label=_("Baseline"), required=False)
    baseline_note = forms.CharField(label=_("Note on the baseline"), max_length=200, required=False)
    baseline_note_en = forms.CharField(label=_("Note on the baseline in English"), max_length=200, required=False)
    reason = ReasonField(
        label=_("Why targets change"),
        required=False,
        help_text=_("Needed only where a target of a plan in force changes."),
    )

    def __init__(
        self,
        *args: Any,
        plan: Plan,
        kinds: Sequence[EvidenceKind],
        words: Words,
        indicator: Indicator | None = None,
        targets: Mapping[int, Decimal | None] | None = None,
        **kwargs: Any,
    ) -> None:
        self.plan, self.all_kinds, self.words = plan, {kind.pk: kind for kind in kinds}, words
        self.indicator, self.current = indicator, dict(targets or {})
        own: dict[str, Any] = {}
        if indicator is not None:
            own = {name: getattr(indicator, name) for name in self.base_fields if hasattr(indicator, name)}
            own |= {"where": pairs(indicator.where), "numerator": pairs(indicator.numerator)}
        super().__init__(*args, initial=own | (kwargs.pop("initial", None) or {}), **kwargs)
        self.phases: list[Phase] = sorted(plan.phases.all(), key=lambda phase: phase.first_day)
        self._offer()
        for phase in self.phases:
            self.fields[f"{TARGET}{phase.pk}"] = field = NumberField(
                label=phase.text("name"), required=False, min_value=0, initial=self.current.get(phase.pk)
            )
            self._prepare(field)
        if indicator is None or plan.state != Plan.State.ADOPTED:
            del self.fields["reason"]

    def _offer(self) -> None:
        """Choices that follow from the kinds chosen so far."""
        options = [(kind.pk, kind.text("name")) for kind in self.all_kinds.values()]
        chosen = self._so_far("kinds") or list(self.initial.get("kinds") or [])
        above = self._so_far("numerator_kinds") or list(self.initial.get("numerator_kinds") or [])
        names: dict[str, list[str]] = {}
        for key in [*chosen, *above]:
            kind = self.all_kinds.get(key)
            for name, values in (kind.dimensions if kind else {}).items():
                names.setdefault(name, [])
                names[name] += [value for value in values if value not in names[name]]
        groups = self._groups(names)
        self._put("kinds", options)
        self._put("numerator_kinds", options)
        self._put("where", groups)
        self._put("numerator", groups)
        apart = [("", "—"), *((name, OWN_COLUMNS[name]) for name in ("person", "organisation", "activity", "day"))]
        self._put("dimension", [*apart, *((name, self.words.dimension(name)) for name in names)])
        objective = self.fields["objective"]
        assert isinstance(objective, forms.ModelChoiceField)
        objective.queryset = Objective.objects.filter(plan=self.plan).order_by("order", "pk")
        if self.indicator is not None:
            objective.disabled = True

    def _groups(self, names: Mapping[str, Sequence[str]]) -> list[tuple[str, list[tuple[str, str]]]]:
        kept = mapping(
            [*self._so_far("where"), *self._so_far("numerator"), *self.initial.get("where", []),
             *self.initial.get("numerator", [])]
        )  # fmt: skip
        groups = []
        for name, values in names.items():
            offered = dict(self.words.offered(name, values))
            offered |= {value: self.words.value(name, value) for value in kept.get(name, ()) if value not in offered}
            if offered:
                title = self.words.dimension(name)
                groups.append((title, [(f"{name}{BETWEEN}{value}", label) for value, label in offered.items()]))
        return groups

    def _so_far(self, name: str) -> list[str]:
        if not self.is_bound or not hasattr(self.data, "getlist"):
            return []
        return [str(value) for value in self.data.getlist(name)]

    def _put(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def target_fields(self) -> list[forms.BoundField]:
        """The boxes of the phases in order."""
        return [self[f"{TARGET}{phase.pk}"] for phase in self.phases]

    def clean(self) -> dict[str, Any]:
        """Refuse what would count nothing, each in a sentence beside the part that has to change."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        measure, across = said.get("measure"), said.get("across")
        if measure and measure != Measure.TARGETS_MET and not said.get("kinds"):
            self.add_error("kinds", _("Choose at least one kind of evidence: an indicator counts records."))
        if measure == Measure.DISTINCT and not said.get("dimension"):
            self.add_error("dimension", _("Choose what different ones are told apart by, for example the person."))
        part = mapping(said.get("numerator") or [])
        if measure == Measure.SHARE and not part:
            self.add_error("numerator", _("A share needs the part that is counted. Please tick at least one value."))
        if measure == Measure.BALANCE and (len(part) != 1 or any(len(values) != 2 for values in part.values())):
            self.add_error(
                "numerator",
                _("A balance needs two values of one dimension: the first counts for, the second against."),
            )
        above, below = set(said.get("numerator_kinds") or ()), set(said.get("kinds") or ())
        if measure == Measure.RATIO and (not above or above & below):
            self.add_error("numerator_kinds", _("A ratio needs kinds above the line that are not also below it."))
        if measure in NEVER_ADDED and across == Across.SUM:
            self.add_error(
                "across", _("Shares, means and the like cannot be added up over phases. Please choose another rule.")
            )
        if measure == Measure.TARGETS_MET and across == Across.RECOUNT:
            self.add_error(
                "across", _("Targets met cannot be counted again over the year. Please choose another rule.")
            )
        return said

    def facts(self) -> IndicatorFacts:
        """The indicator as the services take it; parts the measure does not use are left empty."""
        said = self.cleaned_data
        measure = said["measure"]
        derived = measure == Measure.TARGETS_MET
        return {
            "code": said.get("code", ""),
            "name": said.get("name", ""),
            "name_en": said.get("name_en", ""),
            "unit": said.get("unit", ""),
            "unit_en": said.get("unit_en", ""),
            "stage": said.get("stage") or Indicator.Stage.OUTPUT,
            "falling_is_good": bool(said.get("falling_is_good")),
            "decimals": said.get("decimals") or 0,
            "measure": measure,
            "kinds": [] if derived else said.get("kinds", []),
            "dimension": said.get("dimension", "") if measure == Measure.DISTINCT else "",
            "where": {} if derived else mapping(said.get("where", [])),
            "numerator": mapping(said.get("numerator", [])) if measure in {Measure.SHARE, Measure.BALANCE} else {},
            "numerator_kinds": said.get("numerator_kinds", []) if measure == Measure.RATIO else [],
            "across": said.get("across") or Across.SUM,
            "scope": said.get("scope") or Indicator.Scope.INDICATOR,
            "baseline": said.get("baseline"),
            "baseline_note": said.get("baseline_note", ""),
            "baseline_note_en": said.get("baseline_note_en", ""),
        }

    def targets(self) -> dict[Phase, Decimal | None]:
        """What was typed for each phase."""
        return {phase: self.cleaned_data.get(f"{TARGET}{phase.pk}") for phase in self.phases}

    def definition_is_clear(self) -> bool:
        """Whether it can be counted, whatever is still missing of name, unit and targets."""
        parts = {"measure", "kinds", "dimension", "numerator", "numerator_kinds", "where", "scope", "across"}
        return not parts & set(self.errors) and "measure" in self.cleaned_data

    def quiet(self) -> None:
        """Leave only what stands in the way of counting; a preview does not complain of what is still to be typed."""
        parts = {"measure", "kinds", "dimension", "numerator", "numerator_kinds", "where", "scope", "across"}
        for name in set(self.errors) - parts:
            del self.errors[name]

    def draft(self) -> Indicator:
        """The indicator as it would be; not saved."""
        drafted = Indicator(pk=self.indicator.pk if self.indicator else None, **dict(self.facts()))
        if self.indicator is not None:
            drafted.objective = self.indicator.objective
        elif objective := self.cleaned_data.get("objective"):
            drafted.objective = objective
        return drafted


@dataclass(frozen=True)
class Counted:
    """What a definition counts at this moment: this year so far, and where."""

    indicator: Indicator
    figure: Figure
    window: Window
    by_activity: list[tuple[str, str, int]]
    more: int
    note: str = ""


def preview(draft: Indicator, plan: Plan, *, day: date) -> Counted:
    """Count a definition that is not saved yet, from the first day of the plan; at most four statements.

    A new indicator that counts only the activities working for it is tried on those of its objective.
    """
    window = Window(plan.window().first, max(min(day, plan.last_day), plan.window().first))
    activities: set[int] | None = None
    note = ""
    if draft.measure == Measure.TARGETS_MET:
        draft.pk = draft.pk or 0
        figure = progress(plan, [draft], day=window.last)[draft.pk].now
        return Counted(draft, figure, window, [], 0)
    if draft.scope == Indicator.Scope.INDICATOR and draft.pk is None:
        working = Activity.objects.filter(plan=plan, indicators__objective=draft.objective_id)
        activities = set(working.values_list("pk", flat=True))
        note = gettext(
            "Tried on the activities of this objective; which of them work for the new indicator is chosen there."
        )
    given = None if activities is None else {draft.pk: activities}
    figure = figures([draft], {"year": window}, plan=plan, activities=given)[draft.pk, "year"]
    rows = counted_rows(draft, window, plan=plan, activities=activities).order_by()
    grouped = list(
        rows.values("activity__code", "activity__title", "activity__title_en")
        .annotate(n=Count("pk"))
        .order_by("-n", "activity__code")
    )
    shown = [(row["activity__code"] or "", _title(row), row["n"]) for row in grouped[:MOST_SHOWN]]
    return Counted(draft, figure, window, shown, len(grouped) - len(shown), note)


def _title(row: Mapping[str, Any]) -> str:
    english = reading() == "en"
    return (row["activity__title_en"] if english else "") or row["activity__title"] or gettext("without an activity")


@transaction.atomic
def keep(form: IndicatorForm, *, by: User, at: datetime) -> Indicator:
    """Create or revise an indicator with its targets, or nothing of it.

    Raises what the services of plans raise.
    """
    facts = form.facts()
    if form.indicator is None:
        indicator = create_indicator(objective=form.cleaned_data["objective"], by=by, at=at, **facts)
    else:
        indicator = revise_indicator(indicator=form.indicator, by=by, at=at, **facts)
    reason = form.cleaned_data.get("reason", "")
    for phase, value in form.targets().items():
        if form.indicator is None and value is None:
            continue
        if form.indicator is not None and phase.pk not in form.current and value is None:
            continue
        revise_target(indicator=indicator, phase=phase, value=value, reason=reason, by=by, at=at)
    return indicator


def words() -> Words:
    """The words a form about indicators needs; one statement a register."""
    return Words(REGISTERS)


def next_code(plan: Plan) -> str:
    """“CT-34” after 33 indicators, free in the plan; one statement."""
    taken = set(Indicator.objects.filter(objective__plan=plan).values_list("code", flat=True))
    number = len(taken) + 1
    while f"CT-{number:02}" in taken:
        number += 1
    return f"CT-{number:02}"
