"""The one door to the ledger, and the hand that vouches for what people declare."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.core.middleware import local_day
from nhipcau.core.uploads import Upload
from nhipcau.evidence.errors import EvidenceRefused
from nhipcau.evidence.models import Attachment, Evidence, EvidenceDimension, EvidenceKind, Verification, new_id
from nhipcau.parties.models import Organisation, Person, User
from nhipcau.plans.models import Plan

Dimensions = Mapping[str, Sequence[str]]
DIMENSIONS_OF_ACTIVITY = ("topic", "pillar", "area", "kind")


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
    changed = Evidence.objects.filter(pk=old.pk, superseded_by__isnull=True).update(superseded_by_id=row.pk)
    if not changed:
        raise EvidenceRefused(_("Somebody has changed this evidence in the meantime. Please open it again."))
    return _write(row, dimensions)


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
    existing = Evidence.objects.filter(kind_id=kind, source_ref=source_ref, superseded_by__isnull=True).first()
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
        return _replace(existing, row, dimensions or {})
    try:
        with transaction.atomic():
            return _write(row, dimensions or {})
    except IntegrityError:
        winner = Evidence.objects.filter(kind_id=kind, source_ref=source_ref, superseded_by__isnull=True).first()
        if winner is None:
            raise
        return winner


@transaction.atomic
def void_evidence(*, kind: str, source_ref: str, by: User | None, at: datetime, note: str = "") -> Evidence | None:
    """Undo: a void row supersedes the one that counts. Returns None when nothing counted."""
    old = Evidence.objects.current().filter(kind_id=kind, source_ref=source_ref).first()
    if old is None:
        return None
    return _replace(
        old,
        Evidence(
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
            note=note,
            recorded_by=by,
            recorded_at=at,
            void=True,
        ),
        {},
    )


@transaction.atomic
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

    Raises EvidenceRefused when the kind is recorded by the system, when there is neither file nor link nor note, when
    the day lies outside the plan or after `at`, or the activity belongs to another plan.
    """
    if not kind.by_hand:
        raise EvidenceRefused(
            _("“%(kind)s” is recorded by the system itself and cannot be declared by hand.") % {"kind": kind}
        )
    if upload is None and not link and not note:
        raise EvidenceRefused(_("Please attach a file, give a link, or describe what proves this."))
    if activity is not None and activity.plan_id != plan.pk:
        raise EvidenceRefused(_("The activity belongs to another plan. Please choose one of this plan."))
    if quantity < 0:
        raise EvidenceRefused(_("The quantity cannot be negative."))
    window = plan.window()
    if day not in window:
        raise EvidenceRefused(
            _("The day lies outside the plan, which runs from %(first)s to %(last)s.")
            % {"first": f"{window.first:%d/%m/%Y}", "last": f"{window.last:%d/%m/%Y}"}
        )
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
    return row


def _grade(upload: Upload | None, link: str) -> str:
    return Evidence.Grade.DOCUMENT if upload is not None or link else Evidence.Grade.CLAIM


@transaction.atomic
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
) -> Evidence:
    """Correct something declared by hand: a new row supersedes it and waits for verification again.

    Without new dimensions the old ones are carried over. Raises EvidenceRefused for rows the system recorded.
    """
    if not evidence.needs_verification or evidence.void:
        raise EvidenceRefused(_("What the system recorded is corrected at its source, not here."))
    kept: dict[str, list[str]] = {}
    for dimension in evidence.dimensions.all():
        kept.setdefault(dimension.dimension, []).append(dimension.value)
    row = _replace(
        evidence,
        Evidence(
            id=new_id(),
            plan_id=evidence.plan_id,
            activity_id=evidence.activity_id,
            kind_id=evidence.kind_id,
            quantity=quantity,
            day=day,
            organisation_id=evidence.organisation_id,
            grade=_grade(upload, link) if upload or link else evidence.grade,
            needs_verification=True,
            source_ref=evidence.source_ref,
            note=note,
            link=link,
            recorded_by=by,
            recorded_at=at,
        ),
        {**kept, **(dimensions or {})},
    )
    if upload is not None:
        attach_file(evidence=row, upload=upload, by=by, at=at)
    else:
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
                for old in evidence.attachments.all()
            ]
        )
    return row


@transaction.atomic
def attach_file(*, evidence: Evidence, upload: Upload, by: User, at: datetime) -> Attachment:
    """Keep a file as proof; its stored name cannot be guessed."""
    attachment = Attachment(
        evidence=evidence,
        name=upload.name,
        content_type=upload.content_type,
        size=upload.size,
        sha256=upload.sha256,
        by=by,
        at=at,
    )
    ending = upload.name.rsplit(".", 1)[-1]
    attachment.file.save(f"{uuid4().hex}.{ending}", ContentFile(upload.content), save=False)
    attachment.save()
    return attachment


def _refuse_own(evidence: Evidence, by: User) -> None:
    if evidence.recorded_by_id == by.pk:
        raise EvidenceRefused(_("You declared this evidence yourself; another person has to verify it."))
    if evidence.superseded_by_id is not None or evidence.void:
        raise EvidenceRefused(_("This evidence has been replaced. Please open the current version."))


@transaction.atomic
def verify_evidence(*, evidence: Evidence, by: User, at: datetime) -> Verification:
    """Vouch for what another person declared; it counts from now on.

    Raises EvidenceRefused for one's own, for what the system recorded, and for what was verified before.
    """
    _refuse_own(evidence, by)
    if not evidence.needs_verification:
        raise EvidenceRefused(_("The system recorded this itself; it needs no verification."))
    if evidence.verifications.filter(outcome=Verification.Outcome.VERIFIED).exists():
        raise EvidenceRefused(_("This evidence has already been verified."))
    return Verification.objects.create(evidence=evidence, outcome=Verification.Outcome.VERIFIED, by=by, at=at)


@transaction.atomic
def return_evidence(*, evidence: Evidence, reason: str, due: date, by: User, at: datetime) -> Verification:
    """Send evidence back: why, and until when it is to be completed.

    Raises EvidenceRefused without a reason, for a day that has passed, and once it was verified.
    """
    _refuse_own(evidence, by)
    if not reason.strip():
        raise EvidenceRefused(_("Please say what is missing, so that it can be completed."))
    if due < local_day(at):
        raise EvidenceRefused(_("The day for completion has already passed. Please choose a later one."))
    if evidence.verifications.filter(outcome=Verification.Outcome.VERIFIED).exists():
        raise EvidenceRefused(_("This evidence has already been verified."))
    return Verification.objects.create(
        evidence=evidence, outcome=Verification.Outcome.RETURNED, reason=reason, due=due, by=by, at=at
    )
