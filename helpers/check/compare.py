"""Reading and comparing answers: what counts as the same."""

import inspect
from collections.abc import Iterator, ValuesView
from typing import Any

import numpy as np

from helpers.check.unwritten import is_huge
from helpers.check.words import shape_words, show

RTOL = 1e-5  # relative to the largest expected value; float32 answers pass, a wrong formula does not
LOOSE_RTOL = {"float16": 2e-2, "bfloat16": 5e-2, "float32": 2e-4}


class Mismatch(Exception):
    """An answer that differs; the text says how, and `shapes` holds found and expected where these alone tell."""

    def __init__(self, text: str, shapes: tuple[tuple[int, ...], tuple[int, ...]] | None = None) -> None:
        super().__init__(text)
        self.shapes = shapes


class Unreadable(Mismatch):
    """An answer that holds no numbers at all; the text says what it is instead."""


def to_numbers(value: Any) -> np.ndarray:
    """Turn an answer into a float array. Raises Unreadable in words where that cannot be."""
    _refuse(value)
    try:
        array = np.asarray(value)
        if array.dtype.kind in "US":
            raise Unreadable(f"found the text {str(array.ravel()[:1].tolist())[1:-1][:40]}, numbers expected")
        if array.dtype == object:  # a list of arrays of one element, a list of fractions
            array = np.array([np.asarray(v, dtype=float) for v in array.ravel()]).reshape(array.shape)
        if array.dtype.kind == "c" and np.any(array.imag):
            raise Unreadable("found complex numbers, real ones expected")
        return array.real.astype(float) if array.dtype.kind == "c" else array.astype(float)
    except Unreadable:
        raise
    except Exception:
        raise Unreadable(f"found {show(value)}, which cannot be read as numbers") from None


def _refuse(value: Any) -> None:
    """Raise Unreadable for what is no collection of numbers, whatever it holds."""
    if value is None:
        raise Unreadable("found None: is a `return` missing?")
    if isinstance(value, str):
        raise Unreadable(f"found the text {value[:40]!r}, numbers expected: write them without quotes")
    if isinstance(value, (dict, set, frozenset)):
        raise Unreadable(f"found a {type(value).__name__}, numbers expected")
    if inspect.iscoroutine(value) or inspect.isasyncgen(value):
        raise Unreadable("found a coroutine: leave `async` away")
    if isinstance(value, (Iterator, ValuesView)) and not hasattr(type(value), "__array__"):
        raise Unreadable(f"found a {type(value).__name__}, which cannot be read as numbers; wrap it in list(...)")
    if callable(value):
        raise Unreadable("found a function, numbers expected: call it first")
    if hasattr(value, "toarray"):
        raise Unreadable("found a sparse matrix: .toarray() makes an array of it")
    if is_huge(value):
        raise Unreadable(f"found {show(value)}, far too many to be an answer")


def _tolerance(found: Any, expected: np.ndarray, rtol: float) -> float:
    rtol = max(rtol, LOOSE_RTOL.get(str(getattr(found, "dtype", "")), 0.0))
    largest = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0)
    return rtol * largest if largest else 1e-8


def compare(found: Any, expected: Any, rtol: float = RTOL, exact_shape: bool = False) -> float:
    """Return the largest error of an answer against one expected value; raise Mismatch where they differ.

    A single number may come in any shape, (), (1,) or (1, 1), unless exact_shape is asked.
    """
    if isinstance(expected, str):
        if isinstance(found, str) and found.strip().lower() == expected.lower():
            return 0.0
        raise Mismatch(f"expected {expected!r}, found {show(found)}")
    expected = np.asarray(expected, dtype=float)
    numbers = to_numbers(found)
    if expected.size == 1 and numbers.size == 1 and not exact_shape:
        numbers = numbers.reshape(expected.shape)
    if numbers.shape != expected.shape:
        raise Mismatch(shape_words(numbers.shape, expected.shape), (numbers.shape, expected.shape))
    with np.errstate(invalid="ignore"):  # inf - inf, where a slip and an answer are both infinite
        error = np.atleast_1d(np.abs(numbers - expected))
    error[np.atleast_1d((numbers == expected) | (np.isnan(numbers) & np.isnan(expected)))] = 0.0
    worst = float(np.max(error, initial=0.0))
    if not worst <= _tolerance(found, expected, rtol):  # also when nan was found
        raise Mismatch(f"expected {show(expected)}, found {show(numbers)}")
    return worst


def split(found: Any, names: tuple[str, ...]) -> list[Any]:
    """Split an answer of several parts, given as tuple, list or flat array; raise Mismatch if their number is wrong."""
    if not names:
        return [found]
    wanted = f"{len(names)} values expected: {', '.join(names)}"
    if found is None:
        raise Mismatch(f"found None, {wanted}. Is a `return` missing?")
    if not isinstance(found, (tuple, list)):
        found = to_numbers(found)
        if found.ndim == 0:
            raise Mismatch(f"found one number, {wanted}")
        if found.ndim > 1 and found.shape not in ((len(names), 1), (1, len(names))):
            raise Mismatch(f"found one table of shape {found.shape}, {wanted}")
        found = found.ravel()
    if len(found) != len(names):
        raise Mismatch(f"found {len(found)} value{'s' * (len(found) != 1)}, {wanted}")
    return list(found)
