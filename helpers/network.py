"""Networks of dense layers with ReLU between them: their scores, and their gradients by backpropagation (lesson 05).

The parameters of a network are a list [W1, b1, W2, b2, ...]: weights of shape (inputs, outputs), biases (outputs,).
The last layer gives scores (logits): a softmax with cross-entropy is the loss.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.losses import cross_entropy_from_logits, softmax

Parameters = list[NDArray]


def initialize(sizes: Sequence[int], rng: np.random.Generator) -> Parameters:
    """Return random weights and zero biases for layers of these sizes, such as (64, 32, 10).

    The weights of a layer with n inputs are normal with variance 2/n. Source: He et al. (2015).

    >>> [p.shape for p in initialize((64, 32, 10), np.random.default_rng(0))]
    [(64, 32), (32,), (32, 10), (10,)]
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must name the inputs and every layer, such as (64, 32, 10), found {sizes}.")
    params = []
    for num_inputs, num_outputs in zip(sizes[:-1], sizes[1:], strict=True):
        params += [rng.standard_normal((num_inputs, num_outputs)) * np.sqrt(2 / num_inputs), np.zeros(num_outputs)]
    return params


def forward(params: Sequence[NDArray], X: ArrayLike) -> list[NDArray]:
    """Return [X, A1, A2, ..., scores]: the inputs, what each layer hands on, and the scores, shape (n, K)."""
    layers = [_rows(params, X)]
    for i in range(0, len(params), 2):
        Z = layers[-1] @ params[i] + params[i + 1]
        layers.append(np.maximum(Z, 0) if i + 2 < len(params) else Z)
    return layers


def predict(params: Sequence[NDArray], X: ArrayLike) -> NDArray:
    """Return the class with the highest score for each row of X, shape (n,)."""
    return forward(params, X)[-1].argmax(axis=1)


def loss_and_gradients(params: Sequence[NDArray], X: ArrayLike, labels: ArrayLike) -> tuple[float, Parameters]:
    """Return the mean cross-entropy and its gradients, one for each parameter and of its shape.

    X has shape (n, inputs), labels (n,) count from 0. Source: Rumelhart, Hinton and Williams (1986).
    """
    layers = forward(params, X)
    loss, labels = cross_entropy_from_logits(layers[-1], labels), np.asarray(labels)
    grad = softmax(layers[-1])
    grad[np.arange(len(labels)), labels] -= 1
    grad /= len(labels)  # the mean over the rows, once
    gradients: Parameters = []
    for i in range(len(params) - 2, -1, -2):
        A = layers[i // 2]
        gradients = [A.T @ grad, grad.sum(axis=0), *gradients]
        if i > 0:
            grad = (grad @ params[i].T) * (A > 0)
    return loss, gradients


def _rows(params: Sequence[NDArray], X: ArrayLike) -> NDArray:
    """Return X as rows that the first layer takes, or raise ValueError where shapes do not fit."""
    X = np.asarray(X, dtype=float)
    if len(params) < 2 or len(params) % 2:
        raise ValueError(f"The parameters must be [W1, b1, W2, b2, ...], found {len(params)} of them.")
    if X.ndim != 2 or X.shape[1] != len(params[0]):
        raise ValueError(f"X must have shape (n, {len(params[0])}), a row for each sample, found {X.shape}.")
    num_inputs = X.shape[1]
    for layer, (W, b) in enumerate(zip(params[::2], params[1::2], strict=True), start=1):
        if np.ndim(W) != 2 or np.shape(W)[0] != num_inputs or np.shape(b) != np.shape(W)[1:]:
            expected = f"W must have shape ({num_inputs}, outputs) and b (outputs,)"
            raise ValueError(f"Layer {layer}: {expected}, found {np.shape(W)} and {np.shape(b)}.")
        num_inputs = np.shape(W)[1]
    return X
