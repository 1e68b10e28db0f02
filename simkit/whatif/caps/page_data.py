"""The data of the page of caps: claims up to the step before the first slider, and all else summed by draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simkit.awards.adjudicate import Desk
from simkit.awards.types import Awards, no_levers
from simkit.base.arrays import BoolArray, FloatArray, IndexArray, Records
from simkit.claims.types import Claims
from simkit.rules.codes import HOLDS
from simkit.rules.condition import all_hold
from simkit.runs.executors import threads
from simkit.runs.job import BLOCK_DRAWS, DEFAULT_SEED, Job, check_run, prepare, worker_of
from simkit.scenario import Scenario
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.caps.groups import ROW, Group, Tie, make_group, make_kinds, of_tie
from simkit.whatif.caps.movable import Fixed, Movable, find_sliders, sorted_ties

__all__ = ["DRAWS", "FEWEST_DRAWS", "MOST_DRAWS", "PageData", "page_data"]

#: So many that the headline's error is small beside its range; at most so many that the file stays below 6 MB
#: and an answer below 50 ms.
DRAWS = 1_000
FEWEST_DRAWS, MOST_DRAWS = 20, 2_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PageData:
    """All that the page of caps computes with.

    Attributes
    ----------
    origin : Origin
    scenario : Scenario
    years : tuple of int
        Paid years.
    sliders : tuple of Movable
    fixed : tuple of Fixed
        Caps without a slider.
    groups : tuple of Group
        The claims of each tie that has a slider.
    rest : float64[view, year, draw]
        What is paid beside `groups`: of the special fund, of the whole policy. Fen. With the groups' awards as the
        policy stands it is what a run of these draws pays, to the fen.
    """

    origin: Origin
    scenario: Scenario
    years: tuple[int, ...]
    sliders: tuple[Movable, ...]
    fixed: tuple[Fixed, ...]
    groups: tuple[Group, ...]
    rest: FloatArray


class _Block(NamedTuple):
    """What a block of draws gives: rows of the claims that sliders can touch, and all money by cell."""

    rows: Records
    outlays: IndexArray


def page_data(
    scenario: Scenario,
    *,
    draws: int = DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> PageData:
    """Draw the claims of a run with this scenario, seed and draws, and decide them up to the sliders.

    Parameters
    ----------
    draws : int
        FEWEST_DRAWS to MOST_DRAWS.
    jobs : int, optional
        Threads; None: one a core. Moves no figure.
    progress : function, optional
        Called with the number of draws done since the last call.

    Raises
    ------
    InputError
        For an argument out of range, or a policy without a cap that can have a slider.
    """
    check_run(draws, seed, jobs, fewest=FEWEST_DRAWS, most=MOST_DRAWS)
    job = prepare(scenario, seed)
    names = list(scenario.policy.measures)
    claiming = {names[number] for number in np.unique(job.plan.plans["measure"])}
    sliders, fixed = find_sliders(scenario.policy, claiming, scenario.file)
    touched = np.isin(names, [name for tie in sorted_ties(scenario.policy, sliders) for name in tie])
    desk_policy = _opened(job, sliders)

    def block(span: tuple[int, int]) -> _Block:
        return _decided(job, Desk(desk_policy, job.paid_before), span, touched)

    spans = [(first, min(first + BLOCK_DRAWS, draws)) for first in range(0, draws, BLOCK_DRAWS)]
    blocks = []
    with closing(threads(jobs).map(block, spans)) as made:
        for span, done in zip(spans, made, strict=True):
            blocks.append(done)
            if progress is not None:
                progress(span[1] - span[0])
    return _assembled(job, draws, sliders, fixed, blocks)


def _opened(job: Job, sliders: Sequence[Movable]) -> Any:
    """The policy with the sliders' caps per claim at the furthest end of a measure's: no setting looks beyond it."""
    caps, place = job.policy.caps.copy(), 0
    moved = {(one.measure, one.cap): one.most for one in sliders if one.of_claim}
    for name, measure in job.scenario.policy.measures.items():
        furthest = max((most for (of, _), most in moved.items() if of == name), default=0)
        for cap in measure.caps:
            caps["amount"][place] = furthest if (name, cap) in moved else caps["amount"][place]
            place += 1
    return job.policy._replace(caps=caps)


def _decided(job: Job, opened: Desk, span: tuple[int, int], touched: BoolArray) -> _Block:
    """Decide the draws of a block as the policy stands, and those of the sliders' ties up to step 4."""
    worker, found, outlays = worker_of(job), [], []
    years = job.scenario.plan.earned_years
    for at, sampled in job.sampled(span):
        claims, draws = sampled.claims, len(sampled.agencies)
        awards = worker.desk.decide(claims, no_levers(job.policy, draws, years))
        paid = worker.summing.sum(claims, awards)
        paid[:, 0] += span[0] + at
        outlays.append(paid)
        here = np.flatnonzero(touched[claims.rows["measure"]])
        starts = np.searchsorted(here, claims.firsts)
        some = Claims(claims.rows[here], claims.attributes[here], starts)
        before = opened.decide(some, no_levers(job.policy, draws, years))
        table = _table(job, some, before)
        table["award"] = awards.award[here]
        table["draw"] = span[0] + at + np.repeat(np.arange(draws), np.diff(starts))
        found.append(table[table["amount"] > 0])
    return _Block(np.concatenate(found), np.concatenate(outlays))


def _table(job: Job, claims: Claims, before: Awards) -> Records:
    """Claims as they meet the first slider; draw and award are for the caller."""
    rows = claims.rows
    table = np.zeros(len(rows), dtype=ROW)
    for name in ("measure", "agency", "matter", "earned", "decided"):
        table[name] = rows[name]
    outside = job.policy.measures["outside"][rows["measure"]] == 1
    left = before.gross - before.over_claim_cap - before.not_selected
    table["amount"] = np.where(outside, before.award, left)
    table["held"] = _held(job, claims)
    return table


def _held(job: Job, claims: Claims) -> IndexArray:
    """The instalments of each claim whose conditions hold, as bits."""
    policy, rows = job.policy, claims.rows
    held = np.zeros(len(rows), dtype=np.int64)
    for number in np.unique(rows["measure"]):
        measure = policy.measures[number]
        first = measure["instalment_first"]
        for place in range(first, measure["instalment_last"]):
            one = policy.instalments[place]
            ours = np.flatnonzero(rows["measure"] == number)
            if one["condition_first"] < one["condition_last"]:
                tests = (policy.conditions, one["condition_first"], one["condition_last"])
                bases, attributes = rows["base"], claims.attributes
                holds = [all_hold(*tests, bases[row], attributes, int(row)) == HOLDS for row in ours]
                ours = ours[np.array(holds, dtype=np.bool_)]
            held[ours] |= 1 << int(place - first)
    return held


def _assembled(
    job: Job, draws: int, sliders: Sequence[Movable], fixed: Sequence[Fixed], blocks: Sequence[_Block]
) -> PageData:
    """The page's data from those of its blocks."""
    scenario = job.scenario
    rows = np.concatenate([block.rows for block in blocks])
    rest = _exact(job, draws, np.concatenate([block.outlays for block in blocks]))
    groups = [_group(job, draws, sliders, tie, rows, rest) for tie in sorted_ties(scenario.policy, sliders)]
    first, last = job.layout.first_earned, _last_year(job, groups, rest)
    return PageData(
        origin=origin_of(scenario, seed=job.seed, draws=draws),
        scenario=scenario,
        years=tuple(range(first, first + last + 1)),
        sliders=tuple(sliders),
        fixed=tuple(fixed),
        groups=tuple(_until(group, last + 1) for group in groups),
        rest=np.ascontiguousarray(rest[:, : last + 1]),
    )


def _group(
    job: Job, draws: int, sliders: Sequence[Movable], names: tuple[str, ...], rows: Records, rest: FloatArray
) -> Group:
    """The chains of a tie; what it is paid as the policy stands is taken out of `rest`."""
    policy, layout = job.scenario.policy, job.layout
    all_names = list(policy.measures)
    tie = Tie(names, tuple(all_names.index(name) for name in names))
    own = of_tie(rows, tie)
    special = np.array(policy.special)
    kinds = make_kinds(job.policy, tie, own, special, (layout.first_earned, layout.paid))
    for place, kind in enumerate(kinds.kinds):
        ours = own[kinds.of_row == place]
        awarded = np.bincount(ours["draw"], ours["award"], draws)
        rest -= np.array(kind.weights)[:, :, None] * awarded
    return make_group(job.policy, tie, sliders, own, kinds, draws)


def _until(group: Group, years: int) -> Group:
    """A group without the paid years that are not shown."""
    pairs = (kind.weights for kind in group.kinds)
    cut = [(special[:years], whole[:years]) for special, whole in pairs]
    kinds = (kind._replace(weights=pair) for kind, pair in zip(group.kinds, cut, strict=True))
    return group._replace(kinds=tuple(kinds))


def _last_year(job: Job, groups: Sequence[Group], rest: FloatArray) -> int:
    """Place of the last paid year that is shown: something can be paid, or it is asked about."""
    first = job.layout.first_earned
    weights = [kind.weights for group in groups for kind in group.kinds]
    paid = np.abs(rest).max(axis=(0, 2), initial=0.0) > 0
    for pair in weights:
        paid |= np.array(pair).max(axis=0) > 0
    return max(
        int(np.flatnonzero(paid).max(initial=0)), job.scenario.plan.budget_year - first, job.layout.earned - 1
    )


def _exact(job: Job, draws: int, outlays: IndexArray) -> FloatArray:
    """What a run pays: float64[view, paid year, draw], the special fund's view first. Whole fen."""
    layout = job.layout
    paid = np.zeros((2, layout.paid, draws))
    cells = layout.cells(outlays[:, 1])
    year = cells["paid"].astype(np.int64) - layout.first_earned
    special = np.array(job.scenario.policy.special)[cells["fund"]]
    np.add.at(paid[1], (year, outlays[:, 0]), outlays[:, 2])
    np.add.at(paid[0], (year[special], outlays[special, 0]), outlays[special, 2])
    return paid
