"""The view with sliders: what a person moves is what is answered; what cannot be is said and changes nothing."""

from __future__ import annotations

import base64
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from simkit.base.money import format_wan
from simkit.base.words import catalogue
from simkit.documents.models import Text
from simkit.report.make.notebooks import read_notebook, run_notebook
from simkit.report.pages.live.view import LiveView, show_live
from simkit.report.pages.live.words import label_of, unit_of
from simkit.scenario import load_scenario
from simkit.whatif.live.figures import Slider
from simkit.whatif.live.live import Live

ROOT = Path(__file__).parents[3]
NINGBO = ROOT / "scenarios" / "ningbo-hr-2023"
CAP = "measures.headhunting.caps.yearly.amount"
RATE = "measures.headhunting.award.rate"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """Of a copy, beside which overlays may be written."""
    folder = tmp_path_factory.mktemp("city") / "ningbo"
    shutil.copytree(NINGBO, folder, ignore=shutil.ignore_patterns("overlays"))
    return Live(folder / "baseline.yaml", draws=300, seed=4)


@pytest.fixture
def view(live: Live) -> LiveView:
    return LiveView(live, "zh")


def shown(view: LiveView) -> str:
    return str(view._result.value)


def cells(view: LiveView) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", shown(view), re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def picture(view: LiveView) -> bytes:
    found = re.search(r'src="data:image/png;base64,([^"]+)"', shown(view))
    assert found is not None
    return base64.b64decode(found[1])


def widgets(root: Any) -> list[Any]:
    return [root, *(one for child in getattr(root, "children", ()) for one in widgets(child))]


def test_the_table_is_the_answer(view: LiveView) -> None:
    view.fields[CAP].bar.value = 40.0
    answer = view.live.answer({CAP: 40.0})
    table = cells(view)[1:]
    assert len(table) == len(answer.rows) == 7
    for cell, row in zip(table, answer.rows, strict=True):
        gap = row.gap.difference
        assert cell[1:5] == [
            format_wan(one) for one in (row.before, row.after, gap.value, gap.standard_error)
        ]
    assert cells(view)[0] == ["口径", "基准", "调整后", "差额", "标准误", "判断"]
    assert f"{answer.enough.after.value:.1%}" in shown(view)
    assert "未定价、未计入以上任何数字的条款：重点企业供需对接平台、" in shown(view)
    assert "猎头引才奖励：上限（每家机构每年）：50万元 → 40万元" in shown(view)


def test_slider_and_box_say_the_same(view: LiveView) -> None:
    field = view.fields[CAP]
    field.bar.value = 33.0
    assert field.box.value == 33.0 and view.answer.changes == {CAP: "33万元"}
    field.box.value = 41.5
    assert field.bar.value == 41.5 and view.answer.changes == {CAP: "41.5万元"}


def test_a_typed_value_may_lie_beyond_the_slider(view: LiveView) -> None:
    field = view.fields[CAP]
    field.box.value = 500.0
    assert field.bar.value == field.slider.high == 100.0
    assert view.answer.changes == {CAP: "500万元"} and view._message.value == ""
    field.bar.value = 99.0
    assert field.box.value == 99.0


def test_each_move_is_answered_once(view: LiveView, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    answer = view.live.answer
    monkeypatch.setattr(view.live, "answer", lambda *words: (asked.append(words), answer(*words))[1])
    view.fields[CAP].bar.value = 30.0
    view.fields[RATE].box.value = 250.0
    assert len(asked) == 2
    view.reset()
    assert len(asked) == 3 and view.answer.changes == {}
    assert [field.value for field in view.fields.values()] == [one.value for one in view.live.sliders]


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (RATE, -5.0, "猎头引才奖励：奖补比例：应为0.01% 至 1000% 之间的占基数的比例，实为'-5%'"),
        (CAP, 0.0, "上限（每家机构每年）：应为"),
        ("measures.supplied_employees.conditions.months_in_post.at_least", 6.5, "在甬就业月数不低于：应为"),
    ],
)
def test_what_cannot_be_is_said_and_the_last_answer_stays(
    view: LiveView, path: str, value: float, words: str
) -> None:
    view.fields[CAP].box.value = 40.0
    before = shown(view)
    view.fields[path].box.value = value
    message = view._message.value.replace("&#x27;", "'")
    assert words in message and "仍为上一次有效的结果" in message and "Traceback" not in message
    assert shown(view) == before
    view.fields[path].box.value = view.fields[path].slider.value
    assert view._message.value == ""


def test_the_budget_line(view: LiveView) -> None:
    assert view.budget.value * 1_000_000 == view.live.budget
    view.budget.box.value = 2_000.25
    assert view.answer.budget == 200_025 * 10_000 and view.answer.changes == {}
    assert "2,000.25万元够用的概率" in shown(view)
    view.budget.box.value = -1.0
    assert "预算额度：应为" in view._message.value and view.answer.budget == 200_025 * 10_000


def test_the_figure_follows_and_comes_back(view: LiveView) -> None:
    first = picture(view)
    assert first.startswith(b"\x89PNG")
    view.fields[RATE].bar.value = 25.0
    assert picture(view) != first
    view.reset()
    view.budget.box.value = 6_000.0  # moves the axis
    wide = picture(view)
    view.reset()
    assert wide not in (first, picture(view))


def test_every_slider_stands_in_one_group_and_the_first_is_open(view: LiveView) -> None:
    accordion = next(one for one in widgets(view.widget) if type(one).__name__ == "Accordion")
    assert accordion.selected_index == 0
    assert accordion.titles[0] == "主要参数：猎头引才奖励、新输送员工补贴、大学生技能人才培养输送补贴"
    placed = [one for group in accordion.children for one in widgets(group)]
    for field in view.fields.values():
        assert placed.count(field.widget) == 1
        assert field.box.description and field.bar.continuous_update is False
    assert any(title.startswith("三.2 全面升级高端人力资源服务产业链（") for title in accordion.titles)


def test_english_is_english(live: Live) -> None:
    view = LiveView(live, "en")
    view.fields[CAP].bar.value = 40.0
    text = re.sub(r"base64,[^\"]+", "", shown(view))
    # The policy's own unit stays beside the value as an overlay would hold it.
    assert set(re.findall(r"[\u4e00-\u9fff]+", text)) <= {"万元"}
    assert cells(view)[0][1:5] == ["Baseline", "Changed", "Difference", "Std error"]
    view.fields[RATE].box.value = -5.0
    assert (
        "Headhunting award: Share that is paid: expected a rate of the base from 0.01% to 1000%"
        in view._message.value
    )


def test_few_draws_give_no_need_but_all_else(live: Live) -> None:
    few = LiveView(Live(live.file, draws=20, seed=4), "zh")
    assert few.answer.need is None and "模拟次数不足，未给出" in shown(few)


def fill(view: LiveView, **words: str) -> Any:
    panel = view.export
    for name, text in {
        "name": "cap_40",
        "title": "上限40",
        "author": "甲",
        "reason": "压减",
        **words,
    }.items():
        getattr(panel, name).value = text
    panel.export()
    return panel


def test_the_state_is_exported_as_an_overlay(view: LiveView, live: Live) -> None:
    view.fields[CAP].bar.value = 40.0
    said = fill(view).said.value
    path = live.file.parent / "overlays" / "cap_40.yaml"
    assert "已写入" in said and "40万元" in said
    laid = load_scenario(live.file, [path])
    assert laid.policy.measures["headhunting"].caps["yearly"].amount == 40 * 1_000_000
    assert [one.path for one in laid.changes] == [CAP]
    written = path.read_bytes()
    view.fields[CAP].bar.value = 30.0
    assert "已存在，请换一个文件名" in fill(view).said.value and path.read_bytes() == written


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"name": "Cap 40"}, "文件名应由"),
        ({"name": "../cap"}, "文件名应由"),
        ({"reason": " "}, "请填写"),
        ({"author": ""}, "请填写"),
    ],
)
def test_an_export_without_what_it_needs_is_refused(
    view: LiveView, live: Live, words: dict[str, str], said: str
) -> None:
    assert "没有改动" in fill(view, name="nothing").said.value
    view.fields[CAP].bar.value = 40.0
    assert said in fill(view, **({"name": "refused"} | words)).said.value
    assert not list(live.file.parent.parent.rglob("refused.yaml"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", re.findall(r"live\.label\.([\w.]+)", "\n".join(catalogue("zh"))))
def test_every_kind_of_figure_has_a_label(lang: Any, kind: str) -> None:
    scope = "agency.term" if kind.startswith("cap") else kind.partition(".")[2]
    slider = Slider(
        path="x",
        measure="m",
        clause="",
        kind=kind.partition(".")[0],
        scope=scope,
        of=Text(zh="出口额", en="export"),
        unit="万元",
        value=1,
        low=0,
        high=2,
        step=1,
    )
    label = label_of(slider, lang)
    assert label and "{" not in label and unit_of(slider, lang)
    assert bool(re.search("[\u4e00-\u9fff]", label)) == (lang == "zh")


def test_a_language_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(Exception, match="expected zh or en, found 'fr'"):
        show_live(NINGBO / "baseline.yaml", draws=10, seed=1, lang="fr")


def test_the_notebook_runs_without_a_browser(tmp_path: Path) -> None:
    parameters = {"scenario": str(NINGBO / "baseline.yaml"), "draws": 100, "lang": "en"}
    out = run_notebook(ROOT / "notebooks" / "sliders.ipynb", tmp_path / "live.ipynb", parameters)
    node = read_notebook(out)
    state = str(node.metadata.widgets)
    assert "What if, at once" in state and "Special fund, all years" in state
    assert "application/vnd.jupyter.widget-view+json" in node.cells[-1].outputs[0]["data"]
