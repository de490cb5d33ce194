"""Which of the 800 validation digits does each of many models get wrong, and what does it say instead? For lesson 09.

Trained on the other 3,200 for ten epochs in batches of 64: the dense network with 40 seeds, and the convolutional one
with 5. Both once more with 5 seeds on shuffled pixels: one permutation, the same for every image and every model. A
seed sets the first weights and the order of the digits.
"""

import numpy as np
from numpy.typing import NDArray

from helpers.record import digits
from helpers.record.engine import as_text

MODELS = ("dense", "convolutional")
BATCH_SIZE = 64
NUM_EPOCHS = 10
NUM_SEEDS = {"dense": 40, "convolutional": 5, "shuffled": 5}
SETTINGS = [
    {"model": model, "pixels": pixels, "seed": seed}
    for pixels in ("ordered", "shuffled")
    for model in MODELS
    for seed in range(NUM_SEEDS[model if pixels == "ordered" else pixels])
]
RESULTS = ("parameters", "loss", "wrong", "said")


def run(model: str, pixels: str, seed: int) -> dict[str, float | str]:
    """Train a model once; return its size, its validation loss, which digits it gets wrong and what it says of them.

    "wrong" holds row numbers in the order of `data.split_validation`, "said" a label for each, separated by spaces;
    both are "none" where all are right.
    """
    (x, labels), (x_held_out, labels_held_out) = digits.parts("validation")
    if pixels == "shuffled":
        x, x_held_out = shuffle_pixels(x), shuffle_pixels(x_held_out)
    network = getattr(digits, model)(seed)
    x, x_held_out = digits.shaped(network, x), digits.shaped(network, x_held_out)
    network.fit(x, labels, batch_size=BATCH_SIZE, epochs=NUM_EPOCHS, verbose=0)
    said = network.predict(x_held_out, verbose=0).argmax(axis=1)
    wrong = np.flatnonzero(said != labels_held_out)
    return {
        "parameters": network.count_params(),
        "loss": network.evaluate(x_held_out, labels_held_out, verbose=0)[0],
        "wrong": as_text(wrong) or "none",
        "said": as_text(said[wrong]) or "none",
    }


def shuffle_pixels(images: NDArray) -> NDArray:
    """Return the images, shape (n, 28, 28), with their 784 pixels in another order, the same one for all."""
    order = np.random.default_rng(0).permutation(784)
    return images.reshape(-1, 784)[:, order].reshape(images.shape)
