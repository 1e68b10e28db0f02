"""How the code is built: lines, lengths of files and functions, parameters, told beside their targets.

Run from the project's folder: `.venv/bin/python -m benchmarks.house [--worst 5]`. Nothing is imported or run but the
parser: a line is a line of a file, a function's lines are those without its docstring, decorators left out.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, table

ROOT = Path(__file__).resolve().parents[1]
LINES, FILE, HALF_OF_FILES = 36_000, 300, 120
FUNCTION, SHORT, SHARE_SHORT, POSITIONAL = 80, 20, 90, 8
#: A comparison with one of them is a word that no catalogue knows.
LANGUAGES = {"zh", "en"}


@dataclass(frozen=True)
class Function:
    """A function, and where it stands."""

    place: str
    name: str
    lines: int
    positional: int


@dataclass(frozen=True)
class Source:
    """A file of Python."""

    path: Path
    root: Path

    @cached_property
    def place(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def lines(self) -> int:
        return self.path.read_bytes().count(b"\n")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_bytes(), str(self.path))

    def functions(self) -> Iterator[Function]:
        """Those inside classes and functions too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = [
                    one for one in (*node.args.posonlyargs, *node.args.args) if one.arg not in ("self", "cls")
                ]
                yield Function(f"{self.place}:{node.lineno}", node.name, _length(node), len(given))

    def comparisons_with_a_language(self) -> Iterator[str]:
        """Places of `lang == "zh"` and its like."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Compare):
                sides = [one.value for one in (node.left, *node.comparators) if isinstance(one, ast.Constant)]
                if LANGUAGES & {side for side in sides if isinstance(side, str)}:
                    yield f"{self.place}:{node.lineno}"


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from its `def`, less those of its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node, clean=False) is not None:
        lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
    return lines


def sources(root: Path, folder: str) -> list[Source]:
    """The Python files below a folder."""
    return [Source(path, root) for path in sorted((root / folder).rglob("*.py"))]


def rows(root: Path = ROOT, worst: int = 5) -> list[Row]:
    """Every figure with its target; the worst of each are its note."""
    product, tests = sources(root, "simkit"), sources(root, "tests")
    functions = [function for source in product for function in source.functions()]
    by_lines = sorted(product, key=lambda source: -source.lines)
    by_length = sorted(functions, key=lambda function: -function.lines)
    by_positional = sorted(functions, key=lambda function: -function.positional)
    long = [source for source in by_lines if source.lines > FILE]
    large = [function for function in by_length if function.lines > FUNCTION]
    wide = [function for function in by_positional if function.positional > POSITIONAL]
    short = 100 * sum(function.lines <= SHORT for function in functions) / len(functions)
    small = 100 * sum(source.lines < HALF_OF_FILES for source in product) / len(product)
    languages = [place for source in product for place in source.comparisons_with_a_language()]
    by_test = sorted(tests, key=lambda source: -source.lines)

    def row(figure: str, measured: str, value: float, worst_of: Sequence[str] = (), **more: Any) -> Row:
        note = "; ".join(worst_of[:worst])
        return Row(
            figure=figure, measured=measured, value=value, note=note, **({"unit": "", "at_most": True} | more)
        )

    return [
        row("lines", "lines of simkit/", sum(one.lines for one in product), target=LINES),
        row("files", f"files over {FILE} lines", len(long), _sizes(long), target=0),
        row("files", f"files under {HALF_OF_FILES} lines", small, unit="%", target=50, at_most=False),
        row("functions", f"functions over {FUNCTION} lines", len(large), _lengths(by_length), target=0),
        row(
            "functions",
            f"functions of at most {SHORT} lines",
            short,
            unit="%",
            target=SHARE_SHORT,
            at_most=False,
        ),
        row(
            "parameters",
            f"functions over {POSITIONAL} positional parameters",
            len(wide),
            [f"{one.place} {one.name} {one.positional}" for one in by_positional],
            target=0,
        ),
        row("languages", "comparisons with a language", len(languages), languages, target=0),
        row("tests", "lines of tests/", sum(one.lines for one in tests), _sizes(by_test)),
    ]


def _sizes(found: Sequence[Source]) -> list[str]:
    return [f"{one.place} {one.lines}" for one in found]


def _lengths(found: Sequence[Function]) -> list[str]:
    return [f"{one.place} {one.name} {one.lines}" for one in found]


def main(words: Sequence[str] | None = None) -> int:
    """Count and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.house", description=__doc__.split("\n")[0])
    parser.add_argument("--worst", type=int, default=5, help="how many of the worst are named")
    print(table(rows(worst=parser.parse_args(words).worst)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
