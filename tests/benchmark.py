"""Measure what the course promises: python -m tests.benchmark, with flags for parts of it (`--help` lists them).

Without a flag: everything but the suite and the cost of a step. The seconds and the memory of the notebooks go to
data/timings.csv, from which the README and the lessons take theirs. Close other programs first; Ctrl-C ends it at any
point.
"""

import argparse
import csv
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbclient import NotebookClient
from threadpoolctl import threadpool_limits

from tests import offline
from tests.browser.lab import Lab, find_chromium

ROOT = Path(__file__).parents[1]
TIMINGS = ROOT / "data" / "timings.csv"
STEP_COST = ROOT / "data" / "step_cost.csv"
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
COLUMNS = ("notebook", "seconds", "peak_mb")
SETUP = """\
import numpy as np
from helpers import data, losses, sliders
rng = np.random.RandomState(42)
x = rng.rand(1000, 1)
y = 3 * x + rng.rand(1000, 1)
X = np.column_stack([x, np.ones_like(x)])
z = rng.randn(300)
labels = rng.rand(300) < 1 / (1 + np.exp(-2 * z))
images, digits = (part[:1000] for part in data.load_mnist("small")[0])
pixels, weights, bias = images.reshape(-1, 784) / 255, np.zeros((784, 10)), np.zeros(10)
for step in range(60):  # softmax regression on few digits: enough to see probabilities move
    grad = (losses.softmax(pixels @ weights + bias) - np.eye(10)[digits]) / len(digits)
    weights, bias = weights - 0.5 * pixels.T @ grad, bias - 0.5 * grad.sum(axis=0)
predict = lambda image: losses.softmax(image.reshape(1, 784) / 255 @ weights + bias)
two = [[(0.3, 0.3), (0.42, 0.15), (0.6, 0.17), (0.66, 0.32), (0.45, 0.62), (0.3, 0.8), (0.7, 0.8)]]
"""
EXPLORERS = {  # title -> the cell that shows it, the control to move, from, to
    "Roll down a curve": ("sliders.roll_down()", "eta", 0.01, 1.0),
    "Fit the line": ("sliders.fit_line(x, y)", "w", 0.0, 6.0),
    "Choose batch size and learning rate": ("sliders.stochastic_descent(X, y)", "eta", 0.01, 0.7),
    "Decide by a threshold": ("sliders.decide(z, labels)", "temperature", 0.2, 5.0),
    "Race the rules": ("sliders.race()", "eta", 0.001, 3.0),
    "Draw a digit": ("sliders.draw_digit(predict, images, digits, drawing=two, pen=10)", "pen", 8.0, 48.0),
    "Bend the boundary": (
        "sliders.train_network(*data.make_moons(120, rng, noise=0.2), *data.make_moons(120, rng, noise=0.2))",
        "eta",
        0.01,
        10.0,
    ),
    "Train a line with Keras": ("sliders.keras_line(epoch=10)", "epoch", 0, 60),
    "Walk through the epochs": (
        "sliders.epochs({'loss': np.geomspace(1, 0.1, 60), 'val_loss': np.geomspace(1, 0.3, 60)}, "
        "rng.dirichlet(np.ones(10), (61, 800)), rng.randint(0, 256, (800, 28, 28)), rng.randint(0, 10, 800), epoch=9)",
        "image",
        0,
        799,
    ),
    "Move a filter": ("sliders.move_filter(data.load_mnist()[0][0][:100])", "image", 0, 99),
    "Trade precision for recall": ("sliders.precision_recall(1 / (1 + np.exp(-2 * z)), labels)", "threshold", 0, 1),
    "Fit a polynomial, with a penalty": (
        "sliders.polynomial(*data.noisy_wave(15, np.random.default_rng(1)), "
        "*data.noisy_wave(30, np.random.default_rng(2)))",
        "degree",
        0,
        12,
    ),
    "Pull two weights to zero": (
        "sliders.two_penalties(rng.randn(80, 2) @ [[1, 0.7], [0, 0.7]], x[:80], kind='both')",
        "lam",
        0.001,
        0.3,
    ),
    "Deform digits": (
        "sliders.augment(images[:4], digits[:4], {0: [0.91, 0.9], 1: [0.95, 0.96], 3: [0.93, 0.94]})",
        "draw",
        0,
        9,
    ),
    "Choose the patience": ("sliders.patience(1 / np.arange(1, 41) + 0.1 * rng.rand(5, 40))", "patience", 1, 20),
    "Drop units at random": (
        "sliders.dropout(data.load_regularization()['dropout'], np.maximum(rng.randn(256), 0))",
        "rate",
        0.1,
        0.8,
    ),
    "Transfer to a new task": (
        "sliders.transfer(runs := {(f, rate, n): rng.rand(5) for f in range(4) for rate in (0.001, 0.01) "
        "for n in (1, 2, 5, 10, 20, 50, 100)}, {n: rng.rand(5) for n in (1, 2, 5, 10, 20, 50, 100)}, runs)",
        "labels",
        1,
        100,
    ),
    "See what it looks at": (
        "sliders.look(rng.randint(0, 256, (12, 21, 28, 3)).repeat(8, axis=1).repeat(8, axis=2).astype(np.uint8), "
        "(maps := rng.randn(12, 6, 7, 6)), list('abcdef'), maps.mean(axis=(1, 2)), np.arange(12) % 6)",
        "photo",
        0,
        11,
    ),
    "X-ray of backpropagation": ("sliders.xray()", "step", 0, 12),
    "Choose the learning rate": ("sliders.learning_rate(X, y)", "eta", 0.01, 1.5),
}
PEAK = """\
from pathlib import Path
status = Path("/proc/self/status")
if status.exists():  # Linux: the high water mark of this process alone
    print(next(int(line.split()[1]) // 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM")))
else:
    import psutil
    print(psutil.Process().memory_info().rss // 2**20)
"""
WATCH = """image => {
  const watch = window.watch = {pressed: null, delays: [], pictures: 0};
  document.addEventListener('keydown', () => { watch.pressed ??= performance.now() }, true);
  image.addEventListener('load', async () => {
    await image.decode().catch(() => null);
    requestAnimationFrame(() => {  // the picture is in the frame that is about to be drawn
      watch.pictures += 1;
      if (watch.pressed !== null) watch.delays.push(performance.now() - watch.pressed);
      watch.pressed = null;
    });
  });
}"""
QUIET = subprocess.DEVNULL  # the kernel's own log
PRESSES, HOLD_SECONDS, REPEATS_A_SECOND = 30, 3, 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are asked for and print a table of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts: dict[str, Callable[[], None]] = {
        "sliders": sliders, "browser": browser, "notebooks": notebooks, "suite": suite, "step-cost": step_cost
    }  # fmt: skip
    for name, part in parts.items():
        parser.add_argument(f"--{name}", action="store_true", help=part.__doc__)
    asked = vars(parser.parse_args(arguments))
    chosen = [name for name in parts if asked[name.replace("-", "_")]] or ["sliders", "browser", "notebooks"]
    try:
        for name in chosen:
            parts[name]()
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    return 0


def sliders() -> None:
    """Time one tick of each slider in Python, in a kernel."""
    progress("sliders: one tick in Python")
    cell = nbformat.v4.new_code_cell("from tests.benchmark import time_ticks\ntime_ticks()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(ROOT)}}).execute(stderr=QUIET)
    text = "".join(out.text for out in notebook.cells[0].outputs if out.get("name") == "stdout")
    ticks: dict[str, list[float]] = json.loads(text.splitlines()[-1])
    slow = statistics.median(ticks["interactive, a new figure"])
    rows = [
        [name, f"{statistics.median(ms):.1f}", f"{np.percentile(ms, 95):.1f}", f"{slow / statistics.median(ms):.0f} x"]
        for name, ms in ticks.items()
    ]
    table(["slider tick in Python", "median ms", "p95 ms", "quicker"], rows)


def time_ticks(num_ticks: int = 100) -> None:
    """Print the milliseconds of each tick as one line of JSON; called in a kernel by `sliders`."""
    namespace: dict[str, Any] = {}
    exec(SETUP, namespace)
    ticks: dict[str, list[float]] = {}
    for title, (call, name, low, high) in EXPLORERS.items():
        control = eval(call, namespace).controls[name]
        ticks[title] = time_settings(control, np.linspace(low, high, num_ticks))
    # The same picture as the last one's, by ipywidgets' own means; it is slow, so fewer ticks do.
    ticks["interactive, a new figure"] = time_settings(interactive_slider(namespace), np.linspace(0.01, 0.7, 12))
    print(json.dumps(ticks))


def time_settings(control: Any, values: Sequence[float]) -> list[float]:
    """Return the milliseconds of each setting that moves the control, but for the first one, which warms up."""
    taken = []
    for value in values:
        before, start = control.value, time.perf_counter()
        control.value = float(value)
        if control.value != before:  # a control with few stops stays where it is
            taken.append(1000 * (time.perf_counter() - start))
    return taken[1:]


def interactive_slider(namespace: dict[str, Any]) -> Any:
    """Return the slider of an `ipywidgets.interactive` that makes a new figure at every tick."""
    import ipywidgets
    import matplotlib.pyplot as plt
    from IPython import get_ipython

    from helpers import plots, rules
    from helpers.sliders.bowl import Bowl

    get_ipython().run_line_magic("matplotlib", "inline")
    bowl = Bowl(namespace["X"], namespace["y"])

    def draw(eta: float) -> None:
        path = rules.descend(rules.sgd, bowl.gradient, [0.0, 0.0], 100, eta=eta)
        with plt.style.context("helpers.course"):
            _, (left, right) = plt.subplots(1, 2)
            plots.plot_contours(bowl.loss, left, xlim=(-1, 7), ylim=(-3, 4))
            plots.plot_path(path, left)
            plots.plot_loss(bowl.loss(*path.T), right)
            plt.show()

    return ipywidgets.interactive(draw, eta=ipywidgets.FloatLogSlider(0.1, min=-3, max=0.3)).children[0]


def browser() -> None:
    """Time the way from a key to a changed picture in Chromium, and count pictures while a key is held."""
    if find_chromium() is None:
        print("browser: skipped, Chromium is not installed")
        return
    progress("browser: JupyterLab starts")
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *(call for call, *_ in EXPLORERS.values()))]
    with tempfile.TemporaryDirectory() as folder, Lab(height=900) as lab:
        path = Path(folder) / "sliders.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), path)
        lab.open(path)
        lab.run_all()
        rows = [[title, *time_keys(lab, title, number)] for title, number in handles().items()]
    table(["slider in Chromium, double density", "key to picture, median ms", "pictures a second, key held"], rows)


def handles() -> dict[str, int]:
    """Return title -> the number of the handle to move, among those of the explorer's sliders."""
    namespace: dict[str, Any] = {}
    exec(SETUP, namespace)
    numbers = {}
    for title, (call, name, *_) in EXPLORERS.items():
        controls = eval(call, namespace).controls
        if (controls[name].max - controls[name].min) / controls[name].step < PRESSES:
            continue  # pressed so often, the key would stand at the end
        numbers[title] = [key for key in controls if "Slider" in controls[key]._model_name].index(name)
    return numbers


def time_keys(lab: Lab, title: str, number: int) -> list[str]:
    """Return the median delay from key to picture, and the pictures a second while a key is held."""
    progress(f"browser: {title}")
    explorer = lab.explorer(title)
    page = lab.page
    page.evaluate(WATCH, explorer.locator("img").element_handle())
    explorer.locator(".noUi-handle").nth(number).focus()
    for press in range(PRESSES):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("count => watch.delays.length > count", arg=press)
    delay = statistics.median(page.evaluate("watch.delays"))
    before, start = page.evaluate("watch.pictures"), time.perf_counter()
    for repeat in range(HOLD_SECONDS * REPEATS_A_SECOND):  # as a keyboard repeats a key
        page.keyboard.down("ArrowLeft")
        time.sleep(max(0.0, start + (repeat + 1) / REPEATS_A_SECOND - time.perf_counter()))
    pictures = (page.evaluate("watch.pictures") - before) / (time.perf_counter() - start)
    page.keyboard.up("ArrowLeft")
    return [f"{delay:.0f}", f"{pictures:.0f}"]


def notebooks() -> None:
    """Time each notebook in a fresh kernel, with its peak memory, and store both in data/timings.csv."""
    stored, rows = read_timings(), []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if reason := offline.why_not(path):
            progress(f"{path.name}: not timed, for {reason}\n")
            continue
        progress(f"notebooks: {path.name}")
        with offline.prepared():
            seconds, peak = time_notebook(path)
        rows.append([path.name, f"{seconds:.1f}", f"{peak:.0f}"])
        kept = stored.get(path.name)
        if kept is None or differs(seconds, kept[0], 1.5) or differs(peak, kept[1], 30):
            stored[path.name] = math.ceil(seconds), 10 * math.ceil(peak / 10)
            progress(f"{path.name}: stored as {stored[path.name][0]} s; its header and the README must say so\n")
    stored = {name: figures for name, figures in stored.items() if (ROOT / "notebooks" / name).exists()}
    write_timings(stored)
    table(["notebook, from a fresh kernel", "seconds", "peak MB"], rows)


def time_notebook(path: Path) -> tuple[float, float]:
    """Return the seconds from starting the kernel to the last cell's end, and the kernel's peak memory in MB."""
    notebook = nbformat.read(path, as_version=4)
    peak = nbformat.v4.new_code_cell(PEAK)
    client = NotebookClient(notebook, timeout=1800, resources={"metadata": {"path": str(path.parent)}})
    client.reset_execution_trackers()
    start = time.perf_counter()
    with client.setup_kernel(stderr=QUIET):
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number)
        seconds = time.perf_counter() - start
        notebook.cells.append(peak)
        client.execute_cell(peak, len(notebook.cells) - 1)
    return seconds, float(peak.outputs[0].text)


def differs(measured: float, stored: float, slack: float) -> bool:
    """Return whether a figure has really changed, beyond a quarter and the noise of one run."""
    return abs(measured - stored) > max(slack, 0.25 * stored)


def read_timings() -> dict[str, tuple[int, int]]:
    """Return what is stored: notebook -> whole seconds, peak in MB."""
    if not TIMINGS.exists():
        return {}
    with TIMINGS.open(newline="", encoding="utf-8") as file:
        return {row["notebook"]: (int(row["seconds"]), int(row["peak_mb"])) for row in csv.DictReader(file)}


def write_timings(timings: dict[str, tuple[int, int]]) -> None:
    """Store the figures, sorted."""
    with TIMINGS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([COLUMNS, *([name, *figures] for name, figures in sorted(timings.items()))])


def suite() -> None:
    """Time the whole of `make test`."""
    progress("suite: python -m pytest -n 2 --dist loadfile")
    start = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    last = (run.stdout.strip().splitlines() or ["no output"])[-1].strip("= ")
    table(["the whole of make test", "seconds", "result"], [["", f"{time.perf_counter() - start:.0f}", last]])


def step_cost(num_rounds: int = 15) -> None:
    """Time a step of mini-batch descent on 10 features for several batch sizes, and store it for lesson 03."""
    progress("step cost: the gradient of a batch, and the step")
    rng = np.random.default_rng(0)
    X, y, theta = rng.standard_normal((20_000, 10)), rng.standard_normal(20_000), np.zeros(10)
    sizes = [1, 5, 20, 100, 500, 2000, 20_000]
    taken: dict[int, float] = {}
    with threadpool_limits(1):
        for size in sizes:
            num_steps = max(5, 2000 // size)
            batches = [rng.permutation(len(y))[:size] for _ in range(num_steps)]
            rounds = []
            for _ in range(num_rounds):
                start = time.perf_counter()
                for batch in batches:
                    X_batch, y_batch = X[batch], y[batch]
                    theta = theta - 1e-9 * 2 / size * X_batch.T @ (X_batch @ theta - y_batch)
                rounds.append((time.perf_counter() - start) / num_steps)
            taken[size] = 1e6 * min(rounds)  # the least disturbed one
    with STEP_COST.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("batch_size", "microseconds"), *((size, float(f"{us:.3g}")) for size, us in taken.items())])
    rows = [[f"{size:,}", f"{us:.3g}", f"{us / size:.2g}"] for size, us in taken.items()]
    table(["batch size", "µs a step", "µs a row"], rows)


def progress(text: str) -> None:
    """Say on stderr what is going on."""
    print(text, file=sys.stderr, flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: the first column to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        others = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *others]))
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
