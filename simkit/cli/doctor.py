"""`simkit doctor`: whether this computer has what simkit needs, with a run whose answer is known."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from simkit.base.errors import SimkitError
from simkit.base.said import of_computer
from simkit.cli.terminal import echo, fold, pad, width
from simkit.cli.words import say

__all__ = ["examine"]

_PACKAGES = (
    *("numpy", "scipy", "pandas", "numba", "pyarrow", "pydantic", "PyYAML", "click", "tqdm"),
    *(
        "matplotlib",
        "jupyterlab",
        "papermill",
        "nbconvert",
        "ipykernel",
        "xlsxwriter",
        "openpyxl",
        "fonttools",
    ),
)
#: What a report cannot do without; each font must have them all.
_NEEDED = "市人力资源服务业专项经费万元预算支出措施条款（），。：；、“”‘’％—0123456789ABCabc%+-.,"
_PHILOX = ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0))
#: Known answer of philox4x32-10 for that counter and key, from the Random123 distribution.
_PHILOX_KNOWN = (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)
_TOY = Path(__file__).parent / "toy" / "scenario.yaml"
_TOY_FEN = 40_000_000
_TOY_DRAWS = 64
_WIDTH = 100


class Finding(NamedTuple):
    """One line: what was looked at, whether it is well, what was found."""

    about: str
    well: bool
    found: str


def examine(out: str, language: str) -> int:
    """Print every finding as it comes; 0 when all is well, else 1."""
    findings = []
    for finding in _findings(Path(out), language):
        findings.append(finding)
        echo(_line(finding, language))
    failed = sum(not finding.well for finding in findings)
    words = {"count": failed, "all": len(findings)}
    echo(say(language, "not_well", **words) if failed else say(language, "all_well"))
    return 1 if failed else 0


def _line(finding: Finding, language: str) -> str:
    marks = [say(language, key) for key in ("ok", "fails")]
    mark = pad(marks[not finding.well], max(map(width, marks)) + 2)
    about = pad(finding.about, 26)
    first, *rest = fold(finding.found, _WIDTH - width(mark + about))
    blank = " " * width(mark + about)
    return "\n".join([mark + about + first, *(blank + line for line in rest)])


def _findings(out: Path, language: str) -> Iterator[Finding]:
    yield _versions(language)
    yield _cores(language)
    yield from _fonts(language)
    yield from (_writable(folder, language) for folder in (out, Path(tempfile.gettempdir())))
    for about, look in (("cache", _cache), ("philox", _philox), ("toy", _toy)):
        yield _tried(say(language, about), look, language)


def _tried(about: str, look: Callable[[str], tuple[bool, str]], language: str) -> Finding:
    """A look that may fail in ways nobody foresaw: that is a finding too."""
    try:
        return Finding(about, *look(language))
    except Exception as error:
        lines = str(error).splitlines() or [""]
        told = lines[0] if isinstance(error, SimkitError) else f"{type(error).__name__}: {lines[0]}"
        return Finding(about, False, told)


def _versions(language: str) -> Finding:
    found, lacking = [f"Python {platform.python_version()}", f"{platform.system()} {platform.machine()}"], []
    for name in ("simkit-fund", *_PACKAGES):
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lacking.append(name)
    about = say(language, "versions")
    if lacking:
        return Finding(about, False, say(language, "not_installed", names=", ".join(lacking)))
    return Finding(about, True, ", ".join(found))


def _cores(language: str) -> Finding:
    every = os.cpu_count() or 1
    ours = len(os.sched_getaffinity(0)) if sys.platform == "linux" else every
    return Finding(say(language, "cores"), True, say(language, "cores_found", cores=ours, all=every))


def _fonts(language: str) -> Iterator[Finding]:
    """The fonts that pages and figures use come with simkit; the system's are not asked for."""
    from fontTools.ttLib import TTFont, TTLibError

    folder = Path(__file__).parents[1] / "report" / "fonts"
    files = sorted([*folder.glob("*.otf"), *folder.glob("*.ttf")])
    if not files:
        yield Finding(say(language, "font", name=""), False, say(language, "no_fonts", folder=folder))
    for file in files:
        about = say(language, "font", name=file.stem.removeprefix("SimKit"))
        try:
            with TTFont(file, lazy=True) as font:
                glyphs = font.getBestCmap()
        except (OSError, TTLibError) as error:
            yield Finding(about, False, f"{file}: {error}")
            continue
        missing = "".join(one for one in _NEEDED if ord(one) not in glyphs)
        found = say(language, "glyphs", count=len(glyphs))
        yield Finding(
            about, not missing, say(language, "glyphs_missing", missing=missing) if missing else found
        )


def _writable(folder: Path, language: str) -> Finding:
    """Write into a folder, or into the nearest that exists: it would be made on a run."""
    about = say(language, "writable")
    place = next((one for one in (folder, *folder.resolve().parents) if one.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding(about, True, str(folder))
    except OSError as error:
        return Finding(about, False, say(language, "not_writable", folder=folder, reason=of_computer(error)))


def _cache(language: str) -> tuple[bool, str]:
    from simkit.base.compiled import cache_folder, kept_folder
    from simkit.runs.job import is_warm

    if cache_folder() != kept_folder():
        return True, say(language, "not_kept", folder=kept_folder())
    files = sum(1 for _ in cache_folder().rglob("*.nbc"))
    return True, say(language, "warm" if is_warm() else "cold", files=files, folder=cache_folder())


def _philox(language: str) -> tuple[bool, str]:
    from simkit.base.random import philox

    counter, key = _PHILOX
    words = tuple(int(word) for word in philox(*counter, *key))
    if words == _PHILOX_KNOWN:
        return True, say(language, "philox_known")
    expected, found = (" ".join(f"{word:08x}" for word in each) for each in (_PHILOX_KNOWN, words))
    return False, say(language, "philox_wrong", expected=expected, found=found)


def _toy(language: str) -> tuple[bool, str]:
    """Simulate 100 agencies whose awards were worked out by hand (toy/scenario.yaml)."""
    from simkit.runs.simulate import run
    from simkit.scenario import load_scenario

    started = time.monotonic()
    paid = run(load_scenario(_TOY), draws=_TOY_DRAWS).paid(special=True)
    if paid.shape == (_TOY_DRAWS, 2) and (paid == _TOY_FEN).all():
        return True, say(language, "toy_known", seconds=time.monotonic() - started)
    return False, say(language, "toy_wrong", found=f"{paid.min() / 100:,.2f} - {paid.max() / 100:,.2f}")
