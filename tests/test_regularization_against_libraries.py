"""What lessons 13 and 14 say of penalties, dropout and smoothed labels, against Keras, scikit-learn and plain sums."""

import numpy as np
import pytest

from helpers import data, rules
from helpers.dropout import dropout, dropout_gradient
from helpers.losses import cross_entropy_from_logits, one_hot, smooth_labels, softmax
from helpers.penalties import l1_penalty, l2_penalty, lasso, ridge, soft_threshold

SEEDS = range(4)
LAMS = (0.0, 0.001, 0.03, 0.5, 7.0)
ETA, STEPS = 2.0**-5, 60  # a learning rate that float32 holds


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def tf(keras):
    return pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def linear_model():
    return pytest.importorskip("sklearn.linear_model")


def problem(seed, m=60, n=8):
    """Return a design of correlated columns with ones last, and targets to which three of the columns add nothing."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((m, n)) @ (np.eye(n) + 0.4 * rng.standard_normal((n, n)))
    X = (X - X.mean(axis=0)) / X.std(axis=0) + rng.uniform(-1, 1, n)  # not centered: the bias has work to do
    w = np.concatenate([rng.uniform(1, 3, n - 3) * rng.choice([-1, 1], n - 3), np.zeros(3)])
    return np.column_stack([X, np.ones(m)]), X @ w + 5 + rng.standard_normal(m)


def diabetes():
    """Return scikit-learn's diabetes data, standardized, with ones last, and the targets divided by 100."""
    from sklearn.datasets import load_diabetes

    X, y = load_diabetes(return_X_y=True)
    return np.column_stack([X / X.std(axis=0), np.ones(len(X))]), y / 100


def fitted(model, X, y):
    """Fit a model of scikit-learn, which adds the ones itself; return its weights and the bias last."""
    model.fit(X[:, :-1], y)
    return np.array([*model.coef_, model.intercept_])


# ---- the penalties themselves


@pytest.mark.parametrize("shape", [(), (7,), (4, 3), (2, 3, 2)])
@pytest.mark.parametrize("lam", LAMS)
@pytest.mark.parametrize(("ours", "name"), [(l1_penalty, "L1"), (l2_penalty, "L2")])
def test_penalties_and_their_gradients_are_kerass(keras, tf, ours, name, lam, shape):
    w = np.random.default_rng(1).standard_normal(shape) + 0.0
    w = np.where(np.abs(w) < 0.3, 0, w)  # the corner of |w| as well
    regularizer, variable = getattr(keras.regularizers, name)(lam), tf.Variable(w)
    with tf.GradientTape() as tape:
        theirs = regularizer(variable)
    penalty, grad = ours(w, lam)
    np.testing.assert_allclose(penalty, theirs.numpy(), rtol=2e-7)  # Keras keeps lam in float32
    np.testing.assert_allclose(grad, tape.gradient(theirs, variable).numpy(), rtol=2e-7)


@pytest.mark.parametrize("w", [-2.0, -1e-3, 0.0, 1e-3, 0.7])
@pytest.mark.parametrize("lam", LAMS)
def test_the_subgradient_of_l1_fits_under_the_corner(w, lam):
    v = np.linspace(-3, 3, 601)
    penalty, slope = l1_penalty(w, lam)
    assert (lam * np.abs(v) >= penalty + slope * (v - w) - 1e-12).all()
    steeper = slope + np.array([0.01, -0.01])  # away from the corner any other slope cuts through; at 0 these two fit
    fits = (lam * np.abs(v) >= penalty + steeper[:, None] * (v - w) - 1e-12).all(axis=1)
    assert fits.all() == (w == 0 and lam >= 0.01) and (w == 0 or not fits.all())


@pytest.mark.parametrize("threshold", [0.0, 0.2, 1.0, 2.5])
def test_soft_threshold_is_the_lowest_point_of_its_sum(threshold):
    w, z = np.linspace(-4, 4, 8001), np.linspace(-3, 3, 41)
    heights = (w - z[:, None]) ** 2 / 2 + threshold * np.abs(w)
    np.testing.assert_allclose(soft_threshold(z, threshold), w[heights.argmin(axis=1)], atol=1.01e-3)
    assert ((soft_threshold(z, threshold) == 0) == (np.abs(z) <= threshold)).all()


# ---- fits: ridge, lasso, elastic net


@pytest.mark.parametrize("lam", LAMS[1:])
@pytest.mark.parametrize("seed", SEEDS)
def test_ridge_is_scikit_learns(linear_model, seed, lam):
    X, y = problem(seed)
    np.testing.assert_allclose(ridge(X, y, lam), fitted(linear_model.Ridge(alpha=len(y) * lam), X, y), rtol=1e-8)


@pytest.mark.parametrize("lam", LAMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_ridge_shrinks_each_direction_by_its_own_factor(seed, lam):
    X, y = problem(seed)
    X[:, :-1] -= X[:, :-1].mean(axis=0)
    mu, directions = np.linalg.eigh(X[:, :-1].T @ X[:, :-1] / len(y))
    free, pulled = (directions.T @ ridge(X, y, penalty)[:-1] for penalty in (0, lam))
    np.testing.assert_allclose(pulled, mu / (mu + lam) * free, rtol=1e-8)
    assert ridge(X, y, lam)[-1] == pytest.approx(y.mean())  # the bias is not shrunk


@pytest.mark.parametrize("lam", [0.002, 0.05, 0.4, 2.0])
@pytest.mark.parametrize("seed", SEEDS)
def test_proximal_descent_finds_the_lasso_of_coordinate_descent(linear_model, seed, lam):
    X, y = problem(seed)
    theirs = fitted(linear_model.Lasso(alpha=lam / 2, tol=1e-14, max_iter=200_000), X, y)
    ours = lasso(X, y, lam, num_steps=50_000)  # one curvature is up to 1,900 times another one
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert ((ours == 0) == (theirs == 0)).all()


@pytest.mark.parametrize(("l1", "l2"), [(0.05, 0.02), (0.4, 0.001), (0.4, 0.5), (2.0, 1.5)])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_elastic_net_is_scikit_learns(linear_model, seed, l1, l2):
    X, y = problem(seed)
    alpha = l1 / 2 + l2  # theirs: half the error + alpha (ratio |w| + (1 - ratio) w² / 2)
    model = linear_model.ElasticNet(alpha=alpha, l1_ratio=l1 / 2 / alpha, tol=1e-14, max_iter=200_000)
    np.testing.assert_allclose(lasso(X, y, l1, l2=l2), fitted(model, X, y), atol=1e-6)


def test_on_the_diabetes_data_as_well(linear_model):
    X, y = diabetes()
    lams = np.array([0.003, 0.03, 0.2])
    theirs = [fitted(linear_model.Lasso(alpha=lam / 2, tol=1e-14, max_iter=200_000), X, y) for lam in lams]
    ours = lasso(X, y, lams)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert ((ours == 0) == (np.array(theirs) == 0)).all() and (ours == 0).sum(axis=1).tolist() == [0, 3, 6]


@pytest.mark.parametrize("schedule", ["constant", "falling"])
@pytest.mark.parametrize("seed", [*SEEDS, "diabetes"])
def test_subgradient_steps_reach_no_exact_zero_and_proximal_steps_do(seed, schedule):
    X, y = diabetes() if seed == "diabetes" else problem(seed)
    lam, weights = (0.1 if seed == "diabetes" else 2.0), np.arange(X.shape[1]) < X.shape[1] - 1
    eta = 0.5 / np.linalg.eigvalsh(2 * X.T @ X / len(y))[-1]

    def gradient(theta):
        return 2 * X.T @ (X @ theta - y) / len(y) + weights * l1_penalty(theta, lam)[1]

    def falling(step):
        return eta / np.sqrt(1 + step)

    last = eta if schedule == "constant" else falling(3999)
    path = rules.descend(rules.sgd, gradient, np.ones(len(weights)), 4000, eta=eta if last == eta else falling)
    sparse = lasso(X, y, lam)
    zero = sparse == 0
    assert zero.sum() >= 2 and (path[1:, zero] != 0).all()  # not at the end, nor at any step
    assert np.abs(path[-1, zero]).max() < 3 * last * lam  # but about as small as a step
    assert (np.diff(np.sign(path[1000:, zero]), axis=0) != 0).any(axis=0).all()  # from side to side of 0


# ---- L2 in the loss, weight decay in the optimizer


def dense_line(keras, n, regularizer=None):
    """Return Dense(1) for n columns, with a start that is not 0."""
    start = keras.initializers.Constant(1.5)
    dense = keras.layers.Dense(1, kernel_initializer=start, bias_initializer=start, kernel_regularizer=regularizer)
    return keras.Sequential([keras.Input((n,)), dense])


def keras_path(keras, X, y, optimizer, regularizer=None):
    """Return theta after every step on all of the data, shape (STEPS, n), the bias last."""
    path, model = [], dense_line(keras, X.shape[1] - 1, regularizer)

    class Keep(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            path.append(np.concatenate([np.ravel(part) for part in self.model.get_weights()]))

    model.compile(optimizer=optimizer, loss="mse")
    rows, targets = np.tile(X[:, :-1], (STEPS, 1)), np.tile(y, STEPS)  # one long epoch: quicker than many
    model.fit(rows, targets, batch_size=len(y), shuffle=False, verbose=0, callbacks=[Keep()])
    assert len(path) == STEPS
    return np.array(path)


def decaying(optimizer):
    """Leave the bias of an optimizer with weight decay alone: Keras's decay shrinks it too, unless told not to."""
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


@pytest.mark.parametrize(("seed", "lam"), [(0, 2.0**-6), (1, 0.5), (2, 2.0)])
def test_under_plain_descent_l2_is_weight_decay(keras, seed, lam):
    X, y = problem(seed)
    sgd, l2 = keras.optimizers.SGD, keras.regularizers.L2(lam)
    in_loss = keras_path(keras, X, y, sgd(ETA), l2)
    decayed = keras_path(keras, X, y, decaying(sgd(ETA, weight_decay=2 * lam)))
    size = np.abs(in_loss).max()
    np.testing.assert_allclose(decayed / size, in_loss / size, atol=2e-6)

    ours, without = (by_hand(X, y, penalty) for penalty in (lam, 0))
    np.testing.assert_allclose(decayed / size, ours / size, atol=2e-6)
    assert np.abs(without - ours).max() > 1e-3 * size  # what is compared is there


def by_hand(X, y, lam):
    """Take the steps ourselves: the decay does not change the gradient of its own step, and the bias has none."""
    theta, path = np.full(X.shape[1], 1.5), []
    for _ in range(STEPS):
        grad = 2 * X.T @ (X @ theta - y) / len(y)
        theta = theta - ETA * grad - ETA * 2 * lam * np.append(theta[:-1], 0)
        path.append(theta)
    return np.array(path)


def test_kerass_decay_shrinks_the_bias_too_unless_it_is_excluded(keras):
    X, y = problem(0)
    sgd, l2 = keras.optimizers.SGD, keras.regularizers.L2(0.5)
    in_loss, decayed = keras_path(keras, X, y, sgd(ETA), l2), keras_path(keras, X, y, sgd(ETA, weight_decay=1.0))
    assert abs(decayed[-1, -1]) < 0.95 * abs(in_loss[-1, -1])


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_under_momentum_and_adam_they_differ(keras, seed):
    X, y = problem(seed)
    lam, l2, optimizers = 0.5, keras.regularizers.L2(0.5), keras.optimizers
    for kind, hyper in ((optimizers.SGD, {"momentum": 0.875}), (optimizers.Adam, {})):
        in_loss = keras_path(keras, X, y, kind(ETA, **hyper), l2)
        decayed = keras_path(keras, X, y, decaying(kind(ETA, weight_decay=2 * lam, **hyper)))
        apart = np.abs(decayed - in_loss).max(axis=0)[:-1] / np.abs(in_loss[:, :-1]).max()
        assert apart.max() > 0.05  # plain descent: below 0.000002
    adamw = keras_path(keras, X, y, decaying(optimizers.AdamW(ETA, weight_decay=2 * lam)))
    np.testing.assert_allclose(adamw, decayed, atol=1e-5)  # Adam with weight_decay is AdamW

    w, b, states, ours = np.full(X.shape[1] - 1, 1.5), 1.5, [None, None], []
    for _ in range(STEPS):
        grad = 2 * X.T @ (X @ np.append(w, b) - y) / len(y)
        w, states[0] = rules.adamw(w, grad[:-1], states[0], eta=ETA, weight_decay=2 * lam)
        b, states[1] = rules.adam(b, grad[-1], states[1], eta=ETA)
        ours.append(np.append(w, b))
    np.testing.assert_allclose(adamw, ours, atol=1e-4)


def test_kerass_loss_and_val_loss_hold_the_penalty_and_a_metric_does_not(keras):
    X, y = problem(0)
    rows, others, lam = X[:40, :-1], X[40:, :-1], 0.25
    model = dense_line(keras, rows.shape[1], keras.regularizers.L2(lam))
    model.compile(optimizer=keras.optimizers.SGD(ETA), loss="mse", metrics=["mse"])
    model.predict(rows[:1], verbose=0)
    penalties, errors, val_errors = [l2_penalty(model.get_weights()[0], lam)[0]], [], []

    def keep(epoch, logs):
        w, b = model.get_weights()
        penalties.append(l2_penalty(w, lam)[0])
        val_errors.append(np.mean((others @ w[:, 0] + b - y[40:]) ** 2))

    def before(epoch, logs):
        w, b = model.get_weights()
        errors.append(np.mean((rows @ w[:, 0] + b - y[:40]) ** 2))

    watch = keras.callbacks.LambdaCallback(on_epoch_begin=before, on_epoch_end=keep)
    found = model.fit(
        rows, y[:40], validation_data=(others, y[40:]), batch_size=40, epochs=8, verbose=0, callbacks=[watch]
    ).history
    assert min(penalties) > 0.5
    np.testing.assert_allclose(found["mse"], errors, rtol=1e-5)
    np.testing.assert_allclose(found["loss"], np.add(errors, penalties[:-1]), rtol=1e-5)  # as of before the step
    np.testing.assert_allclose(found["val_mse"], val_errors, rtol=1e-5)
    np.testing.assert_allclose(found["val_loss"], np.add(val_errors, penalties[1:]), rtol=1e-5)  # as of after it
    evaluated = model.evaluate(others, y[40:], verbose=0)
    np.testing.assert_allclose(evaluated, [found["val_loss"][-1], found["val_mse"][-1]], rtol=1e-5)


# ---- dropout

RATES = (0.125, 0.5, 0.8)
DRAWS = 20_000


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("whose", ["ours", "Keras's"])
def test_dropout_keeps_the_mean_and_drops_the_rate(keras, whose, rate):
    x = np.linspace(-2, 3, 12)
    rows = np.tile(x, (DRAWS, 1))
    if whose == "ours":
        out = dropout(rows, np.random.default_rng(0).random(rows.shape), rate)
    else:
        out = keras.layers.Dropout(rate, seed=1)(rows.astype("float32"), training=True).numpy()
    spread = np.abs(x) * np.sqrt(rate / (1 - rate) / DRAWS)  # the standard error of the mean of so many draws
    assert (np.abs(out.mean(axis=0) - x) < 4.5 * spread).all()
    assert np.abs((out == 0).mean() - rate) < 4.5 * np.sqrt(rate * (1 - rate) / out.size)
    np.testing.assert_allclose(out.var(axis=0), x**2 * rate / (1 - rate), rtol=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_for_the_same_mask_dropout_forward_and_backward_is_kerass(keras, tf, rate):
    rng = np.random.default_rng(2)
    x, upstream = (tf.constant(rng.uniform(0.5, 2, (30, 40)) * rng.choice([-1, 1], (30, 40))) for _ in range(2))
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = keras.layers.Dropout(rate, seed=3, dtype="float64")(x, training=True)
        total = tf.reduce_sum(out * upstream)
    kept = out.numpy() != 0  # x has no 0: what is 0 was dropped
    assert 0 < kept.mean() < 1
    u = np.where(kept, rng.uniform(rate, 1, kept.shape), rng.uniform(0, rate, kept.shape))
    np.testing.assert_allclose(dropout(x.numpy(), u, rate), out.numpy(), rtol=1e-6)
    ours = dropout_gradient(upstream.numpy(), u, rate)
    np.testing.assert_allclose(ours, tape.gradient(total, x).numpy(), rtol=1e-6)


def test_the_gradient_of_dropout_is_its_slope():
    rng = np.random.default_rng(4)
    x, u, grad, step = rng.standard_normal((3, 5)), rng.random((3, 5)), rng.standard_normal((3, 5)), 1e-6
    for place in np.ndindex(x.shape):
        move = np.zeros_like(x)
        move[place] = step
        slope = np.sum(grad * (dropout(x + move, u, 0.4) - dropout(x - move, u, 0.4))) / (2 * step)
        assert slope == pytest.approx(dropout_gradient(grad, u, 0.4)[place], abs=1e-8)


@pytest.mark.parametrize("rate", RATES)
def test_dropout_does_nothing_out_of_training(keras, rate):
    x, u = np.random.default_rng(5).standard_normal((2, 20, 30)).astype("float32")
    u = np.abs(u) % 1
    layer = keras.layers.Dropout(rate, seed=0)
    model = keras.Sequential([keras.Input((30,)), layer])
    for out in (layer(x, training=False), layer(x), model.predict(x, verbose=0), dropout(x, u, rate, training=False)):
        assert (np.asarray(out) == x).all()
    for out in (layer(x, training=True), model(x, training=True), dropout(x, u, rate)):
        assert (np.asarray(out) != x).any()


def test_ours_keeps_float32_and_leaves_what_it_is_given():
    x, u = np.random.default_rng(6).random((2, 4, 3)).astype("float32")
    before = x.copy()
    for out in (dropout(x, u, 0.5), dropout(x, u, 0.0), dropout(x, u, 0.5, training=False), dropout_gradient(x, u, 0)):
        assert out.dtype == np.float32 and not np.shares_memory(out, x)
    assert (x == before).all() and (dropout(x, u, 0.0) == x).all() and (dropout_gradient(x, u, 0.0) == x).all()


@pytest.mark.parametrize("function", [dropout, dropout_gradient])
@pytest.mark.parametrize(
    ("u", "rate", "error", "words"),
    [
        ([0.1, 0.2], 0.5, ValueError, r"u has shape \(2,\), (x|grad) has shape \(3,\): draw u = rng.random"),
        ([0.1, 0.2, 1.0], 0.5, ValueError, "u must hold uniform random numbers from 0 to below 1"),
        ([0.1, 0.2, np.nan], 0.5, ValueError, "u must hold uniform"),
        ([0.1, 0.2, -0.3], 0.5, ValueError, "u must hold uniform"),
        ([0.1, 0.2, 0.3], 1, ValueError, "rate must be below 1, such as 0.5, found 1"),
        ([0.1, 0.2, 0.3], -0.1, ValueError, "rate must be 0 or more"),
        ([0.1, 0.2, 0.3], "half", TypeError, "rate must be one number"),
        ("abc", 0.5, TypeError, "u must be a number or an array of numbers"),
    ],
)
def test_what_dropout_cannot_take_is_answered_in_words(function, u, rate, error, words):
    with pytest.raises(error, match=words):
        function([1.0, 2.0, 3.0], u, rate)


# ---- smoothed labels


@pytest.mark.parametrize("num_classes", [2, 10])
@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5])
def test_smoothed_labels_are_kerass(keras, epsilon, num_classes):
    rng = np.random.default_rng(7)
    labels, z = rng.integers(0, num_classes, 50), rng.standard_normal((50, num_classes))
    smooth = smooth_labels(labels, num_classes, epsilon)
    np.testing.assert_allclose(smooth.sum(axis=1), 1, rtol=1e-12)
    ours = -np.mean(np.sum(smooth * np.log(softmax(z)), axis=1))
    for out, from_logits in ((softmax(z), False), (z, True)):
        loss = keras.losses.CategoricalCrossentropy(label_smoothing=epsilon, from_logits=from_logits, dtype="float64")
        assert float(loss(one_hot(labels, num_classes), out)) == pytest.approx(ours, rel=1e-6)
    plain = cross_entropy_from_logits(z, labels)
    assert ours == pytest.approx(plain) if epsilon == 0 else abs(ours - plain) > 1e-3


@pytest.mark.parametrize(
    ("epsilon", "error"), [(1, ValueError), (-0.1, ValueError), (np.nan, ValueError), ("some", TypeError)]
)
def test_smoothing_by_all_or_by_less_than_nothing_is_answered_in_words(epsilon, error):
    with pytest.raises(error, match="^epsilon must be"):
        smooth_labels([0, 1], 2, epsilon)


# ---- augmentation


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("RandomTranslation", (2 / 28, 2 / 28)),
        ("RandomRotation", (10 / 360,)),
        ("RandomZoom", (0.1,)),
        ("RandomFlip", ("horizontal",)),
    ],
)
def test_kerass_augmentation_changes_images_in_training_only(keras, name, settings):
    (images, _), _ = data.load_mnist("small")
    x = images[:20, ..., None].astype("float32") / 255
    layer = getattr(keras.layers, name)(*settings, seed=0)
    model = keras.Sequential([keras.Input((28, 28, 1)), layer])
    for out in (layer(x, training=False), model(x, training=False), model.predict(x, verbose=0)):
        assert (np.asarray(out) == x).all()
    assert (np.asarray(layer(x, training=True)) != x).any(axis=(1, 2, 3)).sum() > 5


def test_each_price_of_many_may_have_its_own_squares():
    X, y = problem(0)
    lams, squares = [0.1, 2.0, 0.1], [0.0, 0.5, 0.5]
    together = lasso(X, y, lams, l2=squares, num_steps=20_000)
    for theta, lam, l2 in zip(together, lams, squares, strict=True):
        np.testing.assert_allclose(theta, lasso(X, y, lam, l2=l2, num_steps=20_000), atol=1e-9)
    with pytest.raises(ValueError, match="l2 must be one number, or one for each lam"):
        lasso(X, y, lams, l2=[0.1, 0.2])
    with pytest.raises(ValueError, match="l2 must be a number of 0 or more"):
        lasso(X, y, lams, l2=-0.1)
