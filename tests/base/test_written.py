"""What simkit wrote is known by its digest: only that is replaced, and every writer asks."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import simkit
from simkit.base.errors import RunError
from simkit.base.whole_files import asked_name, whole
from simkit.base.written import RECORD, is_own, remove_own
from simkit.scenario import stamp
from simkit.scenario.overlay_text import write_overlays
from tests.folders import look
from tests.report.batch_inputs import overlay, scenarios

DRAWS = 20
PACKAGE = Path(simkit.__file__).parent

# ---------------------------------------------------------------------- one file


def test_only_what_is_unchanged_is_replaced(tmp_path: Path) -> None:
    """Written, written again, changed by a person, written again: the last stands beside, twice in one place."""

    def write(text: str) -> Path:
        with whole(tmp_path / "a.b.txt") as new:
            new.partial.write_text(text)
        return new.path

    target, beside = tmp_path / "a.b.txt", tmp_path / "a.b.2.txt"
    assert [write("one"), write("two"), write("two")] == [target] * 3 and target.read_text() == "two"
    target.write_text("mine")
    assert [write("three"), write("four")] == [beside] * 2
    assert (target.read_text(), beside.read_text()) == ("mine", "four")
    assert asked_name(beside) == target and asked_name(target) is None
    beside.write_text("mine too")
    assert write("five") == tmp_path / "a.b.3.txt"
    target.write_text("five")  # a person put back what simkit wrote: it is there already
    assert write("five") == target
    target.unlink()
    assert write("six") == target and asked_name(beside) == target


@pytest.mark.parametrize("how", ["foreign", "linked", "linked to its own", "dangling", "protected", "hard"])
def test_what_is_not_simkits_own_stays(tmp_path: Path, how: str) -> None:
    target, other = tmp_path / "x.txt", tmp_path / "other.txt"
    other.write_text("one")
    if how != "foreign":
        with whole(target) as new:
            new.partial.write_text("one")
    if how == "foreign":
        target.write_text("one, mine")
    elif how.startswith("linked") or how == "dangling":
        target.unlink()
        target.symlink_to({"dangling": tmp_path / "gone"}.get(how, other))
    elif how == "protected":
        target.chmod(0o444)
    before = look(target)
    with whole(target) as new:
        new.partial.write_text("two")
    if how == "hard":  # unchanged, and its own
        assert new.path == target
        return
    assert new.path == tmp_path / "x.2.txt" and look(target) == before and other.read_text() == "one"
    remove_own(target)
    assert look(target) == before


def test_the_record_counts_for_its_own_folder_and_names(tmp_path: Path) -> None:
    """A copy under another name is a person's; a folder that is copied whole stays known."""
    folder = tmp_path / "one"
    with whole(folder / "x.txt") as new:
        new.partial.write_text("same")
    shutil.copy(folder / "x.txt", folder / "copy.txt")
    assert is_own(folder / "x.txt") and not is_own(folder / "copy.txt")
    shutil.copytree(folder, tmp_path / "two")
    assert is_own(tmp_path / "two" / "x.txt")
    record = folder / RECORD
    record.write_bytes(record.read_bytes()[:-20])
    assert not is_own(folder / "x.txt")


def test_a_link_in_the_place_of_the_record_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs")
    (tmp_path / RECORD).symlink_to(tmp_path / "theirs")
    with pytest.raises(RunError, match="cannot be written"), whole(tmp_path / "x.txt") as new:
        new.partial.write_text("x")
    assert (tmp_path / "theirs").read_text() == "theirs" and not (tmp_path / "x.txt").exists()


def test_a_stamp_follows_a_link_and_leaves_what_is_sealed(tmp_path: Path) -> None:
    """The file that the link leads to is changed; what was simkit's own stays so, a person's stays theirs."""
    folder = scenarios(tmp_path, "one")
    real = overlay(folder, "more", "one")
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    assert stamp(link, "0" * 12) and link.is_symlink() and "0" * 12 in real.read_text("utf-8")
    assert not is_own(real)
    real.chmod(0o444)
    with pytest.raises(RunError, match="cannot be written"):
        stamp(real, "1" * 12)
    assert "1" * 12 not in real.read_text("utf-8")
    (path,) = write_overlays({"copy": real.read_text("utf-8")}, tmp_path / "new")
    assert stamp(path, "2" * 12) and is_own(path)


# ---------------------------------------------------------------------- no writer forgets


#: Files in which something is moved into a name that a person sees.
WRITERS = {"base/whole_files.py", "base/leftovers.py", "base/written.py"}
#: Calls that put, move or remove a file, wherever they are found.
WRITES = {
    *(
        "rename",
        "unlink",
        "rmtree",
        "touch",
        "write_text",
        "write_bytes",
        "mkdtemp",
        "symlink_to",
        "hardlink_to",
    ),
    *(
        "copyfile",
        "copytree",
        "copy2",
        "move",
        "savefig",
        "to_csv",
        "to_excel",
        "to_parquet",
        "NamedTemporaryFile",
    ),
}


def writes(path: Path) -> Iterator[str]:
    """Every call of a module that puts, moves or removes a file, as it is written there."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        if isinstance(node.func, ast.Name) and name != "open":
            continue
        text = ast.unparse(node)
        replaces = name == "replace" and text.startswith("os.")
        if name in WRITES or replaces or (name == "open" and re.search("['\"][wax]", text)):
            yield text


def test_what_is_in_the_making_gets_its_name_and_place_in_base_alone() -> None:
    """Others ask `whole`, `write_whole`, `place_folder` or `making`."""
    named = {
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom)
        and node.module in ("simkit.base.leftovers", "simkit.base.whole_files")
        and {"partial_name", "place"} & {one.name for one in node.names}
    }
    assert named == {"base/whole_files.py"}


def test_every_writer_goes_through_the_one() -> None:
    """What else writes does so into what is in the making, or into a folder of its own process."""
    making = r"\(?(new\.partial|partial|self\.root|root|lab|template)\b"
    found = {
        (path.relative_to(PACKAGE).as_posix(), call)
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in writes(path)
        if not re.match(making, call)
    }
    others = {(name, call) for name, call in found if name not in WRITERS}
    assert others == {
        ("runs/checkpoint.py", "os.replace(partial, path)"),  # a block is the same, whoever writes it
        ("runs/checkpoint.py", "(folder / name).unlink()"),
        ("runs/store.py", "path.write_text(text + '\\n', encoding='utf-8')"),  # a file of the stage
        ("runs/store.py", "(folder / 'draws.npz').open('wb')"),
        ("base/compiled.py", "tempfile.mkdtemp(prefix='simkit-compiled-')"),
        ("base/compiled.py", "shutil.rmtree(folder, ignore_errors=True)"),
        (
            "report/papers/pdf/paper.py",
            "shutil.copyfile(_TEMPLATE, root / _TEMPLATE.name)",
        ),  # of this process
        ("cli/terminal.py", "open(os.devnull, 'w', encoding='utf-8')"),
    }
