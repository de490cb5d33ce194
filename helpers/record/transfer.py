"""What is a trained network worth where labels are few? For lesson 16.

Two tasks: MNIST's digits 5 to 9 for a network that knows 0 to 4, and scikit-learn's digits, blown up to 28 x 28, for
one that knows MNIST (small set). `start` says what the network knows before, and whether its head is new; `frozen` how
many of its four layers with weights are frozen, counted from the input; `labels` how many digits of each class it is
shown. At the rate 0 a new head on frozen layers is not trained in steps but solved to the end, as softmax regression.
A seed sets the network before, the digits that are shown, and the first weights of what is new.
"""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers import augmentation, data
from helpers.record import digits

if TYPE_CHECKING:
    import keras

LABELS = (1, 2, 5, 10, 20, 100)
RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
NUM_STEPS, BATCH_SIZE = 300, 20
NUM_BEFORE = 24_000  # at most so many digits are read for the first task, each moved in its own way
MOVES = {"shift": 3, "rotation": 15, "zoom": 0.2}
HALVES = ("0-4 + new head", "scratch 5-9")  # what is new are MNIST's digits 5 to 9
SOLVED = 0.0  # the rate of a head that is not trained in steps
COMPARED = [
    *((start, 3, SOLVED) for start in ("mnist + new head", "random layers", "shuffled labels + new head", HALVES[0])),
    *((start, 0, 1e-3) for start in ("mnist + new head", "scratch", "shuffled labels + new head", HALVES[0])),
    *((start, 0, 3e-3) for start in ("scratch", "scratch 5-9")),
    (HALVES[0], 2, 3e-3),
]
GRID = [("mnist", frozen, rate) for frozen in range(4) for rate in RATES]
SETTINGS = [
    {"start": start, "frozen": frozen, "rate": rate, "labels": labels, "seed": seed}
    for settings, seeds in ((COMPARED, range(5)), (GRID, range(3)), ([("mnist", 0, 1e-3)], range(3, 5)))
    for seed in seeds
    for start, frozen, rate in settings
    for labels in LABELS
]
RESULTS = ("accuracy", "test_accuracy", "old_accuracy")


class Task(NamedTuple):
    """Images (n, 28, 28, 1), 0 to 1, and labels from 0: to be shown, to decide on, and to be looked at once."""

    pool: data.Pair
    held_out: data.Pair
    test: data.Pair


def run(start: str, frozen: int, rate: float, labels: int, seed: int) -> dict[str, float]:
    """Train a network that starts there on a few digits; return its accuracies on the new task, and on the old one.

    The old task is asked with the old head; from new weights there is none, and the accuracy is nan.
    """
    new = mnist(5, 10) if start in HALVES else scanned()
    num_classes = len(np.unique(new.pool[1]))
    known = _known(start.removesuffix(" + new head"), seed)
    first = _first_weights(num_classes, seed)
    if known:
        first = known[:-2] + first[-2:] if start.endswith("new head") else list(known)
    model = _ready(num_classes, frozen, rate, first)
    x, y = _shown(new.pool, labels, seed)
    if rate == SOLVED:
        model.set_weights(first[:-2] + solved_head(model, x[: num_classes * labels], y[: num_classes * labels]))
    else:
        model.fit(x, y, batch_size=BATCH_SIZE, shuffle=False, verbose=0)
    found = [_accuracy(model, part) for part in (new.held_out, new.test)]
    if not known:
        return dict(zip(RESULTS, [*found, np.nan], strict=True))
    if start.endswith("new head"):  # the old head comes back, on what the layers below it are now
        model.set_weights(model.get_weights()[:-2] + known[-2:])
    old = mnist(0, num_classes)
    return dict(zip(RESULTS, [*found, _accuracy(model, old.held_out)], strict=True))


def network(num_classes: int) -> "keras.Sequential":
    """Return lesson 16's network, not compiled: two convolutions, a dense layer, and the head."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(num_classes, activation="softmax"),
        ]
    )


def solved_head(model: "keras.Sequential", x: NDArray, labels: NDArray) -> list[NDArray]:
    """Return weights and biases of softmax regression on what lies below the head, solved to the end.

    With scikit-learn's penalty (C = 1), the features divided by their common standard deviation before.
    """
    from keras import Sequential
    from sklearn.linear_model import LogisticRegression

    features = np.array(Sequential(model.layers[:-1])(x), dtype=float)
    size = features.std()
    fitted = LogisticRegression(max_iter=5000).fit(features / size, labels)
    return [fitted.coef_.T / size, fitted.intercept_]


def blown_up(images: NDArray) -> NDArray:
    """Return 8 x 8 pixels from 0 to 16 as (n, 28, 28, 1) from 0 to 1: each is 3 x 3, with a border of 2 of paper."""
    blocks = np.repeat(np.repeat(images / np.float32(16), 3, axis=1), 3, axis=2)
    return np.pad(blocks, ((0, 0), (2, 2), (2, 2)))[..., None]


def mnist(first: int, end: int) -> Task:
    """Return the digits from `first` up to `end`, not included, of the small MNIST; their labels count from 0."""
    (train, held_out), (_, test) = digits.parts("validation"), digits.parts("small")
    chosen = [(x, labels, (labels >= first) & (labels < end)) for x, labels in (train, held_out, test)]
    return Task(*((x[rows][..., None], labels[rows] - first) for x, labels, rows in chosen))


def scanned() -> Task:
    """Return scikit-learn's digits, blown up: 40 of each to decide on, and the last 30 of the file to look at once."""
    train, test = data.load_digits()
    return Task(*((blown_up(x), labels) for x, labels in (*data.split_validation(*train, per_class=40), test)))


@cache
def _known(start: str, seed: int) -> list[NDArray]:
    """Return the weights of a network that has learned the old task; none for what starts from new weights."""
    if start not in ("mnist", "shuffled labels", "0-4"):
        return []
    import keras

    x, labels = mnist(0, 5 if start == "0-4" else 10).pool
    if start == "shuffled labels":
        labels = np.random.default_rng(seed).permutation(labels)
    keras.utils.set_random_seed(seed)
    model = network(int(labels.max()) + 1)
    _compile(model, 1e-3)
    copies = NUM_BEFORE // len(x)
    moved = augmentation.deform(np.concatenate([x[..., 0]] * copies), np.random.default_rng(seed), **MOVES)
    model.fit(moved[..., None], np.tile(labels, copies), batch_size=50, verbose=0)
    return model.get_weights()


def _first_weights(num_classes: int, seed: int) -> list[NDArray]:
    """Return new weights."""
    import keras

    keras.utils.set_random_seed(100 + seed)
    return network(num_classes).get_weights()


def _ready(num_classes: int, frozen: int, rate: float, weights: list[NDArray]) -> "keras.Sequential":
    """Return a network with these weights, whose optimizer has no past."""
    model, fresh = _compiled(num_classes, frozen, rate)
    model.set_weights(weights)
    for variable, value in zip(model.optimizer.variables, fresh, strict=True):
        variable.assign(value)
    return model


@cache
def _compiled(num_classes: int, frozen: int, rate: float) -> "tuple[keras.Sequential, list[NDArray]]":
    """Return a network ready to train, and its optimizer's state: both are used again, since Keras starts slowly."""
    model = network(num_classes)
    for layer in [layer for layer in model.layers if layer.weights][:frozen]:
        layer.trainable = False
    _compile(model, rate)
    model.optimizer.build(model.trainable_variables)
    return model, [variable.numpy() for variable in model.optimizer.variables]


def _compile(model: "keras.Sequential", rate: float) -> None:
    from keras.optimizers import Adam

    model.compile(Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"], steps_per_execution=20)


def _shown(pool: data.Pair, num_each: int, seed: int) -> data.Pair:
    """Return what all steps read, one after the other: `num_each` of each class, again and again in new orders."""
    rng = np.random.default_rng(seed)
    x, labels = pool
    rows = np.concatenate([rng.permutation(np.flatnonzero(labels == label))[:num_each] for label in np.unique(labels)])
    num_read = NUM_STEPS * BATCH_SIZE
    order = np.concatenate([rng.permutation(rows) for _ in range(-(-num_read // len(rows)))])[:num_read]
    return x[order], labels[order]


def _accuracy(model: "keras.Sequential", part: data.Pair) -> float:
    x, labels = part
    return float(np.mean(np.argmax(model(x, training=False), axis=1) == labels))
