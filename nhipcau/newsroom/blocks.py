"""What the body of an article is made of; nothing in it carries looks of its own."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from nhipcau.newsroom.choosers import activity_chooser

#: All that running text may hold; whatever else is pasted is left out when the article is saved.
TEXT_FEATURES = ["h2", "h3", "bold", "italic", "superscript", "subscript", "ol", "ul", "link", "document-link"]

ActivityChooserBlock = activity_chooser.get_block_class(
    name="ActivityChooserBlock", module_path="nhipcau.newsroom.blocks"
)


class FigureBlock(blocks.StructBlock):
    """A picture with its own caption and credit, unless this article says it differently."""

    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        label=_("Caption in this article"),
        required=False,
        max_length=400,
        help_text=_("Left empty, the caption kept with the picture is printed."),
    )
    alt = blocks.CharBlock(
        label=_("Description in this article"),
        required=False,
        max_length=255,
        help_text=_("Read to people who do not see the picture. Left empty, the one kept with the picture is used."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "newsroom/blocks/figure.html"


class QuoteBlock(blocks.StructBlock):
    """Somebody's words, set apart."""

    text = blocks.TextBlock(label=pgettext_lazy("quote", "Words"), rows=3)
    who = blocks.CharBlock(label=_("Who said it"), required=False, max_length=120)
    position = blocks.CharBlock(label=_("Position"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "newsroom/blocks/quote.html"


class VideoBlock(blocks.StructBlock):
    """A film kept elsewhere: a link and never a frame, so that no other host sees who reads us."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    url = blocks.URLBlock(label=_("Address of the video"))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "newsroom/blocks/video.html"


class Body(blocks.StreamBlock):
    """The body of an article."""

    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, icon="pilcrow")
    figure = FigureBlock()
    gallery = blocks.ListBlock(
        FigureBlock(), label=_("Gallery"), icon="image", min_num=2, template="newsroom/blocks/gallery.html"
    )
    quote = QuoteBlock()
    video = VideoBlock()
    document = DocumentChooserBlock(label=_("Document"), template="newsroom/blocks/document.html")
    activity = ActivityChooserBlock(
        label=_("Related activity"), icon="calendar-alt", template="newsroom/blocks/activity.html"
    )

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        """The body out of a form; raises BadRequest where it was not put together as the editor's script does it."""
        try:
            return super().value_from_datadict(data, files, prefix)
        except (LookupError, ValueError, TypeError, AttributeError) as broken:
            raise BadRequest from broken

    def clean(self, value: Any) -> Any:
        """The body with every letter and its marks in one, as the fields beside it are stored."""
        cleaned = super().clean(value)
        said = self.get_prep_value(cleaned)
        kept = composed(said)
        return cleaned if kept == said else self.to_python(kept)


def composed(said: Any) -> Any:
    """The same lists, mappings and texts with every text in NFC."""
    if isinstance(said, str):
        return unicodedata.normalize("NFC", said)
    if isinstance(said, list):
        return [composed(one) for one in said]
    if isinstance(said, dict):
        return {name: composed(one) for name, one in said.items()}
    return said


def pictures_in(body: Any) -> list[Any]:
    """The pictures of a body in their order; one that was deleted stands as None."""
    found: list[Any] = []
    for block in body:
        if block.block_type == "figure":
            found.append(block.value.get("picture"))
        elif block.block_type == "gallery":
            found.extend(figure.get("picture") for figure in block.value)
    return found
