"""Random worlds for the tests of awards: a policy with every feature of the schema mixed, claims, a ledger.

Agencies, keys and matters are few, so that claims meet; amounts are small and odd, so that fen do not
divide; values stand often exactly on a threshold, a cap or the first or last day of a term.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from simkit.claims.types import UNKNOWN
from simkit.policy.conditions import Condition
from simkit.policy.document import Term
from simkit.policy.schema import Policy
from tests.claim_columns import ClaimColumns, PaidColumns

__all__ = [
    "World",
    "claims_of",
    "ledger_of",
    "policy_of",
    "random_world",
    "shrink",
    "take_claims",
    "take_ledger",
    "worlds",
]

Data = dict[str, Any]

NAME = {"zh": "某", "en": "some"}
FIRST_YEAR, LAST_YEAR = 2021, 2025
DISTRICTS = ("海曙", "鄞州", "北仑")
LEVELS = ("city", "district", "province")
DEPARTMENTS = ("hr", "science", "commerce")
LINES = ("dispatch", "headhunting", "training")
FUNDS: Data = {
    "talent": {"name": NAME, "department": "hr", "level": "city", "special": True},
    "science": {"name": NAME, "department": "science", "level": "city"},
    "local": {"name": NAME, "department": "hr", "level": "district", "per_district": True},
    "upper": {"name": NAME, "department": "commerce", "level": "province"},
}
ATTRIBUTES: Data = {
    "revenue": {"of": "agency", "unit": "yuan", "name": NAME},
    "staff": {"of": "agency", "unit": "count", "name": NAME},
    "line": {"of": "agency", "unit": "category", "name": NAME, "values": LINES},
    "licensed": {"of": "agency", "unit": "flag", "name": NAME},
    "export": {"of": "claim", "unit": "usd", "name": NAME},
    "tax": {"of": "claim", "unit": "yuan", "name": NAME},
    "client": {"of": "claim", "unit": "category", "name": NAME, "values": LINES},
    "resident": {"of": "claim", "unit": "flag", "name": NAME},
}
UNITS = {"yuan": "元", "usd": "美元", "count": "人"}
NUMBERS = ("revenue", "staff", "export", "tax")


@dataclass(frozen=True, eq=False)
class World:
    """What an adjudication needs; `label` says how to make it again."""

    policy: Policy
    claims: ClaimColumns
    ledger: PaidColumns | None
    label: str = ""


def worlds(most_claims: int = 30) -> st.SearchStrategy[World]:
    """Worlds of at most `most_claims` claims that hypothesis can shrink."""
    return st.builds(
        lambda random, claims: _Maker(random).world(claims, "hypothesis"),
        st.randoms(use_true_random=False),
        st.integers(1, most_claims),
    )


def random_world(seed: int, claims: int | None = None) -> World:
    """The world of a seed, with 30 to 90 claims if their number is not given."""
    random = Random(seed)
    count = random.randint(30, 90) if claims is None else claims
    return _Maker(random).world(count, f"random_world({seed}, {count})")


def policy_of(measures: Data, **parts: Any) -> Policy:
    """A policy of these measures; what a test does not look at is filled in."""
    document = {
        "number": "1号",
        "title": NAME,
        "issued": "2022-01-01",
        "text": {"file": "text.txt", "sha256": "0" * 64},
    }
    return Policy.model_validate(
        {
            "id": "made-up",
            "document": {**document, "in_force": parts.pop("in_force", {"since": "2020-01-01"})},
            "funds": parts.pop("funds", FUNDS),
            "districts": DISTRICTS,
            "attributes": ATTRIBUTES,
            "measures": {name: _filled(measure) for name, measure in measures.items()},
            **parts,
        }
    )


def claims_of(
    policy: Policy, rows: list[Data], attribute_names: tuple[tuple[str, int], ...] = ()
) -> ClaimColumns:
    """Claims from rows; `measure` is an id, a day a date or a number; the rest may be left out."""
    order = list(policy.measures)
    defaults: Data = {
        "draw": 0,
        "agency": 0,
        "key": 0,
        "matter": 0,
        "base": 0,
        "first_time": True,
        "score": 0.0,
    }
    full = [{**defaults, "district": 0, "earned": date(2023, 6, 1), "attributes": {}, **row} for row in rows]
    for row in full:
        row["measure"] = order.index(row["measure"])
        row["earned"] = _day(row["earned"])
        row["decided"] = _day(row.get("decided", row["earned"]))
        row["filed"] = _day(row.get("filed", row["decided"]))
    values = [[row["attributes"].get(name, UNKNOWN) for name in attribute_names] for row in full]
    return ClaimColumns(
        **{name: np.array([row[name] for row in full], dtype) for name, dtype in _CLAIM_TYPES.items()},
        attributes=np.array(values, np.int64).reshape(len(full), len(attribute_names)),
        attribute_names=attribute_names,
    )


def ledger_of(policy: Policy, rows: list[Data]) -> PaidColumns:
    """A ledger from rows, as `claims_of`."""
    order = list(policy.measures)
    full = [{"agency": 0, "key": 0, "matter": 0, "earned": date(2022, 6, 1), **row} for row in rows]
    full = [{**row, "measure": order.index(row["measure"]), "earned": _day(row["earned"])} for row in full]
    return PaidColumns(
        **{name: np.array([row[name] for row in full], dtype) for name, dtype in _LEDGER_TYPES.items()}
    )


def take_claims(claims: ClaimColumns, rows: list[int]) -> ClaimColumns:
    """These rows, in this order."""
    columns = {column.name: getattr(claims, column.name) for column in fields(claims)}
    names = columns.pop("attribute_names")
    return ClaimColumns(**{name: column[rows] for name, column in columns.items()}, attribute_names=names)


def take_ledger(ledger: PaidColumns, rows: list[int]) -> PaidColumns:
    """These rows, in this order."""
    return PaidColumns(**{column.name: getattr(ledger, column.name)[rows] for column in fields(ledger)})


_LEDGER_TYPES = {
    "measure": np.int16,
    "agency": np.int64,
    "key": np.int64,
    "matter": np.int64,
    "earned": np.int32,
    "award": np.int64,
}
_CLAIM_TYPES = {
    "draw": np.int32,
    "agency": np.int64,
    "measure": np.int16,
    "key": np.int64,
    "matter": np.int64,
    "earned": np.int32,
    "filed": np.int32,
    "decided": np.int32,
    "base": np.int64,
    "first_time": np.bool_,
    "score": np.float64,
    "district": np.int16,
}


def _day(day: date | int) -> int:
    return day if isinstance(day, int) else (day - date(1970, 1, 1)).days


def _filled(measure: Data) -> Data:
    plain: Data = {"name": NAME, "clause": "一", "quote": ["某"], "modelled": NAME, "rigidity": "entitlement"}
    plain["priced_by"] = "text" if measure.get("award") else "programme"
    if measure.get("award") and not measure.get("outside"):
        plain["payers"] = {"shares": {"talent": "100%"}}
    return {**plain, **measure}


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}元"


def _percent(points: int) -> str:
    return f"{points // 100}.{points % 100:02}%"


class _Maker:
    """Makes one world from one source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.since = date(2022, random.choice((1, 3)), random.choice((1, 12)))
        self.until = random.choice((date(2024, 3, 1), date(2024, 11, 30), date(2024, 12, 31)))

    def world(self, count: int, label: str) -> World:
        policy = self.policy()
        names = _needed(policy)
        self.random.shuffle(names)
        claims = claims_of(policy, self.claims(policy, count, names), tuple(names))
        ledger = None if self.chance(0.4) else ledger_of(policy, self.ledger(policy))
        return World(policy, claims, ledger, label)

    # Chance.

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def some(self, values: Any, least: int, most: int) -> list[Any]:
        """Some of the values, each once, in random order."""
        return self.random.sample(list(values), min(len(values), self.random.randint(least, most)))

    def fen(self, most: int = 3_000) -> int:
        return self.random.choice(
            (self.random.randint(1, most), self.random.choice((100, 500, 1_000, 2_000)))
        )

    def shares(self, count: int) -> list[str]:
        """Shares that sum to 100%, seldom round."""
        cuts = sorted(self.random.sample(range(1, 10_000), count - 1))
        return [_percent(end - start) for start, end in itertools.pairwise([0, *cuts, 10_000])]

    def threshold(self, unit: str) -> str:
        number = self.random.choice((0, 1, 2, 5, 10, self.random.randint(1, 30)))
        return f"{number}{UNITS[unit]}"

    def points(self, unit: str, least: int, most: int) -> list[str]:
        """Ascending thresholds."""
        numbers = sorted(self.random.sample(range(0, 30), self.random.randint(least, most)))
        return [f"{number}{UNITS[unit]}" for number in numbers]

    # The policy.

    def policy(self) -> Policy:
        measures = {f"m{i}": self.measure() for i in range(self.random.randint(3, 7))}
        parts: Data = {"in_force": {"since": self.since.isoformat()}}
        if self.chance(0.8):
            parts["in_force"]["until"] = self.until.isoformat()
        parts["matters"] = self.matters(measures)
        inside = [name for name, measure in measures.items() if not measure.get("outside")]
        if inside:
            parts["total_caps"] = {
                f"total{i}": self.total_cap(inside) for i in range(self.random.randint(0, 3))
            }
        return policy_of(measures, **parts)

    def measure(self) -> Data:
        unit = self.random.choice(("yuan", "yuan", "usd", "count"))
        measure: Data = {"base_unit": unit, "award": self.award(unit)}
        measure["departments"] = self.some(DEPARTMENTS, 1, 2)
        measure["payers"] = self.payers()
        if self.chance(0.3):
            measure["level"] = self.random.choice(LEVELS)
        if self.chance(0.15):
            extra = {"award": {"kind": "by_rule"}, "payers": None} if self.chance(0.7) else {}
            measure.update(outside=True, **extra)
        elif self.chance(0.04):
            measure.update(award=None)
        measure["status"] = self.random.choice(("in_force",) * 25 + ("suspended", "removed"))
        measure["conditions"] = {
            f"c{i}": self.condition(unit) for i in range(self.random.choice((0, 0, 1, 1, 2)))
        }
        measure["first_time"] = self.chance(0.15)
        measure["repeat"] = self.random.choice(("always",) * 4 + ("yearly", "once", "once_per_key"))
        measure["caps"] = {f"cap{i}": self.cap() for i in range(self.random.choice((0, 1, 1, 2, 3)))}
        if self.chance(0.25):
            measure["selection"] = self.selection()
        measure["instalments"] = self.instalments(unit)
        measure["lag_days"] = self.random.choice((0, 0, 1, 31, 200, 400))
        if self.chance(0.3):
            since = date(self.random.randint(FIRST_YEAR, 2024), self.random.choice((1, 3, 7)), 1)
            measure["in_force"] = {"since": since.isoformat()}
            if self.chance(0.6):
                measure["in_force"]["until"] = since.replace(
                    year=since.year + self.random.randint(0, 2), month=12
                )
        return measure

    def award(self, unit: str) -> Data:
        kind = self.random.choice(
            ("rate", "per_unit", "fixed", "tiers", "tiers", "bands", "step", "by_rule", "by_rule")
        )
        match kind:
            case "rate":
                return {
                    "kind": kind,
                    "rate": _percent(self.random.choice((5_000, 2_000, self.random.randint(1, 15_000)))),
                }
            case "per_unit":
                return {"kind": kind, "amount": _yuan(self.random.randint(1, 9))}
            case "fixed":
                return {"kind": kind, "amount": _yuan(self.fen())}
            case "step":
                per_full = f"{self.random.randint(1, 7)}{UNITS[unit]}"
                return {"kind": kind, "per_full": per_full, "amount": _yuan(self.fen(500))}
            case "bands":
                return {"kind": kind, "bands": [self.band(point, unit) for point in self.points(unit, 1, 3)]}
            case "tiers":
                return self.tiers(unit)
        return {"kind": kind}

    def band(self, above: str, unit: str) -> Data:
        if self.chance(0.6):
            return {"above": above, "rate": _percent(self.random.randint(1, 9_999))}
        return {
            "above": above,
            "per_full": f"{self.random.randint(1, 4)}{UNITS[unit]}",
            "amount": _yuan(self.fen(300)),
        }

    def tiers(self, unit: str) -> Data:
        award: Data = {"kind": "tiers", "top_up": self.chance(0.5)}
        if self.chance(0.4):
            award["on"] = self.random.choice(NUMBERS)
            unit = ATTRIBUTES[award["on"]]["unit"]

        def ladder() -> list[Data]:
            return [{"reached": point, "amount": _yuan(self.fen())} for point in self.points(unit, 1, 3)]

        if self.chance(0.4):
            award["by"] = self.random.choice(("line", "client"))
            award["by_value"] = {line: ladder() for line in self.some(LINES, 1, 2)}
        if "by" not in award or self.chance(0.6):
            award["tiers"] = ladder()
        return award

    def condition(self, unit: str) -> Data:
        of = self.random.choice(("base", *ATTRIBUTES))
        kind = unit if of == "base" else ATTRIBUTES[of]["unit"]
        agency = of != "base" and ATTRIBUTES[of]["of"] == "agency"
        condition: Data = {"of": of}
        if agency and self.chance(0.4):
            condition["year"] = self.random.choice((-2, -1, 1))
        if kind == "flag":
            return {**condition, "is_true": self.chance(0.8)}
        if kind == "category":
            return {**condition, self.random.choice(("one_of", "none_of")): self.some(LINES, 1, 2)}
        if agency and self.chance(0.5):
            share = _percent(self.random.choice((1, 1_000, 2_000, 3_333)))
            return {**condition, "grew_at_least": share, "years": self.random.randint(1, 3)}
        test = self.random.choice(("at_least", "at_least", "more_than", "at_most", "less_than"))
        return {**condition, test: self.threshold(kind)}

    def amount(self, most: int) -> Data:
        """An amount, or a share of an attribute."""
        if self.chance(0.7):
            return {"amount": _yuan(self.fen(most))}
        of = self.random.choice(NUMBERS)
        year = self.random.choice((-1, -1, 0)) if ATTRIBUTES[of]["of"] == "agency" else 0
        return {"share": _percent(self.random.randint(1, 12_000)), "of": of, "year": year}

    def cap(self) -> Data:
        if self.chance(0.35):
            return {"per": "claim", "within": "claim", **self.amount(2_000)}
        per, within = (
            self.random.choice(("agency", "agency", "measure")),
            self.random.choice(("year", "term", "ever")),
        )
        return {"per": per, "within": within, **self.amount(5_000 if per == "agency" else 15_000)}

    def total_cap(self, inside: list[str]) -> Data:
        measures = self.some(inside, 1, 5)
        return {
            "name": NAME,
            "clause": "一",
            "measures": measures,
            "make_up": self.chance(0.5),
            **self.amount(6_000),
        }

    def selection(self) -> Data:
        selection: Data = {"kind": "ranked"}
        if self.chance(0.7):
            selection["envelope"] = _yuan(self.fen(8_000))
        if self.chance(0.5):
            selection["places"] = f"{self.random.randint(1, 5)}家"
        return selection

    def payers(self) -> Data:
        funds = self.some(FUNDS, 1, 3)
        return {"shares": dict(zip(funds, self.shares(len(funds)), strict=True))}

    def instalments(self, unit: str) -> list[Data]:
        count = self.random.choice((1, 1, 1, 2, 3))
        years = sorted(self.random.sample(range(4), count))
        parts: list[Data] = []
        for share, year in zip(self.shares(count), years, strict=True):
            conditions = [self.condition(unit) for _ in range(self.random.choice((0, 0, 1, 2)))]
            once = [one for place, one in enumerate(conditions) if one not in conditions[:place]]
            parts.append({"share": share, "after_years": year, "conditions": once if count > 1 else []})
        return parts

    def matters(self, measures: Data) -> Data:
        """Matters of measures that are in no other: a measure whose tiers are topped up is its own matter."""
        free = [name for name, measure in measures.items() if not (measure["award"] or {}).get("top_up")]
        self.random.shuffle(free)
        matters: Data = {}
        while free and self.chance(0.75):
            size = self.random.randint(1, 4)
            members, free = free[:size], free[size:]
            matters[f"matter{len(matters)}"] = {
                "name": NAME,
                "clause": "附则",
                "why": NAME,
                "members": members,
                "key": self.some(("agency", "year", "matter"), 1, 3),
                "levels": self.some(LEVELS, 1, 3) if self.chance(0.3) else [],
                "departments": self.some(DEPARTMENTS, 1, 3) if self.chance(0.3) else [],
                "years": self.random.choice(("ever", "ever", "same_year")),
                "mode": self.random.choice(("inclusive", "inclusive", "additive")),
                "payer": self.random.choice(("sequential", "settlement"))
                if len(members) > 1
                else "sequential",
            }
        return matters

    # The claims.

    def claims(self, policy: Policy, count: int, names: list[tuple[str, int]]) -> list[Data]:
        draws, years = self.random.randint(1, 2), range(FIRST_YEAR - 6, LAST_YEAR + 8)
        growth = {0, *(condition.grew_at_least or 0 for condition in _conditions(policy))}
        path = {
            (agency, name): self.path(name, years, sorted(growth))
            for agency in range(3)
            for name, _ in names
            if ATTRIBUTES[name]["of"] == "agency"
        }
        rows = []
        for _ in range(count):
            measure = self.random.choice(list(policy.measures))
            earned = self.day(policy.measures[measure].in_force)
            decided = self.day() if self.chance(0.3) else earned + self.random.choice((0, 0, 30, 365, 500))
            row: Data = {
                "draw": self.random.randrange(draws),
                "agency": self.random.randrange(3),
                "measure": measure,
            }
            row.update(
                key=self.random.randrange(2), matter=self.random.randrange(2), earned=earned, decided=decided
            )
            row.update(
                base=self.base(policy, measure),
                first_time=self.chance(0.7),
                district=self.random.randrange(3),
            )
            row.update(
                filed=decided - self.random.choice((0, 10)), score=self.random.choice((0.0, 0.25, 0.5, 1.0))
            )
            year = _year(earned)
            row["attributes"] = {
                (name, later): path[row["agency"], name][year + later]
                if (row["agency"], name) in path
                else self.value(name)
                for name, later in names
            }
            rows.append(row)
        return sorted(rows, key=lambda row: (row["draw"], row["decided"]))

    def day(self, own: Term | None = None) -> int:
        """A day, often a first or last one: of a year, of the policy's term, of the measure's own."""
        first = date(self.random.randint(FIRST_YEAR, LAST_YEAR), 1, 1)
        edges = [first, self.since, self.until]
        if own is not None:
            edges += [own.since] * 3 + [own.until or own.since] * 2
        edge = self.random.choice(edges)
        if self.chance(0.3):
            return _day(edge) + self.random.choice((-1, 0, 1))
        if self.chance(0.7):
            return self.random.randint(_day(self.since), _day(self.until))
        return _day(first) + self.random.randrange(365)

    def base(self, policy: Policy, name: str) -> int:
        """A base, often on a threshold, a cap or half a fen."""
        measure = policy.measures[name]
        edges = [0, 1, 100, 1_000]
        edges += [cap.amount for cap in measure.caps.values() if cap.amount is not None]
        edges += [point.value for point in _points(measure.award)]
        edges += [point.value for point in map(_point, measure.conditions.values()) if point is not None]
        if self.chance(0.4):
            return max(0, self.random.choice(edges) + self.random.choice((-1, 0, 0, 1)))
        most = (
            12
            if measure.base_unit == "count" and measure.award and measure.award.kind != "by_rule"
            else 4_000
        )
        return self.random.randint(0, most)

    def value(self, name: str) -> int:
        """A value of an attribute, sometimes unknown."""
        if self.chance(0.08):
            return int(UNKNOWN)
        unit = ATTRIBUTES[name]["unit"]
        if unit in ("flag", "category"):
            return self.random.randrange(2 if unit == "flag" else 3)
        scale = 1 if unit == "count" else 100
        number = self.random.choice((0, 1, 2, 5, 10, self.random.randint(-3, 30)))
        return number * scale + self.random.choice((-1, 0, 0, 1))

    def path(self, name: str, years: range, growth: list[int]) -> dict[int, int]:
        """An agency's values by year: fresh, the same, or grown by exactly a threshold or one unit less."""
        value, path = self.value(name), {}
        for year in years:
            path[year] = value
            fresh = ATTRIBUTES[name]["unit"] in ("flag", "category") or value <= 0
            if fresh or self.chance(0.3):
                value = self.value(name) if self.chance(0.6) else value
            else:
                value = -(-value * (10_000 + self.random.choice(growth)) // 10_000) - self.chance(0.1)
                value = value if value < 10**7 else self.value(name)
        return path

    def ledger(self, policy: Policy) -> list[Data]:
        names = [self.random.choice(list(policy.measures)) for _ in range(self.random.randint(0, 12))]
        return [
            {
                "measure": name,
                "agency": self.random.randrange(3),
                "key": self.random.randrange(2),
                "matter": self.random.randrange(2),
                "earned": self.day(policy.measures[name].in_force),
                "award": self.random.choice((0, self.fen(1_500))),
            }
            for name in names
        ]


def _year(day: int) -> int:
    return date.fromordinal(date(1970, 1, 1).toordinal() + day).year


def _conditions(policy: Policy) -> Iterator[Condition]:
    for measure in policy.measures.values():
        yield from measure.conditions.values()
        for instalment in measure.instalments:
            yield from instalment.conditions


def _point(condition: Condition) -> Any:
    tests = (condition.at_least, condition.more_than, condition.at_most, condition.less_than)
    return next((test for test in tests if test is not None and condition.of == "base"), None)


def _points(award: Any) -> list[Any]:
    if award is None:
        return []
    if award.kind == "bands":
        return [band.above for band in award.bands]
    if award.kind == "tiers" and award.on == "base":
        return [tier.reached for tiers in (award.tiers, *award.by_value.values()) for tier in tiers]
    return [award.per_full] if award.kind == "step" else []


def _needed(policy: Policy) -> list[tuple[str, int]]:
    """The attributes and years that the policy reads; those of the claim itself have no year."""
    needed: set[tuple[str, int]] = set()

    def read(of: str, *years: int) -> None:
        if of != "base":
            needed.update((of, year if ATTRIBUTES[of]["of"] == "agency" else 0) for year in years)

    for measure in policy.measures.values():
        later = [(condition, 0) for condition in measure.conditions.values()]
        later += [(each, part.after_years) for part in measure.instalments for each in part.conditions]
        for condition, years in later:
            last = condition.year + years
            read(condition.of, *range(last - (condition.years if condition.grew_at_least else 0), last + 1))
        if measure.award is not None and measure.award.kind == "tiers":
            read(measure.award.on, 0)
            read(measure.award.by or "base", 0)
        for cap in measure.caps.values():
            read(cap.of or "base", cap.year)
    for total in policy.total_caps.values():
        read(total.of or "base", total.year)
    return sorted(needed)


# Making a world that shows a difference as small as it gets.


def shrink(world: World, shows: Callable[[World], bool]) -> World:
    """The world without the claims, ledger rows and features that `shows` does not need to stay true."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(world):
            if shows(candidate):
                world, smaller = candidate, True
                break
    return replace(world, label=f"{world.label}, shrunk")


def _smaller(world: World) -> Iterator[World]:
    for keep in _subsets(len(world.claims)):
        yield replace(world, claims=take_claims(world.claims, keep))
    if world.ledger is not None:
        yield replace(world, ledger=None)
        for keep in _subsets(len(world.ledger.measure)):
            yield replace(world, ledger=take_ledger(world.ledger, keep))
    columns = [i for i, name in enumerate(world.claims.attribute_names) if name in _needed(world.policy)]
    if len(columns) < len(world.claims.attribute_names):
        names = tuple(world.claims.attribute_names[i] for i in columns)
        kept = replace(world.claims, attributes=world.claims.attributes[:, columns], attribute_names=names)
        yield replace(world, claims=kept)
    for part in ("matters", "total_caps"):
        yield from (_with_policy(world, **{part: left}) for left in _without_one(getattr(world.policy, part)))
    plain: Data = {"conditions": {}, "selection": {}, "instalments": ({"share": "100%"},), "in_force": None}
    plain.update(repeat="always", first_time=False, lag_days=0, level=None)
    default = policy_of({"plain": {"award": {"kind": "by_rule"}, **plain}}).measures["plain"]
    for name, measure in world.policy.measures.items():
        changes = [
            {part: getattr(default, part)}
            for part in plain
            if getattr(measure, part) != getattr(default, part)
        ]
        changes += [{"caps": left} for left in _without_one(measure.caps)]
        for change in changes:
            changed = measure.model_copy(update=change)
            yield _with_policy(world, measures={**world.policy.measures, name: changed})


def _with_policy(world: World, **update: Any) -> World:
    return replace(world, policy=world.policy.model_copy(update=update))


def _without_one(things: Data) -> list[Data]:
    return [{key: thing for key, thing in things.items() if key != name} for name in things]


def _subsets(count: int) -> Iterator[list[int]]:
    """All rows but a half, a quarter, ..., one."""
    size = count // 2
    while size:
        for start in range(0, count, size):
            keep = [row for row in range(count) if not start <= row < start + size]
            if keep:
                yield keep
        size //= 2
