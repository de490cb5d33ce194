"""What transfer gives at a count of labels, layers frozen and a learning rate, and what it forgets (lesson 16)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.choices import stops
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.parts import percent
from helpers.sliders.picture import Values
from helpers.sliders.transfer_given import (
    LAYERS,
    checked_before,
    checked_grid,
    checked_old,
    checked_parameters,
    checked_scratch,
)
from helpers.sliders.transfer_picture import HEIGHT, WIDTH, TransferPicture

TITLE = "Transfer to a new task"
CODE = """\
import numpy as np

# runs, scratch, old: what you gave to transfer
labels, frozen, rate = {{labels}}, {{frozen}}, {{rate}}
counts = sorted({{{{count for _, _, count in runs}}}})
accuracies = np.array(runs[frozen, rate, labels])  # of the new task, one for each seed
accuracy = accuracies.mean()
means = np.array([np.mean(runs[frozen, rate, count]) for count in counts])
scratch_accuracy = np.mean(scratch[labels])
worth = next((count for count in sorted(scratch) if np.mean(scratch[count]) >= accuracy), None)
before, old_accuracy = {before}, np.mean(old[frozen, rate, labels])  # of the old task
trained = sum({parameters}[frozen:])  # parameters
"""


def transfer(
    runs: Any,
    scratch: Any,
    old: Any,
    *,
    labels: float = 10,
    frozen: float = 3,
    rate: float = 0.001,
    before: float | None = None,
    parameters: ArrayLike = (160, 4640, 51264, 650),
) -> Explorer:
    """Explore recorded runs that start from a trained network, beside runs that start from new weights.

    runs: (frozen, rate, labels) -> accuracies of the new task, shape (seeds,), from 0 to 1, for every combination;
    frozen counts layers from the input, 0 to 3 of conv 1, conv 2, dense and head, labels those of each class. scratch:
    labels -> accuracies of the same network from new weights. old: the keys of runs -> accuracies of the old task after
    the training, with the old head put back; `before` is that accuracy before it, taken from the runs of the head alone
    if it is not given. `parameters`: how many numbers each layer learns. The values: `labels`, `frozen`, `rate`, the
    recorded `counts` of labels, `accuracies` (seeds,) and their mean `accuracy`, the `means` at all counts,
    `scratch_accuracy`, `worth` (the fewest recorded labels a class that from scratch do at least as well, or None),
    `old_accuracy`, `before` and `trained` (parameters).
    """
    try:
        task = Transfer(runs, scratch, old, before, parameters)
        grid = task.grid
        controls = {
            "labels": stops(labels, grid.labels, "labels a class", tip="Labels of each class to learn from"),
            "frozen": stops(
                frozen, grid.frozens, "layers frozen", tip="Layers that keep their weights, from the input"
            ),
            "rate": stops(
                rate, grid.rates, "learning rate", words=[f"{r:g}" for r in grid.rates], tip="That of the fine-tuning"
            ),
        }
    except Exception as error:
        return refused(TITLE, error)
    code = CODE.format(before=task.before, parameters=task.parameters)
    return Explorer(TITLE, controls, task.compute, TransferPicture(task).paint, code=code, size=(WIDTH, HEIGHT))


class Transfer:
    """Recorded runs from a trained network and from new weights, and what is left of the old task."""

    def __init__(self, runs: Any, scratch: Any, old: Any, before: float | None, parameters: ArrayLike) -> None:
        self.grid = checked_grid(runs)
        self.scratch = checked_scratch(scratch, self.grid)
        self.old = checked_old(old, self.grid)
        self.before = checked_before(before, self.grid, self.old)
        self.parameters = checked_parameters(parameters)
        self.scratch_means = {count: float(part.mean()) for count, part in self.scratch.items()}

    def means(self, frozen: int, rate: float) -> NDArray:
        """Return the mean accuracy at each count of labels."""
        return np.array([self.grid.runs[frozen, rate, count].mean() for count in self.grid.labels])

    def compute(self, labels: int, frozen: int, rate: float) -> Values:
        """Look the runs up."""
        accuracies = self.grid.runs[frozen, rate, labels].copy()
        accuracy = float(accuracies.mean())
        enough = (count for count, mean in self.scratch_means.items() if mean >= accuracy)
        return {
            "labels": labels, "frozen": frozen, "rate": rate, "counts": np.array(self.grid.labels),
            "accuracies": accuracies, "accuracy": accuracy, "means": self.means(frozen, rate),
            "scratch_accuracy": self.scratch_means[labels], "worth": next(enough, None),
            "old_accuracy": float(self.old[frozen, rate, labels].mean()), "before": self.before,
            "trained": sum(self.parameters[frozen:]),
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        labels, frozen, scratch = values["labels"], values["frozen"], self.scratch[values["labels"]]
        layers = f"{frozen} of {len(LAYERS)} layers frozen" if frozen else "no layer frozen"
        text = f"{_a_class(labels)}, {layers}, learning rate {values['rate']:g}: {values['trained']:,} of "
        text += f"{sum(self.parameters):,} parameters are trained. "
        text += f"{_mean(values['accuracies'])} of the new task is right, from scratch {_mean(scratch)}. "
        text += f"{self._compare(values, scratch)} "
        text += f"Of the old task, with its old head, {percent(self.before, 1)} is right before and "
        return f"{text}{percent(values['old_accuracy'], 1)} after."

    def _compare(self, values: Values, scratch: NDArray) -> str:
        """Say what transfer is worth in labels, or that it hurts, or that the seeds differ as much."""
        accuracies, labels, worth = values["accuracies"], values["labels"], values["worth"]
        if accuracies.max() < scratch.min():
            return "Here starting from scratch is better."
        if accuracies.min() <= scratch.max():
            return "The spreads overlap: here neither is better for sure."
        if worth is None:
            most = max(self.scratch)
            return f"No recorded count from scratch does as well, not even {_a_class(most)}."
        if worth <= labels:
            return f"Yet {_a_class(worth)} are enough for that from scratch."
        below = max(count for count in self.scratch if count < worth)
        return f"From scratch that takes {_a_class(worth)}; {below:,} {'is' if below == 1 else 'are'} too few."


def _a_class(count: int) -> str:
    """Return a count of labels in words.

    >>> _a_class(1), _a_class(2000)
    ('1 label a class', '2,000 labels a class')
    """
    return f"{count:,} label{'s' * (count > 1)} a class"


def _mean(accuracies: NDArray) -> str:
    """Return the mean in percent, with the lowest and the highest of several.

    >>> _mean(np.array([0.83, 0.851, 0.87]))
    '85 % (83 to 87 %)'
    """
    mean = percent(float(accuracies.mean()), 1)
    if len(accuracies) == 1:
        return mean
    low, high = (percent(float(end), 1) for end in (accuracies.min(), accuracies.max()))
    return f"{mean} ({low.removesuffix(' %')} to {high})"
