"""A small network bends its boundary between two classes in the plane: width, learning rate, steps (lesson 05)."""

from collections import OrderedDict

import numpy as np
from numpy.typing import ArrayLike

from helpers.losses import sigmoid
from helpers.network import forward, predict
from helpers.sliders.choices import stops
from helpers.sliders.controls import log_slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import describe
from helpers.sliders.parts import number
from helpers.sliders.picture import Values
from helpers.sliders.train_network_picture import NetworkPicture
from helpers.sliders.train_network_run import CHECKPOINTS, STEPS, Points, Run, best_line

TITLE = "Bend the boundary"
WIDTHS, ETAS, NUM_SEEDS = (1, 2, 3, 4, 6, 8, 16, 32), (0.01, 10.0), 20
FEW = 4  # the goal: at most so many hidden units, and at most half of the mistakes of the best straight line
MOST_POINTS, MOST_RUNS = 1000, 30
CODE = """\
import numpy as np
from helpers import network, rules

# X, labels, X_val, labels_val: the points that you gave to train_network
width, eta, num_steps, seed = {width}, {eta}, {num_steps}, {seed}
params = network.initialize((2, width, 2), np.random.default_rng(seed))
losses = []
for step in range(num_steps + 1):
    loss, grads = network.loss_and_gradients(params, X, labels)
    losses.append(loss)
    if step < num_steps:
        params = [rules.sgd(w, grad, eta=eta)[0] for w, grad in zip(params, grads)]
val_loss, _ = network.loss_and_gradients(params, X_val, labels_val)
mistakes = np.sum(network.predict(params, X) != labels)
val_mistakes = np.sum(network.predict(params, X_val) != labels_val)
A1 = network.forward(params, X)[1]
dead = np.sum(np.all(A1 == 0, axis=0))  # hidden units that are off at every training point
num_parameters = sum(w.size for w in params)
"""


def train_network(
    X: ArrayLike,
    labels: ArrayLike,
    X_val: ArrayLike,
    labels_val: ArrayLike,
    *,
    width: int = 4,
    eta: float = 0.5,
    num_steps: int = 200,
    seed: int = 0,
) -> Explorer:
    """Explore how a network of `width` ReLU units, trained with the full batch, separates two classes in the plane.

    X has shape (n, 2), labels (n,), 0 or 1; X_val and labels_val too. The network (2, width, 2) starts from
    `network.initialize` and `seed`; the loss is softmax cross-entropy. The values: the settings, `params`, `losses` at
    the steps 0 to num_steps, `val_losses` at `val_steps`, `loss`, `val_loss`, `mistakes`, `val_mistakes`,
    `line_mistakes` (validation points that the best straight line gets wrong), `num_parameters`, `dead` (hidden units
    that are off at all training points), `diverges`, `grid_x`, `grid_y`, `margin` there (score of class 1 minus that of
    class 0, shape (len(grid_y), len(grid_x))), `p` (its sigmoid: the probability of class 1) and `goal_met`.
    """
    try:
        run = Training(_points(X, labels, "X", "labels"), _points(X_val, labels_val, "X_val", "labels_val"))
        far, often = "How far a step goes where the slope is 1", "How many times all points are read"
        controls = {
            "width": stops(width, WIDTHS, "width (hidden units)", tip="How many times the boundary can bend"),
            "eta": log_slider(eta, *ETAS, "learning rate η", tip=far),
            "num_steps": stops(num_steps, STEPS, "steps", tip=often),
            "seed": stops(seed, range(NUM_SEEDS), "start (seed)", tip="Which random weights the training starts from"),
        }
    except Exception as error:
        return refused(TITLE, error)
    goal = (
        f"at most {run.allowed} of the {len(run.val[1])} validation points wrong, half of the best straight line's "
        f"{run.line_mistakes}, with at most {FEW} hidden units."
    )
    return Explorer(TITLE, controls, run.compute, NetworkPicture(run).paint, goal=goal, code=CODE)


class Training:
    """Two sets of points, the runs that were made on them, and what the best straight line makes of them."""

    def __init__(self, train: Points, val: Points) -> None:
        self.train, self.val = train, val
        if np.ptp(train[1]) == 0:
            raise ValueError(f"labels holds only {train[1][0]}: both classes are needed, 0 and 1")
        low, high = train[0].min(axis=0), train[0].max(axis=0)
        if not (high > low).all():
            raise ValueError("X has a column that is the same everywhere: two coordinates are needed")
        self.low, self.high = low - 0.12 * (high - low), high + 0.12 * (high - low)
        self.grid = [np.linspace(*ends, num) for *ends, num in zip(self.low, self.high, (121, 91), strict=True)]
        with np.errstate(all="ignore"):
            slope = best_line(*train)
        self.line_mistakes = int(np.sum((val[0] @ slope[:2] + slope[2] > 0) != val[1]))
        self.allowed = self.line_mistakes // 2
        self.runs: OrderedDict[tuple[int, float, int], Run] = OrderedDict()

    def compute(self, width: int, eta: float, num_steps: int, seed: int) -> Values:
        """Train, or go on with what was trained before, and measure."""
        key = width, eta, seed
        run = self.runs.pop(key, None) or Run(self.train, self.val, width, eta, seed)
        run.extend(num_steps)
        self.runs[key] = run  # the last one used comes last
        if len(self.runs) > MOST_RUNS:
            self.runs.popitem(last=False)
        params, losses = run.params(num_steps), run.losses[: num_steps + 1].copy()
        shown = num_steps >= CHECKPOINTS
        wrong, val_wrong = (predict(params, X) != labels for X, labels in (self.train, self.val))
        mesh = np.stack(np.meshgrid(*self.grid), axis=-1).reshape(-1, 2)
        margin = np.diff(forward(params, mesh)[-1]).reshape(len(self.grid[1]), len(self.grid[0]))
        late = losses[-max(2, num_steps // 10) :]
        diverges = not np.isfinite(losses[-1]) or bool(late.max() > 2 * losses[0])
        return {
            "width": width, "eta": eta, "num_steps": num_steps, "seed": seed, "params": params,
            "num_parameters": sum(w.size for w in params), "losses": losses, "loss": float(losses[-1]),
            "val_steps": CHECKPOINTS[shown], "val_losses": run.val_losses[: shown.sum()].copy(),
            "val_loss": float(run.val_losses[shown.sum() - 1]), "wrong": wrong, "mistakes": int(wrong.sum()),
            "val_mistakes": int(val_wrong.sum()), "line_mistakes": self.line_mistakes,
            "dead_units": (dead := ~(forward(params, self.train[0])[1] > 0).any(axis=0)), "dead": int(dead.sum()),
            "diverges": diverges, "grid_x": self.grid[0].copy(), "grid_y": self.grid[1].copy(), "margin": margin,
            "p": sigmoid(margin), "goal_met": width <= FEW and int(val_wrong.sum()) <= self.allowed,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        width, num_steps, dead = values["width"], values["num_steps"], values["dead"]
        n, n_val = len(self.train[1]), len(self.val[1])
        units = f"{width} hidden unit{'s' * (width > 1)}, {values['num_parameters']} parameters"
        text = f"{units}, {num_steps:,} step{'s' * (num_steps != 1)} with η = {number(values['eta'])}: "
        if values["diverges"]:
            end = f"ends at {number(values['loss'])}" if np.isfinite(values["loss"]) else "is no finite number any more"
            text += f"diverges, the loss starts at {number(values['losses'][0])} and {end}; "
        else:
            text += f"training loss {number(values['loss'])}, validation loss {number(values['val_loss'])}; "
        text += f"{values['mistakes']} of {n} training and {values['val_mistakes']} of {n_val} validation points wrong."
        if dead == width:
            alone = "The hidden unit is" if width == 1 else f"All {width} hidden units are"
            text += f" {alone} dead, off at every training point: all of them get the same answer."
        elif dead:
            text += f" {dead} of {width} hidden units {'is' if dead == 1 else 'are'} dead: off at every training point."
        if values["goal_met"]:
            return f"{text} ✓ Goal met."
        few = values["val_mistakes"] <= self.allowed
        return f"{text} Few enough mistakes: now with at most {FEW} hidden units." if few else text


def _points(X: ArrayLike, labels: ArrayLike, name: str, labels_name: str) -> Points:
    """Return points of shape (n, 2) and labels 0 or 1, or raise ValueError."""
    try:
        X, labels = np.asarray(X, dtype=float), np.asarray(labels)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an array of numbers of shape (n, 2), found {describe(X)}") from None
    if X.ndim != 2 or X.shape[1] != 2 or not len(X) or not np.isfinite(X).all():
        raise ValueError(f"{name} must be finite numbers of shape (n, 2), a row for each point, found {describe(X)}")
    if len(X) > MOST_POINTS:
        raise ValueError(f"{name} has {len(X):,} points, more than {MOST_POINTS:,}: take fewer, as {name}[:200]")
    if labels.shape != (len(X),):
        raise ValueError(f"{labels_name} must have shape ({len(X)},), one for each point, found {labels.shape}")
    if labels.dtype.kind not in "iufb" or not np.isin(labels, (0, 1)).all():
        odd = next((label for label in labels.tolist() if label not in (0, 1)), labels.dtype)
        raise ValueError(f"{labels_name} must hold only 0 and 1, found {describe(odd)}")
    return np.ascontiguousarray(X), labels.astype(int)
