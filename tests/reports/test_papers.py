"""The report as an official paper, a spreadsheet and a package: one set of figures in all of them."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from nhipcau.parties.models import Organisation
from nhipcau.reports import figures, package, papers, services, sheets, wording
from nhipcau.reports.errors import ReportRefused
from nhipcau.reports.models import Report
from tests import makers
from tests.core.decree30 import Read, comes_before, failures, heads_filled, table_texts
from tests.core.office import AVAILABLE, printed
from tests.reports import stage
from tests.reports.stage import AT, Stage, freeze, set_stage

pytestmark = pytest.mark.django_db


def told(on: Stage) -> Report:
    """The report with its text written and the missed target explained."""
    services.explain(
        report=on.report, indicator=on.visits, text="Một buổi tọa đàm dời sang ngày 10/10/2026 do trùng lịch hội trường.",
        by=on.officer, at=AT,
    )  # fmt: skip
    return services.revise_narrative(
        report=on.report,
        sections={
            "assessment": "Khóa bồi dưỡng hoàn thành đúng kế hoạch.\nHọc viên đánh giá tốt.",
            "limits": "- Số lượt người dự tọa đàm thấp.\n- Hồ sơ hoàn tất chậm.",
            "causes": "Trùng lịch hội trường.",
            "next_tasks": "- Tổ chức bù buổi tọa đàm.",
            "proposals": "Kính đề nghị hai Sở giới thiệu đơn vị cử người dự.",
        },
        by=on.officer,
        at=AT,
    )


def unit(key: str) -> Organisation:
    return makers.make_organisation(key)


@pytest.mark.parametrize("key", ["hmc", "fsc"])
@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("sample", [False, True])
def test_paper_is_in_form(key: str, frozen: bool, sample: bool) -> None:
    on = set_stage(sample=sample)
    report = told(on)
    if frozen:
        report = freeze(report)
    read = Read(papers.docx(report, unit(key)), author=unit(key).name)
    assert failures(read) == {}


def test_draft_without_any_text_is_in_form() -> None:
    assert failures(Read(papers.docx(set_stage().report, unit("fsc")))) == {}


def test_results_come_before_activities() -> None:
    read = Read(papers.docx(told(set_stage()), unit("hmc")))
    assert (
        list(comes_before(read, "KẾT QUẢ THỰC HIỆN MỤC TIÊU, CHỈ TIÊU", "KẾT QUẢ THỰC HIỆN CÁC NỘI DUNG HỢP TÁC")) == []
    )
    assert list(comes_before(read, "Lượt người dự tọa đàm", "Thứ Năm, 20/08/2026: Tọa đàm khởi nghiệp số")) == []
    wanted = (
        "KẾT QUẢ THỰC HIỆN MỤC TIÊU, CHỈ TIÊU",
        "KẾT QUẢ THỰC HIỆN CÁC NỘI DUNG HỢP TÁC",
        "ĐÁNH GIÁ CHUNG",
        "PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI",
        "ĐỀ XUẤT, KIẾN NGHỊ",
    )
    assert list(heads_filled(read, *wanted)) == []


def test_each_party_writes_to_its_own_department() -> None:
    on = set_stage()
    report = told(on)
    for key, above, other in (("hmc", "dic", "fsc"), ("fsc", "dofa", "hmc")):
        read = Read(papers.docx(report, unit(key)))
        head = read.one("CoQuanChuQuan")
        assert head is not None
        assert " ".join(head.text.split()) == unit(above).name.upper()
        assert [para.text for para in read.named("NoiNhanMuc") if para.text] == [
            f"- {unit(above).name} (để báo cáo);",
            f"- {unit(other).name} (để phối hợp);",
            "- Lưu: VT.",
        ]


def test_department_is_the_one_of_the_day() -> None:
    on = set_stage()
    report = told(on)
    unit("hmc").supervised_by.update(last_day=date(2026, 8, 31))
    later = makers.make_organisation("Sở Văn hóa và Thể thao")
    unit("hmc").supervised_by.create(department=later, first_day=date(2026, 9, 1))
    assert [one.name for one in papers.sender(report, unit("hmc")).departments] == ["Sở Văn hóa và Thể thao"]


def test_both_papers_carry_the_same_frozen_annex() -> None:
    report = freeze(told(set_stage()))
    one, other = (table_texts(Read(papers.docx(report, unit(key)))) for key in ("hmc", "fsc"))
    assert one == other
    assert len(one) == 3


def test_table_numbers_equal_those_of_the_spreadsheet() -> None:
    report = freeze(told(set_stage()))
    book = openpyxl.load_workbook(io.BytesIO(sheets.xlsx(report)))
    rows = list(book["Chỉ tiêu"].iter_rows(min_row=2, min_col=4, max_col=11, values_only=True))
    (table, *_annexes) = table_texts(Read(papers.docx(report, unit("hmc"))))
    assert [[*row[:2], *(stage.number(text) for text in row[2:])] for row in table[1:]] == [
        [*row[:2], *(None if value is None else Decimal(str(value)) for value in row[2:])] for row in rows
    ]
    assert table == [
        ["Chỉ tiêu", "ĐVT", "Kế hoạch", "Thực hiện kỳ", "Lũy kế", "Ước thực hiện", "% so kế hoạch", "% so cùng kỳ"],
        ["Lượt người dự tọa đàm", "lượt", "10", "3", "3", "3", "30", "–"],
        ["Số khóa bồi dưỡng", "khóa", "1", "1", "1", "1", "100", "–"],
    ]


def test_spreadsheet_is_clean() -> None:
    on = set_stage(sample=True)
    on.visits.name = "=1+1"
    on.visits.save()
    book = openpyxl.load_workbook(io.BytesIO(sheets.xlsx(told(on))))
    assert book.sheetnames == ["Chỉ tiêu – DỮ LIỆU MẪU", "Hoạt động – DỮ LIỆU MẪU"]
    first, second = book.worksheets
    assert [list(sheet.merged_cells.ranges) for sheet in book.worksheets] == [[], []]
    assert (first.freeze_panes, second.freeze_panes) == ("A2", "A2")
    assert [[cell.value for cell in row] for row in first.iter_rows()] == [
        ["Mã", "Nội dung", "Kỳ báo cáo", "Chỉ tiêu", "ĐVT", "Kế hoạch", "Thực hiện kỳ", "Lũy kế", "Ước thực hiện",
         "% so kế hoạch", "% so cùng kỳ", "Đánh giá", "Số bản ghi", "Giải trình"],
        ["CT-01", "1", "giai đoạn III", "=1+1", "lượt", 10, 3, 3, 3, 30, None, "Chưa đạt", 3,
         "Một buổi tọa đàm dời sang ngày 10/10/2026 do trùng lịch hội trường."],
        ["CT-02", "1", "giai đoạn III", "Số khóa bồi dưỡng", "khóa", 1, 1, 1, 1, 100, None, "Đạt", 1, None],
    ]  # fmt: skip
    assert first["D2"].data_type == "s"
    assert [[getattr(cell.value, "date", lambda v=cell.value: v)() for cell in row] for row in second.iter_rows(min_row=2)] == [
        ["TĐ-01", "Tọa đàm khởi nghiệp số", date(2026, 8, 20), date(2026, 8, 20), "Hội trường A, FSC", "HMC", "1"],
        ["KH-01", "Khóa bồi dưỡng kỹ năng trả lời phỏng vấn", date(2026, 9, 10), date(2026, 9, 11),
         "Hội trường A, FSC", "HMC", "1"],
    ]  # fmt: skip


def test_draft_is_marked_and_the_frozen_paper_is_not() -> None:
    on = set_stage()
    report = told(on)
    draft = papers.docx(report, unit("hmc"))
    assert draft == papers.docx(report, unit("hmc"))
    frozen = papers.docx(freeze(on.report), unit("hmc"))

    def marked(data: bytes) -> int:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum("DỰ THẢO" in archive.read(name).decode() for name in archive.namelist() if "header" in name)

    assert marked(draft) == 6  # two heads in each of three sections
    assert marked(frozen) == 0


def test_foot_leads_to_the_check_page() -> None:
    report = told(set_stage())
    read = Read(papers.docx(report, unit("hmc")))
    texts = [para.text for para in read.furniture]
    assert f"Kiểm tra số liệu: http://localhost:8000/kiem-tra/{report.check_code}/ – mã {report.check_code}" in texts
    frozen = freeze(report)
    read = Read(papers.docx(frozen, unit("hmc")))
    assert any(para.text.endswith(f"– mã đối chiếu {frozen.digest[:16]}") for para in read.furniture)
    assert failures(read) == {}


def test_place_is_the_units_own() -> None:
    report = told(set_stage())
    heads = []
    for place in ("", "Thành phố Thủ Đức"):
        Organisation.objects.update(place=place)
        read = Read(papers.docx(report, unit("hmc")))
        heads += [para.text for para in read.named("DiaDanhNgay")]
        assert failures(read) == {}
    assert heads == ["…, ngày … tháng … năm …", "Thành phố Thủ Đức, ngày … tháng … năm …"]


def test_deputy_signs_for_the_director() -> None:
    report = freeze(told(set_stage()))
    with zipfile.ZipFile(io.BytesIO(package.package(report, unit("hmc"), signing="pho-giam-doc"))) as archive:
        kept = archive.read(f"{report.file_stem}.docx")
    assert kept == papers.docx(report, unit("hmc"), signing="pho-giam-doc")
    read = Read(kept, capacities=frozenset({"KT"}))
    assert failures(read) == {}
    assert ">KT. GIÁM ĐỐC<" in read.document.element.xml
    assert ">PHÓ GIÁM ĐỐC<" in read.document.element.xml


def test_list_of_evidence_of_the_sample_says_so() -> None:
    report = freeze(told(set_stage(sample=True)))
    with zipfile.ZipFile(io.BytesIO(package.package(report, unit("hmc")))) as archive:
        assert archive.read("evidence.csv").decode().splitlines()[:2] == ["DỮ LIỆU MẪU", "ma_chi_tieu,ban_ghi"]


def test_package_holds_what_is_signed_and_what_proves_it() -> None:
    on = set_stage()
    report = told(on)
    with pytest.raises(ReportRefused) as refused:
        package.package(report, unit("hmc"))
    assert str(refused.value) == "The package for signature is made once both directors have frozen the figures."
    report = freeze(report)
    content = package.package(report, unit("hmc"))
    assert content == package.package(Report.objects.get(pk=report.pk), unit("hmc"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == [
            "bao-cao-20260701-20260930.docx", "evidence.csv", "figures.json", "figures.sha256", "phieu-trinh.docx",
            "phu-luc-so-lieu.xlsx",
        ]  # fmt: skip
        kept = archive.read("figures.json")
        assert hashlib.sha256(kept).hexdigest() == report.digest
        assert archive.read("figures.sha256").decode() == f"{report.digest}  figures.json\n"
        assert json.loads(kept) == report.payload
        listed = list(csv.reader(io.StringIO(archive.read("evidence.csv").decode())))
        assert archive.read("bao-cao-20260701-20260930.docx") == papers.docx(report, unit("hmc"))
        assert failures(Read(archive.read("bao-cao-20260701-20260930.docx"))) == {}
    assert [row[0] for row in listed] == ["ma_chi_tieu", "CT-01", "CT-01", "CT-01", "CT-02"]
    wanted = ",".join(row[1] for row in listed if row[0] == "CT-01")
    assert report.payload is not None
    assert report.payload["lines"][0]["evidence"]["sha256"] == hashlib.sha256(wanted.encode()).hexdigest()


@pytest.mark.parametrize(
    ("kind", "first", "last", "said"),
    [
        ("month", date(2026, 3, 1), date(2026, 3, 31), "tháng 3 năm 2026"),
        ("month", date(2026, 2, 15), date(2026, 3, 14), "tháng 3 năm 2026"),
        ("quarter", date(2026, 4, 1), date(2026, 6, 30), "quý II năm 2026"),
        ("half_year", date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026"),
        ("half_year", date(2026, 7, 1), date(2026, 12, 31), "6 tháng cuối năm 2026"),
        ("year", date(2026, 1, 1), date(2026, 12, 31), "năm 2026"),
    ],
)
def test_period_in_words(kind: str, first: date, last: date, said: str) -> None:
    plan = makers.make_plan()
    report = Report(plan=plan, kind=kind, first_day=first, last_day=last)
    assert wording.period(report) == said
    subject = "Kết quả thực hiện Kế hoạch hợp tác năm 2026"
    assert wording.subject(report) == (subject if kind == "year" else f"{subject}, {said}")


def test_copied_plan_brings_the_same_period() -> None:
    on = set_stage()
    later = makers.make_plan(on.plan.agreement, year=2027)
    later.copied_from = on.plan
    later.save()
    objective = makers.make_objective(later)
    visits = makers.make_indicator(objective, code="CT-01", name="Lượt người dự tọa đàm")
    phase = later.phases.get(order=3)
    makers.make_target(visits, phase, value=8)
    talk = makers.make_activity(later, code="TĐ-01", indicators=[visits],
                                starts_at=stage.moment(8, 20).replace(year=2027))  # fmt: skip
    for _number in range(6):
        makers.make_evidence(talk)
    report = services.draft_report(
        plan=later, phase=phase, kind="phase", first_day=date(2027, 7, 1), last_day=date(2027, 9, 30), by=on.officer,
        at=AT,
    )  # fmt: skip
    line = figures.lines(report)[0]
    assert (line.value, line.same_period, line.same_percent) == (Decimal(6), Decimal(3), Decimal("200.0"))


@pytest.mark.office
@pytest.mark.skipif(not AVAILABLE, reason="needs LibreOffice and poppler")
def test_paper_prints_on_a4(tmp_path: Path) -> None:
    report = freeze(told(set_stage(sample=True)))
    pages = printed(papers.docx(report, unit("fsc")), tmp_path)
    assert pages.sizes_mm == {(210, 297), (297, 210)}
    assert pages.embedded
    assert "DỮ LIỆU MẪU" in pages.text
    assert 4 <= pages.pages <= 6
