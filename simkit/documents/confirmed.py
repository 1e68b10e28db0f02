"""Unusual numbers: each is confirmed in the file that gives it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import BaseModel

from simkit.base.errors import Fault
from simkit.base.said import Said
from simkit.documents.build import TreePath, dotted
from simkit.documents.overlay import split_path
from simkit.documents.tree import Tree, has
from simkit.documents.walks import numbers

__all__ = ["confirm_faults", "is_in", "unusual_numbers"]


def confirm_faults(
    laid: Sequence[tuple[BaseModel, Tree]],
    file: Tree,
    confirmed: Mapping[str, str],
    may_be: Collection[str] = (),
    instead: Mapping[TreePath, Said | None] | None = None,
) -> Iterator[Fault]:
    """Name unusual values that stand in a file and are not confirmed in it, and confirmations that nothing needs.

    Parameters
    ----------
    laid : data and the trees they were made from, with all that was laid on
    file : Tree
        Of the file that is looked at.
    confirmed : mapping of path to reason
        That stand in the file.
    may_be : paths
        At or below which a confirmation may be needed by what is not laid on now, such as a reading.
    instead : mapping of path to what is usual there, None where the value is
        Of numbers that are unusual or not only beside others.
    """
    needed: set[str] = set()
    seen: set[str] = set()
    for data, tree in laid:
        for path, leaf, value, *_ in numbers(data):
            expected = (instead or {}).get(path, leaf.unusual(value))
            name = dotted(path) if expected or confirmed else ""
            if not expected and name not in confirmed:
                continue  # most numbers: nothing to confirm, and nothing that was
            where, line = tree.place(path)
            if where != file.file or not line:
                continue
            seen.add(name)
            if expected:
                needed.add(name)
            if expected and name not in confirmed:
                yield tree.fault(path, expected, hint=Said("fault.write_under_confirmed", name=name))
    for name in confirmed:
        spared = any(name == one or name.startswith(f"{one}.") for one in may_be)
        # What stands here and was not seen has a fault of its own.
        known = name in seen or not any(is_in(file, tree, name) for _, tree in laid)
        if known and name not in needed and not spared:
            yield file.fault(("confirmed", name), Said("fault.path_unusual_value_file"), name)


def unusual_numbers(
    laid: Sequence[tuple[BaseModel, Tree]], paths: Collection[str], instead: Mapping[TreePath, Said | None]
) -> Iterator[Fault]:
    """Name unusual values at, below or above some paths, which no file can confirm: typed, or set in a program.

    `laid`, `instead`: as `confirm_faults`.
    """
    for data, tree in laid:
        for path, leaf, value, *_ in numbers(data):
            expected = instead.get(path, leaf.unusual(value))
            if not expected:
                continue  # most numbers
            name = dotted(path)
            if any(f"{name}.".startswith(f"{one}.") or one.startswith(f"{name}.") for one in paths):
                yield tree.fault(path, expected)


def is_in(file: Tree, tree: Tree, path: str) -> bool:
    """Whether what stands at a path is the file's, or what a question puts in its place."""
    at = split_path(tree.data, path)
    where, line = tree.place(at)
    return has(tree.get(at[:-1]), at[-1]) and (where == file.file or not line)
