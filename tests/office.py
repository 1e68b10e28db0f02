"""LibreOffice and poppler for the tests of papers: convert, recalculate, read back."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.processes import completed

__all__ = ["converted", "pdf_images", "pdf_text"]


def converted(soffice: str, path: Path, folder: Path, kind: str) -> Path:
    """A file as LibreOffice opens and saves it: `pdf`, `xlsx` (recalculated), `docx`.

    Parameters
    ----------
    soffice : str
        Its program, from the fixture `needs("soffice", "libreoffice")`.
    folder : Path
        Where the new file goes; another than the old one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="simkit-office-") as profile:
        words = [soffice, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        words += ["--convert-to", kind, "--outdir", str(folder), str(path)]
        done = completed(words, text=True)
    made = folder / f"{path.stem}.{kind}"
    assert made.exists(), f"{done.stdout}\n{done.stderr}"
    return made


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
