"""What every room's tables may build on: bilingual pairs, links, the search table, the journal of who did what."""

import hashlib
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nhipcau.core.keys import new_id
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


class Linked(models.Model):
    """A row that somebody opens by links of their own (`core.signing`); one more generation ends all given out before."""

    link_generation = models.PositiveSmallIntegerField(_("generation of its links"), default=0, editable=False)

    class Meta:
        abstract = True


class SearchEntry(models.Model):
    """One searchable thing: its text folded (no marks) and canonical (marks in one style), its title in it apart.

    The full-text index over `folded` is made by the migrations: FTS5 on SQLite, a GIN index on PostgreSQL. `moment` is
    what newer and older go by, `language` stands where the text is in one language only.
    """

    kind = models.CharField(_("kind"), max_length=60)
    object_id = models.BigIntegerField(_("record"))
    folded = models.TextField(_("folded text"))
    canonical = models.TextField(_("canonical text"))
    title_folded = models.TextField(_("folded title"), default="", db_default="", blank=True)
    title_canonical = models.TextField(_("canonical title"), default="", db_default="", blank=True)
    language = models.CharField(_("language"), max_length=10, default="", db_default="", blank=True)
    moment = models.DateTimeField(_("moment"), null=True, blank=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"


class SearchGram(models.Model):
    """Three signs in a row out of an entry's title: what finds it where a word was mistyped (`core.trigrams`)."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="grams", verbose_name=_("entry"))
    gram = models.CharField(_("three signs"), max_length=3)

    class Meta:
        verbose_name = _("trigram of a title")
        verbose_name_plural = _("trigrams of titles")
        constraints = [models.UniqueConstraint(fields=["gram", "entry"], name="search_gram_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.gram}"


class DueRun(models.Model):
    """A periodic task was enqueued for a minute; two schedulers cannot both note the same one."""

    job = models.CharField(pgettext_lazy("background", "task"), max_length=120)
    minute = models.DateTimeField(_("due minute"))

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        constraints = [models.UniqueConstraint(fields=["job", "minute"], name="due_run_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.minute:%Y-%m-%d %H:%M}"


class JournalEntry(models.Model):
    """One act: who did what to which thing and when, what it was before and after, why where a reason was asked.

    Rows are only ever added; triggers on both databases refuse the rest (`guards.JOURNAL`). Names stand as plain text of
    that moment, because core knows no room and because what was done stays told when its thing is gone. Nothing of what
    erasure empties is in here (`journal.things`). Written by `journal.verb` and `journal.note` only.
    """

    id = models.BigIntegerField(_("key"), primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("at"))
    by_id = models.BigIntegerField(_("account"), null=True, blank=True)
    by_name = models.CharField(_("who"), max_length=150, blank=True)
    acting_for_name = models.CharField(_("acting for"), max_length=150, blank=True)
    verb = models.CharField(_("act"), max_length=80)
    kind = models.CharField(_("kind of thing"), max_length=60)
    object_id = models.CharField(_("record"), max_length=60)
    label = models.CharField(_("name then"), max_length=300)
    label_en = models.CharField(_("name then, in English"), max_length=300, blank=True)
    # What it belongs to, for stories (an activity, a plan, a direction); the whole (an agreement), for lists.
    under_kind = models.CharField(_("belongs to a"), max_length=60, blank=True)
    under_id = models.CharField(_("belongs to"), max_length=60, blank=True)
    whole_kind = models.CharField(_("kind of whole"), max_length=60, blank=True)
    whole_id = models.CharField(_("whole"), max_length=60, blank=True)
    part_of = models.BigIntegerField(_("part of the act"), null=True, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), blank=True)
    folded = models.TextField(_("folded text"), default="", blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["kind", "object_id", "-at"], name="journal_by_thing"),
            models.Index(fields=["under_kind", "under_id", "-at"], name="journal_by_story"),
            models.Index(fields=["whole_kind", "whole_id", "-at", "-id"], name="journal_by_whole"),
            models.Index(fields=["-at"], name="journal_by_time"),
            models.Index(fields=["part_of"], condition=models.Q(part_of__isnull=False), name="journal_parts"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}:{self.object_id}"


class WorkerSign(models.Model):
    """A worker's latest sign of life. Without a new one for `good_for` it is dead, and what it was running is put back."""

    worker = models.CharField(_("worker"), max_length=64, unique=True)
    since = models.DateTimeField(_("since"))
    at = models.DateTimeField(_("latest sign of life"))
    good_for = models.DurationField(_("good for"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return f"{self.worker} {self.at:%H:%M:%S}"


class PublicStamp(models.Model):
    """That something public has changed: a number a writer raises in the transaction of the change (`core/stamps.py`)."""

    writer = models.BigIntegerField(_("writer"), primary_key=True)
    number = models.BigIntegerField(_("changes"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("stamp of changes")
        verbose_name_plural = _("stamps of changes")

    def __str__(self) -> str:
        return f"{self.writer}: {self.number}"
