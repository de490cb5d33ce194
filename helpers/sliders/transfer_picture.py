"""The picture of transfer: the accuracy over the labels, from a trained network and from scratch (lesson 16)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from helpers.plots import BLUE, INK
from helpers.sliders.letters import POINTS, Letters
from helpers.sliders.parts import percent
from helpers.sliders.picture import Move, Update, Values, in_inches, together
from helpers.sliders.transfer_layers import move_to, paint_bars, paint_boxes

if TYPE_CHECKING:
    from helpers.sliders.transfer import Transfer

WIDTH, HEIGHT = 9.0, 4.0  # inches, as all that follows
CURVES = (0.55, 0.62, 4.2, 2.85)  # left, bottom, width, height
LINE = 0.18  # between two names of curves
PALE = "#8fb0c6"


class TransferPicture:
    """Draws one `Transfer`."""

    def __init__(self, task: "Transfer") -> None:
        self.task = task
        self.counts = np.array(task.grid.labels)
        tables = [task.grid.runs.values(), task.scratch.values()]
        every = 100 * np.concatenate([part for table in tables for part in table])
        room = 0.14 * np.ptp(every) or 2.0  # for the value, above or below all curves
        self.ylim = every.min() - room, every.max() + room
        most = max(task.scratch)
        self.xlim = (min(task.scratch) / 1.12, most * 1.12) if most > min(task.scratch) else (most / 2, most * 2)

    def paint(self, figure: Figure) -> Update:
        """Draw what every setting shares; return what moves."""
        figure.set_layout_engine("none")
        sheet = in_inches(figure)
        left, bottom, width, height = CURVES
        curves = figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
        moves = [self._paint_curves(curves, sheet), paint_boxes(sheet, self.task), paint_bars(figure, sheet)]
        return together(moves, self.task.say)

    def _paint_curves(self, ax: Axes, sheet: Axes) -> Move:
        """Draw the runs from scratch over the labels; those of this learning rate move."""
        scratch, frozens, grid = self.task.scratch, self.task.grid.frozens, self.task.grid
        self._dress(ax, list(scratch))
        bands = [[float(100 * end(part)) for part in scratch.values()] for end in (np.min, np.max)]
        ax.fill_between(list(scratch), *bands, color="0.88", linewidth=0, zorder=1)
        means = 100 * np.array(list(self.task.scratch_means.values()))
        dotted = {"color": INK, "linestyle": ":", "linewidth": 1.8, "marker": ".", "markersize": 6}
        ax.plot(list(scratch), means, zorder=2.2, **dotted)
        look = {"animated": True, "clip_on": False}
        line = ax.axvline(1, color=INK, linestyle=":", linewidth=1, animated=True, zorder=1.5)
        band = ax.add_patch(Polygon(np.zeros((3, 2)), color=BLUE, alpha=0.16, linewidth=0, animated=True, zorder=1.8))
        pale = [ax.plot([], [], color=PALE, linewidth=1.2, zorder=2, **look)[0] for _ in frozens]
        (chosen,) = ax.plot([], [], color=BLUE, linewidth=2.2, marker=".", markersize=7, zorder=3, **look)
        (dot,) = ax.plot([], [], "o", color=BLUE, markersize=8.5, zorder=5, **look)
        value = Letters(sheet, 0, 0, size=10.5, color=BLUE, bold=True)
        move_names = self._paint_names(sheet, means[-1])

        def move(values: Values) -> None:
            rate, frozen, labels = values["rate"], values["frozen"], values["labels"]
            heights = {other: 100 * self.task.means(other, rate) for other in frozens}
            for curve, other in zip(pale, frozens, strict=True):
                curve.set_data(self.counts, heights[other])
            runs = [100 * grid.runs[frozen, rate, count] for count in grid.labels]
            low, high = ([float(end(part)) for part in runs] for end in (np.min, np.max))
            band.set_xy(np.column_stack([np.append(self.counts, self.counts[::-1]), low + high[::-1]]))
            chosen.set_data(self.counts, heights[frozen])
            line.set_xdata([labels] * 2)
            dot.set_data([labels], [100 * values["accuracy"]])
            self._place(value, sheet, values)
            move_names(heights, frozen)

        return move

    def _dress(self, ax: Axes, counts: list[int]) -> None:
        """Give the axes their limits and ticks, one for each count that has room for its number."""
        ax.set_xscale("log")
        ax.set(xlim=self.xlim, ylim=self.ylim, xlabel="labels a class")
        places = ax.transAxes.inverted().transform(ax.transData.transform([(count, 50) for count in counts]))[:, 0]
        ends, words = [], []
        for count, place in zip(counts[::-1], places[::-1], strict=True):
            half = 0.055 * (len(f"{count:,}") + 1) / CURVES[2]  # of the width of its number, and a gap
            fits = not ends or place + half < ends[-1]
            ends += [place - half] if fits else []
            words.append(f"{count:,}" if fits else "")
        ax.set_xticks(counts, labels=words[::-1])
        ax.minorticks_off()
        ax.set_yticks([tick for tick in MaxNLocator(6).tick_values(*self.ylim) if 0 <= tick <= 100])
        ax.set_ylim(self.ylim)
        ax.set_title("New task: accuracy in %, mean and range of the seeds")

    def _place(self, value: Letters, sheet: Axes, values: Values) -> None:
        """Write the accuracy where rising curves leave room: above and to the left, or below and to the right."""
        labels, runs = values["labels"], self.task.grid.runs
        seen = [runs[other, values["rate"], labels].mean() for other in self.task.grid.frozens]
        seen = 100 * np.concatenate([seen, values["accuracies"], self.task.scratch[labels]])
        low, high = np.log(self.xlim)
        share = (np.log(labels) - low) / (high - low)
        left = share > 0.16
        value.write(percent(values["accuracy"], 1))
        x, y = CURVES[0] + share * CURVES[2], self._inches(seen.max() if left else seen.min())
        wide = value.get_path().vertices[:, 0].max() / POINTS
        move_to(value, sheet, x - wide - 0.07 if left else x + 0.07, y + 0.08 if left else y - 0.2)

    def _inches(self, percents: NDArray) -> NDArray:
        """Return the heights on the sheet of accuracies in percent."""
        return CURVES[1] + CURVES[3] * (percents - self.ylim[0]) / (self.ylim[1] - self.ylim[0])

    def _paint_names(self, sheet: Axes, scratch: float) -> Callable[[dict[int, NDArray], int], None]:
        """Prepare a name for each curve, right of the frame, moved apart where curves end together."""
        keys = [*self.task.grid.frozens, "scratch"]
        edge = CURVES[0] + CURVES[2]
        words = {key: f"{key} frozen" if key else "none frozen" for key in keys} | {"scratch": "from scratch"}
        names = {key: Letters(sheet, 0, 0, size=9.5, color=INK) for key in keys}
        (leaders,) = sheet.plot([], [], color="0.65", linewidth=0.8, animated=True)

        def move(heights: dict[int, NDArray], chosen: int) -> None:
            ends = self._inches(np.array([heights[key][-1] for key in keys[:-1]] + [scratch]))
            places = apart(ends, LINE)
            for key, y in zip(keys, places, strict=True):
                names[key].write(words[key], color=BLUE if key == chosen else INK, bold=key == chosen)
                move_to(names[key], sheet, edge + 0.12, y - 0.045)
            x = np.tile([edge - 0.03, edge + 0.09, np.nan], len(keys))
            leaders.set_data(x, np.column_stack([ends, places, np.full(len(keys), np.nan)]).ravel())

        return move


def apart(heights: NDArray, gap: float) -> NDArray:
    """Return heights, in the order given, moved as little as it takes for any two to be `gap` apart.

    >>> apart(np.array([2.0, 0.0, 2.0]), 1.0).tolist()
    [1.5, 0.0, 2.5]
    """
    order = np.argsort(heights, kind="stable")
    groups: list[list[float]] = []  # of what stands above the lowest of a stack, less the gaps: means must not fall
    for place, height in enumerate(heights[order]):
        groups.append([height - gap * place])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    moved = np.empty(len(heights))
    moved[order] = np.concatenate([[np.mean(group)] * len(group) for group in groups]) + gap * np.arange(len(heights))
    return moved
