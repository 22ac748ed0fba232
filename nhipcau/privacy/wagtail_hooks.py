"""Puts the registers of this room into the back office."""

from wagtail.snippets.models import register_snippet

from nhipcau.privacy.registers import PrivacyGroup

register_snippet(PrivacyGroup)
