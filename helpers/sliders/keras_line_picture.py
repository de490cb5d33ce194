"""The picture of recorded Keras runs: the points with the line after an epoch, the loss over the epochs (lesson 07)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from helpers.plots import BLUE, INK, role_style, shades
from helpers.sliders.picture import Move, Update, Values, fix_layout, together

if TYPE_CHECKING:
    from helpers.sliders.keras_line import Runs

NEAR = 0.01  # the goal: the training loss in excess of the least, in parts of the least ...
EARLY = 10  # ... after at most so many epochs
EARLIER = (0, 1, 2, 4, 8, 16, 32)  # the epochs whose lines stay, faint
LOWEST, HIGHEST = 0.005, 2000  # the frame of the excess, in percent
FAR = 1e6


class KerasLinePicture:
    """Draws the recorded runs of one `Runs`."""

    def __init__(self, runs: "Runs") -> None:
        self.runs = runs
        self.num_epochs = runs.paths.shape[2] - 1

    def paint(self, figure: Figure) -> Update:
        """Draw the points, the least-squares line and the goal; return what moves."""
        grid = figure.add_gridspec(2, 2, width_ratios=(1, 1), height_ratios=(1, 1))
        points = figure.add_subplot(grid[:, 0])
        loss, excess = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        moves = [self._paint_line(points), self._paint_losses(loss), self._paint_excess(excess)]
        for ax in (loss, excess):
            ax.set_xlim(-0.01 * self.num_epochs, 1.01 * self.num_epochs)
            ax.set_xticks(range(0, self.num_epochs + 1, 10))
        loss.tick_params(labelbottom=False)
        fix_layout(figure)
        return together(moves, self.runs.say)

    def _paint_line(self, ax: Axes) -> Move:
        """Draw the points; the line after the epoch moves, and those of some epochs before it."""
        x, y, ends = self.runs.x, self.runs.y, np.array([-0.03, 1.03])
        room = np.ptp(y)
        ax.set(xlim=ends, ylim=(y.min() - 0.08 * room, y.max() + 0.33 * room), xlabel="x", ylabel="y")
        ax.set_title("The line after an epoch")
        ax.plot(x, y, "o", color=INK, markersize=3.2, markeredgewidth=0)
        look = {"animated": True, "zorder": 3}
        (faint,) = ax.plot([], [], color=shades(BLUE, 5)[0], linewidth=1, antialiased=False, **look)
        (line,) = ax.plot([], [], color=BLUE, linewidth=2.4, **look)
        best = ends * self.runs.bowl.theta_best[0] + self.runs.bowl.theta_best[1]
        look = role_style("reference") | {"linewidth": 1.5, "antialiased": False}  # else, on blue, too many colors
        (least,) = ax.plot(ends, best, animated=True, zorder=4, **look)
        names = "after this epoch", "some epochs before", "least squares"
        ax.legend((line, faint, least), names, loc="upper left", borderaxespad=0.2, labelspacing=0.3)
        word = ax.text(0.98, 0.03, "", transform=ax.transAxes, ha="right", color=BLUE, animated=True, zorder=5)
        word.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})

        def move(values: Values) -> None:
            path, epoch = np.clip(values["path"], -FAR, FAR), values["epoch"]
            heights = path[:, :1] * ends + path[:, 1:]
            earlier = [k for k in EARLIER if k < epoch and np.abs(path[k]).max() < FAR]
            faint.set_data(_apart(np.tile(ends, (len(earlier), 1))), _apart(heights[earlier]))
            shown = np.abs(path[epoch]).max() < FAR
            line.set_data(*((ends, heights[epoch]) if shown else ([], [])))
            low, high = ax.get_ylim()
            inside = shown and heights[epoch].max() > low and heights[epoch].min() < high
            word.set_text("diverges" if values["diverges"] else "" if inside else "the line is out of the frame")

        return move

    def _paint_losses(self, ax: Axes) -> Move:
        """Prepare the loss on the points and on new ones."""
        top = 1.15 * max(bowl.loss(0.0, 0.0) for bowl in (self.runs.bowl, self.runs.new_bowl))
        ax.set(ylim=(0, top), title="The loss, after each epoch")
        ax.axhline(self.runs.bowl.least_loss, zorder=1, **role_style("reference"))
        ax.annotate(
            f"least squares: {self.runs.bowl.least_loss:.2f}", (1, self.runs.bowl.least_loss), (0, -4), va="top",
            xycoords=ax.get_yaxis_transform(), textcoords="offset points", ha="right", fontsize=9.5,
        )  # fmt: skip
        curves = [
            ax.plot([], [], animated=True, linewidth=width, zorder=3, **role_style(role))[0]
            for role, width in (("train", 2.2), ("validation", 1.8))
        ]
        dots = [_dot(ax, curve.get_color()) for curve in curves]
        ax.legend(curves, ("on the 100 points", "on 1,000 new points"), loc="upper right", labelspacing=0.3)
        epochs = np.arange(self.num_epochs + 1)

        def move(values: Values) -> None:
            epoch = values["epoch"]
            for curve, dot, name in zip(curves, dots, ("train_losses", "new_losses"), strict=True):
                shown = np.minimum(values[name], FAR)
                curve.set_data(epochs, shown)
                dot.set_data([epoch], [min(shown[epoch], top)])

        return move

    def _paint_excess(self, ax: Axes) -> Move:
        """Prepare how far the training loss is above the least, and draw the corner that is the goal."""
        ax.set(yscale="log", ylim=(LOWEST, HIGHEST), xlabel="epoch", title="Training loss above the least, %")
        ax.set_yticks([0.01, 0.1, 1, 10, 100, 1000], labels=["0.01", "0.1", "1", "10", "100", "1,000"])
        ax.set_yticks([], minor=True)
        ax.plot([-1, EARLY, EARLY], [100 * NEAR, 100 * NEAR, LOWEST], color=INK, linestyle=":", linewidth=1.5, zorder=1)
        ax.annotate("goal", (0.2, 100 * NEAR), (2, -3), textcoords="offset points", va="top", fontsize=9.5)
        (curve,) = ax.plot([], [], animated=True, zorder=3, **role_style("train"))
        dot = _dot(ax, BLUE)
        word = ax.text(0.98, 0.95, "", transform=ax.transAxes, ha="right", va="top", color=BLUE, animated=True)
        epochs = np.arange(self.num_epochs + 1)

        def move(values: Values) -> None:
            epoch, least = values["epoch"], values["least_loss"]
            shown = np.clip(100 * (values["train_losses"] / least - 1), LOWEST, FAR)
            curve.set_data(epochs, shown)
            dot.set_data([epoch], [min(shown[epoch], HIGHEST)])
            word.set_text("diverges" if values["diverges"] else "")
            word.set_y(0.12 if shown[-1] > HIGHEST else 0.95)

        return move


def _dot(ax: Axes, color: str) -> Line2D:
    """Return the marker of the epoch."""
    return ax.plot([], [], "o", color=color, markersize=7.5, animated=True, clip_on=False, zorder=5)[0]


def _apart(rows: NDArray) -> NDArray:
    """Return the ends of several lines in one row, with nan between them."""
    return np.column_stack([rows, np.full(len(rows), np.nan)]).ravel()
