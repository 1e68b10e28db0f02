"""All that simkit writes for readers, made in the pseudo-language in one process: `python -m tests.pseudo_pages`.

Notebooks run here and not in a kernel, which would not know the language.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests import pseudo_language

#: Attributes that are read to or shown to a person.
_SHOWN = ("alt", "title", "aria-label", "aria-description", "placeholder", "label")
_UNSEEN = ("style", "script")
_OF_WIDGETS = ("description", "value", "placeholder", "tooltip")
CHANGE = "measures.headhunting.caps.yearly.amount=60万元"
#: Parts of Word and Excel files that hold words.
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml|xl/(sharedStrings|workbook)\.xml")
_WORDS = re.compile(r"<(?:w:t|t)(?: [^>]*)?>([^<]*)<|<sheet name=\"([^\"]*)\"")


class _Shown(HTMLParser):
    """Collects what a page shows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in _UNSEEN
        self.found += [value for name, value in attrs if name in _SHOWN and value]

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        self.found += [] if self.unseen else [data]


def shown(page: str) -> str:
    """What a page shows."""
    reader = _Shown()
    reader.feed(page)
    return "\n".join(reader.found)


def words_in(path: Path) -> str:
    """What a file that was written for readers says; of a PDF nothing where no program takes it apart."""
    match path.suffix:
        case ".html":
            return shown(path.read_text("utf-8"))
        case ".docx" | ".xlsx":
            with zipfile.ZipFile(path) as packed:
                parts = [packed.read(name).decode() for name in packed.namelist() if _PARTS.fullmatch(name)]
            return "\n".join("".join(one) for part in parts for one in _WORDS.findall(part))
        case ".pdf" if program := shutil.which("pdftotext"):
            done = subprocess.run([program, str(path), "-"], capture_output=True, check=True)
            return done.stdout.decode()
    return ""


def run_here(notebook: Path, output: Path, parameters: dict[str, Any], **_: Any) -> Path:
    """Run a notebook's cells in this process, and keep what they show."""
    import IPython.display
    import nbformat

    node, names = nbformat.read(notebook, as_version=4), dict[str, Any]()
    for cell in node.cells:
        if cell.cell_type == "code":
            pieces: list[str] = []
            IPython.display.display = lambda *all_shown, into=pieces: into.extend(
                one.data for one in all_shown
            )
            exec(cell.source, names)
            names |= parameters if "parameters" in cell.metadata.get("tags", ()) else {}
            data = [{"text/html": piece} for piece in pieces]
            cell.outputs = [nbformat.v4.new_output("display_data", one) for one in data]
    nbformat.write(node, output)
    return output


def live_words(file: str) -> str:
    """What the page of sliders says, and what it says once one was moved."""
    from simkit.report.pages.live.view import LiveView
    from simkit.whatif.live.live import Live

    view = LiveView(Live(file, draws=60, seed=1), pseudo_language.LANG)
    field = next(iter(view.fields.values()))
    field.bar.value = field.slider.high
    view.export.export()
    return "\n".join(_of_widget(view.widget))


def _of_widget(widget: Any) -> list[str]:
    own = [shown(str(getattr(widget, name, None) or "")) for name in _OF_WIDGETS]
    own += getattr(widget, "titles", ())
    return [*own, *(word for child in getattr(widget, "children", ()) for word in _of_widget(child))]


def main(words: str, scenario: str, out: str) -> None:
    """Run the commands on the scenario as it is in the language, `out/data`; print what their files say, by name."""
    pseudo_language.register(Path(words))
    data = Path(out) / "data"
    data.mkdir(parents=True)
    file = str(pseudo_language.write_scenario(Path(scenario), data))
    from simkit.cli import main as command
    from simkit.report.make import notebooks

    notebooks.run_notebook = run_here  # type: ignore[assignment]
    said: dict[str, str] = {}
    few, into = ["--draws", "60", "--seed", "1"], ["--out", out]
    for name, *more in (
        ["report", *few, *into, "--template", f"{data}/annexes.yaml"],
        ["drivers", "--draws", "128", *into, "--page"],
        ["readings", *few, *into, "--page"],
        ["provisions", *few, *into],
        ["compare", CHANGE, *few, *into, "--page"],
        ["whatif", *few, "--output", f"{out}/whatif.{pseudo_language.LANG}.html"],
    ):
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            done = command([name, file, *more, "--lang", pseudo_language.LANG])
        assert done == 0, (name, told.getvalue())
        said[name] = told.getvalue()
    for path in sorted(Path(out).rglob("*.*")):
        if pseudo_language.LANG in path.name.split(".") or path.name == "index.html":
            said[path.name] = words_in(path)
    said["sliders"] = live_words(file)
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
