"""How a notebook is written: STYLE.md as rules, with bounds wide enough that only a lapse crosses them.

Each rule takes a notebook and returns its complaints, one sentence each.
"""

import csv
import math
import re
from pathlib import Path

from tests import lesson
from tests.lesson import ROOT, Notebook, name, source

TIMINGS = ROOT / "data" / "timings.csv"
BANNED = re.compile(r"\b(easy|easily|easier|easiest|just|simply|obviously)\b", re.IGNORECASE)
EMOJI = re.compile(r"[\U0001F300-\U0001FAFF\u2600-\u26FF\u2705\u274C\u2728\uFE0F]")
README_ROW = re.compile(r"^\|\s*\[[^\]]*\]\((notebooks/[^)]+\.ipynb)\).*\|\s*([^|]*?)\s*\|\s*$", re.MULTILINE)
MOST_LINES, MOST_COLUMNS = 25, 79
SECTIONS = ["Play", "Spot the bug", "Exercises", "Summary", "Carry on"]


def keeps_the_voice(notebook: Notebook) -> list[str]:
    """Words that make a reader feel slow, and emoji, stay out."""
    complaints = []
    for cell in lesson.markdown_cells(notebook):
        prose = lesson.prose(source(cell))
        for pattern in (BANNED, EMOJI):
            complaints += [f'{name(notebook, cell)} says "{m.group()}"' for m in pattern.finditer(prose)]
    return complaints


def has_short_cells(notebook: Notebook) -> list[str]:
    """Code cells that fit a screen, none of them blank."""
    complaints = []
    for cell in notebook["cells"]:
        if not source(cell).strip():
            complaints.append(f"{name(notebook, cell)} is blank")
        if cell["cell_type"] != "code":
            continue
        lines = source(cell).splitlines()
        filled, widest = sum(bool(line.strip()) for line in lines), max(map(len, lines), default=0)
        if filled > MOST_LINES:
            complaints.append(f"{name(notebook, cell)} has {filled} lines of code, at most {MOST_LINES} are allowed")
        if widest > MOST_COLUMNS:
            complaints.append(f"{name(notebook, cell)} has a line of {widest} characters, at most {MOST_COLUMNS} fit")
    return complaints


def has_enough_prose(notebook: Notebook) -> list[str]:
    """At least as many cells of prose as of code."""
    prose, code = len(lesson.markdown_cells(notebook)), len(lesson.code_cells(notebook))
    return [f"has {prose} cells of prose for {code} of code, expected as many at least"] if prose < code else []


def installs_nothing(notebook: Notebook) -> list[str]:
    """Installing is the work of make lab."""
    cells = [c for c in lesson.code_cells(notebook) if re.search(r"^\s*[!%]\s*(pip|conda)\b", source(c), re.MULTILINE)]
    return [f"{name(notebook, cell)} installs something" for cell in cells]


def begins_as_a_lesson(notebook: Notebook, *, numbered: bool = True) -> list[str]:
    """Title with number, header line, what you will be able to do; then a set-up cell with imports and style.

    An extra has a title without a number.
    """
    complaints = []
    cells = notebook["cells"]
    first_code = next((i for i, c in enumerate(cells) if c["cell_type"] == "code"), len(cells))
    opening = "\n\n".join(source(c) for c in cells[:first_code])
    example = f'"# {"6. " if numbered else ""}Roll, don\'t walk"'
    wanted = {
        r"\A# \d+\. \S" if numbered else r"\A# \D": f"a title such as {example} in its first line",
        r"^\*About \d+ minutes · runs in \d+ s\b.*\*$": "a line *About 40 minutes · runs in 12 s on a laptop CPU ...*",
        r"\*\*You will be able to": "**You will be able to** with its verbs",
    }
    for pattern, what in wanted.items():
        if not re.search(pattern, opening, re.MULTILINE if pattern.startswith("^") else 0):
            complaints.append(f"needs {what}, before its first code")
    setup = source(cells[first_code]) if first_code < len(cells) else ""
    for what in ("import ", 'plt.style.use("helpers.course")'):
        if what not in setup:
            complaints.append(f"needs `{what.strip()}` in its first code cell, which is the set-up")
    return complaints


def ends_as_a_lesson(notebook: Notebook) -> list[str]:
    """The closing sections stand in order, and Summary and Carry on are the last two."""
    complaints = []
    found = headings(notebook, 2)
    known = [s for h in found for s in SECTIONS if re.match(rf"{s}\b", h)]
    if known != [s for s in SECTIONS if s in known]:
        complaints.append(f"has its sections in the order {known}, expected {SECTIONS}")
    if not all(re.match(rf"{s}\b", h) for s, h in zip(SECTIONS[-2:], ["", "", *found][-2:], strict=True)):
        complaints.append(f"ends in the sections {found[-2:]}, expected {SECTIONS[-2:]}")
    return complaints


def headings(notebook: Notebook, level: int) -> list[str]:
    """List the headings of a level, in order."""
    marks = "#" * level
    text = "\n\n".join(source(cell) for cell in lesson.markdown_cells(notebook))
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [h.strip() for h in re.findall(rf"^{marks} (.+)$", text, re.MULTILINE)]


def states_its_number(notebook: Notebook, path: Path) -> list[str]:
    """The title's number is the file's, and it is the only title."""
    titles = headings(notebook, 1)
    number = int(path.name[:2])
    if len(titles) != 1 or not titles[0].startswith(f"{number}. "):
        return [f'its titles are {titles}, expected one, beginning with "{number}. "']
    return []


def timings(path: Path = TIMINGS) -> dict[str, int]:
    """Return the measured seconds of each notebook, rounded up; empty where nothing was measured yet."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {Path(row["notebook"]).stem: math.ceil(float(row["seconds"])) for row in csv.DictReader(file)}


def states_its_seconds(notebook: Notebook, path: Path, measured: dict[str, int]) -> list[str]:
    """The header line gives the measured run time."""
    said = re.search(r"runs in (\d+) s\b", source(notebook["cells"][0]))
    if path.stem not in measured:
        return [f"was never timed ({TIMINGS.name} has no row for it): run make benchmark"]
    if not said or int(said.group(1)) != measured[path.stem]:
        return [f'says "{said.group() if said else "nothing"}", measured are {measured[path.stem]} s']
    return []


def readme_agrees(readme: str, present: list[str], measured: dict[str, int]) -> list[str]:
    """The README's table lists the notebooks in order, each with its measured seconds."""
    rows = [(Path(target).stem, seconds) for target, seconds in README_ROW.findall(readme)]
    complaints = []
    if [stem for stem, _ in rows] != present:
        complaints.append(f"lists {[stem for stem, _ in rows]}, expected {present}")
    for stem, seconds in rows:
        if stem in measured and seconds != f"{measured[stem]} s":
            complaints.append(f'says "{seconds}" of {stem}, measured are {measured[stem]} s')
    return complaints


RULES = [keeps_the_voice, has_short_cells, has_enough_prose, installs_nothing]
LESSON_RULES = [begins_as_a_lesson, ends_as_a_lesson]
