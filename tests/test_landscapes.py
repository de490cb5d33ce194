"""The landscapes on which optimizers are compared: gradients, lowest points, frames, arrays."""

import warnings

import numpy as np
import pytest

from helpers.landscapes import BEALE, BOWL, HIMMELBLAU, LANDSCAPES, ROSENBROCK

EVERY = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=list(LANDSCAPES))


def points(landscape, num_points=50):
    """Return random points within the frame, shape (num_points, 2)."""
    low, high = np.transpose([landscape.xlim, landscape.ylim])
    return np.random.default_rng(0).uniform(low, high, (num_points, 2))


def inside(landscape, point):
    """Say whether a point lies within the frame."""
    low, high = np.transpose([landscape.xlim, landscape.ylim])
    return ((low < point) & (point < high)).all()


@EVERY
def test_the_gradient_is_what_differences_say(landscape):
    for w in points(landscape):
        h = 1e-5
        around = [[landscape.height(*(w + sign * e)) for sign in (1, -1)] for e in h * np.eye(2)]
        grad = landscape.gradient(w)
        assert grad.shape == (2,)
        np.testing.assert_allclose(grad, [(up - down) / (2 * h) for up, down in around], rtol=1e-6, atol=2e-5)


@EVERY
def test_the_gradient_is_exact(landscape):
    """A step of i·h has no rounding error: for a polynomial f, the imaginary part of f(w + ih) / h is f'(w)."""
    h = 1e-30
    for w in points(landscape):
        slopes = [landscape.height(w[0] + 1j * h, w[1]).imag / h, landscape.height(w[0], w[1] + 1j * h).imag / h]
        np.testing.assert_allclose(landscape.gradient(w), slopes, rtol=1e-12, atol=1e-11)


@EVERY
def test_the_minima_are_minima_within_the_frame(landscape):
    assert landscape.minima.ndim == 2 and landscape.minima.shape[1] == 2
    rng = np.random.default_rng(1)
    for minimum in landscape.minima:
        np.testing.assert_allclose(landscape.height(*minimum), 0, atol=1e-25)
        np.testing.assert_allclose(landscape.gradient(minimum), 0, atol=1e-12)
        near = minimum + 1e-3 * rng.standard_normal((100, 2))
        assert (landscape.height(near[:, 0], near[:, 1]) > 0).all()
        assert inside(landscape, minimum)


@EVERY
def test_the_start_is_within_the_frame_and_away_from_every_minimum(landscape):
    assert landscape.start.shape == (2,) and inside(landscape, landscape.start)
    assert landscape.height(*landscape.start) > 0.5 and np.abs(landscape.gradient(landscape.start)).max() > 0.5
    assert (np.linalg.norm(landscape.minima - landscape.start, axis=1) > 0.5).all()


@EVERY
def test_no_point_of_the_frame_is_below_0(landscape):
    x, y = np.meshgrid(np.linspace(*landscape.xlim, 201), np.linspace(*landscape.ylim, 201))
    heights = landscape.height(x, y)
    assert (heights >= 0).all()
    # Nor is there a minimum that is not in the list: around the lowest points of the grid lies one of it.
    grid = np.column_stack([x.ravel(), y.ravel()])[np.argsort(heights, axis=None)[:5]]
    step = max(np.ptp(landscape.xlim), np.ptp(landscape.ylim)) / 200
    distance = np.linalg.norm(grid[:, None] - landscape.minima, axis=2).min(axis=1)
    assert distance.min() < 2 * step


@EVERY
def test_heights_take_arrays_of_any_shape(landscape):
    x, y = points(landscape, 6).T
    expected = [landscape.height(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(landscape.height(x, y), expected, rtol=1e-13)
    np.testing.assert_allclose(landscape.height(x.tolist(), y.tolist()), expected, rtol=1e-13)
    for shape in [(6, 1), (2, 3), (1, 2, 3)]:
        given = x.reshape(shape), y.reshape(shape)
        assert landscape.height(*given).shape == shape
        np.testing.assert_allclose(landscape.height(*given).ravel(), expected, rtol=1e-13)
    table = landscape.height(x[:, None], y[None, :])  # broadcast: every x with every y
    assert table.shape == (6, 6)
    np.testing.assert_allclose(np.diag(table), expected, rtol=1e-13)
    assert np.shape(landscape.height(1, 2)) == ()


@EVERY
def test_whole_numbers_and_lists_are_enough(landscape):
    expected = landscape.gradient(np.array([2.0, -1.0]))
    assert landscape.gradient(np.array([2, -1])).tolist() == expected.tolist()
    assert landscape.gradient([2, -1]).tolist() == expected.tolist()
    assert landscape.gradient(np.array([2, -1], np.float32)).dtype == "float32"
    assert landscape.height(2, -1) == landscape.height(2.0, -1.0)


@EVERY
def test_nothing_given_is_changed(landscape):
    w = np.array([0.5, -0.25])
    w.flags.writeable = False  # working in place raises
    assert not np.shares_memory(landscape.gradient(w), w)
    x, y = np.ones(3), np.ones(3)
    landscape.height(x, y)
    assert x.tolist() == y.tolist() == [1, 1, 1]


@EVERY
def test_far_away_nothing_warns(landscape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not np.isfinite(landscape.height(np.array([1e200]), np.array([-1e200]))).any()
        landscape.gradient(np.array([1e200, -1e200]))
        landscape.gradient(np.array([np.inf, np.nan]))


def test_the_curvatures_of_the_bowl():
    corner = BOWL.gradient(np.zeros(2))
    hessian = np.column_stack([BOWL.gradient(e) - corner for e in np.eye(2)])
    np.testing.assert_array_equal(hessian, np.diag([0.2, 4.0]))
    np.testing.assert_array_equal(BOWL.gradient(np.array([10.0, -3.0])), hessian @ [10.0, -3.0])  # the same everywhere
    assert BOWL.height(10.0, -3.0) == pytest.approx(0.1 * 100 + 2 * 9)


def test_known_heights():
    """At points of the literature: Rosenbrock's own start, and the corner that the other two are given by."""
    assert ROSENBROCK.height(-1.2, 1.0) == pytest.approx(24.2)
    assert BEALE.height(0, 0) == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert HIMMELBLAU.height(0, 0) == 170
    assert ROSENBROCK.minima.tolist() == [[1, 1]] and BEALE.minima.tolist() == [[3, 0.5]]
    assert len({tuple(minimum) for minimum in HIMMELBLAU.minima.round(3).tolist()}) == 4


def test_every_landscape_is_found_by_its_name():
    assert list(LANDSCAPES.values()) == [BOWL, ROSENBROCK, BEALE, HIMMELBLAU]
    assert all(landscape.name == name for name, landscape in LANDSCAPES.items())
