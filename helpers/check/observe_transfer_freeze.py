"""Watching a function that freezes layers of a Keras model: what may learn then, how it is compiled, what moves."""

import logging
import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from helpers.check import wrong_transfer_freeze as words
from helpers.check.compare import Mismatch
from helpers.check.model_exercise import RIGHT
from helpers.check.observe_model import short
from helpers.check.unwritten import is_unwritten
from helpers.check.words import show

_rng = np.random.RandomState(1600)
_X = _rng.rand(4, 6, 6, 1).astype(np.float32)
_LABELS = np.array([0, 2, 1, 2])
_RATE = 1e-4

# layers of a model, those of them that were frozen before, and num_frozen: on all of these the slips differ
_MODELS = [
    ("Conv, ReLU, Pool, Conv, Flatten, Dense, Dense, Dense", (), 3),
    ("Conv, Pool, Conv, Flatten, Dense, Dense", (0, 4), 1),
    ("Conv, Flatten, Dense, Dense", (0, 1), 0),
    ("Conv, Pool, Flatten, Dense", (), 2),  # all of them, the head too
    ("Flatten, Dense, Dense, Dense", (), 2),
]
CASES = [(f"{layers}" + (f"; frozen before: {list(before)}" if before else ""), n) for layers, before, n in _MODELS]


def judging_frozen(answer: Callable, description: str, num_frozen: int) -> Any:
    """Hand a small trained model to a function that freezes its first layers; raise Mismatch with what is wrong."""
    with _quiet():
        if _is_model(answer):
            raise Mismatch("hand over the function itself, check.freeze(freeze), without calling it")
        place = CASES.index((description, num_frozen))
        found = _judge(answer, *_MODELS[place])
        if is_unwritten(found):
            return found
        if place == len(CASES) - 1:  # what takes longer comes last
            another = _judge(answer, *_MODELS[place], trained=True)
            if another.optimizer is found.optimizer:
                raise Mismatch(words.ONE_FOR_ALL)
            _judge_step(another, num_frozen)
    return RIGHT


def _judge(answer: Callable, layers: str, before: Sequence[int], num_frozen: int, trained: bool = False) -> Any:
    """Judge all but the training and return the model that came back, or a `...`; trained: the given one was."""
    given = _model(layers, before, trained)
    weights, outputs, old = given.get_weights(), np.asarray(given(_X)), (given.optimizer, _compiling(given))
    found = _called(answer, given, num_frozen)
    if is_unwritten(found):
        return found
    _judge_form(found, given, weights, outputs)
    _judge_halves(found, num_frozen)
    _judge_flags(found, answer, layers, before, num_frozen)
    _judge_compiled(found, *old)
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Put Python's random numbers back, from which Keras draws seeds, and keep TensorFlow's warnings to itself."""
    state, logger = random.getstate(), logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
        random.setstate(state)


def _is_model(value: Any) -> bool:
    import keras

    return isinstance(value, keras.Model)


def _model(description: str, before: Sequence[int], trained: bool) -> Any:
    """Build a small model of named layers, compiled with SGD; trained: one step behind it, by `fit`.

    Own names leave the numbers in the names of the reader's layers alone.
    """
    import keras

    kinds = description.split(", ")
    layers = [_layer(keras.layers, kind, i, i == len(kinds) - 1) for i, kind in enumerate(kinds)]
    model = keras.Sequential([keras.Input((6, 6, 1), name="images"), *layers], name="network")
    for w in model.weights:  # biases too are other than zero, so that lost weights show
        w.assign(np.random.RandomState(len(w.shape)).uniform(-0.5, 0.5, w.shape))
    optimizer = keras.optimizers.SGD(learning_rate=0.5, name="sgd")
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    if trained:
        model.fit(_X, _LABELS, batch_size=4, epochs=1, shuffle=False, verbose=0)
    for i in before:
        model.layers[i].trainable = False
    return model


def _layer(layers: Any, kind: str, i: int, last: bool) -> Any:
    name = f"{kind.lower()}_at_{i}"
    if kind == "Dense":  # tanh: no unit is dead, so every trainable weight has a gradient
        return layers.Dense(3 + (i % 2 and not last), activation="softmax" if last else "tanh", name=name)
    if kind == "Conv":
        return layers.Conv2D(2, 2, padding="same", name=name)
    if kind == "ReLU":
        return layers.LeakyReLU(name=name)
    return layers.MaxPooling2D(name=name) if kind == "Pool" else layers.Flatten(name=name)


def _called(answer: Callable, model: Any, num_frozen: int) -> Any:
    all_of_them = num_frozen == len(_with_weights(model))
    try:
        return answer(model, num_frozen)
    except Exception as error:
        if all_of_them and isinstance(error, IndexError):
            raise Mismatch(words.NO_LATER) from None
        error.args = (short(error),)
        raise


def _judge_form(found: Any, given: Any, weights: list[np.ndarray], outputs: np.ndarray) -> None:
    """Raise Mismatch where no model came back, or one that is not the given one in its layers and its weights."""
    if not _is_model(found):
        raise Mismatch(_instead_of_a_model(found))
    try:
        computed = np.asarray(found(_X))  # which builds it, where that is still to do
        training = np.asarray(found(_X, training=True))
    except Exception as error:
        raise Mismatch(f"the model cannot take the images any more: {short(error)}") from None
    mine = found.get_weights()
    if [w.shape for w in mine] != [w.shape for w in weights]:
        raise Mismatch(words.PART if len(mine) < len(weights) else words.OTHER)
    if not all(np.allclose(a, b, rtol=1e-6, atol=1e-7) for a, b in zip(mine, weights, strict=True)):
        raise Mismatch(words.TRAINED if found is given else words.LOST)
    if not np.allclose(computed, outputs, rtol=1e-4, atol=1e-6):
        raise Mismatch(words.OTHER)
    if not np.allclose(training, outputs, rtol=1e-4, atol=1e-6):
        raise Mismatch(words.OTHER_IN_TRAINING)


def _instead_of_a_model(found: Any) -> str:
    if found is None:
        return words.NOTHING
    if type(found).__name__ == "History":
        return words.HISTORY
    if isinstance(found, (tuple, list)) and any(map(_is_model, found)):
        return words.SEVERAL
    if isinstance(found, (tuple, list)) and len(found) and all(hasattr(v, "trainable") for v in found):
        return words.LAYERS
    if hasattr(found, "trainable_weights"):
        return words.A_LAYER
    if callable(found):
        return words.A_FUNCTION
    if isinstance(found, (tuple, list, int, float)) or hasattr(found, "__array__"):
        return words.NUMBERS
    return f"found {show(found)}, the model is expected: `return model`"


def _with_weights(model: Any) -> list[Any]:
    """List the layers that have weights, and those inside of a model that is a layer itself."""
    layers = [layer for layer in model.layers if layer.weights]
    return [one for layer in layers for one in (_with_weights(layer) if _is_model(layer) else [layer])]


def _frozen_arrays(model: Any) -> list[list[bool]]:
    """Tell of every array of every layer whether it is frozen, in its own right or by the model around it."""
    learning = {id(w) for w in model.trainable_weights}
    return [[id(w) not in learning for w in layer.weights] for layer in _with_weights(model)]


def _frozen(model: Any) -> list[bool]:
    return [all(arrays) for arrays in _frozen_arrays(model)]


def _asked(model: Any, num_frozen: int) -> list[bool]:
    return [place < num_frozen for place in range(len(_with_weights(model)))]


def _judge_halves(found: Any, num_frozen: int) -> None:
    """Raise Mismatch where some arrays of a layer are frozen and others are not."""
    layers = _frozen_arrays(found)
    halves = [arrays for arrays in layers if any(arrays) and not all(arrays)]
    if not halves:
        return
    arrays = sum(layers, [])
    if arrays == [i < num_frozen for i in range(len(arrays))]:
        raise Mismatch(words.ARRAYS)
    raise Mismatch(words.KERNELS if all(half[0] for half in halves) else words.HALVES)


def _judge_flags(found: Any, answer: Callable, *case: Any) -> None:
    if _frozen(found) == _asked(found, case[-1]):
        return
    if not found.trainable and any(layer.trainable for layer in found.layers):
        raise Mismatch(words.WHOLE)
    patterns: list[list[bool] | None] = []
    for layers, before, n in _MODELS:
        try:
            patterns.append(_frozen(answer(_model(layers, before, trained=False), n)))
        except Exception:
            patterns.append(None)  # it fails there: the others tell
    for hint, rule in words.RULES:
        ruled = [words.pattern(rule, layers.split(", "), before, n) for layers, before, n in _MODELS]
        if all(mine in (None, its) for mine, its in zip(patterns, ruled, strict=True)):
            raise Mismatch(hint)
    now, asked = _frozen(found), _asked(found, case[-1])
    raise Mismatch(words.FLAGS.format(_count(now), _count(asked)))


def _count(frozen: list[bool]) -> str:
    """Name the frozen ones by their places, counted from one."""
    places = [str(place) for place, value in enumerate(frozen, 1) if value]
    return ", ".join(places) or "none"


def _compiling(model: Any) -> Any:
    """Return what Keras keeps of the arguments of a model's last compile, a new object for each one."""
    return getattr(model, "_compile_config", None)


def _got(model: Any, *names: str) -> bool:
    """Whether the last compile itself got one of these: Keras goes on with the old loss and metrics where it did not.

    True where a version of Keras does not tell.
    """
    config = getattr(_compiling(model), "config", None)
    return config is None or any(config.get(name) for name in names)


def _judge_compiled(model: Any, old: Any, old_compiling: Any) -> None:
    """Raise Mismatch where the model was not compiled again, or otherwise than asked."""
    if not getattr(model, "compiled", False) or getattr(model, "optimizer", None) is None:
        raise Mismatch(words.NOT_COMPILED)
    if model.optimizer is old:
        raise Mismatch(words.NOT_AGAIN if _compiling(model) is old_compiling else words.OLD_OPTIMIZER)
    name = type(model.optimizer).__name__
    if name != "Adam":
        raise Mismatch(words.OPTIMIZER.format(name))
    eta = model.optimizer.get_config()["learning_rate"]
    if not isinstance(eta, (int, float)):
        raise Mismatch(words.SCHEDULE)
    if not math.isclose(eta, _RATE, rel_tol=1e-3):
        raise Mismatch(words.OLD_RATE if math.isclose(eta, 0.5) else words.RATE.format(eta))
    _judge_loss(model)
    _judge_metrics(model)


def _judge_loss(model: Any) -> None:
    """Raise Mismatch where the loss of integer labels is not the cross-entropy, of probabilities or of logits."""
    import keras

    if not _got(model, "loss"):
        raise Mismatch(words.NO_LOSS)
    labels = _LABELS[:3]  # as many as classes: shapes fit whatever the loss
    p = np.asarray(model(_X[:3]), dtype=float)
    logsumexp = np.log(np.exp(p).sum(axis=1))
    rows = np.arange(len(p))
    right = [-np.log(p[rows, labels]), logsumexp - p[rows, labels]]
    try:
        tensor = keras.ops.convert_to_tensor
        loss = model.compute_loss(x=None, y=tensor(labels), y_pred=tensor(p.astype(np.float32)), sample_weight=None)
        loss = float(np.mean(np.asarray(loss)))
    except Exception as error:
        raise Mismatch(words.NO_LOSS if "No loss to compute" in str(error) else words.LOSS) from None
    if not any(math.isclose(loss, float(np.mean(one)), rel_tol=1e-3) for one in right):
        raise Mismatch(words.LOSS)


def _judge_metrics(model: Any) -> None:
    """Raise Mismatch where no metric is the share of right answers, for labels of which one in four is right, or three.

    The wrong ones are second: the accuracy of the first two is another number.
    """
    import keras

    if not _got(model, "metrics", "weighted_metrics"):
        raise Mismatch(words.NO_ACCURACY)
    p = np.asarray(model(_X))
    second, best = p.argsort(axis=1)[:, -2:].T
    named, tensor = [], keras.ops.convert_to_tensor
    for right in (1, 3):
        labels = np.where(np.arange(len(p)) < right, best, second)
        try:
            model.reset_metrics()
            logs = model.compute_metrics(x=None, y=tensor(labels), y_pred=tensor(p), sample_weight=None)
            named.append({name for name, value in logs.items() if math.isclose(float(value), right / 4, rel_tol=1e-5)})
        except Exception:
            raise Mismatch(words.METRICS) from None
    model.reset_metrics()
    if not set.intersection(*named):
        raise Mismatch(words.METRICS)


def _judge_step(model: Any, num_frozen: int) -> None:
    """Train for a step and raise Mismatch where other arrays move than those that are asked to."""
    asked = [place >= num_frozen for place, layer in enumerate(_with_weights(model)) for _ in layer.weights]
    before = model.get_weights()
    model.run_eagerly = True  # no time for graphs; one that was built before is used all the same
    try:
        model.fit(_X, _LABELS, batch_size=4, epochs=1, shuffle=False, verbose=0)
    except Exception as error:
        raise Mismatch(f"the model cannot be trained then: {short(error)}") from None
    moved = [not np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    if moved != asked:
        raise Mismatch(words.NOT_AGAIN if any(m and not a for m, a in zip(moved, asked, strict=True)) else words.STUCK)
