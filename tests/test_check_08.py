"""The checks of lesson 08: models in many styles, judged quietly and without a trace in the reader's kernel."""

import random
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from helpers import check, losses

SPARSE = "sparse_categorical_crossentropy"


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def compiled(keras: Any, *layers: Any, inputs: bool = True, optimizer: Any = "adam", loss: Any = SPARSE) -> Any:
    """Return a compiled model of these layers, 784 numbers before them."""
    model = keras.Sequential([*([keras.Input((784,))] if inputs else []), *layers])
    model.compile(optimizer=optimizer, loss=loss)
    return model


def usual(keras: Any) -> list:
    return [keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10, activation="softmax")]


# Models that are right, in other styles


def functional(keras: Any) -> Any:
    inputs = keras.Input((784,))
    hidden = keras.layers.ReLU()(keras.layers.Dense(32)(inputs))
    model = keras.Model(inputs, keras.layers.Activation("softmax")(keras.layers.Dense(10)(hidden)))
    model.compile("adam", SPARSE, metrics=["accuracy"])
    return model


def subclass(keras: Any) -> Any:
    class Digits(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.last = keras.layers.Dense(10)  # defined before the hidden one
            self.hidden = keras.layers.Dense(32, activation=keras.activations.relu)

        def call(self, x: Any) -> Any:
            return self.last(self.hidden(x))

    model = Digits()
    model.compile(keras.optimizers.Adam(0.001), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def own_loss(keras: Any) -> Any:
    def loss(labels: Any, outputs: Any) -> Any:
        return keras.losses.sparse_categorical_crossentropy(labels, outputs, from_logits=True)

    return compiled(keras, usual(keras)[0], keras.layers.Dense(10), loss=loss)


def step_by_step(keras: Any) -> Any:
    model = keras.Sequential()
    for layer in (keras.Input(shape=(784,)), *usual(keras)):
        model.add(layer)
    model.compile(optimizer=keras.optimizers.Adam(), loss=keras.losses.SparseCategoricalCrossentropy())
    return model


def trained(keras: Any) -> Any:
    model = compiled(keras, *usual(keras))
    for w in model.trainable_weights:  # much farther than training would move them
        w.assign(8 * w + 0.1)
    return model


RIGHT = [
    functional, subclass, own_loss, step_by_step, trained,
    lambda keras: compiled(keras, *usual(keras), inputs=False),
    lambda keras: compiled(keras, keras.layers.Flatten(), *usual(keras)),
    lambda keras: compiled(keras, keras.Sequential(usual(keras)), optimizer="Adam"),
    lambda keras: compiled(keras, usual(keras)[0], keras.layers.Dense(10), keras.layers.Softmax()),
    lambda keras: compiled(keras, keras.layers.Dense(32, lambda z: keras.ops.maximum(z, 0)), usual(keras)[1]),
]  # fmt: skip


@pytest.mark.parametrize("make", RIGHT)
def test_a_right_model_passes_in_any_style_and_quietly(make, keras, capfd):
    model = make(keras)
    capfd.readouterr()
    for answer in (lambda: make(keras), lambda: model, lambda: model):  # new, and one that was built and judged before
        verdict = check.build_model.grade(answer)
        assert verdict.mark == "✓", verdict
    assert capfd.readouterr() == ("", "")


# Models that are wrong in ways that no slip plans


WRONG: list[tuple[Callable, str]] = [
    (lambda keras: compiled(keras, inputs=False), "has no layers"),
    (lambda keras: compiled(keras, keras.layers.Dense(32, "silu"), usual(keras)[1]), "another activation"),
    (lambda keras: compiled(keras, *usual(keras), keras.layers.Rescaling(10)), "another activation"),
    (lambda keras: compiled(keras, usual(keras)[0], keras.layers.Dense(10), keras.layers.Softmax(0)), "another activ"),
    (lambda keras: compiled(keras, keras.layers.GaussianNoise(0.1), *usual(keras)), "something else in training"),
    (lambda keras: compiled(keras, *usual(keras), loss=lambda y, p: keras.ops.mean(p)), "not the cross-entropy"),
    (lambda keras: compiled(keras, *usual(keras), loss="hinge"), "not the cross-entropy"),
    (lambda keras: compiled(keras, *usual(keras), optimizer="lion"), "the optimizer is Lion"),
    (lambda keras: compiled(keras, *usual(keras), optimizer=keras.optimizers.Adam(clipnorm=1.0)), "clipnorm=1.0"),
    (lambda keras: compiled(keras, *usual(keras), optimizer=keras.optimizers.Adam(beta_1=0.5)), "beta_1=0.5"),
    (
        lambda keras: compiled(keras, keras.layers.Dense(32, "relu", kernel_initializer="ones"), usual(keras)[1]),
        "alike",
    ),
    (lambda keras: compiled(keras, *usual(keras), optimizer=keras.optimizers.Adam), "identifier: the class Adam"),
    (lambda keras: compiled(keras, keras.layers.Dense(32, "rellu")), "activation function identifier: rellu"),
    (lambda keras: keras.Sequential(*usual(keras)), "layers stand in one list"),
    (lambda keras: keras.Input(784), "Cannot convert '784' to a shape"),
    (lambda keras: keras.Sequental(), "has no attribute 'Sequental'"),
    (lambda keras: compiled(keras, *usual(keras)).get_config(), "a compiled Keras model is expected"),
]


@pytest.mark.parametrize(("make", "says"), WRONG, ids=[says for _, says in WRONG])
def test_a_wrong_model_is_refused_in_one_short_sentence(make, says, keras, capfd):
    capfd.readouterr()
    verdict = check.build_model.grade(lambda: make(keras))
    assert verdict.mark == "✗" and says in verdict.message and len(verdict.message) < 250
    assert capfd.readouterr() == ("", "")


def test_a_model_that_was_built_already_is_not_called(keras):
    assert "without calling it" in check.build_model.grade(compiled(keras, *usual(keras))).message


@pytest.mark.parametrize("place", ["layer", "optimizer", "loss", "units"])
def test_a_model_with_dots_left_over_is_not_written_yet(place, keras):
    def build_model():
        if place == "layer":
            return compiled(keras, usual(keras)[0], ...)
        if place == "units":
            return compiled(keras, keras.layers.Dense(..., activation="relu"))
        return compiled(keras, *usual(keras), **{place: ...})

    assert check.build_model.grade(build_model).mark == "○"


# What a check leaves behind


def test_a_check_moves_no_seed_and_builds_no_model_of_its_own(keras):
    keras.layers.Dense(1)  # the first one of all has no number
    first = int(keras.layers.Dense(1).name.split("_")[1])
    state, numbers = random.getstate(), np.random.get_state()[1].tolist()
    for answer in (lambda: 0.5, lambda: compiled(keras, keras.layers.Dense(10))):
        assert check.build_model.grade(answer).mark == "✗"
    assert random.getstate() == state and np.random.get_state()[1].tolist() == numbers
    assert int(keras.layers.Dense(1).name.split("_")[1]) == first + 2  # the one in the answer, and this one


def test_a_judged_model_still_learns_as_before(keras):
    def learn(judged: bool) -> float:
        keras.utils.set_random_seed(1)
        model = compiled(keras, *usual(keras))
        model.run_eagerly = True  # no time for graphs
        if judged:
            assert check.build_model.grade(lambda: model).mark == "✓"
        x, y = np.random.RandomState(0).rand(8, 784), np.arange(8, dtype=np.uint8)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            loss = float([model.train_on_batch(x, y) for _ in range(3)][-1])
        assert check.build_model.grade(lambda: model).mark == "✓"
        return loss

    assert learn(judged=True) == learn(judged=False)


def test_the_checks_work_without_keras():
    source = """
import sys
from helpers import check
assert "found numbers" in check.build_model.grade(lambda: 0.5).message
for name in ["prepare", "to_categorical", "loss_from_logits", "read_digit", "lowest_epoch"]:
    exercise = getattr(check, name)
    assert exercise.grade(exercise.reference).mark == "✓" and exercise.grade(lambda *_: 0.5).mark == "✗"
assert not {"keras", "tensorflow"} & set(sys.modules), "imported"
"""
    subprocess.run([sys.executable, "-c", source], check=True)


# The others, written differently


def prepare_in_loops(images):
    return [[pixel / 255 for row in image for pixel in row] for image in images]


def prepare_in_place(images):
    images = images.astype("float32")
    images /= 255
    return images.reshape(len(images), -1)


def loss_in_loops(logits, targets):
    total = 0.0
    for z, t in zip(logits.astype(float), targets, strict=True):
        total += max(z) + np.log(sum(np.exp(v - max(z)) for v in z)) - sum(t * z)
    return total / len(logits)


def read_with_predict(model, image):
    return model.predict(image.reshape(1, 784) / 255, verbose=0)[0]


def read_as_tensor(model, image):
    return model((image.astype("float32") / 255).reshape(1, -1), training=False).numpy().ravel()


class Sparse:
    """A table that has no length and is no array, as scipy.sparse makes them."""

    def __len__(self):
        raise TypeError("sparse array length is ambiguous")

    def toarray(self):
        return np.eye(4)


def without_from_logits(logits, targets):
    import keras

    return keras.losses.CategoricalCrossentropy()(targets, logits)


def best_in_a_loop(history):
    best = 0
    for i, loss in enumerate(history["val_loss"]):
        if loss < history["val_loss"][best]:
            best = i
    return best + 1


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("prepare", prepare_in_loops),
        ("prepare", prepare_in_place),
        ("prepare", lambda images: np.float32(images.reshape(-1, images[0].size)) / np.float32(255)),
        ("to_categorical", lambda labels, k: labels[:, None] == np.arange(k)),
        ("to_categorical", lambda labels, k: [[int(label == c) for c in range(k)] for label in labels]),
        ("loss_from_logits", loss_in_loops),
        ("loss_from_logits", lambda z, t: losses.cross_entropy_from_logits(z, t.argmax(axis=1))),
        ("loss_from_logits", lambda z, t: np.mean(np.logaddexp.reduce(z, axis=1) - z[t == 1])),
        ("read_digit", read_with_predict),
        ("read_digit", read_as_tensor),
        ("read_digit", lambda model, image: model(check.prepare.reference(image[None]))),
        ("lowest_epoch", best_in_a_loop),
        ("lowest_epoch", lambda history: history["val_loss"].index(min(history["val_loss"])) + 1),
        ("double_softmax_floor", 1.46),
        ("double_softmax_floor", 1.4612),
        ("dense_parameters", 785 * 128 + 129 * 10),
    ],
)
def test_a_right_answer_passes_in_another_style(name, answer):
    assert getattr(check, name).grade(answer).mark == "✓", getattr(check, name).grade(answer)


def test_keras_own_functions_pass(keras):
    def loss_from_logits(logits, targets):
        return keras.losses.CategoricalCrossentropy(from_logits=True)(targets, logits)

    assert check.loss_from_logits.grade(loss_from_logits).mark == "✓"
    assert check.to_categorical.grade(keras.utils.to_categorical).mark == "✓"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("prepare", lambda images: prepare_in_place(images)[:, ::-1], "expected"),
        ("prepare", lambda images: np.hstack([image / 255 for image in images]), "found shape"),
        ("prepare", lambda images: np.round(prepare_in_place(images), 2), "expected"),
        ("dense_parameters", 101771, "is not it"),
        ("to_categorical", lambda labels, k: np.eye(k)[np.sort(labels)], "expected"),
        ("to_categorical", lambda labels, k: 2 * np.eye(k)[labels] - 1, "expected"),
        ("loss_from_logits", lambda z, t: np.mean(z.max(axis=1) - np.sum(z * t, axis=1)), "expected"),
        ("loss_from_logits", lambda z, t: losses.cross_entropy_from_logits(z.clip(-50, 50), t.argmax(1)), "expected"),
        ("loss_from_logits", lambda z, t: -np.nansum(t * np.log(losses.softmax(z))) / len(z), "log minus infinity"),
        ("double_softmax_floor", 1.47, "close"),
        ("double_softmax_floor", 1.45, "close"),
        ("read_digit", lambda model, image: read_with_predict(model, image[::-1]), "expected"),
        ("read_digit", lambda model, image: read_with_predict(model, image).round(1), "expected"),
        ("read_digit", lambda model, image: model(image), "takes rows of 784"),
        ("lowest_epoch", lambda history: 1, "always the first epoch"),
        ("prepare", lambda images: images[..., None] / 255, "found shape"),
        ("prepare", lambda images: images.reshape(784) / 255, "the number of images"),
        ("to_categorical", lambda labels, k: labels[..., None] == np.arange(k + 1), "one column too many"),
        ("to_categorical", lambda labels, k: Sparse(), ".toarray()"),
        ("loss_from_logits", lambda z, t: np.log(np.exp(z - z.max(1)[..., None]).sum(1)), "expected"),
        ("loss_from_logits", without_from_logits, "taken for probabilities"),
        ("read_digit", lambda model, image: model(image[None, ..., None] / 255)[0], "takes rows of 784"),
        ("lowest_epoch", lambda history: np.argsort(history["val_loss"])[1] + 1, "expected"),
        ("lowest_epoch", lambda history: history["val_acc"], "KeyError"),
    ],
)  # fmt: skip
def test_a_wrong_answer_that_no_slip_plans_is_refused(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message
