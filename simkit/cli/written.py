"""What is said of files that were written: what a person wrote or changed stays, and the new one stands beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from simkit.base.whole_files import asked_name
from simkit.cli.terminal import echo
from simkit.cli.words import say
from simkit.report.papers.table import Language

__all__ = ["beside", "save_told", "show_page"]


def beside(paths: Iterable[Path], language: str) -> list[str]:
    """A line for each file or folder that stands beside the one whose name it should have."""
    found = ((asked_name(path), path) for path in dict.fromkeys(paths))
    return [say(language, "written_beside", asked=asked, path=path) for asked, path in found if asked]


def save_told(answer: Any, folder: Path, language: str) -> Path:
    """Save an answer, and say so where it stands beside another file."""
    from simkit.whatif.answers import save_answer

    path = save_answer(answer, folder)
    for line in beside([path], language):
        echo(line)
    return path


def show_page(name: str, answers: Mapping[str, Any], path: Path, language: Language, title: str) -> None:
    """Write the page of saved answers beside one of them, and print where it is."""
    from simkit.report.make.answer_page import answer_page

    notebook, page = answer_page(name, answers, path, language, title)
    echo("\n".join([*beside([notebook, page], language), say(language, "page", path=page)]))
