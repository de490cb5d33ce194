"""The explorer of filters: its numbers against plain Python, the goal, filters of all sizes, wrong inputs."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.convolution import KERNELS
from helpers.sliders import Explorer, move_filter
from helpers.sliders.mosaic import colors

rng = np.random.RandomState(0)
IMAGES = (255 * rng.rand(3, 28, 28) ** 3).astype(np.uint8)
OWN = {f"{k} x {k}": rng.randn(k, k).round(2) for k in range(2, 8)}


@pytest.fixture(scope="module")
def shown() -> Explorer:
    """Return one explorer for all tests that bring it into a setting of their own."""
    return move_filter(IMAGES)


def by_hand(image: NDArray, kernel: NDArray) -> list[list[float]]:
    """Return the feature map, one product at a time, on pixels from 0 to 1."""
    k, (height, width), pixels, weights = len(kernel), image.shape, (image / 255).tolist(), np.asarray(kernel).tolist()
    return [
        [sum(pixels[i + a][j + b] * weights[a][b] for a in range(k) for b in range(k)) for j in range(width - k + 1)]
        for i in range(height - k + 1)
    ]


def go_to_the_strongest(explorer: Explorer) -> None:
    """Move the window there."""
    row, column = explorer.values["strongest"]
    explorer.set(row=row, column=column)


@pytest.mark.parametrize("name", KERNELS)
def test_the_numbers_agree_with_plain_python(shown, name):
    shown.set(image=2, kernel=name, row=9, column=17, relu="the sum")
    values, expected = shown.values, np.array(by_hand(IMAGES[2], KERNELS[name]))
    np.testing.assert_allclose(values["feature_map"], expected, atol=1e-12)
    np.testing.assert_allclose(values["window"], IMAGES[2][9:12, 17:20] / 255)
    np.testing.assert_allclose(values["products"], values["window"] * KERNELS[name])
    assert values["value"] == pytest.approx(expected[9, 17]) == pytest.approx(values["products"].sum())
    assert values["strongest"] == max(np.ndindex(26, 26), key=lambda place: expected[place])
    assert (values["image"], values["name"], values["row"], values["column"]) == (2, name, 9, 17)


def test_relu_cuts_what_is_negative_and_nothing_else(shown):
    shown.set(image=0, kernel="vertical edge", relu="the sum")
    sums = shown.values["feature_map"]
    row, column = (int(place) for place in np.unravel_index(sums.argmin(), sums.shape))
    shown.set(row=row, column=column, relu="after ReLU")
    values = shown.values
    assert values["value"] == 0 and values["products"].sum() < -0.5 and "which ReLU makes 0" in shown.summary
    assert (values["feature_map"][sums < 0] == 0).all() and (sums < 0).sum() > 100
    np.testing.assert_array_equal(values["feature_map"][sums >= 0], sums[sums >= 0])
    go_to_the_strongest(shown)
    assert shown.values["value"] == sums.max() and "which ReLU leaves as it is" in shown.summary


@pytest.mark.parametrize("name", OWN)
def test_filters_of_every_size_work_up_to_the_last_place(name):
    explorer, k = move_filter(IMAGES, OWN, kernel=name, row=26, column=26), int(name[0])
    values = explorer.values
    assert explorer.message == "" and values["window"].shape == (k, k) and len(explorer.image.value) < 100_000
    assert (values["row"], values["column"]) == (28 - k, 28 - k)  # a larger filter ends before the control does
    assert f"at row {28 - k}, column {28 - k}" in explorer.summary
    np.testing.assert_allclose(values["feature_map"], by_hand(IMAGES[0], OWN[name]), atol=1e-12)


def test_the_goal_is_a_place_near_the_strongest_answer():
    image = np.zeros((8, 8))
    image[2, 2:5] = 1.0, 0.96, 0.94
    explorer = move_filter(image, {"one": [[1, 0], [0, 0]]}, row=2)
    for column, met in ((1, False), (2, True), (3, True), (4, False)):
        explorer.set(column=column)
        assert explorer.values["goal_met"] == met == ("✓ Goal met" in explorer.summary)
    assert "The strongest answer, +1, is at row 2, column 2." in explorer.summary


@pytest.mark.parametrize("image", [np.zeros((8, 8)), np.ones((8, 8))])
def test_a_map_without_a_positive_answer_has_no_goal(image):
    explorer = move_filter(image, {"nothing": np.zeros((3, 3)), "minus": -np.ones((3, 3))}, kernel="minus")
    for setting in ({}, {"relu": "after ReLU"}, {"kernel": "nothing"}):
        explorer.set(**setting)
        assert explorer.message == "" and not explorer.values["goal_met"]
        assert explorer.summary.endswith("No answer in this feature map is positive.")


def test_the_summary_says_sum_and_strongest_place(shown):
    shown.set(image=1, kernel="vertical edge", row=10, column=7, relu="the sum")
    total, (row, column) = shown.values["value"], shown.values["strongest"]
    start = 'Filter "vertical edge" on image 1, at row 10, column 7: the nine products add up to '
    assert shown.summary.startswith(f"{start}{'+' if total > 0 else '−'}{abs(total):.3g}"[: len(start) + 4])
    assert f"is at row {row}, column {column}." in shown.summary
    go_to_the_strongest(shown)
    assert shown.summary.endswith("the strongest answer. ✓ Goal met.")


@pytest.mark.parametrize("images", [IMAGES, IMAGES[..., None], IMAGES[0], IMAGES / 255, IMAGES.astype(int)])
@pytest.mark.parametrize("kernels", [None, OWN])
def test_the_code_reproduces_the_values(images, kernels):
    explorer = move_filter(images, kernels, row=24, column=3, kernel=list(kernels or KERNELS)[-1])
    for relu in ("the sum", "after ReLU"):
        explorer.set(relu=relu)
        namespace: dict[str, Any] = {"images": images, "kernels": kernels}
        exec(explorer.code, namespace)
        values = explorer.values
        assert values["window"].max() > (2 if images.dtype == int else 0)  # what is not uint8 is taken as it is
        for name in ("row", "column", "window", "kernel", "products", "value", "feature_map"):
            np.testing.assert_allclose(namespace[name], values[name], rtol=1e-12, atol=1e-12, err_msg=name)
        assert tuple(namespace["strongest"]) == values["strongest"] and values["relu"] == namespace["relu"] == relu


def test_signs_have_colors_of_their_own_and_zero_is_white():
    negative, zero, positive = colors(np.array([-1.0, 0, 1])).tolist()
    assert zero == [255] * 3 and negative == [213, 94, 0] and positive == [0, 114, 178]


@pytest.mark.parametrize("shape", [(5, 5), (64, 64), (5, 64), (64, 5), (1, 8, 8)])
def test_images_of_other_sizes_get_a_picture(shape):
    explorer = move_filter(np.random.RandomState(1).randn(*shape))
    assert explorer.message == "" and 5_000 < len(explorer.image.value) < 120_000
    explorer.set(row=0, column=0, relu="after ReLU")
    assert explorer.message == "" and explorer.values["image"] == 0


@pytest.mark.parametrize(
    ("images", "kernels", "words"),
    [
        ("abc", None, "images must be gray images"),
        (None, None, "found None"),
        ([[1, 2], [3]], None, "images must be gray images"),
        (np.zeros((0, 28, 28)), None, "shape (0, 28, 28)"),
        (np.zeros((2, 28, 28, 3)), None, "shape (2, 28, 28, 3)"),
        (np.zeros((2, 784)), None, "from 5 to 64 rows and columns"),
        (np.zeros((4, 4)), None, "from 5 to 64 rows and columns"),
        (np.full((8, 8), np.nan), None, "found nan"),
        (np.full((8, 8), 1e9), None, "found 1e+09"),
        (np.zeros((10_001, 5, 5), np.uint8), None, "take fewer"),
        (IMAGES, np.ones((3, 3)), "kernels must be a dict"),
        (IMAGES, {}, "found 0 of them"),
        (IMAGES, {1: np.ones((3, 3))}, "the name of a filter must be a text"),
        (IMAGES, {"": np.ones((3, 3))}, "the name of a filter must be a text"),
        (IMAGES, {"a": "abc"}, 'the filter "a" must be an array of numbers'),
        (IMAGES, {"a": np.ones((3, 2))}, "shape (k, k)"),
        (IMAGES, {"a": np.ones((1, 1))}, "k from 2 to 7"),
        (IMAGES, {"a": np.ones((8, 8))}, "k from 2 to 7"),
        (IMAGES, {"a": np.ones((3, 3, 1, 8))}, "w[:, :, 0, 0]"),
        (IMAGES, {"a": np.full((3, 3), np.inf)}, "found inf"),
        (np.zeros((5, 9)), {"a": np.ones((6, 6))}, "larger than the images"),
    ],
)
def test_bad_data_is_answered_in_words(images, kernels, words):
    explorer = move_filter(images, kernels)
    assert explorer.message.startswith("No picture") and words in explorer.message
    assert explorer.message in repr(explorer) and "Traceback" not in repr(explorer)


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1e300, -1, 2.5, [1, 2]])
@pytest.mark.parametrize("name", ["image", "row", "column", "kernel", "relu"])
def test_bad_settings_are_answered_in_words(shown, name, bad):
    shown.set(**{name: bad})
    assert shown.controls[name].description in shown.message and len(shown.image.value) > 1000


@pytest.mark.parametrize("name", ["index", "row", "column", "kernel", "relu"])
def test_bad_first_settings_are_answered_in_words(name):
    first = move_filter(IMAGES, **{name: "abc"})
    description = first.controls["image" if name == "index" else name].description
    assert description in first.message and np.isfinite(first.values["value"])
