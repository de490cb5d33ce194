"""The explorer of stochastic descent: its path against a plain loop, its ball against simulated noise, its words."""

import html
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers.data import load_line
from helpers.sliders.bowl import Bowl
from helpers.sliders.choices import one_two_five, stops
from helpers.sliders.engine import Explorer
from helpers.sliders.stochastic import Run, stochastic_descent

x, y = load_line()
X = np.column_stack([x.ravel(), np.ones(1000)])
target = y.ravel()
THETA = np.linalg.lstsq(X, target)[0]
DEFAULT = {"batch_size": 10, "eta": 0.1, "schedule": "constant", "seed": 0}


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer of the line; every test sets all that it needs."""
    return stochastic_descent(X, y)


def at(explorer: Explorer, **settings: Any) -> dict[str, Any]:
    """Return the values of a setting; what is not named is the default."""
    explorer.set(**{**DEFAULT, **settings})
    assert explorer.message == ""
    return explorer.values


def plain_loop(batch_size: int, eta: float, schedule: str, seed: int, num: int = 1000) -> tuple[np.ndarray, list[int]]:
    """Return the path and the rows read of five epochs, with arrays and nothing else."""
    A, t = X[:num], target[:num]
    rng, theta = np.random.default_rng(seed), np.array([0.0, 4.0])
    path, rows = [theta], [0]
    for epoch in range(5):
        order = rng.permutation(num)
        for first in range(0, num, batch_size):
            b = order[first : first + batch_size]
            rate = eta / (1 + epoch) if schedule == "decaying" else eta
            theta = theta - rate * 2 / len(b) * A[b].T @ (A[b] @ theta - t[b])
            path.append(theta)
            rows.append(rows[-1] + len(b))
    return np.array(path), rows


@pytest.mark.parametrize("batch_size", [1, 10, 50, 200, 1000])
@pytest.mark.parametrize(("schedule", "seed"), [("constant", 0), ("decaying", 7)])
def test_the_path_is_that_of_a_plain_loop(shared, batch_size, schedule, seed):
    values = at(shared, batch_size=batch_size, schedule=schedule, seed=seed)
    path, rows = plain_loop(batch_size, 0.1, schedule, seed)
    np.testing.assert_allclose(values["path"], path, rtol=1e-9)
    np.testing.assert_array_equal(values["rows_read"], rows)
    losses = [np.mean((X @ theta - target) ** 2) for theta in path[::50]]
    np.testing.assert_allclose(values["excess"][::50] + values["least_loss"], losses, rtol=1e-9)
    assert values["num_steps"] == len(path) - 1 == 5 * np.ceil(1000 / batch_size)
    np.testing.assert_allclose(values["theta_best"], THETA, rtol=1e-9)


@pytest.mark.parametrize("num", [37, 101])
def test_the_last_batch_may_be_short(num):
    explorer = stochastic_descent(X[:num], y[:num])
    for batch_size in (2, 5, 20):
        path, rows = plain_loop(batch_size, 0.1, "constant", 0, num)
        explorer.set(batch_size=batch_size)
        np.testing.assert_allclose(explorer.values["path"], path, rtol=1e-9)
        np.testing.assert_array_equal(explorer.values["rows_read"], rows)
        assert explorer.values["rows_read"][-1] == 5 * num
    explorer.set(batch_size=num)
    assert "The full batch" in explorer.summary and explorer.values["num_steps"] == 5


def test_seeds_change_the_order_and_nothing_else(shared):
    ends = np.array([at(shared, seed=seed)["path"][-1] for seed in range(5)])
    assert len(np.unique(ends.round(9), axis=0)) == 5 and np.abs(ends - THETA).max() < 0.2
    full = [at(shared, batch_size=1000, seed=seed)["path"] for seed in (0, 3)]
    np.testing.assert_allclose(*full, rtol=1e-12)


@pytest.mark.parametrize(
    "setting",
    [{}, {"batch_size": 1}, {"schedule": "decaying", "seed": 3}, {"batch_size": 1000, "eta": 0.7}, {"eta": 0.9}],
)
def test_the_code_reproduces_the_values(shared, setting):
    values, namespace = at(shared, **setting), {"X": X, "y": y}
    exec(shared.code, namespace)
    found = [key for key in values if key in namespace]
    assert {"path", "excess", "rows_read", "num_steps", "theta_best", "least_loss", "eta"} <= set(found)
    for key in found:
        np.testing.assert_allclose(namespace[key], values[key], rtol=1e-7, atol=1e-12, err_msg=key)


# ---- the noise ball


@pytest.mark.parametrize(("batch_size", "eta"), [(1, 0.05), (5, 0.1), (200, 0.2)])
def test_the_ball_is_the_spread_of_independent_batches(shared, batch_size, eta):
    """300 walks at once, each step on rows drawn anew, without repeats within a batch."""
    ball = at(shared, batch_size=batch_size, eta=eta)["ball"]
    curve, directions = np.linalg.eigh(2 / 1000 * X.T @ X)
    rng, spread = np.random.default_rng(5), []
    theta = THETA + rng.normal(size=(300, 2)) * ball @ directions.T
    for _ in range(200):
        rows = np.argpartition(rng.random((300, 1000), np.float32), batch_size, axis=1)[:, :batch_size]
        error = np.einsum("wbi,wi->wb", X[rows], theta) - target[rows]
        theta = theta - eta * 2 / batch_size * np.einsum("wbi,wb->wi", X[rows], error)
        spread.append(((theta - THETA) @ directions) ** 2)
    measured = np.sqrt(np.mean(spread[50:], axis=(0, 1)))
    np.testing.assert_allclose(measured, ball, rtol=0.08)


def test_the_ball_grows_with_the_rate_and_shrinks_with_the_batch(shared):
    one, ten = at(shared, batch_size=1, eta=0.01)["ball"], at(shared, eta=0.01)["ball"]
    np.testing.assert_allclose(one / ten, np.sqrt(10 * 999 / 990), rtol=1e-9)
    assert (at(shared, eta=0.2)["ball"] > ten).all()
    assert (at(shared, batch_size=1000)["ball"] == 0).all()
    last = at(shared, eta=0.02)["ball"]
    np.testing.assert_allclose(at(shared, eta=0.1, schedule="decaying")["ball"], last)  # of the last epoch's eta
    assert np.isinf(at(shared, eta=0.9)["ball"][1])


def test_the_radius_is_measured_over_the_last_epoch(shared):
    values = at(shared, batch_size=5, eta=0.05)
    gap = values["path"][-200:] - THETA
    assert values["radius"] == pytest.approx(np.sqrt(np.mean(np.sum(gap**2, axis=1))))
    assert 0.3 * np.hypot(*values["ball"]) < values["radius"] < 1.3 * np.hypot(*values["ball"])
    assert "theory for independent batches: 0.042" in shared.summary


# ---- goal and words


def test_the_goal_wants_every_step_of_the_last_epoch(shared):
    for setting in [{}, {"schedule": "decaying"}, {"schedule": "decaying", "eta": 0.15}, {"batch_size": 100}]:
        values = at(shared, **setting)
        share = values["excess"][-values["num_steps"] // 5 :] / values["least_loss"]
        assert values["goal_met"] == bool((share <= 0.05).all()) == ("✓ Goal met" in shared.summary)
        assert values["worst"] == pytest.approx(share.max() * values["least_loss"])


@pytest.mark.parametrize(("batch_size", "eta"), [(1, 0.015), (5, 0.08), (10, 0.15), (20, 0.3), (50, 0.6)])
def test_the_goal_is_met_by_decay_for_every_order_of_the_rows(shared, batch_size, eta):
    run = shared._compute
    met = [run(batch_size, eta, "decaying", seed)["goal_met"] for seed in range(20)]
    assert all(met)
    assert sum(run(batch_size, eta, "constant", seed)["goal_met"] for seed in range(20)) <= 2
    assert not at(shared)["goal_met"]  # nor is it given away


@pytest.mark.parametrize(
    ("setting", "diverges", "words"),
    [
        ({}, False, "Batches of 10 with η = 0.1: 500 steps, 5,000 rows read"),
        ({"batch_size": 1}, False, "One row a step with η = 0.1: 5,000 steps, 5,000 rows read"),
        ({"batch_size": 1000, "eta": 0.5}, False, "no noise: it is still on its way"),
        ({"batch_size": 100}, False, "it is still on its way"),
        ({"schedule": "decaying"}, False, "decaying to 0.02:"),
        ({"batch_size": 1, "eta": 0.75}, True, "diverges: η is below the full batch's limit, 2/λmax = 0.795"),
        ({"batch_size": 1, "eta": 1.0}, True, "diverges: η is at or beyond the limit"),
        ({"batch_size": 1000, "eta": 0.9}, True, "diverges: η is at or beyond the limit"),
        ({"batch_size": 1000, "eta": 0.8}, True, "diverges"),
        ({"batch_size": 1000, "eta": 0.79}, False, "no noise"),
    ],
)
def test_the_summary_says_what_became_of_it(shared, setting, diverges, words):
    values = at(shared, **setting)
    assert words in shared.summary and values["diverges"] == diverges
    assert "nan" not in shared.summary and "inf" not in shared.summary
    assert not (diverges and values["goal_met"])


@pytest.mark.parametrize("batch_size", [1, 10, 1000])
@pytest.mark.parametrize("eta", [0.002, 0.1, 0.4, 0.7, 1.0])
def test_the_picture_is_small_and_sharp(shared, batch_size, eta):
    at(shared, batch_size=batch_size, eta=eta)
    image = Image.open(io.BytesIO(shared.image.value))
    assert image.size == (1800, 720) and image.mode == "P" and len(shared.image.value) < 100_000


def test_what_moves_is_drawn_over_what_stays(shared):
    """The background is drawn once: a change of it would cost five times as long."""
    background = shared._picture._background
    at(shared, batch_size=1)
    at(shared, eta=0.9)
    assert shared._picture._background is background


# ---- bad values


@pytest.mark.parametrize(
    ("name", "bad", "taken", "words"),
    [
        ("batch_size", 3, 2, "batch size B: 3 is between two, so it is moved to 2"),
        ("batch_size", 40, 50, "moved to 50"),
        ("batch_size", 0, 1, "0 is below the range, so it is moved to 1"),
        ("batch_size", 1e9, 1000, "is above the range, so it is moved to 1000"),
        ("batch_size", "all", 10, "'all' is not a finite number, so it stays at 10"),
        ("batch_size", np.nan, 10, "stays at 10"),
        ("batch_size", np.ones(3), 10, "an array of shape (3,)"),
        ("batch_size", None, 10, "None"),
        ("batch_size", True, 10, "True"),
        ("seed", 20, 19, "moved to 19"),
        ("seed", 2.4, 2, "moved to 2"),
        ("seed", -1, 0, "moved to 0"),
        ("eta", 0, None, "is below the range"),
        ("eta", "fast", 0.1, "'fast' is not a finite number"),
        ("schedule", "cosine", "constant", "'cosine' is not one of constant, decaying"),
        ("schedule", None, "constant", "None is not one of"),
    ],
)
def test_bad_settings_are_answered_in_words(shared, name, bad, taken, words):
    at(shared)
    shared.set(**{name: bad})
    assert words in shared.message and shared.message in html.unescape(shared.children[4].value)
    assert taken is None or shared.values[name] == taken == shared.controls[name].value
    at(shared)  # and the message is gone


@pytest.mark.parametrize("bad", [{"batch_size": 3}, {"batch_size": None}, {"seed": "x"}, {"schedule": 1, "eta": []}])
def test_bad_first_settings_are_answered_in_words(bad):
    explorer = stochastic_descent(X, y, **bad)
    assert all(explorer.controls[name].description in explorer.message for name in bad)
    assert explorer.values["num_steps"] > 0 and len(explorer.image.value) > 1000


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: stochastic_descent(x, y), "X must be finite numbers of shape (n, 2)"),
        (lambda: stochastic_descent(X, y[:10]), "1000 rows and y 10 values"),
        (lambda: stochastic_descent("X", y), "X must be an array of numbers"),
        (lambda: stochastic_descent(X, np.where(y > 3, np.nan, y)), "y must be two or more finite numbers"),
        (lambda: stochastic_descent(np.ones((5, 2)), np.ones(5)), "proportional"),
        (lambda: stochastic_descent(X, y, start=(1, 2, 3)), "start must be two numbers"),
        (lambda: stochastic_descent(X, y, num_epochs=0), "num_epochs must be a whole number"),
        (lambda: stochastic_descent(X, y, num_epochs=500), "500,000 steps, more than the 100,000"),
    ],
)
def test_bad_data_is_answered_in_words(build, words):
    explorer = build()
    assert explorer.message.startswith("No picture") and words in explorer.message
    assert "Traceback" not in repr(explorer)


@pytest.mark.parametrize(
    "build",
    [
        lambda: stochastic_descent(X, 3 * x + 1),  # no noise at all
        lambda: stochastic_descent(X, 3 * x + 1, start=(3, 1)),  # and nowhere to go
        lambda: stochastic_descent(X, np.zeros(1000)),
        lambda: stochastic_descent(X, y, num_epochs=1, batch_size=1000),
        lambda: stochastic_descent([[0, 1], [1, 1]], [1, 2], batch_size=2),
        lambda: stochastic_descent(X * [1e-3, 1], y),
        lambda: stochastic_descent(X * [1e3, 1], y, eta=1e-6),
    ],
)
def test_odd_but_honest_data_gets_a_picture(build):
    explorer = build()
    assert explorer.message == "" and len(explorer.image.value) > 1000
    assert "nan" not in explorer.summary and "inf" not in explorer.summary
    for batch_size in explorer.controls["batch_size"].options:
        explorer.set(batch_size=batch_size)
        assert explorer.message == "" and "nan" not in explorer.summary


def test_without_noise_the_goal_is_a_share_of_the_variance():
    explorer = stochastic_descent(X, 3 * x + 1)
    assert explorer.values["goal_met"] and explorer.values["worst"] < 1e-4 * np.var(3 * x)
    explorer.set(eta=0.02)
    assert not explorer.values["goal_met"] and "still on its way" in explorer.summary


def test_a_slider_of_stops_hears_the_page_and_the_reader():
    control = stops(10, one_two_five(1000), "batch size")
    heard = []
    control.observe(lambda change: heard.append(change.new), names="value")
    control.set_state({"index": 4})
    assert control.value == 20 and control.note == ""
    control.value = 30
    assert control.value == 20 and "moved to 20" in control.note
    control.value = np.int64(500)
    assert (control.value, control.index, control.note) == (500, 8, "") and heard == [20, 500]
    assert (control.low, control.high) == (1, 1000) and "arrow keys" in control.tooltip
    assert one_two_five(1) == [1] and one_two_five(20) == [1, 2, 5, 10, 20]


@pytest.mark.parametrize("batch_size", [1, 2, 10])
def test_it_is_called_divergent_where_the_mean_square_grows(batch_size):
    """Independent batches on centered data, so that noise does not hide the growth: the mean over many walks."""
    run = Run(Bowl(X, y), 5, np.array([0.0, 4.0]))
    low, high = 0.1, run.bowl.eta_limit
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if run.unstable(batch_size, middle) else (middle, high)
    assert 0.85 * run.bowl.eta_limit < low < run.bowl.eta_limit
    rng = np.random.default_rng(0)
    for share, grows in ((0.9, False), (1.1, True)):
        error = np.tile(run.bowl.directions[:, 1], (200_000, 1))  # so many walks, three steps each
        for _ in range(3):
            rows = X[rng.integers(len(X), size=(len(error), batch_size))]
            error -= share * low * 2 * np.einsum("wbi,wbj,wj->wi", rows, rows, error) / batch_size
        mean_square = np.mean(np.sum(error**2, axis=1))
        assert (mean_square > 1) == grows, (share, mean_square)
