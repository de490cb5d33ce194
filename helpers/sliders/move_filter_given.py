"""What `move_filter` is given: images and filters, checked (lesson 09)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_array, bounded, describe, floats, one_channel, shape_of

SIZES, SIDES = (5, 64), (2, 7)  # pixels of an image, weights of a filter, on a side
MOST_IMAGES, MOST_FILTERS, LARGEST = 10_000, 100, 1e6


def checked_images(given: ArrayLike) -> NDArray:
    """Return images of shape (n, H, W), uint8 or float64, or raise ValueError."""
    array = as_array(given)
    images = one_channel(array)
    images = images[None] if images.ndim == 2 else images
    if images.ndim != 3 or images.dtype.kind not in "buif" or not len(images):
        found = f"{array.dtype} of {shape_of(array, given)}" if array.ndim else describe(given)
        raise ValueError(f"images must be gray images, numbers of shape (n, H, W), found {found}")
    low, high = SIZES
    if not all(low <= side <= high for side in images.shape[1:]):
        raise ValueError(f"images must have from {low} to {high} rows and columns, found shape {images.shape}")
    if len(images) > MOST_IMAGES:
        raise ValueError(f"there are {len(images):,} images, more than {MOST_IMAGES:,}: take fewer, as images[:1000]")
    return images if images.dtype == np.uint8 else bounded(images.astype(float), "images", LARGEST)


def checked_kernels(kernels: Mapping[str, ArrayLike], most: int) -> dict[str, NDArray]:
    """Return name -> weights, float64 of shape (k, k), that fit into images of `most` pixels, or raise ValueError."""
    if not isinstance(kernels, Mapping) or not 1 <= len(kernels) <= MOST_FILTERS:
        found = f"{len(kernels)} of them" if isinstance(kernels, Mapping) else describe(kernels)
        raise ValueError(f"kernels must be a dict of 1 to {MOST_FILTERS} filters, name -> weights, found {found}")
    if odd := [name for name in kernels if not isinstance(name, str) or not 1 <= len(name.strip()) <= 30]:
        raise ValueError(f"the name of a filter must be a text of 1 to 30 letters, found {describe(odd[0])}")
    return {name: _weights(weights, f'the filter "{name}"', most) for name, weights in kernels.items()}


def _weights(weights: ArrayLike, name: str, most: int) -> NDArray:
    """Return the weights of one filter, shape (k, k), or raise ValueError."""
    array = floats(weights, name)
    least, largest = SIDES
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not least <= len(array) <= largest:
        one = ": take one of a layer's filters as w[:, :, 0, 0]" if array.ndim > 2 else ""
        raise ValueError(f"{name} must have shape (k, k), k from {least} to {largest}, found {array.shape}{one}")
    if len(array) > most:
        raise ValueError(f"{name}, {array.shape}, is larger than the images, which have {most} pixels on a side")
    return bounded(array, name, LARGEST)
