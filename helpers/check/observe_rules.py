"""Watching update rules: the weights and the memory that come back are laid open, so that each can be compared."""

from collections.abc import Callable, Iterator, Sequence, ValuesView
from itertools import islice
from types import EllipsisType
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, to_numbers
from helpers.check.unwritten import is_unwritten

TWO = "one thing came back, two are expected"


def pair(answer: Callable, w: np.ndarray, *rest: Any) -> Any:
    """Run a rule and hand on the two things that come back, apart if they came in one array or one by one.

    Raises Mismatch where one array or number alone comes back, a dict, or None for one of the two.

    >>> pair(lambda w, grad: np.array([w - grad, grad]), np.ones(3), np.ones(3))
    (array([0., 0., 0.]), array([1., 1., 1.]))
    """
    shape = np.shape(w)
    found = answer(w, *rest)
    if is_unwritten(found):
        return ...
    if isinstance(found, Iterator) or (isinstance(found, np.ndarray) and found.shape == (2, *shape)):
        found = tuple(islice(found, 9))
    if isinstance(found, dict):
        raise Mismatch("a dict came back: return the two without their names, the weights first")
    if isinstance(found, np.ndarray) or np.isscalar(found):
        raise Mismatch(f"{TWO}: the weights, and what the rule remembers for its next step")
    if isinstance(found, (tuple, list)) and any(part is None for part in found):
        raise Mismatch("None came back for the weights or for what the rule remembers: the next step needs both")
    return found


def with_state(answer: Callable, w: np.ndarray, *rest: Any) -> Any:
    """Run a rule of Adam's kind and lay its state open: (w, m, s, t). Raises Mismatch where the state is no (m, s, t).

    A t that stands in an array, everywhere the same, is one number.

    >>> with_state(lambda w, state: (w - 1, (w, w**2, np.array([3.0, 3.0]))), np.array([2.0, 1.0]), None)
    (array([1., 0.]), array([2., 1.]), array([4., 1.]), np.float64(3.0))
    """
    found = pair(answer, w, *rest)
    if found is ... or not isinstance(found, (tuple, list)):
        return found
    if len(found) != 2:
        raise Mismatch(f"{len(found)} things came back, two are expected: w, and the state (m, s, t) in a tuple")
    new, state = found
    if not isinstance(state, (tuple, list, np.ndarray)) or len(state) != 3:
        raise Mismatch(f"the state that came back is {_kind(state)}, not (m, s, t), a tuple of three")
    if any(part is None for part in state):
        raise Mismatch("the state that came back holds None, not (m, s, t), two arrays and a number")
    m, s, t = state
    counts = np.unique(to_numbers(t))
    return new, m, s, counts[0] if counts.size == 1 else t


def lists(
    answer: Callable, rule: Callable, params: Sequence, grads: Sequence, states: Sequence, eta: float
) -> tuple[np.ndarray, np.ndarray] | EllipsisType:
    """Run an update of several arrays; return all numbers of the new params and all of the new states, each in one row.

    Raises Mismatch where not one array of the right shape and one state come back for each array of weights.

    >>> lists(lambda rule, params, *rest: (params, [(1, 2)]), abs, [np.ones(2)], [], [None], 0.1)
    (array([1., 1.]), array([1., 2.]))
    """
    shapes = [p.shape for p in params]
    found = answer(rule, params, grads, states, eta)
    found = list(found) if isinstance(found, Iterator) else found
    if is_unwritten(found):
        return ...
    if found is None:
        raise Mismatch("found None: is the `return` missing?")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        raise Mismatch(f"two lists are expected, the new params and the new states; found {_kind(found)}")
    new, kept = map(_listed, found)
    if is_unwritten((new, kept)):
        return ...
    _see_that_each_has_its_own(new, kept, shapes)
    return _numbers(new), _numbers(kept)


def _listed(part: Any) -> Any:
    in_rows = isinstance(part, np.ndarray) and part.ndim > 0
    return list(part) if in_rows or isinstance(part, (Iterator, ValuesView)) else part


def _see_that_each_has_its_own(new: Any, kept: Any, shapes: list[tuple[int, ...]]) -> None:
    for name, part in (("params", new), ("states", kept)):
        if not isinstance(part, (tuple, list)):
            raise Mismatch(f"the new {name} are no list: one for each of the {len(shapes)} arrays is expected")
        if len(part) != len(shapes):
            raise Mismatch(f"the new {name} are {len(part)}, for {len(shapes)} arrays of weights")
        if any(each is None for each in part):
            raise Mismatch(f"among the new {name} is None: keep both things that the rule returns, each in its list")
    for i, (w, shape) in enumerate(zip(new, shapes, strict=True)):
        if (now := to_numbers(w).shape) != shape:
            raise Mismatch(f"params[{i}] came with shape {shape} and goes with shape {now}")


def _numbers(value: Any) -> np.ndarray:
    """Put all numbers of nested lists into one row."""
    if isinstance(value, (tuple, list)):
        return np.concatenate([np.empty(0), *map(_numbers, value)])
    return np.ravel(to_numbers(value))


def _kind(found: Any) -> str:
    if isinstance(found, np.ndarray):
        return "one array"
    return f"a {type(found).__name__}" + (f" of {len(found)}" if isinstance(found, (tuple, list)) else "")
