"""What a visitor can narrow the search by; what is not offered is ignored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nhipcau.agreements.models import Agreement, Topic
from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.newsroom.models import Section
from nhipcau.website.finding import Scope


class SearchFilter(VietnameseFormMixin, forms.Form):
    """Section, topic, year and language, chosen among what is handed in; no query."""

    section = forms.ChoiceField(label=_("Section"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    year = forms.ChoiceField(label=_("Year"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(
        self, data: Any, *, topics: Sequence[Topic], sections: Sequence[Section], years: Iterable[int]
    ) -> None:
        super().__init__(data)
        self.topics = {topic.slug: topic for topic in topics}
        self.sections = {section.slug: section for section in sections}
        offered = {
            "section": [(slug, section.title) for slug, section in self.sections.items()],
            "topic": [(slug, topic.text("name")) for slug, topic in self.topics.items()],
            "year": [(str(year), str(year)) for year in years],
            "language": settings.LANGUAGES,
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("all")), *choices]  # type: ignore[attr-defined]  # all are ChoiceField

    def scope(self, *, at: datetime, agreement: Agreement | None, sections: Sequence[Section]) -> Scope:
        """Where to look."""
        self.is_valid()
        chosen = self.cleaned_data
        return Scope(
            at=at,
            agreement=agreement,
            sections=sections,
            section=self.sections.get(chosen.get("section", "")),
            topic=self.topics.get(chosen.get("topic", "")),
            year=int(chosen["year"]) if chosen.get("year") else None,
            language=chosen.get("language", ""),
        )
