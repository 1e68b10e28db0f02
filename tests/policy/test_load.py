"""Every fault of a policy file: its place, its words, in one pass, and never a traceback."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field

from simkit.base.errors import FaultsError
from simkit.documents.models import Frozen
from simkit.documents.validate import validate
from simkit.policy.checks import MOST_LIVE_MEASURES
from simkit.policy.coverage import NOT_MODELLED, coverage
from simkit.policy.load import load_policy
from simkit.policy.schema import Policy
from simkit.scenario.types import SCENARIO_ROOTS
from tests.policy.small import TEXT, YAML, find_faults, read_yaml, write_policy

HEAD = "measures.headhunting"
RULES = "measures.headhunting.conditions"


def line_of(path: Path, start: str) -> int:
    """Number of the first line that holds `start`."""
    return next(
        i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if start in line
    )


def test_the_small_policy_is_sound(tmp_path: Path) -> None:
    path = write_policy(tmp_path)
    assert find_faults(path) == ()
    policy = load_policy(tmp_path)
    assert policy.measures["headhunting"].caps["yearly"].amount == 50_000_000
    assert policy.measures["size"].award is not None


# One edit of the file, the path that is named, and words of the expected, found or hint.
FAULTS = {
    "unknown key": (("rate: 50%}", "rate: 50%, top: 1}"), f"{HEAD}.award.top", "a known key"),
    "near key": (
        ("    priced_by: text\n", "    priced_by: text\n    lag_day: 3\n"),
        f"{HEAD}.lag_day",
        "'lag_days'",
    ),
    "missing": (("    clause: 三（一）1\n", ""), f"{HEAD}.clause", "required"),
    "no source": (
        ("    quote:\n      - 按服务费的50%给予补助，最高50万元\n", "    quote: []\n"),
        f"{HEAD}.quote",
        "at least 1",
    ),
    "bad unit": (("rate: 50%}", "rate: 50元}"), f"{HEAD}.award.rate", "a percentage"),
    "no unit": (("amount: 50万元", "amount: 500000"), f"{HEAD}.caps.yearly.amount", "with its unit"),
    "negative": (("amount: 50万元", "amount: -5万元"), f"{HEAD}.caps.yearly.amount", "from 0.01元"),
    "overflow": (("amount: 50万元", "amount: 9e999999亿元"), f"{HEAD}.caps.yearly.amount", "finite"),
    "cap without scope": (("within: year, amount", "amount"), f"{HEAD}.caps.yearly.within", "required"),
    "cap scope": (
        ("within: year, amount", "within: claim, amount"),
        f"{HEAD}.caps.yearly.within",
        "per: claim",
    ),
    "outside once": (
        ("    outside: true\n", "    outside: true\n    repeat: once\n"),
        "measures.province.repeat",
        "no repeat",
    ),
    "year twice": (
        ("    levels: [city, province]\n", "    levels: [city, province]\n    years: same_year\n"),
        "matters.export.years",
        "ever, since the year is in the key",
    ),
    "cap year": (("year: -1}", "year: -99}"), f"{HEAD}.caps.of_revenue.year", "from -10 to 10"),
    "shares": (("hr: 60%", "hr: 70%"), f"{HEAD}.payers.shares", "not 110%"),
    "instalments": (("- {share: 50%}", "- {share: 40%}"), f"{HEAD}.instalments", "instalments whose shares"),
    "text for a flag": (("special: true", "special: yes"), "funds.hr.special", "true or false"),
    "flag for a number": (("years: 2}", "years: true}"), f"{RULES}.growth.years", "whole number"),
    "text for a number": (("value: 2500", "value: '2500'"), "goals.agencies.value", "a number"),
    "bad day": (("issued: 2023-04-12", "issued: 2023/04/12"), "document.issued", "a day"),
    "tag": (("kind: rate,", "kind: rates,"), f"{HEAD}.award.kind", "did you mean 'rate'?"),
    "no tag": (("{kind: rate, rate", "{rate"), f"{HEAD}.award.kind", "required"),
    "bad id": (("  headhunting_cap:", "  Head-cap:"), "readings.Head-cap", "lower-case"),
    "section": (("goals:\n", "goals: 5\ngoalz:\n"), "goals", "keys with values"),
    "no text": (("file: text.txt", "file: nothing.txt"), "document.text.file", "a file beside"),
    "other text": (("sha256: ", "sha256: " + "f" * 64 + "} #"), "document.text.sha256", "digest"),
    "quote": (
        ("按服务费的50%给予补助，最", "按服务费的60%给予补助，最"),
        f"{HEAD}.quote.0",
        "补助，最高50万元",
    ),
    "empty quote": (("quote: [机构]", "quote: ['  ']"), "measures.contest.quote.0", "words of the policy"),
    "reading's quote": (("[最高50万元]", "[最高70万元]"), "readings.headhunting_cap.quote.0", "stand in"),
    "goal's quote": (("机构达到2500家", "机构达到3500家"), "goals.agencies.quote", "stand in"),
    "fund": (("{hr: 60%, d", "{hrr: 60%, d"), f"{HEAD}.payers.shares.hrr", "did you mean 'hr'?"),
    "category": (
        ("one_of: [headhunting]", "one_of: [headhuntin]"),
        f"{RULES}.lines.one_of.0",
        "'headhunting'",
    ),
    "no category": (("one_of: [headhunting]", "one_of: []"), f"{RULES}.lines.one_of", "at least one value"),
    "attribute": (("{of: income_tax", "{of: incometax"), f"{RULES}.tax.of", "'income_tax'"),
    "threshold": (("at_least: 10万元", "at_least: 10人"), f"{RULES}.tax.at_least", "in yuan"),
    "test": (("one_of: [headhunting]", "at_least: 1人"), f"{RULES}.lines.at_least", "line (category)"),
    "flag test": (("at_least: 10万元", "is_true: true"), f"{RULES}.tax.is_true", "income_tax (yuan)"),
    "claim's year": (("{of: income_tax,", "{of: income_tax, year: -1,"), f"{RULES}.tax.year", "has no years"),
    "base's year": (("{of: income_tax,", "{of: base, year: -1,"), f"{RULES}.tax.year", "has no years"),
    "claim grows": (("at_least: 10万元", "grew_at_least: 5%"), f"{RULES}.tax.of", "of the agency"),
    "instalment's test": (
        ("is_true: false", "at_least: 5人"),
        f"{HEAD}.instalments.1.conditions.0.at_least",
        "listed (flag)",
    ),
    "cap's attribute": (("of: revenue, year", "of: line, year"), f"{HEAD}.caps.of_revenue.of", "in yuan"),
    "total's attribute": (
        ("amount: 100万元\nreadings", "share: 5%\n    of: turnover\nreadings"),
        "total_caps.all.of",
        "declared",
    ),
    "tiers on": (("on: revenue", "on: listed"), "measures.size.award.on", "listed (flag)"),
    "tier's unit": (("reached: 1亿元", "reached: 1人"), "measures.size.award.tiers.0.reached", "in yuan"),
    "tiers' order": (("reached: 1亿元", "reached: 2亿元"), "measures.size.award.tiers", "ascending"),
    "tiers by": (("by: line", "by: listed"), "measures.size.award.by", "a category"),
    "tiers' value": (
        ("        outsourcing:", "        outsorcing:"),
        "measures.size.award.by_value.outsorcing",
        "'outsourcing'",
    ),
    "bands' unit": (("above: 50万美元", "above: 50万元"), "measures.exports.award.bands.0.above", "in usd"),
    "bands' rate": (
        ("per_full: 10万美元, amount: 1万元}\n        -", "rate: 5%}\n        -"),
        "measures.exports.award.bands.0.rate",
        "needs yuan",
    ),
    "step's unit": (
        ("step, per_full: 10万美元", "step, per_full: 10人"),
        "measures.export_step.award.per_full",
        "usd",
    ),
    "rate's base": (
        ("    award: {kind: rate", "    base_unit: usd\n    award: {kind: rate"),
        f"{HEAD}.base_unit",
        "yuan",
    ),
    "units' base": (("kind: rate, rate: 50%", "kind: per_unit, amount: 5元"), f"{HEAD}.base_unit", "count"),
    "base declared": (("  listed: {", "  base: {"), "attributes.base", "another id"),
    "member": (("members: [exports,", "members: [export,"), "matters.export.members.0", "'exports'"),
    "member twice": (("[exports, export_step,", "[exports, exports,"), "matters.export.members.1", "once"),
    "topped up": (("members: [exports,", "members: [size,"), "matters.export.members.0", "not topped up"),
    "level": (("levels: [city, pro", "levels: [town, pro"), "matters.export.levels.0", "a level"),
    "department": (
        ("departments: [人社局]\nt", "departments: [X]\nt"),
        "matters.export.departments.0",
        "department",
    ),
    "total's measure": (
        ("measures: [headhunting,", "measures: [heads,"),
        "total_caps.all.measures.0",
        "measure",
    ),
    "outside": (
        ("    outside: true\n    level: province\n", "    outside: true\n"),
        "measures.province.level",
        "level",
    ),
    "outside's rule": (
        ("    outside: true\n", "    outside: true\n    conditions: {a: {of: base, at_least: 1元}}\n"),
        "measures.province.conditions",
        "no conditions",
    ),
    "ceiling": (("rigidity: adjustable", "rigidity: entitlement"), "measures.exports.rigidity", "adjustable"),
    "not ranked": (("{kind: ranked, ", "{"), "measures.exports.selection.envelope", "ranked"),
    "early": (
        ("since: 2024-01-01", "since: 2022-01-01"),
        "measures.export_step.in_force.since",
        "2023-04-12 to",
    ),
    "late": (("until: 2025-12-31", "until: 2026-12-31"), "measures.export_step.in_force.until", "2026-04-11"),
    "no end": ((", until: 2026-04-11}", "}"), "document.in_force.until", "last day"),
    "backwards": (
        ("until: 2025-12-31", "until: 2023-12-31"),
        "measures.export_step.in_force.until",
        "until on or after",
    ),
    "issued": (("issued: 2023-04-12", "issued: 2023-05-12"), "document.in_force.since", "issue"),
    "district": (("[海曙, 鄞州]", "[海曙, 海曙]"), "districts.1", "once"),
    "no district": (("districts: [海曙, 鄞州]\n", ""), "funds.district.per_district", "districts"),
    "whose": (("per_district: true", "district: 鄞州2"), "funds.district.district", "海曙, 鄞州"),
    "both": (
        ("per_district: true", "per_district: true\n    district: 鄞州"),
        "funds.district.district",
        "not both",
    ),
    "default": (
        ("default: yearly", "default: daily"),
        "readings.headhunting_cap.default",
        "yearly, per_claim",
    ),
    "reading's path": (
        ("measures.headhunting.caps.yearly:", "measures.headhunting.cap.yearly:"),
        "readings.headhunting_cap.options.per_claim.overlay.measures.headhunting.cap.yearly",
        "caps.yearly",
    ),
    "reading's value": (
        ("{per: claim, within: claim, amount: 50万元}", "{per: claim}"),
        "readings.headhunting_cap.options.per_claim.overlay",
        "caps.yearly.within",
    ),
    "idle reading": (
        ("{per: claim, within: claim, amount: 50万元}", "{per: agency, within: year, amount: 50万元}"),
        "readings.headhunting_cap.options.per_claim.overlay",
        "changes something",
    ),
    "empty reading": (
        ("        overlay:\n          population.growth: 5%\n", ""),
        "readings.headhunting_cap.options.growing.overlay",
        "changes something",
    ),
    "twice": (
        ("  listed: {", "  revenue: {of: agency, unit: flag}\n  listed: {"),
        "attributes.revenue",
        "first on",
    ),
    "not finite": (("value: 2500", "value: .nan"), "goals.agencies.value", "finite"),
    "too large": (("value: 2500", "value: 1e400"), "goals.agencies.value", "finite"),
    "no such day": (("issued: 2023-04-12", "issued: 2023-02-30"), "document.issued", "exists"),
    "anchor": (("rate: 50%}", "rate: &half 50%}"), f"{HEAD}.award.rate", "no anchors"),
    "alias": (("rate: 50%}", "rate: *half}"), f"{HEAD}.award.rate", "*half"),
    "yaml tag": (("rate: 50%}", "rate: !!str 50%}"), f"{HEAD}.award.rate", "no tags"),
    "merge": (("    rigidity: adj", "    <<: {}\n    rigidity: adj"), "measures.exports", "a key that is"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_place_and_the_way_out(name: str, tmp_path: Path) -> None:
    edit, place, words = FAULTS[name]
    found = [fault for fault in find_faults(write_policy(tmp_path, edit)) if fault.path == place]
    assert any(words in str(fault) for fault in found)
    assert all(fault.line > 0 and fault.file.endswith("policy.yaml") for fault in found)
    for fault in found:
        assert re.search("[\u4e00-\u9fff]", fault.expected.said("zh")), fault
        assert "expected" not in fault.said("zh")


@pytest.mark.parametrize("name", FAULTS)
def test_one_wrong_edit_gives_few_faults(name: str, tmp_path: Path) -> None:
    """No avalanche: one slip is one fault, or one a place that relies on it."""
    assert len(find_faults(write_policy(tmp_path, FAULTS[name][0]))) <= 4


def test_many_faults_are_found_in_one_pass(tmp_path: Path) -> None:
    names = ["bad unit", "near key", "cap scope", "category", "tier's unit", "bands' unit", "ceiling"]
    names += ["quote", "member", "goal's quote", "early", "twice", "district", "fund"]
    path = write_policy(tmp_path, *(FAULTS[name][0] for name in names))
    faults = find_faults(path)
    # A faulty thing is left out of the checks that need it whole; its quotes are checked all the same.
    hidden = {"category", "fund"}
    places = {fault.path for fault in faults}
    assert {FAULTS[name][1] for name in names if name not in hidden} <= places
    lines = {fault.path: fault.line for fault in faults}
    assert lines[f"{HEAD}.award.rate"] == line_of(path, "rate: 50元")
    assert lines["measures.size.award.tiers.0.reached"] == line_of(path, "reached: 1人")
    assert lines[f"{HEAD}.quote.0"] == line_of(path, "60%给予")
    assert lines["goals.agencies.quote"] == line_of(path, "3500家")
    assert list(lines.values()) == sorted(lines.values())
    with pytest.raises(FaultsError) as caught:
        load_policy(path)
    assert caught.value.faults == faults
    assert pickle.loads(pickle.dumps(caught.value)).faults == faults


def test_an_unknown_key_hides_nothing_else_of_its_measure(tmp_path: Path) -> None:
    edits = ("rate: 50%}", "rate: 50%, top: 1}"), ("hr: 60%", "hr: 70%"), ("- {share: 50%}", "- {share: 40%}")
    path = write_policy(tmp_path, *edits)
    assert {fault.path for fault in find_faults(path)} == {f"{HEAD}.award.top", f"{HEAD}.payers.shares"}
    path = write_policy(tmp_path, edits[0], edits[2], ("{of: income_tax", "{of: incometax"))
    assert {fault.path for fault in find_faults(path)} == {f"{HEAD}.award.top", f"{HEAD}.instalments"}
    path = write_policy(tmp_path, edits[0], ("{of: income_tax", "{of: incometax"))
    assert {fault.path for fault in find_faults(path)} == {f"{HEAD}.award.top", f"{RULES}.tax.of"}


def test_a_measure_names_all_that_disagrees_in_it(tmp_path: Path) -> None:
    path = write_policy(tmp_path, ("- {share: 50%}", "- {share: 40%}"), ("    rigidity: entitlement\n", ""))
    rigidity, instalments = find_faults(path)
    assert (instalments.path, instalments.line) == (f"{HEAD}.instalments", line_of(path, "instalments:"))
    assert "shares sum to 100%" in str(instalments.expected)
    assert (rigidity.path, str(rigidity.found)) == (f"{HEAD}.rigidity", "nothing")


def test_a_fault_is_told_once_where_it_is(tmp_path: Path) -> None:
    """What only follows from a fault is none: a list is not too short because an item of it is wrong."""
    edits = ("quote: [机构]", "quote: [5]"), ("members: [exports, export_step, province]", "members: [7]")
    found = find_faults(write_policy(tmp_path, *edits))
    assert [fault.path for fault in found] == ["measures.contest.quote.0", "matters.export.members.0"]


@pytest.mark.parametrize(
    ("edit", "place"),
    [
        (("        after_years: 1\n", "        after_months: 1\n"), f"{HEAD}.instalments.1.after_months"),
        (("within: year, amount", "within: 3 years, amount"), f"{HEAD}.caps.yearly.within"),
        (("    priced_by: text\n", "    priced_by: text\n    file_by: 2025-01-01\n"), f"{HEAD}.file_by"),
        (("    priced_by: text\n", "    priced_by: text\n    repeat: once_a_year\n"), f"{HEAD}.repeat"),
        (("one_of: [headhunting]", "one_of: [headhunter]"), f"{RULES}.lines.one_of.0"),
        (("at_least: 10万元", "at_last: 10万元, no_more_than: 20万元"), f"{RULES}.tax.no_more_than"),
    ],
)
def test_nothing_is_suggested_that_means_something_else(
    edit: tuple[str, str], place: str, tmp_path: Path
) -> None:
    (fault,) = [fault for fault in find_faults(write_policy(tmp_path, edit)) if fault.path == place]
    assert fault.hint is None


@pytest.mark.parametrize("key", ["conditions", "caps", "departments", "selection", "status_note"])
def test_what_may_be_left_out_may_be_left_empty(key: str, tmp_path: Path) -> None:
    """Whatever else is wrong in the same file."""
    empty = ("    priced_by: programme\n", f"    priced_by: programme\n    {key}:\n")
    assert find_faults(write_policy(tmp_path, empty)) == ()
    (fault,) = find_faults(write_policy(tmp_path, empty, ("rate: 50%}", "rate: 50%, top: 1}")))
    assert fault.path == f"{HEAD}.award.top"


@pytest.mark.parametrize("key", ["modelled", "repeat", "instalments", "lag_days", "first_time"])
def test_what_must_say_something_may_not_be_left_empty(key: str, tmp_path: Path) -> None:
    """What stands for a key that is left out is another thing than nothing: it must be left out, or written."""
    old = "    modelled: {zh: 项目, en: a programme}\n"
    kept = "" if key == "modelled" else old
    (fault,) = find_faults(write_policy(tmp_path, (old, f"{kept}    {key}:\n")))
    assert (fault.path, str(fault.found)) == (f"measures.contest.{key}", "nothing")


def test_too_many_live_measures(tmp_path: Path) -> None:
    block = YAML[YAML.index("  export_step:") : YAML.index("  province:")]
    more = "".join(block.replace("export_step", f"m{i}") for i in range(MOST_LIVE_MEASURES))
    faults = find_faults(write_policy(tmp_path, ("  province:\n", more + "  province:\n")))
    assert [(fault.path, str(fault.found)) for fault in faults] == [("measures", "255")]


def test_every_fault_of_a_second_matter(tmp_path: Path) -> None:
    matter = YAML[YAML.index("  export:\n") : YAML.index("total_caps:")]
    second = matter.replace("  export:", "  second:")
    faults = find_faults(write_policy(tmp_path, ("total_caps:", second + "total_caps:")))
    assert [fault.path for fault in faults] == [f"matters.second.members.{i}" for i in range(3)]
    assert "it is in export" in str(faults[0].expected)


# --- the writing of a file


@pytest.mark.parametrize(
    ("raw", "line", "words"),
    [
        ("id: 猎头".encode("gbk"), 1, "looks like GBK"),
        ("a: 1\nid: 猎头\n".encode("utf-16"), 1, "looks like UTF-16"),
        (b"", 1, "an empty file"),
        (b"# only words\n", 1, "an empty file"),
        (b"a: 1\n\tb: 2\n", 2, "a tab"),
        (b"a: 1\nb: [1, 2\nc: 3\n", 2, "the closing ]"),
        (b"a: 1\nb: \x00\n", 2, "U+0000"),
        (b"a: 1\n---\nb: 2\n", 2, "one document"),
        (b"a: 1\n? [1]\n: 2\n", 2, "a key that is"),
        (b"a: " + b"[" * 60 + b"]" * 60, 1, "at most 40 levels"),
        (b"a: !!python/object/apply:os.system [x]\n", 1, "no tags"),
        (b"a: &a [1]\nb: [*a, *a]\n", 2, "*a"),
        (b"a: -.inf\n", 1, "finite"),
    ],
)
def test_faults_of_writing(raw: bytes, line: int, words: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(raw)
    with pytest.raises(FaultsError) as caught:
        read_yaml(path)
    assert any(words in str(fault) and fault.line in (line, 0) for fault in caught.value.faults)


def test_a_missing_file(tmp_path: Path) -> None:
    (fault,) = find_faults(tmp_path / "none.yaml")
    assert "no such file" in str(fault.found)
    assert "没有这个文件" in fault.said("zh")


def test_all_faults_of_writing_at_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("a: 1\na: 2\nb: *x\nc: .nan\n\td: 1e999\ne: 2023-13-01\n", encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        read_yaml(path)
    assert {fault.line for fault in caught.value.faults} >= {2, 3, 5}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("10:30", "10:30"), ("1_000", "1_000"), ("007", "007"),
        ("0x10", "0x10"), ("1e6", 1e6), ("1.5", 1.5), ("-3", -3), ("true", True), ("~", None), ("", None),
        ("'1'", "1"), ("50%", "50%"), ("50万元", "50万元"), ("'true'", "true"), ("nan", "nan"),
        ("1.2.3", "1.2.3"),
        ("99999999999999999999", 1e20),
    ],
)  # fmt: skip
def test_words_mean_what_they_look_like(text: str, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"key: {text}\n", encoding="utf-8")
    found = read_yaml(path).data["key"]
    assert found == value and type(found) is type(value)


def test_places_are_known_of_keys_and_items(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "\ufeffa:\n  b: |\n    text\n    more\n  c:\n  - x\n  -\n    d: 1\n2024: y\n", encoding="utf-8"
    )
    tree = read_yaml(path)
    assert tree.data == {"a": {"b": "text\nmore\n", "c": ["x", {"d": 1}]}, "2024": "y"}
    lines = {".".join(map(str, key)): line for key, (_, line) in tree.places.items()}
    assert lines["a.b"] == 2 and lines["a.c"] == 5 and lines["a.c.0"] == 6
    assert lines["a.c.1.d"] == 8 and lines["2024"] == 9
    assert tree.place(("a", "b", "nowhere")) == (str(path), 2)
    assert tree.under(("a", "c")).place((1, "d")) == (str(path), 8)


# --- the generic validator


class Normal(Frozen):
    kind: str
    mean: float


class Fix(Frozen):
    value: float


class Point(Frozen):
    law: Literal["point"]
    at: float


class Blend(Frozen):
    law: Literal["blend"]
    blend: tuple[Parameter, ...]


Parameter = float | Annotated[Point | Blend, Field(discriminator="law")]


class Holder(Frozen):
    number: float | Fix | Normal = 0.0
    parameter: Parameter = 0.0
    by_year: dict[int, float] | None = None


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("number: x", "number", "a number or keys with values"),
        ("number: {value: x}", "number.value", "a number"),
        ("number: {kind: a, mean: [1]}", "number.mean", "a number"),
        ("by_year: {2024: x}", "by_year.2024", "a number"),
        ("parameter: x", "parameter", "a number or keys with values"),
        ("parameter: {law: dot}", "parameter.law", "one of 'point', 'blend'"),
        ("parameter: {at: 1}", "parameter.law", "a value, it is required"),
        ("parameter: {law: point, at: x}", "parameter.at", "a number"),
        ("parameter: {law: point, at: 1, ta: 2}", "parameter.ta", "a known key"),
        ("parameter: {law: blend}", "parameter.blend", "a value, it is required"),
        (
            "parameter: {law: blend, blend: [1, {law: blend, blend: [{law: point}]}]}",
            "parameter.blend.1.blend.0.at",
            "a value, it is required",
        ),
        ("by_year: {next: 1}", "by_year.next", "a whole number"),
    ],
)
def test_of_a_unions_members_one_is_named(text: str, place: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    instance, faults = validate(Holder, read_yaml(path))
    assert instance is None
    assert [(fault.path, str(fault.expected)) for fault in faults] == [(place, words)]


# --- overlays, coverage, schema


def test_an_overlay_is_laid_and_its_faults_are_named(tmp_path: Path) -> None:
    path = write_policy(tmp_path)
    policy = load_policy(path, {"measures.headhunting.caps.yearly.amount": "80万元"})
    assert policy.measures["headhunting"].caps["yearly"].amount == 80_000_000
    (fault,) = find_faults(path, {"measures.headhuntin.status": "removed"})
    assert fault.file == "overlay" and "'measures.headhunting.status'" not in str(fault.found)
    assert "measures.headhunting" in str(fault.hint)
    (fault,) = find_faults(path, {"measures.headhunting.statu": "removed"})
    assert fault.file == "overlay" and str(fault.hint) == "did you mean 'status'?"


def test_coverage_lists_every_provision(tmp_path: Path) -> None:
    policy = load_policy(write_policy(tmp_path))
    rows = {row.measure: row for row in coverage(policy, {"headhunting_cap": "per_claim"})}
    assert list(rows) == list(policy.measures)
    assert rows["headhunting"].readings == ("headhunting_cap=per_claim",)
    assert rows["headhunting"].payer.said("zh") == "人力资源专项 60%、区级资金 40%"
    assert str(rows["contest"].payer) == "—" and str(rows["province"].payer) == "another policy"
    assert coverage(policy)[0].readings == ("headhunting_cap=yearly",)
    assert len(NOT_MODELLED) == 2


def test_the_schema_is_json(tmp_path: Path) -> None:
    schema = json.loads(json.dumps(Policy.model_json_schema()))
    assert {"document", "funds", "measures"} <= set(schema["properties"])


def test_scenario_roots_are_no_sections_of_a_policy() -> None:
    assert not set(SCENARIO_ROOTS) & set(Policy.model_json_schema()["properties"])


# --- nothing but faults

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
WORDS = st.sampled_from(
    ["base", "rate", "tiers", "50%", "1亿元", "5人", "hr", "line", "revenue", "[key]", "kind"]
)
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
FUZZ = settings(
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def mutate(node: Any, picks: list[int], value: Any, remove: bool) -> Any:
    """Change one place of the data, found by going down by `picks`."""
    if not picks or not isinstance(node, dict | list) or not node:
        return value
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = keys[picks[0] % len(keys)]
    if remove and len(picks) == 1:
        return {k: v for k, v in node.items() if k != key} if isinstance(node, dict) else node[1:]
    node[key] = mutate(node[key], picks[1:], value, remove)
    return node


@FUZZ
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 20), min_size=1, max_size=6), VALUES, st.booleans()), max_size=4
    )
)
def test_any_change_of_the_data_gives_faults_or_a_policy(tmp_path: Path, changes: list[Any]) -> None:
    path = write_policy(tmp_path)
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for picks, value, remove in changes:
        data = mutate(data, picks, value, remove)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8", errors="replace")
    load_or_faults(path)


@FUZZ
@given(
    st.integers(0, len(YAML)),
    st.integers(0, 12),
    st.text(max_size=6) | st.sampled_from(["\t", "- ", ": ", "{", "&a ", "*a", "\n"]),
)
def test_any_change_of_the_writing_gives_faults_or_a_policy(
    tmp_path: Path, at: int, cut: int, text: str
) -> None:
    path = write_policy(tmp_path)
    old = path.read_text(encoding="utf-8")
    path.write_bytes((old[:at] + text + old[at + cut :]).encode("utf-8", errors="surrogatepass"))
    load_or_faults(path)


@FUZZ
@given(st.dictionaries(st.sampled_from([
    "measures.headhunting.award", "measures.size.award.tiers.0", "measures.size.award.tiers.2", "funds", "id",
    "measures.headhunting.caps.new", "readings.headhunting_cap.options.growing.overlay", "document.text.file",
    "measures.x", "districts.0", "attributes.line.values",
]) | st.text(max_size=5), VALUES, max_size=3))  # fmt: skip
def test_any_overlay_gives_faults_or_a_policy(tmp_path: Path, changes: dict[str, Any]) -> None:
    load_or_faults(write_policy(tmp_path), changes)


def load_or_faults(path: Path, overlay: dict[str, Any] | None = None) -> None:
    """Fail on anything but a policy or faults, and on a fault without a Chinese line."""
    try:
        assert load_policy(path, overlay).measures
    except FaultsError as error:
        assert all(fault.said("zh") and len(str(fault.found)) < 400 for fault in error.faults)


def test_the_text_may_be_broken_into_lines_anywhere(tmp_path: Path) -> None:
    broken = "\u3000".join(TEXT)
    faults = find_faults(write_policy(tmp_path, text=broken))
    assert [fault.path for fault in faults] == ["document.text.sha256"]
