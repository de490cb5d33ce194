"""From the strokes of a pen to a picture as MNIST's are: drawn, cropped, scaled and centered (lesson 08).

A stroke is a list of points (x, y) between 0 and 1, y downward; a picture holds 0 (paper) to 255 (ink).
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

SIZE, PEN = 280, 22  # the canvas and the pen, in pixels
FIELD, BOX = 28, 20  # MNIST's field, and the longer side of the ink in it
FINE = 4  # drawn that many times as large, then reduced: gray edges
MOST_POINTS = 20_000


def check_strokes(strokes: Any) -> list[NDArray]:
    """Return each stroke as an array of shape (points, 2), or raise ValueError.

    >>> [stroke.shape for stroke in check_strokes([[(0.5, 0.1), (0.5, 0.9)], [(0.2, 0.5)]])]
    [(2, 2), (1, 2)]
    """
    form = "a list of strokes, each a list of points (x, y) between 0 and 1"
    if isinstance(strokes, str | dict) or not hasattr(strokes, "__iter__"):
        raise ValueError(f"strokes must be {form}, found {type(strokes).__name__}.")
    checked = [_check_stroke(stroke, number, form) for number, stroke in enumerate(strokes, start=1)]
    if (num_points := sum(map(len, checked))) > MOST_POINTS:
        raise ValueError(f"strokes hold {num_points:,} points: at most {MOST_POINTS:,} can be drawn.")
    return checked


def _check_stroke(stroke: Any, number: int, form: str) -> NDArray:
    try:
        points = np.asarray(stroke)
    except ValueError:  # points of several lengths
        points = np.empty(0, object)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0 or points.dtype.kind not in "iuf":
        raise ValueError(f"strokes must be {form}: stroke {number} is not a list of one or more points (x, y).")
    outside = ~((points >= 0) & (points <= 1)).all(axis=1)  # nan too
    if outside.any():
        x, y = points[outside.argmax()].tolist()
        raise ValueError(f"Stroke {number} holds the point ({x:g}, {y:g}): x and y must lie between 0 and 1.")
    return points.astype(float)


def rasterize(strokes: Any, size: int = SIZE, width: float = PEN) -> NDArray:
    """Return the picture of the strokes, shape (size, size), drawn with a round pen `width` pixels wide.

    A pixel on the edge of the ink is gray. A stroke of one point is a dot.

    >>> rasterize([[(0, 0.5), (1, 0.5)]], size=4, width=2)[:, 0].tolist()
    [0.0, 255.0, 255.0, 0.0]
    """
    sheet = Image.new("L", (size * FINE, size * FINE))
    pen, diameter = ImageDraw.Draw(sheet), max(1, round(width * FINE))
    reach = np.array([-1, -1, 1, 1]) * (diameter - 1) / 2
    for stroke in check_strokes(strokes):
        points = stroke * size * FINE - 0.5  # the center of pixel 0 is half a pixel from the edge
        pen.line(points.ravel().tolist(), fill=255, width=diameter)
        for box in (np.tile(points, 2) + reach).tolist():  # round at every point
            pen.ellipse(box, fill=255)
    return np.asarray(sheet.reduce(FINE), dtype=float)


def as_drawn(picture: ArrayLike) -> NDArray:
    """Return a square picture scaled down to shape (28, 28), each new pixel the mean of a block of old ones.

    The side must be a multiple of 28. The ink keeps its place and its size relative to the field.
    """
    picture = _picture(picture)
    size = len(picture)
    if picture.shape != (size, size) or size % FIELD:
        raise ValueError(f"The picture must be a square whose side is a multiple of {FIELD}, found {picture.shape}.")
    return picture.reshape(FIELD, size // FIELD, FIELD, size // FIELD).mean(axis=(1, 3))


def like_mnist(picture: ArrayLike) -> NDArray:
    """Return the ink of a picture of any shape as MNIST shows it, shape (28, 28).

    The ink is cropped and scaled, keeping its proportions, until its longer side is 20 pixels; the edges turn gray.
    Then it is moved by whole pixels, so that its center of mass falls on the pixel (14, 14), counted from 0. MNIST's
    own digits stay as they are. Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits".
    """
    picture = _picture(picture)
    rows, columns = (np.flatnonzero((picture > 0).any(axis=axis)) for axis in (1, 0))
    field = np.zeros((FIELD, FIELD))
    if len(rows) == 0:
        return field
    ink = _scale(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    top, left = (_place(ink.sum(axis=axis)) for axis in (1, 0))
    field[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return field


def _scale(ink: NDArray) -> NDArray:
    """Return the ink with a longer side of 20 pixels."""
    height, width = (max(1, round(BOX * side / max(ink.shape))) for side in ink.shape)
    scaled = Image.fromarray(ink.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(scaled, dtype=float)


def _place(mass: NDArray) -> int:
    """Return where a box with these row (or column) sums begins, so that their center is pixel 14."""
    center = np.average(np.arange(len(mass)), weights=mass)
    return int(np.clip(np.floor(FIELD / 2 - center + 0.5), 0, FIELD - len(mass)))


def _picture(picture: ArrayLike) -> NDArray:
    """Return a picture as floats, or raise ValueError."""
    picture = np.asarray(picture)
    if picture.ndim != 2 or picture.size == 0 or picture.dtype.kind not in "iufb":
        raise ValueError(f"A picture must be numbers of shape (height, width), found shape {picture.shape}.")
    picture = picture.astype(float)
    if not np.isfinite(picture).all() or picture.min() < 0:
        raise ValueError("A picture must hold numbers from 0 (paper) to 255 (ink).")
    return picture
