"""The ten awards in OpenFisca-Core, written to be fast there.

OpenFisca computes whole vectors, so many draws are stacked as one population: the claims are its persons,
agencies and agency-years its groups. Amounts are float32 yuan, as is its habit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.ten_awards import ASKED, AWARDS, Array, Award, Kept
from simkit.base.days import days
from simkit.policy.schema import Policy

__all__ = ["simulation", "system"]

PERIOD = "2024"
INPUTS = {
    "measure": int, "base": float, "earned": int, "first_time": bool, "income_tax": float, "client": int,
    "heads": float, "months_in_post": float, "export": float, "offshore_export": float, "listing_stage": int,
    "level": int, "elsewhere": float,
}  # fmt: skip


def system(policy: Policy) -> Any:
    """The ten awards as a tax and benefit system of OpenFisca."""
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    claim = build_entity(key="claim", plural="claims", label="A claim", is_person=True)
    role = [{"key": "member", "plural": "members", "label": "Claims"}]
    agency = build_entity(key="agency", plural="agencies", label="An agency", roles=role)
    agency_year = build_entity(key="agency_year", plural="agency_years", label="Its year", roles=role)
    groups = {"agency": agency, "agency_year": agency_year}
    built = TaxBenefitSystem([claim, agency, agency_year])

    def add(name: str, entity: Any, kind: type, formula: Any = None) -> None:
        words = {"value_type": kind, "entity": entity, "definition_period": DateUnit.YEAR, "label": name}
        built.add_variable(type(name, (Variable,), words | ({"formula": formula} if formula else {})))

    for name, kind in INPUTS.items():
        add(name, claim, kind)
    term = policy.document.in_force
    add("in_force", claim, bool, _in_force(days(term.since), days(term.until)))
    for number, (name, award) in enumerate(AWARDS.items()):
        add(f"{name}_due", claim, float, _due(number, award))
        if award.once:
            add(name, claim, float, _once(f"{name}_due"))
        elif award.group == "claim":
            add(name, claim, float, _as_due(f"{name}_due"))
        else:
            add(name, groups[award.group], float, _capped(f"{name}_due", award))
    add("exports", agency_year, float, _higher("export_subsidy", "offshore_interest"))
    return built


def _in_force(since: int, until: int) -> Any:
    def formula(claim: Any, period: Any) -> Array:
        earned = claim("earned", period)
        return (earned >= since) & (earned <= until)

    return formula


def _due(number: int, award: Award) -> Any:
    """What each claim is due; 0 for those of other measures."""

    def formula(claim: Any, period: Any) -> Array:
        mine = (claim("measure", period) == number) & claim("in_force", period)
        return mine * award.law(*(claim(word, period) for word in award.reads))

    return formula


def _as_due(name: str) -> Any:
    return lambda claim, period: claim(name, period)


def _once(name: str) -> Any:
    """Of each agency the first claim that is due anything; claims stand in order of decision."""

    def formula(claim: Any, period: Any) -> Array:
        due = claim(name, period)
        rows = np.flatnonzero(due)
        first = rows[np.unique(claim.simulation.agency.members_entity_id[rows], return_index=True)[1]]
        paid = np.zeros_like(due)
        paid[first] = due[first]
        return paid

    return formula


def _capped(name: str, award: Award) -> Any:
    """The group's sum, or the highest of its claims where they are stages of one matter, up to the cap."""
    cap = np.float32(award.cap)

    def formula(group: Any, period: Any) -> Array:
        due = group.members(name, period)
        if not award.highest:
            return np.minimum(group.sum(due), cap)
        rows = np.flatnonzero(due)
        most = np.zeros(group.count, dtype=np.float32)
        np.maximum.at(most, group.members_entity_id[rows], due[rows])
        return np.minimum(most, cap)

    return formula


def _higher(first: str, second: str) -> Any:
    """One matter: the higher of two."""
    return lambda group, period: np.maximum(group(first, period), group(second, period))


def simulation(built: Any, kept: Kept) -> Callable[[], dict[str, Array]]:
    """A fresh simulation with its inputs set, ready to be timed: nothing of it is calculated yet."""
    from openfisca_core.simulations import SimulationBuilder

    builder = SimulationBuilder()
    builder.create_entities(built)
    builder.declare_person_entity("claim", np.arange(len(kept.ours)))
    for name in ("agency", "agency_year"):
        members = getattr(kept, name)
        group = builder.declare_entity(name, np.arange(members.max() + 1))
        builder.join_with_persons(group, members, np.zeros(len(members), dtype=np.int64))
    fresh = builder.build(built)
    for name in INPUTS:
        fresh.set_input(name, PERIOD, kept.columns[name])
    return lambda: {name: fresh.calculate(name, PERIOD) for name in ASKED}
