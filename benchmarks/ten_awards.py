"""Ten awards of the Ningbo policy, written anew from its text as formulas on columns; the claims that they read.

`openfisca_rules` makes variables of the formulas; what they give is compared with what simkit's rules decide.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from simkit.awards.adjudicate import Desk
from simkit.awards.types import Awards, no_levers
from simkit.base.days import years_of
from simkit.policy.compile import compile_policy
from simkit.policy.schema import Policy
from tests.claim_columns import ClaimColumns, desk_rows

__all__ = ["ASKED", "AWARDS", "Award", "Kept", "agree", "keep", "simkit_rules", "total"]

Array = Any


# --- the policy's words as numbers: yuan, persons, months, US dollars; categories by their place in the list ---
CLIENTS = (
    "large_strong", "champion", "sme_national", "sme_provincial", "talent_manufacturing", "talent_other", "other",
)  # fmt: skip
LISTS = ("headhunting", "online_recruitment", "training", "assessment", "consulting", "other")
LEVELS = ("international", "national", "provincial", "municipal", "other")
STAGES = ("pool", "tutoring", "accepted", "listed", "other")


def headhunting(base: Array, income_tax: Array, client: Array) -> Array:
    """三.1: half of the fee, where the talent's tax is 100,000 or more and the employer is on the list."""
    listed = (client != CLIENTS.index("sme_provincial")) & (client != CLIENTS.index("other"))
    return np.float32(0.5) * base * ((income_tax >= 100_000) & listed)


def students(base: Array) -> Array:
    """三.1: 500 yuan a head."""
    return np.float32(500) * base


def supplied_employees(base: Array, heads: Array, months_in_post: Array) -> Array:
    """三.1: by rule, from 500 heads and six months in post."""
    return base * ((heads >= 500) & (months_in_post >= 6))


def recruiting_trips(base: Array) -> Array:
    """三.1: by rule."""
    return base


def top10_list(first_time: Array) -> Array:
    """三.2: 100,000 yuan on entering a list for the first time; the attribute is by agency and list."""
    return np.float32(100_000) * first_time


def export_subsidy(base: Array, export: Array) -> Array:
    """三.4: by rule, for who exports."""
    return base * (export > 0)


def offshore_interest(base: Array, offshore_export: Array) -> Array:
    """三.4: by rule, from an export of half a million US dollars."""
    return base * (offshore_export >= 500_000)


def above_scale(base: Array) -> Array:
    """三.5: by rule."""
    return base


def listing(listing_stage: Array) -> Array:
    """三.5: tiers by stage; only the pool and the listing itself are paid."""
    pool, listed = listing_stage == STAGES.index("pool"), listing_stage == STAGES.index("listed")
    return np.float32(200_000) * pool + np.float32(3_000_000) * listed


def standards(base: Array, level: Array, elsewhere: Array) -> Array:
    """三.7: by rule up to a million an item, less what others paid for it before."""
    due = np.minimum(base * (level != LEVELS.index("other")), np.float32(1_000_000))
    return np.maximum(due - elsewhere, np.float32(0))


class Award(NamedTuple):
    """One award: what a claim is due, and what becomes of it.

    Attributes
    ----------
    law : function of columns -> yuan[claim]
    reads : names of those columns
    group : `claim`, `agency` or `agency_year`
        Over which amounts are summed and capped.
    cap : yuan
    highest : bool
        The group's claims are stages of one matter: the highest counts, not the sum.
    once : bool
        Only the agency's first is paid.
    """

    law: Callable[..., Array]
    reads: tuple[str, ...]
    group: str = "claim"
    cap: float = math.inf
    highest: bool = False
    once: bool = False


AWARDS = {
    "headhunting": Award(headhunting, ("base", "income_tax", "client"), "agency_year", 500_000),
    "students": Award(students, ("base",), "agency_year", 500_000),
    "supplied_employees": Award(
        supplied_employees, ("base", "heads", "months_in_post"), "agency_year", 300_000
    ),
    "recruiting_trips": Award(recruiting_trips, ("base",)),
    "top10_list": Award(top10_list, ("first_time",)),
    "export_subsidy": Award(export_subsidy, ("base", "export"), "agency_year", 1_000_000),
    "offshore_interest": Award(offshore_interest, ("base", "offshore_export"), "agency_year", 1_000_000),
    "above_scale": Award(above_scale, ("base",), once=True),
    "listing": Award(listing, ("listing_stage",), "agency", 3_000_000, highest=True),
    "standards": Award(standards, ("base", "level", "elsewhere")),
}
#: Paid on one matter, so their sum is compared.
TOGETHER = {"export_subsidy": "exports", "offshore_interest": "exports"}
#: What is compared: the ten awards, the two of exports together.
ASKED = tuple(dict.fromkeys(TOGETHER.get(name, name) for name in AWARDS))
CATEGORIES = {"client": CLIENTS, "list": LISTS, "level": LEVELS, "listing_stage": STAGES}


@dataclass(frozen=True, kw_only=True, eq=False)
class Kept:
    """Claims drawn once, as each side reads them.

    Attributes
    ----------
    claims : ClaimColumns
        Of the ten measures, and what others paid on their matters; in order of decision within a draw.
    columns : dict of str to array[claim]
        Yuan, dollars and persons as float32, categories and the measure as int32, flags as bool; outside
        claims left out.
    ours : int64[claim of columns]
        Their rows in `claims`.
    agency, agency_year : int64[claim of columns]
        Number of the (draw, agency) and of the (draw, agency, earned year), each from 0 without gaps.
    draws : int
    """

    policy: Policy
    claims: ClaimColumns
    columns: dict[str, Array]
    ours: Array
    agency: Array
    agency_year: Array
    draws: int


def keep(policy: Policy, claims: ClaimColumns, draws: int) -> Kept:
    """Take the claims of the ten measures, and what others paid on the same matters."""
    for name, values in CATEGORIES.items():
        assert policy.attributes[name].values == values, f"{name}: the policy's categories are others"
    names = list(policy.measures)
    numbers = [names.index(name) for name in AWARDS]
    elsewhere = names.index("standards_other_funds")
    wanted = np.isin(claims.measure, [*numbers, elsewhere])
    claims = _rows(claims, wanted)
    ours = np.flatnonzero(claims.measure != elsewhere)
    columns = _columns(policy, claims, ours, dict(zip(numbers, range(len(numbers)), strict=True)))
    columns["elsewhere"] = _paid_elsewhere(claims, ours, elsewhere)
    year = years_of(claims.earned)
    agency = np.unique(np.stack([claims.draw[ours], claims.agency[ours]]), axis=1, return_inverse=True)[1]
    with_year = np.unique(np.stack([agency, year[ours]]), axis=1, return_inverse=True)[1]
    return Kept(
        policy=policy,
        claims=claims,
        columns=columns,
        ours=ours,
        agency=agency.ravel(),
        agency_year=with_year.ravel(),
        draws=draws,
    )


def _rows(claims: ClaimColumns, rows: Array) -> ClaimColumns:
    names = [name for name in ClaimColumns.__slots__ if name != "attribute_names"]
    columns = {name: np.ascontiguousarray(getattr(claims, name)[rows]) for name in names}
    return ClaimColumns(**columns, attribute_names=claims.attribute_names)


def _columns(policy: Policy, claims: ClaimColumns, ours: Array, place: dict[int, int]) -> dict[str, Array]:
    """What the formulas read, in yuan, dollars, persons and codes."""
    heads = claims.measure[ours] == list(policy.measures).index("students")
    columns = {
        "measure": np.array([place[number] for number in claims.measure[ours].tolist()], dtype=np.int32),
        "base": np.where(heads, claims.base[ours], claims.base[ours] / 100).astype(np.float32),
        "earned": claims.earned[ours].astype(np.int32),
        "first_time": claims.first_time[ours],
    }
    asked = {word for award in AWARDS.values() for word in award.reads} - {*columns, "elsewhere"}
    for name in asked:
        values = np.maximum(claims.attributes[ours, claims.attribute_names.index((name, 0))], 0)
        if name in CATEGORIES:
            columns[name] = values.astype(np.int32)
        else:
            cents = policy.attributes[name].unit in ("yuan", "usd")
            columns[name] = (values / 100 if cents else values).astype(np.float32)
    return columns


def _paid_elsewhere(claims: ClaimColumns, ours: Array, outside: int) -> Array:
    """Yuan that others paid on a claim's matter before it was decided."""
    paid: dict[tuple[int, int, int], int] = {}
    amounts = np.zeros(len(claims), dtype=np.float32)
    own = claims.measure == outside
    matters = {(int(d), int(a), int(m)) for d, a, m in _keys(claims, own)}
    for row, key in zip(range(len(claims)), _keys(claims, slice(None)), strict=True):
        if key not in matters:
            continue
        if own[row]:
            paid[key] = paid.get(key, 0) + int(claims.base[row])
        else:
            amounts[row] = paid.get(key, 0) / 100
    return amounts[ours]


def _keys(claims: ClaimColumns, rows: Any) -> Any:
    columns = (claims.draw[rows], claims.agency[rows], claims.matter[rows])
    return zip(*(column.tolist() for column in columns), strict=True)


# --- simkit ---------------------------------------------------------------------------------------------------


def simkit_rules(kept: Kept) -> Callable[[], Awards]:
    """The rules on the kept claims, ready to be timed: what a run does with the claims of a block."""
    policy = compile_policy(kept.policy, kept.claims.attribute_names)
    claims, paid_before = desk_rows(kept.claims)
    desk, levers = Desk(policy, paid_before), no_levers(policy, kept.draws, (2023, 2026))
    return lambda: desk.decide(claims, levers)


# --- do they agree? ----------------------------------------------------------------------------------------


def total(kept: Kept, awards: Awards) -> dict[str, Array]:
    """simkit's awards in yuan, as OpenFisca's: by claim, agency or agency-year, float64."""
    names = list(kept.policy.measures)
    award, measure = awards.award[kept.ours] / 100, kept.claims.measure[kept.ours]
    sums: dict[str, Array] = {}
    for name, of in AWARDS.items():
        mine = np.where(measure == names.index(name), award, 0.0)
        if of.group != "claim":
            members = getattr(kept, of.group)
            mine = np.bincount(members, weights=mine, minlength=members.max() + 1)
        together = TOGETHER.get(name, name)
        sums[together] = sums.get(together, 0.0) + mine
    return sums


def agree(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> float:
    """Assert that every amount is the same but for float32 and rounding to fen; the largest difference, yuan.

    A sum of some tens of float32, each right to 6e-8 of itself, is right to 1e-6; a claim is rounded by 0.005.
    """
    assert set(ours) == set(theirs)
    largest = 0.0
    for name, amounts in ours.items():
        wrong = np.abs(theirs[name] - amounts)
        allowed = 0.02 + 1e-6 * np.abs(amounts)
        worst = int(np.argmax(wrong - allowed))
        assert wrong[worst] <= allowed[worst], (
            f"{name}: {wrong[worst]:.4f} yuan apart at {worst}: {amounts[worst]:.2f} and {theirs[name][worst]:.2f}"
        )
        largest = max(largest, float(wrong.max()))
    return largest
