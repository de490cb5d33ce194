"""The engine of all checks: an exercise is a reference, some cases, and known slips, each with its hint."""

import copy
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np

from helpers.check.attempt import Attempt, run
from helpers.check.compare import RTOL, Mismatch, compare, split
from helpers.check.explain import explain
from helpers.check.explain_function import form
from helpers.check.unwritten import holds_ellipsis, is_huge, is_unwritten


@dataclass(frozen=True)
class Verdict:
    """What a check says: mark is ○ (not written), ✓ or ✗; message is the line that the reader sees."""

    mark: str
    message: str


@dataclass(frozen=True)
class Slip:
    """A known mistake: a hint for the reader, beside the mistake itself, as a function or as a value."""

    hint: str
    wrong: Any


class Exercise:
    """A question with its reference, its cases and its known slips; call it with an answer.

    name: how the check is called. reference: the right function, or the right value. cases: argument tuples for
    functions. slips: what to recognize. parts: names of the values, where the answer is a tuple. hint: what to say
    of a wrong answer that no slip explains. also_right: other functions or values to accept. rtol: tolerance relative
    to the largest expected number. praise: a sentence for whoever solved it. prepare: brings a value into one form
    before it is compared (sorted, say, where the order does not matter). exact_shape: refuse a bare number where an
    array of one is expected. observe: for functions whose outcome cannot be compared as it comes (a random order, a
    warning): `observe(answer, *case)` runs the answer and returns what is compared; it watches reference and slips too.
    keywords: names of the last arguments, for functions that take them by name, after a `*`; a function that takes them
    in their order serves as well, so references and slips may.
    """

    def __init__(self, name: str, reference: Any, cases: Sequence[tuple] = ((),), slips: Sequence[Slip] = (), *,
                 parts: Sequence[str] = (), hint: str = "", also_right: Sequence[Any] = (), rtol: float = RTOL,
                 praise: str = "", prepare: Callable | None = None, exact_shape: bool = False,
                 observe: Callable | None = None, keywords: Sequence[str] = ()) -> None:  # fmt: skip
        self.name, self.reference, self.cases, self.slips = name, reference, tuple(cases), tuple(slips)
        self.parts, self.hint, self.also_right = tuple(parts), hint, tuple(also_right)
        self.rtol, self.praise, self.prepare, self.exact_shape = rtol, praise, prepare, exact_shape
        self.observe, self.keywords = observe, tuple(keywords)
        self.status, self.attempted = "○", False

    def __repr__(self) -> str:
        return f"check.{self.name}: call it with your answer"

    def __call__(self, *answer: Any) -> None:
        """Print ○, ✓ or ✗ with the likely slip."""
        verdict = self.grade(answer[0] if len(answer) == 1 else answer)
        self.attempted = True
        if self.status != "✓":
            self.status = verdict.mark
        print(verdict.message)

    def grade(self, answer: Any) -> Verdict:
        """Judge an answer without printing or remembering it; never raises."""
        try:
            mark, words = self._judge(answer)
        except KeyboardInterrupt:
            mark, words = "✗", "interrupted. A loop that does not end? Look at its condition"
        except BaseException as error:  # an object that fails in a way nobody foresaw, even one that wants to exit
            mark, words = "✗", f"this answer cannot be read ({type(error).__name__}); expected {self._wanted()}"
        return Verdict(mark, f"{mark} {self.name}: {words}" + ("" if words.endswith((".", "!", "?")) else "."))

    @property
    def wants_function(self) -> bool:
        """Whether a function is asked, not a value."""
        return callable(self.reference)

    @property
    def wants_shape(self) -> bool:
        """Whether the shape of an array is asked, a tuple of whole numbers in their order."""
        return isinstance(self.reference, tuple) and not self.parts and self.prepare is None

    @property
    def arguments(self) -> list[str]:
        """The names of the function's arguments, as the reference has them."""
        return list(inspect.signature(self.reference).parameters) if self.wants_function else []

    def attempt(self, answer: Any) -> Attempt:
        """Run an answer, a slip or the reference on every case."""
        if self.wants_function:
            return run(self._observed(answer), self.cases, self.arguments, self.parts)
        return run(lambda: self._prepared(answer), ((),), [], self.parts)

    def outcomes(self, answer: Any) -> Iterator[Any]:
        """Yield a slip's outcome case by case, so that whoever compares may stop early."""
        if not self.wants_function:
            yield from self.attempt(answer).outcomes
            return
        for case in self.cases:
            yield from run(self._observed(answer), (case,), self.arguments, self.parts).outcomes

    def expected(self, model: Any, case: tuple) -> list[Any]:
        """Return the parts that a right model gives on a case."""
        return split(self._observed(model)(*copy.deepcopy(case)) if self.wants_function else model, self.parts)

    def _observed(self, function: Callable) -> Callable:
        function = self._in_order(function)
        return function if self.observe is None else partial(self.observe, function)

    def _in_order(self, function: Callable) -> Callable:
        """Make a function that takes all arguments in their order, from one that may take the last ones by name."""
        first = len(self.cases[0]) - len(self.keywords)
        if not self.keywords or not _binds(function, self.cases[0][:first], self.keywords):
            return function
        return lambda *case: function(*case[:first], **dict(zip(self.keywords, case[first:], strict=True)))

    def _call(self) -> str:
        first = len(self.arguments) - len(self.keywords)
        return ", ".join([*self.arguments[:first], *(["*"] if self.keywords else []), *self.arguments[first:]])

    def _wanted(self) -> str:
        if self.wants_function:
            return f"a function called as {self.name}({self._call()})"
        return f"the values {', '.join(self.parts)}" if self.parts else "a value"

    def _prepared(self, answer: Any) -> Any:
        if self.prepare is None or isinstance(answer, str) or is_huge(answer):
            return answer
        if isinstance(answer, Iterator):  # it may never end
            answer = list(islice(answer, 1000))
        try:
            return self.prepare(answer)
        except TypeError:
            return answer

    def _judge(self, answer: Any) -> tuple[str, str]:
        if is_unwritten(answer):
            return "○", "not written yet"
        if refusal := self._refusal(answer):
            return "✗", refusal
        attempt = self.attempt(answer)
        if attempt.raised and attempt.raised.says_unwritten:
            return "○", "not written yet: a `...` still stands in it"
        wrong, error = self._wrong_parts(attempt, self.reference)
        if not wrong:
            return "✓", self._congratulate(error, attempt.changed)
        for other in self.also_right:
            others_wrong, error = self._wrong_parts(attempt, other)
            if not others_wrong:
                return "✓", self._congratulate(error, attempt.changed)
            wrong = min(wrong, others_wrong, key=len)  # what is wrong whichever of the right answers was meant
        if self.wants_function and holds_ellipsis(answer) and form(self, attempt):
            return "○", "not written yet: a `...` still stands in it"
        return "✗", explain(self, attempt, wrong)

    def _refusal(self, answer: Any) -> str:
        """Say why an answer need not be run at all; nothing where it can be."""
        if not self.wants_function:
            if callable(answer):
                return "found a function, a value is expected: call it first"
            return f"None is not it. {self.hint}" if answer is None else ""
        if not callable(answer):
            return f"hand over the function itself, check.{self.name}({self.name}), without calling it"
        if not self._takes_the_arguments(answer):
            return f"the function must take the arguments ({self._call()}), in this order"
        return ""

    def _takes_the_arguments(self, answer: Callable) -> bool:
        return _binds(self._in_order(answer), self.cases[0])

    def _congratulate(self, error: float, changed: str) -> str:
        words = f"right on {len(self.cases)} cases, largest error {error:.0e}" if self.wants_function else "right"
        if changed:
            words += f". One caution: it changes its argument `{changed}` in place, so the caller's own values are gone"
        return f"{words}. {self.praise}" if self.praise else words

    def _wrong_parts(self, attempt: Attempt, model: Any) -> tuple[list[int], float]:
        """Find the parts that differ from a model on some case, and the largest error over all cases."""
        wrong, largest = set(), 0.0
        for case, outcome in zip(self.cases, attempt.outcomes, strict=True):
            expected = self.expected(model, case)
            if not isinstance(outcome, list):
                return list(range(len(expected))), np.inf
            for i, (found, right) in enumerate(zip(outcome, expected, strict=True)):
                try:
                    largest = max(largest, compare(found, right, self.rtol, self.exact_shape))
                except Mismatch:
                    wrong.add(i)
        return sorted(wrong), largest


def _binds(function: Callable, arguments: Sequence, keywords: Sequence[str] = ()) -> bool:
    """Whether a function can be called with these arguments, and with these names after them."""
    try:
        inspect.signature(function).bind(*arguments, **dict.fromkeys(keywords))
    except TypeError:
        return False
    except ValueError:  # a built-in without a signature takes arguments in their order, as far as one can know
        return not keywords
    return True


def exercises_of(module: ModuleType) -> dict[str, Exercise]:
    """List the exercises that a lesson's module defines, in order."""
    return {e.name: e for e in vars(module).values() if isinstance(e, Exercise)}


def lesson_name(module: ModuleType) -> str:
    """Return "01" for helpers.check.lesson01."""
    return module.__name__[-2:]
