"""Checks of lesson 13, its second part: the soft threshold, the proximal step, and the same penalty in two libraries."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from helpers.check import wrong_penalties as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_penalties import numbers_too
from helpers.check.slips import alike, both
from helpers.check.wrong import then
from helpers.penalties import soft_threshold

_rng = np.random.RandomState(1313)
_Array = np.ndarray


# The soft threshold

_SIGN = "the sign is lost: -3 goes to -2 with a threshold of 1, not to 2"
_NEGATIVE = "negative numbers are cut to 0: they move toward 0 as well, from below"
_BEYOND = "it goes on beyond 0: where |z| is smaller than t, 0 is the end"
_HARD = "what is kept must move toward 0 by t too: this is the hard threshold"
_AWAY = "away from 0: each number comes nearer to 0, by t"
_TAKEN = "this is what is taken away from z: what is left?"
_TURNED = "what is large is set to 0, or to the threshold: what is small goes to 0, the rest moves by t"
_FACTOR = "shrunk by a factor, as L2 does: here every number loses the same amount t"
_0_BY_0 = "z / |z| is 0/0 where z is 0: np.sign(z) is 0 there"

soft = Exercise(
    "soft",
    lambda z, t: soft_threshold(z, t),
    cases=[
        (np.array([3.0, -3.0, 0.5, -0.5, 0.0]), 1.0),
        (np.array([[0.2, -1.5, 2.0], [-0.3, 0.7, -4.0]]), 0.3),
        (_rng.randn(8), 0.6),
        (-0.75, 0.5),
        (2.5, 0.75),
        (np.array([0.4, -0.1, -2.0]), 0.0),
        (_rng.randn(2, 2, 2) * 3, 1.5),
        (np.array([-0.25]), 2.0),
    ],
    observe=numbers_too,
    slips=[
        Slip(_AWAY, lambda z, t: np.sign(z) * (np.abs(z) + t)),
        *alike(_AWAY, lambda z, t: np.sign(z) * np.maximum(np.abs(z) + t, 0), lambda z, t: z + t * np.sign(z)),
        Slip(_SIGN, lambda z, t: np.maximum(np.abs(z) - t, 0)),
        Slip("the sign is turned around: np.sign(z), not its opposite", lambda z, t: -soft_threshold(z, t)),
        *alike(_HARD, bad.hard, lambda z, t: np.where(np.abs(z) < t, 0.0, z)),
        Slip(_NEGATIVE, bad.one_sided),
        Slip(f"{_NEGATIVE}. And positive ones move toward 0: minus t", lambda z, t: np.maximum(z + t, 0)),
        *alike("positive numbers are cut to 0: they move toward 0 as well, from above", lambda z, t: np.minimum(np.add(z, t), 0)),
        Slip("t is taken from every number: negative ones move toward 0 too, which is plus t", lambda z, t: np.subtract(z, t)),
        Slip("t is added to every number: positive ones move toward 0 by minus t", lambda z, t: np.add(z, t)),
        *alike(_BEYOND, bad.overshooting, *(lambda z, t, positive=positive: np.where(positive(z, 0), np.subtract(z, t), np.add(z, t)) for positive in (np.greater, np.greater_equal))),
        *alike(f"{_SIGN}. And {_BEYOND}", lambda z, t: np.abs(z) - t),
        *alike(_FACTOR, lambda z, t: z * (1 - np.float64(t)), lambda z, t: z / (1 + np.float64(t)), lambda z, t: z / (1 + 2 * np.float64(t))),
        *alike(_TAKEN, lambda z, t: np.clip(z, -t, t), lambda z, t: t * np.sign(z)),
        Slip("twice the threshold: each number moves by t", lambda z, t: soft_threshold(z, 2 * t)),
        Slip("half the threshold: each number moves by t", lambda z, t: soft_threshold(z, t / 2)),
        Slip("the threshold is squared: each number moves by t", lambda z, t: soft_threshold(z, t**2)),
        *alike(_TURNED, lambda z, t: np.where(np.abs(z) > t, 0.0, z), lambda z, t: np.where(np.abs(z) <= t, bad.overshooting(z, t), 0.0), lambda z, t: np.sign(z) * np.minimum(np.abs(z) - t, 0)),
        Slip(_TURNED, lambda z, t: np.sign(z) * np.maximum(t - np.abs(z), 0)),
        *alike("the small ones stay as they are: they go to 0", lambda z, t: np.where(np.abs(z) > t, bad.overshooting(z, t), z), lambda z, t: np.where(np.abs(z) < t, z, bad.overshooting(z, t))),
        Slip("the small ones go to t, and not to 0", lambda z, t: np.sign(z) * np.maximum(np.abs(z) - t, t)),
        Slip("max(|z|, t) - t is 0 where z is small, and then its sign must be back", lambda z, t: np.sign(z) * np.maximum(np.abs(z), t)),
        Slip(f"{_NEGATIVE}. And {_HARD}", lambda z, t: np.where(np.asarray(z) > t, z, 0.0)),
        *alike("negative numbers move away from 0: toward it is plus t, and here t is taken from them", lambda z, t: np.where(np.abs(z) > t, np.subtract(z, t), 0.0), lambda z, t: np.where(np.asarray(z) > 0, np.maximum(np.subtract(z, t), 0), np.minimum(np.subtract(z, t), 0))),
        Slip(_AWAY, lambda z, t: np.where(np.abs(z) > t, np.add(z, t * np.sign(z)), 0.0)),
        Slip("between -t and t there is a third case: there it is 0", lambda z, t: np.where(np.asarray(z) > t, np.subtract(z, t), np.add(z, t))),
        Slip(_TURNED, lambda z, t: np.where(np.abs(z) < t, z, 0.0)),
        Slip("what is kept is not t, but what t leaves of it", lambda z, t: np.where(np.abs(z) > t, t * np.sign(z), 0.0)),
        Slip("the small ones go to 0, and not to t", lambda z, t: np.where(np.abs(z) > t, bad.overshooting(z, t), t)),
        Slip("the signs of the numbers alone: they are multiplied by max(|z| - t, 0)", lambda z, t: np.sign(z)),
        Slip("these are the signs of what is left: multiply by max(|z| - t, 0)", lambda z, t: np.sign(soft_threshold(z, t))),
        Slip("this says which numbers are left: by how much do they move?", lambda z, t: (np.abs(z) > t) * 1.0),
        Slip("nothing moves: each number comes nearer to 0 by t", lambda z, t: z),
        Slip("multiplied by z in place of its sign", lambda z, t: z * np.maximum(np.abs(z) - t, 0)),
        Slip(_0_BY_0, lambda z, t: z / np.abs(z) * np.maximum(np.abs(z) - t, 0)),
        Slip("squares in place of sizes: |z| - t", lambda z, t: np.sign(z) * np.maximum(np.square(z) - t, 0)),
        Slip("the relu of z: both signs move toward 0, by t", lambda z, t: np.maximum(z, 0)),
        Slip("added up: each number stays a number of its own", lambda z, t: np.sum(soft_threshold(z, t))),
        Slip("the zeros are left out: the array keeps its shape, and they are part of it", lambda z, t: (lambda out: out[out != 0])(np.atleast_1d(soft_threshold(z, t)))),
    ],
    hint="Toward 0 by t, from both sides, and 0 where |z| is below t",
    praise="Exactly 0, not nearly: that is what L1 has and L2 has not",
)  # fmt: skip


# A proximal step

_ETA = "the threshold is eta * lam: a step goes only eta far, and so does the penalty's part of it"
_BIAS = "the bias is thresholded: theta ends with it, and it is not penalized"
_NO_SHRINK = "the threshold is missing: this is a step of the MSE alone"
_SUB = "this is the subgradient step, eta * lam * sign(w): it jumps over 0 and never stays there. Step first, then threshold"
_L2 = "this is the step for L2: the penalty is on the sizes of the weights, so the threshold takes the same amount from each"
_HARD_STEP = "this is the hard threshold: what is kept moves toward 0 too"
_UPHILL = "it climbs: the step goes against the gradient"
_NO_2 = "the factor 2 of the MSE's gradient is missing: 2/m X.T r"
_SUMMED = "the gradient is summed over the samples: the MSE is a mean, so divide by m"
_SLOPES: list[tuple[str, Callable]] = [
    (_UPHILL, lambda v: -v.slope),
    (_NO_2, lambda v: v.slope / 2),
    (_SUMMED, lambda v: v.slope * v.m),
    (f"{_SUMMED}. And {_NO_2}", lambda v: v.slope * v.m / 2),
    (f"{_UPHILL}. And {_NO_2}", lambda v: -v.slope / 2),
    ("divided by the number of samples twice", lambda v: v.slope / v.m),
    ("X.size counts every number of X: divide by its rows, len(X)", lambda v: v.slope / v.X.shape[1]),
    ("the residual is squared in the gradient: the square's derivative is 2 r", lambda v: 2 / v.m * v.X.T @ v.r**2),
    ("the bias is left out of the predictions: X @ theta has it", lambda v: 2 / v.m * v.X.T @ (v.X[:, :-1] @ v.w - v.y)),
    ("the bias does not move: it is not thresholded, but the MSE moves it", lambda v: np.append(v.slope[:-1], 0)),
    ("the gradient is missing: step first, then threshold", lambda v: 0 * v.slope),
    ("one number for all parameters: each column of X has its own slope, X.T @ r", lambda v: np.mean(v.slope)),
]  # fmt: skip
_SHRINKS: list[tuple[str, dict]] = [
    (_ETA, {"t": lambda v: v.lam}),
    (_BIAS, {"whole": True}),
    (f"{_ETA}. And {_BIAS}", {"t": lambda v: v.lam, "whole": True}),
    (_NO_SHRINK, {"t": lambda v: 0.0}),
    ("twice the threshold: |w| has the slope 1, not 2", {"t": lambda v: 2 * v.eta * v.lam}),
    ("half the threshold: the penalty is lam * sum(|w|), without a ½", {"t": lambda v: v.eta * v.lam / 2}),
    ("the threshold is eta: how strong the penalty is, lam, is missing", {"t": lambda v: v.eta}),
    ("the threshold is lam / eta: a shorter step has a smaller threshold, eta * lam", {"t": lambda v: v.lam / v.eta}),
    ("the threshold is divided by m: the penalty is there once, so it is eta * lam", {"t": lambda v: v.eta * v.lam / v.m}),
    ("the threshold is multiplied by m: the penalty is there once, so it is eta * lam", {"t": lambda v: v.eta * v.lam * v.m}),
    ("lam is squared: the threshold is eta * lam", {"t": lambda v: v.eta * v.lam**2}),
    ("eta is squared: the threshold is eta * lam", {"t": lambda v: v.eta**2 * v.lam}),
    (_HARD_STEP, {"shrink": bad.hard}),
    (f"{_HARD_STEP}. And {_ETA}", {"shrink": bad.hard, "t": lambda v: v.lam}),
    ("negative weights are cut to 0: they move toward 0 from below", {"shrink": bad.one_sided}),
    ("the sign is lost: negative weights stay negative", {"shrink": lambda z, t: np.maximum(np.abs(z) - t, 0)}),
    ("it goes on beyond 0: where |z| is smaller than the threshold, 0 is the end", {"shrink": bad.overshooting}),
    ("away from 0: the threshold brings each weight nearer to 0", {"shrink": lambda z, t: np.sign(z) * (np.abs(z) + t)}),
    ("t is taken from every weight: negative ones move toward 0 too, which is plus t", {"shrink": lambda z, t: z - t}),
    ("this is what the threshold takes away: what is left?", {"shrink": lambda z, t: np.clip(z, -t, t)}),
    (_L2, {"shrink": lambda z, t: z * (1 - t)}),
    (_L2, {"shrink": lambda z, t: z * (1 - 2 * t)}),
    (_L2, {"shrink": lambda z, t: z / (1 + t)}),
    (_L2, {"shrink": lambda z, t: z / (1 + 2 * t)}),
]  # fmt: skip


def _pulled(by: Callable, *, bias: bool = False, over_eta: bool = False) -> Callable:
    """Make a gradient that holds the penalty's as well, lam * by(theta), of the weights or of all entries.

    over_eta: divide the penalty's by eta, so that a step takes it without eta.
    """

    def slope(v: SimpleNamespace) -> _Array:
        pull = v.lam * np.append(by(v.w), by(v.theta[-1:]) if bias else 0)
        return v.slope + (pull / v.eta if over_eta else pull)

    return slope


def _double(w: _Array) -> _Array:
    return 2 * w


def _case(m: int, n: int, lam: float, eta: float, scale: float = 1.0) -> tuple:
    X = np.column_stack([_rng.randn(m, n), np.ones(m)])
    return _rng.randn(n + 1) * scale, X, X @ (_rng.randn(n + 1) * scale) + _rng.randn(m) / 3, lam, eta


lasso_step = Exercise(
    "lasso_step",
    bad.proximal(),
    cases=[
        (np.array([0.5, -0.75, 0.1]), np.array([[1.0, 0.0, 1.0], [-1.0, 1.0, 1.0], [0.5, -1.0, 1.0], [0.0, 2.0, 1.0]]), np.array([0.8, -0.9, 1.0, -1.5]), 0.9, 0.25),
        _case(6, 4, 2.0, 0.2, 0.7),
        (np.zeros(4), *_case(5, 3, 0.8, 0.3, 0.5)[1:]),
        _case(3, 1, 0.4, 0.1),
        _case(8, 5, 3.0, 0.1, 0.5),
        _case(10, 3, 0.5, 0.5, 0.6),
    ],
    slips=[
        *(Slip(hint, bad.proximal(**wrong)) for hint, wrong in _SHRINKS),
        *(Slip(hint, bad.proximal(slope)) for hint, slope in _SLOPES),
        *(Slip(both(hint, more), bad.proximal(slope, **wrong)) for hint, slope in _SLOPES[:4] for more, wrong in _SHRINKS[:6]),
        *alike(_SUB, *(bad.proximal(_pulled(np.sign, bias=bias), t=lambda v: 0.0) for bias in (False, True))),
        *alike("the penalty is taken twice, by its subgradient and by the threshold: the gradient is that of the MSE alone", *(bad.proximal(_pulled(np.sign, bias=bias), whole=whole) for bias in (False, True) for whole in (False, True))),
        *alike(f"{_SUB}. And {_ETA}", *(bad.proximal(_pulled(np.sign, bias=bias, over_eta=True), t=lambda v: 0.0) for bias in (False, True))),
        *alike(f"{_L2}. And {_BIAS}", *(bad.proximal(shrink=shrink, whole=True) for shrink in (lambda z, t: z * (1 - t), lambda z, t: z * (1 - 2 * t)))),
        Slip(f"{_HARD_STEP}. And {_BIAS}", bad.proximal(shrink=bad.hard, whole=True)),
        Slip(f"the gradient is missing: step first, then threshold. And {_BIAS}", bad.proximal(lambda v: 0 * v.slope, whole=True)),
        *alike(_L2, *(bad.proximal(_pulled(by, bias=bias), t=lambda v: 0.0) for by in (_double, lambda w: w) for bias in (False, True))),
        *alike("both penalties are in it: the gradient is that of the MSE alone, without 2 lam w", *(bad.proximal(_pulled(by)) for by in (_double, lambda w: w))),
        Slip("the weights are thresholded before the gradient step: step first, then threshold", bad.thresholded_first),
        Slip("theta is thresholded and its step is not: the threshold belongs to theta - eta * gradient", lambda theta, X, y, lam, eta: np.append(soft_threshold(theta[:-1], eta * lam), theta[-1]) - eta * bad.parts(theta, X, y, lam).slope),
        Slip("the first entry is spared: theta ends with the bias", bad.first_free),
        Slip("the gradient itself is thresholded: the weights after the step are", lambda theta, X, y, lam, eta: theta - eta * np.append(soft_threshold(bad.parts(theta, X, y, lam).slope[:-1], lam), bad.parts(theta, X, y, lam).slope[-1])),
        Slip("eta is missing in the step: theta - eta * gradient", lambda theta, X, y, lam, eta: bad.proximal(lambda v: v.slope / v.eta)(theta, X, y, lam, eta)),
        *alike("the old theta is lost: the step is taken away from it", bad.proximal(before=lambda v: 0 * v.theta), bad.proximal(lambda v: -v.slope, before=lambda v: 0 * v.theta)),
        Slip("the bias is lost: it comes behind the thresholded weights, as the step left it", then(bad.proximal(), lambda theta: theta[:-1])),
        Slip("the bias stands first: theta ends with it", then(bad.proximal(), lambda theta: np.roll(theta, 1))),
        Slip("the bias is set to 0: it is not thresholded, and not left out", then(bad.proximal(), lambda theta: np.append(theta[:-1], 0))),
        Slip("this is the gradient: theta after the step is asked", lambda theta, X, y, lam, eta: bad.parts(theta, X, y, lam).slope),
        Slip("this is the way, without where it starts: return theta itself", lambda *a: bad.proximal()(*a) - a[0]),
        Slip("two steps: one is asked", lambda theta, *rest: bad.proximal()(bad.proximal()(theta, *rest), *rest)),
        Slip("lam and eta are exchanged: lasso_step(theta, X, y, lam, eta)", lambda theta, X, y, lam, eta: bad.proximal()(theta, X, y, eta, lam)),
        Slip("this is the loss: theta after the step is asked", lambda theta, X, y, lam, eta: np.mean((X @ theta - y) ** 2) + lam * np.sum(np.abs(theta[:-1]))),
    ],
    hint="z = theta minus eta times the gradient of the MSE; then the weights of z, not its bias, go toward 0 by eta * lam",
    praise="Weights that are 0 stay 0 until the data pull harder than lam",
)  # fmt: skip


# The same penalty in two libraries

ridge_alpha = Exercise(
    "ridge_alpha",
    0.5,
    slips=[
        Slip("Ridge sums the squared residuals, Keras averages them: multiply both terms of Keras by m, and the penalty comes along", 0.01),
        Slip("divided by m: a sum of 50 is larger than their mean, so its penalty must be larger too", 0.0002),
        Slip("twice too large: both penalties are on sum(w²), without a ½", 1.0),
        Slip("half of it: both penalties are on sum(w²), without a ½", 0.25),
        Slip("50 · 50 · 0.01: m comes in once", 25),
        Slip("this is m: times 0.01", 50),
        *alike("a power of ten: 50 times 0.01", 5, 0.05, 0.005),
        Slip("m / 0.01: multiply both terms of Keras's loss by m", 5000),
        Slip("this is twice 0.01, or 1/m: multiply both terms of Keras's loss by m", 0.02),
        Slip("the root of m is too much: multiply both terms of Keras's loss by m", 0.01 * 50**0.5),
        *alike("the root of m is too much: multiply both terms of Keras's loss by m", 0.071, 0.0707),
        Slip("m² is too much, and so is the ½", 12.5),
        Slip("0 is no penalty at all, and Keras has one: multiply both terms of its loss by m", 0),
        Slip("the 2 of the gradients stands on both terms: it cancels", 0.0001),
    ],
    hint="Multiply MSE + 0.01 sum(w²) by 50: the smallest place stays where it is",
    praise="The same number is a stronger penalty in one library than in the other: read its formula first",
)  # fmt: skip
