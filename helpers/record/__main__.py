"""Record the experiments: python -m helpers.record [NAME] [--fresh]."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.record import EXPERIMENTS
from helpers.record.engine import RecordError, record

FOLDER = Path(__file__).resolve().parents[2] / "data"
THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)
KERAS = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}  # its log says nothing


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the experiment that is named, or all of them; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.record", description="Record experiments into data/; go on where one was interrupted."
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"one of: {', '.join(EXPERIMENTS)}; without: all")
    parser.add_argument("--fresh", action="store_true", help="forget what is recorded and start anew")
    options = parser.parse_args(arguments)
    if options.name not in (None, *EXPERIMENTS):
        print(f"There is no experiment {options.name!r}: choose one of {', '.join(EXPERIMENTS)}.", file=sys.stderr)
        return 2
    # Before NumPy and TensorFlow are imported: on one thread, sums come out in the same order.
    os.environ.update(dict.fromkeys(THREADS, "1") | KERAS)
    name = ""
    try:
        for name in [options.name] if options.name else EXPERIMENTS:
            record_one(name, options.fresh)
    except RecordError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        end = "\n" * sys.stderr.isatty()  # of the line that counts
        print(f"{end}Stopped: `python -m helpers.record {name}` goes on where this ended.", file=sys.stderr)
        return 130
    return 0


def record_one(name: str, fresh: bool) -> None:
    """Record one experiment into its file, and say so."""
    path = FOLDER / f"{name}.csv"
    if fresh:
        path.unlink(missing_ok=True)
    print(f"{name}:", file=sys.stderr, flush=True)
    experiment = importlib.import_module(f"helpers.record.{name}")
    num_new = record(path, experiment.SETTINGS, experiment.run, results=experiment.RESULTS)
    print(f"{path.parent.name}/{path.name}: {len(experiment.SETTINGS)} rows, {num_new} of them new.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
