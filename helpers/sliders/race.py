"""A race of five update rules on one landscape, all with one learning rate and one beta (lesson 06)."""

import numpy as np
from numpy.typing import NDArray

from helpers import rules
from helpers.landscapes import BOWL, LANDSCAPES
from helpers.sliders.choices import choice
from helpers.sliders.controls import log_slider, slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import whole
from helpers.sliders.parts import number
from helpers.sliders.picture import Values
from helpers.sliders.race_picture import NAMES, RacePicture, place

TITLE = "Race the rules"
ETAS, BETAS = (1e-4, 3.0), (0.0, 0.99)
GOAL = 1e-6  # a rule has arrived where its height stays below
FAR = 100  # a rule that ends this many times as high as it began has gone astray
WITH_THEORY = ("sgd", "momentum", "nesterov")
FEWEST = 79  # steps in which one setting brings these three to the goal on the bowl; a test measures it
CODE = """\
import numpy as np
from helpers import rules
from helpers.landscapes import LANDSCAPES

land, eta, beta, num_steps = LANDSCAPES[{landscape}], {eta}, {beta}, NUM_STEPS
hyper = {{
    "sgd": {{}}, "momentum": {{"beta": beta}}, "nesterov": {{"beta": beta}},
    "rmsprop": {{"rho": 0.9}}, "adam": {{"beta_1": beta, "beta_2": 0.999}},
}}
paths, heights, arrived = {{}}, {{}}, {{}}
for name, settings in hyper.items():
    rule = getattr(rules, name)
    paths[name] = rules.descend(rule, land.gradient, land.start, num_steps, eta=eta, **settings)
    heights[name] = land.height(*paths[name].T)
    above = np.flatnonzero(~(heights[name] < 1e-6))  # the steps at which it is not at the goal
    first = int(above[-1]) + 1 if len(above) else 0
    arrived[name] = first if first <= num_steps else None
if land.name == "bowl":  # elsewhere the curvature changes from place to place
    hessian = np.array([land.gradient(axis) for axis in np.eye(2)])
    lambda_max = np.linalg.eigvalsh(hessian).max()
    limits = {{
        "sgd": 2 / lambda_max,
        "momentum": 2 * (1 + beta) / lambda_max,
        "nesterov": 2 * (1 + beta) / ((1 + 2 * beta) * lambda_max),
    }}
"""


def race(landscape: str = "bowl", *, eta: float = 0.1, beta: float = 0.9, num_steps: int = 100) -> Explorer:
    """Explore plain descent, momentum, Nesterov, RMSprop and Adam, side by side on one of `helpers.landscapes`.

    One `eta` for all; `beta` is that of momentum and Nesterov and Adam's beta_1; RMSprop's rho is 0.9, Adam's beta_2
    0.999. The values: `landscape`, `eta`, `beta`, `num_steps`, and for each rule, by its name in `helpers.rules`:
    `paths` (shape (num_steps + 1, 2)), `heights` (shape (num_steps + 1,)), `arrived` (the first step from which on the
    height stays below 1e-6, or None), `limits` (the largest learning rate that the theory allows, on the bowl, else
    None); `diverges` (a list of names) and `goal_met`.
    """
    try:
        run = Race(whole(num_steps, "num_steps", 1000))
        keys = "choose, or Tab to it and press the arrow keys."
        controls = {
            "landscape": choice(landscape, list(LANDSCAPES), "landscape", tip=f"The function to descend: {keys}"),
            "eta": log_slider(eta, *ETAS, "eta", tip="The learning rate of all five rules"),
            "beta": slider(beta, *BETAS, "beta", step=0.01, tip="Momentum's and Nesterov's beta, Adam's beta_1"),
        }
    except Exception as error:
        return refused(TITLE, error)
    within = f"all under 1e-6 in {num_steps} steps with one setting, plain descent last."
    goal = f"on the bowl, plain descent, momentum and Nesterov {within}" if run.num_steps >= FEWEST else ""
    code = CODE.replace("NUM_STEPS", str(run.num_steps))
    return Explorer(TITLE, controls, run.compute, RacePicture(run).paint, goal=goal, code=code)


class Race:
    """Five rules that take the same number of steps from the same place."""

    def __init__(self, num_steps: int) -> None:
        self.num_steps = num_steps
        hessian = np.array([BOWL.gradient(axis) for axis in np.eye(2)])  # the bowl's gradient is linear
        self.lambda_max = float(np.linalg.eigvalsh(hessian).max())

    def compute(self, landscape: str, eta: float, beta: float) -> Values:
        """Let all five run, and see where they are."""
        land = LANDSCAPES[landscape]
        hyper = {"momentum": {"beta": beta}, "nesterov": {"beta": beta}, "adam": {"beta_1": beta}}
        paths = {
            rule: rules.descend(
                getattr(rules, rule), land.gradient, land.start, self.num_steps, eta=eta, **hyper.get(rule, {})
            )
            for rule in NAMES
        }
        heights = {rule: land.height(*path.T) for rule, path in paths.items()}
        limits = self.limits(beta) if land is BOWL else dict.fromkeys(NAMES)
        arrived = {rule: _arrival(height) for rule, height in heights.items()}
        return {
            "landscape": landscape, "eta": eta, "beta": beta, "num_steps": self.num_steps,
            "paths": paths, "heights": heights, "arrived": arrived,
            "limits": limits, "diverges": [rule for rule in NAMES if _diverges(heights[rule], eta, limits[rule])],
            "goal_met": land is BOWL and _in_order(*(arrived[rule] for rule in WITH_THEORY)),
        }  # fmt: skip

    def limits(self, beta: float) -> dict[str, float | None]:
        """Return the learning rate beyond which a rule diverges on the bowl, where the theory knows one."""
        nesterov = 2 * (1 + beta) / ((1 + 2 * beta) * self.lambda_max)
        known = 2 / self.lambda_max, 2 * (1 + beta) / self.lambda_max, nesterov
        return dict.fromkeys(NAMES) | dict(zip(WITH_THEORY, known, strict=True))

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        arrived, diverges, limits = values["arrived"], values["diverges"], values["limits"]
        there = sorted((rule for rule in NAMES if arrived[rule] is not None), key=arrived.__getitem__)
        late = [NAMES[rule] for rule in NAMES if arrived[rule] is None and rule not in diverges]
        lost = [NAMES[rule] + (f" (limit {number(limits[rule])})" if limits[rule] else "") for rule in diverges]
        goal = "stays under 1e-6"
        steps = [f"{NAMES[rule]} {'' if n else goal + ' '}from step {arrived[rule]}" for n, rule in enumerate(there)]
        not_yet = f"{_listed(late)} do{'es' * (len(late) == 1)} not{'' if there else ' stay under 1e-6'}"
        if len(late) == len(NAMES):
            not_yet = f"none of the five {goal}"
        parts = [
            _listed(steps),
            f"{not_yet} in {self.num_steps} steps" if late else "",
            f"{_listed(lost)} diverge{'s' * (len(lost) == 1)}" if lost else "",
        ]
        setting = f"{place(values)}, eta {number(values['eta'])}, beta {number(values['beta'])}"
        text = f"{setting}: {'; '.join(filter(None, parts))}."
        return f"{text} ✓ Goal met." if values["goal_met"] else text


def _arrival(height: NDArray) -> int | None:
    """Return the first step from which on the height stays below the goal.

    >>> _arrival(np.array([1, 1e-7, 1, 1e-7, 1e-8])), _arrival(np.array([1, 1e-7, np.nan])), _arrival(np.zeros(2))
    (3, None, 0)
    """
    above = np.flatnonzero(~(height < GOAL))
    first = int(above[-1]) + 1 if len(above) else 0
    return first if first < len(height) else None


def _in_order(plain: int | None, *others: int | None) -> bool:
    """Return whether all have arrived, and plain descent last: without momentum all are the same walk."""
    return plain is not None and all(step is not None and step < plain for step in others)


def _diverges(height: NDArray, eta: float, limit: float | None) -> bool:
    """Return whether theory says so, or, where it is silent, whether the way ends far up or in no number."""
    if limit is not None:
        return eta > limit * (1 + 1e-9)
    return not np.isfinite(height).all() or bool(height[-1] > FAR * height[0])


def _listed(words: list[str]) -> str:
    """Return the words as a list in a sentence.

    >>> _listed(["a", "b", "c"]), _listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
