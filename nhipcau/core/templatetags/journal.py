"""The journal beside a thing: a link to its story, with the last few acts once the page is looked at."""

from django import template
from django.db.models import Model

from nhipcau.core import journal

register = template.Library()


@register.simple_tag
def journal_address(row: Model) -> str:
    """Where the story of a row is read, for a link in a list. No query."""
    return journal.address_of(row)


@register.inclusion_tag("core/_journal.html")
def journal_beside(row: Model) -> dict[str, str]:
    """A part of a page about a row. No query: the last acts come by htmx, and without it the link leads to them."""
    return {"address": journal.address_of(row)}
