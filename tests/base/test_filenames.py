"""Names that every system takes: simkit makes legal ones, and refuses a person's that is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from simkit.base.errors import FaultsError
from simkit.base.filenames import LONGEST, is_device, legal
from simkit.cli import main
from simkit.report.make.batch import wanted_reports
from simkit.runs.store import run_name
from simkit.scenario import load_scenario, read_overlay, variants
from simkit.scenario.overlay_text import is_name
from tests.report.batch_inputs import overlay, scenarios

#: What Windows says of a name, written from its documentation and not from the code.
WINDOWS = re.compile(r'[^<>:"/\\|?*\x00-\x1f]*[^<>:"/\\|?*\x00-\x1f. ]')
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def is_legal(name: str) -> bool:
    return bool(WINDOWS.fullmatch(name)) and name.split(".")[0].rstrip().lower() not in DEVICES


@given(st.text(max_size=300))
def test_every_name_becomes_legal_and_stays_so(name: str) -> None:
    found = legal(name)
    assert is_legal(found) and len(found) <= LONGEST
    assert legal(found) == found
    if is_legal(name) and len(name) <= LONGEST and "\x7f" not in name:
        assert found == name


@pytest.mark.parametrize("name", ["con", "NUL", "aux.txt", "com1", "lpt9.x.y", "prn ", "nul .x", "Con"])
def test_names_of_devices(name: str) -> None:
    assert is_device(name) and is_legal(legal(name))


def test_names_that_only_look_so() -> None:
    assert not any(map(is_device, ("console", "null", "com", "con+x", "x.con", "com10")))


def test_long_names_that_differ_stay_different() -> None:
    """Those of many overlays laid on one baseline differ at their ends only."""
    stem = "baseline+" + "+".join(f"overlay_{number}" for number in range(20))
    names = {legal(f"{stem}+{end}") for end in ("a", "b", "c")}
    assert len(names) == 3 and all(len(name) <= LONGEST for name in names)
    assert is_legal(run_name("a", "b", 10_000_000, 2**63 - 1, "latin"))


# ---------------------------------------------------------------------- what a person gives


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("con", "不是 Windows 保留给设备的名称", "a name that Windows does not keep for a device"),
        ("nul", "不是 Windows 保留给设备的名称", "a name that Windows does not keep for a device"),
        ("a" * 300, "不超过 60 个字符的名称", "a name of at most 60 letters"),
    ],
)
def test_such_an_id_is_refused_when_its_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, zh: str, en: str
) -> None:
    """Of a scenario, a policy and an overlay; by every command, before anything is written."""
    folder = scenarios(tmp_path / "in", "one")
    file = folder / "one.yaml"
    laid = overlay(folder, "more", "one")
    sound = {path: path.read_text("utf-8") for path in (file, folder / "policy.yaml", laid)}
    for path, key in ((file, "id"), (folder / "policy.yaml", "id"), (laid, "name")):
        data = yaml.safe_load(sound[path]) | {key: name}
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
        for words in (
            ("check", path),
            ("run", file, "--overlay", laid, "--draws", 20, "--out", tmp_path / "out"),
        ):
            for lang, said in (("zh", zh), ("en", en)):
                assert main([*map(str, words), "--lang", lang]) == 2, words
                printed = capsys.readouterr()
                assert f"{path}:" in printed.out + printed.err and said in printed.out + printed.err
        path.write_text(sound[path], "utf-8")
    assert not (tmp_path / "out").exists()
    assert not is_name(name)


def test_variants_never_share_a_folder(tmp_path: Path) -> None:
    """Values that differ only in what no name can hold, or in case, which Windows does not tell apart."""
    path = overlay(tmp_path, "texts", "one", changes={}, sweep={"title.en": ["a:b", "a|b", "A_b", "x" * 200]})
    names = [one.name for one in variants(*read_overlay(path))]
    assert len({name.casefold() for name in names}) == 4 and all(map(is_legal, names))
    assert all(len(name) <= LONGEST + 10 for name in names)


def test_many_overlays_are_one_short_folder(tmp_path: Path) -> None:
    folder = scenarios(tmp_path, "one")
    files = [
        overlay(folder, f"a_rather_long_name_of_an_overlay_{number}", "one", changes=change)
        for number, change in enumerate(_CHANGES)
    ]
    scenario = load_scenario(folder / "one.yaml", files)
    assert len(scenario.name) > 150 and len(scenario.folder) <= LONGEST and is_legal(scenario.folder)
    (wanted,) = wanted_reports(folder / "one.yaml", list(map(str, files)))
    assert wanted.name == scenario.name and wanted.error is None


_CHANGES: list[dict[str, object]] = [
    {"measures.one.caps.most.amount": "15000元"},
    {"measures.one.award.amount": "9000元"},
    {"confidence": "80%"},
    {"claims.one.intensity.value": 0.6},
    {"claims.one.take_up.value": 0.5},
]


def test_a_name_that_is_read_may_be_as_long_as_it_says(tmp_path: Path) -> None:
    folder = scenarios(tmp_path, "a" * 60)
    assert load_scenario(folder / f"{'a' * 60}.yaml").folder == "a" * 60
    data = yaml.safe_load((folder / f"{'a' * 60}.yaml").read_text("utf-8")) | {"id": "a" * 61}
    (folder / "more.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    with pytest.raises(FaultsError, match="id: expected a name of at most 60 letters"):
        load_scenario(folder / "more.yaml")
