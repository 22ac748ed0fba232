"""What happens to an activity: it is scheduled, revised, moved, held, closed, cancelled, reopened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nhipcau.activities import errors, findable
from nhipcau.activities.events import (
    ActivityCancelled,
    ActivityClosed,
    ActivityHeld,
    ActivityMoved,
    ActivityReopened,
)
from nhipcau.activities.models import Activity, ActivityKind, Change, Session, Speaker
from nhipcau.agreements.models import Area, Audience, Party, Pillar, Topic
from nhipcau.core import bilingual, journal, search, vietnamese
from nhipcau.core.happenings import announce
from nhipcau.core.middleware import local_day
from nhipcau.parties.models import Organisation, User
from nhipcau.plans.models import Indicator, Phase, Plan

State = Activity.State


@dataclass(frozen=True)
class SpeakerDraft:
    """A speaker as entered; the order is the order given."""

    name: str
    position: str = ""
    position_en: str = ""


@dataclass(frozen=True)
class SessionDraft:
    """A line of the run sheet as entered."""

    starts_at: datetime
    title: str
    title_en: str = ""
    in_charge: str = ""


@journal.verb(result=True, parts=("audiences", "topics", "pillars", "indicators"))
def schedule_activity(
    *,
    plan: Plan,
    kind: ActivityKind,
    code: str,
    title: str,
    lead: Organisation,
    starts_at: datetime,
    ends_at: datetime,
    by: User,
    at: datetime,
    title_en: str = "",
    summary: str = "",
    summary_en: str = "",
    partner: Organisation | None = None,
    venue: str = "",
    venue_en: str = "",
    mode: str = Activity.Mode.ONSITE,
    language: str = Activity.Language.VI,
    audiences: Iterable[Audience] = (),
    topics: Iterable[Topic] = (),
    pillars: Iterable[Pillar] = (),
    indicators: Iterable[Indicator] = (),
    expected: int = 0,
    estimate: int = 0,
    is_public: bool = False,
) -> Activity:
    """Put a new activity into a plan; its phase follows from the local day it starts on.

    Raises PlanClosed, TimesReversed, OutsidePlan, NotAParty, IndicatorElsewhere, CodeTaken.
    """
    indicators = list(indicators)
    _refuse_closed_plan(plan)
    _check_units(plan, lead, partner)
    _check_indicators(plan, indicators)
    activity = Activity(
        plan=plan,
        phase=_phase(plan, starts_at, ends_at),
        kind=kind,
        code=code,
        slug=_free_slug(title, plan.year),
        title=title,
        title_en=title_en,
        summary=summary,
        summary_en=summary_en,
        lead=lead,
        partner=partner,
        starts_at=starts_at,
        ends_at=ends_at,
        planned_end=ends_at,
        venue=venue,
        venue_en=venue_en,
        mode=mode,
        language=language,
        expected=expected,
        estimate=estimate,
        is_public=is_public,
        revised_at=at,
    )
    activity.mark_english()
    _save_with_code(activity)
    _relate(activity, audiences=audiences, topics=topics, pillars=pillars, indicators=indicators)
    return activity


@journal.verb(of="activity", parts=("audiences", "topics", "pillars", "indicators"), unless_same=True)
def revise_activity(
    *,
    activity: Activity,
    kind: ActivityKind,
    code: str,
    title: str,
    lead: Organisation,
    by: User,
    at: datetime,
    title_en: str = "",
    summary: str = "",
    summary_en: str = "",
    partner: Organisation | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    venue: str = "",
    venue_en: str = "",
    mode: str = Activity.Mode.ONSITE,
    language: str = Activity.Language.VI,
    audiences: Iterable[Audience] = (),
    topics: Iterable[Topic] = (),
    pillars: Iterable[Pillar] = (),
    indicators: Iterable[Indicator] = (),
    expected: int = 0,
    estimate: int = 0,
    is_public: bool = False,
    english_checked: bool = False,
) -> Activity:
    """Write an activity's facts anew. Times only while the plan is a draft; afterwards they take a move with a reason.

    `english_checked` says that every English text answers its Vietnamese again. The public address stays.
    Raises PlanClosed, TimeByMove, TimesReversed, OutsidePlan, NotAParty, IndicatorElsewhere, CodeTaken.
    """
    _lock(activity)
    indicators = list(indicators)
    _refuse_closed_plan(activity.plan)
    _check_units(activity.plan, lead, partner)
    _check_indicators(activity.plan, indicators)
    start, end = starts_at or activity.starts_at, ends_at or activity.ends_at
    if (start, end) != (activity.starts_at, activity.ends_at):
        if activity.plan.state != Plan.State.DRAFT:
            raise errors.TimeByMove(
                _("The plan is in force, so a new time needs a reason: please use “Move” for this activity.")
            )
        activity.phase = _phase(activity.plan, start, end)
        activity.starts_at, activity.ends_at, activity.planned_end = start, end, end
    bilingual.rewrite(
        activity,
        {
            "title": title,
            "title_en": title_en,
            "summary": summary,
            "summary_en": summary_en,
            "venue": venue,
            "venue_en": venue_en,
        },
        english_checked=english_checked,
    )
    activity.kind, activity.code, activity.lead, activity.partner = kind, code, lead, partner
    activity.language = language
    activity.mode, activity.expected, activity.estimate, activity.is_public = mode, expected, estimate, is_public
    activity.revised_at = at
    _save_with_code(activity)
    _relate(activity, audiences=audiences, topics=topics, pillars=pillars, indicators=indicators)
    return activity


@journal.verb(of="activity")
def move_activity(
    *, activity: Activity, starts_at: datetime, ends_at: datetime, reason: str, by: User, at: datetime
) -> Activity:
    """Put a planned activity to another time; its run sheet moves along, the end first planned stays on record.

    Raises WrongState, ReasonMissing, PlanClosed, TimesReversed, OutsidePlan, and what listeners refuse.
    """
    _lock(activity)
    reason = _reason(reason)
    _refuse_closed_plan(activity.plan)
    _expect(activity, State.PLANNED, _("Only an activity that is still planned can be moved."))
    phase = _phase(activity.plan, starts_at, ends_at)
    old_start, old_end = activity.starts_at, activity.ends_at
    if (starts_at, ends_at) == (old_start, old_end):
        raise errors.WrongState(_("The activity already stands at this time; nothing was changed."))
    activity.phase, activity.starts_at, activity.ends_at, activity.revised_at = phase, starts_at, ends_at, at
    activity.save(update_fields=["phase", "starts_at", "ends_at", "revised_at"])
    sessions = list(activity.sessions.all())
    for session in sessions:
        session.starts_at += starts_at - old_start
    Session.objects.bulk_update(sessions, ["starts_at"])
    search.move(findable.ACTIVITY, [activity.pk], moment=starts_at)
    search.move(findable.SPEAKER, activity.speakers.values_list("pk", flat=True), moment=starts_at)
    activity.changes.create(
        kind=Change.Kind.MOVED, reason=reason, old_start=old_start, new_start=starts_at, by=by, at=at
    )
    announce(ActivityMoved(activity, old_start, old_end, reason, by, at))
    return activity


@journal.verb(of="activity")
def cancel_activity(*, activity: Activity, reason: str, by: User, at: datetime) -> Activity:
    """Call a planned activity off; it stays in the plan and, if it was public, on its page with the notice.

    Raises WrongState, ReasonMissing, PlanClosed.
    """
    _lock(activity)
    reason = _reason(reason)
    _refuse_closed_plan(activity.plan)
    _expect(activity, State.PLANNED, _("Only an activity that is still planned can be cancelled."))
    activity.state, activity.revised_at = State.CANCELLED, at
    activity.save(update_fields=["state", "revised_at"])
    activity.changes.create(
        kind=Change.Kind.CANCELLED, reason=reason, old_start=activity.starts_at, new_start=None, by=by, at=at
    )
    announce(ActivityCancelled(activity, reason, by, at))
    return activity


@journal.verb(of="activity")
def hold_activity(*, activity: Activity, by: User, at: datetime) -> Activity:
    """Confirm that an activity took place; possible from its last day on.

    Raises WrongState, TooEarly, PlanClosed.
    """
    _lock(activity)
    _refuse_closed_plan(activity.plan)
    _expect(activity, State.PLANNED, _("Only an activity that is still planned can be confirmed as held."))
    if local_day(at) < local_day(activity.ends_at):
        raise errors.TooEarly(
            _("The activity lasts until %(day)s; please confirm it from that day on.")
            % {"day": vietnamese.short_date(activity.ends_at)}
        )
    activity.state, activity.revised_at = State.HELD, at
    activity.save(update_fields=["state", "revised_at"])
    announce(ActivityHeld(activity, by, at))
    return activity


@journal.verb(of="activity")
def close_activity(
    *, activity: Activity, result: str, lesson: str = "", spent: int | None = None, by: User, at: datetime
) -> Activity:
    """Close the file of a held activity with its result, the lesson and what was spent in whole VND.

    Raises WrongState, ResultMissing, PlanClosed.
    """
    _lock(activity)
    _refuse_closed_plan(activity.plan)
    _expect(activity, State.HELD, _("The file can be closed once the activity has been confirmed as held."))
    if not result.strip():
        raise errors.ResultMissing(_("Please state the result before closing the file."))
    activity.state, activity.revised_at = State.CLOSED, at
    activity.result, activity.lesson, activity.spent = result.strip(), lesson.strip(), spent
    activity.save(update_fields=["state", "revised_at", "result", "lesson", "spent"])
    announce(ActivityClosed(activity, by, at))
    return activity


@journal.verb(of="activity")
def reopen_activity(*, activity: Activity, reason: str, by: User, at: datetime) -> Activity:
    """Take the last step back with a reason: closed → held, held → planned, cancelled → planned.

    Raises WrongState, ReasonMissing, PlanClosed.
    """
    _lock(activity)
    reason = _reason(reason)
    _refuse_closed_plan(activity.plan)
    back = {State.CLOSED: State.HELD, State.HELD: State.PLANNED, State.CANCELLED: State.PLANNED}
    was = State(activity.state)
    if was not in back:
        raise errors.WrongState(_("The activity is still planned; there is nothing to reopen."))
    activity.state, activity.revised_at = back[was], at
    activity.save(update_fields=["state", "revised_at"])
    activity.changes.create(
        kind=Change.Kind.REOPENED, reason=reason, old_start=activity.starts_at, new_start=None, by=by, at=at
    )
    announce(ActivityReopened(activity, was, reason, by, at))
    return activity


@journal.verb(of="activity", parts=("speakers",), unless_same=True)
def put_speakers(*, activity: Activity, speakers: Sequence[SpeakerDraft], by: User, at: datetime) -> Activity:
    """Replace the speakers; the order given is the order of the programme. Raises PlanClosed."""
    _lock(activity)
    _refuse_closed_plan(activity.plan)
    search.remove(findable.SPEAKER, *activity.speakers.values_list("pk", flat=True))
    activity.speakers.all().delete()
    rows = [
        Speaker(activity=activity, name=s.name, position=s.position, position_en=s.position_en, order=order)
        for order, s in enumerate(speakers, start=1)
    ]
    for row in rows:
        row.mark_english()
    Speaker.objects.bulk_create(rows)
    search.put_texts(findable.SPEAKER, [(row.pk, findable.speaker_text(row)) for row in rows])
    _touch(activity, at)
    return activity


@journal.verb(of="activity", parts=("sessions",), unless_same=True)
def put_sessions(*, activity: Activity, sessions: Sequence[SessionDraft], by: User, at: datetime) -> Activity:
    """Replace the run sheet. Raises PlanClosed, OutsideActivity for a line on another day than the activity's."""
    _lock(activity)
    _refuse_closed_plan(activity.plan)
    first, last = local_day(activity.starts_at), local_day(activity.ends_at)
    for draft in sessions:
        if not first <= local_day(draft.starts_at) <= last:
            raise errors.OutsideActivity(
                _("“%(title)s” lies outside the days of the activity.") % {"title": draft.title}
            )
    activity.sessions.all().delete()
    rows = [
        Session(activity=activity, starts_at=s.starts_at, title=s.title, title_en=s.title_en, in_charge=s.in_charge)
        for s in sessions
    ]
    for row in rows:
        row.mark_english()
    Session.objects.bulk_create(rows)
    _touch(activity, at)
    return activity


def _lock(activity: Activity) -> None:
    """Read the row afresh under a lock, so that two people cannot take the same step."""
    plan = activity.plan
    activity.refresh_from_db(from_queryset=Activity.objects.select_for_update())
    if activity.plan_id == plan.pk:
        activity.plan = plan


def _touch(activity: Activity, at: datetime) -> None:
    activity.revised_at = at
    activity.save(update_fields=["revised_at"])


def _expect(activity: Activity, state: str, sentence: str) -> None:
    if activity.state != state:
        raise errors.WrongState(
            _("%(sentence)s It is now: %(state)s.") % {"sentence": sentence, "state": activity.get_state_display()}
        )


def _reason(reason: str) -> str:
    if not reason.strip():
        raise errors.ReasonMissing(_("Please give the reason; it is kept with the activity."))
    return reason.strip()


def _refuse_closed_plan(plan: Plan) -> None:
    if plan.state == Plan.State.CLOSED:
        raise errors.PlanClosed(
            _("The plan for %(year)s is closed; nothing in it can be changed.") % {"year": plan.year}
        )


def _phase(plan: Plan, starts_at: datetime, ends_at: datetime) -> Phase:
    """The phase of the start's local day; the whole activity must lie within the plan."""
    if ends_at < starts_at:
        raise errors.TimesReversed(_("The end comes before the start; please check the two times."))
    phase = plan.phase_on(local_day(starts_at))
    if phase is None or local_day(ends_at) > plan.last_day:
        window = plan.window()
        raise errors.OutsidePlan(
            _("The plan runs from %(first)s to %(last)s; the activity must lie within these days.")
            % {"first": vietnamese.short_date(window.first), "last": vietnamese.short_date(window.last)}
        )
    return phase


def _check_units(plan: Plan, lead: Organisation, partner: Organisation | None) -> None:
    parties = set(Party.objects.filter(agreement=plan.agreement_id).values_list("organisation_id", flat=True))
    if lead.pk not in parties or (partner is not None and partner.pk not in parties):
        raise errors.NotAParty(_("Only the units that signed the agreement can lead or support an activity."))
    if partner is not None and partner.pk == lead.pk:
        raise errors.NotAParty(_("The supporting unit must be another one than the lead unit."))


def _check_indicators(plan: Plan, indicators: list[Indicator]) -> None:
    if not indicators:
        return
    own = set(
        Indicator.objects.filter(objective__plan=plan, pk__in=[i.pk for i in indicators]).values_list("pk", flat=True)
    )
    if len(own) != len({i.pk for i in indicators}):
        raise errors.IndicatorElsewhere(_("An indicator of another plan was chosen; please choose from this plan."))


def _save_with_code(activity: Activity) -> None:
    taken = Activity.objects.filter(plan=activity.plan_id, code=activity.code).exclude(pk=activity.pk).exists()
    sentence = _("The code %(code)s is already used in this plan; please choose another.") % {"code": activity.code}
    if taken:
        raise errors.CodeTaken(sentence)
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError as error:  # somebody took the code or the address in this very moment
        raise errors.CodeTaken(sentence) from error


def _free_slug(title: str, year: int) -> str:
    """An address from the title and the year that nothing else has."""
    stem = slugify(vietnamese.fold(title))[:100].strip("-") or "hoat-dong"
    base = f"{stem}-{year}"
    used = set(Activity.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in used:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _relate(
    activity: Activity,
    *,
    audiences: Iterable[Audience],
    topics: Iterable[Topic],
    pillars: Iterable[Pillar],
    indicators: Iterable[Indicator],
) -> None:
    """Set what the activity is sorted by, freeze the dimensions from it, and make it findable."""
    audiences, topics, pillars, indicators = list(audiences), list(topics), list(pillars), list(indicators)
    activity.audiences.set(audiences)
    activity.topics.set(topics)
    activity.pillars.set(pillars)
    activity.indicators.set(indicators)
    areas = (
        Area.objects.filter(clauses__objectives__indicators__in=[i.pk for i in indicators])
        .distinct()
        .values_list("slug", flat=True)
    )
    activity.dimensions = {
        "kind": [activity.kind.slug],
        "mode": [activity.mode],
        "topic": sorted(t.slug for t in topics),
        "pillar": sorted(p.slug for p in pillars),
        "audience": sorted(a.slug for a in audiences),
        "area": sorted(set(areas)) if indicators else [],
    }
    activity.save(update_fields=["dimensions"])
    search.put_text(findable.ACTIVITY, activity.pk, findable.activity_text(activity))
