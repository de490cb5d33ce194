"""What does the batch size cost, and what does it buy? The dense network on 3,200 digits; for lesson 08.

Each batch size is tried in two ways: for ten epochs, in which small batches take more steps, and for 250 steps, in
which large batches see more digits. With batches of 128 the two are the same. A seed sets the first weights and the
order of the digits. Losses and accuracies are those of the 800 validation digits after the last step.

Seconds are those of `fit` alone, on one thread: the model is trained once for its results, which compiles it, and then
as long again for the clock, which counts the processor's time, so that other programs disturb it little. They belong to
one machine; trust only their ratios.
"""

from math import ceil
from time import process_time
from typing import TYPE_CHECKING

from helpers.record import digits

if TYPE_CHECKING:
    import keras

BATCH_SIZES = (8, 32, 128, 512, 3200)
NUM_EPOCHS = 10
NUM_STEPS = 250
SEEDS = range(3)
SETTINGS = [
    {"same": same, "batch_size": batch_size, "seed": seed}
    for same in ("epochs", "steps")
    for batch_size in BATCH_SIZES
    for seed in SEEDS
]
RESULTS = ("steps", "seconds", "held_out_loss", "held_out_accuracy")


def run(same: str, batch_size: int, seed: int, timed: bool = True) -> dict[str, float]:
    """Train the network for the same number of epochs, or of steps; return steps, seconds and how good it is then.

    Where it is not `timed`, which saves half of the work, the seconds are inf.
    """
    (x, labels), held_out = digits.parts("validation")
    steps_an_epoch = ceil(len(x) / batch_size)
    num_steps = NUM_STEPS if same == "steps" else NUM_EPOCHS * steps_an_epoch
    model = digits.dense(seed)
    x, x_held_out = digits.shaped(model, x), digits.shaped(model, held_out[0])

    def train() -> float:
        """Take the steps; return the seconds."""
        began = process_time()
        epochs, stop = ceil(num_steps / steps_an_epoch), _stop_after(num_steps)
        model.fit(x, labels, batch_size=batch_size, epochs=epochs, callbacks=[stop], verbose=0)
        return process_time() - began

    train()
    loss, accuracy = model.evaluate(x_held_out, held_out[1], verbose=0)
    seconds = train() if timed else float("inf")
    return {"steps": num_steps, "seconds": seconds, "held_out_loss": loss, "held_out_accuracy": accuracy}


def _stop_after(num_steps: int) -> "keras.callbacks.Callback":
    """Return a callback that ends `fit` after so many steps, in the middle of an epoch too."""
    import keras

    class StopAfter(keras.callbacks.Callback):
        """Count the steps of one `fit`."""

        left = num_steps

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            """Count this step, and end after the last one."""
            self.left -= 1
            self.model.stop_training = self.left == 0

    return StopAfter()
