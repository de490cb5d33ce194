"""Controls that take any value: what does not fit is moved into range or refused, and `note` says so."""

import math
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from traitlets import Any as AnyTrait
from traitlets import TraitType, Unicode, validate

WIDTH = "420px"
LOG_STEPS = 40  # key presses per factor of ten, unless a slider's own say otherwise


class _TolerantNumber(TraitType):
    """A finite number between `low` and `high` of the control that holds it, which never raises."""

    default_value = 0.0
    info_text = "a number"

    def validate(self, control: "_Tolerant", value: Any) -> float:
        """Return the value, or the nearest that fits, or the present one."""
        number, control.note = control.judge(value)
        return number


class _Tolerant(widgets.ValueWidget):
    """What both sliders share: a value that never raises, `note`, and `setting`, the number as it is displayed.

    A slider whose `only` names what its steps are, such as "whole numbers", takes nothing between two of them.
    """

    note = Unicode("")
    label, low, high, only = "", -math.inf, math.inf, ""

    def judge(self, value: Any) -> tuple[float, str]:
        """Return the number to take for this value, and a note if it is another one."""
        number = as_number(value)
        if number is None:
            present = self._trait_values.get("value", self.low)
            return present, f"{self.label}: {describe(value)} is not a finite number, so it stays at {present:.4g}."
        nearest = inside = min(max(number, self.low), self.high)
        if self.only:
            nearest = min(max(self._at(round(self._place(inside))), self.low), self.high)
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        if abs(nearest - number) <= slack or (self.only and abs(self._shown(nearest) - number) <= slack):
            return nearest, ""
        where = f"between two {self.only}"
        if abs(inside - number) > slack:
            where = f"{'below' if number < inside else 'above'} the range"
        shown = self._shown(nearest) if self.only else nearest
        return nearest, f"{self.label}: {number:.4g} is {where}, so it is moved to {shown:.4g}."

    @property
    def setting(self) -> float:
        """The value; where it stands on the slider's grid, the number that the reader sees beside it.

        A slider in whole steps gives whole numbers.
        """
        place = self._place(self.value)
        return self._shown(self.value) if abs(place - round(place)) < 1e-6 else self.value

    def _shown(self, value: float) -> float:
        """Return the number that the reader sees beside the slider."""
        shown = format(value, self.readout_format)
        return int(shown) if self.readout_format == ".0f" else float(shown)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take the state that the page sends, and tell the page where a value was refused."""
        super().set_state(sync_data)
        if "value" in sync_data:
            self.note = self.judge(sync_data["value"])[1]  # traitlets has validated twice, the second time what fits
        if self.note:
            self.send_state("value")


class Slider(_Tolerant, widgets.FloatSlider):
    """A slider on a linear scale."""

    value = _TolerantNumber().tag(sync=True, echo_update=False)

    def _place(self, value: float) -> float:
        """Return the steps from the low end to this value."""
        return (value - self.min) / self.step

    def _at(self, place: float) -> float:
        """Return the value so many steps from the low end."""
        return self.min + place * self.step


class LogSlider(_Tolerant, widgets.FloatLogSlider):
    """A slider on a logarithmic scale."""

    value = _TolerantNumber().tag(sync=True, echo_update=False)

    def _place(self, value: float) -> float:
        """Return the steps from the low end to this value."""
        return (math.log10(value) - self.min) / self.step

    def _at(self, place: float) -> float:
        """Return the value so many steps from the low end."""
        return 10 ** (self.min + place * self.step)


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
    """A slider over a few whole numbers; what lies between two of them, or outside, is moved to the nearest."""

    value = _NotNone()
    note = Unicode("")

    @property
    def low(self) -> int:
        """The smallest number."""
        return self._options_values[0]

    @property
    def high(self) -> int:
        """The largest number."""
        return self._options_values[-1]

    @validate("value")
    def _validate_value(self, proposal: dict[str, Any]) -> int:
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


def slider(
    value: float, low: float, high: float, label: str, *, step: float | None = None, tip: str = "", only: str = ""
) -> Slider:
    """Return a control for a number from `low` to `high`; about 200 steps, unless `step` says otherwise.

    With `only`, a name for what its steps are, such as "whole numbers", it takes nothing between two of them.
    """
    low, high = _range(low, high, label, -math.inf)
    step = step or nice_step(high - low)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    control = Slider(min=low, max=high, step=step, readout_format=f".{digits}f")
    return _dress(control, value, low, high, label, tip, only)


def log_slider(
    value: float, low: float, high: float, label: str, *, steps: int = LOG_STEPS, tip: str = "", only: str = ""
) -> LogSlider:
    """Return a control for a positive number from `low` to `high` on a logarithmic scale, `steps` a factor of ten.

    With `only`, a name for what its steps are, such as "recorded values", it takes nothing between two of them.
    """
    low, high = _range(low, high, label, 0.0)
    control = LogSlider(min=math.log10(low), max=math.log10(high), step=1 / steps, readout_format=".3g")
    return _dress(control, value, low, high, label, tip, only)


def stops(value: float, options: Sequence[int], label: str, *, tip: str = "") -> Stops:
    """Return a control that slides over whole numbers, listed from small to large, such as `one_two_five(1000)`."""
    control = Stops(options=[int(option) for option in options], description=label)
    keys = "drag, or Tab to it and press the arrow keys."
    control.tooltip = f"{tip or label}, from {control.low} to {control.high}: {keys}"
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


def quarter_decades(low: float, high: float) -> tuple[float, float]:
    """Return the range, widened to whole quarters of a factor of ten, so that 0.01 and 0.1 are on the slider's grid.

    >>> quarter_decades(0.004, 0.9)
    (0.0031622776601683794, 1.0)
    """
    return 10 ** (math.floor(4 * math.log10(low)) / 4), 10 ** (math.ceil(4 * math.log10(high)) / 4)


def _range(low: float, high: float, label: str, above: float) -> tuple[float, float]:
    """Return the range as two floats, or raise ValueError if it is none."""
    ends = as_number(low), as_number(high)
    if None in ends or not above < ends[0] < ends[1]:
        must = "rise and be positive" if above == 0 else "rise"
        raise ValueError(f"the range of {label!r} must {must}, found {low}, {high}")
    return ends


def _dress(control: Any, value: Any, low: float, high: float, label: str, tip: str, only: str) -> Any:
    """Give a control its label, its tooltip and its first value."""
    control.label, control.low, control.high, control.only = label, low, high, only
    control.description = label
    control.tooltip = f"{tip or label}, from {low:.3g} to {high:.3g}: drag, or Tab to it and press the arrow keys."
    control.style.description_width = "initial"
    control.layout.width, control.layout.max_width = WIDTH, "100%"
    control.value = math.sqrt(low * high) if isinstance(control, LogSlider) else (low + high) / 2
    control.value = value
    return control


def nice_step(span: float) -> float:
    """Return 1, 2 or 5 times a power of ten, about a 200th of the span.

    >>> nice_step(10), nice_step(0.3)
    (0.05, 0.001)
    """
    rough = span / 200
    power = 10.0 ** math.floor(math.log10(rough) + 1e-9)
    return float(f"{max(m for m in (1, 2, 5) if m * power <= rough * (1 + 1e-9)) * power:.1g}")


def as_number(value: Any) -> float | None:
    """Return one finite float, or None if the value is not one; text, truth values and longer arrays are not."""
    try:
        array = np.asarray(value)
        number = float(array.item()) if array.size == 1 and array.dtype.kind in "iuf" else math.nan
    except Exception:  # whatever a reader's object raises, it is not a number
        return None
    return number if math.isfinite(number) else None


def whole(value: Any, name: str, most: int = 10_000) -> int:
    """Return a whole number from 1 to `most`, or raise ValueError."""
    found = as_number(value)
    if found is None or found != int(found) or not 1 <= found <= most:
        raise ValueError(f"{name} must be a whole number from 1 to {most}, found {describe(value)}")
    return int(found)


def describe(value: Any) -> str:
    """Name a value in a few words, for a message.

    >>> describe("abc"), describe(np.zeros((2, 3)))
    ("'abc'", 'an array of shape (2, 3)')
    """
    shape = getattr(value, "shape", ())
    if shape:
        return f"an array of shape {shape}"
    try:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    except Exception:
        text = f"this {type(value).__name__}"
    return text if len(text) <= 40 else text[:39] + "…"
