"""What lessons 05 and 06 derive and ask for: against differences, against what helpers hold, over several seeds."""

import numpy as np
import pytest

from helpers import check, landscapes, losses, network, rules

SEEDS = range(4)
BOWL = landscapes.BOWL
CURVATURE = np.array([0.2, 4.0])


def slopes(loss, w: np.ndarray, h: float = 1e-6) -> np.ndarray:
    """Return the central differences of `loss` for every entry of an array."""
    found = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        step = np.zeros(w.shape)
        step[index] = h
        found[index] = (loss(w + step) - loss(w - step)) / (2 * h)
    return found


def layer(seed: int) -> tuple:
    """Return A, W, b and what the loss weighs Z with; no size equals another one."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((5, 4)), rng.standard_normal((4, 3)), rng.standard_normal(3),
            rng.standard_normal((5, 3)))  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_the_backward_pass_of_a_layer_is_what_differences_say(seed):
    A, W, b, upstream = layer(seed)
    grad_A, grad_W, grad_b = check.dense_backward.reference(upstream, A, W)
    for found, loss, at in [
        (grad_A, lambda a: np.sum(upstream * (a @ W + b)), A),
        (grad_W, lambda w: np.sum(upstream * (A @ w + b)), W),
        (grad_b, lambda c: np.sum(upstream * (A @ W + c)), b),
    ]:
        assert found.shape == at.shape
        np.testing.assert_allclose(found, slopes(loss, at), rtol=1e-6, atol=1e-8)
    Z = A @ W + b
    by_differences = slopes(lambda z: np.sum(upstream * np.maximum(z, 0)), Z)
    np.testing.assert_allclose(check.relu_backward.reference(upstream, Z), by_differences, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_layers_put_together_are_the_network_of_helpers(seed):
    """The lesson's table, line by line, with the reader's own functions."""
    rng = np.random.default_rng(seed)
    params = network.initialize((4, 6, 3), rng)
    X, labels = rng.standard_normal((5, 4)), rng.integers(0, 3, 5)
    W1, b1, W2, b2 = params
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    grad_Z2 = check.output_error.reference(A1 @ W2 + b2, labels)
    grad_A1, grad_W2, grad_b2 = check.dense_backward.reference(grad_Z2, A1, W2)
    grad_Z1 = check.relu_backward.reference(grad_A1, Z1)
    _, grad_W1, grad_b1 = check.dense_backward.reference(grad_Z1, X, W1)
    theirs = network.loss_and_gradients(params, X, labels)[1]
    asked = check.network_gradients.reference(params, X, labels)
    for ours, found, reference in zip((grad_W1, grad_b1, grad_W2, grad_b2), theirs, asked, strict=True):
        np.testing.assert_allclose(ours, found, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(reference, found, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gradient_of_the_scores_is_what_differences_say(seed):
    rng = np.random.default_rng(seed)
    Z, labels = rng.standard_normal((5, 4)), rng.integers(0, 4, 5)
    by_differences = slopes(lambda z: losses.cross_entropy_from_logits(z, labels), Z)
    np.testing.assert_allclose(check.output_error.reference(Z, labels), by_differences, rtol=1e-6, atol=1e-9)
    P, Y = losses.softmax(Z), losses.one_hot(labels, 4)
    of_squares = slopes(lambda z: np.sum((losses.softmax(z) - Y) ** 2) / 2, Z)
    D = Y - P  # the published gradient, with the sign turned
    np.testing.assert_allclose(-P * (D - np.sum(D * P, axis=1, keepdims=True)), of_squares, rtol=1e-6, atol=1e-9)


def test_a_gradient_check_tells_right_from_wrong():
    w = np.array([[0.5, -1.0], [2.0, 0.25]])
    right = 4 * w**3
    error = check.gradient_error.reference
    for scale in (1e-6, 1.0, 1e6):
        assert error(lambda v: scale * np.sum(v**4), w, scale * right) < 1e-7  # noqa: B023
    assert error(lambda v: np.sum(v**4), w, -right) == pytest.approx(1, rel=1e-6)
    assert error(lambda v: np.sum(v**4), w, 3 * right) == pytest.approx(0.5, rel=1e-6)


def test_the_small_answers_of_lesson_05():
    sizes = (64, 32, 10)
    assert check.num_parameters.reference == sum(p.size for p in network.initialize(sizes, np.random.default_rng(0)))
    zero = [0 * p for p in network.initialize((4, 3, 3), np.random.default_rng(0))]
    X, labels = np.random.default_rng(1).standard_normal((5, 4)), np.array([0, 0, 1, 2, 0])
    moving = [bool(np.any(g)) for g in network.loss_and_gradients(zero, X, labels)[1]]
    assert moving == [False, False, False, True] and sum(moving) == check.moving_at_zero.reference
    z = np.linspace(-5, 5, 101)
    largest_slope = np.max(losses.sigmoid(z) * (1 - losses.sigmoid(z)))
    assert check.sigmoid_stack.reference == pytest.approx(largest_slope**10)
    by_difference = slopes(lambda p: p[0] * p[1] * (p[0] + p[1]), np.array([3.0, -1.0]))[0]
    assert check.slope_x.reference == pytest.approx(by_difference)


@pytest.mark.parametrize(("name", "hyper"), [
    ("momentum", {"beta": 0.8}), ("rmsprop", {"rho": 0.7, "epsilon": 1e-3}),
    ("adam", {"beta_1": 0.7, "beta_2": 0.9, "epsilon": 1e-3}), ("adamw", {"weight_decay": 0.1}),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_the_rule_that_is_asked_is_the_rule_of_helpers(name, hyper):
    rng = np.random.default_rng(0)
    w = rng.standard_normal((3, 2))
    zero = np.zeros_like(w)
    mine = {"adam": (zero, zero, 0), "adamw": None}.get(name, zero)
    ours, theirs, state = w, w, None
    for step in range(30):
        grad, eta = rng.standard_normal(w.shape), 0.1 / (1 + step)
        ours, mine = getattr(check, name).reference(ours, grad, mine, eta, *hyper.values())
        theirs, state = getattr(rules, name)(theirs, grad, state, eta=eta, **hyper)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def test_adams_correction_is_exact_for_a_constant_gradient():
    grad = np.array([3.0, -0.02])
    path = rules.descend(rules.adam, lambda w: grad, np.zeros(2), 50, eta=0.1, epsilon=1e-12)
    np.testing.assert_allclose(np.diff(path, axis=0), -0.1 * np.sign(grad) * np.ones((50, 1)), rtol=1e-6)
    first = rules.adam(1.0, 0.001, eta=0.1, epsilon=1e-12)[0]
    assert check.adam_first_step.reference == pytest.approx(float(first), rel=1e-6)
    m, s = 0.1 * 7.0, 0.001 * 7.0**2  # after one step with the gradient 7, uncorrected
    assert check.uncorrected_step.reference == pytest.approx(m / np.sqrt(s))


@pytest.mark.parametrize("beta", [0.35, 0.45, 0.9])
@pytest.mark.parametrize("eta", [0.1, 0.3])
@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov"])
def test_a_walk_shrinks_as_fast_as_the_roots_say(name, eta, beta):
    factor = 0.0
    for plain in 1 - eta * CURVATURE:
        polynomial = {"sgd": (1, -plain), "momentum": (1, -(plain + beta), beta),
                      "nesterov": (1, -(1 + beta) * plain, beta * plain)}[name]  # fmt: skip
        factor = max(factor, abs(np.roots(polynomial)).max())
    hyper = {} if name == "sgd" else {"beta": beta}
    path = rules.descend(getattr(rules, name), BOWL.gradient, BOWL.start, 800, eta=eta, **hyper)
    size = np.linalg.norm(path, axis=1)
    window = size[300:400].max(), size[700:800].max()  # the largest of a swing
    if window[1] > 1e-290:
        assert (window[1] / window[0]) ** (1 / 400) == pytest.approx(factor, rel=2e-3)
    if name == "momentum":
        assert factor >= np.sqrt(beta) - 1e-9


def test_the_theorys_best_momentum_is_the_best():
    def slowest(eta: float, beta: float) -> float:
        return max(abs(np.roots((1, -(1 + beta - eta * c), beta))).max() for c in CURVATURE)

    root = np.sqrt(20.0)
    beta = ((root - 1) / (root + 1)) ** 2
    eta = (1 + np.sqrt(beta)) ** 2 / 4
    best = slowest(eta, beta)
    assert best == pytest.approx(np.sqrt(beta), abs=1e-6)
    grid = [slowest(e, b) for e in np.linspace(0.02, 1, 50) for b in np.linspace(0, 0.95, 50)]
    assert best < min(grid) < best + 0.03
    assert check.best_beta.reference == pytest.approx(((100 - 1) / (100 + 1)) ** 2)
    assert check.nesterov_limit.reference == pytest.approx(2 * 1.9 / (2.8 * 4))


def test_rmsprop_ends_in_hops_of_half_a_learning_rate():
    for eta in (0.1, 0.3):
        path = rules.descend(rules.rmsprop, BOWL.gradient, BOWL.start, 3000, eta=eta)
        np.testing.assert_allclose(np.abs(path[-100:]), eta / 2, rtol=0.05)
        assert BOWL.height(*path[-1]) == pytest.approx(np.sum(CURVATURE) / 2 * (eta / 2) ** 2, rel=0.1)


def test_the_small_answers_of_lesson_06():
    path = rules.descend(rules.momentum, lambda w: np.ones(1), [0.0], 300, eta=0.1, beta=0.9)
    assert check.speedup.reference == pytest.approx(-(path[-1, 0] - path[-2, 0]) / 0.1)
    path = rules.descend(rules.sgd, lambda w: np.array([w[0], -w[1]]), [1.0, 1e-6], 200, eta=0.1)
    assert check.steps_to_leave.reference == np.argmax(np.abs(path[:, 1]) > 1)


@pytest.mark.parametrize("rule", [rules.sgd, rules.momentum, rules.adam])
def test_a_step_for_many_arrays_is_a_step_for_each(rule):
    rng = np.random.default_rng(0)
    params = [rng.standard_normal(shape) for shape in ((2, 3), (3,), (3, 3))]
    states, alone = [None] * 3, [(p, None) for p in params]
    for _ in range(5):
        grads = [rng.standard_normal(p.shape) for p in params]
        params, states = rules.update_all(rule, params, grads, states, eta=0.1)
        alone = [rule(w, g, s, eta=0.1) for (w, s), g in zip(alone, grads, strict=True)]
        for p, (w, _) in zip(params, alone, strict=True):
            np.testing.assert_array_equal(p, w)


def test_arrays_and_states_that_are_not_as_many_are_named():
    with pytest.raises(ValueError, match=r"2 parameters, 2 gradients and 1 states.*\[None\] \* len"):
        rules.update_all(rules.sgd, [1.0, 2.0], [1.0, 1.0], [None], eta=0.1)
