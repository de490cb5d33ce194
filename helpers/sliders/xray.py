"""An X-ray of backpropagation: every number, shape and gradient of a small network, and a check (lesson 05)."""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from helpers.sliders.choices import choice
from helpers.sliders.controls import slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.picture import Values
from helpers.sliders.xray_graph import BACKWARD, FORWARD, GIVEN, MISTAKES, NONE, STEPS, TOLERANCE, Graph, relative_error
from helpers.sliders.xray_layout import HEIGHT, WIDTH
from helpers.sliders.xray_picture import GraphPicture

TITLE = "X-ray of backpropagation"
GOAL = "choose a mistake, go on to the last step, and let the check name the faulty node."
LAST = len(STEPS) - 1
IMPORTS = "from helpers.losses import cross_entropy_from_logits, one_hot, softmax\n"
CHECK = f"""
# The check: what the loss does if one number is moved a little, up and down
def loss_with(X=X, W1=W1, b1=b1, W2=W2, b2=b2, Z1=None, A1=None, Z2=None):
    Z1 = {FORWARD["Z1"]} if Z1 is None else Z1
    A1 = {FORWARD["A1"]} if A1 is None else A1
    Z2 = {FORWARD["Z2"]} if Z2 is None else Z2
    return {FORWARD["loss"]}

def central_differences(name, quantity, h=1e-5):
    slopes = np.empty(quantity.shape)
    for place in np.ndindex(quantity.shape):
        step = np.zeros(quantity.shape)
        step[place] = h
        above, below = loss_with(**{{name: quantity + step}}), loss_with(**{{name: quantity - step}})
        slopes[place] = (above - below) / (2 * h)
    return slopes

def relative_error(grad, slopes):
    norm = np.linalg.norm
    return norm(grad - slopes) / max(norm(grad) + norm(slopes), 0.01)

# fault: the formula fails although what it takes from upstream is right"""


def xray(
    params: Sequence[ArrayLike] | None = None,
    X: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    *,
    step: int = 0,
    mistake: str = NONE,
) -> Explorer:
    """Explore backpropagation node by node through relu(X @ W1 + b1) @ W2 + b2 and the mean softmax cross-entropy.

    params is [W1, b1, W2, b2]; X has shape (n, d), labels (n,); at most 3 rows, columns of X and classes, 4 hidden
    units, numbers from -3 to 3. The values: `step`, `mistake`, `names` of the nodes so far, each of them by its name
    (`Z1`), `loss` (None until it is computed), each gradient so far (`grad_Z1`), and under its name in the dicts
    `gradients`, `differences` (central ones) and `error` (relative); `fault`, the gradient whose own formula is wrong,
    or ""; `inherited`, those that are wrong because of it; `goal_met`.
    """
    try:
        return XRay(Graph(params, X, labels), step, mistake)
    except Exception as error:
        return refused(TITLE, error)


class XRay(Explorer):
    """The explorer of one `Graph`."""

    def __init__(self, graph: Graph, step: int, mistake: str) -> None:
        self._graph = graph
        self._gradients = {name: graph.gradients(name) for name in (NONE, *MISTAKES)}
        self._faults = {name: graph.faults(name) for name in (NONE, *MISTAKES)}
        keys = "Tab to it and press the arrow keys"
        controls = {
            "step": slider(step, 0, LAST, "step", step=1, tip="Forward node by node, then backward"),
            "mistake": choice(mistake, [NONE, *MISTAKES], "mistake", tip=f"One wrong local derivative: {keys}"),
        }
        controls["mistake"].layout.width = "320px"
        paint = GraphPicture(graph).paint
        super().__init__(TITLE, controls, self._values_at, paint, goal=GOAL, code=CHECK, size=(WIDTH, HEIGHT))

    @property
    def code(self) -> str:
        """Python code that computes the nodes, the gradients and their check up to the present step."""
        return write_code(self._graph, round(self.settings["step"]), self.settings["mistake"])

    def _values_at(self, step: float, mistake: str) -> Values:
        """Return what is known after this step."""
        graph, step = self._graph, round(step)  # code may set what lies between two steps
        done = STEPS[1 : step + 1]
        names = [*GIVEN, *(name for name in done if name in FORWARD)]
        nodes = {name: graph.nodes[name] for name in names}
        gradients = {name: self._gradients[mistake][name].copy() for name in done if name in BACKWARD}
        error = {name: relative_error(grad, graph.differences[name]) for name, grad in gradients.items()}
        faults = [name for name in gradients if name in self._faults[mistake]]
        fault = faults[0] if faults else ""
        return {
            "step": step, "mistake": mistake, "names": names, "labels": graph.labels, "loss": None, **nodes,
            **gradients, "gradients": gradients, "differences": {name: graph.differences[name] for name in gradients},
            "error": error, "fault": fault,
            "inherited": [name for name in error if error[name] > TOLERANCE and name not in faults],
            "goal_met": bool(fault) and step == LAST,
        }  # fmt: skip


def write_code(graph: Graph, step: int, mistake: str) -> str:
    """Return Python code for what is known after this step, under the names of the values."""
    done, formulas = STEPS[1 : step + 1], {**FORWARD, **graph.formulas(mistake)}
    lines = ["import numpy as np\n", *([IMPORTS] if "loss" in done else []), f"# step {step} of {LAST}: {STEPS[step]}"]
    lines += [f"{name} = np.array({graph.nodes[name].tolist()})" for name in GIVEN]
    lines += [f"labels = np.array({graph.labels.tolist()})", "n, K = len(X), len(b2)  # rows, classes"]
    for name in done:
        right = BACKWARD.get(name, formulas[name])
        note = "" if formulas[name] == right else f"  # a mistake: right is {right}"
        lines += [f"{name} = {formulas[name]}{note}"]
    gradients = [name for name in done if name in BACKWARD]
    lines += [CHECK] * bool(gradients)
    for name in gradients:
        node = name.removeprefix("grad_")
        alone = formulas[name].replace("grad_", "difference_")
        lines += [
            f'difference_{node} = central_differences("{node}", {node})',
            f"error_{node} = relative_error({name}, difference_{node})",
            f"fault_{node} = relative_error({alone}, difference_{node}) > {TOLERANCE:g}",
        ]
    return "\n".join(lines) + "\n"
