"""Images moved, turned, zoomed and mirrored: against slices, np.rot90 and SciPy, the limits of chance, lost ink."""

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers import data
from helpers.augmentation import AT_ONE, KINDS, Moves, amounts, deform, draw_moves, ink_lost, warp

IMAGES = data.load_mnist("small")[0][0][:40]
NOISE = np.random.default_rng(0).random((6, 9, 12))


def one(n: int, *, right: float = 0, down: float = 0, degrees: float = 0, zoom: float = 1, mirrored: bool = False):
    """Return the same move for n images."""
    return Moves(*(np.full(n, value) for value in (right, down, degrees, zoom, mirrored)))


@pytest.mark.parametrize("images", [IMAGES, NOISE, NOISE.astype(np.float32), IMAGES.astype(int), IMAGES > 100])
def test_nothing_done_leaves_the_images_as_they_are(images):
    for found in (warp(images, one(len(images))), deform(images, np.random.default_rng(0)),
                  deform(images, np.random.default_rng(0), **amounts(0))):  # fmt: skip
        np.testing.assert_array_equal(found, images)
        assert found.dtype == (images.dtype if images.dtype.kind == "f" or images.dtype == np.uint8 else float)
        assert not np.shares_memory(found, images)


@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, 2), (-4, 0), (0, -5), (2, -3), (-1, 4), (11, 8), (30, 0)])
@pytest.mark.parametrize("images", [IMAGES, NOISE])
def test_a_shift_by_whole_pixels_is_a_slice_and_never_wraps(images, right, down):
    n, height, width = images.shape
    expected = np.zeros_like(images)
    for y in range(height):
        for x in range(width):
            if 0 <= y - down < height and 0 <= x - right < width:
                expected[:, y, x] = images[:, y - down, x - right]
    np.testing.assert_array_equal(warp(images, one(n, right=right, down=down)), expected)


def test_half_a_pixel_is_the_mean_of_two_and_of_paper_at_the_edge():
    image = np.array([[[8.0, 4.0, 2.0]]])
    assert warp(image, one(1, right=0.5)).tolist() == [[[4.0, 6.0, 3.0]]]
    assert warp(image, one(1, down=0.25)).tolist() == [[[6.0, 3.0, 1.5]]]
    assert warp(image.astype(np.uint8), one(1, down=0.6)).tolist() == [[[3, 2, 1]]]  # 3.2, 1.6, 0.8: rounded, not cut


@pytest.mark.parametrize("turns", [-2, -1, 1, 2, 3])
def test_a_right_angle_is_rot90(turns):
    for images in (IMAGES, NOISE[:, :, :9]):
        found = warp(images, one(len(images), degrees=90.0 * turns))
        np.testing.assert_allclose(found, np.rot90(images, turns, axes=(1, 2)), atol=1e-9)


def test_mirrored_is_left_for_right_and_comes_before_the_rest():
    np.testing.assert_array_equal(warp(NOISE, one(6, mirrored=True)), NOISE[:, :, ::-1])
    both = warp(NOISE[:, :, :9], one(6, mirrored=True, degrees=90.0, right=2))
    np.testing.assert_allclose(both[:, :, 2:], np.rot90(NOISE[:, :, :9][:, :, ::-1], axes=(1, 2))[:, :, :-2], atol=1e-9)


def test_zoom_above_one_makes_larger_about_the_center():
    square = np.zeros((1, 28, 28))
    square[0, 9:19, 9:19] = 1.0
    for zoom in (0.6, 1.4, 2.0):
        found = warp(square, one(1, zoom=zoom))[0]
        assert found.sum() == pytest.approx((10 * zoom) ** 2, rel=0.02)
        np.testing.assert_allclose(found, found[::-1, ::-1], atol=1e-9)


def test_all_at_once_is_what_scipy_does():
    from scipy.ndimage import affine_transform

    rng = np.random.default_rng(3)
    moves = draw_moves(len(NOISE), rng, shift=4, rotation=70, zoom=0.4, flip=0.5)
    assert moves.mirrored.any() and not moves.mirrored.all()
    center = (np.array(NOISE.shape[1:]) - 1) / 2
    for image, found, (right, down, degrees, zoom, mirrored) in zip(
        NOISE, warp(NOISE, moves), zip(*moves, strict=True), strict=True
    ):
        angle = np.deg2rad(degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) / zoom  # (row, column)
        image = image[:, ::-1] if mirrored else image
        offset = center - turn @ (center + [down, right])
        expected = affine_transform(image, turn, offset, order=1, mode="grid-constant")
        np.testing.assert_allclose(found, expected, atol=1e-9)


def test_many_images_are_moved_as_each_alone():
    images = np.tile(IMAGES, (13, 1, 1))  # 520: more than are worked on at once
    moves = draw_moves(len(images), np.random.default_rng(0), **amounts(2))
    found = warp(images, moves)
    for i in (0, 499, 500, 519):
        np.testing.assert_array_equal(found[i], warp(images[i : i + 1], Moves(*(part[i : i + 1] for part in moves)))[0])
    assert warp(images[:0], Moves(*(part[:0] for part in moves))).shape == (0, 28, 28)


def test_moves_are_uniform_between_their_limits_and_each_image_has_its_own():
    moves = draw_moves(4000, np.random.default_rng(0), shift=3, rotation=20, zoom=0.2, flip=0.5)
    for part, middle, most in ((moves.right, 0, 3), (moves.down, 0, 3), (moves.degrees, 0, 20), (moves.zoom, 1, 0.2)):
        assert part.shape == (4000,) and np.abs(part - middle).max() <= most
        assert np.abs(part - middle).max() > 0.99 * most and part.mean() == pytest.approx(middle, abs=0.06 * most)
        assert part.std() == pytest.approx(most / np.sqrt(3), rel=0.05)
    assert abs(np.corrcoef(moves.right, moves.down)[0, 1]) < 0.06
    assert moves.mirrored.mean() == pytest.approx(0.5, abs=0.04)


def test_one_generator_draws_the_same_proportions_for_all_amounts():
    small, large = (draw_moves(9, np.random.default_rng(5), **amounts(strength)) for strength in (0.5, 2))
    np.testing.assert_allclose(large.right, 4 * small.right)
    np.testing.assert_allclose(large.zoom - 1, 4 * (small.zoom - 1))
    alone = draw_moves(9, np.random.default_rng(5), **amounts(2, "rotation"))
    np.testing.assert_array_equal(alone.degrees, large.degrees)
    assert not alone.right.any() and not alone.down.any() and (alone.zoom == 1).all() and not alone.mirrored.any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_amounts_of_a_strength(kind):
    found = amounts(1.5, kind)
    if kind == "flip":
        assert found == {"flip": 0.5} and amounts(0, kind) == {"flip": 0}
    else:
        assert found == {name: 1.5 * most for name, most in AT_ONE.items() if kind in ("all", name)}
    assert amounts() == {"shift": 2, "rotation": 10, "zoom": 0.1}


def test_lost_ink_is_what_is_missing_on_a_larger_sheet():
    moves = draw_moves(len(IMAGES), np.random.default_rng(1), shift=9, rotation=40, zoom=0.4, flip=0.5)
    lost = ink_lost(IMAGES, moves)
    sheet = warp(np.pad(IMAGES.astype(float), ((0, 0), (20, 20), (20, 20))), moves)
    expected = 1 - sheet[:, 20:-20, 20:-20].sum(axis=(1, 2)) / sheet.sum(axis=(1, 2))
    assert lost.min() == 0 and lost.max() > 0.1
    np.testing.assert_allclose(lost, expected, atol=0.03)


def test_lost_ink_of_whole_pixels():
    image = np.zeros((1, 5, 5))
    image[0, 2, 3:] = (1.0, 3.0)
    found = [ink_lost(image, one(1, right=right))[0] for right in (0, 1, 2, 9, -3, -4)]
    assert found == [0, 0.75, 1, 1, 0, 0.25]
    assert ink_lost(image, one(1, right=1, mirrored=True))[0] == 0  # mirrored it is on the left
    assert ink_lost(image * 0, one(1, right=9))[0] == 0


def test_what_is_given_stays():
    images: NDArray = IMAGES.copy()
    deform(images, np.random.default_rng(0), shift=2, rotation=10, zoom=0.1, flip=0.5)
    np.testing.assert_array_equal(images, IMAGES)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda rng: deform(IMAGES[0], rng), ValueError, r"\(n, height, width\), found uint8 of \(28, 28\): one image"),
        (lambda rng: deform(IMAGES[..., None], rng), ValueError, r"a channel goes by images\[..., 0\]"),
        (lambda rng: deform("abc", rng), ValueError, r"images must have shape \(n, height, width\)"),
        (lambda rng: deform(IMAGES[:, :0], rng), ValueError, r"found uint8 of \(40, 0, 28\)"),
        (lambda rng: deform(IMAGES, rng, shift=-1), ValueError, "shift must be 0 or more"),
        (lambda rng: deform(IMAGES, rng, rotation="ten"), TypeError, "rotation must be one number"),
        (lambda rng: deform(IMAGES, rng, zoom=1), ValueError, "zoom must be below 1 and flip at most 1, found 1 and 0"),
        (lambda rng: deform(IMAGES, rng, flip=2), ValueError, "flip at most 1, found 0 and 2"),
        (lambda rng: amounts(-1), ValueError, "strength must be 0 or more"),
        (lambda rng: amounts(1, "mirror"), ValueError, "kind must be one of all, .*, flip, found 'mirror'"),
        (lambda rng: warp(IMAGES, one(3)), ValueError, r"five arrays of shape \(40,\), finite numbers"),
        (lambda rng: warp(IMAGES, one(40, right=np.nan)), ValueError, "finite numbers"),
        (lambda rng: warp(IMAGES, one(40, zoom=0)), ValueError, "A zoom must be above 0, found 0"),
    ],
)
def test_bad_input_is_refused_in_words(call, kind, words):
    with pytest.raises(kind, match=words):
        call(np.random.default_rng(0))
