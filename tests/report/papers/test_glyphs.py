"""What the fonts print, and what stands for the rest."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from simkit.report.papers.glyphs import FONTS, clipped, em_width, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("人力资源〔2023〕9号，“就高、补差”", "人力资源〔2023〕9号，“就高、补差”"),
        ("😀", "[U+1F600]"),
        ("אב", "[U+05D0][U+05D1]"),
        ("\u202eabc", "[U+202E]abc"),
        ("a\u200bb\u00adc", "a[U+200B]b[U+00AD]c"),
        ("\ud800", "[U+D800]"),
        ("a\tb\x01\r\nc", "a b[U+0001]\nc"),
        ("cafe\u0301", "café"),
        ("[U+1F600]", "[U+1F600]"),
        ("a\tb\u3000c\r\u2009d", "a b\u3000c  d"),
        ("\U00020000", "[U+20000]"),
        ("", ""),
    ],
)
def test_what_no_font_has_prints_as_its_number(text, shown):
    assert printable(text) == shown


def test_every_font_has_what_counts_as_printable():
    known = [set(TTFont(path).getBestCmap()) for path in FONTS.glob("*.otf")]
    assert len(known) == 4
    every = [chr(code) for code in range(0x20, 0x30000)]
    shown = {letter for letter in every if printable(letter) == letter}
    assert len(shown) > 8_000
    assert all(ord(letter) in font for font in known for letter in shown)


@pytest.mark.parametrize("face", ["Serif-Regular", "Serif-Bold", "Sans-Bold"])
def test_widths_are_the_fonts_own_and_digits_are_all_as_wide_as_the_widest(face):
    font = TTFont(FONTS / f"SimKit{face.replace('-', 'SC-')}.otf")
    glyphs, unit = font.getBestCmap(), font["head"].unitsPerEm
    advance = {letter: font["hmtx"][glyphs[ord(letter)]][0] / unit for letter in "0123456789a资"}
    assert em_width("a", face) == advance["a"] and em_width("资资", face) == 2 * advance["资"] == 2
    assert em_width("资a资", face) == pytest.approx(2.5 + advance["a"])
    assert {em_width(digit, face) for digit in "0123456789"} == {max(advance[one] for one in "0123456789")}


def test_the_sans_in_which_tables_have_their_digits_has_them_of_one_width():
    for path in FONTS.glob("*Sans*.otf"):
        font = TTFont(path)
        assert len({font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}) == 1


def test_a_long_name_is_cut_and_says_so():
    assert clipped("猎头 award", 40) == "猎头 award"
    assert clipped("猎头引才奖励", 8) == "猎头引才…"
    assert clipped("a b", 2) == "a…"
