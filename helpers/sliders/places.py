"""A slider over listed numbers that need not be whole or evenly spaced."""

from collections.abc import Sequence
from typing import Any

from helpers.sliders.controls import WIDTH, Stops


class Places(Stops):
    """A slider over a list of numbers; what lies between two of them, or outside, is moved to the nearest.

    `min`, `max` and `step` count places of the list, as they count steps on the other sliders.
    """

    min, step = 0, 1

    @property
    def max(self) -> int:
        """The last place of the list."""
        return len(self._options_values) - 1

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take the state that the page sends; a value is taken too, as the other sliders take it."""
        super().set_state(sync_data)
        if "value" in sync_data:
            self.value = sync_data["value"]


def places(value: float, options: Sequence[float], label: str, *, words: Sequence[str] = (), tip: str = "") -> Places:
    """Return a control that slides over the options, rising numbers; `words` is what the reader sees for each."""
    words = words or [f"{option:g}" for option in options]
    control = Places(options=list(zip(words, options, strict=True)), description=label)
    control.tooltip = f"{tip or label}, from {words[0]} to {words[-1]}: drag, or Tab to it and press the arrow keys."
    control.style.description_width = "initial"
    control.layout.width, control.layout.max_width = WIDTH, "100%"
    control.value = value
    return control
