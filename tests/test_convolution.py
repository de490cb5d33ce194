"""Convolution and pooling by hand equal SciPy's and Keras's, for kernels of any shape."""

import numpy as np
import pytest
from scipy.signal import correlate2d

from helpers.convolution import KERNELS, convolve, max_pool

# image, kernel; the last kernels cover the whole image, a whole column, a whole row
SHAPES = [
    ((28, 28), (3, 3)),
    ((28, 28), (5, 5)),
    ((7, 12), (2, 5)),
    ((12, 7), (4, 1)),
    ((9, 9), (1, 1)),
    ((5, 6), (5, 6)),
    ((5, 6), (5, 2)),
    ((5, 6), (1, 6)),
]
ids = {"ids": lambda shape: "x".join(map(str, shape)) if isinstance(shape, tuple) else None}


@pytest.fixture(scope="module")
def layers():
    return pytest.importorskip("keras").layers


def numbers(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).standard_normal(shape)


# Convolution


@pytest.mark.parametrize(("image", "kernel"), SHAPES, **ids)
def test_convolution_is_scipys_correlation(image, kernel):
    image, kernel = numbers(*image), numbers(*kernel, seed=1)
    ours = convolve(image, kernel)
    assert ours.shape == (image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)
    np.testing.assert_allclose(ours, correlate2d(image, kernel, mode="valid"), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("image", "kernel"), SHAPES, **ids)
def test_convolution_is_that_of_keras(layers, image, kernel):
    image, kernel = numbers(*image), numbers(*kernel, seed=1)
    layer = layers.Conv2D(1, kernel.shape, use_bias=False)
    layer.build((None, *image.shape, 1))
    layer.set_weights([kernel[:, :, None, None]])
    theirs = np.asarray(layer(image[None, :, :, None].astype(np.float32)))[0, :, :, 0]
    np.testing.assert_allclose(convolve(image, kernel), theirs, rtol=1e-5, atol=1e-5)


def test_the_kernel_is_not_flipped():
    ours = convolve([[0, 0, 1], [0, 0, 1]], [[0, 1]])
    assert ours.tolist() == [[0, 1], [0, 1]]  # the kernel's right number meets the right pixel
    assert convolve([[1, 2], [3, 4]], [[10, 20], [30, 40]]).tolist() == [[300]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, bool, np.float32])
def test_pixels_of_any_type_are_summed_without_overflow(dtype):
    image = (numbers(6, 6) > 0).astype(dtype) * (1 if dtype is bool else dtype(200))
    ours = convolve(image, np.full((3, 3), 1, np.uint8))
    assert ours.dtype == np.float64
    np.testing.assert_array_equal(ours, correlate2d(image.astype(float), np.ones((3, 3)), mode="valid"))


def test_convolution_leaves_image_and_kernel_alone():
    image, kernel = numbers(5, 5), numbers(2, 2)
    before = image.copy(), kernel.copy()
    convolve(image, kernel)[:] = 0
    max_pool(image, 1)[:] = 0
    np.testing.assert_array_equal(image, before[0])
    np.testing.assert_array_equal(kernel, before[1])


# The kernels by hand


def test_the_kernels_do_what_their_names_say():
    assert all(kernel.shape == (3, 3) and kernel.dtype == np.float64 for kernel in KERNELS.values())
    left_dark = np.repeat([[0.0, 0, 0, 1, 1, 1]], 6, axis=0)
    found = {name: convolve(left_dark, kernel) for name, kernel in KERNELS.items()}
    assert found["vertical edge"].tolist() == [[0, 3, 3, 0]] * 4  # bright at the right: positive
    assert not found["horizontal edge"].any()
    assert convolve(left_dark.T, KERNELS["horizontal edge"]).tolist() == [[0] * 4, [3] * 4, [3] * 4, [0] * 4]
    below = np.tril(np.ones((6, 6)), -1)  # bright below a line that falls from the left to the right
    responses = {name: np.abs(convolve(below, KERNELS[name])).max() for name in KERNELS}
    assert convolve(below, KERNELS["diagonal"]).max() == 3 == responses["diagonal"]
    assert np.abs(convolve(below[:, ::-1], KERNELS["diagonal"])).max() < 3  # the other diagonal: less
    flat = np.full((4, 4), 0.7)
    for name in ("vertical edge", "horizontal edge", "diagonal"):
        np.testing.assert_allclose(convolve(flat, KERNELS[name]), 0, atol=1e-12)
    for name in ("blur", "sharpen"):  # these keep the brightness
        np.testing.assert_allclose(convolve(flat, KERNELS[name]), 0.7)
    assert np.ptp(found["blur"][0]) <= 1 < np.ptp(found["sharpen"][0])


# Pooling


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("shape", [(28, 28), (13, 11), (5, 8), (7, 5)], **ids)
def test_pooling_is_that_of_keras(layers, shape, size):
    image = numbers(*shape) - 3  # nearly all negative: padding with 0 would show
    theirs = np.asarray(layers.MaxPooling2D(size)(image[None, :, :, None].astype(np.float32)))[0, :, :, 0]
    ours = max_pool(image, size)
    assert ours.shape == (shape[0] // size, shape[1] // size)
    np.testing.assert_array_equal(ours.astype(np.float32), theirs)


def test_pooling_keeps_the_type_and_takes_two_if_nothing_is_said():
    image = np.arange(20, dtype=np.uint8).reshape(4, 5)
    assert max_pool(image).tolist() == [[6, 8], [16, 18]] and max_pool(image).dtype == np.uint8


# What does not fit


@pytest.mark.parametrize(
    ("image", "kernel", "words"),
    [
        (np.ones((1, 28, 28)), np.ones((3, 3)), r"image must have rows and columns, found shape \(1, 28, 28\).*x\[0\]"),
        (np.ones(784), np.ones((3, 3)), r"image must have rows and columns, found shape \(784,\)"),
        (np.ones((4, 4)), np.ones(3), r"kernel must have rows and columns, found shape \(3,\)\.$"),
        (np.ones((4, 4)), np.ones((2, 5)), r"kernel of shape \(2, 5\) does not fit into an image of shape \(4, 4\)"),
        (np.ones((4, 4)), np.ones((5, 2)), "does not fit"),
        (np.ones((4, 4)), np.ones((0, 2)), "kernel must hold numbers"),
        ([["a", "b"]], [[1]], "image must hold numbers"),
    ],
)
def test_what_cannot_be_convolved_says_why(image, kernel, words):
    with pytest.raises(ValueError, match=words):
        convolve(image, kernel)


@pytest.mark.parametrize(
    ("image", "size", "words"),
    [
        (np.ones((4, 4)), 5, r"shape \(4, 4\) holds no block of 5 x 5"),
        (np.ones((4, 1)), 2, "holds no block of 2 x 2"),
        (np.ones((4, 4)), 0, "size must be a whole number of 1 or more, found 0"),
        (np.ones((4, 4)), 2.0, "found 2.0"),
        (np.ones((4, 4)), True, "found True"),
        (np.ones((4, 4)), (2, 2), r"found \(2, 2\)"),
        (np.ones((4, 4, 1)), 2, "image must have rows and columns"),
    ],
)
def test_what_cannot_be_pooled_says_why(image, size, words):
    with pytest.raises(ValueError, match=words):
        max_pool(image, size)
