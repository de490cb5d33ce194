"""Real data that scikit-learn carries: tumors, patients and small digits."""

import gzip
import importlib.util
from pathlib import Path

import numpy as np

from helpers.data.base import Pair
from helpers.data.split import split_validation

DIGITS_FILE = ("datasets", "data", "digits.csv.gz")  # in scikit-learn's folder
# Names of its authors; s1 to s6 in scikit-learn. data/README.md says what they are.
DIABETES_FEATURES = ("age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu")


def load_cancer() -> tuple[Pair, Pair, Pair]:
    """Return `(x_train, y_train), (x_val, y_val), (x_test, y_test)`: tumors, 30 measurements each; 1 is malignant.

    scikit-learn's breast-cancer data, 341 + 115 + 113 rows, float64 and int64. The split is fixed and stratified: 37 %
    of each part are malignant, as of the whole. Column 0 is the mean radius of the cell nuclei.
    """
    from sklearn.datasets import load_breast_cancer

    x, target = load_breast_cancer(return_X_y=True)
    y = 1 - target  # scikit-learn counts the benign ones as 1
    order = np.random.RandomState(0).permutation(len(y))  # a frozen stream, as for the line
    place = np.empty(len(y))
    for label in (0, 1):  # spread each class evenly over the way from 0 to 1, then cut at 60 % and 80 %
        rows = order[y[order] == label]
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    parts = (place < 0.6, (place >= 0.6) & (place < 0.8), place >= 0.8)
    return tuple((x[order][part[order]], y[order][part[order]]) for part in parts)


def load_diabetes() -> tuple[Pair, Pair, Pair]:
    """Return `(x_train, y_train), (x_val, y_val), (x_test, y_test)`: patients, and how their diabetes went on.

    scikit-learn's diabetes data, 265 + 88 + 89 rows in a fixed random order, float64: x (n, 10), the columns of
    DIABETES_FEATURES in their own units, not scaled; y (n,), the progression a year later, 25 to 346. For lesson 07.
    """
    from sklearn import datasets

    x, y = datasets.load_diabetes(return_X_y=True, scaled=False)
    order = np.random.RandomState(0).permutation(len(y))  # a frozen stream, as for the line
    cuts = [int(0.6 * len(y)), int(0.8 * len(y))]
    return tuple((x[rows], y[rows]) for rows in np.split(order, cuts))


def load_digits() -> tuple[Pair, Pair]:
    """Return `(x_train, y_train), (x_test, y_test)`: handwritten digits of 8 x 8 pixels, 0 (paper) to 16 (ink).

    scikit-learn's digits, 1,497 + 300 of shape (8, 8), uint8, so that `/ 16` stays a visible step; labels int64. The
    last 30 of each digit in the file are the test set; both parts are shuffled in a fixed order.
    """
    pixels, y = _read_digits()
    x = pixels.reshape(-1, 8, 8).astype(np.uint8)
    train, test = split_validation(x, y, per_class=30)
    shuffle = np.random.RandomState(0).permutation
    return tuple((x[order], y[order]) for (x, y), order in ((part, shuffle(len(part[1]))) for part in (train, test)))


def _read_digits() -> Pair:
    """Read the file that scikit-learn carries, shape (1797, 65); importing the library takes ten times as long."""
    spec = importlib.util.find_spec("sklearn")
    file = Path(spec.submodule_search_locations[0], *DIGITS_FILE) if spec else Path()
    if not file.is_file():  # another version of the library keeps it elsewhere, and knows where
        from sklearn import datasets

        return datasets.load_digits(return_X_y=True)
    table = np.loadtxt(gzip.decompress(file.read_bytes()).decode().splitlines(), delimiter=",", comments=None)
    return table[:, :-1], table[:, -1].astype(np.int64)
