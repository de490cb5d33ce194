"""What was measured once and stored in data/*.csv, because it takes too long for a lesson."""

import csv
import importlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from helpers.data.base import DataError, Pair
from helpers.data.mnist import load_mnist
from helpers.data.split import split_validation

FOLDER = Path(__file__).resolve().parents[2] / "data"

Row = dict[str, str]
Kind = TypeVar("Kind", bound=Hashable)


def load_step_cost() -> Pair:
    """Return batch sizes and the microseconds that one step takes with each, both of shape (k,), for lesson 03.

    Recorded by `make benchmark ARGS=--step-cost` for a gradient over 10 features on one core of one machine.
    """
    table = np.loadtxt(FOLDER / "step_cost.csv", delimiter=",", skiprows=1)
    return table[:, 0].astype(int), table[:, 1]


def load_learning_rates() -> dict[str, tuple[NDArray, NDArray, NDArray]]:
    """Return rule -> (etas, losses, accuracies): how lesson 05's network trains at each learning rate, for lesson 06.

    For k learning rates, in rising order, and as many columns as seeds: etas (k,), training losses (k, seeds), shares
    of the validation digits that are right (k, seeds). A diverged loss would be inf. Recorded by `make record`. Raises
    DataError where the recording is not finished, or damaged.
    """
    found = {}
    with _recording("learning_rates") as rows:
        for rule, part in _groups(rows, lambda row: row["rule"]).items():
            etas = list(dict.fromkeys(float(row["eta"]) for row in part))
            losses, accuracies = (_table(part, name, len(etas)) for name in ("loss", "val_accuracy"))
            found[rule] = np.array(etas), losses, accuracies
    return found


def load_keras_line() -> tuple[NDArray, NDArray, NDArray]:
    """Return etas, batch sizes and paths: how Keras trains `Dense(1)` on 100 noisy points, for lesson 07.

    etas (k,), in rising order, and batch sizes (m,), from all 100 down; paths (m, k, 61, 2) hold w and b before the
    first epoch and after each. What overflowed, in a run that diverges, is inf. Recorded by `make record`. Raises
    DataError where the recording is not finished, or damaged.
    """
    with _recording("keras_line") as rows:
        etas, sizes = (list(dict.fromkeys(float(row[name]) for row in rows)) for name in ("eta", "batch_size"))
        w, b = (np.array([_numbers(row[name]) for row in rows]) for name in ("w", "b"))
        paths = np.stack([w, b], axis=-1).reshape(len(sizes), len(etas), -1, 2)
        return np.array(etas), np.array(sizes, dtype=int), paths


def load_mnist_epochs() -> dict[str, dict[str, NDArray]]:
    """Return how the dense network of lesson 08 learns on "small", "validation" and "full" MNIST, epoch by epoch.

    For each, arrays of shape (seeds, epochs): "loss" and "accuracy", running means over the training batches, and
    "held_out_loss" and "held_out_accuracy", measured at the end of each epoch. Recorded by `make record`. Raises
    DataError where the recording is not finished, or damaged.
    """
    names = ("loss", "accuracy", "held_out_loss", "held_out_accuracy")
    with _recording("mnist_epochs") as rows:
        return {
            data: {name: np.array([_numbers(row[name]) for row in part]) for name in names}
            for data, part in _groups(rows, lambda row: row["data"]).items()
        }


def load_batch_sizes() -> dict[str, dict[str, NDArray]]:
    """Return what a batch size costs and buys, after the same number of "epochs" (10) and of "steps" (250); lesson 08.

    For both, "batch_size" and "steps" of shape (k,), in rising order of batch size, and "seconds", "held_out_loss" and
    "held_out_accuracy" of shape (k, seeds). Seconds are those of one machine's processor. Recorded by `make record`.
    Raises DataError where the recording is not finished, or damaged.
    """
    found = {}
    with _recording("batch_sizes") as rows:
        for same, part in _groups(rows, lambda row: row["same"]).items():
            sizes = list(dict.fromkeys(int(row["batch_size"]) for row in part))
            columns = {"batch_size": np.array(sizes), "steps": _table(part, "steps", len(sizes))[:, 0].astype(int)}
            for name in ("seconds", "held_out_loss", "held_out_accuracy"):
                columns[name] = _table(part, name, len(sizes))
            found[same] = columns
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
    found = {}
    with _recording("judged") as rows:
        kinds = _groups(rows, lambda row: row["model"] + ", shuffled pixels" * (row["pixels"] == "shuffled"))
        for kind, part in kinds.items():
            said = np.array([_said(row, labels) for row in part])
            loss = np.array([float(row["loss"]) for row in part])
            found[kind] = Judged(said == labels, said, loss, int(part[0]["parameters"]))
    return found


class Runs(NamedTuple):
    """What runs with one remedy against overfitting gave, an entry or a row for each seed."""

    error: NDArray  # (seeds,), mean cross-entropy of the training digits at the end, as they are
    accuracy: NDArray  # (seeds,), share of them that is right
    val_error: NDArray  # (seeds,), the same of the 800 validation digits
    val_accuracy: NDArray  # (seeds,)
    epochs: NDArray  # (seeds,), how many were run
    seconds: NDArray  # (seeds,), processor time of the training
    errors: NDArray  # (seeds, epochs), after each epoch: running means while training, with the remedy at work
    val_errors: NDArray  # (seeds, epochs); nan after the last epoch of a run that stopped early, as in errors
    val_accuracies: NDArray  # (seeds, epochs)


def load_regularization() -> dict[str, dict[float, Runs]]:
    """Return remedy -> amount -> runs: what each remedy against overfitting does for 1,000 digits, for lesson 14.

    "none" has the amount 0, "dropout" rates, "augmentation" strengths, "units" and "digits" how many there are (of each
    digit), and so on: see the card. Recorded by `make record`. Raises DataError where the recording is not finished, or
    damaged.
    """
    found: dict[str, dict[float, Runs]] = {}
    with _recording("regularization") as rows:
        for (remedy, amount), part in _groups(rows, lambda row: (row["remedy"], row["amount"])).items():
            columns = [np.array([float(row[name]) for row in part]) for name in Runs._fields[:6]]
            histories = [_padded([_epochs(row, name) for row in part]) for name in Runs._fields[6:]]
            found.setdefault(remedy, {})[float(amount)] = Runs(*columns, *histories)
    return {remedy: dict(sorted(amounts.items())) for remedy, amounts in found.items()}


class Transferred(NamedTuple):
    """What runs that start from a trained network gave, an entry for each seed: shares of digits that are right."""

    accuracy: NDArray  # (seeds,), of the new task's held-out digits
    test_accuracy: NDArray  # (seeds,), of its test digits
    old_accuracy: NDArray  # (seeds,), of the old task's held-out digits, with the old head; nan where there is none


def load_transfer() -> dict[str, dict[tuple[int, float, int], Transferred]]:
    """Return start -> (frozen layers, learning rate, labels a class) -> runs: what a trained network is worth, for 16.

    The starts are "mnist" (a full grid, its head kept), "scratch", "mnist + new head" and others: see the card.
    Recorded by `make record`. Raises DataError where the recording is not finished, or damaged.
    """
    found: dict[str, dict[tuple[int, float, int], Transferred]] = {}
    with _recording("transfer") as rows:
        kinds = _groups(rows, lambda row: (row["start"], int(row["frozen"]), float(row["rate"]), int(row["labels"])))
        for (start, *key), part in kinds.items():
            columns = np.array([[float(row[name]) for name in Transferred._fields] for row in part]).T
            columns[np.isinf(columns)] = np.nan  # which is how the file says that there is no old task
            found.setdefault(start, {})[tuple(key)] = Transferred(*columns)
    return found


class PhotoRuns(NamedTuple):
    """What runs on photos of rubbish gave, an entry or a row for each seed."""

    accuracy: NDArray  # (seeds,), share of the validation photos that is right
    balanced: NDArray  # (seeds,), mean of the classes' recalls, of the same photos
    test_accuracy: NDArray  # (seeds,)
    test_balanced: NDArray  # (seeds,)
    seconds: NDArray  # (seeds,), processor time of the training
    recalls: NDArray  # (seeds, classes), of the validation photos
    accuracies: NDArray  # (seeds, epochs), validation accuracy after each epoch; nan, (seeds, 1), for a head alone


def load_photo_runs() -> dict[str, dict[int, PhotoRuns]]:
    """Return method -> photos of each class (0: all) -> runs: what ImageNet is worth for photos of rubbish.

    The methods are "pixels", "probe" (also for 5, 10, 20 and 50 photos of each class), "probe + class weights", "top",
    "top + thawed batch norm", "top + class weights", with five seeds each, and "all" with three: see the card.
    Recorded by `make record`. Raises DataError where the recording is not finished, or damaged.
    """
    found: dict[str, dict[int, PhotoRuns]] = {}
    with _recording("photos") as rows:
        for (method, labels), part in _groups(rows, lambda row: (row["method"], int(row["labels"]))).items():
            columns = [np.array([float(row[name]) for row in part]) for name in PhotoRuns._fields[:5]]
            tables = [np.array([_numbers(row[name]) for row in part]) for name in PhotoRuns._fields[5:]]
            tables[1][np.isinf(tables[1])] = np.nan  # which is how the file says that a head alone has no epochs here
            found.setdefault(method, {})[labels] = PhotoRuns(*columns, *tables)
    return found


def _epochs(row: Row, name: str) -> list[float]:
    """Return the numbers of one cell; raise ValueError where they are not one for each epoch of the run."""
    numbers = _numbers(row[name])
    if len(numbers) != int(row["epochs"]):
        raise ValueError(f"There are {len(numbers)} numbers for {row['epochs']} epochs.")
    return numbers


def _padded(rows: Sequence[list[float]]) -> NDArray:
    """Return rows of different lengths as one table; what is missing at their ends is nan."""
    table = np.full((len(rows), max(map(len, rows))), np.nan)
    for row, numbers in zip(table, rows, strict=True):
        row[: len(numbers)] = numbers
    return table


def _said(row: Row, labels: NDArray) -> NDArray:
    """Return a model's labels: the true ones, but for those that are wrong; raise ValueError where they do not fit."""
    wrong, said = ([int(word) for word in row[name].split() if word != "none"] for name in ("wrong", "said"))
    known = set(wrong) <= set(range(len(labels))) and set(said) <= set(range(10))
    if not known or sorted(set(wrong)) != wrong or len(wrong) != len(said) or (labels[wrong] == said).any():
        raise ValueError("The rows that are wrong and what is said of them do not fit.")
    predicted = labels.copy()
    predicted[wrong] = said
    return predicted


@contextmanager
def _recording(name: str) -> Iterator[list[Row]]:
    """Hand over the rows of data/NAME.csv as texts, one for each setting of the experiment; tell what is damaged."""
    settings = importlib.import_module(f"helpers.record.{name}").SETTINGS
    file = FOLDER / f"{name}.csv"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    rows = list(csv.DictReader(lines))
    if [[row.get(key) for key in settings[0]] for row in rows] != [[*map(str, s.values())] for s in settings]:
        raise DataError(f"The file data/{name}.csv is not complete: `make record` goes on recording it.")
    try:
        yield rows
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        cure = f'`make record ARGS="{name} --fresh"` records it anew'
        raise DataError(f"The file data/{name}.csv is damaged: {cure}.") from error


def _groups(rows: Sequence[Row], kind: Callable[[Row], Kind]) -> dict[Kind, list[Row]]:
    """Return the rows of each kind, the kinds in the order of the file."""
    groups: dict[Kind, list[Row]] = {}
    for row in rows:
        groups.setdefault(kind(row), []).append(row)
    return groups


def _table(rows: Sequence[Row], name: str, length: int) -> NDArray:
    """Return a column as numbers of shape (length, seeds)."""
    return np.array([float(row[name]) for row in rows]).reshape(length, -1)


def _numbers(text: str) -> list[float]:
    """Return the numbers of one cell, which are separated by spaces."""
    return [float(word) for word in text.split()]
