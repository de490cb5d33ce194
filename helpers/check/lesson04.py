"""Checks of lesson 04: losses for classification, from the sigmoid to the gradient of a softmax."""

import math
from collections.abc import Callable

import numpy as np

from helpers.check.engine import Exercise, Slip
from helpers.check.observe import strictly
from helpers.check.slips import alike, both, every_pair
from helpers.check.wrong import then, times

_rng = np.random.RandomState(4)
_Array = np.ndarray


def _quietly(function: Callable) -> Callable:
    """Make a function that switches NumPy's warnings off, so that its nan and inf come out."""
    return lambda *arguments: np.errstate(all="ignore")(function)(*arguments)


def _sigmoid(z: _Array) -> _Array:
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + e), e / (1 + e))


def _naive(z: _Array) -> _Array:
    return 1 / (1 + np.exp(-z))


_OVERFLOWS = "right but for large z: "
_MIRRORED = "mirrored: this falls where it must rise, from 1 down to 0. The exponent is -z"

sigmoid = Exercise(
    "sigmoid",
    _sigmoid,
    cases=[
        (np.float64(0.5),),
        (np.array(-1.5),),
        (np.array([-2.0, -0.5, 0.0, 1.0, 3.0]),),
        (_rng.randn(3, 2) * 2,),
        (_rng.randn(2, 1, 3),),
        (np.array([-1000.0, -3.0, 0.0]),),
        (np.array([0.5, 40.0, 1000.0]),),
        (np.array([[1000.0, -1000.0], [-800.0, 720.0]]),),
    ],
    observe=strictly,
    slips=[
        Slip(f"{_OVERFLOWS}at z = -1000 it asks for e^1000. Keep the exponent negative, with e = np.exp(-np.abs(z))", _naive),
        Slip(f"{_OVERFLOWS}at z = 1000 it is inf/inf. This form is for z < 0, 1 / (1 + e^-z) for the rest", lambda z: np.exp(z) / (1 + np.exp(z))),
        Slip(
            "np.where computes both branches for every z, so exp overflows in the one it drops: give both e = np.exp(-np.abs(z))",
            lambda z: np.where(z >= 0, _naive(z), np.exp(z) / (1 + np.exp(z))),
        ),
        Slip("math.exp takes one number: np.exp takes an array of any shape", lambda z: 1 / (1 + math.exp(-z))),
        Slip("`if` decides once, and an array has many numbers: np.where(z >= 0, a, b) decides for each", lambda z: _naive(z) if z > 0 else 1 - _naive(-z)),
        *alike(
            "a loop over z works for one shape alone: np.exp and np.where take an array of any shape, and a number too",
            lambda z: np.array([_sigmoid(v) for v in z]),
            lambda z: np.array([_sigmoid(z[i]) for i in range(len(z))]),
        ),
        *alike(_MIRRORED, lambda z: 1 / (1 + np.exp(z)), lambda z: _sigmoid(-z)),
        Slip("this is 1 - σ(z): the numerator is 1, not e^-z", lambda z: np.exp(-z) / (1 + np.exp(-z))),
        *alike("this is the derivative σ(1 - σ); σ itself is asked", *(then(form, lambda p: p * (1 - p)) for form in (_sigmoid, _naive))),
        Slip("tanh runs from -1 to 1 and is twice as steep: σ(z) = (1 + tanh(z/2)) / 2", np.tanh),
        Slip("twice as steep: tanh takes z/2 here", lambda z: 0.5 * (1 + np.tanh(z))),
        Slip("this is a step: a probability between 0 and 1 is asked, not the decision", lambda z: np.where(z >= 0, 1.0, 0.0)),
        Slip("the sign of z is lost: for z < 0 the same e = np.exp(-np.abs(z)) gives e / (1 + e)", lambda z: 1 / (1 + np.exp(-np.abs(z)))),
        Slip("the parentheses are missing: 1 / 1 + e^-z is 1 + e^-z. Write 1 / (1 + ...)", lambda z: 1 + np.exp(-z)),
        Slip("this is log σ(z): np.exp of it is missing", lambda z: -np.logaddexp(0, -z)),
        Slip("this is a softmax over the whole array: a sigmoid takes each number for itself", lambda z: np.exp(z - np.max(z)) / np.sum(np.exp(z - np.max(z)))),
    ],
    hint="σ(z) = 1 / (1 + e^-z), for each number of z",
)  # fmt: skip


_EPS = 1e-7


def _clipped(loss: Callable, low: float = _EPS, high: float = 1 - _EPS) -> Callable:
    return lambda y, p: loss(y, np.clip(p, low, high))


def _per_sample(y: _Array, p: _Array) -> _Array:
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def _unclipped(y: _Array, p: _Array) -> float:
    return np.mean(_per_sample(y, p))


def _in_float32(y: _Array, p: _Array) -> np.float32:
    return _clipped(_unclipped)(y.astype(np.float32), p.astype(np.float32))


_LOG_0 = "p is not clipped: where p is 0 or 1, log(0) is minus infinity. Clip p to [1e-7, 1 - 1e-7] first"
_BCE_SLIPS: list[tuple[str, Callable]] = [
    ("the brackets: the minus stands before both terms, here only before the first", lambda y, p: np.mean(-(y * np.log(p)) + (1 - y) * np.log(1 - p))),
    ("the brackets: the minus stands before both terms. And summed: the mean is asked", lambda y, p: np.sum(-(y * np.log(p)) + (1 - y) * np.log(1 - p))),
    ("the minus is missing: the log of a probability is negative, a loss is not", then(_per_sample, lambda v: -np.mean(v))),
    ("you summed where the loss averages: np.mean", then(_per_sample, np.sum)),
    ("these are the losses of the single samples: take their mean", then(_per_sample, lambda v: v)),
    ("the minus stands before both terms: here the second one has it alone", lambda y, p: np.mean(y * np.log(p) - (1 - y) * np.log(1 - p))),
    ("the second term is missing: (1 - y) log(1 - p) counts the samples with y = 0", lambda y, p: np.mean(-y * np.log(p))),
    ("the first term is missing: y log p counts the samples with y = 1", lambda y, p: np.mean(-(1 - y) * np.log(1 - p))),
    ("log p stands alone, or in both terms: the second one is (1 - y) log(1 - p)", lambda y, p: -np.mean(np.log(p))),
    ("y and 1 - y are missing before the logs: each term counts for its own class alone", lambda y, p: -np.mean(np.log(p) + np.log(1 - p))),
    ("the terms are exchanged: log p belongs to y, log(1 - p) to 1 - y", lambda y, p: _unclipped(1 - y, p)),
    ("1 - log p is not log(1 - p)", lambda y, p: -np.mean(y * np.log(p) + (1 - y) * (1 - np.log(p)))),
    ("the terms are multiplied: add them", lambda y, p: -np.mean(y * np.log(p) * (1 - y) * np.log(1 - p))),
    ("the natural log is np.log, not log10", then(_per_sample, lambda v: np.mean(v) / np.log(10))),
    ("the natural log is np.log, not log2", then(_per_sample, lambda v: np.mean(v) / np.log(2))),
]  # fmt: skip

binary_cross_entropy = Exercise(
    "binary_cross_entropy",
    _clipped(_unclipped),
    cases=[
        (np.array([1.0, 0.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.2, 0.6, 0.7, 0.05])),
        (np.array([0, 1, 1, 0, 1, 0, 0, 1]), 0.05 + 0.9 * _rng.rand(8)),
        (np.array([0.0]), np.array([0.7])),
        (np.array([1, 0, 1]), np.array([1.0, 0.0, 0.8])),
        (np.array([0.0, 1.0, 1.0]), np.array([0.0, 0.0, 0.4])),
        (np.array([1.0, 0.0, 0.0, 1.0]), np.array([1.0, 1.0, 0.3, 0.6])),
        (np.array([1, 0, 1, 0, 1]), np.array([0.0, 1.0, 1.0, 0.0, 0.5])),
    ],
    observe=strictly,
    also_right=[_in_float32],
    slips=[
        *alike(_LOG_0, _unclipped, _quietly(_unclipped)),
        Slip("math.log takes one number: np.log takes an array", lambda y, p: -np.mean(y * math.log(p))),
        Slip("clipped from below alone: at p = 1 the log of 1 - p = 0 remains", _clipped(_unclipped, _EPS, 1.0)),
        Slip("clipped from above alone: at p = 0 the log of p = 0 remains", _clipped(_unclipped, 0.0)),
        *alike(
            "clipped elsewhere, as the losses at p = 0 and p = 1 tell: [1e-7, 1 - 1e-7] is asked",
            *(_clipped(_unclipped, eps, 1 - eps) for eps in (1e-3, 1e-5, 1e-6, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)),
        ),
        *(Slip(hint, _clipped(wrong)) for hint, wrong in _BCE_SLIPS),
        *(Slip(f"{hint}. And p is not clipped, so log(0) comes up", wrong) for hint, wrong in _BCE_SLIPS[:5]),
        Slip("y and p are exchanged: the log is taken of p", lambda y, p: _clipped(_unclipped)(p, y)),
        Slip("p is a probability already: no sigmoid here", lambda y, p: _unclipped(y, _sigmoid(p))),
        Slip("this is the squared error: -(y log p + (1 - y) log(1 - p)) is asked", lambda y, p: np.mean((y - p) ** 2)),
        Slip("this is the probability given to what was true: its -log is asked", lambda y, p: np.mean(np.where(y == 1, p, 1 - p))),
    ],
    hint="The mean of -(y log p + (1 - y) log(1 - p)), with p clipped to [1e-7, 1 - 1e-7]",
)  # fmt: skip


def _logistic(residual: Callable = lambda p, y: p - y, probability: Callable = _sigmoid) -> Callable:
    """Make the gradient with another residual, or from something else than the sigmoid."""
    return lambda X, y, w: X.T @ residual(probability(X @ w), y) / len(y)


def _residual(X: _Array, y: _Array, w: _Array) -> _Array:
    return _sigmoid(X @ w) - y


def _by_sample(X: _Array, y: _Array, w: _Array) -> _Array:
    return _residual(X, y, w)[:, None] * X


_FACTORS = [
    ("", 1),
    ("the sign: the gradient has p - y, the prediction minus the truth", -1),
    ("you summed where the loss averages: divide by n", lambda X, *_: len(X)),
    ("the factor 2 belongs to a squared error; the cross-entropy has none", 2),
    ("the sign is turned, and you summed where the loss averages", lambda X, *_: -len(X)),
    ("the sign is turned, and the factor 2 belongs to a squared error", -2),
    ("divided by the number of columns: n is the number of rows, len(X)", lambda X, *_: len(X) / X.shape[1]),
    ("X.size counts every number of the table: n is the number of its rows, len(X)", lambda X, *_: 1 / X.shape[1]),
    ("divided by n twice", lambda X, *_: 1 / len(X)),
]

logistic_gradient = Exercise(
    "logistic_gradient",
    _logistic(),
    cases=[
        (_rng.randn(7, 2), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]), np.array([1.0, -0.5])),
        (_rng.randn(40, 3), _rng.randint(0, 2, 40), _rng.randn(3)),
        (np.array([[1.5, -2.0]]), np.array([1]), np.array([0.2, 0.4])),
        (_rng.randn(3, 3), np.array([1.0, 0.0, 0.0]), _rng.randn(3)),
        (_rng.randn(2, 3), np.array([1, 1]), np.array([0.5, 0.0, -1.5])),
    ],
    slips=[
        *every_pair([("", _logistic())], _FACTORS),
        *every_pair(
            [
                ("σ' = p (1 - p) is still in it: in the cross-entropy it cancels, and p - y is left", _logistic(lambda p, y: (p - y) * p * (1 - p))),
                ("this is the slope with respect to p: times σ' = p (1 - p) it becomes p - y", _logistic(lambda p, y: (p - y) / (p * (1 - p)))),
                ("the sigmoid is missing: p = sigmoid(X @ w)", _logistic(probability=lambda z: z)),
                ("the decisions are in it: the gradient takes the probabilities themselves", _logistic(probability=lambda z: z >= 0)),
                ("the square is too much: the gradient has p - y itself", _logistic(lambda p, y: (p - y) ** 2)),
                ("y is missing: the gradient has p - y", _logistic(lambda p, y: p)),
                ("y is added: the gradient has p - y", _logistic(lambda p, y: p + y)),
            ],
            _FACTORS[:4],
        ),
        *alike("one row for each sample: add them up and divide by n, as X.T @ (p - y) / n does", _by_sample, lambda *a: _by_sample(*a) / len(a[0])),
        *alike("X.T * (p - y) multiplies but does not add up: X.T @ (p - y)", lambda *a: _by_sample(*a).T, lambda *a: _by_sample(*a).T / len(a[0])),
        *alike("one number for all: each weight has its own slope, so average over the samples alone, axis=0", then(_by_sample, np.mean), then(_by_sample, np.sum)),
        Slip("averaged along the wrong axis: the samples are the rows, axis=0", then(_by_sample, lambda g: g.mean(axis=1))),
        *alike("X is missing: each residual is multiplied by its own row of X", _residual, then(_residual, np.mean), then(_residual, lambda r: r / len(r))),
        *alike("X must be transposed: X.T @ (p - y) adds up over the samples", *(lambda X, y, w, n=n: X @ _residual(X, y, w) / len(y) ** n for n in (0, 1))),
        *alike("the brackets: X.T @ p - y takes y from the sum. X.T @ (p - y)", *(lambda X, y, w, n=n: (X.T @ _sigmoid(X @ w) - y) / len(y) ** n for n in (0, 1))),
        Slip(
            "a flat p - y cannot multiply the rows of X: make it a column, (p - y)[:, None], or write X.T @ (p - y)",
            lambda X, y, w: np.mean(_residual(X, y, w) * X, axis=0),
        ),
        Slip("this is the loss; its gradient is asked", lambda X, y, w: _unclipped(y, _sigmoid(X @ w))),
        Slip("this is a whole step, w minus the gradient: return the gradient", lambda X, y, w: w - _logistic()(X, y, w)),
    ],
    hint="With p = sigmoid(X @ w) it is X.T @ (p - y) / n",
)  # fmt: skip


alarm_threshold = Exercise(
    "alarm_threshold",
    0.1,
    rtol=5e-3,
    slips=[
        *alike("1/9 is the odds p : (1 - p), not the probability: solve 9 p = 1 - p for p", 1 / 9, 0.11),
        *alike("turned around: the dearer a missed case, the earlier the alarm", 0.9, 8 / 9),
        Slip("1/2 is right where both mistakes cost the same", 0.5),
        Slip("9 is the ratio of the costs; a probability from 0 to 1 is asked", 9),
        Slip("a probability lies between 0 and 1: 10 % is 0.1, and 1/(1 + 9) needs its parentheses", 10),
        Slip("1/8 comes from 8 p = 1: silence costs 9 p, the alarm 1 - p, so p stands on both sides", 1 / 8),
        Slip("this is for a cost of 20: here it is 9", 1 / 21),
    ],
    hint="An alarm costs (1 - p) · 1 on average, silence costs p · 9: where are they equal?",
)


def _row_max(z: _Array) -> _Array:
    return np.max(z, axis=-1, keepdims=True)


def _row_sum(e: _Array) -> _Array:
    return np.sum(e, axis=-1, keepdims=True)


def _ratio(shift: Callable | None, total: Callable | None, sign: int = 1) -> Callable:
    """Make a softmax: what it takes away from z, if anything, and what it divides by, if anything."""

    def softmax(z: _Array) -> _Array:
        e = np.exp(sign * (z - shift(z) if shift else z))
        return e / total(e) if total else e

    return softmax


def _along(function: Callable, axis: int, keepdims: bool = True) -> Callable:
    return lambda z: function(z, axis=axis, keepdims=keepdims)


_softmax = _ratio(_row_max, _row_sum)
_TOO_LARGE = "the largest score is not subtracted, so exp overflows at 1000: softmax(z) = softmax(z - max)"
_KEEPDIMS = "keepdims=True is missing: without it (n,) is laid along the columns of (n, K), and not beside its rows"
_WHOLE = "normalized over the whole array: each row sums to 1 by itself, so axis=-1, keepdims=True"
_AXIS_0 = "the wrong axis: axis=0 makes every column sum to 1. The classes lie along the last axis, axis=-1"
_AXIS_1 = "axis=1 is the last axis of a table alone: axis=-1 is the last one of any array, also of a single (K,)"
_NOT_NORMALIZED = "not normalized: divide by the sum over the last axis, so that the probabilities add up to 1"
_ROWS = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -1000.5]])

softmax = Exercise(
    "softmax",
    _softmax,
    cases=[
        (np.array([1.0, 2.0, 3.0]),),
        (_rng.randn(5) * 2,),
        (_rng.randn(4, 3),),
        (_rng.randn(3, 3) * 2,),
        (_rng.randn(1, 4),),
        (np.array([1000.0, -1000.0, 0.0]),),
        (_ROWS,),
        (np.array([1.0, -0.5, 0.3]) + 1e4,),
        (np.array([[0.2, -0.4, 1.0, 0.0], [1.5, 0.1, -2.0, 0.7]]) - 1e4,),
    ],
    observe=strictly,
    slips=[
        Slip(_TOO_LARGE, _ratio(None, _row_sum)),
        *(
            Slip(both(hint, _TOO_LARGE), _ratio(None, total))
            for hint, total in [
                (_WHOLE, np.sum),
                (_AXIS_0, _along(np.sum, 0)),
                (_AXIS_1, _along(np.sum, 1)),
                (_KEEPDIMS, _along(np.sum, -1, False)),
                (_NOT_NORMALIZED, None),
            ]
        ),
        *alike(_WHOLE, _ratio(np.max, np.sum), _ratio(_row_max, np.sum)),
        *alike(_AXIS_0, *(_ratio(shift, _along(np.sum, 0)) for shift in (_along(np.max, 0), _row_max))),
        *alike(_AXIS_1, *(_ratio(_along(np.max, 1, keep), _along(np.sum, 1, keep)) for keep in (True, False))),
        *alike(_KEEPDIMS, *(_ratio(_along(np.max, -1, a), _along(np.sum, -1, b)) for a, b in [(False, False), (False, True), (True, False)])),
        Slip(_NOT_NORMALIZED, _ratio(_row_max, None)),
        Slip("divided by the mean: the sum makes the probabilities add up to 1", _ratio(_row_max, _along(np.mean, -1))),
        Slip("one maximum for the whole array: a row far below it becomes 0/0. Each row has its own, max(axis=-1, keepdims=True)", _ratio(np.max, _row_sum)),
        *alike("subtract the maximum: the largest score may be far above the mean or the smallest", *(_ratio(_along(of, -1), _row_sum) for of in (np.mean, np.min))),
        *alike(
            "Python's max and sum go along the first axis: np.max and np.sum take axis=-1, keepdims=True",
            *(lambda z, add=add: np.exp(z - max(z)) / add(np.exp(z - max(z))) for add in (sum, np.sum)),
        ),
        Slip("a loop over the rows works for a table alone: np.max and np.sum with axis=-1 take a single row too", lambda z: np.array([_softmax(row) for row in z])),
        *alike(
            "the maximum is subtracted in one of the two places: numerator and sum take the same exponents",
            lambda z: np.exp(z - _row_max(z)) / _row_sum(np.exp(z)),
            lambda z: np.exp(z) / _row_sum(np.exp(z - _row_max(z))),
        ),
        *alike("exp is missing: scores can be negative, e^z cannot", lambda z: z / _row_sum(z), lambda z: (z - _row_max(z)) / _row_sum(z - _row_max(z))),
        Slip("dividing by the maximum changes the distances between the scores: subtract it", lambda z: _softmax(z / _row_max(z))),
        *alike(
            "clipping changes the distances between the scores: subtract the maximum, nothing is lost by that",
            *(lambda z, most=most: _ratio(None, _row_sum)(np.clip(z, -most, most)) for most in (500, 700)),
        ),
        Slip("this is the log of it: the probabilities themselves are asked", lambda z: z - _row_max(z) - np.log(_row_sum(np.exp(z - _row_max(z))))),
        *alike("this is a sigmoid for each score: in a softmax they share one sum", _sigmoid, _naive),
        *alike("the sign: the largest score gets the largest probability, so e^z, not e^-z", _ratio(_along(np.min, -1), _row_sum, -1), _ratio(None, _row_sum, -1)),
        Slip("the winner takes all here: that is the decision, probabilities are asked", lambda z: (z == _row_max(z)).astype(float)),
    ],
    hint="Over the last axis: e^(z - max) divided by its sum",
    praise="Every row sums to 1, however large its scores",
)  # fmt: skip


def _one_hot(labels: _Array, num_classes: int) -> _Array:
    return np.eye(num_classes)[labels]


def _filled(place: Callable, value: Callable = lambda labels: 1) -> Callable:
    """Put something into zeros, at other places than the label of each row, or something else than 1."""

    def one_hot(labels: _Array, num_classes: int) -> _Array:
        Y = np.zeros((len(labels), num_classes))
        Y[place(labels)] = value(labels)
        return Y

    return one_hot


def _pairs(labels: _Array) -> tuple[_Array, _Array]:
    return np.arange(len(labels)), labels


_FROM_1 = "counted from 1: the labels begin with 0, and label 0 has its 1 in column 0"
_WIDTH = "num_classes columns are asked, also for classes that do not occur"

one_hot = Exercise(
    "one_hot",
    _one_hot,
    cases=[
        (np.array([2, 0, 1, 2]), 3),
        (np.array([1, 0, 1]), 4),
        (np.array([1, 0, 2]), 3),
        (np.array([3]), 5),
        (np.array([0, 4, 4, 1, 0, 2, 7]), 10),
        (np.array([1, 0, 1]), 2),
    ],
    slips=[
        *alike(_FROM_1, lambda labels, k: np.eye(k)[labels - 1], lambda labels, k: np.eye(k)[labels + 1]),
        Slip("one column too many: the labels go from 0 to num_classes - 1", lambda labels, k: np.eye(k + 1)[labels]),
        Slip("it lies on its side: one row for each sample. np.eye(num_classes)[labels] picks rows", then(_one_hot, np.transpose)),
        *alike(_WIDTH, lambda labels, k: np.eye(np.max(labels) + 1)[labels], lambda labels, k: labels[:, None] == np.unique(labels)),
        Slip("ones and zeros are exchanged: the label's own column has the 1", lambda labels, k: 1 - _one_hot(labels, k)),
        Slip("one row marks the classes that occur: one row for each sample is asked", lambda labels, k: np.isin(np.arange(k), labels)),
        Slip("the columns of all labels are set in every row: pair them, Y[np.arange(n), labels] = 1. ([[0] * k] * n holds one row n times)", _filled(lambda labels: (slice(None), labels))),
        Slip("Y[labels] = 1 sets whole rows: pair each row with its label, Y[np.arange(n), labels] = 1", _filled(lambda labels: labels)),
        Slip("the first row alone is filled: does `return` stand inside the loop?", _filled(lambda labels: (0, labels[0]))),
        Slip("the label itself stands in its column: a 1 belongs there", _filled(_pairs, lambda labels: labels)),
        Slip("still all zeros: the ones are missing", _filled(_pairs, lambda labels: 0)),
        Slip("a 1 for every class up to the label: one class alone gets it", lambda labels, k: np.arange(k) <= labels[:, None]),
        *alike("this is the identity: pick its rows, np.eye(num_classes)[labels]", lambda labels, k: np.eye(k), lambda labels, k: np.eye(len(labels), k)),
        Slip("labels must be a column to meet every class: labels[:, None] == np.arange(num_classes)", lambda labels, k: labels == np.arange(k)),
        Slip("flattened: keep one row for each sample, (n, num_classes)", then(_one_hot, np.ravel)),
    ],
    hint="Row i holds a single 1, in column labels[i]",
)  # fmt: skip


def _logsumexp(z: _Array) -> _Array:
    return np.logaddexp.reduce(z, axis=1)


def _own(z: _Array, labels: _Array) -> _Array:
    """Pick the label's number in each row."""
    return z[np.arange(len(labels)), labels]


def _losses(z: _Array, labels: _Array) -> _Array:
    return _logsumexp(z) - _own(z, labels)


def _cross_entropy(z: _Array, labels: _Array) -> float:
    return np.mean(_losses(z, labels))


def _with(log_sum: Callable, own: Callable = _own) -> Callable:
    """Make the mean of another log-sum-exp minus the label's score, or minus something else."""
    return lambda z, labels: np.mean(log_sum(z) - own(z, labels))


def _minus_log(probabilities: Callable, of_all: bool = False) -> Callable:
    """Make the mean of -log of the label's probability; of_all takes the logs of the whole table first."""
    if of_all:
        return lambda z, labels: -np.mean(_own(np.log(probabilities(z)), labels))
    return lambda z, labels: -np.mean(np.log(_own(probabilities(z), labels)))


def _naive_softmax(z: _Array) -> _Array:
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


def _naive_logsumexp(z: _Array) -> _Array:
    return np.log(np.sum(np.exp(z), axis=1))


_CE_FACTORS = [
    ("", 1),
    ("the sign: the loss is log-sum-exp minus the label's score, and never negative", -1),
    ("you summed where the loss averages", lambda z, _: len(z)),
    ("divided by n·K: a one-hot row counts once, so divide its sum by n", lambda z, _: 1 / z.shape[1]),
]
_NAIVE_LSE = "exp of a score of 1000 overflows, and of -1000 is 0: take the row's maximum out, log Σ e^(z - max) + max"
_LOG_OF_0 = "the softmax is stable, its log is not: a probability of e^-2000 is 0. Stay with the scores, log-sum-exp minus the label's"
_HIDDEN = (
    "clipping hides the loss: a label 2000 below the largest score costs 2000. Take log-sum-exp minus the label's score"
)
_COLUMNS = "z[:, labels] takes the columns of all labels for every row: pair them, z[np.arange(n), labels]"
_WHOLE_ROWS = "z[labels] takes whole rows: the label's score is z[np.arange(n), labels]"

cross_entropy_from_logits = Exercise(
    "cross_entropy_from_logits",
    _cross_entropy,
    cases=[
        (_rng.randn(4, 3), np.array([2, 0, 1, 2])),
        (_rng.randn(1, 5) * 2, np.array([3])),
        (_rng.randn(3, 3) * 2, np.array([1, 0, 1])),
        (_rng.randn(6, 4) + 3, np.array([0, 2, 2, 1, 0, 1])),
        (np.array([[1000.0, -1000.0, 0.0], [0.3, 1.0, -0.5]]), np.array([0, 0])),
        (np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 500.0], [0.0, 1.0, 2.0]]), np.array([1, 2, 0])),
        (np.array([[-1000.0, -1001.0], [-999.0, -1000.5]]), np.array([1, 0])),
        (_ROWS, np.array([0, 0])),
    ],
    observe=strictly,
    slips=[
        *every_pair([("", _cross_entropy)], _CE_FACTORS),
        *every_pair(
            [
                (_LOG_OF_0, _minus_log(_softmax)),
                (_LOG_OF_0, _minus_log(_softmax, of_all=True)),
                (_NAIVE_LSE, _with(_naive_logsumexp)),
                (_NAIVE_LSE, _minus_log(_naive_softmax)),
                (_NAIVE_LSE, _minus_log(_naive_softmax, of_all=True)),
            ],
            _CE_FACTORS[:3],
        ),
        *(
            Slip(_HIDDEN, _minus_log(lambda z, eps=eps, hide=hide: hide(_softmax(z), eps)))
            for eps in (_EPS, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
            for hide in (np.maximum, np.add)
        ),
        *alike(
            "inf or nan comes out, with NumPy's warnings off: take the row's maximum out, and stay with the scores",
            *(_quietly(_minus_log(of)) for of in (_softmax, _naive_softmax)),
            _quietly(_with(_naive_logsumexp)),
        ),
        Slip(_COLUMNS, lambda z, labels: np.mean(_logsumexp(z)[:, None] - z[:, labels])),
        *alike(_WHOLE_ROWS, lambda z, labels: np.mean(_logsumexp(z)[:, None] - z[labels]), lambda z, labels: np.mean(_logsumexp(z) - z[labels])),
        Slip("keepdims=True is missing in z - max: without it (n,) is laid along the columns, not beside the rows", _with(lambda z: _naive_logsumexp(z - z.max(axis=1)) + z.max(axis=1))),
        Slip("one loss for each sample: take their mean", _losses),
        Slip("scores are no probabilities: -log z is not the loss, it is log-sum-exp minus the label's score", _minus_log(lambda z: z)),
        *alike(
            "the wrong axis: the classes lie along axis 1, the samples along axis 0",
            lambda z, labels: np.mean(np.logaddexp.reduce(z, axis=0)) - np.mean(_own(z, labels)),
            lambda z, labels: -np.mean(_own(z - np.logaddexp.reduce(z, axis=0), labels)),
            lambda z, labels: np.mean(np.logaddexp.reduce(z, axis=0) - _own(z, labels)),
        ),
        Slip("the maximum is not added back: log Σ e^(z - max) + max is log-sum-exp", _with(lambda z: _logsumexp(z - _row_max(z)))),
        Slip("the maximum is taken from the label's score as well: then it must not be added back", _with(lambda z: _logsumexp(z) + np.max(z, axis=1))),
        Slip("the maximum is subtracted where it must be added back: log Σ e^(z - max) + max", _with(lambda z: _logsumexp(z) - 2 * np.max(z, axis=1))),
        Slip("the log is missing: log Σ e^(z - max) + max", _with(lambda z: np.sum(np.exp(z - _row_max(z)), axis=1) + np.max(z, axis=1))),
        Slip("one maximum for the whole batch: a row far below it becomes log 0. Each row has its own", _with(lambda z: _naive_logsumexp(z - z.max()) + z.max())),
        Slip("log-sum-exp of the whole batch: each row has its own, axis=1", _with(lambda z: np.logaddexp.reduce(z, axis=None))),
        Slip("the largest score is taken for the label's: pick z[np.arange(n), labels]", _with(_logsumexp, lambda z, labels: np.max(z, axis=1))),
        Slip("the label itself is subtracted: its score is z[np.arange(n), labels]", _with(_logsumexp, lambda z, labels: labels)),
        Slip("the label's score is missing: subtract it from log-sum-exp", _with(_logsumexp, lambda z, labels: 0)),
        Slip("the labels are counted from 0: no - 1", _with(_logsumexp, lambda z, labels: _own(z, labels - 1))),
        Slip("the log is missing: this is minus the label's probability", lambda z, labels: -np.mean(_own(_softmax(z), labels))),
        Slip("the log is missing: this is the label's probability", lambda z, labels: np.mean(_own(_softmax(z), labels))),
    ],
    hint="The mean of log Σ e^z over a row, minus the score of its label",
    praise="A loss of 2000 is 2000, not infinity",
)  # fmt: skip


def _softmax_slope(residual: Callable = lambda P, Y: P - Y, probability: Callable = _softmax) -> Callable:
    """Make the gradient with another residual, or from something else than the softmax over the classes."""
    return lambda X, labels, W: X.T @ residual(probability(X @ W), _one_hot(labels, W.shape[1])) / len(X)


def _by_labels(residual: Callable) -> Callable:
    """Make the gradient from the labels themselves, without their one-hot form."""
    return lambda X, labels, W: X.T @ residual(_softmax(X @ W), labels) / len(X)


def _errors(X: _Array, labels: _Array, W: _Array) -> _Array:
    return _softmax(X @ W) - _one_hot(labels, W.shape[1])


def _rows_less_1(P: _Array, labels: _Array) -> _Array:
    P[labels] -= 1
    return P


_PAIR = "P[:, labels] -= 1 changes whole columns, P[labels] -= 1 whole rows: pair them, P[np.arange(n), labels] -= 1"
_NO_ONE_HOT = "the labels are numbers of classes, not probabilities: subtract their one-hot rows"

softmax_gradient = Exercise(
    "softmax_gradient",
    _softmax_slope(),
    cases=[
        (_rng.randn(7, 2), np.array([0, 1, 2, 2, 0, 1, 1]), _rng.randn(2, 3)),
        (_rng.randn(1, 3), np.array([1]), _rng.randn(3, 4)),
        (_rng.randn(5, 3), np.array([2, 0, 1, 0, 1]), _rng.randn(3, 3)),
        (_rng.randn(3, 2), np.array([1, 2, 1]), _rng.randn(2, 3)),
        (_rng.randn(40, 4), _rng.randint(0, 2, 40), _rng.randn(4, 2)),
    ],
    slips=[
        *every_pair([("", _softmax_slope())], _FACTORS),
        Slip("divided by n·K: a sample counts once, whatever the number of classes", times(lambda X, labels, W: 1 / W.shape[1], _softmax_slope())),
        Slip("divided by K, not by n", times(lambda X, labels, W: len(X) / W.shape[1], _softmax_slope())),
        *every_pair(
            [
                ("P (1 - P) is still in it: in the cross-entropy it cancels, and P - Y is left", _softmax_slope(lambda P, Y: (P - Y) * P * (1 - P))),
                ("the softmax is missing: P = softmax(X @ W)", _softmax_slope(probability=lambda z: z)),
                ("the decisions are in it: the gradient takes the probabilities themselves", _softmax_slope(probability=lambda z: z == _row_max(z))),
                ("only the label's own column is left: the other classes have their slope P too", _softmax_slope(lambda P, Y: (P - Y) * Y)),
                ("the labels are missing: P minus the one-hot rows", _softmax_slope(lambda P, Y: P)),
            ],
            _FACTORS[:3],
        ),
        Slip("1 is subtracted everywhere: in each row the label's class alone has it, P - Y", _softmax_slope(lambda P, Y: P - 1)),
        Slip("it lies on its side: the gradient has the shape of W, (d, K)", then(_softmax_slope(), np.transpose)),
        *alike(_NO_ONE_HOT, _by_labels(lambda P, labels: P - labels), _by_labels(lambda P, labels: P - labels[:, None])),
        *alike(_PAIR, _by_labels(lambda P, labels: P - np.isin(np.arange(P.shape[1]), labels)), _by_labels(_rows_less_1)),
        Slip("np.eye(K)[:, labels] has the labels in its columns: np.eye(K)[labels]", _by_labels(lambda P, labels: P - np.eye(P.shape[1])[:, labels])),
        Slip("np.eye has the number of W's columns, W.shape[1]: the classes", lambda X, labels, W: X.T @ (_softmax(X @ W) - np.eye(len(W))[labels]) / len(X)),
        Slip("the number of classes is W.shape[1]: the largest label may be absent", _by_labels(lambda P, labels: P - np.eye(np.max(labels) + 1)[labels])),
        Slip("the labels are counted from 0", _by_labels(lambda P, labels: P - np.eye(P.shape[1])[labels - 1])),
        Slip("X must be transposed: X.T @ (P - Y) adds up over the samples", lambda X, labels, W: X @ _errors(X, labels, W)),
        *alike("X is missing: X.T @ (P - Y) multiplies each row of P - Y by its own row of X", _errors, then(_errors, lambda e: e / len(e)), then(_errors, lambda e: e.mean(axis=0))),
        Slip("this is the loss; its gradient is asked", lambda X, labels, W: _cross_entropy(X @ W, labels)),
        Slip("this is a whole step, W minus the gradient: return the gradient", lambda X, labels, W: W - _softmax_slope()(X, labels, W)),
    ],
    hint="With P = softmax(X @ W) and Y the one-hot labels it is X.T @ (P - Y) / n",
)  # fmt: skip


_RIGHT_LOSS = "this is the right loss: read the formula as it is printed, with the minus before the first term alone"
_LOG_10 = "log10: the natural log is meant, np.log"
_LOG_2 = "log2: the natural log is meant, np.log"

loss_without_brackets = Exercise(
    "loss_without_brackets",
    np.log(0.1),
    rtol=3e-3,
    slips=[
        Slip(_RIGHT_LOSS, -np.log(0.1)),
        *alike("this is the log of 0.9: with y = 0 the second term is left, and it has 1 - p", -np.log(0.9), 0.105, np.log(0.9), -0.105),
        Slip(_LOG_10, -1),
        Slip(f"{_LOG_10}. And {_RIGHT_LOSS}", 1),
        Slip(_LOG_2, np.log2(0.1)),
        Slip("y = 0 makes the first term 0; the second one, (1 - y) log(1 - p), is left", 0),
        Slip("the log is missing: with y = 0 the second term is log(1 - p)", 0.1),
        *alike("both terms count as if y were 0 and 1 at once: y = 0 drops the first", np.log(0.1) + np.log(0.9), np.log(0.1) - np.log(0.9)),
    ],
    hint="Put y = 0 and p = 0.9 into both terms, and leave the minus before the first",
)  # fmt: skip


share_left = Exercise(
    "share_left",
    0.09,
    rtol=5e-3,
    slips=[
        Slip("this is p: the factor is p (1 - p)", 0.1),
        Slip("this is 1 - p: the factor is p (1 - p)", 0.9),
        Slip("this is the right slope, p - y: which share of it is left?", -0.9),
        *alike("this is the slope that is left, (p - y) p (1 - p): its share of p - y is asked", -0.081, 0.081),
        Slip("the other way round: this share is lost", 0.91),
        *alike("upside down: the factor is p (1 - p), less than 1", 1 / 0.09, 11.1),
        *alike("twice too much: the 2 of the squared error is no part of the factor p (1 - p)", 0.18, 0.162, -0.162),
        Slip("this is p²: the factor is p (1 - p)", 0.01),
        Slip("this is (1 - p)²: the factor is p (1 - p)", 0.81),
        Slip("a share has no sign: both slopes are negative", -0.09),
        Slip("write 9 % as a number between 0 and 1", 9),
    ],
    hint="(p - y) p (1 - p), divided by p - y",
)


def _sum_of(term: Callable) -> Callable:
    """Make a sum over the samples from x, y and the predictions."""
    return lambda x, y, w, b: np.sum(term(x, y, w * x + b))


def _sigma_slope(z: _Array) -> _Array:
    return _sigmoid(z) * (1 - _sigmoid(z))


_LINEAR_SLIPS = [
    ("", lambda x, y, y_hat: (y_hat - y) * x),
    ("σ' is left in: the model is linear, and its inner derivative is x alone", lambda x, y, y_hat: (y_hat - y) * _sigma_slope(y_hat) * x),
    ("ŷ (1 - ŷ) is left in: the model is linear, and its inner derivative is x alone", lambda x, y, y_hat: (y_hat - y) * y_hat * (1 - y_hat) * x),
    ("a sigmoid is in the model: ŷ = w x + b is linear", lambda x, y, y_hat: (_sigmoid(y_hat) - y) * x),
    ("a sigmoid is in the model, and σ' behind it: ŷ = w x + b is linear", lambda x, y, y_hat: (_sigmoid(y_hat) - y) * _sigma_slope(y_hat) * x),
    ("x is missing: this is dL/db, each residual is multiplied by its own x", lambda x, y, y_hat: y_hat - y),
    ("squared: the slope has the residual itself, not its square", lambda x, y, y_hat: (y_hat - y) ** 2 * x),
]  # fmt: skip
_SUM_FACTORS = [
    ("", 1),
    ("the sign: d(y - ŷ)/dw is -x, and that minus stays", -1),
    ("the factor 2: the 1/2 of the loss cancels it", 2),
    ("the sign is turned, and the factor 2 is cancelled by the loss's 1/2", -2),
    ("half of it: the square's 2 cancels the loss's 1/2", 0.5),
    ("the mean: this loss is a sum, so its slope is one too", lambda x, *_: 1 / len(x)),
    ("the mean, and the sign: this loss is a sum, and d(y - ŷ)/dw is -x", lambda x, *_: -1 / len(x)),
    ("the slope of the mean squared error: this loss is 1/2 of the sum", lambda x, *_: 2 / len(x)),
]

linear_slope = Exercise(
    "linear_slope",
    _sum_of(_LINEAR_SLIPS[0][1]),
    cases=[
        (np.array([0.0, 1.0, 2.0]), np.array([2.0, 3.0, 5.0]), 1.0, 1.0),
        (_rng.randn(6), _rng.randn(6) * 2, -1.5, 0.5),
        (np.array([2.0]), np.array([1.0]), 0.5, -1.0),
        (_rng.rand(15) * 2 - 1, _rng.rand(15), 3.0, 0.2),
        (np.array([-1.0, 0.5, 2.0, 1.0]), np.array([1.0, -1.0, 0.5, 3.0]), 0.3, 0.0),
    ],
    slips=[
        *every_pair([(hint, _sum_of(term)) for hint, term in _LINEAR_SLIPS[:1]], _SUM_FACTORS),
        *every_pair([(hint, _sum_of(term)) for hint, term in _LINEAR_SLIPS[1:]], _SUM_FACTORS[:4]),
        *alike("one value for each sample: add them up", lambda x, y, w, b: (w * x + b - y) * x, lambda x, y, w, b: (y - w * x - b) * x),
        Slip("dL/dw alone is asked: leave dL/db away", lambda x, y, w, b: [np.sum((w * x + b - y) * x), np.sum(w * x + b - y)]),
        Slip("this is the loss; its slope is asked", _sum_of(lambda x, y, y_hat: 0.5 * (y - y_hat) ** 2)),
        Slip("summed too early: multiply each residual by its own x, then add up", lambda x, y, w, b: np.sum(w * x + b - y) * np.sum(x)),
        Slip("b is missing in the prediction w x + b", lambda x, y, w, b: np.sum((w * x - y) * x)),
        Slip("the brackets: y - (w x + b), since y - w x + b adds b", lambda x, y, w, b: -np.sum((y - w * x + b) * x)),
        Slip("the brackets: (y - ŷ) times x, not y minus ŷ x", _sum_of(lambda x, y, y_hat: y_hat * x - y)),
        Slip("w for x: the inner derivative with respect to w is x", lambda x, y, w, b: np.sum((w * x + b - y) * w)),
    ],
    hint="The chain rule: dL/dw is the sum of (y - ŷ) times d(y - ŷ)/dw",
)  # fmt: skip


first_loss = Exercise(
    "first_loss",
    np.log(10),
    rtol=3e-3,
    slips=[
        Slip("this is the probability 1/10; the loss is its -log", 0.1),
        Slip("10 is one over the probability: take its log", 10),
        Slip("log(2) is for two classes: here are ten", np.log(2)),
        Slip("log(9): there are ten classes", np.log(9)),
        Slip(_LOG_10, 1),
        Slip(_LOG_2, np.log2(10)),
        Slip("the sign: the loss is -log of the probability, never negative", -np.log(10)),
        Slip("the share of wrong guesses; the cross-entropy is asked", 0.9),
        *alike("this is -log(0.9): the label's class has 1/10", -np.log(0.9), 0.105),
        Slip("summed over ten classes: the label's class alone counts", 10 * np.log(10)),
        Slip("divided by ten: the label's class counts whole", np.log(10) / 10),
        Slip("ten binary losses added up: here the label's class alone counts", 9 * -np.log(0.9) + np.log(10)),
    ],
    hint="Every class has probability 1/10: what is -log of it?",
)


temperature = Exercise(
    "temperature",
    2 / np.log(3),
    rtol=5e-3,
    slips=[
        Slip("upside down: this is 1/T, the scores are divided by T", np.log(3) / 2),
        Slip("so far the scores must be apart after the division: which T makes that of 2?", np.log(3)),
        Slip("multiplied: the scores are divided by T", 2 * np.log(3)),
        *alike("the logs are missing: exp is undone by log", 2 / 3, 3 / 2, 3),
        *alike(
            "the odds count, 3/4 to 1/4, not 3/4 alone: take their log", 2 / np.log(0.75), -2 / np.log(0.75), 2 / 0.75
        ),
        Slip("3/4 to 1/4 are odds of 3 : 1, not of 4 : 1", 2 / np.log(4)),
        Slip("the larger score has the larger probability, so T is positive", -2 / np.log(3)),
        Slip(_LOG_10, 2 / np.log10(3)),
        Slip(_LOG_2, 2 / np.log2(3)),
        Slip("the scores are 2 apart, not 1", 1 / np.log(3)),
        Slip("at T = 1 the first class gets 0.88", 1),
        Slip("0.88 is what the first class gets at T = 1; the temperature is asked", 0.8808),
    ],
    hint="The odds of the two classes are e^(2/T) : 1, and 3/4 to 1/4 is 3 : 1",
)
