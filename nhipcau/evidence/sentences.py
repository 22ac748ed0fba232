"""An indicator's definition as one sentence, made from the data that counts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from nhipcau.evidence.models import EvidenceKind
from nhipcau.evidence.words import Words
from nhipcau.plans.models import Indicator

Measure, Across, Scope = Indicator.Measure, Indicator.Across, Indicator.Scope


def words_of(indicators: Iterable[Indicator]) -> Words:
    """The words that the definitions of these indicators need."""
    return Words({name for i in indicators for name in (*i.where, *i.numerator, i.dimension)})


def definition(indicator: Indicator, kinds: Mapping[str, EvidenceKind], words: Words) -> str:
    """The sentence “Count … of … in …; over the year …”, in the language of the page. No query."""
    if indicator.measure == Measure.TARGETS_MET:
        return _("The share, in percent, of all targets of the phase that are met; %(year)s.") % {
            "year": _across(indicator)
        }
    return _("%(count)s%(where)s, in %(scope)s; %(year)s.") % {
        "count": _count(indicator, kinds, words),
        "where": _where(indicator, words),
        "scope": _scope(indicator),
        "year": _across(indicator),
    }


def _names(keys: Iterable[str], kinds: Mapping[str, EvidenceKind]) -> str:
    names = [f"“{kinds[key].text('name')}”" if key in kinds else key for key in keys]
    return _(" and ").join(names)


def _count(  # noqa: PLR0911 (one sentence a measure)
    indicator: Indicator, kinds: Mapping[str, EvidenceKind], words: Words
) -> str:
    of = {"kinds": _names(indicator.kinds, kinds)}
    match indicator.measure:
        case Measure.ROWS:
            return _("Count the records of %(kinds)s") % of
        case Measure.SUM:
            return _("Add up the quantities of %(kinds)s") % of
        case Measure.DISTINCT:
            if indicator.dimension == "person":
                return _("Count the people in %(kinds)s, each once") % of
            return _("Count the different values of “%(dimension)s” in %(kinds)s") % (
                of | {"dimension": words.dimension(indicator.dimension)}
            )
        case Measure.MEAN:
            return _("Take the mean quantity of %(kinds)s") % of
        case Measure.MEDIAN:
            return _("Take the median quantity of %(kinds)s") % of
        case Measure.SHARE:
            return _("Take the share, in percent, of %(part)s among %(kinds)s") % (
                of | {"part": words.values(indicator.numerator, _(" or "))}
            )
        case Measure.BALANCE:
            (name, (plus, minus)), *_rest = indicator.numerator.items()
            return _("Take “%(plus)s” less “%(minus)s”, in percent of %(kinds)s") % (
                of | {"plus": words.value(name, plus), "minus": words.value(name, minus)}
            )
        case _other:
            return _("Set %(above)s against %(kinds)s, in percent") % (
                of | {"above": _names(indicator.numerator_kinds, kinds)}
            )


def _where(indicator: Indicator, words: Words) -> str:
    if not indicator.where:
        return ""
    return _(", only those with %(where)s") % {"where": words.values(indicator.where, _(" or "))}


def _scope(indicator: Indicator) -> str:
    if indicator.scope == Scope.PLAN:
        return _("the whole plan")
    return _("the activities that work for this indicator")


def _across(indicator: Indicator) -> str:
    return {
        Across.SUM: _("over the year the phases are added up"),
        Across.LAST: _("over the year the latest phase counts"),
        Across.FLOOR: _("every phase has to hold, so the weakest counts"),
        Across.RECOUNT: _("over the year it is counted again from the first day"),
    }[Across(indicator.across)]
