"""Reading notebooks: which there are, their cells, and the exercises of a lesson with their folded solutions."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"

Notebook = dict[str, Any]
Cell = dict[str, Any]


def notebooks(folder: Path = NOTEBOOKS) -> list[Path]:
    """List every notebook, in the course's order."""
    return sorted(folder.glob("*.ipynb"))


def lessons(folder: Path = NOTEBOOKS) -> list[Path]:
    """List the numbered lessons, without the extras."""
    return sorted(folder.glob("[0-9]*.ipynb"))


def extras(folder: Path = NOTEBOOKS) -> list[Path]:
    """List the notebooks that stand apart from the lessons."""
    return sorted(folder.glob("extra_*.ipynb"))


def with_exercises(folder: Path = NOTEBOOKS) -> list[Path]:
    """List the lessons, and the extras that have exercises as a lesson has."""
    return lessons(folder) + [path for path in extras(folder) if exercises(read(path))]


def read(path: Path) -> Notebook:
    """Read a notebook as plain dictionaries."""
    return json.loads(path.read_text(encoding="utf-8"))


def text(part: str | list[str]) -> str:
    """Join what the notebook format may split into lines.

    >>> text(["x = 1\\n", "x"])
    'x = 1\\nx'
    """
    return part if isinstance(part, str) else "".join(part)


def source(cell: Cell) -> str:
    """Return what is written in a cell."""
    return text(cell["source"])


def name(notebook: Notebook, cell: Cell) -> str:
    """Say which cell is meant: its number from 1 among all cells, and its id."""
    place = next(i for i, other in enumerate(notebook["cells"], 1) if other is cell)
    return f'cell {place} ("{cell.get("id", "without an id")}")'


def code_cells(notebook: Notebook) -> list[Cell]:
    """List the code cells in which something is written."""
    return [c for c in notebook["cells"] if c["cell_type"] == "code" and source(c).strip()]


def markdown_cells(notebook: Notebook) -> list[Cell]:
    """List the cells of prose."""
    return [c for c in notebook["cells"] if c["cell_type"] == "markdown"]


def prose(markdown: str) -> str:
    """Return markdown without its code, formulas and link targets.

    >>> prose("Run `easy()` at [the page](http://easy.org) now")
    'Run   at [the page]  now'
    """
    fenced = r"^(`{3,}|~{3,}).*?^\1[^\n]*$"
    for pattern in (fenced, r"\$\$.*?\$\$", r"`[^`]*`", r"\$[^$\n]+\$", r"(?<=\])\([^)]*\)", r"<[^>]*>"):
        markdown = re.sub(pattern, " ", markdown, flags=re.DOTALL | re.MULTILINE)
    return markdown


def output_texts(cell: Cell) -> Iterator[str]:
    """Yield every text in a cell's outputs; pictures in base64 are left out."""
    for output in cell.get("outputs", []):
        yield from (text(output[k]) for k in ("text", "evalue", "traceback") if k in output)
        for kind, content in output.get("data", {}).items():
            if kind.startswith("image/") and kind != "image/svg+xml":
                continue
            yield text(content) if isinstance(content, (str, list)) else json.dumps(content)


@dataclass(frozen=True)
class Exercise:
    """An exercise of a lesson: its stub cell, the checks it calls, and the solution folded under it ("" if none)."""

    stub: Cell
    checks: tuple[str, ...]
    check_lines: str
    solution: str

    @property
    def solved(self) -> str:
        """The stub cell's code once it is solved: the solution, then the checks as they stand."""
        return f"{self.solution.rstrip()}\n{self.check_lines}"


def exercises(notebook: Notebook) -> list[Exercise]:
    """List a lesson's exercises: code cells that end in `check.NAME(...)`, each with the solution in the next prose."""
    found, cells = [], notebook["cells"]
    for i, cell in enumerate(cells):
        checks, lines = trailing_checks(source(cell)) if cell["cell_type"] == "code" else ((), "")
        if checks:
            after = next((source(c) for c in cells[i + 1 :] if c["cell_type"] == "markdown"), "")
            found.append(Exercise(cell, checks, lines, folded_code(after)))
    return found


def trailing_checks(code: str) -> tuple[tuple[str, ...], str]:
    """Return the names of the checks that a cell ends in, and those lines themselves; a check takes an answer.

    >>> trailing_checks("y = ...\\ncheck.slope(y)  # not yet\\ncheck.bias(y)")
    (('slope', 'bias'), 'check.slope(y)  # not yet\\ncheck.bias(y)')
    >>> trailing_checks("check.progress()")
    ((), '')
    """
    code = TransformerManager().transform_cell(code)
    names: list[str] = []
    start = 0
    for statement in reversed(ast.parse(code).body):
        match statement:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name("check"), called), [_, *_])):
                names.insert(0, called)
                start = statement.lineno
            case _:
                break
    return tuple(names), "".join(code.splitlines(keepends=True)[start - 1 :]).rstrip("\n") if names else ""


def folded_code(markdown: str) -> str:
    """Return the Python blocks inside a cell's `<details>`, one after the other.

    >>> folded_code("<details><summary>Solution</summary>\\n\\n```python\\nw = 3\\n```\\n</details>")
    'w = 3\\n'
    """
    folds = re.findall(r"<details>\s*<summary>.*?</summary>(.*?)</details>", markdown, re.DOTALL)
    return "".join(block for fold in folds for block in re.findall(r"^```python\n(.*?)^```", fold, re.DOTALL | re.M))
