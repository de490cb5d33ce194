"""Checks of lesson 01: the mean squared error, its gradient by hand, and the numerical gradient."""

from itertools import chain, combinations

import numpy as np

from helpers.check.engine import Exercise, Slip

_rng = np.random.RandomState(0)
_TINY = (np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 5.0]))  # the three points of the lesson, x and y
_MANY = (_rng.rand(7), _rng.rand(7) * 3)


def _flat(a: np.ndarray) -> np.ndarray:
    return np.ravel(a)


mse = Exercise(
    "mse",
    lambda y, y_hat: np.mean((_flat(y) - _flat(y_hat)) ** 2),
    cases=[
        (np.array([2.0, 3.0, 5.0]), np.array([1.0, 2.0, 3.0])),
        (np.array([1.0, -1.0, 4.0, 0.5]), np.array([2.0, 0.0, -1.0, 0.0])),
        _MANY,
        (np.array([[2.0], [3.0], [5.0]]), np.array([1.0, 2.0, 3.0])),
        (_MANY[0], _MANY[1][:, None]),
    ],
    slips=[
        Slip(
            "right for flat arrays. Where y is a column (n, 1) and y_hat is flat (n,), the difference spreads to n x n: flatten "
            "both first, with .ravel()",
            lambda y, y_hat: np.mean((y - y_hat) ** 2),
        ),
        Slip(
            "the difference is spread to n x n: one array is a column (n, 1), the other is flat (n,). Flatten both, with .ravel()",
            lambda y, y_hat: np.mean((_flat(y)[:, None] - _flat(y_hat)) ** 2),
        ),
        Slip(
            "you summed where the loss averages: divide by n, or use np.mean",
            lambda y, y_hat: np.sum((_flat(y) - _flat(y_hat)) ** 2),
        ),
        Slip(
            "you summed where the loss averages (and a column against a flat array spreads to n x n)",
            lambda y, y_hat: np.sum((y - y_hat) ** 2),
        ),
        Slip(
            "this is the RMSE: the square root is one step too many",
            lambda y, y_hat: np.sqrt(np.mean((_flat(y) - _flat(y_hat)) ** 2)),
        ),
        Slip(
            "this is the RMSE: the square root is one step too many (and a column against a flat array spreads to n x n)",
            lambda y, y_hat: np.sqrt(np.mean((y - y_hat) ** 2)),
        ),
        Slip(
            "this is the MAE: absolute values where squares are asked",
            lambda y, y_hat: np.mean(np.abs(_flat(y) - _flat(y_hat))),
        ),
        Slip("this is the MAE: absolute values where squares are asked", lambda y, y_hat: np.mean(np.abs(y - y_hat))),
        Slip(
            "half of it: the ½ belongs to another convention; here the loss is the plain mean of the squares",
            lambda y, y_hat: np.mean((_flat(y) - _flat(y_hat)) ** 2) / 2,
        ),
        Slip(
            "half of it: the ½ belongs to another convention; here the loss is the plain mean of the squares",
            lambda y, y_hat: np.mean((y - y_hat) ** 2) / 2,
        ),
        Slip(
            "the square is missing, so that errors of opposite sign cancel",
            lambda y, y_hat: np.mean(_flat(y) - _flat(y_hat)),
        ),
        Slip(
            "the square is missing, so that errors of opposite sign cancel",
            lambda y, y_hat: np.mean(_flat(y_hat) - _flat(y)),
        ),
        Slip(
            "square first, then average: this is the square of the mean error, in which errors cancel",
            lambda y, y_hat: np.mean(_flat(y) - _flat(y_hat)) ** 2,
        ),
        Slip(
            "it is still one number for each sample: take their mean", lambda y, y_hat: (_flat(y) - _flat(y_hat)) ** 2
        ),
        Slip("it is still one number for each sample: take their mean", lambda y, y_hat: (y - y_hat) ** 2),
        Slip(
            "divided by n - 1: that is the rule for a sample's variance; the loss divides by n",
            lambda y, y_hat: np.sum((_flat(y) - _flat(y_hat)) ** 2) / (np.size(y) - 1),
        ),
        Slip(
            "this is the difference of the mean squares: subtract first, then square",
            lambda y, y_hat: np.mean(_flat(y) ** 2) - np.mean(_flat(y_hat) ** 2),
        ),
    ],
)


def _residual(x: np.ndarray, y: np.ndarray, w: float, b: float) -> np.ndarray:
    return y - (w * x + b)


def _gradient(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
    r = _residual(x, y, w, b)
    return -2 * np.mean(x * r), -2 * np.mean(r)


_LINES = [(*_TINY, 1.0, 0.0), (*_TINY, 2.0, -1.0), (*_MANY, 0.3, 0.2), (*_MANY, -1.0, 2.5)]


def _scaled(factor: float):
    return lambda x, y, w, b: tuple(factor * g for g in _gradient(x, y, w, b))


def _summed(factor: float):
    return lambda x, y, w, b: tuple(factor * len(x) * g for g in _gradient(x, y, w, b))


def _spread(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
    r = y[:, None] - (w * x + b)
    return -2 * np.mean(x * r), -2 * np.mean(r)


def _sample(i: int):
    return lambda x, y, w, b: _gradient(x[[i]], y[[i]], w, b)


mse_gradient = Exercise(
    "mse_gradient",
    _gradient,
    cases=_LINES,
    parts=("dL/dw", "dL/db"),
    slips=[
        Slip(
            "your gradient has the opposite sign: it points downhill. The derivative of the residual y - y_hat is -x for w, -1 "
            "for b",
            _scaled(-1),
        ),
        Slip("the factor 2 is missing: the derivative of r² is 2r", _scaled(0.5)),
        Slip(
            "two slips, the sign and the factor 2: the derivative of r² is 2r, and that of r = y - y_hat is -x",
            _scaled(-0.5),
        ),
        Slip("you summed where the loss averages: divide by n", _summed(1)),
        Slip("you summed where the loss averages, and the sign is opposite", _summed(-1)),
        Slip("you summed where the loss averages, and the factor 2 is missing", _summed(0.5)),
        Slip("you summed where the loss averages; sign and factor 2 are missing too", _summed(-0.5)),
        Slip("the factor is 4: the 2 of the square came in twice", _scaled(2)),
        Slip(
            "you divided by n twice: np.mean has done it already",
            lambda x, y, w, b: tuple(g / len(x) for g in _gradient(x, y, w, b)),
        ),
        Slip("the two are exchanged: return dL/dw first, then dL/db", lambda x, y, w, b: _gradient(x, y, w, b)[::-1]),
        Slip(
            "x is missing in dL/dw: each residual is multiplied by its own x",
            lambda x, y, w, b: (_gradient(x, y, w, b)[1],) * 2,
        ),
        Slip(
            "this is the gradient with respect to x: the inner derivative is taken for w, and d(w x + b)/dw is x, not w",
            lambda x, y, w, b: (-2 * w * np.mean(_residual(x, y, w, b)), _gradient(x, y, w, b)[1]),
        ),
        Slip(
            "this is the gradient with respect to x: the data stay as they are, the parameters move",
            lambda x, y, w, b: (-2 * w * np.mean(_residual(x, y, w, b)),) * 2,
        ),
        Slip("the gradient of the first sample alone: average over all of them", _sample(0)),
        Slip("the gradient of the last sample alone (a loop that overwrites instead of adding?)", _sample(-1)),
        Slip(
            "the mean of x times the mean residual: multiply sample by sample, then average",
            lambda x, y, w, b: (np.mean(x) * _gradient(x, y, w, b)[1], _gradient(x, y, w, b)[1]),
        ),
        Slip(
            "the two components are added up: a gradient is a vector, one number for each parameter",
            lambda x, y, w, b: (sum(_gradient(x, y, w, b)),) * 2,
        ),
        Slip(
            "the intercept b is missing in the prediction: y_hat = w * x + b",
            lambda x, y, w, b: _gradient(x, y, w, 0.0),
        ),
        Slip(
            "a column (n, 1) met a flat array (n,), and the residual spread to n x n: flatten first, with .ravel()",
            _spread,
        ),
        Slip(
            "x is squared: it enters once, from the derivative of w x + b",
            lambda x, y, w, b: (-2 * np.mean(x**2 * _residual(x, y, w, b)), _gradient(x, y, w, b)[1]),
        ),
        Slip(
            "this is still one number for each sample: take the mean",
            lambda x, y, w, b: (-2 * x * _residual(x, y, w, b), -2 * _residual(x, y, w, b)),
        ),
    ],
    hint="Compare with -2 * mean(x * r) and -2 * mean(r), where r = y - (w * x + b)",
)


def _cube_sum(theta: np.ndarray) -> float:
    """f(theta) = sum of theta³"""
    return float(np.sum(np.asarray(theta) ** 3))


def _product(theta: np.ndarray) -> float:
    """f(theta) = theta[0] * theta[1]² + theta[0]⁴"""
    return float(theta[0] * theta[1] ** 2 + theta[0] ** 4)


def _exponential(theta: np.ndarray) -> float:
    """f(theta) = sum of exp(theta)"""
    return float(np.sum(np.exp(theta)))


def _central(f, theta: np.ndarray, h: float, up: float = 1.0, down: float = 1.0, width: float = 2.0) -> np.ndarray:
    """Difference quotient (f(theta + up h e) - f(theta - down h e)) / (width h) for each coordinate."""
    shifts = h * np.eye(len(theta))
    return np.array([f(theta + up * s) - f(theta - down * s) for s in shifts]) / (width * h)


def _all_at_once(f, theta: np.ndarray, h: float) -> np.ndarray:
    return np.full(len(theta), (f(theta + h) - f(theta - h)) / (2 * h))


def _never_put_back(f, theta: np.ndarray, h: float) -> np.ndarray:
    theta, grad = theta.copy(), np.zeros(len(theta))
    for i in range(len(theta)):
        theta[i] += h
        above = f(theta)
        theta[i] -= 2 * h
        grad[i] = (above - f(theta)) / (2 * h)
    return grad


numerical_gradient = Exercise(
    "numerical_gradient",
    _central,
    cases=[
        (_cube_sum, np.array([1.0, 2.0]), 0.1),
        (_product, np.array([1.0, -2.0]), 0.05),
        (_exponential, np.array([0.0, 1.0, -1.0]), 0.2),
        (_cube_sum, np.array([0.5]), 0.01),
    ],
    slips=[
        Slip(
            "this is the one-sided difference, forward. The central one takes f at theta + h and at theta - h, and divides by 2h",
            lambda f, theta, h: _central(f, theta, h, down=0.0, width=1.0),
        ),
        Slip(
            "this is the one-sided difference, backward. The central one takes f at theta + h and at theta - h, and divides by 2h",
            lambda f, theta, h: _central(f, theta, h, up=0.0, width=1.0),
        ),
        Slip("divided by h: the two points lie 2h apart", lambda f, theta, h: _central(f, theta, h, width=1.0)),
        Slip(
            "not divided: a slope is a difference of heights over the distance, 2h",
            lambda f, theta, h: _central(f, theta, h, width=1 / h),
        ),
        Slip("the opposite sign: f(theta + h) comes first", lambda f, theta, h: _central(f, theta, h, width=-2.0)),
        Slip(
            "the one-sided difference, divided by 2h: take f at theta - h too",
            lambda f, theta, h: _central(f, theta, h, down=0.0),
        ),
        Slip("all coordinates are shifted at once: shift one at a time, and keep the others", _all_at_once),
        Slip("a coordinate is not put back before the next one is shifted", _never_put_back),
        Slip(
            "the shift is h/2 on each side, the division is by 2h: use the same h in both",
            lambda f, theta, h: _central(f, theta, h, 0.5, 0.5),
        ),
        Slip(
            "the size of the gradient: keep one number for each coordinate",
            lambda f, theta, h: np.linalg.norm(_central(f, theta, h)),
        ),
        Slip(
            "h is overwritten, or ignored: use the h that is handed over", lambda f, theta, h: _central(f, theta, 1e-5)
        ),
    ],
    also_right=[lambda f, theta, h: _central(f, theta, h, 0.5, 0.5, 1.0)],
    praise="It works for any function, which is why it can referee every formula to come",
)


mended_gradient = Exercise(
    "mended_gradient",
    lambda X, y, theta: 2 / len(y) * X.T @ (X @ theta - y),
    cases=[(np.column_stack([x, np.ones_like(x)]), y, np.array([w, b])) for x, y, w, b in _LINES],
    slips=[
        Slip(
            "unchanged: it still climbs. Which way does the residual move when theta grows?",
            lambda X, y, theta: X.T @ (y - X @ theta) / len(y),
        ),
        Slip(
            "the sign is mended. The factor 2 of the square's derivative is still missing: half the gradient, half the step",
            lambda X, y, theta: X.T @ (X @ theta - y) / len(y),
        ),
        Slip(
            "the factor is mended, the sign is not: it still climbs, twice as fast",
            lambda X, y, theta: 2 / len(y) * X.T @ (y - X @ theta),
        ),
        Slip(
            "sign and factor are right; now it is summed where the loss averages",
            lambda X, y, theta: 2 * X.T @ (X @ theta - y),
        ),
    ],
)


def _line_hint(lines: tuple[int, ...]) -> str:
    missing = len({2, 3, 5} - set(lines))
    says = {1: "line 1 only states the loss and the model", 4: "line 4 only puts in the derivative of w x + b for w"}
    if innocent := [says[line] for line in lines if line in says]:
        return "; ".join(innocent) + ". Follow the factors from line to line"
    one = len(lines) == 1
    return f"{'that line is' if one else 'those lines are'} wrong indeed, and {missing} more {'is' if missing == 1 else 'are'}"


wrong_lines = Exercise(
    "wrong_lines",
    (2, 3, 5),
    prepare=lambda lines: tuple(sorted(set(lines))),  # any order, any collection
    slips=[
        Slip(_line_hint(lines), lines)
        for lines in chain.from_iterable(combinations(range(1, 6), k) for k in range(1, 6))
        if lines != (2, 3, 5)
    ],
    hint="Write the numbers of the lines that bring in a mistake of their own, for example (1, 4)",
    praise="Line 2 loses the ½, line 3 the minus, and line 5 lets in a σ that this model does not have",
)


three_points = Exercise(
    "three_points",
    (2 / 3, 10 / 3, 4 / 3),
    parts=("loss", "dL/dw", "dL/db"),
    rtol=6e-3,
    slips=[
        Slip(
            "the opposite sign. The residual y - y_hat falls when w grows: its derivative is -x",
            (2 / 3, -10 / 3, -4 / 3),
        ),
        Slip("the factor 2 of the square's derivative is missing", (2 / 3, 5 / 3, 2 / 3)),
        Slip("sign and factor 2: the derivative of (y - y_hat)² is 2 (y - y_hat) times -x", (2 / 3, -5 / 3, -2 / 3)),
        Slip("you summed where the loss averages: divide by 3", (2, 10, 4)),
        Slip("you summed where the loss averages, and the sign is lost", (2, -10, -4)),
        Slip("each residual must be multiplied by its own x before the sum", (2 / 3, 4 / 3, 4 / 3)),
        Slip("the mean of x times the mean residual is not the mean of their products", (2 / 3, 8 / 3, 4 / 3)),
        Slip("this is the loss of the lesson's line w = 1; here w = 2", (2, -6, -8 / 3)),
    ],
    hint="The predictions are 2, 4 and 6, the residuals y - y_hat are 0, -1 and -1. Go on from there",
)


def _one_step(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
    dw, db = _gradient(x, y, w, b)
    return w - eta * dw, b - eta * db


def _one_after_the_other(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
    w = w - eta * _gradient(x, y, w, b)[0]
    return w, b - eta * _gradient(x, y, w, b)[1]


def _b_first(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
    b = b - eta * _gradient(x, y, w, b)[1]
    return w - eta * _gradient(x, y, w, b)[0], b


one_step = Exercise(
    "one_step",
    _one_step,
    cases=[(*line, eta) for line, eta in zip(_LINES, (0.1, 0.05, 0.5, 0.2), strict=True)],
    parts=("w", "b"),
    slips=[
        Slip(
            "b is updated with the new w. Both slopes belong to the old point: compute both, then move both",
            _one_after_the_other,
        ),
        Slip(
            "w is updated with the new b. Both slopes belong to the old point: compute both, then move both", _b_first
        ),
        Slip("this goes uphill: subtract eta times the gradient", lambda x, y, w, b, eta: _one_step(x, y, w, b, -eta)),
        Slip(
            "this is the gradient times eta, the step alone: subtract it from w and b",
            lambda x, y, w, b, eta: tuple(eta * g for g in _gradient(x, y, w, b)),
        ),
        Slip(
            "this is minus eta times the gradient, the step alone: add it to w and b",
            lambda x, y, w, b, eta: tuple(-eta * g for g in _gradient(x, y, w, b)),
        ),
        Slip("eta is missing: a whole gradient is a leap", lambda x, y, w, b, eta: _one_step(x, y, w, b, 1.0)),
        Slip(
            "half a step: the factor 2 of the gradient is missing",
            lambda x, y, w, b, eta: _one_step(x, y, w, b, eta / 2),
        ),
        Slip(
            "n times the step: you summed where the loss averages",
            lambda x, y, w, b, eta: _one_step(x, y, w, b, eta * len(x)),
        ),
        Slip("nothing has moved: return the new w and b", lambda x, y, w, b, eta: (w, b)),
        Slip("this is the gradient; subtract eta times it from w and b", lambda x, y, w, b, eta: _gradient(x, y, w, b)),
    ],
)


def _mae_gradient(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
    sign = np.sign(_residual(x, y, w, b))
    return -np.mean(x * sign), -np.mean(sign)


mae_gradient = Exercise(
    "mae_gradient",
    _mae_gradient,
    cases=[(*_TINY, 1.0, 0.5), (*_TINY, 2.0, -0.5), (*_MANY, 0.3, 0.2), (*_MANY, -1.0, 2.5)],
    parts=("dL/dw", "dL/db"),
    slips=[
        Slip(
            "the opposite sign: the residual y - y_hat falls when w grows",
            lambda x, y, w, b: tuple(-g for g in _mae_gradient(x, y, w, b)),
        ),
        Slip("this is the gradient of the squared error: the derivative of |r| is the sign of r, not 2r", _gradient),
        Slip("the derivative of |r| is the sign of r; here r itself stands in its place", _scaled(0.5)),
        Slip(
            "the derivative of |r| is the sign of r, not |r|",
            lambda x, y, w, b: (-np.mean(x * np.abs(_residual(x, y, w, b))), -np.mean(np.abs(_residual(x, y, w, b)))),
        ),
        Slip(
            "you summed where the loss averages",
            lambda x, y, w, b: tuple(len(x) * g for g in _mae_gradient(x, y, w, b)),
        ),
        Slip(
            "there is no factor 2: nothing is squared here",
            lambda x, y, w, b: tuple(2 * g for g in _mae_gradient(x, y, w, b)),
        ),
        Slip("x is missing in dL/dw", lambda x, y, w, b: (_mae_gradient(x, y, w, b)[1],) * 2),
    ],
    hint="What is the slope of |r| to the right of zero, and what is it to the left?",
    praise="It has the same size however large the error: an outlier pulls no harder than its neighbor",
)
