"""The picture of stochastic descent: the path, its last epoch with the ball of noise, and the loss (lesson 03)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from helpers.plots import BLUE, INK, VERMILLION, plot_contours
from helpers.sliders.parts import Trail
from helpers.sliders.picture import Update, Values

if TYPE_CHECKING:
    from helpers.sliders.stochastic import Run

MAX_DRAWN, MANY = 360, 120  # points of a line; steps beyond which dots need no line between them


class StochasticPicture:
    """Draws the descents of one `Run`."""

    def __init__(self, run: "Run") -> None:
        self.run = run

    def paint(self, figure: Figure) -> Update:
        """Draw the landscape, its middle enlarged, and two empty axes for the loss; return what moves."""
        grid = figure.add_gridspec(2, 3, width_ratios=(10, 9, 9))
        whole_way, middle = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[:, 1])
        self._paint_landscapes(whole_way, middle)
        losses = self._paint_losses(figure.add_subplot(grid[0, 2]), figure.add_subplot(grid[1, 2]))
        way, curves = FineTrail(whole_way), [FineTrail(ax, ends=False) for ax in losses]
        move_last_epoch = self._paint_last_epoch(middle, whole_way)

        def update(values: Values) -> str:
            word = "diverges" if values["diverges"] else ""
            path, excess, num = values["path"], values["excess"], values["num_steps"] + 1
            wild = values["worst"] > self.run.first_excess  # fewer points: the picture is a tangle anyway
            shown = _thinned(num)[:: 4 if wild and not word else 1]
            way.set(*path[shown[: MAX_DRAWN // 4 if word else None]].T, word)  # one that explodes shows it early
            curves[0].set(values["rows_read"][shown] / self.run.n, excess[shown], word)
            shown = np.unique(np.geomspace(1, num - 1, MAX_DRAWN // 2).round().astype(int))
            curves[1].set(shown, excess[shown], word)
            move_last_epoch(values)
            return self.run.say(values)

        return update

    def _paint_landscapes(self, whole_way: Axes, middle: Axes) -> None:
        """Draw the contours, from afar and enlarged."""
        bowl, best = self.run.bowl, self.run.bowl.theta_best
        for ax, size in ((whole_way, self.run.far), (middle, self.run.reach)):
            (left, low), (right, high) = best - size, best + size
            plot_contours(bowl.loss, ax, xlim=(left, right), ylim=(low, high), levels=6, num=100)
            ax.set(xlabel="w", ylabel="b")
        whole_way.set_title(f"The path, {self.run.num_epochs} epochs")
        middle.set(title="Last epoch and noise ball", xlabel="w  (dashed: 2σ in theory)")
        look = {"fill": False, "color": INK, "linewidth": 1, "animated": True, "zorder": 6}
        whole_way.add_patch(Rectangle(best - self.run.reach, *(2 * self.run.reach), **look))

    def _paint_last_epoch(self, ax: Axes, whole_way: Axes) -> Callable[[Values], None]:
        """Prepare the steps of the last epoch, the ball of noise, and a word where it does not show."""
        best, reach = self.run.bowl.theta_best[:, None], self.run.reach[:, None]
        (dots,) = ax.plot([], [], color=BLUE, linewidth=0.6, animated=True, zorder=3)
        look = {"color": VERMILLION, "linewidth": 1.5, "animated": True, "zorder": 6}
        ring, wide_ring = (part.plot([], [], "--", **look)[0] for part in (ax, whole_way))
        ax.plot(*best, "+", color=INK, markersize=10, animated=True, zorder=7)
        word = ax.text(0.5, 0.97, "", ha="center", va="top", transform=ax.transAxes, zorder=8)
        word.set(animated=True, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1}, color=BLUE)
        turn = np.linspace(0, 2 * np.pi, 121)
        circle = self.run.bowl.directions[:, :, None] * np.stack([np.cos(turn), np.sin(turn)])

        def move(values: Values) -> None:
            diverges, ball = values["diverges"], 2 * values["ball"]
            last = values["path"][-(values["num_steps"] // self.run.num_epochs) :].T[:, slice(0 if diverges else None)]
            place = np.abs(last - best) / reach
            tangle = last.shape[1] > MANY or bool((place > 0.5).any())
            dots.set_data(*last[:, :: max(1, last.shape[1] // MAX_DRAWN)])
            dots.set(marker=".", markersize=2 if tangle else 3, linestyle="" if tangle else "-")
            shape = np.einsum("j,ijt->it", ball, circle) if np.isfinite(ball).all() and ball.any() else None
            drawn, wide = shape is not None and not diverges, shape is not None and bool((shape > 1.5 * reach).any())
            ring.set_data(*(best + shape if drawn else ([], [])))
            wide_ring.set_data(*(best + shape if drawn and wide else ([], [])))
            there = bool((place <= 1).all(axis=0).any())
            far = "not here yet" if not there else "wider than this frame" if drawn and wide else ""
            word.set_text("no ball: it diverges" if diverges else far)

        return move

    def _paint_losses(self, by_rows: Axes, by_steps: Axes) -> tuple[Axes, Axes]:
        """Draw the goal on axes for the loss against both currencies: rows read and steps taken."""
        top = max(self.run.first_excess, self.run.bowl.least_loss, self.run.near)
        for ax in (by_rows, by_steps):
            ax.set(yscale="log", ylim=(self.run.near / 200, 6 * top))
            ax.axhline(self.run.near, color=INK, linestyle="--", linewidth=1)
        at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "top"}
        by_steps.annotate("goal", (0.02, self.run.near), (0, -3), **at)
        by_rows.set(xlim=(-0.02 * self.run.num_epochs, 1.02 * self.run.num_epochs), title="Excess loss",
                    xlabel=f"epochs, {self.run.n:,} rows each")  # fmt: skip
        by_steps.set(xscale="log", xlim=(0.9, 1.2 * self.run.n * self.run.num_epochs), xlabel="steps")
        return by_rows, by_steps


class FineTrail(Trail):
    """A trail of many steps: thin, with dots only where they are few, and a word that stays off the tangle."""

    def __init__(self, ax: Axes, *, ends: bool = True) -> None:
        super().__init__(ax, ends=ends)
        self._word.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
        self._dot.set_markersize(6)

    def set(self, x: ArrayLike, y: ArrayLike, word: str = "") -> None:
        """Move to the points (x, y); the word goes where the line leaves the frame, or to the top if it comes back."""
        last = self._unit(np.column_stack([x[-1:], y[-1:]]))
        returns = bool(((last >= 0) & (last <= 1)).all())
        super().set(x, y, "" if returns else word)
        if returns:
            self._place(np.array([0.45, 1.0]))
            self._word.set_text(word)
        few = len(x) <= MANY // 2
        self._line.set(
            marker="." if few else "", linewidth=1.2 if few else 0.8, antialiased=few or (self._ends and not word)
        )


def _thinned(num: int) -> NDArray[np.int_]:
    """Return the places of at most MAX_DRAWN points: all of the first ones, where a path is quick, and the last."""
    if num <= MAX_DRAWN:
        return np.arange(num)
    head = MAX_DRAWN // 3
    return np.concatenate([np.arange(head), np.linspace(head, num - 1, MAX_DRAWN - head).astype(int)])
