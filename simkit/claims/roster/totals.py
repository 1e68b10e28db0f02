"""Rows of totals on a list of agencies: known by their words, held against the agencies, never agencies themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from simkit.base.said import Said
from simkit.claims.roster.sheet import Sheet
from simkit.documents.cells import UNITS, Unit, as_number
from simkit.documents.table import Row, is_blank, plain

__all__ = ["Totals", "is_total"]

_TOTAL = re.compile(r".{0,12}?(合计|小计|总计|共计|总数|汇总)[家户]?数?|(grand|sub)?totals?|sum")
#: Sums of part of a list.
_PART = re.compile("小计|subtotal")
_COUNT = re.compile(r"(\d+)[家户个]?")
#: What people write where a total has nothing to say.
_NOTHING = re.compile(r"[-—–/×*\s]*")
#: Sums of binary fractions differ by so little, relative to the largest.
_ROUNDING = 1e-9
_WAY_OUT = Said("fault.correct_total_rows_delete_row_totals")


def is_total(text: Any) -> bool:
    """Whether a text names a row of totals: 合计, 海曙区小计, Total, ..."""
    return isinstance(text, str) and _TOTAL.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", plain(text)).casefold()


@dataclass(slots=True)
class Totals:
    """The rows of totals of a list, each with the number of agencies that stand above it."""

    sheet: Sheet
    rows: list[tuple[Row, int]]

    @classmethod
    def taken_from(cls, sheet: Sheet, column: int | None) -> Totals:
        """Take the rows of totals off a sheet; `column` is that of the names."""
        agencies: list[Row] = []
        found: list[tuple[Row, int]] = []
        for row in sheet.rows:
            name = row.values[column] if column is not None and column < len(row.values) else None
            if any(map(is_total, row.values if is_blank(name) else [name])):
                found.append((row, len(agencies)))
            else:
                agencies.append(row)
        sheet.rows = agencies
        return cls(sheet, found)

    def check(self, column: int, unit: Unit, values: Sequence[float]) -> None:
        """Hold the cells of a column of numbers against the agencies' values; unknown ones count nothing."""
        for number, (row, _) in enumerate(self.rows):
            total = self.sheet.value(row, column, partial(_or_nothing, unit), math.nan)
            if not math.isnan(total):
                self._hold(row, column, total, self._sums(number, values), unit)

    def check_count(self, column: int, counted: Sequence[float]) -> None:
        """Hold a number of agencies in a column of words or flags against those that count there."""
        for number, (row, _) in enumerate(self.rows):
            value = row.values[column] if column < len(row.values) else None
            match = _COUNT.fullmatch(plain(f"{value:g}" if isinstance(value, float) else str(value)))
            if match is not None:
                self._hold(row, column, int(match[1]), self._sums(number, counted), UNITS["count"])

    def check_bare(self, columns: Mapping[str, int]) -> None:
        """Refuse a row with a total's name that has a licence: an agency, or a total?"""
        at = columns.get("licence")
        for row, _ in self.rows:
            text = plain(str(row.values[at])) if at is not None and at < len(row.values) else ""
            if at is not None and not is_blank(text) and text != "None" and not self._says_nothing(text):
                expected = Said("fault.row_totals_without_licence_agency_full")
                self.sheet.add(row, at, expected, repr(text))

    @staticmethod
    def _says_nothing(text: str) -> bool:
        return bool(_NOTHING.fullmatch(text) or _COUNT.fullmatch(text))

    def _sums(self, number: int, values: Sequence[float]) -> list[float]:
        """What a total may be of: the part since the total before, all above, the whole list; the likeliest first."""
        row, above = self.rows[number]
        begin = self.rows[number - 1][1] if number else 0
        spans = [values[begin:above], values[:above], values]
        is_part = any(_PART.search(_bare(value)) for value in row.values if isinstance(value, str))
        likely = 0 if is_part else 1 if above else 2
        sums = [math.fsum(one for one in span if not math.isnan(one)) for span in spans]
        return [sums.pop(likely), *sums]

    def _hold(self, row: Row, column: int, total: float, sums: Sequence[float], unit: Unit) -> None:
        near = _ROUNDING * max(abs(total), *map(abs, sums))
        if any(abs(total - one) <= near for one in sums):
            return

        def shown(number: float) -> str:
            return f"{number / unit.factor:,.12g}{unit.name}"

        much = "fault.too_much" if total > sums[0] else "fault.too_little"
        found = Said(much, total=shown(total), by=shown(abs(total - sums[0])))
        self.sheet.add(row, column, Said("fault.sum_agencies", sums=shown(sums[0])), found, _WAY_OUT)


def _or_nothing(unit: Unit, value: Any) -> float:
    return math.nan if isinstance(value, str) and _NOTHING.fullmatch(value) else as_number(unit, value)
