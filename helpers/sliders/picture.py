"""A picture that is quick to redraw: what never moves is drawn once, what moves is drawn over it."""

import io
import math
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

CSS_DPI = 100  # pixels of the page per inch of the figure
DENSITY = 2  # pixels of the picture per pixel of the page: sharp on a double-density screen
STYLE = "helpers.course"
WHITE, PALETTE = 0xFFFFFFFF, 256

Values = dict[str, Any]
Update = Callable[[Values], str]
Move = Callable[[Values], None]  # what one part of a picture does in an update
Paint = Callable[[Figure], Update]


class Picture:
    """A figure without pyplot, in the style of the course, that leaves the reader's rcParams alone.

    `paint(figure)` draws what stays and returns `update(values)`, which moves the artists made with `animated=True`
    and returns one sentence. Only those are redrawn; if `update` changes anything else, all of it is, more slowly.
    """

    def __init__(self, paint: Paint, size: tuple[float, float]) -> None:
        with style.context(STYLE, after_reset=True):
            self._rc = {name: value for name, value in dict.items(matplotlib.rcParams) if name != "backend"}
            self.figure = Figure(figsize=size, dpi=CSS_DPI * DENSITY)
            self._canvas = FigureCanvasAgg(self.figure)
            self._update = paint(self.figure)
        self._background: Any = None
        self._moving: list[Artist] = []

    def draw(self, values: Values) -> tuple[bytes, str]:
        """Return the PNG for these values and the sentence that says what is in it."""
        with matplotlib.rc_context():
            dict.update(matplotlib.rcParams, self._rc)  # as Matplotlib does on leaving: no file, no validation
            sentence = self._update(values)
            if self._background is None or self.figure.stale:
                self._draw_background()
            self._canvas.restore_region(self._background)
            renderer = self._canvas.get_renderer()
            for artist in self._moving:
                artist.draw(renderer)
        return encode(np.asarray(self._canvas.buffer_rgba())), sentence

    def _draw_background(self) -> None:
        self._canvas.draw()  # leaves out what is animated
        self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        self._moving = sorted(self.figure.findobj(lambda a: a.get_animated()), key=lambda a: a.get_zorder())
        self.figure.stale = False


def together(moves: Sequence[Move], say: Callable[[Values], str]) -> Update:
    """Return what moves all the parts of a picture and says what they show."""

    def update(values: Values) -> str:
        for move in moves:
            move(values)
        return say(values)

    return update


def fix_layout(figure: Figure) -> None:
    """Let what moves have no say in where the axes are: the first setting must not decide that."""
    for artist in figure.findobj(lambda artist: artist.get_animated()):
        artist.set_in_layout(False)


def in_inches(figure: Figure) -> Axes:
    """Return axes over the whole figure, without a frame, whose unit is the inch."""
    ax = figure.add_axes((0, 0, 1, 1))
    width, height = figure.get_size_inches()
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    return ax


def encode(rgba: NDArray[np.uint8]) -> bytes:
    """Return an opaque picture, shape (height, width, 4), as a PNG: with a palette, unless it is rich in colors.

    A palette's PNG holds one byte a pixel and needs no search for filters: seven times quicker than RGB. Each channel
    is rounded to 5 bits, at most 4 of 255 away; of more than 256 such colors the rare ones become their neighbors.
    """
    pixels = rgba.view("<u4")[..., 0]
    inked = pixels != WHITE
    color = pixels[inked]
    key = (color >> 3 & 31) << 10 | (color >> 11 & 31) << 5 | (color >> 19 & 31)
    count = np.bincount(key, minlength=1 << 15)
    if np.count_nonzero(count) > 2 * PALETTE:
        file = io.BytesIO()
        Image.fromarray(rgba[..., :3]).save(file, "PNG", compress_level=1)
        return file.getvalue()
    palette, place = _palette(count)
    height, width = pixels.shape
    rows = np.zeros((height, width + 1), np.uint8)  # a row begins with the number of its filter: 0 is none
    rows[:, 1:][inked] = place[key]
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits, palette, not interlaced
    chunks = (b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, level=1)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _palette(count: NDArray[np.int_]) -> tuple[bytes, NDArray[np.uint8]]:
    """Return white and the commonest of the 15-bit colors, three bytes each, and the place of every color in it."""
    used = np.flatnonzero(count)
    used = used[np.argsort(-count[used], kind="stable")]
    rgb = np.stack([used >> 10, used >> 5 & 31, used & 31], axis=1)
    kept, rare = rgb[: PALETTE - 1], rgb[PALETTE - 1 :]
    place = np.zeros(1 << 15, np.uint8)
    place[used[: len(kept)]] = np.arange(1, len(kept) + 1)
    if len(rare):
        place[used[len(kept) :]] = 1 + np.abs(rare[:, None] - kept).sum(axis=2).argmin(axis=1)
    return bytes([255, 255, 255, *(kept * 8 + 4).ravel().tolist()]), place


def page_width(size: tuple[float, float]) -> int:
    """Return the width on the page, in CSS pixels, of a figure of this size in inches."""
    return math.ceil(size[0] * CSS_DPI)
