"""Outlays: split by hand over funds, districts, instalments and years; cells, sums and joins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.awards.outlays import CELL_FIELDS, Layout, Outlays, sum_by
from simkit.base.errors import InputError
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.small_scenarios import assumed, attribute, claim, fixed, measure, write_scenario

Data = dict[str, Any]
Row = tuple[int, str, str, int, int]

WORDS = {"zh": "某", "en": "some"}
FUNDS = {
    "hr": {"name": WORDS, "department": "hr", "level": "city", "special": True},
    "local": {"name": WORDS, "department": "hr", "level": "district", "per_district": True},
}
SHARED = {"payers": {"shares": {"hr": "60%", "local": "40%"}}}


def result_of(folder: Path, one: Data, plan: Data, **more: Any) -> Result:
    """One agency, one claim of 100.01 yuan earned on 20 May 2024."""
    policy = {"funds": FUNDS, "districts": ["甲", "乙"], **more.pop("policy", {})}
    population = {"districts": {"乙": assumed(1)}} | more.pop("population", {})
    path = write_scenario(
        folder,
        {"one": measure(fixed("100.01元"), **one)},
        {"one": claim(1, frequency="fixed", day="05-20", **plan)},
        start=1,
        policy=policy,
        population=population,
        **more,
    )
    return run(load_scenario(path), draws=1, jobs=1)


def rows_of(result: Result) -> list[Row]:
    """(paid year, fund, district, quarter of decision, fen), sorted."""
    policy, outlays = result.scenario.policy, result.outlays
    found = []
    for cell, fen in zip(outlays.cells[outlays.cell], outlays.fen.tolist(), strict=True):
        assert (cell["earned"], cell["measure"]) == (2024, 0)
        district = "" if cell["district"] < 0 else policy.districts[cell["district"]]
        found.append(
            (int(cell["paid"]), list(policy.funds)[cell["fund"]], district, int(cell["quarter"]), fen)
        )
    return sorted(found)


def calendar(*rounds: str, review: int = 0) -> Data:
    return {
        "calendar": {
            "filing_days": [0, 0],
            "review_days": review,
            "rounds": list(rounds),
            "source": "made_up",
        }
    }


def test_payers_share_an_award_and_the_first_takes_the_rest(tmp_path: Path) -> None:
    """60 % and 40 % of 10,001 fen: 6,000 and 4,000, the odd fen to the first; the agency's own district pays."""
    found = rows_of(result_of(tmp_path, SHARED, calendar("06-30")))
    assert found == [(2024, "hr", "", 2, 6_001), (2024, "local", "乙", 2, 4_000)]


def test_instalments_share_what_each_payer_pays(tmp_path: Path) -> None:
    """Thirds of 33, 33 and 34 % now, after one and after three years; the odd fen to the first of them."""
    instalments = [
        {"share": "33%"},
        {"share": "33%", "after_years": 1},
        {"share": "34%", "after_years": 3},
    ]
    found = rows_of(result_of(tmp_path, SHARED | {"instalments": instalments}, calendar("11-30")))
    assert found == [
        # 6,001: 1,980.33, 1,980.33, 2,040.34; 4,000: 1,320, 1,320, 1,360.
        (2024, "hr", "", 4, 1_981),
        (2024, "local", "乙", 4, 1_320),
        # Decided before the year in which they are paid: ahead of what that year decides.
        (2025, "hr", "", 1, 1_980),
        (2025, "local", "乙", 1, 1_320),
        (2027, "hr", "", 1, 2_040),
        (2027, "local", "乙", 1, 1_360),
    ]


@pytest.mark.parametrize(
    ("plan", "lag", "paid", "quarter"),
    [
        (calendar("03-31", "06-30"), 0, 2024, 2),
        (calendar("05-20"), 0, 2024, 2),
        (calendar("05-19"), 0, 2025, 2),
        (calendar("06-30", "07-01"), 0, 2024, 2),
        (calendar("07-01"), 0, 2024, 3),
        (calendar("09-30"), 0, 2024, 3),
        (calendar("10-01"), 0, 2024, 4),
        (calendar("03-31"), 0, 2025, 1),
        (calendar("04-01"), 0, 2025, 2),
        (calendar("12-31"), 1, 2025, 1),
        (calendar("06-30"), 184, 2024, 2),
        (calendar("06-30"), 185, 2025, 1),
        (calendar("01-01", review=3_000), 2_000, 2038, 1),
    ],
    ids=str,
)
def test_the_year_paid_follows_decision_and_lag(
    tmp_path: Path, plan: Data, lag: int, paid: int, quarter: int
) -> None:
    """Also long after the term: 3,000 days of review and 2,000 to payment are not cut off."""
    found = rows_of(result_of(tmp_path, {"lag_days": lag}, plan))
    assert found == [(paid, "hr", "", quarter, 10_001)]


def test_a_later_instalment_is_forfeited_where_its_condition_fails(tmp_path: Path) -> None:
    instalments = [
        {"share": "50%"},
        {"share": "50%", "after_years": 1, "conditions": [{"of": "listed", "is_true": False}]},
    ]
    # With ten times the weight 99 % are 1 - 0.01**10: as good as all.
    for share, kept in ((0.0, True), (0.99, False)):
        status = {"listed": {"share": assumed(share), "rate": assumed(0), "lines": {"agency": 10}}}
        result = result_of(
            tmp_path / str(share),
            {"instalments": instalments},
            calendar("06-30"),
            policy={"attributes": {"listed": attribute("agency", "flag")}},
            population={"statuses": status},
        )
        assert rows_of(result)[0] == (2024, "hr", "", 2, 5_001)
        assert len(rows_of(result)) == 1 + kept
        assert result.money[0, 0, 0].tolist() == [10_001, 0, 0, 0, 0, 0, 10_001, 0 if kept else 5_000]


LAYOUT = Layout(
    measures=3, first_earned=2024, earned=2, paid=5, purse_fund=(0, 1, 1, 2), purse_district=(-1, 0, 1, -1)
)


def test_cells_are_numbered_one_to_one() -> None:
    """Every number is another cell, every cell is inside the layout."""
    cells = LAYOUT.cells(np.arange(LAYOUT.size))
    assert LAYOUT.size == 3 * 2 * 5 * 4 * 4
    assert len(np.unique(cells)) == LAYOUT.size
    assert set(cells["earned"].tolist()) == {2024, 2025}
    assert set(cells["paid"].tolist()) == set(range(2024, 2029))
    assert set(cells["measure"].tolist()) == {0, 1, 2}
    assert set(cells["quarter"].tolist()) == {1, 2, 3, 4}
    pairs = {(int(cell["fund"]), int(cell["district"])) for cell in cells}
    assert pairs == {(0, -1), (1, 0), (1, 1), (2, -1)}


def test_sums_are_exact_by_draw_and_group() -> None:
    """2**53 + 1 fen do not lose the one; a group of -1 is left out; draws without rows are 0."""
    big = 2**53
    outlays = Outlays(
        draws=4,
        draw=np.array([0, 0, 0, 2], dtype=np.int32),
        cell=np.array([0, 1, 2, 0], dtype=np.int32),
        fen=np.array([big, 1, 7, 5]),
        cells=LAYOUT.cells(np.array([1, 2, 3])),
    )
    sums = sum_by(outlays, np.array([0, 0, -1]), 2)
    assert sums.dtype == np.int64
    assert sums.tolist() == [[big + 1, 0], [0, 0], [5, 0], [0, 0]]


def test_columns_of_unlike_length_are_refused() -> None:
    cells = np.zeros(1, dtype=[(name, np.int16) for name in CELL_FIELDS])
    with pytest.raises(InputError, match="column fen: expected 2 rows"):
        Outlays(
            draws=1,
            draw=np.zeros(2, dtype=np.int32),
            cell=np.zeros(2, dtype=np.int32),
            fen=np.zeros(1, dtype=np.int64),
            cells=cells,
        )
