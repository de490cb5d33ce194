"""A notebook that needs photos and weights: it runs where they are here, and is skipped with a reason elsewhere."""

import os
from contextlib import closing
from pathlib import Path
from unittest import mock

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbval.plugin import IPyNbCell

from helpers.data import photos, pretrained
from tests import offline, plugin, store_notebooks

PHOTOS = "from helpers import data\nphotos = data.load_photos(4, 4)\nphotos.labels.tolist()"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place of the files on a machine that has none yet: of two photos, and weights of a byte."""
    monkeypatch.setattr(offline, "BESIDE", tmp_path / "shared" / "offline")
    monkeypatch.setattr(photos, "COUNTS", {"a": 1, "b": 1})
    monkeypatch.delenv("COURSE_PHOTOS", raising=False)
    monkeypatch.delenv("COURSE_KERAS_FILES", raising=False)
    monkeypatch.delenv(offline.WORKER, raising=False)
    return offline.BESIDE


def fill(trashnet: Path, keras: Path) -> None:
    """Put two photos and weights there."""
    from PIL import Image

    for kind in "ab":
        (trashnet / kind).mkdir(parents=True)
        Image.new("RGB", (4, 4)).save(trashnet / kind / f"{kind}1.jpg")
    (keras / "models").mkdir(parents=True)
    (keras / "models" / pretrained.NAME).write_bytes(b"w")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return a notebook that loads the photos."""
    path = tmp_path / "extra_stand_in.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(PHOTOS, id="photos")]), path)
    return path


def variables() -> tuple[str | None, str | None]:
    return os.environ.get("KERAS_HOME"), os.environ.get("COURSE_PHOTOS")


@pytest.mark.parametrize("place", ["beside the repository", "named by variables"])
def test_where_the_files_are_here_a_kernel_finds_them(empty, book, tmp_path, monkeypatch, place):
    folders = (empty / "trashnet", empty / "keras")
    if place == "named by variables":
        folders = (tmp_path / "photos", tmp_path / "keras")
        monkeypatch.setenv("COURSE_PHOTOS", os.path.relpath(folders[0]))
        monkeypatch.setenv("COURSE_KERAS_FILES", os.path.relpath(folders[1]))
    fill(*folders)
    before = variables()
    assert offline.why_not(book) == ""
    with offline.prepared():
        home, named = map(Path, variables())
        assert home.is_absolute() and named.is_absolute() and named.samefile(folders[0])
        assert [path.name for path in (home / "models").iterdir()] == [pretrained.NAME]
        (home / "datasets").mkdir()  # it can be written, and is a copy
        with closing(store_notebooks.Kernel(book.parent)) as kernel:
            (output,) = kernel.run(PHOTOS)
        assert output.data["text/plain"] == "[0, 1]"
    assert not home.exists() and variables() == before
    assert not (folders[1] / "datasets").exists()


def test_where_they_are_not_a_notebook_is_not_stored_and_nothing_fails(empty, book, capsys):
    before = book.read_bytes()
    assert store_notebooks.main([str(book)]) == 0
    said, noise = capsys.readouterr()
    assert said == "" and noise.startswith("extra_stand_in.ipynb: is skipped, for TrashNet's photos are not here: ")
    assert book.read_bytes() == before


@pytest.mark.parametrize("has", ["nothing", "photos", "other photos", "weights"])
def test_what_is_missing_is_said(empty, tmp_path, has):
    fill(tmp_path / "trashnet", tmp_path / "keras")
    empty.mkdir(parents=True)
    if has in ("photos", "other photos"):
        (tmp_path / "trashnet").rename(empty / "trashnet")
    if has == "weights":
        (tmp_path / "keras").rename(empty / "keras")
    if has == "other photos":
        (empty / "trashnet" / "a" / "a1.jpg").unlink()
    said = offline.missing()
    assert ("COURSE_PHOTOS" in said) == (has != "photos") and ("COURSE_KERAS_FILES" in said) == (has != "weights")


def test_nbval_skips_its_cells_and_no_others(empty, book):
    other = book.with_name("01_other.ipynb")
    nbformat.write(new_notebook(cells=[new_code_cell("'data.load_mnist()'", id="no-photos")]), other)
    cells = [mock.Mock(spec=IPyNbCell, path=path) for path in (book, other)]
    plugin.pytest_collection_modifyitems(cells)
    assert not cells[1].add_marker.called
    ((mark,), _) = cells[0].add_marker.call_args
    assert mark.name == "skip" and "COURSE_PHOTOS" in mark.kwargs["reason"]


def test_the_workers_of_a_parallel_run_share_one_copy(empty, monkeypatch):
    fill(empty / "trashnet", empty / "keras")
    with offline.prepared():
        first = variables()
        monkeypatch.setenv(offline.WORKER, "gw0")
        with offline.prepared():
            assert variables() == first
        assert Path(first[0]).is_dir()
