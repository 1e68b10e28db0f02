"""`simkit whatif`: where the page is, what has no slider, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from simkit.base.words import say
from simkit.cli import main
from simkit.whatif.caps.movable import REASONS
from simkit.whatif.caps.page_data import DRAWS, FEWEST_DRAWS, MOST_DRAWS
from tests.folders import file_names
from tests.small_scenarios import fixed, measure
from tests.whatif.page_shapes import NINGBO, RATE, cap, ranked, scenario_of

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def simkit(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `simkit whatif` here; give exit code, what it printed, and what it complained of."""

    def call(*words: object) -> tuple[int, str, str]:
        code = main(["whatif", *map(str, words)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def test_it_writes_a_page_and_says_where(simkit: Call, tmp_path: Path) -> None:
    ranked(tmp_path)
    out = tmp_path / "new" / "page.html"
    options = ("--draws", 20, "--seed", 5, "--date", "2026-11-30", "--lang", "en")
    code, printed, _ = simkit(tmp_path / "scenario.yaml", "-o", out, *options)
    assert code == 0
    assert f"Page: {out} (0." in printed and "2 caps)" in printed
    assert "Without a slider: money.one (comes before a ranked selection)" in printed
    page = out.read_text(encoding="utf-8")
    assert '<html lang="en">' in page and "20 draws, seed 5" in page and "made on 2026-11-30" in page
    assert file_names(out.parent) == ["page.html"]


def test_the_page_is_chinese_unless_asked_otherwise(
    simkit: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    ranked(tmp_path)
    code, printed, _ = simkit(tmp_path / "scenario.yaml", "-o", tmp_path / "page.html", "--draws", 20)
    assert code == 0 and printed.startswith("Page: ")
    assert '<html lang="zh-CN">' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_an_overlay_is_laid_on_first(simkit: Call, tmp_path: Path) -> None:
    overlay = tmp_path / "lower.yaml"
    overlay.write_text(
        "name: lower\ntitle: {zh: 甲, en: a}\nbase: baseline\nauthor: 甲\ndate: 2026-11-22\nreason: {zh: 甲, en: a}\n"
        "changes: {measures.students.caps.yearly.amount: 40万元}\n",
        encoding="utf-8",
    )
    out = tmp_path / "page.html"
    assert simkit(NINGBO, "-o", out, "--draws", 20, "--overlay", overlay, "--lang", "zh")[0] == 0
    page = out.read_text(encoding="utf-8")
    assert "基准40万元" in page and '"amount":40000000,"most":120000000' in page
    assert (
        "measures.students.caps.yearly.amount" in page[page.index('class="warn"') : page.index('id="lead"')]
    )


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--draws", FEWEST_DRAWS - 1), "应为"),
        (("--draws", MOST_DRAWS + 1), "应为"),
        (("--date", "2026-13-01"), "应为 YYYY-MM-DD 形式的日期，实为 '2026-13-01'"),
        (("--date", "today"), "YYYY-MM-DD"),
    ],
)
def test_wrong_options_are_named(
    simkit: Call, words: tuple[object, ...], complaint: str, tmp_path: Path
) -> None:
    code, printed, complained = simkit(NINGBO, "-o", tmp_path / "page.html", *words, "--lang", "zh")
    assert (code, printed) == (2, "") and complaint in complained
    assert not list(tmp_path.iterdir())


def test_a_policy_without_caps_is_refused_and_nothing_written(simkit: Call, tmp_path: Path) -> None:
    scenario_of(tmp_path, {"plain": measure(fixed("2万元"))}, {})
    out = tmp_path / "new" / "page.html"
    code, _, complained = simkit(tmp_path / "scenario.yaml", "-o", out, "--lang", "zh")
    assert code == 2 and "封顶试算页面需要至少一项" in complained and "Traceback" not in complained
    assert not out.parent.exists()


def test_a_folder_in_the_way_is_named(simkit: Call, tmp_path: Path) -> None:
    scenario_of(tmp_path, {"one": measure(RATE, caps={"one": cap("5万元")})}, {})
    (tmp_path / "taken").mkdir()
    code, _, complained = simkit(
        tmp_path / "scenario.yaml", "-o", tmp_path / "taken", "--draws", 20, "--lang", "zh"
    )
    assert code == 1 and "无法写入" in complained and "请用 -o 另指定文件" in complained


def test_defaults_are_those_of_the_work() -> None:
    from simkit.cli import application

    params = {one.name: one for one in application("en").commands["whatif"].params}
    assert params["draws"].default == DRAWS
    assert (params["draws"].type.low, params["draws"].type.high) == (FEWEST_DRAWS, MOST_DRAWS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_has_words(lang: str) -> None:
    assert all(say(lang, f"caps.reason.{reason}") for reason in REASONS)
