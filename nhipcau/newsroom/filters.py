"""How a picture is made smaller: upright, in the colours of the screen, with caption and credit inside, nothing else."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import IO, Any, Final

from PIL import Image, ImageCms, ImageOps
from wagtail.images.models import Filter
from willow.image import AvifImageFile, JPEGImageFile, WebPImageFile

from nhipcau.newsroom import metadata

#: Format of Wagtail → (Pillow's name, quality, what Willow calls the file).
_FORMATS: Final[dict[str, tuple[str, dict[str, Any], Any]]] = {
    "jpeg": ("JPEG", {"quality": 78, "progressive": True, "optimize": True}, JPEGImageFile),
    "webp": ("WEBP", {"quality": 78, "method": 4}, WebPImageFile),
    "avif": ("AVIF", {"quality": 58, "speed": 8}, AvifImageFile),
}


class Credited(Filter):
    """A filter of Wagtail whose outcome says whose picture it is and not where it was taken."""

    def run(self, image: Any, output: IO[bytes], source: Any = None) -> Any:
        """The smaller file, by Willow's name for it; formats other than the three published ones stay Wagtail's."""
        kind = next((word.removeprefix("format-") for word in self.spec.split("|") if word.startswith("format-")), "")
        if kind not in _FORMATS:
            return super().run(image, output, source)
        # Several sizes are made at once from bytes read before; a file of the picture's own would be shared by threads.
        with nullcontext(source) if source else image.open_file() as kept, Image.open(kept) as opened:
            # A large JPEG is decoded at a fraction of its size, which a phone's sixty megapixels need.
            wanted = self.get_transform(image, (image.width, image.height)).size
            opened.draft("RGB", (int(wanted[0]) * 2, int(wanted[1]) * 2))
            upright = plain(ImageOps.exif_transpose(opened))
        transform = self.get_transform(image, upright.size)
        made = upright.crop(tuple(transform.get_rect().round())).resize(
            tuple(max(1, round(side)) for side in transform.size), Image.Resampling.LANCZOS
        )
        name, how, known = _FORMATS[kind]
        made.save(output, name, xmp=metadata.packet(said_of(image)), **how)
        return known(output)


def said_of(image: Any) -> metadata.Said:
    """What a picture of ours says about itself."""
    return metadata.Said(
        caption=image.caption,
        caption_en=image.caption_en,
        credit=image.credit,
        description=image.description,
        description_en=image.description_en,
    )


def plain(picture: Image.Image) -> Image.Image:
    """The picture in sRGB on white, whatever it came in: press CMYK, a palette, with holes; without what it carried."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            turned = None  # a damaged profile: the colours as they are
        if turned is not None:
            picture = turned
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        over = picture.convert("RGBA")
        picture = Image.new("RGB", over.size, "white")
        picture.paste(over, mask=over.getchannel("A"))
    picture = picture.convert("RGB")
    picture.info.clear()
    return picture
