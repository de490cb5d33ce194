"""Checks of lesson 13, its first part: overfitting, the penalty on squares, and the choice of its strength."""

from collections.abc import Callable

import numpy as np

from helpers.check import wrong_penalties as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_penalties import arrays_or_lists, loss_and_gradient
from helpers.check.slips import alike, both
from helpers.check.wrong import exchanged, times
from helpers.penalties import lasso, ridge

_rng = np.random.RandomState(13)
_Array = np.ndarray


def _design(m: int, n: int) -> _Array:
    """Make n columns that are neither scaled nor centered, yet far from parallel, and one of ones."""
    return np.column_stack([_rng.randn(m, n) * (0.7 + _rng.rand(n)) + _rng.randn(n) / 3, np.ones(m)])


def _data(m: int, n: int) -> tuple[_Array, _Array]:
    X = _design(m, n)
    return X, X @ _rng.randn(n + 1) * 2 + _rng.randn(m)


# Overfitting

_PLUS_1 = "degree d has d + 1 coefficients, the constant is one of them"

interpolating_degree = Exercise(
    "interpolating_degree",
    11,
    slips=[
        Slip(f"this degree does it, and one less does too: {_PLUS_1}", 12),
        Slip(f"the wrong way: {_PLUS_1}, so the degree is less than the number of points", 13),
        Slip(f"one too few: {_PLUS_1}, and each point asks for one", 10),
        Slip("a cubic has four coefficients, and passes through four points: there are twelve", 3),
        Slip("a line has two coefficients, and passes through two points: there are twelve", 1),
        Slip("a parabola has three coefficients, and passes through three points: there are twelve", 2),
        *alike("half of them is not enough: each point is one equation, each coefficient one unknown", 6, 5, 5.5),
        *alike("too few: each point is one equation, each coefficient one unknown", 4, 7, 8, 9),
        *alike("too many: each point is one equation, each coefficient one unknown", 14, 22, 23, 24, 66, 78, 132, 144, np.inf),
        Slip("a constant has one coefficient, and passes through one point: there are twelve", 0),
    ],
    hint="Each point is one equation, each coefficient one unknown; how many coefficients has degree d?",
    praise="A training error of 0, whatever the points are: it says nothing about the next one",
)  # fmt: skip


# The penalty and its gradient

_BIAS = "the bias is penalized: theta ends with it, so the weights are theta[:-1]"
_FIRST = "the first entry is taken for the bias: theta ends with it, so the weights are theta[:-1]"
_HALF = "½: yours is λ/2 Σw²; ours has none"
_MEAN_OF_W = "the mean over the weights: the penalty is their sum"
_PER_SAMPLE = "the penalty is summed over the samples: it is there once, not once per sample"
_SHARED = "the penalty is divided by the number of samples: the mean is of the squared errors alone, the penalty is there once"
_ABS = "absolute values, which is L1: here the weights are squared"
_NORM = "the norm is not squared: no root over the sum of squares"
_MINUS = "the penalty is subtracted: large weights must cost something, so add it"
_LAM_2 = "lam is squared: the weights are, lam is not"
_NONE = "the penalty is missing"
_PENALTIES: list[tuple[str, Callable, Callable]] = [  # a hint, the wrong penalty, and its gradient for the weights
    (_HALF, lambda v: v.penalty / 2, lambda v: v.lam * v.w),
    (_MEAN_OF_W, lambda v: v.penalty / v.n, lambda v: 2 * v.lam * v.w / v.n),
    (_PER_SAMPLE, lambda v: v.penalty * v.m, lambda v: 2 * v.lam * v.w * v.m),
    (_SHARED, lambda v: v.penalty / v.m, lambda v: 2 * v.lam * v.w / v.m),
    ("the penalty is divided by 2m: it is λ Σw², there once", lambda v: v.penalty / 2 / v.m, lambda v: v.lam * v.w / v.m),
    (_ABS, lambda v: v.lam * np.sum(np.abs(v.w)), lambda v: v.lam * np.sign(v.w)),
    (_NORM, lambda v: v.lam * np.linalg.norm(v.w), lambda v: v.lam * v.w / np.linalg.norm(v.w)),
    (_MINUS, lambda v: -v.penalty, lambda v: -2 * v.lam * v.w),
    (_LAM_2, lambda v: v.lam * v.penalty, lambda v: 2 * v.lam**2 * v.w),
    ("lam is missing: it says how much the penalty counts", lambda v: np.sum(v.w**2), lambda v: 2 * v.w),
    ("the penalty counts twice: it is λ Σw², and its gradient 2 λ w", lambda v: 2 * v.penalty, lambda v: 4 * v.lam * v.w),
    (_NONE, lambda v: 0.0, lambda v: 0 * v.w),
]  # fmt: skip
_THE_2 = "the 2 of the square's derivative is missing in the penalty's gradient"
_ONE_SUM = "one number is added for all weights: the derivative by one weight holds that weight alone"
_LOSSES: list[tuple[str, Callable]] = [
    (_BIAS, lambda v: v.mse + v.lam * v.theta @ v.theta),
    (_FIRST, lambda v: v.mse + v.lam * v.theta[1:] @ v.theta[1:]),
    ("the weights are not squared", lambda v: v.mse + v.lam * np.sum(v.w)),
    ("the weights are summed first and squared afterwards: square each one", lambda v: v.mse + v.lam * np.sum(v.w) ** 2),
    ("the bias alone is penalized: it is the one that is spared", lambda v: v.mse + v.lam * v.theta[-1] ** 2),
    ("the root of the MSE is too much", lambda v: np.sqrt(v.mse) + v.penalty),
    ("the mean absolute error stands for the MSE", lambda v: np.mean(np.abs(v.r)) + v.penalty),
    ("lam multiplies the MSE as well, or the MSE alone: it belongs to the penalty", lambda v: v.lam * v.mse + v.penalty),
    ("lam multiplies the MSE: it belongs to the penalty", lambda v: v.lam * v.mse + np.sum(v.w**2)),
    ("a share of each, (1 - lam) and lam: the MSE counts whole", lambda v: (1 - v.lam) * v.mse + v.penalty),
    ("multiplied: the penalty is added to the MSE", lambda v: v.mse * v.penalty),
    ("this is the penalty alone: add the MSE", lambda v: v.penalty),
    ("the bias is left out of the predictions: X @ theta has it, only the penalty spares it", lambda v: np.mean((v.X[:, :-1] @ v.w - v.y) ** 2) + v.penalty),
]  # fmt: skip
_GRADS: list[tuple[str, Callable]] = [
    (_BIAS, lambda v: v.slope + 2 * v.lam * v.theta),
    (f"{_BIAS}. And {_THE_2}", lambda v: v.slope + v.lam * v.theta),
    (_FIRST, lambda v: v.slope + 2 * v.lam * np.append(0, v.theta[1:])),
    ("the 0 belongs at the end, where the bias is", lambda v: v.slope + np.append(0, 2 * v.lam * v.w)),
    ("the bias alone is pulled: it is the one that is spared", lambda v: v.slope + 2 * v.lam * np.append(0 * v.w, v.theta[-1])),
    (_ONE_SUM, lambda v: v.slope + np.append(0 * v.w + 2 * v.lam * np.sum(v.w), 0)),
    (_ONE_SUM, lambda v: v.slope + 2 * v.lam * np.sum(v.w)),
    ("the penalty itself is added to the gradient: its derivative is asked", lambda v: v.slope + v.penalty),
    ("the derivative of w² is 2 w, not w²", lambda v: v.slope + np.append(2 * v.lam * v.w**2, 0)),
    ("the derivative of w² is 2 w, not w²", lambda v: v.slope + np.append(v.lam * v.w**2, 0)),
    ("the derivative of w² is 2 w: w is missing", lambda v: v.slope + np.append(0 * v.w + 2 * v.lam, 0)),
    ("divided by the number of samples twice", lambda v: v.slope / v.m + v.pull),
    ("X.size counts every number of X: divide by its rows, len(X)", lambda v: v.slope / v.X.shape[1] + v.pull),
    ("the residual is X theta - y: turned around, the MSE's gradient has the opposite sign", lambda v: v.pull - v.slope),
    ("the opposite sign: a gradient points uphill", lambda v: -v.slope - v.pull),
    ("the MSE's gradient is missing: the penalty comes on top of it", lambda v: v.pull),
    ("the bias is not penalized, but the MSE moves it: only the penalty's share is 0 there", lambda v: np.append((v.slope + v.pull)[:-1], 0)),
    ("the bias has a derivative too, that of the MSE: the gradient has the shape of theta", lambda v: (v.slope + v.pull)[:-1]),
    ("the bias is left out of the predictions: X @ theta has it, only the penalty spares it", lambda v: 2 / v.m * v.X.T @ (v.X[:, :-1] @ v.w - v.y) + v.pull),
    ("this is theta after a step: the gradient itself is asked", lambda v: v.theta - v.slope - v.pull),
    ("the residual is squared in the gradient: the square's derivative is 2 r", lambda v: 2 / v.m * v.X.T @ v.r**2 + v.pull),
    ("one number for all parameters: each column of X has its own slope, X.T @ r", lambda v: np.mean(v.slope) + v.pull),
]  # fmt: skip

_HALVED = "half of it: neither the MSE nor the penalty has a ½ here, so both gradients have their 2"
_OVER_2M = "all is divided by 2m, as some books do: here the mean has no ½, and the penalty is not divided"
_HALF_MSE = "the MSE is halved, or the 2 of its gradient is missing"
_COMMON = [_PENALTIES[i] for i in (0, 1, 2, 3, 7, 11)]
_MSES: list[tuple[str, Callable, Callable]] = [  # a hint, the wrong MSE, and its gradient
    ("the squared errors are summed: the MSE is their mean, so divide by m", lambda v: v.mse * v.m, lambda v: v.slope * v.m),
    (_HALF_MSE, lambda v: v.mse / 2, lambda v: v.slope / 2),
    ("the squared errors are summed, and halved: the MSE is their mean", lambda v: v.mse * v.m / 2, lambda v: v.slope * v.m / 2),
]  # fmt: skip

l2_loss = Exercise(
    "l2_loss",
    bad.l2(),
    cases=[
        (np.array([2.0, -1.0, 0.5]), np.array([[1.0, 2.0, 1.0], [0.0, -1.0, 1.0], [3.0, 1.0, 1.0], [-2.0, 0.5, 1.0]]), np.array([1.0, 0.0, 4.0, -3.0]), 0.3),
        *((_rng.randn(n + 1) * 1.5, *_data(m, n), lam) for m, n, lam in [(6, 3, 0.05), (3, 1, 1.7), (5, 4, 0.6), (8, 2, 0.2)]),
        (np.array([-1.0, 2.0]), np.array([[1.0, 1.0], [-2.0, 1.0], [0.5, 1.0]]), np.array([2.0, 1.0, -1.0]), 0.0),
    ],
    parts=("loss", "grad"),
    observe=loss_and_gradient,
    slips=[
        *(Slip(hint, bad.l2(penalty=penalty, pull=pull)) for hint, penalty, pull in _PENALTIES),
        Slip(_BIAS, bad.l2(_LOSSES[0][1], _GRADS[0][1])),
        Slip(f"{_BIAS}. And {_HALF}", bad.l2(lambda v: v.mse + v.lam / 2 * v.theta @ v.theta, _GRADS[1][1])),
        Slip(f"{_BIAS}. And {_MINUS}", bad.l2(lambda v: v.mse - v.lam * v.theta @ v.theta, lambda v: v.slope - 2 * v.lam * v.theta)),
        Slip(_FIRST, bad.l2(_LOSSES[1][1], _GRADS[2][1])),
        Slip(_HALVED, times(0.5, bad.l2())),
        Slip(_OVER_2M, bad.l2(lambda v: v.mse / 2 + v.penalty / (2 * v.m), lambda v: (v.slope + v.pull / v.m) / 2)),
        *(Slip(_THE_2 if hint == _HALF else hint, bad.l2(pull=pull)) for hint, _, pull in _PENALTIES),
        *(Slip(hint, bad.l2(penalty=penalty)) for hint, penalty, _ in _PENALTIES),
        *alike(_HALVED, bad.l2(loss=lambda v: (v.mse + v.penalty) / 2), bad.l2(grad=lambda v: (v.slope + v.pull) / 2)),
        *(Slip(hint, bad.l2(loss=loss)) for hint, loss in _LOSSES),
        *(Slip(hint, bad.l2(grad=grad)) for hint, grad in _GRADS),
        *(Slip(hint, bad.l2(loss=lambda v, of=of: of(v) + v.penalty)) for hint, of, _ in _MSES),
        *(Slip(hint, bad.l2(grad=lambda v, of=of: of(v) + v.pull)) for hint, _, of in _MSES),
        *(Slip(both(first, second), bad.l2(loss=lambda v, of=of, penalty=penalty: of(v) + penalty(v))) for first, of, _ in _MSES for second, penalty, _ in _COMMON if (first, second) != (_HALF_MSE, _HALF)),
        *(Slip(both(first, _THE_2 if second == _HALF else second), bad.l2(grad=lambda v, of=of, pull=pull: of(v) + np.append(pull(v), 0))) for first, _, of in _MSES for second, _, pull in _COMMON if (first, second) != (_HALF_MSE, _HALF)),
        *(Slip(both(first, _BIAS), bad.l2(grad=lambda v, of=of: of(v) + 2 * v.lam * v.theta)) for first, _, of in _MSES),
        *(Slip(both(first, _BIAS), bad.l2(loss=lambda v, of=of: of(v) + v.lam * v.theta @ v.theta)) for first, of, _ in _MSES),
        Slip("exchanged: return the loss first, then the gradient", exchanged(bad.l2())),
    ],
    hint="mean(r²) + lam * sum(w²), and 2/m X.T r plus 2 lam w, with a 0 for the bias",
    praise="The bias is free: it only moves the whole curve up or down",
)  # fmt: skip


# Ridge

_M = "m is forgotten: with X.T @ X undivided, this λ counts as λ/m. The loss is a mean"
_RIDGE_BIAS = "the bias is penalized: the last entry on the diagonal of D is 0"
_RIDGE_FIRST = "the first entry is spared: the bias stands last, so the 0 in D does too"
_SCALE = "one side is divided by m and the other is not: X.T @ X and X.T @ y belong together"
_STRENGTH: list[tuple[str, Callable]] = [  # wrong λ D
    (_RIDGE_BIAS, lambda v: v.lam * v.eye),
    (_RIDGE_FIRST, lambda v: v.lam * v.D[::-1, ::-1]),
    ("lam is ignored: this is least squares", lambda v: 0 * v.D),
    ("the sign: λ D is added to X.T @ X / m, so that the weights shrink", lambda v: -v.lam * v.D),
    ("λ counts twice: the 2 of the squares' derivatives stands on both terms, and cancels", lambda v: 2 * v.lam * v.D),
    ("λ is halved: the 2 of the squares' derivatives stands on both terms, and cancels", lambda v: v.lam / 2 * v.D),
    ("lam is squared: it belongs into the system as it is", lambda v: v.lam**2 * v.D),
    ("the root of lam: this is for rows that are added to X, where it is squared again", lambda v: v.lam**0.5 * v.D),
    ("the penalty is multiplied by m beside X.T @ X / m: m belongs to one of them only", lambda v: v.m * v.lam * v.D),
    ("lam is missing: the diagonal holds λ, not 1", lambda v: v.D),
    ("lam is added to every number of the matrix: it belongs on the diagonal alone", lambda v: v.lam),
]  # fmt: skip

ridge_fit = Exercise(
    "ridge_fit",
    ridge,
    cases=[
        (np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]]), np.array([1.0, 3.0, 5.0]), 0.5),
        *((*_data(m, n), lam) for m, n, lam in [(12, 2, 0.3), (20, 3, 0.1), (9, 1, 2.0), (15, 4, 0.7)]),
        (np.array([[-1.0, 1.0], [0.0, 1.0], [2.0, 1.0], [3.0, 1.0]]), np.array([1.0, -1.0, 2.0, 4.0]), 0.0),
    ],
    rtol=1e-4,  # what descent reaches
    slips=[
        *(Slip(hint, bad.fit(lambda v, of=of: v.gram / v.m + of(v))) for hint, of in _STRENGTH),
        Slip(_M, bad.fit(lambda v: v.gram + v.lam * v.D, lambda v: v.moment)),
        Slip(f"{_M}. And {_RIDGE_BIAS}", bad.fit(lambda v: v.gram + v.lam * v.eye, lambda v: v.moment)),
        Slip(f"{_M}. And twice the penalty: the 2 of the squares' derivatives cancels", bad.fit(lambda v: v.gram + 2 * v.lam * v.D, lambda v: v.moment)),
        Slip("divided by the number of columns: m is the number of rows, len(X)", bad.fit(lambda v: v.gram / len(v.eye) + v.lam * v.D, lambda v: v.moment / len(v.eye))),
        Slip("D has no row for the bias: it is as large as X.T @ X, with a 0 at the end", lambda X, y, lam: np.linalg.solve(X.T @ X / len(y) + lam * np.eye(X.shape[1] - 1), X.T @ y / len(y))),
        Slip("np.linalg.lstsq returns four things: theta is the first", lambda X, y, lam: np.linalg.lstsq(np.vstack([X, np.sqrt(len(y) * lam) * np.diag([*[1.0] * (X.shape[1] - 1), 0.0])]), np.append(y, np.zeros(X.shape[1])), rcond=None)),
        Slip("the bias stands first: theta ends with it", bad.fit(after=lambda theta, v: np.roll(theta, 1))),
        Slip("theta is turned around: its entries are in the order of X's columns", bad.fit(after=lambda theta, v: theta[::-1])),
        Slip(f"{_M}. And {_RIDGE_FIRST}", bad.fit(lambda v: v.gram + v.lam * v.D[::-1, ::-1], lambda v: v.moment)),
        *alike(_SCALE, bad.fit(right=lambda v: v.moment), bad.fit(lambda v: v.gram + v.lam * v.D), bad.fit(lambda v: v.gram + v.m * v.lam * v.D)),
        *alike(f"{_SCALE}. And {_RIDGE_BIAS}", bad.fit(lambda v: v.gram / v.m + v.lam * v.eye, lambda v: v.moment), bad.fit(lambda v: v.gram + v.lam * v.eye)),
        Slip("a factor 2 on one side alone: the gradient is 0 where 2 X.T @ X / m theta + 2 λ D theta = 2 X.T @ y / m", bad.fit(right=lambda v: 2 * v.moment / v.m)),
        *alike("the fit is shrunk afterwards: λ stands in the system, where it shrinks each direction by its own share", *(bad.fit(lambda v: v.gram, lambda v: v.moment, after) for after in (lambda theta, v: theta / (1 + v.lam), lambda theta, v: np.append(theta[:-1] / (1 + v.lam), theta[-1]), lambda theta, v: theta * (1 - v.lam), lambda theta, v: theta - v.lam * np.append(theta[:-1], 0)))),
        Slip("the bias is the mean of y only where the columns of X have mean 0: let the system find it", bad.centered(lambda w, X, y: y.mean())),
        Slip("the bias is missing: it is not penalized, and not 0", bad.centered(lambda w, X, y: 0.0)),
        Slip("the bias is 0 here: it is not penalized, but it is fitted", lambda X, y, lam: np.append(np.linalg.solve(X[:, :-1].T @ X[:, :-1] / len(y) + lam * np.eye(X.shape[1] - 1), X[:, :-1].T @ y / len(y)), 0.0)),
        Slip("the bias is left out: theta holds the weights, then the bias", bad.fit(after=lambda theta, v: theta[:-1])),
        Slip("these are the predictions: return theta", bad.fit(after=lambda theta, v: v.X @ theta)),
        Slip("this is the loss: return theta", bad.fit(after=lambda theta, v: np.mean((v.X @ theta - v.y) ** 2) + v.lam * np.sum(theta[:-1] ** 2))),
        Slip("the sign of theta is turned around: X.T @ y has no minus", bad.fit(right=lambda v: -v.moment / v.m)),
        Slip("multiplied by the matrix in place of its inverse: np.linalg.solve", lambda X, y, lam: (X.T @ X / len(y) + lam * np.diag([*[1.0] * (X.shape[1] - 1), 0])) @ (X.T @ y / len(y))),
        Slip("the brackets: λ D is added before the inverse is taken", lambda X, y, lam: (np.linalg.inv(X.T @ X / len(y)) + lam * np.diag([*[1.0] * (X.shape[1] - 1), 0])) @ (X.T @ y / len(y))),
        Slip("X @ X.T has a row and a column for each sample: X.T @ X has one for each parameter", lambda X, y, lam: X @ X.T / len(y) + lam * np.eye(X.shape[1])),
        Slip("this is the lasso: the squares of the weights are penalized here, not their sizes", lambda X, y, lam: lasso(X, y, lam, num_steps=2000)),
    ],
    hint="Set the gradient of the loss to 0: (X.T @ X / m + λ D) theta = X.T @ y / m, with a 0 in D for the bias",
    praise="It exists also where X.T @ X alone could not be inverted",
)  # fmt: skip


_SHARE = "the share that is left is μ/(μ + λ)"

kept_share = Exercise(
    "kept_share",
    0.75,
    slips=[
        Slip("this is what is lost: what is left?", 0.25),
        *alike("this is λ/μ: both curvatures pull, so their sum stands below", 1 / 3, 0.33, 0.333),
        *alike("this is μ/λ, or λ/μ upside down: both curvatures pull, so their sum stands below", 3),
        *alike("this is 1 - λ/μ, right for a small λ only: the penalty's curvature adds to that of the data", 2 / 3, 0.66, 0.67, 0.667),
        Slip("this has 2λ: the curvature of the data is 2μ as well, and the 2 cancels", 0.6),
        *alike("this has λ/2: both curvatures have their 2, which cancels", 6 / 7, 0.86, 0.857),
        Slip("this is 1 - λ: how much a penalty takes depends on μ", 0.9),
        *alike("this is 1/(1 + λ), right where μ is 1: how much a penalty takes depends on μ", 1 / 1.1, 0.91, 0.909),
        Slip("this is the eigenvalue: the penalty is added to it, and its share of the sum is left", 0.3),
        Slip("this is 1 - 2μλ: what is left in the end is asked, not after one step", 0.94),
        Slip("this is 1 - μλ: what is left in the end is asked, not after one step", 0.97),
        Slip("this is 1 - μ: the data hold the weight, the penalty takes from it", 0.7),
        *alike("upside down: less than the whole is left", 4 / 3, 1.33, 1.333),
        Slip("in percent: a share is asked, 1 for all of it", 75),
        Slip("in percent, and what is lost: a share is asked, 1 for all of it", 25),
        Slip("this is λ: what does it leave of the weight?", 0.1),
        Slip("this is the sum μ + λ: divide by it", 0.4),
        Slip("this is the difference μ - λ: the penalty's curvature adds to that of the data", 0.2),
        Slip("this is the inverse of the sum: the data's own μ stands above", 2.5),
        Slip("the square: μ/(μ + λ) is what is left of the weight itself", 0.5625),
        *alike("the root is too much: μ is the eigenvalue as it is", 0.75**0.5, 0.87, 0.866),
        Slip("the whole weight would be left without a penalty", 1),
        Slip("L2 makes no weight 0: it shrinks it by a factor", 0),
    ],
    hint="Along this direction the slope μ (w - w_ls) + λ w is 0: how much of w_ls is w?",
    praise="A direction with little data, where μ is small, keeps almost nothing: that is where the noise was",
)  # fmt: skip


# Choosing λ


def _by(score: Callable, pick: Callable = np.argmin) -> Callable:
    """Make a choice by another score(lams, train, val), or another pick."""
    return lambda lams, train, val: lams[pick(score(*map(np.asarray, (lams, train, val))))]


def _sorted(lams: _Array, train: _Array, val: _Array) -> float:
    return np.sort(lams)[np.argmin(val)]


_TRAINING = "chosen by the training losses: they are small where the penalty is, whatever that does to new data"
_GAP = "the smallest gap is no aim: a model that fits nothing has none. The validation loss itself counts"
_TORN = "the lams are sorted and the losses are not: which λ belongs to which loss?"
_MIXED = "the training loss is in it: the validation loss alone decides"

choose_lambda = Exercise(
    "choose_lambda",
    lambda lams, train_losses, val_losses: lams[np.argmin(val_losses)],
    cases=[
        tuple(map(np.array, case))
        for case in [
            ([0.001, 0.01, 0.1, 1.0, 10.0], [0.12, 0.1, 0.2, 0.5, 2.0], [0.9, 0.405, 0.4, 0.55, 2.1]),
            ([1.0, 0.01, 3.0, 0.1, 0.03], [0.8, 0.2, 1.7, 0.35, 0.25], [0.85, 1.9, 1.75, 0.5, 0.45]),
            ([10.0, 1.0, 0.1, 0.01], [3.0, 1.1, 0.6, 0.5], [3.05, 1.2, 1.6, 2.2]),
            ([0.3, 0.2, 0.5, 0.4, 0.1, 0.6], [0.31, 0.2, 0.36, 0.33, 0.25, 0.35], [0.7, 1.25, 0.5, 0.6, 1.1, 0.55]),
            ([0.02, 5.0, 0.3], [0.4, 0.9, 0.5], [1.3, 0.95, 0.8]),
            ([2.0], [0.5], [0.7]),
            ([0.4, 0.0, 0.8, 0.2], [0.5, 0.1, 0.6, 0.3], [0.45, 0.9, 0.7, 0.35]),
            ([0.1, 0.0, 1.0], [0.2, 0.3, 0.9], [0.5, 0.45, 1.0]),
            ([0.5, 0.05, 5.0], [0.3, 0.1, 0.9], [0.4, 0.8, 1.1]),
        ]
    ],
    observe=arrays_or_lists,
    slips=[
        Slip(_TRAINING, _by(lambda lams, train, val: train)),
        Slip("this is its position: return the λ that stands there", lambda lams, train, val: np.argmin(val)),
        Slip(f"{_TRAINING}. And this is its position", lambda lams, train, val: np.argmin(train)),
        Slip("this is the smallest validation loss: return the λ that it belongs to", lambda lams, train, val: np.min(val)),
        Slip("this is the smallest training loss: return the λ of the smallest validation loss", lambda lams, train, val: np.min(train)),
        Slip("the largest validation loss: a loss is to be small", _by(lambda lams, train, val: val, np.argmax)),
        Slip("the largest training loss: the smallest validation loss decides", _by(lambda lams, train, val: train, np.argmax)),
        Slip("the smallest λ: it fits the training data best, and that is not what counts", lambda lams, train, val: np.min(lams)),
        Slip("the largest λ: a penalty may be too strong as well, the validation loss tells", lambda lams, train, val: np.max(lams)),
        *alike(_MIXED, _by(lambda lams, train, val: train + val), _by(lambda lams, train, val: train * val), _by(lambda lams, train, val: 0.9 * train + 0.1 * val)),
        *alike(_GAP, _by(lambda lams, train, val: val - train), _by(lambda lams, train, val: np.abs(val - train)), _by(lambda lams, train, val: val / train)),
        Slip("the largest gap, where the fit is worst: the smallest validation loss counts", _by(lambda lams, train, val: val - train, np.argmax)),
        Slip(_TORN, _sorted),
        Slip(_TORN, lambda lams, train, val: np.sort(lams)[::-1][np.argmin(val)]),
        Slip("this is the first λ, which is what np.argmin finds where the losses are sorted before: the smallest validation loss counts, wherever it stands", lambda lams, train, val: lams[0]),
        Slip("this is the last λ: the smallest validation loss counts, wherever it stands", lambda lams, train, val: lams[-1]),
        Slip("the λ in the middle: the smallest validation loss counts, wherever it stands", lambda lams, train, val: np.sort(lams)[len(lams) // 2]),
        Slip("the order of all of them: return one λ", lambda lams, train, val: np.asarray(lams)[np.argsort(val)]),
        Slip("these are positions: return one λ", lambda lams, train, val: np.argsort(val)),
        Slip("λ and its loss: return λ alone", lambda lams, train, val: (lams[np.argmin(val)], np.min(val))),
        Slip("the mean of the lams: return the one with the smallest validation loss", lambda lams, train, val: np.mean(lams)),
        Slip("the penalty is added to the validation loss: it has its place in training alone", _by(lambda lams, train, val: lams + val)),
    ],
    hint="Find where the validation loss is smallest, and return the λ at that place",
    praise="The test data stay out of it: they are for the λ that was chosen",
)  # fmt: skip
