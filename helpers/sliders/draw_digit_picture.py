"""The picture of a digit being read: what the network sees, and how probable each digit is to it (lesson 08)."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.drawing import FIELD
from helpers.plots import BLUE, INK
from helpers.sliders.letters import Letters
from helpers.sliders.mosaic import Mosaic
from helpers.sliders.parts import percent
from helpers.sliders.picture import Move, Update, Values, in_inches, together

SIDE, EDGE = 2.8, 0.05  # inches: as large as the canvas
LEFT, LONGEST, PITCH = 3.3, 1.35, 0.28  # the bars
GRAY = "0.6"


class DigitPicture:
    """Draws the values of `draw_digit`; `say(values)` puts them in a sentence."""

    def __init__(self, say: Callable[[Values], str]) -> None:
        self.say = say

    def paint(self, figure: Figure) -> Update:
        """Draw what stays; return what moves."""
        ax = in_inches(figure)
        moves = [self._paint_image(figure), *(self._paint_bar(ax, digit) for digit in range(10))]
        for x, text in ((EDGE, "What the network sees"), (LEFT - 0.25, "How probable each digit is")):
            ax.text(x, SIDE + 0.12, text, fontsize=11, color=INK)
        return together(moves, self.say)

    def _paint_image(self, figure: Figure) -> Move:
        width, height = figure.get_size_inches()
        ax = figure.add_axes((EDGE / width, EDGE / height, SIDE / width, SIDE / height))
        ax.set(xlim=(-0.5, FIELD - 0.5), ylim=(FIELD - 0.5, -0.5))
        ax.set_axis_off()
        pixels = Mosaic(ax)
        return lambda values: pixels.set_image(values["image"], 0, 255)

    def _paint_bar(self, ax: Axes, digit: int) -> Move:
        bottom = EDGE + (9 - digit) * PITCH
        bar = ax.add_patch(Rectangle((LEFT, bottom + 0.04), 0, PITCH - 0.08, linewidth=0, animated=True))
        ax.plot([LEFT, LEFT], [bottom, bottom + PITCH], color=GRAY, linewidth=0.8)
        ax.text(LEFT - 0.09, bottom + 0.08, str(digit), fontsize=11, color=INK, ha="right")
        said = Letters(ax, LEFT, bottom + 0.08, size=10.5, color=INK)
        truth = Letters(ax, ax.get_xlim()[1] - EDGE, bottom + 0.08, size=10.5, color=INK, right=True)

        def move(values: Values) -> None:
            p, largest = values["probabilities"], values["digit"] == digit
            length = 0.0 if p is None else LONGEST * float(p[digit])
            bar.set_width(length)
            bar.set_facecolor(BLUE if largest else GRAY)
            text = "" if p is None else percent(p[digit])
            said.write(text, x=LEFT + length + 0.07, bold=largest, color=BLUE if largest else INK)
            truth.write("← label" if values["label"] == digit else "")

        return move
