"""Reading and comparing answers: what counts as the same, and how a difference is put in words."""

from typing import Any

import numpy as np

RTOL = 1e-5  # relative to the largest expected value; float32 answers pass, a wrong formula does not
LOOSE_RTOL = {"float16": 2e-2, "bfloat16": 5e-2, "float32": 2e-4}


class Mismatch(Exception):
    """An answer that differs; the text says how, and `shape` is true where the shape alone tells."""

    def __init__(self, text: str, shape: bool = False) -> None:
        super().__init__(text)
        self.shape = shape


def is_unwritten(value: Any, depth: int = 3) -> bool:
    """Tell whether `...` still stands in an answer, alone or inside a tuple, list or array."""
    if value is Ellipsis:
        return True
    if isinstance(value, np.ndarray) and value.dtype == object and value.size < 1000:
        value = value.ravel().tolist()
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, (tuple, list)) and depth > 0 and any(is_unwritten(v, depth - 1) for v in value[:1000])


def show(value: Any) -> str:
    """Write a value short enough for one line, whatever it is."""
    try:
        if callable(value):
            return getattr(value, "__doc__", None) or getattr(value, "__name__", "a function")
        if isinstance(value, (str, bool, np.bool_)):
            return repr(value if isinstance(value, str) else bool(value))
        if isinstance(value, (tuple, list)) and len(value) < 7 and not all(np.ndim(v) == 0 for v in value):
            return "(" + ", ".join(show(v) for v in value) + ")"
        array = np.asarray(value)
        if array.ndim == 0 and array.dtype.kind in "fiu":
            return f"{array.item():.6g}"
        if isinstance(value, tuple) and array.ndim == 1:
            return "(" + ", ".join(show(v) for v in value) + ")"
        text = np.array2string(array, precision=4, threshold=6, edgeitems=2, separator=", ", suppress_small=True)
        return " ".join(text.split()) + (f" of shape {array.shape}" if array.size > 6 or array.ndim > 1 else "")
    except Exception:  # an answer may be any object at all, even one whose repr raises
        return f"an object of type {type(value).__name__}"


def to_numbers(value: Any) -> np.ndarray:
    """Turn an answer into a float array. Raises Mismatch in words where that cannot be."""
    if value is None:
        raise Mismatch("found None: is a `return` missing?")
    if isinstance(value, str):
        raise Mismatch(f"found the text {value[:40]!r}, numbers expected: write them without quotes")
    if isinstance(value, (dict, set, frozenset)):
        raise Mismatch(f"found a {type(value).__name__}, numbers expected")
    if callable(value):
        raise Mismatch("found a function, numbers expected: call it first")
    try:
        array = np.asarray(value)
        if array.dtype == object:  # a list of arrays of one element, a list of fractions
            array = np.array([np.asarray(v, dtype=float) for v in array.ravel()]).reshape(array.shape)
        if array.dtype.kind == "c" and np.any(array.imag):
            raise Mismatch("found complex numbers, real ones expected")
        return array.real.astype(float) if array.dtype.kind == "c" else array.astype(float)
    except Mismatch:
        raise
    except Exception:
        raise Mismatch(f"found {show(value)}, which cannot be read as numbers") from None


def shape_words(found: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Say what a wrong shape means and what to do about it."""
    words = f"found shape {found}, expected {expected or 'one number'}"
    if not expected:
        return words + ": is a mean or a sum missing?"
    if len(found) == 2 and len(expected) == 1 and found[0] == found[1] == expected[0] > 1:
        return words + ": a column (n, 1) met a flat array (n,) and spread to n x n. Flatten both, with .ravel()"
    if sorted(d for d in found if d != 1) == sorted(d for d in expected if d != 1):
        if len(found) > len(expected):
            return (
                words + ": the numbers may be right, but there is an axis too many. Flatten it, with .ravel() or [:, 0]"
            )
        if len(found) < len(expected):
            return words + ": an axis is missing. Keep it, with .reshape(-1, 1) or keepdims=True"
        return words + ": the axes are exchanged; is a transpose missing, or one too many?"
    return words


def _tolerance(found: Any, expected: np.ndarray, rtol: float) -> float:
    rtol = max(rtol, LOOSE_RTOL.get(str(getattr(found, "dtype", "")), 0.0))
    largest = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0)
    return rtol * largest if largest else 1e-8


def compare(found: Any, expected: Any, rtol: float = RTOL) -> float:
    """Return the largest error of an answer against one expected value; raise Mismatch where they differ."""
    if isinstance(expected, str):
        if isinstance(found, str) and found.strip().lower() == expected.lower():
            return 0.0
        raise Mismatch(f"expected {expected!r}, found {show(found)}")
    expected = np.asarray(expected, dtype=float)
    numbers = to_numbers(found)
    if expected.size == 1 and numbers.size == 1:
        numbers = numbers.reshape(expected.shape)
    if numbers.shape != expected.shape:
        raise Mismatch(shape_words(numbers.shape, expected.shape), shape=True)
    error = np.atleast_1d(np.abs(numbers - expected))
    error[np.atleast_1d((numbers == expected) | (np.isnan(numbers) & np.isnan(expected)))] = 0.0
    worst = float(np.max(error, initial=0.0))
    if not worst <= _tolerance(found, expected, rtol):  # also when nan was found
        raise Mismatch(f"expected {show(expected)}, found {show(numbers)}")
    return worst


def split(found: Any, names: tuple[str, ...]) -> list[Any]:
    """Split an answer of several parts, given as tuple, list or array; raise Mismatch if their number is wrong."""
    if not names:
        return [found]
    wanted = f"{len(names)} values expected: {', '.join(names)}"
    if found is None:
        raise Mismatch(f"found None, {wanted}. Is a `return` missing?")
    if not isinstance(found, (tuple, list)):
        found = to_numbers(found)
        if found.ndim == 2 and found.shape[0] == 1 and found.shape[1] == len(names):
            found = found[0]
        if found.ndim == 0:
            raise Mismatch(f"found one number, {wanted}")
    if len(found) != len(names):
        raise Mismatch(f"found {len(found)} value{'s' * (len(found) != 1)}, {wanted}")
    return list(found)
