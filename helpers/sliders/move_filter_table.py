"""The table of a moving filter: pixel times weight at each place under its window (lesson 09)."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from helpers.plots import INK
from helpers.sliders.letters import LEADING, NOTHING, POINTS, outlines
from helpers.sliders.mosaic import Mosaic, colors
from helpers.sliders.picture import Values

TINT = 0.17  # how much of its sign's color is behind a product
STACKED = 4  # from so many weights on a side on, pixel and weight stand in two lines


class Table:
    """A k x k table: what is multiplied and, in bold on a tint of its sign, the product.

    `place` is left, bottom, width and height in inches, on axes whose unit is the inch; `widest` the longest text of a
    pixel.
    """

    def __init__(self, sheet: Axes, place: tuple[float, float, float, float], widest: str) -> None:
        self.place, self.widest = place, widest
        self._tint = Mosaic(sheet)
        look = {"animated": True, "zorder": 3}
        self._text = sheet.add_patch(PathPatch(NOTHING, facecolor=INK, linewidth=0, **look))
        self._lines = sheet.add_patch(PathPatch(NOTHING, facecolor="none", edgecolor="0.7", linewidth=0.8, **look))

    def set(self, values: Values) -> None:
        """Show these products."""
        kernel, products = values["kernel"], values["products"]
        k, size = len(kernel), self.letter_size(kernel)
        left, bottom, width, height = self.place
        centers = [
            (left + (j + 0.5) * width / k, bottom + height - (i + 0.5) * height / k) for i, j in np.ndindex(k, k)
        ]
        seen = np.reshape([weight_text(product, kernel) != "0" for product in products.flat], (k, k))
        self._tint.set_colors(colors(TINT * np.sign(products) * seen), left, left + width, bottom, bottom + height)
        rows = zip(centers, values["window"].flat, kernel.flat, products.flat, strict=True)
        pieces = [piece for at, *numbers in rows for piece in cell_text(at, numbers, size, kernel)]
        self._text.set_path(Path.make_compound_path(*pieces))
        self._lines.set_path(self._grid(k))

    def letter_size(self, kernel: NDArray) -> float:
        """Return the letter size, in points, with which the longest text of a cell fits into it."""
        k, weight = len(kernel), max((weight_text(w, kernel) for w in kernel.flat), key=len)
        longest = f"{self.widest} × {weight}" if k < STACKED else max(f"× {weight}", f"{self.widest}0", key=len)
        wide, high = 0.9 * POINTS * self.place[2] / k, 0.9 * POINTS * self.place[3] / k
        fits = 10 * wide / outlines(longest, 10, False, False).vertices[:, 0].max()
        return round(2 * min(11, fits, high / (3.2 * LEADING))) / 2

    def _grid(self, k: int) -> Path:
        """Return the lines between the cells and around them."""
        left, bottom, width, height = self.place
        at = np.linspace(0, 1, k + 1)
        flat = [[(left, bottom + height * t), (left + width, bottom + height * t)] for t in at]
        upright = [[(left + width * t, bottom), (left + width * t, bottom + height)] for t in at]
        return Path(np.reshape(flat + upright, (-1, 2)), [Path.MOVETO, Path.LINETO] * (2 * (k + 1)))


def cell_text(at: tuple[float, float], numbers: list[float], size: float, kernel: NDArray) -> Iterable[Path]:
    """Yield the outlines of one cell's text, in inches."""
    pixel, weight, product = short(numbers[0]), weight_text(numbers[1], kernel), weight_text(numbers[2], kernel)
    stacked = len(kernel) >= STACKED
    lines = [(pixel, False), (f"× {weight}", False)] if stacked else [(f"{pixel} × {weight}", False)]
    lines.append((f"{'+' if numbers[2] > 0 and product != '0' else ''}{product}", True))
    step = LEADING * size / POINTS
    for i, (text, bold) in enumerate(lines):
        path = outlines(text, size, False, bold)
        x = at[0] - path.vertices[:, 0].max() / 2 / POINTS
        y = at[1] + ((len(lines) - 1) / 2 - i) * step * (1 if stacked else 1.15) - 0.36 * size / POINTS
        yield Path(path.vertices / POINTS + (x, y), path.codes)


def short(value: float, digits: int = 2) -> str:
    """Return a number in few letters.

    >>> short(0.988), short(-1.0), short(253.0), short(-0.001)
    ('0.99', '−1', '253', '0')
    """
    if abs(value) >= 1e4:
        return f"{value:.0e}".replace("-", "−")
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else digits
    text = f"{round(value, digits) + 0.0:.{digits}f}"
    return (text.rstrip("0").rstrip(".") if digits else text).replace("-", "−")


def weight_text(value: float, kernel: NDArray) -> str:
    """Return a weight, or a product with one, with more digits where all the weights are small."""
    most = float(np.abs(kernel).max())
    return short(value, 2 if most >= 0.05 or most == 0 else min(6, 1 - int(np.floor(np.log10(most)))))
