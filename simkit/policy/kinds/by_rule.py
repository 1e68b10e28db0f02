"""What another rule sets."""

from __future__ import annotations

from typing import ClassVar, Literal

from simkit.base.said import Said
from simkit.policy.kinds.kind import AwardKind, Flat, Proportional, Unit

__all__ = ["ByRule"]


class ByRule(AwardKind):
    """The claim's base, in fen: another rule, not in this text, sets the amount (按相关规定)."""

    needs: ClassVar[Unit | None] = "yuan"

    kind: Literal["by_rule"]

    def flat(self) -> Flat:
        return Flat()

    def said(self) -> Said:
        return Said("rule.by_rule")

    def exact_law(self) -> Proportional:
        return Proportional()
