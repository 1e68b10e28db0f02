"""What `simkit check` says first of sound files: what was read of each, and what is worth a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from simkit.base import words
from simkit.base.said import listed
from simkit.cli.terminal import fold, shown_width
from simkit.cli.words import say
from simkit.policy.coverage import coverage
from simkit.policy.schema import Policy
from simkit.scenario import Scenario, assumptions, uncertain
from simkit.scenario.unpriced import unpriced

__all__ = ["RELIABILITIES", "found_reliabilities", "roster_lines", "summary", "term"]

RELIABILITIES = ("sourced", "comparable", "judgement", "recalled")


def summary(loaded: Mapping[Path, Policy | Scenario | list[Scenario]], language: str) -> list[str]:
    """A few lines a policy and a scenario, a line a folder of overlays, then what is worth a look.

    Parameters
    ----------
    loaded : mapping of path to what it holds
        Of an overlay its variants, laid on the scenario.
    """
    lines: list[str] = []
    looks: list[str] = []
    overlays: dict[tuple[Path, str], list[list[Scenario]]] = {}
    for file, thing in loaded.items():
        if isinstance(thing, Policy):
            lines += [*_policy(file, thing, language)]
        elif isinstance(thing, Scenario):
            lines += [*_scenario(file, thing, language)]
            looks += _scenario_looks(thing, language)
        else:
            overlays.setdefault((file.parent, Path(thing[0].file).stem), []).append(thing)
    for (folder, base), found in overlays.items():
        lines.append(say(language, "sound_overlays", path=folder, count=len(found), base=base))
        outdated = sum(bool(one[0].outdated) for one in found)
        looks += [say(language, "look_outdated", path=folder, count=outdated)] if outdated else []
    if looks:
        lines += ["", say(language, "worth_a_look"), *_folded(dict.fromkeys(looks), "  - ")]
    return lines


def _policy(file: Path, policy: Policy, language: str) -> Iterator[str]:
    counts = {"count": len(policy.measures), "readings": len(policy.readings)}
    yield say(language, "sound_policy", path=file, **counts)
    yield f"  {term(policy, language)}"
    priced = Counter(one.priced_by.said(language) for one in coverage(policy))
    yield from _folded([_titled("priced_title", _counted(priced, language), language)], "  ")


def _scenario(file: Path, scenario: Scenario, language: str) -> Iterator[str]:
    plan = scenario.plan
    first, last = plan.earned_years
    yield say(language, "sound_scenario", path=file, title=plan.title.said(language))
    facts = {"as_of": plan.as_of, "year": plan.budget_year, "first": first, "last": last}
    lines = [say(language, "reads", confidence=f"{plan.confidence / 100:g}%", **facts)]
    if plan.renewed is not None:
        lines.append(say(language, "renewed_until", until=plan.renewed.until))
    lines += [_agencies(scenario, language), *roster_lines(scenario, language)]
    found = found_reliabilities(scenario)
    words = Counter({say(language, word): found[word] for word in RELIABILITIES if found[word]})
    counts = {"count": found.total(), "uncertain": len(uncertain(scenario))}
    lines.append(_titled("assumptions_title", _counted(words, language), language, **counts))
    chosen = [f"{name}={option}" for name, option in plan.choose.items()]
    lines.append(say(language, "chosen", names=", ".join(chosen) or say(language, "chosen_none")))
    yield from _folded(lines, "  ")


def _agencies(scenario: Scenario, language: str) -> str:
    """How many measures claim, and who is there at the start."""
    plan = scenario.plan
    growth, roster = plan.population.growth, scenario.roster
    start = growth.start.value.mean() if roster is None else len(roster.line)
    source = say(language, "agencies_assumed") if roster is None else str(plan.population.roster)
    words = {"claims": len(plan.claims), "count": f"{start:,.0f}", "year": growth.start_year}
    return say(language, "claims_assumed", source=source, **words)


def roster_lines(scenario: Scenario, language: str) -> list[str]:
    """What was read of the list of agencies, where the scenario names one."""
    if scenario.roster is None:
        return []
    from simkit.report.tables.roster import read_words  # seldom asked for

    return read_words(scenario.plan, scenario.roster, language)


def _scenario_looks(scenario: Scenario, language: str) -> Iterator[str]:
    names = [scenario.policy.measures[name].name for name in unpriced(scenario)]
    if names:
        joined = listed(names, language, "language.parted")
        yield _titled("unpriced", joined, language, count=len(names))
    recalled = found_reliabilities(scenario)["recalled"]
    if recalled:
        yield say(language, "look_recalled", count=recalled)


def found_reliabilities(scenario: Scenario) -> Counter[str]:
    """Number of assumptions by their reliability."""
    plan = scenario.plan
    found = Counter(
        one.reliability or plan.sources[one.source].reliability for _, one in assumptions(scenario)
    )
    found.update(plan.sources[value.source].reliability for value in plan.policy_values.values())
    return Counter({str(word): count for word, count in found.items()})


def term(policy: Policy, language: str) -> str:
    """Number and term of the document."""
    document = policy.document
    until = document.in_force.until or say(language, "no_end")
    return say(language, "term", number=document.number, since=document.in_force.since, until=until)


def _titled(key: str, text: str, language: str, **values: object) -> str:
    """A text after its title."""
    return f"{say(language, key, **values)}{words.say(language, 'language.after_title')}{text}"


def _counted(found: Counter[str], language: str) -> str:
    return listed((f"{words} {count}" for words, count in found.items()), language, "language.counted")


def _folded(lines: Iterator[str] | list[str] | dict[str, None], mark: str) -> Iterator[str]:
    """Lines after a mark, those that are too long folded below it."""
    for line in lines:
        first, *rest = fold(line, shown_width() - len(mark))
        yield f"{mark}{first}"
        yield from (f"{' ' * len(mark)}{part}" for part in rest)
