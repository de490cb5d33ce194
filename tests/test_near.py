"""What counts as nearly the same output, and what does not."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tests.near import is_near, trains


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
