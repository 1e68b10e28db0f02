"""What a report is told from: a saved run, the runs beside it, and answers that were saved for the same scenario."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from simkit.base.errors import InputError
from simkit.runs.loading import load_result
from simkit.runs.manifest import read_manifest
from simkit.runs.result import Result
from simkit.scenario import ScenarioFile
from simkit.whatif.answers import Origin, load_answer
from simkit.whatif.drivers import Drivers
from simkit.whatif.readings import Readings

__all__ = ["Saved"]


Answer = TypeVar("Answer", Drivers, Readings)


@dataclass(frozen=True)
class Saved:
    """A saved run and what was saved beside it; each is read when it is first asked for.

    Attributes
    ----------
    run : Path
        The run's folder.
    variants : dict of name to folder
        Runs to compare with: `independence`, `trend`, `central`, `chance`; any may be left out.
    base : Path or None
        For a run with overlays: the run of the scenario without them, with the same seed and draws.
    file : ScenarioFile or None
        The scenario's file as it was read for the run.
    """

    run: Path
    variants: dict[str, Path] = field(default_factory=dict)
    base: Path | None = None
    file: ScenarioFile | None = None

    @cached_property
    def result(self) -> Result:
        """The run itself."""
        return load_result(self.run)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The run's manifest."""
        return read_manifest(self.run)

    @cached_property
    def baseline(self) -> Result | None:
        """The run without overlays; None where there are none."""
        return None if self.base is None else load_result(self.base)

    @cached_property
    def independence(self) -> Result | None:
        """Without the common factor."""
        return self._variant("independence")

    @cached_property
    def trend(self) -> Result | None:
        """Growth as the trend gives it; None where the plan aims at no target."""
        return self._variant("trend")

    @cached_property
    def central(self) -> Result | None:
        """Every uncertain assumption at its mean."""
        return self._variant("central")

    @cached_property
    def chance(self) -> Result | None:
        """As central, without common factor and shocks."""
        return self._variant("chance")

    @cached_property
    def drivers(self) -> Drivers | None:
        """The answer of `simkit drivers` about the headline of exactly this scenario; None where none was saved."""
        return self._answer(Drivers, lambda found: found.asked["of"] == "headline")

    @cached_property
    def readings(self) -> Readings | None:
        """The answer of `simkit readings` about exactly this scenario; None where none was saved."""
        return self._answer(Readings, lambda _: True)

    def _variant(self, name: str) -> Result | None:
        return load_result(self.variants[name]) if name in self.variants else None

    def _answer(self, kind: type[Answer], fits: Callable[[Answer], bool]) -> Answer | None:
        """The answer of a kind with this run's digests: of the same seed before others, then of the most draws."""
        found = []
        for path in sorted(self.run.parent.glob(f"{kind.__name__.lower()}-*.json")):
            if not self._is_about_this(path):
                continue
            answer = load_answer(kind, path)
            if fits(answer):
                found.append(answer)
        return max(found, key=lambda one: self._rank(one.origin), default=None)

    def _is_about_this(self, path: Path) -> bool:
        try:
            digests = json.loads(path.read_text(encoding="utf-8"))["answer"]["origin"]["digests"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError("error.no_saved_answer", path=path, found=type(error).__name__) from error
        return bool(digests == self.manifest["digests"])

    def _rank(self, origin: Origin) -> tuple[bool, int]:
        return origin.seed == self.manifest["seed"], origin.draws
