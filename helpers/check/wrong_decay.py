"""Making AdamW steps with one thing wrong, from lesson 06's wrong Adams and from wrong ways to shrink."""

from collections.abc import Callable
from itertools import product

import numpy as np

from helpers.check.engine import Slip
from helpers.check.wrong_rules import adaptive, hat, textbook

Array = np.ndarray
BETAS = 0.9, 0.999, 1e-7  # of the exercise: beta_1, beta_2, epsilon


def shrunk(w: Array, eta: float, lam: float) -> Array:
    """Return the decayed weights."""
    return w - eta * lam * w


def unshrunk(w: Array, eta: float, lam: float) -> Array:
    """Return the weights as they are."""
    return w


def pure(g: Array, w: Array, eta: float, lam: float) -> Array:
    """Return the gradient without a penalty."""
    return g


def step(rule: Callable | None = None, shrink: Callable = shrunk, slope: Callable = pure, *, first: bool = True,
         betas: tuple[float, float, float] = BETAS) -> Callable:  # fmt: skip
    """Make a step from a wrong Adam, a wrong shrink(w, eta, lam) before it (or after it), and a wrong slope."""
    rule = rule or adaptive()

    def adamw(w: Array, grad: Array, m: Array, s: Array, t: int, eta: float, lam: float) -> tuple[Array, Array, Array]:
        start = shrink(w, eta, lam) if first else w
        new, (m, s, _) = rule(start, slope(grad, w, eta, lam), (m, s, t - 1), eta, *betas)
        return (new if first else shrink(new, eta, lam)), m, s

    return adamw


RIGHT = [step(adaptive(form), first=first) for form in (hat, textbook) for first in (True, False)]


def adams(hint: str, orders: tuple[bool, ...] = (True,), **change: Callable) -> list[Slip]:
    """Give a hint to a change of Adam, with either ε; orders: the decay first, or last."""
    forms = product((hat, textbook), orders)
    return [Slip(hint, step(adaptive(form, **change), first=first)) for form, first in forms]


def shrinks(
    hint: str, shrink: Callable = shrunk, slope: Callable = pure, orders: tuple[bool, ...] = (True, False)
) -> list[Slip]:
    """Give a hint to a change of the decay or of the gradient, with either ε; orders: the decay first, or last."""
    forms = product((hat, textbook), orders)
    return [Slip(hint, step(adaptive(form), shrink, slope, first=first)) for form, first in forms]


def divided(share: Callable) -> list[Callable]:
    """Make steps whose decay is divided by √s as well, share(eta, lam) * w / √s, with either ε."""

    def of(form: Callable) -> Callable:
        def adamw(w: Array, grad: Array, m: Array, s: Array, t: int, eta: float, lam: float) -> tuple:
            new, m, s = step(adaptive(form), unshrunk)(w, grad, m, s, t, eta, lam)
            below = form(1.0, 1.0, s, 1.0, 1 - BETAS[1] ** t, BETAS[2])  # 1/√s, corrected
            return new - share(eta, lam) * w * below, m, s

        return adamw

    return [of(form) for form in (hat, textbook)]


def plain(w: Array, grad: Array, m: Array, s: Array, t: int, eta: float, lam: float) -> tuple[Array, Array, Array]:
    """Take a plain step with decay, and keep the means."""
    _, m, s = step()(w, grad, m, s, t, eta, lam)
    return w - eta * lam * w - eta * grad, m, s


def in_m_alone(w: Array, grad: Array, m: Array, s: Array, t: int, eta: float, lam: float, form: Callable) -> tuple:
    """Let the penalty's gradient into m, and not into s."""
    pulled = BETAS[0] * m + (1 - BETAS[0]) * (grad + lam * w)
    s = BETAS[1] * s + (1 - BETAS[1]) * grad**2
    return w - form(eta, pulled, s, 1 - BETAS[0] ** t, 1 - BETAS[1] ** t, BETAS[2]), pulled, s
