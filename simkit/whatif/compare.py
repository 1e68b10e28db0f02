"""Compare a scenario with overlays laid on it: what a change costs, whether it is more than noise, who it moves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from simkit.awards.gains import GAINS, LOSES, STAYS
from simkit.base.arrays import FenArray
from simkit.documents.overlay import value_text
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.runs.result import budget_of
from simkit.scenario import Scenario
from simkit.sizing.estimate import attempt
from simkit.sizing.quantiles import exceedance, mean
from simkit.whatif.answers import names_of, origin_of
from simkit.whatif.certainty import known_between
from simkit.whatif.comparison import (
    Answer,
    Comparison,
    Headline,
    Line,
    Response,
    Shift,
    Side,
    Vote,
)
from simkit.whatif.evaluate import Evaluated, evaluate, keep_for
from simkit.whatif.kept.claims import KeptClaims, Progress
from simkit.whatif.kept.paid import FIELDS, Paid
from simkit.whatif.kept.winners import Winners
from simkit.whatif.lines import headline_between, line_between

__all__ = ["compare", "compare_kept"]


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
    kept = keep_for(scenario, changed, draws=draws, seed=seed, jobs=jobs, progress=progress)
    return tuple(compare_kept(kept, one, jobs=jobs, progress=progress) for one in changed)


def compare_kept(
    kept: KeptClaims, changed: Scenario, *, jobs: int | None = None, progress: Progress = None
) -> Comparison:
    """Compare a scenario whose claims are kept with a changed one."""
    scenario = kept.scenario
    found = evaluate(kept, changed, jobs=jobs, winners=True, progress=progress)
    winners = None if found.again is None else found.again.winners
    return Comparison(
        origin=origin_of(scenario, seed=kept.job.seed, draws=kept.draws, changed=[changed]),
        asked={"overlay": {one.path: str(one.after) for one in changed.changes}},
        name=changed.name.removeprefix(scenario.name).lstrip("+") or changed.name,
        names=names_of(scenario, changed),
        how="again" if found.again is None else "kept",
        measures=found.measures,
        changes=tuple(
            Shift(path=one.path, before=value_text(one.before), after=value_text(one.after))
            for one in changed.changes
        ),
        headline=_headline(found.before, found.after, found.measures),
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
            found = {name: attempt(partial(mean, sample)) for name, sample in column.items()}
            chance = exceedance(short.astype(np.float64), 0)
            yield Vote(
                side=side,
                fund=fund,
                year=year,
                mode=budget.mode,
                appropriation=int(budget.appropriation[fund][at]),
                due=float(column["due"].mean()),
                paid=float(column["paid"].mean()),
                paid_error=found["paid"].error,
                unpaid=float(column["unpaid"].mean()),
                unpaid_error=found["unpaid"].error,
                deferred=float(column["deferred_out"].mean()),
                deferred_error=found["deferred_out"].error,
                overrun=float(years.overrun[:, at].mean()),
                short=chance.value,
                short_low=chance.low,
                short_high=chance.high,
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
    answered = replace(changed, plan=changed.plan.model_copy(update={"claims": claims}))
    dynamic = evaluate(kept, answered, jobs=jobs, progress=progress)
    return Response(
        answers=answers,
        lines=tuple(_totals(static.before, dynamic.after, static.measures)),
        effect=tuple(_totals(static.after, dynamic.after, dynamic.measures)),
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


def _totals(before: Paid, after: Paid, names: Collection[str]) -> Iterator[Line]:
    """The special fund in the budget year and in all, then the whole policy."""
    year = before.scenario.plan.budget_year
    for special in (True, False):
        prefix = "special_" if special else ""
        for counted in (year, None):
            by, key = (f"{prefix}total", "") if counted is None else (f"{prefix}year", str(counted))
            old, new = (one.total(special=special, year=counted) for one in (before, after))
            known = known_between(before.scenario, after.scenario, names, special=special, year=counted)
            yield line_between(by, key, counted, old, new, certain=known)


def _headline(before: Paid, after: Paid, names: Collection[str]) -> Headline | None:
    plan = before.scenario.plan
    samples = [one.total(special=True, year=plan.budget_year) for one in (before, after)]
    known = known_between(
        before.scenario, after.scenario, names, special=True, year=plan.budget_year
    ).difference
    return headline_between(samples[0], samples[1], plan.confidence / 10_000, certain=known)


def _lines(before: Paid, after: Paid, names: Collection[str]) -> list[Line]:
    """Totals, years of both views, then measures, funds and departments in the budget year and in all."""
    year, first = before.scenario.plan.budget_year, before.scenario.plan.earned_years[0]
    years = range(first, max(before.last_year, after.last_year) + 1)
    found = []
    for special in (True, False):
        prefix = "special_" if special else ""
        old, new = before.by_year(years, special=special), after.by_year(years, special=special)
        for at, one in enumerate(years):
            known = known_between(before.scenario, after.scenario, names, special=special, year=one)
            found.append(line_between(f"{prefix}year", str(one), one, old[:, at], new[:, at], certain=known))
        known = known_between(before.scenario, after.scenario, names, special=special)
        sums = old.sum(axis=1), new.sum(axis=1)
        found.append(line_between(f"{prefix}total", "", None, *sums, certain=known))
    for field in FIELDS:
        for counted in (year, None):
            olds, news = before.by(field, year=counted), after.by(field, year=counted)
            nothing = np.zeros(before.draws, dtype=np.int64)
            for key in dict.fromkeys([*olds, *news]):
                if field == "measure" and key not in names:
                    continue
                old_one, new_one = olds.get(key, nothing), news.get(key, nothing)
                if old_one.any() or new_one.any():
                    known = known_between(
                        before.scenario, after.scenario, names, year=counted, only={field: key}
                    )
                    found.append(line_between(field, key, counted, old_one, new_one, certain=known))
    return found


def _sides(winners: Winners) -> list[Side]:
    """A row a line of business and size in which anybody is awarded anything."""
    found = []
    sizes = (False, True) if winners.size is not None else (None,)
    for place, line in enumerate([*winners.lines, ""]):
        for number, large in enumerate(sizes):
            agencies, fen = winners.agencies[:, place, number], winners.fen[:, place, number]
            if not agencies.any():
                continue
            columns: list[FenArray] = [agencies[:, kind].astype(np.int64) for kind in (GAINS, LOSES, STAYS)]
            columns += [fen[:, 0], fen[:, 1]]
            gain, lose, stay, gained, lost = (float(column.mean()) for column in columns)
            errors = [attempt(partial(mean, column)).error for column in columns]
            found.append(
                Side(
                    line=line,
                    large=large,
                    gain=gain,
                    gain_error=errors[0],
                    lose=lose,
                    lose_error=errors[1],
                    stay=stay,
                    gained=gained,
                    gained_error=errors[3],
                    lost=lost,
                    lost_error=errors[4],
                )
            )
    return found
