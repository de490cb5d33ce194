"""Starting the course: copies are made once, whole, and never touched again; JupyterLab gets what it needs."""

import json
import os
import sys
from pathlib import Path

import pytest

from helpers import install, start

PLUGIN = "@jupyterlab/apputils-extension:notification"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder with three lessons, none of them copied yet."""
    root = tmp_path / "a course"
    lessons = root / "notebooks"
    (lessons / ".ipynb_checkpoints").mkdir(parents=True)
    for name in ("00_start_here", "02_gradient_descent", "extra_faq"):
        (lessons / f"{name}.ipynb").write_text(f'{{"cells": ["{name}"]}}')
    monkeypatch.setattr(start, "ROOT", root)
    monkeypatch.setattr(start, "LESSONS", lessons)
    monkeypatch.setattr(start, "MY_WORK", root / "my_work")
    return root


def copy() -> tuple[list[str], list[str]]:
    """Copy the lessons of the test's course."""
    return start.copy_lessons(start.LESSONS, start.MY_WORK)


def test_every_lesson_is_copied_once(course: Path) -> None:
    assert copy() == (["00_start_here.ipynb", "02_gradient_descent.ipynb", "extra_faq.ipynb"], [])
    for original in start.LESSONS.glob("*.ipynb"):
        assert (start.MY_WORK / original.name).read_bytes() == original.read_bytes()
    assert copy() == ([], [])
    assert sorted(path.name for path in start.MY_WORK.iterdir() if path.name.startswith(".")) == [start.RECORD]


def test_answers_are_never_overwritten_and_a_changed_original_is_reported(course: Path) -> None:
    copy()
    mine = start.MY_WORK / "02_gradient_descent.ipynb"
    mine.write_text("my answers")
    assert copy() == ([], [])  # the original has not changed
    (start.LESSONS / mine.name).write_text("a better lesson")
    assert copy() == ([], [mine.name])
    assert copy() == ([], [mine.name])  # said until something is done about it
    assert mine.read_text() == "my answers"
    told = " ".join(start.describe([], [mine.name], start.MY_WORK))
    assert "rename yours in my_work/ (to 02_gradient_descent_mine.ipynb" in told and "start again" in told


def test_following_that_advice_brings_the_new_lesson_beside_the_answers(course: Path) -> None:
    copy()
    mine = start.MY_WORK / "02_gradient_descent.ipynb"
    mine.write_text("my answers")
    (start.LESSONS / mine.name).write_text("a better lesson")
    mine.rename(mine.with_name("02_gradient_descent_mine.ipynb"))
    assert copy() == ([mine.name], [])
    assert mine.read_text() == "a better lesson" and copy() == ([], [])
    assert mine.with_name("02_gradient_descent_mine.ipynb").read_text() == "my answers"


@pytest.mark.parametrize("record", ["", "{", "[1, 2]", '{"00_start_here.ipynb": 3}'])
def test_a_damaged_record_costs_no_copy(course: Path, record: str) -> None:
    copy()
    (start.MY_WORK / "00_start_here.ipynb").write_text("my answers")
    (start.MY_WORK / start.RECORD).write_text(record)
    assert copy()[0] == []
    assert (start.MY_WORK / "00_start_here.ipynb").read_text() == "my answers"


def test_a_copy_is_complete_or_absent(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, names = Path.write_bytes, []

    def full_disk(path: Path, data: bytes) -> int:
        names.append(path.name)
        if "02_" not in path.name:
            return write(path, data)
        write(path, data[:4])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as spoiled:
        spoiled.setattr(Path, "write_bytes", full_disk)
        with pytest.raises(OSError, match="No space left"):
            copy()
    assert sorted(path.name for path in start.MY_WORK.iterdir()) == [start.RECORD, "00_start_here.ipynb"]
    assert all(name.endswith(".part") for name in names)  # a power cut would leave such a file, never half a lesson
    assert copy() == (["02_gradient_descent.ipynb", "extra_faq.ipynb"], [])


def test_a_full_disk_and_a_file_in_the_way_get_one_sentence(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start.MY_WORK.write_text("in the way")
    assert start.main(["--copy-only"]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1
    start.MY_WORK.unlink()

    def full_disk(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(start, "write_whole", full_disk)
    assert start.main(["--copy-only"]) == 3
    message = capsys.readouterr().err
    assert len(message.splitlines()) == 1 and "the disk is full: free some room" in message


def test_missing_lessons_get_one_sentence(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in start.LESSONS.glob("*.ipynb"):
        path.unlink()
    assert start.main(["--copy-only"]) == 3
    message = capsys.readouterr().err
    assert len(message.splitlines()) == 1 and "no lessons" in message


def test_a_lesson_is_found_by_the_beginning_of_its_name(course: Path) -> None:
    copy()
    (start.MY_WORK / "02_gradient_descent_mine.ipynb").write_text("a renamed copy is not in the way")
    assert start.find_lesson(start.MY_WORK, "02") == "02_gradient_descent.ipynb"
    assert start.find_lesson(start.MY_WORK, "extra_faq.ipynb") == "extra_faq.ipynb"
    with pytest.raises(install.Refused, match="No lesson begins with '7': choose one of 00_start_here"):
        start.find_lesson(start.MY_WORK, "7")
    with pytest.raises(install.Refused, match="2 lessons begin with '0': choose one of 00.*, 02"):
        start.find_lesson(start.MY_WORK, "0")


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed_and_the_readers_arguments_come_last(
    course: Path, user: int, allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    arguments = start.jupyter_arguments(start.MY_WORK, "00_start_here.ipynb", ["--no-browser", "--ip=0.0.0.0"])
    assert ("--allow-root" in arguments) is allowed
    assert f"--ServerApp.root_dir={start.MY_WORK}" in arguments
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in arguments
    assert arguments[-2:] == ["--no-browser", "--ip=0.0.0.0"]


@pytest.fixture
def opened(course: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What JupyterLab would have been started with; nothing outside the test's folder is written."""
    calls: list[list[str]] = []
    monkeypatch.setattr(start, "open_lab", calls.append)
    monkeypatch.setattr(start.sysconfig, "get_path", lambda name: str(course / "site-packages"))
    monkeypatch.setenv("PYTHONPATH", "/my/own")
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "")
    return calls


def test_kernels_find_helpers_and_the_news_are_off(course: Path, opened: list[list[str]]) -> None:
    assert start.main(["--lesson", "02", "--port=9999"]) == 0
    assert opened[0][-1] == "--port=9999"
    assert "--LabApp.default_url=/lab/tree/02_gradient_descent.ipynb" in opened[0]
    assert os.environ["PYTHONPATH"] == f"{course}{os.pathsep}/my/own"
    assert (course / "site-packages" / "descent_course.pth").read_text() == f"{course}\n"
    from jupyter_core.paths import jupyter_config_path
    from jupyterlab_server.settings_utils import _get_overrides

    assert jupyter_config_path()[0] == str(start.MY_WORK / ".jupyter")
    assert _get_overrides(str(course))[0][PLUGIN] == {"fetchNews": "false", "checkForUpdates": False}


def test_the_settings_that_turn_the_news_off_are_known_to_this_jupyterlab() -> None:
    schemas = Path(sys.prefix, "share/jupyter/lab/schemas/@jupyterlab/apputils-extension")
    known = json.loads((schemas / "notification.json").read_text(encoding="utf-8"))["properties"]
    assert set(install.NO_NEWS) == {PLUGIN}
    assert "false" in [choice["const"] for choice in known["fetchNews"]["oneOf"]]
    assert known["checkForUpdates"]["type"] == "boolean"


def test_authors_open_the_originals_and_nothing_is_copied(course: Path, opened: list[list[str]]) -> None:
    assert start.main(["--author"]) == 0
    assert f"--ServerApp.root_dir={start.LESSONS}" in opened[0]
    assert not list(start.MY_WORK.glob("*.ipynb"))


def test_copy_only_opens_nothing(course: Path, opened: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--copy-only"]) == 0
    assert opened == [] and "3 new lessons" in capsys.readouterr().out
    assert start.main(["--copy-only"]) == 0
    assert capsys.readouterr().out == ""


def test_a_missing_jupyterlab_gets_one_sentence(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start, "prepare_environment", lambda settings: None)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    assert start.main([]) == 3
    message = capsys.readouterr().err
    assert len(message.splitlines()) == 1 and "JupyterLab is not installed" in message and "make lab" in message
