"""Claims kept and decided again: the same money, to the fen, as a whole run under the changed policy."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.awards.outlays import Outlays, sum_by
from simkit.base.arrays import FenArray
from simkit.base.errors import InputError
from simkit.policy.limits import TotalCap
from simkit.runs.job import BLOCK_DRAWS
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from simkit.whatif.kept import again as deciding
from simkit.whatif.kept import claims as whatif
from simkit.whatif.kept.again import Again, decide_again, decide_measures, decide_some, touched
from simkit.whatif.kept.claims import KeptClaims, keep_claims
from tests.small_scenarios import BOTH, claim, fixed, measure, write_scenario

Changes = Mapping[str, Any]

BASELINE = Path(__file__).parent.parent.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
#: More than one block of draws, the last not whole.
DRAWS, SEED = 600, 3
assert BLOCK_DRAWS < DRAWS < 2 * BLOCK_DRAWS

RENEWED = {"until": "2029-04-11", "source": "judgement_2026", "note": BOTH}
#: What changes, and the measures that it touches.
EXPORTS = ("export_subsidy", "offshore_interest")
CHANGES: dict[str, tuple[Changes, tuple[str, ...]]] = {
    "cap of students": ({"measures.students.caps.yearly.amount": "20万元"}, ("students",)),
    "cap of headhunting": ({"measures.headhunting.caps.yearly.amount": "20万元"}, ("headhunting",)),
    "cap of supplied employees": (
        {"measures.supplied_employees.caps.yearly.amount": "60万元"},
        ("supplied_employees",),
    ),
    "rate": ({"measures.headhunting.award.rate": "40%"}, ("headhunting",)),
    "amount a head": ({"measures.students.award.amount": "800元"}, ("students",)),
    "threshold": ({"measures.headhunting.conditions.income_tax.at_least": "15万元"}, ("headhunting",)),
    "cap of exports": ({"measures.export_subsidy.caps.yearly.amount": "10万元"}, EXPORTS),
    "cap of export interest": ({"measures.offshore_interest.caps.yearly.amount": "5万元"}, EXPORTS),
    "exports no longer one matter": ({"matters.exports.members": ["export_subsidy"]}, EXPORTS),
    "cap beside what others pay": (
        {"measures.standards.caps.per_item.amount": "20万元"},
        ("standards", "standards_other_funds"),
    ),
    "envelope": (
        {"measures.digital.selection.envelope": "100万元"},
        ("digital", "digital_other_funds"),
    ),
    "reading": ({"choose": {"headhunting_cap": "talent"}}, ("headhunting",)),
    "paid later": ({"measures.students.lag_days": 1_200}, ("students",)),
    "a measure less": ({"measures.students.status": "removed"}, ("students",)),
    "a measure less of those that meet": ({"measures.export_subsidy.status": "suspended"}, EXPORTS),
    "a measure less beside what others pay": (
        {"measures.digital.status": "removed"},
        ("digital", "digital_other_funds"),
    ),
    "a term of its own that ends earlier": (
        {"measures.high_tech.in_force": {"since": "2023-04-12", "until": "2024-06-30"}},
        ("high_tech", "high_tech_district"),
    ),
    "a shorter term": ({"document.in_force.until": "2026-02-28"}, ()),
    "a shorter term in fewer years": (
        {"document.in_force.until": "2025-09-30", "earned_years": [2023, 2025]},
        (),
    ),
    "a condition less": ({"measures.headhunting.conditions.income_tax": None}, ("headhunting",)),
    "two at once": (
        {
            "measures.students.caps.yearly.amount": "20万元",
            "measures.export_subsidy.caps.yearly.amount": "10万元",
        },
        ("students", *EXPORTS),
    ),
}


def changed(changes: Changes) -> Scenario:
    return load_scenario(BASELINE, changes=changes)


def by_cell(*parts: Outlays) -> dict[tuple[int, ...], int]:
    """Fen by draw and all that a cell is of; parts are of different measures."""
    found: dict[tuple[int, ...], int] = {}
    for part in parts:
        for draw, cell, fen in zip(part.draw.tolist(), part.cell.tolist(), part.fen.tolist(), strict=True):
            key = (draw, *part.cells[cell].tolist())
            assert key not in found
            found[key] = fen
    return found


def assert_as_runs(again: Again, before: Result, after: Result) -> None:
    """Fail unless all is paid as in the runs, to the fen, and something differs at all."""
    old, new = by_cell(again.before, again.rest), by_cell(again.after, again.rest)
    assert old != new, "the change changes nothing: it tests nothing"
    assert old == by_cell(before.outlays)
    assert new == by_cell(after.outlays)


def assert_same(one: Again, other: Again) -> None:
    assert one.measures == other.measures
    assert by_cell(one.before) == by_cell(other.before)
    assert by_cell(one.after) == by_cell(other.after)


def totals(outlays: Outlays) -> FenArray:
    """Fen by draw."""
    return sum_by(outlays, np.zeros(len(outlays.cells), dtype=np.int64), 1)[:, 0]


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(BASELINE)


@pytest.fixture(scope="module")
def kept(baseline: Scenario) -> KeptClaims:
    """All claims of the baseline."""
    return keep_claims(baseline, draws=DRAWS, seed=SEED, jobs=1)


@pytest.fixture(scope="module")
def before(baseline: Scenario) -> Result:
    return run(baseline, draws=DRAWS, seed=SEED, jobs=1)


# ------------------------------------------------------------------ the same as two whole runs


@pytest.mark.parametrize("name", CHANGES)
def test_the_difference_is_that_of_two_runs(name: str, kept: KeptClaims, before: Result) -> None:
    changes, measures = CHANGES[name]
    scenario = changed(changes)
    again = decide_again(kept, scenario, jobs=1)
    assert again.measures == (measures or tuple(kept.scenario.policy.measures))
    assert_as_runs(again, before, run(scenario, draws=DRAWS, seed=SEED, jobs=1))


def test_nothing_changed_touches_nothing(kept: KeptClaims, baseline: Scenario) -> None:
    again = decide_again(kept, baseline)
    assert again.measures == ()
    assert not len(again.before.fen) and not len(again.after.fen)
    assert by_cell(again.rest) == by_cell(kept.all_outlays())


def test_a_year_more_of_payments_than_the_claims_were_kept_with(kept: KeptClaims) -> None:
    """A change can be paid in more years than before, or in fewer."""
    later = changed(CHANGES["paid later"][0])
    again = decide_again(kept, later, jobs=1)
    back = decide_again(
        keep_claims(later, draws=DRAWS, seed=SEED, measures=["students"]), kept.job.scenario, jobs=1
    )
    assert again.after.cells["paid"].max() > again.before.cells["paid"].max()
    assert by_cell(back.before) == by_cell(again.after)
    assert by_cell(back.after) == by_cell(again.before)


def small(folder: Path, total: str, fund: str = "甲", **more: Any) -> Scenario:
    """Two measures under a total cap an agency and year, and one beside it."""
    measures = {
        "first": measure(fixed("3万元")),
        "second": measure(fixed("4万元")),
        "third": measure(fixed("5万元")),
    }
    both = {"zh": fund, "en": "some"}
    policy = {
        "funds": {"hr": {"name": both, "department": "hr", "level": "city", "special": True}},
        "total_caps": {
            "all": {"name": BOTH, "clause": "一", "amount": total, "measures": ["first", "second"]}
        },
    }
    return load_scenario(
        write_scenario(
            folder,
            measures,
            dict.fromkeys(measures, claim(0.7)),
            years=(2024, 2025),
            start=40,
            policy=policy,
            **more,
        )
    )


def test_a_total_cap_touches_the_measures_under_it(tmp_path: Path) -> None:
    """And only those; they are decided together."""
    one, other = small(tmp_path / "one", "10万元"), small(tmp_path / "other", "6万元")
    again = decide_again(keep_claims(one, draws=DRAWS, seed=SEED), other)
    assert again.measures == ("first", "second")
    runs = [run(scenario, draws=DRAWS, seed=SEED, jobs=1) for scenario in (one, other)]
    assert_as_runs(again, *runs)


def test_what_holds_for_all_touches_all(tmp_path: Path) -> None:
    one, other = small(tmp_path / "one", "10万元"), small(tmp_path / "other", "10万元", fund="乙")
    assert touched(one.policy, other.policy) == ("first", "second", "third")


# ------------------------------------------------------------------ only what a change can touch


def test_only_touched_measures_are_decided(
    kept: KeptClaims, baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every part that is paid holds claims of touched measures alone."""
    names, seen = list(baseline.policy.measures), set[str]()
    decide = deciding.decide_part

    def watched(job: Any, part: Any, levers: Any) -> Any:
        seen.update(names[number] for number in np.unique(part.claims.rows["measure"]))
        return decide(job, part, levers)

    monkeypatch.setattr(deciding, "decide_part", watched)
    decide_again(kept, changed(CHANGES["cap of exports"][0]), jobs=1)
    assert seen == set(EXPORTS)


def test_a_tie_before_or_after_is_a_reach() -> None:
    """Measures tied only in one of the two policies are touched together, and what those are tied to."""
    one = load_scenario(BASELINE).policy
    meets = changed({"matters.exports.members": [*EXPORTS, "students"]}).policy
    assert touched(one, meets) == touched(meets, one) == ("students", *EXPORTS)
    raised = {"measures.students.caps.yearly.amount": "60万元"}
    both = changed({"matters.exports.members": [*EXPORTS, "students"]} | raised).policy
    assert touched(meets, both) == ("students", *EXPORTS)


def test_a_tie_that_begins_or_ends_is_a_reach(baseline: Scenario) -> None:
    """A matter, or a total cap, that only one of the two policies has."""
    whole = baseline.policy
    less = whole.model_copy(update={"matters": {k: v for k, v in whole.matters.items() if k != "exports"}})
    assert touched(whole, less) == touched(less, whole) == EXPORTS
    cap = {"name": BOTH, "clause": "一", "amount": "100万元", "measures": ["students", "headhunting"]}
    capped = whole.model_copy(update={"total_caps": {"one": TotalCap.model_validate(cap)}})
    assert touched(whole, capped) == touched(capped, whole) == ("headhunting", "students")


def test_raising_a_cap_never_lowers_a_draw(kept: KeptClaims) -> None:
    """Of a measure that meets no other; and twice the cap pays at most twice as much."""
    half, twice = (
        decide_again(kept, changed({"measures.students.caps.yearly.amount": amount}), jobs=1)
        for amount in ("25万元", "100万元")
    )
    assert by_cell(half.before) == by_cell(twice.before)  # 50万元
    paid = [totals(one) for one in (half.after, half.before, twice.after)]
    for lower, higher in pairwise(paid):
        assert (lower <= higher).all() and (lower < higher).any()
        assert (higher <= 2 * lower).all()


# ------------------------------------------------------------------ some measures, some claims


@pytest.mark.parametrize("name", CHANGES)
def test_some_measures_pay_what_they_pay_in_the_whole(name: str, kept: KeptClaims) -> None:
    """Of the measures that a change touches; claims of others that move as well are nothing to them."""
    changes, measures = CHANGES[name]
    again = decide_again(kept, changed(changes), jobs=1)
    elsewhere = {"claims.recruiting_trips.take_up.value": 0.1, "measures.top10_list.first_time": False}
    for more in ({}, elsewhere if measures else {}):
        found = decide_measures(kept, changed({**changes, **more}), again.measures, jobs=1)
        assert found is not None
        assert by_cell(found) == by_cell(again.after)


def test_what_others_pay_goes_with_the_claims_it_accompanies(tmp_path: Path) -> None:
    """On a matter of two measures, one of them removed: what others paid beside its claims is gone too."""
    outside = {"priced_by": "by_rule", "base_unit": "yuan", "level": "district", "outside": True}
    measures = {
        "a": measure(fixed("3万元")),
        "b": measure(fixed("4万元")),
        "others": measure({"kind": "by_rule"}, **outside),
    }
    one = {"name": BOTH, "clause": "一", "why": BOTH, "members": list(measures), "key": ["agency"]}
    one |= {"levels": [], "departments": [], "years": "ever", "mode": "inclusive", "payer": "sequential"}
    beside = {"of": "a", "chance": {"value": 1, "source": "made_up"}, "days": 0}
    base = {"unit": "yuan", "scale": {"value": "2万元", "source": "made_up"}}
    claims = {"a": claim(0.7), "b": claim(0.7), "others": {"companion": beside, "base": base}}
    path = write_scenario(tmp_path, measures, claims, start=40, policy={"matters": {"one": one}})
    whole = keep_claims(load_scenario(path), draws=40, seed=SEED, jobs=1)
    less = load_scenario(path, changes={"measures.a.status": "removed"})
    found = decide_measures(whole, less, ["b"], jobs=1)
    assert found is not None
    assert by_cell(found) == by_cell(run(less, draws=40, seed=SEED, jobs=1).outlays)


def test_measures_whose_claims_move_or_meet_others_are_not_decided(
    kept: KeptClaims, baseline: Scenario
) -> None:
    moved = changed({"claims.students.intensity.value": 0.5})
    assert decide_measures(kept, moved, ["students"]) is None
    assert decide_measures(kept, changed({"document.in_force.until": "2026-06-30"}), ["students"]) is None
    meeting = changed({"matters.exports.members": [*EXPORTS, "students"]})
    assert decide_measures(kept, meeting, ["students"]) is None
    some = keep_claims(baseline, draws=8, seed=SEED, measures=["students"])
    assert decide_measures(some, changed(CHANGES["cap of headhunting"][0]), ["headhunting"]) is None


def test_some_claims_are_decided_as_if_the_others_were_not_there(
    kept: KeptClaims, baseline: Scenario
) -> None:
    """In some draws the one measure of a tie, in others the other, or none."""
    tie, names = frozenset(EXPORTS), list(baseline.policy.measures)
    first, second = (totals_by_draw(kept, other) for other in ("export_subsidy", "offshore_interest"))
    counted = np.zeros((BLOCK_DRAWS, len(names)), dtype=np.bool_)
    counted[0::3, names.index("export_subsidy")] = True
    counted[1::3, names.index("offshore_interest")] = True
    found: dict[int, int] = {}
    for draw, _, fen in decide_some(kept, tie, 0, counted).tolist():
        found[draw] = found.get(draw, 0) + fen
    wanted = {draw: (first, second, {})[draw % 3].get(draw, 0) for draw in range(BLOCK_DRAWS)}
    assert found == {draw: fen for draw, fen in wanted.items() if fen}
    assert len(found) > BLOCK_DRAWS / 3


def totals_by_draw(kept: KeptClaims, name: str) -> dict[int, int]:
    """What an export measure pays by draw where the other is removed, by the change of policy."""
    (other,) = set(EXPORTS) - {name}
    again = decide_again(kept, changed({f"measures.{other}.status": "removed"}), jobs=1)
    return {draw: int(fen) for draw, fen in enumerate(totals(again.after)) if fen}


# ------------------------------------------------------------------ refused


@pytest.mark.parametrize(
    "changes",
    [
        {"claims.students.intensity.value": 0.5},
        {"claims.students.take_up.value": 0.1},
        {"document.in_force.until": "2026-06-30"},
        {"document.in_force.since": "2023-05-01"},
        {"measures.students.in_force": {"since": "2023-06-12", "until": "2026-04-11"}},
        {"earned_years": [2023, 2029], "renewed": RENEWED},
        {"population.growth.start.value": 1_500},
        {"factor.cv.value": 0.5},
        {"calendar.review_days": 200},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_change_that_moves_the_claims_is_refused(changes: Changes, kept: KeptClaims) -> None:
    with pytest.raises(InputError, match="moves the claims themselves: run the changed scenario") as caught:
        decide_again(kept, changed(changes))
    assert "请用同一随机种子" in caught.value.said("zh")


def test_measures_that_were_not_kept_are_refused_by_name(baseline: Scenario) -> None:
    """Also where only a measure that the changed one is tied to is missing: it cannot be."""
    kept = keep_claims(baseline, draws=8, seed=SEED, measures=["students", "export_subsidy"])
    assert set().union(*kept.parts) == {"students", *EXPORTS}
    with pytest.raises(InputError, match="touches headhunting: keep theirs too") as caught:
        decide_again(
            kept, changed(CHANGES["cap of headhunting"][0] | {"measures.students.award.amount": "1元"})
        )
    assert "headhunting" in caught.value.said("zh")


def test_measures_that_begin_to_meet_are_refused(kept: KeptClaims) -> None:
    with pytest.raises(
        InputError, match="a change that lets students, export_subsidy, offshore_interest meet"
    ):
        decide_again(kept, changed({"matters.exports.members": [*EXPORTS, "students"]}))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measures": ["student"]}, "expected measures of the policy .*, found student$"),
        ({"draws": 0}, "draws: expected a whole number from 1 to 10000000, found 0"),
        ({"jobs": 0}, "jobs: expected a whole number from 1 to 1024, found 0"),
    ],
)
def test_bad_arguments_are_named(options: dict[str, Any], words: str, baseline: Scenario) -> None:
    with pytest.raises(InputError, match=words) as caught:
        keep_claims(baseline, **({"draws": 8} | options))
    assert caught.value.said("zh") != str(caught.value)


# ------------------------------------------------------------------ the same whoever works


def test_threads_and_blocks_move_nothing(
    baseline: Scenario, kept: KeptClaims, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = changed(CHANGES["two at once"][0])
    once = decide_again(kept, scenario, jobs=1)
    assert_same(once, decide_again(kept, scenario, jobs=2))
    for draws in (64, 100, 1_000):
        monkeypatch.setattr(whatif, "BLOCK_DRAWS", draws)
        other = keep_claims(baseline, draws=DRAWS, seed=SEED, measures=["students", "export_subsidy"], jobs=2)
        assert other.blocks == -(-DRAWS // draws)
        assert_same(once, decide_again(other, scenario, jobs=2))


def test_what_is_kept_does_not_change(kept: KeptClaims) -> None:
    """A second change starts from the policy as it was, not from the first."""
    scenario = changed(CHANGES["cap of exports"][0])
    first = decide_again(kept, scenario, jobs=2)
    decide_again(kept, changed(CHANGES["cap of export interest"][0]), jobs=2)
    assert_same(first, decide_again(kept, scenario, jobs=2))


def test_memory_is_told(baseline: Scenario, kept: KeptClaims) -> None:
    """72 bytes a claim, 8 an attribute, and what is paid; some measures take less than all."""
    some = keep_claims(baseline, draws=DRAWS, seed=SEED, measures=["students"])
    part = some.parts[frozenset({"students"})]
    rows = sum(len(one.claims.rows) for one in part)
    wide = part[0].claims.attributes.shape[1]
    firsts = 8 * (DRAWS + len(part))
    paid = sum(16 * len(one.fen) for one in some.outlays.values())
    assert some.bytes == rows * (72 + 8 * wide) + firsts + paid
    assert 0 < some.bytes < kept.bytes
