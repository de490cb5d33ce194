"""What the X-ray of backpropagation is given: an example, and what a reader gives instead, checked (lesson 05)."""

from collections.abc import Sequence

from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import describe, numbers

Arrays = dict[str, NDArray]

GIVEN = ("X", "W1", "b1", "W2", "b2")
EXAMPLE = {
    "X": [[1.5, -1.5], [-0.5, -1.0]],
    "W1": [[0.5, -1.5, 1.5], [0.5, -1.0, 0.5]],
    "b1": [1.0, -0.5, 0.5],
    "W2": [[-1.0, -0.5], [1.0, -1.5], [1.5, 0.5]],
    "b2": [-0.5, 0.5],
}
LIMITS = {"n": ("rows in X", 1, 3), "d": ("columns in X", 1, 3), "h": ("columns in W1", 1, 4), "K": ("classes", 2, 3)}
MOST = 3.0  # of a number that is given: two decimals and differences serve up to there


def checked_arrays(params: Sequence[ArrayLike] | None, X: ArrayLike | None) -> Arrays:
    """Return what is given under its name, checked, or raise ValueError."""
    params = [EXAMPLE[name] for name in GIVEN[1:]] if params is None else params
    if not isinstance(params, list | tuple) or len(params) != 4:
        found = f"{len(params)} of them" if isinstance(params, list | tuple) else describe(params)
        raise ValueError(f"params must be the list [W1, b1, W2, b2] of two layers, found {found}")
    arrays = zip(GIVEN, (EXAMPLE["X"] if X is None else X, *params), (2, 2, 1, 2, 1), strict=True)
    given = {name: numbers(array, name, num_axes, MOST) for name, array, num_axes in arrays}
    sizes = dict(zip("ndhK", (*given["X"].shape, given["W1"].shape[1], given["W2"].shape[1]), strict=True))
    n, d, h, K = sizes.values()
    for name, shape in {"W1": (d, h), "b1": (h,), "W2": (h, K), "b2": (K,)}.items():
        if given[name].shape != shape:
            raise ValueError(f"{name} must have shape {shape} to fit the others, found {given[name].shape}")
    for letter, (words, least, most) in LIMITS.items():
        if not least <= sizes[letter] <= most:
            raise ValueError(
                f"there must be {least} to {most} {words}, so that all numbers show, found {sizes[letter]}"
            )
    return given
