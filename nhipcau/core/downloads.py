"""Handing out what people uploaded: as a download, never as a page of ours, and kept by no cache on the way."""

from django.core.files.base import File
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Should a browser show it after all, nothing in it runs, is fetched or knows our cookies.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def hand_out(kept: FieldFile, *, name: str, content_type: str = "application/octet-stream") -> FileResponse:
    """A stored file under the name it is known by; who may have it was asked before. Through Django's storage alone.

    Raises Http404 where the storage no longer has it.
    """
    if not kept:
        raise Http404
    try:
        opened: File[bytes] = kept.storage.open(kept.name or "", "rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(opened, content_type=content_type, headers=HEADERS)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
