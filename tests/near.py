"""Outputs of trained networks: another processor rounds otherwise, and reads a digit near a boundary otherwise."""

import re

from nbformat import NotebookNode

NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?%?")
COUNT, PERCENT, SHARE, RELATIVE = 3, 1.0, 0.03, 0.05  # how far apart two printed numbers may be


def trains(notebook: NotebookNode) -> bool:
    """Whether a notebook imports Keras."""
    return any(c.cell_type == "code" and re.search(r"^import keras$", c.source, re.MULTILINE) for c in notebook.cells)


def is_near(found: list[NotebookNode], stored: list[NotebookNode]) -> bool:
    """Whether two cells print the same words, with numbers that are nearly the same; `pictures` compares the rest."""
    texts = [_text(outputs) for outputs in (found, stored)]
    if _words(texts[0]) != _words(texts[1]):
        return False
    numbers = [NUMBER.findall(text) for text in texts]
    return all(_agree(a, b) for a, b in zip(*numbers, strict=True))


def _text(outputs: list[NotebookNode]) -> str:
    kinds = [out.output_type for out in outputs if out.output_type != "stream"]
    streams = [f"{out.name}: {out.text}" for out in outputs if out.output_type == "stream"]
    plain = [out.data.get("text/plain", "") for out in outputs if "data" in out]
    return "\n".join([*kinds, *streams, *plain])


def _words(text: str) -> list[str]:
    return NUMBER.sub("#", text).split()


def _agree(found: str, stored: str) -> bool:
    if found.endswith("%") != stored.endswith("%"):
        return False
    a, b = (float(text.rstrip("%").replace(",", "")) for text in (found, stored))
    if "e" in stored:  # a rounding error: its size counts, not its digits
        return 0 <= a < 100 * max(b, 1e-9)
    room = PERCENT if stored.endswith("%") else max(SHARE, RELATIVE * abs(b)) if "." in stored else COUNT
    return abs(a - b) <= room
