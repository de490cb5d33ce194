"""Making convolutions and poolings with one thing wrong: what is done with a patch, or where it lies."""

from collections.abc import Callable, Sequence

import numpy as np

from helpers.convolution import convolve

Array = np.ndarray


def positions(size: int, kernel: int) -> int:
    """Count the places that a kernel has along one side.

    >>> positions(28, 3)
    26
    """
    return size - kernel + 1


def weighted(patch: Array, kernel: Array) -> float:
    """Sum the products of a patch and a kernel."""
    return np.sum(patch * kernel)


def slides(
    value: Callable = weighted,
    many: Callable = positions,
    corner: Callable = lambda i: i,
    end: Callable = lambda i, k: i + k,
    kernel: Callable = lambda kernel: kernel,
) -> Callable:
    """Make a convolution with another value for a patch, other patches, or another kernel.

    many: how many places a side has, from its size and the kernel's. corner and end: where a patch begins and ends.
    """

    def wrong(image: Array, given: Array) -> Array:
        used = kernel(given)
        (H, W), (k, w) = image.shape, given.shape
        starts = [[corner(i) for i in range(many(size, side))] for size, side in ((H, k), (W, w))]
        return np.array([[value(image[i : end(i, k), j : end(j, w)], used) for j in starts[1]] for i in starts[0]])

    return wrong


def looped(product: Callable, keep: Callable = lambda old, new: old + new) -> Callable:
    """Make a convolution of four loops: product(image, kernel, i, j, a, b) is a term, keep(old, new) collects them."""

    def wrong(image: Array, kernel: Array) -> Array:
        (H, W), (k, w) = image.shape, kernel.shape
        out = np.zeros((positions(H, k), positions(W, w)))
        for i, j, a, b in np.ndindex(*out.shape, k, w):
            out[i, j] = keep(out[i, j], product(image, kernel, i, j, a, b))
        return out

    return wrong


def into(
    out: Callable, value: Callable = weighted, rows: Callable = positions, columns: Callable = positions
) -> Callable:
    """Make a convolution that writes into out(image, kernel), at so many rows and columns."""

    def wrong(image: Array, kernel: Array) -> Array:
        (H, W), (k, w) = image.shape, kernel.shape
        result = out(image, kernel)
        for i, j in np.ndindex(rows(H, k), columns(W, w)):
            result[i, j] = value(image[i : i + k, j : j + w], kernel)
        return result

    return wrong


def valid(image: Array, kernel: Array) -> Array:
    """Return zeros of the right shape."""
    return np.zeros(tuple(map(positions, image.shape, kernel.shape)))


def padded(before: Callable, after: Callable, mode: str = "constant") -> Callable:
    """Make a convolution of a padded image: so many pixels before and after, from the kernel's side."""
    return lambda image, kernel: convolve(np.pad(image, [(before(k), after(k)) for k in kernel.shape], mode), kernel)


def measured(
    kernel_sides: Callable = lambda k, w: (k, w),
    image_sides: Callable = lambda H, W: (H, W),
    one_by_one: bool = False,
) -> Callable:
    """Make a convolution that takes other numbers for the sides of the kernel or of the image.

    one_by_one: multiplied pixel by pixel, in four loops; else a patch at a time.
    """

    def wrong(image: Array, kernel: Array) -> Array:
        (H, W), (k, w) = image_sides(*image.shape), kernel_sides(*kernel.shape)
        out = np.zeros((positions(H, k), positions(W, w)))
        for i, j in np.ndindex(out.shape):
            if one_by_one:
                out[i, j] = sum(image[i + a, j + b] * kernel[a, b] for a, b in np.ndindex(k, w))
            else:
                out[i, j] = weighted(image[i : i + k, j : j + w], kernel)
        return out

    return wrong


def after(change: Callable) -> Callable:
    """Do something to the output: change(out, image, kernel)."""
    return lambda image, kernel: change(convolve(image, kernel), image, kernel)


# Pooling


def blocks(image: Array) -> Array:
    """Return the 2 x 2 blocks of an image, shape (H//2, W//2, 4); an odd last row or column is dropped."""
    h, w = image.shape[0] // 2, image.shape[1] // 2
    return image[: 2 * h, : 2 * w].reshape(h, 2, w, 2).swapaxes(1, 2).reshape(h, w, 4)


def pools(of: Callable) -> Callable:
    """Make a pooling that takes something else of each block: of(blocks, axis=-1)."""
    return lambda image: of(blocks(image), axis=-1)


def parts(rows: Sequence[int], columns: Sequence[int]) -> Callable:
    """Make a pooling that sees these rows and columns of each block alone."""
    seen = [2 * i + j for i in rows for j in columns]
    return lambda image: blocks(image)[..., seen].max(axis=-1)


def stepping(height: int = 2, width: int = 2, down: int = 2, right: int = 2, whole: bool = True) -> Callable:
    """Make a pooling of other blocks, or with other steps; whole: blocks cut off by the edge are left out."""

    def wrong(image: Array) -> Array:
        H, W = image.shape
        rows, columns = range(0, H - (height - 1) * whole, down), range(0, W - (width - 1) * whole, right)
        return np.array([[image[i : i + height, j : j + width].max() for j in columns] for i in rows])

    return wrong


def written(out: Callable, corner: Callable, most: Callable = np.max) -> Callable:
    """Make a pooling that writes into out(H, W), the place of each block from corner(i)."""

    def wrong(image: Array) -> Array:
        result = out(*image.shape)
        for i, j in np.ndindex(result.shape):
            result[i, j] = most(image[corner(i) : corner(i) + 2, corner(j) : corner(j) + 2])
        return result

    return wrong


def halves(H: int, W: int) -> Array:
    """Return zeros of the right shape for a pooling."""
    return np.zeros((H // 2, W // 2))


def cropped(image: Array) -> Array:
    """Return an image without an odd last row or column."""
    return image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]


def split(image: Array) -> Array:
    """Return an image of shape (H//2, 2, W//2, 2)."""
    image = cropped(image)
    return image.reshape(image.shape[0] // 2, 2, image.shape[1] // 2, 2)


def regrouped(order: str) -> Callable:
    """Make a pooling of four pixels that follow each other in the rows (order C) or columns (order F)."""
    return lambda image: cropped(image).reshape(*halves(*image.shape).shape, 4, order=order).max(axis=-1)


def overrun(image: Array) -> Array:
    """Pool in a loop over all of range(0, H, 2) and range(0, W, 2)."""
    result = halves(*image.shape)
    for i in range(0, image.shape[0], 2):
        for j in range(0, image.shape[1], 2):
            result[i // 2, j // 2] = image[i : i + 2, j : j + 2].max()
    return result


def framed(out: Array, image: Array, kernel: Array) -> Array:
    """Put an output into the middle of zeros of the image's size."""
    before = [(k - 1) // 2 for k in kernel.shape]
    return np.pad(out, [(b, k - 1 - b) for b, k in zip(before, kernel.shape, strict=True)])


def first_alone(out: Array) -> Array:
    """Keep the first number of an output, and zeros."""
    kept = np.zeros(out.shape)
    kept[0, 0] = out[0, 0]
    return kept
