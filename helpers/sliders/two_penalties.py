"""Two weights under an L2 penalty, an L1 penalty, or both: where the fit ends up, on the bowl of errors (lesson 13)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.penalties import lasso, ridge
from helpers.sliders.choices import choice
from helpers.sliders.controls import log_slider, quarter_decades
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.parts import number, percent
from helpers.sliders.picture import Values
from helpers.sliders.two_penalties_given import checked_columns
from helpers.sliders.two_penalties_picture import HEIGHT, WIDTH, TwoPenaltiesPicture

TITLE = "Pull two weights to zero"
SHARES = {"L2, squares": (0.0, 1.0), "L1, sizes": (1.0, 0.0), "both, elastic net": (0.5, 0.5)}  # of λ: for L1, for L2
STEPS = 20  # computed λ per factor of ten
SLACK = 0.3  # the goal: an error so far above the lowest one, in parts of what that adds to the least; a step of λ
LEFT = 1e-12  # of the way to the lowest point: with so little left, descent has converged
CODE = """\
import numpy as np
from helpers.penalties import l1_penalty, l2_penalty, lasso, ridge

# X, y: what you gave to two_penalties; both are centered, so that no bias is needed
kind, lam = {kind}, {lam}
l1, l2 = {{"L2": (0, lam), "L1": (lam, 0), "bo": (lam / 2, lam / 2)}}[kind[:2]]
X1 = np.column_stack([X - np.mean(X, axis=0), np.ones(len(X))])  # ones for the bias, which is 0 then
t = np.ravel(y) - np.mean(y)
theta = lasso(X1, t, l1, l2=l2) if l1 else ridge(X1, t, l2)
w, w_best = theta[:2], ridge(X1, t, 0)[:2]
mse = np.mean((X1 @ theta - t)**2)
penalty = l1_penalty(w, l1)[0] + l2_penalty(w, l2)[0]
zeros = int(np.sum(w == 0))
"""


def two_penalties(X: ArrayLike, y: ArrayLike, *, lam: float | None = None, kind: str = "L2, squares") -> Explorer:
    """Explore where two weights end up under mean((X @ w - y)**2) + λ times a penalty.

    X has shape (m, 2), standardized columns, y (m,) or (m, 1). Both are centered here, and there is no bias: it would
    be 0. kind: "L2, squares" (the penalty is the sum of w²), "L1, sizes" (of |w|) or "both, elastic net" (half of
    each); "L2", "L1" and "both" will do. λ goes from 1/1000 of the lowest λ at which L1 makes both weights 0 to a bit
    above it. The values: `kind`, `lam`, `w` (2,), `mse`, `penalty` (λ included), `zeros` (how many weights are exactly
    0), `w_best` (least squares) and `least_mse`, `lams` (k,) and `path` (k, 2), the weights at all of them under this
    kind, `zero_from` (for each weight the lowest of `lams` from which on it is exactly 0, or None) and `goal_met`.
    """
    try:
        run = Run(X, y)
        names = {name.split(",")[0].lower(): name for name in SHARES}
        kind = names.get(kind.lower(), kind) if isinstance(kind, str) else kind
        keys, tip = "What costs: choose, or Tab to it and press the arrow keys.", "What a unit of the penalty costs"
        lam = float(run.lams[np.abs(np.log(run.lams / (0.3 * run.top))).argmin()]) if lam is None else lam
        controls = {
            "kind": choice("L2, squares", list(SHARES), "penalty", tip=keys),
            "lam": log_slider(lam, *run.range, "penalty λ", steps=STEPS, tip=tip, only="computed values"),
        }
        controls["kind"].value = kind
    except Exception as error:
        return refused(TITLE, error)
    paint = TwoPenaltiesPicture(run).paint
    return Explorer(TITLE, controls, run.compute, paint, goal=run.goal, code=CODE, size=(WIDTH, HEIGHT))


class Run:
    """Two columns, the bowl of their errors, and the weights of every kind at every λ."""

    def __init__(self, X: ArrayLike, y: ArrayLike) -> None:
        self.X, self.y = checked_columns(X, y)
        self.shares, m = SHARES, len(self.y)
        self.gram, self.slope = self.X.T @ self.X / m, 2 * self.X.T @ self.y / m
        self.top = float(np.abs(self.slope).max())  # from here on L1 makes both weights 0
        self.range = quarter_decades(self.top / 1000, 1.1 * self.top)
        low, high = np.round(STEPS * np.log10(self.range)).astype(int)
        self.lams = np.array([float(f"{10 ** (place / STEPS):.3g}") for place in range(low, high + 1)])
        design = np.column_stack([self.X, np.ones(m)])
        self.w_best = ridge(design, self.y, 0)[:2]
        self.least_mse = float(self.mse(*self.w_best))
        sparse = [kind for kind, (l1, _) in SHARES.items() if l1]
        l1, l2 = (np.concatenate([SHARES[kind][i] * self.lams for kind in sparse]) for i in (0, 1))
        paths = np.split(lasso(design, self.y, l1, l2=l2, num_steps=self.num_steps())[:, :2], len(sparse))
        self.paths = dict(zip(sparse, paths, strict=True))
        self.paths["L2, squares"] = np.array([ridge(design, self.y, lam)[:2] for lam in self.lams])
        one_zero = [self.mse(*path[(path == 0).sum(axis=1) == 1].T) for path in self.paths.values()]
        self.lowest = min(np.concatenate(one_zero), default=None)
        self.goal = "make exactly one weight 0, at the lowest error that this can have." if self.lowest else ""

    def mse(self, w1: ArrayLike, w2: ArrayLike) -> NDArray:
        """Return the mean squared error, for numbers or arrays of one shape."""
        w = np.stack([w1, w2], axis=-1)
        return np.mean(self.y**2) + np.einsum("...i,ij,...j", w, self.gram, w) - w @ self.slope

    def num_steps(self) -> int:
        """Return how many steps of descent leave LEFT of the way, in the direction of least curvature."""
        flat, steep = np.linalg.eigvalsh(self.gram)
        steep = max(steep, 1.0)  # the curvature of the bias, whose column is ones
        return int(np.ceil(np.log(LEFT) / np.log1p(-flat / steep))) if flat < steep else 1

    def compute(self, kind: str, lam: float) -> Values:
        """Look the weights up."""
        path, (l1, l2) = self.paths[kind], SHARES[kind]
        w = path[np.abs(np.log(self.lams / lam)).argmin()]
        mse, zeros = float(self.mse(*w)), int(np.sum(w == 0))
        return {
            "kind": kind, "lam": lam, "w": w.copy(), "mse": mse, "zeros": zeros,
            "penalty": float(lam * (l1 * np.abs(w).sum() + l2 * np.sum(w**2))), "w_best": self.w_best.copy(),
            "least_mse": self.least_mse, "lams": self.lams.copy(), "path": path.copy(),
            "zero_from": [self._zero_from(weight) for weight in path.T],
            "goal_met": zeros == 1 and bool(mse <= self.lowest + SLACK * (self.lowest - self.least_mse)),
        }  # fmt: skip

    def _zero_from(self, weight: NDArray) -> float | None:
        """Return the lowest λ from which on a weight, shape (k,), is exactly 0, or None."""
        last = np.flatnonzero(weight)  # where it is not
        first = last[-1] + 1 if len(last) else 0
        return float(self.lams[first]) if first < len(weight) else None

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        parts = []
        for name, w, best in zip(("w₁", "w₂"), values["w"], values["w_best"], strict=True):
            free, share = number(best), f"{percent(w / best)} of " if 0 < w * best <= best**2 else ""
            parts.append(f"{name} {f'= {number(w)}' if w else 'is exactly 0'} ({share}{free} by least squares)")
        above = "least squares: 0"
        if self.least_mse > 1e-9 * np.mean(self.y**2):
            above = f"{number(100 * (values['mse'] / self.least_mse - 1), 2)} % above the least"
        name = values["kind"].replace("both, ", "")
        text = f"{name[0].upper()}{name[1:]}, λ = {number(values['lam'])}: {parts[0]}, {parts[1]}. "
        text += f"MSE {number(values['mse'])}, {above}; the penalty costs {number(values['penalty'])}."
        if not SHARES[values["kind"]][0]:
            text += " Squares make no weight exactly 0."
        return f"{text} ✓ Goal met." if values["goal_met"] else text
