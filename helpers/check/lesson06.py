"""Checks of lesson 06: momentum, RMSprop, Adam and AdamW, written by the reader; their learning rates; a race."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers import rules
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_rules import TWO, lists, pair, with_state
from helpers.check.race_words import EXCHANGED, LONG_RUN, STAYS, WINNER, advice, raced
from helpers.check.slips import alike, both
from helpers.check.wrong import exchanged, then
from helpers.check.wrong_rules import (
    adaptive,
    against,
    along,
    bias,
    chained,
    counting,
    decays,
    divides_by_0,
    each,
    each_row,
    given,
    hat,
    in_one,
    inside,
    mean_of_squares,
    mixed,
    one_t_each,
    outside,
    rolls,
    roots,
    scaled,
    stepping,
    steps,
    textbook,
    update,
)

_rng = np.random.RandomState(6)
_Array = np.ndarray


speedup = Exercise(
    "speedup",
    10,
    rtol=1e-3,
    slips=[
        Slip("this is β, what is kept of a velocity: in the end v = 0.9 v + one plain step. Which v is that?", 0.9),
        Slip("this is the second step: the speed goes on growing, 1 + 0.9 + 0.81 + ...", 1.9),
        Slip("this is the third step: the speed goes on growing, 1 + 0.9 + 0.81 + ...", 2.71),
        Slip("the newest step is missing: 1 + 0.9 + 0.81 + ... begins with 1", 9),
        Slip("upside down, or this is 1 - β itself: divide by it", 0.1),
        Slip("this is 1/β: in the end v = βv + one plain step, so (1 - β) v is one plain step", 1 / 0.9),
        Slip("the sign: v = βv + one plain step, so v is 1/(1 - β) of them, not 1/(1 + β)", 1 / 1.9),
        Slip("the square is too much: 1/(1 - β)", 100),
        Slip("it ends: each step forgets a tenth of the velocity, and gains one plain step", np.inf),
    ],
    hint="In the end the velocity no longer changes: v = 0.9 v + one plain step",
)


_SAME_WALK = "the same walk as long as eta stays the same. But here v carries eta, as in Keras: beta * v - eta * grad, then w + v"
_UPHILL = "this rolls uphill: v points downhill already, so v = beta * v - eta * grad, and it is added to w"
_TURNED = "the same walk, with v turned round: here v points downhill, beta * v - eta * grad, and it is added to w"
_NO_SHARE = "a 1 - β that Keras's form does not have: a running mean has it, a velocity adds up, beta * v - eta * grad"
_ON_THE_STEP = "β stands before the step, where it does not belong: it says how much of the old velocity is kept, beta * v - eta * grad"

momentum = Exercise(
    "momentum",
    rolls(),
    cases=[
        (np.array([1.0, 2.0]), np.array([10.0, -4.0]), np.zeros(2), 0.1, 0.9),
        (np.array([1.0, -2.0, 0.5]), np.array([3.0, 0.5, 0.0]), np.array([0.5, -1.5, 0.25]), 0.2, 0.6),
        (_rng.randn(2, 3), _rng.randn(2, 3) * 3, _rng.randn(2, 3), 0.05, 0.8),
        (_rng.randn(3, 1), _rng.randn(3, 1), _rng.randn(3, 1), 0.01, 0.95),
    ],
    keywords=("eta", "beta"),
    parts=("w", "v"),
    observe=pair,
    slips=[
        *alike(_ON_THE_STEP, rolls(lambda v, g, eta, beta: v - eta * beta * g), rolls(lambda v, g, eta, beta: v - beta * g)),
        Slip("the brackets: β keeps part of the old velocity alone, beta * v - eta * grad", rolls(lambda v, g, eta, beta: beta * (v - eta * g))),
        *alike(
            "β and 1 - β are exchanged: β is what is kept of the old velocity, and nothing stands before the step",
            rolls(lambda v, g, eta, beta: (1 - beta) * v - beta * eta * g),
            rolls(lambda v, g, eta, beta: (1 - beta) * v - eta * g),
            rolls(lambda v, g, eta, beta: (1 - beta) * v + beta * g, against),
        ),
        *alike(
            _NO_SHARE,
            rolls(lambda v, g, eta, beta: beta * v - (1 - beta) * eta * g),
            rolls(lambda v, g, eta, beta: beta * v + (1 - beta) * eta * g, lambda w, v, *_: w - v),
            rolls(lambda v, g, eta, beta: beta * v + (1 - beta) * g, against),
            rolls(lambda v, g, eta, beta: beta * v - (1 - beta) * g, along),
        ),
        *alike(
            both(_UPHILL, _NO_SHARE),
            rolls(lambda v, g, eta, beta: beta * v + (1 - beta) * eta * g),
            rolls(lambda v, g, eta, beta: beta * v + (1 - beta) * g, along),
        ),
        *alike(_SAME_WALK, rolls(lambda v, g, eta, beta: beta * v - g, along), rolls(lambda v, g, eta, beta: beta * v + g, against)),
        Slip(_TURNED, rolls(lambda v, g, eta, beta: beta * v + eta * g, lambda w, v, *_: w - v)),
        *alike(_UPHILL, rolls(move=lambda w, v, *_: w - v), rolls(lambda v, g, eta, beta: beta * v + eta * g), rolls(lambda v, g, eta, beta: beta * v + g, along)),
        Slip("the old velocity is turned round: beta * v keeps its direction, eta * grad is taken away from it", rolls(lambda v, g, eta, beta: -beta * v - eta * g)),
        Slip("the terms are exchanged: beta * v stays as it is, and eta * grad is taken away from it", rolls(lambda v, g, eta, beta: eta * g - beta * v)),
        *alike("eta is missing: the step downhill is eta * grad", rolls(lambda v, g, eta, beta: beta * v - g), rolls(lambda v, g, eta, beta: beta * v + g, lambda w, v, *_: w - v)),
        Slip("grad is missing: the step downhill is eta * grad", rolls(lambda v, g, eta, beta: beta * v - eta)),
        *alike("eta came in twice: v has it already, so w + v", rolls(move=along), rolls(lambda v, g, eta, beta: beta * v + eta * g, against)),
        Slip("the brackets: eta belongs to grad alone, beta * v - eta * grad", rolls(lambda v, g, eta, beta: eta * (beta * v - g))),
        Slip("eta and β are exchanged: beta * v - eta * grad", rolls(lambda v, g, eta, beta: eta * v - beta * g)),
        Slip("w moves by the old velocity: compute v first, then w + v", rolls(move=lambda w, v, g, eta, beta, old: w + old)),
        Slip("w does not use the velocity: this is plain descent, w + v is asked", rolls(move=lambda w, v, g, eta, beta, old: w - eta * g)),
        Slip("the step downhill is taken twice: v holds it already, w + v", rolls(move=lambda w, v, g, eta, beta, old: w + v - eta * g)),
        Slip("this is Nesterov's move, one velocity ahead: momentum is w + v", rolls(move=lambda w, v, g, eta, beta, old: w + beta * v - eta * g)),
        Slip("β came in twice: v holds it already, w + v", rolls(move=lambda w, v, g, eta, beta, old: w + beta * v)),
        Slip("w does not move: its new value is w + v", rolls(move=lambda w, *_: w)),
        Slip("the old w is lost: the velocity is added to it, w + v", rolls(move=lambda w, v, *_: v)),
        Slip("β is missing: it says how much of the old velocity is kept, beta * v", rolls(lambda v, g, eta, beta: v - eta * g)),
        Slip("the old velocity is forgotten: beta * v is kept of it", rolls(lambda v, g, eta, beta: -eta * g)),
        Slip("`+=` keeps the whole old velocity as well: write v = beta * v - eta * grad", rolls(lambda v, g, eta, beta: v + beta * v - eta * g)),
        Slip("β is the argument beta, not always 0.9", rolls(lambda v, g, eta, beta: 0.9 * v - eta * g)),
        Slip("the old velocity comes back: return the new one", rolls(keep=lambda v, old: old)),
        Slip("exchanged: return w first, then v", exchanged(rolls())),
        Slip(f"{TWO}: return w, v, since the next step needs the velocity", then(rolls(), lambda two: two[0])),
    ],
    hint="v = beta * v - eta * grad, then w + v",
    praise="With beta = 0 it is plain descent",
)  # fmt: skip


best_beta = Exercise(
    "best_beta",
    (99 / 101) ** 2,
    rtol=1e-3,
    slips=[
        Slip("this is √β: square it", 99 / 101),
        Slip("this is the root of the fraction; it is √β, so square it", (99 / 101) ** 0.5),
        *alike("√κ stands in the fraction, 100, not κ", (9999 / 10001) ** 2, 9999 / 10001),
        *alike("the root is taken twice: √κ is 100 already", (9 / 11) ** 2, 9 / 11),
        *alike("upside down: a share of the old velocity is below 1, (√κ - 1)/(√κ + 1)", (101 / 99) ** 2, 101 / 99),
        Slip("this is 1 - β, what is lost of the velocity", 1 - (99 / 101) ** 2),
        Slip("this is one of the usual values, and belongs to a κ of about 1,400", 0.9),
        Slip("this is the bowl's, with κ = 20: now κ is 10,000", ((20**0.5 - 1) / (20**0.5 + 1)) ** 2),
    ],
    hint="√β = (√κ - 1)/(√κ + 1), with √κ = 100",
    praise="So each step keeps √β = 0.980 of the distance, where the best plain descent keeps 0.9998",
)  # fmt: skip


nesterov_limit = Exercise(
    "nesterov_limit",
    2 * 1.9 / (2.8 * 4),
    rtol=5e-3,
    slips=[
        Slip("this is plain descent's limit, 2/λmax: Nesterov's is below it", 0.5),
        Slip("this is the heavy ball's limit, 2(1 + β)/λmax: Nesterov's has 1 + 2β below", 0.95),
        Slip("λmax = 4 is missing: divide by it too", 3.8 / 2.8),
        Slip("the flat direction does not set the limit: λmax = 4, not λ = 0.2", 3.8 / (2.8 * 0.2)),
        Slip("the curvature is the second derivative: of 2 w2² it is 4, not 2", 3.8 / (2.8 * 2)),
        Slip("the factor 2 is missing: 2(1 + β)", 1.9 / (2.8 * 4)),
        Slip("1 + β is missing above: 2(1 + β)/((1 + 2β) λmax)", 2 / (2.8 * 4)),
        Slip("1 - β stands where 1 + β belongs", 0.2 / (2.8 * 4)),
        *alike("upside down: the steeper the valley, the smaller the limit, 2(1 + β)/((1 + 2β) λmax)", 2.8 * 4 / 3.8, 5.6 / (1.9 * 4)),
        *alike("the brackets: divide by the whole of (1 + 2β) λmax", 3.8 / 2.8 * 4, 3.8 / (1 + 1.8 * 4)),
        Slip("the brackets: 2(1 + β), both are doubled", 2.9 / (2.8 * 4)),
        Slip("this is plain descent's best rate, 2/(λmin + λmax): Nesterov's limit is asked", 2 / 4.2),
        Slip("1/λmax is where plain descent lands in one step; the limit is asked", 0.25),
    ],
    hint="2(1 + β)/((1 + 2β) λmax) with λmax = 4 and β = 0.9",
    praise="That is below plain descent's 2/λmax = 0.5: looking ahead costs room here",
)  # fmt: skip


rmsprop = Exercise(
    "rmsprop",
    scaled(),
    cases=[
        (np.array([1.0, -2.0, 0.5]), np.array([10.0, -0.5, 0.0]), np.zeros(3), 0.1, 0.9, 1e-7),
        (np.array([1.0, 2.0]), np.array([-3.0, 0.5]), np.array([4.0, 0.1]), 0.2, 0.75, 1e-7),
        (_rng.randn(2, 3), _rng.randn(2, 3), _rng.rand(2, 3) + 0.1, 0.05, 0.6, 1e-8),
        (np.array([0.3, -0.2]), np.array([0.02, -0.1]), np.array([0.0, 0.001]), 0.3, 0.95, 1e-3),
        (_rng.randn(3, 1), 2 * _rng.randn(3, 1), _rng.rand(3, 1), 0.02, 0.99, 1e-6),
    ],
    keywords=("eta", "rho", "epsilon"),
    parts=("w", "s"),
    observe=pair,
    also_right=[scaled(root=outside)],
    slips=[
        *roots("no square: s is the running mean of grad**2, so that its root is as large as a gradient", mean=lambda s, g, rho: rho * s + (1 - rho) * g),
        *roots("no square: np.abs(grad) takes the sign away, grad**2 is asked", mean=lambda s, g, rho: rho * s + (1 - rho) * np.abs(g)),
        Slip("no root: s is made of squares, so divide by its root, np.sqrt(s + epsilon)", scaled(root=lambda s, epsilon: s + epsilon)),
        *roots("ρ and 1 - ρ are exchanged: ρ is what is kept of the old s", mean=lambda s, g, rho: (1 - rho) * s + rho * g**2),
        *roots("the 1 - ρ is missing: a running mean takes rho of the old and 1 - rho of the new", mean=lambda s, g, rho: rho * s + g**2),
        *roots("all squares are added up: this is AdaGrad. A running mean forgets, rho * s + (1 - rho) * grad**2", mean=lambda s, g, rho: s + g**2),
        *roots("the old s is kept whole: rho * s", mean=lambda s, g, rho: s + (1 - rho) * g**2),
        *roots("the old s is forgotten: rho * s + (1 - rho) * grad**2", mean=lambda s, g, rho: (1 - rho) * g**2),
        *roots("s is the square of this gradient alone: rho * s + (1 - rho) * grad**2", mean=lambda s, g, rho: g**2),
        *roots("the brackets: the gradient is squared, not the whole mean", mean=lambda s, g, rho: (rho * s + (1 - rho) * g) ** 2),
        *roots("the brackets: grad alone is squared, (1 - rho) * grad**2", mean=lambda s, g, rho: rho * s + ((1 - rho) * g) ** 2),
        *roots("`* 2` doubles: the square is grad**2", mean=lambda s, g, rho: rho * s + (1 - rho) * 2 * g),
        *roots("the sign: both terms of a running mean are added", mean=lambda s, g, rho: rho * s - (1 - rho) * g**2),
        *roots("one s for all weights: each weight has its own, so no mean over the array", mean=lambda s, g, rho: rho * s + (1 - rho) * np.mean(g**2)),
        *roots("one s for all weights: each weight has its own, so no sum over the array", mean=lambda s, g, rho: rho * s + (1 - rho) * np.sum(g**2)),
        *roots("ρ is the argument rho, not always 0.9", mean=lambda s, g, rho: mean_of_squares(s, g, 0.9)),
        *roots("w moves by the old s: compute s first", used=lambda s, old: old),
        *roots("uphill: the step is taken away from w", step=lambda g, below, eta, *_: -eta * g / below),
        *roots("eta is missing: the step is eta * grad / np.sqrt(s + epsilon)", step=lambda g, below, *_: g / below),
        *roots("multiplied: a steep direction needs a smaller step, so divide by the root", step=lambda g, below, eta, *_: eta * g * below),
        *roots("grad is squared above the line too: the step has grad itself there, with its sign", step=lambda g, below, eta, *_: eta * g**2 / below),
        *roots("grad is missing above the line: the step is eta * grad / np.sqrt(s + epsilon)", step=lambda g, below, eta, *_: eta / below),
        *roots("the old w is lost: the step is taken away from it", step=lambda g, below, eta, epsilon, w: w + eta * g / below),
        *roots("w does not move: its new value is w - eta * grad / np.sqrt(s + epsilon)", step=lambda g, *_: 0 * g),
        Slip("s is not used: w moves as in plain descent", scaled(step=lambda g, below, eta, *_: eta * g)),
        *alike("math.sqrt takes one number: np.sqrt takes an array", scaled(root=lambda s, epsilon: math.sqrt(s + epsilon)), scaled(root=lambda s, epsilon: math.sqrt(s) + epsilon)),
        Slip("ε is missing: where gradient and s are 0 the step is 0/0", scaled(root=lambda s, epsilon: np.sqrt(s))),
        *alike("ε counts too little: it is the argument epsilon, and is added under the root", *(scaled(root=lambda s, _, root=root, eps=eps: root(s, eps)) for root in (inside, outside) for eps in (1e-7, 1e-8))),
        *alike(
            "the brackets: ε is added to the root, not to the step, grad / (np.sqrt(s) + epsilon)",
            *(scaled(root=lambda s, _: np.sqrt(s), step=lambda g, below, eta, epsilon, w, sign=sign: eta * g / below + sign * epsilon) for sign in (1, -1)),
        ),
        *alike("`** 1/2` is halved, since ** comes first: write ** 0.5, or np.sqrt", *(scaled(root=root) for root in (lambda s, epsilon: 2 * (s + epsilon), lambda s, epsilon: (s + epsilon) / 2, lambda s, epsilon: s / 2 + epsilon))),
        *alike(
            "no square and no root: s is the running mean of grad**2, and the step is divided by its root",
            *(scaled(mean=lambda s, g, rho, of=of: rho * s + (1 - rho) * of(g), root=lambda s, epsilon: s + epsilon) for of in (np.positive, np.abs)),
        ),
        *roots("s itself comes back, not its root", keep=lambda s, old: np.sqrt(s)),
        *roots("the old s comes back: return the new one", keep=lambda s, old: old),
        Slip("ε belongs to the division alone: s is remembered without it", lambda w, g, s, eta, rho, epsilon: scaled(root=lambda s, _: np.sqrt(s), mean=lambda s, g, rho: mean_of_squares(s, g, rho) + epsilon)(w, g, s, eta, rho, 0)),
        *alike("exchanged: return w first, then s", *(exchanged(scaled(root=root)) for root in (inside, outside))),
        Slip(f"{TWO}: return w, s, since the next step needs s", then(scaled(), lambda two: two[0])),
    ],
    hint="s = rho * s + (1 - rho) * grad**2, then w - eta * grad / np.sqrt(s + epsilon)",
)  # fmt: skip


_SWAPPED = "β1 and β2 are exchanged: m, the mean of the gradient, has β1 (0.9); s, of its square, has β2 (0.999)"
_SHARES = "β and 1 - β are exchanged: β is what is kept of the past"
_FROM_0 = "t starts at 0 here, so the correction divides by 1 - β⁰ = 0: count the step first, t = t + 1"
_STANDS = "t does not count: return it one larger than it came, (m, s, t + 1)"
_FIRST = "every step is corrected like the first: divide by 1 - beta**t, to the power of the t in the state plus one"
_ONE_T_EACH = "t counts steps, not weights: one step is t + 1, and all weights share it"
_NO_BIAS = "no bias correction: m and s start at 0 and are too small at first. Divide m by 1 - beta_1**t and s by 1 - beta_2**t"
_IN_ROOT = "ε is inside the root, as in RMSprop: in Adam it stands beside it, np.sqrt(s) + epsilon"
_POWER = "β to the power of t: beta**t, not"

adam = Exercise(
    "adam",
    adaptive(),
    cases=[
        (np.array([1.0, -2.0, 0.5]), np.array([10.0, -0.5, 0.0]), (np.zeros(3), np.zeros(3), 0), 0.1, 0.9, 0.999, 1e-7),
        (np.array([1.0, 2.0]), np.array([-3.0, 0.5]), (np.array([0.5, -0.2]), np.array([2.0, 0.3]), 4), 0.2, 0.8, 0.95, 1e-7),
        (_rng.randn(2, 3), _rng.randn(2, 3), (_rng.randn(2, 3) / 5, _rng.rand(2, 3) + 0.1, 1), 0.05, 0.7, 0.9, 1e-8),
        (np.array([0.3, -0.2]), np.array([0.01, -0.02]), (np.zeros(2), np.zeros(2), 0), 0.1, 0.9, 0.99, 1e-3),
        (np.array([0.3, -0.2]), np.array([0.02, 0.01]), (np.array([0.01, 0.004]), np.array([1e-5, 3e-5]), 2), 0.1, 0.85, 0.98, 1e-3),
        (_rng.randn(3, 1), _rng.randn(3, 1), (_rng.randn(3, 1) / 5, _rng.rand(3, 1), 9), 0.5, 0.9, 0.99, 1e-7),
    ],
    keywords=("eta", "beta_1", "beta_2", "epsilon"),
    parts=("w", "m", "s", "t"),
    observe=with_state,
    also_right=[adaptive(textbook)],
    slips=[
        *steps(_NO_BIAS, biases=lambda *_: (1, 1)),
        *steps("s is not corrected: divide it by 1 - beta_2**t too", biases=lambda t, b1, b2: (bias(b1, t), 1)),
        *steps("m is not corrected: divide it by 1 - beta_1**t too", biases=lambda t, b1, b2: (1, bias(b2, t))),
        *steps(_STANDS, keep=lambda new, old, _: (*new[:2], old[2])),
        *steps(_FROM_0, used=lambda new, old: (*new[:2], old[2])),
        *steps(f"{_FROM_0}, and return it", used=lambda new, old: (*new[:2], old[2]), keep=lambda new, old, _: (*new[:2], old[2])),
        Slip(_FROM_0, divides_by_0),
        *steps(_FIRST, used=lambda new, old: (*new[:2], 1)),
        *steps(_FIRST, used=lambda new, old: (*new[:2], 1), keep=lambda new, old, _: (*new[:2], 1)),
        *steps(f"{_FROM_0}. Then nothing needs a guard", used=lambda new, old: (*new[:2], old[2]), biases=lambda t, b1, b2: (bias(b1, t), bias(b2, t)) if t else (1, 1)),
        *steps(f"{_FROM_0}. Then nothing needs a guard", used=lambda new, old: (*new[:2], max(old[2], 1))),
        *alike(_ONE_T_EACH, *(one_t_each(step, counts) for step in (hat, textbook) for counts in (each, each_row, lambda w: w.size - 1))),
        *alike(_SWAPPED, *(mixed(step, change) for step in (hat, textbook) for change in (lambda b1, b2: (b2, b1, b2, b1), lambda b1, b2: (b2, b1, b1, b2)))),
        *alike("β1 stands in s too: s has beta_2, in both places", *(mixed(step, change) for step in (hat, textbook) for change in (lambda b1, b2: (b1, b1, b1, b1), lambda b1, b2: (b1, b1, b1, b2)))),
        *steps("the corrections are exchanged: m is divided by 1 - beta_1**t, s by 1 - beta_2**t", biases=lambda t, b1, b2: (bias(b2, t), bias(b1, t))),
        *steps("s has the correction of m: divide s by 1 - beta_2**t", biases=lambda t, b1, b2: (bias(b1, t), bias(b1, t))),
        *steps(f"{_POWER} beta * t", biases=lambda t, b1, b2: (1 - b1 * t, 1 - b2 * t)),
        *steps(f"{_POWER} (1 - beta)**t", biases=lambda t, b1, b2: ((1 - b1) ** t, (1 - b2) ** t)),
        Slip("the brackets: m / (1 - beta_1**t), else it is m / 1 - ...", adaptive(lambda eta, m, s, a, b, e, *_: eta * (m - 1 + a) / (np.sqrt(s - 1 + b) + e))),
        *steps("multiplied: m and s are too small at first, so divide them by 1 - beta**t", biases=lambda t, b1, b2: (1 / bias(b1, t), 1 / bias(b2, t))),
        *steps("no square: s is the running mean of grad**2", s=lambda s, g, b, m: b * s + (1 - b) * g),
        *steps("no square: np.abs(grad) takes the sign away, grad**2 is asked", s=lambda s, g, b, m: b * s + (1 - b) * np.abs(g)),
        *steps("one s for all weights: each weight has its own, so no mean over the array", s=lambda s, g, b, m: b * s + (1 - b) * np.mean(g**2)),
        *steps("s is made from m²: it is the running mean of grad**2", s=lambda s, g, b, m: b * s + (1 - b) * m**2),
        *alike(
            "no root: s is made of squares, so divide by its root",
            adaptive(lambda eta, m, s, a, b, e, *_: eta * m / a / (s / b + e)),
            adaptive(lambda eta, m, s, a, b, e, *_: eta * b / a * m / (s + e)),
            adaptive(lambda eta, m, s, a, b, e, *_: eta * np.sqrt(b) / a * m / (s + e)),
        ),
        Slip("no root in the correction: np.sqrt(1 - beta_2**t), since s stands under a root too", adaptive(lambda eta, m, s, a, b, e, *_: eta * b / a * m / (np.sqrt(s) + e))),
        Slip("the correction of s stands under the root: np.sqrt(s / (1 - beta_2**t))", adaptive(lambda eta, m, s, a, b, e, *_: eta * m / a / (np.sqrt(s) / b + e))),
        *alike(_IN_ROOT, adaptive(lambda eta, m, s, a, b, e, *_: eta * m / a / np.sqrt(s / b + e)), adaptive(lambda eta, m, s, a, b, e, *_: eta * np.sqrt(b) / a * m / np.sqrt(s + e))),
        Slip(f"{_NO_BIAS}. And {_IN_ROOT}", adaptive(lambda eta, m, s, a, b, e, *_: eta * m / np.sqrt(s + e))),
        *alike("ε is missing: where gradient and s are 0 the step is 0/0", adaptive(lambda *a: hat(*a[:5], 0.0))),
        *alike("ε is the argument epsilon", *(adaptive(lambda *a, step=step, eps=eps: step(*a[:5], eps)) for step in (hat, textbook) for eps in (1e-7, 1e-8))),
        *steps(_SHARES, m=lambda m, g, b: (1 - b) * m + b * g, s=lambda s, g, b, m: (1 - b) * s + b * g**2),
        *steps("the 1 - beta is missing in m and s: a running mean takes beta of the old and 1 - beta of the new", m=lambda m, g, b: b * m + g, s=lambda s, g, b, m: b * s + g**2),
        *steps("the 1 - beta_1 is missing in m", m=lambda m, g, b: b * m + g),
        *steps("the 1 - beta_2 is missing in s", s=lambda s, g, b, m: b * s + g**2),
        *steps("what is carried on is m and s themselves: corrected, they are for this step alone", keep=lambda new, old, biases: (new[0] / biases[0], new[1] / biases[1], new[2])),
        *steps("w moves by the old m and s: compute them first", used=lambda new, old: (*old[:2], new[2])),
        *stepping("uphill: the step is taken away from w", lambda step, *a: -step(*a)),
        *stepping("w does not move: its new value is w - eta * m_hat / (np.sqrt(s_hat) + epsilon)", lambda step, *a: 0 * a[1]),
        *stepping("eta is missing", lambda step, eta, *a: step(1.0, *a)),
        *stepping("grad stands where m belongs: above the line is the running mean of the gradient", lambda step, eta, m, s, a, b, e, g, w: step(eta, g * a, s, a, b, e)),
        *stepping("the old w is lost: the step is taken away from it", lambda step, *a: a[-1] + step(*a)),
        *steps("the state is in another order: (m, s, t)", keep=lambda new, old, _: (new[1], new[0], new[2])),
        *steps("the state that comes back is the old one: return the new (m, s, t)", keep=lambda new, old, _: old),
        Slip("the state is one thing, in its own parentheses: return w, (m, s, t)", then(adaptive(), lambda two: (two[0], *two[1]))),
        Slip("t is missing in the state: return w, (m, s, t)", then(adaptive(), lambda two: (two[0], tuple(two[1][:2])))),
        Slip("exchanged: return w first, then the state", exchanged(adaptive())),
        Slip("the state is lost: return w, (m, s, t)", then(adaptive(), lambda two: (two[0], None))),
        Slip(f"{TWO}: return w, (m, s, t)", then(adaptive(), lambda two: two[0])),
    ],
    hint="m and s are running means of grad and of grad**2; divide each by 1 - beta**t, then w - eta * m_hat / (np.sqrt(s_hat) + epsilon)",
    praise="Both forms of ε are right: the textbook's, and Keras's, which adds it before s is corrected",
)  # fmt: skip


adam_first_step = Exercise(
    "adam_first_step",
    0.9,
    rtol=2e-5,
    also_right=[0.90001, 0.90032, 0.9003, 0.90003],  # with an ε of 1e-7 or 1e-8, the textbook's and Keras's
    slips=[
        Slip("this is a plain step, η times the gradient: Adam divides by the root of s, and |g| cancels", 0.9999),
        Slip("uphill: the gradient is positive, so w gets smaller", 1.1),
        *alike("this is the step: where is w then?", 0.1, -0.1),
        *alike("the bias is not corrected here: with the correction the first step is η long", 1 - 0.1 * np.sqrt(10), 0.684, 0.68, 0.6838),
        Slip("this is the gradient without η, taken away from w: the first step is η long", 0.999),
        *alike("the root is missing: m/√s is g/|g| = 1", -99, -9),
        *alike("m is not corrected: it is divided by 1 - β1 = 0.1, and the first step is η long", 0.99),
        Slip("w moves, however small the gradient is: m/√s is g/|g|", 1),
        Slip("η is missing: m/√s is 1, and the step is η times that", 0),
    ],
    hint="After the correction m is g and s is g²: how large is m/√s, and how long is the step?",
    praise="A gradient of 1000 would have taken it to the same place",
)  # fmt: skip

uncorrected_step = Exercise(
    "uncorrected_step",
    0.1 / np.sqrt(0.001),
    rtol=5e-3,
    slips=[
        Slip("this is the first step with the correction: without it m is 0.1 g and s is 0.001 g²", 1),
        Slip("this is m alone, 0.1 g: it is divided by the root of s, which is 0.001 g²", 0.1),
        Slip("the root is missing: 0.1 g is divided by √(0.001 g²)", 100),
        Slip("this is √s alone: 0.1 g is divided by it", np.sqrt(0.001)),
        Slip("upside down: m is divided by √s", np.sqrt(0.1)),
        Slip("m is corrected here, s is not: without both corrections m is 0.1 g", 1 / np.sqrt(0.001)),
        Slip("β and 1 - β are exchanged: m is (1 - 0.9) g, s is (1 - 0.999) g²", 0.9 / np.sqrt(0.999)),
        Slip("the root belongs to s alone: m stays 0.1 g, it is not √(0.1 g)", 10),
        Slip("multiplied: m is divided by √s", 0.1 * np.sqrt(0.001)),
        Slip("the step has a g above and a g below: ε does not matter, and g cancels", np.inf),
    ],
    hint="After one step m = (1 - β1) g and s = (1 - β2) g². How large is m/√s?",
    praise="So the correction is there for the first steps: they would be three times too long",
)  # fmt: skip


def _used_to(steps: int, *shape: int) -> tuple:
    """Make Adam's state after some steps with random gradients."""
    state = None
    for _ in range(steps):
        _, state = rules.adam(np.zeros(shape), _rng.randn(*shape), state, eta=0.1)
    return state


def _after(w: _Array, g: _Array, state: Any, eta: float, weight_decay: float) -> tuple:
    w, state = rules.adam(w, g, state, eta=eta)
    return w - eta * weight_decay * w, state


_NOT_HANDED = "the state is not handed on: rules.adam(w, grad, state, eta=eta), else every step is a first one"
_NEEDS_ETA = "rules.adam needs eta too, by its name: eta=eta"
_THROUGH = "the decay goes through the gradient, where Adam scales it like any other: that is L2, not AdamW. Shrink w itself first"

adamw = Exercise(
    "adamw",
    decays(),
    cases=[
        (np.array([1.0, -2.0]), np.array([3.0, 0.5]), None, 0.1, 0.2),
        (np.array([2.0, -1.0, 0.5]), np.array([0.3, -0.2, 0.0]), None, 0.4, 0.25),
        (_rng.randn(2, 3) * 3, _rng.randn(2, 3), _used_to(3, 2, 3), 0.5, 0.3),
        (np.array([4.0, -3.0]), np.array([-0.5, 2.0]), _used_to(6, 2), 0.2, 0.1),
    ],
    keywords=("eta", "weight_decay"),
    parts=("w", "m", "s", "t"),
    observe=with_state,
    slips=[
        Slip(_THROUGH, decays(lambda w, *_: w, lambda w, g, eta, decay: g + decay * w)),
        *alike(
            _THROUGH,
            decays(lambda w, *_: w, lambda w, g, eta, decay: g + 2 * decay * w),
            decays(lambda w, *_: w, lambda w, g, eta, decay: g + eta * decay * w),
            decays(slope=lambda w, g, eta, decay: g + decay * w),
            decays(lambda w, *_: w, lambda w, g, eta, decay: g - decay * w),
        ),
        Slip("the decay is not times eta: eta * weight_decay * w", decays(lambda w, eta, decay: w - decay * w)),
        Slip("the decay is missing its weight_decay: eta * weight_decay * w", decays(lambda w, eta, decay: w - eta * w)),
        Slip("the weights grow: w - eta * weight_decay * w", decays(lambda w, eta, decay: w + eta * decay * w)),
        Slip("w is missing: each weight shrinks by a part of itself, eta * weight_decay * w", decays(lambda w, eta, decay: w - eta * decay)),
        *alike("this keeps only the part that must go: w - eta * weight_decay * w", decays(lambda w, eta, decay: w * decay), decays(lambda w, eta, decay: eta * decay * w)),
        Slip("the new w is shrunk, after the step: shrink the old one, before it", _after),
        Slip("nothing decays yet: shrink w by eta * weight_decay * w", decays(lambda w, *_: w)),
        Slip("this shrinks every weight by as much, whatever its size (L1): eta * weight_decay * w", decays(lambda w, eta, decay: w - eta * decay * np.sign(w))),
        Slip("the square is too much: eta * weight_decay * w", decays(lambda w, eta, decay: w - eta * decay * w**2)),
        Slip("the decay is taken twice, or doubled: w - eta * weight_decay * w", decays(lambda w, eta, decay: w - 2 * eta * decay * w)),
        Slip("the gradient shrinks here: w must", decays(lambda w, *_: w, lambda w, g, eta, decay: g - eta * decay * g)),
        Slip(_NOT_HANDED, lambda w, g, state, eta, weight_decay: decays()(w, g, None, eta, weight_decay)),
        *alike(_NEEDS_ETA, lambda w, g, state, eta, weight_decay: rules.adam(w, g, state), lambda w, g, state, eta, weight_decay: rules.adam(w, g, state, eta)),
        Slip("Adam knows no weight_decay: shrink w yourself first, then call rules.adam", lambda w, g, state, eta, weight_decay: rules.adam(w, g, state, eta=eta, weight_decay=weight_decay)),
        *alike(
            "rules.adam returns two things: w, state = rules.adam(...)",
            lambda w, g, state, eta, weight_decay: (rules.adam(w, g, state, eta=eta), state),
            lambda w, g, state, eta, weight_decay: (w, rules.adam(w, g, state, eta=eta)),
        ),
        Slip("Adam's step is missing: shrink w, then return rules.adam(w, grad, state, eta=eta)", lambda w, g, state, eta, weight_decay: (w - eta * weight_decay * w, state)),
        Slip("the step is a plain one: hand the shrunk w to rules.adam", lambda w, g, state, eta, weight_decay: (w - eta * weight_decay * w - eta * g, state)),
        Slip("the state is dropped: return what rules.adam returns, w and state", then(decays(), lambda two: (two[0], None))),
        Slip(f"{TWO}: return w, state as rules.adam does", then(decays(), lambda two: two[0])),
        Slip("exchanged: return w first, then the state", exchanged(decays())),
    ],
    hint="Shrink first, w - eta * weight_decay * w, then return rules.adam(w, grad, state, eta=eta)",
    praise="One line more than Adam: lesson 13 shows what it is good for",
)  # fmt: skip


race = Exercise(
    "race",
    WINNER,
    prepare=raced,
    slips=[
        Slip(EXCHANGED, WINNER[::-1]),
        Slip(STAYS, (-0.5, 0.5)),
        *(Slip(advice(*pair), pair) for pair in [LONG_RUN, (0.67, 0.4), (1.2, 0.3), (0.05, 0.9), (0.3, 0.9), (0.02, 0.6), (0.45, 0.0), (0.45, 0.2), (0.3, 0.45), (0.7, 0.45)]),
    ],
    hint="A pair (eta, beta) is asked",
    praise="Plain descent with the best eta of its own needs three times as many steps",
)  # fmt: skip


def _called(rule: Callable) -> Callable:
    """Give a rule the words that a message shows for it."""

    def called(*arguments: Any, **hyper: Any) -> Any:
        return rule(*arguments, **hyper)

    called.__doc__ = f"rules.{rule.__name__}"
    return called


_NONE_CARRIED = "the states are not handed on: rule(p, grad, state, eta=eta), else every step is a first one"
_SHARED = "the arrays share one state: each array of weights has its own, states[i] for params[i]"
_CHAIN = f"a state goes from one array to the next. {_SHARED[0].upper()}{_SHARED[1:]}"
_ONE_T = "t counts once for each array here: it counts steps, so each array's own state brings its own t"
_IN_ONE = "one call for everything: the rule is called once for each array, with its own gradient and state"
_NAMED_ETA = "the rule wants eta too, by its name: rule(p, grad, state, eta=eta)"
_MOMENTUM, _ADAM = (_called(rule) for rule in (rules.momentum, rules.adam))
_W = [_rng.randn(2), _rng.randn(2), _rng.randn(2, 2), _rng.randn(1)]

update_all = Exercise(
    "update_all",
    update,
    cases=[
        (_MOMENTUM, [np.array([1.0, 2.0]), np.array([3.0, -1.0])], [np.array([1.0, 0.5]), np.array([-2.0, 4.0])], [None, None], 0.1),
        (_MOMENTUM, [_W[0], _W[1]], [_W[1], _W[0] * 2], [np.array([0.3, -0.2]), np.array([0.5, 0.1])], 0.2),
        (_ADAM, [_W[1], _W[0]], [_W[0], _W[1] - 1], [None, None], 0.1),
        (_ADAM, [_W[0], _W[1]], [_W[0] + 1, _W[0] - 1], [_used_to(3, 2), _used_to(3, 2)], 0.2),
        (_ADAM, [_W[2], _W[0], _W[3]], [_W[2] * 2, _W[1], _W[3] - 1], [_used_to(2, 2, 2), _used_to(2, 2), _used_to(2, 1)], 0.05),
        (_MOMENTUM, [_W[2], _W[1]], [_W[2] + 1, _W[0]], [_W[2] / 5, _W[1] / 5], 0.3),
    ],
    keywords=("eta",),
    parts=("params", "states"),
    observe=lists,
    slips=[
        *alike(_NAMED_ETA, lambda rule, params, grads, states, eta: rule(params[0], grads[0], states[0]), lambda rule, params, grads, states, eta: rule(params[0], grads[0], states[0], eta)),
        Slip(_NONE_CARRIED, given(lambda params, grads, states: (params, grads, [None] * len(params)))),
        *alike(_CHAIN, chained, lambda rule, params, grads, states, eta: chained(rule, params, grads, [None], eta)),
        *alike(_CHAIN, *(then(chained, lambda two, many=many: (two[0], [two[1][-1]] * len(two[0]) if many else two[1][-1])) for many in (True, False))),
        *alike(_SHARED, *(given(lambda params, grads, states, i=i: (params, grads, [states[i]] * len(params))) for i in (0, -1))),
        Slip(_ONE_T, counting),
        *alike(
            "the gradients are those of other arrays: grads[i] belongs to params[i]",
            given(lambda params, grads, states: (params, grads[::-1], states)),
            given(lambda params, grads, states: (params, grads[:1] * len(params), states)),
        ),
        Slip("the states are those of other arrays: states[i] belongs to params[i]", given(lambda params, grads, states: (params, grads, states[::-1]))),
        Slip("weights and gradient are exchanged: rule(p, grad, state, eta=eta)", given(lambda params, grads, states: (grads, params, states))),
        *alike(
            "one array alone comes back: append each one to a list, and let `return` stand behind the loop",
            *(then(update, lambda two, i=i: (two[0][i], two[1][i])) for i in (0, -1, slice(0, 1), slice(-1, None))),
        ),
        *alike("the last state alone comes back: append each one to a list", then(update, lambda two: (two[0], two[1][-1])), then(update, lambda two: (two[0], two[1][-1:]))),
        Slip("the same state comes back for every array: append each one", then(update, lambda two: (two[0], two[1][-1:] * len(two[0])))),
        Slip("the old states come back: return what the rule returns", lambda rule, params, grads, states, eta: (update(rule, params, grads, states, eta)[0], states)),
        Slip("the old params come back: return what the rule returns", lambda rule, params, grads, states, eta: (params, update(rule, params, grads, states, eta)[1])),
        Slip("pairs come back: put the weights into one list and the states into another", lambda rule, params, grads, states, eta: [*zip(*update(rule, params, grads, states, eta), strict=True)]),
        *alike("only the new params come back: the next step needs the states too", then(update, lambda two: (two[0], [None for _ in two[0]])), then(update, lambda two: (two[0], None)), then(update, lambda two: two[0])),
        Slip("exchanged: return the params first, then the states", exchanged(update)),
        Slip("grad and state are exchanged: rule(p, grad, state, eta=eta)", given(lambda params, grads, states: (params, states, grads))),
        Slip("the whole list of states goes to the rule: each array has its own, states[i] for params[i]", given(lambda params, grads, states: (params, grads, [states] * len(params)))),
        *alike(_IN_ONE, lambda rule, params, grads, states, eta: rule(params, grads, states, eta=eta), in_one, then(in_one, lambda two: (two[0], [two[1]] * len(two[0])))),
        *alike("the rule that is handed over is not used: call `rule`", *(lambda rule, *rest, mine=mine: update(mine, *rest) for mine in (rules.adam, rules.momentum, rules.sgd))),
        Slip("the old params and states come back: a new value of a loop's variable changes no list, so append each to a list of its own", lambda rule, params, grads, states, eta: (params, states)),
        Slip("both lists are empty: append what the rule returns, inside the loop", lambda *_: ([], [])),
    ],
    hint="For each array: its own gradient and its own state, rule(p, grad, state, eta=eta); two new lists come back",
    praise="So a network with any number of layers is trained by any rule",
)  # fmt: skip


def _near(etas: _Array, losses: _Array, factor: float = 2) -> _Array:
    """Pick the learning rates whose loss is at most a multiple of the least one."""
    return etas[np.isfinite(losses) & (losses <= factor * _least(losses))]


def _least(losses: _Array) -> float:
    return np.min(losses[np.isfinite(losses)])


def _span(of: Callable = np.log10, pick: Callable = _near) -> Callable:
    """Make a width from the ratio of the largest to the smallest learning rate that is picked."""
    return lambda etas, losses: of(np.max(pick(etas, losses)) / np.min(pick(etas, losses)))


def _where(good: Callable) -> Callable:
    """Make a width from the learning rates with good(losses, the least one)."""
    return _span(pick=lambda etas, losses: etas[np.isfinite(losses) & good(losses, _least(losses))])


def _unbroken(etas: _Array, losses: _Array) -> _Array:
    """Pick the learning rates beside the best one, up to the first that is too bad."""
    good = np.isin(etas, _near(etas, losses))
    best = np.flatnonzero(losses == _least(losses))[0]
    bad = np.flatnonzero(~good)
    return etas[np.max(bad[bad < best], initial=-1) + 1 : np.min(bad[bad > best], initial=len(etas))]


def _best(etas: _Array, losses: _Array) -> float:
    return etas[losses == _least(losses)][0]


_POISON = "nan is less than nothing and greater than nothing, and the min of it is nan, or not, as it falls: drop what is not finite first, np.isfinite(losses)"
_NO_LOG = "this is the ratio: a decade is a factor of ten, so take its np.log10"

good_decades = Exercise(
    "good_decades",
    _span(),
    cases=[
        (np.array([0.001, 0.01, 0.1, 1.0, 10.0]), np.array([0.9, 0.15, 0.1, 0.18, 2.0])),
        (np.array([0.002, 0.01, 0.06, 0.3, 0.5, 4.0]), np.array([3.0, 0.5, 0.25, 0.4, 1.2, np.inf])),
        (np.array([0.001, 0.02, 0.05, 1.5, 7.0, 10.0]), np.array([0.35, 0.2, 0.9, 0.3, np.nan, np.inf])),
        (np.array([0.01, 0.1, 1.0]), np.array([5.0, 1.0, np.nan])),
        (np.array([0.001, 0.01, 0.2, 1.0]), np.array([np.nan, 0.4, 0.2, 0.7])),
        (10.0 ** np.linspace(-4, 0.5, 10), np.array([2.2, 1.9, 1.3, 0.8, 0.6, 0.55, 0.7, 1.05, 1.6, np.nan])),
    ],
    slips=[
        *alike(_POISON, *(lambda etas, losses, least=least: _span(pick=lambda e, v: e[v <= 2 * least(v)])(etas, losses) for least in (np.min, min))),
        *alike(_POISON, *(lambda etas, losses, least=least: (lambda good: np.log10(good[-1] / good[0]))(etas[losses <= 2 * least(losses)]) for least in (np.min, min))),
        Slip("nan is no loss of 0: it stands for a run that diverged, so drop it, np.isfinite(losses)", _span(pick=lambda e, v: e[np.nan_to_num(v) <= 2 * np.min(np.nan_to_num(v))])),
        Slip(_NO_LOG, _span(lambda ratio: ratio)),
        Slip("np.log is the natural one: a decade is a factor of ten, np.log10", _span(np.log)),
        Slip("np.log2 counts doublings: a decade is a factor of ten, np.log10", _span(np.log2)),
        Slip("this counts the learning rates: how many factors of ten lie between the first and the last of them?", lambda etas, losses: len(_near(etas, losses))),
        Slip("this counts the learning rates, less one: they may lie closer than a decade", lambda etas, losses: len(_near(etas, losses)) - 1),
        Slip("a decade is a factor: the log of the ratio, not the difference", lambda etas, losses: np.ptp(_near(etas, losses))),
        Slip("the log of the difference is not the difference of the logs: np.log10(largest / smallest)", lambda etas, losses: np.log10(np.ptp(_near(etas, losses)))),
        Slip("upside down, so it comes out negative: the largest divided by the smallest", _span(lambda ratio: -np.log10(ratio))),
        *alike(
            "all that did not diverge are counted, or the largest loss is the measure: at most twice the least loss",
            _span(pick=lambda e, v: e[np.isfinite(v)]),
            _span(pick=lambda e, v: e[v <= 2 * np.max(v[np.isfinite(v)])]),
        ),
        Slip("the whole range that was tried: only losses of at most twice the least count", _span(pick=lambda e, v: e)),
        Slip("ten times the least loss: twice is the limit, ten belongs to the decades", _span(pick=lambda e, v: _near(e, v, 10))),
        Slip("half as much again, not twice: the limit is 2 * least", _span(pick=lambda e, v: _near(e, v, 1.5))),
        Slip("the factor 2 is missing: at most twice the least loss", _span(pick=lambda e, v: _near(e, v, 1))),
        Slip("exactly twice is still good: <=, not <", _where(lambda v, least: v < 2 * least)),
        Slip("2 is added to the least loss: it is multiplied by 2", _where(lambda v, least: v <= least + 2)),
        *alike("turned around: the good ones are at most twice the least loss", _where(lambda v, least: v > 2 * least), _where(lambda v, least: v >= 2 * least)),
        Slip("these are decades of the loss: divide the learning rates", lambda etas, losses: np.log10(np.ptp(losses[np.isin(etas, _near(etas, losses))]) / _least(losses) + 1)),
        Slip("a gap does not end it: the smallest and the largest learning rate count, whatever lies between them", _span(pick=_unbroken)),
        Slip("from the best one to the largest alone: begin with the smallest", lambda etas, losses: np.log10(np.max(_near(etas, losses)) / _best(etas, losses))),
        Slip("from the smallest one to the best alone: go on to the largest", lambda etas, losses: np.log10(_best(etas, losses) / np.min(_near(etas, losses)))),
        Slip("decades are not rounded: np.log10 of the ratio as it is", _span(lambda ratio: int(np.log10(ratio)))),
        Slip("decades are not rounded: np.log10 of the ratio as it is", _span(lambda ratio: np.round(np.log10(ratio)))),
        Slip("decades are not rounded up: np.log10 of the ratio as it is", _span(lambda ratio: np.ceil(np.log10(ratio)))),
        Slip("these are the learning rates that are good: np.log10 of largest / smallest", _near),
        Slip("these are the two ends: np.log10 of their ratio", lambda etas, losses: (np.min(_near(etas, losses)), np.max(_near(etas, losses)))),
    ],
    hint="Where the loss is finite and at most twice the least: np.log10(largest eta / smallest eta)",
)  # fmt: skip


_GROWS = "w2 grows by the factor 1 + η in each step, since its curvature is -1"

steps_to_leave = Exercise(
    "steps_to_leave",
    145,
    rtol=1e-4,
    slips=[
        Slip("steps are whole: which is the first one after this?", np.log(1e6) / np.log(1.1)),
        Slip("rounded down: after 144 steps |w2| is still below 1", 144),
        Slip("one step too many: 1.1^145 is above 10^6 already", 146),
        *alike(f"this is how long a weight shrinks by 1 - η, as w1 does: {_GROWS}", 132, 131, 131.1, np.log(1e6) / -np.log(0.9)),
        *alike(f"steps are no continuous time: e^(0.1 n) is not 1.1^n. {_GROWS}", 139, 138, 138.2, np.log(1e6) / 0.1),
        *alike("10^6 is the factor that is needed: the steps are its log, to the base 1.1", 1e6, 6, 13.8, 13.82, 13.816, np.log2(1e6)),
        *alike(f"w2 does not grow by a fixed amount. {_GROWS}", 1e7, 9_999_990, 60),
        *alike(f"the gradient of -w2²/2 is -w2, not -2 w2. {_GROWS}", 76, 75),
        *alike(f"the gradient of -w2²/2 is -w2, whole. {_GROWS}", 284, 283),
        *alike("at 10^-6 it is not at 0: the saddle's slope there is tiny, but it leads away, a little faster with every step", np.inf, 0, -1),
        *alike(f"|w2| must grow by 10^6, not by 10 or 10^3. {_GROWS}", 25, 24, 73, 72),
    ],
    hint=f"{_GROWS}: which power of 1.1 is above 10^6?",
    praise="Descent leaves a saddle by itself, but the flatter the start the longer it stays",
)  # fmt: skip
