"""Watching an answer at work, where what it returns does not tell enough."""

from collections.abc import Callable
from typing import Any

import numpy as np


def strictly(answer: Callable, *arguments: Any) -> Any:
    """Run an answer so that NumPy raises FloatingPointError where it would warn of overflow, log(0) or inf - inf.

    >>> strictly(lambda z: 1 / (1 + np.exp(-z)), np.array([-1000.0]))
    Traceback (most recent call last):
    FloatingPointError: overflow encountered in exp
    """
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        return answer(*arguments)
