"""A YAML file as plain data that knows the place of each of its keys, with every fault of its writing.

Stricter than YAML, so that a file means what it looks like: `no` and `10:30` are text, a key stands
once, and anchors, tags and merge keys are refused.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from simkit.errors import Fault, FaultsError

__all__ = ["Tree", "TreePath", "dotted", "parse_yaml", "paths_of", "read_yaml", "scan_yaml", "show"]

#: Keys and list positions from the top of a file to a value.
TreePath = tuple[str | int, ...]

_DEEPEST = 40
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled one, where PyYAML has it


def dotted(path: TreePath) -> str:
    """Write a path as people do: `measures.headhunting.quote.0`."""
    return ".".join(str(segment) for segment in path)


def show(value: Any) -> str:
    """Write what stands in a file as `Fault.found` shows it: at most 80 characters."""
    text = str(value) if isinstance(value, datetime.date) else repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A file as plain dicts, lists and scalars, and where each of them stands.

    Attributes
    ----------
    data : dict, list, str, int, float, bool, date or None
        Keys are always text.
    file : str
        Path as the user gave it.
    places : dict from path to (file, line)
        The line of the key, or of the item of a list. What an overlay laid on stands in its file.
    """

    data: Any
    file: str
    places: dict[TreePath, tuple[str, int]] = field(default_factory=dict)

    def place(self, path: TreePath) -> tuple[str, int]:
        """File and line of a path, or of the nearest thing around it that has one."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return self.file, 0

    def get(self, path: TreePath, default: Any = None) -> Any:
        """Value at a path, or `default` where there is none."""
        node = self.data
        for segment in path:
            if not has(node, segment):
                return default
            node = node[segment]
        return node

    def fault(self, path: TreePath, expected: str, found: str | None = None, hint: str = "") -> Fault:
        """Build a fault at a path; what is found is what stands there unless `found` is given."""
        file, line = self.place(path)
        what = show(self.get(path)) if found is None else found
        return Fault(file, line, dotted(path) or "(file)", expected, what, hint)

    def under(self, path: TreePath) -> Tree:
        """Part of the tree as a tree of its own, each place kept."""
        size = len(path)
        places = {full[size:]: place for full, place in self.places.items() if full[:size] == path}
        return Tree(self.get(path), self.file, {(): self.place(path), **places})


def has(node: Any, segment: str | int) -> bool:
    """Tell whether a dict has the key, or a list the position."""
    if isinstance(node, dict):
        return segment in node
    return isinstance(node, list) and isinstance(segment, int) and 0 <= segment < len(node)


def read_yaml(path: str | Path) -> Tree:
    """Read a YAML file.

    Raises
    ------
    FaultsError
        With every fault of its writing.
    """
    tree, faults = scan_yaml(path)
    if tree is None or faults:
        raise FaultsError(faults)
    return tree


def scan_yaml(path: str | Path) -> tuple[Tree | None, list[Fault]]:
    """Read a YAML file as far as it can be read, and name what is wrong with its writing."""
    try:
        raw = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return None, [Fault(str(path), 0, "(file)", "a file that can be read", str(reason).lower())]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(str(path), raw, error)]
    return parse_yaml(text, str(path))


def parse_yaml(text: str, file: str) -> tuple[Tree | None, list[Fault]]:
    """Take text apart that was read from `file`, as far as it can be, and name what is wrong with its writing."""
    return _Builder(file).build(text)


def paths_of(node: Any, path: TreePath = ()) -> Iterator[TreePath]:
    """Every path of the data, those of whole mappings and lists too."""
    if path:
        yield path
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for segment, value in pairs:
        yield from paths_of(value, (*path, segment))


def _not_utf8(file: str, raw: bytes, error: UnicodeDecodeError) -> Fault:
    line = raw[: error.start].count(b"\n") + 1
    encoding = _guess_encoding(raw)
    hint = "save it as UTF-8 in the editor"
    if encoding:
        hint = f"looks like {encoding}; convert it: iconv -f {encoding} -t UTF-8 FILE > NEW"
    return Fault(file, line, "(file)", "text in UTF-8", f"byte 0x{raw[error.start]:02x}", hint)


def _guess_encoding(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    for name, codec in (("GBK", "gbk"), ("GB18030", "gb18030"), ("BIG5", "big5")):
        try:
            raw.decode(codec)
        except UnicodeDecodeError:
            continue
        return name
    return ""


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Builder:
    """Builds one tree from YAML's events and gathers faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.places: dict[TreePath, tuple[str, int]] = {}
        self.events: Iterator[Any] = iter(())

    def build(self, text: str) -> tuple[Tree | None, list[Fault]]:
        """Tree (none where the text is no YAML), and the faults in order of line."""
        self.events = yaml.parse(self._readable(text), Loader=_LOADER)
        tree = None
        try:
            data = self._documents()
            tree = Tree(data, self.file, self.places)
            if data is None and not self.faults:
                self._fault(0, (), "keys with values", "an empty file")
        except yaml.YAMLError as error:
            self._syntax(error)
        return (None if tree is None or tree.data is None else tree), sorted(
            self.faults, key=lambda fault: fault.line
        )

    def _fault(self, line: int, path: TreePath, expected: str, found: str, hint: str = "") -> None:
        self.faults.append(Fault(self.file, line, dotted(path) or "(file)", expected, found, hint))

    def _readable(self, text: str) -> str:
        """Name tabs and control characters, and put in their place what a parser can read on."""
        for number, line in enumerate(text.split("\n"), start=1):
            if "\t" in line[: len(line) - len(line.lstrip())]:
                self._fault(number, (), "spaces before a key", "a tab", "put spaces in the place of tabs")
            if (control := _CONTROL.search(line)) is not None:
                self._fault(number, (), "printable text", f"the character U+{ord(control[0]):04X}")
        return _CONTROL.sub("?", text.replace("\t", "  "))

    def _syntax(self, error: yaml.YAMLError) -> None:
        marks: list[Any] = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
        mark = next(filter(None, marks), None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        context = getattr(error, "context", None) or ""
        self._fault(mark.line + 1 if mark else 0, (), "sound YAML", f"{context} {problem}".strip())

    def _documents(self) -> Any:
        data, documents = None, 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(_line(event), (), "one document a file", "a second after ---")
                    break
                data = self._value(next(self.events), ())
        return data

    def _value(self, event: Any, path: TreePath) -> Any:
        line = _line(event)
        self.places.setdefault(path, (self.file, line))
        self._refuse_references(event, path, line)
        if len(path) > _DEEPEST:
            self._fault(line, path[:3], f"at most {_DEEPEST} levels of keys", "more")
            raise yaml.YAMLError("too many levels of keys")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.AliasEvent):
            return None
        return event.value if event.style else self._plain(event.value, path, line)

    def _refuse_references(self, event: Any, path: TreePath, line: int) -> None:
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._fault(line, path, "no anchors or aliases", f"{sign}{event.anchor}", "write the value out")
        if getattr(event, "tag", None) is not None:
            self._fault(line, path, "no tags", show(event.tag), "leave the tag out")

    def _sequence(self, path: TreePath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: TreePath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, path, line)
            here = (*path, key)
            if key in data:
                first = self.places[here][1]
                self._fault(line, here, "each key once", f"the key again, first on line {first}")
                self._skip(next(self.events))
                continue
            self.places[here] = (self.file, line)
            data[key] = self._value(next(self.events), here)
        return data

    def _key(self, event: Any, path: TreePath, line: int) -> str:
        if isinstance(event, yaml.ScalarEvent) and event.value not in ("", "<<"):
            self._refuse_references(event, path, line)
            return str(event.value)
        what = show(event.value) if isinstance(event, yaml.ScalarEvent) else "something else"
        self._fault(line, path, "a key that is a word or a number", what)
        if not isinstance(event, yaml.ScalarEvent):
            self._skip(event)
        return f"(key on line {line})"

    def _skip(self, event: Any) -> None:
        """Read past one value."""
        depth = 0
        while True:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth == 0:
                return
            event = next(self.events)

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
            self._fault(line, path, "a finite number", show(text))
            return None
        return self._date(text, path, line) if _DATE.fullmatch(text) else text

    def _finite(self, text: str, path: TreePath, line: int) -> float | None:
        number = float(text)
        if abs(number) == float("inf"):
            self._fault(line, path, "a finite number", show(text))
            return None
        return number

    def _date(self, text: str, path: TreePath, line: int) -> datetime.date | None:
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            self._fault(line, path, "a day that exists, such as 2023-04-12", show(text))
            return None
