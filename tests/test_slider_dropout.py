"""The explorer of dropout: what a draw drops against plain NumPy, what was recorded, odd and bad data."""

import html
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers.data.recordings import Runs
from helpers.sliders import Explorer, dropout
from helpers.sliders.dropout import Layer

EPOCHS = 12
X = np.maximum(np.random.RandomState(3).randn(256), 0)
VAL_ERRORS = {0.0: [0.4, 0.44, 0.42], 0.2: [0.35, 0.33], 0.5: [0.3, 0.34, 0.29], 0.8: [0.5, 0.45, 0.46]}


def runs(val_error: list[float], **changed: Any) -> Runs:
    """Return runs that end at these validation errors."""
    seeds = len(val_error)
    ends = {"error": np.array(val_error) / 10, "val_error": np.array(val_error), "val_accuracy": np.full(seeds, 0.91)}
    fall = np.geomspace(4, 1, EPOCHS)
    curves = {"errors": 0.3 * np.outer(val_error, fall), "val_errors": np.outer(val_error, fall)}
    rest = dict.fromkeys(("accuracy", "epochs", "seconds"), np.ones(seeds)) | {"val_accuracies": np.ones((seeds, 1))}
    return Runs(**(ends | curves | rest | changed))


RUNS = {rate: runs(ends) for rate, ends in VAL_ERRORS.items()}


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets all controls."""
    return dropout(RUNS, X)


@pytest.mark.parametrize("rate", VAL_ERRORS)
@pytest.mark.parametrize("draw", [0, 4, 9])
def test_in_training_a_draw_drops_where_its_number_is_below_the_rate(shared, rate, draw):
    shared.set(rate=rate, draw=draw, mode="training")
    values, below = shared.values, np.random.default_rng(draw).random(256) < rate
    assert values["dropped"].tolist() == below.tolist() and values["num_dropped"] == below.sum()
    expected = [0 if gone else x / (1 - rate) for x, gone in zip(X, below, strict=True)]
    np.testing.assert_allclose(values["handed_on"], expected)
    assert values["mean"] == pytest.approx(np.mean(expected)) == pytest.approx(values["means"][draw])
    assert values["mean_without"] == pytest.approx(X.mean())
    assert rate == 0 or f"{below.sum()} of 256 units are dropped" in shared.summary


def test_the_ten_draws_differ_and_lie_around_the_mean_without_dropout(shared):
    shared.set(rate=0.5, draw=0, mode="training")
    means = shared.values["means"]
    assert means.shape == (10,) and len(set(means)) == 10
    assert means.min() < X.mean() < means.max()
    error = np.sqrt(np.sum(X**2)) / 256  # of the mean of one draw at this rate
    assert abs(means.mean() - X.mean()) < 4 * error / np.sqrt(10)


@pytest.mark.parametrize("rate", VAL_ERRORS)
def test_in_evaluation_nothing_is_dropped_and_nothing_scaled(shared, rate):
    shared.set(rate=rate, draw=2, mode="evaluation")
    values = shared.values
    assert values["num_dropped"] == 0 and not values["dropped"].any()
    assert (values["handed_on"] == X).all() and values["means"] == pytest.approx([X.mean()] * 10)
    assert f"In evaluation all 256 units hand on what they hold, {X.mean():.3g} on average. " in shared.summary


@pytest.mark.parametrize("rate", VAL_ERRORS)
def test_the_recorded_numbers_are_means_over_the_seeds(shared, rate):
    shared.set(rate=rate, draw=0, mode="training")
    values = shared.values
    assert values["val_error"] == pytest.approx(np.mean(VAL_ERRORS[rate]))
    assert values["error"] == pytest.approx(np.mean(VAL_ERRORS[rate]) / 10) and values["val_accuracy"] == 0.91
    assert values["val_error_by_rate"] == pytest.approx({r: np.mean(errors) for r, errors in VAL_ERRORS.items()})
    assert values["best_rate"] == 0.5
    assert shared.summary in html.unescape(shared.children[3].value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rate": 0.5, "draw": 0, "mode": "training"},
         "Trained with rate 0.5: validation error 0.31 (mean of 3 seeds, 0.29 to 0.34), accuracy 91 %, training error "
         "0.031 (0.093 while units were dropped). No other rate has a lower mean validation error."),
        ({"rate": 0, "draw": 1, "mode": "training"},
         "Rate 0 drops none of the 256 units; the mean handed on is 0.43. Trained without dropout: validation error "
         "0.42 (mean of 3 seeds, 0.4 to 0.44), accuracy 91 %, training error 0.042. The lowest mean validation error "
         "is 0.31, at rate 0.5 (0.29 to 0.34)."),
        ({"rate": 0.2, "draw": 1, "mode": "training"}, "the others are multiplied by 1.25. "),
        ({"rate": 0.2, "draw": 1, "mode": "evaluation"}, "Trained with rate 0.2: validation error 0.34 (mean of 2 "),
    ],
)  # fmt: skip
def test_the_summary_tells_it_all(shared, settings, words):
    shared.set(**settings)
    assert words.replace("is 0.43", f"is {X.mean():.3g}") in shared.summary


def test_the_dots_and_curves_are_those_of_the_rate(shared):
    shared.set(rate=0.2, draw=0, mode="training")
    by_rate, by_epoch = shared._picture.figure.axes[2:]
    line, *dots = [line for line in by_rate.lines if line.get_animated()]
    assert list(line.get_xdata()) == [0.2, 0.2]
    assert [float(dot.get_ydata()[0]) for dot in dots] == pytest.approx([0.34 / 10, 0.34])
    strong = [line for line in by_epoch.lines if line.get_zorder() == 4]
    assert [line.get_ydata()[-1] for line in strong] == pytest.approx([0.3 * 0.35, 0.35])  # the first seed
    assert strong[1].get_linestyle() == "--" != strong[0].get_linestyle()
    assert 0.5 < by_rate.get_ylim()[1] < 4 * 0.5  # the first epochs may be above the frame


def test_the_controls_are_the_recorded_rates_and_ten_draws():
    explorer = dropout(RUNS, X)
    assert explorer.settings == {"rate": 0.5, "draw": 0, "mode": "training"} and explorer.message == ""
    assert dropout({r: RUNS[r] for r in (0.8, 0.2)}, X).settings["rate"] in (0.2, 0.8)
    chosen = dropout(RUNS, X, rate=0.2, draw=7, mode="evaluation")
    assert chosen.settings == {"rate": 0.2, "draw": 7, "mode": "evaluation"}
    chosen.set(rate=0.6, draw=3.5, mode="test")
    assert chosen.values["rate"] == 0.5 and "dropout rate: 0.6 is between two, so it is moved to 0.5" in chosen.message
    assert "draw: 3.5 is between two whole numbers" in chosen.message
    assert "mode: 'test' is not one of training, evaluation" in chosen.message


def test_other_layers_and_other_runs_are_taken():
    plain = {rate: SimpleNamespace(**found._asdict()) for rate, found in reversed(RUNS.items())}
    same = dropout(plain, X[None].astype("float32"))
    assert same.message == "" and same.values["best_rate"] == 0.5
    for x in (X[:4] + 1, X[:37] - 1, np.arange(1024)):
        explorer = dropout({0.5: runs([0.3])}, x)
        assert explorer.message == "" and explorer.values["handed_on"].shape == x.shape
        assert "validation error 0.3, accuracy" in explorer.summary  # one seed has no spread
        namespace = {"runs_by_rate": {0.5: runs([0.3])}, "activations": x}
        exec(explorer.code, namespace)
        np.testing.assert_allclose(namespace["handed_on"], explorer.values["handed_on"])
    flat = dropout({0.0: runs([0.0, 0.0])}, np.ones(9))
    assert flat.message == "" and "nan" not in flat.summary


def test_what_was_given_is_neither_changed_nor_kept():
    x, given = X.copy(), {rate: runs(ends) for rate, ends in VAL_ERRORS.items()}
    explorer = dropout(given, x, rate=0.2)
    before = explorer.image.value.tobytes()
    x[:] = 1
    given[0.2].errors[:] = 9
    explorer.values["handed_on"][:] = 5
    explorer.set(rate=0.8)
    explorer.set(rate=0.2)
    assert explorer.image.value.tobytes() == before
    assert Layer(RUNS, X).compute(0.2, 0, "training")["mean"] == explorer.values["mean"]


def test_the_first_setting_does_not_move_the_axes():
    seen = []
    for settings in ({"rate": 0.0}, {"rate": 0.8, "draw": 9}, {"mode": "evaluation"}):
        explorer = dropout(RUNS, X, **settings)
        seen.append([ax.get_position().bounds for ax in explorer._picture.figure.axes])
        np.testing.assert_allclose(seen[-1], seen[0], atol=1e-9)
        assert all(width > 0.2 for _, _, width, _ in seen[-1])


@pytest.mark.parametrize(
    ("given", "x", "words"),
    [
        (None, X, 'runs_by_rate must be a dict, rate -> runs, found None: take the recorded runs."dropout"'),
        ({}, X, "runs_by_rate must hold 1 to 20 rates, found 0"),
        ({1.0: RUNS[0.5]}, X, "the keys of runs_by_rate must be rates from 0 to below 1, found 1.0"),
        ({"half": RUNS[0.5]}, X, "must be rates from 0 to below 1, found 'half'"),
        ({0.5: None}, X, "the runs with rate 0.5 have no 'error', found None: data.load_regularization"),
        ({0.5: runs([0.3], error=np.ones(2))}, X, r"'error' of the runs with rate 0.5 must have shape \(1,\), found"),
        ({0.5: runs([0.3], val_errors=np.ones((1, 3)))}, X, r"'val_errors' .* shape \(1, 12\), found \(1, 3\)"),
        ({0.5: runs([0.3], errors=np.ones(3))}, X, "'errors' of the runs with rate 0.5 must have 2 axes"),
        ({0.5: runs([0.3], errors=np.ones((1, 1)))}, X, "must have 1 to 20 seeds and 2 to 200 epochs"),
        ({0.5: runs([np.nan])}, X, "must be finite, found nan"),
        ({0.5: runs([-0.3])}, X, "must not be below 0"),
        ({0.5: runs([0.3], val_accuracy=np.array([91.0]))}, X, "nor an accuracy above 1"),
        (
            {0.0: RUNS[0.0], 0.5: runs([0.3], errors=np.ones((1, 5)), val_errors=np.ones((1, 5)))},
            X,
            "the runs have 5 and 12 epochs: with every rate there must be as many",
        ),
        (RUNS, None, "activations must be 4 to 1,024 numbers, those of one layer for one image, found None"),
        (RUNS, np.ones((3, 256)), r"found shape \(3, 256\)"),
        (RUNS, np.ones(3), r"found shape \(3,\)"),
        (RUNS, np.ones(1025), r"found shape \(1025,\)"),
        (RUNS, ["a", "b", "c", "d"], "activations must be 4 to 1,024 numbers"),
        (RUNS, np.zeros(256), "activations must not all be 0"),
        (RUNS, np.full(9, np.inf), "activations must be|activations must hold numbers"),
    ],
)
def test_bad_data_is_answered_in_words(given, x, words):
    explorer = dropout(given, x)
    assert explorer.message.startswith("No picture for this: ") and "Error" not in explorer.message
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explorer.message)
    assert "Traceback" not in repr(explorer) and not explorer.controls
