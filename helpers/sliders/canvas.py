"""A field in the page to draw on; imported by the explorer that shows it, since anywidget takes its time to import."""

from pathlib import Path
from typing import Any

import anywidget
from traitlets import Float, TraitType, Unicode

from helpers.drawing import PEN, check_strokes


class _Strokes(TraitType):
    """Strokes, or else the present ones and a `note`; never raises."""

    default_value = ()
    info_text = "a list of strokes"

    def validate(self, canvas: "Canvas", value: Any) -> Any:
        """Return the strokes as they came: another form would be sent back to the page, late, over newer ones."""
        canvas.note = problem(value)
        return canvas._trait_values.get("strokes", []) if canvas.note else value


class Canvas(anywidget.AnyWidget):
    """What is drawn: `strokes`, a list of lists of [x, y] between 0 and 1, y downward, with a pen of `pen` pixels."""

    _esm = Path(__file__).with_name("canvas.js").read_text(encoding="utf-8")
    strokes = _Strokes().tag(sync=True, echo_update=False)
    pen = Float(PEN).tag(sync=True)
    note = Unicode("")

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the page sends, and tell the page where it was refused."""
        super().set_state(sync_data)
        if "strokes" in sync_data:
            self.note = problem(sync_data["strokes"])  # traitlets has validated twice, the second time what fits
        if self.note:
            self.send_state("strokes")


def problem(strokes: Any) -> str:
    """Return why these are no strokes, or nothing."""
    try:
        check_strokes(strokes)
    except ValueError as error:
        return f"The drawing stays as it is. {error}"
    return ""


def plain(strokes: Any) -> list[list[list[float]]]:
    """Return strokes as the page takes them, rounded to 4 digits; raise ValueError where they are none."""
    return [stroke.round(4).tolist() for stroke in check_strokes(strokes)]
