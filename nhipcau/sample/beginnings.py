"""The quick part of the sample: everything but the long lists of guests, results and reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import transaction

from nhipcau.activities.models import Activity, ActivityKind
from nhipcau.activities.services import (
    SessionDraft,
    SpeakerDraft,
    move_activity,
    put_sessions,
    put_speakers,
    schedule_activity,
)
from nhipcau.agreements.models import Agreement, Area, Audience, Clause, Pillar, Term, Topic
from nhipcau.agreements.services import ClauseDraft, OfficialDraft, PartyDraft, SignatoryDraft, sign_agreement
from nhipcau.attendance.services import open_intake
from nhipcau.core.middleware import LOCAL, local_day
from nhipcau.parties.models import Membership, Organisation, Person, Supervision, User
from nhipcau.parties.services import find_or_create_person
from nhipcau.plans import services as plans
from nhipcau.plans.models import Direction, Indicator, Objective, Phase, Plan
from nhipcau.sample import content, dates, guests
from nhipcau.sample.passwords import Passwords, new_password
from nhipcau.sample.programme import ADMINISTRATOR, sample_agreement

_SEX = {"ong": Person.Sex.MALE, "ba": Person.Sex.FEMALE, None: Person.Sex.UNKNOWN}
_KIND = {
    "public_service_unit": Organisation.Kind.SERVICE_UNIT,
    "city_department": Organisation.Kind.DEPARTMENT,
}


class Beginning:
    """Writes the sample's first rows in one transaction; `passwords` holds those just made."""

    def __init__(self, *, now: datetime, small: bool) -> None:
        self.now = now
        self.small = small
        self.told = content.read("agreement")
        self.written = content.read("plan-2022")
        self.texts = content.read("texts")
        self.organisations: dict[str, Organisation] = {}
        self.people: dict[str, Person] = {}
        self.users: dict[str, User] = {}
        self.passwords: Passwords = {}

    @transaction.atomic
    def write(self) -> Passwords:
        """Everything, once; nothing when the sample is there already."""
        if sample_agreement() is not None:
            return {}
        self.write_organisations()
        self.write_terms()
        self.write_accounts()
        agreement = self.write_agreement()
        directions = self.write_directions(agreement)
        plan = self.write_plan(agreement, directions)
        current = self.write_copy(plan)
        for each, table in ((plan, None), (current, dates.timetable(local_day(self.now)))):
            self.write_activities(each, table)
            self.postpone(each, table)
            self.reach_milestones(each, table)
        return self.passwords

    # --- who ------------------------------------------------------------------------------------

    def write_organisations(self) -> None:
        """Organisations, who supervises whom, and the people of the public record."""
        for row in self.told["organisations"]:
            self.organisations[row["slug"]], _new = Organisation.objects.get_or_create(
                name=row["name"]["vi"],
                defaults={
                    "name_en": row["name"]["en"],
                    "abbreviation": row["abbreviation"],
                    "symbol": row["paper_symbol"],
                    "place": row["place"]["vi"],
                    "kind": _KIND[row["kind"]],
                    "aliases": row["aliases"],
                },
            )
        for organisation in self.organisations.values():
            organisation.mark_english()
            organisation.save(update_fields=["english_of"])
        for row in self.told["supervision"]:
            Supervision.objects.get_or_create(
                unit=self.organisations[row["unit"]],
                department=self.organisations[row["department"]],
                first_day=row["from"],
                defaults={"last_day": row["until"], "unverified": row["unverified"]},
            )
        for row in self.told["people"]:
            self.people[row["slug"]] = find_or_create_person(name=row["name"], sex=_SEX[row["address"]])

    def write_terms(self) -> None:
        """The closed lists; kinds of activity and of evidence came with the tables."""
        lists: list[tuple[type[Term], str]] = [
            (Area, "areas"), (Topic, "topics"), (Audience, "audiences"), (Pillar, "pillars"),
        ]  # fmt: skip
        for model, name in lists:
            for row in self.told[name]:
                _put(model, row["slug"], row["name"], order=row["order"])

    def write_accounts(self) -> None:
        """One account a role, each with a password made now and shown once."""
        by_abbreviation = {each.abbreviation: each for each in self.organisations.values()}
        for row in self.texts["accounts"]:
            name = row["username"]
            self.passwords[name] = new_password()
            administrator = name == ADMINISTRATOR
            user = User.objects.create_user(
                name,
                f"{name}@nhip-cau.example",
                self.passwords[name],
                display_name=row["name"],
                is_superuser=administrator,
                is_staff=administrator,
                is_demo=True,
                date_joined=self.now,
            )
            if row["role"]:
                Membership.objects.create(
                    user=user,
                    organisation=by_abbreviation[row["organisation"]],
                    role=row["role"],
                    first_day=self.told["agreement"]["signed_on"],
                )
            self.users[name] = user

    # --- what was signed ------------------------------------------------------------------------

    def write_agreement(self) -> Agreement:
        """The memorandum as the public report of its signing tells it."""
        told, source = self.told["agreement"], self.told["source"]
        people = {row["slug"]: row for row in self.told["people"]}
        areas = {area.slug: area for area in Area.objects.all()}

        def signatories(party: str) -> list[SignatoryDraft]:
            return [
                SignatoryDraft(
                    person=self.people[row["person"]],
                    position=row["position"]["vi"],
                    position_en=row["position"]["en"],
                    for_director=row["block"][0].startswith("KT."),
                )
                for row in self.told["signatories"]
                if row["party"] == party
            ]

        return sign_agreement(
            title=told["title"]["vi"],
            title_en=told["title"]["en"],
            purpose=told["summary"]["vi"],
            purpose_en=told["summary"]["en"],
            signed_on=told["signed_on"],
            parties=[PartyDraft(self.organisations[slug], signatories(slug)) for slug in self.told["parties"]],
            officials=[
                OfficialDraft(
                    person=self.people[row["person"]],
                    position=people[row["person"]]["position"]["vi"],
                    position_en=people[row["person"]]["position"]["en"],
                )
                for row in sorted(self.told["in_attendance"], key=lambda row: row["order"])
            ],
            clauses=[
                ClauseDraft(
                    area=areas[row["area"]],
                    name=row["short_name"]["vi"],
                    name_en=row["short_name"]["en"],
                    wording=row["text"]["vi"],
                    wording_en=row["text"]["en"],
                )
                for row in sorted(self.told["clauses"], key=lambda row: row["order"])
            ],
            source_note=f"{source['name']['vi']}. {told['caveat']['vi']}",
            source_note_en=f"{source['name']['en']}. {told['caveat']['en']}",
            is_sample=True,
            by=self.users["canbo.fsc"],
            at=dates.moment(told["signed_on"], 17),
        )

    def write_directions(self, agreement: Agreement) -> dict[str, Direction]:
        """What was said from above at the signing, and what the plan of the year answered."""
        positions = {row["slug"]: row["position"] for row in self.told["people"]}
        found = {}
        for row in sorted(self.told["directions"], key=lambda row: row["order"]):
            direction = plans.record_direction(
                agreement=agreement,
                kind=row["kind"],
                issuer=self.organisations[row["department"]],
                addressees=[self.organisations[slug] for slug in row["addressees"]],
                said_on=row["said_on"],
                wording=row["text"]["vi"],
                wording_en=row["text"]["en"],
                speaker=self.people[row["speaker"]],
                speaker_position=positions[row["speaker"]]["vi"],
                speaker_position_en=positions[row["speaker"]]["en"],
                source=self.texts["source"]["vi"],
                due=row["deadline"],
                by=self.users["canbo.sngv" if row["department"] == "dofa" else "canbo.stttt"],
                at=dates.moment(row["said_on"], 17, 30),
            )
            found[row["slug"]] = direction
            if row["order"] in self.texts["answers"]:
                unit = "fsc" if row["addressees"] == ["fsc"] else "ttbc"
                plans.answer_direction(
                    direction=direction,
                    answer=self.texts["answers"][row["order"]],
                    by=self.users[f"canbo.{unit}"],
                    at=dates.moment(self.written["plan"]["submitted_on"], 15),
                )
        return found

    # --- what was planned -----------------------------------------------------------------------

    def write_plan(self, agreement: Agreement, directions: dict[str, Direction]) -> Plan:
        """The plan of the planned year with phases, objectives, indicators, targets and milestones; both directors agree."""
        told, officer = self.written["plan"], self.users["canbo.fsc"]
        at = dates.moment(told["agreed_on"], 8) - timedelta(days=23)
        plan = plans.create_plan(
            agreement=agreement,
            year=told["year"],
            title=told["title"]["vi"],
            title_en=told["title"]["en"],
            last_day=self.written["last_day"],
            by=officer,
            at=at,
        )
        phases = {
            row["order"]: plans.create_phase(
                plan=plan,
                name=row["name"]["vi"],
                name_en=row["name"]["en"],
                first_day=row["first_day"],
                report_due=row["report_due"],
                by=officer,
                at=at,
            )
            for row in self.written["phases"]
        }
        clauses = {
            row["slug"]: clause
            for row, clause in zip(
                sorted(self.told["clauses"], key=lambda row: row["order"]),
                Clause.objects.filter(agreement=agreement).order_by("order"),
                strict=True,
            )
        }
        objectives = {
            row["id"]: plans.create_objective(
                plan=plan,
                code=row["id"].replace("o", "MT"),
                wording=row["title"]["vi"],
                wording_en=row["title"]["en"],
                clauses=[clauses[slug] for slug in row["clauses"]],
                directions=[directions[slug] for slug in row["directions"]],
                by=officer,
                at=at,
            )
            for row in self.written["objectives"]
        }
        for row in self.written["indicators"]:
            self._indicator(row, objectives[row["objective"]], phases, officer, at)
        planned = {activity["code"]: activity for activity in content.activities()}
        for row in self.written["milestones"]:
            lead = self.organisations[planned[row["activity"]]["lead"]] if row["activity"] else None
            plans.create_milestone(
                plan=plan, day=row["day"], title=row["title"]["vi"], title_en=row["title"]["en"], lead=lead, by=officer,
                at=at,
            )  # fmt: skip
        return plan

    def _indicator(
        self, row: dict[str, Any], objective: Objective, phases: dict[int, Phase], by: User, at: datetime
    ) -> None:
        rule, baseline = row["definition"], row["baseline"]
        indicator: Indicator = plans.create_indicator(
            objective=objective,
            by=by,
            at=at,
            code=row["code"],
            name=row["name"]["vi"],
            name_en=row["name"]["en"],
            unit=row["unit"]["vi"],
            unit_en=row["unit"]["en"],
            stage=row["stage"],
            falling_is_good=row["direction"] == "down",
            decimals=row["decimals"],
            measure=rule["measure"],
            kinds=rule["kinds"],
            dimension=rule.get("dimension", ""),
            where=rule.get("where", {}),
            numerator=rule.get("numerator", {}),
            numerator_kinds=rule.get("numerator_kinds", []),
            across=rule["across"],
            scope=rule["scope"],
            baseline=None if baseline["value"] is None else Decimal(str(baseline["value"])),
            baseline_note=baseline["note"]["vi"],
            baseline_note_en=baseline["note"]["en"],
        )
        for order, value in row["targets"].items():
            plans.revise_target(
                indicator=indicator,
                phase=phases[order],
                value=None if value is None else Decimal(str(value)),
                by=by,
                at=at,
            )

    def write_copy(self, plan: Plan) -> Plan:
        """The plan of the year of the first start, copied from the planned one."""
        table, title = dates.timetable(local_day(self.now)), self.texts["copy"]["title"]
        copied = plans.copy_plan(
            plan=plan,
            year=table.year,
            title=title["vi"].format(year=table.year),
            title_en=title["en"].format(year=table.year),
            shift=table.shift(),
            by=self.users["canbo.fsc"],
            at=dates.moment(table.phase_start(1), 9) - timedelta(days=16),
        )
        return copied.plan

    def adopt(self, plan: Plan, at: datetime) -> None:
        """Both directors agree, one after the other."""
        for user, later in ((self.users["giamdoc.fsc"], 0), (self.users["giamdoc.ttbc"], 25)):
            plans.adopt_plan(plan=plan, by=user, at=at + timedelta(minutes=later))

    def write_activities(self, plan: Plan, table: dates.Timetable | None) -> None:
        """Thirty activities with speakers, run sheets and intakes; the plan comes into force with the first meeting."""
        plan = Plan.objects.prefetch_related("phases").select_related("agreement").get(pk=plan.pk)
        terms = {
            name: {term.slug: term for term in model.objects.all()}
            for name, model in (("audiences", Audience), ("topics", Topic), ("pillars", Pillar), ("kind", ActivityKind))
        }
        indicators = {i.code: i for i in Indicator.objects.filter(objective__plan=plan)}
        drafted = dates.moment(plan.window().first, 9) - timedelta(days=12)
        for row in content.activities():
            slot = table.slot(row) if table else dates.planned_slot(row)
            venue = self.written["venues"][row["venue"]]["now" if table else "then"]
            activity = schedule_activity(
                plan=plan,
                kind=cast("ActivityKind", terms["kind"][row["kind"]]),
                code=row["code"],
                title=row["title"]["vi"],
                title_en=row["title"]["en"],
                summary=row["summary"]["vi"],
                summary_en=row["summary"]["en"],
                lead=self.organisations[row["lead"]],
                partner=self.organisations[row["partner"]],
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                venue=venue["vi"],
                venue_en=venue["en"],
                mode=row["mode"],
                language=row.get("language", Activity.Language.VI),
                audiences=[cast("Audience", terms["audiences"][slug]) for slug in row["audiences"]],
                topics=[cast("Topic", terms["topics"][slug]) for slug in row["topics"]],
                pillars=[cast("Pillar", terms["pillars"][slug]) for slug in row["pillars"]],
                indicators=[indicators[code] for code in row["indicators"]],
                expected=row["expected"],
                estimate=row["budget"],
                is_public=row["public"],
                by=self._officer(row["lead"]),
                at=drafted,
            )
            self._programme(activity, row, drafted)
            if row["capacity"]:
                self._intake(activity, row, table)
        first = next(row for row in content.activities())
        slot = table.slot(first) if table else dates.planned_slot(first)
        self.adopt(plan, min(slot.ends_at, self.now - timedelta(hours=1)))

    def _officer(self, slug: str) -> User:
        return self.users["canbo.ttbc" if slug == "hmc" else "canbo.fsc"]

    def _programme(self, activity: Activity, row: dict[str, Any], at: datetime) -> None:
        by = self._officer(row["lead"])
        if row["speakers"]:
            put_speakers(activity=activity, speakers=speakers(row), by=by, at=at)
        if row.get("sessions"):
            day = local_day(activity.starts_at)
            cast_ = self.written["cast"]
            put_sessions(
                activity=activity,
                sessions=[
                    SessionDraft(
                        starts_at=dates.moment(
                            day + timedelta(days=line["day"] - 1), *map(int, line["start"].split(":"))
                        ),
                        title=line["title"]["vi"],
                        title_en=line["title"]["en"],
                        in_charge=", ".join(cast_[who]["name"].split(" · ")[-1] for who in line.get("speakers", []))[
                            :120
                        ],
                    )
                    for line in row["sessions"]
                ],
                by=by,
                at=at,
            )

    def _intake(self, activity: Activity, row: dict[str, Any], table: dates.Timetable | None) -> None:
        """Registration opens four weeks before, for what is still to come at the latest yesterday."""
        opens = dates.moment(local_day(activity.starts_at), 8) - timedelta(days=28)
        if table and activity.starts_at > self.now:
            opens = min(opens, dates.moment(local_day(self.now), 8) - timedelta(days=21))
        capacity = row["capacity"]
        attendance = content.results("current" if table else "2022").get(row["code"], {}).get("attendance")
        if attendance and attendance["waiting"]:  # full: exactly as many seats as were taken
            capacity = guests.scaled(attendance, small=self.small)["registered"]
        open_intake(
            activity=activity,
            capacity=capacity,
            opens_at=opens,
            closes_at=activity.starts_at,
            by=self._officer(row["lead"]),
            at=opens,
        )

    def postpone(self, plan: Plan, table: dates.Timetable | None) -> None:
        """Move what was postponed, before anybody is registered for it, so that no mail is queued."""
        for code, told in content.results("current" if table else "2022").items():
            row = told.get("postponed")
            if not row:
                continue
            activity = plan.activities.get(code=code)
            if table:
                decided = dates.moment(local_day(activity.starts_at) - timedelta(days=row["decided_before"]), 15)
                slot = table.moved(
                    dates.Slot(activity.starts_at.astimezone(LOCAL), activity.ends_at.astimezone(LOCAL)),
                    row["by_days"],
                    dates.planned_slot(next(a for a in content.activities() if a["code"] == code)).starts_at.date(),
                )
            else:
                decided = dates.moment(row["decided_on"], 15)
                slot = dates.planned_slot(row)
            if decided < self.now and slot.starts_at != activity.starts_at:
                move_activity(
                    activity=activity,
                    starts_at=slot.starts_at,
                    ends_at=slot.ends_at,
                    reason=row["reason"]["vi"],
                    by=self.users["canbo.ttbc" if activity.lead_id == self.organisations["hmc"].pk else "canbo.fsc"],
                    at=decided,
                )

    def reach_milestones(self, plan: Plan, table: dates.Timetable | None) -> None:
        """Those of the planned year on the day told, those of the copy on their day while it is past."""
        done = content.read("results-2022")["milestones_done"]
        today = local_day(self.now)
        for row, milestone in zip(self.written["milestones"], plan.milestones.order_by("pk"), strict=True):
            day = milestone.day if table else done[row["order"]]
            if day < today:
                plans.reach_milestone(
                    milestone=milestone, by=self.users["canbo.fsc"], at=dates.moment(day, 16), day=day
                )


def speakers(row: dict[str, Any], *, instead: Mapping[str, str] | None = None) -> list[SpeakerDraft]:
    """Who speaks, chairs or presents; `instead` names who came in whose place."""
    people = content.read("plan-2022")["cast"]
    chosen = [people[(instead or {}).get(one["who"], one["who"])] for one in row["speakers"]]
    return [
        SpeakerDraft(name=one["name"], position=one["position"]["vi"], position_en=one["position"]["en"])
        for one in chosen
    ]


def _put(model: type[Any], slug: str, name: Mapping[str, str], **more: Any) -> None:
    """A term of a closed list; an existing one is left as people have changed it."""
    if model.objects.filter(slug=slug).exists():
        return
    row = model(slug=slug, name=name["vi"], name_en=name["en"], **more)
    row.mark_english()
    row.save()
