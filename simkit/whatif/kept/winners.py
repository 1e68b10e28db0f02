"""Who gains from a change and who loses: agency by agency on kept claims, by line of business and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from simkit.awards.gains import GAINS, LOSES, STAYS, Groups, Held, gains_by_agency, gather, no_gathered
from simkit.base.arrays import FenArray
from simkit.claims.agencies import SERIAL_BITS
from simkit.claims.blueprint import lines_of
from simkit.runs.job import Job
from simkit.scenario import Scenario

__all__ = ["GAINS", "LOSES", "STAYS", "PartAwards", "Winners", "count_winners"]


class PartAwards(NamedTuple):
    """Agencies of some draws by line of business (last: parks, buildings and the like) and size.

    Attributes
    ----------
    agencies : int32[draw, line + 1, size, 3]
        Agencies that gain, lose, and stay with what they had.
    fen : int64[draw, line + 1, size, 2]
        What is gained, and what is lost.
    """

    agencies: npt.NDArray[np.int32]
    fen: FenArray


@dataclass(frozen=True, slots=True, eq=False)
class Winners:
    """Who gains and who loses over all earned years together; by draw.

    Attributes
    ----------
    lines : tuple of str
        Lines of business; one more group holds parks, buildings and the like.
    size : str or None
        The status that parts agencies by size: without it, with it (in any year of its claims).
    agencies : int32[draw, line + 1, size, 3]
        Agencies that gain, lose, and stay; only those awarded something before or after.
    fen : int64[draw, line + 1, size, 2]
        Gained and lost.
    """

    lines: tuple[str, ...]
    size: str | None
    agencies: npt.NDArray[np.int32]
    fen: FenArray

    @classmethod
    def of(cls, scenario: Scenario, parts: Sequence[PartAwards]) -> Winners:
        """Of all draws, from the parts of some."""
        population = scenario.plan.population
        lines = lines_of(scenario.policy, population)
        if not parts:
            shape = (0, len(lines) + 1, 2)
            return cls(
                lines,
                population.size,
                np.zeros((*shape, 3), dtype=np.int32),
                np.zeros((*shape, 2), dtype=np.int64),
            )
        agencies, fen = (np.concatenate(column) for column in zip(*parts, strict=True))
        return cls(lines, population.size, agencies, fen)


def count_winners(job: Job, parts: Sequence[Held]) -> PartAwards:
    """Hold awards of the same claims against each other, agency by agency.

    Parameters
    ----------
    parts
        Claims of the same draws, by measures that are tied.
    """
    scenario = job.scenario
    size, lines = scenario.plan.population.size, len(lines_of(scenario.policy, scenario.plan.population))
    column = np.array(
        [
            list(own).index((size, 0)) if size is not None and (size, 0) in own else -1
            for own in job.columns.values()
        ],
        dtype=np.int64,
    )
    groups = Groups(column, job.policy.measures["outside"] != 0, lines, SERIAL_BITS)
    draws = len(parts[0].claims.firsts) - 1
    most = sum(int(np.diff(part.claims.firsts).max(initial=0)) for part in parts)
    gathered = no_gathered(max(most, 1))
    agencies = np.zeros((draws, lines + 1, 2, 3), dtype=np.int32)
    fen = np.zeros((draws, lines + 1, 2, 2), dtype=np.int64)
    for draw in range(draws):
        count = 0
        for part in parts:
            count = gather(part, draw, groups, gathered, count)
        gains_by_agency(gathered, count, groups, agencies[draw], fen[draw])
    return PartAwards(agencies, fen)
