"""Making wrong cross-entropies of logits and one-hot targets, both (n, K)."""

from collections.abc import Callable

import numpy as np

from helpers.losses import softmax

_Array = np.ndarray


def log_sum_exp(z: _Array, axis: int = 1) -> _Array:
    """Return the log of the sum of e^z, the axis kept, whatever the size of z."""
    return np.logaddexp.reduce(z, axis=axis, keepdims=True)


def log_softmax(z: _Array) -> _Array:
    """Return the logs of a softmax, as exact for logits of 1000 as for those of 1."""
    return z - log_sum_exp(z)


def naive(z: _Array) -> _Array:
    """Return a softmax that overflows."""
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def summed(logs: Callable = log_softmax, weigh: Callable = lambda targets: targets) -> Callable:
    """Make the mean over rows of -(targets · logs), with other logs or with something else than the targets."""
    return lambda logits, targets: -np.sum(weigh(targets) * logs(logits)) / len(logits)


def picked(probabilities: Callable) -> Callable:
    """Make the mean of -log of the right class's probability, picked before the log is taken."""
    return lambda logits, Y: -np.mean(np.log(np.sum(Y * probabilities(logits), axis=1)))


def clipped(eps: float, hide: Callable = np.maximum) -> Callable:
    """Make the mean of -log of probabilities that are kept away from 0."""
    return summed(lambda z: np.log(hide(softmax(z), eps)))


def reduced(total: Callable, axis: int = 1, log: Callable = np.log) -> Callable:
    """Make a loss that takes the row's maximum out, with another total(e^z) or log; axis: what the targets sum over."""

    def wrong(z: _Array, targets: _Array) -> float:
        z = z - z.max(axis=1, keepdims=True)
        return np.mean(log(total(np.exp(z)))) - np.mean(np.sum(targets * z, axis=axis))

    return wrong


def one_max(z: _Array) -> _Array:
    """Return the logs of a softmax that takes away one maximum for all rows."""
    z = z - z.max()
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def max_lost(z: _Array) -> _Array:
    """Return the logs of a softmax whose maximum is taken away in one of two places."""
    return z - np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True))


def no_axis_kept(z: _Array) -> _Array:
    """Return z minus the log-sum-exp of its rows, laid along the columns."""
    return z - log_sum_exp(z)[:, 0]
