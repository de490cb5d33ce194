"""The X-ray of backpropagation: its numbers against independent ones, where its check points, what each step shows."""

import math
from typing import Any

import numpy as np
import pytest

from helpers import network
from helpers.sliders import Explorer
from helpers.sliders.letters import Letters
from helpers.sliders.xray import xray
from helpers.sliders.xray_graph import BACKWARD, MISTAKES, STEPS
from helpers.sliders.xray_words import matrix

LAST = 12
ORDER = [
    "Z1",
    "A1",
    "Z2",
    "loss",
    "grad_Z2",
    "grad_W2",
    "grad_b2",
    "grad_A1",
    "grad_Z1",
    "grad_W1",
    "grad_b1",
    "grad_X",
]
BELOW_Z1 = ["grad_W1", "grad_b1", "grad_X"]
FAULTS = {  # mistake -> the faulty gradient, and those that inherit it
    "grad_Z2: sign": ("grad_Z2", ORDER[5:]),
    "grad_Z2: 1/n forgotten": ("grad_Z2", ORDER[5:]),
    "grad_W2: Z1 for A1": ("grad_W2", []),
    "grad_b2: mean for sum": ("grad_b2", []),
    "grad_A1: reshape for transpose": ("grad_A1", ["grad_Z1", *BELOW_Z1]),
    "grad_Z1: ReLU's mask forgotten": ("grad_Z1", BELOW_Z1),
    "grad_Z1: mask from grad_A1": ("grad_Z1", BELOW_Z1),
    "grad_W1: 1/n twice": ("grad_W1", []),
    "grad_b1: grad_A1 for grad_Z1": ("grad_b1", []),
}
RNG = np.random.RandomState(0)
LARGEST = {
    "params": [RNG.uniform(-3, 3, shape).round(2) for shape in ((3, 4), (4,), (4, 3), (3,))],
    "X": RNG.uniform(-3, 3, (3, 3)).round(2),
    "labels": [2, 0, 1],
}
ONE_ROW = {"X": [[1.0, 0.5]], "labels": [1]}


@pytest.fixture(scope="module")
def shown() -> Explorer:
    """Return one explorer for all tests that bring it into a setting of their own."""
    return xray()


def loss_by_hand(nodes: dict[str, Any]) -> float:
    """Return the mean cross-entropy in plain Python, from whatever of Z1, A1 and Z2 is given."""

    def dense(rows: Any, W: Any, b: Any) -> list[list[float]]:
        columns = range(len(b))
        return [[sum(x * W[i][j] for i, x in enumerate(row)) + b[j] for j in columns] for row in rows]

    Z1 = nodes.get("Z1", dense(nodes["X"], nodes["W1"], nodes["b1"]))
    A1 = nodes.get("A1", [[max(z, 0) for z in row] for row in Z1])
    Z2 = nodes.get("Z2", dense(A1, nodes["W2"], nodes["b2"]))
    rows = zip(Z2, nodes["labels"], strict=True)
    return sum(math.log(sum(math.exp(z) for z in row)) - row[label] for row, label in rows) / len(Z2)


def slopes_by_hand(values: dict[str, Any], name: str, h: float = 1e-5) -> np.ndarray:
    """Return the central differences of the loss by every number of a node."""
    given = {key: values[key].tolist() for key in ("X", "W1", "b1", "W2", "b2", "labels")}
    slopes = np.empty(values[name].shape)
    for place in np.ndindex(slopes.shape):
        ends = []
        for move in (h, -h):
            moved = values[name].copy()
            moved[place] += move
            ends.append(loss_by_hand({**given, name: moved.tolist()}))
        slopes[place] = (ends[0] - ends[1]) / (2 * h)
    return slopes


def written(explorer: Explorer) -> list[Letters]:
    """Return what the picture's moving texts say, those that are seen."""
    return [text for text in explorer._picture.figure.findobj(Letters) if text.get_visible()]


@pytest.mark.parametrize("given", [{}, LARGEST, ONE_ROW], ids=["example", "largest", "one row"])
def test_values_and_gradients_agree_with_the_network_of_the_lesson(given):
    values = xray(**given, step=LAST).values
    params = [values[name] for name in ("W1", "b1", "W2", "b2")]
    loss, gradients = network.loss_and_gradients(params, values["X"], values["labels"])
    for found, expected in zip(network.forward(params, values["X"]), ("X", "A1", "Z2"), strict=True):
        np.testing.assert_allclose(values[expected], found)
    assert values["loss"] == pytest.approx(loss)
    for name, expected in zip(("grad_W1", "grad_b1", "grad_W2", "grad_b2"), gradients, strict=True):
        np.testing.assert_allclose(values[name], expected, atol=1e-14)


@pytest.mark.parametrize("given", [{}, LARGEST, ONE_ROW], ids=["example", "largest", "one row"])
def test_every_gradient_agrees_with_differences_made_by_hand(given):
    values = xray(**given, step=LAST).values
    assert values["loss"] == pytest.approx(
        loss_by_hand({name: values[name] for name in ("X", "W1", "b1", "W2", "b2", "labels")})
    )
    for name in BACKWARD:
        expected = slopes_by_hand(values, name.removeprefix("grad_"))
        np.testing.assert_allclose(values["gradients"][name], expected, rtol=1e-6, atol=1e-7, err_msg=name)
        np.testing.assert_allclose(values["differences"][name], expected, rtol=1e-6, atol=1e-7, err_msg=name)
    assert list(values["error"]) == list(BACKWARD) and max(values["error"].values()) < 1e-6
    assert values["fault"] == "" and values["inherited"] == [] and not values["goal_met"]


def test_the_example_has_units_on_and_off_and_numbers_to_be_seen(shown):
    shown.set(step=LAST, mistake="none")
    values = shown.values
    on = values["Z1"] > 0
    assert on.any(axis=1).all() and (~on).any(axis=1).all() and on.any(axis=0).all()
    for name in ("Z1", "A1", "Z2"):
        np.testing.assert_array_equal(values[name], values[name].round(2))
    assert all(np.abs(grad).max() > 0.2 for grad in values["gradients"].values())


def test_every_mistake_has_a_line_here():
    assert list(FAULTS) == list(MISTAKES)


@pytest.mark.parametrize("mistake", FAULTS)
def test_the_check_points_at_the_faulty_node(shown, mistake):
    fault, inherited = FAULTS[mistake]
    shown.set(step=LAST, mistake=mistake)
    values = shown.values
    assert values["fault"] == fault and values["inherited"] == inherited
    agree = [name for name, error in values["error"].items() if error < 1e-6]
    assert agree == [name for name in BACKWARD if name != fault and name not in inherited]
    assert min(values["error"][name] for name in (fault, *inherited)) > 0.1
    for name in (fault, *inherited):  # two decimals show it
        assert np.abs(values["gradients"][name] - values["differences"][name]).max() > 0.05
    assert f"fails first at {fault}" in shown.summary and ("inherit" in shown.summary) == bool(inherited)
    assert all(name in shown.summary.split(";")[-1] for name in inherited)


@pytest.mark.parametrize("mistake", FAULTS)
def test_with_the_largest_network_too(mistake):
    values = xray(**LARGEST, step=LAST, mistake=mistake).values
    assert values["fault"] == FAULTS[mistake][0] and set(values["inherited"]) <= set(FAULTS[mistake][1])


@pytest.mark.parametrize("mistake", FAULTS)
def test_before_its_node_is_reached_a_mistake_changes_nothing(shown, mistake):
    fault = FAULTS[mistake][0]
    for step in range(LAST + 1):
        shown.set(step=step, mistake=mistake)
        reached = step >= STEPS.index(fault)
        assert shown.values["fault"] == (fault if reached else "")
        assert set(shown.values["inherited"]) == (
            set(FAULTS[mistake][1]) & set(STEPS[: step + 1]) if reached else set()
        )
        assert (f"A mistake waits at {fault}" in shown.summary) == (not reached)


def test_the_check_computes_the_fault_and_does_not_read_the_mistakes_name(monkeypatch):
    monkeypatch.setitem(MISTAKES, "grad_b2: mean for sum", BACKWARD["grad_b2"])
    explorer = xray(step=LAST, mistake="grad_b2: mean for sum")
    assert explorer.values["fault"] == "" and "changes nothing" in explorer.summary


def test_with_one_row_a_factor_of_n_is_no_mistake():
    explorer = xray(**ONE_ROW, step=LAST, mistake="grad_Z2: 1/n forgotten")
    assert explorer.values["fault"] == "" and not explorer.values["goal_met"]
    assert "The mistake changes nothing with these numbers." in explorer.summary


def test_the_goal_is_to_let_the_check_name_the_node(shown):
    shown.set(step=LAST, mistake="none")
    assert not shown.values["goal_met"] and "All 8 gradients so far agree" in shown.summary
    shown.set(step=9, mistake="grad_Z1: mask from grad_A1")
    assert shown.values["fault"] == "grad_Z1" and not shown.values["goal_met"]
    shown.set(step=LAST)
    assert shown.values["goal_met"] and "✓ Goal met" in shown.summary and "Goal: " in shown.children[0].value


@pytest.mark.parametrize("step", range(LAST + 1))
def test_each_step_shows_what_is_known_and_nothing_more(shown, step):
    shown.set(step=step, mistake="none")
    values, texts = shown.values, [text.text for text in written(shown)]
    known = [*["X", "W1", "b1", "W2", "b2"], *ORDER[:step]]
    assert values["names"] == [name for name in known if "grad" not in name]
    assert list(values["gradients"]) == [name for name in known if "grad" in name]
    assert (values["loss"] is None) == (step < 4)
    for name in ("X", "Z1", "A1", "W1", "b1", "Z2", "W2", "b2", "loss"):
        assert name in texts and (name == "loss" or str(shown._graph.nodes[name].shape) in texts)
    shown.set(step=LAST)
    everything = {name: matrix(shown.values[name]) for name in ["X", "W1", "b1", "W2", "b2", *ORDER]}
    for name, text in everything.items():
        alike = sum(everything[other] == text for other in known)  # two nodes may hold the same numbers
        assert texts.count(text) == alike, name
    assert texts.count("✓") == len(values["gradients"])


@pytest.mark.parametrize(
    ("step", "formula", "shapes"),
    [
        (1, "Z1 = X @ W1 + b1:", "(2, 2) @ (2, 3) + (3,) → (2, 3)"),
        (4, "loss = cross_entropy_from_logits(Z2, labels):", "cross_entropy((2, 2), (2,)) → one number"),
        (6, "grad_W2 = A1.T @ grad_Z2:", "(3, 2) @ (2, 2) → (3, 2)"),
        (7, "grad_b2 = grad_Z2.sum(axis=0):", "(2, 2).sum(axis=0) → (2,)"),
        (9, "grad_Z1 = grad_A1 * (Z1 > 0):", "(2, 3) * ((2, 3) > 0) → (2, 3)"),
    ],
)
def test_the_formula_of_a_step_is_written_with_its_shapes(shown, step, formula, shapes):
    shown.set(step=step, mistake="none")
    texts = [text.text for text in written(shown)]
    assert formula in texts and shapes in texts
    assert formula.rstrip(":") in shown.summary and f"Step {step} of 12" in shown.summary


def test_at_the_mistake_the_right_formula_stands_under_the_wrong_one(shown):
    shown.set(step=9, mistake="grad_Z1: mask from grad_A1")
    texts = [text.text for text in written(shown)]
    assert "grad_Z1 = grad_A1 * (grad_A1 > 0):" in texts and "✗ fault" in texts
    assert "Step 9 of 12, backward: here is the mistake; right is grad_A1 * (Z1 > 0)." in texts
    shown.set(step=LAST)
    texts = [text.text for text in written(shown)]
    assert texts.count("✗ fault") == 1 and texts.count("≠ inherited") == 3 and texts.count("✓") == 4


@pytest.mark.parametrize("given", [{}, LARGEST], ids=["example", "largest"])
@pytest.mark.parametrize("mistake", ["grad_Z2: sign", "grad_A1: reshape for transpose"])
def test_no_text_meets_another_or_leaves_the_picture(given, mistake):
    explorer = xray(**given, mistake=mistake)
    for step in range(LAST + 1):
        explorer.set(step=step)
        texts = written(explorer)
        corners = [text.get_transform().transform(text.get_path().vertices) for text in texts]
        low, high = np.array([c.min(axis=0) for c in corners]), np.array([c.max(axis=0) for c in corners])
        meet = (low[:, None] < high).all(axis=2) & (high[:, None] > low).all(axis=2)
        found = [(texts[i].text, texts[j].text) for i, j in np.argwhere(np.triu(meet, 1))]
        assert found == [] and meet.diagonal().all()
        assert (low > 5).all() and (high < explorer._picture.figure.bbox.size - 5).all(), step


@pytest.mark.parametrize("given", [{}, LARGEST, ONE_ROW], ids=["example", "largest", "one row"])
def test_the_code_reproduces_the_values(given):
    explorer = xray(**given)
    for step, mistake in [
        (0, "none"),
        (3, "none"),
        (LAST, "none"),
        (10, "grad_Z2: sign"),
        *((LAST, m) for m in FAULTS),
    ]:
        explorer.set(step=step, mistake=mistake)
        values, namespace = explorer.values, {}
        exec(explorer.code, namespace)
        for name in (*values["names"], *values["gradients"], "labels"):
            np.testing.assert_allclose(namespace[name], values[name], rtol=1e-12, atol=1e-15, err_msg=name)
        assert not {*ORDER[step:]} & namespace.keys()
        for name, error in values["error"].items():
            node = name.removeprefix("grad_")
            np.testing.assert_allclose(namespace[f"difference_{node}"], values["differences"][name], atol=1e-9)
            assert namespace[f"error_{node}"] == pytest.approx(error, abs=1e-8)
            assert namespace[f"fault_{node}"] == (values["fault"] == name)


def test_every_setting_has_a_picture_of_its_own(shown):
    pictures = set()
    for step in (0, 4, 5, 9, LAST):
        for mistake in ("none", *FAULTS):
            shown.set(step=step, mistake=mistake)
            pictures.add(shown.image.value.tobytes())
            assert len(shown.image.value) < 130_000
    # before its node is reached, a mistake is marked there and no more: there are six nodes for nine mistakes
    assert len(pictures) >= 5 * 7


def test_a_tick_draws_only_what_moves(shown):
    shown.set(step=3, mistake="none")
    background = shown._picture._background
    shown.set(step=LAST, mistake="grad_Z2: sign")
    assert shown._picture._background is background


def test_what_is_given_stays_as_it_was():
    params, X = [np.array(part) for part in LARGEST["params"]], LARGEST["X"].copy()
    explorer = xray(params, X, LARGEST["labels"])
    explorer.set(step=LAST)
    for part, kept in zip((*params, X), (*LARGEST["params"], LARGEST["X"]), strict=True):
        np.testing.assert_array_equal(part, kept)
    explorer.values["grad_W1"][:] = 7
    explorer.set(mistake="grad_b2: mean for sum")
    explorer.set(mistake="none")
    assert explorer.values["error"]["grad_W1"] < 1e-6


def params(**changed: Any) -> list[Any]:
    """Return [W1, b1, W2, b2] that fit X of shape (2, 2), with some of them changed."""
    right = {"W1": np.ones((2, 3)), "b1": np.ones(3), "W2": np.ones((3, 2)), "b2": np.ones(2)}
    return [*{**right, **changed}.values()]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"params": "abc"}, "params must be the list [W1, b1, W2, b2] of two layers, found 'abc'"),
        ({"params": [np.ones((2, 3))]}, "found 1 of them"),
        ({"params": params(W1="abc")}, "W1 must be an array of numbers, found 'abc'"),
        ({"params": params(b1=np.ones((1, 3)))}, "b1 must have 1 axis, found shape (1, 3)"),
        ({"params": params(b1=np.ones(4))}, "b1 must have shape (3,) to fit the others, found (4,)"),
        ({"params": params(W2=np.ones((2, 3)))}, "must have shape"),
        ({"params": params(W1=np.ones((3, 2)))}, "W1 must have shape (2, 2) to fit the others, found (3, 2)"),
        ({"params": params(b2=np.array([1, np.nan]))}, "b2 must hold numbers from -3 to 3, found nan"),
        ({"params": params(b2=np.array([1, -7]))}, "found -7"),
        ({"params": params(b2=np.array([1, np.inf]))}, "found inf"),
        (
            {"params": params(W1=np.ones((2, 5)), b1=np.ones(5), W2=np.ones((5, 2)))},
            "there must be 1 to 4 columns in W1, so that all numbers show, found 5",
        ),
        ({"params": params(W2=np.ones((3, 1)), b2=np.ones(1))}, "2 to 3 classes, so that all numbers show, found 1"),
        ({"X": np.ones((4, 2))}, "1 to 3 rows in X"),
        ({"X": np.ones((2, 3))}, "W1 must have shape (3, 3)"),
        ({"X": [1, 2]}, "X must have 2 axes, found shape (2,)"),
        ({"X": [[1, 2], [3]]}, "X must be an array of numbers"),
        ({"X": np.zeros((0, 2))}, "X must have 2 axes, found shape (0, 2)"),
        ({"labels": [0, 2]}, "labels must be 2 whole numbers from 0 to 1, found [0, 2]"),
        ({"labels": [0]}, "found [0]"),
        ({"labels": [0.0, 1.0]}, "found [0.0, 1.0]"),
        ({"labels": "ab"}, "found 'ab'"),
        ({"labels": [[0], [1, 0]]}, "labels must be"),
        ({"params": params(b1=np.array([-2.0, 1, 1])), "X": np.ones((2, 2))}, "ReLU has a kink"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(given, words):
    explorer = xray(**given)
    assert explorer.message.startswith("No picture") and words in explorer.message
    assert explorer.controls == {} and "Traceback" not in repr(explorer)


@pytest.mark.parametrize("bad", ["abc", np.nan, None, -1, 13, True, [1, 2]])
def test_bad_steps_are_answered_in_words(shown, bad):
    shown.set(step=3, mistake="none")
    shown.set(step=bad)
    assert shown.message.startswith("step: ") and shown.values["step"] in range(LAST + 1)
    assert xray(step=bad).message.startswith("step: ")


def test_between_two_steps_stands_the_nearest(shown):
    shown.set(step=6.8, mistake="none")
    assert shown.values["step"] == 7 and "# step 7 of 12: grad_b2" in shown.code


@pytest.mark.parametrize("bad", ["abc", "", None, 1, [1], "grad_Z2"])
def test_bad_mistakes_are_answered_in_words(shown, bad):
    shown.set(step=LAST, mistake="grad_b2: mean for sum")
    shown.set(mistake=bad)
    assert shown.message.startswith("mistake: ") and shown.values["mistake"] == "grad_b2: mean for sum"
    assert xray(mistake=bad).values["mistake"] == "none"
