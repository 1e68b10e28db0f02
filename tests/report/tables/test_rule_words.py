"""Rules in words: each kind of award, condition and cap, in both languages."""

from __future__ import annotations

import pytest

from simkit.report.tables.draft import Draft
from simkit.report.tables.rule_words import cap_words, condition_words, money_words, standard_words
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.report.annexes.desks import chinese
from tests.report.results import result
from tests.small_scenarios import assumed, attribute, claim, fixed, measure, write_scenario

ATTRIBUTES = {
    "revenue": attribute("agency", "yuan"),
    "line": attribute("agency", "category", values=["agency", "other"]),
    "export": attribute("claim", "usd"),
}
TIERS = [{"reached": "1亿元", "amount": "30万元"}, {"reached": "2亿元", "amount": "60.5万元"}]
MEASURES = {
    "tiers": measure(
        {"kind": "tiers", "on": "revenue", "tiers": TIERS},
        first_time=True,
        repeat="once",
        conditions={
            "grew": {"of": "revenue", "grew_at_least": "12.5%", "years": 2},
            "before": {"of": "revenue", "year": -1, "more_than": "500元"},
            "line": {"of": "line", "none_of": ["other"]},
        },
        caps={
            "share": {"per": "agency", "within": "term", "share": "10%", "of": "revenue", "year": -1},
            "all": {"per": "measure", "within": "year", "amount": "1000万元"},
        },
    ),
    "bands": measure(
        {"kind": "bands", "bands": [{"above": "50万美元", "per_full": "10万美元", "amount": "1万元"}]},
        base_unit="usd",
        priced_by="text_ceiling",
        rigidity="adjustable",
        selection={"kind": "ranked", "envelope": "100万元", "places": "3家"},
    ),
    "step": measure({"kind": "step", "per_full": "5000元", "amount": "0.05元"}),
    "rate": measure({"kind": "bands", "bands": [{"above": "0元", "rate": "0.5%"}]}),
    "fixed": measure(fixed("20万元")),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Result:
    total = {
        "name": {"zh": "总量", "en": "total"},
        "clause": "四",
        "measures": ["fixed", "step"],
        "amount": "2亿元",
    }
    usd = {"unit": "usd", "scale": assumed("1美元")}
    claims = {name: claim(0.1, among="city") for name in ("step", "rate", "fixed")}
    claims |= {"bands": claim(0.1, among="city", base=usd)}
    path = write_scenario(
        tmp_path_factory.mktemp("rules"),
        MEASURES,
        claims,
        policy={"attributes": ATTRIBUTES, "total_caps": {"all": total}},
    )
    return run(load_scenario(path), draws=20, seed=1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tiers", "按某分档：达到1亿元的30万元、达到2亿元的60.5万元"),
        ("bands", "超额累进：超过50万美元的部分，每满10万美元给予1万元（为上限，按上限测算）"),
        ("step", "每满5,000元给予0.05元"),
        ("rate", "超额累进：超过0元的部分，0.5%"),
        ("fixed", "每件20万元"),
    ],
)
def test_what_is_paid(small, name, words):
    assert standard_words(Draft(small, "zh"), name) == words


def test_conditions(small):
    draft = Draft(small, "zh")
    assert condition_words(draft, "tiers") == (
        "某连续2年每年增长不低于12.5%；前1年的某超过500元；某不为其他；首次取得；每个申领主体只享受一次"
    )
    assert condition_words(draft, "bands") == "经评审择优；年度安排额度100万元；年度名额3个"
    assert condition_words(draft, "fixed") == "未另设条件"


def test_caps_name_their_scope(small):
    draft = Draft(small, "zh")
    assert cap_words(draft, "tiers") == (
        "每家机构有效期内累计最高某（申报年度-1年）的10%；该条款每年最高1,000万元"
    )
    assert cap_words(draft, "fixed") == "每家机构每年，2项条款合计最高2亿元"
    assert cap_words(draft, "bands") == "未设上限"


@pytest.mark.parametrize(
    ("fen", "words"),
    [(5, "0.05元"), (50_000, "500元"), (999_900, "9,999元"), (1_000_000, "1万元"), (1_000_050, "10,000.5元"),
     (22_500_000, "22.5万元"), (10_000_000_000, "1亿元"), (12_345_000_000, "1.2345亿元"),
     (10_000_010_000, "10,000.01万元")],
)  # fmt: skip
def test_amounts_are_exact(small, fen, words):
    assert money_words(Draft(small, "zh"), fen) == words


def test_what_the_scenario_assumed_says_so():
    draft = Draft(result(), "zh")
    assert standard_words(draft, "listing").endswith("（标准由情景假设）")
    assert standard_words(draft, "listing").startswith("按上市进程分档：入库20万元；辅导50万元")
    assert standard_words(draft, "students") == "500元/人"
    assert standard_words(draft, "digital") == "投入 × 20%（为上限，按上限测算）"
    assert standard_words(draft, "contest") == "年度工作经费，金额由情景假设"
    assert condition_words(draft, "digital").startswith("投入不低于100万元；")


def test_every_rule_of_ningbo_s_policy_is_told_in_english(small):
    for one in (result(), small):
        draft = Draft(one, "en")
        for name, rule in one.scenario.policy.measures.items():
            if rule.award is not None:
                for words in (
                    standard_words(draft, name),
                    condition_words(draft, name),
                    cap_words(draft, name),
                ):
                    assert words and not chinese(words.replace("人社统LM1", "")), words
