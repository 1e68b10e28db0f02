"""A changed assumption carries the reason and source of its change, or says that there is none; never the old ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from simkit.report.annexes.assumptions import assumptions
from simkit.report.annexes.costing import costing
from simkit.report.tables.draft import Draft
from simkit.report.tables.registered import Registered, registered
from simkit.report.tables.saved import Saved
from simkit.runs.loading import load_result
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.runs.store import save_result
from simkit.scenario import load_scenario
from tests.report import results
from tests.report.annexes.saved_runs import desk_of, tables_of

TAKE_UP = "claims.headhunting.take_up"
OLD_NOTE = "申报率"
REASON = "依2025年台账，申报率有所提高。"
HEAD = {
    "title": {"zh": "申报率提高", "en": "More file"},
    "base": "baseline",
    "author": "测算组",
    "date": "2026-11-22",
    "reason": {"zh": REASON, "en": "The ledger of 2025 shows more claims."},
}


def laid(folder: Path, *overlays: dict[str, Any], **program: Any) -> Result:
    """A short run of the baseline with overlays of these lines, and changes made in a program."""
    paths = []
    for at, lines in enumerate(overlays):
        path = folder / f"o{at}.yaml"
        head = {"name": f"o{at}", **HEAD, "title": {"zh": f"申报率提高{at}", "en": f"More file {at}"}}
        path.write_text(yaml.safe_dump({**head, "changes": lines}, allow_unicode=True), "utf-8")
        paths.append(path)
    changes = program.get("changes")
    return run(load_scenario(results.BASELINE, paths, changes), draws=20, seed=1)


def entry(result: Result, path: str, lang: Any = "zh") -> Registered:
    (found,) = [one for one in registered(Draft(result, lang)) if one.path == path]
    return found


@pytest.fixture(scope="module")
def old() -> Registered:
    return entry(results.result(), TAKE_UP)


def test_a_value_changed_by_an_overlay_has_its_reason_author_and_date(
    tmp_path: Path, old: Registered
) -> None:
    result = laid(tmp_path, {f"{TAKE_UP}.value": 0.5})
    one = entry(result, TAKE_UP)
    assert (one.value, one.source, one.date) == ("0.5", "叠加方案“申报率提高0”（测算组）", "2026-11-22")
    assert one.reliability == "" and one.is_changed
    assert one.note == f"{REASON}（原为{old.value}，依据：{old.source}）"
    assert old.note and old.note not in one.note
    english = entry(result, TAKE_UP, "en")
    assert english.source == "overlay “More file 0” (测算组)" and "was triangular" in english.note
    again = load_result(save_result(result, tmp_path / "saved"))
    assert entry(again, TAKE_UP) == one


def test_a_part_of_a_law_counts_as_its_value_and_says_the_law_before(tmp_path: Path, old: Registered) -> None:
    one = entry(laid(tmp_path, {f"{TAKE_UP}.value.mode": 0.41}), TAKE_UP)
    assert one.value != old.value and f"原为{old.value}，" in one.note and one.source.startswith("叠加方案")


def test_a_value_changed_in_a_program_has_no_source(tmp_path: Path, old: Registered) -> None:
    one = entry(laid(tmp_path, changes={f"{TAKE_UP}.value": 0.5}), TAKE_UP)
    assert (one.source, one.date, one.reliability) == ("未说明", "", "")
    assert one.note == f"改动理由未说明（原为{old.value}，依据：{old.source}）"


def test_a_program_that_goes_over_an_overlay_does_not_take_its_reason(
    tmp_path: Path, old: Registered
) -> None:
    lines = {f"{TAKE_UP}.value": 0.5, f"{TAKE_UP}.source": "policy_text", f"{TAKE_UP}.note": "另有说明"}
    one = entry(laid(tmp_path, lines, changes={f"{TAKE_UP}.value": 0.6}), TAKE_UP)
    assert (one.value, one.source) == ("0.6", "未说明")
    assert "另有说明" not in one.note and f"原为{old.value}，依据：{old.source}" in one.note


def test_an_overlay_may_give_a_source_and_note_of_its_own(tmp_path: Path, old: Registered) -> None:
    lines = {f"{TAKE_UP}.value": 0.5, f"{TAKE_UP}.source": "policy_text", f"{TAKE_UP}.note": "另有说明"}
    one = entry(laid(tmp_path, lines), TAKE_UP)
    text = results.baseline().plan.sources["policy_text"]
    assert (one.source, one.date, one.reliability) == (text.source.zh, str(text.date), text.reliability)
    assert one.note == f"另有说明（原为{old.value}，依据：{old.source}）"


def test_an_assumption_replaced_as_a_whole_is_its_own(tmp_path: Path) -> None:
    whole = {"value": 0.5, "source": "policy_text", "note": "另有说明"}
    one = entry(laid(tmp_path, {TAKE_UP: whole}), TAKE_UP)
    assert one.note == "另有说明" and not one.is_changed
    later = entry(laid(tmp_path, {TAKE_UP: whole}, changes={f"{TAKE_UP}.value": 0.6}), TAKE_UP)
    assert later.source == "未说明" and later.note.startswith("改动理由未说明（原为0.5，依据：")


def test_two_overlays_are_both_named(tmp_path: Path) -> None:
    one = entry(laid(tmp_path, {f"{TAKE_UP}.value.low": 0.21}, {f"{TAKE_UP}.value.high": 0.69}), TAKE_UP)
    assert one.source == "叠加方案“申报率提高0”（测算组）；叠加方案“申报率提高1”（测算组）"


def test_what_is_not_changed_keeps_its_source(tmp_path: Path) -> None:
    before = {one.path: one for one in registered(Draft(results.result(), "zh"))}
    after = {one.path: one for one in registered(Draft(laid(tmp_path, {f"{TAKE_UP}.value": 0.5}), "zh"))}
    assert [path for path, one in after.items() if one != before[path]] == [TAKE_UP]


@pytest.mark.parametrize(
    ("lines", "path", "value", "before"),
    [
        ({"calendar.review_days": 61}, "calendar", "61", "review_days"),
        ({"claims.headhunting.base.variables.pay.cv": 0.5}, "claims.headhunting.base.variables.pay", "0.5", "0.38"),
        ({"claims.headhunting.ramp.2023": 0.6}, "claims.headhunting.settings", "0.6", "0.5"),
        (
            {"claims.headhunting.attributes.client.weights.other": 0.9},
            "claims.headhunting.attributes.client",
            "0.9",
            "",
        ),
        (
            {"measures.digital.selection.envelope": "300万元"},
            "policy_values.measures.digital.selection.envelope",
            "300万元",
            "200万元",
        ),
    ],
)  # fmt: skip
def test_every_kind_of_entry_is_followed(
    tmp_path: Path, lines: dict[str, Any], path: str, value: str, before: str
) -> None:
    old, one = entry(results.result(), path), entry(laid(tmp_path, lines), path)
    assert value in one.value and value not in old.value
    assert one.source.startswith("叠加方案") and one.note.startswith(REASON) and before in one.note
    assert not old.note or old.note not in one.note


def test_shares_of_payers_that_rest_on_a_basis_are_followed(tmp_path: Path) -> None:
    policy = results.baseline().policy
    name, payers = next(
        (name, one.payers)
        for name, one in policy.measures.items()
        if one.payers and one.payers.basis and len(one.payers.shares) > 1
    )
    first, second = list(payers.shares)[:2]
    shares = zip((first, second), ("60%", "40%"), strict=True)
    lines = {f"measures.{name}.payers.shares.{fund}": share for fund, share in shares}
    one = entry(laid(tmp_path, lines), f"measures.{name}.payers")
    assert one.source.startswith("叠加方案") and one.reliability == "" != payers.basis.reliability
    assert one.note.endswith(f"依据：{payers.basis.source}）")


@pytest.mark.parametrize(("lang", "words"), [("zh", "未说明"), ("en", "not stated")])
def test_the_annexes_say_so_too(tmp_path: Path, lang: Any, words: str, old: Registered) -> None:
    result = laid(tmp_path, changes={f"{TAKE_UP}.value": 0.5})
    desk = desk_of(Saved(save_result(result, tmp_path / "saved")), lang)
    found = tables_of(assumptions(desk))
    (row,) = [row for row in found["assumptions"].rows if row["path"] == TAKE_UP]
    sources = {one["number"]: one["source"] for one in found["annex_sources"].rows}
    assert (sources[row["source"]], row["reliability"]) == (words, words)
    basis = tables_of(costing(desk))
    listed = [one for one in basis["annex_costing_sources"].rows if one["source"] == words]
    assert [one["reliability"] for one in listed] == [words]
    quoted = [
        row["sources"] for row in basis["annex_costing_basis"].rows if row["number"] == listed[0]["lines"]
    ]
    assert len(quoted) == 1 and words in quoted[0]
