"""Run notebooks from the top and store them with their outputs: python -m tests.store_notebooks [notebook ...]."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import coalesce_streams

from tests import lesson, offline
from tests.plugin import course_kernels, prepare_matplotlib

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},  # its version would differ between Pythons
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # a random id, of a widget that lives only in a kernel
DISPLAY_SETTINGS = ("width", "height", "alt", "isolated")


class CannotStore(Exception):
    """Why a notebook is left as it was, in a sentence."""


class CannotRunHere(CannotStore):
    """What a notebook needs and this machine lacks; it is skipped then."""


class Kernel:
    """A fresh kernel, the same that nbval starts; use it inside course_kernels()."""

    def __init__(self, folder: Path) -> None:
        self._running = RunningKernel(CURRENT_ENV_KERNEL_NAME, cwd=str(folder))

    def close(self) -> None:
        """End the kernel."""
        self._running.stop()

    def run(self, code: str) -> list[NotebookNode]:
        """Run a cell and return its outputs, in the notebook format; an exception is an output too."""
        request = self._running.execute_cell_input(code, allow_stdin=False)
        outputs: list[NotebookNode] = []
        while True:
            message = self._next_message()
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return coalesce_streams(outputs)
            if kind in ("clear_output", "update_display_data"):
                raise CannotStore(f"uses {kind}, which nbval cannot compare: display the final state only")
            if kind in ("stream", "display_data", "execute_result", "error"):
                outputs.append(nbformat.v4.output_from_msg(message))

    def _next_message(self) -> dict[str, Any]:
        while True:
            with suppress(Empty):
                return self._running.get_message("iopub", timeout=1)
            if not self._running.is_alive():
                raise CannotStore("ends its kernel; out of memory?")


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run all code cells in order in a fresh kernel and put their outputs and counts into the notebook.

    Raises CannotStore where a cell writes to stderr, or raises without the tag raises-exception.
    """
    with closing(Kernel(folder)) as kernel:
        for count, cell in enumerate(lesson.code_cells(notebook), 1):
            try:
                outputs = kernel.run(cell.source)
                refuse(outputs, cell)
            except CannotStore as problem:
                raise CannotStore(f"{lesson.name(notebook, cell)} {problem}") from None
            cell.outputs, cell.execution_count = outputs, count


def refuse(outputs: list[NotebookNode], cell: NotebookNode) -> None:
    """Raise CannotStore for outputs that no reader should meet."""
    for output in outputs:
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            raise CannotStore(f"raises {output.ename}: {output.evalue}")
        if output.output_type == "stream" and output.name == "stderr":
            raise CannotStore(f"writes to stderr: {output.text.strip()}")


def tidy(notebook: NotebookNode) -> None:
    """Drop what differs from run to run or from machine to machine, and cells in which nothing is written."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = [tidy_output(o, cell.execution_count) for o in cell.outputs]
            cell.outputs = [o for o in cell.outputs if o.get("data", True)]


def tidy_output(output: NotebookNode, count: int | None) -> NotebookNode:
    """Return an output without widget views, noise in its metadata, and the paths in a traceback."""
    kept = dict(output)
    if "data" in output:
        kept["data"] = {kind: content for kind, content in output.data.items() if kind != WIDGET_VIEW}
        settings = {kind: output.metadata.get(kind, {}) for kind in kept["data"]}
        settings = {kind: {k: v for k, v in s.items() if k in DISPLAY_SETTINGS} for kind, s in settings.items()}
        kept["metadata"] = {kind: s for kind, s in settings.items() if s}
    if output.output_type == "error":
        kept["traceback"] = [f"{output.ename}: {output.evalue}"]
    if output.output_type == "execute_result":
        kept["execution_count"] = count
    return nbformat.from_dict(kept)


def write(path: Path, content: str) -> bool:
    """Replace a file's content at once, or not at all; return whether it changed."""
    data = content.encode()
    if path.exists() and path.read_bytes() == data:
        return False
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".partial")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        if path.exists():
            shutil.copymode(path, partial)
        os.replace(partial, path)
    finally:
        Path(partial).unlink(missing_ok=True)
    return True


def store(path: Path) -> bool:
    """Run a notebook and store it; return whether the file changed. Raises CannotStore, and then leaves it alone."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise CannotStore(f"cannot be read: {error}") from None
    if reason := offline.why_not(path):
        raise CannotRunHere(f"is skipped, for {reason}")
    execute(notebook, path.parent)
    tidy(notebook)
    return write(path, nbformat.writes(notebook).rstrip("\n") + "\n")


def main(arguments: Sequence[str]) -> int:
    """Store the notebooks named, or all; return the exit status."""
    paths = [Path(a) for a in arguments] or lesson.notebooks()
    failures = 0
    try:
        prepare_matplotlib()
        with course_kernels():
            for path in paths:
                started = time.perf_counter()
                try:
                    done = "stored" if store(path) else "unchanged"
                except CannotStore as problem:
                    failures += not isinstance(problem, CannotRunHere)
                    print(f"{path.name}: {problem}. Not stored.", file=sys.stderr)
                else:
                    print(f"{path.name}: {done} ({time.perf_counter() - started:.0f} s)", flush=True)
    except KeyboardInterrupt:
        print("Interrupted: what is listed above is stored, the others are as they were.", file=sys.stderr)
        return 130
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
