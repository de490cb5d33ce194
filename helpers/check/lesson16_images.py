"""Checks of lesson 16, its second part: images of another scanner as the network knows its own."""

from collections.abc import Callable

import numpy as np

from helpers.check import wrong_transfer as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_transfer import SMOOTH, in_blocks
from helpers.check.slips import alike, both

_rng = np.random.RandomState(1616)


def _images(n: int, ink: int = 16, paper: int = 0) -> np.ndarray:
    """Draw images of few shades from paper to ink, whose edges are not empty."""
    images = _rng.choice(np.r_[0, _rng.randint(paper, ink, 4), ink], (n, 8, 8)).astype(np.uint8)
    images = np.maximum(images, paper).astype(np.uint8)
    images[:, 3, 4] = ink
    images[0, 2, 2:5] = paper
    images[0][images[0] == ink] = ink - 5  # its own largest value is another, and so is its smallest
    images[0] = np.maximum(images[0], paper + 1) if n > 2 else images[0]
    return images


def _bilinear(size: int) -> np.ndarray:
    """Return the weights, shape (size, 8), that stretch a row of 8 pixels, linear between their centers."""
    at = np.clip((np.arange(size) + 0.5) * 8 / size - 0.5, 0, 7)
    return np.maximum(0, 1 - abs(at[:, None] - np.arange(8)))


def _smooth(x: np.ndarray, size: int) -> np.ndarray:
    return _bilinear(size) @ x @ _bilinear(size).T


# What may go wrong with the range, and with the raster


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean()) / x.std()


def _each(of: Callable) -> Callable:
    return lambda x: of(x, axis=(1, 2), keepdims=True)


_RANGE = "The range: 16 is all ink here, so divide by 16"
_SCALES: list[tuple[str, Callable]] = [
    (f"nearly nothing but paper: / 255 is for MNIST's own pixels. {_RANGE}", lambda x: x / 255),
    (f"not scaled: the network was trained on 0 to 1. {_RANGE}", lambda x: x),
    (f"not scaled: the network was trained on 0 to 1. {_RANGE}", lambda x: x.astype(float)),
    (f"0 to 255 is MNIST as it is stored, and the network was trained on 0 to 1. {_RANGE}", lambda x: x / 16 * 255),
    (f"0 to 255 is MNIST as it is stored, and 255 * 16 does not fit into a byte. {_RANGE}", lambda x: x * 255 / 16),
    (f"multiplied by 16. {_RANGE}", lambda x: x * 16.0),
    (f"multiplied by 16, and 16 * 16 does not fit into a byte. {_RANGE}", lambda x: x * 16),
    (f"multiplied by 16. {_RANGE}", lambda x: x * 16 / 255),
    (f"divided by 15. {_RANGE}", lambda x: x / 15),
    (f"divided by 17. {_RANGE}", lambda x: x / 17),
    (f"divided by 8. {_RANGE}", lambda x: x / 8),
    (f"divided by 10. {_RANGE}", lambda x: x / 10),
    (f"divided twice. {_RANGE}, once", lambda x: x / 256),
    (f"divided twice. {_RANGE}, once", lambda x: x / 16 / 255),
    ("inverted: 0 is paper and 16 is ink, as in the images that the network knows. x / 16, not 1 - x / 16", lambda x: 1 - x / 16),
    ("the sign: 0 is paper and 1 is ink", lambda x: -(x / 16)),
    ("each image is divided by its own largest value: 16 is all ink for all of them", lambda x: x / _each(np.max)(x)),
    ("divided by the largest value of these images: 16 is all ink, whether it occurs or not", lambda x: x / x.max()),
    ("each image is stretched from its smallest to its largest value: divide by 16, for all of them", lambda x: (x - _each(np.min)(x)) / (_each(np.max)(x) - _each(np.min)(x))),
    ("stretched from the smallest to the largest value of these images: divide by 16", lambda x: (x - x.min()) / (x.max() - x.min())),
    ("standardized: the network was trained on 0 to 1, so divide by 16", _standard),
    ("standardized: the network was trained on 0 to 1, so divide by 16", lambda x: (x - _each(np.mean)(x)) / _each(np.std)(x)),
    ("the mean is taken away: the network was trained on 0 to 1, so divide by 16", lambda x: x / 16 - np.mean(x / 16)),
    ("-1 to 1, and paper in the middle: the network was trained on 0 to 1, so divide by 16", lambda x: x / 8 - 1),
    ("whole numbers: // 16 leaves 0 and 1 alone, as a dtype of whole numbers does. The grays count: / 16", lambda x: x // 16),
    ("whole numbers: // 16 leaves 0 and 1 alone, as a dtype of whole numbers does. The grays count: / 16", lambda x: (x / 16).astype(np.uint8)),
    ("black and white: the grays count, divide by 16", lambda x: np.round(x / 16)),
    ("black and white: the grays count, divide by 16", lambda x: x > 0),
    ("the root, or a square, of what is asked: divide by 16 and leave it", lambda x: np.sqrt(x / 16)),
    ("the root, or a square, of what is asked: divide by 16 and leave it", lambda x: (x / 16) ** 2),
    ("all is paper: divide by 16", lambda x: x * 0.0),
]  # fmt: skip

_BORDER = "The border is 2 pixels of paper, 0, on each of the four sides"
_CHANNEL = "the question wants (n, 28, 28); add the axis where the network is called"
_SHAPES: list[tuple[str, Callable]] = [
    ("whole images are repeated, 3 x 3 of them: each pixel becomes 3 x 3 equal ones, np.repeat and not np.tile", lambda x: bad.frame(np.tile(x, (1, 3, 3)))),
    ("whole images are repeated along one axis: each pixel becomes 3 x 3 equal ones, np.repeat along both", lambda x: bad.frame(np.tile(x, (1, 3, 1)).repeat(3, axis=2))),
    ("whole images are repeated along one axis: each pixel becomes 3 x 3 equal ones, np.repeat along both", lambda x: bad.frame(np.tile(x, (1, 1, 3)).repeat(3, axis=1))),
    ("the rows alone are repeated: repeat along both axes, axis=1 and axis=2", lambda x: bad.frame(bad.blocks(x, 3, 1))),
    ("the columns alone are repeated: repeat along both axes, axis=1 and axis=2", lambda x: bad.frame(bad.blocks(x, 1, 3))),
    ("the images are repeated, not their pixels: axis 0 counts images, so repeat along axis=1 and axis=2", lambda x: bad.frame(x.repeat(3, axis=0).repeat(3, axis=1))),
    ("the images are repeated, not their pixels: axis 0 counts images, so repeat along axis=1 and axis=2", lambda x: bad.frame(x.repeat(3, axis=0).repeat(3, axis=2))),
    ("the images are repeated, too: axis 0 counts images, so repeat along axis=1 and axis=2 alone", lambda x: bad.frame(bad.blocks(x).repeat(3, axis=0))),
    (f"no border: 3 * 8 is 24. {_BORDER}", bad.blocks),
    ("nothing is enlarged: each pixel becomes 3 x 3 equal ones, and a border of 2 makes 28 of 24", lambda x: x),
    ("nothing is enlarged: each pixel becomes 3 x 3 equal ones, and a border of 2 makes 28 of 24", bad.in_corner),
    ("nothing is enlarged, the border alone is wide: each pixel becomes 3 x 3 equal ones", lambda x: bad.frame(x, 10, 10)),
    ("each pixel becomes 2 x 2 here: 3 x 3, and a border of 2", lambda x: bad.frame(bad.blocks(x, 2, 2), 6, 6)),
    ("each pixel becomes 3 x 3, and a border of 2 makes 28 of 24: (n, 28, 28)", lambda x: bad.blocks(x, 4, 4)),
    ("cut off: each pixel becomes 3 x 3, and a border of 2 makes 28 of 24", lambda x: bad.blocks(x, 4, 4)[:, 2:30, 2:30]),
    ("cut off: each pixel becomes 3 x 3, and a border of 2 makes 28 of 24", lambda x: bad.blocks(x, 4, 4)[:, :28, :28]),
    (f"a border of 4 pixels on each side. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 4, 4)),
    (f"a border of 1 pixel on each side. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 1, 1)),
    (f"all of the border is on the right and below. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 0, 4)),
    (f"all of the border is on the left and above. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 4, 0)),
    (f"the border is wider on one side. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 1, 3)),
    (f"the border is wider on one side. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 3, 1)),
    (f"the border is there on one side alone. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 0, 2)),
    (f"the border is there on one side alone. {_BORDER}", lambda x: bad.frame(bad.blocks(x), 2, 0)),
    (f"the border is there along one axis alone. {_BORDER}", lambda x: np.pad(bad.blocks(x), ((0, 0), (2, 2), (0, 0)))),
    (f"the border is there along one axis alone. {_BORDER}", lambda x: np.pad(bad.blocks(x), ((0, 0), (0, 0), (2, 2)))),
    ("a border around the batch as well, empty images: np.pad takes a pair for each axis, (0, 0) for the first", lambda x: np.pad(bad.blocks(x), 2)),
    ("the batch has got the border: np.pad takes a pair for each axis, (0, 0) for the first", lambda x: np.pad(bad.blocks(x), ((2, 2), (2, 2), (0, 0)))),
    ("the border comes first, so it grows too: each pixel becomes 3 x 3, then 2 pixels of border", lambda x: bad.blocks(bad.frame(x))),
    ("the border comes first, so it grows too: each pixel becomes 3 x 3, then 2 pixels of border", lambda x: bad.blocks(bad.frame(x, 1, 1))),
    (f"the border goes on with the image's own edge, or mirrors it. {_BORDER}", lambda x: bad.frame(bad.blocks(x), mode="edge")),
    (f"the border is the image's other side. {_BORDER}", lambda x: bad.frame(bad.blocks(x), mode="wrap")),
    (f"the border is ink, or gray. {_BORDER}", lambda x: bad.frame(bad.blocks(x), constant_values=1)),
    (f"the border is ink, or gray. {_BORDER}", lambda x: bad.frame(bad.blocks(x), constant_values=0.5)),
    (f"the border is below 0. {_BORDER}", lambda x: bad.frame(bad.blocks(x), constant_values=-1)),
    ("rows and columns are exchanged: axis 1 counts rows, axis 2 columns, and they keep their places", lambda x: bad.frame(bad.blocks(x)).swapaxes(1, 2)),
    ("the axes are turned round: the images come first, (n, 28, 28)", lambda x: bad.frame(bad.blocks(x)).T),
    ("turned by a right angle: rows and columns keep their places", lambda x: np.rot90(bad.frame(bad.blocks(x)), axes=(1, 2))),
    ("turned by a right angle: rows and columns keep their places", lambda x: np.rot90(bad.frame(bad.blocks(x)), -1, axes=(1, 2))),
    ("mirrored, left is right: the order of the columns stays", lambda x: bad.frame(bad.blocks(x))[:, :, ::-1]),
    ("upside down: the order of the rows stays", lambda x: bad.frame(bad.blocks(x))[:, ::-1]),
    ("turned by half a turn: the order of rows and columns stays", lambda x: bad.frame(bad.blocks(x))[:, ::-1, ::-1]),
    ("the order of the images is turned round", lambda x: bad.frame(bad.blocks(x))[::-1]),
    (f"a channel axis at the end: {_CHANNEL}", lambda x: bad.frame(bad.blocks(x))[..., None]),
    (f"a channel axis in the middle: {_CHANNEL}", lambda x: bad.frame(bad.blocks(x))[:, None]),
    ("an axis too many in front: (n, 28, 28) is asked", lambda x: bad.frame(bad.blocks(x))[None]),
    ("three channels: (n, 28, 28) is asked, one number a pixel", lambda x: np.stack([bad.frame(bad.blocks(x))] * 3, axis=-1)),
    ("rows of 784 numbers: (n, 28, 28) is asked; flatten where the network is called", lambda x: bad.frame(bad.blocks(x)).reshape(len(x), -1)),
    ("one image alone came back: all n of them, (n, 28, 28)", lambda x: bad.frame(bad.blocks(x))[0]),
    ("one image alone came back: all n of them, (n, 28, 28)", lambda x: bad.frame(bad.blocks(x))[-1]),
    ("one image alone came back: all n of them, (n, 28, 28)", lambda x: bad.frame(bad.blocks(x))[:1]),
    ("the images are glued together: (n, 28, 28), one behind the other", lambda x: np.concatenate(list(bad.frame(bad.blocks(x))))),
    ("the images are glued together: (n, 28, 28), one behind the other", lambda x: np.concatenate(list(bad.frame(bad.blocks(x))), axis=1)),
    *(("single pixels with paper between them: each pixel becomes 3 x 3 equal ones", lambda x, at=at: bad.frame(bad.dotted(x, at))) for at in (0, 1, 2)),
    ("stretched over all of 28 x 28, and no room is left for the border: 3 x 3 equal ones for each pixel, and a border of 2", bad.nearest),
    ("stretched over all of 28 x 28, and no room is left for the border: 3 x 3 equal ones for each pixel, and a border of 2", lambda x: bad.nearest(x, 0.5)),
    ("np.resize and reshape do not enlarge a picture, they write its numbers one behind the other: np.repeat", lambda x: np.resize(x, (len(x), 28, 28))),
    ("np.resize and reshape do not enlarge a picture, they write its numbers one behind the other: np.repeat", lambda x: bad.frame(np.repeat(x, 9).reshape(len(x), 24, 24))),
    ("np.resize and reshape do not enlarge a picture, they write its numbers one behind the other: np.repeat", lambda x: bad.frame(np.resize(x, (len(x), 24, 24)))),
    ("the mean over the images came out: each has its own picture", lambda x: np.repeat(bad.frame(bad.blocks(x)).mean(axis=0, keepdims=True), len(x), axis=0)),
]  # fmt: skip
_INVERTED = next(hint for hint, _ in _SCALES if "inverted" in hint)
_FREQUENT = (
    "np.repeat and not",
    "no border",
    "channel axis at",
    "on the right and below",
    "nothing is enlarged: ",
    "as well, empty",
    "alone are repeated",
    "border of 4",
    "reshape do not",
)

to_source = Exercise(
    "to_source",
    lambda images: bad.resized()(images),
    cases=[(_images(3),), (_images(1, ink=13),), (_images(2, ink=11, paper=2),), (_images(4, paper=1),)],
    observe=in_blocks,
    exact_shape=True,
    slips=[
        *(Slip(hint, bad.resized(scale)) for hint, scale in _SCALES),
        Slip(_INVERTED, bad.resized(after=lambda x: 1 - x)),
        Slip("-1 to 1, and the border is -1: the network was trained on 0 to 1, so divide by 16 and leave it", bad.resized(after=lambda x: 2 * x - 1)),
        Slip(both("inverted: 0 is paper", _SCALES[1][0]), bad.resized(lambda x: 16 - x)),
        Slip(both("inverted: 0 is paper", _SCALES[0][0]), bad.resized(lambda x: 1 - x / 255)),
        Slip(both("inverted: 0 is paper", _SCALES[0][0]), bad.resized(lambda x: 1 - x / 255, after=lambda x: np.where(x == 0, 1, x))),
        *(Slip(hint, bad.resized(shape=shape)) for hint, shape in _SHAPES),
        *(Slip(both(_SCALES[1][0], hint), bad.resized(_SCALES[1][1], shape)) for hint, shape in _SHAPES if any(word in hint for word in _FREQUENT)),
        *(Slip(both(_SCALES[0][0], hint), bad.resized(_SCALES[0][1], shape)) for hint, shape in _SHAPES if any(word in hint for word in _FREQUENT[:4])),
        *alike(SMOOTH, bad.resized(shape=lambda x: bad.frame(_smooth(x, 24))), bad.resized(shape=lambda x: _smooth(x, 28)), bad.resized(lambda x: x / 255, shape=lambda x: _smooth(x, 28))),
        *alike("the whole was standardized: the network was trained on 0 to 1, so divide by 16 and leave it", bad.resized(after=lambda x: (x - x.mean()) / x.std()), bad.resized(after=lambda x: x - x.mean())),
        Slip("the whole was divided by its length: divide each pixel by 16", bad.resized(after=lambda x: x / np.linalg.norm(x))),
    ],
    hint="Each pixel / 16, as 3 x 3 equal ones, and 2 pixels of 0 on each side",
    praise="The same range, the same paper, the same size: the network sees what it knows",
)  # fmt: skip
