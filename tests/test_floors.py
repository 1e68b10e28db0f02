"""Floors: inside simkit an import runs to a lower floor, never level, never up, never in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import simkit

PACKAGE = Path(simkit.__file__).parent

#: The list of STYLE.md, section 3, for the rooms of today: `simulate` is its `run`; `sheets`, `cells`
#: and `intake` read spreadsheets for the scenario and stand below it; `workbook` is what every written
#: spreadsheet has in common; `compiled` is numba's decorator.
FLOORS = {
    "__main__": 17,
    "cli": 16,
    "report": 15,
    "whatif": 14,
    "recheck": 14,
    "store": 13,
    "simulate": 12,
    "result": 11,
    "kept": 11,
    "blocks": 10,
    "parquet": 10,
    "budget": 10,
    "outlays": 9,
    "exact": 9,
    "awards": 8,
    "parameters": 8,
    "scenario": 7,
    "claims": 6,
    "intake": 6,
    "population": 5,
    "agencies": 4,
    "cells": 5,
    "policy": 4,
    "rules": 3,
    "distributions": 3,
    "sizing": 3,
    "streams": 3,
    "executors": 3,
    "cluster": 3,
    "tally": 3,
    "versions": 3,
    "partial": 2,
    "leftovers": 1,
    "written": 1,
    "filenames": 1,
    "manifest": 8,
    "loading": 12,
    "arrays": 2,
    "leaf": 1,
    "money": 2,
    "compiled": 2,
    "sheets": 3,
    "documents": 2,
    "number_formats": 1,
    "workbook": 3,
    "errors": 1,
    "visible": 0,
    "spelling": 1,
}
#: Rooms and files that see numbers and arrays, never a policy, a scenario or a result.
NUMBERS_ONLY = (
    "rules",
    "sizing",
    "distributions",
    "report/figures.py",
    "report/compare_figures.py",
    "report/reading_figures.py",
    "report/whatif_figures.py",
)
FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Dotted name of a module inside simkit; the face is empty."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}


def imports(path: Path, *, top: bool = False) -> Iterator[tuple[int, str]]:
    """Line and module of every import from simkit, below the face; `top`: those made on import alone."""
    tree = ast.parse(path.read_bytes(), str(path))
    lazy = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if top and node in lazy:
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: an import names the module, never a dot"
            if node.module == "simkit":
                # `from simkit import x` is the module x, if there is one; else the face.
                for alias in node.names:
                    yield node.lineno, alias.name if alias.name in FLOORS else ""
            elif node.module and node.module.startswith("simkit."):
                yield from (
                    (node.lineno, deepest(node.module.removeprefix("simkit."), alias.name))
                    for alias in node.names
                )
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "simkit":
                    yield node.lineno, alias.name.removeprefix("simkit").removeprefix(".")


def deepest(module: str, name: str) -> str:
    """`from simkit.a import b` is the module a.b, if there is one."""
    return f"{module}.{name}" if f"{module}.{name}" in MODULES else module


def room(module: str) -> str:
    return module.split(".")[0]


def test_every_room_has_a_floor() -> None:
    rooms = {room(name) for name in MODULES if name}
    assert rooms <= set(FLOORS), f"give a floor to {', '.join(sorted(rooms - set(FLOORS)))}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_to_a_lower_floor(path: Path) -> None:
    """Or stay in their folder; nobody imports the face."""
    here = room(name_of(path))
    for line, module in imports(path):
        assert module, f"{path}:{line}: import the module, never the face"
        there = room(module)
        assert there in FLOORS, f"{path}:{line}: no such room: {there}"
        if here == "":
            continue  # the face names everything, and imports nothing until it is asked
        inside = here == there and path.parent != PACKAGE
        assert inside or FLOORS[there] < FLOORS[here], (
            f"{path}:{line}: {here} (floor {FLOORS[here]}) imports {module} (floor {FLOORS[there]})"
        )


def test_the_face_imports_nothing() -> None:
    """`import simkit` is instant."""
    tree = ast.parse((PACKAGE / "__init__.py").read_bytes())
    known = {"typing", "__future__", "importlib"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.module in known
        elif isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= known


def test_no_import_runs_in_a_circle() -> None:
    """Inside a folder neither. `prepare` raises on a circle and names it."""
    graph: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        below = {module for _, module in imports(path, top=True)}
        # A folder's own file is run before what lies in it, but is not asked for by name.
        graph[name] = below - {name}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("place", NUMBERS_ONLY)
def test_rules_and_sizing_know_no_policy(place: str) -> None:
    """They can be read, tested and compiled alone."""
    whole = PACKAGE / place
    for path in [whole] if whole.suffix else sorted(whole.rglob("*.py")):
        for line, module in imports(path):
            assert FLOORS[room(module)] <= 3 or room(module) == room(name_of(path)), (
                f"{path}:{line}: {module}"
            )
            assert room(module) not in ("policy", "scenario", "simulate", "store"), f"{path}:{line}: {module}"


def test_random_numbers_come_from_streams_alone() -> None:
    """No generator of numpy's or Python's is made in simkit."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Attribute):
                words = ast.unparse(node)
                assert not words.startswith(("np.random", "numpy.random", "random.")), f"{path}:{node.lineno}"
            elif isinstance(node, ast.Import):
                assert "random" not in {alias.name for alias in node.names}, f"{path}:{node.lineno}"
