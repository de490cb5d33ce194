"""Checks of lesson 05: the chain rule on a graph, backward passes, a gradient check, and the steps that use them."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers import losses, network
from helpers.check import wrong_network as net
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_network import CHANGED, NOT_RESET, RESTORE, WITH_LOSS, fitting, judging, watching
from helpers.check.slips import alike, every_pair
from helpers.check.wrong import then, times

_rng = np.random.RandomState(5)
_Array = np.ndarray


def _named(words: str, make: Callable) -> Callable:
    """Give a function the words that a message shows for it."""
    make.__doc__ = words
    return make


# How many numbers

_d, _h, _K = 64, 32, 10
_NO_BIAS = "biases are learned too: one for each hidden unit, and one for each class"

num_parameters = Exercise(
    "num_parameters",
    (_d + 1) * _h + (_h + 1) * _K,
    slips=[
        Slip(_NO_BIAS, _d * _h + _h * _K),
        Slip("the biases of the hidden layer are missing", _d * _h + (_h + 1) * _K),
        Slip("the biases of the output are missing", (_d + 1) * _h + _h * _K),
        Slip("inputs have no biases: they are given, not computed", (_d + 1) * _h + (_h + 1) * _K + _d),
        Slip("the two matrices are multiplied: W1 and W2 each have their own numbers, so add", _d * _h * _K),
        Slip("the units are added up: between two layers each pair of units has a weight", _d + _h + _K),
        Slip("these are the biases: add the weights", _h + _K),
        Slip("this is the first layer: add the second", (_d + 1) * _h),
        Slip("this is the second layer: add the first", (_h + 1) * _K),
        Slip(f"the second layer is missing. And {_NO_BIAS}", _d * _h),
        Slip("as if the inputs met the classes: the hidden units stand between them", _d * _K),
        Slip("these are the arrays: how many numbers do they hold together?", 4),
    ],
    hint="W1, b1, W2 and b2: how many numbers does each hold?",
)  # fmt: skip


# A graph of three nodes

_x, _y = 3, -1
_u, _v = _x * _y, _x + _y

slope_x = Exercise(
    "slope_x",
    _v * _y + _u,
    slips=[
        Slip("this is the way through u alone: x acts through v too, and the two ways are added", _v * _y),
        Slip("this is the way through v alone: x acts through u too, and the two ways are added", _u),
        *alike("the two ways are added, here one is subtracted; or a slope was not multiplied by what comes from L", _v * _y - _u, _u - _v * _y),
        Slip("the two ways are multiplied, or it is L without its sign: along one way the slopes multiply, the ways themselves are added", _v * _y * _u),
        Slip("this is ∂L/∂y, or x was taken for ∂u/∂x: that is y", _v * _x + _u),
        Slip("this is L itself, or 2xy alone: multiplied out, L = x²y + xy², and both terms have a slope", _u * _v),
        Slip("this is ∂L/∂u: go on to x, and add the way through v", _v),
        Slip("the sign: both ways are negative here. (Or the factors are exchanged: ∂L/∂u is v, and ∂L/∂v is u)", _u * _y + _v),
        Slip("∂u/∂x and ∂v/∂x are added as they are: first multiply each by what comes from L", _y + 1),
    ],
    hint="Two ways lead from x to L: ∂L/∂u ∂u/∂x + ∂L/∂v ∂v/∂x",
)  # fmt: skip


# ReLU


def _relu_slope(grad_A: _Array, Z: _Array) -> _Array:
    return grad_A * (Z > 0)


def _pair(*shape: int) -> tuple[_Array, _Array]:
    return _rng.randn(*shape), _rng.randn(*shape) * 2


_Z_DECIDES = "where Z > 0 the gradient passes, elsewhere it is 0"

relu_backward = Exercise(
    "relu_backward",
    _relu_slope,
    cases=[
        (np.array([[0.5, -2.0, 3.0, -0.25]]), np.array([[1.5, 2.0, -1.0, -3.0]])),
        _pair(4, 3),
        _pair(1, 5),
        _pair(3, 3),
        _pair(6, 1),
    ],
    slips=[
        Slip(f"the mask is taken from the upstream gradient: Z decides, {_Z_DECIDES}", lambda g, Z: np.maximum(g, 0)),
        Slip("both signs decide here: Z alone does, and a negative gradient passes too", lambda g, Z: g * (Z > 0) * (g > 0)),
        Slip("this is ReLU's own slope, 0 or 1: multiply it by the upstream gradient, grad_A", lambda g, Z: Z > 0),
        Slip("Z multiplies the gradient: ReLU's slope is 0 or 1, whatever the size of Z", lambda g, Z: g * Z),
        Slip("ReLU's output multiplies the gradient: its slope, Z > 0, belongs there", lambda g, Z: g * np.maximum(Z, 0)),
        Slip(f"the mask is the wrong way round: {_Z_DECIDES}. In np.where(Z > 0, a, b) a is for Z > 0", lambda g, Z: g * (Z < 0)),
        *alike("where Z < 0 the slope is 0, not -1: `Z > 0` gives 1 and 0", lambda g, Z: g * np.sign(Z), lambda g, Z: np.sign(Z)),
        Slip("the gradient comes out unchanged: ReLU stops it where Z < 0", lambda g, Z: g),
        *alike("this is the forward pass: ReLU's slope times grad_A is asked", lambda g, Z: np.maximum(Z, 0), lambda g, Z: np.maximum(g * Z, 0)),
        *alike(f"where Z > 0 and where not, another array comes out: {_Z_DECIDES}", lambda g, Z: np.where(Z > 0, Z, g), lambda g, Z: np.where(Z > 0, g, Z), lambda g, Z: np.where(Z > 0, 1, g)),
        *alike("a leaky ReLU: this one has slope 0 where Z < 0", *(lambda g, Z, a=a: g * np.where(Z > 0, 1, a) for a in (0.01, 0.1, 0.2))),
        Slip("this is the slope of the sigmoid: ReLU's is 1 where Z > 0, else 0", lambda g, Z: g * losses.sigmoid(Z) * (1 - losses.sigmoid(Z))),
        Slip("the two arguments are exchanged: grad_A comes first, then Z", lambda g, Z: Z * (g > 0)),
        Slip("the sign is turned: a slope of 1 hands the gradient on as it is", lambda g, Z: -g * (Z > 0)),
        *alike("the sizes are lost, |grad_A| or its sign: a negative gradient passes as it is", lambda g, Z: abs(g) * (Z > 0), lambda g, Z: np.sign(g) * (Z > 0)),
        *alike("summed or averaged: each number of Z has its own slope, so the shape stays", *(lambda g, Z, of=of, axis=axis: of(_relu_slope(g, Z), axis=axis) for of in (np.sum, np.mean) for axis in (None, 0, -1))),
        Slip("grad_A[Z > 0] leaves the other places out: they stay, with a 0. Multiply by (Z > 0)", lambda g, Z: g[Z > 0]),
        Slip("@ adds up over rows and columns: ReLU works on each number alone, so *", lambda g, Z: g @ (Z > 0)),
        Slip("`if` and Python's max decide once, and an array has many numbers: grad_A * (Z > 0) decides for each", lambda g, Z: g if Z > 0 else 0 * g),
    ],
    hint="grad_A where Z > 0, else 0",
    praise="Where Z is exactly 0, both 0 and grad_A are right",
)  # fmt: skip


# A dense layer


def _dense(**wrong: Callable) -> Callable:
    """Make the backward pass of a dense layer, with other formulas for some of its parts."""
    part = {"grad_A": lambda g, A, W: g @ W.T, "grad_W": lambda g, A, W: A.T @ g, "grad_b": lambda g, A, W: g.sum(axis=0)} | wrong  # fmt: skip
    return lambda grad_Z, A, W: tuple(of(grad_Z, A, W) for of in part.values())


def _layer(n: int, d: int, h: int) -> tuple[_Array, _Array, _Array]:
    return _rng.randn(n, h) / n, _rng.randn(n, d) * 2, _rng.randn(d, h)


def _each(part: str, *hints: tuple[str, Callable]) -> list[Slip]:
    """Make slips in one part of the dense layer."""
    return [Slip(hint, _dense(**{part: wrong})) for hint, wrong in hints]


_N_TWICE = "1/n is in grad_Z already"
_NO_T = "a transpose is missing"
_ON_ITS_SIDE = "it lies on its side"
_LIKE_W = "grad_W has the shape of W, (d, h), as A.T @ grad_Z has"
_LIKE_A = "grad_A has the shape of A, (n, d), as grad_Z @ W.T has"
_LIKE_B = "b has shape (h,), so add up over the rows, axis=0"
_UPDATED = "this is a parameter after a step: backpropagation computes the gradient, the step comes later"

dense_backward = Exercise(
    "dense_backward",
    _dense(),
    cases=[_layer(5, 3, 2), _layer(1, 3, 4), _layer(3, 3, 3), _layer(2, 4, 2), _layer(3, 3, 2), _layer(6, 4, 4)],
    parts=("grad_A", "grad_W", "grad_b"),
    observe=fitting,
    slips=[
        Slip("the opposite sign: dZ/dA, dZ/dW and dZ/db have no minus", times(-1, _dense())),
        Slip("divided by n: " + _N_TWICE, times(lambda g, A, W: 1 / len(A), _dense())),
        Slip("n times too large: 1/n stays in grad_Z", times(lambda g, A, W: len(A), _dense())),
        Slip(f"{_NO_T} twice: grad_Z @ W.T and A.T @ grad_Z", _dense(grad_A=lambda g, A, W: g @ W, grad_W=lambda g, A, W: A @ g)),
        Slip("grad_A and grad_W are mixed up: W.T hands the error back, and A.T makes the gradient of W", _dense(grad_A=lambda g, A, W: A.T @ g, grad_W=lambda g, A, W: g @ W.T)),
        *alike("the order of the three: return grad_A, grad_W, grad_b", *(then(_dense(), lambda three, order=order: tuple(three[i] for i in order)) for order in [(2, 1, 0), (1, 2, 0), (0, 2, 1)])),
        *_each(
            "grad_A",
            (f"{_NO_T}: {_LIKE_A}", lambda g, A, W: g @ W),
            (f"{_ON_ITS_SIDE}: {_LIKE_A}", lambda g, A, W: W @ g.T),
            ("the mask of a ReLU is in it: this layer has none, and the ReLU before it has a backward pass of its own", lambda g, A, W: g @ W.T * (A > 0)),
            (f"grad_A is divided by n: {_N_TWICE}", lambda g, A, W: g @ W.T / len(A)),
            ("the error is handed on as it came: multiply it by W.T", lambda g, A, W: g),
            *[("this is the layer's own slope: multiply what comes from above by it, grad_Z @ W.T", of) for of in (lambda g, A, W: W, lambda g, A, W: W.T)],
            (f"* goes number by number, @ adds up over the units: {_LIKE_A}", lambda g, A, W: g * W),
        ),
        *_each(
            "grad_W",
            (f"{_NO_T}: {_LIKE_W}", lambda g, A, W: A @ g),
            (f"{_ON_ITS_SIDE}: {_LIKE_W}", lambda g, A, W: g.T @ A),
            (f"grad_W is divided by n: {_N_TWICE}", lambda g, A, W: A.T @ g / len(A)),
            (f"the transpose stands at the other factor: {_LIKE_W}", lambda g, A, W: A @ g.T),
            (f"* goes number by number, @ adds up over the rows: {_LIKE_W}", lambda g, A, W: A * g),
            ("this is the gradient for the layer's input: A.T @ grad_Z is the one for W", lambda g, A, W: g @ W.T),
            *[("this is the layer's own slope: multiply it by what comes from above, A.T @ grad_Z", of) for of in (lambda g, A, W: A, lambda g, A, W: A.T)],
            *[("one row alone is in it: A.T @ grad_Z adds up over all rows. Is it a loop with = where += belongs?", lambda g, A, W, i=i: np.outer(A[i], g[i])) for i in (0, -1)],
            *[(_UPDATED, lambda g, A, W, eta=eta: W - eta * A.T @ g) for eta in (1, 0.1, 0.01)],
        ),
        *_each(
            "grad_b",
            (f"still one row for each sample: {_LIKE_B}", lambda g, A, W: g),
            (f"averaged: {_N_TWICE}, so add up, grad_Z.sum(axis=0)", lambda g, A, W: g.mean(axis=0)),
            (f"added up along the wrong axis: {_LIKE_B}", lambda g, A, W: g.sum(axis=1)),
            *[(f"one number for all units: {_LIKE_B}", of) for of in (lambda g, A, W: g.sum(), lambda g, A, W: g.mean())],
            ("the numbers are right, in a table (1, h): b has shape (h,), so leave keepdims away", lambda g, A, W: g.sum(axis=0, keepdims=True)),
            *[(f"one row alone: {_LIKE_B}", lambda g, A, W, i=i: g[i]) for i in (0, -1)],
            *[("the slope of A @ W + b with respect to b is 1: that 1 multiplies grad_Z, which is then added up", of) for of in (lambda g, A, W: np.ones(W.shape[1]), lambda g, A, W: 1, lambda g, A, W: np.full(W.shape[1], len(A)))],
        ),
    ],
    hint="Each has the shape of what it belongs to: A (n, d), W (d, h), b (h,)",
    praise="Every layer of every network so far goes back like this",
)  # fmt: skip


# The whole network, and what is done with its gradients

_GRADS = tuple(f"grad_{name}" for name in net.NAMES)


def _network(*sizes: int) -> Callable:
    """Return what makes a network's parameters: inputs, hidden units, classes; its biases are not zero."""
    params = network.initialize(sizes, np.random.default_rng(sum(sizes)))
    params = [p + 0.3 * _rng.randn(*p.shape) for p in params]
    return _named(f"{sizes[0]} inputs, {sizes[1]} hidden units, {sizes[2]} classes", lambda: copy.deepcopy(params))


def _batch(n: int, num_inputs: int, num_classes: int) -> tuple[_Array, _Array]:
    return _rng.randn(n, num_inputs), _rng.randint(0, num_classes, n)


def _sizes(n: int, d: int, h: int, k: int) -> tuple[Callable, _Array, _Array]:
    return _network(d, h, k), *_batch(n, d, k)


def _rows_less_1(P: _Array, Y: _Array) -> _Array:
    P = P.copy()
    P[Y.argmax(axis=1)] -= 1
    return P


_FACTORS = [  # the last argument holds the labels
    ("", 1),
    ("1/n is missing: the loss is a mean, so P - Y is divided by n", lambda *a: len(a[-1])),
    ("the sign: P - Y, the prediction minus the truth", -1),
    ("the sign is turned, and 1/n is missing", lambda *a: -len(a[-1])),
    ("divided by n twice: once is the mean", lambda *a: 1 / len(a[-1])),
    ("the factor 2 belongs to a squared error: the cross-entropy has none", 2),
]
_ONE_SIGMOID = "P (1 - P) is still in it, the slope of one sigmoid: here the cross-entropy cancels what the softmax puts in, and P - Y is left"
_PUBLISHED = "this is the squared error's gradient: it lacks the slope of the log, -Y/P, with which only P - Y is left"
_PAIRED = "1 is subtracted in whole rows or columns: pair rows with labels, P[np.arange(n), labels] -= 1"
_RESIDUALS: list[tuple[str, Callable]] = [  # wrong forms of P - Y
    (_PUBLISHED, lambda P, Y: P * (P - Y - np.sum((P - Y) * P, axis=1, keepdims=True))),
    (_ONE_SIGMOID, lambda P, Y: (P - Y) * P * (1 - P)),
    ("the one-hot labels are not subtracted: P - Y", lambda P, Y: P),
    ("only the label's own column is left: the other classes have their slope, P, too", lambda P, Y: (P - Y) * Y),
    ("this is the slope with respect to P: after the softmax's own it becomes P - Y", lambda P, Y: -Y / P),
    ("this is the softmax's own slope: after what comes from the loss it becomes P - Y", lambda P, Y: P * (1 - P)),
    ("the brackets: (P - Y) / n, not P - Y / n", lambda P, Y: P * len(P) - Y),
    ("squared: the gradient has P - Y itself", lambda P, Y: (P - Y) ** 2),
    ("Y is added: P - Y", lambda P, Y: P + Y),
    ("the decisions are in it: the gradient takes the probabilities themselves", lambda P, Y: np.eye(P.shape[1])[P.argmax(axis=1)] - Y),
    (_PAIRED, _rows_less_1),
    (_PAIRED, lambda P, Y: P - Y.max(axis=0)),
    ("1 is subtracted everywhere: in each row the label's class alone has it, P - Y", lambda P, Y: P - 1),
]  # fmt: skip
_LIKELY_STEPS: list[tuple[str, dict[str, Callable]]] = [  # wrong steps that shapes allow, whatever the factor
    ("ReLU's mask is forgotten: grad_Z1 = grad_A1 * (Z1 > 0)", {"grad_Z1": lambda s: s.grad_A1}),
    ("the mask is taken from the upstream gradient: Z1 decides, grad_A1 * (Z1 > 0)", {"grad_Z1": lambda s: np.maximum(s.grad_A1, 0)}),
    ("the biases are averaged: 1/n belongs in grad_Z2, so add it up over the rows, .sum(axis=0)", {f"grad_b{i}": lambda s, i=i: net.BACKWARD[f"grad_b{i}"](s) / s.n for i in (1, 2)}),
    ("Z1 stands where the second layer's input belongs: that is A1, after the ReLU", {"grad_W2": lambda s: s.Z1.T @ s.grad_Z2}),
]  # fmt: skip
_WRONG_STEPS: list[tuple[str, dict[str, Callable]]] = [
    ("the mask is the wrong way round: where Z1 > 0 the gradient passes", {"grad_Z1": lambda s: s.grad_A1 * (s.Z1 <= 0)}),
    ("ReLU's slope is 0 or 1: Z1 or A1 itself multiplies grad_A1 here", {"grad_Z1": lambda s: s.grad_A1 * s.A1}),
    ("ReLU's slope is 0 or 1: Z1 or A1 itself multiplies grad_A1 here", {"grad_Z1": lambda s: s.grad_A1 * s.Z1}),
    ("the slope of a sigmoid is in it: ReLU's is Z1 > 0", {"grad_Z1": lambda s: s.grad_A1 * s.A1 * (1 - s.A1)}),
    ("the mask of the last layer: the ReLU stands after Z1, so Z1 > 0", {"grad_Z1": lambda s: s.grad_A1 * (s.Z2 > 0)}),
    ("this is the gradient for the layer's input: the one for its weights is A1.T @ grad_Z2", {"grad_W2": lambda s: s.grad_Z2 @ s.W2.T}),
    ("this is the gradient for the layer's input: the one for its weights is X.T @ grad_Z1", {"grad_W1": lambda s: s.grad_Z1 @ s.W1.T}),
    ("the one-hot rows are as wide as the largest label of the batch says: there are len(b2) classes, also where one is missing from a batch", {"grad_Z2": lambda s: (s.P - losses.one_hot(s.labels, s.labels.max() + 1)) / s.n}),
    ("divided by n again on the way to the first layer: 1/n is in grad_Z2 already", {"grad_Z1": lambda s: s.grad_A1 * (s.Z1 > 0) / s.n}),
    ("the weights are divided by n once more: 1/n is in grad_Z2 already", {f"grad_W{i}": lambda s, i=i: net.BACKWARD[f"grad_W{i}"](s) / s.n for i in (1, 2)}),
    ("the weights are divided by n and the biases are not: divide grad_Z2, once for all", {f"grad_b{i}": lambda s, i=i: net.BACKWARD[f"grad_b{i}"](s) * s.n for i in (1, 2)}),
    ("the second layer is divided by n and the first is not: grad_A1 starts from the divided grad_Z2", {"grad_A1": lambda s: s.grad_Z2 * s.n @ s.W2.T}),
    ("W2 is left out on the way back: grad_A1 = grad_Z2 @ W2.T", {"grad_A1": lambda s: s.grad_Z2}),
    ("W2 is not transposed on the way back: grad_A1 = grad_Z2 @ W2.T", {"grad_A1": lambda s: s.grad_Z2 @ s.W2}),
    *[("the layer's output stands where its input belongs: grad_W2 = A1.T @ grad_Z2", {"grad_W2": of}) for of in (lambda s: s.Z2.T @ s.grad_Z2, lambda s: s.P.T @ s.grad_Z2)],
    *[("the layer's output stands where its input belongs: grad_W1 = X.T @ grad_Z1", {"grad_W1": of}) for of in (lambda s: s.A1.T @ s.grad_Z1, lambda s: s.Z1.T @ s.grad_Z1)],
    ("a transpose is missing: A1.T @ grad_Z2", {"grad_W2": lambda s: s.A1 @ s.grad_Z2}),
    ("a transpose is missing: X.T @ grad_Z1", {"grad_W1": lambda s: s.X @ s.grad_Z1}),
    ("they lie on their sides: A1.T @ grad_Z2 and X.T @ grad_Z1 have the shapes of W2 and W1", {"grad_W2": lambda s: s.grad_Z2.T @ s.A1, "grad_W1": lambda s: s.grad_Z1.T @ s.X}),
    ("the error goes into W1 without ReLU's mask: X.T @ grad_Z1, not grad_A1", {"grad_W1": lambda s: s.X.T @ s.grad_A1}),
    ("the error goes into b1 without ReLU's mask: grad_Z1 is added up, not grad_A1", {"grad_b1": lambda s: s.grad_A1.sum(axis=0)}),
    *[(f"{words}: each has its own number for each unit, .sum(axis=0)", {f"grad_b{i}": lambda s, i=i, of=of: of(getattr(s, f"grad_Z{i}")) for i in (1, 2)}) for words, of in [
        ("the biases are added up along the wrong axis", lambda g: g.sum(axis=1)), ("the biases have one row for each sample", lambda g: g), ("the biases are single numbers", np.sum), ("the biases are single numbers", np.mean),
        ("the biases are tables (1, h): leave keepdims away", lambda g: g.sum(axis=0, keepdims=True)),
    ]],
]  # fmt: skip
_ETAS = (1, 0.5, 0.3, 0.2, 0.1, 0.05, 0.01, 1e-3)
_UPDATED_FIRST = "you updated W2 before the gradient of W1 was computed: grad_A1 needs the W2 that made Z2"
_FOUR = "one gradient stands in another's place: the order is W1, b1, W2, b2"


_SHAPES = [(5, 3, 4, 2), (1, 2, 5, 3), (6, 2, 3, 3), (3, 3, 3, 3), (7, 4, 2, 3), (4, 2, 4, 4)]

network_gradients = Exercise(
    "network_gradients",
    net.gradients_of,
    cases=[_sizes(*shape) for shape in _SHAPES],
    parts=_GRADS,
    observe=watching(_GRADS),
    slips=[
        *every_pair([("", net.gradients_of)], _FACTORS),
        *every_pair([(hint, net.backprop(**steps)) for hint, steps in _LIKELY_STEPS], _FACTORS[:3]),
        *every_pair([(hint, net.backprop(grad_Z2=lambda s, of=of: of(s.P, s.Y) / s.n)) for hint, of in _RESIDUALS], _FACTORS[:1]),
        *every_pair([(hint, net.backprop(grad_Z2=lambda s, of=of: of(s.P, s.Y) / s.n)) for hint, of in _RESIDUALS[:2]], _FACTORS[1:4]),
        *(Slip(hint, net.backprop(**steps)) for hint, steps in _WRONG_STEPS),
        *every_pair([("the softmax is missing: P = softmax(Z2), then P - Y", net.backprop(grad_Z2=lambda s: (s.Z2 - s.Y) / s.n))], _FACTORS[:2]),
        *every_pair([("the labels are numbers of classes, not probabilities: subtract their one-hot rows", net.backprop(grad_Z2=lambda s: (s.P - s.labels[:, None]) / s.n))], _FACTORS[:2]),
        Slip(CHANGED, net.spoiling(net.gradients_of)),
        *alike(_UPDATED_FIRST, *(net.backprop(grad_A1=net.sent_back(eta)) for eta in _ETAS)),
        *alike(_FOUR, *net.reordered(net.gradients_of)),
        Slip("the four are strung into one array: return a list of four, each of its parameter's shape", then(net.gradients_of, net.strung)),
        Slip("a dict came out: return the list [grad_W1, grad_b1, grad_W2, grad_b2]", then(net.gradients_of, lambda four: dict(zip(net.NAMES, four, strict=True)))),
        Slip(NOT_RESET, net.accumulating(net.gradients_of)),
        Slip(WITH_LOSS, lambda *a: network.loss_and_gradients(*a)),
        *alike("these are the parameters after a step: backpropagation computes the gradients, the optimizer updates", *(lambda params, X, labels, eta=eta: net.moved(params, net.gradients_of(params, X, labels), eta) for eta in _ETAS)),
    ],
    hint="Mend it from the back: grad_Z2 first, then grad_W2 and grad_b2, then what goes back through W2 and the ReLU",
    praise="This is all of backpropagation; more layers only repeat it",
)  # fmt: skip


# The gradient check


def _central(loss: Callable, w: _Array, e: _Array, h: float) -> float:
    return (loss(w + e) - loss(w - e)) / (2 * h)


def _forward(loss: Callable, w: _Array, e: _Array, h: float) -> float:
    return (loss(w + e) - loss(w)) / h


def _norm(v: _Array) -> float:
    return float(np.linalg.norm(np.ravel(v)))


def _relative(numeric: _Array, grad: _Array) -> float:
    return _norm(numeric - grad) / (_norm(numeric) + _norm(grad))


def _checking(distance: Callable = _relative, difference: Callable = _central, h: float = 1e-5) -> Callable:
    """Make a gradient check from another distance, another difference or another h."""

    def error(loss: Callable, w: _Array, grad: _Array) -> Any:
        moves = h * np.eye(w.size).reshape(-1, *w.shape)
        return distance(np.reshape([difference(loss, w, e, h) for e in moves], w.shape), grad)

    return error


def _left_moved(loss: Callable, w: _Array, e: _Array, h: float) -> float:
    w += e
    up = loss(w)
    w -= 2 * e
    return (up - loss(w)) / (2 * h)


def _by_rows(difference: Callable) -> Callable:
    """Make a difference that moves whole rows of a table, with another formula there."""

    def moving(loss: Callable, w: _Array, e: _Array, h: float) -> float:
        if w.ndim == 1:
            return _central(loss, w, e, h)
        return difference(loss, w, h * (e.any(axis=tuple(range(1, w.ndim)), keepdims=True) + 0 * w), h)

    return moving


def _claim(shape: tuple[int, ...], change: Any = 1.0, scale: float = 1.0, offset: float = 0.0) -> tuple:
    """Return a loss, a point and a claim: the gradient there times `change`. The slopes are steep enough to tell."""
    steep = 0.3 if offset else 1.0  # rounding grows with the offset
    a = (10 + 20 * _rng.rand(*shape)) * np.sign(_rng.randn(*shape)) * steep
    w = _rng.randn(*shape)

    def loss(at: _Array) -> float:
        if np.shape(at) != shape:
            raise ValueError(f"loss takes all of w at once, of shape {shape}; it was given shape {np.shape(at)}")
        return scale * float(np.exp(np.sum(a * (at - w)))) + offset

    return _named("exp(Σ a w)", loss), w, scale * a * change


_OTHER_RELATIVE = "a relative error too, in another form: here the difference is divided by the sum of the two norms, ||numeric|| + ||grad||"
_ABSOLUTE = "absolute: 1e-5 is nothing beside a gradient of 1e6, and all of one of 1e-6. Divide by ||numeric|| + ||grad||"  # fmt: skip
_ROWS = "w[i] is a whole row of a table: loop over all entries, for i in np.ndindex(w.shape)"
_SIDED = "one-sided: (loss(w + h e) - loss(w)) / h is wrong by an amount that grows with h, central differences by h²"
_NORMS: list[tuple[str, Callable]] = [  # how far numeric and grad are apart
    *[(_ABSOLUTE, of) for of in (lambda n, g: _norm(n - g), lambda n, g: np.max(abs(n - g)), lambda n, g: np.mean(abs(n - g)), lambda n, g: np.sum(abs(n - g)), lambda n, g: np.mean((n - g) ** 2), lambda n, g: np.sqrt(np.mean((n - g) ** 2)))],
    (f"{_ABSOLUTE}. And the root is missing in the norm", lambda n, g: _norm(n - g) ** 2),
    *[(_OTHER_RELATIVE, lambda n, g, below=below: _norm(n - g) / below(_norm(n), _norm(g))) for below in (lambda n, g: n, lambda n, g: g, max, min, np.hypot, lambda n, g: (n + g) / 2)],
    ("the norm of the sum: the two norms are added, ||numeric|| + ||grad||, so that a wrong sign cannot cancel", lambda n, g: _norm(n - g) / _norm(n + g)),
    ("the norm of the sum of sizes: take each norm first, then add the two, ||numeric|| + ||grad||", lambda n, g: _norm(n - g) / _norm(abs(n) + abs(g))),
    ("numeric is one number, and the loop keeps the last alone: numeric[index] = ... keeps one for each entry", lambda n, g: _norm(n.flat[-1] - g) / (_norm(n.flat[-1]) + _norm(g))),
    ("the difference of the norms: two gradients of one length may point apart. The norm of the difference is asked", lambda n, g: abs(_norm(n) - _norm(g)) / (_norm(n) + _norm(g))),
    ("the root is missing in the norms: np.linalg.norm, or the root of the sum of squares", lambda n, g: _norm(n - g) ** 2 / (_norm(n) ** 2 + _norm(g) ** 2)),
    ("the parentheses: the whole sum belongs below, / (||numeric|| + ||grad||)", lambda n, g: _norm(n - g) / _norm(n) + _norm(g)),
    ("the largest entries: the norm over all entries is asked, np.linalg.norm", lambda n, g: np.max(abs(n - g)) / (np.max(abs(n)) + np.max(abs(g)))),
    *[("errors of both signs cancel: the norm squares before it adds, np.linalg.norm", lambda n, g, below=below: np.sum(n - g) / below(n, g)) for below in (lambda n, g: np.sum(n + g), lambda n, g: _norm(n) + _norm(g), lambda n, g: 1, lambda n, g: n.size)],
    *[("entry by entry: that is stricter, and one tiny entry can spoil it. Here norms over all entries are asked, once", lambda n, g, of=of: of(abs(n - g) / (abs(n) + abs(g)))) for of in (np.mean, np.max, np.sum, _norm)],
    *[("still one number for each entry: one number for all is asked, so take norms", of) for of in (lambda n, g: abs(n - g) / (abs(n) + abs(g)), lambda n, g: n - g, lambda n, g: abs(n - g))],
    *[("one entry alone is compared: the norms go over all entries. Does `return` stand inside the loop?", lambda n, g, i=i: abs(n.flat[i] - g.flat[i]) / (abs(n.flat[i]) + abs(g.flat[i]))) for i in (0, -1)],
    ("the sign: the norm is taken of numeric - grad, and numeric has loss(w + h e) first", lambda n, g: _norm(n + g) / (_norm(n) + _norm(g))),
    ("these are the central differences: how far they are from grad is asked", lambda n, g: n),
    ("the decision is yours: return the number itself", lambda n, g: _relative(n, g) < 1e-6),
]  # fmt: skip

gradient_error = Exercise(
    "gradient_error",
    _checking(),
    rtol=1e-3,
    cases=[
        _claim((3,), 2.0),
        _claim((3,)),
        _claim((4,), 0.5),
        _claim((2, 3), np.array([[1.0, 1.0, 1.0], [1.0, -1.0, 1.0]])),
        _claim((2,), -1.0),
        _claim((3, 2)),
        _claim((3,), np.array([1.0, 0.9, 1.0]), scale=1e-6),
        _claim((4,), scale=1e6),
        _claim((1, 2, 2), 1.2),
        _claim((3,), offset=1000.0),
        _claim((3, 3), 1 + 0.5 * _rng.rand(3, 3), scale=1e6),
    ],
    observe=judging,
    slips=[
        *alike(_SIDED, *(_checking(difference=_forward, h=h) for h in (1e-4, 1e-6, 1e-7))),
        *alike(_SIDED, *(_checking(difference=of) for of in (_forward, lambda loss, w, e, h: _forward(loss, w, -e, -h)))),
        *(Slip(hint, _checking(distance)) for hint, distance in _NORMS),
        Slip(f"{_SIDED}. And {_ABSOLUTE}", _checking(_NORMS[0][1], _forward)),
        Slip("from w - h to w + h it is 2h: here the difference is divided by h alone", _checking(difference=lambda *a: 2 * _central(*a))),
        Slip("one-sided, and divided by 2h: from w to w + h it is h. Take loss(w + h e) - loss(w - h e)", _checking(difference=lambda *a: _forward(*a) / 2)),
        *alike(
            "numeric is far too small, perhaps 0, or far too large: (loss(w + h e) - loss(w - h e)) / (2 * h), with the minus and all parentheses. (After `up = w` both names mean one array: w.copy())",
            *(_checking(difference=lambda *a, by=by: _central(*a) * by(a[-1])) for by in (lambda h: h, lambda h: h**2)),
            *(_checking(difference=of) for of in (lambda loss, w, e, h: (loss(w + e) + loss(w - e)) / (2 * h), lambda loss, w, e, h: loss(w + e) - loss(w - e) / (2 * h))),
        ),
        Slip("all entries are moved at once, which adds up their slopes: move one at a time", _checking(difference=lambda loss, w, e, h: _central(loss, w, np.full(w.shape, h), h))),
        Slip("the entries are moved one after the other and none is put back: each difference starts from w itself", lambda loss, w, grad: _checking(difference=_left_moved)(loss, w.copy(), grad)),
        *alike("h is too large: the curve bends on the way. Take h = 1e-5", *(_checking(h=h) for h in (0.1, 0.01, 1e-3, 1e-4))),
        *alike("h is so small that rounding rules the difference. Take h = 1e-5", *(_checking(h=h) for h in (1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16))),
        *alike(_ROWS, *(_checking(difference=_by_rows(of)) for of in (_central, lambda *a: _forward(*a) / 2))),
        Slip(_ROWS, lambda loss, w, grad: w[len(w)] if w.ndim > 1 else _checking()(loss, w, grad)),
        Slip(RESTORE, _checking(difference=_left_moved)),
    ],
    hint="||numeric - grad|| / (||numeric|| + ||grad||), with h = 1e-5: below 1e-7 where grad is right, and at most 1",
    praise="About 1e-8 says right, 1e-2 and more says wrong",
)  # fmt: skip


# Steps, and an epoch of them


_CLIMBS = "it climbs: a step goes against the gradient, minus eta times it"
_NO_ETA = "eta is missing: each gradient is multiplied by it"
_TWO_THINGS = "loss_and_gradients gives two things back: loss, grads = network.loss_and_gradients(params, X, labels)"
_GRADS_ALONE = "these are the gradients: subtract eta times them from the parameters"
_NOTHING_MOVES = "the parameters come back unchanged: p - eta * g makes a new array, which must be kept and returned"
_AGAIN = "the gradients are computed anew after each parameter's update: compute all four first, then update all four"


def _deal(d: int, h: int, k: int, *rows: int) -> tuple[Callable, Callable]:
    """Return what makes a network, and what makes batches of so many rows for it."""
    batches = [_batch(n, d, k) for n in rows]
    return _network(d, h, k), _named(f"{len(rows)} batches of {list(rows)} rows", lambda: copy.deepcopy(batches))


_ACCUMULATED = "the gradients are added up from batch to batch and never set back: each step takes those of its own batch alone"  # fmt: skip
_FIRST_PARAMS = "all gradients are taken at the first parameters: compute those of a batch after the step of the one before"  # fmt: skip
_RETURN_EARLY = "the first batch alone is used: does `return` stand inside the loop?"

train_epoch = Exercise(
    "train_epoch",
    net.one_epoch,
    cases=[
        (*_deal(3, 4, 2, 4, 4, 3), 0.5),
        (*_deal(2, 3, 3, 5), 0.2),
        (*_deal(2, 5, 3, 3, 1, 2, 4, 2), 0.3),
        (*_deal(4, 2, 2, 6, 2), 1.0),
    ],
    parts=net.NAMES,
    observe=watching(net.NAMES),
    slips=[
        Slip(_ACCUMULATED, net.never_reset(lambda i: 1)),
        Slip(_FIRST_PARAMS, net.at_the_start(lambda k: 1)),
        Slip(f"one step with the mean gradient: each batch has its own step. And {_FIRST_PARAMS}", net.at_the_start(lambda k: 1 / k)),
        Slip("one step with all rows at once: each batch has its own step", net.of_batches(lambda batches: [tuple(map(np.concatenate, zip(*batches, strict=True)))])),
        Slip(_RETURN_EARLY, net.of_batches(lambda batches: batches[:1])),
        Slip("the last batch alone counts: each step begins where the one before ended, so keep the new parameters", net.of_batches(lambda batches: batches[-1:])),
        Slip("the last batch is missing: it has its step too", net.of_batches(lambda batches: batches[:-1])),
        Slip("the first batch is missing: it has its step too", net.of_batches(lambda batches: batches[1:])),
        Slip("the batches come in the reverse order: take them as they are given", net.of_batches(lambda batches: batches[::-1])),
        Slip("eta is divided by the number of batches: each step has the whole eta", lambda params, batches, eta: net.one_epoch(params, batches, eta / len(batches))),
        Slip(_CLIMBS, lambda params, batches, eta: net.one_epoch(params, batches, -eta)),
        Slip(f"{_ACCUMULATED}. And {_CLIMBS}", net.never_reset(lambda i: -1)),
        Slip(_NO_ETA, lambda params, batches, eta: net.one_epoch(params, batches, 1)),
        *(
            Slip(hint, net.walking(step))
            for hint, step in [
                ("divided by the rows of the batch once more: the gradients are those of the mean already", net.with_eta(lambda eta, n: eta / n)),
                ("multiplied by the rows of the batch: the gradients are those of the mean, and each step has the same eta", net.with_eta(lambda eta, n: eta * n)),
                (CHANGED, net.in_place),
                (_UPDATED_FIRST, net.stepping(lambda eta: net.backprop(grad_A1=net.sent_back(eta)))),
                ("the weights move and the biases do not: all four have a gradient", net.only(0, 2)),
                *((_AGAIN, net.one_by_one(order)) for order in [(0, 1, 2, 3), (3, 2, 1, 0)]),
                (_NOTHING_MOVES, net.only()),
                (_TWO_THINGS, lambda params, X, labels, eta: [p - eta * g for p, g in zip(params, network.loss_and_gradients(params, X, labels), strict=False)]),
            ]
        ),
        Slip("these are the losses of the batches: return the parameters after the last step", net.losses_of),
        Slip("these are the parameters after every step: return the last four alone", lambda params, batches, eta: [list(net.one_epoch(params, batches[:i], eta)) for i in range(len(batches) + 1)]),
        *alike("these are gradients: return the parameters after the last step", lambda params, batches, eta: net.gradients_of(params, *batches[-1]), lambda params, batches, eta: net.gradients_of(net.one_epoch(params, batches[:-1], eta), *batches[-1])),
        *alike("the order: the parameters in the order W1, b1, W2, b2", *net.reordered(net.one_epoch)),
        Slip(WITH_LOSS, lambda *a: (1.0, net.one_epoch(*a))),
        Slip(NOT_RESET, net.accumulating(net.one_epoch)),
    ],
    hint="For each batch: its gradients at the parameters of the moment, then one step along them",
    praise="Repeat it with newly shuffled batches, and the network is trained",
)  # fmt: skip


# Why not begin at zero, and gradients that vanish

moving_at_zero = Exercise(
    "moving_at_zero",
    1,
    prepare=lambda count: np.nan if isinstance(count, (bool, np.bool_)) else count,
    slips=[
        Slip("one array does move: the probabilities are all 1/K, the labels are not, so P - Y is not 0. Whose gradient is its sum?", 0),
        Slip("one too many: grad_W2 = A1.T @ grad_Z2, and what is A1 here? grad_b1 is added up from grad_Z1, and what is W2?", 2),
        Slip("too many: W2 is zero, so nothing comes back to W1 and b1; A1 is zero, and what does that make of grad_W2?", 3),
        Slip("too many: A1 is zero, and W2 too. Go through the four formulas and see in which a zero stands", 4),
        *alike("that array does move: write how many there are, a number", "b2", "b_2", "grad_b2"),
        Slip("count arrays, not the numbers in them", 10),
        Slip("how many is asked: a whole number", np.nan),  # True
    ],
    hint="Go backwards: P - Y is not zero; which gradients multiply it by A1 or W2, which are?",
    praise="So the network learns how frequent each class is, and nothing else: start with random weights",
)  # fmt: skip


sigmoid_stack = Exercise(
    "sigmoid_stack",
    0.25**10,
    rtol=5e-3,
    slips=[
        *alike("the layers' factors multiply, they do not add up: 1/4 for each of ten", 10 / 4, 1 / 40),
        Slip("this is one layer: ten of them stand one behind the other", 1 / 4),
        Slip("1/2 is the sigmoid's value at 0: its slope there is σ(1 - σ), half of that", 0.5**10),
        Slip("1/2 is the sigmoid's value at 0: its slope there is σ(1 - σ), and ten layers multiply", 0.5),
        Slip("upside down: the error shrinks, so the factor is less than 1", 4**10),
        *alike("one layer too few or too many: there are ten", 0.25**9, 0.25**11),
        Slip("1/10 for each layer: the slope σ(1 - σ) is at most 1/4", 0.1**10),
        Slip("the base and the exponent are exchanged: ten times the factor 1/4", 10**-4),
        Slip("these are its decimal places: the factor itself is asked, (largest slope) ** layers", -6),
    ],
    hint="σ(1 - σ) is at most 1/4, and ten such factors multiply",
    praise="A millionth, and that is the best case",
)  # fmt: skip


# Spot the bug: the error of the last layer


def _output(residual: Callable = lambda P, Y: P - Y, probability: Callable = losses.softmax) -> Callable:
    """Make dL/dZ2 with another residual, or from something else than the softmax over the classes."""
    return lambda Z2, labels: residual(probability(Z2), losses.one_hot(labels, Z2.shape[1])) / len(Z2)


def _scores(n: int, k: int) -> tuple[_Array, _Array]:
    return _rng.randn(n, k), _rng.permutation(np.arange(n) % k)


def _exponentials(axis: int | None) -> Callable:
    return lambda z: np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)


output_error = Exercise(
    "output_error",
    _output(),
    cases=[_scores(4, 3), _scores(1, 5), _scores(3, 3), _scores(6, 2), _scores(7, 4)],
    slips=[
        *every_pair([("", _output()), *((hint, _output(of)) for hint, of in _RESIDUALS[:2])], _FACTORS),
        *every_pair([(hint, _output(of)) for hint, of in _RESIDUALS[2:]], _FACTORS[:3]),
        *every_pair(
            [
                ("the softmax is missing: P = softmax(Z2)", _output(probability=lambda z: z)),
                ("a sigmoid for each score: the classes share one softmax", _output(probability=losses.sigmoid)),
                ("the softmax goes along the wrong axis: the classes lie along axis 1", _output(probability=_exponentials(0))),
                ("the softmax goes over the whole table: each row sums to 1 by itself", _output(probability=_exponentials(None))),
                ("exp is there and its sum is not: divide by the row's sum, or call softmax", _output(probability=np.exp)),
            ],
            _FACTORS[:3],
        ),
        Slip("divided by n·K: a row counts once, whatever the number of classes", times(lambda Z2, labels: 1 / Z2.shape[1], _output())),
        Slip("divided by K, the number of classes: the mean goes over the n rows", times(lambda Z2, labels: len(Z2) / Z2.shape[1], _output())),
        *alike("added up over the rows: each row keeps its own error, (n, K). The sum belongs to grad_b2", then(_output(), lambda g: g.sum(axis=0)), then(_output(), lambda g: g.mean(axis=0)), times(lambda Z2, labels: len(Z2), then(_output(), lambda g: g.sum(axis=0)))),
        *alike("added up along the classes: each class keeps its own error, (n, K)", then(_output(), lambda g: g.sum(axis=1)), then(_output(), np.sum)),
        *alike("the labels are numbers of classes, not probabilities: subtract their one-hot rows", *(lambda Z2, labels, of=of, p=p: (losses.softmax(Z2) - of(labels)) / len(Z2) ** p for of in (lambda t: t, lambda t: t[:, None]) for p in (1, 0))),
        Slip("the one-hot rows are as wide as the largest label of the batch says: there are Z2.shape[1] classes", lambda Z2, labels: (losses.softmax(Z2) - losses.one_hot(labels, labels.max() + 1)) / len(Z2)),
        Slip("this is the loss: its gradient is asked", lambda Z2, labels: losses.cross_entropy_from_logits(Z2, labels)),
        Slip("these are the probabilities given to the labels: the gradient takes all of them, P - Y", lambda Z2, labels: losses.softmax(Z2)[np.arange(len(Z2)), labels]),
    ],
    hint="With P = softmax(Z2) and Y the one-hot labels it is (P - Y) / n",
    praise="Nothing flattens it: where the network is sure and wrong, the error is largest",
)  # fmt: skip


training_step = Exercise(
    "training_step",
    net.one_step,
    cases=[(*_sizes(*shape), eta) for shape, eta in zip(_SHAPES[:5], (0.5, 0.1, 1.0, 0.3, 0.05), strict=True)],
    parts=net.NAMES,
    observe=watching(net.NAMES),
    slips=[
        Slip(_UPDATED_FIRST, net.stepping(lambda eta: net.backprop(grad_A1=net.sent_back(eta)))),
        Slip(CHANGED, net.in_place),
        Slip("W2's own gradient is computed with the new W1: all four gradients first, then the updates", net.stepping(lambda eta: lambda params, X, labels: (*net.gradients_of(params, X, labels)[:2], *net.gradients_of([*net.one_step(params, X, labels, eta)[:2], *params[2:]], X, labels)[2:]))),
        *alike(_AGAIN, *(net.one_by_one(order) for order in [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1)])),
        Slip(_CLIMBS, net.with_eta(lambda eta, n: -eta)),
        Slip(_NO_ETA, net.with_eta(lambda eta, n: 1)),
        Slip(f"{_NO_ETA}. And {_CLIMBS}", net.with_eta(lambda eta, n: -1)),
        Slip("divided by n once more: the gradients are those of the mean already", net.with_eta(lambda eta, n: eta / n)),
        Slip("the gradients are summed over the rows: those of the mean are divided by n", net.with_eta(lambda eta, n: eta * n)),
        Slip("twice the step: the gradients of the cross-entropy have no factor 2", net.with_eta(lambda eta, n: 2 * eta)),
        Slip("the weights move and the biases do not: all four have a gradient", net.only(0, 2)),
        Slip("only the second layer moves: all four have a gradient", net.only(2, 3)),
        Slip("only the first layer moves: all four have a gradient", net.only(0, 1)),
        Slip(_NOTHING_MOVES, net.only()),
        Slip(_GRADS_ALONE, lambda params, X, labels, eta: net.gradients_of(params, X, labels)),
        *alike("this is the way, without where it starts: params minus eta times the gradients", *(lambda params, X, labels, eta, sign=sign: tuple(sign * eta * g for g in net.gradients_of(params, X, labels)) for sign in (1, -1))),
        Slip("the brackets: eta multiplies the gradient alone, p - eta * g", lambda params, X, labels, eta: tuple(eta * (p - g) for p, g in zip(params, net.gradients_of(params, X, labels), strict=True))),
        *alike("the order: the new parameters in the order W1, b1, W2, b2", *net.reordered(net.one_step)),
        Slip("the four are strung into one array: return a list of four", then(net.one_step, net.strung)),
        Slip(_TWO_THINGS, lambda params, X, labels, eta: [p - eta * g for p, g in zip(params, network.loss_and_gradients(params, X, labels), strict=False)]),
        Slip(NOT_RESET, net.accumulating(net.one_step)),
        Slip(WITH_LOSS, lambda *a: (1.0, net.one_step(*a))),
        *(Slip(hint, net.stepping(lambda eta, steps=steps: net.backprop(**steps))) for hint, steps in _LIKELY_STEPS),
    ],
    hint="Forward, backward, and only then the four updates, p - eta * g",
    praise="Backpropagation computes, the optimizer updates, in this order",
)  # fmt: skip
