"""What Word and Google Docs put on the clipboard, pasted with the keys into the editor of an article."""

import re
import unicodedata
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from nhipcau.newsroom.models import Article, Section
from nhipcau.parties.models import Membership, User
from tests import makers
from tests.e2e.fixtures import OpenWindow, _django_db_helper, browser, open_as, server, tables
from tests.newsroom.test_journey import SLOW, settle

__all__ = ["_django_db_helper", "browser", "open_as", "server", "tables"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def section(tables: None) -> Section:
    """In a sample programme, whose demo accounts owe no second factor."""
    makers.make_agreement(is_sample=True)
    return makers.make_section()


@pytest.fixture(scope="module")
def chief(section: Section) -> User:
    """Head of the editorial board of HMC."""
    return makers.make_user("chief", ("hmc", Membership.Role.CHIEF_EDITOR), is_demo=True)


# As Word 365 on Windows copies: a whole page with its styles, lists as paragraphs, a table, a footnote's mark.
WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>
<meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<link rel=File-List href="file:///C:/Users/x/clip_filelist.xml"><!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-size:14.0pt; font-family:"Times New Roman",serif;} --></style></head>
<body lang=VI style='tab-interval:36.0pt'><!--StartFragment-->
<h1 style='margin-top:12.0pt'><span lang=VI style='font-family:"Times New Roman"'>Khai mạc tọa đàm<o:p></o:p></span></h1>
<p class=MsoNormal style='text-align:justify'><b><span lang=VI style='color:red'>Sáng&nbsp;nay</span></b><span lang=VI>, </span><a
href="https://example.vn/" onclick="alert(1)"><span lang=VI>đại biểu</span></a><span lang=VI> đã </span><i><span
lang=VI>đến</span></i><span lang=VI>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]><span lang=VI>Ký kết<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]><span lang=VI>Tọa đàm<o:p></o:p></span></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><span lang=VI>Phiên một<o:p></o:p></span></p>
<table class=MsoTableGrid border=1><tr><td width=200><p class=MsoNormal>Giờ</p></td><td><p class=MsoNormal>Nội dung</p></td></tr>
<tr><td><p class=MsoNormal>14:00</p></td><td><p class=MsoNormal>Khai mạc</p></td></tr></table>
<script>alert(1)</script><img src="file:///C:/x.png"><!--EndFragment--></body></html>"""
# As Google Docs copies from Chrome: everything inside one <b>, looks in spans, lists with paragraphs inside.
GOOGLE = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-7f1c"><h1 dir="ltr" style="line-height:1.38">'
    '<span style="font-size:20pt;font-family:Arial;font-weight:400">Khai mạc tọa đàm</span></h1>'
    '<p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:700">Sáng nay</span><span style="font-weight:400">, </span>'
    '<a href="https://example.vn/" style="text-decoration:none"><span style="color:#1155cc;text-decoration:underline">đại biểu</span></a>'
    '<span> đã </span><span style="font-style:italic;font-weight:400">đến</span><span>.</span></p><br>'
    '<ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc" aria-level="1"><p dir="ltr" role="presentation"><span>Ký kết</span></p></li>'
    '<li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>Tọa đàm</span></p></li></ul>'
    '<ol><li dir="ltr"><p dir="ltr" role="presentation"><span>Phiên một</span></p></li></ol>'
    "<div dir=ltr><table><colgroup><col><col></colgroup><tbody><tr><td><p dir=ltr><span>Giờ</span></p></td><td><p dir=ltr><span>Nội dung</span></p></td></tr>"
    "<tr><td><p><span>14:00</span></p></td><td><p><span>Khai mạc</span></p></td></tr></tbody></table></div></b>"
)
KEPT = (
    "<h2>Khai mạc tọa đàm</h2>"
    '<p><b>Sáng nay</b>, <a href="https://example.vn/">đại biểu</a> đã <i>đến</i>.</p>'
    "<ul><li>Ký kết</li><li>Tọa đàm</li></ul>"
    "<ol><li>Phiên một</li></ol>"
    "<p>Giờ – Nội dung</p><p>14:00 – Khai mạc</p>"
)


@pytest.mark.parametrize(
    "pasted",
    [WORD, GOOGLE, unicodedata.normalize("NFD", GOOGLE)],
    ids=["Word", "Google Docs", "typed with separate marks"],
)
def test_pasted_text_keeps_its_words_and_loses_its_looks(
    open_as: OpenWindow, section: Section, chief: User, pasted: str
) -> None:
    window = open_as(chief)
    page = window.page
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.go(reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk]))
    page.locator("[name=title]").fill("Dán văn bản")
    page.locator("[name=lead]").fill("Thử.")
    box = page.locator("[data-contentpath=body] .public-DraftEditor-content").first
    box.click()
    # The clipboard is filled as another program fills it, untouched by the browser; then the keys are pressed.
    filled = page.evaluate(
        """(html) => {
          document.addEventListener('copy', event => {
            event.clipboardData.setData('text/html', html);
            event.clipboardData.setData('text/plain', new DOMParser().parseFromString(html, 'text/html').body.textContent);
            event.preventDefault(); event.stopImmediatePropagation();
          }, {once: true, capture: true});
          return document.execCommand('copy');
        }""",
        pasted,
    )
    assert filled
    page.keyboard.press("Control+V")
    expect(box).to_contain_text("đại biểu")
    settle(page)
    window.sees("newsroom-pasted")
    page.locator("button[name=action-publish]").first.click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=SLOW)
    article = Article.objects.order_by("-pk")[0]
    kept: Any = "".join(block["value"] for block in article.body.raw_data)
    assert re.sub(r' data-block-key="[^"]*"', "", kept) == KEPT
    reader = open_as()
    reader.go(article.url)
    assert "alert(1)" not in reader.page.content()
    # What Word's text would have run the browser refuses to run, and says so.
    assert [said for said in window.complaints if "Executing inline event handler" not in said] == []
