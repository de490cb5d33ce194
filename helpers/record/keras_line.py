"""What does the learning rate do to real Keras? `Dense(1)` on the noisy line of lesson 07, three batch sizes.

100 points (`data.noisy_line`), mean squared error, plain SGD from w = b = 0, 60 epochs, Keras's own shuffling. The
seed is the same for every run, so that two learning rates see the points in the same order. And once a seed is set,
Keras 3.15 on TensorFlow reads them in the same order in every epoch, too: a run with mini-batches does not jitter, it
settles, beside the best line. Keras computes in float32: a run that diverges far enough ends in inf and nan, both
written as inf.
"""

from functools import cache
from typing import Any

import numpy as np

from helpers import data
from helpers.record.engine import as_text

ETAS = tuple(float(f"{10 ** (k / 20):.3g}") for k in range(-40, 3))  # 0.01, 0.0112, ... 1.26: twenty a decade
BATCH_SIZES = (100, 20, 5)
SETTINGS = [{"batch_size": size, "eta": eta} for size in BATCH_SIZES for eta in ETAS]
RESULTS = ("w", "b")

NUM_POINTS, DATA_SEED = 100, 0
NUM_EPOCHS, SEED = 60, 0


def run(batch_size: int, eta: float) -> dict[str, str]:
    """Train once; return w and b before the first epoch and after each, as text: 61 numbers with spaces between."""
    import keras

    model = _model()
    keras.utils.set_random_seed(SEED)  # of the shuffling, before every run: its place in the recording does not matter
    model.set_weights([np.zeros((1, 1)), np.zeros(1)])
    model.optimizer.learning_rate = eta
    path = [(0.0, 0.0)]

    def keep(epoch: int, logs: dict[str, float]) -> None:
        w, b = model.get_weights()
        path.append((w.item(), b.item()))

    x, y = data.noisy_line(NUM_POINTS, np.random.default_rng(DATA_SEED))
    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=keep)]
    model.fit(x, y, batch_size=batch_size, epochs=NUM_EPOCHS, verbose=0, callbacks=callbacks)
    w, b = zip(*path, strict=True)
    return {"w": as_text(w), "b": as_text(b)}


@cache
def _model() -> Any:
    """Return the one model of all runs: compiling takes longer than an epoch, and `run` sets all that a run changes."""
    import keras
    from keras import layers

    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=ETAS[0]), loss="mse")
    return model
