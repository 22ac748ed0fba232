"""Guests are drawn, not real: the same for everybody, nobody of the public record among them."""

from nhipcau.core.vietnamese import fold, normal_mobile
from nhipcau.sample import content, guests


def test_guests_are_the_same_on_every_installation() -> None:
    first = guests.everybody(small=True)
    guests.everybody.cache_clear()
    assert guests.everybody(small=True) == first


def test_nobody_bears_a_name_of_the_public_record() -> None:
    real = {fold(name) for name in content.PUBLIC_RECORD}
    assert len(real) == 7
    names = {
        fold(person.name)
        for some in guests.everybody(small=False).values()
        for guest in some
        for person in (guest.who, guest.substitute)
        if person
    }
    assert {name for name in names if any(name.endswith(each) for each in real)} == set()
    cast = content.read("plan-2022")["cast"].values()
    assert {one["name"] for one in cast if any(each in fold(one["name"]) for each in real)} == set()
    assert [one["name"] for one in cast if "(mẫu)" not in one["name"]] == []


def test_every_number_is_a_mobile_and_belongs_to_one_name() -> None:
    owners: dict[str, set[str]] = {}
    for some in guests.everybody(small=False).values():
        for guest in some:
            for person in (guest.who, guest.substitute):
                if person and person.phone:
                    owners.setdefault(person.phone, set()).add(person.name)
    assert {phone for phone, names in owners.items() if len(names) > 1} == set()
    assert {phone for phone in list(owners)[::40] if normal_mobile(phone) is None} == set()


def test_nobody_comes_twice_to_one_activity() -> None:
    twice = {
        key
        for key, some in guests.everybody(small=False).items()
        if len({g.who.phone for g in some if g.who.phone}) != sum(bool(g.who.phone) for g in some)
    }
    assert twice == set()


def test_attendance_is_exactly_as_written() -> None:
    for (key, code), some in guests.everybody(small=False).items():
        told = content.results(key)[code]["attendance"]
        came: dict[str, int] = {}
        for guest in some:
            if guest.came:
                came[guest.who.audience] = came.get(guest.who.audience, 0) + 1
        places = [g for g in some if not (g.cancels or g.waits)]
        assert (came, len(places)) == (told["attended"], told["registered"]), (key, code)
        assert sum(g.waits for g in some) == told["waiting"]
        assert sum(g.walk_in for g in some) == told["walk_ins"]
        assert sum(g.online for g in some) == told["online"]
        assert sum(g.came and g.who.nationality != "VN" for g in some) == told["foreign"], (key, code)


def test_about_one_in_five_has_come_before() -> None:
    seen: set[str] = set()
    again = every = 0
    for some in guests.everybody(small=False).values():
        for guest in some:
            if guest.came and guest.who.phone:
                every += 1
                again += guest.who.phone in seen
        seen |= {guest.who.phone for guest in some if guest.came}
    assert 0.13 <= again / every <= 0.20
