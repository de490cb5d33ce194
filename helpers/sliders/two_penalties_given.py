"""What the explorer of two penalties is given: two columns and what they are to give, checked (lesson 13)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_array, floats, numbers, shape_of

MOST = 1e6  # the largest number
WIDER = 3  # times as wide one column may be as the other
ALIKE = 0.98  # the largest correlation of the columns


def checked_columns(X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return X, shape (m, 2), and y, (m,), both centered, or raise ValueError."""
    array = as_array(y)
    y = numbers(array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else y, "y", 1, MOST)
    found = floats(X, "X")
    if found.ndim != 2 or found.shape[1] != 2 or not len(found):
        raise ValueError(f"X must have shape (m, 2), two columns and no ones, found {shape_of(found, X)}")
    X = numbers(found, "X", 2, MOST)
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y {len(y)} values: they must be as many")
    if len(X) < 3:
        raise ValueError(f"X must have 3 rows or more, found {len(X)}")
    X, y = X - X.mean(axis=0), y - y.mean()
    widths = X.std(axis=0)
    if widths.min() == 0 or widths.max() > WIDER * widths.min():
        raise ValueError(
            f"the columns of X must be about as wide as each other, found standard deviations of {widths[0]:.3g} and "
            f"{widths[1]:.3g}: (X - X.mean(axis=0)) / X.std(axis=0) makes them so, unless one is constant"
        )
    if (alike := abs(np.mean(X[:, 0] * X[:, 1]) / widths.prod())) > ALIKE:
        raise ValueError(
            f"the columns of X must differ more: their correlation is {alike:.3f} in size, at most {ALIKE} is taken"
        )
    if np.abs(X.T @ y).max() <= 1e-9 * len(y) * widths.max() * max(y.std(), 1e-300):
        raise ValueError("y must depend on a column of X: here the best weights are 0 already")
    return X, y
