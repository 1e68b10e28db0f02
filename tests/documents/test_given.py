"""Only regular files of a size that can be meant are read, nothing is waited for, and one function does it."""

from __future__ import annotations

import ast
import os
import shutil
import socket
from pathlib import Path

import pytest

import simkit
from simkit.base.errors import FaultsError
from simkit.cli import main
from simkit.documents.given import read_given, read_text

ROOT = Path(simkit.__file__).parent
TOY = ROOT / "cli" / "toy"


def fault_of(path: str | Path, most: int = 100):
    with pytest.raises(FaultsError) as caught:
        read_given(path, most)
    (fault,) = caught.value.faults
    return fault


def test_a_regular_file_is_read_and_so_is_what_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 100)
    (tmp_path / "b").symlink_to("a")
    assert read_given(tmp_path / "a", 100) == read_given(str(tmp_path / "b"), 100) == b"x" * 100


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe that nobody writes into would be waited for, a device has no end."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "circle").symlink_to("circle")
    found = {
        name: str(fault_of(tmp_path / name).found) for name in ("pipe", "link", "circle", "", "none", "a\0b")
    }
    assert found == {
        "pipe": "a pipe",
        "link": "a pipe",
        "circle": "links that lead in a circle",
        "": "is a directory",
        "none": "no such file or directory",
        "a\0b": "no name of a file",
    }
    assert str(fault_of("/dev/zero").found) == "a device"
    assert str(fault_of(tmp_path / ("n" * 300)).found) == "a name that is too long"
    (tmp_path / "a").touch()
    assert str(fault_of(tmp_path / "a" / "b").found) == "no such file or directory"


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket has 108 letters at most
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("s")
        assert str(fault_of("s").found) == "a socket"


def test_a_file_that_becomes_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = tmp_path / "a", os.stat
    path.touch()
    before = real(path)
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(os, "stat", lambda *_args, **_more: before)
    assert str(fault_of(path).found) == "a pipe"


def test_the_size_is_limited_whatever_the_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 101)
    fault = fault_of(path, 100)
    assert str(fault.expected) == "a file of at most 0.0001 MB" and str(fault.found) == "0.0 MB"
    with path.open("wb") as file:
        file.truncate(10**12)
    assert str(fault_of(path, 10**6).found) == "1000000.0 MB"
    path.write_bytes(b"x" * 101)
    about = os.stat(TOY / "policy.yaml")
    small = os.stat_result((about.st_mode, 0, 0, 1, 0, 0, 5, 0, 0, 0))
    monkeypatch.setattr(os, "fstat", lambda _handle: small)
    assert str(fault_of(path, 100).expected) == "a file of at most 0.0001 MB"


@pytest.mark.parametrize(("codec", "name"), [("gbk", "GBK"), ("utf-16", "UTF-16")])
def test_another_encoding_is_named_with_what_to_do_in_an_editor(
    tmp_path: Path, codec: str, name: str
) -> None:
    path = tmp_path / "a"
    path.write_text("名称: 猎头\n", encoding=codec)
    with pytest.raises(FaultsError) as caught:
        read_text(path)
    (fault,) = caught.value.faults
    assert (
        f"looks like {name}" in str(fault.hint)
        and "Notepad" in str(fault.hint)
        and "iconv" not in str(fault.hint)
    )
    assert f"看起来是 {name} 编码：请用记事本等编辑器打开，选“另存为”" in fault.said("zh")


@pytest.mark.parametrize("place", ["policy", "text", "roster", "overlay"])
def test_every_path_in_a_file_may_lead_to_a_pipe_or_a_device(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toy = Path(shutil.copytree(TOY, tmp_path / "toy"))
    for end in ("csv", "yaml"):
        os.mkfifo(toy / f"pipe.{end}")
    edits = {
        "policy": ("scenario.yaml", "policy: policy.yaml", "policy: /dev/zero"),
        "text": ("policy.yaml", "file: policy.zh.txt", "file: pipe.csv"),
        "roster": ("scenario.yaml", "population:", "population:\n  roster: pipe.csv"),
        "overlay": ("scenario.yaml", "", ""),
    }
    name, old, new = edits[place]
    path = toy / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1) if old in text else f"{text}{new}\n", encoding="utf-8")
    words = ["check", str(path)]
    if place == "overlay":
        words = ["overlay", "check", str(path), str(toy / "pipe.yaml")]
    assert main([*words, "--lang", "en"]) == 2
    printed = capsys.readouterr()
    assert ("a device" if place == "policy" else "a pipe") in printed.out + printed.err


#: Modules that open files, and which; what a person gives is opened by `documents/given.py` alone.
OPENERS = {
    "documents/given.py": "what a person gives",
    "report/papers/web_fonts.py": "fonts that were kept, or are the package's own",
    "documents/unpack.py": "parts of a workbook that was read",
    "documents/workbook_tables.py": "parts of a workbook that was read",
    "runs/block.py": "simkit's own results",
    "runs/checkpoint.py": "simkit's own results",
    "runs/loading.py": "simkit's own results",
    "runs/manifest.py": "simkit's own results",
    "runs/store.py": "simkit's own results",
    "runs/recheck.py": "simkit's own results",
    "report/make/record.py": "simkit's own results",
    "report/tables/saved.py": "simkit's own results",
    "report/pages/answers.py": "simkit's own results",
    "whatif/answers.py": "simkit's own results",
    "report/make/index.py": "its own page and templates",
    "base/whole_files.py": "what it writes",
    "base/written.py": "what it wrote",
    "documents/overlay_file.py": "what it writes",
    "report/papers/web_page.py": "its templates",
    "report/pages/caps/page.py": "its templates",
    "report/pages/live/view.py": "its templates",
    "base/words/__init__.py": "its words",
    "report/papers/docx/paper.py": "what it writes",
    "report/make/notebooks.py": "its notebooks",
    "cli/__init__.py": "the null device",
    "cli/terminal.py": "the null device",
    "cli/lab_server.py": "its templates",
    "base/compiled.py": "its sources",
}
OPENING = {"open", "read_text", "read_bytes", "ZipFile", "load_workbook", "read_csv", "read_excel", "fdopen"}


def test_what_a_person_gives_is_opened_in_one_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in OPENING
        and ast.unparse(node.func) != "read_text"  # the function of that name in given.py
    }
    assert found <= set(OPENERS), found - set(OPENERS)
