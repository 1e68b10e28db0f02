"""What every model of a file is made of: frozen data, names, days, words in two languages."""

from __future__ import annotations

import datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from simkit.base.filenames import MOST_LETTERS, is_device
from simkit.base.leaf import Leaf, Once
from simkit.base.said import Said, Words

__all__ = [
    "AsWritten",
    "Confirmed",
    "Day",
    "Frozen",
    "Id",
    "Name",
    "Names",
    "OfFile",
    "Text",
    "Year",
    "YearsOff",
]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower-case id")]


def _of_file(name: str) -> str:
    if len(name) > MOST_LETTERS:
        raise ValueError(Said("fault.name_at_most_letters", most_letters=MOST_LETTERS))
    if is_device(name):
        raise ValueError(Said("fault.name_windows_does_not_keep_for"))
    return name


#: Of a name that files and folders are called after, too.
OfFile = AfterValidator(_of_file)
Names = Annotated[tuple[str, ...], Once()]
Day = Annotated[datetime.date, Leaf("day", 1949, 2200)]
Year = Annotated[int, Leaf("year", 1949, 2200)]
#: Years from the earned year at which an attribute of the agency is read.
YearsOff = Annotated[int, Leaf("years", -10, 10)]
Confirmed = Annotated[
    dict[str, Annotated[str, Field(min_length=1)]],
    Field(description="path -> why its unusual value is meant"),
]


class AsWritten:
    """Annotation of a field that says what its file is: no overlay and no reading is laid on it."""


class Frozen(BaseModel):
    """Base of all data read from files: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Text(Frozen):
    """Words in Chinese and English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def said(self, language: str) -> str:
        """The words in a language; one that files are not written in reads the English."""
        words: dict[str, str] = dict(self)
        return words.get(language, self.en)


#: What a person reads: words of a file, words of the catalogues, or what stands as it is.
Name: TypeAlias = Text | Words
