"""The explorer of two penalties: its weights against direct solutions and `lasso`, its goal, odd and bad data."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.penalties import lasso, ridge
from helpers.sliders import Explorer, two_penalties
from helpers.sliders.two_penalties import SHARES, Run
from helpers.sliders.two_penalties_picture import TwoPenaltiesPicture

Given = tuple[NDArray, NDArray]
L2, L1, BOTH = SHARES


def correlated(r: float = 0.7, w: tuple[float, float] = (0.8, 0.3), m: int = 60, seed: int = 0) -> Given:
    """Return two standardized columns of about this correlation, and y of about a standard deviation of 1."""
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((m, 2))
    X = np.column_stack([z[:, 0], r * z[:, 0] + np.sqrt(1 - r**2) * z[:, 1]])
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = X @ np.array(w) + 0.5 * rng.standard_normal(m)
    return X, y - y.mean()


DATA = {
    "alike": correlated(), "very alike": correlated(0.95, (1, -0.5)), "opposed": correlated(-0.5, (-1, 0.2)),
    "apart": correlated(0.0, (0.2, 0.9)), "large": tuple(50 * part for part in correlated(0.6, (1, 1))),
}  # fmt: skip


def directly(X: NDArray, y: NDArray, l1: float, l2: float) -> NDArray:
    """Return the weights with the smallest objective: the best of those that each pattern of signs allows."""
    gram, slope, found = X.T @ X / len(y) + l2 * np.eye(2), X.T @ y / len(y), [np.zeros(2)]
    for i in (0, 1):
        for sign in (-1, 1):
            w = np.zeros(2)
            w[i] = (slope[i] - sign * l1 / 2) / gram[i, i]
            found += [w] if w[i] * sign > 0 else []
    for signs in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        w = np.linalg.solve(gram, slope - l1 / 2 * np.array(signs))
        found += [w] if (w * signs > 0).all() else []
    return min(found, key=lambda w: w @ gram @ w - 2 * slope @ w + l1 * np.abs(w).sum())


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets both controls."""
    return two_penalties(*DATA["alike"])


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("kind", SHARES)
def test_the_weights_are_those_of_a_direct_solution(name, kind):
    X, y = DATA[name]
    run, (l1, l2) = Run(X, y), SHARES[kind]
    for lam, w in zip(run.lams, run.paths[kind], strict=True):
        expected = directly(X, y, l1 * lam, l2 * lam)
        np.testing.assert_allclose(w, expected, rtol=1e-6, atol=1e-6 * np.abs(run.w_best).max())
        assert ((w == 0) == (expected == 0)).all()


@pytest.mark.parametrize("lam", [0.1, 0.501, 1.0])
def test_the_weights_are_those_that_the_lesson_computes(shared, lam):
    X, y = DATA["alike"]
    design = np.column_stack([X, np.ones(len(y))])
    for kind, theta in (
        (L2, ridge(design, y, lam)), (L1, lasso(design, y, lam)), (BOTH, lasso(design, y, lam / 2, l2=lam / 2))
    ):  # fmt: skip
        shared.set(kind=kind, lam=lam)
        values = shared.values
        assert shared.message == "" and (values["kind"], values["lam"]) == (kind, lam)
        np.testing.assert_allclose(values["w"], theta[:2], rtol=1e-7)
        assert values["mse"] == pytest.approx(np.mean((design @ theta - y) ** 2))
        size, squares = np.abs(theta[:2]).sum(), np.sum(theta[:2] ** 2)
        costs = {L2: squares, L1: size, BOTH: (size + squares) / 2}
        assert values["penalty"] == pytest.approx(lam * costs[kind])
    assert values["w_best"] == pytest.approx(np.linalg.lstsq(X, y)[0])
    assert values["least_mse"] == pytest.approx(np.mean((X @ values["w_best"] - y) ** 2))


def test_what_is_zero_is_counted_and_from_where_on(shared):
    shared.set(kind=L1, lam=0.01)
    values, lams = shared.values, shared.values["lams"]
    assert values["zeros"] == 0 and "exactly 0" not in shared.summary
    assert values["zero_from"][1] < values["zero_from"][0] < lams[-1]
    for name, start, weight in zip(("w₁", "w₂"), values["zero_from"], values["path"].T, strict=True):
        assert (weight[lams >= start] == 0).all() and weight[lams < start][-1] != 0
        shared.set(lam=start)
        assert f"{name} is exactly 0" in shared.summary
    assert shared.values["zeros"] == 1
    shared.set(lam=lams[-1])
    assert shared.values["zeros"] == 2 and not shared.values["goal_met"]
    shared.set(kind=L2)
    assert shared.values["zero_from"] == [None, None] and shared.values["zeros"] == 0
    assert "Squares make no weight exactly 0" in shared.summary


@pytest.mark.parametrize("name", DATA)
def test_lam_reaches_from_a_thousandth_of_the_l1_end_to_above_it(name):
    X, y = DATA[name]
    run = Run(X, y)
    end = 2 * np.abs(X.T @ y).max() / len(y)
    assert run.lams[0] <= end / 1000 and 1.09 * end <= run.lams[-1] < 2 * end
    assert ((run.paths[L1] == 0).all(axis=1) == (run.lams >= end)).all()


@pytest.mark.parametrize("name", DATA)
def test_the_goal_is_one_zero_at_the_lowest_error(name):
    run, found = Run(*DATA[name]), []
    for kind in SHARES:
        for lam in run.lams:
            values = run.compute(kind, lam)
            assert values["goal_met"] == ("✓ Goal met" in run.say(values))
            found.append((values["zeros"], values["mse"], values["goal_met"]))
    lowest = min(mse for zeros, mse, _ in found if zeros == 1)
    assert all(met == (zeros == 1 and mse <= lowest + 0.3 * (lowest - run.least_mse)) for zeros, mse, met in found)
    assert 0 < sum(met for *_, met in found) < len(found) / 4 and run.goal


def test_two_weights_that_vanish_together_leave_no_goal():
    X = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    explorer = two_penalties(X, X.sum(axis=1), kind="L1")
    assert "Goal" not in explorer.children[0].value and not explorer.values["goal_met"]
    explorer.set(lam=2.0)
    assert explorer.values["zeros"] == 2


@pytest.mark.parametrize("kind", SHARES)
def test_the_drawn_lines_go_through_the_weights_and_do_not_cross(kind):
    run = Run(*DATA["alike"])
    picture, (l1, l2) = TwoPenaltiesPicture(run), SHARES[kind]
    for lam in run.lams[[10, 40, 55]]:
        values = run.compute(kind, lam)
        line = picture.same_penalty(values)
        costs = l1 * np.abs(line).sum(axis=1) + l2 * (line**2).sum(axis=1)
        assert lam * costs == pytest.approx(np.full(len(line), values["penalty"]))
        level = run.w_best + np.sqrt(values["mse"] - run.least_mse) * picture.ellipse
        assert run.mse(*level.T) == pytest.approx(np.full(len(level), values["mse"]))
        assert run.mse(*line.T).min() >= values["mse"] - 1e-9  # nothing inside the region is better
        assert np.hypot(*(line - values["w"]).T).min() < 0.03


def test_the_start_tells_a_story_and_can_be_chosen():
    explorer = two_penalties(*DATA["alike"])
    assert explorer.settings["kind"] == L2 and explorer.message == "" and not explorer.values["goal_met"]
    assert explorer.summary.startswith(f"L2, squares, λ = {explorer.values['lam']:g}: w₁ = 0.")
    share = explorer.values["w"] / explorer.values["w_best"]
    assert f"({100 * share[0]:.0f} % of {explorer.values['w_best'][0]:.3g} by least squares)" in explorer.summary
    for kind, name in (("L1", L1), ("both", BOTH), ("L2, squares", L2)):
        chosen = two_penalties(*DATA["alike"], kind=kind, lam=0.1)
        assert chosen.settings == {"kind": name, "lam": 0.1} and chosen.message == ""


@pytest.mark.parametrize("name", ["alike", "very alike", "large"])
@pytest.mark.parametrize("kind", SHARES)
def test_the_code_reproduces_the_values(name, kind):
    X, y = DATA[name]
    explorer = two_penalties(X + 3, y[:, None] - 7, kind=kind)  # the code centers, too
    namespace: dict[str, Any] = {"X": X + 3, "y": y[:, None] - 7}
    exec(explorer.code, namespace)
    found = [key for key in explorer.values if key in namespace]
    assert len(found) == 7
    for key in set(found) - {"kind"}:
        np.testing.assert_allclose(namespace[key], explorer.values[key], rtol=1e-6, err_msg=key)


def test_odd_but_honest_data_gets_a_picture():
    X, y = DATA["apart"]
    for given in (
        (X, X[:, 0]), (X, 1e5 * y), (X, 1e-4 * y), (1e3 * X, y), (X.tolist(), y.tolist()),
        (X[:3], [0, 1, 5]), (X * [1, 2.5], y), correlated(0.975, (1, 1)), (X.astype(np.float32), y),
    ):  # fmt: skip
        explorer = two_penalties(*given)
        assert explorer.message == ""
        for kind in SHARES:
            for lam in (explorer.controls["lam"].low, explorer.controls["lam"].high):
                explorer.set(kind=kind, lam=lam)
                assert explorer.message == "" and "nan" not in explorer.summary and "inf" not in explorer.summary
                assert 1000 < len(explorer.image.value) < 100_000


def test_what_was_given_is_neither_changed_nor_kept():
    X, y = (part.copy() for part in DATA["alike"])
    explorer = two_penalties(X, y, kind="L1", lam=0.1)
    before = explorer.image.value.tobytes()
    X[:], y[:] = 0, 0
    explorer.values["path"][:] = 0
    explorer.set(lam=0.2)
    explorer.set(lam=0.1)
    assert explorer.image.value.tobytes() == before and explorer.values["path"].any()


def test_a_penalty_that_is_not_listed_and_a_bad_lam_are_answered_in_words(shared):
    for bad in ("L3", None, 2, np.ones(2)):
        shared.set(kind=bad, lam=0.1)
        assert "is not one of L2, squares, L1, sizes" in shared.message and shared.values["kind"] in SHARES
        assert "is not one of" in two_penalties(*DATA["alike"], kind=bad).message
    shared.set(kind=L1, lam=0.0733)
    assert "penalty λ: 0.0733 is between two computed values" in shared.message
    shared.set(lam="abc")
    assert "penalty λ: 'abc' is not a finite number" in shared.message
    shared.set(lam=0.1)
    assert shared.message == ""


GOOD_X, GOOD_Y = DATA["alike"]


@pytest.mark.parametrize(
    ("X", "y", "words"),
    [
        ("abc", GOOD_Y, "X must be an array of numbers, found 'abc'"),
        (GOOD_X[:, 0], GOOD_Y, "X must have shape (m, 2), two columns and no ones, found shape (60,)"),
        (np.column_stack([GOOD_X, np.ones(60)]), GOOD_Y, "no ones, found shape (60, 3)"),
        (np.full((60, 2), np.nan), GOOD_Y, "X must hold numbers from -1,000,000 to 1,000,000, found nan"),
        (GOOD_X[:5], GOOD_Y, "X has 5 rows and y 60 values: they must be as many"),
        (GOOD_X[:2], GOOD_Y[:2], "X must have 3 rows or more, found 2"),
        (np.column_stack([GOOD_X[:, 0], np.ones(60)]), GOOD_Y, "about as wide as each other"),
        (GOOD_X * [1, 10], GOOD_Y, "found standard deviations of 1 and 10"),
        (GOOD_X[:, [0, 0]], GOOD_Y, "the columns of X must differ more: their correlation is 1.000 in size"),
        (GOOD_X, np.ones(60), "y must depend on a column of X"),
        (GOOD_X, np.full(60, np.inf), "y must hold numbers"),
        (GOOD_X, "abc", "y must be an array of numbers, found 'abc'"),
        (GOOD_X, None, "y must have 1 axis"),
        (GOOD_X, np.ones((60, 2)), "y must have 1 axis, found shape (60, 2)"),
        ([[1, 2], [3]], [1, 2], "X must be an array of numbers"),
        (np.empty((0, 2)), [], "y must have 1 axis, found shape (0,)"),
    ],
)
def test_bad_columns_are_answered_in_words(X, y, words):
    explorer = two_penalties(X, y)
    assert explorer.message.startswith("No picture for this: ") and words in explorer.message
    assert "Error" not in explorer.message and not explorer.controls
