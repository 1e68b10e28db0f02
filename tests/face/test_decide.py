"""Real claims from a frame: decided as the reference decides them, explained, and refused where a cell is wrong."""

from __future__ import annotations

import datetime
import doctest
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simkit
from simkit.base.errors import FaultsError, InputError
from simkit.base.words import LANGUAGES
from simkit.face import decisions as module
from simkit.face import explanation
from simkit.face.decisions import Decisions
from simkit.policy.columns import attribute_columns
from simkit.policy.schema import Policy
from simkit.report.papers.glyphs import half_widths
from simkit.rules.codes import STEPS
from tests import reference
from tests.cases_loader import Case, load_cases
from tests.claim_columns import ClaimColumns
from tests.face.frames import face_of, frame_of, may_be_written
from tests.strategies import policy_of, random_world, take_claims

NINGBO = "ningbo-hr-2023"
REFUSALS = {
    "not in force": "not_in_force",
    "not first time": "not_first_time",
    "already paid": "already_paid",
}


def world_of(seed: int) -> tuple[Policy, ClaimColumns]:
    """A world with every feature in which all claims meet, in order of decision, each with what its amount needs."""
    world = random_world(seed)
    claims = replace(world.claims, draw=np.zeros_like(world.claims.draw))
    fit = may_be_written(world.policy, claims)
    rows = [row for row in np.argsort(claims.decided, kind="stable").tolist() if fit[row]]
    claims = take_claims(claims, rows)
    read = [
        place for place, one in enumerate(claims.attribute_names) if one in attribute_columns(world.policy)
    ]
    names = tuple(claims.attribute_names[place] for place in read)
    return world.policy, replace(claims, attributes=claims.attributes[:, read], attribute_names=names)


def rows_of(found: Decisions) -> list[list[int]]:
    """Of each claim: gross, what each step took, the award."""
    frame = found.to_frame(unit="fen")
    assert frame[["gross", *STEPS, "awarded"]].dtypes.eq(np.int64).all()
    return frame[["gross", *STEPS, "awarded"]].to_numpy().tolist()


@pytest.mark.parametrize("seed", range(8))
def test_a_frame_is_decided_as_the_reference_decides(seed: int) -> None:
    policy, claims = world_of(seed)
    found = simkit.decide(face_of(policy), frame_of(policy, claims))
    expected = [[one.gross, *one.took, one.award] for one in reference.decide(policy, claims)]
    assert rows_of(found) == expected


@pytest.mark.parametrize("seed", range(8))
def test_every_explanation_leads_to_the_award(seed: int) -> None:
    """Its money goes from step to step; a refusal is its last step, and the note of a refusal is not empty."""
    policy, claims = world_of(seed)
    found = simkit.decide(face_of(policy), frame_of(policy, claims))
    notes = found.to_frame()["note"]
    for row, decision in enumerate(reference.decide(policy, claims)):
        steps = found.explain(row).to_frame(unit="fen", lang="en")
        if decision.refusal == "conditions":
            assert "unmet" in set(steps["step"])
        elif decision.refusal != "none":
            assert steps["step"].iloc[-1] == REFUSALS[decision.refusal]
        if decision.refusal != "none":
            assert notes[row] and steps["after"].isna().all()
            continue
        money = steps[steps["after"].notna()]
        assert money["after"].iloc[-1] == decision.award
        assert money["after"].iloc[0] == decision.gross
        assert money["before"].iloc[1:].tolist() == money["after"].iloc[:-1].tolist()
        assert bool(notes[row]) == (decision.award < decision.gross or decision.gross == 0)


#: Of the cases worked by hand those that a frame can hold: a claim gives what its amount is computed from.
CASES = [one for one in load_cases() if one.ledger is None and may_be_written(one.policy, one.claims).all()]


def test_most_cases_can_be_written_in_a_frame() -> None:
    assert len(CASES) > 140


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases_worked_by_hand(case: Case) -> None:
    found = rows_of(simkit.decide(face_of(case.policy), frame_of(case.policy, case.claims)))
    for row, expected in zip(found, case.expected, strict=True):
        money = dict(zip(("gross", *STEPS, "award"), row, strict=True))
        for key in money.keys() & expected.keys():
            assert abs(money[key] - expected[key]) <= case.atol, (case.name, key)


# What a person writes.


def claims_frame(**columns: Any) -> pd.DataFrame:
    """Headhunting claims with what is given laid over them."""
    rows = max(map(len, columns.values()), default=1)
    whole = {
        "measure": ["headhunting"] * rows,
        "agency": ["甲公司"] * rows,
        "filed": ["2024-03-01"] * rows,
        "amount": ["80万元"] * rows,
        "income_tax": ["15万元"] * rows,
        "client": ["champion"] * rows,
    }
    return pd.DataFrame({**whole, **columns})


def awarded(frame: pd.DataFrame, **given: Any) -> list[int]:
    return simkit.decide(NINGBO, frame, **given).to_frame(unit="fen")["awarded"].tolist()


def faults(frame: Any, lang: str = "en", **given: Any) -> list[str]:
    with pytest.raises(FaultsError) as raised:
        simkit.decide(NINGBO, frame, **given)
    return raised.value.said(lang).splitlines()


def test_headings_in_chinese_and_english() -> None:
    chinese = {
        "measure": "条款", "agency": "机构名称", "filed": "申报日期", "amount": "金额",
        "income_tax": "引进人才个人所得税年纳税额", "client": "用人单位类型",
    }  # fmt: skip
    english = {
        "measure": "Provision",
        "agency": "agency name",
        "filed": "Date  filed",
        "client": "kind of employer",
    }
    frame = claims_frame()
    assert awarded(frame.rename(columns=chinese)) == awarded(frame.rename(columns=english)) == [40_000_000]


@pytest.mark.parametrize(
    "day",
    ["2024-03-01", "2024/3/1", "2024年3月1日", "２０２４.3.1", "2024-03-01 00:00:00", pd.Timestamp("2024-03-01 09:30"),
     datetime.date(2024, 3, 1), datetime.datetime(2024, 3, 1, 8), np.datetime64("2024-03-01")],
)  # fmt: skip
def test_days_as_people_and_pandas_write_them(day: Any) -> None:
    found = simkit.decide(NINGBO, claims_frame(filed=pd.Series([day], dtype=object)))
    assert found.claims.rows["filed"][0] == 19_783
    assert found.claims.rows["decided"][0] == found.claims.rows["earned"][0] == 19_783


@pytest.mark.parametrize("day", [20240301, "20240301", "2024-02-30", "1-3-2024", 45352.0, "1800-01-01", True])
def test_what_is_no_day_is_refused(day: Any) -> None:
    (line,) = faults(claims_frame(filed=pd.Series([day], dtype=object)))
    assert line.startswith("frame: loc[0, 'filed']: expected a date")


def test_nothing_is_decided_before_it_was_filed() -> None:
    (line,) = faults(claims_frame(decided=["2024-02-29"]))
    assert line == "frame: loc[0, 'decided']: expected a day on or after that of filing, found 2024-02-29"


def test_claims_are_decided_by_day_and_told_as_they_stood() -> None:
    """The cap of 500,000 yuan goes to those decided first: of one day, to the one that was filed first."""
    frame = claims_frame(
        decided=["2024-06-02", "2024-06-01", "2024-06-02", "2024-06-02"],
        filed=["2024-03-02", "2024-03-05", "2024-03-01", "2024-03-02"],
    ).set_index(pd.Index(["a", "b", "c", "d"], name="no"))
    found = simkit.decide(NINGBO, frame).to_frame()
    assert found["awarded"].tolist() == [0, 40, 10, 0]
    assert found.index.equals(frame.index)
    assert found["outcome"].tolist() == ["refused", "full", "reduced", "refused"]


def test_money_is_exact_to_the_fen() -> None:
    """0.29 x 100 is 28.999... in floats."""
    assert awarded(claims_frame(amount=[0.29, 1234.57, 1e5]), units={"amount": "元"}) == [
        15,
        61_729,
        5_000_000,
    ]
    assert awarded(claims_frame(amount=[0.58]), units={"金额": "万元"}) == [290_000]
    mixed = pd.Series(["80万元", 2000, "1,000"], dtype=object)
    assert awarded(claims_frame(amount=mixed), units={"amount": "元"}) == [40_000_000, 100_000, 50_000]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (800_000, "expected money with its unit, such as \"80万元\" or \"800000 yuan\", found 800000 "
                  "(write \"80万元\", or give units={\"amount\": \"元\"})"),
        ("800000", "write \"80万元\""),
        ("-5万元", "from 0 to"),
        ("1.234元", "whole fen"),
        ("8万美元", "expected money with its unit"),
        ("80万", "write \"80万元\""),
        (float("inf"), "expected money"),
        (True, "expected money"),
        ("1000000000亿元", "expected money"),
        (None, "expected a value of amount (amount in yuan), which 'Headhunting award' reads, found nothing"),
        (float("nan"), "expected a value of amount"),
        ("  ", "expected a value of amount"),
    ],
)  # fmt: skip
def test_what_is_no_money_is_refused(amount: Any, said: str) -> None:
    (line,) = faults(claims_frame(amount=pd.Series([amount], dtype=object)))
    assert line.startswith("frame: loc[0, 'amount']: ") and said in line


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ({"amount": "美元"}, "units['amount']: expected a unit of yuan"),
        ({"amount": "人"}, "units['amount']: expected a unit of yuan"),
        ({"amount": 1}, "units['amount']: expected a unit of yuan"),
        ({"filed": "元"}, "units['filed']: expected no unit"),
        ({"count": "人"}, "units['count']: expected a column of the frame"),
        ({"fee": "元"}, "units['fee']: expected one of measure"),
    ],
)
def test_units_that_do_not_fit_are_refused(units: dict[str, Any], said: str) -> None:
    assert said in faults(claims_frame(), units=units)[0]


def test_people_and_months_stand_in_columns_of_their_own() -> None:
    """800 heads at 500 yuan are 400,000 yuan; in the column of money, or as money, they are refused, not paid."""
    frame = claims_frame(measure=["students"]).drop(columns="amount")
    assert awarded(frame.assign(count=[800])) == awarded(frame.assign(count=["800人"])) == [40_000_000]
    for amount in (800, 80_000, "800元", "800人"):
        lines = faults(frame.assign(amount=[amount]))
        assert any("stands in count (number)" in line and "'amount'" in line for line in lines)
    for given in ("800元", "8万元", 800.5, -800, "800%"):
        assert "loc[0, 'count']" in faults(frame.assign(count=[given]))[0]
    assert (
        "units['count']: expected a unit of counts"
        in faults(frame.assign(count=[800]), units={"count": "元"})[0]
    )
    assert "stands in amount" in faults(claims_frame(count=[800]))[0]


def test_attributes_that_count_are_no_money() -> None:
    frame = claims_frame(measure=["supplied_employees"], heads=[800], months_in_post=[7.0], amount=["10万元"])
    assert awarded(frame) == [10_000_000]
    for key, given in (("heads", "800元"), ("months_in_post", 6.5), ("months_in_post", "7%")):
        assert f"loc[0, '{key}']" in faults(frame.assign(**{key: [given]}))[0]
    assert "units['heads']" in faults(frame, units={"heads": "元"})[0]


def test_a_cell_that_a_condition_reads_may_be_empty_but_is_not_met() -> None:
    found = simkit.decide(NINGBO, claims_frame(income_tax=[None], client=["另一类"[:0]])).to_frame(lang="zh")
    assert found["outcome"][0] == "refused"
    assert found["note"][0].count("（未填）") == 2


def test_a_cell_that_an_amount_is_computed_from_may_not_be_empty() -> None:
    """Else the desk would take a tier or cap of nothing, in silence."""
    capped = {
        "award": {"kind": "rate", "rate": "50%"},
        "caps": {"share": {"per": "claim", "within": "claim", "share": "10%", "of": "revenue"}},
    }
    tiered = {"award": {"kind": "tiers", "on": "tax", "tiers": [{"reached": "1万元", "amount": "100元"}]}}
    policy = face_of(policy_of({"capped": capped, "tiered": tiered}))
    frame = pd.DataFrame(
        {"measure": ["capped", "tiered"], "agency": "a", "filed": "2023-05-01", "amount": ["9元", None]}
    )
    for given in (frame, frame.assign(revenue=None, tax=[None, ""])):
        with pytest.raises(FaultsError) as raised:
            simkit.decide(policy, given)
        assert [one.path for one in raised.value.faults] == ["loc[0, 'revenue']", "loc[1, 'tax']"]


def test_missing_columns_are_named() -> None:
    lines = faults(claims_frame().drop(columns=["agency", "filed", "client"]))
    assert [line.split(",")[0] for line in lines] == [
        "frame: ['agency']: expected the column agency (agency name)",
        "frame: ['filed']: expected the column filed (date filed)",
        "frame: ['client']: expected the column client (Kind of employer)",
    ]


def test_what_only_the_first_time_is_paid_says_whether_it_is() -> None:
    frame = claims_frame(measure=["high_tech"], amount=[None], level=["national"])
    assert "first_time (first time)" in faults(frame)[0]
    for given, outcome in (
        ("是", "full"),
        (1, "full"),
        (np.True_, "full"),
        ("no", "refused"),
        (False, "refused"),
    ):
        found = simkit.decide(NINGBO, frame.assign(first_time=pd.Series([given], dtype=object)))
        assert found.to_frame()["outcome"].tolist() == [outcome]


def test_headings_and_names_that_are_unknown() -> None:
    lines = faults(claims_frame(clinet=[1], remarks=["x"]))
    assert "frame: ['clinet']" in lines[0] and "did you mean 'client'?" in lines[0]
    assert "found remarks" in lines[1] and "frame.drop(columns=['remarks'])" in lines[1]
    (line,) = faults(claims_frame(measure=["headhuntng"]))
    assert "loc[0, 'measure']" in line and "did you mean 'headhunting'?" in line
    (line,) = faults(claims_frame(client=["champions"]))
    assert "expected one of large_strong" in line and "did you mean 'champion'?" in line
    (line,) = faults(claims_frame(district=["海曙县"]))
    assert "loc[0, 'district']" in line and "海曙区" in line
    twice = claims_frame(金额=["80万元"])
    assert "frame: ['金额']: expected each column once" in faults(twice)[0]
    assert len(faults(claims_frame(measure=[None], agency=[None], filed=[None]))) == 3


def test_all_faults_in_one_pass_and_fifty_told() -> None:
    lines = faults(claims_frame(amount=[80] * 70))
    assert len(lines) == 51 and "20" in lines[-1]
    with pytest.raises(FaultsError) as raised:
        simkit.decide(NINGBO, claims_frame(amount=[80, "1人"], filed=["x", None], client=["x", 3]))
    assert len(raised.value.faults) == 6
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)
    assert all(said not in raised.value.said("zh") for said in ("expected", "found"))


def test_what_is_no_frame_or_policy() -> None:
    for wrong in ([{"measure": "students"}], None, "claims.csv"):
        with pytest.raises(InputError, match="expected a DataFrame"):
            simkit.decide(NINGBO, wrong)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="load_policy"):
        simkit.decide(3, claims_frame())  # type: ignore[arg-type]


def test_a_frame_without_rows() -> None:
    found = simkit.decide(NINGBO, claims_frame().iloc[:0])
    assert len(found.to_frame()) == 0
    assert "0" in repr(found)


def test_agencies_and_matters_are_told_apart() -> None:
    """One agency in two spellings has one cap; claims on one person are paid once, others are matters of their own."""
    spelled = claims_frame(
        agency=["甲（宁波）公司", "甲(宁波)公司", "乙公司"], matter=["张三", "李四", "Ａ1"]
    )
    assert awarded(spelled) == [40_000_000, 10_000_000, 40_000_000]
    same = claims_frame(amount=["10万元"] * 3, matter=["a1", "A1", "a-1"])
    assert awarded(same) == [5_000_000, 0, 5_000_000]
    assert awarded(same.drop(columns="matter")) == [5_000_000] * 3


def test_an_attribute_that_is_called_as_a_column_of_all_claims() -> None:
    """It is read under its year; one of the year before under that."""
    measure = {
        "award": {"kind": "fixed", "amount": "5万元"},
        "conditions": {
            "score": {"of": "score", "at_least": 60},
            "revenue": {"of": "revenue", "year": -1, "at_least": "1万元"},
        },
    }
    name = {"zh": "信用分", "en": "credit score"}
    attributes = {
        "score": {"of": "claim", "unit": "count", "name": name},
        "revenue": {"of": "agency", "unit": "yuan", "name": {"zh": "营业收入", "en": "revenue"}},
    }
    policy = face_of(policy_of({"m": measure}, attributes=attributes))
    frame = pd.DataFrame(
        {"measure": ["m"] * 3, "agency": ["a", "b", "c"], "filed": ["2023-05-01"] * 3, "score": [99, 99, 1.5]}
    )
    for score, revenue in (
        ("score@0", "revenue@-1"),
        ("信用分", "营业收入@-1"),
        ("Credit Score", "Revenue@-1"),
    ):
        whole = frame.assign(**{score: [60, 59, 60], revenue: ["1万元", "1万元", "0.99万元"]})
        assert simkit.decide(policy, whole).to_frame()["awarded"].tolist() == [5, 0, 0]


# What is shown.

HOSTILE = "<script>alert(1)</script>\u202e\x1b[31m" + "很长" * 80


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_are_small_and_safe(lang: str) -> None:
    rows = 200
    frame = claims_frame(agency=[f"{HOSTILE}{row}" for row in range(rows)], income_tax=["1元"] * rows)
    frame.index = pd.Index([f"<b>{row}\n" for row in range(rows)])
    found = simkit.decide(NINGBO, frame)
    with simkit.options(lang=lang):
        for one in (found, found.explain("<b>7\n")):
            text, page = repr(one), one._repr_html_()
            assert len(text.splitlines()) <= 15
            assert max(map(half_widths, text.splitlines())) <= 100
            assert len(page.encode()) <= 40_000
            assert "<script" not in page and "<b>" not in page
            assert "\u202e" not in page + text and "\x1b" not in page + text


def test_the_card_counts_and_tells_one_by_one() -> None:
    frame = claims_frame(income_tax=["15万元"] * 4 + ["1元"], agency=["甲", "乙", "乙", "乙", "丙"])
    found = simkit.decide(NINGBO, frame.set_index(pd.Index(list("abcde"))))
    with simkit.options(lang="zh", unit="万元"):
        lines = [" ".join(line.split()) for line in repr(found).splitlines()]
    assert lines[:4] == [
        "核定5件：全额2 减额1 不予2",
        "按标准计算160万元，核定90万元",
        "逐件理由（5件，万元）",
        "行 机构 事项 核定 理由",
    ]
    told = [
        "a 甲 猎头引才奖励 40",
        "b 乙 猎头引才奖励 40",
        "c 乙 猎头引才奖励 10 超累计上限减30万元",
        "d 乙 猎头引才奖励 0 超累计上限减40万元",
        "e 丙 猎头引才奖励 0 不符合条件：引进人才个人所得税年纳税额",
    ]
    assert len(lines) == 9 and all(map(str.startswith, lines[4:], told))
    with simkit.options(lang="en"):
        assert repr(found).splitlines()[0] == "5 claims: 2 in full, 1 less, 2 refused"


def test_an_explanation_tells_what_came_before() -> None:
    frame = claims_frame(
        agency=["甲", "甲", "甲"], matter=["一", "二", "二"], amount=["60万元", "30万元", "40万元"]
    )
    with simkit.options(lang="zh", unit="万元"):
        text = repr(simkit.decide(NINGBO, frame).explain(2))
    assert "第2行 甲 猎头引才奖励：核定5万元" in text
    assert "三.1：猎头机构为上述企业引进" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "符合条件 引进人才个人所得税年纳税额不低于10万元 实为15万元" in lines
    assert "标准 计算基数 × 50% 40万元 20" in lines
    # 30 and 15 were awarded before; the 15 on the same matter take no room twice.
    assert "累计上限 每家机构每年最高50万元 此前已用45万元 20 20" in lines
    assert "同一事项 同一人才的引进 此前已付15万元 20 5" in lines


def test_reasons_in_words() -> None:
    frame = claims_frame(
        measure=["headhunting", "platforms", "top10_list", "top10_list", "headhunting", "headhunting"],
        filed=["2027-01-01", "2024-03-01", "2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04"],
        amount=["1万元", None, None, None, "120万元", "1万元"],
        list=[None, None, "training", "training", None, None],
        first_time=[None, None, True, True, None, None],
    )
    with simkit.options(lang="zh"):
        notes = simkit.decide(NINGBO, frame).to_frame()["note"].tolist()
    assert notes == [
        "不在执行期：执行期2023-04-12至2026-04-11（达标日期2027-01-01）",
        "不在执行期：政策未定金额",
        "",
        "已享受：每个申领主体同一类别只享受一次（此前已核定10万元）",
        "超累计上限减10万元（每家机构每年最高50万元）",
        "超累计上限减5,000元（每家机构每年最高50万元）",
    ]


def test_explaining_a_row_that_there_is_not() -> None:
    found = simkit.decide(NINGBO, claims_frame(amount=["1万元"] * 2).set_index(pd.Index(["a", "a"])))
    with pytest.raises(InputError, match="reset_index"):
        found.explain("a")
    with pytest.raises(InputError, match="there is no row 'b'"):
        found.explain("b")


def test_equal_frames_are_decided_equal_and_pickle() -> None:
    one, two = (simkit.decide(NINGBO, claims_frame(amount=["1万元", "2万元"])) for _ in range(2))
    again = pickle.loads(pickle.dumps(one))
    assert one == two == again
    assert one.explain(1) == again.explain(1) != one.explain(0)
    assert one != simkit.decide(NINGBO, claims_frame(amount=["1万元", "3万元"]))
    assert not one.awards.award.flags.writeable


def test_the_frame_is_not_written_into_and_its_unit_is_told() -> None:
    frame = claims_frame()
    before = frame.copy()
    found = simkit.decide(NINGBO, frame).to_frame(lang="en", unit="元")
    pd.testing.assert_frame_equal(frame, before)
    assert found.attrs["unit"] == "元"
    assert found["name"].tolist() == ["Headhunting award"]
    with pytest.raises(InputError):
        simkit.decide(NINGBO, frame).to_frame(unit="dollars")


@pytest.mark.parametrize("room", [module, explanation])
def test_examples(room: Any) -> None:
    assert doctest.testmod(room).failed == 0
