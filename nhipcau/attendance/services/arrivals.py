"""The reception desk: guests come in once, an undo is noted, the signed list is the proof on paper."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from nhipcau.activities.models import Activity
from nhipcau.attendance.errors import AlreadyRegistered, BadList, NotAdmitted, NotStanding
from nhipcau.attendance.models import CheckIn, Intake, Registration
from nhipcau.attendance.services import places, seats
from nhipcau.attendance.services.places import Who
from nhipcau.core import files, journal, vietnamese
from nhipcau.core.language import reading
from nhipcau.core.middleware import local_day
from nhipcau.core.uploads import Upload
from nhipcau.evidence.models import Attachment, Evidence
from nhipcau.evidence.services import activity_dimensions, attach_file, record_evidence, void_evidence
from nhipcau.parties.models import Person, User
from nhipcau.plans.models import Plan

KIND = "attendance.checkin"
SIGNED_LIST = "attendance.signed_list"


@dataclass(frozen=True)
class Admission:
    """What a scan came to; `first` is False when the guest had come in before and nothing was counted."""

    registration: Registration
    check_in: CheckIn
    first: bool


def source_ref(registration: Registration) -> str:
    """What the ledger calls a guest's attendance."""
    return f"attendance.registration:{registration.pk}"


def _nationality(person: Person) -> tuple[str, ...]:
    """What the person has said; of whom nothing is known nothing is claimed."""
    if not person.nationality:
        return ()
    return ("vn" if person.nationality == Person.HOME else "foreign",)


def _dimensions(registration: Registration) -> dict[str, tuple[str, ...]]:
    activity = registration.intake.activity
    audiences = tuple(activity.dimensions.get("audience", ()))
    if registration.audience is not None:
        audiences = (registration.audience.slug,)
    elif len(audiences) > 1:
        audiences = ()  # meant for several: to which of them this guest belongs is not known
    person = registration.person
    return {
        "audience": audiences,
        "mode": ("online" if activity.mode == Activity.Mode.ONLINE else "onsite",),
        "nationality": _nationality(person),
        "sex": (person.sex,) if person.sex else (),
    }


def _locked(registration: Registration) -> Registration:
    """The row as it is now, held until the transaction ends, with whether the guest has come in; two queries.

    The activity is held first, so that it is not cancelled meanwhile; whoever may still take a seat waits for the
    counter next, as everybody who changes seats does.
    """
    state = Activity.objects.steady_state(registration.intake.activity_id)
    if registration.state == Registration.State.WAITING:
        seats.lock(registration.intake)
    rows = Registration.objects.select_for_update(of=("self",)).with_arrival()
    fresh = rows.only("state", "intake").get(pk=registration.pk)
    registration.intake.activity.state = state
    return fresh


def _refuse(registration: Registration, fresh: Registration, *, at: datetime) -> None:
    activity = registration.intake.activity
    if activity.state == Activity.State.CANCELLED:
        raise NotAdmitted(_("This activity was cancelled; arrivals are not recorded for it."))
    if local_day(at) < local_day(activity.starts_at):
        raise NotAdmitted(
            _("The activity is on %(day)s. Arrivals can be recorded from that day on.")
            % {"day": vietnamese.weekday_short(activity.starts_at, language=reading())}
        )
    if fresh.state == Registration.State.CANCELLED:
        raise NotAdmitted(
            _(
                "This code is no longer valid: the seat was given up or passed on. Please show the guest to the help desk."
            )
        )


@journal.exempt(
    "the ledger's own row tells who and when, and nobody can change it; the door has five statements",
    writes=("attendance_checkin",),
)
def check_in(*, registration: Registration, by: User, at: datetime, point: str = "") -> Admission:
    """Let a guest in, once: the second scan says when and where the first was, and counts nothing.

    A guest of the waiting list gets a free seat. Raises NotAdmitted. Six statements for a guest with a seat when the
    registration was read with its person, audience, intake, activity and plan.
    """
    activity = registration.intake.activity
    try:
        with transaction.atomic():
            fresh = _locked(registration)
            _refuse(registration, fresh, at=at)
            if fresh.arrived:  # type: ignore[attr-defined]  # annotated
                return Admission(registration, CheckIn.objects.standing().get(registration=registration), first=False)
            if fresh.state == Registration.State.WAITING:
                _take_seat(registration, fresh, by=by, at=at)
            registration.state = fresh.state
            arrival = CheckIn.objects.create(registration=registration, at=at, by=by, point=point)
            record_evidence(
                plan=activity.plan,
                activity=activity,
                kind=KIND,
                day=local_day(at),
                source_ref=source_ref(registration),
                by=by,
                at=at,
                person=registration.person,
                dimensions=activity_dimensions(activity, **_dimensions(registration)),
            )
    except IntegrityError:
        # Another desk read the same code while this one waited for the row: theirs counts.
        before = CheckIn.objects.standing().filter(registration=registration).first()
        if before is None:
            raise
        return Admission(registration, before, first=False)
    return Admission(registration, arrival, first=True)


def _take_seat(registration: Registration, fresh: Registration, *, by: User, at: datetime) -> None:
    if not seats.take_for(fresh.intake_id):
        raise NotAdmitted(
            _(
                "This guest is on the waiting list, and every seat is still promised to somebody. Please show the guest to the help desk."
            )
        )
    before = journal.look(registration, stored=False)
    registration.state = fresh.state = Registration.State.CONFIRMED
    fresh.save(update_fields=["state"])
    after = journal.look(registration, stored=False)
    journal.note(registration, verb="attendance.promote", by=by, at=at, before=before, after=after)


@journal.verb(of="check_in")
def undo_check_in(*, check_in: CheckIn, by: User, at: datetime) -> CheckIn:
    """Take an arrival back; the evidence is voided and the next scan counts again.

    Raises NotStanding when it was taken back before.
    """
    if not CheckIn.objects.standing().filter(pk=check_in.pk).update(undone_at=at, undone_by=by):
        raise NotStanding(_("This arrival has already been taken back."))
    void_evidence(kind=KIND, source_ref=source_ref(check_in.registration), by=by, at=at)
    check_in.undone_at, check_in.undone_by = at, by
    return check_in


@journal.verb(of="check_in", unless_same=True)
def note_documents(*, check_in: CheckIn, took: bool, by: User, at: datetime) -> CheckIn:
    """Note that the guest has been handed the documents, or has not."""
    check_in.took_documents = took
    check_in.save(update_fields=["took_documents"])
    return check_in


@journal.exempt("calls services that keep the journal")
@transaction.atomic
def admit_walk_in(
    *,
    intake: Intake,
    point: str = "",
    by: User,
    at: datetime,
    **who: Unpack[Who],
) -> Admission:
    """Somebody came without registering: a seat, then in. No mail: the guest stands here.

    A number that is registered lets that person in instead, when the name agrees. Raises SeatsGone, AlreadyRegistered,
    IntakeClosed, BadPhone, NotAdmitted.
    """
    Activity.objects.steady_state(intake.activity_id)
    try:
        registration = places.register(
            intake=intake,
            channel=Registration.Channel.DESK,
            by=by,
            consent=None,
            at=at,
            notify=False,
            **who,
        )
    except AlreadyRegistered as found:
        if not found.same_person:
            raise
        registration = found.registration
        registration.intake = intake
    return check_in(registration=registration, by=by, at=at, point=point)


@journal.exempt("calls services that keep the journal")
@transaction.atomic
def admit_substitute(
    *,
    registration: Registration,
    point: str = "",
    by: User,
    at: datetime,
    **who: Unpack[Who],
) -> Admission:
    """Somebody stands at the door in a guest's place: the seat passes on and the substitute comes in, or neither.

    No mail: the substitute stands here. Raises what substitute and check_in raise.
    """
    Activity.objects.steady_state(registration.intake.activity_id)
    new = places.substitute(
        registration=registration,
        by=by,
        at=at,
        notify=False,
        **who,
    )
    return check_in(registration=new, by=by, at=at, point=point)


@files.stores("upload", into=Attachment.file.field)
@journal.verb(result=True, parts=("attachments",))
def record_signed_list(*, activity: Activity, upload: Upload, signatures: int, by: User, at: datetime) -> Evidence:
    """Keep the scan of the signed list as proof; it counts once another person has verified it.

    The same file sent twice is kept once. Raises BadList when there is no signature, before the day of the activity, and
    once the plan is closed.
    """
    if activity.plan.state == Plan.State.CLOSED:
        raise BadList(_("The plan of this activity is closed; nothing more can be added to what was counted."))
    if local_day(at) < local_day(activity.starts_at):
        raise BadList(
            _("The activity is on %(day)s. Its signed list can be kept from that day on.")
            % {"day": vietnamese.weekday_short(activity.starts_at, language=reading())}
        )
    if signatures < 1:
        raise BadList(_("A signed list has at least one signature. Please count them once more."))
    day = local_day(activity.starts_at)
    evidence = record_evidence(
        plan=activity.plan,
        activity=activity,
        kind=SIGNED_LIST,
        day=day,
        source_ref=f"activities.activity:{activity.pk}:{upload.sha256[:24]}",
        by=by,
        at=at,
        quantity=Decimal(signatures),
        grade=Evidence.Grade.SIGNED,
        dimensions=activity_dimensions(activity),
        needs_verification=True,
        note=_("Signed list of %(day)s") % {"day": vietnamese.short_date(day, language=reading())},
    )
    if not evidence.attachments.exists():
        attach_file(evidence=evidence, upload=upload, by=by, at=at)
    return evidence
