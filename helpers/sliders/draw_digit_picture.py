"""The picture of a digit being read: what the network sees, and how probable each digit is to it (lesson 08)."""

from collections.abc import Callable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from helpers.plots import BLUE, INK
from helpers.sliders.letters import Letters
from helpers.sliders.picture import Update, Values

Move = Callable[[Values], None]

SIDE, EDGE = 2.8, 0.05  # inches: as large as the canvas
LEFT, LONGEST, PITCH = 3.3, 1.45, 0.28  # the bars
GRAY = "0.6"


class Pixels(Artist):
    """The image in large squares; without the resampling of `imshow`, which takes half of the time of a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.set_animated(True)
        self.set_image(np.zeros((28, 28)))

    def set_image(self, image: NDArray) -> None:
        """Show these gray levels, 0 (black) to 255 (white), as `plots.plot_images` does."""
        self.levels = np.clip(image, 0, 255).round().astype(np.uint8)

    def draw(self, renderer: RendererBase) -> None:
        """Draw one square of the picture for each pixel."""
        side = round(SIDE * renderer.dpi / len(self.levels))
        opaque = np.full((*self.levels.shape, 4), 255, np.uint8)
        opaque[..., :3] = self.levels[::-1, :, None]  # Agg begins at the bottom
        corner = round(EDGE * renderer.dpi)
        renderer.draw_image(renderer.new_gc(), corner, corner, opaque.repeat(side, axis=0).repeat(side, axis=1))


class DigitPicture:
    """Draws the values of `draw_digit`; `say(values)` puts them in a sentence."""

    def __init__(self, say: Callable[[Values], str]) -> None:
        self.say = say

    def paint(self, figure: Figure) -> Update:
        """Draw what stays; return what moves."""
        ax = figure.add_axes((0, 0, 1, 1))
        width, height = figure.get_size_inches()
        moves = [self._paint_image(ax), *(self._paint_bar(ax, digit) for digit in range(10))]
        ax.set(xlim=(0, width), ylim=(0, height), aspect="auto")
        ax.set_axis_off()
        for x, text in ((EDGE, "What the network sees"), (LEFT - 0.25, "How probable each digit is")):
            ax.text(x, SIDE + 0.12, text, fontsize=11, color=INK)

        def update(values: Values) -> str:
            for move in moves:
                move(values)
            return self.say(values)

        return update

    def _paint_image(self, ax: Axes) -> Move:
        pixels = Pixels()
        ax.add_artist(pixels)
        return lambda values: pixels.set_image(values["image"])

    def _paint_bar(self, ax: Axes, digit: int) -> Move:
        bottom = EDGE + (9 - digit) * PITCH
        bar = ax.add_patch(Rectangle((LEFT, bottom + 0.04), 0, PITCH - 0.08, linewidth=0, animated=True))
        ax.plot([LEFT, LEFT], [bottom, bottom + PITCH], color=GRAY, linewidth=0.8)
        ax.text(LEFT - 0.09, bottom + 0.08, str(digit), fontsize=11, color=INK, ha="right")
        percent = Letters(ax, LEFT, bottom + 0.08, size=10.5, color=INK)
        truth = Letters(ax, LEFT + LONGEST + 1.3, bottom + 0.08, size=10.5, color=INK, right=True)

        def move(values: Values) -> None:
            p, largest = values["probabilities"], values["digit"] == digit
            length = 0.0 if p is None else LONGEST * float(p[digit])
            bar.set_width(length)
            bar.set_facecolor(BLUE if largest else GRAY)
            text = "" if p is None else share(p[digit])
            percent.write(text, x=LEFT + length + 0.07, bold=largest, color=BLUE if largest else INK)
            truth.write("← label" if values["label"] == digit else "")

        return move


def share(p: float, *, words: bool = False) -> str:
    """Return a probability in whole percent; what would round to 0 or 100 and is not says so.

    >>> share(0.974), share(0.9999), share(0.001, words=True)
    ('97 %', '>99 %', 'less than 1 %')
    """
    more, less = ("more than ", "less than ") if words else (">", "<")
    if 0.995 <= p < 1:
        return f"{more}99 %"
    return f"{less}1 %" if 0 < p < 0.005 else f"{100 * p:.0f} %"
