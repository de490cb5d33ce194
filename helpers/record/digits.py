"""What the recordings on MNIST share: the digits and the two networks."""

from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers import data
from helpers.record.engine import RecordError

if TYPE_CHECKING:
    import keras

SETS = ("small", "validation", "full")
FULL = ("full", "full_validation")


@cache
def parts(name: str) -> tuple[data.Pair, data.Pair]:
    """Return what is trained on and what is held out: images of 28 x 28 numbers from 0 to 1, float32, and labels.

    "small" is 4,000 and 1,000 test digits, "full" 60,000 and 10,000; "validation" splits the 4,000 into 3,200 and 800,
    "full_validation" the 60,000 into 59,200 and 800.
    Raises RecordError where the full set cannot be had.
    """
    try:
        train, test = data.load_mnist("full" if name in FULL else "small")
    except data.DataError as error:
        raise RecordError(str(error)) from error
    chosen = data.split_validation(*train) if name.endswith("validation") else (train, test)
    return tuple((x.astype(np.float32) / 255, labels) for x, labels in chosen)


def fresh_keras(seed: int) -> ModuleType:
    """Return Keras, rid of the models before, with everything random set to start from `seed`."""
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    return keras


def dense(seed: int) -> "keras.Model":
    """Return lesson 08's network for rows of 784 pixels, ready to train, with new weights."""
    keras = fresh_keras(seed)
    layers = keras.layers
    return _compiled(
        keras.Sequential(
            [keras.Input((784,)), layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")]
        )
    )


def convolutional(seed: int) -> "keras.Model":
    """Return lesson 09's network for images of 28 x 28 x 1 pixels, ready to train, with new weights."""
    keras = fresh_keras(seed)
    layers = keras.layers
    return _compiled(
        keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(16, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Conv2D(32, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Flatten(),
                layers.Dense(10, activation="softmax"),
            ]
        )
    )


def _compiled(model: "keras.Model") -> "keras.Model":
    """Return the model with Adam, the cross-entropy and the accuracy, as in both lessons."""
    import keras

    adam = keras.optimizers.Adam(learning_rate=0.001)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def shaped(model: "keras.Model", images: NDArray) -> NDArray:
    """Return the images in the shape that the model reads: rows of 784 pixels, or 28 x 28 x 1."""
    return images.reshape(len(images), *model.input_shape[1:])
