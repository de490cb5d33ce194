"""Histories of training runs, and wrong ways of finding the best epoch in them."""

from collections.abc import Callable

import numpy as np


def history_with(val_loss: list[float], rng: np.random.RandomState) -> tuple[dict[str, list[float]]]:
    """Make a case of one history; its other three columns have their best epochs elsewhere."""
    n = len(val_loss)
    loss, accuracy = np.geomspace(0.9, 0.05, n), 1 - 0.5 * np.geomspace(1, 0.02, n)
    if n > 4:  # neither falls nor rises to the very end
        loss[-2:], accuracy[-3:], accuracy[:2] = loss[-2:][::-1], accuracy[-3:][::-1], accuracy[:2][::-1]
    else:
        loss[:2] = loss[:2][::-1]
    columns = {"accuracy": accuracy, "loss": loss, "val_accuracy": rng.permutation(np.linspace(0.8, 0.93, n))}
    return ({name: column.tolist() for name, column in columns.items()} | {"val_loss": val_loss},)


def place(key: str, find: Callable = np.argmin, first: int = 1) -> Callable:
    """Make a function that finds the epoch in a column; first: what the first epoch is called."""
    return lambda history: int(find(history[key])) + first


def first_rise(history: dict) -> int:
    """Return the epoch before the first rise of the validation loss, counted from 1."""
    losses = history["val_loss"]
    return next((i + 1 for i in range(len(losses) - 1) if losses[i + 1] > losses[i]), len(losses))


def lower_than_the_first(history: dict) -> int:
    """Return the last epoch whose validation loss is below the first one's, counted from 1."""
    losses = history["val_loss"]
    return max([1, *(i + 1 for i in range(len(losses)) if losses[i] < losses[0])])


def gap(history: dict) -> np.ndarray:
    """Return by how much the validation loss lies above the training loss."""
    return np.array(history["val_loss"]) - history["loss"]
