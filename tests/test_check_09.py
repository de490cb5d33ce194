"""The checks of lesson 09: right answers in other clothes pass, and wrong ones that no slip names stay refused."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from helpers import check, convolution, metrics
from helpers.check import wrong_intervals as sure


def patches(image, kernel):
    return sliding_window_view(image, kernel.shape)


def pixel_by_pixel(image, kernel):
    (H, W), (k, w) = image.shape, kernel.shape
    pixels, weights = image.tolist(), kernel.tolist()
    return [
        [sum(pixels[i + a][j + b] * weights[a][b] for a in range(k) for b in range(w)) for j in range(W - w + 1)]
        for i in range(H - k + 1)
    ]


def shifted(image, kernel):
    (H, W), (k, w) = image.shape, kernel.shape
    return sum(kernel[a, b] * image[a : H - k + 1 + a, b : W - w + 1 + b] for a in range(k) for b in range(w))


def pooled_in_a_loop(image):
    rows, columns = range(0, len(image) - 1, 2), range(0, len(image[0]) - 1, 2)
    return [[max(image[i, j], image[i + 1, j], image[i, j + 1], image[i + 1, j + 1]) for j in columns] for i in rows]


def in_lists(labels, predicted, num_classes):
    matrix = [[0] * num_classes for _ in range(num_classes)]
    for label, guess in zip(labels, predicted, strict=True):
        matrix[label][guess] += 1
    return matrix


def class_by_class(matrix):
    precision, recall = [], []
    for c in range(len(matrix)):
        column, row = matrix[:, c].sum(), matrix[c].sum()
        precision.append(matrix[c, c] / column if column else 0)
        recall.append(matrix[c, c] / row if row else 0)
    return precision, recall


def nan_to_0(matrix):
    right = np.diagonal(matrix)
    return np.nan_to_num(right / matrix.sum(axis=0)), np.nan_to_num(right / matrix.sum(axis=1))


def f1_of_rates(matrix):
    precision, recall = nan_to_0(matrix)
    return np.nan_to_num(2 * precision * recall / (precision + recall)).mean()


def from_single_digits(num_right, n):
    right = np.arange(n) < num_right
    half_width = 1.96 * right.std(ddof=1) / n**0.5
    return np.array([right.mean() - half_width, right.mean() + half_width])


def digit_by_digit(right_1, right_2):
    gains = [int(b) - int(a) for a, b in zip(right_1, right_2, strict=True)]
    mean = sum(gains) / len(gains)
    return mean, 1.96 * (sum((d - mean) ** 2 for d in gains) / len(gains)) ** 0.5 / len(gains) ** 0.5


def from_the_counts(right_1, right_2):
    n, worse, better = len(right_1), np.sum(right_1 & ~right_2), np.sum(~right_1 & right_2)
    return (better - worse) / n, 1.96 * np.sqrt(better + worse) / n


RIGHT = {
    "convolve": [
        convolution.convolve,
        pixel_by_pixel,
        shifted,
        lambda image, kernel: np.tensordot(patches(image, kernel), kernel, 2),
        lambda image, kernel: (patches(image, kernel) * kernel).sum(axis=(2, 3)),
        lambda image, kernel: np.einsum("hwkl,kl->hw", patches(np.float32(image), kernel), np.float32(kernel)),
    ],
    "output_size": [
        lambda size, kernel, stride: len(range(0, size - kernel + 1, stride)),
        lambda size, kernel, stride: np.floor((size - kernel) / stride) + 1,
        lambda size, kernel, stride: np.ceil((size - kernel + 1) / stride),
        lambda size, kernel, stride=1: int((size - kernel) / stride + 1),
    ],
    "max_pool": [
        convolution.max_pool,
        pooled_in_a_loop,
        lambda image: sliding_window_view(image, (2, 2))[::2, ::2].max(axis=(2, 3)),
    ],
    "confusion": [
        metrics.confusion_matrix,
        in_lists,
        lambda t, p, k: np.eye(k)[t].T @ np.eye(k)[p],
        lambda t, p, k: np.bincount(t * k + p, minlength=k * k).reshape(k, k),  # 9 * 10 + 9 fits into uint8
        lambda t, p, k: [np.bincount(p[t == c], minlength=k) for c in range(k)],
    ],
    "precision_recall": [
        metrics.precision_recall,
        class_by_class,
        nan_to_0,
        lambda matrix: np.stack(nan_to_0(matrix)),
        lambda matrix: (each for each in nan_to_0(matrix)),
        lambda matrix: (matrix.diagonal() / (matrix.sum(0) + 1e-12), matrix.diagonal() / (matrix.sum(1) + 1e-12)),
    ],
    "macro_f1": [
        f1_of_rates,
        lambda matrix: np.mean(2 * matrix.diagonal() / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)),
    ],
    "accuracy_interval": [
        metrics.accuracy_interval,
        from_single_digits,
        lambda k, n: tuple(k / n + np.array([-1, 1]) * 2 * np.sqrt(k / n * (1 - k / n) / n)),
        sure.wilson(1.959964),
    ],
    "digits_needed": [3011.8, 3011, 3012, 3136, np.int64(3012), [3012], 3010],
    "better": [metrics.paired_difference, digit_by_digit, from_the_counts],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_may_be_written_differently(name, answer):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✓" and "caution" not in verdict.message, verdict.message


def product_of_patches(image, kernel):
    (H, W), (k, w) = image.shape, kernel.shape
    out = np.zeros((H - k + 1, W - w + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = image[i : i + k, j : j + w] * kernel
    return out


def scaled_to_1(image, kernel):
    out = convolution.convolve(image, kernel)
    return (out - out.min()) / (np.ptp(out) or 1)


WRONG = {
    "convolve": [
        scaled_to_1,
        lambda image, kernel: convolution.convolve(image, kernel)[::-1],
        lambda image, kernel: convolution.convolve(image[::-1], kernel),
        lambda image, kernel: np.clip(convolution.convolve(image, kernel), -300, 300),  # a pixel may be 255
        lambda image, kernel: convolution.convolve(image, kernel)[:, :, None],
        lambda image, kernel: convolution.convolve(image, abs(kernel)),
    ],
    "output_size": [
        lambda size, kernel, stride: (size - kernel + 2) // stride,
        lambda size, kernel, stride: size // stride - kernel // stride + 1,
        lambda size, kernel, stride: max(2, (size - kernel) // stride + 1),
    ],
    "max_pool": [
        lambda image: convolution.max_pool(np.maximum(image, -1.0)),
        lambda image: convolution.max_pool(image) if image.shape[0] % 2 == 0 else image[1::2, 1::2],
        lambda image: sliding_window_view(image, (2, 2)).max(axis=(2, 3))[1::2, 1::2],
    ],
    "confusion": [
        lambda t, p, k: np.minimum(metrics.confusion_matrix(t, p, k), 2),
        lambda t, p, k: metrics.confusion_matrix(np.sort(t), np.sort(p), k),
        lambda t, p, k: metrics.confusion_matrix(t, p, k)[:, ::-1],
    ],
    "precision_recall": [
        lambda matrix: (nan_to_0(matrix + 1e-4)[0], nan_to_0(matrix)[1]),
        lambda matrix: nan_to_0(matrix + np.eye(len(matrix))),
        lambda matrix: np.stack(nan_to_0(matrix), axis=1),
    ],
    "macro_f1": [
        lambda matrix: round(f1_of_rates(matrix), 2),
        lambda matrix: f1_of_rates(matrix[1:, 1:]),
        lambda matrix: np.mean(nan_to_0(matrix)[0]) * 0.5 + f1_of_rates(matrix) * 0.5,
    ],
    "accuracy_interval": [
        sure.interval(sure.standard(1.9)),
        sure.interval(sure.standard(2.1)),
        sure.interval(sure.standard(1.96, less=4)),
        sure.interval(sure.standard(1.96), lambda k, n: (k + 1) / (n + 2)),
    ],
    "digits_needed": [3073, 2990, 3031, -3012, "3012", (3012, 3136)],
    "better": [
        sure.compared(sure.error(1.9)),
        sure.compared(sure.error(1.96), np.median),
        lambda a, b: (b.mean() - a.mean(), 1.96 * (b & ~a).std() / np.sqrt(len(a))),
    ],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
def test_a_wrong_answer_that_no_slip_foresees_is_refused(name, answer):
    assert getattr(check, name).grade(answer).mark == "✗"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        (
            "convolve",
            lambda image, kernel: convolution.convolve(image, kernel[::-1, ::-1]),
            "convolution of mathematics",
        ),
        ("better", lambda right_1, right_2: (np.mean(right_2 - right_1), 0.1), "subtracts no booleans"),
        (
            "accuracy_interval",
            lambda k, n: (k / n - 1.96 * np.sqrt(k * (1 - k) / n), np.nan),
            "a negative number is nan",
        ),
        ("convolve", product_of_patches, "a patch gives one number"),
        ("confusion", lambda t, p, k: (t[..., None] == p).astype(int), "for each sample"),
        (
            "macro_f1",
            lambda matrix: np.mean(2 * np.prod(nan_to_0(matrix), 0) / np.maximum(sum(nan_to_0(matrix)), 1)),
            "is for counts",
        ),
        ("precision_recall", lambda matrix: {"precision": 1, "recall": 1}, "a dict came back"),
        ("precision_recall", lambda matrix: np.stack(nan_to_0(matrix), axis=1), "a row for each class"),
        ("accuracy_interval", lambda num_right, n: num_right / n, "one number came back"),
        ("accuracy_interval", lambda num_right, n: (1, 2, 3), "three numbers came back"),
        ("max_pool", lambda image, size: image, "must take the arguments (image), in this order"),
        ("accuracy_interval", lambda num_right, n, z: (1, 2), "must take the arguments (num_right, n), in this order"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_wrong_answer_is_answered_in_its_own_terms(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message and "`^`" not in verdict.message
