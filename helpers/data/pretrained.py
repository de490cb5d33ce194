"""A network that others have trained: MobileNetV2 on ImageNet, downloaded once."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.data.base import DataError
from helpers.data.cache import Source, downloaded, is_intact, keras_home
from helpers.operands import as_size

if TYPE_CHECKING:
    import keras

NAME = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
WEIGHTS = Source(  # the address is that of keras.applications
    name=NAME,
    what="MobileNetV2's weights",
    size=2_028_672,
    sha256="d43c70f8ea04b1087170401b2f4739f41b94200e30892ea8d050ac65779146c6",
    origins=(f"https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2/{NAME}",),
)
SMALLEST = 32  # pixels; keras.applications takes no smaller photos


def load_mobilenet(height: int = 168, width: int = 224) -> keras.Model:
    """Return MobileNetV2 (alpha 0.35) for photos (n, height, width, 3) from -1 to 1, trained on ImageNet, without top.

    The weights are those of `keras.applications` for 224 x 224 pixels, read from Keras's cache, into which they are
    downloaded once (2 MB). The model returns maps (n, height / 32, width / 32, 1280), rounded up. Raises DataError.
    """
    height, width = as_size(height, "height"), as_size(width, "width")
    if min(height, width) < SMALLEST:
        raise ValueError(f"height and width must be {SMALLEST} or more, found {height} and {width}.")
    file = keras_home() / "models" / WEIGHTS.name
    if not is_intact(file, WEIGHTS.sha256, "Make the file readable or delete it, and run this cell again."):
        remedy = f"download {WEIGHTS.origins[0]} on another machine and copy it to {file}"
        with suppress(OSError):
            file.unlink()  # a damaged copy, which Keras itself would load
        with downloaded(WEIGHTS, file.parent, remedy) as arrived:
            _put(arrived, file)
    from keras.applications import MobileNetV2

    # With weights="imagenet" Keras warns of photos that are not square, and looks for the file where KERAS_HOME pointed
    # when Keras was imported.
    return MobileNetV2((height, width, 3), alpha=0.35, include_top=False, weights=str(file))


def _put(arrived: Path, file: Path) -> None:
    """Move what was downloaded to its place, in one step."""
    try:
        os.replace(arrived, file)
    except OSError as error:
        raise DataError(
            f"{WEIGHTS.what} arrived, but could not be stored as {file} ({error.strerror}). Make room there, or set "
            "KERAS_HOME to the full path of another folder, and run this cell again."
        ) from error
