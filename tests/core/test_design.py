"""The design system: its size, its contrast, its words, and the page that shows it."""

import re
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from nhipcau.core.showcase import Registration

CORE = Path(__file__).resolve().parents[2] / "nhipcau/core"
CSS = CORE / "static/core/nhipcau.css"
AA_TEXT, AA_GRAPHIC, DESK_TEXT = 4.5, 3.0, 7.0

#: (foreground, background): text wherever the sheet sets one upon the other.
TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink", "sunk"),
    ("ink", "action-wash"),
    ("ink-soft", "paper"),
    ("ink-soft", "sheet"),
    ("ink-soft", "sunk"),
    ("ink-soft", "proof-wash"),
    ("action", "paper"),
    ("action", "sheet"),
    ("action", "sunk"),
    ("action", "action-wash"),
    ("on-action", "action"),
    ("on-action", "action-deep"),
    ("action-deep", "action-wash"),
    ("attention-text", "paper"),
    ("attention-text", "sheet"),
    ("attention-text", "attention-wash"),
    ("proof-text", "proof-wash"),
    ("proof-text", "sheet"),
    ("done-text", "sheet"),
    ("done-text", "done-wash"),
    ("side-ink", "side"),
    ("side-ink", "side-lift"),
    ("side-faint", "side"),
]
#: Lines and shapes that carry a meaning.
GRAPHIC_PAIRS = [
    ("control", "sheet"),
    ("control", "paper"),
    ("proof", "sheet"),
    ("proof", "paper"),
    ("done", "sheet"),
    ("attention", "sheet"),
    ("attention", "attention-wash"),
    ("action", "bed"),
    ("focus", "paper"),
    ("focus", "sheet"),
]
DESK_PAIRS = [
    ("ink", "paper"),
    ("ink-soft", "paper"),
    ("on-action", "action"),
    ("action", "paper"),
    ("done-text", "done-wash"),
    ("ink", "done-wash"),
    ("amber-text", "amber-wash"),
    ("ink", "amber-wash"),
]


def tokens(selector: str) -> dict[str, str]:
    """The colours declared in the block of a selector, as #rrggbb."""
    _, _, after = CSS.read_text().partition(selector + "{")
    found = re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})\b", after.partition("}")[0])
    return {name: "#" + "".join(sign * 2 for sign in code[1:]) if len(code) == 4 else code for name, code in found}


LIGHT = tokens(":root")
DARK = LIGHT | tokens(":root:not([data-theme=light])")
RECEPTION = LIGHT | tokens(".reception")


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, definition of contrast ratio."""

    def luminance(code: str) -> float:
        channels = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("theme", "pairs", "least"),
    [
        (LIGHT, TEXT_PAIRS, AA_TEXT),
        (DARK, TEXT_PAIRS, AA_TEXT),
        (LIGHT, GRAPHIC_PAIRS, AA_GRAPHIC),
        (DARK, GRAPHIC_PAIRS, AA_GRAPHIC),
        (RECEPTION, DESK_PAIRS, DESK_TEXT),
    ],
    ids=["light text", "dark text", "light shapes", "dark shapes", "reception"],
)
def test_tokens_keep_their_contrast(theme: dict[str, str], pairs: list[tuple[str, str]], least: float) -> None:
    weak = {pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


def test_dark_theme_replaces_every_colour() -> None:
    dark = tokens(":root:not([data-theme=light])")
    assert set(LIGHT) - set(dark) == set()


def test_style_sheet_stays_under_40_kilobytes() -> None:
    assert CSS.stat().st_size < 40_000


def test_style_sheet_names_no_other_host() -> None:
    assert re.findall(r"https?://|@import", CSS.read_text()) == []


def test_fonts_stay_under_40_kilobytes_together() -> None:
    fonts = sorted((CORE / "static/core/fonts").glob("*.woff2"))
    assert [font.name for font in fonts] == [
        "be-vietnam-400.woff2",
        "be-vietnam-600.woff2",
        "figures-400.woff2",
        "figures-600.woff2",
    ]
    assert sum(font.stat().st_size for font in fonts) < 40_000


@pytest.mark.parametrize("weight", [400, 600])
def test_figures_have_equal_advances(weight: int) -> None:
    fonttools = pytest.importorskip("fontTools.ttLib")
    font = fonttools.TTFont(CORE / f"static/core/fonts/figures-{weight}.woff2")
    widths = [font["hmtx"].metrics[font.getBestCmap()[ord(figure)]][0] for figure in "0123456789"]
    assert len(set(widths)) == 1


@pytest.mark.parametrize("weight", [400, 600])
def test_text_face_has_every_vietnamese_letter(weight: int) -> None:
    fonttools = pytest.importorskip("fontTools.ttLib")
    font = fonttools.TTFont(CORE / f"static/core/fonts/be-vietnam-{weight}.woff2")
    letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
    assert [sign for sign in letters + letters.upper() + "₫–“”…·" if ord(sign) not in font.getBestCmap()] == []


def drawn(source: str, **context: object) -> str:
    return Template("{% load nhipcau %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "vietnamese", "english"),
    [
        ("{{ v|number }}", 1234.5, "1.234,5", "1,234.5"),
        ("{{ v|number:1 }}", 95, "95,0", "95.0"),
        ("{{ v|number }}", None, "–", "–"),
        ("{{ v|number }}", 0, "0", "0"),
        ("{{ v|money }}", 1250000, "1.250.000\u00a0₫", "₫1,250,000"),
        ("{{ v|percent }}", 0.125, "12,5%", "12.5%"),
        ("{{ v|percent }}", None, "–", "–"),
        ("{{ v|short_date }}", date(2022, 3, 5), "05/03/2022", "5 Mar 2022"),
        ("{{ v|weekday_date }}", date(2022, 1, 20), "Thứ Năm, 20/01/2022", "Thursday, 20 January 2022"),
        ("{{ v|weekday_long }}", date(2022, 1, 20), "Thứ Năm, ngày 20 tháng 01 năm 2022", "Thursday, 20 January 2022"),
        ("{{ v|long_date }}", date(2022, 3, 5), "ngày 05 tháng 3 năm 2022", "5 March 2022"),
        ("{{ v|short_date }}", datetime(2022, 3, 4, 18, tzinfo=UTC), "05/03/2022", "5 Mar 2022"),
        ("{{ v|short_date }}", None, "", ""),
        ("{{ v|clock }}", datetime(2022, 3, 4, 6, 45, tzinfo=UTC), "13:45", "13:45"),
        ("{{ v|clock }}", time(8, 5), "08:05", "08:05"),
        ("{{ v|clock_spoken }}", datetime(2022, 3, 4, 6, 45, tzinfo=UTC), "13g45", "13:45"),
        ("{{ v|clock_spoken }}", time(13, 45), "13g45", "13:45"),
        ('{{ v|pair:"title" }}', SimpleNamespace(title="Tọa đàm", title_en="Talk"), "Tọa đàm", "Talk"),
        ('{{ v|pair:"title" }}', SimpleNamespace(title="Tọa đàm", title_en=""), "Tọa đàm", "Tọa đàm"),
        ('{{ v|pair:"title" }}', None, "", ""),
    ],
)
def test_filter_writes_both_languages(source: str, value: object, vietnamese: str, english: str) -> None:
    with override("vi"):
        in_vietnamese = drawn(source, v=value)
    with override("en"):
        in_english = drawn(source, v=value)
    assert (in_vietnamese, in_english) == (vietnamese, english)


ARCH = "M10 50Q110-26 210 50"
FEET = '<circle class="pier" cx="10" cy="50" r="6"/><circle class="pier far" cx="210" cy="50" r="6"/></svg>'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '{% arch 62.5 "Nội dung 2" %}',
            (
                '<svg class="span" viewBox="0 0 220 62" role="img" aria-label="Nội dung 2">'
                f'<path class="arch-bed" d="{ARCH}"/>'
                f'<path class="arch" pathLength="100" stroke-dasharray="62.5 101" d="{ARCH}"/>' + FEET
            ),
        ),
        (
            "{% arch 100 %}",
            (
                '<svg class="span whole" viewBox="0 0 220 62" aria-hidden="true">'
                f'<path class="arch-bed" d="{ARCH}"/>'
                f'<path class="arch" pathLength="100" stroke-dasharray="100 101" d="{ARCH}"/>' + FEET
            ),
        ),
        (
            "{% arch 0 %}",
            f'<svg class="span" viewBox="0 0 220 62" aria-hidden="true"><path class="arch-bed" d="{ARCH}"/>' + FEET,
        ),
        (
            "{% arch None %}",
            (
                '<svg class="span" viewBox="0 0 220 62" aria-hidden="true">'
                f'<path class="arch-bed unmeasured" d="{ARCH}"/>' + FEET
            ),
        ),
    ],
    ids=["part", "whole", "nothing yet", "not measured"],
)
def test_arch_draws_the_proven_share(source: str, expected: str) -> None:
    assert drawn(source).strip() == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            '{% bullet 50 100 60 "Người học" %}',
            (
                '<svg class="bullet late" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="Người học">'
                '<rect class="bed" y="4" width="94.34" height="6"/>'
                '<line class="bar" x1="0" y1="7" x2="47.17" y2="7" stroke-width="6" stroke-dasharray="5 .9"/>'
                '<line class="pace" x1="56.6" x2="56.6" y1="1" y2="13"/>'
                '<line class="aim" x1="94.34" x2="94.34" y1="0" y2="14"/></svg>'
            ),
        ),
        (
            '{% bullet 120 100 60 "Người học" %}',
            (
                '<svg class="bullet ok" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="Người học">'
                '<rect class="bed" y="4" width="78.62" height="6"/>'
                '<line class="bar" x1="0" y1="7" x2="94.34" y2="7" stroke-width="6"/>'
                '<line class="pace" x1="47.17" x2="47.17" y1="1" y2="13"/>'
                '<line class="aim" x1="78.62" x2="78.62" y1="0" y2="14"/></svg>'
            ),
        ),
        (
            '{% bullet None 100 None "Người học" %}',
            (
                '<svg class="bullet" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="Người học">'
                '<rect class="bed" y="4" width="94.34" height="6"/>'
                '<line class="aim" x1="94.34" x2="94.34" y1="0" y2="14"/></svg>'
            ),
        ),
    ],
    ids=["late", "ahead", "not measured"],
)
def test_bullet_draws_actual_target_and_pace(source: str, expected: str) -> None:
    assert drawn(source).strip() == expected


def test_page_address_keeps_search_and_filters() -> None:
    request = RequestFactory().get("/x/", {"q": "nguyễn", "page": "2"})
    assert drawn("{% page_url 3 %}", request=request) == "?q=nguy%E1%BB%85n&amp;page=3"


def test_page_numbers_leave_a_gap() -> None:
    page = Paginator(range(200), 10).get_page(7)
    shown = drawn("{% page_numbers p as ns %}{% for n in ns %}{{ n.number|default_if_none:'…' }} {% endfor %}", p=page)
    assert shown == "1 … 6 7 8 … 20 "


@pytest.mark.parametrize(
    ("language", "address", "expected"),
    [
        ("vi", "/thanh-phan/?q=a", '<a class="lang" href="/en/thanh-phan/?q=a" lang="en" hreflang="en">English</a>'),
        ("en", "/en/thanh-phan/", '<a class="lang" href="/thanh-phan/" lang="vi" hreflang="vi">Tiếng Việt</a>'),
        ("vi", "/khong/co/", '<a class="lang" href="/en/" lang="en" hreflang="en">English</a>'),
    ],
    ids=["to English", "to Vietnamese", "unknown page"],
)
def test_language_switch_keeps_the_page(language: str, address: str, expected: str) -> None:
    with override(language):
        assert drawn("{% language_switch %}", request=RequestFactory().get(address)).strip() == expected


def test_field_in_error_says_so_without_colour() -> None:
    form = Registration({"name": "An", "phone": "09"})
    with override("en"):
        form.is_valid()
        html = form["phone"].as_field_group()
    icon = render_to_string("core/_icon_late.html")
    assert " ".join(html.split()) == " ".join(
        f"""<div class="field as-text wrong">
<label for="id_phone">Mobile number</label>
<input type="text" name="phone" value="09" inputmode="tel" autocomplete="off" required aria-invalid="true" aria-describedby="id_phone_helptext id_phone_error" id="id_phone">
<div class="hint" id="id_phone_helptext">10 digits, for example 0912 345 678.</div><ul class="error" id="id_phone_error"><li>{icon}<span>A mobile number has 10 digits, for example 0912 345 678.</span></li></ul>
</div>""".split()
    )


def test_error_summary_links_to_the_fields() -> None:
    form = Registration({"name": "", "phone": "0912345678", "kind": "press", "language": "vi", "consent": "on"})
    with override("en"):
        form.is_valid()
        html = render_to_string("core/_form_errors.html", {"form": form})
    assert re.findall(r'<a href="(#\w+)">([^<]+)</a>', html) == [("#id_name", "Full name")]


def test_base_pages_carry_no_inline_style_or_script() -> None:
    wrong = {
        str(path.relative_to(CORE)): found
        for path in (CORE / "templates").rglob("*.html")
        if (found := re.findall(r"<style|\sstyle=|<script|\son\w+=|hx-on", path.read_text()))
    }
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "language", "switch"),
    [("/thanh-phan/", "vi", "/en/thanh-phan/"), ("/en/thanh-phan/", "en", "/thanh-phan/")],
)
def test_components_page_opens(client: Client, address: str, language: str, switch: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    assert (response.status_code, re.findall(r'<html lang="(\w+)"', html)) == (200, [language])
    assert set(re.findall(r'class="lang" href="([^"]+)"', html)) == {switch}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/thanh-phan/", "/en/thanh-phan/"])
def test_components_page_has_ordered_headings_and_single_ids(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    main = html.partition("<main")[2]
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", main)]
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_500_page_needs_no_request() -> None:
    with override("vi"):
        html = render_to_string("500.html")
    assert re.findall(r'<html lang="(\w+)"', html) == ["vi"]


@pytest.mark.django_db
def test_unknown_address_answers_404_in_our_look(client: Client) -> None:
    response = client.get("/en/khong-co/")
    assert response.status_code == 404
    assert re.findall(r"<h1>([^<]+)</h1>", response.content.decode()) == ["There is no page at this address"]
