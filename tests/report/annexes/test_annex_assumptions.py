"""The register of assumptions: each one once, its effect the answer's or the run's, its source in full."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest

from simkit.report.annexes.assumptions import assumptions
from simkit.report.papers.table import Language, Table
from simkit.report.tables.all import drivers as rank_table
from simkit.report.tables.assumptions import assumptions_register
from simkit.report.tables.draft import Draft
from simkit.report.tables.registered import registered
from simkit.report.tables.saved import Saved
from simkit.scenario import uncertain
from simkit.sizing.estimate import Estimate
from simkit.whatif.answers import save_answer
from tests.report import results
from tests.report.annexes.saved_runs import asked, bare, desk_of, full, saved_run, tables_of, warnings_of

LANGS: tuple[Language, ...] = ("zh", "en")
WORDS = {
    "zh": ("固定值，未作敏感性测算", "与抽样误差无法区分", "逐件或逐家抽取，计入随机性", "无影响"),
    "en": (
        "fixed value, not tested",
        "cannot be told from simulation error",
        "drawn for each claim or agency, part of chance",
        "no effect",
    ),
}


@lru_cache
def register(with_answers: bool, lang: Language = "zh") -> tuple[Table, Table]:
    found = tables_of(assumptions(desk_of(full() if with_answers else bare(), lang)))
    assert list(found) == ["assumptions", "annex_sources"]
    return found["assumptions"], found["annex_sources"]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("with_answers", [True, False])
def test_every_assumption_once_and_nothing_of_it_lost(with_answers: bool, lang: Language) -> None:
    """Path, words, value, source, date, reliability, note: as the plain register has them."""
    table, sources = register(with_answers, lang)
    plain = assumptions_register(results.result(), lang=lang)
    assert len({row["path"] for row in table.rows}) == len(table.rows) == len(plain.rows) > 200
    full_source = {row["number"]: row["source"] for row in sources.rows}
    for row, old in zip(table.rows, plain.rows, strict=True):
        assert {key: row[key] for key in ("path", "value", "date", "reliability", "note")} == {
            key: old[key] for key in ("path", "value", "date", "reliability", "note")
        }
        assert full_source[row["source"]] == old["source"]
        assert old["item"] in (row["item"], f"{row['about']} · {row['item']}")
    assert sum(row["entries"] for row in sources.rows) == len(table.rows)
    assert len(full_source) == len(sources.rows)


@pytest.mark.parametrize("lang", LANGS)
def test_effects_are_the_answer_s(lang: Language) -> None:
    table, _ = register(True, lang)
    fixed, noise, chance, none = WORDS[lang]
    answered = {one.path: one.mean for one in asked().assumptions}
    said = set()
    for row in table.rows:
        if row["path"] not in answered:
            said.add(row["effect"])
            continue
        moves = answered[row["path"]]
        if moves.between.refusal is not None:
            assert row["effect"] == row["effect_error"] and row["effect"] in ("抽样不足", "too few draws")
            continue
        if moves.between.value == 0 and moves.between.standard_error == 0:
            assert (row["effect"], row["effect_error"]) == (none, "")
        else:
            assert row["effect"] == (round(moves.between.value) if moves.distinct else noise)
            error = moves.between.error
            assert row["effect_error"] == ("—" if error is None else round(error))
    assert said == {fixed, chance}
    assert {row["path"] for row in table.rows if row["effect"] not in (fixed, chance)} == set(answered)
    assert any(f"{asked().origin.draws}" in note for note in table.notes)
    by_path = {row["path"]: row["effect"] for row in table.rows}
    assert by_path["claims.headhunting.base.variables.pay"] == chance
    assert by_path["claims.park_appraisal.intensity"] == fixed


def test_what_is_noise_says_so_and_keeps_its_error() -> None:
    """An answer in which every swing is 5 yuan with an error of 20, and none is distinct."""
    noise = Estimate(500.0, -3500.0, 4500.0, 2000.0)
    all_noise = tuple(
        replace(one, mean=one.mean._replace(between=noise, distinct=False)) for one in asked().assumptions
    )
    saved = Saved(saved_run(results.result(), "noise/baseline"))
    save_answer(replace(asked(), assumptions=all_noise), saved.run.parent)
    rows = tables_of(assumptions(desk_of(saved)))["assumptions"].rows
    found = [row for row in rows if row["effect"] == "与抽样误差无法区分"]
    assert len(found) == len(all_noise) and {row["effect_error"] for row in found} == {2000}


@pytest.mark.parametrize("lang", LANGS)
def test_without_an_answer_effects_are_rank_correlations_of_the_run(lang: Language) -> None:
    table, _ = register(False, lang)
    heading = next(column.heading for column in table.columns if column.key == "correlation")
    assert ("秩相关" in heading or "Rank correlation" in heading) and "2024" in heading
    ranked = {row["path"]: row for row in rank_table(results.result(), top=1_000, lang=lang).rows}
    assert set(ranked) == set(uncertain(results.baseline()))
    for row in table.rows:
        for key in ("correlation", "correlation_low", "correlation_high"):
            if row["path"] in ranked:
                assert row[key] == ranked[row["path"]][key]
    told = warnings_of(assumptions(desk_of(bare(), lang)))
    assert len(told) == 1 and "simkit drivers" in told[0]
    assert not warnings_of(assumptions(desk_of(full(), lang)))


def test_few_draws_refuse_the_correlations_and_nothing_else() -> None:
    saved = Saved(saved_run(results.result(5), "few/baseline"))
    table = tables_of(assumptions(desk_of(saved)))["assumptions"]
    said = {row["path"]: row["correlation"] for row in table.rows}
    for path in uncertain(results.baseline()):
        assert said[path] == "抽样不足"
    assert said["claims.park_appraisal.intensity"] == WORDS["zh"][0]
    assert any("100" in note and "5" in note for note in table.notes)


def test_it_fits_a_page_on_its_side() -> None:
    from simkit.report.papers.widths import column_widths

    for with_answers in (True, False):
        for lang in LANGS:
            table, sources = register(with_answers, lang)
            assert sum(column_widths(table)) <= 165 and sum(column_widths(sources)) <= 100


def test_the_register_s_entries_know_grade_and_law() -> None:
    found = {one.path: one for one in registered(Draft(results.result(), "en"))}
    assert found["claims.park_appraisal.intensity"].reliability == "sourced"
    law = found["claims.headhunting.take_up"].law
    assert law is not None and law.var() > 0
    assert found["claims.headhunting.settings"].law is None
    assert found["measures.headhunting.payers"].reliability in ("judgement", "sourced")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("新成为规上机构", "仅限规上机构", "仅限出口机构", "条件成就当日申报", "天内申报")),
        (
            "en",
            (
                "becoming above-scale",
                "only above-scale agencies",
                "only exporter",
                "filed the same day",
                "filed within",
            ),
        ),
    ],
)
def test_settings_are_said_as_an_official_would(lang: Language, words: tuple[str, ...]) -> None:
    table, _ = register(False, lang)
    values = [row["value"] for row in table.rows]
    for word in words:
        assert any(word in value for value in values), word
    if lang == "zh":
        assert not any("elasticity" in row["item"] or "0—0" in row["value"] for row in table.rows)
