"""What the recordings for lesson 14 share: few digits, a network that is large for them, and the remedies."""

import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers import data, losses
from helpers.record import digits

if TYPE_CHECKING:
    import keras

NUM_EPOCHS = 40
BATCH_SIZE = 50
NUM_EACH = 100  # training digits of each kind
SHIFT, ROTATION, ZOOM = 2 / 28, 10 / 360, 0.1  # shares of the width, of a full turn, of the size


def few(num_each: int = NUM_EACH, name: str = "validation") -> tuple[data.Pair, data.Pair]:
    """Return the first `num_each` training digits of each kind, in the order of the file, and all held-out digits.

    Images of shape (n, 28, 28, 1), 0 to 1; labels one-hot, (n, 10). `name` as for `digits.parts`.
    """
    (x, labels), held_out = digits.parts(name)
    rows = np.sort(np.concatenate([np.flatnonzero(labels == digit)[:num_each] for digit in range(10)]))
    pairs = ((x[rows], labels[rows]), held_out)
    return tuple((x[..., None], losses.one_hot(labels, 10)) for x, labels in pairs)


def network(
    seed: int,
    *,
    units: int = 256,
    dropout: float = 0.0,
    weight_decay: float = 0.0,
    smoothing: float = 0.0,
    augmentation: "list[keras.layers.Layer] | None" = None,
    steps_at_once: int = 20,
) -> "keras.Model":
    """Return lesson 14's network with its remedies, ready to train; `augmentation` must be made after the seed is set.

    `dropout` is the rate in the hidden layers; the pixels are dropped with two fifths of it, as in Srivastava et al.
    (2014). The history's "error" is the cross-entropy with the true labels, whatever the loss is.
    """
    import keras

    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1)), *(augmentation or []), layers.Flatten()])
    if dropout:
        model.add(layers.Dropout(0.4 * dropout))
    for _ in range(2):
        model.add(layers.Dense(units, activation="relu"))
        if dropout:
            model.add(layers.Dropout(dropout))
    model.add(layers.Dense(10, activation="softmax"))
    adam = keras.optimizers.AdamW(0.001, weight_decay=weight_decay)
    model.compile(
        optimizer=adam if weight_decay else keras.optimizers.Adam(0.001),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=smoothing),
        metrics=["accuracy", keras.metrics.CategoricalCrossentropy(name="error")],
        steps_per_execution=steps_at_once,
    )
    return model


def augmentation(strength: float = 1.0, kinds: tuple[str, ...] = ("shift", "rotation", "zoom")) -> list:
    """Return layers that deform digits at random while training: up to 2 pixels, 10 degrees, 10 % times `strength`."""
    from keras import layers

    paper = {"fill_mode": "constant", "fill_value": 0.0}
    shift, rotation, zoom = (strength * most for most in (SHIFT, ROTATION, ZOOM))
    made = {
        "shift": lambda: layers.RandomTranslation(shift, shift, **paper),
        "rotation": lambda: layers.RandomRotation(rotation, **paper),
        "zoom": lambda: layers.RandomZoom(zoom, **paper),
        "flip": lambda: layers.RandomFlip("horizontal"),
    }
    return [made[kind]() for kind in kinds]


def measured(
    model: "keras.Model",
    train: data.Pair,
    held_out: data.Pair,
    *,
    epochs: int = NUM_EPOCHS,
    callbacks: list | None = None,
) -> dict[str, float | NDArray]:
    """Train; return errors and accuracies at the end, on digits as they are, the epochs, and processor seconds.

    `callbacks` may hold early stopping on "val_error", which puts the best weights back.
    """
    began = time.process_time()
    history = model.fit(
        *train,
        batch_size=BATCH_SIZE,
        epochs=epochs,
        validation_data=held_out,
        verbose=0,
        callbacks=callbacks,
    ).history
    seconds = time.process_time() - began
    x, targets = train
    p = model(x, training=False).numpy().astype(float)
    right = np.clip(p[targets.astype(bool)], losses.EPSILON, 1)
    val_errors, val_accuracies = np.array(history["val_error"]), np.array(history["val_accuracy"])
    kept = val_errors.argmin() if callbacks else -1  # early stopping puts the best weights back
    return {
        "error": -np.log(right).mean(),
        "accuracy": np.mean(p.argmax(axis=1) == targets.argmax(axis=1)),
        "val_error": val_errors[kept],
        "val_accuracy": val_accuracies[kept],
        "epochs": len(val_errors),
        "seconds": seconds,
        "errors": np.array(history["error"]),
        "val_errors": val_errors,
        "val_accuracies": val_accuracies,
    }
