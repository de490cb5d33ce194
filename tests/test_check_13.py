"""The checks of lesson 13: right answers in other clothes pass, and wrong ones that no slip names stay refused."""

import numpy as np
import pytest

from helpers import check, losses, penalties, rules
from helpers.check import wrong_decay
from helpers.check.wrong_rules import adaptive, textbook
from helpers.penalties import soft_threshold


def slope(theta, X, y):
    return 2 / len(y) * X.T @ (X @ theta - y)


def number_by_number(theta, X, y, lam):
    (m, columns), loss, grad = X.shape, 0.0, [0.0] * X.shape[1]
    for row, target in zip(X, y, strict=True):
        r = sum(x * v for x, v in zip(row, theta, strict=True)) - target
        loss += r * r / m
        grad = [g + 2 * r * x / m for g, x in zip(grad, row, strict=True)]
    for j in range(columns - 1):
        loss += lam * theta[j] ** 2
        grad[j] += 2 * lam * theta[j]
    return loss, grad


def masked(theta, X, y, lam):
    mask = np.ones_like(theta)
    mask[-1] = 0
    r = y - X @ theta
    return r @ r / len(y) + lam * (mask * theta**2).sum(), -2 * X.T @ r / len(y) + 2 * lam * mask * theta


def in_columns(theta, X, y, lam):
    column = theta[:, None]
    r = X @ column - y[:, None]
    grad = 2 / len(y) * X.T @ r
    grad[:-1] += 2 * lam * column[:-1]
    return r.T @ r / len(y) + lam * column[:-1].T @ column[:-1], grad.ravel()


def without_the_bias(columns):
    return np.diag([*[1.0] * (columns - 1), 0.0])


def in_more_rows(X, y, lam):
    rows = np.sqrt(len(y) * lam) * without_the_bias(X.shape[1])
    return np.linalg.lstsq(np.vstack([X, rows]), np.append(y, np.zeros(len(rows))), rcond=None)[0]


def descended(X, y, lam, eta=0.05, num_steps=500):
    theta = np.zeros(X.shape[1])
    for _ in range(num_steps):
        theta = theta - eta * (slope(theta, X, y) + 2 * lam * np.append(theta[:-1], 0))
    return theta


def centered(X, y, lam):
    A, mean = X[:, :-1] - X[:, :-1].mean(axis=0), X[:, :-1].mean(axis=0)
    w = np.linalg.inv(A.T @ A + len(y) * lam * np.eye(len(mean))) @ A.T @ (y - y.mean())
    return [*w, y.mean() - mean @ w]


def by_scikit_learn(X, y, lam):
    Ridge = pytest.importorskip("sklearn.linear_model").Ridge
    model = Ridge(alpha=len(y) * lam).fit(X[:, :-1], y)
    return np.append(model.coef_, model.intercept_)


def in_a_loop(lams, train_losses, val_losses):
    best, lowest = None, float("inf")
    for lam, loss in zip(lams, val_losses, strict=True):
        if loss < lowest:
            best, lowest = lam, loss
    return best


def written_into(z, t):
    out = z.copy()
    out[z > t] -= t
    out[z < -t] += t
    out[np.abs(z) <= t] = 0
    return out


def one_after_another(z, t):
    return np.array([0 if abs(v) < t else v - t * np.sign(v) for v in z.ravel()]).reshape(z.shape)


def weights_then_bias(theta, X, y, lam, eta):
    z = theta - eta * slope(theta, X, y)
    return np.append(soft_threshold(z[:-1], eta * lam), z[-1])


def own_thresholds(theta, X, y, lam, eta):
    return soft_threshold(theta - eta * slope(theta, X, y), eta * lam * np.append(np.ones(len(theta) - 1), 0))


def weight_by_weight(theta, X, y, lam, eta):
    *weights, bias = theta - eta * slope(theta, X, y)
    return [*(np.sign(v) * max(abs(v) - eta * lam, 0) for v in weights), bias]


def with_weight_decay(w, grad, m, s, t, eta, lam):
    w, (m, s, _) = rules.adamw(w, grad, (m, s, t - 1), eta=eta, weight_decay=lam)
    return w, m, s


def in_one_line(w, grad, m, s, t, eta, lam):
    m, s = m + 0.1 * (grad - m), s + 0.001 * (grad**2 - s)
    return w - eta * (lam * w + m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-7)), m, s


def shrunk_afterwards(w, grad, m, s, t, eta, lam):
    w, (m, s, _) = rules.adam(w, grad, (m, s, t - 1), eta=eta)
    return w * (1 - eta * lam), m, s


def by_formula(w, b, X, t, lam):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p)) + lam / 2 * np.sum(w**2)


def from_scores(w, b, X, t, lam):
    z = X @ w + b
    return np.mean(np.logaddexp(0, z) - t * z) + lam / 2 * w @ w


RIGHT = {
    "interpolating_degree": [11.0, np.int64(11), [11], np.array(11)],
    "l2_loss": [
        number_by_number,
        masked,
        in_columns,
        lambda *a: list(masked(*a)),
        lambda *a: (part for part in masked(*a)),
        lambda *a: np.array(masked(*a), dtype=object),
    ],
    "ridge_fit": [penalties.ridge, in_more_rows, descended, centered, by_scikit_learn],
    "kept_share": [3 / 4, 0.3 / 0.4, np.float32(0.75), [0.75]],
    "choose_lambda": [
        in_a_loop,
        lambda lams, train, val: lams[val.argmin()],
        lambda lams, train, val: lams[val == val.min()],
        lambda lams, train, val: lams[val.index(min(val))],  # lists alone know .index
        lambda lams, train, val: min(zip(val, lams, strict=True))[1],
    ],
    "soft": [
        written_into,
        one_after_another,
        lambda z, t: z - np.clip(z, -t, t),
        lambda z, t: np.maximum(z - t, 0) + np.minimum(z + t, 0),
        lambda z, t: np.where(z > t, z - t, np.where(z < -t, z + t, 0)),
        np.vectorize(lambda z, t: max(z - t, 0) + min(z + t, 0), otypes=[float]),
    ],
    "lasso_step": [weights_then_bias, own_thresholds, weight_by_weight],
    "ridge_alpha": [1 / 2, 50 * 0.01, np.float32(0.5)],
    "adamw_step": [
        with_weight_decay,
        in_one_line,
        shrunk_afterwards,
        wrong_decay.step(adaptive(textbook), first=False),
        lambda *a: np.array(in_one_line(*a)),
        lambda *a: (part for part in in_one_line(*a)),
    ],
    "regularized_cross_entropy": [
        by_formula,
        from_scores,
        lambda w, b, X, t, lam: losses.binary_cross_entropy(t, losses.sigmoid(X @ w + b)) + lam * np.dot(w, w) / 2,
    ],
    "coefficient_units": [2 / 100, np.float32(0.02), [0.02]],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in RIGHT.items() for answer in answers])
def test_a_right_answer_may_be_written_differently(name, answer):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✓" and "caution" not in verdict.message, verdict.message


WRONG = {
    "l2_loss": [
        lambda theta, X, y, lam: (masked(theta, X, y, lam)[0] + 0.01, masked(theta, X, y, lam)[1]),
        lambda theta, X, y, lam: masked(theta, np.abs(X), y, lam),
        lambda theta, X, y, lam: masked(theta, X, y, min(lam, 1.0)),
        lambda theta, X, y, lam: masked(theta, X, y, lam or 1.0),
    ],
    "ridge_fit": [
        lambda X, y, lam: descended(X, y, lam, num_steps=30),
        lambda X, y, lam: np.round(centered(X, y, lam), 2),
        lambda X, y, lam: penalties.ridge(X, y, lam + 1e-3),
        lambda X, y, lam: penalties.ridge(X, y, lam or 1.0),
        lambda X, y, lam: penalties.lasso(X, y, 2 * lam, num_steps=500),
    ],
    "choose_lambda": [
        lambda lams, train, val: lams[np.argsort(val)[min(1, len(val) - 1)]],
        lambda lams, train, val: in_a_loop(lams, train, val) or None,  # 0 may be the best
        lambda lams, train, val: np.median(lams),
        lambda lams, train, val: in_a_loop(lams[1:], train[1:], val[1:]) or lams[0],
        lambda lams, train, val: lams[np.argmin(train + 10 * val)],
    ],
    "soft": [
        lambda z, t: np.round(soft_threshold(z, t), 1),
        lambda z, t: np.tanh(soft_threshold(z, t)),
        lambda z, t: soft_threshold(z, t) if np.ndim(z) else z,
        lambda z, t: soft_threshold(z, max(t, 0.1)),
    ],
    "lasso_step": [
        lambda theta, X, y, lam, eta: weights_then_bias(0 * theta, X, y, lam, eta),
        lambda theta, X, y, lam, eta: weights_then_bias(theta, X, y, min(lam, 1.0), eta),
        lambda theta, X, y, lam, eta: np.maximum(weights_then_bias(theta, X, y, lam, eta), -1.0),
    ],
    "adamw_step": [
        lambda w, grad, m, s, t, eta, lam: in_one_line(w, grad, m, s, min(t, 3), eta, lam),
        lambda w, grad, m, s, t, eta, lam: in_one_line(w, np.clip(grad, -1, 1), m, s, t, eta, lam),
        lambda w, grad, m, s, t, eta, lam: (in_one_line(w, grad, m, s, t, eta, lam)[0], m, s),
    ],
    "regularized_cross_entropy": [
        lambda w, b, X, t, lam: by_formula(w, b, X, t, min(lam, 1.0)),
        lambda w, b, X, t, lam: by_formula(w, -b, X, t, lam),
        lambda w, b, X, t, lam: by_formula(w, b, X, t, lam or 1.0),
        lambda w, b, X, t, lam: round(by_formula(w, b, X, t, lam), 2),
    ],
    "interpolating_degree": [-11, 15, "11", (11, 12)],
    "kept_share": [0.74, -0.75, "3/4", (0.75, 0.25)],
    "ridge_alpha": [-0.5, 0.49, "0.5", 10],
    "coefficient_units": [0.021, 1, "0.02", -2],
}


@pytest.mark.parametrize(("name", "answer"), [(name, answer) for name, answers in WRONG.items() for answer in answers])
def test_a_wrong_answer_that_no_slip_foresees_is_refused(name, answer):
    assert getattr(check, name).grade(answer).mark == "✗"


def published(w, b, X, t, lam):
    """Return bug 9 as it was printed: no minus, and one i for samples and weights."""
    p = losses.sigmoid(X @ w + b)
    total = 0.0
    for i in range(len(t)):
        total += t[i] * np.log(p[i]) + (1 - t[i]) * np.log(1 - p[i]) + lam / 2 * w[i] ** 2
    return total


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("l2_loss", lambda *a: masked(*a)[0], "the loss alone came back"),
        ("l2_loss", lambda *a: masked(*a)[1], "the gradient alone came back"),
        ("l2_loss", lambda *a: np.append(*masked(*a)), "came in one array"),
        ("l2_loss", lambda *a: {"loss": 1.0, "grad": 2.0}, "a dict came back"),
        ("ridge_fit", lambda X, y, lam: penalties.ridge(X, y, lam)[:, None], "an axis too many"),
        ("choose_lambda", lambda lams, train, val: lams.lowest(val), "raises AttributeError: 'numpy.ndarray'"),
        ("choose_lambda", lambda lams, train, val: lams[np.argmin(np.sort(val))], "this is the first λ"),
        ("soft", lambda z, t: np.where(np.abs(z) < t, 0, z), "hard threshold"),
        ("soft", lambda z, t: np.where(z > 0, z - t, z + t), "beyond 0"),
        ("soft", lambda z, t: np.where(z > 0, np.maximum(z - t, 0), np.minimum(z - t, 0)), "move away from 0"),
        ("soft", lambda z, t: np.where(np.abs(z) < t, z, z - t * np.sign(z)), "the small ones stay"),
        ("adamw_step", lambda *a: (lambda w, m, s: (m, s, w))(*in_one_line(*a)), "the order: return w, m, s"),
        ("regularized_cross_entropy", lambda w, b, X, t, lam: by_formula(-w, -b, X, t, lam), "the sign of the scores"),
        ("soft", lambda z, threshold, t: z, "must take the arguments (z, t), in this order"),
        ("soft", lambda z, t: np.sign(z) * max(abs(z) - t, 0), "`if` decides once"),
        ("adamw_step", lambda w, grad, m, s, *_: w, "one thing came back"),
        ("adamw_step", lambda w, grad, m, s, *_: (w, m), "two things came back, three things are expected"),
        ("adamw_step", lambda w, grad, m, s, *_: (w, (m, s)), "without parentheses of their own"),
        ("adamw_step", lambda w, grad, m, s, t, *_: (w, m, s, t + 1), "Whoever calls the step counts t"),
        ("adamw_step", lambda w, grad, m, s, *_: {"w": w}, "a dict came back"),
        ("regularized_cross_entropy", published, "i runs over the weights, not over the samples"),
        ("kept_share", 75, "in percent"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_wrong_answer_is_answered_in_its_own_terms(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message, verdict.message


@pytest.mark.parametrize("name", ["l2_loss", "soft", "lasso_step", "adamw_step"])
def test_what_changes_its_argument_is_right_with_a_caution(name):
    def spoiling(first, *rest):
        value = getattr(check, name).reference(first, *rest)
        if np.ndim(first):
            first *= 2
        return value

    verdict = getattr(check, name).grade(spoiling)
    assert verdict.mark == "✓" and "One caution: it changes its argument" in verdict.message


def test_a_threshold_for_arrays_need_not_know_numbers_and_a_wrong_one_for_numbers_is_seen():
    arrays = check.soft.grade(lambda z, t: written_into(z, t) if isinstance(z, np.ndarray) else z.no_array)
    assert arrays.mark == "✓"
    assert check.soft.grade(lambda z, t: soft_threshold(z, t) if np.ndim(z) else abs(z)).mark == "✗"
