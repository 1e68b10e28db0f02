"""The schemas for editors: they accept what simkit accepts, refuse a slip, and explain every key in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simkit.base.words import catalogue
from simkit.cli import main
from simkit.cli.schema import schema_of
from simkit.documents.file_kinds import kind_of
from simkit.documents.validate import jsonable
from tests.policy.small import read_yaml

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "scenarios").rglob("*.yaml"), *(ROOT / "simkit" / "cli" / "toy").glob("*.yaml")])
KINDS = ("policy", "scenario", "overlay")


def validator(kind: str) -> Any:
    schema = schema_of(kind, "en")
    maker = jsonschema.validators.validator_for(schema)
    maker.check_schema(schema)
    return maker(schema)


def faults(kind: str, data: Any) -> list[str]:
    return [f"{list(one.absolute_path)}: {one.message[:200]}" for one in validator(kind).iter_errors(data)]


def properties(kind: str, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    schema = schema_of(kind, language)
    for name, part in {schema["title"]: schema, **schema["$defs"]}.items():
        for key, known in part.get("properties", {}).items():
            yield f"{name}.{key}", known


@pytest.mark.parametrize("path", [path for path in FILES if kind_of(path)[0]], ids=lambda path: path.stem)
def test_every_file_of_the_project_is_accepted(path: Path) -> None:
    kind = str(kind_of(path)[0])
    assert faults(kind, jsonable(read_yaml(path).data)) == []


def test_all_kinds_are_among_the_files() -> None:
    assert {kind_of(path)[0] for path in FILES} >= set(KINDS)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("policy", ("measures", "fee", "award", "rat"), "50%"),
        ("policy", ("measures", "fee", "repeat"), "twice"),
        ("policy", ("funds",), None),
        ("scenario", ("population", "growth", "mode"), "up"),
        ("scenario", ("claims", "fee", "take_up"), 0.5),
        ("scenario", ("budget_year",), "soon"),
    ],
)
def test_a_slip_is_refused(kind: str, path: tuple[str, ...], value: Any) -> None:
    data = jsonable(read_yaml(ROOT / "simkit" / "cli" / "toy" / f"{kind}.yaml").data)
    node = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    assert faults(kind, data)


def test_what_may_be_left_empty_may_be_null() -> None:
    data = jsonable(read_yaml(ROOT / "simkit" / "cli" / "toy" / "policy.yaml").data)
    data["readings"] = data["measures"]["fee"]["conditions"] = data["measures"]["fee"]["selection"] = None
    assert faults("policy", data) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_has_a_description(kind: str, language: str) -> None:
    for name, known in properties(kind, language):
        assert len(known["description"]) > 1, name
        assert bool(
            re.search("[\u4e00-\u9fff]", re.sub("（.*?）|\\(.*?\\)|50万元", "", known["description"]))
        ) == (language == "zh"), name


def test_no_words_are_of_keys_that_there_are_not() -> None:
    names = {name for kind in KINDS for name, _ in properties(kind, "en")}
    endings = {f"*.{name.partition('.')[2]}" for name in names}
    words = {key.removeprefix("schema.") for key in catalogue("en") if key.startswith("schema.")}
    assert words <= names | endings
    plain = {name for name in names if f"*.{name.partition('.')[2]}" in words} - words
    assert {f"*.{name.partition('.')[2]}" for name in plain} == {one for one in words if one[0] == "*"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_it(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind, "--lang", "zh"]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of(kind, "zh")
