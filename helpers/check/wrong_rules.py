"""Making update rules with one thing wrong, from parts: a velocity, a mean, a root, a step, what is remembered."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from helpers import rules
from helpers.check.engine import Slip

Array = np.ndarray


def rolls(
    velocity: Callable = lambda v, g, eta, beta: beta * v - eta * g,
    move: Callable = lambda w, v, *_: w + v,
    keep: Callable = lambda v, old: v,
) -> Callable:
    """Make a momentum rule with another velocity, another move, or another thing to remember."""

    def momentum(w: Array, grad: Array, v: Array, eta: float, beta: float) -> tuple[Array, Array]:
        new = velocity(v, grad, eta, beta)
        return move(w, new, grad, eta, beta, v), keep(new, v)

    return momentum


def along(w: Array, v: Array, grad: Array, eta: float, *_: Any) -> Array:
    """Move by a velocity that has no learning rate in it."""
    return w + eta * v


def against(w: Array, v: Array, grad: Array, eta: float, *_: Any) -> Array:
    """Move against a velocity that has no learning rate in it, as PyTorch does."""
    return w - eta * v


def mean_of_squares(s: Array, g: Array, rho: float) -> Array:
    """Return the running mean of the squared gradient."""
    return rho * s + (1 - rho) * g**2


def inside(s: Array, epsilon: float) -> Array:
    """Return √(s + ε)."""
    return np.sqrt(s + epsilon)


def outside(s: Array, epsilon: float) -> Array:
    """Return √s + ε."""
    return np.sqrt(s) + epsilon


def scaled(
    mean: Callable = mean_of_squares,
    root: Callable = inside,
    step: Callable = lambda g, below, eta, *_: eta * g / below,
    keep: Callable = lambda s, old: s,
    used: Callable = lambda s, old: s,
) -> Callable:
    """Make an RMSprop with another mean, root or step, another thing to remember, or another s in the division."""

    def rmsprop(w: Array, grad: Array, s: Array, eta: float, rho: float, epsilon: float) -> tuple[Array, Array]:
        new = mean(s, grad, rho)
        return w - step(grad, root(used(new, s), epsilon), eta, epsilon, w), keep(new, s)

    return rmsprop


def roots(hint: str, **change: Callable) -> list[Slip]:
    """Give a hint to a change of RMSprop, with ε inside the root and outside."""
    return [Slip(hint, scaled(root=root, **change)) for root in (inside, outside)]


def hat(eta: float, m: Array, s: Array, bias_m: float, bias_s: float, epsilon: float, *_: Any) -> Array:
    """Return Keras's Adam step: ε beside the root of the s that is not corrected yet."""
    return eta * np.sqrt(bias_s) / bias_m * m / (np.sqrt(s) + epsilon)


def textbook(eta: float, m: Array, s: Array, bias_m: float, bias_s: float, epsilon: float, *_: Any) -> Array:
    """Return Adam's step with ε beside the root of the corrected s."""
    return eta * (m / bias_m) / (np.sqrt(s / bias_s) + epsilon)


def bias(beta: float, t: int) -> float:
    """Return how much of the gradient is in a mean after t steps."""
    return 1 - beta**t


def adaptive(
    step: Callable = hat,
    m: Callable = lambda m, g, b: b * m + (1 - b) * g,
    s: Callable = lambda s, g, b, m: b * s + (1 - b) * g**2,
    biases: Callable = lambda t, b1, b2: (bias(b1, t), bias(b2, t)),
    used: Callable = lambda new, old: new,
    keep: Callable = lambda new, old, biases: new,
) -> Callable:
    """Make an Adam: `used` and `keep` choose from the new (m, s, t) and the old one, for the step and to remember."""

    def adam(w: Array, grad: Array, state: tuple, eta: float, beta_1: float, beta_2: float, epsilon: float) -> tuple:
        new_m = m(state[0], grad, beta_1)
        new = new_m, s(state[1], grad, beta_2, new_m), state[2] + 1
        m_now, s_now, t_now = used(new, state)
        both = biases(t_now, beta_1, beta_2)
        return w - step(eta, m_now, s_now, *both, epsilon, grad, w), tuple(keep(new, state, both))

    return adam


def steps(hint: str, **change: Callable) -> list[Slip]:
    """Give a hint to a change of Adam, with Keras's ε and with the textbook's."""
    return [Slip(hint, adaptive(step, **change)) for step in (hat, textbook)]


def stepping(hint: str, change: Callable) -> list[Slip]:
    """Give a hint to a change of Adam's step, with Keras's ε and with the textbook's."""
    return [Slip(hint, adaptive(partial(change, step))) for step in (hat, textbook)]


def one_t_each(step: Callable, counts: Callable) -> Callable:
    """Make an Adam that counts on with every weight; counts(w) says by how much more than 1, for each of them."""

    def adam(w: Array, grad: Array, state: tuple, eta: float, beta_1: float, beta_2: float, epsilon: float) -> tuple:
        more = counts(w)
        two = adaptive(step, biases=lambda t, b1, b2: (bias(b1, t + more), bias(b2, t + more)))
        new, (m, s, t) = two(w, grad, state, eta, beta_1, beta_2, epsilon)
        return new, (m, s, t + np.max(more))

    return adam


def each(w: Array) -> Array:
    """Count the weights from 0 on, one after another."""
    return np.arange(w.size).reshape(w.shape)


def each_row(w: Array) -> Array:
    """Count the rows from 0 on."""
    return np.arange(len(w)).reshape(-1, *[1] * (w.ndim - 1))


def mixed(step: Callable, change: Callable) -> Callable:
    """Make an Adam with other betas: change(beta_1, beta_2) gives those of m, of s, and of their corrections."""

    def adam(w: Array, grad: Array, state: tuple, eta: float, beta_1: float, beta_2: float, epsilon: float) -> tuple:
        of_m, of_s, *both = change(beta_1, beta_2)
        rule = adaptive(step, biases=lambda t, *_: tuple(bias(b, t) for b in both))
        return rule(w, grad, state, eta, of_m, of_s, epsilon)

    return adam


def divides_by_0(*case: Any) -> tuple:
    """Make Adam's step with Python's own numbers, which raise where NumPy's become nan."""
    return 1.0 / bias(0.9, case[2][2]) and adaptive(used=lambda new, old: (*new[:2], old[2]))(*case)


def decays(
    shrink: Callable = lambda w, eta, decay: w - eta * decay * w, slope: Callable = lambda w, g, eta, decay: g
) -> Callable:
    """Make an AdamW that shrinks w in another way first, or hands Adam another gradient."""

    def adamw(w: Array, grad: Array, state: Any, eta: float, weight_decay: float) -> tuple:
        return rules.adam(shrink(w, eta, weight_decay), slope(w, grad, eta, weight_decay), state, eta=eta)

    return adamw


def update(rule: Callable, params: Sequence, grads: Sequence, states: Sequence, eta: float) -> tuple[list, list]:
    """Update each array by its own gradient and state."""
    pairs = [rule(w, g, state, eta=eta) for w, g, state in zip(params, grads, states, strict=True)]
    return [w for w, _ in pairs], [state for _, state in pairs]


def given(change: Callable) -> Callable:
    """Make an update from other params, grads and states than those that are handed over."""
    return lambda rule, params, grads, states, eta: update(rule, *change(params, grads, states), eta)


def chained(rule: Callable, params: Sequence, grads: Sequence, states: Sequence, eta: float) -> tuple[list, list]:
    """Hand the state of each array on to the next one."""
    new, kept, state = [], [], states[0]
    for w, g in zip(params, grads, strict=True):
        w, state = rule(w, g, state, eta=eta)
        new.append(w)
        kept.append(state)
    return new, kept


def counting(rule: Callable, params: Sequence, grads: Sequence, states: Sequence, eta: float) -> tuple[list, list]:
    """Give each array its own m and s, and all of them one t, which counts on from array to array."""
    new, kept, count = [], [], None
    for w, g, state in zip(params, grads, states, strict=True):
        if count is not None:
            state = *(state or (0 * w, 0 * w))[:2], count
        w, state = rule(w, g, state, eta=eta)
        count = state[2] if isinstance(state, tuple) else None
        new.append(w)
        kept.append(state)
    return new, kept


def in_one(rule: Callable, params: list, grads: list, states: list, eta: float) -> tuple[list, Any]:
    """Update all arrays as a single long one, with the first state."""
    w, state = rule(*(np.concatenate([np.ravel(v) for v in part]) for part in (params, grads)), states[0], eta=eta)
    cuts = np.split(w, np.cumsum([p.size for p in params])[:-1])
    return [cut.reshape(p.shape) for cut, p in zip(cuts, params, strict=True)], state
