"""The page of all reports: right figures, literal names, links to what is there, nothing from the network."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from simkit.base.errors import RunError
from simkit.base.money import format_wan
from simkit.report.make.index import write_index
from simkit.report.make.listing import Failed, listed_reports
from simkit.report.make.record import Failure, write_failure, write_record
from simkit.report.make.summary import Summary, summarise
from simkit.report.papers.web_fonts import font_faces
from simkit.report.tables.saved import Saved
from simkit.runs.loading import load_result
from simkit.runs.store import run_saved
from simkit.scenario import load_scenario
from simkit.sizing.compare import quantile_shift
from simkit.sizing.quantiles import quantile
from tests.browser import Watched
from tests.folders import file_names
from tests.report.batch_inputs import overlay, scenarios

DRAWS = 400
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    '#read("/etc/passwd") $body ${title} {{x}} {0} %s',
    "标题" * 250,
    "😀 e\u0301 مرحبا",
]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario, two overlays and a third with every hostile name, each with a record of one page."""
    folder = scenarios(tmp_path_factory.mktemp("in"), "one")
    place = tmp_path_factory.mktemp("out")
    files = [overlay(folder, "more", "one", title="封顶提高")]
    files.append(overlay(folder, "same", "one", changes={"confidence": "80%"}))
    files += [overlay(folder, f"hostile{n}", "one", title=name) for n, name in enumerate(HOSTILE)]
    _, base = run_saved(load_scenario(folder / "one.yaml"), place / "one", draws=DRAWS, seed=3, jobs=1)
    recorded(base, None)
    for file in files:
        scenario = load_scenario(folder / "one.yaml", [file])
        recorded(run_saved(scenario, place / scenario.name, draws=DRAWS, seed=3, jobs=1)[1], base)
    return place


def recorded(run: Path, base: Path | None, **pages: str) -> Summary:
    """A record with a page that is there and a workbook that is not."""
    (run / "budget_report.zh.html").write_text("<p>1</p>", encoding="utf-8")
    found = {"page": {"zh": {"budget_report.zh.html": "0"}}, "workbook": {"zh": {"tables.xlsx": "0"}}}
    summary = summarise(Saved(run=run, base=base))
    write_record(run, {"run": "0", "runs": {}, "answers": {}}, found, summary)
    return summary


class _Rows(HTMLParser):
    """Texts of the cells, row by row, and what links point to."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def rows(page: str) -> _Rows:
    found = _Rows()
    found.feed(page)
    return found


def page(out: Path, lang: str = "zh", **more: object) -> str:
    target = write_index(out, "zh" if lang == "zh" else "en", **more)  # type: ignore[arg-type]  # passed on
    assert target is not None
    return target.read_text(encoding="utf-8")


def row_of(text: str, name: str) -> list[str]:
    (found,) = (row for row in rows(text).rows if row and row[0].endswith(name))
    return found


# ---------------------------------------------------------------------- figures


def test_the_figures_are_those_of_the_runs(out: Path) -> None:
    """Recomputed here from the saved results."""
    runs = {name: load_result(next((out / name).glob("*-n*"))) for name in ("one", "one+more")}
    samples = {name: run.paid(special=True)[:, 0] for name, run in runs.items()}
    needed = quantile(samples["one+more"], 0.9)
    shift = quantile_shift(samples["one"], samples["one+more"], 0.9)
    gap = samples["one+more"] - samples["one"]
    cells = row_of(page(out), "one+more")
    assert "封顶提高" in cells[0] and "2024年度" in cells[1] and "90%" in cells[1]
    assert cells[2] == format_wan(needed.value)
    assert cells[3] == f"{format_wan(needed.low)} 至 {format_wan(needed.high)}"
    assert cells[4] == f"+{format_wan(shift.value)}（{format_wan(shift.standard_error)}）"
    assert cells[5].startswith(format_wan(round(samples["one+more"].mean())))
    assert cells[6] == f"+{format_wan(gap.mean())}（{format_wan(gap.std(ddof=1) / DRAWS**0.5)}）"
    assert gap.mean() > 0 and cells[7] == f"{DRAWS} / 3"
    assert row_of(page(out), "one")[4] == row_of(page(out), "one")[6] == "基准"


def test_what_cannot_be_compared_is_not(out: Path) -> None:
    """Another confidence is another figure."""
    assert row_of(page(out), "one+same")[4] == "不可比"
    assert row_of(page(out, "en"), "one+same")[6] == "not comparable"


def test_too_few_draws_are_said(tmp_path: Path) -> None:
    folder = scenarios(tmp_path / "in", "one")
    scenario = load_scenario(folder / "one.yaml")
    recorded(run_saved(scenario, tmp_path / "out" / "one", draws=20, seed=3, jobs=1)[1], None)
    cells = row_of(page(tmp_path / "out"), "one")
    assert cells[2] == "次数不足，至少需100次" and cells[3] == "—" and "（" in cells[5]


# ---------------------------------------------------------------------- names and links


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_print_literally(out: Path, lang: str) -> None:
    failed = [Failed(f"x{name}", f"why {name}\x1b[31m\u202e") for name in HOSTILE]
    text = page(out, lang, failed=failed)
    found = rows(text)
    shown = ["".join(row) for row in found.rows]
    for name in HOSTILE:
        assert sum(name in row for row in shown) == 2, name
    assert not found.tags & {"script", "img", "iframe", "link"} and "\x1b" not in text
    assert "\u202e" not in text and "[U+202E]" in text
    style = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert "http:" not in style and "https:" not in style and "url(" not in re.sub(r"url\(data:", "", text)


def test_links_point_to_files_that_are_there(out: Path) -> None:
    links = [link for link in rows(page(out)).links if not link.startswith("#")]
    assert len(links) == 3 + len(HOSTILE)
    for link in links:
        assert ":" not in link and (out / unquote(unescape(link))).is_file()


def test_a_failed_report_is_shown_with_its_notebook(out: Path) -> None:
    (run,) = (out / "one+more").glob("*-n*")
    (run / "budget_report.zh.failed.html").write_text("x", encoding="utf-8")
    write_failure(run, Failure(name="one+more", message="cell 3: no luck"))
    try:
        text = page(out)
        names = [row[0] for row in rows(text).rows if row]
        assert [name for name in names if name.endswith("one+more")] == ["one+more"]  # not among the finished
        assert row_of(text, "one+more")[1] == "cell 3: no luck"
        assert any(link.endswith("budget_report.zh.failed.html") for link in rows(text).links)
    finally:
        (run / "failure.json").unlink()
        (run / "budget_report.zh.failed.html").unlink()


def test_what_fails_now_is_not_shown_as_it_was_before(out: Path) -> None:
    """Its overlay cannot be read any more, say: older figures are not of what it says now."""
    text = page(out, failed=[Failed("one+more", "line 3: no such key")])
    assert row_of(text, "one+more")[:2] == ["one+more", "line 3: no such key"]
    assert len(row_of(page(out), "one+more")) == 9


def test_a_torn_record_is_named(out: Path) -> None:
    path = next((out / "one+more").glob("*-n*/report.json"))
    before = path.read_bytes()
    for content in (before[: len(before) // 2], before.replace(b'"seed": 3', b'"seed": 4'), b"[]", b"\xff"):
        path.write_bytes(content)
        assert "report.json" in row_of(page(out), "one+more")[1]
    path.write_bytes(before)
    assert len(row_of(page(out), "one+more")) == 9


# ---------------------------------------------------------------------- which are listed


def test_the_newest_inputs_of_a_scenario_are_listed(tmp_path: Path) -> None:
    """Those of this command before all others."""
    folder, place = scenarios(tmp_path / "in", "one"), tmp_path / "out"
    scenario = load_scenario(folder / "one.yaml")
    found = [run_saved(scenario, place / "one", draws=120, seed=seed, jobs=1)[1] for seed in (1, 2)]
    for number, run in enumerate(found):
        recorded(run, None)
        os.utime(run / "report.json", (1e9 + number, 1e9 + number))
    assert [one.folder for one in listed_reports(place)[0]] == [found[1]]
    assert [one.folder for one in listed_reports(place, [found[0]])[0]] == [found[0]]
    page(place, now=[found[0]])
    assert [one.folder for one in listed_reports(place)[0]] == [found[0]]  # the next command finds the same
    time = (found[0] / "report.json").stat().st_mtime_ns
    page(place, now=[found[0]])
    assert (found[0] / "report.json").stat().st_mtime_ns == time


def test_nothing_to_list_leaves_no_page(tmp_path: Path) -> None:
    assert write_index(tmp_path / "none", "zh") is None
    assert write_index(tmp_path, "zh") is None and not list(tmp_path.iterdir())


def test_the_page_is_whole_or_as_it_was(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = page(out)
    time = (out / "index.html").stat().st_mtime_ns
    assert page(out) == before and (out / "index.html").stat().st_mtime_ns == time

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunError, match="No space left"):
        page(out, "en")
    assert (out / "index.html").read_text("utf-8") == before
    assert not [name for name in file_names(out) if name.startswith(".")]


def test_characters_that_no_font_has_are_left_to_the_reader() -> None:
    assert font_faces(frozenset("😀测")) == font_faces(frozenset("测")) != font_faces(frozenset("😀"))


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_a_browser(out: Path, chromium_page: Callable[..., Watched], lang: str) -> None:
    """No request but the page, no complaint, no sideways scrolling of the page itself."""
    page(out, lang, failed=[Failed("x" * 300, "y" * 900)])
    for width in (1400, 800):
        seen = chromium_page(width=width)
        seen.page.goto((out / "index.html").as_uri())
        assert seen.page.locator("tbody tr").count() == 4 + len(HOSTILE)
        assert [one for one in seen.requests if not one.startswith(("file:", "data:"))] == []
        assert seen.complaints == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
