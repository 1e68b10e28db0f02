"""The annexes as PDF: an archive file that says so, the same bytes, every word in it and none beside the page."""

from __future__ import annotations

import datetime
import html
import re
import subprocess
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.image
import numpy as np
import pytest

import simkit.report.papers.pdf.paper as pdf
from simkit.base.errors import RunError
from simkit.report.papers.drawing import canvas
from simkit.report.papers.glyphs import printable
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pdf.paper import write_pdf
from simkit.report.papers.pieces import Picture, Piece, Sentences
from simkit.report.papers.table import Blank, Column, Table, cell_text, merged_rows
from simkit.report.tables.all import all_tables
from tests.folders import file_names
from tests.office import pdf_images
from tests.report.results import MANIFEST, result

MM = 72 / 25.4
HOSTILE = [
    '#read("/etc/passwd")',
    "{{x}} {x} %s",
    "<script>alert(1)</script>&amp;",
    "=cmd|'/c calc'!A1",
    "$x$ *b* _e_ `c` ~ -- --- ...",
    "\\",
    "\\\\",
    "@ref <label>",
    "[x] #[x] #x",
    "// c /* d */",
    "= head",
    "- item",
    "\"quoted\" 'once'",
    "😀 שלום",
    "\u202eabc\ud800\x01",
    "a" * 500,
    "长" * 500,
    "。" * 300,
    "-" * 300,
    "https://example.org/" + "x/" * 150,
]


def paper_of(*annexes: Annex, lang="zh", **values) -> Paper:
    given = {
        "title": "专项资金2024年度预算附件" if lang == "zh" else "Annexes to the budget of 2024",
        "subtitle": "事前测算",
        "imprint": (("编制单位（盖章）", Blank("填写")), ("编制日期", "2023年4月")),
        "banners": (Sentences("情景假设政策延续。\n各表均据此测算。", "warn"),),
        "contents": "目录",
        "running": "页眉",
        "name": "baseline",
    }
    day = datetime.date(2023, 4, 12)
    return Paper(lang=lang, annexes=annexes, date=day, **(given | values))


def annex_of(*pieces: Piece, label="附件1", heading="总表") -> Annex:
    return Annex(id="a", label=label, heading=heading, pieces=pieces)


def years_of(years: int, rows: int, lang="zh") -> Table:
    """A row a measure, a column a year; its names are longer than their column."""
    words = {"zh": ("奖补项目", "新引进国内外知名人力资源服务机构奖励", "年期望支出")}
    words["en"] = ("Measure", "Newly introduced agencies of the provincial priority list", " expected outlay")
    head, name, year = words[lang]
    columns = [Column(key="name", heading=head)]
    columns += [Column(key=str(at), heading=f"{2023 + at}{year}", kind="money") for at in range(years)]
    values = np.random.default_rng(1).integers(0, 10**11, (rows, years)).tolist()
    found = [
        {"name": f"{name}{at}"} | {str(k): v for k, v in enumerate(row)} for at, row in enumerate(values)
    ]
    return Table(
        id="t", title="分年度", unit="单位：万元", columns=tuple(columns), rows=tuple(found), notes=("注",)
    )


def picture() -> Picture:
    with canvas() as axes:
        axes.plot([2024, 2025, 2026], [3.0, 4.0, 3.5])
    return Picture(axes, "期望支出", "按支付年度。")


class Page(NamedTuple):
    """A page: its size, and its words with their boxes. Points."""

    width: float
    height: float
    words: list[tuple[float, float, float, float, str]]


def pages_of(pdftotext: str, path: Path) -> list[Page]:
    words = [pdftotext, "-bbox", "-enc", "UTF-8", str(path), "-"]
    found = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    pages = []
    for width, height, inner in re.findall(r'<page width="(.*?)" height="(.*?)">(.*?)</page>', found, re.S):
        boxes = re.findall(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', inner)
        shown = [(*map(float, box[:4]), html.unescape(box[4])) for box in boxes]
        pages.append(Page(float(width), float(height), shown))
    return pages


def dense(text: str) -> str:
    """Without what only the line ends, the gap between scripts and typst's contents put there."""
    return re.sub(r"[\s\u200b\u2060]+", "", text)


def words_of(pdftotext: str, path: Path, *options: str) -> str:
    """All words in the order in which they were set: those of a cell together."""
    words = [pdftotext, "-raw", *options, "-enc", "UTF-8", str(path), "-"]
    return dense(subprocess.run(words, capture_output=True, check=True).stdout.decode())


def beside(pages: list[Page]) -> list[tuple[int, str]]:
    """Sentences beside a page's text: beyond the margins of GB/T 9704 at the sides, above the running head, below the
    number. A Chinese mark may fill only half of its box."""
    found = []
    for number, page in enumerate(pages, start=1):
        left, right = (28, 26) if page.height > page.width else (35, 37)
        for x0, y0, x1, y1, word in page.words:
            spare = 7 if re.search(r"^[（《“〔「]|[）》”〕」，。；、：]$", word) else 0.5
            inside = x0 >= left * MM - spare and x1 <= page.width - right * MM + spare
            if not (inside and y0 >= 10 * MM and y1 <= page.height - 10 * MM):
                found.append((number, word))
    return found


# ---------------------------------------------------------------------- the file


def test_it_is_an_archive_file_of_the_papers_date(tmp_path):
    data = write_pdf(paper_of(annex_of(years_of(3, 4))), tmp_path / "a" / "x.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in data
    assert b"<xmp:CreateDate>2023-04-12T00:00:00Z</xmp:CreateDate>" in data
    assert "专项资金2024年度预算附件".encode() in data
    assert b"<pdf:Keywords>baseline</pdf:Keywords>" in data and b"/Lang(zh-CN)" in data
    assert file_names(tmp_path / "a") == ["x.pdf"]


def test_the_same_paper_gives_the_same_bytes(tmp_path, monkeypatch):
    def written(name: str, table: Table) -> bytes:
        return write_pdf(paper_of(annex_of(table, picture())), tmp_path / name).read_bytes()

    first = written("a.pdf", years_of(3, 4))
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert written("b.pdf", years_of(3, 4)) == first
        assert written("c.pdf", years_of(3, 5)) != first
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"SimKit Serif SC",)', '"No Such Font",)', "unknown font family: no such font"),
        ("#let shades", '#text("\\u{1F600}")\n#let shades', "could not be displayed"),
        ("#let shades", "#nothing\n#let shades", "unknown variable: nothing"),
    ],
)
def test_whole_or_not_at_all(tmp_path, monkeypatch, before, after, message):
    """An unknown font is a warning, a character without a glyph an error: neither leaves a file."""
    template = tmp_path / "annexes.typ"
    source = pdf._TEMPLATE.read_text(encoding="utf-8")
    assert before in source
    template.write_text(source.replace(before, after), encoding="utf-8")
    monkeypatch.setattr(pdf, "_TEMPLATE", template)
    target = tmp_path / "out" / "x.pdf"
    target.parent.mkdir()
    target.write_text("old")
    with pytest.raises(RunError, match=message):
        write_pdf(paper_of(annex_of(Sentences("字"))), target)
    assert file_names(target.parent) == ["x.pdf"] and target.read_text() == "old"


def test_a_place_that_cannot_be_written_is_said_so(tmp_path):
    paper = paper_of(annex_of(Sentences("字")))
    (tmp_path / "file").write_text("old")
    (tmp_path / "x.pdf").mkdir()
    for target in (tmp_path / "file" / "x.pdf", tmp_path / "x.pdf"):
        with pytest.raises(RunError, match="nothing was kept"):
            write_pdf(paper, target)
    assert file_names(tmp_path) == ["file", "x.pdf"]


def test_the_template_reads_data_only():
    """Sentences reach typst through json() alone; nothing is evaluated, nothing is fetched."""
    source = pdf._TEMPLATE.read_text(encoding="utf-8")
    calls = r"\b(?:json|read|eval|yaml|csv|xml|toml|cbor|plugin|bytes)\(.*?\)|#(?:include|import)\b"
    assert re.findall(calls, source) == ['json("data.json")']
    assert "@preview" not in source


# ---------------------------------------------------------------------- what is read


@pytest.mark.office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_of_real_tables_is_read_and_none_stands_beside_the_page(lang, needs, tmp_path):
    pdftotext = needs("pdftotext")
    tables = all_tables(result(), lang=lang, manifest=MANIFEST)
    annexes = [
        annex_of(
            Sentences(f"第{at}部分", "heading"),
            table,
            Sentences("说明。"),
            label=f"附件{at}",
            heading=table.title,
        )
        for at, table in enumerate(tables, start=1)
    ]
    path = write_pdf(paper_of(*annexes, lang=lang), tmp_path / "x.pdf")
    words = words_of(pdftotext, path)
    for annex, table in zip(annexes, tables, strict=True):
        assert dense(f"{annex.label}{annex.heading}") in words
        for text in (table.title, table.unit, *table.notes, *(column.heading for column in table.columns)):
            assert dense(text) in words, (table.id, text)
        assert cells_missing(table, words) == []
    assert beside(pages_of(pdftotext, path)) == []


def cells_missing(table: Table, words: str) -> list[str]:
    """Cells that are not read one after the other, in rows; a merged cell is there once."""
    missing, at = [], words.index(dense(table.title))
    inside = {
        (row, column.key)
        for column in table.columns
        for first, rows in merged_rows(table, column).items()
        for row in range(first + 1, first + rows)
    }
    for number, row in enumerate(table.rows):
        for column in table.columns:
            text = dense(printable(cell_text(row[column.key], column)))
            found = words.find(text, at)
            if (number, column.key) in inside:
                continue
            if found < 0:
                missing.append(text)
            else:
                at = found
    return missing


@pytest.mark.office
def test_cover_contents_bookmarks_numbers_and_running_head(needs, tmp_path):
    pdftotext, pdftohtml = needs("pdftotext"), needs("pdftohtml")
    annexes = [
        annex_of(
            Sentences("一、总体情况", "heading"), years_of(3, 60), label=f"附件{at}", heading="中期财政规划表"
        )
        for at in (1, 2)
    ]
    path = write_pdf(paper_of(*annexes), tmp_path / "x.pdf")
    pages = [dense(" ".join(word[4] for word in page.words)) for page in pages_of(pdftotext, path)]
    assert all(
        words in pages[0] for words in ("预算附件", "事前测算", "编制单位（盖章）", "各表均据此测算。")
    )
    assert "测算基准日：2023年4月12日" in pages[0] and "页眉" not in pages[0] and "—1—" not in pages[0]
    for number, page in enumerate(pages[1:], start=2):
        assert "页眉" in page and f"—{number}—" in page
    starts = [at for at, page in enumerate(pages, start=1) if at > 2 and "中期财政规划表" in page]
    assert len(starts) == 2 and starts[0] == 3 and starts[1] > 4
    contents = words_of(pdftotext, path, "-f", "2", "-l", "2")
    for at, start in enumerate(starts, start=1):
        assert re.search(rf"附件{at}中期财政规划表[.…]*{start}一、总体情况[.…]*{start}", contents)
    outline = subprocess.run([pdftohtml, "-xml", "-i", "-stdout", str(path)], capture_output=True, check=True)
    items = re.findall(r'<item page="(\d+)">(.*?)</item>', outline.stdout.decode())
    expected = [
        (str(start), name)
        for at, start in enumerate(starts, start=1)
        for name in (f"附件{at}\u3000中期财政规划表", "一、总体情况", "分年度")
    ]
    assert items == expected
    assert path.read_bytes().count(b"/Subtype/Link") == 4


@pytest.mark.office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_words_print_literally_everywhere(lang, needs, tmp_path):
    pdftotext = needs("pdftotext")
    columns = (Column(key="name", heading=HOSTILE[0]), Column(key="money", heading="$x$", kind="money"))
    rows = tuple({"name": one, "money": 100 if at % 2 else one} for at, one in enumerate(HOSTILE))
    table = Table(id="x", title=HOSTILE[8], unit=HOSTILE[4], columns=columns, rows=rows, notes=tuple(HOSTILE))
    every = "\n".join(HOSTILE)
    kinds = [Sentences(every, kind) for kind in ("p", "warn", "note")]
    annexes = [
        annex_of(Sentences(one, "heading"), *kinds, label=f"附件 {one}", heading=one) for one in HOSTILE[:16]
    ]
    with canvas() as axes:
        drawn = Picture(axes, every, HOSTILE[0])
    imprint = (*((one, one) for one in HOSTILE), ("b", Blank("x", HOSTILE[0])))
    values = {"title": HOSTILE[0], "subtitle": HOSTILE[15], "running": HOSTILE[15], "name": every}
    paper = paper_of(
        *annexes,
        annex_of(table, drawn),
        lang=lang,
        imprint=imprint,
        banners=(Sentences(every),),
        contents="#x",
        **values,
    )
    path = write_pdf(paper, tmp_path / "x.pdf")
    words = words_of(pdftotext, path)
    for one in HOSTILE[:15]:
        shown = dense(printable(one))
        # Imprint, banner; heading of annex and part, contents; paragraphs of each annex; table and its notes.
        assert words.count(shown) >= 3 * 16 + 6, one
    assert "root:" not in words and "[U+1F600][U+05E9]" in words and "[U+202E]abc[U+D800][U+0001]" in words
    pages = pages_of(pdftotext, path)
    assert beside(pages) == []
    # The long ones too, in every paragraph, box and note, in imprint, banner, table and its notes.
    letters = "".join(word[4] for page in pages for word in page.words)
    for letter in "长。x":
        assert letters.count(letter) >= (3 * 16 + 5) * sum(one.count(letter) for one in HOSTILE[16:])


@pytest.mark.office
@pytest.mark.parametrize(
    "lang, years, rows",
    [
        *(("zh", 3, 60), ("en", 10, 10), ("zh", 13, 60), ("en", 15, 60), ("zh", 26, 8)),
        *(
            pytest.param(*one, marks=pytest.mark.long)
            for one in (("en", 3, 60), ("zh", 10, 10), ("en", 13, 60), ("zh", 15, 60), ("en", 26, 8))
        ),
    ],
)
def test_sixty_measures_and_many_years_stay_on_the_page(years, rows, lang, needs, tmp_path):
    """No number is broken, nothing overflows, and every page of the table has its headings."""
    pdftotext = needs("pdftotext")
    table = years_of(years, rows, lang)
    annex = annex_of(table)
    path = write_pdf(paper_of(annex, lang=lang), tmp_path / "x.pdf")
    pages = pages_of(pdftotext, path)
    assert beside(pages) == []
    found = {word[4] for page in pages for word in page.words}
    for number in range(rows):
        for column in table.columns[1:]:
            assert cell_text(table.rows[number][column.key], column) in found
    head = dense(table.columns[-1].heading)
    assert words_of(pdftotext, path).count(head) == len(pages) - 2
    heights = [word[3] - word[1] for page in pages[2:] for word in page.words if "," in word[4]]
    assert years > 16 or min(heights) > 6.49
    assert all((page.width > page.height) == annex.landscape for page in pages[2:])


@pytest.mark.office
def test_pages_stand_or_lie_as_asked_and_every_one_is_drawn(needs, tmp_path):
    pdftotext, pdftoppm = needs("pdftotext"), needs("pdftoppm")
    upright, lying = annex_of(Sentences("字" * 900), picture()), annex_of(years_of(12, 3), label="附件2")
    assert lying.landscape and not upright.landscape
    path = write_pdf(paper_of(upright, lying), tmp_path / "x.pdf")
    sizes = [(round(page.width / MM), round(page.height / MM)) for page in pages_of(pdftotext, path)]
    assert sizes[-1] == (297, 210) and set(sizes[:-1]) == {(210, 297)}
    images = [matplotlib.image.imread(one) for one in pdf_images(pdftoppm, path, tmp_path / "png")]
    assert len(images) == len(sizes) and all((image < 0.5).any() for image in images)
    assert b"/Subtype/Image" not in path.read_bytes()


@pytest.mark.office
def test_a_figure_is_drawn_and_no_higher_than_the_page(needs, tmp_path):
    pdftoppm = needs("pdftoppm")
    with canvas(height=40.0) as axes:
        axes.set_facecolor("#ff0000")
    path = write_pdf(paper_of(annex_of(Picture(axes, "长图"))), tmp_path / "x.pdf")
    red = []
    for image in pdf_images(pdftoppm, path, tmp_path / "png"):
        page = matplotlib.image.imread(image)
        red.append((page[..., 0] > 0.9) & (page[..., 1] < 0.1))
    assert [bool(one.any()) for one in red] == [False, False, True]
    rows = np.flatnonzero(red[-1].any(axis=1)) / len(red[-1])
    assert rows[0] > 37 / 297 and rows[-1] < 1 - 35 / 297 and rows[-1] - rows[0] > 0.5


# ---------------------------------------------------------------------- tables


@pytest.mark.office
def test_merged_cells_go_over_pages_and_lose_no_row(needs, tmp_path):
    pdftotext = needs("pdftotext")
    columns = (Column(key="who", heading="部门", merged=True), Column(key="what", heading="项目"))
    rows = [{"who": "人力社保局", "what": f"事项{at}号"} for at in range(120)]
    rows += [{"who": "合计", "what": "全部"}] + [
        {"who": "乙" * 400, "what": f"单位{at}号"} for at in range(3)
    ]
    table = Table(id="t", title="合并", columns=columns, rows=tuple(rows), totals=(120,))
    path = write_pdf(paper_of(annex_of(table)), tmp_path / "x.pdf")
    words = words_of(pdftotext, path)
    assert words.count("人力社保局") == 1 and words.count("乙") == 400
    assert [int(one) for one in re.findall(r"事项(\d+)号", words)] == list(range(120))
    assert re.findall(r"单位\d号", words) == ["单位0号", "单位1号", "单位2号"]
    pages = pages_of(pdftotext, path)
    assert len(pages) > 5 and beside(pages) == []


@pytest.mark.office
def test_what_a_person_fills_in_is_seen_and_a_form_has_no_headings(needs, tmp_path):
    pdftotext, pdftoppm = needs("pdftotext"), needs("pdftoppm")
    columns = (Column(key="item", heading="栏一"), Column(key="content", heading="栏二"))

    def shown(value, headed):
        table = Table(
            id="t", title="表", columns=columns, rows=({"item": "名称", "content": value},), headed=headed
        )
        path = write_pdf(paper_of(annex_of(table)), tmp_path / "x.pdf")
        page = matplotlib.image.imread(pdf_images(pdftoppm, path, tmp_path / "png")[2])[..., :3]
        tinted = np.abs(page - np.array([255, 246, 207]) / 255).max(axis=-1) < 0.01
        return words_of(pdftotext, path), tinted.sum()

    words, tinted = shown(Blank("在此填写"), False)
    assert "在此填写" not in words and "栏一" not in words and tinted > 300
    words, tinted = shown(Blank("x", "市财政局"), True)
    assert "市财政局" in words and "栏一栏二" in words and tinted > 300
    assert shown("市财政局", True)[1] == 0


@pytest.mark.office
def test_totals_are_bold_numbers_right_and_what_does_not_add_up_is_shaded(needs, tmp_path):
    pdftotext, pdftoppm = needs("pdftotext"), needs("pdftoppm")
    columns = (
        Column(key="item", heading="项目"),
        Column(key="money", heading="金额", kind="money"),
        Column(key="p90", heading="P90", kind="money", not_additive=True),
    )
    rows = (
        {"item": "甲", "money": 10**9, "p90": 10**11},
        {"item": "乙", "money": 11_111_110_000, "p90": None},
        {"item": "小计", "money": 12_111_110_000, "p90": "未提供"},
    )
    table = Table(id="t", title="表", columns=columns, rows=rows, totals=(2,))
    path = write_pdf(paper_of(annex_of(table)), tmp_path / "x.pdf")
    page = pages_of(pdftotext, path)[2]
    box = {word[4]: word for word in page.words}
    assert box["1,000.00"][2] == pytest.approx(box["11,111.11"][2], abs=0.1)
    assert box["11,111.11"][2] == pytest.approx(box["12,111.11"][2], abs=0.1)
    assert box["未提供"][0] > box["12,111.11"][2] and box["未提供"][2] < box["100,000.00"][2] - 20
    # The same digits as in the row above, in bold: wider.
    assert box["12,111.11"][0] < box["11,111.11"][0] - 1
    image = matplotlib.image.imread(pdf_images(pdftoppm, path, tmp_path / "png", dpi=72)[2])[..., :3]
    words = {name: image[int(box[name][1]) + 1, int(box[name][0]) - 3] for name in box if "." in name}
    assert (words["100,000.00"] < 0.93).all() and (words["1,000.00"] == 1).all()


@pytest.mark.office
def test_no_line_begins_with_a_closing_mark(needs, tmp_path):
    """The text is moved on letter by letter, so that each of its marks comes to the line's end once."""
    pdftotext = needs("pdftotext")
    text = "市、区（县、市）财政部门按职责拨付；“规上”机构、重点机构，均不得重复享受。"
    pieces = [Sentences("甲" * at + text * 4) for at in range(40)]
    path = write_pdf(paper_of(annex_of(*pieces)), tmp_path / "x.pdf")
    found = subprocess.run(
        [pdftotext, "-layout", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True
    )
    lines = [line.strip() for line in found.stdout.decode().split("\n") if line.strip()]
    assert len(lines) > 150
    assert [line for line in lines if line[0] in "，。、；：”）》〕" or line[-1] in "（“《〔"] == []


@pytest.mark.office
def test_a_thousand_rows_are_all_there(needs, tmp_path):
    pdftotext = needs("pdftotext")
    path = write_pdf(paper_of(annex_of(years_of(2, 1_000))), tmp_path / "x.pdf")
    names = re.findall(r"机构奖励(\d+?)[\d,]+\.\d\d", words_of(pdftotext, path))
    assert len(names) == 1_000


# ---------------------------------------------------------------------- what stays together


def listed(rows: int, **of: Any) -> Table:
    """A table whose rows can be told apart on a page; the last is the total."""
    columns = (Column(key="item", heading="项目"), Column(key="money", heading="金额", kind="money"))
    found = [{"item": f"第{at}行", "money": at} for at in range(1, rows)]
    found.append({"item": f"第{rows}行", "money": sum(range(rows))})
    given: dict[str, Any] = {"id": "t", "title": "一表", "totals": (rows - 1,), "notes": ("一注。", "二注。")}
    return Table(columns=columns, rows=tuple(found), **(given | of))


def rows_by_page(pages: list[Page]) -> list[list[int]]:
    """The numbers of the rows of `listed` on each page that has any."""
    found = [
        [int(one) for one in re.findall(r"第(\d+)行", dense("".join(word[4] for word in page.words)))]
        for page in pages
    ]
    return [rows for rows in found if rows]


@pytest.mark.office
@pytest.mark.parametrize("notes", [(), ("一注。", "二注。")])
def test_no_page_has_less_than_the_last_three_rows(notes, needs, tmp_path):
    """Tables of every length around one and two pages, so that the page ends once below every row."""
    pdftotext = needs("pdftotext")
    annexes = [annex_of(listed(rows, notes=notes)) for rows in range(25, 80)]
    pages = rows_by_page(pages_of(pdftotext, write_pdf(paper_of(*annexes), tmp_path / "x.pdf")))
    starts = [at for at, rows in enumerate(pages) if rows[0] == 1]
    assert len(starts) == len(annexes)
    ends = [pages[after - 1] for after in [*starts[1:], len(pages)]]
    assert [rows[-1] for rows in ends] == list(range(25, 80))
    assert min(map(len, ends)) == 3


@pytest.mark.office
def test_a_short_table_is_never_cut(needs, tmp_path):
    pdftotext = needs("pdftotext")
    annexes = [annex_of(*[Sentences("段")] * count, listed(12)) for count in range(45)]
    pages = rows_by_page(pages_of(pdftotext, write_pdf(paper_of(*annexes), tmp_path / "x.pdf")))
    assert pages == [list(range(1, 13))] * len(annexes)


@pytest.mark.office
def test_a_figure_shares_its_page_with_a_short_table(needs, tmp_path):
    """On a lying page both do not fit unless the figure gives way, which it does not do for a long one."""
    pdftotext = needs("pdftotext")
    wide = replace(years_of(12, 1), title="宽", notes=())

    def pages(rows: int) -> list[str]:
        annex = annex_of(wide, Sentences("二、资金需求", "heading"), picture(), listed(rows))
        path = write_pdf(paper_of(annex), tmp_path / "x.pdf")
        return [dense("".join(word[4] for word in page.words)) for page in pages_of(pdftotext, path)[2:]]

    assert any("二、资金需求" in page and "按支付年度" in page and "第6行" in page for page in pages(6))
    assert not any("按支付年度" in page and "第11行" in page for page in pages(11))


@pytest.mark.office
def test_notes_are_marked_and_a_title_is_said_once(needs, tmp_path):
    pdftotext = needs("pdftotext")
    once, other = listed(2, title="总表", notes=("只此一条。",)), listed(2, title="分表")
    path = write_pdf(paper_of(annex_of(once, other), contents="目录"), tmp_path / "x.pdf")
    words = words_of(pdftotext, path, "-f", "3")
    assert words.count("总表") == 1 and words.count("分表") == 1
    assert "注：只此一条。" in words and "注：1.一注。2.二注。" in words


@pytest.mark.office
def test_there_is_room_for_what_a_person_writes(needs, tmp_path):
    pdftotext = needs("pdftotext")
    columns = (Column(key="item", heading="项"), Column(key="content", heading="内容"))

    def step(value: Any) -> float:
        rows = tuple({"item": f"第{at}行", "content": value} for at in range(3))
        table = Table(id="t", title="表", columns=columns, rows=rows)
        page = pages_of(pdftotext, write_pdf(paper_of(annex_of(table)), tmp_path / "x.pdf"))[2]
        tops = sorted(word[1] for word in page.words if word[4].startswith("第"))
        return max(after - before for before, after in pairwise(tops))

    assert step(Blank("写")) == pytest.approx(8 * MM, abs=0.5)
    assert step(Blank("写", "已写")) < 6 * MM
