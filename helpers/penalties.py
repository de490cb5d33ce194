"""Penalties for large weights, and the fits that they give; all taught in lesson 13.

A line's parameters are one array `theta`, the bias last; the design matrix X ends in a column of ones. The objective is
the mean squared error plus `l2` times the sum of the squared weights plus `l1` times the sum of their sizes, as in
Keras. The bias is never penalized. For m samples scikit-learn's `Ridge(alpha)` is `l2 = alpha / m`, its `Lasso(alpha)`
is `l1 = 2 * alpha`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.operands import as_count, positive


def powers(x: ArrayLike, degree: int) -> NDArray:
    """Return x, x², ... up to x^degree and a column of ones last: shape (m, degree + 1) for m numbers.

    >>> powers([2.0, 3.0], 2).tolist()
    [[2.0, 4.0, 1.0], [3.0, 9.0, 1.0]]
    """
    x = np.asarray(x, dtype=float).ravel()
    exponents = [*range(1, as_count(degree, "degree") + 1), 0]
    return x[:, None] ** np.array(exponents)


def l2_penalty(w: ArrayLike, lam: float) -> tuple[float, NDArray]:
    """Return `lam * sum(w²)` and its gradient `2 * lam * w`; w has any shape. Keras: `regularizers.L2(lam)`.

    >>> penalty, grad = l2_penalty([3.0, -4.0], 0.1)
    >>> penalty, grad.round(2).tolist()
    (2.5, [0.6, -0.8])
    """
    w, lam = np.asarray(w, dtype=float), positive(lam, "lam", or_zero=True)
    return float(lam * np.sum(w**2)), 2 * lam * w


def l1_penalty(w: ArrayLike, lam: float) -> tuple[float, NDArray]:
    """Return `lam * sum(|w|)` and a subgradient, `lam * sign(w)`; w has any shape. Keras: `regularizers.L1(lam)`.

    >>> penalty, grad = l1_penalty([3.0, 0.0, -4.0], 0.1)
    >>> round(penalty, 2), grad.tolist()
    (0.7, [0.1, 0.0, -0.1])
    """
    w, lam = np.asarray(w, dtype=float), positive(lam, "lam", or_zero=True)
    return float(lam * np.sum(np.abs(w))), lam * np.sign(w)


def soft_threshold(z: ArrayLike, threshold: ArrayLike) -> NDArray:
    """Return z moved toward 0 by `threshold`, and 0 where it is closer than that; any shape.

    It is the w that makes (w - z)²/2 + threshold |w| smallest. Source: Donoho and Johnstone (1994).

    >>> soft_threshold([3.0, -3.0, 0.5], 1.0).tolist()
    [2.0, -2.0, 0.0]
    """
    z, threshold = np.asarray(z, dtype=float), np.asarray(threshold, dtype=float)
    if (threshold < 0).any():
        raise ValueError("threshold must be 0 or more.")
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0) + 0.0  # + 0.0 turns -0.0 into 0.0


def ridge(X: ArrayLike, y: ArrayLike, lam: float) -> NDArray:
    """Return theta of shape (n,) with the smallest mean squared error plus `lam * sum(w²)`.

    X has shape (m, n) and ends in a column of ones, y (m,). Without a penalty the shortest of the least-squares fits is
    returned (the bias counts in that), also where there are more columns than rows. Source: Hoerl and Kennard (1970).

    >>> X = powers([0.0, 1.0, 2.0], 1)
    >>> ridge(X, [1.0, 3.0, 5.0], 0).round(6).tolist(), ridge(X, [1.0, 3.0, 5.0], 2 / 3).round(6).tolist()
    ([2.0, 1.0], [1.0, 2.0])
    """
    X, y = _design(X, y)
    lam = positive(lam, "lam", or_zero=True)
    if lam == 0:
        return np.linalg.lstsq(X, y, rcond=None)[0]
    m, n = X.shape
    rows = np.sqrt(m * lam) * np.eye(n)[:-1]  # as data that pull each weight to 0: safer than XᵀX
    return np.linalg.lstsq(np.vstack([X, rows]), np.concatenate([y, np.zeros(n - 1)]), rcond=None)[0]


def lasso(X: ArrayLike, y: ArrayLike, lam: ArrayLike, *, l2: ArrayLike = 0.0, num_steps: int = 10_000) -> NDArray:
    """Return theta with the smallest mean squared error plus `lam * sum(|w|)` plus `l2 * sum(w²)`, by proximal descent.

    X has shape (m, n) and ends in a column of ones, y (m,). For one number `lam` theta has shape (n,); for k numbers,
    which are all descended at once, (k, n); `l2` is a number, or one for each of them. With `l2` above 0 this is the
    elastic net. The learning rate is 1 over the
    largest curvature; columns that nearly repeat each other need more steps, since along the direction of least
    curvature what is left shrinks by 1 - smallest / largest curvature a step. Sources: Tibshirani (1996), Daubechies,
    Defrise and De Mol (2004), Zou and Hastie (2005).

    >>> X = powers([-1.0, 0.0, 1.0], 1)
    >>> lasso(X, [1.0, 3.0, 5.0], [0.0, 2 / 3, 9.0]).round(6).tolist()
    [[2.0, 3.0], [1.5, 3.0], [0.0, 3.0]]
    """
    X, y = _design(X, y)
    lams, squares = (_prices(prices, name) for prices, name in ((lam, "lam"), (l2, "l2")))
    if squares.ndim and squares.shape != lams.shape:
        raise ValueError(f"l2 must be one number, or one for each lam, found shape {squares.shape} and {lams.shape}.")
    is_weight = np.arange(X.shape[1]) < X.shape[1] - 1
    decay = 2 * np.multiply.outer(squares, is_weight)  # what the squares add to the curvature
    curvature, slope = 2 * X.T @ X / len(X), 2 * X.T @ y / len(X)
    eta = 1 / (np.linalg.eigvalsh(curvature)[-1] + 2 * squares[..., None])
    thresholds = eta * np.multiply.outer(lams, is_weight)
    theta = np.zeros_like(thresholds)
    for _ in range(as_count(num_steps)):
        theta = soft_threshold(theta - eta * (theta @ curvature - slope + decay * theta), thresholds)
    return theta


def _prices(prices: ArrayLike, name: str) -> NDArray:
    """Return a number or a list of them, all of 0 or more, as an array."""
    prices = np.asarray(prices, dtype=float)
    if prices.ndim > 1 or not np.isfinite(prices).all() or (prices < 0).any():
        raise ValueError(f"{name} must be a number of 0 or more, or a list of them.")
    return prices


def _design(X: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return X and y, checked."""
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if X.ndim != 2 or y.shape != X.shape[:1] or X.size == 0:
        raise ValueError(f"X must have shape (m, n) and y (m,), found {X.shape} and {y.shape}.")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must hold finite numbers.")
    if not (X[:, -1] == 1).all():
        raise ValueError("The last column of X must be ones, for the bias: np.column_stack([X, np.ones(len(X))]).")
    return X, y
