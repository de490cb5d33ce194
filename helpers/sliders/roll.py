"""The first explorer: a ball rolls down a curve with two valleys (lessons 00 and 02)."""

import math
from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.plots import INK
from helpers.sliders.controls import log_slider, quarter_decades, slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import as_number, whole
from helpers.sliders.parts import Trail, number, walk
from helpers.sliders.picture import Update, Values

Function = Callable[[NDArray], ArrayLike]

TITLE = "Roll down a curve"
CLOSE = 0.01  # of the picture's width: as near as this to a valley's floor is settled
DEFAULT_F = """\
def f(w):
    return (w**2 - 4)**2 / 8 + w / 2 + 1.5


def derivative(w):
    return w * (w**2 - 4) / 2 + 1 / 2


"""
DIFFERENCE = """\
# f: the function that you gave to roll_down
def derivative(w, h=1e-5):
    return (f(w + h) - f(w - h)) / (2 * h)


"""
GIVEN = "# f and derivative: the functions that you gave to roll_down\n"
CODE = """\
from helpers.rules import descend, sgd

{definitions}path = descend(sgd, derivative, {{start}}, {num_steps}, eta={{eta}})
losses = f(path)
"""


def two_valleys(w: NDArray) -> NDArray:
    """Return the height of the default curve: a deep valley near -2.1, a shallow one near 1.9."""
    return (w**2 - 4) ** 2 / 8 + w / 2 + 1.5


def two_valleys_slope(w: NDArray) -> NDArray:
    """Return the derivative of `two_valleys`."""
    return w * (w**2 - 4) / 2 + 1 / 2


def roll_down(
    f: Function | None = None,
    derivative: Function | None = None,
    *,
    eta: float = 0.05,
    start: float = 3.0,
    num_steps: int = 30,
    xlim: tuple[float, float] = (-3.2, 3.2),
) -> Explorer:
    """Explore descent in one variable: where does repeating `w = w - eta * derivative(w)` lead from `start`?

    `f` and `derivative` work on arrays; without `derivative`, the central difference of `f` stands in. The values:
    `eta`, `start`, `path` and `losses` of shape (num_steps + 1,), `eta_limit` (2 over the curvature of the steepest
    valley), `valley` (where it settles, or None), `settled_step` (or None), `diverges` and `goal_met`.
    """
    code = CODE.format(definitions=DEFAULT_F if f is None else GIVEN if derivative else DIFFERENCE, num_steps=num_steps)
    if f is None:
        f, derivative = two_valleys, two_valleys_slope
    try:
        curve = Curve(f, derivative or central_difference(f), xlim, num_steps)
        controls = {
            "eta": log_slider(eta, *curve.eta_range, "learning rate η", tip="How far a step goes where the slope is 1"),
            "start": slider(start, *curve.xlim, "start", tip="Where the ball is let go"),
        }
    except Exception as error:
        return refused(TITLE, error)
    return Explorer(TITLE, controls, curve.compute, curve.paint, goal=curve.goal, code=code)


class Curve:
    """A function of one variable with its valleys, and the descents on it."""

    def __init__(self, f: Function, derivative: Function, xlim: tuple[float, float], num_steps: int) -> None:
        xlim = tuple(as_number(end) for end in xlim)
        if len(xlim) != 2 or None in xlim or not xlim[0] < xlim[1]:
            raise ValueError(f"xlim must be two rising numbers such as (-3, 3), found {xlim}")
        self.f, self.derivative, self.xlim, self.num_steps = f, derivative, xlim, whole(num_steps, "num_steps")
        self.w = np.linspace(*xlim, 1401)
        self.height = _on_grid(f, self.w, "f")
        curvature = np.gradient(_on_grid(derivative, self.w, "derivative"), self.w)
        inner = np.flatnonzero((self.height[1:-1] < self.height[:-2]) & (self.height[1:-1] <= self.height[2:])) + 1
        self.valleys = self.w[inner]
        self.deepest = int(np.argmin(self.height[inner])) if len(inner) else 0
        steepest = (curvature[inner] if len(inner) else np.abs(curvature)).max()
        self.eta_limit = 2 / steepest if steepest > 0 else math.inf
        limit = self.eta_limit if 1e-9 < self.eta_limit < 1e9 else 0.3
        self.eta_range = quarter_decades(limit / 80, limit * 2.5)
        self.goal = "settle in as few steps as you can."
        if len(inner) > 1:
            self.goal = "settle in the deepest valley from a start in another one."

    def compute(self, eta: float, start: float) -> Values:
        """Descend from `start` and say what became of it."""
        path = walk(self.derivative, np.float64(start), eta, self.num_steps)
        with np.errstate(all="ignore"):
            losses = np.asarray(self.f(path), dtype=float)
            outside = ~((path >= self.xlim[0]) & (path <= self.xlim[1]))
        valley, settled_step = self._settled(path)
        diverges = bool(outside[-1])
        return {
            "eta": eta, "start": start, "path": path, "losses": losses, "eta_limit": self.eta_limit,
            "valley": None if valley is None else float(self.valleys[valley]), "settled_step": settled_step,
            "diverges": diverges, "left_step": _since(outside) if diverges else None,
            "goal_met": len(self.valleys) > 1 and valley == self.deepest and self._basin(start) != valley,
        }  # fmt: skip

    def _basin(self, w: float) -> int:
        """Return the number of the valley that a ball would roll into from `w` in tiny steps."""
        hills = [self.w[(self.w > a) & (self.w < b)][np.argmax(self.height[(self.w > a) & (self.w < b)])]
                 for a, b in zip(self.valleys, self.valleys[1:], strict=False)]  # fmt: skip
        return int(np.searchsorted(hills, w))

    def _settled(self, path: NDArray) -> tuple[int | None, int | None]:
        """Return the number of the valley where the path comes to rest, and the step since when; or None, None."""
        if not len(self.valleys) or not np.isfinite(path).all():
            return None, None
        valley = int(np.argmin(np.abs(self.valleys - path[-1])))
        gap = np.abs(path - self.valleys[valley])
        close = gap < CLOSE * (self.xlim[1] - self.xlim[0])
        step = _since(close)
        rests = close[-2:].all() and gap[-1] <= max(gap[step], CLOSE**3)  # not on its way out again
        return (valley, step) if rests else (None, None)

    def paint(self, figure: Figure) -> Update:
        """Draw the curve and empty axes for the loss; return what moves the ball."""
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(5, 4))
        left.plot(self.w, self.height, color=INK)
        low, high = self.height.min(), self.height.max()
        left.set(xlim=self.xlim, xlabel="w", ylabel="loss f(w)", title="The ball on the curve",
                 ylim=(low - 0.14 * (high - low), high + 0.04 * (high - low)))  # fmt: skip
        right.set(xlim=(-0.02 * self.num_steps, 1.02 * self.num_steps), xlabel="step", ylabel="loss",
                  title="Its height, step by step")  # fmt: skip
        right.tick_params(labelleft=True)
        if len(self.valleys) > 1:
            w = self.valleys[self.deepest]
            left.annotate("deepest", (w, low), (0, -6), textcoords="offset points", ha="center", va="top", color=INK)
        ball, height = Trail(left), Trail(right, ends=False)
        steps = np.arange(self.num_steps + 1)

        def update(values: Values) -> str:
            word = "diverges" if values["diverges"] else ""
            ball.set(values["path"], values["losses"], word)
            height.set(steps, values["losses"], word)
            return self.say(values)

        return update

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        text = f"With η = {number(values['eta'])} from {number(values['start'])} the ball {self._fate(values)}."
        return f"{text} ✓ Goal met." if values["goal_met"] else text

    def _fate(self, values: Values) -> str:
        step, moves = values["settled_step"], np.diff(values["path"])
        if values["diverges"]:
            return f"diverges: it leaves the picture at step {values['left_step']}"
        if step is not None:
            which = "the valley" if len(self.valleys) == 1 else "a shallower valley"
            if len(self.valleys) > 1 and values["valley"] == self.valleys[self.deepest]:
                which = "the deepest valley"
            return f"settles in {which} after {step} step{'' if step == 1 else 's'}"
        if np.abs(moves).max(initial=0) < 1e-9:
            return "stays where it is, because the slope there is 0"
        turns = int((moves[-6:-1] * moves[-5:] < 0).sum())
        if turns < 2:
            return f"is still on its way after {self.num_steps} steps"
        if turns == 5 and abs(moves[-1]) < 0.95 * abs(moves[-3]):
            return f"jumps from side to side, each time less, and has not settled after {self.num_steps} steps"
        return f"jumps from side to side and does not settle in {self.num_steps} steps"


def central_difference(f: Function, h: float = 1e-5) -> Function:
    """Return a function that estimates the derivative of `f`."""
    return lambda w: (f(w + h) - f(w - h)) / (2 * h)


def _since(flags: NDArray[np.bool_]) -> int:
    """Return the first index from which on all flags are set, given that the last one is."""
    return len(flags) - int(np.argmin(flags[::-1])) if not flags.all() else 0


def _on_grid(f: Function, w: NDArray, name: str) -> NDArray:
    """Return f(w) for an array, checked."""
    y = np.asarray(f(w), dtype=float)
    if y.shape != w.shape or not np.isfinite(y).all():
        raise ValueError(f"{name}(w) must work on an array and be finite from {w[0]:g} to {w[-1]:g}")
    return y
