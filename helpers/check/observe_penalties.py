"""Watching answers of lesson 13: what is written for lists, arrays or numbers is run with what it understands."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch
from helpers.check.unwritten import is_unwritten

_THREE = "three things are expected: w, m, s"


def arrays_or_lists(answer: Callable, *series: np.ndarray) -> Any:
    """Run an answer on arrays, and on lists where arrays make it fail.

    >>> arrays_or_lists(lambda lams, losses: lams[losses.index(min(losses))], np.array([1, 2]), np.array([0.5, 0.3]))
    2
    """
    lists = [part.tolist() for part in series]
    return _one_or_the_other(lambda: answer(*series), lambda: answer(*lists))


def numbers_too(answer: Callable, z: Any, t: float) -> Any:
    """Run an answer on z, and on an array of one number where z is a number and makes it fail.

    >>> float(numbers_too(lambda z, t: [2 * v for v in z], 1.5, 0.1))
    3.0
    """
    if np.ndim(z):
        return answer(z, t)
    return _one_or_the_other(lambda: answer(z, t), lambda: answer(np.array([z]), t)[0])


def _one_or_the_other(first: Callable, second: Callable) -> Any:
    """Return what the first call gives, else the second; raise what the first one raised where both fail."""
    try:
        return first()
    except Exception as error:
        try:
            return second()
        except Exception:
            raise error from None


def loss_and_gradient(answer: Callable, theta: np.ndarray, *rest: Any) -> Any:
    """Run an answer and hand on loss and gradient, apart if they came one by one or in an array of objects.

    Raises Mismatch where one of them is missing, or both came in one array of numbers.

    >>> loss_and_gradient(lambda theta: iter([1.5, theta]), np.array([2.0, 0.5]))
    (1.5, array([2. , 0.5]))
    """
    found = answer(theta, *rest)
    if is_unwritten(found):
        return ...
    if isinstance(found, Iterator) or (isinstance(found, np.ndarray) and found.dtype == object):
        return tuple(islice(found, 9)) if np.ndim(found) or isinstance(found, Iterator) else found
    if isinstance(found, dict):
        raise Mismatch("a dict came back: return loss, grad without their names")
    size = np.size(found) if isinstance(found, np.ndarray) or np.isscalar(found) else 0
    if size == len(theta) + 1:
        raise Mismatch("loss and gradient came in one array: return the two, loss, grad")
    if size == 1 or size == len(theta):
        raise Mismatch(f"the {'loss' if size == 1 else 'gradient'} alone came back: return both, loss, grad")
    return found


def three(answer: Callable, w: np.ndarray, *rest: Any) -> Any:
    """Run a rule and hand on w, m and s, apart if they came in one array or one by one.

    Raises Mismatch where they come otherwise: as a dict, with a state in parentheses of its own, with t behind them.

    >>> three(lambda w, grad: np.stack([w, grad, grad**2]), np.ones(2), np.zeros(2))
    (array([1., 1.]), array([0., 0.]), array([0., 0.]))
    """
    shape = np.shape(w)
    found = answer(w, *rest)
    if is_unwritten(found):
        return ...
    if isinstance(found, Iterator) or (isinstance(found, np.ndarray) and found.shape == (3, *shape)):
        found = tuple(islice(found, 9))
    if isinstance(found, dict):
        raise Mismatch("a dict came back: return w, m, s without their names")
    if isinstance(found, np.ndarray) or np.isscalar(found):
        raise Mismatch(f"one thing came back, {_THREE}. The next step begins with them")
    if isinstance(found, (tuple, list)) and len(found) == 2:
        nested = isinstance(found[1], (tuple, list)) or np.ndim(found[1]) > len(shape)
        why = ", without parentheses of their own" if nested else ". The next step needs both means"
        raise Mismatch(f"two things came back, {_THREE}{why}")
    if isinstance(found, (tuple, list)) and len(found) == 4:
        raise Mismatch(f"four things came back, {_THREE}. Whoever calls the step counts t")
    return found
