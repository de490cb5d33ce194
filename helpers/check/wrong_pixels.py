"""Making wrong ways from images to rows of numbers, and wrong ways of asking a model about one image."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from helpers.check.engine import Slip
from helpers.check.slips import both

_Array = np.ndarray


def rows(images: _Array) -> _Array:
    """Lay each image into a row, (n, height * width)."""
    return images.reshape(len(images), -1)


def divided(images: _Array) -> _Array:
    """Bring the numbers between 0 and 1."""
    return images / 255


def prepared(layout: Callable = rows, scale: Callable = divided) -> Callable:
    """Make a preparation of images with another layout or another scale."""
    return lambda images: layout(scale(images))


def every_preparation(layouts: Sequence[tuple[str, Callable]], scales: Sequence[tuple[str, Callable]]) -> list[Slip]:
    """Combine wrong layouts with wrong scales, each alone and any two together."""
    pairs = product([("", rows), *layouts], [("", divided), *scales])
    return [Slip(both(a, b), prepared(layout, scale)) for (a, layout), (b, scale) in pairs if a or b]


def one_row(image: _Array) -> _Array:
    """Make a batch of one image, as a model wants it."""
    return image.reshape(1, -1) / 255


def asked(make: Callable = one_row, take: Callable = lambda p: p) -> Callable:
    """Make a reading of one image from other inputs, or with something else taken from the ten probabilities."""
    return lambda model, image: take(np.asarray(model(make(image)))[0])


def with_batch(reading: Callable) -> Callable:
    """Make a reading that leaves the axis of the batch in its outcome, (1, 10)."""
    return lambda model, image: np.asarray(reading(model, image))[None]
