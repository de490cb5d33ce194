"""From a logit to a decision: what temperature does to the loss and what the threshold does to the cost (lesson 04)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.bowl import column
from helpers.sliders.controls import log_slider, slider
from helpers.sliders.decide_picture import TEMPERATURES, DecisionsPicture, alarms_in_words
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import as_number, describe
from helpers.sliders.parts import number
from helpers.sliders.picture import Values

TITLE = "Decide by a threshold"
NEAR = 1.01  # the goal: at most this many times the least loss, plus 1e-4 nats where that is 0 ...
CHEAP = 1.1  # ... and at most this many times the least cost there, rounded up
LARGEST = 1e12
CODE = """\
import numpy as np

# z and y: the logits and the labels that you gave to decide
threshold, temperature, cost_of_miss = {{threshold}}, {{temperature}}, {cost_of_miss}
logits, case = np.ravel(z) / temperature, np.ravel(y) == 1
p = np.exp(-np.logaddexp(0, -logits))  # the sigmoid, without overflow
loss = np.mean(np.logaddexp(0, np.where(case, -logits, logits)))  # -log p of what was right
missed = np.sum(case & (p < threshold))
false_alarms = np.sum(~case & (p >= threshold))
cost = cost_of_miss * missed + false_alarms
theory_threshold = 1 / (1 + cost_of_miss)
thresholds = np.linspace({low}, {high}, {num}).round(6)
costs = np.array([cost_of_miss * np.sum(case & (p < t)) + np.sum(~case & (p >= t)) for t in thresholds])
"""


def decide(
    z: ArrayLike, y: ArrayLike, *, cost_of_miss: float = 20, threshold: float = 0.5, temperature: float = 1.0
) -> Explorer:
    """Explore the decisions p >= threshold with p = sigmoid(z / temperature), for logits z and labels y (1: a case).

    z and y have shape (n,) or (n, 1). A missed case costs `cost_of_miss` false alarms, from 0.002 to 500. The values:
    `threshold`, `temperature`, `p` (shape (n,)), `loss` (mean binary cross-entropy, nats), `missed`, `false_alarms`,
    `caught`, `passed` (counts), `cost`, `costs` at each of `thresholds`, `theory_threshold`, `least_loss` at
    `best_temperature`, `least_cost` there, `allowed_cost`, `low_loss` and `goal_met`.
    """
    try:
        run = Decisions(z, y, cost_of_miss)
        low, high = run.thresholds[[0, -1]].tolist()
        tip, other = "From this probability on there is an alarm", "What the logits are divided by"
        controls = {
            "threshold": slider(threshold, low, high, "threshold", step=min(0.002, low), tip=tip),
            "temperature": log_slider(temperature, *TEMPERATURES[[0, -1]], "temperature", tip=other),
        }
        code = CODE.format(cost_of_miss=run.cost_of_miss, low=low, high=high, num=len(run.thresholds))
    except Exception as error:
        return refused(TITLE, error)
    goal = (
        "first the temperature: bring the loss within 1 % of its least; then the threshold: bring the cost to at most "
        f"{run.allowed_cost:,}."
    )
    return Explorer(TITLE, controls, run.compute, DecisionsPicture(run).paint, goal=goal, code=code)


class Decisions:
    """Logits and labels, the least loss that a temperature can give them and the least cost that a threshold can."""

    def __init__(self, z: ArrayLike, y: ArrayLike, cost_of_miss: float) -> None:
        self.z, self.case = _data(z, y)
        cost = as_number(cost_of_miss)
        if cost is None or not 0.002 <= cost <= 500:
            raise ValueError(f"cost_of_miss must be a number from 0.002 to 500, found {describe(cost_of_miss)}")
        self.cost_of_miss = int(cost) if cost == int(cost) else cost
        self.theory = 1 / (1 + self.cost_of_miss)
        low = 0.01 if 0.011 < self.theory < 0.989 else 0.001
        self.thresholds = np.linspace(low, 1 - low, round((1 - 2 * low) / min(0.002, low)) + 1).round(6)
        self.losses = np.array([self.loss(temperature) for temperature in TEMPERATURES])
        self.best_temperature = float(TEMPERATURES[self.losses.argmin()])
        self.least_loss = float(self.losses.min())
        self.least_cost = self.costs(self.probability(self.best_temperature)).min().item()
        self.allowed_cost = int(np.ceil(CHEAP * self.least_cost - 1e-9))

    def probability(self, temperature: float) -> NDArray:
        """Return the sigmoid of z / temperature, without overflow."""
        return np.exp(-np.logaddexp(0, -self.z / temperature))

    def loss(self, temperature: float) -> float:
        """Return the mean binary cross-entropy, from the logits."""
        return float(np.mean(np.logaddexp(0, np.where(self.case, -self.z, self.z) / temperature)))

    def costs(self, p: NDArray) -> NDArray:
        """Return the cost at each of the thresholds."""
        missed = np.searchsorted(np.sort(p[self.case]), self.thresholds)
        passed = np.searchsorted(np.sort(p[~self.case]), self.thresholds)
        return self.cost_of_miss * missed + np.sum(~self.case) - passed

    def compute(self, threshold: float, temperature: float) -> Values:
        """Decide, count and weigh."""
        p, loss = self.probability(temperature), self.loss(temperature)
        alarm = p >= threshold
        missed, false_alarms = int(np.sum(self.case & ~alarm)), int(np.sum(~self.case & alarm))
        cost = self.cost_of_miss * missed + false_alarms
        low_loss = loss <= NEAR * self.least_loss + 1e-4
        return {
            "threshold": threshold, "temperature": temperature, "p": p, "loss": loss, "missed": missed,
            "false_alarms": false_alarms, "caught": int(np.sum(self.case)) - missed,
            "passed": int(np.sum(~self.case)) - false_alarms, "cost": cost, "thresholds": self.thresholds.copy(),
            "costs": self.costs(p), "theory_threshold": self.theory, "least_loss": self.least_loss,
            "best_temperature": self.best_temperature, "least_cost": self.least_cost,
            "allowed_cost": self.allowed_cost, "low_loss": low_loss,
            "goal_met": low_loss and cost <= self.allowed_cost,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        missed, alarms = values["missed"], values["false_alarms"]
        text = (
            f"Threshold {number(values['threshold'])}, temperature {number(values['temperature'])}: {missed:,} of "
            f"{missed + values['caught']:,} cases missed, {alarms_in_words(alarms)} in "
            f"{alarms + values['passed']:,} without; cost {self.cost_of_miss:g} × {missed:,} + {alarms:,} = "
            f"{values['cost']:,.12g}, loss {number(values['loss'])}."
        )
        if values["goal_met"]:
            return f"{text} ✓ Goal met."
        if values["low_loss"]:
            return f"{text} The loss is near its least, the cost is above {self.allowed_cost:,}."
        return f"{text} Another temperature brings the loss down to {number(self.least_loss)}."


def _data(z: ArrayLike, y: ArrayLike) -> tuple[NDArray, NDArray]:
    """Return the logits and which of them are cases, both of shape (n,), or raise ValueError."""
    z, y = column(z, "z"), column(y, "y")
    if len(z) != len(y):
        raise ValueError(f"z has {len(z)} values and y {len(y)}: they must be as many")
    if np.abs(z).max() > LARGEST:
        raise ValueError(f"z holds {z[np.abs(z).argmax()]:g}: a logit must be between ±{LARGEST:g}")
    if other := sorted(set(y.tolist()) - {0.0, 1.0}):
        raise ValueError(f"y must hold only 1, a case, and 0, no case, found {other[0]:g}")
    if np.ptp(y) == 0:
        raise ValueError(f"y holds only {y[0]:g}: both labels are needed, 1 for a case and 0 for no case")
    return z, y == 1
