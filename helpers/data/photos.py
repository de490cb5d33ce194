"""TrashNet's photos of rubbish, or your own, from a folder with one folder a class; downloaded once."""

import os
import re
import shutil
import zipfile
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from helpers.data.base import DataError
from helpers.data.cache import Source, downloaded, keras_home
from helpers.operands import as_size

COUNTS = {"cardboard": 403, "glass": 501, "metal": 410, "paper": 594, "plastic": 482, "trash": 137}
ARCHIVE = Source(
    name="dataset-resized.zip",
    what="TrashNet's 2,527 photos",
    size=42_834_870,
    sha256="c060e8abfe5d6de0578ca15be1ed8ad0794a865d333c3473d53d1d9ad6e38b8c",
    origins=(  # the authors' own page, at a fixed version; then their repository
        "https://huggingface.co/datasets/garythung/trashnet/resolve/94cd17ebfd6702bf62281d3c89f22ff649815b46/"
        "dataset-resized.zip",
        "https://github.com/garythung/trashnet/raw/master/data/dataset-resized.zip",
    ),
)
UNPACKED = "dataset-resized"
ENDINGS = (".jpg", ".jpeg", ".png")


class Photos(NamedTuple):
    """Photos (n, height, width, 3), uint8 from 0 to 255; labels (n,), int64; the name of each class."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]


def load_photos(height: int = 168, width: int = 224) -> Photos:
    """Return TrashNet's 2,527 photos of rubbish in six classes, resized, by class and then by number.

    They come from the folder that the environment variable COURSE_PHOTOS names, which may hold photos of your own, one
    folder a class; else from Keras's cache, into which they are downloaded once (43 MB). Raises DataError.
    """
    height, width = as_size(height, "height"), as_size(width, "width")
    own = os.environ.get("COURSE_PHOTOS")
    folder = Path(own).expanduser().absolute() if own else keras_home() / "datasets" / "trashnet" / UNPACKED
    if own:
        remedy = "Mend or remove it, and run this cell again"
        files = _own_files(folder)
    else:
        remedy = f"Delete the folder {folder} and run this cell again, which downloads all of them again"
        files = _files(folder)
        if {name: len(files.get(name, ())) for name in COUNTS} != COUNTS:
            _download(folder)
            files = _files(folder)
        files = {name: files[name] for name in COUNTS}
    labels = np.repeat(np.arange(len(files), dtype=np.int64), [len(paths) for paths in files.values()])
    images = np.empty((len(labels), height, width, 3), dtype=np.uint8)
    for image, file in zip(images, chain.from_iterable(files.values()), strict=True):
        image[:] = _read(file, height, width, remedy)
    return Photos(images, labels, tuple(files))


def _files(folder: Path) -> dict[str, list[Path]]:
    """Return the photos in each folder of a folder, by name and then by number; what is hidden does not count."""

    def visible(place: Path) -> list[Path]:
        return [path for path in place.iterdir() if not path.name.startswith(".")]

    def by_number(path: Path) -> tuple[list[str | int], str]:
        parts = re.split(r"([0-9]+)", path.name)  # texts and numbers in turn
        return [int(part) if i % 2 else part for i, part in enumerate(parts)], path.name

    try:
        kinds = sorted(path for path in visible(folder) if path.is_dir() and path.name != "__MACOSX")
        return {
            kind.name: sorted((path for path in visible(kind) if path.suffix.lower() in ENDINGS), key=by_number)
            for kind in kinds
        }
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise DataError(
            f"The photos in {folder} cannot be read ({error.strerror}). Make the folder readable, and run this again."
        ) from error


def _own_files(folder: Path) -> dict[str, list[Path]]:
    """Return the photos of each class in the reader's own folder, two classes or more."""
    expected = "with one folder for each class, two or more, and in each its photos (.jpg, .jpeg or .png)"
    if not folder.is_dir():
        raise DataError(
            f"The environment variable COURSE_PHOTOS names {folder}, and there is no such folder. Set it to the full "
            f"path of a folder {expected}, or remove it to use TrashNet's photos."
        )
    files = _files(folder)
    empty = [name for name, paths in files.items() if not paths]
    if len(files) < 2 or empty:
        found = f"no photo for {', '.join(empty)}" if empty else f"{len(files)} folder{'s' * (len(files) != 1)}"
        raise DataError(
            f"The folder {folder}, which the environment variable COURSE_PHOTOS names, has {found}. Name a folder "
            f"{expected}."
        )
    return files


def _read(file: Path, height: int, width: int, remedy: str) -> NDArray[np.uint8]:
    """Read one photo and resize it, the way up that its camera says."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file) as photo:
            upright = ImageOps.exif_transpose(photo).convert("RGB")
        return np.asarray(upright.resize((width, height), Image.Resampling.BILINEAR))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"The file {file} cannot be read as a photo. {remedy}.") from error


def _download(folder: Path) -> None:
    """Download TrashNet and unpack it into `folder`, which is never there half unpacked."""
    remedy = (
        f"download {ARCHIVE.origins[0]} on another machine, unpack it, and set the environment variable "
        "COURSE_PHOTOS to the folder in which each class has a folder"
    )
    with downloaded(ARCHIVE, folder.parent, remedy) as archive:
        try:
            unpacked = _unpack(archive)
            if folder.is_dir():
                os.replace(folder, archive.with_name("old"))  # incomplete; goes with the folder of the download
            os.replace(unpacked, folder)
        except (OSError, zipfile.BadZipFile) as error:
            raise DataError(
                f"{ARCHIVE.what} arrived, but could not be unpacked into {folder} ({error}). Make room there, or set "
                "KERAS_HOME to the full path of another folder, and run this cell again."
            ) from error


def _unpack(archive: Path) -> Path:
    """Unpack the photos of a zip file into a new folder beside it, one folder a class, whatever lies around them."""
    target = archive.with_name("unpacked")
    with zipfile.ZipFile(archive) as zipped:
        for member in zipped.infolist():
            path = PurePosixPath(member.filename)
            is_photo = path.parent.name in COUNTS and re.fullmatch(r"[A-Za-z0-9_-]+\.jpg", path.name, re.IGNORECASE)
            if is_photo and not {"..", "__MACOSX"} & set(path.parts):
                (target / path.parent.name).mkdir(parents=True, exist_ok=True)
                with zipped.open(member) as source, open(target / path.parent.name / path.name, "wb") as copy:
                    shutil.copyfileobj(source, copy)
    found = {name: len(paths) for name, paths in _files(target).items()}
    if found != COUNTS:
        raise OSError(f"it holds {sum(found.values())} photos, not {sum(COUNTS.values())} in {len(COUNTS)} classes")
    return target
