"""How the journal tells what happens to agreements."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement, Amendment, AttendingOfficial, Clause, Party, Signatory
from nhipcau.core.journal import Thing, declare, tell

declare(
    Thing(Agreement, under="self", whole="self", page=lambda _entry: reverse("agreements:agreement")),
    Thing(Clause, under="self", whole="agreement", silent=("agreement", "superseded_by")),
    Thing(
        Amendment,
        under="agreement",
        whole="agreement",
        silent=("agreement",),
        page=lambda _entry: reverse("agreements:agreement"),
    ),
    Thing(Party, under="agreement", whole="agreement"),
    Thing(
        Signatory, under="party.agreement", whole="party.agreement", called=lambda signatory: signatory.text("position")
    ),
    Thing(AttendingOfficial, under="agreement", whole="agreement", called=lambda official: official.text("position")),
)

tell(
    {
        "agreements.sign_agreement": _("%(who)s entered the agreement “%(thing)s” as it was signed"),
        "agreements.record_amendment": _("%(who)s entered the annex signed on %(signed_on_after)s"),
        "agreements.amend_clause": _("%(who)s put the new wording of clause “%(thing)s” in force by the annex"),
    }
)
