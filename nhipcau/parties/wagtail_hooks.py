"""Puts the registers of this room into the back office."""

from wagtail.snippets.models import register_snippet

from nhipcau.parties.registers import PartiesGroup

register_snippet(PartiesGroup)
