"""The update rules and their runner: Keras's numbers, purity, types, and errors in words."""

import warnings

import numpy as np
import pytest

from helpers.rules import descend, sgd

CURVATURE = np.array([1.0, 4.0])


def bowl(w):
    """Return the gradient of (w1² + 4 w2²) / 2."""
    return CURVATURE * w


def momentum(w, grad, v=None, *, eta, beta=0.9):
    """Stand in for a rule of lesson 06: one array of memory, one hyperparameter."""
    v = beta * (0 if v is None else v) - eta * grad
    return w + v, v


def counting(w, grad, state=None, *, eta, power=1):
    """Stand in for Adam: a tuple of memory that counts the steps."""
    t, seen = state or (0, [])
    return w - eta * grad / (t + 1) ** power, (t + 1, [*seen, eta])


def test_sgd_equals_keras_step_for_step():
    keras = pytest.importorskip("keras")
    rng = np.random.RandomState(0)
    kinds = [((), "float64"), ((4, 1), "float64"), ((2, 3, 2), "float64"), ((5,), "float32")]
    ours = [rng.randn(*shape) * np.ones(shape, dtype) for shape, dtype in kinds]
    ours = [np.asarray(w, dtype) for w, (_, dtype) in zip(ours, kinds, strict=True)]
    theirs = [keras.Variable(w, dtype=w.dtype.name) for w in ours]
    eta = 2.0**-4  # powers of two: Keras rounds the learning rate to float32
    optimizer = keras.optimizers.SGD(learning_rate=eta)
    for step in range(1000):
        if step == 500:
            optimizer.learning_rate = eta = 2.0**-7
        # The minimum is not at 0, where TensorFlow drops numbers below 1e-38.
        grads = [np.asarray(np.sin(3 * w) + w - 1.5, w.dtype) for w in ours]
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in grads], theirs)
        ours = [sgd(w, g, eta=eta)[0] for w, g in zip(ours, grads, strict=True)]
        for w, variable, (shape, dtype) in zip(ours, theirs, kinds, strict=True):
            assert w.shape == shape and w.dtype == dtype
            np.testing.assert_array_equal(w, variable.numpy(), err_msg=f"step {step}, shape {shape}")


def test_sgd_steps_against_the_gradient_and_hands_the_state_back():
    state = object()
    w, same = sgd([1.0, -2.0], [0.5, 0.5], state, eta=2)
    assert w.tolist() == [0.0, -3.0] and same is state


def test_sgd_leaves_its_arguments_alone():
    w, grad = np.ones(3), np.full(3, 2.0)
    moved, _ = sgd(w, grad, eta=0.0)
    moved += 1
    assert w.tolist() == [1, 1, 1] and grad.tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("given", "expected"),
    [(np.float64, "float64"), (np.float32, "float32"), (np.int64, "float64"), (np.uint8, "float64"), (bool, "float64")],
)
def test_floats_keep_their_type_and_whole_numbers_become_float64(given, expected):
    w = np.ones(2, given)
    assert sgd(w, np.ones(2, np.float64), eta=np.float64(0.5))[0].dtype == expected
    path = descend(sgd, lambda w: w.astype(np.float64), w, 2, eta=np.float64(0.5))
    assert path.dtype == expected and path.tolist() == [[1, 1], [0.5, 0.5], [0.25, 0.25]]


@pytest.mark.parametrize("shape", [(), (1,), (2,), (3, 1), (2, 2, 2), (0,)])
def test_path_holds_the_start_and_every_step(shape):
    w0 = np.random.RandomState(1).rand(*shape)
    path = descend(sgd, lambda w: w, w0, 3, eta=0.5)
    assert path.shape == (4, *shape)
    np.testing.assert_array_equal(path, [w0 * 0.5**step for step in range(4)])


def test_no_steps_give_the_start_alone():
    assert descend(sgd, bowl, [3, 4], 0, eta=0.1).tolist() == [[3.0, 4.0]]


def test_plain_numbers_are_enough():
    assert descend(sgd, lambda w: 2 * (w - 3), 0, 50, eta=0.25)[-1] == pytest.approx(3)


def test_eta_may_be_a_function_of_the_step_counted_from_zero():
    asked = []

    def schedule(step):
        asked.append(step)
        return 1 / (step + 2)

    path = descend(sgd, lambda w: 1.0, 0.0, 3, eta=schedule)
    assert asked == [0, 1, 2]
    np.testing.assert_allclose(np.diff(path), [-1 / 2, -1 / 3, -1 / 4])


def test_rules_with_memory_and_hyperparameters_have_the_same_call():
    first = descend(momentum, bowl, [1.0, 1.0], 5, eta=0.1, beta=0.5)
    w, v = np.ones(2), np.zeros(2)
    for point in first[1:]:
        v = 0.5 * v - 0.1 * bowl(w)
        w = w + v
        np.testing.assert_array_equal(point, w)
    steps = np.diff(descend(counting, lambda w: 1.0, 0.0, 3, eta=lambda step: 6.0, power=1))
    assert steps.tolist() == [-6, -3, -2]
    again = descend(momentum, bowl, [1.0, 1.0], 5, eta=0.1, beta=0.5)
    np.testing.assert_array_equal(first, again)  # no memory is left from one run to the next


def test_a_rule_or_gradient_that_works_in_place_harms_nothing():
    def rude_rule(w, grad, state=None, *, eta):
        grad *= eta
        w -= grad
        return w, state

    def rude_gradient(w):
        w *= 2
        return w

    w0 = np.array([1.0, -1.0])
    path = descend(rude_rule, rude_gradient, w0, 3, eta=0.25)
    np.testing.assert_array_equal(path, descend(sgd, lambda w: 2 * w, w0, 3, eta=0.25))
    assert w0.tolist() == [1, -1]


def test_a_gradient_kept_in_one_buffer_is_not_written_to():
    buffer = np.ones(2)

    def greedy(w, grad, state=None, *, eta):
        grad[:] = 99
        return w - eta, state

    descend(greedy, lambda w: buffer, [0.0, 0.0], 2, eta=1)
    assert buffer.tolist() == [1, 1]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_diverging_run_ends_in_inf_or_nan_without_a_warning(dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = descend(sgd, lambda w: w**3, np.full(2, 3, dtype), 60, eta=2.0)
        w, _ = sgd(np.array([3e38], np.float32), np.array([-3e38], np.float32), eta=8)
    assert path.shape == (61, 2) and path.dtype == dtype
    assert not np.isfinite(path[-1]).any() and np.isinf(w).all()


def test_the_trap_of_n_1_against_n_is_named():
    x, y = np.ones((5, 1)), np.ones(5)
    w = np.zeros(1)
    with pytest.raises(ValueError, match=r"shape \(5, 1\).*shape \(5,\).*\(n, n\)"):
        sgd(y, x, eta=0.1)
    with pytest.raises(ValueError, match=r"shape \(1, 1\).*shape \(1,\).*reshape\(\(1,\)\)"):
        descend(sgd, lambda w: x.T @ (x @ w[:, None]), w, 1, eta=0.1)
    with pytest.raises(ValueError, match=r"gradient has shape \(2, 1\).*shape \(2,\)"):
        descend(momentum, lambda w: w[:, None], [1.0, 1.0], 1, eta=0.1)
    with pytest.raises(ValueError, match=r"shape \(5, 5\).*shape \(5,\).*spread them"):
        sgd(y, x - y, eta=0.1)
    with pytest.raises(ValueError, match=r"shape \(2,\).*shape \(5,\)"):
        sgd(y, [1, 2], eta=0.1)


@pytest.mark.parametrize("eta", ["0.1", None, True, np.True_, [0.1], np.array([0.1, 0.2]), 1j, {}])
def test_eta_that_is_no_number_is_refused(eta):
    with pytest.raises(TypeError, match="eta must be one number"):
        sgd(1.0, 1.0, eta=eta)
    with pytest.raises(TypeError, match="eta must be one number"):
        descend(sgd, bowl, [1.0, 1.0], 1, eta=eta)
    with pytest.raises(TypeError, match="eta must be one number"):
        descend(sgd, bowl, [1.0, 1.0], 1, eta=lambda step: eta)


@pytest.mark.parametrize("eta", [np.inf, -np.inf, np.nan])
def test_eta_that_is_not_finite_is_refused(eta):
    with pytest.raises(ValueError, match="eta must be a finite number"):
        sgd(1.0, 1.0, eta=eta)
    with pytest.raises(ValueError, match="eta must be a finite number"):
        descend(sgd, bowl, [1.0, 1.0], 1, eta=lambda step: eta)


def test_a_schedule_belongs_to_descend():
    with pytest.raises(TypeError, match="descend"):
        sgd(1.0, 1.0, eta=lambda step: 0.1)


@pytest.mark.parametrize("num_steps", [1.5, 10.0, "10", None, True, [3]])
def test_num_steps_must_be_a_whole_number(num_steps):
    with pytest.raises(TypeError, match="num_steps must be a whole number"):
        descend(sgd, bowl, [1.0, 1.0], num_steps, eta=0.1)


def test_num_steps_must_not_be_negative():
    with pytest.raises(ValueError, match="num_steps must be 0 or more"):
        descend(sgd, bowl, [1.0, 1.0], -1, eta=0.1)
    assert len(descend(sgd, bowl, [1.0, 1.0], np.int64(2), eta=0.1)) == 3


@pytest.mark.parametrize("value", ["one", None, ["a", "b"], [1, [2, 3]], 1j, {}])
def test_what_is_no_number_is_refused_by_name(value):
    with pytest.raises(TypeError, match="w must be a number"):
        sgd(value, 1.0, eta=0.1)
    with pytest.raises(TypeError, match="w0 must be a number"):
        descend(sgd, bowl, value, 1, eta=0.1)
    with pytest.raises(TypeError, match="gradient must be a number"):
        descend(sgd, lambda w: value, [1.0, 1.0], 1, eta=0.1)


def test_a_rule_that_is_not_a_rule_is_refused():
    with pytest.raises(TypeError, match="must return a pair"):
        descend(lambda w, grad, state, *, eta: w - eta * grad, bowl, [1.0, 1.0], 1, eta=0.1)
    with pytest.raises(ValueError, match=r"rule's new w has shape \(\)"):
        descend(lambda w, grad, state, *, eta: (0.0, state), bowl, [1.0, 1.0], 1, eta=0.1)
    with pytest.raises(TypeError, match="beta"):
        descend(sgd, bowl, [1.0, 1.0], 1, eta=0.1, beta=0.9)
