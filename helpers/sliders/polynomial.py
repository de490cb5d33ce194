"""A polynomial of a chosen degree with a chosen L2 penalty: the fit, and both errors over degree and λ (lesson 13)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.penalties import powers, ridge
from helpers.sliders.choices import stops
from helpers.sliders.controls import slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import whole
from helpers.sliders.parts import number
from helpers.sliders.picture import Values
from helpers.sliders.polynomial_given import checked_points
from helpers.sliders.polynomial_picture import HEIGHT, PolynomialPicture

TITLE = "Fit a polynomial, with a penalty"
LAMS = [0.0, *(float(f"{digit}e{power}") for power in range(-7, 1) for digit in (1, 3)), 10.0]
NEAR = 0.1  # the goal: a validation error so near the lowest, in parts of it
CLOSE = 1.5  # times the lowest: up to here no fit is called bad
MOST_DEGREE = 20
CODE = """\
import numpy as np
from helpers.penalties import powers, ridge

# x, y, x_val, y_val: what you gave to polynomial
degree, lam = {{degree}}, {{lam}}
lams = {lams}


def fit(degree, lam):
    theta = ridge(powers(x, degree), y, lam)  # the bias is last
    error, error_val = powers(x, degree) @ theta - y, powers(x_val, degree) @ theta - y_val
    return theta, np.mean(error**2), np.mean(error_val**2)


theta, train_error, val_error = fit(degree, lam)
size = np.abs(theta[:-1]).max(initial=0)  # of the weights, without the bias
fits = [[fit(d, l) for l in lams] for d in range({max_degree} + 1)]
train_errors = np.array([[one[1] for one in row] for row in fits])
val_errors = np.array([[one[2] for one in row] for row in fits])
row, column = np.unravel_index(val_errors.argmin(), val_errors.shape)
best = int(row), lams[column]
"""


def polynomial(
    x: ArrayLike,
    y: ArrayLike,
    x_val: ArrayLike,
    y_val: ArrayLike,
    *,
    max_degree: int = 12,
    degree: int | None = None,
    lam: float = 0.0,
) -> Explorer:
    """Explore what the degree of a polynomial and an L2 penalty on its weights do to training and validation error.

    x and y, shape (m,), are fitted by `penalties.ridge`, x_val and y_val, shape (n,), only looked at; x from -10 to 10.
    λ is 0, or 1 or 3 times a power of ten from 10^-7 to 10. It starts at the highest degree. The values: `degree`,
    `lam`, `theta` (shape (degree + 1,), the bias last), `size` (the largest |weight|, the bias not counted),
    `train_error` and `val_error` (mean squared errors, without the penalty), `train_errors` and `val_errors` for all
    degrees (rows) and all `lams` (columns), `best` (degree and λ of the lowest validation error of all), `verdict`
    ("underfits", "overfits", "fair" or "good") and `goal_met`.
    """
    try:
        fits = Fits(x, y, x_val, y_val, whole(max_degree, "max_degree", MOST_DEGREE))
        tip, other = "The highest power of x", "What the sum of the squared weights costs"
        start, words = fits.max_degree if degree is None else degree, [lam_text(lam) for lam in LAMS]
        controls = {
            "degree": slider(start, 0, fits.max_degree, "degree", step=1, tip=tip, only="whole numbers"),
            "lam": stops(lam, LAMS, "penalty λ", words=words, tip=other),
        }
        code = CODE.format(lams=LAMS, max_degree=fits.max_degree)
    except Exception as error:
        return refused(TITLE, error)
    goal = f"bring the validation error within {100 * NEAR:g} % of the lowest of all these {fits.val_errors.size} fits."
    paint = PolynomialPicture(fits).paint
    return Explorer(TITLE, controls, fits.compute, paint, goal=goal, code=code, size=(9.0, HEIGHT))


class Fits:
    """Training and validation points, and the ridge fits of all degrees and all λ."""

    def __init__(self, x: ArrayLike, y: ArrayLike, x_val: ArrayLike, y_val: ArrayLike, max_degree: int) -> None:
        self.x, self.y = checked_points(x, y, "x", "y")
        self.x_val, self.y_val = checked_points(x_val, y_val, "x_val", "y_val")
        self.max_degree, self.lams = max_degree, np.array(LAMS)
        self.thetas = [[ridge(powers(self.x, degree), self.y, lam) for lam in LAMS] for degree in self.degrees]
        self.train_errors = self._errors(self.x, self.y)
        self.val_errors = self._errors(self.x_val, self.y_val)
        self.best_place = np.unravel_index(self.val_errors.argmin(), self.val_errors.shape)

    @property
    def degrees(self) -> range:
        """All degrees, from 0."""
        return range(self.max_degree + 1)

    def _errors(self, x: NDArray, y: NDArray) -> NDArray:
        """Return the mean squared error of each fit, shape (degrees, lams)."""
        designs = (powers(x, degree) for degree in self.degrees)
        return np.array([np.mean((np.array(row) @ X.T - y) ** 2, axis=1)
                         for X, row in zip(designs, self.thetas, strict=True)])  # fmt: skip

    def compute(self, degree: float, lam: float) -> Values:
        """Look one fit up."""
        degree, column = int(degree), LAMS.index(lam)
        theta, (row, best_column) = self.thetas[degree][column], self.best_place
        train, val = float(self.train_errors[degree, column]), float(self.val_errors[degree, column])
        verdict = self.judge(train, val)
        return {
            "degree": degree, "lam": lam, "theta": theta.copy(), "size": float(np.abs(theta[:-1]).max(initial=0)),
            "train_error": train, "val_error": val, "train_errors": self.train_errors.copy(),
            "val_errors": self.val_errors.copy(), "lams": self.lams.copy(), "best": (int(row), LAMS[best_column]),
            "verdict": verdict, "goal_met": verdict == "good",
        }  # fmt: skip

    def judge(self, train: float, val: float) -> str:
        """Return what is wrong with a fit, if anything, compared with the one of the lowest validation error."""
        best_train, best_val = self.train_errors[self.best_place], self.val_errors[self.best_place]
        if val <= CLOSE * best_val:
            return "good" if val <= (1 + NEAR) * best_val else "fair"
        wide = val * best_train > 2 * train * best_val  # the gap is more than twice the best fit's
        return "overfits" if train < best_train or wide else "underfits"

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        degree, lam, verdict = values["degree"], values["lam"], values["verdict"]
        errors = values["train_error"], values["val_error"]
        weight = f"largest weight {number(values['size'])}" if degree else "no weights, only a bias"
        train, val = (number(error) for error in errors)
        text = f"Degree {degree}, λ = {lam_text(lam)}: {weight}; training error {train}, validation error {val}."
        if verdict in ("overfits", "underfits"):
            less, more = (
                _times(error, table[self.best_place])
                for error, table in zip(errors, (self.train_errors, self.val_errors), strict=True)
            )
            text += f" It {verdict}: the training error is {less} that of the best of all these fits, "
            text += f"the validation error {more}."
        by_degree, by_lam = self.val_errors[:, LAMS.index(lam)], self.val_errors[degree]
        text += f" Lowest validation error at this λ: {number(by_degree.min())}, degree {by_degree.argmin()}"
        if degree:
            text += f"; at this degree: {number(by_lam.min())}, λ = {lam_text(LAMS[by_lam.argmin()])}"
        end = "✓ Goal met: within 10 % of the best of all these fits." if values["goal_met"] else ""
        return f"{text}. {end}".rstrip()


def lam_text(lam: float) -> str:
    """Return λ as the reader sees it.

    >>> lam_text(1e-7), lam_text(0.003), lam_text(0.0)
    ('1e-7', '0.003', '0')
    """
    return f"{lam:g}".replace("e-0", "e-")


def _times(error: float, other: float) -> str:
    """Return how many times as high an error is as another one.

    >>> _times(0.03, 0.02), _times(5.0, 1e-9), _times(1.0, 0.0)
    ('1.5 times', 'over a million times', 'over a million times')
    """
    return f"{number(error / other, 2)} times" if error < 1e6 * other else "over a million times"
