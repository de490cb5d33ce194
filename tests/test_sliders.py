"""The explorers: driven like a reader drives them, their numbers against independent ones, bad values in words."""

import html
import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers import data, sliders
from helpers.sliders.picture import encode

rng = np.random.RandomState(42)
x = rng.rand(1000, 1)
y = 3 * x + rng.rand(1000, 1)
X = np.column_stack([x, np.ones_like(x)])
AREAS, PRICES = np.array([1000.0, 2000, 3000]), np.array([1500.0, 2500, 3000])
HOUSES = np.column_stack([AREAS, np.ones(3)])
LOGITS = rng.randn(300)
SCORES = 1 / (1 + np.exp(-2 * LOGITS))
LABELS = rng.rand(300) < 1 / (1 + np.exp(-2 * LOGITS))  # in truth the logits are twice as large
MOONS = dict(zip(("X", "labels"), data.make_moons(60, np.random.default_rng(0), noise=0.2), strict=True))
MOONS |= dict(zip(("X_val", "labels_val"), data.make_moons(60, np.random.default_rng(1), noise=0.2), strict=True))
TRAINING = {
    "history": {"loss": [0.9, 0.5, 0.3, 0.2], "val_loss": [1.0, 0.6, 0.5, 0.55]},
    "probabilities": np.random.RandomState(1).dirichlet(np.ones(10), (5, 40)),
    "images": np.random.RandomState(2).randint(0, 256, (40, 28, 28)).astype(np.uint8),
    "labels": np.arange(40) % 10,
}
IMAGES, DIGITS = (part[:100] for part in data.load_mnist("small")[0])
MEANS = np.array([IMAGES[digit == DIGITS].mean(axis=0) for digit in range(10)])
WAVE = (part for seed, many in ((1, 15), (2, 30)) for part in data.noisy_wave(many, np.random.default_rng(seed)))
WAVE = dict(zip(("x", "y", "x_val", "y_val"), WAVE, strict=True))
COLUMNS = rng.randn(80, 2) @ [[1, 0.7], [0, 0.7]]  # correlated
OUTCOME = COLUMNS @ [0.8, 0.2] + 0.5 * rng.randn(80)
ACCURACIES = {0: [0.91, 0.9], 1: [0.95, 0.96], 2: [0.93, 0.94]}
VAL_ERRORS = 1 / np.arange(1, 31) + 0.1 * np.random.RandomState(3).rand(2, 30)
RUNS = {rate: data.Runs(*rng.rand(6, 3), *-np.sort(-rng.rand(3, 3, 20))) for rate in (0.0, 0.5, 0.6)}
ACTIVATIONS = np.maximum(rng.randn(256), 0)
TRANSFER = {(frozen, rate, n): rng.rand(3) for frozen in range(4) for rate in (0.001, 0.01) for n in (1, 10, 50)}
TRANSFER = {"runs": TRANSFER, "scratch": {n: rng.rand(3) for n in (1, 10, 50)}, "old": TRANSFER}
PHOTOS = np.linspace(0, 255, 3 * 84 * 112 * 3).reshape(3, 84, 112, 3).astype(np.uint8)
LOOK = {"photos": PHOTOS, "maps": rng.randn(3, 6, 7, 2), "names": ("glass", "paper"), "labels": [1, 0, 1]}
LOOK["scores"] = LOOK["maps"].mean(axis=(1, 2))
CORNER = [[(0.2, 0.2), (0.7, 0.25), (0.45, 0.8)]]


def nearest_mean(image: np.ndarray) -> np.ndarray:
    """Return the probability of each digit: the larger, the nearer the image is to the mean of that class."""
    distance = ((image - MEANS) ** 2).sum(axis=(1, 2)) / 1e6
    return np.exp(-distance) / np.exp(-distance).sum()


Build = Callable[..., sliders.Explorer]
EXPLORERS: dict[str, tuple[Build, str, float]] = {  # how to build it, a control to drive, where to
    "roll_down": (sliders.roll_down, "eta", 0.2),
    "fit_line": (lambda **settings: sliders.fit_line(x, y, **settings), "w", 2.0),
    "learning_rate": (lambda **settings: sliders.learning_rate(X, y, **settings), "eta", 0.3),
    "stochastic_descent": (lambda **settings: sliders.stochastic_descent(X, y, **settings), "eta", 0.05),
    "decide": (lambda **settings: sliders.decide(LOGITS, LABELS, **settings), "threshold", 0.048),
    "race": (sliders.race, "eta", 0.4),
    "draw_digit": (lambda **s: sliders.draw_digit(nearest_mean, IMAGES, DIGITS, drawing=CORNER, **s), "pen", 30),
    "xray": (sliders.xray, "step", 6),
    "train_network": (lambda **settings: sliders.train_network(**MOONS, **settings), "eta", 0.25),
    "move_filter": (lambda **settings: sliders.move_filter(IMAGES, **settings), "row", 7),
    "precision_recall": (lambda **settings: sliders.precision_recall(SCORES, LABELS, **settings), "threshold", 0.35),
    "polynomial": (lambda **settings: sliders.polynomial(**WAVE, **settings), "degree", 5),
    "two_penalties": (lambda **s: sliders.two_penalties(COLUMNS, OUTCOME, **s), "lam", 0.1),
    "augment": (lambda **s: sliders.augment(IMAGES, DIGITS, ACCURACIES, **s), "strength", 1.75),
    "patience": (lambda **settings: sliders.patience(VAL_ERRORS, **settings), "patience", 4),
    "dropout": (lambda **settings: sliders.dropout(RUNS, ACTIVATIONS, **settings), "rate", 0.6),
    "transfer": (lambda **settings: sliders.transfer(**TRANSFER, **settings), "labels", 50),
    "look": (lambda **settings: sliders.look(**LOOK, **settings), "photo", 1),
    "keras_line": (sliders.keras_line, "eta", 0.0708),
    "epochs": (lambda **settings: sliders.epochs(**TRAINING, **settings), "epoch", 3),
}
BAD = {
    "nan": np.nan, "inf": np.inf, "minus inf": -np.inf, "text": "abc", "number as text": "0.1", "None": None,
    "array": np.ones(3), "matrix": np.ones((2, 2)), "list": [1, 2], "dict": {}, "bool": True, "complex": 1j,
    "far above": 1e300, "far below": -1e300, "huge": 10**400, "object": object(), "empty": [],
}  # fmt: skip

explorers = pytest.mark.parametrize("name", EXPLORERS)
bad_values = pytest.mark.parametrize("bad", BAD.values(), ids=BAD)


def waves(**kwargs: Any) -> sliders.Explorer:
    """Return the small explorer of the engine's own docstring, as a reader would write it."""

    def compute(waves: float, kind: str) -> dict[str, Any]:
        t = np.linspace(0, 6, 50)
        return {"waves": waves, "t": t, "height": getattr(np, kind)(waves * t)}

    def paint(figure):
        ax = figure.subplots()
        ax.set(xlim=(0, 6), ylim=(-1, 1))
        (line,) = ax.plot([], [], animated=True)

        def update(values: dict[str, Any]) -> str:
            line.set_data(values["t"], values["height"])
            return f"{values['waves']:g} waves"

        return update

    controls = {"waves": sliders.slider(1, 0, 5, "waves"), "kind": sliders.choice("sin", ["sin", "cos"], "kind")}
    return sliders.Explorer("Waves", controls, **{"compute": compute, "paint": paint, **kwargs})


@pytest.fixture(scope="module", params=EXPLORERS)
def built(request: pytest.FixtureRequest) -> tuple[sliders.Explorer, str, float]:
    """Return one explorer of each kind, with a control to drive and where to; tests leave it in any good setting."""
    build, control, value = EXPLORERS[request.param]
    return build(), control, value


def picture(explorer: sliders.Explorer) -> np.ndarray:
    """Return the pixels that the page shows."""
    return np.asarray(Image.open(io.BytesIO(explorer.image.value)).convert("RGB")).astype(int)


def test_a_control_changes_picture_values_and_summary(built):
    explorer, control, value = built
    explorer.set(**{control: explorer.controls[control].low})
    before, numbers, summary = picture(explorer), explorer.values, explorer.summary
    explorer.controls[control].value = value
    assert (picture(explorer) != before).any(axis=2).sum() > 100
    assert explorer.values[control] == value != numbers[control]
    assert explorer.summary != summary
    assert explorer.summary in html.unescape(explorer.children[3].value)
    assert explorer.message == ""


def test_going_back_gives_the_same_picture(built):
    explorer, control, value = built
    explorer.set(**{control: value})
    before = explorer.image.value.tobytes()
    explorer.set(**{control: explorer.controls[control].low})
    assert explorer.image.value.tobytes() != before
    explorer.set(**{control: value})
    assert explorer.image.value.tobytes() == before


def test_the_picture_is_sharp_and_does_not_stretch(built):
    explorer, _, _ = built
    width, height = explorer._size
    beside = 290 if hasattr(explorer, "canvas") else 0
    assert picture(explorer).shape == (round(200 * height), round(200 * width), 3)
    assert (explorer.image.layout.width, explorer.image.layout.max_width) == (f"{100 * width:.0f}px", "100%")
    assert 100 * width + beside == 900
    assert len(explorer.image.value) < 100_000


def test_it_is_shown_with_fixed_text_and_without_bytes(built):
    explorer, _, _ = built
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == f"{explorer.title}: {explorer.summary}" == repr(explorer)
    assert set(bundle) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


@explorers
def test_two_of_a_kind_show_the_same_text_and_share_nothing(name):
    build, control, value = EXPLORERS[name]
    first, second = build(), build()
    assert repr(first) == repr(second)
    before, numbers = second.image.value.tobytes(), second.values
    first.set(**{control: value})
    assert second.image.value.tobytes() == before and second.values is numbers
    assert repr(first) != repr(second)


def test_controls_have_labels_tooltips_and_room_for_them(built):
    explorer, _, _ = built
    for control in explorer.controls.values():
        assert len(control.description) > 2 and "arrow keys" in control.tooltip
        assert control.style.description_width == "initial"


def assert_alike(found: Any, expected: Any, name: str) -> None:
    """Compare numbers, also those inside dicts and lists; None is what a value is that does not exist."""
    if isinstance(expected, dict):
        for key in found.keys() | expected.keys():  # what the code leaves out does not exist
            assert_alike(found.get(key), expected[key], f"{name}, {key}")
    elif isinstance(expected, list) and any(isinstance(part, np.ndarray) for part in expected):
        for i, parts in enumerate(zip(found, expected, strict=True)):
            assert_alike(*parts, f"{name}, {i}")
    elif expected is None or isinstance(expected, str):
        assert found == expected, name
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-12, err_msg=name)


def test_the_code_reproduces_the_values(built):
    explorer, control, value = built
    given = {"z": LOGITS, "y": LABELS} if control == "threshold" else {"x": x, "y": y, "X": X}
    if "val_loss" in explorer.values:
        given = MOONS if "params" in explorer.values else TRAINING
    given = {"images": IMAGES} if "feature_map" in explorer.values else given
    given = {"scores": SCORES, "labels": LABELS} if "precisions" in explorer.values else given
    given = WAVE if "train_error" in explorer.values else given
    given = {"X": COLUMNS, "y": OUTCOME} if "zero_from" in explorer.values else given
    given = {"images": IMAGES} if "copies" in explorer.values else given
    given = {"val_errors": VAL_ERRORS} if "lasts" in explorer.values else given
    given = {"runs_by_rate": RUNS, "activations": ACTIVATIONS} if "handed_on" in explorer.values else given
    given = TRANSFER if "worth" in explorer.values else given
    given = LOOK if "enlarged" in explorer.values else given
    given = {"predict": nearest_mean} if "strokes" in explorer.values else given
    for setting in (value, explorer.controls[control].low * 1.1, explorer.controls[control].high):
        explorer.set(**{control: setting})
        namespace: dict[str, Any] = dict(given)
        with np.errstate(all="ignore"):
            exec(explorer.code, namespace)
        found = [key for key in explorer.values if key in namespace and key not in given]
        assert len(found) >= 2
        for key in found:
            assert_alike(namespace[key], explorer.values[key], key)


def test_the_code_is_shown_where_one_click_selects_it(built):
    explorer, control, value = built
    button, code = explorer.children[-2:]
    button.click()
    assert "user-select: all" in code.value and "import" in code.value
    explorer.set(**{control: value})
    assert f"{value}" in code.value
    button.click()
    assert code.value == ""


def test_a_value_from_the_sliders_grid_is_the_number_beside_it():
    explorer = sliders.learning_rate(X, y)
    explorer.controls["eta"].set_state({"value": 10**-1.475})
    assert explorer.values["eta"] == 0.0335 and "eta=0.0335" in explorer.code
    explorer.set(eta=0.0333333)
    assert explorer.values["eta"] == 0.0333333


# ---- the numbers


@pytest.mark.parametrize(("A", "t", "unit"), [(X, y[:, 0], 1), (HOUSES, PRICES, 2.7e-7)], ids=["line", "houses"])
def test_learning_rate_agrees_with_plain_numpy(A, t, unit):
    explorer = sliders.learning_rate(A, t, num_steps=60, start=(1.0, -1.0))
    for eta in unit * np.array([0.01, 0.3, 0.75, 0.9]):
        explorer.set(eta=eta)
        theta, path = np.array([1.0, -1.0]), [np.array([1.0, -1.0])]
        for _ in range(60):
            theta = theta - eta * 2 / len(t) * A.T @ (A @ theta - t)
            path.append(theta)
        values = explorer.values
        np.testing.assert_allclose(values["path"], path, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(values["losses"], [np.mean((A @ p - t) ** 2) for p in path], rtol=1e-6)
        steepest = np.linalg.eigvalsh(2 / len(t) * A.T @ A).max()
        assert values["eta_limit"] == pytest.approx(2 / steepest)
        assert values["diverges"] == (eta > 2 / steepest)
    best = np.polynomial.Polynomial.fit(A[:, 0], t, 1).convert().coef[::-1]
    np.testing.assert_allclose(values["theta_best"], best, rtol=1e-6)


def test_learning_rate_counts_the_steps_until_it_converges():
    explorer = sliders.learning_rate(X, y, eta=0.3)
    values = explorer.values
    excess = values["losses"] - np.mean((X @ np.linalg.lstsq(X, y)[0] - y) ** 2)
    assert values["converged_step"] == np.argmax(excess < 1e-4 * excess[0]) > 10
    assert f"converges in {values['converged_step']} of 100 steps" in explorer.summary
    steps = []
    for eta in np.linspace(0.01, 0.79, 79):
        explorer.set(eta=eta)
        step = explorer.values["converged_step"]
        steps += [step] if step is not None else []
        assert explorer.values["goal_met"] == (step is not None and step <= np.ceil(1.15 * values["best_step"]))
    assert values["best_step"] <= min(steps) <= values["best_step"] + 1


def test_learning_rate_says_what_is_wrong():
    explorer = sliders.learning_rate(X, y)
    for eta, words in [(0.01, "creeps"), (0.3, "converges"), (0.75, "oscillates"), (0.9, "1.13 times the limit")]:
        explorer.set(eta=eta)
        assert words in explorer.summary
    houses = sliders.learning_rate(HOUSES, PRICES)
    assert "no learning rate converges" in houses.children[0].value
    scaled = np.column_stack([(AREAS - 2000) / AREAS.std(), np.ones(3)])
    explorer = sliders.learning_rate(scaled, PRICES, eta=0.5)
    assert "converges in 1 of" in explorer.summary
    explorer.set(eta=1)
    assert "at the limit 2/λmax = 1" in explorer.summary and not explorer.values["diverges"]


def test_fit_line_agrees_with_plain_numpy():
    explorer = sliders.fit_line(x, y, w=2, b=0.3)
    error = 2 * x + 0.3 - y
    values = explorer.values
    assert values["loss"] == pytest.approx((error**2).mean())
    np.testing.assert_allclose(values["grad"], [(2 * error * x).mean(), (2 * error).mean()])
    best = np.polynomial.Polynomial.fit(x[:, 0], y[:, 0], 1).convert().coef[::-1]
    np.testing.assert_allclose(values["theta_best"], best)
    assert values["least_loss"] == pytest.approx(((best[0] * x + best[1] - y) ** 2).mean())


@pytest.mark.parametrize("data", [(x, y), (AREAS, PRICES), ([0, 1, 2], [1, 3, 5])])
def test_fit_line_can_be_solved_with_its_sliders_alone(data):
    explorer = sliders.fit_line(*data)
    assert not explorer.values["goal_met"] and "to go downhill" in explorer.summary
    best = explorer.values["theta_best"]
    for name, value in zip("wb", best, strict=True):
        control = explorer.controls[name]
        control.value = control.min + round((value - control.min) / control.step) * control.step
    assert explorer.values["goal_met"] and "✓ Goal met" in explorer.summary


def test_fit_line_names_the_way_down():
    explorer = sliders.fit_line(x, y, w=5, b=1.5)
    assert "lower w and lower b" in explorer.summary
    explorer.set(w=0, b=-0.5)
    assert "raise w and raise b" in explorer.summary


def test_roll_down_agrees_with_plain_python():
    explorer = sliders.roll_down(eta=0.2, start=-1.5)
    w, path = -1.5, [-1.5]
    for _ in range(30):
        w = w - 0.2 * (w**3 / 2 - 2 * w + 0.5)
        path.append(w)
    np.testing.assert_allclose(explorer.values["path"], path)
    np.testing.assert_allclose(explorer.values["losses"], [w**4 / 8 - w**2 + w / 2 + 3.5 for w in path])
    floor = min(np.roots([0.5, 0, -2, 0.5]).real)
    assert explorer.values["valley"] == pytest.approx(floor, abs=0.01)
    assert explorer.values["eta_limit"] == pytest.approx(2 / (1.5 * floor**2 - 2), rel=0.01)


def test_roll_down_says_what_became_of_the_ball():
    explorer = sliders.roll_down()
    for eta, start, words in [
        (0.05, 3, "settles in a shallower valley"),
        (0.05, -3, "settles in the deepest valley"),
        (0.4, 3, "✓ Goal met"),
        (0.004, 3, "still on its way"),
        (0.5, -2.5, "jumps from side to side"),
        (1, 3, "diverges: it leaves the picture at step 1"),
    ]:
        explorer.set(eta=eta, start=start)
        assert words in explorer.summary
        assert explorer.values["goal_met"] == (words == "✓ Goal met")  # not by starting in the deepest valley


def test_roll_down_takes_another_curve():
    explorer = sliders.roll_down(lambda w: 2 * w**2, lambda w: 4 * w, eta=0.25, start=2)
    assert explorer.values["eta_limit"] == pytest.approx(0.5, rel=1e-3)
    assert "settles in the valley after 1 step" in explorer.summary
    estimated = sliders.roll_down(lambda w: 2 * w**2, eta=0.1, start=2)
    np.testing.assert_allclose(estimated.values["path"], 2 * 0.6 ** np.arange(31), rtol=1e-6)
    namespace = {"f": lambda w: 2 * w**2}
    exec(estimated.code, namespace)
    np.testing.assert_allclose(namespace["path"], estimated.values["path"])


# ---- bad values


def drive_by_set(explorer: sliders.Explorer, name: str, value: Any) -> None:
    explorer.set(**{name: value})


def drive_by_value(explorer: sliders.Explorer, name: str, value: Any) -> None:
    explorer.controls[name].value = value


def drive_by_page(explorer: sliders.Explorer, name: str, value: Any) -> None:
    explorer.controls[name].set_state({"value": value})


@bad_values
@pytest.mark.parametrize("drive", [drive_by_set, drive_by_value, drive_by_page])
def test_bad_values_are_answered_in_words(built, drive, bad):
    explorer, control, value = built
    explorer.set(**{control: value})
    drive(explorer, control, bad)
    knob = explorer.controls[control]
    assert knob.low - 1e-3 <= explorer.values[control] <= knob.high + 1e-2  # rounded as displayed
    assert knob.label in explorer.message and ("stays" in explorer.message or "moved" in explorer.message)
    assert explorer.message in html.unescape(explorer.children[4].value)
    drive(explorer, control, value)
    assert explorer.message == "" and explorer.values[control] == value


@pytest.mark.parametrize("bad", [np.nan, "abc", np.ones(3), 1e300, -1e300])
@explorers
def test_bad_first_values_are_answered_in_words(name, bad):
    build, control, _ = EXPLORERS[name]
    explorer = build(**{control: bad})
    assert explorer.controls[control].label in explorer.message
    assert np.isfinite(explorer.values[control]) and len(explorer.image.value) > 1000


@pytest.mark.parametrize("zero", [0, -0.5])
def test_zero_on_a_logarithmic_slider_becomes_its_lowest_value(zero):
    explorer = sliders.roll_down(eta=zero)
    assert explorer.values["eta"] == pytest.approx(explorer.controls["eta"].low, rel=2e-3)
    assert "is below the range" in explorer.message


def test_numbers_of_other_kinds_are_taken():
    explorer = sliders.roll_down()
    for number in (np.float32(0.25), np.array(0.25), np.array([0.25]), np.array([[0.25]])):
        explorer.set(eta=0.1)
        explorer.set(eta=number)
        assert explorer.values["eta"] == 0.25 and explorer.message == ""
    explorer.set(start=np.int64(2))
    assert explorer.values["start"] == 2


def test_the_page_is_told_where_a_value_was_refused():
    explorer = sliders.roll_down(eta=0.25)
    sent = []
    explorer.controls["eta"]._send = lambda message, buffers=None: sent.append(message)
    explorer.controls["eta"].set_state({"value": 0.5})
    assert sent == []  # what the page knows is not sent back: an echo would slow down a key that is held
    explorer.controls["eta"].set_state({"value": "abc"})
    assert sent[-1]["state"]["value"] == 0.5


def test_unknown_names_are_answered_in_words(built):
    explorer, control, value = built
    explorer.set(**{"etta": 1, control: value})
    assert "no control 'etta'" in explorer.message and control in explorer.message
    assert explorer.values[control] == value
    explorer.set(**{control: value})
    assert explorer.message == ""


@pytest.mark.parametrize(
    "build",
    [
        lambda: sliders.fit_line([1, 2], [1, 2, 3]),
        lambda: sliders.fit_line("abc", None),
        lambda: sliders.fit_line([1, 1, 1], [1, 2, 3]),
        lambda: sliders.fit_line([1, np.nan], [1, 2]),
        lambda: sliders.learning_rate(x, y),
        lambda: sliders.learning_rate(X, y[:10]),
        lambda: sliders.learning_rate(np.ones((5, 2)), np.ones(5)),
        lambda: sliders.learning_rate(X, y, start=(1, 2, 3)),
        lambda: sliders.learning_rate(X, y, num_steps="many"),
        lambda: sliders.learning_rate(X, y, num_steps=0),
        lambda: sliders.roll_down("w**2"),
        lambda: sliders.roll_down(lambda w: 1 / w),
        lambda: sliders.roll_down(lambda w: 3.0),
        lambda: sliders.roll_down(xlim=(3, -3)),
        lambda: sliders.roll_down(num_steps=np.nan),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_bad_data_is_answered_in_words(build):
    explorer = build()
    assert explorer.message.startswith("No picture") and len(explorer.message) > 30
    assert explorer.message in repr(explorer) and "Traceback" not in repr(explorer)
    explorer.set(eta=1)
    assert "no control 'eta'" in explorer.message


@pytest.mark.parametrize(
    "build",
    [
        lambda: sliders.learning_rate(X, 3 * x + 1, start=(3, 1)),  # starts at the goal, where the least loss is 0
        lambda: sliders.learning_rate(X, np.zeros(1000)),
        lambda: sliders.fit_line([0, 1], [5, 5]),
        lambda: sliders.fit_line([1e6, 2e6], [1e-3, 5e-3]),
        lambda: sliders.roll_down(lambda w: w, lambda w: np.ones_like(w)),
        lambda: sliders.roll_down(lambda w: -(w**2), lambda w: -2 * w, start=0),
        lambda: sliders.roll_down(num_steps=1),
    ],
)
def test_odd_but_honest_data_gets_a_picture(build):
    explorer = build()
    assert explorer.message == "" and len(explorer.summary) > 20
    assert "nan" not in explorer.summary and "inf" not in explorer.summary


def test_whatever_a_calculation_raises_the_last_good_picture_stays():
    def compute(waves: float, kind: str) -> dict[str, Any]:
        if waves > 4:
            raise KeyError("too many")
        return {"waves": waves, "t": [0, 6], "height": [0, waves / 5]}

    explorer = waves(compute=compute)
    explorer.set(waves=2)
    good = explorer.image.value.tobytes(), explorer.summary, explorer.values
    explorer.set(waves=5)
    assert "KeyError" in explorer.message and "too many" in explorer.message
    assert (explorer.image.value.tobytes(), explorer.summary, explorer.values) == good
    explorer.set(waves=3)
    assert explorer.message == "" and explorer.summary == "3 waves"


# ---- the engine


def test_an_explorer_of_ones_own_takes_ten_lines():
    explorer = waves()
    before = picture(explorer)
    explorer.set(kind="cos")
    assert (picture(explorer) != before).any() and explorer.message == ""
    explorer.set(kind="tan", waves="many")
    assert "'tan' is not one of sin, cos" in explorer.message and "'many'" in explorer.message
    assert explorer.values["waves"] == 1 and explorer.controls["kind"].value == "cos"


def test_a_plain_control_of_ipywidgets_serves_too():
    explorer = waves()
    plain = sliders.Explorer(
        "Plain", {"n": widgets.IntSlider(2, 0, 5)}, lambda n: {"n": n}, lambda _: lambda values: f"n = {values['n']}"
    )
    plain.set(n=4)
    assert plain.summary == "n = 4"
    plain.set(n="abc")
    assert "'abc'" in plain.message and plain.summary == "n = 4"
    assert explorer.summary == "1 waves"


def test_whole_steps_give_whole_numbers():
    control = sliders.slider(3, 0, 10, "steps", step=1)
    assert control.setting == 3 and isinstance(control.setting, int)


def test_what_is_not_animated_is_redrawn_as_well():
    def paint(figure):
        ax = figure.subplots()

        def update(values: dict[str, Any]) -> str:
            ax.set(title=f"{values['waves']} waves", xlim=(0, 1 + values["waves"]))
            return "a title"

        return update

    explorer = waves(paint=paint)
    before = picture(explorer)
    explorer.set(waves=4)
    assert (picture(explorer) != before).any(axis=2).sum() > 100


def test_set_redraws_once():
    calls = []

    def compute(waves: float, kind: str) -> dict[str, Any]:
        calls.append((waves, kind))
        return {"waves": waves, "t": [], "height": []}

    explorer = waves(compute=compute)
    explorer.set(waves=2, kind="cos")
    assert calls == [(1, "sin"), (2, "cos")]


def test_text_in_a_summary_is_not_html():
    explorer = waves(compute=lambda waves, kind: {"waves": waves, "t": [], "height": []})
    explorer.set(**{"<b>": 1})
    assert "<b>" in explorer.message and "<b>" not in explorer.children[4].value


@pytest.mark.parametrize("num_colors", [2, 200, 400, 5000])
def test_a_picture_keeps_its_colors(num_colors):
    colors = np.random.RandomState(0).randint(0, 256, (num_colors, 4)).astype(np.uint8)
    rgba = np.full((100, 120, 4), 255, np.uint8)
    rgba[10:90, 10:110] = colors[np.arange(8000) % num_colors].reshape(80, 100, 4)
    rgba[..., 3] = 255
    image = Image.open(io.BytesIO(encode(rgba)))
    off = np.abs(np.asarray(image.convert("RGB")).astype(int) - rgba[..., :3])
    assert image.mode == ("RGB" if num_colors == 5000 else "P")
    assert (off[:5] == 0).all()  # white stays white
    assert off.max() <= {2: 4, 200: 4, 400: 200, 5000: 0}[num_colors] and off.mean() < 8


def test_the_readers_own_style_stays(built):
    explorer, control, value = built
    with matplotlib.rc_context({"font.size": 31, "lines.linewidth": 9, "axes.facecolor": "red"}):
        before = dict(matplotlib.rcParams)
        explorer.set(**{control: value})
        same = EXPLORERS[next(name for name in EXPLORERS if EXPLORERS[name][2] == value)][0](**{control: value})
        assert dict(matplotlib.rcParams) == before
        assert same.image.value.tobytes() == explorer.image.value.tobytes()


def test_no_pyplot_figures_are_left_behind():
    before = plt.get_fignums()
    for build, control, value in EXPLORERS.values():
        build().set(**{control: value})
    assert plt.get_fignums() == before


def test_importing_is_cheap():
    code = "import sys, helpers.sliders; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"tensorflow", "keras", "sklearn", "pandas", "scipy", "matplotlib.pyplot", "mlxtend"}
    assert not heavy & set(modules)


def test_a_start_outside_the_usual_frame_widens_it() -> None:
    x = np.linspace(0, 1, 50)
    explorer = sliders.fit_line(x, 3 * x + 0.5, w=-2, b=3.3)
    assert (explorer.values["w"], explorer.values["b"]) == (-2, 3.3) and not explorer.message
    absurd = sliders.fit_line(x, 3 * x + 0.5, w=1e9)
    assert absurd.controls["w"].max < 100 and "moved" in absurd.message
