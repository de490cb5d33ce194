"""Telling whether an answer is still a stub, and whether it is too long to be one."""

from types import CodeType
from typing import Any

import numpy as np

LONGEST = 100_000  # no exercise asks for as many values in a list or a range


def is_unwritten(value: Any, depth: int = 3) -> bool:
    """Tell whether `...` still stands in an answer, alone or inside a tuple, list or array."""
    if value is Ellipsis:
        return True
    if isinstance(value, np.ndarray) and value.dtype == object and value.size < 1000:
        value = value.ravel().tolist()
    if isinstance(value, dict):
        value = list(value.values())
    return isinstance(value, (tuple, list)) and depth > 0 and any(is_unwritten(v, depth - 1) for v in value[:1000])


def holds_ellipsis(answer: Any) -> bool:
    """Tell whether a function computes with `...`, in its own code or in a function inside it.

    It may be right all the same (`x[...]`), so ask only where the function failed. A line that is nothing but `...`
    leaves no trace in the code, and does no harm.

    >>> holds_ellipsis(lambda r: 2 * ...), holds_ellipsis(lambda r: 2 * r)
    (True, False)
    """
    code = getattr(answer, "__code__", None)
    return isinstance(code, CodeType) and _in_constants(code)


def _in_constants(code: CodeType) -> bool:
    return any(_in_constants(c) if isinstance(c, CodeType) else is_unwritten(c) for c in code.co_consts)


def is_huge(value: Any, depth: int = 2) -> bool:
    """Tell whether a range, list or the like is too long to be read into an array.

    >>> is_huge(range(10**9)), is_huge((2, 3, 5))
    (True, False)
    """
    if hasattr(type(value), "__array__") or not hasattr(type(value), "__len__"):
        return False  # an array or a tensor is in memory already, whatever its length
    try:
        long = len(value) > LONGEST
    except OverflowError:  # a length beyond what an index can hold
        return True
    return long or (isinstance(value, (tuple, list)) and depth > 0 and any(is_huge(v, depth - 1) for v in value))
