"""Tables: what sums foots to the fen, what is shown is what is held, and what cannot be known says so."""

from __future__ import annotations

import numpy as np
import pytest

from simkit.base.money import format_wan
from simkit.report.papers.table import (
    Column,
    Table,
    cell_text,
    displayed_gaps,
    summed_rows,
    with_rounding_note,
)
from simkit.report.tables import all as tables
from simkit.report.tables.spread import _error_of_gap, _Figure
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import allot, apportion, whole_fen
from simkit.rules.codes import STEPS
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from simkit.sizing.compare import paired
from simkit.sizing.quantiles import mean
from tests.report.results import BASELINE, FOLDER, MANIFEST, baseline, budgeted, empty, result, variants

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module", params=LANGUAGES)
def every(request):
    return tables.all_tables(result(), lang=request.param, manifest=MANIFEST, **variants())


def by_id(found):
    return {table.id: table for table in found}


def column_of(table, key):
    return next(column for column in table.columns if column.key == key)


# ------------------------------------------------------------------ rounding to whole fen


def test_means_in_whole_fen_add_up_to_the_rounded_mean():
    sums = np.array([[10, 11, 0], [7, 0, 5]])
    parts = apportion(sums, 3)
    assert parts.sum() == round(sums.sum() / 3)
    assert (np.abs(parts - sums / 3) < 1).all()
    assert (parts[sums == 0] == 0).all()
    assert apportion(np.zeros(0, dtype=np.int64), 5).shape == (0,)


def test_an_allotment_is_exact_and_never_negative():
    assert sum(allot(1_000_003, [0.2, 0.5, 0.3, 0.0])) == 1_000_003
    assert allot(10, [-1.0, 2.0]) == [0, 10]
    assert allot(10, [0.0, 0.0]) == [0, 0]


# ------------------------------------------------------------------ what is shown is what is held


def test_the_order_is_that_of_the_report(every):
    assert [table.id for table in every] == [
        "headline", "by_year_special", "by_year_whole", "reasons_special", "budget_lines", "by_fund_department_level",
        "appropriation", "confidence_curve", "waterfall", "refusals", "measures_special", "measures_whole", "caps",
        "no_duplication", "uncertain_in_law", "readings", "growth", "common_factor", "range_split", "drivers", "sanity",
        "comparables", "assumptions", "goals", "reproduce",
    ]  # fmt: skip


def test_shown_text_is_the_format_of_the_number(every):
    for table in every:
        for row, texts in zip(table.rows, table.texts(), strict=True):
            for column, text in zip(table.columns, texts, strict=True):
                value = row[column.key]
                if column.kind == "money" and isinstance(value, int | float):
                    assert text == format_wan(value, 2)
                elif column.kind == "share" and isinstance(value, float):
                    assert text.endswith("%") and abs(float(text[:-1]) / 100 - value) <= 0.00501
                assert text == cell_text(value, column)
                assert column.kind == "text" or ("nan" not in text and "inf" not in text)


def test_money_cells_are_numbers_words_or_a_dash(every):
    words = {"抽样不足", "未提供", "未定价", "未出现", "—"}
    words |= {"too few draws", "not provided", "unpriced", "none met"}
    for table in every:
        for column in table.columns:
            for row in table.rows:
                value = row[column.key]
                if column.kind != "text":
                    known = value is None or isinstance(value, int | float) or value in words
                    assert known or (table.id == "growth" and column.key == "year"), (table.id, value)


def test_english_tables_have_english_titles_and_headings():
    for table in tables.all_tables(result(), lang="en"):
        words = " ".join([table.title, *(column.heading for column in table.columns)])
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in words), (table.id, words)


# ------------------------------------------------------------------ what sums foots


def test_totals_foot_to_the_fen(every):
    found = by_id(every)
    summed = {
        "by_year_special": ("expected",),
        "by_year_whole": ("expected",),
        "by_fund_department_level": ("y2024", "total"),
        "waterfall": ("gross", *STEPS, "awarded", "forfeited", "paid"),
        "measures_special": ("cost",),
        "measures_whole": ("cost",),
        "no_duplication": ("taken", "outside"),
        "growth": ("outlay", "trend_outlay", "difference"),
    }
    for name, keys in summed.items():
        table = found[name]
        for key in keys:
            for total in table.totals:
                assert summed_rows(table, total, column_of(table, key)), (name, key, total)


def test_columns_that_sum_others_foot_to_the_fen(every):
    checked = 0
    for table in every:
        for column in table.columns:
            for row in table.rows:
                if column.parts and isinstance(row[column.key], int) and row[column.parts[0]] is not None:
                    assert row[column.key] == sum(row[part] for part in column.parts), (table.id, column.key)
                    checked += 1
    assert checked > 60


def test_budget_lines_and_the_reserve_make_the_quantile(every):
    table = by_id(every)["budget_lines"]
    *lines, mean, reserve, total = table.rows
    assert sum(row["expected"] for row in lines) == mean["expected"]
    assert mean["expected"] + reserve["expected"] == total["expected"]
    assert sum(row["allotted"] for row in lines) == total["allotted"] == total["expected"]
    assert reserve["item"].startswith(("风险准备", "Risk reserve"))
    sample = result().paid(special=True)[:, 1]
    assert total["expected"] == np.sort(sample)[int(np.ceil(0.9 * len(sample))) - 1]


def test_the_same_money_is_the_same_in_every_table(every):
    found = by_id(every)
    headline = found["headline"].rows[1]["amount"]
    year = next(row for row in found["by_year_special"].rows if row["paid_year"] == "2024")
    fund = found["by_fund_department_level"].rows[0]
    assert headline == year["expected"] == fund["y2024"]
    assert headline == found["budget_lines"].rows[-3]["expected"]
    assert headline == found["comparables"].rows[0]["amount"]
    assert found["by_year_special"].rows[-1]["expected"] == found["measures_special"].rows[-1]["cost"]
    whole = found["by_year_whole"].rows[-1]["expected"]
    assert whole == found["waterfall"].rows[-1]["paid"] == found["measures_whole"].rows[-1]["cost"]
    assert whole == round(result().outlays.fen.sum() / result().draws)
    assert found["reasons_special"].rows[1]["paid"] == headline


def test_the_waterfall_is_that_of_the_awards(every):
    total = by_id(every)["waterfall"].rows[-1]
    sums = result().money.sum(axis=(0, 1, 2)) / result().draws
    for key, exact in zip(("gross", *STEPS, "awarded", "forfeited"), sums, strict=True):
        assert total[key] == pytest.approx(exact, abs=100)


def test_special_part_of_the_waterfall_is_the_special_fund_s_money():
    table = tables.waterfall(result(), special=True)
    assert table.rows[-1]["special"] == whole_fen(result()).sum(special=True)
    assert summed_rows(table, len(table.rows) - 1, column_of(table, "special"))


def test_variance_shares_add_up_to_all_of_it(every):
    *parts, total = by_id(every)["range_split"].rows
    assert sum(row["share"] for row in parts) == pytest.approx(1.0) == total["share"]


# ------------------------------------------------------------------ 尾差


def test_rounding_is_noted_exactly_where_displayed_parts_do_not_add_up(every):
    for table in every:
        noted = any("尾差" in note for note in table.notes)
        assert noted == bool(displayed_gaps(table)), table.id


def test_displayed_parts_are_checked_down_and_across():
    columns = (
        Column(key="item", heading="item"),
        Column(key="a", heading="a", kind="money"),
        Column(key="b", heading="b", kind="money"),
        Column(key="c", heading="c", kind="money", parts=("a", "b")),
    )
    rows = (
        {"item": "x", "a": 4_000, "b": 4_000, "c": 8_000},
        {"item": "all", "a": 4_000, "b": 4_000, "c": 8_000},
    )
    table = Table(id="t", title="t", columns=columns, rows=rows, totals=(1,))
    assert displayed_gaps(table) == [(0, "c"), (1, "c")]
    assert "尾差" in with_rounding_note(table, "zh").notes[0]
    even = Table(id="t", title="t", columns=columns[:2], rows=tuple({"item": "", "a": 10_000} for _ in "ab"))
    assert with_rounding_note(even, "zh") is even


def test_a_total_with_words_among_its_parts_sums_the_numbers():
    column = Column(key="a", heading="a", kind="money")
    rows = ({"a": 5}, {"a": "未定价"}, {"a": None}, {"a": 5})
    table = Table(id="t", title="t", columns=(column,), rows=rows, totals=(3,))
    assert summed_rows(table, 3, column) == (0,)


# ------------------------------------------------------------------ nothing unpriced is silently zero


def test_every_provision_stands_exactly_once_in_one_of_the_lists():
    table = tables.uncertain_in_law(result(), lang="zh")
    policy = baseline().policy
    names = [row["item"] for row in table.rows]
    assert sorted(names) == sorted(measure.name.zh for measure in policy.measures.values())
    kinds = {measure.name.zh: treatment(result(), name) for name, measure in policy.measures.items()}
    said = {
        "priced": "已计价",
        "unpriced": "未定价",
        "stopped": "已停止",
        "non_monetary": "不涉及资金",
        "outside": "其他政策",
    }
    assert {row["item"]: row["treatment"] for row in table.rows} == {
        name: said[kind] for name, kind in kinds.items()
    }
    assert len(set(kinds.values())) >= 4


def test_unpriced_provisions_never_show_as_zero_and_are_named_in_every_budget_table(every):
    found = by_id(every)
    for row in found["uncertain_in_law"].rows:
        if row["treatment"] in ("未定价", "unpriced"):
            assert row["cost"] in ("未定价", "unpriced")
    for name in ("headline", "by_year_special", "budget_lines", "by_fund_department_level", "waterfall"):
        assert any("不等于零" in note or "not zero" in note for note in found[name].notes), name


def test_a_fund_that_pays_only_what_is_unpriced_shows_no_zero():
    table = tables.by_fund_department_level(result(), lang="zh")
    row = next(row for row in table.rows if row["item"] == "鄞州区财政资金")
    assert row["total"] == "未定价"


def test_readings_name_the_alternatives_and_a_chosen_one():
    table = tables.readings(result(), lang="zh")
    assert len(table.rows) == len(baseline().policy.readings)
    assert all(row["others"] for row in table.rows)


def test_a_stopped_measure_and_a_chosen_reading_say_so():
    changes = {"measures.listing.status": "suspended", "choose.headhunting_cap": "talent"}
    stopped = run(load_scenario(BASELINE, changes=changes), draws=20, seed=1)
    assert treatment(stopped, "listing") == "stopped"
    row = next(row for row in tables.uncertain_in_law(stopped).rows if row["treatment"] == "已停止")
    assert row["cost"] is None and row["status"].startswith("暂停")
    assert len(tables.uncertain_in_law(stopped).rows) == len(baseline().policy.measures)
    readings = [row for row in tables.readings(stopped).rows if "情景选定" in row["why"]]
    assert [row["in_force"] for row in readings] == ["每名人才"]
    assert row["item"] not in [one["item"] for one in tables.waterfall(stopped).rows]


def test_a_renewal_stands_on_every_table():
    found = tables.all_tables(run(load_scenario(FOLDER / "successor.yaml"), draws=20, seed=1), lang="zh")
    assert all(any(note.startswith("假设：政策延续") for note in table.notes) for table in found)


# ------------------------------------------------------------------ errors and refusals


@pytest.mark.parametrize("draws", [1, 20])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_few_draws_refuse_only_their_figures(draws, lang):
    found = by_id(tables.all_tables(result(draws), lang=lang))
    refused = {"zh": "抽样不足", "en": "too few draws"}[lang]
    headline = [row["amount"] for row in found["headline"].rows]
    shown = [amount for amount in headline if amount != refused]
    assert len(shown) == {1: 0, 20: 4}[draws]  # the mean and P50, in both views
    assert any(
        ("抽样" in note and "至少需要" in note) or "it needs" in note for note in found["headline"].notes
    )
    assert all(isinstance(row["expected"], int) for row in found["by_year_special"].rows)
    assert found["drivers"].rows[0]["correlation"] == refused
    assert found["budget_lines"].rows[-1]["expected"] == refused
    assert all(row["allotted"] == refused for row in found["budget_lines"].rows[:-3])


def test_the_refusal_says_how_many_draws_it_needs():
    table = tables.headline(result(20), lang="zh")
    assert "P95：共20次抽样，仅1次可用，至少需要10次，故不予列示；请至少抽样200次。" in table.notes


def test_the_curve_shows_what_the_draws_carry():
    table = tables.confidence_curve(result(), lang="zh")
    shown = [row["probability"] for row in table.rows if isinstance(row["amount"], int)]
    assert min(shown) == pytest.approx(0.03) and max(shown) == pytest.approx(0.97)
    amounts = [row["amount"] for row in table.rows if isinstance(row["amount"], int)]
    assert amounts == sorted(amounts)


def test_nobody_there_costs_nothing_and_breaks_nothing():
    for lang in LANGUAGES:
        found = by_id(tables.all_tables(empty(), lang=lang, manifest=MANIFEST))
        assert found["headline"].rows[1]["amount"] == 0
        assert found["waterfall"].rows[-1]["gross"] == 0
        assert all(row["at_2024"] is None for row in found["caps"].rows)


# ------------------------------------------------------------------ single tables


def test_without_appropriations_the_cells_say_so():
    table = tables.appropriation(result(), lang="zh")
    assert {row["appropriation"] for row in table.rows} == {"未提供"}
    assert all(isinstance(row["due"], int) for row in table.rows)


@pytest.mark.parametrize("mode", ["none", "defer", "pro_rata"])
def test_money_voted_balances(mode):
    table = tables.appropriation(budgeted(mode), lang="zh")
    for row in table.rows:
        money = row["appropriation"] + row["carry_in"] + row["overrun"]
        assert money == pytest.approx(row["paid"] + row["carry_out"] + row["lapsed"], abs=1e-3)
        assert row["due"] + row["deferred_in"] == pytest.approx(
            row["paid"] + row["unpaid"] + row["deferred_out"], abs=1e-3
        )
        assert 0 <= row["short"] <= 1
    assert any(0 < row["short"] < 1 for row in table.rows)


def test_without_the_runs_beside_it_cells_say_so():
    assert tables.common_factor(result(), lang="zh").rows[0]["difference"] == "未提供"
    assert tables.range_split(result(), lang="zh").rows[0]["share"] == "未提供"
    growth = tables.growth(result(), lang="zh")
    assert growth.rows[1]["trend_outlay"] == "未提供" and growth.rows[1]["trend_mean"] > 0


def test_the_factor_widens_the_range(every):
    rows = {row["figure"]: row for row in by_id(every)["common_factor"].rows}
    spread = rows.get("标准差") or rows["Standard deviation"]
    assert spread["difference"] > 0
    assert spread["difference"] == spread["with"] - spread["without"]
    for row in rows.values():
        if isinstance(row["difference"], int):
            assert row["difference"] == row["with"] - row["without"]
    mean_row = rows.get("期望值") or rows["Mean"]
    assert mean_row["difference_error"] < np.hypot(mean_row["with_error"], mean_row["without_error"])


def test_the_error_of_a_gap_is_that_of_samples_that_share_their_first_draws():
    """Of 3,000 draws less 1,000, the first shared: var/3000 + var/1000 - 2 cov/3000; as many: the paired one."""
    shared, own = np.random.default_rng(1).normal(size=(2, 3_000))
    ours, theirs = 3 * shared + own, (2 * shared - own)[:1_000]
    figure = _Figure(mean, lambda before, after: paired(before, after).difference)
    together = np.cov(ours[:1_000], theirs)[0, 1]
    expected = ours.var(ddof=1) / 3_000 + theirs.var(ddof=1) / 1_000 - 2 * together / 3_000
    assert _error_of_gap(figure, ours, theirs) == pytest.approx(np.sqrt(expected))
    assert _error_of_gap(figure, theirs, ours) == pytest.approx(np.sqrt(expected))
    gaps = ours[:1_000] - theirs
    assert _error_of_gap(figure, ours[:1_000], theirs) == pytest.approx(gaps.std(ddof=1) / np.sqrt(1_000))


def test_every_uncertain_assumption_and_every_source_is_in_the_register():
    rows = tables.assumptions_register(result(), lang="zh").rows
    paths = [row["path"] for row in rows]
    assert len(set(paths)) == len(paths)
    assert "claims.headhunting.take_up" in paths and "population.growth.start" in paths
    assert (
        "claims.headhunting.base.variables.pay" in paths and "policy_values.measures.listing.award" in paths
    )
    take_up = rows[paths.index("claims.headhunting.take_up")]
    assert take_up["item"] == "猎头引才奖励 · 申报率" and take_up["value"].startswith("三角分布")
    assert take_up["date"] and take_up["reliability"] == "判断"


def test_drivers_are_in_order_of_what_they_explain(every):
    shares = [row["rank_share"] for row in by_id(every)["drivers"].rows]
    assert shares == sorted(shares, reverse=True) and len(shares) == 10


def test_reproduce_prints_the_manifest_and_what_changed():
    rows = tables.reproduce(MANIFEST, lang="zh").rows
    assert any(row["item"] == "factor.cv.value" and row["value"] == "0.28 → 0" for row in rows)
    assert any(row["value"] == "a" * 64 for row in rows)
