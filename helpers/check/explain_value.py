"""Finding words for a value that no known slip explains, without giving the right one away."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.check.attempt import Attempt, Raised
from helpers.check.compare import Mismatch, to_numbers
from helpers.check.words import show

if TYPE_CHECKING:
    from helpers.check.engine import Exercise

CLOSE = 0.05  # relative: nearer than this, the way was right and too few digits were kept
_CLOSE = "close: give three digits"


def explain_value(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> tuple[str, bool]:
    """Say what is wrong with a value, and whether that holds for all of its wrong parts."""
    outcome = attempt.outcomes[0]
    if isinstance(outcome, Raised):
        return f"this answer cannot be read ({outcome.kind})", False
    if isinstance(outcome, Mismatch):  # too few parts, or too many
        return str(outcome), False
    expected = exercise.expected(exercise.reference, ())
    said = {i: _form(exercise, outcome[i], expected[i]) for i in wrong}
    if len(set(said.values())) == 1 and said[wrong[0]]:
        return said[wrong[0]], True
    for i, text in said.items():
        if text and text != _CLOSE:
            return f"{exercise.parts[i]}: {text}", False
    given = show(outcome[wrong[0]] if len(wrong) == 1 else tuple(outcome[i] for i in wrong))
    return f"{given} is not it. {exercise.hint}", True


def _form(exercise: "Exercise", value: Any, right: Any) -> str:
    """Explain a value of the wrong form, or one that is nearly right; nothing where it is another value altogether."""
    if value is None:
        return ""
    if (text := _first_text(value)) is not None:
        return f"found the text {show(text)}: write it without quotes"
    if exercise.wants_shape and isinstance(value, np.ndarray) and (value.ndim > 1 or value.size > 4):
        return "this is an array, a shape is asked: hand over its shape, .shape"
    try:
        numbers = to_numbers(value)
    except Mismatch as mismatch:
        return f"{mismatch}. {exercise.hint}"
    if np.ndim(right) == 0 and numbers.size != 1:
        return f"one number expected, found {numbers.size}"
    if isinstance(right, float) and abs(numbers.item() - right) <= CLOSE * abs(right):
        return _CLOSE
    return ""


def _first_text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    inside = value[:100] if isinstance(value, (tuple, list)) else ()
    return next((v for v in inside if isinstance(v, str)), None)
