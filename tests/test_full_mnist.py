"""Lessons 08, 09, 14 and 16 run to their end on the full MNIST too, silently, for whoever has the file at hand.

COURSE_MNIST_FILE names it. These runs take minutes: nothing is compared with the stored outputs, which are of the small
set; what the lessons assert must hold for both.
"""

import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests import lesson
from tests.store_notebooks import CannotStore, execute

REAL_FILE = os.environ.get("COURSE_MNIST_FILE")  # the full mnist.npz
NUMBERS = ("08", "09", "14", "16")
IS_FULL = "from helpers import data\n(x, _), (x_test, _) = data.load_mnist()\nassert len(x) == 60_000, len(x)"

with_the_file = pytest.mark.skipif(not REAL_FILE, reason="COURSE_MNIST_FILE names no copy of the full mnist.npz")


def the_lesson(number: str, folder: Path = lesson.NOTEBOOKS) -> Path:
    """Return the path of the lesson with that number."""
    found = sorted(folder.glob(f"{number}_*.ipynb"))
    assert len(found) == 1, f"notebooks/{number}_*.ipynb: one lesson was expected, found {[p.name for p in found]}"
    return found[0]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache of Keras's, of our own and writable, that holds the full MNIST."""
    assert Path(REAL_FILE).is_file(), f"COURSE_MNIST_FILE names {REAL_FILE}, which is not a file"
    home = tmp_path_factory.mktemp("keras")
    (home / "datasets").mkdir()
    shutil.copyfile(REAL_FILE, home / "datasets" / "mnist.npz")
    return home


@pytest.fixture
def full(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the full MNIST the default of every kernel that the test starts."""
    monkeypatch.setenv("KERAS_HOME", str(cache))
    monkeypatch.setenv("COURSE_MNIST", "full")


def run(path: Path) -> None:
    """Run a lesson in a fresh kernel that knows the full MNIST; raises CannotStore for an error or a word on stderr."""
    book = nbformat.read(path, as_version=4)
    book.cells.insert(0, new_code_cell(IS_FULL, id="is-full"))
    execute(book, path.parent)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_lesson_is_there(number: str) -> None:
    assert any("load_mnist" in lesson.source(cell) for cell in lesson.code_cells(lesson.read(the_lesson(number))))


@with_the_file
@pytest.mark.parametrize("number", NUMBERS)
def test_the_lesson_runs_on_the_full_set(number: str, full: None) -> None:
    try:
        run(the_lesson(number))
    except CannotStore as problem:
        pytest.fail(f"{the_lesson(number).name}, with COURSE_MNIST=full: {problem}", pytrace=False)


@with_the_file
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("assert len(x) < 60_000, 'only for the small set'", "raises AssertionError: only for the small set"),
        ("import sys; print('noise', file=sys.stderr)", "writes to stderr: noise"),
    ],
)
def test_a_lesson_that_cannot_take_the_full_set_is_named(code: str, words: str, full: None, tmp_path: Path) -> None:
    cells = [new_code_cell("from helpers import data\n(x, y), (x_test, y_test) = data.load_mnist()\nlen(x_test)")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "08_good.ipynb")
    run(tmp_path / "08_good.ipynb")
    nbformat.write(new_notebook(cells=[*cells, new_code_cell(code)]), tmp_path / "09_bad.ipynb")
    with pytest.raises(CannotStore, match=words):
        run(tmp_path / "09_bad.ipynb")


@with_the_file
def test_the_small_set_is_not_taken_for_the_full_one(
    full: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_MNIST", "small")
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1")]), tmp_path / "08_any.ipynb")
    with pytest.raises(CannotStore, match="raises AssertionError: 4000"):
        run(tmp_path / "08_any.ipynb")
