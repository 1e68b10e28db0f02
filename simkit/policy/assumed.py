"""An assumption: a figure that the policy does not give, with where it comes from."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from simkit.distributions.base import Amount
from simkit.distributions.severity import Constant, Severity
from simkit.policy.types import Frozen, Reliability

__all__ = ["Assumed", "law"]


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
    date: datetime.date | None = None
    reliability: Reliability | None = None
    note: str = ""


def law(assumed: Assumed | None, otherwise: float = 0.0) -> Severity:
    """The law of an assumption; a constant where none is made."""
    return _constant(otherwise) if assumed is None else assumed.value


@cache
def _constant(value: float) -> Constant:
    return Constant.model_validate({"value": value})
