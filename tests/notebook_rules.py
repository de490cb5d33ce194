"""What holds for every stored notebook: each rule takes a notebook and returns its complaints, one sentence each.

Rules of how a lesson is built are in tests/lesson_rules.py.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tests import lesson
from tests.lesson import NOTEBOOKS, Cell, Notebook, name, source
from tests.store_notebooks import METADATA, WIDGET_VIEW

MACHINE_PATH = re.compile(r"(?<![\w/.:-])(?:/(?:home|root|work|tmp|Users)/\w|[CD]:\\\w)[^\s\"']*")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}")
TIMESTAMP = re.compile(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d")
READABLE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f]{8}(-[0-9a-f-]+)?")
LINK = re.compile(r"\]\(\s*([^)\s]+)[^)]*\)|(?:href|src)=[\"']([^\"']+)")
MOST_BYTES = 1_500_000


def is_valid(notebook: Notebook) -> list[str]:
    """The notebook format's own rules."""
    try:
        nbformat.validate(nbformat.from_dict(notebook), relax_add_props=False)
    except nbformat.ValidationError as error:
        return [f"not a valid notebook: {str(error).splitlines()[0]}"]
    return []


def is_executed_in_order(notebook: Notebook) -> list[str]:
    """A cell that was never run passes nbval in silence."""
    counts = [c.get("execution_count") for c in lesson.code_cells(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        return [f"not run once, in order, from the top, but {counts}: run make notebooks"]
    return []


def has_clean_outputs(notebook: Notebook) -> list[str]:
    """Neither warnings nor exceptions, unless the cell is tagged raises-exception."""
    complaints = []
    for cell in lesson.code_cells(notebook):
        for output in cell["outputs"]:
            if output.get("name") == "stderr":
                complaints.append(f"{name(notebook, cell)} writes to stderr")
            if output["output_type"] == "error" and "raises-exception" not in cell["metadata"].get("tags", []):
                complaints.append(f"{name(notebook, cell)} raises {output['ename']}, without the tag raises-exception")
    return complaints


def names_no_machine(notebook: Notebook) -> list[str]:
    """No path, time or memory address of the machine it ran on."""
    complaints = []
    for cell in notebook["cells"]:
        for part in (source(cell), *lesson.output_texts(cell)):
            complaints += [f"{name(notebook, cell)} shows a machine's path: {p}" for p in MACHINE_PATH.findall(part)]
        for part in lesson.output_texts(cell):
            for pattern, what in ((ADDRESS, "a memory address"), (TIMESTAMP, "a date and time")):
                complaints += [f"{name(notebook, cell)} shows {what}: {found}" for found in pattern.findall(part)]
    return complaints


def has_plain_metadata(notebook: Notebook) -> list[str]:
    """Only the kernel's and the language's name, and tags: no widget state, no timing, nothing of an editor."""
    complaints = []
    if notebook["metadata"] != METADATA:
        complaints.append(f"its metadata is {notebook['metadata']}, expected {METADATA}: run make notebooks")
    for cell in notebook["cells"]:
        extra = set(cell["metadata"]) - {"tags"}
        if extra:
            complaints.append(f"{name(notebook, cell)} carries metadata {sorted(extra)}: run make notebooks")
    return complaints


def has_no_widget_view(notebook: Notebook) -> list[str]:
    """A view names a model that no viewer has, and shows "Error displaying widget"."""
    views = [c for c in lesson.code_cells(notebook) for o in c["outputs"] if WIDGET_VIEW in o.get("data", {})]
    return [f"{name(notebook, cell)} stores a widget view: run make notebooks" for cell in views]


def has_readable_ids(notebook: Notebook) -> list[str]:
    """Ids such as "promise-picture", each once: they survive an edit, and a failure names them."""
    ids = [cell.get("id", "") for cell in notebook["cells"]]
    complaints = [f'the id "{i}" is given {n} times' for i, n in Counter(ids).items() if n > 1]
    for i in ids:
        if not READABLE_ID.fullmatch(i) or RANDOM_ID.fullmatch(i):
            complaints.append(f'the id "{i}" is not readable: name what the cell is for, such as "promise-picture"')
    return complaints


def links_exist(notebook: Notebook) -> list[str]:
    """Links to files lead somewhere, from the notebooks' own folder."""
    complaints = []
    for cell in lesson.markdown_cells(notebook):
        for target in links(source(cell)):
            if not (NOTEBOOKS / target).exists():
                complaints.append(f"{name(notebook, cell)} links to {target}, which does not exist")
    return complaints


def links(markdown: str) -> Iterator[Path]:
    """Yield the files that a text links to.

    >>> list(links("[a](b.ipynb#c), [d](https://e.org), [f](#g)"))
    [PosixPath('b.ipynb')]
    """
    for pair in LINK.findall(re.sub(r"`[^`\n]*`", "", markdown)):
        target = "".join(pair).split("#")[0]
        if target and not re.match(r"[a-z]+:", target):
            yield Path(target)


def has_prose_beside_pictures(notebook: Notebook) -> list[str]:
    """A picture is announced before it or read after it."""
    cells, complaints = notebook["cells"], []
    for i, cell in enumerate(cells):
        if shows_picture(cell) and not any(c["cell_type"] == "markdown" for c in cells[max(0, i - 1) : i + 2]):
            complaints.append(f"{name(notebook, cell)} draws a picture, with no prose before or after it")
    return complaints


def shows_picture(cell: Cell) -> bool:
    """Whether a cell's outputs hold an image."""
    return any(kind.startswith("image/") for o in cell.get("outputs", []) for kind in o.get("data", {}))


def is_well_formed_json(raw: str) -> list[str]:
    """JSON knows no NaN and no Infinity, although Python writes them; the file ends in one line break."""
    bad: list[str] = []
    lesson.json.loads(raw, parse_constant=bad.append)
    complaints = [f"holds the literal {b}, which is not JSON" for b in sorted(set(bad))]
    if not raw.endswith("}\n"):
        complaints.append("does not end in one line break: run make notebooks")
    return complaints


def is_small(raw: str) -> list[str]:
    """A notebook opens and renders at once."""
    size = len(raw.encode())
    return [f"weighs {size / 1e6:.1f} MB, at most {MOST_BYTES / 1e6} are allowed"] if size > MOST_BYTES else []


RULES = [
    is_valid, is_executed_in_order, has_clean_outputs, names_no_machine, has_plain_metadata, has_no_widget_view,
    has_readable_ids, links_exist, has_prose_beside_pictures,
]  # fmt: skip
RAW_RULES = [is_well_formed_json, is_small]
