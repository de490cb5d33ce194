"""The check of lesson 00: is what is installed what the course was tested with?"""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.txt"
PYTHONS = ((3, 11), (3, 13))
PACKAGES = ("jupyterlab", "ipywidgets", "numpy", "matplotlib", "tensorflow", "keras")
CURE = "start the course again with `make lab` (conda: `conda env update -f environment.yml`)"


def installation() -> None:
    """Print a line for Python and for each package the lessons stand on: ✓, or ✗ with what to do."""
    low, high = PYTHONS
    right = low <= sys.version_info[:2] <= high
    found = ".".join(map(str, sys.version_info[:2]))
    span = f"{low[0]}.{low[1]} to {high[0]}.{high[1]}"
    print(f"✓ Python {span}" if right else f"✗ this is Python {found}, the course needs {span}: {CURE}.")
    wanted = _pins()
    for package in PACKAGES:
        print(_line(package, wanted.get(package)))


def _pins() -> dict[str, str]:
    """Read the versions of the lock, by package name; empty where there is no lock."""
    if not LOCK.is_file():
        return {}
    return dict(re.findall(r"^([\w-]+)==([^\s;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE))


def _line(package: str, wanted: str | None) -> str:
    for name in (package, f"{package}-cpu"):  # TensorFlow's small build for Linux has a name of its own
        try:
            found = version(name)
        except PackageNotFoundError:
            continue
        if wanted in (None, found):
            return f"✓ {package} {found}"
        return f"✗ {package} {found} is installed, the course is tested with {wanted}: {CURE}."
    return f"✗ {package} is not installed: {CURE}."
