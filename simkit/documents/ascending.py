"""Points of a file that ascend, such as those of bands and tiers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from simkit.base.said import Said
from simkit.documents.build import TreePath
from simkit.documents.validate import Disagreement

__all__ = ["check_ascending"]


def check_ascending(at: str | TreePath, points: Sequence[float], words: Said) -> None:
    """Raise Disagreement unless each point is above the one before."""
    if any(one >= other for one, other in pairwise(points)):
        raise Disagreement((at, words))
