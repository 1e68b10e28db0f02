"""Sliders in a cell: figures of a policy moved by hand, what they cost at once beside them."""

from __future__ import annotations

from pathlib import Path

from simkit.base.errors import InputError
from simkit.face.find import find_scenario
from simkit.face.scenario import Scenario, scenario_of
from simkit.runs.job import DEFAULT_SEED
from simkit.whatif.live.live import LIVE_DRAWS

__all__ = ["sliders"]


def sliders(
    scenario: Scenario | str | Path, *, draws: int = LIVE_DRAWS, seed: int = DEFAULT_SEED, lang: str = ""
) -> None:
    """Show the figures of a scenario's policy as sliders, and what moving them costs, on the same claims.

    Parameters
    ----------
    scenario : Scenario or file
        As its file has it.
    draws, seed : int
        As in `run`.
    lang : str
        Empty: the language that `simkit lab` was started in, else Chinese.

    Returns
    -------
    None
        They stand below the cell.

    Raises
    ------
    InputError
        For a scenario that was changed since it was read, or a language that there is none of.

    Examples
    --------
    >>> import simkit
    >>> show = simkit.sliders  # in a notebook: simkit.sliders("ningbo-hr-2023/baseline")
    """
    from simkit.report.pages.live.view import show_live

    file = find_scenario(scenario) if isinstance(scenario, str | Path) else _file_of(scenario_of(scenario))
    show_live(file, draws=draws, seed=seed, lang=lang)


def _file_of(scenario: Scenario) -> str:
    if len(scenario.diff()):
        raise InputError("face.sliders_of_change", file=scenario.data.file)
    return scenario.data.file
