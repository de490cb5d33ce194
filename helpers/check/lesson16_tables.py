"""Checks of lesson 16, its third part: an honest split, labels that are needed, digits that are forgotten."""

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.check import observe_transfer as seen
from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike, both

_rng = np.random.RandomState(61)
_Array = np.ndarray


# A split

_Generator = np.random.Generator
_ORIGIN = np.array([104, 37, 62, 104, 71, 37, 104, 88, 62, 93, 71, 104, 88, 37, 50, 93, 62, 50])


def _drawn(origin: _Array, num_test: int, rng: _Generator) -> _Array:
    return rng.choice(np.unique(origin), num_test, replace=False)


def _sides(test: _Array) -> tuple[_Array, _Array]:
    return np.flatnonzero(~test), np.flatnonzero(test)


def _split(draw: Callable = _drawn) -> Callable:
    """Make a split by names that are drawn in another way."""
    return lambda origin, num_test, rng: _sides(np.isin(origin, draw(origin, num_test, rng)))


def _of_rows(choose: Callable) -> Callable:
    """Make a split whose test rows are chosen as they are: choose(origin, num_test, rng)."""

    def wrong(origin: _Array, num_test: int, rng: _Generator) -> tuple[_Array, _Array]:
        test = choose(origin, num_test, rng)
        return np.setdiff1d(np.arange(len(origin)), test), test

    return wrong


def _first_rows(origin: _Array, num_test: int, rng: _Generator) -> _Array:
    """Return one row of each picture that is drawn."""
    return np.array([np.flatnonzero(origin == name)[0] for name in _drawn(origin, num_test, rng)])


def _then(change: Callable) -> Callable:
    """Do something to a right split: change(train, test, origin)."""
    return lambda origin, num_test, rng: change(*_split()(origin, num_test, rng), origin)


def _shuffled(origin: _Array, num_test: int, rng: _Generator) -> tuple[_Array, _Array]:
    rng.shuffle(origin)
    return _sides(np.isin(origin, np.unique(origin)[:num_test]))


split_by_origin = Exercise(
    "split_by_origin",
    lambda origin, num_test, rng: _split()(origin, num_test, rng),
    cases=[
        (_ORIGIN, 2, np.random.default_rng(1)),
        (np.repeat([7, 3, 12, 5, 0], [4, 1, 2, 6, 3]), 1, np.random.default_rng(2)),
        (_rng.permutation(np.repeat(np.arange(10), 4)), 3, np.random.default_rng(3)),
        (np.tile([5, 900, 41, 42], 3), 3, np.random.default_rng(4)),
    ],
    parts=("train_rows", "test_rows"),
    observe=seen.splitting,
    slips=[
        Slip(seen.ROWS_DRAWN, _of_rows(lambda origin, num_test, rng: rng.permutation(len(origin))[:num_test])),
        Slip(seen.ROWS_DRAWN, _of_rows(lambda origin, num_test, rng: rng.choice(len(origin), num_test, replace=False))),
        Slip(seen.ROWS_DRAWN, _of_rows(lambda origin, num_test, rng: np.arange(num_test))),
        *alike(seen.SAME_PICTURE, _of_rows(lambda origin, num_test, rng: rng.permutation(len(origin))[: len(origin) // 3])),
        *alike(seen.COUNT, _split(lambda origin, num_test, rng: rng.choice(origin, num_test, replace=False)), _split(lambda origin, num_test, rng: rng.choice(np.unique(origin), num_test)), _split(lambda origin, num_test, rng: origin[rng.integers(0, len(origin), num_test)]), _split(lambda origin, num_test, rng: rng.choice(np.unique(origin), num_test + 1 if len(np.unique(origin)) > num_test + 2 else num_test, replace=False))),
        Slip(seen.ROWS_DRAWN, _of_rows(_first_rows)),
        Slip(seen.LOST_COPIES, lambda origin, num_test, rng: (lambda test: (np.flatnonzero(~np.isin(origin, origin[test])), test))(_first_rows(origin, num_test, rng))),
        *alike(seen.TURNED, _then(lambda train, test, origin: (test, train)), _then(lambda train, test, origin: (np.isin(np.arange(len(origin)), test), np.isin(np.arange(len(origin)), train)))),
        *alike(seen.FIXED, _split(lambda origin, num_test, rng: np.unique(origin)[:num_test]), _split(lambda origin, num_test, rng: np.unique(origin)[-num_test:]), _split(lambda origin, num_test, rng: list(dict.fromkeys(origin.tolist()))[:num_test]), _split(lambda origin, num_test, rng: _drawn(origin, num_test, np.random.default_rng(0)))),
        *alike(seen.OWN, _split(lambda origin, num_test, rng: np.random.choice(np.unique(origin), num_test, replace=False)), _split(lambda origin, num_test, rng: _drawn(origin, num_test, np.random.default_rng()))),
        Slip(seen.ORIGINS, lambda origin, num_test, rng: (lambda test: (np.setdiff1d(origin, test), test))(_drawn(origin, num_test, rng))),
        Slip(seen.ORIGINS, _then(lambda train, test, origin: (origin[train], origin[test]))),
        *alike(seen.NAMES, _split(lambda origin, num_test, rng: rng.choice(len(np.unique(origin)), num_test, replace=False)), _split(lambda origin, num_test, rng: rng.permutation(len(np.unique(origin)))[:num_test])),
        *alike(seen.ALL_ROWS, _then(lambda train, test, origin: (np.arange(len(origin)), test))),
        Slip(seen.TWICE, _then(lambda train, test, origin: (train, np.repeat(test, 2)))),
        Slip(seen.LOST, _then(lambda train, test, origin: (train[1:], test))),
        Slip(seen.NEVER, _split(lambda origin, num_test, rng: rng.choice(np.unique(origin)[:-1], num_test, replace=False) if len(np.unique(origin)) > num_test + 1 else _drawn(origin, num_test, rng))),
        Slip(seen.MASKS, _then(lambda train, test, origin: (np.isin(np.arange(len(origin)), train), np.isin(np.arange(len(origin)), test)))),
        Slip(seen.WHERE, _then(lambda train, test, origin: ((train,), (test,)))),
        *alike(seen.REORDERED, lambda origin, num_test, rng: _split()(np.sort(origin), num_test, rng), _shuffled, lambda origin, num_test, rng: (origin.sort(), _split()(origin, num_test, rng))[1]),
        Slip(seen.NO_PAIR, _then(lambda train, test, origin: test)),
        Slip(seen.NO_PAIR, _then(lambda train, test, origin: (train, test, origin))),
    ],
    hint="Draw num_test names from np.unique(origin); the test rows are those whose origin is among them",
    praise="No picture is on both sides, not even as its own copy",
)  # fmt: skip


# Labels that are needed

_NEVER = "where no count reaches the goal there is no answer: None"
_MEAN_OF: list[tuple[str, Callable]] = [
    ("the best seed decides here: luck. The mean over the seeds is asked", lambda a: a.max(axis=1)),
    ("all seeds must reach it here: stricter than asked. The mean over the seeds decides", lambda a: a.min(axis=1)),
    ("the median decides here: the mean over the seeds is asked", lambda a: np.median(a, axis=1)),
    ("the first seed alone decides here: the mean over the seeds is asked", lambda a: a[:, 0]),
    ("the last seed alone decides here: the mean over the seeds is asked", lambda a: a[:, -1]),
    ("a spread is taken away first: stricter than asked. The mean over the seeds decides", lambda a: a.mean(axis=1) - a.std(axis=1)),
    ("a spread is taken away first: stricter than asked. The mean over the seeds decides", lambda a: a.mean(axis=1) - a.std(axis=1, ddof=1)),
    ("a spread is added first: the mean over the seeds decides", lambda a: a.mean(axis=1) + a.std(axis=1)),
    ("the accuracies are added up: their mean over the seeds is asked", lambda a: a.sum(axis=1)),
    ("the mean of all accuracies decides here: each count has its own, accuracies.mean(axis=1)", lambda a: np.full(len(a), a.mean())),
    ("these are accuracies, and errors, 1 - accuracy, are compared with the goal", lambda a: 1 - a.mean(axis=1)),
]  # fmt: skip


def _needed(mean: Callable = lambda a: a.mean(axis=1), pick: Callable = lambda counts, means, ok: counts[ok].min(),
            never: Any = None, reached: Callable = np.greater_equal) -> Callable:  # fmt: skip
    """Make an answer from means, what counts as reached, what is picked then, and what is returned else."""

    def wrong(counts: _Array, accuracies: _Array, goal: float) -> Any:
        means = mean(accuracies)
        ok = np.asarray(reached(means, goal))
        if not ok.any():
            return never(counts) if callable(never) else never
        return pick(np.asarray(counts), means, ok)

    return wrong


def _at_first(counts: _Array, means: _Array, ok: _Array) -> Any:
    return counts[ok.argmax()]


def _stays(counts: _Array, means: _Array, ok: _Array) -> Any:
    """Return the smallest count from which on all larger ones reach the goal."""
    order = np.argsort(counts)
    below = np.flatnonzero(~ok[order])
    rest = counts[order][below[-1] + 1 :] if len(below) else counts[order]
    return rest[0] if len(rest) else None


def _columns(counts: _Array, accuracies: _Array, goal: float) -> Any:
    return counts[np.asarray(accuracies.mean(axis=0) >= goal)].min()


def _columns_first(counts: _Array, accuracies: _Array, goal: float) -> Any:
    return counts[np.argmax(accuracies.mean(axis=0) >= goal)]


_TABLE = np.array([[0.60, 0.70, 0.66], [0.70, 0.82, 0.76], [0.81, 0.90, 0.86], [0.88, 0.93, 0.92]])

labels_needed = Exercise(
    "labels_needed",
    _needed(),
    cases=[
        (np.array([2, 5, 10, 20]), _TABLE, 0.8),
        (np.array([20, 2, 10, 5]), _TABLE[[3, 0, 2, 1]], 0.74),
        (np.array([5, 10, 20]), np.array([[0.5, 0.75, 0.5, 0.25], [0.5, 1.0, 0.5, 1.0], [0.75, 1.0, 1.0, 0.5]]), 0.75),
        (np.array([1, 2, 5, 10]), _TABLE, 0.95),
        (np.array([10, 5, 20, 40]), np.array([[0.80, 0.81], [0.83, 0.86], [0.79, 0.82], [0.95, 0.93]]), 0.82),
        (np.array([40, 10, 20]), np.array([[0.9, 0.92, 0.91], [0.7, 0.95, 0.72], [0.75, 0.96, 0.84]]), 0.83),
        (np.array([3, 6, 12, 24, 48]), np.array([[0.31, 0.5, 0.4, 0.35, 0.3], [0.52, 0.6, 0.55, 0.62, 0.9], [0.7, 0.5, 0.72, 0.71, 0.7], [0.8, 0.86, 0.83, 0.79, 0.6], [0.93, 0.9, 0.94, 0.95, 0.5]]), 0.62),
        (np.array([2, 5, 10, 20]), _TABLE[:, [1, 2, 0]], 0.858),
        (np.array([5, 20, 10]), np.array([[0.9, 0.79], [0.85, 0.77], [0.65, 0.75]]), 0.8),
        (np.array([5, 10]), np.array([[0.4, 0.3, 0.2], [0.6, 0.5, 0.7]]), 0.9),
    ],
    observe=seen.count_or_none,
    slips=[
        *(Slip(hint, _needed(mean)) for hint, mean in _MEAN_OF),
        *alike("the place in the list came back: counts[place] is the number of labels", _needed(pick=lambda c, m, ok: np.flatnonzero(ok)[c[ok].argmin()]), _needed(pick=lambda c, m, ok: ok.argmax()), _needed(pick=lambda c, m, ok: ok.argmax() + 1), _needed(pick=lambda c, m, ok: np.flatnonzero(np.sort(ok))[0])),
        *alike("the largest count came back: the smallest that reaches the goal", _needed(pick=lambda c, m, ok: c[ok].max()), _needed(pick=lambda c, m, ok: c.max())),
        *alike("this is the accuracy: how many labels it needs is asked", _needed(pick=lambda c, m, ok: m[ok].min()), _needed(pick=lambda c, m, ok: m[ok][c[ok].argmin()]), _needed(pick=lambda c, m, ok: m.max())),
        Slip("equal is enough: the goal is reached at >=", _needed(reached=np.greater)),
        Slip("the wrong side: the goal is reached where the mean is >= goal", _needed(reached=np.less)),
        Slip("the wrong side: the goal is reached where the mean is >= goal", _needed(reached=np.less_equal)),
        Slip("counts is sorted alone, so each accuracy has another's count: sort both, or neither", _needed(pick=lambda c, m, ok: np.sort(c)[ok].min())),
        *alike("the first in the list that reaches it: counts come in any order, the smallest is asked", _needed(pick=_at_first), _needed(pick=lambda c, m, ok: c[ok][-1])),
        *alike("the count with the highest mean: the smallest that reaches the goal is asked", _needed(pick=lambda c, m, ok: c[m.argmax()]), lambda counts, accuracies, goal: counts[accuracies.mean(axis=1).argmax()]),
        *alike("the count whose mean is closest to the goal: the smallest that reaches it is asked", _needed(pick=lambda c, m, ok: c[ok][m[ok].argmin()]), lambda counts, accuracies, goal: counts[abs(accuracies.mean(axis=1) - goal).argmin()]),
        Slip("from this count on the goal stays reached: stricter than asked, the smallest that reaches it", _needed(pick=_stays)),
        *alike("the mean goes over the counts here: each count has a row, accuracies.mean(axis=1)", _columns, _columns_first, lambda counts, accuracies, goal: min((c for c, m in zip(counts, accuracies.mean(axis=0), strict=False) if m >= goal), default=None)),
        *(Slip(_NEVER, _needed(never=never)) for never in (0, -1, lambda c: c.max(), lambda c: c[-1], lambda c: c[0], len, lambda c: c.min(), lambda c: c.max() + 1, lambda c: [], False)),
        *alike(_NEVER, lambda counts, accuracies, goal: counts[accuracies.mean(axis=1) >= goal].min(), lambda counts, accuracies, goal: min(counts[accuracies.mean(axis=1) >= goal]), lambda counts, accuracies, goal: min(c for c, a in zip(counts, accuracies, strict=True) if a.mean() >= goal), lambda counts, accuracies, goal: np.sort(counts[accuracies.mean(axis=1) >= goal])[0]),
        *(Slip(both("the first in the list: counts come in any order, the smallest is asked", _NEVER), _needed(pick=_at_first, never=never)) for never in (0, -1, lambda c: c[0], lambda c: c[-1])),
        *(Slip(both(hint, _NEVER), _needed(mean, never=never)) for hint, mean in _MEAN_OF[:3] for never in (0, -1, lambda c: c[0])),
        *alike("all counts that reach the goal came back: the smallest of them", _needed(pick=lambda c, m, ok: c[ok]), lambda counts, accuracies, goal: counts[accuracies.mean(axis=1) >= goal], lambda counts, accuracies, goal: np.sort(counts[accuracies.mean(axis=1) >= goal])),
        *(Slip(seen.NOT_A_NONE.format(never), _needed(never=never)) for never in (np.inf, np.nan)),
        Slip("how many counts reach it came back: the smallest of them is asked", _needed(pick=lambda c, m, ok: ok.sum())),
        Slip("this tells whether it is reached: the smallest count that does is asked", lambda counts, accuracies, goal: accuracies.mean(axis=1) >= goal),
        *alike("the largest count that fails, or the smallest: the smallest that reaches the goal is asked", _needed(pick=lambda c, m, ok: c[~ok].max() if (~ok).any() else 0), _needed(pick=lambda c, m, ok: c.min())),
        *alike("rounded first: a mean below the goal does not reach it", _needed(lambda a: a.mean(axis=1).round(1)), _needed(lambda a: a.mean(axis=1).round(2))),
    ],
    hint="The mean of each row; among the counts whose mean is >= goal the smallest; None where there is none",
    praise="A single seed may reach the goal sooner by luck, so the mean decides",
)  # fmt: skip


# Digits that are forgotten

_SHARE_OF = "of those that were read right before: these are the ones that can be forgotten"


def _share(of: Callable, among: Callable | None = None) -> Callable:
    """Make a share from two conditions on whether a digit was read right before and after (bools)."""

    def wrong(before: _Array, after: _Array, labels: _Array) -> Any:
        was, now = before == labels, after == labels
        chosen = of(was, now, before, after)
        return chosen.sum() / (among(was, now) if among else was).sum()

    return wrong


def _forgets(n: int, was: float, stays: float, learns: float) -> tuple[_Array, _Array, _Array]:
    """Draw labels and predictions before and after: shares right before, kept right, and learned."""
    labels = _rng.randint(0, 5, n)
    others = (labels + _rng.randint(1, 5, (2, n))) % 5
    right = _rng.rand(n) < was
    kept = np.where(right, _rng.rand(n) < stays, _rng.rand(n) < learns)
    return np.where(right, labels, others[0]), np.where(kept, labels, others[1]), labels


def _all(was: _Array, now: _Array) -> _Array:
    return np.ones(len(was), bool)


forgotten = Exercise(
    "forgotten",
    _share(lambda was, now, before, after: was & ~now),
    cases=[
        (np.array([1, 2, 3, 4, 0, 1, 2, 3]), np.array([1, 2, 0, 4, 0, 3, 2, 4]), np.array([1, 2, 3, 4, 0, 1, 0, 4])),
        _forgets(40, 0.9, 0.6, 0.3),
        _forgets(60, 0.7, 0.8, 0.7),
        _forgets(30, 0.5, 0.3, 0.2),
        _forgets(25, 0.8, 0.9, 0.1),
    ],
    slips=[
        Slip("the difference of the two accuracies hides what was forgotten behind what was newly learned: count the digits that were right and are wrong", lambda before, after, labels: np.mean(before == labels) - np.mean(after == labels)),
        Slip("the difference of the two accuracies, turned round: count the digits that were right and are wrong", lambda before, after, labels: np.mean(after == labels) - np.mean(before == labels)),
        *alike("the relative loss of accuracy hides what was forgotten behind what was newly learned: count the digits that were right and are wrong", lambda before, after, labels: 1 - np.mean(after == labels) / np.mean(before == labels), lambda before, after, labels: np.mean(after == labels) / np.mean(before == labels), lambda before, after, labels: np.mean(after == labels) / np.mean(before == labels) - 1),
        Slip("the size of the difference of two accuracies hides what was forgotten behind what was newly learned: count the digits that were right and are wrong", lambda before, after, labels: abs(np.mean(before == labels) - np.mean(after == labels))),
        Slip("0 for all of them: a share is a fraction, and // and int() cut it to 0. Divide by /", lambda before, after, labels: 0),
        Slip("it raises ValueError: what is chosen from after has fewer rows than labels. Choose the same rows of labels, labels[before == labels]", lambda before, after, labels: np.mean(after[before == labels] != labels)),
        Slip(f"a share of all digits: {_SHARE_OF}", _share(lambda was, now, b, a: was & ~now, _all)),
        Slip(f"all changed predictions are counted, a wrong one for another wrong one too: right before and wrong after, {_SHARE_OF}", _share(lambda was, now, b, a: b != a, _all)),
        Slip("all changed predictions are counted, a wrong one for another wrong one too: right before and wrong after", _share(lambda was, now, b, a: b != a)),
        Slip("this share is kept: 1 minus it is forgotten", _share(lambda was, now, b, a: was & now)),
        Slip(f"this share is kept, of all digits: what is forgotten is asked, {_SHARE_OF}", _share(lambda was, now, b, a: was & now, _all)),
        Slip("1 minus the share of all digits that stayed right: those that were wrong before cannot be forgotten", lambda before, after, labels: 1 - np.mean((before == labels) & (after == labels))),
        Slip("this is the error after fine-tuning: what was right before and is wrong now is asked", lambda before, after, labels: np.mean(after != labels)),
        Slip("this is the accuracy after fine-tuning: what was right before and is wrong now is asked", lambda before, after, labels: np.mean(after == labels)),
        *alike("this was there before fine-tuning: what was right then and is wrong now is asked", lambda before, after, labels: np.mean(before != labels), lambda before, after, labels: np.mean(before == labels)),
        Slip("what was wrong before and after is counted too: right before and wrong after", _share(lambda was, now, b, a: ~now)),
        *alike("this is what was newly learned, wrong before and right after: right before and wrong after is asked", _share(lambda was, now, b, a: ~was & now), _share(lambda was, now, b, a: ~was & now, lambda was, now: ~was), _share(lambda was, now, b, a: ~was & now, lambda was, now: now), _share(lambda was, now, b, a: ~was & now, _all), _share(lambda was, now, b, a: ~was & now, lambda was, now: ~now)),
        Slip("divided by those that are wrong after: " + _SHARE_OF, _share(lambda was, now, b, a: was & ~now, lambda was, now: ~now)),
        Slip("divided by those that are right after: " + _SHARE_OF, _share(lambda was, now, b, a: was & ~now, lambda was, now: now)),
        Slip("divided by those that were wrong before: " + _SHARE_OF, _share(lambda was, now, b, a: was & ~now, lambda was, now: ~was)),
        Slip("this is a number of digits: a share is asked, divide by the number of those right before", lambda before, after, labels: np.sum((before == labels) & (after != labels))),
        Slip("these are percent: a share between 0 and 1 is asked", lambda before, after, labels: 100 * np.mean((after != labels)[before == labels])),
        Slip("this tells of each digit whether it is forgotten: their share is asked", lambda before, after, labels: (before == labels) & (after != labels)),
        Slip("this tells of each digit that was right before whether it is forgotten: their share is asked, a mean", lambda before, after, labels: (after != labels)[before == labels]),
        Slip("the distance between the labels does not count: a wrong digit is wrong", lambda before, after, labels: np.mean(abs(after - labels)[before == labels])),
        *alike("either of the two is counted: changed from right to wrong, or back. Right before and wrong after", _share(lambda was, now, b, a: was ^ now), _share(lambda was, now, b, a: was ^ now, _all)),
        *alike("`or` for `and`: right before and wrong after", _share(lambda was, now, b, a: was | ~now), _share(lambda was, now, b, a: was | ~now, _all)),
        Slip("the opposite sign: a share is positive", lambda before, after, labels: -np.mean((after != labels)[before == labels])),
    ],
    hint="Among the digits with before == labels: the share with after != labels",
    praise="The accuracy can rise while digits are forgotten",
)  # fmt: skip
