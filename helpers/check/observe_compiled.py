"""Watching how a Keras model is compiled: the loss by what it says of labels, the optimizer and its learning rate."""

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.check import model_words as words
from helpers.check.compare import Mismatch
from helpers.losses import cross_entropy_from_logits, one_hot

_LABELS = np.array([3, 0, 9, 1, 3], np.uint8)  # as MNIST's labels come


def judge_loss(model: Any, outputs: np.ndarray, last: str, short: Callable) -> None:
    """Raise Mismatch where the loss is not the cross-entropy of integer labels, for outputs of shape (5, 10).

    last: the activation behind which the outputs come, "softmax" or "linear". short: brings an exception into words.
    """
    penalty = float(sum(model.losses))
    right = cross_entropy_from_logits(_log(outputs) if last == "softmax" else outputs, _LABELS)
    try:
        found = _loss(model, outputs, _LABELS) - penalty
    except Exception as error:
        raise Mismatch(_why_not(model, outputs, error, short)) from None
    if _same(found, right):
        if penalty:
            raise Mismatch(words.PENALTY)
        return
    if last == "softmax" and _same(found, cross_entropy_from_logits(outputs, _LABELS)):
        raise Mismatch(words.PROBABILITIES)
    if last == "linear" and _same(found, cross_entropy_from_logits(_log(outputs), _LABELS)):
        raise Mismatch(words.LOGITS)
    raise Mismatch(words.SUMMED if _same(found, len(_LABELS) * right) else words.NOT_ENTROPY)


def _log(probabilities: np.ndarray) -> np.ndarray:
    """Return the logs as Keras takes them, 1e-7 away from 0 and 1."""
    return np.log(np.clip(probabilities, 1e-7, 1 - 1e-7))


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-3, abs_tol=1e-4)


def _loss(model: Any, outputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the model's loss of outputs that have forgotten which layer they come from.

    The tensor that a softmax returns remembers its logits, and Keras uses them whatever from_logits says.
    """
    tensor = sys.modules["keras"].ops.convert_to_tensor
    outputs = tensor(outputs.astype(np.float32))
    loss = model.compute_loss(x=None, y=tensor(labels), y_pred=outputs, sample_weight=None)
    return float(np.sum(np.asarray(loss)))  # one number, unless reduction=None


def _why_not(model: Any, outputs: np.ndarray, error: Exception, short: Callable) -> str:
    """Say why the loss did not take integer labels: it takes one-hot ones perhaps."""
    if "No loss to compute" in str(error):
        return words.NO_LOSS
    if "dtype='string'" in str(error):
        return words.LOSS_WEIGHTS
    Y = one_hot(_LABELS, 10).astype(np.float32)
    try:
        found = _loss(model, outputs, Y) - float(sum(model.losses))
    except Exception:
        return f"the loss fails: {short(error)}"
    if _same(found, float(np.mean((Y - outputs) ** 2))):
        return words.SQUARED
    if any(_same(found, cross_entropy_from_logits(logits, _LABELS)) for logits in (_log(outputs), outputs)):
        return words.ONE_HOT
    loss = getattr(model, "loss", "")
    name = str(getattr(loss, "name", getattr(loss, "__name__", loss)))
    return words.BINARY if "binary" in name else words.NOT_ENTROPY


def judge_optimizer(optimizer: Any) -> None:
    """Raise Mismatch where it is not Adam with a learning rate of 0.001."""
    name = type(optimizer).__name__
    if name != "Adam":
        raise Mismatch(words.RMSPROP if name == "RMSprop" else words.OPTIMIZER.format(name))
    given = optimizer.get_config()
    eta = given["learning_rate"]
    if not isinstance(eta, float):
        raise Mismatch(words.SCHEDULE)
    if not math.isclose(eta, 0.001, rel_tol=1e-3):
        raise Mismatch(words.RATE.format(eta))
    usual = type(optimizer)().get_config()
    others = (name for name in usual if name not in ("name", "learning_rate", "epsilon") and given[name] != usual[name])
    if other := next(others, ""):
        raise Mismatch(words.SET.format(f"{other}={given[other]}"))
