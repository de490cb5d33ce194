"""What all data sets share: the name of a pair of arrays, and the error of one that cannot be had."""

from numpy.typing import NDArray

Pair = tuple[NDArray, NDArray]  # x, y


class DataError(ValueError):
    """Data that cannot be had. Jupyter shows its one sentence in place of a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython prints."""
        return [f"{type(self).__name__}: {self}"]
