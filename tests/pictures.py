"""Comparing pictures, which nbval leaves out: a stored picture that no longer is what its cell draws is found."""

import base64
import io
from collections.abc import Iterable
from functools import reduce
from itertools import product

from nbformat import NotebookNode
from PIL import Image, ImageChops

# Processors differ in the last digit of a sum, which moves single pixels by a little; a changed drawing moves more.
VISIBLE = 16  # of 255 gray levels
MOST_PIXELS = 1e-4  # share of the pixels that may differ visibly: about 30 in a figure of 900 x 360

# A trained network carries that digit on: its curves move by a pixel, and one of its ten worst digits is another one.
# Measured on lessons 08 and 09, as shares of what is drawn: other instructions, and inputs that are off in the seventh
# digit, change up to 0.04; ten digits that are all others 0.12. Another seed changes curves, weights and counts by 0.12
# to 0.48, other colors change curves by 0.14 to 0.75. A changed word is too small to be found here.
REACH = 3  # pixels by which a drawing may have moved
MOST_DRAWN = 0.12


def pictures(outputs: Iterable[NotebookNode]) -> list[str]:
    """List the PNG and JPEG pictures in a cell's outputs, in base64."""
    kinds = ("image/png", "image/jpeg")
    return [output["data"][kind] for output in outputs for kind in kinds if kind in output.get("data", {})]


def differ(stored: str, drawn: str, *, trained: bool = False) -> bool:
    """Whether two pictures in base64 look different; those of a trained network may differ a little."""
    if stored.strip() == drawn.strip():
        return False
    old, new = (Image.open(io.BytesIO(base64.b64decode(p))).convert("RGB") for p in (stored, drawn))
    if old.size != new.size:
        return True
    if trained:
        return share_lost(old, new) > MOST_DRAWN
    return _visible(_difference(old, new)) > MOST_PIXELS * old.width * old.height


def share_lost(old: Image.Image, new: Image.Image) -> float:
    """Return the share of what either picture draws on white to which nothing near is alike in the other one."""
    white = Image.new("RGB", old.size, "white")
    drawn = ImageChops.lighter(_difference(old, white), _difference(new, white))
    lost = ImageChops.lighter(_unlike(old, new), _unlike(new, old))
    return _visible(lost) / max(_visible(drawn), 1)


def stale_pictures(
    stored: Iterable[NotebookNode], drawn: Iterable[NotebookNode], *, trained: bool = False
) -> list[str]:
    """Complain of pictures that are stored otherwise than they are drawn."""
    old, new = pictures(stored), pictures(drawn)
    if len(old) != len(new):
        return [f"{len(old)} pictures are stored, {len(new)} are drawn"]
    pairs = enumerate(zip(old, new, strict=True), 1)
    stale = [i for i, pair in pairs if differ(*pair, trained=trained)]
    return [f"picture {i} of the cell is stale: run make notebooks" for i in stale]


def _difference(one: Image.Image, other: Image.Image) -> Image.Image:
    return ImageChops.difference(one, other).convert("L")


def _unlike(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return for each pixel its difference from the most similar one within reach in the other picture."""
    steps = range(-REACH, REACH + 1)
    moved = (ImageChops.offset(other, x, y) for x, y in product(steps, steps))
    return reduce(ImageChops.darker, (_difference(one, picture) for picture in moved))


def _visible(difference: Image.Image) -> int:
    """Count the pixels that differ visibly."""
    return sum(difference.histogram()[VISIBLE + 1 :])
