"""Files of a small city, damaged in every way that a file can be wrong: the same number, the same damage."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.damage_tables import Damage, Place, damage_roster, damage_sheet

__all__ = ["FILES", "Damage", "damage", "numbers", "put", "read_tree", "scaled", "write_tree"]

Data = Any

#: What is damaged, and the file that it is.
FILES = {
    "policy": "policy.yaml",
    "scenario": "scenario.yaml",
    "overlay": "overlays/change.yaml",
    "roster": "roster.csv",
    "sheet": "sheet.xlsx",
}
_QUANTITY = re.compile(r"([+-]?\d[\d,]*(?:\.\d+)?)((?:百万|千|万|亿)?(?:元|美元|%|人|家|天)?)")
_EXTREME = (
    0,
    -1,
    1e-9,
    0.5,
    1.5,
    99,
    4750,
    1e6,
    1e12,
    1e20,
    1e300,
    float("nan"),
    float("inf"),
    2**63,
    -(10**18),
)
_UNITS = ("", "元", "美元", "%", "人", "天", "万元", "亿元", "倍", "斤", "％", "yuan")
_TEXTS = (
    "", " ", "\x1b[31mred", "bell\x07", "\u202eright to left", "two\nlines", "长" * 300, "con", "nul", "a/../b",
    "../policy.yaml", "/dev/zero", "/dev/urandom", "/", "nothing.here", "=1+1", "null", "~", "５０％", "5Ｏ万元",
)  # fmt: skip
_TYPES: tuple[Data, ...] = (None, True, [], {}, [1], {"a": 1}, "x", 3, 2.5, datetime.date(2024, 2, 1), [[]])
_DATES = (
    "2024-02-30",
    "2024/1/1",
    "0001-01-01",
    "9999-12-31",
    "2024-13-01",
    20240101,
    "1900-01-01",
    "２０２４-01-01",
)
_ALIKE = {"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "i": "і", "x": "х", "s": "ѕ", "y": "у"}


def damage(folder: Path, kind: str, random: Random) -> Damage:
    """Damage one of the files of a folder."""
    file = folder / FILES[kind]
    if kind == "roster":
        return damage_roster(file, random)
    if kind == "sheet":
        return damage_sheet(file, random)
    if random.random() < 0.2:
        return _damage_text(file, random)
    return _damage_tree(file, random)


# --- trees of YAML --------------------------------------------------------------------------------------


class _Plain(yaml.CSafeDumper):
    """Without anchors, which the strict loader does not read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Words(yaml.CSafeLoader):
    """With `on`, `yes` and the like as words: what a policy's keys are called."""


_Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if not tag.endswith(":bool") or first in "tTfF"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_tree(file: Path) -> Data:
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Words)


def write_tree(file: Path, tree: Data) -> None:
    text = yaml.dump(tree, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000)
    file.write_text(re.sub(r"TWIN \d+ ", "", text), encoding="utf-8")


def _places(tree: Data, at: Place = ()) -> Iterator[tuple[Place, Data]]:
    """Every place of a tree with what stands there, the root left out."""
    if at:
        yield at, tree
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield from _places(value, (*at, key))


def _holder(tree: Data, place: Place) -> Data:
    for key in place[:-1]:
        tree = tree[key]
    return tree


def put(tree: Data, place: Place, value: Data) -> None:
    """Put a value into a tree."""
    _holder(tree, place)[place[-1]] = value


def _is_number(value: Data) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain or (isinstance(value, str) and bool(_QUANTITY.fullmatch(value)))


def numbers(tree: Data) -> list[tuple[Place, Data]]:
    """Every number of a tree, with or without a unit."""
    return [(place, value) for place, value in _places(tree) if _is_number(value)]


def scaled(value: Data, factor: float) -> Data:
    """A number times a factor, 0 plus it: whole where it was whole, with its unit, at most two decimals in words."""
    if isinstance(value, str):
        match = _QUANTITY.fullmatch(value)
        assert match is not None
        digits, unit = match.groups()
        return f"{scaled(float(digits.replace(',', '')), factor):.2f}".rstrip("0").rstrip(".") + unit
    new = value * factor if value else factor
    return round(new) if isinstance(value, int) else new


def _with_unit(number: float, unit: str) -> Data:
    return f"{number:.12g}{unit}" if unit else number


def _drop(tree: Data, random: Random) -> Place:
    place, _ = random.choice(list(_places(tree)))
    del _holder(tree, place)[place[-1]]
    return place


def _double(tree: Data, random: Random) -> Place:
    place, value = random.choice([one for one in _places(tree) if isinstance(one[0][-1], str)])
    _holder(tree, place)[f"TWIN 1 {place[-1]}"] = copy.deepcopy(value)
    return place


def _rename(tree: Data, random: Random) -> Place:
    place, _ = random.choice([one for one in _places(tree) if isinstance(one[0][-1], str)])
    key = str(place[-1])
    at = random.randrange(len(key))
    alike = _ALIKE.get(key[at], chr(ord(key[at]) + 0xFEE0) if key[at].isascii() else "某")
    other = random.choice(
        [key[:at] + key[at + 1 :], key + "s", key.upper(), key[:at] + alike + key[at + 1 :]]
    )
    holder = _holder(tree, place)
    pairs = [(other if name == key else name, each) for name, each in holder.items()]
    holder.clear()
    holder.update(pairs)
    return place


def _number(tree: Data, random: Random) -> Place:
    place, value = random.choice(numbers(tree))
    unit = re.sub(r"[\d.,+-]", "", str(value)) if isinstance(value, str) else ""
    how = random.randrange(7)
    if how == 0:
        put(tree, place, _with_unit(random.choice(_EXTREME), unit))
    elif how == 1:
        put(tree, place, f"{random.choice((1, 5, 50))}{random.choice(_UNITS)}")
    elif how == 2:
        put(tree, place, scaled(value, random.choice((-1, 0.01, 10, 100, 1e6))))
    elif how < 6:  # what may well be meant
        put(tree, place, scaled(value, random.choice((0.5, 0.8, 1.3, 2))))
    else:
        put(tree, place, float(re.sub(r"[^\d.]", "", str(value)) or 1))
    return place


def _other_type(tree: Data, random: Random) -> Place:
    place, _ = random.choice(list(_places(tree)))
    put(tree, place, copy.deepcopy(random.choice(_TYPES)))
    return place


def _odd_text(tree: Data, random: Random) -> Place:
    texts = [(place, value) for place, value in _places(tree) if isinstance(value, str)]
    place, value = random.choice(texts)
    alike = "".join(_ALIKE.get(letter, letter) for letter in value)
    put(tree, place, random.choice([*_TEXTS, alike, alike]))
    return place


def _date(tree: Data, random: Random) -> Place:
    dates = [place for place, value in _places(tree) if isinstance(value, datetime.date)]
    place = random.choice(dates)
    put(tree, place, random.choice(_DATES))
    return place


def _list(tree: Data, random: Random) -> Place:
    found = [(place, value) for place, value in _places(tree) if isinstance(value, list) and value]
    if not found:
        return _drop(tree, random)
    place, value = random.choice(found)
    put(tree, place, random.choice([[*value, value[0]], value[::-1], [], value[1:], value * 50]))
    return place


def _swap(tree: Data, random: Random) -> Place:
    (one, first), (other, second) = random.sample(numbers(tree), 2)
    put(tree, one, second)
    put(tree, other, first)
    return one


_TREE: dict[str, tuple[int, Callable[[Data, Random], Place]]] = {
    "dropped": (2, _drop), "doubled": (1, _double), "renamed": (3, _rename), "number": (8, _number),
    "another type": (2, _other_type), "odd text": (3, _odd_text), "date": (1, _date), "list": (2, _list),
    "swapped": (2, _swap),
}  # fmt: skip


def _damage_tree(file: Path, random: Random) -> Damage:
    tree = read_tree(file)
    (name,) = random.choices(list(_TREE), [weight for weight, _ in _TREE.values()])
    place = _TREE[name][1](tree, random)
    write_tree(file, tree)
    found = dict(_places(tree)).get(place)
    words = f"{name}: {'.'.join(map(str, place))}" + (f" = {str(found)[:60]!r}" if found is not None else "")
    scalable = name in ("number", "swapped") and _is_number(found) and abs(scaled_number(found)) > 1e-3
    return Damage(file, words, place if scalable else ())


def scaled_number(value: Data) -> float:
    """A number without its unit."""
    return float(re.sub(r"[^\d.eE+-]", "", str(value)) or 0) if isinstance(value, str) else float(value)


# --- text -----------------------------------------------------------------------------------------------


def _pick(text: str, old: str, new: str, random: Random) -> str:
    places = [one.start() for one in re.finditer(re.escape(old), text)]
    at = random.choice(places)
    return text[:at] + new + text[at + len(old) :]


_TEXT: dict[str, Callable[[str, Random], str | bytes]] = {
    "full-width colon": lambda text, random: _pick(text, ": ", "：", random),
    "full-width comma": lambda text, random: _pick(text, ", ", "，", random) if ", " in text else "，" + text,
    "tab": lambda text, random: _pick(text, "\n  ", "\n\t", random),
    "cut off": lambda text, random: text[: random.randrange(len(text))],
    "a letter": lambda text, random: _pick(text, random.choice(text), chr(random.randrange(32, 0x3000)), random),
    "bracket": lambda text, random: _pick(text, "\n", "\n" + random.choice("{]\"&*|%"), random),
    "indentation": lambda text, random: _pick(text, "\n  ", "\n ", random),
    "NUL": lambda text, random: _pick(text, "\n", "\n\0", random),
    "aliases": lambda text, _: text + "".join(
        f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9) if n else '1'}]\n" for n in range(9)
    ),
    "nested": lambda text, _: text + "deep: " + "[" * 5_000 + "]" * 5_000 + "\n",
    "gbk": lambda text, _: text.encode("gbk"),
    "utf-16": lambda text, _: text.encode("utf-16"),
    "empty": lambda _, random: random.choice(["", "\n", "# nothing\n", "---\n---\n", "[]\n", "1\n"]),
    "unknown keys": lambda text, _: text + "".join(f"k{n}: 1\n" for n in range(600_000)),
}  # fmt: skip


def _damage_text(file: Path, random: Random) -> Damage:
    text = file.read_text(encoding="utf-8")
    name = random.choice(list(_TEXT))
    made = _TEXT[name](text, random)
    file.write_bytes(made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass"))
    return Damage(file, name)
