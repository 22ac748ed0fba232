"""Pictures as they come from cameras, phones and the post: read, mended, refused with a sentence; what is published of them."""

import io
import json
import re
from typing import Any

import pillow_heif
import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from PIL import Image, IptcImagePlugin
from wagtail.images.forms import get_image_form

from nhipcau.newsroom import metadata, tasks
from nhipcau.newsroom.models import Article, Picture, Section
from nhipcau.newsroom.pictures import make_renditions, sources_of, specs
from nhipcau.newsroom.templatetags.newsroom import figure
from nhipcau.parties.models import User
from tests import makers

pytestmark = pytest.mark.django_db
SAID = metadata.Said("Lễ khai mạc", "The opening", "Vân Anh (mẫu)/HMC", "Hội trường", "A hall")


def sent(content: bytes, name: str = "anh.jpg", *, user: User | None = None, **typed: str) -> Any:
    """The form of a picture, with a file."""
    from wagtail.models import Collection

    data = {"title": "Ảnh", "collection": str(Collection.get_first_root_node().pk)} | typed
    return get_image_form(Picture)(
        data, {"file": SimpleUploadedFile(name, content)}, user=user or User(is_superuser=True, is_active=True)
    )


def shown(content: bytes, name: str = "anh.jpg") -> Image.Image:
    """The published JPEG of an uploaded file."""
    form = sent(content, name)
    assert form.is_valid(), form.errors
    rendition = form.save().get_rendition("width-400|format-jpeg")
    with rendition.file.open() as kept:
        picture = Image.open(io.BytesIO(kept.read()))
    picture.load()
    return picture


def iptc(**fields: bytes) -> bytes:
    """A JPEG with IPTC in the block Photoshop writes."""
    numbers = {"caption": 120, "creator": 80, "credit": 110}
    data = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for name, value in fields.items():
        data += b"\x1c\x02" + bytes([numbers[name]]) + len(value).to_bytes(2, "big") + value
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)
    plain = makers.a_photograph()
    return plain[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + plain[2:]


# --- what the file says ---------------------------------------------------------------------------
def test_xmp_fills_what_was_left_empty_in_both_languages() -> None:
    form = sent(makers.a_photograph(xmp=metadata.packet(SAID)))
    assert form.is_valid(), form.errors
    picture = form.save()
    assert metadata.Said(*(getattr(picture, name) for name in (
        "caption", "caption_en", "credit", "description", "description_en"
    ))) == SAID  # fmt: skip


def test_iptc_is_read_and_what_was_typed_wins() -> None:
    content = iptc(caption="Lễ khai mạc".encode(), creator="Vân Anh".encode(), credit=b"HMC")
    with Image.open(io.BytesIO(content)) as opened:
        assert isinstance(opened, Image.Image)
        assert IptcImagePlugin.getiptcinfo(opened)
    form = sent(content, caption="Chú thích khác")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["caption"], form.cleaned_data["credit"]) == ("Chú thích khác", "Vân Anh/HMC")


@pytest.mark.parametrize("packet", [b"<x", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe" * 50])
def test_damaged_or_hostile_xmp_says_nothing(packet: bytes) -> None:
    with Image.open(io.BytesIO(makers.a_photograph(xmp=packet))) as picture:
        assert metadata.read(picture) == metadata.Said()


def test_title_comes_from_the_file_where_none_was_typed() -> None:
    form = sent(makers.a_photograph(), "Lễ ký kết.jpg", title="")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Lễ ký kết"


def test_caption_and_credit_once_given_are_not_emptied(picture: Picture) -> None:
    form = get_image_form(Picture)(
        {"title": "x", "caption": "", "credit": "", "collection": str(picture.collection_id)},
        instance=picture,
        user=User(is_superuser=True, is_active=True),
    )
    assert sorted(form.errors) == ["caption", "credit"]


# --- what is published ----------------------------------------------------------------------------
def test_every_size_carries_caption_and_credit_and_not_the_place() -> None:
    exif = Image.Exif()
    exif[0x010E], exif.get_ifd(0x8825)[1] = "secret place", "N"
    form = sent(makers.a_photograph(2000, 1200, xmp=metadata.packet(SAID), exif=exif))
    assert form.is_valid(), form.errors
    picture = form.save()
    assert make_renditions(picture) == len(specs())
    found = {}
    for rendition in picture.renditions.all():
        with rendition.file.open() as kept:
            content = kept.read()
        with Image.open(io.BytesIO(content)) as opened:
            found[rendition.filter_spec] = (opened.format, opened.width, metadata.read(opened).caption)
            assert not opened.getexif()
        assert b"secret place" not in content
    formats = {"avif": "AVIF", "webp": "WEBP", "jpeg": "JPEG"}
    assert found == {
        f"width-{width}|format-{kind}": (name, width, "Lễ khai mạc")
        for width in (400, 800, 1600)
        for kind, name in formats.items()
    }


def test_credit_changed_later_is_written_into_every_size(picture: Picture) -> None:
    make_renditions(picture)
    names = sorted(one.file.name for one in picture.renditions.all())
    Picture.objects.filter(pk=picture.pk).update(credit="Người khác")
    assert tasks.renew_renditions.func(picture.pk) == len(names)
    assert sorted(one.file.name for one in picture.renditions.all()) == names
    with default_storage.open(names[0]) as kept, Image.open(kept) as opened:
        assert metadata.read(opened).credit == "Người khác"


def test_figure_offers_every_size_without_a_query(picture: Picture, django_assert_num_queries: Any) -> None:
    make_renditions(picture)
    fetched = Picture.objects.prefetch_related("renditions").get(pk=picture.pk)
    with django_assert_num_queries(0):
        told = figure(fetched)
    sources = told["sources"]
    assert [kind for kind, _srcset in sources.better] == ["image/avif", "image/webp"]
    assert sources.srcset.count("w,") == 1 + 1  # 400 and 800 wide, and the 1200 of the picture itself
    assert (sources.width, sources.height) == (800, 533)
    assert (told["caption"], told["credit"], told["alt"]) == (picture.caption, picture.credit, picture.description)


def test_sizes_are_served_by_their_name_and_originals_are_not(client: Client, picture: Picture) -> None:
    url = sources_of(picture).src
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]  # a file's answer
    assert client.get(picture.file.url).status_code == 404
    assert client.get("/files/images/..%2foriginal_images%2fx.jpg").status_code == 404


# --- what comes in --------------------------------------------------------------------------------
def test_press_cmyk_becomes_screen_colours() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (800, 600), (0, 255, 255, 0)).save(out, "JPEG")
    picture = shown(out.getvalue())
    assert (picture.mode, picture.size) == ("RGB", (400, 300))
    red, green, blue = picture.getpixel((10, 10))  # type: ignore[misc]  # three bands
    assert (red > 200, max(green, blue) < 60) == (True, True)


def test_phone_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    assert shown(makers.a_photograph(1200, 800, exif=exif)).size == (400, 600)


def test_sixty_megapixels_are_taken_and_made_small() -> None:
    out = io.BytesIO()
    Image.new("L", (9504, 6336), 128).save(out, "JPEG", quality=30)
    assert shown(out.getvalue()).size == (400, 266)


def test_heic_of_a_phone_is_taken_and_published_as_jpeg() -> None:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (800, 600), "green")).save(out)
    assert shown(out.getvalue(), "IMG_1.heic").format == "JPEG"


def test_holes_of_a_png_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (800, 600), (0, 0, 0, 0)).save(out, "PNG")
    assert shown(out.getvalue(), "x.png").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "x.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "x.png"),
        (b"<script>alert(1)</script>", "x.jpg"),
        (b"", "x.jpg"),
        (makers.a_photograph()[:4000], "x.jpg"),
    ],
    ids=["svg", "svg called png", "script", "empty", "cut off"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    form = sent(content, name)
    assert not form.is_valid()
    assert list(form.errors) == ["file"]
    assert strip_tags(str(form.errors["file"]))
    assert not Picture.objects.exists()


def test_cut_off_picture_says_what_to_do() -> None:
    form = sent(makers.a_photograph()[:-600])
    assert form.errors["file"] == ["Ảnh bị hỏng hoặc bị đứt khi tải lên. Quý vị vui lòng gửi lại tệp."]


def test_deleted_picture_leaves_no_hole_for_readers(client: Client, section: Section, picture: Picture) -> None:
    article = makers.make_article(
        body=[("figure", {"picture": picture, "caption": "", "alt": ""}), ("text", "<p>Chữ.</p>")]
    )
    Picture.objects.filter(pk=picture.pk)._raw_delete(using="default")
    page = client.get(article.url)
    assert page.status_code == 200
    assert b"<figure" not in page.content
    assert "Chữ." in page.content.decode()


# --- in the language of the page --------------------------------------------------------------------
ONLY_VIETNAMESE: dict[str, Any] = {"caption_en": "", "description_en": ""}


def test_picture_without_english_is_told_in_vietnamese_and_marked_so(client: Client, section: Section) -> None:
    kept = makers.make_picture(**ONLY_VIETNAMESE)
    own = {"picture": kept, "caption": "Told here.", "alt": "Seen here"}
    plain = {"picture": kept, "caption": "", "alt": ""}
    body = [("figure", plain), ("gallery", [plain, own])]
    english = makers.make_english(makers.make_article(picture=kept, body=body))
    page = client.get(english.url).content.decode()
    words = '<span lang="vi">Đại biểu tại lễ khai mạc.</span> <b>Photo: <span lang="vi">Ban Biên tập</span></b>'
    assert page.count(f"<figcaption>{words}</figcaption>") == 3  # at the head, in the text, first of the gallery
    assert page.count('alt="Hội trường đông người" lang="vi"') == 3
    assert '<figcaption>Told here. <b>Photo: <span lang="vi">Ban Biên tập</span></b></figcaption>' in page
    assert 'alt="Seen here" loading="lazy"' in page
    (news,) = [one for one in structured(page) if one["@type"] == "NewsArticle"]
    assert {(one["caption"], one["creditText"]) for one in news["image"]} == {(kept.caption, kept.credit)}


def test_picture_with_english_is_marked_nowhere_but_at_its_credit(client: Client, section: Section) -> None:
    article = makers.make_article(picture=makers.make_picture())
    english = client.get(makers.make_english(article).url).content.decode()
    words = 'Delegates at the opening. <b>Photo: <span lang="vi">Ban Biên tập</span></b>'
    assert f"<figcaption>{words}</figcaption>" in english
    assert 'alt="A full hall" fetchpriority' in english
    vietnamese = client.get(article.url).content.decode()
    assert "<figcaption>Đại biểu tại lễ khai mạc. <b>Ảnh: Ban Biên tập</b></figcaption>" in vietnamese
    assert 'alt="Hội trường đông người" fetchpriority' in vietnamese


def test_picture_nobody_described_says_no_language(client: Client, section: Section) -> None:
    kept = makers.make_picture(description="", description_en="")
    page = client.get(makers.make_english(makers.make_article(picture=kept)).url).content.decode()
    assert 'alt="" fetchpriority' in page


def test_cards_fall_back_to_the_vietnamese_description_and_mark_it(client: Client, section: Section) -> None:
    kept = makers.make_picture(**ONLY_VIETNAMESE)
    for title in ("Một", "Hai", "Ba"):
        makers.make_english(makers.make_article(title, picture=kept), f"In English {title}")
    for address in ("/en/", "/en/tin/", section.get_translations().get().url):
        page = client.get(address).content.decode()
        shown = re.findall(r'<img [^>]*alt="([^"]*)"([^>]*)>', page)
        told = {(alt, 'lang="vi"' in rest) for alt, rest in shown if alt == kept.description}
        assert told == {(kept.description, True)}, address


def structured(page: str) -> list[dict[str, Any]]:
    """What a page tells search engines."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(one) for one in found]


# --- the description is not the caption ----------------------------------------------------------------
def test_description_that_repeats_the_caption_is_sent_back() -> None:
    form = sent(makers.a_photograph(), caption="Lễ ký kết", description="Lễ ký kết", credit="HMC")
    assert form.errors == {
        "description": ["Nội dung này trùng với chú thích. Quý vị vui lòng mô tả ảnh cho người không nhìn thấy ảnh."]
    }


def test_description_in_the_file_that_repeats_the_caption_is_left_out() -> None:
    said = metadata.Said(caption="Lễ ký kết", credit="HMC", description="Lễ ký kết", description_en="A hall")
    form = sent(makers.a_photograph(xmp=metadata.packet(said)))
    assert form.is_valid(), form.errors
    picture = form.save()
    assert (picture.caption, picture.description, picture.description_en) == ("Lễ ký kết", "", "A hall")


# --- what stays in sight -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("x", "y", "classes"),
    [(100, 100, "fl ft"), (600, 400, ""), (1150, 780, "fr fb"), (600, 100, "ft"), (None, None, "")],
)
def test_focal_point_is_what_a_card_keeps(section: Section, x: int | None, y: int | None, classes: str) -> None:
    kept = makers.make_picture(focal_point_x=x, focal_point_y=y, focal_point_width=10, focal_point_height=10)
    makers.make_article(picture=kept)
    (image,) = re.findall(r"<img [^>]*width[^>]*>", Client().get(section.url).content.decode())
    assert re.findall(r'class="([^"]*)"', image) == ([classes] if classes else [])


def test_keeper_is_told_where_a_picture_is_shown_before_asked_to_delete_it(
    sign_in: Any, administrator: User, section: Section, picture: Picture
) -> None:
    client, address = sign_in(administrator), reverse("wagtailimages:delete", args=[picture.pk])
    assert client.get(address).status_code == 200
    draft = makers.make_article(published=None, picture=picture)
    response = client.get(address)
    assert response["Location"] == reverse("wagtailimages:edit", args=[picture.pk])
    (said,) = [str(message) for message in get_messages(response.wsgi_request)]
    assert said == (
        "Chưa thể xóa ảnh này vì có bài đang dùng. Quý vị vui lòng gỡ ảnh khỏi các bài sau trước: "
        f'<a href="{reverse("wagtailadmin_pages:edit", args=[draft.pk])}">{draft.title}</a>'
    )
    draft.picture = None
    draft.save()
    draft.save_revision(clean=False)
    assert client.post(address).status_code == 302
    assert not Picture.objects.exists()


@pytest.mark.database
@pytest.mark.parametrize("place", ["head", "text", "gallery"])
def test_picture_of_a_draft_over_a_published_article_stays(
    sign_in: Any, administrator: User, section: Section, picture: Picture, place: str
) -> None:
    article = makers.make_article()
    if place == "head":
        article.picture = picture
    figure = {"picture": picture, "caption": "", "alt": ""}
    article.body = {"head": [], "text": [("figure", figure)], "gallery": [("gallery", [figure, figure])]}[place]
    article.save_revision()
    assert list(Article.objects.keeping([picture])) == [Article.objects.get(pk=article.pk)]
    client, other = sign_in(administrator), makers.make_picture("Khác")
    client.post(reverse("wagtailimages:delete", args=[picture.pk]))
    assert Picture.objects.filter(pk=picture.pk).exists()
    assert client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).status_code == 200
    assert list(Article.objects.keeping([other])) == []
    client.post(reverse("wagtailimages:delete", args=[other.pk]))
    assert not Picture.objects.filter(pk=other.pk).exists()
