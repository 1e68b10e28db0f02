"""Measures what is claimed of simkit's speed and memory: one command, one table, one JSON file.

Run from the project's folder: .venv/bin/python -m benchmarks [--only rules,floor] [--repeat 5] [--json FILE]
What each figure means stands in benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import engine, packages, processes
from benchmarks.measure import LEAST_ROUNDS, Row, machine, table, told

Figure = Callable[[int, float], list[Row]]
FIGURES: dict[str, Figure] = {
    "reference": engine.reference,
    "floor": engine.floor,
    "rules": packages.rules,
    "whatif": engine.whatif,
    "compound": packages.compound,
    "agencies": engine.agencies,
    "cores": processes.cores,
    "draws": engine.draws,
    "nation": engine.nation,
    "memory": processes.memory,
    "start": processes.start,
    "latin": engine.latin,
}
DEFAULT_JSON = Path(__file__).resolve().parent / "latest.json"


def names(text: str) -> list[str]:
    """Names with commas between; in the order of the table."""
    asked = [word.strip() for word in text.split(",") if word.strip()]
    unknown = [word for word in asked if word not in FIGURES]
    if unknown or not asked:
        raise argparse.ArgumentTypeError(
            f"expected names among {', '.join(FIGURES)}; found {', '.join(unknown) or 'none'}"
        )
    return [name for name in FIGURES if name in asked]


def rounds(text: str) -> int:
    """A whole number from 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of rounds from 1, found {text!r}")
    return int(text)


def share(text: str) -> float:
    """Above 0, at most 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"expected a number above 0, at most 1, found {text!r}")
    return value


def main(words: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print the table, save all as JSON after each figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--only", type=names, default=list(FIGURES), help=f"some of {','.join(FIGURES)}")
    parser.add_argument("--repeat", type=rounds, default=LEAST_ROUNDS, help="rounds, at least 5 for a claim")
    parser.add_argument("--scale", type=share, default=1.0, help="share of the draws, for a trial")
    parser.add_argument("--json", type=Path, default=DEFAULT_JSON)
    options = parser.parse_args(words)
    about = machine() | {"rounds": options.repeat, "scale": options.scale}
    rows: list[Row] = []
    for name in options.only:
        begin = time.perf_counter()
        rows += FIGURES[name](options.repeat, options.scale)
        print(f"{name}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
        saved = {"machine": about, "figures": [told(row) for row in rows]}
        options.json.write_text(json.dumps(saved, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    print(", ".join(f"{word} {value}" for word, value in about.items()))
    print(table(rows))
    if options.repeat < LEAST_ROUNDS or options.scale < 1:
        print("A trial: fewer rounds or draws than a claim needs.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
