"""Making wrong scalings of a table, and wrong predictions from one, each with its hint."""

# ruff: noqa: E501 (hints are prose: one line each)

from collections.abc import Callable

import numpy as np

_Array = np.ndarray


def scaled(x_new: _Array, mean: _Array, std: _Array) -> _Array:
    """Standardize, which is right."""
    return (x_new - mean) / std


def own(table: _Array, axis: int | None = 0) -> _Array:
    """Standardize a table with its own mean and deviation."""
    return scaled(table, table.mean(axis=axis, keepdims=True), table.std(axis=axis, keepdims=True))


def own_or_0(table: _Array) -> _Array:
    """Standardize a table with its own mean and deviation; a column without any spread becomes 0, as in scikit-learn."""
    std = table.std(axis=0)
    return scaled(table, table.mean(axis=0), np.where(std > 0, std, 1))


SCALED: list[tuple[str, Callable]] = [  # wrong, from table, mean and deviation
    ("not divided by the deviation", lambda x, mean, std: x - mean),
    ("the mean is not subtracted", lambda x, mean, std: x / std),
    ("divided by the deviation twice, or by the variance: once is enough", lambda x, mean, std: (x - mean) / std**2),
    ("multiplied by the deviation: divide by it", lambda x, mean, std: (x - mean) * std),
    ("the mean is added: subtract it", lambda x, mean, std: (x + mean) / std),
    ("divided before the mean is subtracted: subtract it first, in parentheses", lambda x, mean, std: x / std - mean),
    ("the parentheses are missing: x - mean / std divides the mean alone", lambda x, mean, std: x - mean / std),
    ("divided by the mean: the deviation stands below", lambda x, mean, std: (x - mean) / mean),
    ("the sign: the mean is taken from x, not x from the mean", lambda x, mean, std: (mean - x) / std),
    ("mean and std are exchanged", lambda x, mean, std: (x - std) / mean),
    ("the root of the deviation is one too many", lambda x, mean, std: (x - mean) / np.sqrt(std)),
]  # fmt: skip


def predicted(scale: Callable = scaled, weigh: Callable = lambda z, w, b: z @ w + b) -> Callable:
    """Make predictions with another scaling, or with another line."""
    return lambda x_new, mean, std, w, b: weigh(scale(x_new, mean, std), w, b)


def with_own(scale: Callable) -> Callable:
    """Make a scaling that takes mean and deviation from the table itself."""
    return lambda x, mean, std: scale(x, x.mean(axis=0), x.std(axis=0))


def spread(z: _Array, w: _Array, b: float) -> _Array:
    """Multiply by the weights without adding up over the columns."""
    return z * w + b


_UNSCALED = "normalization forgotten at prediction: the weights belong to (x - mean) / std"
PREPARED: list[tuple[str, Callable]] = [
    ("", scaled),
    (_UNSCALED, lambda x, mean, std: x),
    (
        "scaled with x_new's own mean and deviation, where a single row gives 0/0: take those handed over",
        with_own(scaled),
    ),
    *SCALED,
]
WEIGHED: list[tuple[str, Callable]] = [
    ("", lambda z, w, b: z @ w + b),
    ("b is missing", lambda z, w, b: z @ w),
    ("b is subtracted: add it", lambda z, w, b: z @ w - b),
    ("one number for each column still: add up over the columns, z @ w", spread),
    ("b is added once for each column: add it once for each row", lambda z, w, b: np.sum(z * w + b, axis=1)),
    ("averaged over the columns: add them up, z @ w", lambda z, w, b: np.mean(z * w, axis=1) + b),
    ("w is divided by, where it multiplies", lambda z, w, b: np.sum(z / w, axis=1) + b),
    ("w is missing: each column has its weight, z @ w", lambda z, w, b: np.sum(z, axis=1) + b),
    ("b multiplies: it is added", lambda z, w, b: (z @ w) * b),
    ("b joins before the weights: it is added after z @ w", lambda z, w, b: (z + b) @ w),
]
