"""What the explorer of polynomials is given: points, checked (lesson 13)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_array, numbers

FEWEST, MOST = 3, 1000  # points
FARTHEST, HIGHEST = 10, 1e6  # x and y: powers of more lose their digits


def checked_points(x: ArrayLike, y: ArrayLike, x_name: str, y_name: str) -> tuple[NDArray, NDArray]:
    """Return points as two arrays of shape (m,), given so or as (m, 1), or raise ValueError."""
    x, y = _flat(x, x_name, FARTHEST), _flat(y, y_name, HIGHEST)
    if len(x) != len(y):
        raise ValueError(f"there are {len(x)} of {x_name} and {len(y)} of {y_name}: they must be as many")
    if not FEWEST <= len(x) <= MOST:
        raise ValueError(f"{x_name} must hold {FEWEST} to {MOST:,} points, found {len(x):,}")
    if len(np.unique(x)) < FEWEST:
        raise ValueError(f"{x_name} must hold {FEWEST} different numbers or more: fewer show no curve")
    if np.ptp(y) == 0:
        raise ValueError(f"{y_name} is {y[0]:g} everywhere: there is nothing to fit")
    return x, y


def _flat(values: ArrayLike, name: str, most: float) -> NDArray:
    """Return a copy as floats of shape (m,), not empty; (m, 1) is taken too."""
    array = as_array(values)
    return numbers(array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else values, name, 1, most)
