"""What is a network that knows ImageNet worth for photos of rubbish? For the extra lesson on transfer.

TrashNet's photos in three parts: three fifths to learn from, one fifth to decide on, one to look at once; photos that
are nearly the same stay in one part. A `method` is a head on pixels or on MobileNetV2's features ("probe"), or
fine-tuning that begins with that head: of the network's top, whose input is computed once, or of "all" of it, on photos
that are changed at random. `labels` is how many photos of each class are shown, 0 for all. A seed sets the parts, the
photos that are shown, the first weights and everything random. ("all" takes ten minutes a seed, so it has three.)
"""

from functools import cache
from time import process_time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers import data
from helpers.record import photos_networks as networks
from helpers.record.engine import RecordError, as_text

ALIKE = 0.95  # the cosine of two photos' features, from which they stay in one part
FEW = (5, 10, 20, 50)
TOPS = ("top", "top + thawed batch norm", "top + class weights")
TUNED = (*TOPS, "all")
SETTINGS = [
    *({"method": m, "labels": n, "seed": s} for n in (*FEW, 0) for m in ("pixels", "probe") for s in range(5)),
    *({"method": "probe + class weights", "labels": 0, "seed": s} for s in range(5)),
    *({"method": m, "labels": 0, "seed": s} for s in range(5) for m in TOPS),
    *({"method": "all", "labels": 0, "seed": s} for s in range(3)),
]
RESULTS = ("accuracy", "balanced", "test_accuracy", "test_balanced", "seconds", "recalls", "accuracies")


class Seen(NamedTuple):
    """What is computed once for all photos: what heads read, what the top reads, and which photos stay together."""

    labels: NDArray  # (n,)
    pixels: NDArray  # (n, 1764), 21 x 28 x 3 numbers from -1 to 1
    features: NDArray  # (n, 1280)
    seam: NDArray  # (2, n, 11, 14, 32): the photos as they are, then mirrored
    group: NDArray  # (n,)


def run(method: str, labels: int, seed: int) -> dict[str, float | str]:
    """Train once; return accuracies and balanced accuracies on the validation and the test photos, and the time.

    `recalls` and `accuracies`, those of the six classes and after each epoch of fine-tuning, are of the validation
    photos, as texts; `seconds` are the processor's, without what is computed once for all photos.
    """
    seen, rows = known(), parts(seed)
    shown = few(seen.labels, rows[0], labels, seed)
    weights = class_weights(seen.labels[shown]) if method.endswith("class weights") else None
    began = process_time()
    x = seen.pixels if method == "pixels" else seen.features
    model, accuracies = networks.head(x[shown], seen.labels[shown], seed, weights), [np.nan]
    if method in TUNED:
        first = model.get_weights()
        versions = data.load_photos().images[None] if method == "all" else seen.seam
        model = (
            networks.whole(first, seed)
            if method == "all"
            else networks.top(first, seed, method.endswith("thawed batch norm"))
        )
        accuracies, x = networks.fine_tune(model, versions, seen.labels, rows[:2], seed, weights), versions[0]
    seconds = process_time() - began
    recalls = [networks.recalls_of(model, x[part], seen.labels[part]) for part in rows[1:]]
    shares = [networks.accuracy_of(model, x[part], seen.labels[part]) for part in rows[1:]]
    return {
        "accuracy": shares[0], "balanced": float(recalls[0].mean()), "test_accuracy": shares[1],
        "test_balanced": float(recalls[1].mean()), "seconds": seconds, "recalls": as_text(recalls[0]),
        "accuracies": as_text(accuracies),
    }  # fmt: skip


@cache
def known() -> Seen:
    """Return what is computed once; raise RecordError where the photos or the weights cannot be had."""
    try:
        photos, eye = data.load_photos(), data.load_mobilenet()
    except data.DataError as error:
        raise RecordError(str(error)) from error

    def compute() -> dict[str, NDArray]:
        found = [networks.looked(eye, images) for images in (photos.images, photos.images[:, :, ::-1])]
        return {"seam": np.stack([maps for maps, _ in found]), "features": found[0][1]}

    kept = data.keep("photo_runs", data.fingerprint(photos.images), compute)
    small = photos.images.reshape(-1, 21, 8, 28, 8, 3).mean(axis=(2, 4)) / 127.5 - 1
    return Seen(photos.labels, small.reshape(len(small), -1), kept["features"], kept["seam"], groups(kept["features"]))


def groups(features: NDArray) -> NDArray:
    """Return for each photo the first one that it stays together with: those that are alike, and what is alike to them.

    >>> groups(np.array([[1, 0], [0, 1], [1, 0.1]])).tolist()
    [0, 1, 0]
    """
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    group = np.arange(len(unit))
    for one, other in np.argwhere(np.triu(unit @ unit.T > ALIKE, 1)):
        group[group == max(group[one], group[other])] = min(group[one], group[other])
    return group


def parts(seed: int) -> list[NDArray]:
    """Return the rows to learn from, to decide on and to look at once: 60, 20 and 20 % of each class, by groups."""
    seen = known()
    chance, part = np.random.default_rng(seed).random(len(seen.labels))[seen.group], np.empty_like(seen.labels)
    for label in np.unique(seen.labels):
        of_class = seen.labels[seen.group] == label
        part[of_class] = np.searchsorted(np.quantile(chance[of_class], [0.6, 0.8]), chance[of_class])
    return [np.flatnonzero(part == k) for k in range(3)]


def few(labels: NDArray, rows: NDArray, num_each: int, seed: int) -> NDArray:
    """Return rows with `num_each` of each class, drawn at random; all of them for 0."""
    if not num_each:
        return rows
    order = np.random.default_rng(seed).permutation(rows)
    return np.concatenate([order[labels[order] == label][:num_each] for label in np.unique(labels)])


def class_weights(labels: NDArray) -> dict[int, float]:
    """Return class -> weight, with a mean of 1 over the photos.

    >>> class_weights(np.array([0, 0, 0, 1]))[1]
    2.0
    """
    counts = np.bincount(labels)
    return dict(enumerate((len(labels) / (len(counts) * counts)).tolist()))
