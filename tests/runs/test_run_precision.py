"""Runs that stop when they are precise: at the same number of draws everywhere, with the same bytes as asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import InputError
from simkit.base.written import RECORD
from simkit.cli import main
from simkit.runs.loading import load_result
from simkit.runs.manifest import read_manifest
from simkit.runs.result import Precision, Result
from simkit.runs.simulate import run
from simkit.runs.store import run_saved
from simkit.scenario import Scenario, load_scenario
from simkit.sizing.quantiles import quantile
from tests.runs.test_simulate import LAW, RATE, assert_same
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario

DIGITS = r"[0-9.]+%"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One measure that pays half of a lognormal base: cheap, and uncertain enough for some thousand draws."""
    return write_scenario(
        tmp_path_factory.mktemp("small"),
        {"one": measure(RATE)},
        {"one": claim(1, frequency="poisson", base=LAW, take_up=assumed(0.8))},
        start=30,
        factor_cv=0.4,
    )


@pytest.fixture(scope="module")
def scenario(path: Path) -> Scenario:
    return load_scenario(path)


def widest_of(result: Result) -> float:
    """By hand: over both views and the years with 1 % of the money, half the interval over the P95."""
    widths = []
    for special in (True, False):
        paid = result.paid(special=special)
        for column in range(paid.shape[1]):
            if paid[:, column].sum() >= 0.01 * paid.sum() and paid[:, column].any():
                one = quantile(paid[:, column], 0.95)
                widths.append((one.high - one.low) / 2 / one.value)
    return max(widths)


def test_it_stops_at_the_first_check_that_is_precise_enough(scenario: Scenario) -> None:
    found = {draws: widest_of(run(scenario, draws=draws, seed=2)) for draws in (2_000, 4_000, 8_000)}
    assert found[2_000] > found[4_000] > found[8_000]
    for asked in (*found.values(), 0.9 * min(found.values())):
        expected = next((draws for draws, width in found.items() if width <= asked), 8_000)
        result = run(scenario, seed=2, precision=asked, limit=8_000)
        assert result.draws == expected
        assert result.precision is not None
        assert result.precision.found == found[expected]
        assert result.precision.reached == (found[expected] <= asked)


@pytest.mark.parametrize("options", [{"jobs": 3}, {"jobs": 2, "block": 171}], ids="-".join)
def test_it_is_the_same_run_on_any_workers(scenario: Scenario, options: dict[str, Any]) -> None:
    asked = widest_of(run(scenario, draws=4_000, seed=2))
    result = run(scenario, seed=2, precision=asked, limit=8_000, **options)
    assert result.draws == 4_000
    assert_same(result, run(scenario, draws=4_000, seed=2))


def test_the_saved_figures_are_those_of_a_run_with_so_many_draws(scenario: Scenario, tmp_path: Path) -> None:
    """Every file but the manifest, byte for byte; the manifest says what stopped it."""
    one, precise = run_saved(scenario, tmp_path / "precise", seed=2, precision=0.5)
    _, plain = run_saved(scenario, tmp_path / "plain", seed=2, draws=one.draws)
    assert precise.name == plain.name
    assert one.draws == 2_000
    for path in sorted(plain.iterdir()):
        if path.name not in ("manifest.json", RECORD):
            assert (precise / path.name).read_bytes() == path.read_bytes(), path.name
    told = read_manifest(precise)["precision"]
    assert told == {
        "asked": 0.5,
        "found": widest_of(one),
        "limit": 1_000_000,
        "year": told["year"],
        "special": True,
    }
    assert read_manifest(plain)["precision"] is None
    assert load_result(precise).precision == one.precision and load_result(plain).precision is None


@pytest.mark.parametrize("special", [True, False])
def test_both_views_are_looked_at(tmp_path: Path, special: bool) -> None:
    """A steady measure and a wild one, each paid by a fund of its own: the view that is the wider is told."""
    words = {"zh": "某", "en": "some"}
    funds = {
        name: {"name": words, "department": "hr", "level": "city", "special": name == "hr"}
        for name in ("hr", "other")
    }
    wild, steady = ("hr", "other") if special else ("other", "hr")
    path = write_scenario(
        tmp_path,
        {
            "wild": measure(RATE, payers={"shares": {wild: "100%"}}),
            "steady": measure(fixed("1万元"), payers={"shares": {steady: "100%"}}),
        },
        {"wild": claim(0.1, frequency="poisson", base=LAW), "steady": claim(1, frequency="fixed")},
        start=40,
        policy={"funds": funds},
    )
    result = run(load_scenario(path), seed=2, precision=0.5, limit=2_000)
    assert result.precision is not None and result.precision.found == widest_of(result)
    assert result.precision.special == special
    year = result.paid_years.index(result.precision.year)
    one = quantile(result.paid(special=result.precision.special)[:, year], 0.95)
    assert (one.high - one.low) / 2 / one.value == result.precision.found


@pytest.mark.parametrize("wrong", [0, -0.1, 2, float("nan")])
def test_a_precision_out_of_range_is_refused(scenario: Scenario, wrong: float) -> None:
    with pytest.raises(
        InputError, match=r"precision: expected a share of the value from 0.0001% to 100%, found"
    ):
        run(scenario, precision=wrong)
    with pytest.raises(InputError, match="limit: expected a whole number from 2000 to"):
        run(scenario, precision=0.1, limit=1_999)


# ------------------------------------------------------------------ the command


@pytest.mark.parametrize(
    ("options", "zh", "en"),
    [
        (
            ["--precision", "50%"],
            rf"模拟 2,000 次后达到所要求的精度.*不超过其数值的 {DIGITS}（要求 50%）.*20\d\d 年（专项经费口径）",
            rf"Stopped at 2,000 draws, as precise as asked.*within {DIGITS} \(asked 50%\).*20\d\d, special fund",
        ),
        (
            ["--precision", "0.001", "--limit", "3000"],
            rf"已到模拟次数上限 3,000 次，未达到所要求的精度.*{DIGITS}（要求 0.1%）.*--limit",
            rf"Stopped at the limit of 3,000 draws, less precise.*within {DIGITS} .*\(asked 0.1%\).*higher --limit",
        ),
    ],
)
def test_the_memo_says_what_stopped_it(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], zh: str, en: str
) -> None:
    for language, words in (("zh", zh), ("en", en)):
        command = ["run", str(path), *options, "--out", str(tmp_path), "--lang", language]
        assert main(command) == 0
        printed = capsys.readouterr().out
        assert re.search(
            words, "".join(printed.split("\n")) if language == "zh" else " ".join(printed.split())
        )


def test_nothing_paid_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_scenario(tmp_path, {"one": measure(fixed("1万元"))}, {"one": claim(1)}, start=0)
    assert main(["run", str(path), "--precision", "1%", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    assert "Stopped at 2,000 draws: nothing is paid in any year." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["0", "0%", "-1%", "x", "", "%", ".", "101%", "1.2.3", "nan", "0.5%%"])
def test_a_wrong_percentage_is_told_in_both_languages(
    path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    for language, words in (
        ("zh", "--precision: 应为 0.0001% 至 100% 的比例"),
        ("en", "--precision: expected a share"),
    ):
        assert main(["run", str(path), f"--precision={text}", "--lang", language]) == 2
        assert words in capsys.readouterr().err


def test_draws_and_precision_exclude_each_other(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language, words in (("zh", "只能选用其一"), ("en", "exclude each other")):
        assert main(["run", str(path), "--precision", "1%", "--draws", "10000", "--lang", language]) == 2
        assert words in capsys.readouterr().err


def test_what_is_reached_is_at_most_what_is_asked() -> None:
    one = Precision(asked=0.01, found=0.01, limit=2_000, year=2024, special=True)
    assert one.reached
    assert not Precision(
        asked=0.01, found=np.nextafter(0.01, 1), limit=2_000, year=2024, special=True
    ).reached
