"""The update rules and their runner: purity, types, errors in words, and what theory says about a quadratic.

Against Keras: test_rules_against_keras.py.
"""

import warnings

import numpy as np
import pytest

from helpers.rules import adam, adamw, descend, momentum, nesterov, rmsprop, sgd

CURVATURE = np.array([1.0, 4.0])
RULES = [sgd, momentum, nesterov, rmsprop, adam, adamw]
EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)


def bowl(w):
    """Return the gradient of (w1² + 4 w2²) / 2."""
    return CURVATURE * w


def arrays_of(state):
    """Return the arrays that a rule remembers."""
    return [] if state is None else [state] if not isinstance(state, tuple) else list(state[:-1])


def one_sentence(message):
    """Say whether a message is one line of words that ends with a full stop."""
    return "\n" not in message and message.endswith(".") and 40 < len(message) < 250


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
    again = descend(momentum, bowl, [1.0, 1.0], 5, eta=0.1, beta=0.5)
    np.testing.assert_array_equal(first, again)  # no memory is left from one run to the next


def test_a_state_of_any_kind_is_handed_on():
    def counting(w, grad, state=None, *, eta, power):
        t = (state or {"t": 0})["t"] + 1
        return w - eta * grad / t**power, {"t": t}

    assert np.diff(descend(counting, lambda w: 1.0, 0.0, 3, eta=6, power=1)).tolist() == [-6, -3, -2]


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


HYPER = {
    sgd: {},
    momentum: {"beta": 0.5},
    nesterov: {"beta": 0.5},
    rmsprop: {"rho": 0.5, "epsilon": 1e-3},
    adam: {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 1e-3},
    adamw: {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 1e-3, "weight_decay": 0.25},
}


@EVERY_RULE
def test_rules_are_pure(rule):
    rng = np.random.RandomState(2)
    w, grad = rng.randn(3, 2), rng.randn(3, 2)
    state = rule(w, grad, eta=0.1)[1]
    given = [w, grad, *arrays_of(state)]
    before = [array.copy() for array in given]
    for array in given:
        array.flags.writeable = False  # working in place raises
    first, second = (rule(w, grad, state, eta=0.1, **HYPER[rule]) for _ in range(2))
    new = [first[0], *(arrays_of(first[1]))]
    for one, other in zip(new, [second[0], *arrays_of(second[1])], strict=True):
        np.testing.assert_array_equal(one, other)  # nothing is remembered anywhere else
    assert not any(np.shares_memory(mine, yours) for mine in new for yours in given)
    for array, old in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, old)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (4, 1), (2, 3, 2), (0,)])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@EVERY_RULE
def test_type_and_shape_are_kept(rule, dtype, shape):
    hyper = {name: np.float64(value) for name, value in HYPER[rule].items()}  # would turn float32 into float64
    w, state = np.ones(shape, dtype), None
    for step in range(3):
        w, state = rule(w, np.ones(shape), state, eta=np.float64(0.5), **hyper)
        assert all(np.shape(part) == shape and part.dtype == dtype for part in [w, *arrays_of(state)])
        assert state is None or len(arrays_of(state)) == (2 if rule in (adam, adamw) else 1)
        assert not isinstance(state, tuple) or (type(state[-1]) is int and state[-1] == step + 1)


@EVERY_RULE
def test_lists_and_plain_numbers_are_enough(rule):
    expected, state = rule(np.array([1.0, 2.0]), np.array([3.0, -4.0]), eta=0.1)
    w, as_lists = rule([1, 2], [3, -4], eta=0.1)
    np.testing.assert_array_equal(w, expected)
    number, _ = rule(1, 3, eta=0.1)
    assert number.dtype == "float64" and number == expected[0]
    arrays = [array.tolist() for array in arrays_of(as_lists)]
    given = None if state is None else (*arrays, 1) if isinstance(state, tuple) else arrays[0]
    np.testing.assert_array_equal(rule([1, 2], [3, -4], given, eta=0.1)[0], rule([1, 2], [3, -4], state, eta=0.1)[0])


@EVERY_RULE
def test_no_state_means_zeros_and_is_the_default(rule):
    w, grad = np.array([1.0, -2.0]), np.array([0.5, 0.25])
    zeros = {sgd: None, adam: (0 * w, 0 * w, 0), adamw: (0 * w, 0 * w, 0)}.get(rule, 0 * w)
    for start in ((), (None,), (zeros,)):
        np.testing.assert_array_equal(rule(w, grad, *start, eta=0.1)[0], rule(w, grad, eta=0.1)[0])


@EVERY_RULE
def test_every_rule_checks_weights_gradient_and_eta(rule):
    with pytest.raises(ValueError, match=r"gradient has shape \(2, 1\).*shape \(2,\)"):
        rule([1.0, 1.0], [[1.0], [1.0]], eta=0.1)
    with pytest.raises(TypeError, match="w must be a number"):
        rule("one", 1.0, eta=0.1)
    with pytest.raises(TypeError, match="eta must be one number"):
        rule(1.0, 1.0, eta="0.1")
    with pytest.raises(ValueError, match="eta must be a finite number"):
        rule(1.0, 1.0, eta=np.nan)


TWO = np.zeros(2)


@pytest.mark.parametrize("rule", [momentum, nesterov, rmsprop], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        (np.zeros(3), ValueError, r"state has shape \(3,\), the weights have shape \(2,\).*one state for each"),
        (np.zeros((2, 1)), ValueError, r"state has shape \(2, 1\)"),
        (0.0, ValueError, r"state has shape \(\)"),
        ((TWO, TWO, 1), TypeError, r"what this rule returned the step before, or None, found .*\(tuple\)"),  # Adam's
        ((TWO, TWO), TypeError, r"what this rule returned the step before, or None, found .*\(tuple\)"),
        ([TWO, TWO], ValueError, r"state has shape \(2, 2\)"),
        ([TWO, None], TypeError, "state must be a number or an array of numbers, found .*None"),
        ([None, None], TypeError, "state must be a number or an array of numbers, found .*None"),
        ("v", TypeError, "state must be a number or an array of numbers, found 'v'"),
    ],
)
def test_a_wrong_state_is_named(rule, state, error, words):
    with pytest.raises(error, match=words) as caught:
        rule(TWO, TWO, state, eta=0.1)
    assert one_sentence(str(caught.value))


@pytest.mark.parametrize("rule", [adam, adamw], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        ((np.zeros(3), TWO, 1), ValueError, r"state has shape \(3,\), the weights have shape \(2,\).*one state for"),
        ((TWO, 0.0, 1), ValueError, r"state has shape \(\)"),
        (TWO, TypeError, r"what this rule returned the step before, or None, found an array of shape \(2,\)"),
        ([TWO, TWO, 1], TypeError, r"what this rule returned the step before.*\(list\)"),
        ((TWO, TWO), TypeError, r"what this rule returned the step before.*\(tuple\)"),
        ((None, None, 0), TypeError, "state must be a number or an array of numbers, found 'None'"),
        ((TWO, TWO, None), TypeError, "state's number of steps must be a whole number such as 100, found 'None'"),
        ((TWO, TWO, 1.5), TypeError, "state's number of steps must be a whole number such as 100, found '1.5'"),
        ((TWO, TWO, -1), ValueError, "state's number of steps must be 0 or more, found -1"),
    ],
)
def test_a_wrong_state_of_adam_is_named(rule, state, error, words):
    with pytest.raises(error, match=words) as caught:
        rule(TWO, TWO, state, eta=0.1)
    assert one_sentence(str(caught.value))


SHARES = [(1, ValueError), (1.5, ValueError), (-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError)]
WRONG_TYPE = [
    (value, TypeError)
    for value in ("0.9", None, True, np.True_, [0.9], [0.9, [1, 2]], np.array([0.9]), 1j, {}, lambda step: 0.9)
]
POSITIVE = [(-0.1, ValueError), (np.nan, ValueError), (np.inf, ValueError)]
WRONG = {"epsilon": [*POSITIVE, (0, ValueError)], "weight_decay": POSITIVE}


@pytest.mark.parametrize(("rule", "name"), [(rule, name) for rule in RULES for name in HYPER[rule]])
def test_a_wrong_hyperparameter_is_named(rule, name):
    for value, error in [*WRONG.get(name, SHARES), *WRONG_TYPE]:
        with pytest.raises(error, match=f"^{name} must be .*, found ") as caught:
            rule(1.0, 1.0, eta=0.1, **{name: value})
        assert one_sentence(str(caught.value)), str(caught.value)
        with pytest.raises(error, match=f"^{name} must be"):
            descend(rule, bowl, [1.0, 1.0], 1, eta=0.1, **{name: value})


@pytest.mark.parametrize(("rule", "name"), [(rule, name) for rule in RULES for name in HYPER[rule]])
def test_hyperparameters_may_be_0_where_that_means_something(rule, name):
    if name != "epsilon":
        assert rule(1.0, 1.0, eta=0.1, **{name: 0}) == rule(1.0, 1.0, eta=0.1, **{name: 0.0})


def test_a_hyperparameter_of_another_rule_is_refused():
    with pytest.raises(TypeError, match="rho"):
        descend(adam, bowl, [1.0, 1.0], 1, eta=0.1, rho=0.9)


@EVERY_RULE
def test_every_rule_runs_under_descend_with_its_hyperparameters(rule):
    path = descend(rule, bowl, [1.0, -2.0], 20, eta=lambda step: 0.1 / (step + 1), **HYPER[rule])
    w, state = np.array([1.0, -2.0]), None
    for step in range(20):
        w, state = rule(w, bowl(w), state, eta=0.1 / (step + 1), **HYPER[rule])
        np.testing.assert_array_equal(path[step + 1], w)
    for name in HYPER[rule]:  # each of them counts: the default in its place leads elsewhere
        others = {key: value for key, value in HYPER[rule].items() if key != name}
        assert np.abs(descend(rule, bowl, [1.0, -2.0], 20, eta=0.1, **others)[-1]
                      - descend(rule, bowl, [1.0, -2.0], 20, eta=0.1, **HYPER[rule])[-1]).max() > 1e-6  # fmt: skip


@EVERY_RULE
def test_every_rule_reaches_the_minimum(rule):
    hyper = {"weight_decay": 0.0} if rule is adamw else {}
    path = descend(rule, lambda w: bowl(w - [3, -1]), [0.0, 0.0], 500, eta=lambda step: 0.2 * 0.99**step, **hyper)
    np.testing.assert_allclose(path[-1], [3, -1], atol=0.01)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@EVERY_RULE
def test_no_rule_warns_when_it_overflows(rule, dtype):
    huge = np.array([np.finfo(dtype).max], dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        w, state = rule(huge, -huge, eta=8)
        w, state = rule(w, np.array([np.inf], dtype), state, eta=8)
        w, state = rule(w, np.array([np.nan], dtype), state, eta=8)
        path = descend(rule, lambda w: w**3 if rule in RULES[:3] else w / 0, np.full(2, 3, dtype), 60, eta=2.0)
    assert w.dtype == dtype and np.isnan(w).all()
    assert path.dtype == dtype and not np.isfinite(path[-1]).any()


def path_on(curvature, rule, eta, num_steps, **hyper):
    """Return how far from the minimum of Σ curvature w² / 2 each point is, started at ones."""
    curvature = np.array(curvature)
    path = descend(rule, lambda w: curvature * w, np.ones(len(curvature)), num_steps, eta=eta, **hyper)
    return np.abs(path).max(axis=1)


LARGEST = 4.0  # λmax
LIMITS = [(sgd, 2 / LARGEST, {})] + [
    (rule, limit(beta) / LARGEST, {"beta": beta})
    for rule, limit in [(momentum, lambda b: 2 * (1 + b)), (nesterov, lambda b: 2 * (1 + b) / (1 + 2 * b))]
    for beta in (0.0, 0.3, 0.5, 0.9, 0.99)
]


@pytest.mark.parametrize(("rule", "limit", "hyper"), LIMITS)
def test_the_limit_of_the_learning_rate_on_a_quadratic(rule, limit, hyper):
    below = path_on([0.5, 2.0, LARGEST], rule, 0.99 * limit, 2000, **hyper)
    above = path_on([0.5, 2.0, LARGEST], rule, 1.01 * limit, 2000, **hyper)
    assert below[-1] < 1e-3 and above[-1] > 1e6


def test_the_best_heavy_ball_has_its_rate():
    smallest, largest = 0.2, 4.0
    root = np.sqrt(largest / smallest)
    rate = (root - 1) / (root + 1)  # 0.63 a step, where plain descent's best is 0.90
    eta, beta = 4 / (np.sqrt(largest) + np.sqrt(smallest)) ** 2, rate**2

    def measured(eta, beta):
        distance = path_on([smallest, largest], momentum, eta, 400, beta=beta)
        return (distance[395:].max() / distance[195:201].max()) ** (1 / 200)

    assert measured(eta, beta) == pytest.approx(rate, rel=0.01)
    others = [(eta * 0.9, beta), (eta * 1.1, beta), (eta, beta - 0.05), (eta, beta + 0.05)]
    assert all(measured(*other) > 1.02 * rate for other in others)
    plain = path_on([smallest, largest], sgd, 2 / (smallest + largest), 200)
    assert (plain[200] / plain[100]) ** (1 / 100) == pytest.approx((root**2 - 1) / (root**2 + 1), rel=1e-6)


def hilly(w):
    """Return the gradient of a function with several minima, in which the weights pull at each other."""
    return np.sin(3 * w) + w - 1.5 + 0.3 * np.roll(w, 1)


def decaying(step):
    """Return a learning rate that changes at every step."""
    return 0.1 / (1 + 0.01 * step)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_nesterov_walks_the_look_ahead_points_of_the_textbook(beta):
    ours = descend(nesterov, hilly, [2.0, -1.0, 0.5], 300, eta=decaying, beta=beta)
    w, v = np.array([2.0, -1.0, 0.5]), np.zeros(3)
    for step in range(300):
        ahead = w + beta * v  # Sutskever et al. (2013): the gradient is looked up here
        np.testing.assert_allclose(ours[step], ahead, rtol=0, atol=1e-12)
        v = beta * v - decaying(step) * hilly(ahead)
        w = w + v


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_nesterov_walks_the_points_y_of_1983(beta):
    ours = descend(nesterov, hilly, [2.0, -1.0, 0.5], 300, eta=decaying, beta=beta)
    x = y = np.array([2.0, -1.0, 0.5])
    for step in range(300):
        np.testing.assert_allclose(ours[step], y, rtol=0, atol=1e-12)
        x, before = y - decaying(step) * hilly(y), x
        y = x + beta * (x - before)
