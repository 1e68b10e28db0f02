"""The kinds of award: how what a claim is paid follows from what it is of."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from simkit.policy.kinds.bands import Bands
from simkit.policy.kinds.by_rule import ByRule
from simkit.policy.kinds.fixed import Fixed
from simkit.policy.kinds.per_unit import PerUnit
from simkit.policy.kinds.rate import Rate
from simkit.policy.kinds.step import Step
from simkit.policy.kinds.tiers import Tiers

__all__ = ["Award"]

Award = Annotated[Rate | PerUnit | Fixed | Tiers | Bands | Step | ByRule, Field(discriminator="kind")]
