"""What functions are given, checked: weights, gradients, learning rates, sizes, and numbers between two limits."""

import math
import operator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def operands(w: ArrayLike, grad: ArrayLike, eta: float) -> tuple[NDArray, NDArray, float]:
    """Return weights, gradient and learning rate, checked, as every rule needs them."""
    w = as_float(w, "w")
    grad = as_float(grad, "the gradient", w.dtype)
    same_shape(grad, w, "the gradient")
    return w, grad, as_eta(eta)


def as_float(value: ArrayLike, name: str, dtype: Any = None, copy: bool | None = None) -> NDArray:
    """Return `value` as an array of floats: of `dtype`, else of its own float type, else float64."""
    if type(value) is np.ndarray and value.dtype.kind == "f" and dtype in (None, value.dtype):
        return value.copy() if copy else value  # the usual case, in a loop of thousands of steps
    try:
        array = np.asarray(value)
    except (TypeError, ValueError) as error:
        reason = str(error).rstrip(".")
        raise TypeError(f"{name} must be a number or an array of numbers, found {kind(value)}: {reason}.") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be a number or an array of numbers, found {kind(value)}.")
    if dtype is None:
        dtype = array.dtype if array.dtype.kind == "f" else np.float64
    with np.errstate(all="ignore"):
        return np.array(array, dtype=dtype, copy=copy)


def as_eta(eta: Any) -> float:
    """Return the learning rate as a Python float, which leaves float32 arrays float32."""
    if callable(eta) and not hasattr(eta, "__array__"):
        raise TypeError("eta must be a number here; `descend` is the one that takes a function of the step.")
    return _as_number(eta, "eta", 0.1)


def _as_number(value: Any, name: str, example: float) -> float:
    """Return one finite number as a Python float."""
    if type(value) is float and math.isfinite(value):
        return value
    no_number = isinstance(value, bool | np.bool_ | str | bytes | list | tuple | dict)
    if no_number or np.ndim(value) != 0 or np.iscomplexobj(value):
        raise TypeError(f"{name} must be one number such as {example:g}, found {kind(value)}.")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be one number such as {example:g}, found {kind(value)}.") from None
    if not np.isfinite(number):
        raise ValueError(f"{name} must be a finite number such as {example:g}, found {number}.")
    return number


def share(value: Any, name: str) -> float:
    """Return a number from 0 to below 1, what a running mean keeps of the past, as a Python float."""
    number = _as_number(value, name, 0.9)
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, such as 0.9, found {number:g}.")
    return number


def positive(value: Any, name: str, or_zero: bool = False) -> float:
    """Return a number above 0, or from 0 on, as a Python float."""
    example, limit = (0.004, "0 or more") if or_zero else (1e-7, "above 0")
    number = _as_number(value, name, example)
    if number < 0 or (number == 0 and not or_zero):
        raise ValueError(f"{name} must be {limit}, such as {example:g}, found {number:g}.")
    return number


def memory(state: Any, w: NDArray, num_arrays: int = 1, counts: bool = False) -> tuple[Any, ...]:
    """Return what a rule remembers: zeros at the start (state None), else its arrays, and its count if it has one.

    The arrays must have the shape of `w`: a state belongs to one array of weights.
    """
    if state is None:
        return (*(np.zeros_like(w) for _ in range(num_arrays)), *([0] if counts else []))
    parts = state if counts else (state,)
    if isinstance(state, tuple) != counts or len(parts) != num_arrays + counts:  # or the state of another rule
        raise TypeError(f"the state must be what this rule returned the step before, or None, found {kind(state)}.")
    arrays = [as_float(part, "the state", w.dtype) for part in parts[:num_arrays]]
    for array in arrays:
        if array.shape != w.shape:
            found = f"The state has shape {array.shape}, the weights have shape {w.shape}"
            raise ValueError(f"{found}: keep one state for each array of weights, and start it with None.")
    return (*arrays, *([as_count(parts[-1], "the state's number of steps")] if counts else []))


def as_count(value: Any, name: str = "num_steps") -> int:
    """Return a number of steps as an int that is 0 or more."""
    try:
        count = operator.index(value)
    except TypeError:
        count = None
    if count is None or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number such as 100, found {kind(value)}.")
    if count < 0:
        raise ValueError(f"{name} must be 0 or more, found {count}.")
    return count


def as_size(value: Any, name: str) -> int:
    """Return how many there are, such as rows of a batch, as an int that is 1 or more, or raise ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number of 1 or more, found {value!r}.")
    return int(value)


def same_shape(array: NDArray, w: NDArray, name: str) -> None:
    """Raise ValueError if `array` does not have the shape of the weights."""
    if array.shape == w.shape:
        return
    message = f"{name} has shape {array.shape}, the weights have shape {w.shape}: they must be the same."
    if array.size == w.size:
        message += f" Reshape one of them, for example with `.reshape({w.shape})`"
        message += ": NumPy would spread (n, 1) and (n,) to (n, n)." if w.size > 1 else "."
    elif w.ndim and array.size == w.size**2:
        message += " An (n, 1) array met an (n,) array somewhere, and NumPy spread them to (n, n)."
    raise ValueError(message)


def kind(value: Any) -> str:
    """Describe a value in a few words for an error message."""
    shape = getattr(value, "shape", ())
    return f"an array of shape {shape}" if shape else f"{str(value)[:40]!r} ({type(value).__name__})"
