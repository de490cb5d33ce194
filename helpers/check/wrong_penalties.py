"""Making penalized losses, fits and steps with one thing wrong, from their parts.

A wrong version takes one namespace `v` with everything that the right one is made of; theta's last entry is the bias.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from helpers.losses import sigmoid
from helpers.penalties import soft_threshold

Array = np.ndarray


def parts(theta: Array, X: Array, y: Array, lam: float) -> SimpleNamespace:
    """Return the parts of the mean squared error with `lam * sum(w²)`, and of its gradient."""
    (m, columns), w, r = X.shape, theta[:-1], X @ theta - y
    v = SimpleNamespace(theta=theta, X=X, y=y, lam=lam, m=m, n=columns - 1, w=w, r=r)
    v.mse, v.penalty = np.mean(r**2), lam * np.sum(w**2)
    v.slope, v.pull = 2 / m * X.T @ r, np.append(2 * lam * w, 0)
    return v


def l2(
    loss: Callable = lambda v: v.mse + v.penalty,
    grad: Callable = lambda v: v.slope + v.pull,
    *,
    penalty: Callable = lambda v: v.penalty,
    pull: Callable = lambda v: v.pull[:-1],
) -> Callable:
    """Make a loss and its gradient, right but for what is handed over.

    `penalty` and `pull` make another penalty and its gradient for the weights, and leave the rest as it is.
    """

    def wrong(theta: Array, X: Array, y: Array, lam: float) -> tuple[float, Array]:
        v = parts(theta, X, y, lam)
        v.penalty, v.pull = penalty(v), np.append(pull(v), 0)
        return loss(v), grad(v)

    return wrong


def fit(
    left: Callable = lambda v: v.gram / v.m + v.lam * v.D,
    right: Callable = lambda v: v.moment / v.m,
    after: Callable = lambda theta, v: theta,
) -> Callable:
    """Make a ridge fit that solves another system, left(v) theta = right(v), or does something to theta afterwards."""

    def wrong(X: Array, y: Array, lam: float) -> Any:
        m, columns = X.shape
        v = SimpleNamespace(X=X, y=y, lam=lam, m=m, gram=X.T @ X, moment=X.T @ y, eye=np.eye(columns))
        v.D = np.diag([*[1.0] * (columns - 1), 0.0])
        return after(np.linalg.solve(left(v), right(v)), v)

    return wrong


def centered(bias: Callable) -> Callable:
    """Make a ridge fit of the weights alone, after both sides are centered, with bias(w, X, y) behind it."""

    def wrong(X: Array, y: Array, lam: float) -> Array:
        Z = X[:, :-1] - X[:, :-1].mean(axis=0)
        w = np.linalg.solve(Z.T @ Z / len(y) + lam * np.eye(Z.shape[1]), Z.T @ (y - y.mean()) / len(y))
        return np.append(w, bias(w, X, y))

    return wrong


# Soft thresholds, and the proximal step


def hard(z: Array, t: float) -> Array:
    """Return z, and 0 where it is within the threshold."""
    return np.where(np.abs(z) > t, z, 0.0)


def overshooting(z: Array, t: float) -> Array:
    """Move z toward 0, and beyond where it is near."""
    return z - t * np.sign(z)


def one_sided(z: Array, t: float) -> Array:
    """Lower z, and cut what is negative."""
    return np.maximum(z - t, 0)


def proximal(
    slope: Callable = lambda v: v.slope,
    t: Callable = lambda v: v.eta * v.lam,
    shrink: Callable = soft_threshold,
    *,
    before: Callable = lambda v: v.theta,
    whole: bool = False,
) -> Callable:
    """Make a proximal step with another gradient, threshold t(v), or way to shrink(z, t).

    before: what the gradient is subtracted from. whole: shrink the bias too.
    """

    def wrong(theta: Array, X: Array, y: Array, lam: float, eta: float) -> Array:
        v = parts(theta, X, y, lam)
        v.eta = eta
        z = before(v) - eta * slope(v)
        return shrink(z, t(v)) if whole else np.append(shrink(z[:-1], t(v)), z[-1])

    return wrong


def first_free(theta: Array, X: Array, y: Array, lam: float, eta: float) -> Array:
    """Take a proximal step that spares the first entry in place of the last."""
    z = theta - eta * parts(theta, X, y, lam).slope
    return np.append(z[0], soft_threshold(z[1:], eta * lam))


def thresholded_first(theta: Array, X: Array, y: Array, lam: float, eta: float) -> Array:
    """Threshold the weights, then take the gradient step from there."""
    z = np.append(soft_threshold(theta[:-1], eta * lam), theta[-1])
    return z - eta * parts(z, X, y, lam).slope


# A regularized cross-entropy


def cross_entropy(v: SimpleNamespace) -> Array:
    """Return each sample's t log p + (1 - t) log(1 - p), which is below 0."""
    return v.t * np.log(v.p) + (1 - v.t) * np.log(1 - v.p)


def regularized(
    data: Callable = lambda v: -np.mean(v.logs), penalty: Callable = lambda v: v.lam / 2 * np.sum(v.w**2)
) -> Callable:
    """Make a regularized cross-entropy with another loss of the data, or another penalty to add."""

    def wrong(w: Array, b: float, X: Array, t: Array, lam: float) -> Any:
        z = X @ w + b
        v = SimpleNamespace(w=w, b=b, X=X, t=t, lam=lam, z=z, p=sigmoid(z), m=X.shape[0], n=X.shape[1])
        v.logs = cross_entropy(v)
        return data(v) + penalty(v)

    return wrong
