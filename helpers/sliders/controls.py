"""Sliders that take any value: what does not fit is moved into range or refused, and `note` says so."""

import math
from typing import Any

import ipywidgets as widgets
from traitlets import TraitType, Unicode

from helpers.sliders.given import as_number, describe

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
