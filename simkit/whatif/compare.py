"""Compare a scenario with overlays laid on it: what a change costs, whether it is more than noise, who it moves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simkit.arrays import FenArray
from simkit.errors import TooFewDrawsError
from simkit.outlays import Outlays
from simkit.result import budget_of
from simkit.scenario import Scenario
from simkit.simulate import DEFAULT_DRAWS, DEFAULT_SEED, ties
from simkit.sizing.compare import paired, quantile_shift
from simkit.sizing.quantiles import mean, quantile
from simkit.whatif.again import Again, can_decide_again, decide_again, drawn_from, touched
from simkit.whatif.answers import Origin, names_of, origin_of
from simkit.whatif.claims import KeptClaims, Progress, draw_outlays, keep_claims, with_parts
from simkit.whatif.paid import FIELDS, Paid
from simkit.whatif.winners import GAINS, LOSES, STAYS, Winners

__all__ = [
    "Answer",
    "Comparison",
    "Evaluated",
    "Headline",
    "How",
    "Line",
    "Response",
    "Shift",
    "Side",
    "Vote",
    "compare",
    "compare_kept",
    "evaluate",
    "headline_between",
    "line_between",
    "moved",
]

#: How a change was evaluated: on the same claims, or with the same luck drawn again.
How = Literal["kept", "again"]
#: Parts of a plan that move the claims of all measures.
_FOR_ALL = ("population", "factor", "calendar", "earned_years")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A path that an overlay changes, as texts."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Money before and after a change. Fen.

    Attributes
    ----------
    by : str
        `year`, `special_year`, `measure`, `fund`, `department`; `total`, `special_total` for all years.
    key : str
        Which year, measure, fund or department.
    year : int or None
        The paid year that is counted; None: all.
    before, after, difference : float
        Means; their standard errors beside them.
    low, high : float
        95 % interval of the difference.
    costs_more, costs_less : float
        Shares of the draws.
    distinct : bool
        Whether the difference is more than noise.
    needs : int or None
        Draws that would show it with 90 % probability; None where it shows, or is zero in every draw.
    variance_ratio : float or None
        What the shared luck saves: variance of the difference of fresh draws over that of these.
    """

    by: str
    key: str
    year: int | None
    before: float
    before_error: float
    after: float
    after_error: float
    difference: float
    difference_error: float
    low: float
    high: float
    costs_more: float
    costs_less: float
    distinct: bool
    needs: int | None
    variance_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The fund's need in the budget year at the scenario's confidence, before and after. Fen."""

    before: float
    before_low: float
    before_high: float
    after: float
    after_low: float
    after_high: float
    difference: float
    difference_error: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Agencies of one line of business and size that gain, lose or stay: means by draw, over all years.

    `line` is empty for parks, buildings and the like; `large` None where the scenario has no size. Fen.
    """

    line: str
    large: bool | None
    gain: float
    gain_error: float
    lose: float
    lose_error: float
    stay: float
    gained: float
    gained_error: float
    lost: float
    lost_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A fund with an appropriation, in one year: means over draws with their standard errors. Fen.

    Attributes
    ----------
    side : `before` or `after`
    mode : str
        What happens when money is short.
    due : float
        New money that falls due.
    paid, paid_error : float
    unpaid, unpaid_error : float
        Extinguished for lack of money.
    deferred, deferred_error : float
        Owed to the next year; in the last year the liability at the horizon.
    overrun : float
        Paid beyond all money.
    short, short_error : float
        Share of the draws in which the money is not enough.
    """

    side: str
    fund: str
    year: int
    mode: str
    appropriation: int
    due: float
    paid: float
    paid_error: float
    unpaid: float
    unpaid_error: float
    deferred: float
    deferred_error: float
    overrun: float
    short: float
    short_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the take-up of one measure answers a change.

    Attributes
    ----------
    elasticity : float
        As the scenario assumes it.
    generosity : float
        Mean award of a claim after the change over that before, on the same claims.
    factor : float
        On the take-up.
    """

    measure: str
    elasticity: float
    generosity: float
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a change costs when take-up answers it (dynamic), beside what it costs when it does not (static).

    `lines` compare the scenario as it stands with the change and its answer; `effect` the change without and with it.
    """

    answers: tuple[Answer, ...]
    lines: tuple[Line, ...]
    effect: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What an overlay does to a scenario.

    Attributes
    ----------
    origin : Origin
    asked : dict
        What was asked, for the name of the file.
    name : str
        Of the overlay.
    names : dict of str to (str, str)
        Chinese and English names of measures and funds.
    how : `kept` or `again`
        On the same claims; or at the same addresses drawn again, compared by totals.
    measures : tuple of str
        Those that the change can touch.
    changes : tuple of Shift
    headline : Headline or None
        None where too few draws carry the quantile.
    lines : tuple of Line
    sides : tuple of Side or None
        None unless the claims are the same.
    votes : tuple of Vote
        Where the scenario has appropriations, before or after.
    response : Response or None
        None where no elasticity is assumed of a measure that is changed; all else is static.
    """

    origin: Origin
    asked: dict[str, Any]
    name: str
    names: dict[str, tuple[str, str]]
    how: How
    measures: tuple[str, ...]
    changes: tuple[Shift, ...]
    headline: Headline | None
    lines: tuple[Line, ...]
    sides: tuple[Side, ...] | None
    votes: tuple[Vote, ...]
    response: Response | None

    def line(self, by: str, key: str = "", year: int | None = None) -> Line:
        """One of the lines.

        Raises
        ------
        KeyError
            Where there is none.
        """
        for one in self.lines:
            if (one.by, one.key, one.year) == (by, key, year):
                return one
        raise KeyError((by, key, year))


def compare(
    scenario: Scenario,
    changed: Sequence[Scenario],
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Progress = None,
) -> tuple[Comparison, ...]:
    """Compare a scenario with changed ones, draw by draw on the same luck.

    A change that leaves the claims as they are is decided on the same claims; any other is drawn again at the
    same addresses, of the measures that it can move.

    Parameters
    ----------
    changed : scenarios
        The same with overlays laid on.
    progress : function, optional
        Called with the number of draws done since the last call: `draws`, and as many for each change that is
        drawn again.

    Raises
    ------
    InputError
        For an argument out of range.
    """
    again = [not can_decide_again(scenario, one) for one in changed]
    policy = scenario.policy
    asked = {
        name
        for one, anew in zip(changed, again, strict=True)
        if not anew
        for name in touched(policy, one.policy)
    }
    kept = keep_claims(scenario, draws=draws, seed=seed, measures=asked, jobs=jobs, progress=progress)
    return tuple(compare_kept(kept, one, jobs=jobs, progress=progress) for one in changed)


def compare_kept(
    kept: KeptClaims, changed: Scenario, *, jobs: int | None = None, progress: Progress = None
) -> Comparison:
    """Compare a scenario whose claims are kept with a changed one."""
    scenario = kept.scenario
    found = evaluate(kept, changed, jobs=jobs, winners=True, progress=progress)
    winners = None if found.again is None else found.again.winners
    return Comparison(
        origin=origin_of(scenario, seed=kept.job.seed, draws=kept.draws),
        asked={"overlay": {one.path: str(one.after) for one in changed.changes}},
        name=changed.name.removeprefix(scenario.name).lstrip("+") or changed.name,
        names=names_of(scenario, changed),
        how="again" if found.again is None else "kept",
        measures=found.measures,
        changes=tuple(
            Shift(path=one.path, before=_shown(one.before), after=_shown(one.after))
            for one in changed.changes
        ),
        headline=_headline(found.before, found.after),
        lines=tuple(_lines(found.before, found.after, found.measures)),
        sides=None if winners is None else tuple(_sides(winners)),
        votes=(*_votes("before", found.before), *_votes("after", found.after)),
        response=_response(kept, changed, found, jobs, progress),
    )


def _votes(side: str, paid: Paid) -> Iterator[Vote]:
    """What appropriations do to the money that falls due."""
    if paid.scenario.plan.appropriations is None:
        return
    budget = budget_of(paid.scenario, paid.in_order())
    if budget is None:
        return
    for fund, years in budget.funds.items():
        for at, year in enumerate(budget.years):
            column = {name: getattr(years, name)[:, at] for name in ("due", "paid", "unpaid", "deferred_out")}
            short = (years.unpaid[:, at] + years.deferred_out[:, at] + years.overrun[:, at]) > 0
            found = {name: mean(sample) for name, sample in column.items()}
            chance = mean(short.astype(np.float64))
            yield Vote(
                side=side,
                fund=fund,
                year=year,
                mode=budget.mode,
                appropriation=int(budget.appropriation[fund][at]),
                due=found["due"].value,
                paid=found["paid"].value,
                paid_error=found["paid"].standard_error,
                unpaid=found["unpaid"].value,
                unpaid_error=found["unpaid"].standard_error,
                deferred=found["deferred_out"].value,
                deferred_error=found["deferred_out"].standard_error,
                overrun=float(years.overrun[:, at].mean()),
                short=chance.value,
                short_error=chance.standard_error,
            )


def _response(
    kept: KeptClaims, changed: Scenario, static: Evaluated, jobs: int | None, progress: Progress
) -> Response | None:
    """The change once more, with the take-up that its generosity brings; drawn again at the same addresses."""
    answers = _answers(changed, static)
    if not answers:
        return None
    claims = dict(changed.plan.claims)
    for one in answers:
        plan = claims[one.measure]
        claims[one.measure] = plan.model_copy(update={"take_up_factor": plan.take_up_factor * one.factor})
    answered = with_parts(changed, plan=changed.plan.model_copy(update={"claims": claims}))
    dynamic = evaluate(kept, answered, jobs=jobs, progress=progress)
    return Response(
        answers=answers,
        lines=tuple(_totals(static.before, dynamic.after)),
        effect=tuple(_totals(static.after, dynamic.after)),
    )


def _answers(changed: Scenario, static: Evaluated) -> tuple[Answer, ...]:
    """Measures with an elasticity whose claims are awarded more or less on average.

    On the same claims the ratio of what a measure is awarded is that of the mean award of a claim filed.
    """
    if static.again is None:
        return ()
    before, after = static.before.by("measure"), static.after.by("measure")
    found = []
    for name in static.measures:
        plan = changed.plan.claims.get(name)
        elasticity = 0.0 if plan is None or plan.elasticity is None else plan.elasticity.value.mean()
        old, new = float(before[name].mean()), float(after[name].mean())
        if elasticity and old > 0 and new != old:
            ratio = new / old
            found.append(
                Answer(measure=name, elasticity=elasticity, generosity=ratio, factor=ratio**elasticity)
            )
    return tuple(found)


def _totals(before: Paid, after: Paid) -> Iterator[Line]:
    """The special fund in the budget year and in all, then the whole policy."""
    year = before.scenario.plan.budget_year
    for special in (True, False):
        prefix = "special_" if special else ""
        for counted in (year, None):
            by, key = (f"{prefix}total", "") if counted is None else (f"{prefix}year", str(counted))
            old, new = (one.total(special=special, year=counted) for one in (before, after))
            yield line_between(by, key, counted, old, new)


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """What a scenario pays before a change and after it.

    Attributes
    ----------
    measures : tuple of str
        Those that the change can move.
    before, after : Paid
    again : Again or None
        None where the claims were drawn again.
    """

    measures: tuple[str, ...]
    before: Paid
    after: Paid
    again: Again | None


def evaluate(
    kept: KeptClaims,
    changed: Scenario,
    *,
    jobs: int | None = None,
    winners: bool = False,
    also: Collection[str] = (),
    progress: Progress = None,
) -> Evaluated:
    """What a changed scenario pays: decided on the kept claims where they stay, else drawn again.

    `also`: measures to decide in any case, for what their caps do.
    """
    scenario = kept.scenario
    if can_decide_again(scenario, changed):
        found = decide_again(kept, changed, jobs=jobs, winners=winners, also=also)
        before, after = (found.before, found.rest), (found.after, found.rest)
        return Evaluated(found.measures, Paid(scenario, before), Paid(changed, after), found)
    names = moved(scenario, changed)
    old, new = _drawn_again(kept, changed, names, jobs, progress)
    return Evaluated(names, Paid(scenario, old), Paid(changed, new), None)


def _shown(value: Any) -> str:
    return "—" if value is None else str(value)


def moved(before: Scenario, after: Scenario) -> tuple[str, ...]:
    """The measures whose money a change can move when claims are drawn again, in the policy's order."""
    old, new = before.plan, after.plan
    every = tuple(dict.fromkeys([*before.policy.measures, *after.policy.measures]))
    if any(getattr(old, part) != getattr(new, part) for part in _FOR_ALL) or list(
        before.policy.measures
    ) != list(after.policy.measures):
        return every
    changed = set(touched(before.policy, after.policy))
    olds, news = drawn_from(old), drawn_from(new)
    for name in {*olds, *news}:
        if olds.get(name) != news.get(name):
            changed.add(name)
            companions = [plan.companion for plan in (old.claims.get(name), new.claims.get(name)) if plan]
            changed.update(one.of for one in companions if one is not None)
    reach = set(changed)
    for policy in (before.policy, after.policy):
        tied = ties(policy)
        reach |= set().union(*(tied[name] for name in changed))
    # What others pay beside a measure's claims is drawn with them.
    for name, plan in new.claims.items():
        if plan.companion is not None and plan.companion.of in reach:
            reach.add(name)
    return tuple(name for name in every if name in reach)


def _drawn_again(
    kept: KeptClaims,
    changed: Scenario,
    names: Collection[str],
    jobs: int | None,
    progress: Progress,
) -> tuple[tuple[Outlays, ...], tuple[Outlays, ...]]:
    """Outlays before and after; the measures that nothing moves are the same objects in both."""
    inside = [paid for tie, paid in kept.outlays.items() if tie & set(names)]
    rest = tuple(paid for tie, paid in kept.outlays.items() if not tie & set(names))
    again = draw_outlays(
        changed, draws=kept.draws, seed=kept.job.seed, measures=names, jobs=jobs, progress=progress
    )
    return (*inside, *rest), (again, *rest)


def _headline(before: Paid, after: Paid) -> Headline | None:
    plan = before.scenario.plan
    samples = [one.total(special=True, year=plan.budget_year) for one in (before, after)]
    return headline_between(samples[0], samples[1], plan.confidence / 10_000)


def headline_between(before: FenArray, after: FenArray, level: float) -> Headline | None:
    """The quantiles of two samples of the same luck; None where too few draws carry them."""
    try:
        old, new, gap = quantile(before, level), quantile(after, level), quantile_shift(before, after, level)
    except TooFewDrawsError:
        return None
    return Headline(
        before=old.value,
        before_low=old.low,
        before_high=old.high,
        after=new.value,
        after_low=new.low,
        after_high=new.high,
        difference=gap.value,
        difference_error=gap.standard_error,
        low=gap.low,
        high=gap.high,
    )


def _lines(before: Paid, after: Paid, names: Collection[str]) -> list[Line]:
    """Totals, years of both views, then measures, funds and departments in the budget year and in all."""
    year, first = before.scenario.plan.budget_year, before.scenario.plan.earned_years[0]
    years = range(first, max(before.last_year, after.last_year) + 1)
    found = []
    for special in (True, False):
        prefix = "special_" if special else ""
        old, new = before.by_year(years, special=special), after.by_year(years, special=special)
        found += [
            line_between(f"{prefix}year", str(one), one, old[:, at], new[:, at])
            for at, one in enumerate(years)
        ]
        found.append(line_between(f"{prefix}total", "", None, old.sum(axis=1), new.sum(axis=1)))
    for field in FIELDS:
        for counted in (year, None):
            olds, news = before.by(field, year=counted), after.by(field, year=counted)
            nothing = np.zeros(before.draws, dtype=np.int64)
            for key in dict.fromkeys([*olds, *news]):
                if field == "measure" and key not in names:
                    continue
                old_one, new_one = olds.get(key, nothing), news.get(key, nothing)
                if old_one.any() or new_one.any():
                    found.append(line_between(field, key, counted, old_one, new_one))
    return found


def line_between(by: str, key: str, year: int | None, before: FenArray, after: FenArray) -> Line:
    """Two samples of the same luck as a line."""
    old, new, gap = mean(before), mean(after), paired(before, after)
    return Line(
        by=by,
        key=key,
        year=year,
        before=old.value,
        before_error=old.standard_error,
        after=new.value,
        after_error=new.standard_error,
        difference=gap.difference.value,
        difference_error=gap.difference.standard_error,
        low=gap.difference.low,
        high=gap.difference.high,
        costs_more=gap.costs_more.value,
        costs_less=gap.costs_less.value,
        distinct=gap.distinct,
        needs=gap.needs,
        variance_ratio=gap.variance_ratio,
    )


def _sides(winners: Winners) -> list[Side]:
    """A row a line of business and size in which anybody is awarded anything."""
    found = []
    sizes = (False, True) if winners.size is not None else (None,)
    for place, line in enumerate([*winners.lines, ""]):
        for number, large in enumerate(sizes):
            agencies, fen = winners.agencies[:, place, number], winners.fen[:, place, number]
            if not agencies.any():
                continue
            gain, lose, stay = (mean(agencies[:, kind].astype(np.float64)) for kind in (GAINS, LOSES, STAYS))
            gained, lost = mean(fen[:, 0]), mean(fen[:, 1])
            found.append(
                Side(
                    line=line,
                    large=large,
                    gain=gain.value,
                    gain_error=gain.standard_error,
                    lose=lose.value,
                    lose_error=lose.standard_error,
                    stay=stay.value,
                    gained=gained.value,
                    gained_error=gained.standard_error,
                    lost=lost.value,
                    lost_error=lost.standard_error,
                )
            )
    return found
