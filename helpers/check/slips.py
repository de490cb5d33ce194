"""Listing slips: one hint for several mistakes, and mistakes combined with wrong factors."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from helpers.check.engine import Slip
from helpers.check.wrong import times


def alike(hint: str, *wrongs: Any) -> list[Slip]:
    """Give one hint to several mistakes.

    >>> [(slip.hint, slip.wrong) for slip in alike("the sign", -2, -3)]
    [('the sign', -2), ('the sign', -3)]
    """
    return [Slip(hint, wrong) for wrong in wrongs]


def both(first: str, second: str) -> str:
    """Join two hints; either may be empty.

    >>> both("the sign", ""), both("the sign", "twice too large")
    ('the sign', 'the sign. And twice too large')
    """
    return ". And ".join(filter(None, [first, second]))


def every_pair(variants: Sequence[tuple[str, Callable]], factors: Sequence[tuple[str, float | Callable]]) -> list[Slip]:
    """Combine wrong functions with wrong factors; what has no hint is right, and two hints are both said.

    >>> [slip.hint for slip in every_pair([("", abs), ("squared", lambda x: x * x)], [("", 1), ("doubled", 2)])]
    ['doubled', 'squared', 'squared. And doubled']
    """
    pairs = product(variants, factors)
    return [Slip(both(a, b), times(factor, wrong)) for (a, wrong), (b, factor) in pairs if a or b]
