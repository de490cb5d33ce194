"""Making comparisons of remedies with one thing wrong: which is the best, and by how many standard errors."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

Array = np.ndarray


def compared(names: list[str], errors: Array, score: Callable, order: Callable = np.argsort) -> SimpleNamespace:
    """Return the best two by a score of each row of errors, and the paired differences, second minus first."""
    scores = np.array([score(row) for row in errors])
    ranked = order(scores)
    v = SimpleNamespace(names=names, errors=errors, scores=scores, best=ranked[0], second=ranked[1], worst=ranked[-1])
    v.first, v.other, v.n = errors[v.best], errors[v.second], errors.shape[1]
    v.d = v.other - v.first
    v.mean, v.std, v.error = v.d.mean(), v.d.std(ddof=1), v.d.std(ddof=1) / np.sqrt(v.n)
    return v


def in_errors(v: SimpleNamespace) -> float:
    """Return the mean difference in standard errors, with n - 1."""
    return v.mean / v.error


def with_n(v: SimpleNamespace) -> float:
    """Return the mean difference in standard errors, with n."""
    return v.mean / (v.d.std() / np.sqrt(v.n))


def name_of(v: SimpleNamespace) -> Any:
    """Return the name of the best."""
    return v.names[v.best]


def remedy(
    margin: Callable = in_errors, score: Callable = np.mean, order: Callable = np.argsort, name: Callable = name_of
) -> Callable:
    """Make a choice with another score for the rows, another order of the scores, another margin or another name."""

    def wrong(names: list[str], val_errors: Array) -> tuple[Any, float]:
        v = compared(names, val_errors, score, order)
        return name(v), margin(v)

    return wrong


def against(row: Callable) -> Callable:
    """Make a margin against another row of the errors: row(v)."""

    def margin(v: SimpleNamespace) -> float:
        d = row(v) - v.first
        return d.mean() / (d.std(ddof=1) / np.sqrt(v.n))

    return margin


def along_remedies(margin: Callable) -> Callable:
    """Make a choice that averages over the remedies, and takes the place of a seed for that of a remedy."""
    return lambda names, errors: remedy(margin)(names, errors.T)


def by_columns(name_first: bool) -> Callable:
    """Make a choice whose means are over the remedies, but whose rows are remedies; it asks for the name first or last.

    Where there are more seeds than remedies it may ask for a row that is not there.
    """

    def wrong(names: list[str], errors: Array) -> tuple[Any, float]:
        best, second = np.mean(errors, axis=0).argsort()[:2]
        name = names[best] if name_first else None
        d = errors[second] - errors[best]
        return name if name_first else names[best], d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))

    return wrong


def turned(scores: Array) -> Array:
    """Rank the highest first."""
    return np.argsort(-scores)
