"""Overlays: their file, their variants, how several of them combine, and what a command line lays on."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from simkit.base.errors import FaultsError
from simkit.base.visible import visible
from simkit.scenario import (
    Lines,
    Overlay,
    ScenarioFile,
    load_scenario,
    read_overlay,
    read_words,
    stamp,
    variants,
)

NINGBO = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023"
BASELINE = NINGBO / "baseline.yaml"
RATE = "measures.headhunting.award.rate"
CAP = "measures.headhunting.caps.yearly.amount"
STUDENTS = "measures.students.award.amount"
TAKE_UP = "claims.headhunting.take_up.value"

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def baseline() -> ScenarioFile:
    return ScenarioFile(BASELINE)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write an overlay; keys that are None are left out."""

    def make(name: str = "one", **keys: Any) -> Path:
        data: dict[str, Any] = {
            "name": name,
            "title": {"zh": "试", "en": "a try"},
            "base": "baseline",
            "author": "测算组",
            "date": datetime.date(2026, 11, 22),
            "reason": {"zh": "试算", "en": "to see"},
        }
        data = {key: value for key, value in (data | keys).items() if value is not None}
        path = tmp_path / f"{name}.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        return path

    return make


def faults_of(call: Callable[[], Any]) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        call()
    for fault in caught.value.faults:  # each can be told in Chinese
        assert "expected" not in fault.said("zh")
    return [str(fault) for fault in caught.value.faults]


def line_of(path: Path, words: str) -> int:
    return next(n for n, line in enumerate(path.read_text("utf-8").splitlines(), 1) if words in line)


# --- the file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["name", "title", "base", "author", "date", "reason"])
def test_who_when_why_and_on_what_are_required(write: Write, key: str) -> None:
    path = write(**{"changes": {RATE: "40%"}, key: None})
    assert any(
        f": {key}: expected a value, it is required" in one for one in faults_of(lambda: read_overlay(path))
    )


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "changes (path: value), sweep (path: [values]), or both"),
        ({"changes": {RATE: "40%"}, "sweep": {RATE: ["50%"]}}, f"{RATE} in changes or in sweep"),
        ({"sweep": {RATE: ["40%", "40%"]}}, "each item of the list once"),
        ({"sweep": {RATE: []}}, "a length of at least 1"),
        ({"sweep": {RATE: "40%"}}, "a list"),
        ({"changes": {RATE: "40%"}, "author": ""}, "text that is not empty"),
        ({"changes": {RATE: "40%"}, "base_digest": "xyz"}, "text of the form"),
        ({"changes": {RATE: "40%"}, "reasn": "typo"}, "did you mean 'reason'?"),
    ],
)
def test_an_overlay_must_change_something_once(write: Write, keys: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults_of(lambda: read_overlay(write(**keys))))


def test_the_schema_for_editors_has_every_field() -> None:
    schema = Overlay.model_json_schema()
    assert {"base_digest", "changes", "sweep", "author", "date", "reason"} <= set(schema["properties"])
    assert {"author", "date", "reason", "base"} <= set(schema["required"])
    assert "sweep" not in schema["required"] and schema["properties"]["sweep"]["description"]


# --- variants ---------------------------------------------------------------------------------------------


def test_a_sweep_has_a_variant_for_each_value(write: Write, baseline: ScenarioFile) -> None:
    overlay, tree = read_overlay(write("rate", sweep={RATE: ["40%", "50%", "60%"]}, changes={CAP: "60万元"}))
    found = variants(overlay, tree)
    assert [one.name for one in found] == ["rate=40%", "rate=50%", "rate=60%"]
    assert [dict(one.changes) for one in found] == [
        {CAP: "60万元", RATE: f"{share}%"} for share in (40, 50, 60)
    ]
    for share, one in zip((40, 50, 60), found, strict=True):
        scenario = baseline.lay(changes=one.changes, name=one.name)
        assert scenario.name == f"baseline+rate={share}%"
        award: Any = scenario.policy.measures["headhunting"].award
        assert award.rate == share * 100
        assert scenario.digests == baseline.lay(changes=dict(one.changes)).digests
    assert [dict(one.changes) for one in variants(overlay)] == [dict(one.changes) for one in found]


def test_several_swept_paths_multiply(write: Write) -> None:
    overlay, _ = read_overlay(write(sweep={RATE: ["40%", "60%"], STUDENTS: ["300元", "800元"]}))
    assert [one.name for one in variants(overlay)] == [
        "rate=40%,amount=300元",
        "rate=40%,amount=800元",
        "rate=60%,amount=300元",
        "rate=60%,amount=800元",
    ]
    both = {CAP: ["1万元"], "measures.students.caps.yearly.amount": ["2万元"]}
    (one,) = variants(read_overlay(write(sweep=both))[0])
    assert one.name == "headhunting.caps.yearly.amount=1万元,students.caps.yearly.amount=2万元"


def test_without_a_sweep_it_is_its_own_variant(write: Write) -> None:
    (one,) = variants(read_overlay(write("cut", changes={RATE: "40%"}))[0])
    assert one.name == "cut" and one.changes == {RATE: "40%"}


def test_a_value_in_pieces_is_named_by_its_place(write: Write) -> None:
    tiers = [{"kind": "fixed", "amount": "1元"}, {"kind": "fixed", "amount": "2/3元"}]
    names = [one.name for one in variants(read_overlay(write(sweep={"measures.students.award": tiers}))[0])]
    assert names == ["one=#1", "one=#2"]
    words = variants(read_overlay(write(sweep={"choose.x": ["../up", "a\\b"]}))[0])
    assert [one.name for one in words] == ["one=.._up", "one=a_b"]


def test_a_sweep_must_be_resolved_first(write: Write) -> None:
    path = write("rate", sweep={RATE: ["40%", "60%"]})
    (fault,) = faults_of(lambda: load_scenario(BASELINE, [path]))
    assert f"{path}:{line_of(path, 'sweep')}: sweep: expected one value a path" in fault
    assert "2 variants: rate=40%, rate=60%" in fault and "PATH=VALUE" in fault


# --- paths ------------------------------------------------------------------------------------------------

WRONG: dict[str, tuple[Any, str, str]] = {
    "measures.headhunting.award.rat": ("40%", "a known key", "did you mean 'rate'?"),
    "measures.headhuntin.award.rate": ("40%", "a path that exists", f"did you mean '{RATE}'?"),
    "claims.headhunting.take_upp.value": (0.3, "a path that exists", f"did you mean '{TAKE_UP}'?"),
    "claim.headhunting.intensity.value": (
        1,
        "a path that exists",
        "did you mean 'claims.headhunting.intensity.value'?",
    ),
    "mesures.students.award.amount": ("1元", "a path that exists", f"did you mean '{STUDENTS}'?"),
    "title.zh": ("题", "a path of the policy, or one that begins with as_of", ""),
    "measures.students.award.amount": ("300人", "an amount of money with its unit", ""),
    "measures.students.caps.yearly.amount": (300, "an amount of money with its unit", ""),
    "measures.digital.award.rate": ("20万元", "a percentage, such as '50%'", ""),
    "measures.supplied_employees.conditions.heads.at_least": ("300元", "a threshold in count", ""),
    "measures.high_tech.repeat": ("twice", "one of", ""),
    "claims.students.base.variables.heads.mean": ("110千克", "a known unit", ""),
    "calendar.review_days": ("long", "a whole number", ""),
    "claims.students.frequency": (5, "one of", ""),
    "population.growth.target.year": ("next", "a whole number", ""),
    "as_of": ("soon", "a day, such as 2023-04-12", ""),
    "confidence": ("high", "a finite number with its unit", ""),
}


def test_every_wrong_path_and_value_is_named_with_its_line(write: Write, baseline: ScenarioFile) -> None:
    """Paths come first, since values can be looked at only where all paths exist."""
    paths = {path: value for path, (value, words, _) in WRONG.items() if "path" in words}
    values = {path: value for path, (value, words, _) in WRONG.items() if "path" not in words}
    assert len(paths) >= 4 and len(values) >= 10
    for changes in (paths, values):
        path = write(changes=changes)
        found = faults_of(lambda p=path: baseline.lay([p]))  # type: ignore[misc]
        for key in changes:
            _, words, hint = WRONG[key]
            place = f"{path}:{line_of(path, key)}: "
            assert any(place in one and words in one and hint in one for one in found), (key, found)


def test_one_that_changes_nothing_is_refused(write: Write, baseline: ScenarioFile) -> None:
    def refused(**keys: Any) -> bool:
        path = write(**keys)
        overlay, tree = read_overlay(path)
        try:
            for one in variants(overlay, tree):
                baseline.lay([one.changes])
        except FaultsError as error:
            assert {str(one.expected) for one in error.faults} == {"a value that is not the baseline's"}
            assert all(one.line for one in error.faults)
            return True
        return False

    assert refused(changes={RATE: "50%"})
    assert refused(changes={CAP: "500000元", STUDENTS: "0.05万元"})  # the same in other units
    assert refused(sweep={RATE: ["50%", "50.0%"]})
    assert refused(changes={RATE: "50%", CAP: "60万元"})  # one that changes nothing beside one that does
    assert not refused(changes={RATE: "40%", CAP: "60万元"})
    assert not refused(sweep={RATE: ["40%", "50%"]})
    assert not refused(
        changes={"choose.last_day": "day_before"}
    )  # to choose the default reading is to say so
    assert not refused(changes={"choose.last_day": "same_day"})


def test_a_chosen_reading_is_what_it_is_compared_with(write: Write) -> None:
    successor = ScenarioFile(NINGBO / "successor.yaml")
    until = successor.lay().policy.document.in_force.until
    path = write(base="successor", changes={"document.in_force.until": until})
    assert "the baseline's" in faults_of(lambda: successor.lay([path]))[0]


# --- several together -------------------------------------------------------------------------------------


def test_they_are_laid_on_in_the_order_given(write: Write, baseline: ScenarioFile) -> None:
    first = write("first", changes={RATE: "40%", CAP: "60万元"})
    second = write("second", changes={STUDENTS: "300元", CAP: "60万元"})
    scenario = baseline.lay([first, second])
    assert scenario.name == "baseline+first+second"
    turned = baseline.lay([second, first])
    assert turned.name == "baseline+second+first" and turned.digests == scenario.digests


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({RATE: "40%"}, {RATE: "60%"}),
        ({RATE: "40%"}, {"measures.headhunting.award": {"kind": "rate", "rate": "40%"}}),
        ({"measures.headhunting.award": {"kind": "rate", "rate": "40%"}}, {RATE: "40%"}),
        ({"choose.last_day": "same_day"}, {"choose": {}}),
    ],
)
def test_a_conflict_names_both_places(
    write: Write, baseline: ScenarioFile, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = write("first", changes=one), write("second", changes=other)
    (path,), (against,) = other, one
    found = faults_of(lambda: baseline.lay([first, second]))
    places = (
        f"{second}:{line_of(second, f'{path}:')}: {path}: ",
        f"{first}:{line_of(first, f'{against}:')} sets",
    )
    assert any(all(place in fault for place in places) for fault in found), found
    # What is given as changes is meant to win.
    assert baseline.lay([first], other).name == "baseline+first+changes"


def test_names_that_begin_alike_are_no_conflict(write: Write, baseline: ScenarioFile) -> None:
    first = write("first", changes={"measures.high_tech.lag_days": 10})
    second = write("second", changes={"measures.high_tech_district.level": "city"})
    assert len(baseline.lay([first, second]).changes) == 2


# --- the baseline it was written for ----------------------------------------------------------------------


def test_an_older_state_of_the_baseline_is_a_note(write: Write, baseline: ScenarioFile) -> None:
    now = baseline.base_digest
    assert len(now) == 12 and ScenarioFile(NINGBO / "successor.yaml").base_digest != now
    current = write("current", base_digest=now, changes={RATE: "40%"})
    assert baseline.lay([current]).outdated == ()
    older = write("older", base_digest="0123456789ab", changes={RATE: "40%"})
    (note,) = baseline.lay([older, current]).outdated
    assert (note.file, note.name, note.written_for, note.current) == (
        str(older),
        "older",
        "0123456789ab",
        now,
    )
    unsigned = write("unsigned", changes={RATE: "40%"})
    assert baseline.lay([unsigned]).outdated[0].written_for == ""
    assert baseline.lay(changes={RATE: "40%"}).outdated == ()


def test_the_digest_is_of_the_files_as_written(tmp_path: Path) -> None:
    """Comments and order of keys apart; of what both files say, of nothing that is laid on."""
    for name in ("policy.yaml", "policy.zh.txt", "baseline.yaml"):
        (tmp_path / name).write_bytes((NINGBO / name).read_bytes())
    path = tmp_path / "baseline.yaml"
    digests = [ScenarioFile(BASELINE).base_digest, ScenarioFile(path).base_digest]
    path.write_text("# a remark\n" + path.read_text("utf-8"), "utf-8")
    digests.append(ScenarioFile(path).base_digest)
    assert len(set(digests)) == 1
    for file, old, new in (
        ("baseline.yaml", "confidence: 90%", "confidence: 91%"),
        ("policy.yaml", "rate: 50%", "rate: 51%"),
    ):
        text = (tmp_path / file).read_text("utf-8")
        assert old in text
        (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
        digests.append(ScenarioFile(path).base_digest)
    assert len(set(digests)) == 3


# --- words of a command line ------------------------------------------------------------------------------


def test_words_are_files_and_paths_with_values(write: Write, baseline: ScenarioFile) -> None:
    cut = write("cut", changes={CAP: "40万元"})
    swept = write("rate", sweep={RATE: ["40%", "60%"]})
    found = read_words([str(cut), f"{STUDENTS}=300元", str(swept)])
    assert [one.name for one in found] == ["cut", f"{STUDENTS}=300元", "rate=40%", "rate=60%"]
    for one in found:
        scenario = baseline.lay(one.overlays, one.changes)
        assert scenario.name == f"baseline+{one.name}" and len(scenario.changes) == 1
    together = read_words([str(cut), f"{STUDENTS}=300元", str(swept)], together=True)
    assert [one.name for one in together] == [
        f"cut+{STUDENTS}=300元+rate=40%",
        f"cut+{STUDENTS}=300元+rate=60%",
    ]
    assert [len(baseline.lay(one.overlays).changes) for one in together] == [3, 3]
    (nothing,) = read_words([], together=True)
    assert baseline.lay(nothing.overlays).name == "baseline" and read_words([]) == []


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("confidence=80%", "80%"),
        ("budget_year=2025", 2025),
        ("claims.students.remove_elsewhere=true", True),
        ("as_of=2023-05-01", datetime.date(2023, 5, 1)),
        ("population.growth.target=null", None),
        ("earned_years=[2023, 2025]", [2023, 2025]),
        ("choose={last_day: same_day}", {"last_day": "same_day"}),
        ("population.districts.海曙区.value=20%", "20%"),
        ("a.b='x=y: z'", "x=y: z"),
    ],
)
def test_a_value_is_read_as_in_a_file(word: str, value: Any) -> None:
    (one,) = read_words([word])
    (lines,) = one.overlays
    assert isinstance(lines, Lines) and dict(lines) == {word.split("=")[0]: value}


@pytest.mark.parametrize(
    "word",
    ["confidence=", "confidence= ", "a.b=[1", "a.b=x: y", "a.b=1\nother: 2", "a.b=&x 1", "a.b={c: 1, c: 2}"],
)
def test_a_value_that_cannot_be_read_is_named_by_its_word(word: str) -> None:
    (fault,) = faults_of(lambda: read_words([word]))
    path = word.split("=")[0]
    assert fault.startswith(f"{visible(word)}: {path}: expected a value as in a file")


def test_what_is_neither_file_nor_path_is_named(write: Write, baseline: ScenarioFile) -> None:
    faulty = write("faulty", changes={RATE: "40%"}, author="")
    found = faults_of(lambda: read_words(["caps_up", str(faulty), "a/b=c", "confidence="]))
    assert len(found) == 4
    assert "caps_up: (file): expected the file of an overlay, or PATH=VALUE, found no such file" in found[0]
    wrong = "measures.headhuntin.award.rate=40%"
    (fault,) = faults_of(lambda: baseline.lay(read_words([wrong])[0].overlays))
    assert fault.startswith(f"{wrong}: measures.headhuntin.award.rate: expected a path that exists")
    (fault,) = faults_of(lambda: baseline.lay(read_words([f"{RATE}=50%"])[0].overlays))
    assert "the baseline's" in fault


def test_words_at_odds_are_a_conflict(baseline: ScenarioFile) -> None:
    (one,) = read_words([f"{RATE}=40%", f"{RATE}=60%"], together=True)
    (fault,) = faults_of(lambda: baseline.lay(one.overlays))
    assert fault.startswith(f"{RATE}=60%: {RATE}: ") and f"{RATE}=40% sets" in fault


def test_too_many_variants_together_are_refused(write: Write) -> None:
    paths = [str(write(f"s{n}", sweep={f"measures.m{n}.x": list(range(11))})) for n in range(3)]
    (fault,) = faults_of(lambda: read_words(paths, together=True))
    assert "at most 1000 variants" in fault and "11 x 11 x 11" in fault


# --- stamping ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("old", ["", "base_digest: '0123456789ab'  # of last year"])
def test_stamping_changes_one_line(write: Write, old: str, ending: str) -> None:
    path = write(changes={RATE: "40%"})
    lines = path.read_text("utf-8").splitlines()
    at = lines.index("base: baseline")
    lines[at + 1 : at + 1] = [old] if old else []
    lines = ["# 备注，保留", *lines]
    path.write_bytes(("\ufeff" + ending.join(lines) + ending).encode())
    digest = "123456789012"  # without quotes it would be a number
    assert stamp(path, digest) and not stamp(path, digest)
    after = path.read_bytes().decode("utf-8-sig").split(ending)
    at = after.index("base: baseline") + 1
    assert after.pop(at) == f"base_digest: '{digest}'"
    assert after == [*(line for line in lines if line != old), ""]
    assert read_overlay(path)[0].base_digest == digest


def test_a_file_that_cannot_be_stamped_stays_as_it_is(write: Write) -> None:
    path = write(changes={RATE: "40%"})
    data = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump(data, default_flow_style=True, allow_unicode=True, width=1000), "utf-8")
    before = path.read_bytes()
    (fault,) = faults_of(lambda: stamp(path, "123456789012"))
    assert "write it by hand: base_digest: '123456789012'" in fault and path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
