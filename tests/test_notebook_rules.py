"""The rules themselves: a good lesson passes them all, and each lapse is found by its rule, and by no other."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import lesson_rules, notebook_rules
from tests.lesson import Notebook
from tests.notebook_rules import WIDGET_VIEW
from tests.store_notebooks import METADATA

PATH = Path("06_roll.ipynb")
MEASURED = {"06_roll": 12}
TITLE = """# 6. Roll, don't walk
*About 40 minutes · runs in 12 s on a laptop CPU · after lesson 5.*

**You will be able to** choose a rule; see [the list](../pyproject.toml) and [more](https://example.org/home/x)."""
SETUP = 'import matplotlib.pyplot as plt\nplt.style.use("helpers.course")'
FIGURE = {"image/png": "iVBO/tmp/x0x7f00000000", "text/plain": "<Figure size 900x360 with 1 Axes>"}


def markdown(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source.splitlines(keepends=True)}


def code(name: str, source: str, count: int, *outputs: dict[str, Any]) -> dict[str, Any]:
    return markdown(name, source) | {"cell_type": "code", "execution_count": count, "outputs": list(outputs)}


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": [text]}


def shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def good_lesson() -> Notebook:
    """Build a lesson that keeps every rule; its cells are found by the ids title, setup, prose, figure and end."""
    cells = [
        markdown("title", TITLE),
        code("setup", SETUP, 1),
        markdown("prose", "## Play\n\nAdjust `just` and $simply$, and [look](https://easy.org/).\n\n## Exercises"),
        code("promise-picture", "fig, ax = plt.subplots()", 2, shown(**FIGURE)),
        markdown("end", "## Summary\n\nDone ✓.\n\n## Carry on: the next lesson"),
    ]
    return {"cells": cells, "metadata": copy.deepcopy(METADATA), "nbformat": 4, "nbformat_minor": 5}


def all_complaints(book: Notebook) -> dict[str, list[str]]:
    """Return what each rule complains of, leaving out those that are content."""
    rules: list[Callable[[Notebook], list[str]]] = [
        *notebook_rules.RULES, *lesson_rules.RULES, *lesson_rules.LESSON_RULES
    ]  # fmt: skip
    found = {rule.__name__: rule(book) for rule in rules}
    found["states_its_number"] = lesson_rules.states_its_number(book, PATH)
    found["states_its_seconds"] = lesson_rules.states_its_seconds(book, PATH, MEASURED)
    raw = json.dumps(book) + "\n"
    return {k: v for k, v in (found | {r.__name__: r(raw) for r in notebook_rules.RAW_RULES}).items() if v}


def test_a_good_lesson_keeps_every_rule() -> None:
    assert all_complaints(good_lesson()) == {}


def change(cell: str, **fields: Any) -> Callable[[Notebook], None]:
    """Return a function that sets fields of the cell with that id."""
    return lambda book: next(c for c in book["cells"] if c["id"] == cell).update(fields)


def in_prose(text: str) -> Callable[[Notebook], None]:
    """Return a function that adds a line to the cell "prose"."""
    return lambda book: next(c for c in book["cells"] if c["id"] == "prose")["source"].insert(2, f"{text}\n")


def add(*cells: dict[str, Any]) -> Callable[[Notebook], None]:
    """Return a function that puts cells before the last one."""
    return lambda book: book["cells"].__setitem__(slice(-1, -1), cells)


def outputs(*outputs: dict[str, Any]) -> Callable[[Notebook], None]:
    """Return a function that sets the outputs of the set-up cell."""
    return change("setup", outputs=list(outputs))


def hem_in_the_picture(book: Notebook) -> None:
    """Put the picture between two cells of code."""
    title, setup, prose, picture, end = book["cells"]
    book["cells"] = [title, prose, setup, picture, code("after", "1;", 3), markdown("more", "More."), end]


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["ValueError: no"]}
VIEW = {WIDGET_VIEW: {"model_id": "0", "version_major": 2, "version_minor": 0}, "text/plain": "Explorer"}
LONG = "\n".join(["x = 1"] * 26)

LAPSES: list[tuple[str, str, Callable[[Notebook], None]]] = [
    ("is_valid", "not a valid notebook", outputs({"output_type": "stream", "text": "no name"})),
    ("is_executed_in_order", "[None, 2]", change("setup", execution_count=None)),
    ("is_executed_in_order", "[3, 2]", change("setup", execution_count=3)),
    ("has_clean_outputs", "writes to stderr", outputs(stream("careful", "stderr"))),
    ("has_clean_outputs", "raises ValueError", outputs(ERROR)),
    ("names_no_machine", "path: /home/", outputs(stream("read /home/ann/x.csv"))),
    ("names_no_machine", "path: /work/", outputs(shown(**{"text/html": ["<b>", "'/work/x'"]}))),
    ("names_no_machine", "path: /tmp/", change("setup", source=[SETUP, "\nopen('/tmp/x')"])),
    ("names_no_machine", "path: C:\\", in_prose("It lies in C:\\Users\\ann.")),
    ("names_no_machine", "a memory address", outputs(stream("<object at 0x7f12ab34cd56>"))),
    ("names_no_machine", "a date and time", outputs(stream("2030-01-01 10:30"))),
    ("has_plain_metadata", "widgets", lambda book: book["metadata"].update(widgets={})),
    ("has_plain_metadata", "3.11.7", lambda book: book["metadata"]["language_info"].update(version="3.11.7")),
    ("has_plain_metadata", "mine", lambda book: book["metadata"]["kernelspec"].update(name="mine")),
    ("has_plain_metadata", "execution", change("setup", metadata={"execution": {"iopub.status.busy": "now"}})),
    ("has_no_widget_view", "stores a widget view", outputs(shown(**VIEW))),
    ("has_readable_ids", '"1a2b3c4d"', change("prose", id="1a2b3c4d")),
    ("has_readable_ids", '"Play_1"', change("prose", id="Play_1")),
    ("links_exist", "99_none.ipynb", in_prose("See [there](99_none.ipynb#top).")),
    ("links_exist", "none.png", in_prose('<img src="none.png">')),
    ("has_prose_beside_pictures", '"promise-picture"', hem_in_the_picture),
    ("is_well_formed_json", "NaN", outputs(shown(**{"application/json": {"loss": float("nan")}}))),
    ("is_small", "weighs 1.5 MB", outputs(shown(**{"image/png": "x" * 1_500_000}))),
    ("keeps_the_voice", '"Simply"', in_prose("Simply\nrun it.")),
    ("keeps_the_voice", '"\N{ROCKET}"', in_prose("Go \N{ROCKET}")),
    ("has_short_cells", "26 lines", change("setup", source=[f"{SETUP}\n{LONG[:-12]}"])),
    ("has_short_cells", "80 characters", change("setup", source=[f"{SETUP}\n#", "x" * 79])),
    ("has_short_cells", "is blank", add(code("blank", " ", 3))),
    ("has_enough_prose", "3 cells of prose for 4", add(code("a", "1;", 3), code("b", "2;", 4))),
    ("installs_nothing", "installs something", change("setup", source=[SETUP, "\n%pip install x"])),
    ("begins_as_a_lesson", "a line *About", change("title", source=[TITLE.replace("About 40 min", "40 min")])),
    ("begins_as_a_lesson", "with its verbs", change("title", source=[TITLE.replace("**", "")])),
    ("begins_as_a_lesson", "`import`", change("setup", source=SETUP.splitlines()[1:])),
    ("begins_as_a_lesson", "plt.style.use", change("setup", source=SETUP.splitlines()[:1])),
    ("ends_as_a_lesson", "expected ['Summary', 'Carry on']", change("end", source=["## Summary"])),
    ("ends_as_a_lesson", "ends in", change("end", source=["## Summary\n## Carry on\n## Afterword"])),
    ("ends_as_a_lesson", "in the order ['Exercises', 'Play'", change("prose", source=["## Exercises\n", "## Play"])),
    ("states_its_number", "beginning with", change("title", source=[TITLE.replace("# 6.", "# 7.")])),
    ("states_its_number", "beginning with", in_prose("# Another title")),
    ("states_its_seconds", "measured are 12 s", change("title", source=[TITLE.replace("12 s", "11 s")])),
]


@pytest.mark.parametrize(("rule", "words", "lapse"), LAPSES, ids=[f"{rule}-{words}" for rule, words, _ in LAPSES])
def test_a_lapse_is_found_by_its_rule_alone(rule: str, words: str, lapse: Callable[[Notebook], None]) -> None:
    book = good_lesson()
    lapse(book)
    found = all_complaints(book)
    assert list(found) == [rule]
    assert len(found[rule]) == 1
    assert words in found[rule][0]


def test_an_id_given_twice_is_found() -> None:
    book = good_lesson()
    book["cells"][2]["id"] = "end"
    assert notebook_rules.has_readable_ids(book) == ['the id "end" is given 2 times']


def test_a_tagged_exception_is_allowed() -> None:
    book = good_lesson()
    book["cells"][1].update(outputs=[ERROR], metadata={"tags": ["raises-exception"]})
    assert all_complaints(book) == {}


def test_every_rule_is_shown_to_fail() -> None:
    rules = [*notebook_rules.RULES, *notebook_rules.RAW_RULES, *lesson_rules.RULES, *lesson_rules.LESSON_RULES]
    assert {rule.__name__ for rule in rules} <= {rule for rule, _, _ in LAPSES}


def test_an_extra_has_a_title_without_a_number() -> None:
    book = good_lesson()
    (complaint,) = lesson_rules.begins_as_a_lesson(book, numbered=False)
    assert 'such as "# Roll' in complaint
    book["cells"][0]["source"][0] = "# Roll, don't walk\n"
    assert lesson_rules.begins_as_a_lesson(book, numbered=False) == []
    assert 'such as "# 6. Roll' in lesson_rules.begins_as_a_lesson(book)[0]


def test_a_file_without_its_last_line_break_is_found() -> None:
    assert notebook_rules.is_well_formed_json("{}") and not notebook_rules.is_well_formed_json("{}\n")


def test_timings_are_read_and_rounded_up(tmp_path: Path) -> None:
    table = tmp_path / "timings.csv"
    assert lesson_rules.timings(table) == {}
    table.write_text("notebook,seconds,peak_mb\nnotebooks/01_a.ipynb,3.2,200\n02_b,4.0,210\n")
    assert lesson_rules.timings(table) == {"01_a": 4, "02_b": 4}
    assert "run make benchmark" in lesson_rules.states_its_seconds(good_lesson(), PATH, {})[0]


def test_a_readme_that_disagrees_is_found() -> None:
    readme = """
| lesson | you build | runs in |
|---|---|---|
| [01_a](notebooks/01_a.ipynb) | a line | 4 s |
| [02_b](notebooks/02_b.ipynb) | a curve | 5 s |
| 03_c | to come | |
"""
    measured = {"01_a": 4, "02_b": 5}
    assert lesson_rules.readme_agrees(readme, ["01_a", "02_b"], measured) == []
    (missing,) = lesson_rules.readme_agrees(readme, ["01_a", "02_b", "03_c"], measured)
    assert missing == "lists ['01_a', '02_b'], expected ['01_a', '02_b', '03_c']"
    (slower,) = lesson_rules.readme_agrees(readme, ["01_a", "02_b"], measured | {"02_b": 6})
    assert slower == 'says "5 s" of 02_b, measured are 6 s'
