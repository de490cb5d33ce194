"""Checks of lesson 08, the cross-entropy of logits, and what two softmaxes do to it."""

import math

import numpy as np

from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike, every_pair
from helpers.check.wrong_logits import (
    clipped,
    log_softmax,
    log_sum_exp,
    max_lost,
    naive,
    no_axis_kept,
    one_max,
    picked,
    reduced,
    summed,
)
from helpers.losses import sigmoid, softmax

_rng = np.random.RandomState(80)
_Array = np.ndarray


# Logits

_STABLE_LOG_0 = "a probability of e^-2000 is 0, and its log minus infinity: stay with the logits, z minus log Σ e^z, whose maximum is taken out"
_OVERFLOWS = "exp(1000) overflows: take the row's maximum out first, log Σ e^(z - max) + max"
_CLIPPED = (
    "clipping hides the loss: a right class 2000 below the largest costs 2000. Take the logits minus their log-sum-exp"
)
_ONE_MAX = (
    "one maximum for all rows: a row far below it becomes log(0). Each row has its own, max(axis=1, keepdims=True)"
)
_ONE_LOSS = "one loss for each row: take their mean"
_LOSS_FACTORS = [
    ("", 1),
    ("the sign: a log of a probability is negative, the loss is not", -1),
    ("you summed where the loss averages: divide by the number of rows", lambda z, _: len(z)),
    (
        "the mean goes over all n·K entries: a row counts once, so sum over the classes first",
        lambda z, _: 1 / z.shape[1],
    ),
    ("the sign is turned, and the mean goes over all n·K entries", lambda z, _: -1 / z.shape[1]),
    ("the sign is turned, and you summed where the loss averages", lambda z, _: -len(z)),
    ("divided by the number of classes: a mean goes over the rows", lambda z, _: len(z) / z.shape[1]),
    ("log10: the natural log is meant, np.log", 1 / math.log(10)),
    ("log2: the natural log is meant, np.log", 1 / math.log(2)),
]


def _scored(z: _Array, labels: list[int]) -> tuple[_Array, _Array]:
    return z, np.eye(z.shape[1])[labels]


loss_from_logits = Exercise(
    "loss_from_logits",
    summed(),
    cases=[
        _scored(_rng.randn(4, 3), [2, 0, 1, 2]),
        _scored(_rng.randn(3, 3) * 2, [1, 0, 1]),
        _scored(_rng.randn(1, 5), [3]),
        _scored(_rng.randn(6, 10) + 3, [0, 9, 2, 1, 5, 2]),
        _scored(np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 500.0], [0.0, 1.0, 2.0]]), [1, 2, 0]),
        _scored(np.array([[1000.0, 1001.0, 999.0], [-1000.0, -1001.0, -1000.5]]), [0, 1]),
        _scored(np.array([[-1000.0, -1001.0], [-999.0, -1000.5]]), [1, 0]),
        _scored(np.array([[300.0, -20.0, 5.0], [1.5, 0.0, 2.5]], np.float32), [2, 0]),
    ],
    slips=[
        *every_pair([("", summed())], _LOSS_FACTORS),
        *every_pair(
            [
                (_STABLE_LOG_0, summed(lambda z: np.log(softmax(z)))),
                (_STABLE_LOG_0, picked(softmax)),
                (_OVERFLOWS, summed(lambda z: np.log(naive(z)))),
                (_OVERFLOWS, picked(naive)),
                (_OVERFLOWS, summed(lambda z: z - np.log(np.exp(z).sum(axis=1, keepdims=True)))),
                (_ONE_MAX, summed(one_max)),
                (_ONE_MAX, lambda z, Y: np.mean(np.log(np.exp(z - z.max()).sum(axis=1)) - np.sum(Y * (z - z.max()), axis=1))),
                (_OVERFLOWS, lambda z, Y: -np.mean(np.log(naive(z)[Y == 1]))),
                ("a softmax of a softmax: these are logits, one is enough", summed(lambda z: log_softmax(softmax(z)))),
            ],
            _LOSS_FACTORS[:4],
        ),
        *alike(_CLIPPED, *(clipped(eps, hide) for eps in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 2**-52, 1e-16, 1e-20, 1e-30, 1e-300) for hide in (np.maximum, np.add))),
        Slip("the maximum is taken away inside the log alone: take it from z as well, or add it again", summed(max_lost)),
        *alike("what belongs to a row is laid along the columns: keepdims=True keeps the maximum and the log-sum-exp beside it", summed(no_axis_kept), summed(lambda z: z - z.max(axis=1))),
        *alike("the wrong axis: the classes lie along axis 1, the rows are images", summed(lambda z: z - log_sum_exp(z, axis=0)), reduced(lambda e: e.sum(axis=0), axis=0)),
        *alike("the log-sum-exp over the whole table: each row has its own", summed(lambda z: z - np.logaddexp.reduce(z, axis=None)), reduced(np.sum)),
        Slip("the log is missing: log Σ e^z, not Σ e^z", reduced(lambda e: e.sum(axis=1), log=lambda total: total)),
        *alike("the wrong classes: these are the logs of all others. The target's own counts", summed(weigh=lambda Y: 1 - Y)),
        Slip("all classes count alike: the target's own counts, targets * logs", summed(weigh=lambda Y: 1)),
        *alike("the log is missing: this is the probability itself", summed(softmax), lambda z, Y: np.sum(Y * softmax(z)) / len(z)),
        Slip("the log is missing: this is 1 minus the probability", lambda z, Y: np.mean(1 - np.sum(Y * softmax(z), axis=1))),
        *alike("the logits are taken for log-probabilities: the log-sum-exp of each row is missing", summed(lambda z: z), lambda z, Y: np.sum(Y * z) / len(z)),
        *alike("the logits are taken for probabilities: a softmax comes before the log", summed(np.log), summed(lambda z: np.log(np.clip(z, 1e-7, 1 - 1e-7))), summed(lambda z: np.log(np.clip(z / z.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7)))),
        *alike("this is the log-sum-exp: the target's own logit is subtracted from it", lambda z, Y: np.mean(log_sum_exp(z)), lambda z, Y: np.mean(log_sum_exp(z - z.max(axis=1, keepdims=True)))),
        *alike("logits and targets are exchanged: the log is taken of what the logits say", lambda z, Y: summed()(Y, z), lambda z, Y: -summed()(Y, z), lambda z, Y: -np.mean(np.sum(softmax(z) * log_softmax(Y), axis=1))),
        *alike(_ONE_LOSS, lambda z, Y: -np.sum(Y * log_softmax(z), axis=1), lambda z, Y: -np.sum(Y * log_softmax(z), axis=1, keepdims=True)),
        *alike("a table came out: sum over the classes, then take the mean over the rows", lambda z, Y: -Y * log_softmax(z), lambda z, Y: Y * log_softmax(z)),
        *alike("averaged along the wrong axis: the classes are summed, the rows averaged", lambda z, Y: -np.mean(Y * log_softmax(z), axis=0), lambda z, Y: -np.sum(Y * log_softmax(z), axis=0)),
        *alike("a sigmoid for each class: the classes share one softmax", summed(lambda z: -np.logaddexp(0, -z)), lambda z, Y: np.mean(np.logaddexp(0, z) - Y * z), lambda z, Y: np.sum(np.logaddexp(0, z) - Y * z) / len(z), summed(lambda z: np.log(sigmoid(z)))),
        *alike("this is the squared error: the cross-entropy is asked", lambda z, Y: np.mean((Y - softmax(z)) ** 2), lambda z, Y: np.mean((Y - z) ** 2), lambda z, Y: np.sum((Y - softmax(z)) ** 2) / len(z)),
        Slip("the targets are one-hot rows, not places: multiply by them, or take np.argmax(targets, axis=1)", lambda z, Y: -np.mean(log_softmax(z)[np.arange(len(z)), Y])),
        *alike("the targets are one-hot rows, not places: multiply by them, or take np.argmax(targets, axis=1)", lambda z, Y: -np.mean(log_softmax(z)[np.arange(len(z))[:, None], Y.astype(int)])),
    ],
    hint="The mean over the rows of log Σ e^z minus the target's own logit, with the row's maximum taken out first",
    praise="And a loss of 2000 is 2000, not infinity",
)  # fmt: skip


_E = math.e
_FLOOR = math.log(9 + _E) - 1
_E_SQUARED = "the right class has e^1 and the others e^0 = 1: the exponents are the probabilities 1 and 0"

double_softmax_floor = Exercise(
    "double_softmax_floor",
    _FLOOR,
    rtol=1.5e-3,
    slips=[
        *alike("without the second softmax there is no floor: it makes e^1 and e^0 of 1 and 0", 0),
        Slip("this is the loss of ten equal probabilities: the right class has e^1, the others e^0", math.log(10)),
        Slip("this is the right class's probability: the loss is its -log", _E / (9 + _E)),
        *alike("this is the probability of each other class, or its share: the right one has e / (9 + e), and its -log is asked", 1 / (9 + _E), 9 / (9 + _E)),
        Slip("log10: the natural log is meant, np.log", _FLOOR / math.log(10)),
        Slip("log2: the natural log is meant, np.log", _FLOOR / math.log(2)),
        Slip("minus 1 is missing: -log(e / (9 + e)) is log(9 + e) - log(e)", math.log(9 + _E)),
        Slip("the sign: a loss is -log, never negative", -_FLOOR),
        *alike("nine others share with the right class: e + 9 stands below the line", math.log(10 + _E) - 1, math.log(8 + _E) - 1, math.log(9) - 1, math.log(10) - 1, math.log(9)),
        Slip("one other class would be two classes: here are nine others", math.log(1 + _E) - 1),
        *alike("e^0 is 1, not 0: the nine others count", 1),
        *alike("upside down: this is one over the probability. Take its log", (9 + _E) / _E),
        *alike(_E_SQUARED, math.log(9 + _E**2) - 2, math.log(9 / _E + _E) - 1, math.log(9 / _E + _E)),
        Slip("the nine others have e^0 = 1, the right one e: here they are exchanged", math.log(1 + 9 * _E) - 1),
        Slip("summed over ten classes: the right class alone counts", 10 * _FLOOR),
        Slip("averaged over ten classes: the right class alone counts", _FLOOR / 10),
        Slip("the same for -log(1 - p), the loss of a wrong class: the right one has e / (9 + e)", -math.log(9 / (9 + _E))),
        Slip("this is the sum below the line: e divided by it is the probability, and its -log is asked", 9 + _E),
    ],
    hint="The second softmax gives the right class e / (9 + e): what is -log of that?",
    praise="Nearly two thirds of what guessing costs, for a model that never errs",
)  # fmt: skip
