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


def is_kernel_source(path: Path, package: Path = PACKAGE) -> bool:
    """Whether a file is one of those that name the cache, by itself or by its folder."""
    inside = path.relative_to(package)
    return bool({inside.as_posix(), inside.parts[0]} & set(compiled._KERNELS))


def test_every_file_with_kernels_names_the_cache(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter more in any of them is another folder; in any other file it is not."""
    package = copy / "simkit"
    before = folder_of(package, monkeypatch)
    assert folder_of(package, monkeypatch) == before
    for path in sorted(package.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "#\n", encoding="utf-8")
        same = folder_of(package, monkeypatch) == before
        assert same != is_kernel_source(path, package), path
        path.write_text(text, encoding="utf-8")


def names_in(node: ast.AST) -> set[str]:
    """Every name that a piece of code mentions."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def imported_by_kernels(tree: ast.Module) -> set[tuple[str, str]]:
    """(module, name) of simkit that the compiled functions of a file read, by constants of the file too."""
    imports: dict[str, tuple[str, str]] = {}
    defined: dict[str, ast.AST] = {}
    wanted: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simkit"):
            imports |= {alias.asname or alias.name: (str(node.module), alias.name) for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            defined |= {name: node.value for target in targets for name in names_in(target)}
        elif isinstance(node, ast.FunctionDef) and names_in(ast.List(node.decorator_list)) & DECORATORS:
            wanted |= {name for statement in node.body for name in names_in(statement)}
    reached: set[str] = set()
    while more := wanted - reached:
        reached |= more
        wanted |= {name for one in more & set(defined) for name in names_in(defined[one])}
    return {imports[name] for name in reached & set(imports)}


DECORATORS = {"compiled", "compiled_inline", "njit", "jit"}


def test_what_a_kernel_reads_names_the_cache() -> None:
    """Each file with a compiled function, and each that such a function has a name from, is a kernel's source."""
    with_kernels = 0
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_bytes())
        functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
        if not any(names_in(ast.List(one.decorator_list)) & DECORATORS for one in functions):
            continue
        with_kernels += 1
        assert is_kernel_source(path), path
        for module, name in imported_by_kernels(tree):
            inside = PACKAGE.parent / Path(*module.split("."))
            inside = inside / "__init__.py" if inside.is_dir() else inside.with_suffix(".py")
            assert is_kernel_source(inside), f"{path} reads {name} of {module}"
    assert with_kernels > 15


def test_a_cache_that_cannot_be_written_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands where the user's cache should be: the code goes to a temporary folder."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(compiled, "_user_cache", lambda: blocked)
    monkeypatch.setattr(compiled.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    folder = compiled.cache_folder.__wrapped__()
    assert folder.is_dir() and folder.is_relative_to(tmp_path / "temporary")
