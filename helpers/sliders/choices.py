"""Controls that offer a list, of words or of numbers; what is not in it is refused or moved, and `note` says so."""

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from traitlets import Any as AnyTrait
from traitlets import Unicode, validate

from helpers.sliders.controls import WIDTH
from helpers.sliders.given import as_number, describe


class _NotNone(AnyTrait):
    """Any value, each judged by `_validate_value`: traitlets' own Any lets None pass unseen."""

    allow_none = False


class Choice(widgets.Dropdown):
    """A list to choose from; a whole number is taken for the option that begins with it, 100 for "100 (all)"."""

    value = _NotNone()
    note = Unicode("")

    @validate("value")
    def _validate_value(self, proposal: dict[str, Any]) -> Any:
        """Refuse in words what is not in the list."""
        value, options = proposal["value"], self._options_values
        if isinstance(value, int | np.integer) and not isinstance(value, bool):
            value = next((option for option in options if option.split()[:1] == [str(value)]), value)
        known = isinstance(value, str) and value in options
        listed = ", ".join(options)
        self.note = "" if known else f"{self.description}: {describe(value)} is not one of {listed}."
        return value if known else self.value


class Stops(widgets.SelectionSlider):
    """A slider over listed numbers; what lies between two of them, or outside, is moved to the nearest.

    `min`, `max` and `step` count places of the list, as they count steps on the other sliders.
    """

    value = _NotNone()
    note = Unicode("")
    min, step = 0, 1

    @property
    def max(self) -> int:
        """The last place of the list."""
        return len(self._options_values) - 1

    @property
    def low(self) -> float:
        """The smallest number."""
        return self._options_values[0]

    @property
    def high(self) -> float:
        """The largest number."""
        return self._options_values[-1]

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take the state that the page sends; a value is taken too, as the other sliders take it."""
        super().set_state(sync_data)
        if "value" in sync_data:
            self.value = sync_data["value"]

    @validate("value")
    def _validate_value(self, proposal: dict[str, Any]) -> float:
        """Return the number, or the nearest that is listed, or the present one, and say so in `note`."""
        value = proposal["value"]
        number = as_number(value)
        if number is None:
            self.note = f"{self.description}: {describe(value)} is not a finite number, so it stays at {self.value}."
            return self.value
        nearest = min(self._options_values, key=lambda option: abs(option - number))
        where = "below the range" if number < self.low else "above the range" if number > self.high else "between two"
        moved = f"{self.description}: {number:.4g} is {where}, so it is moved to {nearest}."
        self.note = "" if nearest == number else moved
        return nearest


def choice(value: str, options: Sequence[str], label: str, *, tip: str = "") -> Choice:
    """Return a control that chooses one of several words."""
    control = Choice(options=list(options), description=label, tooltip=tip or label)
    control.style.description_width = "initial"
    control.value = value
    return control


def stops(value: float, options: Sequence[float], label: str, *, words: Sequence[str] = (), tip: str = "") -> Stops:
    """Return a control that slides over rising numbers: whole ones, unless there are `words` for each."""
    pairs = list(zip(words, options, strict=True)) if words else [int(option) for option in options]
    control = Stops(options=pairs, description=label)
    first, last = control._options_labels[0], control._options_labels[-1]
    control.tooltip = f"{tip or label}, from {first} to {last}: drag, or Tab to it and press the arrow keys."
    control.style.description_width = "initial"
    control.layout.width, control.layout.max_width = WIDTH, "100%"
    control.value = value
    return control


def one_two_five(most: int) -> list[int]:
    """Return 1, 2, 5, 10, 20, ... below `most`, and `most` itself.

    >>> one_two_five(37)
    [1, 2, 5, 10, 20, 37]
    """
    steps = (digit * 10**power for power in range(len(str(most))) for digit in (1, 2, 5))
    return [*(step for step in steps if step < most), most]
