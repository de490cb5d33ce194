"""The formulas that the lessons derive: against differences, against the libraries, over several seeds."""

import itertools

import numpy as np
import pytest

from helpers import check, data, losses, rules, sliders

SEEDS = range(5)


def line(seed: int) -> tuple:
    """Return random data and a random line: x, y, w, b."""
    rng = np.random.RandomState(seed)
    return rng.randn(30), rng.randn(30), *rng.randn(2)


def difference(f, theta: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the central differences of f, coordinate by coordinate, written apart from the one that is taught."""
    return np.array([(f(theta + h * e) - f(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("exercise", "loss"), [
    (check.mse_gradient, lambda r: np.mean(r**2)), (check.mae_gradient, lambda r: np.mean(np.abs(r))),
])  # fmt: skip
def test_a_gradient_is_what_differences_say(exercise, loss, seed):
    x, y, w, b = line(seed)
    by_difference = difference(lambda t: loss(y - (t[0] * x + t[1])), np.array([w, b]))
    np.testing.assert_allclose(exercise.reference(x, y, w, b), by_difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_loss_and_gradient_are_those_of_the_library(seed):
    import keras
    import tensorflow as tf

    x, y, w, b = line(seed)
    with tf.GradientTape() as tape:
        theta = tf.Variable([w, b], dtype=tf.float64)
        loss = tf.reduce_mean((y - (theta[0] * x + theta[1])) ** 2)
    np.testing.assert_allclose(tape.gradient(loss, theta), check.mse_gradient.reference(x, y, w, b), rtol=1e-12)
    y_hat = w * x + b
    np.testing.assert_allclose(keras.losses.mean_squared_error(y, y_hat), check.mse.reference(y, y_hat), rtol=1e-6)
    np.testing.assert_allclose(keras.losses.mean_absolute_error(y, y_hat), np.mean(np.abs(y - y_hat)), rtol=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_vector_form_is_the_scalar_form(seed):
    x, y, w, b = line(seed)
    X = np.column_stack([x, np.ones_like(x)])
    vector = check.mended_gradient.reference(X, y, np.array([w, b]))
    np.testing.assert_allclose(vector, check.mse_gradient.reference(x, y, w, b), rtol=1e-12)


def test_the_truncation_errors_have_their_order():
    def error(quotient, h):
        return abs(quotient(h) - np.e)

    def forward(h):
        return (np.exp(1 + h) - np.exp(1)) / h

    def central(h):
        return (np.exp(1 + h) - np.exp(1 - h)) / (2 * h)

    assert error(forward, 1e-3) / error(forward, 1e-4) == pytest.approx(10, rel=0.01)
    assert error(central, 1e-2) / error(central, 1e-3) == pytest.approx(100, rel=0.01)
    assert error(forward, 1e-4) == pytest.approx(0.5e-4 * np.e, rel=0.01)  # h/2 f''
    assert error(central, 1e-2) == pytest.approx(1e-4 / 6 * np.e, rel=0.01)  # h²/6 f'''


@pytest.mark.parametrize("seed", SEEDS)
def test_on_a_parabola_the_central_difference_is_exact(seed):
    a, b, c, t = np.random.RandomState(seed).randn(4)
    for h in (0.1, 1.0, 10.0):
        quotient = check.numerical_gradient.reference(lambda v: a * v[0] ** 2 + b * v[0] + c, np.array([t]), h)
        assert quotient == pytest.approx(2 * a * t + b, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_eigenvector_is_multiplied_by_its_own_factor(seed):
    rng = np.random.RandomState(seed)
    X, target, start = rng.randn(20, 3), rng.randn(20), rng.randn(3)
    curvatures, directions = np.linalg.eigh(2 / 20 * X.T @ X)
    best = np.linalg.lstsq(X, target, rcond=None)[0]
    eta = 0.9 * check.eta_limit.reference(X)

    path = rules.descend(rules.sgd, lambda t: check.mended_gradient.reference(X, target, t), start, 20, eta=eta)

    parts = (path - best) @ directions
    expected = parts[0] * (1 - eta * curvatures) ** np.arange(21)[:, None]
    np.testing.assert_allclose(parts, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("share", "arrives"), [(0.99, True), (1.01, False)])
def test_the_limit_is_a_border(seed, share, arrives):
    X = np.random.RandomState(seed).randn(20, 3)
    eta = share * check.eta_limit.reference(X)
    H = 2 / 20 * X.T @ X
    path = rules.descend(rules.sgd, lambda t: H @ t, np.ones(3), 2000, eta=eta)
    assert (np.linalg.norm(path[-1]) < 1e-3) == arrives


@pytest.mark.parametrize("seed", SEEDS)
def test_scaling_and_its_undoing_are_those_of_the_library(seed):
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import StandardScaler

    rng = np.random.RandomState(seed)
    train, new, y = rng.rand(12, 2) * [1000, 1] + 5, rng.rand(4, 2) * 900, rng.rand(12)
    scaler = StandardScaler().fit(train)
    scaled_train, scaled_new = check.standardize.reference(train, new)
    np.testing.assert_allclose(scaled_train, scaler.transform(train), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(scaled_new, scaler.transform(new), rtol=1e-9, atol=1e-12)

    column = train[:, :1]
    scaled = LinearRegression().fit(scaled_train[:, :1], y)
    w, b = check.unscale.reference(scaled.coef_[0], scaled.intercept_, column.mean(), column.std())
    plain = LinearRegression().fit(column, y)
    np.testing.assert_allclose([w, b], [plain.coef_[0], plain.intercept_], rtol=1e-9)


def test_the_published_numbers_are_as_stated():
    """The house prices of a published mistake: the curvature and the condition number of the three houses."""
    areas, prices = np.array([1000.0, 2000.0, 3000.0]), np.array([1500.0, 2500.0, 3000.0])
    assert 2 * np.mean(areas**2) == pytest.approx(9.3e6, rel=0.01)
    A = np.column_stack([areas, np.ones(3)])
    assert np.linalg.cond(A.T @ A) == pytest.approx(3.3e7, rel=0.02)
    assert np.linalg.lstsq(A, prices, rcond=None)[0] == pytest.approx([0.75, 833.3], rel=1e-4)


# Lesson 03: a batch's gradient as an estimate, and the noise ball


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_gradient_is_unbiased_and_its_spread_falls_with_the_root(seed):
    rng = np.random.default_rng(seed)
    X, y, theta = rng.standard_normal((6, 2)), rng.standard_normal(6), rng.standard_normal(2)
    full = check.mended_gradient.reference(X, y, theta)
    alone = np.array([check.batch_gradient.reference(X, y, theta, np.array([i])) for i in range(6)])
    np.testing.assert_allclose(alone.mean(axis=0), full, rtol=1e-12)
    sigma_squared = np.mean(np.sum((alone - full) ** 2, axis=1))
    for size in (1, 2, 3):
        every = np.array(list(itertools.product(range(6), repeat=size)))  # all draws with repeats, equally likely
        of_batches = np.array([check.batch_gradient.reference(X, y, theta, batch) for batch in every])
        np.testing.assert_allclose(of_batches.mean(axis=0), full, rtol=1e-10, atol=1e-12)
        variance = np.mean(np.sum((of_batches - full) ** 2, axis=1))
        assert variance == pytest.approx(sigma_squared / size, rel=1e-10)
        unlike = np.array([len(set(batch)) == size for batch in every])  # no row twice
        variance = np.mean(np.sum((of_batches[unlike] - full) ** 2, axis=1))
        assert variance == pytest.approx(sigma_squared / size * (6 - size) / (6 - 1), rel=1e-10)


@pytest.mark.parametrize(("eta", "lam", "noise"), [(0.1, 1.0, 1.0), (0.02, 5.0, 0.3), (1.5, 1.0, 0.1), (0.4, 2.0, 2.0)])
def test_the_noise_ball_has_the_derived_radius(eta, lam, noise):
    """With independent noise of variance s² the mean square of the error tends to eta s² / (lam (2 - eta lam))."""
    rng = np.random.default_rng(0)
    error, squares = np.zeros(4000), []  # four thousand walks at once
    for step in range(3000):
        error = (1 - eta * lam) * error - eta * noise * rng.standard_normal(4000)
        if step >= 2900:
            squares.append(np.mean(error**2))
    assert np.mean(squares) == pytest.approx(eta * noise**2 / (lam * (2 - eta * lam)), rel=0.05)


def test_the_ball_of_a_line_is_round():
    """The variance of the rows' gradients is proportional to the curvature where the noise is the same everywhere."""
    x, y = (column.ravel() for column in data.load_line())
    X = np.column_stack([x, np.ones_like(x)])
    best = np.linalg.lstsq(X, y, rcond=None)[0]
    curvatures, directions = np.linalg.eigh(2 / len(y) * X.T @ X)
    s_squared = np.mean((2 * (X @ best - y)[:, None] * X @ directions) ** 2, axis=0)
    ratios = s_squared / curvatures
    assert ratios[0] == pytest.approx(ratios[1], rel=0.1)
    assert curvatures[1] > 10 * curvatures[0]


@pytest.mark.parametrize(("n", "batch_size"), [(10, 3), (12, 4), (1, 5), (7, 7), (5, 1)])
def test_minibatches_deal_every_row_once(n, batch_size):
    X, y = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    rng = np.random.default_rng(0)
    epochs = [list(data.minibatches(X, y, batch_size, rng)) for _ in range(2)]
    for epoch in epochs:
        assert len(epoch) == check.num_steps.reference(n, batch_size, 1)
        assert [len(rows) for rows, _ in epoch[:-1]] == [batch_size] * (len(epoch) - 1)
        order = np.concatenate([labels for _, labels in epoch])
        assert sorted(order) == list(range(n))
        np.testing.assert_array_equal(np.concatenate([rows for rows, _ in epoch]), X[order])
    if n == 12:
        assert not np.array_equal(epochs[0][0][1], epochs[1][0][1])


# Lesson 04: sigmoid, softmax, cross-entropy


def binary(seed: int) -> tuple:
    """Return a design matrix, labels 0 and 1, and weights."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((30, 3)), (rng.random(30) < 0.4).astype(int), rng.standard_normal(3)


def several(seed: int, num_classes: int = 4) -> tuple:
    """Return a design matrix, labels, and weights of shape (3, num_classes)."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(num_classes, size=30)
    return rng.standard_normal((30, 3)), labels, rng.standard_normal((3, num_classes))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradients_of_the_cross_entropies_are_what_differences_say(seed):
    X, y, w = binary(seed)
    by_difference = difference(lambda t: losses.binary_cross_entropy(y, losses.sigmoid(X @ t)), w)
    np.testing.assert_allclose(check.logistic_gradient.reference(X, y, w), by_difference, rtol=1e-6, atol=1e-8)

    X, labels, W = several(seed)
    by_difference = difference(lambda t: losses.cross_entropy_from_logits(X @ t.reshape(W.shape), labels), W.ravel())
    right = check.softmax_gradient.reference(X, labels, W)
    np.testing.assert_allclose(right, by_difference.reshape(W.shape), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slope_of_the_sigmoid_and_of_the_losses_over_the_score(seed):
    z = 3 * np.random.default_rng(seed).standard_normal(1)
    p = losses.sigmoid(z)[0]
    assert difference(lambda t: losses.sigmoid(t)[0], z)[0] == pytest.approx(p * (1 - p), rel=1e-6)
    for y in (0, 1):
        slope = difference(lambda t: losses.binary_cross_entropy([y], losses.sigmoid(t)), z)[0]  # noqa: B023
        assert slope == pytest.approx(p - y, rel=1e-6)
        slope = difference(lambda t: (losses.sigmoid(t)[0] - y) ** 2, z)[0]  # noqa: B023
        assert slope == pytest.approx(2 * (p - y) * p * (1 - p), rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slope_of_the_linear_model_has_no_sigmoid(seed):
    x, y, w, b = line(seed)
    slope = difference(lambda t: 0.5 * np.sum((y - t[0] * x - b) ** 2), np.array([w]))[0]
    assert check.linear_slope.reference(x, y, w, b) == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_losses_are_those_of_the_library_from_logits_and_from_probabilities(seed):
    import keras

    X, y, w = binary(seed)
    z = X @ w
    p = losses.sigmoid(z)
    from_logits = float(keras.losses.BinaryCrossentropy(from_logits=True)(y, z))
    from_probabilities = float(keras.losses.BinaryCrossentropy()(y, p))
    for ours in (check.binary_cross_entropy.reference(y, p), losses.binary_cross_entropy(y, p)):
        assert ours == pytest.approx(from_logits, rel=1e-6)
        assert ours == pytest.approx(from_probabilities, rel=1e-6)

    X, labels, W = several(seed)
    Z, Y = X @ W, losses.one_hot(labels, 4)  # no probability so small that Keras clips it
    sparse, dense = keras.losses.SparseCategoricalCrossentropy, keras.losses.CategoricalCrossentropy
    theirs = [sparse(from_logits=True)(labels, Z), sparse()(labels, losses.softmax(Z)),
              dense(from_logits=True)(Y, Z), dense()(Y, losses.softmax(Z))]  # fmt: skip
    for ours in (check.cross_entropy_from_logits.reference(Z, labels), losses.cross_entropy_from_logits(Z, labels)):
        np.testing.assert_allclose([float(loss) for loss in theirs], ours, rtol=1e-6)


def test_probabilities_are_those_of_the_library_and_bear_anything():
    import keras
    from scipy import special

    z = np.concatenate([np.linspace(-1000, 1000, 41), [0.0, 1e-9, -1e-9, 36.0, -36.0, 745.0, -745.0]])
    Z = np.stack([z, z[::-1], np.zeros_like(z)], axis=1)
    labels = np.arange(len(Z)) % 3
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for sigmoid in (check.sigmoid.reference, losses.sigmoid):
            np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=1e-12, atol=1e-300)
            np.testing.assert_allclose(sigmoid(z), keras.ops.sigmoid(z.astype("float32")), atol=1e-6)
        for softmax in (check.softmax.reference, losses.softmax):
            np.testing.assert_allclose(softmax(Z), special.softmax(Z, axis=1), rtol=1e-12, atol=1e-300)
            np.testing.assert_allclose(softmax(Z[3]), softmax(Z)[3], rtol=1e-15)
            np.testing.assert_allclose(softmax(Z), keras.ops.softmax(Z.astype("float32")), atol=1e-6)
        right = np.mean(special.logsumexp(Z, axis=1) - Z[np.arange(len(Z)), labels])
        for cross_entropy in (check.cross_entropy_from_logits.reference, losses.cross_entropy_from_logits):
            assert cross_entropy(Z, labels) == pytest.approx(right, rel=1e-12)
    np.testing.assert_array_equal(losses.one_hot([2, 0, 2], 4), keras.utils.to_categorical([2, 0, 2], 4))


@pytest.mark.parametrize("seed", SEEDS)
def test_for_two_classes_softmax_is_the_sigmoid_of_the_difference(seed):
    Z = 5 * np.random.default_rng(seed).standard_normal((20, 2))
    np.testing.assert_allclose(losses.softmax(Z)[:, 1], losses.sigmoid(Z[:, 1] - Z[:, 0]), rtol=1e-12)
    np.testing.assert_allclose(losses.softmax(Z + 100), losses.softmax(Z), rtol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_descent_finds_the_classifier_of_the_library(seed):
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(seed)
    x = rng.standard_normal((60, 2))
    y = (x @ [1.0, -2.0] + 1.5 * rng.logistic(size=60) > 0).astype(int)
    X = np.column_stack([x, np.ones(60)])
    w = rules.descend(rules.sgd, lambda w: check.logistic_gradient.reference(X, y, w), np.zeros(3), 4000, eta=1.0)[-1]
    library = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x, y)
    np.testing.assert_allclose(w, [*library.coef_[0], library.intercept_[0]], rtol=1e-3, atol=1e-3)


def test_a_plane_separates_the_training_tumors():
    """So their cross-entropy has no lowest point, and the weights grow for as long as they are trained."""
    from scipy.optimize import linprog

    (x, y), _, _ = data.load_cancer()
    X = np.column_stack([(x - x.mean(axis=0)) / x.std(axis=0), np.ones(len(y))])
    sides = np.where(y == 1, -1, 1)[:, None] * X  # each row times w must be -1 or less
    assert linprog(np.zeros(31), A_ub=sides, b_ub=-np.ones(len(y)), bounds=(None, None)).status == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_minus_the_log_of_a_gaussian_is_the_squared_error(seed):
    from scipy.stats import norm

    x, y, w, b = line(seed)
    y_hat, width = w * x + b, 0.7
    nll = -np.mean(norm.logpdf(y, y_hat, width))
    mse = check.mse.reference(y, y_hat)
    assert nll == pytest.approx(mse / (2 * width**2) + np.log(width * np.sqrt(2 * np.pi)), rel=1e-12)


@pytest.mark.parametrize("cost", [1, 9, 20])
def test_the_threshold_is_where_both_choices_cost_the_same(cost):
    """Raising the alarm costs 1 - p on average, silence cost * p: the cheaper one changes at the theory's threshold."""
    threshold = sliders.decide([-1.0, 1.0], [0, 1], cost_of_miss=cost).values["theory_threshold"]
    for p, alarm in ((threshold - 1e-6, False), (threshold + 1e-6, True)):
        assert (1 - p < cost * p) == alarm
    if cost == 9:
        assert check.alarm_threshold.reference == pytest.approx(threshold)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: losses.binary_cross_entropy([0, 1], [0.5]), "must be the same"),
    (lambda: losses.binary_cross_entropy([0, 2], [0.5, 0.5]), "0 or 1"),
    (lambda: losses.one_hot([0, 3], 3), "must be 0 to 2, found 0 to 3"),
    (lambda: losses.one_hot([0.0, 1.0], 3), "whole numbers"),
    (lambda: losses.cross_entropy_from_logits([0.0, 1.0], [1]), r"shape \(n, K\)"),
    (lambda: losses.cross_entropy_from_logits([[0.0, 1.0]], [1, 0]), "as many"),
    (lambda: data.minibatches([1, 2], [1], 1, np.random.default_rng(0)), "one row each"),
    (lambda: data.minibatches([1, 2], [1, 2], 0, np.random.default_rng(0)), "1 or more, found 0"),
    (lambda: data.minibatches([1, 2], [1, 2], 2, 0), "default_rng"),
], ids=range(9))  # fmt: skip
def test_bad_input_is_named(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()
