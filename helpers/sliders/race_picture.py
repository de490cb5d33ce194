"""The picture of a race: the ways of five rules, their heights, who arrived, and the limits in theory (lesson 06)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from helpers.landscapes import BOWL, LANDSCAPES, Landscape
from helpers.plots import INK, plot_contours, role_style
from helpers.sliders.letters import NOTHING, POINTS, outlines
from helpers.sliders.parts import FAR, edge, number
from helpers.sliders.picture import Move, Update, Values, together

if TYPE_CHECKING:
    from helpers.sliders.race import Race

NAMES = {"sgd": "plain descent", "momentum": "momentum", "nesterov": "Nesterov", "rmsprop": "RMSprop", "adam": "Adam"}
LOOKS = {rule: role_style("SGD" if rule == "sgd" else rule) | {"linewidth": 1.6} for rule in NAMES}
# Not antialiased: five hues, blended wherever two lines cross, are more colors than a small PNG can hold.
CRISP = {"animated": True, "antialiased": False, "zorder": 3}
FORMULAS = {"sgd": "= 2/λmax", "momentum": "= 2(1+β)/λmax", "nesterov": "= 2(1+β)/((1+2β)λmax)"}
NO_LIMIT = "no limit for all of it:\nthe curvature changes\nfrom place to place"
PLACES = {  # left, bottom, width, height, in parts of the figure: the same for every landscape
    "landscape": (0.075, 0.14, 0.355, 0.77), "heights": (0.495, 0.425, 0.257, 0.485), "board": (0.77, 0.4, 0.22, 0.51),
    "limits": (0.495, 0.14, 0.257, 0.135), "formulas": (0.77, 0.14, 0.22, 0.135),
}  # fmt: skip
GOAL, FLOOR, ROOM = 1e-6, 1e-8, 20  # the axis of the heights goes from FLOOR to ROOM times the start


class RacePicture:
    """Draws the descents of one `Race`."""

    def __init__(self, run: "Race") -> None:
        self.run = run

    def paint(self, figure: Figure) -> Update:
        """Draw the axes; return what moves. Another landscape redraws everything."""
        figure.set_layout_engine("none")
        axes = {name: figure.add_axes(place) for name, place in PLACES.items()}
        moves = [
            self._paint_landscape(axes["landscape"], axes["heights"]),
            self._paint_ways(axes["landscape"]),
            self._paint_heights(axes["heights"]),
            self._paint_board(axes["board"]),
            self._paint_limits(axes["limits"]),
            self._paint_formulas(axes["formulas"]),
        ]
        return together(moves, self.run.say)

    def _paint_landscape(self, ax: Axes, heights: Axes) -> Move:
        """Return what draws another landscape, and fits both frames to it."""
        ax.set(xlabel="w1")
        ax.set_ylabel("w2", labelpad=0)
        shown = ""

        def move(values: Values) -> None:
            nonlocal shown
            if values["landscape"] == shown:
                return
            shown, land = values["landscape"], LANDSCAPES[values["landscape"]]
            for old in [part for part in (*ax.collections, *ax.lines) if not part.get_animated()]:
                old.remove()
            plot_contours(land.height, ax, xlim=land.xlim, ylim=land.ylim, levels=7, num=150)
            ax.plot(*land.minima.T, "+", color=INK, markersize=9, markeredgewidth=1.5, zorder=1.5)
            ax.plot(*land.start, "o", color=INK, markerfacecolor="white", markeredgewidth=1.5, markersize=9, zorder=1.5)
            ax.set_title(f"{place(values)}, {self.run.num_steps} steps")
            heights.set_ylim(FLOOR, ROOM * land.height(*land.start))

        return move

    def _paint_ways(self, ax: Axes) -> Move:
        """Prepare the five ways: each ends in a dot, or in a cross where it leaves the frame for good."""
        ways = {rule: _Way(ax, rule) for rule in NAMES}

        def move(values: Values) -> None:
            for rule, way in ways.items():
                way.set(values["paths"][rule], LANDSCAPES[values["landscape"]])

        return move

    def _paint_heights(self, ax: Axes) -> Move:
        steps = np.arange(self.run.num_steps + 1)
        ax.set(yscale="log", xlim=(0, steps[-1]), title="Height", xlabel="step")
        ax.axhline(GOAL, color=INK, linestyle="--", linewidth=1)
        at = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "top"}
        ax.annotate("goal", (0.02, GOAL), (0, -3), **at)
        lines = {rule: ax.plot([], [], **CRISP, **look)[0] for rule, look in LOOKS.items()}

        def move(values: Values) -> None:
            for rule, line in lines.items():
                line.set_data(steps, np.clip(np.nan_to_num(values["heights"][rule], nan=1e9), FLOOR / 1e3, 1e9))

        return move

    def _paint_board(self, ax: Axes) -> Move:
        """Draw a legend that also says who has arrived."""
        ax.set(xlim=(0, 1), ylim=(9.6, -0.6), title="Under 1e-6 from")
        ax.set_axis_off()
        words = {}
        for row, (rule, name) in enumerate(NAMES.items()):
            ax.plot([0, 0.2], [2 * row, 2 * row], **LOOKS[rule])
            ax.text(0.25, 2 * row, name, va="center_baseline")
            words[rule] = _Word(ax, 10.5)

        def move(values: Values) -> None:
            for row, (rule, word) in enumerate(words.items()):
                step = values["arrived"][rule]
                late = "✗ diverges" if rule in values["diverges"] else "not yet"
                word.put(late if step is None else f"✓ step {step}", 0.25, 2 * row + 1.1)

        return move

    def _paint_limits(self, ax: Axes) -> Move:
        """Prepare a line for the present eta, and a bar up to its limit for each rule that has one on the bowl."""
        ax.set(xscale="log", xlim=(8e-5, 4), ylim=(2.6, -0.6), xlabel="learning rate eta")
        ax.set_xticks([1e-4, 1e-3, 0.01, 0.1, 1], labels=["1e-4", "1e-3", "0.01", "0.1", "1"])
        ax.set_xticks([], minor=True)
        ax.set_yticks([])
        bars = {rule: ax.plot([], [], **CRISP, **LOOKS[rule])[0] for rule in FORMULAS}
        (line,) = ax.plot([], [], color=INK, linewidth=1.6, animated=True, zorder=4)

        def move(values: Values) -> None:
            line.set_data([values["eta"]] * 2, ax.get_ylim())
            for row, (rule, bar) in enumerate(bars.items()):
                limit = values["limits"][rule]
                bar.set_data(*([[1e-4, limit], [row, row]] if limit else ([], [])))

        return move

    def _paint_formulas(self, ax: Axes) -> Move:
        """Write the formulas of the limits and what they give, or why there are none."""
        ax.set(xlim=(0, 1), ylim=(2.6, -0.6))
        ax.set_axis_off()
        words = {rule: _Word(ax, 9) for rule in FORMULAS}
        formulas = [ax.text(0.22, row + 0.3, text, fontsize=9) for row, text in enumerate(FORMULAS.values())]
        nothing = ax.text(0, 1, NO_LIMIT, va="center", fontsize=9, visible=False)

        def move(values: Values) -> None:
            on_bowl = values["landscape"] == BOWL.name
            if nothing.get_visible() == on_bowl:  # another landscape, where everything is redrawn
                for text in (nothing, *formulas):
                    text.set_visible(on_bowl != (text is nothing))
            for row, (rule, word) in enumerate(words.items()):
                word.put(number(values["limits"][rule]) if on_bowl else "", 0, row + 0.3)

        return move


class _Way:
    """The way of one rule."""

    def __init__(self, ax: Axes, rule: str) -> None:
        look = {"color": LOOKS[rule]["color"], "animated": True, "transform": ax.transAxes}
        (self._line,) = ax.plot([], [], transform=ax.transAxes, **CRISP, **LOOKS[rule])
        hollow = {"markerfacecolor": "white" if rule == "nesterov" else look["color"], "markeredgewidth": 1.5}
        (self._dot,) = ax.plot([], [], "o", markersize=6, zorder=4, **look | hollow)
        (self._cross,) = ax.plot([], [], "x", markersize=7, markeredgewidth=2, clip_on=False, zorder=6, **look)

    def set(self, path: NDArray, land: Landscape) -> None:
        """Move to the points of `path`, shape (n, 2)."""
        low, high = np.array([land.xlim, land.ylim]).T
        with np.errstate(all="ignore"):
            unit = np.clip(np.nan_to_num((path - low) / (high - low), nan=FAR), -FAR, FAR)
        last = int(np.flatnonzero((np.abs(unit - 0.5) <= 0.5).all(axis=1))[-1])  # the start is inside
        leaves = last + 1 < len(unit)
        end = edge(unit[last], unit[last + 1]) if leaves else unit[last]
        self._line.set_data(*np.vstack([unit[: last + 1], end]).T)
        for mark, shown in ((self._dot, not leaves), (self._cross, leaves)):
            mark.set_data(*(end[:, None] if shown else ([], [])))


class _Word(PathPatch):
    """A short text drawn as a path, which is kept: ten times quicker than Matplotlib's own texts."""

    def __init__(self, ax: Axes, size: float) -> None:
        super().__init__(NOTHING, facecolor=INK, linewidth=0, animated=True, zorder=5)
        self._size = size
        ax.add_artist(self)

    def put(self, text: str, x: float, y: float) -> None:
        """Write the text with the left end of its baseline at the data point (x, y)."""
        self.set_visible(bool(text))
        if text:
            self.set_path(outlines(text, self._size, mono=False, bold=False))
        at = self.axes.transData.transform((x, y))
        self.set_transform(Affine2D().scale(self.get_figure().dpi / POINTS).translate(*at))


def place(values: Values) -> str:
    """Return the landscape's name as it stands in a sentence.

    >>> place({"landscape": "bowl"}), place({"landscape": "Beale"})
    ('The bowl', "Beale's function")
    """
    name = values["landscape"]
    return f"The {name}" if name == BOWL.name else f"{name}'s function"
