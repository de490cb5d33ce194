"""Running an answer on the cases of an exercise, so that nothing it does reaches the reader's session."""

import copy
import inspect
import linecache
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, split
from helpers.check.guard import guarded
from helpers.check.unwritten import is_unwritten
from helpers.check.words import plain

_CURES = {  # what to say instead of Python's or NumPy's own text
    r"only integers, slices|indices must be integers|arrays used as indices": "an index must be a whole number: "
    "loop over range(len(x)), not over x itself",
    r"cannot be interpreted as an integer": "range() counts, so it wants a whole number, such as len(x)",
    r"overflow encountered": "a number grew beyond what a float64 can hold, about 1e308; exp does so from 710 on",
    r"divide by zero encountered in log": "the log of 0 is minus infinity",
    r"divide by zero": "something is divided by 0: look at what becomes 0, an exp of a very negative number perhaps",
    r"invalid value encountered": "inf / inf, inf - inf and 0 * inf are not numbers (nan): something became infinite "
    "on the way, or the log met a negative number",
    r"truth value of an array": "`if` decides once, and an array has as many answers as numbers: "
    "np.where(condition, a, b) decides for each",
    r"only (0-dimensional|length-1|size-1) arrays": "the functions of `math` take one number: np.exp, np.log and "
    "np.sqrt take arrays",
    r"bitwise_xor|for \^": "`^` is no power in Python: write `**`",
    r"bitwise_(and|or)": "`&` and `|` bind closer than `<=`: put each comparison into parentheses",
    r"Generator' object has no attribute": "a Generator has permutation, shuffle, choice, integers and random; "
    "rand and randint belong to np.random",
    r"Cannot cast ufunc": "an array of whole numbers cannot take fractions: begin with np.array(..., dtype=float)",
}


@dataclass(frozen=True)
class Raised:
    """An answer's exception, with the line of the reader's code in which it happened."""

    kind: str
    text: str
    place: str = ""

    @classmethod
    def from_exception(cls, error: BaseException) -> "Raised":
        """Keep what a reader can use of an exception: its kind, its text, and the line of a cell, if it was in one."""
        place, trace = "", error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if "ipykernel" in file or file.startswith("<ipython"):
                line = linecache.getline(file, trace.tb_lineno).strip()
                place = f", in your line {trace.tb_lineno}" + (f", `{line}`" if line else "")
            trace = trace.tb_next
        try:
            text = plain(str(error), 200)
        except Exception:  # an exception whose own text fails
            text = ""
        return cls(type(error).__name__, text, place)

    @property
    def says_unwritten(self) -> bool:
        """Whether it comes from computing with a `...` that still stands; NumPy's IndexError only mentions the word."""
        if self.kind == "IndexError":
            return False
        return "'ellipsis'" in self.text or (self.kind == "TypeError" and "ellipsis" in self.text)

    @property
    def cure(self) -> str:
        """What to do about it, where that is known."""
        return next((cure for pattern, cure in _CURES.items() if re.search(pattern, self.text)), "")

    def is_like(self, other: "Raised") -> bool:
        """Whether another exception is of the same kind and says the same, but for the numbers in it."""
        return self.kind == other.kind and re.sub(r"\d+", "", self.text) == re.sub(r"\d+", "", other.text)


@dataclass(frozen=True)
class Attempt:
    """An answer's outcome on every case: a list of parts, or a Raised, or the Mismatch of its outer form.

    `changed` names the first argument that the answer changed in place, if it did.
    """

    outcomes: list[Any]
    changed: str = ""

    @property
    def raised(self) -> Raised | None:
        """The first exception, if there was one."""
        return next((outcome for outcome in self.outcomes if isinstance(outcome, Raised)), None)


def run(answer: Callable, cases: tuple[tuple, ...], arguments: list[str], parts: tuple[str, ...]) -> Attempt:
    """Call an answer on copies of every case and collect what comes back."""
    outcomes, changed = [], ""
    for case in cases:
        given = copy.deepcopy(case)
        outcomes.append(_outcome(answer, given, parts))
        spoiled = (name for name, was, now in zip(arguments, case, given, strict=False) if _differs(was, now))
        changed = changed or next(spoiled, "")
    return Attempt(outcomes, changed)


def _outcome(answer: Callable, given: tuple, parts: tuple[str, ...]) -> Any:
    try:
        with guarded():
            found = answer(*given)
            if inspect.iscoroutine(found):
                found.close()  # else Python warns that it was never awaited
                return Mismatch("found a coroutine: leave `async` away")
            if is_unwritten(found):
                return Raised("TypeError", "'ellipsis'")
            return split(_snapshot(found), parts)
    except Mismatch as mismatch:
        return mismatch
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: a check never ends the reader's session
        return Raised.from_exception(error)


def _snapshot(found: Any) -> Any:
    """Copy an outcome, so that a later call cannot change it; what cannot be copied (a generator, say) stays."""
    try:
        return copy.deepcopy(found)
    except Exception:
        return found


def _differs(was: Any, now: Any) -> bool:
    """Whether an argument was changed in place, itself or something inside it; of other objects one cannot tell."""
    if type(was) is not type(now):  # in a list: None where an array stands now
        return True
    if isinstance(was, np.ndarray):
        return was.shape != now.shape or not np.array_equal(was, now, equal_nan=True)
    if isinstance(was, dict):
        return was.keys() != now.keys() or any(_differs(was[key], now[key]) for key in was)
    if isinstance(was, (tuple, list)):
        return len(was) != len(now) or any(map(_differs, was, now))
    return isinstance(was, (int, float, str)) and was != now and was == was  # nan never equals itself
