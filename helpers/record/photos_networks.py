"""The networks of the recording `photos`: a head alone, and MobileNetV2 with a head, trained on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers import data

if TYPE_CHECKING:
    import keras

SEAM = "block_12_add"  # below it frozen, above it the top
NUM_STEPS, BATCH_SIZE = 720, 64  # of a head alone
NUM_EPOCHS, STEPS, TOP_BATCH, RATE = 8, 48, 32, 3e-4  # of fine-tuning; 48 steps read 1,515 photos


def looked(eye: "keras.Model", images: NDArray) -> tuple[NDArray, NDArray]:
    """Return the maps at the seam, in half precision, and the pooled features of photos from 0 to 255."""
    import keras

    scaled = keras.layers.Rescaling(1 / 127.5, -1)(inputs := keras.Input(images.shape[1:]))
    outputs = [eye.get_layer(SEAM).output, keras.layers.GlobalAveragePooling2D()(eye.output)]
    maps, pooled = keras.Model(inputs, keras.Model(eye.input, outputs)(scaled)).predict(images, verbose=0)
    return maps.astype(np.float16), pooled


def head(x: NDArray, labels: NDArray, seed: int, weights: dict[int, float] | None = None) -> "keras.Model":
    """Return a softmax regression, trained for about NUM_STEPS steps."""
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input(x.shape[1:]), keras.layers.Dense(6)])
    _compile(model, 1e-3)
    copies = max(1, 24 * BATCH_SIZE // len(x))  # an epoch reads few photos several times
    x, labels = np.concatenate([x] * copies), np.concatenate([labels] * copies)
    epochs = round(NUM_STEPS / -(-len(x) // BATCH_SIZE))
    model.fit(x, labels, batch_size=BATCH_SIZE, epochs=epochs, class_weight=weights, verbose=0)
    return model


def top(first: list[NDArray], seed: int, thawed: bool = False) -> "keras.Model":
    """Return what lies above the seam, with a trained head, ready to train; its batch norm is frozen unless thawed."""
    import keras

    eye = data.load_mobilenet()
    return _with_head(keras.Model(eye.get_layer(SEAM).output, eye.output), first, seed, thawed=thawed)


def whole(first: list[NDArray], seed: int) -> "keras.Model":
    """Return the whole network with a trained head, ready to train on photos (n, 168, 224, 3) from 0 to 255.

    In training each photo is changed at random; the batch norm is frozen.
    """
    from keras import layers

    changes = (
        layers.Rescaling(1 / 127.5, -1),
        layers.RandomFlip("horizontal", seed=seed),
        layers.RandomRotation(0.05, fill_mode="nearest", seed=seed),
        layers.RandomZoom(0.15, fill_mode="nearest", seed=seed),
        layers.RandomBrightness(0.15, value_range=(-1, 1), seed=seed),
    )
    return _with_head(data.load_mobilenet(), first, seed, changes)


def fine_tune(
    model: "keras.Model",
    versions: NDArray,
    labels: NDArray,
    rows: Sequence[NDArray],
    seed: int,
    weights: dict[int, float] | None = None,
) -> list[float]:
    """Train a network on; return the validation accuracy after each epoch.

    versions: (k, n, ...), the photos as they are, then changed ones: each epoch draws one for each photo; labels: (n,);
    rows: those to learn from and those to decide on.
    """
    (learn, decide), rng = rows, np.random.default_rng(seed)
    accuracies = []
    for _ in range(NUM_EPOCHS):
        version = rng.integers(len(versions), size=len(learn))
        x = versions[version, learn]  # Keras makes float32 of it batch by batch
        model.fit(x, labels[learn], batch_size=TOP_BATCH, class_weight=weights, verbose=0)
        accuracies.append(accuracy_of(model, versions[0][decide], labels[decide]))
    return accuracies


def _with_head(
    body: "keras.Model", first: list[NDArray], seed: int, before: Sequence["keras.Layer"] = (), thawed: bool = False
) -> "keras.Model":
    """Return a network with a trained head on top of it, ready to train."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    for layer in body.layers:
        layer.trainable = thawed or not isinstance(layer, layers.BatchNormalization)
    x = inputs = keras.Input(body.input.shape[1:])
    for layer in before:
        x = layer(x)
    pooled = layers.GlobalAveragePooling2D()(body(x, training=False))
    model = keras.Model(inputs, layers.Dense(6)(layers.Dropout(0.2)(pooled)))
    model.layers[-1].set_weights(first)
    _compile(model, keras.optimizers.schedules.CosineDecay(RATE, NUM_EPOCHS * STEPS))
    return model


def _compile(model: "keras.Model", rate: "float | keras.optimizers.schedules.LearningRateSchedule") -> None:
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, steps_per_execution=8)


def accuracy_of(model: "keras.Model", x: NDArray, labels: NDArray) -> float:
    """Return the share of the photos that is right."""
    return float(np.mean(_said(model, x) == labels))


def recalls_of(model: "keras.Model", x: NDArray, labels: NDArray) -> NDArray:
    """Return for each class the share of its photos that is right."""
    said = _said(model, x)
    return np.array([np.mean(said[labels == label] == label) for label in range(6)])


def _said(model: "keras.Model", x: NDArray) -> NDArray:
    batches = [model(x[i : i + 64].astype(np.float32), training=False) for i in range(0, len(x), 64)]
    return np.concatenate(batches).argmax(axis=1)
