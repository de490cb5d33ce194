"""The picture of a training's epochs: the image, the ten probabilities, the losses, the truth over time (lesson 08)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.drawing import FIELD
from helpers.plots import BLUE, INK, plot_history
from helpers.sliders.mosaic import Mosaic
from helpers.sliders.parts import percent
from helpers.sliders.picture import Move, Update, Values, fix_layout, together

if TYPE_CHECKING:
    from helpers.sliders.epochs import Training


class EpochsPicture:
    """Draws the epochs of one `Training`."""

    def __init__(self, training: "Training") -> None:
        self.training = training

    def paint(self, figure: Figure) -> Update:
        """Draw the losses and three empty axes; return what moves."""
        grid = figure.add_gridspec(2, 3, width_ratios=(3, 3.2, 4))
        image, bars = figure.add_subplot(grid[:, 0]), figure.add_subplot(grid[:, 1])
        losses, truth = figure.add_subplot(grid[0, 2]), figure.add_subplot(grid[1, 2])
        moves = [
            self._paint_image(image), self._paint_bars(bars), self._paint_losses(losses), self._paint_truth(truth)
        ]  # fmt: skip
        last = self.training.num_epochs
        for ax in (losses, truth):
            ax.set_xlim(-0.03 * last, 1.03 * last)
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        losses.set_xlabel("")
        losses.tick_params(labelbottom=False)
        fix_layout(figure)
        return together(moves, self.training.say)

    def _paint_image(self, ax: Axes) -> Move:
        """Prepare the image, under what it is and what it is read as."""
        top, pixels = float(self.training.images.max()), Mosaic(ax)
        ax.set(xlim=(-0.5, FIELD - 0.5), ylim=(FIELD - 0.5, -0.5), aspect="equal")
        ax.set_title(" ")  # room for the words
        ax.set_axis_off()
        look = {"transform": ax.transAxes, "animated": True}
        title = ax.text(0, 1.03, "", va="bottom", fontsize=11, **look)
        said = ax.text(0, -0.04, "", va="top", **look)

        def move(values: Values) -> None:
            pixels.set_image(self.training.images[values["image"]], 0, top)
            title.set_text(f"Image {values['image']:,}: in truth {values['label']}")
            right = values["says"] == values["label"]
            said.set_text(f"{'✓' if right else '✗'} read as {values['says']}")

        return move

    def _paint_bars(self, ax: Axes) -> Move:
        """Prepare a bar for each class; the truth has an outline from 0 to 1, and its name."""
        classes = np.arange(10)
        ax.set(xlim=(0, 1), ylim=(9.6, -0.6), title="What the model says", xlabel="probability")
        ax.set_yticks(classes)
        ax.set_xticks([0, 0.5, 1], labels=["0", "0.5", "1"])
        ax.tick_params(axis="y", length=0)
        bars = ax.barh(classes, np.zeros(10), height=0.7, color=BLUE, animated=True)
        outline = ax.barh([0], [1], height=0.86, fill=False, edgecolor=INK, linewidth=1.5, animated=True, zorder=4)[0]
        outline.set_clip_on(False)
        look = {"va": "center", "animated": True, "fontsize": 9.5, "zorder": 5}
        words = [ax.text(0, 0, "", **look) for _ in range(2)]

        def move(values: Values) -> None:
            p, label, says = values["probabilities"], values["label"], values["says"]
            for bar, share in zip(bars, p, strict=True):
                bar.set_width(share)
            outline.set_y(label - 0.43)
            texts = {label: f"truth: {percent(p[label])}"}
            if says != label:
                texts[says] = percent(p[says])
            for word, (place, text) in zip(words, [*texts.items(), (0, "")], strict=False):
                word.set_text(text)
                inside = p[place] > 0.55
                word.set(x=p[place] + (-0.03 if inside else 0.03), y=place, ha="right" if inside else "left")
                word.set_color("white" if inside else INK)

        return move

    def _paint_losses(self, ax: Axes) -> Move:
        """Draw both losses; a line marks the epoch."""
        curves = self.training.curves
        plot_history({name: curves[name] for name in ("loss", "val_loss")}, ax)
        ax.set(title="The loss", ylabel="")
        ax.legend(
            ("training", "validation"), loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderaxespad=0.2,
            handlelength=2, columnspacing=1, handletextpad=0.5,
        ).set_in_layout(False)  # fmt: skip
        ax.set_ylim(*ax.get_ylim())  # the dots must not move it
        line = ax.axvline(0, color=INK, linestyle=":", linewidth=1.2, animated=True)
        dots = [
            ax.plot([], [], "o", color=curve.get_color(), markersize=7, animated=True, clip_on=False, zorder=5)[0]
            for curve in ax.lines[:2]
        ]

        def move(values: Values) -> None:
            epoch = values["epoch"]
            line.set_xdata([epoch, epoch])
            for dot, name in zip(dots, ("loss", "val_loss"), strict=True):
                dot.set_data(*(([epoch], [values[name]]) if epoch else ([], [])))

        return move

    def _paint_truth(self, ax: Axes) -> Move:
        """Prepare the probability of the right class over the epochs: a full dot where the reading is right."""
        ax.set(ylim=(-0.06, 1.06), xlabel="epoch")
        ax.set_yticks([0, 0.5, 1], labels=["0", "0.5", "1"])
        ax.set_title("The truth's probability (○ read wrong)")
        line = ax.axvline(0, color=INK, linestyle=":", linewidth=1.2, animated=True)
        look = {"animated": True, "color": BLUE, "clip_on": False}
        size = 5.5 if self.training.num_epochs <= 40 else 3
        (curve,) = ax.plot([], [], linewidth=1.3, **look)
        hollow, full = (
            ax.plot([], [], "o", markersize=size, markerfacecolor=face, zorder=4, **look)[0] for face in ("white", BLUE)
        )
        (ring,) = ax.plot([], [], "o", markersize=size + 5, markerfacecolor="none", zorder=5, **look | {"color": INK})
        epochs = np.arange(self.training.num_epochs + 1)

        def move(values: Values) -> None:
            epoch, p, right = values["epoch"], values["truth_by_epoch"], values["right_by_epoch"]
            line.set_xdata([epoch, epoch])
            curve.set_data(epochs, p)
            hollow.set_data(epochs[~right], p[~right])
            full.set_data(epochs[right], p[right])
            ring.set_data([epoch], [p[epoch]])

        return move
