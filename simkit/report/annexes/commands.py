"""The commands that repeat what an annex shows, as they are typed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from simkit.base.said import listed
from simkit.report.annexes.sources import Sources
from simkit.report.papers.pieces import Sentences

__all__ = ["command", "folder_of", "other_code", "unnamed_changes"]

#: By what one program is told from another; `sources` is the digest of all that a run's figures pass through.
_CODE = ("version", "commit", "dirty", "sources")


def command(
    desk: Sources, name: str, *, draws: int | None = None, seed: int | None = None, **options: Any
) -> str:
    """`simkit NAME FILE` with the overlays of this run, and its seed where no other is given.

    An overlay's file is named as the overlay is: a run keeps what it says, not where it lay.
    """
    manifest = desk.saved.manifest
    words = ["simkit", name, str(manifest["file"])]
    for overlay in manifest.get("overlays", ()):
        words += ["--overlay", f"{overlay['name']}.yaml"]
    if draws is not None:
        words += ["--draws", str(draws)]
    words += ["--seed", str(manifest["seed"] if seed is None else seed)]
    for key, value in options.items():
        words += [f"--{key}", str(value)]
    out = desk.saved.run.parent.parent
    if out.name != "reports":
        words += ["--out", out.name]
    return shlex.join(words)


def folder_of(run: Path) -> str:
    """A run's folder below the folder of all results: `baseline/7458bfa1-n10000-s20230412`."""
    return f"{run.parent.name}/{run.name}"


def unnamed_changes(desk: Sources) -> bool:
    """Whether something was changed that no overlay's file holds as it is: a command alone does not repeat the run.

    A path that an overlay sweeps is such a change: its file holds several values.
    """
    manifest = desk.saved.manifest
    named = {path for overlay in manifest.get("overlays", ()) for path in overlay.get("changes", {})}
    changed = [one["path"] for one in manifest.get("overlay", ())]
    return any(not f"{path}.".startswith(tuple(f"{one}." for one in named)) for path in changed)


def other_code(desk: Sources, *names: str) -> Sentences | None:
    """A warning where saved answers of these names were computed by another program than the run."""
    ours, found = desk.saved.manifest["code"], {}
    for name in names:
        answer = getattr(desk.saved, name)
        if answer is not None and any(answer.origin.code.get(key) != ours.get(key) for key in _CODE):
            found[name] = answer.origin.code.get("sources")
    if not found:
        return None
    same = all(sources is not None and sources == ours.get("sources") for sources in found.values())
    words = listed((desk.say(f"annex.answer.{name}") for name in found), desk.lang)
    return Sentences(desk.say(f"annex.text.other_code{'_same' if same else ''}", names=words), "warn")
