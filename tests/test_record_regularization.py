"""The recording of lesson 14: what its loader returns, and whether the file holds what the code computes."""

import csv

import numpy as np
import pytest

from helpers import data, stopping
from helpers.record import __main__ as command
from helpers.record import large, regularization
from helpers.record.engine import RecordError


@pytest.fixture(scope="module")
def runs():
    return data.load_regularization()


def stored(**setting):
    """Return the recorded row of one setting."""
    with (command.FOLDER / "regularization.csv").open(encoding="utf-8") as file:
        wanted = {key: str(value) for key, value in setting.items()}
        return next(row for row in csv.DictReader(file) if wanted.items() <= row.items())


def test_every_remedy_has_its_amounts_and_seeds(runs):
    assert {remedy: list(amounts) for remedy, amounts in runs.items()} == {
        "none": [0],
        "weight decay": [0.1, 0.3, 1, 3],
        "dropout": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
        "early stopping": [5, 10],
        "augmentation": [0.25, 0.5, 1, 1.5, 2, 3],
        "label smoothing": [0.01, 0.02, 0.05, 0.1, 0.2],
        "units": [8, 16, 32, 64, 128, 512, 1024],
        "digits": [10, 20, 50, 200, 320, 1000, 5120],
        "together": [1],
        **{kind: [1] for kind in ("shift", "rotation", "zoom", "flip")},
        "random labels": [0],
    }
    five = {(remedy, float(amount)) for remedy, amount in regularization.TABLE}
    for remedy, amounts in runs.items():
        for amount, found in amounts.items():
            assert len(found.error) == (5 if (remedy, amount) in five else 3)


def test_every_epoch_is_there_and_fits_to_the_end(runs):
    for remedy, amounts in runs.items():
        for found in amounts.values():
            for name in ("errors", "val_errors", "val_accuracies"):
                table = getattr(found, name)
                np.testing.assert_array_equal(np.isfinite(table).sum(axis=1), found.epochs)
            if remedy != "early stopping":  # whose best weights are put back
                np.testing.assert_array_equal(found.val_errors[:, -1], found.val_error)
                np.testing.assert_array_equal(found.val_accuracies[:, -1], found.val_accuracy)
            assert ((found.accuracy > 0) & (found.accuracy <= 1)).all() and (found.seconds > 0).all()
    for stopped in runs["early stopping"].values():
        np.testing.assert_array_equal(np.nanmin(stopped.val_errors, axis=1), stopped.val_error)


@pytest.mark.parametrize("patience", [5, 10])
def test_early_stopping_is_the_beginning_of_the_plain_run(runs, patience):
    stopped, plain = runs["early stopping"][patience], runs["none"][0]
    for early, whole, epochs in zip(stopped.val_errors, plain.val_errors, stopped.epochs, strict=True):
        np.testing.assert_allclose(early[: int(epochs)], whole[: int(epochs)], rtol=1e-3)
        assert stopping.early_stop(whole, patience)[0] == epochs


def test_training_sets_have_as_many_of_each_digit():
    for num_each in (10, 100, 320):
        (x, targets), (x_val, targets_val) = large.few(num_each)
        assert x.shape == (10 * num_each, 28, 28, 1) and x_val.shape == (800, 28, 28, 1)
        assert targets.sum(axis=0).tolist() == [num_each] * 10 and targets_val.sum(axis=0).tolist() == [80] * 10
        assert x.min() >= 0 and x.max() == 1


@pytest.mark.parametrize(("num_each", "steps"), [(10, 800), (20, 800), (50, 800), (200, 800), (320, 768)])
def test_sets_of_every_size_make_about_as_many_steps(num_each, steps):
    (x, targets), _, epochs = regularization._sets("digits", num_each, 0)
    assert len(x) == len(targets) and len(x) / large.BATCH_SIZE * epochs == steps
    assert len(np.unique(x.reshape(len(x), -1), axis=0)) == 10 * num_each


def test_random_labels_are_the_true_ones_in_another_order():
    (_, shuffled), _, _ = regularization._sets("random labels", 0, 0)
    (_, true), _ = large.few()
    assert shuffled.sum(axis=0).tolist() == [100] * 10
    assert 0.05 < np.mean(shuffled.argmax(axis=1) == true.argmax(axis=1)) < 0.15


@pytest.mark.parametrize(
    ("remedy", "amount"), [("none", 0), ("weight decay", 1.0), ("dropout", 0.5), ("augmentation", 1.0), ("flip", 1.0)]
)
def test_a_recorded_run_can_be_repeated(remedy, amount, monkeypatch):
    monkeypatch.setattr(large, "NUM_EPOCHS", 2)
    monkeypatch.setattr(large.measured, "__kwdefaults__", {"epochs": 2, "callbacks": None})
    again, row = regularization.run(remedy, amount, 1), stored(remedy=remedy, amount=amount, seed=1)
    assert set(again) == set(regularization.RESULTS) and again["epochs"] == 2
    for name, room in (("errors", 5e-3), ("val_errors", 5e-3), ("val_accuracies", 4e-3)):
        expected = [float(word) for word in row[name].split()[:2]]
        np.testing.assert_allclose([float(word) for word in again[name].split()], expected, rtol=0, atol=room)


def test_without_the_full_set_the_other_rows_can_be_recorded(monkeypatch):
    def missing(size):
        if size == "full":
            raise data.DataError("there is no network")
        return small

    small = data.load_mnist("small")
    monkeypatch.setattr(data, "load_mnist", missing)
    with pytest.raises(RecordError, match="there is no network"):
        regularization.run("digits", 5120, 0)
    assert len(regularization._sets("digits", 200, 0)[0][0]) == 2000
    full = [i for i, s in enumerate(regularization.SETTINGS) if s["amount"] in regularization.NUM_FULL]
    assert full == list(range(len(regularization.SETTINGS) - 6, len(regularization.SETTINGS)))
