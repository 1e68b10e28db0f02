"""`simkit check`: every fault in one pass; for what is sound, what was read, or all there is to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError, InputError
from simkit.base.said import Said
from simkit.cli.check_summary import RELIABILITIES, found_reliabilities, roster_lines, summary, term
from simkit.cli.terminal import echo, fold, grid, shown_width
from simkit.cli.words import say
from simkit.documents.file_kinds import Kind, kind_of, misplaced
from simkit.documents.overlay import value_text
from simkit.documents.telling import tell_all
from simkit.documents.tree import scan_yaml
from simkit.policy.coverage import NOT_MODELLED, coverage
from simkit.policy.load import load_policy
from simkit.policy.schema import Policy
from simkit.scenario import Scenario, ScenarioFile, load_scenario, read_overlay, uncertain, variants
from simkit.scenario.files import yaml_files
from simkit.scenario.types import SCENARIO_ROOTS
from simkit.scenario.unpriced import unpriced

__all__ = ["check_path"]

_SHARES = (14, 6, 31, 12, 15, 7, 25)


def check_path(path: str, language: str, everything: bool = False) -> int:
    """Check a file, or all files of a folder; print what was found and give the exit code, 0 or 2.

    `everything`: of what is sound, all there is to say; else what was read, and what is worth a look.
    """
    kinds = _files(Path(path), language)
    loaded: dict[Path, Any] = {}
    faults: list[Fault] = []
    bases: dict[tuple[Path, str], ScenarioFile] = {}
    for file, kind in kinds.items():
        try:
            loaded[file] = _load(file, kind, bases)
        except FaultsError as error:
            faults += error.faults
    if faults:
        return _show_faults(list(dict.fromkeys(faults)), language)
    for file, kind in kinds.items():
        if kind is None:
            echo(say(language, "skipped", path=file))
        elif everything:
            _show(file, kind, loaded[file], len(kinds) == 1, language)
    if not everything:
        _show_summary(path, {file: loaded[file] for file, kind in kinds.items() if kind}, language)
    return 0


def _show_summary(path: str, loaded: dict[Path, Any], language: str) -> None:
    if len(loaded) == 1 and isinstance(thing := next(iter(loaded.values())), list):
        # An overlay alone has little to say: all of it.
        echo("\n".join(_changed(Path(path), thing, language)))
    elif loaded:
        echo("\n".join([*summary(loaded, language), say(language, "check_all", path=path)]))


# --- what is there ----------------------------------------------------------------------------------------


def _files(path: Path, language: str) -> dict[Path, Kind | None]:
    """What each YAML file is, policies first; None: something else, or not to be read."""
    kind, found = kind_of(path)
    if not path.exists() or kind in ("run", "answer", "sheet"):
        raise FaultsError(misplaced(path, "scenario"))
    if kind is None and found:
        raise InputError("error.not_a_kind", path=path, found=found)
    if kind != "folder":
        return {path: kind or "policy"}
    files = yaml_files(path)
    if not files:
        raise InputError("error.nothing_here", path=path)
    kinds = {file: kind_of(file)[0] or ("policy" if file.name == "policy.yaml" else None) for file in files}
    order = ("policy", "scenario", "overlay", None)
    return dict(sorted(kinds.items(), key=lambda pair: order.index(pair[1])))


def _load(
    file: Path, kind: Kind | None, bases: dict[tuple[Path, str], ScenarioFile]
) -> Policy | Scenario | list[Scenario] | None:
    """What a file holds; of an overlay, its variants laid on the scenario.

    `bases`: those read so far, by the folder of an overlay and the scenario's id.
    """
    if kind == "policy":
        return load_policy(file, elsewhere=SCENARIO_ROOTS)
    if kind == "scenario":
        return load_scenario(file)
    if kind == "overlay":
        base = _base(file, bases)
        return [base.lay([one.changes]) for one in variants(*read_overlay(file))]
    _, faults = scan_yaml(file)
    if faults:
        raise FaultsError(faults)
    return None


def _base(file: Path, bases: dict[tuple[Path, str], ScenarioFile]) -> ScenarioFile:
    """The scenario that an overlay is laid on: beside it, or up to two folders up."""
    tree, faults = scan_yaml(file)
    base = None if tree is None else tree.get(("base",))
    if tree is None or not isinstance(base, str):
        raise FaultsError(
            faults or [Fault(str(file), 0, "base", Said("fault.text_not_empty"), Said("fault.nothing"))]
        )
    if found := bases.get((file.parent, base)):
        return found
    folders = file.parents[:3]
    likely = [folder / f"{base}.yaml" for folder in folders if (folder / f"{base}.yaml").exists()]
    for other in (*likely, *(one for folder in folders for one in sorted(folder.glob("*.yaml")))):
        other_tree, _ = scan_yaml(other)
        if other_tree and other_tree.get(("id",)) == base and kind_of(other)[0] == "scenario":
            return bases.setdefault((file.parent, base), ScenarioFile(other))
    raise FaultsError([tree.fault(("base",), Said("fault.id_of_scenario_near"), repr(base))])


# --- what is printed --------------------------------------------------------------------------------------


def _show_faults(faults: list[Fault], language: str) -> int:
    echo("\n".join(tell_all(faults, language)))
    echo(say(language, "fault" if len(faults) == 1 else "faults", count=len(faults)))
    return 2


def _show(file: Path, kind: Kind, thing: Any, alone: bool, language: str) -> None:
    """All that there is to say of one file."""
    if kind == "policy":
        counts = {"count": len(thing.measures), "readings": len(thing.readings)}
        echo(say(language, "sound_policy", path=file, **counts))
        lines = [term(thing, language), *_coverage(thing, {}, language)]
    elif kind == "scenario":
        echo(say(language, "sound_scenario", path=file, title=thing.plan.title.said(language)))
        lines = _coverage(thing.policy, thing.plan.choose, language) if alone else []
        lines += [""] if lines else []
        lines += _summary(thing, language)
    else:
        lines = _changed(file, thing, language)
    echo("\n".join([*lines, ""]))


def _changed(file: Path, laid: list[Scenario], language: str) -> list[str]:
    """What an overlay changes, all its variants together."""
    base = Path(laid[0].file)
    changes = dict.fromkeys(_change(one, language) for scenario in laid for one in scenario.changes)
    head = say(language, "sound_overlay", path=file, base=base.stem, title="")
    return [head, say(language, "changes"), *(f"  {one}" for one in changes)]


def _coverage(policy: Policy, chosen: Mapping[str, str], language: str) -> list[str]:
    """The coverage table, the readings in force, and what is not modelled."""
    keys = ("provision", "clause", "modelled", "priced_by", "payer", "status", "readings")
    provisions = coverage(policy, chosen)
    before = ((), *(one.readings for one in provisions))
    rows = [
        (
            one.name.said(language),
            one.clause,
            one.modelled.said(language),
            one.priced_by.said(language),
            one.payer.said(language),
            one.status.said(language),
            say(language, "same") if one.readings and one.readings == above else " ".join(one.readings),
        )
        for one, above in zip(provisions, before, strict=False)
    ]
    total = shown_width()
    lines = grid([say(language, key) for key in keys], rows, _SHARES, total)
    priced = Counter(one.priced_by.said(language) for one in provisions)
    lines += ["", say(language, "priced_title")]
    lines += [f"  {count:>3}  {words}" for words, count in priced.items()]
    lines += ["", say(language, "readings_title")] if policy.readings else []
    for line in _readings(policy, chosen, language):
        first, *rest = fold(line, total - 4)
        lines += [f"  {first}", *(f"    {part}" for part in rest)]
    lines += ["", say(language, "not_modelled")]
    return [*lines, *(f"  {one.said(language)}" for one in NOT_MODELLED)]


def _readings(policy: Policy, chosen: Mapping[str, str], language: str) -> Iterator[str]:
    for name, reading in policy.readings.items():
        option = chosen.get(name, reading.default)
        yield say(
            language,
            "reading",
            name=name,
            option=option,
            clause=reading.clause,
            question=reading.question.said(language),
            label=reading.options[option].label.said(language),
        )


def _summary(scenario: Scenario, language: str) -> list[str]:
    """What a scenario assumes, and what it leaves unpriced."""
    plan = scenario.plan
    first, last = plan.earned_years
    confidence = f"{plan.confidence / 100:g}%"
    facts = {"as_of": plan.as_of, "year": plan.budget_year, "first": first, "last": last}
    lines = [say(language, "reads", confidence=confidence, **facts)]
    if plan.renewed is not None:
        until, note = plan.renewed.until, plan.renewed.note.said(language)
        lines.append(say(language, "renewed", until=until, note=note))
    lines += roster_lines(scenario, language)
    found = found_reliabilities(scenario)
    counts = {"count": found.total(), "uncertain": len(uncertain(scenario))}
    lines.append(say(language, "assumptions_title", **counts))
    lines += [f"  {found[word]:>3}  {say(language, word)}" for word in RELIABILITIES if found[word]]
    names = [scenario.policy.measures[name].name.said(language) for name in unpriced(scenario)]
    lines.append(say(language, "unpriced", count=len(names)))
    return [*lines, *(f"  {name}" for name in names or [say(language, "none")])]


def _change(change: Any, language: str) -> str:
    before, after = (value_text(one, say(language, "absent")) for one in (change.before, change.after))
    return say(language, "change", path=change.path, before=before, after=after)
