"""Result to and from a folder, with its manifest: whole or absent."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from simkit.compiled import figures_digest
from simkit.errors import InputError, RunError
from simkit.kept import KeptBlocks
from simkit.parquet import read_outlays, write_outlays
from simkit.partial import OLD, clean, partial_name
from simkit.policy.overlay import Change
from simkit.policy.validate import jsonable
from simkit.result import Precision, Result, with_budget
from simkit.scenario import Scenario, restore_scenario
from simkit.simulate import DEFAULT_DRAWS, DEFAULT_SEED, run
from simkit.sizing.precision import MOST_DRAWS
from simkit.tally import read_tally, tally_parts
from simkit.versions import code_version, package_versions

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

_FORMAT = 2
_TALLIES = ("money", "counts", "outside", "taken", "agencies_at", "agencies_awarded")
_ARRAYS = ("agencies_any", "worth", "agencies")
#: Times to put a folder in its place while other runs do the same.
_TRIES = 10
_NO_FOLDER = (
    "{folder}: expected a folder that can be written to, found {found}: choose another with --out DIR"
)
_NO_RUN = "{folder}: expected a folder that `simkit run` wrote, found no manifest.json"
_NO_MANIFEST = "{path}: expected a manifest, found {found}"
_OTHER_FORMAT = "{path}: format: expected {expected}, found {found}: run the scenario again"
_NOT_THE_FILE = "{path}: expected the file of the run, found {found}: run the scenario again"
_NOT_WRITTEN = "{folder}: cannot be written: {reason}"
_NOT_SAVED = (
    "{folder}: cannot be written: {reason}; this run was not saved: make room, and run the same command "
    "again, or choose another folder with --out DIR"
)


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
        raise InputError(_NO_FOLDER, folder=folder, found=error.strerror or error) from error


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
        The result, and the run's folder.

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
    partial = partial_name(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        clean(folder.parent)
        partial.mkdir()
    except OSError as error:
        raise RunError(_NOT_WRITTEN, folder=folder, reason=error.strerror or error) from error
    try:
        _write(result, partial)
        _replace(partial, folder)
    except OSError as error:
        raise RunError(_NOT_SAVED, folder=folder, reason=error.strerror or error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _write(result: Result, folder: Path) -> None:
    scenario = result.scenario
    write_outlays(result.outlays, scenario.policy, folder / "outlays.parquet")
    parts = {name: getattr(result, name) for name in _ARRAYS}
    for name in _TALLIES:
        parts |= tally_parts(name, getattr(result, name))
    with (folder / "draws.npz").open("wb") as file:
        np.savez_compressed(file, **parts)
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
        "overlays": [jsonable(one.model_dump()) for one in scenario.overlays],
        "levers": list(result.levers),
        "precision": None if result.precision is None else asdict(result.precision),
        "code": code_version(),
        "versions": package_versions(),
        "files": {path.name: file_digest(path) for path in files},
    }
    _write_json(folder / "manifest.json", manifest)


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(partial: Path, folder: Path) -> None:
    """Put a whole folder in its place: the old one goes only when the new one is there.

    Another run of the same inputs may do the same at the same time; the last one's folder stays.
    """
    old = partial.with_name(partial.name + OLD)
    for left in reversed(range(_TRIES)):
        with suppress(FileNotFoundError):  # there is none, or another run has just moved it
            os.replace(folder, old)
        try:
            os.replace(partial, folder)
            break
        except BaseException as error:
            # Another run was faster: its folder stands where the old one stood.
            if left and isinstance(error, OSError) and error.errno in (errno.ENOTEMPTY, errno.EEXIST):
                continue
            if old.exists():  # an interrupt too must not lose the old one
                os.replace(old, folder)
            raise
        finally:
            shutil.rmtree(old, ignore_errors=True)


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
        raise InputError(_NO_RUN, folder=folder) from error
    except (OSError, ValueError) as error:
        raise InputError(_NO_MANIFEST, path=path, found=error) from error
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else type(manifest).__name__
        raise InputError(_OTHER_FORMAT, path=path, expected=_FORMAT, found=found)
    return manifest


def is_saved(folder: str | Path, scenario: Scenario, *, draws: int, seed: int) -> bool:
    """Whether a folder holds, whole, what a run of these inputs by this code saves; nothing is loaded."""
    folder = Path(folder)
    try:
        manifest = read_manifest(folder)
        same = {
            "scenario": scenario.name,
            "seed": seed,
            "draws": draws,
            "parameters": "crude",
            "digests": dict(scenario.digests),
            "overlays": [jsonable(one.model_dump()) for one in scenario.overlays],
        }
        if any(manifest.get(key) != value for key, value in same.items()):
            return False
        if manifest["code"]["sources"] != figures_digest():
            return False
        return all(file_digest(folder / name) == digest for name, digest in manifest["files"].items())
    except (InputError, AttributeError, KeyError, TypeError, OSError):
        return False


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
        if not path.exists() or file_digest(path) != digest:
            found = "another content" if path.exists() else "no such file"
            raise InputError(_NOT_THE_FILE, path=path, found=found)
    data = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("policy", "scenario")
    }
    changes = [Change(one["path"], one["before"], one["after"]) for one in manifest["overlay"]]
    scenario = restore_scenario(
        manifest["scenario"],
        data["policy"],
        data["scenario"],
        changes,
        manifest["file"],
        manifest["digests"],
        manifest.get("overlays", ()),
    )
    with np.load(folder / "draws.npz") as arrays:
        kept: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
        kept |= {name: read_tally(arrays, name) for name in _TALLIES}
    result = Result(
        scenario=scenario,
        seed=manifest["seed"],
        draws=manifest["draws"],
        outlays=read_outlays(folder / "outlays.parquet", scenario.policy, manifest["draws"]),
        levers=tuple(manifest["levers"]),
        precision=None if manifest["precision"] is None else Precision(**manifest["precision"]),
        budget=None,
        parameters=manifest.get("parameters", "crude"),
        **kept,
    )
    return with_budget(result)
