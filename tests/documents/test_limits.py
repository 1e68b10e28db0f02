"""Whatever is given, of whatever size, is refused at once: in processor time and in memory, by exit code 2."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache
from pathlib import Path

import openpyxl
import pytest

import simkit
from simkit.cli import main
from tests.killed import ended, forked

resource = pytest.importorskip("resource")
TOY = Path(simkit.__file__).parent / "cli" / "toy"
#: Beyond what the check of a small sound file takes: MB, and seconds of processor time: some take one second on an idle
#: machine, three on a busy one; what grows faster than its file takes minutes.
MOST_SECONDS, MOST_MEGABYTES = 10.0, 300.0
#: What ends a check that never ends: seconds of the processor.
TOO_LONG = 120

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kB on Linux alone")


def measured(path: Path) -> tuple[int, float, float, int, str]:
    """Exit code, seconds, MB and words of a check in a child: what it holds goes with it."""
    reading, writing = os.pipe()
    child = forked(lambda: tell(writing, path))
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    assert ended(child) == 0
    return tuple(json.loads(told))


def tell(writing: int, path: Path) -> None:
    os.write(writing, json.dumps(checked(path)).encode())


def checked(path: Path) -> tuple[int, float, float, int, str]:
    resource.setrlimit(resource.RLIMIT_CPU, (TOO_LONG, TOO_LONG))
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    code, told = check(path)
    held = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return code, time.process_time() - begun, held, len(told), told[:8_000]


def check(path: Path) -> tuple[int, str]:
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(["check", str(path), "--lang", "zh"])
    return code, printed.getvalue()


@lru_cache
def of_a_sound_file() -> tuple[float, float]:
    assert check(TOY / "scenario.yaml")[0] == 0  # all that a child needs is loaded here
    code, seconds, megabytes, _, _ = measured(TOY / "scenario.yaml")
    assert code == 0
    return seconds, megabytes


POLICY = (TOY / "policy.yaml").read_text(encoding="utf-8")
MEASURE_OF = (
    "  m{0}: {{name: {{zh: a, en: b}}, clause: 一, quote: [没有的话{0}], priced_by: text, rigidity: entitlement, "
    "award: {{kind: fixed, amount: 5万元}}}}\n"
)
OVERLAY = "name: a\ntitle: {zh: a, en: a}\nbase: toy\nauthor: a\ndate: 2024-01-01\nreason: {zh: a, en: a}\n"

#: What stands below a sound policy.
POLICIES = {
    "unknown keys": lambda: "".join(f"key{at}: 1\n" for at in range(480_000)),
    "fewer unknown keys": lambda: "".join(f"key{at}: 1\n" for at in range(29_000)),
    "aliases": lambda: "x: &" + "a" * 3_000 + " 1\ny: [" + ("*" + "a" * 3_000 + ",") * 1_500 + "]\n",
    "laughs": lambda: (
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 10}]\n" for n in range(1, 30))
    ),
    "measures": lambda: "".join(MEASURE_OF.format(at) for at in range(1_400)),
    "half measures": lambda: "".join(f"  m{at}: 1\n" for at in range(14_000)),
    "a long list": lambda: "x:\n" + "- 1\n" * 1_200_000,
    "names": lambda: "  m: {conditions: {a: {of: line, one_of: [" + "x," * 29_000 + "]}}}\n",
    "brackets": lambda: "x: " + "[" * 4_900_000,
    "levels": lambda: "".join(" " * at + "a:\n" for at in range(3_000)),
    "a long value": lambda: "x: " + "y" * 4_900_000 + "\n",
    "a long key": lambda: "? " + "y" * 4_900_000 + "\n: 1\n",
    "digits": lambda: "x: " + "9" * 4_900_000 + "\n",
    "empty lines": lambda: "\n" * 4_900_000 + "x: 1\n",
    "tabs": lambda: "\t\n" * 2_400_000,
    "control characters": lambda: "\x01\n" * 2_400_000,
    "spaces": lambda: " " * 4_900_000 + "\nx: 1\n",
    "open quotes": lambda: 'x: "' + "y" * 4_900_000,
    "slips on a line": lambda: "x: " + "{a，" * 800_000 + "\n",
    "colons on a line": lambda: "x: a b: " * 600_000 + "\n",
    "one key": lambda: "x: 1\n" * 900_000,
    "readings": lambda: (
        "readings:\n"
        + "".join(f"  r{at}: {{default: a, options: {{a: {{}}, b: {{}}}}}}\n" for at in range(3_000))
    ),
}
SWEEPS = {
    "paths": "changes:\n" + "".join(f"  a.b{at}: 1\n" for at in range(20_000)),
    "strange paths": "changes:\n" + "".join(f"  claims.a.b{at}: 1\n" for at in range(999)),
    "variants": "sweep:\n" + "".join(f"  claims.b{at}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n" for at in range(9)),
}


def refused(path: Path) -> str:
    """What is told of a file that is refused within the limits."""
    seconds, megabytes = of_a_sound_file()
    code, took, held, length, told = measured(path)
    assert code == 2, told
    assert "Traceback" not in told and length < 100_000
    assert took - seconds < MOST_SECONDS and held - megabytes < MOST_MEGABYTES, (
        took - seconds,
        held - megabytes,
    )
    return told


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOY, tmp_path / "toy"))


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_of_any_size(name: str, toy: Path) -> None:
    (toy / "policy.yaml").write_text(POLICY + POLICIES[name](), encoding="utf-8")
    refused(toy / "policy.yaml")


@pytest.mark.parametrize("name", SWEEPS)
def test_an_overlay_of_any_size(name: str, toy: Path) -> None:
    (toy / "overlay.yaml").write_text(OVERLAY + SWEEPS[name], encoding="utf-8")
    refused(toy / "overlay.yaml")


@pytest.mark.parametrize("text", ["一" * 330_000, "金" * 30_000_000])
def test_a_policys_text_of_any_size(text: str, toy: Path) -> None:
    lines = "".join(f"  m{at}: {{quote: [{'金' * 30}{at}]}}\n" for at in range(1_000))
    (toy / "policy.yaml").write_text(POLICY + lines, encoding="utf-8")
    (toy / "policy.zh.txt").write_text(text, encoding="utf-8")
    refused(toy / "policy.yaml")


# ---------------------------------------------------------------------- lists of agencies


@lru_cache
def small() -> bytes:
    book, raw = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("机构名录")
    for row in (["name", "line"], ["甲", "一切"]):
        sheet.append(row)
    book.save(raw)
    return raw.getvalue()


def workbook(
    path: Path,
    part: str = "",
    before: str = "",
    pieces: tuple[bytes, int] = (b"", 0),
    more: int = 0,
    packing: int = zipfile.ZIP_DEFLATED,
) -> None:
    """A small workbook, in one part of which so many pieces stand before a tag; and `more` other parts."""
    piece, count = pieces
    with zipfile.ZipFile(io.BytesIO(small())) as source, zipfile.ZipFile(path, "w", packing) as made:
        for one in source.infolist():
            raw = source.read(one)
            with made.open(one.filename, "w") as target:
                head, tag, tail = (
                    raw.partition(before.encode()) if part and part in one.filename else (raw, b"", b"")
                )
                target.write(head)
                for start in range(0, count if tag else 0, 100_000):
                    target.write(piece * min(100_000, count - start))
                target.write(tag + tail)
        for at in range(more):
            made.writestr(f"xl/media/{at}.bin", b"")


SHEET, END = "sheet1.xml", "</sheetData>"
BOOKS: dict[str, Callable[[Path], None]] = {
    "rows": lambda path: workbook(path, SHEET, END, (b"<row><c><v>1</v></c></row>", 300_000)),
    "cells": lambda path: workbook(path, SHEET, END, (b"<c/>", 30_000_000)),
    "blanks": lambda path: workbook(path, SHEET, END, (b'<row ht="1"/>', 290_000)),
    "words": lambda path: workbook(
        path, SHEET, END, (b'<row><c t="inlineStr"><is><t>x</t></is></c></row>', 49_000)
    ),
    "a gigabyte": lambda path: workbook(path, SHEET, END, (b" " * 1_000, 1_000_000)),
    "merged": lambda path: workbook(path, SHEET, "</worksheet>", (b'<mergeCell ref="A1:B2"/>', 290_000)),
    "styles": lambda path: workbook(path, "styles.xml", "</cellXfs>", (b'<xf numFmtId="9"/>', 39_000)),
    "sheets": lambda path: workbook(
        path, "xl/workbook.xml", "</sheets>", (b'<sheet name="x" sheetId="9"/>', 60_000)
    ),
    "parts": lambda path: workbook(path, more=60_000),
    "another packing": lambda path: workbook(path, SHEET, END, (b" ", 10), packing=zipfile.ZIP_LZMA),
    "on disk": lambda path: path.write_bytes(small() + bytes(60_000_000)),
}
LISTS = {
    "commas": lambda: "," * 9_900_000,
    "letters": lambda: "x" * 9_900_000,
    "an open quote": lambda: '"' + "x,\n" * 3_300_000,
    "quoted line feeds": lambda: '"\n",' * 2_400_000,
    "rows": lambda: "甲,什么\n" * 800_000,
    "wide rows": lambda: ("," * 990 + "1\n") * 9_900,
    "zero bytes": lambda: "\0" * 9_900_000,
    "beyond": lambda: "x\n" * 6_000_000,
}


def named(toy: Path, name: str) -> Path:
    path = toy / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("population:", f"population:\n  roster: {name}", 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_of_any_size(name: str, toy: Path) -> None:
    BOOKS[name](toy / "list.xlsx")
    refused(named(toy, "list.xlsx"))


@pytest.mark.parametrize("name", LISTS)
def test_a_csv_file_of_any_size(name: str, toy: Path) -> None:
    (toy / "list.csv").write_text("机构名称,主营业态\n" + LISTS[name](), encoding="utf-8")
    refused(named(toy, "list.csv"))
