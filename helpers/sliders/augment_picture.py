"""The picture of augmentation: digits with their copies, and the recorded accuracy over the strength (lesson 14)."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from helpers.drawing import FIELD
from helpers.plots import INK, VERMILLION, role_style
from helpers.sliders.augment_given import COPIES, LOST
from helpers.sliders.letters import Letters
from helpers.sliders.mosaic import Mosaic
from helpers.sliders.picture import CSS_DPI, DENSITY, Move, Update, Values, in_inches, together

if TYPE_CHECKING:
    from helpers.sliders.augment import Augmentation

WIDTH, HEIGHT = 9.0, 3.5  # inches
PIXEL = 4 / (CSS_DPI * DENSITY)  # inches: a whole number of the picture's own pixels
GAP, APART = 3, 11  # pixels of an image between two copies, and between the original and its copies
LEFT, TOP = 0.55, 3.06  # of the copies
CURVE = (6.98, 0.56, 1.86, 2.27)  # left, bottom, width, height
LIGHT = "#f3c9ad"  # between the lowest and the highest run


class AugmentPicture:
    """Draws the copies of one `Augmentation`."""

    def __init__(self, run: "Augmentation") -> None:
        self.run = run
        self.rows = len(run.images)
        self.top = float(run.images.max()) or 1.0
        self.height = self.rows * (FIELD + GAP) - GAP

    def paint(self, figure: Figure) -> Update:
        """Draw the labels and the curve; return what moves."""
        sheet = in_inches(figure)
        left, bottom, width, height = CURVE
        curve = figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
        self._write_words(sheet)
        moves = [self._paint_copies(sheet), self._paint_frames(sheet), self._paint_curve(curve)]
        return together(moves, self.run.say)

    def _corner(self, row: int, column: int) -> tuple[float, float]:
        """Return the upper left corner of an image, in inches; column 0 is the original."""
        x = column * (FIELD + GAP) + (APART - GAP) * (column > 0)
        return LEFT + x * PIXEL, TOP - row * (FIELD + GAP) * PIXEL

    def _write_words(self, sheet: Axes) -> None:
        """Write what stays: the labels, and what is in which column."""
        look = {"fontsize": 11, "va": "baseline"}
        sheet.text(0.1, TOP + 0.13, "label", fontsize=9.5)
        sheet.text(LEFT, TOP + 0.13, "original", **look)
        sheet.text(self._corner(0, 1)[0], TOP + 0.13, "random copies, with the same label", **look)
        for row, label in enumerate(self.run.labels):
            middle = self._corner(row, 0)[1] - FIELD * PIXEL / 2
            sheet.text(0.28, middle, str(label), ha="center", va="center", fontsize=14, fontweight="bold")

    def _paint_copies(self, sheet: Axes) -> Move:
        """Prepare the images, each original before its copies, on one sheet: one picture is quick to draw."""
        columns = 1 + COPIES
        width = APART + columns * (FIELD + GAP) - 2 * GAP
        mosaic = Mosaic(sheet)
        paper = np.full((self.height, width, 3), 255, np.uint8)
        edges = LEFT, LEFT + width * PIXEL, TOP - self.height * PIXEL, TOP

        def move(values: Values) -> None:
            for row, (original, copies) in enumerate(zip(self.run.images, values["copies"], strict=True)):
                for column, image in enumerate((original, *copies)):
                    x = column * (FIELD + GAP) + (APART - GAP) * (column > 0)
                    gray = np.rint(image * (255 / self.top)).astype(np.uint8)[..., None]
                    paper[row * (FIELD + GAP) :, x:][:FIELD, :FIELD] = gray
            mosaic.set_colors(paper, *edges)

        return move

    def _paint_frames(self, sheet: Axes) -> Move:
        """Prepare a frame for each copy that loses ink, and say under the copies what it means."""
        side, out = FIELD * PIXEL, GAP * PIXEL / 2
        look = {"facecolor": "none", "edgecolor": VERMILLION, "linewidth": 2.2}
        frames = [
            [self._frame(sheet, *self._corner(row, column), side, out, animated=True, zorder=3, **look)
             for column in range(1, COPIES + 1)]
            for row in range(self.rows)
        ]  # fmt: skip
        line = TOP - self.height * PIXEL - 0.3
        self._frame(sheet, LEFT + out, line + 0.13, 0.15, 0, **look)
        words = Letters(sheet, LEFT + 0.28, line, size=9.5, color=INK)

        def move(values: Values) -> None:
            for row, lost in zip(frames, values["lost"], strict=True):
                for frame, share in zip(row, lost, strict=True):
                    frame.set_visible(share > LOST)
            many = f"{values['cut']} of {values['lost'].size} copies"
            words.write(f"more than {100 * LOST:g} % of the ink has left the frame: {many}")

        return move

    @staticmethod
    def _frame(sheet: Axes, x: float, y: float, side: float, out: float, **look: Any) -> Rectangle:
        """Return a frame around a square whose upper left corner is (x, y)."""
        return sheet.add_patch(Rectangle((x - out, y - side - out), side + 2 * out, side + 2 * out, **look))

    def _paint_curve(self, ax: Axes) -> Move:
        """Draw the accuracy over the strength, with the spread over the runs; the chosen setting moves."""
        tables = self.run.recorded
        strengths, runs = list(tables["all"]), [100 * runs for runs in tables["all"].values()]
        every = np.concatenate([100 * runs for table in tables.values() for runs in table.values()])
        room = 0.08 * np.ptp(every) or 1.0
        most = max(3.0, *(strength for table in tables.values() for strength in table))
        ax.set(xlim=(-0.1 * most / 3, 1.03 * most), ylim=(every.min() - room, min(every.max() + room, 101)))
        ax.set_xlabel("strength")
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        ax.set_title("Validation accuracy, in %", loc="right", pad=25)
        low, high = ([float(end(part)) for part in runs] for end in (np.min, np.max))
        ax.fill_between(strengths, low, high, color=LIGHT, linewidth=0, zorder=1)
        means = [float(part.mean()) for part in runs]
        style = role_style("validation") | {"marker": "o", "markersize": 4, "clip_on": False}
        (curve,) = ax.plot(strengths, means, zorder=2, **style)
        line = ax.axvline(0, color=INK, linestyle=":", linewidth=1.2, animated=True, zorder=2.5)
        look = {"linestyle": "none", "animated": True, "clip_on": False, "zorder": 5}
        (dot,) = ax.plot([], [], "o", color=VERMILLION, markersize=9, **look)
        (square,) = ax.plot([], [], "s", color=INK, markersize=7, **look)
        (bar,) = ax.plot([], [], color=INK, linewidth=1.5, animated=True, zorder=4)
        handles: dict[str, Any] = {"all": curve, "spread": Patch(facecolor=LIGHT)}
        if len(tables) > 1:
            handles["one alone"] = Line2D([], [], color=INK, marker="s", markersize=6, linestyle="none")
        ax.legend(
            handles.values(), handles.keys(), loc="lower right", bbox_to_anchor=(1.04, 1.0), ncols=3, fontsize=9,
            handlelength=1.6, borderaxespad=0, borderpad=0.3, columnspacing=0.9, handletextpad=0.4,
        )  # fmt: skip

        def move(values: Values) -> None:
            strength, kind = values["strength"], values["kind"]
            line.set_xdata([strength] * 2)
            here = tables["all"].get(strength) if kind == "all" else None
            dot.set_data(*(([], []) if here is None else ([strength], [100 * here.mean()])))
            alone = {} if kind == "all" else tables.get(kind, {})
            square.set_data(list(alone), [100 * part.mean() for part in alone.values()])
            ends = [[100 * part.min(), 100 * part.max(), np.nan] for part in alone.values()]
            bar.set_data(np.repeat(list(alone), 3), np.concatenate([[], *ends]))

        return move
