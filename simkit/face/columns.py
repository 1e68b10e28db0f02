"""The columns of a frame of real claims: what each is called and how its cells are read."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from simkit.base.said import Said
from simkit.base.words import LANGUAGES
from simkit.documents.cells import as_name, choice_of
from simkit.documents.models import Text
from simkit.documents.table import plain
from simkit.face.given import Reader, amount_of, attribute_of, day_of, flag_of, provision_of, score_of
from simkit.policy.columns import amount_columns, attribute_columns, condition_columns
from simkit.policy.conditions import Attribute
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy

__all__ = ["BASES", "Column", "Needs", "as_heading", "attribute_key", "columns_of", "needs_of"]

#: The column of a base, by its unit; no two units share one.
BASES = {"yuan": "amount", "usd": "amount_usd", "count": "count"}


class Column(NamedTuple):
    """A column that a frame may have.

    Attributes
    ----------
    key : str
        What it is called in every language; `revenue@-1` for an attribute of the year before.
    name : Said or Text
    kind : str
        Unit of its numbers (`yuan`, `usd`, `count`); empty where they have none.
    """

    key: str
    name: Said | Text
    kind: str
    read: Reader

    @property
    def headings(self) -> list[str]:
        """What its heading may be."""
        return [as_heading(one) for one in (self.key, *(self.name.said(lang) for lang in LANGUAGES))]

    @property
    def words(self) -> Said:
        """Key and name, as a fault tells them."""
        return Said("face.column", key=self.key, name=self.name)


class Needs(NamedTuple):
    """What a claim of a provision must give.

    Attributes
    ----------
    base : str
        The column of its base.
    cells : frozenset of str
        Columns without which it has no amount.
    columns : frozenset of str
        Columns of what its conditions read: a claim that leaves one empty does not meet them.
    """

    base: str
    cells: frozenset[str]
    columns: frozenset[str]


def as_heading(text: str) -> str:
    """A heading whose year before keeps its sign: a hyphen in a name tells nothing apart."""
    return plain(text).replace("@-", "@\N{MINUS SIGN}")


def columns_of(policy: Policy) -> dict[str, Column]:
    """Every column, by key: those of all claims, then the attributes of the policy."""
    provision, district = provision_of(policy), choice_of([(one,) for one in policy.districts], required=True)
    readers: dict[str, Reader] = {
        "measure": lambda value, unit: provision(value),
        **_READERS,
        "district": lambda value, unit: district(value),
    }
    kinds = {key: kind for kind, key in BASES.items()}
    found = {
        key: Column(key, Said(f"face.column.{key}"), kinds.get(key, ""), read)
        for key, read in readers.items()
    }
    for name, year in sorted({*attribute_columns(policy), *((one, 0) for one in policy.attributes)}):
        key = attribute_key(name, year)
        found[key] = _of_attribute(policy.attributes[name], key, year)
    return found


def _of_attribute(attribute: Attribute, key: str, year: int) -> Column:
    name = Said("face.column_of_year", name=attribute.name, year=str(year)) if year else attribute.name
    return Column(key, name, attribute.unit if attribute.unit in BASES else "", attribute_of(attribute))


def needs_of(policy: Policy, name: str) -> Needs:
    """What a claim of a provision must give; of one that pays nothing now, nothing."""
    measure = policy.measures[name]
    base = BASES[measure.base_unit]
    if not measure.live:
        return Needs(base, frozenset(), frozenset())
    cells = {attribute_key(*one) for one in amount_columns(policy, name)}
    cells |= {base} if _reads_base(measure) else set()
    cells |= {"first_time"} if measure.first_time else set()
    conditions = measure.conditions.values()
    columns = {
        attribute_key(*one) for condition in conditions for one in condition_columns(policy, condition)
    }
    return Needs(base, frozenset(cells), frozenset(columns) - cells)


def _reads_base(measure: Measure) -> bool:
    """Whether the base moves the award, or whether there is one."""
    award = measure.award is not None and measure.award.reads_base()
    return award or any(one.of == "base" for one in measure.conditions.values())


def attribute_key(name: str, year: int) -> str:
    """The key of an attribute's column: with its year where it is another, or where a column of all claims has it."""
    return f"{name}@{year}" if year or name in _OF_ALL else name


def _name(value: Any, unit: str) -> str:
    return as_name(value).strip()


#: Columns whose cells are read alike under every policy.
_READERS: dict[str, Reader] = {
    "agency": _name,
    "filed": day_of,
    "decided": day_of,
    "earned": day_of,
    **{key: partial(amount_of, kind) for kind, key in BASES.items()},
    "key": _name,
    "matter": _name,
    "first_time": flag_of,
    "score": score_of,
}
_OF_ALL = {"measure", *_READERS, "district"}
