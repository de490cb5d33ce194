"""Making wrong functions from right ones, so that a lesson's slips stay one line each."""

from collections.abc import Callable
from typing import Any


def times(factor: float | Callable, right: Callable) -> Callable:
    """Multiply what a function returns, part by part, by a number or by a function of the arguments.

    >>> times(-1, lambda x: (x, 2 * x))(3)
    (-3, -6)
    """

    def wrong(*arguments: Any) -> Any:
        by = factor(*arguments) if callable(factor) else factor
        value = right(*arguments)
        return tuple(by * part for part in value) if isinstance(value, tuple) else by * value

    return wrong


def exchanged(right: Callable) -> Callable:
    """Return the parts of a function in reverse order.

    >>> exchanged(lambda x: (x, 2 * x))(3)
    (6, 3)
    """
    return then(right, lambda value: value[::-1])


def then(right: Callable, change: Callable) -> Callable:
    """Do something to what a function returns.

    >>> then(lambda x: [x, 2 * x], sum)(3)
    9
    """
    return lambda *arguments: change(right(*arguments))
