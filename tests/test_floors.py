"""Floors: inside simkit an import runs to a lower floor, never level, never up, never in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import simkit

PACKAGE = Path(simkit.__file__).parent

FLOORS = {
    "base": 0,
    "documents": 1,
    "distributions": 2, "sizing": 2,
    "rules": 3,
    "policy": 4,
    "claims": 5,
    "awards": 6,
    "scenario": 8,
    "runs": 9, "exact": 9,
    "whatif": 10,
    "report": 12,
    "face": 13,
    "cli": 14,
    "": 15, "__main__": 15,
}  # fmt: skip
#: The rooms inside the report, each on the floor of what it may be told by.
REPORT = {"papers": 0, "tables": 1, "figures": 1, "pictures": 2, "annexes": 3, "pages": 3, "make": 4}
#: Folders that see numbers and arrays, never a policy, a scenario or a result; and what they may import beside.
NUMBERS_ONLY = ("rules", "sizing", "distributions", "report/figures")
SEEN = {"base", "report/papers"}
FILES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Dotted name of a module inside simkit; the face is empty."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in FILES}


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Every node of a file, which is parsed once."""
    return list(ast.walk(ast.parse(path.read_bytes(), str(path))))


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Line and module of every import from simkit, inside functions too."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in nodes(path):
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


def wing(module: str) -> str:
    """Room, and the folder in it."""
    inside = MODULES[module].relative_to(PACKAGE).parts
    return "/".join(inside[:-1][:2])


def fault_of_an_import(here: str, module: str) -> str:
    """What is wrong with an import of a module, or nothing."""
    if not module:
        return "import the module, never the face"
    if room(module) not in FLOORS:
        return f"no such room: {room(module)}"
    if room(here) != room(module):
        return (
            "" if FLOORS[room(module)] < FLOORS[room(here)] else f"{here} imports {module}, not a floor below"
        )
    if room(here) == "report" and wing(here) != wing(module):
        below, above = (REPORT[wing(name).split("/")[1]] for name in (module, here))
        return "" if below < above else f"{here} imports {module}, not below it in the report"
    return ""


def test_imports_run_to_a_lower_floor() -> None:
    """Or stay in their room; nobody imports the face."""
    found = [
        f"{path}:{line}: {fault}"
        for path in FILES
        for line, module in imports(path)
        if (fault := fault_of_an_import(name_of(path), module))
    ]
    assert not found, "\n".join(found)


def test_the_face_imports_nothing() -> None:
    """`import simkit` is instant."""
    known = {"typing", "__future__", "importlib"}
    for node in nodes(PACKAGE / "__init__.py"):
        if isinstance(node, ast.ImportFrom):
            assert node.module in known
        elif isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= known


def test_no_import_runs_in_a_circle() -> None:
    """Inside a folder neither, nor where it is made in a function. `prepare` raises on a circle and names it."""
    for name_in in (str, wing):
        graph: dict[str, set[str]] = {}
        for name, path in MODULES.items():
            # A folder's own file is run before what lies in it, but is not asked for by name.
            below = {name_in(module) for _, module in imports(path)} - {name_in(name)}
            graph.setdefault(name_in(name), set()).update(below)
        TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("place", NUMBERS_ONLY)
def test_rules_and_sizing_know_no_policy(place: str) -> None:
    """They can be read, tested and compiled alone."""
    for path in sorted((PACKAGE / place).rglob("*.py")):
        for line, module in imports(path):
            there = wing(module)
            assert there.startswith(place) or {there, room(module)} & SEEN or there in NUMBERS_ONLY, (
                f"{path}:{line}: {module}"
            )


def test_random_numbers_come_from_streams_alone() -> None:
    """No generator of numpy's or Python's is made in simkit."""
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.Attribute):
                words = ast.unparse(node)
                assert not words.startswith(("np.random", "numpy.random", "random.")), f"{path}:{node.lineno}"
            elif isinstance(node, ast.Import):
                assert "random" not in {alias.name for alias in node.names}, f"{path}:{node.lineno}"
