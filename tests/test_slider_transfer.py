"""The explorer of transfer: recorded runs looked up, what they are worth from scratch, odd and bad data."""

import html
from itertools import product
from typing import Any

import numpy as np
import pytest

from helpers.sliders import Explorer, transfer
from helpers.sliders.transfer_picture import apart

COUNTS, RATES, SEEDS = (1, 5, 10, 20, 50), (0.0001, 0.001, 0.01), 3
SPREAD = np.array([-0.02, 0.0, 0.02])
SCRATCH_MEANS = {1: 0.4, 5: 0.6, 10: 0.7, 20: 0.8, 50: 0.9}
SCRATCH = {count: mean + SPREAD for count, mean in SCRATCH_MEANS.items()}
GAINS = {3: 0.08, 2: 0.05, 1: 0.01, 0: -0.1}  # of frozen layers, over scratch


def mean(frozen: int, rate: float, labels: int) -> float:
    """Return the made-up accuracy of the new task."""
    return SCRATCH_MEANS[labels] + GAINS[frozen] - (0.02 if rate == 0.01 else 0)


KEYS = list(product(range(4), RATES, COUNTS))
RUNS = {key: mean(*key) + SPREAD for key in KEYS}
OLD = {key: np.full(SEEDS, 0.97 if key[0] == 3 else 0.9 - 20 * key[1] - 0.1 * (3 - key[0])) for key in KEYS}


def without(table: dict, *keys: Any) -> dict:
    """Return the table without these keys."""
    return {key: part for key, part in table.items() if key not in keys}


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets all controls."""
    return transfer(RUNS, SCRATCH, OLD)


@pytest.mark.parametrize("frozen", range(4))
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("labels", [1, 10, 50])
def test_the_values_are_those_recorded_with_this_setting(shared, frozen, rate, labels):
    shared.set(labels=labels, frozen=frozen, rate=rate)
    values = shared.values
    assert (values["labels"], values["frozen"], values["rate"]) == (labels, frozen, rate)
    assert values["accuracy"] == pytest.approx(mean(frozen, rate, labels)) == pytest.approx(values["accuracies"].mean())
    assert values["means"] == pytest.approx([mean(frozen, rate, count) for count in COUNTS])
    assert values["scratch_accuracy"] == pytest.approx(SCRATCH_MEANS[labels])
    assert values["old_accuracy"] == pytest.approx(OLD[frozen, rate, labels].mean())
    assert values["before"] == pytest.approx(0.97)
    assert values["trained"] == sum((160, 4640, 51264, 650)[frozen:])
    enough = [count for count in COUNTS if SCRATCH_MEANS[count] >= mean(frozen, rate, labels)]
    assert values["worth"] == (enough[0] if enough else None)
    assert shared.summary in html.unescape(shared.children[3].value)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"labels": 10, "frozen": 3, "rate": 0.001},
         "10 labels a class, 3 of 4 layers frozen, learning rate 0.001: 650 of 56,714 parameters are trained. 78 % "
         "(76 to 80 %) of the new task is right, from scratch 70 % (68 to 72 %). From scratch that takes 20 labels a "
         "class; 10 are too few. Of the old task, with its old head, 97 % is right before and 97 % after."),
        ({"labels": 50, "frozen": 3, "rate": 0.001},
         "No recorded count from scratch does as well, not even 50 labels a class."),
        ({"labels": 1, "frozen": 3, "rate": 0.001}, "1 label a class, 3 of 4"),
        ({"labels": 1, "frozen": 3, "rate": 0.001}, "From scratch that takes 5 labels a class; 1 is too few."),
        ({"labels": 10, "frozen": 1, "rate": 0.001}, "The spreads overlap: here neither is better for sure."),
        ({"labels": 10, "frozen": 1, "rate": 0.01}, "The spreads overlap: here neither is better for sure."),
        ({"labels": 10, "frozen": 0, "rate": 0.01},
         "no layer frozen, learning rate 0.01: 56,714 of 56,714 parameters are trained. 58 % (56 to 60 %) of the new "
         "task is right, from scratch 70 % (68 to 72 %). Here starting from scratch is better. Of the old task, with "
         "its old head, 97 % is right before and 40 % after."),
    ],
)  # fmt: skip
def test_the_summary_tells_it_all(shared, settings, words):
    shared.set(**settings)
    assert words in shared.summary


def test_labels_from_scratch_may_be_recorded_further_and_may_fall():
    explorer = transfer(RUNS, SCRATCH | {100: np.full(2, 0.99), 8: np.full(2, 0.79)}, OLD)
    explorer.set(labels=50)
    assert explorer.values["worth"] == 100 and "takes 100 labels a class; 50 are too few" in explorer.summary
    explorer.set(labels=10)
    assert (
        explorer.values["worth"] == 8 and "Yet 8 labels a class are enough for that from scratch." in explorer.summary
    )


def test_the_curves_bands_boxes_and_bars_are_those_of_the_setting(shared):
    shared.set(labels=10, frozen=2, rate=0.01)
    curves, bars = shared._picture.figure.axes[1:]
    line, *pale, chosen, dot = [line for line in curves.lines if line.get_animated()]
    assert list(line.get_xdata()) == [10, 10] and len(pale) == 4
    for frozen, curve in enumerate(pale):
        assert curve.get_ydata() == pytest.approx([100 * mean(frozen, 0.01, count) for count in COUNTS])
    assert chosen.get_ydata() == pytest.approx(pale[2].get_ydata())
    assert chosen.get_linestyle() == "-" and curves.lines[0].get_linestyle() == ":"  # not by color alone
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (10, pytest.approx(73))
    band = curves.patches[0].get_xy()
    around = [100 * mean(2, 0.01, count) + side for count, side in [*((n, -2) for n in COUNTS), (50, 2), (20, 2)]]
    assert band[:7, 0].tolist() == [*COUNTS, 50, 20] and band[:7, 1] == pytest.approx(around)
    boxes = [patch for patch in shared._picture.figure.axes[0].patches if patch.get_linewidth() == 1.3]
    assert [box.get_hatch() or "" for box in boxes] == ["////", "////", "", ""]
    new, kept, lost = bars.patches
    assert [new.get_width(), kept.get_width(), lost.get_x(), lost.get_width()] == pytest.approx([73, 60, 60, 37])
    assert bars.lines[0].get_xdata()[0] == pytest.approx(70) and lost.get_hatch()
    shared.set(frozen=3)
    assert not lost.get_visible() and boxes[2].get_hatch()


def test_names_of_curves_never_overlap():
    for heights in ([1, 1, 1, 1, 1], [0.0, 2, 0.05, 2.1, 1], [5, 4, 3, 2, 1], [0.3]):
        moved = apart(np.array(heights, float), 0.2)
        assert (np.diff(np.sort(moved)) > 0.2 - 1e-9).all()
        assert moved.mean() == pytest.approx(np.mean(heights))
    assert apart(np.array([3.0, 1.0]), 0.2).tolist() == [3, 1]


def test_everything_that_is_written_lies_inside_the_picture(shared):
    for labels, frozen, rate in product(COUNTS, range(4), RATES):
        shared.set(labels=labels, frozen=frozen, rate=rate)
        pixels = np.asarray(shared._picture._canvas.buffer_rgba())[..., :3]
        edges = [pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]]
        assert all((edge == 255).all() for edge in edges), (labels, frozen, rate)


def test_the_controls_are_what_was_recorded():
    explorer = transfer(RUNS, SCRATCH, OLD)
    assert explorer.settings == {"labels": 10, "frozen": 3, "rate": 0.001} and explorer.message == ""
    explorer.set(labels=14, frozen=7, rate=0.02)
    assert explorer.settings == {"labels": 10, "frozen": 3, "rate": 0.01}
    for words in ("labels a class: 14 is between two, so it is moved to 10", "layers frozen: 7 is above the range",
                  "learning rate: 0.02 is above the range, so it is moved to 0.01"):  # fmt: skip
        assert words in explorer.message


def test_one_run_of_one_seed_is_enough():
    explorer = transfer({(2, 0.001, 10): [0.8]}, {10: [0.7]}, {(2, 0.001, 10): [0.5]}, before=0.9, frozen=2)
    assert (
        explorer.message == "" and "80 % of the new task is right, from scratch 70 %. No recorded" in explorer.summary
    )
    flat = transfer({(3, 0.1, 5): [0.5, 0.5]}, {5: [0.5]}, {(3, 0.1, 5): [0.0]}, labels=5, rate=0.1)
    assert flat.message == "" and flat.values["worth"] == 5 and "overlap" in flat.summary and "nan" not in flat.summary
    many = {(3, 0.1, count): [0.5 + count / 100] for count in range(1, 21)}
    explorer = transfer(many, {count: [0.4] for count in range(1, 21)}, many, rate=0.1, parameters=[1, 2, 3, 4e6])
    assert explorer.message == "" and explorer.values["trained"] == 4_000_000
    namespace = {"runs": many, "scratch": {count: [0.4] for count in range(1, 21)}, "old": many}
    exec(explorer.code, namespace)
    assert namespace["worth"] is None is explorer.values["worth"] and namespace["trained"] == 4_000_000


def test_what_was_given_is_neither_changed_nor_kept():
    given = {key: part.copy() for key, part in RUNS.items()}
    explorer = transfer(given, SCRATCH, OLD)
    before = explorer.image.value.tobytes()
    for part in given.values():
        part[:] = 0
    explorer.values["accuracies"][:] = 0
    explorer.set(labels=1)
    explorer.set(labels=10)
    assert explorer.image.value.tobytes() == before and explorer.values["accuracy"] == pytest.approx(0.78)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"runs": None}, r"runs must be a dict, \(frozen, rate, labels\) -> accuracies, found None"),
        ({"runs": {}}, "runs must hold 1 to 1,000 runs, found 0"),
        ({"runs": without(RUNS, (2, 0.001, 5), (3, 0.01, 5))},
         "runs must be a full grid, found 2 of its runs missing .the first is frozen 2, rate 0.001, labels 5"),
        ({"runs": {(3, 0.001): [0.5]}}, r"the keys of runs must be \(frozen, rate, labels\), found \(3, 0.001\)"),
        ({"runs": {(4, 0.001, 5): [0.5]}}, "frozen must be a whole number from 0 to 3, found 4 in runs"),
        ({"runs": {(3, 0, 5): [0.5]}}, "rate must be a number from 1e-9 to 1,000, found 0 in runs"),
        ({"runs": {(3, 0.1, 2.5): [0.5]}}, "labels must be a whole number from 1 to 1,000,000, found 2.5 in runs"),
        ({"runs": {(3, 0.1, 5): [85.0]}}, r"runs.\(3, 0.1, 5\). must be 1 to 50 accuracies from 0 to 1"),
        ({"runs": {(3, 0.1, 5): [np.nan]}}, "must be finite, found nan"),
        ({"runs": {(3, 0.1, 5): "many"}}, "must be an array of numbers, found 'many'"),
        ({"old": without(OLD, *[key for key in KEYS if key[0] == 3])}, "old must have the same keys as runs"),
        ({"old": None}, "old must be a dict"),
        ({"scratch": [0.5]}, r"scratch must be a dict, labels -> accuracies, found \[0.5\]"),
        ({"scratch": without(SCRATCH, 20)}, "scratch must have a run for each count .* found none for 20"),
        ({"scratch": {"ten": [0.5]}}, "labels must be a whole number .* found 'ten' in scratch"),
        ({"before": 98.1}, "before must be an accuracy from 0 to 1, found 98.1"),
        ({"runs": {(2, 0.1, 5): [0.5]}, "old": {(2, 0.1, 5): [0.5]}}, "before must be the accuracy .* found None"),
        ({"parameters": (1, 2, 3)}, "parameters must be 4 whole numbers from 1, one for each of conv 1, conv 2, dense"),
        ({"parameters": (1, 2, 3, 0)}, "parameters must be 4 whole numbers from 1"),
    ],
)  # fmt: skip
def test_bad_data_is_answered_in_words(change, words):
    explorer = transfer(**{"runs": RUNS, "scratch": SCRATCH, "old": OLD} | change)
    assert explorer.message.startswith("No picture for this: ") and "Error" not in explorer.message
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explorer.message)
    assert "Traceback" not in repr(explorer) and not explorer.controls
