"""A scenario as a notebook shows it: what was changed, what is assumed, and the same with something changed."""

from __future__ import annotations

import datetime
import getpass
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np

from simkit.base.display import display
from simkit.base.errors import Fault, FaultsError, InputError
from simkit.base.words import LANGUAGES, say
from simkit.documents.file_kinds import kind_of
from simkit.documents.models import Text
from simkit.documents.overlay import Change, split_path, value_text
from simkit.documents.overlay_file import Lines, Overlay
from simkit.documents.tree import Tree
from simkit.face.assumptions import assumptions_frame, settable
from simkit.face.card import Card, Fold, Shown
from simkit.face.find import find_scenario
from simkit.face.policy import Policy
from simkit.scenario import Scenario as ScenarioData
from simkit.scenario import ScenarioFile, uncertain
from simkit.scenario.origins import overlay_of, since

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Scenario",
    "full_path",
    "laid",
    "load_scenario",
    "named",
    "on_file",
    "scenario_of",
    "study_of",
]

#: Where a fault of a change made in a program stands, and what it is called in the scenario's name.
_PLACE, _NAME = "change()", "changes"
_VALUE = ".value"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Scenario(Shown):
    """A policy with every assumption of a run: a card in a cell, a frame of its assumptions on demand.

    Attributes
    ----------
    data : simkit.scenario.Scenario
        All that a run needs.
    """

    data: ScenarioData
    _file: ScenarioFile | None
    _overlays: tuple[str | Path, ...] = ()
    _made: tuple[Lines, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.data.digests == other.data.digests

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.data.digests.items())))

    def change(self, changes: Mapping[str, Any], *, reason: str = "", source: str = "") -> Scenario:
        """The scenario with some of its values changed; it stays as it is itself.

        Parameters
        ----------
        changes : mapping of path to value
            Paths as `to_frame` and the policy's files have them; money with its unit (`"30万元"`), shares as `"40%"`,
            None takes a key away. What was changed before is kept.
        reason : str, optional
            Why: stands beside the value in every register and report.
        source : str, optional
            Where the new figure comes from, in words.

        Returns
        -------
        Scenario

        Raises
        ------
        FaultsError
            For a path that there is not, with the nearest, or a value that cannot stand there.

        Examples
        --------
        >>> import simkit
        >>> scenario = simkit.load_scenario("ningbo-hr-2023/baseline")
        >>> lower = scenario.change({"claims.headhunting.take_up": "35%"}, reason="survey of agencies, 2026")
        >>> lower.diff()["after"].tolist()
        ['35%']
        """
        made = self._written(changes)
        return self._with((*self._made, self._lines(made, reason, source, _NAME))) if made else self

    def diff(self, other: Scenario | str | Path | None = None) -> pd.DataFrame:
        """What is other than in the scenario's file, or in another scenario.

        Parameters
        ----------
        other : Scenario or file, optional
            What it is held against; None: itself as its file has it.

        Returns
        -------
        DataFrame
            Indexed by `path`: `before` (the other's value), `after`, and `reason` and `source` of a change made with
            them. Values as texts, as a file would have them.

        Raises
        ------
        InputError
            Where `other` is no scenario.

        Examples
        --------
        >>> import simkit
        >>> scenario = simkit.load_scenario("ningbo-hr-2023/baseline")
        >>> len(scenario.diff())
        0
        """
        from simkit.face.frames import frame

        if other is None:
            rows = [
                dict(zip(("path", "before", "after", "reason", "source"), one, strict=True))
                for one in self._changed()
            ]
        else:
            rows = list(_differences(scenario_of(other).data, self.data))
        return frame(rows, unit="", index=["path"], columns=["path", "before", "after", "reason", "source"])

    def to_frame(self, lang: str | None = None, unit: str | None = None) -> pd.DataFrame:
        """The assumptions, one a row, without a run.

        Parameters
        ----------
        lang : str, optional
            Language of the words; None: as `simkit.options` has set.
        unit : str, optional
            Of money; None: as `simkit.options` has set.

        Returns
        -------
        DataFrame
            Indexed by `path`, which `change` takes. `name`; `value` in words; `low`, `mode`, `high` and `mean` as
            numbers (NaN where the law has none, or it is no number); `dist`; `unit` of the row; `source`,
            `reliability`, `note`; of a changed one `before` and `reason`.

        Raises
        ------
        InputError
            For a language or unit that there is not.

        Examples
        --------
        >>> import simkit
        >>> assumptions = simkit.load_scenario("ningbo-hr-2023/baseline").to_frame(lang="en")
        >>> assumptions.loc["claims.headhunting.take_up", "dist"]
        'triangular'
        """
        from simkit.face.frames import unit_of
        from simkit.face.words import in_language

        return assumptions_frame(self.data, in_language(lang), unit_of(unit))

    @property
    def policy(self) -> Policy:
        """The policy as the scenario has it, with what was changed."""
        return Policy(self.data.policy, self.data.file)

    # ------------------------------------------------------------------ within

    def _written(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Changes as a file would hold them."""
        if not isinstance(changes, Mapping):
            raise InputError("face.wants_changes", found=type(changes).__name__)
        return {
            full_path(self, str(path)): self._law(str(path), _plain(value)) for path, value in changes.items()
        }

    def _law(self, path: str, value: Any) -> Any:
        """A value alone where a law stands: always that."""
        node = _at(self.data.plan_data, path)
        is_law = isinstance(node, dict) and "dist" in node
        return (
            {"dist": "constant", "value": value}
            if is_law and not isinstance(value, dict | NoneType)
            else value
        )

    def _with(self, made: tuple[Lines, ...]) -> Scenario:
        """The same with these changes made, in order."""
        if self._file is None:
            raise InputError("face.scenario_of_result", file=self.data.file)
        try:
            data = self._file.lay(self._overlays, then=made)
        except FaultsError as error:
            # What the scenario itself lacks was told when it was loaded: whoever types a change hears of that alone.
            raise FaultsError(_ours(error, made[-1])) from None
        return Scenario(data, self._file, self._overlays, made)

    def _lines(self, changes: dict[str, Any], reason: str, source: str, name: str) -> Lines:
        tree = Tree(changes, _PLACE)
        if not changes or not (reason or source):
            return Lines(name, tree)
        words = Text(**{lang: reason or say(lang, "face.changed_here") for lang in LANGUAGES})
        overlay = Overlay(
            name="changes",
            title=words,
            base=self.data.plan.id,
            base_digest=self._file.base_digest if self._file else "",
            author=_author(),
            date=datetime.date.today(),
            reason=words,
            source=source,
            changes=changes,
            sweep={},
        )
        return Lines(name, tree, overlay)

    def _short(self, path: str) -> str:
        """The path of an assumption, of that of its value."""
        held = path.removesuffix(_VALUE)
        return held if path.endswith(_VALUE) and _is_assumed(self, held) else path

    def _changed(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Path, before, after, reason and source of what is other than in the file."""
        lang, found = display().lang, dict[str, Change]()
        for one in self.data.changes:
            found[one.path] = since(found.get(one.path), one)
        for one in found.values():
            if not one.same:
                overlay = overlay_of(self.data, one)
                reason, source = ("", "") if overlay is None else (overlay.reason.said(lang), overlay.source)
                yield self._short(one.path), value_text(one.before), value_text(one.after), reason, source

    def _card(self, lang: str) -> Card:
        data, plan = self.data, self.data.plan
        changes = tuple(one[:4] for one in self._changed())
        known = settable(data, lang)
        drawn = len(uncertain(data))
        sourced = sum(one.reliability == "sourced" for one in known)
        counts = {"count": len(known), "drawn": drawn, "sourced": sourced, "others": len(known) - sourced}
        title = say(
            lang,
            "face.scenario",
            name=data.name,
            year=plan.budget_year,
            confidence=f"{plan.confidence / 100:g}%",
        )
        lines = [plan.title.said(lang)]
        lines += [say(lang, "face.unusual_values", count=len(data.unusual))] if data.unusual else []
        lines += (
            [say(lang, "face.outdated", names=", ".join(one.name for one in data.outdated))]
            if data.outdated
            else []
        )
        heads = tuple(say(lang, f"face.head.{key}") for key in ("path", "before", "after", "reason"))
        about = tuple(say(lang, f"face.head.{key}") for key in ("path", "value", "source"))
        folds = (
            Fold(say(lang, "face.changes", count=len(changes)), heads, changes),
            Fold(
                say(lang, "face.assumptions", **counts),
                about,
                tuple((one.path, one.value, one.source) for one in known),
            ),
        )
        return Card(title, tuple(lines), folds)


def on_file(scenario: Scenario) -> Scenario:
    """The same on its file, so that changes can be laid on it.

    Raises
    ------
    InputError
        Where the file is not there, or the scenario was made from something else.
    """
    if scenario._file is not None:
        return scenario
    with suppress(FaultsError):
        found = load_scenario(scenario.data.file)
        if found == scenario:
            return found
    raise InputError("face.scenario_of_result", file=scenario.data.file)


def study_of(scenario: Scenario) -> tuple[ScenarioFile, tuple[str | Path, ...], tuple[Lines, ...]]:
    """The file of a scenario, the overlays and the changes made after them."""
    found = on_file(scenario)
    assert found._file is not None  # `on_file` gives it
    return found._file, found._overlays, found._made


def laid(scenario: Scenario, changes: Mapping[str, Any]) -> ScenarioData:
    """What a question lays on a scenario, again and again."""
    file, overlays, then = study_of(scenario)
    return file.lay(overlays, dict(changes), then=then)


def named(scenario: Scenario, changes: Mapping[str, Any], name: str) -> Scenario:
    """A scenario with changes of a name of their own."""
    return scenario._with((*scenario._made, scenario._lines(scenario._written(changes), "", "", name)))


def full_path(scenario: Scenario, path: str) -> str:
    """A path of an assumption leads to its value."""
    return f"{path}{_VALUE}" if _is_assumed(scenario, path) else path


def _is_assumed(scenario: Scenario, path: str) -> bool:
    """Whether a path leads to an assumption: a value with its source."""
    node = _at(scenario.data.plan_data, path)
    return isinstance(node, dict) and {"value", "source"} <= set(node)


def _at(data: Any, path: str) -> Any:
    """What stands at a path; None where nothing does."""
    with suppress(LookupError, TypeError, ValueError):
        return Tree(data, "").get(split_path(data, path))
    return None


def _ours(error: FaultsError, made: Lines) -> list[Fault]:
    """Of some faults those of the changes that were typed last; all where none is."""

    def ours(fault: Fault) -> bool:
        return any(
            f"{fault.path}.".startswith(f"{path}.") or f"{path}.".startswith(f"{fault.path}.")
            for path in made
        )

    return [one for one in error.faults if ours(one)] or list(error.faults)


def _plain(value: Any) -> Any:
    """A value as a file would hold it: numbers of numpy and pandas are plain ones."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def _author() -> str:
    """Who changed it, as the computer knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "—"


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything that has no parts."""
    parts = (
        node.items()
        if isinstance(node, Mapping)
        else enumerate(node)
        if isinstance(node, list | tuple)
        else None
    )
    if parts is None or not node:
        yield path, node
        return
    for key, one in parts:
        yield from _leaves(one, f"{path}.{key}" if path else str(key))


def _differences(before: ScenarioData, after: ScenarioData) -> Iterator[dict[str, str]]:
    """Leaves that differ, as texts; what is on one side only has a dash on the other."""
    sides = [dict(_leaves(one.plan_data)) | dict(_leaves(one.policy_data)) for one in (before, after)]
    for path in dict.fromkeys([*sides[0], *sides[1]]):
        values = [one.get(path) for one in sides]
        if values[0] != values[1]:
            texts = map(value_text, values)
            yield dict(zip(("path", "before", "after"), (path, *texts), strict=True)) | {
                "reason": "",
                "source": "",
            }


def load_scenario(file: str | Path, overlays: Sequence[str | Path] | str | Path = ()) -> Scenario:
    """Read a scenario and its policy, with overlays laid on.

    Parameters
    ----------
    file : str or Path
        The scenario's file; "ningbo-hr-2023/baseline" is looked for in `scenarios/` here and in the folders above.
    overlays : files, optional
        Laid on in this order.

    Returns
    -------
    Scenario

    Raises
    ------
    FaultsError
        With every fault of all files: line, path, what was expected and found.
    InputError
        Where there is no such file.

    Examples
    --------
    >>> import simkit
    >>> simkit.load_scenario("ningbo-hr-2023/baseline").data.plan.budget_year
    2024
    """
    found = find_scenario(file)
    if kind_of(found)[0] == "overlay":
        raise InputError("face.an_overlay", file=str(file))
    files = (overlays,) if isinstance(overlays, str | Path) else tuple(overlays)
    read = ScenarioFile(found)
    return Scenario(read.lay(files), read, files)


def scenario_of(given: Any) -> Scenario:
    """A scenario, or the one in a file.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | Path):
        return load_scenario(given)
    raise InputError("face.wants_scenario", found=type(given).__name__)
