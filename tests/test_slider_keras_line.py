"""The explorer of recorded Keras runs: its numbers against plain NumPy, its goal, values between what was recorded."""

import html
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from helpers import data
from helpers.sliders import Explorer, keras_line
from helpers.sliders.keras_line import Runs

ETAS, SIZES, PATHS = data.load_keras_line()
x, y = data.noisy_line(100, np.random.default_rng(0))
X = np.hstack([x, np.ones_like(x)])
LIMIT = 2 / np.linalg.eigvalsh(2 / 100 * X.T @ X).max()


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets all that it needs."""
    return keras_line()


def at(explorer: Explorer, eta: float, batch_size: Any, epoch: int = 60) -> dict[str, Any]:
    """Return the values of a setting."""
    explorer.set(eta=eta, batch_size=batch_size, epoch=epoch)
    assert explorer.message == ""
    return explorer.values


@pytest.mark.parametrize("size", [100, 20, 5])
@pytest.mark.parametrize(("eta", "epoch"), [(0.01, 60), (0.1, 7), (0.0447, 0), (0.708, 33), (1.26, 1)])
def test_the_values_are_those_of_the_recorded_run(shared, size, eta, epoch):
    values = at(shared, eta, f"{size}" if size < 100 else "100 (all)", epoch)
    path = PATHS[SIZES.tolist().index(size), ETAS.tolist().index(eta)]
    assert (values["eta"], values["batch_size"], values["epoch"]) == (eta, size, epoch)
    assert (values["w"], values["b"]) == tuple(path[epoch])
    np.testing.assert_array_equal(values["path"], path)
    new_x, new_y = data.noisy_line(1000, np.random.default_rng(1))
    with np.errstate(all="ignore"):
        train = [np.mean((w * x + b - y) ** 2) for w, b in path]
        new = [np.mean((w * new_x + b - new_y) ** 2) for w, b in path]
    np.testing.assert_allclose(values["train_losses"], train, rtol=1e-9)
    np.testing.assert_allclose(values["new_losses"], new, rtol=1e-9)
    assert not np.isnan(values["train_losses"]).any() and not np.isnan(values["new_losses"]).any()


def test_the_least_loss_and_the_limit_are_those_of_plain_numpy(shared):
    values = at(shared, 0.1, 20)
    best = np.polyfit(x[:, 0], y[:, 0], 1)
    np.testing.assert_allclose(values["theta_best"], best)
    assert values["least_loss"] == pytest.approx(np.mean((best[0] * x + best[1] - y) ** 2))
    assert values["eta_limit"] == pytest.approx(LIMIT) and pytest.approx(0.756, abs=1e-3) == LIMIT
    new_x, new_y = data.noisy_line(1000, np.random.default_rng(1))
    assert values["new_least_loss"] == pytest.approx(np.mean((best[0] * new_x + best[1] - new_y) ** 2))
    assert (values["train_losses"] >= values["least_loss"]).all()


@pytest.mark.parametrize("size", ["100", "20", "5"])
def test_a_run_diverges_beyond_the_limit_and_nowhere_else(size):
    runs = Runs()
    for eta in ETAS:
        values = runs.compute(eta, size, 60)
        summary = runs.say(values)
        assert values["diverges"] == (eta > LIMIT) == ("diverges" in summary)
        assert values["diverges"] == (values["train_losses"][-1] > values["train_losses"][0])
        if values["diverges"]:
            assert f"η is {eta / LIMIT:.3g} times the full batch's limit 2/λmax = {LIMIT:.3g}" in summary


def test_the_goal_is_met_early_or_not_at_all():
    runs, met = Runs(), {}
    for size in ("100", "20", "5"):
        for eta in ETAS:
            values = runs.compute(eta, size, 60)
            within = np.flatnonzero(values["train_losses"] <= 1.01 * values["least_loss"])
            assert values["first_within"] == (within[0] if len(within) else None)
            early = len(within) > 0 and within[0] <= 10
            assert values["goal_met"] == early == ("✓ Goal met" in runs.say(values))
            met.setdefault(size, []).append(early)
    assert [any(met[size]) for size in ("100", "20", "5")] == [False, False, True]  # larger batches take too few steps


def test_the_goal_is_not_met_at_the_start():
    explorer = keras_line()
    assert not explorer.values["goal_met"] and explorer.message == ""
    assert "within 1 % of the least-squares loss in at most 10 epochs" in explorer.children[0].value


def test_the_summary_says_where_the_line_is(shared):
    values = at(shared, 0.1, 20, 60)
    summary = shared.summary
    assert summary.startswith("η = 0.1, batches of 20: After 60 epochs w = ")
    assert f"{values['w']:.3g}" in summary and "% above the least (0.94)" in summary
    assert f"first within 1 % after {values['first_within']} epoch" in summary
    at(shared, 0.01, 100, 1)
    assert "the full batch: After 1 epoch w" in shared.summary
    assert "never comes within 1 %" in shared.summary and "limit: η = 0.756" in shared.summary
    assert shared.summary in html.unescape(shared.children[3].value)


def test_a_run_that_settles_beside_the_best_line_says_why(shared):
    values = at(shared, 0.501, 20)
    assert values["first_within"] is None and np.ptp(values["train_losses"][-10:]) < 1e-4 and not values["diverges"]
    assert "it settles beside the best line, the batches being the same in every epoch." in shared.summary
    at(shared, 0.01, 20)
    assert "never comes within 1 %. The full" in shared.summary


def test_what_has_overflowed_has_no_numbers_in_words(shared):
    for size in (100, 20, 5):
        at(shared, 1.26, size, 60)
        assert "nan" not in shared.summary and "inf" not in shared.summary
        assert "far out of the picture" in shared.summary
    assert "too large for a number" in shared.summary
    assert shared._picture is not None and len(shared.image.value) > 1000


@pytest.mark.parametrize(
    ("given", "taken"), [(0.105, 0.1), (0.107, 0.112), (1.19, 1.26), (0.01001, 0.01), (np.float32(0.3), 0.316)]
)
def test_a_rate_between_two_recorded_ones_is_moved_and_said(shared, given, taken):
    shared.set(eta=given, batch_size=20, epoch=10)
    assert shared.values["eta"] == taken
    assert f"is between two recorded values, so it is moved to {taken}." in shared.message
    assert f"{taken}" in shared.summary and f"eta, batch_size, epoch = {taken}" in shared.code
    shared.set(eta=0.1)
    assert shared.message == ""


def test_every_recorded_rate_is_on_the_slider_and_taken_as_it_is(shared):
    knob = shared.controls["eta"]
    assert (knob.max - knob.min) / knob.step == pytest.approx(len(ETAS) - 1)
    for place, eta in enumerate(ETAS):
        knob.set_state({"value": 10 ** (knob.min + place * knob.step)})  # as a key on the page does
        assert shared.values["eta"] == eta and shared.message == ""
        shared.set(eta=float(eta))
        assert shared.values["eta"] == eta and shared.message == ""


def test_half_an_epoch_is_moved_and_said(shared):
    shared.set(eta=0.1, batch_size="5", epoch=3.4)
    assert shared.values["epoch"] == 3 and "epoch: 3.4 is between two whole numbers" in shared.message
    shared.set(epoch=61)
    assert shared.values["epoch"] == 60 and "above the range" in shared.message
    shared.set(epoch=4)
    assert shared.message == "" and type(shared.values["epoch"]) is int


@pytest.mark.parametrize("bad", [7, "7", True, None, np.nan, 1e300, [20], object()])
def test_another_batch_size_is_refused_in_words(shared, bad):
    at(shared, 0.1, 20)
    shared.set(batch_size=bad)
    assert "is not one of 100 (all), 20, 5" in shared.message and shared.values["batch_size"] == 20


def test_another_first_batch_size_is_refused_in_words():
    first = keras_line(batch_size=7)
    assert "7 is not one of 100 (all), 20, 5" in first.message and first.values["batch_size"] == 100


def test_a_batch_size_is_taken_as_a_number_too(shared):
    for size in (100, 5, np.int64(20)):
        assert at(shared, 0.1, size)["batch_size"] == size
    assert keras_line(batch_size=5, eta=0.2, epoch=3).settings == {"eta": 0.2, "batch_size": "5", "epoch": 3}


@pytest.mark.parametrize("setting", [(0.1, "20", 7), (0.501, "100 (all)", 60), (0.0708, "5", 0), (1.26, "5", 60)])
def test_the_code_gives_the_same_numbers(shared, setting):
    values = at(shared, *setting)
    namespace: dict[str, Any] = {}
    with np.errstate(all="ignore"):
        exec(shared.code, namespace)
    for name in ("w", "b", "path", "theta_best", "least_loss", "eta_limit", "train_losses", "new_losses"):
        np.testing.assert_allclose(namespace[name], values[name], rtol=1e-9, err_msg=name)
    assert namespace["first_within"] == values["first_within"] and namespace["batch_size"] == values["batch_size"]


def test_a_recording_that_is_not_there_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(data.recordings, "FOLDER", tmp_path)
    assert "The file data/keras_line.csv is not complete: `make record` goes on" in keras_line().message


def test_keras_is_not_imported():
    code = "import sys; from helpers import sliders; sliders.keras_line(); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "helpers.sliders.keras_line" in modules and not {"keras", "tensorflow"} & set(modules)


def test_the_first_setting_does_not_move_the_axes(shared):
    places = [ax.get_position().bounds for ax in shared._picture.figure.axes]
    for setting in ({"eta": 1.26, "batch_size": 5}, {"eta": 0.1, "epoch": 0}):
        other = keras_line(**setting)
        np.testing.assert_allclose([ax.get_position().bounds for ax in other._picture.figure.axes], places)
