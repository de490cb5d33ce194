"""Lesson 02 and every explorer as a learner meets them: a real JupyterLab in a real Chromium, driven by keyboard.

Skipped where Chromium or playwright is missing; with REQUIRE_BROWSER=1 that is a failure.
"""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from tests.benchmark import EXPLORERS, METADATA, SETUP
from tests.browser.lab import Lab, find_chromium, output_text

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "02_gradient_descent.ipynb"
TITLE = "Choose the learning rate"
STUB = "check.descend(descend)"
INKED = "n => n.getContext('2d').getImageData(0, 0, n.width, n.height).data.some(value => value > 0)"
ANSWER = """\
def descend(gradient, theta0, eta, num_steps):
    theta = np.array(theta0, dtype=float)
    path = [theta]
    for step in range(num_steps):
        theta = theta {sign} eta * gradient(theta)
        path.append(theta)
    return np.array(path)

check.descend(descend)"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Return a JupyterLab with lesson 02 open and all its cells run."""
    missing = "" if find_chromium() else "Chromium is not installed"
    if find_spec("playwright") is None:
        missing = "playwright is not installed"
    if missing and os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(f"REQUIRE_BROWSER=1, but {missing}.")
    if missing:
        pytest.skip(missing)
    with Lab() as lab:
        lab.open(NOTEBOOK)
        lab.run_all()
        yield lab


def test_every_cell_runs_without_an_error(lab):
    explorer = lab.explorer(TITLE)
    assert explorer.locator(".descent-summary").inner_text().startswith("With η = ")
    cells = [cell for cell in lab.cells() if cell["cell_type"] == "code"]
    assert len(cells) > 10 and any("○ descend" in output_text(cell) for cell in cells)
    for cell in cells:
        may_raise = "raises-exception" in cell["metadata"].get("tags", [])
        for output in cell["outputs"]:
            assert may_raise or output["output_type"] != "error", output["evalue"]
            assert output.get("name") != "stderr", output["text"]
    assert lab.page.locator(".jupyter-widgets-error-widget, .jp-RenderedHTMLCommon .jp-mod-error").count() == 0
    assert lab.page_errors == []


def test_the_slider_answers_the_keyboard(lab):
    explorer = lab.explorer(TITLE)
    image, summary = explorer.locator("img"), explorer.locator(".descent-summary")
    handle = explorer.locator(".noUi-handle").first
    picture, text = image.get_attribute("src"), summary.inner_text()
    handle.focus()
    lab.page.keyboard.press("ArrowRight")
    changed = "([node, before]) => node.src !== before && node.complete && node.naturalWidth > 1"
    lab.page.wait_for_function(changed, arg=[image.element_handle(), picture])
    lab.page.wait_for_function("([n, before]) => n.innerText !== before", arg=[summary.element_handle(), text])
    natural, shown = image.evaluate("node => [node.naturalWidth, node.clientWidth]")
    assert natural >= 2 * shown > 1000  # sharp on a screen of double density, not stretched

    lab.page.keyboard.press("End")  # far above the limit
    lab.page.wait_for_function("n => n.innerText.includes('diverges')", arg=summary.element_handle())
    lab.page.keyboard.press("Home")
    lab.page.wait_for_function("n => n.innerText.includes('creeps')", arg=summary.element_handle())


def test_an_exercise_answers_what_is_typed(lab):
    cell = lab.find_cell(STUB)
    wrong = lab.answer(cell, ANSWER.format(sign="+"))
    assert wrong.startswith("✗ descend") and "uphill" in wrong
    right = lab.answer(cell, ANSWER.format(sign="-"))
    assert right.startswith("✓ descend")


def test_a_digit_is_drawn_and_read(lab, tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, "sliders.draw_digit(predict, images, digits)")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), tmp_path / "draw.ipynb")
    lab.open(tmp_path / "draw.ipynb")
    lab.run_all()
    explorer, mouse = lab.explorer("Draw a digit"), lab.page.mouse
    canvas, summary, image = (explorer.locator(part) for part in ("canvas", ".descent-summary", "img"))
    canvas.wait_for()
    assert canvas.evaluate("node => [node.width, node.clientWidth]") == [560, 280]  # sharp at double density
    assert summary.inner_text() == "Nothing is drawn yet." and not canvas.evaluate(INKED)
    box, picture = canvas.bounding_box(), image.get_attribute("src")
    mouse.move(box["x"] + 100, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 130, box["y"] + 220, steps=10)
    assert canvas.evaluate(INKED)  # at once, whatever the kernel does
    lab.page.wait_for_function("([n, before]) => n.src !== before", arg=[image.element_handle(), picture])
    mouse.up()
    lab.page.wait_for_function("n => n.innerText.startsWith('The network reads')", arg=summary.element_handle())
    before = summary.inner_text()
    mouse.move(box["x"] + 60, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 220, box["y"] + 60, steps=10)
    mouse.up()
    lab.page.wait_for_function("([n, before]) => n.innerText !== before", arg=[summary.element_handle(), before])
    assert canvas.bounding_box() == box  # drawing does not scroll the page

    nothing = "n => n.innerText === 'Nothing is drawn yet.'"
    explorer.get_by_role("button", name="Clear").click()
    lab.page.wait_for_function(nothing, arg=summary.element_handle())
    assert not canvas.evaluate(INKED)
    canvas.focus()
    for key in ("ArrowUp", "Space", *["Shift+ArrowDown"] * 3, "Space"):
        lab.page.keyboard.press(key)
    lab.page.wait_for_function("n => n.innerText.startsWith('The network reads')", arg=summary.element_handle())
    assert lab.page.evaluate("() => document.activeElement.tagName") == "CANVAS"  # JupyterLab's keys are not in the way
    assert lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 1
    assert lab.page_errors == []


def press_an_arrow(handle):
    """Move a slider by one step, to the right where it is not at its end."""
    now, most = (float(handle.get_attribute(f"aria-value{which}")) for which in ("now", "max"))
    handle.focus()
    handle.press("ArrowLeft" if now == most else "ArrowRight")


def test_every_control_of_every_explorer_changes_its_picture(lab, tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, *(call for call, *_ in EXPLORERS.values()))]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), tmp_path / "explorers.ipynb")
    lab.open(tmp_path / "explorers.ipynb")
    lab.run_all()
    moved = 0
    for title in EXPLORERS:
        explorer = lab.explorer(title)
        image = explorer.locator("img")
        moves = [(handle, press_an_arrow) for handle in explorer.locator(".noUi-handle").all()]
        moves += [(menu, lambda m: m.select_option(index=1)) for menu in explorer.locator("select").all()]
        for control, move in moves:
            picture = image.get_attribute("src")
            move(control)
            changed = "([node, before]) => node.src !== before && node.complete && node.naturalWidth > 1"
            try:
                lab.page.wait_for_function(changed, arg=[image.element_handle(), picture])
            except Exception as error:
                raise AssertionError(f"{title}: control {control} changes nothing") from error
            moved += 1
    assert moved >= 2 * len(EXPLORERS)
    assert lab.page_errors == []
