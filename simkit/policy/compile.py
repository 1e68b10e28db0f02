"""Policy -> the flat arrays that the rules read (`policy.tables`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from simkit.base.arrays import Records
from simkit.base.days import FAR, days
from simkit.base.errors import InputError
from simkit.base.money import LARGEST_FEN
from simkit.base.said import Said
from simkit.policy.columns import BASE, Columns, claim_columns, measure_level, year_read_by
from simkit.policy.conditions import Condition
from simkit.policy.kinds.kind import Flat
from simkit.policy.limits import Cap, TotalCap
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy
from simkit.policy.tables import (
    BAND,
    CAP,
    CONDITION,
    INSTALMENT,
    MEASURE,
    PAYER,
    TIER,
    TOTAL,
    CompiledPolicy,
)
from simkit.rules.codes import KINDS, TESTS

__all__ = ["compile_policy"]

#: What the rules' book of running sums can name (`rules.book`): 16 bits of matter and level, flags of caps.
MOST_MEASURES = 255
MOST_CAPS = 20


def _table(record: np.dtype[np.void], rows: Iterable[Sequence[int]]) -> Records:
    return np.array([tuple(row) for row in rows], dtype=record)


class _Columns:
    """Where each attribute and year stands in the claims at hand, or in those of one measure."""

    def __init__(self, policy: Policy, names: Sequence[tuple[str, int]]) -> None:
        self.policy = policy
        self.place = {name: number for number, name in enumerate(names)}

    def of(self, name: str, year: int) -> int:
        if name == "base":
            return BASE
        if (name, year) not in self.place:
            raise InputError("error.no_column", name=repr(name), year=year)
        return self.place[name, year]

    def code_set(self, name: str, values: Sequence[str]) -> int:
        """Names of a category as the bits of their codes."""
        codes = self.policy.attributes[name].values
        bits = 0
        for value in values:
            bits |= 1 << codes.index(value)
        return bits


def _condition_rows(
    condition: Condition, offset: int, columns: _Columns
) -> Iterable[tuple[int, int, int, int]]:
    """Column, column of the year before, test, value; a growth condition is a row a year."""
    year = year_read_by(columns.policy, condition, offset)
    column = columns.of(condition.of, year)
    test = TESTS[condition.test]
    if condition.grew_at_least is not None:
        for back in range(condition.years):
            now = columns.of(condition.of, year - back)
            before = columns.of(condition.of, year - back - 1)
            yield now, before, test, 10_000 + condition.grew_at_least
    elif condition.names is not None:
        yield column, BASE, test, columns.code_set(condition.of, condition.names)
    elif condition.threshold is not None:
        yield column, BASE, test, condition.threshold.value
    else:
        yield column, BASE, test, int(condition.is_true is True)


def _tier_rows(policy: Policy, flat: Flat, rows: list[tuple[int, int]], width: int) -> list[int]:
    """First row of the tiers of each value of the category, then of those without a value of their own."""
    firsts = []
    names = policy.attributes[flat.by].values if flat.by else ()
    for code in range(width):
        firsts.append(len(rows))
        name = names[code] if code < len(names) else ""
        rows.extend(flat.tiers_by.get(name, flat.tiers))
    return [*firsts, len(rows)]


def _kind(measure: Measure) -> int:
    """Kind of award; what others pay is a fact, whatever their formula."""
    if measure.award is None:
        return KINDS["none"]
    return KINDS["by_rule" if measure.outside else measure.award.kind]


def _term(policy: Policy, measure: Measure) -> tuple[int, int]:
    term = policy.document.in_force
    since, until = days(term.since), days(term.until)
    if measure.in_force is not None:
        since = max(since, days(measure.in_force.since))
        until = min(until, days(measure.in_force.until))
    return since, until


def _matters(policy: Policy) -> dict[str, tuple[int, int, bool, bool, bool, bool]]:
    """Of each measure: its matter (-1: none), class of awards that count for one another, and what keys the matter.

    Topped-up tiers are a matter of their own.
    """
    levels = sorted({measure_level(policy, measure) for measure in policy.measures.values()})
    found = dict.fromkeys(policy.measures, (-1, 0, False, False, False, False))
    for number, data in enumerate(policy.matters.values()):
        for member in data.members:
            measure = policy.measures[member]
            level = measure_level(policy, measure)
            in_level = not data.levels or level in data.levels
            in_department = not data.departments or bool(set(data.departments) & set(measure.departments))
            if in_level and in_department:
                ledger_class = 1 + levels.index(level) if data.mode == "additive" else 0
                keys = ("agency" in data.key, data.by_year, "matter" in data.key, data.is_settled)
                found[member] = (number, ledger_class, *keys)
    for number, (name, measure) in enumerate(policy.measures.items()):
        if measure.is_own_matter and found[name][0] < 0:
            found[name] = (len(policy.matters) + number, 0, True, False, False, False)
    return found


def _cap_row(cap: Cap | TotalCap, columns: _Columns) -> tuple[int, int, int]:
    """Amount, share and column of a cap's limit."""
    if cap.of is not None and cap.share is not None:
        return 0, cap.share, columns.of(cap.of, cap.year)
    return cap.amount or 0, 0, BASE


def _shared_row(cap: Cap, policy: Policy) -> tuple[int, ...]:
    """Whether a cap has a room, by agency and by year, and the earned days that count against it."""
    shared, term = cap.shared, policy.document.in_force
    if shared is None:
        return 0, 0, 0, -FAR, FAR
    inside = (days(term.since), days(term.until)) if shared.in_term else (-FAR, FAR)
    return 1, shared.by_agency, shared.by_year, *inside


class _Lists:
    """The lists of all measures, filled measure by measure."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.columns = policy, _Columns(policy, ())
        self.conditions: list[tuple[int, ...]] = []
        self.bands: list[tuple[int, ...]] = []
        self.caps: list[tuple[int, ...]] = []
        self.totals: list[int] = []
        self.payers: list[tuple[int, ...]] = []
        self.instalments: list[tuple[int, ...]] = []

    def _extend(self, rows: list[tuple[int, ...]], more: Iterable[tuple[int, ...]]) -> tuple[int, int]:
        first = len(rows)
        rows.extend(more)
        return first, len(rows)

    def conditions_of(self, measure: Measure) -> tuple[int, int]:
        rows = (row for one in measure.conditions.values() for row in _condition_rows(one, 0, self.columns))
        return self._extend(self.conditions, rows)

    def bands_of(self, flat: Flat) -> tuple[int, int]:
        return self._extend(self.bands, flat.bands) if flat.bands else (0, 0)

    def caps_of(self, measure: Measure) -> tuple[int, int]:
        rows = (
            (*_cap_row(cap, self.columns), *_shared_row(cap, self.policy)) for cap in measure.caps.values()
        )
        return self._extend(self.caps, rows)

    def totals_of(self, name: str) -> tuple[int, int]:
        first = len(self.totals)
        caps = self.policy.total_caps.values()
        self.totals.extend(number for number, cap in enumerate(caps) if name in cap.measures)
        return first, len(self.totals)

    def payers_of(self, measure: Measure) -> tuple[int, int]:
        funds = list(self.policy.funds)
        shares = measure.payers.shares if measure.payers else {}
        rows = (
            (funds.index(fund), share, self.policy.funds[fund].per_district) for fund, share in shares.items()
        )
        return self._extend(self.payers, rows)

    def instalments_of(self, measure: Measure) -> tuple[int, int]:
        first = len(self.instalments)
        for one in measure.instalments:
            rows = (
                row for test in one.conditions for row in _condition_rows(test, one.after_years, self.columns)
            )
            tests = self._extend(self.conditions, rows)
            self.instalments.append((one.share, one.after_years, *tests))
        return first, len(self.instalments)


def _check_sizes(policy: Policy) -> None:
    """Raise InputError where a policy has more than the rules' book of sums can name."""
    sizes = {
        Said("fault.measures_and_matters"): (len(policy.measures) + len(policy.matters), MOST_MEASURES),
        Said("fault.caps_of_one_measure"): (
            max(len(one.caps) for one in policy.measures.values()),
            MOST_CAPS,
        ),
        Said("fault.total_caps"): (len(policy.total_caps), MOST_CAPS),
    }
    for what, (found, most) in sizes.items():
        if found > most:
            raise InputError("error.policy_too_large", what=what, most=most, found=found)


def compile_policy(
    policy: Policy,
    attribute_names: Sequence[tuple[str, int]] | None = None,
    *,
    columns: Columns | None = None,
) -> CompiledPolicy:
    """Flatten a policy for claims whose attribute columns are `attribute_names`.

    None: each claim has the columns of its own measure, `columns` (None: `claim_columns`).

    Raises
    ------
    InputError
        When the claims lack a column that the policy reads.
    """
    _check_sizes(policy)
    own = claim_columns(policy) if columns is None else columns
    lists, matters = _Lists(policy), _matters(policy)
    tiers: list[tuple[int, int]] = []
    tier_first = []
    width = 1 + max((len(attribute.values) for attribute in policy.attributes.values()), default=0)
    rows = []
    for name, measure in policy.measures.items():
        here = lists.columns = _Columns(policy, own[name] if attribute_names is None else attribute_names)
        flat = Flat() if measure.award is None else measure.award.flat()
        tier_first.append(_tier_rows(policy, flat, tiers, width))
        rows.append(
            (
                measure.live,
                measure.outside,
                measure.beneficiary == "agency",
                measure.first_time,
                *_term(policy, measure),
                _kind(measure),
                flat.number,
                flat.amount,
                here.of(flat.on, 0),
                *measure.repetition[:3],
                measure.lag_days,
                *lists.conditions_of(measure),
                here.of(flat.by, 0) if flat.by else -2,
                *lists.bands_of(flat),
                *lists.caps_of(measure),
                measure.selection.is_ranked,
                _limit(measure.selection.envelope),
                _limit(measure.selection.places),
                *matters[name],
                *lists.totals_of(name),
                *lists.payers_of(measure),
                *lists.instalments_of(measure),
                LARGEST_FEN if measure.award is None else measure.award.largest_base(),
            )
        )
    # What total caps read stands in the same columns for all measures.
    shared = _Columns(policy, next(iter(own.values())) if attribute_names is None else attribute_names)
    return CompiledPolicy(
        measures=_table(MEASURE, rows),
        conditions=_table(CONDITION, lists.conditions),
        tier_first=np.array(tier_first, dtype=np.int64),
        tiers=_table(TIER, tiers),
        bands=_table(BAND, lists.bands),
        caps=_table(CAP, lists.caps),
        totals=_table(TOTAL, [(*_cap_row(cap, shared), cap.make_up) for cap in policy.total_caps.values()]),
        total_list=np.array(lists.totals, dtype=np.int64),
        payers=_table(PAYER, lists.payers),
        instalments=_table(INSTALMENT, lists.instalments),
    )


def _limit(value: int | None) -> int:
    return -1 if value is None else value
