"""Watching a function that builds a Keras model: what the model takes, what it computes, how it is compiled."""

import random
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

from helpers.check import model_words as words
from helpers.check.compare import Mismatch
from helpers.check.model_exercise import RIGHT
from helpers.check.observe_compiled import judge_loss, judge_optimizer
from helpers.check.unwritten import is_unwritten
from helpers.check.words import plain, show
from helpers.losses import sigmoid, softmax

_rng = np.random.RandomState(8)
_PIXELS = (0.6 * _rng.rand(5, 784) - 0.3).astype(np.float32)  # of both signs, so that a ReLU shows
_ASKED = [(784, 32), (32,), (32, 10), (10,)]
_ACTIVATIONS: dict[str, Callable] = {
    "linear": lambda z: z,
    "softmax": softmax,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "softmax twice": lambda z: softmax(softmax(z)),
}


def judging_model(answer: Callable) -> Any:
    """Call a function that builds a model; raise Mismatch with the first thing that is wrong about the model."""
    if _is_model(answer):
        raise Mismatch(words.CALLED)
    with _chance_kept():
        try:
            model = answer()
        except Exception as error:
            error.args = (short(error),)
            raise
        if is_unwritten(model):
            return model
        if not _is_model(model):
            raise Mismatch(_instead_of_a_model(model))
        outputs = _outputs(model)
        _judge_weights(model, outputs)
        last = _judge_activations(model, outputs)
        if not getattr(model, "compiled", False):
            raise Mismatch(words.NOT_COMPILED)
        judge_loss(model, outputs, last, short)
        judge_optimizer(model.optimizer)
    return RIGHT


@contextmanager
def _chance_kept() -> Iterator[None]:
    """Put Python's random numbers back, since Keras draws the seeds of new layers from them."""
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)


def _is_model(value: Any) -> bool:
    """Whether it is a Keras model; where nobody has imported Keras, nothing is."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def short(error: Exception) -> str:
    r"""Keep the first sentence of what Keras says, on one line.

    >>> short(ValueError("Exception encountered when calling A.call().\n\nNo such shape. Found\n\nArguments received"))
    'No such shape'
    """
    text = re.sub(r"\x1b\[\d*m|\{\{.*?\}\} ?", "", str(error))
    text = re.sub(r"^Exception encountered when calling .*?\(\)\.\s+", "", text).split("\n\nArguments received")[0]
    text = " ".join(text.split())
    if "ellipsis" in text.lower():  # the engine looks for it
        return plain(text, 150)
    if "Expected `trainable` to be a boolean" in text:  # Sequential(a, b), whose second argument is another
        return "layers stand in one list, keras.Sequential([..., ...])"
    return plain(re.split(r"\.(?: |$)", re.sub(r"<class '(?:\w+\.)*(\w+)'>", r"the class \1", text))[0], 150)


def _instead_of_a_model(found: Any) -> str:
    """Say what came back, and what to do about it."""
    kind = type(found).__name__
    if found is None:
        return words.NOTHING
    if kind in ("KerasTensor", "History"):
        return words.TENSOR if kind == "KerasTensor" else words.HISTORY
    if isinstance(found, (tuple, list)) and any(map(_is_model, found)):
        return words.SEVERAL
    if isinstance(found, type) or hasattr(found, "__code__"):
        return words.A_CLASS
    if callable(found) and hasattr(found, "trainable_weights"):
        return words.A_LAYER
    if isinstance(found, (tuple, list, int, float)) or hasattr(found, "__array__"):
        return words.NUMBERS
    return f"found {show(found)}, a compiled Keras model is expected"


def _outputs(model: Any) -> np.ndarray:
    """Return what the model makes of five rows of 784 numbers; raise Mismatch in words where it cannot take them."""
    try:
        outputs = np.asarray(model(_PIXELS), dtype=float)
    except Exception as error:
        raise Mismatch(_why_not(model, error)) from None
    if outputs.shape == (5, 10):
        return outputs
    if outputs.ndim == 2 and len(outputs) == 5:
        raise Mismatch(words.UNITS.format(outputs.shape[1]))
    raise Mismatch(f"five rows of 784 numbers come out in shape {outputs.shape}: (5, 10) is expected")


def _why_not(model: Any, error: Exception) -> str:
    takes = gives = None
    with suppress(Exception):  # a model that was never called knows neither
        takes, gives = model.input_shape, model.output_shape
    if takes == (None, 28, 28):
        return words.ROWS if len(gives) > 2 else words.FLATTENS
    if isinstance(takes, tuple) and takes[1:] != (784,):
        return words.INPUT.format(takes)
    return f"the model cannot take rows of 784 numbers: {short(error)}"


def _judge_weights(model: Any, outputs: np.ndarray) -> None:
    shapes = [tuple(w.shape) for w in model.weights]
    tables = [shape for shape in shapes if len(shape) == 2]
    if sorted(shapes) == sorted(_ASKED):
        if len(model.trainable_weights) < len(_ASKED):
            raise Mismatch(words.FROZEN)
        if not all(np.ptp(np.asarray(w)) for w in model.weights if len(w.shape) == 2):
            raise Mismatch(words.ALIKE)
        if not np.allclose(np.asarray(model(_PIXELS, training=True)), outputs, rtol=1e-3, atol=1e-6):
            raise Mismatch(words.TRAINS_OTHERWISE)
        return
    if len(tables) < 2:
        raise Mismatch(words.NO_HIDDEN if tables else words.NO_DENSE)
    if len(tables) > 2:
        raise Mismatch(words.TOO_MANY)
    units = next((columns for rows, columns in tables if rows == 784), 0)
    if units != 32:
        raise Mismatch(words.HIDDEN_UNITS.format(units))
    if set(shapes) < set(_ASKED):
        raise Mismatch(words.NO_BIAS)
    raise Mismatch(f"{model.count_params()} parameters: {words.COUNT}")


def _judge_activations(model: Any, outputs: np.ndarray) -> str:
    """Return the activation of the last layer, "softmax" or "linear", both right; raise Mismatch at any other."""
    of_shape = {tuple(w.shape): np.asarray(w, dtype=float) for w in model.weights}
    W1, b1, W2, b2 = (of_shape[shape] for shape in _ASKED)
    for hidden in ("relu", *words.HIDDEN):
        scores = _ACTIVATIONS[hidden](_PIXELS @ W1 + b1) @ W2 + b2
        for last, activation in _ACTIVATIONS.items():
            if np.allclose(activation(scores), outputs, rtol=1e-3, atol=1e-3 * np.max(np.abs(outputs))):
                if hidden != "relu" or last in words.OUTPUT:
                    raise Mismatch(words.HIDDEN.get(hidden) or words.OUTPUT[last])
                return last
    raise Mismatch(words.ODD)
