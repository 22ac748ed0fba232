"""DỰ THẢO across every page of a Word file, as Word itself draws a watermark: a shape hung into the heads."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

TEXT = "DỰ THẢO"
_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say: the same paper gives the same bytes
_SHAPE = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="1600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="DuThao{number}" o:spid="_x0000_s{spid}" type="#_x0000_t136" alt="{text}" stroked="f" fillcolor="#d9d9d9"
 style="position:absolute;margin-left:0;margin-top:0;width:400pt;height:100pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin"><v:fill opacity=".5"/>
<v:textpath style="font-family:'Times New Roman';font-size:1pt" string="{text}"/></v:shape></w:pict></w:r>"""


def watermarked(content: bytes, text: str = TEXT) -> bytes:
    """The DOCX with the text across each page, first pages included."""
    document = docx.Document(io.BytesIO(content))
    number = 0
    for section in document.sections:
        for head in (section.header, section.first_page_header):
            if head.is_linked_to_previous or not head.paragraphs:
                continue
            number += 1
            run = parse_xml(_SHAPE.format(number=number, spid=2048 + number, text=text))
            paragraph = head.paragraphs[0]._p
            properties = paragraph.find(qn("w:pPr"))
            if properties is None:
                paragraph.insert(0, run)
            else:
                properties.addnext(run)
    raw = io.BytesIO()
    document.save(raw)
    return _same_day(raw)


def _same_day(raw: io.BytesIO) -> bytes:
    fixed = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return fixed.getvalue()
