"""The mean squared error of a line, as a bowl over theta = [w, b] (lessons 01 and 02)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Bowl:
    """mean((X @ theta - y)**2), written around its lowest point.

    `hessian` is 2/n X^T X; `eigenvalues` and `directions` (columns) are its own, from flat to steep.
    """

    def __init__(self, X: ArrayLike, y: ArrayLike) -> None:
        self.X, self.y = design_matrix(X), column(y, "y")
        if len(self.X) != len(self.y):
            raise ValueError(f"X has {len(self.X)} rows and y {len(self.y)} values: they must be as many")
        self.theta_best, _, rank, singular = np.linalg.lstsq(self.X, self.y)
        if rank < 2:
            raise ValueError("the columns of X are proportional: no single line is the best one")
        self.hessian = 2 / len(self.y) * self.X.T @ self.X
        self.eigenvalues = 2 / len(self.y) * singular[::-1] ** 2
        self.directions = np.linalg.svd(self.X, full_matrices=False)[2][::-1].T
        self.least_loss = float(np.mean((self.X @ self.theta_best - self.y) ** 2))
        self.eta_limit = float(2 / self.eigenvalues[1])

    def loss(self, w: ArrayLike, b: ArrayLike) -> NDArray:
        """Return the mean squared error, for numbers or arrays of one shape."""
        offset = np.stack([w, b], axis=-1) - self.theta_best
        return self.least_loss + 0.5 * np.einsum("...i,ij,...j", offset, self.hessian, offset)

    def gradient(self, theta: NDArray) -> NDArray:
        """Return the gradient, shape (2,)."""
        return self.hessian @ (theta - self.theta_best)


def column(values: ArrayLike, name: str) -> NDArray:
    """Return finite numbers as shape (n,); (n, 1) is taken too."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers") from None
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or len(array) < 2 or not np.isfinite(array).all():
        raise ValueError(f"{name} must be two or more finite numbers, shape (n,), found shape {array.shape}")
    return array


def design_matrix(X: ArrayLike) -> NDArray:
    """Return finite numbers as shape (n, 2)."""
    try:
        array = np.asarray(X, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("X must be an array of numbers") from None
    if array.ndim != 2 or array.shape[1] != 2 or not np.isfinite(array).all():
        raise ValueError(f"X must be finite numbers of shape (n, 2), x first, then ones, found shape {array.shape}")
    return array


def round_out(low: float, high: float, step: float) -> tuple[float, float]:
    """Return the range, widened to whole steps.

    >>> round_out(-1.03, 7.41, 0.05)
    (-1.05, 7.45)
    """
    return tuple(float(round(end * step, 12)) for end in (np.floor(low / step), np.ceil(high / step)))
