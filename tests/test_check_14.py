"""The checks of lesson 14: right answers in other clothes pass, wrong ones that no slip names stay refused."""

import math
import statistics
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import check


def by_loops(x, u, rate, training=True):
    if not training:
        return x
    return [[0.0 if b < rate else a / (1 - rate) for a, b in zip(r, s, strict=True)] for r, s in zip(x, u, strict=True)]


def on_a_copy(x, u, rate, training=True):
    x = x.copy()
    if training:
        x[u < rate] = 0
        x /= 1 - rate
    return x


def as_keras_has_it(history, patience):
    best_loss, best, wait = np.inf, 0, 0
    for epoch, loss in enumerate(history["val_loss"]):
        wait += 1
        if loss < best_loss:
            best_loss, best, wait = loss, epoch, 0
        elif wait >= patience:
            break
    return epoch + 1, best + 1


def by_distance(history, patience):
    losses, best = history["val_loss"], 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return [epoch + 1, best + 1]
    return [len(losses), best + 1]


def by_argmin(history, patience):
    losses = np.array(history["val_loss"])
    for epoch in range(len(losses)):
        if epoch - losses[: epoch + 1].argmin() == patience:
            losses = losses[: epoch + 1]
            break
    return np.array([len(losses), losses.argmin() + 1])


def pixel_by_pixel(image, right, down):
    (H, W), out = image.shape, np.zeros(image.shape)
    for i, j in np.ndindex(H, W):
        if 0 <= i - down < H and 0 <= j - right < W:
            out[i, j] = image[i - down, j - right]
    return out


def out_of_a_frame(image, right, down):
    (H, W), (a, b) = image.shape, (abs(down), abs(right))
    return np.pad(image, ((a, a), (b, b)))[a - down : a - down + H, b - right : b - right + W]


def rolled_and_wiped(image, right, down):
    out = np.roll(image, (down, right), (0, 1))
    if down:
        out[slice(down) if down > 0 else slice(down, None)] = 0
    if right:
        out[:, slice(right) if right > 0 else slice(right, None)] = 0
    return out


def by_slices(image, right, down):
    (H, W), out = image.shape, np.zeros_like(image)
    to = slice(max(down, 0), H + min(down, 0)), slice(max(right, 0), W + min(right, 0))
    out[to] = image[max(-down, 0) : H - max(down, 0), max(-right, 0) : W - max(right, 0)]
    return out


def joined(x, y, x_val, y_val, augment):
    return np.concatenate([x, augment(x)]), np.concatenate([y, y]), x_val, y_val


def shuffled_together(*arguments):
    x, y, *validation = joined(*arguments)
    order = np.random.default_rng().permutation(len(x))
    return x[order], y[order], *validation


def side_by_side(x, y, x_val, y_val, augment):
    return np.stack([x, augment(x)], axis=1).reshape(-1, *x.shape[1:]), np.repeat(y, 2), x_val, y_val


def image_by_image(x, y, x_val, y_val, augment):
    return [*x, *(augment(image[None])[0] for image in x)], list(y) * 2, x_val, y_val


def row_by_row(labels, num_classes, epsilon):
    low = epsilon / num_classes
    return [[1 - epsilon + low if c == label else low for c in range(num_classes)] for label in labels]


def best_of(names, val_errors):
    best, second = sorted(zip(names, val_errors.tolist(), strict=True), key=lambda pair: sum(pair[1]))[:2]
    d = [b - a for a, b in zip(best[1], second[1], strict=True)]
    return best[0], statistics.mean(d) / (statistics.stdev(d) / math.sqrt(len(d)))


def with_numpy(names, val_errors):
    first, second = val_errors.mean(axis=1).argsort()[:2]
    d = val_errors[second] - val_errors[first]
    return np.array(names)[first], np.sqrt(len(d)) * d.mean() / d.std(ddof=1)


def smooth(labels, num_classes, epsilon):
    return (1 - epsilon) * np.eye(num_classes)[labels] + epsilon / num_classes


FLOOR = -(0.91 * np.log(0.91) + 0.09 * np.log(0.01))
RIGHT = {
    "dropout": [
        by_loops,
        on_a_copy,
        lambda x, u, rate, training: np.where(u < rate, 0, x / (1 - rate)) if training else x,
        lambda x, u, rate, training: x * np.floor(u + 1 - rate) / (1 - rate) if training else x.copy(),
        lambda x, u, rate, training: np.where(training, x * (u > rate) / (1 - rate), x),
        lambda x, u, rate, training: x * (u >= rate * training) / (1 - rate * training),
        lambda x, u, rate, training=False: np.float32(x * (u >= rate) / (1 - rate)) if training else np.float32(x),
    ],
    "dropout_gradient": [
        by_loops,
        on_a_copy,
        lambda grad, u, rate: np.where(u <= rate, 0, grad / (1 - rate)),
        lambda grad, u, rate: np.multiply(grad, np.divide(u >= rate, 1 - rate)),
        lambda grad, u, rate: grad / (1 - rate) - grad * (u < rate) / (1 - rate),
        lambda grad, u, rate: np.select([u >= rate], [np.float32(grad) / np.float32(1 - rate)]),
    ],
    "kept_activation": [5, 5.0, 3 / 0.6, 3 / (1 - 0.4), np.float32(5), [5], np.array(5)],
    "early_stop": [as_keras_has_it, by_distance, by_argmin, lambda *a: np.float64([by_argmin(*a)])],
    "shift_image": [
        pixel_by_pixel,
        out_of_a_frame,
        rolled_and_wiped,
        by_slices,
        lambda image, right, down: np.eye(len(image), k=-down) @ image @ np.eye(image.shape[1], k=right),
        lambda image, right, down: np.float32(by_slices(image, right, down)).tolist(),
    ],
    "enlarge": [
        joined,
        shuffled_together,
        side_by_side,
        image_by_image,
        lambda x, y, x_val, y_val, augment: [np.vstack([augment(x), x]), np.hstack([y, y]), x_val, y_val],
        lambda x, y, x_val, y_val, augment: (np.append(x, augment(x), axis=0), np.tile(y, 2), x_val.copy(), [*y_val]),
        lambda x, y, x_val, y_val, augment: (np.float32(np.r_[x, augment(x)]), np.r_[y, y].astype(int), x_val, y_val),
        lambda x, y, x_val, y_val, augment: iter(joined(x.astype(float), y, x_val, y_val, augment)),
    ],
    "smooth_labels": [
        smooth,
        row_by_row,
        lambda t, k, eps: np.where(np.arange(k) == t[:, None], 1 - eps + eps / k, eps / k),
        lambda t, k, eps: np.eye(k)[t] - eps * (np.eye(k)[t] - 1 / k),
        lambda t, k, eps: np.float32(smooth(t, k, eps)),
    ],
    "smoothing_floor": [0.5, 0.50, 0.5003, FLOOR, -(0.91 * np.log(0.91) + 9 * 0.01 * np.log(0.01)), [0.5003]],
    "best_remedy": [
        best_of,
        with_numpy,
        lambda *a: list(best_of(*a)),
        lambda *a: np.array(best_of(*a), dtype=object),
        lambda *a: (part for part in best_of(*a)),
        lambda *a: (np.array([best_of(*a)[0]]), np.float32(best_of(*a)[1])),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_may_be_written_differently(name, answer):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✓" and "caution" not in verdict.message, verdict.message


def test_what_changes_x_or_the_image_in_place_is_right_with_a_caution():
    def dropout(x, u, rate, training):
        x *= (u >= rate) if training else 1
        x /= 1 - rate * training
        return x

    def shift_image(image, right, down):
        image[...] = by_slices(image, right, down)
        return image

    for answer, name in ((dropout, "x"), (shift_image, "image")):
        verdict = getattr(check, answer.__name__).grade(answer)
        assert verdict.mark == "✓" and f"changes its argument `{name}` in place" in verdict.message


def wiped(image, right, down, before=slice):
    out = np.roll(image, (down, right), (0, 1))
    out[before(down)] = 0
    out[:, before(right)] = 0
    return out


def from_the_first(history, patience):
    losses, best, wait = history["val_loss"], 0, 0
    for epoch, loss in enumerate(losses):
        wait = 0 if loss < losses[best] else wait + 1
        best = epoch if loss < losses[best] else best
        if wait == patience:
            break
    return epoch + 1, best + 1


def from_zero(history, patience):
    best, lowest = 0, 0
    for last, value in enumerate(history["val_loss"], 1):
        if value < lowest:
            best, lowest = last, value
        if last - best == patience:
            break
    return last, best


def down_the_columns(names, val_errors):
    first, second = np.argsort(np.mean(val_errors, axis=0))[:2]
    d = val_errors[second] - val_errors[first]
    return names[first], d.mean() / (d.std(ddof=1) / np.sqrt(len(d)))


def in_whole_numbers(labels, num_classes, epsilon):
    targets = np.zeros((len(labels), num_classes), dtype=int)
    targets[np.arange(len(labels)), labels] = 1 - epsilon
    return targets + epsilon / num_classes


def in_every_row(labels, num_classes, epsilon):
    one_hot = np.zeros((len(labels), num_classes))
    one_hot[:, labels] = 1
    return (1 - epsilon) * one_hot + epsilon / num_classes


def stopped(history, patience, **other):
    return as_keras_has_it(history | other, patience)


WRONG = {
    "dropout": [
        lambda x, u, rate, training: on_a_copy(abs(x), u, rate) if training else x,
        lambda x, u, rate, training: on_a_copy(x, u[::-1], rate) if training else x,
        lambda x, u, rate, training: on_a_copy(x, u, rate) if training and len(x) > 1 else x,
        lambda x, u, rate, training: on_a_copy(x, u, 0.5) if training else x,
        lambda x, u, rate, training: on_a_copy(x, u, rate) if rate else 0 * x,
        lambda x, u, rate, training: x * (u >= rate) / (1 - rate**2) if training else x,
    ],
    "dropout_gradient": [
        lambda grad, u, rate: on_a_copy(abs(grad), u, rate),
        lambda grad, u, rate: on_a_copy(grad, u, rate) * len(grad),
        lambda grad, u, rate: on_a_copy(grad, u[::-1], rate),
        lambda grad, u, rate: on_a_copy(grad, u, 0.5),
    ],
    "kept_activation": [4.99, 5.3, -3, 50, "5", (5, 3), np.nan],
    "early_stop": [
        lambda history, patience: stopped(history, 3),
        lambda history, patience: stopped(history, max(patience - 1, 1)),
        lambda history, patience: stopped(history, 2 * patience),
        lambda history, patience: stopped(history, patience, val_loss=np.round(history["val_loss"], 3)),
        lambda history, patience: stopped(history, patience, val_loss=np.round(history["val_loss"], 1)),
        lambda history, patience: stopped(history, patience, val_loss=np.add(history["val_loss"], history["loss"])),
        lambda history, patience: stopped(history, patience, val_loss=history["val_loss"][:-1]),
    ],
    "shift_image": [
        lambda image, right, down: by_slices(image, min(right, 2), min(down, 2)),
        lambda image, right, down: by_slices(image, np.sign(right), np.sign(down)),
        lambda image, right, down: by_slices(image, right, down).astype(np.int8),
        lambda image, right, down: by_slices(image, right, down) > 0,
        lambda image, right, down: by_slices(image, right, down) if abs(right) < image.shape[1] else image,
    ],
    "enlarge": [
        lambda *a: (*joined(*a)[:2], a[2][::-1], a[3]),
        lambda *a: (*joined(*a)[:2], a[2][:-1], a[3][:-1]),
        lambda *a: (np.concatenate([a[0], 0 * a[0]]), *joined(*a)[1:]),
        lambda *a: (joined(*a)[0], joined(*a)[1][:, None], *a[2:4]),
        lambda *a: (joined(*a)[0][:-1], joined(*a)[1][:-1], *a[2:4]),
    ],
    "smooth_labels": [
        lambda t, k, eps: smooth(np.sort(t), k, eps),
        lambda t, k, eps: smooth(t, k, eps / 2),
        lambda t, k, eps: smooth(t, k, eps).round(2),
        lambda t, k, eps: 1 - smooth(t, k, eps),
        lambda t, k, eps: smooth(t, k, eps)[:, :, None],
    ],
    "smoothing_floor": [0.45, 0.48, 0.52, 5, 50, "0.5", np.nan],
    "best_remedy": [
        lambda *a: (best_of(*a)[0], round(best_of(*a)[1], 1)),
        lambda *a: (best_of(*a)[0] + "!", best_of(*a)[1]),
        lambda *a: (best_of(*a)[0], str(best_of(*a)[1])),
        lambda *a: (sorted(a[0])[0], best_of(*a)[1]),
        lambda *a: (best_of(*a)[0], 2 * best_of(*a)[1]),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
def test_a_wrong_answer_that_no_slip_foresees_is_refused(name, answer):
    assert getattr(check, name).grade(answer).mark == "✗"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("dropout", lambda x, u, rate, training: x * (u >= rate) if training else x, "not scaled"),
        ("dropout", lambda x, u, rate, training: x * (u >= rate if training else 1 - rate), "scaled at the wrong time"),
        ("dropout", lambda x, u, rate, training: on_a_copy(x, u, rate), "active in evaluation"),
        ("dropout", lambda x, u, rate, training: on_a_copy(x, np.random.rand(*x.shape), rate, training), "follow u"),
        ("dropout", lambda x, u, rate, training: x * (u < 1 - rate) / (1 - rate) if training else x, "other units"),
        ("dropout_gradient", lambda g, u, rate: on_a_copy(g, np.random.RandomState(0).rand(*g.shape), rate), "own"),
        ("early_stop", lambda h, patience: stopped(h, patience + 1), "one epoch too late"),
        ("early_stop", lambda h, patience: (as_keras_has_it(h, patience)[0],) * 2, "last for best"),
        ("early_stop", lambda h, patience: stopped(h, patience, val_loss=h["test_loss"]), "test set must not decide"),
        ("shift_image", lambda image, right, down: np.roll(image, (down, right), (0, 1)), "it wraps around"),
        ("shift_image", lambda image, right, down: by_slices(image, down, right), "right and down are exchanged"),
        ("early_stop", from_the_first, "compared with itself"),
        ("early_stop", from_zero, "begins with 0, which no loss can beat"),
        ("shift_image", wiped, "one side is wiped for every shift"),
        ("shift_image", lambda *a: wiped(*a, before=lambda s: slice(max(s, 0))), "to the left and up wrap around"),
        ("shift_image", lambda *a: wiped(*a, before=lambda s: slice(s) if s > 0 else slice(s, None)), "of 0 wipes all"),
        ("dropout_gradient", lambda g, u, rate: g * (u >= rate) / (1 + rate), "divided by 1 + rate"),
        ("smooth_labels", in_whole_numbers, "whole numbers cut"),
        ("smooth_labels", in_every_row, "every row has the labels of all"),
        ("best_remedy", lambda *a: (best_of(*a)[0], best_of(*a)[1] * np.sqrt(1 + 1 / (len(a[1][0]) - 1))), "ddof=1"),
        ("best_remedy", down_the_columns, ".mean(axis=1)"),
        ("enlarge", lambda x, y, v, t, augment: (*joined(x, y, v, t, augment)[:2], augment(v), t), "is augmented: it"),
        ("enlarge", lambda *a: (joined(*a)[0], np.repeat(a[1], 2), *a[2:4]), "torn from each other"),
        ("enlarge", lambda *a: (joined(*a)[:2], a[2:4]), "two pairs came back"),
        ("smooth_labels", lambda t, k, eps: np.where(np.eye(k)[t] == 1, 1 - eps, eps / k), "it does not sum to one"),
        ("smooth_labels", lambda t, k, eps: np.where(np.eye(k)[t] == 1, 1 - eps, eps / (k - 1)), "another definition"),
        ("best_remedy", lambda *a: dict([best_of(*a)]), "a dict came back"),
        ("best_remedy", lambda *a: best_of(*a)[0], "the name alone came back"),
        ("best_remedy", lambda *a: (a[0].index(best_of(*a)[0]), best_of(*a)[1]), "its place in the list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_answer_is_answered_in_its_own_terms(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message, verdict.message


def test_a_mean_over_many_draws_is_the_input():
    rng, x = np.random.default_rng(0), np.array([[3.0, -1.0, 2.0]])
    draws = [check.dropout.reference(x, rng.random(x.shape), 0.4, True) for _ in range(20_000)]
    np.testing.assert_allclose(np.mean(draws, axis=0), x, atol=0.06)  # the errors' deviation is below 0.02


# What Keras does


def keras_stops(keras, losses, patience):
    """Drive Keras's callback by hand; return the last epoch and the one whose weights come back, from 1."""
    epoch_now, kept = [0], []
    model = SimpleNamespace(stop_training=False, get_weights=lambda: epoch_now[0], set_weights=kept.append)
    callback = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        epoch_now[0] = epoch + 1
        callback.on_epoch_end(epoch, {"loss": 1.0, "val_loss": loss})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch_now[0], kept[-1]


def test_stopping_early_is_what_keras_does():
    keras, rng = pytest.importorskip("keras"), np.random.default_rng(14)
    histories = [(case[0]["val_loss"], case[1]) for case in check.early_stop.cases]
    for _ in range(300):
        losses = rng.integers(1, 9, rng.integers(1, 15)) / 8  # few values, so that equal ones are frequent
        histories.append((losses.tolist(), int(rng.integers(1, 6))))
    for losses, patience in histories:
        found = check.early_stop.reference({"val_loss": losses}, patience)
        assert found == keras_stops(keras, losses, patience), (losses, patience)


def test_smoothed_labels_and_their_lowest_loss_are_those_of_keras():
    keras, rng = pytest.importorskip("keras"), np.random.default_rng(2016)
    labels, p = rng.integers(0, 10, 50), rng.dirichlet(np.ones(10), 50)
    q = check.smooth_labels.reference(labels, 10, 0.1)
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)
    np.testing.assert_allclose(float(loss(np.eye(10)[labels], p)), -np.mean(np.sum(q * np.log(p), axis=1)), rtol=1e-5)
    np.testing.assert_allclose(float(loss(np.eye(10)[labels], q)), check.smoothing_floor.reference, rtol=1e-5)
    nearby = 0.99 * q + 0.01 * p
    assert float(loss(np.eye(10)[labels], nearby)) > check.smoothing_floor.reference
