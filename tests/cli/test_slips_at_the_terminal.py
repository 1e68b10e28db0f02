"""Slips of a hurried hand: each is told once, in the reader's language, with the way out."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from simkit.cli import doctor, main

TOY = Path(doctor.__file__).parent / "toy"
CAP = "measures.fee.caps.yearly.amount"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(TOY, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--lang", "zh"]) == 2
    return "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "words"),
    [
        ("policy.yaml", "rate: 50%", "rate: 50％", "policy.yaml:25", "请写 50%"),
        (
            "scenario.yaml",
            "budget_year: 2024",
            "budget_yaer: 2024",
            "scenario.yaml:6",
            "是否想写 'budget_year'",
        ),
        ("scenario.yaml", "value: 100,", "value: ~,", "scenario.yaml:17", "实为空缺"),
    ],
)
def test_one_slip_of_a_file_is_one_fault(
    folder: Path, capsys: pytest.CaptureFixture[str], file: str, old: str, new: str, line: str, words: str
) -> None:
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = told(capsys, "check", "scenario.yaml")
    assert line in found and words in found and "共 1 处错误" in found


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("sweep", "scenario.yaml", f"{CAP}＝1万元"), f"请写 {CAP}=1万元"),
        (("sweep", "scenario.yaml", f"{CAP}=１万元，2万元"), "请写 1万元,2万元"),
        (("compare", "scenario.yaml", f"{CAP}＝1万元"), f"请写 {CAP}=1万元"),
        (("run", "scenario.yml"), "是否想写 'scenario.yaml'"),
        (("run", "scenario"), "是否想写 'scenario.yaml'"),
        (("check", "policy.zh.txt"), "实为 文字"),
        (("verify-run", "."), "请先执行 simkit run"),
    ],
)
def test_the_way_out_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], offered: str
) -> None:
    assert offered in told(capsys, *words)


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_policy_that_is_no_file_is_called_what_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "policy.yaml").unlink()
    os.mkfifo(folder / "policy.yaml")
    found = told(capsys, "check", "scenario.yaml")
    assert "管道" in found and "是否想写" not in found


def test_no_name_is_offered_for_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "是否想写" not in told(capsys, "run", "scenario.yaml", "--overlay", ".")


def test_a_full_disk_behind_what_is_printed_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("simkit.cli.check.check_path", refuse)
    assert main(["check", "scenario.yaml", "--lang", "zh"]) == 1
    assert "磁盘已满" in capsys.readouterr().err


def test_what_the_system_says_of_a_file_is_chinese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "scenario.yaml", "--draws", "20", "--jobs", "1", "--out", "out", "--lang", "zh"]) == 0
    (run,) = (folder / "out" / "toy").iterdir()
    (run / "draws.npz").unlink()
    (run / "draws.npz").mkdir()
    capsys.readouterr()
    main(["verify-run", str(run), "--lang", "zh"])
    assert "无法读取（这是文件夹）" in "".join(capsys.readouterr())
