"""Claims kept, and decided again under a changed policy: only what the change can touch."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simkit.arrays import BoolArray, FenArray, IndexArray, Records
from simkit.awards import no_levers
from simkit.errors import InputError
from simkit.executors import Executor, threads
from simkit.outlays import Layout, Outlays
from simkit.policy.compile import Columns, claim_columns
from simkit.policy.types import Policy
from simkit.scenario import Scenario
from simkit.simulate import (
    BLOCK_DRAWS,
    DEFAULT_DRAWS,
    DEFAULT_SEED,
    Job,
    check_range,
    prepare,
    ties,
    worker_of,
)
from simkit.whatif.winners import PartAwards, Winners, count_winners

__all__ = [
    "Again",
    "KeptClaims",
    "Progress",
    "can_decide_again",
    "decide_again",
    "decide_measures",
    "decide_some",
    "draw_outlays",
    "join_parts",
    "keep_claims",
    "only_claims",
    "touched",
]

#: Parts of a policy that hold for every measure.
_FOR_ALL = ("document", "funds", "districts", "attributes")
#: Assumptions that claims are drawn from; the calendar stands in the blueprint, day by day.
_DRAWN_FROM = ("population", "claims", "factor")
_UNKNOWN = "claims to keep: expected measures of the policy ({known}), found {found}"
_MOVED = (
    "kept claims: expected a change of the rules that leaves the claims as they are (caps, rates, thresholds, "
    "payers, instalments, matters, a measure less, a shorter term), found one that moves the claims themselves: "
    "run the changed scenario with the same seed instead"
)
_NOT_KEPT = (
    "kept claims: expected a change that touches only measures whose claims are kept, found one that touches "
    "{measures}: keep theirs too"
)
_TIED = (
    "kept claims: expected measures that meet no others than before, on a matter or under a total cap, found a "
    "change that lets {measures} meet: run the changed scenario with the same seed instead"
)
_ALWAYS = np.iinfo(np.int32).min, np.iinfo(np.int32).max

Tie = frozenset[str]
Progress = Callable[[int], Any] | None


class _Part(NamedTuple):
    """Claims of one tie in one block of draws, in order of decision within a draw.

    Attributes
    ----------
    first : int
        The first draw.
    rows : CLAIM[claim], attributes : int64[claim, column], firsts : int64[draw + 1]
    award : int64[claim]
        What they are awarded as the policy is.
    """

    first: int
    rows: Records
    attributes: IndexArray
    firsts: IndexArray
    award: FenArray


@dataclass(frozen=True, slots=True, eq=False)
class KeptClaims:
    """Claims of all draws by tie: measures that meet on a matter or under a total cap, and only those, stand together.

    Attributes
    ----------
    job : Job
        Of the scenario whose claims they are.
    draws : int
    parts : dict of tie to its blocks of draws
        Of the measures whose claims were to be kept.
    outlays : dict of tie to Outlays
        What every measure pays as the policy is.
    """

    job: Job
    draws: int
    parts: dict[Tie, list[_Part]]
    outlays: dict[Tie, Outlays]

    @property
    def scenario(self) -> Scenario:
        """The scenario whose claims they are."""
        return self.job.scenario

    @property
    def blocks(self) -> int:
        """Number of blocks of draws."""
        return len(next(iter(self.parts.values()), []))

    @property
    def bytes(self) -> int:
        """Memory that they take."""
        parts = (part for blocks in self.parts.values() for part in blocks)
        claims = sum(array.nbytes for part in parts for array in part[1:])
        paid = sum(one.draw.nbytes + one.cell.nbytes + one.fen.nbytes for one in self.outlays.values())
        return int(claims + paid)

    def all_outlays(self) -> Outlays:
        """What the whole policy pays as it is."""
        return join_parts(list(self.outlays.values()), self.draws)


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """What the policy pays before a change and after it, on the same claims.

    Attributes
    ----------
    measures : tuple of str
        Touched, in the policy's order: those tied to a changed one too. The rest pays the same in both.
    before, after : Outlays
        Of the measures touched. Not in order of draws.
    rest : Outlays
        Of the others.
    winners : Winners or None
        Who gains and who loses; None where nobody asked.
    """

    measures: tuple[str, ...]
    before: Outlays
    after: Outlays
    rest: Outlays
    winners: Winners | None = None


def keep_claims(
    scenario: Scenario,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    measures: Collection[str] | None = None,
    jobs: int | None = None,
    progress: Progress = None,
) -> KeptClaims:
    """Draw claims and keep them: the same as those of a run with this scenario and seed.

    Parameters
    ----------
    measures : names, optional
        Those whose claims to keep, with what they are tied to; None: all. A claim takes 72 bytes and 8 an
        attribute. Of the others only what is paid is kept.
    jobs : int, optional
        Threads; None: one a core.
    progress : function, optional
        Called with the number of draws done since the last call.

    Raises
    ------
    InputError
        For an argument out of range, or a measure that the policy has not.
    """
    names = list(scenario.policy.measures)
    check_range("draws", draws, 1, 10_000_000)
    check_range("seed", seed, 0, 2**63 - 1)
    executor = _threads(jobs)
    unknown = [] if measures is None else sorted(set(measures) - set(names))
    if unknown:
        raise InputError(_UNKNOWN, known=", ".join(names), found=", ".join(unknown))
    job, tied = prepare(scenario, seed, columns=_columns(scenario)), ties(scenario.policy)
    kept = {tied[name] for name in names if measures is None or name in measures}
    all_ties = dict.fromkeys(tied[name] for name in names)
    members = {tie: np.array([name in tie for name in names]) for tie in all_ties}

    def drawn(span: tuple[int, int]) -> list[tuple[_Part | None, IndexArray]]:
        passes = [
            (sampled.rows.copy(), sampled.attributes.copy(), np.diff(sampled.firsts))
            for _, sampled in job.sampled(span)
        ]
        whole = _joined(span[0], passes)
        found = []
        for tie, member in members.items():
            part = _some(whole, member[whole.rows["measure"]])
            award, paid = _decide(job, part)
            found.append((part._replace(award=award) if tie in kept else None, paid))
        return found

    parts: dict[Tie, list[_Part]] = {tie: [] for tie in all_ties if tie in kept}
    paid: dict[Tie, list[IndexArray]] = {tie: [] for tie in all_ties}
    for block in executor.map(drawn, _spans(draws)):
        for tie, (part, rows) in zip(all_ties, block, strict=True):
            paid[tie].append(rows)
            if part is not None:
                parts[tie].append(part)
        if progress is not None:
            progress(min(BLOCK_DRAWS, draws))
    outlays = {tie: _outlays(rows, job.layout, draws) for tie, rows in paid.items()}
    return KeptClaims(job, draws, parts, outlays)


def draw_outlays(
    scenario: Scenario,
    *,
    draws: int,
    seed: int,
    measures: Collection[str] | None = None,
    jobs: int | None = None,
    progress: Progress = None,
) -> Outlays:
    """What measures pay in a run with this scenario and seed: nothing else is drawn.

    Parameters
    ----------
    measures : names, optional
        With all that they are tied to; None: all. The claims of the others are not drawn, which by law 3
        moves none of these.
    """
    if measures is not None:
        scenario = only_claims(scenario, measures)
    kept = keep_claims(scenario, draws=draws, seed=seed, measures=(), jobs=jobs, progress=progress)
    return kept.all_outlays()


def only_claims(scenario: Scenario, measures: Collection[str]) -> Scenario:
    """The scenario with the claims of some measures alone: by law 3 each draws the same claims as in the whole."""
    claims = {name: plan for name, plan in scenario.plan.claims.items() if name in measures}
    return _with(scenario, plan=scenario.plan.model_copy(update={"claims": claims}))


def _columns(scenario: Scenario) -> Columns:
    """What kept claims carry: all that the policy reads, last the size of the agency, where there is one."""
    size = scenario.plan.population.size
    return {
        name: (*own, (size, 0)) if size is not None and (size, 0) not in own else own
        for name, own in claim_columns(scenario.policy).items()
    }


def _spans(draws: int) -> list[tuple[int, int]]:
    return [(first, min(first + BLOCK_DRAWS, draws)) for first in range(0, draws, BLOCK_DRAWS)]


def _joined(first: int, passes: list[tuple[Records, IndexArray, IndexArray]]) -> _Part:
    rows, attributes, counts = (np.concatenate(column) for column in zip(*passes, strict=True))
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return _Part(first, rows, attributes, firsts, np.zeros(0, dtype=np.int64))


def _some(part: _Part, which: BoolArray) -> _Part:
    """Some of the claims of a part."""
    here = np.flatnonzero(which)
    firsts = np.searchsorted(here, part.firsts).astype(np.int64)
    award = part.award[here] if len(part.award) else part.award
    return _Part(part.first, part.rows[here], part.attributes[here], firsts, award)


def _threads(jobs: int | None) -> Executor:
    if jobs is not None:
        check_range("jobs", jobs, 1, 1_024)
    return threads(jobs)


def _decide(job: Job, part: _Part) -> tuple[FenArray, IndexArray]:
    """What a part's claims are awarded, and its outlays (draw, number of the cell, fen)."""
    worker, firsts = worker_of(job), part.firsts
    levers = no_levers(job.policy, len(firsts) - 1, job.scenario.plan.earned_years)
    awards = worker.desk.decide(part.rows, part.attributes, firsts, levers)
    rows = worker.summing.sum(part.rows, part.attributes, firsts, awards)
    rows[:, 0] += part.first
    return awards.award.copy(), rows


def _outlays(parts: Sequence[IndexArray], layout: Layout, draws: int) -> Outlays:
    """Outlays from rows (draw, number of the cell, fen)."""
    rows = np.concatenate(parts) if parts else np.zeros((0, 3), dtype=np.int64)
    # Few cells of the many that there could be: a table of all is quicker than sorting the rows.
    held = np.zeros(layout.size, dtype=np.bool_)
    held[rows[:, 1]] = True
    known = np.flatnonzero(held)
    number = np.zeros(layout.size, dtype=np.int32)
    number[known] = np.arange(len(known), dtype=np.int32)
    return Outlays(
        draws=draws,
        draw=rows[:, 0].astype(np.int32),
        cell=number[rows[:, 1]],
        fen=np.ascontiguousarray(rows[:, 2]),
        cells=layout.cells(known),
    )


def join_parts(parts: Sequence[Outlays], draws: int) -> Outlays:
    """Outlays of measures apart as those of all of them; by part, not in order of draws."""
    if not parts:
        raise InputError(_UNKNOWN, known="-", found="-")
    begins = np.cumsum([0, *(len(part.cells) for part in parts)])
    return Outlays(
        draws=draws,
        draw=np.concatenate([part.draw for part in parts]),
        cell=np.concatenate([part.cell + np.int32(at) for part, at in zip(parts, begins[:-1], strict=True)]),
        fen=np.concatenate([part.fen for part in parts]),
        cells=np.concatenate([part.cells for part in parts]),
    )


def touched(before: Policy, after: Policy) -> tuple[str, ...]:
    """The measures whose awards can differ: those changed, and what they are tied to in either policy.

    A change of what holds for every measure (the term, the funds) touches all. Both policies have the same
    measures.
    """
    changed = {name for name in before.measures if before.measures[name] != after.measures[name]}
    if any(getattr(before, part) != getattr(after, part) for part in _FOR_ALL):
        changed = set(before.measures)
    for part, members in (("matters", "members"), ("total_caps", "measures")):
        old, new = getattr(before, part), getattr(after, part)
        for name in {*old, *new}:
            if old.get(name) != new.get(name):
                changed.update(*(getattr(policy[name], members) for policy in (old, new) if name in policy))
    # What only the policy after it ties is tied by a matter or total cap that changed, with all its members.
    tied = ties(before)
    reach = frozenset[str]().union(*(tied[name] for name in changed))
    return tuple(name for name in before.measures if name in reach)


def decide_again(
    kept: KeptClaims, changed: Scenario, *, jobs: int | None = None, winners: bool = False
) -> Again:
    """Decide the kept claims under another policy, of the measures that the change can touch.

    Parameters
    ----------
    winners : bool
        Whether to count who gains and who loses.

    Raises
    ------
    InputError
        Where the change moves the claims themselves (they would have to be drawn again), touches measures that
        were not kept, or lets measures meet that did not.
    """
    old, executor = kept.job, _threads(jobs)
    job = _same_claims(old, changed)
    if job is None:
        raise InputError(_MOVED)
    names, tied = touched(old.scenario.policy, changed.policy), ties(old.scenario.policy)
    lost = [name for name in names if tied[name] not in kept.parts]
    if lost:
        raise InputError(_NOT_KEPT, measures=", ".join(lost))
    tied_now = ties(changed.policy)
    meeting = [name for name in names if not tied_now[name] <= tied[name]]
    if meeting:
        raise InputError(_TIED, measures=", ".join(meeting))
    wanted = list(dict.fromkeys(tied[name] for name in names))
    since, until = _windows(old, job)

    def block(number: int) -> tuple[list[IndexArray], PartAwards | None]:
        paid, awards = [], []
        for tie in wanted:
            part = kept.parts[tie][number]
            inside = _inside(part, since, until)
            award, rows = _decide(job, part if inside is None else _some(part, inside))
            paid.append(rows)
            if winners:
                after = award if inside is None else _put(award, inside)
                awards.append((part.rows, part.attributes, part.firsts, part.award, after))
        return paid, count_winners(old, awards) if winners else None

    parts, counted = [], []
    for paid, won in executor.map(block, range(kept.blocks if wanted else 0)):
        parts += paid
        counted += [] if won is None else [won]
    others = [paid for tie, paid in kept.outlays.items() if tie not in wanted]
    nothing = _outlays([], job.layout, kept.draws)
    return Again(
        measures=names,
        before=join_parts([kept.outlays[tie] for tie in wanted] or [nothing], kept.draws),
        after=_outlays(parts, job.layout, kept.draws),
        rest=join_parts(others or [nothing], kept.draws),
        winners=Winners.of(old.scenario, counted) if winners else None,
    )


def decide_measures(
    kept: KeptClaims, changed: Scenario, measures: Collection[str], *, jobs: int | None = None
) -> Outlays | None:
    """What some measures, with all that they are tied to, pay on the kept claims under another policy.

    Whatever else a change does to other measures and their claims moves none of these, by law 3.

    Returns
    -------
    Outlays or None
        None where the claims of these measures would be drawn otherwise, were not kept, or meet others.
    """
    old, executor = kept.job, _threads(jobs)
    tied, tied_now = ties(old.scenario.policy), ties(changed.policy)
    wanted = list(dict.fromkeys(tied[name] for name in measures))
    names = frozenset[str]().union(*wanted)
    if any(tie not in kept.parts for tie in wanted) or any(not tied_now[name] <= names for name in names):
        return None
    # Only what draws these claims is compared: the others' laws take time.
    before = prepare(only_claims(old.scenario, names), old.seed, columns=old.columns)
    job = _same_claims(before, only_claims(_changed_only_in(old.scenario, changed, names), names))
    if job is None:
        return None
    since, until = _windows(before, job)
    # The rules refuse what is earned after the term, but never what others pay: only that has to be left out.
    others = {name for name, measure in changed.policy.measures.items() if measure.outside}
    same_years = before.scenario.plan.earned_years == changed.plan.earned_years

    def block(number: int) -> list[IndexArray]:
        found = []
        for tie in wanted:
            part = kept.parts[tie][number]
            inside = None if same_years and not tie & others else _inside(part, since, until)
            found.append(_decide(job, part if inside is None else _some(part, inside))[1])
        return found

    rows = [one for found in executor.map(block, range(kept.blocks)) for one in found]
    return _outlays(rows, job.layout, kept.draws)


def _changed_only_in(before: Scenario, after: Scenario, names: Collection[str]) -> Scenario:
    """The changed scenario with the other measures as before."""
    measures = {
        name: after.policy.measures[name] if name in names else measure
        for name, measure in before.policy.measures.items()
        if name in after.policy.measures
    }
    return _with(after, policy=after.policy.model_copy(update={"measures": measures}))


def decide_some(kept: KeptClaims, tie: Tie, block: int, counted: BoolArray) -> IndexArray:
    """What a tie pays in a block of draws where only some measures claim, as if the others were not there.

    Parameters
    ----------
    counted : bool[draw, measure]
        By draw of the block, for all measures of the policy: whose claims count.

    Returns
    -------
    int64[row, 3]
        Draw, number of the cell in the job's layout, fen.
    """
    part = kept.parts[tie][block]
    draw = np.repeat(np.arange(len(part.firsts) - 1), np.diff(part.firsts))
    return _decide(kept.job, _some(part, counted[draw, part.rows["measure"]]))[1]


def can_decide_again(scenario: Scenario, changed: Scenario) -> bool:
    """Whether a change leaves the claims as they are, and lets no measures meet that did not."""
    if _same_claims(prepare(scenario, 0, columns=_columns(scenario)), changed) is None:
        return False
    before, after = ties(scenario.policy), ties(changed.policy)
    return all(after[name] <= before[name] for name in touched(scenario.policy, changed.policy))


def _put(values: FenArray, where: BoolArray) -> FenArray:
    """Values of some rows, 0 in the others."""
    whole = np.zeros(len(where), dtype=np.int64)
    whole[where] = values
    return whole


def _same_claims(old: Job, changed: Scenario) -> Job | None:
    """The job that decides the same claims under a changed policy; None where claims would be drawn otherwise.

    Claims of a measure that is there no more, or after a term that ends earlier, are left out; claims of a
    longer term were never drawn.
    """
    before, after = old.scenario, changed
    if list(before.policy.measures) != list(after.policy.measures):
        return None
    if any(
        getattr(before.policy, part) != getattr(after.policy, part) for part in ("attributes", "districts")
    ):
        return None
    if any(getattr(before.plan, part) != getattr(after.plan, part) for part in _DRAWN_FROM):
        return None
    if before.digests.get("roster") != after.digests.get("roster") or not _carried(old, after):
        return None
    # As if nothing had ended: the claims that the kept ones are taken from.
    whole = prepare(_with_terms_of(before, after), old.seed, columns=old.columns)
    if not all(np.array_equal(one, other) for one, other in zip(old.plan, whole.plan, strict=True)):
        return None
    job = prepare(after, old.seed, columns=old.columns)
    since, until = _window_of(job)
    since_before, until_before = _window_of(old)
    there = since <= until
    return job if (since == since_before)[there].all() and (until <= until_before)[there].all() else None


def _carried(old: Job, changed: Scenario) -> bool:
    """Whether the kept claims carry all that the changed policy reads, what total caps read in the same columns."""
    shared = {(cap.of, cap.year) for cap in changed.policy.total_caps.values() if cap.of is not None}
    known = {(cap.of, cap.year) for cap in old.scenario.policy.total_caps.values() if cap.of is not None}
    asked = claim_columns(changed.policy)
    return shared <= known and all(set(asked[name]) <= set(old.columns[name]) for name in asked)


def _with_terms_of(before: Scenario, after: Scenario) -> Scenario:
    """The changed scenario with the terms, the legal status and the earned years of before."""
    old, new = before.policy, after.policy
    measures = {
        name: measure.model_copy(
            update={"in_force": old.measures[name].in_force, "status": old.measures[name].status}
        )
        for name, measure in new.measures.items()
    }
    document = new.document.model_copy(update={"in_force": old.document.in_force})
    policy = new.model_copy(update={"measures": measures, "document": document})
    plan = after.plan.model_copy(update={"earned_years": before.plan.earned_years})
    return _with(after, policy=policy, plan=plan)


def _with(scenario: Scenario, **parts: Any) -> Scenario:
    """The scenario with other parts."""
    return Scenario(**({name: getattr(scenario, name) for name in Scenario.__slots__} | parts))


def _window_of(job: Job) -> tuple[IndexArray, IndexArray]:
    """First and last day on which claims of each measure are earned; the other way round for one without claims.

    What others pay beside a measure's claims comes with them.
    """
    count = len(job.policy.measures)
    since, until = np.full(count, 1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    plans, names = job.plan.plans, list(job.scenario.policy.measures)
    since[plans["measure"]], until[plans["measure"]] = plans["since"], plans["until"]
    for name, plan in job.scenario.plan.claims.items():
        if plan.companion is not None:
            host = names.index(plan.companion.of)
            since[names.index(name)], until[names.index(name)] = since[host], until[host]
    return since, until


def _windows(old: Job, new: Job) -> tuple[IndexArray, IndexArray]:
    """Where a measure's claims count under the new policy; always where nothing ended."""
    since, until = _window_of(new)
    before = _window_of(old)
    same = (since == before[0]) & (until == before[1])
    return np.where(same, _ALWAYS[0], since), np.where(same, _ALWAYS[1], until)


def _inside(part: _Part, since: IndexArray, until: IndexArray) -> BoolArray | None:
    """Claims that still count; None: all."""
    measure, earned = part.rows["measure"], part.rows["earned"]
    inside = (earned >= since[measure]) & (earned <= until[measure])
    return None if inside.all() else np.asarray(inside)
