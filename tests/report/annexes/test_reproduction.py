"""How to reproduce: digests are those of the files, commands are ones that simkit takes, overlays say who and why."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pytest

from simkit.cli.commands import application
from simkit.report.annexes.commands import unnamed_changes
from simkit.report.annexes.reproduction import reproduction
from simkit.report.annexes.risk import risk
from simkit.report.papers.table import Language, Table
from simkit.report.tables.saved import Saved
from simkit.runs.manifest import read_manifest
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from simkit.whatif.answers import save_answer
from tests.report import results
from tests.report.annexes.saved_runs import (
    asked,
    bare,
    desk_of,
    full,
    priced,
    saved_run,
    tables_of,
    warnings_of,
)

LANGS: tuple[Language, ...] = ("zh", "en")
OVERLAY = results.FOLDER / "overlays" / "caps_up.yaml"

#: Names and values of the manifest that a reader sees in words.
WORDS: dict[Language, dict[object, str]] = {
    "zh": {
        "policy": "政策文件",
        "scenario": "情景文件",
        "text": "政策文本",
        "version": "版本",
        "commit": "提交号",
        "dirty": "代码有未提交改动",
        "sources": "程序代码摘要",
        "platform": "运行平台",
        True: "是",
        False: "否",
    },
    "en": {
        "policy": "policy file",
        "scenario": "scenario file",
        "text": "text of the policy",
        "version": "version",
        "commit": "commit",
        "dirty": "uncommitted changes",
        "sources": "digest of the program's sources",
        True: "yes",
        False: "no",
    },
}


@lru_cache
def laid() -> Saved:
    """With an overlay, and the baseline beside it."""
    result = run(load_scenario(results.BASELINE, [OVERLAY]), draws=20, seed=1)
    base = run(results.baseline(), draws=20, seed=1)
    return Saved(saved_run(result, f"laid/{result.scenario.name}"), {}, saved_run(base, "laid/baseline"))


def by_group(table: Table) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in table.rows:
        found.setdefault(row["group"], {})[row["item"]] = row["value"]
    return found


def commands(saved: Saved, lang: Language = "zh") -> dict[str, list[str]]:
    rows = tables_of(reproduction(desk_of(saved, lang)))["annex_commands"].rows
    return {row["purpose"]: shlex.split(row["command"]) for row in rows}


@pytest.mark.parametrize("lang", LANGS)
def test_the_manifest_is_told_whole(lang: Language) -> None:
    """Every digest, version and file; the digests of files are those of the files that lie there."""
    saved = full()
    table = tables_of(reproduction(desk_of(saved, lang)))["reproduce"]
    manifest = saved.manifest
    told = {row["item"]: row["value"] for row in table.rows}
    words = WORDS[lang]
    for group in ("digests", "code", "versions", "files"):
        for name, value in manifest[group].items():
            assert told[words.get(name, name)] == words.get(value, str(value))
    for name in manifest["files"]:
        assert told[name] == hashlib.sha256((saved.run / name).read_bytes()).hexdigest()
    values = [row["value"] for row in table.rows]
    assert {"baseline", "400", "1"} <= set(values)


def test_overlays_say_who_when_and_why_and_what_they_changed() -> None:
    saved = laid()
    groups = by_group(tables_of(reproduction(desk_of(saved)))["reproduce"])
    overlay = saved.result.scenario.overlays[0]
    told = groups["叠加方案"][overlay.name]
    for words in (overlay.title.zh, overlay.author, str(overlay.date), overlay.reason.zh, overlay.base):
        assert words in told
    changes = groups["情景变动"]
    assert len(changes) == len(saved.manifest["overlay"]) > 0
    for one in saved.manifest["overlay"]:
        assert changes[one["path"]] == f"{one['before']} → {one['after']}"
    english = by_group(tables_of(reproduction(desk_of(saved, "en")))["reproduce"])
    assert overlay.reason.en in english["Overlays"][overlay.name]


@pytest.mark.parametrize("lang", LANGS)
def test_simkit_takes_the_commands(lang: Language) -> None:
    """Every one is parsed by the command that it names, with the run's draws and seed."""
    application_of = application("en")
    for saved, draws in ((full(), 400), (laid(), 20)):
        for words in commands(saved, lang).values():
            assert words[0] == "simkit"
            if words[1] == "verify-run":
                assert words[2].endswith(f"{saved.run.parent.name}/{saved.run.name}")
                continue
            command = application_of.commands[words[1]]
            context = command.make_context(words[1], words[2:])
            assert context.params["seed"] == 1
            assert context.params["draws"] == (100 if words[1] in ("drivers", "readings") else draws)
            assert context.params["scenario"] == saved.manifest["file"]
            assert context.params["overlays"] == tuple(
                f"{one['name']}.yaml" for one in saved.manifest["overlays"]
            )


def test_answers_are_named_with_their_file_and_draws() -> None:
    table = tables_of(reproduction(desk_of(full(), "en")))["annex_answers"]
    files = {row["file"] for row in table.rows}
    assert files == {path.name for path in full().run.parent.glob("*.json")} and len(files) == 2
    assert {row["draws"] for row in table.rows} == {100}
    none = tables_of(reproduction(desk_of(bare(), "en")))["annex_answers"]
    assert {row["file"] for row in none.rows} == {"not provided"}
    assert not any(
        "drivers" in word or "readings" in word for words in commands(bare()).values() for word in words
    )


def test_an_answer_with_another_seed_is_repeated_with_its_own() -> None:
    saved = Saved(saved_run(results.result(), "seeds/baseline"))
    for answer in (asked(), priced()):
        save_answer(replace(answer, origin=replace(answer.origin, seed=77)), saved.run.parent)
    seeds = {
        words[1]: words[words.index("--seed") + 1] for words in commands(saved).values() if "--seed" in words
    }
    assert seeds == {"run": "1", "report": "1", "drivers": "77", "readings": "77"}


def test_runs_beside_it_are_named_with_draws_and_digest() -> None:
    rows = tables_of(reproduction(desk_of(full(), "en")))["annex_runs"].rows
    assert len(rows) == 4
    for row, folder in zip(rows, full().variants.values(), strict=True):
        manifest = read_manifest(folder)
        assert row["run"] == f"{folder.parent.name}/{folder.name}"
        assert (row["draws"], row["seed"]) == (manifest["draws"], str(manifest["seed"]))
        assert row["digest"] == manifest["digests"]["scenario"]
    base = tables_of(reproduction(desk_of(laid(), "en")))["annex_runs"].rows
    assert [row["role"] for row in base] == ["baseline without overlays"]
    alone = Saved(bare().run)
    assert [row["role"] for row in tables_of(reproduction(desk_of(alone, "en")))["annex_runs"].rows] == [
        "none"
    ]


def test_what_commands_cannot_repeat_is_said() -> None:
    """A change without an overlay's file, and a program that no version records."""
    changed = run(load_scenario(results.BASELINE, changes={"confidence": "80%"}), draws=20, seed=1)
    saved = Saved(saved_run(changed, "changed/baseline"))
    saved.manifest["code"] |= {"dirty": False, "commit": "c" * 40}
    assert ["叠加方案文件" in text for text in warnings_of(reproduction(desk_of(saved)))] == [True]
    saved.manifest["code"]["dirty"] = True
    assert len(warnings_of(reproduction(desk_of(saved)))) == 2
    saved = Saved(laid().run)
    saved.manifest["code"] |= {"dirty": False, "commit": "c" * 40}
    assert not warnings_of(reproduction(desk_of(saved)))


@pytest.mark.parametrize("same_figures", [True, False])
def test_an_answer_of_another_program_is_said_to_be_one(same_figures: bool) -> None:
    """In this annex and beside the answer; the words differ where what draws and decides is the same."""
    saved = Saved(saved_run(results.result(), f"programs{same_figures}/baseline"), bare().variants)
    code = saved.manifest["code"] | {"dirty": False, "commit": "c" * 40}
    saved.manifest["code"] |= code
    other = code | {"commit": "d" * 40} | ({} if same_figures else {"sources": "e" * 64})
    save_answer(replace(asked(), origin=replace(asked().origin, code=code)), saved.run.parent)
    save_answer(replace(priced(), origin=replace(priced().origin, code=other)), saved.run.parent)
    (told,) = warnings_of(reproduction(desk_of(saved)))
    assert "条款理解口径" in told and "敏感性测算" not in told and "不同程序版本" in told
    assert ("代码摘要相同" in told) == same_figures
    assert warnings_of(risk(desk_of(saved))) == [told]


def test_answers_of_the_same_program_need_no_warning() -> None:
    saved = Saved(saved_run(results.result(), "program/baseline"), bare().variants)
    saved.manifest["code"] |= {"dirty": False, "commit": "c" * 40}
    for answer in (asked(), priced()):
        origin = replace(answer.origin, code=dict(saved.manifest["code"]))
        save_answer(replace(answer, origin=origin), saved.run.parent)
    assert not warnings_of(reproduction(desk_of(saved))) and not warnings_of(risk(desk_of(saved)))


def test_latin_parameters_are_part_of_the_command() -> None:
    result = run(results.baseline(), draws=20, seed=1, parameters="latin")
    saved = Saved(saved_run(result, "latin/baseline"))
    words = commands(saved)["重新测算"]
    assert words[words.index("--parameters") + 1] == "latin"
    assert "--parameters" not in commands(bare())["重新测算"]


def test_a_hostile_file_name_stays_one_word() -> None:
    saved = Saved(bare().run)
    saved.manifest["file"] = "my folder/$(rm -rf x) 'a'.yaml"
    assert commands(saved)["重新测算"][2] == saved.manifest["file"]


@pytest.mark.parametrize(
    ("changes", "paths", "unnamed"),
    [
        ({"a.b": 1}, ["a.b"], False),
        ({"a": {"b": 1}}, ["a.b"], False),
        ({"a.b": 1}, ["a.b", "factor.cv.value"], True),
        ({}, ["a.b"], True),  # a sweep's variant: its file holds several values
        ({"a.b": 1}, ["a.bc"], True),
    ],
)
def test_a_change_that_no_file_holds_as_it_is_is_warned_of(
    changes: dict[str, Any], paths: list[str], unnamed: bool
) -> None:
    manifest = {"overlays": [{"changes": changes}], "overlay": [{"path": path} for path in paths]}
    desk: Any = SimpleNamespace(saved=SimpleNamespace(manifest=manifest))
    assert unnamed_changes(desk) == unnamed
