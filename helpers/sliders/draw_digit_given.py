"""What a reader hands to `draw_digit`: stored digits, and a function that may answer anything."""

import textwrap
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import digit_images, shape_of, whole_labels


def probabilities(answer: Any) -> NDArray:
    """Return the ten probabilities that `predict` answered with, or raise ValueError."""
    p = np.asarray(answer)
    if p.shape not in ((10,), (1, 10)) or p.dtype.kind not in "iuf":
        found = shape_of(p, answer)
        raise ValueError(f"it must return ten probabilities, shape (10,) or (1, 10), found {found}")
    p = p.ravel().astype(float)
    if not np.isfinite(p).all():
        raise ValueError(f"it returned {p[~np.isfinite(p)][0]} among the ten probabilities")
    if p.min() < -1e-6 or abs(p.sum() - 1) > 1e-3:
        found = f"they sum to {p.sum():.4g}" if p.min() >= -1e-6 else f"one is {p.min():.4g}"
        raise ValueError(f"ten probabilities are not negative and sum to 1, but {found}: is a softmax missing?")
    return p


def in_words(error: Exception) -> str:
    """Return what went wrong in the reader's function, in one line."""
    kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}, "
    first = textwrap.shorten(str(error), 300, placeholder=" …").rstrip(".")
    end = "" if first.endswith(("?", "!", "…")) else "."
    return f"predict gives no probabilities: {kind}{first or 'without a reason'}{end}"


def first_of_each(images: ArrayLike | None, labels: ArrayLike | None) -> dict[str, tuple[int, NDArray]]:
    """Return "a stored 3" -> (3, the first image of that label), or raise ValueError."""
    if images is None and labels is None:
        return {}
    if images is None or labels is None:
        raise ValueError("images and labels belong together: give both or neither")
    images = digit_images(images)
    labels = whole_labels(labels, len(images), 10)
    return {
        f"a stored {digit}": (digit, images[labels == digit][0].astype(float))
        for digit in range(10)
        if (labels == digit).any()
    }
