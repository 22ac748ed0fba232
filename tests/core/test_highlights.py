"""Where a text answers a query, and the part of it that does best."""

import pytest

from nhipcau.core import search
from nhipcau.core.highlights import excerpt, highlight


@pytest.mark.parametrize(
    ("text", "query", "html"),
    [
        ("Họp báo công bố", "hop bao", "<mark>Họp báo</mark> công bố"),
        ("Họp báo, hợp tác", "họp", "<mark>Họp</mark> báo, hợp tác"),
        ("Thủ tục hoà giải", "hòa", "Thủ tục <mark>hoà</mark> giải"),
        ("Thủ tục hòa giải", "hoà", "Thủ tục <mark>hòa</mark> giải"),
        ("Ho\u0323p ba\u0301o", "họp báo", "<mark>Họp báo</mark>"),
        ("Bạn bè", "bản", "<mark>Bạn</mark> bè"),  # no word of the text has the marks typed
        ("Toán học", "tọa", "Toán học"),
        ("Đối ngoại", "doi", "<mark>Đối</mark> ngoại"),
        ("a <b>họp</b> & báo", "hop", "a &lt;b&gt;<mark>họp</mark>&lt;/b&gt; &amp; báo"),
        ("Không có gì", "khac", "Không có gì"),
        ("Không hỏi gì", "", "Không hỏi gì"),
    ],
)
def test_what_was_asked_for_is_marked_and_the_rest_escaped(text: str, query: str, html: str) -> None:
    assert highlight(text, search.typed(query)) == html


def test_an_excerpt_is_the_part_with_most_of_the_words() -> None:
    text = "Mở đầu không nói gì. " * 20 + "Ở đây có họp báo về kinh tế số. " + "Rồi thôi. " * 40
    cut = excerpt(text, search.typed("họp báo kinh tế"), length=80)
    assert cut == "… Ở đây có họp báo về kinh tế số. Rồi thôi. Rồi thôi. Rồi thôi. Rồi thôi. Rồi …"
    assert excerpt("Ngắn.", ["ngắn"]) == "Ngắn."
    assert excerpt(text, ["la"], length=40) == "Mở đầu không nói gì. Mở đầu không nói …"
    assert len(excerpt("a" * 3000, ["a"])) <= 230
