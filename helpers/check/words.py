"""Words for values, names and shapes, short enough for one line."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.check.unwritten import is_huge

LONGEST_TEXT = 80


def plain(text: str, length: int = LONGEST_TEXT) -> str:
    """Bring a text onto one line, without memory addresses, cut where it is too long.

    >>> plain("<function f at 0x7f00>"), plain("1" * 200, 5)
    ('<function f>', '11111…')
    """
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", " ".join(text.split()))
    return text if len(text) <= length else text[:length] + "…"


def show(value: Any) -> str:
    """Write a value short enough for one line, whatever it is."""
    try:
        if is_huge(value):
            return plain(repr(value)) if isinstance(value, range) else f"{len(value)} values"
        if callable(value):
            name = getattr(value, "__doc__", None) or getattr(value, "__name__", "a function")
            return plain(name.strip().splitlines()[0])
        if isinstance(value, (str, bool, np.bool_)):
            return plain(repr(value if isinstance(value, str) else bool(value)))
        if isinstance(value, (tuple, list)) and len(value) < 7 and not all(np.ndim(v) == 0 for v in value):
            return "(" + ", ".join(show(v) for v in value) + ")"
        return _show_array(value, np.asarray(value))
    except Exception:  # an answer may be any object at all, even one whose repr raises
        return f"an object of type {type(value).__name__}"


def _show_array(value: Any, array: np.ndarray) -> str:
    if array.ndim == 0 and array.dtype.kind in "fiu":
        return f"{array.item():.6g}"
    if isinstance(value, tuple) and array.ndim == 1 and len(value) < 7:
        return "(" + ", ".join(show(v) for v in value) + ("," if len(value) == 1 else "") + ")"
    for edge in (2, 1):
        text = np.array2string(array, precision=4, threshold=6, edgeitems=edge, separator=", ", suppress_small=True)
        if len(plain(text, 1000)) <= LONGEST_TEXT:
            break
    return plain(text) + (f" of shape {array.shape}" if array.size > 6 or array.ndim > 1 else "")


def listed(names: Sequence[str]) -> str:
    """Join names with commas and a last "and".

    >>> listed(["w"]), listed(["loss", "dL/dw", "dL/db"])
    ('w', 'loss, dL/dw and dL/db')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def shape_words(found: tuple[int, ...], expected: tuple[int, ...], pairs: bool = True) -> str:
    """Say what a wrong shape means and what to do about it; `pairs` where a column could have met a flat array."""
    words = f"found shape {found}, expected {expected or 'one number'}"
    if not expected:
        return words + ": is a mean or a sum missing?"
    if not found:
        return _too_few(expected)
    if pairs and len(found) == 2 and len(expected) == 1 and found[0] == found[1] == expected[0] > 1:
        return words + ": a column (n, 1) met a flat array (n,) and spread to n x n. Flatten both, with .ravel()"
    if sorted(d for d in found if d != 1) != sorted(d for d in expected if d != 1):
        return words
    if len(found) > len(expected):
        return words + ": the numbers may be right, but there is an axis too many. Flatten it, with .ravel() or [:, 0]"
    if len(found) < len(expected):
        return words + ": an axis is missing. Keep it, with .reshape(-1, 1) or keepdims=True"
    return words + ": the axes are exchanged; is a transpose missing, or one too many?"


def _too_few(expected: tuple[int, ...]) -> str:
    if len(expected) > 1:
        return f"one number, where a table of shape {expected} is expected: a mean or a sum too many?"
    if expected == (1,):
        return "one bare number, where an array of shape (1,) is expected"
    return f"one number, where {expected[0]} are expected: a mean or a sum too many, or `a =` for `a[i] =` in a loop?"
