"""The formulas that the lessons derive: against differences, against the libraries, over several seeds."""

import numpy as np
import pytest

from helpers import check, rules

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
