"""Networks of dense layers: gradients against differences and TensorFlow, initial weights, shapes, errors in words."""

import numpy as np
import pytest

from helpers import data, losses, network

NETWORKS = [  # sizes of the layers, rows in the batch
    ((4, 3), 5),
    ((2, 3, 2), 1),
    ((3, 5, 4), 7),
    ((1, 6, 2, 3), 4),
    ((5, 4, 6, 3, 2), 9),
    ((2, 1, 1), 3),  # one class only: its probability is 1 whatever the scores
]
SIZES = pytest.mark.parametrize(("sizes", "num_rows"), NETWORKS, ids=str)


def problem(sizes, num_rows, seed=3):
    """Return random parameters (biases as well), inputs and labels."""
    rng = np.random.default_rng(seed)
    params = [p + 0.3 * rng.standard_normal(p.shape) for p in network.initialize(sizes, rng)]
    return params, rng.standard_normal((num_rows, sizes[0])), rng.integers(sizes[-1], size=num_rows)


def difference(params, X, labels, i, place, h=1e-5):
    """Return the central difference of the loss in one number of one parameter."""
    around = []
    for step in (h, -h):
        moved = [p.copy() for p in params]
        moved[i][place] += step
        around.append(network.loss_and_gradients(moved, X, labels)[0])
    return (around[0] - around[1]) / (2 * h)


@SIZES
@pytest.mark.parametrize("seed", range(3))
def test_every_gradient_is_what_differences_say(sizes, num_rows, seed):
    params, X, labels = problem(sizes, num_rows, seed)
    _, gradients = network.loss_and_gradients(params, X, labels)
    assert [g.shape for g in gradients] == [p.shape for p in params]
    for i, grad in enumerate(gradients):
        by_difference = [difference(params, X, labels, i, place) for place in np.ndindex(grad.shape)]
        np.testing.assert_allclose(grad.ravel(), by_difference, rtol=1e-7, atol=1e-9, err_msg=f"parameter {i}")


@SIZES
def test_loss_scores_and_gradients_are_those_of_keras(sizes, num_rows):
    keras = pytest.importorskip("keras")
    import tensorflow as tf

    params, X, labels = problem(sizes, num_rows)
    layers = [keras.layers.Dense(size, activation="relu", dtype="float64") for size in sizes[1:-1]]
    model = keras.Sequential([*layers, keras.layers.Dense(sizes[-1], dtype="float64")])
    model.build((None, sizes[0]))
    model.set_weights(params)
    with tf.GradientTape() as tape:
        scores = model(tf.constant(X))
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores))
    assert scores.dtype == tf.float64
    ours, gradients = network.loss_and_gradients(params, X, labels)
    np.testing.assert_allclose(network.forward(params, X)[-1], scores, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ours, loss, rtol=1e-12, atol=1e-14)
    for grad, theirs in zip(gradients, tape.gradient(loss, model.trainable_variables), strict=True):
        np.testing.assert_allclose(grad, theirs, rtol=1e-12, atol=1e-14)


def test_a_network_without_hidden_layers_is_softmax_regression():
    (W, b), X, labels = problem((4, 3), 6)
    p = losses.softmax(X @ W + b)
    loss, (grad_W, grad_b) = network.loss_and_gradients([W, b], X, labels)
    np.testing.assert_allclose(loss, -np.log(p[np.arange(6), labels]).mean())
    np.testing.assert_allclose(grad_W, X.T @ (p - losses.one_hot(labels, 3)) / 6)
    np.testing.assert_allclose(grad_b, (p - losses.one_hot(labels, 3)).mean(axis=0), atol=1e-15)


@SIZES
def test_a_batch_is_the_mean_of_its_rows(sizes, num_rows):
    params, X, labels = problem(sizes, num_rows)
    loss, gradients = network.loss_and_gradients(params, X, labels)
    rows = [network.loss_and_gradients(params, X[i : i + 1], labels[i : i + 1]) for i in range(num_rows)]
    assert loss == pytest.approx(np.mean([one for one, _ in rows]), rel=1e-12)
    for i, grad in enumerate(gradients):
        np.testing.assert_allclose(grad, np.mean([one[i] for _, one in rows], axis=0), rtol=1e-11, atol=1e-15)


def test_rows_twice_or_in_another_order_change_nothing():
    params, X, labels = problem((3, 5, 4), 7)
    loss, gradients = network.loss_and_gradients(params, X, labels)
    for rows in (np.tile(np.arange(7), 2), np.arange(7)[::-1]):
        again, others = network.loss_and_gradients(params, X[rows], labels[rows])
        assert again == pytest.approx(loss, rel=1e-12)
        for grad, other in zip(gradients, others, strict=True):
            np.testing.assert_allclose(other, grad, rtol=1e-11, atol=1e-15)


def test_forward_by_hand():
    params = [
        np.array([[1.0, -1.0], [2.0, 0.0]]),
        np.array([0.0, 0.5]),
        np.array([[1.0, -1.0], [3.0, 2.0]]),
        [0.5, 0.0],
    ]
    X = [[1, 1], [-1, 0]]
    layers = network.forward(params, X)
    # Z1 = [[3, -0.5], [-1, 1.5]]: ReLU cuts the negative numbers, and leaves the scores alone.
    expected = [X, [[3, 0], [0, 1.5]], [[3.5, -3], [5, 3]]]
    assert [layer.tolist() for layer in layers] == expected
    assert network.predict(params, X).tolist() == [0, 0]
    assert network.predict([*params[:2], -params[2], params[3]], X).tolist() == [1, 1]


@SIZES
def test_shapes_of_layers_and_predictions(sizes, num_rows):
    params, X, _ = problem(sizes, num_rows)
    layers = network.forward(params, X)
    assert [layer.shape for layer in layers] == [(num_rows, size) for size in sizes]
    predicted = network.predict(params, X)
    assert predicted.shape == (num_rows,) and predicted.dtype.kind == "i"
    best = layers[-1][np.arange(num_rows), predicted]
    assert (best[:, None] >= layers[-1]).all()


def test_relu_has_no_gradient_where_it_is_0():
    params = [np.zeros((2, 3)), np.zeros(3), np.ones((3, 2)), np.zeros(2)]
    _, gradients = network.loss_and_gradients(params, [[1.0, 2.0]], [0])
    assert not any(grad.any() for grad in gradients[:3])  # all-zero weights never learn: only the last bias moves
    np.testing.assert_allclose(gradients[3], [-0.5, 0.5])


def test_scores_far_apart_do_not_overflow():
    params = [np.eye(2) * 1000.0, np.zeros(2)]
    loss, gradients = network.loss_and_gradients(params, [[1.0, 0.0], [1.0, 0.0]], [0, 1])
    assert loss == pytest.approx(500)
    np.testing.assert_allclose(gradients[0], [[0.5, -0.5], [0, 0]])


def test_nothing_given_is_changed_or_handed_back():
    params, X, labels = problem((3, 5, 4), 7)
    before = [array.copy() for array in [*params, X, labels]]
    for array in [*params, X, labels]:
        array.flags.writeable = False  # working in place raises
    _, gradients = network.loss_and_gradients(params, X, labels)
    network.predict(params, X)
    assert not any(np.shares_memory(grad, array) for grad in gradients for array in [*params, X])
    for array, old in zip([*params, X, labels], before, strict=True):
        np.testing.assert_array_equal(array, old)
    assert isinstance(gradients, list)


def test_lists_and_tuples_are_enough():
    params, X, labels = problem((3, 5, 4), 7)
    loss, gradients = network.loss_and_gradients(tuple(params), X.tolist(), labels.tolist())
    expected, others = network.loss_and_gradients(params, X, labels)
    assert loss == expected and isinstance(loss, float)
    for grad, other in zip(gradients, others, strict=True):
        np.testing.assert_array_equal(grad, other)


def test_initial_weights_have_variance_2_over_the_inputs_and_biases_0():
    sizes = (400, 300, 50, 700)
    params = network.initialize(sizes, np.random.default_rng(0))
    assert [p.shape for p in params] == [(400, 300), (300,), (300, 50), (50,), (50, 700), (700,)]
    assert not any(b.any() for b in params[1::2])
    for W in params[::2]:
        z = W * np.sqrt(len(W) / 2)  # at least 15,000 standard normal numbers
        assert abs(z.mean()) < 0.03 and z.var() == pytest.approx(1, rel=0.04)
        assert np.mean(z**4) == pytest.approx(3, rel=0.1)  # a uniform distribution has 1.8
        rows = z.mean(axis=1) * np.sqrt(z.shape[1])
        assert rows.var() == pytest.approx(1, abs=0.5)  # no row is like another


def test_initial_weights_keep_the_size_of_what_flows_through():
    rng = np.random.default_rng(1)
    layers = network.forward(network.initialize([300] * 11, rng), rng.standard_normal((50, 300)))
    assert 0.3 < np.mean(layers[-1] ** 2) / np.mean(layers[1] ** 2) / 2 < 3  # ten layers; ReLU halves the square


def test_the_seed_decides_on_the_weights_and_nothing_else_does():
    global_state = np.random.get_state()[1].copy()
    first, again, other = (network.initialize((4, 3, 2), np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert np.array_equal(np.random.get_state()[1], global_state)
    rng = np.random.default_rng(5)
    assert not np.array_equal(network.initialize((4, 3), rng)[0], network.initialize((4, 3), rng)[0])


def test_a_network_learns_the_moons():
    X, labels = data.make_moons(200, np.random.default_rng(0))
    params = network.initialize((2, 16, 2), np.random.default_rng(0))
    start = network.loss_and_gradients(params, X, labels)[0]
    for _ in range(500):
        loss, gradients = network.loss_and_gradients(params, X, labels)
        params = [p - 0.5 * grad for p, grad in zip(params, gradients, strict=True)]
    assert loss < 0.2 * start and np.mean(network.predict(params, X) == labels) > 0.95


W, B = np.ones((3, 4)), np.zeros(4)


@pytest.mark.parametrize(
    ("params", "X", "words"),
    [
        ([W, B], np.ones(3), r"X must have shape \(n, 3\).*found \(3,\)"),
        ([W, B], np.ones((2, 5)), r"X must have shape \(n, 3\).*found \(2, 5\)"),
        ([W, B], np.ones((2, 3, 1)), r"X must have shape \(n, 3\).*found \(2, 3, 1\)"),
        ([W, B, W], np.ones((2, 3)), r"parameters must be \[W1, b1, W2, b2, ...\], found 3"),
        ([], np.ones((2, 3)), r"parameters must be \[W1, b1, W2, b2, ...\], found 0"),
        ([W.T, B], np.ones((2, 4)), r"Layer 1.*found \(4, 3\) and \(4,\)"),
        ([W, np.zeros((1, 4))], np.ones((2, 3)), r"Layer 1.*b \(outputs,\), found \(3, 4\) and \(1, 4\)"),
        ([W, 0.0], np.ones((2, 3)), r"Layer 1.*found \(3, 4\) and \(\)"),
        ([W, B, W, B], np.ones((2, 3)), r"Layer 2: W must have shape \(4, outputs\).*found \(3, 4\) and \(4,\)"),
        ([W, B, np.ones(4), B], np.ones((2, 3)), r"Layer 2.*found \(4,\) and \(4,\)"),
    ],
)
def test_wrong_shapes_are_named(params, X, words):
    for call in (network.forward, network.predict, lambda *given: network.loss_and_gradients(*given, [0, 1])):
        with pytest.raises(ValueError, match=words):
            call(params, X)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 1, 2], "2 rows of logits and 3 labels"),
        ([0, 4], "labels must be 0 to 3, found 0 to 4"),
        ([-1, 0], "labels must be 0 to 3, found -1 to 0"),
        ([0.0, 1.0], r"labels must be whole numbers of shape \(n,\), found float64"),
        ([[1, 0, 0, 0], [0, 1, 0, 0]], r"labels must be whole numbers of shape \(n,\), found int64 of shape \(2, 4\)"),
    ],
)
def test_wrong_labels_are_named(labels, words):
    with pytest.raises(ValueError, match=words):
        network.loss_and_gradients([W, B], np.ones((2, 3)), labels)


@pytest.mark.parametrize("sizes", [(), (3,), (3, 0), (0, 3), (3, -1, 2)])
def test_wrong_sizes_are_named(sizes):
    with pytest.raises(ValueError, match=r"sizes must name the inputs and every layer, such as \(64, 32, 10\), found"):
        network.initialize(sizes, np.random.default_rng(0))
