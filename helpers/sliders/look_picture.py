"""The picture of a class activation map: the photo under the map, the photo alone, and the probabilities."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from PIL import Image

from helpers.plots import BLUE, INK, VERMILLION
from helpers.sliders.letters import POINTS, Letters, outlines
from helpers.sliders.mosaic import Mosaic
from helpers.sliders.parts import number, percent
from helpers.sliders.picture import CSS_DPI, DENSITY, Move, Update, Values, in_inches, together

if TYPE_CHECKING:
    from helpers.sliders.look import Photos

FOR, AGAINST = BLUE, VERMILLION  # as in plots.SIGNS
WIDTH, HEIGHT = 9.0, 4.1  # inches, as all that follows
LARGE, SMALL = (0.12, 0.3, 4.5, 3.4), (6.0, 2.03, 2.7, 1.68)  # left, bottom, width and height of the room for a photo
SCALE = (4.78, 0.75, 0.15, 2.4)  # the color bar
BARS = (6.8, 0.12, 0.9, 1.5)  # left, bottom, width of 100 %, height
NAME = 1.0  # the widest that a class's name may be
TITLES = 3.83  # the baseline of titles
GRAYS, STEPS, COLORS = (
    16,
    8,
    96,
)  # shades of the photo, of each sign of the map, colors of the small photo: few are quick


class LookPicture:
    """Draws one `Photos`."""

    def __init__(self, photos: "Photos") -> None:
        self.given = photos
        self._seen: dict[int, tuple[NDArray, NDArray]] = {}  # photo -> its shades of gray, and the few colors of it

    def paint(self, figure: Figure) -> Update:
        """Draw what every photo shares; return what moves."""
        figure.set_layout_engine("none")
        sheet = in_inches(figure)
        moves = [
            self._paint_map(sheet), self._paint_scale(sheet), self._paint_photo(sheet), self._paint_bars(sheet)
        ]  # fmt: skip
        return together(moves, self.given.say)

    def _looked_up(self, photo: int) -> tuple[NDArray, NDArray]:
        """Return a photo as shades of gray, whole numbers (height, width), and in few colors (height, width, 3)."""
        if photo not in self._seen:
            colored = self.given.photos[photo]
            gray = np.rint(colored @ np.array([0.299, 0.587, 0.114]) / 255 * (GRAYS - 1)).astype(int)
            few = np.asarray(Image.fromarray(colored).quantize(COLORS).convert("RGB"))
            self._seen[photo] = gray, few
        return self._seen[photo]

    def _paint_map(self, sheet: Axes) -> Move:
        """Prepare the photo under the map, and a mark where it speaks most for the class and most against it."""
        left, right, bottom, top = self._edges(LARGE)
        mosaic, title = Mosaic(sheet), Letters(sheet, left, TITLES, size=11, color=INK)
        rows, columns = self.given.maps.shape[1:3]
        disk = {"marker": "o", "markersize": 13, "markerfacecolor": "white", "markeredgecolor": INK}
        sign = {"markersize": 8, "markeredgecolor": INK, "markeredgewidth": 1.8}
        look: dict[str, Any] = {"linestyle": "none", "animated": True}
        marks = [
            [sheet.plot([], [], zorder=5, **disk, **look)[0], sheet.plot([], [], marker, zorder=6, **sign, **look)[0]]
            for marker in ("+", "_")
        ]

        def move(values: Values) -> None:
            part = values["enlarged"] / (values["limit"] or 1)
            gray, _ = self._looked_up(values["photo"])
            cover = np.rint(STEPS * np.clip(part, -1, 1)).astype(int) + STEPS
            mosaic.set_colors(mixed(values["blend"])[gray, cover], left, right, bottom, top)
            title.write(f"What speaks for (+) {self.given.names[values['shown']]}, and against it (−)")
            cells = self.given.maps[values["photo"], :, :, values["shown"]]
            for pair, place, there in zip(marks, (cells.argmax(), cells.argmin()), (cells > 0, cells < 0), strict=True):
                row, column = np.unravel_index(place, cells.shape)
                x = left + (right - left) * (column + 0.5) / columns
                y = top - (top - bottom) * (row + 0.5) / rows
                for mark in pair:
                    mark.set_data([x], [y])
                    mark.set_visible(bool(there.any()))

        return move

    def _paint_scale(self, sheet: Axes) -> Move:
        """Draw the color bar; its limits, the same for all classes of a photo, move."""
        left, bottom, width, height = SCALE
        mosaic, shades = Mosaic(sheet), mixed(1.0)[:1].swapaxes(0, 1)[::-1]
        sheet.add_patch(Rectangle((left, bottom), width, height, fill=False, edgecolor=INK, linewidth=0.8, zorder=3))
        x, size = left + width + 0.07, 9.5
        sheet.text(x, bottom + height / 2, "0", fontsize=size, va="center_baseline")
        high, low = (Letters(sheet, x, y, size=size, color=INK) for y in (bottom + height - 0.12, bottom + 0.18))

        def move(values: Values) -> None:
            mosaic.set_colors(shades, left, left + width, bottom, bottom + height)
            limit = number(values["limit"] or 1, 2)
            high.write(f"+{limit}\nfor")
            low.write(f"−{limit}\nagainst")

        return move

    def _paint_photo(self, sheet: Axes) -> Move:
        """Prepare the photo alone, in its colors, with its number and its true class."""
        left, right, bottom, top = self._edges(SMALL)
        mosaic, title = Mosaic(sheet), Letters(sheet, left, TITLES, size=11, color=INK)

        def move(values: Values) -> None:
            mosaic.set_colors(self._looked_up(values["photo"])[1], left, right, bottom, top)
            title.write(f"Photo {values['photo']}: {self.given.names[values['label']]}")

        return move

    def _paint_bars(self, sheet: Axes) -> Move:
        """Draw the names of the classes; their probabilities, the true one and the chosen one move."""
        left, bottom, wide, height = BARS
        names, step = self.given.names, height / len(self.given.names)
        widest = max(outlines(name, 1, False, False).vertices[:, 0].max() for name in names)  # at a size of 1 point
        size = min(9.5, 62 * step, NAME * POINTS / widest)
        sheet.text(SMALL[0], bottom + height + 0.1, "Probability of each class", fontsize=11)
        middles = bottom + height - step * (np.arange(len(names)) + 0.5)
        parts = []
        for name, middle in zip(names, middles, strict=True):
            sheet.text(left - 0.08, middle, name, ha="right", va="center_baseline", fontsize=size)
            at = (left, middle - 0.32 * step)
            bar = sheet.add_patch(Rectangle(at, 0, 0.64 * step, facecolor="0.55", animated=True, zorder=2))
            parts.append((bar, Letters(sheet, 0, middle - 0.045, size=size, color=INK)))
        sheet.plot([left] * 2, [bottom, bottom + height], color=INK, linewidth=0.8, zorder=3)
        frame = sheet.add_patch(
            Rectangle((5.66, 0), 3.28, 0.94 * step, fill=False, edgecolor=INK, linewidth=1.3, animated=True)
        )

        def move(values: Values) -> None:
            for i, ((bar, word), share) in enumerate(zip(parts, values["probabilities"], strict=True)):
                bar.set_width(wide * share)
                true = i == values["label"]
                word.write(percent(float(share)) + " ← true" * true, x=left + wide * share + 0.06)
            frame.set_y(middles[values["shown"]] - 0.47 * step)

        return move

    def _edges(self, room: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """Return left, right, bottom and top of a photo in this room, its pixels as large as whole ones can be."""
        left, bottom, wide, high = room
        dots = CSS_DPI * DENSITY
        height, width = self.given.photos.shape[1:3]
        scale = min(wide * dots / width, high * dots / height)
        scale = np.floor(scale) if scale >= 1 else scale
        top = bottom + high
        return left, left + scale * width / dots, top - scale * height / dots, top


def mixed(blend: float) -> NDArray[np.uint8]:
    """Return the colors (GRAYS, 2 STEPS + 1, 3) of every shade of the photo under every shade of the map."""
    part = np.arange(-STEPS, STEPS + 1)[:, None] / STEPS
    color = 1 - np.abs(part) * (1 - np.where(part > 0, to_rgb(FOR), to_rgb(AGAINST)))
    gray = np.linspace(0, 1, GRAYS)[:, None, None]
    light, tint = 1 - (1 - blend) * (1 - gray), 1 - min(1, 2 * blend) * (1 - color)
    return np.rint(255 * light * tint).astype(np.uint8)
