"""What people type about reports and snapshots."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nhipcau.core.forms import DateField, ReasonField, SeenForm, UploadField, VietnameseFormMixin
from nhipcau.core.uploads import PDF
from nhipcau.plans.models import Phase, Plan
from nhipcau.reports.models import Report

_SYMBOL = re.compile(r"BC(-[A-ZĐ][A-ZĐa-zđ0-9]*)+")
_COURTESY = re.compile(r"^(Ông|Bà|TS|ThS|GS|PGS|Đ/c|Đồng chí)\b\.?\s+", re.IGNORECASE)


class ReportFilter(VietnameseFormMixin, forms.Form):
    """Narrows the list of reports by kind."""

    kind = forms.ChoiceField(
        label=_("Kind of report"), required=False, choices=[("", _("All kinds")), *Report.Kind.choices]
    )


class ReportForm(VietnameseFormMixin, forms.Form):
    """Begins a report; a phase report without days of its own takes those of the phase."""

    kind = forms.ChoiceField(label=_("Kind of report"), choices=Report.Kind.choices)
    phase = forms.ModelChoiceField(
        label=_("Phase"), queryset=Phase.objects.none(), required=False, help_text=_("For a phase report.")
    )
    first_day = DateField(
        label=_("Data from"), required=False, help_text=_("Left empty in a phase report: the first day of the phase.")
    )
    last_day = DateField(
        label=_("Data to"), required=False, help_text=_("Left empty in a phase report: the last day of the phase.")
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        phases = self.fields["phase"]
        assert isinstance(phases, forms.ModelChoiceField)
        phases.queryset = plan.phases.all()

    def clean(self) -> dict[str, Any]:
        """Fill the days from the phase; any other kind needs both."""
        given = super().clean() or {}
        phase = given.get("phase")
        if given.get("kind") == Report.Kind.PHASE:
            if phase is None and "phase" not in self.errors:
                self.add_error("phase", _("Please choose the phase this report is about."))
            elif phase is not None:
                window = self.plan.windows()[phase.pk]
                given["first_day"] = given.get("first_day") or window.first
                given["last_day"] = given.get("last_day") or window.last
        else:
            given["phase"] = None
            for name in ("first_day", "last_day"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Please choose a day."))
        return given


def _lines(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 5}), help_text=hint
    )


class NarrativeForm(SeenForm):
    """The parts of a report people write; they go into the Vietnamese paper as they stand."""

    assessment = _lines(
        _("Effectiveness"), _("One paragraph a line; a line beginning with a dash becomes an item of a list.")
    )
    limits = _lines(_("Shortcomings"))
    causes = _lines(_("Causes"))
    next_tasks = _lines(_("Tasks of the next phase"))
    proposals = _lines(_("Proposals"))


class ExplainForm(SeenForm):
    """Why a target was missed or a figure stands out."""

    text = forms.CharField(
        label=_("Explanation"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In Vietnamese, without names of people: it is frozen with the figures and printed in the report."),
    )


class FreezeForm(VietnameseFormMixin, forms.Form):
    """A director freezes the figures seen; their digest travels along."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirmed = forms.BooleanField(
        label=_("I have looked at these figures and freeze them for my unit."),
        error_messages={"required": _("Please confirm that you have looked at the figures.")},
    )


class IssueForm(VietnameseFormMixin, forms.Form):
    """What the records office entered in its register."""

    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=99999)
    symbol = forms.CharField(label=_("Symbol"), max_length=40, help_text=_("As in BC-TTBC."))
    issued_on = DateField(label=_("Date of issue"))
    signer = forms.CharField(label=_("Signed by"), max_length=120, help_text=_("Full name without title or degree."))
    signer_position = forms.CharField(label=_("Position of the signer"), max_length=120)
    upload = UploadField(label=_("Signed paper (PDF)"), accept=(PDF,))

    def clean_symbol(self) -> str:
        """The symbol of a report begins with BC and names the unit."""
        symbol: str = self.cleaned_data["symbol"]
        if not _SYMBOL.fullmatch(symbol):
            raise forms.ValidationError(_("The symbol of a report is written like BC-TTBC."), code="invalid")
        return symbol

    def clean_signer(self) -> str:
        """The name alone, as papers print it."""
        name: str = self.cleaned_data["signer"]
        return _COURTESY.sub("", name)


class WithdrawForm(VietnameseFormMixin, forms.Form):
    """Why a snapshot is taken back."""

    reason = ReasonField()
