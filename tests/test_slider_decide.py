"""The explorer of decisions: its numbers against independent ones, its goal, bad and odd data."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.sliders import Explorer
from helpers.sliders.decide import decide

Data = tuple[NDArray, NDArray]


@pytest.fixture(scope="module")
def cancer() -> Data:
    """Return logits and labels, 1 for malignant, of the half of the breast cancer data that was not trained on."""
    from sklearn.datasets import load_breast_cancer

    X, target = load_breast_cancer(return_X_y=True)
    order = np.random.RandomState(42).permutation(len(target))
    train, held_out = np.split(order, [len(order) // 2])
    X = np.column_stack([(X - X[train].mean(axis=0)) / X[train].std(axis=0), np.ones(len(X))])
    y, w = 1 - target, np.zeros(X.shape[1])
    for _ in range(300):
        p = 1 / (1 + np.exp(-X[train] @ w))
        w -= 0.5 * X[train].T @ (p - y[train]) / len(train)
    return X[held_out] @ w, y[held_out]


@pytest.fixture(scope="module")
def shown(cancer: Data) -> Explorer:
    """Return one explorer for all tests that bring it into a setting of their own."""
    return decide(*cancer)


def by_hand(z: NDArray, y: NDArray, threshold: float, temperature: float) -> dict[str, float]:
    """Return loss and counts, one sample at a time and without NumPy; the logits must not be extreme."""
    found = {"loss": 0.0, "missed": 0, "false_alarms": 0, "caught": 0, "passed": 0}
    for logit, label in zip(z.tolist(), y.tolist(), strict=True):
        p = 1 / (1 + math.exp(-logit / temperature))
        found["loss"] -= math.log(p if label else 1 - p) / len(z)
        kinds = {(1, False): "missed", (0, True): "false_alarms", (1, True): "caught", (0, False): "passed"}
        found[kinds[label, p >= threshold]] += 1
    return found


def reach_the_goal(explorer: Explorer) -> None:
    """Move both sliders, on their own grids, as the values say."""
    knob = explorer.controls["temperature"]
    power = math.log10(explorer.values["best_temperature"])
    knob.value = 10 ** (knob.min + round((power - knob.min) / knob.step) * knob.step)
    knob, values = explorer.controls["threshold"], explorer.values
    best = values["thresholds"][values["costs"].argmin()]
    knob.value = knob.min + round((best - knob.min) / knob.step) * knob.step


@pytest.mark.parametrize(("threshold", "temperature"), [(0.5, 1), (1 / 21, 1), (0.05, 2.5), (0.9, 4), (0.25, 10)])
def test_loss_counts_and_cost_agree_with_plain_python(cancer, threshold, temperature):
    values = decide(*cancer, cost_of_miss=7, threshold=threshold, temperature=temperature).values
    expected = by_hand(*cancer, threshold, temperature)
    for name, number in expected.items():
        assert values[name] == pytest.approx(number, rel=1e-9), name
    assert values["cost"] == 7 * expected["missed"] + expected["false_alarms"]
    assert values["theory_threshold"] == pytest.approx(0.125)


def test_loss_agrees_with_sklearn(cancer):
    from sklearn.metrics import confusion_matrix, log_loss

    z, y = cancer
    values = decide(z, y, threshold=0.1, temperature=0.5).values
    assert values["loss"] == pytest.approx(log_loss(y, values["p"]), rel=1e-6)
    counts = [values[name] for name in ("passed", "false_alarms", "missed", "caught")]
    assert counts == confusion_matrix(y, values["p"] >= 0.1).ravel().tolist()


def test_the_stairs_hold_the_cost_at_each_threshold(cancer):
    explorer = decide(*cancer, temperature=2)
    values = explorer.values
    assert (values["thresholds"][0], values["thresholds"][-1]) == (0.01, 0.99)
    for place in range(0, len(values["thresholds"]), 35):
        explorer.set(threshold=values["thresholds"][place])
        assert explorer.values["cost"] == values["costs"][place]


def test_temperature_moves_the_loss_and_threshold_the_decisions(cancer):
    explorer = decide(*cancer)
    losses, counts = [], []
    for temperature in (0.1, 1, 10):
        explorer.set(temperature=temperature)
        losses.append(explorer.values["loss"])
        counts.append((explorer.values["missed"], explorer.values["false_alarms"]))
    assert len(set(losses)) == 3 and len(set(counts)) == 1
    explorer.set(threshold=0.05)
    assert explorer.values["loss"] == losses[-1] and explorer.values["missed"] != counts[-1][0]


def test_the_least_loss_and_cost_are_the_least(cancer):
    z, y = cancer
    values = decide(z, y).values
    losses = [np.mean(np.logaddexp(0, (1 - 2 * y) * z / temperature)) for temperature in np.geomspace(0.1, 10, 2001)]
    assert min(losses) <= values["least_loss"] + 1e-12 and values["least_loss"] < min(losses) * 1.001
    p = 1 / (1 + np.exp(-z / values["best_temperature"]))
    every = [20 * np.sum((p < cut) & (y == 1)) + np.sum((p >= cut) & (y == 0)) for cut in [*p, 1]]
    assert min(every) == values["least_cost"]


@pytest.mark.parametrize("cost_of_miss", [20, 5, 100])
@pytest.mark.parametrize("scale", [0.3, 1, 5])
def test_the_goal_takes_both_sliders_and_can_be_reached(cancer, scale, cost_of_miss):
    z, y = cancer
    explorer = decide(scale * z, y, cost_of_miss=cost_of_miss)
    assert not explorer.values["goal_met"] and "Goal met" not in explorer.summary
    assert f"at most {explorer.values['allowed_cost']:,}." in explorer.children[0].value
    reach_the_goal(explorer)
    assert explorer.values["goal_met"] and "✓ Goal met" in explorer.summary and explorer.message == ""
    threshold = explorer.values["threshold"]
    explorer.set(threshold=0.5)
    assert not explorer.values["goal_met"] and "cost is above" in explorer.summary
    explorer.set(threshold=threshold, temperature=0.1 if scale > 1 else 10)
    assert not explorer.values["goal_met"] and "Another temperature" in explorer.summary


def test_the_theorys_threshold_costs_little_at_the_temperature_of_the_least_loss(cancer):
    z, y = cancer
    for scale in (0.3, 1, 5):
        explorer = decide(scale * z, y, threshold=1 / 21)
        explorer.set(temperature=explorer.values["best_temperature"])
        assert explorer.values["cost"] < 1.3 * explorer.values["least_cost"]


def test_the_summary_says_the_counts(cancer):
    explorer = decide(*cancer)
    values = explorer.values
    assert f"{values['missed']} of {cancer[1].sum()} cases missed" in explorer.summary
    assert f"{values['false_alarms']} false alarm" in explorer.summary and f"= {values['cost']}," in explorer.summary
    tiny = decide([-2, 3, 1], [0, 1, 0])
    assert "1 false alarm in 2 without" in tiny.summary


@pytest.mark.parametrize("settings", [{}, {"threshold": 1 / 21, "temperature": 0.1}, {"cost_of_miss": 0.05}])
def test_the_code_reproduces_the_values(cancer, settings):
    explorer = decide(*cancer, **settings)
    explorer.set(temperature=3.3)
    namespace: dict[str, Any] = {"z": cancer[0][:, None], "y": cancer[1][:, None]}
    with np.errstate(all="raise", under="ignore"):
        exec(explorer.code, namespace)
    found = explorer.values.keys() & namespace.keys()
    assert found >= {"p", "loss", "missed", "false_alarms", "cost", "theory_threshold", "thresholds", "costs"}
    for name in found:
        np.testing.assert_allclose(namespace[name], explorer.values[name], rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("scale", [1, 1e4, 1e12])
def test_huge_logits_overflow_nowhere(scale):
    z, y = np.array([-1, -0.5, 1, 0.7, -1]) * scale, np.array([0, 0, 1, 1, 1])
    explorer = decide(z, y, temperature=0.1)
    values = explorer.values
    assert values["loss"] == pytest.approx(10 * scale / 5, rel=0.02)
    assert np.isfinite(values["p"]).all() and values["missed"] == 1 and values["false_alarms"] == 0
    assert explorer.message == "" and "nan" not in explorer.summary and "inf" not in explorer.summary
    namespace: dict[str, Any] = {"z": z, "y": y}
    with np.errstate(all="raise", under="ignore"):
        exec(explorer.code, namespace)
    assert namespace["loss"] == pytest.approx(values["loss"])


def test_equal_logits_are_decided_all_alike():
    explorer = decide(np.zeros(6), [0, 1, 0, 1, 0, 1], temperature=0.1)
    values = explorer.values
    assert values["loss"] == pytest.approx(math.log(2)) and (values["p"] == 0.5).all()
    assert (values["missed"], values["false_alarms"]) == (0, 3)  # an alarm where p is as large as the threshold
    explorer.set(threshold=0.502)
    assert (explorer.values["missed"], explorer.values["false_alarms"]) == (3, 0)
    assert explorer.values["costs"][explorer.values["thresholds"] == 0.5] == 3


@pytest.mark.parametrize(
    ("z", "y"),
    [([-3, -2, 2, 3], [0, 0, 1, 1]), ([3, 2, -2, -3], [0, 0, 1, 1]), ([0, 0], [0, 1]), ([5, 5, -5], [1, 0, 1])],
    ids=["separable", "upside down", "equal", "overlap"],
)
def test_odd_but_honest_data_gets_a_picture_and_a_goal_in_reach(z, y):
    explorer = decide(z, y)
    assert explorer.message == "" and len(explorer.image.value) > 1000
    reach_the_goal(explorer)
    assert explorer.values["goal_met"]


def test_shapes_and_kinds_of_labels_do_not_matter(cancer):
    z, y = cancer
    first, second = decide(z, y), decide(z[:, None].tolist(), (y == 1)[:, None])
    assert repr(first) == repr(second) and first.image.value.tobytes() == second.image.value.tobytes()


def test_every_corner_has_a_small_picture_of_its_own(shown):
    pictures = set()
    for threshold in (0.01, 0.5, 0.99):
        for temperature in (0.1, 1, 10):
            shown.set(threshold=threshold, temperature=temperature)
            pictures.add(shown.image.value.tobytes())
    assert len(pictures) == 9 and all(10_000 < len(picture) < 100_000 for picture in pictures)


def test_a_tick_draws_only_what_moves(shown):
    shown.set(threshold=0.3, temperature=2)
    background = shown._picture._background
    shown.set(threshold=0.05, temperature=5)
    assert shown._picture._background is background


def test_many_samples_have_a_small_picture():
    rng = np.random.RandomState(0)
    y = rng.rand(20_000) < 0.1
    explorer = decide(rng.randn(20_000) + 3 * y - 2, y)
    assert explorer.message == "" and len(explorer.image.value) < 100_000
    assert explorer.values["missed"] + explorer.values["caught"] == y.sum()


@pytest.mark.parametrize(("cost_of_miss", "reached"), [(20, 1 / 21), (300, 1 / 301), (0.01, 1 / 1.01)])
def test_the_slider_reaches_the_theorys_threshold(cancer, cost_of_miss, reached):
    explorer = decide(*cancer, cost_of_miss=cost_of_miss)
    explorer.set(threshold=reached)
    assert explorer.message == "" and explorer.values["threshold"] == explorer.values["theory_threshold"]


@pytest.mark.parametrize(
    ("z", "y", "more", "words"),
    [
        ("abc", [0, 1], {}, "z must be an array of numbers"),
        ([1, 2], ["M", "B"], {}, "y must be an array of numbers"),
        ([1, np.nan], [0, 1], {}, "z must be two or more finite numbers"),
        ([1, 2], [0, np.nan], {}, "y must be two or more finite numbers"),
        ([1, np.inf], [0, 1], {}, "z must be two or more finite numbers"),
        (np.ones((3, 2)), [0, 1, 1], {}, "shape (3, 2)"),
        ([1, 2, 3], [0, 1], {}, "z has 3 values and y 2"),
        ([1, 2], [1, 2], {}, "y must hold only 1, a case, and 0, no case, found 2"),
        ([1, 2], [-1, 1], {}, "found -1"),
        ([1, 2], [1, 1], {}, "y holds only 1"),
        ([1, 2], [0, 0], {}, "y holds only 0"),
        ([1, 1e300], [0, 1], {}, "z holds 1e+300"),
        ([1, 2], [0, 1], {"cost_of_miss": "dear"}, "cost_of_miss must be a number from 0.002 to 500, found 'dear'"),
        ([1, 2], [0, 1], {"cost_of_miss": 0}, "found 0"),
        ([1, 2], [0, 1], {"cost_of_miss": np.nan}, "found nan"),
    ],
)
def test_bad_data_is_answered_in_words(z, y, more, words):
    explorer = decide(z, y, **more)
    assert explorer.message.startswith("No picture") and words in explorer.message
    assert explorer.message in repr(explorer) and "Traceback" not in repr(explorer)


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1e300, -1])
@pytest.mark.parametrize("name", ["threshold", "temperature"])
def test_bad_settings_are_answered_in_words(cancer, shown, name, bad):
    shown.set(**{name: bad})
    for explorer in (decide(*cancer, **{name: bad}), shown):
        assert name in explorer.message and np.isfinite(explorer.values[name])
        assert len(explorer.image.value) > 1000


def test_a_low_cost_at_a_poor_temperature_is_not_the_goal(cancer):
    explorer = decide(0.3 * cancer[0], cancer[1])
    explorer.set(threshold=explorer.values["thresholds"][explorer.values["costs"].argmin()])
    values = explorer.values
    assert values["cost"] <= values["allowed_cost"] and not values["low_loss"] and not values["goal_met"]
