"""Checks of lesson 07: a line with Keras, what an epoch's loss says, R², and scaling at prediction."""

from collections.abc import Callable

import numpy as np

from helpers.check import lesson07_data
from helpers.check import observe_07_pairs as observe
from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike, both
from helpers.check.wrong import exchanged, then
from helpers.check.wrong_fits import ALONE, DROPPED, MEASURED, PLAIN, STEPPED, averaged_step, fit, last_step, path_of
from helpers.check.wrong_r2 import SHARES, correlation, left, less, ratio, right, total, unexplained

_rng = np.random.RandomState(7)
_Array = np.ndarray


# What fit does

_ROUND_UP = "an epoch's batches are not a fraction: the four points left over make a fourth batch"
_ROWS = "this counts points, not updates: one update for each batch"

keras_steps = Exercise(
    "keras_steps",
    800,
    slips=[
        Slip("the last, short batch is dropped: Keras has an update for it too, so round 100/32 up", 600),
        *alike(_ROUND_UP, 625, 100 / 32),
        *alike("one update an epoch would be full-batch descent: here an epoch has one for each batch", 200),
        *alike("one update for each point needs batch_size=1: 32 points share one here", 100 * 200, 100),
        *alike("this is one epoch: fit goes through the points 200 times", 4, 3),
        *alike(_ROWS, 200 * 32, 100 * 32, 200 * 32 * 4, 100 * 200 * 32),
        Slip("twice too many: an update moves both parameters at once", 1600),
        Slip("twice too many, and one for each point: an update moves both parameters, for a whole batch", 2 * 100 * 200),
        Slip("one too many: the start is no update", 801),
        *alike("divided by the wrong number: batches in an epoch, 100/32 rounded up, times epochs", 6.25, 7, 6, 28, 64),
        Slip("this is the batch size: how many batches has an epoch, and how many epochs are there?", 32),
        Slip("half of it: each batch of each epoch has its update", 400),
        Slip("an epoch has four batches, not five: three of 32 points and one of 4", 1000),
    ],
    hint="Batches in an epoch, the short one included, times epochs",
    praise="Four an epoch, and the fourth sees four points only",
)  # fmt: skip


_VARIANCE = "the variance of x, 1/12, stands under the root as it is"

points_needed = Exercise(
    "points_needed",
    1200,
    rtol=3e-3,  # 0.346 for the root of 0.12 serves as well
    slips=[
        *alike("the square is forgotten: n stands under a root, so square both sides", 120, 120**0.5),
        *alike("rounded on the way: 0.35 stands for the root of 12/100. Use 1/12 exactly", 1225, 1156),
        *alike("the spread falls with √n: 3.46 times less of it needs 3.46² times the 100 points", 346.4, 347, 350),
        *alike("this is the ratio of the spreads, or ten times it: the number of points grows by its square", 35, 34.64, 3.464, 3.5),
        *alike("this is the factor: 100 points are there already, and 12 times as many are needed", 12, 12.25),
        *alike("x is missing: its variance is 1/12, which makes the slope harder to know", 100, 10),
        *alike("upside down: the less x varies, the more points are needed, so divide by 1/12", 100 / 12, 9, 8, 10 / 12, 1000 / 12, 10_000 / 12),
        *alike(f"{_VARIANCE}: its square is too much", 14_400, 144),
        *alike(f"{_VARIANCE}: it needs no root of its own", 29, 100 / 12**0.5, 28),
        Slip("this makes two standard deviations 0.1: one is asked", 4800),
        Slip("this makes 1.96 standard deviations 0.1: one is asked", 1.96**2 * 1200),
        Slip("±0.2, or an x from -1 to 1, would come out at this: here it is ±0.1, and x is between 0 and 1", 300),
        *alike("this is the step from 100 points on: how many are needed in all?", 1100),
        Slip("twice too many: one line is fitted, with noise of variance 1", 2400),
        *alike("a power of ten: 0.1 squared is 0.01", 12_000, 120_000),
        Slip("this takes 1/4 for the variance of x: uniform between 0 and 1 it is 1/12", 400),
    ],
    hint="Set 1/√(n/12) = 0.1 and solve for n",
    praise="Twelve times the points, for a spread about three and a half times smaller",
)  # fmt: skip


def _counting(epochs: Callable) -> Callable:
    return lambda *arguments: fit()(*arguments[:-1], epochs(arguments[-1]))


def _of_losses(change: Callable) -> Callable:
    return lambda *arguments: (fit()(*arguments)[0], change(fit()(*arguments)[1], *arguments))


def _start(losses: _Array, X: _Array, y: _Array, theta: _Array, *_: float) -> _Array:
    return np.append(np.mean((X @ theta - y) ** 2), losses)


def _case(n: int, d: int, eta: float, batch_size: int, epochs: int) -> tuple:
    """Make data with d columns, the last of them ones."""
    X = np.column_stack([_rng.rand(n, d - 1) * 3 - 1, np.ones(n)])
    return X, X @ _rng.randn(d) * 2 + _rng.randn(n), _rng.randn(d) * 2, eta, batch_size, epochs


fit_by_hand = Exercise(
    "fit_by_hand",
    fit(),
    cases=[
        (np.array([[1.0, 1.0], [2.0, 1.0], [-1.0, 1.0]]), np.array([2.0, 5.0, 1.0]), np.array([1.0, 0.5]), 0.1, 2, 3),
        _case(7, 2, 0.2, 3, 4),
        _case(10, 3, 0.1, 4, 3),
        _case(5, 1, 0.3, 2, 5),
        _case(6, 2, 0.15, 2, 3),
        _case(5, 2, 0.1, 5, 3),
        _case(4, 3, 0.05, 1, 2),
    ],
    parts=("theta", "losses"),
    observe=observe.fitted,
    slips=[
        *(Slip(hint, fit(measure=measure)) for hint, measure in MEASURED),
        *(Slip(hint, fit(**wrong)) for hint, wrong in STEPPED + ALONE),
        *(Slip(both(hint, more), fit(**wrong, measure=measure)) for hint, wrong in STEPPED for more, measure in MEASURED[:3] if (hint, more) != (DROPPED, PLAIN)),
        Slip("one update an epoch, with the mean of its gradients: each batch has its own", averaged_step),
        Slip("this is one epoch: go through the rows `epochs` times. Does `return` stand inside the loop?", _counting(lambda epochs: 1)),
        Slip("one epoch too many", _counting(lambda epochs: epochs + 1)),
        Slip("one epoch is missing: range(epochs)", _counting(lambda epochs: epochs - 1)),
        Slip("the update stands after the inner loop: indent it, since each batch has its own", last_step),
        Slip("`losses` is empty: append one for each epoch", _of_losses(lambda losses, *_: [])),
        Slip("the start is no epoch: `losses` has one number an epoch, without the loss at the first theta", _of_losses(_start)),
        Slip("the sum is never set back: it begins at 0 in every epoch", _of_losses(lambda losses, *_: np.cumsum(losses))),
        Slip("the last loss alone: keep one for each epoch in a list", _of_losses(lambda losses, *_: losses[-1:])),
        Slip("averaged over the epochs: one loss for each epoch is asked", _of_losses(lambda losses, *_: losses.mean())),
        Slip("the losses come in the reverse order: the first epoch's is the first", _of_losses(lambda losses, *_: losses[::-1])),
        Slip("exchanged: return theta first, then losses", exchanged(fit())),
        Slip("these are the thetas of all epochs: return the last one", path_of(fit())),
        Slip("this is the way, without where it starts: return theta itself", lambda *a: (fit()(*a)[0] - a[2], fit()(*a)[1])),
        *alike(observe.ONE_THING, lambda *a: fit()(*a)[0], lambda *a: fit()(*a)[1].tolist()),
    ],
    hint="In each epoch the rows in their order: a batch's residuals, its squared errors noted, then its step",
    praise="So the loss that Keras prints is an average over a theta that moves; `evaluate` measures the last one",
)  # fmt: skip


# R² and the referee


r2 = Exercise(
    "r2",
    right,
    cases=[
        (np.array([1.0, 2.0, 4.0, 5.0]), np.array([1.5, 2.0, 3.0, 5.5])),
        (_rng.randn(6) * 2 + 3, _rng.randn(6)),
        (np.array([-1.0, 0.5, 3.0, -2.0, 7.0]), np.array([2.0, 3.5, 4.0, 1.0, 8.5])),
        (np.array([10.0, 12.0, 17.0]), np.array([11.0, 11.5, 15.0])),
        (np.arange(7.0), 0.4 * np.arange(7.0) + 1.7),
        (np.array([2, 0, 5, 1]), np.array([0, 4, -3, 2])),
    ],
    slips=[
        Slip("`1 -` is missing: this is the share that the model leaves unexplained", unexplained),
        *(Slip(hint, less(share)) for hint, share in SHARES),
        *(Slip(both(hint, "`1 -` is missing"), share) for hint, share in SHARES[:8]),
        Slip("turned around: 1 minus the share that is left", then(unexplained, lambda share: share - 1)),
        Slip("1 plus: the share that is left is taken from 1", then(unexplained, lambda share: share + 1)),
        *alike("this is the correlation: it does not see a bias, nor a wrong factor", correlation, np.corrcoef),
        Slip("the first row alone is used: does `return` stand inside the loop?", lambda y, y_hat: 1 - (y[0] - y_hat[0]) ** 2 / total(y, y_hat)),
        Slip("the correlation squared agrees with R² only for a least-squares line on its own data: it does not see a bias", then(correlation, np.square)),
        *alike(
            "this is the spread of y_hat over that of y, right for a least-squares line on its own data alone: take the errors",
            ratio(lambda y, y_hat: np.sum((y_hat - np.mean(y)) ** 2), total),
            lambda y, y_hat: np.var(y_hat) / np.var(y),
        ),
        Slip("clipped at 0: R² is negative where the model is worse than the mean of y, so let it be", then(right, lambda value: max(value, 0.0))),
        Slip("the sign is lost: R² is negative where the model is worse than the mean of y", then(right, abs)),
        Slip("in percent: R² is 1 at best, not 100", then(right, lambda value: 100 * value)),
        Slip("squared once more: the sums are of squares already", then(right, np.square)),
        *alike("this is the error; R² compares it with the spread of y around its mean", left, lambda y, y_hat: np.mean((y - y_hat) ** 2), lambda y, y_hat: np.sqrt(np.mean((y - y_hat) ** 2))),
        *alike("1 minus the error: divide the error by the spread of y first", lambda y, y_hat: 1 - left(y, y_hat), lambda y, y_hat: 1 - np.mean((y - y_hat) ** 2)),
        Slip("the brackets: 1 - (errors / spread), and here 1 - errors is divided", lambda y, y_hat: (1 - left(y, y_hat)) / total(y, y_hat)),
        Slip("this is the adjusted R², with a penalty for columns: R² itself is asked", lambda y, y_hat: 1 - unexplained(y, y_hat) * (len(y) - 1) / (len(y) - 2)),
        *alike("still one number for each row: sum over the rows", lambda y, y_hat: 1 - (y - y_hat) ** 2 / (y - np.mean(y)) ** 2, lambda y, y_hat: 1 - (y - y_hat) ** 2 / total(y, y_hat)),
    ],
    hint="1 minus the sum of squared errors over the sum of squared distances from the mean of y",
    praise="0 is as good as the mean of y, and below 0 is worse",
)  # fmt: skip


best_r2 = Exercise(
    "best_r2",
    0.25,
    rtol=0.02,  # what a simulation gives serves as well
    slips=[
        Slip("even the true line misses the noise: that part of y's variance is left", 1),
        *alike("this is the noise's share, what is left: R² is 1 minus it", 0.75),
        *alike("the signal over the noise: divide by the whole variance of y, signal and noise", 1 / 3, 0.33),
        *alike("the slope counts squared: 2x has the variance 2² / 12", 1 / 7, 0.14),
        *alike("the slope is missing: 2x has the variance 4/12, not 1/12", 1 / 13, 0.077),
        *alike("the slope counts squared, so 2x has the variance 4/12; and this is the noise's share, or 1 - Var(x)", 12 / 13, 6 / 7),
        *alike("the variance of x is 1/12, so that of 2x is 4/12, not 4 or 2", 4 / 5, 2 / 3),
        *alike("R² compares variances, not deviations, and x between 0 and 1 has the variance 1/12: no roots of it", 0.5, 1 / 3**0.5, 4 / 7, 0.366, 0.224),
        Slip("this is the variance of y, signal and noise: the signal's share of it is asked", 4 / 3),
        Slip("the noise's variance alone stands below: y varies with x too, 1 + 4/12", 1 - 12 / 4),
        Slip("the true line is better than the mean of y, so its R² is above 0", 0),
        Slip("in percent: R² is 1 at best", 25),
        Slip("1/12 is the variance of x: the signal is 2x, and its variance is divided by that of y", 1 / 12),
    ],
    hint="1 minus the variance of the noise over the variance of y, and y has that of 2x and that of the noise",
    praise="So no model gets beyond a fourth here, however long it is trained",
)  # fmt: skip


best_design = Exercise(
    "best_design",
    0.2,
    rtol=0.005,
    slips=[
        *alike("this is for points spread evenly over [0, 1]: Var(x) can be larger", 0.12**0.5, 0.35),
        Slip("this is the variance of the slope: the standard deviation is its root", 0.04),
        *alike("this is the largest Var(x): the slope's deviation is 1 / sqrt(100 Var(x))", 0.25),
        *alike("one half of the points at each end: then every deviation from the mean is 1/2, and Var(x) is 1/4", 0.1, 0.14, 0.1 * 2**0.5, 0.1 / 3**0.5 * 3),
        *alike("this is 1 / Var(x) or its root: the 100 points are missing", 4, 2),
        Slip("a tenth of that: the 100 stands under the root", 0.02),
        Slip("this is the standard deviation of x: the slope's is 1 / sqrt(100 Var(x))", 0.5),
        *alike("the root of 100 Var(x) belongs below the fraction bar", 5, 0.05),
        Slip("points all at one place know nothing about a slope: Var(x) is 0 there", 0),
    ],
    hint="1 / sqrt(100 Var(x)), with the largest variance that numbers between 0 and 1 can have",
    praise="With these 100 points the slope is known as well as with 300 spread evenly",
)  # fmt: skip


# Scaling, and a line in order

standardize_new = lesson07_data.standardize_new
predict_raw = lesson07_data.predict_raw
sorted_line = lesson07_data.sorted_line
