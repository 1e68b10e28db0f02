"""The hand-worked cases of `tests/cases/*.yaml`, as real policies, claims, ledgers and expected rows.

A file names its `clause` and its `policy`: a folder of `scenarios/`, or a mapping laid over a minimal policy.
Each case has `claims` in order of decision and `expected` rows beside them; `claim` holds what all its claims
share, `readings` names options of the policy's register, `overlay` changes paths. A row of `expected` names
what matters; steps that it leaves out took nothing wherever it names `gross` and `award`.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from simkit.base.money import parse_quantity
from simkit.claims.types import UNKNOWN
from simkit.policy.columns import attribute_columns
from simkit.policy.conditions import Attribute
from simkit.policy.schema import Policy
from tests.claim_columns import ClaimColumns, PaidColumns

__all__ = ["REFUSALS", "STEPS", "Case", "Part", "Row", "load_cases"]

CASES = Path(__file__).parent / "cases"
SCENARIOS = Path(__file__).parents[1] / "scenarios"
REFUSALS = {"none": 0, "not_in_force": 1, "conditions": 2, "not_first_time": 3, "already_paid": 4}
STEPS = ("over_claim_cap", "not_selected", "over_running_cap", "same_matter", "over_total_cap")
_SCENARIO_PATHS = ("claims", "population", "renewed")

Data = dict[str, Any]
#: Fund, district (-1 where the fund is not one of each district), paid year, fen, forfeited.
Part = tuple[str, int, int, int, bool]
#: What a case expects of one claim: fen by step, codes of `refusal` and `bound`, position of `booked`, and
#: the parts that are above 0.
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One hand-worked case.

    Attributes
    ----------
    name : str
        `FILE/NAME`.
    expected : tuple of Row
        One for each claim.
    atol : int
        Fen by which an amount may be off.
    """

    name: str
    clause: str
    source: str
    note: str
    policy: Policy
    claims: ClaimColumns
    ledger: PaidColumns | None
    expected: tuple[Row, ...]
    atol: int

    def __str__(self) -> str:
        return self.name


def load_cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(CASES.glob("*.yaml")) for case in _file_cases(path)]


def _file_cases(path: Path) -> list[Case]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not data.get("cases"):
        raise ValueError(f"{path}: expected at least one case")
    return [_case(path.stem, data, case) for case in data["cases"]]


def _case(stem: str, data: Data, case: Data) -> Case:
    name = f"{stem}/{case['name']}"
    policy = _policy(case["policy"] if "policy" in case else data["policy"], case)
    rows = [_merged(case.get("claim", {}), row) for row in case["claims"]]
    expected = tuple(
        _expected(policy, row, wanted) for row, wanted in zip(rows, case["expected"], strict=True)
    )
    if not rows or not all(case["expected"]):
        raise ValueError(f"{name}: expected claims, and something expected of each")
    if not case["source"].strip() or not case["note"].strip():
        raise ValueError(f"{name}: expected a source and a note")
    for row in expected:
        _check_foots(name, row)
    return Case(
        name=name,
        clause=str(case.get("clause", data["clause"])),
        source=case["source"],
        note=case["note"],
        policy=policy,
        claims=_claims(name, policy, rows),
        ledger=_ledger(policy, case["ledger"]) if "ledger" in case else None,
        expected=expected,
        atol=case.get("atol", 0),
    )


def _merged(shared: Data, row: Data) -> Data:
    """A claim with what all claims of its case share."""
    attributes = {**shared.get("attributes", {}), **row.get("attributes", {})}
    return {**shared, **row, "attributes": attributes}


def _check_foots(name: str, row: Row) -> None:
    """A wrong sum in a note must not hide: gross is the award and what the steps took."""
    taken = sum(row.get(step, 0) for step in STEPS)
    if "gross" in row and "award" in row and row["gross"] != row["award"] + taken:
        raise ValueError(f"{name}: expected gross = award + steps, found {row}")


# The policy.


@cache
def _scenario_policy(folder: str) -> Any:
    return yaml.safe_load((SCENARIOS / folder / "policy.yaml").read_text(encoding="utf-8"))


def _policy(given: str | Data, case: Data) -> Policy:
    raw = copy.deepcopy(_scenario_policy(given)) if isinstance(given, str) else _whole(copy.deepcopy(given))
    for reading, option in case.get("readings", {}).items():
        _lay(raw, copy.deepcopy(raw["readings"][reading]["options"][option].get("overlay", {})))
    _lay(raw, case.get("overlay", {}))
    return Policy.model_validate(raw)


def _lay(raw: Data, overlay: Mapping[str, Any]) -> None:
    """Set each path of an overlay; all but its last word must be there."""
    for path, value in overlay.items():
        *way, last = path.split(".")
        if way and way[0] in _SCENARIO_PATHS:
            raise ValueError(f"a case has no scenario, so nothing at {path}")
        node = raw
        for word in way:
            node = node[word]
        node[last] = value


def _whole(given: Data) -> Data:
    """A small policy with what every policy must have."""
    name = {"zh": "例", "en": "example"}
    document = {
        "number": "例〔2020〕1号",
        "title": name,
        "issued": datetime.date(2020, 1, 1),
        "in_force": {"since": datetime.date(2020, 1, 1), "until": datetime.date(2030, 12, 31)},
        "text": {"file": "none", "sha256": "0" * 64},
    }
    fund = {"name": name, "department": "人社", "level": "city", "special": True}
    raw = {"id": "case", "document": document, "funds": {"hr": fund}, **given}
    raw["funds"] = {key: {**fund, "special": False, **value} for key, value in raw["funds"].items()}
    raw["attributes"] = {key: {"name": name, **value} for key, value in given.get("attributes", {}).items()}
    raw["measures"] = {key: _whole_measure(name, value) for key, value in given["measures"].items()}
    for part, more in (("matters", {"why": name}), ("total_caps", {})):
        whole = {
            key: {"name": name, "clause": "1", **more, **value} for key, value in given.get(part, {}).items()
        }
        raw[part] = whole
    return raw


def _whole_measure(name: Data, given: Data) -> Data:
    counted = given.get("award", {}).get("kind") == "per_unit"
    whole = {
        "name": name,
        "clause": "1",
        "quote": ["例"],
        "departments": ["人社"],
        "priced_by": "by_rule",
        "rigidity": "adjustable",
        "modelled": name,
        "base_unit": "count" if counted else "yuan",
    }
    if not given.get("outside"):
        whole["payers"] = {"shares": {"hr": "100%"}}
    return {**whole, **given}


# Claims and ledger.


def _day(value: datetime.date) -> int:
    return (value - datetime.date(1970, 1, 1)).days


def _amount(text: Any) -> int:
    """Fen of yuan, cents of US dollars, or a count."""
    quantity = parse_quantity(text)
    value = quantity.value * (100 if quantity.kind in ("yuan", "usd") else 1)
    if value != int(value):
        raise ValueError(f"a whole number of the smallest unit, not {text}")
    return int(value)


def _code(attribute: Attribute, value: Any) -> int:
    if attribute.unit == "category":
        return attribute.values.index(value)
    return int(value) if attribute.unit == "flag" else _amount(value)


def _named(name: str) -> tuple[str, int]:
    """`revenue@-1` -> ("revenue", -1)."""
    of, _, year = name.partition("@")
    return of, int(year or 0)


def _claims(name: str, policy: Policy, rows: list[Data]) -> ClaimColumns:
    measures = list(policy.measures)
    given = {_named(key) for row in rows for key in row["attributes"]}
    names = tuple(sorted({*attribute_columns(policy), *given}))
    attributes = np.full((len(rows), len(names)), UNKNOWN, dtype=np.int64)
    for place, row in enumerate(rows):
        for key, value in row["attributes"].items():
            attribute = _named(key)
            attributes[place, names.index(attribute)] = _code(policy.attributes[attribute[0]], value)
    decided = [_day(row["decided"] if "decided" in row else row["earned"]) for row in rows]
    if decided != sorted(decided):
        raise ValueError(f"{name}: expected claims in order of decision")

    def whole(key: str, default: int, dtype: type[np.generic]) -> Any:
        return np.array([row.get(key, default) for row in rows], dtype=dtype)

    earned = np.array([_day(row["earned"]) for row in rows], dtype=np.int32)
    return ClaimColumns(
        draw=np.zeros(len(rows), dtype=np.int32),
        agency=whole("agency", 0, np.int64),
        measure=np.array([measures.index(row["measure"]) for row in rows], dtype=np.int16),
        key=whole("key", 0, np.int64),
        matter=whole("matter", 0, np.int64),
        earned=earned,
        filed=earned.copy(),
        decided=np.array(decided, dtype=np.int32),
        base=np.array([_amount(row.get("base", 0)) for row in rows], dtype=np.int64),
        first_time=whole("first_time", False, np.bool_),
        score=whole("score", 0, np.float64),
        district=np.array([_district(policy, row) for row in rows], dtype=np.int16),
        attributes=attributes,
        attribute_names=names,
    )


def _district(policy: Policy, row: Data) -> int:
    return policy.districts.index(row["district"]) if "district" in row else 0


def _ledger(policy: Policy, rows: list[Data]) -> PaidColumns:
    measures = list(policy.measures)

    def whole(key: str) -> Any:
        return np.array([row.get(key, 0) for row in rows], dtype=np.int64)

    return PaidColumns(
        measure=np.array([measures.index(row["measure"]) for row in rows], dtype=np.int16),
        agency=whole("agency"),
        key=whole("key"),
        matter=whole("matter"),
        earned=np.array([_day(row["earned"]) for row in rows], dtype=np.int32),
        award=np.array([_amount(row["award"]) for row in rows], dtype=np.int64),
    )


# What is expected.


def _expected(policy: Policy, claim: Data, wanted: Data) -> Row:
    row: Row = {}
    for key, value in wanted.items():
        if key in ("gross", "award", *STEPS):
            row[key] = _amount(value)
        elif key == "refusal":
            row[key] = REFUSALS[value]
        elif key == "bound":
            row[key] = int(value)
        elif key == "booked":
            row[key] = list(policy.measures).index(value)
        elif key == "parts":
            row[key] = tuple(_part(policy, claim, part) for part in value)
        else:
            raise ValueError(f"nothing of an award is called {key}")
    return row


def _part(policy: Policy, claim: Data, part: Data) -> Part:
    unknown = set(part) - {"fund", "year", "fen", "forfeited"}
    if unknown:
        raise ValueError(f"nothing of a part is called {unknown}")
    district = _district(policy, claim) if policy.funds[part["fund"]].per_district else -1
    return part["fund"], district, part["year"], part["fen"], part.get("forfeited", False)
