"""`simkit check`: every fault in one pass; for what is sound, how it is modelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simkit.cli.messages import say
from simkit.cli.terminal import echo, fold, grid, shown_width
from simkit.errors import Fault, FaultsError, InputError
from simkit.policy.coverage import NOT_MODELLED, coverage
from simkit.policy.load import load_policy
from simkit.policy.telling import tell_all
from simkit.policy.tree import scan_yaml
from simkit.policy.types import Policy, Text
from simkit.scenario import (
    Scenario,
    ScenarioFile,
    assumptions,
    load_scenario,
    read_overlay,
    uncertain,
    variants,
)
from simkit.scenario.files import Kind, kind_of, yaml_files

__all__ = ["check_path", "roster_lines", "unpriced"]

_RELIABILITIES = ("sourced", "comparable", "judgement", "recalled")
_SHARES = (14, 6, 31, 12, 15, 7, 25)


def check_path(path: str, language: str) -> int:
    """Check a file, or all files of a folder; print what was found and give the exit code, 0 or 2."""
    kinds = _files(Path(path), language)
    loaded: dict[Path, Any] = {}
    faults: list[Fault] = []
    bases: dict[Path, ScenarioFile] = {}
    for file, kind in kinds.items():
        try:
            loaded[file] = _load(file, kind, bases, language)
        except FaultsError as error:
            faults += error.faults
    if faults:
        return _show_faults(list(dict.fromkeys(faults)), language)
    for file, kind in kinds.items():
        if kind is None:
            echo(say(language, "skipped", path=file))
        else:
            _show(file, kind, loaded[file], kinds, language)
    return 0


# --- what is there ----------------------------------------------------------------------------------------


def _files(path: Path, language: str) -> dict[Path, Kind | None]:
    """What each YAML file is, policies first; None: something else, or not to be read."""
    if not path.is_dir():
        kind, found = kind_of(path)
        if kind is None and found:
            raise InputError(say(language, "not_a_kind", path=path, found=found))
        return {path: kind or "policy"}
    files = yaml_files(path)
    if not files:
        raise InputError(say(language, "nothing_here", path=path))
    kinds = {file: kind_of(file)[0] or ("policy" if file.name == "policy.yaml" else None) for file in files}
    order = ("policy", "scenario", "overlay", None)
    return dict(sorted(kinds.items(), key=lambda pair: order.index(pair[1])))


def _load(
    file: Path, kind: Kind | None, bases: dict[Path, ScenarioFile], language: str
) -> Policy | Scenario | list[Scenario] | None:
    """What a file holds; of an overlay, its variants laid on the scenario. `bases`: those read so far."""
    if kind == "policy":
        return load_policy(file)
    if kind == "scenario":
        return load_scenario(file)
    if kind == "overlay":
        path = _base(file, language)
        bases[path] = bases.get(path) or ScenarioFile(path)
        return [bases[path].lay([one.changes]) for one in variants(*read_overlay(file))]
    _, faults = scan_yaml(file)
    if faults:
        raise FaultsError(faults)
    return None


def _base(file: Path, language: str) -> Path:
    """The scenario that an overlay is laid on: beside it, or up to two folders up."""
    tree, faults = scan_yaml(file)
    base = None if tree is None else tree.get(("base",))
    if tree is None or not isinstance(base, str):
        raise FaultsError(faults or [Fault(str(file), 0, "base", "text that is not empty", "nothing")])
    folders = file.parents[:3]
    likely = [folder / f"{base}.yaml" for folder in folders if (folder / f"{base}.yaml").exists()]
    for other in (*likely, *(one for folder in folders for one in sorted(folder.glob("*.yaml")))):
        found, _ = scan_yaml(other)
        if found is not None and found.get(("id",)) == base and kind_of(other)[0] == "scenario":
            return other
    raise FaultsError([tree.fault(("base",), say(language, "base"), repr(base))])


# --- what is printed --------------------------------------------------------------------------------------


def _show_faults(faults: list[Fault], language: str) -> int:
    echo("\n".join(tell_all(faults, language)))
    echo(say(language, "fault" if len(faults) == 1 else "faults", count=len(faults)))
    return 2


def _show(file: Path, kind: Kind, thing: Any, kinds: Mapping[Path, Kind | None], language: str) -> None:
    alone = len(kinds) == 1
    if kind == "policy":
        counts = {"count": len(thing.measures), "readings": len(thing.readings)}
        echo(say(language, "sound_policy", path=file, **counts))
        lines = [*_term(thing, language), *_coverage(thing, {}, language)]
    elif kind == "scenario":
        echo(say(language, "sound_scenario", path=file, title=_in(thing.plan.title, language)))
        lines = _coverage(thing.policy, thing.plan.choose, language) if alone else []
        lines += [""] if lines else []
        lines += _summary(thing, language)
    else:
        base = Path(thing[0].file)
        echo(say(language, "sound_overlay", path=file, base=base.stem, title=""))
        changes = dict.fromkeys(_change(one, language) for scenario in thing for one in scenario.changes)
        lines = [say(language, "changes"), *(f"  {one}" for one in changes)]
    echo("\n".join([*lines, ""]))


def _in(text: Text, language: str) -> str:
    return text.zh if language == "zh" else text.en


def _term(policy: Policy, language: str) -> list[str]:
    term = policy.document.in_force
    until = term.until or say(language, "no_end")
    return [say(language, "term", number=policy.document.number, since=term.since, until=until)]


def _coverage(policy: Policy, chosen: Mapping[str, str], language: str) -> list[str]:
    """The coverage table, the readings in force, and what is not modelled."""
    keys = ("provision", "clause", "modelled", "priced_by", "payer", "status", "readings")
    provisions = coverage(policy, chosen)
    before = ((), *(one.readings for one in provisions))
    rows = [
        (
            _in(one.name, language),
            one.clause,
            _in(one.modelled, language),
            _in(one.priced_by, language),
            _in(one.payer, language),
            _in(one.status, language),
            say(language, "same") if one.readings and one.readings == above else " ".join(one.readings),
        )
        for one, above in zip(provisions, before, strict=False)
    ]
    total = shown_width()
    lines = grid([say(language, key) for key in keys], rows, _SHARES, total)
    priced = Counter(_in(one.priced_by, language) for one in provisions)
    lines += ["", say(language, "priced_title")]
    lines += [f"  {count:>3}  {words}" for words, count in priced.items()]
    lines += ["", say(language, "readings_title")] if policy.readings else []
    for line in _readings(policy, chosen, language):
        first, *rest = fold(line, total - 4)
        lines += [f"  {first}", *(f"    {part}" for part in rest)]
    lines += ["", say(language, "not_modelled")]
    return [*lines, *(f"  {_in(one, language)}" for one in NOT_MODELLED)]


def _readings(policy: Policy, chosen: Mapping[str, str], language: str) -> Iterator[str]:
    for name, reading in policy.readings.items():
        option = chosen.get(name, reading.default)
        yield say(
            language,
            "reading",
            name=name,
            option=option,
            clause=reading.clause,
            question=_in(reading.question, language),
            label=_in(reading.options[option].label, language),
        )


def _summary(scenario: Scenario, language: str) -> list[str]:
    """What a scenario assumes, and what it leaves unpriced."""
    plan = scenario.plan
    first, last = plan.earned_years
    confidence = f"{plan.confidence / 100:g}%"
    facts = {"as_of": plan.as_of, "year": plan.budget_year, "first": first, "last": last}
    lines = [say(language, "reads", confidence=confidence, **facts)]
    if plan.renewed is not None:
        until, note = plan.renewed.until, _in(plan.renewed.note, language)
        lines.append(say(language, "renewed", until=until, note=note))
    lines += roster_lines(scenario, language)
    entries = [entry for _, entry in assumptions(scenario)]
    found: Counter[str] = Counter(
        entry.reliability or plan.sources[entry.source].reliability for entry in entries
    )
    found.update(plan.sources[value.source].reliability for value in plan.policy_values.values())
    counts = {"count": found.total(), "uncertain": len(uncertain(scenario))}
    lines.append(say(language, "assumptions_title", **counts))
    lines += [f"  {found[word]:>3}  {say(language, word)}" for word in _RELIABILITIES if found[word]]
    names = [_in(scenario.policy.measures[name].name, language) for name in unpriced(scenario)]
    lines.append(say(language, "unpriced", count=len(names)))
    return [*lines, *(f"  {name}" for name in names or [say(language, "none")])]


def roster_lines(scenario: Scenario, language: str) -> list[str]:
    """What was read of the list of agencies, where the scenario names one."""
    if scenario.roster is None:
        return []
    from simkit.report.roster_words import read_words  # seldom asked for

    return read_words(scenario.plan, scenario.roster, "zh" if language == "zh" else "en")


def unpriced(scenario: Scenario) -> list[str]:
    """Ids of measures in force that cost money and that neither the policy nor the scenario prices."""
    return [
        name
        for name, measure in scenario.policy.measures.items()
        if measure.priced_by != "non_monetary"
        and measure.status == "in_force"
        and not measure.outside
        and name not in scenario.plan.claims
    ]


def _change(change: Any, language: str) -> str:
    before = say(language, "absent") if change.before is None else change.before
    after = say(language, "absent") if change.after is None else change.after
    return say(language, "change", path=change.path, before=before, after=after)
