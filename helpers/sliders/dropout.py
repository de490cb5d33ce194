"""Dropout at a chosen rate: which units one draw drops, what it hands on, and what was recorded with it (lesson 14)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.dropout import dropout as drop
from helpers.sliders.choices import choice, stops
from helpers.sliders.controls import slider
from helpers.sliders.dropout_given import checked_activations, checked_runs
from helpers.sliders.dropout_picture import HEIGHT, WIDTH, DropoutPicture
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.parts import number, percent
from helpers.sliders.picture import Values

TITLE = "Drop units at random"
TRAINING, EVALUATION = "training", "evaluation"
NUM_DRAWS = 10
CODE = """\
import numpy as np
from helpers.dropout import dropout

# runs_by_rate, activations: what you gave to dropout
rate, draw, mode = {{rate}}, {{draw}}, {{mode}}
x = np.ravel(activations).astype(float)


def handed_on_in(draw):
    u = np.random.default_rng(draw).random(x.size)
    return dropout(x, u, rate, training=mode == "training")


handed_on = handed_on_in(draw)
dropped = (np.random.default_rng(draw).random(x.size) < rate) & (mode == "training")
num_dropped = int(dropped.sum())
mean, mean_without = handed_on.mean(), x.mean()
means = np.array([handed_on_in(d).mean() for d in range({num_draws})])
runs = runs_by_rate[rate]
error, val_error, val_accuracy = runs.error.mean(), runs.val_error.mean(), runs.val_accuracy.mean()
val_error_by_rate = {{{{r: runs_by_rate[r].val_error.mean() for r in sorted(runs_by_rate)}}}}
best_rate = min(val_error_by_rate, key=val_error_by_rate.get)
"""


def dropout(
    runs_by_rate: Any, activations: ArrayLike, *, rate: float | None = None, draw: int = 0, mode: str = TRAINING
) -> Explorer:
    """Explore what dropout does to a layer's n activations, and what a network learned with it.

    runs_by_rate: rate -> runs as `data.load_regularization` gives them, whose arrays error, val_error and val_accuracy
    have shape (seeds,) and errors and val_errors (seeds, epochs); activations: shape (n,), also (1, n). It starts at
    the recorded rate that is nearest to 0.5. There are ten draws of random numbers, 0 to 9; mode is "training" or
    "evaluation", in which nothing is dropped. The values: `rate`, `draw`, `mode`, `dropped` (n,), `num_dropped`,
    `handed_on` (n,), its `mean` and `mean_without` dropout, the `means` of all ten draws, `error`, `val_error` and
    `val_accuracy` (at the end, means over the seeds), `val_error_by_rate` (a dict) and `best_rate`.
    """
    try:
        layer = Layer(runs_by_rate, activations)
        rates = list(layer.runs)
        start, keys = min(rates, key=lambda r: abs(r - 0.5)), "choose, or Tab to it and press the arrow keys"
        controls = {
            "rate": stops(
                start if rate is None else rate, rates, "dropout rate", words=[f"{r:g}" for r in rates],
                tip="The share of the units that is dropped",
            ),
            "draw": slider(
                draw, 0, NUM_DRAWS - 1, "draw", step=1, only="whole numbers", tip="Other random numbers"
            ),
            "mode": choice(TRAINING, [TRAINING, EVALUATION], "mode", tip=f"Units are dropped in training only: {keys}"),
        }  # fmt: skip
        controls["mode"].value = mode
    except Exception as error:
        return refused(TITLE, error)
    paint, code = DropoutPicture(layer).paint, CODE.format(num_draws=NUM_DRAWS)
    return Explorer(TITLE, controls, layer.compute, paint, code=code, size=(WIDTH, HEIGHT))


class Layer:
    """The activations of a layer, and the recorded runs at each rate."""

    def __init__(self, runs_by_rate: Any, activations: ArrayLike) -> None:
        self.runs = checked_runs(runs_by_rate)
        self.x = checked_activations(activations)
        self.draws = np.array([np.random.default_rng(draw).random(self.x.size) for draw in range(NUM_DRAWS)])
        self.val_error_by_rate = {rate: float(runs.val_error.mean()) for rate, runs in self.runs.items()}
        self.best_rate = min(self.val_error_by_rate, key=self.val_error_by_rate.__getitem__)

    def means(self, rate: float, mode: str = TRAINING) -> NDArray:
        """Return the mean that is handed on in each draw."""
        return drop(np.tile(self.x, (NUM_DRAWS, 1)), self.draws, rate, training=mode == TRAINING).mean(axis=1)

    def compute(self, rate: float, draw: float, mode: str) -> Values:
        """Drop units, and look the runs up."""
        u, runs = self.draws[int(draw)], self.runs[rate]
        handed_on = drop(self.x, u, rate, training=mode == TRAINING)
        dropped = (u < rate) & (mode == TRAINING)
        return {
            "rate": rate, "draw": int(draw), "mode": mode, "dropped": dropped, "num_dropped": int(dropped.sum()),
            "handed_on": handed_on, "mean": float(handed_on.mean()), "mean_without": float(self.x.mean()),
            "means": self.means(rate, mode), "error": float(runs.error.mean()),
            "val_error": self.val_error_by_rate[rate], "val_accuracy": float(runs.val_accuracy.mean()),
            "val_error_by_rate": dict(self.val_error_by_rate), "best_rate": self.best_rate,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        rate, n, count = values["rate"], self.x.size, values["num_dropped"]
        without = number(values["mean_without"])
        if values["mode"] == EVALUATION:
            text = f"In evaluation all {n} units hand on what they hold, {without} on average. "
        elif not rate:
            text = f"Rate 0 drops none of the {n} units; the mean handed on is {without}. "
        else:
            text = f"Rate {rate:g}, draw {values['draw']}: {count} of {n} units are dropped, "
            text += f"the others are multiplied by {number(1 / (1 - rate))}. "
            text += f"The mean handed on is {number(values['mean'])}, over ten draws {number(values['means'].mean())}, "
            text += f"without dropout {without}. "
        return text + self._recorded(values)

    def _recorded(self, values: Values) -> str:
        """Say what was recorded at this rate, and at which rate the validation error is lowest."""
        rate, runs, best = values["rate"], self.runs[values["rate"]], self.best_rate
        seeds = len(runs.val_error)
        trained = f"Trained with rate {rate:g}" if rate else "Trained without dropout"
        over = f" (mean of {seeds} seeds, {spread(runs.val_error)})" if seeds > 1 else ""
        text = f"{trained}: validation error {number(values['val_error'])}{over}, "
        text += f"accuracy {percent(values['val_accuracy'], 1)}, training error {number(values['error'], 2)}"
        text += f" ({number(runs.errors[:, -1].mean(), 2)} while units were dropped)" if rate else ""
        if rate == best:
            return f"{text}. No other rate has a lower mean validation error."
        lowest = f"{number(self.val_error_by_rate[best])}, at rate {best:g}"
        return f"{text}. The lowest mean validation error is {lowest} ({spread(self.runs[best].val_error)})."


def spread(errors: NDArray) -> str:
    """Return the smallest and the largest in words.

    >>> spread(np.array([0.404, 0.363, 0.386]))
    '0.363 to 0.404'
    """
    return f"{number(errors.min())} to {number(errors.max())}"
