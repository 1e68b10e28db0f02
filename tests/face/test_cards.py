"""Cards: small on a screen and on a terminal, whatever an object is called, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

import simkit
from simkit.base.words import LANGUAGES
from simkit.face.card import Card, Fold, Shown
from simkit.report.papers.glyphs import half_widths
from tests.small_scenarios import claim, fixed, measure, write_scenario

#: What would run, and is long beyond any column; a file is refused that holds what turns a line or hides.
HOSTILE = "<script>alert(1)</script>\"'&{x}" + "长" * 200
TYPED = "\u202e\u200b" + HOSTILE
CAP = "measures.gift.caps.yearly.amount"


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Shown]:
    """One of each kind that a cell can show, all of whose names are hostile; and the shipped policy's."""
    folder = tmp_path_factory.mktemp("hostile")
    bad = {"zh": HOSTILE, "en": HOSTILE}
    gift = measure(
        fixed("1万元"),
        name=bad,
        clause=HOSTILE,
        caps={"yearly": {"per": "agency", "within": "year", "amount": "3万元"}},
    )
    file = write_scenario(
        folder,
        {f"gift{number or ''}": gift for number in range(60)},
        {"gift": claim({"dist": "uniform", "low": 1, "high": 4})},
        start={"dist": "uniform", "low": 20, "high": 40},
        title=bad,
        policy={"funds": {"hr": {"name": bad, "department": HOSTILE, "level": "city", "special": True}}},
    )
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    data["sources"]["made_up"]["source"] = bad
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    scenario = simkit.load_scenario(file)
    result = simkit.run(scenario, draws=200)
    found: dict[str, Shown] = {
        "policy": simkit.load_policy(folder),
        "scenario": scenario,
        "changed": scenario.change({CAP: "2万元"}, reason=TYPED, source=TYPED),
        "result": result,
        "estimate": result.headline(),
        "refused": simkit.run(scenario, draws=2).headline(),
        "compare": simkit.compare(scenario, {f"{TYPED}{at}": {CAP: f"{at}万元"} for at in (1, 2)}, draws=200),
        "sweep": simkit.sweep(scenario, CAP, "1万元..4万元:30", draws=100),
        "seek": simkit.seek(scenario, CAP, budget="60万元", draws=200),
        "provisions": simkit.provisions(scenario, draws=100),
        "drivers": simkit.drivers(scenario, draws=200),
        "shipped policy": simkit.load_policy("ningbo-hr-2023"),
        "shipped scenario": simkit.load_scenario("ningbo-hr-2023/baseline"),
    }
    return found


NAMES = (
    "policy", "scenario", "changed", "result", "estimate", "refused", "compare", "sweep", "seek", "provisions",
    "drivers", "shipped policy", "shipped scenario",
)  # fmt: skip


class Checked(HTMLParser):
    """Tags and texts of a page; a tag that is not closed in its turn raises."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.names, self.texts = list[str](), set[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {tag, *(name for name, _ in attrs)}

    def handle_endtag(self, tag: str) -> None:
        assert self.tags.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_card_keeps_within_its_limits(objects: dict[str, Shown], name: str, lang: str) -> None:
    with simkit.options(lang=lang):
        text, page = repr(objects[name]), objects[name]._repr_html_()
    lines = text.splitlines()
    assert 1 <= len(lines) <= 15 and all(half_widths(line) <= 100 for line in lines), text
    assert "\u202e" not in text and "\u200b" not in text
    assert len(page.encode()) <= 40_000
    parsed = Checked()
    parsed.feed(page)
    assert not parsed.tags and parsed.names <= {
        "div", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "style", "open",
    }  # fmt: skip
    assert "\u202e" not in page and "<script" not in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_a_card_come_from_the_catalogues(objects: dict[str, Shown], lang: str) -> None:
    """The English card of English data has no Chinese word but what the policy calls things."""
    with simkit.options(lang=lang):
        pages = {name: objects[name]._repr_html_() for name in NAMES if name.startswith("shipped")}
    heads = re.findall(r"<(?:th|summary)(?: [^>]*)?>([^<]*)<", "".join(pages.values()))
    chinese = [one for one in heads if re.search("[\u4e00-\u9fff]", one)]
    assert heads and len(chinese) == (len(heads) if lang == "zh" else 0), heads


def folds(count: int, rows: int) -> tuple[Fold, ...]:
    return tuple(
        Fold(f"t{at}", ("a", "b"), tuple((f"{row}<b>", "x" * 300) for row in range(rows)))
        for at in range(count)
    )


def test_a_card_of_too_much_is_cut_and_says_so() -> None:
    card = Card("title", ("line",) * 3, folds(6, 5_000))
    page = card.html("en")
    assert len(page.encode()) <= 40_000 and page.count("<details open>") == 1
    assert re.search(r"t0 \(first; 4992 more", page) and "<b>" not in page
    assert len(card.text("en").splitlines()) <= 15


def test_a_fold_of_nothing_is_left_out() -> None:
    assert "details" not in Card("title", (), (Fold("none", ("a",), ()),)).html("en")
    assert Card("title", (), (Fold("none", ("a",), ()),)).text("en") == "title"


def test_an_estimate_says_why_it_is_refused(objects: dict[str, Shown]) -> None:
    with simkit.options(lang="en"):
        assert "run at least" in repr(objects["refused"])


@pytest.fixture
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    return tmp_path  # type: ignore[return-value]  # what a fixture gives


def test_a_file_of_ones_own_is_found_before_one_that_is_shipped(working_folder: Path) -> None:
    own = working_folder / "scenarios" / "mine"
    file = write_scenario(own, {"gift": measure(fixed("1万元"))}, {"gift": claim(1)}, start=10)
    assert file.name == "scenario.yaml"
    assert simkit.load_scenario("mine/scenario").data.plan.id == "small"
    assert simkit.load_policy("mine").data.id == "small"
    assert simkit.load_policy("ningbo-hr-2023").data.id == "ningbo-hr-2023"
