"""Addresses before and after local government lost its district level on 1 July 2025."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .text import normalise

TWO_LEVELS_FROM = date(2025, 7, 1)

AddressWarning = Literal["district_abolished"]

_WARD = re.compile(r"(?:phường|xã|thị trấn|đặc khu|p\.)\s*\S", re.IGNORECASE)
_DISTRICT = re.compile(r"(?:quận|huyện|thị xã|q\.)\s*\S", re.IGNORECASE)
_PROVINCE = re.compile(r"(?:tỉnh|thành phố|tp\.?)\s*\S", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An address as written, with the parts that could be told apart; None where a part is not given."""

    text: str
    street: str | None
    ward: str | None
    district: str | None
    province: str | None
    warnings: tuple[AddressWarning, ...] = ()


def parse_address(text: str, *, as_of: date) -> Address:
    """Split a written address at its commas; never refuses: a district since 1 July 2025 is kept with a warning."""
    kept = normalise(text)
    street: list[str] = []
    ward = district = province = None
    for part in (piece.strip() for piece in reversed(kept.split(","))):
        if province is None and not street and _PROVINCE.match(part):
            province = part
        # A city under a province stood at district level: "thành phố Thủ Đức, Thành phố Hồ Chí Minh".
        elif district is None and ward is None and not street and (_DISTRICT.match(part) or _PROVINCE.match(part)):
            district = part
        elif ward is None and not street and _WARD.match(part):
            ward = part
        elif part:
            street.insert(0, part)
    warned = district is not None and as_of >= TWO_LEVELS_FROM
    return Address(
        text=kept,
        street=", ".join(street) or None,
        ward=ward,
        district=district,
        province=province,
        warnings=("district_abolished",) if warned else (),
    )
