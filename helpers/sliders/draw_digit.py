"""Draw a digit, and watch what a network makes of it (lesson 08)."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.drawing import FIELD, PEN, as_drawn, like_mnist, rasterize
from helpers.sliders.choices import choice
from helpers.sliders.controls import slider
from helpers.sliders.draw_digit_given import first_of_each, in_words, probabilities
from helpers.sliders.draw_digit_picture import DigitPicture
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import describe
from helpers.sliders.parts import a_digit, percent
from helpers.sliders.picture import Values

TITLE = "Draw a digit"
GOAL = (
    "draw one digit that is read with more than 90 %; then draw it small and in a corner, and compare the two "
    "preparations."
)
MINE, LIKE_MNIST, AS_DRAWN = "my drawing", "as MNIST's", "as drawn"
PREPARATIONS = {LIKE_MNIST: like_mnist, AS_DRAWN: as_drawn}
SIZE = (6.1, 3.1)  # inches; the canvas stands beside it
HEAD = "import numpy as np\nfrom helpers import drawing\n\n# predict: the function that you gave to draw_digit\n"
DRAWN = "strokes = [{strokes}]\nimage = drawing.{prepare}(drawing.rasterize(strokes, width={pen!r}))\n"
STORED = "label = {label}\nimage = images[np.ravel(labels) == label][0].astype(float)  # the images that you gave too\n"
READ = "probabilities = np.ravel(predict(image))\ndigit = int(probabilities.argmax())\n"

Predict = Callable[[NDArray], ArrayLike]


def draw_digit(
    predict: Predict, images: ArrayLike | None = None, labels: ArrayLike | None = None, *, drawing: Any = (),
    pen: float = PEN, preparation: str = LIKE_MNIST, source: str = MINE,
) -> Explorer:  # fmt: skip
    """Explore how a network reads a digit that you draw with mouse, pen, finger or keys.

    `predict(image)` takes one image of shape (28, 28), floats from 0 (paper) to 255 (ink), and returns ten
    probabilities, shape (10,) or (1, 10). Of `images`, shape (n, 28, 28), with `labels`, shape (n,), the first of each
    class can be chosen in place of a drawing. `drawing` is what is drawn at the start, see `draw`; `pen` is from 8 to
    48 pixels wide on a field of 280. The values: `source`, `preparation`, `pen`, `strokes`, `image` (what the network
    sees), `probabilities` and `digit` (None where there are none), `label` (of a stored digit, or None).
    """
    try:
        if not callable(predict):
            raise ValueError(f"predict must be a function of one image, found {describe(predict)}")
        stored = first_of_each(images, labels)
        ready, what = (f"Choose with the arrow keys {words}" for words in ("how a drawing is prepared", "what is read"))
        controls = {
            "pen": slider(pen, 8, 48, "pen", step=1, tip="How thick the pen is, in pixels of the field"),
            "preparation": choice(preparation, list(PREPARATIONS), "preparation", tip=ready),
            "source": choice(source, [MINE, *stored], "source", tip=what),
        }
        return DrawDigit(predict, stored, controls, drawing)
    except Exception as error:
        return refused(TITLE, error)


class DrawDigit(Explorer):
    """The explorer, with a field to draw on, `canvas`, beside the picture."""

    def __init__(
        self, predict: Predict, stored: dict[str, tuple[int, NDArray]], controls: dict[str, Any], drawing: Any
    ) -> None:
        from helpers.sliders.canvas import Canvas, plain  # anywidget

        self._predict, self._stored, self._trouble = predict, stored, ""
        self.canvas = Canvas(strokes=plain(drawing))
        super().__init__(TITLE, controls, self._read, DigitPicture(say).paint, goal=GOAL, code=HEAD, size=SIZE)
        self.clear = widgets.Button(description="Clear", tooltip="Wipe the field", layout=widgets.Layout(width="80px"))
        self.clear.on_click(lambda _: self.draw([]))
        self.canvas.observe(lambda _: self._show_mine(), names="strokes")
        self.canvas.observe(lambda _: self._say(self._notes()), names="note")
        controls["pen"].layout.width = "300px"
        controls["preparation"].layout.width = controls["source"].layout.width = "215px"
        heading, knobs, image, *lines = self.children
        knobs.children = [*knobs.children, self.clear]
        side_by_side = widgets.Layout(flex_flow="row wrap", align_items="flex-start")
        self.children = [heading, knobs, widgets.Box([self.canvas, image], layout=side_by_side), *lines]

    def draw(self, strokes: Any) -> None:
        """Draw these strokes, lists of points (x, y) between 0 and 1, y downward, in place of what is drawn.

        Raises ValueError.
        """
        from helpers.sliders.canvas import plain

        strokes = plain(strokes)
        if strokes == self.canvas.strokes:
            self._show_mine()
        self.canvas.strokes = strokes

    @property
    def code(self) -> str:
        """Python code that computes the present setting, under the names of `values`."""
        settings = self.settings
        if settings["source"] != MINE:
            return HEAD + STORED.format(label=self._stored[settings["source"]][0]) + READ
        prepare = PREPARATIONS[settings["preparation"]].__name__
        listed = "".join(f"\n{_wrapped(stroke)}," for stroke in self.canvas.strokes) + "\n" * bool(self.canvas.strokes)
        code = HEAD + DRAWN.format(strokes=listed, prepare=prepare, pen=settings["pen"])
        return code + READ if self.canvas.strokes else code

    def _show_mine(self) -> None:
        """Show the drawing, whatever was shown before: who draws wants to see it."""
        self.set(source=MINE)

    def _refresh(self, problems: Sequence[str] = ()) -> None:
        settings = self.settings
        for name in ("pen", "preparation"):
            self.controls[name].disabled = settings["source"] != MINE
        self.canvas.pen = settings["pen"]
        super()._refresh(problems)

    def _notes(self) -> list[str]:
        return [*super()._notes(), *filter(None, [self.canvas.note, self._trouble])]

    def _read(self, pen: float, preparation: str, source: str) -> Values:
        """Prepare what is chosen and ask the network."""
        strokes, label, self._trouble = self.canvas.strokes, None, ""
        if source == MINE:
            image = PREPARATIONS[preparation](rasterize(strokes, width=pen))
        else:
            label, image = self._stored[source]
        p = None
        if strokes or source != MINE:
            try:
                p = probabilities(self._predict(image.copy()))
            except Exception as error:  # the reader's function may raise anything
                self._trouble = in_words(error)
        return {
            "pen": pen, "preparation": preparation, "source": source, "strokes": strokes, "image": image.copy(),
            "label": label, "probabilities": p, "digit": None if p is None else int(p.argmax()),
        }  # fmt: skip


def say(values: Values) -> str:
    """Return the picture in a sentence or two."""
    p, label, digit = values["probabilities"], values["label"], values["digit"]
    if values["source"] == MINE and not values["strokes"]:
        return "Nothing is drawn yet."
    if p is None:
        return "The network gives no probabilities for this."
    second = int(np.argsort(-p, kind="stable")[1])
    text = f"The network reads {a_digit(digit)} with {percent(p[digit])}, before {second} with "
    text += f"{percent(p[second])}."
    if label is not None:
        truth = "That is right" if label == digit else "That is wrong"
        return f"{text} {truth}: the label is {label}."
    rows, columns = (np.flatnonzero(values["image"].any(axis=axis)) for axis in (1, 0))
    way = "Prepared as MNIST's" if values["preparation"] == LIKE_MNIST else "As drawn"
    return f"{text} {way}, the ink fills rows {_span(rows)} and columns {_span(columns)} of 0 to {FIELD - 1}."


def _span(places: NDArray) -> str:
    return f"{places[0]} to {places[-1]}"


def _wrapped(stroke: list[list[float]]) -> str:
    """Return a stroke as Python, in lines of a readable length."""
    return textwrap.fill(str([tuple(point) for point in stroke]), 96, initial_indent="    ", subsequent_indent="     ")
