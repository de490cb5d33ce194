"""The explorer of early stopping: against a plain walk over the epochs, its words, its goal, odd and bad runs."""

from typing import Any

import numpy as np
import pytest

from helpers.sliders import Explorer, patience

VAL_ERRORS = np.array([
    [9.0, 5.0, 6.0, 4.0, 4.5, 4.2, 4.4, 3.0, 3.5, 3.6],  # lowest: epoch 8, for a patience of 4 or more
    [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.5, 1.0],  # better to the end
    [2.0, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0],  # worse from the start
])  # fmt: skip
ERRORS = np.linspace(8, 0.1, 10) * np.ones((3, 1))


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets both controls."""
    return patience(VAL_ERRORS, ERRORS)


def walk(errors: np.ndarray, patience: int) -> tuple[int, int]:
    """Return the last and the best epoch, from 1, by asking at each epoch if all of the last ones were no better."""
    for last in range(patience + 1, len(errors) + 1):
        before, recent = errors[: last - patience], errors[last - patience : last]
        if recent.min() >= before.min():
            return last, int(np.argmin(before)) + 1
    return len(errors), int(np.argmin(errors)) + 1


@pytest.mark.parametrize("run", range(3))
@pytest.mark.parametrize("how_many", [1, 2, 3, 4, 9])
def test_the_values_are_those_of_a_walk_over_the_epochs(shared, run, how_many):
    shared.set(run=run, patience=how_many)
    values, errors = shared.values, VAL_ERRORS[run]
    last, best = walk(errors, how_many)
    assert (values["patience"], values["run"], values["last"], values["best"]) == (how_many, run, last, best)
    assert (values["kept"], values["saved"], values["end"]) == (errors[best - 1], 10 - last, errors[-1])
    assert (values["lowest_epoch"], values["lowest"]) == (np.argmin(errors) + 1, errors.min())
    assert values["lasts"].shape == values["bests"].shape == (3, 9)
    assert values["lasts"][run, how_many - 1] == last and values["bests"][run, how_many - 1] == best


@pytest.mark.parametrize(
    ("run", "how_many", "words"),
    [
        (0, 2, "Patience 2, run 0: training stops after epoch 6; the weights of epoch 4 are kept, validation error 4. "
               "It saves 4 of 10 epochs. It misses epoch 8, where the error is 3, 25 % less. All 3 runs on average: "
               "6.33 epochs, error kept 2.33, lowest of all epochs 2, after the last one 3.87."),
        (0, 1, "stops after epoch 3; the weights of epoch 2 are kept, validation error 5. It saves 7 of 10"),
        (0, 4, "training goes on to the end, epoch 10; the weights of epoch 8 are kept, validation error 3. No epoch"),
        (1, 1, "training goes on to the end, epoch 10; the weights of epoch 10 are kept, validation error 1. No epoch"),
        (2, 3, "training stops after epoch 4; the weights of epoch 1 are kept, validation error 2. It saves 6 of 10"),
        (2, 9, "training stops after epoch 10; the weights of epoch 1 are kept, validation error 2. That is the end"),
    ],
)  # fmt: skip
def test_the_summary_tells_the_story_of_the_run(shared, run, how_many, words):
    shared.set(run=run, patience=how_many)
    assert words in shared.summary and shared.message == ""


def test_the_goal_is_the_least_patience_that_misses_nothing(shared):
    assert "Goal: in a run, keep the lowest error of all 10 epochs with the least patience." in shared.children[0].value
    met = {(run, p) for run in range(3) for p in range(1, 10) if reached(shared, run, p)}
    assert met == {(0, 4), (1, 1), (2, 1)}


def reached(explorer: Explorer, run: int, how_many: int) -> bool:
    """Return whether this setting is the goal."""
    explorer.set(run=run, patience=how_many)
    assert explorer.values["goal_met"] == ("✓ Goal met" in explorer.summary)
    return explorer.values["goal_met"]


def test_where_no_patience_on_the_slider_is_enough_there_is_no_goal():
    late = np.concatenate([[2.0], np.full(28, 3.0), [1.0]])
    explorer = patience(late, patience=20)
    assert explorer.controls["patience"].high == 20 and "Goal" not in explorer.children[0].value
    assert (
        not explorer.values["goal_met"] and "It misses epoch 30, where the error is 1, 50 % less." in explorer.summary
    )


def test_one_run_has_no_slider_for_it_and_its_code_runs():
    explorer = patience(VAL_ERRORS[0], patience=3)
    assert explorer.message == "" and list(explorer.controls) == ["patience"]
    assert explorer.summary.startswith("Patience 3: training stops after epoch 7; ") and "runs" not in explorer.summary
    namespace: dict[str, Any] = {"val_errors": VAL_ERRORS[0]}
    exec(explorer.code, namespace)
    assert (namespace["last"], namespace["best"], namespace["saved"]) == (7, 4, 3)
    for name in ("lasts", "bests"):
        np.testing.assert_array_equal(namespace[name], explorer.values[name])


def test_the_training_error_is_drawn_and_changes_nothing_else(shared):
    shared.set(run=0, patience=2)
    without = patience(VAL_ERRORS, run=0, patience=2)
    assert without.summary == shared.summary and without.image.value.tobytes() != shared.image.value.tobytes()


def test_what_was_given_is_neither_changed_nor_kept():
    val, errors = VAL_ERRORS.copy(), ERRORS.copy()
    explorer = patience(val, errors, patience=2)
    before = explorer.image.value.tobytes()
    val[:], errors[:] = 1, 1
    explorer.values["lasts"][:] = 0
    explorer.set(patience=3)
    explorer.set(patience=2)
    assert explorer.image.value.tobytes() == before and explorer.values["lasts"].min() > 0


@pytest.mark.parametrize("patience_", [1, 2])
@pytest.mark.parametrize("errors", [np.zeros((2, 5)), np.ones((1, 3)), -np.ones((2, 4)), [[1e6, 1e-6, 1e6]]])
def test_odd_but_honest_runs_get_a_picture(errors, patience_):
    explorer = patience(errors, patience=patience_)
    assert explorer.message == "" and "nan" not in explorer.summary and "inf" not in explorer.summary


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((None,), r"val_errors must have shape \(runs, epochs\), found None"),
        ((3.0,), r"val_errors must have shape \(runs, epochs\), found 3.0"),
        (("abc",), r"val_errors must (have shape|be an array of numbers).*'abc'"),
        (([[1, 2, 3], [1, 2]],), r"val_errors must "),
        ((np.ones((2, 3, 4)),), r"found shape \(2, 3, 4\)"),
        ((np.ones((0, 4)),), r"found shape \(0, 4\)"),
        ((np.ones((2, 2)),), "at most 50 runs of 3 to 500 epochs, found 2 of 2"),
        ((np.ones((51, 9)),), "at most 50 runs of 3 to 500 epochs, found 51 of 9"),
        (([[3, 2, np.nan]],), "val_errors of run 0 are nan after epoch 3: give runs that were not stopped"),
        (([3, 2, np.inf],), "val_errors must hold numbers from -1,000,000 to 1,000,000, found inf"),
        ((VAL_ERRORS, ERRORS[:2]), r"errors and val_errors must have one shape, found \(2, 10\) and \(3, 10\)"),
        ((VAL_ERRORS, "abc"), "errors must "),
    ],
)
def test_bad_runs_are_answered_in_words(given, words):
    explorer = patience(*given)
    assert explorer.message.startswith("No picture for this: ") and "Error" not in explorer.message
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explorer.message)
    assert "Traceback" not in repr(explorer) and not explorer.controls


def test_the_first_setting_does_not_move_the_axes():
    places = []
    for run, how_many in ((0, 1), (1, 9), (2, 4)):
        explorer = patience(VAL_ERRORS, ERRORS, run=run, patience=how_many)
        places.append([ax.get_position().bounds for ax in explorer._picture.figure.axes])
    np.testing.assert_allclose(places[1:], [places[0]] * 2, atol=1e-9)
