"""What the X-ray of backpropagation says: the formula of a step, why it is so, and what the check found (lesson 05)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from helpers.sliders.parts import number
from helpers.sliders.picture import Values
from helpers.sliders.xray_graph import BACKWARD, FORWARD, GIVEN, NONE, STEPS, TOLERANCE, Graph, in_shapes

LAST = len(STEPS) - 1
REASONS = {
    "given": "the inputs X with their labels, and the weights and biases of two layers.",
    "Z1": "the first layer's scores, a row for each row of X; b1 is added to every row.",
    "A1": "ReLU keeps what is positive and makes the rest 0.",
    "Z2": "the second layer's scores, one for each class.",
    "loss": "the mean over the rows of -log(the softmax's probability of the right label).",
    "grad_Z2": "probabilities minus the one-hot labels, over n because the loss is a mean.",
    "grad_W2": "what went in, transposed, times what comes back; the product adds up the rows.",
    "grad_b2": "b2 was added to every row, so the rows' gradients add up.",
    "grad_A1": "back through the product: times W2, transposed.",
    "grad_Z1": "ReLU lets the gradient pass where Z1 is positive, and nowhere else.",
    "grad_W1": "as for W2: what went in, transposed, times what comes back.",
    "grad_b1": "as for b2: the rows' gradients add up.",
    "grad_X": "the inputs have a gradient too; training leaves them as they are.",
}


def step_formula(graph: Graph, name: str, mistake: str) -> tuple[str, str]:
    """Return what a step computes, and the same in shapes."""
    if name not in FORWARD and name not in BACKWARD:
        return "Forward: the numbers that are given", ""
    formula = {**FORWARD, **graph.formulas(mistake)}[name]
    shapes = {key: np.shape(value) for key, value in graph.everything.items()}
    result = "one number" if name == "loss" else shapes[name]
    return f"{name} = {formula}:", f"{in_shapes(formula, shapes)} → {result}"


def in_words(name: str, step: int, mistake: str) -> str:
    """Return the step's number and its reason; for the wrong derivative, what would be right."""
    way = "backward" if name in BACKWARD else "forward"
    reason = f"here is the mistake; right is {BACKWARD[name]}." if is_wrong(name, mistake) else REASONS[name]
    return f"Step {step} of {LAST}, {way}: {reason}"


def is_wrong(name: str, mistake: str) -> bool:
    """Return whether this step is the one that the mistake replaces."""
    return mistake != NONE and mistake.split(":")[0] == name


def sentence(graph: Graph, values: Values) -> str:
    """Return the picture in a sentence: what this step computed, and what the check says of the gradients so far."""
    step, name = values["step"], STEPS[values["step"]]
    shape = f"shape {np.shape(values[name])}" if name != "given" else ""
    if name == "given":
        shapes = [f"{key} {graph.nodes[key].shape}" for key in GIVEN]
        text = f"Step 0 of {LAST}: given are {listed(shapes)}, and the labels {graph.labels.tolist()}."
    else:
        way = "backward" if name in BACKWARD else "forward"
        formula = step_formula(graph, name, values["mistake"])[0].rstrip(":")
        result = number(values["loss"]) if name == "loss" else shape
        text = f"Step {step} of {LAST}, {way}: {formula}, {result}."
    return f"{text} {_check(values)}".rstrip()


def _check(values: Values) -> str:
    """Return what the check says."""
    where = values["mistake"].split(":")[0]
    waits = f"A mistake waits at {where}." if where not in (NONE, *values["gradients"]) else ""
    if not values["gradients"]:
        return waits
    if not values["fault"]:
        many = len(values["gradients"])
        so_far = "The gradient agrees" if many == 1 else f"All {many} gradients so far agree"
        unseen = "" if where == NONE else waits or "The mistake changes nothing with these numbers."
        return f"{so_far} with the differences. {unseen}"
    fault, inherited = values["fault"], values["inherited"]
    inherit = f"; {listed(inherited)} inherit{'s' * (len(inherited) == 1)} it" if inherited else ""
    met = " ✓ Goal met." * values["goal_met"]
    return f"The check fails first at {fault}, relative error {number(values['error'][fault], 2)}{inherit}.{met}"


def error_in_words(error: float) -> str:
    """Return a relative error in four or five letters; of what agrees only that it does, since the rest is rounding.

    >>> error_in_words(3e-11), error_in_words(0.4), error_in_words(2e-4)
    ('<1e-6', '0.40', '2e-04')
    """
    if error <= TOLERANCE:
        return "<1e-6"
    return f"{error:.2f}" if error >= 0.01 else f"{error:.0e}"


def listed(words: Sequence[str]) -> str:
    """Return the words as a list in a sentence.

    >>> listed(["W1", "b1", "X"])
    'W1, b1 and X'
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def matrix(numbers: ArrayLike) -> str:
    """Return a number, a row or a matrix as text: two decimals, fewer from 10 on, five places each.

    >>> print(matrix([[0.5, -0.001], [-1.25, 12.5]]))
     0.50  0.00
    -1.25  12.5
    """
    return "\n".join(" ".join(_short(number) for number in row) for row in np.atleast_2d(numbers))


def _short(number: float) -> str:
    size = abs(number)
    digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{round(number, digits) + 0.0:5.{digits}f}"
