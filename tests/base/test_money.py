"""Quantities with units: exact, in whole fen, and never of another unit than expected."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from simkit.base.money import (
    LARGEST_AMOUNT,
    Basis,
    Count,
    Money,
    Share,
    Threshold,
    format_wan,
)

MONEY: TypeAdapter[int] = TypeAdapter(Money)
SHARE: TypeAdapter[int] = TypeAdapter(Share)
COUNT: TypeAdapter[int] = TypeAdapter(Count)
THRESHOLD: TypeAdapter[Basis] = TypeAdapter(Threshold)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("50万元", 50_000_000),
        ("500元", 50_000),
        ("0.01元", 1),
        ("1,234.56 元", 123_456),
        ("2.5亿元", 25_000_000_000),
        ("3百万元", 300_000_000),
        ("2千元", 200_000),
        ("1e3元", 100_000),
        ("10000亿元", LARGEST_AMOUNT),
    ],
)
def test_money_is_whole_fen(text: str, fen: int) -> None:
    assert MONEY.validate_python(text) == fen


@pytest.mark.parametrize(
    "text",
    ["50", 50, "50%", "50美元", "50人", "0元", "-1元", "0.001元", "1e30元", "9e999999亿元",
     "1e99999999999999元", "nan元", "inf元", "", None, True, [], {}, "五十万元", "50万圆",
     "50 万 元 整", float("nan"), "--5元"],
)  # fmt: skip
def test_what_is_no_money_is_refused(text: Any) -> None:
    with pytest.raises(ValidationError):
        MONEY.validate_python(text)


@pytest.mark.parametrize(("text", "points"), [("50%", 5000), ("0.01%", 1), ("12.5%", 1250), ("100%", 10_000)])
def test_a_share_is_over_ten_thousand(text: str, points: int) -> None:
    assert SHARE.validate_python(text) == points


@pytest.mark.parametrize("text", ["0%", "-5%", "0.5", 0.5, "0.005%", "1e9%", "5元"])
def test_what_is_no_share_is_refused(text: Any) -> None:
    with pytest.raises(ValidationError):
        SHARE.validate_python(text)


@pytest.mark.parametrize(
    ("text", "count"), [("500人", 500), (500, 500), ("2千家", 2000), ("0", 0), ("1e3", 1000)]
)
def test_a_count_is_whole(text: Any, count: int) -> None:
    assert COUNT.validate_python(text) == count


@pytest.mark.parametrize("text", ["1.5人", -1, "5元", "1e13", "5天"])
def test_what_is_no_count_is_refused(text: Any) -> None:
    with pytest.raises(ValidationError):
        COUNT.validate_python(text)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("100万元", Basis(100_000_000, "yuan")),
        ("50万美元", Basis(50_000_000, "usd")),
        ("0.01美元", Basis(1, "usd")),
        ("500人", Basis(500, "count")),
        (500, Basis(500, "count")),
        ("0元", Basis(0, "yuan")),
        (Basis(3, "usd"), Basis(3, "usd")),
    ],
)
def test_a_threshold_knows_its_unit(text: Any, basis: Basis) -> None:
    assert THRESHOLD.validate_python(text) == basis


@pytest.mark.parametrize("text", ["50%", "30天", "-1元", "0.5人", "1e20元"])
def test_what_is_no_threshold_is_refused(text: Any) -> None:
    with pytest.raises(ValidationError):
        THRESHOLD.validate_python(text)


@given(st.integers(1, LARGEST_AMOUNT))
def test_money_written_exactly_is_read_exactly(fen: int) -> None:
    assert MONEY.validate_python(f"{Decimal(fen) / 1_000_000:f}万元") == fen


@given(
    st.text(max_size=30)
    | st.from_regex(r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,20})?[千万亿]{0,2}[元%人]?", fullmatch=True)
)
def test_any_text_is_a_quantity_or_a_value_error(text: str) -> None:
    for adapter in (MONEY, SHARE, COUNT, THRESHOLD):
        try:
            adapter.validate_python(text)
        except ValidationError as error:
            assert error.errors()[0]["type"] == "value_error"


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (50_000_000, "50.00"),
        (123_456_789_000, "123,456.79"),
        (5_000, "0.01"),
        (4_999, "0.00"),
        (-5_000, "-0.01"),
        (15_000.0, "0.02"),
        (25_000, "0.03"),
        (0, "0.00"),
    ],
)
def test_wan_is_rounded_half_away_from_zero(fen: float, text: str) -> None:
    assert format_wan(fen) == text


def test_wan_with_other_decimals() -> None:
    assert format_wan(123_456_789, 0) == "123"
    assert format_wan(123_456_789, 4) == "123.4568"
