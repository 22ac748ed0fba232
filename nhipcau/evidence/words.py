"""Dimensions and their values in words: what a filter, a chip or a sentence calls them."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.activities.models import ActivityKind
from nhipcau.agreements.models import Area, Audience, Pillar, Term, Topic

YES_NO: dict[str, str | Promise] = {"yes": _("yes"), "no": _("no")}
DIMENSIONS: dict[str, str | Promise] = {
    "topic": _("Topic"),
    "pillar": _("Diplomacy pillar"),
    "area": _("Area of cooperation"),
    "kind": _("Kind of activity"),
    "audience": _("Audience"),
    "mode": _("Mode"),
    "on_time": _("On time"),
    "sex": _("Sex"),
    "nationality": _("Nationality"),
    "outlet_kind": _("Kind of outlet"),
    "language": _("Language"),
    "key_message": _("Carries the key message"),
    "question": _("Who answered"),
    "answer": _("Answer"),
    "scheme": _("Scheme or programme"),
    "product": _("Kind of product"),
    "channel": _("Channel"),
    "department": _("Supervising department"),
    "point": _("Reception point"),
    "section": _("Section"),
}
#: What different ones can be told apart by beside the dimensions.
OWN_COLUMNS: dict[str, str | Promise] = {
    "person": _("Person"),
    "organisation": _("Organisation"),
    "activity": _("Activity"),
    "day": pgettext_lazy("dimension", "Day"),
}
VALUES: dict[str, dict[str, str | Promise]] = {
    "on_time": {"yes": _("on time"), "no": _("late")},
    "key_message": YES_NO,
    "answer": YES_NO,
    "mode": {"onsite": _("in person"), "online": _("online"), "hybrid": _("in person and online")},
    "sex": {"female": pgettext_lazy("sex", "female"), "male": pgettext_lazy("sex", "male")},
    "nationality": {"vn": _("Viet Nam"), "foreign": _("foreign")},
    "outlet_kind": {
        "print": _("print"),
        "online": _("online newspaper"),
        "radio": _("radio"),
        "tv": _("television"),
        "foreign": _("foreign press"),
    },
    "language": {
        "vi": _("Vietnamese"),
        "en": _("English"),
        "zh": _("Chinese"),
        "ja": _("Japanese"),
        "ko": _("Korean"),
        "fr": _("French"),
    },
    "question": {"delegate": _("delegates"), "trainee": _("trainees")},
    "product": {
        "article": _("article"),
        "video": _("video"),
        "infographic": _("infographic"),
        "publication": _("publication"),
    },
    "channel": {
        "website": _("website"),
        "social": _("social media"),
        "video": _("video platform"),
        "broadcast": _("radio and television"),
    },
}
REGISTERS: dict[str, type[Term]] = {
    "topic": Topic,
    "pillar": Pillar,
    "area": Area,
    "audience": Audience,
    "kind": ActivityKind,
}


class Words:
    """The names of dimensions and values; registers named at the start are read with one statement each."""

    def __init__(self, dimensions: Iterable[str]) -> None:
        self.registers: dict[str, dict[str, Term]] = {}
        for name in sorted(set(dimensions) & set(REGISTERS)):
            terms = REGISTERS[name]._default_manager.all()  # noqa: SLF001 (documented API of Django)
            self.registers[name] = {term.slug: term for term in terms}
        # An export asks for the same few words a million times; one object speaks one language.
        self.dimension = functools.cache(self._dimension)
        self.value = functools.cache(self._value)

    def _dimension(self, name: str) -> str:
        """“Audience”."""
        return str(DIMENSIONS.get(name) or OWN_COLUMNS.get(name) or name)

    def _value(self, name: str, value: str) -> str:
        """“Young people”; what no register knows is shown as it was written."""
        term = self.registers.get(name, {}).get(value)
        return term.text("name") if term else str(VALUES.get(name, {}).get(value, value))

    def values(self, where: Mapping[str, Iterable[str]], joined: str) -> str:
        """“Audience: Young people or Reporters; Language: English”; `joined` stands between values of one dimension."""
        return "; ".join(
            f"{self.dimension(name)}: {joined.join(self.value(name, value) for value in values)}"
            for name, values in where.items()
        )

    def offered(self, name: str, values: Iterable[str]) -> list[tuple[str, str]]:
        """Choices of a dimension: those of the kind, else those of the register; empty where anything may be typed."""
        keys = list(values) or list(self.registers.get(name, {}))
        return [(key, self.value(name, key)) for key in keys]

    def pairs(self, rows: Iterable[Any]) -> list[tuple[str, str]]:
        """Dimension rows of a record as (name, values), values of one dimension together."""
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.dimension, []).append(self.value(row.dimension, row.value))
        return [(self.dimension(name), ", ".join(values)) for name, values in sorted(found.items())]
