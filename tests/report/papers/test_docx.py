"""The paper in Word: pages by GB/T 9704, every cell as the table tells it, words that stay words, the same bytes."""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from functools import lru_cache

import matplotlib.image
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Length

from simkit.base.errors import RunError
from simkit.report.papers.docx.paper import write_docx
from simkit.report.papers.docx.table import CELL_SIZES
from simkit.report.papers.drawing import canvas
from simkit.report.papers.glyphs import FONTS
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pieces import Picture, Sentences
from simkit.report.papers.table import Blank, Column, Table, merged_rows
from simkit.report.papers.widths import number_width, widest_numbers
from tests.folders import file_names
from tests.office import converted, pdf_images, pdf_text

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "<w:br/>&amp;]]>",
    "{{x}} {% raw %} ${y}",
    '#read("/etc/passwd")',
    '" \\h \\* MERGEFORMAT "quoted\\',
    "{ DDEAUTO c:\\\\windows\\\\calc.exe }",
    "http://x.y/z",
    "长" * 500,
    "population.others.parks.performance." * 14,
    "🚀🏙️",
    "\u202eשלום مرحبا\u202c",
    "first\nsecond\r\nthird\rfourth\n\nsixth",
    "\tbetween\ttabs ",
    "",
    " ",
]
#: As Word holds it: what XML forbids is named.
FORBIDDEN = "a\x00b\x01c\x0bd\x1fe\ud800f\ufffeg"
REPLACED = "a[U+0000]b[U+0001]c[U+000B]d[U+001F]e[U+D800]f\ufffdg"
LANGS = ("zh", "en")
#: The order in which the schema wants what a paragraph, a run, ... may hold.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd tabs snapToGrid spacing ind jc outlineLvl "
    "rPr sectPr",
    "rPr": "rFonts b bCs snapToGrid vanish spacing sz szCs lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW vMerge tcBorders shd vAlign",
    "trPr": "cantSplit trHeight tblHeader",
    "sectPr": "type pgSz pgMar cols titlePg docGrid",
    "style": "name basedOn uiPriority qFormat pPr rPr tblPr",
    "settings": "zoom defaultTabStop evenAndOddHeaders characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
    "font": "altName charset family pitch",
    "docDefaults": "rPrDefault pPrDefault",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "pBdr": "top left bottom right",
}


def money_table():
    """Merged cells, quantiles that do not add, totals, words among numbers."""
    columns = (
        Column(key="level", heading="级次", merged=True),
        Column(key="item", heading="项目"),
        Column(key="y1", heading="2024", kind="money"),
        Column(key="p90", heading="P90（不可加总）", kind="money", not_additive=True),
        Column(key="share", heading="占比", kind="share"),
    )
    rows = [
        {
            "level": "市级" if number < 5 else "区县级",
            "item": f"第{number}项奖补",
            "y1": number * 123_456_789,
            "p90": number * 223_456_789.5,
            "share": number / 60,
        }
        for number in range(10)
    ]
    rows.append({"level": "", "item": "合计", "y1": 45 * 123_456_789, "p90": "未提供", "share": None})
    return Table(
        id="money",
        title="预算总表",
        unit="单位：万元",
        columns=columns,
        rows=tuple(rows),
        totals=(10,),
        notes=("来源：测算。", "分位数不可加总。"),
    )


def wide_table(years: int = 10, rows: int = 60):
    """Ten years and what else a wide table has: 16 columns, two of them text."""
    columns = [
        Column(key="name", heading="Measure 奖补项目"),
        Column(key="clause", heading="Clause 条款内容"),
    ]
    columns += [Column(key=f"y{year}", heading=str(2024 + year), kind="money") for year in range(years)]
    columns += [Column(key=f"s{at}", heading=f"Share {at}", kind="share") for at in range(4)]
    values = {f"y{year}": 12_345_678_900 for year in range(years)} | {f"s{at}": 0.123 for at in range(4)}
    body = [
        {
            "name": f"{at}号措施：人力资源服务机构引才奖励",
            "clause": "对符合条件的机构给予奖励。" * (2 + at % 3),
            **values,
        }
        for at in range(rows)
    ]
    body[3]["clause"] = "很长的条款。" * 400
    return Table(id="wide", title="", columns=tuple(columns), rows=tuple(body), totals=(rows - 1,))


def form_table():
    """A form: no headings, cells to be filled in."""
    columns = (Column(key="item", heading="item"), Column(key="content", heading="content"))
    contents = [Blank("填写名称"), "人力资源服务业专项经费", Blank("", 12), Blank("签字")]
    rows = tuple({"item": f"栏目{at}", "content": one} for at, one in enumerate(contents))
    return Table(id="form", title="申报表", columns=columns, rows=rows, headed=False)


def hostile_table():
    columns = (Column(key="a", heading=HOSTILE[0]), Column(key="b", heading="<b>", kind="money"))
    rows = tuple({"a": text, "b": text if at % 2 else at} for at, text in enumerate(HOSTILE))
    return Table(
        id="h", title=HOSTILE[1], unit=HOSTILE[3], columns=columns, rows=rows, notes=(HOSTILE[4], HOSTILE[0])
    )


@lru_cache
def picture() -> Picture:
    with canvas(3.2) as axes:
        axes.plot([0, 1], [1, 0])
        axes.set_title("资金需求 Confidence")
    return Picture(axes, title='曲线 "from" 1 to 0 <&>', note="图注")


@lru_cache
def paper(lang: str = "zh", date: datetime.date = datetime.date(2023, 4, 12)) -> Paper:
    """Upright, turned, form, and every hostile word in every place."""
    label = "附件" if lang == "zh" else "Annex "
    words = (
        Sentences("本附件所列数字均由模拟得出。\n“引号”——第二段。"),
        Sentences("一、总体情况", "heading"),
        Sentences("必须知道：\n本表未定价。", "warn"),
        Sentences("小字说明", "note"),
    )
    hostile = tuple(Sentences("\n".join(HOSTILE), kind) for kind in ("p", "heading", "warn", "note"))
    pieces = {
        "预算总表": (*words, money_table(), money_table(), picture()),
        "宽表": (wide_table(),),
        "绩效目标申报表": (form_table(),),
        HOSTILE[5]: (hostile_table(), *hostile, Sentences(FORBIDDEN)),
    }
    return Paper(
        lang=lang,
        title="专项资金2024年度预算附件",
        subtitle="甬人社发〔2023〕9号",
        imprint=(("编制单位（盖章）", Blank()), ("编制日期", "2023年4月12日"), ("编号", Blank("", 7))),
        banners=(Sentences("假设政策续期三年。\n叠加方案：上限翻番。", "warn"),),
        contents="目录" if lang == "zh" else "Contents",
        annexes=tuple(
            Annex(id=str(at), label=f"{label}{at}", heading=heading, pieces=found)
            for at, (heading, found) in enumerate(pieces.items(), start=1)
        ),
        running="基准情景 种子1 抽样1000次 <running>",
        date=date,
        name="baseline",
    )


@pytest.fixture(scope="module", params=LANGS)
def written(request, tmp_path_factory):
    path = write_docx(paper(request.param), tmp_path_factory.mktemp("docx") / "new" / "annexes.docx")
    return paper(request.param), Document(path), path


def parts(path):
    """Every XML part of the file, parsed."""
    from lxml import etree

    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if name.endswith((".xml", ".rels"))]
        return {name: etree.fromstring(file.read(name)) for name in names}


def tables_of(document):
    """The tables of the annexes with the document's: the cover has one of its own."""
    return [table for table in document.tables if table.style.name == "Annex Table"]


def expected_tables(found):
    return [(one, piece) for one in found.annexes for piece in one.pieces if isinstance(piece, Table)]


def attribute(element, path, name="val"):
    found = element.find("/".join(qn(f"w:{step}") for step in path.split("/")))
    return None if found is None else found.get(qn(f"w:{name}"))


def words_of(element):
    return "".join(text.text for text in element.iter(qn("w:t")))


def lines_of(text):
    for mark in ("\u202e", "\u202c"):
        text = text.replace(mark, f"[U+{ord(mark):04X}]")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ---------------------------------------------------------------------- what it says


def test_every_cell_reads_back_as_the_table_tells_it(written):
    found, document, _ = written
    pairs = list(zip(expected_tables(found), tables_of(document), strict=True))
    assert len(pairs) == 5
    for (_, table), shown in pairs:
        rows = [[cell.text for cell in row.cells] for row in shown.rows]
        if table.headed:
            assert rows.pop(0) == [lines_of(column.heading) for column in table.columns]
        assert rows == [[lines_of(text) for text in row] for row in table.texts()]


def test_words_stand_in_their_styles(written):
    found, document, _ = written
    shown = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    assert ("Title", found.title) in shown and ("Subtitle", found.subtitle) in shown
    first = [("Warning", "假设政策续期三年。"), ("Warning", "叠加方案：上限翻番。")]
    assert shown[2:4] == first
    pairs = {"p": "Body Text", "heading": "Heading 2", "warn": "Warning", "note": "Small Print"}
    for annex in found.annexes:
        assert ("Annex Label", annex.label) in shown and ("Heading 1", annex.heading) in shown
        for piece in annex.pieces:
            if isinstance(piece, Sentences) and FORBIDDEN not in piece.text:
                for line in lines_of(piece.text).split("\n"):
                    assert (pairs[piece.kind], line) in shown or not line.strip()
            elif isinstance(piece, Table):
                titled = bool(piece.title) and piece.title != annex.heading
                assert (("Heading 3", piece.title) in shown) == titled
                assert not piece.unit or ("Table Unit", piece.unit) in shown
                for note in piece.notes:
                    assert any(style == "Table Note" and text.endswith(note) for style, text in shown)
    assert ("caption", "图注") in [(style.lower(), text) for style, text in shown]


def test_blanks_of_the_cover_are_lines_to_write_on(written):
    _, document, _ = written
    rows = document.tables[0].rows
    ruled = [row.cells[1]._tc.find(".//" + qn("w:tcBorders")) is not None for row in rows]
    assert ruled == [True, False, True]
    assert [row.cells[1].text for row in rows] == ["", "2023年4月12日", "7"]


def parts_of(annex):
    """The lines of an annex's headings of parts, as Word holds them."""
    texts = (one.text for one in annex.pieces if isinstance(one, Sentences) and one.kind == "heading")
    return [line for text in texts for line in lines_of(text).split("\n") if line.strip()]


def test_contents_are_there_when_the_file_is_opened(written):
    """Links to the headings' own bookmarks, and no page that could be wrong."""
    found, document, path = written
    body = document.element.body
    links = body.findall(".//" + qn("w:hyperlink"))
    expected = [
        words
        for one in found.annexes
        for words in (
            (f"{one.label}{'　' if found.lang == 'zh' else '. '}{one.heading}", "Heading1", one.heading),
            *((" ".join(line.split()), "Heading2", line) for line in parts_of(one)),
        )
    ]
    texts = [" ".join(words_of(link).split()) for link in links]
    assert texts == [" ".join(words.split()) for words, _, _ in expected]
    assert len(texts) > len(found.annexes)
    places = {mark.get(qn("w:name")): mark for mark in body.iter(qn("w:bookmarkStart"))}
    for link, (_, style, words) in zip(links, expected, strict=True):
        heading = places[link.get(qn("w:anchor"))].getparent()
        assert attribute(heading, "pPr/pStyle") == style
        assert words_of(heading).split() == words.replace("\t", "").split()
    numbers = [mark.get(qn("w:id")) for mark in places.values()]
    assert len(set(numbers)) == len(numbers) == len(expected)
    assert len(parts(path)["word/document.xml"].findall(".//" + qn("w:sdt"))) == 1


def test_fields_begin_separate_and_end_and_none_is_a_users(written):
    found, document, _ = written
    for element in (document.element, *(one._element for one in feet(document))):
        depth, kinds = 0, [mark.get(qn("w:fldCharType")) for mark in element.iter(qn("w:fldChar"))]
        for kind in kinds:
            depth += {"begin": 1, "separate": 0, "end": -1}[kind]
            assert depth in (0, 1)
        assert depth == 0
    codes = [code.text.strip() for code in document.element.iter(qn("w:instrText"))]
    assert codes[0] == r'TOC \f C \l "1-2" \h \z'
    pattern = r'TC "((?:[^"\\]|\\.)*)" \\f C \\l "([12])"'
    every = [re.fullmatch(pattern, code) for code in codes[1:]]
    assert all(every) and sum(one[2] == "2" for one in every) == sum(
        len(parts_of(one)) for one in found.annexes
    )
    entries = [one for one in every if one[2] == "1"]
    assert len(entries) == len(found.annexes)
    unquoted = [re.sub(r"\\(.)", r"\1", entry[1]) for entry in entries]
    assert [text.endswith(one.heading) for text, one in zip(unquoted, found.annexes, strict=True)] == [
        True
    ] * 4
    for code in document.element.iter(qn("w:instrText")):
        hidden = code.getparent().find(qn("w:rPr")) is not None
        assert hidden == code.text.strip().startswith("TC ")


# ---------------------------------------------------------------------- pages


def feet(document):
    front = document.sections[0]
    return (front.footer, front.even_page_footer, front.first_page_footer)


def test_pages_are_those_of_the_standard(written):
    found, document, _ = written
    sections = document.sections
    assert [section.orientation == 1 for section in sections] == [
        False,
        *(one.landscape for one in found.annexes),
    ]
    assert any(one.landscape for one in found.annexes)
    for section in sections:
        turned = section.orientation == 1
        size = (section.page_width.mm, section.page_height.mm)
        edges = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        assert size == pytest.approx((297, 210) if turned else (210, 297), abs=0.02)
        expected = (28, 37, 26, 35) if turned else (37, 26, 35, 28)
        assert [edge.mm for edge in edges] == pytest.approx(expected, abs=0.02)
        assert section.start_type == 2  # a new page
        assert (
            section.footer_distance < section.bottom_margin and section.header_distance < section.top_margin
        )


def test_the_grid_holds_22_lines_of_28_characters(tmp_path):
    document = Document(write_docx(paper("zh"), tmp_path / "a.docx"))
    section = document.sections[0]
    grid = section._sectPr.find(qn("w:docGrid"))
    line = int(grid.get(qn("w:linePitch"))) / 20
    body = document.styles["Body Text"].element
    character = 16 + int(attribute(body, "rPr/spacing") or 0) / 20
    height = section.page_height.pt - section.top_margin.pt - section.bottom_margin.pt
    width = section.page_width.pt - section.left_margin.pt - section.right_margin.pt
    assert int(height / line) == 22 and int(width / character) == 28
    assert document.styles["Normal"].font.size.pt == 16


def test_text_alone_keeps_to_the_grid_and_begins_two_characters_in(tmp_path):
    """A cell or a title on the grid would take a line of the page, or two, for each of its own."""
    styles = Document(write_docx(paper("zh"), tmp_path / "a.docx")).styles
    on_grid = {
        style.name
        for style in styles
        if style.type == 1 and attribute(style.element, "pPr/snapToGrid") != "0"
    }
    assert on_grid == {"Normal", "Body Text", "Heading 2", "toc 1"}
    indent = {
        key: attribute(styles["Body Text"].element, "pPr/ind", key) for key in ("firstLineChars", "firstLine")
    }
    assert indent == {"firstLineChars": "200", "firstLine": "640"}


def test_every_page_has_its_number_and_the_running_head(written):
    found, document, path = written
    front = document.sections[0]
    assert [foot.paragraphs[0].text for foot in feet(document)] == ["— 1 —", "— 1 —", ""]
    sides = [attribute(foot.paragraphs[0]._p, "pPr/jc") for foot in feet(document)]
    assert sides == ["right", "left", None]
    for foot in feet(document)[:2]:
        assert [code.text.strip() for code in foot._element.iter(qn("w:instrText"))] == ["PAGE"]
        assert foot.paragraphs[0].style.font.size.pt == (14 if found.lang == "zh" else 12)
    for head in (front.header, front.even_page_header, front.first_page_header):
        assert [one.text for one in head.paragraphs] == [found.running]
    assert parts(path)["word/settings.xml"].find(qn("w:evenAndOddHeaders")) is not None
    assert front.different_first_page_header_footer
    for section in list(document.sections)[1:]:
        assert section.footer.is_linked_to_previous and section.header.is_linked_to_previous
        assert not section.different_first_page_header_footer


def test_an_annex_begins_with_its_label_at_the_head_of_a_section(written):
    found, document, _ = written
    starts, first = [], True
    for element in document.element.body:
        if first and element.tag == qn("w:p"):
            starts.append(words_of(element))
        first = element.find(qn("w:pPr") + "/" + qn("w:sectPr")) is not None
    assert starts == [found.title, *(one.label for one in found.annexes)]


# ---------------------------------------------------------------------- letters


def test_every_style_names_both_fonts_and_no_theme(written):
    found, document, path = written
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph":
            fonts = style.find(qn("w:rPr") + "/" + qn("w:rFonts"))
            for letters in ("ascii", "hAnsi", "eastAsia"):
                assert fonts.get(qn(f"w:{letters}")), style.get(qn("w:styleId"))
    known = {style.get(qn("w:styleId")) for style in document.styles.element.findall(qn("w:style"))}
    for name, part in parts(path).items():
        assert not any(
            "heme" in key for node in part.iter() for key in node.attrib if "Lang" not in node.tag
        ), name
        for paragraph in part.iter(qn("w:p")):
            assert attribute(paragraph, "pPr/pStyle") in known
        for fonts in part.iter(qn("w:rFonts")):
            assert fonts.get(qn("w:eastAsia")) or fonts.get(qn("w:hint")) == "eastAsia"
    look = {
        name: font_of(document, name)
        for name in ("Title", "Heading 1", "Heading 2", "Annex Label", "Body Text")
    }
    if found.lang == "zh":
        assert look["Title"] == look["Heading 1"] == ("方正小标宋简体", 22, False)
        assert look["Annex Label"] == look["Heading 2"] == ("黑体", 16, False)
        assert look["Body Text"] == ("仿宋_GB2312", 16, False)
    assert document.styles["Heading 1"].font.name == ("Arial" if found.lang == "en" else "Times New Roman")


def font_of(document, name):
    style = document.styles[name]
    asian = style.element.find(qn("w:rPr") + "/" + qn("w:rFonts")).get(qn("w:eastAsia"))
    return asian, style.font.size.pt, bool(style.font.bold)


def test_chinese_quotation_marks_are_set_in_the_chinese_font(written):
    """A run without the hint would set “ ” and — in the Latin font, half as wide."""
    found, document, _ = written
    hints = {
        attribute(run, "rPr/rFonts", "hint")
        for paragraph in document.element.body.iter(qn("w:p"))
        for run in paragraph.iter(qn("w:r"))
        if words_of(run)
    }
    assert hints == ({"eastAsia"} if found.lang == "zh" else {None})


def test_a_machine_without_a_font_is_told_which_to_take(written):
    _, document, path = written
    fonts = parts(path)["word/fontTable.xml"]
    others = {font.get(qn("w:name")): attribute(font, "altName") for font in fonts}
    used = {fonts.get(qn("w:eastAsia")) for fonts in document.styles.element.iter(qn("w:rFonts"))}
    assert used <= set(others) and all(others[name] for name in used)
    assert "仿宋,FangSong" in others["仿宋_GB2312"] and "宋体" in others["方正小标宋简体"]
    assert "楷体" in others["楷体_GB2312"]


def test_parts_stand_in_the_order_of_the_schema(written):
    _, _, path = written
    seen = set()
    for name, part in parts(path).items():
        for element in part.iter():
            kind = element.tag.rsplit("}", 1)[-1]
            if not element.tag.startswith(qn("w:p")[: -len("p")]) or kind not in ORDER:
                continue
            order = ORDER[kind].split()
            places = [
                order.index(child.tag.rsplit("}", 1)[-1])
                for child in element
                if not child.tag.endswith("Reference")
            ]
            assert places == sorted(places), (name, kind, [child.tag for child in element])
            seen.add(kind)
    assert seen == set(ORDER)


# ---------------------------------------------------------------------- tables


def test_tables_are_as_wide_as_the_text_and_break_no_number(written):
    """10 years in 16 columns too, with letters of 6.5 points or more, whatever the font."""
    found, document, _ = written
    sizes = {}
    for (annex, table), shown in zip(expected_tables(found), tables_of(document), strict=True):
        section = document.sections[1 + found.annexes.index(annex)]
        text = section.page_width - section.left_margin - section.right_margin
        widths = [int(column.get(qn("w:w"))) for column in shown._tbl.find(qn("w:tblGrid"))]
        assert sum(widths) == pytest.approx(text / 635, abs=1)
        for row in shown._tbl.findall(qn("w:tr")):
            assert [int(attribute(cell, "tcPr/tcW", "w")) for cell in row.findall(qn("w:tc"))] == widths
        own = {int(size.get(qn("w:val"))) / 2 for size in shown._tbl.iter(qn("w:sz"))}
        sizes[table.id] = size = own.pop() if own else CELL_SIZES[0]
        assert not own and CELL_SIZES[-1] <= size <= CELL_SIZES[0]
        for place, (column, widest) in enumerate(zip(table.columns, widest_numbers(table), strict=True)):
            assert widest * size * 20 + 100 <= widths[place], (table.id, column.key)
    assert sizes["money"] == 10.5 and sizes["wide"] < 10.5


def test_two_tables_never_touch(tmp_path):
    """Word takes tables without a paragraph between them for one; what has no notes has nothing else below."""
    bare = form_table()
    found = small(Annex(id="a", label="附件1", heading="表", pieces=(bare, wide_table(1, 4), bare)))
    document = Document(write_docx(found, tmp_path / "a.docx"))
    after = [table._tbl.getnext().tag for table in document.tables]
    assert after == [qn("w:p")] * 3


def test_long_numbers_are_not_broken_beside_long_words(tmp_path):
    money = [Column(key=f"y{at}", heading="合计", kind="money") for at in range(4)]
    row = {"text": "长" * 500} | {one.key: 99_999_999_999_999_999 for one in money}
    table = Table(id="x", title="", columns=(Column(key="text", heading="条款"), *money), rows=(row,) * 3)
    found = small(Annex(id="a", label="附件1", heading="表", pieces=(table,)))
    shown = tables_of(Document(write_docx(found, tmp_path / "a.docx")))[0]
    size = {int(one.get(qn("w:val"))) / 2 for one in shown._tbl.iter(qn("w:sz"))} or {CELL_SIZES[0]}
    widths = [int(one.get(qn("w:w"))) for one in shown._tbl.find(qn("w:tblGrid"))]
    needed = number_width(table.texts()[0][1], bold=False) * size.pop() * 20 + 100
    assert number_width(table.texts()[0][1], bold=False) > 10
    assert min(widths[1:]) >= needed and widths[0] > max(widths[1:])


def test_heads_are_repeated_and_rows_are_not_cut_unless_they_are_long(written):
    found, document, _ = written
    for (_, table), shown in zip(expected_tables(found), tables_of(document), strict=True):
        rows = shown._tbl.findall(qn("w:tr"))
        heads = [row.find(".//" + qn("w:tblHeader")) is not None for row in rows]
        assert heads == [table.headed and at == 0 for at in range(len(rows))]
        cut = [at for at, row in enumerate(rows) if row.find(".//" + qn("w:cantSplit")) is None]
        if table.id == "wide":
            assert cut == [4]  # below the head, the row of 2,400 characters
        elif table.id != "h":
            assert cut == []


def test_numbers_stand_right_totals_bold_and_what_does_not_add_is_shaded(written):
    found, document, _ = written
    for (_, table), shown in zip(expected_tables(found), tables_of(document), strict=True):
        rows = shown._tbl.findall(qn("w:tr"))[int(table.headed) :]
        for number, row in enumerate(rows):
            for column, cell in zip(table.columns, row.findall(qn("w:tc")), strict=True):
                value = table.rows[number][column.key]
                style = attribute(cell, "p/pPr/pStyle")
                if column.kind != "text":
                    assert style == ("TableNumber" if isinstance(value, int | float) else "TableWord")
                else:
                    assert style == "TableText"
                bold = {run.find(".//" + qn("w:b")) is not None for run in cell.iter(qn("w:r"))}
                assert bold <= {number in table.totals}
                shaded = attribute(cell, "tcPr/shd", "fill")
                form = not table.headed and column is table.columns[0]
                blank = isinstance(value, Blank)
                assert (shaded is not None) == (column.not_additive or form or blank)
                assert (shaded == "FFFBE6") == blank
    assert document.styles["Table Number"].paragraph_format.alignment == 2


def test_merged_cells_are_one(written):
    found, document, _ = written
    count = 0
    for (_, table), shown in zip(expected_tables(found), tables_of(document), strict=True):
        rows = shown._tbl.findall(qn("w:tr"))[int(table.headed) :]
        for place, column in enumerate(table.columns):
            spans = merged_rows(table, column)
            marks = [attribute(row.findall(qn("w:tc"))[place], "tcPr/vMerge") for row in rows]
            expected: list[str | None] = [None] * len(rows)
            for first, length in spans.items():
                expected[first : first + length] = ["restart", *["continue"] * (length - 1)]
                count += 1
            assert marks == expected
    assert count == 4


def test_a_form_has_room_to_write(written):
    found, document, _ = written
    (shown,) = [
        shown
        for (_, table), shown in zip(expected_tables(found), tables_of(document), strict=True)
        if table.id == "form"
    ]
    high = [row.height is not None and row.height.mm >= 9.9 for row in shown.rows]
    assert high == [True, False, True, True]


# ---------------------------------------------------------------------- figures


def test_figures_are_sharp_described_and_as_wide_as_the_text(written):
    _, document, _ = written
    (shape,) = document.inline_shapes
    section = document.sections[1]
    turned = section.page_width - section.left_margin - section.right_margin
    assert shape.width == pytest.approx(turned, abs=700)
    image = document.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
    assert image.blob == picture().png()
    pixels = matplotlib.image.imread(io.BytesIO(image.blob)).shape[1]
    assert pixels / Length(shape.width).inches > 290 and pixels == round(300 * picture().inches[0])
    assert shape._inline.docPr.get("descr") == picture().title
    width, height = picture().inches
    assert shape.height / shape.width == pytest.approx(height / width, rel=1e-3)
    (holder,) = [one for one in document.paragraphs if one._p.find(".//" + qn("w:drawing")) is not None]
    assert holder.style.name == "Figure"
    assert attribute(holder.style.element, "pPr/spacing", "lineRule") == "auto"  # else Word cuts it


def test_a_figure_leaves_room_for_the_headings_that_it_stands_below(tmp_path):
    with canvas(5) as axes:
        axes.plot([0, 1], [0, 1])
    high = Picture(axes, title="图", note="图注")
    wide = tuple(Column(key=f"y{at}", heading="合计", kind="money") for at in range(14))
    table = Table(id="x", title="", columns=wide, rows=({one.key: 10**12 for one in wide},))
    heights = {}
    for words in ((), (Sentences("一、资金安排", "heading"),), (Sentences("一段", "p"),)):
        annex = Annex(id="a", label="附件1", heading="图", pieces=(*words, high, table))
        document = Document(write_docx(small(annex), tmp_path / "a.docx"))
        heights[words[0].kind if words else ""] = document.inline_shapes[0].height.mm
    assert heights["heading"] < heights[""] < heights["p"]
    # GB/T 9704: 156 mm; label 10.2, heading 28.2, heading of a part 15.5
    assert heights["heading"] + 10.2 + 28.2 + 15.5 < 156


def test_what_is_written_by_hand_is_marked_and_has_room(tmp_path):
    columns = (Column(key="a", heading="意见"), Column(key="b", heading="金额", kind="money"))
    rows = ({"a": Blank("写"), "b": 1}, {"a": Blank("写", "已填"), "b": Blank()}, {"a": "文", "b": Blank()})
    found = Table(id="t", title="题", columns=columns, rows=rows)
    annex = Annex(id="a", label="附件1", heading="题", pieces=(found,))
    document = Document(write_docx(small(annex), tmp_path / "a.docx"))
    table = document.tables[-1]._tbl
    assert [one.get(qn("w:val")) for one in table.iter(qn("w:trHeight"))] == ["567"]  # 10 mm
    fills = [attribute(cell, "tcPr/shd", "fill") for cell in list(table.iter(qn("w:tc")))[2:]]
    assert fills == ["FFFBE6", None, "FFFBE6", "FFFBE6", None, "FFFBE6"]
    assert "Heading 3" not in [one.style.name for one in document.paragraphs]  # the annex's heading said it


def test_a_high_figure_still_fits_the_page(tmp_path):
    with canvas(30) as axes:
        axes.plot([0, 1], [0, 1])
    high = Picture(axes, title="high")
    found = small(Annex(id="a", label="附件1", heading="图", pieces=(high,)))
    document = Document(write_docx(found, tmp_path / "a.docx"))
    assert document.inline_shapes[0].height.mm < 225 * 0.81


def small(*annexes: Annex, **changes) -> Paper:
    """A paper of these annexes."""
    plain = {
        "lang": "zh", "title": "题", "subtitle": "副题", "imprint": (), "banners": (), "contents": "目录",
        "annexes": annexes, "running": "页眉", "date": datetime.date(2023, 4, 12), "name": "x",
    }  # fmt: skip
    return Paper(**(plain | changes))


# ---------------------------------------------------------------------- hostile words, bytes, failures


def test_hostile_words_print_as_they_are(written):
    _, document, path = written
    shown = "\n".join(
        [one.text for one in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    for text in HOSTILE:
        for line in lines_of(text).split("\n"):
            assert line in shown
    assert REPLACED in shown
    for name, part in parts(path).items():
        if name.endswith(".rels"):
            assert not any(one.get("TargetMode") == "External" for one in part)
    with zipfile.ZipFile(path) as file:
        assert not any("vba" in name.lower() or "embed" in name.lower() for name in file.namelist())


@pytest.mark.parametrize("text", [*HOSTILE, FORBIDDEN])
def test_a_hostile_word_may_stand_anywhere(tmp_path, text):
    table = Table(
        id="x",
        title=text,
        unit=text,
        columns=(Column(key="a", heading=text),),
        rows=({"a": text},),
        notes=(text,),
    )
    annex = Annex(id=text, label=text, heading=text, pieces=(table, Sentences(text)))
    found = small(
        annex, title=text, subtitle=text, imprint=((text, text), (text, Blank(text, text))),
        banners=(Sentences(text, "warn"),), contents=text, running=text, name=text,
    )  # fmt: skip
    document = Document(write_docx(found, tmp_path / "a.docx"))
    expected = lines_of(REPLACED if text == FORBIDDEN else text)
    assert document.paragraphs[0].text == expected
    assert [cell.text for cell in tables_of(document)[0].columns[0].cells] == [expected, expected]
    assert document.sections[0].header.paragraphs[0].text == expected
    assert len(document.core_properties.title) <= 255


def test_a_paper_without_annexes_and_an_annex_without_pieces_open(tmp_path):
    document = Document(write_docx(small(), tmp_path / "a.docx"))
    assert len(document.sections) == 1 and document.sections[0].different_first_page_header_footer
    empty = Table(id="x", title="空", columns=(Column(key="a", heading="列"),), rows=())
    pieces = ((), (empty,))
    annexes = [
        Annex(id=str(at), label=f"附件{at}", heading="无", pieces=one) for at, one in enumerate(pieces)
    ]
    document = Document(write_docx(small(*annexes), tmp_path / "b.docx"))
    assert len(document.sections) == 3 and len(tables_of(document)) == 1


def test_the_same_paper_gives_the_same_bytes(tmp_path):
    first = write_docx(paper("zh"), tmp_path / "a.docx")
    second = write_docx(paper.__wrapped__("zh"), tmp_path / "b.docx")
    assert first.read_bytes() == second.read_bytes()
    known = Document(first).core_properties
    assert known.created == known.modified == datetime.datetime(2023, 4, 12, tzinfo=datetime.UTC)
    assert (known.title, known.keywords, known.language) == (paper("zh").title, "baseline", "zh-CN")
    with zipfile.ZipFile(first) as file:
        assert {part.date_time for part in file.infolist()} == {(2023, 4, 12, 0, 0, 0)}
    later = write_docx(paper("zh", datetime.date(2026, 11, 1)), tmp_path / "c.docx")
    assert Document(later).core_properties.created.year == 2026


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("old")
    with pytest.raises(RunError, match="cannot be written"):
        write_docx(small(), tmp_path / "file" / "x.docx")
    folder = tmp_path / "x.docx"
    folder.mkdir()
    with pytest.raises(RunError, match="nothing was kept"):
        write_docx(small(), folder)
    target = tmp_path / "kept.docx"
    target.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_docx(small(), target)
    assert target.read_bytes() == b"old"
    assert file_names(tmp_path) == ["file", "kept.docx", "x.docx"]


def test_a_figure_that_cannot_be_drawn_leaves_no_file(tmp_path, monkeypatch):
    def broken(self, dpi=300):
        raise RunError("error.no_xlsx_name", path="a figure")

    monkeypatch.setattr(Picture, "png", broken)
    with canvas() as axes:
        axes.set_title("图")
    annex = Annex(id="a", label="附件1", heading="图", pieces=(Picture(axes, title="rocket"),))
    with pytest.raises(RunError, match="a figure"):
        write_docx(small(annex), tmp_path / "a.docx")
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- opened


@pytest.fixture
def chinese_fonts(tmp_path, monkeypatch):
    """LibreOffice finds the report's own fonts, whatever the machine has."""
    config = tmp_path / "fonts.conf"
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>SimKit S{kind} SC</family></prefer></alias>'
        for name, kind in (
            ("仿宋_GB2312", "erif"),
            ("楷体_GB2312", "erif"),
            ("宋体", "erif"),
            ("方正小标宋简体", "erif"),
            ("黑体", "ans"),
        )
    )
    config.write_text(
        f"<fontconfig><dir>/usr/share/fonts</dir><dir>{FONTS}</dir><cachedir>{tmp_path}/cache</cachedir>"
        f"{aliases}</fontconfig>",
        encoding="utf-8",
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(config))


@pytest.mark.office
def test_libreoffice_shows_it(written, needs, chinese_fonts, tmp_path):
    """Writer, which a LibreOffice for spreadsheets alone lacks, is known by its own program."""
    writer = needs("lowriter")
    found, _, path = written
    made = converted(writer, path, tmp_path / "out", "pdf")
    text = pdf_text(needs("pdftotext"), made)
    pages = text.split("\f")[:-1]
    assert 9 <= len(pages) <= 40
    bare = ["".join(page.split()) for page in pages]
    assert "".join(found.title.split()) in bare[0] and "—1—" not in bare[0]
    contents = bare[1]
    for annex in found.annexes[:3]:
        assert annex.label.replace(" ", "") in contents and annex.heading in contents
    for number, page in enumerate(bare, start=1):
        assert "基准情景" in page, number
        assert number == 1 or f"—{number}—" in page, number
    for figure in ("555.56", "123.46", "12,345.68", "12.3%"):
        assert figure in text.replace(" ", "") or figure in text, figure
    for annex in found.annexes[:3]:
        first = next(page for page in bare[2:] if annex.label.replace(" ", "") in page)
        assert annex.heading in first
    turned = [page for page in bare if "2033" in page and "Share" in page]
    assert len(turned) > 1  # the head is on every page of the long table
    assert "=cmd|'/Ccalc'!A0" in "".join(bare)
    assert len(pdf_images(needs("pdftoppm"), made, tmp_path / "png", dpi=30)) == len(pages)
