"""Turns: many assumptions changed in one run give each the money that changing it alone gives."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from simkit.base.random import Mixed
from simkit.runs.executors import Serial
from simkit.runs.simulate import run
from simkit.scenario import load_scenario, uncertain
from simkit.whatif.turns import OF, Totals, Turn, asked_at, measure_of, packs, tied

BASELINE = Path(__file__).parent.parent.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
DRAWS, SEED = 40, 3


def test_a_turn_changes_every_assumption_of_its_pack_alone() -> None:
    """To the fen, all 62 of the baseline, drawn again and held: law 3, and that ties add up."""
    scenario = load_scenario(BASELINE)
    found = packs(scenario)
    assert sorted(path for pack in found for path in pack) == sorted(uncertain(scenario))
    totals = Totals(scenario, (SEED,), "whole")
    moved = 0

    def luck(kind: str, paths: tuple[str, ...]) -> Mixed:
        asked = [asked_at(path) for path in paths]
        if kind == "again":
            return Mixed(SEED, other=SEED + 1, swapped=frozenset(asked))
        return Mixed(SEED, held=dict.fromkeys(asked, 0.9))

    (base,) = totals.run([Turn(SEED, SEED)], DRAWS, Serial())
    for kind in ("again", "held"):
        together = totals.run([Turn(luck(kind, pack), SEED) for pack in found], DRAWS, Serial())
        for pack, after in zip(found, together, strict=True):
            single = totals.run([Turn(luck(kind, (path,)), SEED) for path in pack], DRAWS, Serial())
            for path, alone in zip(pack, single, strict=True):
                changed = totals.changed(path, base, after)
                assert np.array_equal(changed, alone.sum(axis=1)), path
                moved += not np.array_equal(changed, base.sum(axis=1))
    # Rates of entry that later years override, a share of heads that no reading removes, move nothing.
    assert moved > 100


def test_packs_hold_one_assumption_of_a_tie() -> None:
    scenario = load_scenario(BASELINE)
    tie = tied(scenario)
    for pack in packs(scenario):
        measures = [measure_of(path) for path in pack]
        if None in measures:
            assert len(pack) == 1
        else:
            assert len({tie[str(name)] for name in measures}) == len(pack)


@pytest.mark.parametrize("of", OF)
def test_luck_a_is_the_run_with_the_seed(of: str) -> None:
    """To the fen: the special fund or the whole policy, in the budget year or in all."""
    scenario = load_scenario(BASELINE)
    result = run(scenario, draws=DRAWS, seed=SEED)
    paid = result.paid(special=of in ("headline", "fund"))
    if of in ("headline", "year"):
        paid = paid[:, [result.paid_years.index(scenario.plan.budget_year)]]
    (found,) = Totals(scenario, (SEED,), of).run([Turn(SEED, SEED)], DRAWS, Serial())
    assert np.array_equal(found.sum(axis=1), paid.sum(axis=1))


def test_what_comes_beside_claims_is_tied_to_them() -> None:
    """Others' money beside a measure's claims meets a third measure on a matter: all three are one tie."""
    scenario = load_scenario(BASELINE)
    assert tied(scenario)["students"] != tied(scenario)["standards"]
    claims = dict(scenario.plan.claims)
    beside = claims["standards_other_funds"]
    assert beside.companion is not None
    moved = beside.companion.model_copy(update={"of": "students"})
    claims["standards_other_funds"] = beside.model_copy(update={"companion": moved})
    tie = tied(dataclasses.replace(scenario, plan=scenario.plan.model_copy(update={"claims": claims})))
    assert tie["students"] == tie["standards_other_funds"] == tie["standards"]
