"""How the journal tells what people do with evidence; what the system records stands in the ledger itself."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.core import vietnamese
from nhipcau.core.journal import Keys, Line, Part, Said, Thing, declare, tally, tell
from nhipcau.core.language import reading
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.words import Words


def _dimensions(evidence: Evidence) -> Iterable[Said]:
    rows = list(evidence.dimensions.order_by("dimension", "value"))
    words = Words(row.dimension for row in rows)

    def said(name: str, value: str) -> Said:
        return Said(lambda: f"{words.dimension(name)}: {words.value(name, value)}")

    return [said(row.dimension, row.value) for row in rows]


@tally
def _counted(keys: Keys) -> Iterable[Line]:
    """What the system counted for activities, a line for each kind, day and hand; one query.

    These rows of the ledger are append-only and carry who and when, so the journal does not repeat them.
    """
    rows = (
        Evidence.objects.current()
        .filter(activity__in=list[Any](keys.get("activities.activity", ())), needs_verification=False)
        .order_by()
        .values("activity_id", "activity__code", "kind__name", "kind__name_en", "day")
        .annotate(
            records=Count("pk"),
            first=Min("recorded_at"),
            last=Max("recorded_at"),
            by=Max("recorded_by__display_name"),
            hands=Count("recorded_by", distinct=True),
        )
    )
    for row in rows:
        kind = (row["kind__name_en"] if reading() == "en" else "") or row["kind__name"]
        words = {
            "thing": row["activity__code"],
            "kind": kind,
            "count": vietnamese.format_number(row["records"], language=reading()),
        }
        yield Line(
            at=row["last"],
            until=row["first"],
            sentence=_("The ledger counted for %(thing)s: %(kind)s – %(count)s") % words,
            who=row["by"] if row["hands"] == 1 and row["by"] else "",
            kind=str(Evidence._meta.verbose_name),
            url=reverse("evidence:activity_evidence", args=[row["activity_id"]]),
            thing=row["activity__code"],
        )


declare(
    Thing(
        Evidence,
        under="activity",
        whole="plan.agreement",
        called=lambda evidence: evidence.kind,
        page=lambda entry: reverse("evidence:evidence", args=[entry.object_id]),
        silent=("plan", "source_ref", "recorded_by", "recorded_at", "superseded_by"),
        parts={
            "dimensions": Part(gettext_lazy("dimensions"), _dimensions),
            "verifications": Part(
                gettext_lazy("verification"),
                lambda evidence: [Said(one.get_outcome_display) for one in evidence.verifications.all()],
            ),
        },
    )
)

tell(
    {
        "evidence.declare_evidence": gettext_lazy(
            "%(who)s declared evidence: %(thing)s, quantity %(quantity_after)s, on %(day_after)s"
        ),
        "evidence.revise_evidence": gettext_lazy("%(who)s corrected the evidence “%(thing)s”"),
        "evidence.withdraw_evidence": gettext_lazy("%(who)s withdrew the evidence “%(thing)s”"),
        "evidence.verify_evidence": gettext_lazy("%(who)s verified the evidence “%(thing)s”"),
        "evidence.return_evidence": gettext_lazy("%(who)s sent the evidence “%(thing)s” back for completion"),
    }
)
