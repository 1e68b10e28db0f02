"""Overlays: a reform or another assumption as a file, one value a path or several (a sweep)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, model_validator

from simkit.base.errors import Fault, FaultsError
from simkit.base.filenames import legal
from simkit.base.leaf import Once
from simkit.base.said import Said
from simkit.base.whole_files import replace_files
from simkit.documents.build import TreePath
from simkit.documents.file_kinds import misplaced
from simkit.documents.given import read_text
from simkit.documents.models import Confirmed, Day, Frozen, OfFile, Text
from simkit.documents.tree import Tree, parse_yaml, scan_yaml
from simkit.documents.validate import Disagreement, validate

__all__ = [
    "Lines",
    "Overlay",
    "Variant",
    "read_overlay",
    "scan_overlay",
    "stamp",
    "variants",
]

#: Lines of an overlay, and variants of its sweep.
_MOST_LINES = 1_000
_MOST_VARIANTS = 1_000
_SHOWN = 10


class Overlay(Frozen):
    """A reform or another assumption, laid on a baseline; at least one of `changes` and `sweep`."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$"), OfFile]
    title: Text
    base: str = Field(min_length=1, description="id of the scenario it is laid on")
    base_digest: Annotated[
        str,
        Field(
            pattern=r"^([0-9a-f]{12,64})?$",
            description="first digits of the SHA-256 of the baseline as it was then; `simkit overlay stamp`",
        ),
    ] = ""
    author: str = Field(min_length=1)
    date: Day
    reason: Text
    source: str = Field("", description="where the figures of the changes come from, in words")
    changes: dict[str, Any] = Field({}, description="dotted path -> value; null takes a key away")
    sweep: dict[str, Annotated[list[Any], Field(min_length=1), Once()]] = Field(
        {}, description="dotted path -> values, of which each variant has one"
    )

    confirmed: Confirmed = {}

    @model_validator(mode="after")
    def _something(self) -> Overlay:
        if not self.changes and not self.sweep:
            raise ValueError(Said("fault.changes_path_value_sweep_path_values"))
        if both := [path for path in self.sweep if path in self.changes]:
            raise Disagreement((("sweep", both[0]), Said("fault.changes_sweep", both=both[0])))
        return self


class Lines(dict[str, Any]):
    """Changes, path -> value, that know where they are written.

    Attributes
    ----------
    name : str
        Of the overlay or variant, or the word on a command line.
    tree : Tree
        The same with its places.
    overlay : Overlay or None
        Whose changes they are.
    file : Tree
        The overlay's whole file.
    """

    def __init__(
        self, name: str, tree: Tree, overlay: Overlay | None = None, file: Tree | None = None
    ) -> None:
        super().__init__(tree.data)
        self.name, self.tree, self.overlay, self.file = name, tree, overlay, file or tree

    @property
    def is_filed(self) -> bool:
        """Whether a file holds them, in which what is unusual can be confirmed."""
        return self.overlay is not None and self.file is not self.tree


class Variant(NamedTuple):
    """One overlay with one value a path, and its name: `headhunting_rate=40%`."""

    name: str
    changes: Lines


def read_overlay(path: str | Path) -> tuple[Overlay, Tree]:
    """Read an overlay's file.

    Raises
    ------
    FaultsError
        With every fault of its writing; whether its paths exist shows when it is laid on.
    """
    overlay, tree, faults = scan_overlay(path)
    if overlay is None or tree is None or faults:
        raise FaultsError(faults)
    return overlay, tree


def scan_overlay(path: str | Path) -> tuple[Overlay | None, Tree | None, list[Fault]]:
    """Read an overlay's file as far as it can be read, and name what is wrong."""
    tree, faults = scan_yaml(path)
    other = misplaced(path, "overlay", tree)
    if tree is None or other:
        return None, None, other or faults
    if large := list(_too_many(tree)):
        return None, tree, faults + large
    overlay, more = validate(Overlay, tree)
    return overlay, tree, faults + more


def _too_many(tree: Tree) -> Iterator[Fault]:
    """Name an overlay of more lines, or a sweep of more variants, than anybody lays on one by one."""
    for section in ("changes", "sweep"):
        lines = tree.get((section,))
        if isinstance(lines, dict) and len(lines) > _MOST_LINES:
            yield tree.fault((section,), Said("fault.at_most_paths", most_lines=_MOST_LINES), str(len(lines)))
            return
    swept = tree.get(("sweep",))
    values = swept.values() if isinstance(swept, dict) else ()
    lengths = [len(one) for one in values if isinstance(one, list)]
    if prod(lengths) > _MOST_VARIANTS:
        count = " x ".join(map(str, lengths[:_SHOWN])) + (" x ..." if len(lengths) > _SHOWN else "")
        yield tree.fault(
            ("sweep",), Said("fault.at_most_variants_sweep", most_variants=_MOST_VARIANTS), count
        )


def variants(overlay: Overlay, tree: Tree | None = None) -> tuple[Variant, ...]:
    """Every choice of one value a swept path; of an overlay without a sweep, itself.

    Parameters
    ----------
    overlay : Overlay
    tree : Tree, optional
        The overlay's file, so that faults name its lines.
    """
    if tree is None:
        tree = Tree({"changes": overlay.changes, "sweep": overlay.sweep}, overlay.name)
    swept: dict[str, list[Any]] = tree.get(("sweep",)) or {}
    names = dict(zip(swept, _labels(swept, overlay.name), strict=True))
    found: dict[str, Variant] = {}
    for places in product(*(range(len(values)) for values in swept.values())):
        chosen = dict(zip(swept, places, strict=True))
        words = [f"{names[path]}={_label(swept[path][place], place)}" for path, place in chosen.items()]
        name = legal(",".join(words)) if words else overlay.name
        if name.casefold() in found:  # values that a folder's name cannot tell apart
            name = f"{name}~{'.'.join(str(place + 1) for place in places)}"
        found[name.casefold()] = Variant(name, Lines(name, _lines(tree, chosen), overlay, tree))
    return tuple(found.values())


def _lines(tree: Tree, chosen: dict[str, int]) -> Tree:
    """Path -> value, with the places of the overlay's file."""
    values: dict[str, Any] = dict(tree.get(("changes",)) or {})
    places: dict[TreePath, tuple[str, int]] = {(): tree.place(("changes",))}
    places |= tree.under(("changes",)).places
    for path, place in chosen.items():
        item: TreePath = ("sweep", path, place)
        values[path] = tree.get(item)
        places |= {(path, *below): at for below, at in tree.under(item).places.items()}
    return Tree(values, tree.file, places)


def _labels(swept: Sequence[str] | dict[str, Any], name: str) -> list[str]:
    """The overlay's name for a path swept alone; else the shortest ends of the paths that tell them apart."""
    if len(swept) == 1:
        return [name]
    split = [path.split(".") for path in swept]
    for length in range(1, max(map(len, split), default=0) + 1):
        ends = [".".join(words[-length:]) for words in split]
        if len(set(ends)) == len(ends):
            return ends
    return list(swept)


def _label(value: Any, place: int) -> str:
    """A value as it stands in a variant's name; what is no single word or number by its place in the list."""
    return f"#{place + 1}" if isinstance(value, dict | list) else str(value)


def stamp(path: str | Path, digest: str) -> bool:
    """Write a baseline's digest into an overlay's file: that line changes, or one comes after `base`.

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    FaultsError
        When the file is no overlay, or its keys do not stand each on a line of its own.
    RunError
        When it cannot be written; it is then as it was.
    """
    overlay, tree = read_overlay(path)
    if overlay.base_digest == digest:
        return False
    lines = read_text(path)[0].decode("utf-8").splitlines(keepends=True)
    present = ("base_digest",) in tree.places
    place = tree.places[("base_digest",) if present else ("base",)][1] - 1
    ending = lines[place][len(lines[place].rstrip("\r\n")) :] or "\n"
    lines[place : place + 1] = [*([] if present else [lines[place]]), f"base_digest: '{digest}'{ending}"]
    text = "".join(lines)
    after, faults = parse_yaml(text.removeprefix("\ufeff"), str(path))
    wanted = {**tree.data, "base_digest": digest}
    if after is None or faults or after.data != wanted:
        hint = Said("fault.write_it_by_hand", line=f"base_digest: '{digest}'")
        raise FaultsError(
            [tree.fault(("base",), Said("fault.base_on_line_own"), Said("fault.another_layout"), hint)]
        )
    replace_files({Path(path).resolve(): text})
    return True
