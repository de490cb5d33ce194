"""Checks of lesson 14, its fourth part: smoothed labels, and the lowest loss against them."""

from collections.abc import Callable

import numpy as np

from helpers.check.engine import Exercise, Slip
from helpers.check.slips import alike
from helpers.check.wrong import then

_rng = np.random.RandomState(2016)
_Array = np.ndarray


# Smoothed labels


def _one_hot(labels: _Array, K: int) -> _Array:
    return np.eye(K)[labels]


def _mixed(of_label: Callable, of_others: Callable, K: Callable = lambda labels, K: K) -> Callable:
    """Make targets with of_label(eps, K) at the true class and of_others(eps, K) elsewhere; K may be another number."""

    def wrong(labels: _Array, num_classes: int, epsilon: float) -> _Array:
        size = K(labels, num_classes)
        hot = _one_hot(labels, num_classes)
        return np.where(hot == 1, of_label(epsilon, size), of_others(epsilon, size))

    return wrong


_smooth = _mixed(lambda eps, K: 1 - eps + eps / K, lambda eps, K: eps / K)
_NO_SUM = "it does not sum to one"
_SHARED = "eps / K is for every class, the true one too: its number is 1 - eps + eps / K"
_EXCHANGED = "epsilon and 1 - epsilon are exchanged: most of it stays at the true class"
_SPREAD = "another definition: it spreads epsilon over the other classes, eps / (K - 1). It sums to one as well, but Keras and Szegedy et al. spread it over all K, the true class too"
_COUNT = "K is num_classes, whichever labels occur"

smooth_labels = Exercise(
    "smooth_labels",
    lambda labels, num_classes, epsilon: _smooth(labels, num_classes, epsilon),
    cases=[
        (np.array([2, 0]), 3, 0.1),
        (_rng.randint(0, 10, 6).astype(np.uint8), 10, 0.1),
        (np.array([1, 2, 1, 0, 2]), 3, 0.3),
        (np.array([0, 1, 1], np.uint8), 2, 0.2),
        (np.array([3]), 5, 0.05),
        (np.array([0, 2, 4, 4]), 6, 0.0),
        (_rng.randint(0, 7, 12), 8, 0.4),
    ],
    slips=[
        Slip(f"{_NO_SUM}: epsilon is shared among the classes, eps / K for each", _mixed(lambda eps, K: 1.0, lambda eps, K: eps)),
        Slip(f"{_NO_SUM}, it sums to 1 - eps / K: {_SHARED}", _mixed(lambda eps, K: 1 - eps, lambda eps, K: eps / K)),
        Slip(f"{_NO_SUM}, it sums to 1 + eps: the one-hot part is multiplied by 1 - eps", _mixed(lambda eps, K: 1 + eps / K, lambda eps, K: eps / K)),
        Slip(f"{_NO_SUM}: the one-hot part is multiplied by 1 - eps", _mixed(lambda eps, K: 1 + eps, lambda eps, K: eps)),
        Slip(f"{_NO_SUM}: the true class gives up eps, and gets eps / K back", _mixed(lambda eps, K: 1.0, lambda eps, K: eps / K)),
        Slip(f"{_NO_SUM}: the true class gives up eps, and each of the others gets eps / K of it", _mixed(lambda eps, K: 1 - eps, lambda eps, K: eps)),
        Slip(_SPREAD, _mixed(lambda eps, K: 1 - eps, lambda eps, K: eps / (K - 1))),
        Slip(f"{_NO_SUM}: eps / (K - 1) is for the others alone, in another definition. Here eps / K is for every class", _mixed(lambda eps, K: 1 - eps + eps / (K - 1), lambda eps, K: eps / (K - 1))),
        Slip("this sums to one, and takes eps away from the true class: it gets its own eps / K back", _mixed(lambda eps, K: 1 - (K - 1) * eps, lambda eps, K: eps)),
        Slip("not smoothed: this is one-hot, and epsilon is not in it", _mixed(lambda eps, K: 1.0, lambda eps, K: 0.0)),
        Slip("whole numbers cut 1 - eps to 0: an array with dtype=int holds no fractions", _mixed(lambda eps, K: int(1 - eps) + eps / K, lambda eps, K: eps / K)),
        Slip("every row has the labels of all: one_hot[:, labels] is whole columns, one_hot[np.arange(n), labels] one number in each row", lambda labels, K, eps: (1 - eps) * np.isin(np.arange(K), labels)[None].repeat(len(labels), 0) + eps / K),
        Slip("nothing is spread: what the true class gives up, eps, is shared by all", _mixed(lambda eps, K: 1 - eps, lambda eps, K: 0.0)),
        Slip("the true class alone is there: every other one has eps / K", _mixed(lambda eps, K: 1 - eps + eps / K, lambda eps, K: 0.0)),
        Slip("the others alone are there: the true class has 1 - eps + eps / K", _mixed(lambda eps, K: 0.0, lambda eps, K: eps / K)),
        Slip(_EXCHANGED, _mixed(lambda eps, K: eps + (1 - eps) / K, lambda eps, K: (1 - eps) / K)),
        Slip(f"{_EXCHANGED}. And {_NO_SUM}", _mixed(lambda eps, K: eps, lambda eps, K: 1 - eps)),
        Slip(f"{_EXCHANGED}. And eps / (K - 1) is another definition", _mixed(lambda eps, K: eps, lambda eps, K: (1 - eps) / (K - 1))),
        Slip("the true class is the lowest here: it keeps 1 - eps, and the others share", _mixed(lambda eps, K: eps / K, lambda eps, K: 1 - eps + eps / K)),
        Slip("K is 2 here, as for a yes or no: with K classes each gets eps / K", _mixed(lambda eps, K: 1 - eps / 2, lambda eps, K: eps / 2)),
        Slip("K is 10 here, whatever num_classes is", _mixed(lambda eps, K: 1 - eps + eps / 10, lambda eps, K: eps / 10)),
        Slip("epsilon is 0.1 here, whatever was given", _mixed(lambda eps, K: 0.9 + 0.1 / K, lambda eps, K: 0.1 / K)),
        Slip("divided by the number of samples: epsilon is shared among the classes, eps / K", _mixed(lambda eps, K: 1 - eps + eps / K, lambda eps, K: eps / K, lambda labels, K: len(labels))),
        Slip("the brackets: 1 - (eps + eps / K) takes eps / K away, it is given back", _mixed(lambda eps, K: 1 - eps - eps / K, lambda eps, K: eps / K)),
        Slip("the opposite sign: eps is taken from the true class and given to all", _mixed(lambda eps, K: 1 + eps - eps / K, lambda eps, K: -eps / K)),
        Slip("multiplied by K: eps is divided by it", _mixed(lambda eps, K: 1 - eps + eps * K, lambda eps, K: eps * K)),
        Slip("squared: eps is in it once", _mixed(lambda eps, K: 1 - eps**2 + eps**2 / K, lambda eps, K: eps**2 / K)),
        Slip("made to sum to one by division: (one_hot + eps) / (1 + K eps). Here the true class gives up eps, which all K share", _mixed(lambda eps, K: (1 + eps) / (1 + K * eps), lambda eps, K: eps / (1 + K * eps))),
        Slip("made to sum to one by division: here the true class gives up eps, which all K share", _mixed(lambda eps, K: (1 + eps / K) / (1 + eps), lambda eps, K: eps / K / (1 + eps))),
        Slip("made to sum to one by division: here the true class gives up eps, which all K share", _mixed(lambda eps, K: (1 - eps) / (1 - eps / K), lambda eps, K: eps / K / (1 - eps / K))),
        Slip(f"{_NO_SUM}: np.clip cuts each number on its own. (1 - eps) * one_hot + eps / K keeps the sum", lambda labels, K, eps: np.clip(_one_hot(labels, K), eps / K, 1 - eps / K)),
        Slip("np.eye(num_classes) has a row for each class: np.eye(num_classes)[labels] picks the row of each label", lambda labels, K, eps: (1 - eps) * np.eye(K) + eps / K),
        Slip("the labels are compared with each other: compare them with np.arange(num_classes)", lambda labels, K, eps: (1 - eps) * (labels[:, None] == labels) + eps / K),
        *alike(f"the number of columns comes from the labels: {_COUNT}", lambda labels, K, eps: _smooth(labels, labels.max() + 1, eps), lambda labels, K, eps: _mixed(lambda eps, _: 1 - eps + eps / K, lambda eps, _: eps / K)(labels, labels.max() + 1, eps)),
        Slip(f"eps is shared among the classes that occur: {_COUNT}", _mixed(lambda eps, K: 1 - eps + eps / K, lambda eps, K: eps / K, lambda labels, K: len(np.unique(labels)))),
        Slip(f"eps is shared among one class too few, up to the largest label: {_COUNT}", _mixed(lambda eps, K: 1 - eps + eps / K, lambda eps, K: eps / K, lambda labels, K: labels.max() + 1)),
        Slip("counted from 1: class 0 has column 0", lambda labels, K, eps: np.roll(_smooth(labels, K, eps), -1, axis=1)),
        Slip("counted from 1: class 0 has column 0, and K - 1 the last", lambda labels, K, eps: np.roll(_smooth(labels, K, eps), 1, axis=1)),
        Slip("the order of the classes is turned round: class 0 has column 0", then(_smooth, np.fliplr)),
        Slip("rows and columns are exchanged: a row for each sample, a column for each class", then(_smooth, np.transpose)),
        *alike("the labels themselves are smoothed: make them one-hot first, np.eye(num_classes)[labels]", lambda labels, K, eps: (1 - eps) * labels + eps / K, lambda labels, K, eps: (1 - eps) * labels[:, None] + eps / K),
        Slip("these are logarithms: probabilities are asked", then(_smooth, np.log)),
        Slip("the numbers are in one row: give them the shape (n, K)", then(_smooth, np.ravel)),
        Slip("these are the labels again: their smoothed rows are asked", lambda labels, K, eps: labels),
        Slip("this is one row for all samples: one for each is asked", then(_smooth, lambda out: out.mean(axis=0))),
        Slip("the number at the true class alone: a row of K numbers for each sample", then(_smooth, lambda out: out.max(axis=1))),
        Slip("epsilon is in percent here: 0.1 is a tenth", _mixed(lambda eps, K: 1 - eps / 100 + eps / 100 / K, lambda eps, K: eps / 100 / K)),
    ],
    hint="(1 - epsilon) * one_hot + epsilon / num_classes: every row sums to one",
    praise="Every row sums to one, and no logit must become infinite any more",
)  # fmt: skip


# The lowest loss

_floor = -(0.91 * np.log(0.91) + 0.09 * np.log(0.01))
_OTHER = "this is for 0.9 and nine times 0.1 / 9, or ten others are counted: here the true class has 0.91 and nine others have 0.01 each"

smoothing_floor = Exercise(
    "smoothing_floor",
    float(_floor),
    rtol=5e-3,
    slips=[
        Slip("0 is reached with one-hot labels: a smoothed label is no certainty, and its own entropy is left", 0),
        *alike("the term of the true class is minus the log of one probability, weighted by 1: weigh the logs of all ten classes by the smoothed label", -np.log(0.91), 0.094, 0.09, np.log(0.91)),
        *alike("minus the log of 0.9: the true class has 0.91, and the other nine count too", -np.log(0.9), 0.105, 0.11, 0.1054),
        *alike("this is the entropy of two classes, 0.9 and 0.1: nine classes share, each with 0.01", 0.3251, 0.33),
        *alike("this is the entropy of two classes, 0.91 and 0.09: nine classes share, each with 0.01", -(0.91 * np.log(0.91) + 0.09 * np.log(0.09)), 0.30),
        *alike(_OTHER, -(0.9 * np.log(0.9) + 0.1 * np.log(0.1 / 9)), 0.54, 0.55),
        *alike("this is ln 10, the loss of a model that knows nothing: it may know the label, all but the smoothing", np.log(10), 2.3),
        *alike("the sign: minus the sum, since logs of probabilities are negative", -_floor, -0.5),
        *alike("this is in bits, log2: the cross-entropy takes the natural log", _floor / np.log(2), 0.72),
        *alike("log10: the cross-entropy takes the natural log", _floor / np.log(10), 0.22),
        *alike("the first term alone: the other nine classes count too", -0.91 * np.log(0.91), 0.086),
        *alike("the nine others alone: the true class counts too", -0.09 * np.log(0.01), 0.41, 0.415),
        *alike("one of the nine others is missing, or eight: 9 times 0.01 ln 0.01", -(0.91 * np.log(0.91) + 0.01 * np.log(0.01)), 0.132, 0.13),
        *alike("0.9 at the true class: it gets its own 0.01 back, 0.91", -(0.9 * np.log(0.9) + 0.09 * np.log(0.01)), 0.51),
        *alike("0.9 at the true class, and ten others: 0.91 and nine times 0.01", -(0.9 * np.log(0.9) + 0.1 * np.log(0.01)), 0.56),
        *alike("divided by the ten classes: the cross-entropy sums over them", _floor / 10, 0.05),
        *alike("the weights are missing: each log is weighted by the smoothed label", -(np.log(0.91) + 9 * np.log(0.01)), 41.5),
        *alike("this is epsilon, or 1 - epsilon: the entropy of the smoothed label is asked", 0.1, 0.9, 0.91, 0.01),
        *alike("this is the loss against a one-hot label, or a power of it: the entropy of the smoothed label is asked", 1, np.exp(-_floor), 0.61),
        *alike("minus the log of 0.01: the true class counts, with 0.91", -np.log(0.01), 4.6),
    ],
    hint="The best prediction is the smoothed label itself: minus the sum of q ln q, with q once 0.91 and nine times 0.01",
    praise="So losses with and without smoothing cannot be compared: compare them against one-hot labels",
)  # fmt: skip
