"""Checks that tell at once whether an answer is right and which slip it has: check.<exercise>(answer)."""

import difflib

from helpers.check import (
    extra_photos,
    lesson00,
    lesson01,
    lesson02,
    lesson03,
    lesson04,
    lesson05,
    lesson06,
    lesson07,
    lesson08,
    lesson09,
    lesson13,
    lesson14,
    lesson16,
)
from helpers.check.engine import Exercise, Slip, exercises_of, lesson_name
from helpers.check.installation import installation

__all__ = ["Exercise", "Slip", "installation", "progress"]

_MODULES = (
    lesson00,
    lesson01,
    lesson02,
    lesson03,
    lesson04,
    lesson05,
    lesson06,
    lesson07,
    lesson08,
    lesson09,
    lesson13,
    lesson14,
    lesson16,
)
_LESSONS = {lesson_name(module): exercises_of(module) for module in _MODULES}
_EXTRAS = {"extra_transfer_imagenet": exercises_of(extra_photos)}
_ALL = _LESSONS | _EXTRAS


def __getattr__(name: str) -> Exercise:
    for exercises in _ALL.values():
        if name in exercises:
            return exercises[name]
    near = difflib.get_close_matches(name, __dir__(), n=1)
    raise AttributeError(f"there is no check.{name}." + (f" Did you mean check.{near[0]}?" if near else ""))


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for exercises in _ALL.values() for name in exercises)])


def progress() -> None:
    """Print which exercises are solved in this kernel, for every lesson that was touched in it."""
    touched = {k: v for k, v in _ALL.items() if any(e.attempted for e in v.values())}
    if not touched:
        print("○ no check was called in this kernel yet: run the exercises' cells first.")
    for lesson, exercises in touched.items():
        solved = sum(e.status == "✓" for e in exercises.values())
        print(f"{lesson if lesson in _EXTRAS else f'Lesson {lesson}'}: {solved} of {len(exercises)} solved")
        for name, exercise in exercises.items():
            print(f"  {exercise.status} {name}")
