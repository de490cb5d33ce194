"""The picture of early stopping: the run with what is cut off; epochs and error kept over patience (lesson 14)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from helpers.plots import BLUE, INK, VERMILLION, role_style, shades
from helpers.sliders.picture import Move, Update, Values, fix_layout, together

if TYPE_CHECKING:
    from helpers.sliders.patience import Stopping

HEIGHT = 3.8  # inches
NOT_RUN = "0.95"
HIGH = 1.7  # times the median validation error: what is higher leaves the frame
PALE = "0.8"  # the other runs


class PatiencePicture:
    """Draws the runs of one `Stopping`."""

    def __init__(self, stopping: "Stopping") -> None:
        self.stopping = stopping

    def paint(self, figure: Figure) -> Update:
        """Draw the frames and the pale lines; return what moves."""
        grid = figure.add_gridspec(2, 2, width_ratios=(5.4, 3))
        run = figure.add_subplot(grid[:, 0])
        epochs, kept = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        moves = [self._paint_run(run), self._paint_epochs(epochs), self._paint_kept(kept)]
        fix_layout(figure)
        return together(moves, self.stopping.say)

    def _frame(self) -> tuple[float, float]:
        """Return the limits of the errors in the frame of the run: what counts is where the validation error is low."""
        val, errors = self.stopping.val_errors, self.stopping.errors
        low = val.min() if errors is None else min(0.0, val.min(), errors.min())
        middle = np.median(val)
        high = min(val.max(), HIGH * middle) if middle > 0 else val.max()
        room = 0.06 * (high - low) or 0.1
        return low - (room if low else 0.0), high + room

    def _paint_run(self, ax: Axes) -> Move:
        """Prepare both curves, pale where training has stopped, and the marks on them."""
        stopping, last_epoch = self.stopping, self.stopping.num_epochs
        ax.set(xlim=(0.4, last_epoch + 0.6), ylim=self._frame(), xlabel="epoch", ylabel="error")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=3))
        ax.set_title("The run", pad=25)
        span = ax.axvspan(1, 2, facecolor=NOT_RUN, edgecolor="none", animated=True, zorder=0)
        tables = {"train": (stopping.errors, BLUE), "validation": (stopping.val_errors, VERMILLION)}
        look = {"transform": ax.transAxes, "ha": "right", "va": "top", "color": "0.4", "animated": True}
        word = ax.text(0.985, 0.97, "not run", fontsize=9.5, **look)
        curves = []
        for role, (table, color) in tables.items():
            if table is not None:
                faint, strong = (ax.plot([], [], animated=True, **role_style(role))[0] for _ in range(2))
                faint.set(color=shades(color, 3)[0], linewidth=1.4, zorder=1)
                curves.append((table, faint, strong))
        stop = ax.axvline(1, color=INK, linestyle=":", linewidth=1.4, animated=True, zorder=2)
        (wait,) = ax.plot([], [], color=INK, linewidth=1, marker="|", markersize=7, animated=True, zorder=4)
        (dot,), (ring,) = self._dot(ax), self._ring(ax)
        epochs = np.arange(1, last_epoch + 1)
        names = ["training", "validation"][-len(curves) :]
        marks = {"kept": dot, "lowest of all": ring, "last epoch": stop}
        _legend(ax, dict(zip(names, (strong for *_, strong in curves), strict=True)) | marks)

        def move(values: Values) -> None:
            last, best, run = values["last"], values["best"], values["run"]
            span.set(x=last, width=last_epoch + 0.6 - last if last < last_epoch else 0)
            word.set_visible(last_epoch - last > 0.12 * last_epoch)  # there is room for it
            for table, faint, strong in curves:
                faint.set_data(epochs[last - 1 :], table[run, last - 1 :])
                strong.set_data(epochs[:last], table[run, :last])
            stop.set_xdata([last, last])
            wait.set_data([best, last], [values["kept"]] * 2)
            dot.set_data([best], [values["kept"]])
            ring.set_data([values["lowest_epoch"]], [values["lowest"]])

        return move

    def _paint_epochs(self, ax: Axes) -> Move:
        """Draw the epochs that are run over the patience; those of the chosen run move."""
        top = self.stopping.num_epochs
        ax.set(ylim=(0, 1.06 * top), title=f"Epochs run, of {top}")
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.tick_params(labelbottom=False)
        if self.stopping.num_runs > 1:
            _legend(ax, {"other runs": Line2D([], [], color=PALE, linewidth=1)}, right=True)
        return self._paint_table(ax, self.stopping.lasts, {"color": INK, "linestyle": "-"})

    def _paint_kept(self, ax: Axes) -> Move:
        """Draw the error that is kept over the patience; that of the chosen run moves, over its lowest of all."""
        kepts, lowest = self.stopping.kepts, self.stopping.val_errors.min()
        room = 0.12 * (kepts.max() - lowest) or 0.1 * abs(lowest) or 0.1
        ax.set(ylim=(lowest - room, kepts.max() + room), title="Error kept", xlabel="patience")
        ax.yaxis.set_major_locator(MaxNLocator(4))
        floor = ax.axhline(0, color=INK, linewidth=1, linestyle=(0, (1, 1.3)), animated=True, zorder=1.5)
        move_table = self._paint_table(ax, kepts, role_style("validation"))
        _legend(ax, {"lowest of all epochs": floor}, right=True)

        def move(values: Values) -> None:
            floor.set_ydata([values["lowest"]] * 2)
            move_table(values)

        return move

    def _paint_table(self, ax: Axes, table: NDArray, style: dict) -> Move:
        """Draw a line for each run over the patience; return what moves the chosen one and its marks."""
        most = self.stopping.most
        patiences = np.arange(1, most + 1)
        ax.set_xlim(1 - 0.035 * most, most * 1.035)
        ax.set_xticks([1, *range(5, most + 1, 5)] if most > 5 else patiences)
        for row in table if len(table) > 1 else ():
            ax.plot(patiences, row, color=PALE, linewidth=1, zorder=1)
        line = ax.axvline(1, color=INK, linestyle=":", linewidth=1.2, animated=True, zorder=2)
        (curve,) = ax.plot([], [], linewidth=1.8, animated=True, zorder=3, clip_on=False, **style)
        (dot,) = self._dot(ax, style["color"])

        def move(values: Values) -> None:
            row, patience = table[values["run"]], values["patience"]
            line.set_xdata([patience] * 2)
            curve.set_data(patiences, row)
            dot.set_data([patience], [row[patience - 1]])

        return move

    @staticmethod
    def _dot(ax: Axes, color: str = VERMILLION) -> list[Line2D]:
        look = {"linestyle": "none", "animated": True, "clip_on": False}
        return ax.plot([], [], "o", color=color, markersize=8, zorder=5, **look)

    @staticmethod
    def _ring(ax: Axes) -> list[Line2D]:
        look = {"linestyle": "none", "animated": True, "clip_on": False, "fillstyle": "none"}
        return ax.plot([], [], "o", color=INK, markersize=13, markeredgewidth=1.3, zorder=6, **look)


def _legend(ax: Axes, handles: dict[str, Line2D], *, right: bool = False) -> None:
    """Name what is drawn in one row above the frame, where no curve comes."""
    place = {"loc": "lower right", "bbox_to_anchor": (1.02, 1.01)} if right else {
        "loc": "lower left", "bbox_to_anchor": (-0.02, 1.01)
    }  # fmt: skip
    ax.legend(
        handles.values(), handles.keys(), ncols=5, handlelength=1.8, borderaxespad=0, borderpad=0.3, columnspacing=1,
        handletextpad=0.4, fontsize=9, **place,
    ).set_in_layout(False)  # fmt: skip
