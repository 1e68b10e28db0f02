"""What people write in the place of YAML: named in plain words, with the way out; the parser's own words never show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from simkit.base.said import Said

__all__ = ["Slip", "hint_of_value", "named"]


class Slip(NamedTuple):
    """A line that is not sound: its number, what was expected there, the words that stand there, the way out."""

    line: int
    expected: Said
    found: str | Said
    hint: Said | None = None


_AFTER_KEY = Said("fault.colon_space_after_key")
_BRACKETS = Said("fault.brackets_and")
_WRITE_COLON = Said("fault.write_half_width_colon_space")
_QUOTE_IT = Said("fault.put_value_quotation_marks")
_ONE_KIND = Said("fault.keys_items_begin_with_not_both")
_ONE_INDENT = Said("fault.keys_one_level_each_after_same")
_KEY = r"[A-Za-z_][\w.\-]*"
#: Where a key begins: at the start of a line, of an item, of a mapping in brackets, or after a comma there.
_BEFORE_KEY = r"(?:^[ \u3000]*(?:- +)?|[{｛,，]\s*)"
_BEFORE_VALUE = r"(?:[:：] *|^ *(?:- +)?|[\[{,，]\s*)"

#: A line's beginnings of trouble, the surest first: pattern, expected, hint. The group is what is shown.
_TABLE = tuple(
    (re.compile(pattern), expected, hint)
    for pattern, expected, hint in (
        (rf"{_BEFORE_KEY}({_KEY}\s*：.*)", _AFTER_KEY, _WRITE_COLON),
        (rf"{_BEFORE_KEY}({_KEY}\s*[=＝].*)", _AFTER_KEY, _WRITE_COLON),
        (r"((?:^ *|: *)\u3000.*)", Said("fault.spaces"), Said("fault.write_half_width_spaces_place_full")),
        (rf"{_BEFORE_VALUE}([｛［【].*)", _BRACKETS, Said("fault.write_half_width_brackets")),
        (r"[\[{][^\]}]*([｝］】].*)", _BRACKETS, Said("fault.write_half_width_brackets")),
        (
            rf"{_BEFORE_VALUE}([“”‘’＂＇].*)",
            Said("fault.straight_quotation_marks_or"),
            Said("fault.write_straight_quotation_marks"),
        ),
        (
            r"[\[{].*?(，.*)",
            Said("fault.comma_space_between_values"),
            Said("fault.write_half_width_comma_space"),
        ),
        (
            rf"{_BEFORE_VALUE}([%@`*&!].*|[|>](?![+\-\d]*$).*)",
            Said("fault.value_begins_with_letter_number"),
            _QUOTE_IT,
        ),
        (
            r"""^ *(?:- +)?[^\s:{\[][^:]*: +([^\s'"{\[].*?(?:: .*|:$))""",
            Said("fault.one_colon_with_space_line"),
            _QUOTE_IT,
        ),
        (rf"{_BEFORE_KEY}({_KEY}:[^\s/].*)", _AFTER_KEY, Said("fault.write_space_after_colon")),
    )
)
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")
_REMARK = re.compile(r"(?:^|\s)#.*")
#: Letters of a line or value that are looked at, and that are shown.
_LOOKED_AT = 500
_SHOWN = 60
_WIDE_LIST = re.compile(r"^[^，、]*\d[，、]\d")
_NOT_A_LIST = re.compile(r"^-\S")


def named(error: Any, text: str) -> Slip:
    """Name what is wrong by what stands where the parser stopped; `error` is one of PyYAML's."""
    lines = [line[:_LOOKED_AT] for line in text.split("\n")]
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))
    at = _place(getattr(error, "problem_mark", None), lines)
    began = _place(getattr(error, "context_mark", None), lines) if "block" not in context else at
    if "quoted scalar" in context:
        return _in_quotes(problem, began, at, lines)
    blamed = [at[0]] if "block" in context else [at[0], began[0]]
    if "mapping values" in problem:
        blamed.append(_line_above(at[0], lines))
    slip = next((slip for line in dict.fromkeys(blamed) for slip in _table(line, lines)), None)
    return slip or _by_structure(problem, context, at, began, lines)


def hint_of_value(expected: Said, value: Any) -> Said | None:
    """The way out where text stands in the place of keys or a list, since a sign was not one of YAML's."""
    if isinstance(value, str) and _WIDE_LIST.search(value[:_LOOKED_AT]) and not _is_text(expected):
        return Said("fault.write_half_width_comma_space")
    if not isinstance(value, str) or expected not in (Said("fault.keys_with_values"), Said("fault.a_list")):
        return None
    value = value[:_LOOKED_AT]
    if _NOT_A_LIST.match(value):
        return Said("fault.write_a_space_after")
    return next((hint for pattern, _, hint in _TABLE if pattern.search(value)), None)


def _is_text(expected: Said) -> bool:
    """Whether text is right too."""
    either = [one for one in expected.values.values() if isinstance(one, Said)]
    return expected.key.startswith("fault.text") or any(map(_is_text, either))


def _place(mark: Any, lines: list[str]) -> tuple[int, int]:
    """Line and column from 0; the last line that holds something where the parser ran past the end."""
    if mark is None:
        return 0, 0
    if mark.line < len(lines) and (lines[mark.line].strip() or mark.line == 0):
        return int(mark.line), int(mark.column)
    return _line_above(mark.line, lines), 0


def _line_above(line: int, lines: list[str]) -> int:
    """The nearest line above that holds something besides a remark."""
    above = range(min(line, len(lines)) - 1, -1, -1)
    return next((one for one in above if _bare(lines[one]).strip()), 0)


def _bare(line: str) -> str:
    """A line without remark, and with blanks for what stands in quotation marks."""
    line = _QUOTED.sub(lambda found: f"'{'_' * (len(found[0]) - 2)}'", line)
    return _REMARK.sub("", line)


def _table(line: int, lines: list[str]) -> Iterator[Slip]:
    bare = _bare(lines[line])
    for pattern, expected, hint in _TABLE:
        if (found := pattern.search(bare)) is not None:
            yield Slip(line + 1, expected, _shown(lines[line][found.start(1) :]), hint)


def _shown(text: str) -> str:
    text = text.strip()
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _in_quotes(problem: str, began: tuple[int, int], at: tuple[int, int], lines: list[str]) -> Slip:
    opening = _shown(lines[began[0]][began[1] :])
    if "end of stream" in problem or "document indicator" in problem:
        return Slip(began[0] + 1, Said("fault.a_closing_quotation_mark"), opening)
    hint = Said("fault.put_text_with_single_quotation_marks")
    return Slip(at[0] + 1, Said("fault.no_double_quotation_marks"), _shown(lines[at[0]][at[1] :]), hint)


def _by_structure(
    problem: str, context: str, at: tuple[int, int], began: tuple[int, int], lines: list[str]
) -> Slip:
    """Name what no single line shows: brackets that stay open, lists among keys, indents."""
    line, column = at
    text, before = lines[line], lines[line][:column].strip()
    if "flow" in context:
        return _open_bracket(context, at, began, lines)
    if before.endswith(("'", '"', "]", "}")):
        expected = Said("fault.nothing_after_closing_quotation_mark_bracket")
        return Slip(
            line + 1, expected, _shown(text[column:]), Said("fault.put_whole_value_one_pair_quotation")
        )
    if text.strip()[:1] in ("]", "}"):
        return Slip(line + 1, Said("fault.opening_bracket_before_closing_one"), _shown(text))
    is_item = text.lstrip().startswith("-")
    if "'-'" in problem or "sequence entries" in problem or (is_item and "expected key" in problem):
        return Slip(line + 1, _ONE_KIND, _shown(text))
    if "mapping values" in problem:
        return _below(line, lines)
    if "expected key" in problem or "document start" in problem:
        return Slip(line + 1, _ONE_INDENT, _indented(text))
    return Slip(began[0] + 1, Said("fault.line_key_value_item"), _shown(lines[began[0]]))


def _open_bracket(context: str, at: tuple[int, int], began: tuple[int, int], lines: list[str]) -> Slip:
    sign = "]" if "sequence" in context else "}"
    if at[0] == began[0] and at[1]:
        rest = _shown(lines[at[0]][at[1] :])
        return Slip(at[0] + 1, Said("fault.comma_closing", sign=sign), rest)
    text = lines[began[0]][began[1] :]
    hint = Said("fault.what_follows_remark_put_text_with") if " #" in text else None
    return Slip(began[0] + 1, Said("fault.the_closing", sign=sign), _shown(text), hint)


def _below(line: int, lines: list[str]) -> Slip:
    """A key below a line that is none, or that has its value already."""
    above = _line_above(line, lines)
    bare = _bare(lines[above])
    if above == line or ": " in bare:
        hint = Said("fault.give_both_lines_same_indent_leave")
        return Slip(line + 1, _ONE_INDENT, _indented(lines[line]), hint)
    return Slip(above + 1, Said("fault.line_key_value_item"), _shown(lines[above]))


def _indented(line: str) -> Said:
    return Said("fault.an_indent_of_before", line=len(line) - len(line.lstrip()), one=_shown(line))
