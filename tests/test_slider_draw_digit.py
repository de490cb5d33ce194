"""The explorer of drawn digits: strokes from the page and from Python, what `predict` answers, stored digits, words."""

import io
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from helpers import data
from helpers.drawing import as_drawn, like_mnist, rasterize
from helpers.losses import softmax
from helpers.sliders import Explorer, draw_digit

TWO = [
    [(0.3, 0.3), (0.42, 0.15), (0.55, 0.15), (0.66, 0.32), (0.45, 0.62), (0.3, 0.8), (0.7, 0.8)],
]
DOWN, ACROSS = [(0.5, 0.2), (0.5, 0.8)], [(0.2, 0.5), (0.8, 0.5)]
(IMAGES, LABELS), _ = data.load_mnist("small")
IMAGES, LABELS = IMAGES[:200], LABELS[:200]


def predict(image: NDArray) -> NDArray:
    """Return ten probabilities that depend on the ink alone: its amount, its center, its upper half."""
    assert image.shape == (28, 28) and image.dtype == float and 0 <= image.min() <= image.max() <= 255
    ink = image / 255
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    return softmax(np.array([[rows.sum() / 50, rows[:14].sum() / 40, rows[8:20].sum() / 30, *columns[7:21:2]]]) / 3)


def by_rule(answer: Any) -> Any:
    """Return a `predict` that answers that always."""
    return lambda image: answer


def one_hot(digit: int, rest: float = 0.0) -> NDArray:
    """Return ten probabilities: nearly all on one digit, `rest` on the digit 8."""
    p = np.zeros(10)
    p[digit] = 1 - rest
    p[8] += rest
    return p


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return an explorer with stored digits; tests take it as `explorer`."""
    return draw_digit(predict, IMAGES, LABELS)


@pytest.fixture
def explorer(shared: Explorer) -> Explorer:
    """Return it with a drawn 2 and the settings of the start."""
    shared.draw(TWO)
    shared.set(pen=22, preparation="as MNIST's", source="my drawing")
    assert shared.message == ""
    return shared


@pytest.fixture(scope="module")
def answering() -> tuple[Explorer, list]:
    """Return an explorer and a list of one function, which is asked in place of `predict`."""
    functions = [predict]
    return draw_digit(lambda image: functions[0](image)), functions


def from_page(explorer: Explorer, strokes: Any) -> None:
    """Do what the page does when a stroke ends."""
    explorer.canvas.set_state({"strokes": strokes})


def pixels(explorer: Explorer) -> NDArray:
    """Return the picture's gray levels."""
    return np.asarray(Image.open(io.BytesIO(explorer.image.value)).convert("L")).astype(float)


@pytest.mark.parametrize(("preparation", "prepare"), [("as MNIST's", like_mnist), ("as drawn", as_drawn)])
def test_strokes_are_prepared_and_read(explorer, preparation, prepare):
    explorer.set(pen=30, preparation=preparation)
    image = prepare(rasterize(TWO, width=30))
    np.testing.assert_array_equal(explorer.values["image"], image)
    np.testing.assert_allclose(explorer.values["probabilities"], predict(image)[0])
    assert explorer.values["digit"] == predict(image).argmax() and explorer.message == ""
    assert explorer.values["label"] is None and explorer.values["strokes"] == [[list(p) for p in TWO[0]]]


def test_strokes_from_the_page_arrive():
    explorer = draw_digit(predict)
    assert explorer.summary == "Nothing is drawn yet." and explorer.values["probabilities"] is None
    before, sent = explorer.image.value.tobytes(), []
    explorer.canvas._send = lambda message, buffers=None: sent.append(message)
    from_page(explorer, [[[0.5, 0.2], [0.5, 0.8]]])
    assert explorer.image.value.tobytes() != before and explorer.summary.startswith("The network reads a")
    np.testing.assert_array_equal(explorer.values["image"], like_mnist(rasterize([DOWN])))
    from_page(explorer, [[[0.5, 0.2], [0.5, 0.8]], [[0.2, 0.5], [0.8, 0.5]]])
    np.testing.assert_array_equal(explorer.values["image"], like_mnist(rasterize([DOWN, ACROSS])))
    assert sent == []  # strokes sent back would come late, over newer ones
    from_page(explorer, [])
    assert explorer.summary == "Nothing is drawn yet." and explorer.image.value.tobytes() == before


def test_strokes_from_python_reach_the_page():
    explorer = draw_digit(predict)
    assert explorer.draw([np.array(DOWN), ACROSS]) is None
    assert explorer.canvas.get_state()["strokes"] == [[[0.5, 0.2], [0.5, 0.8]], [[0.2, 0.5], [0.8, 0.5]]]
    np.testing.assert_array_equal(explorer.values["image"], like_mnist(rasterize([DOWN, ACROSS])))
    explorer.set(pen=35)
    assert explorer.canvas.pen == 35


def test_clear_wipes_the_field(explorer):
    explorer.clear.click()
    assert explorer.canvas.strokes == [] and explorer.summary == "Nothing is drawn yet."
    explorer.set(source="a stored 3")
    explorer.clear.click()
    assert explorer.values["source"] == "my drawing" and explorer.summary == "Nothing is drawn yet."


@pytest.mark.parametrize("bad", ["abc", None, [[]], [[[0.5, 2]]], [[["a", 1]]], [[0.5, 0.5]], 3])
def test_bad_strokes_change_nothing(explorer, bad):
    values, picture = explorer.values, explorer.image.value.tobytes()
    with pytest.raises(ValueError, match="[Ss]troke"):
        explorer.draw(bad)
    assert explorer.values is values and explorer.message == ""
    from_page(explorer, bad)
    assert explorer.message.startswith("The drawing stays as it is.") and "troke" in explorer.message
    assert explorer.image.value.tobytes() == picture
    from_page(explorer, [[[0.5, 0.2], [0.5, 0.8]]])
    assert explorer.message == "" and explorer.image.value.tobytes() != picture


def test_a_bad_first_drawing_is_answered_in_words():
    explorer = draw_digit(predict, drawing=[[(0.5, 7)]])
    assert "Stroke 1 holds the point (0.5, 7)" in explorer.message and "Traceback" not in repr(explorer)


def test_the_first_stored_digit_of_each_class_can_be_chosen(explorer):
    assert explorer.controls["source"].options == ("my drawing", *(f"a stored {digit}" for digit in range(10)))
    for digit in range(10):
        explorer.set(source=f"a stored {digit}", preparation="as drawn")
        image = IMAGES[np.flatnonzero(digit == LABELS)[0]]
        np.testing.assert_array_equal(explorer.values["image"], image)  # as it is stored: it is prepared already
        assert explorer.values["label"] == digit
        right = predict(image.astype(float)).argmax() == digit
        assert f"That is {'right' if right else 'wrong'}: the label is {digit}." in explorer.summary
    few = draw_digit(predict, IMAGES[LABELS == 7], LABELS[LABELS == 7][:, None])
    assert few.controls["source"].options == ("my drawing", "a stored 7")
    assert draw_digit(predict).controls["source"].options == ("my drawing",)


def test_controls_without_an_effect_on_a_stored_digit_are_off(explorer):
    off = [name for name in ("pen", "preparation", "source") if explorer.controls[name].disabled]
    explorer.set(source="a stored 0")
    assert off == [] and explorer.controls["pen"].disabled and explorer.controls["preparation"].disabled
    assert not explorer.controls["source"].disabled
    from_page(explorer, [[[0.5, 0.2], [0.5, 0.8]]])  # who draws wants to see it
    assert explorer.values["source"] == "my drawing" and not explorer.controls["pen"].disabled
    np.testing.assert_array_equal(explorer.values["image"], like_mnist(rasterize([DOWN])))


def test_drawing_the_same_again_shows_it_again(explorer):
    explorer.set(source="a stored 0")
    explorer.draw(TWO)
    assert explorer.values["source"] == "my drawing" and explorer.values["label"] is None


def test_the_summary_says_what_is_read_and_how_sure():
    explorer = draw_digit(by_rule(0.97 * one_hot(3) + 0.02 * one_hot(8) + 0.01 * one_hot(5)), drawing=TWO)
    assert explorer.summary.startswith(
        "The network reads a 3 with 97 %, before 8 with 2 %. Prepared as MNIST's, the ink"
    )
    assert "rows 4 to 23" in explorer.summary
    explorer.set(preparation="as drawn")
    assert "As drawn, the ink fills rows 3 to 23 and columns 7 to 20 of 0 to 27." in explorer.summary
    assert repr(explorer) == f"Draw a digit: {explorer.summary}"
    eight = draw_digit(by_rule(one_hot(8)), drawing=TWO)
    assert eight.summary.startswith("The network reads an 8 with 100 %, before 0 with 0 %.")
    surely = draw_digit(by_rule(one_hot(1, rest=1e-4)), IMAGES, LABELS, source="a stored 2")
    said = "The network reads a 1 with > 99.9 %, before 8 with < 0.1 %. That is wrong: the label is 2."
    assert surely.summary == said


@pytest.mark.parametrize("kind", [list, np.float32, lambda p: p[None], lambda p: p.tolist()])
def test_ten_probabilities_of_any_kind_are_taken(answering, kind):
    explorer, answering[1][0] = answering[0], by_rule(kind(one_hot(4, rest=0.25)))
    explorer.draw(TWO)
    assert explorer.message == "" and explorer.values["digit"] == 4
    np.testing.assert_allclose(explorer.values["probabilities"], one_hot(4, rest=0.25))
    explorer.draw([])


def raises(error: Exception) -> Any:
    """Return a `predict` that raises."""

    def fails(image: NDArray) -> NDArray:
        raise error

    return fails


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (by_rule(np.ones(3) / 3), "ten probabilities, shape (10,) or (1, 10), found shape (3,)"),
        (by_rule(np.ones((28, 10)) / 10), "found shape (28, 10)"),
        (by_rule(np.ones((10, 1)) / 10), "found shape (10, 1)"),
        (by_rule(3), "found 3"),
        (by_rule(None), "found None"),
        (by_rule("three"), "found 'three'"),
        (by_rule([[1, 2], [3]]), "predict gives no probabilities"),
        (by_rule(np.full(10, np.nan)), "returned nan"),
        (by_rule(np.arange(10.0)), "sum to 45: is a softmax missing?"),
        (by_rule(one_hot(3) * 1.002), "sum to 1.002"),
        (by_rule([2, -1, *[0] * 8]), "one is -1"),
        (raises(ValueError("the weights do not fit.")), "predict gives no probabilities: the weights do not fit."),
        (raises(KeyError("layer")), "KeyError, 'layer'."),
        (raises(RuntimeError("a\n  b" + 500 * " c")), "RuntimeError, a b c"),
        (raises(ZeroDivisionError()), "ZeroDivisionError, without a reason."),
        (lambda: None, "TypeError"),
    ],
)
def test_whatever_predict_does_becomes_a_sentence(answering, bad, words):
    explorer, answering[1][0] = answering[0], bad
    assert explorer.message == ""  # nothing is drawn, so nothing is asked
    explorer.draw(TWO)
    assert words in explorer.message and len(explorer.message) < 400 and "\n" not in explorer.message
    assert explorer.summary == "The network gives no probabilities for this."
    assert explorer.values["probabilities"] is None and explorer.values["digit"] is None
    np.testing.assert_array_equal(explorer.values["image"], like_mnist(rasterize(TWO)))  # still shown
    explorer.draw([])
    assert explorer.message == "" and explorer.summary == "Nothing is drawn yet."


def test_predict_cannot_change_what_is_shown(explorer):
    def spoils(image: NDArray) -> NDArray:
        image[:] = 0
        return one_hot(1)

    spoiled = draw_digit(spoils, IMAGES, LABELS, drawing=TWO)
    np.testing.assert_array_equal(spoiled.values["image"], explorer.values["image"])
    spoiled.set(source="a stored 1")
    assert spoiled.values["image"].any()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("abc",), "predict must be a function of one image, found 'abc'"),
        ((predict, IMAGES), "images and labels belong together"),
        ((predict, None, LABELS), "belong together"),
        ((predict, IMAGES.reshape(200, 784), LABELS), "shape (n, 28, 28), found uint8 of shape (200, 784)"),
        ((predict, "abc", LABELS), "images must be numbers"),
        ((predict, IMAGES, LABELS[:10]), "labels must be 200 whole numbers"),
        ((predict, IMAGES, np.eye(10)[LABELS]), "one-hot labels become numbers by .argmax(axis=1)"),
        ((predict, IMAGES, LABELS + 1), "from 0 to 9"),
    ],
)
def test_what_does_not_fit_is_answered_in_words(given, words):
    explorer = draw_digit(*given)
    assert explorer.message.startswith("No picture") and words in explorer.message


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [("preparation", "as they like", "is not one of as MNIST's, as drawn"), ("source", "a stored 11", "is not one of"),
     ("pen", 1000, "moved to 48")],
)  # fmt: skip
def test_bad_settings_are_answered_in_words(explorer, name, bad, words):
    explorer.set(**{name: bad})
    first = draw_digit(predict, IMAGES, LABELS, drawing=TWO, **{name: bad})
    assert words in explorer.message and words in first.message and first.values["probabilities"] is not None


def test_code_runs_and_gives_the_values(explorer):
    long = [[(round(0.1 + 0.008 * i, 4), 0.5) for i in range(100)], DOWN]
    for strokes, settings in [
        (TWO, {}), (TWO, {"preparation": "as drawn", "pen": 9}), (long, {}), ([], {}), (TWO, {"source": "a stored 6"})
    ]:  # fmt: skip
        explorer.draw(strokes)
        explorer.set(**settings)
        namespace: dict[str, Any] = {"predict": predict, "images": IMAGES, "labels": LABELS}
        exec(explorer.code, namespace)
        values = explorer.values
        np.testing.assert_array_equal(namespace["image"], values["image"])
        assert ("probabilities" in namespace) == (values["probabilities"] is not None)
        if values["probabilities"] is not None:
            np.testing.assert_allclose(namespace["probabilities"], values["probabilities"])
            assert namespace["digit"] == values["digit"] and namespace.get("label") == values["label"]
        assert max(map(len, explorer.code.splitlines())) <= 100


def test_the_picture_shows_what_the_network_sees_upright_and_the_bars(explorer):
    explorer.draw([[(0.1, 0.1), (0.9, 0.1)], [(0.1, 0.1), (0.1, 0.9)]])  # a corner: no other way round looks like it
    explorer.set(preparation="as drawn")
    shown = pixels(explorer)[50:610, 10:570].reshape(28, 20, 28, 20)
    assert (shown == shown[:, :1, :, :1]).all()  # sharp squares
    np.testing.assert_allclose(shown[:, 0, :, 0], explorer.values["image"], atol=5)
    sure = draw_digit(by_rule(one_hot(6)), drawing=TWO)
    bars = pixels(sure)[50:610, 660:1220]
    inked = [(bars[56 * digit + 8 : 56 * digit + 48] < 200).mean() for digit in range(10)]
    assert np.argmax(inked) == 6 and inked[6] > 0.4 and max(inked[:6]) < 0.1


def test_the_label_of_a_stored_digit_is_marked_in_its_row(explorer):
    mine = pixels(explorer)
    explorer.set(source="a stored 4")
    rows = np.flatnonzero((pixels(explorer) != mine)[:, 1130:].any(axis=1))
    assert rows.min() >= 50 + 4 * 56 and rows.max() < 50 + 5 * 56


def test_a_tick_draws_only_what_moves(explorer):
    background = explorer._picture._background
    explorer.draw([DOWN])
    explorer.set(source="a stored 5")
    assert explorer._picture._background is background


def test_the_canvas_stands_beside_the_picture_and_two_explorers_share_nothing(explorer):
    assert explorer.children[2].children == (explorer.canvas, explorer.image)
    assert explorer.clear in explorer.children[1].children
    other = draw_digit(predict, IMAGES, LABELS, drawing=TWO)
    other.draw([DOWN])
    assert explorer.canvas.strokes == [[list(p) for p in TWO[0]]] and repr(explorer) != repr(other)
    assert set(explorer._repr_mimebundle_()) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_the_library_of_the_canvas_is_imported_when_it_is_needed():
    code = "import sys, helpers.sliders; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "helpers.sliders.draw_digit" in modules and "anywidget" not in modules
