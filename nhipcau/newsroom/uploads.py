"""The forms by which Wagtail takes pictures and documents: looked into as every other file, stored under names nobody guesses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.crypto import get_random_string
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from nhipcau.core import inspection, uploads

PICTURES = (uploads.PNG, uploads.JPEG)


def _looked_into(sent: Any, accept: tuple[str, ...]) -> Any:
    """The file as it may be kept.

    Raises ValidationError with a sentence.
    """
    if not isinstance(sent, UploadedFile):
        return sent
    try:
        found = uploads.read(sent, accept=accept)
    except uploads.BadUpload as refused:
        raise forms.ValidationError(str(refused), code="invalid") from refused
    stem, _dot, ending = found.name.rpartition(".")
    # The place a picture was taken at, the camera's owner: nothing of it is published, so nothing of it is kept.
    content = inspection.without_traces(found.content) if found.content_type in PICTURES else found.content
    return SimpleUploadedFile(f"{stem}-{get_random_string(12)}.{ending}", content, found.content_type)


def _look_first(field: forms.Field, accept: tuple[str, ...]) -> None:
    """Let a field of Wagtail's see a file only once it was looked into: its own reading stumbles over damaged ones."""
    reading = field.to_python
    field.to_python = lambda data: reading(_looked_into(data, accept))  # type: ignore[method-assign, assignment]  # Wagtail makes the field


class PictureForm(BaseImageForm):
    """A picture, kept without what it tells besides."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _look_first(self.fields["file"], PICTURES)


class DownloadForm(BaseDocumentForm):
    """A document for download, of a kind that people open without harm."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _look_first(self.fields["file"], tuple(uploads.ENDINGS))
