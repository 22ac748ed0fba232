"""What every room's tables may build on: bilingual pairs and the search table."""

import hashlib
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from nhipcau.core.language import reading


def fingerprint(text: str) -> str:
    """A short digest of a Vietnamese text, kept beside its English to notice later changes."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class Bilingual(models.Model):
    """A row with Vietnamese texts and their English beside them (`title`, `title_en`).

    Vietnamese is required, English falls back to it. `english_of` keeps what each English text was made from, so that a
    Vietnamese text changed since is known to be stale.
    """

    bilingual_fields: ClassVar[tuple[str, ...]] = ()

    english_of = models.JSONField(_("English made from"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    def text(self, name: str, language: str | None = None) -> str:
        """The text in the given or active language, Vietnamese where there is no English."""
        vietnamese: str = getattr(self, name)
        if (language or reading()).startswith("en"):
            english: str = getattr(self, f"{name}_en")
            return english or vietnamese
        return vietnamese

    def mark_english(self) -> None:
        """Note that every English text present now answers the Vietnamese beside it; does not save."""
        self.english_of = {
            name: fingerprint(getattr(self, name)) for name in self.bilingual_fields if getattr(self, f"{name}_en")
        }

    def stale_english(self) -> list[str]:
        """Names of the fields whose Vietnamese changed after their English was written."""
        kept: dict[str, Any] = self.english_of
        return [
            name
            for name in self.bilingual_fields
            if getattr(self, f"{name}_en") and kept.get(name) != fingerprint(getattr(self, name))
        ]


class SearchEntry(models.Model):
    """One searchable thing: its text folded (no marks) and canonical (marks in one style).

    The full-text index over `folded` is made by the migrations: FTS5 on SQLite, a GIN index on PostgreSQL.
    """

    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("record"))
    folded = models.TextField(_("folded text"))
    canonical = models.TextField(_("canonical text"))

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"


class DueRun(models.Model):
    """A periodic task was enqueued for a minute; two schedulers cannot both note the same one."""

    job = models.CharField(_("task"), max_length=120)
    minute = models.DateTimeField(_("due minute"))

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        constraints = [models.UniqueConstraint(fields=["job", "minute"], name="due_run_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.minute:%Y-%m-%d %H:%M}"
