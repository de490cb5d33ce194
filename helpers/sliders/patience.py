"""Early stopping on recorded runs: where a patience stops, what it keeps, misses and saves (lesson 14)."""

import numpy as np
from numpy.typing import ArrayLike

from helpers.sliders.controls import slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.parts import number
from helpers.sliders.patience_given import checked_runs
from helpers.sliders.patience_picture import HEIGHT, PatiencePicture
from helpers.sliders.picture import Values
from helpers.stopping import early_stop

TITLE = "Choose the patience"
MOST = 20
CODE = """\
import numpy as np
from helpers.stopping import early_stop

# val_errors: what you gave to patience, a row for each run
patience, run = {patience}, {run}
table = np.atleast_2d(val_errors)
last, best = early_stop(table[run], patience)  # counted from 1
kept, end = table[run][best - 1], table[run][-1]
saved = table.shape[1] - last
lowest_epoch, lowest = np.argmin(table[run]) + 1, np.min(table[run])
stops = np.array([[early_stop(row, p) for p in range(1, {{most}} + 1)] for row in table])
lasts, bests = stops[..., 0], stops[..., 1]  # a row for each run, a column for each patience
"""


def patience(val_errors: ArrayLike, errors: ArrayLike | None = None, *, patience: int = 5, run: int = 0) -> Explorer:
    """Explore what early stopping makes of recorded runs that went on to the end.

    val_errors, shape (runs, epochs) or (epochs,), holds the validation error after each epoch, `errors`, of the same
    shape, the training error, which is only drawn. The rule is `stopping.early_stop`; patience goes from 1 to 20, or to
    the number of epochs less 1. The values: `patience`, `run`, `last` (the last epoch that is run) and `best` (whose
    weights are kept), both from 1, `kept` (its error), `saved` (epochs not run), `end` (the error after the last epoch
    of all), `lowest_epoch` and `lowest` (the lowest error of the whole run), `lasts` and `bests` for all runs (rows)
    and every patience (columns), and `goal_met`: the lowest error is kept, and no smaller patience keeps it.
    """
    try:
        stopping = Stopping(val_errors, errors)
        tip, other = "So many epochs in a row may bring nothing better", "Which of the recorded runs"
        top = stopping.num_runs - 1
        controls = {
            "patience": slider(patience, 1, stopping.most, "patience", step=1, tip=tip, only="whole numbers"),
            "run": slider(run, 0, max(top, 1), "run", step=1, tip=other, only="whole numbers"),
        }
        if not top:
            del controls["run"]  # there is nothing to slide
    except Exception as error:
        return refused(TITLE, error)
    code = (CODE if top else CODE.replace("{run}", "0")).replace("{{most}}", str(stopping.most))
    paint = PatiencePicture(stopping).paint
    return Explorer(TITLE, controls, stopping.compute, paint, goal=stopping.goal, code=code, size=(9.0, HEIGHT))


class Stopping:
    """Runs that went on to the end, and where every patience would have stopped them."""

    def __init__(self, val_errors: ArrayLike, errors: ArrayLike | None) -> None:
        self.val_errors = checked_runs(val_errors, "val_errors")
        self.errors = None if errors is None else checked_runs(errors, "errors")
        if self.errors is not None and self.errors.shape != self.val_errors.shape:
            found = f"{self.errors.shape} and {self.val_errors.shape}"
            raise ValueError(f"errors and val_errors must have one shape, found {found}")
        self.num_runs, self.num_epochs = self.val_errors.shape
        self.most = min(MOST, self.num_epochs - 1)
        patiences = range(1, self.most + 1)
        stops = np.array([[early_stop(row, patience) for patience in patiences] for row in self.val_errors])
        self.lasts, self.bests = stops[..., 0], stops[..., 1]
        self.kepts = np.take_along_axis(self.val_errors, self.bests - 1, axis=1)
        self.lowest_epochs = self.val_errors.argmin(axis=1) + 1
        found = self.bests == self.lowest_epochs[:, None]
        self.enough = np.where(found.any(axis=1), found.argmax(axis=1) + 1, 0)  # 0: no patience here is enough
        self.goal = ""
        if self.enough.any():
            which = "in a run, " if self.num_runs > 1 else ""
            self.goal = f"{which}keep the lowest error of all {self.num_epochs} epochs with the least patience."

    def compute(self, patience: float, run: float = 0) -> Values:
        """Look up where one run stops."""
        patience, run = int(patience), int(run)
        last, best = int(self.lasts[run, patience - 1]), int(self.bests[run, patience - 1])
        curve, lowest_epoch = self.val_errors[run], int(self.lowest_epochs[run])
        return {
            "patience": patience, "run": run, "last": last, "best": best, "kept": float(curve[best - 1]),
            "saved": self.num_epochs - last, "end": float(curve[-1]), "lowest_epoch": lowest_epoch,
            "lowest": float(curve[lowest_epoch - 1]), "lasts": self.lasts.copy(), "bests": self.bests.copy(),
            "goal_met": bool(patience == self.enough[run]),
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        last, best, saved, patience = (values[name] for name in ("last", "best", "saved", "patience"))
        text = f"Patience {patience}, run {values['run']}: " if self.num_runs > 1 else f"Patience {patience}: "
        keeps = f"the weights of epoch {best} are kept, validation error {number(values['kept'])}"
        if last - best >= patience:
            text += f"training stops after epoch {last}; {keeps}. "
            text += f"It saves {saved} of {self.num_epochs} epochs. " if saved else "That is the end anyway. "
        else:
            text += f"training goes on to the end, epoch {last}; {keeps}. "
        text += self._missed(values)
        if self.num_runs > 1:
            column = patience - 1
            mean, kept = self.lasts[:, column].mean(), self.kepts[:, column].mean()
            text += f" All {self.num_runs} runs on average: {number(mean)} epochs, error kept {number(kept)}, "
            text += f"lowest of all epochs {number(self.val_errors.min(axis=1).mean())}, "
            text += f"after the last one {number(self.val_errors[:, -1].mean())}."
        return f"{text} ✓ Goal met." if values["goal_met"] else text

    def _missed(self, values: Values) -> str:
        """Say what would have come later."""
        kept, lowest = values["kept"], values["lowest"]
        if values["best"] == values["lowest_epoch"]:
            return "No epoch of the whole run is better."
        share = f", {number(100 * (1 - lowest / kept), 2)} % less" if kept > 0 else ""
        return f"It misses epoch {values['lowest_epoch']}, where the error is {number(lowest)}{share}."
