"""The checks of extra_transfer_imagenet: what holds for every check holds for them, and right answers in any dress."""

import collections
import math

import numpy as np
import pytest

from helpers import check
from helpers.check import extra_photos
from helpers.check.engine import exercises_of
from tests import test_check as every_check

EXERCISES = list(exercises_of(extra_photos).values())
SLIPS = [(exercise, slip) for exercise in EXERCISES for slip in exercise.slips]
each = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)


@pytest.fixture(autouse=True)
def untouched():
    yield
    for exercise in EXERCISES:
        exercise.status, exercise.attempted = "○", False


# What holds for every check


@each
def test_a_stub_a_right_answer_and_nonsense_are_told_apart(exercise, capsys):
    every_check.test_the_reference_and_its_equals_pass(exercise)
    every_check.test_a_stub_is_not_written_yet(exercise)
    every_check.test_nothing_crashes_a_check(exercise, capsys)
    every_check.test_a_slip_in_float32_gets_the_same_hint(exercise)


@each
def test_another_form_of_the_right_answer_passes(exercise):
    for dress in (
        lambda v: np.asarray(v).tolist(),
        lambda v: np.float32(v),
        lambda v: np.array([v]) if np.ndim(v) == 0 else v,
        lambda v: np.asarray(v, dtype=object),
    ):
        every_check.test_another_form_of_the_right_answer_passes(exercise, dress)


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.wants_function], ids=lambda e: e.name)
def test_an_answer_cannot_change_the_cases(exercise):
    every_check.test_an_answer_cannot_change_the_cases_nor_the_random_numbers(exercise)


@pytest.mark.parametrize(("exercise", "slip"), SLIPS, ids=[f"{e.name}-{i}" for i, (e, _) in enumerate(SLIPS)])
def test_every_slip_gets_its_own_hint(exercise, slip):
    every_check.test_every_slip_gets_its_own_hint(exercise, slip)


def test_their_names_are_their_own_and_progress_lists_them(capsys):
    others = {exercise.name for exercise in every_check.EXERCISES if exercise not in EXERCISES}
    assert not others & {exercise.name for exercise in EXERCISES} and len(EXERCISES) == 5
    for exercise in EXERCISES:
        assert getattr(check, exercise.name) is exercise and exercise.name in dir(check)
    check.probe_parameters(7686)
    check.to_network(lambda photos: photos / 255)
    capsys.readouterr()
    check.progress()
    said = capsys.readouterr().out
    assert "\nextra_transfer_imagenet: 1 of 5 solved" in f"\n{said}" and "✓ probe_parameters" in said
    assert "✗ to_network" in said and "○ class_map" in said


# Right, written differently


def by_tensorflow(labels, num_classes):
    tf = pytest.importorskip("tensorflow")
    return len(labels) / (num_classes * tf.math.bincount(labels, minlength=num_classes).numpy())


def by_segments(labels, num_classes):
    ops = pytest.importorskip("keras").ops
    counts = ops.segment_sum(np.ones(len(labels), np.float32), labels, num_classes)
    return len(labels) / (num_classes * np.array(counts))


def class_by_class(labels, num_classes):
    return {c: len(labels) / (num_classes * sum(label == c for label in labels)) for c in range(num_classes)}


def by_counter(labels, num_classes):
    counts = collections.Counter(labels)  # in the order in which the classes occur
    return {c: len(labels) / num_classes / count for c, count in counts.items()}


def by_scikit_learn(labels, num_classes):
    compute = pytest.importorskip("sklearn.utils.class_weight").compute_class_weight
    return compute("balanced", classes=np.arange(num_classes), y=labels)


def from_labels(confusion):
    """Let scikit-learn score labels and predictions that make the confusion matrix."""
    metrics, (true, predicted) = pytest.importorskip("sklearn.metrics"), np.indices(confusion.shape).reshape(2, -1)
    return metrics.balanced_accuracy_score(true.repeat(confusion.ravel()), predicted.repeat(confusion.ravel()))


def row_by_row(confusion):
    return sum(row[i] / sum(row) for i, row in enumerate(confusion.tolist())) / len(confusion)


def place_by_place(features, weights, k):
    out = np.zeros(features.shape[:2])
    for i, j in np.ndindex(out.shape):
        out[i, j] = sum(features[i, j, c] * weights[c, k] for c in range(len(weights)))
    return out


def channel_by_channel(features, weights, k):
    total = 0
    for c in range(features.shape[-1]):
        total = total + features[:, :, c] * weights[c][k]
    return total


def by_keras(photos):
    keras = pytest.importorskip("keras")
    return keras.applications.mobilenet_v2.preprocess_input(photos)


def by_a_layer(photos):
    keras = pytest.importorskip("keras")
    return keras.layers.Rescaling(1 / 127.5, offset=-1)(photos)


RIGHT = {
    "to_network": [
        by_keras,
        by_a_layer,
        lambda photos: (photos - 127.5) / 127.5,
        lambda photos: photos / 255 * 2 - 1,
        lambda photos: 2 * (photos / 255 - 0.5),
        lambda photos: (photos / 255 - 0.5) / 0.5,
        lambda photos: photos * (2 / 255) - 1,
        lambda photos: photos.astype(np.float32) / 127.5 - 1,
        lambda photos: (2 * photos.astype(int) - 255) / 255,
        lambda photos: np.interp(photos, [0, 255], [-1, 1]),
        lambda photos: [(photo / 127.5 - 1).tolist() for photo in photos],
    ],
    "class_weights": [
        class_by_class,
        by_counter,
        by_scikit_learn,
        by_tensorflow,
        by_segments,
        lambda labels, k: [len(labels) / (k * np.sum(labels == c)) for c in range(k)],
        lambda labels, k: np.bincount(labels).mean() / np.bincount(labels),
        lambda labels, k: tuple(1 / k / np.mean(labels == c) for c in range(k)),
        lambda labels, k: 1 / (k * np.eye(k)[labels].mean(axis=0)),
        lambda labels, k: dict(enumerate(np.float32(len(labels) / (k * np.bincount(labels))))),
        lambda labels, k: {np.int64(c): np.array([w]) for c, w in class_by_class(labels, k).items()},
    ],
    "balanced_accuracy": [
        row_by_row,
        from_labels,
        lambda m: np.mean(m.diagonal() / m.sum(axis=1)),
        lambda m: np.trace(m / m.sum(axis=1, keepdims=True)) / len(m),
        lambda m: np.einsum("ii,i->", m, 1 / m.sum(axis=1)) / len(m),
        lambda m: [math.fsum(m[i, i] / m[i].sum() for i in range(len(m))) / len(m)],
        lambda m: np.float32(np.mean(np.diag(m) / (m @ np.ones(len(m))))),
        lambda m: (np.diag(m) / m.T.sum(axis=0)).mean(),
    ],
    "class_map": [
        place_by_place,
        channel_by_channel,
        lambda f, w, k: np.einsum("hwc,c->hw", f, w[:, k]),
        lambda f, w, k: (f @ w)[..., k],
        lambda f, w, k: np.sum(f * w[:, k], axis=-1),
        lambda f, w, k: np.tensordot(f, w.T[k], axes=1),
        lambda f, w, k: (f.reshape(-1, len(w)) @ w[:, k]).reshape(f.shape[:2]),
        lambda f, w, k: (f @ w[:, k : k + 1]).squeeze(-1),
        lambda f, w, k: np.float32(f @ w[:, k]).tolist(),
    ],
    "probe_parameters": [7686, 7686.0, 1280 * 6 + 6, (1280 + 1) * 6, np.int64(7686), [7686], np.array(7686), 7.686e3],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_may_be_written_differently(name, answer):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✓" and "caution" not in verdict.message, verdict.message


# Wrong, and foreseen by no slip


WRONG = {
    "to_network": [
        lambda photos: photos / 100 - 1,
        lambda photos: np.tanh(photos / 127.5 - 1),
        lambda photos: np.sqrt(photos / 255) * 2 - 1,
        lambda photos: (photos / 127.5 - 1)[..., [1, 0, 2]],
        lambda photos: (photos / 127.5 - 1)[::-1],
        lambda photos: photos / 127.5 - 0.999,
        lambda photos: photos / 127.5 - 1 if len(photos) > 1 else photos / 255,
        lambda photos: np.where(photos > 127, 1, -1),
        lambda photos: (photos // 2 * 2) / 127.5 - 1,
        lambda photos: photos.dtype,
    ],
    "class_weights": [
        lambda labels, k: 1000 / (k * np.bincount(labels)),
        lambda labels, k: len(labels) / (5 * np.bincount(labels)),
        lambda labels, k: [class_by_class(labels, k)],
        lambda labels, k: {c: 0.5 for c in range(k)},
        lambda labels, k: {c: "1" for c in range(k)},
        lambda labels, k: {c: [w, w] for c, w in class_by_class(labels, k).items()},
        lambda labels, k: np.median(np.bincount(labels)) / np.bincount(labels),
        lambda labels, k: "balanced",
    ],
    "balanced_accuracy": [
        lambda m: np.mean(np.diag(m) / (m.sum(axis=1) + 1)),
        lambda m: np.mean(np.diag(m) / m.max(axis=0)),
        lambda m: np.std(np.diag(m) / m.sum(axis=1)),
        lambda m: np.prod(np.diag(m) / m.sum(axis=1)),
        lambda m: (row_by_row(m) + m.trace() / m.sum()) / 2,
        lambda m: np.mean(m.sum(axis=1) / np.maximum(np.diag(m), 1)),
        lambda m: row_by_row(m) + 1e-3,
        lambda m: (row_by_row(m), 0.0),
    ],
    "class_map": [
        lambda f, w, k: (f @ w[:, k])[:, ::-1].T,
        lambda f, w, k: f[..., ::-1] @ w[:, k],
        lambda f, w, k: np.sqrt(f) @ w[:, k],
        lambda f, w, k: f @ (w[:, k] / np.linalg.norm(w[:, k])),
        lambda f, w, k: (f @ w[:, k]) ** 2,
        lambda f, w, k: (f @ w)[..., k] / (f @ w).sum(axis=-1),
        lambda f, w, k: f.sum(axis=-1) * w[:, k].sum(),
        lambda f, w, k: f.reshape(len(w), -1).T @ w[:, k],
        lambda f, w, k: f @ w[:, k] + 0.1 * np.arange(f.shape[1]),
        lambda f, w, k: f @ w[:, k] + np.nan,
    ],
    "probe_parameters": [7685, 7687, 7680.5, 768, -7686, 36, "7686", (1280, 6), [7680, 6], np.nan, True, 402_522],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
def test_a_wrong_answer_that_no_slip_foresees_is_refused(name, answer):
    assert getattr(check, name).grade(answer).mark == "✗"


def balanced(labels, num_classes):
    return len(labels) / (num_classes * np.bincount(labels))


def into_whole_numbers(labels, num_classes):
    out = np.zeros(num_classes, int)
    for c, weight in class_by_class(labels, num_classes).items():
        out[c] = weight
    return out


def shares_into_counts(confusion):
    confusion[:] = confusion / confusion.sum(axis=1, keepdims=True)
    return confusion.trace() / len(confusion)


def returned_too_early(confusion):
    total = 0
    for row in confusion:
        total += row[0] / row.sum()
        return total / len(confusion)


def divided_inside(confusion):
    total = 0
    for i, row in enumerate(confusion):
        total += row[i] / row.sum()
        total /= len(confusion)
    return total


def forgotten(confusion):
    for i, row in enumerate(confusion):
        total = row[i] / row.sum()
    return total / len(confusion)


def place_by_place_in_whole_numbers(features, weights, k):
    out = np.zeros(features.shape[:2], int)
    for i, j in np.ndindex(out.shape):
        out[i, j] = features[i, j] @ weights[:, k]
    return out


def channels(early=False, begin=lambda f: np.zeros(f.shape[:2]), step=lambda total, more: total + more):
    def wrong(features, weights, k):
        total = begin(features)
        for c in range(len(weights)):
            total = step(total, features[..., c] * weights[c, k])
            if early:
                return total
        return total

    return wrong


def assigned_to_the_variable(photos):
    for p in photos:
        p = p / 127.5 - 1
    return photos


def the_first_one(photos):
    for p in photos:
        return p / 127.5 - 1


def resized(photos):
    n, _, _, c = photos.shape
    return np.resize(photos / 127.5 - 1, (n, 224, 224, c))


def halved(photos):
    photos /= 255
    return photos - 0.5


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("to_network", lambda photos: photos / 128 - 1, "nearly: 255 must become 1"),
        ("to_network", lambda photos: photos / 255, "from 0 to 1"),
        ("to_network", lambda photos: photos * 2 / 255 - 1, "wraps around"),
        ("to_network", lambda photos: (photos - 128) / 128, "wraps around"),
        ("to_network", lambda photos: (photos / 127.5 - 1).astype(int), "fractions are cut off"),
        ("to_network", lambda photos: photos / (127.5 - 1), "the brackets"),
        ("to_network", halved, "makes a new one of floats"),
        ("to_network", lambda photos: (photos - photos.mean()) / photos.std(), "standardized"),
        ("to_network", lambda photos: (photos / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225], "PyTorch"),
        ("to_network", lambda photos: photos[..., ::-1] / 127.5 - 1, "blue first"),
        ("to_network", lambda photos: 1 - photos / 127.5, "inverted"),
        ("to_network", lambda photos: (photos - 127.0) / 127.5, "Subtract 127.5, not 127"),
        ("to_network", lambda photos: (photos - 128.0) / 127.5, "Subtract 127.5, not 128"),
        ("to_network", lambda photos: (photos - 127.5) / 128, "Divide by 127.5"),
        ("to_network", lambda photos: (photos - 127.0) / 127, "Half of 255 is 127.5"),
        ("to_network", lambda photos: (photos - 128.0) / 128, "Half of 255 is 127.5"),
        ("to_network", assigned_to_the_variable, "assigning to its variable leaves photos as it was"),
        ("to_network", the_first_one, "does `return` stand inside the loop?"),
        ("to_network", lambda photos: np.round(photos / 127.5 - 1, 2), "rounded: keep the digits"),
        ("to_network", resized, "to 224 x 224: no resizing, the size stays"),
        ("to_network", lambda photos: photos / 255 / 127.5 - 1, "scaled twice"),
        ("to_network", lambda photos: by_keras(by_keras(photos)), "scaled twice"),
        ("to_network", lambda photos: photos.astype(np.int8) / 127.5 - 1, "int8 holds -128 to 127"),
        ("class_weights", lambda labels, k: np.bincount(labels) / len(labels), "the wrong way round"),
        ("class_weights", lambda labels, k: len(labels) / (6 * np.bincount(labels)), "stands for num_classes"),
        ("class_weights", lambda labels, k: len(labels) / (2 * np.bincount(labels)), "stands for num_classes"),
        ("class_weights", lambda labels, k: len(labels) / (k**2 * np.bincount(labels)), "twice below the line"),
        ("class_weights", lambda labels, k: 1515 / (k * np.bincount(labels)), "a fixed number stands for n"),
        ("class_weights", lambda labels, k: 2527 / (k * np.bincount(labels)), "a fixed number stands for n"),
        ("class_weights", lambda labels, k: labels.sum() / (k * np.bincount(labels)), "nor their sum"),
        (
            "class_weights",
            lambda labels, k: balanced(labels, k) / balanced(labels, k).sum() * len(labels),
            "sum to n here",
        ),
        ("class_weights", lambda labels, k: np.minimum(balanced(labels, k), 2), "cut off above"),
        ("class_weights", lambda labels, k: balanced(labels, k) ** 1.5, "the mean weight of a photo is 1"),
        ("class_weights", lambda labels, k: [len(labels) / (k * sum(labels != c)) for c in range(k)], "are the others"),
        ("class_weights", lambda labels, k: enumerate(balanced(labels, k)), "dict(...) of them, or the weights alone"),
        ("class_weights", lambda labels, k: zip(range(k), balanced(labels, k), strict=True), "dict(...) of them"),
        ("class_weights", lambda labels, k: list(enumerate(balanced(labels, k))), "dict(...) of them"),
        ("class_weights", lambda labels, k: class_by_class(labels, k).items(), "dict(...) of them"),
        ("class_weights", into_whole_numbers, "so does an array of whole numbers"),
        ("class_weights", lambda labels, k: np.round(balanced(labels, k), 1), "rounded: keep the digits"),
        ("class_weights", lambda labels, k: balanced(labels, k)[0], "does `return` stand inside the loop?"),
        (
            "class_weights",
            lambda labels, k: [np.divide(len(labels), k * np.sum(labels == c)) for c in range(1, k + 1)],
            "there is no class num_classes",
        ),
        ("class_weights", lambda labels, k: dict(enumerate(1 / np.bincount(labels))), "not scaled"),
        ("class_weights", lambda labels, k: len(labels) / np.bincount(labels), "num_classes is forgotten"),
        ("class_weights", lambda labels, k: len(labels) / k * np.bincount(labels), "the brackets"),
        ("class_weights", lambda labels, k: {str(c): 1.0 for c in range(k)}, "the dict has other keys"),
        ("class_weights", lambda labels, k: {0: 1.0}, "the dict has 1 of 2 classes"),
        ("class_weights", lambda labels, k: list(by_counter(labels, k).values()), "the classes occur first"),
        ("class_weights", lambda labels, k: by_scikit_learn(labels, k)[labels], "one weight for each photo"),
        ("balanced_accuracy", lambda m: m.trace() / m.sum(), "this is the accuracy"),
        ("balanced_accuracy", lambda m: row_by_row(m.T) if m.any(axis=0).all() else np.nan, "mean precision"),
        ("balanced_accuracy", lambda m: m.diagonal() / m.sum(axis=1), "each recall comes back"),
        ("balanced_accuracy", lambda m: 100 * row_by_row(m), "percent"),
        ("balanced_accuracy", lambda m: np.mean(np.eye(len(m)) * m / m.sum(axis=1)), "by all numbers in the table"),
        ("balanced_accuracy", shares_into_counts, "so does an array of whole numbers"),
        ("balanced_accuracy", returned_too_early, "does `return` stand inside the loop?"),
        ("balanced_accuracy", divided_inside, "the division comes once, after the loop"),
        ("balanced_accuracy", forgotten, "+= adds them up"),
        ("balanced_accuracy", lambda m: np.mean([m[i, i] / m[i].sum() for i in range(1, len(m))]), "the first class"),
        ("balanced_accuracy", lambda m: np.mean([m[i, i] / m[i].sum() for i in range(len(m) - 1)]), "the last class"),
        ("balanced_accuracy", lambda m: np.mean([m[i, i] / m[i].sum() for i in range(6)]), "len(confusion) is it"),
        ("balanced_accuracy", lambda m: f"{row_by_row(m):.1%}", "found the text '80.0%': return the number"),
        ("balanced_accuracy", lambda m: round(row_by_row(m), 3), "rounded: keep the digits"),
        ("class_map", lambda f, w, k: f @ w, "the maps of all classes: choose one"),
        ("class_map", lambda f, w, k: f @ w[:, k] + 0.1, "one number is added to every place"),
        ("class_map", lambda f, w, k: f @ w[:, k] + [3, -2, 0.01, 700, 1, -5][k], "one number is added to every place"),
        ("class_map", lambda f, w, k: f @ w[:, k] + np.arange(6)[k], "one number is added to every place"),
        ("class_map", channels(begin=lambda f: np.ones(f.shape[:2])), "a total that did not begin at 0"),
        ("class_map", lambda f, w, k: f @ w[:, k] - (f @ w[:, k]).mean(), "its mean is taken away"),
        ("class_map", lambda f, w, k: (f @ w).max(axis=-1), "the largest of all classes at each place"),
        ("class_map", lambda f, w, k: f @ w[:, :k], "weights[:, k] takes one"),
        ("class_map", lambda f, w, k: f @ w[:, k:], "weights[:, k] takes one"),
        ("class_map", place_by_place_in_whole_numbers, "so does an array of whole numbers"),
        ("class_map", channels(step=lambda total, more: np.trunc(total + more)), "so does an array of whole numbers"),
        ("class_map", channels(early=True), "does `return` stand inside the loop?"),
        ("class_map", channels(step=lambda total, more: more), "takes the place of the one before"),
        ("class_map", channels(begin=lambda f: f[..., 0]), "the total begins at 0"),
        ("class_map", lambda f, w, k: place_by_place(f, w, k).round(1), "rounded: keep the digits"),
        ("class_map", lambda f, w, k: f @ w[k], "rows and columns of the weights are exchanged"),
        ("class_map", lambda f, w, k: np.mean(f * w[:, k], axis=-1), "the mean over the channels"),
        ("class_map", lambda f, w, k: f @ w[:, k] / (f.shape[0] * f.shape[1]), "then its sum is the score"),
        ("class_map", lambda f, w, k: np.maximum(f @ w[:, k], 0), "cut off at 0"),
        ("class_map", lambda f, w, k: f.mean(axis=(0, 1)) @ w[:, k], "pooled first"),
        ("class_map", lambda f, w, k: w[:, k] @ f, "the features first"),
        ("probe_parameters", 7680, "the biases are forgotten"),
        ("probe_parameters", 1286, "the two are added"),
        ("probe_parameters", 410_208 + 7686, "the frozen numbers are in it"),
        ("probe_parameters", 8960, "a bias for each feature"),
        ("probe_parameters", "7,686", "without the comma"),
        ("probe_parameters", (7, 686), "without the comma"),
        ("probe_parameters", 53_766, "the places on the map have no weights of their own"),
        ("probe_parameters", 53_760, "the places on the map have no weights of their own"),
        ("probe_parameters", 9_830_400, "squared"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_answer_is_answered_in_its_own_terms(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message, verdict.message


# What the praises say


def test_the_mean_weight_of_a_photo_is_1():
    for labels, num_classes in check.class_weights.cases:
        assert check.class_weights.reference(labels, num_classes)[labels].mean() == pytest.approx(1)


def test_who_names_one_class_for_every_photo_gets_one_share():
    confusion = np.zeros((6, 6), int)
    confusion[:, 3] = [403, 501, 410, 594, 482, 137]
    assert check.balanced_accuracy.reference(confusion) == pytest.approx(1 / 6)
    assert confusion.trace() / confusion.sum() == pytest.approx(594 / 2527)


def test_the_mean_of_a_class_map_is_the_score_without_the_bias():
    for features, weights, k in check.class_map.cases:
        score = features.mean(axis=(0, 1)) @ weights
        assert check.class_map.reference(features, weights, k).mean() == pytest.approx(score[k])


def test_mobilenet_has_as_many_numbers_as_the_slips_say():
    keras = pytest.importorskip("keras")
    base = keras.applications.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, include_top=False, weights=None)
    frozen = sum(int(np.prod(w.shape)) for w in base.non_trainable_weights)
    assert (base.count_params(), frozen, base.output_shape[-1]) == (410_208, 14_080, 1280)
    base.trainable = False
    model = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(6)])
    model.build((None, 96, 96, 3))
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == check.probe_parameters.reference
