"""`simkit overlay`: list, check, stamp, to and from a spreadsheet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError, InputError
from simkit.cli.terminal import echo
from simkit.cli.words import say
from simkit.documents.overlay import value_text
from simkit.documents.telling import tell_all
from simkit.scenario import Outdated, Overlay, Scenario, ScenarioFile, read_overlay, stamp, variants

__all__ = [
    "check_overlays",
    "export_sheet",
    "import_sheet",
    "list_overlays",
    "stamp_overlays",
    "warnings_of",
]


def list_overlays(scenario: str, language: str) -> int:
    """Print the overlays in the scenario's folder that name it; give the exit code."""
    file = ScenarioFile(scenario)
    base = file.unchanged[0].get(("id",))
    read = [_readable(path, language) for path in overlay_files(scenario)]
    found = [(path, one) for path, one in filter(None, read) if one.base == base]
    for path, overlay in found:
        name = path.relative_to(Path(scenario).parent)
        key = "overlay_old" if overlay.base_digest else "overlay_unmarked"
        mark = "" if file.is_current(overlay.base_digest) else say(language, key)
        words = say(
            language,
            "overlay_line",
            path=name,
            title=overlay.title.said(language),
            paths=len(overlay.changes) + len(overlay.sweep),
            variants=len(variants(overlay)),
        )
        echo(words + mark)
    echo(say(language, "overlay_count", count=len(found), base=base))
    return 2 if None in read else 0


def check_overlays(scenario: str, files: Sequence[str], language: str) -> int:
    """Print the faults of each file, or what it changes; give the exit code."""
    file = ScenarioFile(scenario)
    faults: list[Fault] = []
    for path in files:
        try:
            overlay, tree = read_overlay(path)
            laid = [file.lay([one.changes]) for one in variants(overlay, tree)]
        except FaultsError as error:
            faults += error.faults
            continue
        _show(path, overlay, laid, language)
    if faults:
        echo("\n".join(tell_all(faults, language)))
        echo(say(language, "fault" if len(faults) == 1 else "faults", count=len(faults)))
    return 2 if faults else 0


def stamp_overlays(scenario: str, files: Sequence[str], language: str) -> int:
    """Write the baseline's digest into each file, once all of them can be laid on it; give the exit code."""
    file = ScenarioFile(scenario)
    faults: list[Fault] = []
    for path in files:
        try:
            overlay, tree = read_overlay(path)
            for one in variants(overlay, tree):
                file.lay([one.changes])
        except FaultsError as error:
            faults += error.faults
    if faults:
        raise FaultsError(faults)
    for path in files:
        key = "overlay_stamped" if stamp(path, file.base_digest) else "overlay_current"
        echo(say(language, key, path=path, digest=file.base_digest))
    return 0


def export_sheet(scenario: str, sheet: str, overlays: Sequence[str], force: bool, language: str) -> int:
    """Write the sheet of parameters x scenarios; give the exit code."""
    from simkit.scenario.parameters.write_sheet import write_sheet

    file = ScenarioFile(scenario)
    if Path(sheet).suffix.lower() != ".xlsx":
        raise InputError("error.no_xlsx_name", path=sheet)
    if os.path.lexists(sheet) and not force:
        raise InputError(
            "error.file_exists",
            path=sheet,
        )
    file.lay()
    read = [_laid(file, path) for path in overlays]
    written = write_sheet(file, sheet, read, language)
    if written != Path(sheet):
        echo(say(language, "written_beside", asked=sheet, path=written))
    echo(say(language, "written", path=written))
    return 0


def import_sheet(scenario: str, sheet: str, out: str | None, force: bool, language: str) -> int:
    """Write an overlay for each column that is filled in; give the exit code."""
    from simkit.scenario.overlay_text import write_overlays
    from simkit.scenario.parameters.read_sheet import read_sheet

    file = ScenarioFile(scenario)
    folder = Path(out) if out else Path(scenario).parent / "overlays"
    paths = write_overlays(read_sheet(file, sheet), folder, force=force)
    for path in paths:
        echo(say(language, "written", path=path))
    laid: list[Scenario] = []
    for path in paths:
        laid += [file.lay([one.changes]) for one in variants(*read_overlay(path))[:1]]
    _print_all(line for one in laid for line in warnings_of(one.outdated, language))
    return 0


def warnings_of(outdated: Iterable[Outdated], language: str) -> Iterator[str]:
    """Overlays that were written for another state of the baseline, a line each."""
    for one in outdated:
        key = "overlay_outdated" if one.written_for else "overlay_unstamped"
        yield say(language, key, path=one.file, written=one.written_for, current=one.current)


def unusual_of(scenarios: Iterable[Scenario], language: str) -> Iterator[str]:
    """Values that were typed and are unusual, a line each: no file confirms that they are meant."""
    for fault in dict.fromkeys(fault for one in scenarios for fault in one.unusual):
        yield say(language, "unusual_value", fault=fault.said(language))


def overlay_files(scenario: str | Path) -> list[Path]:
    """Overlays beside a scenario: in its folder `overlays` and below."""
    folder = Path(scenario).parent / "overlays"
    return sorted(path for end in ("yaml", "yml") for path in folder.rglob(f"*.{end}"))


def _readable(path: Path, language: str) -> tuple[Path, Overlay] | None:
    try:
        return path, read_overlay(path)[0]
    except FaultsError as error:
        _print_all(tell_all(error.faults, language))
        return None


def _laid(file: ScenarioFile, path: str) -> tuple[Overlay, Any]:
    """An overlay that can be laid on a scenario."""
    overlay, tree = read_overlay(path)
    for one in variants(overlay, tree):
        file.lay([one.changes])
    return overlay, tree


def _show(path: str, overlay: Overlay, laid: Sequence[Scenario], language: str) -> None:
    echo(say(language, "sound_overlay", path=path, base=overlay.base, title=overlay.title.said(language)))
    _print_all(warnings_of(laid[0].outdated, language))
    for scenario in laid:
        if len(laid) > 1:
            echo(f" {scenario.name.partition('+')[2]}")
        for one in scenario.changes:
            before, after = (value_text(x, say(language, "absent")) for x in (one.before, one.after))
            echo(f"  {say(language, 'change', path=one.path, before=before, after=after)}")


def _print_all(lines: Iterable[str]) -> None:
    for line in lines:
        echo(line, err=True)
