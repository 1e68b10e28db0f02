"""What one claim of a provision would be paid, alone, for each of some bases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from simkit.awards.adjudicate import adjudicate
from simkit.base.days import days
from simkit.base.errors import Fault, FaultsError, InputError
from simkit.base.said import Said
from simkit.claims.types import UNKNOWN, Claims, claims_of
from simkit.documents.cells import WrongError, found_in
from simkit.documents.spelling import nearest
from simkit.face.columns import BASES, Column, attribute_key, columns_of
from simkit.face.frames import in_unit, unit_of
from simkit.face.given import amount_of, bare, provision_of
from simkit.face.plots import own_plots
from simkit.policy.columns import amount_columns, attribute_columns, condition_columns
from simkit.policy.schema import Policy

__all__ = ["award_curve"]

#: A unit of yuan as one of US dollars.
_DOLLARS = {"万元": "万美元", "元": "美元", "fen": "cent"}

_Attribute = tuple[str, int]


def award_curve(
    policy: Policy, measure: str, bases: Iterable[Any] | Any, facts: Mapping[str, Any]
) -> pd.Series[Any]:
    """What one claim would be paid, decided by the desk itself, each base in a draw of its own.

    Parameters
    ----------
    bases : iterable, or one of them
        Amounts with their unit, or whole numbers where the provision counts.
    facts : mapping
        What conditions, tiers and caps read, by the policy's keys; a condition on another is laid aside.

    Returns
    -------
    Series
        Indexed by base; `attrs` have the `unit` of the award, and the `base_unit` (empty for a count).

    Raises
    ------
    FaultsError
        For a base or fact that cannot be used, or one that a tier or cap reads and is not given.
    InputError
        For a provision without an amount.
    """
    unit = unit_of()
    name = _provision(policy, measure)
    faults: list[Fault] = []
    kind = policy.measures[name].base_unit
    amounts = _bases(policy, name, bases, faults)
    given = _facts(policy, name, facts, faults)
    if faults:
        raise FaultsError(faults)
    names = attribute_columns(policy)
    claims = _alone(policy, name, amounts, [given.get(one, UNKNOWN) for one in names])
    awards = adjudicate(_lenient(policy, name, given), claims, attribute_names=names).award
    index = pd.Index(
        amounts if kind == "count" else in_unit(np.array(amounts, np.int64), unit), name=BASES[kind]
    )
    own_plots()  # a curve is to be looked at
    found = pd.Series(in_unit(awards.copy(), unit), index=index, name=name)
    found.attrs = {"unit": unit, "base_unit": {"yuan": unit, "usd": _DOLLARS[unit], "count": ""}[kind]}
    return found


def _provision(policy: Policy, given: Any) -> str:
    """Key of a provision that has an amount."""
    try:
        name = provision_of(policy)(given)
    except WrongError as wrong:
        raise FaultsError([_fault("measure", wrong, given)]) from None
    if policy.measures[name].award is None:
        raise InputError("face.no_amount", name=policy.measures[name].name)
    return name


def _fault(place: str, wrong: WrongError, found: Any) -> Fault:
    return Fault("award", 0, place, wrong.expected, found_in(bare(found)), wrong.hint)


def _bases(policy: Policy, name: str, bases: Any, faults: list[Fault]) -> list[int]:
    """The bases in fen, cents or whole things."""
    measure, found = policy.measures[name], []
    assert measure.award is not None
    for place, base in enumerate([bases] if isinstance(bases, str | Number) else bases):
        try:
            found.append(amount_of(measure.base_unit, bare(base), most=measure.award.largest_base()))
        except WrongError as wrong:
            faults.append(_fault(f"bases[{place}]", wrong, base))
    return found


def _facts(policy: Policy, name: str, facts: Mapping[str, Any], faults: list[Fault]) -> dict[_Attribute, int]:
    """What is given of the attributes that the provision reads; a fault for another, and for one that money needs."""
    needed = amount_columns(policy, name)
    tested = (condition_columns(policy, one) for one in policy.measures[name].conditions.values())
    read = {attribute_key(*one): one for one in sorted(needed.union(*tested))}
    columns, found = columns_of(policy), {}
    for key, value in facts.items():
        try:
            attribute = _read(read, key)
            found[attribute] = columns[key].read(bare(value), "")
        except WrongError as wrong:
            faults.append(_fault(key, wrong, value if key in read else key))
    for attribute in sorted(needed):
        key = attribute_key(*attribute)
        if key not in facts:
            faults.append(_fault(key, WrongError(_needed(policy, name, columns[key])), None))
    return found


def _read(read: Mapping[str, _Attribute], key: str) -> _Attribute:
    """The attribute that a fact is of."""
    if key in read:
        return read[key]
    known = Said("fault.one_of", known=", ".join(read)) if read else Said("face.no_facts")
    raise WrongError(known, nearest(key, read))


def _needed(policy: Policy, name: str, column: Column) -> Said:
    return Said("face.a_cell_of", column=column.words, name=policy.measures[name].name)


def _lenient(policy: Policy, name: str, given: Mapping[_Attribute, int]) -> Policy:
    """The policy without those conditions of a provision that read what is not given."""
    measure = policy.measures[name]
    kept = {
        key: one for key, one in measure.conditions.items() if condition_columns(policy, one) <= set(given)
    }
    measures = {**policy.measures, name: measure.model_copy(update={"conditions": kept})}
    return policy.model_copy(update={"measures": measures})


def _alone(policy: Policy, name: str, bases: list[int], values: list[int]) -> Claims:
    """A claim a draw, on the first day on which the provision stands, for the first time."""
    count = len(bases)
    terms = policy.document.in_force, policy.measures[name].in_force
    day = max(days(term.since) for term in terms if term is not None)
    on_the_day = np.full(count, day, dtype=np.int32)
    return claims_of(
        np.tile(np.array(values, dtype=np.int64), (count, 1)),
        draw=np.arange(count),
        measure=np.full(count, list(policy.measures).index(name), dtype=np.int16),
        earned=on_the_day,
        filed=on_the_day,
        decided=on_the_day,
        base=np.array(bases, dtype=np.int64),
        first_time=np.ones(count, dtype=np.int32),
    )
