"""The explorer of precision and recall: its numbers against plain Python and scikit-learn, its goal, odd data."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.sliders import Explorer, precision_recall
from helpers.sliders.precision_recall import Scores

Data = tuple[NDArray, NDArray]


@pytest.fixture(scope="module")
def eights() -> Data:
    """Return scores and labels, one positive in ten, most scores near 0 or 1 as a network gives them."""
    rng = np.random.RandomState(0)
    labels = np.arange(800) % 10 == 8
    return 1 / (1 + np.exp(-(5 * rng.randn(800) + np.where(labels, 6, -9)))), labels


@pytest.fixture(scope="module")
def shown(eights: Data) -> Explorer:
    """Return one explorer for all tests that bring it into a setting of their own."""
    return precision_recall(*eights, name="an 8")


def by_hand(scores: NDArray, labels: NDArray, threshold: float) -> dict[str, int]:
    """Return the four counts, one example at a time."""
    found = {"caught": 0, "missed": 0, "false_alarms": 0, "passed": 0}
    kinds = {(True, True): "caught", (True, False): "missed", (False, True): "false_alarms", (False, False): "passed"}
    for score, label in zip(scores.tolist(), labels.tolist(), strict=True):
        found[kinds[bool(label), score >= threshold]] += 1
    return found


@pytest.mark.parametrize("threshold", [0, 1e-6, 0.0025, 0.03, 0.5, 0.77, 0.999, 0.999999])
def test_the_counts_agree_with_plain_python_and_the_shares_with_sklearn(eights, shown, threshold):
    from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

    shown.set(threshold=threshold)
    values, called = shown.values, eights[0] >= threshold
    assert shown.message == "" and values["threshold"] == threshold
    assert {name: values[name] for name in ("caught", "missed", "false_alarms", "passed")} == by_hand(
        *eights, threshold
    )
    for name, score in (("recall", recall_score), ("f1", f1_score), ("accuracy", accuracy_score)):
        assert values[name] == pytest.approx(score(eights[1], called)), name
    assert values["precision"] == pytest.approx(precision_score(eights[1], called))


def test_the_curve_is_what_the_slider_can_reach(eights, shown):
    values = shown.values
    thresholds = values["thresholds"]
    assert thresholds.tolist() == list(shown.controls["threshold"]._options_values)
    assert (np.diff(thresholds) > 0).all() and (thresholds[0], thresholds[-1]) == (0, 1)
    for i in range(0, len(thresholds), 13):
        shown.set(threshold=thresholds[i])
        assert shown.values["recall"] == values["recalls"][i]
        np.testing.assert_equal(shown.values["precision"], values["precisions"][i])
    f1 = [2 * n["caught"] / (2 * n["caught"] + n["missed"] + n["false_alarms"]) for t in thresholds
          for n in [by_hand(*eights, t)]]  # fmt: skip
    assert values["best_f1"] == pytest.approx(max(f1)) and values["best_threshold"] == thresholds[np.argmax(f1)]


def test_the_slider_reaches_both_ends_in_small_steps():
    thresholds = precision_recall([0.2, 0.9], [0, 1]).values["thresholds"]
    inner = thresholds[1:-1]
    assert inner[0] <= 1e-6 and inner[-1] >= 1 - 1e-6 and len(thresholds) < 250
    log_odds = np.log(inner / (1 - inner))
    assert np.diff(log_odds).max() < 0.75  # 0.01 to 0.02 is the largest
    np.testing.assert_allclose(thresholds, 1 - thresholds[::-1], atol=1e-12)


def test_without_alarms_precision_has_no_value():
    explorer = precision_recall([0.1, 0.6, 0.3], [0, 1, 0], threshold=0.9)
    values = explorer.values
    assert np.isnan(values["precision"]) and values["recall"] == values["f1"] == 0 and not values["goal_met"]
    assert "no alarms: precision has no value" in explorer.summary and "nan" not in explorer.summary
    assert np.isnan(values["precisions"][-1]) and np.isfinite(values["best_f1"])
    with_alarm = precision_recall([0.1, 0.6, 0.3], [0, 1, 0], threshold=0.5)
    assert with_alarm.values["precision"] == 1 and "no alarms" not in with_alarm.summary


def test_a_score_at_the_threshold_is_called():
    values = precision_recall([0.5, 0.5, 0.2, 1.0], [1, 0, 0, 1]).values
    assert [values[name] for name in ("caught", "false_alarms", "missed", "passed")] == [2, 1, 0, 1]
    assert precision_recall([0.5, 1.0], [0, 1], threshold=1).values["caught"] == 1


def test_the_goal_is_recall_with_the_best_precision_that_goes_with_it(eights, shown):
    run, values, met = Scores(*eights, "an 8"), shown.values, []
    enough = values["recalls"] >= 0.95 - 1e-12
    best = max(values["precisions"][enough])
    for threshold, precision, right in zip(values["thresholds"], values["precisions"], enough, strict=True):
        found = run.compute(threshold)
        assert found["goal_met"] == (right and precision >= best - 0.005) == ("✓ Goal met" in run.say(found))
        met.append(found["goal_met"])
    assert 1 <= sum(met) < enough.sum() and not run.compute(0.5)["goal_met"]
    shown.set(threshold=values["thresholds"][met.index(True)])
    assert shown.values["goal_met"] and shown.summary.endswith("✓ Goal met.")
    assert f"catch at least 95 % (76 of {eights[1].sum()})" in shown.children[0].value


def test_the_summary_tells_the_whole_story(eights, shown):
    shown.set(threshold=0.5)
    v = shown.values
    assert shown.summary.startswith(f"At 0.50: {v['caught']} of 80 are caught (recall {100 * v['recall']:.0f} %), ")
    assert f"{v['false_alarms']} false alarms (precision {100 * v['precision']:.0f} %), F1 0." in shown.summary
    assert shown.summary.endswith(f"accuracy {100 * v['accuracy']:.1f} %, and 90 % for whoever always says no.")


@pytest.mark.parametrize("threshold", [0, 0.00012, 0.5, 0.93, 1])
def test_the_code_reproduces_the_values(eights, threshold):
    explorer = precision_recall(*eights, threshold=threshold)
    namespace: dict[str, Any] = {"scores": eights[0][:, None], "labels": eights[1]}
    exec(explorer.code, namespace)
    found = [name for name in explorer.values if name in namespace]
    assert len(found) == 9
    for name in found:
        np.testing.assert_allclose(namespace[name], explorer.values[name], rtol=1e-12, err_msg=name)


def test_what_lies_between_two_places_of_the_slider_is_moved_and_said(eights):
    explorer = precision_recall(*eights, threshold=0.7312)
    assert explorer.values["threshold"] == 0.73 and "threshold: 0.7312 is between two" in explorer.message


@pytest.mark.parametrize(
    ("scores", "labels", "name"),
    [
        ([0.2, 0.9], [0, 1], "x"),
        ([0.0, 1.0], [False, True], "a long name!"),
        ([0.5] * 5, [1, 1, 1, 1, 0], "$x^2$"),
        (np.linspace(0, 1, 50_000, dtype=np.float32), np.arange(50_000) % 50 == 0, "<b>"),
        ([[0.2], [0.9]], [[0.0], [1.0]], "a 1"),
        ([0, 1], [0, 1], "}{"),
    ],
)
def test_odd_but_honest_data_gets_a_picture(scores, labels, name):
    explorer = precision_recall(scores, labels, name=name)
    for threshold in (0, 0.5, 1):
        explorer.set(threshold=threshold)
        assert explorer.message == "" and len(explorer.image.value) < 100_000
        assert "nan" not in explorer.summary and np.isfinite(explorer.values["f1"])


@pytest.mark.parametrize(
    ("scores", "labels", "more", "words"),
    [
        ("abc", [0, 1], {}, "scores must have shape (n,), one for each example, found 'abc'"),
        (["a", "b"], [0, 1], {}, "scores must be numbers from 0 to 1"),
        ([0.1, np.nan], [0, 1], {}, "probabilities from 0 to 1, found nan"),
        ([0.1, 2.5], [0, 1], {}, "found 2.5: sigmoid"),
        ([-0.1, 0.5], [0, 1], {}, "found -0.1"),
        ([], [], {}, "found shape (0,)"),
        (np.ones((3, 10)), [0, 1, 1], {}, "take the column of one class, as [:, 8]"),
        ([0.1, 0.2, 0.3], [0, 1], {}, "3 scores and 2 labels"),
        ([0.1, 0.2], [7, 1], {}, "found 7: compare them first, as labels == 8"),
        ([0.1, 0.2], [0, np.nan], {}, "found nan"),
        ([0.1, 0.2], ["yes", "no"], {}, "labels must be 1 or True and 0 or False"),
        ([0.1, 0.2], [1, 1], {}, "labels holds only 1"),
        ([0.1, 0.2], [False, False], {}, "labels holds only 0"),
        ([0.1, 0.2], None, {}, "labels must have shape (n,)"),
        ([[1, 2], [3]], [0, 1], {}, "scores must have shape (n,)"),
        ([0.1, 0.2], [0, 1], {"name": ""}, "name must be a text of 1 to 12 letters"),
        ([0.1, 0.2], [0, 1], {"name": 8}, "found 8"),
        ([0.1, 0.2], [0, 1], {"name": "far too long a name"}, "name must be a text"),
    ],
)
def test_bad_data_is_answered_in_words(scores, labels, more, words):
    explorer = precision_recall(scores, labels, **more)
    assert explorer.message.startswith("No picture") and words in explorer.message
    assert explorer.message in repr(explorer) and "Traceback" not in repr(explorer)


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1e300, -1])
def test_bad_settings_are_answered_in_words(shown, bad):
    shown.set(threshold=bad)
    assert "threshold" in shown.message and 0 <= shown.values["threshold"] <= 1
    assert len(shown.image.value) > 1000


def test_a_bad_first_threshold_is_answered_in_words(eights):
    explorer = precision_recall(*eights, threshold=None)
    assert "threshold: None is not a finite number" in explorer.message and 0 <= explorer.values["threshold"] <= 1
    assert len(explorer.image.value) > 1000
