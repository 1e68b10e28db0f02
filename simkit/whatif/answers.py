"""Answers of the what-if commands: plain data with their origin, saved as one file, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from simkit.base.errors import InputError
from simkit.base.project import newest_saved
from simkit.base.said import Said, listed
from simkit.base.whole_files import write_whole
from simkit.documents.models import Text
from simkit.runs.versions import code_version
from simkit.scenario import Scenario
from simkit.scenario.unpriced import unpriced

__all__ = [
    "FORMAT",
    "Origin",
    "answer_name",
    "load_answer",
    "names_of",
    "newest_answer",
    "origin_of",
    "save_answer",
]

FORMAT = 3

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an answer was computed from.

    Attributes
    ----------
    scenario : str
        The baseline's name (with overlays laid on it).
    title : Text
    file : str
    seed, draws : int
    budget_year : int
    confidence : int
        Over 10,000.
    funds : tuple of Text
        Names of the special funds.
    digests : dict of str to str
        SHA-256 of the policy, the plan and the policy's text.
    code : dict
        Version of simkit, commit.
    unpriced, unpriced_after : tuple of Text
        Names of the measures in force that no figure holds, because nothing prices them: in the scenario as it
        stands, and under any of the changes that the answer is about.
    """

    scenario: str
    title: Text
    file: str
    seed: int
    draws: int
    budget_year: int
    confidence: int
    funds: tuple[Text, ...]
    digests: dict[str, str]
    code: dict[str, Any]
    unpriced: tuple[Text, ...] = ()
    unpriced_after: tuple[Text, ...] = ()

    def fund(self, lang: str) -> str:
        """Name of the special fund in a language."""
        return listed(self.funds, lang) or "—"


def origin_of(scenario: Scenario, *, seed: int, draws: int, changed: Collection[Scenario] = ()) -> Origin:
    """The origin of an answer about a scenario, and about what it is `changed` into."""
    plan = scenario.plan
    after = {name: None for one in changed or (scenario,) for name in _unpriced(one)}
    return Origin(
        scenario=scenario.name,
        title=plan.title,
        file=Path(scenario.file).as_posix(),
        seed=seed,
        draws=draws,
        budget_year=plan.budget_year,
        confidence=plan.confidence,
        funds=scenario.policy.special_funds,
        digests=dict(scenario.digests),
        code=code_version(),
        unpriced=_unpriced(scenario),
        unpriced_after=tuple(after),
    )


def _unpriced(scenario: Scenario) -> tuple[Text, ...]:
    return tuple(scenario.policy.measures[name].name for name in unpriced(scenario))


def names_of(*scenarios: Scenario) -> dict[str, Text]:
    """Names: `measure ID`, `fund ID`, `line ID`, as far as they have one."""
    found: dict[str, Text] = {}
    for one in scenarios:
        found |= {f"measure {key}": it.name for key, it in one.policy.measures.items()}
        found |= {f"fund {key}": it.name for key, it in one.policy.funds.items()}
        if "line" in one.policy.attributes:
            found |= {f"line {key}": it for key, it in one.policy.attributes["line"].labels.items()}
    return found


def answer_name(answer: Any) -> str:
    """Name of an answer's file: `KIND-DIGEST-nDRAWS-sSEED.json`; the digest is of all that was asked."""
    kind, origin = type(answer).__name__.lower(), answer.origin
    asked = {**origin.digests, "asked": getattr(answer, "asked", {})}
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:8]
    return f"{kind}-{digest}-n{origin.draws}-s{origin.seed}.json"


def newest_answer(*kinds: type[Any], command: str) -> Path:
    """The file of the newest saved answer of some kinds; `command` makes one.

    Raises
    ------
    InputError
        Where there is none.
    """
    return newest_saved(*(f"{kind.__name__.lower()}-*.json" for kind in kinds), command=command)


def save_answer(answer: Any, folder: str | Path) -> Path:
    """Write an answer: whole or not at all, in the place of an older one of the same inputs.

    Parameters
    ----------
    answer : frozen dataclass of plain data
        With `origin`; its class names the kind.
    folder : str or Path
        The scenario's folder of results.

    Returns
    -------
    Path
        As `answer_name` names it, or beside what is not simkit's own there.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    kind = type(answer).__name__.lower()
    data = TypeAdapter(type(answer)).dump_python(answer, mode="json")
    path = Path(folder) / answer_name(answer)
    text = json.dumps({"format": FORMAT, "kind": kind, "answer": data}, ensure_ascii=False, indent=1)
    return write_whole(path, text + "\n", "error.not_written")


def load_answer(kind: type[Answer], path: str | Path) -> Answer:
    """A saved answer of a kind.

    Raises
    ------
    InputError
        Where there is none, or one of another kind or format.
    """
    name = kind.__name__.lower()
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(data, dict) or (data.get("format"), data.get("kind")) != (FORMAT, name):
            raise InputError("error.not_an_answer", path=path, kind=name, found=Said("fault.another_file"))
        return TypeAdapter(kind).validate_python(data["answer"])
    except OSError as error:
        raise InputError("error.not_an_answer", path=path, kind=name, found=error) from error
    except (ValueError, KeyError, ValidationError) as error:
        found = str(error).splitlines()[0]
        raise InputError("error.not_an_answer", path=path, kind=name, found=found) from error
