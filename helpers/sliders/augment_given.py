"""What the explorer of augmentation is given: images, and recorded accuracies, checked (lesson 14)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.augmentation import KINDS
from helpers.sliders.given import as_number, describe, digit_images, numbers, whole_labels

ROWS, COPIES = 4, 8  # images that are shown, copies of each
LOST = 0.02  # a copy that loses a larger share of its ink is marked


def checked_images(images: ArrayLike, labels: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return copies of the first four images, (rows, 28, 28), uint8 or floats, and labels, or raise ValueError."""
    array = digit_images(images)
    if not len(array):
        raise ValueError("there are no images: give one or more, of shape (n, 28, 28)")
    digits = whole_labels(labels, len(array), 10)[:ROWS]
    shown = array[:ROWS].copy() if array.dtype == np.uint8 else array[:ROWS].astype(float)
    if shown.min() < 0:
        raise ValueError(f"images must hold 0 for paper and more for ink, found {shown.min():g}")
    return shown, digits


def checked_accuracies(runs: Any, name: str) -> dict[float, NDArray]:
    """Return strength -> validation accuracies, shape (seeds,), in rising order, or raise ValueError.

    The values of the dict are accuracies, or what `data.load_regularization` returns for each amount.
    """
    if not isinstance(runs, Mapping) or not runs:
        found = "an empty one" if isinstance(runs, Mapping) else describe(runs)
        raise ValueError(f"{name} must be a dict, strength -> recorded runs, found {found}")
    found = {}
    for key, given in runs.items():
        strength = as_number(key)
        if strength is None or not 0 <= strength <= 10:
            raise ValueError(f"a strength of {name} must be a number from 0 to 10, found {describe(key)}")
        found[strength] = numbers(getattr(given, "val_accuracy", given), f"{name}[{strength:g}]", 1)
        if found[strength].min() < 0 or found[strength].max() > 1:
            raise ValueError(f"{name}[{strength:g}] must hold accuracies from 0 to 1, found {found[strength].max():g}")
    return dict(sorted(found.items()))


def checked_kinds(runs_by_kind: Any) -> dict[str, dict[float, NDArray]]:
    """Return kind -> strength -> accuracies, or raise ValueError; None is none."""
    if runs_by_kind is None:
        return {}
    alone = KINDS[1:]
    if not isinstance(runs_by_kind, Mapping) or not set(runs_by_kind) <= set(alone):
        names = ", ".join(alone)
        raise ValueError(f"runs_by_kind must be a dict with keys among {names}, found {describe(runs_by_kind)}")
    return {kind: checked_accuracies(runs, f"runs_by_kind[{kind!r}]") for kind, runs in runs_by_kind.items()}
