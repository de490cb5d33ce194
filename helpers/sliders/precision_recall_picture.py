"""The picture of a threshold over scores: both histograms, the four counts, precision over recall (lesson 09)."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from helpers.plots import BLUE, GREEN, INK, VERMILLION
from helpers.sliders.decide_picture import alarms_in_words
from helpers.sliders.letters import Letters
from helpers.sliders.parts import percent
from helpers.sliders.picture import Move, Update, Values, in_inches, together

if TYPE_CHECKING:
    from helpers.sliders.precision_recall import Scores

WIDTH, HEIGHT = 9.0, 3.5  # inches
PLACES = {"scores": (0.62, 0.6, 2.5, 2.45), "curve": (6.72, 0.6, 2.05, 2.45)}  # left, bottom, width, height
TABLE, ROW_NAMES, CELL = 3.36, 0.38, (1.1, 0.62)  # the table's left edge, room for names, one cell
PALE_BLUE, PALE_VERMILLION = "#dcebf5", "#fbe4d5"
BINS = 4  # places of the slider in each bin of the histogram
TICKS = {0: "0", 0.0001: "", 0.01: "0.01", 0.25: "", 0.5: "0.5", 0.75: "", 0.99: "0.99", 0.9999: "", 1: "1"}
FLOOR = 0.6  # of the histograms: where a bin without any is drawn


class ScoresPicture:
    """Draws the decisions of one `Scores`."""

    def __init__(self, run: "Scores") -> None:
        self.run, self.thresholds = run, run.thresholds

    def paint(self, figure: Figure) -> Update:
        """Draw the histograms, the curve and the table's lines; return what moves."""
        sheet = in_inches(figure)
        axes = [
            figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))
            for left, bottom, width, height in PLACES.values()
        ]
        moves = [
            self._paint_scores(axes[0]), self._paint_table(sheet), self._paint_formulas(sheet),
            self._paint_curve(axes[1]),
        ]  # fmt: skip
        return together(moves, self.run.say)

    def place(self, scores: ArrayLike) -> NDArray:
        """Return where on the slider a score is, from 0 to 1: its ends are stretched, and so is the axis."""
        return np.interp(scores, self.thresholds, np.linspace(0, 1, len(self.thresholds)))

    def _paint_scores(self, ax: Axes) -> Move:
        edges = self.place(self.thresholds[::BINS])
        most = 1.0
        for kind, name, look in (
            (~self.run.positive, self.run.other, {"color": INK, "linestyle": (0, (3, 1.2)), "linewidth": 1.4}),
            (self.run.positive, self.run.name, {"color": BLUE, "linewidth": 2}),
        ):
            counts, _ = np.histogram(self.place(self.run.scores[kind]), edges)
            ax.stairs(np.maximum(counts, FLOOR), edges, baseline=FLOOR, label=escaped(name), **look)
            most = max(most, counts.max())
        ax.set_yscale("log")
        top, high = (FLOOR * (most / FLOOR) ** power for power in (1.5, 1.1))
        ax.set(xlim=(-0.015, 1.015), ylim=(FLOOR, top), xlabel="score, ends stretched")
        ax.set_xticks(self.place(list(TICKS)), labels=list(TICKS.values()))
        powers = 10 ** np.arange(int(np.log10(most)) + 1)
        ax.set_yticks(powers, labels=[f"{power:,}" for power in powers])
        ax.set_yticks([], minor=True)
        ax.legend(loc="upper center", fontsize=9.5, borderaxespad=0, handlelength=2.2, labelspacing=0.2)
        (line,) = ax.plot([], [], color=GREEN, linewidth=2, animated=True, zorder=4)
        ax.set_title("How many have which score")
        word = ax.text(0, high, "", color=GREEN, va="bottom", animated=True, fontsize=9.5)

        def move(values: Values) -> None:
            at = float(self.place(values["threshold"]))
            line.set_data([at, at], [FLOOR, high])
            word.set(x=at, text=f"threshold {threshold_text(values['threshold'])}")
            word.set_ha("left" if at < 0.3 else "right" if at > 0.7 else "center")

        return move

    def _paint_table(self, sheet: Axes) -> Move:
        """Prepare the four counts, each with its word: a row for what is so, a column for what is said."""
        left, top, (wide, high) = TABLE + ROW_NAMES, 3.05, CELL
        sheet.text(TABLE, top + 0.115, "What is so (rows), what is said", fontsize=11)
        corners = {}
        for i, words in enumerate((("caught", "missed"), ("false_alarms", "passed"))):
            for j, word in enumerate(words):
                corners[word] = x, y = left + j * wide, top - 0.24 - (i + 1) * high
                face = PALE_BLUE if i == j else PALE_VERMILLION
                sheet.add_patch(Rectangle((x, y), wide, high, facecolor=face, edgecolor="white", linewidth=2))
        for j, text in enumerate(("yes", "no")):
            sheet.text(left + (j + 0.5) * wide, top - 0.17, f"says {text}", ha="center", fontsize=9.5)
        for i, text in enumerate((self.run.name, self.run.other)):
            at, long = (TABLE + 0.17, top - 0.24 - (i + 0.5) * high), len(self.run.name) > 5
            look = {"rotation": 90, "ha": "center", "va": "center", "parse_math": False, "linespacing": 1}
            text = text.replace("not ", "not\n", 1) if long and i else text
            sheet.text(*at, text, fontsize=min(9, 75 / max(len(self.run.name), 8)), **look)
        counts = {
            word: Letters(sheet, x + 0.09, y + 0.3, size=13, color=INK, bold=True) for word, (x, y) in corners.items()
        }
        words = {word: Letters(sheet, x + 0.09, y + 0.1, size=9, color=INK) for word, (x, y) in corners.items()}

        def move(values: Values) -> None:
            for word, letters in words.items():
                sign = "✓" if word in ("caught", "passed") else "✗"
                counts[word].write(f"{values[word]:,}")
                text = alarms_in_words(values[word]).split(" ", 1)[1] if word == "false_alarms" else word
                letters.write(f"{sign} {text}")

        return move

    def _paint_formulas(self, sheet: Axes) -> Move:
        names = ("precision", "recall", "F1", "accuracy")
        at = [1.3 - 0.27 * i for i in range(4)]
        for name, y in zip(names, at, strict=True):
            sheet.text(TABLE, y, name, fontsize=10)
        left = TABLE + 0.76
        terms = [Letters(sheet, left, y, size=9.5, color=INK) for y in at]
        results = [Letters(sheet, TABLE + ROW_NAMES + 2 * CELL[0], y, size=10.5, color=INK, bold=True, right=True)
                   for y in at]  # fmt: skip
        no_value = Letters(sheet, left, at[0], size=9.5, color=VERMILLION)

        def move(values: Values) -> None:
            caught, missed, alarms = values["caught"], values["missed"], values["false_alarms"]
            shares = [share_text(caught, alarms), share_text(caught, missed)]
            right, n = caught + values["passed"], len(self.run.scores)
            empty = caught + alarms == 0
            no_value.write("no alarms, so no value" if empty else "")
            texts = ["" if empty else shares[0], shares[1], "harmonic mean", f"{right:,} / {n:,}"]
            found = "" if empty else percent(values["precision"])
            numbers = [found, percent(values["recall"]), f"{values['f1']:.2f}", percent(values["accuracy"], 1)]
            for letters, text in zip((*terms, *results), (*texts, *numbers), strict=True):
                letters.write(text)

        return move

    def _paint_curve(self, ax: Axes) -> Move:
        ax.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="recall", title="Precision over recall")
        ax.set_ylabel("precision", labelpad=1)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_ticks([0, 0.25, 0.5, 0.75, 1], labels=["0", "", "50 %", "", "100 %"])
        share = self.run.positives / len(self.run.scores)
        ax.axhline(share, color=INK, linestyle=":", linewidth=1.2)
        ax.axvline(0.95, color=INK, linestyle="--", linewidth=1.2)
        above = share < 0.8
        at = {"textcoords": "offset points", "fontsize": 9.5}
        ax.annotate(
            "all called positive", (0.02, share), (0, 3 if above else -3), va="bottom" if above else "top", **at
        )
        ax.annotate("goal: 95 %", (0.95, 0.42 if share < 0.3 else 0.02), (-3, 0), ha="right", va="bottom", **at)
        ax.plot(self.run.recalls, self.run.precisions, ".-", color=BLUE, linewidth=1.4, markersize=3.5)
        (dot,) = ax.plot([], [], "o", color=GREEN, markersize=9, animated=True, clip_on=False, zorder=4)
        words = ax.text(0.06, 0.5, "no alarms:\nprecision\nhas no value", color=VERMILLION, animated=True)

        def move(values: Values) -> None:
            known = values["caught"] + values["false_alarms"] > 0
            dot.set_data(*([[values["recall"]], [values["precision"]]] if known else ([], [])))
            words.set_visible(not known)

        return move


def share_text(part: int, other: int) -> str:
    """Return a share of two counts, with their sum in full where there is room.

    >>> share_text(73, 5), share_text(15816, 1551)
    ('73 / (73 + 5)', '15,816 / 17,367')
    """
    text = f"{part:,} / ({part:,} + {other:,})"
    return text if len(text) <= 17 else f"{part:,} / {part + other:,}"


def threshold_text(threshold: float) -> str:
    """Return a threshold with two decimals or, near the ends, as many as it has.

    >>> threshold_text(0.5), threshold_text(0.00015), threshold_text(1.0)
    ('0.50', '0.00015', '1')
    """
    text = np.format_float_positional(threshold, trim="-")
    return f"{threshold:.2f}" if 0.01 <= threshold <= 0.99 else text


def escaped(text: str) -> str:
    """Return a text in which no sign begins a formula."""
    return text.replace("$", r"\$")
