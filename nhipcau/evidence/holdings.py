"""What this room keeps of a person: rows of the ledger that carry the key of the person's record, and no name."""

from django.utils.translation import gettext_lazy as _

from nhipcau.core import vietnamese
from nhipcau.core.holdings import Holding, Record, Subject, declare
from nhipcau.evidence.models import Evidence


def _counted(subject: Subject) -> list[Record]:
    rows = Evidence.objects.filter(person__in=subject.persons).select_related("kind", "activity").order_by("day", "pk")
    if subject.only is not None:
        rows = rows.filter(source_ref__in=subject.only)
    return [
        Record.of(
            ("kind", _("Kind"), str(row.kind)),
            ("day", _("Day"), vietnamese.short_date(row.day)),
            ("activity", _("Activity"), row.activity.text("title") if row.activity else ""),
            ("withdrawn", _("Withdrawn"), _("yes") if row.void or row.superseded_by_id else ""),
        )
        for row in rows
    ]


declare(
    Holding(
        "evidence",
        _("Counted in the ledger"),
        40,
        find=_counted,
        kept_because=_(
            "The ledger keeps a number in place of a person; once the record is empty it counts and names nobody."
        ),
    )
)
