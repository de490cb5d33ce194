"""Where everything stands in the picture of a network under X-ray: all lengths are inches (lesson 05)."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.sliders.letters import LEADING, LETTER, POINTS

WIDTH, HEIGHT, MARGIN = 9.0, 4.4, 0.1
COLUMNS = (("X", "W1"), ("Z1", "b1"), ("A1", "W2"), ("Z2", "b2"), ("loss",))  # above, below
EDGES = ("X", "Z1"), ("W1", "Z1"), ("b1", "Z1"), ("Z1", "A1"), ("A1", "Z2"), ("W2", "Z2"), ("b2", "Z2"), ("Z2", "loss")
HEADER, PAD, TITLE, CHECK_WIDTH = 0.23, 0.1, 0.72, 1.14
LARGE_FONT, SMALL_FONT = 10.0, 8.5  # points
NARROWEST_GAP = 0.25

Shapes = Mapping[str, tuple[int, ...]]


class Card(NamedTuple):
    """Where a node stands: left, bottom, width, height, and the height of its lower half, which holds the gradient."""

    left: float
    bottom: float
    width: float
    height: float
    half: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.bottom + self.height


class Layout:
    """A card for every node, in the larger font if that leaves room for the arrows: `cards`, `font`, `line`, `gap`."""

    def __init__(self, shapes: Shapes) -> None:
        for self.font in (LARGE_FONT, SMALL_FONT):
            self.small, self.line = max(SMALL_FONT, self.font - 1), LEADING * self.font / POINTS
            widths = [*(self._width(shapes, names) for names in COLUMNS[:4]), CHECK_WIDTH]
            self.gap = (WIDTH - 2 * MARGIN - sum(widths)) / 4
            if self.gap >= NARROWEST_GAP:
                break
        self.cards = self._arrange(shapes, widths)

    def _width(self, shapes: Shapes, names: tuple[str, ...]) -> float:
        """Return the width of a column: its longest row of numbers, or a gradient's name and mark."""
        letters = max(6 * shapes[name][-1] - 1 for name in names)
        return max(0.15 * self.font, letters * LETTER * self.font / POINTS + 2 * PAD)

    def _arrange(self, shapes: Shapes, widths: list[float]) -> dict[str, Card]:
        """Return five columns of cards from left to right, parameters below what they go into."""
        rows = {name: shape[0] if len(shape) == 2 else 1 for name, shape in shapes.items()}
        half = {name: HEADER + self.line * rows[name] + 0.05 for name in rows}
        ceiling = HEIGHT - TITLE
        room = ceiling - 2 * half["X"] - 2 * max(half["W1"], half["W2"])
        lower_ceiling = ceiling - 2 * half["X"] - min(0.55 * room, 0.75)
        cards, left = {}, MARGIN
        for names, width in zip(COLUMNS, widths, strict=True):
            for name, top in zip(names, (ceiling, lower_ceiling), strict=False):
                cards[name] = Card(left, top - 2 * half[name], width, 2 * half[name], half[name])
            left += width + self.gap
        height = HEADER + self.line + 0.3  # the loss has no gradient, but labels
        bottom = ceiling - half["X"] - height / 2
        cards["loss"] = cards["loss"]._replace(bottom=bottom, height=height, half=0.26)
        return cards

    def edge(self, source: str, target: str) -> tuple[NDArray, NDArray]:
        """Return where an arrow between two cards starts and ends: level, upright or across the corner."""
        a, b = self.cards[source], self.cards[target]
        if source[0] == "b":
            x = b.left + b.width / 2
            return np.array([x, a.top + 0.03]), np.array([x, b.bottom - 0.03])
        if source[0] == "W":
            return np.array([a.right - 0.35, a.top + 0.03]), np.array([b.left + 0.3, b.bottom - 0.03])
        y = b.bottom + b.height / 2
        return np.array([a.right + 0.03, y]), np.array([b.left - 0.03, y])


def arrow(start: np.ndarray, end: np.ndarray, thick: float = 1.0) -> np.ndarray:
    """Return the corners of an arrow, shape (7, 2)."""
    along = (end - start) / np.hypot(*(end - start))
    aside, neck = np.array([-along[1], along[0]]), end - 0.1 * along
    shaft, head = 0.008 * thick * aside, (0.03 + 0.012 * thick) * aside
    return np.array([start + shaft, neck + shaft, neck + head, end, neck - head, neck - shaft, start - shaft])
