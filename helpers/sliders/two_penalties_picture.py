"""The picture of two penalized weights: where penalty and error meet, and the weights over λ (lesson 13)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from helpers.plots import BLUE, GREEN, INK, PURPLE, plot_contours
from helpers.sliders.parts import number
from helpers.sliders.picture import Move, Update, Values, together

if TYPE_CHECKING:
    from helpers.sliders.two_penalties import Run

WIDTH, HEIGHT = 9.0, 4.0  # inches
PLACES = (0.78, 0.55, 4.2, 2.85), (5.6, 0.55, 3.28, 2.85)  # left, bottom, width, height
TITLE_PAD = 25  # points: under a title is its legend
TURN = np.linspace(0, 2 * np.pi, 241)  # with the corners of a diamond
DIRECTIONS = np.stack([np.cos(TURN), np.sin(TURN)], axis=-1).round(15)
PALE = (*to_rgb(GREEN), 0.2)


class TwoPenaltiesPicture:
    """Draws the weights of one `Run`."""

    def __init__(self, run: "Run") -> None:
        self.run = run
        seen = np.concatenate([*run.paths.values(), [run.w_best, [0.0, 0.0]]])
        self.low, self.high = seen.min(axis=0), seen.max(axis=0)
        values, vectors = np.linalg.eigh(run.gram)
        self.ellipse = (DIRECTIONS / np.sqrt(values)) @ vectors.T  # where the error is 1 above the least

    def paint(self, figure: Figure) -> Update:
        """Draw the bowl and the frames; return what moves."""
        bowl, over_lam = (
            figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
            for left, bottom, width, height in PLACES
        )
        return together([self._paint_bowl(bowl), self._paint_weights(over_lam)], self.run.say)

    def _frame(self) -> tuple[NDArray, NDArray]:
        """Return the limits of both weights: all paths and some room, one scale for both."""
        _, _, width, height = PLACES[0]
        span = self.high - self.low
        room = 0.27 * span.max()
        scale = max((span + 2 * room) / (width, height))  # weights per inch
        middle = (self.high + self.low) / 2
        half = scale * np.array([width, height]) / 2
        return (middle - half, middle + half)

    def _paint_bowl(self, ax: Axes) -> Move:
        """Draw the errors; the level lines that meet, the path of all solutions and this one move."""
        (left, bottom), (right, top) = self._frame()
        plot_contours(self.run.mse, ax, xlim=(left, right), ylim=(bottom, top), num=160)
        for line in (ax.axhline, ax.axvline):
            line(0, color="0.6", linewidth=0.8, zorder=1)
        ax.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        ax.set_xlabel("w₁")
        ax.set_ylabel("w₂", labelpad=1)
        ax.set_title("Where penalty and error meet", pad=TITLE_PAD)
        cross = {"color": INK, "linestyle": "none", "markersize": 11, "markeredgewidth": 1.8}
        (best,) = ax.plot(*self.run.w_best[:, None], "+", zorder=2, **cross)
        region = Polygon(np.zeros((3, 2)), facecolor=PALE, edgecolor=GREEN, linewidth=1.8, animated=True, zorder=1.5)
        ax.add_patch(region)
        look = {"animated": True, "zorder": 3}
        (level,) = ax.plot([], [], color=INK, linestyle=":", linewidth=1.6, **look)
        (path,) = ax.plot([], [], color=BLUE, linewidth=1.4, marker=".", markersize=7, **look)
        path.set_markevery(self._decades())
        (dot,) = ax.plot([], [], "o", color=BLUE, markersize=9, animated=True, zorder=5)
        _legend(ax, {"same penalty": region, "same error": level, "all λ": path, "least squares": best})

        def move(values: Values) -> None:
            region.set_xy(self.same_penalty(values))
            excess = max(values["mse"] - self.run.least_mse, 0.0)
            level.set_data(*(self.run.w_best + np.sqrt(excess) * self.ellipse).T)
            path.set_data(*np.vstack([self.run.w_best, values["path"]]).T)
            dot.set_data(*values["w"][:, None])

        return move

    def same_penalty(self, values: Values) -> NDArray:
        """Return the line through w on which the penalty is the same: a circle, a diamond, or what is in between."""
        (l1, l2), w = self.run.shares[values["kind"]], np.abs(values["w"])
        level, a = l1 * w.sum() + l2 * np.sum(w**2), l1 * np.abs(DIRECTIONS).sum(axis=1)
        radius = 2 * level / (a + np.sqrt(a**2 + 4 * l2 * level)) if level else np.zeros(len(TURN))
        return radius[:, None] * DIRECTIONS

    def _decades(self) -> list[int]:
        """Return the places on the path that have a dot: the start, and each power of ten."""
        powers = np.log10(self.run.lams)
        return [0, *(int(i) + 1 for i in np.flatnonzero(np.abs(powers - powers.round()) < 1e-6))]

    def _paint_weights(self, ax: Axes) -> Move:
        """Prepare both weights over λ; a line marks this λ, a ring where a weight becomes 0."""
        lams = self.run.lams
        low, high = min(self.low.min(), 0), max(self.high.max(), 0)
        room = 0.08 * (high - low)
        ax.set(xscale="log", xlim=(lams[0] / 1.15, lams[-1] * 1.15), ylim=(low - room, high + room))
        decades = lams[np.array(self._decades()[1:]) - 1]
        ax.set_xticks(decades, labels=[number(lam) for lam in decades])
        ax.set_xlabel("penalty λ")
        ax.set_title("The weights over λ", pad=TITLE_PAD)
        ax.set_xticks([], minor=True)
        ax.axhline(0, color="0.6", linewidth=0.8, zorder=1)
        line = ax.axvline(lams[0], color=INK, linestyle=":", linewidth=1.2, animated=True, zorder=2)
        styles = {"w₁": {"color": BLUE}, "w₂": {"color": PURPLE, "linestyle": (0, (5, 2))}}
        curves = [ax.plot([], [], animated=True, zorder=3, **style)[0] for style in styles.values()]
        look = {"linestyle": "none", "animated": True, "clip_on": False}
        dots = [ax.plot([], [], "o", color=style["color"], markersize=8, zorder=5, **look)[0]
                for style in styles.values()]  # fmt: skip
        (rings,) = ax.plot([], [], "o", markersize=11, color=INK, fillstyle="none", zorder=6, **look)
        _legend(ax, {**dict(zip(styles, curves, strict=True)), "exactly 0 from here on": rings})

        def move(values: Values) -> None:
            lam = values["lam"]
            line.set_xdata([lam, lam])
            for curve, dot, weight, w in zip(curves, dots, values["path"].T, values["w"], strict=True):
                curve.set_data(lams, weight)
                dot.set_data([lam], [w])
            zero = [start for start in values["zero_from"] if start is not None]
            rings.set_data(zero, [0] * len(zero))

        return move


def _legend(ax: Axes, handles: dict[str, Line2D | Polygon]) -> None:
    """Name what is drawn in one row between the title and the frame."""
    ax.legend(
        handles.values(), handles.keys(), loc="lower left", bbox_to_anchor=(-0.02, 1.01), ncols=4, handlelength=1.7,
        borderaxespad=0, borderpad=0.3, columnspacing=0.9, handletextpad=0.4,
    )  # fmt: skip
