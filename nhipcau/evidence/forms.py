"""What staff type about evidence: filters of the ledger, a declaration, a correction, why something is sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.activities.models import Activity
from nhipcau.core.forms import DateField, NumberField, ReasonField, UploadField, VietnameseFormMixin
from nhipcau.evidence.models import Evidence, EvidenceKind
from nhipcau.evidence.services import DIMENSIONS_OF_ACTIVITY
from nhipcau.evidence.words import REGISTERS, Words
from nhipcau.plans.models import Plan

DIM = "dim_"
#: Told when it is known; every other closed list is what some share is taken of.
MAY_BE_UNKNOWN = frozenset({"sex", "mode", "nationality", "department"})
STATES = [
    ("", _("standing")),
    ("counted", _("counted")),
    ("waiting", _("awaiting verification")),
    ("returned", _("sent back")),
    ("void", _("withdrawn")),
    ("replaced", _("replaced")),
]


class LedgerFilter(VietnameseFormMixin, forms.Form):
    """Narrows the ledger; whatever cannot be read narrows nothing."""

    activity = forms.ModelChoiceField(
        label=_("Activity"), queryset=Activity.objects.none(), required=False, empty_label=_("all activities")
    )
    kind = forms.ModelChoiceField(
        label=_("Kind of evidence"), queryset=EvidenceKind.objects.all(), required=False, empty_label=_("all kinds")
    )
    state = forms.ChoiceField(label=_("State of the record"), choices=STATES, required=False)
    first = DateField(label=pgettext_lazy("day", "From"), required=False)
    last = DateField(label=pgettext_lazy("day", "To"), required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["activity"]
        assert isinstance(chosen, forms.ModelChoiceField)
        # Their names alone: a plan may have hundreds.
        named = Activity.objects.only("code", "title", "title_en")
        chosen.queryset = named.filter(plan=plan).order_by("starts_at", "code")


def asked_dimensions(kind: EvidenceKind, *, of_activity: bool) -> dict[str, list[str]]:
    """The dimensions a declaration asks for: not those the activity brings along."""
    brought = set(DIMENSIONS_OF_ACTIVITY) if of_activity else {"kind", "area"}
    return {name: values for name, values in kind.dimensions.items() if name not in brought}


class ClaimForm(VietnameseFormMixin, forms.Form):
    """Something that happened, told by hand, with what proves it; dimensions follow the kind."""

    day = DateField(label=_("Day it happened"))
    quantity = NumberField(label=_("Quantity"), max_digits=18)
    note = forms.CharField(
        label=_("What proves it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which paper, page or list shows it. Do not enter classified material here."),
    )
    link = forms.URLField(
        label=_("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("This is not a web address. Please copy it again from the browser.")},
    )
    upload = UploadField(label=_("File"), required=False, help_text=_("PDF, picture, DOCX or XLSX; at most 15 MB."))

    def __init__(
        self,
        *args: Any,
        kind: EvidenceKind,
        words: Words,
        asked: Mapping[str, Sequence[str]],
        last_day: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.lists: list[str] = []
        unit = kind.text("unit")
        if unit:
            self.fields["quantity"].label = _("Quantity (%(unit)s)") % {"unit": unit}
        if last_day is not None:
            self.fields["day"].widget.attrs["max"] = f"{last_day:%Y-%m-%d}"
        asked = {name: values for name, values in asked.items() if name not in REGISTERS or words.offered(name, values)}
        for name, values in asked.items():
            self.fields[DIM + name] = self._dimension(name, values, words)
            self._prepare(self.fields[DIM + name])
        self.order_fields(["day", "quantity", *(DIM + name for name in asked), "note", "link", "upload"])

    def _dimension(self, name: str, values: Sequence[str], words: Words) -> forms.Field:
        label = words.dimension(name)
        offered = words.offered(name, values)
        if offered:
            required = bool(values) and name not in MAY_BE_UNKNOWN
            return forms.ChoiceField(label=label, choices=[("", "—"), *offered], required=required)
        self.lists.append(name)
        return forms.CharField(
            label=label,
            max_length=80,
            required=f"{self.kind.pk}:{name}" == "promotion.scheme:scheme",
            widget=forms.TextInput(attrs={"list": f"known-{name}"}),
            help_text=_("Use the same wording each time: different wordings are counted as different ones."),
        )

    def dimensions(self) -> dict[str, list[str]]:
        """What was chosen, as the ledger keeps it; an emptied one is told as empty."""
        return {
            name.removeprefix(DIM): [value] if value else []
            for name, value in self.cleaned_data.items()
            if name.startswith(DIM)
        }


class ReviseForm(ClaimForm):
    """A correction of something declared by hand."""

    keep_files = forms.BooleanField(label=_("Keep the files attached before"), required=False, initial=True)

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        held: dict[str, str] = {}
        for dimension in evidence.dimensions.all():
            held.setdefault(dimension.dimension, dimension.value)
        initial = {
            "day": evidence.day,
            "quantity": evidence.quantity,
            "note": evidence.note,
            "link": evidence.link,
            "keep_files": True,
        } | {DIM + name: value for name, value in held.items()}
        super().__init__(*args, initial=initial, kind=evidence.kind, **kwargs)
        if not evidence.attachments.all():
            del self.fields["keep_files"]


class ReasonForm(VietnameseFormMixin, forms.Form):
    """Why a declaration is withdrawn."""

    reason = ReasonField(label=_("Why it is withdrawn"), max_length=500)


class ReturnForm(VietnameseFormMixin, forms.Form):
    """Why evidence is sent back and until when it is to be completed."""

    reason = ReasonField(label=_("What is missing"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    due = DateField(label=_("To be completed by"))


def needed_words(kind: EvidenceKind) -> Words:
    """The words a form about this kind needs."""
    return Words(set(kind.dimensions) & set(REGISTERS))
