"""The picture of a polynomial's fit: the points with the curve, both errors over the degree and over λ (lesson 13)."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from helpers.penalties import powers
from helpers.plots import BLUE, INK, VERMILLION, role_style, shades
from helpers.sliders.parts import number
from helpers.sliders.picture import Move, Update, Values, fix_layout, together

if TYPE_CHECKING:
    from helpers.sliders.polynomial import Fits

HEIGHT = 3.9  # inches
NUM = 300  # points of the curve
ROOM = 0.2  # above and below the data, in parts of their range
DEEPEST, HIGHEST = 100, 6  # the frame of the errors: so far below the best validation error, above that of degree 0
TITLE_PAD = 25  # points: under a title is its legend


class PolynomialPicture:
    """Draws the fits of one `Fits`."""

    def __init__(self, fits: "Fits") -> None:
        self.fits = fits
        first, *rest = np.log10(fits.lams[1:])
        self.places = np.array([first - 1.5, first, *rest])  # of λ on its axis: 0 stands apart
        lowest = fits.val_errors.min()
        flat = max(fits.val_errors[0].max(), fits.train_errors[0].max())
        deepest = np.clip(fits.train_errors.min(), max(lowest, 1e-3 * flat) / DEEPEST, flat)
        self.ylim = deepest / 1.6, max(HIGHEST * flat, 10 * lowest)

    def paint(self, figure: Figure) -> Update:
        """Draw the points and the frames; return what moves."""
        fit, by_degree, by_lam = figure.subplots(1, 3, width_ratios=(4, 3.3, 3.3))
        by_lam.sharey(by_degree)
        moves = [self._paint_fit(fit), self._paint_degrees(by_degree), self._paint_lams(by_lam)]
        fix_layout(figure)
        return together(moves, self.fits.say)

    def _paint_fit(self, ax: Axes) -> Move:
        """Draw the points; the curve moves."""
        fits = self.fits
        both_x, both_y = np.concatenate([fits.x, fits.x_val]), np.concatenate([fits.y, fits.y_val])
        grid, room = np.linspace(both_x.min(), both_x.max(), NUM), np.ptp(both_y)
        low, high = both_y.min() - ROOM * room, both_y.max() + ROOM * room
        side = 0.03 * np.ptp(grid)
        ax.set(xlim=(grid[0] - side, grid[-1] + side), ylim=(low, high), xlabel="x")
        ax.set_title("The fit", pad=TITLE_PAD)
        ax.set_ylabel("y", labelpad=1)
        light = shades(VERMILLION, 3)[0]
        look = {"markersize": 5, "markerfacecolor": "white", "markeredgewidth": 1.2}
        (unseen,) = ax.plot(fits.x_val, fits.y_val, "o", color=light, zorder=1, **look)
        (seen,) = ax.plot(fits.x, fits.y, "o", color=INK, markersize=5.5, markeredgewidth=0, zorder=2)
        (curve,) = ax.plot([], [], color=BLUE, linewidth=2.2, animated=True, zorder=3)
        _legend(ax, {"training": seen, "validation": unseen, "fit": curve}, 1.2)
        designs, far = [powers(grid, degree) for degree in fits.degrees], 20 * (high - low)

        def move(values: Values) -> None:
            heights = designs[values["degree"]] @ values["theta"]
            curve.set_data(grid, np.clip(heights, low - far, high + far))

        return move

    def _paint_degrees(self, ax: Axes) -> Move:
        """Prepare both errors over the degree, at one λ."""
        last = self.fits.max_degree
        ax.set(yscale="log", ylim=self.ylim, xlim=(-0.05 * last, 1.05 * last), xlabel="degree")
        ax.set_xticks(range(0, last + 1, 1 if last < 6 else 2 if last < 13 else 4))
        decades = 10.0 ** np.arange(np.ceil(np.log10(self.ylim[0])), np.log10(self.ylim[1]))
        ax.set_yticks(decades, labels=[number(decade) for decade in decades])
        ax.set_yticks([], minor=True)
        ax.set_title("Errors at this λ", pad=TITLE_PAD)
        curves, _, move_errors = self._prepare_errors(ax, np.arange(last + 1.0))
        _legend(ax, {"training": curves[0], "validation": curves[1]}, 2.2)

        def move(values: Values) -> None:
            column = int(np.argmin(np.abs(self.fits.lams - values["lam"])))
            move_errors(values["train_errors"][:, column], values["val_errors"][:, column], values["degree"])

        return move

    def _paint_lams(self, ax: Axes) -> Move:
        """Prepare both errors over λ, at one degree; λ = 0 stands apart at the left."""
        ax.set(xlim=(self.places[0] - 0.5, self.places[-1] + 0.4), xlabel="penalty λ")
        powers_shown = [-6, -4, -2, 0]
        labels = ["0", *(f"$10^{{{power}}}$" if power else "1" for power in powers_shown)]
        ax.set_xticks([self.places[0], *powers_shown], labels=labels)
        ax.tick_params(axis="y", labelleft=False)
        ax.set_title("Errors at this degree", pad=TITLE_PAD)
        _, ring, move_errors = self._prepare_errors(ax, self.places, apart=True)
        _legend(ax, {"lowest validation error": ring}, 1.2)

        def move(values: Values) -> None:
            column, degree = int(np.argmin(np.abs(self.fits.lams - values["lam"]))), values["degree"]
            move_errors(values["train_errors"][degree], values["val_errors"][degree], column)

        return move

    def _prepare_errors(
        self, ax: Axes, places: NDArray, *, apart: bool = False
    ) -> tuple[list[Line2D], Line2D, Callable[[NDArray, NDArray, int], None]]:
        """Prepare both curves, `apart` where the first place stands alone, and their marks; return what moves."""
        low, high = self.ylim
        top = high * (low / high) ** 0.02
        line = ax.axvline(0, color=INK, linestyle=":", linewidth=1.2, animated=True, zorder=2)
        look, curves, dots = {"animated": True, "clip_on": False, "linestyle": "none"}, [], []
        for role in ("train", "validation"):
            style = role_style(role)
            curves += ax.plot([], [], marker=".", markersize=6, linewidth=1.7, zorder=3, animated=True, **style)
            curves[-1].set_markevery([0] if apart else None)  # dots so close together would hide the dashes
            dots += ax.plot([], [], marker="o", markersize=8, zorder=5, **style | look)
        ring = ax.plot([], [], "o", markersize=12, color=INK, fillstyle="none", markeredgewidth=1.3, zorder=6, **look)[
            0
        ]

        def move(train: NDArray, val: NDArray, chosen: int) -> None:
            line.set_xdata([places[chosen]] * 2)
            for curve, dot, errors in zip(curves, dots, (train, val), strict=True):
                shown = np.clip(errors, low, 1e3 * high)
                curve.set_data(*(np.insert(part, 1, np.nan) if apart else part for part in (places, shown)))
                dot.set_data([places[chosen]], [min(shown[chosen], top)])
                dot.set_marker("^" if shown[chosen] > high else "o")  # an arrow where it is above the frame
            flat = np.ptp(val) <= 1e-9 * val.max()  # then none is the lowest
            ring.set_data(*(([], []) if flat else ([places[val.argmin()]], [np.clip(val.min(), low, high)])))

        return curves, ring, move


def _legend(ax: Axes, handles: dict[str, Line2D], length: float) -> None:
    """Name what is drawn in one row between the title and the frame, where no curve comes."""
    ax.legend(
        handles.values(), handles.keys(), loc="lower left", bbox_to_anchor=(-0.02, 1.01), ncols=3, handlelength=length,
        borderaxespad=0, borderpad=0.3, columnspacing=1, handletextpad=0.4,
    )  # fmt: skip
