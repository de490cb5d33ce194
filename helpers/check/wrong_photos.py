"""Making measures of photos and of their network with one thing wrong: pixels, class weights, recalls, class maps."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import numpy as np

from helpers.check.wrong import then

Array = np.ndarray


def rounded(right: Callable, *decimals: int) -> list[Callable]:
    """Make functions that round what a function returns, each to another number of decimals.

    >>> [float(wrong(0.123)) for wrong in rounded(lambda x: 2 * x, 1, 2)]
    [0.2, 0.25]
    """
    return [then(right, partial(np.round, decimals=d)) for d in decimals]


# Pixels


def scaled(divisor: float, shift: float) -> Callable:
    """Make pixels / divisor + shift, in floats.

    >>> scaled(127.5, -1)(np.array([0, 255], np.uint8)).tolist()
    [-1.0, 1.0]
    """
    return lambda photos: photos.astype(float) / divisor + shift


def channel_by_channel(mean: list[float], std: list[float], scale: float = 1, turned: bool = False) -> Callable:
    """Make pixels * scale minus a mean and divided by a deviation for each color, red first or blue first."""
    return lambda photos: ((photos[..., ::-1] if turned else photos) * float(scale) - mean) / std


def standardized(axis: int | tuple[int, ...] | None, divide: bool = True) -> Callable:
    """Make pixels minus their mean along axes, and divided by their deviation there."""

    def wrong(photos: Array) -> Array:
        off = photos - photos.mean(axis=axis, keepdims=True)
        return off / photos.std(axis=axis, keepdims=True) if divide else off

    return wrong


def stretched(axis: int | tuple[int, ...] | None, low: float = -1, from_zero: bool = False) -> Callable:
    """Make pixels that go from low to 1, whatever the darkest (or 0) and the brightest along axes are."""

    def wrong(photos: Array) -> Array:
        darkest = 0.0 if from_zero else photos.min(axis=axis, keepdims=True).astype(float)
        return (photos - darkest) / (photos.max(axis=axis, keepdims=True) - darkest) * (1 - low) + low

    return wrong


def in_place(divisor: float) -> Callable:
    """Make a division that writes into the array of whole numbers, which NumPy refuses."""

    def wrong(photos: Array) -> Array:
        photos /= divisor
        return photos

    return wrong


# Weights of classes


def weighted(weight: Callable) -> Callable:
    """Make class weights from what is known: weight(v) with counts, n, k and labels.

    >>> weighted(lambda v: v.n / (v.k * v.counts))(np.array([0, 0, 0, 1]), 2).round(2).tolist()
    [0.67, 2.0]
    """

    def wrong(labels: Array, num_classes: int) -> Array:
        counts = np.bincount(labels, minlength=num_classes)
        return weight(SimpleNamespace(counts=counts, n=len(labels), k=num_classes, labels=labels))

    return wrong


def balanced(v: SimpleNamespace) -> Array:
    """Return the right weights: n / (k * counts)."""
    return v.n / (v.k * v.counts)


def order_of_appearance(v: SimpleNamespace) -> Array:
    """Return the right weights in the order in which the classes occur first."""
    return balanced(v)[list(dict.fromkeys(v.labels.tolist()))]


# Recalls


def of_rows(value: Callable) -> Callable:
    """Make a measure of each class's recall and of how often it occurs: value(recalls, occurs)."""
    return lambda confusion: value(np.diagonal(confusion) / confusion.sum(axis=1), confusion.sum(axis=1))


def divided_each_time(values: Array, n: Array | None = None) -> Array:
    """Add values up along the first axis, and divide by their number after each, as inside a loop.

    >>> float(divided_each_time(np.array([1.0, 1.0])))
    0.75
    """
    total = 0.0
    for value in values:
        total = (total + value) / len(values)
    return total


def one_against_rest(confusion: Array) -> tuple[Array, Array, Array, Array]:
    """Return the true positives, false negatives, false positives and true negatives of each class."""
    tp = np.diagonal(confusion)
    fn, fp = confusion.sum(axis=1) - tp, confusion.sum(axis=0) - tp
    return tp, fn, fp, confusion.sum() - tp - fn - fp


def of_four(value: Callable) -> Callable:
    """Make the mean over the classes of value(tp, fn, fp, tn)."""
    return lambda confusion: np.mean(value(*one_against_rest(confusion)))


# Maps


def mapped(change: Callable = lambda out: out, of_class: Callable = lambda weights, k: weights[:, k]) -> Callable:
    """Make a class map with weights taken otherwise, or with something done to the map.

    >>> mapped()(np.ones((1, 2, 3)), np.arange(6.0).reshape(3, 2), 1).tolist()
    [[9.0, 9.0]]
    """
    return lambda features, weights, k: change(features @ of_class(weights, k))


def by_channel(change: Callable) -> Callable:
    """Make something of the products of features and weights, channel by channel: change(products)."""
    return lambda features, weights, k: change(features * weights[:, k])


def cut_each_time(products: Array) -> Array:
    """Add products up along the last axis, and cut the fractions off after each, as an array of whole numbers does."""
    total = np.zeros(products.shape[:-1])
    for c in range(products.shape[-1]):
        total = np.trunc(total + products[..., c])
    return total


def all_classes(change: Callable) -> Callable:
    """Make something of the maps of all classes: change(maps, k), maps of shape (h, w, num_classes)."""
    return lambda features, weights, k: change(features @ weights, k)


def softmax(values: Array, axis: int | None = None) -> Array:
    """Return exp of the values over its sum along an axis, or over all.

    >>> softmax(np.array([3.0, 3.0])).tolist()
    [0.5, 0.5]
    """
    e = np.exp(values - values.max())
    return e / e.sum(axis=axis, keepdims=axis is not None)


def normalized(out: Array) -> Array:
    """Stretch a map from 0 to 1."""
    return (out - out.min()) / np.ptp(out)
