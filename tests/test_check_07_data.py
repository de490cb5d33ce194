"""The checks of lesson 07, its second half: scaling in other words passes, and a mistake is named for what it is."""

import statistics

import numpy as np
import pytest

from helpers import check


def marks(name: str, answers: list) -> list[str]:
    """Return the marks that answers get, one character each."""
    return [getattr(check, name).grade(answer).mark for answer in answers]


# Scaling


def by_standard_scaler(x_train, x_new):
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit(x_train).transform(x_new)


def by_normalization(x_train, x_new):
    from keras import layers

    layer = layers.Normalization()
    layer.adapt(x_train)
    return layer(x_new)


def by_rows(x_train, x_new):
    columns = x_train.T.tolist()
    means, stds = map(statistics.fmean, columns), map(statistics.pstdev, columns)
    scale = list(zip(means, stds, strict=True))
    return [[(v - m) / s for v, (m, s) in zip(row, scale, strict=True)] for row in x_new]


@pytest.mark.parametrize(
    "answer",
    [
        by_standard_scaler,
        by_normalization,
        by_rows,
        lambda x_train, x_new: (x_new - x_train.mean(0)) / (x_train.std(0) + 1e-8),
        lambda x_train, x_new: (x_new - x_train.mean(0)) / x_train.std(0, ddof=1),
        lambda x_train, x_new: np.float32((x_new - x_train.mean(0)) / np.sqrt(x_train.var(0))),
    ],
    ids=["scikit-learn", "Keras", "lists", "epsilon", "n - 1", "float32"],
)
def test_new_rows_may_be_scaled_in_any_way(answer):
    assert check.standardize_new.grade(answer).mark == "✓", check.standardize_new.grade(answer)


def test_new_rows_that_look_scaled_are_refused():
    right = check.standardize_new.reference
    answers = [
        lambda x_train, x_new: right(x_train, x_new) if len(x_new) > 1 else 0 * x_new,
        lambda x_train, x_new: right(x_train[:-1], x_new),
        lambda x_train, x_new: np.clip(right(x_train, x_new), -1, 1),
        lambda x_train, x_new: right(x_train, x_new)[0],
        lambda x_train, x_new: right(x_train, x_new).T,
        lambda x_train, x_new: right(right(x_train, x_train), x_new),
        lambda x_train, x_new: np.vstack([right(x_train, x_train), right(x_train, x_new)]),
        lambda x_train, x_new: x_new / np.linalg.norm(x_train, axis=0),
        lambda x_train, x_new: (right(x_train, x_new), x_train.mean(0)),
    ]
    assert marks("standardize_new", answers) == ["✗"] * len(answers)


def test_predictions_may_be_written_in_any_way():
    answers = [
        lambda x, m, s, w, b: [b + sum((v - m[j]) / s[j] * w[j] for j, v in enumerate(row)) for row in x],
        lambda x, m, s, w, b: (x - m) / s @ w[:, None] + b,
        lambda x, m, s, w, b: [[v] for v in (x - m) / s @ w + b],
        lambda x, m, s, w, b: x @ (w / s) + (b - m @ (w / s)),
        lambda x, m, s, w, b: np.sum((x - m) / s * w, axis=1) + b,
        lambda x, m, s, w, b: w @ ((x - m) / s).T + b,
        lambda x, m, s, w, b: np.float32(np.einsum("ij,j->i", (x - m) / s, w) + b),
    ]
    assert marks("predict_raw", answers) == ["✓"] * len(answers)


def test_an_unlisted_mistake_in_a_prediction_is_refused():
    right = check.predict_raw.reference
    answers = [
        lambda x, m, s, w, b: right(x, m, s, w[::-1], b),
        lambda x, m, s, w, b: right(x, m, s, w, b)[::-1],
        lambda x, m, s, w, b: right(x, m, s, w, b)[None, :],
        lambda x, m, s, w, b: right(x, m, s, w, b)[:, None] + np.zeros(len(x)),
        lambda x, m, s, w, b: (right(x, m, s, w, b), b),
        lambda x, m, s, w, b: right(x, m, s + 1, w, b),
        lambda x, m, s, w, b: x @ (w * s) + b,
        lambda x, m, s, w, b: x @ (w / s) + b - m @ w,
        lambda x, m, s, w, b: np.round(right(x, m, s, w, b)),
        lambda x, m, s, w, b: right((x - x.mean()) / x.std(), 0 * m, 1 + 0 * s, w, b),
    ]
    assert marks("predict_raw", answers) == ["✗"] * len(answers)


# A line in order


def test_a_sorted_line_may_come_in_any_pair():
    answers = [
        lambda x, y_hat: zip(*sorted(zip(x, y_hat, strict=True)), strict=True),
        lambda x, y_hat: map(np.array, zip(*sorted(zip(x, y_hat, strict=True)), strict=True)),
        lambda x, y_hat: np.array(sorted(zip(x, y_hat, strict=True))).T,
        lambda x, y_hat: np.array([x, y_hat], dtype=np.float32)[:, x.argsort()],
        lambda x, y_hat: [sorted(x), [y_hat[i] for i in sorted(range(len(x)), key=x.__getitem__)]],
        lambda x, y_hat: (np.unique(x), y_hat[np.unique(x, return_index=True)[1]]),
    ]
    assert marks("sorted_line", answers) == ["✓"] * len(answers)


def test_an_order_of_dots_is_not_written_yet():
    def stub(x, y_hat):
        order = ...
        return x[order], y_hat[order]

    assert check.sorted_line.grade(stub).mark == "○"
    assert check.sorted_line.grade(lambda x, y_hat: (x[..., np.argsort(x)], y_hat[..., np.argsort(x)])).mark == "✓"
    assert "unchanged" in check.sorted_line.grade(lambda x, y_hat: (x, y_hat)).message


def test_sorting_x_in_place_brings_a_caution():
    def sorted_line(x, y_hat):
        order = np.argsort(x)
        x.sort()
        return x, y_hat[order]

    verdict = check.sorted_line.grade(sorted_line)
    assert verdict.mark == "✓" and "changes its argument `x` in place" in verdict.message


def test_x_sorted_before_its_order_is_taken_is_named():
    def sorted_line(x, y_hat):
        x.sort()
        return x, y_hat[np.argsort(x)]

    assert "by an x that was sorted before" in check.sorted_line.grade(sorted_line).message


def test_a_line_that_is_not_this_one_is_refused():
    order = np.argsort
    answers = [
        lambda x, y_hat: (x[order(x)], np.interp(np.sort(x), x, y_hat)),
        lambda x, y_hat: (np.linspace(x.min(), x.max(), len(x)), y_hat[order(x)]),
        lambda x, y_hat: (x[order(x)][:-1], y_hat[order(x)][:-1]),
        lambda x, y_hat: (x[order(x)][:, None], y_hat[order(x)][:, None]),
        lambda x, y_hat: (np.arange(len(x)), y_hat[order(x)]),
        lambda x, y_hat: (x[order(x)], y_hat[order(x)], order(x)),
        lambda x, y_hat: np.concatenate([x[order(x)], y_hat[order(x)]]),
        lambda x, y_hat: (set(x), set(y_hat)),
        lambda x, y_hat: dict(sorted(zip(x, y_hat, strict=True))),
        lambda x, y_hat: zip(sorted(x), y_hat[order(x)], strict=True),
    ]
    assert marks("sorted_line", answers) == ["✗"] * len(answers)


# What an attack found


def scaled_by_its_own(x_train, x_new):
    from sklearn.preprocessing import StandardScaler

    return StandardScaler().fit_transform(x_new)


def one_column(x_new, mean, std, w, b):
    total = 0
    for j in range(len(w)):
        total = (x_new[:, j] - mean[j]) / std[j] * w[j]
    return total + b


def test_a_scaler_that_meets_the_new_rows_is_named():
    assert "keep those of x_train" in check.standardize_new.grade(scaled_by_its_own).message


def test_a_sum_that_keeps_its_last_term_alone_is_named():
    assert "the last column alone" in check.predict_raw.grade(one_column).message


def test_a_written_index_of_dots_is_no_stub():
    verdict = check.predict_raw.grade(lambda x_new, mean, std, w, b: ((x_new - mean) / std)[..., None] * w)
    assert verdict.mark == "✗" and "found shape" in verdict.message
    assert check.predict_raw.grade(lambda x_new, mean, std, w, b: x_new[..., None] * ...).mark == "○"
