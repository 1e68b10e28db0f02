"""Result to and from a folder, with its manifest: whole or absent."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from simkit.errors import InputError, RunError
from simkit.outlays import CELL_FIELDS, Outlays
from simkit.policy.overlay import Change
from simkit.scenario import restore_scenario
from simkit.simulate import Result, with_budget

__all__ = ["check_writable", "code_version", "load_result", "read_manifest", "run_name", "save_result"]

_FORMAT = 1
_ARRAYS = (
    "money",
    "counts",
    "outside",
    "taken",
    "agencies_at",
    "agencies_awarded",
    "agencies_any",
    "worth",
    "agencies",
)
_PACKAGES = ("numpy", "scipy", "pandas", "numba", "pyarrow", "pydantic", "matplotlib", "papermill")


def run_name(
    scenario_digest: str, policy_digest: str, draws: int, seed: int, parameters: str = "crude"
) -> str:
    """Name of a run's folder: its inputs, so that the same run has the same name."""
    digest = hashlib.sha256(f"{scenario_digest}{policy_digest}".encode()).hexdigest()[:8]
    return f"{digest}-n{draws}-s{seed}" + ("" if parameters == "crude" else f"-{parameters}")


def check_writable(folder: Path) -> None:
    """Raise InputError now, rather than after the run, where a folder cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"{folder}: expected a folder that can be written to, found {error.strerror or error}: "
            "choose another with --out DIR"
        ) from error


def save_result(result: Result, folder: str | Path) -> Path:
    """Write a result: whole or not at all, in the place of an older one.

    Parameters
    ----------
    folder : str or Path
        The run's folder; its parents are made.

    Returns
    -------
    Path
        The folder: `outlays.parquet`, `draws.npz`, `scenario.json`, `policy.json`, `manifest.json`.

    Raises
    ------
    RunError
        When it cannot be written (no room, no right); nothing half-written stays.
    """
    folder = Path(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        partial.chmod(0o755)
    except OSError as error:
        raise RunError(f"{folder}: cannot be written: {error.strerror or error}") from error
    try:
        _write(result, partial)
        _replace(partial, folder)
    except OSError as error:
        raise RunError(
            f"{folder}: cannot be written: {error.strerror or error}; this run was not kept: "
            "make room, or choose another folder with --out DIR"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _write(result: Result, folder: Path) -> None:
    scenario = result.scenario
    pq.write_table(_outlay_table(result), folder / "outlays.parquet", compression="zstd")
    with (folder / "draws.npz").open("wb") as file:
        np.savez_compressed(file, **{name: getattr(result, name) for name in _ARRAYS})
    _write_json(folder / "policy.json", scenario.policy_data)
    _write_json(folder / "scenario.json", scenario.plan_data)
    files = sorted(path for path in folder.iterdir())
    manifest = {
        "format": _FORMAT,
        "scenario": scenario.name,
        "file": Path(scenario.file).as_posix(),
        "seed": result.seed,
        "draws": result.draws,
        "parameters": result.parameters,
        "digests": dict(scenario.digests),
        "overlay": [{"path": one.path, "before": one.before, "after": one.after} for one in scenario.changes],
        "levers": list(result.levers),
        "code": code_version(),
        "versions": _versions(),
        "files": {path.name: _sha256(path) for path in files},
    }
    _write_json(folder / "manifest.json", manifest)


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _replace(partial: Path, folder: Path) -> None:
    """Put a whole folder in its place: the old one goes only when the new one is there."""
    old = partial.with_name(partial.name + ".old")
    if folder.exists():
        os.replace(folder, old)
    try:
        os.replace(partial, folder)
    except BaseException:  # an interrupt too must not lose the old one
        if old.exists():
            os.replace(old, folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _outlay_table(result: Result) -> pa.Table:
    """Rows (draw, earned year, paid year, measure, fund, district, quarter, fen), ids as text."""
    outlays, policy = result.outlays, result.scenario.policy
    cells = outlays.cells[outlays.cell]

    def names(positions: npt.NDArray[Any], values: list[str]) -> pa.DictionaryArray:
        return pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int16)), pa.array(values))

    districts = ["", *policy.districts]
    return pa.table(
        {
            "draw": pa.array(outlays.draw),
            "earned_year": pa.array(cells["earned"]),
            "paid_year": pa.array(cells["paid"]),
            "measure": names(cells["measure"], list(policy.measures)),
            "fund": names(cells["fund"], list(policy.funds)),
            "district": names(cells["district"] + 1, districts),
            "quarter": pa.array(cells["quarter"].astype(np.int8)),
            "fen": pa.array(outlays.fen),
        }
    )


def code_version() -> dict[str, Any]:
    """Version of simkit, and of its checkout where it is one."""
    try:
        version = metadata.version("simkit-fund")
    except metadata.PackageNotFoundError:
        version = "not installed"
    here = Path(__file__).parent

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=here, capture_output=True, text=True, check=False, timeout=10
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        commit = git("rev-parse", "HEAD")
        dirty = bool(commit) and bool(git("status", "--porcelain", "--", "."))
    except (OSError, subprocess.SubprocessError):
        commit, dirty = "", False
    return {"version": version, "commit": commit, "dirty": dirty}


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def read_manifest(folder: str | Path) -> dict[str, Any]:
    """The manifest of a saved run.

    Raises
    ------
    InputError
        Where there is no run, or one of another format.
    """
    path = Path(folder) / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(
            f"{folder}: expected a folder that `simkit run` wrote, found no manifest.json"
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a manifest, found {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else type(manifest).__name__
        raise InputError(f"{path}: format: expected {_FORMAT}, found {found}: run the scenario again")
    return manifest


def load_result(folder: str | Path) -> Result:
    """A saved result; needs its folder only.

    Raises
    ------
    InputError
        Where a file is missing or is not the one that was saved.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.exists() or _sha256(path) != digest:
            found = "another content" if path.exists() else "no such file"
            raise InputError(f"{path}: expected the file of the run, found {found}: run the scenario again")
    data = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("policy", "scenario")
    }
    changes = [Change(one["path"], one["before"], one["after"]) for one in manifest["overlay"]]
    scenario = restore_scenario(
        manifest["scenario"], data["policy"], data["scenario"], changes, manifest["file"], manifest["digests"]
    )
    with np.load(folder / "draws.npz") as arrays:
        kept = {name: arrays[name] for name in _ARRAYS}
    policy = scenario.policy
    table = pq.read_table(folder / "outlays.parquet")
    result = Result(
        scenario=scenario,
        seed=manifest["seed"],
        draws=manifest["draws"],
        outlays=_outlays(
            table, manifest["draws"], list(policy.measures), list(policy.funds), policy.districts
        ),
        levers=tuple(manifest["levers"]),
        budget=None,
        parameters=manifest.get("parameters", "crude"),
        **kept,
    )
    return with_budget(result)


def _outlays(
    table: pa.Table, draws: int, measures: list[str], funds: list[str], districts: tuple[str, ...]
) -> Outlays:
    def positions(name: str, values: list[str]) -> npt.NDArray[np.int64]:
        column = table[name].combine_chunks()
        lookup = np.array([values.index(word) for word in column.dictionary.to_pylist()], dtype=np.int64)
        return np.asarray(lookup[column.indices.to_numpy(zero_copy_only=False)])

    columns = {
        "earned": table["earned_year"].to_numpy(),
        "paid": table["paid_year"].to_numpy(),
        "measure": positions("measure", measures),
        "fund": positions("fund", funds),
        "district": positions("district", ["", *districts]) - 1,
        "quarter": table["quarter"].to_numpy(),
    }
    # A cell as one number: finding the different ones among millions of rows is then quick.
    packed = np.zeros(len(table), dtype=np.int64)
    for name in CELL_FIELDS:
        least = 1_900 if name in ("earned", "paid") else -1
        packed = packed * 1_024 + columns[name].astype(np.int64) - least
    numbers, first, cell = np.unique(packed, return_index=True, return_inverse=True)
    cells = np.zeros(len(numbers), dtype=[(name, np.int16) for name in CELL_FIELDS])
    for name in CELL_FIELDS:
        cells[name] = columns[name][first]
    return Outlays(
        draws=draws,
        draw=table["draw"].to_numpy(),
        cell=cell.astype(np.int32),
        fen=table["fen"].to_numpy(),
        cells=cells,
    )
