"""Papers that the tests of the annexes' formats share: small, with every kind of piece."""

from __future__ import annotations

import datetime
from typing import Any

from matplotlib.axes import Axes

from simkit.report.papers.drawing import canvas
from simkit.report.papers.paper import Annex, Paper
from simkit.report.papers.pieces import Picture, Piece, Sentences
from simkit.report.papers.table import Blank, Cell, Column, Ratio, Sum, Table

__all__ = ["HOSTILE", "budget_table", "drawn", "form", "hostile_paper", "paper"]

#: What must print as it is wherever a user can write.
HOSTILE = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "http://x.y",
    "internal:'x'!A1",
    "{=1+1}",
    "1e400",
    "<script>alert(1)</script>",
    '#read("x")',
    "{{x}}",
    "&[Picture] R&G &P",
    "a\x01\ufffeb",
    "长" * 500,
    "\U0001f600" * 40,
    "\u202etxt",
    "'",
    'SORT(A1)"&"_xlfn.X(1)',
    "#N/A",
)
_WAN = 1_000_000


def budget_table(
    lines: int = 3, voted: int | str | None = "未提供", words: str = "未提供", **of: Any
) -> Table:
    """Lines, their sum, the need, the money voted (an input), the gap, and each line's share."""
    years = ("y2024", "y2025")
    rows: list[dict[str, Any]] = [
        {"number": str(at + 1), "item": f"项目{at + 1}", "y2024": 123_456_789 + at, "y2025": 100_000_003 * at}
        for at in range(lines)
    ]
    links: dict[Cell, Sum | Ratio] = {}
    below: tuple[dict[str, Any], ...] = (
        {"item": "小计", **{year: sum(row[year] for row in rows) for year in years}},
        {"item": "资金需求", "y2024": 500 * _WAN + 1, "y2025": "抽样不足"},
        {"item": "拟安排预算", "y2024": Blank("填预算数（万元）", voted), "y2025": Blank("", 7)},
        {
            "item": "差额",
            "y2024": voted - 500 * _WAN - 1 if isinstance(voted, int) else words,
            "y2025": words,
        },
    )
    rows += [{"number": "", **row} for row in below]
    for year in years:
        links[lines, year] = Sum(tuple((at, year) for at in range(lines)))
        links[lines + 3, year] = Sum(((lines + 2, year),), ((lines + 1, year),), words)
    for at, row in enumerate(rows):
        numbers = [row[year] for year in years if isinstance(row[year], int)]
        row["total"] = sum(numbers) if len(numbers) == 2 else None
        row["share"] = None
        if at <= lines:
            whole = sum(rows[lines][year] for year in years)
            row["share"] = row["total"] / whole
            links[at, "share"] = Ratio((at, "total"), (lines, "total"))
    columns = (
        Column(key="number", heading="序号"),
        Column(key="item", heading="项目"),
        Column(key="y2024", heading="2024", kind="money"),
        Column(key="y2025", heading="2025", kind="money"),
        Column(key="total", heading="合计", kind="money", parts=years),
        Column(key="share", heading="占比", kind="share"),
    )
    given: dict[str, Any] = {
        "id": "budget",
        "title": "预算",
        "unit": "单位：万元",
        "notes": ("注一。", "注二。"),
    }
    return Table(columns=columns, rows=tuple(rows), totals=(lines,), links=links, **(given | of))


def form(hint: str = "填写单位名称") -> Table:
    """A form: item and content, without headings; one item over several rows."""
    columns = (
        Column(key="a", heading="项", merged=True),
        Column(key="b", heading="目"),
        Column(key="c", heading="内容"),
    )
    contents: tuple[Any, ...] = (
        "服务贸易进出口总额达到100亿元。" * 8,
        Blank(hint),
        Blank(hint, "已填"),
        "文",
    )
    rows = tuple(
        {"a": "目标" if at < 3 else "其他", "b": f"指标{at}", "c": one} for at, one in enumerate(contents)
    )
    return Table(id="form", title="", columns=columns, rows=rows, headed=False)


def drawn(height: float = 3.9) -> Axes:
    """A figure."""
    with canvas(height) as axes:
        axes.plot([0, 1], [1, 3])
        axes.set_title("图")
    return axes


def paper(*pieces: Piece, **of: Any) -> Paper:
    """A paper of one annex with these pieces; without pieces, of three annexes with every kind of them."""
    found = (
        [pieces]
        if pieces
        else [
            (budget_table(), Sentences("第二部分", "heading"), budget_table(2, 600 * _WAN, title="另一表")),
            (Sentences("一段。\n又一段。"), Picture(drawn(), "图的说明", "图注"), form()),
            (Sentences("未提供前一年决算数", "warn"), Sentences("小字", "note")),
        ]
    )
    annexes = tuple(
        Annex(id=f"a{at}", label=f"附件{at}", heading=f"标题{at}", pieces=tuple(one))
        for at, one in enumerate(found, start=1)
    )
    given: dict[str, Any] = {
        "lang": "zh",
        "title": "2024年度预算附件",
        "subtitle": "副标题",
        "imprint": (("编制单位", Blank("单位全称")), ("日期", "2023年4月")),
        "banners": (Sentences("本测算基于假设。", "warn"),),
        "contents": "目录",
        "annexes": annexes,
        "running": "页眉",
        "date": datetime.date(2023, 4, 12),
        "name": "baseline",
    }
    return Paper(**(given | of))


def hostile_paper() -> Paper:
    """Hostile words in every place where a user can write, an annex for each of them."""
    annexes = []
    for words in HOSTILE:
        table = Table(
            id="x",
            title=words,
            unit=words,
            columns=(
                Column(key="name", heading=words, merged=True),
                Column(key="text", heading=words),
                Column(key="money", heading=words, kind="money"),
            ),
            rows=(
                {"name": words, "text": words, "money": 100},
                {"name": words, "text": Blank(words, words), "money": Blank(words)},
                {"name": "", "text": Blank(words), "money": words},
            ),
            notes=(words,),
            links={(2, "money"): Sum(((0, "money"), (1, "money")), (), words)},
        )
        kinds = ("p", "heading", "warn", "note")
        pieces = (*(Sentences(words, kind) for kind in kinds), table, Picture(drawn(1.5), words, words))
        annexes.append(Annex(id="x", label=words, heading=words, pieces=pieces))
    first = HOSTILE[0]
    return paper(
        title=first,
        subtitle=first,
        imprint=tuple((words, Blank(words)) for words in HOSTILE)
        + tuple((words, words) for words in HOSTILE),
        banners=tuple(Sentences(words, "warn") for words in HOSTILE),
        contents=first,
        annexes=tuple(annexes),
        running="R&G &[Picture] &P" + "长" * 300,
        name=first,
    )
