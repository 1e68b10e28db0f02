"""Figures of the engine: whole runs against a floor, two simulations in NumPy, and themselves at other sizes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from benchmarks import numpy_counts, numpy_reference
from benchmarks.floor import claims_of, prepared
from benchmarks.latin import gain
from benchmarks.measure import Clock, Log, Row, cores
from benchmarks.numpy_common import agree
from benchmarks.scenarios import BASELINE, baseline, tripled, with_agencies
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from simkit.whatif.kept.again import Again, decide_again
from simkit.whatif.kept.claims import keep_claims
from simkit.whatif.kept.paid import Paid

__all__ = ["agencies", "draws", "floor", "latin", "nation", "reference", "sized", "timed", "warm", "whatif"]

DRAWS = 10_000


def sized(count: int, scale: float) -> int:
    """A number of draws, made smaller for a trial."""
    return max(64, round(count * scale))


@cache
def warm(scenario: Scenario, **options: Any) -> None:
    """Compile, on one thread and on all."""
    run(scenario, draws=64, seed=0, jobs=1, **options)
    run(scenario, draws=64 * cores(), seed=0, jobs=cores(), **options)


def timed(log: Log, side: str, scenario: Scenario, **options: Any) -> Result:
    """A run, its seconds and its claims."""
    result = log.time(side, run, scenario, **options)
    log.claims.setdefault(side, []).append(int(claims_of(result).sum()))
    return result


#: Opponents in NumPy, how they go about it, and how many times faster simkit is to be on so many cores.
OPPONENTS: dict[str, tuple[Any, str, dict[int, float]]] = {
    "numpy_reference": (numpy_reference, "every agency and claim", {1: 5.5, 2: 10.0}),
    "numpy_counts": (numpy_counts, "agencies counted, totals only", {}),
}


def reference(repeat: int, scale: float) -> list[Row]:
    """The full baseline against two vectorised NumPy simulations of the same scenario, time a draw."""
    scenario, count, log = baseline(), sized(DRAWS, scale), Log()
    warm(scenario)
    for opponent, _, _ in OPPONENTS.values():
        opponent.simulate(scenario, 64, 0)
    for seed in log.rounds(repeat):
        timed(log, "all cores", scenario, draws=count, seed=seed, jobs=cores())
        result = timed(log, "one core", scenario, draws=count, seed=seed, jobs=1)
        for name, (opponent, _, _) in OPPONENTS.items():
            agree(log.time(name, opponent.simulate, scenario, count, seed), result)
    sides: list[tuple[str, int, Clock]] = [("one core", 1, "cpu"), ("all cores", cores(), "wall")]
    return [
        Row(
            figure="reference",
            measured=f"baseline, {count:,} draws, {jobs} core{'s' * (jobs > 1)}: {_a_draw(log, side, clock, count)}",
            against=f"{name}, {words}: {_a_draw(log, name, clock, count)}",
            value=log.ratio(name, side, clock),
            target=targets.get(jobs),
            claims=log.claims[side][-1] / count,
            nanoseconds=log.nanoseconds(side, clock),
            details={"seconds": log.seconds, "claims": log.claims},
        )
        for name, (_, words, targets) in OPPONENTS.items()
        for side, jobs, clock in sides[: cores()]
    ]


def _a_draw(log: Log, side: str, clock: Clock, count: int) -> str:
    return f"{log.median(side, clock) / count * 1e3:.3f} ms a draw"


def floor(repeat: int, scale: float) -> list[Row]:
    """The full baseline on one core against drawing and capping as many severities."""
    scenario, count, log = baseline(), sized(DRAWS, scale), Log()
    warm(scenario)
    prepared(run(scenario, draws=64, seed=0, jobs=1), 0)()
    for seed in log.rounds(repeat):
        result = timed(log, "simkit", scenario, draws=count, seed=seed, jobs=1)
        log.time("floor", prepared(result, seed))
    log.claims["floor"] = log.claims["simkit"]
    row = Row(
        figure="floor",
        measured=f"baseline, {count:,} draws, 1 core",
        against=f"as many severities drawn and capped: {log.nanoseconds('floor', 'cpu'):.0f} ns a claim",
        value=log.ratio("simkit", "floor", "cpu"),
        target=3,
        at_most=True,
        claims=log.claims["simkit"][-1] / count,
        nanoseconds=log.nanoseconds("simkit", "cpu"),
        details={"seconds": log.seconds, "claims": log.claims},
    )
    return [row]


def agencies(repeat: int, scale: float) -> list[Row]:
    """Three times the agencies at a third of the take-up and its ceiling: as many claims, so much more time."""
    count, log = sized(DRAWS, scale), Log()
    sides = {"baseline": baseline(), "tripled": tripled()}
    for scenario in sides.values():
        warm(scenario)
    for seed in log.rounds(repeat):
        for side, scenario in sides.items():
            timed(log, side, scenario, draws=count, seed=seed, jobs=1)
    claims = {side: float(np.mean(counts)) / count for side, counts in log.claims.items()}
    row = Row(
        figure="agencies",
        measured=f"agencies x 3, take-up / 3, {count:,} draws, 1 core",
        against=f"baseline, {claims['baseline']:,.0f} claims a draw",
        value=log.ratio("tripled", "baseline", "cpu"),
        target=1.3,
        at_most=True,
        claims=claims["tripled"],
        nanoseconds=log.nanoseconds("tripled", "cpu"),
        details={"seconds": log.seconds, "claims": log.claims},
    )
    return [row]


def draws(repeat: int, scale: float) -> list[Row]:
    """Is time linear in the claims when draws grow? `run` alone, in one warm process."""
    counts = [sized(count, scale) for count in (1_000, 10_000, 100_000)]
    return [_linear("draws", {f"{count:,} draws": (baseline(), count) for count in counts}, repeat)[0]]


def nation(repeat: int, scale: float) -> list[Row]:
    """Is time linear in the claims when agencies grow? And is a nation done within a minute?"""
    count = sized(DRAWS, scale)
    sizes = {f"{size:,} agencies": (with_agencies(size), count) for size in (2_500, 25_000, 70_000)}
    linear, log = _linear("nation", sizes, repeat)
    largest = list(sizes)[-1]
    whole = Row(
        figure="nation",
        measured=f"{largest}, {count:,} draws, {cores()} cores",
        value=log.median(largest, "wall"),
        unit="s",
        target=60 if scale == 1 else None,
        at_most=True,
        claims=log.claims[largest][-1] / count,
        nanoseconds=log.nanoseconds(largest, "wall"),
        details={"seconds": log.seconds},
    )
    return [linear, whole]


def _linear(figure: str, sizes: dict[str, tuple[Scenario, int]], repeat: int) -> tuple[Row, Log]:
    """Time a claim at several sizes: the dearest over the cheapest."""
    log = Log()
    for scenario, _ in sizes.values():
        warm(scenario)
    for seed in log.rounds(repeat):
        for name, (scenario, count) in sizes.items():
            timed(log, name, scenario, draws=count, seed=seed, jobs=cores())
    each = {name: log.nanoseconds(name, "wall") for name in sizes}
    row = Row(
        figure=figure,
        measured=" / ".join(sizes),
        against="each other, ns a claim: " + " / ".join(f"{value:,.0f}" for value in each.values()),
        value=max(each.values()) / min(each.values()),
        target=1.3,
        at_most=True,
        details={"seconds": log.seconds, "claims": log.claims, "ns a claim": each},
    )
    return row, log


#: Measures that meet no other in the baseline, and the yearly caps tried in turn.
CAPS = {
    "students": ("20万元", "80万元"),
    "supplied_employees": ("15万元", "60万元"),
    "headhunting": ("20万元", "80万元"),
}


def whatif(repeat: int, scale: float) -> list[Row]:
    """One cap moved, decided again on kept claims, against a run of the changed scenario.

    Keeping the claims is not timed. In the first round both ways are compared, draw by draw, to the fen.
    """
    count, log = sized(DRAWS, scale), Log()
    warm(baseline())
    for seed in log.rounds(repeat):
        kept = keep_claims(baseline(), draws=count, seed=seed, measures=CAPS)
        before = run(baseline(), draws=count, seed=seed) if seed == 1 else None
        for name, caps in CAPS.items():
            scenario = changed(name, caps[seed % len(caps)])
            if before is not None:
                decide_again(kept, scenario)  # compiles
            again = log.time(f"{name}, kept", decide_again, kept, scenario)
            after = timed(log, f"{name}, run", scenario, draws=count, seed=seed)
            if before is not None:
                differ_alike(again, before, after)
            claims = sum(len(part.claims.rows) for part in kept.parts[frozenset({name})])
            log.claims.setdefault(f"{name}, kept", []).append(claims)
    return [
        Row(
            figure="whatif",
            measured=f"cap of {name} moved, {count:,} draws kept, {cores()} cores",
            against=f"a run anew: {log.median(f'{name}, run', 'wall'):.2f} s, "
            f"{log.ratio(f'{name}, run', f'{name}, kept', 'wall'):.0f} x; same to the fen",
            value=log.median(f"{name}, kept", "wall"),
            unit="s",
            target=0.1 if scale == 1 else None,
            at_most=True,
            claims=log.claims[f"{name}, kept"][-1] / count,
            nanoseconds=log.nanoseconds(f"{name}, kept", "wall"),
            details={"seconds": log.seconds, "claims": log.claims},
        )
        for name in CAPS
    ]


@cache
def changed(name: str, cap: str) -> Scenario:
    """The baseline with another yearly cap."""
    return load_scenario(BASELINE, changes={f"measures.{name}.caps.yearly.amount": cap})


def differ_alike(again: Again, before: Result, after: Result) -> None:
    """Fail unless what was decided again differs from before as the runs differ, and does."""
    differences = [
        Paid(result.scenario, (result.outlays,)).total(special=False) for result in (before, after)
    ]
    old, new = (Paid(before.scenario, (part,)).total(special=False) for part in (again.before, again.after))
    assert new.sum() != old.sum(), "the cap moves nothing"
    assert np.array_equal(new - old, differences[1] - differences[0]), "kept claims and runs are apart"


def latin(repeat: int, scale: float) -> list[Row]:
    """What stratified parameters gain: how many crude draws one of theirs is worth."""
    runs, count = 8 * repeat, max(512, sized(2_048, scale))  # fewer carry no P95
    return [
        Row(
            figure="latin",
            measured=f"stratified parameters, {name}, {runs} runs of {count:,} draws",
            against=f"crude draws: variance by groups, ± {found['of_groups_error']:.2g}; "
            f"of runs {found['gain']:.2g} ({found['low']:.2g} to {found['high']:.2g})",
            value=found["of_groups"],
            details=dict(found),
        )
        for name, found in gain(runs, count, cores()).items()
    ]
