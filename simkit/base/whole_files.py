"""Files and folders in the making: hidden until they are whole, then put in their place or beside what is not ours."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from simkit.base.errors import RunError
from simkit.base.leftovers import making, partial_name
from simkit.base.written import file_digest, is_own, is_same, note

__all__ = ["New", "asked_name", "place", "place_folder", "replace_files", "standing", "whole", "write_whole"]

#: Names beside a taken one that are tried.
_MOST = 99
_BESIDE = re.compile(r"(?P<stem>.+)\.(?P<number>[2-9]|[1-9][0-9])(?P<suffix>\.[^.]+)?")


# ---------------------------------------------------------------------- names beside each other


def _names(target: Path) -> Iterator[Path]:
    """The name itself, then those beside it: `annexes.zh.xlsx`, `annexes.zh.2.xlsx`, ..."""
    yield target
    for number in range(2, _MOST + 1):
        yield target.with_name(f"{target.stem}.{number}{target.suffix}")


def asked_name(path: Path) -> Path | None:
    """For a name that simkit chose because another was taken: that other one, which stands there; else None."""
    found = _BESIDE.fullmatch(path.name)
    if found is None:
        return None
    asked = path.with_name(f"{found['stem']}{found['suffix'] or ''}")
    return asked if os.path.lexists(asked) else None


def standing(target: Path) -> list[Path]:
    """What stands there under the name or one beside it."""
    return [path for path in _names(target) if os.path.lexists(path)]


# ---------------------------------------------------------------------- one file


@dataclass(slots=True)
class New:
    """A file in the making: it is written as `partial`; once it is whole, `path` says where it stands."""

    partial: Path
    path: Path


@contextmanager
def whole(target: Path, words: str = "error.not_written", suffix: str = "") -> Iterator[New]:
    """A file in the making, put in its place by `place` when the block ends well; else nothing stays.

    Parameters
    ----------
    target : Path
        Its folder is made.
    words : str
        Key of the error's words, with `path` and `reason`.
    suffix : str
        Of the name while it is in the making.

    Raises
    ------
    RunError
        When it cannot be written; what stood there before stays.
    """
    try:
        with making(target, suffix) as partial:
            new = New(partial, target)
            yield new
            new.path = place(partial, target)
    except OSError as error:
        raise RunError(words, path=target, reason=error) from error


def place(partial: Path, target: Path) -> Path:
    """Put a finished file in its place; beside it where that is not simkit's own, or cannot be replaced now.

    Returns
    -------
    Path
        Where it stands. What has this content already is left as it is.
    """
    digest = file_digest(partial)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    for path in _names(target):
        if is_same(path, digest):
            note(path, digest)
            partial.unlink()
            return path
        there = os.path.lexists(path)
        if there and not is_own(path):
            continue
        note(path, digest)
        try:
            os.replace(partial, path)
        except PermissionError:
            if there:  # on Windows: open in another program
                continue
            raise
        return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


# ---------------------------------------------------------------------- a folder of files that belong together


def place_folder(stage: Path, target: Path, last: str) -> Path:
    """Put the files of a finished folder in their place, all of them; in a folder beside it where one is taken.

    What else stands in the folder stays, and so does a link that leads to it.

    Parameters
    ----------
    stage : Path
        The finished folder, beside the target.
    target : Path
    last : str
        The file that vouches for the others: it goes away first and comes last, so that a kill leaves no folder
        whose files do not fit it.

    Returns
    -------
    Path
        The folder in which they stand.
    """
    digests = {name: file_digest(stage / name) for name in sorted(os.listdir(stage))}
    for folder in _names(target):
        if not os.path.lexists(folder) and _moved(stage, folder, digests):
            return folder
        if not folder.is_dir() or not all(_is_free(folder / name, one) for name, one in digests.items()):
            continue
        with suppress(PermissionError):  # on Windows: one is open in another program; then all are as before
            _exchange(stage, folder, digests, last)
            return folder
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _is_free(path: Path, digest: str) -> bool:
    return not os.path.lexists(path) or is_same(path, digest) or is_own(path)


def _moved(stage: Path, folder: Path, digests: Mapping[str, str]) -> bool:
    """Move the whole folder to where none was; False where another run was faster."""
    for name, digest in digests.items():
        note(stage / name, digest)
    try:
        os.replace(stage, folder)
    except OSError:
        if folder.is_dir():
            return False
        raise
    return True


def _exchange(stage: Path, folder: Path, digests: Mapping[str, str], last: str) -> None:
    """Put new files in the place of old ones; when that fails or is interrupted, the old ones come back."""
    new = [name for name, digest in digests.items() if not is_same(folder / name, digest)]
    new.sort(key=lambda name: name == last)
    for name, digest in digests.items():
        note(folder / name, digest)
    old, placed = stage / "old", []
    old.mkdir(exist_ok=True)
    try:
        for name in reversed(new):
            with suppress(FileNotFoundError):  # there was none, or another run has just moved it
                os.replace(folder / name, old / name)
        for name in new:
            placed.append(name)
            os.replace(stage / name, folder / name)
    except BaseException:
        for name in placed:
            if not os.path.lexists(stage / name):
                os.replace(folder / name, stage / name)
        for name in os.listdir(old):
            os.replace(old / name, folder / name)
        raise


# ---------------------------------------------------------------------- files that people edit


def replace_files(texts: Mapping[Path, str], new: Collection[Path] = ()) -> None:
    """Write files whole, all of them or none, with the line ends that their texts have.

    For changes that a person asks for: whether a file may be replaced is asked before. What was simkit's own
    stays so, what was a person's does not become simkit's. `new`: those that replace nothing, not even what
    appeared since that was asked.

    Raises
    ------
    RunError
        When one cannot be written, or is read-only; then all are as they were.
    """
    partials = {path: partial_name(path) for path in texts}
    before: dict[Path, bytes | None] = {}
    path = Path()
    try:
        for path, text in texts.items():
            _prepare(path, partials[path], text)
        for path, partial in partials.items():
            if path in new:
                path.touch(exist_ok=False)  # from here on it is nobody else's
                before[path] = None
            else:
                before[path] = path.read_bytes() if path.exists() else None
            if before[path] is None or is_own(path):
                note(path, file_digest(partial))
            os.replace(partial, path)
    except OSError as error:
        _put_back(before, partials, new)
        raise RunError("error.not_kept", path=path, reason=error) from error
    finally:
        for partial in partials.values():
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def _prepare(path: Path, partial: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode if path.exists() else 0o644
    if not mode & stat.S_IWUSR:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    partial.write_bytes(text.encode("utf-8"))
    partial.chmod(mode & 0o777)


def _put_back(
    before: Mapping[Path, bytes | None], partials: Mapping[Path, Path], new: Collection[Path]
) -> None:
    """What was replaced already comes back, what was new goes."""
    for path, content in before.items():
        if partials[path].exists() and path not in new:
            continue  # not replaced yet
        if content is None:
            path.unlink(missing_ok=True)
        else:
            partials[path].write_bytes(content)
            os.replace(partials[path], path)


def write_whole(target: Path, data: str | bytes, words: str = "error.not_written") -> Path:
    """Write a text or bytes: whole, or as it was; where it stands, as `place` says.

    `words`: of the error, as of `whole`.

    Raises
    ------
    RunError
        When it cannot be written.
    """
    with whole(target, words) as new:
        new.partial.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return new.path
