"""Puts the registers of this room into the back office, and keeps clauses from being deleted there."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from nhipcau.agreements.models import Clause
from nhipcau.agreements.registers import AgreementsGroup, WordsGroup

register_snippet(AgreementsGroup)
register_snippet(WordsGroup)


@hooks.register("before_delete_snippet")  # type: ignore[untyped-decorator]  # Wagtail has no types
def keep_clauses(request: HttpRequest, instances: Iterable[Model]) -> HttpResponse | None:
    """A clause is never deleted, not even several at once: an annex replaces it."""
    if not any(isinstance(row, Clause) for row in instances):
        return None
    messages.error(
        request, _("Clauses are not deleted: an annex replaces them, and the earlier wording stays readable.")
    )
    return redirect(Clause.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]  # set by register_snippet
