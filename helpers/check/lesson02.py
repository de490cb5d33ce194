"""Checks of lesson 02: the loop, its learning rate, and feature scaling."""

import numpy as np

from helpers.check.engine import Exercise, Slip

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


def _walk(gradient, theta0, eta: float, num_steps: int) -> np.ndarray:
    path = [np.array(theta0, dtype=float)]
    for _ in range(num_steps):
        path.append(path[-1] - eta * np.asarray(gradient(path[-1])))
    return np.array(path)


def _one_point(gradient, theta0, eta: float, num_steps: int, keep: int = 1) -> np.ndarray:
    theta, path = np.array(theta0, dtype=float), []
    path += [theta] * keep
    for _ in range(num_steps):
        theta -= eta * gradient(theta)
        path.append(theta)
    return np.array(path)


def _same_slope(gradient, theta0, eta: float, num_steps: int) -> np.ndarray:
    slope = gradient(theta0)
    return np.array([theta0 - step * eta * slope for step in range(num_steps + 1)])


def _steps_only(gradient, theta0, eta: float, num_steps: int) -> np.ndarray:
    path = _walk(gradient, theta0, eta, num_steps)
    return np.array([gradient(theta) for theta in path])


_ONE_POINT = (
    "the whole path is one point: `theta -= ...` changes the very array that is already in the list. Write "
    "`theta = theta - ...`, or append a copy"
)
_NO_START = "the start is missing: a path of num_steps steps has num_steps + 1 points"

descend = Exercise(
    "descend",
    _walk,
    cases=[
        (_bowl, np.array([1.0, 1.0]), 0.1, 2),
        (_valley, np.array([3.0, -2.0]), 0.2, 5),
        (_bowl, np.array([-1.0, 0.5]), 0.3, 4),
        (_curve, np.array([1.0, -0.5, 0.2]), 0.5, 6),
    ],
    slips=[
        Slip(_ONE_POINT, _one_point),
        Slip(_ONE_POINT + ". (The start is missing too)", lambda g, t, e, n: _one_point(g, t, e, n, 0)),
        Slip(
            "this is the last point alone: return the whole path, start included",
            lambda g, t, e, n: _walk(g, t, e, n)[-1],
        ),
        Slip("this goes uphill: subtract eta times the gradient", lambda g, t, e, n: _walk(g, t, -e, n)),
        Slip(_NO_START, lambda g, t, e, n: _walk(g, t, e, n)[1:]),
        Slip(
            "the last point is missing: store the new point after each step, not only the old one before it",
            lambda g, t, e, n: _walk(g, t, e, n)[:-1],
        ),
        Slip("one step too many: the start counts as a point, not as a step", lambda g, t, e, n: _walk(g, t, e, n + 1)),
        Slip(
            "the gradient is taken once, at the start: the slope changes underway, compute it anew at every step",
            _same_slope,
        ),
        Slip("eta is missing: a whole gradient is a leap", lambda g, t, e, n: _walk(g, t, 1.0, n)),
        Slip(
            "every step is twice as long: the 2 of the squared error is in the gradient already",
            lambda g, t, e, n: _walk(g, t, 2 * e, n),
        ),
        Slip("these are the gradients along the path; return the points", _steps_only),
        Slip("the path lies on its side: one row for each point", lambda g, t, e, n: _walk(g, t, e, n).T),
        Slip("the path runs backward: the start comes first", lambda g, t, e, n: _walk(g, t, e, n)[::-1]),
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
        Slip("this is (ηλ)³; the factor is 1 - ηλ", 4.096),
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
        Slip("this is the condition number λmax/λmin", lambda X: _curvatures(X)[-1] / _curvatures(X)[0]),
    ],
)

_TRAIN = np.array([[1000.0, 1.0], [2000.0, 2.0], [3000.0, 6.0]])


def _standard(train: np.ndarray, new: np.ndarray, axis: int | None = 0, ddof: int = 0) -> tuple[np.ndarray, np.ndarray]:
    mean, std = train.mean(axis=axis, keepdims=True), train.std(axis=axis, keepdims=True, ddof=ddof)
    return (train - mean) / std, (new - mean) / std


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
        Slip("the mean is not subtracted: the columns must have mean 0", lambda a, b: (a / a.std(0), b / a.std(0))),
        Slip("not divided by the deviation", lambda a, b: (a - a.mean(0), b - a.mean(0))),
        Slip(
            "divided by the variance: the standard deviation is its square root",
            lambda a, b: ((a - a.mean(0)) / a.var(0), (b - a.mean(0)) / a.var(0)),
        ),
        Slip(
            "the mean is subtracted after the division: subtract it first, or divide both",
            lambda a, b: (a / a.std(0) - a.mean(0), b / a.std(0) - a.mean(0)),
        ),
        Slip(
            "this scales to the range from 0 to 1; standardizing subtracts the mean and divides by the deviation",
            lambda a, b: tuple((c - a.min(0)) / (a.max(0) - a.min(0)) for c in (a, b)),
        ),
        Slip(
            "the new data are left as they were: scale them with the training data's mean and deviation",
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

house_step = Exercise(
    "house_step",
    _house_step,
    cases=[
        (_COLUMN, np.array([1.5, 2.5, 3.0]), np.array([0.0]), 0.01),
        (_COLUMN * 1000, np.array([1500.0, 2500.0, 3000.0]), np.array([0.5]), 1e-7),
        (_rng.rand(5, 1), _rng.rand(5), np.array([2.0]), 0.3),
    ],
    slips=[
        Slip(
            "the published line: y of shape (n,) against X * w of shape (n, 1) spreads to n x n, and the sign climbs. Use X @ w, "
            "and X.T @ ... for the sum",
            lambda X, y, w, eta: w - eta * 2 * (y - X * w) * X,
        ),
        Slip(
            "this climbs: the gradient is 2/n Xᵀ(Xw - y), and it is subtracted",
            lambda X, y, w, eta: _house_step(X, y, w, -eta),
        ),
        Slip(
            "you summed where the loss averages: divide by n", lambda X, y, w, eta: _house_step(X, y, w, eta * len(y))
        ),
        Slip(
            "you summed where the loss averages, and it climbs",
            lambda X, y, w, eta: _house_step(X, y, w, -eta * len(y)),
        ),
        Slip("the factor 2 of the square's derivative is missing", lambda X, y, w, eta: _house_step(X, y, w, eta / 2)),
        Slip("this goes uphill, and the factor 2 is missing", lambda X, y, w, eta: _house_step(X, y, w, -eta / 2)),
        Slip(
            "still one value for each house: X.T @ ... sums over them",
            lambda X, y, w, eta: w - eta * 2 * (X @ w - y) * X[:, 0],
        ),
        Slip(
            "still one value for each house: X.T @ ... sums over them",
            lambda X, y, w, eta: w - eta * 2 / len(y) * (X @ w - y) * X[:, 0],
        ),
        Slip(
            "y of shape (n,) against X * w of shape (n, 1) spread to n x n before the mean: use X @ w, which is flat",
            lambda X, y, w, eta: w - eta * 2 * np.mean((X * w - y) * X),
        ),
        Slip("this is the step alone: subtract it from w", lambda X, y, w, eta: w - _house_step(X, y, w, eta)),
        Slip("eta is missing", lambda X, y, w, eta: _house_step(X, y, w, 1.0)),
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
    ],
    hint="The step is eta times the gradient, and it must stay the same",
)


def _losses(path: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.mean((path @ X.T - y) ** 2, axis=1)


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
            lambda path, X, y: _losses(path, X, y)[-1],
        ),
        Slip("this is the first loss alone (a `return` inside the loop?)", lambda path, X, y: _losses(path, X, y)[0]),
        Slip("the start's loss is missing", lambda path, X, y: _losses(path, X, y)[1:]),
        Slip("you summed where the loss averages", lambda path, X, y: len(y) * _losses(path, X, y)),
        Slip("this is the RMSE: the square root is one step too many", lambda path, X, y: np.sqrt(_losses(path, X, y))),
        Slip(
            "averaged over the path instead of the samples: the mean goes along the samples' axis, point by point",
            lambda path, X, y: np.mean((path @ X.T - y) ** 2, axis=0),
        ),
        Slip(
            "averaged over the path as well: one loss for each point is asked",
            lambda path, X, y: np.mean(_losses(path, X, y)),
        ),
        Slip("half of it: here the loss is the plain mean of the squares", lambda path, X, y: _losses(path, X, y) / 2),
        Slip(
            "these are the squared errors of every sample: take their mean for each point",
            lambda path, X, y: (path @ X.T - y) ** 2,
        ),
    ],
)
