"""What the explorer of epochs is given: a history and probabilities, checked (lesson 08)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import describe, numbers

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
    found = {name: numbers(curves[name], f"history[{name!r}]", 1) for name in (*LOSSES, *ACCURACIES) if name in curves}
    num_epochs = len(found["loss"])
    if not 1 <= num_epochs <= MOST_EPOCHS:
        raise ValueError(f"the history must have 1 to {MOST_EPOCHS} epochs, found {num_epochs}")
    for name, curve in found.items():
        if len(curve) != num_epochs:
            raise ValueError(f"the history has {num_epochs} losses and {len(curve)} of {name!r}: they must be as many")
    return found


def checked_probabilities(probabilities: ArrayLike, num_epochs: int) -> NDArray:
    """Return the probabilities, shape (E + 1, n, 10), or raise ValueError."""
    p = numbers(probabilities, "probabilities", 3)
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
