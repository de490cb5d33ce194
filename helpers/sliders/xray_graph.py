"""A network of two layers as a graph: every node's formula, wrong ones to try, and the check (lesson 05).

The formulas are text: the picture shows them, the code holds them and `eval` computes them, so the three agree.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import CodeType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.losses import cross_entropy_from_logits, one_hot, softmax
from helpers.sliders.given import whole_labels
from helpers.sliders.xray_given import GIVEN, Arrays, checked_arrays

FORWARD = {
    "Z1": "X @ W1 + b1",
    "A1": "np.maximum(Z1, 0)",
    "Z2": "A1 @ W2 + b2",
    "loss": "cross_entropy_from_logits(Z2, labels)",
}
BACKWARD = {
    "grad_Z2": "(softmax(Z2) - one_hot(labels, K)) / n",
    "grad_W2": "A1.T @ grad_Z2",
    "grad_b2": "grad_Z2.sum(axis=0)",
    "grad_A1": "grad_Z2 @ W2.T",
    "grad_Z1": "grad_A1 * (Z1 > 0)",
    "grad_W1": "X.T @ grad_Z1",
    "grad_b1": "grad_Z1.sum(axis=0)",
    "grad_X": "grad_Z1 @ W1.T",
}
STEPS = ("given", *FORWARD, *BACKWARD)  # what each step computes
NONE = "none"
MISTAKES = {  # each is a formula that runs and gives the right shape
    "grad_Z2: sign": "(one_hot(labels, K) - softmax(Z2)) / n",
    "grad_Z2: 1/n forgotten": "softmax(Z2) - one_hot(labels, K)",
    "grad_W2: Z1 for A1": "Z1.T @ grad_Z2",
    "grad_b2: mean for sum": "grad_Z2.mean(axis=0)",
    "grad_A1: reshape for transpose": "grad_Z2 @ W2.reshape(K, -1)",
    "grad_Z1: ReLU's mask forgotten": "grad_A1",
    "grad_Z1: mask from grad_A1": "grad_A1 * (grad_A1 > 0)",
    "grad_W1: 1/n twice": "X.T @ grad_Z1 / n",
    "grad_b1: grad_A1 for grad_Z1": "grad_A1.sum(axis=0)",
}
HALF_STEP, TOLERANCE = 1e-5, 1e-6
SMALL = 0.01  # a gradient and a difference that are shorter together are compared as if they were this long
KINK = 1e-3  # how near to ReLU's kink no score may be
_FUNCTIONS = {"np": np, "softmax": softmax, "one_hot": one_hot, "cross_entropy_from_logits": cross_entropy_from_logits}


class Graph:
    """The network with its numbers: `nodes` forward, and `differences`, what each gradient has to be."""

    def __init__(self, params: Sequence[ArrayLike] | None, X: ArrayLike | None, labels: ArrayLike | None) -> None:
        self.nodes = checked_arrays(params, X)
        n, K = len(self.nodes["X"]), len(self.nodes["b2"])
        self.labels = whole_labels(np.arange(n) % K if labels is None else labels, n, K)
        self._known = {"labels": self.labels, "n": n, "K": K}
        self.nodes = self._forward(self.nodes)
        if np.abs(self.nodes["Z1"]).min() < KINK:
            raise ValueError("Z1 holds a 0: there ReLU has a kink and differences decide nothing; change b1 a little")
        self.differences = {f"grad_{name}": self._difference(name) for name in self.nodes if name != "loss"}
        self.everything = {"labels": self.labels, **self.nodes, **self.differences}

    def _forward(self, fixed: Mapping[str, Any]) -> dict[str, Any]:
        """Return all nodes, those that are not fixed computed by their formulas."""
        nodes = dict(fixed)
        for name, formula in FORWARD.items():
            if name not in fixed:
                nodes[name] = self._evaluate(formula, nodes)
        return nodes

    def _evaluate(self, formula: str, names: Mapping[str, Any]) -> Any:
        return eval(_compiled(formula), _FUNCTIONS, {**self._known, **names})

    def _difference(self, name: str) -> NDArray:
        """Return the central differences of the loss by every number of a node; what follows the node is run again."""
        quantity = self.nodes[name]
        fixed = {key: self.nodes[key] for key in GIVEN}
        slopes = np.empty(quantity.shape)
        for place in np.ndindex(quantity.shape):
            step = np.zeros(quantity.shape)
            step[place] = HALF_STEP
            above, below = (self._forward({**fixed, name: quantity + move})["loss"] for move in (step, -step))
            slopes[place] = (above - below) / (2 * HALF_STEP)
        return slopes

    def formulas(self, mistake: str) -> dict[str, str]:
        """Return the formula of every gradient, one of them wrong unless the mistake is "none"."""
        wrong = {} if mistake == NONE else {mistake.split(":")[0]: MISTAKES[mistake]}
        return {**BACKWARD, **wrong}

    def gradients(self, mistake: str) -> Arrays:
        """Return every gradient, each computed from those before it, right or wrong."""
        found: Arrays = {}
        for name, formula in self.formulas(mistake).items():
            found[name] = np.array(self._evaluate(formula, {**self.nodes, **found}))
        return found

    def faults(self, mistake: str) -> list[str]:
        """Return the gradients whose own formula is wrong: it fails even where what comes in is right.

        What comes in are then the differences, so that nothing is inherited.
        """
        alone = {name: self._evaluate(formula, self.everything) for name, formula in self.formulas(mistake).items()}
        return [name for name in alone if relative_error(alone[name], self.differences[name]) > TOLERANCE]


@cache
def _compiled(formula: str) -> CodeType:
    return compile(formula, formula, "eval")


def relative_error(grad: NDArray, slopes: NDArray) -> float:
    """Return the length of the difference, as a share of both lengths together: 0 where they agree, at most 1.

    >>> relative_error(np.array([1.0, 0.0]), np.array([-1.0, 0.0]))
    1.0
    """
    norm = np.linalg.norm
    return float(norm(grad - slopes) / max(norm(grad) + norm(slopes), SMALL))


def in_shapes(formula: str, shapes: Mapping[str, tuple[int, ...]]) -> str:
    """Return the formula with a shape in place of each array.

    >>> in_shapes("A1.T @ grad_Z2", {"A1": (2, 3), "grad_Z2": (2, 2)})
    '(3, 2) @ (2, 2)'
    """
    formula = formula.replace("one_hot(labels, K)", "Z2").replace("softmax(Z2)", "Z2").replace("np.", "")
    formula = formula.replace("cross_entropy_from_logits", "cross_entropy")
    names = "|".join(sorted(shapes, key=len, reverse=True))

    def shape(found: re.Match[str]) -> str:
        sides = shapes[found[1]]
        return str(sides[::-1] if found[2] else sides)

    return re.sub(rf"\b({names})\b(\.T)?", shape, formula)
