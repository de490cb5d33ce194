"""Update rules that all have the same call, and `descend`, the runner that drives every one of them.

A rule takes the weights and their gradient, and returns the next weights and its memory (`state`, None at the start):

    w, state = rule(w, grad, state, eta=0.1)

Rules are pure: they never change the arrays that they are given.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.operands import as_count, as_eta, as_float, kind, memory, operands, positive, same_shape, share

Rule = Callable[..., tuple[Any, Any]]  # rule(w, grad, state, *, eta, ...) -> (w, state)


def sgd(w: ArrayLike, grad: ArrayLike, state: Any = None, *, eta: float) -> tuple[NDArray, Any]:
    """Take one step of gradient descent, `w - eta * grad`; taught in lesson 02.

    `w` and `grad` have one shape, any shape. Float32 and float64 are kept, whole numbers become float64.
    `state` is handed back as it came: this rule remembers nothing.

    >>> w, state = sgd([1.0, 2.0], [10.0, -10.0], eta=0.1)
    >>> w.tolist(), state
    ([0.0, 3.0], None)
    """
    w, grad, eta = operands(w, grad, eta)
    with np.errstate(all="ignore"):
        return w - eta * grad, state


def momentum(
    w: ArrayLike, grad: ArrayLike, state: Any = None, *, eta: float, beta: float = 0.9
) -> tuple[NDArray, NDArray]:
    """Take one step with momentum: `v = beta*v - eta*grad`, then `w + v`; taught in lesson 06.

    The state is the velocity v, of the shape of `w`, and 0 at the start. 0 <= beta < 1. Keras: `SGD(momentum=beta)`.
    Source: Polyak (1964), in the form of Sutskever et al. (2013).

    >>> w, v = momentum([1.0], [10.0], eta=0.1)
    >>> w, v = momentum(w, [10.0], v, eta=0.1)
    >>> w.tolist(), v.tolist()
    ([-1.9], [-1.9])
    """
    w, grad, eta = operands(w, grad, eta)
    beta, (v,) = share(beta, "beta"), memory(state, w)
    with np.errstate(all="ignore"):
        v = beta * v - eta * grad
        return w + v, v


def nesterov(
    w: ArrayLike, grad: ArrayLike, state: Any = None, *, eta: float, beta: float = 0.9
) -> tuple[NDArray, NDArray]:
    """Take one step with Nesterov's momentum: `v = beta*v - eta*grad`, then `w + beta*v - eta*grad`; lesson 06.

    The state is the velocity v, of the shape of `w`, and 0 at the start. 0 <= beta < 1. As in Keras,
    `SGD(momentum=beta, nesterov=True)`, the path is that of the points where the gradient is looked up: one velocity
    (times beta) ahead. Source: Nesterov (1983), Sutskever et al. (2013); these points: Bengio et al. (2012).

    >>> w, v = nesterov([1.0], [10.0], eta=0.1, beta=0.5)
    >>> w.tolist(), v.tolist()
    ([-0.5], [-1.0])
    """
    w, grad, eta = operands(w, grad, eta)
    beta, (v,) = share(beta, "beta"), memory(state, w)
    with np.errstate(all="ignore"):
        v = beta * v - eta * grad
        return w + beta * v - eta * grad, v


def rmsprop(
    w: ArrayLike, grad: ArrayLike, state: Any = None, *, eta: float, rho: float = 0.9, epsilon: float = 1e-7
) -> tuple[NDArray, NDArray]:
    """Take one RMSprop step: `s = rho*s + (1 - rho)*grad²`, then `w - eta*grad/√(s + epsilon)`; lesson 06.

    The state s, the running mean of the squared gradient, has the shape of `w` and is 0 at the start. 0 <= rho < 1,
    epsilon > 0. Keras: `RMSprop(rho=rho)`. Source: Tieleman and Hinton (2012), lecture 6e.

    >>> w, s = rmsprop([1.0, 1.0], [10.0, 0.1], eta=0.1, rho=0.75)
    >>> w.round(3).tolist()
    [0.8, 0.8]
    """
    w, grad, eta = operands(w, grad, eta)
    rho, epsilon, (s,) = share(rho, "rho"), positive(epsilon, "epsilon"), memory(state, w)
    with np.errstate(all="ignore"):
        s = rho * s + (1 - rho) * grad**2
        return w - eta * grad / np.sqrt(s + epsilon), s


def adam(
    w: ArrayLike,
    grad: ArrayLike,
    state: Any = None,
    *,
    eta: float,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> tuple[NDArray, tuple[NDArray, NDArray, int]]:
    """Take one Adam step, from the running means of the gradient and of its square; taught in lesson 06.

    The state is (m, s, t): two arrays of the shape of `w`, 0 at the start, and the number of steps taken.
    0 <= beta_1, beta_2 < 1, epsilon > 0. As in Keras, epsilon is added to √s before the bias of s is corrected
    ("epsilon hat"). Source: Kingma and Ba (2015), the last form of section 2.

    >>> w, state = adam([1.0, 1.0], [10.0, 0.001], eta=0.1)
    >>> w.round(3).tolist(), state[2]
    ([0.9, 0.9], 1)
    """
    w, grad, eta = operands(w, grad, eta)
    beta_1, beta_2, epsilon = share(beta_1, "beta_1"), share(beta_2, "beta_2"), positive(epsilon, "epsilon")
    m, s, t = memory(state, w, 2, counts=True)
    t += 1
    with np.errstate(all="ignore"):
        m = beta_1 * m + (1 - beta_1) * grad
        s = beta_2 * s + (1 - beta_2) * grad**2
        corrected_eta = eta * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        return w - corrected_eta * m / (np.sqrt(s) + epsilon), (m, s, t)


def adamw(
    w: ArrayLike,
    grad: ArrayLike,
    state: Any = None,
    *,
    eta: float,
    weight_decay: float = 0.004,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
) -> tuple[NDArray, tuple[NDArray, NDArray, int]]:
    """Shrink the weights, `w - eta*weight_decay*w`, then take one `adam` step; taught in lessons 06 and 13.

    The state is Adam's; weight_decay >= 0, and the rest as for `adam`. Source: Loshchilov and Hutter (2019).

    >>> w, state = adamw([1.0], [0.0], eta=0.1, weight_decay=0.5)
    >>> w.tolist()
    [0.95]
    """
    w, grad, eta = operands(w, grad, eta)
    decay = positive(weight_decay, "weight_decay", or_zero=True)
    with np.errstate(all="ignore"):
        shrunk = w - eta * decay * w
    return adam(shrunk, grad, state, eta=eta, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)


def update_all(
    rule: Rule, params: Sequence[ArrayLike], grads: Sequence[ArrayLike], states: Sequence[Any], **hyper: Any
) -> tuple[list[NDArray], list[Any]]:
    """Take one step with every array of a network; return the new parameters and the new states; taught in lesson 06.

    The three lists are of equal length; each array has a state of its own, None at the start. `hyper` goes to the rule.

    >>> params, states = update_all(sgd, [1.0, [2.0]], [1.0, [1.0]], [None, None], eta=0.5)
    >>> [p.tolist() for p in params], states
    ([0.5, [1.5]], [None, None])
    """
    if not len(params) == len(grads) == len(states):
        found = f"{len(params)} parameters, {len(grads)} gradients and {len(states)} states"
        raise ValueError(f"There are {found}: each array needs one of each. Begin with states = [None] * len(params).")
    pairs = [rule(w, grad, state, **hyper) for w, grad, state in zip(params, grads, states, strict=True)]
    return [w for w, _ in pairs], [state for _, state in pairs]


def descend(
    rule: Rule,
    gradient: Callable[[Any], ArrayLike],
    w0: ArrayLike,
    num_steps: int,
    *,
    eta: float | Callable[[int], float],
    **hyper: Any,
) -> NDArray:
    """Follow `rule` downhill from `w0` and return every point of the way; taught in lesson 02.

    The path has shape (num_steps + 1, *w0.shape): `path[0]` is `w0`, `path[-1]` the last point. `gradient(w)` has the
    shape of `w`. `eta` is a number, or a function of the step that counts from 0: step 0 leads from `path[0]` to
    `path[1]`. `hyper` goes to the rule as it is (`beta=0.9`, say). A run that diverges fills the path with inf and nan
    without a warning. `w0` stays as it is, even if `rule` or `gradient` works in place.

    >>> descend(sgd, lambda w: 2 * w, 1.0, 3, eta=0.25).tolist()
    [1.0, 0.5, 0.25, 0.125]
    >>> descend(sgd, lambda w: 2 * w, 1.0, 2, eta=lambda step: 0.25 / (step + 1)).tolist()
    [1.0, 0.5, 0.375]
    """
    w = as_float(w0, "w0")
    num_steps = as_count(num_steps)
    path = np.empty((num_steps + 1, *w.shape), dtype=w.dtype)
    path[0] = w
    state = None
    with np.errstate(all="ignore"):
        for step in range(num_steps):
            eta_now = as_eta(eta(step) if callable(eta) else eta)
            grad = as_float(gradient(path[step].copy()), "the gradient", w.dtype, copy=True)
            same_shape(grad, w, "the gradient")
            result = rule(path[step].copy(), grad, state, eta=eta_now, **hyper)
            if not isinstance(result, tuple) or len(result) != 2:
                raise TypeError(f"the rule returned {kind(result)}: a rule must return a pair, `return w, state`.")
            w_next, state = result
            w_next = as_float(w_next, "the rule's new w", w.dtype)
            same_shape(w_next, w, "the rule's new w")
            path[step + 1] = w_next
    return path
