"""The template that a bureau adapts: its words replace the catalogue's, its faults are named all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from simkit.base.errors import FaultsError
from simkit.report.annexes.all import ANNEXES, template_of
from simkit.report.annexes.template import TEMPLATE, read_template
from simkit.report.papers.table import Blank

KNOWN = tuple(ANNEXES)


def test_our_own_has_every_annex_once_and_invents_no_code() -> None:
    template = template_of()
    assert sorted(template.order) == sorted(ANNEXES)
    assert not any(template.codes.model_dump().values())
    assert isinstance(template.offices.declaring.fill("zh", "填报单位"), Blank)


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = TEMPLATE.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path = tmp_path / "bureau.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_bureau_orders_and_names_as_it_likes(tmp_path: Path) -> None:
    order = TEMPLATE.read_text(encoding="utf-8").split("order: ")[1].split("\n")[0]
    path = written(
        tmp_path,
        (f"order: {order}", "order: [payers, budget]"),
        ("zh: 部门和区县分担表", "zh: '分担表（{year}）'"),
        ("words: {zh: {}, en: {}}", "words: {zh: {annex.row.reserve: 不可预见}, en: {}}"),
    )
    template = read_template(path, KNOWN)
    assert template.order == ("payers", "budget")
    assert template.fill("zh", template.headings["payers"], year=2024) == "分担表（2024）"
    assert template.say("zh", "annex.row.reserve") == "不可预见"
    assert template.say("en", "annex.row.reserve") != "不可预见"


def test_all_faults_at_once(tmp_path: Path) -> None:
    order = TEMPLATE.read_text(encoding="utf-8").split("order: ")[1].split("\n")[0]
    path = written(
        tmp_path,
        (f"order: {order}", "order: [budget, budget, payrs]"),
        ("'{fund}{year}年度预算附件'", "'{found}年度预算附件'"),
        ("words: {zh: {}, en: {}}", "words: {zh: {annex.row.reserv: 某}, en: {}}"),
    )
    with pytest.raises(FaultsError) as caught:
        read_template(path, KNOWN)
    found = str(caught.value)
    for place in ("order.1", "order.2", "cover.title", "words.zh.annex.row.reserv"):
        assert place in found


def test_an_unknown_key_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path, ("label:", "lable:"))
    with pytest.raises(FaultsError, match="lable"):
        read_template(path, KNOWN)
