"""How to reproduce a run: seed, draws, digests, what overlays changed, versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simkit.base.words import catalogue, say
from simkit.documents.overlay import value_text
from simkit.report.papers.table import Column, Language, Table

__all__ = ["reproduce"]


def reproduce(manifest: Mapping[str, Any], *, lang: Language = "zh") -> Table:
    """The manifest of a saved run as rows: group, item, value."""
    rows: list[dict[str, str]] = []

    def add(group: str, item: str, value: Any) -> None:
        rows.append(
            {
                "group": say(lang, f"origin.{group}"),
                "item": item,
                "value": "" if value is None else str(value),
            }
        )

    for key in ("scenario", "file", "seed", "draws"):
        add("run", say(lang, f"origin.{key}"), manifest.get(key))
    if manifest.get("parameters"):
        add("run", say(lang, "origin.parameters"), say(lang, f"origin.parameters.{manifest['parameters']}"))
    for name, digest in dict(manifest.get("digests", {})).items():
        add("digests", _item("digests", name, lang), digest)
    for one in manifest.get("overlays", ()):
        add("overlays", str(one["name"]), _laid(one, lang))
    for one in manifest.get("overlay", ()):
        words = say(lang, "origin.change", before=value_text(one["before"]), after=value_text(one["after"]))
        add("overlay", str(one["path"]), words)
    if not manifest.get("overlay"):
        add("overlay", "—", say(lang, "origin.no_overlay"))
    for group in ("code", "versions", "files"):
        for name, value in dict(manifest.get(group, {})).items():
            add(group, _item(group, name, lang), _shown_in_words(value, lang))
    columns = tuple(Column(key=key, heading=say(lang, f"col.{key}")) for key in ("group", "item", "value"))
    notes = (say(lang, "note.reproduce"),)
    return Table(
        id="reproduce", title=say(lang, "title.reproduce"), columns=columns, rows=tuple(rows), notes=notes
    )


def _laid(overlay: Mapping[str, Any], lang: Language) -> str:
    """What an overlay is, who wrote it, when and why."""
    words = {name: overlay[name][lang] for name in ("title", "reason")}
    words |= {name: str(overlay[name]) for name in ("author", "date", "base")}
    digest = overlay.get("base_digest") or say(lang, "origin.undated")
    return say(lang, "origin.laid", digest=digest, **words)


def _item(group: str, name: str, lang: Language) -> str:
    """An entry of the manifest in words; the name of a package or file stays as it is."""
    return catalogue(lang).get(f"origin.{group}.{name}", name)


def _shown_in_words(value: Any, lang: Language) -> Any:
    """Yes or no in words, all else as it is."""
    return say(lang, "word.yes" if value else "word.no") if isinstance(value, bool) else value
