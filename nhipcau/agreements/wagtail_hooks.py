"""Puts the registers of this room into the back office."""

from wagtail.snippets.models import register_snippet

from nhipcau.agreements.registers import AgreementsGroup, WordsGroup

register_snippet(AgreementsGroup)
register_snippet(WordsGroup)
