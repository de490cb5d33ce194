"""Stochastic gradient descent on a line's error: batch size and learning rate, and the ball of noise (lesson 03)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.bowl import Bowl, column
from helpers.sliders.choices import choice, one_two_five, stops
from helpers.sliders.controls import log_slider, quarter_decades
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import whole
from helpers.sliders.parts import number
from helpers.sliders.picture import Values
from helpers.sliders.stochastic_picture import StochasticPicture

TITLE = "Choose batch size and learning rate"
SCHEDULES = ["constant", "decaying"]  # a schedule's place is its decay in eta / (1 + decay * epoch)
NEAR = 0.05  # the goal: excess loss of the last epoch in parts of the least loss; 1e-4 of y's variance where that is 0
NUM_SEEDS, MOST_STEPS = 20, 100_000
CODE = """\
import numpy as np

# X and y: the data that you gave to stochastic_descent
batch_size, eta, seed = {{batch_size}}, {{eta}}, {{seed}}
decay = ["constant", "decaying"].index({{schedule}})
target = np.ravel(y)
rng = np.random.default_rng(seed)
theta = np.array({start})
path, rows_read = [theta], [0]
for epoch in range({num_epochs}):
    eta_now = eta / (1 + decay * epoch)
    order = rng.permutation(len(X))
    for first in range(0, len(X), batch_size):
        batch = order[first : first + batch_size]  # the last one may be short
        error = X[batch] @ theta - target[batch]
        theta = theta - eta_now * 2 / len(batch) * X[batch].T @ error
        path.append(theta)
        rows_read.append(rows_read[-1] + len(batch))
num_steps = len(path) - 1
theta_best = np.linalg.lstsq(X, target)[0]
least_loss = np.mean((X @ theta_best - target)**2)
offset = path - theta_best
excess = np.sum(offset @ (X.T @ X / len(X)) * offset, axis=1)  # the loss minus least_loss
"""


def stochastic_descent(
    X: ArrayLike,
    y: ArrayLike,
    *,
    batch_size: int = 10,
    eta: float = 0.1,
    schedule: str = "constant",
    seed: int = 0,
    num_epochs: int = 5,
    start: tuple[float, float] = (0.0, 4.0),
) -> Explorer:
    """Explore mini-batch descent on mean((X @ theta - y)**2), theta = [w, b]: how far, how noisy, at what cost.

    X has shape (n, 2), x first, then ones; y (n,) or (n, 1). Every epoch reads all rows once in a new order; "decaying"
    divides eta by 1, 2, 3, ... from epoch to epoch. The values: `batch_size`, `eta`, `schedule`, `seed`, `num_steps`,
    `path` of shape (num_steps + 1, 2), `excess` (loss minus `least_loss`) and `rows_read` of shape (num_steps + 1,),
    `theta_best`, `ball` (standard deviations around it along the flat and the steep direction that theory predicts for
    independent batches and the last eta; inf beyond 2/λmax), `radius` (root mean square distance from it in the last
    epoch), `worst` (largest excess loss of the last epoch), `diverges` and `goal_met`.
    """
    try:
        run = Run(Bowl(X, y), whole(num_epochs, "num_epochs"), column(start, "start"))
        tip, other = "How many rows one step reads", "How far a step goes where the slope is 1"
        falls = "Whether η falls from epoch to epoch: arrow keys, then Enter"
        controls = {
            "batch_size": stops(batch_size, one_two_five(run.n), "batch size B", tip=tip),
            "eta": log_slider(eta, *run.eta_range, "learning rate η", tip=other),
            "schedule": choice(schedule, SCHEDULES, "schedule", tip=falls),
            "seed": stops(seed, range(NUM_SEEDS), "shuffle (seed)", tip="Which random orders the rows come in"),
        }
        code = CODE.format(start=run.start.tolist(), num_epochs=run.num_epochs)
    except Exception as error:
        return refused(TITLE, error)
    goal = f"stay within {100 * NEAR:g} % of the least loss for the whole last epoch."
    return Explorer(TITLE, controls, run.compute, StochasticPicture(run).paint, goal=goal, code=code)


class Run:
    """Descents from one start on the rows of one bowl, and the noise of their steps."""

    def __init__(self, bowl: Bowl, num_epochs: int, start: NDArray) -> None:
        if len(start) != 2:
            raise ValueError(f"start must be two numbers, (w, b), found {len(start)}")
        self.bowl, self.num_epochs, self.start, self.n = bowl, num_epochs, start, len(bowl.y)
        if self.n * num_epochs > MOST_STEPS:
            raise ValueError(
                f"{num_epochs} epochs of {self.n} rows may take {self.n * num_epochs:,} steps, more than the "
                f"{MOST_STEPS:,} that this picture can follow: take fewer rows, as X[:1000], or fewer epochs"
            )
        x, ones, t = *bowl.X.T, bowl.y
        self.moments = 2 * np.column_stack([x * x, x * ones, ones * ones, x * t, ones * t])
        along = bowl.X @ bowl.directions  # the rows, along the flat and the steep direction
        rows = 2 * bowl.X[:, :, None] * bowl.X[:, None]  # the Hessian of each row alone
        self.square = (
            np.einsum("nij,nkl->ikjl", rows, rows).reshape(4, 4) / self.n
        )  # the mean of their Kronecker squares
        self.noise = np.mean((2 * along * (bowl.X @ bowl.theta_best - t)[:, None]) ** 2, axis=0)
        self.eta_range = quarter_decades(bowl.eta_limit / 300, bowl.eta_limit * 1.25)
        self.near = max(NEAR * bowl.least_loss, 1e-4 * float(np.var(t))) or 1e-12
        far = 1.25 * np.abs(bowl.directions) @ np.abs(bowl.directions.T @ (start - bowl.theta_best))
        self.far = np.maximum(far, 0.1 * np.abs(bowl.theta_best) + 1e-3)  # a start at the goal is not far
        ball = self.ball(min(10, max(self.n // 2, 1)), bowl.eta_limit / 8)
        self.reach = np.maximum(7 * np.sqrt(bowl.directions**2 @ ball**2), self.far / 100)  # of the enlarged part
        self.first_excess = float(bowl.loss(*start)) - bowl.least_loss

    def walk(self, batch_size: int, eta: float, decay: int, seed: int) -> NDArray:
        """Return the path, one point a step; a gradient is made of five means over its batch."""
        rng = np.random.default_rng(seed)
        first = np.arange(0, self.n, batch_size)
        counts = np.diff(first, append=self.n)[:, None]
        w, b = self.start.tolist()
        path = [(w, b)]
        for epoch in range(self.num_epochs):
            eta_now = eta / (1 + decay * epoch)
            steps = eta_now * np.add.reduceat(self.moments[rng.permutation(self.n)], first) / counts
            for xx, x1, one, xy, y1 in steps.tolist():  # plain floats: ten times quicker than arrays of two
                w, b = w - (xx * w + x1 * b - xy), b - (x1 * w + one * b - y1)
                path.append((w, b))
        return np.array(path)

    def ball(self, batch_size: int, eta: float) -> NDArray:
        """Return the standard deviations around the lowest point along the flat and the steep direction.

        For independent batches without repeated rows, and a constant eta: where noise adds what contraction takes.
        """
        curve = self.bowl.eigenvalues
        share = (self.n - batch_size) / (self.n - 1) / batch_size  # of one row's variance that a batch keeps
        room = 2 - eta * curve
        return np.sqrt(np.divide(eta * share * self.noise, curve * room, out=np.full(2, np.inf), where=room > 0))

    def unstable(self, batch_size: int, eta: float) -> bool:
        """Return whether the mean square of the error grows for ever, for independent batches and a constant eta.

        A step multiplies the error by I - eta h, where h is the batch's own Hessian, and its square, written as a
        vector, on average by E[(I - eta h) ⊗ (I - eta h)].
        """
        share = (self.n - batch_size) / (self.n - 1) / batch_size
        contraction, H = np.eye(2) - eta * self.bowl.hessian, self.bowl.hessian
        mean = np.kron(contraction, contraction) + eta**2 * share * (self.square - np.kron(H, H))
        return bool(np.abs(np.linalg.eigvals(mean)).max() >= 1)

    def compute(self, batch_size: int, eta: float, schedule: str, seed: int) -> Values:
        """Descend, and measure the last epoch."""
        decay, bowl = SCHEDULES.index(schedule), self.bowl
        path = self.walk(batch_size, eta, decay, seed)
        steps_an_epoch = (len(path) - 1) // self.num_epochs
        with np.errstate(all="ignore"):
            offset = path - bowl.theta_best
            excess = 0.5 * np.einsum("ni,ij,nj->n", offset, bowl.hessian, offset)
            radius = float(np.sqrt(np.mean(np.sum(offset[-steps_an_epoch:] ** 2, axis=1))))
        worst = float(excess[-steps_an_epoch:].max())  # nan if one is
        top = max(self.first_excess, bowl.least_loss, self.near)
        epochs, read = np.divmod(np.arange(len(path)), steps_an_epoch)
        return {
            "batch_size": batch_size, "eta": eta, "schedule": schedule, "seed": seed, "num_steps": len(path) - 1,
            "path": path, "excess": excess, "rows_read": epochs * self.n + read * batch_size,
            "theta_best": bowl.theta_best.copy(), "least_loss": bowl.least_loss,
            "ball": self.ball(batch_size, eta / (1 + decay * (self.num_epochs - 1))),
            "radius": radius if np.isfinite(radius) else np.inf, "worst": worst if np.isfinite(worst) else np.inf,
            "diverges": not worst <= top if decay else self.unstable(batch_size, eta),
            "goal_met": worst <= self.near,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        eta, size = values["eta"], values["batch_size"]
        who = "One row a step" if size == 1 else "The full batch" if size == self.n else f"Batches of {size}"
        rate = f"η = {number(eta)}"
        if values["schedule"] == "decaying":
            rate += f" decaying to {number(eta / self.num_epochs)}"
        start = f"{who} with {rate}"
        if values["diverges"]:
            limit = self.bowl.eta_limit
            why = f"η is at or beyond the limit of the full batch, 2/λmax = {number(limit)}"
            if eta < limit:
                why = f"η is below the full batch's limit, 2/λmax = {number(limit)}, but too large for such noise"
            return f"{start} diverges: {why}."
        took = f"{start}: {values['num_steps']:,} steps, {self.num_epochs * self.n:,} rows read"
        theory = float(np.hypot(*values["ball"]))
        expected = f"theory for independent batches: {number(theory, 2)}"
        if size == self.n:
            expected = "no noise" if values["goal_met"] else "no noise: it is still on its way"
        elif values["radius"] > 3 * theory:
            expected = f"the noise ball's is {number(theory, 2)}: it is still on its way"
        share = 100 * values["worst"] / self.bowl.least_loss if self.bowl.least_loss > 1e-12 else None
        worst = f"up to {number(share, 2)} %" if share is not None else f"up to {number(values['worst'], 2)}"
        goal = " ✓ Goal met." if values["goal_met"] else ""
        return (
            f"{took}. In the last epoch the distance from the lowest point is {number(values['radius'], 2)} "
            f"({expected}), and the loss {worst} above the least.{goal}"
        )
