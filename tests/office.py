"""LibreOffice and poppler for the tests of papers: convert, recalculate, read back."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import matplotlib

from simkit.report.papers.glyphs import FONTS
from tests.processes import completed

__all__ = ["converted", "pdf_images", "pdf_text"]


def converted(soffice: str, path: Path, folder: Path, kind: str) -> Path:
    """A file as LibreOffice opens and saves it: `pdf`, `xlsx` (recalculated), `docx`.

    It finds the report's own fonts and DejaVu, whose digits are about the widest, whatever the machine has; without
    any it would not even start. A test that sets FONTCONFIG_FILE gives it others.

    Parameters
    ----------
    soffice : str
        Its program, from the fixture `needs("soffice", "libreoffice")`.
    folder : Path
        Where the new file goes; another than the old one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    profile = Path(_profile().name)
    words = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    words += ["--convert-to", kind, "--outdir", str(folder), str(path)]
    done = completed(words, text=True, env=_with_fonts(profile) | os.environ)
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), f"{done.stdout}\n{done.stderr}"
    return made


@cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """One for all that this process converts, one after the other: LibreOffice takes seconds to make it."""
    return tempfile.TemporaryDirectory(prefix="simkit-office-")


def _with_fonts(folder: Path) -> dict[str, str]:
    config = folder / "fonts.conf"
    places = [FONTS, Path(matplotlib.get_data_path(), "fonts", "ttf")]
    listed = "".join(f"<dir>{place}</dir>" for place in places)
    config.write_text(
        f"<fontconfig>{listed}<cachedir>{folder}/fonts</cachedir></fontconfig>", encoding="utf-8"
    )
    return {"FONTCONFIG_FILE": str(config)}


def pdf_text(pdftotext: str, path: Path) -> str:
    """The words of a PDF as they stand on its pages."""
    words = [pdftotext, "-layout", "-enc", "UTF-8", str(path), "-"]
    done = completed(words, text=True)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def pdf_images(pdftoppm: str, path: Path, folder: Path, dpi: int = 60) -> list[Path]:
    """Every page of a PDF as PNG, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [pdftoppm, "-r", str(dpi), "-png", str(path), str(folder / path.stem)]
    assert completed(words).returncode == 0
    return sorted(folder.glob(f"{path.stem}-*.png"))
