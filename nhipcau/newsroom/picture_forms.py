"""The form of a picture: its file is looked into, and what the file says fills what was left empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError
from wagtail.images.forms import BaseImageForm

from nhipcau.core.forms import VietnameseFormMixin
from nhipcau.newsroom import metadata, uploads
from nhipcau.newsroom.tasks import renew_renditions

#: What is printed or written into the published sizes.
WRITTEN = ("caption", "caption_en", "credit", "description", "description_en")


BROKEN = (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError)


def damaged() -> forms.ValidationError:
    """What is said of a file that cannot be read to its end."""
    return forms.ValidationError(_("This picture is damaged or was cut off on the way. Please send the file again."))


class PictureForm(VietnameseFormMixin, BaseImageForm):
    """A picture with caption and credit; both may come later, but an article is published only with them."""

    said = metadata.Said()

    def clean_file(self) -> Any:
        """The file, read to its end: one cut off on the way is refused now and not when it is published."""
        sent = self.cleaned_data["file"]
        if "file" not in self.changed_data or not sent:
            return sent
        try:
            sent.seek(0)
            with Image.open(sent) as picture:
                self.said = metadata.read(picture)
                picture.draft("RGB", (400, 400))  # a JPEG is read whole, but not blown up in memory
                picture.load()
        except BROKEN as broken:
            raise damaged() from broken
        finally:
            sent.seek(0)
        return uploads.kept_as(sent)

    def clean(self) -> dict[str, Any]:
        """Fill what was left empty from the file; what was once said of a picture may be changed but not taken away."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if "title" in self.fields and not said.get("title"):
            said["title"] = self.instance.title or str(getattr(said.get("file"), "called", ""))[:255]
        for name in ("description", "description_en"):
            caption = str(said.get(name.replace("description", "caption")) or "")
            if name in self.fields and said.get(name) and said[name] == caption:
                self.add_error(
                    name,
                    _("This repeats the caption. Please say what the picture shows to somebody who does not see it."),
                )
        for name in WRITTEN:
            if name not in self.fields or said.get(name):
                continue
            limit = getattr(self.fields[name], "max_length", None)
            found: str = getattr(self.said, name)
            if name.startswith("description") and found == said.get(name.replace("description", "caption")):
                continue  # cameras' programs write the caption there too
            said[name] = found[:limit]
            if not found and name in {"caption", "credit"} and self.instance.pk and getattr(self.initial_row, name):
                self.add_error(name, _("Please leave this filled in: articles may already show the picture."))
        return said

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].required = False
        if "file" in self.fields:
            uploads.look_first(self.fields["file"], uploads.check_picture)
        self.initial_row = metadata.Said(**{name: getattr(self.instance, name) for name in WRITTEN})

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002  (Django's own signature)
        """Save, and write what changed into the sizes that exist already."""
        picture = super().save(commit=commit)
        if commit and "file" not in self.changed_data and set(WRITTEN) & set(self.changed_data):
            transaction.on_commit(lambda: renew_renditions.enqueue(picture.pk))
        return picture
