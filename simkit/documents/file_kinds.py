"""Which kind of file is this: policy, scenario, overlay, saved run? And its use where another is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said, Words
from simkit.documents.given import READABLE, read_given
from simkit.documents.spelling import nearest
from simkit.documents.tree import Tree, scan_yaml

__all__ = ["Kind", "kind_of", "misplaced", "near_file"]

Kind = Literal["policy", "scenario", "overlay", "run", "answer", "sheet", "folder"]

#: Keys that stand at the top of each kind of YAML file.
_MARKS: dict[Kind, set[str]] = {
    "policy": {"measures", "document", "funds"},
    "overlay": {"changes", "sweep", "base"},
    "scenario": {"claims", "population", "budget_year", "earned_years", "factor"},
}
_SHEETS = (".xlsx", ".xls", ".xlsm", ".csv")
_MANIFEST = "manifest.json"
#: Of a saved answer.
_MOST_BYTES = 50_000_000

_NAMES: dict[Kind, Said] = {
    "policy": Said("fault.a_policy"),
    "scenario": Said("fault.a_scenario"),
    "overlay": Said("fault.an_overlay"),
    "run": Said("fault.a_saved_run"),
    "answer": Said("fault.a_saved_answer"),
    "sheet": Said("fault.a_spreadsheet"),
    "folder": Said("fault.a_folder"),
}
#: How a kind of file is used, where a scenario or something else is asked for.
_USES: dict[Kind, Said] = {
    "policy": Said("fault.scenario_names_under_policy_give_scenario"),
    "scenario": Said("fault.stands_by_itself_give_first_overlays"),
    "run": Said("fault.simkit_verify_run_checks_give_scenario"),
    "answer": Said("fault.ask_for_again_with_file_scenario"),
    "sheet": Said("fault.list_agencies_named_scenario_population_roster"),
}
_SAVED = Said("fault.simkit_run_computes_scenario_give_folder")
_SHAPES: dict[type, Said] = {str: Said("fault.text"), list: Said("fault.a_list"), dict: Said("fault.no_keys")}
_NAMED = 6


def kind_of(path: str | Path, tree: Tree | None = None) -> tuple[Kind | None, Words]:
    """What a file is, by the keys at its top; else what was found, empty where it cannot be read at all.

    Parameters
    ----------
    path : str or Path
        A file or a folder; YAML, JSON or a spreadsheet.
    tree : Tree, optional
        The file's content, where it was read before.
    """
    path = Path(path)
    if path.is_dir():
        return ("run" if (path / _MANIFEST).exists() else "folder"), ""
    if path.suffix.lower() in _SHEETS:
        return "sheet", ""
    if path.suffix.lower() == ".json":
        return _kind_of_json(path), ""
    tree = tree or scan_yaml(path)[0]
    if tree is None:
        return None, ""
    keys = set(tree.data) if isinstance(tree.data, dict) else set()
    best = max(_MARKS, key=lambda kind: len(_MARKS[kind] & keys))
    if _MARKS[best] & keys:
        return best, ""
    return None, ", ".join(sorted(keys)[:_NAMED]) or _SHAPES.get(type(tree.data), Said("fault.a_number"))


def _kind_of_json(path: Path) -> Kind | None:
    if path.name == _MANIFEST:
        return "run"
    try:
        data = json.loads(read_given(path, _MOST_BYTES))
    except (FaultsError, ValueError, RecursionError):
        return None
    return "answer" if isinstance(data, dict) and {"format", "kind", "answer"} <= set(data) else None


def misplaced(path: str | Path, wanted: Kind, tree: Tree | None = None) -> list[Fault]:
    """The one fault of a path where nothing is, or another kind of file than is wanted.

    None where it is what is wanted, or nothing that simkit knows: who reads it says what is wrong with it.
    """
    if tree is None and not Path(path).exists():
        return [Fault(str(path), 0, "(file)", READABLE, Said("fault.no_file_directory"), near_file(path))]
    kind, _ = kind_of(path, tree)
    if kind is None or kind == wanted:
        return []
    return [Fault(str(path), 0, "(file)", _NAMES[wanted], _NAMES[kind], _way(Path(path), kind, wanted, tree))]


def _way(path: Path, kind: Kind, wanted: Kind, tree: Tree | None) -> Said | None:
    """How to use what was given."""
    if wanted == "run" and kind == "scenario":
        return Said("fault.simkit_run_computes_give_folder_names", path=path)
    if kind == "overlay":
        known = tree or scan_yaml(path)[0]
        base: Any = known.get(("base",)) if known is not None else None
        base = base if isinstance(base, str) else "SCENARIO"
        return Said("fault.lay_on_scenario_simkit_run_scenario", base=base, path=path)
    if kind == "folder":
        inside = _inside(path, wanted)
        none = _SAVED if wanted == "run" else None
        return Said("fault.give_one_files", inside=inside) if inside else none
    return _USES[kind]


def _inside(folder: Path, wanted: Kind) -> str:
    """Names of what is wanted in a folder."""
    files = (folder.iterdir() if wanted == "run" else folder.glob("*.y*ml")) if folder.is_dir() else ()
    names = sorted(
        file.name for file in files if not file.name.startswith(".") and kind_of(file)[0] == wanted
    )
    return ", ".join(names[:_NAMED])


def near_file(path: str | Path) -> Said | None:
    """The file of the same folder that a name is a slip of, as a hint; else None."""
    folder = Path(path).parent
    name = Path(path).name
    names = [one.name for one in folder.iterdir() if one.name != name] if folder.is_dir() else []
    endings = [one for one in names if _stem(one) == _stem(name) and _stem(one) != one.casefold()]
    return nearest(name, names) or (
        Said("fault.did_you_mean", near=endings[0]) if len(endings) == 1 else None
    )


def _stem(name: str) -> str:
    """A name without the ending of YAML, which has two, or of a spreadsheet."""
    stem, _, ending = name.casefold().rpartition(".")
    return stem if f".{ending}" in (".yaml", ".yml", *_SHEETS) else name.casefold()
