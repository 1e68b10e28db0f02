"""`simkit verify-run`: every fault of a folder named in both languages, and no traceback for torn files."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import simkit
from simkit.base.written import file_digest
from simkit.cli import main
from simkit.runs.manifest import signed
from simkit.runs.store import run_saved
from simkit.scenario import load_scenario
from simkit.scenario.saved import data_digest
from tests.report.batch_inputs import SHOW, build_report, overlay, scenarios, small_making

TOY = Path(simkit.__file__).parent / "cli" / "toy"
LANGUAGES = ("zh", "en")
FILES = ("outlays.parquet", "draws.npz", "policy.json", "scenario.json")
OUTPUTS = (
    *(f"budget_report.zh.{kind}" for kind in ("html", "ipynb")),
    *(f"annexes.zh.{kind}" for kind in ("html", "docx", "xlsx", "pdf")),
    "tables.xlsx",
)
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, notebooks_here: None) -> Path:
    """Reports of a small scenario with an overlay, with a small notebook."""
    place = tmp_path_factory.mktemp("made")
    folder = scenarios(place / "in", "one")
    file = overlay(folder, "more", "one")
    making = small_making(place, SHOW)
    build_report(
        folder / "one.yaml",
        overlays=[file],
        draws=40,
        seed=1,
        jobs=1,
        out=place / "out",
        langs=("zh",),
        making=making,
    )
    return place / "out"


@pytest.fixture
def out(original: Path, tmp_path: Path) -> Path:
    """A copy of all results, in another place."""
    return Path(shutil.copytree(original, tmp_path / "out"))


@pytest.fixture
def folder(out: Path) -> Path:
    (found,) = (out / "one+more").iterdir()
    return found


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Call:
    """Call it; exit code, what it printed, what it complained of; never a traceback."""

    def call(*words: object, lang: str = "en") -> tuple[int, str, str]:
        code = main(["verify-run", *map(str, words), "--lang", lang])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return code, printed.out, printed.err

    return call


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_saved_is_found_as_it_was(folder: Path, verify: Call, lang: str) -> None:
    """Also in another place: nothing in a folder says where it stood."""
    code, out, _ = verify(folder, lang=lang)
    assert code == 0
    assert {"zh": "全部与保存时一致", "en": "All is as it was saved"}[lang] in out
    assert "one+more" in out and "40" in out
    code, out, _ = verify(folder, "--rerun", "--jobs", 1, lang=lang)
    assert code == 0 and {"zh": "全部数字逐位相同", "en": "every figure is the same"}[lang] in out


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [*FILES, *OUTPUTS])
def test_a_changed_or_missing_file_is_named(folder: Path, verify: Call, name: str, lang: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    code, out, _ = verify(folder, lang=lang)
    assert code == 1 and f"{name}{'：保存后有改动' if lang == 'zh' else ': changed'}" in out
    (folder / name).unlink()
    code, out, _ = verify(folder, "--rerun", lang=lang)
    assert code == 1 and f"{name}{'：缺失' if lang == 'zh' else ': missing'}" in out
    if name in FILES:
        assert {"zh": "未重新模拟", "en": "Not run again"}[lang] in out


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "a folder"])
def test_what_nobody_wrote_is_named(folder: Path, verify: Call, name: str) -> None:
    (folder / name).mkdir() if name == "a folder" else (folder / name).write_text("x")
    code, out, _ = verify(folder)
    assert code == 1 and f"{name}: unexpected" in out and "1 differences" in out


@pytest.mark.parametrize("name", [*FILES, *OUTPUTS, "manifest.json", "report.json"])
def test_torn_files_are_named(folder: Path, verify: Call, name: str) -> None:
    """Cut in the middle, empty, not UTF-8, nested too deep, a folder in its place; the languages by turns."""
    whole = (folder / name).read_bytes()
    contents = (whole[: len(whole) // 2], b"", b"\xff\xfe{", b"[" * 100_000)
    for content, lang in zip(contents, LANGUAGES * 2, strict=True):
        (folder / name).write_bytes(content)
        for words in ((), ("--rerun",)):
            code, out, _ = verify(folder, *words, lang=lang)
            assert code == 1 and name in out
    (folder / name).unlink()
    (folder / name).mkdir()
    code, out, _ = verify(folder, "--rerun")
    assert code == 1 and name in out


def test_a_run_that_a_report_was_told_from_is_looked_at_too(folder: Path, out: Path, verify: Call) -> None:
    (base,) = (out / "one").iterdir()
    (chance,) = (out / "one+more.chance").iterdir()
    (base / "manifest.json").write_text((base / "manifest.json").read_text("utf-8") + " ", "utf-8")
    shutil.rmtree(chance)
    code, printed, _ = verify(folder)
    assert code == 1
    assert f"../../one/{base.name}/manifest.json: changed" in printed
    assert f"../../one+more.chance/{chance.name}/manifest.json: missing" in printed


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "what"), [("policy.json", "policy"), ("scenario.json", "scenario")])
def test_content_with_a_right_file_digest_but_not_the_scenarios_is_found(
    folder: Path, verify: Call, name: str, what: str, lang: str
) -> None:
    """Somebody changed a figure and mended the file's digest in the manifest."""
    data = json.loads((folder / name).read_text("utf-8"))
    data["id"] = "another"
    (folder / name).write_text(json.dumps(data), "utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"][name] = file_digest(folder / name)
    (folder / "manifest.json").write_text(json.dumps(signed(manifest)), "utf-8")
    (folder / "report.json").unlink()
    for output in OUTPUTS:
        (folder / output).unlink()
    code, out, _ = verify(folder, lang=lang)
    assert code == 1
    assert f"{name}{'：内容的摘要' if lang == 'zh' else ': its content gives another'}" in out
    assert data_digest(data)[:12] in out and what in out


def test_the_digest_of_the_policys_text_is_held_against_the_manifest(folder: Path, verify: Call) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["digests"]["text"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    code, out, _ = verify(folder)
    assert code == 1 and "policy.json: its content" in out and "text" in out
    assert "manifest.json: changed" in out  # the report's record knows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_no_run_is_refused(tmp_path: Path, verify: Call, lang: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text('{"name": "another program"}')
    for place in ("none", "file", ".", "other"):
        code, out, err = verify(tmp_path / place, lang=lang)
        assert (code, out) == (2, "") and str(tmp_path) in err, place


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("key", "value"),
    [("seed", 2), ("draws", 10), ("scenario", "mine"), ("parameters", "latin"), ("levers", [])],
)
def test_an_edited_manifest_is_named(folder: Path, verify: Call, key: str, value: object, lang: str) -> None:
    """Whatever was edited, also where no report's record knows of it; it is not run again."""
    (folder / "report.json").unlink()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {key: value}), "utf-8")
    code, out, _ = verify(folder, "--rerun", lang=lang)
    assert code == 1 and {"zh": "manifest.json：保存后有改动", "en": "manifest.json: changed"}[lang] in out
    assert {"zh": "未重新模拟", "en": "Not run again"}[lang] in out


@pytest.mark.parametrize(("key", "value"), [("seed", 2), ("draws", 10)])
def test_a_manifest_that_does_not_fit_the_arrays_is_named(
    folder: Path, verify: Call, key: str, value: int
) -> None:
    """Its own digest was mended, too."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(signed(manifest | {key: value})), "utf-8")
    code, out, _ = verify(folder)
    assert code == 1 and re.search(rf"manifest.json: its content .*{key} {value} ≠ \d+ .draws.npz", out)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_figure_that_differs_is_named(folder: Path, verify: Call, lang: str) -> None:
    """Manifest and arrays say another seed than the figures are of, with all digests mended."""
    with np.load(folder / "draws.npz") as arrays:
        parts = {name: arrays[name] for name in arrays.files}
    np.savez(folder / "draws.npz", **(parts | {"drawn": np.array([2, 40])}))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["files"]["draws.npz"] = file_digest(folder / "draws.npz")
    (folder / "manifest.json").write_text(json.dumps(signed(manifest | {"seed": 2})), "utf-8")
    (folder / "report.json").unlink()
    code, out, _ = verify(folder, "--rerun", lang=lang)
    assert code == 1 and "outlays, row" in out and "fen" in out
    assert {"zh": "数字不同", "en": "the figures differ"}[lang] in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_other_code_is_told(folder: Path, verify: Call, lang: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["versions"]["numpy"] = "0.1"
    del manifest["code"]["sources"]  # as older versions wrote it
    (folder / "manifest.json").write_text(json.dumps(signed(manifest)), "utf-8")
    (folder / "report.json").unlink()
    for output in OUTPUTS:
        (folder / output).unlink()
    code, out, _ = verify(folder, lang=lang)
    assert code == 0 and "numpy" in out and "0.1" in out and "sources" in out
    assert {"zh": "所用程序与本机不同", "en": "saved by other code"}[lang] in out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_of_agencies_that_is_gone_is_told(tmp_path: Path, verify: Call, lang: str) -> None:
    """A run's folder holds the digest of the list only."""
    folder = Path(shutil.copytree(TOY, tmp_path / "in"))
    text = (folder / "scenario.yaml").read_text("utf-8")
    text = text.replace("population:", "population:\n  roster: list.csv", 1)
    (folder / "scenario.yaml").write_text(text, "utf-8")
    rows = "".join(f"机构{number},all\n" for number in range(10))
    (folder / "list.csv").write_text(f"机构名称,主营业态\n{rows}", "utf-8")
    _, run = run_saved(load_scenario(folder / "scenario.yaml"), tmp_path / "out", draws=30, seed=1, jobs=1)
    assert verify(run, "--rerun", "--jobs", 1, lang=lang)[0] == 0
    content = (folder / "list.csv").read_bytes()
    (folder / "list.csv").write_bytes(content + b" ")
    code, out, _ = verify(run, "--rerun", lang=lang)
    assert (
        code == 1 and "list.csv" in out and {"zh": "不是同一份", "en": "another one than then"}[lang] in out
    )
    (folder / "list.csv").unlink()
    code, out, _ = verify(run, "--rerun", lang=lang)
    assert code == 1 and "list.csv" in out and {"zh": "缺失", "en": "missing"}[lang] in out
    assert verify(run, lang=lang)[0] == 0
