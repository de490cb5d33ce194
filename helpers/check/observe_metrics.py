"""Watching answers that return two arrays, one number a class: they may come in one table, or one by one."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch


def two_rows(answer: Callable, *arguments: Any) -> Any:
    """Run an answer and hand on its two arrays, apart if they came in one table of two rows, or one by one.

    Raises Mismatch where a dict comes back, or a table whose columns are the two.

    >>> two_rows(lambda m: np.stack([m.sum(axis=0), m.sum(axis=1)]), np.array([[1, 2, 0], [3, 4, 0], [0, 0, 1]]))
    [array([4, 6, 1]), array([3, 7, 1])]
    """
    found = answer(*arguments)
    if isinstance(found, dict):
        raise Mismatch("a dict came back: return the two arrays without their names, precision first")
    if isinstance(found, Iterator):
        return tuple(islice(found, 9))
    if not isinstance(found, np.ndarray) or found.ndim != 2:
        return found
    if len(found) == 2:
        return list(found)
    if found.shape[1] == 2:
        raise Mismatch("found a row for each class: return two arrays, the precision of all classes, then the recall")
    return found
