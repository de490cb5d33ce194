"""Learning rate and batch size of real Keras runs on noisy points, recorded so that a slider is instant (lesson 07)."""

import numpy as np
from numpy.typing import NDArray

from helpers import data
from helpers.sliders.bowl import Bowl
from helpers.sliders.choices import choice
from helpers.sliders.controls import log_slider, slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.keras_line_picture import EARLY, NEAR, KerasLinePicture
from helpers.sliders.parts import number
from helpers.sliders.picture import Values

TITLE = "Train a line with Keras"
STEPS = 20  # recorded learning rates per factor of ten
NUM_POINTS, DATA_SEED = 100, 0  # the points of helpers.record.keras_line
NUM_NEW, NEW_SEED = 1000, 1
HUGE = 1e9  # beyond this a loss is too large to be worth its digits
CODE = """\
import numpy as np
from helpers import data

eta, batch_size, epoch = {eta}, int({batch_size}.split()[0]), {epoch}
etas, batch_sizes, paths = data.load_keras_line()  # runs of Keras; helpers/record/keras_line.py is their code
path = paths[batch_sizes.tolist().index(batch_size), np.abs(np.log(etas / eta)).argmin()]
w, b = path[epoch]


def losses(x, y):
    return np.mean((path @ np.vstack([x.T, np.ones_like(x.T)]) - y.T)**2, axis=1)


x, y = data.noisy_line(100, np.random.default_rng(0))
train_losses = losses(x, y)
new_losses = losses(*data.noisy_line(1000, np.random.default_rng(1)))
X = np.hstack([x, np.ones_like(x)])
theta_best = np.linalg.lstsq(X, y)[0].ravel()
least_loss = np.mean((X @ theta_best - y.ravel())**2)
eta_limit = 2 / np.linalg.eigvalsh(2 / len(X) * X.T @ X).max()
within = np.flatnonzero(train_losses <= 1.01 * least_loss)
first_within = int(within[0]) if len(within) else None
"""


def keras_line(*, eta: float = 0.01, batch_size: str = "100 (all)", epoch: int = 60) -> Explorer:
    """Explore what Keras's `fit` makes of 100 noisy points: `Dense(1)`, SGD, mean squared error, from w = b = 0.

    Every run was recorded, for 20 learning rates a factor of ten and batch sizes of 100, 20 and 5; nothing of Keras is
    imported. As its seed was set, Keras read the points in the same order in every epoch: mini-batches settle beside
    the best line instead of jittering around it. The values: `eta`, `batch_size`, `epoch`, `w` and `b` after it, `path`
    (shape (61, 2)), `train_losses` and `new_losses` (61,), on the 100 points and on 1,000 others of the same law,
    `theta_best` and `least_loss` (least squares), `new_least_loss` (what the least-squares line has on the others),
    `eta_limit` (2/λmax, full batch), `first_within` (the first epoch with a training loss within 1 % of the least, or
    None), `diverges` and `goal_met`.
    """
    try:
        runs = Runs()
        low, high = (10 ** (round(STEPS * np.log10(end)) / STEPS) for end in runs.etas[[0, -1]])
        sizes = [f"{size} (all)" if size == NUM_POINTS else f"{size}" for size in runs.sizes]
        last, keys = runs.paths.shape[2] - 1, "choose, or Tab to it and press the arrow keys."
        far, often = "How far a step goes where the slope is 1", "How many times all points were read"
        controls = {
            "eta": log_slider(eta, low, high, "learning rate η", steps=STEPS, tip=far, only="recorded values"),
            "batch_size": choice(sizes[0], sizes, "batch size", tip=f"How many points one step reads: {keys}"),
            "epoch": slider(epoch, 0, last, "epoch", step=1, tip=often, only="whole numbers"),
        }
        controls["batch_size"].value = batch_size
    except Exception as error:
        return refused(TITLE, error)
    goal = f"bring the training loss within {100 * NEAR:g} % of the least-squares loss in at most {EARLY} epochs."
    return Explorer(TITLE, controls, runs.compute, KerasLinePicture(runs).paint, goal=goal, code=CODE, size=(9.0, 4.2))


class Runs:
    """The recorded runs, the points that they were made on, and new points."""

    def __init__(self) -> None:
        self.etas, self.sizes, self.paths = data.load_keras_line()
        self.x, self.y = (part[:, 0] for part in data.noisy_line(NUM_POINTS, np.random.default_rng(DATA_SEED)))
        new_x, new_y = (part[:, 0] for part in data.noisy_line(NUM_NEW, np.random.default_rng(NEW_SEED)))
        self.bowl, self.new_bowl = (
            Bowl(np.column_stack([x, np.ones_like(x)]), y) for x, y in ((self.x, self.y), (new_x, new_y))
        )
        self.new_least_loss = float(self.new_bowl.loss(*self.bowl.theta_best))

    def compute(self, eta: float, batch_size: str, epoch: float) -> Values:
        """Look the run up, and measure it."""
        size, epoch = int(batch_size.split()[0]), int(epoch)
        path = self.paths[self.sizes.tolist().index(size), np.abs(np.log(self.etas / eta)).argmin()].copy()
        train, new = (_losses(bowl, path) for bowl in (self.bowl, self.new_bowl))
        least = self.bowl.least_loss
        within = np.flatnonzero(train <= (1 + NEAR) * least)
        first = int(within[0]) if len(within) else None
        diverges = not train[-len(train) // 6 :].max() <= train[0]
        return {
            "eta": eta, "batch_size": size, "epoch": epoch, "w": float(path[epoch, 0]), "b": float(path[epoch, 1]),
            "path": path, "train_losses": train, "new_losses": new, "theta_best": self.bowl.theta_best.copy(),
            "least_loss": least, "new_least_loss": self.new_least_loss, "eta_limit": self.bowl.eta_limit,
            "first_within": first, "diverges": diverges, "goal_met": first is not None and first <= EARLY,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a sentence or two."""
        eta, size, epoch, limit = (values[name] for name in ("eta", "batch_size", "epoch", "eta_limit"))
        who = "the full batch" if size == len(self.x) else f"batches of {size}"
        text = f"η = {number(eta)}, {who}: "
        if values["diverges"]:
            text += f"diverges; η is {number(eta / limit)} times the full batch's limit 2/λmax = {number(limit)}. "
        text += f"After {epoch} epoch{'s' * (epoch != 1)} "
        loss, least = values["train_losses"][epoch], values["least_loss"]
        if not loss < HUGE:
            beyond = f"{loss:.1e}" if np.isfinite(loss) else "too large for a number"
            return f"{text}the line is far out of the picture, the loss {beyond}."
        above = f"{number(100 * (loss / least - 1), 2)} % above the least"
        text += (
            f"w = {number(values['w'])}, b = {number(values['b'])}; the training loss is {number(loss)}, {above} "
            f"({number(least)}), the loss on new points {number(values['new_losses'][epoch])}."
        )
        if values["diverges"]:
            return text
        text += f" {self._when(values)} The full batch's limit: η = {number(limit)}."
        return f"{text} ✓ Goal met." if values["goal_met"] else text

    def _when(self, values: Values) -> str:
        """Say when a run is first near the least loss, or why it is not."""
        first, near = values["first_within"], f"within {100 * NEAR:g} %"
        if first is not None:
            return f"It is first {near} after {first} epoch{'s' * (first != 1)}."
        losses = values["train_losses"]
        never = f"In {len(losses) - 1} epochs it never comes {near}"
        if values["batch_size"] < len(self.x) and np.ptp(losses[-len(losses) // 6 :]) < 1e-3 * values["least_loss"]:
            return f"{never}: it settles beside the best line, the batches being the same in every epoch."
        return f"{never}."


def _losses(bowl: Bowl, path: NDArray) -> NDArray:
    """Return the loss at each point of a path, inf where it overflows."""
    with np.errstate(all="ignore"):
        losses = np.mean((path @ bowl.X.T - bowl.y) ** 2, axis=1)
    return np.where(np.isfinite(losses), losses, np.inf)
