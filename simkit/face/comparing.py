"""Several options against one scenario, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from simkit.face.scenario import Scenario
from simkit.face.work import working
from simkit.whatif import compare
from simkit.whatif.answers import Origin
from simkit.whatif.comparison import Comparison
from simkit.whatif.kept.again import can_decide_again

__all__ = ["Compared", "compared"]


@dataclass(frozen=True, slots=True)
class Compared:
    """Options against one scenario.

    Attributes
    ----------
    found : tuple of Comparison
    labels : tuple of str
        What they are called.
    """

    found: tuple[Comparison, ...]
    labels: tuple[str, ...]

    @property
    def origin(self) -> Origin:
        """What all were computed from."""
        return self.found[0].origin


def compared(base: Scenario, options: Mapping[str, Scenario], *, draws: int, seed: int) -> Compared:
    """What each option costs against a scenario."""
    changed = [one.data for one in options.values()]
    again = can_decide_again(base.data, *changed).count(False)
    with working(draws * (1 + again), "face.comparing") as work:
        found = compare.compare(base.data, changed, draws=draws, seed=seed, progress=work.step)
    return Compared(found, tuple(options))
