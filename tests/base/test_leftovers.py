"""What killed processes leave in the temporary folder goes at the next start; nothing of others does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from simkit.base import leftovers
from simkit.base.leftovers import sweep, temporary_folder
from tests.runs.test_checkpoint import dead_process

KILLED = """
import os
from simkit.base.leftovers import temporary_folder
with temporary_folder("pdf"):
    os._exit(9)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of the system's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="elsewhere age alone tells")
def test_a_killed_process_is_tidied_up_after(temporary: Path) -> None:
    words = [sys.executable, "-c", KILLED]
    assert subprocess.run(words, env=os.environ | {"TMPDIR": str(temporary)}, check=False).returncode == 9
    (left,) = temporary.iterdir()
    assert left.name.startswith("simkit-pdf-")
    with temporary_folder("ipython") as mine:
        assert [path.name for path in temporary.iterdir()] == [mine.name]
        sweep()
        assert mine.is_dir()
    assert not list(temporary.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="elsewhere age alone tells")
def test_what_is_anothers_stays(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a living process, of another computer, of another user, a link, a file, another program's."""
    dead = f"simkit-pdf-{leftovers._host()}-{dead_process()}-"
    (temporary / "precious").mkdir()
    names = [
        dead.replace(str(leftovers._host()), "0" * 8) + "a",
        f"simkit-pdf-{leftovers._host()}-1-b",
        "simkit-lab-x",
    ]
    for name in names:
        (temporary / name).mkdir()
    (temporary / f"{dead}file").write_text("x")
    (temporary / f"{dead}link").symlink_to(temporary / "precious")
    before = sorted(path.name for path in temporary.iterdir())
    sweep()
    assert sorted(path.name for path in temporary.iterdir()) == before
    (temporary / f"{dead}theirs").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "getuid", lambda: 12_345)
        sweep()
    assert (temporary / f"{dead}theirs").is_dir()
    sweep()
    assert sorted(path.name for path in temporary.iterdir()) == before


def test_all_temporary_folders_are_made_here() -> None:
    """No other module makes one whose name does not say whose it is."""
    package = Path(leftovers.__file__).parents[1]
    found = {
        path.name
        for path in package.rglob("*.py")
        if re.search(r"TemporaryDirectory\(|mkdtemp\(", path.read_text("utf-8"))
    }
    assert found == {"leftovers.py", "compiled.py"}
