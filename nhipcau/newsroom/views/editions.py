"""Both languages of every article: what state they are in, side by side, and what changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.permissions import page_permission_policy

from nhipcau.core.errors import Refusal
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom import lookup, services
from nhipcau.newsroom.editions import Line, as_read, lines_of, source_of, stale_in
from nhipcau.newsroom.models import Article, Section

PER_PAGE = 30


@dataclass(frozen=True)
class Row:
    """An article with its edition: `state` is none, draft, stale, current; `public` whether readers see the edition."""

    article: Article
    edition: Article | None
    state: str
    stale: int
    public: bool


def access_article(request: HttpRequest, pk: int) -> Article:
    """An article somebody may edit. Raises Http404, PermissionDenied."""
    article = get_object_or_404(Article.objects.select_related("locale"), pk=pk)
    if not article.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return article


@require_admin_access
@require_safe
def table(request: NowRequest) -> HttpResponse:
    """Every article somebody works on, what was worked on last first, with the state of its English.

    Seven queries for any number, eight for those found by words.
    """
    known = page_permission_policy.instances_user_has_any_permission_for(request.user, {"add", "change", "publish"})
    rows = Article.objects.filter(pk__in=known.values("pk"), locale__language_code=settings.LANGUAGE_CODE)
    if request.GET.get("q"):
        rows = rows.filter(pk__in=lookup.matching(rows, request.GET["q"][:100], ("title", "draft_title")))
    rows = rows.select_related("latest_revision").order_by(F("latest_revision_created_at").desc(nulls_last=True), "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    articles: list[Article] = list(page.object_list)
    editions = Article.objects.filter(translation_key__in=[one.translation_key for one in articles])
    others = editions.exclude(locale__language_code=settings.LANGUAGE_CODE).select_related("latest_revision")
    by_key = {edition.translation_key: edition for edition in others}
    changed = page_permission_policy.instances_user_has_permission_for(request.user, "change")
    mine = editions.filter(pk__in=changed.values("pk")).values_list("pk", flat=True)
    return render(
        request,
        "newsroom/editions.html",
        {
            "page_obj": page,
            "rows": [_row(article, by_key.get(article.translation_key), request) for article in articles],
            "mine": set(mine),
            "q": request.GET.get("q", ""),
        },
    )


def _row(article: Article, edition: Article | None, request: NowRequest) -> Row:
    if edition is None:
        return Row(article, None, "none", 0, public=False)
    stale = len(stale_in(_latest(edition), _latest(article) if not article.live else article))
    untouched = not edition.live and edition.title == article.title
    state = "stale" if stale else "draft" if untouched or not edition.live else "current"
    return Row(article, edition, state, stale, public=edition.is_public(at=request.now))


def _latest(article: Article) -> Article:
    """The latest text; no query, for the revision was joined, but its many-to-many fields are not asked for."""
    revision = article.latest_revision
    if revision is None:
        return article
    texts = revision.content
    read = Article(
        pk=article.pk,
        title=texts.get("title", article.title),
        lead=texts.get("lead", article.lead),
        correction=texts.get("correction", article.correction),
        source_texts=texts.get("source_texts") or article.source_texts,
    )
    read.body = Article._meta.get_field("body").to_python(texts.get("body") or "[]")
    return read


@require_admin_access
@require_safe
def write(request: NowRequest) -> HttpResponse:
    """Open an empty article in the section somebody writes in; where there are several, ask which."""
    mine = page_permission_policy.instances_user_has_permission_for(request.user, "add")
    sections = Section.objects.in_language(settings.LANGUAGE_CODE).filter(pk__in=mine.values("pk"))[:2]
    if len(sections) == 1:
        return redirect("wagtailadmin_pages:add", "newsroom", "article", sections[0].pk)
    return redirect("articles:choose_parent")


@require_admin_access
@require_POST
def begin(request: NowRequest, pk: int) -> HttpResponse:
    """Begin the English edition and open it."""
    article = access_article(request, pk)
    try:
        edition = services.make_edition(article=article, language="en", by=request.user, at=request.now)  # type: ignore[arg-type]  # signed in
    except Refusal as refused:
        messages.error(request, str(refused))
        return redirect("wagtailadmin_pages:edit", pk)
    messages.success(request, _("The English edition is begun: write over each paragraph, then publish it."))
    return redirect("wagtailadmin_pages:edit", edition.pk)


def begin_page_of(section: Section, request: NowRequest) -> HttpResponse:
    """Begin the English page of a section and open it; where there is one, open that."""
    english = section.get_translations().first()
    if english is None:
        english = services.open_section_edition(section=section, language="en", by=request.user, at=request.now)  # type: ignore[arg-type]  # signed in
        messages.info(request, _("This is the English page of the section: give it its English name, then publish it."))
    return redirect("wagtailadmin_pages:edit", english.pk)


@require_admin_access
@require_POST
def begin_section(request: NowRequest, pk: int) -> HttpResponse:
    """The same by a button. Raises Http404, PermissionDenied."""
    section = get_object_or_404(Section, pk=pk, locale__language_code=settings.LANGUAGE_CODE)
    if not section.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return begin_page_of(section, request)


@require_admin_access
def compare(request: NowRequest, pk: int) -> HttpResponse:
    """Both languages side by side; by POST what changed is taken over, or the edition confirmed as it is."""
    edition = access_article(request, pk)
    source = source_of(edition)
    if source is None:
        return redirect("wagtailadmin_pages:edit", pk)
    if request.method == "POST":
        if "take_over" in request.POST:
            services.take_over_blocks(edition=edition, by=request.user, at=request.now)  # type: ignore[arg-type]  # signed in
            messages.success(request, _("The new paragraphs stand in the edition now, still in Vietnamese."))
            return redirect("wagtailadmin_pages:edit", pk)
        services.confirm_edition(edition=edition, by=request.user, at=request.now)  # type: ignore[arg-type]  # signed in
        messages.success(request, _("The edition answers the Vietnamese as it is today."))
        return redirect("newsroom_compare_edition", pk)
    latest, read = edition.get_latest_revision_as_object(), as_read(source)
    stale = stale_in(latest, read)
    lines: list[Line] = lines_of(latest, read)
    return render(
        request,
        "newsroom/compare.html",
        {
            "edition": latest,
            "source": read,
            "lines": lines,
            "stale": len(stale),
            "new": sum(one.kind == "new" for one in stale),
        },
    )
