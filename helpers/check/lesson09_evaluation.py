"""Checks of lesson 09, its second half: how to judge a model fairly, and how sure the digits make us."""

from collections.abc import Callable

import numpy as np

from helpers import metrics
from helpers.check import wrong_counts as met
from helpers.check import wrong_intervals as sure
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_metrics import two_rows
from helpers.check.slips import alike, both
from helpers.check.wrong import exchanged, then, times

_rng = np.random.RandomState(99)


# Counting what is taken for what

_ROW_TRUE = "rows and columns are exchanged: the row is the true class, the column the predicted one"
_PAIR_ONCE = "a pair that occurs twice is counted once: matrix[labels, predicted] += 1 writes, it does not add up. A loop does, and np.add.at(matrix, (labels, predicted), 1)"
_COUNTS = "counts are asked, not shares"
_SEEN = "the size comes from the classes that occur: (num_classes, num_classes) is asked, whatever occurs"
_FROM_0 = "counted from 1: the classes begin with 0, and class 0 has row 0 and column 0"


def _labels(n: int, k: int, never: int = -1) -> np.ndarray:
    return _rng.choice([c for c in range(k) if c != never], n)


confusion = Exercise(
    "confusion",
    metrics.confusion_matrix,
    cases=[
        (np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 0]), 3),
        (np.array([1, 0, 1, 1]), np.array([0, 0, 0, 1]), 4),
        (_labels(60, 10).astype(np.uint8), _labels(60, 10).astype(np.uint8), 10),
        (_labels(40, 5, 3), _labels(40, 5, 1), 5),
        (np.array([0, 1, 1, 0]), np.array([2, 2, 1, 0]), 3),
        (np.array([2]), np.array([0]), 3),
        (_labels(50, 10).astype(np.uint8), _labels(50, 10), 10),
    ],
    slips=[
        Slip(_ROW_TRUE, met.counts(lambda m, t, p: m.T)),
        Slip(_PAIR_ONCE, met.once()),
        Slip(both(_PAIR_ONCE, _ROW_TRUE), met.once(lambda t, p: p, lambda t, p: t)),
        *alike("only what is right is counted: the mistakes belong beside the diagonal", met.counts(lambda m, t, p: np.diag(np.diag(m))), met.counts(lambda m, t, p: np.diag(m))),
        Slip("only the mistakes are counted: what is right belongs on the diagonal", met.counts(lambda m, t, p: m - np.diag(np.diag(m)))),
        *alike(f"divided by the number of all: {_COUNTS}", met.counts(lambda m, t, p: m / len(t)), met.counts(lambda m, t, p: 100 * m / len(t))),
        *alike(f"divided by the sums of the rows: {_COUNTS}", *(met.counts(lambda m, t, p, by=by: by(m, m.sum(axis=1, keepdims=True))) for by in (met.raw, met.share))),
        *alike(f"divided by the sums of the columns: {_COUNTS}", *(met.counts(lambda m, t, p, by=by: by(m, m.sum(axis=0, keepdims=True))) for by in (met.raw, met.share))),
        *alike(_SEEN, met.seen, met.seen_apart, lambda t, p, k: met.confusion_matrix(t, p, max(t.max(), p.max()) + 1), lambda t, p, k: met.confusion_matrix(t, p, len(np.union1d(t, p)))),
        Slip(_SEEN, lambda t, p, k: met.at()(t, p, t.max() + 1)),
        Slip("np.bincount ends at the largest number that occurs: it takes minlength=num_classes**2", met.without_minlength),
        Slip("np.histogram2d cuts from the smallest to the largest value: the classes go from 0 to num_classes - 1", lambda t, p, k: np.histogram2d(t, p, bins=k)[0]),
        *alike(_FROM_0, met.at(lambda t, p: t - 1, lambda t, p: p - 1), met.at(more=1), met.at(lambda t, p: t + 1, lambda t, p: p + 1, more=1), met.at(lambda t, p: t + 1, lambda t, p: p + 1)),
        Slip("the order of the classes is turned round: class 0 has row 0 and column 0", met.counts(lambda m, t, p: m[::-1, ::-1])),
        *alike("each pair is counted on both sides of the diagonal: the row is the true class alone", met.counts(lambda m, t, p: m + m.T), met.counts(lambda m, t, p: m + m.T - np.diag(np.diag(m)))),
        Slip("`[[0] * k] * k` holds one row k times, so all rows are counted together: np.zeros((k, k))", met.in_one_list),
        Slip("`and` wants one answer, and so do two comparisons in a chain: (labels == i) & (predicted == j), each in parentheses", met.of_classes(lambda t, p, i, j: np.sum(t == i and p == j))),
        Slip("| counts what holds for one of the two: & for both", met.of_classes(lambda t, p, i, j: np.sum((t == i) | (p == j)))),
        Slip("this says whether both agree: & counts what holds for both", met.of_classes(lambda t, p, i, j: np.sum((t == i) == (p == j)))),
        Slip("the counts of labels and predictions are multiplied: count how often both occur on the same digit", lambda t, p, k: np.outer(np.bincount(t, minlength=k), np.bincount(p, minlength=k))),
        Slip("this table has a row and a column for each sample, not for each class: one_hot(labels).T @ one_hot(predicted) is (K, K)", lambda t, p, k: np.eye(k)[t] @ np.eye(k)[p].T),
        Slip("whole rows are counted: rows and columns go in as a pair, np.add.at(matrix, (labels, predicted), 1)", met.whole_rows),
        Slip("whole rows are counted: matrix[label, guess] += 1 has two numbers in its brackets", lambda t, p, k: np.repeat(np.bincount(t, minlength=k)[:, None], k, axis=1)),
        Slip("the first pair alone is counted: does `return` stand inside the loop?", lambda t, p, k: met.confusion_matrix(t[:1], p[:1], k)),
        *alike("one sample is missing: the loop goes over all of them, the first and the last too", lambda t, p, k: met.confusion_matrix(t[1:], p[1:], k), lambda t, p, k: met.confusion_matrix(t[:-1], p[:-1], k)),
        Slip("the loop goes over the classes, range(num_classes): it goes over the samples, each with its label and its prediction", met.over_classes),
        *alike("this counts the classes, one number each: a row for each true class and a column for each predicted one is asked", *(met.counts(lambda m, t, p, i=i: m.sum(axis=i)) for i in (0, 1))),
        *alike("this is the accuracy, or what is right: a table of counts is asked", lambda t, p, k: np.mean(t == p), lambda t, p, k: np.sum(t == p), lambda t, p, k: t == p),
        Slip("the numbers are in one row: give them the shape (num_classes, num_classes)", met.counts(lambda m, t, p: m.ravel())),
        Slip("still all zeros: count each pair", lambda t, p, k: np.zeros((k, k))),
        Slip("this is the identity: count each pair", lambda t, p, k: np.eye(k)),
        *alike("the labels meet themselves, or the predictions: matrix[label, guess]", *(met.counts(lambda m, t, p, i=i: np.diag(m.sum(axis=i))) for i in (0, 1))),
        Slip("each pair counts twice: raise its count by 1", met.counts(lambda m, t, p: 2 * m)),
        Slip("every count begins with 1: begin with np.zeros", met.counts(lambda m, t, p: m + 1)),
    ],
    hint="matrix[label, guess] is raised by 1 for every digit, also where the pair was seen before",
)  # fmt: skip


# Precision, recall and F1

_NAN = "0/0 is nan: return 0 where a class was never predicted, or never occurs"
_BY_COLUMN = "precision divides by what was predicted as the class, the sum of its column, axis=0"
_BY_ROW = "recall divides by what is of the class, the sum of its row, axis=1"
_EACH = "one number for each class is asked, shape (K,)"

_three = np.array([[5, 2, 0], [1, 6, 3], [0, 1, 2]])
_never_predicted = np.array([[4, 0, 1, 0], [2, 0, 0, 3], [0, 0, 7, 1], [1, 0, 1, 5]])
_MATRICES = [
    (_three,),
    (np.array([[90, 10], [3, 7]]),),
    (_never_predicted,),
    (_never_predicted.T,),
    (np.array([[3, 0, 1], [0, 0, 0], [2, 0, 4]]),),
    (_rng.randint(0, 9, (10, 10)) + 20 * np.eye(10, dtype=int),),
    (np.array([[2, 1, 0], [4, 0, 5], [0, 2, 0]]),),
]


def _rates(hint: str, make: Callable) -> list[Slip]:
    """Make slips of one wrong make(share): 0/0 as 0, and as nan, which is a slip of its own."""
    return [Slip(hint, make(met.share)), Slip(both(hint, _NAN), make(met.raw))]


precision_recall = Exercise(
    "precision_recall",
    metrics.precision_recall,
    cases=_MATRICES,
    parts=("precision", "recall"),
    observe=two_rows,
    slips=[
        Slip(_NAN, met.rates()(met.raw)),
        *alike("0 is asked where a class was never predicted, or never occurs", *(met.rates()(met.filled(value)) for value in (1, 0.5, np.inf, -1))),
        Slip("Python cannot divide by 0: return 0 where a class was never predicted, or never occurs", met.in_python),
        *_rates("precision and recall are exchanged: precision divides by the column, what was predicted; recall by the row, what is true", lambda share: exchanged(met.rates()(share))),
        *_rates(f"this is the recall. {_BY_COLUMN}", met.rates(precision=met.rows)),
        *_rates(f"this is the precision. {_BY_ROW}", met.rates(recall=met.columns)),
        Slip("divided by the number of all samples: precision divides by the sums of the columns, recall by those of the rows", met.rates(met.total, met.total)(met.share)),
        *_rates(f"divided by the number of all samples: {_BY_COLUMN}", met.rates(precision=met.total)),
        *_rates(f"divided by the number of all samples: {_BY_ROW}", met.rates(recall=met.total)),
        *_rates("the mistakes alone are in the denominators: the whole column, the whole row belongs there, the diagonal too", met.rates(met.off(met.columns), met.off(met.rows))),
        *_rates(f"the mistakes alone are in the denominator: {_BY_COLUMN}, with the diagonal", met.rates(precision=met.off(met.columns))),
        *_rates(f"the mistakes alone are in the denominator: {_BY_ROW}, with the diagonal", met.rates(recall=met.off(met.rows))),
        *_rates("this is the share of the mistakes, 1 minus what is asked: the diagonal is divided", met.rates(part=met.off(met.columns), recall_part=met.off(met.rows))),
        Slip("this is 1 minus what is asked, the share of the mistakes: the diagonal is divided", then(metrics.precision_recall, lambda two: tuple(1 - each for each in two))),
        *_rates("the diagonal is divided by the column and by the row: here one of the two sums stands on top", met.rates(part=met.columns, recall_part=met.rows, precision=met.diagonal, recall=met.diagonal)),
        *_rates("these are percent: shares from 0 to 1 are asked", lambda share: times(100, met.rates()(share))),
        Slip("three things come back, the F1 or the support too: return precision and recall alone", lambda m: (*metrics.precision_recall(m), metrics.f1_scores(m))),
        *_rates(f"these are the means over the classes: {_EACH}", lambda share: then(met.rates()(share), lambda two: tuple(map(np.mean, two)))),
        *_rates(f"these are the means over the classes, weighted by how often each occurs: {_EACH}", lambda share: lambda m: tuple(np.average(of, weights=met.rows(m)) for of in met.rates()(share)(m))),
        *alike("this is the accuracy: each class has its own precision and recall", lambda m: (m.trace() / m.sum(),) * 2, lambda m: m.trace() / m.sum()),
        *alike("everything that is right stands on top: each class has its own number on the diagonal", *(lambda m, by=by: (by(m.trace(), met.columns(m)), by(m.trace(), met.rows(m))) for by in (met.share, met.raw))),
        *_rates("this is the specificity, the share of the other classes that was seen as such. " + _BY_ROW, met.rates(recall=lambda m: met.total(m) - met.rows(m), recall_part=met.true_negatives)),
        Slip("this is the accuracy of each class against the rest: precision and recall leave out what has nothing to do with the class", met.rates(met.total, met.total, met.agreed, met.agreed)(met.share)),
        *alike("the whole table is divided: the diagonal alone is asked, np.diagonal(matrix)", *(lambda m, by=by: (by(m, m.sum(axis=0)), by(m, m.sum(axis=1, keepdims=True))) for by in (met.raw, met.share))),
        *alike("the whole table is divided: the diagonal alone is asked, np.diagonal(matrix)", *(lambda m, by=by: (by(m, m.sum(axis=0)), by(m, m.sum(axis=1))) for by in (met.raw, met.share))),
        *alike("this divides by the largest: the sums of the columns and rows belong there", met.rates(lambda m: m.max(axis=0), lambda m: m.max(axis=1))(met.share), met.rates(lambda m: m.max(axis=0), lambda m: m.max(axis=1))(met.raw)),
        Slip("these are the counts of the diagonal: divide them by the sums of the columns and of the rows", lambda m: (np.diagonal(m), np.diagonal(m))),
        Slip("these are the sums: divide the diagonal by them", lambda m: (met.columns(m), met.rows(m))),
        Slip("1 is added to every sum: put it in where the sum is 0 alone, np.maximum(sum, 1)", lambda m: (np.diagonal(m) / (met.columns(m) + 1), np.diagonal(m) / (met.rows(m) + 1))),
        Slip("// leaves whole numbers: / gives the shares", lambda m: (np.diagonal(m) // np.maximum(met.columns(m), 1), np.diagonal(m) // np.maximum(met.rows(m), 1))),
        Slip("the two are in one row: return precision and recall apart", then(metrics.precision_recall, np.concatenate)),
        Slip("the class that was never predicted, or never occurs, is left out: it keeps its place, with a 0", met.left_out),
    ],
    hint="The diagonal, divided by the sums of the columns (precision) and of the rows (recall)",
    praise="Precision: can you trust the answer? Recall: is everything found?",
)  # fmt: skip


macro_f1 = Exercise(
    "macro_f1",
    lambda matrix: np.mean(metrics.f1_scores(matrix)),
    cases=_MATRICES,
    slips=[
        *alike("0/0 is nan: where precision and recall are 0, or cannot be computed, the F1 is 0", met.scores(met.harmonic)(met.raw), met.scores(lambda p, r, share: met.raw(2 * p * r, p + r))(met.share), lambda m: np.mean(met.raw(2 * met.diagonal(m), met.rows(m) + met.columns(m)))),
        *alike("a class whose share is 0/0 is left out of the mean: its F1 is 0, and it counts", met.of_those_seen(), met.of_those_seen(lambda p, r: met.raw(2 * p * r, p + r)), met.seen_in_either),
        *_rates("the F1 of the mean precision and the mean recall: take the F1 of each class first, then the mean", lambda share: met.scores(lambda p, r, share: met.harmonic(p.mean(), r.mean(), share))(share)),
        Slip("np.maximum(..., 1) is for counts: P + R may be below 1, so np.where(total > 0, total, 1)", met.scores(lambda p, r, share: 2 * p * r / np.maximum(p + r, 1))(met.share)),
        Slip("this is the accuracy (the micro F1): take the F1 of each class, then the mean", lambda m: m.trace() / m.sum()),
        Slip("weighted by how often each class occurs: in the macro F1 every class counts the same", met.weighted_f1),
        *(slip for hint, of in met.F1_FORMULAS for slip in _rates(hint, met.scores(of))),
        *(slip for hint, back in met.F1_MEANS for slip in _rates(hint, met.scores(met.harmonic, back))),
        *alike("one class alone, the first or the last: the mean over all is asked. Does `return` stand inside a loop, or `f1 =` where the numbers are collected?", lambda m: metrics.f1_scores(m)[0], lambda m: metrics.f1_scores(m)[-1]),
        *alike("divided by the number of samples: the mean over the classes is asked", lambda m: metrics.f1_scores(m).sum() / m.sum(), lambda m: metrics.f1_scores(m).sum() / m.size),
    ],
    hint="For each class 2PR / (P + R), 0 where both are 0; then the mean over the classes",
    praise="Every class counts the same, however rare it is",
)  # fmt: skip


# How sure n digits make us

_ONE_ERROR = "this is one standard error to each side, about 68 %: 1.96 of them make 95 %"
_Z95 = (1.96, 1.959964, 2.0)
_ROUGHLY = (1.96, 2.0)  # where the fourth digit does not show
_OFTEN = (1.96, 1)  # the factors that slips come with

accuracy_interval = Exercise(
    "accuracy_interval",
    lambda num_right, n: metrics.accuracy_interval(num_right, n),
    cases=[(980, 1000), (45, 50), (9780, 10000), (905, 1000), (5, 20), (300, 400)],
    parts=("low", "high"),
    also_right=[*(sure.interval(sure.standard(z, less)) for z in _Z95 for less in (0, 1)), *map(sure.wilson, _Z95)],
    slips=[
        *alike(_ONE_ERROR, *(sure.interval(sure.standard(1, less)) for less in (0, 1)), sure.wilson(1)),
        *alike("this is for 90 %: 1.96 standard errors make 95 %", *(sure.interval(sure.standard(z)) for z in (1.64, 1.645))),
        *alike("this is for 99 %, or for more: 1.96 standard errors make 95 %", *(sure.interval(sure.standard(z)) for z in (2.326, 2.576, 2.58, 3))),
        *alike("half as wide: 1.96 standard errors go to each side", *(sure.interval(sure.standard(z / 2)) for z in (1.96,))),
        *alike("twice as wide: 1.96 standard errors to each side", *(sure.interval(sure.standard(2 * z)) for z in _ROUGHLY)),
        Slip("1.96 is squared, and the root is missing: 1.96 * sqrt(p (1 - p) / n)", sure.interval(lambda p, n: 1.96**2 * p * (1 - p) / n)),
        Slip("1.96 is squared: 1.96 standard errors to each side", sure.interval(sure.standard(1.96**2))),
        *alike("1.96 stands inside the root: it multiplies the root", sure.interval(lambda p, n: np.sqrt(1.96 * p * (1 - p) / n)), sure.interval(lambda p, n: np.sqrt(2 * p * (1 - p) / n))),
        *alike("0.95 is the share: 1.96 standard errors belong to it", sure.interval(sure.standard(0.95)), sure.interval(sure.standard(0.975))),
        *(Slip(both(hint, _ONE_ERROR if z == 1 else ""), sure.interval(half)) for z in _OFTEN for hint, half in sure.half_widths(z)),
        *alike("sqrt(p) / n is no standard error: sqrt(p (1 - p) / n)", sure.interval(lambda p, n: np.sqrt(p) / n), sure.interval(lambda p, n: 1.96 * np.sqrt(p) / n)),
        *alike("the brackets: p * 1 - p is 0. p * (1 - p)", sure.interval(lambda p, n: 0.0)),
        *alike("both p are missing: sqrt(p (1 - p) / n)", *(sure.interval(lambda p, n, z=z: z / np.sqrt(n)) for z in _ROUGHLY)),
        *(slip for half in [sure.standard(z) for z in _OFTEN] for slip in [
            Slip("this is the half width: the interval goes from p minus it to p plus it", lambda k, n, half=half: (-half(k / n, n), half(k / n, n))),
            Slip("these are the center and the half width: low is p minus it, high is p plus it", lambda k, n, half=half: (k / n, half(k / n, n))),
            Slip("the order: low first, then high", lambda k, n, half=half: (k / n + half(k / n, n), k / n - half(k / n, n))),
            Slip("this is percent: accuracies from 0 to 1 are asked", times(100, sure.interval(half))),
            Slip("these are counts: divide by n", sure.interval(lambda p, n, half=half: n * half(p, n), lambda k, n: k)),
            Slip("the center is the count: p = num_right / n", sure.interval(half, lambda k, n: k)),
            Slip("this is the interval of the error rate: num_right counts what is right", sure.interval(half, lambda k, n: 1 - k / n)),
            Slip("p itself is one end: low is p minus the half width, high is p plus it", lambda k, n, half=half: (k / n - half(k / n, n), k / n)),
            Slip("p itself is one end: low is p minus the half width, high is p plus it", lambda k, n, half=half: (k / n, k / n + half(k / n, n))),
        ]),
        Slip("the root of a negative number is nan: p = num_right / n, and 1 - p are both between 0 and 1", sure.interval(lambda p, n: np.nan)),
        Slip("upside down: p = num_right / n", sure.interval(sure.standard(1.96), lambda k, n: n / k)),
        Slip("one number came back: both ends of the interval are asked, p minus and p plus the half width", lambda k, n: k / n),
        Slip("three numbers came back: low and high alone are asked", lambda k, n: (0, 0, 0)),
        Slip("// leaves whole numbers: p = num_right / n", lambda k, n: sure.interval(sure.standard(1.96))(n * (k // n), n)),
    ],
    hint="p = num_right / n, minus and plus 1.96 * sqrt(p * (1 - p) / n)",
)  # fmt: skip


_p, _half = 0.98, 0.005
_variance = _p * (1 - _p)

digits_needed = Exercise(
    "digits_needed",
    1.96**2 * _variance / _half**2,
    rtol=1.3e-3,
    also_right=[4 * _variance / _half**2],
    slips=[
        *alike("this is rounded: give three digits, or the whole number", 3000, 3050, 3100),
        Slip("this is one standard error, about 68 %: 1.96 of them make 95 %. (Or 2 of them, and a whole point)", _variance / _half**2),
        Slip("1.96 is squared too: n = (1.96 / 0.005)² p (1 - p)", 1.96 * _variance / _half**2),
        *alike("half a point to each side: this is for half a point altogether", *(z**2 * _variance / (_half / 2) ** 2 for z in _ROUGHLY)),
        *alike("this is for ±1 point: half a point is 0.005", *(z**2 * _variance / 0.01**2 for z in _OFTEN)),
        *alike("this is for p = 1/2, or without p: near 98 % p (1 - p) is 0.98 · 0.02", 1 / _half**2, *(z**2 * 0.25 / _half**2 for z in (*_ROUGHLY, 1))),
        *alike("p (1 - p) is missing: the variance of one digit is 0.98 · 0.02", *(z**2 / _half**2 for z in _ROUGHLY)),
        *alike("p is missing: the variance of one digit is 0.98 · 0.02", *(z**2 * (1 - _p) / _half**2 for z in (*_ROUGHLY, 1))),
        *alike("1 - p is missing: the variance of one digit is 0.98 · 0.02", *(z**2 * _p / _half**2 for z in (*_ROUGHLY, 1))),
        *alike("0.005 is squared too: n = (1.96 / 0.005)² p (1 - p)", *(z**i * _variance / _half for z in (1.96,) for i in (1, 2))),
        *alike("the last square is missing: this is √n", 55, *(z * _variance**0.5 / _half for z in (*_ROUGHLY, 1))),
        *alike("half a point is 0.005, not 0.05; and 1.96 and 0.005 are both squared", 30, 31, *(z**2 * _variance / 0.05**2 for z in (*_ROUGHLY, 1))),
        *alike("half a point is 0.005, not 0.5", *(z**2 * _variance / 0.5**2 for z in (*_ROUGHLY, 1))),
        *alike("half a point is 0.005, not 0.0005", *(z**2 * _variance / 0.0005**2 for z in (*_ROUGHLY, 1))),
        *alike("the root of p (1 - p) is squared too: n = (1.96 / 0.005)² p (1 - p)", *(z**i * _variance**0.5 / _half**2 for z in (*_ROUGHLY, 1) for i in (1, 2))),
        *alike("p (1 - p) is squared here: it is a variance already", *(z**2 * _variance**2 / _half**2 for z in (*_ROUGHLY, 1))),
        *alike("this is for 90 %: 1.96 standard errors make 95 %", *(z**2 * _variance / _half**2 for z in (1.64, 1.645))),
        *alike("this is for 99 %: 1.96 standard errors make 95 %", *(z**2 * _variance / _half**2 for z in (2.576, 2.58, 3))),
        *alike("0.95 is the share: 1.96 standard errors belong to it", 0.95**2 * _variance / _half**2),
        *alike("percent and shares are mixed: 98 % is 0.98, half a point 0.005", *(z**2 * 98 * 2 / _half**2 for z in _ROUGHLY), *(z**2 * 98 * -97 / 0.5**2 for z in _ROUGHLY)),
    ],
    hint="Solve 1.96 · sqrt(p (1 - p) / n) = 0.005 for n, with p = 0.98",
    praise="For half the width it takes four times as many",
)  # fmt: skip


# Two models on the same digits

_OF_ONE = "one standard error: 1.96 of them are asked"
_DIGITS_DIFFER = "these are shares of the digits on which the models differ: the mean goes over all n"
_Z3 = [(z, kind) for z in _Z95 for kind in sure.KINDS]
_LIKELY = [(1.96, sure.per_digit), (1.96, sure.sample), (1.96, sure.mcnemar), (2, sure.per_digit)]

better = Exercise(
    "better",
    lambda right_1, right_2: metrics.paired_difference(right_1, right_2),
    cases=[
        (np.array([1, 1, 0, 1, 0, 1, 1, 0, 1, 1], bool), np.array([1, 0, 1, 1, 1, 1, 1, 1, 1, 1], bool)),
        (np.array([1, 1, 1, 0], bool), np.array([0, 1, 0, 0], bool)),
        (_rng.rand(300) < 0.8, _rng.rand(300) < 0.9),
        (_rng.rand(1000) < 0.95, _rng.rand(1000) < 0.93),
        (np.array([1, 0, 1, 1, 0, 0], bool), np.array([0, 1, 1, 1, 0, 0], bool)),
        (np.array([1, 1, 1, 1, 0, 1, 0, 1], bool), np.array([1, 1, 1, 1, 1, 1, 1, 1], bool)),
    ],
    parts=("difference", "half_width"),
    also_right=[sure.compared(sure.error(*pair)) for pair in _Z3],
    slips=[
        Slip("NumPy subtracts no booleans: make numbers of them first, right_2.astype(float) - right_1.astype(float)", lambda right_1, right_2: right_2 - right_1),
        Slip("NumPy has no minus for booleans: make numbers of them first, right_1.astype(float)", lambda right_1, right_2: right_2 + -right_1),
        Slip("uint8 has no -1: 0 - 1 becomes 255. Make floats, right_2.astype(float)", sure.wrapped),
        *(Slip(hint, sure.compared(half)) for z in _OFTEN for kind in sure.KINDS[:2] for hint, half in sure.half_slips(z, kind)),
        *alike(_OF_ONE, *(sure.compared(sure.error(1, kind)) for kind in sure.KINDS)),
        *alike("this is for 90 %: 1.96 standard errors make 95 %", *(sure.compared(sure.error(z, kind)) for z in (1.64, 1.645) for kind in sure.KINDS[::2])),
        *alike("this is for 99 %: 1.96 standard errors make 95 %", *(sure.compared(sure.error(z, kind)) for z in (2.576, 2.58, 3) for kind in sure.KINDS[::2])),
        *alike("twice as wide: the half width goes to each side", *(sure.compared(sure.error(2 * z, kind)) for z, kind in _LIKELY)),
        *alike("half as wide: 1.96 standard errors go to each side", *(sure.compared(sure.error(z / 2, kind)) for z, kind in _LIKELY[:3])),
        *alike("the first minus the second: the second minus the first is asked", *(lambda a, b, pair=pair: sure.compared(sure.error(*pair))(b, a) for pair in [*_LIKELY, *((1, kind) for kind in sure.KINDS)])),
        *(Slip(both(hint, _OF_ONE if z == 1 else ""), sure.unpaired(half)) for z in _OFTEN for hint, half in sure.without_pairs(z)),
        *alike("^ and != lose the sign: where the first alone is right d is -1", *(sure.compared(lambda d, n, z=z, less=less: z * np.std(d != 0, ddof=less) / np.sqrt(n)) for z in _OFTEN for less in (0, 1))),
        *alike(_DIGITS_DIFFER, *(sure.among_differing(z, less) for z in _OFTEN for less in (0, 1))),
        Slip("this is the share of digits on which the models differ: the second accuracy minus the first is asked", sure.compared(sure.error(1.96), lambda d: np.mean(d != 0))),
        Slip("this is the size of the difference: keep its sign", sure.compared(sure.error(1.96), lambda d: abs(d.mean()))),
        Slip("the difference is counted, in digits: divide by n", sure.compared(sure.error(1.96), np.sum)),
        *alike("this is percent: the difference of shares from 0 to 1 is asked", sure.compared(sure.error(1.96), lambda d: 100 * d.mean()), *(times(100, sure.compared(sure.error(*pair))) for pair in _LIKELY)),
        *alike("these are the ends of the interval: return the difference and the half width", *(lambda a, b, pair=pair: sure.ends(sure.compared(sure.error(*pair))(a, b)) for pair in [*_LIKELY, (1, sure.per_digit)])),
        *alike("the order: the difference first, then the half width", *(exchanged(sure.compared(sure.error(*pair))) for pair in [*_LIKELY, (1, sure.per_digit)])),
        Slip("the differences of the single digits: take their mean", sure.compared(sure.error(1.96), lambda d: d)),
        Slip("this is the gain among the digits that differ: the mean goes over all n", sure.compared(sure.error(1.96), lambda d: met.share(d.sum(), np.sum(d != 0)))),
        *alike("these are the two accuracies: return their difference, and its half width", lambda a, b: (a.mean(), b.mean()), lambda a, b: (b.mean(), a.mean())),
        *alike("the second accuracy relative to the first: subtract", lambda a, b: (b.mean() / a.mean(), sure.compared(sure.error(1.96))(a, b)[1]), lambda a, b: (b.mean() / a.mean() - 1, sure.compared(sure.error(1.96))(a, b)[1])),
        Slip("one number came back: the difference is asked, and its half width", lambda a, b: b.mean() - a.mean()),
        Slip("three numbers came back: the difference and its half width alone are asked", lambda a, b: (0, 0, 0)),
    ],
    hint="d = right_2 - right_1 is -1, 0 or 1 for each digit: its mean, and 1.96 of its standard deviations divided by sqrt(n)",
    praise="If the half width is larger than the difference, these digits do not tell which model is better",
)  # fmt: skip
