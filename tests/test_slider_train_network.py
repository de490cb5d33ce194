"""The explorer of a network in training: its runs against the slow path, its goal, dead units, bad and odd data."""

import html
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from helpers import network, rules
from helpers.data import make_moons
from helpers.sliders import Explorer
from helpers.sliders.train_network import MOST_RUNS, WIDTHS, train_network
from helpers.sliders.train_network_run import CHECKPOINTS, STEPS, best_line

rng = np.random.default_rng(0)
X, labels = make_moons(120, rng, noise=0.2)
X_val, labels_val = make_moons(120, rng, noise=0.2)
MOONS = X, labels, X_val, labels_val
DEFAULT = {"width": 4, "eta": 0.5, "num_steps": 200, "seed": 0}


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets all that it needs."""
    return train_network(*MOONS)


def at(explorer: Explorer, **settings: Any) -> dict[str, Any]:
    """Return the values of a setting; what is not named is the default."""
    explorer.set(**{**DEFAULT, **settings})
    assert explorer.message == ""
    return explorer.values


def by_hand(width: int, eta: float, num_steps: int, seed: int) -> tuple[network.Parameters, list[float], list[float]]:
    """Return the parameters, and the training and validation loss of every step, by the lesson's own functions."""
    params, losses, val_losses = network.initialize((2, width, 2), np.random.default_rng(seed)), [], []
    for step in range(num_steps + 1):
        loss, grads = network.loss_and_gradients(params, X, labels)
        losses.append(loss)
        val_losses.append(network.loss_and_gradients(params, X_val, labels_val)[0])
        if step < num_steps:
            params = [rules.sgd(w, grad, eta=eta)[0] for w, grad in zip(params, grads, strict=True)]
    return params, losses, val_losses


@pytest.mark.parametrize(
    ("width", "eta", "num_steps", "seed"),
    [
        (4, 0.5, 200, 0),
        (1, 3, 200, 0),
        (3, 1, 500, 7),
        (32, 10, 100, 3),
        (8, 5, 200, 19),
        (2, 0.01, 1, 1),
        (6, 1, 0, 2),
    ],
)
def test_a_run_is_that_of_the_slow_path(shared, width, eta, num_steps, seed):
    values = at(shared, width=width, eta=eta, num_steps=num_steps, seed=seed)
    params, losses, val_losses = by_hand(width, eta, num_steps, seed)
    for found, expected in zip(values["params"], params, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(values["losses"], losses, rtol=1e-9)
    np.testing.assert_allclose(values["val_losses"], np.array(val_losses)[values["val_steps"]], rtol=1e-9)
    assert (values["loss"], values["val_loss"]) == (values["losses"][-1], values["val_losses"][-1])
    assert values["val_steps"][0] == 0 and values["val_steps"][-1] == num_steps
    assert values["mistakes"] == np.sum(network.predict(params, X) != labels)
    assert values["val_mistakes"] == np.sum(network.predict(params, X_val) != labels_val)
    assert values["num_parameters"] == 5 * width + 2


def test_going_on_is_the_same_as_going_all_the_way():
    stepwise, at_once = train_network(*MOONS, width=8, eta=2.0), train_network(*MOONS, width=8, eta=2.0, num_steps=1000)
    for num_steps in (0, 1, 50, 2, 500, 1000, 20, 1000):
        stepwise.set(num_steps=num_steps)
        assert len(stepwise.values["losses"]) == num_steps + 1
        np.testing.assert_array_equal(stepwise.values["losses"], at_once.values["losses"][: num_steps + 1])
        assert stepwise.values["val_losses"].tolist() == at_once.values["val_losses"][num_steps >= CHECKPOINTS].tolist()
    for found, expected in zip(stepwise.values["params"], at_once.values["params"], strict=True):
        np.testing.assert_array_equal(found, expected)


def test_fewer_steps_and_other_controls_cost_no_second_run(shared):
    runs = shared._compute.__self__.runs
    at(shared, eta=0.25, num_steps=1000)
    run = runs[4, 0.25, 0]
    path = run.path
    at(shared, eta=0.25, num_steps=20)
    assert runs[4, 0.25, 0] is run and run.path is path
    for seed in range(MOST_RUNS + 5):
        at(shared, seed=seed % 20, width=WIDTHS[seed // 20], num_steps=1)
    assert len(runs) == MOST_RUNS and (4, 0.25, 0) not in runs


def test_the_values_are_the_readers_own(shared):
    values = at(shared)
    for array in (*values["params"], values["losses"], values["val_losses"], values["grid_x"]):
        array[...] = 7
    again = at(shared, num_steps=100), at(shared)
    assert all((found["losses"] < 2).all() and found["grid_x"][0] < -1 for found in again)


def test_p_is_the_networks_own_probability(shared):
    values = at(shared, seed=7, eta=1, num_steps=1000)
    row, column = 30, 70
    point = [[values["grid_x"][column], values["grid_y"][row]]]
    score = network.forward(values["params"], point)[-1][0]
    assert values["margin"][row, column] == pytest.approx(score[1] - score[0])
    assert values["p"][row, column] == pytest.approx(np.exp(score[1]) / np.exp(score).sum())
    assert values["p"].shape == (len(values["grid_y"]), len(values["grid_x"]))


def test_a_dead_unit_is_off_at_every_training_point(shared):
    for settings in ({"width": 1}, {"width": 32, "eta": 10}, {"width": 16, "eta": 5, "seed": 2}, {"width": 8}):
        values = at(shared, **settings)
        off = [(X @ w + b <= 0).all() for w, b in zip(values["params"][0].T, values["params"][1], strict=True)]
        assert values["dead"] == sum(off)
        assert ("dead" in shared.summary) == any(off)
    values = at(shared, width=1)  # this start dies: the answer is the same for all points
    assert values["dead"] == 1 and values["mistakes"] == 60 and values["loss"] == pytest.approx(np.log(2), rel=1e-3)
    assert "The hidden unit is dead" in shared.summary


def test_it_says_where_it_diverges(shared):
    values = at(shared, width=2, eta=10, num_steps=500, seed=0)
    while not values["diverges"] and values["seed"] < 19:
        values = at(shared, width=2, eta=10, num_steps=500, seed=values["seed"] + 1)
    assert values["diverges"] and "diverges, the loss starts at" in shared.summary
    assert values["losses"][-50:].max() > 2 * values["losses"][0]
    assert not at(shared)["diverges"] and "diverges" not in shared.summary


@pytest.mark.parametrize("scale", [1e3, 1e100, 1e160])
def test_a_loss_that_is_no_number_any_more_has_a_picture(scale):
    explorer = train_network(X * scale, labels, X_val * scale, labels_val, eta=10, num_steps=1000)
    values = explorer.values
    assert explorer.message == "" and len(explorer.image.value) > 1000
    assert values["diverges"] == (not values["loss"] < 2 * values["losses"][0])
    assert values["diverges"] == ("diverges" in explorer.summary)
    assert "nan" not in explorer.summary and " inf" not in explorer.summary
    explorer.set(num_steps=0, eta=0.01)
    assert explorer.message == ""


def test_the_line_is_that_of_logistic_regression():
    found = best_line(X, labels)
    model = LogisticRegression(C=1e3).fit(X, labels)
    np.testing.assert_allclose(found / found[2], [*model.coef_[0] / model.intercept_[0], 1], rtol=0.01)
    values = train_network(*MOONS).values
    assert values["line_mistakes"] == np.sum(model.predict(X_val) != labels_val)


def test_the_goal_takes_more_than_the_default_and_at_most_four_units(shared):
    values = at(shared)
    allowed = values["line_mistakes"] // 2
    assert f"at most {allowed} of the 120 validation points wrong" in html.unescape(shared.children[0].value)
    assert not values["goal_met"] and "Goal met" not in shared.summary
    values = at(shared, eta=1, num_steps=1000, seed=7)
    assert values["goal_met"] and values["val_mistakes"] <= allowed and "✓ Goal met" in shared.summary
    values = at(shared, width=32, eta=1, num_steps=1000)
    assert values["val_mistakes"] <= allowed and not values["goal_met"]
    assert "now with at most 4 hidden units" in shared.summary


def test_two_units_do_not_reach_the_goal_and_eight_make_few_mistakes(shared):
    for seed in range(10):
        values = at(shared, width=2, eta=1, num_steps=1000, seed=seed)
        assert values["val_mistakes"] > values["line_mistakes"] // 2
        assert at(shared, width=8, eta=1, num_steps=1000, seed=seed)["val_mistakes"] <= 5


@pytest.mark.parametrize(
    "settings", [{}, {"width": 1, "eta": 3.0}, {"width": 32, "eta": 10, "seed": 3}, {"num_steps": 0}]
)
def test_the_code_reproduces_the_values(shared, settings):
    values = at(shared, **settings)
    namespace = dict(zip(("X", "labels", "X_val", "labels_val"), MOONS, strict=True))
    exec(shared.code, namespace)
    names = values.keys() & namespace.keys()
    assert names >= {"width", "losses", "loss", "val_loss", "mistakes", "val_mistakes", "dead", "num_parameters"}
    for name in names - {"params"}:
        np.testing.assert_allclose(namespace[name], values[name], rtol=1e-9, err_msg=name)
    for found, expected in zip(namespace["params"], values["params"], strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "stops"), [("width", WIDTHS), ("num_steps", STEPS), ("seed", range(0, 20, 3))])
def test_every_stop_has_a_small_picture_of_its_own(shared, name, stops):
    pictures = set()
    for stop in stops:
        at(shared, **{name: stop})
        pictures.add(shared.image.value.tobytes())
    assert len(pictures) == len(stops) and all(10_000 < len(picture) < 110_000 for picture in pictures)


def test_a_tick_draws_only_what_moves(shared):
    at(shared)
    background = shared._picture._background
    for settings in ({"width": 16}, {"eta": 9}, {"num_steps": 0}, {"seed": 5, "num_steps": 1000}):
        at(shared, **settings)
        assert shared._picture._background is background


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (("abc", labels, X_val, labels_val), "X must be an array of numbers"),
        ((X[:, 0], labels, X_val, labels_val), "X must be finite numbers of shape (n, 2)"),
        ((X, labels, np.ones((5, 3)), labels_val[:5]), "X_val must be finite numbers of shape (n, 2)"),
        ((np.where(X > 2, np.nan, X), labels, X_val, labels_val), "X must be finite numbers"),
        ((np.empty((0, 2)), [], X_val, labels_val), "X must be finite numbers of shape (n, 2)"),
        ((X, labels[:50], X_val, labels_val), "labels must have shape (120,), one for each point, found (50,)"),
        ((X, labels[:, None], X_val, labels_val), "labels must have shape (120,)"),
        ((X, labels + 1, X_val, labels_val), "labels must hold only 0 and 1, found 2"),
        ((X, labels, X_val, 2 * labels_val - 1), "labels_val must hold only 0 and 1, found -1"),
        ((X, labels.astype(str), X_val, labels_val), "labels must hold only 0 and 1, found '"),
        ((X, 0 * labels, X_val, labels_val), "labels holds only 0: both classes are needed"),
        ((X * [1, 0], labels, X_val, labels_val), "X has a column that is the same everywhere"),
        ((np.tile(X, (10, 1)), np.tile(labels, 10), X_val, labels_val), "X has 1,200 points, more than 1,000"),
    ],
)
def test_bad_data_is_answered_in_words(data, words):
    explorer = train_network(*data)
    assert explorer.message.startswith("No picture") and words in explorer.message
    assert explorer.message in repr(explorer) and "Traceback" not in repr(explorer)


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1e300, -1])
@pytest.mark.parametrize("name", DEFAULT)
def test_bad_settings_are_answered_in_words(shared, name, bad):
    shared.set(**{**DEFAULT, name: bad})
    for explorer in (train_network(*MOONS, **{name: bad}), shared):
        control = explorer.controls[name]
        assert (getattr(control, "label", "") or control.description) in explorer.message
        assert control.low <= explorer.values[name] <= control.high and len(explorer.image.value) > 1000


@pytest.mark.parametrize(
    "data",
    [
        (X.tolist(), (labels == 1).tolist(), X_val[:1], labels_val[:1]),
        ([[0, 0], [1, 1]], [0, 1], [[0, 1]], [1]),
        (X * 1e-6 + 3, labels, X_val * 1e-6 + 3, labels_val),
        (X.astype(np.float32), labels.astype(float), X_val.T.copy().T, labels_val),
    ],
    ids=["lists", "two points", "tiny", "kinds"],
)
def test_odd_but_honest_data_gets_a_picture(data):
    explorer = train_network(*data, num_steps=50)
    assert explorer.message == "" and len(explorer.summary) > 50 and len(explorer.image.value) > 1000
