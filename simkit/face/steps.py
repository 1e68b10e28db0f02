"""A claim's way through the rules, step by step, in words: what was asked, what was found, the money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from simkit.awards.standing import Standing, Used, standing_of
from simkit.awards.types import Awards
from simkit.base.money import LARGEST_FEN, Basis
from simkit.base.said import listed
from simkit.claims.types import UNKNOWN, Claims
from simkit.policy.compile import compile_policy
from simkit.policy.conditions import Condition
from simkit.policy.kinds.said import ValueName
from simkit.policy.limits import Cap, TotalCap
from simkit.policy.measure import Measure
from simkit.policy.schema import Policy
from simkit.policy.tables import CompiledPolicy
from simkit.report.tables.rule_draft import RuleDraft
from simkit.report.tables.rule_words import limit_words, money_words, ranking_words, rule_said, standard_words
from simkit.rules import codes
from simkit.rules.condition import all_hold

__all__ = ["Case", "Step", "cases_of", "note_of", "steps_of"]


class Case(NamedTuple):
    """One claim among those that were decided with it.

    Attributes
    ----------
    compiled : CompiledPolicy
        The policy for the columns of these claims.
    row : int
        Of the claim.
    attribute_names : tuple of (str, int)
        Attribute and year of each column of the claims' attributes.
    """

    policy: Policy
    compiled: CompiledPolicy
    claims: Claims
    awards: Awards
    row: int
    attribute_names: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """Key of its provision."""
        return list(self.policy.measures)[int(self.claims.rows["measure"][self.row])]

    @property
    def measure(self) -> Measure:
        """Its provision."""
        return self.policy.measures[self.name]

    @property
    def refusal(self) -> int:
        """Reason of step 1, one of `codes.REFUSALS`."""
        return int(self.awards.refusal[self.row])

    @property
    def standing(self) -> Standing:
        """What the claims before it left to it."""
        return standing_of(self.compiled, self.claims, self.awards, self.row)

    def value(self, of: str, year: int) -> int:
        """Its base, or an attribute; UNKNOWN where nobody gave it."""
        if of == "base":
            return int(self.claims.rows["base"][self.row])
        year = year if self.policy.attributes[of].of == "agency" else 0
        return int(self.claims.attributes[self.row, self.attribute_names.index((of, year))])


def cases_of(
    policy: Policy,
    claims: Claims,
    attribute_names: tuple[tuple[str, int], ...],
    awards: Awards,
    rows: Iterable[int],
) -> list[Case]:
    """The claims in some rows."""
    compiled = compile_policy(policy, attribute_names)
    return [Case(policy, compiled, claims, awards, row, attribute_names) for row in rows]


class Step(NamedTuple):
    """A step that a claim came to.

    Attributes
    ----------
    step : str
        `met`, `unmet`, ...: the end of a key `face.step.*`.
    name : str
        Key of the condition, cap or matter in the policy; empty where it has none.
    rule, found : str
        What is asked, and what there was.
    before, after : int or None
        Fen; None where no money is at stake yet.
    """

    step: str
    name: str
    rule: str
    found: str = ""
    before: int | None = None
    after: int | None = None


def steps_of(case: Case, draft: RuleDraft) -> Iterator[Step]:
    """Every step in order: up to the one that refuses the claim, or to the award."""
    yield from _checks(case, draft)
    if case.refusal == codes.PASSED:
        yield from _money(case, draft)


def note_of(case: Case, draft: RuleDraft) -> str:
    """Why a claim is paid nothing, or less than the formula gives; empty where it is paid in full."""
    say, money = draft.say, case.awards.money[case.row]
    if case.refusal != codes.PASSED:
        steps = [one for one in _checks(case, draft) if one.step in _REFUSING]
        told = [
            (say("face.note", step=say(f"face.step.{one.step}"), rule=one.rule), one.found) for one in steps
        ]
    elif not money[codes.GROSS]:
        told = [(say("face.comes_to_nothing"), standard_words(draft, case.name))]
    else:
        limits = _limits(case, draft)
        told = [
            (say(f"face.took.{key}", amount=money_words(draft, int(fen))), limits.get(key, ""))
            for key, fen in zip(codes.STEPS, money[codes.CLAIM_CAP : codes.AWARD], strict=True)
            if fen > 0
        ]
    words = [say("face.note_with", note=note, found=found) if found else note for note, found in told]
    return listed(words, draft.lang, "language.semicolon")


# ---------------------------------------------------------------------- whether it is paid at all

#: Steps at which a claim is refused.
_REFUSING = ("not_in_force", "unmet", "not_first_time", "already_paid")


def _checks(case: Case, draft: RuleDraft) -> Iterator[Step]:
    """Step 1, as far as the claim came."""
    measure, refusal = case.measure, case.refusal
    if refusal == codes.NOT_IN_FORCE:
        yield _out_of_force(case, draft)
        return
    yield from _conditions(case, draft)
    if measure.first_time and refusal != codes.CONDITIONS:
        step = "not_first_time" if refusal == codes.NOT_FIRST_TIME else "met"
        yield Step(step, "first_time", draft.say("rule.first_time"))
    if measure.repeat != "always" and refusal in (codes.PASSED, codes.ALREADY_PAID):
        before = draft.say("face.awarded_before", amount=money_words(draft, case.standing.paid))
        step = "already_paid" if refusal == codes.ALREADY_PAID else "met"
        yield Step(step, "repeat", draft.say(f"rule.repeat.{measure.repeat}"), before)


def _out_of_force(case: Case, draft: RuleDraft) -> Step:
    """Nothing can be claimed, or not of that day."""
    measure = case.measure
    if not measure.live:
        key = "no_amount" if measure.award is None else measure.status
        return Step("not_in_force", "status", draft.say(f"face.rule.{key}"))
    row = int(case.claims.rows["measure"][case.row])
    since, until = (np.datetime64(int(case.compiled.measures[row][end]), "D") for end in ("since", "until"))
    ends = case.policy.document.in_force.until or (measure.in_force and measure.in_force.until)
    rule = draft.say("rule.in_force" if ends else "rule.in_force_since", since=since, until=until)
    earned = np.datetime64(int(case.claims.rows["earned"][case.row]), "D")
    return Step("not_in_force", "in_force", rule, draft.say("face.earned_on", day=earned))


def _conditions(case: Case, draft: RuleDraft) -> Iterator[Step]:
    """Every condition, met or not, as the desk's own test finds it."""
    first = int(case.compiled.measures[case.claims.rows["measure"][case.row]]["condition_first"])
    base, attributes = int(case.claims.rows["base"][case.row]), case.claims.attributes
    for key, one in case.measure.conditions.items():
        last = first + (one.years if one.test == "grew_at_least" else 1)
        held = all_hold(case.compiled.conditions, first, last, base, attributes, case.row)
        step = "met" if held == codes.HOLDS else "unmet"
        yield Step(step, key, rule_said(draft, case.name, one.said()), _tested(case, draft, one))
        first = last


def _tested(case: Case, draft: RuleDraft, condition: Condition) -> str:
    """The value that a condition looks at; of one on growth, those of the years."""
    spread = condition.years if condition.test == "grew_at_least" else 0
    years = range(condition.year - spread, condition.year + 1)
    found = " → ".join(_value(case, draft, condition.of, year) for year in years)
    is_known = UNKNOWN not in [case.value(condition.of, year) for year in years]
    return draft.say("face.found", value=found) if is_known else found


def _value(case: Case, draft: RuleDraft, of: str, year: int = 0) -> str:
    """A base or an attribute in words."""
    value = case.value(of, year)
    unit = case.measure.base_unit if of == "base" else case.policy.attributes[of].unit
    if value == UNKNOWN:
        return draft.say("face.not_given")
    match unit:
        case "category":
            return rule_said(draft, case.name, ValueName(of, case.policy.attributes[of].values[value]))
        case "flag":
            return draft.say("word.yes" if value else "word.no")
        case _:
            return rule_said(draft, case.name, Basis(value, unit))


# ---------------------------------------------------------------------- how much


class _Cut(NamedTuple):
    """What may leave less: at most the `room`, and what is `paid` already comes off."""

    step: str
    name: str
    rule: str
    found: str
    room: int = LARGEST_FEN
    paid: int = 0


def _money(case: Case, draft: RuleDraft) -> Iterator[Step]:
    """Steps 2 to 7: the formula, and what each rule leaves of it."""
    left = int(case.awards.gross[case.row])
    if case.measure.outside:
        yield Step("outside", "", draft.say("face.rule.outside"), "", None, left)
        return
    yield Step("formula", "", standard_words(draft, case.name), _read(case, draft), None, left)
    for cut in _cuts(case, draft):
        after = max(0, min(left, cut.room) - cut.paid)
        yield Step(*cut[:4], left, after)
        left = after


def _cuts(case: Case, draft: RuleDraft) -> Iterator[_Cut]:
    """Every rule between the formula and the award, in order."""
    measure, standing = case.measure, case.standing
    used = dict(zip(measure.caps, standing.caps, strict=True))
    for key, cap in measure.caps.items():
        if cap.within == "claim":
            yield _Cut("claim_cap", key, _cap(draft, cap), "", used[key].limit)
    if measure.selection.kind == "ranked":
        rule = listed(ranking_words(draft, measure, case.name), draft.lang)
        score = draft.say("face.score", score=f"{case.claims.rows['score'][case.row]:g}")
        yield _Cut("selection", "", rule, score, 0 if case.awards.not_selected[case.row] else LARGEST_FEN)
    for key, cap in measure.caps.items():
        if cap.within != "claim":
            yield _Cut("running_cap", key, _cap(draft, cap), _used(draft, used[key]), used[key].room)
    yield from _matter(case, draft, standing.covered)
    totals = [one for one in case.policy.total_caps.items() if case.name in one[1].measures]
    for (key, total), met in zip(totals, standing.totals, strict=True):
        yield _Cut("total_cap", key, _total(draft, total), _used(draft, met), met.room)


def _used(draft: RuleDraft, used: Used) -> str:
    return draft.say("face.used_before", amount=money_words(draft, used.used))


def _matter(case: Case, draft: RuleDraft, covered: int) -> Iterator[_Cut]:
    """What the same matter was paid: that of the policy, or of topped-up tiers their own."""
    number, matters = (
        int(case.compiled.measures[case.claims.rows["measure"][case.row]]["matter"]),
        case.policy.matters,
    )
    if number >= 0:
        key = list(matters)[number] if number < len(matters) else ""
        rule = draft.name(matters[key].name) if key else draft.say("face.rule.top_up")
        paid = draft.say("face.paid_before", amount=money_words(draft, covered))
        yield _Cut("matter", key, rule, paid, paid=covered)


def _read(case: Case, draft: RuleDraft) -> str:
    """What the formula reads."""
    award = case.measure.award
    assert award is not None
    reads = [one.of for one in award.reads() if one.of != "base" or award.reads_base()]
    return listed((_value(case, draft, one) for one in reads), draft.lang)


def _limits(case: Case, draft: RuleDraft) -> dict[str, str]:
    """The caps in words, by the step at which they take."""
    caps, totals = case.measure.caps.values(), case.policy.total_caps.values()
    found = {
        "over_claim_cap": [_cap(draft, one) for one in caps if one.within == "claim"],
        "over_running_cap": [_cap(draft, one) for one in caps if one.within != "claim"],
        "over_total_cap": [_total(draft, one) for one in totals if case.name in one.measures],
    }
    return {key: listed(words, draft.lang) for key, words in found.items()}


def _cap(draft: RuleDraft, cap: Cap) -> str:
    return draft.say("rule.cap", limit=limit_words(draft, cap), scope=draft.say(f"scope.{cap.scope}"))


def _total(draft: RuleDraft, cap: TotalCap) -> str:
    scope = draft.say("scope.total", count=len(cap.measures))
    return draft.say("rule.cap", limit=limit_words(draft, cap), scope=scope)
