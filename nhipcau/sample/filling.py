"""The long part of the sample, in small steps that can be stopped anywhere and taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from nhipcau.activities.models import Activity
from nhipcau.activities.services import close_activity, hold_activity, put_speakers
from nhipcau.attendance.models import Registration
from nhipcau.attendance.services import record_signed_list
from nhipcau.core import days
from nhipcau.core.middleware import local_day
from nhipcau.core.uploads import Upload
from nhipcau.evidence.models import Evidence
from nhipcau.evidence.services import declare_evidence, return_evidence, verify_evidence
from nhipcau.plans.models import Plan
from nhipcau.plans.services import close_plan
from nhipcau.sample import content, dates, proofs
from nhipcau.sample.arriving import arrivals, interest
from nhipcau.sample.beginnings import speakers
from nhipcau.sample.claims import PENDING, RETURNED, VERIFIED, Claim, Claims, moments
from nhipcau.sample.news import news
from nhipcau.sample.programme import Programme
from nhipcau.sample.reporting import closing_moment, publication, reports

State = Activity.State
KEYS = ("current", "2022")
#: Rows declared in one transaction, and how many activities to come have registrations.
_CLAIMS_AT_ONCE, _TO_COME = 20, 3


@dataclass(frozen=True)
class Step:
    """A piece of work of one short transaction, and what it belongs to."""

    name: str
    do: Callable[[], object]


def steps(*, now: datetime, small: bool) -> Iterator[Step]:
    """Everything still to be done, the current year first; work done meanwhile is left out."""
    for key in KEYS:
        if key == "2022":  # once this year's activities have taken place, so that there is something to report on
            yield from (Step(f"{local_day(now).year} · news", do) for do in news(now=now))
        programme = Programme.load(key, now=now, small=small)
        if programme.plan.state == Plan.State.CLOSED:
            continue
        for order, phase in programme.phases():
            window = programme.plan.windows()[phase.pk]
            for code, activity in programme.activities.items():
                name = f"{programme.plan.year} · {code}"
                if "by_phase" in programme.results.get(code, {}) and activity.state != State.CLOSED:
                    yield from (Step(name, do) for do in _claims(programme, activity, until=window.last))
                if programme.over(activity) and local_day(activity.ends_at) in window:
                    yield from (Step(name, do) for do in _story(programme, activity))
            for do in reports(programme, order, phase):
                yield Step(f"{programme.plan.year} · {phase.name}", do)
        for do in publication(programme):
            yield Step(str(programme.plan.year), do)
        if key == "2022":
            yield Step(str(programme.plan.year), partial(_end, programme))


def _end(programme: Programme) -> None:
    """Close the planned year's plan once its last report is out."""
    close_plan(plan=programme.plan, by=programme.director(programme.parties[1]), at=closing_moment(programme))


def begin_interest(*, now: datetime, small: bool) -> int:
    """Registrations of the next activities to come; how many."""
    programme = Programme.load("current", now=now, small=small)
    to_come = [a for a in programme.activities.values() if a.starts_at > now and programme.guests(a.code)]
    return sum(interest(programme, activity) for activity in to_come[:_TO_COME])


def fill(
    *,
    now: datetime,
    small: bool,
    seconds: float | None = None,
    pause: float = 0.0,
    tell: Callable[[str], None] | None = None,
) -> bool:
    """Work for so many seconds, or to the end; True when nothing is left. `pause` lets other writers in between."""
    until = None if seconds is None else time.monotonic() + seconds
    for step in steps(now=now, small=small):
        step.do()
        if tell is not None:
            tell(step.name)
        if until is not None and time.monotonic() > until:
            return False
        if pause:
            time.sleep(pause)
    return True


# --- one activity -------------------------------------------------------------------------------


def _story(programme: Programme, activity: Activity) -> Iterator[Callable[[], object]]:
    """From the first registration to the closed file."""
    if activity.state == State.CLOSED or activity.code not in programme.results:
        return
    yield from arrivals(programme, activity)
    if activity.state == State.PLANNED:
        yield partial(_hold, programme, activity)
    yield from _claims(programme, activity)
    if activity.kind.slug == "training_course":
        yield from _signed_list(programme, activity)
    end = local_day(activity.ends_at) + timedelta(days=programme.results[activity.code]["closed_after"])
    if programme.key == "current":
        end = days.on_or_after(end)
    if dates.moment(end, 16) <= programme.now:
        yield partial(_close, programme, activity, dates.moment(end, 16))


def _hold(programme: Programme, activity: Activity) -> None:
    """Confirm that it took place, with whoever really spoke."""
    by, at = programme.officer(activity.lead), activity.ends_at + timedelta(minutes=20)
    swap = programme.results[activity.code].get("substitution")
    with transaction.atomic():
        if swap:
            instead = {swap["who"]: swap["by"]}
            put_speakers(
                activity=activity, speakers=speakers(programme.planned[activity.code], instead=instead), by=by, at=at
            )
        hold_activity(activity=activity, by=by, at=at)


def _close(programme: Programme, activity: Activity, at: datetime) -> None:
    """Close the file with its result, the lesson and what was spent, where that is settled."""
    told, texts = programme.results[activity.code], content.read("texts")
    if "by_phase" in told:
        spent: int | None = sum(phase["money"]["spent"] for phase in told["by_phase"].values())
        result = texts["closed_campaign"]
    else:
        waiting = any(each["what"] == "money" for each in told.get("not_verified", []))
        spent = None if waiting else told["money"]["spent"]
        places = Registration.objects.filter(intake__activity=activity).exclude(state=Registration.State.CANCELLED)
        result = told.get("outcome", {}).get("vi") or texts["closed"]["vi"].format(
            came=places.filter(check_ins__undone_at__isnull=True, check_ins__isnull=False).distinct().count(),
            registered=places.filter(state=Registration.State.CONFIRMED).count(),
        )
    close_activity(
        activity=activity,
        result=result,
        lesson=told.get("lesson", {}).get("vi", ""),
        spent=spent,
        by=programme.officer(activity.lead),
        at=at,
    )


def _signed_list(programme: Programme, activity: Activity) -> Iterator[Callable[[], object]]:
    """The list signed in class, scanned; the other side vouches for it."""
    if Evidence.objects.filter(activity=activity, kind_id="attendance.signed_list").exists():
        return
    signatures = sum(programme.results[activity.code]["attendance"]["attended"].values())

    def do() -> None:
        day = local_day(activity.starts_at)
        at = min(dates.moment(local_day(activity.ends_at), 17, 10), programme.now)
        with transaction.atomic():
            row = record_signed_list(
                activity=activity,
                upload=proofs.paper(
                    name=f"danh-sach-ky-{activity.plan.year}-{activity.code}",
                    unit=activity.lead.name,
                    title=f"DANH SÁCH KÝ NHẬN · {activity.title}",
                    lines=[f"Ngày {day:%d/%m/%Y}", f"{signatures} chữ ký, {activity.venue}"],
                ),
                signatures=signatures,
                by=programme.officer(activity.lead),
                at=at,
            )
            later = at + timedelta(days=1, hours=-7)
            if later < programme.now:
                verify_evidence(evidence=row, by=programme.officer(programme.other(activity.lead)), at=later)

    yield do


# --- what is declared ---------------------------------------------------------------------------


def _claims(programme: Programme, activity: Activity, *, until: date | None = None) -> Iterator[Callable[[], object]]:
    """What is still to be declared, for a long activity up to the end of a phase."""
    rows = [row for row in Claims(programme, activity.code).rows() if until is None or row.day <= until]
    prefix = f"sample.{programme.key}:{activity.code}:"
    told = Evidence.objects.filter(plan=programme.plan, activity=activity, source_ref__startswith=prefix)
    known = set(told.values_list("source_ref", flat=True))
    rows = [row for row in rows if row.source_ref(programme, activity.code) not in known]
    for start in range(0, len(rows), _CLAIMS_AT_ONCE):
        some = rows[start : start + _CLAIMS_AT_ONCE]
        yield partial(_declare, programme, activity, some)


def _declare(programme: Programme, activity: Activity, some: list[Claim]) -> None:
    by = programme.officer(activity.lead)
    other = programme.officer(programme.other(activity.lead))
    with transaction.atomic():
        for row in some:
            declared, looked = moments(row, programme)
            evidence = declare_evidence(
                plan=programme.plan,
                activity=activity,
                kind=programme.kinds[row.kind],
                day=row.day,
                by=by,
                at=declared,
                quantity=row.quantity,
                dimensions=row.dimensions,
                note=row.note,
                link=row.link,
                upload=_proof(activity, row),
                source_ref=row.source_ref(programme, activity.code),
            )
            if row.state == VERIFIED:
                verify_evidence(evidence=evidence, by=other, at=looked)
            elif row.state == RETURNED:
                at = max(looked, programme.now - timedelta(days=3))
                due = days.on_or_after(local_day(programme.now) + timedelta(days=4))
                return_evidence(evidence=evidence, reason=row.reason, due=due, by=other, at=at)
            else:
                assert row.state == PENDING


def _proof(activity: Activity, row: Claim) -> Upload | None:
    if not row.proof:
        return None
    make = proofs.paper if row.proof == "paper" else proofs.picture
    return make(
        name=f"{activity.plan.year}-{activity.code}-{row.what}-{row.number}",
        unit=activity.lead.name,
        title=activity.title,
        lines=[row.note, f"Ngày {row.day:%d/%m/%Y}", f"Số lượng: {row.quantity:f}"],
    )
