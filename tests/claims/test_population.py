"""Population: who enters, leaves, gains a status and qualifies, against closed forms."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import FaultsError
from simkit.claims.agencies import SERIAL_BITS
from simkit.claims.population import expected_agencies
from simkit.claims.types import UNKNOWN
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from tests.small_scenarios import (
    BOTH,
    assumed,
    attribute,
    claim,
    column,
    draw_claims,
    fixed,
    measure,
    of_measure,
    write_scenario,
)
from tests.statistical import assert_mean, assert_share, assert_variance

Data = dict[str, Any]

EVERY_AGENCY = {"frequency": "fixed", "day": "12-31"}
NOTHING_MUCH = {"one": claim(1, among="city", frequency="fixed")}


def scenario_of(folder: Path, years: tuple[int, int] = (2024, 2026), **more: Any) -> Scenario:
    """One claim a year of every agency that is there on the last day."""
    measures = more.pop("measures", {"one": measure(fixed("1元"))})
    claims = more.pop("claims", {"one": claim(1, **EVERY_AGENCY)})
    return load_scenario(write_scenario(folder, measures, claims, years=years, **more))


def years_of(claims: Any) -> np.ndarray:
    return claims.earned.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970


def test_entry_and_exit_move_the_mean_and_the_variance(tmp_path: Path) -> None:
    """N' = N + Poisson(0.1 N) - Binomial(N, 0.06): sees 0.3 % in the mean, 11 % in the variance."""
    start, entry, leave = 900, 0.10, 0.06
    growth = {"entry_rate": assumed(entry), "exit_rate": assumed(leave)}
    scenario = scenario_of(tmp_path, start=start, growth=growth, claims=NOTHING_MUCH)
    agencies = run(scenario, draws=4_000, seed=5, jobs=1).agencies
    mean, variance = float(start), 0.0
    for year in range(1, 4):
        variance = (1 + entry - leave) ** 2 * variance + (entry + leave * (1 - leave)) * mean
        mean *= 1 + entry - leave
        assert_mean(agencies[:, year], mean, variance**0.5)
        assert_variance(agencies[:, year], variance)
    assert expected_agencies(scenario.plan.population, 2026) == pytest.approx(
        {2023 + year: start * (1 + entry - leave) ** year for year in range(4)}
    )


UNCERTAIN: Data = {
    "start": assumed({"dist": "triangular", "low": 1_500, "mode": 1_700, "high": 2_000}),
    "entry_rate": assumed({"dist": "uniform", "low": 0.05, "high": 0.15}),
    "exit_rate": assumed({"dist": "uniform", "low": 0.01, "high": 0.05}),
    "shock_sd": assumed(0.2),
    "entries": {2025: assumed(30)},
}


@pytest.mark.parametrize(
    ("aim", "years"),
    [
        ({"mode": "target", "target": {"year": 2025, "agencies": 2_500}}, {2025: 2_500}),
        ({"mode": "path", "path": {2024: 1_900, 2026: 2_600}}, {2024: 1_900, 2026: 2_600}),
    ],
    ids=["target", "path"],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_an_aim_is_met_in_expectation(tmp_path: Path, aim: Data, years: dict[int, int], seed: int) -> None:
    """Over uncertain start, rates and shocks, within the error of the run's draws and of the design's 4,096."""
    scenario = scenario_of(tmp_path, growth=UNCERTAIN | aim, claims=NOTHING_MUCH)
    agencies = run(scenario, draws=4_000, seed=seed, jobs=1).agencies
    expected = expected_agencies(scenario.plan.population, 2026)
    for year, number in years.items():
        sample = agencies[:, year - 2023]
        assert expected[year] == pytest.approx(number, rel=1e-9)
        sd = float(sample.std()) * np.sqrt(1 + 4_000 / 4_096)
        assert_mean(sample, number, sd)
        assert sd < 0.25 * number  # else the assertion above says little


def test_the_trend_is_lifted_only_up_to_the_target(tmp_path: Path) -> None:
    """After the target's year the rates are those of the file."""
    growth = {"entry_rate": assumed(0.05), "mode": "target", "target": {"year": 2024, "agencies": 1_200}}
    scenario = scenario_of(tmp_path, start=1_000, growth=growth)
    assert expected_agencies(scenario.plan.population, 2026) == pytest.approx(
        {2023: 1_000, 2024: 1_200, 2025: 1_260, 2026: 1_323}
    )


def test_an_aim_out_of_reach_is_refused(tmp_path: Path) -> None:
    growth = {"mode": "target", "target": {"year": 2025, "agencies": 900}, "entry_rate": assumed(0.1)}
    told = r"population\.growth\.target\.agencies: expected 900 agencies at the end of 2025"
    with pytest.raises(FaultsError, match=told):
        scenario_of(tmp_path, start=1_000, growth=growth)


def test_a_share_beyond_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaultsError, match=r"population\.growth\.exit_rate\.value"):
        scenario_of(tmp_path, start=10, growth={"exit_rate": assumed(1.5)})


def test_zero_agencies_claim_nothing(tmp_path: Path) -> None:
    result = run(scenario_of(tmp_path, start=0), draws=20, jobs=1)
    assert result.agencies.sum() == result.money.sum() == len(result.outlays.fen) == 0


def test_slots_are_never_reused(tmp_path: Path) -> None:
    """Who left does not come back, newcomers have numbers of their own, and all are counted."""
    lines = {"lines": {"a": assumed(0.7), "b": assumed(0.3)}}
    growth = {"entry_rate": assumed(0.3), "exit_rate": assumed(0.3)}
    scenario = scenario_of(tmp_path, (2024, 2028), start=300, growth=growth, population=lines)
    claims, agencies = draw_claims(scenario, 40)
    year, draw = years_of(claims), claims.draw
    left_at_all = 0
    for number in range(40):
        present = [set(claims.agency[(draw == number) & (year == y)].tolist()) for y in range(2024, 2029)]
        assert [len(slots) for slots in present] == agencies[number, 1:].tolist()
        gone: set[int] = set()
        for before, now in itertools.pairwise(present):
            gone |= before - now
            assert not gone & now
            for line in (0, 1):
                here = [slot for slot in now if slot >> SERIAL_BITS == line]
                known = [slot for slot in before | gone if slot >> SERIAL_BITS == line]
                assert all(slot > max(known) for slot in here if slot not in before)
        left_at_all += len(gone)
    assert left_at_all > 1_000


def test_lines_and_districts_have_their_shares(tmp_path: Path) -> None:
    """Lines exactly, at the start; districts by chance, the same for an agency in every year."""
    districts = ["甲", "乙", "丙"]
    shares = {"甲": 0.5, "乙": 0.2, "丙": 0.3}
    population = {
        "lines": {"a": assumed(0.35), "b": assumed(0.65)},
        "districts": {name: assumed(share) for name, share in shares.items()},
    }
    local = {"name": BOTH, "department": "hr", "level": "district", "per_district": True}
    scenario = scenario_of(
        tmp_path,
        start=1_000,
        population=population,
        policy={"districts": districts, "funds": {"local": local}},
        measures={"one": measure(fixed("1元"), payers={"shares": {"local": "100%"}})},
    )
    claims, _ = draw_claims(scenario, 20)
    first = years_of(claims) == 2024
    assert (claims.agency[first] >> SERIAL_BITS == 0).sum() == 20 * 350
    for place, name in enumerate(districts):
        assert_share(claims.district[first] == place, shares[name])
    later = years_of(claims) == 2026
    home = dict(
        zip(zip(claims.draw[first], claims.agency[first], strict=True), claims.district[first], strict=True)
    )
    for draw, slot, district in zip(
        claims.draw[later], claims.agency[later], claims.district[later], strict=True
    ):
        assert home[draw, slot] == district


STATUS: Data = {"share": assumed(0.2), "rate": assumed(0.1), "lines": {"a": 1, "b": 2}}


def with_status(folder: Path, **more: Any) -> Scenario:
    return scenario_of(
        folder,
        start=2_000,
        population={"lines": {"a": assumed(0.5), "b": assumed(0.5)}, "statuses": {"listed": STATUS}},
        policy={"attributes": {"listed": attribute("agency", "flag")}},
        measures={
            "one": measure(fixed("1元"), conditions={"is": {"of": "listed", "is_true": True}}),
            "before": measure(
                fixed("1元"), conditions={"was": {"of": "listed", "year": -1, "is_true": True}}
            ),
            "become": measure(fixed("1元")),
        },
        claims={
            "one": claim(1, **EVERY_AGENCY),
            "before": claim(1, **EVERY_AGENCY),
            "become": claim(transition="listed", take_up=assumed(0.5)),
        },
        **more,
    )


def test_statuses_are_held_and_gained_with_their_chances(tmp_path: Path) -> None:
    """By line: 1 - (1 - share)**w at the start, then (1 - rate)**w a year of those without; sees 1.5 %."""
    scenario = with_status(tmp_path)
    claims, _ = draw_claims(scenario, 60)
    one, become = of_measure(scenario, claims, "one"), of_measure(scenario, claims, "become")
    year, line = years_of(claims), claims.agency >> SERIAL_BITS
    for number, weight in enumerate((1, 2)):
        for passed in (1, 2, 3):
            rows = one & (line == number) & (year == 2023 + passed)
            without = (0.8 * 0.9**passed) ** weight
            assert rows.sum() == 60 * 1_000
            assert_share(column(claims, "listed")[rows], 1 - without)
            before = (0.8 * 0.9 ** (passed - 1)) ** weight
            last_year = of_measure(scenario, claims, "before") & (line == number) & (year == 2023 + passed)
            assert_share(column(claims, "listed", -1)[last_year], 1 - before)
            gained = become & (line == number) & (year == 2023 + passed)
            chance = before - without
            # Half of those who become it file; each at most once.
            marks = np.zeros(60 * 1_000, dtype=bool)
            marks[: gained.sum()] = True
            assert_share(marks, 0.5 * chance)
    pairs = np.stack([claims.draw[become], claims.agency[become]])
    assert np.unique(pairs, axis=1).shape[1] == become.sum()
    assert claims.first_time[become].all()


def test_a_status_holds_from_the_day_it_is_gained(tmp_path: Path) -> None:
    """A holder's own claims come on or after the day; the yearly count is that of the days held."""
    scenario = scenario_of(
        tmp_path,
        (2024, 2024),
        start=3_000,
        population={"statuses": {"listed": {"share": assumed(0), "rate": assumed(0.4)}}},
        measures={"often": measure(fixed("1元")), "become": measure(fixed("1元"))},
        claims={
            "often": claim(6, frequency="poisson", holders="listed"),
            "become": claim(transition="listed"),
        },
    )
    claims, _ = draw_claims(scenario, 20)
    often, become = of_measure(scenario, claims, "often"), of_measure(scenario, claims, "become")
    since = {
        (draw, slot): day
        for draw, slot, day in zip(
            claims.draw[become], claims.agency[become], claims.earned[become], strict=True
        )
    }
    keys = list(zip(claims.draw[often], claims.agency[often], strict=True))
    assert all(day >= since[key] for key, day in zip(keys, claims.earned[often], strict=True))
    # 24,000 holders of half a year on average: counts have mean 3 and variance 3 + 36 / 12.
    holders = len(since)
    counts = np.zeros(holders)
    place = {key: number for number, key in enumerate(since)}
    np.add.at(counts, [place[key] for key in keys], 1)
    assert_mean(counts, 3.0, 6**0.5)


def test_the_eligible_are_the_same_for_all_measures_and_years(tmp_path: Path) -> None:
    scenario = scenario_of(
        tmp_path,
        start=1_000,
        population={"eligible": assumed(0.6)},
        measures={"one": measure(fixed("1元")), "two": measure(fixed("1元"))},
        claims={"one": claim(1, **EVERY_AGENCY), "two": claim(50, frequency="event", day="12-31")},
        # As good as certain: of 72,000 claims none is missing.
        confirmed={"claims.two.intensity.value": "as good as certain"},
    )
    claims, agencies = draw_claims(scenario, 40)
    assert (agencies == 1_000).all()
    found = [
        frozenset(zip(claims.draw[rows].tolist(), claims.agency[rows].tolist(), strict=True))
        for name in ("one", "two")
        for year in (2024, 2026)
        for rows in [of_measure(scenario, claims, name) & (years_of(claims) == year)]
    ]
    assert len(set(found)) == 1
    marks = np.zeros(40_000, dtype=bool)
    marks[: len(found[0])] = True
    assert_share(marks, 0.6)


@pytest.mark.parametrize(("frequency", "chance"), [("poisson", 1.5), ("event", 1 - np.exp(-1.5))])
def test_entrants_and_leavers_are_exposed_half_a_year(tmp_path: Path, frequency: str, chance: float) -> None:
    """Claims come on even days: entrants and leavers have half of them; sees 1.5 %."""
    entering = scenario_of(
        tmp_path / "in",
        (2024, 2024),
        growth={"entries": {2024: assumed(400)}},
        claims={"one": claim(1.5, frequency=frequency)},
    )
    leaving = scenario_of(
        tmp_path / "out",
        (2024, 2024),
        start=400,
        growth={"exit_rate": assumed(0.5)},
        claims={"one": claim(1.5, frequency=frequency)},
    )
    counts = run(entering, draws=2_000, seed=3, jobs=1).counts[:, 0, 0, 0]
    # A Poisson number of independent agencies: variance = 400 E[count**2].
    seconds = {"poisson": 1.5**2 / 3 + 1.5 / 2, "event": chance / 2}
    assert_mean(counts, 400 * chance / 2, (400 * seconds[frequency]) ** 0.5)
    counts = run(leaving, draws=2_000, seed=3, jobs=1).counts[:, 0, 0, 0]
    # Half stay all year; the variance is at most that of agencies exposed for good.
    assert_mean(counts, 400 * chance * 0.75, (400 * (chance + chance**2 / 4)) ** 0.5)


def test_numbers_of_agencies_grow_with_noise_of_mean_one(tmp_path: Path) -> None:
    """Revenue: a law at the start, 10 % a year, a lognormal year around it; the noise is a year's own."""
    cv = 0.3
    number = {
        "value": assumed({"dist": "uniform", "low": "100万元", "high": "300万元"}),
        "growth": assumed(0.1),
        "noise_cv": cv,
    }
    reads = {
        "now": {"of": "revenue", "at_least": "1元"},
        "then": {"of": "revenue", "year": -1, "at_least": "1元"},
    }
    scenario = scenario_of(
        tmp_path,
        start=1_000,
        population={"numbers": {"revenue": number}},
        policy={"attributes": {"revenue": attribute("agency", "yuan")}},
        measures={"one": measure(fixed("1元"), conditions=reads)},
    )
    claims, _ = draw_claims(scenario, 30)
    year = years_of(claims)
    second = 4e12 + (2e6) ** 2 / 12
    for passed in (1, 3):
        revenue = column(claims, "revenue")[year == 2023 + passed] / 100
        mean = 2e6 * 1.1**passed
        sd = 1.1**passed * (second * (1 + cv**2) - 4e12) ** 0.5
        assert_mean(revenue, mean, sd)
    # The year before, read a year later, is the same number.
    now = dict(
        zip(zip(claims.draw, claims.agency, year, strict=True), column(claims, "revenue"), strict=True)
    )
    then = dict(
        zip(
            zip(claims.draw, claims.agency, year - 1, strict=True), column(claims, "revenue", -1), strict=True
        )
    )
    compared = [now[key] == value for key, value in then.items() if key in now]
    assert all(compared) and len(compared) == 60_000
    assert not (column(claims, "revenue") == UNKNOWN).any()
    # Noise of one year and of the next are independent: ratios spread by both.
    logs = np.log(column(claims, "revenue") / column(claims, "revenue", -1))[year == 2025]
    variance = 2 * np.log1p(cv**2)
    assert_variance(logs, variance)
    assert_mean(logs, np.log(1.1), variance**0.5)
