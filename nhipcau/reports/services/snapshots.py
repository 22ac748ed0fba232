"""What the public may see: prepared, seen by the departments, released by every director, withdrawn with a reason."""

from datetime import datetime

from django.utils.translation import gettext as _

from nhipcau.agreements.access import standing
from nhipcau.agreements.models import Agreement
from nhipcau.core import journal
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Organisation, Supervision, User
from nhipcau.plans.models import Plan
from nhipcau.reports import figures, progress
from nhipcau.reports.errors import SnapshotRefused
from nhipcau.reports.models import Snapshot, SnapshotConsent

Kind = SnapshotConsent.Kind


@journal.verb(result=True)
def prepare_snapshot(*, plan: Plan, by: User, at: datetime) -> Snapshot:
    """Keep what the public would see of the plan today; nobody outside sees it yet.

    Raises SnapshotRefused while another one of the same agreement waits to be released.
    """
    Agreement.objects.select_for_update(no_key=True).get(pk=plan.agreement_id)  # two at once come one after the other
    if Snapshot.objects.prepared().filter(agreement=plan.agreement).exists():
        raise SnapshotRefused(
            _("An earlier snapshot still waits to be released. Please release or withdraw that one first.")
        )
    content = progress.payload(plan, day=local_day(at))
    return Snapshot.objects.create(
        agreement=plan.agreement, plan=plan, payload=content, digest=figures.digest(content), by=by, at=at
    )


def _locked(snapshot: Snapshot) -> Snapshot:
    return Snapshot.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=snapshot.pk)


def _refuse_settled(snapshot: Snapshot) -> None:
    if snapshot.withdrawn_at is not None:
        raise SnapshotRefused(_("This snapshot was withdrawn. Please prepare a new one."))
    if snapshot.released_at is not None:
        raise SnapshotRefused(_("This snapshot is already public."))


def departments_above(snapshot: Snapshot, *, at: datetime) -> list[Organisation]:
    """The departments supervising a party that day, which have to see a snapshot first; one query."""
    roles = Supervision.objects.holding(day=local_day(at)).filter(unit__party_to__agreement=snapshot.agreement_id)
    return list(Organisation.objects.filter(pk__in=roles.values("department")))


@journal.verb(of="snapshot", parts=("consents",), unless_same=True)
def mark_seen(*, snapshot: Snapshot, by: User, at: datetime) -> Snapshot:
    """An officer of a department above a party has looked at the snapshot.

    Raises SnapshotRefused for anybody else, and once it is public or withdrawn.
    """
    snapshot = _locked(snapshot)
    _refuse_settled(snapshot)
    mine = standing(by, snapshot.agreement, day=local_day(at)).departments
    if not mine:
        raise SnapshotRefused(_("Only an officer of a supervising department can mark a snapshot as seen."))
    for department in mine:
        SnapshotConsent.objects.get_or_create(
            snapshot=snapshot, organisation_id=department, kind=Kind.SEEN, defaults={"by": by, "at": at}
        )
    return snapshot


@journal.verb(of="snapshot", parts=("consents",))
def release_snapshot(*, snapshot: Snapshot, by: User, at: datetime) -> Snapshot:
    """A director releases the snapshot; it is public once every party's director has.

    Raises SnapshotRefused for anybody else, before every department above has seen it, and once it is public or
    withdrawn.
    """
    snapshot = _locked(snapshot)
    _refuse_settled(snapshot)
    mine = standing(by, snapshot.agreement, day=local_day(at))
    if not mine.director_of():
        raise SnapshotRefused(_("Only the director of a party can release a snapshot."))
    seen = set(snapshot.consents.filter(kind=Kind.SEEN).values_list("organisation_id", flat=True))
    waiting = [str(department) for department in departments_above(snapshot, at=at) if department.pk not in seen]
    if waiting:
        raise SnapshotRefused(
            _("Not released yet: %(departments)s has to see it first.") % {"departments": ", ".join(waiting)}
        )
    for party in mine.director_of():
        SnapshotConsent.objects.get_or_create(
            snapshot=snapshot,
            organisation_id=party,
            kind=Kind.RELEASED,
            defaults={"by": by, "acted_for_id": mine.in_place_of(party), "at": at},
        )
    parties = set(snapshot.agreement.parties.values_list("organisation_id", flat=True))
    released = set(snapshot.consents.filter(kind=Kind.RELEASED).values_list("organisation_id", flat=True))
    if parties <= released:
        snapshot.released_at = at
        snapshot.save(update_fields=["released_at"])
    return snapshot


@journal.verb(of="snapshot")
def withdraw_snapshot(*, snapshot: Snapshot, reason: str, by: User, at: datetime) -> Snapshot:
    """A director takes a snapshot back, public or not; the reason stays.

    Raises SnapshotRefused for anybody else, without a reason, and when it was withdrawn before.
    """
    snapshot = _locked(snapshot)
    if snapshot.withdrawn_at is not None:
        raise SnapshotRefused(_("This snapshot was withdrawn before."))
    if not standing(by, snapshot.agreement, day=local_day(at)).director_of():
        raise SnapshotRefused(_("Only the director of a party can withdraw a snapshot."))
    if not reason.strip():
        raise SnapshotRefused(_("Please say why it is withdrawn."))
    snapshot.withdrawn_at, snapshot.withdrawn_by, snapshot.withdrawn_reason = at, by, reason.strip()
    snapshot.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return snapshot
