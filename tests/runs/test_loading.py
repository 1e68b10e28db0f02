"""Loading: whatever happened to a run's folder, the file is named, and nothing loads that was not saved."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simkit.base.errors import InputError
from simkit.base.written import file_digest
from simkit.runs.loading import load_result
from simkit.runs.manifest import FILES, MANIFEST, read_manifest, signed
from simkit.runs.store import save_result
from tests.runs.test_store import made

EVERY = (*FILES, MANIFEST)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run."""
    return save_result(made(tmp_path_factory.mktemp("scenario")), tmp_path_factory.mktemp("out") / "run")


@pytest.fixture
def saved(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(original, tmp_path / "run"))


def sign(folder: Path, **changes: Any) -> None:
    """Mend every digest, so that only what the files hold can be wrong."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    manifest |= changes
    manifest["files"] = {name: file_digest(folder / name) for name in FILES}
    (folder / MANIFEST).write_text(json.dumps(signed(manifest)), "utf-8")


def refused(folder: Path, name: str) -> str:
    """The one line that says which file is wrong."""
    with pytest.raises(InputError) as caught:
        load_result(folder)
    assert name in str(caught.value).split(" expected ")[0] and "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", EVERY)
def test_a_folder_or_a_link_to_nothing_in_the_place_of_a_file(saved: Path, name: str) -> None:
    (saved / name).unlink()
    (saved / name).mkdir()
    refused(saved, "run" if name == MANIFEST else name)
    (saved / name).rmdir()
    (saved / name).symlink_to(saved / "gone")
    refused(saved, "run" if name == MANIFEST else name)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine")
    refused(tmp_path / "run", "run")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"PK\x03\x04", b"PAR1PAR1", b"[" * 99_999]
)
def test_a_file_of_other_content_whose_digest_was_mended(saved: Path, name: str, content: bytes) -> None:
    (saved / name).write_bytes(content)
    sign(saved)
    refused(saved, name)


@pytest.mark.parametrize("name", ["draws.npz", "outlays.parquet"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_torn_file_whose_digest_was_mended(saved: Path, name: str, share: float) -> None:
    content = (saved / name).read_bytes()
    (saved / name).write_bytes(content[: int(len(content) * share)])
    sign(saved)
    refused(saved, name)


#: A manifest has every key, each of its kind: pydantic says which is not.
WRONG: dict[str, Any] = {
    "scenario": 1, "file": None, "seed": "9", "draws": 0, "parameters": "odd", "digests": [], "overlay": [{}],
    "overlays": {}, "levers": "x", "precision": {"asked": 1}, "code": [], "versions": 1,
}  # fmt: skip


@pytest.mark.parametrize("key", WRONG)
def test_a_key_of_the_manifest_is_missing_or_of_another_kind(saved: Path, key: str) -> None:
    sign(saved, **{key: WRONG[key]})
    assert key in refused(saved, MANIFEST)
    manifest = json.loads((saved / MANIFEST).read_text("utf-8"))
    (saved / MANIFEST).write_text(
        json.dumps(signed({one: manifest[one] for one in manifest if one != key})), "utf-8"
    )
    assert key in refused(saved, MANIFEST)


def test_a_manifest_names_these_files_and_no_other(saved: Path) -> None:
    for files in ({}, {"draws.npz": "x"}, dict.fromkeys((*FILES, "../../secret"), "x")):
        manifest = json.loads((saved / MANIFEST).read_text("utf-8")) | {"files": files}
        (saved / MANIFEST).write_text(json.dumps(signed(manifest)), "utf-8")
        assert "files" in refused(saved, MANIFEST)


@pytest.mark.parametrize(
    ("key", "value"), [("seed", 1), ("draws", 10), ("levers", ["a"]), ("scenario", "mine")]
)
def test_an_edited_manifest_is_refused(saved: Path, key: str, value: Any) -> None:
    text = json.loads((saved / MANIFEST).read_text("utf-8")) | {key: value}
    (saved / MANIFEST).write_text(json.dumps(text, ensure_ascii=False, indent=1), "utf-8")
    assert "its own digest differs" in refused(saved, MANIFEST)
    with pytest.raises(InputError, match="its own digest differs"):
        read_manifest(saved)


def test_seed_draws_and_years_are_those_of_the_arrays(saved: Path) -> None:
    """With all digests mended, too."""
    for key, value in (("seed", 1), ("draws", 10)):
        before = json.loads((saved / MANIFEST).read_text("utf-8"))[key]
        sign(saved, **{key: value})
        assert f"{key} {value} ≠ {before} (draws.npz)" in refused(saved, MANIFEST)
        sign(saved, **{key: before})
    plan = json.loads((saved / "scenario.json").read_text("utf-8"))
    (saved / "scenario.json").write_text(json.dumps(plan | {"earned_years": [2024, 2026]}), "utf-8")
    sign(saved)
    assert "earned_years [2024, 2026] ≠ [2024, 2025] (draws.npz)" in refused(saved, MANIFEST)


def other_arrays(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        with np.load(folder / "draws.npz") as arrays:
            parts = {name: arrays[name] for name in arrays.files}
        change(parts)
        np.savez(folder / "draws.npz", **parts)

    return write


@pytest.mark.parametrize(
    "write",
    [
        other_arrays(lambda parts: parts.pop("worth")),
        other_arrays(lambda parts: parts.pop("money.values")),
        other_arrays(lambda parts: parts.pop("drawn")),
        other_arrays(lambda parts: parts.update(agencies=parts["agencies"][:-1])),
        other_arrays(lambda parts: parts.update({"taken.axes": np.array([7, 7])})),
        other_arrays(lambda parts: parts.update({"money.values": parts["money.values"][:, :-1]})),
        other_arrays(lambda parts: parts.update({"counts.type": np.array("nothing")})),
        other_arrays(lambda parts: parts.update({"worth": np.array([{}], dtype=object)})),
    ],
)
def test_arrays_of_another_shape_are_refused(saved: Path, write: Callable[[Path], None]) -> None:
    write(saved)
    sign(saved)
    refused(saved, "draws.npz")


@pytest.mark.parametrize("change", ["column", "measure", "draw"])
def test_outlays_of_another_run_are_refused(saved: Path, change: str) -> None:
    table = pq.read_table(saved / "outlays.parquet")
    if change == "column":
        table = table.drop_columns(["fen"])
    elif change == "measure":
        place = table.column_names.index("measure")
        names = pa.array(["nobody's"] * len(table)).dictionary_encode()
        table = table.set_column(place, "measure", names)
    else:
        table = table.set_column(0, "draw", pa.array(np.full(len(table), 60, dtype=np.int32)))
    pq.write_table(table, saved / "outlays.parquet")
    sign(saved)
    found = refused(saved, "outlays.parquet")
    assert re.search(r"run the scenario again$", found)
