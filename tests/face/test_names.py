"""The names of the face: what Tab shows, what each says of itself, and that its example runs."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import simkit
from simkit.base.display import display
from simkit.face.answer import Answer
from simkit.face.decisions import Decisions
from simkit.face.policy import Policy
from simkit.face.result import Result
from simkit.face.scenario import Scenario

FUNCTIONS = {name: getattr(simkit, name) for name in simkit.__all__}
#: Names with which a person asks an object; the same name does the same on all that have it.
METHODS = {
    "award": [Policy],
    "change": [Scenario],
    "diff": [Scenario],
    "draws": [Result],
    "explain": [Decisions],
    "headline": [Result],
    "plot": [Result, Answer],
    "quantile": [Result],
    "report": [Result],
    "save": [Result],
    "to_frame": [Policy, Scenario, Result, Answer, Decisions],
    "to_xarray": [Result],
}
SAID = {
    **FUNCTIONS,
    **{f"{one.__name__}.{name}": getattr(one, name) for name, of in METHODS.items() for one in of},
}
ROOT = Path(simkit.__file__).parents[1]


def test_tab_shows_fifteen_functions_and_nothing_else() -> None:
    assert dir(simkit) == sorted(simkit.__all__) and len(FUNCTIONS) == 15 and len(METHODS) == 12


def test_the_completer_of_ipython_gives_them_all() -> None:
    from IPython.core.completer import IPCompleter, provisionalcompleter
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.user_ns["simkit"] = simkit
    try:
        with provisionalcompleter():
            found = list(IPCompleter(shell, namespace={"simkit": simkit}).completions("simkit.", 7))
    finally:
        InteractiveShell.clear_instance()
    assert {one.text for one in found} == set(simkit.__all__)


def test_objects_have_no_other_names_to_ask_with() -> None:
    """Beside the methods only what an object holds; what begins with _ is its own."""
    for kind in (Policy, Scenario, Result, Answer, Decisions):
        asked = {
            name for name, one in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")
        }
        assert asked <= set(METHODS), (kind.__name__, asked - set(METHODS))


@pytest.mark.parametrize("name", SAID)
def test_each_says_what_it_takes_gives_and_refuses(name: str) -> None:
    text = inspect.getdoc(SAID[name]) or ""
    parts = ["Returns", "Raises", "Examples"]
    takes = [one for one in inspect.signature(SAID[name]).parameters if one != "self"]
    for part in [*(["Parameters"] if takes else []), *parts]:
        assert f"{part}\n{'-' * len(part)}" in text, f"{name} lacks {part}"
    for one in takes:
        assert one in text.partition("Parameters")[2], f"{name} does not say what {one} is"


@pytest.mark.parametrize("name", SAID)
def test_each_example_runs(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From any folder: what is looked for by name is found."""
    monkeypatch.chdir(tmp_path)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    (example,) = doctest.DocTestFinder(recurse=False).find(SAID[name], name)
    assert example.examples, f"{name} has no example"
    said: list[str] = []
    failed = doctest.DocTestRunner(optionflags=flags).run(example, out=said.append).failed
    assert not failed, "".join(said)


def called(ask: Callable[..., Any], *given: Any, **options: Any) -> str:
    """What a wrong call is told, in Chinese as a notebook shows it."""
    with pytest.raises(Exception) as caught:  # whichever it is, it has to know how to show itself
        ask(*given, **options)
    lines = caught.value._render_traceback_()  # type: ignore[attr-defined]  # that it has one is the test
    assert 1 <= len(lines) <= 6
    return "\n".join(lines)


BASELINE = "ningbo-hr-2023/baseline"
CAP = "measures.headhunting.caps.yearly.amount"
WRONG: dict[str, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], str]] = {
    "no such file": (simkit.load_scenario, ("ningbo-hr-2023/basline",), {}, "ningbo-hr-2023/baseline"),
    "no such policy": (simkit.load_policy, ("nanjing",), {}, "ningbo-hr-2023"),
    "an overlay": (
        simkit.load_scenario, (ROOT / "scenarios/ningbo-hr-2023/overlays/headhunting_rate.yaml",), {}, "overlays=",
    ),
    "a policy for a scenario": (simkit.load_scenario, (ROOT / "scenarios/ningbo-hr-2023/policy.yaml",), {}, "情景"),
    "a scenario for a policy": (simkit.load_policy, (ROOT / "scenarios/ningbo-hr-2023/baseline.yaml",), {}, "政策"),
    "a list of scenarios": (simkit.run, ([BASELINE],), {}, "load_scenario"),
    "no draws": (simkit.run, (BASELINE,), {"draws": 0}, "1"),
    "a bare budget": (simkit.seek, (BASELINE, CAP), {"budget": 26_000_000}, "2500万元"),
    "a bare budget as text": (simkit.seek, (BASELINE, CAP), {"budget": "26000000"}, "2500万元"),
    "bare values": (simkit.sweep, (BASELINE, CAP, [300_000, 500_000]), {}, "50万元"),
    "no values": (simkit.sweep, (BASELINE, CAP), {}, "30万元"),
    "one value, bare": (simkit.sweep, (BASELINE, CAP, 300_000), {}, "30万元"),
    "no such path": (simkit.seek, (BASELINE, "measures.headhunting.cap"), {"budget": "1万元"}, "caps"),
    "options in a list": (simkit.compare, (BASELINE, [{CAP: "30万元"}]), {}, "30万元"),
    "a scenario of another year": (simkit.compare, (BASELINE, {"B": "ningbo-hr-2023/successor"}), {}, "2027"),
    "two names of one file": (simkit.run_notebooks, ("01", {"a/b": {}, "A_b": {}}, "out"), {}, "a/b"),
    "a change without a label": (simkit.compare, (BASELINE, {CAP: "30万元"}), {}, f'{{"名称": {{"{CAP}"'),
    "no such font": (simkit.options, (), {"font": "No Such Font"}, "No Such Font"),
    "a bare cap": (simkit.compare, (BASELINE, {"A": {CAP: 300_000}}), {}, "50万元"),
    "one change for many": (simkit.compare, (BASELINE, {CAP: "30万元"}), {}, "30万元"),
    "no such language": (simkit.options, (), {"lang": "fr"}, "zh"),
    "no such unit": (simkit.options, (), {"unit": "亿"}, "万元"),
    "no result": (simkit.load_result, ("nowhere",), {}, "save"),
    "nothing to drive": (simkit.drivers, (BASELINE,), {"of": "all"}, "headline"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_is_told_the_right_one_in_few_lines(name: str) -> None:
    ask, given, options, right = WRONG[name]
    said = called(ask, *given, **options)
    assert right in said and "Traceback" not in said, said


def test_where_it_was_raised_is_shown_to_who_asks() -> None:
    with simkit.options(traceback=True):
        with pytest.raises(Exception) as caught:  # what it is does not matter
            simkit.load_result("nowhere")
        assert "Traceback" in "".join(caught.value._render_traceback_())  # type: ignore[attr-defined]


def test_a_slip_in_a_change_is_told_alone() -> None:
    """Of the change that was typed, not of what else the scenario holds."""
    scenario = simkit.load_scenario(BASELINE)
    said = called(scenario.change, {"claims.headhunting.take_ups": "35%"})
    assert len(said.splitlines()) == 1 and "take_up" in said


def test_options_hold_until_they_are_set_again_or_for_a_block() -> None:
    policy = simkit.load_policy("ningbo-hr-2023")
    chinese = repr(policy)
    try:
        with simkit.options(lang="en"):
            assert repr(policy).startswith("Policy")
        assert repr(policy) == chinese
        simkit.options(lang="en")
        assert repr(policy).startswith("Policy")
    finally:
        simkit.options(lang="zh")
    assert repr(policy) == chinese


def test_blocks_of_options_stand_in_one_another_and_leave_nothing() -> None:
    before = display()
    with simkit.options(lang="en"):
        with simkit.options(unit="元"):
            assert (display().lang, display().unit) == ("en", "元")
            simkit.options(unit="fen")  # in a block: until it ends
            assert display().unit == "fen"
        assert (display().lang, display().unit) == ("en", before.unit)
    assert display() == before
