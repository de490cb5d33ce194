"""The learning-rate explorer: the path on the landscape, the loss, and how far eta is from its limit (lesson 02)."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from helpers.plots import BLUE, INK, plot_contours
from helpers.sliders.bowl import Bowl, column
from helpers.sliders.controls import log_slider, quarter_decades
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import whole
from helpers.sliders.parts import Trail, number, walk
from helpers.sliders.picture import Update, Values

TITLE = "Choose the learning rate"
CONVERGED = 1e-4  # of the excess loss at the start: with this little left, descent has converged
AT_LIMIT = 5e-4  # as near as this, eta is its limit: three digits do not tell them apart
CODE = """\
import numpy as np
from helpers.rules import descend, sgd


# X and y: the data that you gave to learning_rate
def gradient(theta):
    return 2 / len(X) * X.T @ (X @ theta - np.ravel(y))


path = descend(sgd, gradient, {start}, {num_steps}, eta={{eta}})
losses = np.mean((path @ X.T - np.ravel(y))**2, axis=1)
eigenvalues = np.linalg.eigvalsh(2 / len(X) * X.T @ X)
eta_limit = 2 / eigenvalues.max()
"""


def learning_rate(
    X: ArrayLike,
    y: ArrayLike,
    *,
    eta: float | None = None,
    num_steps: int = 100,
    start: tuple[float, float] = (0.0, 0.0),
) -> Explorer:
    """Explore what the learning rate does to descent on mean((X @ theta - y)**2), theta = [w, b].

    X has shape (n, 2), x first, then ones; y (n,) or (n, 1). The slider's range follows from the data. The values:
    `eta`, `path` of shape (num_steps + 1, 2), `losses`, `least_loss`, `theta_best`, `eigenvalues` (flat, steep),
    `eta_limit` (2 over the steep one), `diverges`, `oscillates`, `converged_step` (or None), `best_step` (the fewest
    steps that any eta needs, or None) and `goal_met`.
    """
    try:
        run = Run(Bowl(X, y), whole(num_steps, "num_steps"), column(start, "start"))
        eta = 10 * run.eta_range[0] if eta is None else eta
        tip = "How far a step goes where the slope is 1"
        controls = {"eta": log_slider(eta, *run.eta_range, "learning rate η", tip=tip)}
        code = CODE.format(start=run.start.tolist(), num_steps=run.num_steps)
    except Exception as error:
        return refused(TITLE, error)
    return Explorer(TITLE, controls, run.compute, run.paint, goal=run.goal, code=code)


class Run:
    """Descents from one start on one bowl, and how quick they can be."""

    def __init__(self, bowl: Bowl, num_steps: int, start: NDArray) -> None:
        if len(start) != 2:
            raise ValueError(f"start must be two numbers, (w, b), found {len(start)}")
        self.bowl, self.num_steps, self.start = bowl, num_steps, start
        self.eta_range = quarter_decades(bowl.eta_limit / 300, bowl.eta_limit * 1.6)
        self.along = " along the steep direction" if bowl.eigenvalues[1] > 1.1 * bowl.eigenvalues[0] else ""
        self.offset = bowl.directions.T @ (start - bowl.theta_best)  # along the flat and the steep direction
        steps = [self.steps_needed(eta) for eta in bowl.eta_limit * np.linspace(0.02, 0.999, 400)]
        self.best_step = min((step for step in steps if step is not None), default=None)
        self.allowed = None if self.best_step is None else int(np.ceil(1.15 * self.best_step))
        self.goal = f"converge in at most {self.allowed} steps."
        if self.allowed is None:
            self.goal = f"none; no learning rate converges in {num_steps} steps here, before X is scaled."

    def steps_needed(self, eta: float) -> int | None:
        """Return the first step with CONVERGED of the excess loss left, by the formula: (1 - eta λ)^2 a step."""
        power = self.bowl.eigenvalues * self.offset**2
        with np.errstate(all="ignore"):
            factors = (1 - eta * self.bowl.eigenvalues) ** (2 * np.arange(self.num_steps + 1)[:, None])
            done = factors @ power <= CONVERGED * power.sum()
        return int(np.argmax(done)) if done.any() else None

    def compute(self, eta: float) -> Values:
        """Descend, and compare eta with its limit."""
        path = walk(self.bowl.gradient, self.start, eta, self.num_steps)
        with np.errstate(all="ignore"):
            losses = self.bowl.loss(path[:, 0], path[:, 1])
        diverges = bool(eta > (1 + AT_LIMIT) * self.bowl.eta_limit)
        step = None if diverges else self.steps_needed(eta)
        return {
            "eta": eta, "path": path, "losses": losses, "least_loss": self.bowl.least_loss,
            "theta_best": self.bowl.theta_best.copy(), "eigenvalues": self.bowl.eigenvalues.copy(),
            "eta_limit": self.bowl.eta_limit, "diverges": diverges,
            "oscillates": bool(eta > 1 / self.bowl.eigenvalues[1]), "converged_step": step,
            "best_step": self.best_step, "goal_met": step is not None and step <= self.allowed,
        }  # fmt: skip

    def paint(self, figure: Figure) -> Update:
        """Draw the landscape, empty axes for the loss, and the scale of eta; return what moves."""
        grid = figure.add_gridspec(2, 2, height_ratios=(5, 1), width_ratios=(5, 4))
        landscape, loss, scale = (figure.add_subplot(part) for part in (grid[:, 0], grid[0, 1], grid[1, 1]))
        path = self._paint_landscape(landscape)
        curve = self._paint_loss(loss)
        marker = self._paint_scale(scale)
        steps = np.arange(self.num_steps + 1)

        def update(values: Values) -> str:
            word = "diverges" if values["diverges"] else ""
            path.set(*values["path"].T, word)
            curve.set(steps, values["losses"], word)
            marker.set_xdata([values["eta"]])
            return self.say(values)

        return update

    def _paint_landscape(self, ax: Axes) -> Trail:
        reach = 1.3 * np.abs(self.bowl.directions) @ np.abs(self.offset)
        reach = np.maximum(reach, 0.1 * np.abs(self.bowl.theta_best) + 1e-3)  # a start at the goal has no reach
        low, high = self.bowl.theta_best - reach, self.bowl.theta_best + reach
        plot_contours(self.bowl.loss, ax, xlim=(low[0], high[0]), ylim=(low[1], high[1]), num=180)
        ax.plot(*self.bowl.theta_best[:, None], "+", color=INK, markersize=10)
        ax.set(xlabel="w", ylabel="b", title=f"The path, {self.num_steps} steps")
        return Trail(ax)

    def _paint_loss(self, ax: Axes) -> Trail:
        first, least = self.bowl.loss(*self.start), self.bowl.least_loss
        low = max(least, first * 1e-6, 1e-12)
        ax.set(yscale="log", ylim=(low / 1.5, max(first, low) * 10))
        ax.set_xlim(-0.02 * self.num_steps, 1.02 * self.num_steps)
        ax.axhline(least, color=INK, linestyle="--", linewidth=1)
        ax.set(xlabel="step", ylabel="loss", title="The loss, step by step")
        return Trail(ax, ends=False)

    def _paint_scale(self, ax: Axes) -> Line2D:
        limit = self.bowl.eta_limit
        low, high = self.eta_range[0] / 1.2, self.eta_range[1] * 1.2
        ax.set(xscale="log", xlim=(low, high), ylim=(0, 1), yticks=[], xlabel="learning rate η; hatched: it diverges")
        ax.axvspan(limit, high, facecolor="none", edgecolor="0.7", hatch="////", linewidth=0)
        ax.axvline(limit, color=INK, linestyle="--", linewidth=1.2)
        ax.annotate(r"$2/\lambda_{\max}$", (limit, 1), (0, 3), textcoords="offset points", ha="center", va="bottom")
        return ax.plot([low], [0.5], "o", color=BLUE, markersize=8, animated=True, zorder=4)[0]

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        eta, limit, step = values["eta"], values["eta_limit"], values["converged_step"]
        start = f"With η = {number(eta)} descent"
        if values["diverges"]:
            return f"{start} diverges: η is {number(eta / limit)} times the limit 2/λmax = {number(limit)}."
        if eta >= (1 - AT_LIMIT) * limit:
            return f"{start} does not settle: η is at the limit 2/λmax = {number(limit)}, and each jump is as wide."
        how = ("oscillates" + self.along) if values["oscillates"] else ""
        if step is None:
            left = (values["losses"][-1] - values["least_loss"]) / (values["losses"][0] - values["least_loss"])
            rest = f"after {self.num_steps} steps {number(100 * left, 2)} % of the avoidable loss is left"
            return f"{start} {how or 'creeps'}: {rest}."
        how = f"{how}, but converges" if how else "converges"
        goal = " ✓ Goal met." if values["goal_met"] else ""
        return f"{start} {how} in {step} of {self.num_steps} steps.{goal}"
