"""What a network looks at: a class activation map over a photo, and the probabilities of all classes."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.losses import softmax
from helpers.sliders.choices import choice
from helpers.sliders.controls import slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import whole_labels
from helpers.sliders.look_given import SAID, checked_maps, checked_names, checked_photos, checked_scores
from helpers.sliders.look_picture import HEIGHT, WIDTH, LookPicture
from helpers.sliders.parts import number, percent
from helpers.sliders.picture import Values

TITLE = "See what it looks at"
CODE = """\
import numpy as np
from matplotlib.colors import to_rgb
from helpers.losses import softmax
from helpers.sliders.look_picture import AGAINST, FOR


def bilinear(length, cells):
    place = (np.arange(length) + 0.5) * cells / length - 0.5
    return np.array([np.interp(place, np.arange(cells), one) for one in np.eye(cells)]).T


# photos, maps, names, scores, labels: what you gave to look
photo, class_name, blend = {photo}, {class_name}, {blend}
probabilities = softmax(np.array(scores, float)[photo])
said, label = np.argmax(probabilities), np.ravel(labels)[photo]
shown = said if class_name == "what it said" else list(names).index(class_name)
cells = np.array(maps, float)[photo, :, :, shown]
score, map_mean = np.array(scores, float)[photo, shown], cells.mean()
bias = score - map_mean
strongest, weakest = cells.max(), cells.min()
row, column = np.unravel_index(cells.argmax(), cells.shape)
limit = np.abs(maps[photo]).max()  # of all classes
(height, width), (rows, columns) = photos[photo].shape[:2], cells.shape
enlarged = bilinear(height, rows) @ cells @ bilinear(width, columns).T
gray = photos[photo] @ [0.299, 0.587, 0.114] / 255
part = enlarged[..., None] / limit  # from -1, against the class, to 1, for it
color = 1 - np.where(part > 0, part * (1 - np.array(to_rgb(FOR))), -part * (1 - np.array(to_rgb(AGAINST))))
picture = (1 - (1 - blend) * (1 - gray[..., None])) * (1 - min(1, 2 * blend) * (1 - color))  # for imshow
"""


def look(
    photos: ArrayLike,
    maps: ArrayLike,
    names: Any,
    scores: ArrayLike,
    labels: ArrayLike,
    *,
    photo: int = 0,
    class_name: str | None = None,
    blend: float = 0.5,
) -> Explorer:
    """Explore which parts of a photo speak for a class and which against it.

    photos: uint8 (n, height, width, 3); maps: (n, rows, columns, k), above 0 where a part of the photo speaks for a
    class, below where against it; names: the k classes; scores: (n, k), the logits, each the mean of its map plus the
    bias of the class; labels: (n,), the true classes. `class_name` is a name, or what the network said; `blend` how
    strongly the map covers the photo. The values: `photo`, `class_name`, `blend`, `said`, `label` and `shown` (classes
    as numbers), `probabilities` (k,), the `score` of the class shown, `map_mean` and `bias`, whose sum it is, the
    `strongest` and the `weakest` cell of its map, `row` and `column` of the strongest, `limit` (the largest size of a
    cell in this photo's maps) and `enlarged`, the map (height, width), bilinear.
    """
    try:
        photos_seen = Photos(photos, maps, names, scores, labels)
        keys, last = "choose, or Tab to it and press the arrow keys", len(photos_seen.photos) - 1
        controls = {
            "photo": slider(photo, 0, max(last, 1), "photo", step=1, tip="Another photo", only="whole numbers"),
            "class_name": choice(SAID, [SAID, *photos_seen.names], "class", tip=f"What speaks for it: {keys}"),
            "blend": slider(blend, 0, 1, "blend", step=0.05, tip="0: the photo alone, in gray; 1: the map alone"),
        }
        if not last:
            del controls["photo"]  # there is nothing to slide
        if class_name is not None:
            controls["class_name"].value = class_name
    except Exception as error:
        return refused(TITLE, error)
    code = CODE if last else CODE.replace("{photo}", "0")
    paint = LookPicture(photos_seen).paint
    return Explorer(TITLE, controls, photos_seen.compute, paint, code=code, size=(WIDTH, HEIGHT))


class Photos:
    """Photos, the maps of their classes, and what the network says of them."""

    def __init__(self, photos: Any, maps: Any, names: Any, scores: Any, labels: Any) -> None:
        self.photos, self.names = checked_photos(photos), checked_names(names)
        n, k = len(self.photos), len(self.names)
        self.maps = checked_maps(maps, n, k)
        self.scores = checked_scores(scores, self.maps)
        self.labels = whole_labels(labels, n, k)
        self.probabilities = softmax(self.scores)
        (height, width), (rows, columns) = self.photos.shape[1:3], self.maps.shape[1:3]
        self._down, self._across = bilinear(height, rows), bilinear(width, columns)

    def compute(self, class_name: str, blend: float, photo: float = 0) -> Values:
        """Enlarge the map of a class."""
        photo = int(photo)
        said = int(self.scores[photo].argmax())
        shown = said if class_name == SAID else self.names.index(class_name)
        cells, score = self.maps[photo, :, :, shown], float(self.scores[photo, shown])
        row, column = (int(place) for place in np.unravel_index(cells.argmax(), cells.shape))
        return {
            "photo": photo, "class_name": class_name, "blend": blend, "said": said, "label": int(self.labels[photo]),
            "shown": shown, "probabilities": self.probabilities[photo].copy(), "score": score,
            "map_mean": float(cells.mean()), "bias": score - float(cells.mean()), "strongest": float(cells.max()),
            "weakest": float(cells.min()), "row": row, "column": column,
            "limit": float(np.abs(self.maps[photo]).max()), "enlarged": self._down @ cells @ self._across.T,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        names, shown, said, label = self.names, values["shown"], values["said"], values["label"]
        chances = [percent(float(part)) for part in values["probabilities"]]
        text = f"Photo {values['photo']}, {names[label]}, is read as {names[said]} ({chances[said]}). "
        text += f"For {names[shown]}" + (f" ({chances[shown]})" if shown != said else "")
        text += self._spots(values)
        whole = f"mean of the map {number(values['map_mean'])}, bias {number(values['bias'])}, "
        return f"{text} The {whole}together the score {number(values['score'])}."

    def _spots(self, values: Values) -> str:
        """Say where the photo speaks most for the class, and where against it."""
        cells = self.maps[values["photo"], :, :, values["shown"]]
        strongest, weakest = values["strongest"], values["weakest"]
        row, column = np.unravel_index(cells.argmin(), cells.shape)
        best, worst = (
            place_in_words(values["row"], values["column"], cells.shape),
            place_in_words(row, column, cells.shape),
        )
        if strongest <= 0:
            speaks = f", most against it {worst} ({number(weakest, 2)})" if weakest < 0 else ""
            return f" no part of the photo speaks{speaks}."
        text = f" the photo speaks most {best} (+{number(strongest, 2)})"
        return text + (f", most against it {worst} ({number(weakest, 2)})." if weakest < 0 else ", nowhere against it.")


def bilinear(length: int, cells: int) -> NDArray:
    """Return the matrix (length, cells) that enlarges a row of cells; beyond the outer cells' middles they go on.

    >>> bilinear(4, 2).tolist()
    [[1.0, 0.0], [0.75, 0.25], [0.25, 0.75], [0.0, 1.0]]
    """
    place = (np.arange(length) + 0.5) * cells / length - 0.5
    return np.array([np.interp(place, np.arange(cells), one) for one in np.eye(cells)]).T


def place_in_words(row: int, column: int, shape: tuple[int, ...]) -> str:
    """Return where a cell is, in thirds of the photo.

    >>> place_in_words(0, 6, (6, 7)), place_in_words(3, 3, (6, 7))
    ('at the upper right', 'in the center')
    """
    down = ("upper", "middle", "lower")[int(3 * (row + 0.5) / shape[0])]
    across = ("left", "middle", "right")[int(3 * (column + 0.5) / shape[1])]
    if down == across:
        return "in the center"
    return f"in the {down} middle" if across == "middle" else f"at the {down} {across}"
