"""The explorer of polynomials: its fits against NumPy's and scikit-learn's, verdicts, the goal, odd and bad data."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers import data
from helpers.sliders import Explorer, polynomial
from helpers.sliders.polynomial import LAMS, Fits

Given = tuple[NDArray, NDArray, NDArray, NDArray]


def wave(seed: int = 1) -> Given:
    """Return 15 training and 30 validation points of the lesson's kind."""
    rng = np.random.default_rng(seed)
    return *data.noisy_wave(15, rng), *data.noisy_wave(30, rng)


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets both controls."""
    return polynomial(*wave())


@pytest.mark.parametrize("degree", [0, 1, 3, 7])
def test_without_a_penalty_the_fit_is_least_squares(shared, degree):
    x, y, x_val, y_val = wave()
    shared.set(degree=degree, lam=0)
    values = shared.values
    best = np.polynomial.Polynomial.fit(x, y, degree).convert().coef
    np.testing.assert_allclose(values["theta"], [*best[1:], best[0]], rtol=1e-6)
    for name, u, v in (("train_error", x, y), ("val_error", x_val, y_val)):
        np.testing.assert_allclose(values[name], np.mean((np.polyval(best[::-1], u) - v) ** 2), rtol=1e-6)
    assert values["size"] == pytest.approx(max([0.0, *np.abs(best[1:])]), rel=1e-6)


@pytest.mark.parametrize(("degree", "lam"), [(2, 1), (5, 0.003), (12, 1e-4), (9, 10)])
def test_with_a_penalty_the_fit_is_sklearns_ridge(shared, degree, lam):
    from sklearn.linear_model import Ridge

    x, y, x_val, y_val = wave()
    powers, powers_val = (u[:, None] ** np.arange(1, degree + 1) for u in (x, x_val))
    model = Ridge(alpha=lam * len(y), solver="svd").fit(powers, y)
    shared.set(degree=degree, lam=lam)
    np.testing.assert_allclose(shared.values["theta"], [*model.coef_, model.intercept_], rtol=1e-5)
    for name, u, v in (("train_error", powers, y), ("val_error", powers_val, y_val)):
        np.testing.assert_allclose(shared.values[name], np.mean((model.predict(u) - v) ** 2), rtol=1e-6)


def test_the_tables_hold_the_errors_of_every_setting(shared):
    values, found = shared.values, []
    assert values["train_errors"].shape == values["val_errors"].shape == (13, len(LAMS)) == (13, len(values["lams"]))
    for degree, column in ((0, 0), (3, 4), (12, 17), (8, 1)):
        shared.set(degree=degree, lam=LAMS[column])
        found.append([shared.values["train_error"], shared.values["val_error"]])
        assert found[-1] == [values["train_errors"][degree, column], values["val_errors"][degree, column]]
    degree, lam = values["best"]
    assert values["val_errors"][degree, LAMS.index(lam)] == values["val_errors"].min()
    assert (np.diff(values["train_errors"][:, 0]) <= 1e-12).all()  # more freedom never fits worse
    assert (np.diff(values["train_errors"], axis=1) >= -1e-12).all()  # nor does less of a penalty


def test_lams_are_zero_and_half_decades():
    assert LAMS[0] == 0 and (LAMS[1], LAMS[-1]) == (1e-7, 10) and len(LAMS) == 18
    assert np.diff(np.log10(LAMS[1:])) == pytest.approx(0.5, abs=0.03)
    assert {1e-6, 1e-3, 0.3, 1.0} < set(LAMS)


@pytest.mark.parametrize(
    ("degree", "lam", "verdict"),
    [(12, 0, "overfits"), (0, 0, "underfits"), (12, 10, "underfits"), (9, 1e-7, "overfits"), (1, 0, "underfits"),
     (6, 0, "fair"), (12, 1e-4, "good")],
)  # fmt: skip
def test_the_verdict_fits_the_numbers(shared, degree, lam, verdict):
    shared.set(degree=degree, lam=lam)
    values = shared.values
    best = values["best"][0], LAMS.index(values["best"][1])
    against = [values[name] / values[table][best] for name, table in
               (("train_error", "train_errors"), ("val_error", "val_errors"))]  # fmt: skip
    assert values["verdict"] == verdict
    assert ("It overfits" in shared.summary, "It underfits" in shared.summary) == (
        verdict == "overfits", verdict == "underfits",
    )  # fmt: skip
    if verdict == "underfits":
        assert min(against) > 1.4 and f"{against[0]:.2g} times that of the best" in shared.summary
    elif verdict == "overfits":
        assert against[0] < 1 < 1.5 < against[1]
    else:
        assert against[1] <= 1.5


@pytest.mark.parametrize("seed", range(4))
def test_the_goal_is_within_a_tenth_of_the_best(seed):
    fits, seen = Fits(*wave(seed), 12), []
    for degree in range(13):
        for column, lam in enumerate(LAMS):
            values = fits.compute(degree, lam)
            near = fits.val_errors[degree, column] <= 1.1 * fits.val_errors.min()
            assert values["goal_met"] == near == ("✓ Goal met" in fits.say(values))
            seen.append(near)
    assert 1 <= sum(seen) < 100 and not fits.compute(12, 0.0)["goal_met"]


def test_the_start_overfits_and_says_so():
    explorer = polynomial(*wave())
    assert explorer.settings == {"degree": 12, "lam": 0.0} and not explorer.values["goal_met"]
    assert explorer.summary.startswith("Degree 12, λ = 0: largest weight ")
    assert "It overfits: the training error is 0." in explorer.summary
    assert f"degree {explorer.values['val_errors'][:, 0].argmin()}; at this degree" in explorer.summary
    assert "of the lowest of all these 234 fits" in explorer.children[0].value


def test_the_start_can_be_chosen_and_degree_zero_has_no_weights():
    explorer = polynomial(*wave(), max_degree=5, degree=0, lam=3e-7)
    assert explorer.settings == {"degree": 0, "lam": 3e-7} and explorer.message == ""
    assert explorer.values["size"] == 0 and explorer.values["theta"].tolist() == pytest.approx([wave()[1].mean()])
    assert (
        "Degree 0, λ = 3e-7: no weights, only a bias" in explorer.summary and "at this degree" not in explorer.summary
    )
    assert explorer.values["val_errors"].shape == (6, len(LAMS))


@pytest.mark.parametrize(("degree", "lam"), [(12, 0), (0, 10), (4, 0.003)])
def test_the_code_reproduces_the_values(degree, lam):
    explorer = polynomial(*wave(), degree=degree, lam=lam)
    namespace: dict[str, Any] = dict(zip(("x", "y", "x_val", "y_val"), wave(), strict=True))
    exec(explorer.code, namespace)
    found = [name for name in explorer.values if name in namespace]
    assert len(found) == 10
    for name in found:
        np.testing.assert_allclose(namespace[name], explorer.values[name], rtol=1e-7, err_msg=name)


def test_what_stands_between_two_places_is_moved_and_said(shared):
    shared.set(degree=3.4, lam=0.0025)
    assert (shared.values["degree"], shared.values["lam"]) == (3, 0.003)
    assert "degree: 3.4 is between two whole numbers" in shared.message and "penalty λ: 0.0025" in shared.message
    shared.set(degree=40, lam=-1)
    assert (shared.values["degree"], shared.values["lam"]) == (12, 0) and "above the range" in shared.message


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1e300])
def test_a_bad_penalty_is_answered_in_words(shared, bad):
    shared.set(degree=3, lam=bad)
    assert "penalty λ" in shared.message and shared.values["lam"] in LAMS
    shared.set(lam=1.0)
    assert shared.message == ""


def test_odd_but_honest_data_gets_a_picture():
    x = np.linspace(-1, 1, 8)
    for given in (
        (x, x**2, x + 0.01, x**2),  # almost no error at all
        (x, x**3, x, x**3),  # none: every higher degree fits
        (x[:, None], 1e6 * np.sign(x)[:, None], 10 * x, -1e6 * x),
        (np.repeat([0.0, 1, 2], 300), np.arange(900), [0, 1, 2], [0.1, 0.2, 0.3]),
        ([1, 2, 3], [1, 2, 4], [1, 2, 3], [1, 2, 4]),
    ):
        explorer = polynomial(*given)
        for degree, lam in ((12, 0), (0, 10), (2, 1e-7)):
            explorer.set(degree=degree, lam=lam)
            assert explorer.message == "" and "nan" not in explorer.summary and "inf" not in explorer.summary
            assert 1000 < len(explorer.image.value) < 100_000


def test_what_was_given_is_neither_changed_nor_kept():
    given = wave()
    explorer = polynomial(*given, degree=3)
    before = explorer.image.value.tobytes()
    for array in given:
        array[:] = 0
    explorer.values["val_errors"][:] = 0
    explorer.values["theta"][:] = 0
    explorer.set(degree=4)
    explorer.set(degree=3)
    assert explorer.image.value.tobytes() == before and explorer.values["val_errors"].min() > 0


def test_the_first_setting_does_not_move_the_axes():
    seen = [
        [ax.get_position().bounds for ax in polynomial(*wave(), degree=degree, lam=lam)._picture.figure.axes]
        for degree, lam in ((12, 0), (0, 10))
    ]
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-9)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, "abc", "x must be an array of numbers, found 'abc'"),
        (0, None, "x must have 1 axis"),
        (0, np.ones((15, 2)), "x must have 1 axis, found shape (15, 2)"),
        (0, np.ones(15), "x must hold 3 different numbers or more"),
        (0, np.linspace(0, 3000, 15), "x must hold numbers from -10 to 10, found 3000"),
        (0, [0.1, 0.2], "there are 2 of x and 15 of y: they must be as many"),
        (1, np.full(15, np.nan), "y must hold numbers from -1,000,000 to 1,000,000, found nan"),
        (1, np.ones(15), "y is 1 everywhere: there is nothing to fit"),
        (1, [[1], [2, 3]], "y must be an array of numbers"),
        (2, np.arange(5), "there are 5 of x_val and 30 of y_val"),
        (3, np.full(30, np.inf), "y_val must hold numbers"),
    ],
)
def test_bad_points_are_answered_in_words(place, value, words):
    given: list[Any] = list(wave())
    given[place] = value
    explorer = polynomial(*given)
    assert explorer.message.startswith("No picture for this: ") and words in explorer.message
    assert "Error" not in explorer.message and not explorer.controls


@pytest.mark.parametrize(
    ("points", "words"),
    [([0.1, 0.2], "must hold 3 to 1,000 points, found 2"), (np.linspace(0, 1, 1001), "found 1,001")],
)
def test_too_few_or_too_many_points_are_answered_in_words(points, words):
    assert words in polynomial(points, points, *wave()[2:]).message
    assert words in polynomial(*wave()[:2], points, points).message


@pytest.mark.parametrize("bad", [0, 21, 2.5, "abc", None, np.nan])
def test_a_bad_highest_degree_is_answered_in_words(bad):
    assert "max_degree must be a whole number from 1 to 20" in polynomial(*wave(), max_degree=bad).message
