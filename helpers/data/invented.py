"""Data that we made up, whose law is known: lines, a wave, moons and houses."""

import numpy as np

from helpers.data.base import Pair
from helpers.operands import as_size


def load_line() -> Pair:
    """Return x and y, both of shape (1000, 1): y = 3 x plus noise that is uniform between 0 and 1.

    The noise has mean 0.5, so the best line is close to 3 x + 0.5; least squares gives 3.03 and 0.49.
    """
    rng = np.random.RandomState(42)  # its stream of numbers is frozen: the same in every version of NumPy
    x = rng.rand(1000, 1)
    return x, 3 * x + rng.rand(1000, 1)


def noisy_line(num_points: int, rng: np.random.Generator) -> Pair:
    """Return x and y, both of shape (num_points, 1): y = 2 x + 1 plus standard normal noise, for lesson 07.

    x is uniform between 0 and 1, so the noise is larger than what the slope does: of 100 points, least squares finds
    slope and intercept to about 0.35 and 0.2.

    >>> x, y = noisy_line(100, np.random.default_rng(0))
    >>> x.shape, y.shape, np.polyfit(x[:, 0], y[:, 0], 1).round(2).tolist()
    ((100, 1), (100, 1), [1.87, 0.99])
    """
    num_points = as_size(num_points, "num_points")
    x = rng.random((num_points, 1))
    return x, 2 * x + 1 + rng.standard_normal((num_points, 1))


def noisy_wave(num_points: int, rng: np.random.Generator, *, noise: float = 0.3) -> Pair:
    """Return x and y, both of shape (num_points,): y = sin(pi x) plus normal noise, x uniform on [-1, 1]; lesson 13.

    `noise` is its standard deviation; its square is the lowest mean squared error that any model has in the long run.

    >>> x, y = noisy_wave(3, np.random.default_rng(0), noise=0)
    >>> bool(np.allclose(y, np.sin(np.pi * x)))
    True
    """
    num_points = as_size(num_points, "num_points")
    if not noise >= 0:
        raise ValueError(f"noise must be 0 or more, found {noise}.")
    x = rng.uniform(-1, 1, num_points)
    return x, np.sin(np.pi * x) + noise * rng.standard_normal(num_points)


def make_moons(num_points: int, rng: np.random.Generator, *, noise: float = 0.15) -> Pair:
    """Return X of shape (num_points, 2) and labels 0 and 1: two half circles that reach into each other, for lesson 05.

    Class 0 is the upper one, around (0, 0), class 1 the lower one, around (1, 0.5), both of radius 1. `noise` is the
    standard deviation of what is added to every coordinate. The classes alternate, from class 0 on.

    >>> X, labels = make_moons(4, np.random.default_rng(0), noise=0)
    >>> labels.tolist(), np.hypot(*X[labels == 0].T).round(3).tolist()
    ([0, 1, 0, 1], [1.0, 1.0])
    """
    if num_points < 2 or noise < 0:
        raise ValueError(f"num_points must be 2 or more and noise 0 or more, found {num_points} and {noise}.")
    labels = np.arange(num_points) % 2
    angle = rng.uniform(0, np.pi, num_points) + np.pi * labels
    X = np.column_stack([np.cos(angle) + labels, np.sin(angle) + 0.5 * labels])
    return X + noise * rng.standard_normal(X.shape), labels


def load_houses() -> Pair:
    """Return areas and prices of three invented houses, both of shape (3,), for lesson 02."""
    return np.array([1000.0, 2000.0, 3000.0]), np.array([1500.0, 2500.0, 3000.0])
