"""One person, one row."""

import pytest

from nhipcau.parties.models import Person
from nhipcau.parties.services import find_or_create_person

pytestmark = pytest.mark.django_db


def test_find_or_create_person_knows_number_and_name_without_marks() -> None:
    first = find_or_create_person(name="Nguyễn Thị Thanh Vân", phone="+84912345678")
    assert find_or_create_person(name="nguyen thi thanh van", phone="+84912345678") == first
    assert Person.objects.get().name == "Nguyễn Thị Thanh Vân"


def test_find_or_create_person_keeps_people_who_share_a_number_apart() -> None:
    first = find_or_create_person(name="Nguyễn Thị Thanh Vân", phone="+84912345678")
    assert find_or_create_person(name="Trần Gia Bảo", phone="+84912345678") != first


def test_find_or_create_person_without_number_makes_a_new_one() -> None:
    assert find_or_create_person(name="Lê Minh An") != find_or_create_person(name="Lê Minh An")


def test_find_or_create_person_fills_in_and_never_overwrites() -> None:
    find_or_create_person(name="Lê Minh An", phone="+84912345678", email="an@example.vn")
    found = find_or_create_person(name="Lê Minh An", phone="+84912345678", email="khac@example.vn", sex="female")
    assert (found.email, found.sex) == ("an@example.vn", "female")


def test_find_or_create_person_takes_the_longest_name() -> None:
    person = find_or_create_person(name="Ặ" * 120)
    assert len(person.name_sort) == 400


def test_find_or_create_person_knows_a_nationality_only_once_it_was_said() -> None:
    person = find_or_create_person(name="Lê Minh An", phone="+84912345678")
    assert person.nationality == ""
    said = [find_or_create_person(name="Lê Minh An", phone=person.phone, nationality=one) for one in ("VN", "ZZ")]
    assert [one.nationality for one in said] == ["VN", "VN"]
