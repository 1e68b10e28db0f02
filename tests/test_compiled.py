"""Compiled code is never stale: its cache is named by all sources that a kernel can see."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from simkit import compiled

PACKAGE = Path(compiled.__file__).parent
ROOT = PACKAGE.parent

#: One matter, 100 and then 300 yuan: 100 and the difference.
DECIDE = """
from tests.strategies import claims_of, policy_of
from simkit.awards import adjudicate
words = {"zh": "某", "en": "some"}
matter = {"name": words, "clause": "一", "why": words, "members": ["low", "high"], "key": ["agency"]}
amounts = {"low": "100元", "high": "300元"}
measures = {name: {"award": {"kind": "fixed", "amount": amount}} for name, amount in amounts.items()}
policy = policy_of(measures, matters={"one": matter})
print(adjudicate(policy, claims_of(policy, [{"measure": "low"}, {"measure": "high"}])).award.tolist())
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's sources alone, in a folder of their own."""
    folder = tmp_path / "copy"
    shutil.copytree(PACKAGE, folder / "simkit", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return folder


def decide(copy: Path) -> list[int]:
    """Awards of two claims, decided by the copy in a process of its own, with a cache of its own."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(copy), str(ROOT)]),
        "XDG_CACHE_HOME": str(copy / "cache"),
        "LOCALAPPDATA": str(copy / "cache"),
        "HOME": str(copy / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-c", DECIDE],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[int] = ast.literal_eval(done.stdout)
    return found


def test_an_edited_rule_is_not_answered_by_stale_code(copy: Path) -> None:
    """The rule of one file is compiled into the kernel of another, whose file does not change."""
    assert decide(copy) == [10_000, 20_000]
    kept = list((copy / "cache").rglob("decision.decide*.nbc"))
    assert kept, "nothing was kept, so nothing could be stale"
    rule = copy / "simkit" / "rules" / "top_up.py"
    text = rule.read_text(encoding="utf-8")
    assert text.count("return max(0, entitled - covered)") == 1
    rule.write_text(
        text.replace("return max(0, entitled - covered)", "return max(0, entitled - covered) + 1"),
        encoding="utf-8",
    )
    assert decide(copy) == [10_001, 20_000]


def folder_of(package: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of the cache folder that these sources have."""
    monkeypatch.setattr(compiled, "_PACKAGE", package)
    monkeypatch.setattr(compiled, "_user_cache", lambda: package.parent / "cache")
    return compiled.cache_folder.__wrapped__().name


def test_every_file_with_kernels_names_the_cache(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter more in any of them is another folder; in the report or the commands it is not."""
    package = copy / "simkit"
    before = folder_of(package, monkeypatch)
    assert folder_of(package, monkeypatch) == before
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "#\n", encoding="utf-8")
        room = path.relative_to(package).parts[0]
        same = folder_of(package, monkeypatch) == before
        assert same == (room in compiled._WITHOUT_KERNELS), path
        path.write_text(text, encoding="utf-8")


def test_rooms_without_kernels_have_none() -> None:
    """No file that the cache's name leaves out compiles anything, or is imported by one that does."""
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in compiled._WITHOUT_KERNELS:
            names = {node.id for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Name)}
            assert not names & {"compiled", "njit", "jit"}, path


def test_a_cache_that_cannot_be_written_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands where the user's cache should be: the code goes to a temporary folder."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(compiled, "_user_cache", lambda: blocked)
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    folder = compiled.cache_folder.__wrapped__()
    assert folder.is_dir() and folder.is_relative_to(tmp_path / "temporary")
