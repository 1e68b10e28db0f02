"""What a field of the schema tells of itself beside its range: its name, its slider, what a change of it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "AGAIN",
    "BUDGET",
    "CARRIED",
    "KEPT",
    "READING",
    "SHORTER",
    "WORDS",
    "About",
    "ChangeKind",
    "SliderKind",
]

#: `kept`: decided again on the same claims. `kept_shorter`: so where a term gets shorter or a measure goes, else
#: drawn again. `kept_carried`: so where the claims carry what is read, else drawn again. `again`: drawn again at
#: the same addresses. `budget`: the same outlays, held against other money or read otherwise. `reading`: as the
#: paths that the reading lays on. `words`: no figure moves.
ChangeKind = Literal["kept", "kept_shorter", "kept_carried", "again", "budget", "reading", "words"]
#: Figures that can be moved on kept claims, by the label of their slider (`live.label.KIND`).
SliderKind = (
    Literal["rate", "per_unit", "fixed", "tier", "band", "step"]
    | Literal["cap", "cap_share", "total", "threshold", "envelope", "places"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Annotation of a field, read by walks over the model (`documents.fields`).

    Attributes
    ----------
    name : str
        Key of its name (`parameter.NAME`) on a sheet of parameters; empty: no sheet lists it.
    slider : SliderKind, optional
        The slider that moves it; None: none does.
    change : ChangeKind, optional
        What a change of it, or of anything below, does; None: as of what it stands in.
    at : str
        Where below the field this is told of, `*` for any id or number; empty: of the field itself.
    nameless : bool
        No sheet lists what stands below it, whatever it tells of itself.
    """

    name: str = ""
    slider: SliderKind | None = None
    change: ChangeKind | None = None
    at: str = ""
    nameless: bool = False


#: What a change does, by itself.
AGAIN, BUDGET, READING = About(change="again"), About(change="budget"), About(change="reading")
KEPT, CARRIED, SHORTER = About(change="kept"), About(change="kept_carried"), About(change="kept_shorter")
WORDS = About(change="words")
