"""Checks of lesson 08: pixels, labels, logits, and a first classifier of digits."""

import math

import numpy as np

from helpers.check import lesson04, lesson08_model
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_digit import DigitModel, digit
from helpers.check.slips import alike, every_pair
from helpers.check.wrong import then
from helpers.check.wrong_epochs import first_rise, gap, history_with, place
from helpers.check.wrong_logits import (
    clipped,
    log_softmax,
    log_sum_exp,
    max_lost,
    naive,
    no_axis_kept,
    one_max,
    picked,
    summed,
)
from helpers.check.wrong_pixels import asked, every_preparation, prepared, rows, with_batch
from helpers.losses import sigmoid, softmax

_rng = np.random.RandomState(8)
_Array = np.ndarray


# Pixels


def _images(*shape: int, most: int = 240) -> tuple[_Array]:
    return (_rng.randint(0, most, shape).astype(np.uint8),)


def _one_by_one(images: _Array, scale: float) -> _Array:
    return np.array([np.ravel(image) * scale for image in images])


_NOT_FLAT = "not flattened: each image becomes one row, images.reshape(len(images), -1)"
_ONE_LONG_ROW = "all images in one long row: each has a row of its own, images.reshape(len(images), -1)"
_ON_ITS_SIDE = "it lies on its side: one row for each image, (n, height * width)"
_MIXED = "the images are mixed: the first axis of reshape is their number, len(images), and the pixels follow"
_COLUMNS_FIRST = "the pixels go down the columns: take each image row by row, as reshape does by itself"
_FIRST_ALONE = "the first image alone came out: does `return` stand inside the loop, or an [0] too many?"
_RAW = "not divided: the pixels go from 0 to 255, images / 255 brings them between 0 and 1"
_BY_256 = "divided by 256: the largest pixel is 255, and it becomes 1"
_TWICE = "divided twice: once brings the pixels between 0 and 1"
_OWN_MAX = "divided by the largest pixel of these images: other images would get another scale. 255 is the same for all"
_WHOLE = "whole numbers cut the fractions off, so that nearly all is 0: `/` and no `//`, and no uint8 afterwards"
_INVERTED = "light and dark are exchanged: 0 stays 0, and 255 becomes 1"
_FROM_MINUS_1 = "this goes from -1 to 1: between 0 and 1 is asked, images / 255"
_STANDARDIZED = "these are standardized: numbers between 0 and 1 are asked, images / 255"
_SIZE = "784 is the number of pixels of 28 x 28 images alone: images.reshape(len(images), -1) counts them for any size"

prepare = Exercise(
    "prepare",
    prepared(),
    cases=[
        (np.minimum(_images(3, 28, 28, most=400)[0], 255),),
        _images(2, 3, 5),
        _images(1, 4, 4, most=200),
        _images(4, 2, 2),
        _images(5, 6, 3, most=100),
    ],
    slips=[
        *every_preparation(
            [
                (_NOT_FLAT, lambda v: v),
                (_ONE_LONG_ROW, np.ravel),
                (_ONE_LONG_ROW, lambda v: v.reshape(1, -1)),
                (_ON_ITS_SIDE, then(rows, np.transpose)),
                (_MIXED, lambda v: v.reshape(-1, len(v))),
                (_COLUMNS_FIRST, lambda v: v.transpose(0, 2, 1).reshape(len(v), -1)),
                (_COLUMNS_FIRST, lambda v: v.reshape(len(v), -1, order="F")),
                (_FIRST_ALONE, lambda v: v[0].ravel()),
                (_FIRST_ALONE, lambda v: v[:1].reshape(1, -1)),
            ],
            [
                (_RAW, lambda v: v),
                (_BY_256, lambda v: v / 256),
                (_TWICE, lambda v: v / 255**2),
                (_OWN_MAX, lambda v: v / v.max()),
                (_OWN_MAX, lambda v: v / v.max(axis=(1, 2), keepdims=True)),
                (_WHOLE, lambda v: v // 255),
                (_INVERTED, lambda v: 1 - v / 255),
                (_FROM_MINUS_1, lambda v: v / 127.5 - 1),
                (_STANDARDIZED, lambda v: (v - v.mean()) / v.std()),
            ],
        ),
        Slip("stretched from their own smallest to their own largest pixel: divide by 255, for these images and all others", prepared(scale=lambda v: (v - np.min(v)) / np.ptp(v))),
        Slip("0 and 1 alone are left: the shades between them belong to the digit, images / 255", prepared(scale=lambda v: v > 127)),
        Slip("0 and 1 alone are left: the shades between them belong to the digit, images / 255", prepared(scale=lambda v: v > 0)),
        Slip("divided by 100: the largest pixel is 255", prepared(scale=lambda v: v / 100)),
        Slip("divided by 25.5: the largest pixel is 255", prepared(scale=lambda v: v / 25.5)),
        Slip("`images /= 255` works inside the array of whole numbers, which cannot take fractions: `images / 255` makes a new one", lambda images: rows(np.divide(images, 255, out=images))),
        *alike(_SIZE, lambda images: images.reshape(-1, 784) / 255, lambda images: images.reshape(len(images), 784) / 255, lambda images: rows(images.reshape(-1, 28, 28)) / 255),
        *alike("the number of images is written out: len(images) fits any", *(lambda images, n=n: images.reshape(n, 784) / 255 for n in (4000, 60000, 1000))),
        Slip("images.size counts the pixels of all images: the number of images is len(images)", lambda images: images.reshape(images.size, -1) / 255),
    ],
    hint="One row for each image, images.reshape(len(images), -1), divided by 255",
)  # fmt: skip


# Parameters

_TOO_FEW_BIASES = "the biases of one layer are missing: each of the 128 and of the 10 units has one"

dense_parameters = Exercise(
    "dense_parameters",
    101770,
    rtol=1e-6,
    slips=[
        Slip("the biases are forgotten: each of the 128 and of the 10 units has one", 101632),
        *alike(_TOO_FEW_BIASES, 101642, 101760),
        Slip("this is the first layer: the second has weights and biases too", 784 * 128 + 128),
        Slip("this is the second layer: the first has weights and biases too", 128 * 10 + 10),
        *alike("these are one layer's weights: there are two layers, and biases", 784 * 128, 128 * 10),
        *alike("these are numbers of units: each unit has a weight for each of its inputs", 922, 784 + 128, 138),
        Slip("multiplied all through: each layer has its own table of weights, and the two are added", 784 * 128 * 10),
        *alike("the 784 numbers that come in are no units: they have no biases", 101770 + 784, 101632 + 784),
        *alike("a row and a column too many: each unit has one weight for each input, and one bias", 785 * 129 + 129 * 11, 785 * 129 + 129 * 10, 785 * 129),
        *alike("an image has 28 * 28 = 784 numbers, not 28", 28 * 128 + 128 + 1290, 28 * 128 + 1280),
        *alike("the last layer is fed by the 128 units, not by the pixels", 784 * 128 + 128 + 784 * 10 + 10, 784 * 128 + 784 * 10),
        *alike("the hidden layer is missing: 784 to 128, then 128 to 10", 784 * 10 + 10, 784 * 10),
        *alike("Adam's own memory is in it, two numbers for each parameter: the model's parameters alone are asked", 305312, 305310, 203542, 203540),
        *alike("these are bytes, four for each parameter", 4 * 101770, 4 * 101770 / 1024),
        *alike("these are thousands: write the number out", 101.77, 101.8, 102),
        *alike("one bias for a whole layer: each unit has its own", 101634, 784 * 128 + 1 + 128 * 10 + 10, 784 * 128 + 128 + 128 * 10 + 1),
        *alike("each unit has one bias, not one for each of its inputs", 2 * 101632),
        *alike("there are 128 units: this is for another number", 784 * 32 + 32 + 330, 784 * 64 + 64 + 650, 784 * 256 + 256 + 2570, 784 * 100 + 100 + 1010),
    ],
    hint="A Dense layer has inputs times units weights, and one bias for each unit; two layers are added",
    praise="Nearly all of them lie between the pixels and the hidden layer",
)  # fmt: skip


# A model

build_model = lesson08_model.build_model


# Labels


def _bytes(*labels: int) -> _Array:
    return np.array(labels, np.uint8)


def _into_bytes(labels: _Array, num_classes: int) -> _Array:
    Y = np.zeros(len(labels) * num_classes)
    for i, label in enumerate(labels):
        Y[np.uint8(i * num_classes) + np.uint8(label)] = 1
    return Y.reshape(len(labels), num_classes)


_AS_PLACES = "the labels are set as they are into one column: each becomes a row of num_classes numbers"
_MANY = _rng.randint(0, 9, 40).astype(np.uint8)  # of ten classes, the 9 does not occur

to_categorical = Exercise(
    "to_categorical",
    lambda labels, num_classes: np.eye(num_classes)[labels],
    cases=[
        (_bytes(2, 0, 1, 2), 4),
        (_bytes(1, 0, 2), 3),
        (_bytes(5, 0, 4, 1, 9, 2, 7, 9), 10),
        (np.array([1, 0, 1]), 2),
        (_bytes(3), 5),
        (_bytes(1, 2, 1), 3),
        (_MANY, 10),
    ],
    slips=[
        *alike("counted from 1: column 0 belongs to label 0", lambda labels, k: np.eye(k)[labels.astype(int) - 1], lambda labels, k: np.eye(k)[labels.astype(int) % k - 1]),
        *lesson04.one_hot.slips,
        Slip("the places are counted in 8 bits, which end at 255: i * num_classes + label needs whole numbers of Python, int(label)", _into_bytes),
        *alike(_AS_PLACES, lambda labels, k: labels[:, None], lambda labels, k: labels),
        Slip("the labels are divided by the number of classes: a class is no quantity. Each label becomes a row", lambda labels, k: labels / k),
    ],
    hint="Row i holds a single 1, in column labels[i], and there are num_classes columns",
)  # fmt: skip


# Logits

_STABLE_LOG_0 = "a probability of e^-2000 is 0, and its log minus infinity: stay with the logits, z minus log Σ e^z, whose maximum is taken out"
_OVERFLOWS = "exp(1000) overflows: take the row's maximum out first, log Σ e^(z - max) + max"
_CLIPPED = (
    "clipping hides the loss: a right class 2000 below the largest costs 2000. Take the logits minus their log-sum-exp"
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
                ("one maximum for all rows: a row far below it becomes log(0). Each row has its own, max(axis=1, keepdims=True)", summed(one_max)),
                ("a softmax of a softmax: these are logits, one is enough", summed(lambda z: log_softmax(softmax(z)))),
            ],
            _LOSS_FACTORS[:4],
        ),
        *alike(_CLIPPED, *(clipped(eps, hide) for eps in (1e-3, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16, 1e-20, 1e-30, 1e-100, 1e-300) for hide in (np.maximum, np.add))),
        Slip("the maximum is taken away inside the log alone: take it from z as well, or add it again", summed(max_lost)),
        Slip("the log-sum-exp is laid along the columns: keepdims=True keeps it beside its row", summed(no_axis_kept)),
        Slip("the wrong axis: the classes lie along axis 1, the rows are images", summed(lambda z: z - log_sum_exp(z, axis=0))),
        Slip("the log-sum-exp over the whole table: each row has its own", summed(lambda z: z - np.logaddexp.reduce(z, axis=None))),
        *alike("the wrong classes: these are the logs of all others. The target's own counts", summed(weigh=lambda Y: 1 - Y)),
        Slip("all classes count alike: the target's own counts, targets * logs", summed(weigh=lambda Y: 1)),
        *alike("the log is missing: this is the probability itself", summed(softmax), lambda z, Y: np.sum(Y * softmax(z)) / len(z)),
        Slip("the log is missing: this is 1 minus the probability", lambda z, Y: np.mean(1 - np.sum(Y * softmax(z), axis=1))),
        *alike("the logits are taken for log-probabilities: the log-sum-exp of each row is missing", summed(lambda z: z), lambda z, Y: np.sum(Y * z) / len(z)),
        *alike("the logits are taken for probabilities: a softmax comes before the log", summed(np.log), summed(lambda z: np.log(np.clip(z, 1e-7, 1 - 1e-7)))),
        Slip("this is the log-sum-exp: the target's own logit is subtracted from it", lambda z, Y: np.mean(log_sum_exp(z))),
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
        *alike("nine others share with the right class: e + 9 stands below the line", math.log(10 + _E) - 1, math.log(8 + _E) - 1),
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


# One digit

_SHAPE = "the model takes rows of 784 numbers, (n, 784): one image is a batch of one, image.reshape(1, -1)"
_FORGOTTEN = "normalization forgotten at prediction: the model learned from pixels between 0 and 1, so image / 255"
_PROBABILITIES = "the ten probabilities are asked, as they come out"
_READINGS = [
    (_FORGOTTEN, lambda image: image.reshape(1, -1)),
    ("divided by 256: training divided by 255", lambda image: image.reshape(1, -1) / 256),
    (_TWICE, lambda image: image.reshape(1, -1) / 255**2),
    (_WHOLE, lambda image: image.reshape(1, -1) // 255),
    ("divided by the image's own maximum: training divided by 255", lambda image: image.reshape(1, -1) / image.max()),
    ("light and dark are exchanged: the digit is light, on 0", lambda image: 1 - image.reshape(1, -1) / 255),
    ("the image is transposed: its rows come one behind the other, as in training", lambda image: image.T.reshape(1, -1) / 255),
    ("0 and 1 alone are left: the shades between belong to the digit, image / 255", lambda image: image.reshape(1, -1) > 0),
    ("0 and 1 alone are left: the shades between belong to the digit, image / 255", lambda image: image.reshape(1, -1) > 127),
    ("standardized with its own mean: training divided by 255, and nothing else", lambda image: (image.reshape(1, -1) - image.mean()) / image.std()),
    ("from -1 to 1: training divided by 255, and nothing else", lambda image: image.reshape(1, -1) / 127.5 - 1),
]  # fmt: skip

read_digit = Exercise(
    "read_digit",
    asked(),
    cases=[(DigitModel(1), digit(255, _rng)), (DigitModel(2), digit(255, _rng)), (DigitModel(2), digit(180, _rng))],
    also_right=[with_batch(asked())],
    slips=[
        *(Slip(hint, form(asked(make))) for hint, make in _READINGS for form in (lambda reading: reading, with_batch)),
        *alike(
            _SHAPE,
            *(lambda model, image, by=by, form=form: model(form(image) / by) for by in (1, 255) for form in (lambda v: v, np.ravel, lambda v: v[None], lambda v: v[None, ..., None])),
        ),
        *alike(f"this is the digit: {_PROBABILITIES}", asked(take=np.argmax), asked(lambda image: image.reshape(1, -1), np.argmax)),
        *alike(f"this is the largest of them: {_PROBABILITIES}", asked(take=np.max), asked(lambda image: image.reshape(1, -1), np.max)),
        Slip(f"the digit and its probability: {_PROBABILITIES}", asked(take=lambda p: (np.argmax(p), np.max(p)))),
        Slip(f"these are marks, 1 for the largest: {_PROBABILITIES}", asked(take=lambda p: p == p.max())),
        *alike("a second softmax: these are probabilities already", asked(take=softmax), with_batch(asked(take=softmax))),
        *alike(f"in percent: {_PROBABILITIES}", asked(take=lambda p: 100 * p), asked(take=lambda p: np.round(100 * p))),
        *alike(f"sorted, so nobody knows which digit is meant: {_PROBABILITIES}", asked(take=np.sort), asked(take=lambda p: np.sort(p)[::-1])),
        Slip(f"these are the digits from the least likely on: {_PROBABILITIES}", asked(take=np.argsort)),
        *alike(f"these are logs: {_PROBABILITIES}", asked(take=np.log), asked(take=lambda p: -np.log(p))),
        Slip("this is the first probability alone: model(x)[0] is the first row, all ten of it", asked(take=lambda p: p[0])),
        Slip("rounded: keep the digits", asked(take=np.round)),
        Slip("`image /= 255` works inside the array of whole numbers, which cannot take fractions: `image / 255` makes a new one", lambda model, image: model(np.divide(image, 255, out=image).reshape(1, -1))[0]),
    ],
    hint="model(x) with x = image.reshape(1, -1) / 255, and of its one row the ten probabilities",
    praise="What is done to the pixels in training is done at prediction too",
)  # fmt: skip


# The history

_FROM_0 = "counted from 0: Keras prints the first epoch as 1, so add 1"
_OF_TRAINING = 'this looks at the training loss: history["val_loss"] holds that of the validation set'

lowest_epoch = Exercise(
    "lowest_epoch",
    place("val_loss"),
    cases=[
        history_with([0.5, 0.42, 0.44, 0.35, 0.31, 0.33, 0.36, 0.41], _rng),
        history_with([0.9, 0.6, 0.4, 0.45], _rng),
        history_with([0.7, 0.5, 0.55, 0.52, 0.47, 0.46, 0.44, 0.43, 0.39, 0.38, 0.4, 0.42], _rng),
        history_with([0.3, 0.34, 0.38], _rng),
        history_with([0.8, 0.6, 0.5, 0.41, 0.4], _rng),
    ],
    slips=[
        Slip(_FROM_0, place("val_loss", first=0)),
        *alike(_OF_TRAINING, place("loss")),
        Slip(f"{_OF_TRAINING}. And {_FROM_0}", place("loss", first=0)),
        *(Slip(hint, place(key, find, first)) for key, find, hint in [
            ("val_accuracy", np.argmax, "this is the highest validation accuracy: the lowest validation loss is asked, and they need not agree"),
            ("val_accuracy", np.argmin, "this is the lowest validation accuracy: the loss is asked, val_loss"),
            ("val_loss", np.argmax, "this is the highest validation loss: argmin finds the lowest"),
            ("accuracy", np.argmax, "this is the training accuracy: the validation loss is asked, val_loss"),
            ("accuracy", np.argmin, "this is the training accuracy: the validation loss is asked, val_loss"),
        ] for first in (1, 0)),
        *alike("this is the last epoch: the lowest validation loss may come before it", lambda history: len(history["loss"]), lambda history: len(history["loss"]) - 1),
        *alike("this is the loss itself: its epoch is asked", lambda history: min(history["val_loss"]), lambda history: min(history["loss"])),
        Slip("one too many: argmin counts from 0, so 1 is added once", place("val_loss", first=2)),
        *alike("this is where the loss rises for the first time: it may fall again, so look at all epochs", first_rise, lambda history: first_rise(history) - 1, lambda history: first_rise(history) + 1),
        *alike("this is where training and validation are nearest: the lowest validation loss is asked", lambda history: int(np.argmin(gap(history))) + 1, lambda history: int(np.argmin(abs(gap(history)))) + 1),
        *alike("the epoch alone is asked, without its loss", lambda history: (place("val_loss")(history), min(history["val_loss"])), lambda history: (min(history["val_loss"]), place("val_loss")(history))),
        Slip("len(history) counts its names: the epochs are in the lists", lambda history: len(history)),
        Slip("these are all epochs, from the best on: the first of them is asked", lambda history: np.argsort(history["val_loss"]) + 1),
        Slip('history is the dict itself here, history["val_loss"]: the attribute history belongs to what fit returns', lambda history: int(np.argmin(history.history["val_loss"])) + 1),
    ],
    hint='The place of the smallest number in history["val_loss"], counted from 1',
    praise="The weights of that epoch are the ones to keep",
)  # fmt: skip
