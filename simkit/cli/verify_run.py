"""`simkit verify-run`: a saved run held against its manifest and its report's record, and run again."""

from __future__ import annotations

import re
from pathlib import Path

from simkit.base.errors import FaultsError, InputError
from simkit.base.written import own_names
from simkit.cli.terminal import echo, progress
from simkit.cli.words import say
from simkit.documents.file_kinds import misplaced
from simkit.report.make.record import read_record, record_path
from simkit.runs.job import is_warm
from simkit.runs.manifest import MANIFEST
from simkit.runs.recheck import Finding, MissingRosterError, check_run, digest_finding, other_versions, rerun

__all__ = ["verify_folder"]


def verify_folder(*, folder: str, rerun: bool, jobs: int | None, language: str) -> int:
    """Print what of a folder is not as it was saved; give the exit code, 0 or 1."""
    path = Path(folder)
    if other := misplaced(path, "run"):
        raise FaultsError(other)
    manifest, findings = check_run(path)
    named, more = _reported(path)
    findings += more
    known = {MANIFEST, *manifest.get("files", ()), *named}
    ours = own_names(path)
    # Without a readable manifest nothing says what belongs here.
    findings += _unexpected(path, known | ours) if manifest else []
    findings = list(dict.fromkeys(findings))
    if manifest:
        draws = f"{manifest['draws']:,}"
        words = {"scenario": manifest["scenario"], "draws": draws, "seed": manifest["seed"]}
        echo(say(language, "verified_run", folder=path, **words))
    wrong = {one.file for one in findings}
    echo(say(language, "verified_files", count=len(known - wrong)))
    for one in findings:
        echo(say(language, f"finding_{one.kind}", file=one.file, detail=one.detail))
    for what, saved, here in other_versions(manifest) if manifest else ():
        echo(say(language, "other_code", what=what, saved=saved, here=here))
    echo(say(language, "finding_count" if findings else "verified_all", count=len(findings)))
    if not rerun:
        return 1 if findings else 0
    return _again(path, findings, set(manifest.get("files", ())), manifest.get("draws", 0), jobs, language)


def _reported(folder: Path) -> tuple[set[str], list[Finding]]:
    """The files that a report's record names, in this folder and others, and which of them are not the same."""
    path = record_path(folder)
    if not path.exists():
        return set(), []
    try:
        record = read_record(folder)
        inputs, own = record.inputs(), {MANIFEST: str(record.made_from["run"])}
    except (InputError, KeyError, TypeError, AttributeError) as error:
        return {path.name}, [Finding("torn", path.name, _after(str(error), path))]
    files = {**record.files(), **inputs}
    found = (digest_finding(folder, name, digest) for name, digest in {**own, **files}.items())
    return {path.name, *files}, [one for one in found if one is not None]


def _after(message: str, path: Path) -> str:
    """A message without the path that it begins with."""
    return message.removeprefix(f"{path}: ")


def _unexpected(folder: Path, known: set[str]) -> list[Finding]:
    """Files that nobody wrote here; those of a report that failed are known to be ours."""
    ours = re.compile(r"failure\.json|.*\.failed\.(ipynb|html)")
    names = sorted(path.name for path in folder.iterdir())
    return [Finding("unexpected", name) for name in names if name not in known and not ours.fullmatch(name)]


def _again(
    folder: Path, findings: list[Finding], files: set[str], draws: int, jobs: int | None, language: str
) -> int:
    """Run it again where its own files are as they were; give the exit code."""
    if not files or {one.file for one in findings} & {MANIFEST, *files}:
        echo(say(language, "rerun_not"))
        return 1
    if not is_warm():
        echo(say(language, "compiling"), err=True)
    try:
        with progress(draws, say(language, "rerunning")) as step:
            count, found = rerun(folder, jobs=jobs, progress=step)
    except MissingRosterError as error:
        state = say(language, f"state_{error.state}")
        words = {"file": error.file, "state": state, "digest": error.digest[:12]}
        echo(say(language, "rerun_missing", **words))
        return 1
    if found is None:
        echo(say(language, "rerun_same", figures=f"{count:,}"))
        return 1 if findings else 0
    echo(say(language, "rerun_differs", place=found.place, saved=found.saved, now=found.now))
    return 1
