"""The dearest and the cheapest way to read a whole policy: readings that meet are looked at in every combination."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from math import prod
from typing import Any, Literal, NamedTuple

from simkit.policy.ties import joined
from simkit.whatif.choices import Choice, Choices, conflicts

__all__ = ["MOST", "Groups", "Way", "groups_of", "widest"]

#: Combinations of one group of readings up to which all are looked at; of a larger one, its readings in turn.
MOST = 200
#: Rounds over the groups, at most: in each the total goes on its way, so that there is an end.
_ROUNDS = 20

Way = Literal["dearest", "cheapest"]


class Groups(NamedTuple):
    """Readings by what they meet.

    Attributes
    ----------
    everywhere : tuple of options by reading
        Every combination of the readings that can move all parts of the policy, such as when it ends.
    apart : tuple of readings
        The others, those together that can move the same part. First those that move money, then those that
        only say who pays, which move the total of no other. No two groups meet, unless one was too large.
    complete : bool
        Whether no group was too large for all its combinations.
    """

    everywhere: tuple[dict[str, str], ...]
    apart: tuple[tuple[str, ...], ...]
    complete: bool

    @property
    def steps(self) -> int:
        """Groups to be looked at, each under every combination of what is everywhere."""
        return max(len(self.everywhere), 1) * max(len(self.apart), 1)


def groups_of(choices: Choices) -> Groups:
    """The readings of a policy by what they meet."""
    wide = choices.everywhere if _count(choices, choices.everywhere) <= MOST else ()
    rest = [name for name in choices.options if name not in wide]
    payers = [name for name in rest if choices.who_pays(name) and not _contradicted(choices, name)]
    found = [*_meeting(choices, [name for name in rest if name not in payers]), *_meeting(choices, payers)]
    large = [group for group in found if _count(choices, group) > MOST]
    apart = [part for group in found for part in ([(name,) for name in group] if group in large else [group])]
    outer = tuple(_combinations(choices, wide, choices.in_force))
    return Groups(outer, tuple(apart), complete=not large and len(outer) == _compatible(choices, wide))


def _count(choices: Choices, group: Sequence[str]) -> int:
    return prod(len(choices.options[name]) for name in group)


def _compatible(choices: Choices, group: Sequence[str]) -> int:
    """Combinations of a group that do not contradict themselves."""
    policy = choices.base.policy
    taken = (
        dict(zip(group, one, strict=True)) for one in product(*(choices.options[name] for name in group))
    )
    return sum(not conflicts(policy, one) for one in taken)


def _contradicted(choices: Choices, name: str) -> bool:
    """Whether any option of a reading contradicts one of another that is not everywhere."""
    policy = choices.base.policy
    others = [one for one in choices.options if one != name and one not in choices.everywhere]
    return any(
        conflicts(policy, {name: option, other: taken})
        for other in others
        for option in choices.options[name]
        for taken in choices.options[other]
    )


def _meeting(choices: Choices, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Readings joined where they can move the same part."""
    group = joined(
        names, (pair for pair in combinations(names, 2) if choices.reach[pair[0]] & choices.reach[pair[1]])
    )
    return [tuple(one for one in names if one in some) for some in dict.fromkeys(group.values())]


def widest(choices: Choices, groups: Groups, way: Way, step: Callable[[], Any]) -> dict[str, str]:
    """The choice of every reading that makes the policy dearest, or cheapest, over all draws and years.

    Under each combination of the readings that move everything, every combination of each other group that
    contradicts nothing; the best of all. Where a group was too large, its readings in turn, over and over
    until none has a better option. Of equal totals, the one that is dearer (cheaper) for the special fund,
    then the one nearer to what is in force.

    Parameters
    ----------
    step : function
        Called `groups.steps` times.
    """
    sign, everything = (1 if way == "dearest" else -1), range(len(choices.parts))
    best: tuple[int, int] | None = None
    found = dict(choices.in_force)
    for outer in groups.everywhere:
        chosen = _climbed(choices, groups.apart, {**choices.in_force, **outer}, sign, step)
        value = _value(choices, chosen, everything, sign)
        if best is None or value > best:
            best, found = value, chosen
    return found


def _climbed(
    choices: Choices, groups: Sequence[Sequence[str]], start: Choice, sign: int, step: Callable[[], Any]
) -> dict[str, str]:
    """Group by group the best options, until no group has better ones."""
    chosen = dict(start)
    for turn in range(_ROUNDS):
        before = dict(chosen)
        for group in groups:
            chosen |= _best(choices, group, chosen, sign)
            if not turn:
                step()
        if not groups:
            step()
        if chosen == before:
            break
    return chosen


def _best(choices: Choices, group: Sequence[str], chosen: Choice, sign: int) -> dict[str, str]:
    """The best options of one group, the others as chosen."""
    best: tuple[int, int] | None = None
    found = {name: chosen[name] for name in group}
    reached = frozenset[int]().union(*(choices.reach[name] for name in group))
    for options in _combinations(choices, group, chosen):
        value = _value(choices, {**chosen, **options}, reached, sign)
        if best is None or value > best:
            best, found = value, options
    return found


def _value(choices: Choices, choice: Choice, parts: Iterable[int], sign: int) -> tuple[int, int]:
    whole, special = choices.sums(choice, parts)
    return sign * whole, sign * special


def _combinations(choices: Choices, group: Sequence[str], chosen: Choice) -> Iterator[dict[str, str]]:
    """Options of a group that contradict nothing chosen; those in force first."""
    for options in product(*(choices.options[name] for name in group)):
        one = dict(zip(group, options, strict=True))
        if not conflicts(choices.base.policy, {**chosen, **one}):
            yield one
