"""Pages: one file that asks the network for nothing, every letter inside, tables as they are meant."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from simkit.base.errors import RunError
from simkit.report.make.kernel import nbformat
from simkit.report.papers.markup import heading_html, picture_html, table_html, text_html, title_html
from simkit.report.papers.table import Column, Table
from simkit.report.papers.web_page import (
    failure_html,
    network_addresses,
    outputs_html,
    page_html,
)


def table(**changes: Any) -> Table:
    """A small table with every kind of cell."""
    given: dict[str, Any] = {
        "id": "one",
        "title": "资金 <需求> & 把握",
        "unit": "单位：万元",
        "columns": (
            Column(key="item", heading="事项"),
            Column(key="money", heading="金额", kind="money"),
            Column(key="p90", heading="P90（不可加总）", kind="money", not_additive=True),
            Column(key="share", heading="占比", kind="share"),
        ),
        "rows": (
            {"item": "<script>alert(1)</script>", "money": 123_456_789, "p90": 2_000_000, "share": 0.5},
            {"item": "合计", "money": 123_456_789, "p90": "未提供", "share": None},
        ),
        "totals": (1,),
        "notes": ("=cmd|' /C calc'!A0 & 尾差",),
    }
    return Table(**(given | changes))


def notebook(*pieces: str) -> Any:
    """An executed notebook that showed these."""
    outputs = [nbformat().v4.new_output("display_data", data={"text/html": piece}) for piece in pieces]
    return nbformat().v4.new_notebook(cells=[nbformat().v4.new_code_cell("secret = 1", outputs=outputs)])


def page(*pieces: str, **changes: Any) -> str:
    """A page of them."""
    given: dict[str, Any] = {
        "lang": "zh",
        "title": "测算 <报告>",
        "contents": "目录",
        "running": '甲"乙\\丙</style>',
    }
    return page_html(outputs_html(notebook(*pieces)), **(given | changes))


def test_a_table_is_escaped_aligned_and_marked() -> None:
    text = table_html(table())
    assert "<script" not in text and "&lt;script&gt;" in text and "资金 &lt;需求&gt; &amp; 把握" in text
    assert '<td class="n">123.46</td>' in text
    assert '<td class="n na">2.00</td>' in text and '<td class="n na">未提供</td>' in text
    assert '<td class="n">—</td>' in text and "50.0%" in text
    assert text.count('<tr class="total">' if '<tr class="total">' in text else "<tr class=total>") == 1
    assert "单位：万元" in text and '<th scope="col"' in text and '<th scope="row"' in text
    assert "=cmd|&#x27;" in text


def test_a_short_table_is_never_cut_and_a_long_one_may_be() -> None:
    row = table().rows[0]
    assert 'class="table whole"' in table_html(table())
    assert 'class="table"' in table_html(table(rows=(row,) * 40, totals=()))


def test_a_page_is_whole_and_asks_for_nothing() -> None:
    text = page(
        title_html("测算", "副题"),
        heading_html("a", "一、甲"),
        text_html("见 https://example.org 原文"),
        table_html(table()),
    )
    assert text.startswith("<!DOCTYPE html>") and '<html lang="zh-CN">' in text
    assert "<title>测算 &lt;报告&gt;</title>" in text
    assert network_addresses(text) == [] and "secret" not in text
    assert '<a href="#a">一、甲</a>' in text and '<section aria-labelledby="a">' in text
    assert text.count("<section") == text.count("</section>") == 1 and text.count("</header>") == 1
    assert "default-src 'none'" in text
    assert text.count("</style>") == 1  # the running head cannot end it


def test_english_is_marked_as_english() -> None:
    assert '<html lang="en">' in page(heading_html("a", "A"), lang="en")


@pytest.mark.parametrize(
    "piece",
    [
        '<img src="https://example.org/x.png">',
        "<img src=//example.org/x.png>",
        '<script>fetch("x")</script>',
        '<link rel="stylesheet" href="style.css">',
        "<style>@import 'x.css';</style>",
        "<style>p { background: url(http://example.org/x) }</style>",
        '<a href="file:///etc/passwd">x</a>',
        '<iframe srcdoc="x"></iframe>',
    ],
)
def test_an_address_is_found_and_refused(piece: str) -> None:
    assert network_addresses(piece)
    with pytest.raises(RunError, match="no network address"):
        page(piece)


def test_letters_are_inside_in_both_weights() -> None:
    text = page(heading_html("a", "喆玥珺堃昇镕"), text_html("万元 — 90%"))
    fonts = re.findall(r"data:font/woff2;base64,([A-Za-z0-9+/=]+)", text)
    assert len(fonts) == 2
    for font in fonts:
        letters = set(TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap())
        assert {ord(letter) for letter in "喆玥珺堃昇镕万元—90%甲乙丙测算报告目录"} <= letters
    assert len(text) < 200_000


def test_anything_but_html_is_an_error() -> None:
    node = notebook("<p>x</p>")
    node.cells[0].outputs.append(nbformat().v4.new_output("stream", name="stdout", text="left over"))
    with pytest.raises(RunError, match="left over"):
        page_html(outputs_html(node), lang="zh", title="x", contents="x")


def test_a_picture_says_what_it_shows() -> None:
    text = picture_html("<svg/>", 'a "curve" <of>', "note")
    assert 'alt="a &quot;curve&quot; &lt;of&gt;"' in text and "data:image/svg+xml;base64," in text
    assert network_addresses(text) == []


def test_a_failure_shows_code_and_error() -> None:
    node = notebook("<p>before</p>")
    error = nbformat().v4.new_output(
        "error", ename="ValueError", evalue="x", traceback=["\x1b[31mValueError\x1b[0m: <x>"]
    )
    node.cells[0].outputs.append(error)
    text = failure_html(node)
    assert "secret = 1" in text and "ValueError: &lt;x&gt;" in text and "<p>before</p>" in text
    assert '<a href="#cell-0">' in text and "\x1b" not in text


def test_long_paths_may_break_and_numbers_may_not():
    column = Column(key="a", heading="a")
    for text, shown in (
        ("claims.headhunting.take_up.value", "claims.<wbr>headhunting.<wbr>take_<wbr>up.<wbr>value"),
        ("71.1 claims (0.37), mean base 21.60", "71.1 claims (0.37), mean base 21.60"),
    ):
        table = Table(id="t", title="t", columns=(column,), rows=({"a": text},))
        assert shown in table_html(table)
