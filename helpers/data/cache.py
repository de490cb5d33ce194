"""Keras's cache on this computer: where it is, what is downloaded into it, and what took long to compute."""

import hashlib
import io
import os
import re
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.data.base import DataError
from helpers.start import write_whole

PATIENCE = 30  # seconds without a byte, after which a download is given up


class Source(NamedTuple):
    """A file to download: its name, what it is in words, its size in bytes, its hash and its addresses."""

    name: str
    what: str
    size: int
    sha256: str
    origins: tuple[str, ...]


def keras_home() -> Path:
    """Return Keras's cache: the folder that KERAS_HOME names, else ~/.keras."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser().absolute()


def is_intact(file: Path, sha256: str, cure: str) -> bool:
    """Return whether the file is there and has this hash; `cure` ends the DataError of one that cannot be read."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise DataError(f"{file.name} in Keras's cache cannot be read: {file} ({error.strerror}). {cure}") from error


@contextmanager
def downloaded(source: Source, folder: Path, remedy: str) -> Iterator[Path]:
    """Download a file into a folder of its own inside `folder`, which is gone at the end with all that is left in it.

    Yields the file's path once it is there and has the right hash: the caller moves it or unpacks it beside itself.
    Prints a line before each attempt. `remedy` is the end of the sentence that begins "Connect to the network and run
    this cell again, or". Raises DataError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = tempfile.TemporaryDirectory(prefix=".download-", dir=folder)
    except OSError as error:
        raise DataError(
            f"{source.what} must be downloaded, but the folder {folder} cannot be written ({error.strerror}). Set "
            f"KERAS_HOME to the full path of a folder that can and run this cell again, or {remedy}."
        ) from error
    with place as own:
        yield _fetch(source, Path(own), folder, remedy)


def _fetch(source: Source, own: Path, folder: Path, remedy: str) -> Path:
    """Let Keras download a file into the folder `own`, from the first address that gives the right one."""
    try:
        from keras.utils import get_file
    except ImportError as error:
        raise DataError(
            f"{source.what} would be downloaded with Keras, which cannot be imported here ({error}). Install the "
            f"course's requirements.txt into this environment, or {remedy}."
        ) from error
    reasons: list[str] = []
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        for origin in source.origins:
            place = f"{urlsplit(origin).hostname or 'this computer'} into {folder}"
            print(f"Downloading {source.what} ({_size(source)}) from {place}.", flush=True)
            try:
                get_file(source.name, origin, file_hash=source.sha256, cache_dir=str(own), cache_subdir="")
                return own / source.name
            except Exception as error:
                reasons.append(_reason(error))
                (own / source.name).unlink(missing_ok=True)
    finally:
        socket.setdefaulttimeout(before)
    raise DataError(
        f"{source.what} could not be downloaded ({_size(source)}: {'; '.join(dict.fromkeys(reasons))}). Connect to the "
        f"network and run this cell again, or {remedy}."
    )


def _size(source: Source) -> str:
    """Return a file's size in words, in millions of bytes."""
    return f"{source.size / 1e6:.0f} MB"


def _reason(error: Exception) -> str:
    """Return why a download failed, in part of a sentence."""
    if "hash" in str(error):  # Keras's "Incomplete or corrupted file detected", two sentences long
        return "what arrived is damaged"
    words = " ".join(str(error).split()).rpartition(" -- ")[2]  # after "URL fetch failure on ADDRESS: CODE -- "
    return words.rstrip(".").replace(". ", ", ") or type(error).__name__


def keep(name: str, key: str, compute: Callable[[], dict[str, ArrayLike]]) -> dict[str, NDArray]:
    """Return the arrays that `compute()` gives, from the second call on out of a file, also in another kernel.

    The file is `datasets/descent/NAME.npz` in Keras's cache. `key` says what the arrays depend on (see `fingerprint`):
    another key than the file's, or a damaged file, computes them again.
    """
    if not re.fullmatch(r"[\w-]+", name):
        raise ValueError(f"The name must be letters, digits, _ and - alone, found {name!r}.")
    file = keras_home() / "datasets" / "descent" / f"{name}.npz"
    kept = _read_kept(file, key)
    if kept is not None:
        return kept
    arrays = {str(part): np.asarray(array) for part, array in compute().items()}
    packed = io.BytesIO()
    try:
        np.savez(packed, **{f"array_{part}": array for part, array in arrays.items()}, key=key, allow_pickle=False)
    except ValueError as error:
        raise TypeError(f"compute() must return arrays of numbers or texts: {error}") from None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, packed.getbuffer())
    except OSError as error:
        print(f"What was computed is not kept for the next time: {file.parent} cannot be written ({error.strerror}).")
    return arrays


def _read_kept(file: Path, key: str) -> dict[str, NDArray] | None:
    """Return the arrays of a kept file; None where it is missing, damaged or of another key."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["key"]) != key:
                return None
            return {part.removeprefix("array_"): kept[part] for part in kept.files if part != "key"}
    except Exception:  # a damaged file raises a dozen kinds of them, and none matters: it is computed again
        return None


def fingerprint(*arrays: Any) -> str:
    """Return a text of 64 characters that changes with any value, shape or dtype of the arrays, and with their order.

    >>> fingerprint([1, 2]) == fingerprint([1, 2]), fingerprint([1, 2]) == fingerprint([[1, 2]])
    (True, False)
    """
    digest = hashlib.sha256()
    for array in map(np.asarray, arrays):
        if array.dtype.hasobject:
            raise TypeError(f"The arrays must hold numbers or texts, found Python objects of shape {array.shape}.")
        digest.update(f"{array.dtype.str}{array.shape};".encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8))
    return digest.hexdigest()
