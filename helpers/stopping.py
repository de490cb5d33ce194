"""When to stop a training: the rule of early stopping, taught in lesson 14."""

from numpy.typing import ArrayLike

from helpers.operands import as_count, as_float


def early_stop(val_errors: ArrayLike, patience: int) -> tuple[int, int]:
    """Return the last epoch that is run and the epoch whose weights are kept, both counted from 1.

    val_errors, shape (epochs,), holds the validation error after each epoch. Training stops after `patience` epochs in
    a row without a new lowest error; an error that only equals the lowest is no new one. What comes after the stop has
    no say. A patience of 0 acts as 1. In Keras: `EarlyStopping("val_loss", patience=patience,
    restore_best_weights=True)`. Source: Prechelt (1998).

    >>> early_stop([0.9, 0.5, 0.6, 0.4, 0.7, 0.6, 0.3], patience=2)
    (6, 4)
    >>> early_stop([0.9, 0.5, 0.6, 0.4], patience=2)  # too short to stop early
    (4, 4)
    """
    errors, patience = as_float(val_errors, "val_errors"), as_count(patience, "patience")
    if errors.ndim != 1 or not errors.size:
        one = ": take one run, as val_errors[0]" if errors.ndim == 2 else ""
        raise ValueError(f"val_errors must have shape (epochs,), found {errors.shape}{one}.")
    best = 0
    for epoch in range(1, len(errors)):
        if errors[epoch] < errors[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch + 1, best + 1
    return len(errors), best + 1
