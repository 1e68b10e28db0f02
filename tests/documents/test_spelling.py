"""Suggestions: offered for slips, never for another word."""

from __future__ import annotations

import pytest

from simkit.documents.spelling import nearest, slips

#: What is written, what is known, what is offered.
SLIPS = [
    ("lag_day", ["lag_days", "level"], "lag_days"),
    ("amout", ["amount", "share"], "amount"),
    ("yeraly", ["yearly", "year"], "yearly"),
    ("ramount", ["amount"], ""),
    ("incometax", ["income_tax", "revenue"], "income_tax"),
    ("after-years", ["after_years"], "after_years"),
    ("AfterYears", ["after_years"], "after_years"),
    ("years_after", ["after_years"], "after_years"),
    ("rat", ["rate", "amount"], "rate"),
    ("hrr", ["hr", "district"], "hr"),
    ("cap", ["caps", "clause"], "caps"),
    ("outsorcing", ["outsourcing", "training"], "outsourcing"),
    ("measures.headhunting.caps.yearly.amout", ["measures.headhunting.caps.yearly.amount"], "*"),
    ("measures.headhuntin", ["measures.headhunting", "claims.headhunting"], "measures.headhunting"),
    ("measures.headhuntin.cap.yearly", ["measures.headhunting.caps.yearly"], "*"),
    ("baselin.yaml", ["baseline.yaml", "successor.yaml"], "baseline.yaml"),
    ("baseline_yaml", ["baseline.yaml"], "baseline.yaml"),
    ("repot", ["report", "run", "readings"], "report"),
    ("verifyrun", ["verify-run", "verify"], "verify-run"),
    ("--draw", ["--draws", "--out"], "--draws"),
    ("--overlya", ["--overlay"], "--overlay"),
    ("人力资源 服务", ["人力资源服务"], "人力资源服务"),
    ("ＨＲ", ["hr"], "hr"),
    ("机构名", ["机构名称", "主营业态"], "机构名称"),
    ("鄞州", ["鄞州区", "海曙区"], "鄞州区"),
    ("劳务派谴", ["劳务派遣", "培训"], "劳务派遣"),
    ("符合条见", ["符合条件", "营业收入"], "符合条件"),
]
#: What is written, and what must not be offered for it.
OTHERS = [
    ("after_months", "after_years"),
    ("3 years", "year"),
    ("years", "year_of_award"),
    ("file_by", "priced_by"),
    ("once_a_year", "once_per_key"),
    ("factor", "author"),
    ("at_most", "at_least"),
    ("more_than", "less_than"),
    ("none_of", "one_of"),
    ("exclusive", "inclusive"),
    ("priced", "unpriced"),
    ("browser", "no-browser"),
    ("day", "year"),
    ("monthly", "yearly"),
    ("quarter", "year"),
    ("earned_2023", "earned_2024"),
    ("tiers.0.amount", "tiers.1.amount"),
    ("p50", "p90"),
    ("of", "on"),
    ("date", "rate"),
    ("once", "one"),
    ("every", "ever"),
    ("city", "county"),
    ("entry_rate", "exit_rate"),
    ("entry_by_year", "exit_by_year"),
    ("宁波市江北区", "宁波市江东区"),
    ("一次性奖励", "二次性奖励"),
    ("营业收入", "营业总收入"),
    ("营业收入", "营业收支"),
    ("第一档金额", "第二档金额"),
    ("本年度支出", "本季度支出"),
    ("人才购房补贴", "人才租房补贴"),
    ("本年应付金额", "本年实付金额"),
    ("企业初次申报", "企业再次申报"),
    ("高新技术企业", "非高新技术企业"),
    ("measures.headhunting.caps.yearly", "claims.headhunting.caps.yearly"),
    ("sequential", "settlement"),
    ("same_day", "same_year"),
    ("low", "high"),
]


@pytest.mark.parametrize(("word", "known", "offered"), SLIPS)
def test_a_slip_is_mended(word: str, known: list[str], offered: str) -> None:
    offered = known[0] if offered == "*" else offered
    assert str(nearest(word, known) or "") == (f"did you mean '{offered}'?" if offered else "")


@pytest.mark.parametrize(("word", "other"), OTHERS)
def test_another_word_is_not_a_slip(word: str, other: str) -> None:
    assert slips(word, other) is None
    assert slips(other, word) is None


def test_nothing_is_offered_where_two_are_as_near() -> None:
    assert str(nearest("caps.yearl", ["caps.yearly", "caps.ever"])) == "did you mean 'caps.yearly'?"
    assert nearest("caps.yearl", ["caps.yearly", "caps.years"]) is None
