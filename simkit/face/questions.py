"""What-if questions: what a change costs, along which value, for which budget, and what moves the money."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simkit.base.errors import InputError
from simkit.face.answer import Answer
from simkit.face.assumptions import holds
from simkit.face.comparing import compared
from simkit.face.scenario import Scenario, full_path, laid, named, scenario_of, study_of
from simkit.face.work import working
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.scenario import Scenario as ScenarioData
from simkit.whatif.settings import knob_of, read_values

__all__ = ["compare", "drivers", "provisions", "readings", "seek", "sweep"]

#: Of `drivers`: draws of each of its turns.
_TURN_DRAWS = 2_048


def compare(
    scenario: Scenario | str | Path,
    options: Mapping[str, Mapping[str, Any] | Scenario | str | Path],
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Answer:
    """What each of some changes costs against the scenario as it stands, draw by draw on the same luck.

    Parameters
    ----------
    scenario : Scenario or file
    options : mapping of label to changes
        Changes as `Scenario.change` takes them, another scenario of the same policy, or its file.
    draws, seed : int
        As in `run`.

    Returns
    -------
    Answer
        `to_frame(against=LABEL)` pairs the options with one of them.

    Raises
    ------
    FaultsError
        For a change that cannot be laid on.
    InputError
        For an argument of the wrong kind or out of range, or a scenario of other years.

    Examples
    --------
    >>> import simkit
    >>> cap = "measures.headhunting.caps.yearly.amount"
    >>> found = simkit.compare("ningbo-hr-2023/baseline", {"30万元": {cap: "30万元"}}, draws=200)
    >>> found.labels
    ('30万元',)
    """
    base = scenario_of(scenario)
    if not isinstance(options, Mapping) or not options:
        raise InputError("face.wants_options", found=type(options).__name__)
    ready = {str(label): _option(base, str(label), one) for label, one in options.items()}
    return Answer(compared(base, ready, draws=draws, seed=seed), base, ready)


def sweep(
    scenario: Scenario | str | Path,
    path: str | Mapping[str, Sequence[Any]],
    values: Sequence[Any] | str = (),
    *,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Answer:
    """Cost, need and share at the cap along one number of a scenario, or over two.

    Parameters
    ----------
    scenario : Scenario or file
    path : str
        Of the number; or two paths with their values: `{path: values, other: values}`.
    values : sequence of str, or str
        With the unit of what stands there: `["30万元", "40万元"]`, or steps such as `"30万元..60万元:7"`.
    draws, seed : int
        As in `run`.

    Returns
    -------
    Answer

    Raises
    ------
    InputError, FaultsError
        For a path without a number, a value without its unit, or one that cannot stand there.

    Examples
    --------
    >>> import simkit
    >>> cap = "measures.headhunting.caps.yearly.amount"
    >>> found = simkit.sweep("ningbo-hr-2023/baseline", cap, ["30万元", "50万元"], draws=200)
    >>> found.to_frame().index.tolist()
    ['30万元', '50万元']
    """
    from simkit.whatif import sweep as house

    base = scenario_of(scenario)
    asked = dict(path) if isinstance(path, Mapping) else {path: values}
    read = {
        full_path(base, one): read_values(knob_of(base.data, full_path(base, one)), _joined(some))
        for one, some in asked.items()
    }
    count = 1
    for some in read.values():
        count *= len(some)
    with working(draws * (1 + count), "face.sweeping") as work:
        found = house.sweep(_layer(base), read, draws=draws, seed=seed, progress=work.step)
    return Answer(found, base, {})


def seek(
    scenario: Scenario | str | Path,
    path: str | Sequence[str],
    *,
    budget: str,
    level: float | None = 0.9,
    between: tuple[str, str] | None = None,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Answer:
    """The most generous setting with which a budget of the special fund is enough in the budget year.

    Parameters
    ----------
    scenario : Scenario or file
    path : str or sequence of str
        Of a number; of several, one factor on all of them.
    budget : str
        With its unit, such as `"2600万元"`.
    level : float, optional
        Probability that it is enough; None: on average.
    between : pair of str, optional
        Where it is sought, with the unit of what stands there; None: from a hundredth to four times what stands.
    draws, seed : int
        As in `run`.

    Returns
    -------
    Answer

    Raises
    ------
    InputError, FaultsError
        For a budget without its unit, a path without a number, or an argument out of range.

    Examples
    --------
    >>> import simkit
    >>> cap = "measures.headhunting.caps.yearly.amount"
    >>> found = simkit.seek("ningbo-hr-2023/baseline", cap, budget="2600万元", draws=200)
    >>> found.data.outcome
    'found'
    """
    from simkit.whatif import seek as house

    base = scenario_of(scenario)
    paths = [full_path(base, one) for one in ((path,) if isinstance(path, str) else path)]
    with working(None, "face.seeking") as work:
        found = house.seek(
            _layer(base),
            paths,
            budget=budget,
            level=level,
            bounds=between,
            draws=draws,
            seed=seed,
            progress=work.step,
        )
    return Answer(found, base, {})


def drivers(
    scenario: Scenario | str | Path,
    *,
    of: str = "headline",
    draws: int = _TURN_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Answer:
    """Which assumptions drive the money, and by how much.

    Parameters
    ----------
    scenario : Scenario or file
    of : str
        `headline`: the special fund in the budget year; `fund`: in all years; `year`, `whole`: the whole policy.
    draws : int
        Of each of some 80 turns.
    seed : int

    Returns
    -------
    Answer

    Raises
    ------
    InputError
        For an argument out of range, or money that never varies.

    Examples
    --------
    >>> import simkit
    >>> ask = simkit.drivers  # about half a minute on two cores
    """
    from simkit.whatif import drivers as house

    base = scenario_of(scenario)
    with working(house.work(base.data, draws), "face.driving") as work:
        found = house.drivers(base.data, draws=draws, seed=seed, of=of, progress=work.step)
    return Answer(found, base, {})


def provisions(
    scenario: Scenario | str | Path, *, draws: int = DEFAULT_DRAWS, seed: int = DEFAULT_SEED
) -> Answer:
    """What each provision costs alone, stacked, and free of order.

    Parameters
    ----------
    scenario : Scenario or file
    draws, seed : int
        As in `run`.

    Returns
    -------
    Answer

    Raises
    ------
    InputError
        For an argument out of range.

    Examples
    --------
    >>> import simkit
    >>> found = simkit.provisions("ningbo-hr-2023/baseline", draws=100).to_frame(lang="en")
    >>> found.loc["headhunting", "name"]
    'Headhunting award'
    """
    from simkit.whatif import provisions as house

    base = scenario_of(scenario)
    with working(house.passes(base.data) * draws, "face.costing") as work:
        found = house.provisions(base.data, draws=draws, seed=seed, progress=work.step)
    return Answer(found, base, {})


def readings(
    scenario: Scenario | str | Path, *, draws: int = DEFAULT_DRAWS, seed: int = DEFAULT_SEED
) -> Answer:
    """What each reading of each ambiguous clause costs against those in force.

    Parameters
    ----------
    scenario : Scenario or file
    draws, seed : int
        As in `run`.

    Returns
    -------
    Answer

    Raises
    ------
    FaultsError
        For a reading that cannot be laid on the scenario.
    InputError
        For an argument out of range.

    Examples
    --------
    >>> import simkit
    >>> ask = simkit.readings  # about a minute on two cores
    """
    from simkit.whatif import readings as house

    base = scenario_of(scenario)
    file, overlays, then = study_of(base)
    with working(house.STEPS, "face.reading") as work:
        found = house.readings(file, overlays=overlays, then=then, draws=draws, seed=seed, progress=work.step)
    return Answer(found, base, {})


def _option(base: Scenario, label: str, given: Any) -> Scenario:
    """A scenario to compare with, of what a person gave for it."""
    if isinstance(given, Mapping):
        return named(base, given, label)
    if isinstance(given, str) and holds(base.data, label):
        raise InputError("face.label_forgotten", path=label, value=given)
    other = scenario_of(given)
    plans = [(one.data.plan.budget_year, one.data.plan.earned_years) for one in (base, other)]
    if plans[0] != plans[1]:
        # Another year's need beside this one's would be a difference of years, not of what was decided.
        raise InputError("face.other_years", label=label, year=plans[0][0], found=plans[1][0])
    return other


def _layer(base: Scenario) -> Callable[[Mapping[str, Any]], ScenarioData]:
    """What lays changes on a scenario."""
    return lambda changes: laid(base, changes) if changes else base.data


def _joined(values: Sequence[Any] | str) -> str:
    """Values as one text, as a command line would have them."""
    if isinstance(values, str):
        return values
    if not isinstance(values, Iterable) or not list(values):
        raise InputError("face.wants_values", found=repr(values))
    return ",".join(str(one) for one in values)
