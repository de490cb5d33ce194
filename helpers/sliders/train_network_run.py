"""The runs of a network in training: gradient descent as fast as NumPy alone goes, without a check (lesson 05)."""

import numpy as np
from numpy.typing import NDArray

from helpers.losses import sigmoid
from helpers.network import Parameters, initialize
from helpers.sliders.choices import one_two_five

STEPS = [0, *one_two_five(1000)]
CHECKPOINTS = np.unique([*STEPS, *np.geomspace(1, STEPS[-1], 90).round().astype(int)])  # validation is measured here
Points = tuple[NDArray, NDArray]  # X of shape (n, 2), labels of shape (n,)


class Run:
    """Gradient descent from one start with one learning rate, as far as it was asked for."""

    def __init__(self, train: Points, val: Points, width: int, eta: float, seed: int) -> None:
        self.train, self.val, self.eta = train, val, eta
        self.shapes = [(2, width), (width,), (width, 2), (2,)]
        start = initialize((2, width, 2), np.random.default_rng(seed))
        self.path = np.concatenate([w.ravel() for w in start])[None]  # a row of parameters for each step
        self.losses, self.val_losses = np.empty(0), np.empty(0)

    def params(self, step: int) -> Parameters:
        """Return copies of W1, b1, W2, b2 after so many steps."""
        return [w[0].copy() for w in self._split(self.path[step : step + 1])]

    def extend(self, num_steps: int) -> None:
        """Go on to this step, if the run is not there yet, and measure both losses on the way."""
        done = len(self.losses) - 1
        if num_steps <= done:
            return
        self.path, train_scores = self._descend(max(num_steps - len(self.path) + 1, 0))
        new = _losses(train_scores, self.train[1])
        self.losses = np.concatenate([self.losses[:-1], new])
        first, last = len(self.val_losses), int(np.searchsorted(CHECKPOINTS, num_steps, side="right"))
        X, labels = self.val
        with np.errstate(all="ignore"):
            W1, b1, W2, b2 = self._split(self.path[CHECKPOINTS[first:last]])
            val_scores = np.maximum(X @ W1 + b1[:, None], 0) @ W2 + b2[:, None]
        self.val_losses = np.concatenate([self.val_losses, _losses(val_scores.transpose(0, 2, 1), labels)])

    def _descend(self, more: int) -> tuple[NDArray, NDArray]:
        """Return the path with so many more steps, and the scores (steps, 2, n) from the present step on.

        The operations of `network.loss_and_gradients` and `rules.sgd`, in their order, so that not a bit differs even
        where a large learning rate blows rounding errors up; without checks and new arrays: six times quicker.
        """
        (X, labels), before = self.train, len(self.path)
        n, width = len(X), self.shapes[1][0]
        path = np.concatenate([self.path, np.empty((more, self.path.shape[1]))])
        score, top, E, hot = np.empty((more + 1, 2, n)), np.empty(n), np.empty((2, n)), np.eye(2)[:, labels].copy()
        A, G, on, Z, D = (np.empty((n, columns)) for columns in (width, width, width, 2, 2))
        grad = np.empty((1, path.shape[1]))
        gW1, gb1, gW2, gb2 = (part[0] for part in self._split(grad))
        W1s, b1s, W2s, b2s = (part[before - 1 :] for part in self._split(path))
        with np.errstate(all="ignore"):
            for step in range(more + 1):
                W1, b1, W2, b2, S = W1s[step], b1s[step], W2s[step], b2s[step], score[step]
                np.matmul(X, W1, A)
                np.maximum(np.add(A, b1, A), 0, out=A)
                np.add(np.matmul(A, W2, Z).T, b2[:, None], S)
                if step == more:
                    break
                np.exp(np.subtract(S, np.maximum(S[0], S[1], out=top), E), E)
                np.divide(E, np.add(E[0], E[1], top), E)  # the softmax
                np.divide(np.subtract(E, hot, E), n, D.T)
                np.matmul(A.T, D, gW2)
                np.add.reduce(D, 0, None, gb2)
                np.multiply(np.matmul(D, W2.T, G), np.sign(A, on), G)
                np.matmul(X.T, G, gW1)
                np.add.reduce(G, 0, None, gb1)
                np.subtract(path[before - 1 + step], np.multiply(grad[0], self.eta, grad[0]), path[before + step])
        return path, score

    def _split(self, rows: NDArray) -> list[NDArray]:
        """Return views of W1, b1, W2, b2, one for each row, shape (len(rows), *their shape)."""
        ends = np.cumsum([np.prod(shape) for shape in self.shapes])[:-1]
        parts = np.split(rows, ends, axis=1)
        return [part.reshape(len(rows), *shape) for part, shape in zip(parts, self.shapes, strict=True)]


def best_line(X: NDArray, labels: NDArray) -> NDArray:
    """Return [w1, w2, b] of logistic regression, by Newton's method with a little weight decay, for separable classes.

    >>> w1, w2, b = best_line(np.array([[0.0, 1.0], [2.0, 0.0], [4.0, 1.0]]), np.array([0, 0, 1]))
    >>> bool(2 * w1 + b < 0 < 4 * w1 + w2 + b)
    True
    """
    center, scale = X.mean(axis=0), X.std(axis=0)
    A = np.column_stack([(X - center) / scale, np.ones(len(X))])
    w, decay = np.zeros(3), 1e-3 * np.eye(3)
    for _ in range(30):
        p = sigmoid(A @ w)
        w = w - np.linalg.solve((A.T * (p * (1 - p))) @ A + decay, A.T @ (p - labels) + decay @ w)
    return np.append(w[:2] / scale, w[2] - w[:2] @ (center / scale))


def _losses(score: NDArray, labels: NDArray) -> NDArray:
    """Return the mean cross-entropy of each step, for scores of shape (steps, 2, n)."""
    with np.errstate(all="ignore"):
        ahead = (score[:, 0] - score[:, 1]) * np.where(labels, 1, -1)  # of the wrong class
        return np.mean(np.maximum(ahead, 0) + np.log1p(np.exp(-np.abs(ahead))), axis=1)
