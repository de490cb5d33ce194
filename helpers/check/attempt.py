"""Running an answer on the cases of an exercise, so that nothing it does reaches the reader's session."""

import copy
import linecache
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, is_unwritten, split


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
            text = " ".join(str(error).split())[:200]
        except Exception:  # an exception whose own text fails
            text = ""
        return cls(type(error).__name__, text, place)

    @property
    def says_unwritten(self) -> bool:
        """Whether it comes from computing with a `...` that still stands."""
        return "ellipsis" in self.text.lower()


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
    random_state = np.random.get_state()
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = answer(*given)
        if is_unwritten(found):
            return Raised("TypeError", "ellipsis")
        return split(_snapshot(found), parts)
    except Mismatch as mismatch:
        return mismatch
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: a check never ends the reader's session
        return Raised.from_exception(error)
    finally:
        np.random.set_state(random_state)


def _snapshot(found: Any) -> Any:
    """Copy an outcome, so that a later call cannot change it; what cannot be copied (a generator, say) stays."""
    try:
        return copy.deepcopy(found)
    except Exception:
        return found


def _differs(was: Any, now: Any) -> bool:
    if not isinstance(was, np.ndarray):
        return isinstance(was, list) and was != now
    return was.shape != now.shape or not np.array_equal(was, now, equal_nan=True)
