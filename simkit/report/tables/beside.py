"""The report's figure beside that of a page with fewer draws, and why they differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from simkit.base.errors import InputError
from simkit.base.money import format_wan
from simkit.base.words import say
from simkit.report.papers.table import Language
from simkit.runs.figures import figures_of
from simkit.runs.loading import load_result
from simkit.runs.manifest import read_manifest
from simkit.scenario import Scenario
from simkit.sizing.estimate import Estimate

__all__ = ["Reported", "beside", "reported"]

#: The folder that runs are saved in unless another is asked for.
_RESULTS = "reports"


class Reported(NamedTuple):
    """What a saved run says is enough for the special fund in the budget year. Fen."""

    draws: int
    seed: int
    needed: Estimate


def reported(scenario: Scenario) -> Reported | None:
    """The need by the saved run of exactly this scenario that has most draws; None where there is none.

    Runs are looked for in `reports` where the user stands, and beside the scenario's file or above it.
    """
    runs = dict(sorted(_runs(scenario)))
    if not runs:
        return None
    try:
        result = load_result(runs[max(runs)])
    except InputError:  # what is damaged is said where it is opened
        return None
    found = figures_of(result).needed
    return None if found.refusal is not None else Reported(result.draws, result.seed, found)


def _runs(scenario: Scenario) -> Iterator[tuple[int, Path]]:
    """Draws and folder of every saved run of a scenario."""
    here = Path.cwd()
    bases = dict.fromkeys([here, here.parent, *Path(scenario.file).resolve().parents[:4]])
    for base in bases:
        for path in sorted((base / _RESULTS / scenario.name).glob("*/manifest.json")):
            try:
                manifest = read_manifest(path.parent)
            except InputError:
                continue
            if manifest.get("digests") == dict(scenario.digests) and isinstance(manifest.get("draws"), int):
                yield manifest["draws"], path.parent


def beside(found: Reported | None, draws: int, lang: Language, own: Estimate | None = None) -> str:
    """The sentence that a page says of its own figure.

    Parameters
    ----------
    draws : int
        Of the page.
    own : Estimate, optional
        What the page says is enough as the scenario stands; None: it stands on the page with its interval.
    """
    words = {"draws": f"{draws:,}"}
    told = "" if own is None or own.refusal is not None else say(lang, "beside.own", **_shown(own))
    if found is None:
        return say(lang, "beside.none", own=told, **words)
    key = "beside.same" if found.draws == draws else "beside.report"
    return say(lang, key, own=told, report_draws=f"{found.draws:,}", **_shown(found.needed), **words)


def _shown(one: Estimate) -> dict[str, str]:
    numbers = {"amount": one.value, "low": one.low, "high": one.high}
    return {name: format_wan(round(fen)) for name, fen in numbers.items()}
