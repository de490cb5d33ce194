"""Checks of lesson 14, its third part: a shifted image, and a training set enlarged by augmentation."""

from collections.abc import Callable

import numpy as np

from helpers.check import wrong_enlarged as larger
from helpers.check import wrong_shifts as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_regularizing import PAIRS, TORN, in_any_order
from helpers.check.slips import alike, both
from helpers.check.wrong import then

_rng = np.random.RandomState(41)


# A shift

_AROUND = "it wraps around: what leaves on one side comes back on the other, as np.roll does. What comes in is paper, 0"
_FORWARD = "negative shifts, or 0: slices of a positive shift do something else there. max(shift, 0) and max(-shift, 0) serve both"
_OLD = "the old pixels are left where nothing comes in: begin with np.zeros"
_END = "a negative index counts from the end: see that i - down and j - right are 0 at least"
_EDGE = "the edge is repeated: what comes in is paper, 0"
_KEPT_SHAPE = "the shape stays: as many rows and columns come in as leave"

_GIVEN: list[tuple[str, Callable]] = [
    ("right and down are exchanged: right moves along the columns, axis 1, and down along the rows, axis 0", lambda r, d: (d, r)),
    ("the wrong direction: a positive right moves to the right, a positive down moves down", lambda r, d: (-r, -d)),
    ("it moves to the left: a positive right moves to the right, out[i, j] comes from column j - right", lambda r, d: (-r, d)),
    ("it moves up: a positive down moves down, out[i, j] comes from row i - down", lambda r, d: (r, -d)),
    ("right and down are exchanged, and the directions too: out[i, j] comes from image[i - down, j - right]", lambda r, d: (-d, -r)),
    ("it does not move to the right or the left: columns move by right", lambda r, d: (0, d)),
    ("it does not move up or down: rows move by down", lambda r, d: (r, 0)),
    ("right is used for both: the rows move by down", lambda r, d: (r, r)),
    ("down is used for both: the columns move by right", lambda r, d: (d, d)),
    ("it moves twice as far: by right and down, once", lambda r, d: (2 * r, 2 * d)),
    ("it moves one pixel too far, to the right and down: out[i, j] comes from image[i - down, j - right]", lambda r, d: (r + 1, d + 1)),
    ("it moves one pixel too little, to the right and down: out[i, j] comes from image[i - down, j - right]", lambda r, d: (r - 1, d - 1)),
    ("nothing moves: out[i, j] comes from image[i - down, j - right]", lambda r, d: (0, 0)),
    ("one way only: a shift of -1 moves as far as one of 1, to the left or up", lambda r, d: (abs(r), abs(d))),
    ("one way only: a shift of 1 moves to the right or down", lambda r, d: (-abs(r), -abs(d))),
    ("negative shifts are left out: they move to the left and up", lambda r, d: (max(r, 0), max(d, 0))),
    ("positive shifts are left out: they move to the right and down", lambda r, d: (min(r, 0), min(d, 0))),
]  # fmt: skip

shift_image = Exercise(
    "shift_image",
    lambda image, right, down: bad.shifted()(image, right, down),
    cases=[  # no shift is larger than a side, so that an exchange of the two gives an image as well
        (np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]], np.uint8), 1, 2),
        (_rng.randint(1, 256, (5, 7)).astype(np.uint8), 3, 1),
        (_rng.rand(6, 4), -1, 2),
        (_rng.randint(1, 256, (4, 6)).astype(np.uint8), 2, -3),
        (_rng.rand(5, 5), -2, -1),
        (_rng.rand(3, 6), 0, 2),
        (_rng.rand(5, 4), 1, 0),
        (_rng.randint(1, 256, (4, 4)).astype(np.uint8), 0, -1),
        (_rng.randint(1, 256, (3, 5)).astype(np.uint8), 0, 0),
        (_rng.randint(0, 256, (28, 28)).astype(np.uint8), -3, 2),
        (_rng.rand(7, 5), -4, 3),
        (_rng.rand(3, 3), -3, 1),
    ],
    slips=[
        Slip(_AROUND, bad.shifted(bad.around, bad.around)),
        Slip(f"{_AROUND}. Here from right to left", bad.shifted(columns=bad.around)),
        Slip(f"{_AROUND}. Here from bottom to top", bad.shifted(rows=bad.around)),
        *(Slip(hint, bad.shifted(given=given)) for hint, given in _GIVEN),
        *(Slip(both(_AROUND, hint), bad.shifted(bad.around, bad.around, given=given)) for hint, given in _GIVEN[:-5] if "nothing moves" not in hint),
        *alike("np.roll without axis rolls all pixels in one row, and around: out[i, j] comes from image[i - down, j - right]", lambda image, right, down: np.roll(image, (down, right)), lambda image, right, down: np.roll(image, right), lambda image, right, down: np.roll(image, down)),
        *alike("0 is inside the image as well: 0 <= i - down, and 0 <= j - right", bad.shifted(bad.without_first, bad.without_first)),
        Slip(_EDGE, bad.shifted(bad.edge, bad.edge)),
        *alike(f"{_EDGE}, on every side", bad.shifted(bad.edge), bad.shifted(columns=bad.edge)),
        Slip("the image is mirrored at its edge: what comes in is paper, 0", bad.shifted(bad.mirrored, bad.mirrored)),
        *alike("ink comes in: paper is 0", bad.shifted(fill=255), bad.shifted(fill=1)),
        Slip("what comes in is nan: paper is 0", bad.shifted(fill=np.nan)),
        *alike("the mean of the image comes in: paper is 0", lambda image, right, down: bad.shifted(fill=image.mean())(image, right, down)),
        *alike(_OLD, bad.left_behind(), bad.left_behind(columns=False), bad.left_behind(rows=False), lambda image, right, down: np.where(bad.shifted()(image, right, down) == 0, image, bad.shifted()(image, right, down))),
        *alike(_FORWARD, *(bad.pasted(source=source, old=old) for source in (lambda s, n: slice(None, n - s), lambda s, n: slice(None, -s)) for old in (False, True))),
        *alike(_FORWARD, bad.pasted(lambda s, n: slice(s, n), lambda s, n: slice(0, n - s)), bad.pasted(lambda s, n: slice(max(s, 0), None), lambda s, n: slice(max(-s, 0), -s if s > 0 else None if s == 0 else s))),
        *alike(f"0 is neither above nor below 0: image[:-0] is empty. {_FORWARD}", bad.pasted(lambda s, n: slice(s, None) if s > 0 else slice(None, s), lambda s, n: slice(None, -s) if s > 0 else slice(-s, None)), bad.pasted(lambda s, n: slice(s, None) if s >= 0 else slice(None, s), lambda s, n: slice(None, -s) if s >= 0 else slice(-s, None))),
        *alike("nobody looks whether the pixel is inside the image: 0 <= i - down < H and 0 <= j - right < W, else 0", bad.pixel_by_pixel(-1), bad.pixel_by_pixel(1)),
        Slip("np.pad takes no negative numbers: a shift to the left or up cuts there, and pads on the other side", lambda image, right, down: np.pad(image, ((down, 0), (right, 0)))[: image.shape[0], : image.shape[1]]),
        *alike(_END, bad.shifted(bad.from_the_end, bad.from_the_end), bad.shifted(bad.from_the_end), bad.shifted(columns=bad.from_the_end)),
        Slip("shifts to the left and up wrap around: a negative index counts from the end, and np.roll has to be wiped on that side too. What comes in is paper, 0", bad.shifted(bad.to_the_end, bad.to_the_end)),
        *alike("one side is wiped for every shift: out[:down] = 0 is right for a positive one, and a negative one is out[down:] = 0", bad.wiped(lambda s: slice(s))),
        *alike("a shift of 0 wipes all: out[0:] is the whole image. down < 0 alone is up, and right < 0 to the left", bad.wiped(lambda s: slice(s) if s > 0 else slice(s, None))),
        Slip("a row that was moved is moved again: the pixels are read from the image in which they are written. Write into a new one, np.zeros", bad.smeared),
        *alike(f"cut off: {_KEPT_SHAPE}", bad.cut, lambda image, right, down: image[down:, right:]),
        *alike(f"larger than before: {_KEPT_SHAPE}", bad.framed, lambda image, right, down: np.pad(image, ((abs(down),) * 2, (abs(right),) * 2))),
        *alike("rows and columns of the result are exchanged: transposed", then(bad.shifted(), np.transpose)),
        Slip("mirrored: left and right stay where they are", then(bad.shifted(), np.fliplr)),
        Slip("mirrored: above and below stay where they are", then(bad.shifted(), np.flipud)),
        Slip("still all paper: copy the pixels that stay in the frame", lambda image, right, down: 0 * image),
        Slip("the pixels are in one row: keep the shape (H, W)", then(bad.shifted(), np.ravel)),
        Slip("divided by 255: the pixels stay as they are", then(bad.shifted(), lambda out: out / 255)),
        Slip("added to the image as it was: it moves, and leaves nothing behind", lambda image, right, down: image + bad.shifted()(image, right, down)),
        Slip("the difference between the image and the moved one: the moved one is asked", lambda image, right, down: image - bad.shifted()(image, right, down)),
        Slip("the pixels are cut to whole numbers: np.zeros_like(image), or np.zeros, keeps them", lambda image, right, down: bad.shifted()(image, right, down).astype(int)),
    ],
    hint="out[i, j] is image[i - down, j - right] where that is inside the image, and 0 elsewhere",
    praise="np.roll moves a digit too, and what leaves on the right comes back on the left",
)  # fmt: skip


# A larger training set

_VALIDATION: list[tuple[str, dict]] = [
    (
        "validation is augmented: it stays as it is, since digits are judged as they come",
        {"x_val": lambda v: v.augment(v.x_val)},
    ),
    (
        "validation is enlarged: it stays as it is, since digits are judged as they come",
        {
            "x_val": lambda v: larger.joined(v.x_val, v.augment(v.x_val)),
            "y_val": lambda v: larger.joined(v.y_val, v.y_val),
        },
    ),
    (
        "validation is enlarged, and its labels are not: it stays as it is, since digits are judged as they come",
        {"x_val": lambda v: larger.joined(v.x_val, v.augment(v.x_val))},
    ),
    (
        "validation is the training set here: it stays as it is, digits that training has not seen",
        {"x_val": lambda v: v.x, "y_val": lambda v: v.y},
    ),
    (
        "validation is the augmented copy here: it stays as it is, digits that training has not seen",
        {"x_val": lambda v: v.new, "y_val": lambda v: v.y},
    ),
]
_LEAK = "validation digits are in the training set: then nothing is left to judge by. Augment and add the training digits alone"
_LEAKS: list[dict] = [
    {"x": lambda v: larger.joined(v.x, v.x_val), "y": lambda v: larger.joined(v.y, v.y_val)},
    {"x": lambda v: larger.joined(v.x, v.augment(v.x_val)), "y": lambda v: larger.joined(v.y, v.y_val)},
    {"x": lambda v: larger.joined(v.x, v.new, v.x_val), "y": lambda v: larger.joined(v.y, v.y, v.y_val)},
    {"x": lambda v: larger.joined(v.x, v.new, v.augment(v.x_val)), "y": lambda v: larger.joined(v.y, v.y, v.y_val)},
    {"x": lambda v: larger.joined(v.x, v.x_val, v.new, v.augment(v.x_val)), "y": lambda v: larger.joined(v.y, v.y_val, v.y, v.y_val)},
    {"x": lambda v: larger.joined(v.x, v.x_val, v.augment(v.x_val)), "y": lambda v: larger.joined(v.y, v.y_val, v.y_val)},
]  # fmt: skip
_IMAGES: list[tuple[str, dict]] = [
    ("the copy is not augmented: the same images twice teach nothing new", {"x": lambda v: larger.joined(v.x, v.x)}),
    ("the originals are gone, and the augmented copy is there twice", {"x": lambda v: larger.joined(v.new, v.new)}),
    ("the originals are augmented as well: they stay, and one augmented copy follows", {"x": lambda v: larger.joined(v.new, v.augment(v.new))}),
    ("augmented twice: augment(x_train) is enough", {"x": lambda v: larger.joined(v.x, v.augment(v.new))}),
    ("the originals are gone: they stay, and the augmented copy follows", {"x": lambda v: v.new, "y": lambda v: v.y}),
    ("the originals are gone, and the labels are there twice: the images stay, and the augmented copy follows", {"x": lambda v: v.new}),
    ("the training set is as it was: append augment(x_train), and the labels again", {"x": lambda v: v.x, "y": lambda v: v.y}),
    ("the images are as they were, and the labels are there twice: append augment(x_train)", {"x": lambda v: v.x}),
    ("two augmented copies: one is asked", {"x": lambda v: larger.joined(v.x, v.new, v.new), "y": lambda v: larger.joined(v.y, v.y, v.y)}),
    ("two augmented copies, one of the other: one is asked", {"x": lambda v: larger.joined(v.x, v.new, v.augment(v.new)), "y": lambda v: larger.joined(v.y, v.y, v.y)}),
    ("+ adds numbers, pixel by pixel: np.concatenate([a, b]) puts arrays behind each other", {"x": lambda v: v.x + v.new, "y": lambda v: v.y + v.y}),
    ("+ adds numbers, pixel by pixel: np.concatenate([a, b]) puts arrays behind each other", {"x": lambda v: v.x + v.new, "y": lambda v: v.y}),
    ("+ adds numbers, pixel by pixel: np.concatenate([a, b]) puts arrays behind each other", {"x": lambda v: v.x + v.new}),
    ("np.append flattens images that it gets without axis=0", {"x": lambda v: np.append(v.x, v.new)}),
    ("np.stack makes a new axis: np.concatenate puts images behind images", {"x": lambda v: np.stack([v.x, v.new])}),
    ("np.stack makes a new axis: np.concatenate puts images behind images", {"x": lambda v: np.stack([v.x, v.new]), "y": lambda v: np.stack([v.y, v.y])}),
    ("the images are joined below or beside each other: join them along axis 0, the samples", {"x": lambda v: np.concatenate([v.x, v.new], axis=1)}),
    ("the images are joined below or beside each other: join them along axis 0, the samples", {"x": lambda v: np.concatenate([v.x, v.new], axis=2)}),
    ("the images are joined below or beside each other: join them along axis 0, the samples", {"x": lambda v: np.dstack([v.x, v.new]), "y": lambda v: v.y}),
    ("the images are joined below or beside each other: join them along axis 0, the samples", {"x": lambda v: np.hstack([v.x, v.new]), "y": lambda v: v.y}),
    ("the images are laid into rows: they keep their height and width", {"x": lambda v: larger.joined(v.x, v.new).reshape(2 * len(v.x), -1)}),
    ("divided by 255: the pixels stay as they are", {"x": lambda v: larger.joined(v.x, v.new) / 255}),
    ("divided by 255: the pixels stay as they are", {"x": lambda v: larger.joined(v.x, v.new) / 255, "x_val": lambda v: v.x_val / 255}),
    ("the mean of image and copy: both stay, one behind the other", {"x": lambda v: (v.x + v.new) / 2, "y": lambda v: v.y}),
]  # fmt: skip
_LABELS: list[tuple[str, dict]] = [
    ("the labels are not repeated: the copy needs the same ones again", {"y": lambda v: v.y}),
    ("the labels are there three times: as often as the images, twice", {"y": lambda v: larger.joined(v.y, v.y, v.y)}),
    ("the labels are multiplied by 2 or added: np.concatenate([y_train, y_train]) repeats them", {"y": lambda v: 2 * v.y}),
    ("the labels are multiplied by 2 or added: np.concatenate([y_train, y_train]) repeats them", {"y": lambda v: larger.joined(v.y, 2 * v.y)}),
    ("the copies have the validation labels: they have those of their originals", {"y": lambda v: larger.joined(v.y, v.y_val)}),
    ("the copies have a class of their own: they are of the class of their originals", {"y": lambda v: larger.joined(v.y, v.y + 10)}),
    ("the copies have the label 0: they are of the class of their originals", {"y": lambda v: larger.joined(v.y, 0 * v.y)}),
    ("the labels lie in two rows: they come behind each other, shape (2n,)", {"y": lambda v: np.stack([v.y, v.y])}),
    ("the labels lie in two columns: they come behind each other, shape (2n,)", {"y": lambda v: np.column_stack([v.y, v.y])}),
]  # fmt: skip
_TEARS: list[Callable] = [
    lambda v: np.repeat(v.y, 2),
    lambda v: larger.joined(v.y, v.y)[::-1],
    lambda v: np.sort(larger.joined(v.y, v.y)),
    lambda v: larger.joined(v.y, v.y[::-1]),
    lambda v: np.random.default_rng(0).permutation(larger.joined(v.y, v.y)),
]


def _case(n: int, n_val: int, height: int, width: int, augment: object, scale: float = 1) -> tuple:
    """Make digits with labels that come in no order; scale 1/256 makes pixels between 0 and 1."""
    x, y = _rng.randint(1, 256, (n + n_val, height, width)), _rng.permutation(np.arange(n + n_val) % 10)
    x = x.astype(np.uint8) if scale == 1 else x * scale
    return x[:n], y[:n].astype(np.uint8), x[n:], y[n:].astype(np.uint8), augment


enlarge = Exercise(
    "enlarge",
    lambda x_train, y_train, x_val, y_val, augment: larger.enlarged()(x_train, y_train, x_val, y_val, augment),
    cases=[
        _case(6, 4, 5, 4, larger.moved),
        _case(5, 5, 3, 6, larger.lifted),
        _case(8, 3, 4, 4, larger.darker, 1 / 256),
        _case(30, 10, 4, 5, larger.moved),
    ],
    parts=("x_train", "y_train", "x_val", "y_val"),
    observe=in_any_order,
    slips=[
        *(Slip(hint, larger.enlarged(**wrong)) for hint, wrong in _VALIDATION),
        *(Slip(_LEAK, larger.enlarged(**wrong)) for wrong in _LEAKS),
        *(Slip(hint, larger.enlarged(**wrong)) for hint, wrong in (*_LABELS, *_IMAGES)),
        *(Slip(both(a, b), larger.enlarged(**wrong, **more)) for a, wrong in _VALIDATION[:3] for b, more in (_LABELS[0], _IMAGES[4], _IMAGES[6], _IMAGES[7])),
        *alike(TORN, *(larger.enlarged(y=tear) for tear in _TEARS)),
        *alike("the labels are augmented: images change, what they show stays", lambda x, y, x_val, y_val, augment: augment(y)),
        *alike("augment takes a batch, (n, height, width): hand over all images at once, or each as image[None]", lambda x, y, x_val, y_val, augment: [augment(image) for image in x]),
        Slip("augment is handed over here, not called: augment(x_train) gives the images", lambda x_train, y_train, x_val, y_val, augment: np.concatenate([x_train, augment])),
        *alike("the labels are one-hot here: they stay whole numbers", *(larger.enlarged(y=lambda v: np.eye(10)[larger.joined(v.y, v.y)], **more) for more in ({}, {"y_val": lambda v: np.eye(10)[v.y_val]}))),
        *alike("training digits are in validation: it stays as it is, digits that training has not seen", larger.enlarged(x_val=lambda v: larger.joined(v.x_val, v.x), y_val=lambda v: larger.joined(v.y_val, v.y)), larger.enlarged(x_val=lambda v: larger.joined(v.x, v.x_val), y_val=lambda v: larger.joined(v.y, v.y_val))),
        Slip("the four came in another order: x_train, y_train, x_val, y_val", larger.enlarged(order=lambda a, b, c, d: (a, c, b, d))),
        Slip("validation came first: x_train, y_train, x_val, y_val", larger.enlarged(order=lambda a, b, c, d: (c, d, a, b))),
        Slip("images and labels are exchanged: x_train, y_train, x_val, y_val", larger.enlarged(order=lambda a, b, c, d: (b, a, d, c))),
        Slip("the two arrays of validation are exchanged: x_train, y_train, x_val, y_val", larger.enlarged(order=lambda a, b, c, d: (a, b, d, c))),
        Slip(PAIRS, larger.enlarged(order=lambda a, b, c, d: ((a, b), (c, d)))),
        Slip("the training set alone came back: x_train, y_train, x_val, y_val", larger.enlarged(order=lambda a, b, c, d: (a, b))),
    ],
    hint="np.concatenate the training images with augment(x_train), the labels with themselves; validation comes back as it was",
    praise="Validation tells how well digits as they are get recognized, so they stay as they are",
)  # fmt: skip
