"""Awards: the compiled kernels and the plain-Python reference agree to the fen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from simkit.awards.adjudicate import Desk
from simkit.awards.outlays import Layout
from simkit.awards.summing import Summing, no_sums
from simkit.awards.types import Awards, no_levers
from simkit.base.days import years_of
from simkit.base.errors import RunError
from simkit.claims.types import UNKNOWN
from simkit.policy.compile import compile_policy
from simkit.policy.schema import Policy
from simkit.rules.codes import FORFEITED
from tests.cases_loader import STEPS, Case, Part, load_cases
from tests.claim_columns import decided, desk_rows
from tests.reference import REFUSALS, decide
from tests.strategies import World, random_world, shrink, take_claims, worlds

COLUMNS = (
    "gross",
    "over_claim_cap",
    "not_selected",
    "over_running_cap",
    "same_matter",
    "over_total_cap",
    "award",
    "refusal",
    "bound",
    "booked",
)
Row = dict[str, Any]


def by_reference(world: World) -> list[Row]:
    """The reference's decisions."""
    rows = []
    for decision in decide(world.policy, world.claims, world.ledger):
        row = asdict(decision)
        rows.append({name: row[name] for name in COLUMNS} | {"parts": summed(decision.parts)})
    return rows


def by_kernels(world: World) -> list[Row]:
    """The kernels' awards and parts in the reference's words."""
    awards = decided(world.policy, world.claims, world.ledger)
    measures = list(world.policy.measures)
    rows: list[Row] = []
    for i in range(len(world.claims)):
        row: Row = {name: int(getattr(awards, name)[i]) for name in COLUMNS}
        row.update(refusal=REFUSALS[row["refusal"]], booked=measures[row["booked"]])
        rows.append(row)
    for row, parts in zip(rows, parts_by_kernels(world, awards), strict=True):
        row["parts"] = parts
    return rows


def parts_by_kernels(world: World, awards: Awards) -> list[Row]:
    """What is paid and forfeited of each award: each claim is summed as a draw of its own."""
    policy = world.policy
    flat = compile_policy(policy, world.claims.attribute_names)
    claims = desk_rows(world.claims, world.ledger)[0]
    claims = claims._replace(firsts=np.arange(len(claims.rows) + 1))
    years = np.concatenate([years_of(world.claims.earned), years_of(world.claims.decided), [2023]])
    first, span = int(years.min()), int(np.ptp(years)) + 1
    layout = Layout(
        measures=len(policy.measures),
        first_earned=first,
        earned=span,
        paid=span + 25,  # ten years of lag, ten of instalments
        purse_fund=tuple(number for number, _ in purses(policy)),
        purse_district=tuple(district for _, district in purses(policy)),
    )
    sums = no_sums(len(claims.rows), layout.measures, span)
    outlays = Summing(flat, layout).sum(claims, awards, sums)
    assert np.all(outlays[:, 2] > 0), "a part of no money"
    cells, funds = layout.cells(outlays[:, 1]), list(policy.funds)
    paid: list[dict[Any, int]] = [{} for _ in claims.rows]
    for (claim, _, fen), cell in zip(outlays.tolist(), cells, strict=True):
        key = funds[cell["fund"]], int(cell["district"]), int(cell["paid"])
        paid[claim][key] = paid[claim].get(key, 0) + fen
    forfeited = sums.money[..., FORFEITED].sum(axis=(1, 2)).tolist()
    return [{"paid": one, "forfeited": lost} for one, lost in zip(paid, forfeited, strict=True)]


def purses(policy: Policy) -> list[tuple[int, int]]:
    """Number of the fund, and of the district."""
    districts = range(len(policy.districts))
    return [
        (number, district)
        for number, fund in enumerate(policy.funds.values())
        for district in (districts if fund.per_district else (-1,))
    ]


def summed(parts: list[Part]) -> Row:
    """Parts of an award (fund, district, paid year, fen, forfeited) as `parts_by_kernels` has them."""
    paid: dict[Any, int] = {}
    for *key, fen, is_forfeited in parts:
        if not is_forfeited:
            paid[tuple(key)] = paid.get(tuple(key), 0) + fen
    return {"paid": paid, "forfeited": sum(fen for *_, fen, is_forfeited in parts if is_forfeited)}


def first_difference(world: World) -> int | None:
    """Position of the first claim on which they differ; 0 where the kernels fail on the whole."""
    expected = by_reference(world)
    try:
        found = by_kernels(world)
    except Exception:
        return 0
    return next((i for i, pair in enumerate(zip(expected, found, strict=True)) if pair[0] != pair[1]), None)


def assert_agreement(world: World) -> None:
    """Fail with the smallest world found that still shows a difference, in words."""
    if first_difference(world) is None:
        return
    small = shrink(world, lambda candidate: first_difference(candidate) is not None)
    place = first_difference(small)
    assert place is not None
    text = describe(small, place)
    try:
        found = by_kernels(small)[place]
    except Exception as error:
        raise AssertionError(f"the kernels fail ({error!r}) on\n{text}") from error
    expected = by_reference(small)[place]
    lines = [f"{name}: reference {expected[name]}, kernels {found[name]}" for name in expected]
    differing = [line for name, line in zip(expected, lines, strict=True) if expected[name] != found[name]]
    pytest.fail("\n".join(["reference and kernels differ", *differing, text, "all columns:", *lines]))


def describe(world: World, place: int) -> str:
    """The claim, what came before it, and the part of the policy that decides it, as YAML."""
    policy, claims = world.policy, world.claims
    measures = list(policy.measures)
    name = measures[int(claims.measure[place])]
    near = {name} | {
        each for matter in policy.matters.values() if name in matter.members for each in matter.members
    }
    near |= {each for cap in policy.total_caps.values() if name in cap.measures for each in cap.measures}
    dump: Row = {
        "claim": place,
        "measure": name,
        "in_force": policy.document.in_force.model_dump(mode="json"),
    }
    dump["measures"] = {each: plain(policy.measures[each]) for each in measures if each in near}
    dump["matters"] = {key: plain(each) for key, each in policy.matters.items() if name in each.members}
    dump["total_caps"] = {
        key: plain(each) for key, each in policy.total_caps.items() if name in each.measures
    }
    dump["funds"] = {key: plain(each) for key, each in policy.funds.items()}
    lines = [world.label, yaml.safe_dump(dump, allow_unicode=True, sort_keys=False), "claims up to it:"]
    lines += [claim_text(world, row) for row in range(place + 1)]
    if world.ledger is not None:
        lines += ["ledger:"]
        for row, measure in enumerate(world.ledger.measure):
            values = {
                each: int(getattr(world.ledger, each)[row]) for each in ("agency", "key", "matter", "award")
            }
            lines.append(f"  {measures[measure]} earned {day(world.ledger.earned[row])} {values}")
    return "\n".join(lines)


def plain(thing: Any) -> Any:
    """A part of the policy without names, quotes and what is not set."""
    hidden = {"name", "clause", "quote", "why", "modelled", "rigidity", "priced_by"}
    return thing.model_dump(mode="json", exclude=hidden, exclude_defaults=True)


def claim_text(world: World, row: int) -> str:
    claims = world.claims
    names = ("draw", "agency", "key", "matter", "base", "first_time", "score", "district")
    values: Row = {name: getattr(claims, name)[row].item() for name in names}
    for (name, later), value in zip(claims.attribute_names, claims.attributes[row].tolist(), strict=True):
        values[f"{name}{later:+d}" if later else name] = "unknown" if value == UNKNOWN else value
    measure = list(world.policy.measures)[int(claims.measure[row])]
    text = " ".join(f"{name}={value}" for name, value in values.items())
    return f"  {row}: {measure} earned {day(claims.earned[row])} decided {day(claims.decided[row])} {text}"


def day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(number))


@pytest.mark.parametrize("block", range(8))
def test_reference_and_kernels_agree(block: int) -> None:
    """In all 400 random worlds of 30 to 90 claims, every feature of the schema mixed."""
    claims = 0
    for seed in range(50 * block, 50 * (block + 1)):
        world = random_world(seed)
        claims += len(world.claims)
        assert_agreement(world)
    assert claims >= 750  # 6,000 over the blocks


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(most_claims=15))
def test_reference_and_kernels_agree_on_small_worlds(world: World) -> None:
    assert_agreement(world)


def test_who_pays_moves_no_amount() -> None:
    """Settlement books a year's money to another measure; what each claim is awarded stays, caps included."""
    moved = 0
    for seed in range(60):
        world = random_world(seed)
        found = []
        for payer in ("sequential", "settlement"):
            matters = {
                name: matter.model_copy(update={"payer": payer})
                for name, matter in world.policy.matters.items()
            }
            policy = world.policy.model_copy(update={"matters": matters})
            found.append(decided(policy, world.claims, world.ledger))
        for name in COLUMNS[:-1]:
            assert np.array_equal(getattr(found[0], name), getattr(found[1], name)), (seed, name)
        moved += int((found[0].booked != found[1].booked).sum())
    assert moved > 20


def test_agreement_without_claims() -> None:
    world = random_world(1)
    assert_agreement(replace(world, claims=take_claims(world.claims, [])))


@pytest.mark.parametrize("by", [by_reference, by_kernels], ids=["reference", "kernels"])
@pytest.mark.parametrize("case", load_cases(), ids=str)
def test_case_worked_by_hand(case: Case, by: Callable[[World], list[Row]]) -> None:
    """A case names some of the columns; steps that stand between a gross and an award took nothing else."""
    decided = by(World(case.policy, case.claims, case.ledger, case.name))
    assert len(decided) == len(case.expected)
    for place, (found, expected) in enumerate(zip(decided, case.expected, strict=True)):
        wanted: Row = dict.fromkeys(STEPS, 0) if {"gross", "award"} <= set(expected) else {}
        wanted.update(expected)
        for name, value in wanted.items():
            if name in ("gross", "award", *STEPS):
                same = abs(found[name] - value) <= case.atol
            elif name == "refusal":
                same = found[name] == REFUSALS[value]
            elif name == "booked":
                same = found[name] == list(case.policy.measures)[value]
            else:
                same = found[name] == (summed(value) if name == "parts" else value)
            assert same, f"claim {place}: {name}: expected {value}, found {found[name]}"


@pytest.mark.parametrize(
    ("table", "column", "told"),
    [
        ("measures", "kind", "award.kind"),
        ("conditions", "test", "conditions"),
    ],
)
def test_what_no_kernel_knows_is_an_error(table: str, column: str, told: str) -> None:
    """A number in the policy's tables that stands for nothing never pays, and never takes, silently."""
    met = 0
    for seed in range(20):
        world = random_world(seed)
        flat = compile_policy(world.policy, world.claims.attribute_names)
        claims, paid = desk_rows(world.claims, world.ledger)
        levers = no_levers(flat, len(claims.firsts) - 1, (1970, 2060))
        changed = getattr(flat, table).copy()
        changed[column] = 99
        if table == "measures" and column == "kind":
            changed["outside"] = 0
        desk = Desk(flat._replace(**{table: changed}), paid)
        try:
            desk.decide(claims, levers)
        except RunError as error:
            met += 1
            assert told in str(error) and "nothing was awarded" in str(error)
    assert met >= 15


def test_an_instalment_with_a_test_that_no_kernel_knows_is_an_error() -> None:
    met = 0
    for seed in range(20):
        world = random_world(seed)
        awards = decided(world.policy, world.claims, world.ledger)
        flat = compile_policy(world.policy, world.claims.attribute_names)
        tests = flat.conditions.copy()
        tests["test"] = 99
        claims = desk_rows(world.claims, world.ledger)[0]
        layout = Layout(
            measures=len(flat.measures),
            first_earned=1970,
            earned=90,
            paid=130,
            purse_fund=tuple(number for number, _ in purses(world.policy)),
            purse_district=tuple(district for _, district in purses(world.policy)),
        )
        try:
            Summing(flat._replace(conditions=tests), layout).sum(claims, awards)
        except RunError as error:
            met += 1
            assert "nothing was paid" in str(error)
    assert met >= 3
