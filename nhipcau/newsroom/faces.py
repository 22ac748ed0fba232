"""How the pages of the news look: a room above composes them and says so in its `faces.py`; this room knows only its own.

    show(Article, Face("website/article.html", article))

A page asks its face for a template and for what is shown beside its own fields; preview asks the same, so it shows what
readers will see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import autodiscover_modules


@dataclass(frozen=True)
class Face:
    """A template, and what it is given: `context` gets the page and the request."""

    template: str
    context: Callable[[Any, Any], dict[str, Any]]


_faces: dict[type, Face] = {}
_loaded: list[bool] = []


def show(kind: type, face: Face) -> None:
    """Called at the top level of a room's `faces.py`."""
    _faces[kind] = face


def face_of(page: object) -> Face:
    """The face of a page."""
    if not _loaded:
        autodiscover_modules("faces")
        _loaded.append(True)
    return _faces[type(page)]


class Faced:
    """A page that is shown by its face; stands before `Page` among the bases."""

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """The template of its face."""
        return face_of(self).template

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """What its face shows; Wagtail's own names stay."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]  # of Page
        return context | face_of(self).context(self, request)
