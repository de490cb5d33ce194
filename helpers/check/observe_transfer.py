"""Watching answers of lesson 16: smooth images, splits drawn at random, numbers that may be missing."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.check.compare import Mismatch, Unreadable, to_numbers
from helpers.check.unwritten import is_unwritten

SMOOTH = "smooth: there are shades between the pixels; the question wants equal blocks, 3 x 3 for each pixel"


def in_blocks(answer: Callable, images: np.ndarray) -> Any:
    """Run an answer that enlarges images. Raises Mismatch where there are shades that no pixel has."""
    before = [np.unique(image).size + 1 for image in images]  # one more for the border
    found = answer(images)
    try:
        numbers = to_numbers(found)
    except Unreadable:
        return found
    if numbers.shape == (len(before), 28, 28) and np.isfinite(numbers).all():
        shades = [np.unique(np.round(image, 6)).size for image in numbers]
        if any(now > then for now, then in zip(shades, before, strict=True)):
            raise Mismatch(SMOOTH)
    return found


NOT_A_NONE = "found {}: where no count reaches the goal return None itself, so that `is None` can tell"


def count_or_none(answer: Callable, counts: np.ndarray, accuracies: np.ndarray, goal: float) -> Any:
    """Run an answer that returns a count, or None, which comes out as nan. Raises Mismatch for another kind of none."""
    means = dict(zip(counts.tolist(), accuracies.mean(axis=1), strict=True))
    enough = min((count for count, mean in means.items() if mean >= goal), default=None)
    found = answer(counts, accuracies, goal)
    if found is None:
        if enough is not None:
            raise Mismatch(
                f"found None, but {enough} reaches the goal, with a mean of {means[enough]:.4g}. Does `return None` "
                "stand in the loop, or is a `return` missing? Only after the loop is it known that none does"
            )
        return np.nan
    if isinstance(found, float) and not np.isfinite(found):  # a None in an array of floats may pass
        raise Mismatch(NOT_A_NONE.format(float(found)))
    return found


def unpacked(answer: Callable, *arguments: Any) -> Any:
    """Run an answer that returns several arrays; they may lie in a flat array of objects."""
    found = answer(*arguments)
    return list(found) if isinstance(found, np.ndarray) and found.dtype == object and found.ndim == 1 else found


# A split by origin

NO_PAIR = "two things are asked, train_rows and test_rows"
ORIGINS = "these are the names of the pictures: their rows are asked, where origin has these names"
NAMES = (
    "no row, or too few, in the test set: the pictures' names are not 0, 1, 2, ... here. Draw from np.unique(origin) "
    "and take the rows where origin has one of the names"
)
TURNED = "the order: train_rows first, then test_rows. (Or the training set has num_test pictures)"
TWICE = "a row stands twice in one set: each row once"
ALL_ROWS = "the training set has all rows, those of the test set too"
BOTH_ROWS = "some rows are on both sides: each row in one of the two sets"
ROWS_DRAWN = (
    "rows are drawn, and the same picture is on both sides: what the network learned of its copies it needs not read "
    "in the test. Draw num_test pictures, names in origin, and take all their rows"
)
SAME_PICTURE = "the same picture is on both sides: all rows of a picture go to one side"
ONE_ROW = "one row alone of each test picture is in the test set, and its copies are in training: all its rows"
LOST_COPIES = "the copies of the test pictures are in neither set: all rows of a test picture go to the test set"
LOST = "rows are lost: each row of origin is in one of the two sets"
NONE_IN_TEST = "no row is in the test set"
COUNT = (
    "not num_test pictures in the test set: draw the names once each, rng.choice(np.unique(origin), num_test, "
    "replace=False)"
)
OWN = (
    "the choice does not follow rng: draw with the generator that is handed over, not with np.random or one of your own"
)
FIXED = "always the same pictures, whatever rng says: draw them, rng.choice(np.unique(origin), num_test, replace=False)"
NEVER = "some pictures never come into the test set, or always: each must have its chance"
BOOLS = "a mask needs an entry for each row of origin"
MASKS = "the split is right, but these are masks, and row numbers are asked: np.flatnonzero(mask)"
WHERE = "the split is right, but np.where returns a tuple, and row numbers are asked: np.where(mask)[0]"
REORDERED = (
    "these rows are right for another order of origin, a sorted or shuffled one: shuffle the names alone, "
    "np.unique(origin), and leave origin as it is"
)


def splitting(answer: Callable, origin: np.ndarray, num_test: int, rng: np.random.Generator) -> Any:
    """Run a split by origin on many random numbers; raise Mismatch with the first thing that is wrong about it."""
    tested = []
    seeds = rng.integers(1 << 30, size=60)
    for seed in seeds:
        handed = origin.copy()
        found = answer(handed, num_test, np.random.default_rng(seed))
        if is_unwritten(found):
            return found
        train, test = _pair(found, origin)
        try:
            _judge(train, test, origin, num_test)
        except Mismatch:
            others = [handed, np.sort(origin), np.random.default_rng(seed).permutation(origin)]
            if any(_fits(train, test, other, num_test) for other in others):
                raise Mismatch(REORDERED) from None
            raise
        tested.append(frozenset(origin[test].tolist()))
    again = _pair(answer(origin.copy(), num_test, np.random.default_rng(seeds[0])), origin)[1]
    if len(set(tested)) == 1:
        raise Mismatch(FIXED)
    if frozenset(origin[again].tolist()) != tested[0]:
        raise Mismatch(OWN)
    if frozenset.union(*tested) != set(origin.tolist()) or frozenset.intersection(*tested):
        raise Mismatch(NEVER)
    forms = [_form(part) for part in found]
    if any(forms):
        raise Mismatch(next(filter(None, forms)))
    return [1.0, 1.0]


def _fits(train: np.ndarray, test: np.ndarray, origin: np.ndarray, num_test: int) -> bool:
    """Whether a split that is wrong is right for the names in this order."""
    try:
        _judge(train, test, origin, num_test)
    except Mismatch:
        return False
    return True


def _pair(found: Any, origin: np.ndarray) -> list[np.ndarray]:
    if found is None:
        raise Mismatch(f"found None: {NO_PAIR}. Is a `return` missing?")
    if not hasattr(found, "__len__") or isinstance(found, (dict, str)) or len(found) != 2:
        raise Mismatch(NO_PAIR)
    return [_rows(part, origin) for part in found]


def _rows(part: Any, origin: np.ndarray) -> np.ndarray:
    """Bring one side into whole numbers of rows, even a mask, or what np.where returns."""
    form = _form(part)
    if form == WHERE:
        part = part[0]
    numbers = to_numbers(part)
    numbers = numbers.ravel() if numbers.ndim == 2 and 1 in numbers.shape else numbers
    if numbers.ndim != 1 or np.any(numbers != np.round(numbers)):
        raise Mismatch(f"{NO_PAIR}, each a flat array of the rows' numbers")
    if form == MASKS:
        if len(numbers) != len(origin):
            raise Mismatch(BOOLS)
        return np.flatnonzero(numbers)
    rows = numbers.astype(int)
    if np.any((rows < 0) | (rows >= len(origin))):
        raise Mismatch(ORIGINS if np.isin(rows, origin).all() else f"row {int(rows.max())} does not exist")
    return rows


def _form(part: Any) -> str:
    """Name a form that tells the rows, but not by their numbers."""
    if isinstance(part, tuple) and len(part) == 1 and np.ndim(part[0]) == 1:
        return WHERE
    flat = isinstance(part, (list, tuple)) and len(part) and all(isinstance(v, (bool, np.bool_)) for v in part)
    return MASKS if flat or np.asarray(part).dtype == bool else ""


def _judge(train: np.ndarray, test: np.ndarray, origin: np.ndarray, num_test: int) -> None:
    """Raise Mismatch with what is wrong about one split; train and test are numbers of rows."""
    if max(np.bincount(rows, minlength=1).max() for rows in (train, test)) > 1:
        raise Mismatch(TWICE)
    if not len(test):
        raise Mismatch(NAMES if len(train) == len(origin) else NONE_IN_TEST)
    if np.isin(train, test).any():
        raise Mismatch(ALL_ROWS if len(train) == len(origin) else BOTH_ROWS)
    mine, theirs = np.unique(origin[train]), np.unique(origin[test])
    if np.isin(mine, theirs).any():
        if len(theirs) == len(test) == num_test and len(train) + len(test) == len(origin):
            raise Mismatch(f"{ROWS_DRAWN}")
        raise Mismatch(ROWS_DRAWN if len(test) == num_test or len(train) == num_test else SAME_PICTURE)
    if len(train) + len(test) < len(origin):
        raise Mismatch(LOST_COPIES if len(test) == len(theirs) else LOST)
    if len(theirs) != num_test:
        if len(mine) == num_test:
            raise Mismatch(TURNED)
        raise Mismatch(COUNT)
