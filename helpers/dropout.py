"""Dropout in its inverted form, as in Keras, and its backward pass; taught in lesson 14.

Both take the same uniform random numbers `u`, one for each activation: what was dropped on the way forward gets no
gradient on the way back. `rng.random(x.shape)` draws them, anew for every step of the training.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.operands import as_float, positive


def dropout(x: ArrayLike, u: ArrayLike, rate: float, training: bool = True) -> NDArray:
    """Return x with 0 where `u < rate` and the rest divided by `1 - rate`, so that its mean stays; taught in lesson 14.

    x and u have one shape, any shape; u holds uniform random numbers in [0, 1), and 0 <= rate < 1. Not in `training` x
    comes back as it is. Keras: `layers.Dropout(rate)`. Source: Srivastava et al. (2014), which scales in evaluation
    instead; section 10 has this form.

    >>> dropout([1.0, 2.0, 3.0, 4.0], [0.1, 0.9, 0.3, 0.6], 0.5).tolist()
    [0.0, 4.0, 0.0, 8.0]
    >>> dropout([1.0, 2.0, 3.0, 4.0], [0.1, 0.9, 0.3, 0.6], 0.5, training=False).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    x, u, rate = _checked(x, u, rate, "x")
    return np.where(u < rate, 0, x / (1 - rate)) if training else x.copy()


def dropout_gradient(grad: ArrayLike, u: ArrayLike, rate: float) -> NDArray:
    """Return the gradient with respect to dropout's x, given that with respect to its output; taught in lesson 14.

    `grad`, `u` and the result have one shape, any shape; u and rate are those of `dropout` in training. Source:
    Srivastava et al. (2014).

    >>> dropout_gradient([1.0, 1.0, 1.0, -1.0], [0.1, 0.9, 0.3, 0.6], 0.5).tolist()
    [0.0, 2.0, 0.0, -2.0]
    """
    grad, u, rate = _checked(grad, u, rate, "grad")
    return np.where(u < rate, 0, grad / (1 - rate))


def _checked(x: ArrayLike, u: ArrayLike, rate: float, name: str) -> tuple[NDArray, NDArray, float]:
    """Return the two arrays, of one shape, and the rate."""
    x, u, rate = as_float(x, name), as_float(u, "u"), positive(rate, "rate", or_zero=True)
    if rate >= 1:
        raise ValueError(f"rate must be below 1, such as 0.5, found {rate:g}.")
    if u.shape != x.shape:
        raise ValueError(f"u has shape {u.shape}, {name} has shape {x.shape}: draw u = rng.random({name}.shape).")
    if not ((u >= 0) & (u < 1)).all():
        raise ValueError("u must hold uniform random numbers from 0 to below 1, as rng.random draws them.")
    return x, u, rate
