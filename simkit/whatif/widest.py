"""The dearest and the cheapest way to read a whole policy: group by group of readings that meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, Literal

from simkit.whatif.choices import Choice, Choices, conflicts

__all__ = ["MOST", "Way", "groups_of", "widest"]

#: Combinations of one group of readings up to which all are looked at; of a larger one, its readings in turn.
MOST = 200
#: Rounds over the groups, at most: in each the total goes on its way, so that there is an end.
_ROUNDS = 20

Way = Literal["dearest", "cheapest"]


def groups_of(choices: Choices) -> list[tuple[str, ...]]:
    """Readings that can meet, in the order of the search.

    First those that move every part of the policy, then those that move the same parts, last those that only
    say who pays, which move the total of no other.
    """
    everywhere = choices.everywhere
    rest = [name for name in choices.options if name not in everywhere]
    money = [name for name in rest if not choices.who_pays(name)]
    payers = [name for name in rest if choices.who_pays(name)]
    found = [everywhere, *_meeting(choices, money), *_meeting(choices, payers)]
    whole = [group for group in found if group]
    return [
        part for group in whole for part in ([group] if _count(choices, group) <= MOST else _singly(group))
    ]


def _singly(group: Sequence[str]) -> list[tuple[str, ...]]:
    return [(name,) for name in group]


def _count(choices: Choices, group: Sequence[str]) -> int:
    count = 1
    for name in group:
        count *= len(choices.options[name])
    return count


def _meeting(choices: Choices, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Readings joined where they move the same part, or set the same path."""
    group = {name: frozenset({name}) for name in names}
    for name in names:
        for other in names:
            if choices.reach[name] & choices.reach[other]:
                joined = group[name] | group[other]
                group |= dict.fromkeys(joined, joined)
    return [tuple(one for one in names if one in some) for some in dict.fromkeys(group.values())]


def widest(
    choices: Choices, groups: Sequence[Sequence[str]], way: Way, step: Callable[[], Any]
) -> tuple[dict[str, str], bool]:
    """The choice of every reading that makes the policy dearest, or cheapest, over all draws and years.

    Group by group, all others as chosen so far, every combination of the group's options that do not conflict
    is looked at; over and over until no group has a better one. Of equal totals, the one that is dearer
    (cheaper) for the special fund, then the one nearer to what is in force.

    Parameters
    ----------
    step : function
        Called after each group of the first round.

    Returns
    -------
    option by reading, and whether no combination at all is better
        Known where no two groups meet; else that none is better that differs in one group.
    """
    chosen: dict[str, str] = dict(choices.in_force)
    for turn in range(_ROUNDS):
        before = dict(chosen)
        for group in groups:
            chosen |= _best(choices, group, chosen, way)
            if not turn:
                step()
        if chosen == before:
            break
    return chosen, not any(
        _reached(choices, one) & _reached(choices, other)
        for number, one in enumerate(groups)
        for other in groups[:number]
        if not all(map(choices.who_pays, one))
    )


def _best(choices: Choices, group: Sequence[str], chosen: Choice, way: Way) -> dict[str, str]:
    """The best options of one group, the others as chosen."""
    sign = 1 if way == "dearest" else -1
    best: tuple[int, int] | None = None
    found = {name: chosen[name] for name in group}
    reached = _reached(choices, group)
    for options in _combinations(choices, group, chosen):
        whole, special = choices.sums({**chosen, **options}, reached)
        value = (sign * whole, sign * special)
        if best is None or value > best:
            best, found = value, options
    return found


def _combinations(choices: Choices, group: Sequence[str], chosen: Choice) -> Iterator[dict[str, str]]:
    """Options of a group that conflict with nothing chosen; those in force first."""
    for options in product(*(choices.options[name] for name in group)):
        one = dict(zip(group, options, strict=True))
        if not conflicts(choices.base.policy, {**chosen, **one}):
            yield one


def _reached(choices: Choices, group: Sequence[str]) -> frozenset[int]:
    return frozenset[int]().union(*(choices.reach[name] for name in group))
