"""Keeping what an answer sets for the whole session from reaching the reader."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def guarded() -> Iterator[None]:
    """Run an answer without warnings, and put back what it may set: streams, folder, limits, NumPy's settings."""
    limit, streams, folder = sys.getrecursionlimit(), (sys.stdout, sys.stderr), _folder()
    random_state = np.random.get_state()
    with np.printoptions(), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)  # first, since a low limit stops the other lines as well
            sys.stdout, sys.stderr = streams
            np.random.set_state(random_state)
            if folder and _folder() != folder:
                os.chdir(folder)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed
        return ""
