"""How data are split into parts, and read in batches."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.data.base import Pair
from helpers.operands import as_size


def split_validation(x: ArrayLike, y: ArrayLike, *, per_class: int = 80) -> tuple[Pair, Pair]:
    """Return `(x_train, y_train), (x_val, y_val)`: the last `per_class` of each class become the validation set.

    `y` holds whole-number labels, shape (n,); `x` has n rows. Both parts keep their order, and nothing is random. With
    load_mnist's 4,000 this leaves 3,200 to train on and 800 to decide on.

    >>> (x_train, y_train), (x_val, y_val) = split_validation([10, 11, 12, 13], [0, 1, 0, 1], per_class=1)
    >>> x_train.tolist(), x_val.tolist()
    ([10, 11], [12, 13])
    """
    x, y = np.asarray(x), np.asarray(y)
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise ValueError(f"y must be whole-number labels of shape (n,), found {y.dtype} of shape {y.shape}.")
    if len(np.atleast_1d(x)) != len(y):
        raise ValueError(f"x has {len(np.atleast_1d(x))} rows, y has {len(y)} labels: they must be as many.")
    if per_class < 1:
        raise ValueError(f"per_class must be 1 or more, found {per_class}.")
    held_out = np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        if len(rows) <= per_class:
            raise ValueError(f"Class {label} has {len(rows)} rows: holding out {per_class} leaves none to train on.")
        held_out[rows[-per_class:]] = True
    return (x[~held_out], y[~held_out]), (x[held_out], y[held_out])


def minibatches(X: ArrayLike, y: ArrayLike, batch_size: int, rng: np.random.Generator) -> Iterator[Pair]:
    """Yield (X_batch, y_batch) until every row was read once, in a new random order; taught in lesson 03.

    X and y have n rows each and any further shape; the last batch is short where batch_size does not divide n. `rng` is
    what `np.random.default_rng(seed)` returns: hand the same one over for every epoch.

    >>> rng = np.random.default_rng(0)
    >>> [len(y_batch) for X_batch, y_batch in minibatches(np.ones((5, 2)), np.ones(5), 2, rng)]
    [2, 2, 1]
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(f"X and y must have one row each for every sample, found the shapes {X.shape} and {y.shape}.")
    batch_size = as_size(batch_size, "batch_size")
    if not hasattr(rng, "permutation"):
        raise TypeError(f"rng must be a generator such as np.random.default_rng(0), found {rng!r}.")
    return _batches(X, y, batch_size, rng.permutation(len(y)))


def _batches(X: NDArray, y: NDArray, batch_size: int, order: NDArray) -> Iterator[Pair]:
    for first in range(0, len(order), batch_size):
        batch = order[first : first + batch_size]
        yield X[batch], y[batch]
