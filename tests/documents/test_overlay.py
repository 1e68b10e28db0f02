"""An overlay is checked as a whole, laid on a copy, and says what it changed and where it stands."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from simkit.documents.overlay import Change, lay, split_path, value_text
from simkit.documents.tree import Tree
from simkit.policy.load import check_policy
from tests.policy.small import read_yaml, write_policy

RATE = "measures.headhunting.award.rate"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """The small policy as a tree."""
    return read_yaml(write_policy(tmp_path))


def test_it_changes_a_copy_and_names_its_changes(tree: Tree) -> None:
    before = copy.deepcopy(tree.data)
    changes = {RATE: "40%", "measures.size.award.tiers.0.amount": "20万元", "districts": ["海曙"]}
    laid, done, faults = lay(tree, changes)
    assert not faults and tree.data == before
    assert done[0] == Change(RATE, "50%", "40%")
    assert laid.get(("measures", "size", "award", "tiers", 0, "amount")) == "20万元"
    assert (
        laid.get(("measures", "size", "award", "tiers", 1)) == before["measures"]["size"]["award"]["tiers"][1]
    )
    assert laid.data["districts"] == ["海曙"]
    policy, faults, *_ = check_policy(laid)
    assert policy is not None and not faults


def test_nothing_is_changed_when_one_path_is_wrong(tree: Tree) -> None:
    laid, done, faults = lay(tree, {RATE: "40%", "measures.headhuntin.award.rate": "30%"})
    assert laid is tree and done == []
    assert [(fault.path, str(fault.expected)) for fault in faults] == [
        ("measures.headhuntin.award.rate", "a path that exists")
    ]
    assert RATE in str(faults[0].hint)


def test_all_wrong_paths_are_named(tree: Tree) -> None:
    wrong = ["measure.size.status", "districts.7", "districts.x", "id.x", "a.b", ""]
    faults = lay(tree, dict.fromkeys(wrong, 1), "overlays/raise.yaml")[2]
    assert [fault.path for fault in faults] == [*wrong[:-1]]
    assert {fault.file for fault in faults} == {"overlays/raise.yaml"}


def test_the_last_key_may_be_new_and_so_may_an_item(tree: Tree) -> None:
    changes = {
        "measures.size.caps": {},
        "measures.headhunting.caps.ever": {"per": "agency", "within": "ever", "amount": "99万元"},
        "districts.2": "北仑",
    }
    laid, done, faults = lay(tree, changes)
    assert not faults and laid.data["districts"] == ["海曙", "鄞州", "北仑"]
    assert [change.before for change in done] == [None, None, None]
    assert check_policy(laid).faults == []


def test_none_takes_a_key_away(tree: Tree) -> None:
    laid, done, faults = lay(tree, {"measures.headhunting.caps.yearly": None, "measures.size.payers": None})
    assert not faults and "yearly" not in laid.data["measures"]["headhunting"]["caps"]
    assert done[0].after is None and not done[0].same
    assert [fault.path for fault in lay(tree, {"goals.none": None, "districts.0": None})[2]] == [
        "goals.none",
        "districts.0",
    ]


def test_one_path_inside_another_is_refused(tree: Tree) -> None:
    faults = lay(tree, {"measures.size.award": {}, "measures.size.award.on": "base"})[2]
    assert [fault.path for fault in faults] == ["measures.size.award.on"]


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [("50%", "50%", True), ([1], [1], True), (1, True, False), (None, 0, False), ("50%", "51%", False)],
)
def test_a_change_may_change_nothing(before: Any, after: Any, same: bool) -> None:
    assert Change("a", before, after).same is same


def test_what_is_laid_on_keeps_its_own_place(tree: Tree, tmp_path: Path) -> None:
    path = tmp_path / "raise.yaml"
    path.write_text(
        f"baseline: x\nchanges:\n  {RATE}: 5元\n  measures.size.award:\n    kind: fixd\n", "utf-8"
    )
    overlay = read_yaml(path).under(("changes",))
    laid, _, faults = lay(tree, overlay)
    assert not faults
    policy, faults, *_ = check_policy(laid)
    assert policy is None
    assert [(fault.file, fault.line, fault.path) for fault in faults] == [
        (str(path), 3, RATE),
        (str(path), 5, "measures.size.award.kind"),
    ]


def test_faults_of_a_file_name_its_lines(tree: Tree, tmp_path: Path) -> None:
    path = tmp_path / "raise.yaml"
    path.write_text("changes:\n  a.b: 1\n  c.d: 1\n", "utf-8")
    faults = lay(tree, read_yaml(path).under(("changes",)))[2]
    assert [(fault.file, fault.line) for fault in faults] == [(str(path), 2), (str(path), 3)]
    path.write_text("changes: 5\n", "utf-8")
    assert [fault.line for fault in lay(tree, read_yaml(path).under(("changes",)))[2]] == [1]


def test_only_numbers_of_lists_are_numbers() -> None:
    data = {"a": [{"b": 1}], "2024": {"0": 1}}
    assert split_path(data, "a.0.b") == ("a", 0, "b")
    assert split_path(data, "2024.0") == ("2024", "0")
    assert split_path(data, "a.x.0") == ("a", "x", "0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (True, "true"),
        (2500, "2500"),
        ("50万元", "50万元"),
        ([2023, 2026], "2023, 2026"),
        ([], "—"),
        ({}, "—"),
        ({"per": "agency", "amount": "50万元"}, "per: agency; amount: 50万元"),
        ([{"share": "50%"}, {"share": "50%", "years": [1, 2]}], "(share: 50%), (share: 50%; years: (1, 2))"),
        ({"on": None, "top_up": False}, "on: —; top_up: false"),
    ],
)
def test_a_value_is_written_in_words(value: Any, text: str) -> None:
    assert value_text(value) == text
