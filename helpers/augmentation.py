"""Images moved, turned, zoomed and mirrored at random: data augmentation, as lesson 14 uses it.

An image is an array of shape (height, width), 0 for paper. All is done in one step, by one map from each new pixel to a
place in the old image, whose value is the weighted mean of the four pixels around it (bilinear). What leaves the frame
is lost; what comes in is paper.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.operands import as_count, positive

AT_ONE = {"shift": 2.0, "rotation": 10.0, "zoom": 0.1}  # of strength 1: pixels, degrees, parts of the size
KINDS = ("all", *AT_ONE, "flip")  # "all": shift, rotation and zoom, but no flip
AT_ONCE = 500  # images: more need more memory and are no quicker


class Moves(NamedTuple):
    """What is done to n images: arrays of shape (n,)."""

    right: NDArray  # pixels; negative: to the left
    down: NDArray  # pixels; negative: up
    degrees: NDArray  # counterclockwise, about the center
    zoom: NDArray  # 1.1: a tenth larger
    mirrored: NDArray  # booleans: left for right, before all else


def amounts(strength: float = 1.0, kind: str = "all") -> dict[str, float]:
    """Return the arguments of `deform` for a strength: 1 is up to 2 pixels, 10 degrees and 10 % of zoom.

    With a kind other than "all" only that is done. A flip knows no strength: mirrored or not, each with probability
    1/2, but not at all at strength 0.

    >>> amounts(0.5), amounts(2, "rotation"), amounts(3, "flip")
    ({'shift': 1.0, 'rotation': 5.0, 'zoom': 0.05}, {'rotation': 20.0}, {'flip': 0.5})
    """
    strength = positive(strength, "strength", or_zero=True)
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, found {kind!r}.")
    if kind == "flip":
        return {"flip": 0.5 if strength else 0.0}
    return {name: strength * most for name, most in AT_ONE.items() if kind in ("all", name)}


def deform(
    images: ArrayLike, rng: np.random.Generator, *, shift: float = 0, rotation: float = 0, zoom: float = 0,
    flip: float = 0,
) -> NDArray:  # fmt: skip
    """Return each image moved at random: see `draw_moves`. Shape and type stay, (n, height, width) of uint8 or floats.

    >>> sheet = np.arange(16.0).reshape(1, 4, 4)
    >>> deform(sheet, np.random.default_rng(0), shift=1, rotation=10).shape
    (1, 4, 4)
    """
    images = _images(images)
    return warp(images, draw_moves(len(images), rng, shift=shift, rotation=rotation, zoom=zoom, flip=flip))


def draw_moves(
    n: int, rng: np.random.Generator, *, shift: float = 0, rotation: float = 0, zoom: float = 0, flip: float = 0
) -> Moves:
    """Return random moves for n images, for each its own.

    Uniform: to the right and down from -shift to shift pixels, from -rotation to rotation degrees, zoom from 1 - zoom
    to 1 + zoom; `flip` is the probability that an image is mirrored. A generator in the same state draws moves in the
    same proportions whatever the amounts are, so that they can be compared.
    """
    n = as_count(n, "n")
    limits = [positive(most, name, or_zero=True) for name, most in
              (("shift", shift), ("shift", shift), ("rotation", rotation), ("zoom", zoom), ("flip", flip))]  # fmt: skip
    if limits[3] >= 1 or limits[4] > 1:
        raise ValueError(f"zoom must be below 1 and flip at most 1, found {limits[3]:g} and {limits[4]:g}.")
    right, down, degrees, size = (most * (2 * rng.random(n) - 1) for most in limits[:4])
    return Moves(right, down, degrees, 1 + size, rng.random(n) < limits[4])


def warp(images: ArrayLike, moves: Moves) -> NDArray:
    """Return each image moved as `moves` say; shape and type stay, (n, height, width) of uint8 or floats.

    >>> image = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> warp(image[None], Moves([1], [0], [0], [1], [False])).tolist()
    [[[0.0, 1.0], [0.0, 3.0]]]
    >>> warp(image[None], Moves([0], [0], [90], [1], [False])).round(6).tolist()
    [[[2.0, 4.0], [1.0, 3.0]]]
    """
    images = _images(images)
    moves = _moves(moves, len(images))
    if not len(images):
        return images.copy()
    parts = [slice(first, first + AT_ONCE) for first in range(0, len(images), AT_ONCE)]
    return np.concatenate([_warp(images[part], Moves(*(move[part] for move in moves))) for part in parts])


def ink_lost(images: ArrayLike, moves: Moves) -> NDArray:
    """Return the share of each image's ink that such moves carry out of its frame: shape (n,), 0 to 1.

    A pixel is out where its center is more than half a pixel beyond the outermost ones. 0 for an image without ink.
    """
    images = _images(images).astype(float)
    moves = _moves(moves, len(images))
    height, width = images.shape[1:]
    y, x = np.arange(height)[:, None] - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    right, down, zoom, cos, sin, sign = _parts(moves)
    new_x, new_y = zoom * (cos * sign * x + sin * y) + right, zoom * (cos * y - sin * sign * x) + down
    out = (np.abs(new_x) > width / 2 + 1e-9) | (np.abs(new_y) > height / 2 + 1e-9)
    total = images.sum(axis=(1, 2))
    return (images * out).sum(axis=(1, 2)) / np.where(total == 0, 1, total)


def _warp(images: NDArray, moves: Moves) -> NDArray:
    """Return a few images, moved."""
    n, height, width = images.shape
    y, x = np.arange(height)[:, None] - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    right, down, zoom, cos, sin, sign = _parts(moves)
    new_x, new_y = (x - right) / zoom, (y - down) / zoom
    column = sign * (cos * new_x - sin * new_y) + (width - 1) / 2  # the way back: where a new pixel comes from
    row = sin * new_x + cos * new_y + (height - 1) / 2
    paper = np.pad(images, ((0, 0), (1, 1), (1, 1))).reshape(-1)  # one pixel all around: no need to ask for edges
    (row, part_down), (column, part_right) = _split(row, height), _split(column, width)
    first = (np.arange(n)[:, None, None] * (height + 2) + row) * (width + 2) + column
    above = (1 - part_right) * paper[first] + part_right * paper[first + 1]
    below = (1 - part_right) * paper[first + width + 2] + part_right * paper[first + width + 3]
    found = (1 - part_down) * above + part_down * below
    return (np.rint(found) if images.dtype == np.uint8 else found).astype(images.dtype)


def _split(place: NDArray, size: int) -> tuple[NDArray, NDArray]:
    """Return the pixel before each place, counted with a pixel of paper in front, and how far beyond it the place is.

    What is further out than the paper around the image comes from that paper.
    """
    place = np.clip(place + 1, 0, size + 1)
    before = np.minimum(place.astype(int), size)
    return before, place - before


def _parts(moves: Moves) -> tuple[NDArray, ...]:
    """Return right, down, zoom, cosine, sine and the sign of x, each of shape (n, 1, 1)."""
    angle = np.deg2rad(moves.degrees)
    parts = moves.right, moves.down, moves.zoom, np.cos(angle), np.sin(angle), np.where(moves.mirrored, -1, 1)
    return tuple(part[:, None, None] for part in parts)


def _images(images: ArrayLike) -> NDArray:
    """Return images of shape (n, height, width), uint8 or floats, or raise ValueError."""
    array = np.asarray(images)
    if array.ndim != 3 or array.dtype.kind not in "fiub" or 0 in array.shape[1:]:
        one = ": one image is images[:1], a channel goes by images[..., 0]" if array.ndim in (2, 4) else ""
        raise ValueError(f"images must have shape (n, height, width), found {array.dtype} of {array.shape}{one}.")
    return array if array.dtype == np.uint8 or array.dtype.kind == "f" else array.astype(float)


def _moves(moves: Moves, n: int) -> Moves:
    """Return moves of n images as arrays, or raise ValueError."""
    arrays = [np.asarray(move, dtype=bool if name == "mirrored" else float)
              for name, move in zip(Moves._fields, moves, strict=True)]  # fmt: skip
    if any(array.shape != (n,) for array in arrays) or not all(np.isfinite(array).all() for array in arrays):
        found = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(f"moves must hold five arrays of shape ({n},), finite numbers, found {found}.")
    if (arrays[3] <= 0).any():
        raise ValueError(f"A zoom must be above 0, found {arrays[3].min():g}.")
    return Moves(*arrays)
