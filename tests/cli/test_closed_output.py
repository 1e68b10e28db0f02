"""Nobody reads what is printed: every command ends quietly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import simkit
from simkit.cli import main
from simkit.runs.loading import load_result
from tests.report.batch_inputs import scenarios

DRAWS = 20
PACKAGE = Path(simkit.__file__).parent


@pytest.mark.parametrize("command", ["check", "run", "schema", "overlay", "verify-run", "--help", "nonsense"])
def test_a_closed_output_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Closed before the program began: every command does its work, and ends as it would."""
    path = scenarios(tmp_path, "one") / "one.yaml"
    run = ["run", path, "--draws", DRAWS, "--jobs", 1, "--out", tmp_path / "out"]
    words: dict[str, list[Any]] = {
        "check": ["check", path], "run": run, "schema": ["schema", "paths"], "overlay": ["overlay", "list", path],
        "verify-run": ["verify-run", tmp_path], "--help": ["--help"], "nonsense": ["nonsense"],
    }  # fmt: skip
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    code = main([*map(str, words[command]), "--lang", "en"])
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert code == (2 if command in ("verify-run", "nonsense") else 0)
    if command == "run":
        (folder,) = (tmp_path / "out" / "one").iterdir()
        assert load_result(folder).draws == DRAWS


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_who_leaves_ends_it_quietly(tmp_path: Path, stream: str) -> None:
    """As `| head` does; the other stream says nothing of it."""
    words = [sys.executable, "-m", "simkit", *(["schema", "policy"] if stream == "stdout" else ["nonsense"])]
    reader, writer = os.pipe()
    os.close(reader)
    other = {"stdout": "stderr", "stderr": "stdout"}[stream]
    pipes: dict[str, Any] = {stream: writer, other: subprocess.PIPE}
    done = subprocess.run(words, cwd=PACKAGE.parent, check=False, timeout=120, **pipes)
    os.close(writer)
    assert done.returncode == 141 and not getattr(done, other)
