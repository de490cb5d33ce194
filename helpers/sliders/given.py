"""What a reader hands to an explorer, checked: numbers, arrays, images, labels. What does not fit is a ValueError."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.drawing import FIELD


def as_number(value: Any) -> float | None:
    """Return one finite float, or None if the value is not one; text, truth values and longer arrays are not."""
    try:
        array = np.asarray(value)
        number = float(array.item()) if array.size == 1 and array.dtype.kind in "iuf" else math.nan
    except Exception:  # whatever a reader's object raises, it is not a number
        return None
    return number if math.isfinite(number) else None


def whole(value: Any, name: str, most: int = 10_000) -> int:
    """Return a whole number from 1 to `most`, or raise ValueError."""
    found = as_number(value)
    if found is None or found != int(found) or not 1 <= found <= most:
        raise ValueError(f"{name} must be a whole number from 1 to {most}, found {describe(value)}")
    return int(found)


def describe(value: Any) -> str:
    """Name a value in a few words, for a message.

    >>> describe("abc"), describe(np.zeros((2, 3)))
    ("'abc'", 'an array of shape (2, 3)')
    """
    shape = getattr(value, "shape", ())
    if shape:
        return f"an array of shape {shape}"
    try:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    except Exception:
        text = f"this {type(value).__name__}"
    return text if len(text) <= 40 else text[:39] + "…"


def as_array(values: Any) -> NDArray:
    """Return an array, which has no axes and no numbers where rows are of different lengths."""
    try:
        return np.asarray(values)
    except ValueError:
        return np.array(None)


def shape_of(array: NDArray, values: Any) -> str:
    """Name the shape of the array that `values` became, or `values` where that has none, for a message."""
    return f"shape {array.shape}" if array.ndim else describe(values)


def floats(values: ArrayLike, name: str) -> NDArray:
    """Return a copy as floats, of any shape, or raise ValueError."""
    try:
        return np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, found {describe(values)}") from None


def bounded(array: NDArray, name: str, most: float = math.inf) -> NDArray:
    """Return the array, or raise ValueError where it holds what is not finite, or not from -most to most."""
    size = np.abs(array)
    if not (np.isfinite(size) & (size <= most)).all():
        must = "be finite" if most == math.inf else f"hold numbers from {-most:,.12g} to {most:,.12g}"
        raise ValueError(f"{name} must {must}, found {array.flat[np.nan_to_num(size, nan=np.inf).argmax()]:g}")
    return array


def numbers(values: ArrayLike, name: str, num_axes: int, most: float = math.inf) -> NDArray:
    """Return a copy as finite floats of so many axes, from -most to most, or raise ValueError."""
    array = floats(values, name)
    if array.ndim != num_axes or not array.size:
        raise ValueError(f"{name} must have {num_axes} ax{'es' if num_axes > 1 else 'is'}, found shape {array.shape}")
    return bounded(array, name, most)


def one_channel(images: NDArray) -> NDArray:
    """Return images of shape (n, height, width, 1) without their last axis, and others as they are."""
    return images[..., 0] if images.ndim == 4 and images.shape[3] == 1 else images


def digit_images(images: ArrayLike) -> NDArray:
    """Return finite images of shape (n, 28, 28), given so or with one channel more, or raise ValueError."""
    array = one_channel(as_array(images))
    if array.ndim != 3 or array.shape[1:] != (FIELD, FIELD) or array.dtype.kind not in "buif":
        found = f"{array.dtype} of {shape_of(array, images)}" if array.ndim else describe(images)
        raise ValueError(f"images must be numbers of shape (n, {FIELD}, {FIELD}), found {found}")
    return bounded(array, "images") if array.dtype.kind == "f" else array


def whole_labels(labels: ArrayLike, n: int, num_classes: int) -> NDArray:
    """Return n whole numbers from 0 to num_classes - 1, shape (n,), given so or as (n, 1), or raise ValueError."""
    array = as_array(labels)
    found = array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array
    if found.shape != (n,) or found.dtype.kind not in "iu" or not ((found >= 0) & (found < num_classes)).all():
        hint = ": one-hot labels become numbers by .argmax(axis=1)" if array.shape == (n, num_classes) else ""
        must = f"{n} whole number{'s' * (n > 1)} from 0 to {num_classes - 1}"
        raise ValueError(f"labels must be {must}, found {describe(labels)}{hint}")
    return found.astype(int)
