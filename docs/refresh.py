"""Writes anew what the commands print in both READMEs, and their pictures: python docs/refresh.py.

A block begins with ```console. Of the words after it, `head=N` or `tail=N` keeps so many lines, `what-if`
first writes the overlay that the README shows, `typo` writes it with a mistake. The pictures need Chromium.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OVERLAY = ROOT / "scenarios" / "ningbo-hr-2023" / "overlays" / "headhunting_cap.yaml"
#: Chinese letters for a browser that has none.
_LETTERS = """<style>@font-face { font-family: own; src: url(FONT); }
body * { font-family: sans-serif, own; } pre, pre * { font-family: monospace, own; }</style>""".replace(
    "FONT", (ROOT / "simkit" / "report" / "fonts" / "SimKitSansSC-Regular.otf").as_uri()
)
BLOCK = re.compile(r"```console([^\n]*)\n\$ ([^\n]*)\n.*?```", re.DOTALL)


def printed(command: str) -> list[str]:
    """Lines that a command prints, without what only this computer knows."""
    done = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    text = done.stdout.replace(f"{ROOT}/", "").replace(str(Path.home()), "~").strip("\n")
    return [line.rstrip() for line in text.splitlines()]


def shortened(lines: list[str], words: Mapping[str, str]) -> list[str]:
    """The first or last lines, and dots for the others."""
    if "head" in words:
        return [*lines[: int(words["head"])], "..."]
    return ["...", *lines[-int(words["tail"]) :]] if "tail" in words else lines


def refresh(file: Path) -> None:
    """Run every command that a README shows, and put its lines in their place."""
    text = file.read_text("utf-8")
    overlay = re.search(r"```yaml\n(name: headhunting_cap\n.*?)```", text, re.DOTALL)
    if overlay is None:
        raise SystemExit(f"{file}: the overlay of the tour is missing")

    def block(match: re.Match[str]) -> str:
        options, command = match[1], match[2]
        words = dict(word.partition("=")[::2] for word in options.split())
        if {"what-if", "typo"} & set(words):
            right = overlay[1]
            wrong = right.replace("yearly.amount", "yearly.amout")
            OVERLAY.write_text(wrong if "typo" in words else right, "utf-8")
        lines = shortened(printed(command), words)
        return "\n".join([f"```console{options}", f"$ {command}", *lines, "```"])

    try:
        file.write_text(BLOCK.sub(block, text), "utf-8")
    finally:
        OVERLAY.unlink(missing_ok=True)


def report_picture() -> None:
    """The top of the baseline's Chinese page, as the last report of the tour wrote it."""
    page = max(ROOT.glob("reports/baseline/*/budget_report.zh.html"), key=lambda path: path.stat().st_mtime)
    shoot(page, "report.png", "1200,1140")


def notebook_picture() -> None:
    """The code of README's section on notebooks, as JupyterLab shows it with what its cells give."""
    from nbconvert import HTMLExporter
    from nbformat import v4

    from simkit.report.make.notebooks import read_notebook, run_notebook

    code = re.search(
        r"```python\n(import simkit\n.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    if code is None:
        raise SystemExit("README.md: the code of the section on notebooks is missing")
    lines = [line for line in code[1].splitlines() if line]
    cells = ["\n".join(lines[:3]), "result", f"{lines[3]};", "\n".join(lines[4:])]
    node = v4.new_notebook(cells=[v4.new_code_cell("lang = 1", metadata={"tags": ["parameters"]})])
    node.cells += [v4.new_code_cell(one) for one in cells]
    with tempfile.TemporaryDirectory() as folder:
        source, page = Path(folder, "shown.ipynb"), Path(folder, "shown.html")
        source.write_text(json.dumps(node), "utf-8")
        done = read_notebook(run_notebook(source, Path(folder, "done.ipynb"), {}))
        done.cells = [cell for cell in done.cells if "parameters" not in cell.metadata.get("tags", [])]
        text = HTMLExporter(template_name="lab").from_notebook_node(done)[0]
        page.write_text(text.replace("</head>", f"{_LETTERS}</head>"), "utf-8")
        shoot(page, "notebook.png", "1000,1030")


def shoot(page: Path, name: str, window: str) -> None:
    """A page as a picture in docs."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        raise SystemExit(f"docs/{name} needs Chromium")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={window}"]
    shot = f"--screenshot={ROOT / 'docs' / name}"
    subprocess.run([browser, *options, shot, page.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    printed("simkit doctor")  # compiles, so that nothing below shows the time that this takes
    for name in ("README.md", "README.zh-CN.md"):
        refresh(ROOT / name)
    report_picture()
    notebook_picture()
