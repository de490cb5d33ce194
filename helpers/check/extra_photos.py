# ruff: noqa: E501 (hints are prose: one line each)
"""Checks of extra_transfer_imagenet: photos for a network, rare classes, and what the network looks at."""

from collections.abc import Callable, ItemsView
from itertools import islice
from typing import Any

import numpy as np

from helpers.check import wrong_photos as bad
from helpers.check.compare import RTOL, Mismatch, compare, to_numbers
from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike
from helpers.check.unwritten import is_unwritten
from helpers.check.wrong import then
from helpers.check.wrong_counts import columns, diagonal, filled, raw, rows, share

_rng = np.random.RandomState(224)


_CUT = "the fractions are cut off: // gives whole numbers, and so does an array of whole numbers"
_ROUNDED = "rounded: keep the digits"
_RETURN = "does `return` stand inside the loop?"


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _numbers(found: Any) -> np.ndarray | None:
    """Return what an answer found as an array; None where it holds no numbers."""
    try:
        return to_numbers(found)
    except Mismatch:
        return None


# Pixels from -1 to 1

_WRAPS = "uint8 holds 0 to 255 and wraps around: 0 - 1 is 255 there, and 2 * 200 is 144. Divide first, photos / 127.5 are floats"
_RANGE = "0 must become -1, and 255 must become 1"
_PLACE = "each number stays in its place, shape (n, H, W, 3)"
_FIXED = "the same numbers serve every photo, 127.5 and 1: else one photo's numbers depend on the others, or on its own light"
_TO_UNIT = bad.scaled(127.5, -1)


def _photos(*shape: int, low: int = 0, high: int = 256) -> np.ndarray:
    return _rng.randint(low, high, (*shape, 3)).astype(np.uint8)


def _other_zero(shift: float, divisor: float) -> Callable:
    """Make (photos - shift) / divisor, in floats."""
    return lambda photos: (photos.astype(float) - shift) / divisor


def _same_size(answer: Callable, photos: np.ndarray) -> Any:
    """Run an answer; raise Mismatch where its photos have another size."""
    (n, height, width, _), found = photos.shape, answer(photos)
    shape = () if (numbers := _numbers(found)) is None else numbers.shape
    if len(shape) == 4 and (shape[0], shape[3]) == (n, 3) and sorted(shape[1:3]) != sorted((height, width)):
        raise Mismatch(f"resized, from {height} x {width} to {shape[1]} x {shape[2]}: no resizing, the size stays")
    return found


to_network = Exercise(
    "to_network",
    lambda photos: photos / 127.5 - 1,
    cases=[
        (np.array([[[[0, 51, 255], [102, 204, 153]]]], np.uint8),),
        (_photos(2, 3, 4),),
        (_photos(3, 4, 2, low=20, high=230),),
        (_photos(1, 5, 5, low=100, high=140),),
        (_photos(4, 2, 2, low=3, high=90),),
        (np.concatenate([_photos(1, 4, 3, high=60), _photos(1, 4, 3, low=150, high=250)]),),
    ],
    observe=_same_size,
    slips=[
        Slip(f"from 0 to 1: {_RANGE}. Divide by half of 255, then take 1 away", bad.scaled(255, 0)),
        Slip(f"from -0.5 to 0.5: half as wide. {_RANGE}", bad.scaled(255, -0.5)),
        *alike("nearly: 255 must become 1, and 255 / 128 - 1 is 0.992. Half of 255 is 127.5, wherever it stands", bad.scaled(128, -1), _other_zero(128, 128)),
        *alike("nearly: 255 must become 1, and 0 must become -1. Half of 255 is 127.5, wherever it stands", bad.scaled(127, -1), _other_zero(127, 127), _other_zero(127, 128), _other_zero(128, 127)),
        *alike("nearly: 255 must become 1, and 0 must become -1. Divide by 127.5, half of 255", _other_zero(127.5, 127), _other_zero(127.5, 128)),
        Slip("nearly: 255 must become 1, and 0 must become -1. Subtract 127.5, not 127", _other_zero(127, 127.5)),
        Slip("nearly: 255 must become 1, and 0 must become -1. Subtract 127.5, not 128", _other_zero(128, 127.5)),
        *alike("nearly: take 1 away after dividing, not before", _other_zero(1, 127.5)),
        *alike(_WRAPS, lambda photos: (photos - 1) / 127.5, lambda photos: 2 * photos / 255 - 1, lambda photos: (2 * photos - 255) / 255, lambda photos: (2 * photos - 255) / 255.0 - 1, lambda photos: (photos - 127) / 127.5, lambda photos: (photos - 128) / 127.5, lambda photos: (photos - 128) / 128, lambda photos: (photos - 127) / 128, lambda photos: (photos - 127) / 127, lambda photos: (photos - 128) / 127, lambda photos: 2 * photos / 255, lambda photos: (photos - 255) / 255, lambda photos: (photos * 2 - 1) / 255, lambda photos: photos - 1, lambda photos: photos - 127, lambda photos: photos - 128, lambda photos: 1 - 2 * photos / 255, lambda photos: photos // 127 - np.uint8(1), lambda photos: photos // 128 - np.uint8(1)),
        *alike("int8 holds -128 to 127 and wraps around: 200 is -56 there. Divide photos as they come: photos / 127.5 are floats", lambda photos: photos.astype(np.int8), *(lambda photos, by=by, less=less: photos.astype(np.int8) / by - less for by in (127, 127.5, 128, 255) for less in (0, 1))),
        *alike(f"scaled twice, once by 255 perhaps and once more by 127.5: {_RANGE}, so once is enough", bad.scaled(255 * 127.5, -1), bad.scaled(127.5**2, -1 - 1 / 127.5), bad.scaled(127.5**2, -1), bad.scaled(255**2, 0)),
        *alike(f"{_CUT}. The values between -1 and 1 are needed", then(_TO_UNIT, np.trunc), then(_TO_UNIT, np.floor), lambda photos: np.trunc(_TO_UNIT(photos)) % 256, lambda photos: photos.astype(int) // 127 - 1, lambda photos: photos.astype(int) // 128 - 1, lambda photos: photos.astype(int) // 255),
        *alike(_ROUNDED, *bad.rounded(_TO_UNIT, 0, 1, 2, 3)),
        *alike("not shifted: 1 is still to be taken away, so that 0 becomes -1", bad.scaled(127.5, 0)),
        *alike("the opposite shift: take 1 away, so that 0 becomes -1", bad.scaled(127.5, 1)),
        *alike(f"from -1 to 0: {_RANGE}. Divide by 127.5, half of 255", bad.scaled(255, -1)),
        *alike("the brackets: photos / 127.5 - 1 divides first, and takes 1 away from the outcome", bad.scaled(126.5, 0)),
        Slip("not divided: photos - 127.5 goes from -127.5 to 127.5. Divide by 127.5", bad.scaled(1, -127.5)),
        Slip("shifted twice: after dividing by 127.5 take 1 away, not 127.5", bad.scaled(127.5, -127.5)),
        *alike("divided by 255 where the photos were made symmetric already: (photos - 127.5) / 127.5", bad.scaled(255, -127.5)),
        Slip(f"unscaled, still 0 to 255: {_RANGE}. If there is a loop, assigning to its variable leaves photos as it was", lambda photos: photos),
        Slip(f"unscaled, still 0 to 255: {_RANGE}", lambda photos: photos.astype(float) - 1),
        *alike("multiplied: divide by 127.5", lambda photos: photos * 127.5 - 1, lambda photos: photos * 255.0, lambda photos: photos * 127.5),
        *alike(f"inverted, bright becomes -1 and dark 1: {_RANGE}", then(_TO_UNIT, np.negative), lambda photos: 1 - photos / 255),
        *alike(f"the mean is taken away: {_FIXED}", *(bad.standardized(axis, divide=False) for axis in (None, 0, (0, 1, 2), (1, 2), (1, 2, 3))), *(then(bad.standardized(axis, divide=False), lambda x, by=by: x / by) for axis in (None, 0, (0, 1, 2), (1, 2), (1, 2, 3)) for by in (255, 127.5))),
        *alike(f"standardized: {_FIXED}", *(bad.standardized(axis) for axis in (None, 0, (0, 1, 2), (1, 2), (1, 2, 3)))),
        *alike(f"stretched by the darkest and the brightest that occur: {_FIXED}", *(bad.stretched(axis, low) for axis in (None, (0, 1, 2), (1, 2), (1, 2, 3)) for low in (-1, 0))),
        *alike(f"divided by the brightest number that occurs, not by 255: {_FIXED}", *(bad.stretched(axis, low, from_zero=True) for axis in (None, (0, 1, 2), (1, 2), (1, 2, 3)) for low in (-1, 0))),
        *alike("this is how other networks were trained, with a mean and a deviation for each color (PyTorch's): MobileNetV2 in Keras wants photos / 127.5 - 1", bad.channel_by_channel([0.485, 0.456, 0.406], [0.229, 0.224, 0.225], 1 / 255), bad.channel_by_channel([0.485, 0.456, 0.406], [1, 1, 1], 1 / 255), bad.channel_by_channel([0.5] * 3, [0.229, 0.224, 0.225], 1 / 255)),
        *alike("this is how other networks were trained, blue first and a mean for each color (Caffe's): MobileNetV2 in Keras wants photos / 127.5 - 1", bad.channel_by_channel([103.939, 116.779, 123.68], [1, 1, 1], 1, True), bad.channel_by_channel([103.939, 116.779, 123.68], [1, 1, 1]), bad.channel_by_channel([123.68, 116.779, 103.939], [1, 1, 1])),
        *alike("the colors are turned round, blue first: they stay red, green, blue", lambda photos: _TO_UNIT(photos)[..., ::-1], lambda photos: photos[..., ::-1] / 255),
        *alike(f"the colors come first here: {_PLACE}", then(_TO_UNIT, lambda x: x.transpose(0, 3, 1, 2))),
        *alike(f"rows and columns are exchanged: {_PLACE}", then(_TO_UNIT, lambda x: x.transpose(0, 2, 1, 3))),
        *alike(f"the axes are turned round, the photos last: {_PLACE}", then(_TO_UNIT, np.transpose)),
        *alike(f"mirrored: {_PLACE}", then(_TO_UNIT, lambda x: x[:, ::-1]), then(_TO_UNIT, lambda x: x[:, :, ::-1])),
        *alike(f"laid into rows, as a Dense layer wants them: {_PLACE}", then(_TO_UNIT, lambda x: x.reshape(len(x), -1)), then(_TO_UNIT, np.ravel)),
        *alike(f"the first photo alone: {_PLACE}. If there is a loop, {_RETURN}", then(_TO_UNIT, lambda x: x[0]), then(_TO_UNIT, lambda x: x[:1])),
        *alike(f"an axis too many: {_PLACE}", then(_TO_UNIT, lambda x: x[None]), then(_TO_UNIT, lambda x: x[..., None])),
        *alike("gray: the network wants the three colors", *(then(_TO_UNIT, lambda x, keep=keep: x.mean(axis=-1, keepdims=keep)) for keep in (False, True))),
        *alike("/= would write fractions into an array of whole numbers: photos = photos / 127.5 makes a new one of floats", bad.in_place(127.5), bad.in_place(255)),
        *alike("cut off at 0: the dark half of each photo, -1 to 0, is lost", then(_TO_UNIT, lambda x: x.clip(0, 1))),
        *alike("without its sign: dark and bright come out alike", then(_TO_UNIT, np.abs)),
        *alike("cut off: after the division most pixels were below -1 or above 1, so the range was another. photos / 127.5 - 1 needs no cut", lambda photos: np.clip(photos.astype(float) - 127.5, -1, 1), lambda photos: np.clip(photos.astype(float) - 1, -1, 1)),
    ],
    hint=f"{_RANGE}, with what lies between in proportion",
    praise="A network sees what it was trained on only if the numbers have the same range",
)  # fmt: skip


# What is trained

_COUNT = "a weight for each pair of a feature and a unit, and a bias for each unit"
_FROZEN = "the frozen numbers are in it: they are kept as they are, so the head's alone are trained"

probe_parameters = Exercise(
    "probe_parameters",
    1280 * 6 + 6,
    rtol=1e-6,
    slips=[
        Slip("the biases are forgotten: each of the 6 units has one", 1280 * 6),
        Slip("one bias for all: each of the 6 units has one", 1280 * 6 + 1),
        *alike("a bias for each feature: each unit has one, and a feature has none", 1280 * 7, 1280 * 6 + 1280),
        *alike("a bias for each feature, and one for each unit: units alone have one", 1280 * 7 + 6),
        Slip("the two are added: each unit has a weight for each feature, so multiply", 1286),
        *alike(f"this is one unit: there are 6, {_COUNT}", 1280, 1281),
        *alike(f"these are the biases, or the units: {_COUNT}", 6),
        Slip("these are the frozen numbers, which are not trained: the head's are", 410208),
        *alike(_FROZEN, 410208 + 7686, 410208 + 7680, 396128 + 7686, 396128 + 7680),
        *alike("the batch norms' moving statistics are in it: no optimizer trains these, and all that is frozen stays out", 14080 + 7686, 14080),
        *alike("these are the numbers of the feature extractor that could be trained: it is frozen, so the head's alone are", 396128),
        *alike("for another number of units: the head has 6, one for each kind of rubbish", 1280 * 5 + 5, 1280 * 7 + 7, 1280 * 10 + 10, 1280 * 1000 + 1000),
        *alike(f"for another number of features: there are 1280, the mean of each channel. {_sentence(_COUNT)}", 64 * 6 + 6, 1024 * 6 + 6, 448 * 6 + 6, 128 * 6 + 6, 2048 * 6 + 6, 1208 * 6 + 6, 32 * 6 + 6, 1792 * 6 + 6, 2560 * 6 + 6, 168 * 224 * 3 * 6 + 6),
        *alike("the pooling leaves one number for each channel: the places on the map have no weights of their own", *(places * 1280 * 6 + 6 for places in (49, 42, 35, 30, 25)), *(places * 1280 * 6 for places in (49, 42, 35)), *(places * 1280 + more for places in (49, 42, 35) for more in (0, 6))),
        *alike("nothing trained at all: the head is new, and learns", 0),
        *alike("these are bytes, four for each number", 4 * 7686, 4 * 7680),
        *alike("these are thousands: write the number out", 7.686, 7.69, 7.7),
        *alike("Adam's own memory is in it, two numbers for each: the head's numbers alone are asked", 3 * 7686, 2 * 7686, 3 * 7686 + 2),
        *alike("all photos are in it: the number of weights does not depend on them", 2527 * 6, 2527 * 1280, 2527 * 6 + 6, 1515 * 6 + 6),
        *alike("without the comma: in Python it stands between two numbers", "7,686", (7, 686), "7,680", (7, 680)),
        *alike("two arrays, the weights and the biases: how many numbers are in them?", 2),
        *alike("a bias for each weight: each unit has one", 2 * 1280 * 6),
        *alike("each unit has one bias, so the units add 6 in all", 1280 * 6 + 36, 1280 * 6 - 6),
        *alike("squared: 1280 features, 6 units", 1280**2, 1280 * 36, 1280 * 6**2 + 6, 1280**2 * 6, 1280**2 * 6 + 6),
    ],
    hint=_sentence(_COUNT),
    praise="About a fiftieth of all numbers in the model: 410,208 are kept as ImageNet left them",
)  # fmt: skip


# One recall, one vote

_RECALL = "a recall divides what is right by the sum of its row, axis=1, since rows are the true classes"
_MEAN_OF = "the mean of all recalls is asked, one number in which each class counts the same"
_matrix = np.array([[5, 2, 0], [1, 6, 3], [0, 1, 2]])
_no_trash = np.array([[40, 5, 0], [6, 30, 0], [5, 4, 0]])


def _precisions(of: Callable) -> Callable:
    """Make the mean precision with a given share, for columns in which nothing stands."""
    return lambda confusion: np.mean(of(diagonal(confusion), columns(confusion)))


def _f1(of: Callable) -> Callable:
    return lambda confusion: np.mean(of(2 * diagonal(confusion), rows(confusion) + columns(confusion)))


def _no_text(answer: Callable, confusion: np.ndarray) -> Any:
    """Run an answer; raise Mismatch where it returns a text."""
    if isinstance(found := answer(confusion), str):
        raise Mismatch(f"found the text {found[:40]!r}: return the number, and format it where it is printed")
    return found


balanced_accuracy = Exercise(
    "balanced_accuracy",
    lambda confusion: np.mean(np.diagonal(confusion) / confusion.sum(axis=1)),
    cases=[
        (np.array([[90, 10], [3, 7]]),),
        (_matrix,),
        (_no_trash,),
        (_rng.randint(0, 9, (6, 6)) + np.diag([30, 45, 33, 52, 40, 4]),),
        (np.array([[3, 1, 0, 0], [2, 8, 1, 4], [0, 0, 1, 1], [5, 1, 2, 20]]),),
        (np.array([[2, 1, 0], [4, 0, 5], [0, 2, 0]]),),
    ],
    observe=_no_text,
    slips=[
        *alike(f"this is the accuracy, in which a large class counts more: {_MEAN_OF}", lambda m: m.trace() / m.sum(), bad.of_rows(lambda r, n: np.average(r, weights=n))),
        *alike(f"this is the mean precision, of the columns: {_RECALL}", *(_precisions(of) for of in (share, raw, filled(1.0))), lambda m: np.nanmean(raw(diagonal(m), columns(m))), lambda m: _precisions(share)(m[:, m.any(axis=0)][m.any(axis=0)])),
        Slip("these are recalls added up: divide by the number of classes", bad.of_rows(lambda r, n: r.sum())),
        *alike(f"this is the mean F1: {_MEAN_OF}", _f1(share), _f1(raw), lambda m: np.mean(share(2 * diagonal(m) / rows(m) * share(diagonal(m), columns(m)), diagonal(m) / rows(m) + share(diagonal(m), columns(m)))), lambda m: np.mean(2 / (raw(rows(m), diagonal(m)) + raw(columns(m), diagonal(m))))),
        *alike(f"this is the median: {_MEAN_OF}", bad.of_rows(lambda r, n: np.median(r))),
        *alike(f"this is the worst recall: {_MEAN_OF}", bad.of_rows(lambda r, n: r.min())),
        *alike(f"this is the best recall: {_MEAN_OF}", bad.of_rows(lambda r, n: r.max())),
        *alike(f"this is the recall of the first class: {_MEAN_OF}. If there is a loop, {_RETURN}", bad.of_rows(lambda r, n: r[0]), bad.of_rows(lambda r, n: r[0] / len(r))),
        *alike(f"this is the recall of the last class: {_MEAN_OF}. In a loop, = forgets the recalls before, and += adds them up", bad.of_rows(lambda r, n: r[-1]), bad.of_rows(lambda r, n: r[-1] / len(r))),
        Slip("divided again and again: the division comes once, after the loop", bad.of_rows(bad.divided_each_time)),
        *alike(f"this is the recall of one class: {_MEAN_OF}", bad.of_rows(lambda r, n: r[n.argmin()]), bad.of_rows(lambda r, n: r[n.argmax()])),
        *alike("each recall comes back: return their mean, one number", bad.of_rows(lambda r, n: r)),
        *alike("each precision comes back: return the mean of the recalls, one number", lambda m: share(diagonal(m), columns(m)), lambda m: raw(diagonal(m), columns(m))),
        *alike("these are counts, the mean or the sum of the diagonal: divide each by the sum of its row first", lambda m: diagonal(m).mean(), lambda m: m.trace(), diagonal),
        *alike("the diagonal's mean is divided by all: divide each number on it by the sum of its row, then take the mean", lambda m: diagonal(m).mean() / m.sum(), lambda m: np.mean(diagonal(m) / m.sum())),
        *alike("this is the accuracy times the number of classes: divide class by class, then take the mean", lambda m: diagonal(m).mean() / m.mean()),
        *alike("percent: a share from 0 to 1 is asked", bad.of_rows(lambda r, n: 100 * r.mean())),
        *alike("this is the share of mistakes, 1 minus what is asked", bad.of_rows(lambda r, n: 1 - r.mean()), lambda m: 1 - m.trace() / m.sum()),
        *alike("what is right is divided by what is wrong: the whole row belongs below, the diagonal too", lambda m: np.mean(raw(diagonal(m), rows(m) - diagonal(m))), lambda m: np.mean(share(diagonal(m), rows(m) - diagonal(m)))),
        *alike(f"this is the geometric mean: {_MEAN_OF}", bad.of_rows(lambda r, n: np.prod(r) ** (1 / len(r)))),
        *alike(f"this is the harmonic mean: {_MEAN_OF}", bad.of_rows(lambda r, n: len(r) / np.sum(raw(1, r)))),
        *alike("the root of the mean square: the plain mean is asked", bad.of_rows(lambda r, n: np.sqrt(np.mean(r**2)))),
        *alike("adjusted, so that guessing gives 0: here guessing gives 1 / num_classes. Leave the adjustment out", bad.of_rows(lambda r, n: (r.mean() - 1 / len(r)) / (1 - 1 / len(r)))),
        *alike("each class against the rest, with the share of the others that was seen as such: the mean of the recalls alone is asked", bad.of_four(lambda tp, fn, fp, tn: (tp / (tp + fn) + tn / (tn + fp)) / 2), bad.of_four(lambda tp, fn, fp, tn: tn / (tn + fp)), bad.of_four(lambda tp, fn, fp, tn: (tp + tn) / (tp + fn + fp + tn))),
        *alike(f"each class against the rest, mistakes of both kinds below: {_RECALL}", bad.of_four(lambda tp, fn, fp, tn: tp / (tp + fn + fp))),
        *alike("the mean of recall and precision: the recalls alone are asked", lambda m: (np.mean(diagonal(m) / rows(m)) + _precisions(share)(m)) / 2, lambda m: (np.mean(diagonal(m) / rows(m)) + _precisions(raw)(m)) / 2),
        *alike("all numbers in the table are averaged: the diagonal alone is right", lambda m: np.mean(m / m.sum(axis=1, keepdims=True)), lambda m: np.mean(m / m.sum(axis=1)), lambda m: np.mean(m / m.sum(axis=0)), lambda m: np.mean(m)),
        *alike("weighted the wrong way, a rare class more than the others: all count the same", bad.of_rows(lambda r, n: np.average(r, weights=1 / n))),
        *alike(f"without the first class: classes count from 0. {_sentence(_MEAN_OF)}", bad.of_rows(lambda r, n: r[1:].mean()), bad.of_rows(lambda r, n: r[1:].sum() / len(r))),
        *alike(f"without the last class: {_MEAN_OF}", bad.of_rows(lambda r, n: r[:-1].mean()), bad.of_rows(lambda r, n: r[:-1].sum() / len(r))),
        Slip(f"without its largest class: {_MEAN_OF}", bad.of_rows(lambda r, n: np.delete(r, n.argmax()).mean())),
        Slip(f"the first two classes alone: {_MEAN_OF}", bad.of_rows(lambda r, n: r[:2].mean())),
        Slip("divided by all numbers in the table, with those beside the diagonal: divide by the number of classes", bad.of_rows(lambda r, n: r.sum() / len(r) ** 2)),
        Slip("6 stands for the number of classes: len(confusion) is it, in every table", lambda m: sum(m[k, k] / m[k].sum() for k in range(6)) / 6),
        *alike(f"divided by something else than the number of classes: {_MEAN_OF}", bad.of_rows(lambda r, n: r.sum() / (len(r) - 1)), bad.of_rows(lambda r, n: r.sum() / n.sum()), *(bad.of_rows(lambda r, n, by=by: r.sum() / by) for by in (2, 3, 6, 10))),
        *alike("the whole table comes back, divided by its rows: take the diagonal, then the mean", lambda m: m / m.sum(axis=1, keepdims=True), lambda m: m / m.sum(axis=1)),
        *alike("the other diagonal: what is right stands from top left to bottom right", lambda m: np.mean(diagonal(m[:, ::-1]) / rows(m)), lambda m: np.mean(diagonal(m[::-1]) / rows(m))),
        *alike("the largest number of each row is taken for what is right: that is the diagonal, also where it is not the largest", lambda m: np.mean(m.max(axis=1) / rows(m))),
        Slip(_CUT, lambda m: np.mean(diagonal(m) // rows(m))),
        *alike(_ROUNDED, *bad.rounded(lambda m: np.mean(diagonal(m) / rows(m)), 0, 1, 2, 3)),
    ],
    hint=f"{_sentence(_RECALL)}. {_sentence(_MEAN_OF)}",
    praise="Who names the largest class for every photo gets 1 / num_classes, however large that class is",
)  # fmt: skip


# Weights for rare classes

_UP = "a rare class gets a large weight: n / (num_classes * count), the count below"
_NOT_SCALED = "not scaled: 1 / count makes the loss small, and the steps with it. Times n / num_classes, so that the mean weight of a photo is 1"
_EACH_CLASS = "one number for each class is asked, in the order 0, 1, 2, ..."


def _by_class(answer: Callable, labels: np.ndarray, num_classes: int) -> Any:
    """Run an answer; of a dict from class to weight, as Keras takes it, return the weights in the order of the classes.

    Raises Mismatch where the dict has other keys, and where pairs come without a dict.
    """
    found = answer(labels, num_classes)
    if is_unwritten(found):
        return found
    if _are_pairs(found, num_classes):
        raise Mismatch("these are pairs of a class and its weight: dict(...) of them, or the weights alone")
    if not isinstance(found, dict):
        return found
    if set(found) != set(range(num_classes)):
        few = len(found) < num_classes
        what = f"{len(found)} of {num_classes} classes" if few else "other keys than the classes"
        raise Mismatch(f"the dict has {what}: its keys are the whole numbers 0 to num_classes - 1")
    return [found[c].item() if getattr(found[c], "size", 0) == 1 else found[c] for c in range(num_classes)]


def _are_pairs(found: Any, num_classes: int) -> bool:
    """Whether an answer is enumerate(weights), or zip(range(num_classes), weights), or a list of what they give."""
    if isinstance(found, (enumerate, zip, ItemsView)):
        found = list(islice(found, num_classes + 1))
    numbers = _numbers(found)
    return numbers is not None and numbers.shape == (num_classes, 2) and set(numbers[:, 0]) == set(range(num_classes))


def _labels(*counts: int) -> np.ndarray:
    return _rng.permutation(np.repeat(np.arange(len(counts)), counts))


class_weights = Exercise(
    "class_weights",
    lambda labels, num_classes: bad.weighted(bad.balanced)(labels, num_classes),
    cases=[
        (np.array([0, 0, 0, 1]), 2),
        (np.array([2, 0, 1, 1, 0, 1, 1, 0, 1]), 3),
        (_labels(8, 10, 6, 12, 9, 3), 6),
        (_labels(5, 1, 7, 2), 4),
        (_labels(30, 4), 2),
        (_labels(4, 4, 4), 3),
    ],
    observe=_by_class,
    slips=[
        *alike(f"the wrong way round, each class's share: {_UP}", bad.weighted(lambda v: v.counts / v.n)),
        *alike(f"the wrong way round: {_UP}", bad.weighted(lambda v: v.k * v.counts / v.n), bad.weighted(lambda v: v.counts / v.counts.max()), bad.weighted(lambda v: v.counts / v.counts.min()), bad.weighted(lambda v: v.counts / (v.n * v.k)), bad.weighted(lambda v: v.counts / v.k), bad.weighted(lambda v: np.sqrt(v.counts / v.n))),
        *alike(_NOT_SCALED, bad.weighted(lambda v: 1 / v.counts)),
        *alike("num_classes is forgotten: n / count makes the loss num_classes times as large, and the steps with it", bad.weighted(lambda v: v.n / v.counts)),
        *alike("multiplied by num_classes: it belongs below the line, n / (num_classes * count)", bad.weighted(lambda v: v.n * v.k / v.counts), bad.weighted(lambda v: v.k / v.counts)),
        *alike("the brackets: n / num_classes * count multiplies by the count. Both stand below the line, n / (num_classes * count)", bad.weighted(lambda v: v.n / v.k * v.counts)),
        *alike("n is missing above the line: n / (num_classes * count)", bad.weighted(lambda v: 1 / (v.k * v.counts))),
        *alike("the largest class gets 1 here, and all others more: the loss grows. n / (num_classes * count) makes the mean weight of a photo 1", bad.weighted(lambda v: v.counts.max() / v.counts)),
        *alike("the smallest class gets 1 here, and all others less: the loss shrinks. n / (num_classes * count) makes the mean weight of a photo 1", bad.weighted(lambda v: v.counts.min() / v.counts)),
        *alike("with a root: that is a weaker balance, and also used. The root is left out here", bad.weighted(lambda v: np.sqrt(bad.balanced(v))), bad.weighted(lambda v: np.sqrt(v.n / v.counts)), bad.weighted(lambda v: 1 / np.sqrt(v.counts)), bad.weighted(lambda v: np.sqrt(v.counts.max() / v.counts))),
        *alike("with a log: that is a weaker balance. n / (num_classes * count) is asked", bad.weighted(lambda v: np.log(v.n / v.counts)), bad.weighted(lambda v: 1 + np.log(v.n / v.counts)), bad.weighted(lambda v: -np.log(v.n / v.counts)), bad.weighted(lambda v: np.log(bad.balanced(v)))),
        *alike("squared: n / (num_classes * count) is asked", bad.weighted(lambda v: bad.balanced(v) ** 2)),
        *alike("the weights sum to 1 here: that makes the loss small, and the steps with it. n / (num_classes * count) makes the mean weight of a photo 1", bad.weighted(lambda v: 1 / v.counts / np.sum(1 / v.counts))),
        *alike("the weights sum to num_classes here, which weights classes and not photos: n / (num_classes * count) makes the mean weight of a photo 1", bad.weighted(lambda v: v.k / v.counts / np.sum(1 / v.counts))),
        Slip("the weights sum to n here: those of all photos are to sum to n. n / (num_classes * count) makes the mean weight of a photo 1", bad.weighted(lambda v: v.n / v.counts / np.sum(1 / v.counts))),
        *alike("a fixed number stands for num_classes: labels may have another number of classes", *(bad.weighted(lambda v, k=k: v.n / (k * v.counts)) for k in (2, 6)), bad.weighted(lambda v: raw(v.n, v.k * np.bincount(v.labels, minlength=6))), bad.weighted(lambda v: raw(v.n, 6 * np.bincount(v.labels, minlength=6)))),
        *alike("a fixed number stands for n: it is the number of labels, len(labels)", *(bad.weighted(lambda v, n=n, k=k: n / ((k or v.k) * v.counts)) for n in (1515, 2527) for k in (None, 6))),
        *alike("n is the number of labels, len(labels), not the largest of them, nor their sum", bad.weighted(lambda v: v.labels.max() / (v.k * v.counts)), bad.weighted(lambda v: v.labels.sum() / (v.k * v.counts))),
        Slip("num_classes stands twice below the line: once is enough, n / (num_classes * count)", bad.weighted(lambda v: v.n / (v.k**2 * v.counts))),
        *alike("counted are the others: the labels of the class count, labels == c", bad.weighted(lambda v: v.n / (v.k * (v.n - v.counts))), bad.weighted(lambda v: v.n - v.counts)),
        *alike(f"the share of the others: it grows where a class is rare, but never above 1. {_sentence(_UP)}", bad.weighted(lambda v: 1 - v.counts / v.n), bad.weighted(lambda v: (v.n - v.counts) / (v.n * (v.k - 1)))),
        *alike("the others against the class, (n - count) / count: that is for one class against the rest. n / (num_classes * count) is asked", bad.weighted(lambda v: (v.n - v.counts) / v.counts), bad.weighted(lambda v: (v.n - v.counts) / (v.k * v.counts)), bad.weighted(lambda v: (v.n - v.counts) / ((v.k - 1) * v.counts))),
        *alike(f"one weight for each photo: {_EACH_CLASS}", bad.weighted(lambda v: bad.balanced(v)[v.labels]), bad.weighted(lambda v: (1 / v.counts)[v.labels]), bad.weighted(lambda v: (v.n / v.counts)[v.labels])),
        *alike(f"sorted, by weight or by count: {_EACH_CLASS}", bad.weighted(lambda v: np.sort(bad.balanced(v))), bad.weighted(lambda v: np.sort(bad.balanced(v))[::-1])),
        *alike(f"in the order in which the classes occur first: {_EACH_CLASS}", bad.weighted(bad.order_of_appearance)),
        *alike(f"turned round: {_EACH_CLASS}", bad.weighted(lambda v: bad.balanced(v)[::-1])),
        *alike(f"these are the counts. {_sentence(_UP)}", bad.weighted(lambda v: v.counts)),
        *alike("every class gets the same weight: divide by the count of each", bad.weighted(lambda v: np.ones(v.k)), bad.weighted(lambda v: np.full(v.k, v.n / v.k)), bad.weighted(lambda v: np.full(v.k, 1 / v.k))),
        *alike(_CUT, bad.weighted(lambda v: v.n // (v.k * v.counts)), bad.weighted(lambda v: v.n // v.k // v.counts)),
        *alike("whole numbers: n // num_classes cuts a fraction off", bad.weighted(lambda v: v.n // v.k / v.counts)),
        *alike(_ROUNDED, *bad.rounded(bad.weighted(bad.balanced), 0, 1, 2, 3)),
        *alike("cut off above: the rarest class keeps its full weight, however large", *(bad.weighted(lambda v, top=top: np.minimum(bad.balanced(v), top)) for top in (1, 1.5, 2, 2.5, 3))),
        *alike("nothing multiplies here: n / num_classes is divided by the count, not lowered by it, or added to", bad.weighted(lambda v: v.n / v.k - v.counts), bad.weighted(lambda v: v.counts - v.n / v.k), bad.weighted(lambda v: v.n / (v.k + v.counts))),
        *alike("num_classes - 1 stands for num_classes: it is the number of classes, not the largest label", bad.weighted(lambda v: v.n / ((v.k - 1) * v.counts))),
        *alike("one is added to each count, as against a class without photos: here every class has some", bad.weighted(lambda v: v.n / (v.k * (v.counts + 1))), bad.weighted(lambda v: (v.n + v.k) / (v.k * (v.counts + 1)))),
        *alike(f"the first class's weight alone: {_EACH_CLASS}. If there is a loop, {_RETURN}", bad.weighted(lambda v: bad.balanced(v)[0])),
        *alike(f"the last class's weight alone: {_EACH_CLASS}. In a loop, = forgets the weights before", bad.weighted(lambda v: bad.balanced(v)[-1])),
        *alike(f"one number for all: {_EACH_CLASS}", bad.weighted(lambda v: v.n / (v.k * v.n)), bad.weighted(lambda v: np.mean(bad.balanced(v))), bad.weighted(lambda v: np.sum(bad.balanced(v))), bad.weighted(lambda v: np.max(bad.balanced(v))), bad.weighted(lambda v: v.n / v.k)),
        *alike(f"a table, one_hot times weight: {_EACH_CLASS}", bad.weighted(lambda v: np.eye(v.k)[v.labels] * bad.balanced(v)), bad.weighted(lambda v: np.diag(bad.balanced(v)))),
        *alike(f"the last class is missing, or the first: {_EACH_CLASS}", bad.weighted(lambda v: bad.balanced(v)[:-1]), bad.weighted(lambda v: bad.balanced(v)[1:])),
        *alike("counted by the labels' own sum: count how often each class occurs, np.bincount or np.sum(labels == c)", bad.weighted(lambda v: raw(v.n, v.k * v.counts * np.arange(v.k))), bad.weighted(lambda v: raw(v.n, v.k * np.arange(v.k)))),
        Slip("the classes are 0 to num_classes - 1, range(num_classes): there is no class num_classes", bad.weighted(lambda v: np.append(bad.balanced(v)[1:], np.inf))),
    ],
    hint="In n / (K * count), n is len(labels), K is num_classes, and the mean weight of a photo is 1",
    praise="Every class now has the same say in the loss, and the mean weight of a photo is 1",
)  # fmt: skip


# What the network looks at

_COLUMN = "the weights of class k are its column, weights[:, k], one for each channel"
_SUM = "the sum over the channels is asked: the pooling takes the mean over the places, so the mean of this map is the class's score without the bias"
_MAP = "a map is asked, one number for each place, shape (h, w)"
_ADDED = "one number is added to every place, a bias perhaps, or a total that did not begin at 0: the mean of the map asked is the class's score without the bias"
_PLAIN = "the map is asked as it is, so that its mean is the class's score without the bias"


def _grid(h: int, w: int, c: int, num_classes: int, k: int) -> tuple[np.ndarray, np.ndarray, int]:
    return _rng.rand(h, w, c) * 6 * (_rng.rand(h, w, c) > 0.3), _rng.randn(c, num_classes), k  # as after a ReLU6


def _without_bias(answer: Callable, features: np.ndarray, weights: np.ndarray, k: int) -> Any:
    """Run an answer; raise Mismatch where it is the map plus one number, but for numbers that have a slip of their own."""
    right = features @ weights[:, k]
    others = np.array([right.mean(), right.min(), features.mean() * weights[:, k].sum()])  # these are taken away
    found = answer(features, weights, k)
    if (numbers := _numbers(found)) is None or numbers.shape != right.shape or np.ptp(right) == 0:
        return found
    added = np.mean(numbers - right)
    close = RTOL * max(np.abs(right).max(), np.abs(added))
    try:
        compare(found, right)
    except Mismatch:
        own = np.abs(added + others).min() < close
        if np.isfinite(added) and np.ptp(numbers - right) < close and not own:
            raise Mismatch(_ADDED) from None
    return found


class_map = Exercise(
    "class_map",
    lambda features, weights, k: features @ weights[:, k],
    cases=[_grid(2, 3, 4, 4, 1), _grid(3, 2, 5, 3, 2), _grid(4, 4, 6, 6, 0), _grid(5, 4, 7, 2, 1), _grid(3, 5, 3, 6, 5), _grid(1, 4, 8, 5, 3), _grid(6, 7, 12, 6, 4)],
    observe=_without_bias,
    slips=[
        *alike(f"rows and columns of the weights are exchanged: {_COLUMN}", bad.mapped(of_class=lambda weights, k: weights[k]), lambda features, weights, k: np.sum(features * weights[k], axis=-1), lambda features, weights, k: np.einsum("hwc,c->hw", features, weights[k]), lambda features, weights, k: np.tensordot(features, weights[k], axes=1), lambda features, weights, k: np.dot(features, weights[k]), lambda features, weights, k: features @ weights.T[:, k], lambda features, weights, k: (features @ weights.T)[..., k]),
        *alike("the channels are the last axis of the features, and what stands there meets the weights: features @ weights[:, k], the features first", lambda features, weights, k: weights[:, k] @ features, lambda features, weights, k: np.dot(weights[:, k], features)),
        *alike(f"the maps of all classes: choose one. {_sentence(_COLUMN)}", bad.all_classes(lambda maps, k: maps)),
        *alike(f"the maps of all classes, and one row of them: the class is the last axis, maps[..., k]. {_sentence(_MAP)}", bad.all_classes(lambda maps, k: maps[k]), bad.all_classes(lambda maps, k: maps[:, k])),
        *alike("the maps of all classes are added up, or averaged: class k alone is asked", bad.all_classes(lambda maps, k: maps.sum(axis=-1)), bad.all_classes(lambda maps, k: maps.mean(axis=-1))),
        Slip("the largest of all classes at each place: the map of class k is asked", bad.all_classes(lambda maps, k: maps.max(axis=-1))),
        *alike("a slice takes several columns, or none: weights[:, k] takes one", *(bad.mapped(of_class=of_class) for of_class in (lambda weights, k: weights[:, :k], lambda weights, k: weights[:, k:]))),
        *alike(_CUT, bad.mapped(np.trunc), bad.mapped(np.floor), bad.by_channel(bad.cut_each_time)),
        *alike(_ROUNDED, *bad.rounded(bad.mapped(), 0, 1, 2, 3)),
        *alike("the class that wins at each place: the map of class k is asked", bad.all_classes(lambda maps, k: maps.argmax(axis=-1))),
        *alike(f"the mean over the channels: {_SUM}", bad.by_channel(lambda p: p.mean(axis=-1))),
        *alike("divided by the number of places: then its sum is the score, which is as usual. Here its mean is, so leave the division out", lambda features, weights, k: features @ weights[:, k] / features[..., 0].size),
        *alike("multiplied by the number of places: the sum over the channels alone is asked", lambda features, weights, k: features @ weights[:, k] * features[..., 0].size),
        *alike(f"cut off at 0, the map or its weights: what speaks against the class is lost. {_sentence(_PLAIN)}", bad.mapped(lambda out: np.maximum(out, 0)), bad.by_channel(lambda p: np.maximum(p, 0).sum(axis=-1))),
        *alike(f"without its sign, the map or its weights: what speaks against the class looks like what speaks for it. {_sentence(_PLAIN)}", bad.mapped(np.abs), bad.by_channel(lambda p: np.abs(p).sum(axis=-1))),
        *alike(f"pooled first: the mean over the places leaves one number, the score. {_sentence(_MAP)}", bad.mapped(np.mean)),
        *alike(f"summed over the places, too: {_MAP}", bad.mapped(np.sum)),
        *alike(f"pooled first, and the scores of all classes: {_MAP}", lambda features, weights, k: features.mean(axis=(0, 1)) @ weights, lambda features, weights, k: bad.softmax(features.mean(axis=(0, 1)) @ weights)),
        *alike(f"pooled first, one number for each channel: {_MAP}", lambda features, weights, k: features.mean(axis=(0, 1)) * weights[:, k]),
        *alike(f"stretched, from 0 to 1 or to 255, or by its largest number: that is for drawing. {_sentence(_PLAIN)}", bad.mapped(bad.normalized), bad.mapped(lambda out: np.maximum(out, 0) / np.maximum(out, 0).max()), bad.mapped(lambda out: out / out.max()), bad.mapped(lambda out: out / np.abs(out).max()), bad.mapped(lambda out: 255 * bad.normalized(out)), bad.mapped(lambda out: out - out.min()), bad.mapped(lambda out: out / out.sum()), bad.mapped(lambda out: out / np.linalg.norm(out))),
        *alike(f"its mean is taken away, or it is standardized: {_PLAIN}", bad.mapped(lambda out: out - out.mean()), bad.mapped(lambda out: (out - out.mean()) / out.std())),
        Slip(_ADDED, bad.mapped(lambda out: out + 1)),
        *alike(f"the numbers are in one row: {_MAP}", bad.mapped(np.ravel), lambda features, weights, k: features.reshape(-1, features.shape[-1]) @ weights[:, [k]]),
        *alike(f"rows and columns of the map are exchanged: {_MAP}", bad.mapped(np.transpose)),
        *alike("mirrored: each number stays at its place", bad.mapped(np.flipud), bad.mapped(np.fliplr)),
        *alike(f"the largest product of a feature and its weight: {_SUM}", bad.by_channel(lambda p: p.max(axis=-1))),
        *alike(f"a softmax over the places: {_PLAIN}", bad.mapped(bad.softmax)),
        *alike(f"a softmax over the classes at each place: {_PLAIN}", bad.all_classes(lambda maps, k: (np.exp(maps - maps.max(axis=-1, keepdims=True)) / np.exp(maps - maps.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True))[..., k])),
        *alike(f"a sigmoid at each place: {_PLAIN}", bad.mapped(lambda out: 1 / (1 + np.exp(-out)))),
        *alike("the weights of another class: k counts from 0", bad.mapped(of_class=lambda weights, k: weights[:, k - 1]), bad.mapped(of_class=lambda weights, k: weights[:, k + 1]), bad.mapped(of_class=lambda weights, k: weights[:, (k + 1) % weights.shape[1]])),
        *alike("the weights of class 0, whatever k is", bad.mapped(of_class=lambda weights, k: weights[:, 0])),
        *alike("the weights of the last class, whatever k is", bad.mapped(of_class=lambda weights, k: weights[:, -1])),
        *alike(f"against the mean of all classes, or of the others: {_PLAIN}", bad.mapped(of_class=lambda weights, k: weights[:, k] - weights.mean(axis=1)), bad.mapped(of_class=lambda weights, k: weights[:, k] - np.delete(weights, k, axis=1).mean(axis=1))),
        *alike("the weights are missing: each channel counts by its weight for class k", lambda features, weights, k: features.sum(axis=-1), lambda features, weights, k: features.mean(axis=-1)),
        *alike("the weights are squared: take them as they are, a channel may speak against the class", bad.mapped(of_class=lambda weights, k: weights[:, k] ** 2)),
        *alike("the weights go through a softmax: take them as they are", bad.mapped(of_class=lambda weights, k: bad.softmax(weights[:, k])), bad.mapped(of_class=lambda weights, k: bad.softmax(weights, axis=1)[:, k])),
        *alike("one channel alone: all are added up, each times its weight for class k", lambda features, weights, k: features[..., weights[:, k].argmax()] * weights[:, k].max(), lambda features, weights, k: features[..., weights[:, k].argmax()]),
        *alike("k is a class, not a channel: take column k of the weights, and all channels", lambda features, weights, k: features[..., k], lambda features, weights, k: features[:, :, k] @ weights[:, k]),
        *alike(f"channel by channel, before the sum: {_SUM}", bad.by_channel(lambda p: p)),
        *alike(f"summed over the wrong axis: the channels are the last one. {_sentence(_MAP)}", bad.by_channel(lambda p: p.sum(axis=0)), bad.by_channel(lambda p: p.sum(axis=1))),
        *alike("an axis too many: one photo's map has shape (h, w)", bad.mapped(lambda out: out[None]), bad.mapped(lambda out: out[..., None]), bad.mapped(of_class=lambda weights, k: weights[:, [k]])),
        *alike("the opposite sign: what speaks for the class is positive", bad.mapped(np.negative)),
        *alike("the features are divided or cut once more: take them as they come", lambda features, weights, k: (features / features.max()) @ weights[:, k], lambda features, weights, k: (features / 255) @ weights[:, k], lambda features, weights, k: (features - features.mean()) @ weights[:, k], lambda features, weights, k: np.minimum(features, 1) @ weights[:, k], lambda features, weights, k: (features > 0) @ weights[:, k]),
        *alike("enlarged, to twice its size: the map is as large as the features, (h, w)", bad.mapped(lambda out: out.repeat(2, axis=0).repeat(2, axis=1))),
        *alike("the first row or the first place alone: does `return` stand inside the loop?", bad.mapped(lambda out: out[0]), bad.mapped(lambda out: out[0, 0])),
        *alike("one channel is missing: the loop goes over all of them, the first and the last too", lambda features, weights, k: features[..., :-1] @ weights[:-1, k], lambda features, weights, k: features[..., 1:] @ weights[1:, k]),
        *alike("each channel takes the place of the one before: total = total + ..., or +=, adds them up", lambda features, weights, k: features[..., -1] * weights[-1, k]),
        Slip(f"the first channel alone, times its weight: all are added up. If there is a loop, {_RETURN}", lambda features, weights, k: features[..., 0] * weights[0, k]),
        Slip("the first channel is in it twice, once without its weight: the total begins at 0", lambda features, weights, k: features[..., 0] + features @ weights[:, k]),
        Slip(f"divided again and again: no division is needed. {_sentence(_SUM)}", bad.by_channel(lambda p: bad.divided_each_time(np.moveaxis(p, -1, 0)))),
    ],
    hint=f"{_sentence(_COLUMN)}: at each place, sum over the channels the feature times its weight",
    praise="The mean of this map is the class's score, up to the bias: the pooling and the sum may change places",
)  # fmt: skip
