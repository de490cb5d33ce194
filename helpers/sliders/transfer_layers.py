"""The right half of the picture of transfer: which layers are trained, and what the new task and the old one get."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

from helpers.plots import BLUE, INK
from helpers.sliders.letters import POINTS, Letters
from helpers.sliders.parts import percent
from helpers.sliders.picture import Move, Values
from helpers.sliders.transfer_given import LAYERS

if TYPE_CHECKING:
    from helpers.sliders.transfer import Transfer

LEFT = 6.12  # inches, as all that follows
BOX, APART, BOTTOM, TALL = 0.59, 0.1, 2.6, 0.4  # width of a box, gap to the next, the boxes' bottom and height
BARS = (LEFT, 0.62, 2.66, 1.3)  # left, bottom, width, height
NEW, OLD, THICK = 0.6, 0.03, 0.19  # the bottoms of the bars and their height, in parts of their axes
GRAY, LOST = "0.6", "white"


def paint_boxes(sheet: Axes, task: "Transfer") -> Move:
    """Draw the layers from the input to the head; which of them are frozen moves."""
    sheet.text(LEFT, 3.55, "Layers and their parameters", fontsize=11)
    parts = []
    for i, (layer, many) in enumerate(zip(LAYERS, task.parameters, strict=True)):
        x = LEFT + i * (BOX + APART)
        middle = x + BOX / 2
        sheet.text(middle, BOTTOM + TALL + 0.08, layer, ha="center", fontsize=9.5)
        sheet.text(middle, BOTTOM - 0.08, _short(many), ha="center", va="top", fontsize=9.5)
        look = {"linewidth": 1.3, "animated": True}
        box = sheet.add_patch(Rectangle((x, BOTTOM), BOX, TALL, **look))
        room = sheet.add_patch(Rectangle((x + 0.04, BOTTOM + 0.1), BOX - 0.08, 0.2, facecolor="white", animated=True))
        if i:
            sheet.plot([x - APART, x], [BOTTOM + TALL / 2] * 2, color=INK, linewidth=1)
        parts.append((box, room, middle, Letters(sheet, x, BOTTOM + 0.155, size=9, color=INK)))

    def move(values: Values) -> None:
        for i, (box, room, middle, word) in enumerate(parts):
            frozen = i < values["frozen"]
            box.set(facecolor="0.93" if frozen else "white", edgecolor=GRAY if frozen else BLUE)
            box.set_hatch("////" if frozen else "")
            room.set_visible(frozen)
            word.write(
                "frozen" if frozen else "trained", color=INK if frozen else BLUE, x=middle - (0.21 if frozen else 0.24)
            )

    return move


def paint_bars(figure: Figure, sheet: Axes) -> Move:
    """Draw the axis of the bars; the accuracies on the new and the old task move."""
    width, height = figure.get_size_inches()
    ax = figure.add_axes((BARS[0] / width, BARS[1] / height, BARS[2] / width, BARS[3] / height))
    ax.set(xlim=(0, 100), ylim=(0, 1), xlabel="accuracy in %", yticks=[])
    ax.spines["left"].set_visible(False)
    look = {"height": THICK, "animated": True, "zorder": 2}
    new = ax.add_patch(Rectangle((0, NEW), 0, facecolor=BLUE, **look))
    kept = ax.add_patch(Rectangle((0, OLD), 0, facecolor=GRAY, **look))
    lost = ax.add_patch(
        Rectangle((0, OLD), 0, facecolor=LOST, edgecolor=INK, hatch="////", **look | {"linewidth": 0.8})
    )
    (mark,) = ax.plot([], [], color=INK, linestyle=":", linewidth=2.2, animated=True, zorder=3, clip_on=False)
    heights = (BARS[1] + BARS[3] * (bottom + THICK + 0.07) for bottom in (NEW, OLD))
    above, below = (Letters(sheet, LEFT, y, size=9.5, color=INK) for y in heights)

    def move(values: Values) -> None:
        accuracy, scratch, after = (100 * values[key] for key in ("accuracy", "scratch_accuracy", "old_accuracy"))
        before = 100 * values["before"]
        new.set_width(accuracy)
        mark.set_data([scratch] * 2, [NEW - 0.03, NEW + THICK + 0.03])
        kept.set_width(after)
        lost.set(x=after, width=max(before - after, 0), visible=before > after)
        above.write(f"New task: {_said(values['accuracy'])} (from scratch {_said(values['scratch_accuracy'])})")
        hatched = " (hatched: lost)" * (before - after > 0.5)
        below.write(f"Old task: {_said(values['before'])} → {_said(values['old_accuracy'])}{hatched}")

    return move


def move_to(letters: Letters, sheet: Axes, x: float, y: float) -> None:
    """Let the text begin at (x, y), in inches."""
    letters.set_transform(Affine2D().scale(1 / POINTS).translate(x, y) + sheet.transData)


def _said(share: float) -> str:
    return percent(share, 1)


def _short(many: int) -> str:
    """Return a count that fits under its box.

    >>> _short(51264), _short(3_400_000)
    ('51,264', '3.4 M')
    """
    return f"{many:,}" if many < 10**6 else f"{many / 1e6:,.1f} M" if many < 10**9 else f"{many / 1e9:,.1f} G"
