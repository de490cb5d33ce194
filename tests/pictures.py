"""Comparing pictures, which nbval leaves out: a stored picture that no longer is what its cell draws is found."""

import base64
import io
from collections.abc import Iterable

from nbformat import NotebookNode
from PIL import Image, ImageChops

# Processors differ in the last digit of a sum, which moves single pixels by a little; a changed drawing moves more.
VISIBLE = 16  # of 255 gray levels
MOST_PIXELS = 1e-4  # share of the pixels that may differ visibly: about 30 in a figure of 900 x 360


def pictures(outputs: Iterable[NotebookNode]) -> list[str]:
    """List the PNG and JPEG pictures in a cell's outputs, in base64."""
    kinds = ("image/png", "image/jpeg")
    return [output["data"][kind] for output in outputs for kind in kinds if kind in output.get("data", {})]


def differ(stored: str, drawn: str) -> bool:
    """Whether two pictures in base64 look different."""
    if stored.strip() == drawn.strip():
        return False
    old, new = (Image.open(io.BytesIO(base64.b64decode(p))).convert("RGB") for p in (stored, drawn))
    if old.size != new.size:
        return True
    counts = ImageChops.difference(old, new).convert("L").histogram()
    return sum(counts[VISIBLE + 1 :]) > MOST_PIXELS * sum(counts)


def stale_pictures(stored: Iterable[NotebookNode], drawn: Iterable[NotebookNode]) -> list[str]:
    """Complain of pictures that are stored otherwise than they are drawn."""
    old, new = pictures(stored), pictures(drawn)
    if len(old) != len(new):
        return [f"{len(old)} pictures are stored, {len(new)} are drawn"]
    pairs = enumerate(zip(old, new, strict=True), 1)
    return [f"picture {i} of the cell is stale: run make notebooks" for i, pair in pairs if differ(*pair)]
