"""`report.json`: what a report's files were made from, and their digests; written last, for it vouches for them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from simkit.base.errors import InputError
from simkit.base.said import Said
from simkit.base.whole_files import standing, write_whole
from simkit.base.written import file_digest, is_own, remove_own
from simkit.report.make.outputs import Making
from simkit.report.make.runs import Runs
from simkit.report.make.summary import Summary
from simkit.runs.manifest import MANIFEST
from simkit.runs.versions import installed
from simkit.scenario.saved import data_digest

__all__ = [
    "FAILURE",
    "RECORD",
    "Failure",
    "Record",
    "has_failed",
    "made_from",
    "read_failure",
    "read_record",
    "record_path",
    "unchanged",
    "write_failure",
    "write_record",
]

RECORD = "report.json"
FAILURE = "failure.json"
_FORMAT = 2
_PACKAGE = Path(__file__).parents[2]
#: Rooms that what a report says does not pass through.
_UNTOLD = ("cli", "__main__.py")
#: Saved answers that annexes are told from, by their kind.
_TOLD = ("drivers", "readings")
_PACKAGES = (
    "matplotlib", "pandas", "papermill", "nbclient", "nbformat", "ipykernel", "xlsxwriter", "openpyxl", "python-docx",
    "lxml", "pillow", "nbconvert", "ipython", "typst", "fonttools", "brotli",
)  # fmt: skip

#: Output -> language -> file -> SHA-256.
Outputs = dict[str, dict[str, dict[str, str]]]
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What stands in `report.json`.

    Attributes
    ----------
    made_from : dict
        Digests of all that the files were made from; files of runs and answers by their path from the folder.
    outputs : dict of output, language, file to SHA-256
    summary : Summary
    """

    made_from: dict[str, Any]
    outputs: Outputs
    summary: Summary

    def files(self) -> dict[str, str]:
        """SHA-256 of every file that the report consists of."""
        return {
            name: sha
            for langs in self.outputs.values()
            for one in langs.values()
            for name, sha in one.items()
        }

    def inputs(self) -> dict[str, str]:
        """SHA-256 of the files of other folders that the report was told from, by their path from its folder."""
        return {**self.made_from["runs"], **self.made_from["answers"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why the last report on a run was not finished: kept in its folder until one is."""

    name: str
    message: str


# ---------------------------------------------------------------------- what it is made from


def made_from(runs: Runs, making: Making) -> dict[str, Any]:
    """Digests of all that decides what a report on these runs says, as JSON has them."""
    beside = dict(runs.variants) | ({} if runs.base is None else {"base": runs.base})
    return {
        "run": file_digest(runs.run / MANIFEST),
        "runs": {
            _from(folder / MANIFEST, runs.run): file_digest(folder / MANIFEST)
            for _, folder in sorted(beside.items())
        },
        "answers": {_from(path, runs.run): file_digest(path) for path in _answers(runs.run)},
        "template": file_digest(making.template),
        "sources": _sources_digest(),
        "notebook": file_digest(making.notebook),
        "versions": {name: installed(name) for name in _PACKAGES},
    }


def _from(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _answers(run: Path) -> Iterator[Path]:
    """Saved answers about exactly this run's scenario; what cannot be read counts, since it may be one."""
    digests = json.loads((run / MANIFEST).read_text(encoding="utf-8"))["digests"]
    for path in sorted(path for kind in _TOLD for path in run.parent.glob(f"{kind}-*.json")):
        try:
            about = json.loads(path.read_text(encoding="utf-8"))["answer"]["origin"]["digests"]
        except (OSError, ValueError, KeyError, TypeError):
            about = digests
        if path.is_file() and about == digests:
            yield path


@cache
def _sources_digest() -> str:
    """SHA-256 of all that a saved run passes through until it is told: code, words, templates and fonts."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        inside = path.relative_to(_PACKAGE)
        if path.is_file() and inside.parts[0] not in _UNTOLD and "__pycache__" not in inside.parts:
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


# ---------------------------------------------------------------------- to and from the folder


def unchanged(
    folder: Path, source: Mapping[str, Any], outputs: Sequence[str], langs: Sequence[str]
) -> Record | None:
    """The record of a folder, if these outputs are there, made from the same and not touched since; else None."""
    try:
        record = read_record(folder)
        if record.made_from != source or has_failed(folder):
            return None
        asked = {name: record.outputs[name][lang] for name in outputs for lang in langs}
        files = [pair for found in asked.values() for pair in found.items()]
        same = all(file_digest(folder / name) == digest for name, digest in files)
    except (InputError, KeyError, OSError):
        return None
    return record if same else None


def write_record(folder: Path, source: Mapping[str, Any], outputs: Outputs, summary: Summary) -> Record:
    """Write `report.json`; outputs of another language that were made from the same stay in it.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    try:
        before = read_record(folder)
    except InputError:
        before = None
    if before is not None and before.made_from == source:
        outputs = {name: {**before.outputs.get(name, {}), **found} for name, found in outputs.items()}
    record = Record(made_from=dict(source), outputs=outputs, summary=summary)
    _write(folder / RECORD, record)
    for path in standing(folder / FAILURE):
        remove_own(path)
    return record


def write_failure(folder: Path, failure: Failure) -> None:
    """Keep why a report was not finished.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    _write(folder / FAILURE, failure)


def has_failed(folder: Path) -> bool:
    """Whether the last report on a run was not finished."""
    return any(is_own(path) for path in standing(folder / FAILURE))


def record_path(folder: Path) -> Path:
    """Where the record of a report stands: it may stand beside one that a person changed."""
    return _own(folder / RECORD)


def _own(target: Path) -> Path:
    """The newest of the file of that name and those beside it that are as simkit wrote them; else the name itself."""
    own = [path for path in standing(target) if is_own(path)]
    return max(own, key=lambda path: path.stat().st_mtime_ns, default=target)


def read_record(folder: Path) -> Record:
    """The record of a report.

    Raises
    ------
    InputError
        Where there is none, or it is torn or was changed.
    """
    return _read(record_path(folder), Record)


def read_failure(folder: Path) -> Failure:
    """Why the last report was not finished.

    Raises
    ------
    InputError
        As `read_record`.
    """
    return _read(_own(folder / FAILURE), Failure)


def _write(path: Path, kept: Record | Failure) -> None:
    whole = {"format": _FORMAT, **TypeAdapter(type(kept)).dump_python(kept, mode="json")}
    whole["digest"] = data_digest(whole)
    write_whole(path, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def _read(path: Path, kind: type[Kept]) -> Kept:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.pop("digest", None) != data_digest(data):
            raise InputError("error.no_record", path=path, found=Said("fault.another_content"))
        if data.pop("format", None) != _FORMAT:
            raise InputError("error.no_record", path=path, found=Said("fault.another_format"))
        return TypeAdapter(kind).validate_python(data)
    except OSError as error:
        raise InputError("error.no_record", path=path, found=error) from error
    except (ValueError, RecursionError, ValidationError) as error:
        raise InputError("error.no_record", path=path, found=str(error).splitlines()[0]) from error
