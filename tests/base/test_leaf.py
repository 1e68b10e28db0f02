"""Numbers and lists of the schema: each number says what it is and can be, nothing stands in a list twice."""

from __future__ import annotations

import datetime
import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from simkit.base.errors import FaultsError
from simkit.base.leaf import KINDS, Leaf, Once
from simkit.base.money import Basis
from simkit.claims.assumed import Assumed
from simkit.distributions.base import Drawn
from simkit.distributions.severity import Severity
from simkit.policy.schema import Policy
from simkit.scenario import Overlay, Plan, ScenarioFile

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
LAWS = get_args(get_args(Severity)[0])


class Place(NamedTuple):
    """A place of the schema, the type that stands there, and its annotations."""

    path: str
    kind: Any
    marks: tuple[Any, ...]


def places(model: type[BaseModel], path: str = "") -> Iterator[Place]:
    """Every place of a model and of those inside it."""
    for name, field in model.model_fields.items():
        yield from _places(field.annotation, tuple(field.metadata), f"{path}.{name}".strip("."))


def _places(kind: Any, marks: tuple[Any, ...], path: str) -> Iterator[Place]:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        yield from _places(parts[0], (*parts[1:], *marks), path)
    elif origin in (Union, types.UnionType) and not {*LAWS} & {*parts}:
        for part in parts:
            yield from _places(part, marks, path)
    elif origin is dict:
        yield from _places(parts[0], (), f"{path}.(key)")
        yield from _places(parts[1], (), f"{path}.*")
    else:
        yield Place(path, kind, marks)
        if origin in (tuple, list):
            for place, part in enumerate(one for one in parts if one is not Ellipsis):
                yield from _places(part, (), f"{path}.{place}")
        elif origin in (Union, types.UnionType):
            for law in LAWS:
                yield from places(law, f"{path}.{law.__name__.lower()}")
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from places(kind, path)


ALL = [
    Place(f"{model.__name__}.{one.path}", *one[1:])
    for model in (Policy, Plan, Overlay)
    for one in places(model)
]


def is_number(one: Place) -> bool:
    is_law = get_origin(one.kind) in (Union, types.UnionType)
    return is_law or one.kind in (int, float, Basis, Drawn, Assumed, datetime.date)


def test_every_number_of_the_schema_says_what_it_is() -> None:
    """Its kind, and the ends of what it can be; `Assumed.value` is looked at where the assumption stands."""
    bare = [
        one.path
        for one in ALL
        if is_number(one)
        and not any(isinstance(mark, Leaf) for mark in one.marks)
        and not _is_assumed_value(one)
    ]
    assert len(ALL) > 500 and not bare, bare


def _is_assumed_value(one: Place) -> bool:
    """The law inside an assumption, whose own place says what its number is."""
    around = one.path.rpartition(".value")[0]
    return any(other.path == around and other.kind is Assumed for other in ALL)


def test_nothing_stands_in_a_list_twice() -> None:
    """Two numbers of a pair and a sample's numbers may be alike."""
    numbers = [
        one.path
        for one in ALL
        if get_origin(one.kind) in (tuple, list)
        and not any(isinstance(mark, Once) for mark in one.marks)
        and not all(_of_numbers(part) for part in get_args(one.kind) if part is not Ellipsis)
    ]
    assert not numbers, numbers


def _of_numbers(kind: Any) -> bool:
    inner = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return inner in (int, float, Drawn)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_words(kind: Any) -> None:
    said = Leaf(kind, 1, 2, usual=(1, 2)).unusual(3)
    assert said is not None and said.said("zh").startswith("通常在") and str(said).endswith(", as is usual")


def test_ends_are_within_what_can_be() -> None:
    leaves = {mark for one in ALL for mark in one.marks if isinstance(mark, Leaf)}
    assert len(leaves) > 30
    for leaf in leaves:
        assert leaf.low < leaf.high
        if leaf.usual is not None:
            assert leaf.low <= leaf.usual[0] < leaf.usual[1] <= leaf.high and leaf.usual != (
                leaf.low,
                leaf.high,
            )


def test_the_ends_themselves_can_be_and_what_is_beyond_cannot() -> None:
    days = TypeAdapter(Annotated[int, Leaf("days", 0, 3_650)])
    assert (days.validate_python(0), days.validate_python(3_650)) == (0, 3_650)
    for wrong in (-1, 3_651):
        with pytest.raises(ValidationError, match="a number of days from 0 to 3,650"):
            days.validate_python(wrong)
    assert days.json_schema()["maximum"] == 3_650


# ------------------------------------------------------------------ what cannot be meant


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


def overlay(folder: Path, *lines: str, confirmed: str = "") -> Path:
    """An overlay of the baseline with these lines under `changes`."""
    path = folder / "o.yaml"
    head = "name: o\ntitle: {zh: 某, en: some}\nbase: baseline\nauthor: me\ndate: 2026-11-22\n"
    changes = "".join(f"  {line}\n" for line in lines)
    text = f"{head}reason: {{zh: 某, en: some}}\nchanges:\n{changes}{confirmed}"
    path.write_text(text, encoding="utf-8")
    return path


def told(file: ScenarioFile, path: Path) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        file.lay([path])
    return [str(one) for one in caught.value.faults]


REFUSED = {
    "no places": ("measures.park_appraisal.selection", "{kind: ranked, places: 0}", "from 1 to 1,000,000"),
    "rate": ("measures.headhunting.award.rate", "4750%", "from 0.01% to 1000%"),
    "negative tax": (
        "claims.headhunting.attributes.income_tax.bands.2.rate",
        "-20%",
        "a share of a whole from 0% to 100%",
    ),
    "bands": ("claims.headhunting.attributes.income_tax.bands.2.above", "1元", "ascending order"),
    "cv of a law": ("claims.headhunting.base.variables.pay.cv", "99", "from 0.001 to 10"),
    "cv": ("factor.cv.value", "1e12", "a coefficient of variation from 0 to 10"),
    "negative goal": ("goals.agencies.value", "-2500", "from 0 to"),
    "goal": ("goals.agencies.value", "1e20", "from 0 to"),
    "goal of another age": ("goals.agencies.by", "2019", "a year of the policy, 2023 to 2036"),
    "day": ("claims.contest.day", "02-30", "days of the year as MM-DD"),
    "round": ("calendar.rounds", "[02-30]", "days of the year as MM-DD"),
    "year beyond": (
        "population.growth.entry_by_year.2062",
        "{value: 5%, source: judgement_2026}",
        "from 2023 to 2026",
    ),
    "loading": ("claims.headhunting.loading.value", "60", "from 0 to 20"),
    "intensity in yuan": ("claims.headhunting.intensity.value", "3元", "without a unit"),
    "intensity in dollars": ("claims.headhunting.intensity.value", "3美元", "without a unit"),
    "intensity in percent": ("claims.headhunting.intensity.value", "300%", "in percent at most 100%"),
    "take-up in yuan": ("claims.headhunting.take_up.value", "0.4元", "a share of those entitled"),
    "mixed units": (
        "claims.contest.base.scale.value",
        "{dist: triangular, low: 120, mode: 180万元, high: 300万元}",
        "one unit, written at every number",
    ),
    "mode": (
        "claims.contest.base.scale.value",
        "{dist: triangular, low: 9元, mode: 1元, high: 3元}",
        "low <= mode <= high",
    ),
    "weights": ("claims.headhunting.attributes.client.weights", "{champion: 0}", "weights with a sum > 0"),
    "term": (
        "measures.listing.in_force",
        "{since: 2024-05-01, until: 2024-04-30}",
        "until on or after since",
    ),
    "probability": ("claims.digital_other_funds.companion.chance.value", "1.01", "from 0% to 100%"),
    "year": ("claims.headhunting.base.of_year", "1203", "a calendar year from 1949 to 2200"),
    "day of another age": ("as_of", "0203-04-12", "a day in the years from 1949 to 2200"),
    "one_of twice": (
        "measures.headhunting.conditions.client.one_of",
        "[large_strong, champion, champion]",
        "one_of.2: expected each item of the list once, found 'champion'",
    ),
    "member twice": (
        "matters.exports.members",
        "[export_subsidy, offshore_interest, export_subsidy]",
        "members.2: expected each item of the list once",
    ),
    "round twice": ("calendar.rounds", "[06-30, 06-30]", "rounds.1: expected each item of the list once"),
}


@pytest.mark.parametrize(("path", "value", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_meant_is_refused(
    file: ScenarioFile, tmp_path: Path, path: str, value: str, words: str
) -> None:
    written = overlay(tmp_path, f"{path}: {value}")
    faults = told(file, written)
    assert any(path.split(".")[1 if "." in path else 0] in one and words in one for one in faults), faults
    assert not any("if it is meant" in one for one in faults)


UNUSUAL = {
    "rate": ("measures.headhunting.award.rate", "150%", "0.01% to 100%"),
    "cap of a fen": ("measures.headhunting.caps.yearly.amount", "0.01元", "1元 to 10亿元"),
    "cap": ("measures.headhunting.caps.yearly.amount", "50亿元", "1元 to 10亿元"),
    "exit": ("population.growth.exit_rate.value", "60%", "0% to 50%"),
    "growth": ("claims.headhunting.base.growth.value", "60%", "0% to 50%"),
    "cv": ("factor.cv.value", "3.5", "0 to 3"),
    "loading": ("factor.loading.value", "6", "0 to 5"),
    "intensity": ("claims.headhunting.intensity.value", "11", "0 to 10"),
    "before": ("claims.high_tech_district.companion.days", "-1", "0 to 1,095"),
    "confidence": ("confidence", "30%", "50% to 99.9%"),
    "aim": ("population.growth.target.agencies", "25000", "-50% to 50% a year"),
}


@pytest.mark.parametrize(("path", "value", "words"), UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_confirmed_in_its_file(
    file: ScenarioFile, tmp_path: Path, path: str, value: str, words: str
) -> None:
    (fault,) = told(file, overlay(tmp_path, f"{path}: {value}"))
    assert words in fault and f"write under confirmed: at the top level of this file: {path}:" in fault
    laid = file.lay([overlay(tmp_path, f"{path}: {value}", confirmed=f"confirmed: {{{path}: 会议纪要}}\n")])
    assert laid.changes[0].path == path
    # What is only asked for a question is its own confirmation.
    assert file.lay(changes={path: value if "%" in value or "元" in value else json.loads(value)})


def test_the_way_out_is_told_in_chinese(file: ScenarioFile, tmp_path: Path) -> None:
    with pytest.raises(FaultsError) as caught:
        file.lay([overlay(tmp_path, "factor.cv.value: 3.5")])
    (fault,) = caught.value.faults
    assert fault.said("zh").endswith(
        "factor.cv.value：应为通常在 0 至 3 之间的变异系数，实为3.5"
        "（如确为此值，请在本文件顶层 confirmed: 下写一行 factor.cv.value: （理由））"
    )


@pytest.mark.parametrize("path", ["measures.headhunting.award.rate", "factor.loading.value", "no.such.path"])
def test_a_confirmation_that_nothing_needs_is_a_fault(file: ScenarioFile, tmp_path: Path, path: str) -> None:
    lines = ("measures.headhunting.award.rate: 60%", "factor.cv.value: 3.5")
    confirmed = f"confirmed: {{factor.cv.value: 会议纪要, {path}: 无}}\n"
    (fault,) = told(file, overlay(tmp_path, *lines, confirmed=confirmed))
    assert f"confirmed.{path}: expected the path of an unusual value in this file" in fault
