"""Functions of two weights on which optimizers are compared (lesson 06), with their gradients and lowest points."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Landscape:
    """A function of two weights.

    `height(w1, w2)` takes arrays of any shape, `gradient(w)` one point of shape (2,). `minima`: its lowest points,
    shape (k, 2), all of height 0. `start`: where walks begin, shape (2,). `xlim`, `ylim`: a frame that shows the walk.
    Far away both overflow to inf or nan without a warning.
    """

    name: str
    height: Callable[[ArrayLike, ArrayLike], NDArray]
    gradient: Callable[[NDArray], NDArray]
    minima: NDArray
    start: NDArray
    xlim: tuple[float, float]
    ylim: tuple[float, float]


def _bowl(x: ArrayLike, y: ArrayLike) -> NDArray:
    return 0.1 * np.square(x) + 2 * np.square(y)


def _bowl_gradient(w: NDArray) -> NDArray:
    return np.array([0.2 * w[0], 4 * w[1]])


def _rosenbrock(x: ArrayLike, y: ArrayLike) -> NDArray:
    return np.square(1 - np.asarray(x)) + 100 * np.square(y - np.square(x))


def _rosenbrock_gradient(w: NDArray) -> NDArray:
    x, y = w
    beside = y - x * x  # how far from the valley's floor
    return np.array([-2 * (1 - x) - 400 * x * beside, 200 * beside])


def _beale(x: ArrayLike, y: ArrayLike) -> NDArray:
    x, y = np.asarray(x), np.asarray(y)
    return sum(np.square(c - x * (1 - y**power)) for power, c in ((1, 1.5), (2, 2.25), (3, 2.625)))


def _beale_gradient(w: NDArray) -> NDArray:
    x, y = w
    grad = 0.0
    for power, c in ((1, 1.5), (2, 2.25), (3, 2.625)):
        residual = c - x * (1 - y**power)
        grad = grad + 2 * residual * np.array([y**power - 1, x * power * y ** (power - 1)])
    return grad


def _himmelblau(x: ArrayLike, y: ArrayLike) -> NDArray:
    return np.square(np.square(x) + y - 11) + np.square(x + np.square(y) - 7)


def _himmelblau_gradient(w: NDArray) -> NDArray:
    x, y = w
    first, second = x * x + y - 11, x + y * y - 7
    return np.array([4 * x * first + 2 * second, 2 * first + 4 * y * second])


# Of Himmelblau's four lowest points only (3, 2) has short numbers; the others are rounded to float64.
_HIMMELBLAU_MINIMA = [
    [3.0, 2.0],
    [-2.805118086952745, 3.131312518250573],
    [-3.779310253377747, -3.283185991286170],
    [3.584428340330492, -1.848126526964404],
]

_QUIET = np.errstate(all="ignore")

BOWL = Landscape(
    "bowl",
    _QUIET(_bowl),
    _QUIET(_bowl_gradient),
    minima=np.array([[0.0, 0.0]]),
    start=np.array([-5.0, 1.5]),
    xlim=(-5.5, 5.5),
    ylim=(-2.2, 2.2),
)
ROSENBROCK = Landscape(
    "Rosenbrock",
    _QUIET(_rosenbrock),
    _QUIET(_rosenbrock_gradient),
    minima=np.array([[1.0, 1.0]]),
    start=np.array([-1.2, 1.0]),
    xlim=(-1.9, 1.9),
    ylim=(-0.9, 2.2),
)
BEALE = Landscape(
    "Beale",
    _QUIET(_beale),
    _QUIET(_beale_gradient),
    minima=np.array([[3.0, 0.5]]),
    start=np.array([1.0, 1.5]),
    xlim=(-0.5, 4.5),
    ylim=(-1.5, 2.0),
)
HIMMELBLAU = Landscape(
    "Himmelblau",
    _QUIET(_himmelblau),
    _QUIET(_himmelblau_gradient),
    minima=np.array(_HIMMELBLAU_MINIMA),
    start=np.array([-0.5, -1.0]),
    xlim=(-5.5, 5.5),
    ylim=(-5.0, 5.0),
)

LANDSCAPES = {landscape.name: landscape for landscape in (BOWL, ROSENBROCK, BEALE, HIMMELBLAU)}
