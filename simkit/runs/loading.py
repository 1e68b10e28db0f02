"""A result from its folder: every file held against the manifest, and the manifest against the arrays."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from simkit.awards.outlays import Outlays
from simkit.base.errors import InputError
from simkit.base.written import file_digest
from simkit.documents.overlay import Change
from simkit.runs.manifest import MANIFEST, read_manifest
from simkit.runs.parquet import read_outlays
from simkit.runs.result import ARRAYS, TALLIES, Precision, Result, with_budget
from simkit.runs.sparse_sums import read_tally
from simkit.scenario import Scenario, restore_scenario

__all__ = ["DRAWN", "YEARS", "held_against", "load_result"]

#: What the arrays say of themselves, beside the manifest: seed and draws, first and last earned year.
DRAWN, YEARS = "drawn", "earned_years"


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a file holds that is not what was saved becomes an error that names it."""
    try:
        yield
    except InputError as error:
        raise InputError("error.not_of_run", path=path, found=str(error).splitlines()[0]) from error
    except (
        OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
        zipfile.BadZipFile, zlib.error, pa.ArrowException,
    ) as error:  # fmt: skip
        found = f"{type(error).__name__}: {error}".splitlines()[0]
        raise InputError("error.not_of_run", path=path, found=found) from error


def _check_digest(path: Path, digest: str) -> None:
    with _reading(path):
        found = (
            "no such file" if not path.exists() else "" if file_digest(path) == digest else "another content"
        )
    if found:
        raise InputError("error.not_of_run", path=path, found=found)


def held_against(folder: Path, manifest: Mapping[str, Any]) -> str:
    """What of seed, draws and earned years is another in the arrays than in manifest and plan; empty: nothing.

    Raises
    ------
    InputError
        When a file cannot be read.
    """
    path = folder / "draws.npz"
    with _reading(path), path.open("rb") as file, np.load(file) as arrays:
        seed, draws = arrays[DRAWN].tolist()
        years = arrays[YEARS].tolist()
    path = folder / "scenario.json"
    with _reading(path):
        planned = json.loads(path.read_text(encoding="utf-8"))["earned_years"]
    said = {
        "seed": (manifest["seed"], seed),
        "draws": (manifest["draws"], draws),
        "earned_years": (planned, years),
    }
    return ", ".join(
        f"{name} {one} ≠ {other} (draws.npz)" for name, (one, other) in said.items() if one != other
    )


def _scenario(folder: Path, manifest: Mapping[str, Any]) -> Scenario:
    data = {}
    for name in ("policy", "scenario"):
        path = folder / f"{name}.json"
        with _reading(path):
            data[name] = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(data[name], dict):
                raise TypeError("no keys with values")
    changes = [Change(one["path"], one["before"], one["after"]) for one in manifest["overlay"]]
    with _reading(folder / "scenario.json"):
        return restore_scenario(
            manifest["scenario"],
            data["policy"],
            data["scenario"],
            changes,
            manifest["file"],
            manifest["digests"],
            manifest["overlays"],
        )


def _arrays(folder: Path, scenario: Scenario, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The arrays by name, each of the shape that policy, plan and manifest give it."""
    path, draws = folder / "draws.npz", manifest["draws"]
    first, last = scenario.plan.earned_years
    measures, levers, years = len(scenario.policy.measures), len(manifest["levers"]), last - first + 1
    with _reading(path):
        with path.open("rb") as file, np.load(file) as arrays:
            kept: dict[str, Any] = {name: arrays[name] for name in ARRAYS}
            kept |= {name: read_tally(arrays, name) for name in TALLIES}
        shapes: dict[str, tuple[int, ...]] = dict.fromkeys(TALLIES, (draws, measures, years))
        shapes |= dict.fromkeys(("taken", "agencies_at"), (draws, levers, years))
        shapes |= {"agencies_any": (draws, years), "agencies": (draws,)}
        _ = [kept[name].dtype for name in TALLIES]  # raises for a type that there is not
        for name, shape in shapes.items():
            if kept[name].shape[: len(shape)] != shape:
                raise ValueError(f"{name}: {kept[name].shape} instead of {shape}")
        if kept["worth"].ndim != 2 or kept["worth"].shape[1] != levers + 1:
            raise ValueError(f"worth: {kept['worth'].shape}")
    return kept


def _outlays(folder: Path, scenario: Scenario, draws: int) -> Outlays:
    path = folder / "outlays.parquet"
    with _reading(path):
        found = read_outlays(path, scenario.policy, draws)
        if len(found.draw) and not 0 <= found.draw.min() <= found.draw.max() < draws:
            raise ValueError(f"draws to {found.draw.max()} of {draws}")
    return found


def load_result(folder: str | Path) -> Result:
    """A saved result; needs its folder only.

    Raises
    ------
    InputError
        Where a file is missing or is not the one that was saved, or they do not fit each other.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    for name, digest in manifest["files"].items():
        _check_digest(folder / name, digest)
    wrong = held_against(folder, manifest)
    if wrong:
        raise InputError("error.not_of_run", path=folder / MANIFEST, found=wrong)
    scenario = _scenario(folder, manifest)
    kept, outlays = _arrays(folder, scenario, manifest), _outlays(folder, scenario, manifest["draws"])
    precision = manifest["precision"]
    result = Result(
        scenario=scenario,
        seed=manifest["seed"],
        draws=manifest["draws"],
        outlays=outlays,
        levers=tuple(manifest["levers"]),
        precision=None if precision is None else Precision(**precision),
        budget=None,
        parameters=manifest["parameters"],
        **kept,
    )
    return with_budget(result)
