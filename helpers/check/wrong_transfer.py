"""Making wrong answers of lesson 16: images on another raster, batch norm, a step of a half-frozen network."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

Array = np.ndarray


# From 8 x 8 to 28 x 28


def blocks(x: Array, rows: int = 3, columns: int = 3) -> Array:
    """Make each pixel a block of equal ones."""
    return x.repeat(rows, axis=1).repeat(columns, axis=2)


def frame(x: Array, before: int = 2, after: int = 2, **how: Any) -> Array:
    """Put a border around each image, of paper if nothing else is said."""
    return np.pad(x, ((0, 0), (before, after), (before, after)), **how)


def dotted(x: Array, at: int = 1) -> Array:
    """Set each pixel into a block of paper, 3 x 3: into its middle, or another place of its diagonal."""
    out = np.zeros((len(x), 24, 24))
    out[:, at::3, at::3] = x
    return out


def nearest(x: Array, center: float = 0) -> Array:
    """Stretch an image of 8 x 8 over all of 28 x 28, by the nearest pixel; center: where a pixel counts as being."""
    at = ((np.arange(28) + center) * 8 / 28).astype(int)
    return x[:, at][:, :, at]


def in_corner(x: Array) -> Array:
    """Set the image into a corner of 28 x 28 without enlarging it."""
    out = np.zeros((len(x), 28, 28))
    out[:, :8, :8] = x
    return out


def resized(scale: Callable = lambda x: x / 16, shape: Callable = lambda x: frame(blocks(x)),
            after: Callable = lambda x: x) -> Callable:  # fmt: skip
    """Make a function that scales images, then brings them to another shape, then does something to the outcome.

    scale gets the images as they come, whole numbers of a byte.
    """
    return lambda images: after(shape(scale(images)))


# Batch norm


def normed(y: Callable | None = None, moved: Callable | None = None, resting: Callable | None = None,
           mean: Callable = lambda v: v.x.mean(axis=0), var: Callable = lambda v: v.x.var(axis=0),
           inverted: bool = False, back: Callable = lambda y, mean, var: (y, mean, var)) -> Callable:  # fmt: skip
    """Make a batch norm from what it does.

    All parts get a namespace v of the arguments (x, mean, var, momentum, epsilon, training), of the batch's own bm and
    bv (made by mean and var), and of new and new_var, the moving statistics after it. y(v, by, by_var): the output,
    normalized by these two. moved(v): the moving statistics after training. resting(v): what evaluation returns, whole.
    """

    def wrong(
        x: Array, mean_: Array, var_: Array, training: bool, momentum: float = 0.99, epsilon: float = 1e-3
    ) -> Any:
        v = SimpleNamespace(x=x, mean=mean_, var=var_, momentum=momentum, epsilon=epsilon, training=training)
        v.bm, v.bv = mean(v), var(v)
        v.new, v.new_var = (moved or keras_moves)(v)
        if training == inverted:
            if resting is not None:
                return back(*resting(v))
            return back((y or standard)(v, v.mean, v.var), v.mean, v.var)
        return back((y or standard)(v, v.bm, v.bv), v.new, v.new_var)

    return wrong


def standard(v: SimpleNamespace, by: Array, by_var: Array) -> Array:
    """Normalize as it is asked."""
    return (v.x - by) / np.sqrt(by_var + v.epsilon)


def keras_moves(v: SimpleNamespace) -> tuple[Array, Array]:
    """Move the statistics as Keras does."""
    keep = v.momentum
    return keep * v.mean + (1 - keep) * v.bm, keep * v.var + (1 - keep) * v.bv


# A network whose first layer is frozen


def step(gradients: Callable | None = None, *, hidden: Callable = lambda z: np.maximum(z, 0),
         head: Callable | None = None, size: Callable = len, rate: Callable = lambda eta: eta,
         moved: tuple[int, ...] = (2, 3), sign: int = -1, back: Callable = tuple) -> Callable:  # fmt: skip
    """Make a step of SGD on a network of two layers, of which the second alone moves.

    hidden: the activation. head: scores' gradient from p and the one-hot targets, `p - targets` where None. size: what
    the sums are divided by, from x. moved: which of the four arrays move. gradients: changes the four gradients, given
    them and a namespace.
    """

    def wrong(params: tuple, x: Array, t: Array, eta: float) -> Any:
        W1, b1, W2, b2 = params
        z = x @ W1 + b1
        h = hidden(z)
        scores = h @ W2 + b2
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        p, targets = e / e.sum(axis=1, keepdims=True), np.eye(len(b2))[t]
        v = SimpleNamespace(x=x, t=t, z=z, h=h, p=p, targets=targets, scores=scores, params=params)
        v.d = (head or (lambda v: v.p - v.targets))(v) / size(x)
        dz = (v.d @ W2.T) * (z > 0)
        four = [x.T @ dz, dz.sum(axis=0), h.T @ v.d, v.d.sum(axis=0)]
        four = gradients(four, v) if gradients else four
        return back(
            [w + sign * rate(eta) * g if i in moved else w for i, (w, g) in enumerate(zip(params, four, strict=True))]
        )

    return wrong
