"""Making wrong fits of a line in batches, so that their slips stay one line each.

A fit is called as fit(X, y, theta, eta, batch_size, epochs) and returns (theta, losses). Its steps may be exchanged for
wrong ones; a loss is measured from what an epoch left behind: the squared errors of each batch before and after its
update, and those of all rows at the epoch's start and at its end.
"""

# ruff: noqa: E501 (hints are prose: one line each)

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

_Array = np.ndarray


def slope(X: _Array, residual: _Array, n: int = 0, batch_size: int = 0) -> _Array:
    """Return the gradient of a batch's mean squared error; the number of all rows and batch_size are for wrong ones."""
    return 2 / len(X) * X.T @ residual


def in_order(n: int, batch_size: int) -> list[_Array]:
    """Cut the numbers of n rows into batches, the last of them perhaps short."""
    return [np.arange(first, min(first + batch_size, n)) for first in range(0, n, batch_size)]


def over_rows(epoch: SimpleNamespace) -> float:
    """Average the squared errors of all rows, each batch measured before its update."""
    return np.mean(np.concatenate(epoch.before))


def fit(step: Callable = slope, cut: Callable = in_order, measure: Callable = over_rows, *,
        begin: Callable = lambda first, now: now, moment: Callable = lambda start, now: now) -> Callable:  # fmt: skip
    """Make a fit, right but for the steps that are handed over.

    step: the gradient, from a batch's X, its residuals, n and batch_size. cut: the batches. measure: an epoch's loss,
    or losses. begin: the theta of an epoch's start, from the very first and the present one. moment: the theta at
    which a gradient is taken, from that of the epoch's start and the present one.
    """

    def fitted(X: _Array, y: _Array, theta: _Array, eta: float, batch_size: int, epochs: int) -> tuple[_Array, _Array]:
        first, losses = theta, []
        for _ in range(epochs):
            start = theta = begin(first, theta)
            before, after = [], []
            for rows in cut(len(y), batch_size):
                at = moment(start, theta)
                before.append((X[rows] @ theta - y[rows]) ** 2)
                theta = theta - eta * step(X[rows], X[rows] @ at - y[rows], len(y), batch_size)
                after.append((X[rows] @ theta - y[rows]) ** 2)
            whole = {"start": (X @ start - y) ** 2, "end": (X @ theta - y) ** 2}
            losses.append(measure(SimpleNamespace(before=before, after=after, **whole)))
        return theta, np.hstack(losses)

    return fitted


def equal_lengths(n: int, batch_size: int) -> list[_Array]:
    """Cut the rows into batches of about the same length, as np.array_split does."""
    return np.array_split(np.arange(n), -(-n // batch_size))


def averaged_step(X: _Array, y: _Array, theta: _Array, eta: float, batch_size: int, epochs: int) -> tuple:
    """Fit with one step an epoch, along the mean of its batches' gradients."""
    losses = []
    for _ in range(epochs):
        batches = [(X[rows], X[rows] @ theta - y[rows]) for rows in in_order(len(y), batch_size)]
        losses.append(np.mean((X @ theta - y) ** 2))
        theta = theta - eta * np.mean([slope(part, residual) for part, residual in batches], axis=0)
    return theta, np.array(losses)


def last_step(X: _Array, y: _Array, theta: _Array, eta: float, batch_size: int, epochs: int) -> tuple:
    """Fit with one step an epoch, along the gradient of its last batch."""
    losses = []
    for _ in range(epochs):
        rows = in_order(len(y), batch_size)[-1]
        losses.append(np.mean((X @ theta - y) ** 2))
        theta = theta - eta * slope(X[rows], X[rows] @ theta - y[rows])
    return theta, np.array(losses)


def path_of(right: Callable) -> Callable:
    """Make a fit that returns the thetas of all epochs, the start among them, in place of the last one."""

    def wrong(X: _Array, y: _Array, theta: _Array, eta: float, batch_size: int, epochs: int) -> tuple[_Array, _Array]:
        given = X, y, theta, eta, batch_size
        path = [theta, *(right(*given, count)[0] for count in range(1, epochs + 1))]
        return np.array(path), right(*given, epochs)[1]

    return wrong


# Wrong ways, each with its hint

_AFTER = "the loss is measured after the update: take it from the residuals that the gradient is made of"
PLAIN = "the plain mean of the batch losses: a short batch weighs too much in it. Average over rows, not batches"
_LAST = "this is the loss of the epoch's last batch: all of its rows count"
_PER_BATCH = "one loss for each batch: one for each epoch is asked, the mean over its rows"
_OPPOSITE = "it climbs: the residual is X_b @ theta - y_b, and the step goes against the gradient"
_NO_TWO = "the factor 2 of the square's derivative is missing, or both columns were counted: 2 / len(batch)"
_OVER_N = "the gradient is divided by all n rows: it is the mean over the batch, so divide by its length"
_SUMMED = "the gradient is summed over the batch: divide by the batch's length"
DROPPED = "the last, short batch is dropped: it has its update, and its rows are in the loss"
_BY_SIZE = "the gradient is divided by batch_size: the last batch may be shorter, so divide by its own length"
_FULL = "one update an epoch, with all rows: each batch has its own"
_FIRST_BATCH = "the first batch alone is used: let the loop go on to len(y)"
_FROZEN = "all gradients of an epoch are taken at its first theta: each batch starts where the one before ended"
_RESET = "theta goes back to the start in every epoch: an epoch begins where the one before ended"
_STILL = "theta does not move: write theta = theta - eta * gradient for each batch"
MEASURED: list[tuple[str, Callable]] = [  # wrong losses of an epoch
    (_AFTER, lambda e: np.mean(np.concatenate(e.after))),
    (PLAIN, lambda e: np.mean([np.mean(b) for b in e.before])),
    ("this is the loss over all rows after the epoch, as `evaluate` would say: Keras adds up while theta moves", lambda e: np.mean(e.end)),
    (_LAST, lambda e: np.mean(e.before[-1])),
    (_PER_BATCH, lambda e: [np.mean(b) for b in e.before]),
    (f"{_AFTER}. And this is {PLAIN}", lambda e: np.mean([np.mean(b) for b in e.after])),
    ("this is the loss over all rows before the epoch: each batch is measured right before its own update", lambda e: np.mean(e.start)),
    ("the squared errors are summed over the epoch: divide by its rows", lambda e: np.sum(np.concatenate(e.before))),
    ("the batch losses are added up: weight each by its batch's length, and divide by all rows", lambda e: sum(np.mean(b) for b in e.before)),
    ("the batch losses are means already: multiply each by its batch's length before you divide by all rows", lambda e: sum(np.mean(b) for b in e.before) / len(e.end)),
    ("a short batch is counted as a full one: multiply its mean by its own length", lambda e: sum(np.mean(b) for b in e.before) * len(e.before[0]) / len(e.end)),
    ("the number of batches is not n // batch_size, nor one more; and rows are averaged, not batches", lambda e: sum(np.mean(b) for b in e.before) / (len(e.end) // len(e.before[0]) + 1)),
    ("the sum is divided by the length of the last batch: divide by the number of rows", lambda e: np.sum(np.concatenate(e.before)) / len(e.before[-1])),
    ("the squared errors of the whole epoch are divided by batch_size: divide by the number of rows", lambda e: np.sum(np.concatenate(e.before)) / len(e.before[0])),
    ("the sums of the batches are divided by their number: divide by the number of rows", lambda e: np.mean([np.sum(b) for b in e.before])),
    (f"{_LAST}. And {_AFTER}", lambda e: np.mean(e.after[-1])),
    (f"{_LAST}. And it is summed", lambda e: np.sum(e.before[-1])),
    (f"{_LAST}, and these are divided by n", lambda e: np.sum(e.before[-1]) / len(e.end)),
    ("this is the loss of the epoch's first batch: all of its rows count", lambda e: np.mean(e.before[0])),
    (f"{_PER_BATCH}. And {_AFTER}", lambda e: [np.mean(b) for b in e.after]),
    (f"{_PER_BATCH}. And these are sums", lambda e: [np.sum(b) for b in e.before]),
    ("still one number for each row: take the mean over the epoch", lambda e: np.concatenate(e.before)),
    ("these are mean absolute errors: the errors are squared", lambda e: np.mean(np.sqrt(np.concatenate(e.before)))),
    ("the root is too much: the loss is the mean of the squares", lambda e: np.sqrt(over_rows(e))),
    ("half the loss: the mean squared error has no 1/2", lambda e: over_rows(e) / 2),
]  # fmt: skip
STEPPED: list[tuple[str, dict]] = [  # wrong ways through an epoch
    (_OPPOSITE, {"step": lambda X, r, *_: -slope(X, r)}),
    (_NO_TWO, {"step": lambda X, r, *_: slope(X, r) / 2}),
    (_OVER_N, {"step": lambda X, r, n, _: slope(X, r) * len(X) / n}),
    (_SUMMED, {"step": lambda X, r, *_: slope(X, r) * len(X)}),
    (f"{_SUMMED}. And the factor 2 is missing", {"step": lambda X, r, *_: slope(X, r) * len(X) / 2}),
    (f"{_OVER_N}. And the factor 2 is missing", {"step": lambda X, r, n, _: slope(X, r) * len(X) / n / 2}),
    (_BY_SIZE, {"step": lambda X, r, n, size: slope(X, r) * len(X) / size}),
    (DROPPED, {"cut": lambda n, size: in_order(n - n % size, size)}),
    (_FROZEN, {"moment": lambda start, now: start}),
    (_RESET, {"begin": lambda first, now: first}),
]
ALONE: list[tuple[str, dict]] = [  # the rarer ones
    (_FULL, {"cut": lambda n, size: in_order(n, n)}),
    (_FIRST_BATCH, {"cut": lambda n, size: in_order(n, size)[:1]}),
    (_STILL, {"step": lambda *_: 0.0}),
    ("half the loss, and so half its gradient: the mean squared error has no 1/2", {"step": lambda X, r, *_: slope(X, r) / 2, "measure": lambda e: over_rows(e) / 2}),
    (f"{_NO_TWO}. And {_OPPOSITE}", {"step": lambda X, r, *_: -slope(X, r) / 2}),
    (f"{_SUMMED}. And {_OPPOSITE}", {"step": lambda X, r, *_: -slope(X, r) * len(X)}),
    ("X_b.size counts every number of the batch: divide by its rows, len(X_b)", {"step": lambda X, r, *_: slope(X, r) / X.shape[1]}),
    ("divided by the batch's length twice", {"step": lambda X, r, *_: slope(X, r) / len(X)}),
    ("the residual is squared in the gradient: the square's derivative is 2 r", {"step": lambda X, r, *_: slope(X, r**2)}),
    ("one number for all parameters: each column of X has its own slope, X_b.T @ residual", {"step": lambda X, r, *_: np.mean(slope(X, r))}),
    ("the batches come in the reverse order: take the rows from first to last", {"cut": lambda n, size: in_order(n, size)[::-1]}),
    ("the last batch alone is used: each one has its update", {"cut": lambda n, size: in_order(n, size)[-1:]}),
    ("np.array_split makes batches of about equal length: cut X[i : i + batch_size], the last may be short", {"cut": equal_lengths}),
    ("batch_size counts the rows of a batch, not the batches", {"cut": lambda n, size: np.array_split(np.arange(n), size)}),
    ("the batches overlap: the next one starts batch_size rows further on", {"cut": lambda n, size: [np.arange(i, min(i + size, n)) for i in range(n)]}),
    ("a batch has one row too many: the slice i : i + batch_size ends by itself", {"cut": lambda n, size: [np.arange(i, min(i + size + 1, n)) for i in range(0, n, size)]}),
    (f"{_FULL}. And {_AFTER}", {"cut": lambda n, size: in_order(n, n), "measure": lambda e: np.mean(e.end)}),
    (f"{DROPPED}, which divides by all n", {"cut": lambda n, size: in_order(n - n % size, size), "measure": lambda e: np.sum(np.concatenate(e.before)) / len(e.end)}),
]  # fmt: skip
