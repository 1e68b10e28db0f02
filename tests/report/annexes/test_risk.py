"""The annex of risk: its tables are those of the run, ratings follow the printed rule, what is not saved is named."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from simkit.distributions.severity import Triangular, Uniform
from simkit.report.annexes import rating
from simkit.report.annexes.rating import Moved, ratings
from simkit.report.annexes.risk import _bridged, _costs, _longer_term, risk
from simkit.report.papers.pieces import Picture, Piece, Sentences
from simkit.report.papers.table import Language, Table
from simkit.report.tables import all as tables
from simkit.report.tables.saved import Saved
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import whole_fen
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from simkit.sizing.estimate import Estimate
from simkit.whatif.answers import save_answer
from simkit.whatif.drivers import Assumption, Moves, drivers
from tests.report import results
from tests.report.annexes.saved_runs import (
    asked,
    bare,
    desk_of,
    full,
    priced,
    saved_run,
    tables_of,
    warnings_of,
)
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario

LANGS: tuple[Language, ...] = ("zh", "en")
YEAR = 2024


@lru_cache
def pieces(with_answers: bool, lang: Language = "zh") -> tuple[Piece, ...]:
    return tuple(risk(desk_of(full() if with_answers else bare(), lang)))


# ------------------------------------------------------------------ what stands in it


@pytest.mark.parametrize("lang", LANGS)
def test_with_answers_it_shows_tornado_and_readings(lang: Language) -> None:
    found = tables_of(pieces(True, lang))
    assert list(found) == [
        "confidence_curve", "by_year_special", "waterfall", "common_factor", "annex_ratings", "annex_by_rating",
        "range_split", "driver_groups", "driver_tornado", "readings_register", "readings_special", "readings_whole",
        "widest_total", "widest_choices",
    ]  # fmt: skip
    assert not warnings_of(pieces(True, lang))
    pictures = [one for one in pieces(True, lang) if isinstance(one, Picture)]
    assert len(pictures) == 8 and all(one.title and one.svg().startswith("<?xml") for one in pictures)
    assert max(one.inches[1] for one in pictures) < 7.5  # a page on its side, hardly made smaller


@pytest.mark.parametrize("lang", LANGS)
def test_without_answers_it_names_them_and_the_commands(lang: Language) -> None:
    found = tables_of(pieces(False, lang))
    assert "driver_tornado" not in found and "widest_total" not in found and "drivers" in found
    told = warnings_of(pieces(False, lang))
    file = results.baseline().file
    assert len(told) == 2
    assert told[0].endswith(f"simkit drivers {file} --seed 1 --of headline --out bare")
    assert told[1].endswith(f"simkit readings {file} --draws 400 --seed 1 --out bare")


def test_an_answer_of_another_scenario_or_question_is_not_used() -> None:
    saved = Saved(saved_run(results.result(), "other/baseline"))
    other = replace(
        asked(), origin=replace(asked().origin, digests={**asked().origin.digests, "scenario": "0" * 64})
    )
    another = drivers(results.baseline(), draws=100, seed=1, of="fund")
    strange = replace(priced(), origin=replace(priced().origin, digests={"policy": "x"}))
    for answer in (other, another, strange):
        save_answer(answer, saved.run.parent)
    assert len(list(saved.run.parent.glob("*.json"))) == 3
    assert len(warnings_of(risk(desk_of(saved)))) == 2
    save_answer(asked(), saved.run.parent)
    assert len(warnings_of(risk(desk_of(Saved(saved.run))))) == 1


def test_the_short_curve_is_the_long_one_s() -> None:
    long = {row["probability"]: row for row in tables.confidence_curve(results.result()).rows}
    short = tables_of(pieces(False))["confidence_curve"].rows
    assert [row["probability"] for row in short] == [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
    assert all(row == long[row["probability"]] for row in short)
    odd = tables.confidence_curve(results.result(), points=(0.5, 0.925))
    assert [text[0] for text in odd.texts()] == ["50.00%", "92.50%"]


def test_two_splits_are_bridged_and_their_means_compared() -> None:
    """100 draws against 400; a mean ten of the larger error off is beyond it."""
    table = tables_of(pieces(True))["driver_groups"]
    assert "抽样100次" in table.notes[-1] and "抽样400次" in table.notes[-1]
    bare_table = replace(table, notes=())
    desk, error = desk_of(full()), asked().mean.standard_error
    run = tables_of(pieces(True))["by_year_special"].rows[YEAR - 2023]["expected"]
    for off, verdict in ((0, "在抽样误差之内"), (10 * error, "超出抽样误差")):
        found = replace(asked(), mean=asked().mean._replace(value=run + off))
        assert verdict in _bridged(desk, bare_table, found).notes[0]


def test_a_longer_term_in_the_dearest_combination_is_said() -> None:
    note = next(one for one in tables_of(pieces(True))["widest_total"].notes if "2029-04-11" in one)
    assert "延续执行三年" in note and "最高组合" in note
    table = replace(tables_of(pieces(True))["widest_total"], notes=())
    without = tuple(
        replace(one, changed=tuple(name for name in one.changed if name not in ("expiry", "last_day")))
        for one in priced().combinations
    )
    assert not _longer_term(desk_of(full()), table, replace(priced(), combinations=without)).notes


def test_weak_data_are_told_with_what_they_rest_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as the table says; where data are better than that, nothing."""

    def told() -> list[str]:
        found = risk(desk_of(bare()))
        return [one.text for one in found if isinstance(one, Sentences) and "兑付台账" in one.text]

    low = [row for row in tables_of(pieces(False))["annex_ratings"].rows[:-1] if row["data_rating"] == "低"]
    assert len(low) > 12
    (text,) = told()
    assert text.startswith(f"25项条款中{len(low)}项依据评级为低")
    monkeypatch.setattr(rating, "DATA", (0.0, 0.0))
    assert not told()


def test_money_voted_stands_only_where_there_is_any() -> None:
    assert "appropriation" not in tables_of(pieces(False))
    voted = Saved(saved_run(results.budgeted("defer"), "voted/baseline"))
    assert list(tables_of(risk(desk_of(voted))))[-1] == "appropriation"


def test_many_years_of_readings_leave_the_page_its_width() -> None:
    """Five from the budget year on, the total of all; a note says so."""
    found = priced()
    line = found.questions[0].options[0].line("year", 2024)
    years = tuple(range(2023, 2033))

    def longer(option):
        more = [replace(line, by=by, year=year) for by in ("year", "special_year") for year in years]
        totals = [one for one in option.lines if one.year is None]
        return replace(option, lines=(*more, *totals))

    questions = tuple(replace(one, options=tuple(map(longer, one.options))) for one in found.questions)
    table = _costs(desk_of(full()), replace(found, years=years, questions=questions), special=True)
    assert [one.key for one in table.columns if one.key.startswith("paid_")] == [
        f"paid_{y}" for y in range(2024, 2029)
    ]
    assert "2024—2028" in table.notes[-1]


@pytest.mark.parametrize("draws", [1, 5, 29])
def test_few_draws_refuse_figures_without_falling_over(draws: int) -> None:
    saved = Saved(saved_run(results.result(draws), f"few{draws}/baseline"))
    found = tables_of(risk(desk_of(saved)))
    assert {row["varied_rating"] for row in found["annex_ratings"].rows[:-1]} <= {"抽样不足", "—"}
    assert any("29" in note or "30" in note for note in found["annex_ratings"].notes)
    assert found["annex_by_rating"].rows[-1]["varied_count"] == 25
    assert all(row["amount"] == "抽样不足" for row in found["confidence_curve"].rows[-1:])


# ------------------------------------------------------------------ ratings: the rule, by hand


def test_data_are_the_mean_points_of_their_sources() -> None:
    assert rating.data_score(["sourced", "sourced", "comparable", ""]) == 5 / 4
    assert rating.data_score(["judgement", "recalled"]) == 0 and rating.data_score([]) is None
    ratings_by_score = {1.5: "high", 1.49: "medium", 0.75: "medium", 0.74: "low", 0: "low"}
    assert {score: rating.data_rating(score) for score in ratings_by_score} == ratings_by_score


def test_less_spread_is_better() -> None:
    expected = {0.0: "high", 0.2: "high", 0.201: "medium", 0.5: "medium", 0.501: "low", 9.0: "low"}
    assert {share: rating.rating_of(share, rating.MOVED) for share in expected} == expected


def test_a_move_by_laws_is_their_half_widths_in_quadrature() -> None:
    """Uniform 0 to 2: P10 0.2, P90 1.8, mean 1: 80 %. Uniform 1 to 3: 1.2 to 2.8 over 2: 40 %."""
    wide = Uniform.model_validate({"dist": "uniform", "low": 0, "high": 2})
    narrow = Uniform.model_validate({"dist": "uniform", "low": 1, "high": 3})
    assert rating.moved_by_laws({"a": wide}).share == pytest.approx(0.8)
    assert rating.moved_by_laws({"a": wide, "b": narrow}).share == pytest.approx(np.sqrt(0.64 + 0.16))
    assert rating.moved_by_laws({}) == Moved(0.0, None)
    triangle = Triangular.model_validate({"dist": "triangular", "low": 0, "mode": 1, "high": 2})
    # P10 is sqrt(0.1 * 2 * 1), P90 as far from 2.
    assert rating.moved_by_laws({"a": triangle}).share == pytest.approx(1 - np.sqrt(0.2))


def moving(path: str, swing: float, error: float, distinct: bool) -> Assumption:
    one = asked().assumptions[0]
    between = Estimate(swing, swing - 2 * error, swing + 2 * error, error)
    return replace(one, path=path, mean=Moves(one.mean.low, one.mean.high, between, distinct))


def test_a_move_by_swings_counts_what_is_more_than_noise() -> None:
    """Swings 300 and -400 over 1000: half of 500, 25 %. Errors: (300 x 3 and 400 x 4 in quadrature) / 500**2."""
    found = [moving("a", 300, 3, True), moving("b", -400, 4, True), moving("c", 5000, 2000, False)]
    share, error = rating.moved_by_swings(found, 1000)
    assert share == 0.25
    assert error == pytest.approx(0.25 * np.hypot(900, 1600) / 250_000)
    whole = rating.moved_by_swings(found, 1000, 100).error
    assert whole == pytest.approx(0.25 * np.hypot(np.hypot(900, 1600) / 250_000, 0.1))
    assert rating.moved_by_swings(found[2:], 1000) == Moved(0.0, 0.0)


def test_ratings_of_a_scenario_worked_by_hand(tmp_path: Path) -> None:
    """20 agencies. `sure`: one claim each a year, 100 yuan: no spread. `wide`: the base uniform 0 to 2 yuan a draw.

    cv of a uniform from 0 to 2 is 1/sqrt(3). Data of `sure`: intensity, take-up and scale, all judgements, are 0.
    """
    wide = {"dist": "uniform", "low": "0元", "high": "2元"}
    scale = {"unit": "yuan", "scale": assumed(wide)}
    rate = {"kind": "rate", "rate": "100%"}
    measures = {"sure": measure(fixed("100元")), "wide": measure(rate), "waiting": measure(fixed("1元"))}
    claims = {
        "sure": claim(1, frequency="fixed"),
        "wide": claim(1, frequency="fixed", base=scale),
    }
    file = write_scenario(tmp_path, measures, claims, start=20)
    scenario = load_scenario(file)
    saved = Saved(saved_run(run(scenario, draws=400, seed=5), f"hand/{scenario.name}"))
    whole, by_rating = ratings(desk_of(saved, "en"))
    sure, second, total = whole.rows
    assert (sure["expected"], sure["varied"], sure["moved"], sure["data_score"]) == (20 * 100 * 100, 0, 0, 0)
    assert [sure[key] for key in ("data_rating", "moved_rating", "varied_rating")] == ["low", "high", "high"]
    assert second["moved"] == pytest.approx(0.8) and second["moved_rating"] == "low"
    assert abs(second["varied"] - 1 / np.sqrt(3)) < 4.9 * second["varied_error"]
    assert second["varied_rating"] == "low"
    assert total["expected"] == sure["expected"] + second["expected"]
    high, medium, low, together = by_rating.rows
    assert (high["varied_money"], medium["varied_count"], low["data_count"]) == (200_000, 0, 2)
    assert low["varied_money"] == second["expected"] and together["data_money"] == total["expected"]
    assert high["varied_share"] == pytest.approx(200_000 / total["expected"])


# ------------------------------------------------------------------ ratings of the baseline


@pytest.mark.parametrize("with_answers", [True, False])
def test_every_priced_measure_once_with_its_money(with_answers: bool) -> None:
    table: Table = tables_of(pieces(with_answers))["annex_ratings"]
    result, money = results.result(), whole_fen(results.result())
    measures = result.scenario.policy.measures
    wanted = [one.name.zh for name, one in measures.items() if treatment(result, name) == "priced"]
    *rows, total = table.rows
    assert [row["item"] for row in rows] == wanted and len(set(wanted)) == 25
    places = [place for place, name in enumerate(measures) if treatment(result, name) == "priced"]
    assert [row["expected"] for row in rows] == [money.sum(paid=YEAR, measure=place) for place in places]
    assert total["expected"] == sum(row["expected"] for row in rows) == money.sum(paid=YEAR)
    by_rating = tables_of(pieces(with_answers))["annex_by_rating"]
    *parts, together = by_rating.rows
    for one in ("data", "moved", "varied"):
        assert sum(row[f"{one}_money"] for row in parts) == together[f"{one}_money"] == total["expected"]
        assert sum(row[f"{one}_count"] for row in parts) == 25
        assert sum(row[f"{one}_share"] for row in parts) == pytest.approx(1)


def test_the_answer_rates_what_the_special_fund_pays_and_the_laws_the_rest() -> None:
    rows = {row["item"]: row for row in tables_of(pieces(True, "en"))["annex_ratings"].rows}
    result, money = results.result(), whole_fen(results.result())
    for place, (name, one) in enumerate(result.scenario.policy.measures.items()):
        if treatment(result, name) == "priced":
            fund = money.sum(paid=YEAR, measure=place, special=True)
            assert rows[one.name.en]["moved_by"] == ("saved drivers" if fund else "the laws")
    own = [
        one.mean.between.value
        for one in asked().assumptions
        if one.path.startswith("claims.headhunting.") and one.mean.distinct
    ]
    place = list(result.scenario.policy.measures).index("headhunting")
    fund = money.sum(paid=YEAR, measure=place, special=True)
    assert own and rows["Headhunting award"]["moved"] == pytest.approx(np.hypot.reduce(own) / 2 / fund)


def test_a_transition_s_rate_is_its_measure_s_own() -> None:
    result = results.result()
    paths = ["population.statuses.high_tech.rate", "population.growth.start", "claims.high_tech.take_up"]
    assert result.scenario.plan.claims["high_tech"].transition == "high_tech"
    assert rating.own_paths(result, "high_tech", paths) == [paths[0], paths[2]]
    assert rating.own_paths(result, "headhunting", paths) == []


def test_a_measure_that_is_not_paid_in_the_year_is_rated_over_all() -> None:
    """Stars are rated every two years: with 2025 as the budget year nothing is paid for them in it."""
    result = run(load_scenario(results.BASELINE, changes={"budget_year": 2025}), draws=60, seed=1)
    saved = Saved(saved_run(result, "later/baseline"))
    table = ratings(desk_of(saved))[0]
    name = result.scenario.policy.measures["star_rating"].name.zh
    row = next(row for row in table.rows if row["item"] == name)
    assert row["expected"] == 0 and isinstance(row["varied"], float) and row["varied"] > 0
    assert any(name in note and "各年合计" in note for note in table.notes)


def test_nothing_to_pay_is_not_rated() -> None:
    saved = Saved(saved_run(results.empty(), "empty/baseline"))
    found = tables_of(risk(desk_of(saved)))
    assert {row["varied_rating"] for row in found["annex_ratings"].rows[:-1]} == {"—"}
    assert found["annex_by_rating"].rows[-2]["varied_count"] == 25
    assert found["annex_by_rating"].rows[-1]["data_share"] is None
