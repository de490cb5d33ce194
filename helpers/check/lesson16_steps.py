"""Checks of lesson 16, its last part: batch norm in training and outside of it, and a step with a frozen layer."""

from collections.abc import Callable

import numpy as np

from helpers.check import wrong_transfer as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_transfer import unpacked
from helpers.check.slips import alike, both
from helpers.check.wrong_transfer import normed, step

_rng = np.random.RandomState(160)
_Array = np.ndarray


# Batch norm

_MOVING = "in training y comes from the batch's own mean and variance: the moving ones are kept for later"
_BATCH = "outside of training y comes from the moving mean and variance, not from those of the batch"
_STILL = "outside of training the moving statistics come back as they went in"
_STANDARD: list[tuple[str, Callable]] = [
    ("epsilon is missing: it stands under the root, with the variance", lambda v, by, var: (v.x - by) / np.sqrt(var)),
    ("epsilon stands outside of the root: sqrt(variance + epsilon)", lambda v, by, var: (v.x - by) / (np.sqrt(var) + v.epsilon)),
    ("divided by the variance: by its root, sqrt(variance + epsilon)", lambda v, by, var: (v.x - by) / (var + v.epsilon)),
    ("divided by the variance: by its root, sqrt(variance + epsilon)", lambda v, by, var: (v.x - by) / var),
    ("multiplied by the root: divide by it", lambda v, by, var: (v.x - by) * np.sqrt(var + v.epsilon)),
    ("the mean alone is taken away: divide by sqrt(variance + epsilon) as well", lambda v, by, var: v.x - by),
    ("the mean is not taken away: (x - mean) / sqrt(variance + epsilon)", lambda v, by, var: v.x / np.sqrt(var + v.epsilon)),
    ("the parentheses: (x - mean) / sqrt(variance + epsilon)", lambda v, by, var: v.x - by / np.sqrt(var + v.epsilon)),
    ("the sign: x - mean, not mean - x", lambda v, by, var: (by - v.x) / np.sqrt(var + v.epsilon)),
    ("the mean is added: x - mean", lambda v, by, var: (v.x + by) / np.sqrt(var + v.epsilon)),
    ("epsilon is taken away: variance + epsilon", lambda v, by, var: (v.x - by) / np.sqrt(np.maximum(var - v.epsilon, 1e-12))),
    ("epsilon is squared: variance + epsilon", lambda v, by, var: (v.x - by) / np.sqrt(var + v.epsilon**2)),
    ("epsilon is 0.001 whatever is handed over: use the argument", lambda v, by, var: (v.x - by) / np.sqrt(var + 1e-3)),
    ("x came back as it is: (x - mean) / sqrt(variance + epsilon)", lambda v, by, var: v.x),
]  # fmt: skip
_EXCHANGED = "momentum is on the wrong side: it keeps the old, momentum * mean + (1 - momentum) * the batch's"


def _moves(keep: Callable = lambda v: v.momentum, take: Callable = lambda v: 1 - v.momentum, of: Callable = lambda v: (v.bm, v.bv)) -> Callable:  # fmt: skip
    def moved(v: object) -> tuple[_Array, _Array]:
        mean, var = of(v)
        return keep(v) * v.mean + take(v) * mean, keep(v) * v.var + take(v) * var

    return moved


_MOVES: list[tuple[str, Callable]] = [
    (_EXCHANGED, _moves(lambda v: 1 - v.momentum, lambda v: v.momentum)),
    ("the moving statistics do not move in training: momentum * mean + (1 - momentum) * the batch's", _moves(lambda v: 1, lambda v: 0)),
    ("the batch's own statistics replace the moving ones: they move by 1 - momentum towards them", _moves(lambda v: 0, lambda v: 1)),
    ("the batch's statistics are added whole: times 1 - momentum", _moves(take=lambda v: 1)),
    ("nothing is taken from the old: momentum * mean + (1 - momentum) * the batch's", _moves(lambda v: 1)),
    ("both are multiplied by momentum: the new one by 1 - momentum", _moves(take=lambda v: v.momentum)),
    ("half of the old, half of the new: momentum tells how much is kept", _moves(lambda v: 0.5, lambda v: 0.5)),
    ("momentum is 0.99 whatever is handed over: use the argument", _moves(lambda v: 0.99, lambda v: 0.01)),
    ("momentum is 0.9 whatever is handed over: use the argument", _moves(lambda v: 0.9, lambda v: 0.1)),
    ("the sign: momentum * mean + (1 - momentum) * the batch's", _moves(take=lambda v: v.momentum - 1)),
    ("mean and variance are exchanged in the update", _moves(of=lambda v: (v.bv, v.bm))),
    ("the standard deviation is averaged: the moving one is a variance", _moves(of=lambda v: (v.bm, np.sqrt(v.bv)))),
    ("the variance moves with epsilon in it: epsilon belongs to the root alone", _moves(of=lambda v: (v.bm, v.bv + v.epsilon))),
    ("the moving variance divides by n - 1 here: np.var as it is, in Keras too", _moves(of=lambda v: (v.bm, v.x.var(axis=0, ddof=1)))),
    ("the batch's mean comes in as 0: x itself was overwritten before (x -= ...), or y's mean was taken. Take x's own first", _moves(of=lambda v: (0 * v.bm, v.bv))),
    ("y is averaged: the statistics are those of x", _moves(of=lambda v: (bad.standard(v, v.bm, v.bv).mean(axis=0), bad.standard(v, v.bm, v.bv).var(axis=0)))),
    ("the moving mean stays: it moves too, as the variance does", lambda v: (v.mean, bad.keras_moves(v)[1])),
    ("the moving variance stays: it moves too, as the mean does", lambda v: (bad.keras_moves(v)[0], v.var)),
    ("the variance is taken around the moving mean: np.var(x, axis=0), around the batch's own", _moves(of=lambda v: (v.bm, np.mean((v.x - v.mean) ** 2, axis=0)))),
    ("the batch's statistics are summed: their mean and their variance", _moves(of=lambda v: (v.x.sum(axis=0), v.bv))),
]  # fmt: skip


def _rests(
    y: Callable = lambda v: bad.standard(v, v.mean, v.var), stats: Callable = lambda v: (v.mean, v.var)
) -> Callable:
    return normed(resting=lambda v: (y(v), *stats(v)))


def _stats(n: int, d: int) -> tuple[_Array, _Array, _Array]:
    """Draw a batch, and moving statistics that differ from its own."""
    x = _rng.randn(n, d) * _rng.uniform(0.5, 3, d) + _rng.randn(d)
    return x, _rng.randn(d), _rng.uniform(0.3, 4, d)


def _centered_in_place(x: _Array, mean: _Array, var: _Array, training: bool, *rest: float) -> tuple:
    return normed()(x - (x.mean(axis=0) if training else mean), mean, var, training, *rest)


_AXIS = "over the wrong axis: each column of x is a feature, so its mean is x.mean(axis=0)"
_ONE = "one number for all of x: each feature has its own mean and variance, axis=0"

batch_norm = Exercise(
    "batch_norm",
    lambda x, mean, var, training, momentum=0.99, epsilon=1e-3: normed()(x, mean, var, training, momentum, epsilon),
    cases=[
        (np.array([[1.0, 10.0], [3.0, 20.0], [2.0, 60.0]]), np.array([0.0, 20.0]), np.array([1.0, 100.0]), True, 0.9, 1e-3),
        (np.array([[1.0, 10.0], [3.0, 20.0], [2.0, 60.0]]), np.array([0.0, 20.0]), np.array([1.0, 100.0]), False, 0.9, 1e-3),
        (*_stats(6, 4), True, 0.99, 1e-3),
        (*_stats(5, 5), True, 0.6, 0.5),
        (*_stats(4, 3), False, 0.99, 0.2),
        (*_stats(3, 3), False, 0.5, 1e-3),
        (*_stats(2, 1), True, 0.9, 0.1),
        (*_stats(1, 3), True, 0.8, 0.3),  # its own mean is all there is, and its variance is 0
    ],
    parts=("y", "mean", "var"),
    rtol=1e-6,
    slips=[
        Slip(_EXCHANGED, normed(moved=_MOVES[0][1])),
        *(Slip(hint, normed(moved=moved)) for hint, moved in _MOVES[1:]),
        *(Slip(hint, normed(y)) for hint, y in _STANDARD),
        Slip(_MOVING, normed(lambda v, by, var: bad.standard(v, v.mean, v.var))),
        Slip("a batch of a single row, too, is normalized by its own statistics in training: its variance is 0, and so is y", normed(lambda v, by, var: bad.standard(v, v.mean, v.var) if v.training and len(v.x) == 1 else bad.standard(v, by, var))),
        Slip("epsilon is missing outside of training: it stands under the root there, too", _rests(lambda v: (v.x - v.mean) / np.sqrt(v.var))),
        Slip("x itself is overwritten (x -= ...): afterwards its mean is another, 0 in training. Take mean and variance first", _centered_in_place),
        Slip("in training y comes from the batch's own statistics, not from the moving ones after their update", normed(lambda v, by, var: bad.standard(v, v.new, v.new_var) if v.training else bad.standard(v, by, var))),
        Slip(_BATCH, _rests(lambda v: bad.standard(v, v.bm, v.bv))),
        Slip(_STILL, _rests(stats=lambda v: (v.new, v.new_var))),
        Slip(f"{_STILL}. And y comes from them as they were", _rests(lambda v: bad.standard(v, v.new, v.new_var), lambda v: (v.new, v.new_var))),
        Slip(both(_BATCH, _STILL), _rests(lambda v: bad.standard(v, v.bm, v.bv), lambda v: (v.new, v.new_var))),
        Slip("outside of training the statistics of the batch come back: the moving ones do, as they went in", _rests(stats=lambda v: (v.bm, v.bv))),
        Slip("outside of training the statistics of the batch come back, and make y: the moving ones do both, unchanged", _rests(lambda v: bad.standard(v, v.bm, v.bv), lambda v: (v.bm, v.bv))),
        Slip("outside of training x comes back as it is: normalize it by the moving statistics", _rests(lambda v: v.x)),
        Slip("mean and var are swapped: y, mean, var", normed(back=lambda y, mean, var: (y, var, mean))),
        Slip("the flag is turned round: the batch's own statistics belong to training", normed(inverted=True)),
        Slip("the variance divides by n - 1 here: np.var as it is, without ddof=1, in Keras too", normed(var=lambda v: v.x.var(axis=0, ddof=1))),
        Slip("the variance divides by n - 1 in y alone: np.var as it is, without ddof=1, in Keras too", normed(lambda v, by, var: bad.standard(v, by, v.x.var(axis=0, ddof=1) if v.training else var))),
        Slip("the standard deviation stands for the variance: sqrt(variance + epsilon), and the variance moves", normed(var=lambda v: v.x.std(axis=0))),
        Slip("the mean of squares is no variance: the mean is taken away first", normed(var=lambda v: (v.x**2).mean(axis=0))),
        Slip("the median stands for the mean: x.mean(axis=0)", normed(mean=lambda v: np.median(v.x, axis=0))),
        *alike(_AXIS, normed(mean=lambda v: v.x.mean(axis=1), var=lambda v: v.x.var(axis=1)), normed(mean=lambda v: v.x.mean(axis=1, keepdims=True), var=lambda v: v.x.var(axis=1, keepdims=True))),
        *alike(_ONE, normed(mean=lambda v: v.x.mean(), var=lambda v: v.x.var())),
        *alike("the variance is one number for all of x: each feature has its own, axis=0", normed(var=lambda v: v.x.var())),
        Slip("three things are asked, y, mean and var: y alone came back", normed(back=lambda y, mean, var: y)),
        Slip("the order: y first, then mean and var", normed(back=lambda y, mean, var: (mean, var, y))),
        *(Slip(both(a, b), normed(y, moved)) for a, y in _STANDARD[:3] for b, moved in _MOVES[:2]),
        *(Slip(both(a, b), normed(lambda v, by, var: bad.standard(v, v.mean, v.var), moved)) for a in [_MOVING] for b, moved in _MOVES[:2]),
        *(Slip(both(_EXCHANGED, hint), normed(moved=_MOVES[0][1], resting=rest)) for hint, rest in [(_BATCH, lambda v: (bad.standard(v, v.bm, v.bv), v.mean, v.var)), (_STILL, lambda v: (bad.standard(v, v.mean, v.var), v.new, v.new_var))]),
    ],
    hint="In training: y by the batch's mean and variance, which the moving ones follow by 1 - momentum; else: y by the moving ones, which stay",
    praise="In training a few images of another kind write their statistics over the old ones. In Keras trainable = False on the layer keeps them; a training=False that is written into the model does not, in fit",
)  # fmt: skip


# A step with a frozen layer


def _params(d: int, h: int, k: int) -> tuple[_Array, ...]:
    return _rng.randn(d, h), _rng.randn(h), _rng.randn(h, k), _rng.randn(k)


def _case(n: int, d: int, h: int, k: int, eta: float) -> tuple:
    return _params(d, h, k), _rng.randn(n, d), _rng.randint(0, k, n), eta


_MEAN = "the gradients are sums over the rows: the loss is their mean, so divide by n"
_HEADS: list[tuple[str, Callable]] = [
    ("the softmax is missing: the scores are no probabilities yet", lambda v: v.scores - v.targets),
    ("the targets are missing: the gradient of the scores is (p - targets) / n, one-hot targets", lambda v: v.p),
    ("the targets alone: the gradient of the scores is (p - targets) / n", lambda v: -v.targets),
    ("1 is taken from all probabilities: only from that of the row's own label", lambda v: v.p - 1),
    ("1 is taken from whole columns, p[:, t]: rows and columns go in pairs, p[np.arange(n), t] -= 1", lambda v: v.p - v.targets.max(axis=0)),
    ("the label's number is taken from the probabilities: one-hot targets, 1 at the label", lambda v: v.p - v.t[:, None]),
    ("1 is taken from the label's probability and the others are 0: they have their gradient too", lambda v: (v.p - 1) * v.targets),
    ("the derivative of a sigmoid or of the softmax comes in once more: with the cross-entropy, p - targets is all", lambda v: (v.p - v.targets) * v.p * (1 - v.p)),
    ("twice as large: neither the cross-entropy's gradient, (p - targets) / n, nor the step has a 2", lambda v: 2 * (v.p - v.targets)),
    ("this is the gradient of the squared error of the scores, not of the cross-entropy: the softmax is missing, and a 2 too many", lambda v: 2 * (v.scores - v.targets)),
    ("divided by the number of classes: by that of the rows alone", lambda v: (v.p - v.targets) / v.p.shape[1]),
    ("a sigmoid for each class: the softmax shares one 1 among them", lambda v: 1 / (1 + np.exp(-v.scores)) - v.targets),
    ("the softmax is taken down the columns: each row has one of its own, axis=1", lambda v: np.exp(v.scores) / np.exp(v.scores).sum(axis=0) - v.targets),
    ("the softmax is taken over all scores at once: each row has one of its own, axis=1", lambda v: np.exp(v.scores) / np.exp(v.scores).sum() - v.targets),
    ("the largest probability is rounded to 1 and the others to 0: the probabilities themselves count", lambda v: np.eye(v.p.shape[1])[v.p.argmax(axis=1)] - v.targets),
    ("the labels are in another order than the rows", lambda v: v.p - v.targets[::-1]),
    ("the labels are sorted: each belongs to its own row", lambda v: v.p - np.eye(v.p.shape[1])[np.sort(v.t)]),
    ("the labels are one place beside: they count from 0", lambda v: v.p - np.roll(v.targets, 1, axis=1)),
    ("the labels are one place beside: they count from 0", lambda v: v.p - np.roll(v.targets, -1, axis=1)),
]  # fmt: skip
_GRADIENTS: list[tuple[str, Callable]] = [
    ("the bias of the head stays: it learns too, by the sum of (p - targets) / n over the rows, axis=0. (A mean over everything is 0, since each row of p - targets sums to 0)", lambda g, v: [*g[:3], 0]),
    ("the weights of the head stay: they learn too, by h.T @ (p - targets) / n. (The mean of all numbers of h.T @ (p - targets) is 0, since each row of p - targets sums to 0: no mean there)", lambda g, v: [*g[:2], 0, g[3]]),
    ("the bias moves by the mean over the rows of what was divided by n already: their sum", lambda g, v: [*g[:3], v.d.mean(axis=0)]),
    ("the bias is summed over the rows without / n: the loss is a mean, for the bias too", lambda g, v: [*g[:3], g[3] * len(v.x)]),
    ("the weights are summed over the rows without / n: the loss is a mean, for the weights too", lambda g, v: [*g[:2], g[2] * len(v.x), g[3]]),
    ("one number for all biases: each unit of the head has its own, sum(axis=0)", lambda g, v: [*g[:3], np.abs(v.d).sum()]),
    ("h comes in by its mean over the rows: each row's h meets its own p - targets, h.T @ d", lambda g, v: [*g[:2], np.outer(v.h.mean(axis=0), v.d.sum(axis=0)), g[3]]),
    ("h is squared: h.T @ (p - targets) / n", lambda g, v: [*g[:2], (v.h**2).T @ v.d, g[3]]),
    ("the ReLU's derivative, 1 or 0, stands for h: h.T @ (p - targets) / n", lambda g, v: [*g[:2], (v.z > 0).astype(float).T @ v.d, g[3]]),
    ("h is without its ReLU in the gradient: what the head saw was relu(x W1 + b1)", lambda g, v: [*g[:2], v.z.T @ v.d, g[3]]),
    ("the old weights' decay comes in: no penalty is asked", lambda g, v: [*g[:2], g[2] + v.params[2], g[3]]),
    ("only the sign of the gradient is taken: its size counts", lambda g, v: [np.sign(one) for one in g]),
    ("the weights' gradient with x in place of h: the head saw h", lambda g, v: [*g[:2], v.x.T @ v.d, g[3]]),
]  # fmt: skip
_HIDDEN: list[tuple[str, Callable]] = [
    ("no ReLU: h = relu(x W1 + b1), frozen or not", lambda z: z),
    ("a tanh, or a sigmoid, in the first layer: h = relu(x W1 + b1)", np.tanh),
    ("a tanh, or a sigmoid, in the first layer: h = relu(x W1 + b1)", lambda z: 1 / (1 + np.exp(-z))),
    ("the ReLU keeps the negative side: np.maximum(x W1 + b1, 0)", lambda z: np.minimum(z, 0)),
    ("the size of the numbers is no ReLU: np.maximum(x W1 + b1, 0)", abs),
    ("1 and 0 are not the ReLU but its derivative: np.maximum(x W1 + b1, 0)", lambda z: (z > 0).astype(float)),
]  # fmt: skip
_BOTH_TRAIN = "the first layer moves too: it is frozen, so W1 and b1 come back as they went in"
_FOUR = "four arrays are asked, W1, b1, W2 and b2, the frozen ones too"


def _without_hidden_bias(params: tuple, x: _Array, t: _Array, eta: float) -> tuple:
    W1, b1, W2, b2 = params
    return W1, b1, *step()((W1, 0 * b1, W2, b2), x, t, eta)[2:]


def _without_head_bias(params: tuple, x: _Array, t: _Array, eta: float) -> tuple:
    W1, b1, W2, b2 = params
    return W1, b1, *(new + old for new, old in zip(step()((W1, b1, W2, 0 * b2), x, t, eta)[2:], (0, b2), strict=True))


def _two_steps(params: tuple, x: _Array, t: _Array, eta: float) -> tuple:
    return step()(step()(params, x, t, eta), x, t, eta)


def _row_by_row(params: tuple, x: _Array, t: _Array, eta: float) -> tuple:
    for i in range(len(x)):
        params = step()(params, x[i : i + 1], t[i : i + 1], eta)
    return params


frozen_step = Exercise(
    "frozen_step",
    lambda params, x, t, eta: step()(params, x, t, eta),
    cases=[_case(5, 3, 4, 3, 0.1), _case(7, 4, 4, 2, 0.5), _case(1, 3, 5, 4, 0.2), _case(6, 2, 6, 5, 1.5)],
    parts=("W1", "b1", "W2", "b2"),
    observe=unpacked,
    slips=[
        Slip(_BOTH_TRAIN, step(moved=(0, 1, 2, 3))),
        *alike("the first layer's bias moves too: W1 and b1 are frozen, both come back as they went in", step(moved=(1, 2, 3))),
        *alike("the first layer's weights move too: W1 and b1 are frozen, both come back as they went in", step(moved=(0, 2, 3))),
        Slip("the two layers are exchanged: the first one is frozen, the head learns", step(moved=(0, 1))),
        *alike("nothing learns: W2 and b2 take a step", step(moved=()), step(rate=lambda eta: 0)),
        *alike(_MEAN, step(size=lambda x: 1)),
        Slip("divided by n twice, in the gradient and by a mean: once", step(size=lambda x: len(x) ** 2)),
        Slip("divided by the number of classes, not by that of the rows, n", step(head=lambda v: (v.p - v.targets) * len(v.x) / v.p.shape[1])),
        Slip("eta is 0.1 whatever is handed over: use the argument", step(rate=lambda eta: 0.1)),
        Slip("the first row alone is used: the loss is the mean over all rows", lambda params, x, t, eta: step()(params, x[:1], t[:1], eta)),
        *alike("divided by the number of inputs: by that of the rows, n", step(size=lambda x: x.shape[1]), step(size=np.size)),
        Slip("uphill: the step goes against the gradient, minus eta times it", step(sign=1)),
        *alike("eta is not used: the step is eta times the gradient", step(rate=lambda eta: 1)),
        *alike("eta comes in otherwise than once: the step is eta times the gradient", step(rate=lambda eta: eta**2), step(rate=lambda eta: eta / 2), step(rate=lambda eta: 1 / eta)),
        *(Slip(hint, step(hidden=hidden)) for hint, hidden in _HIDDEN),
        *(Slip(hint, step(gradients)) for hint, gradients in _GRADIENTS if "x in place of h" not in hint),
        *(Slip(hint, step(head=head)) for hint, head in _HEADS),
        *(Slip(both(hint, _BOTH_TRAIN), step(head=head, moved=(0, 1, 2, 3))) for hint, head in _HEADS[:2]),
        *(Slip(both(hint, _MEAN), step(head=head, size=lambda x: 1)) for hint, head in _HEADS[:2]),
        Slip(both(_BOTH_TRAIN, _MEAN), step(moved=(0, 1, 2, 3), size=lambda x: 1)),
        Slip(both(_MEAN, "uphill: the step goes against the gradient"), step(sign=1, size=lambda x: 1)),
        Slip(_GRADIENTS[0][0], step(moved=(2,))),
        Slip("the bias of the first layer is missing: h = relu(x W1 + b1)", _without_hidden_bias),
        Slip("the bias of the head is missing in the scores: h W2 + b2", _without_head_bias),
        Slip("two steps: one is asked", _two_steps),
        Slip("a step for each row: one step on the mean over all rows is asked", _row_by_row),
        *alike(_FOUR, step(back=lambda four: tuple(four[2:])), step(back=lambda four: four[2])),
        Slip("these are the gradients: the parameters after the step are asked", lambda params, x, t, eta: tuple((w - new) / eta for w, new in zip(params, step()(params, x, t, eta), strict=True))),
        *alike("this is the step alone: it is added to the parameters", lambda params, x, t, eta: tuple(new - w for w, new in zip(params, step()(params, x, t, eta), strict=True)), lambda params, x, t, eta: tuple(w - new for w, new in zip(params, step()(params, x, t, eta), strict=True))),
        Slip("the frozen ones come back as zeros: as they went in", lambda params, x, t, eta: (0 * params[0], 0 * params[1], *step()(params, x, t, eta)[2:])),
        Slip("the order: W1, b1, W2, b2", lambda params, x, t, eta: tuple(step()(params, x, t, eta)[i] for i in (2, 3, 0, 1))),
        Slip("the order: W1, b1, W2, b2", lambda params, x, t, eta: tuple(step()(params, x, t, eta)[i] for i in (0, 2, 1, 3))),
        Slip("x stands where h belongs, in the head's gradient: the head saw h", lambda params, x, t, eta: step(_GRADIENTS[-1][1])(params, x, t, eta)),
        Slip("the frozen layer is one of zeros here: its outputs go into the head as ever, only its weights do not move", lambda params, x, t, eta: (*params[:2], *step()((0 * params[0], 0 * params[1], *params[2:]), x, t, eta)[2:])),
    ],
    hint="W2 - eta h.T (p - targets) / n, b2 - eta (p - targets).sum(axis=0) / n, and W1 and b1 as they were",
    praise="No gradient goes below h, which makes the step cheaper as well",
)  # fmt: skip
