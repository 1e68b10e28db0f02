"""The look of a Word paper: fonts with fallbacks, and a style for all that stands on its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from docx.opc.oxml import serialize_part_xml

from simkit.base.words import is_wide
from simkit.report.papers.docx.spelling import node
from simkit.report.papers.table import Language

__all__ = ["BODY_SIZE", "CELL_SIZES", "LINE", "fonts_xml", "settings", "styles"]

#: Points: a character of the text, by whether it is wide; of a table from the largest to the smallest to be read.
BODY_SIZE = {True: 16.0, False: 12.0}
CELL_SIZES = (10.5, 9.0, 8.0, 7.5, 7.0, 6.5)
#: Twips from line to line: 22 lines on 225 mm.
LINE = 579

_Role = Literal["body", "head", "title", "kai", "song"]


class _Face(NamedTuple):
    """Fonts of Latin and of Chinese letters."""

    latin: str
    asian: str


#: By whether the text's characters are wide.
_FACES: dict[bool, dict[_Role, _Face]] = {
    True: {
        "body": _Face("Times New Roman", "仿宋_GB2312"),
        "head": _Face("Times New Roman", "黑体"),
        "title": _Face("Times New Roman", "方正小标宋简体"),
        "kai": _Face("Times New Roman", "楷体_GB2312"),
        "song": _Face("宋体", "宋体"),
    },
    False: {
        "body": _Face("Times New Roman", "仿宋_GB2312"),
        "head": _Face("Arial", "黑体"),
        "title": _Face("Arial", "黑体"),
        "kai": _Face("Times New Roman", "楷体_GB2312"),
        "song": _Face("Times New Roman", "宋体"),
    },
}
#: Font, what a machine without it takes instead, and its family: 方正小标宋 and the GB2312 fonts are not everywhere.
_FONTS = (
    ("仿宋_GB2312", "仿宋,FangSong,华文仿宋,STFangsong", "modern"),
    ("楷体_GB2312", "楷体,KaiTi,华文楷体,STKaiti", "modern"),
    ("方正小标宋简体", "方正小标宋_GBK,FZXiaoBiaoSong-B05S,小标宋,宋体,SimSun", "roman"),
    ("黑体", "SimHei,Heiti SC", "modern"),
    ("宋体", "SimSun,Songti SC", "roman"),
)
_LATIN = (("Times New Roman", "roman"), ("Arial", "swiss"))
_RULE: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": "808080"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """A style of paragraphs; lengths in twips, a pair is Chinese, English.

    `line`: exactly so high, 0: as its letters need. `indent`: attributes of `w:ind`. `level`: in the navigation.
    """

    id: str
    name: str
    face: _Role = "body"
    size: tuple[float, float]
    bold: tuple[bool, bool] = (False, False)
    based: str = "Normal"
    align: str = "both"
    before: int = 0
    after: int = 0
    line: int = 0
    indent: Mapping[str, int] = field(default_factory=dict)
    level: int | None = None
    keep: bool = False
    new_page: bool = False
    boxed: bool = False


def _of_size(points: float, name: str, **options: Any) -> _Style:
    """A style of a table or below a figure: as large in English as in Chinese."""
    return _Style(id=name.replace(" ", ""), name=name, size=(points, points), **options)


#: Between letters of 16 pt, in twips: 28 of them take 156 mm. A grid of characters would do it too, but where a
#: letter is a hair wider than its place some programs give it two.
_TIGHT = -5
_BODY = (BODY_SIZE[True], BODY_SIZE[False])
_STYLES = (
    _Style(id="Title", name="Title", face="title", size=(22, 20), bold=(False, True), align="center",
           before=2200, after=300, line=720),
    _Style(id="Subtitle", name="Subtitle", face="kai", size=(16, 13), align="center", after=480),
    _Style(id="BodyText", name="Body Text", size=_BODY, after=0, indent={"firstLineChars": 200, "firstLine": 640}),
    _Style(id="AnnexLabel", name="Annex Label", face="head", size=(16, 13), bold=(False, True), align="left",
           line=LINE, keep=True),
    _Style(id="Heading1", name="heading 1", face="title", size=(22, 18), bold=(False, True), align="center",
           before=LINE, after=300, line=720, level=0, keep=True),
    _Style(id="Heading2", name="heading 2", face="head", size=(16, 13), bold=(False, True), align="left",
           before=200, after=100, level=1, keep=True),
    _Style(id="Heading3", name="heading 3", face="kai", size=(14, 12), bold=(True, True), align="center",
           before=160, after=60, level=2, keep=True),
    _Style(id="CoverGap", name="Cover Gap", size=(1, 1), align="left", before=2200, line=20),
    _Style(id="Imprint", name="Imprint", size=(16, 12), align="left", before=120),
    _Style(id="Warning", name="Warning", size=(12, 10.5), align="left", before=40, after=40, boxed=True),
    _Style(id="TOCHeading", name="TOC Heading", face="title", size=(22, 18), bold=(False, True), align="center",
           after=400, line=720, keep=True, new_page=True),
    _Style(id="TOC1", name="toc 1", size=_BODY, align="left", before=60, after=60,
           indent={"left": 1120, "hanging": 1120, "right": 400}),
    _Style(id="TOC2", name="toc 2", size=(12, 10.5), align="left", indent={"left": 1120, "right": 400}),
    _Style(id="Figure", name="Figure", size=(10.5, 9.5), align="center", before=120),
    _of_size(10.5, "caption", align="center", before=60, after=160),
    _of_size(10.5, "Table Unit", align="right", keep=True),
    _of_size(10.5, "Table Text", align="left"),
    _of_size(10.5, "Table Number", based="TableText", align="right"),
    _of_size(10.5, "Table Word", based="TableText", align="center"),
    _of_size(10.5, "Table Head", based="TableText", face="head", bold=(False, True), align="center"),
    _of_size(10.5, "Small Print", align="left", before=60),
    _of_size(9, "Table Note", align="left", before=30, indent={"left": 540, "hanging": 540}),
    _Style(id="header", name="header", size=(9, 8.5), align="center"),
    _Style(id="footer", name="footer", face="song", size=(14, 12), align="left",
           indent={"left": 280, "right": 280}),
    _Style(id="Gap", name="Gap", size=(1, 1), align="left", line=20),
)  # fmt: skip


def styles(lang: Language) -> list[Any]:
    """Children of the part of styles: what holds by default, then every style."""
    body = _FACES[is_wide(lang)]["body"]
    words = node("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    defaults = node("rPr", _fonts(body), node("sz", val=20), node("szCs", val=20), words)
    return [
        node("docDefaults", node("rPrDefault", defaults), node("pPrDefault")),
        _normal(lang),
        node("style", node("name", val="Default Paragraph Font"), type="character", default=1,
             styleId="DefaultParagraphFont"),
        *_tables(lang),
        *(_style(one, lang) for one in _STYLES),
    ]  # fmt: skip


def _fonts(face: _Face) -> Any:
    return node("rFonts", ascii=face.latin, eastAsia=face.asian, hAnsi=face.latin, cs=face.latin)


def _letters(face: _Face, size: float, *, bold: bool, grid: bool) -> Any:
    """Properties of letters; in the text alone they keep to the grid of lines, and 28 stand on each."""
    return node(
        "rPr",
        _fonts(face),
        *([node("b"), node("bCs")] if bold else []),
        None if grid else node("snapToGrid", val=0),
        node("spacing", val=_TIGHT) if grid and size == BODY_SIZE[True] else None,
        node("sz", val=round(size * 2)),
        node("szCs", val=round(size * 2)),
    )


def _normal(lang: Language) -> Any:
    """The style that all others are based on: what the page's grid is measured by."""
    shape = node(
        "pPr", node("widowControl", val=1), node("spacing", before=0, after=0), node("jc", val="both")
    )
    letters = _letters(_FACES[is_wide(lang)]["body"], BODY_SIZE[is_wide(lang)], bold=False, grid=True)
    return node(
        "style", node("name", val="Normal"), node("qFormat"), shape, letters,
        type="paragraph", default=1, styleId="Normal",
    )  # fmt: skip


def _style(one: _Style, lang: Language) -> Any:
    place = 0 if is_wide(lang) else 1
    on_grid = one.id in ("BodyText", "Heading2", "TOC1")
    return node(
        "style",
        node("name", val=one.name),
        node("basedOn", val=one.based),
        node("uiPriority", val=1),
        node("qFormat"),
        _shape(one, lang, on_grid=on_grid),
        _letters(_FACES[is_wide(lang)][one.face], one.size[place], bold=one.bold[place], grid=on_grid),
        type="paragraph",
        styleId=one.id,
        **({} if one.name.lower() in _BUILT_IN else {"customStyle": 1}),
    )


#: Names that Word knows; its navigation and contents go by them.
_BUILT_IN = {
    "title", "subtitle", "body text", "heading 1", "heading 2", "heading 3", "toc heading", "toc 1", "toc 2",
    "caption", "header", "footer",
}  # fmt: skip


def _shape(one: _Style, lang: Language, *, on_grid: bool) -> Any:
    """Properties of paragraphs."""
    english = not is_wide(lang)
    indent = dict(one.indent)
    after = one.after
    if english and one.id == "BodyText":  # paragraphs stand apart and are not indented
        indent, after = {}, 120
    spacing = {"before": one.before, "after": after, "line": one.line or 240}
    rule = "exact" if one.line else "auto"
    box = [node(side, **{**_RULE, "space": 4}) for side in ("top", "left", "bottom", "right")]
    return node(
        "pPr",
        *([node("keepNext"), node("keepLines")] if one.keep else []),
        node("pageBreakBefore") if one.new_page else None,
        node("pBdr", *box) if one.boxed else None,
        node("shd", val="clear", color="auto", fill="F7F3EA") if one.boxed else None,
        None if on_grid else node("snapToGrid", val=0),
        node("spacing", **spacing, lineRule=rule),
        node("ind", **indent) if indent else None,
        node("jc", val=one.align),
        None if one.level is None else node("outlineLvl", val=one.level),
    )


def _tables(lang: Language) -> list[Any]:
    """The style of a table without rules, and of one with."""
    narrow = [node(side, w=width, type="dxa") for side, width in
              (("top", 25), ("left", 45), ("bottom", 25), ("right", 45))]  # fmt: skip
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    rules = node("tblBorders", *(node(side, **_RULE) for side in sides))
    plain = node("tblPr", node("tblInd", w=0, type="dxa"), node("tblCellMar", *narrow))
    letters = node("rPr", _fonts(_FACES[is_wide(lang)]["body"]))
    return [
        node("style", node("name", val="Normal Table"), node("uiPriority", val=99), plain,
             type="table", default=1, styleId="TableNormal"),
        node("style", node("name", val="Annex Table"), node("basedOn", val="TableNormal"), letters,
             node("tblPr", rules), type="table", customStyle=1, styleId="AnnexTable"),
    ]  # fmt: skip


def settings() -> list[Any]:
    """Children of the part of settings: pages to be bound on the left, Word's present way to lay out."""
    uri = "http://schemas.microsoft.com/office/word"
    modern = [
        node("compatSetting", name=name, uri=uri, val=value)
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
        )
    ]
    return [
        node("zoom", percent=100),
        node("defaultTabStop", val=420),
        node("evenAndOddHeaders"),
        node("characterSpacingControl", val="compressPunctuation"),
        node("compat", node("useFELayout"), *modern),
        node("themeFontLang", val="en-US", eastAsia="zh-CN"),
        node("decimalSymbol", val="."),
        node("listSeparator", val=","),
    ]


def fonts_xml() -> bytes:
    """The part that tells what a machine without a font takes instead."""
    fonts = [
        node("font", node("altName", val=others), node("charset", val="86"), node("family", val=family),
             node("pitch", val="auto"), name=name)
        for name, others, family in _FONTS
    ]  # fmt: skip
    fonts += [
        node(
            "font",
            node("charset", val="00"),
            node("family", val=family),
            node("pitch", val="variable"),
            name=name,
        )
        for name, family in _LATIN
    ]
    return bytes(serialize_part_xml(node("fonts", *fonts)))
