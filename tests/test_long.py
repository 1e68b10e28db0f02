"""The same kinds of checks with their large numbers; docs/promises.md says what they found. Only with `--long`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from simkit.sizing.quantiles import mean, quantile
from tests.awards.test_adjudicate import assert_agreement
from tests.processes import completed
from tests.runs.test_simulate import rich_path
from tests.small_scenarios import claim, fixed, measure, write_scenario
from tests.statistical import FALSE_ALARM, assert_share
from tests.strategies import random_world

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
KILLS, CLAIMS = 100, 100_000
#: Runs, and the draws of each; agencies, and the claims of each in a year.
RUNS, DRAWS = 2_000, 200
AGENCIES, INTENSITY, FEN = 100, 0.3, 1_000_000


def test_killed_at_a_hundred_moments(tmp_path: Path) -> None:
    """As `test_kept.py` does it ten times, at other moments."""
    path = rich_path(tmp_path / "rich")
    words = [sys.executable, "-m", "tests.killed", str(path), str(tmp_path), "20261201", str(KILLS)]
    done = completed(words, cwd=ROOT, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert sum(0 < number < 20 for number in found["kept"]) >= KILLS // 2, found


def test_a_hundred_thousand_claims_are_decided_alike() -> None:
    """By the kernels and by the reference in plain Python, in worlds that the suite does not see."""
    claims, seed = 0, 1_000_000
    while claims < CLAIMS:
        world = random_world(seed)
        assert_agreement(world)
        claims, seed = claims + len(world.claims), seed + 1


@pytest.fixture(scope="module")
def poisson(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """100 agencies with 0.3 fixed awards each: the outlay is 10,000 yuan times a Poisson number of mean 30."""
    measures = {"one": measure(fixed("1万元"))}
    claims = {"one": claim(INTENSITY, frequency="poisson")}
    return load_scenario(write_scenario(tmp_path_factory.mktemp("poisson"), measures, claims, start=AGENCIES))


def test_intervals_hold_what_they_say_and_ranks_are_level(poisson: Scenario) -> None:
    """In 2,000 runs of 200 draws, of an outlay whose law is known.

    Mean: the share of runs in which it lies within 1.96 standard errors is 95 % (of a sum of 200 nearly normal);
    off by more than 2.4 points it is seen. P90: as often in its interval as the binomial law says. Ranks: a draw
    of another run stands at every tenth alike.
    """
    law = stats.poisson(AGENCIES * INTENSITY)
    true_mean, true_p90 = law.mean(), law.ppf(0.9)
    means, p90s, ranks = [], [], []
    ties = np.random.default_rng(20_261_201)
    before = None
    for seed in range(RUNS):
        numbers = run(poisson, draws=DRAWS, seed=seed, jobs=1).paid(special=True)[:, 0] / FEN
        found, p90 = mean(numbers), quantile(numbers, 0.9)
        means.append(abs(found.value - true_mean) <= 1.96 * found.standard_error)
        p90s.append(p90.low <= true_p90 <= p90.high)
        if before is not None:
            below, same = (before < numbers[0]).sum(), (before == numbers[0]).sum()
            ranks.append(below + ties.integers(0, same, endpoint=True))
        before = numbers
    assert_share(np.array(means), 1 - 2 * stats.t.sf(1.96, DRAWS - 1))
    assert_share(np.array(p90s), coverage(law, true_p90, 0.9))
    tenths = np.arange(DRAWS + 1) * 10 // (DRAWS + 1)
    counts = np.bincount(tenths[np.array(ranks)], minlength=10)
    assert stats.chisquare(counts, np.bincount(tenths) * len(ranks) / (DRAWS + 1)).pvalue > FALSE_ALARM


def coverage(law: stats.rv_discrete, true: float, p: float) -> float:
    """Chance that the order statistics that bound a quantile lie around its true value, ties included.

    The low one is at most `true` when enough draws are; the high one is at least it when not too many are below.
    """
    low, high = (int(one) for one in stats.binom.ppf([0.025, 0.975], DRAWS, p))
    at, below = law.cdf(true), law.cdf(true - 1)
    # Of all draws, `less` are below and `more` are above: a trinomial, summed over the number below.
    less = np.arange(0, high + 1)
    enough = stats.binom.sf(low - 1 - less, DRAWS - less, (at - below) / (1 - below))
    return float((stats.binom.pmf(less, DRAWS, below) * enough).sum())
