"""What each reading costs: the difference of two whole runs, to the fen; and the widest total over all readings."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import InputError
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import ScenarioFile
from simkit.whatif import choices as reading_choices
from simkit.whatif import widest as search
from simkit.whatif.answers import load_answer, save_answer
from simkit.whatif.choices import Choices, conflicts
from simkit.whatif.readings import STEPS, Combination, Option, Readings, readings
from tests.small_scenarios import BOTH, claim, fixed, measure, write_scenario

BASELINE = Path(__file__).parent.parent.parent / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
DRAWS, SEED = 120, 3


@pytest.fixture(scope="module")
def file() -> ScenarioFile:
    return ScenarioFile(BASELINE)


@pytest.fixture(scope="module")
def found(file: ScenarioFile) -> Readings:
    return readings(file, draws=DRAWS, seed=SEED, jobs=1)


@pytest.fixture(scope="module")
def before(file: ScenarioFile) -> Result:
    return run(file.lay(), draws=DRAWS, seed=SEED, jobs=1)


def chosen(file: ScenarioFile, choice: dict[str, str]) -> Result:
    """A whole run under a choice of readings."""
    scenario = file.lay(changes={f"choose.{name}": option for name, option in choice.items()})
    return run(scenario, draws=DRAWS, seed=SEED, jobs=1)


def assert_as_runs(one: Option | Combination, years: tuple[int, ...], before: Result, after: Result) -> None:
    """Fail unless every line is that of the two runs: means and error of the difference."""
    for special, prefix in ((True, "special_"), (False, "")):
        old, new = before.paid(special=special), after.paid(special=special)
        assert set(before.paid_years) | set(after.paid_years) <= set(years)
        for year in years:
            line = one.line(f"{prefix}year", year)
            columns = [
                paid[:, result.paid_years.index(year)] if year in result.paid_years else np.zeros(DRAWS)
                for result, paid in ((before, old), (after, new))
            ]
            assert [line.before * DRAWS, line.after * DRAWS] == pytest.approx(
                [sum(one) for one in columns], rel=1e-13
            )
            gap = columns[1] - columns[0]
            assert line.difference * DRAWS == pytest.approx(gap.sum(), rel=1e-13)
            if line.difference_error is not None:
                assert line.difference_error == pytest.approx(gap.std(ddof=1) / DRAWS**0.5)
            assert line.costs_more == np.mean(gap > 0)
        total = one.line(f"{prefix}total")
        assert total.after * DRAWS == pytest.approx(new.sum(), rel=1e-13)


OPTIONS = [
    ("headhunting_payee", "employer", "kept"),
    ("supplied_persons", "per_person", "again"),
    ("top10_first", "in_term", "again"),
    ("digital_cap", "project", "kept"),
    ("export_shares", "city", "kept"),
    ("introduced_matter", "ever", "kept"),
    ("matter_payer", "settlement", "kept"),
    ("fair_competition", "cleaned_up", "kept"),
    ("standards_revision", "new_item", "kept"),
    ("last_day", "same_day", "again"),
    ("expiry", "renewed", "again"),
]


@pytest.mark.parametrize(("name", "option", "how"), OPTIONS)
def test_a_reading_costs_the_difference_of_two_runs(
    name: str, option: str, how: str, found: Readings, before: Result, file: ScenarioFile
) -> None:
    question = next(one for one in found.questions if one.reading == name)
    line = next(one for one in question.options if one.option == option)
    assert line.how == how
    assert_as_runs(line, found.years, before, chosen(file, {name: option}))


def test_every_option_not_in_force_is_there_once(found: Readings, file: ScenarioFile) -> None:
    policy = file.lay().policy
    assert [one.reading for one in found.questions] == list(policy.readings)
    for one in found.questions:
        assert one.in_force == one.default
        assert {one.in_force, *(option.option for option in one.options)} == set(
            policy.readings[one.reading].options
        )
    assert sum(len(one.options) for one in found.questions) == 38


@pytest.mark.parametrize("number", [0, 1], ids=["dearest", "cheapest"])
def test_the_widest_total_is_that_of_a_whole_run(
    number: int, found: Readings, before: Result, file: ScenarioFile
) -> None:
    one = found.combinations[number]
    assert set(one.changed) == {
        name for name in one.choices if one.choices[name] != file.lay().policy.readings[name].default
    }
    assert_as_runs(one, found.years, before, chosen(file, {name: one.choices[name] for name in one.changed}))


def test_no_single_reading_goes_further_than_the_widest(found: Readings) -> None:
    dearest, cheapest = (one.line("total").difference for one in found.combinations)
    single = [option.line("total").difference for one in found.questions for option in one.options]
    assert cheapest < min(single) < 0 < max(single) < dearest
    assert [(one.way, one.best_of_all) for one in found.combinations] == [
        ("dearest", True),
        ("cheapest", True),
    ]


def test_no_change_of_one_reading_goes_further(file: ScenarioFile, found: Readings) -> None:
    """From the dearest and the cheapest, every other option of every reading, where it conflicts with none."""
    choices = Choices(
        lambda choice: file.lay(changes={f"choose.{k}": v for k, v in choice.items()} or None),
        draws=20,
        seed=SEED,
        jobs=1,
    )
    choices.keep(None)
    everything = range(len(choices.parts))
    for way, sign in (("dearest", 1), ("cheapest", -1)):
        best = search.widest(choices, search.groups_of(choices), way, lambda: None)
        most = choices.sums(best, everything)[0]
        tried = 0
        for name, options in choices.options.items():
            for option in options:
                other = {**best, name: option}
                if option != best[name] and not conflicts(choices.base.policy, other):
                    assert sign * choices.sums(other, everything)[0] <= sign * most
                    tried += 1
        assert tried > 30


def test_options_that_conflict_are_left_out(file: ScenarioFile, found: Readings) -> None:
    """Two readings of one cap: different values of a path; the same values are no conflict."""
    policy = file.lay().policy
    assert conflicts(policy, {"headhunting_cap": "agency_term", "headhunting_payee": "employer"})
    assert conflicts(policy, {"last_day": "same_day", "expiry": "renewed"})
    assert not conflicts(policy, {"headhunting_cap": "talent", "headhunting_payee": "employer"})
    assert not conflicts(policy, {"headhunting_cap": "agency_term", "students_cap": "agency_term"})
    assert not any(conflicts(policy, one.choices) for one in found.combinations)


def test_who_pays_moves_no_total(found: Readings) -> None:
    """The special fund's money moves, the whole policy's not by a fen."""
    shares = next(one for one in found.questions if one.reading == "export_shares")
    city, district = shares.options
    assert city.line("total").difference == district.line("total").difference == 0
    more, less = city.line("special_total").difference, district.line("special_total").difference
    assert more == pytest.approx(-less, abs=1e4) and more > 0  # halves of odd fen


# ------------------------------------------------------------------ small policies


def reading(options: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The first option is the default."""
    return {
        "clause": "一",
        "quote": ["某项奖励"],
        "question": BOTH,
        "why": BOTH,
        "default": "plain",
        "options": {
            "plain": {"label": BOTH},
            **{k: {"label": BOTH, "overlay": v} for k, v in options.items()},
        },
    }


def small(folder: Path, total: str = "9万元") -> Path:
    """Three measures, two under a total cap; readings of each amount, and one that moves claims."""
    measures = {
        "a": measure(fixed("3万元")),
        "b": measure(fixed("4万元"), repeat="always"),
        "c": measure(fixed("5万元")),
    }
    policy = {
        "total_caps": {"all": {"name": BOTH, "clause": "一", "amount": total, "measures": ["a", "b"]}},
        "readings": {
            "amount_a": reading(
                {"more": {"measures.a.award.amount": "6万元"}, "less": {"measures.a.award.amount": "1万元"}}
            ),
            "amount_b": reading(
                {"more": {"measures.b.award.amount": "8万元"}, "less": {"measures.b.award.amount": "2万元"}}
            ),
            "cap": reading(
                {"more": {"total_caps.all.amount": "12万元"}, "less": {"total_caps.all.amount": "5万元"}}
            ),
            "amount_c": reading({"more": {"measures.c.award.amount": "7万元"}}),
            "often": reading({"more": {"claims.c.intensity.value": 0.9}}),
        },
    }
    claims = dict.fromkeys(measures, claim(0.6))
    return write_scenario(folder, measures, claims, start=30, policy=policy, years=(2024, 2025))


def test_the_widest_of_all_combinations_by_whole_runs(tmp_path: Path) -> None:
    """All 162 combinations as runs of their own: the dearest and the cheapest are those found."""
    path = small(tmp_path)
    file = ScenarioFile(path)
    found = readings(path, draws=10, seed=SEED, jobs=1)
    options = {
        one.reading: [one.in_force, *(option.option for option in one.options)] for one in found.questions
    }
    totals = {}
    for taken in product(*options.values()):
        changes = {f"choose.{name}": option for name, option in zip(options, taken, strict=True)}
        result = run(file.lay(changes=changes), draws=10, seed=SEED, jobs=1)
        totals[taken] = int(result.paid(special=False).sum())
    dearest, cheapest = found.combinations
    assert (
        totals[tuple(dearest.choices.values())]
        == max(totals.values())
        == round(10 * dearest.line("total").after)
    )
    assert (
        totals[tuple(cheapest.choices.values())]
        == min(totals.values())
        == round(10 * cheapest.line("total").after)
    )
    assert dearest.best_of_all and cheapest.best_of_all
    # Under the cheapest amounts no cap binds: it stays as in force.
    assert cheapest.choices == {
        "amount_a": "less",
        "amount_b": "less",
        "cap": "plain",
        "amount_c": "plain",
        "often": "plain",
    }


def test_readings_that_contradict_each_other_are_not_combined(tmp_path: Path) -> None:
    """Of two that give an amount different values only one is taken, though both laid on would be dearest."""
    measures = {"a": measure(fixed("3万元")), "b": measure(fixed("4万元"))}
    both = {"measures.a.award.amount": "6万元", "measures.b.award.amount": "3万元"}
    readings_of = {
        "one": reading({"more": both}),
        "two": reading({"more": {"measures.b.award.amount": "9万元"}}),
    }
    claims = dict.fromkeys(measures, claim(0.9))
    path = write_scenario(tmp_path, measures, claims, start=30, policy={"readings": readings_of})
    found = readings(path, draws=12, seed=SEED, jobs=1)
    assert found.combinations[0].choices == {"one": "plain", "two": "more"}
    one, two = (question.options[0].line("total").difference for question in found.questions)
    assert two > one > 0 and found.combinations[0].line("total").difference == two


def test_a_large_group_is_searched_reading_by_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says that it does not know whether another combination goes further."""
    monkeypatch.setattr(search, "MOST", 8)
    found = readings(small(tmp_path), draws=10, seed=SEED, jobs=1)
    assert not found.combinations[0].best_of_all
    dearest, cheapest = (one.line("total").difference for one in found.combinations)
    single = [option.line("total").difference for one in found.questions for option in one.options]
    assert cheapest <= min(single) and max(single) <= dearest


def test_the_reading_in_force_is_what_is_compared_with(tmp_path: Path) -> None:
    """Where the scenario chooses another than the default, the default is an option like any other."""
    path = small(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "choose: {amount_c: more}\n", encoding="utf-8")
    found = readings(path, draws=10, seed=SEED, jobs=1)
    question = next(one for one in found.questions if one.reading == "amount_c")
    assert (question.in_force, question.default) == ("more", "plain")
    (option,) = question.options
    assert option.option == "plain" and option.line("total").difference < 0
    assert option.how == "kept"


def test_only_what_readings_move_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole policy's claims are drawn once, those of a measure whose claims move once more."""
    seen: list[set[str]] = []
    keep = reading_choices.keep_claims

    def watched(scenario: Any, **options: Any) -> Any:
        seen.append(set(scenario.plan.claims))
        return keep(scenario, **options)

    monkeypatch.setattr(reading_choices, "keep_claims", watched)
    readings(small(tmp_path), draws=10, seed=SEED, jobs=1)
    assert seen == [{"a", "b", "c"}, {"c"}]


def test_threads_move_nothing(tmp_path: Path) -> None:
    path = small(tmp_path)
    assert readings(path, draws=12, seed=SEED, jobs=1) == readings(path, draws=12, seed=SEED, jobs=2)


def test_a_policy_without_readings_has_no_range(tmp_path: Path) -> None:
    path = write_scenario(tmp_path, {"a": measure(fixed("3万元"))}, {"a": claim(0.5)}, start=30)
    found = readings(path, draws=12, seed=SEED, jobs=1)
    assert found.questions == ()
    assert [one.line("total").difference for one in found.combinations] == [0, 0]


def test_it_is_an_answer_and_progress_comes_to_its_end(tmp_path: Path) -> None:
    steps: list[int] = []
    found = readings(small(tmp_path), draws=12, seed=SEED, jobs=1, progress=steps.append)
    assert sum(steps) == STEPS and min(steps) > 0
    path = save_answer(found, tmp_path)
    assert path.name.startswith("readings-")
    assert load_answer(Readings, path) == found


def test_bad_arguments_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="draws: expected a whole number"):
        readings(small(tmp_path), draws=0)
