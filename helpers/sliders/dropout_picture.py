"""The picture of dropout: the units of a layer and what they hand on, the errors over the rate and the epochs."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from helpers.plots import BLUE, INK, VERMILLION, role_style, shades
from helpers.sliders.mosaic import Mosaic
from helpers.sliders.picture import Move, Update, Values, fix_layout, together

if TYPE_CHECKING:
    from helpers.sliders.dropout import Layer

WIDTH, HEIGHT = 9.0, 4.0  # inches
LIGHTEST, DARKEST = 0.93, 0.05  # the gray of a unit that hands on 0, and of the largest at the highest rate
ARM = 0.24  # of a cross, in squares
TITLE_PAD = 25  # points: under a title is its legend


class DropoutPicture:
    """Draws one `Layer`."""

    def __init__(self, layer: "Layer") -> None:
        self.layer = layer
        self.rates = np.array(list(layer.runs))
        self.columns = int(np.ceil(np.sqrt(layer.x.size)))
        self.rows = -(-layer.x.size // self.columns)
        self.most = float(np.abs(layer.x).max() / (1 - self.rates.max()))
        at_end = [max(run.val_error.max(), run.error.max(), run.errors[:, -1].max()) for run in layer.runs.values()]
        self.top = 1.5 * max(at_end) or 1.0  # the first epochs lie above the frame

    def paint(self, figure: Figure) -> Update:
        """Draw the errors over the rate and the frames; return what moves."""
        grid = figure.add_gridspec(2, 3, width_ratios=(3, 3.1, 3.1), height_ratios=(8, 1))
        units, strip = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        by_rate = figure.add_subplot(grid[:, 1])
        by_epoch = figure.add_subplot(grid[:, 2], sharey=by_rate)
        moves = [
            self._paint_units(units), self._paint_strip(strip), self._paint_rates(by_rate), self._paint_epochs(by_epoch)
        ]  # fmt: skip
        fix_layout(figure)
        return together(moves, self.layer.say)

    def _paint_units(self, ax: Axes) -> Move:
        """Prepare a square for each unit, the darker the more it hands on; what is dropped is crossed out."""
        n, columns, rows = self.layer.x.size, self.columns, self.rows
        ax.set(xlim=(-0.02, columns + 0.02), ylim=(rows + 0.02, -0.02), aspect="equal", anchor="SW")
        ax.set_title(f"The {n:,} units of a layer", pad=TITLE_PAD)
        ax.text(0, 1.02, "dark: large    ×: dropped", transform=ax.transAxes, fontsize=10, va="bottom")
        ax.set_axis_off()
        squares = Mosaic(ax)
        lines = [[(i, 0), (i, rows)] for i in range(columns + 1)] + [[(0, i), (columns, i)] for i in range(rows + 1)]
        look = {"fill": False, "animated": True}
        ax.add_patch(PathPatch(_segments(np.array(lines, float)), edgecolor="white", linewidth=1, zorder=2, **look))
        crosses = PathPatch(Path([(0.0, 0.0)]), edgecolor="0.45", linewidth=1, zorder=3, antialiased=False, **look)
        ax.add_patch(crosses)
        places = np.stack([np.arange(n) % columns, np.arange(n) // columns], axis=1) + 0.5
        strokes = ARM * np.array([[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]])

        def move(values: Values) -> None:
            gray = LIGHTEST - (LIGHTEST - DARKEST) * np.sqrt(np.abs(values["handed_on"]) / self.most)
            gray = np.append(np.where(values["dropped"], 1, gray), np.ones(rows * columns - n)).reshape(rows, columns)
            squares.set_colors(np.rint(255 * np.dstack([gray] * 3)).astype(np.uint8), 0, columns, rows, 0)
            crosses.set_visible(bool(values["num_dropped"]))
            if values["num_dropped"]:
                crosses.set_path(_segments((places[values["dropped"], None, None] + strokes).reshape(-1, 2, 2)))

        return move

    def _paint_strip(self, ax: Axes) -> Move:
        """Prepare the mean that is handed on: this draw's among all ten, around the one without dropout."""
        seen = np.array([self.layer.means(rate) for rate in self.rates])
        mean = self.layer.x.mean()
        reach = 1.12 * np.abs(seen - mean).max() or 0.5 * abs(mean) or 1.0
        ax.set(xlim=(mean - reach, mean + reach), ylim=(-1, 1))
        ax.set_xlabel("mean handed on (dotted: no dropout)", fontsize=9.5)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.xaxis.set_major_locator(MaxNLocator(4))
        ax.axvline(mean, color=INK, linestyle=":", linewidth=1.4, zorder=1)
        look = {"linestyle": "none", "animated": True, "clip_on": False}
        (pale,) = ax.plot([], [], "o", color="0.65", markersize=6, fillstyle="none", zorder=3, **look)
        (dot,) = ax.plot([], [], "o", color=INK, markersize=8, zorder=4, **look)

        def move(values: Values) -> None:
            pale.set_data(values["means"], np.zeros(len(values["means"])))
            dot.set_data([values["mean"]], [0])

        return move

    def _paint_rates(self, ax: Axes) -> Move:
        """Draw both errors over the rate, with their spread over the seeds; a line marks this rate."""
        runs, last = list(self.layer.runs.values()), max(self.rates[-1], 0.1)
        ax.set(xlim=(-0.05 * last, 1.06 * last), ylim=(0, self.top), xlabel="dropout rate", ylabel="cross-entropy")
        ax.set_title("At the end, nothing dropped", pad=TITLE_PAD)
        ax.xaxis.set_major_locator(MaxNLocator(5))
        line = ax.axvline(0, color=INK, linestyle=":", linewidth=1.2, animated=True)
        curves, dots = [], []
        for role, name in (("train", "error"), ("validation", "val_error")):
            errors, style = [getattr(run, name) for run in runs], role_style(role)
            low, high, mean = ([float(part(e)) for e in errors] for part in (np.min, np.max, np.mean))
            ax.fill_between(self.rates, low, high, color=style["color"], alpha=0.18, linewidth=0)
            curves += ax.plot(self.rates, mean, marker=".", markersize=7, clip_on=False, **style)
            look = {"linestyle": "none", "animated": True, "clip_on": False, "zorder": 5}
            dots += ax.plot([], [], "o", color=style["color"], markersize=8.5, **look)
        _legend(ax, curves, ("training", "validation"))

        def move(values: Values) -> None:
            line.set_xdata([values["rate"]] * 2)
            for dot, name in zip(dots, ("error", "val_error"), strict=True):
                dot.set_data([values["rate"]], [values[name]])

        return move

    def _paint_epochs(self, ax: Axes) -> Move:
        """Prepare both errors over the epochs at this rate: the first seed's strong, the others pale."""
        runs = self.layer.runs
        last = len(runs[self.rates[0]].errors[0])
        ax.set(xlim=(1 - 0.02 * last, last * 1.02), xlabel="epoch")
        ax.set_title("During the training, each seed", pad=TITLE_PAD)
        ax.tick_params(axis="y", labelleft=False)
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        epochs, curves = np.arange(1, last + 1), {}
        for role, name in (("train", "errors"), ("validation", "val_errors")):
            style = role_style(role)
            light = shades({"train": BLUE, "validation": VERMILLION}[role], 3)[0]
            pale = ax.plot([], [], animated=True, **style | {"color": light, "linewidth": 1.1})
            curves[name] = ax.plot([], [], animated=True, zorder=4, **style) + pale
        _legend(ax, [strong for strong, _ in curves.values()], ("training, dropping", "validation"), 1.8)

        def move(values: Values) -> None:
            for name, (strong, pale) in curves.items():
                first, *others = getattr(runs[values["rate"]], name)
                strong.set_data(epochs, first)
                gap = [np.append(row, np.nan) for row in others]  # one line for all: quicker than one for each
                pale.set_data(np.tile(np.append(epochs, np.nan), len(gap)), np.concatenate([*gap, []]))

        return move


def _segments(ends: NDArray) -> Path:
    """Return lines from start to end, shape (n, 2, 2), as one path."""
    return Path(ends.reshape(-1, 2), [Path.MOVETO, Path.LINETO] * len(ends))


def _legend(ax: Axes, handles: list, names: tuple[str, str], length: float = 2.2) -> None:
    """Name the two curves in a row between the title and the frame."""
    ax.legend(
        handles, names, loc="lower left", bbox_to_anchor=(-0.02, 1.01), ncols=2, handlelength=length, borderaxespad=0,
        borderpad=0.3, columnspacing=1, handletextpad=0.4,
    ).set_in_layout(False)  # fmt: skip
