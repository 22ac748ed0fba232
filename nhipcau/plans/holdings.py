"""What this room keeps of a person: what was said from above, and by whom."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core.holdings import Holding, Record, Subject, declare
from nhipcau.plans.models import Direction


def _said(subject: Subject) -> list[Record]:
    if subject.only is not None:
        return []
    rows = Direction.objects.filter(speaker__in=subject.persons).select_related("issuer").order_by("pk")
    return [
        Record.of(
            ("kind", _("Kind"), row.get_kind_display()),
            ("organisation", _("Organisation"), str(row.issuer)),
            ("wording", _("Wording"), row.text("wording")),
        )
        for row in rows
    ]


declare(
    Holding(
        "directions",
        _("Directions given"),
        65,
        find=_said,
        kept_because=_("What an office asked for is part of its file; the name stands for the office of that day."),
        needs_person=True,
    )
)
