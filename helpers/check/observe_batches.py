"""Watching answers that shuffle: whatever their random order is, the same few words come out for every right one."""

import copy
import inspect
from collections.abc import Callable, Iterator
from itertools import islice
from types import EllipsisType
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, to_numbers
from helpers.check.epoch_words import (
    EACH_ONCE,
    ENOUGH_ROWS,
    EPOCHS,
    NEW,
    OTHER_SEED,
    STORED,
    TWICE,
    Epoch,
    order_of,
    partners,
    rows_of,
    sizes_of,
)
from helpers.check.unwritten import holds_ellipsis, is_unwritten
from helpers.check.words import show

MORE = 10  # batches that are read beyond three for each row, before an iterator counts as endless


class _Unwritten(Exception):
    """A `...` where a batch is expected."""


def batches(
    answer: Callable, X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> tuple[str, ...] | EllipsisType:
    """Read several epochs of an iterator over (X_batch, y_batch); tell its batch sizes, rows, pairs and order in words.

    The same `rng` serves all epochs; then a copy of it and one with another seed serve as many less one. Raises
    Mismatch where something else than pairs of rows comes out. The order is judged by which rows meet in a batch, and
    only where chance cannot bring back the old one; rows and pairs only where a batch can be filled. The first number
    of a row of X, and of y, tells which row it is, so no two rows may share it.
    """
    stored = X.copy(), y.copy()

    def epoch(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> Epoch:
        return _numbers_of(list(_pairs(answer(X, y, batch_size, rng), stored)), stored)

    n, fills = len(y), batch_size <= len(y)
    judged = n >= ENOUGH_ROWS and batch_size < n
    try:
        runs = _runs(epoch, X, y, rng, judged)
    except _Unwritten:
        return ...
    first = runs[0][0]
    if holds_ellipsis(answer) and batch_size < n and first and all(len(rows) == n for rows, _ in first):
        return ...  # X[...] is the whole of X
    rows = rows_of(runs[0], stored) if fills else EACH_ONCE
    judged = judged and rows in (EACH_ONCE, TWICE) and all(epoch for run in runs for epoch in run)
    order = order_of(runs, stored, batch_size) if judged else NEW
    return sizes_of(runs[0]), rows, partners(runs[0] if fills else []), order


def shuffled(answer: Callable, X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> tuple | EllipsisType:
    """Shuffle several times; tell in words which rows come back, whether X and y belong together, and their order.

    >>> y = np.arange(3.0)
    >>> shuffled(lambda X, y, rng: (X[::-1], y), y[:, None], y, np.random.default_rng(0))
    ('each row once', 'X and y apart', 'new and random, from rng')
    """
    stored = X.copy(), y.copy()

    def epoch(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> Epoch:
        return _numbers_of([_whole(answer(X, y, rng), stored)], stored)

    judged = len(y) >= ENOUGH_ROWS
    try:
        runs = _runs(epoch, X, y, rng, judged)
    except _Unwritten:
        return ...
    rows = rows_of(runs[0], stored)
    order = order_of(runs, stored, 1) if judged and rows in (EACH_ONCE, TWICE) else NEW
    if order == STORED and holds_ellipsis(answer):
        return ...  # X[...] is the whole of X
    return rows, partners(runs[0]), order


def _runs(epoch: Callable, X: np.ndarray, y: np.ndarray, rng: np.random.Generator, judged: bool) -> list[list[Epoch]]:
    """Run epochs with rng, with its copy and with another one; only the first run gets the caller's own arrays."""
    starts = [(X.copy(), y.copy(), g) for g in (copy.deepcopy(rng), np.random.default_rng(OTHER_SEED)) if judged]
    first = [epoch(X, y, rng) for _ in range(EPOCHS)]
    return [first, *([epoch(*start) for _ in range(EPOCHS - 1)] for start in starts)]


# Reading what comes out


def _pairs(found: Any, stored: tuple[np.ndarray, np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    _refuse(found, "a `yield`")
    try:
        items = iter(found)
    except TypeError:
        raise Mismatch(f"found {show(found)}, an iterator over pairs (X_batch, y_batch) expected") from None
    if isinstance(found, (tuple, list)) and len(found) == 2 and _fit(found, stored):
        amount = "all rows" if len(found[0]) == len(stored[0]) else "some rows"
        raise Mismatch(f"found one pair with {amount}, an iterator over pairs (X_batch, y_batch) expected")
    limit = 3 * len(stored[0]) + MORE
    for item in islice(items, limit):
        yield _pair(item, stored)
    if next(items, _Unwritten) is not _Unwritten:
        raise Mismatch(f"the batches do not end: {limit} were read, for {len(stored[0])} rows")


def _whole(found: Any, stored: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    _refuse(found, "a `return`")
    if isinstance(found, Iterator) and not isinstance(found, (zip, map)):
        raise Mismatch("found a generator: write `return`, not `yield`")
    pair = _pair(tuple(found) if isinstance(found, Iterator) else found, stored, "the answer")
    for name, now, was in zip("Xy", pair, stored, strict=True):
        if len(now) != len(was):
            raise Mismatch(f"{name} came with {len(was)} rows and goes with {len(now)}")
    return pair


def _refuse(found: Any, missing: str) -> None:
    if found is None:
        raise Mismatch(f"found None: is {missing} missing?")
    if is_unwritten(found):
        raise _Unwritten
    if inspect.iscoroutine(found):
        found.close()  # else Python warns that it was never awaited
    if inspect.iscoroutine(found) or inspect.isasyncgen(found):
        raise Mismatch("found a coroutine: leave `async` away")
    if isinstance(found, (str, dict, set)):
        raise Mismatch(f"found a {type(found).__name__}, X and y expected")


def _pair(item: Any, stored: tuple[np.ndarray, np.ndarray], what: str = "a batch") -> tuple[np.ndarray, np.ndarray]:
    if is_unwritten(item):
        raise _Unwritten
    if isinstance(item, np.ndarray) and item.dtype == object:
        item = tuple(item)
    if isinstance(item, (list, tuple, range)) and len(item) and all(isinstance(i, (int, np.integer)) for i in item):
        item = np.array(item)
    if not isinstance(item, (tuple, list)):
        raise Mismatch(f"{what} is {_kind(item, stored)}, a pair of X and y expected")
    if len(item) != 2:
        raise Mismatch(f"{what} has {len(item)} part{'s' * (len(item) != 1)}, a pair of X and y expected")
    if item[0] is None or item[1] is None:
        raise Mismatch(f"{what} holds None, a pair of X and y expected")
    if _fit(item[::-1], stored) and not _fit(item, stored):
        raise Mismatch(f"{what} is a pair of y and X, in this order; X comes first")
    arrays = to_numbers(item[0]).copy(), to_numbers(item[1]).copy()  # a copy, since the next batch may overwrite it
    for name, now, was in zip("Xy", arrays, stored, strict=True):
        if now.size and now.shape[1:] != was.shape[1:] or now.ndim == 0:
            wanted = ", ".join(["rows", *map(str, was.shape[1:])]) + "," * (was.ndim == 1)
            raise Mismatch(f"{name} comes out in shape {now.shape}, ({wanted}) expected")
    return arrays


def _fit(pair: Any, stored: tuple[np.ndarray, np.ndarray]) -> bool:
    """Whether the two are arrays with the axes of X and of y."""
    return all(
        isinstance(part, np.ndarray) and part.ndim == was.ndim and part.shape[1:] == was.shape[1:]
        for part, was in zip(pair, stored, strict=True)
    )


def _kind(item: Any, stored: tuple[np.ndarray, np.ndarray]) -> str:
    if not isinstance(item, np.ndarray):
        return f"of type {type(item).__name__}"
    if item.ndim == 1 and item.dtype.kind in "iu":
        return "an array of row numbers"
    like = (name for name, was in zip("Xy", stored, strict=True) if item.shape[1:] == was.shape[1:] and item.ndim)
    return f"an array like {name}" if (name := next(like, "")) else "one array"


def _numbers_of(pairs: list[tuple[np.ndarray, np.ndarray]], stored: tuple[np.ndarray, np.ndarray]) -> Epoch:
    """Replace each row by its number in the stored data."""
    sides = []
    for side, was in enumerate(stored):
        numbers = _lookup([pair[side] for pair in pairs if len(pair[side])], was.reshape(len(was), -1))
        sides.append(np.split(numbers, np.cumsum([len(pair[side]) for pair in pairs])[:-1]) if pairs else [])
    return list(zip(*sides, strict=True))


def _lookup(tables: list[np.ndarray], stored: np.ndarray) -> np.ndarray:
    """Number the rows by their first entry; -1 for those that are not stored."""
    rows = np.concatenate([np.empty(stored[:0].shape), *(table.reshape(len(table), -1) for table in tables)])
    numbers = np.argmin(np.abs(rows[:, :1] - stored[:, 0]), axis=1)
    return np.where(np.any(np.abs(rows - stored[numbers]) > 1e-3, axis=1), -1, numbers)
