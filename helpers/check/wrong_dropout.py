"""Making dropouts with one thing wrong: what is dropped, how the rest is scaled, and what evaluation does."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def kept(x: Array, u: Array, rate: float) -> Array:
    """Tell which units stay."""
    return u >= rate


def dropped(x: Array, u: Array, rate: float) -> Array:
    """Tell which units go."""
    return u < rate


def divided(values: Array, rate: float) -> Array:
    """Scale as inverted dropout does."""
    return values / (1 - rate)


def scaled(mask: Callable = kept, scale: Callable = divided) -> Callable:
    """Make what training does, from another mask(x, u, rate) or another scale(values, rate)."""
    return lambda x, u, rate: scale(x * mask(x, u, rate), rate)


def evaluated(x: Array, u: Array, rate: float, trained: Callable) -> Array:
    """Hand x on as it is."""
    return x


def active(x: Array, u: Array, rate: float, trained: Callable) -> Array:
    """Do in evaluation what training does."""
    return trained(x, u, rate)


def dropout(trained: Callable, evaluation: Callable = evaluated) -> Callable:
    """Make a dropout from what it does in training and what it does in evaluation."""

    def wrong(x: Array, u: Array, rate: float, training: bool) -> Array:
        return trained(x, u, rate) if training else evaluation(x, u, rate, trained)

    return wrong


def inverted(trained: Callable) -> Callable:
    """Make a dropout that works in evaluation and rests in training."""
    return lambda x, u, rate, training: x if training else trained(x, u, rate)


def by_share(x: Array, u: Array, rate: float) -> Array:
    """Divide by the share that this draw has kept."""
    return x * (u >= rate) / np.mean(u >= rate)


def same_sum(x: Array, u: Array, rate: float) -> Array:
    """Scale so that the sum of this draw stays."""
    return x * (u >= rate) * x.sum() / (x * (u >= rate)).sum()


def exact_number(x: Array, u: Array, rate: float) -> Array:
    """Drop the same number of units in every row, those with the smallest u."""
    places = u.argsort(axis=1).argsort(axis=1)
    return x * (places >= int(rate * x.shape[1])) / (1 - rate)


def own_numbers(x: Array, u: Array, rate: float) -> Array:
    """Drop by random numbers drawn here."""
    return x * (np.random.default_rng().random(x.shape) >= rate) / (1 - rate)


def seeded_numbers(x: Array, u: Array, rate: float) -> Array:
    """Drop by random numbers drawn here, the same in every call."""
    return x * (np.random.default_rng(0).random(x.shape) >= rate) / (1 - rate)


MASKS: list[tuple[str, Callable]] = [
    ("keep for drop: a unit is dropped where u is below the rate, and kept where it is not", dropped),
    ("nothing is dropped: multiply by u >= rate", lambda x, u, rate: 1.0),
    ("rate and 1 - rate are exchanged: the share that is dropped is the rate", lambda x, u, rate: u >= 1 - rate),
    ("whole rows are dropped: every unit has its own number in u", lambda x, u, rate: u[:, :1] >= rate),
    ("whole columns are dropped: every unit of every row has its own number in u", lambda x, u, rate: u[:1] >= rate),
    ("x is compared with the rate: u is, the random numbers", lambda x, u, rate: x >= rate),
    ("multiplied by u itself: u >= rate is 1 or 0", lambda x, u, rate: u),
    (
        "as often, but other units: dropped is where u is below the rate, so kept is u >= rate",
        lambda x, u, rate: u < 1 - rate,
    ),
    ("u is rounded, so half are dropped whatever the rate: u >= rate", lambda x, u, rate: np.round(u)),
]
SCALES: list[tuple[str, Callable]] = [
    ("the kept ones are not scaled: divide them by 1 - rate, so that the mean stays", lambda v, rate: v),
    ("divided by the rate: the share that is kept, 1 - rate, is the divisor", lambda v, rate: v / rate),
    ("multiplied by 1 - rate in training: the kept ones must grow, divide", lambda v, rate: v * (1 - rate)),
    ("multiplied by the rate: divide by 1 - rate", lambda v, rate: v * rate),
    ("scaled twice: divide by 1 - rate once", lambda v, rate: v / (1 - rate) ** 2),
    ("the root of 1 - rate keeps the squares, not the mean: divide by 1 - rate", lambda v, rate: v / np.sqrt(1 - rate)),
    ("1 + rate is no 1 / (1 - rate): at rate 0.5 that is 2", lambda v, rate: v * (1 + rate)),
    ("divided by 1 + rate: the share that is kept is 1 - rate", lambda v, rate: v / (1 + rate)),
    ("the brackets: x / 1 - rate takes the rate away from x", lambda v, rate: v / 1 - rate),
    ("the opposite sign: the share that is kept is 1 - rate, not rate - 1", lambda v, rate: v / (rate - 1)),
]
