"""Making intervals with one thing wrong: of one accuracy, and of the difference of two models on the same digits."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray

# Intervals


def interval(half: Callable, center: Callable = lambda k, n: k / n) -> Callable:
    """Make an interval with another half width, half(p, n), or another center."""

    def wrong(num_right: int, n: int) -> tuple[float, float]:
        width = half(num_right / n, n)
        return center(num_right, n) - width, center(num_right, n) + width

    return wrong


def standard(z: float, less: int = 0) -> Callable:
    """Make z standard errors; less: what is taken from n."""
    return lambda p, n: z * np.sqrt(p * (1 - p) / (n - less))


def wilson(z: float) -> Callable:
    """Make Wilson's interval (1927)."""

    def right(num_right: int, n: int) -> tuple[float, float]:
        p, squared = num_right / n, z**2
        center = (p + squared / (2 * n)) / (1 + squared / n)
        half = z / (1 + squared / n) * np.sqrt(p * (1 - p) / n + squared / (4 * n**2))
        return center - half, center + half

    return right


def half_widths(z: float) -> list[tuple[str, Callable]]:
    """List wrong half widths half(p, n) of z standard errors, each after its hint."""
    return [
        ("n is missing in the root: sqrt(p (1 - p) / n)", lambda p, n: z * np.sqrt(p * (1 - p))),
        ("the root is missing: p (1 - p) / n is the square of a standard error", lambda p, n: z * p * (1 - p) / n),
        ("n stands outside the root: sqrt(p (1 - p) / n)", lambda p, n: z * np.sqrt(p * (1 - p)) / n),
        ("the root is taken of n alone: sqrt(p (1 - p) / n)", lambda p, n: z * p * (1 - p) / np.sqrt(n)),
        ("1 - p is missing: sqrt(p (1 - p) / n)", lambda p, n: z * np.sqrt(p / n)),
        ("p is missing: sqrt(p (1 - p) / n)", lambda p, n: z * np.sqrt((1 - p) / n)),
        (
            "this takes p = 1/2, where the interval is widest: sqrt(p (1 - p) / n) with the p of these digits",
            lambda p, n: z * 0.5 / np.sqrt(n),
        ),
        ("n multiplies: it divides, more digits make us surer", lambda p, n: z * np.sqrt(p * (1 - p) * n)),
        ("the brackets: all of p (1 - p) / n stands in the root", lambda p, n: z * np.sqrt(p) * (1 - p) / n),
    ]


# Two models on the same digits


def gain(right_1: Array, right_2: Array) -> Array:
    """Return 1 where the second alone is right, -1 where the first alone is, else 0."""
    return np.asarray(right_2, int) - np.asarray(right_1, int)


def per_digit(d: Array) -> float:
    """Return the standard deviation of a gain."""
    return d.std()


def sample(d: Array) -> float:
    """Return it with n - 1."""
    return d.std(ddof=1)


def mcnemar(d: Array) -> float:
    """Return its root mean square: where the models are alike the mean is near 0."""
    return np.sqrt(np.mean(d**2))


KINDS = (per_digit, sample, mcnemar)


def compared(half: Callable, difference: Callable = np.mean) -> Callable:
    """Make a comparison from the gain of each digit: half(d, n) and difference(d)."""

    def made(right_1: Array, right_2: Array) -> tuple[float, float]:
        d = gain(right_1, right_2)
        return difference(d), half(d, len(d))

    return made


def error(z: float, kind: Callable = per_digit) -> Callable:
    """Make z standard errors of a mean gain."""
    return lambda d, n: z * kind(d) / np.sqrt(n)


def unpaired(half: Callable) -> Callable:
    """Make a comparison whose half width comes from the two accuracies alone: half(p, q, n)."""

    def wrong(right_1: Array, right_2: Array) -> tuple[float, float]:
        p, q = np.mean(right_1), np.mean(right_2)
        return q - p, half(p, q, len(right_1))

    return wrong


def half_slips(z: float, kind: Callable) -> list[tuple[str, Callable]]:
    """List wrong half widths half(d, n) of a kind of spread, each after its hint."""
    more = ". And one standard error: 1.96 of them are asked" * (z == 1)
    return [
        (f"n is missing: the standard deviation of a mean is std / sqrt(n){more}", lambda d, n: z * kind(d)),
        (f"divided by n: the standard deviation of a mean is std / sqrt(n){more}", lambda d, n: z * kind(d) / n),
        (
            f"multiplied by sqrt(n): a mean is surer, so divide{more}",
            lambda d, n: z * kind(d) * np.sqrt(n),
        ),
        (f"the variance stands where the standard deviation belongs{more}", lambda d, n: z * kind(d) ** 2 / np.sqrt(n)),
        (f"the root is missing: this is a variance{more}", lambda d, n: z * kind(d) ** 2 / n),
        (f"the root is missing, and n: sqrt(variance / n) is asked{more}", lambda d, n: z * kind(d) ** 2),
    ]


def among_differing(z: float, less: int) -> Callable:
    """Make a comparison on the digits alone on which the models differ."""

    def wrong(right_1: Array, right_2: Array) -> tuple[float, float]:
        d = gain(right_1, right_2)
        d = d[d != 0]
        with np.errstate(all="ignore"):
            return d.mean(), z * d.std(ddof=less) / np.sqrt(len(d))

    return wrong


def wrapped(right_1: Array, right_2: Array) -> tuple[float, float]:
    """Subtract in uint8."""
    d = right_2.astype(np.uint8) - right_1.astype(np.uint8)
    return d.mean(), 1.96 * d.std() / np.sqrt(len(d))


def ends(pair: tuple[float, float]) -> tuple[float, float]:
    """Return both ends of an interval, from its center and its half width."""
    return pair[0] - pair[1], pair[0] + pair[1]


def without_pairs(z: float) -> list[tuple[str, Callable]]:
    """List half widths half(p, q, n) that know the two accuracies alone, not the pairs, each after its hint."""

    def of(p: float, n: int) -> float:
        return p * (1 - p) / n

    pairs = "on the same digits take d = right_2 - right_1 for each, and its standard deviation"
    own = f"this treats the two as if each had digits of its own: {pairs}"
    return [
        (own, lambda p, q, n: z * np.sqrt(of(p, n) + of(q, n))),
        (f"the two standard errors are added: {pairs}", lambda p, q, n: z * (np.sqrt(of(p, n)) + np.sqrt(of(q, n)))),
        (f"the two variances are subtracted: {pairs}", lambda p, q, n: z * np.sqrt(abs(of(p, n) - of(q, n)))),
        (f"this is the half width of the first accuracy: {pairs}", lambda p, q, n: z * np.sqrt(of(p, n))),
        (f"this is the half width of the second accuracy: {pairs}", lambda p, q, n: z * np.sqrt(of(q, n))),
        (f"one accuracy for both, and no pairs: {pairs}", lambda p, q, n: z * np.sqrt(2 * of((p + q) / 2, n))),
        (f"the difference is no share of its own: {pairs}", lambda p, q, n: z * np.sqrt(of(abs(q - p), n))),
    ]
