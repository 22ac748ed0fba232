"""An article as it is written: everything its form takes, and everything of it that readers see."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from nhipcau.activities.models import Activity
from nhipcau.agreements.models import Clause, Pillar, Topic
from nhipcau.core.middleware import LOCAL
from nhipcau.evidence.models import Evidence
from nhipcau.newsroom.models import Article, Author, Download, Picture, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.core.test_inspection import PDF
from tests.newsroom.test_back_office import add_page, edit_page, typed

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def chief(section: Section, sign_in: SignIn) -> Client:
    """Head of the editorial board of HMC, in the back office."""
    return sign_in(makers.make_user("chief", ("hmc", Role.CHIEF_EDITOR)))


def running(text: str) -> str:
    """Running text as the editor's script hands it to the form."""
    plain = {"type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    blocks = [plain | {"key": str(n), "text": line} for n, line in enumerate(text.split("\n"))]
    return json.dumps({"blocks": blocks, "entityMap": {}})


def publish(client: Client, section: Section, **fields: Any) -> Article:
    """Send the form by its button “publish”; the article as readers get it."""
    lists = {name: fields.pop(name) for name in ("topics", "pillars", "clauses") if name in fields}
    response = client.post(add_page(section), typed(**fields) | lists | {"action-publish": "yes"})
    assert response.status_code == 302, response.context["form"].errors
    made: Article = Article.objects.get()
    return made


@pytest.mark.database
def test_everything_the_form_takes_is_shown_to_readers(
    chief: Client, client: Client, section: Section, activity: Activity, picture: Picture
) -> None:
    topic = makers._term(Topic, "startup", "Khởi nghiệp")
    pillar = makers._term(Pillar, "economic", "Ngoại giao kinh tế")
    clause = Clause.objects.all()[0]
    authors = [makers.make_author("Vân Anh (mẫu)"), makers.make_author("Trần An (mẫu)")]
    paper = Download.objects.create(title="Thông cáo", file=ContentFile(PDF, "thong-cao.pdf"))
    second = makers.make_picture("Bế mạc", caption="Toàn cảnh.", credit="HMC")
    figure = {"picture": second.pk, "caption": "", "alt": ""}
    own = {"picture": second.pk, "caption": "Đại biểu trao đổi.", "alt": "Hai người bắt tay"}
    gallery = {"count": "2"} | {
        f"{n}-{key}": value
        for n, one in enumerate((figure, own))
        for key, value in {
            "deleted": "",
            "order": str(n),
            "id": "",
            **{f"value-{k}": v for k, v in one.items()},
        }.items()
    }
    article = publish(
        chief,
        section,
        title="Khai mạc tọa đàm",
        lead="Hơn một trăm bạn trẻ đã dự.",
        dateline="Thủ Đức",
        picture=picture,
        breaking="on",
        bylines=inline_formset([{"author": author.pk} for author in authors]),
        reported=inline_formset([{"activity": activity.pk}]),
        topics=[topic.pk],
        pillars=[pillar.pk],
        clauses=[clause.pk],
        blocks=[
            ("text", running("Đoạn thứ nhất.\nĐoạn thứ hai.")),
            ("figure", figure),
            ("gallery", gallery),
            ("quote", {"text": "Cơ hội cho người trẻ.", "who": "Bà Lê Thị Mẫu", "position": "Giám đốc (mẫu)"}),
            ("video", {"title": "Phóng sự khai mạc", "url": "https://video.example.vn/1"}),
            ("document", paper.pk),
            ("activity", activity.pk),
        ],
    )
    page = client.get(article.url).content.decode()
    text = re.sub(r"\s+", " ", page)
    for shown in (
        "<h1>Khai mạc tọa đàm</h1>",
        "(Thủ Đức) - Hơn một trăm bạn trẻ đã dự.",
        '<b class="tag late">Tin nóng</b>',
        "Đoạn thứ nhất.",
        "Đoạn thứ hai.",
        "<figcaption>Đại biểu tại lễ khai mạc. <b>Ảnh: Ban Biên tập</b></figcaption>",
        "<figcaption>Đại biểu trao đổi. <b>Ảnh: HMC</b></figcaption>",
        'alt="Hai người bắt tay"',
        "<blockquote><p>Cơ hội cho người trẻ.</p></blockquote>",
        "<b>Bà Lê Thị Mẫu</b>, Giám đốc (mẫu)",
        '<a href="https://video.example.vn/1" rel="external noopener">Xem video: Phóng sự khai mạc</a>',
        f'<a href="{paper.url}">Tài liệu: Thông cáo</a>',
        f'href="{reverse("website:event", args=[activity.slug])}"',
        f'href="{reverse("website:topic", args=["startup"])}"',
    ):
        assert shown in text, shown
    assert text.count("<figcaption>Toàn cảnh. <b>Ảnh: HMC</b></figcaption>") == 2  # by itself and in the gallery
    assert "<iframe" not in page
    signed = re.findall(r'rel="author" lang="vi">(.*?)</a>', page)
    assert signed == ["Vân Anh (mẫu)", "Trần An (mẫu)"]
    assert (list(article.pillars.all()), list(article.clauses.all())) == ([pillar], [clause])
    row = Evidence.objects.get(kind_id="article.published")
    assert (row.activity, row.link) == (activity, article.full_url)
    own_values = set(row.dimensions.filter(dimension__in=("topic", "pillar")).values_list("value", flat=True))
    assert own_values >= {"startup", "economic"}


def test_dateline_is_that_of_the_section_where_none_is_written(chief: Client, section: Section) -> None:
    article = publish(chief, section)
    assert f"{article.dateline_shown} {article.lead}" == "(HMC) - Hơn một trăm bạn trẻ đã dự."
    assert f"(HMC) - {article.lead}" in Client().get(article.url).content.decode()


def test_correction_is_shown_with_its_day(chief: Client, section: Section, now: datetime) -> None:
    article = publish(chief, section)
    assert "<b>Đính chính" not in Client().get(article.url).content.decode()
    sent = typed(correction="Số khách dự là 120, không phải 100.") | {"corrected_at": "", "action-publish": "yes"}
    chief.post(edit_page(article), sent)
    article = Article.objects.get()
    assert article.corrected_at == now
    page = Client().get(article.url).content.decode()
    assert f"<b>Đính chính ({now.astimezone(LOCAL):%d/%m/%Y}):</b> Số khách dự là 120, không phải 100." in page


def test_withdrawn_by_the_button_is_evidence_no_more(chief: Client, section: Section, activity: Activity) -> None:
    article = publish(chief, section, reported=inline_formset([{"activity": activity.pk}]))
    assert Evidence.objects.current().filter(kind_id="article.published", void=False).count() == 1
    chief.post(reverse("wagtailadmin_pages:unpublish", args=[article.pk]))
    assert Client().get(article.url).status_code == 404
    assert Evidence.objects.current().filter(kind_id="article.published", void=False).count() == 0


def test_what_is_missing_is_said_in_vietnamese_and_nothing_typed_is_lost(chief: Client, section: Section) -> None:
    response = chief.post(add_page(section), typed("") | {"lead": "", "action-publish": "yes"})
    assert response.status_code == 200
    errors = {name: [str(one) for one in said] for name, said in response.context["form"].errors.items()}
    assert errors == {"title": ["Vui lòng nhập mục này."], "lead": ["Vui lòng nhập mục này."]}
    assert "Buổi tọa đàm diễn ra sáng nay." in str(response.context["form"]["body"].value())


# --- odd letters, through the form ---------------------------------------------------------------------
PARAGRAPH = " ".join(f"từ{n}" for n in range(5000))
ODD = {
    "5,000 words": PARAGRAPH,
    "right to left": "مرحبا بكم في المدينة",
    "emoji": "Chào 👋🏽 👩‍👩‍👧 🇻🇳",
    "decomposed": "Ho\u0323p ba\u0301o quo\u0302\u0301c te\u0302\u0301",
    "one long word": "x" * 20_000,
    "signs of HTML": "a < b & c > d “e”",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_text_goes_through_the_form_to_readers_unhurt(chief: Client, section: Section, name: str) -> None:
    import unicodedata
    from html import unescape

    words = ODD[name]
    composed = unicodedata.normalize("NFC", words)
    title = words[:60]
    article = publish(chief, section, title=title, lead=words[:700], blocks=[("text", running(words))], slug="")
    page = unescape(Client().get(article.url).content.decode())
    assert article.title == composed[: len(article.title)]
    assert f"<h1>{article.title}</h1>" in page
    assert composed in page
    assert article.slug
    assert re.fullmatch(r"[a-z0-9-]+", article.slug)
    assert article.lead == composed[: len(article.lead)]
    assert len(article.lead) >= min(len(composed), 690)
    form = chief.get(edit_page(article)).context["form"]
    assert form["title"].value() == article.title
    (kept,) = article.body.raw_data
    assert unescape(re.sub(r"<[^>]*>", "", kept["value"])) == composed


# --- the address ------------------------------------------------------------------------------------------
def test_address_typed_twice_is_refused_with_a_free_one_when_changing_too(chief: Client, section: Section) -> None:
    makers.make_article("Khai mạc")
    other = makers.make_article("Bế mạc")
    response = chief.post(edit_page(other), typed("Bế mạc", slug="khai-mac") | {"action-publish": "yes"})
    assert response.status_code == 200
    assert response.context["form"].errors["slug"] == ["Trang khác ở đây đã có địa chỉ này. “khai-mac-2” chưa dùng."]
    assert Article.objects.get(pk=other.pk).slug == "be-mac"
    chief.post(edit_page(other), typed("Bế mạc", slug="khai-mac-2") | {"action-publish": "yes"})
    assert Article.objects.get(pk=other.pk).slug == "khai-mac-2"


def test_same_headline_twice_needs_nothing_of_the_writer(chief: Client, section: Section) -> None:
    for _time in range(2):
        chief.post(add_page(section), typed("Khai mạc", slug="") | {"action-publish": "yes"})
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["khai-mac", "khai-mac-2"]
    assert Author.objects.count() <= 1
