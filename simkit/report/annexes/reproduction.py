"""复现说明: what the figures were computed from, and the commands that compute them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from simkit.base.words import catalogue
from simkit.report.annexes.commands import command, folder_of, other_code, unnamed_changes
from simkit.report.annexes.sources import Sources
from simkit.report.papers.pieces import Piece, Sentences
from simkit.report.papers.table import Table
from simkit.report.tables.all import reproduce
from simkit.runs.manifest import read_manifest
from simkit.whatif.answers import answer_name

__all__ = ["reproduction"]


def reproduction(desk: Sources) -> Sequence[Piece]:
    """Scenario, overlays, seed, digests, versions; runs and answers beside it; commands."""
    pieces: list[Piece] = [_commands(desk), _manifest(desk), _runs(desk), _answers(desk)]
    code = desk.saved.manifest["code"]
    warnings = {"unnamed_changes": unnamed_changes(desk), "code_changed": code["dirty"] or not code["commit"]}
    found = [Sentences(desk.say(f"annex.text.{name}"), "warn") for name, stands in warnings.items() if stands]
    quoted = other_code(desk, "drivers", "readings")
    return [*found, *([] if quoted is None else [quoted]), *pieces]


def _manifest(desk: Sources) -> Table:
    table = reproduce(desk.saved.manifest, lang=desk.lang)
    columns = (replace(table.columns[0], merged=True), *table.columns[1:])
    return replace(table, columns=columns)


def _commands(desk: Sources) -> Table:
    """What to type to make the run again, to verify it, and to make all else that is quoted."""
    draft, saved = desk.draft(), desk.saved
    draws = int(saved.manifest["draws"])
    parameters = saved.manifest.get("parameters", "crude")
    way = {} if parameters == "crude" else {"parameters": parameters}
    folder = f"{saved.run.parent.parent.name}/{folder_of(saved.run)}"
    lines = {
        "run": command(desk, "run", draws=draws, **way),
        "verify": f"simkit verify-run {folder}",
        "rerun": f"simkit verify-run {folder} --rerun",
        "report": command(desk, "report", draws=draws),
    }
    if saved.drivers is not None:
        asked, origin = saved.drivers.asked, saved.drivers.origin
        lines["drivers"] = command(desk, "drivers", draws=origin.draws, seed=origin.seed, of=asked["of"])
    if saved.readings is not None:
        origin = saved.readings.origin
        lines["readings"] = command(desk, "readings", draws=origin.draws, seed=origin.seed)
    rows = [{"purpose": draft.say(f"annex.does.{name}"), "command": line} for name, line in lines.items()]
    draft.note(draft.say("annex.note.commands"))
    if saved.manifest.get("overlays"):
        draft.note(draft.say("annex.note.overlay_files"))
    return draft.table("annex_commands", [draft.column("purpose"), draft.column("command")], rows)


def _runs(desk: Sources) -> Table:
    """The runs that are compared with: as named, with what they were made of."""
    draft, saved = desk.draft(), desk.saved
    folders = {} if saved.base is None else {"base": saved.base}
    folders |= saved.variants
    rows = [_run(desk, name, folder) for name, folder in folders.items()]
    keys = ("role", "run", "draws", "seed", "digest")
    if not rows:
        rows = [dict.fromkeys(keys, "—") | {"role": draft.say("annex.role.none")}]
    columns = [
        draft.column("draws", "count", decimals=0) if key == "draws" else draft.column(key) for key in keys
    ]
    draft.note(draft.say("annex.note.runs"))
    return draft.table("annex_runs", columns, rows)


def _run(desk: Sources, name: str, folder: Path) -> dict[str, Any]:
    manifest = read_manifest(folder)
    role = catalogue(desk.lang).get(f"annex.role.{name}", name)
    row: dict[str, Any] = {"role": role, "run": folder_of(folder)}
    row |= {"draws": manifest["draws"], "seed": str(manifest["seed"])}
    return row | {"digest": manifest["digests"]["scenario"]}


def _answers(desk: Sources) -> Table:
    """Saved answers that this set of annexes quotes; what was not saved is named."""
    draft, saved = desk.draft(), desk.saved
    rows: list[dict[str, Any]] = []
    for name, answer in (("drivers", saved.drivers), ("readings", saved.readings)):
        row: dict[str, Any] = {"answer": draft.say(f"annex.answer.{name}")}
        if answer is None:
            rows.append(row | {"file": draft.absent, "draws": None, "seed": "—", "code": "—"})
            continue
        origin = answer.origin
        code = f"{origin.code['version']} {origin.code['commit'][:12]}".strip()
        row |= {"file": answer_name(answer), "draws": origin.draws, "seed": str(origin.seed), "code": code}
        rows.append(row)
    columns = [draft.column("answer"), draft.column("file"), draft.column("draws", "count", decimals=0)]
    columns += [draft.column("seed"), draft.column("code")]
    return draft.table("annex_answers", columns, rows)
