"""Simulate: the same figures whatever the workers, blocks and neighbours (laws 3, 4, 9); what foots (law 5)."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.awards.budget import FundYears
from simkit.base.errors import InputError
from simkit.runs import result, simulate
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from tests.small_scenarios import assumed, attribute, claim, draw_claims, fixed, measure, write_scenario

Data = dict[str, Any]

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
ARRAYS = ("money", "counts", "outside", "taken", "agencies_at", "agencies_awarded", "worth", "agencies")
WORDS = {"zh": "某", "en": "some"}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@pytest.fixture(scope="module")
def reference(baseline: Scenario) -> Result:
    """200 draws of the baseline, one after the other."""
    return run(baseline, draws=200, seed=3, jobs=1)


def outlay_rows(result: Result, draws: int | None = None) -> list[tuple[int, ...]]:
    """Rows (draw, what the cell is of, fen): free of the numbers of cells."""
    outlays = result.outlays
    rows = [
        (int(draw), *cell, int(fen))
        for draw, cell, fen in zip(
            outlays.draw, outlays.cells[outlays.cell].tolist(), outlays.fen, strict=True
        )
        if draws is None or draw < draws
    ]
    return rows


def assert_same(one: Result, other: Result, draws: int | None = None) -> None:
    """Fail unless the first `draws` draws (all) of two results are the same to the fen."""
    for name in ARRAYS:
        first, second = getattr(one, name)[:draws], getattr(other, name)[:draws]
        assert first.dtype == second.dtype
        assert np.array_equal(first, second), name
    assert outlay_rows(one, draws) == outlay_rows(other, draws)


# ------------------------------------------------------------------ laws 3, 4 and 9


@pytest.mark.parametrize("jobs", [2, 3])
def test_workers_move_no_figure(baseline: Scenario, reference: Result, jobs: int) -> None:
    assert reference.money[..., 6].sum() > 0
    assert_same(run(baseline, draws=200, seed=3, jobs=jobs, block=30), reference)


@pytest.mark.parametrize(("block", "one_pass"), [(7, 3), (64, 64), (200, 1)])
def test_blocks_move_no_figure(
    baseline: Scenario, reference: Result, monkeypatch: pytest.MonkeyPatch, block: int, one_pass: int
) -> None:
    monkeypatch.setattr("simkit.runs.job.PASS", one_pass)
    assert_same(run(baseline, draws=200, seed=3, jobs=2, block=block), reference)


def test_more_draws_keep_the_first(baseline: Scenario, reference: Result) -> None:
    """100 draws are the first 100 of 200."""
    assert_same(run(baseline, draws=100, seed=3, jobs=2, block=37), reference, draws=100)


def test_another_seed_is_another_future(baseline: Scenario, reference: Result) -> None:
    other = run(baseline, draws=100, seed=4, jobs=1)
    differing = (
        other.money[..., 6].sum(axis=(1, 2)) != reference.money[:100, ..., 6].sum(axis=(1, 2))
    ).mean()
    assert differing > 0.95


def test_a_fresh_process_gives_the_same_bytes(baseline: Scenario, reference: Result) -> None:
    code = (
        "import sys, hashlib; from simkit.scenario import load_scenario; from simkit.runs.simulate import run;"
        "result = run(load_scenario(sys.argv[1]), draws=200, seed=3, jobs=2, block=64);"
        f"arrays = [getattr(result, name)[...] for name in {ARRAYS!r}];"
        "arrays += [result.outlays.draw, result.outlays.fen, result.outlays.cells[result.outlays.cell]];"
        "print(hashlib.sha256(b''.join(array.tobytes() for array in arrays)).hexdigest())"
    )
    root = Path(simulate.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, str(BASELINE)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    outlays = reference.outlays
    arrays = [
        *(getattr(reference, name)[...] for name in ARRAYS),
        outlays.draw,
        outlays.fen,
        outlays.cells[outlays.cell],
    ]
    assert done.stdout.strip() == hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()


def test_a_result_keeps_little(reference: Result) -> None:
    """Under 6 kB a draw of the baseline; whole arrays would take 17 kB. So 100,000 draws fit into 1.2 GB."""
    tallies = [getattr(reference, name) for name in ARRAYS[:6]]
    kept = sum(one.values.nbytes + one.places.nbytes for one in tallies)
    outlays = reference.outlays
    kept += outlays.draw.nbytes + outlays.cell.nbytes + outlays.fen.nbytes
    assert kept / reference.draws < 6_000
    assert sum(int(np.prod(one.axes)) * one.dtype.itemsize for one in tallies) > 15_000


CLAIM_COLUMNS = (
    "draw",
    "agency",
    "key",
    "matter",
    "earned",
    "filed",
    "decided",
    "base",
    "first_time",
    "score",
    "district",
)


def claims_by_measure(scenario: Scenario, draws: int = 40) -> dict[str, list[tuple[Any, ...]]]:
    """Claims of each measure with all they carry, sorted: places in the policy do not show."""
    claims, _ = draw_claims(scenario, draws)
    columns = [getattr(claims, name).tolist() for name in CLAIM_COLUMNS]
    read = [f"{name}{year:+d}" for name, year in claims.attribute_names]
    attributes = [frozenset(zip(read, row, strict=True)) for row in claims.attributes.tolist()]
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in scenario.policy.measures}
    names = list(scenario.policy.measures)
    for number, values, row in zip(claims.measure, zip(*columns, strict=True), attributes, strict=True):
        found[names[number]].append((*values, row))
    return {name: sorted(rows, key=lambda row: row[:-1]) for name, rows in found.items()}


def without_attributes(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[:-1] for row in rows]


def test_a_measure_more_or_less_moves_no_other_draw(baseline: Scenario) -> None:
    """Each live measure of the baseline in turn removed: the claims of all others stay as they were."""
    before = claims_by_measure(baseline, 10)
    live = [name for name, measure in baseline.policy.measures.items() if measure.live and before[name]]
    assert len(live) > 10
    tied = {plan.companion.of for plan in baseline.plan.claims.values() if plan.companion}
    for removed in live[::4]:
        if removed in tied:
            continue
        overlaid = load_scenario(BASELINE, changes={f"measures.{removed}.status": "removed"})
        after = claims_by_measure(overlaid, 10)
        assert not after[removed]
        for name in live:
            if name != removed:
                assert without_attributes(after[name]) == without_attributes(before[name]), (removed, name)


LAW = {
    "unit": "yuan",
    "variables": {"x": {"dist": "lognormal", "mean": "20万元", "cv": 1}},
    "source": "made_up",
}
RATE = {"kind": "rate", "rate": "50%"}


def cap(amount: str, per: str = "claim", within: str = "claim") -> Data:
    return {"per": per, "within": within, "amount": amount}


def rich_parts() -> tuple[dict[str, Data], dict[str, Data], Data]:
    """Measures, claims and the rest of a policy with caps of every scope, a matter, a total cap, instalments."""
    measures = {
        "alone": measure(
            RATE,
            caps={
                "one": cap("12万元"),
                "yearly": cap("15万元", "agency", "year"),
                "ever": cap("22万元", "agency", "ever"),
            },
        ),
        "pot": measure(RATE, caps={"most": cap("150万元", "measure", "year")}, lag_days=200),
        "first": measure(fixed("3.33万元"), first_time=True),
        "low": measure(RATE, caps={"one": cap("5万元")}),
        "high": measure(RATE, payers={"shares": {"hr": "66.67%", "local": "33.33%"}}),
        "parts": measure(
            fixed("10.01万元"),
            instalments=[
                {"share": "33.33%"},
                {"share": "33.33%", "after_years": 1, "conditions": [{"of": "listed", "is_true": False}]},
                {"share": "33.34%", "after_years": 2},
            ],
        ),
        "total_a": measure(RATE),
        "total_b": measure(fixed("8万元")),
    }
    claims = {
        name: claim(0.6, frequency="poisson", base=LAW, take_up=assumed(0.7), loading=assumed(0.5))
        for name in measures
    }
    claims["first"] = claim(0.4)
    claims["parts"]["base"] = claims["total_b"]["base"] = claim()["base"]  # fixed: nothing reads another
    calendar = {"filing_days": [0, 90], "review_days": 30, "rounds": ["06-30", "11-30"], "source": "made_up"}
    rest = {
        "funds": {
            "hr": {"name": WORDS, "department": "hr", "level": "city", "special": True},
            "local": {"name": WORDS, "department": "hr", "level": "district", "per_district": True},
        },
        "districts": ["甲", "乙", "丙"],
        "attributes": {"listed": attribute("agency", "flag")},
        "matters": {
            "same": {
                "name": WORDS,
                "clause": "一",
                "why": WORDS,
                "members": ["low", "high"],
                "key": ["agency", "year"],
            }
        },
        "total_caps": {
            "all": {"name": WORDS, "clause": "一", "measures": ["total_a", "total_b"], "amount": "12万元"}
        },
    }
    return measures, claims, {"policy": rest, "calendar": calendar}


def rich_path(
    folder: Path, extra: dict[str, tuple[Data, Data]] | None = None, *, before: bool = False
) -> Path:
    """The rich scenario; `extra` measures come after the others, or before them."""
    measures, claims, parts = rich_parts()
    more = extra or {}
    added = {name: part[0] for name, part in more.items()}, {name: part[1] for name, part in more.items()}
    measures = added[0] | measures if before else measures | added[0]
    claims = added[1] | claims if before else claims | added[1]
    third = 1 / 3
    return write_scenario(
        folder,
        measures,
        claims,
        years=(2024, 2026),
        start=60,
        growth={"entry_rate": assumed(0.1), "exit_rate": assumed(0.1)},
        population={
            "districts": {name: assumed(third) for name in ("甲", "乙", "丙")},
            "statuses": {"listed": {"share": assumed(0.2), "rate": assumed(0.3)}},
        },
        factor_cv=0.3,
        **parts,
    )


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(rich_path(tmp_path_factory.mktemp("rich")))


@pytest.fixture(scope="module")
def rich_result(rich: Scenario) -> Result:
    return run(rich, draws=300, seed=5, jobs=2, block=100)


@pytest.mark.parametrize("before", [False, True])
def test_a_new_measure_moves_no_other_figure(tmp_path: Path, rich_result: Result, before: bool) -> None:
    """Put first or last in the policy, with claims of its own: every other measure's money stays to the fen."""
    new = {"new": (measure(fixed("1万元")), claim(1, frequency="poisson"))}
    result = run(load_scenario(rich_path(tmp_path, new, before=before)), draws=300, seed=5, jobs=2)
    names = list(result.scenario.policy.measures)
    places = [names.index(name) for name in rich_result.scenario.policy.measures]
    for name in ("money", "counts", "outside", "agencies_awarded"):
        assert np.array_equal(getattr(result, name)[:, places], getattr(rich_result, name)), name
    assert result.money[:, names.index("new"), :, 6].sum() > 0
    assert np.array_equal(result.agencies, rich_result.agencies)


# ------------------------------------------------------------------ law 5


@pytest.mark.parametrize("which", ["reference", "rich_result"])
def test_every_step_foots(which: str, request: pytest.FixtureRequest) -> None:
    """gross = what the steps took + awarded, for each draw, measure and earned year."""
    result: Result = request.getfixturevalue(which)
    money, counts = result.money[...], result.counts[...]
    assert np.array_equal(money[..., 0], money[..., 1:7].sum(axis=-1))
    assert (money >= 0).all() and (counts >= 0).all()
    if which == "rich_result":
        assert (money[..., [0, 1, 3, 4, 5, 6, 7]].sum(axis=(0, 1, 2)) > 0).all()  # every step took something


@pytest.mark.parametrize("which", ["reference", "rich_result"])
def test_outlays_are_awards_less_forfeits(which: str, request: pytest.FixtureRequest) -> None:
    """For each draw, measure and earned year; by year paid, by fund and by district the sums are the same."""
    result: Result = request.getfixturevalue(which)
    cells = result.outlays.cells[result.outlays.cell]
    sums = np.zeros(result.money.shape[:3], dtype=np.int64)
    earned = cells["earned"].astype(int) - result.earned_years[0]
    np.add.at(sums, (result.outlays.draw, cells["measure"].astype(int), earned), result.outlays.fen)
    assert np.array_equal(sums, result.money[..., 6] - result.money[..., 7])
    whole = sums.sum(axis=(1, 2))
    assert np.array_equal(result.paid(special=False).sum(axis=1), whole)
    for field in ("measure", "fund", "earned", "quarter"):
        assert np.array_equal(result.paid_by(field).sum(axis=1), whole), field
    ours = result.paid(special=True).sum(axis=1)
    assert (ours <= whole).all() and ours.sum() < whole.sum()
    assert (cells["paid"] >= cells["earned"]).all()


def test_instalments_that_are_forfeited_are_known(rich_result: Result) -> None:
    """A listed agency forfeits the second of three instalments: 33.33 %, in whole fen."""
    place = list(rich_result.scenario.policy.measures).index("parts")
    forfeited = rich_result.money[:, place, :, 7]
    share = 10_010_000 * 3_333 // 10_000
    assert forfeited.sum() > 0 and (forfeited % share == 0).all()


# ------------------------------------------------------------------ worth


def test_worth_of_measures_that_meet_no_other_is_never_negative(rich_result: Result) -> None:
    """Caps of `alone`, `pot`: without one of them nothing is paid less."""
    for number, lever in enumerate(rich_result.levers):
        if lever.split(".")[0] in ("alone", "pot"):
            assert (rich_result.worth[:, number] >= 0).all(), lever
            assert rich_result.worth[:, number].sum() > 0, lever


@pytest.mark.parametrize("lever", ["alone.one", "alone.yearly", "alone.ever", "pot.most", "low.one"])
def test_worth_is_what_a_policy_without_the_cap_pays_more(
    tmp_path: Path, rich_result: Result, lever: str
) -> None:
    """Run again with the cap taken away by an overlay: the difference of all awards, to the fen."""
    name, cap_name = lever.split(".")
    path = rich_path(tmp_path)
    without = run(
        load_scenario(path, changes={f"measures.{name}.caps.{cap_name}": None}), draws=300, seed=5, jobs=2
    )
    more = without.money[..., 6].sum(axis=(1, 2)) - rich_result.money[..., 6].sum(axis=(1, 2))
    assert np.array_equal(rich_result.worth[:, rich_result.levers.index(lever)], more)
    assert more.any()


def test_worth_of_the_total_cap_and_of_the_rule(tmp_path: Path, rich_result: Result) -> None:
    path = rich_path(tmp_path)
    for column, change in ((rich_result.levers.index("all"), "total_caps.all"), (-1, "matters.same")):
        without = run(load_scenario(path, changes={change: None}), draws=300, seed=5, jobs=2)
        more = without.money[..., 6].sum(axis=(1, 2)) - rich_result.money[..., 6].sum(axis=(1, 2))
        assert np.array_equal(rich_result.worth[:, column], more), change
        assert more.sum() > 0


def test_taken_is_what_the_steps_took(rich_result: Result) -> None:
    """Over all caps: steps 3, 5 and 7 of the measures that have them."""
    taken = rich_result.taken.sum(axis=1)
    steps = rich_result.money[..., [1, 3, 5]].sum(axis=(1, 3))
    assert np.array_equal(taken, steps)


def test_nobody_is_at_a_cap_who_is_not_awarded(rich_result: Result) -> None:
    """Agencies at a cap by the agency are among those that claim; shares of them are shares."""
    names = list(rich_result.scenario.policy.measures)
    for number, lever in enumerate(rich_result.levers):
        name = lever.split(".")[0]
        if name == "alone":
            claiming = rich_result.counts[:, names.index(name), :, 0]
            assert (rich_result.agencies_at[:, number] <= claiming).all()
    place = names.index("alone")
    assert (rich_result.agencies_awarded[:, place] <= rich_result.counts[:, place, :, 5]).all()


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    "wrong",
    [
        {"draws": 0},
        {"draws": -1},
        {"draws": 1.5},
        {"draws": True},
        {"draws": 10**8},
        {"seed": -1},
        {"seed": 2**63},
        {"jobs": 0},
        {"block": 0},
    ],
    ids=str,
)
def test_arguments_out_of_range_are_refused(rich: Scenario, wrong: Data) -> None:
    with pytest.raises(InputError, match=f"{next(iter(wrong))}: expected a whole number from"):
        run(rich, **({"draws": 10} | wrong))


def test_progress_counts_every_draw(rich: Scenario) -> None:
    told: list[int] = []
    run(rich, draws=70, jobs=2, block=20, progress=told.append)
    assert sum(told) == 70


def test_one_draw_is_a_result(rich: Scenario) -> None:
    assert run(rich, draws=1, jobs=4).money.shape[0] == 1


def test_agencies_at_a_cap_are_among_those_awarded() -> None:
    """Also where a cap per project meets a selection: who was cut but not chosen stands at no cap."""
    changes = {"choose.digital_cap": "project", "measures.digital.caps.term.amount": "10万元"}
    scenario = load_scenario(BASELINE, changes=changes)
    result = run(scenario, draws=60, seed=5)
    measures = list(scenario.policy.measures)
    seen = 0
    for lever, name in enumerate(result.levers):
        awarded = result.agencies_awarded[:, measures.index(name.split(".")[0])]
        assert (result.agencies_at[:, lever] <= awarded).all(), name
        seen += int(result.agencies_at[:, lever].sum())
    assert seen > 0


def test_worth_in_the_report_is_a_mean_over_the_draws_that_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from simkit.report.tables import all as tables

    monkeypatch.setattr("simkit.runs.job.WORTH_DRAWS", 40)
    result = run(load_scenario(BASELINE), draws=100, seed=5)
    assert len(result.worth) == 40
    shown = [row["worth"] for row in tables.caps(result, lang="en").rows]
    assert max(one for one in shown if not isinstance(one, str)) == pytest.approx(
        result.worth[:, : len(result.levers)].mean(axis=0).max(), abs=1
    )
    total = tables.no_duplication(result, lang="en").rows[-1]["worth"]
    assert total == pytest.approx(result.worth[:, -1].mean(), abs=1)


def test_draws_are_settled_each_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few draws at a time or all at once: the same funds, year by year."""
    voted = {
        "amounts": {"hr": {2024: "20万元", 2025: "20万元"}},
        "mode": "pro_rata",
        "label": {"zh": "某", "en": "some"},
    }
    path = write_scenario(
        tmp_path,
        {"one": measure(fixed("1万元"))},
        {"one": claim(1, frequency="poisson")},
        years=(2024, 2025),
        start=20,
        appropriations=voted,
    )
    scenario = load_scenario(path)
    whole = run(scenario, draws=40, seed=1).budget
    monkeypatch.setattr(result, "_PORTION", 7)
    parts = run(scenario, draws=40, seed=1).budget
    assert whole is not None and parts is not None and whole.funds["hr"].unpaid.any()
    for name in FundYears.__slots__:
        one, other = getattr(whole.funds["hr"], name), getattr(parts.funds["hr"], name)
        assert one.shape == other.shape and np.array_equal(one, other), name
