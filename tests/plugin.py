"""The pytest plugin of the course: notebooks run under test as they are stored and as JupyterLab runs them."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

import nbval.kernel
import nbval.plugin
import pytest
from nbformat import NotebookNode

from tests import offline
from tests.near import is_near, trains
from tests.pictures import stale_pictures

# One thread a process: parallel runs do not fight for the cores, and sums come out in the same order everywhere.
PINNED = dict.fromkeys(
    ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"],
    "1",
) | {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}

# Those that take a minute or more
LONGEST = ("test_full_mnist.py", "extra_transfer_imagenet.ipynb", "test_check.py", "test_sliders.py")


def pin_environment() -> None:
    """Set threads, back end and log level for this process and its children, unless the caller's environment has."""
    for name, value in PINNED.items():
        os.environ.setdefault(name, value)
    os.environ.pop("MPLBACKEND", None)  # a kernel that inherits one shows no figures


def kernel_environment(ipython_dir: str) -> dict[str, str]:
    """Return the variables for a kernel whose outputs are compared: nothing of the user's own settings reaches it."""
    own = {
        "IPYTHONDIR": ipython_dir,  # no start-up files, and nothing written into the user's history
        "PYTEST_CURRENT_TEST": "notebook",  # ipykernel then leaves the logs of C++ libraries alone
    }
    matplotlib = find_spec("matplotlib")
    if matplotlib and matplotlib.origin:
        own["MATPLOTLIBRC"] = str(Path(matplotlib.origin).parent / "mpl-data" / "matplotlibrc")
    return os.environ | own


@contextmanager
def compared_pictures() -> Iterator[None]:
    """Make nbval compare pictures too, once all texts agree; what a trained network prints and draws, less strictly."""
    compare_texts = nbval.plugin.IPyNbCell.compare_outputs

    def compare(self: nbval.plugin.IPyNbCell, test: list[NotebookNode], ref: list[NotebookNode]) -> bool:
        if compare_texts(self, test, ref):
            self.comparison_traceback = stale_pictures(ref, test)
            if not self.comparison_traceback:
                return True
        if not (trains(self.parent.nb) and is_near(test, ref)):
            return False
        self.comparison_traceback = stale_pictures(ref, test, trained=True)
        return not self.comparison_traceback

    with mock.patch.object(nbval.plugin.IPyNbCell, "compare_outputs", compare):
        yield


@contextmanager
def course_kernels() -> Iterator[None]:
    """Make nbval's kernels run cells as JupyterLab does, in an environment that is the same everywhere.

    nbval executes with store_history=False, under which a trailing `;` does not silence a value.
    """
    pin_environment()
    start = nbval.kernel.start_new_kernel

    def start_in_environment(*args: object, **kwargs: object) -> object:
        return start(*args, env=kernel_environment(ipython_dir), **kwargs)

    def execute_cell_input(self: nbval.kernel.RunningKernel, cell_input: str, allow_stdin: bool | None = None) -> str:
        return self.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)

    with (
        offline.prepared(),
        tempfile.TemporaryDirectory(prefix="descent-", ignore_cleanup_errors=True) as ipython_dir,
        mock.patch.object(nbval.kernel, "start_new_kernel", start_in_environment),
        mock.patch.object(nbval.kernel.RunningKernel, "execute_cell_input", execute_cell_input),
    ):
        yield


def prepare_matplotlib() -> None:
    """Choose a back end without windows for this process, and build the font cache before any kernel needs it.

    On a fresh machine the first kernel would otherwise build it, and say so on stderr; where the home folder cannot
    be written, Matplotlib now makes a temporary one and hands it down to the kernels.
    """
    with suppress(ImportError):
        import matplotlib.font_manager

        matplotlib.use("Agg")


def pytest_configure(config: pytest.Config) -> None:
    """Pin the environment before a test imports NumPy, and hold it until the run ends."""
    stack = ExitStack()
    stack.enter_context(course_kernels())
    stack.enter_context(compared_pictures())
    config.add_cleanup(stack.close)


@pytest.fixture(autouse=True)
def widgets_end_with_their_test() -> Iterator[None]:
    """Close the widgets that a test has made: ipywidgets keeps every one, with its pictures, as long as the process."""

    def living() -> dict[str, object]:
        registry = sys.modules.get("ipywidgets.widgets.widget")
        return dict(registry._instances) if registry else {}

    before = living()
    yield
    for name, widget in living().items():
        if name not in before:
            widget.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip notebooks that cannot run here, and put the longest files first: two workers then end at nearly one time."""
    reasons = {item.path: "" for item in items if isinstance(item, nbval.plugin.IPyNbCell)}
    reasons = {path: offline.why_not(path) for path in reasons}
    for item in items:
        if reasons.get(item.path):
            item.add_marker(pytest.mark.skip(reason=reasons[item.path]))
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Prepare Matplotlib once, before workers start."""
    prepare_matplotlib()
