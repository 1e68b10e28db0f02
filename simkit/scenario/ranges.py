"""Checks of one value of a plan: is it in range, are its weights of known lines of business?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simkit.distributions.severity import Severity
from simkit.errors import Fault
from simkit.policy.tree import Tree
from simkit.policy.types import Policy
from simkit.scenario.types import Plan
from simkit.spelling import nearest

__all__ = ["line_names", "range_fault", "weight_faults"]


def line_names(plan: Plan, policy: Policy) -> tuple[str, ...]:
    """Lines of business that the policy knows; where it reads none, those of the plan."""
    return policy.attributes["line"].values if "line" in policy.attributes else tuple(plan.population.lines)


def weight_faults(
    weights: Mapping[str, float], known: Sequence[str], path: tuple[str, ...], tree: Tree
) -> Iterator[Fault]:
    """Weights of known lines of business, not all nothing: a mistyped line must not make a measure free."""
    for name in weights:
        if name not in known:
            yield tree.fault((*path, name), f"one of {', '.join(known)}", name, nearest(name, known))
    if weights and not any(weights.values()):
        yield tree.fault(path, "weights with a sum > 0", "0")


def range_fault(law: Severity, low: float, high: float, path: tuple[str, ...], tree: Tree) -> Iterator[Fault]:
    """Name a law that gives what is out of range in a draw."""
    import numpy as np

    least, most = law.ppf(np.array([1e-9, 1 - 1e-9]))
    if least < low or most > high:
        yield tree.fault(path, f"a number from {low:g} to {high:g} in every draw", f"{least:g} to {most:g}")
