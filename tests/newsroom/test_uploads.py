"""What Wagtail takes and hands out: looked into, without places, under names nobody guesses, as downloads that run nothing."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.admin.forms.collections import CollectionViewRestrictionForm
from wagtail.models import Collection, CollectionViewRestriction

from nhipcau.core.downloads import HEADERS
from nhipcau.newsroom.models import Download, Picture, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.core.test_inspection import PDF, picture

SignIn = Callable[[User], Client]
PICTURES, DOCUMENTS = "/bien-tap/images/add/", "/bien-tap/documents/add/"


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Files of a test are kept apart from those of others."""
    settings.MEDIA_ROOT = tmp_path
    return iter(())


@pytest.fixture
def editor(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


def send(editor: Client, address: str, name: str, content: bytes) -> Any:
    """Put a file into Wagtail's form."""
    collection = Collection.get_first_root_node()
    assert collection
    return editor.post(
        address, {"title": "Tệp", "file": SimpleUploadedFile(name, content), "collection": collection.pk, "tags": ""}
    )


def said(answer: Any) -> list[str]:
    return [str(sentence) for sentence in answer.context["form"].errors["file"]]


def test_a_picture_loses_its_place_and_its_name_cannot_be_guessed(editor: Client) -> None:
    told = Image.Exif()
    told[0x8825] = {1: "N", 2: (10.0, 46.0, 30.0)}
    assert send(editor, PICTURES, "họp báo.jpg", picture(exif=told.tobytes())).status_code == 302
    kept = Picture.objects.get()
    with kept.file.open("rb") as file, Image.open(file) as stored:
        assert dict(stored.getexif()) == {}
    with kept.get_rendition("width-20").file.open("rb") as file, Image.open(file) as shown:
        assert (shown.width, dict(shown.getexif())) == (20, {})
    assert (kept.width, kept.height) == (64, 48)
    name = Path(kept.file.name).name
    assert len(name) >= len("hop_bao-.jpg") + 12
    assert editor.get(f"/files/{kept.file.name}").status_code == 404
    send(editor, PICTURES, "họp báo.jpg", picture())
    assert Path(Picture.objects.latest("pk").file.name).name != name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", picture("PNG") + b"<script>alert(1)</script>", "hai loại khác nhau"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        ("a.jpg", picture()[:900], ""),
    ],
)
def test_pictures_are_looked_into(editor: Client, name: str, content: bytes, words: str) -> None:
    answer = send(editor, PICTURES, name, content)
    assert answer.status_code == 200
    assert words in " ".join(said(answer))
    assert Picture.objects.count() == 0


def test_several_pictures_at_once_pass_the_same_checks(editor: Client) -> None:
    answer = editor.post(
        "/bien-tap/images/multiple/add/",
        {"files[]": SimpleUploadedFile("a.png", picture("PNG") + b"<script>"), "collection": "1"},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    assert answer.json()["success"] is False
    assert Picture.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(x)>>")),
        ("a.html", b"<html></html>"),
        ("a.docx", b"PK\x03\x04"),
    ],
)
def test_documents_are_looked_into(editor: Client, name: str, content: bytes) -> None:
    answer = send(editor, DOCUMENTS, name, content)
    assert (answer.status_code, bool(said(answer)), Download.objects.count()) == (200, True, 0)


def test_a_document_has_a_limit_of_its_own(editor: Client, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    answer = send(editor, DOCUMENTS, "lon.txt", b"a" * (1024 * 1024 + 1))
    assert (answer.status_code, Download.objects.count()) == (200, 0)
    assert "1 MB" in str(said(answer))
    assert send(editor, DOCUMENTS, "vua.txt", b"a" * 1024 * 1024).status_code == 302


def test_a_document_is_handed_out_as_a_download_that_runs_nothing(editor: Client, client: Client) -> None:
    assert send(editor, DOCUMENTS, "Thông cáo.pdf", PDF).status_code == 302
    kept = Download.objects.get()
    assert client.get(kept.url).status_code == 404  # nothing public offers it yet
    article = makers.make_article("Thông cáo", body=[("text", f'<p><a linktype="document" id="{kept.pk}">tải</a></p>')])
    answer = client.get(kept.url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)  # type: ignore[attr-defined]
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert (answer["Content-Type"], answer["Content-Disposition"].split(";")[0]) == ("application/pdf", "attachment")
    assert client.get(f"/files/{kept.file.name}").status_code == 404
    assert client.get(kept.url.replace(str(kept.pk), str(kept.pk + 1), 1)).status_code == 404
    article.unpublish()
    assert client.get(kept.url).status_code == 404
    assert b"".join(editor.get(kept.url).streaming_content) == PDF  # type: ignore[attr-defined]
    kept.file.storage.delete(kept.file.name)
    assert editor.get(kept.url).status_code == 404


@pytest.mark.parametrize("embargoed", [False, True])
def test_a_document_of_a_block_is_public_with_its_article(section: Section, client: Client, embargoed: bool) -> None:
    kept = Download.objects.create(title="Thông cáo", file=ContentFile(PDF, "a.pdf"))
    until = makers.NOW + timedelta(days=1) if embargoed else None
    makers.make_article("Thông cáo", body=[("document", kept)], embargo_until=until)
    answer = client.get(kept.url)
    answer.close()
    assert answer.status_code == (404 if embargoed else 200)


def test_a_closed_collection_hands_out_nothing_to_others(editor: Client, client: Client) -> None:
    root = Collection.get_first_root_node()
    assert root
    closed = root.add_child(name="Nội bộ")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    kept = Download.objects.create(title="Nội bộ", file=ContentFile(PDF, "a.pdf"), collection=closed)
    answer = client.get(kept.url, follow=True)
    assert [where.split("?")[0] for where, _status in answer.redirect_chain] == ["/vao/", "/tai-khoan/login/"]
    assert b"".join(editor.get(kept.url).streaming_content) == PDF  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_closed_collection_says_no_to_who_is_not_of_its_group(client: Client) -> None:
    closed = Collection.get_first_root_node().add_child(name="Ban biên tập")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    kept = Download.objects.create(title="Nội bộ", file=ContentFile(PDF, "a.pdf"), collection=closed)
    assert client.get(kept.url, follow=True).redirect_chain[-1][0].startswith("/tai-khoan/login/")
    makers.come_in(client, makers.make_user("khac", ("fsc", Membership.Role.OFFICER)))
    assert client.get(kept.url, follow=True).status_code == 403  # and not round and round by the entrance


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["٠{0}", "0{0}", "{0}"])
def test_no_other_spelling_of_a_number_opens_a_document(client: Client, number: str) -> None:
    kept = Download.objects.create(title="Nội bộ", file=ContentFile(PDF, "a.pdf"))
    assert client.get(f"/tai-lieu/{number.format(kept.pk)}/{kept.filename}").status_code == 404


def test_no_password_is_asked_or_set_for_documents(editor: Client, client: Client) -> None:
    assert "password" not in CollectionViewRestrictionForm().fields
    assert client.post("/tai-lieu/authenticate_with_password/1/", {"password": "a"}).status_code == 404


def test_a_large_picture_of_nothing_is_refused_before_it_is_opened(editor: Client) -> None:
    stream = io.BytesIO()
    Image.new("1", (9_000, 8_000)).save(stream, "PNG")
    assert said(send(editor, PICTURES, "a.png", stream.getvalue()))


@pytest.mark.parametrize("address", [PICTURES, DOCUMENTS])
def test_an_empty_file_is_refused_with_one_sentence(editor: Client, address: str) -> None:
    answer = send(editor, address, "a.jpg" if address == PICTURES else "a.pdf", b"")
    assert said(answer) == ["Tệp rỗng. Vui lòng chọn lại."]
    assert (Picture.objects.count(), Download.objects.count()) == (0, 0)


def test_a_refused_document_is_refused_with_one_sentence(editor: Client) -> None:
    assert len(said(send(editor, DOCUMENTS, "a.docx", b"PK\x03\x04"))) == 1
    assert said(send(editor, DOCUMENTS, "a.csv", b"\0")) == [
        "Nội dung tệp không đúng với phần mở rộng, hoặc tệp bị hỏng."
    ]
    assert len(said(send(editor, DOCUMENTS, "a.html", b"<html></html>"))) == 1
