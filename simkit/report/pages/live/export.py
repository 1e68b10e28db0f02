"""Below the sliders: a form that writes what they say as an overlay's file."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets

from simkit.base.errors import InputError, RunError
from simkit.base.words import say
from simkit.documents.models import Text
from simkit.report.papers.escape import escaped
from simkit.report.papers.table import Language
from simkit.scenario.overlay_text import is_name, overlay_text, write_overlays
from simkit.whatif.live.live import Live

__all__ = ["ExportPanel"]


class ExportPanel:
    """Name, title, author and reason, and a button.

    Parameters
    ----------
    live : Live
    lang : Language
    changes : function
        Gives what the sliders change now.
    """

    def __init__(self, live: Live, lang: Language, changes: Callable[[], Mapping[str, Any]]) -> None:
        self._live, self._lang, self._changes = live, lang, changes
        self.name, self.title, self.author = (self._field(one) for one in ("name", "words", "author"))
        self.reason = self._field("reason")
        self.button = ipywidgets.Button(
            description=say(lang, "live.export.button"), layout={"width": "auto"}, button_style="primary"
        )
        self.button.on_click(lambda _button: self.export())
        self.said = ipywidgets.HTML()
        for part, name in ((self.button, "simkit-export"), (self.said, "simkit-exported")):
            part.add_class(name)
        form = ipywidgets.VBox([self.name, self.title, self.author, self.reason, self.button, self.said])
        title = say(lang, "live.export.title")
        self.widget = ipywidgets.Accordion([form], titles=[title], selected_index=None)

    def _field(self, name: str) -> Any:
        words = say(self._lang, f"live.export.{name}")
        field = ipywidgets.Text(
            description=words,
            continuous_update=False,
            style={"description_width": "6rem"},
            layout={"width": "auto"},
        )
        field.add_class(f"simkit-export-{name}")
        return field

    def export(self) -> None:
        """Write the file beside the scenario's other overlays, or say what is missing."""
        missing = self._missing()
        if missing:
            self._say(say(self._lang, missing), "warn")
            return
        name, changes = self.name.value.strip(), self._changes()
        folder = self._live.file.resolve().parent / "overlays"
        text = overlay_text(
            {
                "name": name,
                "title": _every(self.title.value),
                "base": self._live.scenario.plan.id,
                "base_digest": self._live.base_digest,
                "author": self.author.value.strip(),
                "date": datetime.date.today(),
                "reason": _every(self.reason.value),
                "changes": dict(changes),
            }
        )
        try:
            (path,) = write_overlays({name: text}, folder)
        except InputError:
            self._say(say(self._lang, "live.export.exists", path=_short(folder / f"{name}.yaml")), "warn")
        except RunError as error:
            words = {"path": _short(folder / f"{name}.yaml"), "reason": error.values.get("reason", "")}
            self._say(say(self._lang, "live.export.failed", **words), "warn")
        else:
            self._say(say(self._lang, "live.export.done", path=_short(path)), "done", text)

    def _missing(self) -> str:
        """The key of what is to be said before anything can be written; empty where nothing is."""
        if not self._changes():
            return "live.export.no_changes"
        if not is_name(self.name.value.strip()):
            return "live.export.no_name"
        if not all(field.value.strip() for field in (self.title, self.author, self.reason)):
            return "live.export.no_reason"
        return ""

    def _say(self, words: str, kind: str, text: str = "") -> None:
        shown = f"<pre>{escaped(text)}</pre>" if text else ""
        line = f'<div class="{kind}" role="status">{escaped(words)}</div>'
        self.said.value = f'<div class="simkit-live">{line}{shown}</div>'


def _every(words: str) -> dict[str, str]:
    """Words that were given in one language, for every one."""
    return dict.fromkeys(Text.model_fields, words.strip())


def _short(path: Path) -> str:
    """A path as seen from where the notebook runs."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
