"""A saved run held against what its manifest says, and against the same run made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.awards.outlays import CELL_FIELDS, Outlays
from simkit.base.errors import InputError
from simkit.base.said import Said, Words, of_computer
from simkit.base.written import file_digest
from simkit.runs.loading import held_against, load_result
from simkit.runs.manifest import FORMAT, MANIFEST, misfit, unsigned_manifest
from simkit.runs.result import ARRAYS, TALLIES, Result
from simkit.runs.simulate import run
from simkit.runs.sparse_sums import Tally
from simkit.runs.versions import code_version, package_versions
from simkit.scenario import Scenario
from simkit.scenario.read import roster_of
from simkit.scenario.saved import data_digest

__all__ = [
    "Difference",
    "Finding",
    "MissingRosterError",
    "check_run",
    "digest_finding",
    "other_versions",
    "rerun",
]

#: What the last axis of a tally holds.
_LAST = {
    "money": (
        "gross", "over the cap a claim", "not selected", "over a running cap", "same matter", "over a total cap",
        "awarded", "forfeited",
    ),
    "counts": ("eligible", "refused 1", "refused 2", "refused 3", "refused 4", "awarded"),
}  # fmt: skip
#: Draws that are compared at a time.
_PORTION = 1_000


class Finding(NamedTuple):
    """One thing that is not as it was saved: `file` is a path from the run's folder."""

    kind: Literal["missing", "changed", "unexpected", "torn", "digest"]
    file: str
    detail: Words = ""


class Difference(NamedTuple):
    """The first figure that differs: where it stands, what was saved, what came out now."""

    place: str
    saved: str
    now: str


class MissingRosterError(InputError):
    """The list of agencies that a run was made with is not there any more, or is another.

    Attributes
    ----------
    file : str
    state : `missing` or `changed`
    digest : str
        SHA-256 of the list that the run was made with.
    """

    def __init__(self, file: str, state: str, digest: str) -> None:
        self.file, self.state, self.digest = file, state, digest
        found = Said(f"error.roster.{state}")
        super().__init__("error.no_roster", file=file, digest=digest[:12], state=found)

    def __reduce__(self) -> tuple[type[MissingRosterError], tuple[str, str, str]]:
        return type(self), (self.file, self.state, self.digest)


# ---------------------------------------------------------------------- the files


def check_run(folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    """The manifest of a run's folder, and what in the folder is not as the manifest says.

    Files that the manifest does not name are left to who knows what else may stand there. A manifest that
    is torn is a finding, and then an empty one is given.

    Raises
    ------
    InputError
        Where there is no run at all, or one that another version of simkit saved.
    """
    if not folder.is_dir():
        stands = Said("fault.a_file" if folder.exists() else "fault.no_such_folder")
        raise InputError("error.no_run", folder=folder, found=stands)
    path = folder / MANIFEST
    if not path.exists():
        raise InputError("error.no_run", folder=folder, found=Said("fault.no_manifest"))
    data = _json(path)
    if isinstance(data, Finding):
        return {}, [data]
    wrong = misfit(data)
    if wrong and isinstance(data, dict) and data.get("format") == FORMAT:
        return {}, [Finding("torn", MANIFEST, f"{wrong}?")]
    manifest, sound = unsigned_manifest(folder)
    findings = [] if sound else [Finding("changed", MANIFEST)]
    found = [digest_finding(folder, name, digest) for name, digest in manifest["files"].items()]
    findings += [one for one in found if one is not None]
    known = {one.file for one in findings}
    findings += _digests(folder, manifest["digests"], known)
    if not known - {MANIFEST} and (other := held_against(folder, manifest)):
        findings.append(Finding("digest", MANIFEST, other))
    return manifest, findings


def digest_finding(folder: Path, name: str, digest: str) -> Finding | None:
    """Whether a file is missing or another than a digest says."""
    path = folder / name
    try:
        return None if file_digest(path) == digest else Finding("changed", name)
    except FileNotFoundError:
        return Finding("missing", name)
    except OSError as error:
        return Finding("torn", name, of_computer(error))


def _json(path: Path) -> Any:
    """What a file of JSON holds, or why it cannot be read."""
    try:
        return loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return Finding("torn", path.name, of_computer(error))
    except (JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        return Finding("torn", path.name, str(error).splitlines()[0])


def _digests(folder: Path, digests: Mapping[str, Any], known: set[str]) -> Iterator[Finding]:
    """The digests of policy, plan and the policy's text, from what the saved files hold."""
    for name, what in (("policy.json", "policy"), ("scenario.json", "scenario")):
        data = _json(folder / name)
        if isinstance(data, Finding):
            if name not in known:
                yield data
        elif data_digest(data) != digests.get(what):
            yield Finding("digest", name, f"{what} {data_digest(data)[:12]}, {str(digests.get(what))[:12]}")
        elif what == "policy" and _text_digest(data) != digests.get("text"):
            yield Finding("digest", name, f"text {_text_digest(data)[:12]}, {str(digests.get('text'))[:12]}")


def _text_digest(policy: Any) -> str:
    try:
        return str(policy["document"]["text"]["sha256"])
    except (KeyError, TypeError):
        return ""


def other_versions(manifest: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What of code and packages is another here than when a run was saved: name, then, here."""
    saved = {**manifest["code"], **manifest["versions"]}
    here = {**code_version(), **package_versions()}
    names = ("version", "commit", "sources", *package_versions())
    return [
        (name, _short(saved.get(name)), _short(here[name])) for name in names if saved.get(name) != here[name]
    ]


def _short(value: Any) -> str:
    """A version as it is, a digest by its beginning."""
    text = str(value) if value not in (None, "") else "?"
    return text[:12] if len(text) in (40, 64) else text


# ---------------------------------------------------------------------- the same run again


def rerun(
    folder: Path, *, jobs: int | None = None, progress: Callable[[int], Any] | None = None
) -> tuple[int, Difference | None]:
    """Run what a folder holds again, and compare every figure bit by bit.

    Returns
    -------
    tuple of int and Difference or None
        How many figures were compared, and the first that differs.

    Raises
    ------
    MissingRosterError
        When the list of agencies that it was run with is not there any more.
    InputError, RunError
        As `load_result` and `run`; also when files that have their digests cannot be read.
    """
    saved = load_result(folder)
    scenario = _with_roster(saved.scenario)
    now = run(
        scenario,
        draws=saved.draws,
        seed=saved.seed,
        jobs=jobs,
        parameters=saved.parameters,
        progress=progress,
    )
    return _compared(saved, now)


def _with_roster(scenario: Scenario) -> Scenario:
    """The scenario with the list of agencies that it was run with; it lies where the scenario's file lay."""
    name, digest = scenario.plan.population.roster, str(scenario.digests.get("roster", ""))
    if name is None:
        return scenario
    path = Path(scenario.file).parent / name
    if not path.is_file():
        raise MissingRosterError(str(path), "missing", digest)
    if file_digest(path) != digest:
        raise MissingRosterError(str(path), "changed", digest)
    return replace(scenario, roster=roster_of(scenario.file, scenario.plan, scenario.policy)[0])


def _compared(saved: Result, now: Result) -> tuple[int, Difference | None]:
    """How many figures were compared until the first that differs."""
    count, found = _outlays(saved, now)
    for name in TALLIES:
        if found is None:
            count += int(np.prod(getattr(saved, name).shape))
            found = _tally(saved, name, getattr(saved, name), getattr(now, name))
    for name in ARRAYS:
        if found is None:
            count += getattr(saved, name).size
            found = _array(name, getattr(saved, name), getattr(now, name))
    return count, found


def _outlays(saved: Result, now: Result) -> tuple[int, Difference | None]:
    """The rows (draw, cell, fen), in their order."""
    one, two = saved.outlays, now.outlays
    rows = min(len(one.fen), len(two.fen))
    differs = one.draw[:rows] != two.draw[:rows]
    differs |= one.fen[:rows] != two.fen[:rows]
    differs |= one.cells[one.cell[:rows]] != two.cells[two.cell[:rows]]
    if not differs.any():
        if len(one.fen) == len(two.fen):
            return rows, None
        return rows, Difference("outlays, rows", f"{len(one.fen):,}", f"{len(two.fen):,}")
    at = int(np.flatnonzero(differs)[0])
    return at, Difference(f"outlays, row {at}", _row(saved, one, at), _row(now, two, at))


def _row(result: Result, outlays: Outlays, at: int) -> str:
    policy, cell = result.scenario.policy, outlays.cells[outlays.cell[at]]
    values = dict(zip(CELL_FIELDS, cell.tolist(), strict=True))
    names = {"measure": list(policy.measures), "fund": list(policy.funds)}
    shown = [f"{key} {names[key][value] if key in names else value}" for key, value in values.items()]
    return f"draw {outlays.draw[at]}, {', '.join(shown)}: {outlays.fen[at]} fen"


def _tally(result: Result, name: str, saved: Tally, now: Tally) -> Difference | None:
    """Some draws at a time: the whole array of many draws is large."""
    if saved.shape != now.shape:
        return Difference(f"{name}, shape", str(saved.shape), str(now.shape))
    for first in range(0, saved.draws, _PORTION):
        one, two = saved[first : first + _PORTION], now[first : first + _PORTION]
        if not np.array_equal(one, two):
            draw, *at = (int(axis[0]) for axis in np.nonzero(one != two))
            place = f"{name}, draw {first + draw}, {', '.join(_axes(result, name, at))}"
            where = (draw, *at)
            return Difference(place, str(one[where]), str(two[where]))
    return None


def _axes(result: Result, name: str, at: list[int]) -> Iterator[str]:
    """What the numbers of a tally's place mean."""
    first = result.levers if name in ("taken", "agencies_at") else tuple(result.scenario.policy.measures)
    yield first[at[0]]
    yield f"earned {result.earned_years[at[1]]}"
    if len(at) > 2:
        yield _LAST[name][at[2]]


def _array(name: str, saved: npt.NDArray[Any], now: npt.NDArray[Any]) -> Difference | None:
    if saved.shape != now.shape:
        return Difference(f"{name}, shape", str(saved.shape), str(now.shape))
    differs = np.argwhere(saved != now)
    if not len(differs):
        return None
    at = tuple(int(one) for one in differs[0])
    return Difference(f"{name}, {', '.join(map(str, at))}", str(saved[at]), str(now[at]))
