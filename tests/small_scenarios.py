"""Small policies and scenarios written as files, for the tests that simulate."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from simkit.base.arrays import IndexArray
from simkit.claims.blueprint import blueprint
from simkit.claims.drawn import draw_rates
from simkit.claims.sampling import Sampled, Sampler
from simkit.claims.types import CLAIM, UNKNOWN
from simkit.policy.columns import claim_columns
from simkit.scenario import Scenario
from tests.claim_columns import ClaimColumns

__all__ = [
    "BOTH",
    "assumed",
    "attribute",
    "claim",
    "column",
    "draw_claims",
    "fixed",
    "measure",
    "of_measure",
    "write_scenario",
]

Data = dict[str, Any]

BOTH = {"zh": "某", "en": "some"}
_TEXT = "某项奖励，按规定给予。\n"
_QUOTE = "某项奖励"
#: Decided on the day it is earned or on the next of these rounds; no time between.
AT_ONCE = {"filing_days": [0, 0], "review_days": 0, "rounds": ["12-31"], "source": "made_up"}


def assumed(value: Any) -> Data:
    """An assumption of this value or law."""
    return {"value": value.item() if isinstance(value, np.generic) else value, "source": "made_up"}


def attribute(of: str, unit: str, **more: Any) -> Data:
    """An attribute of a claim or an agency."""
    return {"of": of, "unit": unit, "name": BOTH, **more}


def fixed(amount: str) -> Data:
    """A fixed award."""
    return {"kind": "fixed", "amount": amount}


def measure(award: Data, **more: Any) -> Data:
    """A measure of the small policy, paid by the HR fund."""
    plain = {
        "name": BOTH,
        "clause": "一",
        "quote": [_QUOTE],
        "priced_by": "text",
        "rigidity": "entitlement",
        "modelled": BOTH,
        "award": award,
    }
    if not more.get("outside"):
        plain["payers"] = {"shares": {"hr": "100%"}}
    return plain | more


def claim(intensity: Any = None, **more: Any) -> Data:
    """How claims of a measure arise; all who are entitled file, unless said otherwise."""
    plain: Data = {"take_up": assumed(1), "base": {"unit": "yuan", "scale": assumed("1元")}}
    if intensity is not None:
        plain["intensity"] = assumed(intensity)
    merged = plain | more
    return {name: value for name, value in merged.items() if value is not None}


def _growth(start: Any, years: tuple[int, int], more: Data) -> Data:
    plain = {
        "mode": "trend",
        "start_year": years[0] - 1,
        "start": assumed(start),
        "entry_rate": assumed(0),
        "exit_rate": assumed(0),
    }
    return plain | more


def write_scenario(
    folder: Path,
    measures: Mapping[str, Data],
    claims: Mapping[str, Data],
    *,
    years: tuple[int, int] = (2024, 2024),
    in_force: Data | None = None,
    start: Any = 0,
    growth: Data | None = None,
    population: Data | None = None,
    policy: Data | None = None,
    factor_cv: Any = 0,
    loading: Any = 0,
    factor: Data | None = None,
    **plan: Any,
) -> Path:
    """Write `policy.yaml`, its text and `scenario.yaml` to a folder, and give the scenario's file.

    Parameters
    ----------
    years : first and last earned year
        The population starts at the end of the year before.
    start : number or law
        Agencies at the start.
    growth, population, policy, factor, plan
        Keys that stand in for or come besides those of a still, single-line population.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "text.txt").write_text(_TEXT, encoding="utf-8", newline="\n")
    term = in_force or {"since": f"{years[0]}-01-01", "until": f"{years[1]}-12-31"}
    law: Data = {
        "id": "small",
        "document": {
            "number": "1号",
            "title": BOTH,
            "issued": "2010-01-01",
            "in_force": term,
            "text": {"file": "text.txt", "sha256": hashlib.sha256(_TEXT.encode()).hexdigest()},
        },
        "funds": {"hr": {"name": BOTH, "department": "hr", "level": "city", "special": True}},
        "measures": dict(measures),
    }
    people: Data = {
        "growth": _growth(start, years, growth or {}),
        "lines": {"agency": assumed(1)},
        "eligible": assumed(1),
    }
    if any(one.get("among") == "city" for one in claims.values()):
        people["others"] = {"city": assumed(1)}
    scenario: Data = {
        "id": "small",
        "title": BOTH,
        "about": BOTH,
        "as_of": f"{years[0]}-01-01",
        "budget_year": years[0],
        "earned_years": list(years),
        "sources": {"made_up": {"source": BOTH, "date": "2024-01-01", "reliability": "judgement"}},
        "population": people | (population or {}),
        "calendar": AT_ONCE,
        "factor": {"cv": assumed(factor_cv), "loading": assumed(loading)} | (factor or {}),
        "claims": dict(claims),
    }
    _write(folder / "policy.yaml", law | (policy or {}))
    path = folder / "scenario.yaml"
    _write(path, scenario | plan)
    return path


def draw_claims(scenario: Scenario, draws: int, seed: int = 7) -> tuple[ClaimColumns, IndexArray]:
    """The claims of a scenario's draws, and its agencies at the ends of the years, int64[draw, year + 1]."""
    plan, policy, numbers = scenario.plan, scenario.policy, np.arange(draws, dtype=np.int64)
    last = plan.earned_years[1]
    given = (plan.population, plan.claims, plan.factor, last, seed, numbers)
    rates, drawn = draw_rates(policy, *given, roster=scenario.roster)
    sketch = blueprint(policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    sampled = Sampler(sketch, seed, draws).sample(rates, drawn, numbers, 0)
    return claims_of(sampled, numbers, claim_columns(policy)), sampled.agencies.copy()


def of_measure(scenario: Scenario, claims: ClaimColumns, name: str) -> np.ndarray:
    """Which claims are of a measure: bool[claim]."""
    return claims.measure == list(scenario.policy.measures).index(name)


def column(claims: ClaimColumns, name: str, year: int = 0) -> np.ndarray:
    """An attribute of the claims: int64[claim]."""
    return claims.attributes[:, claims.attribute_names.index((name, year))]


class _Plain(yaml.CSafeDumper):
    """Without anchors, which the strict loader does not read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write(path: Path, data: Data) -> None:
    path.write_text(yaml.dump(data, Dumper=_Plain, allow_unicode=True, sort_keys=False), encoding="utf-8")


def claims_of(
    sampled: Sampled, draws: IndexArray, columns: dict[str, tuple[tuple[str, int], ...]]
) -> ClaimColumns:
    """Sampled rows as the columns of Claims, copied; `columns` are those of each measure (`claim_columns`)."""
    names_of = (name for name in CLAIM.names or () if name != "account")
    fields = {name: np.ascontiguousarray(sampled.claims.rows[name]) for name in names_of}
    fields["first_time"] = fields["first_time"].astype(np.bool_)
    draw = np.repeat(draws, np.diff(sampled.claims.firsts)).astype(np.int32)
    names = tuple(sorted({column for own in columns.values() for column in own}))
    attributes = np.full((len(draw), len(names)), UNKNOWN, dtype=np.int64)
    for measure, own in enumerate(columns.values()):
        here = np.flatnonzero(fields["measure"] == measure)
        for place, column in enumerate(own):
            attributes[here, names.index(column)] = sampled.claims.attributes[here, place]
    return ClaimColumns(draw=draw, **fields, attributes=attributes, attribute_names=names)
