"""Checks of lesson 07, its second half: scaling at training and at prediction, and a line drawn in any order."""

from collections.abc import Callable

import numpy as np

from helpers.check import observe_07_pairs as observe
from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike, both
from helpers.check.wrong import exchanged, then
from helpers.check.wrong_scaling import PREPARED, SCALED, WEIGHED, own, own_or_0, predicted, scaled, spread

_rng = np.random.RandomState(70)
_Array = np.ndarray


# Scaling, at training and at prediction


_TRAIN = np.array([[1.0, 100.0], [2.0, 300.0], [6.0, 200.0]])
_OWN = "the new rows get their own mean and deviation, and a single one would give 0/0: keep those of x_train"
_LEARNED = "mean and deviation are those of x_train"
_WHOLE = "one mean and deviation for the whole table: each column has its own, axis=0"
_ROW_WISE = "the wrong axis: each column has its own mean and deviation, so axis=0"


def _by_train(change: Callable) -> Callable:
    """Make a scaling from the new rows and the mean and deviation of the training data's columns."""
    return lambda x_train, x_new: change(x_new, x_train.mean(axis=0), x_train.std(axis=0))


def _both_sets(x_train: _Array, x_new: _Array) -> _Array:
    return own(np.concatenate([x_train, x_new]))[len(x_train) :]


standardize_new = Exercise(
    "standardize_new",
    _by_train(scaled),
    cases=[
        (_TRAIN, np.array([[3.0, 150.0], [0.0, 400.0]])),
        (_TRAIN, np.array([[4.0, 250.0]])),
        (_rng.rand(6, 3) * [1, 10, 100], _rng.rand(4, 3) * [2, 20, 300]),
        (_rng.randn(4, 4) + 3, _rng.randn(4, 4)),
        (_rng.rand(8, 1) * 5, _rng.rand(3, 1)),
        (_rng.randn(7, 2) - 2, _rng.randn(1, 2)),
    ],
    slips=[
        *alike(_OWN, lambda x_train, x_new: own(x_new), lambda x_train, x_new: own_or_0(x_new)),
        Slip("mean and deviation of both sets together: the new rows must not move the scale. Keep those of x_train", _both_sets),
        *(Slip(hint, _by_train(change)) for hint, change in SCALED),
        *(Slip(f"{_LEARNED}, not of x_new. And {hint}", lambda x_train, x_new, change=change: change(x_new, x_new.mean(axis=0), x_new.std(axis=0))) for hint, change in SCALED[:3]),
        *alike(
            _WHOLE,
            lambda x_train, x_new: scaled(x_new, x_train.mean(), x_train.std()),
            lambda x_train, x_new: scaled(x_new, x_train.mean(axis=0), x_train.std()),
            lambda x_train, x_new: scaled(x_new, x_train.mean(), x_train.std(axis=0)),
        ),
        Slip(f"{_WHOLE}. And {_LEARNED}, not of x_new", lambda x_train, x_new: own(x_new, None)),
        *alike(
            _ROW_WISE,
            lambda x_train, x_new: scaled(x_new, x_train.mean(axis=1), x_train.std(axis=1)),
            lambda x_train, x_new: scaled(x_new, x_train.mean(axis=1, keepdims=True), x_train.std(axis=1, keepdims=True)),
        ),
        Slip(f"{_ROW_WISE}. And {_LEARNED}, not of x_new", lambda x_train, x_new: own(x_new, 1)),
        Slip("the deviation is that of x_new: take that of x_train too", lambda x_train, x_new: scaled(x_new, x_train.mean(axis=0), x_new.std(axis=0))),
        Slip("the mean is that of x_new: take that of x_train too", lambda x_train, x_new: scaled(x_new, x_new.mean(axis=0), x_train.std(axis=0))),
        Slip("this scales to the range from 0 to 1: subtract the mean and divide by the deviation", lambda x_train, x_new: (x_new - x_train.min(axis=0)) / np.ptp(x_train, axis=0)),
        Slip("this scales x_new to its own range: subtract the mean of x_train and divide by its deviation", lambda x_train, x_new: (x_new - x_new.min(axis=0)) / np.ptp(x_new, axis=0)),
        Slip("divided by the range: the deviation is np.std", lambda x_train, x_new: scaled(x_new, x_train.mean(axis=0), np.ptp(x_train, axis=0))),
        Slip("divided by the largest: subtract the mean, divide by the deviation", lambda x_train, x_new: x_new / x_train.max(axis=0)),
        Slip("the median is not the mean", lambda x_train, x_new: scaled(x_new, np.median(x_train, axis=0), x_train.std(axis=0))),
        Slip("this is x_train: return x_new, scaled as x_train is", lambda x_train, x_new: own(x_train)),
        Slip("the tables are exchanged: learn from x_train, scale x_new", lambda x_train, x_new: _by_train(scaled)(x_new, x_train)),
        Slip("nothing is scaled yet. (Were the statistics taken from x_train after it was scaled? Then they are 0 and 1)", lambda x_train, x_new: x_new),
        *alike("two tables came out: return x_new alone", lambda x_train, x_new: (own(x_train), _by_train(scaled)(x_train, x_new)), lambda x_train, x_new: (own(x_train), own(x_new))),
        *alike("mean and deviation came out: return x_new, scaled with them", lambda x_train, x_new: (x_train.mean(axis=0), x_train.std(axis=0)), lambda x_train, x_new: (_by_train(scaled)(x_train, x_new), x_train.mean(axis=0), x_train.std(axis=0))),
    ],
    also_right=[lambda x_train, x_new: scaled(x_new, x_train.mean(axis=0), x_train.std(axis=0, ddof=1))],
    hint="(x_new - mean) / std, both from the columns of x_train",
    praise="One new row alone works too, as it must at prediction",
)  # fmt: skip


predict_raw = Exercise(
    "predict_raw",
    predicted(),
    cases=[
        (np.array([[1.0, 200.0], [3.0, 100.0], [2.0, 400.0]]), np.array([2.0, 150.0]), np.array([0.5, 50.0]), np.array([3.0, -2.0]), 10.0),
        (np.array([[5.0, -1.0]]), np.array([3.0, 1.0]), np.array([2.0, 4.0]), np.array([1.0, 0.5]), 2.0),
        (_rng.rand(5, 3) * [1, 10, 100], np.array([0.4, 6.0, 40.0]), np.array([0.3, 2.5, 30.0]), _rng.randn(3), -1.5),
        (_rng.rand(4, 4) + 1, _rng.rand(4) + 0.5, _rng.rand(4) + 0.3, _rng.randn(4), 0.7),
        (_rng.rand(3, 1) * 6, np.array([2.0]), np.array([1.7]), np.array([1.2]), 5.0),
    ],
    observe=observe.flat,
    slips=[
        *(Slip(both(first, second), predicted(scale, weigh)) for second, weigh in WEIGHED[:2] for first, scale in PREPARED if first or second),
        *(Slip(both(first, second), predicted(scale, weigh)) for second, weigh in WEIGHED[2:] for first, scale in PREPARED[:2]),
        Slip("b is normalized too: only the columns of x are", lambda x_new, mean, std, w, b: spread(x_new - mean + b, w, 0) @ (1 / std)),
        Slip("the target was not scaled: no mean and deviation after z @ w + b", lambda x_new, mean, std, w, b: (predicted()(x_new, mean, std, w, b) * std[0]) + mean[0]),
        Slip("an array (m, 1) met one of shape (m,), or w, and spread to a table: flatten, .ravel()", lambda *a: predicted()(*a)[:, None] + 0 * predicted()(*a)),
        Slip("this is the scaled table: its columns are weighted, z @ w + b", lambda x_new, mean, std, w, b: scaled(x_new, mean, std)),
        *alike("one number for all rows: each row has its prediction", then(predicted(), np.sum), then(predicted(), np.mean)),
        Slip("the first row alone: each row has its prediction", then(predicted(), lambda rows: rows[0])),
        Slip("the last column alone: the columns are added up, += in the loop", lambda x_new, mean, std, w, b: (scaled(x_new, mean, std) * w)[:, -1] + b),
        Slip("z @ w: w needs no transpose, and the table comes first", lambda x_new, mean, std, w, b: w @ scaled(x_new, mean, std) + b),
    ],
    hint="((x_new - mean) / std) @ w + b",
    praise="A layer that carries mean and std inside the model does this by itself",
)  # fmt: skip


# Spot the bug: a line drawn in any order


def _ordered(order_x: Callable, order_y: Callable | None = None) -> Callable:
    return lambda x, y_hat: (x[order_x(x, y_hat)], y_hat[(order_y or order_x)(x, y_hat)])


def _by_x(x: _Array, y_hat: _Array) -> _Array:
    return np.argsort(x)


def _by_y(x: _Array, y_hat: _Array) -> _Array:
    return np.argsort(y_hat)


def _as_given(x: _Array, y_hat: _Array) -> slice:
    return slice(None)


_APART = "both are sorted on their own, so an x gets another one's prediction: one order for both, np.argsort(x)"
_XALONE = "x is sorted and y_hat is not (or by an x that was sorted before): take order = np.argsort(x) first, then x[order] and y_hat[order]"
_FALLING = "the order falls: rising x is asked, without [::-1] or a minus"
_RANKS = "argsort of argsort gives ranks: index with np.argsort(x) itself"

sorted_line = Exercise(
    "sorted_line",
    _ordered(_by_x),
    cases=[
        (np.array([3.0, 1.0, 4.0, 2.0]), np.array([-5.0, -1.0, -7.0, -3.0])),
        (np.array([0.5, -2.0, 7.0, 1.5, -0.25]), np.array([2.0, -3.0, 15.0, 4.0, 0.5])),
        (_rng.permutation(8) - 3.5, _rng.randn(8)),
        (_rng.permutation(6) * 10, _rng.rand(6)),
        (np.arange(5.0) - 2, np.array([4.0, 1.0, 0.0, 1.5, 3.0])),
        (np.array([2.0, 5.0, 3.0, 9.0, 7.0, 4.0]), np.array([2.0, 5.0, 3.0, 9.0, 7.0, 4.0]) * -2 + 1),
    ],
    parts=("x_sorted", "y_sorted"),
    observe=observe.drawable,
    slips=[
        Slip(_APART, _ordered(_by_x, _by_y)),
        Slip(_XALONE, _ordered(_by_x, _as_given)),
        Slip("y_hat is sorted and x is not: one order for both, np.argsort(x)", _ordered(_as_given, _by_x)),
        Slip("y_hat alone is sorted, by itself: one order for both, np.argsort(x)", _ordered(_as_given, _by_y)),
        Slip("this is the order of y_hat: a line is drawn from left to right, so np.argsort(x)", _ordered(_by_y)),
        Slip("unchanged: a plot joins the points in the order in which they come", _ordered(_as_given)),
        Slip(_FALLING, _ordered(lambda x, y_hat: np.argsort(-x))),
        Slip(f"{_FALLING}. And {_APART}", _ordered(lambda x, y_hat: np.argsort(-x), lambda x, y_hat: np.argsort(-y_hat))),
        Slip(f"{_FALLING}. And in x alone: one order for both", _ordered(lambda x, y_hat: np.argsort(-x), _by_x)),
        Slip("y_hat comes in falling order of x, and x in rising: one order for both", _ordered(_by_x, lambda x, y_hat: np.argsort(-x))),
        Slip("both are turned around, not sorted: np.argsort(x) gives the order", _ordered(lambda x, y_hat: slice(None, None, -1))),
        Slip(_RANKS, _ordered(lambda x, y_hat: np.argsort(np.argsort(x)))),
        Slip("ordered by the size without the sign: np.argsort(x)", _ordered(lambda x, y_hat: np.argsort(np.abs(x)))),
        *alike("exchanged: return x first, then y_hat", exchanged(_ordered(_by_x)), exchanged(_ordered(_by_y))),
        Slip("the order itself came out in place of x: index with it, x[order]", lambda x, y_hat: (np.argsort(x), y_hat[np.argsort(x)])),
        Slip("the order itself came out in place of y_hat: index with it, y_hat[order]", lambda x, y_hat: (x[np.argsort(x)], np.argsort(x))),
        Slip("these are two orders: index with the first, x[order] and y_hat[order]", lambda x, y_hat: (np.argsort(x), np.argsort(y_hat))),
        Slip("x.sort() sorts in place and returns None: order = np.argsort(x), then x[order] and y_hat[order]", lambda x, y_hat: (None, None)),
        *alike(observe.ONE_ARRAY, _by_x, lambda x, y_hat: np.sort(x), lambda x, y_hat: y_hat[np.argsort(x)]),
        *alike(observe.PAIRS, lambda x, y_hat: sorted(zip(x, y_hat, strict=True)), lambda x, y_hat: np.column_stack([x, y_hat])[np.argsort(x)]),
    ],
    hint="One order, np.argsort(x), for x and for y_hat",
    praise="The line is the model, from left to right; the training is another picture",
)  # fmt: skip
