"""How good predictions are, and how sure we can be of it: r2 is taught in lesson 07, all the rest in lesson 09."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.operands import as_size

Z95 = 1.96  # that many standard errors to each side hold 95 % of a normal distribution


def r2(y: ArrayLike, y_hat: ArrayLike) -> float:
    """Return 1 - sum((y - y_hat)^2) / sum((y - mean(y))^2), R squared; y and y_hat have one shape, (n,) or (n, 1).

    1 is perfect, 0 as good as predicting the mean of y for every row, and below 0 worse than that.

    >>> r2([1, 2, 3], [1, 2, 3]), r2([1, 2, 3], [2, 2, 2]), r2([1, 2, 3], [3, 2, 1])
    (1.0, 0.0, -3.0)
    """
    y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat, dtype=float)
    if y.shape != y_hat.shape:
        hint = ": a model's predictions (n, 1) become (n,) by y_hat[:, 0]" if y.size == y_hat.size else ""
        raise ValueError(f"y has shape {y.shape}, y_hat has shape {y_hat.shape}: they must be the same{hint}.")
    if y.ndim == 0 or y.size != len(y):
        raise ValueError(f"y and y_hat must hold one number for each row, shape (n,) or (n, 1), found {y.shape}.")
    total = np.sum((y - y.mean()) ** 2) if y.size else 0.0
    if total == 0 or np.ptp(y) == 0:
        raise ValueError("y must hold two different numbers at least: R squared is a share of how much y varies.")
    return float(1 - np.sum((y - y_hat) ** 2) / total)


def confusion_matrix(labels: ArrayLike, predicted: ArrayLike, num_classes: int) -> NDArray:
    """Return how often each class (row) was taken for each class (column): counts of shape (K, K), int64.

    labels and predicted are whole numbers from 0 to num_classes - 1, of shape (n,).

    >>> confusion_matrix([0, 0, 1, 2], [0, 1, 1, 1], 3).tolist()
    [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    """
    num_classes = as_size(num_classes, "num_classes")
    labels, predicted = _classes(labels, "labels", num_classes), _classes(predicted, "predicted", num_classes)
    if len(labels) != len(predicted):
        raise ValueError(f"There are {len(labels)} labels and {len(predicted)} predictions: they must be as many.")
    matrix = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(matrix, (labels, predicted), 1)  # matrix[labels, predicted] += 1 would count a repeated pair once
    return matrix


def precision_recall(matrix: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return each class's precision and recall, both of shape (K,), from a confusion matrix.

    A row is a true class, a column a predicted one. Precision: of what was taken for the class, the share that is of
    it. Recall: of what is of the class, the share that was found. 0 where there is nothing to take a share of.

    >>> [share.tolist() for share in precision_recall([[3, 1], [0, 4]])]
    [[1.0, 0.8], [0.75, 1.0]]
    """
    matrix = _counts(matrix)
    right = np.diagonal(matrix)
    return _share(right, matrix.sum(axis=0)), _share(right, matrix.sum(axis=1))


def f1_scores(matrix: ArrayLike) -> NDArray:
    """Return each class's F1, shape (K,): the harmonic mean of its precision and recall, 0 where both are 0.

    Their mean over the classes is called macro F1.

    >>> f1_scores([[3, 1], [0, 4]]).round(4).tolist()
    [0.8571, 0.8889]
    """
    matrix = _counts(matrix)
    return _share(2 * np.diagonal(matrix), matrix.sum(axis=0) + matrix.sum(axis=1))


def accuracy_interval(num_right: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return p - h and p + h: the accuracy p = num_right / n, and h = z * sqrt(p (1 - p) / n), z standard errors.

    About 95 % of such intervals hold the accuracy on all digits of this kind. That is the normal approximation, also
    named after Wald. It is poor where fewer than about ten are right or fewer than about ten are wrong: it may reach
    beyond 0 or 1, and with none wrong it has no width at all. Better there: the interval of Wilson (1927).

    >>> low, high = accuracy_interval(980, 1000)
    >>> round(low, 4), round(high, 4)
    (0.9713, 0.9887)
    """
    if n < 1 or not 0 <= num_right <= n:
        raise ValueError(f"num_right must be a count from 0 to n, and n 1 or more, found {num_right} and {n}.")
    _positive(z)
    p = num_right / n
    half_width = z * np.sqrt(p * (1 - p) / n)
    return float(p - half_width), float(p + half_width)


def paired_difference(right_1: ArrayLike, right_2: ArrayLike, z: float = Z95) -> tuple[float, float]:
    """Return by how much the second accuracy exceeds the first on the same n digits, and z standard errors of that.

    right_1 and right_2, shape (n,), say for each digit whether it is right: `predicted == labels`. Digits that both
    models have right, or both wrong, cancel: only those on which they differ decide. The standard deviation divides
    by n, as accuracy_interval's does; where next to no digits differ, it is as poor as that one is.

    >>> difference, half_width = paired_difference([1] * 90 + [0] * 10, [1] * 94 + [0] * 6)
    >>> round(difference, 4), round(half_width, 4)
    (0.04, 0.0384)
    """
    right_1, right_2 = _right(right_1, "right_1"), _right(right_2, "right_2")
    if len(right_1) != len(right_2):
        raise ValueError(f"right_1 has {len(right_1)} digits, right_2 has {len(right_2)}: take the same ones.")
    _positive(z)
    gain = right_2 - right_1
    return float(gain.mean()), float(z * gain.std() / np.sqrt(len(gain)))


def _classes(values: ArrayLike, name: str, num_classes: int) -> NDArray:
    """Return whole numbers from 0 to num_classes - 1, shape (n,), or raise ValueError."""
    values = np.asarray(values)
    if values.ndim == 2 and values.shape[1] == num_classes > 1:
        raise ValueError(f"{name} has a row of {num_classes} for each sample: .argmax(axis=1) makes it whole numbers.")
    if values.ndim != 1 or values.dtype.kind not in "iu":
        raise ValueError(f"{name} must be whole numbers of shape (n,), found {values.dtype} of shape {values.shape}.")
    if values.size and not (values.min() >= 0 and values.max() < num_classes):
        raise ValueError(f"{name} must be 0 to {num_classes - 1}, found {values.min()} to {values.max()}.")
    return values


def _counts(matrix: ArrayLike) -> NDArray:
    """Return a confusion matrix, shape (K, K), or raise ValueError."""
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"A confusion matrix has shape (K, K), K classes, found {matrix.shape}.")
    if matrix.dtype.kind not in "iuf" or not (matrix >= 0).all():
        raise ValueError("A confusion matrix holds counts, 0 or more.")
    return matrix.astype(float)


def _share(part: NDArray, whole: NDArray) -> NDArray:
    """Return part / whole, 0 where whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0)


def _right(values: ArrayLike, name: str) -> NDArray:
    """Return 1 for right and 0 for wrong, shape (n,), or raise ValueError."""
    values = np.asarray(values)
    if values.ndim != 1 or values.size == 0 or values.dtype.kind not in "buif":
        raise ValueError(f"{name} must be True or False for each digit, shape (n,), found shape {values.shape}.")
    values = values.astype(float)
    if not ((values == 0) | (values == 1)).all():
        raise ValueError(f"{name} must hold True or False, or 1 or 0, such as predicted == labels.")
    return values


def _positive(z: float) -> None:
    if not z > 0:
        raise ValueError(f"z must be above 0, 1.96 for 95 %, found {z}.")
