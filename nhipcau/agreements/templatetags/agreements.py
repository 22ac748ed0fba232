"""What pages about agreements and plans say again and again: links from upper rooms, English that is out of date."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse

from nhipcau.agreements.access import Standing, Verb
from nhipcau.agreements.models import Clause
from nhipcau.core import entries
from nhipcau.core.models import Bilingual

register = template.Library()


def links_of(kind: type[entries.RecordLink], key: int, standing: Standing | None) -> list[dict[str, Any]]:
    """What upper rooms declared beside such a record and this standing may open; a room left out of the product has none."""
    found = []
    for link in entries.record_links(kind):
        if standing is None or not standing.can(Verb(link.verb)):
            continue
        try:
            found.append({"label": link.label, "url": reverse(link.url_name, args=[key])})
        except NoReverseMatch:
            continue
    return found


@register.inclusion_tag("agreements/_links.html")
def clause_links(clause: Clause, standing: Standing) -> dict[str, Any]:
    """Chips beside a clause that lead up to what became of it."""
    return {"links": links_of(entries.ClauseLink, clause.pk, standing), "about": clause.text("name")}


@register.inclusion_tag("agreements/_stale.html")
def stale_tag(row: Bilingual) -> dict[str, Any]:
    """A tag beside a row whose Vietnamese changed after its English was written."""
    return {"stale": bool(row.stale_english())}
