"""The paragraph styles of an official paper, one for each component of Decree 30/2020, as a Word style sheet."""

from dataclasses import dataclass
from typing import Literal

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

FONT = "Times New Roman"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class Look:
    """One paragraph style; sizes in points, distances in twips (567 is 1 cm)."""

    id: str
    name: str
    size: float
    bold: bool = False
    italic: bool = False
    align: Literal["left", "center", "right", "both"] = "left"
    before: int = 0
    after: int = 0
    line: int = 240
    exact: bool = False
    first: int = 0
    left: int = 0
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None
    red: bool = False


LOOKS = (
    Look("QuocHieu", "Quốc hiệu", 13, bold=True, align="center"),
    Look("TieuNgu", "Tiêu ngữ", 14, bold=True, align="center"),
    Look("CoQuanChuQuan", "Cơ quan chủ quản", 13, align="center"),
    Look("CoQuanBanHanh", "Cơ quan ban hành", 13, bold=True, align="center"),
    Look("SoKyHieu", "Số, ký hiệu", 13, align="center", before=120),
    Look(
        "DiaDanhNgay",
        "Địa danh và ngày tháng",
        13,
        italic=True,
        align="center",
        before=120,
    ),
    Look(
        "Khan",
        "Mức độ khẩn",
        13,
        bold=True,
        align="center",
        before=120,
        line=360,
        exact=True,
        red=True,
    ),
    Look("TrichYeuCongVan", "Trích yếu công văn", 12, align="center", before=120),
    Look(
        "TenLoai",
        "Tên loại văn bản",
        14,
        bold=True,
        align="center",
        before=360,
        keep_next=True,
    ),
    Look("TrichYeu", "Trích yếu", 14, bold=True, align="center", keep_next=True),
    Look("KinhGui", "Kính gửi", 14, before=240, after=120, first=720),
    Look("KinhGuiMuc", "Nơi được kính gửi", 14, before=60, left=2268, align="both"),
    Look(
        "CanCu",
        "Căn cứ",
        14,
        italic=True,
        align="both",
        before=120,
        line=276,
        first=720,
    ),
    Look("NoiDung", "Nội dung", 14, align="both", before=120, line=276, first=720),
    Look(
        "GachDauDong",
        "Gạch đầu dòng",
        14,
        align="both",
        before=120,
        line=276,
        first=720,
    ),
    Look(
        "Heading1",
        "heading 1",
        14,
        bold=True,
        align="both",
        before=180,
        line=276,
        first=720,
        keep_next=True,
        outline=0,
    ),
    Look(
        "Heading2",
        "heading 2",
        14,
        bold=True,
        align="both",
        before=120,
        line=276,
        first=720,
        keep_next=True,
        outline=1,
    ),
    Look(
        "Heading3",
        "heading 3",
        14,
        align="both",
        before=120,
        line=276,
        first=720,
        keep_next=True,
        outline=2,
    ),
    Look(
        "Dieu",
        "Điều",
        14,
        bold=True,
        align="both",
        before=180,
        line=276,
        first=720,
        keep_next=True,
        outline=1,
    ),
    Look(
        "TenBang",
        "Tên bảng",
        13,
        bold=True,
        align="center",
        before=180,
        after=80,
        keep_next=True,
    ),
    Look("DauBang", "Đầu bảng", 12, bold=True, align="center", before=40, after=40),
    Look("OBang", "Ô trong bảng", 12, before=40, after=40),
    Look("NoiNhan", "Nơi nhận", 12, bold=True, italic=True, keep_next=True),
    Look("NoiNhanMuc", "Nơi nhận, từng nơi", 11),
    Look("QuyenHan", "Quyền hạn, chức vụ", 14, bold=True, align="center", keep_next=True),
    Look("ChoKy", "Chỗ ký", 14, align="center", line=1300, exact=True, keep_next=True),
    Look("NguoiKy", "Họ tên người ký", 14, bold=True, align="center"),
    Look("PhuLuc", "Phụ lục", 14, bold=True, align="center", keep_next=True, outline=0),
    Look("TenPhuLuc", "Tên phụ lục", 14, bold=True, align="center", keep_next=True),
    Look("KemTheo", "Kèm theo", 14, italic=True, align="center", keep_next=True),
    Look("Ke", "Đường kẻ", 2, align="center", before=50, line=60, exact=True),
    Look("Dem", "Khoảng đệm", 2, line=40, exact=True),
    Look("SoTrang", "Số trang", 14, align="center"),
    Look("DuLieuMau", "Dữ liệu mẫu", 12, bold=True, align="center"),
    Look("LienHe", "Địa chỉ liên hệ", 11, align="center"),
)
BY_ID = {look.id: look for look in LOOKS}


def _style(look: Look) -> str:
    flags = "<w:keepNext/>" * look.keep_next + "<w:keepLines/>" * look.keep_lines
    rule = "exact" if look.exact else "auto"
    outline = "" if look.outline is None else f'<w:outlineLvl w:val="{look.outline}"/>'
    face = "<w:b/><w:bCs/>" * look.bold + "<w:i/><w:iCs/>" * look.italic
    colour = '<w:color w:val="FF0000"/>' if look.red else ""
    half = round(look.size * 2)
    return (
        f'<w:style w:type="paragraph" w:customStyle="{0 if look.name.startswith("heading") else 1}" w:styleId="{look.id}">'
        f'<w:name w:val="{look.name}"/><w:basedOn w:val="Normal"/><w:uiPriority w:val="1"/><w:qFormat/>'
        f"<w:pPr>{flags}"
        f'<w:spacing w:before="{look.before}" w:after="{look.after}" w:line="{look.line}" w:lineRule="{rule}"/>'
        f'<w:ind w:left="{look.left}" w:firstLine="{look.first}"/><w:jc w:val="{look.align}"/>{outline}</w:pPr>'
        f'<w:rPr>{face}{colour}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>'
    )


def style_sheet(language: str) -> BaseOxmlElement:
    """The whole style sheet: Times New Roman and the language for everything, then one style a component."""
    font = f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    tongue = f'<w:lang w:val="{language}" w:eastAsia="{language}" w:bidi="{language}"/>'
    return parse_xml(
        f'<w:styles xmlns:w="{_W}"><w:docDefaults>'
        f'<w:rPrDefault><w:rPr>{font}<w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/>{tongue}</w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        '<w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f"{''.join(map(_style, LOOKS))}</w:styles>"
    )
