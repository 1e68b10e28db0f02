"""Figures against other packages: OpenFisca-Core for the rules, aggregate for the exact compound law."""

from __future__ import annotations

import importlib.util

from benchmarks.compound import compare
from benchmarks.measure import Log, Row, missing
from benchmarks.openfisca_rules import simulation, system
from benchmarks.scenarios import baseline
from benchmarks.ten_awards import agree, keep, simkit_rules, total
from tests.small_scenarios import draw_claims

__all__ = ["INSTALL", "compound", "installed", "rules"]

#: What brings the other packages, beside the project's own.
INSTALL = ".venv/bin/python -m pip install --no-deps --require-hashes -r benchmarks/requirements.lock"
#: Draws stacked as one population: of 50, 100 and 200 the fastest for OpenFisca, within a fifth.
STACKED = 100


def installed(module: str) -> bool:
    """Whether a package of the extra `bench` can be imported."""
    return importlib.util.find_spec(module) is not None


def rules(repeat: int, scale: float) -> list[Row]:
    """Ten awards on kept claims. The claims are drawn before, and both sides have them in their own form."""
    count = max(20, round(STACKED * scale))
    name = f"rules of ten awards, {count} draws kept"
    if not installed("openfisca_core"):
        return [missing("rules", name, f"OpenFisca is not installed: {INSTALL}")]
    scenario, log, apart = baseline(), Log(), 0.0
    openfisca = system(scenario.policy)
    for seed in (0, *log.rounds(repeat)):
        kept = keep(scenario.policy, draw_claims(scenario, count, seed)[0], count)
        ours, theirs = simkit_rules(kept), simulation(openfisca, kept)
        if seed == 0:
            ours(), theirs()
            continue
        awards = log.time("simkit", ours)
        amounts = log.time("openfisca", theirs)
        apart = max(apart, agree(total(kept, awards), amounts))
        log.claims.setdefault("simkit", []).append(len(kept.ours))
    log.claims["openfisca"] = log.claims["simkit"]
    row = Row(
        figure="rules",
        measured=f"{name}, 1 core",
        against=f"OpenFisca, stacked: {log.nanoseconds('openfisca', 'cpu'):.0f} ns a claim, within {apart:.2f} yuan",
        value=log.ratio("openfisca", "simkit", "cpu"),
        target=20,
        claims=log.claims["simkit"][-1] / count,
        nanoseconds=log.nanoseconds("simkit", "cpu"),
        details={"seconds": log.seconds, "claims": log.claims, "largest difference, yuan": apart},
    )
    return [row]


def compound(repeat: int, scale: float) -> list[Row]:
    """The exact capped compound law on 2**16 buckets, against the package aggregate.

    `benchmarks/compound.py` has its own rounds, in turn as well; no seed, since nothing is drawn, and no scale.
    """
    name = "exact compound law, 2^16 buckets, 1 core"
    if not installed("aggregate"):
        return [missing("compound", name, f"aggregate is not installed: {INSTALL}")]
    found = compare(repeat)
    assert found["apart"] <= 0.5, "quantiles apart"
    sides = {"claims put on the lattice as there": "", "means of claims kept": "_default"}
    return [
        Row(
            figure="compound",
            measured=f"{name}, {words}",
            against=f"aggregate; quantiles within {found['apart']:.2g} buckets" if not way else "aggregate",
            value=1 / found[f"ratio{way}"],
            target=1,
            details=found,
        )
        for words, way in sides.items()
    ]
