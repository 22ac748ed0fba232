"""The one door to the ledger, and the hand that vouches for what people declare."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.core import files, journal, search, vietnamese
from nhipcau.core.keys import new_id
from nhipcau.core.language import reading
from nhipcau.core.middleware import local_day
from nhipcau.core.uploads import Upload
from nhipcau.evidence import findable
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.evidence.hands import CLOSED, eye_for
from nhipcau.evidence.models import Attachment, Evidence, EvidenceDimension, EvidenceKind, Verification
from nhipcau.parties.models import Delegation, Organisation, Person, User
from nhipcau.plans.models import Plan

Dimensions = Mapping[str, Sequence[str]]
DIMENSIONS_OF_ACTIVITY = ("topic", "pillar", "area", "kind")
LEDGER_TELLS = "the ledger itself is append-only and tells who and when"


def activity_dimensions(activity: Activity, **more: Sequence[str]) -> dict[str, Sequence[str]]:
    """What evidence of an activity inherits from it, with what the record itself knows on top. No query."""
    inherited = {name: activity.dimensions.get(name, []) for name in DIMENSIONS_OF_ACTIVITY}
    return {**inherited, **more}


def _write(row: Evidence, dimensions: Dimensions) -> Evidence:
    row.save(force_insert=True)
    EvidenceDimension.objects.bulk_create(
        [
            EvidenceDimension(evidence=row, dimension=name, value=value)
            for name, values in dimensions.items()
            for value in dict.fromkeys(values)
            if value
        ]
    )
    return row


def _replace(old: Evidence, row: Evidence, dimensions: Dimensions) -> Evidence:
    """Put a row in the place of another: the old one names it first, so that one current row per source remains.

    Raises EvidenceRefused when somebody else has replaced the old row meanwhile.
    """
    changed = Evidence.objects.standing().filter(pk=old.pk).update(superseded_by_id=row.pk)
    if not changed:
        raise EvidenceRefused(_("Somebody has changed this evidence in the meantime. Please open it again."))
    return _write(row, dimensions)


@journal.exempt(LEDGER_TELLS, writes=("evidence_",))
@transaction.atomic
def record_evidence(
    *,
    plan: Plan,
    activity: Activity | None,
    kind: str,
    day: date,
    source_ref: str,
    by: User | None,
    at: datetime,
    quantity: Decimal = Decimal(1),
    person: Person | None = None,
    organisation: Organisation | None = None,
    grade: str = Evidence.Grade.MACHINE,
    dimensions: Dimensions | None = None,
    needs_verification: bool = False,
    note: str = "",
    link: str = "",
) -> Evidence:
    """Write one thing that happened, once however often it is retried.

    A row that already counts for the same kind and source is returned as it is; a void one is superseded. Three
    statements when nothing stands in the way: look, row, dimensions.
    """
    existing = Evidence.objects.standing().filter(kind_id=kind, source_ref=source_ref).order_by().first()
    if existing is not None and not existing.void:
        return existing
    row = Evidence(
        id=new_id(),
        plan=plan,
        activity=activity,
        kind_id=kind,
        quantity=quantity,
        day=day,
        person=person,
        organisation=organisation,
        grade=grade,
        needs_verification=needs_verification,
        source_ref=source_ref,
        note=note,
        link=link,
        recorded_by=by,
        recorded_at=at,
    )
    if existing is not None:
        try:
            return _replace(existing, row, dimensions or {})
        except EvidenceRefused:
            return _standing(kind, source_ref)
    try:
        with transaction.atomic():
            return _write(row, dimensions or {})
    except IntegrityError:
        return _standing(kind, source_ref)


@journal.exempt(LEDGER_TELLS, writes=("evidence_",))
@transaction.atomic
def restate_evidence(
    *,
    plan: Plan,
    activity: Activity | None,
    kind: str,
    day: date,
    source_ref: str,
    by: User | None,
    at: datetime,
    organisation: Organisation | None = None,
    dimensions: Dimensions | None = None,
    note: str = "",
    link: str = "",
) -> Evidence:
    """Record what the system knows, or supersede what it said before where the facts have changed since.

    Facts are the day, the organisation, the dimensions and the link; nothing is written when they are the same. Three
    statements when nothing stands in the way, three when nothing changed.
    """
    row = record_evidence(
        plan=plan,
        activity=activity,
        kind=kind,
        day=day,
        source_ref=source_ref,
        by=by,
        at=at,
        organisation=organisation,
        dimensions=dimensions,
        note=note,
        link=link,
    )
    said = {(dimension.dimension, dimension.value) for dimension in row.dimensions.all()}
    meant = {(name, value) for name, values in (dimensions or {}).items() for value in values if value}
    facts = (day, organisation.pk if organisation else None, link)
    if said == meant and (row.day, row.organisation_id, row.link) == facts:
        return row
    anew = _successor(row, by=by, at=at)
    anew.day, anew.organisation, anew.note, anew.link = day, organisation, note, link
    return _replace(row, anew, dimensions or {})


def _standing(kind: str, source_ref: str) -> Evidence:
    """The row that stands for a source, when another process was faster.

    Raises EvidenceRefused when it was undone at the same moment.
    """
    winner = Evidence.objects.current().filter(kind_id=kind, source_ref=source_ref).first()
    if winner is None:
        raise EvidenceRefused(_("Somebody has changed this evidence in the meantime. Please open it again."))
    return winner


@journal.exempt(LEDGER_TELLS, writes=("evidence_",))
@transaction.atomic
def void_evidence(*, kind: str, source_ref: str, by: User | None, at: datetime, note: str = "") -> Evidence | None:
    """Undo: a void row supersedes the one that counts. Returns None when nothing counted.

    Raises EvidenceRefused when somebody else changed the row at the same moment.
    """
    old = Evidence.objects.current().filter(kind_id=kind, source_ref=source_ref).order_by().first()
    if old is None:
        return None
    undone = _successor(old, by=by, at=at)
    undone.void, undone.note = True, note
    return _replace(old, undone, {})


def _successor(old: Evidence, *, by: User | None, at: datetime) -> Evidence:
    """An unsaved row like the old one, told by somebody at another moment; note and link are not carried over."""
    return Evidence(
        id=new_id(),
        plan_id=old.plan_id,
        activity_id=old.activity_id,
        kind_id=old.kind_id,
        quantity=old.quantity,
        day=old.day,
        person_id=old.person_id,
        organisation_id=old.organisation_id,
        grade=old.grade,
        needs_verification=old.needs_verification,
        source_ref=old.source_ref,
        recorded_by=by,
        recorded_at=at,
    )


@files.stores("upload", into=Attachment.file.field)
@journal.verb(result=True, parts=("dimensions", "attachments"))
def declare_evidence(
    *,
    plan: Plan,
    activity: Activity | None,
    kind: EvidenceKind,
    day: date,
    by: User,
    at: datetime,
    quantity: Decimal = Decimal(1),
    dimensions: Dimensions | None = None,
    note: str = "",
    link: str = "",
    upload: Upload | None = None,
    organisation: Organisation | None = None,
    source_ref: str = "",
) -> Evidence:
    """Declare by hand what no part of the product produces yet; it counts once another person has verified it.

    Raises EvidenceRefused in a closed plan, when the kind is recorded by the system, when there is neither file nor
    link nor note, when the day lies outside the plan or after `at`, when the quantity or a dimension's value is not one the kind allows,
    or the activity belongs to another plan.
    """
    if not kind.by_hand:
        raise EvidenceRefused(
            _("“%(kind)s” is recorded by the system itself and cannot be declared by hand.") % {"kind": kind}
        )
    if activity is not None and activity.plan_id != plan.pk:
        raise EvidenceRefused(_("The activity belongs to another plan. Please choose one of this plan."))
    _check_claim(plan, kind, day=day, quantity=quantity, dimensions=dimensions or {}, at=at)
    if upload is None and not link and not note:
        raise EvidenceRefused(_("Please attach a file, give a link, or describe what proves this."))
    inherited = activity_dimensions(activity) if activity else {}
    row = record_evidence(
        plan=plan,
        activity=activity,
        kind=kind.pk,
        day=day,
        source_ref=source_ref or f"evidence.declared:{uuid4().hex}",
        by=by,
        at=at,
        quantity=quantity,
        organisation=organisation,
        grade=_grade(upload, link),
        dimensions={**inherited, **(dimensions or {})},
        needs_verification=True,
        note=note,
        link=link,
    )
    if upload is not None:
        attach_file(evidence=row, upload=upload, by=by, at=at)
    search.put_text(findable.EVIDENCE, row.pk, findable.evidence_text(row))
    return row


def _refuse_closed(plan: Plan) -> None:
    """Nothing is told, changed or vouched for in a closed plan, which the year's last report was drawn from.

    The state is asked of the database: the plan may have been closed after the page was opened.
    """
    if Plan.objects.filter(pk=plan.pk, state=Plan.State.CLOSED).exists():
        raise EvidenceRefused(CLOSED)


def _check_claim(
    plan: Plan, kind: EvidenceKind, *, day: date, quantity: Decimal, dimensions: Dimensions, at: datetime
) -> None:
    """What must be true of anything declared by hand, at first and after every correction."""
    _refuse_closed(plan)
    window = plan.window()
    if day not in window:
        raise EvidenceRefused(
            _("The day lies outside the plan, which runs from %(first)s to %(last)s.")
            % {"first": f"{window.first:%d/%m/%Y}", "last": f"{window.last:%d/%m/%Y}"}
        )
    if day > local_day(at):
        raise EvidenceRefused(_("The day has not come yet. Evidence is declared once it has happened."))
    if kind.least is not None and quantity < kind.least:
        raise EvidenceRefused(
            _("The quantity of “%(kind)s” cannot be less than %(least)s.") % {"kind": kind, "least": _plain(kind.least)}
        )
    if kind.most is not None and quantity > kind.most:
        raise EvidenceRefused(
            _("The quantity of “%(kind)s” cannot be more than %(most)s.") % {"kind": kind, "most": _plain(kind.most)}
        )
    for name, values in dimensions.items():
        offered = kind.dimensions.get(name)
        if offered and not set(values) <= set(offered):
            raise EvidenceRefused(_("One of the chosen values is not offered for this kind. Please choose again."))


def _plain(value: Decimal) -> str:
    return vietnamese.format_number(value, language=reading())


def _grade(upload: Upload | None, link: str) -> str:
    return Evidence.Grade.DOCUMENT if upload is not None or link else Evidence.Grade.CLAIM


@files.stores("upload", into=Attachment.file.field)
@journal.verb(of="evidence", result=True, parts=("dimensions", "attachments"))
def revise_evidence(
    *,
    evidence: Evidence,
    day: date,
    quantity: Decimal,
    note: str,
    link: str,
    by: User,
    at: datetime,
    upload: Upload | None = None,
    dimensions: Dimensions | None = None,
    keep_files: bool = True,
) -> Evidence:
    """Correct something declared by hand: a new row supersedes it and waits for verification again.

    Dimensions not given are carried over, and so are the attached files unless told otherwise. Raises EvidenceRefused
    for rows the system recorded, for a row replaced meanwhile, and for whatever a new declaration would be refused for.
    """
    if not evidence.needs_verification:
        raise EvidenceRefused(_("What the system recorded is corrected at its source, not here."))
    if evidence.void:
        raise EvidenceRefused(_("This evidence has been withdrawn. Please declare it anew."))
    _check_claim(evidence.plan, evidence.kind, day=day, quantity=quantity, dimensions=dimensions or {}, at=at)
    proofs = list(evidence.attachments.all()) if keep_files else []
    if upload is None and not proofs and not link and not note:
        raise EvidenceRefused(_("Please attach a file, give a link, or describe what proves this."))
    kept: dict[str, list[str]] = {}
    for dimension in evidence.dimensions.all():
        kept.setdefault(dimension.dimension, []).append(dimension.value)
    row = _successor(evidence, by=by, at=at)
    row.day, row.quantity, row.note, row.link = day, quantity, note, link
    if row.grade != Evidence.Grade.SIGNED:
        row.grade = Evidence.Grade.DOCUMENT if upload or link or proofs else Evidence.Grade.CLAIM
    _replace(evidence, row, {**kept, **(dimensions or {})})
    Attachment.objects.bulk_create(
        [
            Attachment(
                evidence=row,
                file=old.file.name,
                name=old.name,
                content_type=old.content_type,
                size=old.size,
                sha256=old.sha256,
                by_id=old.by_id,
                at=old.at,
            )
            for old in proofs
        ]
    )
    if upload is not None:
        attach_file(evidence=row, upload=upload, by=by, at=at)
    search.put_text(findable.EVIDENCE, row.pk, findable.evidence_text(row))
    return row


@journal.verb(of="evidence", result=True)
def withdraw_evidence(*, evidence: Evidence, reason: str, by: User, at: datetime) -> Evidence:
    """Take back something declared by hand: a void row with the reason supersedes it.

    Raises EvidenceRefused without a reason, for rows the system recorded, for a row replaced meanwhile, and in a
    closed plan.
    """
    _refuse_closed(evidence.plan)
    if not evidence.needs_verification or evidence.void:
        raise EvidenceRefused(_("What the system recorded is corrected at its source, not here."))
    if not reason.strip():
        raise EvidenceRefused(_("Please say why this is withdrawn; the reason stays in the ledger."))
    undone = _successor(evidence, by=by, at=at)
    undone.void, undone.note = True, reason
    return _replace(evidence, undone, {})


@files.stores("upload", into=Attachment.file.field)
@journal.exempt(LEDGER_TELLS, writes=("evidence_",))
@transaction.atomic
def attach_file(*, evidence: Evidence, upload: Upload, by: User, at: datetime) -> Attachment:
    """Keep a file as proof; its stored name cannot be guessed."""
    return Attachment.objects.create(
        evidence=evidence,
        file=upload.stored,
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        by=by,
        at=at,
    )


def _open_for_verification(evidence: Evidence, by: User, at: datetime) -> Evidence:
    """The row as it stands now, held until the transaction ends.

    Raises EvidenceRefused for one's own, for a row replaced, undone or verified, for what needs no verification, and
    in a closed plan.
    """
    row = Evidence.objects.select_for_update(of=("self",)).select_related("plan").get(pk=evidence.pk)
    _refuse_closed(row.plan)
    if row.superseded_by_id is not None or row.void:
        raise EvidenceRefused(_("This evidence has been replaced. Please open the current version."))
    if not row.needs_verification:
        raise EvidenceRefused(_("The system recorded this itself; it needs no verification."))
    principals = (
        Delegation.objects.holding(day=local_day(at)).filter(delegate=by).values_list("principal_id", flat=True)
    )
    if why_not := eye_for([row], account=by.pk, principals=set(principals)).why_not(row):
        raise EvidenceRefused(why_not)
    if row.verifications.filter(outcome=Verification.Outcome.VERIFIED).exists():
        raise EvidenceRefused(_("This evidence has already been verified."))
    return row


@journal.verb(of="evidence", parts=("verifications",))
def verify_evidence(*, evidence: Evidence, by: User, at: datetime) -> Verification:
    """Vouch for what another person declared; it counts from now on.

    Raises EvidenceRefused for one's own, for what the system recorded, and for what was verified or replaced before.
    """
    row = _open_for_verification(evidence, by, at)
    try:
        with transaction.atomic():
            return Verification.objects.create(evidence=row, outcome=Verification.Outcome.VERIFIED, by=by, at=at)
    except IntegrityError:
        raise EvidenceRefused(_("This evidence has already been verified.")) from None


@journal.verb(of="evidence", parts=("verifications",))
def return_evidence(*, evidence: Evidence, reason: str, due: date, by: User, at: datetime) -> Verification:
    """Send evidence back: why, and until when it is to be completed.

    Raises EvidenceRefused without a reason, for a day that has passed, and for whatever `verify_evidence` refuses.
    """
    if not reason.strip():
        raise EvidenceRefused(_("Please say what is missing, so that it can be completed."))
    if due < local_day(at):
        raise EvidenceRefused(_("The day for completion has already passed. Please choose a later one."))
    row = _open_for_verification(evidence, by, at)
    return Verification.objects.create(
        evidence=row, outcome=Verification.Outcome.RETURNED, reason=reason.strip(), due=due, by=by, at=at
    )
