"""Result to and from a folder, with its manifest: whole or absent."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from simkit.base.compiled import figures_digest
from simkit.base.errors import InputError, RunError
from simkit.base.leftovers import clean, making
from simkit.base.whole_files import place_folder
from simkit.base.written import file_digest
from simkit.documents.validate import jsonable
from simkit.runs.checkpoint import KeptBlocks
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.runs.loading import DRAWN, YEARS, load_result
from simkit.runs.manifest import FILES, FORMAT, MANIFEST, read_manifest, signed
from simkit.runs.parquet import write_outlays
from simkit.runs.result import ARRAYS, TALLIES, Result
from simkit.runs.simulate import run
from simkit.runs.sparse_sums import tally_parts
from simkit.runs.versions import code_version, package_versions
from simkit.scenario import Scenario
from simkit.sizing.precision import MOST_DRAWS

__all__ = [
    "check_writable",
    "code_version",
    "file_digest",
    "is_saved",
    "load_result",
    "read_manifest",
    "run_name",
    "run_saved",
    "save_result",
]


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
        raise InputError("error.no_folder", folder=folder, found=error) from error


def run_saved(
    scenario: Scenario,
    parent: Path,
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    resumed: Callable[[int], Any] | None = None,
    **options: Any,
) -> tuple[Result, Path]:
    """Run a scenario and save it; killed at any moment, the same call goes on where it was.

    Parameters
    ----------
    scenario, draws, seed : as in `run`
    parent : Path
        The run's folder is made in it, with the finished blocks beside it until the result is saved.
    resumed : function, optional
        Called with the number of draws that an earlier run has left finished, where there are any.
    options
        More arguments of `run`.

    Returns
    -------
    tuple of Result and Path
        The result, and the run's folder: as `run_name` names it, or one beside it as `save_result` says.

    Raises
    ------
    InputError, RunError
        As `run` and `save_result`; what is finished is kept.
    """
    parameters = options.get("parameters", "crude")
    kept = KeptBlocks(parent, scenario.digests, seed, parameters)
    done = kept.begin(draws if options.get("precision") is None else options.get("limit", MOST_DRAWS))
    if done and resumed is not None:
        resumed(done)
    try:
        result = run(scenario, draws=draws, seed=seed, kept=kept, **options)
        digests = scenario.digests["scenario"], scenario.digests["policy"]
        folder = save_result(result, parent / run_name(*digests, result.draws, seed, parameters))
        kept.remove(result.draws)
    finally:
        kept.tidy()
    return result, folder


def save_result(result: Result, folder: str | Path) -> Path:
    """Write a result: whole or not at all, in the place of an older one.

    Only files that simkit wrote and nobody changed are replaced; what else stands in the folder stays. Where a
    person's file has the name of one of a result's, or one is open in another program, all of it goes into a
    folder beside, `FOLDER.2`.

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
        with making(folder) as stage:
            clean(folder.parent)
            stage.mkdir()
            _write(result, stage)
            return place_folder(stage, folder, MANIFEST)
    except OSError as error:
        raise RunError("error.not_saved", folder=folder, reason=error) from error


def _write(result: Result, folder: Path) -> None:
    scenario = result.scenario
    write_outlays(result.outlays, scenario.policy, folder / "outlays.parquet")
    parts = {name: getattr(result, name) for name in ARRAYS}
    for name in TALLIES:
        parts |= tally_parts(name, getattr(result, name))
    parts[DRAWN] = np.array([result.seed, result.draws], dtype=np.int64)
    parts[YEARS] = np.array(scenario.plan.earned_years, dtype=np.int64)
    with (folder / "draws.npz").open("wb") as file:
        np.savez_compressed(file, **parts)
    _write_json(folder / "policy.json", scenario.policy_data)
    _write_json(folder / "scenario.json", scenario.plan_data)
    manifest = {
        "format": FORMAT,
        "scenario": scenario.name,
        "file": Path(scenario.file).as_posix(),
        "seed": result.seed,
        "draws": result.draws,
        "parameters": result.parameters,
        "digests": dict(scenario.digests),
        "overlay": [{"path": one.path, "before": one.before, "after": one.after} for one in scenario.changes],
        "overlays": [jsonable(one.model_dump()) for one in scenario.overlays],
        "levers": list(result.levers),
        "precision": None if result.precision is None else asdict(result.precision),
        "code": code_version(),
        "versions": package_versions(),
        "files": {name: file_digest(folder / name) for name in FILES},
    }
    _write_json(folder / MANIFEST, signed(manifest))


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def is_saved(folder: str | Path, scenario: Scenario, *, draws: int, seed: int) -> bool:
    """Whether a folder holds, whole, what a run of these inputs by this code saves; nothing is loaded."""
    folder = Path(folder)
    same = {
        "scenario": scenario.name,
        "seed": seed,
        "draws": draws,
        "parameters": "crude",
        "digests": dict(scenario.digests),
        "overlays": [jsonable(one.model_dump()) for one in scenario.overlays],
    }
    try:
        manifest = read_manifest(folder)
        if any(manifest[key] != value for key, value in same.items()):
            return False
        if manifest["code"].get("sources") != figures_digest():
            return False
        return all(file_digest(folder / name) == digest for name, digest in manifest["files"].items())
    except (InputError, OSError):
        return False
