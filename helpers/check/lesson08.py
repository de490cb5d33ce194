"""Checks of lesson 08: pixels, labels, logits, and a first classifier of digits."""

import numpy as np

from helpers.check import lesson04, lesson08_logits, lesson08_model
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_digit import DigitModel, digit
from helpers.check.slips import alike
from helpers.check.wrong import then
from helpers.check.wrong_epochs import first_rise, gap, history_with, lower_than_the_first, place
from helpers.check.wrong_pixels import asked, every_preparation, prepared, rows, with_batch
from helpers.losses import softmax

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

_LAYOUTS = [
    (_ONE_LONG_ROW, np.ravel),
    (_ONE_LONG_ROW, lambda v: v.reshape(1, -1)),
    (_ON_ITS_SIDE, then(rows, np.transpose)),
    (_MIXED, lambda v: v.reshape(-1, len(v))),
    (_COLUMNS_FIRST, lambda v: v.transpose(0, 2, 1).reshape(len(v), -1)),
    (_COLUMNS_FIRST, lambda v: v.reshape(len(v), -1, order="F")),
    (_FIRST_ALONE, lambda v: v[0].ravel()),
    (_FIRST_ALONE, lambda v: v[:1].reshape(1, -1)),
]
_SCALES = [
    (_RAW, lambda v: v),
    (_BY_256, lambda v: v / 256),
    (_TWICE, lambda v: v / 255**2),
    (_OWN_MAX, lambda v: v / v.max()),
    (_OWN_MAX, lambda v: v / v.max(axis=(1, 2), keepdims=True)),
    (_WHOLE, lambda v: v // 255),
    (_INVERTED, lambda v: 1 - v / 255),
    (_FROM_MINUS_1, lambda v: v / 127.5 - 1),
    (_STANDARDIZED, lambda v: (v - v.mean()) / v.std()),
]  # fmt: skip

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
        *every_preparation([(_NOT_FLAT, lambda v: v)], _SCALES),
        *every_preparation(_LAYOUTS, _SCALES[:1])[1:],
        Slip("stretched from their own smallest to their own largest pixel: divide by 255, for these images and all others", prepared(scale=lambda v: (v - np.min(v)) / np.ptp(v))),
        Slip("0 and 1 alone are left: the shades between them belong to the digit, images / 255", prepared(scale=lambda v: v > 127)),
        Slip("0 and 1 alone are left: the shades between them belong to the digit, images / 255", prepared(scale=lambda v: v > 0)),
        Slip("divided by 100: the largest pixel is 255", prepared(scale=lambda v: v / 100)),
        Slip("divided by 25.5: the largest pixel is 255", prepared(scale=lambda v: v / 25.5)),
        Slip("`images /= 255` works inside the array of whole numbers, which cannot take fractions: `images / 255` makes a new one", lambda images: rows(np.divide(images, 255, out=images))),
        *alike(_SIZE, lambda images: images.reshape(-1, 784) / 255, lambda images: images.reshape(len(images), 784) / 255, lambda images: rows(images.reshape(-1, 28, 28)) / 255),
        Slip("the number of images is written out, or missing: images.reshape(len(images), -1) fits any", lambda images: images.reshape(4000, 784) / 255),
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
        Slip("the last row alone is filled: np.zeros stands before the loop, and once", lambda labels, k: np.where(np.arange(len(labels))[:, None] == len(labels) - 1, np.eye(k)[labels], 0)),
        *alike(_AS_PLACES, lambda labels, k: labels[:, None], lambda labels, k: labels),
        Slip("the labels are divided by the number of classes: a class is no quantity. Each label becomes a row", lambda labels, k: labels / k),
    ],
    hint="Row i holds a single 1, in column labels[i], and there are num_classes columns",
)  # fmt: skip


# Logits

loss_from_logits = lesson08_logits.loss_from_logits
double_softmax_floor = lesson08_logits.double_softmax_floor


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
        *alike('always the first epoch: argmin looks into history["val_loss"]; in a loop begin with its first loss, for none is below 0', lambda history: 1, lambda history: 0),
        *alike("the lowest loss so far is not kept: set it anew wherever one is lower", lower_than_the_first, lambda history: lower_than_the_first(history) - 1),
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
