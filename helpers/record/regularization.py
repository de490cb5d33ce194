"""What does each remedy against overfitting buy, and what does it cost? For lesson 14.

1,000 digits of MNIST, 100 of each, a network that is large for them, 800 steps of 50 digits; 800 validation digits. A
remedy comes with an amount: a rate, a strength, a patience, or how many units or digits there are. A seed sets the
first weights, the order of the digits and everything random in a remedy. The largest sets come last: they need the full
MNIST, and where it cannot be had, the other rows are there.
"""

import numpy as np

from helpers import data
from helpers.record import digits, large
from helpers.record.engine import as_text

KINDS = ("shift", "rotation", "zoom")
NUM_FULL = {1000: 12, 5120: 8}  # of each digit: epochs
TABLE = (  # with five seeds
    ("none", 0),
    ("weight decay", 1.0),
    ("dropout", 0.5),
    ("early stopping", 5),
    ("early stopping", 10),
    ("augmentation", 1.0),
    ("label smoothing", 0.01),
    ("label smoothing", 0.02),
    ("label smoothing", 0.1),
    ("units", 32),
    ("digits", 320),
    ("together", 1.0),
)
MORE = (  # with three
    *(("dropout", rate) for rate in (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8)),
    *(("augmentation", strength) for strength in (0.25, 0.5, 1.5, 2.0, 3.0)),
    *((kind, 1.0) for kind in (*KINDS, "flip")),
    *(("units", units) for units in (8, 16, 64, 128, 512, 1024)),
    *(("digits", num_each) for num_each in (10, 20, 50, 200)),
    *(("weight decay", amount) for amount in (0.1, 0.3, 3.0)),
    *(("label smoothing", epsilon) for epsilon in (0.05, 0.2)),
    ("random labels", 0),
    *(("digits", num_each) for num_each in NUM_FULL),
)
SETTINGS = [
    {"remedy": remedy, "amount": amount, "seed": seed}
    for settings, num_seeds in ((TABLE, 5), (MORE, 3))
    for remedy, amount in settings
    for seed in range(num_seeds)
]
RESULTS = (
    *("error", "accuracy", "val_error", "val_accuracy", "epochs", "seconds"),
    *("errors", "val_errors", "val_accuracies"),
)


def run(remedy: str, amount: float, seed: int) -> dict[str, float | str]:
    """Train the network once; return errors, accuracies and seconds at the end, and those of each epoch as texts."""
    train, held_out, epochs = _sets(remedy, amount, seed)
    digits.fresh_keras(seed)
    model = large.network(seed, steps_at_once=min(20, len(train[0]) // large.BATCH_SIZE), **_remedy(remedy, amount))
    callbacks = [_stopping(int(amount))] if remedy == "early stopping" else None
    found = large.measured(model, train, held_out, epochs=epochs, callbacks=callbacks)
    return {name: as_text(value) if np.ndim(value) else value for name, value in found.items()}


def _sets(remedy: str, amount: float, seed: int) -> tuple[data.Pair, data.Pair, int]:
    """Return the training digits, the held-out ones, and the number of epochs that make about 800 steps."""
    if remedy == "together":
        return *large.few(320), large.NUM_EPOCHS
    if remedy != "digits":
        (x, targets), held_out = large.few()
        if remedy == "random labels":
            targets = np.random.default_rng(seed).permutation(targets)
        return (x, targets), held_out, large.NUM_EPOCHS
    num_each = int(amount)
    (x, targets), held_out = large.few(num_each, "full_validation" if num_each in NUM_FULL else "validation")
    copies = max(1, large.NUM_EACH // num_each)  # an epoch reads small sets several times
    epochs = NUM_FULL.get(num_each, round(large.NUM_EPOCHS * large.NUM_EACH / num_each / copies))
    return (np.concatenate([x] * copies), np.concatenate([targets] * copies)), held_out, epochs


def _remedy(remedy: str, amount: float) -> dict:
    """Return the remedy as arguments of `large.network`."""
    if remedy in ("augmentation", *KINDS, "flip"):
        return {"augmentation": large.augmentation(amount, KINDS if remedy == "augmentation" else (remedy,))}
    if remedy == "together":
        return {"augmentation": large.augmentation(amount), "dropout": 0.2}
    if remedy == "label smoothing":
        return {"smoothing": amount}
    if remedy == "units":
        return {"units": int(amount)}
    return {remedy.replace(" ", "_"): amount} if remedy in ("dropout", "weight decay") else {}


def _stopping(patience: int) -> "object":
    """Return Keras's early stopping on the validation error, which puts the best weights back."""
    from keras.callbacks import EarlyStopping

    return EarlyStopping(monitor="val_error", mode="min", patience=patience, restore_best_weights=True)
