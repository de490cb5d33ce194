"""A model to ask about digits, without Keras: it takes and refuses what a Keras model would."""

from typing import Any

import numpy as np

from helpers.losses import softmax


class Outputs(np.ndarray):
    """Probabilities that can be taken for a tensor: they have a method numpy."""

    def numpy(self) -> np.ndarray:
        """Return them as an array."""
        return np.array(self)


class DigitModel:
    """a model that takes rows of 784 numbers"""

    def __init__(self, seed: int) -> None:
        rng = np.random.RandomState(seed)
        self._W1, self._W2 = rng.randn(784, 24) / 14, rng.randn(24, 10)

    def __call__(self, x: Any, *_: Any, **__: Any) -> Outputs:
        """Return the ten probabilities of each row; raises ValueError for any other shape, as Keras does."""
        x = np.asarray(x, dtype=float)
        if x.ndim != 2 or x.shape[1] != 784:
            raise ValueError(f"the model expects shape (None, 784), found {x.shape}")
        return softmax(np.tanh(x @ self._W1) @ self._W2).view(Outputs)

    def predict(self, x: Any, *_: Any, **__: Any) -> np.ndarray:
        """Return the same as an array."""
        return self(x).numpy()

    predict_on_batch, call = predict, __call__


def digit(most: int, rng: np.random.RandomState) -> np.ndarray:
    """Draw an image (28, 28) of uint8 whose largest pixel is `most`, not the same when transposed."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 6:22] = rng.randint(0, most + 1, (20, 16)) * (rng.rand(20, 16) < 0.4)
    image[5, 6:20] = most
    return image
