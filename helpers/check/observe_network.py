"""Watching answers that compute with a network's parameters: what they keep, what they change, what does not fit."""

import copy
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, Unreadable, compare, split, to_numbers
from helpers.check.unwritten import is_unwritten

CHANGED = (
    "the given arrays are changed: `W2 -= ...` works inside the caller's array, also from a copied list. "
    "`W2 = W2 - ...` makes a new one, so do that, once all four gradients are there"
)
NOT_RESET = (
    "a second call with the same arguments gives something else: something is kept from call to call and never set "
    "back, a list outside the function perhaps, or a default argument (or chance is in it). Begin with fresh gradients "
    "inside the function"
)
WITH_LOSS = "two things came out, a list of four and something else, the loss perhaps: return the list of four alone"
RESTORE = (
    "w is not what it was before the call: put each entry back, w[i] = old, or move a copy, w.copy() (`v = w` only "
    "gives it a second name)"
)
TINY = 1e-7  # a relative error below it says "right", whatever its digits


def fitting(answer: Callable, *arguments: Any) -> Any:
    """Run an answer; where the shapes of a product do not fit, say so in fewer words than NumPy does.

    An array of arrays is taken apart.

    >>> fitting(lambda A, G: A @ G, np.ones((5, 3)), np.ones((5, 2)))
    Traceback (most recent call last):
    ValueError: the shapes of a product do not fit, 3 columns meet 5 rows. Is a .T missing, or one too many?
    """
    try:
        found = answer(*arguments)
    except ValueError as error:
        text = str(error)
        if found := re.search(r"size (\d+) is different from (\d+)", text):
            rows, columns = found.groups()
        elif found := re.search(r"aligned: (\d+) \(dim \d\) != (\d+)", text):
            columns, rows = found.groups()
        else:
            raise
        words = f"the shapes of a product do not fit, {columns} columns meet {rows} rows."
        error.args = (f"{words} Is a .T missing, or one too many?",)
        raise
    return list(found) if isinstance(found, np.ndarray) and found.dtype == object else found


def watching(names: Sequence[str]) -> Callable:
    """Make an observer of functions of a network: it calls twice, and the given arrays must stay as they are.

    names: those of the parts that come out. A case names its network, and its batches, by a function that makes them,
    so that each call gets its own. Raises Mismatch where the loss comes out too, where arrays are changed, and where
    the second call differs from the first.
    """

    def observe(answer: Callable, params: Callable, *rest: Any) -> Any:
        rest = tuple(make() if callable(make) else make for make in rest)
        given, again = params(), copy.deepcopy(rest)
        arrays = list(given)  # an answer may put new ones in their places: `params[i] = ...`

        found = fitting(answer, given, *rest)
        if is_unwritten(found):
            return found
        if _is_list(found, 2) and any(_is_list(part, len(names)) for part in found):
            raise Mismatch(WITH_LOSS)
        parts = [part.copy() if isinstance(part, np.ndarray) else part for part in split(found, tuple(names))]
        if not same_numbers(arrays, params()):
            raise Mismatch(CHANGED)
        try:
            second = split(fitting(answer, params(), *again), tuple(names))
        except Mismatch:  # a list that has grown
            raise Mismatch(NOT_RESET) from None
        if not same_numbers(parts, second):
            raise Mismatch(NOT_RESET)
        return parts

    return observe


def _is_list(found: Any, length: int) -> bool:
    return isinstance(found, (tuple, list)) and len(found) == length


def same_numbers(these: Sequence[Any], those: Sequence[Any]) -> bool:
    """Tell whether two lists of arrays hold the same numbers; a part that holds none is left to the engine.

    >>> same_numbers([np.ones(2), "text"], [[1, 1], "another"]), same_numbers([np.ones(2)], [np.zeros(2)])
    (True, False)
    """
    for a, b in zip(these, those, strict=True):
        if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and np.array_equal(a, b):
            continue
        try:
            compare(a, to_numbers(b))
        except Unreadable:
            continue
        except Mismatch:
            return False
    return True


def judging(answer: Callable, loss: Callable, w: np.ndarray, grad: np.ndarray) -> Any:
    """Run a gradient check: what is below TINY counts as 0. Raises Mismatch where w does not come out as it went in."""
    given = w.copy()
    found = answer(loss, given, grad)
    if given.shape != w.shape or not np.allclose(given, w, rtol=0, atol=1e-9):
        raise Mismatch(RESTORE)
    try:
        number = to_numbers(found)
    except Unreadable:
        return found
    return 0.0 if number.size == 1 and np.all(np.abs(number) < TINY) else found
