"""The picture of a moving filter: its window on the image, the products, the feature map (lesson 09)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from helpers.plots import GREEN, INK
from helpers.sliders.letters import POINTS, Letters
from helpers.sliders.mosaic import SHADES, Mosaic, colors
from helpers.sliders.move_filter_table import Table, short
from helpers.sliders.parts import number
from helpers.sliders.picture import Move, Update, Values, in_inches, together

if TYPE_CHECKING:
    from helpers.sliders.move_filter import Filters

SUM, RELU = "the sum", "after ReLU"
WIDTH, HEIGHT = 9.0, 3.65  # inches
SIDE, BOTTOM = 2.5, 0.72  # of both images
IMAGE, TABLE, MAP = 0.5, 3.22, 6.42  # left edges; the table is a little wider than the images
WIDE, LINE = 2.72, 0.23
MARKED, WHITE_ON = 0.25, 0.6  # from these parts of the largest answer on a place has a sign, and a white one
PAPER = "0.93"  # where the window would leave the image


class FilterPicture:
    """Draws the filters of one `Filters`."""

    def __init__(self, filters: "Filters") -> None:
        self.filters = filters
        images, self.white = filters.images, filters.white
        self.shape = images.shape[1:]
        self.cell = SIDE / max(self.shape)  # inches
        self.low, self.high = min(0.0, float(images.min()) / self.white), float(images.max()) / self.white
        self.widest = max((short(end) for end in (self.low, self.high, 0.88)), key=len)

    def paint(self, figure: Figure) -> Update:
        """Draw both frames and the words that stay; return what fills them."""
        sheet = in_inches(figure)
        left, right = (self._frame(figure, edge) for edge in (IMAGE, MAP))
        painters = self._paint_sum, self._paint_scale, self._paint_titles
        moves = [self._paint_image(left), self._paint_map(right), *(paint(sheet) for paint in painters)]
        moves.append(Table(sheet, (TABLE, BOTTOM, WIDE, SIDE), self.widest).set)
        return together(moves, self.filters.say)

    def _frame(self, figure: Figure, left: float) -> Axes:
        """Return axes for an image: one unit is a pixel, the same on both."""
        height, width = self.shape
        size = width * self.cell, height * self.cell
        place = left, BOTTOM + SIDE - size[1], *size  # at the top
        ax = figure.add_axes(tuple(np.divide(place, (WIDTH, HEIGHT, WIDTH, HEIGHT))))
        ax.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), xlabel="column")
        ax.set_ylabel("row", labelpad=1)
        ax.xaxis.labelpad = 1
        for axis, length in ((ax.xaxis, width), (ax.yaxis, height)):
            step = next(step for step in (1, 2, 5, 10, 20) if step * self.cell >= 0.36)
            axis.set_ticks(range(0, length, step))
        ax.spines[:].set(visible=True, color="0.6")
        ax.tick_params(length=2.5, labelsize=9, pad=2)
        return ax

    def _paint_image(self, ax: Axes) -> Move:
        image, window = Mosaic(ax), _Window(ax)

        def move(values: Values) -> None:
            image.set_image(self.filters.images[values["image"]] / self.white, self.low, self.high)
            window.set(values["row"], values["column"], len(values["kernel"]))

        return move

    def _paint_map(self, ax: Axes) -> Move:
        ax.set_facecolor(PAPER)
        image, window = Mosaic(ax), _Window(ax)
        look = {"linestyle": "none", "animated": True, "markersize": 0.5 * POINTS * self.cell, "markeredgewidth": 0.9}
        marks = [
            (sign, strong, ax.plot([], [], marker, color="white" if strong else INK, **look)[0])
            for sign, marker in ((1, "+"), (-1, "_")) for strong in (False, True)
        ]  # fmt: skip

        def move(values: Values) -> None:
            answers = values["feature_map"]
            part = answers / (np.abs(answers).max() or 1)
            height, width = answers.shape
            image.set_colors(colors(part), -0.5, width - 0.5, height - 0.5, -0.5)
            for sign, strong, line in marks:
                size = sign * part
                rows, columns = np.nonzero(size >= WHITE_ON if strong else (size >= MARKED) & (size < WHITE_ON))
                line.set_data(columns, rows)
            window.set(values["row"], values["column"], 1)

        return move

    def _paint_sum(self, sheet: Axes) -> Move:
        total = Letters(sheet, TABLE, BOTTOM - LINE - 0.06, size=12, color=INK, bold=True)
        after = Letters(sheet, TABLE, BOTTOM - 2 * LINE - 0.1, size=12, color=INK, bold=True)

        def move(values: Values) -> None:
            found = float(values["products"].sum())
            total.write(f"sum of all {values['products'].size}: {signed(found)}")
            after.write(f"after ReLU: {signed(values['value'])}" if values["relu"] == RELU else "")

        return move

    def _paint_scale(self, sheet: Axes) -> Move:
        """Prepare the scale under the feature map: from the most negative to the most positive color."""
        left, width, bottom, high = MAP + 0.62, SIDE - 1.24, 0.1, 0.13
        shades = colors(np.linspace(-1, 1, 2 * SHADES + 1)[None])
        Mosaic(sheet).set_colors(shades, left, left + width, bottom, bottom + high)
        sheet.add_patch(Rectangle((left, bottom), width, high, facecolor="none", edgecolor="0.6", linewidth=0.8))
        cut = sheet.add_patch(
            Rectangle((left, bottom), width / 2, high, facecolor="white", edgecolor="0.6", hatch="////")
        )
        cut.set(animated=True, zorder=3, linewidth=0.6)
        low = Letters(sheet, left - 0.06, bottom + 0.02, size=9.5, color=INK, right=True)
        top = Letters(sheet, left + width + 0.06, bottom + 0.02, size=9.5, color=INK)

        def move(values: Values) -> None:
            most = float(np.abs(values["feature_map"]).max())
            after = values["relu"] == RELU
            cut.set_visible(after)
            low.write("cut" if after else signed(-most))
            top.write(signed(most))

        return move

    def _paint_titles(self, sheet: Axes) -> Move:
        line = BOTTOM + SIDE + 0.2
        words = [Letters(sheet, left, line, size=11, color=INK) for left in (IMAGE, TABLE, MAP)]

        def move(values: Values) -> None:
            height, width = values["feature_map"].shape
            titles = f"Image {values['image']}", "Under the window: pixel × weight", f"Feature map, {height} × {width}"
            for word, title in zip(words, titles, strict=True):
                word.write(title)

        return move


class _Window:
    """A frame around k x k pixels, to be seen on black and on white."""

    def __init__(self, ax: Axes) -> None:
        halo = [withStroke(linewidth=4.5, foreground="white")]
        look = {"facecolor": "none", "edgecolor": GREEN, "linewidth": 2.2, "joinstyle": "miter"}
        self._frame = Rectangle((0, 0), 1, 1, animated=True, zorder=4, clip_on=False, path_effects=halo, **look)
        ax.add_patch(self._frame)
        pixel = np.ptp(ax.transData.transform([(0, 0), (1, 0)])[:, 0]) * POINTS / ax.figure.dpi  # in points
        self._out = 0.5 * self._frame.get_linewidth() / pixel  # the line is drawn around the window, not over it

    def set(self, row: int, column: int, k: int) -> None:
        """Move to this upper left corner."""
        self._frame.set_bounds(column - 0.5 - self._out, row - 0.5 - self._out, k + 2 * self._out, k + 2 * self._out)


def signed(value: float) -> str:
    """Return a number with its sign.

    >>> signed(1.944), signed(-3.0), signed(0.0)
    ('+1.94', '−3', '0')
    """
    text = number(abs(value))
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"
