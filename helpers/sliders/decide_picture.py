"""The picture of a threshold: the samples, the loss over the temperature, the cost over the threshold (lesson 04)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from helpers.plots import BLUE, INK, VERMILLION
from helpers.sliders.picture import Move, Update, Values, together

if TYPE_CHECKING:
    from helpers.sliders.decide import Decisions

TEMPERATURES = np.array([float(f"{t:.3g}") for t in np.geomspace(0.1, 10, 81)])  # where the slider can stand
MAX_DOTS = 300


class DecisionsPicture:
    """Draws the decisions of one `Decisions`."""

    def __init__(self, run: "Decisions") -> None:
        self.run = run

    def paint(self, figure: Figure) -> Update:
        """Draw the axes, the loss and the theory's threshold; return what moves."""
        axes = figure.subplots(1, 3, width_ratios=(5, 3.3, 4))
        painters = self._paint_samples, self._paint_loss, self._paint_cost
        moves = [paint(ax) for paint, ax in zip(painters, axes, strict=True)]
        return together(moves, self.run.say)

    def _paint_samples(self, ax: Axes) -> Move:
        end, write = self._scale(ax), _corners(ax)
        shown = np.concatenate([_some(np.flatnonzero(kind), self.run.z) for kind in (self.run.case, ~self.run.case)])
        case, rng = self.run.case[shown], np.random.RandomState(0)
        height = case + rng.uniform(-0.3, 0.3, len(shown))
        edge = end / rng.uniform(1.1, 1.6, len(shown))  # where a dot from beyond the frame stays
        gaps = [-0.5, 0.32, np.nan, 0.59, 1.32]  # for the words
        (line,) = ax.plot(gaps, gaps, color=BLUE, linewidth=1.5, animated=True)
        ax.set(title="Alarm to the right of the line", xlabel="probability p")
        look = {"linestyle": "none", "animated": True, "color": INK}
        hollow, full = (
            ax.plot([], [], "o", markersize=4, markerfacecolor=face, markeredgewidth=0.8, **look)[0]
            for face in ("white", INK)
        )
        (cross,) = ax.plot([], [], "x", markersize=7, markeredgewidth=1.8, **look | {"color": VERMILLION})

        def move(values: Values) -> None:
            line.set_xdata(np.full(len(gaps), values["threshold"]))
            p = values["p"][shown]
            right, at = (p >= values["threshold"]) == case, np.clip(p, edge, 1 - edge)
            for dots, which in ((hollow, right & ~case), (full, right & case), (cross, ~right)):
                dots.set_data(at[which], height[which])
            write(values)

        return move

    def _paint_loss(self, ax: Axes) -> Move:
        ax.plot(TEMPERATURES, self.run.losses, color=INK, linewidth=1.5)
        ax.set(xscale="log", title="The loss", xlabel="temperature", ylim=(0, 1.05 * self.run.losses.max()))
        ax.set_xticks([0.1, 1, 10], labels=["0.1", "1", "10"])
        (marker,) = ax.plot([], [], "o", color=BLUE, markersize=8, animated=True, clip_on=False, zorder=4)
        return lambda values: marker.set_data([values["temperature"]], [values["loss"]])

    def _paint_cost(self, ax: Axes) -> Move:
        self._scale(ax)
        most = max(self.run.cost_of_miss * np.sum(self.run.case), np.sum(~self.run.case))
        bottom = self.run.least_cost / 1.6 if self.run.least_cost > 20 else 0
        ax.set_yscale("symlog", linthresh=10, subs=range(2, 10))
        ax.set(ylim=(bottom, 1.6 * most), title=f"The cost, {self.run.cost_of_miss:g} for a miss", xlabel="threshold")
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.axvline(self.run.theory, color=INK, linestyle="--", linewidth=1.2)
        left = self.run.theory < 0.5  # a word stands where the stairs do not
        ax.annotate(
            f"1/(1 + {self.run.cost_of_miss:g})", (self.run.theory, 1), (4 if left else -4, -2), va="top",
            xycoords=ax.get_xaxis_transform(), textcoords="offset points", ha="left" if left else "right",
        )  # fmt: skip
        ax.axhline(self.run.allowed_cost, color=INK, linestyle=":", linewidth=1.2)
        ax.annotate(
            f"goal: {self.run.allowed_cost:,}", (left, self.run.allowed_cost), (0 if left else 4, 2), va="bottom",
            xycoords=ax.get_yaxis_transform(), textcoords="offset points", ha="right" if left else "left",
        )  # fmt: skip
        (stairs,) = ax.plot([], [], color=BLUE, linewidth=1.5, drawstyle="steps-post", animated=True)
        (marker,) = ax.plot([], [], "o", color=BLUE, markersize=8, animated=True, clip_on=False, zorder=4)

        def move(values: Values) -> None:
            stairs.set_data(values["thresholds"], values["costs"])
            marker.set_data([values["threshold"]], [max(values["cost"], bottom)])

        return move

    def _scale(self, ax: Axes) -> float:
        """Stretch the ends of a probability axis, as the logit does; return a place near its left end."""
        end = self.run.thresholds[0] / 1.3
        ax.set_xscale("logit")
        ticks = [0.01, 0.1, 0.5, 0.9, 0.99] if end > 0.001 else [0.001, 0.05, 0.5, 0.95, 0.999]
        ax.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
        ax.set_xticks([], minor=True)
        ax.set_xlim(end / 2.1, 1 - end / 2.1)
        return end


def _corners(ax: Axes) -> Move:
    """Name the two strips; return what writes the four counts over them, each on its side of the line."""
    ax.set_ylim(-0.5, 1.62)
    ax.set_yticks([0, 1], labels=["no case", "case"], rotation=90, va="center")
    ax.tick_params(axis="y", length=0)
    look = {"transform": ax.get_yaxis_transform(), "va": "center", "animated": True, "fontsize": 10}
    missed, passed = (ax.text(0.01, y, "", color=color, **look) for y, color in ((1.45, VERMILLION), (0.45, INK)))
    caught, alarms = (
        ax.text(0.99, y, "", color=color, ha="right", **look) for y, color in ((1.45, INK), (0.45, VERMILLION))
    )

    def write(values: Values) -> None:
        rightly = "rightly " if len(values["p"]) < 10_000 else ""  # room for five digits
        missed.set_text(f"✗ {values['missed']:,} missed")
        caught.set_text(f"{values['caught']:,} caught")
        passed.set_text(f"{values['passed']:,} {rightly}passed")
        alarms.set_text(f"✗ {alarms_in_words(values['false_alarms'])}")

    return write


def alarms_in_words(many: int) -> str:
    """Return "1 false alarm", "2 false alarms"."""
    return f"{many:,} false alarm{'' if many == 1 else 's'}"


def _some(places: NDArray, z: NDArray) -> NDArray:
    """Return at most MAX_DOTS of the places, evenly over the order of z there."""
    ordered = places[np.argsort(z[places], kind="stable")]
    return ordered[np.linspace(0, len(ordered) - 1, min(len(ordered), MAX_DOTS)).astype(int)]
