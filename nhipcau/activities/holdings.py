"""What this room keeps of a person: speakers announced under the same name. They are names on a programme, not records."""

from django.utils.translation import gettext_lazy as _

from nhipcau.activities.models import Speaker
from nhipcau.core import vietnamese
from nhipcau.core.holdings import Holding, Record, Subject, declare
from nhipcau.parties.models import Person


def _announced(subject: Subject) -> list[Record]:
    if subject.only is not None:
        return []
    names = Person.objects.filter(pk__in=subject.persons, erased_at__isnull=True).order_by().values("name")
    rows = Speaker.objects.filter(name__in=names).select_related("activity").order_by("activity__starts_at", "pk")
    return [
        Record.of(
            ("name", _("Name"), row.name),
            ("position", _("Position"), row.text("position")),
            ("activity", _("Activity"), row.activity.text("title")),
            ("day", _("Day"), vietnamese.short_date(row.activity.starts_at)),
        )
        for row in rows
    ]


declare(
    Holding(
        "speakers",
        _("Speakers announced under the same name"),
        50,
        find=_announced,
        kept_because=_(
            "The programme was public. Whoever is meant may ask for the name to be taken off; an officer decides."
        ),
    )
)
