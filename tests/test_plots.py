"""The drawings: what lands on the axes, that nothing else changes, and errors in words."""

import warnings
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from helpers import plots

FRAME = {"xlim": (-3, 3), "ylim": (-2, 2)}
HISTORY = {"loss": [0.9, 0.5, 0.3], "val_loss": [0.8, 0.6, 0.6], "accuracy": [0.5, 0.7, 0.8]}


def bowl(w1, w2):
    return 0.5 * (w1**2 + 4 * w2**2)


CALLS = {
    "plot_contours": lambda ax: plots.plot_contours(bowl, ax, **FRAME),
    "plot_path": lambda ax: plots.plot_path([[0.1, 0.1], [0.5, 0.5], [9, 9], [99, 99]], ax, label="path"),
    "plot_loss": lambda ax: plots.plot_loss([1, 1e4, np.inf], ax, label="loss"),
    "plot_line": lambda ax: plots.plot_line([1, 2], ax, label="line"),
    "plot_history": lambda ax: plots.plot_history(HISTORY, ax),
    "plot_images": lambda ax: plots.plot_images(np.eye(28)[None], ax, ["one"]),
    "plot_confusion": lambda ax: plots.plot_confusion([[5, 1], [0, 9]], ax),
}


@pytest.fixture
def ax():
    with plt.style.context("helpers.course"):
        yield Figure().subplots()


@pytest.fixture
def framed(ax):
    ax.set(**FRAME)
    return ax


def texts(ax):
    return [text.get_text() for text in ax.texts]


def contrast(first, second):
    """Return the contrast of two colors as WCAG 2 defines it, from 1 to 21."""
    luminance = []
    for color in (first, second):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
        luminance.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(luminance) + 0.05) / (min(luminance) + 0.05)


def assert_text_inside(ax):
    """Check that what is written on the axes is not clipped by their frame."""
    ax.figure.draw_without_rendering()
    frame = ax.get_window_extent()
    for text in ax.texts:
        box = text.get_window_extent()
        assert frame.x0 - 1 <= box.x0 and box.x1 <= frame.x1 + 1, text.get_text()
        assert frame.y0 - 1 <= box.y0 and box.y1 <= frame.y1 + 1, text.get_text()


# The style and the colors


def test_the_style_has_a_name_and_the_colors_of_the_roles():
    with plt.style.context("helpers.course"):
        cycle = mpl.rcParams["axes.prop_cycle"].by_key()["color"]
        assert [c.lower() for c in cycle] == [
            c.lower() for c in (plots.BLUE, plots.VERMILLION, plots.GREEN, plots.PURPLE, plots.INK)
        ]
        for key in ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"):
            assert mpl.rcParams[key].lower().lstrip("#") == plots.INK.lstrip("#"), key
        assert mpl.rcParams["figure.figsize"] == [9, 3.6] and mpl.rcParams["image.cmap"] == "gray"
        assert mpl.rcParams["font.sans-serif"] == ["DejaVu Sans"] and 10 <= mpl.rcParams["font.size"] <= 11
        assert mpl.rcParams["figure.constrained_layout.use"] and not mpl.rcParams["legend.frameon"]
        assert not mpl.rcParams["axes.spines.top"] and not mpl.rcParams["axes.spines.right"]


def test_every_role_stands_out_on_white_and_none_by_color_alone():
    for role, style in plots.ROLES.items():
        assert contrast(style["color"], "white") >= 3, role
    optimizers = ["SGD", "momentum", "Nesterov", "Adam", "AdamW", "RMSprop"]
    assert len({str(plots.ROLES[role]["linestyle"]) for role in optimizers}) == len(optimizers)
    assert plots.ROLES["train"]["linestyle"] != plots.ROLES["validation"]["linestyle"]
    assert plots.ROLES["data"]["linestyle"] != plots.ROLES["reference"]["linestyle"]


def test_a_role_is_found_in_any_case_and_cannot_be_changed_by_its_user():
    style = plots.role_style("sgd", color="red")
    assert style == {"color": "red", "linestyle": "-"}
    plots.role_style("SGD")["color"] = "red"
    assert plots.role_style("SGD")["color"] == plots.BLUE
    with pytest.raises(ValueError, match="no role 'sgdd': choose one of.*Nesterov"):
        plots.role_style("sgdd")


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_shades_go_from_light_to_dark(n):
    family = plots.shades(plots.VERMILLION, n)
    lightness = [sum(to_rgb(color)) for color in family]
    assert len(family) == n and all(a > b + 0.05 for a, b in zip(lightness, lightness[1:], strict=False))
    if n % 2:
        assert family[n // 2].lower() == plots.VERMILLION.lower()
    with pytest.raises(ValueError, match="n of 1 or more"):
        plots.shades(plots.BLUE, 0)


# What holds for every drawing


@pytest.mark.parametrize("name", CALLS)
def test_axes_in_axes_out_and_nothing_else_touched(name, monkeypatch):
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("a helper must not show"))
    plt.close("all")
    before = mpl.rcParams.copy()
    ax, other = Figure().subplots(1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert CALLS[name](ax) is ax
        ax.figure.draw_without_rendering()
    assert dict(mpl.rcParams) == dict(before) and plt.get_fignums() == []
    assert ax.has_data() and not other.has_data()


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", [None, "array"])
def test_what_is_no_axes_is_refused_in_words(name, wrong):
    with pytest.raises(TypeError, match=r"one Matplotlib Axes, found.*(ax\[0\]|plt.subplots)"):
        CALLS[name](None if wrong is None else Figure().subplots(1, 2))


# Contours


def test_contours_are_gray_rings_around_the_lowest_point(ax):
    ax.plot([-9, 9], [-9, 9])  # the frame is the one asked for, whatever else is there
    plots.plot_contours(lambda a, b: bowl(a, b) + 7, ax, **FRAME)
    assert ax.get_xlim() == (-3, 3) and ax.get_ylim() == (-2, 2)
    lines = ax.collections[0]
    heights = lines.levels - 7
    assert len(heights) == 9 and 0 < heights[0] < 0.01 * heights[-1]
    np.testing.assert_allclose(heights[1:] / heights[:-1], heights[1] / heights[0], rtol=0.05)
    assert {to_rgb(tuple(c)) for c in lines.get_edgecolor()} == {to_rgb(plots.CONTOUR)}
    for path, height in zip(lines.get_paths(), heights, strict=True):
        np.testing.assert_allclose(bowl(*path.vertices.T), height, rtol=0.05, atol=0.01)


def test_contour_levels_can_be_given_or_counted(ax):
    assert list(plots.plot_contours(bowl, ax, levels=[4, 1, 2], **FRAME).collections[0].levels) == [1, 2, 4]
    assert len(plots.plot_contours(bowl, ax, levels=5, **FRAME).collections[1].levels) == 5


def test_contours_leave_out_what_is_not_finite(ax):
    plots.plot_contours(lambda a, b: np.log(a) + b**2, ax, **FRAME)
    assert all((path.vertices[:, 0] > 0).all() for path in ax.collections[0].get_paths())


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda a, b: 1.0, r"returned shape \(\).*np.vectorize"),
        (lambda a, b: float(a), "two arrays.*np.vectorize"),
        (lambda a, b: a[:, 0] + np.ones(7), "two arrays.*np.vectorize"),
        (lambda a, b: 0 * a, "flat over this frame"),
        (lambda a, b: a * np.nan, "no finite values"),
    ],
)
def test_a_function_without_contours_says_why(ax, f, words):
    with pytest.raises(ValueError, match=words):
        plots.plot_contours(f, ax, **FRAME)


def test_a_function_of_two_numbers_is_drawn_when_vectorized(ax):
    plots.plot_contours(np.vectorize(lambda a, b: float(a) ** 2 + b**2), ax, num=10, **FRAME)
    assert isinstance(ax.collections[0], LineCollection) or len(ax.collections) == 1


@pytest.mark.parametrize("xlim", [(1, 1), (0, np.inf), (1, 2, 3), 5])
def test_a_frame_that_is_none_is_refused(ax, xlim):
    with pytest.raises(ValueError, match="xlim must be two different finite numbers"):
        plots.plot_contours(bowl, ax, xlim=xlim, ylim=(0, 1))


# Paths


def test_a_path_that_stays_has_a_ring_a_line_and_a_dot(framed):
    path = np.array([[-2.0, 1.0], [0.0, 0.5], [1.0, 0.0]])
    plots.plot_path(path, framed, label="SGD", role="Adam")
    line, start, end = framed.lines
    np.testing.assert_array_equal(line.get_xydata(), path)
    assert line.get_label() == "SGD" and line.get_color() == plots.GREEN and line.get_linestyle() == "-."
    assert start.get_xydata().tolist() == [[-2, 1]] and start.get_markerfacecolor() == "white"
    assert end.get_xydata().tolist() == [[1, 0]] and end.get_markerfacecolor() == plots.GREEN
    assert texts(framed) == []


def test_a_path_of_a_family_takes_another_color(framed):
    plots.plot_path([[0, 0], [1, 1]], framed, color="#123456")
    assert {line.get_color() for line in framed.lines} == {"#123456"}


@pytest.mark.parametrize("factor", [-1.5, 1.5, -40.0, 1e200])
@pytest.mark.parametrize("start", [(0.3, 0.2), (-0.3, 1e-9), (0.0, -0.5)])
def test_a_diverging_path_is_cut_at_the_frame_and_says_so(framed, factor, start):
    with np.errstate(all="ignore"):
        path = np.array(start) * np.cumprod([1.0] + [factor] * 30)[:, None]
    plots.plot_path(path, framed)
    shown = framed.lines[0].get_xydata()
    assert (np.abs(shown) <= np.array([3, 2]) * (1 + 1e-9)).all()
    if np.isfinite(path).all():
        assert np.isclose(np.abs(shown[-1]), [3, 2]).any()  # it ends on the edge
        before, after = path[len(shown) - 2 : len(shown)]
        assert abs(np.cross([*(after - before), 0], [*(shown[-1] - before), 0])[2]) < 1e-6 * np.hypot(*(after - before))
    assert texts(framed) == ["diverges"] and len(framed.lines) == 2
    assert framed.get_xlim() == (-3, 3) and framed.get_ylim() == (-2, 2)
    assert_text_inside(framed)


@pytest.mark.parametrize("end", [np.nan, np.inf, -np.inf])
def test_a_path_that_is_no_longer_finite_ends_at_its_last_point(framed, end):
    plots.plot_path([[0, 0], [1, 1], [end, 1], [end, end]], framed)
    assert framed.lines[0].get_xydata().tolist() == [[0, 0], [1, 1]] and texts(framed) == ["diverges"]


def test_a_path_that_comes_back_is_no_diverging_path(framed):
    path = [[0, 0], [9, 1], [1, 1]]
    plots.plot_path(path, framed)
    assert framed.lines[0].get_xydata().tolist() == path and texts(framed) == []
    assert framed.get_xlim() == (-3, 3)


def test_a_path_does_not_move_a_frame_that_follows_the_data(ax):
    ax.plot([0, 1], [0, 1])
    before = ax.get_xlim(), ax.get_ylim()
    plots.plot_path([[0.5, 0.5], [3, 0.5], [0.6, 0.5], [1, 1]], ax)
    plots.plot_path([[0.5, 0.5], [3, 3], [9, 9]], ax)
    assert (ax.get_xlim(), ax.get_ylim()) == before


def test_a_path_that_settles_outside_does_not_claim_to_diverge(framed):
    plots.plot_path([[0, 0], [2, 0], [3.5, 0], [4, 0], [4.1, 0]], framed)
    assert texts(framed) == ["leaves the frame"]
    assert_text_inside(framed)


def test_a_path_is_cut_on_logarithmic_and_on_turned_axes(ax):
    ax.set(xlim=(1, 1000), ylim=(2, -2), xscale="log")
    plots.plot_path([[10, 0], [100, 1], [10000, 3]], ax)
    np.testing.assert_allclose(ax.lines[0].get_xydata()[-1], [1000, 2])
    assert texts(ax) == ["diverges"]


def test_a_path_of_one_point_is_drawn(framed):
    plots.plot_path([[1, 1]], framed)
    assert len(framed.lines) == 3 and texts(framed) == []


@pytest.mark.parametrize("path", [[1, 2, 3], np.zeros((4, 3)), np.zeros((0, 2)), 5])
def test_a_path_of_another_shape_is_refused(framed, path):
    with pytest.raises(ValueError, match=r"path must have shape \(num_steps \+ 1, 2\), found"):
        plots.plot_path(path, framed)


def test_a_path_outside_of_the_frame_is_refused(framed):
    with pytest.raises(ValueError, match="does not touch the frame"):
        plots.plot_path([[10, 10], [11, 11]], framed)
    with pytest.raises(TypeError, match="path must be an array of numbers"):
        plots.plot_path([["a", "b"]], framed)


# Losses


@pytest.mark.parametrize(
    ("losses", "scale"),
    [([100, 1.01], "linear"), ([100, 0.99], "log"), ([1], "linear"), ([1000, 1, -1], "linear"), ([500, 1, 0], "log")],
)
def test_the_axis_turns_logarithmic_beyond_a_factor_of_100(ax, losses, scale):
    plots.plot_loss(losses, ax)
    assert ax.get_yscale() == scale
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")


def test_the_factor_of_100_counts_all_curves_on_the_axes(ax):
    plots.plot_loss([50, 1], ax)
    plots.plot_loss([1, 0.1], ax, role="momentum", label="second")
    assert ax.get_yscale() == "log" and ax.lines[1].get_label() == "second"


@pytest.mark.parametrize(
    ("losses", "points"),
    [
        ([1, 5, 25, np.inf, np.nan], 3),
        ([1, 5, np.nan, 25], 2),
        ([1, 2, 3e6, 4e7], 2),  # a million times its start
        ([1, 3, 200], 3),  # all there, but a hundred times its start
    ],
)
def test_a_diverging_loss_is_cut_and_says_so(ax, losses, points):
    plots.plot_loss(losses, ax)
    assert ax.lines[0].get_ydata().tolist() == losses[:points] and texts(ax) == ["diverges"]
    assert ax.get_xlim()[1] >= len(losses) - 1
    assert_text_inside(ax)


def test_a_loss_cut_early_is_named_inside_the_frame(ax):
    plots.plot_loss([1, 4, 90, *[np.inf] * 400], ax)
    assert_text_inside(ax)
    assert ax.get_xlim()[1] >= 402


@pytest.mark.parametrize("losses", [[3, 2, 1], [1, 50, 2], [1, 90], [1, 1e8, 300], [0, 50]])
def test_a_loss_that_rises_a_little_or_comes_back_does_not_diverge(ax, losses):
    assert texts(plots.plot_loss(losses, ax)) == []
    assert ax.lines[0].get_ydata().tolist() == losses


def test_a_loss_that_is_never_finite_still_says_so(ax):
    assert texts(plots.plot_loss([np.nan, np.nan], ax)) == ["diverges"]


def test_labels_of_the_caller_stay(ax):
    ax.set(xlabel="batch", ylabel="MSE")
    plots.plot_loss([2, 1], ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("batch", "MSE")


@pytest.mark.parametrize("losses", [[], [[1, 2]], 3])
def test_losses_of_another_shape_are_refused(ax, losses):
    with pytest.raises(ValueError, match="losses must have shape"):
        plots.plot_loss(losses, ax)


# Lines


def test_a_line_spans_the_data_and_leaves_the_frame_alone(ax):
    ax.plot([0, 1], [0, 4], ".")
    before = ax.get_xlim(), ax.get_ylim()
    plots.plot_line(np.array([[300.0], [0.5]]), ax, role="reference", label="steep")
    line = ax.lines[-1]
    np.testing.assert_allclose(line.get_xdata(), before[0])
    np.testing.assert_allclose(line.get_ydata(), 300 * np.array(before[0]) + 0.5)
    assert (ax.get_xlim(), ax.get_ylim()) == before and line.get_color() == plots.INK


def test_a_line_on_empty_axes_is_in_sight(ax):
    plots.plot_line([2, 50], ax, xlim=(0, 1))
    low, high = ax.get_ylim()
    assert low <= 50 and high >= 52


@pytest.mark.parametrize("theta", [[1], [1, 2, 3], [np.nan, 1], 4])
def test_theta_must_be_w_and_b(ax, theta):
    with pytest.raises(ValueError, match=r"two finite numbers \[w, b\]"):
        plots.plot_line(theta, ax)


# Histories


@pytest.mark.parametrize("wrap", [dict, lambda values: SimpleNamespace(history=values)])
def test_a_history_has_a_curve_for_training_and_one_for_validation(ax, wrap):
    plots.plot_history(wrap(HISTORY), ax)
    train, validation = ax.lines
    assert train.get_xdata().tolist() == validation.get_xdata().tolist() == [1, 2, 3]
    assert train.get_ydata().tolist() == HISTORY["loss"] and validation.get_ydata().tolist() == HISTORY["val_loss"]
    assert (train.get_color(), validation.get_color()) == (plots.BLUE, plots.VERMILLION)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["train", "validation"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")


def test_a_metric_without_validation_has_one_curve(ax):
    plots.plot_history(HISTORY, ax, metric="accuracy")
    assert len(ax.lines) == 1 and ax.get_ylabel() == "accuracy"


def test_a_history_without_the_metric_names_what_there_is(ax):
    with pytest.raises(ValueError, match="no 'mae': choose one of loss, val_loss, accuracy"):
        plots.plot_history(HISTORY, ax, metric="mae")
    with pytest.raises(TypeError, match="what `fit` returns.*found list"):
        plots.plot_history([1, 2], ax)


# Images


def test_images_stand_in_rows_under_their_labels(ax):
    images = np.random.RandomState(0).randint(0, 256, (7, 28, 28)).astype(np.uint8)
    plots.plot_images(images, ax, labels=range(7), num_columns=3)
    sheet = ax.images[0].get_array()
    tops, lefts = [], []
    for i, text in enumerate(ax.texts):
        assert text.get_text() == str(i)
        x, y = text.get_position()
        left, top = round(x + 0.5 - 14), round(y + 0.08 * 28)
        np.testing.assert_array_equal(sheet[top : top + 28, left : left + 28], images[i])
        tops.append(top), lefts.append(left)
    assert len(set(tops)) == 3 and len(set(lefts)) == 3 and min(np.diff(sorted(set(lefts)))) > 28
    assert np.ma.count(sheet) == images.size
    assert ax.images[0].get_cmap().name == "gray" and not ax.axison
    assert_text_inside(ax)


@pytest.mark.parametrize("shape", [(28, 28), (1, 28, 28), (1, 28, 28, 1)])
def test_one_image_is_enough(ax, shape):
    plots.plot_images(np.ones(shape), ax)
    assert ax.images[0].get_array().shape == (28, 28)


@pytest.mark.parametrize(
    ("images", "arguments", "words"),
    [
        (np.ones((2, 784)), {"labels": [1, 2]}, "1 images and 2 labels"),
        (np.ones(784), {}, r"shape \(n, height, width\), found \(784,\)"),
        (np.ones((2, 8, 8, 3)), {}, r"found \(2, 8, 8, 3\)"),
        (np.ones((0, 8, 8)), {}, r"found \(0, 8, 8\)"),
        (np.ones((2, 8, 8)), {"num_columns": 0}, "num_columns must be 1 or more"),
    ],
)
def test_images_of_another_shape_are_refused(ax, images, arguments, words):
    with pytest.raises(ValueError, match=words):
        plots.plot_images(images, ax, **arguments)


# Confusion


def test_a_confusion_matrix_shows_its_counts_readably(ax):
    matrix = np.random.RandomState(0).randint(0, 100, (10, 10)) * (np.random.RandomState(1).rand(10, 10) < 0.6)
    plots.plot_confusion(matrix, ax)
    assert len(ax.texts) == 100
    image = ax.images[0]
    for text in ax.texts:
        column, row = text.get_position()
        assert text.get_text() == str(matrix[row, column])
        background = image.cmap(image.norm(image.get_array()[row, column]))
        assert contrast(text.get_color(), background) >= (4.5 if matrix[row, column] else 3), text.get_text()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")


def test_a_confusion_matrix_is_shaded_by_the_share_of_its_row(ax):
    plots.plot_confusion([[1, 3], [0, 400]], ax)
    np.testing.assert_allclose(ax.images[0].get_array() ** 2, [[0.25, 0.75], [0, 1]])


def test_a_confusion_matrix_names_its_classes_and_survives_an_empty_row(ax):
    plots.plot_confusion([[0, 0], [2, 9000]], ax, ["ham", "spam"])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["ham", "spam"]
    assert texts(ax) == ["0", "0", "2", "9000"]
    assert ax.yaxis_inverted()  # the first class on top


@pytest.mark.parametrize(
    ("matrix", "names", "words"),
    [
        (np.ones((2, 3)), None, r"square.*found \(2, 3\)"),
        ([[1, -1], [0, 1]], None, "counts, which are 0 or more"),
        ([[1, np.nan], [0, 1]], None, "counts"),
        (np.eye(2), ["a"], "2 classes, class_names has 1"),
    ],
)
def test_a_matrix_that_counts_nothing_is_refused(ax, matrix, names, words):
    with pytest.raises(ValueError, match=words):
        plots.plot_confusion(matrix, ax, names)


def test_a_graph_shows_its_numbers_and_slopes(ax):
    places = {"w": (0, 1), "u": (0, 0), "L": (1, 0)}
    arrows = {("w", "u"): "× x", ("u", "L"): "square"}
    plots.plot_graph(places, arrows, {"w": 1.5, "u": 3.0, "L": 9.0}, ax, {"u": 6.0, "w": 12.0})
    shown = [text.get_text() for text in ax.texts if text.get_text()]
    assert sorted(shown) == sorted(["w = 1.5", "u = 3", "L = 9", "grad 12", "grad 6", "× x", "square"])
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
