"""`simkit verify`: the simulation held against its exact twin, measure by measure and year by year."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from simkit.base.money import format_wan
from simkit.cli.terminal import columns, echo, fold, progress, shown_width
from simkit.cli.words import say
from simkit.exact.verify import LEVELS, MIN_PAID, Row, Verification, Z, restricted, verify
from simkit.policy.schema import Policy
from simkit.runs.job import is_warm

__all__ = ["verify_scenario"]


def verify_scenario(*, scenario: str, draws: int, seed: int, overlays: Sequence[str], language: str) -> int:
    """Simulate one population path, print both sides; 0 where they agree, 1 where they do not."""
    read = restricted(scenario, overlays)
    if not is_warm():
        echo(say(language, "compiling"), err=True)
    with progress(draws, say(language, "simulating")) as step:
        found = verify(read, draws=draws, seed=seed, progress=step)
    echo("\n".join(_page(found, read.policy, read.name, language)))
    return 1 if found.failures else 0


def _page(found: Verification, policy: Policy, name: str, language: str) -> Iterator[str]:
    total = shown_width()
    about = say(language, "twin_about", name=name, draws=f"{found.draws:,}", seed=found.seed, path=found.path)
    yield from fold(about, total)
    shown = [row for row in found.rows if row.exact or row.simulated]
    yield ""
    yield from fold(say(language, "twin_means"), total)
    heads = ("provision", "earned_year", "twin_exact", "twin_error", "twin_simulated", "twin_se", "twin_z")
    rows = [[_name(policy, row.measure, language), str(row.year), *_mean(row, language)] for row in shown]
    yield from columns([[say(language, key) for key in heads], *rows], [False, *[True] * 6])
    yield ""
    yield from fold(say(language, "twin_levels"), total)
    yield from columns([_level_heads(language), *_level_rows(shown, policy, language)], [False, *[True] * 7])
    yield ""
    yield say(language, "twin_covered", share=f"{100 * found.covered:.1f}%")
    if found.reasons:
        yield say(language, "twin_without")
    for measure, reason in found.reasons.items():
        others = ", ".join(
            _name(policy, one, language) if one in policy.measures else one
            for one in reason.names.split(", ")
        )
        words = f"{_name(policy, measure, language)}: {say(language, reason.key, names=others)}"
        yield from (f"  {line}" for line in fold(words, total - 2))
    yield from _verdict(found, policy, language)


def _name(policy: Policy, measure: str, language: str) -> str:
    return policy.measures[measure].name.said(language)


def _wan(yuan: float) -> str:
    return format_wan(100 * yuan)


def _mean(row: Row, language: str) -> list[str]:
    if math.isinf(row.z):
        z = say(language, "twin_certain")
    else:
        z = f"{row.z:+z.2f}" if row.compared else say(language, "twin_few")
    mark = " !" if row.compared and not abs(row.z) <= Z else ""
    money = [_wan(one) for one in (row.exact, row.error, row.simulated, row.standard_error)]
    return [*money, z + mark]


def _level_heads(language: str) -> list[str]:
    exact, interval = say(language, "twin_exact"), say(language, "twin_interval")
    heads = [text for p in LEVELS for text in (f"P{100 * p:.0f} {exact}", interval)]
    return [say(language, "provision"), say(language, "earned_year"), *heads]


def _level_rows(shown: Sequence[Row], policy: Policy, language: str) -> Iterator[list[str]]:
    """Quantiles of what varies, and was compared."""
    for row in shown:
        if len(row.levels) == len(LEVELS) and row.standard_error > 0:
            cells = [
                text
                for one in row.levels
                for text in (
                    _wan(one.exact),
                    f"{_wan(one.low)} - {_wan(one.high)}{'' if one.fits else ' !'}",
                )
            ]
            yield [_name(policy, row.measure, language), str(row.year), *cells]


def _verdict(found: Verification, policy: Policy, language: str) -> Iterator[str]:
    compared = sum(1 + len(row.levels) for row in found.rows if row.compared and (row.exact or row.simulated))
    left = [row for row in found.rows if not row.compared]
    yield say(language, "twin_factor", z=f"{found.factor:+z.2f}")
    if left:
        yield say(language, "twin_left_out", count=len(left), least=MIN_PAID)
    if not found.failures:
        yield say(language, "twin_agrees", count=compared, z=f"{Z:g}")
        return
    yield say(language, "twin_fails", count=len(found.failures), all=compared, z=f"{Z:g}")
    yield from (f"  {_name(policy, row.measure, language)} {row.year}" for row in found.failures)
