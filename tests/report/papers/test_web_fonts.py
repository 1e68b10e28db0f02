"""A page's fonts: the letters that it needs and no others, kept for the next page."""

from __future__ import annotations

import base64
import io
import os
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from simkit.base.errors import RunError
from simkit.report.papers import web_fonts
from simkit.report.papers.glyphs import FONTS
from simkit.report.papers.web_fonts import font_faces, shared_letters, subset_font


def test_pages_of_a_report_share_most_of_their_letters() -> None:
    """A page that needs most of the catalogues' words has them all, and its own letters beside them."""
    words = "".join(sorted(shared_letters()))
    faces = [re.findall(r"@font-face{.*?}", font_faces(frozenset(words + more))) for more in ("", "喆玥珺")]
    assert [len(found) for found in faces] == [2, 4] and faces[1][:2] == faces[0]
    for face in faces[1][2:]:
        assert "unicode-range:U+5586,U+73A5,U+73FA;" in face
        data = re.search(r"base64,([^)]+)", face)
        assert data is not None
        letters = set(TTFont(io.BytesIO(base64.b64decode(data[1]))).getBestCmap())
        assert letters == set(map(ord, "喆玥珺"))


def test_a_letter_without_glyph_is_an_error() -> None:
    with pytest.raises(RunError, match="U\\+20000"):
        subset_font(FONTS / "SimKitSansSC-Regular.otf", "\U00020000")


def test_fonts_are_kept_for_the_next_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made once; made again where what is kept was changed, or is of other letters; of many the oldest go."""
    monkeypatch.setattr(web_fonts, "cache_folder", lambda: tmp_path)
    made: list[frozenset[str]] = []
    real = web_fonts._made

    def counted(letters: frozenset[str], *, only: bool) -> str:
        made.append(letters)
        return real(letters, only=only)

    monkeypatch.setattr(web_fonts, "_made", counted)
    first = font_faces(frozenset("测"))
    assert font_faces(frozenset("测")) == first and len(made) == 1
    (kept,) = tmp_path.glob("faces-*.css")
    kept.write_text(first + "@import url(http://example.org)")
    assert font_faces(frozenset("测")) == first and len(made) == 2
    monkeypatch.setattr(web_fonts, "_KEPT", 2)
    os.utime(kept, (0, 0))
    assert len({font_faces(frozenset(letter)) for letter in "算额年"}) == 3
    assert len(list(tmp_path.glob("faces-*.css"))) == 3  # two, and the one that was changed by hand
    monkeypatch.setattr(web_fonts, "cache_folder", lambda: tmp_path / "none" / "here")
    (tmp_path / "none").write_text("")
    assert font_faces(frozenset("测")) == first
