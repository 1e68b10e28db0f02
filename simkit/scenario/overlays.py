"""Overlays: a reform or another assumption as a file, one value a path or several (a sweep)."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field, model_validator

from simkit.errors import Fault, FaultsError, RunError
from simkit.leaf import Once
from simkit.policy.load import scan_yaml, validate
from simkit.policy.tree import Tree, TreePath, parse_yaml
from simkit.policy.types import Confirmed, Day, Frozen, Text

__all__ = [
    "Lines",
    "Overlay",
    "Variant",
    "fit",
    "read_overlay",
    "replace_files",
    "scan_overlay",
    "stamp",
    "variants",
]

#: What the name of a folder may not hold.
_UNFIT = re.compile(r'[/\\\x00-\x1f<>:"|?*]+|[. ]+$')


class Overlay(Frozen):
    """A reform or another assumption, laid on a baseline; at least one of `changes` and `sweep`."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
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
    changes: dict[str, Any] = Field({}, description="dotted path -> value; null takes a key away")
    sweep: dict[str, Annotated[list[Any], Field(min_length=1), Once()]] = Field(
        {}, description="dotted path -> values, of which each variant has one"
    )

    confirmed: Confirmed = {}

    @model_validator(mode="after")
    def _something(self) -> Overlay:
        if not self.changes and not self.sweep:
            raise ValueError("changes (path: value), sweep (path: [values]), or both")
        if both := [path for path in self.sweep if path in self.changes]:
            raise ValueError(f"{both[0]} in changes or in sweep")
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
    if tree is None:
        return None, None, faults
    overlay, more = validate(Overlay, tree)
    return overlay, tree, faults + more


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
    found = []
    for places in product(*(range(len(values)) for values in swept.values())):
        chosen = dict(zip(swept, places, strict=True))
        words = [f"{names[path]}={_label(swept[path][place], place)}" for path, place in chosen.items()]
        name = fit(",".join(words)) or overlay.name
        found.append(Variant(name, Lines(name, _lines(tree, chosen), overlay, tree)))
    return tuple(found)


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


def fit(name: str) -> str:
    """A name without what the name of a folder may not hold."""
    return _UNFIT.sub("_", name)


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
    lines = Path(path).read_bytes().decode("utf-8").splitlines(keepends=True)
    present = ("base_digest",) in tree.places
    place = tree.places[("base_digest",) if present else ("base",)][1] - 1
    ending = lines[place][len(lines[place].rstrip("\r\n")) :] or "\n"
    lines[place : place + 1] = [*([] if present else [lines[place]]), f"base_digest: '{digest}'{ending}"]
    text = "".join(lines)
    after, faults = parse_yaml(text.removeprefix("\ufeff"), str(path))
    wanted = {**tree.data, "base_digest": digest}
    if after is None or faults or after.data != wanted:
        hint = f"write it by hand: base_digest: '{digest}'"
        raise FaultsError([tree.fault(("base",), "base on a line of its own", "another layout", hint)])
    replace_files({Path(path): text})
    return True


def replace_files(texts: Mapping[Path, str]) -> None:
    """Write files whole, all of them or none, with the line ends that their texts have.

    Raises
    ------
    RunError
        When one cannot be written; older ones stay.
    """
    partials: dict[Path, Path] = {}
    path = Path()
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            partials[path] = Path(partial)
            with open(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            partials[path].chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for path, partial_path in partials.items():
            os.replace(partial_path, path)
    except OSError as error:
        template = "{path}: cannot be written: {reason}; nothing was kept"
        raise RunError(template, path=path, reason=error.strerror or error) from error
    finally:
        for partial_path in partials.values():
            partial_path.unlink(missing_ok=True)
