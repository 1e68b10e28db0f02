"""What a bureau adapts without code: order, headings, offices, codes and words of the annexes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from string import Formatter
from typing import Any, Literal

from pydantic import Field

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.base.words import LANGUAGES, catalogue, say
from simkit.documents.build import TreePath
from simkit.documents.models import Frozen, Text
from simkit.documents.tree import Tree, scan_yaml
from simkit.documents.validate import validate
from simkit.report.papers.table import Blank, Language

__all__ = ["TEMPLATE", "Branch", "Comparisons", "Line", "Template", "read_template"]

#: The template that comes with simkit.
TEMPLATE = Path(__file__).parents[1] / "templates" / "annexes.yaml"


class Line(Text):
    """Words in both languages, each may be empty: then a person fills it in."""

    zh: str = ""
    en: str = ""

    def fill(self, lang: Language, hint: str) -> str | Blank:
        """The words, or a blank."""
        return self.said(lang) or Blank(hint)


class Imprint(Frozen):
    """A line of the cover."""

    label: Line
    value: Line = Line()


class Cover(Frozen):
    """The first page."""

    title: Line
    contents: Line
    imprint: tuple[Imprint, ...] = ()


class Offices(Frozen):
    """Offices that the forms ask for."""

    declaring: Line = Line()
    in_charge: Line = Line()
    implementing: Line = Line()


class Codes(Frozen):
    """Codes that the forms ask for."""

    department: str = ""
    project: str = ""
    function: str = ""
    economic: str = ""


#: Second level of the indicators of a declaration of performance targets, in the form's order.
Branch = Literal[
    "quantity",
    "quality",
    "timeliness",
    "cost",
    "economic",
    "social",
    "ecological",
    "sustainable",
    "satisfaction",
]


class Comparisons(Frozen):
    """Words of a policy that stand right before a goal's number, or right after its unit, by what they ask for."""

    more_than: tuple[str, ...] = ()
    at_least: tuple[str, ...] = ()


class Performance(Frozen):
    """The declaration of performance targets: which branch each goal of a policy belongs to; others are `quantity`."""

    goals: dict[str, Branch] = {}
    comparisons: Comparisons = Comparisons()


class Template(Frozen):
    """A template of the annexes; `words`: by language and key, what stands in place of the catalogues' words."""

    order: tuple[str, ...] = Field(min_length=1)
    label: Line
    cover: Cover
    headings: dict[str, Line]
    offices: Offices = Offices()
    codes: Codes = Codes()
    performance: Performance = Performance()
    words: dict[Language, dict[str, str]] = {}

    def say(self, lang: Language, key: str, /, **values: Any) -> str:
        """Words of the catalogue, or those that this template has in their place."""
        replaced = self.words.get(lang, {})
        if key not in replaced:
            return say(lang, key, **values)
        return replaced[key].format(**values) if values else replaced[key]

    def fill(self, lang: Language, line: Line, **values: Any) -> str:
        """A line with its placeholders filled in."""
        return line.said(lang).format(**values)


def read_template(path: str | Path, known: tuple[str, ...]) -> Template:
    """A template from a file.

    Parameters
    ----------
    known : names of the annexes there are

    Raises
    ------
    FaultsError
        With every fault: an annex that does not exist or comes twice, a heading or word without a place,
        a placeholder that nothing fills.
    """
    tree, faults = scan_yaml(path)
    if tree is None or faults:
        raise FaultsError(faults)
    template, faults = validate(Template, tree)
    if template is not None:
        faults += _faults(template, tree, known)
    if template is None or faults:
        raise FaultsError(faults)
    return template


#: What a line of the template may quote.
PLACEHOLDERS = ("fund", "year", "last", "confidence", "number", "policy")


def _faults(template: Template, tree: Tree, known: tuple[str, ...]) -> list[Fault]:
    faults: list[Fault | None] = []
    for place, name in enumerate(template.order):
        if name not in known or name in template.order[:place]:
            faults.append(
                tree.fault(("order", place), Said("fault.each_once_at_most", known=", ".join(known)))
            )
    for name in known:
        if name in template.order and name not in template.headings:
            faults.append(tree.fault(("headings",), Said("fault.heading_for", name=name)))
    for lang, replaced in template.words.items():
        if lang not in LANGUAGES:
            faults.append(tree.fault(("words", lang), Said("fault.one_of", known=", ".join(LANGUAGES))))
            continue
        known_here = {key: words for key, words in replaced.items() if key in catalogue(lang)}
        faults += [
            tree.fault(("words", lang, key), Said("fault.key_of_words"))
            for key in replaced
            if key not in known_here
        ]
        faults += [
            _strange(tree, ("words", lang, key), words, tuple(_fields(catalogue(lang)[key]) or ()))
            for key, words in known_here.items()
        ]
    lines: dict[TreePath, Line] = {("label",): template.label}
    lines |= {("cover", "title"): template.cover.title, ("cover", "contents"): template.cover.contents}
    lines |= {("cover", "imprint", at, "label"): one.label for at, one in enumerate(template.cover.imprint)}
    lines |= {("headings", name): line for name, line in template.headings.items()}
    for path, line in lines.items():
        faults += [_strange(tree, path, words, PLACEHOLDERS) for _, words in line]
    return [one for one in faults if one is not None]


def _fields(words: str) -> set[str] | None:
    """Names that a text asks for; None where it cannot be filled in."""
    try:
        return {name for _, name, _, _ in Formatter().parse(words) if name is not None}
    except ValueError:
        return None


def _strange(tree: Tree, path: TreePath, words: str, known: Sequence[str]) -> Fault | None:
    """A fault where a text asks for what nothing gives."""
    asked = _fields(words)
    if asked is not None and asked <= set(known):
        return None
    given = ", ".join(f"{{{one}}}" for one in known) or Said("fault.none")
    return tree.fault(path, Said("fault.placeholders_of", given=given), words)
