"""Telling in a few words how epochs were dealt out: sizes, rows, partners and order (see observe_batches)."""

from itertools import groupby

import numpy as np

EPOCHS = 3  # of the first run; the runs that are compared with it have one less
OTHER_SEED = 20_240_229
ENOUGH_ROWS = 20  # fewer could come out in their old order by chance

NEW, STORED, SORTED, FIXED = "new and random, from rng", "as stored", "sorted", "the same every time"
BLOCKS, WITHIN = "stored batches, shuffled as a whole", "stored batches, shuffled inside"
NEARLY, FOREIGN = "nearly as stored", "random, but not from rng"
EACH_ONCE, TWICE, CHANGED = "each row once", "some rows twice, others never", "rows that X or y does not have"

Epoch = list[tuple[np.ndarray, np.ndarray]]  # for each batch the stored numbers of the rows of X, and of y


def sizes_of(run: list[Epoch]) -> str:
    """Count the batches of each size, as in "4 batches of 5, 1 of 4"."""
    words = []
    for epoch in run:
        counts = [(len(list(group)), size) for size, group in groupby(len(rows) for rows, _ in epoch)]
        parts = [
            f"{count}{' batch' + 'es' * (count > 1) if i == 0 else ''} of {s}" for i, (count, s) in enumerate(counts)
        ]
        words.append(", ".join(parts) or "no batch")
    return ", then ".join(dict.fromkeys(words))


def rows_of(run: list[Epoch], stored: tuple[np.ndarray, np.ndarray]) -> str:
    """Tell whether rows come twice while others do not come at all; a missing batch is the sizes' affair."""
    found = {number for epoch in run for batch in epoch for numbers in batch for number in numbers.tolist()}
    if -1 in found:
        return CHANGED
    for epoch in run:
        rows = np.concatenate([np.empty(0, int), *(rows for rows, _ in epoch)])
        if len(np.unique(rows)) < min(len(rows), len(stored[0])):
            return TWICE
    return EACH_ONCE


def partners(run: list[Epoch]) -> str:
    words = "X and y together"
    for rows, targets in (batch for epoch in run for batch in epoch):
        if len(rows) != len(targets):
            return "X and y of different lengths"
        if np.any((rows != targets) & (rows >= 0) & (targets >= 0)):
            words = "X and y apart"
    return words


def order_of(runs: list[list[Epoch]], stored: tuple[np.ndarray, np.ndarray], batch_size: int) -> str:
    """Name the order of X; that of y too, where one of them is still as it was stored."""
    of_X, of_y = (_side_of(runs, side, stored[side], batch_size) for side in (0, 1))
    if SORTED in (of_X, of_y):
        return SORTED
    if (of_X == STORED) == (of_y == STORED):
        return of_X
    return "X as stored, y shuffled" if of_X == STORED else "X shuffled, y as stored"


def _side_of(runs: list[list[Epoch]], side: int, stored: np.ndarray, batch_size: int) -> str:
    """Name the first that holds: as stored, sorted, shuffled inside, always the same, blocks, nearly, not from rng."""
    first = [batch[side] for batch in runs[0][0] if len(batch[side])]
    in_line = np.concatenate([np.empty(0, int), *first])
    if np.array_equal(in_line, np.arange(len(in_line)) % len(stored)):
        return STORED
    steps = np.diff(stored.reshape(len(stored), -1)[in_line, 0])
    if np.all(steps >= 0) or np.all(steps <= 0):
        return SORTED
    own, *others = ([_key(epoch, side, batch_size) for epoch in run] for run in runs)
    block = [1 < batch_size >= len(b) and np.array_equal(np.sort(b), np.arange(len(b)) + min(b)) for b in first]
    if all(block) and all(np.diff([min(b) for b in first]) > 0):
        return WITHIN
    if own.count(own[0]) == EPOCHS:
        return FIXED
    if all(block):
        return BLOCKS
    if np.mean(np.abs(np.diff(in_line)) == 1) > 0.75:
        return NEARLY
    again, other = others
    return NEW if own[:-1] == again != other else FOREIGN


def _key(epoch: Epoch, side: int, batch_size: int) -> list[list[int]]:
    """List the rows batch by batch; inside a batch that is no longer than asked, their order does not matter."""
    return [(np.sort(b[side]) if 1 < len(b[side]) <= batch_size else b[side]).tolist() for b in epoch]
