"""A slider and a box for typing, for one figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from simkit.base.words import say
from simkit.report.pages.live.words import label_of, unit_of
from simkit.report.papers.escape import escaped
from simkit.report.papers.table import Language
from simkit.whatif.live.figures import Slider

__all__ = ["Field"]


class Field:
    """A slider and a box for typing that show the same value; the box may go beyond the slider's ends.

    Parameters
    ----------
    slider : Slider
    lang : Language
    moved : function
        Called when somebody has changed the value.
    label : str, optional
        None: what the slider's figure is called.
    """

    def __init__(
        self, slider: Slider, lang: Language, moved: Callable[[], None], label: str | None = None
    ) -> None:
        self.slider, self._moved, self._quiet = slider, moved, False
        words = label_of(slider, lang) if label is None else label
        unit = unit_of(slider, lang)
        self.bar = ipywidgets.FloatSlider(
            value=slider.value,
            min=slider.low,
            max=slider.high,
            step=slider.step,
            readout=False,
            continuous_update=False,
            tooltip=words,
        )
        # Its label is the pair's: an input's label is tied to it, a slider's is not.
        self.box = ipywidgets.FloatText(
            value=slider.value, step=slider.step, description=words, tooltip=f"{words} ({unit})"
        )
        base = say(lang, "live.baseline", value=f"{slider.value:,.10g}")
        note = ipywidgets.HTML(f'{escaped(unit)}<br><span class="base">{escaped(base)}</span>')
        self.bar.observe(self._from_person, "value")
        self.box.observe(self._from_person, "value")
        self.widget = ipywidgets.HBox([self.bar, self.box, note])
        place = slider.path.replace(".", "-")
        for part, name in ((self.bar, "bar"), (self.box, "box"), (note, "note"), (self.widget, "field")):
            part.add_class(f"simkit-{name}")
        self.widget.add_class(place)

    @property
    def value(self) -> float:
        """What it says, in the slider's unit."""
        return float(self.box.value)

    def put(self, value: float) -> None:
        """Set it without an answer."""
        self._quiet = True
        self.box.value = round(value, 6)
        self.bar.value = min(max(value, self.slider.low), self.slider.high)
        self._quiet = False

    def _from_person(self, change: Any) -> None:
        if not self._quiet:
            self.put(change["new"])
            self._moved()
