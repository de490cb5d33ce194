"""Storing and comparing: what make notebooks stores passes under test, and a stale output fails."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from tests import store_notebooks
from tests.lesson import ROOT
from tests.store_notebooks import CannotStore, store

BOX = """\
import ipywidgets as widgets
class Explorer(widgets.VBox):
    def __repr__(self):
        return "Explorer"
Explorer([widgets.FloatSlider()])"""
CELLS = {
    "setup": "import matplotlib.pyplot as plt\nimport numpy as np",
    "value": "np.arange(3)",
    "silent": "np.arange(3);",
    "picture": "fig, ax = plt.subplots(figsize=(4, 3))\nax.plot([1, 2])\nprint('a line');",
    "picture-again": "fig, ax = plt.subplots()",
    "picture-and-print": "fig, ax = plt.subplots()\nprint('a line')",
    "picture-of-a-line": "fig, ax = plt.subplots(figsize=(4, 3))\nax.plot([1, 2], lw=1)\nax.plot([1.5], [1.5], '.');",
    "box": BOX,
    "raises": "1 / 0",
    "raises-again": "1 / 0",
}


def new_book(**cells: str) -> NotebookNode:
    """Build a notebook that was never run."""
    book = new_notebook(cells=[new_code_cell(code, id=i) for i, code in cells.items()])
    for cell in book.cells:
        if cell.id.startswith("raises"):
            cell.metadata["tags"] = ["raises-exception"]
    return book


def cell_of(book: NotebookNode, name: str) -> NotebookNode:
    """Return the cell with that id."""
    return next(cell for cell in book.cells if cell.id == name)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a notebook as make notebooks stores it."""
    path = tmp_path_factory.mktemp("stored") / "book.ipynb"
    book = new_book(**CELLS, empty=" ")
    book.metadata["widgets"] = {"a": "state"}
    book.cells[1].metadata["execution"] = {"iopub.status.busy": "2030-01-01T00:00:00Z"}
    nbformat.write(book, path)
    assert store(path)
    return path


def test_stored_notebook_holds_what_a_viewer_can_show(stored: Path) -> None:
    book = nbformat.read(stored, as_version=4)
    assert [c.id for c in book.cells] == list(CELLS)
    assert [c.execution_count for c in book.cells] == list(range(1, len(CELLS) + 1))
    assert book.metadata == store_notebooks.METADATA
    assert [c.metadata for c in book.cells] == [{}] * (len(CELLS) - 2) + [{"tags": ["raises-exception"]}] * 2
    assert cell_of(book, "silent").outputs == []
    assert "image/png" in cell_of(book, "picture").outputs[-1].data
    assert [list(o.data) for o in cell_of(book, "picture-of-a-line").outputs] == [["image/png", "text/plain"]]
    assert [o.data for o in cell_of(book, "box").outputs] == [{"text/plain": "Explorer"}]
    assert cell_of(book, "raises").outputs[0].traceback == ["ZeroDivisionError: division by zero"]


def test_storing_twice_changes_no_byte(stored: Path) -> None:
    before, written = stored.read_bytes(), stored.stat().st_mtime_ns
    assert not store(stored)
    assert (stored.read_bytes(), stored.stat().st_mtime_ns) == (before, written)


@pytest.mark.parametrize(
    ("code", "complaint"),
    [
        ("1 / 0", 'cell 1 ("bad") raises ZeroDivisionError: division by zero'),
        ("import sys; print('oh', file=sys.stderr)", 'cell 1 ("bad") writes to stderr: oh'),
        ("from IPython.display import clear_output\nclear_output()", 'cell 1 ("bad") uses clear_output'),
        ("import os; os._exit(1)", 'cell 1 ("bad") ends its kernel'),
    ],
    ids=["exception", "stderr", "clear_output", "death"],
)
def test_what_no_reader_should_meet_is_not_stored(tmp_path: Path, code: str, complaint: str) -> None:
    path = tmp_path / "book.ipynb"
    nbformat.write(new_book(bad=code), path)
    before = path.read_bytes()
    with pytest.raises(CannotStore) as caught:
        store(path)
    assert complaint in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_command_stores_the_others_and_says_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fake(path: Path) -> bool:
        if path.stem == "1_bad":
            raise CannotStore("raises a thing")
        if path.stem == "3_stop":
            raise KeyboardInterrupt
        return True

    monkeypatch.setattr(store_notebooks, "store", fake)
    assert store_notebooks.main(["1_bad.ipynb", "2_good.ipynb"]) == 1
    assert capsys.readouterr() == ("2_good.ipynb: stored (0 s)\n", "1_bad.ipynb: raises a thing. Not stored.\n")
    assert store_notebooks.main(["2_good.ipynb"]) == 0
    assert store_notebooks.main(["2_good.ipynb", "3_stop.ipynb", "1_bad.ipynb"]) == 130
    assert "is stored" in capsys.readouterr().err


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*names: object) -> None:
        raise OSError("No space left on device")

    path = tmp_path / "book.ipynb"
    path.write_text("old")
    monkeypatch.setattr(store_notebooks.os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        store_notebooks.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


# nbval, under the course's own configuration


def make_stale(book: NotebookNode) -> set[str]:
    """Change what is stored, each change in a cell of its own; return the ids of the cells that are now stale."""
    cell_of(book, "value").outputs[0].data["text/plain"] = "array([0, 1, 3])"
    cell_of(book, "silent").outputs = cell_of(book, "value").outputs
    cell_of(book, "picture").outputs[-1].data["text/plain"] = "<Figure size 900x360 with 1 Axes>"
    cell_of(book, "picture-again").outputs.clear()
    cell_of(book, "picture-and-print").outputs[0].text = "two lines\n"
    without_dot = cell_of(book, "picture").outputs[-1].data["image/png"]
    cell_of(book, "picture-of-a-line").outputs[0].data["image/png"] = without_dot
    cell_of(book, "box").outputs[0].data["text/plain"] = "VBox()"
    cell_of(book, "raises").outputs[0].evalue = "division by one"
    cell_of(book, "raises-again").metadata.clear()
    return set(CELLS) - {"setup"}


def failures(folder: Path) -> dict[str, set[str]]:
    """Run pytest on a folder of notebooks, configured as for make test; return the ids of the cells that fail."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "--rootdir", ".", "-p", "no:cacheprovider"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    command += ["-o", "junit_family=xunit1", f"--junitxml={report}", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    failed: dict[str, set[str]] = {path.stem: set() for path in folder.glob("*.ipynb")}
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert len(cases) == len(failed) * len(CELLS)
    for case in cases:
        if case.find("failure") is not None:
            book, number = Path(case.attrib["file"]).stem, int(case.attrib["name"].split()[-1])
            failed[book].add(list(CELLS)[number])
    return failed


def test_nbval_passes_what_is_stored_and_fails_what_is_stale(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "right.ipynb").write_bytes(stored.read_bytes())
    book = nbformat.read(stored, as_version=4)
    stale = make_stale(book)
    nbformat.write(book, tmp_path / "stale.ipynb")
    assert failures(tmp_path) == {"right": set(), "stale": stale}


def test_threads_are_pinned_and_no_window_opens() -> None:
    import matplotlib
    from threadpoolctl import threadpool_info

    assert {pool["num_threads"] for pool in threadpool_info()} <= {1}
    assert str(matplotlib.get_backend(auto_select=False)).lower() == "agg"
