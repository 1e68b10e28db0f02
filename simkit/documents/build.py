"""A YAML text as plain data that knows the place of each of its keys, with every fault of its writing.

Stricter than YAML, so that a file means what it looks like: `no` and `10:30` are text, a key stands
once, and anchors, tags and merge keys are refused. What is larger than any real file is refused on the way.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import yaml

from simkit.base.errors import MOST_SOUGHT, Fault
from simkit.base.said import Said, Words
from simkit.base.visible import HIDDEN
from simkit.documents.readable import readable
from simkit.documents.slips import named

__all__ = ["MOST_VALUES", "Place", "TreePath", "build", "dotted", "show"]

#: Keys and list positions from the top of a file to a value.
TreePath = tuple[str | int, ...]
#: File and line.
Place = tuple[str, int]

#: Keys, items and values of one file, twelve times those of the largest policy we know.
MOST_VALUES = 30_000
_DEEPEST = 40
_LONGEST_KEY = 200
_LONGEST_TEXT = 20_000
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
#: A number with its unit; where it looks so only once its full-width signs are made plain, it was a slip.
_QUANTITY = re.compile(r"[-+]?[0-9]+(,[0-9]{3})*(\.[0-9]+)?\s*(%|[A-Za-z\u4e00-\u9fff]{0,4})")
_FULL_WIDTH = re.compile("[！-～．]")
_LIKE_A_NUMBER = re.compile("[-+.0-9]|.*[！-～．]", re.DOTALL)
#: Signs that end a key, or belong to none; and their full-width fellows.
_NO_KEY = re.compile("[:=：＝，｛｝［］【】“”\n\r\t]")
_KEY_HINTS = {
    ":": Said("fault.write_space_after_colon"),
    "：": Said("fault.write_half_width_colon_space"),
    "=": Said("fault.write_half_width_colon_space"),
    "＝": Said("fault.write_half_width_colon_space"),
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one, where PyYAML has it


class _StopError(Exception):
    """The file is read no further; why, stands in the last fault."""


def dotted(path: TreePath) -> str:
    """Write a path as people do: `measures.headhunting.quote.0`."""
    return ".".join(str(segment) for segment in path)


def show(value: Any) -> Words:
    """Write what stands in a file as `Fault.found` shows it: at most 80 characters."""
    if value is None:
        return Said("fault.nothing")
    if isinstance(value, str):
        value = value[:100]
    text = str(value) if isinstance(value, datetime.date) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def build(text: str, file: str) -> tuple[Any, dict[TreePath, Place], list[Fault]]:
    """Take text apart as far as it can be.

    Returns
    -------
    plain data (None where the text is no YAML), the place of each path, faults in order of line
    """
    builder = _Builder(file)
    data = builder.build(text)
    return data, builder.places, sorted(builder.faults, key=lambda fault: fault.line)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Builder:
    """Builds plain data from YAML's events and gathers faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.places: dict[TreePath, Place] = {}
        self.values = 0
        self.next_event: Callable[[], Any] = lambda: None

    def build(self, text: str) -> Any:
        try:
            text = readable(text, lambda line, *words: self._fault(line, (), *words))
            self.next_event = _LOADER(text).get_event
            data = self._documents()
            if data is None and not self.faults:
                self._fault(0, (), Said("fault.keys_with_values"), Said("fault.an_empty_file"))
        except yaml.YAMLError as error:
            self.faults.append(self._slip(error, text))
        except _StopError:
            pass
        else:
            return data
        return None

    def _fault(
        self, line: int, path: TreePath, expected: Said, found: Words, hint: Said | None = None
    ) -> None:
        self.faults.append(Fault(self.file, line, dotted(path) or "(file)", expected, found, hint))
        if len(self.faults) == MOST_SOUGHT:
            raise _StopError

    def _slip(self, error: yaml.YAMLError, text: str) -> Fault:
        slip = named(error, text)
        return Fault(self.file, slip.line, "(file)", slip.expected, slip.found, slip.hint)

    def _documents(self) -> Any:
        data, documents = None, 0
        while not isinstance(event := self.next_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(
                        _line(event), (), Said("fault.one_document_a_file"), Said("fault.a_second_after")
                    )
                    break
                data = self._value(self.next_event(), ())
        return data

    def _value(self, event: Any, path: TreePath) -> Any:
        line = _line(event)
        self.places.setdefault(path, (self.file, line))
        self._count(line)
        self._refuse_references(event, path, line)
        if len(path) > _DEEPEST:
            self._stop(line, path[:3], Said("fault.at_most_levels_keys", deepest=_DEEPEST))
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_text(event, path, line)
            # Most values are words: what begins like no number, and has no full-width signs, is none.
            is_word = event.style or not (_LIKE_A_NUMBER.match(event.value) or event.value in _CONSTANTS)
            return event.value if is_word else self._plain(event.value, path, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return self._sequence(path) if isinstance(event, yaml.SequenceStartEvent) else None

    def _count(self, line: int) -> None:
        """Count what stands in the file: a list of a million items, a million keys are no policy."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(line, (), Said("fault.at_most_keys_items_values_file", most_values=MOST_VALUES))

    def _stop(self, line: int, path: TreePath, expected: Said, found: Words | None = None) -> None:
        self._fault(line, path, expected, found or Said("fault.more"))
        raise _StopError

    def _refuse_text(self, event: Any, path: TreePath, line: int) -> None:
        text = event.value
        if len(text) > _LONGEST_TEXT:
            self._stop(line, path, Said("fault.at_most_characters", longest_text=_LONGEST_TEXT), show(text))
        # Elsewhere none is left: only in double quotes a character can be written as an escape.
        if event.style == '"' and (hidden := HIDDEN.search(text)) is not None:
            found = Said("fault.the_character", code=f"U+{ord(hidden[0]):04X}")
            self._fault(line, path, Said("fault.printable_text"), found, Said("fault.leave_escape_with_out"))

    def _refuse_references(self, event: Any, path: TreePath, line: int) -> None:
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            hint = Said("fault.write_value_out_put_quotation_marks")
            self._fault(line, path, Said("fault.no_anchors_or_aliases"), show(f"{sign}{event.anchor}"), hint)
        if getattr(event, "tag", None) is not None:
            hint = Said("fault.leave_tag_out_put_value_quotation")
            self._fault(line, path, Said("fault.no_tags"), show(event.tag), hint)

    def _sequence(self, path: TreePath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self.next_event(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: TreePath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := self.next_event(), yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, path, line)
            here = (*path, key)
            if key in data:
                first = self.places[here][1]
                self._fault(
                    line,
                    here,
                    Said("fault.each_key_once"),
                    Said("fault.key_again_first_on_line", first=first),
                )
                self._skip(self.next_event())
                continue
            self.places[here] = (self.file, line)
            data[key] = self._value(self.next_event(), here)
        return data

    def _key(self, event: Any, path: TreePath, line: int) -> str:
        if isinstance(event, yaml.ScalarEvent) and event.value not in ("", "<<"):
            self._refuse_references(event, path, line)
            self._refuse_key(event, path, line)
            return str(event.value)
        what = show(event.value) if isinstance(event, yaml.ScalarEvent) else Said("fault.something_else")
        self._fault(line, path, Said("fault.key_word_number"), what)
        if not isinstance(event, yaml.ScalarEvent):
            self._skip(event)
        return f"(key on line {line})"

    def _refuse_key(self, event: Any, path: TreePath, line: int) -> None:
        key = event.value
        if len(key) > _LONGEST_KEY:
            self._stop(line, path, Said("fault.key_at_most_characters", longest_key=_LONGEST_KEY), show(key))
        if (sign := _NO_KEY.search(key)) is not None:
            hint = _KEY_HINTS.get(sign[0], Said("fault.write_half_width_signs_space_after"))
            self._fault(line, path, Said("fault.key_word_number"), show(key), hint)
        elif event.style == '"' and HIDDEN.search(key) is not None:
            self._fault(line, path, Said("fault.key_word_number"), show(key))

    def _skip(self, event: Any) -> None:
        """Read past one value."""
        depth = 0
        while True:
            self._count(_line(event))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            event = self.next_event()

    def _plain(self, text: str, path: TreePath, line: int) -> Any:
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INT.fullmatch(text):
            return int(text)
        if _LEADING_ZERO.fullmatch(text):
            return text
        if _FLOAT.fullmatch(text):
            return self._finite(text, path, line)
        if _NOT_FINITE.fullmatch(text):
            self._fault(line, path, Said("fault.a_finite_number"), show(text))
            return None
        if _FULL_WIDTH.search(text) and _QUANTITY.fullmatch(narrow := unicodedata.normalize("NFKC", text)):
            self._fault(
                line,
                path,
                Said("fault.half_width_digits_signs"),
                show(text),
                Said("fault.write", narrow=narrow),
            )
            return self._plain(narrow, path, line)
        return self._date(text, path, line) if _DATE.fullmatch(text) else text

    def _finite(self, text: str, path: TreePath, line: int) -> float | None:
        number = float(text)
        if abs(number) == float("inf"):
            self._fault(line, path, Said("fault.a_finite_number"), show(text))
            return None
        return number

    def _date(self, text: str, path: TreePath, line: int) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            self._fault(line, path, Said("fault.day_exists_2023_04_12"), show(text))
            return None
