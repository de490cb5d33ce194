"""Making shifts of an image with one thing wrong: where a row or a column comes from, and what is left behind."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray
PAPER = -1  # in place of a row or a column: nothing comes in


def from_paper(i: int, shift: int, size: int) -> int:
    """Return the row or column that moves to i, PAPER where there is none.

    >>> [from_paper(i, 1, 3) for i in range(3)]
    [-1, 0, 1]
    """
    return i - shift if 0 <= i - shift < size else PAPER


def around(i: int, shift: int, size: int) -> int:
    """Wrap around."""
    return (i - shift) % size


def edge(i: int, shift: int, size: int) -> int:
    """Repeat the edge."""
    return min(max(i - shift, 0), size - 1)


def mirrored(i: int, shift: int, size: int) -> int:
    """Go back at the edge."""
    j = i - shift
    return -j - 1 if j < 0 else 2 * size - 1 - j if j >= size else j


def without_first(i: int, shift: int, size: int) -> int:
    """Leave the first row or column out."""
    return i - shift if 0 < i - shift < size else PAPER


def from_the_end(i: int, shift: int, size: int) -> int:
    """Take what a negative index means, and paper beyond the last."""
    return (i - shift) % size if i - shift < size else PAPER


def to_the_end(i: int, shift: int, size: int) -> int:
    """Write to where a negative index points, and nowhere beyond the last."""
    j = (i - shift) % size
    return j if j + shift < size else PAPER


def only_forward(i: int, shift: int, size: int) -> int:
    """Move by positive numbers alone."""
    return from_paper(i, max(shift, 0), size)


def sizes(i: int, shift: int, size: int) -> int:
    """Move forward by the size of the number."""
    return from_paper(i, abs(shift), size)


def shifted(
    rows: Callable = from_paper, columns: Callable = from_paper, fill: float = 0, given: Callable = lambda r, d: (r, d)
) -> Callable:
    """Make a shift from where rows and columns come, what comes in, and what is done to right and down before."""

    def wrong(image: Array, right: int, down: int) -> Array:
        (H, W), (right, down) = image.shape, given(right, down)
        at = [rows(i, down, H) for i in range(H)], [columns(j, right, W) for j in range(W)]
        out = image[np.ix_(*at)].astype(float)
        out[np.array(at[0]) == PAPER] = fill
        out[:, np.array(at[1]) == PAPER] = fill
        return out

    return wrong


def left_behind(rows: bool = True, columns: bool = True) -> Callable:
    """Make a shift that leaves the old pixels in the rows and columns where nothing comes in."""

    def wrong(image: Array, right: int, down: int) -> Array:
        (H, W), out = image.shape, shifted()(image, right, down)
        no_row = np.array([from_paper(i, down, H) == PAPER for i in range(H)])
        no_column = np.array([from_paper(j, right, W) == PAPER for j in range(W)])
        stays = (no_row[:, None] & rows) | (no_column & columns)
        return np.where(stays, image, out)

    return wrong


def pasted(
    to: Callable = lambda s, n: slice(s, None), source: Callable = lambda s, n: slice(None, n - s), old: bool = False
) -> Callable:
    """Make a shift by two slices of a row's or a column's shift and size, into zeros or into the old image."""

    def wrong(image: Array, right: int, down: int) -> Array:
        H, W = image.shape
        out = image.copy() if old else np.zeros(image.shape)
        out[to(down, H), to(right, W)] = image[source(down, H), source(right, W)]
        return out

    return wrong


def wiped(side: Callable) -> Callable:
    """Make a shift that rolls around and wipes side(shift) of the rows and of the columns."""

    def wrong(image: Array, right: int, down: int) -> Array:
        out = np.roll(image, (down, right), axis=(0, 1))
        out[side(down)] = 0
        out[:, side(right)] = 0
        return out

    return wrong


def pixel_by_pixel(sign: int) -> Callable:
    """Make a shift that takes image[i + sign * down, j + sign * right], wherever that is."""

    def wrong(image: Array, right: int, down: int) -> Array:
        H, W = image.shape
        return np.array([[image[i + sign * down, j + sign * right] for j in range(W)] for i in range(H)])

    return wrong


def smeared(image: Array, right: int, down: int) -> Array:
    """Move row by row and column by column inside the image itself, so that what was moved is moved again."""
    out = image.astype(float)
    for moves, shift in ((out, down), (out.T, right)):
        size = len(moves)
        for i in range(size):
            moves[i] = moves[i - shift] if 0 <= i - shift < size else 0
    return out


def cut(image: Array, right: int, down: int) -> Array:
    """Return what is left of the image, without what comes in."""
    H, W = image.shape
    return image[max(-down, 0) : H - max(down, 0), max(-right, 0) : W - max(right, 0)]


def framed(image: Array, right: int, down: int) -> Array:
    """Return the whole image with the paper that comes in, larger than it was."""
    return np.pad(image, ((max(down, 0), max(-down, 0)), (max(right, 0), max(-right, 0))))
