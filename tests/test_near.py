"""What counts as nearly the same output, and what does not."""

import base64
import io
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbval.plugin import IPyNbCell, nocolors
from PIL import Image

from tests.near import is_near, trains
from tests.pictures import differ


def printed(text: str) -> list[NotebookNode]:
    return [new_output("stream", name="stdout", text=text)]


@pytest.mark.parametrize(
    ("found", "stored"),
    [
        ("38 of 800 wrong", "39 of 800 wrong"),
        ("accuracy 95.2%, loss 0.231", "accuracy 95.1%, loss 0.234"),
        ("wrong  9", "wrong 10"),
        ("difference +2.50%", "difference +2.62%"),
        ("12,810 parameters", "12,810 parameters"),
        ("largest difference 3e-07", "largest difference 5e-07"),
    ],
)
def test_a_digit_more_or_less_is_near(found: str, stored: str) -> None:
    assert is_near(printed(found), printed(stored))


@pytest.mark.parametrize(
    ("found", "stored"),
    [
        ("60 of 800 wrong", "39 of 800 wrong"),
        ("accuracy 91.0%", "accuracy 95.1%"),
        ("accuracy 95.1", "accuracy 95.1%"),
        ("loss 0.334", "loss 0.234"),
        ("39 right", "39 wrong"),
        ("39 wrong, 1 more", "39 wrong"),
        ("101,770 parameters", "12,810 parameters"),
        ("largest difference 3e-02", "largest difference 5e-07"),
        ("○ not written yet", "✓ right"),
    ],
)
def test_other_numbers_or_other_words_are_not(found: str, stored: str) -> None:
    assert not is_near(printed(found), printed(stored))


def test_an_error_or_a_missing_picture_is_not_near() -> None:
    picture = new_output("display_data", data={"image/png": "", "text/plain": "<Figure>"})
    error = new_output("error", ename="ValueError", evalue="no", traceback=[])
    assert is_near([picture], [picture])
    assert not is_near([], [picture]) and not is_near([error], [picture])


def test_only_notebooks_with_keras_train() -> None:
    assert trains(new_notebook(cells=[new_code_cell("import os\n\nimport keras\n")]))
    assert not trains(new_notebook(cells=[new_code_cell("import numpy as np")]))


# pictures


def stored_form(figure: Figure) -> str:
    with io.BytesIO() as file:
        figure.savefig(file, format="png", dpi=100)
        return base64.b64encode(file.getvalue()).decode()


def curve(shift: float = 0.0, power: float = 1.0, color: str = "#0072B2") -> str:
    """Return the picture of a falling curve, as a notebook stores it; `shift` is in pixels."""
    figure = Figure(figsize=(6, 3))
    x, ax = np.linspace(0, 1, 50), figure.subplots()
    ax.plot(x, np.exp(-3 * x**power) + shift / 230, color=color)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="epoch", ylabel="loss")
    return stored_form(figure)


def tiles(*seeds: int) -> str:
    """Return twenty strokes, white on black, each drawn by a seed of its own."""
    figure = Figure(figsize=(9, 3))
    for ax, seed in zip(figure.subplots(2, 10).flat, seeds, strict=True):
        ax.set_facecolor("black")
        ax.set(xticks=[], yticks=[], xlim=(-0.5, 1.5), ylim=(-0.5, 1.5))
        ax.plot(*np.random.default_rng(seed).random((2, 5)), color="white", linewidth=9)
    return stored_form(figure)


def passes(found: str, stored: str, *, printed_too: tuple[str, str] = ("", ""), source: str = "import keras") -> bool:
    """Whether nbval lets a cell pass that draws one picture, where another one is stored."""
    cell = object.__new__(IPyNbCell)
    notebook = new_notebook(cells=[new_code_cell(source)])
    skip = ("metadata", "output_type", "name", "image/png")
    cell.parent = SimpleNamespace(nb=notebook, skip_compare=skip, sanitize_patterns={})
    cell.colors, cell.format_output_compare = nocolors, lambda *words: None
    outputs = [
        [*printed(text), *(new_output("display_data", {"image/png": p, "text/plain": "<Figure>"}) for p in pair)]
        for text, pair in zip(printed_too, ([found], [stored]), strict=True)
    ]
    return cell.compare_outputs(*outputs)


def test_a_curve_that_moves_by_a_pixel_is_near() -> None:
    old, new = curve(), curve(shift=1)
    assert differ(old, new) and not differ(old, new, trained=True)


@pytest.mark.parametrize("other", [{"power": 2}, {"color": "#D55E00"}], ids=["curve", "color"])
def test_another_curve_or_color_is_not(other: dict[str, float | str]) -> None:
    assert differ(curve(), curve(**other), trained=True) and differ(curve(**other), curve(), trained=True)


def test_another_size_is_not() -> None:
    with Image.open(io.BytesIO(base64.b64decode(curve()))) as whole, io.BytesIO() as file:
        whole.crop((0, 0, whole.width, whole.height - 1)).save(file, format="png")
        assert differ(curve(), base64.b64encode(file.getvalue()).decode(), trained=True)


def test_a_few_other_digits_are_near_and_twenty_others_are_not() -> None:
    stored = tiles(*range(20))
    assert not differ(stored, tiles(*range(15), *range(50, 55)), trained=True)
    assert differ(stored, tiles(*range(50, 70)), trained=True)


def test_a_stale_picture_fails_also_where_networks_are_trained() -> None:
    old, moved, stale = curve(), curve(shift=1), curve(color="#D55E00")
    assert passes(old, old, source="") and not passes(moved, old, source="")
    assert passes(moved, old) and not passes(stale, old)
    near, far = ("39 wrong", "40 wrong"), ("39 wrong", "60 wrong")
    assert passes(moved, old, printed_too=near) and not passes(stale, old, printed_too=near)
    assert not passes(old, old, printed_too=far)
