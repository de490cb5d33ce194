"""Making measures of predictions with one thing wrong: counts of what is taken for what, and shares of them."""

from collections.abc import Callable

import numpy as np

from helpers.metrics import confusion_matrix

Array = np.ndarray

# Counts


def counts(change: Callable) -> Callable:
    """Do something to the counts: change(matrix, labels, predicted)."""
    return lambda labels, predicted, k: change(confusion_matrix(labels, predicted, k), labels, predicted)


def once(rows: Callable = lambda t, p: t, columns: Callable = lambda t, p: p, more: int = 0) -> Callable:
    """Make counts in which each pair counts once, however often it occurs, as `matrix[rows, columns] += 1` does."""

    def wrong(labels: Array, predicted: Array, k: int) -> Array:
        matrix = np.zeros((k + more, k + more))
        matrix[rows(labels, predicted), columns(labels, predicted)] += 1
        return matrix

    return wrong


def at(rows: Callable = lambda t, p: t, columns: Callable = lambda t, p: p, more: int = 0) -> Callable:
    """Make counts that count each pair at another place, or in a larger table."""

    def wrong(labels: Array, predicted: Array, k: int) -> Array:
        matrix = np.zeros((k + more, k + more))
        np.add.at(matrix, (rows(labels, predicted), columns(labels, predicted)), 1)
        return matrix

    return wrong


def of_classes(value: Callable) -> Callable:
    """Make counts class by class: value(labels, predicted, i, j) stands in row i and column j."""
    return lambda labels, predicted, k: np.array([[value(labels, predicted, i, j) for j in range(k)] for i in range(k)])


def in_one_list(labels: Array, predicted: Array, k: int) -> Array:
    """Count in `[[0] * k] * k`, which holds one row k times."""
    return np.tile(np.bincount(predicted, minlength=k), (k, 1))


def without_minlength(labels: Array, predicted: Array, k: int) -> Array:
    """Count pairs by their numbers, up to the largest one that occurs."""
    return np.bincount(labels.astype(int) * k + predicted).reshape(k, k)


def seen(labels: Array, predicted: Array, k: int) -> Array:
    """Count the classes that occur in the labels or among the predictions alone."""
    kept = np.union1d(labels, predicted)
    return confusion_matrix(labels, predicted, k)[np.ix_(kept, kept)]


def seen_apart(labels: Array, predicted: Array, k: int) -> Array:
    """Count with a row for each label that occurs, and a column for each prediction that occurs."""
    return confusion_matrix(labels, predicted, k)[np.ix_(np.unique(labels), np.unique(predicted))]


def whole_rows(labels: Array, predicted: Array, k: int) -> Array:
    """Count with an array of two rows as the index, which raises whole rows of the matrix."""
    matrix = np.zeros((k, k))
    np.add.at(matrix, np.array([labels, predicted]), 1)
    return matrix


def over_classes(labels: Array, predicted: Array, k: int) -> Array:
    """Count in a loop over the classes, as if they were the samples."""
    matrix = np.zeros((k, k))
    for i in range(k):
        matrix[labels[i], predicted[i]] += 1
    return matrix


# Shares


def share(part: Array, whole: Array) -> Array:
    """Return part / whole, 0 where whole is 0.

    >>> share(np.array([1, 0]), np.array([4, 0])).tolist()
    [0.25, 0.0]
    """
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole != 0)


def raw(part: Array, whole: Array) -> Array:
    """Return part / whole as NumPy gives it, nan for 0/0."""
    with np.errstate(all="ignore"):
        return np.asarray(part, float) / whole


def filled(value: float) -> Callable:
    """Make a share that is something else than 0 where whole is 0."""
    return lambda part, whole: np.where(np.asarray(whole) == 0, value, share(part, whole))


def diagonal(matrix: Array) -> Array:
    """Return what is right, class by class."""
    return np.diagonal(matrix)


def rows(matrix: Array) -> Array:
    """Return how often each class occurs."""
    return matrix.sum(axis=1)


def columns(matrix: Array) -> Array:
    """Return how often each class is predicted."""
    return matrix.sum(axis=0)


def off(sums: Callable) -> Callable:
    """Make what is wrong in the rows or columns."""
    return lambda matrix: sums(matrix) - diagonal(matrix)


def total(matrix: Array) -> Array:
    """Return the number of all samples, once for each class."""
    return np.full(len(matrix), matrix.sum())


def rates(
    precision: Callable = columns, recall: Callable = rows, part: Callable = diagonal, recall_part: Callable = diagonal
) -> Callable:
    """Make something that makes precision and recall with a given share; other parts, or other wholes."""
    return lambda share: lambda m: (share(part(m), precision(m)), share(recall_part(m), recall(m)))


def true_negatives(matrix: Array) -> Array:
    """Return what is not of a class and was not taken for it, class by class."""
    return total(matrix) - rows(matrix) - columns(matrix) + diagonal(matrix)


def agreed(matrix: Array) -> Array:
    """Return how often truth and prediction agree on whether it is the class."""
    return diagonal(matrix) + true_negatives(matrix)


def in_python(matrix: Array) -> tuple[list[float], list[float]]:
    """Divide lists of whole numbers, number by number."""
    numbers = range(len(matrix))
    m = matrix.tolist()
    return [m[i][i] / sum(m[j][i] for j in numbers) for i in numbers], [m[i][i] / sum(m[i]) for i in numbers]


def left_out(matrix: Array) -> tuple[Array, Array]:
    """Leave the classes out whose share is 0/0."""
    return tuple(part[~np.isnan(part)] for part in rates()(raw)(matrix))


def scores(of: Callable, back: Callable = np.mean) -> Callable:
    """Make something that makes a score with a given share: of(precision, recall, share), and its mean, or else."""

    def make(share: Callable) -> Callable:
        return lambda m: back(of(share(diagonal(m), columns(m)), share(diagonal(m), rows(m)), share))

    return make


def harmonic(p: Array, r: Array, share: Callable) -> Array:
    """Return 2PR / (P + R)."""
    return share(2 * p * r, p + r)


def weighted_f1(m: Array) -> float:
    """Return the mean of the F1, each class as often as it occurs."""
    return np.average(scores(harmonic, lambda f: f)(share)(m), weights=rows(m))


def of_those_seen(of: Callable = lambda p, r: 2 * share(p * r, p + r)) -> Callable:
    """Make a mean over the classes for which every share is a number."""

    def wrong(m: Array) -> float:
        p, r = raw(diagonal(m), columns(m)), raw(diagonal(m), rows(m))
        return np.nanmean(of(p, r))

    return wrong


def seen_in_either(m: Array) -> float:
    """Return the mean F1 of the classes that occur or were predicted."""
    return np.mean(scores(harmonic, np.asarray)(share)(m)[(rows(m) + columns(m)) > 0])


F1_FORMULAS: list[tuple[str, Callable]] = [
    ("the arithmetic mean of P and R: F1 is the harmonic one, 2PR / (P + R)", lambda p, r, share: (p + r) / 2),
    ("the geometric mean of P and R: F1 is the harmonic one, 2PR / (P + R)", lambda p, r, share: np.sqrt(p * r)),
    ("the factor 2 is missing: 2PR / (P + R)", lambda p, r, share: share(p * r, p + r)),
    ("upside down: 2PR / (P + R)", lambda p, r, share: share(p + r, 2 * p * r)),
    ("P and R are added above and multiplied below: 2PR / (P + R)", lambda p, r, share: share(2 * (p + r), p * r)),
    ("this is P times R: 2PR / (P + R)", lambda p, r, share: p * r),
    ("this is 2PR: divide by P + R", lambda p, r, share: 2 * p * r),
    ("P + R is added on top: 2PR / (P + R)", lambda p, r, share: share(2 * p + r, p + r)),
    ("the brackets: 2PR is divided by the sum, (P + R)", lambda p, r, share: share(2 * p * r, p) + r),
    ("this is P + R: 2PR / (P + R)", lambda p, r, share: p + r),
    ("this is the mean precision: F1 takes the recall too", lambda p, r, share: p),
    ("this is the mean recall: F1 takes the precision too", lambda p, r, share: r),
    ("the smaller of P and R: F1 is their harmonic mean, 2PR / (P + R)", lambda p, r, share: np.minimum(p, r)),
    ("the larger of P and R: F1 is their harmonic mean, 2PR / (P + R)", lambda p, r, share: np.maximum(p, r)),
    ("the recall counts more than the precision here: 2PR / (P + R)", lambda p, r, share: share(5 * p * r, 4 * p + r)),
    ("the precision counts more here: 2PR / (P + R)", lambda p, r, share: share(1.25 * p * r, 0.25 * p + r)),
    ("this is PR / (P + R - PR), the Jaccard index: 2PR / (P + R)", lambda p, r, share: share(p * r, p + r - p * r)),
]  # fmt: skip
F1_MEANS: list[tuple[str, Callable]] = [
    ("you summed over the classes: their mean is asked", np.sum),
    ("these are the F1 of the single classes: take their mean", np.asarray),
    ("the median of the classes: their mean is asked", np.median),
    ("the best class: the mean over all is asked", np.max),
    ("the worst class: the mean over all is asked", np.min),
    ("these are percent: a share from 0 to 1 is asked", lambda f: 100 * np.mean(f)),
    ("divided by one class less: their mean is asked", lambda f: np.sum(f) / (len(f) - 1)),
    ("over the classes an ordinary mean is asked, np.mean", lambda f: share(len(f), np.sum(raw(1, f)))),
]  # fmt: skip
