"""Convolution and pooling of one gray image, as a convolutional network computes them; both taught in lesson 09."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from helpers.operands import as_size

# Kernels that were chosen by hand; a network learns its own.
KERNELS: dict[str, NDArray] = {
    "vertical edge": np.array([[-1.0, 0.0, 1.0]] * 3),
    "horizontal edge": np.array([[-1.0, 0.0, 1.0]] * 3).T,
    "diagonal": np.array([[0.0, -1.0, -1.0], [1.0, 0.0, -1.0], [1.0, 1.0, 0.0]]),
    "blur": np.full((3, 3), 1 / 9),
    "sharpen": np.array([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]]),
}


def convolve(image: ArrayLike, kernel: ArrayLike) -> NDArray:
    """Return the sum of kernel times pixels at every place where the kernel fits into the image.

    image (H, W), kernel (k, l), result (H - k + 1, W - l + 1), float64. The kernel is not flipped: deep-learning
    libraries call this a convolution, mathematics a cross-correlation.

    >>> convolve([[0, 0, 5, 5], [0, 0, 5, 5]], [[-1, 1]]).tolist()
    [[0.0, 5.0, 0.0], [0.0, 5.0, 0.0]]
    """
    image, kernel = _plane(image, "image").astype(float), _plane(kernel, "kernel").astype(float)
    if kernel.shape[0] > image.shape[0] or kernel.shape[1] > image.shape[1]:
        raise ValueError(f"A kernel of shape {kernel.shape} does not fit into an image of shape {image.shape}.")
    return np.einsum("hwkl,kl->hw", sliding_window_view(image, kernel.shape), kernel)


def max_pool(image: ArrayLike, size: int = 2) -> NDArray:
    """Return the largest pixel of every block of size x size, shape (H // size, W // size).

    Rows and columns that fill no whole block, at the bottom and at the right, are dropped, as Keras does.

    >>> max_pool([[1, 2, 0], [3, 4, 9], [5, 6, 7]]).tolist()
    [[4]]
    """
    image, size = _plane(image, "image"), as_size(size, "size")
    height, width = image.shape[0] // size, image.shape[1] // size
    if height == 0 or width == 0:
        raise ValueError(f"An image of shape {image.shape} holds no block of {size} x {size}.")
    return image[: height * size, : width * size].reshape(height, size, width, size).max(axis=(1, 3))


def _plane(values: ArrayLike, name: str) -> NDArray:
    """Return an array with rows and columns, or raise ValueError."""
    values = np.asarray(values)
    if values.ndim != 2:
        one = ": take one image, x[0], and drop a channel, [..., 0], for a shape of two numbers" * (name == "image")
        raise ValueError(f"The {name} must have rows and columns, found shape {values.shape}{one}.")
    if values.dtype.kind not in "buif" or values.size == 0:
        raise ValueError(f"The {name} must hold numbers, found {values.dtype} of shape {values.shape}.")
    return values
