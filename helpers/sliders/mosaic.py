"""Squares of one color each, such as the pixels of an image: quick to redraw."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from helpers.plots import BLUE, VERMILLION

SHADES = 12  # of each sign: few colors make a small picture


class Mosaic(Artist):
    """Squares of one color each, twenty times quicker to draw than Matplotlib's own images."""

    def __init__(self, ax: Axes, *, zorder: float = 1) -> None:
        super().__init__()
        self.set(animated=True, zorder=zorder)
        self._squares, self._edges = np.zeros((1, 1), np.uint32), (0.0, 0.0, 0.0, 0.0)
        ax.add_artist(self)

    def set_colors(self, colors: NDArray[np.uint8], left: float, right: float, bottom: float, top: float) -> None:
        """Show colors of shape (height, width, 3) between these edges, in the units of the axes."""
        opaque = np.dstack([colors, np.full(colors.shape[:2], 255, np.uint8)])
        self._squares, self._edges = opaque.view(np.uint32)[..., 0], (left, right, bottom, top)  # 4 bytes in one

    def set_image(self, image: NDArray, low: float, high: float) -> None:
        """Show numbers of shape (height, width), `low` black and `high` white, where `imshow` would show them."""
        gray = 255 * np.clip((image - low) / ((high - low) or 1), 0, 1)
        height, width = image.shape
        squares = np.repeat(gray.round().astype(np.uint8)[..., None], 3, axis=2)
        self.set_colors(squares, -0.5, width - 0.5, height - 0.5, -0.5)

    def draw(self, renderer: RendererBase) -> None:
        """Copy the pixels; a layout may have moved the axes until now."""
        left, right, bottom, top = self._edges
        corner, end = np.rint(self.axes.transData.transform([(left, bottom), (right, top)])).astype(int)
        rows, columns = (
            np.arange(length) * many // length
            for length, many in zip((end - corner)[::-1], self._squares.shape, strict=True)
        )
        pixels = self._squares[:, columns][rows[::-1]].view(np.uint8).reshape(len(rows), len(columns), 4)
        renderer.draw_image(renderer.new_gc(), *corner.tolist(), pixels)


def colors(part: NDArray) -> NDArray[np.uint8]:
    """Return the color of numbers from -1, vermillion, over 0, white, to 1, blue: shape (..., 3)."""
    shade = np.arange(-SHADES, SHADES + 1)[:, None] / SHADES
    ends = np.where(shade < 0, to_rgb(VERMILLION), to_rgb(BLUE))
    table = np.rint(255 * (1 + np.abs(shade) * (ends - 1))).astype(np.uint8)
    return table[np.rint(SHADES * np.clip(part, -1, 1)).astype(int) + SHADES]
