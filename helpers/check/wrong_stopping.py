"""Making early stopping with one thing wrong: what is watched, what counts, and what is returned."""

import operator
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np


def run(
    history: dict,
    patience: int,
    watch: str = "val_loss",
    better: Callable = operator.lt,
    enough: Callable = lambda wait, patience: wait >= patience,
    start: float = np.inf,
    before: bool = False,
    reset: bool = True,
    always: bool = False,
    waits: Callable = lambda new, best: True,
) -> SimpleNamespace:
    """Go through a history; return where it stops and what was best until then, both counted from 0.

    before: compare with the epoch before. reset: begin to count again after an improvement. always: look for the end
    after an improvement too. waits: whether a new loss that is not better makes the waiting longer.
    """
    losses = history[watch]
    r = SimpleNamespace(last=len(losses) - 1, best=0, stopped=False, history=history, patience=patience)
    reference, wait = start, 0
    for epoch, loss in enumerate(losses):
        improved = better(loss, reference)
        if improved:
            r.best, wait = epoch, 0 if reset else wait
        elif waits(loss, reference):
            wait += 1
        reference = loss if improved or before else reference
        if (always or not improved) and enough(wait, patience):
            r.last, r.stopped = epoch, True
            break
    r.losses, r.n = history["val_loss"], len(losses)
    return r


def from_one(r: SimpleNamespace) -> tuple[int, int]:
    """Return last and best, counted from 1."""
    return r.last + 1, r.best + 1


def stopping(report: Callable = from_one, **rule: Any) -> Callable:
    """Make a function of history and patience from another report or another rule."""
    return lambda history, patience: report(run(history, patience, **rule))


def best_in(key: str, whole: bool = False, find: Callable = np.argmin) -> Callable:
    """Make a report whose best epoch is that of a column, up to the last epoch or in the whole history."""
    return lambda r: (r.last + 1, int(find(r.history[key][: None if whole else r.last + 1])) + 1)


def past_the_best(r: SimpleNamespace) -> tuple[int, int]:
    """Return the last epoch and the one `patience` before it."""
    return r.last + 1, r.last + 1 - r.patience


def all_rising(history: dict, patience: int) -> tuple[int, int]:
    """Stop after `patience` rises in a row."""
    losses, rises = history["val_loss"], 0
    for i in range(1, len(losses)):
        rises = rises + 1 if losses[i] > losses[i - 1] else 0
        if rises >= patience:
            return i + 1, int(np.argmin(losses[: i + 1])) + 1
    return len(losses), int(np.argmin(losses)) + 1
