"""Puts the registers of this room into the back office, and keeps what other records stand on."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import router
from django.db.models import Model, ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from nhipcau.parties.keeping import Register, note_deleted
from nhipcau.parties.registers import PartiesGroup

register_snippet(PartiesGroup)


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]  # Wagtail has no types
def keep_what_others_stand_on(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """Say so instead of failing when a record of a register, one or several at once, is still in use."""
    rows = list(instances)
    if not rows:
        return None
    collector = Collector(using=router.db_for_write(type(rows[0])), origin=rows[0])
    try:
        collector.collect(rows)
    except ProtectedError:
        messages.error(request, _("Nothing was deleted: other records still refer to it."))
        return redirect(type(rows[0]).snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]  # set by register_snippet
    return None


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]  # Wagtail has no types
def note_what_goes(request: HttpRequest, action: str, rows: Iterable[Model], view: object) -> None:
    """Rows of a register deleted several at once are noted as those deleted one by one; in the same transaction."""
    kept = [row for row in rows if isinstance(getattr(row, "snippet_viewset", None), Register)]
    if action == "delete":
        note_deleted(request, kept)
