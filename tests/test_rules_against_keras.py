"""The six rules are those of Keras and of TensorFlow's own kernels, step for step: weights and memory, 1,000 steps.

Both sides get the same gradients, those of our walk: rounding errors then add up and are never amplified. A number is
compared with the largest that its place saw during the walk (`assert_same_walk`), so that small ones count as well.
"""

import inspect
from functools import cache

import numpy as np
import pytest

from helpers import rules

NUM_STEPS = 1000
ETAS = (2.0**-4, 2.0**-7)  # first half, second half; powers of two, since Keras keeps the learning rate in float32


def waves(w, noise):
    """Return a gradient with several minima, none of them at 0, where TensorFlow drops numbers below 1e-38."""
    return np.sin(3 * w) + w - 1.5


def chain(w, noise):
    """Return the gradient of Σ (w[i] - cos w[i+1])² / 2, in which neighbors pull at each other."""
    gap = w - np.cos(np.roll(w, -1))
    return gap + np.roll(gap, 1) * np.sin(w)


def batches(w, noise):
    """Return the gradient of a bowl as mini-batches see it: its sign changes all the time."""
    return w - 0.7 + noise


def tiny(w, noise):
    """Return gradients of size 1, 0.1, ... 1e-12, as small as epsilon and far smaller."""
    return np.logspace(0, -12, w.size).reshape(w.shape) * (0.3 + noise)


PLACES = [
    (waves, (), "float64"),
    (chain, (5,), "float64"),
    (batches, (4, 1), "float64"),
    (tiny, (2, 3, 2), "float64"),
    (tiny, (2, 3, 2), "float32"),
]
NUM_FLOAT64 = 4

# The last two betas, the last set of Adam and the last of AdamW are the usual ones; float32 holds all the others
# exactly, so that Keras works with the same numbers as we do.
MOMENTA = [{"beta": beta} for beta in (0.0, 0.5, 0.9375, 0.9, 0.99)]
ADAMS = [
    {"beta_1": 0.5, "beta_2": 0.75, "epsilon": 2.0**-10},
    {"beta_1": 0.875, "beta_2": 1 - 2.0**-10, "epsilon": 1e-7},
    {"beta_1": 0.0, "beta_2": 0.9375, "epsilon": 1e-12},
    {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
]
SETS = {
    "sgd": [{}],
    "momentum": MOMENTA,
    "nesterov": MOMENTA,
    "rmsprop": [{"rho": 0.75, "epsilon": 1e-3}, {"rho": 0.999, "epsilon": 1e-12}, {"rho": 0.9, "epsilon": 1e-7}],
    "adam": ADAMS,
    "adamw": [
        {"weight_decay": 0.5} | ADAMS[0],
        {"weight_decay": 2.0**-7} | ADAMS[1],
        {"weight_decay": 0.0} | ADAMS[2],
        {"weight_decay": 0.004} | ADAMS[3],
    ],
}
CASES = [(name, hyper) for name, sets in SETS.items() for hyper in sets]


def case_id(case):
    name, hyper = CASES[case]
    return "-".join([name, *map("{:.4g}".format, hyper.values())])


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def tf(keras):
    return pytest.importorskip("tensorflow")


@cache
def our_walk(case, place):
    """Walk with our rule; return the start, the gradients, and (w, *memory) after every step, all stacked."""
    (name, hyper), (gradient, shape, dtype) = CASES[case], PLACES[place]
    rule, rng = getattr(rules, name), np.random.default_rng(6)
    start = np.asarray(rng.standard_normal(shape) * (gradient is not tiny), dtype)  # tiny steps are lost beside a 1
    w, state, grads, trail = start, None, [], []
    for step in range(NUM_STEPS):
        grads.append(np.asarray(gradient(w, rng.standard_normal(shape)), dtype))
        w, state = rule(w, grads[-1], state, eta=ETAS[2 * step // NUM_STEPS], **hyper)
        *memory, count = state if isinstance(state, tuple) else (state, step + 1)
        trail.append([w] if state is None else [w, *memory])
        assert count == step + 1
    trail = np.array(trail)
    assert trail.dtype == dtype and trail.shape[2:] == shape
    return start, np.array(grads), trail


def assert_same_walk(ours, theirs, atol):
    """Compare every number with the largest of its place on the walk."""
    assert ours.shape == theirs.shape and np.isfinite(ours).all()
    largest = np.abs(ours).max(axis=0)
    assert (largest > 0).all()
    np.testing.assert_allclose(theirs / largest, ours / largest, rtol=0, atol=atol)


def rounding(dtype):
    """Return what rounding may do to a sum of NUM_STEPS steps, 2e-13 in float64: one last place at every step."""
    return NUM_STEPS * np.finfo(dtype).eps


def lost_in_float32(hyper):
    """Return what Keras's walk may lose because its betas and weight decay pass through float32; 0 for exact ones.

    What counts of a beta is 1 - beta: a running mean is 1 / (1 - beta) steps long, and Adam's bias correction is
    1 - beta**t. 0.9 loses 2e-7 and 0.999 1e-5; walks lose about as much, and never twice as much.
    """
    losses = [0.0]
    for name, value in hyper.items():
        counts = 1 - value if name.startswith("beta") else value
        if name not in ("rho", "epsilon") and counts:
            losses.append(abs(float(np.float32(value)) - value) / counts)
    return 2 * max(losses)


def keras_optimizer(keras, name, hyper):
    """Return the optimizer of Keras that a rule of ours claims to be."""
    kinds = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW}
    if name in kinds:
        return kinds[name](ETAS[0], **hyper)
    return keras.optimizers.SGD(ETAS[0], momentum=hyper.get("beta", 0.0), nesterov=name == "nesterov")


def replay(tf, update, tracked, grads):
    """Call `update(grads, eta, step)` for every step, in a compiled graph as `fit` does; return what is tracked."""

    @tf.function
    def steps(grads, eta, first):
        trails = [tf.TensorArray(g.dtype, size=len(g)) for g in grads]
        for i in tf.range(len(grads[0])):
            update([g[i] for g in grads], eta, first + i)
            now = [tf.stack([tf.convert_to_tensor(v) for v in variables]) for variables in tracked]
            trails = [trails[j].write(i, now[j]) for j in range(len(now))]
        return [trail.stack() for trail in trails]

    halves = []
    for first, eta in zip((0, NUM_STEPS // 2), ETAS, strict=True):
        half = [tf.constant(g[first : first + NUM_STEPS // 2]) for g in grads]
        halves.append(steps(half, tf.constant(eta, tf.float64), tf.constant(first)))
    return [np.concatenate(pair) for pair in zip(*halves, strict=True)]


@pytest.mark.parametrize("case", [i for i, (_, hyper) in enumerate(CASES) if hyper.get("beta") != 0], ids=case_id)
def test_a_rule_is_the_optimizer_of_keras(case, keras, tf):
    name, hyper = CASES[case]
    starts, grads, ours = zip(*[our_walk(case, place) for place in range(len(PLACES))], strict=True)
    variables = [keras.Variable(start, dtype=start.dtype.name) for start in starts]
    optimizer = keras_optimizer(keras, name, hyper)
    optimizer.build(variables)
    memory = [part.value for part in optimizer.variables[2:]]  # after its step and learning rate; by weights, then kind
    each = len(memory) // len(variables)
    tracked = [[w.value, *memory[i * each : (i + 1) * each]] for i, w in enumerate(variables)]

    def update(grads, eta, step):
        optimizer.learning_rate.assign(tf.cast(eta, tf.float32))
        optimizer.apply(grads, variables)

    theirs = replay(tf, update, tracked, grads)  # not with momentum=0: Keras's SGD then keeps no velocity
    assert int(optimizer.iterations) == NUM_STEPS
    for our, their in zip(ours, theirs, strict=True):
        assert_same_walk(our, their, max(rounding(our.dtype), lost_in_float32(hyper)))


def kernel(tf, name, hyper):
    """Return the step of TensorFlow's own kernel: `step(w, memory, grad, eta, beta_powers)`, in place."""
    if name == "sgd":
        return lambda w, memory, grad, eta, powers: tf.raw_ops.ResourceApplyGradientDescent(
            var=w.handle, alpha=eta, delta=grad
        )
    if name == "rmsprop":  # its last memory is for a momentum, which is 0 here
        return lambda w, memory, grad, eta, powers: tf.raw_ops.ResourceApplyRMSProp(
            var=w.handle, ms=memory[0].handle, mom=memory[1].handle, lr=eta, momentum=0.0, grad=grad, **hyper
        )
    if name in ("momentum", "nesterov"):
        return lambda w, memory, grad, eta, powers: tf.raw_ops.ResourceApplyKerasMomentum(
            var=w.handle, accum=memory[0].handle, lr=eta, grad=grad,
            momentum=hyper["beta"], use_nesterov=name == "nesterov",
        )  # fmt: skip

    def adam(w, memory, grad, eta, powers):
        w.assign_sub(eta * hyper.get("weight_decay", 0.0) * w)  # no kernel has AdamW's decay: it comes before the step
        tf.raw_ops.ResourceApplyAdam(
            var=w.handle, m=memory[0].handle, v=memory[1].handle, lr=eta, grad=grad, epsilon=hyper["epsilon"],
            beta1=hyper["beta_1"], beta2=hyper["beta_2"], beta1_power=powers[0], beta2_power=powers[1],
        )  # fmt: skip

    return adam


@pytest.mark.parametrize("case", range(len(CASES)), ids=case_id)
def test_a_rule_is_the_kernel_of_tensorflow(case, tf):
    """All in float64, which loses nothing of any beta."""
    name, hyper = CASES[case]
    starts, grads, ours = zip(*[our_walk(case, place) for place in range(NUM_FLOAT64)], strict=True)
    all_tracked = [[tf.Variable(start), *(tf.Variable(np.zeros_like(start)) for _ in range(2))] for start in starts]
    one_step = kernel(tf, name, hyper)
    betas = np.array([hyper.get("beta_1", 0.0), hyper.get("beta_2", 0.0)])
    powers = tf.constant(betas ** np.arange(1, NUM_STEPS + 1)[:, None])

    def update(grads, eta, step):
        for j in range(len(grads)):
            w, *memory = all_tracked[j]
            one_step(w, memory, grads[j], eta, powers[step])

    tracked = [variables[: our.shape[1]] for variables, our in zip(all_tracked, ours, strict=True)]
    for our, their in zip(ours, replay(tf, update, tracked, grads), strict=True):
        assert_same_walk(our, their, rounding("float64"))


@pytest.mark.parametrize("name", ["rmsprop", "adam", "adamw"])
def test_defaults_are_those_of_keras(name, keras):
    theirs = keras_optimizer(keras, name, {}).get_config()
    defaults = {p.name: p.default for p in inspect.signature(getattr(rules, name)).parameters.values()}
    hyper = {key: value for key, value in defaults.items() if key not in ("w", "grad", "state", "eta")}
    assert hyper and hyper == {key: theirs[key] for key in hyper}
