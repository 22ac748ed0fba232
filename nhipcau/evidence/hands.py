"""Who may not vouch for a record although the role would let them: what is one's own, or may be, needs another person's eye."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhipcau.accounts.rules import Hands
from nhipcau.evidence.models import Evidence

CLOSED = gettext_lazy(
    "This plan is closed. Its evidence can be read, but nothing in it is declared, changed or verified."
)


@dataclass(frozen=True)
class Eye:
    """One account that is to vouch, those it stands in for, and whose accounts may be in the same hand."""

    account: int
    principals: Collection[int]
    hands: Hands

    def why_not(self, row: Evidence) -> str:
        """Why another person has to vouch for a record; empty where nothing stands in the way. No query."""
        recorder = row.recorded_by_id
        if recorder is None:
            return ""
        if recorder == self.account:
            return _("You declared this evidence yourself; another person has to verify it.")
        if recorder in self.principals:
            return _("Whom you stand in for declared this evidence; a third person has to verify it.")
        if self.hands.same(recorder=recorder, recorded_at=row.recorded_at):
            return _(
                "One of you two entered the account by a link the other one made; a third person has to verify this evidence."
            )
        return ""


def eye_for(rows: Iterable[Evidence], *, account: int, principals: Collection[int]) -> Eye:
    """The eye of an account on some records; one query, none where there is nobody else's record among them."""
    recorders = {row.recorded_by_id for row in rows if row.recorded_by_id not in {None, account, *principals}}
    return Eye(account, principals, Hands.of(verifier=account, recorders={one for one in recorders if one is not None}))
