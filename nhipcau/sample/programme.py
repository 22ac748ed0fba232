"""One year of the sample as it stands in the database, with everybody who acts in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Agreement, Audience
from nhipcau.core.middleware import local_day
from nhipcau.evidence.models import EvidenceKind
from nhipcau.parties.models import Organisation, User
from nhipcau.plans.models import Phase, Plan
from nhipcau.privacy.models import Notice
from nhipcau.sample import content, dates, guests

ADMINISTRATOR = "quantri"


def beginning() -> datetime | None:
    """The moment the sample was begun on this installation: its "now"; None where there is no sample."""
    if sample_agreement() is None:
        return None
    return User.objects.filter(username=ADMINISTRATOR).values_list("date_joined", flat=True).first()


def sample_agreement() -> Agreement | None:
    """The sample's agreement, by its title."""
    return Agreement.objects.filter(is_sample=True, title=content.read("agreement")["agreement"]["title"]["vi"]).first()


@dataclass
class Programme:
    """A year: "2022" as planned, or "current", its copy laid around the day of the first start."""

    key: str
    plan: Plan
    now: datetime
    small: bool

    @classmethod
    def load(cls, key: str, *, now: datetime, small: bool) -> Programme:
        """Read the plan; what else is needed is read when asked for."""
        year = content.PLANNED_YEAR if key == "2022" else local_day(now).year
        plan = Plan.objects.select_related("agreement").prefetch_related("phases").get(
            agreement=sample_agreement(), year=year
        )  # fmt: skip
        return cls(key, plan, now, small)

    @cached_property
    def timetable(self) -> dates.Timetable:
        """How this year's days follow from the planned ones; only for the copy."""
        return dates.timetable(local_day(self.now))

    @cached_property
    def planned(self) -> dict[str, dict[str, Any]]:
        """The activities as written down, by code."""
        return {activity["code"]: activity for activity in content.activities()}

    @cached_property
    def results(self) -> dict[str, dict[str, Any]]:
        """What came of each activity, by code."""
        return content.results(self.key)

    @cached_property
    def activities(self) -> dict[str, Activity]:
        """The activities by code, each with the one plan object, so that its phases are read once."""
        found = {}
        for activity in Activity.objects.filter(plan=self.plan).select_related("kind", "lead", "partner", "phase"):
            activity.plan = self.plan
            found[activity.code] = activity
        return found

    @cached_property
    def users(self) -> dict[str, User]:
        """The demo accounts by user name."""
        return {user.username: user for user in User.objects.filter(username__in=accounts())}

    @cached_property
    def audiences(self) -> dict[str, Audience]:
        """Audiences by key."""
        return {audience.slug: audience for audience in Audience.objects.all()}

    @cached_property
    def kinds(self) -> dict[str, EvidenceKind]:
        """Kinds of evidence by key."""
        return {kind.slug: kind for kind in EvidenceKind.objects.all()}

    @cached_property
    def wording(self) -> Notice:
        """The consent guests of the sample gave."""
        return Notice.objects.get(form="registration", version=1)

    def guests(self, code: str) -> tuple[guests.Guest, ...]:
        """Who comes to an activity."""
        return guests.everybody(small=self.small).get((self.key, code), ())

    def officer(self, organisation: Organisation) -> User:
        """The programme officer of a party."""
        return self.users[f"canbo.{symbol(organisation)}"]

    def director(self, organisation: Organisation) -> User:
        """The director of a party."""
        return self.users[f"giamdoc.{symbol(organisation)}"]

    def records(self, organisation: Organisation) -> User:
        """The records office of a party."""
        return self.users[f"vanthu.{symbol(organisation)}"]

    def reception(self, organisation: Organisation) -> User:
        """The reception desk of a party."""
        return self.users[f"letan.{symbol(organisation)}"]

    @cached_property
    def parties(self) -> list[Organisation]:
        """Both parties in the order of the signed text."""
        return [
            party.organisation for party in self.plan.agreement.parties.select_related("organisation").order_by("order")
        ]

    def other(self, organisation: Organisation) -> Organisation:
        """The other party."""
        return next(party for party in self.parties if party.pk != organisation.pk)

    def phases(self) -> Iterator[tuple[int, Phase]]:
        """Phases with their order, which the written results go by."""
        yield from enumerate(sorted(self.plan.phases.all(), key=lambda phase: phase.first_day), start=1)

    def over(self, activity: Activity) -> bool:
        """Whether it has ended for the sample."""
        return activity.ends_at + timedelta(minutes=30) <= self.now


def symbol(organisation: Organisation) -> str:
    """The end of a party's user names: ttbc or fsc."""
    return organisation.symbol.lower()


def accounts() -> list[str]:
    """User names of the demo accounts."""
    return [row["username"] for row in content.read("texts")["accounts"]]
