"""The data of the lessons, and how they are split and read in batches. `data/README.md` has a card for each set."""

from helpers.data.base import DataError, Pair
from helpers.data.cache import fingerprint, keep
from helpers.data.invented import load_houses, load_line, make_moons, noisy_line, noisy_wave
from helpers.data.mnist import load_mnist
from helpers.data.photos import Photos, load_photos
from helpers.data.pretrained import load_mobilenet
from helpers.data.real import DIABETES_FEATURES, load_cancer, load_diabetes, load_digits
from helpers.data.recordings import (
    Judged,
    PhotoRuns,
    Runs,
    Transferred,
    load_batch_sizes,
    load_judged,
    load_keras_line,
    load_learning_rates,
    load_mnist_epochs,
    load_photo_runs,
    load_regularization,
    load_step_cost,
    load_transfer,
)
from helpers.data.split import minibatches, split_validation

__all__ = [
    "DIABETES_FEATURES",
    "DataError",
    "Judged",
    "Pair",
    "PhotoRuns",
    "Photos",
    "Runs",
    "Transferred",
    "fingerprint",
    "keep",
    "load_batch_sizes",
    "load_cancer",
    "load_diabetes",
    "load_digits",
    "load_houses",
    "load_judged",
    "load_keras_line",
    "load_learning_rates",
    "load_line",
    "load_mnist",
    "load_mnist_epochs",
    "load_mobilenet",
    "load_photo_runs",
    "load_photos",
    "load_regularization",
    "load_step_cost",
    "load_transfer",
    "make_moons",
    "minibatches",
    "noisy_line",
    "noisy_wave",
    "split_validation",
]
