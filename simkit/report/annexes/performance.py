"""项目支出绩效目标申报表: the form, with what the run and the policy know filled in and the rest left to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simkit.base.said import listed
from simkit.report.annexes.indicators import annual_indicators, policy_goals
from simkit.report.annexes.sources import AnnexDraft, Sources
from simkit.report.annexes.template import Line
from simkit.report.papers.pieces import Piece
from simkit.report.papers.table import Blank, Cell, Sum, Table
from simkit.report.tables.budget import unpriced_funds
from simkit.report.tables.table_draft import percent
from simkit.report.tables.treatment import treatment, unpriced
from simkit.report.tables.whole_fen import whole_fen

__all__ = ["performance"]

#: Empty lines for what a person adds to the schedule.
_LINES = 3


def performance(desk: Sources) -> Sequence[Piece]:
    """The declaration: who, how much, why, when, the indicators, and the opinions of those who examine it."""
    return [
        _project(desk),
        _money(desk),
        _reasons(desk),
        _schedule(desk),
        policy_goals(desk),
        annual_indicators(desk),
        _opinions(desk),
    ]


def _project(desk: Sources) -> Table:
    """Who declares which project, for how long: two fields a line."""
    draft = desk.draft()
    fields = list(_fields(draft).items())
    keys = ("label", "value", "label2", "value2")
    rows = []
    for (one, first), (other, second) in zip(fields[::2], fields[1::2], strict=True):
        cells = (draft.say(f"annex.form.{one}"), first, draft.say(f"annex.form.{other}"), second)
        rows.append(dict(zip(keys, cells, strict=True)))
    renewed = desk.result.scenario.plan.renewed
    draft.note(draft.say("annex.note.term_renewed" if renewed else "annex.note.term_text"))
    columns = [draft.column(key, heading=draft.say(f"col.{key.rstrip('2')}")) for key in keys]
    return draft.table("annex_performance_project", columns, rows, headed=False)


def _fields(draft: AnnexDraft) -> dict[str, str | Blank]:
    """The fields in the form's order: what the template and the policy know, else blanks."""
    term = draft.result.scenario.policy.document.in_force
    offices, codes = draft.template.offices, draft.template.codes

    def blank(key: str, value: str = "") -> str | Blank:
        return value or Blank(draft.say(f"annex.hint.{key}"))

    def office(key: str, line: Line) -> str | Blank:
        return line.fill(draft.lang, draft.say(f"annex.hint.{key}"))

    return {
        "declaring": office("declaring", offices.declaring),
        "date": blank("date"),
        "project": blank("project", draft.funds(True)),
        "kind": Blank(draft.say("annex.hint.kind"), draft.say("annex.form.kinds")),
        "in_charge": office("in_charge", offices.in_charge),
        "department_code": blank("department_code", codes.department),
        "implementing": office("implementing", offices.implementing),
        "project_code": blank("project_code", codes.project),
        "person": blank("person"),
        "telephone": blank("telephone"),
        "since": str(term.since),
        "until": blank("until", str(term.until or "")),
        "function": blank("function", codes.function),
        "economic": blank("economic", codes.economic),
    }


def _money(desk: Sources) -> Table:
    """What the project asks for in the budget year by source, and what other funds pay beside it."""
    draft, result = desk.draft(), desk.result
    year, p = result.scenario.plan.budget_year, result.scenario.plan.confidence / 10_000
    need = draft.estimate(draft.figures.needed, "amount")
    expected = whole_fen(result).sum(special=True, paid=year)
    known = not isinstance(need["amount"], str)
    level = listed(dict.fromkeys(draft.level(one) for one in _levels(desk, special=True)), draft.lang)
    rows: list[dict[str, Any]] = []

    def add(key: str, amount: Any, error: Any = None, **values: Any) -> None:
        item = draft.say(f"annex.form.{key}", **values)
        rows.append({"group": draft.say("annex.form.asked"), "item": item, "amount": amount, "error": error})

    add("total", need["amount"], need["amount_error"], confidence=percent(p))
    error = draft.error_of(draft.figures.mean(year))
    add("own_expected", expected, error, level=level)
    add("own_reserve", need["amount"] - expected if known else draft.refused, level=level)
    add("upper", Blank(draft.say("annex.hint.upper")))
    add("others", Blank(draft.say("annex.hint.others")))
    links: dict[Cell, Sum] = {(0, "amount"): Sum(((1, "amount"), (2, "amount")))} if known else {}
    links |= _beside(draft, rows)
    if known:
        low, high = draft.wan(need["amount_low"]), draft.wan(need["amount_high"])
        draft.note(draft.say("annex.note.need_interval", low=low, high=high))
    draft.note(draft.say("annex.note.asked", year=year))
    draft.note(draft.say("note.interval"))
    columns = [
        draft.column("group", merged=True),
        draft.column("item", heading=draft.say("col.money_source")),
    ]
    columns += [draft.column("amount", "money"), draft.column("error", "money")]
    return draft.table("annex_performance_money", columns, rows, title={"year": year}, links=links)


def _beside(draft: AnnexDraft, rows: list[dict[str, Any]]) -> dict[Cell, Sum]:
    """Add what other funds pay in the budget year, by level, and the sum with this project's expected outlay."""
    result, money = draft.result, whole_fen(draft.result)
    year = result.scenario.plan.budget_year
    funds = list(result.scenario.policy.funds.values())
    samples, waiting = result.paid_by("fund", year), unpriced_funds(result)
    group = draft.say("annex.form.beside")
    parts: list[Cell] = [(1, "amount")]
    for level in dict.fromkeys(fund.level for fund in funds if not fund.special):
        places = [place for place, fund in enumerate(funds) if fund.level == level and not fund.special]
        amount: Any = sum(money.sum(fund=place, paid=year) for place in places)
        error: Any = None
        if set(places) <= waiting and not amount:
            amount = draft.say("treatment.unpriced")
        else:
            certain = all(draft.certain(year=year, fund=place) for place in places)
            error = draft.error(samples[:, places].sum(axis=1), certain=certain)
            parts.append((len(rows), "amount"))
        item = draft.say("annex.form.other_funds", level=draft.level(level))
        rows.append({"group": group, "item": item, "amount": amount, "error": error})
    total = sum(rows[at][key] for at, key in parts)
    error = draft.error_of(draft.figures.mean(year, special=False))
    rows.append({"group": group, "item": draft.say("annex.form.whole"), "amount": total, "error": error})
    return {(len(rows) - 1, "amount"): Sum(tuple(parts))}


def _levels(desk: Sources, *, special: bool) -> list[str]:
    return [fund.level for fund in desk.result.scenario.policy.funds.values() if fund.special == special]


def _reasons(desk: Sources) -> Table:
    """Why: what the policy says is filled in, judgements are not."""
    draft, result = desk.draft(), desk.result
    policy, plan = result.scenario.policy, result.scenario.plan
    document = policy.document
    priced = sum(treatment(result, name) == "priced" for name in policy.measures)
    about = {"policy": draft.name(document.title), "number": document.number, "issued": document.issued}
    basis = draft.say("annex.form.basis_text", **about)
    if document.issuers:
        basis += draft.say("annex.form.issuers", names=listed(document.issuers, draft.lang))
    if document.registration:
        basis += draft.say("annex.form.registration", number=document.registration)
    overview = draft.say(
        "annex.form.overview_text",
        fund=draft.funds(True),
        priced=priced,
        unpriced=len(unpriced(result)),
        **about,
    )
    words = {"year": plan.budget_year, "confidence": percent(plan.confidence / 10_000)}
    cells: dict[str, str | Blank] = {
        "duties": Blank(draft.say("annex.hint.duties")),
        "overview": overview,
        "basis": basis,
        "feasible": Blank(draft.say("annex.hint.feasible")),
        "necessary": Blank(draft.say("annex.hint.necessary")),
        "long_goal": _long_goal(draft),
        "year_goal": draft.say("annex.form.year_goal_text", **words),
    }
    rows = [{"label": draft.say(f"annex.form.{key}"), "value": value} for key, value in cells.items()]
    columns = [draft.column("label"), draft.column("value")]
    return draft.table("annex_performance_reasons", columns, rows, headed=False)


def _long_goal(draft: AnnexDraft) -> str | Blank:
    """Every clause of the policy's parts that set goals, with or without a number; blank for a policy without."""
    policy = draft.result.scenario.policy
    if not policy.goals:
        return Blank(draft.say("annex.hint.long_goal"))
    own = list(dict.fromkeys(goal.clause for goal in policy.goals.values()))
    parts = {clause.split(".")[0] for clause in own}
    found = [clause for clause in policy.clauses if "." in clause and clause.split(".")[0] in parts]
    found += [clause for clause in own if clause not in found]
    names = [draft.name(policy.clauses[one]) if one in policy.clauses else one for one in found]
    return draft.say(
        "annex.form.long_goal_text",
        number=policy.document.number,
        clauses=len(found),
        headings=listed(names, draft.lang),
        count=len(policy.goals),
    )


def _schedule(desk: Sources) -> Table:
    """The rounds of decision that the scenario assumes, and lines for what a person plans."""
    draft, plan = desk.draft(), desk.result.scenario.plan
    rows: list[dict[str, Any]] = []
    for number, day in enumerate(plan.calendar.rounds, start=1):
        step = draft.say("annex.form.round", number=number)
        begin = Blank(draft.say("annex.hint.begin"))
        rows.append(
            {"number": str(len(rows) + 1), "step": step, "begin": begin, "end": f"{plan.budget_year}-{day}"}
        )
    for _ in range(_LINES):
        blanks = {key: Blank(draft.say(f"annex.hint.{key}")) for key in ("step", "begin", "end")}
        rows.append({"number": str(len(rows) + 1), **blanks})
    columns = [draft.column(key) for key in ("number", "step", "begin", "end")]
    draft.note(draft.say("annex.note.schedule"))
    return draft.table("annex_performance_schedule", columns, rows)


def _opinions(desk: Sources) -> Table:
    """Opinions and signatures, all to be filled in by hand: room to write, and where seal and date belong."""
    draft = desk.draft()
    groups = {
        "opinions": ("department", "third_party", "finance_section", "performance_section"),
        "signatures": ("filled_by", "head"),
    }
    rows = [
        {
            "label": draft.say(f"annex.form.{key}"),
            "value": Blank(draft.say(f"annex.hint.{group}"), draft.say(f"annex.form.{group}")),
        }
        for group, keys in groups.items()
        for key in keys
    ]
    columns = [draft.column("label"), draft.column("value")]
    return draft.table("annex_performance_opinions", columns, rows, headed=False)
