"""What the explorer of early stopping is given: the errors of runs that went to the end, checked (lesson 14)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_array, bounded, describe, floats

FEWEST, MOST = 3, 500  # epochs
MOST_RUNS, HIGHEST = 50, 1e6


def checked_runs(errors: ArrayLike, name: str) -> NDArray:
    """Return errors of shape (runs, epochs), given so or as those of one run, (epochs,), or raise ValueError."""
    table = floats(errors, name) if as_array(errors).ndim else None
    if table is None or table.ndim not in (1, 2) or not table.size:
        found = describe(errors) if table is None else f"shape {table.shape}"
        raise ValueError(f"{name} must have shape (runs, epochs), found {found}")
    table = np.atleast_2d(table)
    runs, epochs = table.shape
    if not (FEWEST <= epochs <= MOST and runs <= MOST_RUNS):
        limits = f"at most {MOST_RUNS} runs of {FEWEST} to {MOST} epochs"
        raise ValueError(f"{name} must hold {limits}, found {runs} of {epochs}")
    if np.isnan(table).any():
        run, epoch = np.argwhere(np.isnan(table))[0]
        end = "give runs that were not stopped"
        raise ValueError(f"{name} of run {run} are nan after epoch {epoch + 1}: {end}")
    return bounded(table, name, HIGHEST)
