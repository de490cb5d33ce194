"""The recordings on MNIST: what their loaders return and refuse, and whether the files hold what the code computes."""

import csv
import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.record import __main__ as command
from helpers.record import batch_sizes, digits, engine, judged, mnist_epochs

ROOT = Path(__file__).resolve().parent.parent
LOADERS = {
    "learning_rates": data.load_learning_rates,
    "keras_line": data.load_keras_line,
    "mnist_epochs": data.load_mnist_epochs,
    "batch_sizes": data.load_batch_sizes,
    "judged": data.load_judged,
    "regularization": data.load_regularization,
}


def stored(name, **setting):
    """Return the recorded row of one setting."""
    with (command.FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        wanted = {key: str(value) for key, value in setting.items()}
        return next(row for row in csv.DictReader(file) if wanted.items() <= row.items())


@pytest.fixture
def file_of(tmp_path, monkeypatch):
    """Let the loaders read copies: return name -> the path of the copy."""

    def copy(name):
        return Path(shutil.copy(command.FOLDER / f"{name}.csv", tmp_path))

    monkeypatch.setattr(data.recordings, "FOLDER", tmp_path)
    return copy


# What the loaders return


def test_every_epoch_of_every_run_is_there():
    found = data.load_mnist_epochs()
    assert list(found) == ["small", "validation", "full"]
    for name, num_epochs in (("small", 10), ("validation", 60), ("full", 10)):
        assert list(found[name]) == ["loss", "accuracy", "held_out_loss", "held_out_accuracy"]
        for values in found[name].values():
            assert values.shape == (5, num_epochs) and len(np.unique(values, axis=0)) == 5
        assert (found[name]["loss"][:, 0] > 2 * found[name]["loss"][:, -1]).all()
        for accuracy in (found[name]["accuracy"], found[name]["held_out_accuracy"]):
            assert (accuracy > 0.5).all() and (accuracy <= 1).all()


def test_the_full_set_was_recorded_on_all_its_digits():
    full = data.load_mnist_epochs()["full"]
    shares = full["held_out_accuracy"] * 10_000
    np.testing.assert_allclose(shares, shares.round(), atol=0.01)
    assert (full["held_out_accuracy"][:, -1] > 0.97).all()


def test_batch_sizes_are_tried_for_the_same_epochs_and_for_the_same_steps():
    found = data.load_batch_sizes()
    assert list(found) == ["epochs", "steps"]
    for table in found.values():
        assert table["batch_size"].tolist() == [8, 32, 128, 512, 3200]
        for name in ("seconds", "held_out_loss", "held_out_accuracy"):
            assert table[name].shape == (5, 3) and (table[name] > 0).all() and np.isfinite(table[name]).all()
    assert found["epochs"]["steps"].tolist() == [4000, 1000, 250, 70, 10]
    assert found["steps"]["steps"].tolist() == [250] * 5
    for name in ("held_out_loss", "held_out_accuracy"):  # ten epochs of 25 steps are 250 steps
        np.testing.assert_array_equal(found["epochs"][name][2], found["steps"][name][2])


def test_every_model_judges_every_validation_digit():
    found = data.load_judged()
    shuffled = ["dense, shuffled pixels", "convolutional, shuffled pixels"]
    assert list(found) == ["dense", "convolutional", *shuffled]
    _, (_, labels) = data.split_validation(*data.load_mnist("small")[0])
    for kind, (right, predicted, loss, parameters) in found.items():
        num_seeds = 40 if kind == "dense" else 5
        assert right.shape == predicted.shape == (num_seeds, 800) and loss.shape == (num_seeds,)
        assert right.dtype == bool and set(np.unique(predicted)) == set(range(10))
        np.testing.assert_array_equal(right, predicted == labels)
        assert (right.mean(axis=1) > 0.8).all() and (loss > 0).all() and len(np.unique(loss)) == num_seeds
        dense, convolutional = 785 * 128 + 129 * 10, 10 * 16 + (9 * 16 + 1) * 32 + (5 * 5 * 32 + 1) * 10
        assert parameters == (dense if kind.startswith("dense") else convolutional)


def test_the_recordings_are_those_of_the_small_set_even_where_the_full_one_is_asked_for(monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", "full")
    digits.parts.cache_clear()
    (x, labels), (x_held_out, _) = digits.parts("validation")
    assert (len(x), len(x_held_out)) == (3200, 800)
    assert x.dtype == np.float32 and x.min() == 0 and x.max() == 1
    (pixels, _), _ = data.split_validation(*data.load_mnist("small")[0])
    np.testing.assert_array_equal(x, (pixels / 255).astype(np.float32))  # as a lesson's `/ 255` reaches Keras
    assert [len(part[1]) for part in digits.parts("small")] == [4000, 1000]
    assert data.load_judged()["dense"].right.shape == (40, 800)


# What they refuse


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize("lines", [slice(0), slice(1), slice(-1), slice(None, None, 2)])
def test_a_recording_with_missing_rows_is_not_complete(file_of, name, lines):
    path = file_of(name)
    path.write_text("".join(path.read_text().splitlines(keepends=True)[lines]))
    with pytest.raises(data.DataError) as error:
        LOADERS[name]()
    assert str(error.value) == f"The file data/{name}.csv is not complete: `make record` goes on recording it."


@pytest.mark.parametrize("name", LOADERS)
def test_a_recording_that_is_not_there_is_not_complete(file_of, name):
    file_of(name).unlink()
    with pytest.raises(data.DataError, match="is not complete: `make record`"):
        LOADERS[name]()


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("learning_rates", "loss", "small"),
        ("learning_rates", "val_accuracy", None),
        ("keras_line", "w", "0 x"),
        ("keras_line", "w", "0 1"),
        ("keras_line", "b", None),
        ("mnist_epochs", "loss", "0.5 0.4 x"),
        ("mnist_epochs", "loss", "0.5 0.4"),
        ("mnist_epochs", "held_out_accuracy", None),
        ("batch_sizes", "seconds", "fast"),
        ("batch_sizes", "held_out_accuracy", None),
        ("regularization", "val_error", "low"),
        ("regularization", "val_errors", "0.5 0.4"),
        ("regularization", "epochs", "41"),
        ("regularization", "val_accuracies", None),
        ("judged", "loss", ""),
        ("judged", "said", None),
        ("judged", "said", "none"),
        ("judged", "said", lambda row: row["said"] + " 3"),
        ("judged", "said", lambda row: "11" + row["said"][1:]),
        ("judged", "wrong", lambda row: row["wrong"] + "000"),
        ("judged", "wrong", lambda row: "-" + row["wrong"]),
        ("judged", "wrong", lambda row: " ".join(row["wrong"].split()[::-1])),
    ],
)
def test_a_damaged_row_is_told_with_what_to_do(file_of, name, column, value):
    path = file_of(name)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    rows[3][column] = value(rows[3]) if callable(value) else value
    lines = [",".join(cell for cell in row.values() if cell is not None) for row in rows]
    path.write_text("\n".join([",".join(rows[0]), *lines, ""]))
    with pytest.raises(data.DataError) as error:
        LOADERS[name]()
    cure = f'`make record ARGS="{name} --fresh"` records it anew.'
    assert str(error.value) == f"The file data/{name}.csv is damaged: {cure}"


def test_a_label_that_would_be_right_does_not_count_as_wrong(file_of):
    _, (_, labels) = data.split_validation(*data.load_mnist("small")[0])
    path, row = file_of("judged"), stored("judged", model="dense", seed=0)
    true = " ".join(str(labels[int(place)]) for place in row["wrong"].split())
    path.write_text(path.read_text().replace(f"{row['wrong']},{row['said']}", f"{row['wrong']},{true}"))
    with pytest.raises(data.DataError, match="judged.csv is damaged"):
        data.load_judged()


def test_a_model_without_mistakes_is_right_everywhere():
    labels = np.array([1, 2, 3], np.uint8)
    assert data.recordings._said({"wrong": "none", "said": "none"}, labels).tolist() == [1, 2, 3]
    assert data.recordings._said({"wrong": "0 2", "said": "7 9"}, labels).tolist() == [7, 2, 9]


# What is recorded can be computed again


def test_the_recorded_epochs_can_be_repeated(monkeypatch):
    monkeypatch.setitem(mnist_epochs.NUM_EPOCHS, "small", 3)
    again, row = mnist_epochs.run("small", 2), stored("mnist_epochs", data="small", seed=2)
    assert set(again) == set(mnist_epochs.RESULTS)
    for name, text in again.items():
        expected = [float(value) for value in row[name].split()[:3]]
        atol = 3.5 / 1000 if "accuracy" in name else 0  # three digits may fall to the other side
        np.testing.assert_allclose([float(value) for value in text.split()], expected, rtol=5e-3, atol=atol)


def test_a_recorded_batch_size_can_be_repeated():
    again = batch_sizes.run("steps", 8, 1, timed=False)
    row = stored("batch_sizes", same="steps", batch_size=8, seed=1)
    assert again["steps"] == int(row["steps"]) == 250
    assert again["held_out_loss"] == pytest.approx(float(row["held_out_loss"]), rel=5e-3)
    assert again["held_out_accuracy"] == pytest.approx(float(row["held_out_accuracy"]), abs=3.5 / 800)


@pytest.mark.parametrize("pixels", ["ordered", "shuffled"])
def test_a_recorded_judgment_can_be_repeated(pixels):
    again, row = judged.run("dense", pixels, 3), stored("judged", model="dense", pixels=pixels, seed=3)
    assert again["parameters"] == int(row["parameters"])
    assert again["loss"] == pytest.approx(float(row["loss"]), rel=1e-2)
    then, now = (set(zip(r["wrong"].split(), r["said"].split(), strict=True)) for r in (row, again))
    assert len(then ^ now) <= 4  # another seed: about 26


def test_steps_end_in_the_middle_of_an_epoch(monkeypatch):
    made, build = [], digits.dense
    monkeypatch.setattr(digits, "dense", lambda seed: made.append(build(seed)) or made[0])
    monkeypatch.setattr(batch_sizes, "NUM_STEPS", 10)  # 7 make an epoch
    assert batch_sizes.run("steps", 512, 0, timed=False)["steps"] == 10
    assert int(made[0].optimizer.iterations) == 10


def test_the_convolutional_network_is_the_one_described():
    model = digits.convolutional(0)
    assert model.count_params() == int(stored("judged", model="convolutional", seed=0)["parameters"])
    assert digits.shaped(model, np.zeros((2, 28, 28))).shape == (2, 28, 28, 1)
    assert model.optimizer.learning_rate == np.float32(0.001)


def test_pixels_are_shuffled_in_one_way_for_every_image():
    images = np.arange(784).reshape(1, 28, 28) + np.array([0, 1000]).reshape(2, 1, 1)
    shuffled = judged.shuffle_pixels(images)
    assert shuffled.shape == images.shape
    np.testing.assert_array_equal(shuffled[1], shuffled[0] + 1000)
    assert sorted(shuffled[0].ravel()) == list(range(784)) and (shuffled[0] != images[0]).mean() > 0.9


# The command


class Learned:
    """A model that has a history before it is trained."""

    input_shape = (None, 784)

    def fit(self, *args, epochs, **options):
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        return type("History", (), {"history": {name: [0.5] * epochs for name in names}})


def test_without_the_full_set_the_other_rows_are_kept_and_one_sentence_says_why(tmp_path, monkeypatch, capsys):
    def load_full():
        raise data.DataError("The full MNIST could not be loaded: connect to the network.")

    monkeypatch.setattr(data.mnist, "_load_full", load_full)
    monkeypatch.setattr(digits, "dense", lambda seed: Learned())
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    for name in command.THREADS:
        monkeypatch.setenv(name, "1")
    digits.parts.cache_clear()
    assert command.main(["mnist_epochs"]) == 1
    output = capsys.readouterr()
    assert output.out == "" and output.err.splitlines()[-1].startswith("The full MNIST could not be loaded: ")
    with (tmp_path / "mnist_epochs.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["data"], row["seed"]) for row in rows] == [(n, s) for n in ("small", "validation") for s in "01234"]
    assert rows[9]["loss"] == " ".join(["0.5"] * 60)
    assert digits.SETS[-1] == "full"


def test_tensorflow_is_imported_quiet_and_on_one_thread(tmp_path):
    code = f"""
        import importlib, json, os, sys
        from pathlib import Path
        from helpers.record import __main__ as command

        class Small:
            SETTINGS, RESULTS = [{{"seed": 0}}], ["loss"]
            def run(seed):
                print(json.dumps(dict(os.environ)))
                return {{"loss": 1}}

        importlib.import_module, command.FOLDER = lambda name: Small, Path({str(tmp_path)!r})
        before = {{"tensorflow", "keras", "numpy"}} & set(sys.modules)
        sys.exit(command.main(["judged"]) or len(before))
    """
    pinned = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
    own = os.environ | dict.fromkeys(pinned, "2") | {"TF_CPP_MIN_LOG_LEVEL": "0", "KERAS_BACKEND": "torch"}
    call = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(call, cwd=ROOT, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (pinned | quiet).items() <= json.loads(done.stdout).items()


@pytest.mark.parametrize("experiment", [mnist_epochs, batch_sizes, judged])
def test_importing_an_experiment_imports_no_keras(experiment):
    code = f"import sys, {experiment.__name__}; sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_numbers_in_a_cell_can_be_written():
    assert engine._cell(engine.as_text([1 / 3, 2])) == "0.333333 2"
