"""What the explorer of dropout is given: recorded runs by their rate, and the activations of a layer, checked."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_array, as_number, bounded, describe, numbers, shape_of

MOST_RATES, MOST_SEEDS, MOST_EPOCHS = 20, 20, 200
FEWEST_UNITS, MOST_UNITS = 4, 1024
ENDS, CURVES = ("error", "val_error", "val_accuracy"), ("errors", "val_errors")


class Recorded(NamedTuple):
    """The runs with one rate, as `data.load_regularization` names their arrays."""

    error: NDArray  # (seeds,)
    val_error: NDArray  # (seeds,)
    val_accuracy: NDArray  # (seeds,)
    errors: NDArray  # (seeds, epochs)
    val_errors: NDArray  # (seeds, epochs)


def checked_runs(runs_by_rate: Any) -> dict[float, Recorded]:
    """Return the runs by rising rate, or raise ValueError."""
    if not isinstance(runs_by_rate, Mapping):
        raise ValueError(
            f"runs_by_rate must be a dict, rate -> runs, found {describe(runs_by_rate)}: "
            'take the recorded runs["dropout"], and runs["none"][0] for the rate 0'
        )
    if not 1 <= len(runs_by_rate) <= MOST_RATES:
        raise ValueError(f"runs_by_rate must hold 1 to {MOST_RATES} rates, found {len(runs_by_rate)}")
    found = {_rate(rate): _checked(runs, f"the runs with rate {describe(rate)}") for rate, runs in runs_by_rate.items()}
    lengths = {len(recorded.errors[0]) for recorded in found.values()}
    if len(lengths) > 1:
        listed = " and ".join(map(str, sorted(lengths)))
        raise ValueError(f"the runs have {listed} epochs: with every rate there must be as many")
    return dict(sorted(found.items()))


def _rate(rate: Any) -> float:
    number = as_number(rate)
    if number is None or not 0 <= number < 1:
        raise ValueError(f"the keys of runs_by_rate must be rates from 0 to below 1, found {describe(rate)}")
    return number


def _checked(runs: Any, whose: str) -> Recorded:
    """Return the arrays of the runs with one rate, or raise ValueError."""
    missing = [name for name in (*ENDS, *CURVES) if not hasattr(runs, name)]
    if missing:
        raise ValueError(f"{whose} have no {missing[0]!r}, found {describe(runs)}: data.load_regularization gives them")
    ends = [numbers(getattr(runs, name), f"{name!r} of {whose}", 1) for name in ENDS]
    curves = [numbers(getattr(runs, name), f"{name!r} of {whose}", 2) for name in CURVES]
    shape = curves[0].shape
    if not (shape[0] <= MOST_SEEDS and 2 <= shape[1] <= MOST_EPOCHS):
        must = f"1 to {MOST_SEEDS} seeds and 2 to {MOST_EPOCHS} epochs"
        raise ValueError(f"{whose} must have {must}, found 'errors' of shape {shape}")
    for name, array in zip((*ENDS, *CURVES), (*ends, *curves), strict=True):
        if array.shape != shape[: array.ndim]:
            raise ValueError(f"{name!r} of {whose} must have shape {shape[: array.ndim]}, found {array.shape}")
        if array.min() < 0 or (name == "val_accuracy" and array.max() > 1):
            raise ValueError(f"{name!r} of {whose} must not be below 0, nor an accuracy above 1")
    return Recorded(*ends, *curves)


def checked_activations(activations: ArrayLike) -> NDArray:
    """Return the activations of one layer, shape (n,), given so or as (1, n), or raise ValueError."""
    array = as_array(activations)
    array = array[0] if array.ndim == 2 and len(array) == 1 else array
    if array.ndim != 1 or array.dtype.kind not in "fiu" or not FEWEST_UNITS <= array.size <= MOST_UNITS:
        must = f"{FEWEST_UNITS} to {MOST_UNITS:,} numbers, those of one layer for one image"
        raise ValueError(f"activations must be {must}, found {shape_of(as_array(activations), activations)}")
    x = bounded(array.astype(float), "activations", 1e9)
    if not x.any():
        raise ValueError("activations must not all be 0: there is nothing to drop")
    return x
