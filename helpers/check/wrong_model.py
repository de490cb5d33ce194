"""Making functions that build Keras models, right and wrong ones; Keras is imported when one of them is called."""

from collections.abc import Callable
from typing import Any

SPARSE = "sparse_categorical_crossentropy"


def made(path: str, *arguments: Any, **options: Any) -> Callable:
    """Make a maker of something in Keras, `made("layers.Dense", 32)`; options may be makers themselves."""

    def make() -> Any:
        import keras

        thing: Any = keras
        for name in path.split("."):
            thing = getattr(thing, name)
        return thing(*arguments, **{name: _now(value) for name, value in options.items()})

    return make


def dense(units: int, activation: str | None = None, **options: Any) -> Callable:
    """Make a maker of a Dense layer."""
    return made("layers.Dense", units, activation=activation, **options)


def _now(value: Any) -> Any:
    return value() if callable(value) else value


def building(*layers: Callable, shape: tuple[int, ...] | None = (784,), optimizer: Any = "adam", loss: Any = SPARSE,
             back: Callable | None = None, compiled: bool = True, **options: Any) -> Callable:  # fmt: skip
    """Make a function that builds a model of layers, 784-32-10 with a softmax where none are given.

    optimizer, loss: names, or makers; options: what else compile gets. back: what is returned, made from the model.
    """
    layers = layers or (dense(32, "relu"), dense(10, "softmax"))

    def build_model() -> Any:
        import keras

        inputs = [keras.Input(shape)] if shape else []
        model = keras.Sequential([*inputs, *(make() for make in layers)])
        if compiled:
            model.compile(optimizer=_now(optimizer), loss=_now(loss), metrics=["accuracy"], **options)
        return back(model) if back else model

    return build_model


def from_logits(**options: Any) -> Callable:
    """Make a maker of the sparse cross-entropy that takes logits."""
    return made("losses.SparseCategoricalCrossentropy", from_logits=True, **options)
