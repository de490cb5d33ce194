"""Telling whether an answer is still a stub, and whether it is too long to be one."""

import dis
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
    leaves no trace in the code, and does no harm. Among other indices, `x[..., None]`, it is written.

    >>> holds_ellipsis(lambda r: 2 * ...), holds_ellipsis(lambda r: 2 * r), holds_ellipsis(lambda r: r[..., None])
    (True, False, False)
    """
    code = getattr(answer, "__code__", None)
    return isinstance(code, CodeType) and _computes_with_it(code)


def _computes_with_it(code: CodeType) -> bool:
    steps = list(dis.get_instructions(code))
    constants = [(i, step.argval) for i, step in enumerate(steps) if step.opcode in dis.hasconst]
    return any(
        _computes_with_it(value) if isinstance(value, CodeType) else is_unwritten(value) and not _is_index(steps, i)
        for i, value in constants
    )


def _is_index(steps: list[dis.Instruction], i: int) -> bool:
    """Tell whether what step i loads becomes an index beside others: a tuple before a subscript."""
    above = 0  # values on the stack above the ellipsis
    while not isinstance(steps[i].argval, tuple):
        i += 1
        if i == len(steps):
            return False
        step = steps[i]
        if step.opname == "BUILD_TUPLE" and step.arg > above:
            break
        above += dis.stack_effect(step.opcode, step.arg)
        if above < 0 or step.opcode in dis.hasjrel:
            return False
    following = steps[i + 1].opname if i + 1 < len(steps) else ""
    return following in ("BINARY_SUBSCR", "STORE_SUBSCR", "COPY")  # COPY: x[..., i] += 1


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
    except TypeError:  # a sparse matrix has none
        return False
    return long or (isinstance(value, (tuple, list)) and depth > 0 and any(is_huge(v, depth - 1) for v in value))
