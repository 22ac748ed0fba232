"""The journal at the desk: the whole agreement's with filters, one thing's story, both as files."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from nhipcau.agreements.access import access_agreement, current_agreement
from nhipcau.agreements.models import Agreement
from nhipcau.core import journal
from nhipcau.core.journal import Line
from nhipcau.core.middleware import NowRequest
from nhipcau.core.models import JournalEntry
from nhipcau.desk import chronicle, journal_sheets
from nhipcau.desk.forms import JournalFilter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _asked(request: NowRequest) -> tuple[Agreement, chronicle.May, JournalFilter, str, QuerySet[JournalEntry]]:
    """The agreement's entries as narrowed by the address."""
    agreement = current_agreement(request)
    standing = access_agreement(request, agreement)
    may = chronicle.may_of(standing)
    filters = JournalFilter(request.GET, agreement=agreement, hidden=journal.hidden_kinds(may, journal.kinds()))
    q = request.GET.get("q", "")[:200]
    rows = chronicle.of_agreement(agreement, may=may, administrator=standing.administrator)
    return agreement, may, filters, q, chronicle.narrowed(rows, filters, q).order_by("-at", "-id")


@login_required
@require_safe
def journal_list(request: NowRequest) -> HttpResponse:
    """Everything done under the agreement, latest first."""
    _agreement, may, filters, q, rows = _asked(request)
    pages = chronicle.JournalPaginator(rows, chronicle.PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": chronicle.told(page.object_list, may=may),
        "filters": filters,
        "q": q,
        "narrowed": bool(q or filters.has_changed()),
        "export_query": request.GET.urlencode(),
        "capped": pages.capped,
    }
    return render(request, "desk/journal.html", context)


def _listed(request: NowRequest) -> tuple[Agreement, list[Line], int]:
    """What goes into a file, and how many acts do not."""
    agreement, may, _filters, _q, rows = _asked(request)
    left_out = max(rows.order_by().count() - chronicle.MOST_ROWS, 0)
    return agreement, journal.lines(rows[: chronicle.MOST_ROWS], may=may, runs=False), left_out


@login_required
@require_safe
def journal_sheet(request: NowRequest) -> HttpResponse:
    """What the list shows, as a spreadsheet."""
    agreement, lines, left_out = _listed(request)
    title = f"{_('Journal')} · {agreement}"
    return _sheet(lines, title=title, sample=agreement.is_sample, left_out=left_out)


@login_required
@require_safe
def journal_csv(request: NowRequest) -> HttpResponse:
    """What the list shows, as comma-separated values."""
    agreement, lines, left_out = _listed(request)
    return _csv(lines, sample=agreement.is_sample, left_out=left_out)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def story(request: NowRequest, kind: str, key: str) -> HttpResponse:
    """Everything linked to a thing; asked for by a part of another page, the last few acts on the thing itself."""
    subject = chronicle.access_subject(request, kind, key)
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx
        few = {"lines": chronicle.latest(subject), "address": request.path}
        return render(request, "desk/_journal_latest.html", few)
    told = chronicle.story(subject, request.GET.get("page"))
    context = {
        "subject": subject,
        "name": _name(subject),
        "kind": str(subject.row._meta.verbose_name),
        "page_obj": told.page,
        "lines": told.lines,
    }
    return render(request, "desk/story.html", context)


def _name(subject: chronicle.Subject) -> str:
    return str(journal.thing_of(type(subject.row)).called(subject.row))


@login_required
@require_safe
def story_sheet(request: NowRequest, kind: str, key: str) -> HttpResponse:
    """A story as a spreadsheet."""
    subject = chronicle.access_subject(request, kind, key)
    title = f"{_('Journal')} · {_name(subject)}"
    lines, left_out = chronicle.whole_story(subject)
    return _sheet(lines, title=title, sample=_is_sample(subject), left_out=left_out)


@login_required
@require_safe
def story_csv(request: NowRequest, kind: str, key: str) -> HttpResponse:
    """A story as comma-separated values."""
    subject = chronicle.access_subject(request, kind, key)
    lines, left_out = chronicle.whole_story(subject)
    return _csv(lines, sample=_is_sample(subject), left_out=left_out)


def _is_sample(subject: chronicle.Subject) -> bool:
    return subject.agreement is not None and subject.agreement.is_sample


def _sheet(lines: list[Line], *, title: str, sample: bool, left_out: int) -> HttpResponse:
    content = journal_sheets.journal_xlsx(lines, title=title, is_sample=sample, left_out=left_out)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="nhat-ky.xlsx"'
    return response


def _csv(lines: list[Line], *, sample: bool, left_out: int) -> HttpResponse:
    content = journal_sheets.journal_csv(lines, is_sample=sample, left_out=left_out)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="nhat-ky.csv"'
    return response
