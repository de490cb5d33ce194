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
    assert verdicts("standardize_new", answers) == ["✗"] * len(answers)


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
    assert verdicts("predict_raw", answers) == ["✓"] * len(answers)


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
    assert verdicts("predict_raw", answers) == ["✗"] * len(answers)


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
    assert verdicts("sorted_line", answers) == ["✓"] * len(answers)


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
    assert verdicts("sorted_line", answers) == ["✗"] * len(answers)


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
