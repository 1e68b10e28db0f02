"""Damaged files: each is refused with its place, or runs to money that can be, and what was accepted moves it.

`python -m tests.test_fuzz KIND NUMBER` shows one case: what was damaged, what the command said, what is wrong.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from simkit.base.errors import SimkitError
from simkit.base.money import LARGEST_FEN
from simkit.claims.blueprint import blueprint
from simkit.cli import main
from simkit.policy.compile import compile_policy
from simkit.runs.loading import load_result
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import Scenario, load_scenario
from tests.bounds import OutOfTime, bounded
from tests.damage import FILES, damage, numbers, put, read_tree, scaled, write_tree
from tests.damage_tables import Damage, Place

CITY = Path(__file__).parent / "data" / "city"
SEED = 20230412
#: Draws of a case; and where they do not show that a number moves, as what seldom binds.
DRAWS, MORE = 12, 300
#: Most that a case may take: seconds of the processor, MB. A sound file takes 0.2 s and 20 MB.
SECONDS, MEGABYTES = 10.0, 500.0
#: Lines that a person can be asked to read.
MOST_LINES = 150
#: What a terminal obeys instead of showing.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Numbers that stand beside the answer and move none of it, and why.
STILL = {
    r"goals\..*": "what the policy wants, not what it pays",
    r"readings\..*\.overlay\..*": "an option that is not chosen",
    r"confidence|budget_year": "which figure is told first",
    r"comparables\..*": "stand beside the total",
    r"population\.(growth\.start|statuses\.listed\.share)\.value": "the list of agencies stands for it",
}

#: Numbers that others fix: parts of a whole, years of the scenario, the base of an award that reads none.
ALONE = (
    r"earned_years.*|budget_year|population\.growth\.start_year|population\.(lines|districts)\..*"
    r"|measures\.\w+\.(payers\.shares|instalments)\..*|claims\.(size|model)\.base\.scale\.value"
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound city with its spreadsheet; all it needs is compiled and loaded."""
    return sound_city(tmp_path_factory.mktemp("sound"))


def sound_city(folder: Path) -> Path:
    shutil.copytree(CITY, folder, dirs_exist_ok=True)
    words: list[str | Path] = [
        "overlay",
        "export",
        folder / "scenario.yaml",
        folder / FILES["sheet"],
        "--overlay",
        folder / FILES["overlay"],
    ]
    assert said_by(words)[0] == 0
    for kind, name in FILES.items():
        if name.endswith(".yaml"):  # as a damaged one is written
            write_tree(folder / name, read_tree(folder / name))
        code, said = said_by(command(folder, kind, folder.parent / "out", "en"))
        assert code == 0, said
    shutil.rmtree(folder.parent / "out")
    return folder


def command(folder: Path, kind: str, out: Path, language: str) -> list[str | Path]:
    """What reads a file of this kind, and computes with it."""
    scenario = folder / "scenario.yaml"
    if kind == "sheet":
        return ["overlay", "import", scenario, folder / FILES["sheet"], "--out", out, "--lang", language]
    overlay = ["--overlay", folder / FILES["overlay"]] if kind == "overlay" else []
    how = ["--draws", DRAWS, "--seed", 7, "--jobs", 1, "--out", out, "--lang", language]
    return ["run", scenario, *overlay, *map(str, how)]


def said_by(words: list[str | Path]) -> tuple[int, str]:
    """Exit code of a command here, and all that it printed."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main([str(word) for word in words])
    return code, printed.getvalue()


# ------------------------------------------------------------------ one case


def faults_of(city: Path, place: Path, kind: str, number: int) -> tuple[Damage, int, str, list[str]]:
    """Damage a copy of the city in an empty place: what was done, exit code, what was said, and all that is wrong."""
    random = Random(f"{SEED} {kind} {number}")
    folder, out, here = place / "city", place / "out", place / "here"
    shutil.copytree(city, folder)
    here.mkdir()
    done = damage(folder, kind, random)
    before, language = content(folder), random.choice(("zh", "en"))
    said, code, wrong = "", -1, []
    with standing_in(here):
        try:
            with bounded(SECONDS, 4 * MEGABYTES) as taken:
                code, said = said_by(command(folder, kind, out, language))
        except OutOfTime:
            wrong.append(f"took more than {SECONDS:g} s")
        except BaseException as error:
            wrong.append(f"raised {type(error).__name__}: {str(error)[:80]}")
    if taken.megabytes > MEGABYTES:
        wrong.append(f"took {taken.megabytes:.0f} MB")
    if content(folder) != before or list(here.iterdir()):
        wrong.append("wrote outside its folder")
    if not wrong and code == 0:
        wrong += [*of_an_answer(folder, kind, out, said), *of_a_number(folder, kind, out, done)]
    elif not wrong:
        wrong += list(of_a_refusal(code, said))
    if _UNSEEN.search(said):
        wrong.append("prints control characters")
    return done, code, said, wrong


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    """Here, with temporary files here too."""
    before, temporary = Path.cwd(), tempfile.tempdir
    os.chdir(folder)
    tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        os.chdir(before)
        tempfile.tempdir = temporary


def of_a_refusal(code: int, said: str) -> Iterator[str]:
    """Exit code 2, a file of the city with a place in it, and no more than can be read."""
    if code != 2:
        yield f"exit code {code}: {said.strip().splitlines()[-2:]}"
    elif not re.search(
        r"(policy|scenario|change)\.yaml[:：]|(roster\.csv|sheet\.xlsx|policy\.zh\.txt)[:：]|[:：] ?\(file\)[:：]",
        said,
    ):
        yield f"refused without naming a file: {said[:100]!r}"
    if "Traceback" in said or said.count("\n") > MOST_LINES or len(said) > 200 * MOST_LINES:
        yield f"a traceback, or {said.count(chr(10))} lines"


def of_an_answer(folder: Path, kind: str, out: Path, said: str) -> Iterator[str]:
    """Money that can be: whole fen, none negative, no sum that has gone round; and no other number in words."""
    if re.search(r"\b(nan|inf)\b|-0\.00\b", said, re.IGNORECASE):
        yield "prints nan, inf or -0.00"
    if kind == "sheet":
        for overlay in sorted(out.glob("*.yaml")):
            code, told = said_by(
                ["run", folder / "scenario.yaml", "--overlay", overlay, "--draws", "2", "--out", out]
            )
            if code != 0:
                yield f"what was imported is refused: {told[:100]}"
        return
    result = load_result(next(path.parent for path in out.rglob("manifest.json")))
    amounts = [result.outlays.fen, result.money[...], result.outside[...], result.taken[...], result.agencies]
    budget = result.budget
    if budget is not None:
        amounts += [
            array for fund in budget.funds.values() for array in vars_of(fund) if array.dtype.kind in "if"
        ]
    for one in amounts:
        if not (np.isfinite(one).all() and (one >= 0).all() and (one <= LARGEST_FEN * 1_000).all()):
            yield "money that cannot be"


def vars_of(thing: Any) -> list[np.ndarray]:
    """The arrays of a named tuple or a dataclass."""
    parts = (
        thing if isinstance(thing, tuple) else [getattr(thing, name) for name in thing.__dataclass_fields__]
    )
    return [part for part in parts if isinstance(part, np.ndarray)]


def of_a_number(folder: Path, kind: str, out: Path, done: Damage) -> Iterator[str]:
    """A number that was accepted moves what is computed when it is scaled again."""
    if not done.place or kind == "sheet":
        return
    words = ".".join(map(str, done.place))
    try:
        if moves(folder, kind, done.place, laid(folder, kind)) is False and not is_still(words):
            yield f"accepted, and moves nothing: {words}"
    except (OutOfTime, MemoryError):
        yield f"scaled again, out of bounds: {words}"


# ------------------------------------------------------------------ what moves


def is_still(words: str) -> bool:
    return any(re.fullmatch(pattern, words) for pattern in STILL)


def laid(folder: Path, kind: str) -> Scenario:
    return load_scenario(folder / "scenario.yaml", [folder / FILES["overlay"]] if kind == "overlay" else [])


def moves(folder: Path, kind: str, place: Place, before: Scenario) -> bool | None:
    """Whether anything computed moves with a number; None where no other number is accepted in its place."""
    file = folder / FILES[kind]
    whole = file.read_bytes()
    answer: bool | None = None
    try:
        for other in (0.5, 0.9, 1.5, 2.0, "next", "last"):
            if not change_in_file(file, place, other):
                continue
            try:
                with bounded(SECONDS, 4 * MEGABYTES):
                    after = laid(folder, kind)
                    if any(fingerprint(after, n) != fingerprint(before, n) for n in (DRAWS, MORE)):
                        return True
                answer = False
            except (SimkitError, FloatingPointError):
                continue
            finally:
                file.write_bytes(whole)
    finally:
        file.write_bytes(whole)
    return answer


def change_in_file(file: Path, place: Place, how: float | str) -> bool:
    """Scale a number in a file, or put the next or the last whole one there; False where it stays as it was."""
    shift = {"next": 1, "last": -1}.get(str(how))
    factor = how if isinstance(how, float) else 1.0
    if file.suffix == ".csv":
        rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
        row, column = place
        old = rows[row][column]
        rows[row][column] = str(round(float(old) * factor + (shift or 0), 2))
        file.write_text("\n".join(map(",".join, rows)) + "\n", encoding="utf-8")
        return bool(rows[row][column] != old)
    tree = read_tree(file)
    old = dict(numbers(tree))[place]
    if shift is not None and not isinstance(old, int):
        return False
    new = scaled(old, factor) if shift is None else old + shift
    put(tree, place, new)
    write_tree(file, tree)
    return bool(new != old)


@lru_cache(maxsize=4)
def fingerprint(scenario: Scenario, draws: int) -> str:
    """SHA-256 of the compiled rules, of the plans of claims, of the list of agencies, and of what some draws give."""
    plan = scenario.plan
    sketch = blueprint(scenario.policy, plan.population, plan.claims, plan.calendar, plan.earned_years)
    result: Result = run(scenario, draws=draws, seed=7, jobs=1)
    outlays, digest = result.outlays, hashlib.sha256()
    answer = [outlays.draw, outlays.cells[outlays.cell], outlays.fen, result.money[...], result.counts[...]]
    answer += [
        result.agencies,
        *(part for fund in (result.budget.funds.values() if result.budget else ()) for part in vars_of(fund)),
    ]
    listed = () if scenario.roster is None else tuple(scenario.roster.numbers.values())
    for part in (compile_policy(scenario.policy), sketch, listed, answer):
        add(digest.update, part)
    return digest.hexdigest()


def add(update: Callable[[bytes], None], thing: Any) -> None:
    """Add numbers, however they are nested, to a digest."""
    if isinstance(thing, np.ndarray):
        update(f"{thing.dtype}{thing.shape}".encode() + thing.tobytes())
    elif isinstance(thing, tuple | list):
        for part in thing:
            add(update, part)
    else:
        update(repr(thing).encode())


# ------------------------------------------------------------------ many cases


def hold(city: Path, tmp_path: Path, kind: str, cases: range) -> None:
    """All of these cases; what is wrong is told together, with the numbers to make it again."""
    wrong: list[str] = []
    codes: list[int] = []
    for number in cases:
        place = tmp_path / str(number)
        place.mkdir()
        done, code, _, found = faults_of(city, place, kind, number)
        codes.append(code)
        wrong += [f"{kind} {number} ({done.what}): {one}" for one in found]
        shutil.rmtree(place)
    kinds = Counter(re.sub(r"\d+", "#", one.partition("): ")[2])[:50] for one in wrong)
    told = [*map(str, kinds.most_common()), *wrong[:200]]
    assert not wrong, f"{len(wrong)} of {len(cases)}\n" + "\n".join(told)
    assert min(codes.count(0), codes.count(2)) > len(cases) / 10, "nearly all are accepted, or refused"


@pytest.mark.parametrize("kind", FILES)
def test_damaged_files_are_refused_or_run(city: Path, tmp_path: Path, kind: str) -> None:
    """Forty cases a kind, 200 in all."""
    hold(city, tmp_path, kind, range(40))


@pytest.mark.long
@pytest.mark.parametrize("kind", FILES)
def test_many_damaged_files_are_refused_or_run(city: Path, tmp_path: Path, kind: str) -> None:
    """A thousand cases a kind, 5,000 in all."""
    hold(city, tmp_path, kind, range(40, 1_040))


@pytest.mark.parametrize("kind", ["policy", "scenario"])
def test_every_number_of_a_file_moves_something(city: Path, tmp_path: Path, kind: str) -> None:
    """But those that are listed as still. Few stand alone where no other number can."""
    folder = tmp_path / "city"
    shutil.copytree(city, folder)
    tree, before = read_tree(folder / FILES[kind]), laid(folder, kind)
    found = {".".join(map(str, place)): moves(folder, kind, place, before) for place, _ in numbers(tree)}
    assert {words for words, moved in found.items() if moved is False and not is_still(words)} == set()
    assert {
        words for words, moved in found.items() if moved is None and not re.fullmatch(ALONE, words)
    } == set()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sound, wanted = sound_city(Path(scratch, "sound")), Path(scratch, "case")
        wanted.mkdir()
        print(*faults_of(sound, wanted, sys.argv[1], int(sys.argv[2])), sep="\n")
