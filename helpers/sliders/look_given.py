"""What the explorer of class activation maps is given: photos, maps, names, scores and labels, checked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_array, describe, numbers, shape_of

SAID = "what it said"  # the class of the highest score
MOST_PHOTOS, SIDES, MOST_CELLS, MOST_CLASSES, MOST_LETTERS = 100, (16, 1024), 64, 10, 16
SLACK = 0.05  # of a bias, from photo to photo: features may be kept in half precision


def checked_photos(photos: ArrayLike) -> NDArray[np.uint8]:
    """Return a copy of colored photos (n, height, width, 3) from 0 to 255, or raise ValueError."""
    array, (least, most) = as_array(photos), SIDES
    if array.ndim != 4 or array.shape[3] != 3 or array.dtype != np.uint8:
        found = f"{array.dtype} of {shape_of(array, photos)}" if array.ndim else describe(photos)
        raise ValueError(f"photos must be uint8 of shape (n, height, width, 3), found {found}")
    if not 1 <= len(array) <= MOST_PHOTOS or min(array.shape[1:3]) < least or max(array.shape[1:3]) > most:
        must = f"1 to {MOST_PHOTOS} photos with sides of {least} to {most:,} pixels"
        raise ValueError(f"photos must be {must}, found shape {array.shape}")
    return array.copy()


def checked_names(names: Any) -> list[str]:
    """Return the names of at least two classes, or raise ValueError."""
    listed = list(names) if isinstance(names, Sequence | np.ndarray) and not isinstance(names, str) else []
    if not all(isinstance(name, str) and 1 <= len(name) <= MOST_LETTERS for name in listed):
        raise ValueError(f"names must be texts of 1 to {MOST_LETTERS} letters, found {describe(names)}")
    if not 2 <= len(listed) <= MOST_CLASSES or len({*listed, SAID}) <= len(listed):
        raise ValueError(f"names must be 2 to {MOST_CLASSES} different texts, found {describe(names)}")
    return [str(name) for name in listed]


def checked_maps(maps: ArrayLike, n: int, num_classes: int) -> NDArray:
    """Return the maps as floats (n, rows, columns, classes), or raise ValueError."""
    found = numbers(maps, "maps", 4, 1e9)
    cells = found.shape[1:3]
    if found.shape != (n, *cells, num_classes) or min(cells) < 2 or max(cells) > MOST_CELLS:
        must = f"shape ({n}, rows, columns, {num_classes}) with 2 to {MOST_CELLS} rows and columns"
        raise ValueError(f"maps must have {must}, found {found.shape}")
    return found


def checked_scores(scores: ArrayLike, maps: NDArray) -> NDArray:
    """Return the scores as floats (n, classes): the mean of each map and a bias for each class; or raise ValueError."""
    found = numbers(scores, "scores", 2, 1e9)
    if found.shape != (len(maps), maps.shape[3]):
        raise ValueError(f"scores must have shape {(len(maps), maps.shape[3])}, found {found.shape}")
    biases = found - maps.mean(axis=(1, 2))
    if np.ptp(biases, axis=0).max() > SLACK * max(1, np.abs(found).max()):
        must = "the mean of the class's map plus a bias, the same for all photos"
        raise ValueError(f"scores must be {must}: found other sums; take logits, not probabilities")
    return found
