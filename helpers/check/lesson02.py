"""Checks of lesson 02: the loop, its learning rate, and feature scaling."""

from collections.abc import Callable

import numpy as np

from helpers.check.engine import Exercise, Slip
from helpers.check.wrong import exchanged, then, times

_rng = np.random.RandomState(1)


def _bowl(theta: np.ndarray) -> np.ndarray:
    """gradient(theta) = [2 theta[0], 8 theta[1]]"""
    return np.array([2.0, 8.0]) * theta


def _valley(theta: np.ndarray) -> np.ndarray:
    """gradient(theta) = [theta[0] + theta[1] - 1, theta[0] + 3 theta[1]]"""
    return np.array([[1.0, 1.0], [1.0, 3.0]]) @ theta - np.array([1.0, 0.0])


def _curve(theta: np.ndarray) -> np.ndarray:
    """gradient(theta) = theta³"""
    return theta**3


def _parabola(theta: float) -> float:
    """gradient(theta) = 2 theta - 3, for one number"""
    return 2 * theta - 3


def _walk(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray:
    path = [np.array(theta0, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] - eta * np.asarray(gradient(path[-1])))
    return np.array(path)


def _walked(change: Callable) -> Callable:
    """Do something to the path that the right walk returns."""
    return then(_walk, change)


def _in_place(copied: bool, stored: Callable = lambda theta: theta, start_too: bool = True) -> Callable:
    """Make a walk that changes one array in place; `stored` is what it appends, `copied` whether it copied the start."""

    def walk(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray:
        theta = np.array(theta0, dtype=float) if copied else theta0
        path = [theta] if start_too else []
        for _ in range(num_steps):
            theta -= eta * gradient(theta)
            path.append(stored(theta))
        return np.array(path)

    return walk


def _same_slope(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray:
    slope = gradient(theta0)
    return np.array([theta0 - step * eta * slope for step in range(num_steps + 1)])


def _from_the_start(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray:
    path = [np.array(theta0, dtype=float)]
    for _ in range(num_steps):
        path.append(path[0] - eta * gradient(path[-1]))
    return np.array(path)


def _never_moved(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray:
    start = np.array(theta0, dtype=float)
    return np.array([start] + [start - eta * gradient(start)] * num_steps)


def _one_round(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray | None:
    return _walk(gradient, theta0, eta, 1) if num_steps else None


def _steps_only(gradient: Callable, theta0: np.ndarray | float, eta: float, num_steps: int) -> np.ndarray:
    path = _walk(gradient, theta0, eta, num_steps)
    return np.array([gradient(theta) for theta in path])


_ONE_POINT = (
    "the whole path is one point: `theta -= ...` changes the very array that is already in the list. Write "
    "`theta = theta - ...`, or append a copy"
)
_START_MOVED = "the start has moved: `theta -= ...` changes the very array that stands first in the list. Write `theta = theta - ...`"
_NO_START = "the start is missing: a path of num_steps steps has num_steps + 1 points"

descend = Exercise(
    "descend",
    _walk,
    cases=[
        (_bowl, np.array([1.0, 1.0]), 0.1, 2),
        (_valley, np.array([3.0, -2.0]), 0.2, 5),
        (_bowl, np.array([-1.0, 0.5]), 0.3, 4),
        (_curve, np.array([1.0, -0.5, 0.2]), 0.5, 6),
        (_parabola, -2.0, 0.3, 3),
        (_curve, np.array([[0.5, -1.0], [0.2, 0.8]]), 0.4, 3),
        (_bowl, np.array([2, -1]), 0.2, 3),
        (_bowl, np.array([1.5, 0.5]), 0.1, 0),
    ],
    slips=[
        Slip(_ONE_POINT, _in_place(copied=True)),
        Slip(_ONE_POINT, _in_place(copied=False)),
        Slip(_ONE_POINT + ". (The start is missing too)", _in_place(copied=True, start_too=False)),
        Slip(_START_MOVED, _in_place(copied=True, stored=np.copy)),
        Slip(_START_MOVED, _in_place(copied=False, stored=np.copy)),
        Slip("this is the last point alone: return the whole path, start included", _walked(lambda path: path[-1])),
        Slip("only the start is in the path: move, and append every new point", _walked(lambda path: path[:1])),
        Slip("the path ends after one step: a `return` inside the loop?", _one_round),
        Slip("this goes uphill: subtract eta times the gradient", lambda g, t, e, n: _walk(g, t, -e, n)),
        Slip(_NO_START, _walked(lambda path: path[1:])),
        Slip(
            "the last point is missing: store the new point after each step, not only the old one before it",
            _walked(lambda path: path[:-1]),
        ),
        Slip(
            "the start stands there twice and the last point never: append after the update, not before it",
            _walked(lambda path: np.concatenate([path[:1], path[:-1]])),
        ),
        Slip("one step too many: the start counts as a point, not as a step", lambda g, t, e, n: _walk(g, t, e, n + 1)),
        Slip(
            "the gradient is taken once, at the start: the slope changes underway, compute it anew at every step",
            _same_slope,
        ),
        Slip("every step begins at the start again: begin where the last one ended", _from_the_start),
        Slip(
            "the new point is appended, and theta stays where it was: write theta = theta - ... as well", _never_moved
        ),
        Slip("eta is missing: a whole gradient is a leap", lambda g, t, e, n: _walk(g, t, 1.0, n)),
        Slip(
            "every step is twice as long: the 2 of the squared error is in the gradient already",
            lambda g, t, e, n: _walk(g, t, 2 * e, n),
        ),
        Slip("these are the gradients along the path; return the points", _steps_only),
        Slip("the path lies on its side: one row for each point", _walked(np.transpose)),
        Slip("the path runs backward: the start comes first", _walked(lambda path: path[::-1])),
    ],
    praise="The same loop drives every lesson to come",
)


error_left = Exercise(
    "error_left",
    -0.216,
    rtol=5e-3,
    slips=[
        Slip("the sign: the factor 1 - 0.8 · 2 is negative, and three negative factors leave a negative error", 0.216),
        Slip("this is the factor of one step; three steps multiply three times", -0.6),
        Slip("the size of one step's factor; mind its sign, and take it three times", 0.6),
        Slip("the curvature is missing: the factor is 1 - ηλ, not 1 - η", 0.008),
        Slip("three steps multiply, they do not add", -1.8),
        Slip("the factor multiplies, it is not subtracted three times: 1 - ηλ once a step, three times over", -3.8),
        Slip("this is (ηλ)³; the factor is 1 - ηλ", 4.096),
        Slip("this is minus (ηλ)³; the factor is 1 - ηλ", -4.096),
        Slip("this is η³; the factor is 1 - ηλ", 0.512),
        Slip("the step goes downhill: the factor is 1 - ηλ, not 1 + ηλ", 17.576),
        Slip("two steps; a third one turns the sign again", 0.36),
    ],
    hint="The factor of one step is 1 - ηλ. What is left after three of them?",
)


def _design(n: int) -> np.ndarray:
    return np.column_stack([_rng.rand(n) * 2, np.ones(n)])


def _curvatures(X: np.ndarray) -> np.ndarray:
    return np.linalg.eigvalsh(2 / len(X) * X.T @ X)


eta_limit = Exercise(
    "eta_limit",
    lambda X: 2 / _curvatures(X)[-1],
    cases=[
        (np.array([[1.0, 1.0], [2.0, 1.0], [3.0, 1.0]]),),
        (_design(20),),
        (_rng.randn(9, 3),),
        (_rng.randn(50, 2) * 10,),
    ],
    slips=[
        Slip(
            "this is 1/λmax, the rate that lands in one step along the steepest direction; the limit is twice that",
            lambda X: 1 / _curvatures(X)[-1],
        ),
        Slip(
            "this is 2/λmin: the flattest direction allows it, the steepest one explodes",
            lambda X: 2 / _curvatures(X)[0],
        ),
        Slip(
            "the 2 of the squared error is missing in the curvature 2/n XᵀX, so the limit comes out twice too large",
            lambda X: 4 / _curvatures(X)[-1],
        ),
        Slip("the curvature of the sum: the mean has 2/n XᵀX", lambda X: 2 / (len(X) * _curvatures(X)[-1])),
        Slip(
            "the curvature lacks the 2/n of the mean squared error: it is 2/n XᵀX",
            lambda X: 4 / (len(X) * _curvatures(X)[-1]),
        ),
        Slip("this is λmax, the largest curvature; the limit is 2 divided by it", lambda X: _curvatures(X)[-1]),
        Slip("this is 1/λmin; the limit is 2/λmax", lambda X: 1 / _curvatures(X)[0]),
        Slip(
            "one limit for each direction: a single eta serves them all, so the smallest counts",
            lambda X: 2 / _curvatures(X),
        ),
        Slip(
            "the singular values of X are not its curvatures: square them, times 2/n",
            lambda X: 2 / np.linalg.norm(X, 2),
        ),
        Slip(
            "the trace adds all curvatures up; the largest one alone sets the limit",
            lambda X: 2 / np.sum(_curvatures(X)),
        ),
        Slip(
            "the diagonal holds the curvatures along w and along b; the steepest direction may lie between them",
            lambda X: 2 / np.max(2 * np.mean(X**2, axis=0)),
        ),
        Slip(
            "eigvalsh(H)[1] is the largest of two curvatures, and the middle one of three: the largest is [-1]",
            lambda X: 2 / _curvatures(X)[1],
        ),
        Slip(
            "this is the Frobenius norm, in which all curvatures have a part; the largest one alone sets the limit",
            lambda X: 2 / np.linalg.norm(_curvatures(X)),
        ),
        Slip(
            "upside down: the limit is 2/λmax, the steeper the smaller",
            lambda X: _curvatures(X)[-1] / 2,
        ),
        Slip("multiplied: the limit is 2 divided by λmax", lambda X: 2 * _curvatures(X)[-1]),
        Slip(
            "X.size counts every number of the table; n is the number of its rows, len(X)",
            lambda X: 2 / np.linalg.eigvalsh(2 / X.size * X.T @ X)[-1],
        ),
        Slip("this is the condition number λmax/λmin", lambda X: _curvatures(X)[-1] / _curvatures(X)[0]),
    ],
)

_TRAIN = np.array([[1000.0, 1.0], [2000.0, 2.0], [3000.0, 6.0]])


def _standard(train: np.ndarray, new: np.ndarray, axis: int | None = 0, ddof: int = 0) -> tuple[np.ndarray, np.ndarray]:
    mean, std = train.mean(axis=axis, keepdims=True), train.std(axis=axis, keepdims=True, ddof=ddof)
    return (train - mean) / std, (new - mean) / std


def _flat_axis(train: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean, std = train.mean(axis=1), train.std(axis=1)
    return (train - mean) / std, (new - mean) / std


def _scaled(change: Callable) -> Callable:
    """Do the same to both tables, given mean and deviation of the training data's columns."""
    return lambda a, b: tuple(change(table, a.mean(axis=0), a.std(axis=0)) for table in (a, b))


def _own(a: np.ndarray, axis: int | None = 0) -> np.ndarray:
    std = a.std(axis=axis, keepdims=True)
    return (a - a.mean(axis=axis, keepdims=True)) / std


def _together(train: np.ndarray, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scaled = _own(np.concatenate([train, new]))
    return scaled[: len(train)], scaled[len(train) :]


standardize = Exercise(
    "standardize",
    _standard,
    cases=[
        (_TRAIN, np.array([[1500.0, 3.0], [4000.0, 1.0]])),
        (_rng.rand(6, 3) * [1, 10, 100], _rng.rand(4, 3) * [2, 20, 300]),
        (_rng.randn(8, 2) + 5, _rng.randn(2, 2)),
    ],
    parts=("train", "new"),
    slips=[
        Slip(
            "the new data are scaled with their own mean and deviation: keep those of the training data, or a house changes its "
            "size with its neighbors",
            lambda a, b: (_own(a), _own(b)),
        ),
        Slip(
            "the wrong axis: each column (feature) has its own mean and deviation, so axis=0",
            lambda a, b: (_own(a, 1), _own(b, 1)),
        ),
        Slip("the wrong axis: each column (feature) has its own mean and deviation, so axis=0", _flat_axis),
        Slip(
            "one mean and deviation for the whole table: each column (feature) has its own, axis=0",
            lambda a, b: _standard(a, b, axis=None),
        ),
        Slip(
            "one mean and deviation for the whole table, and the new data get their own: each column has its own, axis=0, taken from "
            "the training data",
            lambda a, b: (_own(a, None), _own(b, None)),
        ),
        Slip(
            "mean and deviation of both sets together: the new data must not reach into the training data's scale",
            _together,
        ),
        Slip(
            "one deviation for the whole table: each column has its own, std(axis=0)",
            lambda a, b: tuple((c - a.mean(0)) / a.std() for c in (a, b)),
        ),
        Slip(
            "one mean for the whole table: each column has its own, mean(axis=0)",
            lambda a, b: tuple((c - a.mean()) / a.std(0) for c in (a, b)),
        ),
        Slip(
            "the new data keep their own mean: subtract that of the training data",
            lambda a, b: (_own(a), (b - b.mean(0)) / a.std(0)),
        ),
        Slip(
            "the new data are divided by their own deviation: take that of the training data",
            lambda a, b: (_own(a), (b - a.mean(0)) / b.std(0)),
        ),
        Slip(
            "mean and deviation come from the new data: learn both from train",
            lambda a, b: tuple((c - b.mean(0)) / b.std(0) for c in (a, b)),
        ),
        Slip("the mean is not subtracted: the columns must have mean 0", _scaled(lambda c, mean, std: c / std)),
        Slip(
            "the mean is added: subtract it, so that the columns have mean 0",
            _scaled(lambda c, mean, std: (c + mean) / std),
        ),
        Slip("not divided by the deviation", _scaled(lambda c, mean, std: c - mean)),
        Slip(
            "multiplied by the deviation: divide by it, so that the columns have deviation 1",
            _scaled(lambda c, mean, std: (c - mean) * std),
        ),
        Slip(
            "divided by the variance: the standard deviation is its square root",
            _scaled(lambda c, mean, std: (c - mean) / std**2),
        ),
        Slip(
            "the root of the deviation is one too many: std is the root of the variance already",
            _scaled(lambda c, mean, std: (c - mean) / np.sqrt(std)),
        ),
        Slip(
            "the parentheses are missing: train - mean / std divides the mean alone. Write (train - mean) / std",
            _scaled(lambda c, mean, std: c - mean / std),
        ),
        Slip(
            "the mean is subtracted after the division: subtract it first, or divide both",
            _scaled(lambda c, mean, std: c / std - mean),
        ),
        Slip("nothing is scaled yet", lambda a, b: (a, b)),
        Slip("the two tables are exchanged: train first, then new", exchanged(_standard)),
        Slip(
            "this scales to the range from 0 to 1; standardizing subtracts the mean and divides by the deviation",
            lambda a, b: tuple((c - a.min(0)) / (a.max(0) - a.min(0)) for c in (a, b)),
        ),
        Slip(
            "new comes out as it went in: either it is not scaled, or mean and deviation are taken from train after train was "
            "overwritten (then they are 0 and 1). Take both first",
            lambda a, b: (_own(a), b),
        ),
    ],
    also_right=[lambda a, b: _standard(a, b, ddof=1)],
)

unscale = Exercise(
    "unscale",
    lambda w, b, mean, std: (w / std, b - w * mean / std),
    cases=[(2.0, 10.0, 3.0, 4.0), (-1.0, 0.5, 10.0, 2.0), (612.4, 2333.3, 2000.0, 816.5)],
    parts=("w", "b"),
    slips=[
        Slip(
            "only w is undone: b must give back what the subtracted mean took away",
            lambda w, b, mean, std: (w / std, b),
        ),
        Slip(
            "multiplied where it must be divided: a step of one deviation is std steps of the old unit",
            lambda w, b, mean, std: (w * std, b - w * mean * std),
        ),
        Slip(
            "multiplied where it must be divided: a step of one deviation is std steps of the old unit",
            lambda w, b, mean, std: (w * std, b - w * mean / std),
        ),
        Slip("w is still in the scaled unit: divide it by std", lambda w, b, mean, std: (w, b - w * mean / std)),
        Slip(
            "the sign of the mean: w (x - mean) / std takes w mean / std away from b",
            lambda w, b, mean, std: (w / std, b + w * mean / std),
        ),
        Slip("in b the mean must be divided by std too", lambda w, b, mean, std: (w / std, b - w * mean)),
        Slip(
            "b belongs to the prediction, not to x: do not divide it by std",
            lambda w, b, mean, std: (w / std, (b - w * mean) / std),
        ),
        Slip(
            "w is multiplied where it must be divided, and b is left as it was",
            lambda w, b, mean, std: (w * std, b),
        ),
        Slip("w is missing in b: it loses w mean / std", lambda w, b, mean, std: (w / std, b - mean / std)),
        Slip("the mean is missing in b: it loses w mean / std", lambda w, b, mean, std: (w / std, b - w / std)),
        Slip(
            "b itself is lost: it keeps its own value, less w mean / std",
            lambda w, b, mean, std: (w / std, -w * mean / std),
        ),
        Slip(
            "the two are exchanged: w first, then b",
            lambda w, b, mean, std: (b - w * mean / std, w / std),
        ),
        Slip("b loses w mean / std, not the mean itself", lambda w, b, mean, std: (w / std, b - mean)),
        Slip("nothing is undone yet", lambda w, b, mean, std: (w, b)),
        Slip(
            "w is divided twice in b: use the scaled w there, or the new w without std",
            lambda w, b, mean, std: (w / std, b - w / std * mean / std),
        ),
    ],
    hint="Multiply out w (x - mean) / std + b, and collect what stands beside x and what stands alone",
)


def _house_step(X: np.ndarray, y: np.ndarray, w: np.ndarray, eta: float) -> np.ndarray:
    return w - eta * 2 / len(y) * X.T @ (X @ w - y)


_COLUMN = np.array([[1.0], [2.0], [3.0]])


def _spread(sign: float, of_tables: Callable) -> Callable:
    """Make a step with a difference that spreads to n x n before its mean is taken."""
    return lambda X, y, w, eta: w + sign * eta * 2 * np.mean(of_tables(X, y, w))


def _turned(factor: float | Callable) -> Callable:
    """Make a step that is a multiple of the right one."""

    def step(X: np.ndarray, y: np.ndarray, w: np.ndarray, eta: float) -> np.ndarray:
        return _house_step(X, y, w, eta * (factor(X) if callable(factor) else factor))

    return step


_TABLE = "y of shape (n,) against X * w of shape (n, 1) spread to n x n before the mean: use X @ w, which is flat"
_FLAT_TABLE = "X @ w - y is flat, (n,), and times X, (n, 1), it spreads to n x n before the mean: use X[:, 0], or X.T @ ... for the sum"
_KEEP = "the number is right, and w must keep its shape (1,)"

house_step = Exercise(
    "house_step",
    _house_step,
    cases=[
        (_COLUMN, np.array([1.5, 2.5, 3.0]), np.array([0.0]), 0.01),
        (_COLUMN * 1000, np.array([1500.0, 2500.0, 3000.0]), np.array([0.5]), 1e-7),
        (_rng.rand(5, 1), _rng.rand(5), np.array([2.0]), 0.3),
        (np.array([[-1.0], [0.5], [2.0], [-2.5]]), np.array([1.0, -1.0, 2.0, 0.5]), np.array([0.3]), 0.1),
    ],
    exact_shape=True,
    slips=[
        Slip(f"{_KEEP}: a bare number cannot take part in X @ w", lambda *a: _house_step(*a)[0]),
        Slip(
            f"{_KEEP}: as (1, 1) it makes X @ w a column, and the next step spreads", lambda *a: _house_step(*a)[None]
        ),
        Slip(
            "the published line: y of shape (n,) against X * w of shape (n, 1) spreads to n x n, and the sign climbs. Use X @ w, "
            "and X.T @ ... for the sum",
            lambda X, y, w, eta: w - eta * 2 * (y - X * w) * X,
        ),
        Slip(
            "the sign is mended, the table is still there: y of shape (n,) against X * w of shape (n, 1) spreads to n x n. Use "
            "X @ w, and X.T @ ... for the sum",
            lambda X, y, w, eta: w - eta * 2 * (X * w - y) * X,
        ),
        Slip(_TABLE, _spread(1, lambda X, y, w: (y - X * w) * X)),
        Slip(f"this climbs. And {_TABLE}", _spread(-1, lambda X, y, w: (y - X * w) * X)),
        Slip(_FLAT_TABLE, _spread(1, lambda X, y, w: (y - X @ w) * X)),
        Slip(f"this climbs. And {_FLAT_TABLE}", _spread(-1, lambda X, y, w: (y - X @ w) * X)),
        Slip("this climbs: the gradient is 2/n Xᵀ(Xw - y), and it is subtracted", _turned(-1)),
        Slip("you summed where the loss averages: divide by n", _turned(len)),
        Slip("you summed where the loss averages, and it climbs", _turned(lambda X: -len(X))),
        Slip("the factor 2 of the square's derivative is missing", _turned(0.5)),
        Slip("this goes uphill, and the factor 2 is missing", _turned(-0.5)),
        Slip(
            "the 2/n is missing: the mean divides by n, and the square's derivative brings a factor 2",
            _turned(lambda X: len(X) / 2),
        ),
        Slip(
            "this climbs, and the 2/n is missing: the mean divides by n, and the square's derivative brings a factor 2",
            _turned(lambda X: -len(X) / 2),
        ),
        Slip(
            "still one value for each house: X.T @ ... sums over them",
            lambda X, y, w, eta: w - eta * 2 * (X @ w - y) * X[:, 0],
        ),
        Slip(
            "still one value for each house: X.T @ ... sums over them",
            lambda X, y, w, eta: w - eta * 2 / len(y) * (X @ w - y) * X[:, 0],
        ),
        Slip("x is missing: each residual is multiplied by its own area", _spread(1, lambda X, y, w: y - X @ w)),
        Slip(
            "the areas have lost their sign: X enters as it is, not as |X|",
            lambda X, y, w, eta: w - eta * 2 / len(y) * np.abs(X).T @ (X @ w - y),
        ),
        Slip("this is the step alone: subtract it from w", lambda X, y, w, eta: w - _house_step(X, y, w, eta)),
        Slip("this is the gradient: subtract eta times it from w", lambda X, y, w, eta: w - _house_step(X, y, w, 1.0)),
        Slip("eta is missing", lambda X, y, w, eta: _house_step(X, y, w, 1.0)),
        Slip(
            "n is the number of houses, len(y), not always 3",
            lambda X, y, w, eta: _house_step(X, y, w, eta * len(y) / 3),
        ),
    ],
)

eta_for_mean = Exercise(
    "eta_for_mean",
    0.2,
    rtol=1e-3,
    slips=[
        Slip("unchanged: but the gradient of the mean is a thousand times smaller, so every step is too", 0.0002),
        Slip("the other way round: the gradient became smaller, so eta must grow", 2e-7),
        Slip("the factor is n = 1000; the 2 of the square is in both gradients", 0.4),
        Slip("the factor is n = 1000; the 2 of the square is in both gradients", 0.1),
        Slip("n came in twice: the gradient became n times smaller once", 200),
    ],
    hint="The step is eta times the gradient, and it must stay the same",
)


def _reduced(change: Callable) -> Callable:
    """Make a loss for each point of a path from its table of residuals, one row for each point."""
    return lambda path, X, y: change(path @ X.T - y)


_losses = _reduced(lambda r: np.mean(r**2, axis=1))


def _curve_of(change: Callable) -> Callable:
    """Do something to the right losses."""
    return then(_losses, change)


_PATHS = [
    (
        np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]),
        np.array([[1.0, 1.0], [2.0, 1.0], [3.0, 1.0]]),
        np.array([2.0, 3.0, 5.0]),
    ),
    (_rng.rand(5, 2), _design(4), _rng.rand(4)),
    (_rng.rand(1, 2), _design(6), _rng.rand(6)),
]

loss_curve = Exercise(
    "loss_curve",
    _losses,
    cases=_PATHS,
    slips=[
        Slip(
            "this is the last loss alone; a curve has one loss for each point of the path",
            _curve_of(lambda losses: losses[-1]),
        ),
        Slip("this is the first loss alone (a `return` inside the loop?)", _curve_of(lambda losses: losses[0])),
        Slip("the start's loss is missing", _curve_of(lambda losses: losses[1:])),
        Slip(
            "the end's loss is missing: num_steps + 1 points have num_steps + 1 losses",
            _curve_of(lambda losses: losses[:-1]),
        ),
        Slip(
            "the last loss is still the 0 that the array began with: the loop ends one point early",
            _curve_of(lambda losses: np.append(losses[:-1], 0.0)),
        ),
        Slip(
            "there is a 0 too many at the end: one loss for each point, len(path) of them",
            _curve_of(lambda losses: np.append(losses, 0.0)),
        ),
        Slip("the losses run backward: the start's comes first", _curve_of(lambda losses: losses[::-1])),
        Slip("the losses are added up: keep one for each point of the path", _curve_of(np.sum)),
        Slip("these are the changes from point to point: return the losses themselves", _curve_of(np.diff)),
        Slip("you summed where the loss averages", lambda path, X, y: len(y) * _losses(path, X, y)),
        Slip("you divided by n twice: np.mean has done it already", lambda path, X, y: _losses(path, X, y) / len(y)),
        Slip("this is the RMSE: the square root is one step too many", _curve_of(np.sqrt)),
        Slip(
            "this is the length of the residuals: square it, and divide by n",
            _reduced(lambda r: np.linalg.norm(r, axis=1)),
        ),
        Slip(
            "this is the MAE: absolute values where squares are asked", _reduced(lambda r: np.mean(np.abs(r), axis=1))
        ),
        Slip("the square is missing, so that errors of opposite sign cancel", _reduced(lambda r: np.mean(r, axis=1))),
        Slip("the square is missing, so that errors of opposite sign cancel", _reduced(lambda r: np.mean(-r, axis=1))),
        Slip(
            "square first, then average: this is the square of the mean error",
            _reduced(lambda r: np.mean(r, axis=1) ** 2),
        ),
        Slip(
            "averaged over the path instead of the samples: the mean goes along the samples' axis, point by point",
            _reduced(lambda r: np.mean(r**2, axis=0)),
        ),
        Slip("averaged over the path as well: one loss for each point is asked", _curve_of(np.mean)),
        Slip("half of it: here the loss is the plain mean of the squares", times(0.5, _losses)),
        Slip("these are the squared errors of every sample: take their mean for each point", _reduced(lambda r: r**2)),
        Slip(
            "w and b are exchanged: the first column of X, the inputs, belongs to the first number of each point",
            lambda path, X, y: _losses(path[:, ::-1], X, y),
        ),
        Slip(
            "a column (n, 1) met a flat array (n,), and the residual spread to n x n: X @ theta is flat, and so is y",
            lambda path, X, y: np.array([np.mean((X @ theta - y[:, None]) ** 2) for theta in path]),
        ),
    ],
)
