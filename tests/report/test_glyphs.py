"""What our fonts lack is written as its code point."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from simkit.report.glyphs import FONTS, clipped, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("专项经费 P90 ≥ 1,234.5", "专项经费 P90 ≥ 1,234.5"),
        ("a\nb", "a\nb"),
        ("a\tb\u3000c\r\u2009d", "a b\u3000c  d"),
        ("😀", "[U+1F600]"),
        ("\U00020000", "[U+20000]"),
        ("\u202egnp", "[U+202E]gnp"),
        ("\x07\ud800", "[U+0007][U+D800]"),
        ("ع", "[U+0639]"),
        ("", ""),
    ],
)
def test_what_the_fonts_lack_stands_as_code_points(text: str, expected: str) -> None:
    assert printable(text) == expected
    assert printable(expected) == expected


def test_every_font_has_every_printable_character() -> None:
    """All four, so that a word is the same in the text, in bold and in a figure."""
    fonts = [TTFont(path).getBestCmap() for path in sorted(FONTS.glob("*.otf"))]
    assert len(fonts) == 4
    for code in (*range(0x20, 0x3000), *range(0x4E00, 0x4F00), 0x1F600):
        kept = printable(chr(code)) == chr(code)
        assert not kept or code == 0x0A or all(code in font for font in fonts)


def test_a_long_name_is_cut_and_says_so() -> None:
    assert clipped("猎头 award", 40) == "猎头 award"
    assert clipped("猎头引才奖励", 8) == "猎头引才…"
    assert clipped("a b", 2) == "a…"
