"""Many faults: alike ones once, fifty lines at most, and a count that claims no more than was looked for."""

from __future__ import annotations

from simkit.base.errors import MOST_SOUGHT, MOST_TOLD, Fault, FaultsError
from simkit.documents.telling import tell_all


def faults(count: int, *, alike: bool) -> list[Fault]:
    return [
        Fault("f.yaml", at, f"measures.m{at}.lag" if alike else f"k{at}.x{at}y", "a number", "'x'")
        for at in range(1, count + 1)
    ]


def test_up_to_three_alike_are_told_one_by_one() -> None:
    assert len(tell_all(faults(3, alike=True))) == 3


def test_more_alike_are_told_once_with_their_number_and_places() -> None:
    (line,) = tell_all(faults(8, alike=True))
    assert line.startswith("f.yaml:1: measures.m1.lag: expected a number, found 'x'; 7 more alike: ")
    assert line.endswith("measures.m2.lag (line 2), measures.m3.lag (line 3), measures.m4.lag (line 4), "
                         "measures.m5.lag (line 5), measures.m6.lag (line 6), ...")  # fmt: skip
    (line,) = tell_all(faults(8, alike=True), "zh")
    assert "；另有 7 处相同：measures.m2.lag（第 2 行）、" in line and line.endswith("等")


def test_faults_that_differ_are_not_alike() -> None:
    one = Fault("f.yaml", 1, "a.lag", "a number", "'x'")
    others = [
        Fault("g.yaml", 1, "a.lag", "a number", "'x'"),
        Fault("f.yaml", 1, "a.day", "a number", "'x'"),
        Fault("f.yaml", 1, "a.lag", "a day", "'x'"),
        Fault("f.yaml", 1, "a.lag", "a number", "'y'"),
        Fault("f.yaml", 1, "a.lag", "a number", "'x'", "z"),
    ]
    assert len(tell_all([one, *others])) == 6


def test_fifty_lines_and_the_number_of_the_rest() -> None:
    assert len(tell_all(faults(MOST_TOLD, alike=False))) == MOST_TOLD
    lines = tell_all(faults(MOST_TOLD + 7, alike=False))
    assert len(lines) == MOST_TOLD + 1
    assert lines[-1] == "7 more faults are not shown: mend these first"
    assert tell_all(faults(MOST_TOLD + 7, alike=False), "zh")[-1] == "另有 7 处错误未列出，请先更正以上各处"


def test_where_the_search_stopped_the_count_says_at_least() -> None:
    lines = tell_all(faults(MOST_SOUGHT, alike=False))
    assert lines[-1].startswith(f"at least {MOST_SOUGHT - MOST_TOLD} more")
    (line,) = tell_all(faults(MOST_SOUGHT, alike=True), "zh")
    assert f"另有至少 {MOST_SOUGHT - 1} 处相同" in line


def test_an_error_of_many_faults_is_short_and_keeps_them_all() -> None:
    error = FaultsError(faults(1_000, alike=False))
    assert len(error.faults) == 1_000
    assert str(error).count("\n") == MOST_TOLD and str(error).endswith("and 950 more faults")
