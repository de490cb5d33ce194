"""Move a filter over a digit: the products under its window, their sum, and the feature map of all sums (lesson 09)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from helpers.convolution import KERNELS, convolve
from helpers.sliders.choices import choice, stops
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.move_filter_given import checked_images, checked_kernels
from helpers.sliders.move_filter_picture import HEIGHT, RELU, SUM, WIDTH, FilterPicture, signed
from helpers.sliders.picture import Values

TITLE = "Move a filter"
LEAST, NEAR = 1e-9, 0.95  # below LEAST an answer is rounding; the goal is so much of the strongest
COUNTS = {4: "four", 9: "nine"}
CODE = """\
import numpy as np
from helpers.convolution import {imported}

# {given}: what you gave to move_filter
image, row, column, relu = {{image}}, {{row}}, {{column}}, {{relu}}
x, kernel = {pixels}, np.array({kernels}[{{kernel}}], dtype=float)
k = len(kernel)
row, column = min(row, x.shape[0] - k), min(column, x.shape[1] - k)
window = x[row : row + k, column : column + k]
products = window * kernel
feature_map = convolve(x, kernel)
if relu == "after ReLU":
    feature_map = np.maximum(feature_map, 0)
value = feature_map[row, column]  # the sum of the products, or 0
strongest = np.unravel_index(feature_map.argmax(), feature_map.shape)
"""


def move_filter(
    images: ArrayLike,
    kernels: Mapping[str, ArrayLike] | None = None,
    *,
    index: int = 0,
    kernel: str | None = None,
    row: int | None = None,
    column: int | None = None,
    relu: str = SUM,
) -> Explorer:
    """Explore what a filter answers at every place of an image: the sum of pixel times weight under its window.

    images: shape (n, H, W), also (n, H, W, 1) or one image (H, W), sides from 5 to 64; uint8 is divided by 255, other
    numbers are taken as they are. kernels: name -> weights (k, k), k from 2 to 7; None takes `convolution.KERNELS`.
    The image `index` is the control `image`; row and column of the window's upper left corner are the middle ones
    unless given; relu is "the sum" or "after ReLU", which cuts negative sums to 0. The values: `image`, `name` (of the
    filter), `row`, `column`, `relu`, `window`, `kernel` and `products` of shape (k, k), `value`, `feature_map` of shape
    (H - k + 1, W - k + 1), `strongest` (row, column) and `goal_met`.
    """
    try:
        filters = Filters(images, kernels)
        names, (height, width) = list(filters.kernels), filters.images.shape[1:]
        side = min(len(weights) for weights in filters.kernels.values())
        keys = "Tab to it and press the arrow keys"
        controls = {
            "image": stops(index, range(len(filters.images)), "image", tip="Which image"),
            "kernel": choice(names[0] if kernel is None else kernel, names, "filter", tip=f"The weights: {keys}"),
        }
        for name, given, last in (("row", row, height - side), ("column", column, width - side)):
            start = last // 2 if given is None else given
            controls[name] = stops(start, range(last + 1), name, tip="Upper left corner of the window")
        controls["relu"] = choice(relu, [SUM, RELU], "the answer is", tip=f"What becomes of negative sums: {keys}")
        code = filters.code(kernels is None)
    except Exception as error:
        return refused(TITLE, error)
    goal = "choose a filter and find the place where it answers strongest, up to 5 %."
    paint = FilterPicture(filters).paint
    return Explorer(TITLE, controls, filters.compute, paint, goal=goal, code=code, size=(WIDTH, HEIGHT))


class Filters:
    """Images and the filters that move over them."""

    def __init__(self, images: ArrayLike, kernels: Mapping[str, ArrayLike] | None) -> None:
        self.images = checked_images(images)
        self._num_axes = np.ndim(images)
        self.white = 255.0 if self.images.dtype == np.uint8 else 1.0  # what a pixel is divided by
        self.kernels = checked_kernels(KERNELS if kernels is None else kernels, min(self.images.shape[1:]))

    def code(self, own: bool) -> str:
        """Return the code's template, for the course's own filters or for those of the reader."""
        pixels = "np.array(images)" + ("" if self._num_axes == 2 else "[image]")
        pixels += "[..., 0]" * (self._num_axes == 4) + " / 255" * (self.white == 255)
        imported, given = ("KERNELS, convolve", "images") if own else ("convolve", "images and kernels")
        return CODE.format(imported=imported, given=given, pixels=pixels, kernels="KERNELS" if own else "kernels")

    def compute(self, image: int, kernel: str, row: int, column: int, relu: str) -> Values:
        """Multiply and add, at this place and at all others."""
        x, weights = self.images[image] / self.white, self.kernels[kernel]
        k = len(weights)
        feature_map = convolve(x, weights)
        row, column = min(row, len(feature_map) - 1), min(column, feature_map.shape[1] - 1)  # a larger filter ends here
        window = x[row : row + k, column : column + k].copy()
        if relu == RELU:
            feature_map = np.maximum(feature_map, 0)
        strongest = tuple(int(place) for place in np.unravel_index(feature_map.argmax(), feature_map.shape))
        value, most = float(feature_map[row, column]), float(feature_map[strongest])
        return {
            "image": image, "name": kernel, "row": row, "column": column, "relu": relu, "window": window,
            "kernel": weights.copy(), "products": window * weights, "value": value, "feature_map": feature_map,
            "strongest": strongest, "goal_met": most > LEAST and value >= NEAR * most,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        total, (row, column) = float(values["products"].sum()), values["strongest"]
        count = COUNTS.get(values["products"].size, values["products"].size)
        place = f"row {values['row']}, column {values['column']}"
        text = f'Filter "{values["name"]}" on image {values["image"]}, at {place}: '
        text += f"the {count} products add up to {signed(total)}"
        if values["relu"] == RELU:
            text += ", which ReLU makes 0" if total < 0 else ", which ReLU leaves as it is"
        most = float(values["feature_map"][row, column])
        if most <= LEAST:
            return f"{text}. No answer in this feature map is positive."
        if (row, column) == (values["row"], values["column"]):
            text += ", the strongest answer."
        else:
            text += f". The strongest answer, {signed(most)}, is at row {row}, column {column}."
        return f"{text} ✓ Goal met." if values["goal_met"] else text
