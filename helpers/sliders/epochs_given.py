"""What the explorer of epochs is given: a history, probabilities, images, labels; checked (lesson 08)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.controls import describe

LOSSES, ACCURACIES = ("loss", "val_loss"), ("accuracy", "val_accuracy")
CLASSES = 10
MOST_IMAGES, MOST_EPOCHS = 2000, 200
SLACK = 1e-3  # float32 adds up to 1 only nearly


def checked_history(history: Any) -> dict[str, NDArray]:
    """Return the curves of a history by their names, each of shape (E,), or raise ValueError."""
    curves = getattr(history, "history", history)
    if not isinstance(curves, Mapping):
        raise ValueError(f"history must be what `fit` returns, or a dict of lists, found {describe(history)}")
    missing = [name for name in LOSSES if name not in curves]
    if missing:
        hint = ": give `fit` validation_data" if missing == ["val_loss"] else ""
        raise ValueError(f"the history has no {missing[0]!r}, which the picture draws{hint}")
    found = {name: _numbers(curves[name], f"history[{name!r}]", 1) for name in (*LOSSES, *ACCURACIES) if name in curves}
    num_epochs = len(found["loss"])
    if not 1 <= num_epochs <= MOST_EPOCHS:
        raise ValueError(f"the history must have 1 to {MOST_EPOCHS} epochs, found {num_epochs}")
    for name, curve in found.items():
        if len(curve) != num_epochs:
            raise ValueError(f"the history has {num_epochs} losses and {len(curve)} of {name!r}: they must be as many")
    return found


def checked_probabilities(probabilities: ArrayLike, num_epochs: int) -> NDArray:
    """Return the probabilities, shape (E + 1, n, 10), or raise ValueError."""
    p = _numbers(probabilities, "probabilities", 3)
    if p.shape[2] != CLASSES:
        raise ValueError(f"probabilities must have shape (E + 1, n, {CLASSES}), found {p.shape}")
    if len(p) != num_epochs + 1:
        hint = ": predict once before the training, too" if len(p) == num_epochs else ""
        raise ValueError(
            f"probabilities must be those after 0, 1, ..., {num_epochs} epochs, {num_epochs + 1} in all, "
            f"found {len(p)}{hint}"
        )
    if p.shape[1] > MOST_IMAGES:
        raise ValueError(f"there are {p.shape[1]:,} images, more than {MOST_IMAGES:,}: take fewer, as images[:200]")
    sums = p.sum(axis=2)
    if p.min() < -SLACK or p.max() > 1 + SLACK or np.abs(sums - 1).max() > SLACK:
        worst = sums.flat[np.abs(sums - 1).argmax()]
        raise ValueError(
            f"probabilities must be from 0 to 1 and add up to 1 for each image, found {p.min():.3g} to {p.max():.3g} "
            f"and a sum of {worst:.3g}: does the model end in softmax?"
        )
    return p


def checked_images(images: ArrayLike, n: int) -> NDArray:
    """Return the images, shape (n, 28, 28), or raise ValueError."""
    try:
        array = np.asarray(images)
    except ValueError:
        array = np.empty(0)
    array = array[..., 0] if array.ndim == 4 and array.shape[3] == 1 else array
    array = _numbers(array, "images", 3)
    if array.shape != (n, 28, 28):
        raise ValueError(f"images must have shape ({n}, 28, 28), as many as the probabilities, found {array.shape}")
    return array


def checked_labels(labels: ArrayLike, n: int) -> NDArray:
    """Return whole numbers from 0 to 9, shape (n,), or raise ValueError."""
    try:
        found = np.array(labels)
    except ValueError:
        found = np.empty(0)
    if found.shape != (n,) or found.dtype.kind not in "iu" or not ((found >= 0) & (found < CLASSES)).all():
        hint = ": one-hot labels become numbers by .argmax(axis=1)" if found.shape == (n, CLASSES) else ""
        raise ValueError(f"labels must be {n} whole numbers from 0 to 9, found {describe(labels)}{hint}")
    return found.astype(int)


def _numbers(array: ArrayLike, name: str, num_axes: int) -> NDArray:
    """Return a copy as finite floats of so many axes, or raise ValueError."""
    try:
        numbers = np.array(array, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers, found {describe(array)}") from None
    if numbers.ndim != num_axes or not numbers.size:
        raise ValueError(f"{name} must have {num_axes} ax{'es' if num_axes > 1 else 'is'}, found shape {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} must be finite, found {numbers[~np.isfinite(numbers)][0]:g}")
    return numbers
