"""Pictures of bad days, sent through the back office as editors send them, and how readers see them in an article."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from nhipcau.newsroom import tasks
from nhipcau.newsroom.models import Picture, Section
from nhipcau.parties.models import Membership, User
from tests import makers

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Files of a test are kept apart from those of others."""
    settings.MEDIA_ROOT = tmp_path
    return iter(())


@pytest.fixture
def reporter(section: Section, sign_in: SignIn) -> Client:
    """A reporter of HMC in the back office."""
    return sign_in(makers.make_user("reporter", ("hmc", Membership.Role.REPORTER)))


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def sixty_megapixels() -> bytes:
    return saved(Image.new("RGB", (9504, 6336), (10, 120, 60)), "JPEG", quality=30)


def press_cmyk() -> bytes:
    return saved(Image.new("CMYK", (1200, 800), (0, 255, 255, 0)), "JPEG")


def phone_heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (1200, 800), (0, 128, 0))).save(out)
    return out.getvalue()


def turned() -> bytes:
    """Lying on its side, red above and blue below once upright."""
    picture = Image.new("RGB", (800, 1200), (200, 0, 0))
    picture.paste((0, 0, 200), (0, 600, 800, 1200))
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=90)


def with_holes() -> bytes:
    return saved(Image.new("RGBA", (1200, 800), (0, 0, 0, 0)), "PNG")


TAKEN = {
    "sixty megapixels.jpg": (sixty_megapixels, (1600, 1066), (10, 120, 60)),
    "in CMYK.jpg": (press_cmyk, (1200, 800), (255, 0, 0)),
    "of a phone.heic": (phone_heic, (1200, 800), (0, 128, 0)),
    "turned.jpg": (turned, (800, 1200), (200, 0, 0)),
    "with holes.png": (with_holes, (1200, 800), (255, 255, 255)),
}
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DAMAGED = "Ảnh bị hỏng hoặc bị đứt khi tải lên. Quý vị vui lòng gửi lại tệp."
NO_PICTURE = "Tệp này không phải ảnh đăng được. Quý vị vui lòng gửi ảnh JPEG, PNG, WebP, AVIF hoặc HEIC; hình vẽ SVG cần xuất ra PNG."
REFUSED = {
    "svg": (SCRIPT, "hinh.svg", NO_PICTURE),
    "svg called png": (SCRIPT, "hinh.png", NO_PICTURE),
    "script called jpg": (b"<script>alert(1)</script>", "hinh.jpg", NO_PICTURE),
    "empty": (b"", "hinh.jpg", "Tệp rỗng. Vui lòng chọn lại."),
    "cut off": (makers.a_photograph()[:-600], "hinh.jpg", DAMAGED),
    "cut off at once": (makers.a_photograph()[:300], "hinh.jpg", DAMAGED),
    "png cut off": (saved(Image.effect_noise((400, 300), 90), "PNG")[:-2000], "hinh.png", DAMAGED),
    "too many pixels": (
        saved(Image.new("L", (9600, 7000)), "JPEG", quality=5),
        "hinh.jpg",
        "Ảnh có hơn 65 triệu điểm ảnh. Vui lòng gửi ảnh nhỏ hơn.",
    ),
}


def send(client: Client, name: str, content: bytes, *, way: str = "images:add", **typed: str) -> Any:
    """Put a picture into the form, with caption and credit."""
    root = Collection.get_first_root_node()
    assert root
    data = {"title": "Ảnh", "caption": "Đại biểu dự lễ.", "credit": "Vân Anh", "collection": root.pk, "tags": ""}
    sent = data | typed | {"file": SimpleUploadedFile(name, content)}
    prefix = "image-chooser-upload-" if "chooser" in way else ""
    return client.post(reverse(f"wagtail{way}"), {prefix + key: value for key, value in sent.items()})


@pytest.mark.parametrize("name", TAKEN)
def test_picture_is_taken_and_readers_see_it_right(
    reporter: Client, client: Client, section: Section, name: str
) -> None:
    make, size, colour = TAKEN[name]
    answer = send(reporter, name, make())
    assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailimages:index"))
    picture = Picture.objects.get()
    article = makers.make_article(picture=picture)
    tasks.prepare_pictures.func(article.pk)
    (shown,) = re.findall(r"<picture>.*?</picture>", client.get(article.url).content.decode())
    for kind, ending in (("image/avif", "avif"), ("image/webp", "webp")):
        assert re.search(rf'<source type="{kind}" srcset="[^"]+\.{ending} \d+w"', shown)
    largest = re.findall(r"(/\S+\.jpg) (\d+)w", shown)[-1]
    assert int(largest[1]) == size[0]
    with Image.open(io.BytesIO(b"".join(client.get(largest[0]).streaming_content))) as published:  # type: ignore[attr-defined]
        assert (published.format, published.mode, published.size) == ("JPEG", "RGB", size)
        found = published.getpixel((size[0] // 4, size[1] // 4))
    assert isinstance(found, tuple)
    assert max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 12
    assert re.search(r'width="\d+" height="\d+" alt=""', shown)


@pytest.mark.parametrize("way", ["images:add", "images_chooser:create"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shown_is_refused_with_a_vietnamese_sentence(reporter: Client, case: str, way: str) -> None:
    content, name, words = REFUSED[case]
    answer = send(reporter, name, content, way=way)
    assert answer.status_code == 200
    (sentence,) = answer.context["form"].errors["file"]
    assert sentence == words
    assert re.search(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹáàéèíìóòúùýãõĩũ]", sentence)
    assert not Picture.objects.exists()
    assert answer.context["form"]["caption"].value() == "Đại biểu dự lễ."  # what was typed stays
