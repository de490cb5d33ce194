"""Update rules that all have the same call, and `descend`, the runner that drives every one of them.

A rule takes the weights and their gradient, and returns the next weights and its memory (`state`, None at the start):

    w, state = rule(w, grad, state, eta=0.1)

Rules are pure: they never change the arrays that they are given.
"""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rule = Callable[..., tuple[Any, Any]]  # rule(w, grad, state, *, eta, ...) -> (w, state)


def sgd(w: ArrayLike, grad: ArrayLike, state: Any = None, *, eta: float) -> tuple[NDArray, Any]:
    """Take one step of gradient descent, `w - eta * grad`; taught in lesson 02.

    `w` and `grad` have one shape, any shape. Float32 and float64 are kept, whole numbers become float64.
    `state` is handed back as it came: this rule remembers nothing.

    >>> w, state = sgd([1.0, 2.0], [10.0, -10.0], eta=0.1)
    >>> w.tolist(), state
    ([0.0, 3.0], None)
    """
    w, grad, eta = _operands(w, grad, eta)
    with np.errstate(all="ignore"):
        return w - eta * grad, state


def descend(
    rule: Rule,
    gradient: Callable[[Any], ArrayLike],
    w0: ArrayLike,
    num_steps: int,
    *,
    eta: float | Callable[[int], float],
    **hyper: Any,
) -> NDArray:
    """Follow `rule` downhill from `w0` and return every point of the way; taught in lesson 02.

    The path has shape (num_steps + 1, *w0.shape): `path[0]` is `w0`, `path[-1]` the last point. `gradient(w)` has the
    shape of `w`. `eta` is a number, or a function of the step that counts from 0: step 0 leads from `path[0]` to
    `path[1]`. `hyper` goes to the rule as it is (`beta=0.9`, say). A run that diverges fills the path with inf and nan
    without a warning. `w0` stays as it is, even if `rule` or `gradient` works in place.

    >>> descend(sgd, lambda w: 2 * w, 1.0, 3, eta=0.25).tolist()
    [1.0, 0.5, 0.25, 0.125]
    >>> descend(sgd, lambda w: 2 * w, 1.0, 2, eta=lambda step: 0.25 / (step + 1)).tolist()
    [1.0, 0.5, 0.375]
    """
    w = _as_float(w0, "w0")
    num_steps = _as_count(num_steps)
    path = np.empty((num_steps + 1, *w.shape), dtype=w.dtype)
    path[0] = w
    state = None
    with np.errstate(all="ignore"):
        for step in range(num_steps):
            eta_now = _as_eta(eta(step) if callable(eta) else eta)
            grad = _as_float(gradient(path[step].copy()), "the gradient", w.dtype, copy=True)
            _same_shape(grad, w, "the gradient")
            result = rule(path[step].copy(), grad, state, eta=eta_now, **hyper)
            if not isinstance(result, tuple) or len(result) != 2:
                raise TypeError(f"the rule returned {_kind(result)}: a rule must return a pair, `return w, state`.")
            w_next, state = result
            w_next = _as_float(w_next, "the rule's new w", w.dtype)
            _same_shape(w_next, w, "the rule's new w")
            path[step + 1] = w_next
    return path


def _operands(w: ArrayLike, grad: ArrayLike, eta: float) -> tuple[NDArray, NDArray, float]:
    """Return weights, gradient and learning rate, checked, as every rule needs them."""
    w = _as_float(w, "w")
    grad = _as_float(grad, "the gradient", w.dtype)
    _same_shape(grad, w, "the gradient")
    return w, grad, _as_eta(eta)


def _as_float(value: ArrayLike, name: str, dtype: Any = None, copy: bool | None = None) -> NDArray:
    """Return `value` as an array of floats: of `dtype`, else of its own float type, else float64."""
    if type(value) is np.ndarray and value.dtype.kind == "f" and dtype in (None, value.dtype):
        return value.copy() if copy else value  # the usual case, in a loop of thousands of steps
    try:
        array = np.asarray(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be a number or an array of numbers, found {_kind(value)}: {error}.") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be a number or an array of numbers, found {_kind(value)}.")
    if dtype is None:
        dtype = array.dtype if array.dtype.kind == "f" else np.float64
    with np.errstate(all="ignore"):
        return np.array(array, dtype=dtype, copy=copy)


def _as_eta(eta: Any) -> float:
    """Return the learning rate as a Python float, which leaves float32 arrays float32."""
    if type(eta) is float and math.isfinite(eta):
        return eta
    if callable(eta) and not hasattr(eta, "__array__"):
        raise TypeError("eta must be a number here; `descend` is the one that takes a function of the step.")
    if isinstance(eta, bool | np.bool_ | str | bytes) or np.ndim(eta) != 0 or np.iscomplexobj(eta):
        raise TypeError(f"eta must be one number such as 0.1, found {_kind(eta)}.")
    try:
        value = float(eta)
    except (TypeError, ValueError):
        raise TypeError(f"eta must be one number such as 0.1, found {_kind(eta)}.") from None
    if not np.isfinite(value):
        raise ValueError(f"eta must be a finite number such as 0.1, found {value}.")
    return value


def _as_count(num_steps: Any) -> int:
    """Return the number of steps as an int that is 0 or more."""
    try:
        count = operator.index(num_steps)
    except TypeError:
        count = None
    if count is None or isinstance(num_steps, bool):
        raise TypeError(f"num_steps must be a whole number such as 100, found {_kind(num_steps)}.")
    if count < 0:
        raise ValueError(f"num_steps must be 0 or more, found {count}.")
    return count


def _same_shape(array: NDArray, w: NDArray, name: str) -> None:
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


def _kind(value: Any) -> str:
    """Describe a value in a few words for an error message."""
    shape = getattr(value, "shape", ())
    return f"an array of shape {shape}" if shape else f"{str(value)[:40]!r} ({type(value).__name__})"
