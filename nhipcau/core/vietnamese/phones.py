"""Telephone numbers as people in Vietnam write them."""

from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

Kind = Literal["mobile", "fixed", "fixed_or_mobile", "shared_cost", "toll_free", "premium", "voip", "other"]

_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_or_mobile",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.VOIP: "voip",
}


@dataclass(frozen=True)
class Phone:
    """A valid number in the three ways it is written."""

    e164: str
    national: str
    international: str
    kind: Kind


def parse_phone(s: str) -> Phone | None:
    """Read a number, Vietnamese unless it begins with + and another country's code; None where it cannot be one."""
    try:
        number = phonenumbers.parse(s, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Phone(
        e164=phonenumbers.format_number(number, PhoneNumberFormat.E164),
        national=phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
        international=phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        kind=_KINDS.get(phonenumbers.number_type(number), "other"),
    )


def phone_shown(e164: str) -> str:
    """A stored number as people write it here, 0912 345 678; foreign ones with their country."""
    if e164.startswith("+84") and len(e164) == 12:
        return f"0{e164[3:6]} {e164[6:9]} {e164[9:]}"
    known = parse_phone(e164) if e164 else None
    return known.international if known else e164


def normal_mobile(s: str) -> str | None:
    """Give a mobile number as E.164, the key by which a participant is known; None where it is not a mobile."""
    phone = parse_phone(s)
    return phone.e164 if phone and phone.kind in {"mobile", "fixed_or_mobile"} else None
