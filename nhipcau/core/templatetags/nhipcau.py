"""The template vocabulary every room shares: figures and dates as an office writes them, the two charts, page addresses."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template import Context
from django.urls import translate_url
from django.utils.translation import gettext as _

from nhipcau.core import logs, vietnamese
from nhipcau.core.language import reading

register = template.Library()

Number = int | float | Decimal
#: What stands where nothing was measured: never 0.
NOT_MEASURED = "–"


# --- figures ----------------------------------------------------------------------------------
@register.filter
def number(value: Number | str | None, decimals: int | None = None) -> str:
    """1234.5 → `1.234,5` (in English `1,234.5`); nothing measured → an en dash."""
    if value is None or value == "":
        return NOT_MEASURED
    return vietnamese.format_number(Decimal(str(value)), decimals, language=reading())


@register.filter
def money(value: Number | str | None) -> str:
    """1250000 → `1.250.000 ₫` with a no-break space."""
    if value is None or value == "":
        return NOT_MEASURED
    return vietnamese.vnd_screen(Decimal(str(value)), language=reading())


@register.filter
def percent(value: Number | str | None, decimals: int | None = None) -> str:
    """0.125 → `12,5%`; the value is a share, not hundredths."""
    if value is None or value == "":
        return NOT_MEASURED
    return vietnamese.percent(Decimal(str(value)), decimals, language=reading())


# --- days and hours: an aware moment is shown on the clock of Ho Chi Minh City ------------------
@register.filter
def short_date(value: date | None) -> str:
    """05/03/2022."""
    return vietnamese.short_date(value, language=reading()) if value else ""


@register.filter
def weekday_date(value: date | None) -> str:
    """Thứ Năm, 20/01/2022."""
    return vietnamese.weekday_short(value, language=reading()) if value else ""


@register.filter
def weekday_long(value: date | None) -> str:
    """Thứ Năm, ngày 20 tháng 01 năm 2022."""
    return vietnamese.weekday_long(value, language=reading()) if value else ""


@register.filter
def long_date(value: date | None) -> str:
    """ngày 05 tháng 3 năm 2022."""
    return vietnamese.long_date(value, language=reading()) if value else ""


@register.filter
def clock(value: datetime | time | None) -> str:
    """13:45, for tables."""
    if value is None or value == "":
        return ""
    return f"{value:%H:%M}" if isinstance(value, time) else vietnamese.clock(value)


@register.filter
def clock_spoken(value: datetime | time | None) -> str:
    """13g45, for invitations and prose; in English 13:45."""
    if value is None or value == "":
        return ""
    if isinstance(value, time):
        return f"{value:%H:%M}" if reading() == "en" else f"{value:%Hg%M}"
    return vietnamese.clock_spoken(value, language=reading())


# --- two languages ----------------------------------------------------------------------------
@register.filter
def pair(thing: object, field: str) -> str:
    """The bilingual field in the language of the page: `title_en` on English pages where it is filled, else `title`."""
    if thing is None:
        return ""
    own = str(getattr(thing, field, "") or "")
    if reading() == "en":
        return str(getattr(thing, f"{field}_en", "") or "") or own
    return own


@register.simple_tag
def home_path() -> str:
    """The address of the front page in the language of the page."""
    language = reading()
    return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"


@register.inclusion_tag("core/_language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """Links to this page in the other languages.

    A page whose address cannot be translated by its name alone (a Wagtail page) passes `translations`, a mapping of
    language code to address; then only those languages are offered.
    """
    request = context.get("request")
    given: dict[str, str] | None = context.get("translations")
    known = given or {}
    current = reading()
    links = []
    for code, name in settings.LANGUAGES:
        if code == current or (given is not None and code not in given):
            continue
        home = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
        here = request.get_full_path() if request is not None else ""
        moved = translate_url(here, code) if here else home
        url = known.get(code) or (home if moved == here else moved)
        links.append({"code": code, "name": name, "url": url})
    return {"links": links}


# --- lists ------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int | str) -> str:
    """The address of another page of this list; search and filters stay."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[dict[str, Any]]:
    """The page numbers worth showing; a gap is an entry without a number."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [{"number": n if isinstance(n, int) else None, "current": n == page.number} for n in shown]


# --- charts -----------------------------------------------------------------------------------
def _coordinate(value: float) -> str:
    """A coordinate with a point, whatever the language of the page."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@register.inclusion_tag("core/_arch.html")
def arch(percent: Number | None, label: str = "") -> dict[str, Any]:
    """A span between two piers, drawn as far as the share that is proven.

    `percent` runs from 0 to 100; None draws the dashed bed of something not measured. Without a label the picture is
    decoration to a screen reader: then the figure must stand beside it in text.
    """
    share = None if percent is None or percent == "" else min(max(float(percent), 0.0), 100.0)
    return {
        "measured": share is not None,
        "share": _coordinate(share or 0.0),
        "drawn": bool(share),
        "whole": share == 100.0,
        "label": label,
    }


@register.inclusion_tag("core/_bullet.html")
def bullet(
    value: Number | None, target: Number | None, pace: Number | None = None, label: str = "", state: str = ""
) -> dict[str, Any]:
    """Actual against target on one line, with a tick where the plan should be today.

    `state` is "ok", "late" or "" (neutral); left out, it follows from value and pace. A late bar is broken into
    segments, so the state does not hang on its colour.
    """
    actual, aim, due = (None if v is None or v == "" else float(v) for v in (value, target, pace))
    if not state and actual is not None and due is not None:
        state = "late" if actual < due else "ok"
    top = max(actual or 0.0, aim or 0.0, due or 0.0, 0.0) * 1.06 or 1.0

    def x(amount: float) -> str:
        return _coordinate(100 * max(amount, 0.0) / top)

    spoken = label or (
        _("%(value)s of %(target)s") % {"value": number(value), "target": number(target)}
        if actual is not None
        else _("not measured")
    )
    return {
        "actual": None if actual is None else x(actual),
        "aim": None if aim is None else x(aim),
        "due": None if due is None else x(due),
        "bed": x(aim) if aim is not None else "100",
        "state": state if state in {"ok", "late"} else "",
        "label": spoken,
    }


@register.simple_tag
def request_id() -> str:
    """The id of the request at hand, for somebody to tell; "" outside of one. Needs no context processor."""
    return logs.request_id()
