"""What this room keeps of a person: signing an agreement, and attending its signing."""

from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import AttendingOfficial, Signatory
from nhipcau.core.holdings import Holding, Record, Subject, declare


def _signed(subject: Subject) -> list[Record]:
    if subject.only is not None:
        return []
    signed = Signatory.objects.filter(person__in=subject.persons).select_related(
        "party__agreement", "party__organisation"
    )
    attended = AttendingOfficial.objects.filter(person__in=subject.persons).select_related("agreement")
    return [
        Record.of(
            ("role", _("Role"), _("signed")),
            ("position", _("Position"), row.text("position")),
            ("organisation", _("Organisation"), str(row.party.organisation)),
            ("agreement", _("Agreement"), str(row.party.agreement)),
        )
        for row in signed
    ] + [
        Record.of(
            ("role", _("Role"), _("attended the signing")),
            ("position", _("Position"), row.text("position")),
            ("agreement", _("Agreement"), str(row.agreement)),
        )
        for row in attended
    ]


declare(
    Holding(
        "agreements",
        _("Agreements signed or attended"),
        60,
        find=_signed,
        kept_because=_(
            "Who signed in which office is part of the agreement itself, a paper kept by the rules on archives."
        ),
        needs_person=True,
    )
)
