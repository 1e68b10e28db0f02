"""What the script of the page of caps is given: words, sliders, ranks of quantiles, and the columns of claims."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import numpy.typing as npt

from simkit.base.errors import TooFewDrawsError
from simkit.base.words import catalogue, say
from simkit.documents.models import Text
from simkit.report.papers.table import Language
from simkit.sizing.quantiles import quantile
from simkit.whatif.caps.groups import Group
from simkit.whatif.caps.movable import Movable
from simkit.whatif.caps.page_data import PageData

__all__ = ["LEVELS", "columns_of", "given", "scope"]

#: Quantiles of the page, beside that of the scenario's confidence.
LEVELS = (0.5, 0.8, 0.9, 0.95)
#: The script's names of the words that columns are made of.
_WORDS = {"uint8": "u1", "uint16": "u2", "uint32": "u4", "float64": "f8"}
_SCRIPT_WORDS = "caps.js."


def given(data: PageData, lang: Language) -> dict[str, Any]:
    """All but the columns."""
    plan, policy = data.scenario.plan, data.scenario.policy
    words = {
        key.removeprefix(_SCRIPT_WORDS): text
        for key, text in catalogue(lang).items()
        if key.startswith(_SCRIPT_WORDS)
    }
    return {
        "words": words,
        "draws": data.origin.draws,
        "budget_year": plan.budget_year,
        "years": data.years,
        "levels": _levels(data.origin.draws, plan.confidence / 10_000),
        "sliders": [
            {
                "path": one.path,
                "amount": one.amount,
                "most": one.most,
                "step": one.step,
                "names": {
                    to: f"{policy.measures[one.measure].name.said(to)} {scope(one, to)}"
                    for to in Text.model_fields
                },
            }
            for one in data.sliders
        ],
        "overlay": _overlay_words(data),
    }


def _overlay_words(data: PageData) -> dict[str, Any]:
    """What the text of an overlay is made of, in the languages of files."""
    keys = ("title", "reason", "change", "join")
    words = {to: {key: catalogue(to)[f"caps.file.{key}"] for key in keys} for to in Text.model_fields}
    origin = data.origin
    comments = [
        f"{origin.scenario}, scenario {origin.digests['scenario']}, policy {origin.digests['policy']}"
    ]
    comments.append(f"seed {origin.seed}, {origin.draws} draws")
    return {"words": words, "base": data.scenario.plan.id, "comments": comments}


def _levels(draws: int, confidence: float) -> list[dict[str, Any]]:
    """The quantiles with the ranks of their intervals; rank None where too few draws carry one."""
    found = []
    for p in sorted({*LEVELS, confidence}):
        level: dict[str, Any] = {
            "p": p,
            "headline": p == confidence,
            "rank": None,
            "low": 0,
            "high": 0,
            "needs": 0,
        }
        try:
            # The quantile of 0, 1, 2, ... is a rank, and its interval two of them.
            ranks = quantile(np.arange(draws), p)
            level |= {"rank": int(ranks.value), "low": int(ranks.low), "high": int(ranks.high)}
        except TooFewDrawsError as error:
            level["needs"] = error.refusal.least
        found.append(level)
    return found


def columns_of(data: PageData) -> dict[str, Any]:
    """The claims by tie, and what is paid beside them."""
    return {"groups": [_packed_group(group) for group in data.groups], "rest": _packed(data.rest.ravel())}


def _packed_group(group: Group) -> dict[str, Any]:
    return {
        "rules": [rule._asdict() for rule in group.rules],
        "kinds": [kind._asdict() for kind in group.kinds],
        **{
            name: _packed(getattr(group, name)) for name in ("firsts", "kind", "amount", "covered", "account")
        },
        **{name: [_packed(one) for one in getattr(group, name)] for name in ("used", "counted")},
    }


def _packed(column: npt.NDArray[Any] | None) -> dict[str, str] | None:
    """A column's words, lowest byte first, as base64."""
    if column is None:
        return None
    data = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<")).tobytes()
    return {"type": _WORDS[column.dtype.name], "data": base64.b64encode(data).decode("ascii")}


def scope(slider: Movable, lang: str) -> str:
    """Of whom, and within what, a cap counts."""
    return say(lang, f"scope.{slider.scope}")
