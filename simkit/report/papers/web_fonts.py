"""The fonts of a web page: only the characters that it shows, inside the page, kept for the next one."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock

from simkit.base.compiled import cache_folder
from simkit.base.errors import RunError
from simkit.base.whole_files import write_whole
from simkit.base.words import catalogue
from simkit.base.written import file_digest, is_own, remove_own
from simkit.report.papers.glyphs import FONTS, printable
from simkit.report.papers.markup import LANGUAGE_TAGS

__all__ = ["characters", "font_faces", "shared_faces", "shared_letters", "subset_font"]

_WEIGHTS = {400: FONTS / "SimKitSansSC-Regular.otf", 700: FONTS / "SimKitSansSC-Bold.otf"}
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
#: Pages whose fonts are kept at most; those of the oldest go.
_KEPT = 32
_SHARING = Lock()


def characters(page: str) -> frozenset[str]:
    """The characters that a piece of HTML shows, in which no attribute holds a bare `>`."""
    shown = html.unescape(re.sub("<[^>]*>", "", page))
    return frozenset(letter for letter in set(shown) if letter.isprintable() and letter != " ")


def font_faces(letters: frozenset[str]) -> str:
    """The page's fonts with those of these characters that they have, as CSS with the data inside.

    Others, an emoji in somebody's title, are left to the fonts of the reader's machine. A page that needs most of
    what the catalogues hold gets all of that in fonts that every such page shares, and the rest in fonts of its own.
    """
    letters = frozenset(letter for letter in letters if printable(letter) == letter)
    shared = shared_letters()
    if 2 * len(letters & shared) < len(shared):
        return _faces(letters | _ASCII)
    rest = letters - shared
    return "\n".join([shared_faces(), *([_faces(rest, only=True)] if rest else [])])


@cache
def shared_letters() -> frozenset[str]:
    """Characters of the catalogues, and of ASCII."""
    words = "".join(text for lang in LANGUAGE_TAGS for text in catalogue(lang).values())
    return _ASCII | frozenset(one for one in words if one.isprintable() and printable(one) == one)


def shared_faces() -> str:
    """The fonts that pages share."""
    with _SHARING:  # who comes second waits for the first
        return _faces(shared_letters())


def _faces(letters: frozenset[str], *, only: bool = False) -> str:
    """A face a weight, as kept from an earlier page; `only`: for these letters beside others, which all are as wide."""
    key = hashlib.sha256(f"{_made_with()} {only} {''.join(sorted(letters))}".encode()).hexdigest()
    kept = cache_folder() / f"faces-{key[:32]}.css"
    with suppress(OSError):
        if is_own(kept):
            return kept.read_text(encoding="utf-8")
    made = _made(letters, only=only)
    with suppress(OSError, RunError):  # no room: the next page makes them again
        write_whole(kept, made)
        for old in sorted(kept.parent.glob("faces-*.css"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
            remove_own(old)
    return made


@cache
def _made_with() -> str:
    """Digest of all but the letters that decides what the fonts are."""
    files = [Path(__file__), *_WEIGHTS.values()]
    versions = [metadata.version(name) for name in ("fonttools", "brotli")]
    return hashlib.sha256(repr([*map(file_digest, files), *versions]).encode()).hexdigest()


def _made(letters: frozenset[str], *, only: bool) -> str:
    codes = ",".join(f"U+{ord(letter):X}" for letter in sorted(letters))
    reach = f"unicode-range:{codes};" if only else ""
    faces = []
    for weight, path in _WEIGHTS.items():
        data = base64.b64encode(subset_font(path, letters, kerned=not only)).decode("ascii")
        faces.append(
            f"@font-face{{font-family:'SimKit Sans SC';font-weight:{weight};font-display:block;{reach}"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )
    return "\n".join(faces)


def subset_font(path: Path, letters: Iterable[str], *, kerned: bool = True) -> bytes:
    """WOFF2 with these characters only; `kerned`: with the rules by which they stand beside each other.

    Raises
    ------
    RunError
        When the font lacks one of them.
    """
    from fontTools import subset

    wanted = {ord(letter) for letter in letters}
    features = ["kern", "locl", "ccmp", "mark"] if kerned else []
    options = subset.Options(flavor="woff2", layout_features=features, notdef_outline=True)
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE"]
    file = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        lacking = sorted(chr(code) for code in wanted - set(font.getBestCmap()))
        if lacking:
            codes = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in lacking)
            raise RunError("error.no_glyph", font=path.name, codes=codes)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        subset.save_font(font, file, options)
    return file.getvalue()
