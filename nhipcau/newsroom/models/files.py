"""The pictures and documents that Wagtail stores, with the caption and credit a newsroom asks for."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.core.files import File
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, DocumentQuerySet
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, ImageQuerySet
from wagtail.search import index

from nhipcau.core import vietnamese
from nhipcau.newsroom.errors import InUse
from nhipcau.newsroom.filters import Credited


def refuse_used(files: Sequence[Picture | Download]) -> None:
    """Readers would find a hole where the picture was, or a link that leads nowhere.

    Raises InUse with the headlines.
    """
    from nhipcau.newsroom.models import Article

    used = [article.title for article in Article.objects.keeping(files)[:5]]
    if used:
        raise InUse(files[0].in_use % {"articles": "”, “".join(used)})


class PictureQuerySet(ImageQuerySet):
    """Sets of pictures."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse all while an article shows one of them.

        Raises InUse.
        """
        refuse_used(list(self))
        return super().delete()


class DownloadQuerySet(DocumentQuerySet):
    """Sets of documents."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse all while an article offers one of them.

        Raises InUse.
        """
        refuse_used(list(self))
        return super().delete()


class Kept:
    """A model whose rows are not deleted while an article has them."""

    #: What is said then, with the headlines.
    in_use: ClassVar[Any]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse while an article has it.

        Raises InUse.
        """
        refuse_used([self])  # type: ignore[list-item]  # every such model is one of the two
        return super().delete(*args, **kwargs)  # type: ignore[misc]  # stands before a model


class Picture(Kept, AbstractImage):
    """A photograph or drawing."""

    caption = models.CharField(_("caption"), max_length=400, blank=True)
    caption_en = models.CharField(_("caption in English"), max_length=400, blank=True)
    credit = models.CharField(
        _("credit"), max_length=120, blank=True, help_text=_("Printed after “Photo:”; who took or drew the picture.")
    )
    description_en = models.CharField(
        _("description in English"),
        max_length=255,
        blank=True,
        help_text=_("Read to people who do not see the picture; not the caption."),
    )

    in_use = _("Nothing was deleted: the picture is shown in “%(articles)s”. Please take it out of the article first.")

    objects = PictureQuerySet.as_manager()

    search_fields: ClassVar[list[Any]] = [
        *AbstractImage.search_fields, *(index.SearchField(name) for name in ("caption", "caption_en", "credit")),
    ]  # fmt: skip

    admin_form_fields: ClassVar[tuple[str, ...]] = (
        "title", "file", "caption", "caption_en", "credit", "description", "description_en", "collection", "tags",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions: ClassVar[list[tuple[str, str]]] = [("choose_image", "Can choose image")]

    def __str__(self) -> str:
        return str(self.title)

    def get_upload_to(self, filename: str) -> str:
        """Where a new file is kept: under a name nobody guesses, for its sizes are served by name."""
        stem, _dot, ending = filename.rpartition(".")
        name = slugify(vietnamese.fold(stem))[:20].strip("-") or "anh"
        return f"original_images/{name}-{secrets.token_hex(5)}.{ending.lower()}"

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> File[Any]:  # noqa: A002 (Wagtail's own name)
        """A smaller file with caption and credit inside."""
        return super().generate_rendition_file(Credited(filter.spec), source=source)

    def told_in(self, field: str, language: str) -> tuple[str, str]:
        """What is said of it on pages of a language, and the language that is in: English falls back to Vietnamese."""
        english = str(getattr(self, f"{field}_en")) if language == "en" else ""
        return (english, "en") if english else (str(getattr(self, field)), settings.LANGUAGE_CODE)

    def caption_in(self, language: str) -> str:
        """The caption in a language; English falls back to Vietnamese."""
        return self.told_in("caption", language)[0]

    def alt_in(self, language: str) -> str:
        """What is read to people who do not see it, in a language; empty where nobody has described it."""
        return self.told_in("description", language)[0]

    @property
    def default_alt_text(self) -> str:
        """What Wagtail puts into its own `alt`: never the file's name."""
        return str(self.description)


class PictureRendition(AbstractRendition):
    """A picture in one size and format."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = _("picture rendition")
        verbose_name_plural = _("picture renditions")
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once")
        ]

    def __str__(self) -> str:
        return f"{self.image} {self.filter_spec}"


class Download(Kept, AbstractDocument):
    """A document that editors offer for download."""

    in_use = _(
        "Nothing was deleted: the document is offered in “%(articles)s”. Please take it out of the article first."
    )

    objects = DownloadQuerySet.as_manager()

    admin_form_fields: ClassVar[tuple[str, ...]] = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions: ClassVar[list[tuple[str, str]]] = [("choose_document", "Can choose document")]

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """Look at the ending of a file; where the form refused it, there is none, and one refusal is enough."""
        if self.file:
            super().clean()
