"""Every law of sizes: quantiles, moments and the compiled quantile agree; closed forms of limited moments."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import integrate, special

from simkit.distributions.limited import gated_moment
from simkit.distributions.quantile import quantile
from simkit.distributions.severity import Severity

Data = dict[str, Any]
#: Every law by the word that a file writes.
LAWS: dict[str, Any] = {
    word: law
    for law in get_args(get_args(Severity)[0])
    for word in get_args(law.model_fields["dist"].annotation)
}

EXAMPLES: dict[str, list[Data]] = {
    "constant": [{"value": "3元"}],
    "uniform": [{"low": "1元", "high": "5元"}, {"low": "2元", "high": "2元"}],
    "triangular": [
        {"low": "5元", "mode": "20元", "high": "150元"},
        {"low": 0, "mode": 0, "high": 1},
        {"low": 2, "mode": 3, "high": 3},
    ],
    "pert": [
        {"low": 1, "mode": 2, "high": 10},
        {"low": 0, "mode": 0, "high": 4},
        {"low": 1, "mode": 4, "high": 4},
    ],
    "lognormal": [{"mean": "24万元", "cv": 0.9}, {"mean": 3, "cv": 0.05}, {"mean": 1, "cv": 2}],
    "lomax": [{"alpha": 6, "theta": "10万元"}],
    "pareto": [{"alpha": 9.5, "theta": 2}],
    "weibull": [{"shape": 1.6, "scale": "70万元"}, {"shape": 1, "scale": 2}, {"shape": 0.7, "scale": 3}],
    "gamma": [{"mean": "10万元", "cv": 0.5}, {"shape": 2.5, "scale": 6}, {"mean": 4, "cv": 1.5}],
    "empirical": [
        {"values": [5, 1, 3]},
        {"values": ["50万元", "100万元", "300万元"], "weights": [6, 2.5, 1.5]},
    ],
}
CASES = [(name, data) for name, examples in EXAMPLES.items() for data in examples]
UNIFORMS = np.sort(
    np.concatenate(
        [(np.arange(4_000) + 0.5) / 4_000, 10.0 ** np.arange(-9, -3), 1 - 10.0 ** np.arange(-9, -3)]
    )
)


def law_of(name: str, data: Data) -> Any:
    return LAWS[name].model_validate({"dist": name, **data})


def test_every_law_has_examples() -> None:
    assert set(EXAMPLES) == set(LAWS)


@pytest.mark.parametrize(("name", "data"), CASES)
def test_moments_are_those_of_the_quantiles(name: str, data: Data) -> None:
    """By quadrature over normal scores, to 1e-6; an empirical law by its atoms."""
    law = law_of(name, data)
    if name == "empirical":
        values = law.ppf((np.arange(120_000) + 0.5) / 120_000)
        assert law.mean() == pytest.approx(values.mean(), rel=1e-9)
        assert law.var() == pytest.approx(values.var(), rel=1e-9)
        return

    def moment(order: int) -> float:
        def weighted(score: float) -> float:
            # exp and ndtr underflow harmlessly in the far tail.
            return float(law.ppf(np.array([special.ndtr(score)]))[0] - law.mean()) ** order * math.exp(
                -score * score / 2
            )

        value, _ = integrate.quad(weighted, -8.2, 8.2, limit=400, points=[-4, 0, 4])
        return value / math.sqrt(2 * math.pi)

    scale = law.mean()
    assert abs(moment(1)) <= 1e-6 * scale
    assert moment(2) == pytest.approx(law.var(), rel=1e-5, abs=1e-12 * scale**2)


@pytest.mark.parametrize(("name", "data"), CASES)
def test_bounds_and_ends_are_those_of_the_quantiles(name: str, data: Data) -> None:
    law = law_of(name, data)
    chances = (1e-9, 0.01, 0.5, 0.99, 1 - 1e-9)
    values = law.ppf(np.array(chances))
    assert law.bounds[0] <= values.min() * (1 + 1e-12) and values.max() <= law.bounds[1] * (1 + 1e-12)
    assert law.ends((0.01, 1 - 1e-9)) == pytest.approx((values[1], values[4]), rel=1e-12)


@pytest.mark.parametrize(("name", "data"), CASES)
def test_the_compiled_quantile_is_the_quantile(name: str, data: Data) -> None:
    """To 1e-6 of the standard deviation, from u = 1e-9 to 1 - 1e-9; both are monotone."""
    law = law_of(name, data)
    family, first, second, third, table = law.sampler()
    # A law's table lies anywhere in the table of all laws.
    whole = np.concatenate([np.full(3, np.nan), table, np.full(2, np.nan)])
    found = np.array(
        [quantile(family, first, second, third, whole, 3, 3 + len(table), float(u)) for u in UNIFORMS]
    )
    expected = law.ppf(UNIFORMS)
    assert np.all(np.diff(found) >= 0) and np.all(np.diff(expected) >= 0)
    tolerance = 1e-6 * math.sqrt(law.var()) + 1e-12 * law.mean()
    worst = np.argmax(np.abs(found - expected))
    assert abs(found[worst] - expected[worst]) <= tolerance, f"at u = {UNIFORMS[worst]}"


@pytest.mark.parametrize(("name", "data"), [*CASES, ("lomax", {"alpha": 0.9, "theta": 3})])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_limited_and_gated_moments_are_those_of_the_quantiles(name: str, data: Data, order: int) -> None:
    """Against a midpoint sum over 400,000 uniforms: below, around and above the middle of the law."""
    law = law_of(name, data)
    sample = law.ppf((np.arange(400_000) + 0.5) / 400_000)
    middle = float(np.median(sample))
    for limit in (0.4 * middle, middle, 2.5 * middle):
        expected = float((np.minimum(sample, limit) ** order).mean())
        assert gated_moment(law, order, cap=limit) == pytest.approx(expected, rel=1e-4)
        for gate in (0.3 * middle, 0.9 * middle, 3 * middle):
            paid = np.where(sample >= gate, np.minimum(0.2 * sample, 0.2 * limit), 0.0)
            expected = float((paid**order).mean())
            found = gated_moment(law, order, rate=0.2, cap=0.2 * limit, gate=gate)
            assert found == pytest.approx(expected, rel=1e-4, abs=3e-5 * (0.2 * limit) ** order)


@pytest.mark.parametrize(("name", "data"), CASES)
def test_limits_that_never_bind_give_the_moments(name: str, data: Data) -> None:
    law = law_of(name, data)
    assert gated_moment(law, 1) == pytest.approx(law.mean(), rel=1e-12)
    second = gated_moment(law, 2)
    assert second == pytest.approx(law.var() + law.mean() ** 2, rel=1e-12)
    assert gated_moment(law, 0) == 1.0
    assert gated_moment(law, 1, cap=0.0) == 0.0


def test_a_gate_lets_in_who_stands_exactly_at_it() -> None:
    law = law_of("empirical", {"values": [100, 200], "weights": [1, 3]})
    assert gated_moment(law, 1, rate=0.5, gate=200.0) == pytest.approx(75.0)
    assert gated_moment(law, 0, gate=200.0) == pytest.approx(0.75)
    assert gated_moment(law, 1, rate=0.5, cap=60.0, gate=200.0) == pytest.approx(45.0)
    assert gated_moment(law_of("lomax", {"alpha": 0.9, "theta": 3}), 1) == math.inf


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lognormal", {"mean": "3元", "cv": -1}),
        ("lognormal", {"mean": 0, "cv": 1}),
        ("lognormal", {"mean": "-3元", "cv": 1}),
        ("lognormal", {"mean": "nan", "cv": 1}),
        ("uniform", {"low": "5元", "high": "1元"}),
        ("uniform", {"low": "5元", "high": "7人"}),
        ("triangular", {"low": 1, "mode": 5, "high": 4}),
        ("pert", {"low": 1, "mode": 1, "high": 1}),
        ("gamma", {"mean": 1, "cv": 1, "shape": 2, "scale": 1}),
        ("gamma", {"mean": 1, "scale": 1}),
        ("empirical", {"values": [1, 2], "weights": [1]}),
        ("empirical", {"values": [1, 2], "weights": [0, 0]}),
        ("weibull", {"shape": 0, "scale": 1}),
        ("weibull", {"shape": 1, "scale": 1, "rate": 2}),
        ("constant", {"value": "1e400元"}),
    ],
)
def test_what_is_no_law_is_refused(name: str, data: Data) -> None:
    with pytest.raises(ValidationError):
        law_of(name, data)
