"""TrashNet's photos and MobileNetV2's weights for tests: where they may lie, and which notebooks need them.

They lie in ../shared/offline, seen from the repository, or in the folders that COURSE_PHOTOS (photos, one folder a
class) and COURSE_KERAS_FILES (a cache of Keras's) name. Nothing is ever downloaded for a test.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from tests import lesson  # of helpers nothing yet: the threads are pinned before NumPy is imported

BESIDE = lesson.ROOT.parent / "shared" / "offline"
CALL = re.compile(r"\bload_(photos|mobilenet)\(")
WORKER = "PYTEST_XDIST_WORKER"  # set in the workers of a parallel run, which inherit what the first process prepared


def photos() -> Path | None:
    """Return the folder of TrashNet's photos, all of them; None where there is none."""
    from helpers.data.photos import COUNTS

    folders = [BESIDE / "trashnet", *_named("COURSE_PHOTOS")]
    return next((f for f in folders if all(len(list(f.glob(f"{k}/*.jpg"))) == n for k, n in COUNTS.items())), None)


def weights() -> Path | None:
    """Return the file of the weights; None where there is none."""
    from helpers.data.pretrained import NAME

    folders = [BESIDE / "keras", *_named("COURSE_KERAS_FILES")]
    return next((file for folder in folders if (file := folder / "models" / NAME).is_file()), None)


def _named(variable: str) -> list[Path]:
    return [Path(os.environ[variable]).expanduser().absolute()] if os.environ.get(variable) else []


def missing() -> str:
    """Return what is missing and how to give it, in a sentence; empty where nothing is."""
    lacks = []
    if not photos():
        lacks.append("TrashNet's photos are not here: name their folder, one folder a class, in COURSE_PHOTOS")
    if not weights():
        lacks.append("MobileNetV2's weights are not here: name a cache of Keras's that has them in COURSE_KERAS_FILES")
    return "; ".join(lacks)


def is_needed(path: Path) -> bool:
    """Return whether a notebook loads the photos or the weights.

    >>> is_needed(lesson.NOTEBOOKS / "01_mse_and_gradients.ipynb")
    False
    """
    return any(CALL.search(lesson.source(cell)) for cell in lesson.code_cells(lesson.read(path)))


def why_not(path: Path) -> str:
    """Return why a notebook cannot be run here; empty where it can."""
    return missing() if is_needed(path) else ""


@contextmanager
def prepared() -> Iterator[None]:
    """Let this process and its kernels find the photos and a writable copy of the weights, where both are here."""
    if missing() or WORKER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="descent-keras-", ignore_cleanup_errors=True) as home:
        file = weights()
        Path(home, "models").mkdir()
        shutil.copyfile(file, Path(home, "models", file.name))
        with mock.patch.dict(os.environ, {"KERAS_HOME": home, "COURSE_PHOTOS": str(photos())}):
            yield
