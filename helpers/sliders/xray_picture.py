"""The picture of a network under X-ray: a card for every node, arrows forward and backward, the check (lesson 05)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

from helpers.plots import BLUE, GREEN, INK, VERMILLION
from helpers.sliders.letters import LETTER, POINTS, Letters
from helpers.sliders.picture import Move, Update, Values, in_inches, together
from helpers.sliders.xray_graph import BACKWARD, GIVEN, STEPS, Graph
from helpers.sliders.xray_layout import EDGES, HEADER, HEIGHT, MARGIN, PAD, Card, Layout, arrow
from helpers.sliders.xray_words import error_in_words, in_words, is_wrong, matrix, sentence, step_formula

PALE_BLUE, PALE_VERMILLION, PALE, GRAY = "#dcebf5", "#fbe4d5", "0.8", "0.6"
MARKS = {"right": ("✓", "✓", GREEN), "fault": ("✗", "✗ fault", VERMILLION), "inherited": ("≠", "≠ inherited", INK)}


class GraphPicture:
    """Draws one `Graph`."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.shapes = {name: np.shape(value) for name, value in graph.nodes.items()}
        self.layout = Layout(self.shapes)
        self.cards, self.font, self.small = self.layout.cards, self.layout.font, self.layout.small

    def paint(self, figure: Figure) -> Update:
        """Draw the cards and pale arrows; return what fills them."""
        ax = in_inches(figure)
        moves = [self._paint_card(ax, name) for name in self.cards]
        moves += [self._paint_arrows(ax), self._paint_formula(ax), self._paint_check(ax)]
        return together(moves, lambda values: sentence(self.graph, values))

    def _paint_card(self, ax: Axes, name: str) -> Move:
        card, loss = self.cards[name], name == "loss"
        ax.add_patch(_box(card.left, card.bottom, card.width, card.height, edgecolor=PALE, facecolor="white"))
        upper, lower = (
            Rectangle((card.left + 0.03, y), card.width - 0.06, height, facecolor=color, animated=True, zorder=1.5)
            for y, height, color in (
                (card.bottom + card.half + 0.01, card.height - card.half - 0.04, PALE_BLUE),
                (card.bottom + 0.03, card.half - 0.04, PALE_VERMILLION),
            )
        )
        ax.add_patch(upper)
        ax.add_patch(lower)
        left, line = card.left + PAD, card.top - 0.68 * HEADER
        title = Letters(ax, left, line, size=self.font, color=INK, bold=True)
        shape = Letters(ax, card.right - PAD, line, size=self.small, color="0.4", right=True)
        number = Letters(ax, left, card.top - HEADER - 0.8 * self.layout.line, size=self.font, color=INK, mono=True)
        if loss:
            labels = " ".join(map(str, self.graph.labels))
            ax.text(left, card.bottom + 0.13, f"labels {labels}", va="center", fontsize=9, color="0.4")
        grad = number if loss else self._paint_gradient(ax, card, name)

        def move(values: Values) -> None:
            new = STEPS[values["step"]]
            upper.set_visible(name == new or (new == "given" and name in GIVEN))
            lower.set_visible(new == f"grad_{name}")
            title.write(name)
            shape.write("" if loss else str(self.shapes[name]))
            number.write(matrix(values[name]) if name in values["names"] else "")
            if not loss:
                grad(values)

        return move

    def _paint_gradient(self, ax: Axes, card: Card, name: str) -> Move:
        left, line, name = card.left + PAD, card.bottom + card.half - 0.68 * HEADER, f"grad_{name}"
        title = Letters(ax, left, line, size=self.small, color=GRAY, bold=True)
        mark = Letters(ax, card.right - PAD, line, size=self.small, color=INK, right=True)
        below = line - 0.34 * HEADER - 0.8 * self.layout.line
        number = Letters(ax, left, below, size=self.font, color=VERMILLION, mono=True)
        around = _box(card.left, card.bottom, card.width, card.height, edgecolor=VERMILLION, facecolor="none")
        around.set(linewidth=2.2, animated=True, zorder=3)
        ax.add_patch(around)

        def move(values: Values) -> None:
            known, kind = name in values["gradients"], verdict(values, name)
            title.write(name, color=VERMILLION if known else GRAY)
            number.write(matrix(values[name]) if known else "")
            if known:
                mark.write(MARKS[kind][1], color=MARKS[kind][2], bold=kind == "fault")
            else:
                mark.write("mistake" if is_wrong(name, values["mistake"]) else "", color="0.4", bold=False)
            around.set_visible(known and kind == "fault")

        return move

    def _paint_arrows(self, ax: Axes) -> Move:
        pairs = []
        for source, target in EDGES:
            start, end = self.layout.edge(source, target)
            aside = np.array([0, 0.075] if start[1] == end[1] else [-0.09, 0])
            ends = (start + aside, end + aside), (end - aside, start - aside)
            ax.add_patch(Polygon(arrow(*ends[0]), color=PALE, linewidth=0))
            patches = [
                ax.add_patch(Polygon(arrow(*way), color=color, linewidth=0, zorder=2, animated=True))
                for way, color in zip(ends, (BLUE, VERMILLION), strict=True)
            ]
            corners = [(arrow(*way), arrow(*way, thick=2.0)) for way in ends]
            pairs += zip((target, f"grad_{source}"), patches, corners, strict=True)

        def move(values: Values) -> None:
            new = STEPS[values["step"]]
            for name, patch, (thin, thick) in pairs:
                patch.set_visible(name in values["names"] or name in values["gradients"])
                patch.set_xy(thick if name == new else thin)

        return move

    def _paint_formula(self, ax: Axes) -> Move:
        size, y = 10.5, HEIGHT - 0.26
        formula = Letters(ax, MARGIN, y, size=size, color=BLUE, mono=True, bold=True)
        shapes = Letters(ax, MARGIN, y, size=size, color=INK, mono=True)
        words = Letters(ax, MARGIN, y - 0.25, size=10, color=INK)

        def move(values: Values) -> None:
            new = STEPS[values["step"]]
            text, in_shapes = step_formula(self.graph, new, values["mistake"])
            formula.write(text, color=VERMILLION if new in BACKWARD else BLUE)
            shapes.write(in_shapes, x=MARGIN + (len(text) + 2) * LETTER * size / POINTS)
            words.write(in_words(new, values["step"], values["mistake"]))

        return move

    def _paint_check(self, ax: Axes) -> Move:
        left, loss = self.cards["loss"].left, self.cards["loss"]
        top = min(self.cards["Z2"].bottom, loss.bottom) - 0.12
        ax.text(left, top, "Check: relative\nerror against\ndifferences", va="top", fontsize=9, linespacing=1.15)
        lines = [Letters(ax, left, top - 0.66 - 0.17 * i, size=8.5, color=INK, mono=True) for i in range(len(BACKWARD))]

        def move(values: Values) -> None:
            for name, line in zip(BACKWARD, lines, strict=True):
                kind, error = verdict(values, name), values["error"].get(name)
                text = "" if error is None else f"{MARKS[kind][0]} {name:<7} {error_in_words(error)}"
                line.write(text, color=MARKS[kind][2], bold=kind == "fault")

        return move


def verdict(values: Mapping[str, Any], name: str) -> str:
    """Return whether a gradient is "right", the "fault", or has "inherited" one."""
    return "fault" if name == values["fault"] else "inherited" if name in values["inherited"] else "right"


def _box(left: float, bottom: float, width: float, height: float, **look: Any) -> FancyBboxPatch:
    style = "round,pad=0,rounding_size=0.05"
    return FancyBboxPatch((left, bottom), width, height, boxstyle=style, linewidth=1, **look)
