"""Finding words for a wrong answer: the slip it behaves like, its form, a factor, or the first case that differs."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.check.attempt import Attempt, Raised
from helpers.check.compare import Mismatch, compare, show, to_numbers

if TYPE_CHECKING:
    from helpers.check.engine import Exercise, Slip


def explain(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Say what is likely wrong with an answer whose parts `wrong` differ; the best explanation comes first."""
    everything = list(range(max(1, len(exercise.parts))))
    for parts in (everything, wrong):
        for slip in exercise.slips:
            if _behaves_like(exercise, attempt, slip, parts):
                return _right_parts(exercise, wrong, parts != everything) + slip.hint
    return _form(exercise, attempt) or _ratio(exercise, attempt, wrong) or _first_difference(exercise, attempt, wrong)


def _behaves_like(exercise: "Exercise", attempt: Attempt, slip: "Slip", parts: list[int]) -> bool:
    """Whether an answer equals a slip in these parts on every case (to raise alike counts as equal)."""
    ghost = exercise.attempt(slip.wrong)
    for mine, its in zip(attempt.outcomes, ghost.outcomes, strict=True):
        if isinstance(mine, list) and isinstance(its, list):
            if not all(_same(mine[i], its[i], exercise.rtol) for i in parts):
                return False
        elif isinstance(mine, Raised) and isinstance(its, Raised):
            if mine.kind != its.kind:
                return False
        elif not (isinstance(mine, Mismatch) and isinstance(its, Mismatch) and str(mine) == str(its)):
            return False
    return True


def _same(a: Any, b: Any, rtol: float) -> bool:
    try:
        compare(a, b if isinstance(b, str) else to_numbers(b), rtol)
    except Mismatch:
        return False
    return True


def _right_parts(exercise: "Exercise", wrong: list[int], some: bool) -> str:
    """Praise the parts that are right, where some are, and name the others."""
    right = [name for i, name in enumerate(exercise.parts) if i not in wrong]
    if not some or not right:
        return ""
    is_are = "is" if len(right) == 1 else "are"
    return f"{', '.join(right)} {is_are} right; {', '.join(exercise.parts[i] for i in wrong)}: "


def _describe(exercise: "Exercise", case: tuple) -> str:
    given = ", ".join(f"{name} = {show(value)}" for name, value in zip(exercise.arguments, case, strict=False))
    return f" (with {given})" if given else ""


def _form(exercise: "Exercise", attempt: Attempt) -> str:
    """Explain an exception, or an answer of the wrong form or shape."""
    for case, outcome in zip(exercise.cases, attempt.outcomes, strict=True):
        if isinstance(outcome, Raised):
            text = f"{outcome.kind}{': ' if outcome.text else ''}{outcome.text}"
            return f"it raises {text}{outcome.place}{_describe(exercise, case)}"
        if isinstance(outcome, Mismatch):
            return str(outcome) + _describe(exercise, case)
        for i, (found, right) in enumerate(zip(outcome, exercise.expected(exercise.reference, case), strict=True)):
            try:
                compare(found, right, exercise.rtol)
            except Mismatch as mismatch:
                if mismatch.shape:
                    return (f"{exercise.parts[i]}: " if exercise.parts else "") + str(mismatch)
    return ""


def _ratio(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Say so where every wrong number is the same multiple of the right one."""
    if not exercise.wants_function:
        return ""  # it would spoil the value that is asked for
    ratios: list[float] = []
    for case, outcome in zip(exercise.cases, attempt.outcomes, strict=True):
        expected = exercise.expected(exercise.reference, case)
        for i in wrong:
            try:
                right, found = np.ravel(np.asarray(expected[i], dtype=float)), np.ravel(to_numbers(outcome[i]))
            except (Mismatch, TypeError, ValueError):
                return ""
            nonzero = np.abs(right) > 1e-9
            if right.shape != found.shape or np.any(np.abs(found[~nonzero]) > 1e-6):
                return ""
            ratios.extend(found[nonzero] / right[nonzero])
    if len(ratios) < 3 or not np.isfinite(ratios[0]) or not np.allclose(ratios, ratios[0], rtol=1e-4, atol=0):
        return ""
    which = ", ".join(exercise.parts[i] for i in wrong) if exercise.parts else "every number"
    if np.isclose(ratios[0], -1):
        return f"{which} has the opposite sign"
    return f"{which} comes out {ratios[0]:.4g} times what is expected, in every case: look for a constant factor"


def _first_difference(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Give the first case on which the answer differs, with expected and found; spoil no value that is asked for."""
    if not exercise.wants_function:
        found = attempt.outcomes[0]
        given = show(found[wrong[0]] if len(wrong) == 1 else tuple(found))
        return f"{_right_parts(exercise, wrong, True)}{given} is not it. {exercise.hint}"
    for case, outcome in zip(exercise.cases, attempt.outcomes, strict=True):
        for i, right in enumerate(exercise.expected(exercise.reference, case)):
            try:
                compare(outcome[i], right, exercise.rtol)
            except Mismatch as mismatch:
                part = f"{exercise.parts[i]}: " if exercise.parts else ""
                return f"{part}{mismatch}{_describe(exercise, case)}" + (f". {exercise.hint}" if exercise.hint else "")
    return exercise.hint or "not right yet"
