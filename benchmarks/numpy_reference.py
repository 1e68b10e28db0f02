"""The baseline's model by hand, vectorised directly in NumPy: every agency is looked at, every claim is a row.

One process, one thread, nothing compiled for it. Draws are stacked in batches. An agency of a draw has its line of
business, days of entry and of leaving, its district, and days on which it gains a status; for every measure and year
it has a mark, and where that is low enough it claims. A claim has its day, its round of decision and the figures that
conditions and award read, and goes through the steps: conditions, first time and once, formula, cap per claim,
selection, running caps, same matter, funds. All random numbers come from one SFC64 stream.

It keeps, by draw, measure and earned year, money paid by fund, district and year of payment, claims refused by reason,
gross, what each step took, what was awarded and to how many agencies. The law of all that is simkit's; figures drawn
from a law without a closed form (the fee rate) come from a table of quantiles.

What it leaves out, and simkit gives: quarters, agencies that stand at a cap, what each cap is worth, the same luck for
every what-if, any rule but the baseline's.

    python -m benchmarks.numpy_reference [--draws 10000] [--seed 1]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.numpy_common import (
    COMPANIONS,
    RANKS,
    Array,
    Figures,
    Reference,
    date,
    first_of,
    main,
)
from simkit.scenario import Scenario

__all__ = ["STEPS", "Kept", "simulate"]

#: What may take money from a claim.
STEPS = ("claim_cap", "selection", "running_cap", "matter")

#: Draws whose claims are drawn together.
BATCH = 128
#: Later than any day.
NEVER = 32_767


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept(Reference):
    """What the reference keeps besides.

    Attributes
    ----------
    sums : dict of (measure, what) to float[earned year, draw]
        `conditions`, `first_time`, `once`: claims refused; `passed`, `awarded`: claims that pass, that are awarded
        something; `agencies`: agencies awarded something; in fen `gross`, `award`, and what each of `STEPS` took.
    outlays : dict of (measure, fund, district) to float[paid in the earned year or the next, earned year, draw]
        Fen; district -1: of a fund that is not a district's.
    """

    sums: dict[tuple[str, str], Array]
    outlays: dict[tuple[str, str, int], Array]


def simulate(scenario: Scenario, draws: int, seed: int) -> Kept:
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
    return sums.kept()


class _Figures(Figures):
    """What no draw changes: besides, days of decision, shares of districts, tables of quantiles."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        #: Day of decision of what is ready on a day.
        self.decided_on = self.rounds[self.round_of]
        shares = [one.value.mean() for one in self.plan.population.districts.values()]
        self.district_up_to = np.cumsum(shares)[:-1].astype(np.float32)
        tax = self.plan.claims["headhunting"].attributes["income_tax"]
        above = [band.above.value for band in tax.bands] + [1e12]
        #: Knots of the income tax and what is due there, in yuan.
        self.income, self.minus = np.array(above), tax.minus.value
        self.tax = np.cumsum([0.0, *(np.diff(above) * [band.rate.value for band in tax.bands])])
        self.fee_rate = self.bounded(self.plan.claims["headhunting"].base.variables["fee_rate"])

    def day_of(self, text: str, at: int) -> int:
        """MM-DD of a year."""
        return date(self.years[at], text) - date(self.years[0], "01-01")


class _Sums:
    """Tables of the whole run, each made when something is first added to it."""

    def __init__(self, figures: _Figures, draws: int) -> None:
        self.f, self.draws, self.years = figures, draws, len(figures.years)
        self.sums: dict[tuple[str, str], Array] = {}
        self.outlays: dict[tuple[str, str, int], Array] = {}

    def add(self, name: str, what: str, columns: slice, found: Array) -> None:
        """Add to some draws of a table by earned year."""
        if (name, what) not in self.sums:
            self.sums[name, what] = np.zeros((self.years, self.draws))
        self.sums[name, what][:, columns] += found.reshape(self.years, -1)

    def pay(self, purse: tuple[str, str, int], columns: slice, found: Array) -> None:
        """Add to some draws of a table by paid and earned year."""
        if purse not in self.outlays:
            self.outlays[purse] = np.zeros((2, self.years, self.draws))
        self.outlays[purse][..., columns] += found.reshape(2, self.years, -1)

    def kept(self) -> Kept:
        """The tables, and money by paid year."""
        shape = self.draws, self.years + 1
        measures = {name: np.zeros(shape) for name, _ in self.sums}
        special = np.zeros(shape)
        for (name, fund, _), paid in self.outlays.items():
            for late in (0, 1):
                for at in range(self.years):
                    measures[name][:, at + late] += paid[late, at]
                    if self.f.policy.funds[fund].special:
                        special[:, at + late] += paid[late, at]
        whole = sum(measures.values())
        used = max(self.years, int(np.flatnonzero(whole.any(axis=0)).max(initial=0)) + 1)
        asked = ("passed", "conditions", "first_time", "once")
        return Kept(
            paid_years=tuple(range(self.f.years[0], self.f.years[0] + used)),
            special=special[:, :used].astype(np.int64),
            whole=whole[:, :used].astype(np.int64),
            claims=sum(one.sum(axis=0) for (_, what), one in self.sums.items() if what in asked).astype(int),
            measures={name: paid[:, :used].astype(np.int64) for name, paid in measures.items()},
            sums=self.sums,
            outlays=self.outlays,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Claims: place (earned year x draws + draw), agency, earned and decided day, whether paid in the next year."""

    place: Array
    agency: Array
    earned: Array
    decided: Array
    late: Array

    def some(self, kept: Array) -> _Rows:
        """The rows with these numbers."""
        return _Rows(*(getattr(self, name).take(kept) for name in self.__slots__))


def _joined(parts: list[_Rows]) -> _Rows:
    return _Rows(*(np.concatenate([getattr(one, name) for one in parts]) for name in _Rows.__slots__))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Claims:
    """Claims of a measure that are decided in turn.

    Attributes
    ----------
    gross, fen : float[claim]
        The formula; what is left of it before running caps, after step `before`. `gross` None: the same.
    matter, account : int64[claim]
        What is paid only once, shared with other measures; whom cap and once count (None: the agency).
    outside : bool
        Facts: what others pay.
    """

    name: str
    rows: _Rows
    fen: Array
    matter: Array
    gross: Array | None = None
    before: str = ""
    account: Array | None = None
    cap: float = np.inf
    once: bool = False
    outside: bool = False


class _Batch:
    """Some draws. A cell is draw x lines + line; days count from the first of the first year."""

    def __init__(
        self, figures: _Figures, drawn: dict[str, Array], rng: np.random.Generator, sums: _Sums, first: int
    ) -> None:
        self.f, self.p, self.rng, self.sums = figures, drawn, rng, sums
        self.draws, self.years, self.lines = len(drawn["start"]), len(figures.years), len(figures.lines)
        self.columns = slice(first, first + self.draws)
        self.since, self.until = figures.since, figures.until

    def simulate(self) -> None:
        """Population, then the claims of each measure."""
        self.population()
        self.headhunting()
        self.students()
        self.supplied_employees()
        self.recruiting_trips()
        self.practice_base()
        self.top10_list()
        self.digital()
        self.introduced()
        self.standards()
        self.others()
        self.exports(*self.status("exporter"))
        self.transitions("high_tech", *self.status("high_tech"))
        gained = self.status("above_scale")
        self.transitions("above_scale", *gained)
        self.listing(*gained)

    # ------------------------------------------------------------------ population

    def population(self) -> None:
        """Agencies that qualify, by year of entry, in each of them by cell: `cell`, `entered`, `left` and `home`.

        Those that do not qualify are drawn as well: entries go by how many are there. `bound[year + 1]` agencies
        have entered by the end of a year.
        """
        f, p, rng, shape = self.f, self.p, self.rng, (self.draws, self.lines)
        running = np.rint(np.cumsum(f.line_share) * p["start"][:, None])
        entrants = np.diff(running, axis=1, prepend=0).astype(np.int64)
        here, gone = np.zeros(shape, dtype=np.int64), np.zeros((self.years, *shape), dtype=np.int64)
        lifetime = (-1 / np.log1p(-p["leave"])).astype(np.float32)
        eligible = p["eligible"].astype(np.float32)
        parts = []
        for cohort in range(self.years + 1):
            if cohort:
                entrants = rng.poisson(p["entry"][cohort - 1][:, None] * here)
                here = here - gone[cohort - 1]
            here = here + entrants
            cell, each = np.repeat(np.arange(here.size), entrants.ravel()), entrants.sum(axis=1)
            stay = rng.standard_exponential(len(cell), dtype=np.float32) * np.repeat(lifetime, each)
            leaves = np.flatnonzero(stay < self.years - cohort)
            at = cohort + stay.take(leaves).astype(np.int64)
            gone += np.bincount(at * here.size + cell.take(leaves), minlength=gone.size).reshape(gone.shape)
            left = np.full(len(cell), NEVER, dtype=np.int16)
            left[leaves] = self.day(at)
            qualifies = np.flatnonzero(rng.random(len(cell), dtype=np.float32) < np.repeat(eligible, each))
            entered = np.zeros(len(qualifies), dtype=np.int16)
            if cohort:
                entered = self.day(np.full(len(qualifies), cohort - 1)).astype(np.int16)
            parts.append((cell.take(qualifies), entered, left.take(qualifies)))
        self.cell, self.entered, self.left = (np.concatenate(one) for one in zip(*parts, strict=True))
        self.bound = np.cumsum([len(cell) for cell, _, _ in parts])
        self.home = rng.random(len(self.cell), dtype=np.float32)

    def day(self, at: Array) -> Array:
        """Any day of a year."""
        return self.f.first.take(at) + (self.rng.random(len(at)) * self.f.length.take(at)).astype(np.int64)

    def marked(self, chance: Array, agencies: int) -> Array:
        """Which of the first so many agencies have a mark below the chance of their cell, float[draw, line].

        A mark is 32 random bits. The largest chance rules out most agencies before the chance of each is looked up.
        """
        below = np.minimum(chance.ravel() * 2.0**32, 2.0**32 - 1).astype(np.uint32)
        marks = self.rng.integers(0, 2**64, (agencies + 1) // 2, dtype=np.uint64).view(np.uint32)[:agencies]
        some = np.flatnonzero(marks < below.max())
        return some[marks.take(some) < below.take(self.cell.take(some))]

    def status(self, name: str) -> tuple[Array, Array]:
        """Agencies that hold a status, and the day from which they do, -1 from the start."""
        weight, agencies, days = self.f.status_weights[name], [], []
        for at in range(-1, self.years):
            hazard = self.p[f"{name} rate"] if at >= 0 else self.p[f"{name} share"]
            agency = self.marked(-np.expm1(-hazard[:, None] * weight), self.bound[at + 1])
            day = np.full(len(agency), -1)
            if at >= 0:
                day = self.day(np.full(len(agency), at))
                there = np.flatnonzero(self.there(agency, day))
                agency, day = agency[there], day[there]
            agencies.append(agency)
            days.append(day)
        agency, first = np.unique(np.concatenate(agencies), return_index=True)
        return agency, np.concatenate(days)[first]

    def there(self, agency: Array, day: Array) -> Array:
        return (self.entered.take(agency) <= day) & (day < self.left.take(agency))

    # ------------------------------------------------------------------ claims

    def dated(self, name: str, at: int, draw: Array, agency: Array, *, agencies: bool = True) -> _Rows:
        """Claims of a year, those of agencies that are there on the day.

        Those outside the term are left out, unless a first event ever counts.
        """
        f, plan = self.f, self.f.plan.claims[name]
        begin, days = f.first[at], f.length[at]
        if plan.day is not None:
            earned = np.full(len(agency), f.day_of(plan.day, at))
        else:
            earned = begin + (self.rng.random(len(agency)) * days).astype(np.int64)
        ok = self.there(agency, earned) if agencies else np.ones(len(agency), dtype=bool)
        if not f.policy.measures[name].first_time:
            ok &= (earned >= self.since) & (earned <= self.until)
        kept = np.flatnonzero(ok)
        agency, earned = agency.take(kept), earned.take(kept)
        least, most = f.wait + f.review, f.longest + f.review
        ready = earned + self.rng.integers(least, most + 1, len(earned), dtype=np.int16)
        decided = f.decided_on.take(ready)
        if plan.calendar is not None:  # filed and decided in the same year
            decided = np.full(len(earned), f.day_of(plan.calendar.rounds[0], at))
        return _Rows(at * self.draws + draw.take(kept), agency, earned, decided, decided >= begin + days)

    def claims(self, name: str) -> _Rows:
        """Claims of agencies of all lines: number or event by mean, and whether the agency files."""
        plan, weight, parts = self.f.plan.claims[name], self.f.weights[name], []
        for at in range(self.years):
            if plan.day is not None and not self.f.at_year_end[at]:
                continue
            mean = self.p[f"{name} intensity"][at][:, None] * weight
            take_up, agencies = self.p[f"{name} take-up"][at], self.bound[at + 1]
            if plan.frequency == "event":
                agency = self.marked(-np.expm1(-mean), agencies)
                if not self.f.policy.measures[name].first_time:
                    agency = agency[self.rng.random(len(agency)) < take_up.take(self.draw_of(agency))]
            else:
                agency = self.marked(take_up[:, None] * (weight > 0), agencies)
                mean = mean.ravel().take(self.cell.take(agency))
                if plan.frequency == "poisson":
                    number = self.rng.poisson(mean)
                else:  # a negative binomial number is a Poisson one with a gamma mean
                    mixing = self.rng.standard_gamma(1 / plan.spread, len(mean), dtype=np.float32)
                    number = self.rng.poisson(mean * plan.spread * mixing)
                agency = np.repeat(agency, number)
            parts.append(self.dated(name, at, self.draw_of(agency), agency))
        return _joined(parts)

    def listed(self, name: str, draw: Array, agency: Array, held: Array | None = None) -> _Rows:
        """Yearly claims of those on a list (parks, the city, holders of a status from day `held` on)."""
        plan, parts = self.f.plan.claims[name], []
        agencies = held is not None
        for at in range(self.years):
            some = np.arange(len(draw))
            if plan.frequency == "event":
                chance = -np.expm1(-self.p[f"{name} intensity"][at])
                some = np.flatnonzero(self.rng.random(len(draw)) < chance.take(draw))
            if not self.f.policy.measures[name].first_time:
                take_up = self.p[f"{name} take-up"][at].take(draw.take(some))
                some = some[self.rng.random(len(some)) < take_up]
            rows = self.dated(name, at, draw[some], some, agencies=False)
            if held is not None:
                rows = rows.some(np.flatnonzero(held.take(rows.agency) <= rows.earned))
            rows = _Rows(rows.place, agency.take(rows.agency), rows.earned, rows.decided, rows.late)
            parts.append(
                rows.some(np.flatnonzero(self.there(rows.agency, rows.earned))) if agencies else rows
            )
        return _joined(parts)

    def first_time(
        self, name: str, rows: _Rows, key: Array, passed: Array, already: Array | bool = False
    ) -> _Rows:
        """Rows that are filed in the term, pass and are the first ever of an agency and key; the others are counted.

        An event that is not filed, outside the term or refused is used up.
        """
        first = np.zeros(len(key), dtype=bool)
        first[first_of(rows.agency * RANKS + key, rows.place // self.draws)] = True
        first &= ~np.asarray(already)
        filed = self.rng.random(len(key)) < self.p[f"{name} take-up"].ravel().take(rows.place)
        filed &= (rows.earned >= self.since) & (rows.earned <= self.until)
        self.add(name, "conditions", rows.place[filed & ~passed])
        self.add(name, "first_time", rows.place[filed & passed & ~first])
        return rows.some(np.flatnonzero(filed & passed & first))

    # ------------------------------------------------------------------ figures of a claim

    def draw_of(self, agency: Array) -> Array:
        return self.cell.take(agency) // self.lines

    def of_draw(self, name: str, rows: _Rows) -> Array:
        """A parameter of the rows' draws."""
        return self.p[name].take(rows.place % self.draws)

    def values(self, one: Any, count: int) -> Array:
        """Values of a law."""
        if one.dist == "lognormal":
            return np.exp(one.mu + one.sigma * self.rng.standard_normal(count))
        return one.ppf(self.rng.random(count))

    def variable(self, name: str, variable: str, rows: _Rows) -> Array:
        return self.values(self.f.plan.claims[name].base.variables[variable], len(rows.place))

    def categories(self, weights: dict[str, float], count: int) -> Array:
        """Places of names drawn by weight."""
        up_to = np.cumsum(list(weights.values())) / sum(weights.values())
        return np.searchsorted(up_to[:-1], self.rng.random(count), side="right")

    def passes(self, name: str, value: Array, which: int = 0) -> Array:
        """Whether values (fen, counts, places of categories) meet the measure's condition."""
        one = list(self.f.policy.measures[name].conditions.values())[which]
        if one.test in ("one_of", "none_of"):
            plan, of = self.f.plan.claims[name], one.of
            drawn = plan.attributes.get(of)
            names = self.f.lines if of == "line" else plan.keys if drawn.key else drawn.weights
            among = np.isin(list(names), getattr(one, one.test))
            return (among if one.test == "one_of" else ~among).take(value)
        least = getattr(one, one.test).value
        return value >= least if one.test == "at_least" else value > least

    # ------------------------------------------------------------------ rules and sums

    def add(self, name: str, what: str, place: Array, fen: Array | None = None) -> None:
        """Add claims, or money, to the table of a measure."""
        self.sums.add(name, what, self.columns, np.bincount(place, fen, self.years * self.draws))

    def refuse(self, name: str, rows: _Rows, passed: Array) -> _Rows:
        """The rows that meet the conditions; the others are counted."""
        self.add(name, "conditions", rows.place[~passed])
        return rows.some(np.flatnonzero(passed))

    def award(self, name: str, rows: _Rows, gross: Array, award: Array, **taken: Array) -> None:
        """Count what passes step 1, add gross, what the steps took and awards, and split these over the funds.

        Each payer's share is floored, the first has the rest.
        """
        self.add(name, "passed", rows.place)
        self.add(name, "gross", rows.place, gross)
        for step, fen in taken.items():
            self.add(name, step, rows.place, fen)
        self.add(name, "award", rows.place, award)
        paid = np.flatnonzero(award > 0)
        rows, award = rows.some(paid), award.take(paid)
        self.add(name, "awarded", rows.place)
        # An agency's claims of a year stand together.
        another = np.ones(len(paid), dtype=bool)
        another[1:] = (rows.agency[1:] != rows.agency[:-1]) | (rows.place[1:] != rows.place[:-1])
        self.add(name, "agencies", rows.place[another])
        payers = list(self.f.policy.measures[name].payers.shares.items())
        parts = [np.floor(award * share / 10_000) for _, share in payers[1:]]
        cell = rows.late * (self.years * self.draws) + rows.place
        for (fund, _), part in zip(payers, [award - sum(parts), *parts], strict=True):
            if not self.f.policy.funds[fund].per_district:
                self.pay((name, fund, -1), cell, part)
                continue
            district = np.searchsorted(self.f.district_up_to, self.home.take(rows.agency), side="right")
            for one in np.unique(district):
                some = np.flatnonzero(district == one)
                self.pay((name, fund, int(one)), cell[some], part[some])

    def pay(self, purse: tuple[str, str, int], cell: Array, fen: Array) -> None:
        self.sums.pay(purse, self.columns, np.bincount(cell, fen, 2 * self.years * self.draws))

    def award_capped(self, name: str, rows: _Rows, gross: Array) -> None:
        """A cap per agency and year: what is decided first takes the room."""
        cap, count = self.f.cap(name), len(gross)
        bits = count.bit_length()
        order = np.sort(
            (((rows.agency * self.years + rows.place // self.draws) << 11 | rows.decided) << bits)
            | np.arange(count)
        )
        group, order = order >> (11 + bits), order & ((1 << bits) - 1)
        begins = np.flatnonzero(np.diff(group, prepend=-1))
        total = np.concatenate([[0], np.cumsum(gross.take(order))])
        before = np.repeat(total.take(begins), np.diff(begins, append=count))
        award = np.empty(count)
        award[order] = np.minimum(total[1:] - before, cap) - np.minimum(total[:-1] - before, cap)
        self.award(name, rows, gross, award, running_cap=gross - award)

    def award_in_turn(self, *claims: _Claims) -> None:
        """Claims of measures that meet, decided one by one: the first of every agency at once, then the second, ..."""
        rows = _joined([one.rows for one in claims])
        which = np.repeat(np.arange(len(claims)), [len(one.fen) for one in claims])
        fen, matter = (np.concatenate([getattr(one, name) for one in claims]) for name in ("fen", "matter"))
        once, outside = (
            np.array([getattr(one, name) for one in claims])[which] for name in ("once", "outside")
        )
        cap = np.array([one.cap for one in claims])[which]
        key = (rows.agency * 4_096 + rows.decided) * RANKS + which
        order = np.argsort(key + self.rng.random(len(key)))
        begins = np.flatnonzero(np.diff(rows.agency[order], prepend=-1))
        turn = np.empty(len(order), dtype=np.int64)
        turn[order] = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
        matter = np.unique(matter, return_inverse=True)[1]
        account = [one.rows.agency if one.account is None else one.account for one in claims]
        account = np.unique(np.concatenate(account) * RANKS + which, return_inverse=True)[1]
        covered, used, had = np.zeros(len(fen)), np.zeros(len(fen)), np.zeros(len(fen), dtype=bool)
        award, over, refused = np.zeros(len(fen)), np.zeros(len(fen)), np.zeros(len(fen), dtype=bool)
        for number in range(int(turn.max(initial=-1)) + 1):
            some = np.flatnonzero(turn == number)
            whose, what, facts = account[some], matter[some], outside[some]
            refused[some] = once[some] & had[whose]
            left = np.minimum(fen[some], cap[some] - used[whose])
            over[some] = fen[some] - left
            got = np.where(facts, fen[some], np.maximum(left - covered[what], 0) * ~refused[some])
            award[some] = got
            covered[what] += got
            used[whose] += got * ~facts
            had[whose] |= once[some] & (got > 0)
        for number, one in enumerate(claims):
            if one.outside:
                continue
            mine = which == number
            self.add(one.name, "once", one.rows.place[refused[mine]])
            of, kept = np.flatnonzero(mine & ~refused), np.flatnonzero(~refused[mine])
            taken = {"running_cap": over[of], "matter": fen[of] - over[of] - award[of]}
            gross = (one.fen if one.gross is None else one.gross)[kept]
            if one.gross is not None:
                taken[one.before] = gross - fen[of]
            self.award(one.name, one.rows.some(kept), gross, award[of], **taken)

    def select(self, name: str, rows: _Rows, fen: Array) -> Array:
        """What is left of amounts: in each year of decision the best, until one does not fit."""
        choice = self.f.policy.measures[name].selection
        round_ = rows.place + rows.late * self.draws
        order = np.argsort(round_ + self.rng.random(len(fen)))
        begins = np.flatnonzero(np.diff(round_[order], prepend=-1))
        before = np.repeat(begins, np.diff(begins, append=len(fen)))
        if choice.places is not None:
            chosen = order[np.arange(len(fen)) - before < choice.places]
        else:
            total = np.concatenate([[0], np.cumsum(fen[order])])
            chosen = order[total[1:] - total[before] <= choice.envelope]
        left = np.zeros(len(fen))
        left[chosen] = fen[chosen]
        return left

    def rate_of(self, name: str, base: Array) -> Array:
        return np.floor((base * self.f.policy.measures[name].award.rate + 5_000) / 10_000)

    # ------------------------------------------------------------------ measures of agencies

    def headhunting(self) -> None:
        f, name = self.f, "headhunting"
        plan, rows = f.plan.claims[name], self.claims(name)
        client = self.categories(plan.attributes["client"].weights, len(rows.place))
        growth = self.p[f"{name} growth"].ravel().take(rows.place)
        pay = growth * self.variable(name, "pay", rows)
        tax = whole(100 * np.interp(pay - f.minus, f.income, f.tax))
        passed = self.passes(name, tax) & self.passes(name, client, 1)
        rows, pay = self.refuse(name, rows, passed), pay[passed]
        fee_rate = f.fee_rate.take((self.rng.random(len(pay)) * len(f.fee_rate)).astype(np.int64))
        self.award_capped(name, rows, self.rate_of(name, whole(100 * pay * fee_rate)))

    def students(self) -> None:
        name = "students"
        rows = self.claims(name)
        heads = whole(self.variable(name, "heads", rows))
        self.award_capped(name, rows, heads * self.f.policy.measures[name].award.amount)

    def supplied_employees(self) -> None:
        name = "supplied_employees"
        rows = self.claims(name)
        months = self.f.plan.claims[name].attributes["months_in_post"].law
        heads, months = self.variable(name, "heads", rows), whole(self.values(months, len(rows.place)))
        passed = self.passes(name, whole(heads)) & self.passes(name, months, 1)
        rows = self.refuse(name, rows, passed)
        self.award_capped(name, rows, whole(100 * self.of_draw(f"{name} scale", rows) * heads[passed]))

    def recruiting_trips(self) -> None:
        name = "recruiting_trips"
        rows = self.claims(name)
        fen = whole(100 * self.of_draw(f"{name} scale", rows) * self.variable(name, "distance", rows))
        self.award(name, rows, fen, fen)

    def by_rule(self, name: str, rows: _Rows) -> Array:
        """The amount of the draw."""
        return whole(100 * self.of_draw(f"{name} scale", rows))

    def fixed(self, name: str, rows: _Rows) -> Array:
        """The amount that the policy names."""
        return np.full(len(rows.place), float(self.f.policy.measures[name].award.amount))

    def award_once(self, name: str, rows: _Rows, fen: Array) -> None:
        """Once for each agency, all its claims being of one matter or none."""
        once = self.f.policy.measures[name].repeat == "once"
        matter = rows.agency if name == "trade_base_title" else np.arange(len(fen))
        self.award_in_turn(_Claims(name=name, rows=rows, fen=fen, matter=matter, once=once))

    def practice_base(self) -> None:
        rows = self.claims("practice_base")
        self.award_once("practice_base", rows, self.by_rule("practice_base", rows))

    def top10_list(self) -> None:
        name = "top10_list"
        rows = self.claims(name)
        key = self.categories(self.f.plan.claims[name].keys, len(rows.place))
        before = self.rng.random(len(key)) < self.of_draw(f"{name} already", rows)
        before &= rows.agency < self.bound[0]
        rows = self.first_time(name, rows, key, self.passes(name, key), before)
        fen = self.fixed(name, rows)
        self.award(name, rows, fen, fen)

    def beside(self, name: str, rows: _Rows, matter: Array) -> _Claims:
        """What others pay on the same matters."""
        other = COMPANIONS[name]
        plan = self.f.plan.claims[other]
        paid = np.flatnonzero(self.rng.random(len(matter)) < self.of_draw(f"{other} chance", rows))
        rows = rows.some(paid)
        rows = _Rows(rows.place, rows.agency, rows.earned, rows.earned + plan.companion.days, rows.late)
        fen = whole(100 * self.variable(other, "amount", rows))
        return _Claims(name=other, rows=rows, fen=fen, matter=matter[paid], outside=True)

    def digital(self) -> None:
        name = "digital"
        rows = self.claims(name)
        base = whole(100 * self.variable(name, "investment", rows))
        line = self.cell.take(rows.agency) % self.lines
        passed = self.passes(name, base) & self.passes(name, line, 1)
        rows, gross = self.refuse(name, rows, passed), self.rate_of(name, base[passed])
        fen, matter, cap = self.select(name, rows, gross), np.arange(len(gross)), self.f.cap(name)
        ours = _Claims(name=name, rows=rows, gross=gross, before="selection", fen=fen, matter=matter, cap=cap)
        self.award_in_turn(ours, self.beside(name, rows, matter))

    def standards(self) -> None:
        name = "standards"
        rows = self.claims(name)
        level = self.categories(self.f.plan.claims[name].attributes["level"].weights, len(rows.place))
        rows = self.refuse(name, rows, self.passes(name, level))
        gross, matter = whole(100 * self.variable(name, "amount", rows)), np.arange(len(rows.place))
        fen = np.minimum(gross, self.f.cap(name))
        ours = _Claims(name=name, rows=rows, gross=gross, before="claim_cap", fen=fen, matter=matter)
        self.award_in_turn(ours, self.beside(name, rows, matter))

    def introduced(self) -> None:
        """Headquarters and agencies of the list: one matter an agency and year; the list pays an agency once."""
        claims = []
        for name, once in (("headquarters", False), ("recommended_list", True)):
            rows = self.claims(name)
            if once:
                fen = self.fixed(name, rows)
            else:
                size = self.variable(name, "size", rows)
                fen = whole(100 * self.of_draw(f"{name} scale", rows) * size)
            claims.append(_Claims(name=name, rows=rows, fen=fen, matter=self.agency_year(rows), once=once))
        self.award_in_turn(*claims)

    def agency_year(self, rows: _Rows) -> Array:
        return rows.agency * self.years + rows.place // self.draws

    # ------------------------------------------------------------------ holders of a status

    def transitions(self, name: str, agency: Array, held: Array) -> None:
        """Claims of agencies that gain a status, on that day."""
        f = self.f
        gained = np.flatnonzero(held >= 0)
        agency, earned = agency[gained], held[gained]
        at = np.searchsorted(f.first, earned, side="right") - 1
        place = at * self.draws + self.draw_of(agency)
        files = self.rng.random(len(place)) < self.p[f"{name} take-up"].ravel().take(place)
        kept = np.flatnonzero(files & (earned >= self.since) & (earned <= self.until))
        ready = earned + f.review + self.rng.integers(f.wait, f.longest + 1, len(earned))
        decided = f.decided_on.take(ready)
        rows = _Rows(place, agency, earned, decided, decided >= (f.first + f.length)[at]).some(kept)
        if name == "high_tech":
            fen = self.fixed(name, rows)
            ours = _Claims(name=name, rows=rows, fen=fen, matter=rows.agency, once=True)
            self.award_in_turn(ours, self.beside(name, rows, rows.agency))
        else:
            self.award_once(name, rows, self.by_rule(name, rows))

    def exports(self, agency: Array, held: Array) -> None:
        """Two subsidies of one year's exports."""
        claims = []
        for name in ("export_subsidy", "offshore_interest"):
            rows = self.listed(name, self.draw_of(agency), agency, held)
            exports = self.variable(name, "exports", rows)
            passed = self.passes(name, whole(100 * exports))
            rows = self.refuse(name, rows, passed)
            fen, matter = (
                whole(100 * self.of_draw(f"{name} scale", rows) * exports[passed]),
                self.agency_year(rows),
            )
            cap = self.f.cap(name)
            claims.append(_Claims(name=name, rows=rows, fen=fen, matter=matter, account=matter, cap=cap))
        self.award_in_turn(*claims)

    def listing(self, agency: Array, held: Array) -> None:
        """Stages of a listing by agencies above scale: each pays what lifts the agency to its amount.

        All stages are one matter, so the cap cuts each of them alone.
        """
        name = "listing"
        rows = self.listed(name, self.draw_of(agency), agency, held)
        weights = self.f.plan.claims[name].attributes["listing_stage"].weights
        stage = self.categories(weights, len(rows.place))
        passed = self.passes(name, stage)
        rows, stage = self.refuse(name, rows, passed), stage[passed]
        tiers = self.f.policy.measures[name].award.by_value
        amounts = np.array([float(tiers[one][0].amount) if one in tiers else 0.0 for one in weights])
        fen = np.minimum(amounts, self.f.cap(name)).take(stage)
        self.award_in_turn(_Claims(name=name, rows=rows, fen=fen, matter=rows.agency))

    # ------------------------------------------------------------------ parks, buildings, the city

    def others(self) -> None:
        for name, plan in self.f.plan.claims.items():
            if plan.among == "agency":
                continue
            number = self.p[f"{plan.among} number"]
            draw = np.repeat(np.arange(self.draws), number)
            rows = self.listed(name, draw, np.arange(len(draw)))
            measure = self.f.policy.measures[name]
            if measure.first_time:
                if plan.keys:
                    key = self.categories(plan.keys, len(rows.place))
                    passed = self.passes(name, key)
                else:
                    key = np.zeros(len(rows.place), dtype=np.int64)
                    (attribute,) = plan.attributes.values()
                    passed = self.passes(name, whole(100 * self.values(attribute.law, len(key))))
                rows = self.first_time(name, rows, key, passed)
            fen = self.fixed(name, rows) if measure.award.kind == "fixed" else self.by_rule(name, rows)
            if measure.selection.kind == "ranked":
                left = self.select(name, rows, fen)
                self.award(name, rows, fen, left, selection=fen - left)
            elif measure.repeat in ("once", "once_per_key"):
                self.award_once(name, rows, fen)
            else:
                self.award(name, rows, fen, fen)


def whole(value: Array) -> Array:
    """To the nearest fen, cent or head."""
    return np.floor(value + 0.5)


if __name__ == "__main__":
    raise SystemExit(main(__doc__, simulate))
