"""The metrics by hand equal scikit-learn's, and the intervals hold what they promise."""

import numpy as np
import pytest
from sklearn import metrics as theirs

from helpers.metrics import accuracy_interval, confusion_matrix, f1_scores, paired_difference, precision_recall, r2

# rows, classes; with 5 rows and 10 classes most are never predicted, and many never occur
CASES = [(1000, 10), (200, 3), (50, 2), (5, 10), (1, 4), (12, 1)]
all_cases = pytest.mark.parametrize(("n", "num_classes"), CASES)


def guesses(n, num_classes, seed=0):
    """Return labels and predictions, two in three of them right; the last class is never predicted."""
    rng = np.random.default_rng([seed, n, num_classes])
    labels = rng.integers(num_classes, size=n)
    predicted = np.where(rng.random(n) < 2 / 3, labels, rng.integers(num_classes, size=n))
    predicted[predicted == num_classes - 1] = 0
    return labels, predicted


# R squared


@pytest.mark.parametrize("shape", [(2,), (50,), (50, 1), (1000,)])
def test_r2_is_scikit_learns(shape):
    rng = np.random.default_rng(0)
    y = 150 + 70 * rng.standard_normal(shape)
    for noise in (0, 1, 70, 700):
        y_hat = y + noise * rng.standard_normal(shape)
        assert r2(y, y_hat) == pytest.approx(theirs.r2_score(y, y_hat), rel=1e-12)
    assert isinstance(r2(y, y), float) and r2(y, np.full(shape, y.mean())) == 0
    assert r2(y, y_hat) != pytest.approx(r2(y_hat, y))  # the order matters


def test_r2_of_whole_numbers_does_not_overflow():
    y, y_hat = np.array([0, 200, 100], np.uint8), np.array([200, 0, 100], np.uint8)
    assert r2(y, y_hat) == pytest.approx(-3)


@pytest.mark.parametrize(
    ("y", "y_hat", "words"),
    [
        (
            np.arange(4),
            np.ones((4, 1)),
            r"y_hat has shape \(4, 1\): they must be the same: .*y_hat\[:, 0\]",
        ),
        (np.arange(4), np.arange(3), r"they must be the same\.$"),
        (np.eye(4), np.eye(4), "one number for each row"),
        (1.0, 1.0, "one number for each row"),
        ([], [], "two different numbers"),
        ([3.0], [3.0], "two different numbers"),
        ([0.1] * 7, np.arange(7), "two different numbers"),
    ],
)
def test_r2_that_has_no_meaning_says_why(y, y_hat, words):
    with pytest.raises(ValueError, match=words):
        r2(y, y_hat)


# Confusion, precision, recall, F1


@pytest.mark.filterwarnings("ignore:A single label was found")
@all_cases
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.int8])
def test_the_confusion_matrix_is_scikit_learns(n, num_classes, dtype):
    labels, predicted = guesses(n, num_classes)
    ours = confusion_matrix(labels.astype(dtype), predicted, num_classes)
    expected = theirs.confusion_matrix(labels, predicted, labels=range(num_classes))
    np.testing.assert_array_equal(ours, expected)
    assert ours.dtype == np.int64 and ours.sum() == n


def test_more_classes_than_a_small_type_can_multiply():
    labels, predicted = np.array([99, 99, 3], np.uint8), np.array([98, 98, 3], np.uint8)
    matrix = confusion_matrix(labels, predicted, 100)
    assert matrix[99, 98] == 2 and matrix[3, 3] == 1 and matrix.sum() == 3


def test_no_rows_are_counted_as_none():
    assert confusion_matrix(np.array([], int), np.array([], int), 2).tolist() == [[0, 0], [0, 0]]


@all_cases
@pytest.mark.parametrize("seed", range(5))
def test_precision_recall_and_f1_are_scikit_learns(n, num_classes, seed):
    labels, predicted = guesses(n, num_classes, seed)
    matrix = confusion_matrix(labels, predicted, num_classes)
    precision, recall = precision_recall(matrix)
    same = {"labels": range(num_classes), "average": None, "zero_division": 0}
    np.testing.assert_allclose(precision, theirs.precision_score(labels, predicted, **same), rtol=1e-12)
    np.testing.assert_allclose(recall, theirs.recall_score(labels, predicted, **same), rtol=1e-12)
    np.testing.assert_allclose(f1_scores(matrix), theirs.f1_score(labels, predicted, **same), rtol=1e-12)
    macro = theirs.f1_score(labels, predicted, **same | {"average": "macro"})
    assert f1_scores(matrix).mean() == pytest.approx(macro, rel=1e-12)
    assert precision.shape == recall.shape == f1_scores(matrix).shape == (num_classes,)


def test_f1_is_the_harmonic_mean():
    matrix = confusion_matrix(*guesses(1000, 10), 10)
    precision, recall = precision_recall(matrix)
    known = precision + recall > 0
    assert not known[-1] and known[:-1].all()
    np.testing.assert_allclose(f1_scores(matrix)[known], 2 / (1 / precision[known] + 1 / recall[known]))


def test_nothing_to_share_gives_0_without_a_warning(recwarn):
    matrix = [[5, 0, 0], [2, 0, 0], [0, 0, 0]]  # class 1 is never predicted, class 2 is not there at all
    precision, recall = precision_recall(matrix)
    assert precision.tolist() == [5 / 7, 0, 0] and recall.tolist() == [1, 0, 0]
    assert f1_scores(matrix).tolist() == [10 / 12, 0, 0] and not recwarn.list


@pytest.mark.parametrize(
    ("labels", "predicted", "num_classes", "words"),
    [
        ([0, 1], [0, 1, 1], 2, "2 labels and 3 predictions"),
        ([0, 1], [0, 2], 2, "predicted must be 0 to 1, found 0 to 2"),
        ([-1, 1], [0, 1], 2, "labels must be 0 to 1, found -1 to 1"),
        ([0, 1], [0.2, 0.9], 2, "predicted must be whole numbers"),
        ([0, 1], np.eye(2), 2, r"predicted has a row of 2 for each sample: \.argmax\(axis=1\)"),
        (
            [0, 1],
            np.ones((2, 1)),
            2,
            r"predicted must be whole numbers of shape \(n,\), found .* \(2, 1\)",
        ),
        ([0, 1], [0, 1], 0, "num_classes must be a whole number of 1 or more"),
        ([0, 1], [0, 1], 2.0, "found 2.0"),
    ],
)
def test_what_cannot_be_counted_says_why(labels, predicted, num_classes, words):
    with pytest.raises(ValueError, match=words):
        confusion_matrix(labels, predicted, num_classes)


@pytest.mark.parametrize("score", [precision_recall, f1_scores])
@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.ones((2, 3)), r"has shape \(K, K\).*found \(2, 3\)"),
        ([1, 2], r"found \(2,\)"),
        (np.ones((0, 0)), r"found \(0, 0\)"),
        ([[1, -1], [0, 1]], "holds counts"),
        ([[1, np.nan], [0, 1]], "holds counts"),
        ([[True, False], [False, True]], "holds counts"),
    ],
)
def test_what_is_no_confusion_matrix_says_why(score, matrix, words):
    with pytest.raises(ValueError, match=words):
        score(matrix)


# How sure we can be


def test_the_interval_is_that_of_the_normal_approximation():
    from scipy.stats import norm

    for num_right, n in ((980, 1000), (1, 3), (9000, 10_000)):
        for share in (0.5, 0.9, 0.95, 0.99):
            z = norm.ppf((1 + share) / 2)
            low, high = accuracy_interval(num_right, n, z)
            p = num_right / n
            assert (low, high) == pytest.approx(norm.interval(share, p, (p * (1 - p) / n) ** 0.5), rel=1e-12)
    assert [type(end) for end in accuracy_interval(980, 1000)] == [float, float]
    assert accuracy_interval(980, 1000) == pytest.approx((0.98 - 0.0086773, 0.98 + 0.0086773), abs=1e-6)


def test_the_interval_holds_the_accuracy_in_95_of_100_cases():
    for p, n in ((0.9, 1000), (0.5, 300)):
        draws = np.random.default_rng(0).binomial(n, p, size=2000)
        held = [low <= p <= high for low, high in (accuracy_interval(k, n) for k in draws)]
        assert 0.93 <= np.mean(held) <= 0.97, (p, n)


def test_the_interval_is_poor_where_next_to_nothing_is_wrong():
    draws = np.random.default_rng(0).binomial(100, 0.99, size=2000)
    held = [low <= 0.99 <= high for low, high in (accuracy_interval(k, 100) for k in draws)]
    assert np.mean(held) < 0.8  # and the docstring says so
    assert accuracy_interval(100, 100) == (1, 1) and accuracy_interval(99, 100)[1] > 1


def models(rng, n):
    """Return what two models have right of the same n digits: 92 % and 94 %, most of the hard digits in common."""
    u, v = rng.random((2, n))
    right_1 = u < 0.92
    return right_1, np.where(right_1, v < 0.99, v < (0.94 - 0.92 * 0.99) / 0.08)


def test_the_paired_interval_holds_the_difference_in_95_of_100_cases():
    rng, n = np.random.default_rng(0), 1000
    found = np.array([paired_difference(*models(rng, n)) for _ in range(2000)])
    assert found[:, 0].mean() == pytest.approx(0.02, abs=0.0005)
    assert 0.93 <= np.mean(np.abs(found[:, 0] - 0.02) <= found[:, 1]) <= 0.97
    assert found[:, 0].std() * 1.96 == pytest.approx(found[:, 1].mean(), rel=0.05)
    apart = 1.96 * np.sqrt(0.92 * 0.08 / n + 0.94 * 0.06 / n)  # as if each had its own digits
    assert found[:, 1].max() < 0.7 * apart  # sharing the digits makes it narrower


def test_the_paired_difference_is_that_of_the_digits_on_which_they_differ():
    rng = np.random.default_rng(1)
    right_1, right_2 = models(rng, 500)
    difference, half_width = paired_difference(right_1, right_2)
    won, lost = np.sum(right_2 & ~right_1), np.sum(right_1 & ~right_2)
    assert won > lost > 0
    assert difference == pytest.approx((won - lost) / 500) == pytest.approx(right_2.mean() - right_1.mean())
    assert half_width == pytest.approx(1.96 * np.sqrt(won + lost - (won - lost) ** 2 / 500) / 500)  # McNemar's counts
    assert paired_difference(right_2, right_1) == pytest.approx((-difference, half_width))
    assert paired_difference(right_1, right_2, z=1)[1] == pytest.approx(half_width / 1.96)
    assert paired_difference(right_1, right_1) == (0, 0)
    as_numbers = paired_difference(right_1.astype(np.uint8), right_2.astype(np.uint8))
    assert as_numbers == (difference, half_width)


def test_against_a_model_that_has_nothing_right_the_two_intervals_agree():
    right = np.arange(1000) < 980
    difference, half_width = paired_difference(np.zeros(1000), right)
    assert (difference - half_width, difference + half_width) == pytest.approx(accuracy_interval(980, 1000))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: accuracy_interval(11, 10), "count from 0 to n, and n 1 or more, found 11 and 10"),
        (lambda: accuracy_interval(-1, 10), "found -1 and 10"),
        (lambda: accuracy_interval(0, 0), "found 0 and 0"),
        (lambda: accuracy_interval(9, 10, z=0), "z must be above 0"),
        (lambda: accuracy_interval(9, 10, z=np.nan), "z must be above 0"),
        (lambda: paired_difference([1, 0], [1, 0, 1]), "right_1 has 2 digits, right_2 has 3"),
        (lambda: paired_difference([1, 0], [7, 2]), "right_2 must hold True or False.*predicted == labels"),
        (lambda: paired_difference([0.5, 0], [1, 0]), "right_1 must hold True or False"),
        (lambda: paired_difference([np.nan, 0], [1, 0]), "right_1 must hold True or False"),
        (lambda: paired_difference(0.98, 0.99), r"right_1 must be True or False for each digit.*found shape \(\)"),
        (lambda: paired_difference([], []), r"found shape \(0,\)"),
        (lambda: paired_difference([1], [1], z=-1), "z must be above 0"),
    ],
)
def test_an_interval_that_cannot_be_had_says_why(call, words):
    with pytest.raises(ValueError, match=words):
        call()
