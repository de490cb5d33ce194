"""The checks of lesson 07: right answers in other words pass, and mistakes that nobody listed stay refused."""

import statistics

import numpy as np
import pytest

from helpers import check


def verdicts(name: str, answers: list) -> list[str]:
    """Return the marks that answers get, one character each."""
    return [getattr(check, name).grade(answer).mark for answer in answers]


# A line fitted by hand

LOOP = """
def fit_by_hand(X, y, theta, eta, batch_size, epochs):
    n, losses = len(y), []
    for epoch in range(epochs):
        total = 0.0
        for i in range(0, n, batch_size):
            X_b, y_b = X[i : i + batch_size], y[i : i + batch_size]
            r = X_b @ theta - y_b
            total += r @ r
            theta = theta - eta * 2 / len(y_b) * (X_b.T @ r)
        losses.append(total / n)
    return theta, losses
"""


def written(*change: str):
    """Compile the loop with one text replaced by another."""
    if change:
        assert change[0] in LOOP
    scope: dict = {"np": np}
    exec(LOOP.replace(*change) if change else LOOP, scope)
    return scope["fit_by_hand"]


def with_columns(X, y, theta, eta, batch_size, epochs):
    w, target, losses = theta.reshape(-1, 1), y[:, None], []
    for _ in range(epochs):
        squares = []
        for rows in np.split(np.arange(len(y)), range(batch_size, len(y), batch_size)):
            r = X[rows] @ w - target[rows]
            squares.extend(np.ravel(r**2).tolist())
            w = w - eta * np.mean(2 * r * X[rows], axis=0)[:, None]
        losses.append(statistics.fmean(squares))
    return [w.ravel(), np.array(losses)]


def with_weights(X, y, theta, eta, batch_size, epochs):
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        means, sizes, first = [], [], 0
        while first < len(y):
            rows = slice(first, first + batch_size)
            error = y[rows] - X[rows].dot(theta)
            means.append(np.square(error).mean())
            sizes.append(len(error))
            theta = [t + eta * 2 * np.mean(error * X[rows, k]) for k, t in enumerate(theta)]
            first += batch_size
        losses[epoch] = np.average(means, weights=sizes)
    return theta, losses


@pytest.mark.parametrize(
    "answer",
    [
        written(),
        written("return theta, losses", "return np.float32(theta), tuple(losses)"),
        written("return theta, losses", "return iter([theta.tolist(), losses])"),
        with_columns,
        with_weights,
    ],
    ids=["loop", "float32", "iterator", "columns", "weights"],
)
def test_a_fit_may_be_written_in_any_way(answer):
    assert check.fit_by_hand.grade(answer).mark == "✓", check.fit_by_hand.grade(answer)


def test_a_theta_moved_in_place_brings_a_caution():
    verdict = check.fit_by_hand.grade(written("theta = theta -", "theta -="))
    assert verdict.mark == "✓" and "changes its argument `theta` in place" in verdict.message


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("range(0, n, batch_size)", "range(batch_size, n, batch_size)"), "theta"),
        (("range(0, n, batch_size)", "range(0, n - 1, batch_size)"), "theta"),
        (("X_b.T @ r)", "abs(X_b).T @ r)"), "theta"),
        (("X_b.T @ r)", "X_b @ r)"), "the shapes of a product do not fit"),
        (("eta * 2", "eta / (epoch + 1) * 2"), "theta"),
        (("r = X_b @ theta - y_b", "r = X_b @ theta"), "theta"),
        (("total = 0.0", "total = 1.0"), "losses: expected"),
        (("r @ r\n", "r.sum() ** 2\n"), "losses: expected"),
        (("total / n)", "total / n / epochs)"), "losses: expected"),
        (("        losses.append(total / n)", "            losses.append(total / n)"), "losses: found shape"),
        (("return theta, losses", "return theta, {'loss': losses}"), "found a dict"),
        (("return theta, losses", "return losses"), "one thing came out"),
        (("return theta, losses", "return theta[:, None], losses"), "Flatten it"),
        (("        losses.append(total / n)", "        losses = total / n"), "the last loss alone"),
        (("        losses.append(total / n)", "        pass"), "`losses` is empty"),
        (("            theta = theta -", "        theta = theta -"), "stands after the inner loop"),
        (("r @ r\n", "np.mean(r**2) * batch_size\n"), "a short batch is counted as a full one"),
        (("total / n)", "total / len(y_b))"), "the length of the last batch"),
    ],
    ids=lambda value: " ".join(value[1].split()) if isinstance(value, tuple) else "",
)
def test_an_unlisted_mistake_in_a_fit_is_refused(change, says):
    verdict = check.fit_by_hand.grade(written(*change))
    assert verdict.mark == "✗" and says in verdict.message, verdict


def test_rows_in_a_random_order_are_refused_and_the_order_is_named():
    shuffled = written("total = 0.0", "total = 0.0; p = np.random.permutation(n); X, y = X[p], y[p]")
    verdict = check.fit_by_hand.grade(shuffled)
    assert verdict.mark == "✗" and "the rows in their order" in verdict.message


def test_the_reference_gives_what_keras_reports():
    import keras

    X, y, theta, eta, batch_size, epochs = check.fit_by_hand.cases[1]
    model = keras.Sequential([keras.Input((X.shape[1],)), keras.layers.Dense(1, use_bias=False)])
    model.set_weights([theta[:, None]])
    model.compile(optimizer=keras.optimizers.SGD(eta), loss="mse")
    history = model.fit(X, y, batch_size=batch_size, epochs=epochs, shuffle=False, verbose=0)
    theta, losses = check.fit_by_hand.reference(X, y, theta, eta, batch_size, epochs)
    np.testing.assert_allclose(history.history["loss"], losses, rtol=1e-4)
    np.testing.assert_allclose(model.get_weights()[0].ravel(), theta, rtol=1e-4)


# R²


def by_loop(y, y_hat):
    mean, left, total = sum(y) / len(y), 0, 0
    for truth, guess in zip(y, y_hat, strict=True):
        left, total = left + (truth - guess) ** 2, total + (truth - mean) ** 2
    return 1 - left / total


def by_sklearn(y_true, y_pred):
    from sklearn.metrics import r2_score

    return r2_score(y_true, y_pred)


def test_r2_may_be_written_in_any_way():
    answers = [
        by_loop,
        by_sklearn,
        lambda y, y_hat: 1 - np.mean((y - y_hat) ** 2) / np.var(y),
        lambda y, y_hat: (np.var(y) - np.mean((y_hat - y) ** 2)) / np.var(y),
        lambda y, y_hat: 1 - (y - y_hat) @ (y - y_hat) / (np.var(y, ddof=1) * (len(y) - 1)),
        lambda y, y_hat: np.float32(1 - np.linalg.norm(y - y_hat) ** 2 / np.linalg.norm(y - y.mean()) ** 2),
    ]
    assert verdicts("r2", answers) == ["✓"] * len(answers)


def test_an_unlisted_mistake_in_r2_is_refused():
    right = check.r2.reference
    answers = [
        lambda y, y_hat: round(right(y, y_hat), 2),
        lambda y, y_hat: right(y[1:], y_hat[1:]),
        lambda y, y_hat: right(y, y_hat[::-1]),
        lambda y, y_hat: 1 - np.max((y - y_hat) ** 2) / np.max((y - y.mean()) ** 2),
        lambda y, y_hat: 1 - np.sum((y + y_hat) ** 2) / np.sum((y - y.mean()) ** 2),
        lambda y, y_hat: 1 - np.sum((y_hat - y.mean()) ** 2) / np.sum((y - y.mean()) ** 2),
        lambda y, y_hat: 1 - np.sum((y[:, None] - y_hat) ** 2) / np.sum((y - y.mean()) ** 2),
        lambda y, y_hat: np.polyfit(y, y_hat, 1)[0],
        lambda y, y_hat: (right(y, y_hat), 1),
    ]
    assert verdicts("r2", answers) == ["✗"] * len(answers)


# Numbers


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("keras_steps", [800.0, [800], np.int64(800)], [799, 796, 804, -800, "800", None, True, (4, 200)]),
        ("points_needed", [1200.0, 1201, 1197.2, [1200]], [1190, 1000, 1250, -1200, 0, None, (0.1, 1200)]),
        ("best_r2", [1 / 4, 0.2497, np.float32(0.25), [0.25]], [0.2, 0.26, -0.25, 4, True, "1/4", (0.25, 0.75)]),
    ],
)
def test_a_number_is_right_within_its_rounding(name, right, wrong):
    assert verdicts(name, right) == ["✓"] * len(right)
    assert verdicts(name, wrong) == ["✗"] * len(wrong)
