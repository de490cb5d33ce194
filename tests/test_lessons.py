"""Every exercise of a lesson: its stub says ○, its folded solution says ✓, and the lesson runs on with the solution."""

import importlib
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers import check
from helpers.check.engine import exercises_of
from tests import lesson, offline
from tests.lesson import Notebook
from tests.store_notebooks import CannotStore, Kernel, refuse

CALL = re.compile(r"\bcheck\.(\w+)\((\s*\))?")
every_lesson = pytest.mark.parametrize("path", lesson.with_exercises(), ids=lambda p: p.stem)


def run_with_solutions(notebook: Notebook, folder: Path) -> list[str]:
    """Run a lesson in a kernel, each exercise first as it stands and then solved; return what went wrong."""
    by_cell = {id(e.stub): e for e in lesson.exercises(notebook)}
    complaints = []
    with closing(Kernel(folder)) as kernel:
        for cell in lesson.code_cells(notebook):
            where = lesson.name(notebook, cell)
            exercise = by_cell.get(id(cell))
            versions = [("○", lesson.source(cell)), ("✓", exercise.solved)] if exercise else [("", lesson.source(cell))]
            for mark, code in versions:
                try:
                    said = printed(kernel, code, cell)
                except CannotStore as problem:
                    complaints.append(f"{where} {problem}")
                    continue
                for name in exercise.checks if exercise else ():
                    if not re.search(rf"^{mark} {name}\b", said, re.MULTILINE):
                        what = {"○": "the stub as it stands", "✓": "the folded solution"}[mark]
                        complaints.append(f"{where}: {what} should get {mark} from check.{name}, not: {said.strip()}")
    return complaints


def printed(kernel: Kernel, code: str, cell: lesson.Cell) -> str:
    """Run a cell's code and return what it prints; raises CannotStore for stderr and exceptions."""
    outputs = kernel.run(code)
    refuse(outputs, nbformat.from_dict(cell))
    return "".join(o.text for o in outputs if o.output_type == "stream")


def unsolved(notebook: Notebook) -> list[str]:
    """Complain of exercises without a folded solution in the prose after them."""
    return [
        f"{lesson.name(notebook, e.stub)} has no <details> with a ```python block in the next cell of prose"
        for e in lesson.exercises(notebook)
        if not e.solution.strip()
    ]


def disagreements(notebook: Notebook, defined: set[str], exists: Callable[[str], bool]) -> list[str]:
    """Compare the checks that a lesson calls with those defined for it: each exists, and each of its own is used."""
    calls = {call for c in lesson.code_cells(notebook) for call in CALL.findall(lesson.source(c))}
    called = {n for n, no_answer in calls}
    graded = {n for n, no_answer in calls if not no_answer}
    asked = {n for e in lesson.exercises(notebook) for n in e.checks}
    return (
        [f"calls check.{n}, which does not exist" for n in sorted(called) if not exists(n)]
        + [f"calls check.{n} elsewhere than in the last lines of a cell" for n in sorted(graded - asked)]
        + [f"does not use its exercise check.{n}" for n in sorted(defined - asked)]
    )


def defined_for(path: Path) -> set[str]:
    """Return the names of the exercises that are defined for a lesson, or for an extra."""
    if path in lesson.extras(path.parent):
        return set(check._EXTRAS.get(path.stem, {}))
    return set(exercises_of(importlib.import_module(f"helpers.check.lesson{path.name[:2]}")))


@every_lesson
def test_stubs_say_unwritten_and_solutions_are_right(path: Path) -> None:
    if reason := offline.why_not(path):
        pytest.skip(reason)
    assert not run_with_solutions(lesson.read(path), path.parent)


@every_lesson
def test_every_exercise_has_a_folded_solution(path: Path) -> None:
    assert lesson.exercises(lesson.read(path)), "a lesson has exercises"
    assert not unsolved(lesson.read(path))


@every_lesson
def test_lesson_and_checks_agree(path: Path) -> None:
    assert not disagreements(lesson.read(path), defined_for(path), lambda name: hasattr(check, name))


# The testers, tested on a lesson in three cells

CHECKS = """\
class check:
    def slope(w): print("○ slope: not written yet" if w is ... else "✓ slope: right" if w == 3 else "✗ slope: no")"""
STUB = "w = ...  # the slope\ncheck.slope(w)"
SOLUTION = "Read it off.\n\n<details><summary>Solution</summary>\n\n```python\nw = 3\n```\n\n</details>"


def small_lesson(stub: str = STUB, solution: str = SOLUTION, after: str = "w;") -> Notebook:
    """Build a lesson with one exercise."""
    cells = [new_code_cell(CHECKS), new_code_cell(stub), new_markdown_cell(solution), new_code_cell(after)]
    return new_notebook(cells=cells)


def test_a_good_lesson_has_no_complaints(tmp_path: Path) -> None:
    good = small_lesson(after="%matplotlib inline\nw + 1")
    assert run_with_solutions(good, tmp_path) == unsolved(good) == disagreements(good, {"slope"}, bool) == []


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        ({"solution": SOLUTION.replace("3", "4")}, "the folded solution should get ✓ from check.slope, not: ✗"),
        ({"stub": STUB.replace("...", "0")}, "the stub as it stands should get ○ from check.slope, not: ✗"),
        ({"solution": SOLUTION.replace("w = 3", "w = 3 +")}, "raises SyntaxError"),
        ({"after": "w + 'x'"}, "raises TypeError"),
        ({"after": "import sys; print('w', file=sys.stderr)"}, "writes to stderr: w"),
    ],
    ids=["wrong solution", "stub that is an answer", "solution that cannot run", "cell that raises", "stderr"],
)
def test_a_broken_lesson_is_found(tmp_path: Path, broken: dict[str, str], complaint: str) -> None:
    (found,) = run_with_solutions(small_lesson(**broken), tmp_path)
    assert complaint in found


@pytest.mark.parametrize("solution", ["", "```python\nw = 3\n```", "<details><summary>S</summary>\nw = 3\n</details>"])
def test_a_missing_fold_is_found(solution: str) -> None:
    assert len(unsolved(small_lesson(solution=solution))) == 1


def test_checks_that_do_not_exist_or_are_not_used_are_found() -> None:
    book = small_lesson(after="check.progress()\ncheck.bias(w)\nprint(w)")
    assert disagreements(book, {"slope", "step"}, lambda name: name in ("slope", "progress")) == [
        "calls check.bias, which does not exist",
        "calls check.bias elsewhere than in the last lines of a cell",
        "does not use its exercise check.step",
    ]
