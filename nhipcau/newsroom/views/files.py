"""Pictures in the sizes they are published in."""

from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail import hooks

from nhipcau.core import downloads
from nhipcau.core.middleware import NowRequest
from nhipcau.newsroom.models import Download, Offered

_NAME = re.compile(r"[\w-][\w.-]*\.(avif|webp|jpg|png|gif)")
_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
A_YEAR = 365 * 24 * 60 * 60


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def rendition(request: HttpRequest, name: str) -> FileResponse:
    """A picture in one size, by the name it is stored under, which nobody guesses; no query.

    The original is never served: it may carry what its photographer did not mean to publish.
    """
    found = _NAME.fullmatch(name)
    path = f"images/{name}"
    if found is None or not default_storage.exists(path):
        raise Http404
    return FileResponse(default_storage.open(path), content_type=_TYPES[found[1]])


@require_safe
def document(request: NowRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """In place of Wagtail's own: a download that runs nothing, once its hooks found the collection open to who asks.

    Numbers are guessed: of what no collection keeps back readers get what a public article offers, editors everything.
    """
    kept = get_object_or_404(Download, pk=document_id)
    if kept.filename != document_filename:
        raise Http404
    for asked in hooks.get_hooks("before_serve_document"):
        refused = asked(kept, request)
        if isinstance(refused, HttpResponseBase):
            if request.user.is_authenticated:  # the entrance would send them straight back here
                raise PermissionDenied
            return refused
    if not _open(kept, request):
        raise Http404
    return downloads.hand_out(kept.file, name=kept.filename, content_type=kept.content_type)


def _open(kept: Download, request: NowRequest) -> bool:
    """Whether who asks may have a document that its collection does not refuse; two queries for a reader."""
    return (
        Offered.objects.public(at=request.now).filter(document=kept).exists()
        or kept.collection.get_view_restrictions().exists()
        or request.user.has_perm("wagtailadmin.access_admin")
    )
