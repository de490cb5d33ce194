"""The rule of early stopping: against Keras's own callback, driven by hand, and in cases worked out on paper."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.stopping import early_stop


def keras_says(val_errors: list[float], patience: int) -> tuple[int, int]:
    """Return the last epoch and the epoch whose weights Keras's callback puts back; a weight is its epoch's number."""
    from keras.callbacks import EarlyStopping

    model = SimpleNamespace(weights=None, stop_training=False)
    model.get_weights = lambda: model.weights
    model.set_weights = lambda weights: setattr(model, "weights", weights)
    callback = EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, error in enumerate(val_errors):
        model.weights = epoch + 1
        callback.on_epoch_end(epoch, {"val_loss": error})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1, model.weights


def test_the_rule_is_that_of_keras():
    rng = np.random.default_rng(0)
    for case in range(300):
        errors = rng.integers(0, 9, size=rng.integers(1, 25)) / 8.0  # many ties
        errors[rng.random(len(errors)) < 0.1] = (np.nan, np.inf)[case % 2] if case < 60 else 0.5
        patience = int(rng.integers(0, 7))
        assert early_stop(errors, patience) == keras_says(errors.tolist(), patience), (errors, patience)


@pytest.mark.parametrize(
    ("errors", "patience", "expected"),
    [
        ([5, 4, 3, 2, 1], 1, (5, 5)),  # gets better to the end
        ([1, 2, 3, 4, 5], 1, (2, 1)),
        ([1, 2, 3, 4, 5], 3, (4, 1)),
        ([3, 2, 2, 2, 1], 2, (4, 2)),  # as low is no lower, and the first of equals is kept
        ([3, 4, 2, 3, 1], 2, (5, 5)),  # a new lowest error starts the count anew
        ([3, 1, 2, 1.5, 1.2, 0], 3, (5, 2)),  # lower than the epoch before is not enough; the 0 comes too late
        ([7], 4, (1, 1)),
    ],
)
def test_cases_worked_out_on_paper(errors, patience, expected):
    assert early_stop(errors, patience) == expected
    assert all(type(epoch) is int for epoch in early_stop(np.array(errors), np.int64(patience)))


@pytest.mark.parametrize(
    ("errors", "patience", "kind", "words"),
    [
        ([[1.0, 2.0]], 1, ValueError, r"shape \(epochs,\), found \(1, 2\): take one run, as val_errors\[0\]\."),
        ([], 1, ValueError, r"shape \(epochs,\), found \(0,\)\."),
        ("abc", 1, TypeError, "val_errors must be a number or an array of numbers, found 'abc'"),
        ([1.0], 1.5, TypeError, "patience must be a whole number such as 100, found '1.5'"),
        ([1.0], -1, ValueError, "patience must be 0 or more, found -1"),
    ],
)
def test_bad_input_is_refused_in_words(errors, patience, kind, words):
    with pytest.raises(kind, match=words):
        early_stop(errors, patience)
