"""An assumption: a figure that the policy does not give, with where it comes from."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simkit.base.leaf import Leaf
from simkit.distributions.base import Amount
from simkit.distributions.severity import Constant, Severity
from simkit.documents.models import Day, Frozen
from simkit.policy.document import Reliability

__all__ = [
    "Assumed",
    "Growing",
    "Loading",
    "Number",
    "Part",
    "Probability",
    "Sd",
    "Size",
    "Turnover",
    "law",
]


def _law(value: Any) -> Any:
    """A bare number is a law that always gives it."""
    return value if isinstance(value, dict) or hasattr(value, "ppf") else {"dist": "constant", "value": value}


class Assumed(Frozen):
    """A number, or a distribution drawn once a draw, with its source.

    Attributes
    ----------
    value : number with its unit, or a distribution
    source : str
        An id of the scenario's `sources`.
    date, reliability :
        Where they differ from the source's own.
    note : str
        Arithmetic or reason.
    """

    value: Annotated[Severity, BeforeValidator(_law, json_schema_input_type=Severity | Amount)]
    source: str = Field(min_length=1)
    date: Day | None = None
    reliability: Reliability | None = None
    note: str = ""


#: Assumptions by what their number is.
Growing = Annotated[Assumed, Leaf("growth", 0, 5, usual=(0, 0.5))]
Loading = Annotated[Assumed, Leaf("loading", 0, 20, usual=(0, 5))]
Number = Annotated[Assumed, Leaf("count", 0, 1e7, usual=(0, 1e5))]
Part = Annotated[Assumed, Leaf("share", 0, 1)]
Probability = Annotated[Assumed, Leaf("probability", 0, 1)]
Sd = Annotated[Assumed, Leaf("sd", 0, 3, usual=(0, 1))]
Size = Annotated[Assumed, Leaf("size", 0, 1e15)]
#: Below 1, which is as good as all of them at once.
Turnover = Annotated[Assumed, Leaf("turnover", 0, 0.99, usual=(0, 0.5))]


def law(assumed: Assumed | None, otherwise: float = 0.0) -> Severity:
    """The law of an assumption; a constant where none is made."""
    return _constant(otherwise) if assumed is None else assumed.value


@cache
def _constant(value: float) -> Constant:
    return Constant.model_validate({"value": value})
