"""Checks of lesson 03: the gradient of a batch, epochs, shuffling, and a learning rate that decays."""

from collections.abc import Callable, Iterator

import numpy as np

from helpers.check import observe_batches
from helpers.check.engine import Exercise, Slip
from helpers.check.wrong import exchanged, times

_rng = np.random.RandomState(3)


def _line(n: int) -> np.ndarray:
    return np.column_stack([_rng.randn(n) * 2, np.ones(n)])


def _slope(X: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    return 2 / len(X) * X.T @ (X @ theta - y)


def _batch_gradient(X: np.ndarray, y: np.ndarray, theta: np.ndarray, batch: np.ndarray) -> np.ndarray:
    return _slope(X[batch], y[batch], theta)


def _of_residual(change: Callable) -> Callable:
    """Make something from the rows of the batch and their residuals."""
    return lambda X, y, theta, batch: change(X[batch], X[batch] @ theta - y[batch])


def _of_rows(pick: Callable, pick_y: Callable | None = None) -> Callable:
    """Make the gradient of other rows than those of the batch, or of other targets."""
    return lambda X, y, theta, batch: _slope(X[pick(batch)], y[(pick_y or pick)(batch)], theta)


def _all(batch: np.ndarray) -> slice:
    return slice(None)


def _first(batch: np.ndarray) -> slice:
    return slice(len(batch))


def _as_given(batch: np.ndarray) -> np.ndarray:
    return batch


_ALL_ROWS = "this is the gradient of all rows: take X[batch] and y[batch] first"
_ONE_ROW = (
    "this is one row's gradient alone: add up over the batch. Does `return` stand in the loop, or `=` in place of `+=`?"
)
_OPPOSITE = "it has the opposite sign: the residual is X @ theta - y, prediction first"
_REPEATED = "a row that stands twice in the batch counts twice: index with `batch` itself, without set or np.unique"

batch_gradient = Exercise(
    "batch_gradient",
    _batch_gradient,
    cases=[
        (
            np.array([[1.0, 1.0], [2.0, 1.0], [3.0, 1.0], [-1.0, 1.0]]),
            np.array([2.0, 3.0, 5.0, 1.0]),
            np.array([1.0, 0.5]),
            np.array([3, 1]),
        ),
        (_line(8), _rng.randn(8) * 3, np.array([2.0, -1.0]), np.array([5])),
        (_line(12), _rng.randn(12) - 4, np.array([-0.5, 0.3]), np.array([7, 2, 11, 4, 5])),
        (_line(6), _rng.randn(6), np.array([0.7, 1.9]), np.array([4, 0, 5, 2, 1, 3])),
        (_line(9), _rng.randn(9), np.array([1.0, -2.0]), np.array([8, 1, 6])),
        (_line(7), _rng.randn(7) + 2, np.array([0.0, 3.0]), np.array([2, 6, 2, 2])),
    ],
    slips=[
        *(
            Slip(hint, times(lambda X, y, theta, batch, factor=factor: factor(len(y), len(batch)), _batch_gradient))
            for hint, factor in [
                ("divided by all n rows: the mean goes over the batch, divide by len(batch)", lambda n, size: size / n),
                ("divided by all n rows, and the 2 is missing: write 2 / len(batch)", lambda n, size: size / n / 2),
                ("you summed over the batch: take the mean, divide by len(batch)", lambda n, size: size),
                ("you summed over the batch, and the 2 is missing: write 2 / len(batch)", lambda n, size: size / 2),
                ("half of what it must be: the factor 2 of the square's derivative is missing, or you divide by X[batch].size, which counts both columns", lambda n, size: 0.5),
                (_OPPOSITE, lambda n, size: -1),
                (f"divided by all n rows. And {_OPPOSITE}", lambda n, size: -size / n),
                (f"you summed over the batch. And {_OPPOSITE}", lambda n, size: -size),
                (f"the factor 2 is missing. And {_OPPOSITE}", lambda n, size: -0.5),
                ("divided by len(batch) twice: once is the mean", lambda n, size: 1 / size),
                ("multiplied by n / B: the mean over the batch needs no such factor", lambda n, size: n / size),
            ]
        ),
        Slip(_ALL_ROWS, _of_rows(_all)),
        Slip("these are the first len(batch) rows: `batch` holds row numbers, X[batch] and y[batch]", _of_rows(_first)),
        Slip("the targets are those of the first rows: take y[batch] too", _of_rows(_as_given, _first)),
        Slip("X was cut to the batch and y was not: take X[batch] and y[batch]", _of_rows(_as_given, _all)),
        Slip("y was cut to the batch and X was not: take X[batch] and y[batch]", _of_rows(_all, _as_given)),
        *(
            Slip(_ONE_ROW, times(lambda *a, power=power: len(a[3]) ** power, _of_rows(pick)))
            for pick in (lambda batch: batch[:1], lambda batch: batch[-1:])
            for power in (0, -1)
        ),
        Slip(_REPEATED, _of_rows(np.unique)),
        Slip("still one gradient for each row: take their mean, axis=0", _of_residual(lambda X, r: 2 * X * r[:, None])),
        Slip("averaged within each row: average over the rows, axis=0", _of_residual(lambda X, r: np.mean(2 * X * r[:, None], 1))),
        Slip("averaged over rows and columns alike: each column of X has its own number, axis=0", _of_residual(lambda X, r: 2 * np.mean(X * r[:, None]))),
        Slip("X is missing: each residual is multiplied by its own row", _of_residual(lambda X, r: 2 * np.mean(r))),
        Slip("X is not transposed: X_batch.T @ residual adds up over the rows", _of_residual(lambda X, r: X @ r)),
        Slip("this is the loss of the batch: its gradient is asked", _of_residual(lambda X, r: np.mean(r**2))),
        Slip("the residual is squared: its derivative is 2 r", _of_residual(lambda X, r: 2 / len(r) * X.T @ r**2)),
        Slip("this is theta after a step: return the gradient alone", lambda *a: a[2] - _batch_gradient(*a)),
    ],
    hint="The mean over the rows of the batch of 2 (x @ theta - y) x",
    praise="Averaged over all batches that could be drawn, it is the gradient of all rows",
)  # fmt: skip


_SQUARE = "the spread falls with 1/√B: the factor of B is the square of 5, not its root"

batch_size_needed = Exercise(
    "batch_size_needed",
    625,
    rtol=1e-3,
    slips=[
        Slip("five times the rows bring the spread down by the root of five: it falls with 1/√B, not with 1/B", 125),
        Slip("this is the factor by which the spread falls: by which factor must B grow, then?", 5),
        Slip("smaller batches have a larger spread: the batch must grow", 1),
        Slip("the factor alone, or unchanged: the factor is 5², and it multiplies the 25 rows that there are", 25),
        Slip(_SQUARE, 25 * 5**0.5),
        Slip(_SQUARE, 56),
        Slip("one 5 too many: B grows by the square of 5, and it begins with 25 rows", 3125),
        Slip("these are the rows to add to the 25: how large is the batch then?", 600),
        Slip("four times the batch halves the spread: a fifth is asked", 100),
    ],
    hint="The spread falls with 1/√B: what must happen to B for √B to become five times as large?",
)


def _steps(of: Callable) -> Callable:
    """Make a count from the batches in an epoch as a fraction, rows / size, and the number of epochs."""
    return lambda n, batch_size, epochs: of(n / batch_size, epochs)


_TIMES = "every epoch has its own steps: multiply by the epochs"

num_steps = Exercise(
    "num_steps",
    lambda n, batch_size, epochs: epochs * -(-n // batch_size),
    cases=[
        (10, 4, 3),
        (1000, 32, 5),
        (100, 10, 3),
        (23, 4, 7),
        (7, 10, 4),
        (60_000, 128, 2),
        (64, 1, 3),
        (9, 9, 6),
        (5, 2, 1),
    ],
    slips=[
        Slip("the short last batch is a step too: round n / batch_size up, not down", _steps(lambda f, e: e * int(f))),
        Slip("steps are whole: round n / batch_size up before you multiply", _steps(lambda f, e: f * e)),
        Slip("rounded to the nearest: the short last batch is a step too, so round up", _steps(lambda f, e: round(f) * e)),
        Slip("rounded after all epochs: no batch reaches into the next epoch, so round first, then multiply", _steps(lambda f, e: np.ceil(e * f))),
        Slip("rounded down after all epochs: each ends with its own last batch, so round up first, then multiply", _steps(lambda f, e: int(e * f))),
        Slip("n // batch_size + 1 is one too many where batch_size divides n", _steps(lambda f, e: e * (int(f) + 1))),
        Slip("one short batch for all epochs together: every epoch ends with its own", lambda n, b, e: e * (n // b) + (n % b > 0)),
        Slip("one step too many: the path has one point more than steps, its start", _steps(lambda f, e: e * np.ceil(f) + 1)),
        Slip("these are the steps of one epoch: multiply by the epochs", _steps(lambda f, e: np.ceil(f))),
        Slip(_TIMES, _steps(lambda f, e: np.ceil(f) / e)),
        Slip(_TIMES, _steps(lambda f, e: np.ceil(f) + e)),
        Slip("these are the epochs: an epoch has n / batch_size steps, rounded up", lambda n, b, e: e),
        Slip("these are the rows seen: a step takes batch_size of them at once", lambda n, b, e: n * e),
        Slip("upside down: divide the rows by the batch size", lambda n, b, e: e * np.ceil(b / n)),
        Slip("% gives the rows that are left over: n / batch_size, rounded up, counts batches", lambda n, b, e: e * (n % b)),
    ],
    hint="Batches in one epoch, the short one included, times epochs",
)  # fmt: skip


def _rows(n: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Make data that show which row is which: no two rows share a number, and y goes with X."""
    numbers = _rng.permutation(n) + 1.0
    X = np.outer(numbers * (-1) ** numbers, np.arange(1, columns + 1)) + 0.25 * np.arange(columns)
    return X, 2.5 * numbers - n


def _seeded(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _twice(X: np.ndarray, y: np.ndarray, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return X[batch], y[batch]


def _cuts(rows: np.ndarray, size: int) -> list[np.ndarray]:
    return [rows[first : first + size] for first in range(0, len(rows), size)]


def _new_order(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(len(y))


def _batches(order: Callable = _new_order, cut: Callable = _cuts, pick: Callable = _twice) -> Callable:
    """Make an iterator: `order` numbers the rows anew, `cut` makes batches of them, `pick` makes a batch's pair."""

    def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> Iterator:
        for batch in cut(order(y, rng), batch_size):
            yield pick(X, y, batch)

    return minibatches


def _slices(part: Callable) -> Callable:
    """Make an iterator in which each batch is another part of the order than first to first + batch_size."""
    return _batches(cut=lambda rows, size: [part(rows, first, size) for first in range(0, len(rows), size)])


def _each_time(batch_of: Callable) -> Callable:
    """Make an iterator that draws afresh for each batch."""

    def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> Iterator:
        return (_twice(X, y, batch_of(len(y), first, batch_size, rng)) for first in range(0, len(y), batch_size))

    return minibatches


def _whole_tables(change: Callable) -> Callable:
    """Make an iterator that changes the order of X and y first, and then cuts both."""

    def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> Iterator:
        return _batches(lambda y, rng: np.arange(len(y)))(*change(X, y, rng), batch_size, rng)

    return minibatches


def _first_pair(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> tuple:
    return next(_batches()(X, y, batch_size, rng))


def _without_end(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> Iterator:
    while True:
        yield from _batches()(X, y, batch_size, rng)


def _none_for_order(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> Iterator:
    yield _twice(X, y, rng.shuffle(np.arange(len(y)))[:batch_size])


def _blocks(X: np.ndarray, y: np.ndarray, batch_size: int, rng: np.random.Generator) -> Iterator:
    batches = _cuts(np.arange(len(y)), batch_size)
    return (_twice(X, y, batches[i]) for i in rng.permutation(len(batches)))


_DROPPED = "the last batch is missing: let the loop go to len(y), a slice ends by itself where the rows do"
_DRAW_ONCE = "some rows come twice in an epoch and others not at all: draw one order for the whole epoch, rng.permutation(len(y)), and cut it"
_BLOCKS = "the same rows always meet in a batch: shuffle all rows first, then cut"
_APART = (
    "X and y are shuffled apart, so a row gets another row's target: draw one order, and take X[order] and y[order]"
)
_X_ALONE = "X is shuffled and y is not, so a row gets another row's target: index y with the same rows"
_Y_ALONE = "y is shuffled and X is not, so a row gets another row's target: index X with the same rows"
_SORTED = "this sorts: a new random order is asked, rng.permutation(len(y))"
_NOT_SHUFFLED = "the order is the stored one: draw a new one, rng.permutation(len(y)), and index X and y with it"
_NOT_NEW = "the order is the same every time: draw it from the `rng` that is handed over, without a seed of your own"
_NOT_FROM_RNG = (
    "the order does not come from `rng`, so nobody can repeat the run: write rng.permutation(...), not np.random"
)
_ORDER_IS_NONE = "rng.shuffle shuffles in place and returns None: write order = rng.permutation(len(y))"
_NO_NUMBERS = (
    "an index must be a whole number: rng.permutation(len(y)) gives the numbers of rows, rng.permutation(y) the targets"
)
_APART_SHUFFLED: list[tuple[str, Callable]] = [  # what minibatches and shuffle have in common
    (_APART, lambda X, y, rng: (rng.permutation(X), rng.permutation(y))),
    (_X_ALONE, lambda X, y, rng: (rng.permutation(X), y)),
    (_Y_ALONE, lambda X, y, rng: (X, rng.permutation(y))),
    (_NOT_SHUFFLED, lambda X, y, rng: (X, y)),
    (_SORTED, lambda X, y, rng: _twice(X, y, np.argsort(y))),
    (_NOT_NEW, lambda X, y, rng: _twice(X, y, _seeded(0).permutation(len(y)))),
    (_NOT_FROM_RNG, lambda X, y, rng: _twice(X, y, np.random.permutation(len(y)))),
]

minibatches = Exercise(
    "minibatches",
    _batches(),
    cases=[
        (*_rows(24, 3), 5, _seeded(1)),
        (*_rows(30, 2), 10, _seeded(2)),
        (*_rows(26, 2), 1, _seeded(4)),
        (*_rows(22, 1), 3, _seeded(5)),
        (*_rows(7, 2), 7, _seeded(6)),
        (*_rows(4, 2), 10, _seeded(7)),
        (*_rows(1, 3), 1, _seeded(8)),
    ],
    parts=("batch sizes", "rows", "pairs", "order"),
    observe=observe_batches.batches,
    slips=[
        Slip("`return` ends the function with one batch: `yield` inside the loop hands out one after the other", _first_pair),
        *(Slip(hint, _whole_tables(change)) for hint, change in _APART_SHUFFLED),
        Slip("these are row numbers: yield the rows themselves, X[batch], y[batch]", _batches(pick=lambda X, y, b: b)),
        Slip("X alone: yield the targets of the same rows too, X[batch], y[batch]", _batches(pick=lambda X, y, b: X[b])),
        Slip("X and y are exchanged: yield X[batch] first, then y[batch]", _batches(pick=exchanged(_twice))),
        Slip("the batch of X comes with all of y: index both with the same rows", _batches(pick=lambda X, y, b: (X[b], y))),
        Slip("the batches come in a bundle: yield one pair, X[batch], y[batch], in each turn of the loop", lambda *a: iter([list(_batches()(*a))])),
        Slip("single rows come out: yield batch_size of them at a time, order[first : first + batch_size]", _batches(cut=lambda rows, size: list(rows))),
        Slip("the batches never end: one epoch has each row once, so leave the `while True` away", _without_end),
        Slip(_ORDER_IS_NONE, _none_for_order),
        Slip(_NO_NUMBERS, _batches(lambda y, rng: rng.permutation(y))),
        Slip(_BLOCKS, _blocks),
        Slip(_BLOCKS, _each_time(lambda n, first, size, rng: rng.permutation(np.arange(first, min(first + size, n))))),
        Slip(_DROPPED, _batches(cut=lambda rows, size: [b for b in _cuts(rows, size) if len(b) == size])),
        Slip(_DROPPED, _batches(cut=lambda rows, size: _cuts(rows, size)[:-1])),
        Slip("the last batch alone comes out: `yield` stands outside the loop", _batches(cut=lambda rows, size: _cuts(rows, size)[-1:])),
        Slip("batches of equal length: here each has batch_size rows, and the last one has what is left", _batches(cut=lambda rows, size: np.array_split(rows, -(-len(rows) // size)))),
        Slip("batch_size is the number of rows in a batch, not the number of batches", _batches(cut=lambda rows, size: np.array_split(rows, size))),
        Slip("all rows come out at once: an epoch is many steps, so cut the order into pieces of batch_size rows", _batches(cut=lambda rows, size: [rows])),
        Slip("these are all rows each time: cut the order into pieces of batch_size rows", _slices(lambda rows, first, size: rows)),
        Slip("the batches grow: a slice goes from first to first + batch_size, and not from 0", _slices(lambda rows, first, size: rows[: first + size])),
        Slip("only the first batch has rows: a slice goes from first to first + batch_size, not to batch_size", _slices(lambda rows, first, size: rows[first:size])),
        Slip("the batches shrink: a slice goes from first to first + batch_size, and not to the end", _slices(lambda rows, first, size: rows[first:])),
        Slip("a slice leaves out its end already: order[first : first + batch_size], without the - 1", _slices(lambda rows, first, size: rows[first : first + size - 1])),
        Slip("the batches overlap: let `first` go in steps of batch_size", _batches(cut=lambda rows, size: [rows[i : i + size] for i in range(len(rows))])),
        Slip(_DRAW_ONCE, _batches(lambda y, rng: rng.integers(len(y), size=len(y)))),
        Slip(_DRAW_ONCE, _each_time(lambda n, first, size, rng: rng.permutation(n)[first : first + size])),
        Slip(_DRAW_ONCE, _each_time(lambda n, first, size, rng: rng.integers(n, size=size))),
        Slip(_DRAW_ONCE, _each_time(lambda n, first, size, rng: rng.choice(n, size, replace=False))),
    ],
    praise="Called again with the same rng, it deals a new order: one call for each epoch",
)  # fmt: skip


smaller_eta = Exercise(
    "smaller_eta",
    0.02,
    rtol=0.015,
    slips=[
        Slip("half the eta brings the radius down by the root of two: it grows with √η, so what halves √η?", 0.04),
        Slip("the root was taken where the square is asked: the radius is as √η, so η is as its square", 0.08 / 2**0.5),
        Slip("larger than before: a smaller radius wants a smaller eta", 0.16),
        Slip("four times is the right factor, the wrong way: a smaller radius wants a smaller eta", 0.32),
        Slip("an eighth is more than needed: half a radius is a quarter of eta", 0.01),
        Slip("this is the radius that is wanted: how does eta follow from it?", 0.05),
        Slip("this is the factor: take that much of 0.08", 0.25),
        Slip("this is the factor, upside down: divide 0.08 by it", 4),
        Slip("0.08 squared: it is the ratio of the radii that is squared", 0.0064),
        Slip("eta falls by 0.05, the radius by as much: their ratios count, not their differences", 0.03),
        Slip("this is what is taken away from 0.08: what is left?", 0.06),
    ],
    hint="The radius is as √η: what must happen to η for √η to halve?",
)


def _decay(of: Callable) -> Callable:
    """Make a schedule from eta_0, decay and the number of the epoch."""
    return lambda step, eta_0, decay, steps_per_epoch: of(eta_0, decay, step // steps_per_epoch)


def _epoch(of: Callable) -> Callable:
    """Make a schedule that counts epochs in another way, from the step and the steps of an epoch."""
    return lambda step, eta_0, decay, steps_per_epoch: eta_0 / (1 + decay * of(step, steps_per_epoch))


_EXPONENTIAL = "this falls exponentially: here eta_0 is divided by 1 + decay * epoch"
_ONE_MISSING = "the first epoch divides by zero: the 1 is added, eta_0 / (1 + decay * epoch)"
_PARENTHESES = "the parentheses: the whole sum belongs below, eta_0 / (1 + decay * epoch)"
_SIGN = "the sign: the rate turns negative after a while, so divide by 1 + decay * epoch"

decayed_eta = Exercise(
    "decayed_eta",
    lambda step, eta_0, decay, steps_per_epoch: eta_0 / (1 + decay * (step // steps_per_epoch)),
    cases=[
        (7, 0.4, 0.3, 3),
        (0, 0.1, 2.0, 5),
        (4, 0.1, 2.0, 5),
        (5, 0.1, 2.0, 5),
        (11, 0.3, 1.0, 4),
        (31, 1.5, 0.25, 10),
        (3, 0.2, 0.75, 1),
        (1000, 0.05, 0.1, 32),
    ],
    slips=[
        Slip("this decays with every batch: the number of the epoch counts, step // steps_per_epoch", _epoch(lambda s, n: s)),
        Slip("this falls inside the epoch: step / steps_per_epoch is a fraction, // rounds it down", _epoch(lambda s, n: s / n)),
        Slip("% gives the step within the epoch: its number is step // steps_per_epoch", _epoch(lambda s, n: s % n)),
        Slip("the rate falls in the first epoch already: epochs count from 0, as steps do", _epoch(lambda s, n: s // n + 1)),
        Slip("the rate falls one step early: steps count from 0, so the epoch is step // steps_per_epoch", _epoch(lambda s, n: (s + 1) // n)),
        Slip("the rate falls one step late: the epoch is step // steps_per_epoch", _epoch(lambda s, n: (s - 1) // n)),
        Slip("the epoch is rounded up: it counts the full ones so far, step // steps_per_epoch", _epoch(lambda s, n: -(-s // n))),
        Slip("the epoch is rounded to the nearest: it counts the full ones so far, step // steps_per_epoch", _epoch(lambda s, n: round(s / n))),
        Slip("upside down: the number of the epoch is step // steps_per_epoch", _epoch(lambda s, n: n // s)),
        Slip("upside down: the number of the epoch is step // steps_per_epoch", _epoch(lambda s, n: n / s)),
        Slip("multiplied: the number of the epoch is step // steps_per_epoch", _epoch(lambda s, n: s * n)),
        Slip("`decay * step // n` multiplies before it rounds down: (step // steps_per_epoch) needs its parentheses", lambda step, eta_0, decay, n: eta_0 / (1 + decay * step // n)),
        Slip("an epoch had 100 steps in the walk above: here it has steps_per_epoch", _epoch(lambda s, n: s // 100)),
        Slip(_ONE_MISSING, _decay(lambda eta_0, decay, epoch: eta_0 / (decay * epoch))),
        Slip(_ONE_MISSING, _decay(lambda eta_0, decay, epoch: eta_0 / ((1 + decay) * epoch))),
        Slip(_PARENTHESES, _decay(lambda eta_0, decay, epoch: eta_0 / 1 + decay * epoch)),
        Slip(_PARENTHESES, _decay(lambda eta_0, decay, epoch: eta_0 / (1 + decay) * epoch)),
        Slip("multiplied: the rate grows, so divide eta_0 by 1 + decay * epoch", _decay(lambda eta_0, decay, epoch: eta_0 * (1 + decay * epoch))),
        Slip(_EXPONENTIAL, _decay(lambda eta_0, decay, epoch: eta_0 * decay**epoch)),
        Slip(_EXPONENTIAL, _decay(lambda eta_0, decay, epoch: eta_0 * 0.5**epoch)),
        Slip(_EXPONENTIAL, _decay(lambda eta_0, decay, epoch: eta_0 * np.exp(-decay * epoch))),
        Slip(_EXPONENTIAL, _decay(lambda eta_0, decay, epoch: eta_0 / (1 + decay) ** epoch)),
        Slip("the decay is missing: eta_0 / (1 + decay * epoch)", _decay(lambda eta_0, decay, epoch: eta_0 / (1 + epoch))),
        Slip(_SIGN, _decay(lambda eta_0, decay, epoch: eta_0 / (1 - decay * epoch))),
        Slip(_SIGN, _decay(lambda eta_0, decay, epoch: eta_0 * (1 - decay * epoch))),
        Slip(_SIGN, _decay(lambda eta_0, decay, epoch: eta_0 - decay * epoch)),
        Slip("eta_0 is missing: this is the factor that it is multiplied by", _decay(lambda eta_0, decay, epoch: 1 / (1 + decay * epoch))),
        Slip("this is the number of the epoch: eta_0 / (1 + decay * epoch)", _decay(lambda eta_0, decay, epoch: epoch)),
        Slip("nothing decays yet", _decay(lambda eta_0, decay, epoch: eta_0)),
    ],
    hint="eta_0, divided by 1 + decay times the number of the epoch, which counts from 0",
    praise="Its sum has no bound and the sum of its squares has one: what Robbins and Monro ask for",
)  # fmt: skip


def _shuffle(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return _twice(X, y, rng.permutation(len(y)))


shuffle = Exercise(
    "shuffle",
    _shuffle,
    cases=[
        (*_rows(24, 2), _seeded(11)),
        (*_rows(30, 3), _seeded(12)),
        (*_rows(3, 2), _seeded(14)),
        (*_rows(1, 2), _seeded(15)),
    ],
    parts=("rows", "pairs", "order"),
    observe=observe_batches.shuffled,
    slips=[
        *(Slip(hint, change) for hint, change in _APART_SHUFFLED),
        Slip(
            "some rows come twice and others not at all: each row is needed once, rng.permutation(len(y))",
            lambda X, y, rng: _twice(X, y, rng.integers(len(y), size=len(y))),
        ),
        Slip("X and y are exchanged: return X first, then y", exchanged(_shuffle)),
        Slip("X alone: return y in the same order too", lambda X, y, rng: rng.permutation(X)),
        Slip("this is the order: index X and y with it, and return both", lambda X, y, rng: rng.permutation(len(y))),
        Slip(_NO_NUMBERS, lambda X, y, rng: _twice(X, y, rng.permutation(y))),
        Slip(
            "rng.shuffle shuffles in place and returns None: take one order, rng.permutation(len(y)), for both",
            lambda X, y, rng: (rng.shuffle(X), rng.shuffle(y)),
        ),
    ],
    praise="One order for both, so that each row keeps its target",
)


same_ball = Exercise(
    "same_ball",
    0.16,
    rtol=0.01,
    slips=[
        Slip("no root here: the radius depends on η/B, so eight times the batch allows eight times the eta", 0.02 * 8**0.5),
        Slip("the wrong way: a larger batch is less noisy, so eta may grow", 0.0025),
        Slip("the wrong way, and no root: a larger batch is less noisy, so eta may grow as much as B", 0.02 / 8**0.5),
        Slip("unchanged, the ball would shrink: the batch is eight times as large, and its noise smaller", 0.02),
        Slip("the square is too much: the radius depends on η/B, so eta grows as B does", 1.28),
        Slip("this is the factor: take that many times 0.02", 8),
        Slip("80 times the old eta: B was 10 before, so it grows by a factor of 8", 1.6),
        Slip("ten times the old eta: B grows from 10 to 80, by a factor of 8", 0.2),
        Slip("this is η/B, which stays: what is eta when B is 80?", 0.002),
        Slip("seven times the old eta: 80 is seventy more than 10, but eight times as much", 0.14),
    ],
    hint="The radius depends on η/B alone: which η has the same ratio with B = 80?",
)  # fmt: skip


def _of_losses(change: Callable) -> Callable:
    """Make something from the losses and the sizes of the batches, both as arrays."""
    return lambda losses, sizes: change(np.asarray(losses), np.asarray(sizes))


_LAST_DROPPED = "the last batch is missing: its rows belong to the epoch too"
_EQUAL = "this takes all batches for as large as the first: divide the sum of losses * sizes by sizes.sum()"
_NOT_ADDED = "still one number for each batch: add up losses * sizes, and divide by sizes.sum()"

epoch_loss = Exercise(
    "epoch_loss",
    lambda losses, sizes: np.dot(losses, sizes) / np.sum(sizes),
    cases=[
        (np.array([1.0, 2.0, 4.0]), np.array([4, 4, 2])),
        (np.array([0.5, 0.25, 0.75, 3.0]), np.array([32, 32, 32, 1])),
        (np.array([6.0]), np.array([5])),
        (np.array([2.0, -1.0, 0.3, 0.7, 5.0]), np.array([3, 7, 1, 2, 6])),
        (np.array([0.2, 0.9]), np.array([8, 8])),
        (_rng.rand(7) * 10, np.array([16, 16, 16, 16, 16, 16, 9])),
    ],
    slips=[
        Slip(hint, _of_losses(change))
        for hint, change in [
            ("a plain mean counts the rows of a short last batch for more: weight each loss by its batch's size", lambda losses, sizes: np.mean(losses)),
            ("divided by the number of batches: losses * sizes are sums over rows, so divide by the number of rows", lambda losses, sizes: np.mean(losses * sizes)),
            ("this is the sum over all rows: divide it by their number, sizes.sum()", lambda losses, sizes: np.sum(losses * sizes)),
            ("the losses are means already: multiply each by its batch's size before you divide by all rows", lambda losses, sizes: np.sum(losses) / np.sum(sizes)),
            (_EQUAL, lambda losses, sizes: np.sum(losses) * sizes[0] / np.sum(sizes)),
            (_EQUAL, lambda losses, sizes: np.sum(losses * sizes) / (len(sizes) * sizes[0])),
            (_LAST_DROPPED, lambda losses, sizes: np.sum((losses * sizes)[:-1]) / np.sum(sizes[:-1])),
            (_LAST_DROPPED, lambda losses, sizes: np.mean(losses[:-1])),
            ("this is the last batch's loss: average over all batches", lambda losses, sizes: losses[-1]),
            (_NOT_ADDED, lambda losses, sizes: losses * sizes / np.sum(sizes)),
            (_NOT_ADDED, lambda losses, sizes: losses * sizes),
            (_NOT_ADDED, lambda losses, sizes: np.cumsum(losses * sizes) / np.cumsum(sizes)),
            ("divided by the sizes: a loss is a mean, and times its size it is a sum over rows", lambda losses, sizes: np.sum(losses / sizes)),
            ("divided by the sizes: a loss is a mean, and times its size it is a sum over rows", lambda losses, sizes: np.mean(losses / sizes)),
            ("divided by the sum of the losses: divide by the number of rows, sizes.sum()", lambda losses, sizes: np.sum(losses * sizes) / np.sum(losses)),
            ("averaged twice: the weighted sum divided by all rows is the mean", lambda losses, sizes: np.mean(losses * sizes) / np.sum(sizes)),
            ("the first batch alone is in it: does `return` stand inside the loop?", lambda losses, sizes: losses[0] * sizes[0] / np.sum(sizes)),
        ]
    ],
    hint="The sum over all rows, divided by the number of rows",
)  # fmt: skip
