"""Every stored notebook keeps the rules; tests/test_notebook_rules.py shows that each rule can fail."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import lesson, lesson_rules, notebook_rules
from tests.lesson import ROOT, Notebook

every_notebook = pytest.mark.parametrize("path", lesson.notebooks(), ids=lambda p: p.stem)
extras_with_exercises = [path for path in lesson.extras() if path in lesson.with_exercises()]
every_lesson = pytest.mark.parametrize("path", lesson.lessons(), ids=lambda p: p.stem)


def complain(complaints: list[str], path: Path) -> None:
    """Fail with every complaint on its own line."""
    if complaints:
        pytest.fail("\n".join(f"{path.name} {c}" for c in complaints), pytrace=False)


def test_there_are_lessons() -> None:
    assert lesson.lessons()


@every_notebook
@pytest.mark.parametrize("rule", notebook_rules.RULES + lesson_rules.RULES, ids=lambda r: r.__name__)
def test_notebook(path: Path, rule: Callable[[Notebook], list[str]]) -> None:
    complain(rule(lesson.read(path)), path)


@every_notebook
@pytest.mark.parametrize("rule", notebook_rules.RAW_RULES, ids=lambda r: r.__name__)
def test_file(path: Path, rule: Callable[[str], list[str]]) -> None:
    complain(rule(path.read_text(encoding="utf-8")), path)


@every_lesson
@pytest.mark.parametrize("rule", lesson_rules.LESSON_RULES, ids=lambda r: r.__name__)
def test_lesson(path: Path, rule: Callable[[Notebook], list[str]]) -> None:
    complain(rule(lesson.read(path)), path)


@every_lesson
def test_lesson_states_its_number(path: Path) -> None:
    complain(lesson_rules.states_its_number(lesson.read(path), path), path)


@pytest.mark.parametrize("path", extras_with_exercises, ids=lambda p: p.stem)
def test_an_extra_with_exercises_is_built_as_a_lesson(path: Path) -> None:
    book = lesson.read(path)
    complain(lesson_rules.begins_as_a_lesson(book, numbered=False) + lesson_rules.ends_as_a_lesson(book), path)


@pytest.mark.parametrize("path", lesson.with_exercises(), ids=lambda p: p.stem)
def test_lesson_states_its_measured_seconds(path: Path) -> None:
    complain(lesson_rules.states_its_seconds(lesson.read(path), path, lesson_rules.timings()), path)


def test_readme_lists_the_notebooks_with_their_measured_seconds() -> None:
    readme = ROOT / "README.md"
    assert readme.exists()
    present = [path.stem for path in lesson.notebooks()]
    complain(lesson_rules.readme_agrees(readme.read_text(encoding="utf-8"), present, lesson_rules.timings()), readme)
