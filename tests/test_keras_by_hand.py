"""What lessons 07 to 09 say of Keras, against the same by hand. Keras computes in float32, we in float64."""

import warnings

import numpy as np
import pytest

from helpers import data, losses

keras = pytest.importorskip("keras")
layers = keras.layers


# A line: Dense(1) with SGD is the descent of lessons 02 and 03

STEPS = [  # eta, batch size, epochs; 96 leaves a short last batch; float32 holds both etas exactly
    (0.5, 1000, 25),
    (0.125, 1000, 25),
    (0.5, 100, 10),
    (0.125, 100, 10),
    (0.125, 96, 10),
]


def descend_by_hand(x, y, eta, batch_size, epochs):
    """Return [w, b] after every step, shape (steps, 2), and each epoch's loss as Keras reports it."""
    theta, path, history = np.zeros(2), [], []
    for _ in range(epochs):
        total = 0.0
        for first in range(0, len(x), batch_size):
            rows = slice(first, first + batch_size)
            X = np.column_stack([x[rows], np.ones_like(x[rows])])
            residual = X @ theta - y[rows, 0]
            total += np.sum(residual**2)  # each row's loss before the update to which it gives rise
            theta = theta - eta * 2 / len(X) * X.T @ residual
            path.append(theta)
        history.append(total / len(x))
    return np.array(path), np.array(history)


class Walk(keras.callbacks.Callback):
    """Keep [w, b] after every batch."""

    def on_train_begin(self, logs=None):
        self.path = []

    def on_train_batch_end(self, batch, logs=None):
        self.path.append(np.concatenate([np.ravel(w) for w in self.model.get_weights()]))


def dense_line():
    return keras.Sequential([keras.Input((1,)), layers.Dense(1, kernel_initializer="zeros")])


@pytest.mark.parametrize(("eta", "batch_size", "epochs"), STEPS)
def test_kerass_descent_is_ours_step_for_step(eta, batch_size, epochs):
    x, y = data.load_line()
    model, walk = dense_line(), Walk()
    model.compile(optimizer=keras.optimizers.SGD(eta), loss="mse")
    fitted = model.fit(x, y, batch_size=batch_size, epochs=epochs, shuffle=False, verbose=0, callbacks=[walk])
    path, history = descend_by_hand(x, y, eta, batch_size, epochs)
    assert len(path) == epochs * -(-len(x) // batch_size) >= 25
    np.testing.assert_allclose(walk.path, path, rtol=0, atol=5e-6)
    np.testing.assert_allclose(fitted.history["loss"], history, rtol=1e-5)
    w, b = path[-1]
    after = np.mean((w * x + b - y) ** 2)
    assert model.evaluate(x, y, verbose=0) == pytest.approx(after, rel=1e-5)
    if batch_size == len(x):  # what history calls the loss of an epoch was measured before its step
        np.testing.assert_allclose(history[0], np.mean(y**2))
        assert abs(history[0] - np.mean((path[0][0] * x + path[0][1] - y) ** 2)) > 0.1


# Scaling inside the model


def adapted(x):
    layer = layers.Normalization()
    layer.adapt(x)
    return layer


def test_normalization_uses_the_training_rows_mean_and_population_deviation():
    (x_train, _), (x_val, _), _ = data.load_diabetes()
    layer = adapted(x_train)
    for x in (x_train, x_val):
        by_hand = (x - x_train.mean(axis=0)) / x_train.std(axis=0)
        np.testing.assert_allclose(layer(x), by_hand, rtol=0, atol=5e-6)
    sample = (x_train - x_train.mean(axis=0)) / x_train.std(axis=0, ddof=1)
    assert np.abs(np.asarray(layer(x_train)) - sample).max() > 1e-3  # not the sample's: far more than float32's error


def test_normalization_divides_a_constant_column_by_a_ten_millionth():
    """A constant column becomes 0, if adapt saw float64. Any other value there explodes."""
    x = np.column_stack([np.full(4000, 7.3), np.linspace(0, 1, 4000)])
    scaled = np.asarray(adapted(x)(x))
    assert (scaled[:, 0] == 0).all() and scaled[:, 1].std() == pytest.approx(1, abs=1e-4)
    other = np.asarray(adapted(x)(x + [[0.1, 0]]))[:, 0]
    np.testing.assert_allclose(other, 0.1 / keras.config.epsilon(), rtol=1e-4)  # 0.1 becomes a million


def test_normalization_may_turn_a_constant_float32_column_into_1():
    """NumPy's float32 mean of equal numbers may miss them by a bit; the deviation is then as large as the miss."""
    x = np.full((4000, 1), 7.3, np.float32)
    missed = x.mean(axis=0)[0] != x[0, 0]
    assert missed and np.abs(np.asarray(adapted(x)(x))) == pytest.approx(1, rel=1e-3)


def test_a_model_that_scales_its_inputs_predicts_the_same_after_saving(tmp_path):
    (x_train, y_train), (x_val, _), _ = data.load_diabetes()
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((10,)), adapted(x_train), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.0625), loss="mse")
    model.fit(x_train, y_train, epochs=3, verbose=0)
    model.save(tmp_path / "patients.keras")
    loaded = keras.saving.load_model(tmp_path / "patients.keras")
    predicted = model.predict(x_val, verbose=0)
    np.testing.assert_array_equal(loaded.predict(x_val, verbose=0), predicted)
    W, b = loaded.layers[-1].get_weights()
    by_hand = (x_val - x_train.mean(axis=0)) / x_train.std(axis=0) @ W + b
    np.testing.assert_allclose(predicted, by_hand, rtol=1e-4)  # the raw rows go in, the scaling is saved with the model
    wrong = model.predict(by_hand[:, :1] * np.ones(10), verbose=0)
    assert wrong.shape == predicted.shape and not np.allclose(wrong, predicted)


# Four ways to say the same loss


def scores(seed, n=64, num_classes=10, size=2.0):
    """Return random logits, float32 of shape (n, K), and labels; no probability comes near Keras's 1e-7."""
    rng = np.random.default_rng(seed)
    z = np.clip(size * rng.standard_normal((n, num_classes)), -5, 5)
    return z.astype(np.float32), rng.integers(num_classes, size=n)


@pytest.mark.parametrize("seed", range(3))
def test_four_losses_of_keras_are_one(seed):
    z, labels = scores(seed)
    one_hot, p = losses.one_hot(labels, 10), losses.softmax(z)
    ours = losses.cross_entropy_from_logits(z, labels)
    sparse, categorical = keras.losses.SparseCategoricalCrossentropy, keras.losses.CategoricalCrossentropy
    theirs = [
        sparse(from_logits=True)(labels, z),
        sparse()(labels, p),
        categorical(from_logits=True)(one_hot, z),
        categorical()(one_hot, p),
    ]
    np.testing.assert_allclose([float(loss) for loss in theirs], ours, rtol=1e-5)
    assert ours > 1


def test_of_probabilities_keras_takes_the_log_no_lower_than_its_epsilon():
    z, labels = np.array([[0.0, 40.0]], np.float32), np.array([0])
    loss = keras.losses.SparseCategoricalCrossentropy
    assert losses.cross_entropy_from_logits(z, labels) == pytest.approx(40)
    assert float(loss(from_logits=True)(labels, z)) == pytest.approx(40)
    assert float(loss()(labels, losses.softmax(z))) == pytest.approx(-np.log(1e-7), rel=1e-5)


def classifier(z, *last):
    """Return a model whose scores are its inputs, such as z, followed by the layers given."""
    model = keras.Sequential([keras.Input((z.shape[1],)), layers.Dense(z.shape[1], use_bias=False), *last])
    model.layers[0].set_weights([np.eye(z.shape[1])])
    return model


SOFTMAXES = {
    "activation": lambda: layers.Activation("softmax"),
    "layer": layers.Softmax,
    "dense": lambda: layers.Dense(10, activation="softmax", kernel_initializer="identity"),
}


@pytest.mark.parametrize("softmax", SOFTMAXES)
def test_keras_recovers_the_logits_where_the_tensor_still_knows_its_softmax(softmax):
    z, labels = scores(0)
    model = classifier(z, SOFTMAXES[softmax]())
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # wrong behind a softmax
    expected = losses.cross_entropy_from_logits(z, labels)
    with pytest.warns(UserWarning, match="received `from_logits=True`, but .* Softmax activation"):
        assert float(loss(labels, model(z))) == pytest.approx(expected, rel=1e-5)


def test_keras_recovers_the_logits_in_fit_and_evaluate():
    z, labels = scores(0)
    model = classifier(z, layers.Softmax())
    model.compile(
        optimizer=keras.optimizers.SGD(0.0), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    expected = losses.cross_entropy_from_logits(z, labels)
    with pytest.warns(UserWarning, match="from_logits=True"):
        assert model.evaluate(z, labels, verbose=0) == pytest.approx(expected, rel=1e-5)
    with pytest.warns(UserWarning, match="from_logits=True"):
        assert model.fit(z, labels, verbose=0).history["loss"] == pytest.approx([expected], rel=1e-5)


@pytest.mark.parametrize("give", ["predicted", "converted"])
def test_keras_cannot_recover_the_logits_from_an_array(give):
    z, labels = scores(0)
    model = classifier(z, layers.Softmax())
    p = model.predict(z, verbose=0) if give == "predicted" else np.asarray(model(z))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # and it does not say so
        found = float(keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, p))
    assert found == pytest.approx(losses.cross_entropy_from_logits(losses.softmax(z), labels), rel=1e-5)
    assert abs(found - losses.cross_entropy_from_logits(z, labels)) > 0.5


def test_of_probabilities_and_a_tensor_keras_takes_the_logits_too():
    z, labels = np.array([[0.0, 40.0]], np.float32), np.array([0])
    model = classifier(z, layers.Softmax())
    loss = keras.losses.SparseCategoricalCrossentropy()  # right behind a softmax
    assert float(loss(labels, model(z))) == pytest.approx(40)  # no log of a clipped probability
    assert float(loss(labels, model.predict(z, verbose=0))) == pytest.approx(-np.log(1e-7), rel=1e-5)


def test_two_softmax_layers_squeeze_the_loss_above_a_floor():
    floor = np.log(9 + np.e) - 1
    assert floor == pytest.approx(1.4612, abs=1e-4)
    labels = np.arange(10)
    loss = keras.losses.SparseCategoricalCrossentropy()
    for sharp in (1, 10, 100):  # surer and surer, and right
        z = np.float32(sharp * np.eye(10))
        model = classifier(z, layers.Softmax(), layers.Softmax())
        found = float(loss(labels, model(z)))
        squeezed = losses.cross_entropy_from_logits(losses.softmax(z), labels)
        assert found == pytest.approx(squeezed, rel=1e-5) and found >= floor - 1e-6
        assert float(loss(labels, model.predict(z, verbose=0))) == pytest.approx(squeezed, rel=1e-5)
    assert found == pytest.approx(floor, rel=1e-5)
    z, labels = scores(1, n=2000, size=5)
    for label in range(10):  # no row of scores comes below it, whatever its label
        rows = losses.softmax(losses.softmax(z))[:, label]
        assert -np.log(rows).min() >= floor - 1e-12


# Labels and sizes


@pytest.mark.parametrize("dtype", [np.int64, np.uint8])
def test_to_categorical_is_one_hot(dtype):
    labels = np.random.default_rng(0).integers(10, size=50).astype(dtype)
    np.testing.assert_array_equal(keras.utils.to_categorical(labels, 10), losses.one_hot(labels, 10))


def dense_params(num_inputs, num_outputs):
    return num_inputs * num_outputs + num_outputs  # a weight for each pair, a bias for each output


def conv_params(size, channels, filters):
    return size * size * channels * filters + filters


def test_a_dense_network_has_as_many_parameters_as_the_formula_says():
    model = keras.Sequential([keras.Input((784,)), layers.Dense(128, activation="relu"), layers.Dense(10)])
    assert model.count_params() == dense_params(784, 128) + dense_params(128, 10) == 101_770


def test_a_convolutional_network_has_as_many_parameters_as_the_formula_says():
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    side = ((28 - 2) // 2 - 2) // 2  # a convolution takes 2 off, pooling drops what fills no block
    assert model.layers[-2].output.shape == (None, side * side * 32) == (None, 800)
    expected = conv_params(3, 1, 16) + conv_params(3, 16, 32) + dense_params(800, 10)
    assert model.count_params() == expected == 160 + 4640 + 8010 == 12_810
