"""Run every setting of an experiment once, and keep a row of a CSV file for each.

Settings are written exactly, results with 6 significant digits. On one machine, with the locked versions and one
thread, a second recording gives the same file. Another processor adds numbers up in another order, which changes the
16th digit of a sum. A run that settles down forgets this, and all 6 digits agree, give or take 1 in the last; a run
that is thrown around (a learning rate at the edge of what works, or beyond) doubles the difference again and again,
until no digit agrees. Such a row is one sample out of many: trust what seeds have in common, not its digits.
"""

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral, Real
from pathlib import Path
from time import monotonic
from typing import Any

from helpers.start import write_whole

Setting = Mapping[str, Any]
Row = tuple[str, ...]  # the cells of a line


class RecordError(ValueError):
    """A file or an experiment that cannot be recorded; the message says what to do."""


def record(
    path: Path, settings: Sequence[Setting], run: Callable[..., Mapping[str, Any]], *, results: Sequence[str]
) -> int:
    """Call `run(**setting)` for each setting that has no row at `path` yet; return how many calls that took.

    Every setting has the same names, and `run` returns a value for each of `results`: these are the columns, in this
    order. Values are numbers, or texts without commas and quotes. What is not finite is written as inf: the run
    diverged. A row is on disk as soon as its run ends, so that this can be interrupted and called again. At the end the
    rows stand in the order of the settings, and those of other settings are gone. Raises RecordError.
    """
    keys = _keys(settings)
    columns = (*settings[0], *results)
    rows = _read(path, columns, len(settings[0]))
    missing = [i for i, key in enumerate(keys) if key not in rows]
    if missing:
        _write(path, [columns, *rows.values()])
        progress = _Progress(len(keys) - len(missing), len(keys))
        with path.open("a", encoding="utf-8", newline="\n") as file:
            for i in missing:
                rows[keys[i]] = (*keys[i], *_measured(run(**settings[i]), results))
                file.write(_line(rows[keys[i]]))
                file.flush()
                progress.step()
    _write(path, [columns, *(rows[key] for key in keys)])
    return len(missing)


def _keys(settings: Sequence[Setting]) -> list[Row]:
    """Return the cells that tell one setting from the others."""
    if not settings:
        raise RecordError("The experiment has no settings: give it one at least.")
    names = list(settings[0])
    keys: dict[Row, Setting] = {}
    for setting in settings:
        if list(setting) != names:
            raise RecordError(f"A setting names {', '.join(setting)}, the first one {', '.join(names)}: name the same.")
        key = tuple(_cell(value, exact=True) for value in setting.values())
        if key in keys:
            raise RecordError(f"The setting {dict(setting)} is there twice: take one away.")
        keys[key] = setting
    return list(keys)


def _measured(result: Mapping[str, Any], results: Sequence[str]) -> Row:
    """Return the cells of one run, in the order of the columns."""
    if set(result) != set(results):
        raise RecordError(f"`run` returned {', '.join(result)}, not {', '.join(results)}: name the same in `results`.")
    return tuple(_cell(result[name]) for name in results)


def _cell(value: Any, exact: bool = False) -> str:
    """Return a value as it is written: a number that is a setting exactly, another one with 6 digits."""
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return repr(float(value)) if exact else f"{value:.6g}" if math.isfinite(value) else "inf"
    if not isinstance(value, str) or not value or set(value) & set(',"\r\n'):
        raise RecordError(f"{value!r} cannot be written: give a number, or a text without commas and quotes.")
    return value


def as_text(values: Iterable[float]) -> str:
    """Return several results as one, for `record`: numbers as it writes them, with spaces between.

    >>> as_text([1 / 3, 7, math.nan])
    '0.333333 7 inf'
    """
    return " ".join(map(_cell, values))


def _line(cells: Iterable[str]) -> str:
    return ",".join(cells) + "\n"


def _read(path: Path, columns: Row, num_keys: int) -> dict[Row, Row]:
    """Return the rows of the file by their settings; a last line that was not written to its end is left out."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [tuple(line.split(",")) for line in text.split("\n")[:-1]]
    if lines and lines[0] != columns:
        differ = f"{path} has the columns {', '.join(lines[0])}, and the experiment writes {', '.join(columns)}"
        raise RecordError(f"{differ}: delete the file and record it again.")
    for number, cells in enumerate(lines, 1):
        if len(cells) != len(columns):
            raise RecordError(f"Line {number} of {path} is damaged: delete the line and record it again.")
    return {cells[:num_keys]: cells for cells in lines[1:]}


def _write(path: Path, rows: Iterable[Row]) -> None:
    """Write the whole file, or leave it alone where it says the same already."""
    content = "".join(_line(cells) for cells in rows).encode()
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content)


class _Progress:
    """Say on stderr how far a recording is: each row on a terminal, each tenth of the way elsewhere."""

    def __init__(self, done: int, total: int) -> None:
        self.first = self.done = done
        self.total, self.began = total, monotonic()
        self.show("")

    def step(self) -> None:
        """Count one more row."""
        self.done += 1
        seconds = (monotonic() - self.began) / (self.done - self.first) * (self.total - self.done)
        left = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
        self.show(f", about {left} left" if self.done < self.total else "")

    def show(self, left: str) -> None:
        """Print the line; on a terminal it takes the place of the one before."""
        line = f"{self.done} of {self.total}{left}"
        if sys.stderr.isatty():
            print(f"\r{line:<40}", end="" if self.done < self.total else "\n", file=sys.stderr, flush=True)
        elif self.done in (self.first, self.total) or self.done * 10 // self.total > (self.done - 1) * 10 // self.total:
            print(line, file=sys.stderr, flush=True)
