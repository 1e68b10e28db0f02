"""Compiled code is never stale: its cache is named by all sources that a kernel can see."""

from __future__ import annotations

import ast
import os
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from simkit.base import compiled
from tests.processes import completed

PACKAGE = Path(compiled.__file__).parents[1]
ROOT = PACKAGE.parent

#: A kernel of another file than the rule that it calls.
KERNEL = """
from simkit.base.compiled import compiled
from simkit.rules.top_up import top_up

@compiled
def difference(entitled, covered):
    return top_up(entitled, covered)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's sources alone, in a folder of their own."""
    folder = tmp_path / "copy"
    shutil.copytree(PACKAGE, folder / "simkit", ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    return folder


def decide(copy: Path) -> int:
    """300 yuan after 100, by the copy in a process of its own, with a cache of its own."""
    environment = os.environ | {"PYTHONPATH": str(copy)}
    environment |= dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"), str(copy / "cache"))
    asked = "from simkit.rules.difference import difference; print(difference(300, 100))"
    done = completed([sys.executable, "-c", asked], cwd=copy, env=environment, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_an_edited_rule_is_not_answered_by_stale_code(copy: Path) -> None:
    """The rule of one file is compiled into the kernel of another, whose file does not change."""
    (copy / "simkit" / "rules" / "difference.py").write_text(KERNEL, encoding="utf-8")
    assert decide(copy) == 200
    kept = list((copy / "cache").rglob("difference.difference*.nbc"))
    assert kept, "nothing was kept, so nothing could be stale"
    rule = copy / "simkit" / "rules" / "top_up.py"
    text = rule.read_text(encoding="utf-8")
    assert text.count("return max(0, entitled - covered)") == 1
    rule.write_text(
        text.replace("return max(0, entitled - covered)", "return max(0, entitled - covered) + 1"),
        encoding="utf-8",
    )
    assert decide(copy) == 201


def folder_of(package: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name of the cache folder that these sources have."""
    monkeypatch.setattr(compiled, "_PACKAGE", package)
    monkeypatch.setattr(compiled, "_user_cache", lambda: package.parent / "cache")
    return compiled.cache_folder.__wrapped__().name


def is_kernel_source(path: Path, package: Path = PACKAGE) -> bool:
    """Whether a file is one of those that name the cache, by itself or by its folder."""
    return path.relative_to(package).parts[0] in compiled.KERNELS


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


DECORATORS = {"compiled", "compiled_inline", "compiled_step", "compiled_within", "njit", "jit"}


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


def rooms_of(names: set[str]) -> set[str]:
    """Rooms of all modules that these import, by others too."""
    todo, seen = set(names), set()
    while todo:
        name = todo.pop()
        inside = PACKAGE.parent / Path(*name.split("."))
        path = inside / "__init__.py" if inside.is_dir() else inside.with_suffix(".py")
        if not path.is_file() or path in seen:
            continue
        seen.add(path)
        imports = (one for one in ast.walk(ast.parse(path.read_bytes())) if isinstance(one, ast.ImportFrom))
        for one in imports:
            todo |= {str(one.module), *(f"{one.module}.{alias.name}" for alias in one.names)}
    return {path.relative_to(PACKAGE).parts[0] for path in seen} - {"__init__.py"}


def test_all_that_a_saved_run_passes_through_is_in_its_digest() -> None:
    """A list of agencies too: it is known by its bytes, not by how its cells are understood."""
    assert rooms_of({"simkit.runs.store", "simkit.runs.simulate"}) == set(compiled.FIGURES)


@pytest.fixture
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for a user's caches, and another for temporary files."""
    for name in ("user", "temporary"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(compiled, "_user_cache", lambda: tmp_path / "user")
    monkeypatch.setattr(compiled.tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "user"


def chosen() -> Path:
    """The folder that a new process would take."""
    return compiled.cache_folder.__wrapped__()


def mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def test_the_kept_folder_is_this_users_alone(user_cache: Path) -> None:
    """Made so whatever the umask is, and found again; one that others could only read is closed."""
    before = os.umask(0)
    try:
        folder = chosen()
    finally:
        os.umask(before)
    assert folder == compiled.kept_folder() and folder.parent == user_cache / "simkit"
    for each in (folder, folder.parent):
        if POSIX:
            assert mode(each) == 0o700
            each.chmod(0o755)
    (folder / "kept").write_text("")
    assert chosen() == folder and (folder / "kept").exists()
    assert not POSIX or mode(folder) == mode(folder.parent) == 0o700


POSIX = os.name == "posix"
posix = pytest.mark.skipif(not POSIX, reason="owner and mode are POSIX's")


def planted(folder: Path, how: str) -> None:
    """Put in the place of a folder what another user could have put there."""
    elsewhere = folder.parent / "elsewhere"
    if how == "link":
        elsewhere.mkdir(mode=0o700)
        folder.symlink_to(elsewhere, target_is_directory=True)
    elif how == "file":
        folder.write_text("")
    else:
        folder.mkdir(mode=0o700)
        folder.chmod({"group": 0o770, "others": 0o707, "both": 0o777}[how])


@posix
@pytest.mark.parametrize("which", ["simkit", "code"])
@pytest.mark.parametrize("how", ["link", "file", "group", "others", "both"])
def test_a_folder_that_another_could_have_filled_is_not_used(user_cache: Path, how: str, which: str) -> None:
    folder = compiled.kept_folder()
    if which == "code":
        folder.parent.mkdir(mode=0o700)
    planted(folder if which == "code" else folder.parent, how)
    found = chosen()
    assert found.parent == Path(compiled.tempfile.tempdir) and mode(found) == 0o700
    assert chosen() != found  # no name that can be foreseen


@posix
def test_a_folder_of_another_user_is_not_used(user_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the folder stays and the user changes."""
    folder = chosen()
    monkeypatch.setattr(compiled.os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert chosen() != folder


@posix
def test_on_windows_links_alone_are_refused(user_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There every mode reads 0o777 and every owner 0; the profile is what is closed."""
    folder = chosen()
    folder.chmod(0o777)
    monkeypatch.setattr(compiled.sys, "platform", "win32")
    assert chosen() == folder
    shutil.rmtree(folder)
    planted(folder, "link")
    assert chosen() != folder


class Mark:
    """What makes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, tuple[str, int]]:
        return os.open, (str(self.file), os.O_CREAT)


#: Compiles a rule, or loads it; names the folder.
SHOW = """
from simkit.base.compiled import cache_folder
from simkit.rules.top_up import top_up
print(top_up(300, 100)); print(cache_folder())
"""


@posix
@pytest.mark.parametrize("how", ["others", "link"])
def test_planted_code_does_not_run_and_nothing_is_left(tmp_path: Path, how: str) -> None:
    """numba's index is a pickle: one that leaves a mark does so from a sound folder, and from no other."""
    cache, temporary, mark = tmp_path / "cache", tmp_path / "temporary", tmp_path / "mark"
    for each in (cache, temporary):
        each.mkdir()
    environment = os.environ | {"XDG_CACHE_HOME": str(cache), "TMPDIR": str(temporary), "HOME": str(tmp_path)}

    def told() -> list[str]:
        words = [sys.executable, "-c", SHOW]
        done = completed(words, cwd=ROOT, env=environment, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    value, place = told()
    assert value == "200" and Path(place).is_relative_to(cache)
    (index,) = Path(place).rglob("top_up*.nbi")
    for sound in (True, False):
        index.write_bytes(pickle.dumps(Mark(mark)))
        if not sound and how == "others":
            Path(place).chmod(0o707)
        elif not sound:
            Path(place).rename(tmp_path / "elsewhere")
            Path(place).symlink_to(tmp_path / "elsewhere")
        assert told()[0] == "200" and mark.exists() == sound
        if sound:
            mark.unlink()
    assert list(temporary.iterdir()) == []
