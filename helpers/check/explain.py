"""Finding words for a wrong answer: the slip it behaves like, or what its numbers say."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.check.attempt import Attempt, Raised
from helpers.check.compare import Mismatch, Unreadable, compare, to_numbers
from helpers.check.explain_function import explain_function
from helpers.check.explain_value import explain_value
from helpers.check.words import listed

if TYPE_CHECKING:
    from helpers.check.engine import Exercise, Slip


def explain(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Say what is likely wrong with an answer whose parts `wrong` differ; the best explanation comes first."""
    everything = list(range(max(1, len(exercise.parts))))
    for parts in (everything, wrong):
        if hint := _slip_hint(exercise, attempt, parts):
            return (right_parts(exercise, wrong) if parts != everything else "") + hint
    if several := _part_by_part(exercise, attempt, wrong):
        return several
    if exercise.wants_function:
        return explain_function(exercise, attempt, wrong)
    text, of_the_wrong_parts = explain_value(exercise, attempt, wrong)
    return (right_parts(exercise, wrong) if of_the_wrong_parts else "") + text


def _slip_hint(exercise: "Exercise", attempt: Attempt, parts: list[int]) -> str:
    return next((slip.hint for slip in exercise.slips if _behaves_like(exercise, attempt, slip, parts)), "")


def _part_by_part(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Name a slip for each wrong part, where each has one of its own."""
    if len(wrong) < 2 or not all(isinstance(outcome, list) for outcome in attempt.outcomes):
        return ""
    hints = [_slip_hint(exercise, attempt, [i]) for i in wrong]
    if not all(hints):
        return ""
    return ". ".join(f"{exercise.parts[i]}: {hint}" for i, hint in zip(wrong, hints, strict=True))


def right_parts(exercise: "Exercise", wrong: list[int]) -> str:
    """Praise the parts that are right, where some are, and name the others."""
    right = [name for i, name in enumerate(exercise.parts) if i not in wrong]
    if not right:
        return ""
    is_are = "is" if len(right) == 1 else "are"
    return f"{listed(right)} {is_are} right; {listed([exercise.parts[i] for i in wrong])}: "


def _behaves_like(exercise: "Exercise", attempt: Attempt, slip: "Slip", parts: list[int]) -> bool:
    """Whether an answer equals a slip in these parts on every case (to raise alike counts as equal)."""
    for mine, its in zip(attempt.outcomes, exercise.outcomes(slip.wrong), strict=True):
        if isinstance(mine, list) and isinstance(its, list):
            if not all(_same(exercise, mine[i], its[i]) for i in parts):
                return False
        elif isinstance(mine, Raised) and isinstance(its, Raised):
            if not mine.is_like(its):
                return False
        elif not (isinstance(mine, Mismatch) and isinstance(its, Mismatch) and str(mine) == str(its)):
            return False
    return True


def _same(exercise: "Exercise", a: Any, b: Any) -> bool:
    a, b = _read(a), _read(b)
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    if not a.size and not b.size:  # two empty ones are the same, whatever their shapes
        return True
    try:
        compare(a, b, exercise.rtol, exercise.exact_shape)
    except Mismatch:
        return False
    return True


def _read(value: Any) -> np.ndarray | str:
    try:
        return to_numbers(value)
    except Unreadable as unreadable:
        return str(unreadable)
