"""An exercise whose answer is a function that builds a Keras model."""

from collections.abc import Iterator
from typing import Any

from helpers.check.engine import Exercise

RIGHT = 1.0  # what comes out for a model in which all is right


class ModelExercise(Exercise):
    """A question whose answer is a function that builds a model; the observer alone judges it and finds the words.

    observe returns RIGHT, or raises Mismatch with a slip's hint. The slips and the reference are there to be tested: a
    check in a reader's kernel builds none of them, since that takes a second and gives the reader's layers other names.
    """

    def expected(self, model: Any, case: tuple) -> list[Any]:
        """Return what the observer says of a right model."""
        return [RIGHT]

    def outcomes(self, answer: Any) -> Iterator[Any]:
        """Yield an outcome that is like no other, without building the slip."""
        yield from (object() for _ in self.cases)

    def _refusal(self, answer: Any) -> str:
        words = super()._refusal(answer)
        return f"the function takes no arguments: it is called as {self.name}()" if "arguments ()" in words else words

    def _congratulate(self, error: float, changed: str) -> str:
        return f"right. {self.praise}"
