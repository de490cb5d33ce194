"""The checks of lesson 16: right answers in other clothes pass, wrong ones that no slip names stay refused."""

import math
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from helpers import check, network


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


# Frozen layers, in many styles


def compiled(keras, model, optimizer=None, loss="sparse_categorical_crossentropy", **options):
    options.setdefault("metrics", ["accuracy"])
    model.compile(optimizer=optimizer or keras.optimizers.Adam(learning_rate=1e-4), loss=loss, **options)
    return model


def one_by_one(keras, model, num_frozen):
    left = num_frozen
    for layer in model.layers:
        layer.trainable = True
        if layer.weights and left:
            layer.trainable = False
            left -= 1
    return compiled(keras, model)


def by_a_list(keras, model, num_frozen):
    for layer in model.layers:
        layer.trainable = True
    for layer in [layer for layer in model.layers if layer.count_params()][:num_frozen]:
        layer.trainable = False
    return compiled(keras, model, metrics=[keras.metrics.SparseCategoricalAccuracy(name="hits")])


def weight_by_weight(keras, model, num_frozen):
    with_weights = [layer for layer in model.layers if layer.get_weights()]
    for i, layer in enumerate(with_weights):
        layer.trainable = i >= num_frozen
    model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    model.optimizer.learning_rate = 1e-4
    return model


def up_to_the_last_one(keras, model, num_frozen):
    places = [i for i, layer in enumerate(model.layers) if layer.weights]
    first = [*places, len(model.layers)][num_frozen]
    for layer in model.layers[:first]:
        layer.trainable = False
    for layer in model.layers[first:]:
        layer.trainable = True
    return compiled(keras, model)


def nested(keras, model, num_frozen):
    one_by_one(keras, model, num_frozen)
    return compiled(keras, keras.Sequential([keras.Input(model.input_shape[1:]), model]))


def as_it_was_compiled(keras, model, num_frozen):
    for i, layer in enumerate([layer for layer in model.layers if layer.weights]):
        layer.trainable = i >= num_frozen
    return compiled(keras, model, loss=model.loss, metrics=None, weighted_metrics=["acc", "mse"][:1])


def copied(keras, model, num_frozen):
    new = keras.models.clone_model(model)
    new.set_weights(model.get_weights())
    return one_by_one(keras, new, num_frozen)


def around_the_layers(keras, model, num_frozen):
    return one_by_one(keras, keras.Sequential(model.layers), num_frozen)


def functional(keras, model, num_frozen):
    return one_by_one(keras, keras.Model(model.inputs, model.outputs), num_frozen)


def compiled_before(keras, model, num_frozen):
    compiled(keras, model)  # nothing has been trained since, so the step is built by what is frozen now
    for i, layer in enumerate([layer for layer in model.layers if layer.weights]):
        layer.trainable = i >= num_frozen
    return model


def switched_off_and_on(keras, model, num_frozen):
    model.trainable = False
    model.trainable = True  # now it does something
    for layer in [layer for layer in model.layers if layer.weights][:num_frozen]:
        layer.trainable = False
    return compiled(keras, model)


def thawed_by_the_model_alone(keras, model, num_frozen):
    model.trainable = True  # True already, and Keras stops there: layers frozen before stay so
    for layer in [layer for layer in model.layers if layer.weights][:num_frozen]:
        layer.trainable = False
    return compiled(keras, model)


FREEZE = [
    one_by_one, by_a_list, weight_by_weight, up_to_the_last_one, copied, around_the_layers, functional, compiled_before,
    switched_off_and_on, nested, as_it_was_compiled,
]  # fmt: skip


@pytest.mark.parametrize("style", FREEZE)
def test_layers_may_be_frozen_in_any_style_and_quietly(style, keras, capfd):
    keras.layers.Dense(1)  # the first one of all has no number
    first = int(keras.layers.Dense(1).name.split("_")[1])
    state, numbers = random.getstate(), np.random.get_state()[1].tolist()
    capfd.readouterr()
    verdict = check.freeze.grade(lambda model, num_frozen: style(keras, model, num_frozen))
    assert verdict.mark == "✓", verdict
    assert capfd.readouterr() == ("", "")
    assert random.getstate() == state and np.random.get_state()[1].tolist() == numbers
    assert int(keras.layers.Dense(1).name.split("_")[1]) == first + 1  # the reader's layers keep their numbers


def named(layers, num_frozen):
    return [layer for layer in layers if "dense" in layer.name or "conv" in layer.name][:num_frozen]


def frozen(keras, model, layers, **how):
    for layer in model.layers:
        layer.trainable = layer not in layers
    return compiled(keras, model, **how)


def set_apart(model, num_frozen):
    for i, layer in enumerate([layer for layer in model.layers if layer.weights]):
        layer.trainable = i >= num_frozen
    return model


def without(keras, model, num_frozen, *names):
    """Compile with all that is asked but these arguments."""
    asked = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}
    set_apart(model, num_frozen).compile(
        optimizer=keras.optimizers.Adam(1e-4), **{name: value for name, value in asked.items() if name not in names}
    )
    return model


def head_never(keras, model, num_frozen):
    layers = [layer for layer in model.layers if layer.weights]
    return frozen(keras, model, layers[:-1][:num_frozen])


def up_to_a_later_one(keras, model, num_frozen):
    first = [i for i, layer in enumerate(model.layers) if layer.weights][num_frozen]
    return frozen(keras, model, model.layers[:first])


def arrays_frozen(keras, model, choose):
    for layer in model.layers:
        layer.trainable = True
    for array in choose(model):
        array.trainable = False
    return compiled(keras, model)


def off_and_later_ones_on(keras, model, num_frozen):
    model.trainable = False
    return compiled(keras, set_apart(model, num_frozen))


def copy_frozen_original_back(keras, model, num_frozen):
    copied(keras, model, num_frozen)
    return model


def old_optimizer(keras, model, num_frozen):
    model.optimizer.learning_rate = 1e-4
    return compiled(keras, set_apart(model, num_frozen), optimizer=model.optimizer)


WRONG_FREEZE = [
    (lambda keras, model, n: without(keras, model, n, "loss", "metrics"), "compile has no loss"),
    (lambda keras, model, n: without(keras, model, n, "loss"), "compile has no loss"),
    (lambda keras, model, n: compiled(keras, set_apart(model, n), loss=None), "compile has no loss"),
    (lambda keras, model, n: without(keras, model, n, "metrics"), "the accuracy is missing in this compile"),
    (lambda keras, model, n: compiled(keras, set_apart(model, n), metrics=None), "the accuracy is missing"),
    *(
        (lambda keras, model, n, name=name: compiled(keras, set_apart(model, n), metrics=[name]), "integer labels, the")
        for name in ("categorical_accuracy", "mse", "binary_accuracy", "sparse_top_k_categorical_accuracy")
    ),
    (old_optimizer, "compile got the model's old optimizer"),
    (head_never, "the head is never frozen"),
    (up_to_a_later_one, "raises IndexError: where num_frozen is the number of all layers"),
    (off_and_later_ones_on, "Leave model.trainable alone and set layer.trainable of every layer"),
    (lambda keras, model, n: arrays_frozen(keras, model, lambda m: m.weights[:n]), "a layer has two, kernel and bias"),
    (
        lambda keras, model, n: arrays_frozen(keras, model, lambda m: [a.kernel for a in named(m.layers, n)]),
        "its bias still learns",
    ),
    (
        lambda keras, model, n: arrays_frozen(keras, model, lambda m: [a.bias for a in named(m.layers, n)]),
        "frozen by half, some of its arrays",
    ),
    (copy_frozen_original_back, "nothing is frozen in the model that came back"),
    (
        lambda keras, model, n: compiled(
            keras, keras.Sequential([*set_apart(model, n).layers, keras.layers.Dropout(0.5)])
        ),
        "something else in training",
    ),
    (thawed_by_the_model_alone, "model.trainable = True alone does nothing"),
    (lambda keras, model, n: frozen(keras, model, model.layers[:n]), "all layers are counted"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers[::-1], n)), "the last layers are frozen"),
    (
        lambda keras, model, n: frozen(keras, model, named(model.layers, n)[::2]),
        "counted from one, these are frozen: 1, 3",
    ),
    (
        lambda keras, model, n: frozen(keras, model, named(model.layers, n)[1:]),
        "these are frozen: 2, 3; asked: 1, 2, 3",
    ),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, 1)), "these are frozen: 1; asked: 1, 2, 3"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, 3)), "these are frozen: 1, 2, 3; asked: 1"),
    (lambda keras, model, n: frozen(keras, model, [a for a in model.layers if "conv" in a.name]), "asked: 1, 2, 3"),
    (lambda keras, model, n: frozen(keras, model, [a for a in model.layers if "dense" in a.name]), "asked: 1, 2, 3"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n)).layers, "found a list of layers"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n)).summary, "found a function"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n)).get_config(), "the model is expected"),
    (lambda keras, model, n: model, "nothing is frozen"),
    (lambda keras, model, n: model.freeze(n), "raises AttributeError"),
    (lambda keras, model, n: keras.Sequential(model.layers[:n] or model.layers), "layers are missing"),
    (lambda keras, model, n: keras.Sequential([*model.layers, keras.layers.Softmax()]), "computes something else"),
    (lambda keras, model, n: keras.Sequential([*model.layers[:-1], keras.layers.Dense(3)]), "computes|lost"),
    (lambda keras, model, n: keras.models.clone_model(model), "the weights are lost"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n), optimizer="adam"), "learning rate is 0.001"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n), optimizer="sgd"), "the optimizer is SGD"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n), loss="mae"), "sparse_categorical"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n), loss="kl_divergence"), "sparse_categorical"),
    (lambda keras, model, n: frozen(keras, model, named(model.layers, n), metrics=[]), "the accuracy is missing"),
    (
        lambda keras, model, n: frozen(keras, model, named(model.layers, n), optimizer=keras.optimizers.Adam(1e-3)),
        "0.001",
    ),
    (
        lambda keras, model, n: frozen(
            keras,
            model,
            named(model.layers, n),
            optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-4, 9)),
        ),
        "follows a schedule",
    ),
]


@pytest.mark.parametrize(("answer", "says"), WRONG_FREEZE, ids=[str(i) for i in range(len(WRONG_FREEZE))])
def test_wrongly_frozen_layers_are_refused_quietly(answer, says, keras, capfd):
    capfd.readouterr()
    verdict = check.freeze.grade(lambda model, num_frozen: answer(keras, model, num_frozen))
    assert verdict.mark == "✗" and any(word in verdict.message for word in says.split("|")), verdict.message
    assert capfd.readouterr() == ("", "")


def test_one_optimizer_for_all_models_is_refused_again_and_again(keras):
    adam = keras.optimizers.Adam(1e-4)
    for _ in range(2):
        message = check.freeze.grade(lambda model, n: compiled(keras, set_apart(model, n), optimizer=adam)).message
        assert "✗" in message and "one optimizer serves all models" in message


def test_keras_goes_on_with_the_loss_of_an_earlier_compile_and_a_new_model_has_none(keras):
    """The hint of a compile without a loss says so; if Keras changes it, the hint and this test change."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.Adam(1e-4))
    x, y = np.array([[1.0, 2.0], [2.0, -1.0]]), np.array([0, 1])
    with pytest.raises(ValueError, match="No loss"):
        model.fit(x, y, verbose=0)
    compiled(keras, model)
    model.compile(keras.optimizers.Adam(1e-4))
    assert set(model.fit(x, y, verbose=0).history) == {"loss", "accuracy"}


def test_a_stale_step_is_seen_by_what_moves(keras):
    def freeze(model, num_frozen):
        for i, layer in enumerate([layer for layer in model.layers if layer.weights]):
            layer.trainable = i >= num_frozen
        model.optimizer = keras.optimizers.Adam(learning_rate=1e-4)  # no compile, so the old step goes on
        return model

    assert "not compiled again" in check.freeze.grade(freeze).message


def test_keras_moves_frozen_weights_after_a_fit_without_compile(keras):
    """The hint of a model that is not compiled again says so; if Keras mends it, the hint and this test go."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    x, y = np.array([[1.0, 2.0], [2.0, -1.0]]), np.array([0, 1])
    model.fit(x, y, verbose=0)
    model.layers[0].trainable = False
    before = model.layers[0].get_weights()[0]
    model.fit(x, y, verbose=0)
    assert not np.array_equal(model.layers[0].get_weights()[0], before)


# The others, written differently


def by_dict(labels, classes):
    places = {label: place for place, label in enumerate(classes)}
    return [places[int(label)] for label in labels]


def by_a_table(labels, classes):
    table = np.full(10, -1)
    table[classes] = np.arange(len(classes))
    return table[labels]


def by_sorter(labels, classes):
    order = np.argsort(classes)
    return order[np.searchsorted(classes, labels, sorter=order)]


def in_loops(p, classes):
    return [max(zip(row, classes, strict=True))[1] for row in p]


def by_kron(images):
    return np.pad(np.kron(images / 16, np.ones((1, 3, 3))), ((0, 0), (2, 2), (2, 2)))


def into_zeros(images):
    out = np.zeros((len(images), 28, 28), np.float32)
    out[:, 2:26, 2:26] = images.repeat(3, axis=1).repeat(3, axis=2) / 16
    return out


def by_index(images):
    at = (np.arange(28) + 1) // 3
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    return padded[:, at][:, :, at] / 16


def by_broadcasting(images):
    wide = (images[:, :, None, :, None] * np.ones((1, 1, 3, 1, 3))).reshape(-1, 24, 24)
    return np.pad(wide, ((0, 0), (2, 2), (2, 2))) / 16


def one_at_a_time(images):
    return [np.pad(np.kron(image, np.ones((3, 3))), 2) / 16 for image in images]


def masks(origin, num_test, rng):
    test = np.isin(origin, rng.permutation(np.unique(origin))[:num_test])
    return ~test, test


def by_rows(origin, num_test, rng):
    return tuple(np.flatnonzero(side) for side in masks(origin, num_test, rng))


def by_sets(origin, num_test, rng):
    names = sorted(set(origin.tolist()))
    rng.shuffle(names)
    drawn = set(names[:num_test])
    test = [i for i, name in enumerate(origin) if name in drawn]
    return [i for i in range(len(origin)) if i not in test], test


def with_where(origin, num_test, rng):
    drawn = rng.choice(list(dict.fromkeys(origin.tolist())), num_test, replace=False)
    return np.where(~np.isin(origin, drawn))[0], np.where(np.isin(origin, drawn))[0]


def by_inverse(origin, num_test, rng):
    names, inverse = np.unique(origin, return_inverse=True)
    test = (rng.permutation(len(names)) < num_test)[inverse]
    return rng.permutation(np.flatnonzero(~test)), np.flatnonzero(test).astype(float)


def smallest(counts, accuracies, goal):
    reach = (n for n, mean in zip(counts.tolist(), np.mean(accuracies, axis=1), strict=True) if mean >= goal)
    return min(reach, default=None)


def sorted_first(counts, accuracies, goal):
    for n, row in sorted(zip(counts, accuracies.tolist(), strict=True)):
        if sum(row) / len(row) >= goal:
            return n


def counted(before, after, labels):
    was = [i for i in range(len(labels)) if before[i] == labels[i]]
    return sum(after[i] != labels[i] for i in was) / len(was)


def norm(x, mean, var, training, momentum=0.99, epsilon=1e-3):
    if not training:
        return (x - mean) / (var + epsilon) ** 0.5, mean, var
    b, v = x.mean(axis=0), x.var(axis=0)
    return (x - b) / np.sqrt(v + epsilon), mean + (1 - momentum) * (b - mean), momentum * var + (1 - momentum) * v


def norm_in_loops(x, mean, var, training, momentum=0.99, epsilon=1e-3):
    columns, new_mean, new_var = [], [], []
    for column, m, s in zip(x.T, mean, var, strict=True):
        a = sum(column) / len(column) if training else m
        b = sum((column - a) ** 2) / len(column) if training else s
        columns.append([(value - a) / math.sqrt(b + epsilon) for value in column])
        new_mean.append(momentum * m + (1 - momentum) * a)
        new_var.append(momentum * s + (1 - momentum) * b)
    return np.transpose(columns), new_mean, new_var


def head_step(params, x, t, eta):
    W1, b1, W2, b2 = params
    h = np.maximum(x @ W1 + b1, 0)
    p = np.exp(h @ W2 + b2)
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(t)), t] -= 1
    return W1, b1, W2 - eta * h.T @ p / len(t), b2 - eta * p.mean(axis=0)


def by_the_network(params, x, t, eta):
    _, grads = network.loss_and_gradients(params, x, t)
    return [*params[:2], *(w - eta * g for w, g in zip(params[2:], grads[2:], strict=True))]


def row_sums(params, x, t, eta):
    W1, b1, W2, b2 = (np.array(w) for w in params)
    W, b = W2.copy(), b2.copy()
    for row, label in zip(x, t, strict=True):
        h = np.where(row @ W1 + b1 > 0, row @ W1 + b1, 0)
        z = h @ W2 + b2
        d = np.exp(z - np.logaddexp.reduce(z)) - (np.arange(len(z)) == label)
        W -= eta / len(x) * np.outer(h, d)
        b -= eta / len(x) * d
    return W1, b1, W, b


RIGHT = {
    "head_parameters": [650, 650.0, 64 * 10 + 10, 65 * 10, np.int64(650), [650], np.array(650), np.float32(650)],
    "to_head": [
        by_dict,
        by_a_table,
        by_sorter,
        lambda labels, classes: (np.asarray(labels)[:, None] == np.array(classes)).argmax(axis=1),
        lambda labels, classes: np.where(labels[:, None] == classes)[1],
        lambda labels, classes: list(map(classes.index, labels.tolist())),
        lambda labels, classes: np.vectorize(classes.index)(labels),
        lambda labels, classes: np.float32(by_dict(labels, classes)),
    ],
    "from_head": [
        in_loops,
        lambda p, classes: [classes[place] for place in p.argmax(axis=1)],
        lambda p, classes: np.take(classes, np.argmax(p, axis=-1)),
        lambda p, classes: np.array(classes)[p.argsort(axis=1)[:, -1]],
        lambda p, classes: np.uint8([classes[int(np.argmax(row))] for row in p]),
        lambda p, classes: (np.eye(len(classes))[p.argmax(axis=1)] @ classes).astype(np.float32),
        lambda p, classes: [classes[row.tolist().index(max(row))] for row in p],
        lambda p, classes: np.array([classes])[0, np.argmax(p, 1)],
    ],
    "to_source": [
        by_kron,
        into_zeros,
        by_index,
        one_at_a_time,
        lambda images: np.float32(by_kron(images)),
        lambda images: by_kron(images.astype("float32")).tolist(),
        by_broadcasting,
        lambda images: np.pad(images.repeat(3, -1).repeat(3, -2), [(0, 0), (2, 2), (2, 2)]) * 0.0625,
    ],
    "split_by_origin": [
        by_rows,
        by_sets,
        with_where,
        by_inverse,
        lambda *a: [list(side) for side in by_rows(*a)],
        lambda *a: tuple(tuple(side.tolist()) for side in by_rows(*a)),  # one of a single row is no np.where
        lambda *a: tuple(np.flatnonzero(side)[::-1].tolist() for side in masks(*a)),
        lambda *a: [np.flatnonzero(side)[:, None] for side in masks(*a)],
    ],
    "labels_needed": [
        smallest,
        sorted_first,
        lambda c, a, goal: min(c[a.mean(axis=1) >= goal], default=None),
        lambda c, a, goal: [smallest(c, a, goal)],
        lambda c, a, goal: np.float32(smallest(c, a, goal) or np.nan),
        lambda c, a, goal: None if smallest(c, a, goal) is None else float(smallest(c, a, goal)),
        lambda c, a, goal: (lambda ok: ok.min() if ok.size else None)(c[np.average(a, axis=1) >= goal]),
    ],
    "forgotten": [
        counted,
        lambda before, after, labels: np.mean(after[before == labels] != labels[before == labels]),
        lambda before, after, labels: 1 - (after == labels)[before == labels].mean(),
        lambda before, after, labels: np.average(after != labels, weights=before == labels),
        lambda before, after, labels: ((before == labels) & (after != labels)).sum() / (before == labels).sum(),
        lambda before, after, labels: np.mean((after != before)[before == labels]),
        lambda before, after, labels: np.float32(counted(before, after, labels)),
        lambda before, after, labels: [np.sum((before == labels) * (after != labels)) / sum(before == labels)],
    ],
    "batch_norm": [
        norm,
        norm_in_loops,
        lambda *a: list(norm(*a)),
        lambda *a: [np.float32(part) for part in norm(*a)],
        lambda x, m, v, t, mo=0.9, e=0.1: [part.tolist() for part in norm(x, m, v, t, mo, e)],
        lambda *a: norm(*a[:4], momentum=a[4], epsilon=a[5]),
        lambda *a: (norm(*a)[0], *norm_in_loops(*a)[1:]),
        lambda x, mean, var, training, *rest: norm(x.astype(np.float32).astype(float), mean, var, int(training), *rest),
    ],
    "frozen_step": [
        head_step,
        by_the_network,
        row_sums,
        lambda *a: list(head_step(*a)),
        lambda *a: np.array(head_step(*a), dtype=object),
        lambda *a: [np.float32(w) for w in head_step(*a)],
        lambda *a: [w.tolist() for w in head_step(*a)],
        lambda params, x, t, eta: (params[0].copy(), params[1].copy(), *head_step(params, x, t, eta)[2:]),
        lambda params, x, t, eta: head_step(params, np.asarray(x), t.tolist(), float(eta)),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_may_be_written_differently(name, answer):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✓" and "caution" not in verdict.message, verdict.message


def test_parameters_changed_in_place_are_right_with_a_caution():
    def frozen_step(params, x, t, eta):
        for w, new in zip(params, head_step(params, x, t, eta), strict=True):
            w[...] = new
        return params

    verdict = check.frozen_step.grade(frozen_step)
    assert verdict.mark == "✓" and "changes its argument `params` in place" in verdict.message


def resized_at_once(images):
    at = ((np.arange(28) + 0.5) * 8 / 28).astype(int)
    return images[:, at][:, :, at] / 16


def single_row_by_the_moving_ones(x, mean, var, training, momentum, epsilon):
    right = norm(x, mean, var, training, momentum, epsilon)
    return (norm(x, mean, var, False, momentum, epsilon)[0], *right[1:]) if len(x) == 1 else right


def x_overwritten(x, mean, var, training, momentum, epsilon):
    if not training:
        return norm(x, mean, var, training, momentum, epsilon)
    x -= x.mean(axis=0)
    return norm(x, mean, var, training, momentum, epsilon)


def shuffled(origin, num_test, rng):
    rng.shuffle(origin)
    test = np.isin(origin, np.unique(origin)[:num_test])
    return np.flatnonzero(~test), np.flatnonzero(test)


def sorted_in_place(origin, *rest):
    origin.sort()
    return by_rows(origin, *rest)


def with_error(change):
    """Make a frozen step from e = p - targets: change(W2, b2, h, e, eta, t) gives the new W2 and b2."""

    def step(params, x, t, eta):
        W1, b1, W2, b2 = params
        h = np.maximum(x @ W1 + b1, 0)
        p = np.exp(h @ W2 + b2)
        p /= p.sum(axis=1, keepdims=True)
        return W1, b1, *change(W2, b2, h, p - np.eye(len(b2))[t], eta, t)

    return step


def columns_minus_one(W2, b2, h, e, eta, t):
    p = e + np.eye(len(b2))[t]
    p[:, t] -= 1
    return W2 - eta * h.T @ p / len(h), b2 - eta * p.mean(axis=0)


def none_in_the_loop(counts, accuracies, goal):
    for count, mean in zip(counts, accuracies.mean(axis=1), strict=True):
        return count if mean >= goal else None


def rows_of(choose):
    def split(origin, num_test, rng):
        test = choose(origin, num_test, rng)
        return np.setdiff1d(np.arange(len(origin)), test), test

    return split


def sides(change):
    return lambda origin, *rest: change(*map(np.flatnonzero, masks(origin, *rest)), origin)


def normed(change):
    return lambda x, mean, var, training, momentum, epsilon: change(*norm(x, mean, var, training, momentum, epsilon))


WRONG = {
    "head_parameters": [649, 66, 6500, 0, -650, "650", (64, 10), 1300, 690, np.nan],
    "to_head": [
        lambda labels, classes: 2 * np.array(by_dict(labels, classes)),
        lambda labels, classes: by_dict(labels, classes)[:-1],
        lambda labels, classes: np.array(by_dict(labels, classes))[:, None],
        lambda labels, classes: np.array(by_dict(labels, classes)) % 3,
        lambda labels, classes: np.searchsorted(classes, labels, side="right"),
        lambda labels, classes: {int(label): classes.index(label) for label in labels},
        lambda labels, classes: np.cumsum(by_dict(labels, classes)),
        lambda labels, classes: [str(place) for place in by_dict(labels, classes)],
    ],
    "from_head": [
        lambda p, classes: np.array(in_loops(p, classes))[:, None],
        lambda p, classes: in_loops(p, classes)[::-1],
        lambda p, classes: np.array(in_loops(p, classes)) * p.max(axis=1),
        lambda p, classes: np.array(classes)[(p.cumsum(axis=1) > 0.5).argmax(axis=1)],
        lambda p, classes: np.array(classes)[p.argmax() // p.shape[1]],
        lambda p, classes: np.array(classes)[abs(p - p.mean()).argmax(axis=1)],
        lambda p, classes: np.mean(in_loops(p, classes)),
        lambda p, classes: set(in_loops(p, classes)),
    ],
    "to_source": [
        lambda images: 255 * by_kron(images),
        lambda images: np.where(by_kron(images) > 0, 1 - by_kron(images), 0),
        lambda images: by_kron(images).round(1),
        lambda images: np.roll(by_kron(images), 1, axis=1),
        lambda images: np.clip(2 * by_kron(images), 0, 1),
        lambda images: by_kron(images) - 0.5,
        lambda images: np.concatenate([by_kron(images)] * 2),
        lambda images: np.pad(np.kron(images / 16, np.ones((3, 3, 3))), ((0, 0), (2, 2), (2, 2)))[:, :28, :28],
    ],
    "split_by_origin": [
        sides(lambda train, test, origin: (train, np.append(test, train[0]))),
        sides(lambda train, test, origin: (np.append(train, test[0]), test)),
        sides(lambda train, test, origin: (train + 1, test + 1)),
        sides(lambda train, test, origin: (train - len(origin), test)),
        sides(lambda train, test, origin: (set(train), set(test))),
        sides(lambda train, test, origin: (train, test + 0.5)),
        sides(lambda train, test, origin: (np.isin(np.arange(len(origin) + 1), train), test)),
        rows_of(lambda origin, num_test, rng: np.flatnonzero(rng.random(len(origin)) < 0.3)),
        rows_of(lambda origin, num_test, rng: rng.choice(np.unique(origin, return_index=True)[1], num_test)),
        rows_of(lambda origin, num_test, rng: np.flatnonzero(np.isin(origin, rng.choice(np.unique(origin), 1)))),
        rows_of(lambda origin, k, rng: np.flatnonzero(np.isin(origin, rng.choice(np.unique(origin)[1:], k, False)))),
        lambda origin, num_test, rng: (np.arange(len(origin)), []),
        lambda origin, num_test, rng: ([], np.arange(len(origin))),
    ],
    "labels_needed": [
        lambda c, a, goal: smallest(c, a, goal + 0.05),
        lambda c, a, goal: smallest(c, a[:, :2], goal),
        lambda c, a, goal: smallest(c, np.maximum.accumulate(a), goal),
        lambda c, a, goal: smallest(c, a**2, goal),
        lambda c, a, goal: c[np.searchsorted(a.mean(axis=1), goal)],
        lambda c, a, goal: np.interp(goal, a.mean(axis=1), c),
        lambda c, a, goal: smallest(c, a, goal) or "never",
        lambda c, a, goal: smallest(c, a >= goal, 0.5),
    ],
    "forgotten": [
        lambda before, after, labels: counted(before, labels, after),
        lambda before, after, labels: round(counted(before, after, labels), 1),
        lambda before, after, labels: np.median((after != labels)[before == labels]),
        lambda before, after, labels: max(0, np.mean(before == labels) - np.mean(after == labels)),
        lambda before, after, labels: counted(before[:-1], after[:-1], labels[:-1]),
        lambda before, after, labels: ((before == labels) & (after != labels)).sum() / (len(labels) - 1),
    ],
    "batch_norm": [
        normed(lambda y, mean, var: (2 * y, mean, var)),
        normed(lambda y, mean, var: (y, mean, var**0.5)),
        normed(lambda y, mean, var: (np.clip(y, -1, 1), mean, var)),
        normed(lambda y, mean, var: (y.T, mean, var)),
        normed(lambda y, mean, var: (y, mean, var, 0)),
        normed(lambda y, mean, var: (y, mean[None], var[None])),
        lambda x, mean, var, training, momentum, epsilon: norm(x, mean, var, training, momentum**2, epsilon),
        lambda x, mean, var, training, momentum, epsilon: norm(x, mean, var, training, momentum, 2 * epsilon),
    ],
    "frozen_step": [
        lambda params, x, t, eta: head_step(params, -x, t, eta),
        lambda params, x, t, eta: head_step(params, x[-1:], t[-1:], eta),
        lambda *a: [w.round(2) for w in head_step(*a)],
        lambda *a: [*head_step(*a)[:2], head_step(*a)[2].T, head_step(*a)[3]],
        lambda *a: [None, None, *head_step(*a)[2:]],
        lambda *a: [*head_step(*a)[:3], head_step(*a)[3].mean()],
        lambda *a: dict(zip("abcd", head_step(*a), strict=True)),
        lambda *a: [head_step(*a)[0] - a[3], *head_step(*a)[1:]],
    ],
}  # fmt: skip


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
def test_a_wrong_answer_that_no_slip_foresees_is_refused(name, answer):
    assert getattr(check, name).grade(answer).mark == "✗"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("to_head", lambda labels, classes: labels - classes[0], "a number is taken away"),
        ("to_head", lambda labels, classes: by_dict(labels, sorted(classes)), "classes is sorted here|sorted list"),
        ("to_head", lambda labels, classes: [classes[i] for i in labels], "the other way round"),
        ("from_head", lambda p, classes: p.argmax(axis=1), "this is the place in the head"),
        ("from_head", lambda p, classes: p.argmax(axis=1) + 5, "a number is added"),
        ("to_source", lambda images: by_kron(images / 255 * 16), "nearly nothing but paper"),
        ("to_source", lambda images: by_kron(images) * 16 / 15, "16 is all ink"),
        ("to_source", lambda images: 2 * by_kron(images) - 1, "-1 to 1"),
        ("to_source", lambda images: 255 * by_kron(images), "0 to 255 is MNIST as it is stored"),
        ("to_source", resized_at_once, "no room is left for the border"),
        ("to_source", lambda images: by_kron(16 - images), "inverted"),
        ("to_source", lambda images: by_kron(images)[..., None], "add the axis where the network is called"),
        ("to_source", lambda images: np.pad(np.tile(images / 16, (1, 3, 3)), ((0, 0), (2, 2), (2, 2))), "np.tile"),
        ("split_by_origin", rows_of(lambda o, k, rng: rng.permutation(len(o))[:k]), "same picture is on both sides"),
        ("split_by_origin", lambda *a: masks(*a)[::-1], "the order: train_rows first"),
        ("split_by_origin", masks, "these are masks, and row numbers are asked"),
        ("split_by_origin", lambda *a: np.array(masks(*a)), "these are masks"),
        ("split_by_origin", lambda *a: [side.tolist() for side in masks(*a)], "these are masks"),
        (
            "split_by_origin",
            lambda *a: (lambda one, other: (np.flatnonzero(one), other))(*masks(*a)),
            "these are masks",
        ),
        ("split_by_origin", lambda *a: tuple(map(np.where, masks(*a))), "np.where returns a tuple"),
        ("split_by_origin", shuffled, "another order of origin, a sorted or shuffled one"),
        ("split_by_origin", sorted_in_place, "another order of origin, a sorted or shuffled one"),
        (
            "split_by_origin",
            lambda origin, *a: by_rows(np.sort(origin), *a),
            "another order of origin, a sorted or shuffled one",
        ),
        (
            "split_by_origin",
            lambda o, k, rng: by_rows(rng.permutation(o), k, rng),
            "another order of origin, a sorted or shuffled one",
        ),
        ("split_by_origin", sides(lambda train, test, origin: (train, test[:-1])), "rows are lost"),
        ("labels_needed", lambda c, a, goal: smallest(c, a.max(axis=1, keepdims=True), goal), "luck"),
        ("labels_needed", lambda c, a, goal: smallest(c, a, goal) or 0, "no answer: None"),
        ("labels_needed", lambda c, a, goal: smallest(c, a, goal) or np.inf, "found inf: where no count"),
        ("labels_needed", lambda c, a, goal: smallest(c, a, goal) or math.nan, "found nan: where no count"),
        ("labels_needed", lambda c, a, g: np.where(a.mean(axis=1) >= g, c, np.inf).min(), "found inf: where no count"),
        ("labels_needed", none_in_the_loop, "Only after the loop is it known"),
        ("labels_needed", lambda c, a, goal: None, "found None, but 10 reaches the goal, with a mean of 0.8567. Does"),
        ("forgotten", lambda b, a, t: np.mean(b == t) - np.mean(a == t), "hides what was forgotten"),
        ("forgotten", lambda b, a, t: abs(np.mean(b == t) - np.mean(a == t)), "hides what was forgotten"),
        ("forgotten", lambda b, a, t: np.sum((b == t) & (a != t)) // np.sum(b == t), "// and int() cut it to 0"),
        ("forgotten", lambda b, a, t: int(counted(b, a, t)), "// and int() cut it to 0"),
        ("forgotten", lambda b, a, t: np.mean(a[b == t] != t), "Choose the same rows of labels"),
        ("from_head", lambda p, c: np.array([5, 6, 7, 8, 9])[p.argmax(axis=1)], "or 5 to 9 are written in"),
        ("head_parameters", 56064, "the frozen layers are counted too"),
        ("head_parameters", 56389, "the frozen layers are counted too"),
        ("head_parameters", 56714, "the frozen layers are counted too"),
        ("batch_norm", single_row_by_the_moving_ones, "a batch of a single row, too"),
        ("batch_norm", x_overwritten, "x itself was overwritten"),
        ("batch_norm", normed(lambda y, mean, var: (y, var, mean)), "mean and var are swapped"),
        (
            "frozen_step",
            with_error(lambda W2, b2, h, e, eta, t: (W2 - eta * h.T @ e / len(h), b2 - eta * e.mean())),
            "A mean over everything is 0",
        ),
        (
            "frozen_step",
            with_error(lambda W2, b2, h, e, eta, t: (W2 - eta * (h.T @ e).mean(), b2 - eta * e.mean(axis=0))),
            "no mean there",
        ),
        ("frozen_step", with_error(columns_minus_one), "rows and columns go in pairs"),
        (
            "frozen_step",
            with_error(
                lambda W2, b2, h, e, eta, t: (W2 - eta * h.T @ e / len(h) ** 2, b2 - eta * e.mean(axis=0) / len(h))
            ),
            "divided by n twice",
        ),
        (
            "frozen_step",
            with_error(lambda W2, b2, h, e, eta, t: (W2 - eta * h.T @ e / len(b2), b2 - eta * e.sum(axis=0) / len(b2))),
            "divided by the number of classes",
        ),
        ("frozen_step", lambda params, x, t, eta: head_step(params, x, t, 0.1), "eta is 0.1 whatever"),
        ("frozen_step", lambda params, x, t, eta: head_step(params, x[:1], t[:1], eta), "the first row alone"),
        ("batch_norm", lambda x, m, v, t, mo, e: norm(x, m, v, t, 1 - mo, e), "momentum is on the wrong side"),
        ("batch_norm", lambda x, m, v, t, mo, e: norm(x, m, v, not t, mo, e), "the flag is turned round"),
        ("frozen_step", lambda *a: head_step(*a)[2:], "four arrays are asked"),
        ("frozen_step", lambda p, x, t, eta: head_step(p, x, t, eta * len(x)), "sums over the rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_answer_is_answered_in_its_own_terms(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and any(word in verdict.message for word in says.split("|")), verdict.message


def test_the_praise_of_batch_norm_does_not_say_what_the_lesson_refutes():
    message = check.batch_norm.grade(norm).message
    assert "trainable = False on the layer keeps them; a training=False" in message and "does not, in fit" in message


# What Keras does, and what the checks do without it


def test_batch_norm_is_what_keras_does(keras):
    for x, mean, var, training, momentum, epsilon in check.batch_norm.cases:
        layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
        layer.build(x.shape)
        layer.moving_mean.assign(mean)
        layer.moving_variance.assign(var)
        found = (
            np.asarray(layer(x, training=training)),
            np.asarray(layer.moving_mean),
            np.asarray(layer.moving_variance),
        )
        right = check.batch_norm.reference(x, mean, var, training, momentum, epsilon)
        for a, b in zip(found, right, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)


def test_the_other_checks_work_without_keras():
    source = """
import sys
from helpers import check
names = "to_head from_head to_source split_by_origin labels_needed forgotten batch_norm frozen_step"
for name in names.split():
    exercise = getattr(check, name)
    assert exercise.grade(exercise.reference).mark == "✓" and exercise.grade(lambda *_: 0.5).mark == "✗"
assert not {"keras", "tensorflow"} & set(sys.modules), "imported"
"""
    subprocess.run([sys.executable, "-c", source], check=True)
