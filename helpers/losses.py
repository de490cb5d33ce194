"""Losses of classifiers, and what turns scores into probabilities; taught in lesson 04, unless they say otherwise.

Scores (logits) may be as large as a float64 holds: nothing here overflows or takes the log of 0.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.operands import positive

EPSILON = 1e-7  # probabilities are kept this far from 0 and 1, as Keras does


def sigmoid(z: ArrayLike) -> NDArray:
    """Return 1 / (1 + exp(-z)), of any shape.

    >>> sigmoid([-1000.0, 0.0, 1000.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(-np.abs(z))  # never above 1
    return np.where(z >= 0, 1, e) / (1 + e)


def binary_cross_entropy(y: ArrayLike, p: ArrayLike) -> float:
    """Return the mean of -(y log p + (1 - y) log(1 - p)); y and p have one shape, y is 0 or 1.

    p is clipped to EPSILON from 0 and 1.

    >>> round(binary_cross_entropy([1, 0], [0.5, 0.5]), 4)
    0.6931
    """
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape:
        raise ValueError(f"y has shape {y.shape}, p has shape {p.shape}: they must be the same.")
    if not ((y == 0) | (y == 1)).all():
        raise ValueError("y must hold labels that are 0 or 1.")
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def softmax(z: ArrayLike) -> NDArray:
    """Return exp(z) / sum(exp(z)) along the last axis: one row of scores, or a batch of them.

    >>> softmax([[1000.0, 1000.0], [0.0, np.log(3)]]).round(2).tolist()
    [[0.5, 0.5], [0.25, 0.75]]
    """
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray:
    """Return a row for each label, shape (n, num_classes): 1 at the label, 0 elsewhere.

    >>> one_hot([2, 0], 3).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    return np.eye(num_classes)[_labels(labels, num_classes)]


def smooth_labels(labels: ArrayLike, num_classes: int, epsilon: float) -> NDArray:
    """Return `(1 - epsilon) * one_hot + epsilon / num_classes`, shape (n, num_classes); taught in lesson 14.

    0 <= epsilon < 1; each row adds up to 1. Keras: `CategoricalCrossentropy(label_smoothing=epsilon)`. Source: Szegedy
    et al. (2016).

    >>> smooth_labels([2, 0], 4, 0.2).round(2).tolist()
    [[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]]
    """
    epsilon = positive(epsilon, "epsilon", or_zero=True)
    if epsilon >= 1:
        raise ValueError(f"epsilon must be below 1, such as 0.1, found {epsilon:g}.")
    return (1 - epsilon) * one_hot(labels, num_classes) + epsilon / num_classes


def cross_entropy_from_logits(z: ArrayLike, labels: ArrayLike) -> float:
    """Return the mean of logsumexp(z_i) - z_i[label_i], for logits of shape (n, K) and labels of shape (n,).

    >>> round(cross_entropy_from_logits([[0.0, 0.0], [-1000.0, 1000.0]], [0, 1]), 4)
    0.3466
    """
    z = np.asarray(z, dtype=float)
    if z.ndim != 2:
        raise ValueError(f"z must have shape (n, K), a row of logits for each sample, found {z.shape}.")
    labels = _labels(labels, z.shape[1])
    if len(labels) != len(z):
        raise ValueError(f"There are {len(z)} rows of logits and {len(labels)} labels: they must be as many.")
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]))


def _labels(labels: ArrayLike, num_classes: int) -> NDArray:
    """Return labels of shape (n,) that count from 0 and stay below num_classes."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(f"labels must be whole numbers of shape (n,), found {labels.dtype} of shape {labels.shape}.")
    if labels.size and not (labels.min() >= 0 and labels.max() < num_classes):
        raise ValueError(f"labels must be 0 to {num_classes - 1}, found {labels.min()} to {labels.max()}.")
    return labels
