"""What every ambiguous clause costs in each reading, and the widest total over all readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simkit.base.arrays import FenArray
from simkit.documents.models import Text
from simkit.policy.readings import Reading
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.scenario import Lines, Scenario, ScenarioFile
from simkit.whatif.answers import Origin, origin_of
from simkit.whatif.choices import Choice, Choices
from simkit.whatif.comparison import Headline, How, Line
from simkit.whatif.costs import Costs
from simkit.whatif.kept.again import can_decide_again
from simkit.whatif.widest import Way, groups_of, widest

__all__ = ["STEPS", "Combination", "Option", "Question", "Readings", "readings"]

#: Steps of progress in all: while claims are drawn, readings costed one by one, the widest total sought.
STEPS = 1_000
_DRAWING, _COSTING = 300, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What readings cost against those in force.

    Attributes
    ----------
    headline : Headline or None
    lines : tuple of Line
        By `year` and `special_year`, then `total` and `special_total`: the whole policy, the special fund.
    """

    headline: Headline | None
    lines: tuple[Line, ...]

    def line(self, by: str, year: int | None = None) -> Line:
        """One of the lines."""
        return next(one for one in self.lines if (one.by, one.year) == (by, year))


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Priced):
    """One reading of a clause, other than the one in force, against the one in force.

    Attributes
    ----------
    option : str
    label : Text
    how : `kept` or `again`
        On the same claims; or at the same addresses drawn again.
    measures : tuple of str
        Whose money it can move.
    """

    option: str
    label: Text
    how: How
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An ambiguous clause, the reading in force, and the cost of each other one."""

    reading: str
    clause: str
    quote: tuple[str, ...]
    question: Text
    default: str
    in_force: str
    in_force_label: Text
    why: Text
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination(Priced):
    """A way to read every clause, evaluated as a whole against the readings in force.

    Attributes
    ----------
    way : `dearest` or `cheapest`
        By the mean total of the whole policy in all paid years.
    best_of_all : bool
        Whether no combination at all goes further; else none does that differs in one reading of those that
        were too many for all their combinations.
    choices : dict of reading to option
    changed : tuple of str
        Readings not read as in force.
    """

    way: Way
    best_of_all: bool
    choices: dict[str, str]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The register of readings, priced.

    Attributes
    ----------
    origin : Origin
    asked : dict
    years : tuple of int
        Paid years.
    last_earned : int
        The last year whose events are counted, in every reading.
    questions : tuple of Question
    combinations : tuple of Combination
        The dearest, then the cheapest.
    """

    origin: Origin
    asked: dict[str, Any]
    years: tuple[int, ...]
    last_earned: int
    questions: tuple[Question, ...]
    combinations: tuple[Combination, ...]


def readings(
    scenario: str | Path | ScenarioFile,
    *,
    overlays: Sequence[str | Path] = (),
    then: Sequence[Lines] = (),
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
    jobs: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> Readings:
    """What each reading of each ambiguous clause costs against those in force, draw by draw on the same luck.

    Claims are drawn once, of the longest term among the readings, and decided under each; an option that moves
    the claims themselves is drawn again at the same addresses, of the measures it can move.

    Parameters
    ----------
    scenario : path of the scenario's file, or ScenarioFile
    overlays : sequence of paths
        Laid on in this order, under every reading.
    then : sequence of Lines
        Changes made in a program, laid on after them.
    progress : function, optional
        Called with the number of steps done since the last call; STEPS in all.

    Raises
    ------
    FaultsError
        For a fault of the files, also under a reading.
    InputError
        For an argument out of range.
    """
    file = scenario if isinstance(scenario, ScenarioFile) else ScenarioFile(scenario)

    def lay(choice: Choice) -> Scenario:
        chosen = {f"choose.{name}": option for name, option in choice.items()}
        return file.lay(overlays, chosen or None, "readings", then)

    choices, bar = Choices(lay, draws=draws, seed=seed, jobs=jobs), _Bar(progress)
    choices.keep(lambda done: bar.go(_DRAWING * done / draws))
    costs = Costs(choices)
    singles = {}
    for key in choices.laid:
        singles[key] = costs.of(dict([key]))
        bar.go(_COSTING / max(len(choices.laid), 1))
    ways: tuple[Way, ...] = ("dearest", "cheapest")
    combinations, groups = {}, groups_of(choices)
    share = (STEPS - _DRAWING - _COSTING) / (len(ways) * groups.steps)
    for way in ways:
        chosen = widest(choices, groups, way, lambda: bar.go(share))
        combinations[way] = chosen, costs.of(chosen)
    bar.end()
    years = costs.years([*singles.values(), *(one[1] for one in combinations.values())])
    return Readings(
        origin=origin_of(
            choices.base, seed=seed, draws=draws, changed=[choices.base, *choices.laid.values()]
        ),
        asked={},
        years=years,
        last_earned=choices.base.plan.earned_years[1],
        questions=tuple(
            _question(choices, costs, name, singles, years) for name in choices.base.policy.readings
        ),
        combinations=tuple(
            Combination(
                way=way,
                best_of_all=groups.complete,
                choices=chosen,
                changed=tuple(name for name in chosen if chosen[name] != choices.in_force[name]),
                headline=costs.headline(money, chosen),
                lines=costs.lines(money, years, chosen),
            )
            for way, (chosen, money) in combinations.items()
        ),
    )


class _Bar:
    """Whole steps of a bar from shares of it."""

    def __init__(self, progress: Callable[[int], Any] | None) -> None:
        self.progress, self.share, self.done = progress, 0.0, 0

    def go(self, share: float) -> None:
        """Go on by a share of the steps, whole or not."""
        self.share += share
        self._to(min(int(self.share), STEPS))

    def end(self) -> None:
        """Go to the end."""
        self._to(STEPS)

    def _to(self, done: int) -> None:
        more, self.done = done - self.done, done
        if self.progress is not None and more > 0:
            self.progress(more)


def _question(
    choices: Choices,
    costs: Costs,
    name: str,
    singles: Mapping[tuple[str, str], FenArray],
    years: Sequence[int],
) -> Question:
    reading, in_force = choices.base.policy.readings[name], choices.in_force[name]
    return Question(
        reading=name,
        clause=reading.clause,
        quote=reading.quote,
        question=reading.question,
        default=reading.default,
        in_force=in_force,
        in_force_label=reading.options[in_force].label,
        why=reading.why,
        options=tuple(
            _option(choices, costs, reading, (name, option), singles[name, option], years)
            for option in choices.options[name][1:]
        ),
    )


def _option(
    choices: Choices,
    costs: Costs,
    reading: Reading,
    key: tuple[str, str],
    money: FenArray,
    years: Sequence[int],
) -> Option:
    claims = choices.base.plan.claims
    return Option(
        option=key[1],
        label=reading.options[key[1]].label,
        how="kept" if can_decide_again(choices.base, choices.laid[key])[0] else "again",
        measures=tuple(one for one in choices.moved[key] if one in claims),
        headline=costs.headline(money, dict([key])),
        lines=costs.lines(money, years, dict([key])),
    )
