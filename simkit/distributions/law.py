"""What every law of sizes is made of: units of its amounts, quantiles, how the compiled sampler is given it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from simkit.base.arrays import FloatArray
from simkit.base.said import Said
from simkit.distributions.base import TABLE, Sampler

__all__ = ["NO_TABLE", "SCORES", "Law", "special", "tabulated"]

NO_TABLE = np.zeros(1)
#: Knots of tabulated laws: normal scores from -8.2 to 8.2; linear between them is right to 1e-6.
SCORES = np.linspace(-8.2, 8.2, 8_193)


def special() -> Any:
    """SciPy's special functions: slow to import, and most laws are read without them."""
    from scipy import special

    return special


class Law(BaseModel):
    """Base: frozen, unknown keys are errors, one kind of unit among its amounts."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @property
    def kind(self) -> str:
        """Kind of the unit of its amounts: `yuan`, `usd`, `count`, `share`, `days` or ""."""
        return next((kind for kind in self._kinds() if kind), "")

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and most that it may give."""
        return 0.0, math.inf

    def ends(self, chances: tuple[float, float]) -> tuple[float, float]:
        """Quantiles at two chances, to see whether a law is one that can be meant."""
        low, high = self.ppf(np.array(chances))
        return float(low), float(high)

    def ppf(self, u: FloatArray) -> FloatArray:
        """Quantiles of uniforms, elementwise."""
        raise NotImplementedError

    def _kinds(self) -> list[str]:
        values = [getattr(self, name) for name in type(self).model_fields]
        flat = [item for value in values for item in (value if isinstance(value, list) else [value])]
        return [value.kind for value in flat if hasattr(value, "kind")]

    @model_validator(mode="after")
    def _one_unit(self) -> Any:
        """A number without a unit is a count: beside 180万元 a bare 120 would be 120 yuan."""
        if len({"count" if kind == "" else kind for kind in self._kinds()}) > 1:
            raise ValueError(Said("fault.one_unit_written_at_every_number"))
        return self


def tabulated(quantiles: FloatArray) -> Sampler:
    """A law by its quantiles at `SCORES`."""
    table = np.ascontiguousarray(quantiles, dtype=np.float64)
    return Sampler(TABLE, SCORES[0], SCORES[1] - SCORES[0], 0.0, table)
