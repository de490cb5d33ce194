"""Strokes become pictures, and pictures become what MNIST's are: ink in its place, size, center, and odd drawings."""

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers import data
from helpers.drawing import MOST_POINTS, as_drawn, check_strokes, like_mnist, rasterize

SEVEN = [[(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]]


def center(picture: NDArray) -> tuple[float, float]:
    """Return the row and the column of the ink's center of mass."""
    return tuple(float(np.average(np.arange(len(picture)), weights=picture.sum(axis=axis))) for axis in (1, 0))


def sides(picture: NDArray) -> tuple[int, int]:
    """Return the height and the width of the ink."""
    return tuple(int(np.ptp(np.flatnonzero(picture.any(axis=axis)))) + 1 for axis in (1, 0))


def moved(strokes: list, scale: float, right: float, down: float) -> list:
    """Return the strokes smaller or larger and elsewhere."""
    return [[(scale * x + right, scale * y + down) for x, y in stroke] for stroke in strokes]


@pytest.mark.parametrize("width", [8, 22, 40])
def test_a_stroke_leaves_ink_as_wide_as_the_pen_where_it_goes(width):
    picture = rasterize([[(0.2, 0.25), (0.8, 0.25)]], width=width)
    assert picture.shape == (280, 280) and picture.dtype == float
    assert (picture.min(), picture.max()) == (0, 255)
    np.testing.assert_allclose(picture[:, 140].sum() / 255, width, atol=0.3)
    assert center(picture) == pytest.approx((0.25 * 280 - 0.5, 139.5), abs=0.1)  # row first: y goes downward
    assert sides(picture) == pytest.approx((width, 0.6 * 280 + width), abs=1.1)  # with round ends
    corner = picture[70 - width // 2 :, 56 - width // 2 :]
    assert corner[0, 0] == 0 and picture[70, 56 - width // 2 + 1] == 255


def test_a_slanted_stroke_is_as_wide_as_a_straight_one():
    slanted, straight = rasterize([[(0.2, 0.2), (0.68, 0.84)]]), rasterize([[(0.1, 0.5), (0.9, 0.5)]])
    assert slanted.sum() == pytest.approx(straight.sum(), rel=0.02)


def test_edges_are_gray_and_strokes_that_cross_are_not_darker_than_ink():
    picture = rasterize([[(0.1, 0.1), (0.9, 0.8)], [(0.1, 0.9), (0.9, 0.1)]])
    assert picture.max() == 255 and 0.01 < np.mean((picture > 20) & (picture < 235)) < 0.1


def test_a_dot_is_round_and_its_size_is_the_pens():
    picture = rasterize([[(0.5, 0.25)]], width=20)
    assert center(picture) == pytest.approx((69.5, 139.5)) and sides(picture) == (20, 20)
    assert picture.sum() / 255 == pytest.approx(np.pi * 100, rel=0.02)


def test_no_strokes_leave_paper():
    assert not rasterize([]).any() and rasterize([], size=56).shape == (56, 56)


def test_ink_at_the_border_is_cut_there():
    picture = rasterize([[(0, 0), (1, 0)]], width=20)
    assert (picture[:9] == 255).all() and not picture[11:].any()


def test_as_drawn_keeps_place_and_amount():
    picture = rasterize(moved(SEVEN, 0.3, 0.6, 0.1))
    small = as_drawn(picture)
    assert small.shape == (28, 28) and small.mean() == pytest.approx(picture.mean())
    assert center(small) == pytest.approx([(c + 0.5) / 10 - 0.5 for c in center(picture)], abs=0.01)


@pytest.mark.parametrize(
    ("scale", "right", "down"), [(0.3, 0, 0), (0.3, 0.65, 0.6), (0.7, 0.2, 0.1), (1.2, -0.1, -0.1)]
)
def test_neither_place_nor_size_of_a_drawing_matters_to_like_mnist(scale, right, down):
    before = like_mnist(rasterize(SEVEN, width=22))
    after = like_mnist(rasterize(moved(SEVEN, scale, right, down), width=22 * scale))
    assert sides(before) == sides(after)
    assert np.abs(after - before).mean() < 2.5 and np.corrcoef(after.ravel(), before.ravel())[0, 1] > 0.99
    drawn = [as_drawn(rasterize(strokes)).ravel() for strokes in (SEVEN, moved(SEVEN, scale, right, down))]
    assert np.corrcoef(*drawn)[0, 1] < 0.9  # where nothing is done about it, it does matter


@pytest.mark.parametrize("strokes", [SEVEN, [[(0.1, 0.1), (0.2, 0.9), (0.15, 0.5)]], [[(0.1, 0.9), (0.9, 0.8)]]])
def test_like_mnist_is_20_pixels_long_and_centered(strokes):
    picture = rasterize(strokes)
    field = like_mnist(picture)
    assert field.shape == (28, 28) and field.min() >= 0 and field.max() <= 255
    assert max(sides(field)) == 20 and center(field) == pytest.approx((14, 14), abs=0.51)
    height, width = sides(picture)
    assert sides(field) == pytest.approx((20 * height / max(height, width), 20 * width / max(height, width)), abs=0.51)


def test_like_mnist_keeps_up_up_and_left_left():
    field = like_mnist(rasterize(SEVEN))
    rows, columns = np.nonzero(field > 100)
    top, bottom = rows == rows.min(), rows == rows.max()
    assert np.ptp(columns[top]) > 8 and np.ptp(columns[bottom]) < 5  # the bar of a 7 is above its foot
    assert field[rows.min() + 1, columns.min()] > 100 and not field[rows.max(), columns.max()]


def test_the_digits_of_mnist_stay_as_they_are():
    for images in (pair[0][:300] for pair in data.load_mnist("small")):
        for image in images:
            np.testing.assert_array_equal(like_mnist(image), image)
            np.testing.assert_array_equal(as_drawn(image), image)


def test_a_digit_of_mnist_elsewhere_and_larger_comes_back():
    (images, _), _ = data.load_mnist("small")
    for image in images[:20]:
        rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
        ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].repeat(3, axis=0).repeat(3, axis=1)
        sheet = np.zeros((100, 130))
        sheet[3 : 3 + ink.shape[0], 40 : 40 + ink.shape[1]] = ink
        assert np.abs(like_mnist(sheet) - image).mean() < 6
        assert np.corrcoef(like_mnist(sheet).ravel(), image.ravel())[0, 1] > 0.97


def test_like_mnist_takes_odd_drawings():
    assert not like_mnist(np.zeros((280, 280))).any()
    dot = like_mnist(rasterize([[(0.05, 0.9)]]))
    assert sides(dot) == (20, 20) and center(dot) == pytest.approx((14, 14), abs=0.51)
    line = like_mnist(rasterize([[(0.05, 0.9), (0.95, 0.9)]], width=8))
    assert sides(line) == (1, 20) and line[14].any()
    pixel = np.zeros((50, 60))
    pixel[3, 4] = 255
    assert sides(like_mnist(pixel)) == (20, 20)
    assert sides(like_mnist(np.full((280, 280), 255))) == (20, 20)
    lopsided = np.zeros((28, 28))
    lopsided[4:24, 4] = 255  # nearly all ink on one side of a broad box, whose center would push it out of the field
    lopsided[4, 4:24] = 1
    assert sides(like_mnist(lopsided)) == (20, 20)


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ("abc", "found str"),
        (None, "found NoneType"),
        (3, "found int"),
        ([[]], "stroke 1 is not a list of one or more points"),
        ([[(0.1, 0.2)], [(0.1, 0.2, 0.3)]], "stroke 2 is not"),
        ([(0.1, 0.2)], "stroke 1 is not"),
        ([[(0.1, 0.2), (0.3,)]], "stroke 1 is not"),
        ([[("a", "b")]], "stroke 1 is not"),
        ([[(0.1, 0.2), (0.5, 1.5)]], "Stroke 1 holds the point (0.5, 1.5)"),
        ([[(-0.1, 0.2)]], "between 0 and 1"),
        ([[(np.nan, 0.2)]], "(nan, 0.2)"),
        ([[(0.5, 0.5)] * (MOST_POINTS + 1)], "20,001 points"),
    ],
)
def test_bad_strokes_are_named(strokes, words):
    with pytest.raises(ValueError) as caught:
        check_strokes(strokes)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "picture", [np.zeros(784), np.zeros((28, 28, 1)), "abc", [[1, np.nan]], [[1, -1]], np.zeros((0, 0))]
)
def test_bad_pictures_are_named(picture):
    with pytest.raises(ValueError, match="A picture must"):
        like_mnist(picture)


def test_as_drawn_needs_a_square_that_divides():
    with pytest.raises(ValueError, match=r"multiple of 28, found \(30, 30\)"):
        as_drawn(np.zeros((30, 30)))
