"""Fit a line by hand: two sliders, the data and the landscape of the error (lesson 01)."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from helpers.plots import BLUE, GREEN, INK, plot_contours
from helpers.sliders.bowl import Bowl, column, round_out
from helpers.sliders.controls import nice_step, slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import as_number
from helpers.sliders.parts import number
from helpers.sliders.picture import Move, Update, Values

TITLE = "Fit the line"
NEAR = 1.01  # the goal: at most this many times the least possible loss, plus 1e-4 of y's variance where that is 0
FAR = 10  # times the usual reach: a start beyond is moved to the frame's edge
MAX_DOTS, NUM_ERRORS = 200, 12
CODE = """\
import numpy as np

# x and y: the data that you gave to fit_line
w, b = {w}, {b}
error = w * np.ravel(x) + b - np.ravel(y)
loss = np.mean(error**2)
grad = np.array([2 * np.mean(error * np.ravel(x)), 2 * np.mean(error)])
"""


def fit_line(x: ArrayLike, y: ArrayLike, *, w: float = 0.0, b: float = 0.0) -> Explorer:
    """Explore the mean squared error of the line w x + b on the data x, y, both of shape (n,) or (n, 1).

    The values: `w`, `b`, `loss`, `grad` (shape (2,): dL/dw, dL/db), `least_loss`, `theta_best` (the least-squares
    line) and `goal_met`.
    """
    try:
        x = column(x, "x")
        fit = LineFit(x, Bowl(np.column_stack([x, np.ones_like(x)]), y), start=(w, b))
        controls = {
            "w": slider(w, *fit.w_range, "slope w", step=fit.w_step, tip="How much y grows when x grows by 1"),
            "b": slider(b, *fit.b_range, "intercept b", step=fit.b_step, tip="The line's height at x = 0"),
        }
    except Exception as error:
        return refused(TITLE, error)
    goal = "bring the loss within 1 % of the least possible; the arrow points downhill."
    return Explorer(TITLE, controls, fit.compute, fit.paint, goal=goal, code=CODE)


class LineFit:
    """Data, the bowl of their error, and the part of it that is worth looking at."""

    def __init__(self, x: NDArray, bowl: Bowl, start: tuple[float, float]) -> None:
        self.x, self.y, self.bowl = x, bowl.y, bowl
        spread = np.array([np.std(self.y) / np.std(x), np.std(self.y)])
        reach = 1.3 * np.maximum(np.abs(bowl.theta_best), np.maximum(spread, 1e-3))
        numbers = [as_number(value) for value in start]  # a start that is far, but not absurd, widens the frame
        away = 1.1 * np.abs([0 if n is None else n - best for n, best in zip(numbers, bowl.theta_best, strict=True)])
        reach = np.where(away < FAR * reach, np.maximum(reach, away), reach)
        low, high = bowl.theta_best - reach, bowl.theta_best + reach
        self.w_step, self.b_step = nice_step(high[0] - low[0]), nice_step(high[1] - low[1])
        self.w_range = round_out(low[0], high[0], self.w_step)
        self.b_range = round_out(low[1], high[1], self.b_step)

    def compute(self, w: float, b: float) -> Values:
        """Measure the line."""
        error = w * self.x + b - self.y
        loss, least = float(np.mean(error**2)), self.bowl.least_loss
        grad = np.array([2 * np.mean(error * self.x), 2 * np.mean(error)])
        return {
            "w": w, "b": b, "loss": loss, "grad": grad, "least_loss": least,
            "theta_best": self.bowl.theta_best.copy(), "goal_met": bool(loss <= NEAR * least + 1e-4 * np.var(self.y)),
        }  # fmt: skip

    def paint(self, figure: Figure) -> Update:
        """Draw the data and the landscape; return what moves the line and the point."""
        left, right = figure.subplots(1, 2)
        move_line, move_point = self._paint_data(left), self._paint_landscape(right)

        def update(values: Values) -> str:
            move_line(values)
            move_point(values)
            return self.say(values)

        return update

    def _paint_data(self, ax: Axes) -> Move:
        shown = np.linspace(0, len(self.x) - 1, min(len(self.x), MAX_DOTS)).astype(int)
        ax.plot(self.x[shown], self.y[shown], ".", color=INK, markersize=3.5, alpha=0.55)
        ax.set(xlabel="x", ylabel="y", title="The line, and some of its errors")
        ends = np.array(ax.get_xlim())
        room = 0.08 * np.ptp(self.y)
        ax.set(xlim=ends, ylim=(self.y.min() - room, self.y.max() + room))
        picked = np.argsort(self.x)[np.linspace(0, len(self.x) - 1, min(len(self.x), NUM_ERRORS)).astype(int)]
        errors = ax.vlines(self.x[picked], 0, 0, color=BLUE, linewidth=1, alpha=0.7, animated=True)
        (dots,) = ax.plot(self.x[picked], self.y[picked], ".", color=INK, markersize=6, animated=True)
        (line,) = ax.plot([], [], color=BLUE, animated=True, zorder=3)

        def move(values: Values) -> None:
            w, b = values["w"], values["b"]
            line.set_data(ends, w * ends + b)
            errors.set_segments([[(x, y), (x, w * x + b)] for x, y in zip(self.x[picked], self.y[picked], strict=True)])

        return move

    def _paint_landscape(self, ax: Axes) -> Move:
        plot_contours(self.bowl.loss, ax, xlim=self.w_range, ylim=self.b_range, num=180)
        ax.set(xlabel="w", ylabel="b", title="Its place on the landscape of the loss")
        (point,) = ax.plot([], [], "o", color=BLUE, markersize=7, animated=True, zorder=3)
        look = {"arrowstyle": "-|>", "color": BLUE, "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}
        arrow = ax.annotate("", (0, 0), (0, 0), arrowprops=look, animated=True)
        frame = np.array([np.ptp(self.w_range), np.ptp(self.b_range)])
        ring = {"color": GREEN, "markersize": 17, "markerfacecolor": "none", "markeredgewidth": 2, "animated": True}
        (best,) = ax.plot(*self.bowl.theta_best[:, None], "o", **ring)
        word = ax.annotate(
            "least squares", self.bowl.theta_best, (12, 8), textcoords="offset points", color=GREEN, animated=True
        )

        def move(values: Values) -> None:
            theta = np.array([values["w"], values["b"]])
            point.set_data(*theta[:, None])
            arrow.xyann, arrow.xy = theta, theta + frame * _arrow(-values["grad"] / self.bowl.eigenvalues[1] / frame)
            arrow.set_visible(not values["goal_met"])
            best.set_visible(values["goal_met"])
            word.set_visible(values["goal_met"])

        return move

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        slope_w, slope_b = values["grad"]
        start = f"At w = {number(values['w'])}, b = {number(values['b'])} the loss is {number(values['loss'])}"
        if values["goal_met"]:
            return f"{start}. ✓ Goal met: the least possible is {number(values['least_loss'])}."
        ways = " and ".join(
            f"{'lower' if slope > 0 else 'raise'} {name}"
            for name, slope in (("w", slope_w), ("b", slope_b))
            if abs(slope) > 1e-9
        )
        return f"{start}; its slope is {number(slope_w)} along w and {number(slope_b)} along b: {ways} to go downhill."


def _arrow(move: NDArray) -> NDArray:
    """Return a move, in parts of the frame, no shorter and no longer than an arrow can be seen."""
    length = float(np.hypot(*move))
    return move / length * min(max(length, 0.1), 0.3) if length > 0 else move
