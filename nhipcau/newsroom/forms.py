"""The forms of the back office in which sections and articles are written."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from nhipcau.core.forms import VietnameseFormMixin


class SectionForm(VietnameseFormMixin, WagtailAdminPageForm):
    """A section."""


class ArticleForm(VietnameseFormMixin, WagtailAdminPageForm):
    """An article: what would keep it from being published is said at its field, and only when it is to be published."""

    def _post_clean(self) -> None:
        """Let the model know whether this is kept as a draft, which may lack whatever it likes."""
        self.instance.kept_as_draft = self.is_deferred_validation
        super()._post_clean()
        del self.instance.kept_as_draft

    def clean(self) -> dict[str, Any]:
        """Nothing more than the fields say, yet."""
        said: dict[str, Any] = super().clean()
        return said
