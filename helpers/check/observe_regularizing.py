"""Watching answers of lesson 14: random numbers of their own, images that lost their labels, names beside numbers."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, Unreadable, to_numbers
from helpers.check.unwritten import is_unwritten

OWN = (
    "the result does not follow u: u holds the random numbers already, so drop where u is below the rate, "
    "and draw none of your own"
)
TORN = (
    "the images and the labels are there, but torn from each other: the images come as one block behind the other, "
    "so the labels do too, np.concatenate([y_train, y_train]). (np.repeat sets the two of an image side by side, "
    "and who shuffles shuffles both with the same order)"
)
PAIRS = "two pairs came back: return the four arrays side by side, x_train, y_train, x_val, y_val"
NAME_ALONE = "the name alone came back: its lead is asked too, return name, lead"

_rng = np.random.RandomState(14)
_probe, _u, _other = np.linspace(1, 2, 256).reshape(16, 16), _rng.rand(16, 16), _rng.rand(16, 16)


def following_u(answer: Callable, x: np.ndarray, u: np.ndarray, rate: float, *rest: Any) -> Any:
    """Run a dropout, or its gradient. Raises Mismatch where what is dropped does not come from u."""
    try:
        first, again, third = (to_numbers(answer(_probe.copy(), v.copy(), 0.5, *rest)) for v in (_u, _u, _other))
    except Exception:  # the case itself will tell
        return answer(x, u, rate, *rest)
    own = not np.array_equal(first, again, equal_nan=True)
    if own or (0 < np.mean(first == 0) < 1 and np.array_equal(first, third)):
        raise Mismatch(OWN)
    return answer(x, u, rate, *rest)


def in_any_order(answer: Callable, x_train: np.ndarray, y_train: np.ndarray, *rest: Any) -> Any:
    """Run an answer that enlarges a training set and put its training rows, image with label, into a fixed order.

    Raises Mismatch where two pairs come back, and where the right images have each other's labels.
    """
    stored = x_train.copy(), y_train.copy(), rest[-1](x_train.copy())
    found = answer(x_train, y_train, *rest)
    if is_unwritten(found):
        return ...
    found = list(islice(found, 9)) if isinstance(found, Iterator) else found
    if not isinstance(found, (tuple, list)):
        return found
    if len(found) == 2 and all(isinstance(part, (tuple, list)) and len(part) == 2 for part in found):
        raise Mismatch(PAIRS)
    if len(found) != 4:
        return found
    try:
        x, y = to_numbers(found[0]), to_numbers(found[1])
    except Unreadable:
        return found
    x, y = _sorted(x, y)
    _see_that_labels_belong(x, y, *stored)
    return [x, y, *found[2:]]


def _sorted(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sort rows by their image, then by their label; each alone where they are not as many."""
    if x.ndim < 2 or y.ndim != 1:
        return x, y
    rows = x.reshape(len(x), -1)
    if len(x) != len(y):
        return x[np.lexsort(rows.T)] if rows.size else x, np.sort(y)
    order = np.lexsort(np.column_stack([y, rows]).T)
    return x[order], y[order]


def _see_that_labels_belong(x: np.ndarray, y: np.ndarray, old: np.ndarray, labels: np.ndarray, new: np.ndarray) -> None:
    """Raise Mismatch where images and labels are all there, sorted as above, but not each beside its own."""
    if x.shape != (2 * len(old), *old.shape[1:]) or y.shape != (len(x),):
        return
    images, right = _sorted(np.concatenate([old, new]).astype(float), np.concatenate([labels, labels]).astype(float))
    same_images = np.allclose(x, images, rtol=1e-5, atol=1e-5)
    if same_images and np.array_equal(np.sort(y), np.sort(right)) and not np.array_equal(y, right):
        raise Mismatch(TORN)


def with_name(answer: Callable, *arguments: Any) -> Any:
    """Run an answer that returns a name and a number; a name may come in an array of one.

    Raises Mismatch where a text alone comes back, or a dict.

    >>> with_name(lambda: (np.array(["dropout"]), 2.0))
    ['dropout', 2.0]
    """
    found = answer(*arguments)
    if is_unwritten(found):
        return ...
    if isinstance(found, str):
        raise Mismatch(NAME_ALONE)
    if isinstance(found, dict):
        raise Mismatch("a dict came back: return the name and the lead themselves, the name first")
    if isinstance(found, Iterator) or (isinstance(found, np.ndarray) and found.ndim == 1):
        found = list(islice(found, 9))
    return [_as_text(part) for part in found] if isinstance(found, (tuple, list)) else found


def _as_text(part: Any) -> Any:
    if isinstance(part, (str, np.ndarray, list, tuple)) and np.size(part) == 1:
        inside = part if isinstance(part, str) else np.asarray(part, dtype=object).ravel()[0]
        return str(inside) if isinstance(inside, str) else part
    return part
