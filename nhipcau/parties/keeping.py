"""Registers of the back office keep the journal: whatever is added, changed or deleted there is noted with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from wagtail.snippets.views.snippets import CopyView, CreateView, DeleteView, EditView, SnippetViewSet

from nhipcau.core import journal


def _verb(row: Model, act: str) -> str:
    return f"{row._meta.app_label}.{act}"


class KeptCreateView(CreateView):
    """Adds a row, noted in the same transaction."""

    def save_instance(self) -> Any:
        """Save, then note what the new row says."""
        row = super().save_instance()
        journal.note(
            row,
            verb=_verb(row, "add_to_register"),
            by=self.request.user,
            at=self.request.now,
            after=journal.look(row),
        )
        return row


class KeptCopyView(CopyView, KeptCreateView):
    """Adds a row that begins as another one stands; noted as any added."""


class KeptEditView(EditView):
    """Changes a row, noted in the same transaction."""

    def save_instance(self) -> Any:
        """Look at what is stored, save, note what differs."""
        before = journal.look(self.form.instance, lock=True)
        row = super().save_instance()
        journal.note(
            row,
            verb=_verb(row, "change_in_register"),
            by=self.request.user,
            at=self.request.now,
            before=before,
            after=journal.look(row),
        )
        return row


class KeptDeleteView(DeleteView):
    """Deletes a row, noted in the same transaction."""

    def delete_action(self) -> None:
        """Note what the row said, then delete it."""
        with transaction.atomic():
            note_deleted(self.request, [self.object])
            super().delete_action()


class Register(SnippetViewSet):
    """A register of the back office."""

    add_view_class = KeptCreateView
    edit_view_class = KeptEditView
    delete_view_class = KeptDeleteView
    copy_view_class = KeptCopyView
    copy_view_enabled = False


def note_deleted(request: HttpRequest, rows: Iterable[Model]) -> None:
    """Note rows of a register that are about to be deleted; call it in the same transaction."""
    for row in rows:
        journal.note(
            row,
            verb=_verb(row, "delete_from_register"),
            by=request.user,
            at=request.now,  # type: ignore[attr-defined]  # set by core.middleware.Clock
            before=journal.look(row),
        )
