"""The baseline's totals by the strongest shortcut in NumPy that we know: agencies are counted, not looked at.

One process, one thread, nothing compiled for it. Agencies of a line of business are alike, so they are counted by
draw, line and year, and those that file by binomial and Poisson laws; an agency gets an identity where a rule asks
for it (caps, first time, once, same matter, holders of a status), a claim the figures that its award and its paid
year need. Each of these shortcuts holds for the baseline's rules only. Draws are stacked in batches; all random numbers
come from one SFC64 stream. `numpy_reference.py` is the model written down directly.

The law of what it gives (money paid by year in both views and by measure, claims by draw) is simkit's, but for:

- the day on which an agency enters or leaves is drawn anew for each measure: measures are tied by whether an agency is
  there in a year, not by the day on which it came or went;
- laws without tails (fee rate, distance) are tables of 2,048 quantiles.

An attribute that decides nothing but whether a claim passes a condition is drawn as passed or not, with the exact
chance; so is whether a claim is paid in the next year, where its day serves nothing else.

What it leaves out, and simkit gives: claims decided one by one, what each step took and why, money by earned year,
fund, district and quarter, refusals, agencies awarded, what each cap took and is worth, the same luck for every
what-if, any rule but the baseline's.

    python -m benchmarks.numpy_counts [--draws 10000] [--seed 1]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.numpy_common import (
    COMPANIONS,
    QUANTILES,
    RANKS,
    RULES,
    Array,
    Figures,
    Reference,
    first_of,
    main,
)
from simkit.scenario import Scenario

__all__ = ["simulate"]

#: Draws whose claims are drawn together.
BATCH = 256
#: Rare events of agencies.
RARE = ("practice_base", "top10_list", "digital", "headquarters", "recommended_list", "standards")
FREQUENT = ("headhunting", "students", "supplied_employees", "recruiting_trips")
_ABSENT, _STAYS, _LEAVES, _ENTERS = range(4)
_FAR = 1e12
#: Claims of one agency and year beyond which no count goes.
_MOST = 2_000


def simulate(scenario: Scenario, draws: int, seed: int) -> Reference:
    """Simulate the baseline.

    Raises
    ------
    ValueError
        When the scenario is not the baseline that this is written for.
    """
    figures = _Figures(scenario)
    rng = np.random.Generator(np.random.SFC64(seed))
    sums = _Sums(figures, draws)
    for first, drawn in figures.batches(rng, draws, BATCH):
        _Batch(figures, drawn, rng, sums, first).simulate()
    return sums.reference()


class _Figures(Figures):
    """What no draw changes: besides, kinds of agencies, chances and tables of quantiles."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        # Chance that a claim earned on any day of the year in the term is paid in the next one.
        delays = np.arange(self.wait, self.longest + 1) + self.review
        self.late = np.array(
            [
                (np.arange(begin, begin + days)[:, None] + delays > last).mean() if days else 0.0
                for begin, days, last in zip(self.low, self.width, self.last_round, strict=True)
            ]
        )
        self._kinds()
        self._headhunting()

    def _kinds(self) -> None:
        """Groups of lines by weight; kinds of agencies by year of entry and of leaving."""
        years = len(self.years)
        self.groups = {}
        for name in FREQUENT:
            different = np.unique(self.weights[name][self.weights[name] > 0])
            self.groups[name] = different, (self.weights[name][:, None] == different).astype(np.float64)
        self.rare_weights = np.stack([self.weights[name] for name in RARE])
        # (cohort, year of leaving): cohort 0 is there at the start, the others enter in year cohort - 1.
        self.kinds = [
            (cohort, leaving) for cohort in range(years + 1) for leaving in range(cohort, years + 1)
        ]
        state = np.empty((years, len(self.kinds)), dtype=np.int8)
        for at in range(years):
            for kind, (cohort, leaving) in enumerate(self.kinds):
                here = _LEAVES if leaving == at else _ENTERS if cohort == at + 1 else _STAYS
                state[at, kind] = _ABSENT if leaving < at or cohort > at + 1 else here
        self.state = state.ravel()

    def _headhunting(self) -> None:
        """Least pay whose income tax qualifies, chance of the employer's kind, quantiles of the fee rate."""
        plan, measure = self.plan.claims["headhunting"], self.policy.measures["headhunting"]
        tax, client = plan.attributes["income_tax"], plan.attributes["client"].weights
        above = np.array([band.above.value for band in tax.bands])
        rate = np.array([band.rate.value for band in tax.bands])
        paid = np.concatenate([[0.0], np.cumsum(np.diff(above) * rate[:-1])])
        # What is rounded up to the threshold's fen is enough.
        least = (measure.conditions["income_tax"].at_least.value - 0.5) / 100
        band = np.searchsorted(paid, least, side="right") - 1
        self.least_pay = above[band] + (least - paid[band]) / rate[band] + tax.minus.value
        kinds = measure.conditions["client"].one_of
        self.client = sum(client[kind] for kind in kinds) / sum(client.values())
        self.fee_rate = self.bounded(plan.base.variables["fee_rate"])
        self.distance = self.bounded(self.plan.claims["recruiting_trips"].base.variables["distance"])

    def special_part(self, name: str, fen: Array) -> Array | None:
        """The special fund's part of awards: each payer its share floored, the first the rest."""
        payers = list(self.policy.measures[name].payers.shares.items())
        ours = [place for place, (fund, _) in enumerate(payers) if self.policy.funds[fund].special]
        if not ours or len(payers) == 1:
            return fen if ours else None
        parts = [np.floor(fen * share / 10_000) for _, share in payers[1:]]
        return sum(parts[place - 1] if place else fen - sum(parts) for place in ours)


class _Sums:
    """Money by paid year and draw, and claims by draw, of the whole run."""

    def __init__(self, figures: _Figures, draws: int) -> None:
        self.figures = figures
        shape = len(figures.years) + 1, draws
        self.paid = {name: np.zeros(shape) for name in RULES if name not in COMPANIONS.values()}
        self.special = np.zeros(shape)
        self.claims = np.zeros(draws, dtype=np.int64)

    def reference(self) -> Reference:
        whole = sum(self.paid.values())
        first, used = self.figures.years[0], int(np.flatnonzero(whole.any(axis=1)).max(initial=0)) + 1
        used = max(used, len(self.figures.years))

        def table(fen: Array) -> Array:
            return np.ascontiguousarray(fen[:used].T.astype(np.int64))

        return Reference(
            paid_years=tuple(range(first, first + used)),
            special=table(self.special),
            whole=table(whole),
            claims=self.claims,
            measures={name: table(paid) for name, paid in self.paid.items()},
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Claims: place by earned year, line, agency, day since the first year's first, round that decides."""

    place: Array
    line: Array
    agency: Array
    earned: Array
    decided: Array

    def some(self, kept: Array) -> _Rows:
        return _Rows(*(getattr(self, name)[kept] for name in self.__slots__))


class _Batch:
    """Some draws. A `place` is one of year x draws + draw: the years in order, in each of them the draws."""

    def __init__(
        self, figures: _Figures, drawn: dict[str, Array], rng: np.random.Generator, sums: _Sums, first: int
    ) -> None:
        self.f, self.p, self.rng = figures, drawn, rng
        self.draws, self.years = len(drawn["start"]), len(figures.years)
        columns = slice(first, first + self.draws)
        self.paid = {name: paid[:, columns] for name, paid in sums.paid.items()}
        self.special, self.claims = sums.special[:, columns], sums.claims[columns]
        self.draw_of = np.tile(np.arange(self.draws), self.years)
        self.year_of = np.repeat(np.arange(self.years), self.draws)
        self.low, self.width, self.length, self.last_round = (
            np.repeat(values, self.draws)
            for values in (figures.low, figures.width, figures.length, figures.last_round)
        )
        self.paid_in = figures.round_year * self.draws

    def simulate(self) -> None:
        self.population()
        self.headhunting()
        self.students()
        self.supplied_employees()
        self.recruiting_trips()
        self.programmes()
        self.park_years()
        self.new_park()
        self.building()
        self.trade_title()
        self.rare_events()
        self.exports(*self.status("exporter"))
        self.transition("high_tech", *self.status("high_tech"))
        gained = self.status("above_scale")
        self.transition("above_scale", *gained)
        self.listing(*gained)

    # ------------------------------------------------------------------ what all measures share

    def pay(self, name: str, place: Array, fen: Array) -> None:
        """Add awards to the money paid; places by paid year."""
        shape = self.years + 1, self.draws
        size = (self.years + 1) * self.draws
        paid = np.bincount(place, fen, size).reshape(shape)
        self.paid[name] += paid
        ours = self.f.special_part(name, fen)
        if ours is fen:
            self.special += paid
        elif ours is not None:
            self.special += np.bincount(place, ours, size).reshape(shape)

    def count(self, draw: Array) -> None:
        self.claims += np.bincount(draw, minlength=self.draws)

    def late(self, place: Array, day: Array) -> Array:
        """Whether a claim earned on a day of its year misses that year's last round."""
        delay = self.rng.integers(self.f.wait, self.f.longest + 1, len(day), dtype=np.int16)
        return day + delay + self.f.review > self.last_round[place]

    def decided(self, earned: Array) -> Array:
        """Number of the round that decides a claim earned on a day since the first year's first."""
        least, most = self.f.wait + self.f.review, self.f.longest + self.f.review
        return self.f.round_of[earned + self.rng.integers(least, most + 1, len(earned), dtype=np.int16)]

    def in_term(self, place: Array, day: Array) -> Array:
        low = self.low[place]
        return (day >= low) & (day < low + self.width[place])

    def day(self, place: Array) -> Array:
        """Any day of the year."""
        return (self.rng.random(len(place)) * self.length[place]).astype(np.int64)

    def since_start(self, place: Array, day: Array) -> Array:
        return self.f.first[self.year_of[place]] + day

    def lognormal(self, one: Any, count: int) -> Array:
        return np.exp(one.mu + one.sigma * self.rng.standard_normal(count))

    def from_table(self, quantiles: Array, count: int) -> Array:
        return quantiles.take((self.rng.random(count) * QUANTILES).astype(np.int64))

    def flat(self, name: str) -> Array:
        """Amount of all claims of a measure whose base differs by draw only; fen[draw]."""
        return np.floor(100 * self.p[f"{name} scale"] + 0.5)

    def keys(self, weights: dict[str, float], count: int) -> Array:
        """Places of names drawn by weight."""
        up_to = np.cumsum(list(weights.values())) / sum(weights.values())
        return np.searchsorted(up_to[:-1], self.rng.random(count), side="right")

    def passes(self, name: str, key: Array) -> Array:
        """Whether the keys are among those that the measure's only condition names."""
        (condition,) = self.f.policy.measures[name].conditions.values()
        return np.isin(list(self.f.plan.claims[name].keys), condition.one_of)[key]

    # ------------------------------------------------------------------ population

    def population(self) -> None:
        """Entries and exits by draw and line: agencies that stay, leave or enter in a year, of those eligible.

        Whether an agency is eligible is chance alone, so the eligible and the others enter and leave
        independently. Eligible agencies have numbers by draw, line and cohort; those of a cohort are alike, so
        the first of them may be those that leave first.
        """
        rng, f, p = self.rng, self.f, self.p
        lines = len(f.lines)
        running = np.rint(np.cumsum(f.line_share) * p["start"][:, None])
        begin = np.diff(running, axis=1, prepend=0).astype(np.int64)
        eligible, leave = p["eligible"][:, None], p["leave"][:, None]
        here = rng.binomial(begin, eligible)[None]
        others = begin - here[0]
        self.present = np.zeros((3, self.years, self.draws, lines))
        sizes = np.zeros((self.draws, lines, len(f.kinds)), dtype=np.int64)
        for at in range(self.years):
            mean_entries = p["entry"][at][:, None] * (here.sum(axis=0) + others)
            gone = rng.binomial(here, leave)
            entered = rng.poisson(mean_entries * eligible)
            others += rng.poisson(mean_entries * (1 - eligible)) - rng.binomial(others, leave)
            here = here - gone
            for cohort in range(at + 1):
                sizes[:, :, f.kinds.index((cohort, at))] = gone[cohort]
            self.present[:, at] = here.sum(axis=0), gone.sum(axis=0), entered
            here = np.concatenate([here, entered[None]])
        for cohort in range(self.years + 1):
            sizes[:, :, f.kinds.index((cohort, self.years))] = here[cohort]
        firsts = np.searchsorted([cohort for cohort, _ in f.kinds], np.arange(self.years + 1))
        of_cohort = np.add.reduceat(sizes, firsts, axis=2)
        #: Eligible agencies that entered by the start, by the end of the first year, ...: [year + 1, draw, line]
        self.entered = np.ascontiguousarray(np.cumsum(of_cohort, axis=2).transpose(2, 0, 1))
        self.number = np.concatenate([[0], np.cumsum(self.entered[-1])])
        kinds = np.tile(np.arange(len(f.kinds), dtype=np.uint8), self.draws * lines)
        self.kind = np.repeat(kinds, sizes.ravel())

    def there(self, place: Array, agency: Array, day: Array) -> Array:
        """Whether agencies are there on a day of a year."""
        state = self.f.state[self.year_of[place] * len(self.f.kinds) + self.kind[agency]]
        here = state == _STAYS
        moving = np.flatnonzero(state > _STAYS)
        before = day[moving] < self.day(place[moving])
        here[moving] = before == (state[moving] == _LEAVES)
        return here

    def points(self, rate: Array, number: Array) -> tuple[Array, Array]:
        """A Poisson process on numbered members of each place: place and member of its points.

        Parameters
        ----------
        rate : float[place]
            Of each member.
        number : int64[place]
            Members.
        """
        points = self.rng.poisson(rate * number)
        place = np.repeat(np.arange(len(points)), points)
        return place, (self.rng.random(len(place)) * number.take(place)).astype(np.int64)

    def status(self, name: str) -> tuple[Array, Array, Array, Array]:
        """Eligible agencies that hold a status: draw, agency, year of gaining it (-1: from the start), day.

        Its first point gives the status to an agency. Agencies come in ascending order.
        """
        weight = self.f.status_weights[name]
        hazard = np.repeat([self.p[f"{name} share"], self.p[f"{name} rate"]], [1, self.years], axis=0)
        cell, member = self.points((hazard[:, :, None] * weight).ravel(), self.entered.ravel())
        row, line = np.divmod(cell, len(weight))
        agency = self.number[row % self.draws * len(weight) + line] + member
        started = int(np.searchsorted(row, self.draws))
        place = row[started:] - self.draws
        day = self.day(place)
        valid = started + np.flatnonzero(self.there(place, agency[started:], day))
        valid = np.concatenate([np.arange(started), valid])
        row, agency = row[valid], agency[valid]
        day = np.concatenate([np.zeros(started, dtype=np.int64), day])[valid]
        at, draw = np.divmod(row, self.draws)
        first = first_of(agency, at)
        return draw[first], agency[first], at[first] - 1, day[first]

    # ------------------------------------------------------------------ frequent claims

    def cells(self, name: str) -> tuple[Array, Array, Array]:
        """Eligible agencies [stay, leave, enter; year; draw; weight of the line]; the weights; place of each cell."""
        different, groups = self.f.groups[name]
        agencies = (self.present @ groups).astype(np.int64)
        return agencies, different, np.repeat(np.arange(self.years * self.draws), len(different))

    def paid_late(self, by_year: Array) -> Array:
        """Of claims on any day of their years, so many in each of them: whether they are paid in the next one."""
        u = self.rng.random(by_year.sum())
        parts = np.split(u, np.cumsum(by_year)[:-1])
        return np.concatenate([part < chance for part, chance in zip(parts, self.f.late, strict=True)])

    def moving(self, place: Array, turn: Array, enter: int) -> tuple[Array, Array]:
        """Claims of agencies that leave, and from number `enter` on of those that enter, on day `turn`.

        Returns the rows of those made while the agency is there, and whether they are paid in the next year.
        """
        day = self.low[place] + (self.rng.random(len(place)) * self.width[place]).astype(np.int64)
        there = day < turn
        there[enter:] ^= True
        kept = np.flatnonzero(there)
        self.count(self.draw_of[place[kept]])
        return kept, self.late(place[kept], day[kept])

    def pay_capped(self, name: str, place: Array, owner: Array, award: Array, late: Array) -> None:
        """A cap per agency and year: what is decided first takes the room; by paid year only the sums matter.

        `place` is of the agencies that file, `owner` says which of them a claim belongs to.
        """
        cap, size = self.f.cap(name), len(place)
        total = np.minimum(np.bincount(owner, award, size), cap)
        early = np.minimum(np.bincount(owner, award * ~late, size), cap)
        self.pay(name, place, early)
        self.pay(name, place + self.draws, total - early)

    def headhunting(self) -> None:
        rng, f, name = self.rng, self.f, "headhunting"
        plan = f.plan.claims[name]
        agencies, weights, cell_place = self.cells(name)
        excess = plan.spread * self.p[f"{name} intensity"][:, :, None] * weights * f.in_term[:, None, None]
        none = (1 + excess) ** (-1 / plan.spread)
        filing = rng.binomial(agencies, self.p[f"{name} take-up"][:, :, None] * (1 - none))
        cell = np.repeat(np.tile(np.arange(none.size), 3), filing.ravel())
        success = (excess / (1 + excess)).ravel()
        counts = _negative_binomial(rng, 1 / plan.spread, success.take(cell), none.ravel().take(cell))
        place = cell_place.take(cell)
        stay, leave, _ = filing.sum(axis=(1, 2, 3))
        owner = np.repeat(np.arange(len(place)), counts)
        by_year = np.searchsorted(owner, np.cumsum(filing[0].sum(axis=(1, 2))))
        first, enter = by_year[-1], np.searchsorted(owner, stay + leave)
        self.count(self.draw_of.take(place[owner[:first]]))
        turn = self.day(place[stay:])
        kept, late = self.moving(place[owner[first:]], turn[owner[first:] - stay], enter - first)
        owner = np.concatenate([owner[:first], owner[first + kept]])
        late = np.concatenate([self.paid_late(np.diff(by_year, prepend=0)), late])
        # The employer, then the pay: what fails one condition needs no other figure.
        passed = np.flatnonzero(rng.random(len(owner)) < f.client)
        owner, late = owner.take(passed), late.take(passed)
        pay, growth = plan.base.variables["pay"], self.p[f"{name} growth"].ravel()
        needed = (np.log(f.least_pay / growth) - pay.mu) / pay.sigma
        score = rng.standard_normal(len(owner))
        passed = np.flatnonzero(score >= needed.take(place.take(owner)))
        owner, late, score = owner.take(passed), late.take(passed), score.take(passed)
        fee = self.from_table(f.fee_rate, len(owner))
        base = 100 * growth.take(place.take(owner)) * np.exp(pay.mu + pay.sigma * score) * fee
        self.pay_capped(name, place, owner, self.rate_of(name, np.floor(base + 0.5)), late)

    def rate_of(self, name: str, base: Array) -> Array:
        return np.floor((base * self.f.policy.measures[name].award.rate + 5_000) / 10_000)

    def poisson_claims(self, name: str) -> tuple[Array, Array, Array, Array, Array]:
        """Claims of agencies that file, in order of their cells.

        Returns agencies that file by cell, place of each cell, cell of each claim, owner of the last claims,
        those of agencies that move (their number among all that file), and whether claims are paid late.
        """
        agencies, weights, cell_place = self.cells(name)
        window = self.f.in_term[:, None, None]
        rate = self.p[f"{name} intensity"][:, :, None] * weights * window
        filing = self.rng.binomial(agencies, self.p[f"{name} take-up"][:, :, None] * (window > 0))
        claims = self.rng.poisson(filing * rate)
        self.claims += claims[0].sum(axis=(0, 2))
        stay, stayers = claims[0].sum(), filing[0].sum()
        cell = np.repeat(np.arange(claims.size), claims.ravel())
        cell_place, by_cell = np.tile(cell_place, 3), filing.ravel()
        owner = self.one_of(by_cell, cell[stay:])
        moving = np.repeat(cell_place[rate.size :], by_cell[rate.size :])
        turn = self.day(moving)[owner - stayers]
        kept, late = self.moving(cell_place[cell[stay:]], turn, claims[1].sum())
        late = np.concatenate([self.paid_late(claims[0].sum(axis=(1, 2))), late])
        return by_cell, cell_place, np.concatenate([cell[:stay], cell[stay + kept]]), owner[kept], late

    def one_of(self, filing: Array, cell: Array) -> Array:
        """One of the agencies that file in each of the cells, by its number among all."""
        first = np.cumsum(filing) - filing
        return first.take(cell) + (self.rng.random(len(cell)) * filing.take(cell)).astype(np.int64)

    def students(self) -> None:
        plan, measure = self.f.plan.claims["students"], self.f.policy.measures["students"]
        filing, cell_place, cell, moving, late = self.poisson_claims("students")
        owner = np.concatenate([self.one_of(filing, cell[: len(cell) - len(moving)]), moving])
        heads = np.floor(self.lognormal(plan.base.variables["heads"], len(cell)) + 0.5)
        place = np.repeat(cell_place, filing)
        self.pay_capped("students", place, owner, heads * measure.award.amount, late)

    def recruiting_trips(self) -> None:
        name = "recruiting_trips"
        _, cell_place, cell, _, late = self.poisson_claims(name)
        place = cell_place.take(cell)
        scale = np.tile(100 * self.p[f"{name} scale"], self.years)
        fen = np.floor(scale.take(place) * self.from_table(self.f.distance, len(place)) + 0.5)
        self.pay(name, place + self.draws * late, fen)

    def supplied_employees(self) -> None:
        """At most one claim an agency and year, on the last day: who is there then."""
        rng, f, name = self.rng, self.f, "supplied_employees"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        agencies, weights, _ = self.cells(name)
        agencies = (agencies[0] + agencies[2]) * f.at_year_end[:, None, None]
        event = -np.expm1(-self.p[f"{name} intensity"][:, :, None] * weights)
        claims = rng.binomial(agencies, self.p[f"{name} take-up"][:, :, None] * event).sum(axis=2)
        self.claims += claims.sum(axis=0)
        place = np.repeat(np.arange(claims.size), claims.ravel())
        months, conditions = plan.attributes["months_in_post"].law, measure.conditions
        # Months serve nothing else, so whether they suffice is all that is drawn.
        enough = 1 - _triangular_cdf(months, conditions["months_in_post"].at_least.value - 0.5)
        place = place.take(np.flatnonzero(rng.random(len(place)) < enough))
        heads = self.lognormal(plan.base.variables["heads"], len(place))
        passed = np.flatnonzero(heads >= conditions["heads"].at_least.value - 0.5)
        place, heads = place.take(passed), heads.take(passed)
        fen = np.floor(100 * self.p[f"{name} scale"].take(self.draw_of.take(place)) * heads + 0.5)
        late = self.late(place, self.length[place] - 1)
        self.pay(name, place + self.draws * late, np.minimum(fen, f.cap(name)))

    # ------------------------------------------------------------------ budget lines, parks, buildings

    def programmes(self) -> None:
        """One entry a year, decided in the same one."""
        draws = np.arange(self.draws)
        for name, due in self.f.due.items():
            at, draw = np.nonzero(self.rng.random((len(due), self.draws)) < self.p[f"{name} take-up"][due])
            self.count(draw)
            self.pay(name, due[at] * self.draws + draws[draw], self.flat(name)[draw])

    def park_years(self) -> None:
        """One claim a year of each park, and of the export base, on the last day; the best so many are chosen."""
        years = np.flatnonzero(self.f.at_year_end)
        for name in ("park_appraisal", "export_base_support"):
            number = self.p[f"{self.f.plan.claims[name].among} number"]
            claims = self.rng.binomial(number, self.p[f"{name} take-up"][years])
            self.claims += claims.sum(axis=0)
            places = self.f.policy.measures[name].selection.places
            chosen = claims if places is None else np.minimum(claims, places)
            place = np.repeat((years[:, None] * self.draws + np.arange(self.draws)).ravel(), chosen.ravel())
            late = self.late(place, self.length[place] - 1)
            self.pay(name, place + self.draws * late, self.flat(name)[self.draw_of[place]])

    def listed_events(self, name: str) -> tuple[Array, Array, Array, Array]:
        """Yearly events of parks or buildings: place, number of its own, day, whether in the term."""
        number = self.p[f"{self.f.plan.claims[name].among} number"]
        place, member = self.points(self.p[f"{name} intensity"].ravel(), np.tile(number, self.years))
        own = self.draw_of[place] * int(number.max()) + member
        single = first_of(own * self.years + self.year_of[place], np.zeros_like(own))
        place, own = place[single], own[single]
        day = self.day(place)
        inside = self.in_term(place, day)
        self.count(self.draw_of[place[inside]])
        return place, own, day, inside

    def new_park(self) -> None:
        """Once for each park: the first that is decided."""
        name = "new_provincial_park"
        place, park, day, inside = self.listed_events(name)
        place, park, day = place[inside], park[inside], day[inside]
        decided = self.decided(self.since_start(place, day))
        paid = first_of(park, decided)
        fen = np.full(len(paid), float(self.f.policy.measures[name].award.amount))
        self.pay(name, self.paid_in[decided[paid]] + self.draw_of[place[paid]], fen)

    def building(self) -> None:
        """Only a building's first event counts, whatever came of it."""
        name = "building_contribution"
        place, building, day, inside = self.listed_events(name)
        least = self.f.policy.measures[name].conditions["contribution"].more_than.value
        one = self.f.plan.claims[name].attributes[name].law
        inside &= np.floor(100 * one.ppf(self.rng.random(len(place))) + 0.5) > least
        first = np.zeros(len(place), dtype=bool)
        first[first_of(building, self.year_of[place])] = True
        paid = np.flatnonzero(first & inside)
        decided, draw = self.decided(self.since_start(place[paid], day[paid])), self.draw_of[place[paid]]
        self.pay(name, self.paid_in[decided] + draw, self.flat(name)[draw])

    def trade_title(self) -> None:
        """The first title of each level; all titles of a park are one matter, so that it is paid once."""
        name = "trade_base_title"
        weights = self.f.plan.claims[name].keys
        place, park, day, inside = self.listed_events(name)
        key = self.keys(weights, len(park))
        first = np.zeros(len(place), dtype=bool)
        first[first_of(park * len(weights) + key, self.year_of[place])] = True
        paid = np.flatnonzero(first & inside & self.passes(name, key))
        decided = self.decided(self.since_start(place[paid], day[paid]))
        once = first_of(park[paid], decided)
        draw = self.draw_of[place[paid[once]]]
        self.pay(name, self.paid_in[decided[once]] + draw, self.flat(name)[draw])

    # ------------------------------------------------------------------ rare events of agencies

    def rare_events(self) -> None:
        """Events of all these measures at once; an agency has its event of the year with its first point."""
        f = self.f
        which, place, line, agency = self.rare_points()
        day = self.day(place)
        here = np.flatnonzero(self.there(place, agency, day))
        which, place, line, agency, day = (x[here] for x in (which, place, line, agency, day))
        take_up = np.stack([self.p[f"{name} take-up"].ravel() for name in RARE])
        inside = (self.rng.random(len(place)) < take_up[which, place]) & self.in_term(place, day)
        self.count(self.draw_of[place[inside]])
        begin = np.searchsorted(which, np.arange(len(RARE) + 1))
        rows: dict[str, _Rows] = {}
        for number, name in enumerate(RARE):
            some = slice(begin[number], begin[number + 1])
            if name == "top10_list":
                self.top10_list(place[some], agency[some], day[some], inside[some])
                continue
            one = begin[number] + np.flatnonzero(inside[some])
            earned = f.first[self.year_of[place[one]]] + day[one]
            rows[name] = _Rows(place[one], line[one], agency[one], earned, self.decided(earned))
        self.practice_base(rows["practice_base"])
        self.digital(rows["digital"])
        self.introduced(rows["headquarters"], rows["recommended_list"])
        self.standards(rows["standards"])

    def rare_points(self) -> tuple[Array, Array, Array, Array]:
        """Measure, place, line and agency of the points, one for each of these, by measure."""
        f, places = self.f, self.years * self.draws
        measure, on_line = np.nonzero(f.rare_weights)
        weight = f.rare_weights[measure, on_line]
        intensity = np.stack([self.p[f"{name} intensity"].ravel() for name in RARE])
        agencies = self.entered[1:].reshape(places, -1).T[on_line]
        cell, member = self.points((intensity[measure] * weight[:, None]).ravel(), agencies.ravel())
        pair, place = np.divmod(cell, places)
        which, line = measure[pair], on_line[pair]
        agency = self.number[self.draw_of[place] * len(f.lines) + line] + member
        year = which * self.years + self.year_of[place]
        single = first_of(year * len(self.kind) + agency, np.zeros_like(agency))
        return which[single], place[single], line[single], agency[single]

    def practice_base(self, rows: _Rows) -> None:
        """Once for each agency: the first that is decided."""
        once = first_of(rows.agency, rows.decided)
        draw = self.draw_of[rows.place[once]]
        self.pay("practice_base", self.paid_in[rows.decided[once]] + draw, self.flat("practice_base")[draw])

    def top10_list(self, place: Array, agency: Array, day: Array, inside: Array) -> None:
        """The first entry of an agency in each list, ever."""
        plan, measure = self.f.plan.claims["top10_list"], self.f.policy.measures["top10_list"]
        key, draw = self.keys(plan.keys, len(place)), self.draw_of[place]
        first = np.zeros(len(place), dtype=bool)
        first[first_of(agency * len(plan.keys) + key, self.year_of[place])] = True
        started = self.kind[agency] <= self.years  # the kinds of cohort 0 come first
        before = started & (self.rng.random(len(place)) < self.p["top10_list already"][draw])
        paid = np.flatnonzero(first & inside & ~before & self.passes("top10_list", key))
        decided = self.decided(self.since_start(place[paid], day[paid]))
        fen = np.full(len(paid), float(measure.award.amount))
        self.pay("top10_list", self.paid_in[decided] + draw[paid], fen)

    def beside(self, name: str, draw: Array, earned: Array, decided: Array) -> Array:
        """What another policy has paid on the same matter before the decision; fen[claim]."""
        plan = self.f.plan.claims[COMPANIONS[name]]
        other = np.floor(100 * plan.base.variables["amount"].ppf(self.rng.random(len(draw))) + 0.5)
        paid = self.rng.random(len(draw)) < self.p[f"{COMPANIONS[name]} chance"][draw]
        return other * (paid & (earned + plan.companion.days < self.f.rounds[decided]))

    def digital(self, rows: _Rows) -> None:
        """Ranked by year of decision within an envelope, then a cap per agency over the term, then one project."""
        f, name = self.f, "digital"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        base = np.floor(100 * self.lognormal(plan.base.variables["investment"], len(rows.place)) + 0.5)
        software = [f.lines.index(one) for one in measure.conditions["line"].none_of]
        passed = (base >= measure.conditions["investment"].at_least.value) & ~np.isin(rows.line, software)
        rows, gross = rows.some(passed), self.rate_of(name, base[passed])
        draw = self.draw_of[rows.place]
        paid_in = self.paid_in[rows.decided] + draw
        order = np.argsort(paid_in + self.rng.random(len(draw)))
        spent = np.cumsum(gross[order])
        begin = np.searchsorted(paid_in[order], paid_in[order])
        # Money up to and with each project of a round: after the first that does not fit none fits.
        chosen = order[spent - (spent - gross[order])[begin] <= measure.selection.envelope]
        other = self.beside(name, draw, rows.earned, rows.decided)
        chosen = chosen[np.argsort(rows.agency[chosen] * RANKS + rows.decided[chosen])]
        agency = rows.agency[chosen]
        begin = np.searchsorted(agency, agency)
        rank, used, award = np.arange(len(chosen)) - begin, np.zeros(len(chosen)), np.zeros(len(chosen))
        for turn in range(int(rank.max(initial=-1)) + 1):
            some = np.flatnonzero(rank == turn)
            left = np.minimum(gross[chosen[some]], f.cap(name) - used[begin[some]])
            award[some] = np.maximum(left - other[chosen[some]], 0)
            used[begin[some]] += award[some]
        self.pay(name, paid_in[chosen], award)

    def standards(self, rows: _Rows) -> None:
        """A cap for each item, then what others pay for it."""
        f, name = self.f, "standards"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        weights = plan.attributes["level"].weights
        share = sum(weights[one] for one in measure.conditions["level"].one_of) / sum(weights.values())
        rows = rows.some(self.rng.random(len(rows.place)) < share)
        draw = self.draw_of[rows.place]
        base = np.floor(100 * plan.base.variables["amount"].ppf(self.rng.random(len(draw))) + 0.5)
        other = self.beside(name, draw, rows.earned, rows.decided)
        award = np.maximum(np.minimum(base, f.cap(name)) - other, 0)
        self.pay(name, self.paid_in[rows.decided] + draw, award)

    def introduced(self, headquarters: _Rows, listed: _Rows) -> None:
        """Headquarters and agencies of the list: one matter an agency and year; the list pays an agency once."""
        f, name = self.f, "headquarters"
        draw = self.draw_of[headquarters.place]
        size = self.lognormal(f.plan.claims[name].base.variables["size"], len(draw))
        award = np.floor(100 * self.p[f"{name} scale"][draw] * size + 0.5)
        other = np.full(len(listed.place), float(f.policy.measures["recommended_list"].award.amount))
        whose, others = (
            rows.agency * self.years + self.year_of[rows.place] for rows in (headquarters, listed)
        )
        _, ours, theirs = np.intersect1d(whose, others, assume_unique=True, return_indices=True)
        ours_first = headquarters.decided[ours] <= listed.decided[theirs]
        alone, other_alone = award[ours], other[theirs]
        award[ours] = np.where(ours_first, alone, np.maximum(alone - other_alone, 0))
        other[theirs] = np.where(ours_first, np.maximum(other_alone - alone, 0), other_alone)
        self.pay(name, self.paid_in[headquarters.decided] + draw, award)
        paid = np.flatnonzero(other > 0)
        paid = paid[first_of(listed.agency[paid], listed.decided[paid])]
        places = self.paid_in[listed.decided[paid]] + self.draw_of[listed.place[paid]]
        self.pay("recommended_list", places, other[paid])

    # ------------------------------------------------------------------ holders of a status

    def transition(self, name: str, draw: Array, agency: Array, at: Array, day: Array) -> None:
        """Claims of agencies that gain a status."""
        f = self.f
        gained = np.flatnonzero(at >= 0)
        draw, place, day = draw[gained], at[gained] * self.draws + draw[gained], day[gained]
        files = self.rng.random(len(draw)) < self.p[f"{name} take-up"].ravel()[place]
        kept = np.flatnonzero(files & self.in_term(place, day))
        draw, earned = draw[kept], self.since_start(place[kept], day[kept])
        self.count(draw)
        decided = self.decided(earned)
        award = self.flat(name)[draw]
        if name == "high_tech":
            amount = f.policy.measures[name].award.amount
            award = np.maximum(amount - self.beside(name, draw, earned, decided), 0)
        self.pay(name, self.paid_in[decided] + draw, award)

    def exports(self, draw: Array, agency: Array, at: Array, day: Array) -> None:
        """Two subsidies of one year's exports, on its last day: the higher is paid, by who decides first."""
        f = self.f
        years = np.flatnonzero(f.at_year_end)
        state = f.state.reshape(self.years, -1)[years[:, None], self.kind[agency]]
        which, who = np.nonzero(((state == _STAYS) | (state == _ENTERS)) & (at <= years[:, None]))
        place = years[which] * self.draws + draw[who]
        last = (f.first + f.length - 1)[years[which]]
        claims = [self.export_claims(name, place, last) for name in ("export_subsidy", "offshore_interest")]
        (first, first_when), (second, second_when) = claims
        in_order = first_when <= second_when
        paid = np.where(in_order, first, np.maximum(first - second, 0))
        self.pay("export_subsidy", self.paid_in[first_when] + draw[who], paid)
        paid = np.where(in_order, np.maximum(second - first, 0), second)
        self.pay("offshore_interest", self.paid_in[second_when] + draw[who], paid)

    def export_claims(self, name: str, place: Array, last: Array) -> tuple[Array, Array]:
        """Due on one subsidy alone to each exporter and year, 0 where none, and the round that decides."""
        f, draw = self.f, self.draw_of[place]
        files = np.flatnonzero(self.rng.random(len(place)) < self.p[f"{name} take-up"].ravel()[place])
        self.count(draw[files])
        exports = self.lognormal(f.plan.claims[name].base.variables["exports"], len(files))
        (condition,) = f.policy.measures[name].conditions.values()
        least, cents = getattr(condition, condition.test).value, np.floor(100 * exports + 0.5)
        passed = cents >= least if condition.test == "at_least" else cents > least
        fen = np.floor(100 * self.p[f"{name} scale"][draw[files]] * exports + 0.5)
        due, decided = np.zeros(len(place)), np.full(len(place), len(f.rounds) - 1)
        due[files] = np.minimum(fen, f.cap(name)) * passed
        decided[files] = self.decided(last[files])
        return due, decided

    def listing(self, draw: Array, agency: Array, at: Array, day: Array) -> None:
        """Stages of a listing by agencies above scale: each pays what lifts the agency to its amount."""
        f, name = self.f, "listing"
        plan, measure = f.plan.claims[name], f.policy.measures[name]
        holders = np.bincount(draw, minlength=self.draws)
        place, holder = self.points(self.p[f"{name} intensity"].ravel(), np.tile(holders, self.years))
        holder += (np.cumsum(holders) - holders)[self.draw_of[place]]
        single = first_of(holder * self.years + self.year_of[place], np.zeros_like(holder))
        place, holder = place[single], holder[single]
        earned, year = self.day(place), self.year_of[place]
        held = (at[holder] < year) | ((at[holder] == year) & (day[holder] <= earned))
        files = self.rng.random(len(place)) < self.p[f"{name} take-up"].ravel()[place]
        kept = held & files & self.in_term(place, earned) & self.there(place, agency[holder], earned)
        place, holder, earned = place[kept], holder[kept], earned[kept]
        self.count(self.draw_of[place])
        weights = plan.attributes["listing_stage"].weights
        amounts = np.zeros(len(weights))
        for stage in measure.conditions["stage"].one_of:
            (tier,) = measure.award.by_value[stage]
            amounts[list(weights).index(stage)] = min(tier.amount, f.cap(name))
        due = amounts[self.keys(weights, len(place))]
        decided = self.decided(self.since_start(place, earned))
        order = np.argsort(holder * RANKS + decided)
        floor = holder[order] * _FAR  # lifts each agency's amounts above those of the ones before
        highest = np.maximum.accumulate(floor + due[order])
        before = np.maximum(np.concatenate([[-_FAR], highest[:-1]]), floor)
        self.pay(name, self.paid_in[decided[order]] + self.draw_of[place[order]], highest - before)


def _triangular_cdf(one: Any, x: float) -> float:
    low, mode, high = one.low.value, one.mode.value, one.high.value
    if x <= mode:
        return max(x - low, 0.0) ** 2 / ((high - low) * (mode - low))
    return 1 - max(high - x, 0.0) ** 2 / ((high - low) * (high - mode))


def _negative_binomial(rng: np.random.Generator, shape: float, success: Array, none: Array) -> Array:
    """Negative binomial counts above 0, by inversion: P(k) = P(k - 1) (shape + k - 1) / k success."""
    counts = np.ones(len(success), dtype=np.int64)
    # What of the uniform is left above P(0) + ... + P(k), in units of P(k).
    left = rng.random(len(success)) * (1 - none) / (none * shape * success) - 1
    rows = np.flatnonzero(left > 0)
    left, inverse = left.take(rows), 1 / success.take(rows)
    number = 1
    while len(rows) and number < _MOST:
        number += 1
        counts[rows] = number
        left *= inverse
        left *= number / (shape + number - 1)
        left -= 1
        still = np.flatnonzero(left > 0)
        rows, left, inverse = rows.take(still), left.take(still), inverse.take(still)
    return counts


if __name__ == "__main__":
    raise SystemExit(main(__doc__, simulate))
