"""What the notebook of the annexes calls: the set opened from saved runs, and shown annex by annex."""

from __future__ import annotations

from pathlib import Path

from simkit.errors import InputError
from simkit.report.annexes import annexes, template_of
from simkit.report.html import heading_html, title_html
from simkit.report.paper import Paper
from simkit.report.saved import Saved
from simkit.report.story import show

__all__ = ["open_annexes", "show_annexes", "show_cover"]


def open_annexes(run: str, variants: dict[str, str], base: str, lang: str, template: str) -> Paper:
    """The annexes of a saved run.

    Parameters
    ----------
    run : str
        The run's folder.
    variants : dict of name to folder
    base : str
        Folder of the run without overlays; empty for none.
    lang : str
    template : str
        A bureau's template; empty for simkit's own.

    Raises
    ------
    InputError
        For a language that there is none of, or a folder that holds no run.
    FaultsError
        For a template that is wrong.
    """
    if lang not in ("zh", "en"):
        raise InputError(f"lang: expected zh or en, found {lang!r}")
    folders = {name: Path(folder) for name, folder in variants.items() if folder}
    saved = Saved(Path(run), folders, Path(base) if base else None)
    return annexes(saved, lang="zh" if lang == "zh" else "en", template=template_of(template or None))


def show_cover(paper: Paper) -> None:
    """Title, and what must stand in front of every figure."""
    show(title_html(paper.title, paper.subtitle), *paper.banners)


def show_annexes(paper: Paper) -> None:
    """Every annex under its heading, in order."""
    for annex in paper.annexes:
        show(heading_html(annex.id, f"{annex.label}  {annex.heading}"), *annex.pieces)
