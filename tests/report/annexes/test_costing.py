"""The costing annex: foots to the fen with the run and with the budget's table, and guesses nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from simkit.report.annexes.all import template_of
from simkit.report.annexes.basis import per_claim
from simkit.report.annexes.budget import budget
from simkit.report.annexes.costing import costing
from simkit.report.papers.table import Blank, Sum, Table, summed_rows
from simkit.report.papers.xlsx.formulas import formulas
from simkit.report.tables.all import waterfall
from simkit.report.tables.flow import earned_samples, measure_flows
from simkit.report.tables.treatment import treatment
from simkit.report.tables.whole_fen import whole_fen
from simkit.rules.codes import STEPS
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.report.annexes.desks import chinese, desk_of, tables_of
from tests.report.results import BASELINE, empty, result
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario

YEAR = 2024
LESS = {step: at for at, step in enumerate(STEPS, 1)}


@lru_cache
def written(lang: str = "zh") -> dict[str, Table]:
    return tables_of(costing(desk_of(result(), lang)))  # type: ignore[arg-type]


def lines(name: str) -> list[dict]:
    """Rows of a table without its total."""
    table = written()[name]
    return [row for at, row in enumerate(table.rows) if at not in table.totals]


def priced() -> list[int]:
    names = list(result().scenario.policy.measures)
    return [place for place, name in enumerate(names) if treatment(result(), name) == "priced"]


# ------------------------------------------------------------------ footing


def test_a_row_a_priced_measure_in_the_order_of_the_policy_under_the_same_number():
    measures = list(result().scenario.policy.measures.values())
    expected = [(str(at), measures[place].name.zh) for at, place in enumerate(priced(), 1)]
    for name in ("basis", "process", "bridge"):
        assert [(row["number"], row["item"]) for row in lines(f"annex_costing_{name}")] == expected
    assert len(expected) == 25


def test_the_process_is_that_of_the_run_to_the_fen():
    sums = result().money.totals()[:, result().earned_years.index(YEAR)] / result().draws
    counts = result().counts[:, :, result().earned_years.index(YEAR), 0].mean(axis=0)
    for place, row in zip(priced(), lines("annex_costing_process"), strict=True):
        for key, column in LESS.items():
            assert abs(row[key] - sums[place, column]) < 1
        assert abs(row["gross"] - sums[place, 0]) < 20  # the cells of the ledger are rounded each
        assert row["gross"] == row["awarded"] + sum(row[key] for key in LESS)
        assert row["passed"] == pytest.approx(counts[place])
    for key in ("over_running_cap", "not_selected", "same_matter"):
        assert any(row[key] for row in lines("annex_costing_process"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_steps_have_the_columns_of_the_waterfall_in_its_order(lang):
    """The annex on risk shows the waterfall: both agree column by column."""

    def between(table: Table) -> list[tuple[str, str]]:
        keys = [column.key for column in table.columns]
        steps = table.columns[keys.index("gross") : keys.index("awarded") + 1]
        return [(column.key, column.heading) for column in steps]

    found = between(written(lang)["annex_costing_process"])
    assert found == between(waterfall(result(), lang=lang))
    assert [key for key, _ in found] == ["gross", *STEPS, "awarded"]


def test_steps_of_the_years_add_up_to_the_waterfall_s():
    whole = waterfall(result()).rows[-1]
    parts = [measure_flows(result(), earned=year) for year in result().earned_years]
    for at, step in enumerate(STEPS):
        found = sum(flow.taken[at] for flows in parts for flow in flows)
        assert abs(found - whole[step]) < len(parts) * len(priced()) and (found > 0) == (whole[step] > 0)


def test_awarded_is_the_ledgers_and_leads_to_what_is_paid():
    money = whole_fen(result())
    process, bridge = lines("annex_costing_process"), lines("annex_costing_bridge")
    for place, row, after in zip(priced(), process, bridge, strict=True):
        earned = money.sum(measure=place, earned=YEAR)
        assert row["awarded"] == after["awarded"] == earned + after["less_forfeited"]
        assert after["paid_now"] == money.sum(measure=place, earned=YEAR, paid=YEAR)
        assert after["paid_in_year"] == money.sum(measure=place, paid=YEAR)
        assert after["paid_earlier"] == money.sum(measure=place, earned=YEAR - 1, paid=YEAR)


def test_the_special_fund_s_part_is_the_budget_s_line():
    special, whole, _ = budget(desk_of(result()))
    lines_of_budget = {row["item"]: row["y2024"] for row in special.rows if row["number"]}
    found = {
        row["item"]: row["special"] for row in lines("annex_costing_bridge") if row["special"] is not None
    }
    assert found == lines_of_budget
    total = written()["annex_costing_bridge"].rows[-1]
    expected = {row["item"]: row["y2024"] for row in special.rows}["期望支出小计"]
    assert total["special"] == expected
    assert total["paid_in_year"] == {row["item"]: row["y2024"] for row in whole.rows}["期望支出小计"]


def test_measures_that_the_special_fund_does_not_pay_show_no_zero_in_its_column():
    names = {row["item"]: row["special"] for row in lines("annex_costing_bridge")}
    assert names["首次认定国家高新技术企业奖励"] is None
    assert sum(one is None for one in names.values()) > 1
    assert 0 not in names.values()


def test_totals_are_sums_and_formulas_are_live():
    for name, keys in (
        ("annex_costing_process", ("gross", *LESS, "awarded")),
        (
            "annex_costing_bridge",
            ("awarded", "less_forfeited", "less_later", "paid_now", "paid_in_year", "special"),
        ),
    ):
        table = written()[name]
        columns = {column.key: column for column in table.columns}
        for key in keys:
            assert summed_rows(table, len(table.rows) - 1, columns[key]), (name, key)
    process = written()["annex_costing_process"]
    link = process.links[0, "awarded"]
    assert isinstance(link, Sum) and link.plus == ((0, "gross"),) and len(link.minus) == len(LESS)
    bridge = written()["annex_costing_bridge"]
    for at in range(len(bridge.rows)):
        assert {(at, "paid_now"), (at, "paid_in_year")} <= set(bridge.links)


def test_flows_of_the_years_add_up_to_those_of_the_term():
    whole = measure_flows(result())
    parts = [measure_flows(result(), earned=year) for year in result().earned_years]
    for at, flow in enumerate(whole):
        assert flow.paid == sum(part[at].paid for part in parts)
        assert abs(flow.gross - sum(part[at].gross for part in parts)) < 20
    assert sum(flow.paid for flow in whole) == waterfall(result()).rows[-1]["paid"]


def test_errors_are_of_what_they_stand_beside():
    samples = earned_samples(result(), YEAR)
    at = result().earned_years.index(YEAR)
    assert np.array_equal(
        samples, result().money[:, :, at, 6]
    )  # no payer settles here, so nothing is booked elsewhere
    row = written()["annex_costing_process"].rows[-1]
    exact = samples[:, priced()].sum(axis=1).std(ddof=1) / np.sqrt(result().draws)
    assert row["awarded_error"] == pytest.approx(exact, abs=1)
    paid = result().paid_by("measure", YEAR)[:, priced()].sum(axis=1)
    error = paid.std(ddof=1) / np.sqrt(result().draws)
    assert written()["annex_costing_bridge"].rows[-1]["paid_error"] == pytest.approx(error, abs=1)


# ------------------------------------------------------------------ what nobody gave


def test_last_years_actuals_are_blank_and_their_sum_waits():
    for name in ("annex_costing_process", "annex_costing_bridge"):
        table = written()[name]
        for row in lines(name):
            assert (
                isinstance(row["actual"], Blank)
                and row["actual"].value is None
                and "2023" in row["actual"].hint
            )
        last = len(table.rows) - 1
        assert table.rows[last]["actual"] == "" and formulas(table, 0)[last, "actual"].words == ""
        assert len(table.links[last, "actual"].plus) == last  # type: ignore[union-attr]
        assert table.columns[-1].heading.endswith("（万元，据实填列）")


def test_what_is_unpriced_is_named_and_has_no_row():
    names = result().scenario.policy.measures
    waiting = [one.name.zh for key, one in names.items() if treatment(result(), key) == "unpriced"]
    assert waiting
    for name in ("basis", "process", "bridge"):
        table = written()[f"annex_costing_{name}"]
        assert not {row["item"] for row in table.rows} & set(waiting)
        note = next(note for note in table.notes if note.startswith("未定价"))
        assert all(one in note for one in waiting)


# ------------------------------------------------------------------ the words


def test_the_basis_of_headhunting_reads_as_the_policy_says():
    row = next(row for row in lines("annex_costing_basis") if row["item"] == "猎头引才奖励")
    assert row["quoted"].startswith("三.1：猎头机构为上述企业引进个人所得税年纳税额在10万元及以上人才的")
    assert row["standard"] == "薪酬 × 收费比例 × 50%"
    assert row["cap"] == "每家机构每年最高50万元（现采用口径，见附件7）"
    assert "10万元；" in row["condition"] and row["condition"].endswith("其他人才企业（现采用口径，见附件7）")
    assert "引进人才个人所得税年纳税额不低于10万元" in row["condition"]
    assert row["rigidity"] == "刚性" and row["payer"].endswith(" 100%")


def test_the_annex_that_a_reading_refers_to_is_the_template_s():
    """Its number follows the template's order; without the annex there is no number."""
    for order, words in ((("costing", "risk"), "（现采用口径，见附件2）"), (("costing",), "（现采用口径）")):
        template = template_of().model_copy(update={"order": order})
        found = tables_of(costing(desk_of(result(), template=template)))["annex_costing_basis"]
        assert found.rows[0]["cap"] == f"每家机构每年最高50万元{words}"


def test_what_no_reading_touches_and_what_the_scenario_assumed_are_told_apart():
    rows = {row["item"]: row for row in lines("annex_costing_basis")}
    assert rows["新输送员工补贴"]["condition"] == "新输送员工人数不少于500；在甬就业月数不少于6"
    assert rows["新输送员工补贴"]["cap"] == "每家机构每年最高30万元"
    assert rows["数字化改造补助"]["condition"].endswith("；年度安排额度200万元（情景假设，政策未定）")
    assert rows["产业园及园区机构绩效考评奖励"]["condition"].endswith("；年度名额4个（情景假设，政策未定）")
    assert rows["人力资源服务出口补助"]["condition"] == "有人力资源服务年出口额"


def test_quantities_are_claims_and_their_mean_base():
    at = result().earned_years.index(YEAR)
    names = list(result().scenario.policy.measures)
    rows = {row["item"]: row["quantity"] for row in lines("annex_costing_basis")}
    for name, per in (("headhunting", 1e6 * 0.5), ("students", 50_000)):
        place = names.index(name)
        passed, gross = result().counts[:, place, at, 0].mean(), result().money[:, place, at, 0].mean()
        item = result().scenario.policy.measures[name].name.zh
        numbers = [float(one.replace(",", "")) for one in re.findall(r"[\d,]+\.\d+", rows[item])]
        assert numbers[0] == pytest.approx(passed, abs=0.05)
        assert numbers[2] == pytest.approx(gross / passed / per, abs=0.01)
        assert numbers[1] == pytest.approx(result().counts[:, place, at, 0].std(ddof=1) / 20, abs=0.01)
    assert "人（" in rows["大学生技能人才培养输送补贴"]


def test_the_error_of_a_mean_base_is_that_of_a_ratio():
    """Against the spread over twenty parts of the draws, which is known to about a sixth."""
    place, at = (
        list(result().scenario.policy.measures).index("headhunting"),
        result().earned_years.index(YEAR),
    )
    passed, gross = result().counts[:, place, at, 0], result().money[:, place, at, 0]
    parts = [gross[one::20].sum() / passed[one::20].sum() for one in range(20)]
    mean, residuals = per_claim(result(), place)  # type: ignore[misc]
    error = residuals.std(ddof=1) / np.sqrt(result().draws)
    assert abs(residuals.mean()) < 1e-9 * mean
    assert error == pytest.approx(np.std(parts, ddof=1) / np.sqrt(20), rel=0.6)
    assert error < 0.5 * gross.std(ddof=1) / passed.mean() / np.sqrt(result().draws)


def test_every_cited_source_is_in_the_list_and_names_its_lines():
    table = written()["annex_costing_sources"]
    cited = {
        row["number"]: set(re.findall(r"来源(\d+)（", row["sources"])) for row in lines("annex_costing_basis")
    }
    assert all(cited.values())
    for row in table.rows:
        using = [line for line, numbers in cited.items() if row["number"] in numbers]
        assert using and row["lines"] == "、".join(using)
    assert set().union(*cited.values()) == {row["number"] for row in table.rows}
    number = next(row["number"] for row in table.rows if "个人所得税法" in row["source"])
    headhunting = lines("annex_costing_basis")[0]["sources"]
    assert f"来源{number}（2018-08-31，有出处）" in headhunting


def test_an_assumption_s_own_reliability_stands_before_its_source_s():
    row = next(row for row in lines("annex_costing_basis") if row["item"] == "新输送员工补贴")
    assert "（2022-12-31，判断）" in row["sources"]  # the source itself is 可比参照


def test_an_assumption_s_own_date_stands_before_its_source_s(tmp_path):
    own = claim(1) | {"intensity": assumed(1) | {"date": "2020-02-02", "reliability": "sourced"}}
    path = write_scenario(tmp_path, {"m": measure(fixed("1万元"))}, {"m": own})
    found = tables_of(costing(desk_of(run(load_scenario(path), draws=20, seed=1))))
    assert (
        found["annex_costing_basis"].rows[0]["sources"]
        == "来源1（2020-02-02，有出处）；来源1（2024-01-01，判断）"
    )
    assert found["annex_costing_sources"].rows[0]["date"] == "2024-01-01"


def test_english_headings_and_titles_are_ascii():
    for table in written("en").values():
        for words in (table.title, *(column.heading for column in table.columns)):
            assert words.isascii(), words
        for row in table.rows:
            assert not chinese(row.get("standard", "")) and not chinese(row.get("cap", ""))


# ------------------------------------------------------------------ few draws, few and many measures


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_few_draws_refuse_errors_and_nothing_else(lang):
    one = run(load_scenario(BASELINE), draws=1, seed=1)
    found = tables_of(costing(desk_of(one, lang)))
    word = {"zh": "抽样不足", "en": "too few draws"}[lang]
    total = found["annex_costing_process"].rows[-1]
    assert total["awarded_error"] == word and isinstance(total["awarded"], int) and total["awarded"] > 0
    assert word in found["annex_costing_basis"].rows[0]["quantity"]


def test_nobody_there_gives_zeros_and_no_claims():
    found = tables_of(costing(desk_of(empty())))
    assert found["annex_costing_process"].rows[-1]["gross"] == 0
    assert {row["quantity"] for row in found["annex_costing_basis"].rows} == {"预期无申报"}


def small(folder: Path, count: int, budget_year: int = 2025) -> Result:
    """So many measures of one claim a year, 10万元 each: half at once, half after a year."""
    halves = [{"share": "50%"}, {"share": "50%", "after_years": 1}]
    one = measure(fixed("10万元"), instalments=halves)
    claims = claim(1, among="city", frequency="fixed", base={"unit": "yuan", "scale": assumed("1元")})
    names = [f"m{number}" for number in range(count)]
    path = write_scenario(
        folder,
        dict.fromkeys(names, one),
        dict.fromkeys(names, claims),
        years=(2024, 2026),
        budget_year=budget_year,
    )
    return run(load_scenario(path), draws=30, seed=1)


WAN = 1_000_000


@pytest.mark.parametrize("count", [1, 60])
def test_the_bridge_of_what_is_known_by_hand(tmp_path, count):
    """Earned 10 in the year: 5 now, 5 later; 5 of the year before: 10 paid."""
    found = tables_of(costing(desk_of(small(tmp_path, count))))
    rows = found["annex_costing_bridge"].rows
    assert len(rows) == count + 1
    for row, times in [(rows[0], 1), (rows[-2], 1), (rows[-1], count)]:
        keys = (
            "awarded",
            "less_forfeited",
            "less_later",
            "paid_now",
            "paid_earlier",
            "paid_in_year",
            "special",
        )
        assert [row[key] for key in keys] == [times * part * WAN for part in (10, 0, 5, 5, 5, 10, 10)]
    process = found["annex_costing_process"].rows[-1]
    assert process["passed"] == count and process["gross"] == process["awarded"] == count * 10 * WAN
    assert found["annex_costing_basis"].rows[0]["quantity"] == "1.0件（0.00）"


def test_a_year_that_earns_nothing_pays_what_is_left(tmp_path):
    found = tables_of(costing(desk_of(small(tmp_path, 1, budget_year=2027))))
    row = found["annex_costing_bridge"].rows[0]
    assert (row["awarded"], row["paid_now"], row["paid_earlier"]) == (0, 0, 5 * WAN)
    assert found["annex_costing_process"].rows[0]["passed"] == 0
    assert any("不在本次测算的取得年度内" in note for note in found["annex_costing_process"].notes)


def test_what_is_forfeited_is_taken_off_before_it_is_paid(tmp_path):
    never = {"of": "listed", "is_true": True}
    halves = [{"share": "40%"}, {"share": "60%", "after_years": 1, "conditions": [never]}]
    one = measure(fixed("10万元"), instalments=halves)
    attributes = {"listed": {"of": "agency", "unit": "flag", "name": {"zh": "上市", "en": "listed"}}}
    path = write_scenario(
        tmp_path,
        {"m": one},
        {"m": claim(1, frequency="fixed")},
        years=(2024, 2025),
        start=1,
        policy={"attributes": attributes},
        population={
            "statuses": {"listed": {"share": assumed(0), "rate": assumed(0), "loading": assumed(0)}},
        },
    )
    found = tables_of(costing(desk_of(run(load_scenario(path), draws=30, seed=1))))
    row = found["annex_costing_bridge"].rows[0]
    assert [row[key] for key in ("awarded", "less_forfeited", "less_later", "paid_now")] == [
        part * WAN for part in (10, 6, 0, 4)
    ]
    assert "分期兑付" in found["annex_costing_basis"].rows[0]["condition"]
