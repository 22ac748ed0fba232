"""Official papers come out in the form of Decree 30/2020, always the same, and open in an office suite."""

import dataclasses
import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from nhipcau.core.papers import (
    Appendix,
    Article,
    Heading,
    Items,
    Letterhead,
    Paper,
    Paragraph,
    Signature,
    Table,
    Urgency,
    render,
    slip,
    symbol_for,
)
from nhipcau.core.papers.blocks import column_widths
from nhipcau.core.papers.metrics import width_mm
from nhipcau.core.papers.numbers import letter, roman
from nhipcau.core.papers.phrases import even, groups, wrap
from tests.core.decree30 import Read, comes_before, failures, heads_filled, table_texts
from tests.core.office import AVAILABLE, convert, printed

PRESS = Letterhead(
    "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
    "TRUNG TÂM BÁO CHÍ",
    "Thành phố Hồ Chí Minh",
    "Trung tâm Báo chí",
)
SERVICE = Letterhead(
    "SỞ NGOẠI VỤ",
    "TRUNG TÂM DỊCH VỤ ĐỐI NGOẠI VÀ HỘI NGHỊ QUỐC TẾ",
    "Thành phố Hồ Chí Minh",
    "Trung tâm Dịch vụ Đối ngoại và Hội nghị Quốc tế",
)
SAID = "Hai Trung tâm phối hợp tổ chức các hoạt động theo lộ trình đã thống nhất, bảo đảm chất lượng, an toàn và tiết kiệm. "
RESULTS = Table(
    head=("Chỉ tiêu", "Kế hoạch", "Thực hiện", "Tỷ lệ"),
    rows=(
        ("Cuộc họp báo", "12", "11", "91,7%"),
        ("Học viên hoàn thành khóa bồi dưỡng", "180", "203", "112,8%"),
    ),
    align=("left", "right", "right", "right"),
    caption="Bảng 1. Kết quả so với mục tiêu",
)
INDICATORS = Table(
    head=(
        "TT",
        "Chỉ tiêu",
        "ĐVT",
        "Kế hoạch",
        "Thực hiện kỳ",
        "Lũy kế",
        "Ước thực hiện",
        "% so kế hoạch",
        "Minh chứng",
    ),
    rows=(
        ("Mục tiêu 1. Nâng cao chất lượng phục vụ báo chí",),
        *(
            (
                str(n),
                f"Số lượt phóng viên được hỗ trợ tác nghiệp, nhóm {n}",
                "lượt",
                "120",
                "135",
                "1.250",
                "1.300",
                "108,3%",
                "Danh sách ký nhận",
            )
            for n in range(1, 31)
        ),
    ),
    align=(
        "center",
        "left",
        "center",
        "right",
        "right",
        "right",
        "right",
        "right",
        "left",
    ),
)
BODY = (
    Heading(1, "Kết quả so với mục tiêu"),
    Paragraph(SAID),
    RESULTS,
    Heading(1, "Kết quả theo nội dung"),
    Heading(2, "Phối hợp tổ chức hội nghị"),
    Heading(3, "Về họp báo"),
    Items(("11 cuộc họp báo đã tổ chức;", "02 cuộc được dời ngày.")),
    Heading(3, "Về hội thảo"),
    Paragraph(SAID * 3),
    Heading(2, "Truyền thông"),
    Paragraph(SAID * 4),
    Heading(1, "Kiến nghị"),
    Paragraph(SAID * 2),
)
DEPUTY = Signature(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Nguyễn Văn An")
DIRECTOR = Signature(("GIÁM ĐỐC",), "Trần Thị Bình")
DRAFT = Paper(
    kind="BÁO CÁO",
    symbol="BC-TTBC",
    subject="Kết quả thực hiện Bản ghi nhớ hợp tác giữa Trung tâm Báo chí và Trung tâm Dịch vụ Đối ngoại "
    "và Hội nghị Quốc tế, giai đoạn 1 năm 2022",
    letterhead=PRESS,
    bases=(
        "Căn cứ Bản ghi nhớ hợp tác ngày 11 tháng 11 năm 2021",
        "Căn cứ Kế hoạch số 05/KH-TTBC-FSC ngày 05 tháng 01 năm 2022.",
    ),
    body=BODY,
    recipients=("Sở Thông tin và Truyền thông (để báo cáo)", "Ban Giám đốc;"),
    archive="VT, NV",
    signatures=(DEPUTY,),
    appendices=(
        Appendix("Bảng chỉ tiêu giai đoạn 1", (INDICATORS,), landscape=True),
        Appendix("Danh mục hoạt động", (RESULTS,)),
    ),
    sample=True,
    made=date(2022, 4, 5),
)
ISSUED = dataclasses.replace(
    DRAFT,
    symbol="BC-FSC",
    subject="Kết quả quý I năm 2022",
    letterhead=SERVICE,
    number=5,
    day=date(2022, 4, 8),
    signatures=(DIRECTOR,),
    appendices=(Appendix("Bảng chỉ tiêu", (RESULTS,)),),
    urgency=Urgency.URGENT,
    contact="Số 6 Alexandre de Rhodes, Quận 1",
    sample=False,
)
JOINT = dataclasses.replace(
    DRAFT,
    kind="KẾ HOẠCH",
    symbol="KH-TTBC-FSC",
    subject="Thực hiện Bản ghi nhớ hợp tác năm 2022",
    partner=SERVICE,
    signatures=(
        dataclasses.replace(DEPUTY, party="Bên A"),
        dataclasses.replace(DIRECTOR, party="Bên B"),
    ),
    appendices=(),
)
MEMORANDUM = Paper(
    kind="BẢN GHI NHỚ HỢP TÁC",
    symbol="",
    subject="giữa Trung tâm Báo chí\nvà Trung tâm Dịch vụ Đối ngoại và Hội nghị Quốc tế",
    letterhead=None,
    body=(
        Article("Mục đích"),
        Items((SAID, SAID), "number"),
        Article("Nội dung hợp tác"),
        Items((SAID, SAID), "letter"),
    ),
    signatures=(
        dataclasses.replace(DIRECTOR, party="Bên A"),
        dataclasses.replace(DIRECTOR, party="Bên B"),
    ),
)
LETTER = Paper(
    kind="",
    symbol="TTBC-HCTH",
    subject="thông báo tổ chức họp báo ngày 20 tháng 4 năm 2022",
    letterhead=PRESS,
    addressees=("Ủy ban nhân dân Thành phố", "Sở Thông tin và Truyền thông"),
    body=(Paragraph(SAID),),
    recipients=("Như trên",),
    archive="VT",
    signatures=(DEPUTY,),
)
PAPERS = {
    "draft": DRAFT,
    "issued": ISSUED,
    "joint": JOINT,
    "memorandum": MEMORANDUM,
    "letter": LETTER,
}
office = pytest.mark.skipif(not AVAILABLE, reason="needs LibreOffice and poppler")


def read(paper: Paper, data: bytes | None = None) -> Read:
    """The paper read back, told what its file cannot say."""
    return Read(
        data or render(paper),
        issued=paper.issued,
        urgent=paper.urgency is not None,
        capacities=frozenset({"KT"}),
    )


def changed(data: bytes, *changes: tuple[str, str], part: str = "word/document.xml") -> bytes:
    """The file with texts of one of its parts replaced, each of which must be there."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            for before, after in changes if name == part else ():
                assert before in content, before
                content = content.replace(before, after)
            new.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("name", PAPERS)
def test_paper_satisfies_every_assertion_of_decree_30(name: str) -> None:
    assert failures(read(PAPERS[name])) == {}


@pytest.mark.parametrize("name", [name for name, paper in PAPERS.items() if paper.appendices])
def test_end_of_a_section_takes_no_room(name: str) -> None:
    """A mark of its own height made an empty page where the signature filled the page before."""
    marks = [
        p for p in docx.Document(io.BytesIO(render(PAPERS[name]))).element.body.iter(qn("w:p")) if p.pPr is not None
    ]
    ends = [p.pPr for p in marks if p.pPr.find(qn("w:sectPr")) is not None]
    assert len(ends) == len(PAPERS[name].appendices)
    assert all(end.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None for end in ends)


STYLES = "word/styles.xml"
DOCUMENT = "word/document.xml"


@pytest.mark.parametrize(
    ("assertion", "part", "before", "after"),
    [
        ("DOC-01", DOCUMENT, 'w:w="11906"', 'w:w="12240"'),
        ("DOC-02", DOCUMENT, 'w:left="1701"', 'w:left="1440"'),
        ("DOC-03", STYLES, 'w:cs="Times New Roman"', 'w:cs="Arial"'),
        ("DOC-04", STYLES, 'w:color w:val="000000"', 'w:color w:val="0000FF"'),
        ("DOC-05", DOCUMENT, "KIẾN NGHỊ", unicodedata.normalize("NFD", "KIẾN NGHỊ")),
        ("DOC-06", DOCUMENT, "CỘNG HÒA", "CỘNG HOÀ"),
        ("DOC-07", DOCUMENT, "Độc lập - Tự do", "Độc lập – Tự do"),
        ("DOC-12", DOCUMENT, "Số: 05/", "Số: 5/"),
        ("DOC-13", DOCUMENT, "/BC-FSC", "/KH-FSC"),
        ("DOC-14", DOCUMENT, "ngày 08 tháng 4", "ngày 8 tháng 04"),
        ("DOC-18", DOCUMENT, "năm 2021;", "năm 2021."),
        ("DOC-19", STYLES, 'w:line="276" w:lineRule="auto"/><w:ind w:left="0" w:firstLine="720"', 'w:line="276" w:lineRule="auto"/><w:ind w:left="0" w:firstLine="0"'),
        ("DOC-20", STYLES, 'w:before="120" w:after="0" w:line="276"', 'w:before="60" w:after="0" w:line="276"'),
        ("DOC-21", DOCUMENT, "II. KẾT QUẢ", "III. KẾT QUẢ"),
        ("DOC-23", DOCUMENT, ">GIÁM ĐỐC<", ">TL. GIÁM ĐỐC<"),
        ("DOC-24", DOCUMENT, "Trần Thị Bình", "TS. Trần Thị Bình"),
        ("DOC-25", DOCUMENT, "- Lưu: VT, NV.", "- Lưu: VT, NV;"),
        ("DOC-26", DOCUMENT, "<w:cantSplit/>", ""),
        ("DOC-27", DOCUMENT, "<w:titlePg/>", ""),
        ("DOC-28", DOCUMENT, ">Phụ lục<", ">Phụ lục I<"),
        ("DOC-29", DOCUMENT, "<w:tblHeader/>", ""),
        ("DOC-30", DOCUMENT, ">KHẨN<", ">RẤT KHẨN<"),
        ("DOC-33", STYLES, 'w:lang w:val="vi-VN"', 'w:lang w:val="en-US"'),
    ],
)  # fmt: skip
def test_assertion_notices_its_own_mistake(assertion: str, part: str, before: str, after: str) -> None:
    broken = changed(render(ISSUED), (before, after), part=part)
    assert assertion in failures(read(ISSUED, broken))


@pytest.mark.parametrize(
    ("assertion", "style"),
    [("DOC-08", "TieuNgu"), ("DOC-11", "CoQuanBanHanh"), ("DOC-16", "TrichYeu")],
)
def test_assertion_notices_a_missing_line(assertion: str, style: str) -> None:
    document = docx.Document(io.BytesIO(render(ISSUED)))
    for paragraph in document.element.body.iter(f"{{{document.element.nsmap['w']}}}p"):
        if paragraph.pPr is not None and paragraph.pPr.pStyle is not None and paragraph.pPr.pStyle.val == style:
            line = paragraph.getnext()
            line.getparent().remove(line)
    out = io.BytesIO()
    document.save(out)
    assert assertion in failures(read(ISSUED, out.getvalue()))


def test_number_and_date_of_a_draft_stay_blank() -> None:
    found = read(DRAFT)
    assert [p.text for p in found.named("SoKyHieu", "DiaDanhNgay")] == [
        "Số:      /BC-TTBC",
        "Thành phố Hồ Chí Minh, ngày … tháng … năm …",
    ]
    assert (
        found.named("KemTheo")[0].text == "(Kèm theo Báo cáo số …/BC-TTBC ngày … tháng … năm … của Trung tâm Báo chí)"
    )


def test_issued_paper_bears_number_and_date() -> None:
    assert [p.text for p in read(ISSUED).named("SoKyHieu", "DiaDanhNgay")] == [
        "Số: 05/BC-FSC",
        "Thành phố Hồ Chí Minh, ngày 08 tháng 4 năm 2022",
    ]


def test_same_paper_gives_the_same_bytes() -> None:
    assert render(DRAFT) == render(DRAFT)
    assert slip(DRAFT) == slip(DRAFT)
    assert render(DRAFT) != render(dataclasses.replace(DRAFT, made=date(2022, 4, 6)))


def test_core_properties_name_subject_unit_and_day() -> None:
    core = docx.Document(io.BytesIO(render(ISSUED))).core_properties
    assert (core.title, core.author, core.language) == (
        ISSUED.subject,
        SERVICE.name,
        "vi-VN",
    )
    assert core.created is not None
    assert core.created.date() == date(2022, 4, 5)


def test_sample_is_marked_on_first_and_later_pages_of_each_section() -> None:
    for section in docx.Document(io.BytesIO(render(DRAFT))).sections:
        marks = [
            [p.text for p in part.paragraphs if "DỮ LIỆU MẪU" in p.text]
            for part in (
                section.first_page_header,
                section.first_page_footer,
                section.footer,
            )
        ]
        mark = ["DỮ LIỆU MẪU – Bản mẫu, không có giá trị"]
        assert marks == [["DỮ LIỆU MẪU"], mark, mark]
    assert "DỮ LIỆU MẪU" not in "".join(p.text for p in read(ISSUED).furniture)


def test_text_is_composed_and_loses_what_word_cannot_hold() -> None:
    odd = dataclasses.replace(LETTER, body=(Paragraph("Hòa\u00a0bình\x0b và \u00d0ông Nam Á"),))
    assert [p.text for p in read(odd).named("NoiDung")] == ["Hòa bình và Đông Nam Á"]


def test_signatures_of_two_parties_stand_side_by_side_and_level() -> None:
    found = read(JOINT)
    assert [(p.column, p.text) for p in found.named("QuyenHan", "NguoiKy")] == [
        (0, "BÊN A"),
        (0, "KT. GIÁM ĐỐC"),
        (0, "PHÓ GIÁM ĐỐC"),
        (1, "BÊN B"),
        (1, "GIÁM ĐỐC"),
        (0, "Nguyễn Văn An"),
        (1, "Trần Thị Bình"),
    ]


def test_long_name_breaks_between_words() -> None:
    found = read(ISSUED).one("CoQuanBanHanh")
    assert found is not None
    assert found.text == "TRUNG TÂM\nDỊCH VỤ ĐỐI NGOẠI\nVÀ HỘI NGHỊ QUỐC TẾ"


def test_joint_paper_names_both_units() -> None:
    found = read(JOINT)
    assert [p.text.replace("\n", " ") for p in found.named("CoQuanChuQuan", "CoQuanBanHanh")] == [
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG - SỞ NGOẠI VỤ",
        "TRUNG TÂM BÁO CHÍ - TRUNG TÂM DỊCH VỤ ĐỐI NGOẠI VÀ HỘI NGHỊ QUỐC TẾ",
    ]


def test_articles_and_lists_are_counted() -> None:
    assert [p.text[:8].rstrip() for p in read(MEMORANDUM).named("Dieu", "GachDauDong")] == [
        "Điều 1.", "1. Hai T", "2. Hai T", "Điều 2.", "a) Hai T", "b) Hai T",
    ]  # fmt: skip


def test_table_keeps_its_cells_and_a_group_row_lies_across() -> None:
    assert table_texts(read(DRAFT))[0] == [list(RESULTS.head), *map(list, RESULTS.rows)]
    row = docx.Document(io.BytesIO(render(DRAFT))).tables[3].rows[1]
    assert [cell.text for cell in row.cells] == [INDICATORS.rows[0][0]] * 9
    assert len({cell._tc for cell in row.cells}) == 1


def test_helpers_for_plans_and_reports_notice_order_and_empty_heads() -> None:
    found = read(DRAFT)
    assert list(heads_filled(found, "Mục tiêu", "Nội dung")) == []
    assert list(heads_filled(found, "Lộ trình")) == ["no heading with 'Lộ trình'"]
    assert list(comes_before(found, "KẾT QUẢ SO VỚI MỤC TIÊU", "KIẾN NGHỊ")) == []
    assert len(list(comes_before(found, "KIẾN NGHỊ", "KẾT QUẢ SO VỚI MỤC TIÊU"))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"number": 5},
        {"day": date(2022, 4, 8)},
        {"symbol": "KH-TTBC"},
        {"kind": "", "symbol": "BC-TTBC"},
        {"signatures": ()},
        {"subject": " "},
        {"letterhead": None, "partner": SERVICE},
    ],
)
def test_paper_refuses_what_contradicts_itself(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        dataclasses.replace(DRAFT, **change)  # type: ignore[arg-type]


def test_signature_refuses_a_courtesy() -> None:
    with pytest.raises(ValueError, match="courtesy"):
        Signature(("GIÁM ĐỐC",), "Ông Nguyễn Văn An")
    assert Signature(("GIÁM ĐỐC",), "Bàng Thị Tsang").name == "Bàng Thị Tsang"


def test_table_refuses_a_row_of_the_wrong_length() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        Table(("A", "B", "C"), (("1", "2"),))


def test_symbol_is_built_of_kind_and_units() -> None:
    assert symbol_for("KẾ HOẠCH", "TTBC", "FSC") == "KH-TTBC-FSC"


def test_numbers_of_parts_and_points() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 40, 89)] == [
        "I",
        "IV",
        "IX",
        "XIV",
        "XL",
        "LXXXIX",
    ]
    assert "".join(letter(n) for n in range(1, 8)) == "abcdđeg"
    assert letter(24) == "aa"


def test_widths_are_those_of_times() -> None:
    motto = width_mm("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, bold=True)
    assert round(motto, 1) == 95.7
    assert (
        round(
            width_mm("Thành phố Hồ Chí Minh, ngày 20 tháng 01 năm 2022", 13, italic=True),
            1,
        )
        == 98.7
    )


def test_groups_keep_words_together() -> None:
    assert groups("TRUNG TÂM DỊCH VỤ ĐỐI NGOẠI VÀ HỘI NGHỊ QUỐC TẾ") == [
        "TRUNG TÂM", "DỊCH VỤ", "ĐỐI NGOẠI", "VÀ HỘI NGHỊ", "QUỐC TẾ",
    ]  # fmt: skip
    assert groups("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH") == [
        "ỦY BAN",
        "NHÂN DÂN",
        "THÀNH PHỐ",
        "HỒ CHÍ MINH",
    ]


def test_wrap_takes_the_fewest_lines_and_keeps_given_breaks() -> None:
    assert wrap("TRUNG TÂM BÁO CHÍ", 20, len) == ["TRUNG TÂM BÁO CHÍ"]
    assert wrap("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", 20, len) == [
        "SỞ THÔNG TIN",
        "VÀ TRUYỀN THÔNG",
    ]
    assert wrap("TRUNG TÂM\nBÁO CHÍ", 99, len) == ["TRUNG TÂM", "BÁO CHÍ"]
    assert even("Thực hiện Bản ghi nhớ hợp tác năm 2022", 30, len) == [
        "Thực hiện Bản ghi nhớ",
        "hợp tác năm 2022",
    ]


def test_columns_fill_the_line_and_hold_their_longest_word() -> None:
    widths = column_widths(INDICATORS, 252)
    assert round(sum(widths), 6) == 252
    assert max(widths) == widths[1]
    assert column_widths(dataclasses.replace(RESULTS, widths=(2, 1, 1, 1)), 165) == [
        66,
        33,
        33,
        33,
    ]


def test_slip_leaves_hands_their_room() -> None:
    data = slip(DRAFT)
    rows = table_texts(Read(data))[0]
    assert rows == [
        ["TT", "Công đoạn", "Chức vụ", "Họ và tên", "Ý kiến", "Ký, ngày tháng"],
        ["1", "Soạn thảo", "Chuyên viên", "", "", ""],
        ["2", "Duyệt nội dung", "Trưởng phòng", "", "", ""],
        ["3", "Kiểm tra thể thức", "Bộ phận Hành chính", "", "", ""],
        ["4", "Ký ban hành", "Lãnh đạo đơn vị", "", "", ""],
    ]


@office
@pytest.mark.office
@pytest.mark.parametrize(
    ("name", "pages", "sizes"),
    [
        ("draft", 6, {(210, 297), (297, 210)}),
        ("issued", 3, {(210, 297)}),
        ("joint", 2, {(210, 297)}),
        ("memorandum", 1, {(210, 297)}),
        ("letter", 1, {(210, 297)}),
    ],
)
def test_doc_39_paper_prints_on_a4_with_its_fonts(
    name: str, pages: int, sizes: set[tuple[int, int]], tmp_path: Path
) -> None:
    found = printed(render(PAPERS[name]), tmp_path)
    assert (found.pages, set(found.sizes_mm), found.embedded) == (pages, sizes, True)
    assert found.fonts <= {"LiberationSerif", "Tinos", "TimesNewRomanPSMT"}


@office
@pytest.mark.office
def test_sample_mark_is_printed_on_every_page(tmp_path: Path) -> None:
    found = printed(render(DRAFT), tmp_path)
    assert ["DỮ LIỆU MẪU" in page for page in found.text.split("\f")[:-1]] == [True] * found.pages


@office
@pytest.mark.office
def test_slip_is_one_page(tmp_path: Path) -> None:
    assert printed(slip(DRAFT), tmp_path).pages == 1


@office
@pytest.mark.office
def test_doc_40_paper_round_trips(tmp_path: Path) -> None:
    data = render(DRAFT)
    again = convert(data, tmp_path, "docx").read_bytes()
    assert [p.text for p in Read(again).paras if p.text] == [p.text for p in Read(data).paras if p.text]
