"""What people write in the place of YAML is named by its line, in plain words, in both languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.said import Said
from simkit.documents.build import build
from simkit.documents.slips import hint_of_value

#: What is written; the line that is named, words of what was expected, words of what is shown, words of the way out.
SLIPS = {
    "full-width colon": (
        "a: 1\nname：foo\nb: 2\n",
        2,
        "a colon and a space",
        "name：foo",
        "half-width colon",
    ),
    "full-width colon above": ("m：\n  a: 1\n", 1, "a colon and a space", "m：", "half-width colon"),
    "full-width colon in brackets": (
        "a: {b：1, c: 2}\n",
        1,
        "a key that is a word",
        "b：1",
        "half-width colon",
    ),
    "full-width comma": ("a: {b: 1，c: 2}\n", 1, "a comma and a space", "，c: 2}", "half-width comma"),
    "full-width bracket": ("a: ｛b: 1｝\n", 1, "brackets { } and [ ]", "｛b: 1｝", "half-width brackets"),
    "full-width closing": ("a: {b: 1｝\nc: 2\n", 1, "brackets { } and [ ]", "｝", "half-width brackets"),
    "full-width equals": ("a: 1\nb＝2\nc: 3\n", 2, "a colon and a space", "b＝2", "half-width colon"),
    "equals": ("a: 1\nb = 2\nc: 3\n", 2, "a colon and a space", "b = 2", "half-width colon"),
    "full-width space": ("a:\u30001\nb: 2\n", 1, "spaces", "1", "half-width spaces"),
    "full-width indent": (
        "m:\n\u3000\u3000a: 1\n",
        2,
        "spaces before a key",
        "a full-width space",
        "half-width",
    ),
    "full-width percent": ("a: ５０％\n", 1, "half-width digits", "５０％", "write 50%"),
    "full-width point": ("a: 1．5万元\n", 1, "half-width digits", "1．5万元", "write 1.5万元"),
    "curly quotes": ("a: “x: y”\n", 1, "straight quotation marks", "“x: y”", "straight quotation marks"),
    "tab": ("a:\n\tb: 1\n", 2, "spaces before a key", "a tab", "in the place of tabs"),
    "no space": ("a: 1\nb:2\nc: 3\n", 2, "a colon and a space", "b:2", "space after the colon"),
    "no space in brackets": ("a: {b:1, c: 2}\n", 1, "a key that is a word", "b:1", "space after the colon"),
    "percent first": ("a: %5\nb: 1\n", 1, "begins with a letter or a number", "%5", "in quotation marks"),
    "at first": ("a: @x\n", 1, "begins with a letter or a number", "@x", "in quotation marks"),
    "backtick first": ("- `x`\n", 1, "begins with a letter or a number", "`x`", "in quotation marks"),
    "star first": ("a: *必填\n", 1, "begins with a letter or a number", "*必填", "in quotation marks"),
    "star and word": ("a: *abc\n", 1, "no anchors", "*abc", "in quotation marks"),
    "ampersand first": ("a: &必填 x\n", 1, "begins with a letter or a number", "&必填", "in quotation marks"),
    "exclamation first": ("a: !重要\n", 1, "begins with a letter or a number", "!重要", "in quotation marks"),
    "tag": ("a: !x y\n", 1, "no tags", "!x", "in quotation marks"),
    "greater than first": ("a: >5人\n", 1, "begins with a letter or a number", ">5人", "in quotation marks"),
    "bar first": ("a: |text\n", 1, "begins with a letter or a number", "|text", "in quotation marks"),
    "two colons": ("a: b: c\n", 1, "one colon with a space", "b: c", "in quotation marks"),
    "deeper below a value": (
        "a: x\n  b: 1\n",
        2,
        "keys of one level",
        "an indent of 2 before 'b: 1'",
        "same indent",
    ),
    "no colon": ("x: 1\na\nb: 1\n", 2, "a line such as key: value", "a", ""),
    "no colon at the top": ("a\nb: 1\n", 1, "a line such as key: value", "a", ""),
    "indent": ("m:\n  a: 1\n b: 2\n", 3, "keys of one level", "an indent of 1 before 'b: 2'", ""),
    "indent of the first": ("  a: 1\nb: 2\n", 2, "keys of one level", "an indent of 0 before 'b: 2'", ""),
    "open quotes": ('a: "x\nb: 1\n', 1, "a closing quotation mark", '"x', ""),
    "open single quotes": ("a: 'x\nb: 1\n", 1, "a closing quotation mark", "'x", ""),
    "after the quotes": ('a: "x" y\nb: 1\n', 1, "nothing after a closing", "y", "one pair"),
    "quotes in quotes": ("a: 'it's'\nb: 1\n", 1, "nothing after a closing", "s'", "one pair"),
    "open list": ("b: 1\na: [1, 2\nc: 1\n", 2, "the closing ]", "[1, 2", ""),
    "open mapping": ("a: {b: 1\nc: 2\n", 1, "the closing }", "{b: 1", ""),
    "open at the end": ("a: [1, 2\n", 1, "the closing ]", "[1, 2", ""),
    "wrong closing": ("a: {b: 1, c: 2]\n", 1, "a comma or the closing }", "]", ""),
    "remark in a list": ("a: [b, #x]\nc: 1\n", 1, "the closing ]", "[b, #x]", "is a remark"),
    "closing alone": ("a: 1\n]\n", 2, "an opening bracket before", "]", ""),
    "key among items": ("a:\n  - x\n  b: 1\n", 3, "not both at one level", "b: 1", ""),
    "item among keys": ("a:\n  b: 1\n  - x\n", 3, "not both at one level", "- x", ""),
    "item beside a key": ("a: - x\n", 1, "not both at one level", "a: - x", ""),
    "backslash": ('a: "C:\\path"\n', 1, "no \\ in double quotation marks", "path", "single quotation marks"),
    "escaped colour": ('a: "\\e[31m"\n', 1, "printable text", "U+001B", "escape"),
    "escaped direction": ('a: "\\u202e"\n', 1, "printable text", "U+202E", "escape"),
    "direction": ("a: x\u202ey\n", 1, "printable text", "U+202E", ""),
    "directive": ("%abc\na: 1\n", 1, "begins with a letter or a number", "%abc", "in quotation marks"),
}
#: Words of libyaml and of PyYAML that nobody should meet.
PARSER = re.compile(
    r"did not find|could not|found unexp|while (scann|pars)ing|mapping|scalar|token|block|flow|stream"
)


def fault_of(text: str):
    _, _, faults = build(text, "f.yaml")
    assert faults, text
    return faults[0]


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_named_with_its_line_and_the_way_out(name: str) -> None:
    text, line, expected, found, hint = SLIPS[name]
    fault = fault_of(text)
    assert fault.line == line
    assert expected in str(fault.expected)
    assert found in str(fault.found)
    assert (hint in str(fault.hint)) if hint else fault.hint is None
    assert not PARSER.search(str(fault))


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_in_chinese(name: str) -> None:
    fault = fault_of(SLIPS[name][0])
    told = fault.said("zh").removeprefix("f.yaml")
    shown = told.replace(str(fault.found), "").replace(fault.path, "")
    assert not re.search("[A-Za-z]{2,}", re.sub(r"'.*'|\".*\"|U\+[0-9A-F]+", "", shown)), told


@given(st.text(st.sampled_from("ab1：:，, -{}[]\"'#\n\t%@*&!|>\\　“”"), max_size=40))
def test_whatever_is_written_the_parser_is_not_heard(text: str) -> None:
    for fault in build(text, "f.yaml")[2]:
        assert 0 <= fault.line <= text.count("\n") + 2
        assert not PARSER.search(str(fault.expected)) and not PARSER.search(str(fault.hint))


@pytest.mark.parametrize(
    ("expected", "value", "hint"),
    [
        ("fault.keys_with_values", "a：1", "half-width colon"),
        ("fault.keys_with_values", "a:1 b:2", "space after the colon"),
        ("fault.a_list", "-x -y", "space after -"),
        ("fault.a_list", "［1, 2］", "half-width brackets"),
        ("fault.text", "a：1", ""),
        ("fault.keys_with_values", None, ""),
    ],
)
def test_text_in_the_place_of_keys_has_its_hint(expected: str, value: object, hint: str) -> None:
    found = hint_of_value(Said(expected), value)
    assert hint in str(found) if hint else found is None


def test_a_paragraph_may_begin_with_full_width_spaces() -> None:
    data, _, faults = build("a: |\n  \u3000\u3000正文，第一段：如下。\n", "f.yaml")
    assert not faults and data == {"a": "\u3000\u3000正文，第一段：如下。\n"}
