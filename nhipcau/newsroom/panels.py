"""What the form of an English edition shows of its source: beside each stale paragraph what changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import cached_property
from wagtail.admin.panels import Panel

if TYPE_CHECKING:
    from nhipcau.newsroom.editions import Line


class SourcePanel(Panel):
    """Only on an edition: how many paragraphs no longer answer; the script puts each note beside its paragraph."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one edition."""

        template_name = "newsroom/_source_panel.html"

        @cached_property
        def lines(self) -> list[Line] | None:
            """The paragraphs that no longer answer; None where the page is no edition."""
            from nhipcau.newsroom.editions import as_read, lines_of, source_of

            source = source_of(self.instance) if self.instance.pk else None
            if source is None:
                return None
            return [line for line in lines_of(self.instance, as_read(source)) if line.stale]

        def is_shown(self) -> bool:
            """Not on the article in the first language."""
            return super().is_shown() and self.lines is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """With the paragraphs."""
            return {**super().get_context_data(parent_context), "lines": self.lines, "edition": self.instance}

        @property
        def media(self) -> forms.Media:
            """The script that moves the notes."""
            return forms.Media(js=["newsroom/editions.js"])
