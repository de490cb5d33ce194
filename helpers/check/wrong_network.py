"""Making wrong gradients, steps and epochs of a network with one hidden layer, so that their slips stay one line each.

Its parameters are [W1, b1, W2, b2]; gradients, steps and epochs return tuples of four, in this order.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from helpers import losses, network
from helpers.check.wrong import then

_Array = np.ndarray

NAMES = ("W1", "b1", "W2", "b2")


def moved(params: Sequence[_Array], grads: Sequence[_Array], eta: float) -> tuple[_Array, ...]:
    """Return the parameters after a step against some gradients."""
    return tuple(p - eta * g for p, g in zip(params, grads, strict=True))


def gradients_of(params: list[_Array], X: _Array, labels: _Array) -> tuple[_Array, ...]:
    """Return the four right gradients."""
    return tuple(network.loss_and_gradients(params, X, labels)[1])


BACKWARD: dict[str, Callable] = {  # the backward pass, in order
    "grad_Z2": lambda s: (s.P - s.Y) / s.n,
    "grad_W2": lambda s: s.A1.T @ s.grad_Z2,
    "grad_b2": lambda s: s.grad_Z2.sum(axis=0),
    "grad_A1": lambda s: s.grad_Z2 @ s.W2.T,
    "grad_Z1": lambda s: s.grad_A1 * (s.Z1 > 0),
    "grad_W1": lambda s: s.X.T @ s.grad_Z1,
    "grad_b1": lambda s: s.grad_Z1.sum(axis=0),
}


def backprop(**wrong: Callable) -> Callable:
    """Make a backward pass in which some steps are others."""

    def gradients(params: list[_Array], X: _Array, labels: _Array) -> tuple[_Array, ...]:
        s = SimpleNamespace(**dict(zip(NAMES, params, strict=True)), X=X, labels=labels, n=len(X))
        s.Z1 = X @ s.W1 + s.b1
        s.A1 = np.maximum(s.Z1, 0)
        s.Z2 = s.A1 @ s.W2 + s.b2
        s.P, s.Y = losses.softmax(s.Z2), losses.one_hot(labels, s.Z2.shape[1])
        for name, step in (BACKWARD | wrong).items():
            setattr(s, name, step(s))
        return s.grad_W1, s.grad_b1, s.grad_W2, s.grad_b2

    return gradients


def sent_back(eta: float) -> Callable:
    """Make the step that sends the error back through a W2 that was updated already."""
    return lambda s: s.grad_Z2 @ (s.W2 - eta * s.grad_W2).T


def accumulating(right: Callable) -> Callable:
    """Make a function that adds its parts to those of all earlier calls."""
    totals: dict[tuple, _Array] = {}

    def wrong(*arguments: Any) -> tuple[_Array, ...]:
        parts = right(*arguments)
        for i, part in enumerate(parts):
            totals[i, part.shape] = totals.get((i, part.shape), 0) + part
        return tuple(totals[i, part.shape] for i, part in enumerate(parts))

    return wrong


def spoiling(right: Callable) -> Callable:
    """Make a function that does right and moves the given arrays as well."""
    return lambda params, *rest: (right(params, *rest), [np.add(p, 1, out=p) for p in params])[0]


def reordered(right: Callable) -> list[Callable]:
    """Make functions that return the four parts in another order."""
    orders = [(2, 3, 0, 1), (3, 2, 1, 0), (0, 2, 1, 3)]
    return [then(right, lambda four, order=order: tuple(four[i] for i in order)) for order in orders]


def strung(four: Sequence[_Array]) -> _Array:
    """String four arrays into one."""
    return np.concatenate([np.ravel(part) for part in four])


def stepping(gradients: Callable) -> Callable:
    """Make a step along other gradients; these may depend on eta."""
    return lambda params, X, labels, eta: moved(params, gradients(eta)(params, X, labels), eta)


one_step = stepping(lambda eta: gradients_of)


def with_eta(eta_of: Callable) -> Callable:
    """Make a step with another learning rate, from eta and the batch."""
    return lambda params, X, labels, eta: one_step(params, X, labels, eta_of(eta, len(X)))


def only(*which: int) -> Callable:
    """Make a step that moves only some of the four parameters."""

    def step(params: list[_Array], *rest: Any) -> tuple[_Array, ...]:
        return tuple((one_step(params, *rest) if i in which else params)[i] for i in range(len(params)))

    return step


def in_place(params: list[_Array], X: _Array, labels: _Array, eta: float) -> tuple[_Array, ...]:
    """Make a step inside the caller's arrays."""
    for p, g in zip(params, gradients_of(params, X, labels), strict=True):
        p -= eta * g
    return tuple(params)


def one_by_one(order: Sequence[int]) -> Callable:
    """Make a step that computes the gradients anew after each parameter's update."""

    def wrong(params: list[_Array], X: _Array, labels: _Array, eta: float) -> tuple[_Array, ...]:
        params = list(params)
        for i in order:
            params[i] = params[i] - eta * gradients_of(params, X, labels)[i]
        return tuple(params)

    return wrong


def walking(step: Callable) -> Callable:
    """Make an epoch of steps of one kind, one for each batch."""

    def epoch(params: list[_Array], batches: list[tuple], eta: float) -> tuple[_Array, ...]:
        for batch in batches:
            params = list(step(params, *batch, eta))
        return tuple(params)

    return epoch


one_epoch = walking(one_step)


def of_batches(pick: Callable) -> Callable:
    """Make an epoch over other batches than those given."""
    return lambda params, batches, eta: one_epoch(params, pick(batches), eta)


def at_the_start(weight: Callable) -> Callable:
    """Make one step with the gradients of all batches at the first parameters, times a weight."""

    def wrong(params: list[_Array], batches: list[tuple], eta: float) -> tuple[_Array, ...]:
        every = [gradients_of(params, *batch) for batch in batches]
        return moved(params, [weight(len(batches)) * sum(parts) for parts in zip(*every, strict=True)], eta)

    return wrong


def never_reset(weight: Callable) -> Callable:
    """Make an epoch whose steps go along the gradients of all batches so far, times a weight."""

    def wrong(params: list[_Array], batches: list[tuple], eta: float) -> tuple[_Array, ...]:
        totals = tuple(np.zeros(p.shape) for p in params)
        for i, batch in enumerate(batches, 1):
            totals = tuple(total + g for total, g in zip(totals, gradients_of(params, *batch), strict=True))
            params = list(moved(params, totals, eta * weight(i)))
        return tuple(params)

    return wrong


def losses_of(params: list[_Array], batches: list[tuple], eta: float) -> list[float]:
    """Return the loss of each batch of an epoch, before its step."""
    return [
        network.loss_and_gradients(list(one_epoch(params, batches[:i], eta)), *batch)[0]
        for i, batch in enumerate(batches)
    ]
