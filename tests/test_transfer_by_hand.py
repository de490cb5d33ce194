"""What lesson 16 and its extra say of transfer in Keras 3.15, against the same by hand in NumPy.

Keras computes in float32, we in float64. The networks are tiny, and nothing is downloaded.
"""

import numpy as np
import pytest

from helpers import network
from helpers.convolution import convolve, max_pool
from helpers.losses import cross_entropy_from_logits, one_hot, softmax

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
layers = keras.layers

ETA = 2.0**-3  # float32 holds it exactly
FROM_LOGITS = {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True)}


def batch(seed, *shape, num_classes=3):
    """Return inputs of a shape, float32, and labels of which each class has one at least."""
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(num_classes), rng.integers(num_classes, size=shape[0] - num_classes)])
    return rng.standard_normal(shape).astype(np.float32), rng.permutation(labels)


def arrays(model):
    """Return a copy of every weight."""
    return [np.array(w) for w in model.get_weights()]


def fit(model, x, t, **how):
    """Train with plain SGD, batches in their order, and return the losses of the epochs."""
    model.compile(optimizer=keras.optimizers.SGD(ETA), **FROM_LOGITS)
    return model.fit(x, t, shuffle=False, verbose=0, **how).history["loss"]


# The head alone


def convolutional(num_classes=3):
    """Return a small convolutional network for images of 8 x 8; its last layer is the head."""
    keras.utils.set_random_seed(5)
    stack = [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(6, "relu")]
    return keras.Sequential([keras.Input((8, 8, 1)), *stack, layers.Dense(num_classes)])


def test_a_head_on_features_computed_once_learns_what_it_learns_in_the_frozen_network():
    (x, t), model = batch(0, 24, 8, 8, 1), convolutional()
    for layer in model.layers[:-1]:
        layer.trainable = False
    before = arrays(model)
    features = x
    for layer in model.layers[:-1]:  # once, before the first step
        features = layer(features)
    W, b = before[-2:]
    epochs, size, step = 5, 6, 0
    for _ in range(epochs):
        for first in range(0, len(x), size):
            rows = slice(first, first + size)
            _, (grad_W, grad_b) = network.loss_and_gradients([W, b], features[rows], t[rows])
            W, b, step = W - ETA * grad_W, b - ETA * grad_b, step + 1
    fit(model, x, t, batch_size=size, epochs=epochs)
    *frozen, W_keras, b_keras = arrays(model)
    assert step == 20 and np.abs(W - before[-2]).max() > 0.1  # the head has learned something
    np.testing.assert_allclose(W_keras, W, rtol=0, atol=1e-5)
    np.testing.assert_allclose(b_keras, b, rtol=0, atol=1e-5)
    for now, was in zip(frozen, before, strict=False):
        np.testing.assert_array_equal(now, was)


def test_a_step_with_the_first_layer_frozen_is_ours():
    (x, t), was = batch(1, 16, 5), None
    for frozen in (True, False):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((5,)), layers.Dense(7, "relu"), layers.Dense(3)])
        model.layers[0].trainable = not frozen
        was = arrays(model)
        fit(model, x, t, batch_size=len(x))
        _, grads = network.loss_and_gradients(was, x, t)
        steps = [0, 0, ETA, ETA] if frozen else [ETA] * 4
        for w, now, grad, eta in zip(was, arrays(model), grads, steps, strict=True):
            np.testing.assert_allclose(now, w - eta * grad, rtol=0, atol=1e-6)
            assert np.array_equal(now, w) == (eta == 0)  # what is frozen stays bit for bit, and nothing else does


# Batch norm


def batch_norm(x, mean, var, training, momentum=0.99, epsilon=1e-3):
    """Return what batch norm makes of x (n, d), and its moving mean and variance (d,); gamma is 1 and beta 0."""
    if not training:
        return (x - mean) / np.sqrt(var + epsilon), mean, var
    now, spread = x.mean(axis=0), x.var(axis=0)
    y = (x - now) / np.sqrt(spread + epsilon)
    return y, momentum * mean + (1 - momentum) * now, momentum * var + (1 - momentum) * spread


def normalizer(seed=3, **options):
    """Return a batch norm for 4 numbers whose moving statistics are not those that it starts with."""
    rng, layer = np.random.default_rng(seed), layers.BatchNormalization(**options)
    layer.build((None, 4))
    layer.moving_mean.assign(rng.standard_normal(4))
    layer.moving_variance.assign(rng.uniform(0.5, 2, 4))
    return layer


def moving(layer):
    return np.array([layer.moving_mean, layer.moving_variance])


def moves(layer, run):
    """Tell whether the moving statistics change, both of them, while something runs."""
    before = moving(layer)
    run()
    changed = (moving(layer) != before).all(axis=1)
    assert changed[0] == changed[1]
    return bool(changed[0])


SHIFTED = np.float32(3 + 2 * np.random.default_rng(9).standard_normal((8, 4)))


@pytest.mark.parametrize("options", [{}, {"momentum": 0.9, "epsilon": 0.25}], ids=["as it comes", "other options"])
def test_batch_norm_is_ours_in_training_and_not(options):
    layer = normalizer(**options)
    assert (normalizer().momentum, normalizer().epsilon) == (0.99, 1e-3)
    mean, var = moving(layer).astype(float)
    for training in (True, False, True, None):
        y, mean, var = batch_norm(SHIFTED.astype(float), mean, var, training, **options)
        np.testing.assert_allclose(layer(SHIFTED, training=training), y, rtol=0, atol=1e-5)
        np.testing.assert_allclose(moving(layer), [mean, var], rtol=1e-5)
    plain = batch_norm(SHIFTED.astype(float), *moving(normalizer(**options)).astype(float), True, **options)
    sample = plain[2] + (1 - layer.momentum) * SHIFTED.var(axis=0) / (len(SHIFTED) - 1)
    assert np.abs(sample / plain[2] - 1).max() > 1e-3  # with n - 1 it would be seen


def test_a_frozen_batch_norm_never_trains_even_when_called_with_training():
    layer = normalizer()
    layer.trainable = False
    y, *_ = batch_norm(SHIFTED, *moving(layer), training=False)
    for training in (True, False, None):
        assert not moves(layer, lambda training=training: layer(SHIFTED, training=training))
        np.testing.assert_allclose(layer(SHIFTED, training=training), y, rtol=0, atol=1e-5)
    layer.trainable = True
    assert moves(layer, lambda: layer(SHIFTED, training=True))


def extractor(nested=False):
    """Return a network that ends in a batch norm, that batch norm, and a model with a head on it.

    nested: with one more model around the network.
    """
    keras.utils.set_random_seed(2)
    norm, inputs = layers.BatchNormalization(), keras.Input((4,))
    base = keras.Model(inputs, norm(layers.Dense(4)(inputs)))
    base = keras.Sequential([keras.Input((4,)), base]) if nested else base
    return base, norm, keras.Sequential([keras.Input((4,)), base, layers.Dense(3)])


LABELS = np.arange(8) % 3


def runs_of(model):
    """List the three ways in which a model meets a batch: in fit, called in training, and called plainly."""
    return (
        lambda: fit(model, SHIFTED, LABELS),
        lambda: model(SHIFTED, training=True),
        lambda: model(SHIFTED),
    )


@pytest.mark.parametrize("nested", [False, True], ids=["inside a model", "two models deep"])
def test_freezing_a_model_freezes_the_batch_norm_inside_it(nested):
    base, norm, model = extractor(nested)
    assert [moves(norm, run) for run in runs_of(model)] == [True, True, False]
    base.trainable = False
    assert not norm.trainable and len(model.trainable_variables) == 2
    assert [moves(norm, run) for run in runs_of(model)] == [False, False, False]
    assert not moves(norm, lambda: base(SHIFTED, training=True))


def test_thawing_a_model_thaws_its_batch_norm_which_may_be_frozen_again():
    base, norm, model = extractor()
    base.trainable = False
    base.trainable = True  # fine-tuning
    assert norm.trainable and [moves(norm, run) for run in runs_of(model)] == [True, True, False]
    norm.trainable = False
    before = arrays(base)
    assert [moves(norm, run) for run in runs_of(model)] == [False, False, False]
    changed = [not np.array_equal(now, was) for now, was in zip(arrays(base), before, strict=True)]
    assert changed == [True, True, False, False, False, False]  # kernel, bias; gamma, beta, moving mean and variance


def head_step(model, head, training):
    """Take one step with the head's variables alone, in a loop of one's own."""
    with tf.GradientTape() as tape:
        loss = FROM_LOGITS["loss"](LABELS, model(SHIFTED, training=training))
    for variable, grad in zip(head.trainable_variables, tape.gradient(loss, head.trainable_variables), strict=True):
        variable.assign_sub(ETA * grad)


def test_a_loop_that_trains_the_head_alone_moves_the_statistics_of_what_is_not_frozen():
    base, norm, model = extractor()
    head, others = model.layers[-1], [v.numpy() for v in base.trainable_variables]
    before = arrays(head)
    assert moves(norm, lambda: head_step(model, head, training=True))
    assert not moves(norm, lambda: head_step(model, head, training=False))
    base.trainable = False
    assert not moves(norm, lambda: head_step(model, head, training=True))
    base.trainable = True
    for now, was in zip(base.trainable_variables, others, strict=True):
        np.testing.assert_array_equal(now.numpy(), was)  # no weight has moved, and the outputs have
    assert not np.array_equal(arrays(head)[0], before[0])


class WithHead(keras.Model):
    """A head on a network that is called with training=False each time, in code."""

    def __init__(self, base):
        super().__init__()
        self.base, self.head = base, layers.Dense(3)

    def call(self, x, training=None):
        return self.head(self.base(x, training=False))


def test_training_false_in_a_graph_gives_way_to_fit():
    """Keras 3.15 puts the training of the call into each layer of a graph, over what was written there.

    So `base(inputs, training=False)` protects no moving statistics; freezing does, and so does `call` in a class.
    Source: keras-team/keras, issue 20285.
    """
    base, norm, _ = extractor()
    inputs = keras.Input((4,))
    model = keras.Model(inputs, layers.Dense(3)(base(inputs, training=False)))
    assert [moves(norm, run) for run in runs_of(model)] == [True, True, False]
    base.trainable = False
    assert [moves(norm, run) for run in runs_of(model)] == [False, False, False]

    base, norm, _ = extractor()
    before = arrays(base)
    assert [moves(norm, run) for run in runs_of(WithHead(base))] == [False, False, False]
    assert not np.array_equal(arrays(base)[0], before[0])  # its weights are trained all the same


# What the network looks at


def test_the_mean_of_a_class_map_and_the_bias_are_the_logit():
    x, _ = batch(4, 5, 9, 7, 3)
    conv, head = layers.Conv2D(6, 3, activation="relu"), layers.Dense(4, bias_initializer="random_normal")
    model = keras.Sequential([keras.Input((9, 7, 3)), conv, layers.GlobalAveragePooling2D(), head])
    features, (W, b) = np.asarray(conv(x)), head.get_weights()
    logits = np.asarray(model(x))
    assert features.shape == (5, 7, 5, 6) and np.abs(b).min() > 1e-4
    for i, k in np.ndindex(logits.shape):
        class_map = features[i] @ W[:, k]
        assert class_map.shape == (7, 5)
        np.testing.assert_allclose(class_map.mean() + b[k], logits[i, k], rtol=0, atol=1e-5)


# Weights for rare classes

WEIGHTS = {0: 0.5, 1: 2.0, 2: 4.0}


def weighted_step(params, x, t, divide_by):
    """Return the weights of a linear classifier after one step, each sample's gradient times its class's weight."""
    (W, b), weight = params, np.array([WEIGHTS[label] for label in t])
    grad = weight[:, None] * (softmax(x @ W + b) - one_hot(t, 3)) / divide_by(weight)
    return W - ETA * x.T @ grad, b - ETA * grad.sum(axis=0)


def linear():
    keras.utils.set_random_seed(6)
    return keras.Sequential([keras.Input((4,)), layers.Dense(3)])


def test_class_weight_weights_each_loss_and_divides_by_the_number_of_samples():
    """Not by the sum of the weights, as PyTorch does: the mean weight decides how large the steps are."""
    (x, t), model = batch(7, 10, 4), linear()
    before = arrays(model)
    reported = fit(model, x, t, batch_size=10, class_weight=WEIGHTS)
    by_samples, by_weights = weighted_step(before, x, t, len), weighted_step(before, x, t, np.sum)
    for now, right, other in zip(arrays(model), by_samples, by_weights, strict=True):
        np.testing.assert_allclose(now, right, rtol=0, atol=1e-6)
        assert np.abs(now - other).max() > 1e-3
    each = [cross_entropy_from_logits(x[[i]] @ before[0] + before[1], t[[i]]) for i in range(10)]
    weight = np.array([WEIGHTS[label] for label in t])
    assert reported == pytest.approx([np.sum(weight * each) / 10], rel=1e-5)  # the loss that is shown is weighted too


def test_class_weight_is_sample_weight_by_class_and_leaves_validation_alone():
    x, t = batch(8, 10, 4)
    models = [linear(), linear()]
    fit(models[0], x, t, batch_size=4, class_weight=WEIGHTS)
    fit(models[1], x, t, batch_size=4, sample_weight=np.array([WEIGHTS[label] for label in t]))
    for a, b in zip(*map(arrays, models), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-7)
    model = linear()
    model.compile(optimizer=keras.optimizers.SGD(ETA), **FROM_LOGITS)
    fitted = model.fit(x, t, validation_data=(x, t), class_weight=WEIGHTS, verbose=0)
    plain = cross_entropy_from_logits(x @ arrays(model)[0] + arrays(model)[1], t)
    assert fitted.history["val_loss"] == pytest.approx([plain], rel=1e-5)


def test_an_epochs_weighted_loss_is_divided_by_the_samples_whatever_the_batches():
    x, t = batch(10, 10, 4)
    model = linear()
    model.compile(optimizer=keras.optimizers.SGD(0.0), **FROM_LOGITS)  # no step, so that all batches meet the same W
    W, b = arrays(model)
    each = [WEIGHTS[t[i]] * cross_entropy_from_logits(x[[i]] @ W + b, t[[i]]) for i in range(10)]
    for size in (10, 4):  # 4 leaves a short last batch
        fitted = model.fit(x, t, batch_size=size, shuffle=False, class_weight=WEIGHTS, verbose=0)
        assert fitted.history["loss"] == pytest.approx([np.mean(each)], rel=1e-5)


# Filters on images of another size


def filters_alone(height, width):
    """Return two convolutions and a global pooling, which no size of images is built into."""
    stack = [layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2), layers.Conv2D(4, 3, activation="relu")]
    return keras.Sequential([keras.Input((height, width, 1)), *stack, layers.GlobalAveragePooling2D()])


def layer_by_hand(planes, kernel, bias):
    """Return relu(convolution + bias) of planes, a list of (H, W); kernel (3, 3, inputs, outputs)."""
    return [
        np.maximum(sum(convolve(plane, kernel[:, :, i, j]) for i, plane in enumerate(planes)) + bias[j], 0)
        for j in range(kernel.shape[-1])
    ]


def test_filters_learned_at_one_size_work_at_another():
    source, target = filters_alone(28, 28), filters_alone(20, 28)
    assert source.count_params() == target.count_params() == (9 + 1) * 3 + (9 * 3 + 1) * 4
    rng = np.random.default_rng(11)
    source.set_weights([rng.normal(0, 0.5, w.shape) for w in source.get_weights()])
    target.set_weights(source.get_weights())
    x = rng.random((2, 20, 28, 1)).astype(np.float32)
    kernel_1, bias_1, kernel_2, bias_2 = target.get_weights()
    for image, found in zip(x[..., 0], np.asarray(target(x)), strict=True):
        hidden = [max_pool(plane) for plane in layer_by_hand([image], kernel_1, bias_1)]
        out = layer_by_hand(hidden, kernel_2, bias_2)
        assert out[0].shape == (7, 11)
        np.testing.assert_allclose(found, [plane.mean() for plane in out], rtol=0, atol=1e-5)
    np.testing.assert_allclose(source(x), target(x), rtol=0, atol=1e-6)  # the first network itself takes them too


def test_a_dense_layer_behind_flatten_is_bound_to_its_size():
    sizes = [(28, 28), (20, 28)]
    models = [
        keras.Sequential([keras.Input((*size, 1)), layers.Conv2D(3, 3), layers.Flatten(), layers.Dense(2)])
        for size in sizes
    ]
    assert [m.count_params() for m in models] == [30 + h * w * 3 * 2 + 2 for h, w in [(26, 26), (18, 26)]]
    with pytest.raises(ValueError, match="shape"):
        models[1].set_weights(models[0].get_weights())
