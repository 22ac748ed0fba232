"""Who comes to the sample's activities: drawn from pools with a fixed seed, so that two installations show the same people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

from nhipcau.core.vietnamese import fold
from nhipcau.sample import content

SMALL = 0.06
#: Cancelled among those who registered, and arrivals taken back and repeated at the desk.
_CANCELLED, _UNDONE = 0.04, 0.012
_CHANNELS = {
    "open": {"self": 88, "zalo": 7, "phone": 5},
    "invitation": {"letter": 36, "zalo": 34, "phone": 14, "self": 16},
    "nomination": {"letter": 62, "zalo": 20, "self": 18},
}
#: How the guests of three days spread over them; heavy rain fell on the second afternoon of the first year.
_THREE_DAYS = {"2022": (40, 21, 39), "current": (34, 32, 34)}
_WEST = {"SE", "GB", "FR", "DE", "AU", "US", "CA", "IT", "ES", "NL", "NO", "PL", "BR", "TR"}


@dataclass(frozen=True)
class Identity:
    """A person who may come again."""

    name: str
    phone: str
    email: str
    sex: str
    nationality: str
    unit: str
    position: str
    audience: str


@dataclass(frozen=True)
class Guest:
    """One place at one activity and what became of it. Days and minutes are relative to the start."""

    who: Identity
    channel: str
    days_before: float
    came: bool = False
    day: int = 0
    minute: int = 0
    online: bool = False
    walk_in: bool = False
    cancels: bool = False
    undone: bool = False
    waits: bool = False
    of_honour: bool = False
    seat: str = ""
    substitute: Identity | None = None


class _Pool:
    """Weighted things, drawn quickly."""

    def __init__(self, pairs: Sequence[Sequence[Any]]) -> None:
        self.things = [pair[0] for pair in pairs]
        self.weights = list(accumulate(pair[1] for pair in pairs))

    def draw(self, rng: random.Random) -> Any:
        return rng.choices(self.things, cum_weights=self.weights)[0]


class _Cast:
    """Draws people, one activity after another; remembers who came so that some return."""

    def __init__(self) -> None:
        self.people = content.read("people")
        self.rules = self.people["rules"]
        self.serial = 0
        self.seen: dict[str, list[Identity]] = {}
        self.family = _Pool(self.people["family"])
        self.middle = {sex: _Pool(pairs) for sex, pairs in self.people["middle"].items()}
        self.units = {who: _Pool(pairs) for who, pairs in self.people["units"].items()}
        self.positions = {
            who: _Pool([(row["vi"], row["weight"]) for row in rows]) for who, rows in self.people["positions"].items()
        }
        self.positions_en = _Pool([(row["en"], row["weight"]) for row in self.people["positions"]["foreign"]])
        self.refused = {fold(name) for name in content.PUBLIC_RECORD}

    def number(self) -> str:
        """A valid mobile number nobody else of the sample has."""
        self.serial += 1
        prefixes = self.rules["phone_prefixes"]
        return f"{prefixes[self.serial % len(prefixes)]}{(self.serial * 386093 + 271) % 1_000_000:06}"

    def _vietnamese_name(self, rng: random.Random, sex: str) -> str:
        while True:
            parts = [self.family.draw(rng)]
            if rng.random() >= self.rules["middle_name_missing"]:
                parts.append(self.middle[sex].draw(rng))
            parts.append(rng.choice(self.people["given"][sex]))
            name = " ".join(parts)
            if not any(fold(name).endswith(refused) for refused in self.refused):
                return name

    def _foreign_name(self, rng: random.Random) -> tuple[str, str, str]:
        one, other = rng.choice(self.people["foreign_people"]), rng.choice(self.people["foreign_people"])
        name = one["name"]
        if one["country"] in _WEST and other["country"] in _WEST:
            name = f"{one['name'].split()[0]} {other['name'].split(maxsplit=1)[1]}"
        return name, one["sex"], other["country"] if name != one["name"] else one["country"]

    def new(self, rng: random.Random, audience: str, *, foreign: bool = False) -> Identity:
        """Somebody who has not been seen before."""
        pool = "foreign" if foreign and audience != "reporter" else audience
        if foreign:
            name, sex, nationality = self._foreign_name(rng)
        else:
            sex = "female" if rng.random() < self.rules["female_share"][audience] else "male"
            name, nationality = self._vietnamese_name(rng, sex), "VN"
        phone = self.number()
        email = ""
        if rng.random() < self.rules["email_share"]["foreign" if foreign else audience]:
            words = fold(name).replace("'", "").split()
            local = words[-1] + "".join(word[0] for word in words[:-1])
            email = f"{local}{self.serial}@{self.rules['email_domain'][pool]}"
        return Identity(
            name=name,
            phone=phone,
            email=email,
            sex=sex,
            nationality=nationality,
            unit=self.units[pool].draw(rng),
            position=self.positions_en.draw(rng) if pool == "foreign" else self.positions[pool].draw(rng),
            audience=audience,
        )

    def somebody(self, rng: random.Random, audience: str, here: set[str], *, foreign: bool = False) -> Identity:
        """A new person, or in about one case of five one who came before."""
        known = self.seen.get(f"{audience}:{foreign}", [])
        if known and rng.random() < self.rules["returning_share"]:
            for _try in range(4):
                old = rng.choice(known)
                if old.phone not in here:
                    here.add(old.phone)
                    return old
        person = self.new(rng, audience, foreign=foreign)
        here.add(person.phone)
        return person

    def remember(self, guests: Sequence[Guest]) -> None:
        """Those who came may come again."""
        for guest in guests:
            if guest.came and not guest.of_honour:
                foreign = guest.who.nationality != "VN"
                self.seen.setdefault(f"{guest.who.audience}:{foreign}", []).append(guest.who)


def _shares(total: int, by: dict[str, int]) -> list[str]:
    """Keys spread over a total in proportion to their weights, largest remainder last."""
    weight = sum(by.values()) or 1
    spread = [key for key, n in by.items() for _one in range(total * n // weight)]
    keys = list(by)
    return spread + [keys[n % len(keys)] for n in range(total - len(spread))]


def scaled(attendance: dict[str, Any], *, small: bool) -> dict[str, Any]:
    """The numbers of an activity, or about a twentieth of them for tests."""
    if not small:
        return attendance
    attended = {who: max(1, round(n * SMALL)) for who, n in attendance["attended"].items()}
    came = sum(attended.values())
    fewer = {name: min(came // 3, -(-attendance[name] // 40)) for name in ("walk_ins", "substitutes", "foreign")}
    waiting = -(-attendance["waiting"] // 10)
    return {
        **attendance,
        **fewer,
        "attended": attended,
        "online": round(attendance["online"] * SMALL),
        "waiting": waiting,
        "registered": came + max(1, round((attendance["registered"] - sum(attendance["attended"].values())) * SMALL)),
    }


def _draw(cast: _Cast, activity: dict[str, Any], attendance: dict[str, Any], key: str) -> list[Guest]:
    rng = random.Random(f"{cast.people['seed']}:{key}:{activity['code']}")  # noqa: S311 (a sample, no secret)  # nosec B311
    rules = cast.rules
    attended: dict[str, int] = attendance["attended"]
    here: set[str] = set()
    channels = _Pool(list(_CHANNELS[activity["registration"]].items()))
    came = [who for who, n in attended.items() for _one in range(n)]
    foreign_left = attendance["foreign"]
    order = {"other": 0, "enterprise": 1, "reporter": 2, "agency": 3, "youth": 4}
    strangers: set[int] = set()
    for index in sorted(range(len(came)), key=lambda i: (order[came[i]], i)):
        if foreign_left and not (len(attended) > 1 and came[index] == "other" and len(strangers) % 4 == 3):
            strangers.add(index)
            foreign_left -= 1
    missing = attendance["registered"] - len(came)
    guests: list[Guest] = []

    def days_before() -> float:
        span = rules["registered_days_before"]
        return round(rng.triangular(span["min"], span["max"], span["peak"]), 3)

    minutes = rules["check_in_minutes"]
    long_days = activity["kind"] == "domestic_event" and activity["start"][:10] != activity["end"][:10]
    for index, audience in enumerate(came):
        day = rng.choices((0, 1, 2), weights=_THREE_DAYS[key])[0] if long_days else 0
        minute = (
            round(rng.triangular(-20, 250, 70))
            if long_days
            else round(rng.triangular(minutes["earliest"], minutes["latest"], minutes["peak"]))
        )
        guests.append(
            Guest(
                who=cast.somebody(rng, audience, here, foreign=index in strangers),
                channel=channels.draw(rng),
                days_before=days_before(),
                came=True,
                day=day,
                minute=minute,
                undone=rng.random() < _UNDONE,
            )
        )
    chosen = rng.sample(range(len(guests)), attendance["walk_ins"] + attendance["online"])
    for index in chosen[: attendance["walk_ins"]]:
        guests[index] = replace(guests[index], walk_in=True, channel="desk", minute=max(guests[index].minute, -25))
    for index in chosen[attendance["walk_ins"] :]:
        guests[index] = replace(guests[index], online=True, minute=max(guests[index].minute, -12), undone=False)
    free = [i for i in range(len(guests)) if i not in set(chosen) and guests[i].who.nationality == "VN"]
    for index in rng.sample(free, min(attendance["substitutes"], len(free))):
        guests[index] = replace(guests[index], substitute=cast.new(rng, guests[index].who.audience), undone=False)
    _honour(cast, activity["code"], guests)
    guests.extend(
        Guest(who=cast.somebody(rng, audience, here), channel=channels.draw(rng), days_before=days_before())
        for audience in _shares(missing, attended)
    )
    for audience in _shares(round(attendance["registered"] * _CANCELLED), attended):
        early = max(days_before(), 1.5)
        guests.append(
            Guest(who=cast.somebody(rng, audience, here), channel=channels.draw(rng), days_before=early, cancels=True)
        )
    guests.sort(key=lambda g: (g.walk_in, -g.days_before, g.who.phone))
    for audience in _shares(attendance["waiting"], attended):
        last = min((g.days_before for g in guests if not g.walk_in), default=1.0)
        guests.append(Guest(who=cast.somebody(rng, audience, here), channel="self", days_before=last * 0.8, waits=True))
    return guests


def _honour(cast: _Cast, code: str, guests: list[Guest]) -> None:
    """Guests of honour take the first places of those who came, in the order set by hand."""
    if code not in {"HN-01", "HN-02", "SK-01", "SK-03"}:
        return
    places = (
        i for i, g in enumerate(guests) if not (g.walk_in or g.online or g.substitute) and g.who.nationality == "VN"
    )
    for row, index in zip(cast.people["guests_of_honour"], list(places), strict=False):
        who = Identity(row["name"], "", "", "", "VN", row["unit"], "", guests[index].who.audience)
        guests[index] = replace(
            guests[index],
            who=who,
            channel="letter",
            days_before=9.0 + row["order"],
            of_honour=True,
            seat=f"A{row['order']}",
            minute=min(guests[index].minute, -10),
            undone=False,
        )


@lru_cache(maxsize=2)
def everybody(*, small: bool) -> dict[tuple[str, str], tuple[Guest, ...]]:
    """The guests of every activity of both years, by ("2022" or "current", code), each in the order they registered.

    One second or so; the years are drawn together because people of the first come back in the second.
    """
    cast = _Cast()
    found: dict[tuple[str, str], tuple[Guest, ...]] = {}
    for key in ("2022", "current"):
        results = content.results(key)
        for activity in content.activities():
            attendance = results.get(activity["code"], {}).get("attendance")
            if attendance and activity["registration"] != "none":
                guests = _draw(cast, activity, scaled(attendance, small=small), key)
                cast.remember(guests)
                found[key, activity["code"]] = tuple(guests)
    return found
