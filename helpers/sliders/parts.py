"""Moving parts that several explorers draw, and words that several say."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from helpers.plots import BLUE

FAR = 1e3  # frames; beyond it a point is only "far away"


class Trail:
    """The way of a descent: dots on a line, a ring at the start, a large dot at the end, a word where it leaves."""

    def __init__(self, ax: Axes, *, color: str = BLUE, ends: bool = True) -> None:
        self._ax = ax
        style = {"color": color, "animated": True, "linestyle": "none", "zorder": 3}
        (self._line,) = ax.plot([], [], marker=".", markersize=8, linewidth=1.2, **style | {"linestyle": "-"})
        (self._ring,) = ax.plot([], [], marker="o", markersize=8, markerfacecolor="white", **style | {"zorder": 5})
        (self._dot,) = ax.plot([], [], marker="o", markersize=8, **style)
        at_point = {"textcoords": "offset points", "animated": True, "zorder": 4}
        self._word = ax.annotate("", (0, 0), (0, 0), color=color, **at_point)
        if ends:  # a path may cross its own word, a loss curve does not
            self._word.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85})
        self._ends = ends

    def set(self, x: ArrayLike, y: ArrayLike, word: str = "") -> None:
        """Move to the points (x, y); with a word, such as "diverges", write it where the line leaves the frame."""
        points = self._unit(np.column_stack([x, y]))
        inside = ((points >= 0) & (points <= 1)).all(axis=1)
        last = int(np.flatnonzero(inside)[-1]) if inside.any() else 0
        if word:
            way_out = edge(np.clip(points[last], 0, 1), points[min(last + 1, len(points) - 1)])
            self._place(way_out)
            beyond = way_out + 0.1 * np.sign(way_out - 0.5) * (np.abs(way_out - 0.5) > 0.499)  # its dot is cut off
            points = np.vstack([points[: last + 1], beyond])
        shown = self._ax.transData.inverted().transform(self._ax.transAxes.transform(points))
        self._line.set_data(*shown.T)
        self._line.set_markersize(8 if len(shown) < 50 else 5)
        self._ring.set_data(*(shown[:1].T if self._ends else ([], [])))
        self._dot.set_data(*(shown[-1:].T if self._ends and not word else ([], [])))
        self._word.set_text(word)

    def _unit(self, points: NDArray) -> NDArray:
        """Return data points in parts of the frame, with what is not finite or very far away moved just far away."""
        with np.errstate(all="ignore"):
            unit = (self._ax.transData - self._ax.transAxes).transform(points.astype(float))
        return np.clip(np.nan_to_num(unit, nan=FAR, posinf=FAR, neginf=-FAR), -FAR, FAR)

    def _place(self, way_out: NDArray) -> None:
        x, y = np.clip(way_out, 0.02, 0.98)
        self._word.xy = self._ax.transData.inverted().transform(self._ax.transAxes.transform((x, y)))
        to_left = x > (0.5 if self._ends else 0.75)  # a loss curve rises to the right: beyond it is room
        down = -5 if self._ends or not to_left else -24
        self._word.set(ha="right" if to_left else "left", va="top" if y > 0.5 else "bottom")
        self._word.set_position((-7 if to_left else 7, down if y > 0.5 else 5))


def edge(inside: NDArray, outside: NDArray) -> NDArray:
    """Return where the way from a point in the unit square to another one leaves the square.

    >>> edge(np.array([0.5, 0.5]), np.array([2.5, 0.5])).tolist()
    [1.0, 0.5]
    """
    move = outside - inside
    room = np.where(move > 0, 1 - inside, inside)
    share = np.min(np.divide(room, np.abs(move), out=np.full(2, np.inf), where=move != 0))
    return inside + min(share, 1.0) * move


def walk(gradient: Callable[[Any], ArrayLike], start: Any, eta: float, num_steps: int) -> NDArray:
    """Return the path of gradient descent, as `rules.descend` with `rules.sgd` does, ten times quicker: no checks."""
    path = np.empty((num_steps + 1, *np.shape(start)))
    path[0] = w = start
    with np.errstate(all="ignore"):
        for step in range(num_steps):
            path[step + 1] = w = w - eta * gradient(w)
    return path


def number(value: float, digits: int = 3) -> str:
    """Return a number as text for a sentence, rounded so that float noise cannot change it.

    >>> number(0.30000000000000004), number(1234567.0), number(2.14e-7), number(-1e-15)
    ('0.3', '1,230,000', '2.14e-07', '0')
    """
    rounded = float(f"{value:.{digits}g}")
    return "0" if abs(value) < 1e-12 else f"{rounded:,.12g}" if 1e-4 <= abs(value) < 1e9 else f"{rounded:g}"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share in percent, in one decimal below 5 % and above 95 %; only none is 0 %, only all is 100 %.

    >>> percent(0.613), percent(0.985), percent(0.9, 1), percent(0.0004), percent(0.99996), percent(1.0)
    ('61 %', '98.5 %', '90 %', '< 0.1 %', '> 99.9 %', '100 %')
    """
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1 - 1e-6:  # float32 misses a sum of 1 by less
        return "> 99.9 %"
    return f"{100 * share:.{decimals if 0.05 <= share <= 0.95 else 1}f}".removesuffix(".0") + " %"


def a_digit(digit: int) -> str:
    """Return a digit with its article.

    >>> a_digit(8), a_digit(4)
    ('an 8', 'a 4')
    """
    return f"an {digit}" if digit == 8 else f"a {digit}"
