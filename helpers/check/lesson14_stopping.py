"""Checks of lesson 14, its second part: when to stop, and which remedy to take."""

import operator
from collections.abc import Callable

import numpy as np

from helpers.check import wrong_remedies as choice
from helpers.check import wrong_stopping as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_regularizing import NAME_ALONE, with_name
from helpers.check.slips import alike, both
from helpers.check.wrong import exchanged

_rng = np.random.RandomState(1414)


# Early stopping

_FUTURE = "the best of the whole history: the epochs after the last were never run, so nobody knows their loss"

_ZERO = "the best begins with 0, which no loss can beat: begin with infinity, or with the first loss"

_RULES: list[tuple[str, dict]] = [
    ("it watches the test set: the test set must not decide, watch val_loss", {"watch": "test_loss"}),
    ("it watches the training loss, which goes on falling while the network overfits: watch val_loss", {"watch": "loss"}),
    (
        "one epoch too late: with the patience 1 it stops after the first epoch without a new lowest val_loss, so >=",
        {"enough": lambda wait, patience: wait > patience},
    ),
    (
        "one epoch too early: an epoch that is the best so far is not waited for, so the waiting begins with 0",
        {"enough": lambda wait, patience: wait >= patience - 1},
    ),
    (
        "one epoch too early, and even after an improvement: the waiting begins with 0 there",
        {"enough": lambda wait, patience: wait >= patience - 1, "always": True},
    ),
    (
        "each loss is compared with the epoch before: worse than the best so far for patience epochs is asked",
        {"before": True},
    ),
    (
        "the waiting is never set back: after a new lowest val_loss it begins with 0 again, since the epochs must be in a row",
        {"reset": False},
    ),
    ("an equal loss is no improvement: strictly lower counts, so <", {"better": operator.le}),
    (
        "an equal loss is no improvement, so its epoch counts as one of waiting too",
        {"waits": lambda new, best: new > best},
    ),
    ("the highest val_loss is kept: the lowest is the best", {"better": operator.gt, "start": -np.inf}),
    (_ZERO, {"start": 0.0}),
    ("the best begins with 1, and a loss can be larger: begin with infinity, or with the first loss", {"start": 1.0}),
    ("the patience is ignored: it stops at the first epoch without a new lowest val_loss", {"enough": lambda w, p: w >= 1}),
    ("it never stops: after patience epochs without a new lowest val_loss it does", {"enough": lambda w, p: False}),
]  # fmt: skip
_REPORTS: list[tuple[str, Callable]] = [
    ("last for best: the weights that are kept are those of the lowest val_loss, not of the last epoch", lambda r: (r.last + 1,) * 2),
    ("the order: the last epoch first, then the best", lambda r: (r.best + 1, r.last + 1)),
    ("counted from 0: the first epoch is number 1", lambda r: (r.last, r.best)),
    ("the last epoch is counted from 0: the first epoch is number 1", lambda r: (r.last, r.best + 1)),
    ("the best epoch is counted from 0: the first epoch is number 1", lambda r: (r.last + 1, r.best)),
    ("best for last: the epochs of waiting are run too", lambda r: (r.best + 1,) * 2),
]  # fmt: skip


def _history(val_loss: list[float], test_loss: list[float]) -> dict[str, list[float]]:
    """Make a history whose training loss falls, but for one epoch before its last."""
    loss = np.round(np.geomspace(0.8, 0.01, len(val_loss)), 4)
    if len(loss) > 2:
        loss[-3:-1] = loss[-3:-1][::-1]
    return {"val_loss": val_loss, "test_loss": test_loss, "loss": loss.tolist()}  # a hint shows what comes first


def _random(n: int) -> dict[str, list[float]]:
    """Make losses that fall, rise and shake."""
    columns = [0.3 + 0.1 * np.linspace(-1.5, 1.5, n) ** 2 + 0.05 * _rng.randn(n) for _ in range(2)]
    return _history(*(np.round(column, 6).tolist() for column in columns))


early_stop = Exercise(
    "early_stop",
    bad.stopping(),
    cases=[
        (_history([0.5, 0.4, 0.35, 0.37, 0.36, 0.38, 0.3, 0.31], [0.55, 0.44, 0.41, 0.39, 0.38, 0.37, 0.36, 0.4]), 3),
        (_history([2.3, 1.9, 1.7, 1.4, 1.5, 1.45, 1.35, 1.3], [2.2, 1.8, 1.75, 1.8, 1.9, 1.95, 2.0, 2.1]), 3),
        (_history([0.6, 0.5, 0.52, 0.45, 0.47, 0.4, 0.41, 0.42, 0.39], [0.6, 0.61, 0.62, 0.5, 0.4, 0.39, 0.38, 0.37, 0.36]), 2),
        (_history([0.3, 0.4, 0.35, 0.33, 0.2], [0.4, 0.35, 0.3, 0.25, 0.2]), 2),
        (_history([0.6, 0.5, 0.4, 0.45, 0.3], [0.6, 0.65, 0.4, 0.3, 0.2]), 1),
        (_history([0.6, 0.4, 0.45, 0.4, 0.42, 0.43, 0.35, 0.3], [0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2, 0.1]), 3),
        (_history([0.5, 0.4, 0.3], [0.3, 0.4, 0.5]), 2),
        (_history([0.5, 0.6, 0.7], [0.4, 0.5, 0.3]), 5),
        (_history([0.9, 0.7, 0.8, 0.75, 0.72, 0.74, 0.73], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]), 5),
        (_history([0.5, 0.4, 0.4002, 0.3999, 0.41, 0.42, 0.3], [0.6, 0.5, 0.45, 0.4, 0.41, 0.3, 0.35]), 2),  # lower, if by little
        (_random(30), 4),
        (_random(30), 6),
        (_random(25), 1),
        (_random(40), 10),
    ],
    parts=("last", "best"),
    slips=[
        *(Slip(hint, bad.stopping(**rule)) for hint, rule in _RULES),
        *(Slip(hint, bad.stopping(report)) for hint, report in _REPORTS),
        Slip(_ZERO, bad.stopping(lambda r: (r.last + 1, 0), start=0.0)),
        Slip("the first epoch counts as one of waiting, since it is compared with itself: begin with infinity, or with the second epoch", lambda history, patience: bad.stopping(start=history["val_loss"][0])(history, patience)),
        *(Slip(both(a, b), bad.stopping(report, **rule)) for a, rule in _RULES[:7] for b, report in _REPORTS[:3]),
        Slip(_FUTURE, bad.stopping(bad.best_in("val_loss", whole=True))),
        *alike(f"{_FUTURE}. Go through them one by one, and stop when the patience is over", *(lambda history, patience, cap=cap: (cap(np.argmin(history["val_loss"]) + 1 + patience, len(history["val_loss"])), np.argmin(history["val_loss"]) + 1) for cap in (min, lambda last, n: last))),
        Slip("of equal losses the first is kept: an equal one is no improvement", bad.stopping(lambda r: (r.last + 1, r.last + 1 - int(np.argmin(r.losses[r.last :: -1]))))),
        *(Slip(both(hint, _FUTURE), bad.stopping(bad.best_in("val_loss", whole=True), **rule)) for hint, rule in _RULES[2:7]),
        *(Slip(both(_FUTURE, hint), bad.stopping(lambda r, shift=shift: (r.last + shift[0], int(np.argmin(r.losses)) + shift[1]))) for hint, shift in [(_REPORTS[2][0], (0, 0)), (_REPORTS[4][0], (1, 0))]),
        *alike("the kept weights are chosen on the test set: the test set must not decide, take the lowest val_loss", *(bad.stopping(bad.best_in("test_loss", whole)) for whole in (False, True))),
        *alike("the kept weights are those of the lowest training loss: take the lowest val_loss", *(bad.stopping(bad.best_in("loss", whole)) for whole in (False, True))),
        Slip("the kept weights are those of the highest val_loss: take the lowest", bad.stopping(bad.best_in("val_loss", find=np.argmax))),
        Slip("the best is not always `patience` epochs before the last: a run may reach its end without stopping", bad.stopping(bad.past_the_best)),
        Slip("the last is not always `patience` epochs after the best: a run may reach its end without stopping", bad.stopping(lambda r: (r.best + 1 + r.patience, r.best + 1))),
        Slip("one epoch too early at the stop: the epoch that exhausts the patience is run, and counts", bad.stopping(lambda r: (r.last + 1 - r.stopped, r.best + 1))),
        *alike("a run that never stops has its last epoch all the same: the number of epochs", *(bad.stopping(lambda r, end=end: (r.last + 1 if r.stopped else end(r), r.best + 1)) for end in (lambda r: r.n + 1, lambda r: r.n - 1, lambda r: 0, lambda r: -1, lambda r: np.nan, lambda r: np.inf))),
        *alike("these are losses: the numbers of the epochs are asked", bad.stopping(lambda r: (r.losses[r.last], r.losses[r.best])), bad.stopping(lambda r: (r.last + 1, r.losses[r.best])), bad.stopping(lambda r: (r.losses[r.best], r.best + 1))),
        Slip("patience rises in a row are counted: worse than the best so far for patience epochs is asked", bad.all_rising),
        Slip("these are how many epochs were waited: the numbers of the last and of the best epoch are asked", bad.stopping(lambda r: (r.last - r.best, r.best + 1))),
        Slip("counted from 2: the first epoch is number 1", bad.stopping(lambda r: (r.last + 2, r.best + 2))),
    ],
    hint="Count the epochs since the lowest val_loss so far; at patience it ends, and the weights of that lowest one are kept",
    praise="What came after the last epoch is never seen: a lower loss may have been there",
)  # fmt: skip


# The best of several remedies

_THREE = np.array([[0.083, 0.088, 0.084], [0.071, 0.074, 0.078], [0.075, 0.079, 0.080], [0.069, 0.093, 0.082]])
_LISTS = "the names or the errors came back: return the name of the best and one number"
_SCORES: list[tuple[str, dict]] = [
    ("the lowest single seed decides here, which is luck: the lowest mean over the seeds", {"score": np.min}),
    ("the median decides here: the lowest mean over the seeds is asked", {"score": np.median}),
    ("the worst seed decides here: the lowest mean over the seeds is asked", {"score": np.max}),
    ("the first seed alone decides here: the lowest mean over the seeds is asked", {"score": lambda row: row[0]}),
    ("the last seed alone decides here: the lowest mean over the seeds is asked", {"score": lambda row: row[-1]}),
    ("the smallest spread decides here: the lowest mean over the seeds is asked", {"score": np.std}),
    ("the highest mean wins here: these are errors, so the lowest is the best", {"order": choice.turned}),
    ("the best single seed of the highest: these are errors, so the lowest mean is the best", {"score": np.max, "order": choice.turned}),
]  # fmt: skip
_MARGINS: list[tuple[str, Callable]] = [
    ("np.std divides by n: with n - 1 it is np.std(d, ddof=1), which counts with so few seeds", choice.with_n),
    ("the margin is in standard deviations of single seeds: divide those by sqrt(seeds)", lambda v: v.mean / v.std),
    ("the margin is in standard deviations of single seeds: divide those by sqrt(seeds)", lambda v: v.mean / v.d.std()),
    ("divided by the number of seeds: their root, sqrt(seeds)", lambda v: v.mean / (v.std / v.n)),
    ("the root is on the wrong side: the standard error is std / sqrt(seeds), smaller than std", lambda v: v.mean / (v.std * np.sqrt(v.n))),
    ("the spread is not paired: take the difference seed by seed first, then its standard deviation", lambda v: v.mean / np.sqrt((v.first.var(ddof=1) + v.other.var(ddof=1)) / v.n)),
    ("the spread is not paired: take the difference seed by seed first, then its standard deviation", lambda v: v.mean / np.sqrt((v.first.var() + v.other.var()) / v.n)),
    ("this is the spread of the best alone: the standard error of the paired difference is asked", lambda v: v.mean / (v.first.std(ddof=1) / np.sqrt(v.n))),
    ("this is the spread of the second alone: the standard error of the paired difference is asked", lambda v: v.mean / (v.other.std(ddof=1) / np.sqrt(v.n))),
    ("this is the spread of all errors together: the standard error of the paired difference is asked", lambda v: v.mean / (v.errors.std(ddof=1) / np.sqrt(v.n))),
    ("this is the spread of all errors together: the standard error of the paired difference is asked", lambda v: v.mean / v.errors.std()),
    ("the two standard deviations are subtracted: take that of the difference, seed by seed", lambda v: v.mean / ((v.other.std(ddof=1) - v.first.std(ddof=1)) / np.sqrt(v.n))),
    ("the opposite sign: the second lowest minus the lowest", lambda v: -v.mean / v.error),
    ("this is the difference itself: divide it by its standard error over the seeds", lambda v: v.scores[v.second] - v.scores[v.best]),
    ("this is the difference itself, turned round: the second minus the first, divided by its standard error", lambda v: -v.mean),
    ("this is the standard error: the difference divided by it", lambda v: v.error),
    ("this is the standard deviation: the difference divided by its standard error", lambda v: v.std),
    ("upside down: the difference divided by its standard error", lambda v: v.error / v.mean),
    ("multiplied by the standard error: divide by it", lambda v: v.mean * v.error),
    ("this is the variance in place of the standard deviation: take its root", lambda v: v.mean / (v.d.var(ddof=1) / np.sqrt(v.n))),
    ("this is the variance in place of the standard error: take its root", lambda v: v.mean / (v.d.var(ddof=1) / v.n)),
    ("the signs of the single differences are lost: their mean, not the mean of their sizes", lambda v: np.mean(abs(v.d)) / v.error),
    ("the differences are added up: their mean is asked", lambda v: v.d.sum() / v.error),
    ("the median of the differences: their mean is asked", lambda v: np.median(v.d) / v.error),
    ("relative to the best error: the unit of the margin is the standard error", lambda v: v.mean / v.first.mean()),
    ("relative to the second error: the unit of the margin is the standard error", lambda v: v.mean / v.other.mean()),
    ("divided by 1.96 as well: the unit is one standard error", lambda v: v.mean / (1.96 * v.error)),
    ("this is the margin to the worst: to the second lowest mean it is asked", choice.against(lambda v: v.errors[v.worst])),
    ("this is the margin to the first of the list: to the second lowest mean it is asked", choice.against(lambda v: v.errors[0])),
    ("this is the margin to the mean of all: to the second lowest mean it is asked", choice.against(lambda v: v.errors.mean(axis=0))),
    ("this is the margin to the next in the list: to the second lowest mean it is asked", choice.against(lambda v: v.errors[(v.best + 1) % len(v.errors)])),
]  # fmt: skip
_CLEAR = [(hint, margin) for hint, margin in _MARGINS if "standard deviations of single" in hint or "difference itself:" in hint or "opposite" in hint]  # fmt: skip


def _errors(*means: float, seeds: int, spread: float = 0.01) -> np.ndarray:
    """Draw errors around their means, with a part that all remedies of a seed share."""
    return np.array(means)[:, None] + spread * (_rng.randn(seeds) + 0.5 * _rng.randn(len(means), seeds))


best_remedy = Exercise(
    "best_remedy",
    lambda names, val_errors: choice.remedy()(names, val_errors),
    cases=[
        (["none", "dropout", "decay", "stopping"], _THREE),
        (["small", "large"], np.array([[0.10, 0.13, 0.11, 0.12, 0.10], [0.09, 0.11, 0.11, 0.11, 0.08]])),
        (["none", "shift", "zoom"], np.array([[0.3, 0.25, 0.2, 0.35], [0.2, 0.22, 0.1, 0.45], [0.22, 0.2, 0.21, 0.25]])),
        (["a", "b", "c", "d", "e"], _errors(0.08, 0.075, 0.09, 0.073, 0.1, seeds=5)),
        (["none", "dropout", "labels"], _errors(0.2, 0.18, 0.17, seeds=8)),
        (["p", "q", "r", "s"], _errors(0.30, 0.31, 0.33, 0.305, seeds=5, spread=0.02)),
        (["first", "second", "third"], np.array([[0.5, 0.1, 0.6], [0.3, 0.32, 0.34], [0.35, 0.36, 0.3]])),
    ],
    parts=("name", "margin"),
    observe=with_name,
    slips=[
        *(Slip(hint, choice.remedy(margin, **wrong)) for hint, wrong in _SCORES for margin in (choice.in_errors, choice.with_n)),
        *(Slip(hint, choice.remedy(margin)) for hint, margin in _MARGINS),
        *(Slip(both(a, b), choice.remedy(margin, **wrong)) for a, wrong in _SCORES for b, margin in _CLEAR),
        *alike("averaged over the remedies: each remedy has a row, so the mean over the seeds is .mean(axis=1)", *map(choice.along_remedies, (choice.in_errors, choice.with_n))),
        *alike("averaged over the remedies: each remedy has a row, so the mean over the seeds is .mean(axis=1)", *(choice.by_columns(names_first) for names_first in (True, False))),
        *alike("the lowest of all numbers is one seed of one remedy: the lowest mean over the seeds", *(lambda names, errors, margin=margin: (names[errors.argmin()], choice.remedy(margin)(names, errors)[1]) for margin in (choice.in_errors, choice.with_n))),
        *alike("averaged over the remedies: each remedy has a row, so the mean over the seeds is .mean(axis=1). The margin is another matter", *(lambda names, errors, margin=margin: (names[errors.mean(axis=0).argmin()], choice.remedy(margin)(names, errors)[1]) for margin in (choice.in_errors, choice.with_n))),
        *alike("the remedy that wins most often is asked of nobody: the lowest mean over the seeds", *(lambda names, errors, margin=margin: (names[np.bincount(errors.argmin(axis=0)).argmax()], choice.remedy(margin)(names, errors)[1]) for margin in (choice.in_errors, choice.with_n))),
        *alike("this is its place in the list: names[best] is its name", *(choice.remedy(margin, name=lambda v, first=first: v.best + first) for margin in (choice.in_errors, choice.with_n) for first in (0, 1))),
        *alike("this is its error: its name is asked", choice.remedy(name=lambda v: v.scores[v.best]), choice.remedy(name=lambda v: v.errors.min())),
        *alike("this is the second: the lowest mean error is the best", *(choice.remedy(margin, name=lambda v: v.names[v.second]) for margin in (choice.in_errors, choice.with_n))),
        *alike("this is the worst: the lowest mean error is the best", *(choice.remedy(margin, name=lambda v: v.names[v.worst]) for margin in (choice.in_errors, choice.with_n))),
        *alike("the order: the name first, then its margin", *(exchanged(choice.remedy(margin)) for margin in (choice.in_errors, choice.with_n))),
        Slip(NAME_ALONE, lambda names, val_errors: choice.remedy()(names, val_errors)[0]),
        *alike("each seed has its difference: their mean, in units of its standard error", choice.remedy(lambda v: v.d), choice.remedy(lambda v: v.d / v.error)),
        *alike(_LISTS, choice.remedy(lambda v: v.names[v.second]), choice.remedy(name=lambda v: v.names)),
    ],
    hint="The two lowest means over the seeds; d = second - first, seed by seed; the margin is mean(d) in units of s / sqrt(seeds), with s = np.std(d, ddof=1)",
    praise="With five seeds and below 3 or so, other seeds may turn the order round",
)  # fmt: skip
