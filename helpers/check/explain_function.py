"""Finding words for a function that no known slip explains: its form, a factor, or the first case that differs."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.check.attempt import Attempt, Raised
from helpers.check.compare import Mismatch, Unreadable, compare, to_numbers
from helpers.check.words import listed, shape_words, show

if TYPE_CHECKING:
    from helpers.check.engine import Exercise


def explain_function(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Say how a function's values differ from the right ones."""
    return form(exercise, attempt) or _numbers(exercise, attempt, wrong) or _first_difference(exercise, attempt)


def _describe(exercise: "Exercise", case: tuple) -> str:
    known = [
        pair for pair in zip(exercise.arguments, case, strict=False) if not isinstance(pair[1], np.random.Generator)
    ]
    given = ", ".join(f"{name} = {show(value)}" for name, value in known)
    return f" (with {given})" if given else ""


def form(exercise: "Exercise", attempt: Attempt) -> str:
    """Explain an exception, or an answer of the wrong form or shape; nothing where there is neither."""
    for case, outcome in zip(exercise.cases, attempt.outcomes, strict=True):
        if isinstance(outcome, Raised):
            if outcome.kind == "FloatingPointError":  # raised by `strictly` where NumPy only warns
                return f"NumPy warns ({outcome.text}){outcome.place}: {outcome.cure}{_describe(exercise, case)}"
            if outcome.cure:
                return f"it raises {outcome.kind}{outcome.place}: {outcome.cure}{_describe(exercise, case)}"
            text = f"{outcome.kind}{': ' if outcome.text else ''}{outcome.text}"
            return f"it raises {text}{outcome.place}{_describe(exercise, case)}"
        if isinstance(outcome, Mismatch):
            return str(outcome) + _describe(exercise, case)
        for i, (found, right) in enumerate(zip(outcome, exercise.expected(exercise.reference, case), strict=True)):
            try:
                compare(found, right, exercise.rtol, exercise.exact_shape)
            except Mismatch as mismatch:
                part = f"{exercise.parts[i]}: " if exercise.parts else ""
                if isinstance(mismatch, Unreadable):
                    return part + str(mismatch) + _describe(exercise, case)
                if mismatch.shapes:
                    return part + shape_words(*mismatch.shapes, _has_a_pair(case)) + _describe(exercise, case)
    return ""


def _has_a_pair(case: tuple) -> bool:
    """Whether two arguments are arrays, so that one could have spread against the other."""
    return sum(isinstance(value, np.ndarray) for value in case) > 1


def _numbers(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> str:
    """Say so where every wrong number is 0, or nearly right, or the same multiple of the right one."""
    pairs = _pairs(exercise, attempt, wrong)
    if not pairs:
        return ""
    which = listed([exercise.parts[i] for i in wrong]) if exercise.parts else "every number"
    many = bool(exercise.parts) and len(wrong) > 1
    if all(np.all(np.abs(found) < 1e-12) for _, found in pairs):
        return (
            f"{which} {'are' if many else 'is'} 0: is a step or a shift 0, or is something taken from itself? "
            "(After `a = b` both names mean one and the same array)"
        )
    off = max(np.max(np.abs(found - right)) / max(np.max(np.abs(right)), 1e-9) for right, found in pairs)
    if off < 1e-2:
        return f"right to about {int(-np.log10(off))} digits, no more: a finite difference, or rounding?"
    return _ratio(pairs, which, many)


def _pairs(exercise: "Exercise", attempt: Attempt, wrong: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Collect right and found numbers of the wrong parts, case by case; none at all where some cannot be compared."""
    pairs = []
    for case, outcome in zip(exercise.cases, attempt.outcomes, strict=True):
        expected = exercise.expected(exercise.reference, case)
        for i in wrong:
            try:
                right, found = np.ravel(np.asarray(expected[i], dtype=float)), np.ravel(to_numbers(outcome[i]))
            except (Mismatch, TypeError, ValueError):
                return []
            if right.shape != found.shape or not np.all(np.isfinite(found)):
                return []
            if right.size:
                pairs.append((right, found))
    return pairs


def _ratio(pairs: list[tuple[np.ndarray, np.ndarray]], which: str, many: bool) -> str:
    right, found = (np.concatenate(numbers) for numbers in zip(*pairs, strict=True))
    nonzero = np.abs(right) > 1e-9
    if np.any(np.abs(found[~nonzero]) > 1e-6) or np.sum(nonzero) < 3:
        return ""
    ratios = found[nonzero] / right[nonzero]
    if not np.allclose(ratios, ratios[0], rtol=1e-4, atol=0) or np.isclose(ratios[0], 1, rtol=1e-3):
        return ""
    if np.isclose(ratios[0], -1):
        return f"{which} {'have' if many else 'has'} the opposite sign"
    return (
        f"{which} {'come' if many else 'comes'} out {ratios[0]:.4g} times what is expected, in every case: "
        "look for a constant factor"
    )


def _first_difference(exercise: "Exercise", attempt: Attempt) -> str:
    """Give the first case on which the answer differs, with expected and found."""
    for case, outcome in zip(exercise.cases, attempt.outcomes, strict=True):
        for i, right in enumerate(exercise.expected(exercise.reference, case)):
            try:
                compare(outcome[i], right, exercise.rtol, exercise.exact_shape)
            except Mismatch as mismatch:
                part = f"{exercise.parts[i]}: " if exercise.parts else ""
                return f"{part}{mismatch}{_describe(exercise, case)}" + (f". {exercise.hint}" if exercise.hint else "")
    return exercise.hint or "not right yet"
