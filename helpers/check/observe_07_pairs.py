"""Watching answers of lesson 07: pairs that come out in other forms, and predictions in a column."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, Unreadable, to_numbers
from helpers.check.observe_network import fitting
from helpers.check.unwritten import holds_ellipsis, is_unwritten

ONE_THING = "one thing came out where a pair is expected: return theta, losses"
ONE_ARRAY = "one array came out where two are expected: both x and y_hat, each in the order that np.argsort(x) gives"
PAIRS = "these are pairs of a point each: a plot wants all x first, then all y. zip(*pairs) turns them"


def fitted(answer: Callable, *arguments: Any) -> Any:
    """Run a fit. Raises Mismatch where theta or the losses come out alone."""
    found = fitting(answer, *arguments)
    if is_unwritten(found):
        return found
    if isinstance(found, Iterator):
        found = list(islice(found, 10))
    if isinstance(found, np.ndarray) or _holds_numbers(found):
        raise Mismatch(ONE_THING)
    return found


def _holds_numbers(found: Any) -> bool:
    """Whether this is a list of bare numbers, and no pair of them."""
    return isinstance(found, (tuple, list)) and len(found) != 2 and all(np.ndim(part) == 0 for part in found)


def drawable(answer: Callable, x: np.ndarray, y_hat: np.ndarray) -> Any:
    """Run an answer that sorts a line: a table of two rows, a zip and a map are a pair too.

    Raises Mismatch where one array, or pairs of numbers, came out.

    >>> [part.tolist() for part in drawable(lambda x, y: np.array([x, y]), np.arange(3), np.ones(3))]
    [[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]]
    """
    found = answer(x, y_hat)
    if is_unwritten(found):
        return found
    if isinstance(found, Iterator):
        found = list(islice(found, len(x) + 1))
    if len(x) <= 2 or not isinstance(found, (tuple, list, np.ndarray)):
        return found
    if _is_stub(answer, x, found):
        return ...
    try:
        shape = to_numbers(found).shape
    except Unreadable:
        return found
    if shape == (len(x),):
        raise Mismatch(ONE_ARRAY)
    if shape == (len(x), 2):
        raise Mismatch(PAIRS)
    return list(found) if len(found) == 2 else found


def _is_stub(answer: Callable, x: np.ndarray, found: Any) -> bool:
    """Whether `order = ...` still stands: x[...] is x as it was, and no error."""
    unsorted = np.any(np.diff(x) < 0)
    return bool(unsorted and len(found) == 2 and holds_ellipsis(answer) and np.array_equal(found[0], x))


def flat(answer: Callable, *arguments: Any) -> Any:
    """Run an answer; a column (n, 1) stands for its n numbers."""
    found = fitting(answer, *arguments)
    if is_unwritten(found):
        return found
    try:
        numbers = to_numbers(found)
    except Unreadable:
        return found
    if numbers.ndim != 2 or numbers.shape[1] != 1:
        return found
    return found.reshape(-1) if isinstance(found, np.ndarray) else numbers.ravel()
