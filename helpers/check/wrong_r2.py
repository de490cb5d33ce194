"""Making wrong coefficients of determination, R², from y and y_hat."""

# ruff: noqa: E501 (hints are prose: one line each)

from collections.abc import Callable

import numpy as np

_Array = np.ndarray


def ratio(above: Callable, below: Callable) -> Callable:
    """Divide one function of y and y_hat by another."""
    return lambda y, y_hat: above(y, y_hat) / below(y, y_hat)


def left(y: _Array, y_hat: _Array) -> float:
    """Return the sum of squared errors."""
    return np.sum((y - y_hat) ** 2)


def total(y: _Array, y_hat: _Array) -> float:
    """Return the sum of squared distances from the mean of y."""
    return np.sum((y - np.mean(y)) ** 2)


def around(center: Callable) -> Callable:
    """Make a sum of squares around something else than the mean of y."""
    return lambda y, y_hat: np.sum((y - center(y, y_hat)) ** 2)


unexplained = ratio(left, total)


def right(y: _Array, y_hat: _Array) -> float:
    """Return R²."""
    return 1 - unexplained(y, y_hat)


def correlation(y: _Array, y_hat: _Array) -> float:
    """Return the correlation of y and y_hat."""
    return np.corrcoef(y, y_hat)[0, 1]


def less(share: Callable) -> Callable:
    """Take a share from 1."""
    return lambda y, y_hat: 1 - share(y, y_hat)


_N_ABOVE = "one side is a mean and the other a sum: either both are sums, or both are means"
_N_MINUS_1 = "np.var(y, ddof=1) divides by n - 1, the mean of the squares by n: the same on both sides"
SHARES: list[tuple[str, Callable]] = [  # what is taken from 1, or forgotten to be
    ("the mean of y_hat stands below: it is the mean of y, what a model without x would say", ratio(left, around(lambda y, y_hat: np.mean(y_hat)))),
    ("the spread of y_hat stands below: it is that of y, which a model without x leaves", lambda y, y_hat: left(y, y_hat) / np.sum((y_hat - np.mean(y)) ** 2)),
    ("the distances below are summed first, which gives 0: square each one, then sum", lambda y, y_hat: left(y, y_hat) / np.sum(y - np.mean(y)) ** 2),
    ("the arguments are exchanged: y is the truth, and its spread stands below", lambda y, y_hat: unexplained(y_hat, y)),
    ("absolute values stand for the squares", lambda y, y_hat: np.sum(np.abs(y - y_hat)) / np.sum(np.abs(y - np.mean(y)))),
    ("the mean of y is not subtracted below: the spread is around it", ratio(left, around(lambda y, y_hat: 0))),
    ("the median stands below: it is the mean of y", ratio(left, around(lambda y, y_hat: np.median(y)))),
    ("upside down: the errors stand above, the spread of y below", ratio(total, left)),
    ("roots are taken: the sums of squares themselves are divided", lambda y, y_hat: np.sqrt(unexplained(y, y_hat))),
    ("below stands the spread of y, not the root of it", lambda y, y_hat: left(y, y_hat) / np.sqrt(total(y, y_hat))),
    (_N_ABOVE, lambda y, y_hat: unexplained(y, y_hat) / len(y)),
    (_N_ABOVE, lambda y, y_hat: unexplained(y, y_hat) * len(y)),
    (_N_MINUS_1, lambda y, y_hat: unexplained(y, y_hat) * (len(y) - 1) / len(y)),
    (_N_MINUS_1, lambda y, y_hat: unexplained(y, y_hat) / (len(y) - 1) * len(y)),
    ("a sum over squares is divided by the deviation, which is a root of a mean", lambda y, y_hat: np.mean((y - y_hat) ** 2) / np.std(y)),
    ("the spread of the errors around their own mean hides a bias: the errors themselves are squared", lambda y, y_hat: np.var(y - y_hat) / np.var(y)),
    ("summed first, squared afterwards: square each error, then sum", lambda y, y_hat: np.sum(y - y_hat) ** 2 / total(y, y_hat)),
]  # fmt: skip
