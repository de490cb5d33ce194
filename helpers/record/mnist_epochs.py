"""How do losses and accuracies move, epoch by epoch, on small and on full MNIST? For lesson 08.

The dense network, batches of 128. "small" is measured on the 1,000 test digits, "full" on the 10,000, both for ten
epochs; "validation" trains on 3,200 and is measured on 800, for sixty. A seed sets the first weights and the order of
the digits. The full set comes last: where it cannot be had, the other rows are there.
"""

from helpers.record import digits
from helpers.record.engine import as_text

NUM_EPOCHS = {"small": 10, "validation": 60, "full": 10}
BATCH_SIZE = 128
SEEDS = range(5)
SETTINGS = [{"data": name, "seed": seed} for name in digits.SETS for seed in SEEDS]
RESULTS = ("loss", "accuracy", "held_out_loss", "held_out_accuracy")


def run(data: str, seed: int) -> dict[str, str]:
    """Train the network once; return its history, a text with one number an epoch for each of RESULTS.

    Loss and accuracy are Keras's running ones, means over the batches while the weights still move; the held-out ones
    are measured at the end of each epoch.
    """
    (x, labels), (x_held_out, labels_held_out) = digits.parts(data)
    model = digits.dense(seed)
    history = model.fit(
        digits.shaped(model, x),
        labels,
        batch_size=BATCH_SIZE,
        epochs=NUM_EPOCHS[data],
        validation_data=(digits.shaped(model, x_held_out), labels_held_out),
        verbose=0,
    ).history
    return {name: as_text(history[name.replace("held_out", "val")]) for name in RESULTS}
