"""Checks of lesson 01: the mean squared error, its gradient by hand, and the numerical gradient."""

from collections.abc import Callable
from itertools import chain, combinations

import numpy as np

from helpers.check.engine import Exercise, Slip
from helpers.check.wrong import exchanged, then, times

_rng = np.random.RandomState(0)
_TINY = (np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 5.0]))  # the three points of the lesson, x and y
_MANY = (_rng.rand(7), _rng.rand(7) * 3)
_SIGNED = (np.array([-2.0, -0.5, 1.0, 3.0]), np.array([1.0, 2.0, -1.0, 0.5]))  # x on both sides of zero


def _loss(of_residuals: Callable, flat: bool = True) -> Callable:
    """Make a loss from a function of the residuals, which are flattened first or left as they come."""
    if flat:
        return lambda y, y_hat: of_residuals(np.ravel(y) - np.ravel(y_hat))
    return lambda y, y_hat: of_residuals(y - y_hat)


def _both(hint: str, of_residuals: Callable) -> list[Slip]:
    """Name a slip alike whether or not the arrays were flattened."""
    return [Slip(hint, _loss(of_residuals)), Slip(hint, _loss(of_residuals, flat=False))]


def _mean_square(r: np.ndarray) -> float:
    return np.mean(r**2)


_ONE_FLAT = "one array alone is flattened: the other may be the column (n, 1), and then the difference spreads to n x n"

mse = Exercise(
    "mse",
    _loss(_mean_square),
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
            _loss(_mean_square, flat=False),
        ),
        Slip(
            "right for flat arrays. Where one is a column (n, 1), the difference spreads to n x n, and the sum takes in all of "
            "them: flatten both first, with .ravel()",
            lambda y, y_hat: np.sum((y - y_hat) ** 2) / len(y),
        ),
        Slip(f"{_ONE_FLAT}. Flatten y too", lambda y, y_hat: np.mean((y - np.ravel(y_hat)) ** 2)),
        Slip(f"{_ONE_FLAT}. Flatten y_hat too", lambda y, y_hat: np.mean((np.ravel(y) - y_hat) ** 2)),
        Slip(
            "the difference is spread to n x n: one array is a column (n, 1), the other a row, (n,) or (1, n). Flatten both, with "
            ".ravel()",
            lambda y, y_hat: np.mean((np.ravel(y)[:, None] - np.ravel(y_hat)) ** 2),
        ),
        *_both("you summed where the loss averages: divide by n, or use np.mean", lambda r: np.sum(r**2)),
        *_both("this is the RMSE: the square root is one step too many", lambda r: np.sqrt(np.mean(r**2))),
        *_both("this is the MAE: absolute values where squares are asked", lambda r: np.mean(np.abs(r))),
        *_both(
            "half of it: the ½ belongs to another convention; here the loss is the plain mean of the squares",
            lambda r: np.mean(r**2) / 2,
        ),
        *_both("it is still one number for each sample: take their mean", lambda r: r**2),
        Slip(
            "r * 2 doubles the residuals, and those of opposite sign cancel: the square is r**2",
            _loss(lambda r: np.mean(r * 2)),
        ),
        Slip("the square is missing, so that errors of opposite sign cancel", _loss(np.mean)),
        Slip("the square is missing, so that errors of opposite sign cancel", _loss(lambda r: np.mean(-r))),
        Slip(
            "square first, then average: this is the square of the mean error, in which errors cancel",
            _loss(lambda r: np.mean(r) ** 2),
        ),
        Slip(
            "square first, then add up: this is the square of the summed errors, in which they cancel",
            _loss(lambda r: np.sum(r) ** 2 / len(r)),
        ),
        Slip(
            "divided by n - 1: that is the rule for a sample's variance; the loss divides by n",
            _loss(lambda r: np.sum(r**2) / (len(r) - 1)),
        ),
        Slip("divided by n twice: np.mean has done it already", _loss(lambda r: np.mean(r**2) / len(r))),
        Slip("this is the variance of the residuals: it forgives an error that all of them share", _loss(np.var)),
        *(
            Slip(f"the {which} sample alone counts: {cause}", _loss(lambda r, i=i, by=by: r[i] ** 2 / by(r)))
            for i, which, cause in [
                (0, "first", "a `return` inside the loop?"),
                (-1, "last", "a loop that overwrites, = for +=?"),
            ]
            for by in (len, lambda r: 1)
        ),
        Slip(
            "this is the difference of the mean squares: subtract first, then square",
            lambda y, y_hat: np.mean(y**2) - np.mean(y_hat**2),
        ),
    ],
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
        Slip("these are loss and slopes of the lesson's line w = 1; here w = 2", (2, -6, -8 / 3)),
        Slip(
            "either the loss is summed, or it is that of the lesson's line w = 1: both give 2. Here w = 2, and the mean divides by 3",
            (2, 10 / 3, 4 / 3),
        ),
        Slip("half of it: here the loss is the plain mean of the squares, without the ½", (1 / 3, 10 / 3, 4 / 3)),
        Slip(
            "half of everything: here the loss is the plain mean of the squares, without the ½", (1 / 3, 5 / 3, 2 / 3)
        ),
        Slip("square first, then average: this is the square of the mean residual", (4 / 9, 10 / 3, 4 / 3)),
        Slip("twice too large: the 2 of the square's derivative came in twice", (2 / 3, 20 / 3, 8 / 3)),
        Slip(
            "the two slopes are exchanged: dL/dw comes first, the one in which each residual meets its x",
            (2 / 3, 4 / 3, 10 / 3),
        ),
        Slip(
            "the square root is one step too many: the loss is the mean of the squares", (np.sqrt(2 / 3), 10 / 3, 4 / 3)
        ),
    ],
    hint="The predictions are 2, 4 and 6, the residuals y - y_hat are 0, -1 and -1. Go on from there",
)


def _residual(x: np.ndarray, y: np.ndarray, w: float, b: float) -> np.ndarray:
    return y - (w * x + b)


def _no_parentheses(x: np.ndarray, y: np.ndarray, w: float, b: float) -> np.ndarray:
    return y - w * x + b


def _no_intercept(x: np.ndarray, y: np.ndarray, w: float, b: float) -> np.ndarray:
    return y - w * x


def _squared(x: np.ndarray, y: np.ndarray, w: float, b: float) -> np.ndarray:
    return _residual(x, y, w, b) ** 2


def _gradient_of(residual: Callable, weight: Callable = lambda x, w: x) -> Callable:
    """Make dL/dw and dL/db of the squared error from another residual, or with another weight than x."""

    def gradient(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
        r = residual(x, y, w, b)
        return -2 * np.mean(weight(x, w) * r), -2 * np.mean(r)

    return gradient


def _rows(x: np.ndarray, *_) -> int:
    return len(x)


def _per_row(x: np.ndarray, *_) -> float:
    return 1 / len(x)


def _sample(i: int) -> Callable:
    return lambda x, y, w, b: _gradient(x[[i]], y[[i]], w, b)


_gradient = _gradient_of(_residual)
_LINES = [
    (*_TINY, 1.0, 0.0),
    (*_TINY, 2.0, -1.0),
    (*_MANY, 0.3, 0.2),
    (*_MANY, -1.0, 2.5),
    (*_SIGNED, 0.5, 0.7),
]
_PARENTHESES = "the parentheses are missing: y - w * x + b adds b. The residual is y - (w * x + b)"
_INTERCEPT = "the intercept b is missing in the prediction: y_hat = w * x + b"
_SIGN_OF_X = "x has lost its sign: it enters as it is, not as |x|"

mse_gradient = Exercise(
    "mse_gradient",
    _gradient,
    cases=_LINES,
    parts=("dL/dw", "dL/db"),
    slips=[
        Slip(
            "your gradient has the opposite sign, it points downhill: either the residual is turned round (y_hat - y), or the "
            "minus is missing",
            times(-1, _gradient),
        ),
        Slip("the factor 2 is missing: the derivative of r² is 2r", times(0.5, _gradient)),
        Slip(
            "two slips, the sign and the factor 2: the derivative of r² is 2r, and that of r = y - y_hat is -x",
            times(-0.5, _gradient),
        ),
        Slip("you summed where the loss averages: divide by n", times(_rows, _gradient)),
        Slip("you summed where the loss averages, and the sign is opposite", times(_rows, times(-1, _gradient))),
        Slip("you summed where the loss averages, and the factor 2 is missing", times(_rows, times(0.5, _gradient))),
        Slip(
            "you summed where the loss averages; sign and factor 2 are missing too",
            times(_rows, times(-0.5, _gradient)),
        ),
        Slip("the factor is 4: the 2 of the square came in twice", times(2, _gradient)),
        Slip("you divided by n twice: np.mean has done it already", times(_per_row, _gradient)),
        Slip("the two are exchanged: return dL/dw first, then dL/db", exchanged(_gradient)),
        Slip(_PARENTHESES, _gradient_of(_no_parentheses)),
        Slip(_INTERCEPT, _gradient_of(_no_intercept)),
        Slip(
            "w and b are exchanged in the prediction: y_hat = w * x + b",
            lambda x, y, w, b: _gradient(x, y, b, w),
        ),
        Slip("the residual is still squared: the derivative of r² is 2r", _gradient_of(_squared)),
        Slip("the residual is still squared: the derivative of r² is 2r", times(-1, _gradient_of(_squared))),
        Slip(
            "the residuals have lost their sign: r enters as it is, not as |r|", _gradient_of(then(_residual, np.abs))
        ),
        Slip(
            "x is missing in dL/dw: each residual is multiplied by its own x", _gradient_of(_residual, lambda x, w: 1)
        ),
        Slip(
            "this is the gradient with respect to x: the inner derivative is taken for w, and d(w x + b)/dw is x, not w",
            _gradient_of(_residual, lambda x, w: w),
        ),
        Slip(
            "this is the gradient with respect to x: the data stay as they are, the parameters move",
            then(_gradient_of(_residual, lambda x, w: w), lambda both: (both[0], both[0])),
        ),
        Slip(
            "x is squared: it enters once, from the derivative of w x + b", _gradient_of(_residual, lambda x, w: x**2)
        ),
        Slip(_SIGN_OF_X, _gradient_of(_residual, lambda x, w: np.abs(x))),
        Slip("the gradient of the first sample alone: average over all of them", _sample(0)),
        Slip("the gradient of the first sample alone: average over all of them", times(_per_row, _sample(0))),
        Slip("the gradient of the last sample alone (a loop that overwrites instead of adding?)", _sample(-1)),
        Slip(
            "the gradient of the last sample alone (a loop that overwrites instead of adding?)",
            times(_per_row, _sample(-1)),
        ),
        Slip(
            "the mean of x times the mean residual: multiply sample by sample, then average",
            _gradient_of(then(_residual, np.mean)),
        ),
        Slip(
            "the two components are added up: a gradient is a vector, one number for each parameter",
            then(_gradient, lambda both: (sum(both), sum(both))),
        ),
        Slip(
            "a column (n, 1) met a flat array (n,), and the residual spread to n x n: flatten first, with .ravel()",
            _gradient_of(lambda x, y, w, b: y[:, None] - (w * x + b)),
        ),
        Slip(
            "this is still one number for each sample: take the mean",
            lambda x, y, w, b: (-2 * x * _residual(x, y, w, b), -2 * _residual(x, y, w, b)),
        ),
        Slip(
            "this is still one number for each sample: they are divided by n, now add them up",
            lambda x, y, w, b: (-2 / len(x) * x * _residual(x, y, w, b), -2 / len(x) * _residual(x, y, w, b)),
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


def _one_shift(f, theta: np.ndarray, h: float) -> np.ndarray:
    shift, grad = np.zeros(len(theta)), np.zeros(len(theta))
    for i in range(len(theta)):
        shift[i] = h
        grad[i] = (f(theta + shift) - f(theta - shift)) / (2 * h)
    return grad


def _first_only(f, theta: np.ndarray, h: float) -> np.ndarray:
    return np.where(np.arange(len(theta)) == 0, _central(f, theta, h), 0.0)


def _late_division(f, theta: np.ndarray, h: float) -> np.ndarray:
    return np.array([f(theta + shift) - f(theta - shift) / (2 * h) for shift in h * np.eye(len(theta))])


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
            "the shift is made once, before the loop, and keeps what the last round put into it: make it anew",
            _one_shift,
        ),
        Slip("only the first coordinate is filled: a `return` inside the loop?", _first_only),
        Slip(
            "every coordinate has the slope of the first: shift coordinate i, not 0",
            lambda f, theta, h: np.full(len(theta), _central(f, theta, h)[0]),
        ),
        Slip(
            "`/ 2 * h` divides by 2 and then multiplies by h: write / (2 * h)",
            lambda f, theta, h: _central(f, theta, h, width=2 / h**2),
        ),
        Slip(
            "only the second value is divided: put the difference in parentheses, (f(...) - f(...)) / (2 * h)",
            _late_division,
        ),
        Slip(
            "divided by h²: a slope is a difference of heights over the distance, 2h",
            lambda f, theta, h: _central(f, theta, h, width=h),
        ),
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


def _table_gradient(X: np.ndarray, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    return 2 / len(y) * X.T @ (X @ theta - y)


_SUMMED_HALF = "2/n is missing: the mean divides by n, and the square's derivative brings a factor 2"

mended_gradient = Exercise(
    "mended_gradient",
    _table_gradient,
    cases=[
        *((np.column_stack([x, np.ones_like(x)]), y, np.array([w, b])) for x, y, w, b in _LINES),
        (_SIGNED[0][:, None], _SIGNED[1], np.array([0.4])),
        (_rng.randn(6, 3), _rng.rand(6), np.array([0.5, -1.0, 2.0])),
    ],
    slips=[
        Slip(
            "unchanged: it still climbs. Which way does the residual move when theta grows?",
            times(-0.5, _table_gradient),
        ),
        Slip(
            "the sign is mended. The factor 2 of the square's derivative is still missing: half the gradient, half the step",
            times(0.5, _table_gradient),
        ),
        Slip("the factor is mended, the sign is not: it still climbs, twice as fast", times(-1, _table_gradient)),
        Slip("sign and factor are right; now it is summed where the loss averages", times(_rows, _table_gradient)),
        Slip(f"the sign is mended; the factor {_SUMMED_HALF}", times(_rows, times(0.5, _table_gradient))),
        Slip(f"it still climbs, and the factor {_SUMMED_HALF}", times(_rows, times(-0.5, _table_gradient))),
        Slip(
            "X.size counts every number of the table; n is the number of its rows, len(y)",
            lambda X, y, theta: 2 / X.size * X.T @ (X @ theta - y),
        ),
        Slip(
            "len(theta) counts the parameters; n is the number of samples, len(y)",
            lambda X, y, theta: 2 / len(theta) * X.T @ (X @ theta - y),
        ),
        *(
            Slip(
                "the residual is still squared: the derivative of r² is 2r",
                lambda X, y, theta, by=by: by / len(y) * X.T @ (X @ theta - y) ** 2,
            )
            for by in (2, -2, 1, -1)
        ),
        Slip(_SIGN_OF_X, lambda X, y, theta: 2 / len(y) * np.abs(X).T @ (X @ theta - y)),
    ],
    hint="The loss is mean(r²) with r = X @ theta - y: each column of X, times r, times 2/n",
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


def _stepping(gradient: Callable, own: Callable = lambda w, b: (w, b)) -> Callable:
    """Make a step from a gradient; `own` says from where each of the two starts."""

    def step(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
        dw, db = gradient(x, y, w, b)
        from_w, from_b = own(w, b)
        return from_w - eta * dw, from_b - eta * db

    return step


_one_step = _stepping(_gradient)


def _nowhere(w: float, b: float) -> tuple[float, float]:
    return 0.0, 0.0


def _one_after_the_other(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
    w = w - eta * _gradient(x, y, w, b)[0]
    return w, b - eta * _gradient(x, y, w, b)[1]


def _b_first(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
    b = b - eta * _gradient(x, y, w, b)[1]
    return w - eta * _gradient(x, y, w, b)[0], b


def _sample_by_sample(x: np.ndarray, y: np.ndarray, w: float, b: float, eta: float) -> tuple[float, float]:
    for i in range(len(x)):
        w, b = _one_step(x[[i]], y[[i]], w, b, eta)
    return w, b


one_step = Exercise(
    "one_step",
    _one_step,
    cases=[(*line, eta) for line, eta in zip(_LINES, (0.1, 0.05, 0.5, 0.2, 0.3), strict=True)],
    parts=("w", "b"),
    slips=[
        Slip(
            "b is updated with the new w. Both slopes belong to the old point: compute both, then move both",
            _one_after_the_other,
        ),
        Slip(
            "w is updated with the new b. Both slopes belong to the old point: compute both, then move both", _b_first
        ),
        Slip("this goes uphill: subtract eta times the gradient", _stepping(times(-1, _gradient))),
        Slip(
            "this is the gradient times eta, the step alone: subtract it from w and b",
            times(-1, _stepping(_gradient, _nowhere)),
        ),
        Slip("this is minus eta times the gradient, the step alone: add it to w and b", _stepping(_gradient, _nowhere)),
        Slip("eta is missing: a whole gradient is a leap", lambda x, y, w, b, eta: _one_step(x, y, w, b, 1.0)),
        Slip("half a step: the factor 2 of the gradient is missing", _stepping(times(0.5, _gradient))),
        Slip("n times the step: you summed where the loss averages", _stepping(times(_rows, _gradient))),
        Slip("nothing has moved: return the new w and b", lambda x, y, w, b, eta: (w, b)),
        Slip("this is the gradient; subtract eta times it from w and b", lambda x, y, w, b, eta: _gradient(x, y, w, b)),
        Slip("w and b are exchanged: return the new w first, then the new b", exchanged(_one_step)),
        Slip("the slopes are exchanged: dL/dw, the one with x in it, moves w", _stepping(exchanged(_gradient))),
        Slip(
            "w and b both move by dL/dw: b has a slope of its own", _stepping(then(_gradient, lambda g: (g[0], g[0])))
        ),
        Slip(
            "x is missing in dL/dw: each residual is multiplied by its own x",
            _stepping(_gradient_of(_residual, lambda x, w: 1)),
        ),
        Slip(_SIGN_OF_X, _stepping(_gradient_of(_residual, lambda x, w: np.abs(x)))),
        Slip(_PARENTHESES, _stepping(_gradient_of(_no_parentheses))),
        Slip(_INTERCEPT, _stepping(_gradient_of(_no_intercept))),
        Slip("a step after each sample: add all of them up first, then move once", _sample_by_sample),
    ],
    hint="The new w is w - eta * dw, with dw = -2 * mean(x * r) and r = y - (w * x + b); b alike, with db = -2 * mean(r)",
)


def _mae_of(slope: Callable, residual: Callable = _residual) -> Callable:
    """Make dL/dw and dL/db of the absolute error from another slope of |r|, or from another residual."""

    def gradient(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
        s = slope(residual(x, y, w, b))
        return -np.mean(x * s), -np.mean(s)

    return gradient


_mae_gradient = _mae_of(np.sign)


def _sign_of_product(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
    return -np.mean(np.sign(x * _residual(x, y, w, b))), _mae_gradient(x, y, w, b)[1]


mae_gradient = Exercise(
    "mae_gradient",
    _mae_gradient,
    cases=[
        (*_TINY, 1.0, 0.5),
        (*_TINY, 2.0, -0.5),
        (*_MANY, 0.3, 0.2),
        (*_MANY, -1.0, 2.5),
        (*_SIGNED, 0.5, 0.7),
        (*_SIGNED, -1.0, -2.0),
    ],
    parts=("dL/dw", "dL/db"),
    slips=[
        Slip("the opposite sign: the residual y - y_hat falls when w grows", times(-1, _mae_gradient)),
        Slip("this is the gradient of the squared error: the derivative of |r| is the sign of r, not 2r", _gradient),
        Slip("the derivative of |r| is the sign of r; here r itself stands in its place", _mae_of(lambda r: r)),
        Slip("the derivative of |r| is the sign of r, not |r|", _mae_of(np.abs)),
        Slip("the sign of |r| is always +1: take the sign of r itself", _mae_of(lambda r: np.sign(np.abs(r)))),
        Slip("below zero the slope is -1, not 0", _mae_of(lambda r: np.where(r > 0, 1.0, 0.0))),
        Slip("you summed where the loss averages", times(_rows, _mae_gradient)),
        Slip("there is no factor 2: nothing is squared here", times(2, _mae_gradient)),
        Slip("x is missing in dL/dw", then(_mae_gradient, lambda both: (both[1], both[1]))),
        Slip("the sign is taken of x times r: it belongs to r alone, and x keeps its size", _sign_of_product),
        Slip(_SIGN_OF_X, lambda x, y, w, b: _mae_gradient(np.abs(x), y - w * x + w * np.abs(x), w, b)),
        Slip(
            "the mean of x times the mean sign: multiply sample by sample, then average",
            _mae_of(lambda r: np.mean(np.sign(r))),
        ),
        Slip(
            "the sign of the mean: take the sign of each residual, then average",
            then(_gradient, lambda g: (np.sign(g[0]), np.sign(g[1]))),
        ),
        Slip("the two are exchanged: return dL/dw first, then dL/db", exchanged(_mae_gradient)),
        Slip(_PARENTHESES, _mae_of(np.sign, _no_parentheses)),
        Slip(_INTERCEPT, _mae_of(np.sign, _no_intercept)),
        Slip(
            "this is still one number for each sample: take the mean",
            lambda x, y, w, b: (-x * np.sign(_residual(x, y, w, b)), -np.sign(_residual(x, y, w, b))),
        ),
    ],
    hint="What is the slope of |r| to the right of zero, and what is it to the left?",
    praise="It has the same size however large the error: an outlier pulls no harder than its neighbor",
)
