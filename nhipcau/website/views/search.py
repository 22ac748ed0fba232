"""The search of the public site, and the short list shown while one types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from nhipcau.agreements.models import Topic
from nhipcau.core import limits
from nhipcau.core import search as find
from nhipcau.core.language import reading
from nhipcau.core.middleware import NowRequest
from nhipcau.core.vietnamese import normalise
from nhipcau.newsroom.models import Section
from nhipcau.website import finding
from nhipcau.website.caching import public_page
from nhipcau.website.search_form import SearchFilter
from nhipcau.website.structured import absolute
from nhipcau.website.views._shared import current_agreement, is_sample

PER_PAGE = 10
LONGEST = 200
WHILE_TYPING = 6
SHORTEST = 2


def _asked(request: NowRequest) -> str:
    return normalise(request.GET.get("q", "")[:LONGEST])


@public_page()
def search(request: NowRequest) -> HttpResponse:
    """What is found for `q`, narrowed by kind, section, topic, year, language; at most twelve queries.

    Where nothing holds all the words, titles that come near are shown, and what was probably meant is offered.
    """
    q = _asked(request)
    if q:
        limits.count(request, "search")
    agreement = current_agreement()
    sections = list(Section.objects.live().select_related("locale").order_by("path"))
    filters = SearchFilter(
        request.GET,
        topics=list(Topic.objects.all()),
        sections=[section for section in sections if section.locale.language_code == reading()],
        years=range(request.today.year + 1, (agreement.signed_on.year if agreement else request.today.year) - 1, -1),
    )
    scope = filters.scope(at=request.now, agreement=agreement, sections=sections)
    group = request.GET.get("kind", "") if request.GET.get("kind") in finding.GROUPS else ""
    words = find.words_of(q)
    entries = finding.seen(find.matching(q), scope)
    counts = finding.counted(entries) if words else {}
    total = sum(counts.values())
    number = counts.get(group, 0) if group else total
    chosen = finding.of_group(entries, group) if group else entries
    paginator = Paginator(finding.in_order(chosen, q) if words else (), PER_PAGE)
    paginator.__dict__["count"] = number  # known by now
    page_obj = paginator.get_page(request.GET.get("page"))
    near = find.Near(())
    if number:
        hits = finding.told(page_obj.object_list, scope, find.typed(q))
    elif words and not total and not scope.narrowed:
        near = find.near(q, within=finding.seen(find.all_entries(), scope))
        hits = finding.told(near.entries[:PER_PAGE], scope, find.typed(near.meant))
    else:
        hits = []
    return render(
        request,
        "website/search.html",
        {
            "is_sample": all(hit.is_sample for hit in hits) if hits else is_sample(agreement),
            "q": q,
            "filters": filters,
            "narrowed": scope.narrowed,
            "group": group,
            "tabs": _tabs(request, counts, total, group),
            "page_obj": page_obj,
            "number": number,
            "elsewhere": total - number,
            "hits": hits,
            "meant": near.meant,
            "unfiltered": "?" + urlencode({"q": q}),
        },
    )


def _tabs(request: NowRequest, counts: dict[str, int], total: int, group: str) -> list[dict[str, Any]]:
    """All, and each group that has something or is chosen: label, number, address."""
    kept = request.GET.copy()
    kept.pop("page", None)
    kept.pop("kind", None)
    rows = [("", None, total), *((name, label, counts.get(name, 0)) for name, label in finding.GROUPS.items())]
    tabs = []
    for name, label, number in rows:
        asked = kept.copy()
        if name:
            asked["kind"] = name
        if number or name in {"", group}:
            tabs.append({"label": label, "number": number, "url": f"?{asked.urlencode()}", "current": name == group})
    return tabs


@public_page(60)
def suggest(request: NowRequest) -> HttpResponse:
    """The first few titles for what was typed so far, for a script or a browser's own box; at most ten queries."""
    q = _asked(request)
    words = find.words_of(q)
    hits: list[finding.Hit] = []
    marked = find.typed(q)
    if len("".join(words)) >= SHORTEST:
        limits.count(request, "suggestions")
        scope = finding.Scope(at=request.now, agreement=current_agreement())
        entries = list(finding.in_order(finding.seen(find.matching(q), scope), q)[:WHILE_TYPING])
        if not entries:
            near = find.near(q, within=finding.seen(find.all_entries(), scope))
            entries, marked = list(near.entries[:WHILE_TYPING]), find.typed(near.meant)
        hits = finding.told(entries, scope, marked)
    if request.GET.get("form") == "opensearch":
        return _for_browsers(q, hits)
    return JsonResponse(
        {
            "all": f"{reverse('website:search')}?{urlencode({'q': q})}",
            "hits": [
                {"kind": hit.label, "language": hit.title.language, "title": hit.title_pieces, "url": hit.url}
                for hit in hits
            ],
        }
    )


def _for_browsers(q: str, hits: list[finding.Hit]) -> HttpResponse:
    """What was typed, titles, what each is, addresses: the form browsers read (OpenSearch Suggestions 1.1)."""
    titles, kinds = [hit.title.text for hit in hits], [hit.label for hit in hits]
    addresses = [absolute(hit.url) for hit in hits]
    return JsonResponse([q, titles, kinds, addresses], safe=False, content_type="application/x-suggestions+json")
