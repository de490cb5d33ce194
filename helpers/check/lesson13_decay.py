"""Checks of lesson 13, its third part: AdamW, a published loss with its mistakes, and a weight that changes its units."""

from collections.abc import Callable
from functools import partial

import numpy as np

from helpers.check import wrong_decay as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_penalties import three
from helpers.check.slips import alike, both
from helpers.check.wrong import then
from helpers.check.wrong_penalties import regularized
from helpers.check.wrong_rules import adaptive, bias, hat, textbook

_rng = np.random.RandomState(131)
_Array = np.ndarray


# AdamW

_L2 = "that is L2 under Adam: the decay goes through the gradient, and is divided by √s. Shrink w itself"
_NO_ETA = "eta is missing in the decay: eta * lam * w"
_DIVIDED = "the decay is divided by √s: only the gradient's part of the step is"
_SHARES = "β and 1 - β are exchanged: β is what is kept of the past"
_OLD = "w moves by the old m and s: compute them first"


def _walked(steps: int, w: _Array, scale: _Array) -> tuple[_Array, _Array, _Array, int]:
    """Return a gradient, and Adam's m, s and next t after some steps along gradients of that scale."""
    m = s = np.zeros_like(w)
    for t in range(1, steps + 1):
        _, m, s = bad.step()(w, scale * _rng.randn(*w.shape), m, s, t, 0.1, 0.1)
    return scale * _rng.randn(*w.shape), m, s, steps + 1


def _case(w: _Array, scale: _Array, steps: int, eta: float, lam: float) -> tuple:
    return w, *_walked(steps, w, scale), eta, lam


adamw_step = Exercise(
    "adamw_step",
    bad.step(),
    cases=[
        (np.array([3.0, -2.0]), np.array([10.0, -0.02]), np.zeros(2), np.zeros(2), 1, 0.1, 0.3),
        (np.array([1.0, -4.0, 2.0]), np.array([0.5, 0.001, 0.0]), np.zeros(3), np.zeros(3), 1, 0.2, 0.5),
        _case(np.array([2.0, 5.0, -3.0]), np.array([100.0, 1.0, 0.001]), 3, 0.1, 0.4),
        _case(_rng.randn(2, 3) * 3, np.array([[30.0, 0.1, 1.0], [0.01, 5.0, 0.002]]), 1, 0.25, 0.2),
        _case(np.array([-6.0, 4.0]), np.array([0.05, 2.0]), 20, 0.05, 0.8),
    ],
    parts=("w", "m", "s"),
    observe=three,
    also_right=bad.RIGHT[1:],
    slips=[
        *bad.shrinks(_L2, bad.unshrunk, lambda g, w, eta, lam: g + lam * w, orders=(True,)),
        *bad.shrinks(_L2, bad.unshrunk, lambda g, w, eta, lam: g + 2 * lam * w, orders=(True,)),
        *bad.shrinks(_L2, bad.unshrunk, lambda g, w, eta, lam: g + eta * lam * w, orders=(True,)),
        *bad.shrinks("the penalty is there twice: it shrinks w and goes through the gradient too, which Adam takes pure", slope=lambda g, w, eta, lam: g + lam * w),
        *bad.shrinks("the penalty is there twice: it shrinks w and goes through the gradient too, which Adam takes pure", slope=lambda g, w, eta, lam: g + 2 * lam * w),
        *bad.shrinks("minus in the gradient, so the weights grow; and the decay belongs to w itself", bad.unshrunk, lambda g, w, eta, lam: g - lam * w, orders=(True,)),
        *bad.shrinks(_NO_ETA, lambda w, eta, lam: w - lam * w),
        *bad.shrinks("twice the decay: lam is Keras's weight_decay, eta * lam * w", lambda w, eta, lam: w - 2 * eta * lam * w),
        *bad.shrinks("half the decay: eta * lam * w", lambda w, eta, lam: w - eta * lam * w / 2, orders=(True,)),
        *bad.shrinks("the weights grow: the decay is taken away", lambda w, eta, lam: w + eta * lam * w),
        *bad.shrinks("lam is missing in the decay: eta * lam * w", lambda w, eta, lam: w - eta * w),
        *bad.shrinks("w is missing in the decay: each weight loses a share of itself, eta * lam * w", lambda w, eta, lam: w - eta * lam, orders=(True,)),
        *bad.shrinks("this takes the same amount from each weight, as L1 does: eta * lam * w", lambda w, eta, lam: w - eta * lam * np.sign(w), orders=(True,)),
        *bad.shrinks("the square is too much: eta * lam * w", lambda w, eta, lam: w - eta * lam * w**2, orders=(True,)),
        *bad.shrinks("lam is squared: eta * lam * w", lambda w, eta, lam: w - eta * lam**2 * w, orders=(True,)),
        *bad.shrinks("eta is squared: eta * lam * w", lambda w, eta, lam: w - eta**2 * lam * w, orders=(True,)),
        *bad.shrinks("divided by 1 + eta * lam: Keras multiplies by 1 - eta * lam", lambda w, eta, lam: w / (1 + eta * lam), orders=(True,)),
        *bad.shrinks("an exponential: Keras multiplies by 1 - eta * lam", lambda w, eta, lam: w * np.exp(-eta * lam), orders=(True,)),
        *bad.shrinks("this keeps only what must go: w - eta * lam * w", lambda w, eta, lam: eta * lam * w, orders=(True,)),
        *bad.shrinks("the old w is lost: what is left of it takes the step", lambda w, eta, lam: 0 * w, orders=(True,)),
        *bad.shrinks("nothing decays: this is Adam", bad.unshrunk, orders=(True,)),
        *bad.shrinks("the gradient is scaled: w decays, the gradient stays as it is", bad.unshrunk, lambda g, w, eta, lam: g * (1 - eta * lam), orders=(True,)),
        *alike(_DIVIDED, *(wrong for share in (lambda eta, lam: eta * lam, lambda eta, lam: 2 * eta * lam, lambda eta, lam: lam) for wrong in bad.divided(share))),
        *alike("the decay is in m: m is the mean of the pure gradient", *(partial(bad.in_m_alone, form=form) for form in (hat, textbook))),
        Slip("this is plain descent with decay: Adam's step is m over √s, both corrected", bad.plain),
        Slip("w comes back as it was: it shrinks, and takes Adam's step", lambda w, *rest: (w, *bad.step()(w, *rest)[1:])),
        *alike("the order: return w, m, s", *(then(right, order) for right in bad.RIGHT for order in (lambda found: (*found[1:], found[0]), lambda found: found[::-1]))),
        Slip("m stands undivided: Adam divides it by √s", lambda w, g, m, s, t, eta, lam: (lambda new: (w - eta * lam * w - eta * new[1] / (1 - 0.9**t), *new[1:]))(bad.step()(w, g, m, s, t, eta, lam))),
        *bad.adams("no bias correction: m and s start at 0 and are too small at first. Divide by 1 - 0.9**t and by 1 - 0.999**t", biases=lambda *_: (1, 1), orders=(True, False)),
        *bad.adams("s is not corrected: divide it by 1 - 0.999**t", biases=lambda t, b1, b2: (bias(b1, t), 1), orders=(True, False)),
        *bad.adams("m is not corrected: divide it by 1 - 0.9**t", biases=lambda t, b1, b2: (1, bias(b2, t)), orders=(True, False)),
        *bad.adams("t is counted once more: it comes as 1 at the first step, and is the exponent as it is", biases=lambda t, b1, b2: (bias(b1, t + 1), bias(b2, t + 1)), orders=(True, False)),
        *bad.adams("t counts from 1 here: t - 1 divides by 1 - 0.9**0 = 0 at the first step", biases=lambda t, b1, b2: (bias(b1, t - 1), bias(b2, t - 1))),
        *bad.adams("every step is corrected like the first: to the power of t", biases=lambda t, b1, b2: (1 - b1, 1 - b2)),
        *bad.adams("0.9**t, not 0.9 * t", biases=lambda t, b1, b2: (1 - b1 * t, 1 - b2 * t)),
        *bad.adams("the corrections are exchanged: m is divided by 1 - 0.9**t, s by 1 - 0.999**t", biases=lambda t, b1, b2: (bias(b2, t), bias(b1, t))),
        *bad.adams("s has the correction of m: divide s by 1 - 0.999**t", biases=lambda t, b1, b2: (bias(b1, t),) * 2),
        *bad.adams("multiplied: m and s are too small at first, so divide them by 1 - β**t", biases=lambda t, b1, b2: (1 / bias(b1, t), 1 / bias(b2, t))),
        *bad.adams("m and s come back corrected: corrected they are for this step alone, the running means themselves are carried on", keep=lambda new, old, biases: (new[0] / biases[0], new[1] / biases[1], new[2]), orders=(True, False)),
        *bad.adams("the old m and s come back: return the new ones", keep=lambda new, old, _: old),
        *bad.adams(_OLD, used=lambda new, old: (*old[:2], new[2])),
        *bad.adams("m and s are exchanged: return w, m, s", keep=lambda new, old, _: (new[1], new[0], new[2])),
        *bad.adams("no square: s is the running mean of grad**2", s=lambda s, g, b, m: b * s + (1 - b) * g),
        *bad.adams("no square: np.abs(grad) takes the sign away, grad**2 is asked", s=lambda s, g, b, m: b * s + (1 - b) * np.abs(g)),
        *bad.adams("s is made from m²: it is the running mean of grad**2", s=lambda s, g, b, m: b * s + (1 - b) * m**2),
        *bad.adams("one s for all weights: each weight has its own, so no mean over the array", s=lambda s, g, b, m: b * s + (1 - b) * np.mean(g**2)),
        *bad.adams("s has 0.999 in its mean too: 0.999 * s + 0.001 * grad**2", s=lambda s, g, b, m: 0.9 * s + 0.1 * g**2),
        *bad.adams("s has 0.999 in its mean too: 0.999 * s + 0.001 * grad**2", s=lambda s, g, b, m: 0.99 * s + 0.01 * g**2),
        *bad.adams(_SHARES, m=lambda m, g, b: (1 - b) * m + b * g, s=lambda s, g, b, m: (1 - b) * s + b * g**2),
        *bad.adams("the 1 - β is missing in m and s: a running mean takes β of the old and 1 - β of the new", m=lambda m, g, b: b * m + g, s=lambda s, g, b, m: b * s + g**2),
        *bad.adams("the 1 - 0.9 is missing in m", m=lambda m, g, b: b * m + g),
        *bad.adams("the 1 - 0.999 is missing in s", s=lambda s, g, b, m: b * s + g**2),
        *bad.adams("the past is missing: 0.9 of the old m and 0.999 of the old s are kept", m=lambda m, g, b: (1 - b) * g, s=lambda s, g, b, m: (1 - b) * g**2),
        *alike("β1 and β2 are exchanged: m has 0.9, s has 0.999", *(bad.step(adaptive(form), betas=(0.999, 0.9, 1e-7)) for form in (hat, textbook))),
        *alike("s has 0.999, and m has 0.9", *(bad.step(adaptive(form), betas=betas) for form in (hat, textbook) for betas in ((0.9, 0.9, 1e-7), (0.9, 0.99, 1e-7), (0.999, 0.999, 1e-7)))),
        *alike("ε is 1e-7 here, as in Keras", bad.step(betas=(0.9, 0.999, 1e-8)), *(bad.step(adaptive(form), betas=(0.9, 0.999, eps)) for form in (hat, textbook) for eps in (1e-5, 1e-4, 1e-3))),
        *alike("ε is missing: where gradient and s are 0 the step is 0/0", bad.step(betas=(0.9, 0.999, 0.0))),
        *alike("ε stands inside the root: beside it, np.sqrt(s) + ε", bad.step(adaptive(lambda eta, m, s, a, b, e, *_: eta * m / a / np.sqrt(s / b + e))), bad.step(adaptive(lambda eta, m, s, a, b, e, *_: eta * np.sqrt(b) / a * m / np.sqrt(s + e)))),
        *alike("no root: s is made of squares, so divide by its root", bad.step(adaptive(lambda eta, m, s, a, b, e, *_: eta * m / a / (s / b + e))), bad.step(adaptive(lambda eta, m, s, a, b, e, *_: eta * np.sqrt(b) / a * m / (s + e)))),
        *alike("the correction of s stands under the root: np.sqrt(s / (1 - 0.999**t))", bad.step(adaptive(lambda eta, m, s, a, b, e, *_: eta * m / a / (np.sqrt(s) / b + e)))),
        *(Slip(hint, bad.step(adaptive(partial(change, form)))) for hint, change in [
            ("uphill: the step is taken away from w", lambda form, *a: -form(*a)),
            ("Adam's step is missing: the decay comes on top of it", lambda form, *a: 0 * a[1]),
            ("eta is missing in Adam's step", lambda form, eta, *a: form(1.0, *a)),
            ("grad stands where m belongs: above the line is the running mean of the gradient", lambda form, eta, m, s, a, b, e, g, w: form(eta, g * a, s, a, b, e)),
        ] for form in (hat, textbook)),
    ],
    hint="Adam's step with the pure gradient, and beside it eta * lam * w taken away from w",
    praise="Every weight loses the same share, whatever its gradients are",
)  # fmt: skip


# Spot the bug: a published loss

_HALF = "the ½ is missing: the penalty is λ/2 Σw² here"
_TIMES_M = "the penalty is summed over the samples: it sums over the weights, once"
_BY_M = "the penalty is divided by m: once, not per sample. The mean is of the cross-entropy alone"
_MINUS = "the penalty is subtracted: large weights must cost something. Does it stand in the brackets after the minus?"
_MINUS_LOST = "the minus is lost: the logs of probabilities are below 0, a loss is not"
_BRACKETS = "the brackets: the minus stands before both terms"
_SUMMED = "the cross-entropy is summed: its mean over the samples is asked"
_DATA: list[tuple[str, Callable]] = [
    (_MINUS_LOST, lambda v: np.mean(v.logs)),
    (_BRACKETS, lambda v: np.mean(-v.t * np.log(v.p) + (1 - v.t) * np.log(1 - v.p))),
    (_SUMMED, lambda v: -np.sum(v.logs)),
    (f"{_MINUS_LOST}. And {_SUMMED}", lambda v: np.sum(v.logs)),
    (f"{_BRACKETS}. And {_SUMMED}", lambda v: np.sum(-v.t * np.log(v.p) + (1 - v.t) * np.log(1 - v.p))),
    ("the bias is left out of the scores: it is not penalized, but it is there", lambda v: -np.mean((lambda z: v.t * z - np.logaddexp(0, z))(v.z - v.b))),
    ("the second term is missing: (1 - t) log(1 - p)", lambda v: -np.mean(v.t * np.log(v.p))),
    ("the first term is missing: t log p", lambda v: -np.mean((1 - v.t) * np.log(1 - v.p))),
    ("the minus stands before both terms: here the second one has it alone", lambda v: np.mean(v.t * np.log(v.p) - (1 - v.t) * np.log(1 - v.p))),
    ("the two terms are exchanged, or the sign of the scores in the sigmoid: t belongs to log p, 1 - t to log(1 - p), and p is sigmoid(X @ w + b)", lambda v: -np.mean((1 - v.t) * np.log(v.p) + v.t * np.log(1 - v.p))),
    ("t and p are exchanged: the log is taken of p", lambda v: -np.mean(v.p * np.log(v.t) + (1 - v.p) * np.log(1 - v.t))),
    ("the log is taken of the scores: the sigmoid makes probabilities of them first", lambda v: -np.mean(v.t * np.log(v.z) + (1 - v.t) * np.log(1 - v.z))),
    ("the sigmoid of a sigmoid: p is a probability already", lambda v: (lambda p: -np.mean(v.t * np.log(p) + (1 - v.t) * np.log(1 - p)))(1 / (1 + np.exp(-v.p)))),
    ("the cross-entropy is halved: the ½ belongs to the penalty alone", lambda v: -np.mean(v.logs) / 2),
    ("divided by the number of weights: the mean is over the samples", lambda v: -np.sum(v.logs) / v.n),
    ("divided by the number of samples twice", lambda v: -np.mean(v.logs) / v.m),
    ("this is the squared error: the cross-entropy is asked", lambda v: np.mean((v.p - v.t) ** 2)),
    ("this is the accuracy's part: the cross-entropy is asked", lambda v: np.mean((v.p > 0.5) != v.t)),
    ("the natural log is np.log, not log2", lambda v: -np.mean(v.logs) / np.log(2)),
    ("the natural log is np.log, not log10", lambda v: -np.mean(v.logs) / np.log(10)),
    ("this is the penalty alone: add the cross-entropy", lambda v: 0.0),
    ("1 - t is missing before the second log: each term counts for its own class alone", lambda v: -np.mean(v.t * np.log(v.p) + np.log(1 - v.p))),
    ("the logs stand alone: t and 1 - t choose the one of each sample", lambda v: -np.mean(np.log(v.p) + np.log(1 - v.p))),
    ("still one number for each sample: take the mean", lambda v: -v.logs),
]  # fmt: skip
_PENALTIES: list[tuple[str, Callable]] = [
    (_MINUS, lambda v: -v.lam / 2 * np.sum(v.w**2)),
    (_HALF, lambda v: v.lam * np.sum(v.w**2)),
    (_TIMES_M, lambda v: v.m * v.lam / 2 * np.sum(v.w**2)),
    (f"{_TIMES_M}. And {_HALF}", lambda v: v.m * v.lam * np.sum(v.w**2)),
    (_BY_M, lambda v: v.lam / 2 * np.sum(v.w**2) / v.m),
    (f"{_BY_M}. And {_HALF}", lambda v: v.lam * np.sum(v.w**2) / v.m),
    (f"{_MINUS} And {_HALF}", lambda v: -v.lam * np.sum(v.w**2)),
    ("i runs over the weights, not over the samples: this takes the first m of them alone", lambda v: v.lam / 2 * sum(v.w[i] ** 2 for i in range(v.m))),
    ("i runs over the weights, not over the samples: this takes the first m of them alone", lambda v: v.lam / 2 * np.sum(v.w[: v.m] ** 2)),
    (f"{_MINUS} And {_TIMES_M}", lambda v: -v.m * v.lam / 2 * np.sum(v.w**2)),
    (f"{_MINUS} And {_BY_M}", lambda v: -v.lam / 2 * np.sum(v.w**2) / v.m),
    ("the mean over the weights: the penalty is their sum", lambda v: v.lam / 2 * np.mean(v.w**2)),
    (f"the mean over the weights: the penalty is their sum. And {_HALF}", lambda v: v.lam * np.mean(v.w**2)),
    ("the bias is penalized: Σw² goes over the weights alone", lambda v: v.lam / 2 * (np.sum(v.w**2) + v.b**2)),
    (f"the bias is penalized: Σw² goes over the weights alone. And {_HALF}", lambda v: v.lam * (np.sum(v.w**2) + v.b**2)),
    ("the penalty is missing", lambda v: 0.0),
    ("absolute values, which is L1: here the weights are squared", lambda v: v.lam / 2 * np.sum(np.abs(v.w))),
    (f"absolute values, which is L1: here the weights are squared. And {_HALF}", lambda v: v.lam * np.sum(np.abs(v.w))),
    ("the norm is not squared: no root over the sum of squares", lambda v: v.lam / 2 * np.linalg.norm(v.w)),
    (f"the norm is not squared: no root over the sum of squares. And {_HALF}", lambda v: v.lam * np.linalg.norm(v.w)),
    ("the weights are not squared", lambda v: v.lam / 2 * np.sum(v.w)),
    ("the weights are summed first and squared afterwards: square each one", lambda v: v.lam / 2 * np.sum(v.w) ** 2),
    ("lam is squared: the weights are, lam is not", lambda v: v.lam**2 / 2 * np.sum(v.w**2)),
    ("lam is missing: it says how much the penalty counts", lambda v: np.sum(v.w**2) / 2),
    ("lam / 2 is added without the weights", lambda v: v.lam / 2),
    ("the penalty is on the scores: it is on the weights", lambda v: v.lam / 2 * np.sum(v.z**2)),
    ("the penalty is on the data: it is on the weights", lambda v: v.lam / 2 * np.sum(v.X**2)),
    ("a quarter: λ/2 Σw² has one ½", lambda v: v.lam / 4 * np.sum(v.w**2)),
    ("still one number for each weight: sum them", lambda v: v.lam / 2 * v.w**2),
]  # fmt: skip


def _labeled(m: int, n: int, lam: float, of: Callable = float) -> tuple:
    X = _rng.randn(m, n)
    t = _rng.permutation(np.arange(m) % 2)
    return _rng.randn(n), 0.7 * _rng.randn() + 0.5, X, t.astype(of), lam


regularized_cross_entropy = Exercise(
    "regularized_cross_entropy",
    regularized(),
    cases=[
        (np.array([1.0, -2.0]), 0.5, np.array([[0.5, 0.0], [1.0, 1.0], [-1.0, 2.0], [2.0, 0.5]]), np.array([1.0, 0.0, 0.0, 1.0]), 0.2),
        _labeled(3, 5, 0.3),
        _labeled(7, 3, 0.5, int),
        _labeled(2, 4, 1.4),
        _labeled(6, 1, 0.8, int),
        (np.array([3.0, 2.0, -1.0]), -1.0, np.array([[2.0, 2.0, -1.0], [-3.0, 1.0, 1.0]]), np.array([0.0, 1.0]), 0.1),
        (np.array([1.0, -0.5, 2.0]), 0.3, np.array([[1.0, 0.0, 0.5], [-1.0, 2.0, 0.0]]), np.array([1.0, 0.0]), 0.0),
    ],
    slips=[
        Slip("all is negative: the loss is minus the mean of the logs, plus the penalty", then(regularized(), lambda loss: -loss)),
        *(Slip(hint, regularized(data)) for hint, data in _DATA),
        *(Slip(hint, regularized(penalty=penalty)) for hint, penalty in _PENALTIES),
        *(Slip(both(hint, more), regularized(data, penalty)) for hint, data in _DATA[:6] for more, penalty in _PENALTIES[:16] if (hint, more) != (_MINUS_LOST, _MINUS)),
        Slip("multiplied: the penalty is added", lambda *a: regularized(penalty=lambda v: 0.0)(*a) * regularized(lambda v: 0.0)(*a)),
        Slip("the loss and its penalty: add them, one number is asked", lambda *a: (regularized(penalty=lambda v: 0.0)(*a), regularized(lambda v: 0.0)(*a))),
    ],
    hint="Minus the mean of t log p + (1 - t) log(1 - p), both in brackets, plus lam/2 times the sum of w² over the weights",
    praise="Two sums, two ranges: the samples in one, the weights in the other",
)  # fmt: skip


coefficient_units = Exercise(
    "coefficient_units",
    0.02,
    slips=[
        Slip("the wrong way: the numbers get 100 times larger, so the weight must be 100 times smaller", 200),
        Slip("unchanged, the predictions would be 100 times larger: the numbers are", 2),
        *alike("a meter has 100 centimeters", 0.2, 0.002),
        *alike("a meter has 100 centimeters, and the weight gets smaller", 20, 2000),
        Slip("100 comes in once: its square is for the penalty", 0.0002),
        *alike("100 comes in once, and the weight gets smaller: its square is for the penalty", 20_000, 10_000, 40_000),
        Slip("this is the square of the weight: the weight itself is asked", 0.0004),
        *alike("upside down: the weight is divided by 100", 50, 0.005),
        *alike("this is the factor: how much is that of 2?", 0.01, 100),
        Slip("the penalty falls by 10,000: the weight itself is asked", 1e-4),
        Slip("the sign stays: both units point in the same direction", -0.02),
        Slip("the square of 2: predictions are w times x, without a square", 4),
        *alike("the weight is divided by 100, nothing is taken from it: w times x must stay as it was", 1.98, 1.99, -98),
    ],
    hint="w times x must stay as it was, and x is 100 times larger now",
    praise="So its L2 penalty is 10,000 times smaller: standardize first",
)  # fmt: skip
