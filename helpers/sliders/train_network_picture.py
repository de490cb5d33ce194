"""The picture of a network in training: the plane with its boundary and its creases, and both losses (lesson 05)."""

from typing import TYPE_CHECKING

import numpy as np
from contourpy import FillType, contour_generator
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from helpers.plots import BLUE, INK, VERMILLION, role_style
from helpers.sliders.parts import number
from helpers.sliders.picture import Move, Update, Values, together

if TYPE_CHECKING:
    from helpers.sliders.train_network import Training

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])  # of the probability, between two shades
SHADES = "#e4e4e4", "#ececec", "#f4f4f4", "#ecf4fc", "#d4ecfc", "#b4dcf4"  # 8 k + 4: kept as they are by the palette
FLAT = 1e-9  # a margin below this is 0 up to rounding: units that are off leave whole regions so
HUGE = 1e6
MANY = 20  # steps uphill: beyond, the curves are a tangle, whose blended colors would double the picture's size
LOW, HIGH = 0.005, 10  # the frame of the losses


class NetworkPicture:
    """Draws the runs of one `Training`."""

    def __init__(self, training: "Training") -> None:
        self.training = training

    def paint(self, figure: Figure) -> Update:
        """Draw two axes; return what moves on them."""
        plane, curves = figure.subplots(1, 2, width_ratios=(6, 5))
        painters = self._paint_shades, self._paint_points, self._paint_lines
        moves = [*(paint(plane) for paint in painters), self._paint_losses(curves)]
        plane.set_title(" ")  # room for the legend
        plane.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=5, fontsize=9.5, borderaxespad=0, borderpad=0.3,
            handlelength=1.6, handletextpad=0.3, columnspacing=0.9,
        ).set_in_layout(False)  # fmt: skip
        return together(moves, self.training.say)

    def _paint_shades(self, ax: Axes) -> Move:
        """Prepare the shades of the probability: one over the other, each from its level up."""
        (left, bottom), (right, top) = self.training.low, self.training.high
        ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="x₁", ylabel="x₂")
        ax.set_facecolor(SHADES[0])
        look = {"edgecolor": "none", "antialiased": False, "animated": True}
        patches = [
            ax.add_patch(PathPatch(_path([], []), facecolor=shade, zorder=1 + 0.01 * i, **look))
            for i, shade in enumerate(SHADES[1:])
        ]

        def move(values: Values) -> None:
            surface = contour_generator(
                values["grid_x"], values["grid_y"], _finite(values["margin"]), fill_type=FillType.OuterCode
            )
            for patch, level in zip(patches, np.log(LEVELS / (1 - LEVELS)), strict=True):
                patch.set_path(_path(*surface.filled(level, 2 * HUGE)))

        return move

    def _paint_lines(self, ax: Axes) -> Move:
        """Prepare the boundary, and the creases where a hidden unit switches on."""
        look = {"animated": True, "color": "0.45", "linewidth": 0.9}
        (boundary,) = ax.plot([], [], color=INK, linewidth=2.2, label="p = ½", animated=True, zorder=3)
        (alive,) = ax.plot([], [], linestyle=(0, (5, 3)), label="unit on/off", zorder=2, **look)
        (dead,) = ax.plot([], [], linestyle=(0, (1, 3)), zorder=2, **look)
        reach = 10 * float(np.hypot(*(self.training.high - self.training.low)))
        middle = (self.training.high + self.training.low) / 2

        def move(values: Values) -> None:
            W1, b1 = values["params"][:2]
            alive.set_linewidth(0.9 if values["width"] <= 8 else 0.6)
            lines = _creases(W1, b1, middle, reach)
            for line, which in ((alive, ~values["dead_units"]), (dead, values["dead_units"])):
                line.set_data(*lines[which].reshape(-1, 2).T)
            surface = _finite(values["margin"])
            surface = np.ma.masked_where(np.abs(surface) < FLAT, surface)
            pieces = contour_generator(values["grid_x"], values["grid_y"], surface).lines(0.0)
            apart = [row for piece in pieces for row in (piece, [[np.nan, np.nan]])]
            boundary.set_data(*(np.concatenate(apart).T if apart else ([], [])))

        return move

    def _paint_points(self, ax: Axes) -> Move:
        """Prepare the training points, as crosses where they get the wrong answer."""
        X, labels = self.training.train
        look = {"linestyle": "none", "animated": True, "zorder": 4, "markersize": 4.5, "markeredgewidth": 0.9}
        (hollow,) = ax.plot([], [], "o", color=INK, markerfacecolor="white", label="class 0", **look)
        (full,) = ax.plot([], [], "o", color=BLUE, label="class 1", **look)
        look |= {"markersize": 6.5, "markeredgewidth": 1.8, "color": VERMILLION}
        (cross,) = ax.plot([], [], "x", label="wrong", **look)

        def move(values: Values) -> None:
            wrong = values["wrong"]
            for dots, which in ((hollow, ~wrong & (labels == 0)), (full, ~wrong & (labels == 1)), (cross, wrong)):
                dots.set_data(*X[which].T)

        return move

    def _paint_losses(self, ax: Axes) -> Move:
        """Prepare both losses over the steps, with their present values and the mistakes in the legend."""
        ax.set_xscale("symlog", linthresh=1, linscale=0.4, subs=range(2, 10))
        ax.set(yscale="log", xlim=(-0.1, 1300), ylim=(LOW, HIGH), xlabel="steps", title="The loss")
        ax.set_xticks([0, 1, 10, 100, 1000], labels=["0", "1", "10", "100", "1,000"])
        ax.set_yticks([0.01, 0.1, 1, 10], labels=["0.01", "0.1", "1", "10"])
        ax.axhline(np.log(2), color=INK, linestyle=":", linewidth=1)
        ax.annotate("guessing: ln 2", (1, np.log(2)), (0, 2), xycoords=ax.get_yaxis_transform(), ha="right",
                    va="bottom", textcoords="offset points", fontsize=9.5)  # fmt: skip
        curves = [
            ax.plot([], [], animated=True, linewidth=1.8, zorder=3, **role_style(role))[0]
            for role in ("train", "validation")
        ]
        look = {"marker": "o", "linestyle": "none", "markersize": 7, "animated": True, "clip_on": False, "zorder": 4}
        dots = [ax.plot([], [], color=curve.get_color(), **look)[0] for curve in curves]
        at, texts = {"transform": ax.transAxes, "fontsize": 10, "va": "center"}, []
        for height, role, word in ((0.12, "train", "training"), (0.05, "validation", "validation")):
            ax.plot([0.02, 0.11], [height] * 2, transform=ax.transAxes, linewidth=1.8, **role_style(role))
            ax.text(0.13, height, word, **at)
            texts.append(ax.text(0.37, height, "", animated=True, **at))
        word = ax.text(0.98, 0.98, "", transform=ax.transAxes, ha="right", va="top", animated=True, color=BLUE)
        sizes = len(self.training.train[1]), len(self.training.val[1])

        def move(values: Values) -> None:
            at = np.arange(values["num_steps"] + 1), values["val_steps"]
            tangle = int(np.sum(np.diff(values["losses"]) > 0)) > MANY
            found = zip(at, (values["losses"], values["val_losses"]), curves, dots, strict=True)
            for steps, losses, curve, dot in found:
                shown = np.clip(np.nan_to_num(losses, nan=HUGE, posinf=HUGE), LOW, HUGE)
                curve.set_data(steps, shown)
                curve.set_antialiased(not tangle)
                dot.set_data(steps[-1:], np.clip(shown[-1:], LOW, HIGH))
            for text, kind, size in zip(texts, ("", "val_"), sizes, strict=True):
                text.set_text(f"{number(values[kind + 'loss'])}, {values[kind + 'mistakes']} of {size} wrong")
            word.set_text("diverges" if values["diverges"] else "")

        return move


def _finite(margin: NDArray) -> NDArray:
    """Return a surface that contours can be drawn of: nan becomes 0."""
    return np.clip(np.nan_to_num(margin, nan=0.0, posinf=HUGE, neginf=-HUGE), -HUGE, HUGE)


def _path(points: list[NDArray], codes: list[NDArray]) -> Path:
    """Return one path of several closed pieces."""
    return Path(np.concatenate([np.empty((0, 2)), *points]), np.concatenate([np.empty(0, np.uint8), *codes]))


def _creases(W1: NDArray, b1: NDArray, middle: NDArray, reach: float) -> NDArray:
    """Return the lines w·x + b = 0, shape (width, 3, 2): two ends, `reach` to either side of the point nearest to
    `middle`, and nan; a unit without a direction has no line.
    """
    with np.errstate(all="ignore"):
        normal = W1.T / np.hypot(*W1)[:, None]
        near = middle - ((middle @ W1 + b1) / np.hypot(*W1))[:, None] * normal
    along = reach * normal[:, ::-1] * [-1, 1]
    near[~(np.abs(near - middle) < reach).all(axis=1)] = np.nan  # far out of the picture
    return np.stack([near - along, near + along, np.full_like(near, np.nan)], axis=1)
