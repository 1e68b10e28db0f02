"""Checks of values of a plan: in range, usual beside others, weights of known lines of business?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simkit.distributions.severity import Severity
from simkit.errors import Fault
from simkit.policy.tree import Tree, TreePath
from simkit.policy.types import Policy
from simkit.scenario.types import Plan
from simkit.spelling import nearest

__all__ = ["line_names", "range_fault", "unusual_beside", "weight_faults"]


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


def unusual_beside(plan: Plan) -> dict[TreePath, str]:
    """What is usual of numbers that are unusual or not only beside others, by path; empty: they are usual.

    An agency claims a few times a year, a city's programme any number of times; agencies do not grow or
    fall by more than half in a year.
    """
    found: dict[TreePath, str] = {
        ("claims", name, "intensity", "value"): ""
        for name, claims in plan.claims.items()
        if claims.among != "agency"
    }
    growth = plan.population.growth
    root: TreePath = ("population", "growth")
    aims = {year: ((*root, "path", str(year)), agencies) for year, agencies in growth.path.items()}
    if growth.target is not None:
        aims[growth.target.year] = ((*root, "target", "agencies"), growth.target.agencies)
    last, before = growth.start_year, growth.start.value.mean()
    for year, (path, agencies) in sorted(aims.items()):
        low, high = before * 0.5 ** (year - last), before * 1.5 ** (year - last)
        if not low <= agencies <= high:
            found[path] = f"agencies that grow by -50% to 50% a year, {low:.0f} to {high:.0f}, as is usual"
        last, before = year, agencies
    return found
