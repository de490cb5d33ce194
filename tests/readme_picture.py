"""Draw the README's picture with the course's own explorer: `make picture`."""

from pathlib import Path

import numpy as np

from helpers import data, sliders

PICTURE = Path(__file__).parents[1] / "data" / "picture.png"


def draw() -> bytes:
    """Return the PNG: the line's loss, descended at nine tenths of the limit."""
    x, y = (column.ravel() for column in data.load_line())
    X = np.column_stack([x, np.ones_like(x)])
    return sliders.learning_rate(X, y, eta=0.73, num_steps=60, start=(0, 4)).image.value


if __name__ == "__main__":
    PICTURE.write_bytes(draw())
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1000:.0f} kB")
