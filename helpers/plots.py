"""Drawings that the lessons share: each takes axes, draws on them and returns them.

Size, font and the rest of the look come from `plt.style.use("helpers.course")`; here is what a color *means*.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex, to_rgb
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

INK, BLUE, VERMILLION, GREEN, PURPLE, CONTOUR = "#333333", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "0.8"
# From negative over zero to positive; 257 colors, so that one of them is for zero: white.
SIGNS = LinearSegmentedColormap.from_list("signs", [VERMILLION, "white", BLUE], N=257)

# What a line means, as keywords for `ax.plot`: never by color alone.
ROLES: dict[str, dict[str, Any]] = {
    "data": {"color": INK, "linestyle": "-"},
    "reference": {"color": INK, "linestyle": "--", "linewidth": 1.2},
    "SGD": {"color": BLUE, "linestyle": "-"},
    "train": {"color": BLUE, "linestyle": "-"},
    "validation": {"color": VERMILLION, "linestyle": "--"},
    "momentum": {"color": VERMILLION, "linestyle": "--"},
    "Nesterov": {"color": VERMILLION, "linestyle": ":"},
    "Adam": {"color": GREEN, "linestyle": "-."},
    "AdamW": {"color": GREEN, "linestyle": (0, (8, 2.5))},
    "RMSprop": {"color": PURPLE, "linestyle": (0, (4, 1.5, 1, 1.5, 1, 1.5))},
}
LOG_FACTOR = 100  # a loss that spans more than this is drawn on a logarithmic axis
TALL = 1e6  # a loss that grows beyond this many times its start is cut there


def role_style(role: str, color: str | None = None) -> dict[str, Any]:
    """Return the keywords for `ax.plot` that draw this role, in another color if one is given.

    >>> role_style("momentum")
    {'color': '#D55E00', 'linestyle': '--'}
    """
    names = {name.lower(): name for name in ROLES}
    if str(role).lower() not in names:
        raise ValueError(f"There is no role {role!r}: choose one of {', '.join(ROLES)}.")
    style = dict(ROLES[names[str(role).lower()]])
    return style if color is None else style | {"color": color}


def shades(color: str, n: int) -> list[str]:
    """Return `n` colors of one hue from light to dark, for an ordered family (small to large eta, early to late).

    >>> shades("#0072B2", 3)
    ['#80b9d8', '#0072b2', '#003959']
    """
    if n < 1:
        raise ValueError(f"shades needs n of 1 or more, found {n}.")
    base = np.array(to_rgb(color))
    if n == 1:
        return [to_hex(base)]
    mix = np.linspace(-0.5, 0.5, n)[:, None]  # below 0 towards white, above 0 towards black
    return [to_hex(rgb) for rgb in np.where(mix < 0, base - mix * (1 - base), base * (1 - mix))]


def plot_contours(
    f: Callable[[NDArray, NDArray], ArrayLike],
    ax: Axes,
    *,
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    levels: int | ArrayLike | None = None,
    num: int = 70,
) -> Axes:
    """Draw the contour lines of `f(w1, w2)`, which works on whole arrays, and set the axes' frame.

    `levels` are the heights of the lines, or how many there are (9): these stand at geometric distances above the
    lowest value on the num x num grid, so that the floor of a valley shows as well as its walls. A function of two
    numbers goes in as `np.vectorize(f)`.
    """
    _check_axes(ax)
    w1, w2 = np.meshgrid(_span(xlim, "xlim", num), _span(ylim, "ylim", num))
    try:
        with np.errstate(all="ignore"):
            z = np.asarray(f(w1, w2), dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"f(w1, w2) must work on two arrays ({error}): try np.vectorize(f).") from error
    if z.shape != w1.shape:
        raise ValueError(f"f(w1, w2) returned shape {z.shape} for two arrays of {w1.shape}: try np.vectorize(f).")
    z = np.ma.masked_invalid(z)
    if z.count() == 0 or np.ptp(z) == 0:
        raise ValueError("f has no finite values or is flat over this frame: there is no contour to draw.")
    if levels is None or np.ndim(levels) == 0:
        levels = z.min() + np.ptp(z) * np.geomspace(1 / 400, 0.9, levels or 9)
    ax.contour(w1, w2, z, levels=np.unique(levels), colors=CONTOUR, zorder=1)
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def plot_path(
    path: ArrayLike, ax: Axes, *, label: str | None = None, role: str = "SGD", color: str | None = None
) -> Axes:
    """Draw the points (w1, w2) that a descent visits: a ring at the start, a large dot at the end.

    `path` has shape (num_steps + 1, 2). The frame stays as it is: set it first, by `plot_contours` for example. A path
    that leaves it for good is cut at its edge and says "diverges" there, or "leaves the frame" if its steps shrink.
    """
    _check_axes(ax)
    path = _numbers(path, "path")
    if path.ndim != 2 or path.shape[1] != 2 or len(path) == 0:
        raise ValueError(f"path must have shape (num_steps + 1, 2), found {path.shape}.")
    shown, inside, stays = _cut_at_frame(path, ax)
    style = role_style(role, color)
    with np.errstate(all="ignore"):
        size = np.hypot(*np.diff(path, axis=0).T)
        shrinks = np.isfinite(path).all() and len(size) > 0 and size[-1] <= size[0]
    keep = {"scalex": False, "scaley": False}
    dots = np.arange(inside)  # not on the edge, where a cut path ends
    line = ax.plot(*shown.T, marker=".", markevery=dots, label=label, zorder=2.5, **style, **keep)[0]
    point = {"color": style["color"], "marker": "o", "markersize": 1.5 * line.get_markersize(), "linestyle": "none"}
    ax.plot(*path[0], markerfacecolor="white", markeredgewidth=1.5, zorder=2.6, **point, **keep)
    if stays:
        ax.plot(*path[-1], zorder=2.6, **point, **keep)
    else:
        _note(ax, shown[-1], "leaves the frame" if shrinks else "diverges", style["color"])
    return ax


def plot_loss(
    losses: ArrayLike, ax: Axes, *, label: str | None = None, role: str = "SGD", color: str | None = None
) -> Axes:
    """Draw the loss of each step, from step 0 on; the axis turns logarithmic beyond a factor of 100.

    A curve that ends in inf or nan, or near its highest point and 100 times as high as it began, says "diverges". It is
    cut before the first inf or nan, and before it is a million times as high as at the start.
    """
    _check_axes(ax)
    losses = _numbers(losses, "losses")
    if losses.ndim != 1 or len(losses) == 0:
        raise ValueError(f"losses must have shape (num_steps + 1,), found {losses.shape}.")
    start, finite = abs(losses[0]) or 1, np.isfinite(losses)
    diverges = not finite.all() or losses[-1] > max(LOG_FACTOR * start, losses.max() / 2)
    fits = finite & (losses <= TALL * start) | (not diverges)
    shown = losses if fits.all() else losses[: np.argmin(fits)]
    steps, style = np.arange(len(shown)), role_style(role, color)
    ax.plot(steps, shown, marker="." if len(shown) == 1 else None, label=label, **style)
    _log_if_wide(ax)
    if len(shown) == 0:
        ax.text(0.5, 0.5, "diverges", transform=ax.transAxes, color=style["color"], ha="center")
    elif diverges:
        _note_at_end(ax, (steps[-1], shown[-1]), "diverges", style["color"], len(losses))
    return _name_axes(ax, "step", "loss")


def plot_line(
    theta: ArrayLike,
    ax: Axes,
    *,
    xlim: tuple[float, float] | None = None,
    label: str | None = None,
    role: str = "SGD",
    color: str | None = None,
) -> Axes:
    """Draw the line w x + b, with theta = [w, b], over the present x-range or over `xlim`.

    The frame stays as it is, so draw the data first; empty axes take the height of the line.
    """
    _check_axes(ax)
    theta = _numbers(theta, "theta")
    if theta.size != 2 or not np.isfinite(theta).all():
        raise ValueError(f"theta must be two finite numbers [w, b], found {theta.tolist()}.")
    w, b = theta.ravel()
    x = _span(ax.get_xlim() if xlim is None else xlim, "xlim", 2)
    ax.plot(x, w * x + b, label=label, scalex=False, scaley=not ax.has_data(), **role_style(role, color))
    return ax


def plot_history(history: Any, ax: Axes, *, metric: str = "loss") -> Axes:
    """Draw a metric of each epoch, for training and, where there is one, for validation.

    `history` is what Keras's `fit` returns, or a dict such as {"loss": [...], "val_loss": [...]}.
    """
    _check_axes(ax)
    values = getattr(history, "history", history)
    if not isinstance(values, Mapping):
        raise TypeError(f"history must be what `fit` returns, or a dict of lists, found {type(history).__name__}.")
    if metric not in values:
        raise ValueError(f"The history has no {metric!r}: choose one of {', '.join(map(str, values)) or 'nothing'}.")
    for role, key in (("train", metric), ("validation", f"val_{metric}")):
        if key in values:
            y = _numbers(values[key], key)
            ax.plot(np.arange(1, len(y) + 1), y, marker="." if len(y) < 10 else None, label=role, **role_style(role))
    if "loss" in metric:
        _log_if_wide(ax)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return _name_axes(ax, "epoch", metric.replace("_", " "))


def plot_images(
    images: ArrayLike, ax: Axes, labels: Sequence[Any] | None = None, *, num_columns: int | None = None
) -> Axes:
    """Draw gray images of shape (n, height, width) side by side on one axes, each under its label if there are any.

    All share one scale from black to white. Ten in a row, unless `num_columns` says otherwise.
    """
    _check_axes(ax)
    images = _numbers(images, "images")
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim == 2:
        images = images[None]
    if images.ndim != 3 or images.size == 0:
        raise ValueError(f"images must have shape (n, height, width), found {images.shape}.")
    n, height, width = images.shape
    if labels is not None and len(labels) != n:
        raise ValueError(f"There are {n} images and {len(labels)} labels: they must be as many.")
    columns = min(n, 10 if num_columns is None else num_columns)
    if columns < 1:
        raise ValueError(f"num_columns must be 1 or more, found {num_columns}.")
    gap, head = max(1, width // 10), 0 if labels is None else max(2, round(0.42 * height))
    rows = -(-n // columns)
    sheet = np.full((rows * (height + head + gap) - gap, columns * (width + gap) - gap), np.nan)
    for i, image in enumerate(images):
        top, left = (i // columns) * (height + head + gap) + head, (i % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = image
        if labels is not None:
            ax.text(left + width / 2 - 0.5, top - 0.08 * height, str(labels[i]), ha="center", va="bottom")
    ax.imshow(np.ma.masked_invalid(sheet))
    ax.set_axis_off()
    return ax


def plot_confusion(matrix: ArrayLike, ax: Axes, class_names: Sequence[Any] | None = None) -> Axes:
    """Draw a confusion matrix with its counts: a row for each true class, a column for each predicted one.

    The shade is the root of the share of the row, so that rare mistakes show too.
    """
    _check_axes(ax)
    counts = _numbers(matrix, "matrix")
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.size == 0:
        raise ValueError(f"matrix must be square, (classes, classes), found {counts.shape}.")
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("matrix must hold counts, which are 0 or more.")
    names = range(len(counts)) if class_names is None else class_names
    if len(names) != len(counts):
        raise ValueError(f"The matrix has {len(counts)} classes, class_names has {len(names)}.")
    shade = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-12))
    cmap = LinearSegmentedColormap.from_list("share", ["white", *shades(BLUE, 3)[1:]])
    ax.imshow(shade, cmap=cmap, vmin=0, vmax=1, aspect="auto")
    size = "medium" if counts.max() < 1000 else "small"
    for (row, column), count in np.ndenumerate(counts):
        ink = "0.5" if count == 0 else _ink_on(cmap(shade[row, column]))
        text = f"{count:.0f}" if count == round(count) else f"{count:.2f}"
        ax.text(column, row, text, color=ink, ha="center", va="center", size=size)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return _name_axes(ax, "predicted", "true")


def plot_graph(
    places: Mapping[str, tuple[float, float]],
    arrows: Mapping[tuple[str, str], str],
    values: Mapping[str, float],
    ax: Axes,
    gradients: Mapping[str, float] | None = None,
) -> Axes:
    """Draw a graph of numbers: each in a box at its place, with arrows from what goes in to what comes out.

    `places` maps names to (x, y), one unit apart at least; `arrows` maps pairs of names to a word for the arrow, or "".
    Under a value stands, where it is given, the gradient: the slope of the last number over this one.
    """
    _check_axes(ax)
    gradients = gradients or {}
    for (start, end), word in arrows.items():
        (x, y), (x_end, y_end) = places[start], places[end]
        falls = y > y_end
        link = {"arrowstyle": "-|>", "color": INK, "shrinkA": 34 if falls and start in gradients else 24, "shrinkB": 22}
        ax.annotate("", places[end], places[start], arrowprops=link)
        if word:
            beside = {"ha": "left", "va": "center"} if falls else {"ha": "center", "va": "bottom"}
            shift = (5, -6 if start in gradients else 0) if falls else (0, 4)
            middle = (x + x_end) / 2, (y + y_end) / 2
            ax.annotate(word, middle, shift, textcoords="offset points", color=INK, fontsize=9, **beside)
    for name, (x, y) in places.items():
        box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": "0.6"}
        ax.text(x, y, f"{name} = {values[name]:g}", ha="center", va="center", color=INK, bbox=box)
        if name in gradients:
            ax.annotate(
                f"grad {gradients[name]:g}", (x, y), (0, -16), textcoords="offset points",
                ha="center", va="top", color=VERMILLION,
            )  # fmt: skip
    across, up = np.array(list(places.values())).T
    ax.set(xlim=(across.min() - 0.6, across.max() + 0.6), ylim=(up.min() - 0.7, up.max() + 0.5))
    ax.set_axis_off()
    return ax


def _check_axes(ax: Any) -> None:
    """Raise TypeError unless `ax` is one Axes."""
    if not isinstance(ax, Axes):
        hint = "pass one of them, such as ax[0]" if np.size(ax) > 1 else "`fig, ax = plt.subplots()` makes one"
        raise TypeError(f"ax must be one Matplotlib Axes, found {type(ax).__name__}: {hint}.")


def _numbers(values: ArrayLike, name: str) -> NDArray:
    """Return the values as an array of floats."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be an array of numbers: {error}.") from None


def _span(limits: tuple[float, float], name: str, num: int) -> NDArray:
    """Return `num` numbers from one limit to the other."""
    ends = _numbers(limits, name)
    if ends.shape != (2,) or not np.isfinite(ends).all() or ends[0] == ends[1]:
        raise ValueError(f"{name} must be two different finite numbers, such as (-2, 2), found {limits}.")
    return np.linspace(*ends, num)


def _name_axes(ax: Axes, xlabel: str, ylabel: str) -> Axes:
    """Label the axes, unless the caller has done so."""
    ax.set(xlabel=ax.get_xlabel() or xlabel, ylabel=ax.get_ylabel() or ylabel)
    return ax


def _log_if_wide(ax: Axes) -> None:
    """Make the y axis logarithmic if its curves are not negative and span more than a factor of 100."""
    y = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in ax.lines])
    positive = y[np.isfinite(y) & (y > 0)]
    if positive.size and not (y < 0).any() and positive.max() > LOG_FACTOR * positive.min():
        ax.set_yscale("log", nonpositive="mask")


def _cut_at_frame(path: NDArray, ax: Axes) -> tuple[NDArray, int, bool]:
    """Return the path up to where it leaves the frame for good, how many of its points remain, and if it stays."""
    ax.get_xlim(), ax.get_ylim()  # an autoscaled frame is computed only when somebody asks
    frame = ax.transData + ax.transAxes.inverted()  # data -> the unit square
    with np.errstate(all="ignore"):
        unit = frame.transform(path)
    is_inside = ((unit >= 0) & (unit <= 1)).all(axis=1)
    if not is_inside.any():
        raise ValueError(f"The path does not touch the frame x {ax.get_xlim()}, y {ax.get_ylim()}: set it first.")
    last = int(np.flatnonzero(is_inside)[-1])
    shown = path[: last + 1]
    if last + 1 < len(path) and np.isfinite(unit[last + 1]).all():
        here, move = unit[last], unit[last + 1] - unit[last]
        room = np.where(move > 0, 1 - here, here)[move != 0] / np.abs(move[move != 0])
        shown = np.vstack([shown, frame.inverted().transform(here + room.min() * move)])
    return shown, last + 1, last + 1 == len(path)


def _note_at_end(ax: Axes, end: tuple[float, float], text: str, color: str, num_points: int) -> None:
    """Write a word at the end of a curve that rises, and make room for it and for all `num_points` on the x axis."""
    ax.update_datalim([(num_points - 1, end[1])])
    ax.autoscale_view()
    if end[0] < 0.6 * num_points:
        ax.annotate(text, end, (8, 0), textcoords="offset points", color=color, ha="left", va="center")
        return
    above = ax.transData.inverted().transform(ax.transAxes.transform((0, 1.1)))[1]
    ax.update_datalim([(end[0], above)])
    ax.autoscale_view()
    ax.annotate(text, end, (0, 6), textcoords="offset points", color=color, ha="right", va="bottom")


def _ink_on(background: tuple[float, ...]) -> str:
    """Return white or black, whichever stands out more on this color (WCAG's contrast)."""
    rgb = np.array(to_rgb(background))
    luminance = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
    return "white" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "black"


def _note(ax: Axes, point: NDArray, text: str, color: str) -> None:
    """Write a word beside a point at the frame's edge, on the inner side."""
    x, y = (ax.transData + ax.transAxes.inverted()).transform(point)
    ax.annotate(
        text,
        point,
        (-7 if x > 0.5 else 7, -7 if y > 0.5 else 7),
        textcoords="offset points",
        color=color,
        ha="right" if x > 0.5 else "left",
        va="top" if y > 0.5 else "bottom",
        zorder=3,
    )
