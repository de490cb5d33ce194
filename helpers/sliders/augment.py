"""Random copies of digits at a chosen strength, beside what that strength did for a network (lesson 14)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.augmentation import KINDS, amounts, draw_moves, ink_lost, warp
from helpers.sliders.augment_given import COPIES, LOST, ROWS, checked_accuracies, checked_images, checked_kinds
from helpers.sliders.augment_picture import HEIGHT, WIDTH, AugmentPicture
from helpers.sliders.choices import choice, stops
from helpers.sliders.controls import slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.parts import number, percent
from helpers.sliders.picture import Values

TITLE = "Deform digits"
STRENGTHS = [quarter / 4 for quarter in range(13)]
DONE = {"shift": "shifted", "rotation": "rotated", "zoom": "zoomed"}
CODE = """\
import numpy as np
from helpers.augmentation import amounts, draw_moves, ink_lost, warp

# images: what you gave to augment
strength, kind, draw = {{strength}}, {{kind}}, {{draw}}
shown = np.repeat(np.reshape(images, (-1, 28, 28))[:{rows}], {copies}, axis=0)  # {copies} copies of each
moves = draw_moves(len(shown), np.random.default_rng(draw), **amounts(strength, kind))
copies = warp(shown, moves).reshape(-1, {copies}, 28, 28)
right, down, degrees, zoom, mirrored = (part.reshape(-1, {copies}) for part in moves)
lost = ink_lost(shown, moves).reshape(-1, {copies})  # shares of the ink that leave the frame
cut = int(np.sum(lost > {lost}))
"""


def augment(
    images: ArrayLike,
    labels: ArrayLike,
    runs_by_strength: Any,
    *,
    runs_by_kind: Any = None,
    strength: float = 1.0,
    kind: str = "all",
    draw: int = 0,
) -> Explorer:
    """Explore what random shifts, rotations and zooms make of digits, and what they did for a network.

    The first four of the images (n, 28, 28) are shown, each with 8 copies moved as `augmentation.deform` does with
    `amounts(strength, kind)`; strength from 0 to 3 in quarters, `kind` one of `augmentation.KINDS`, `draw` from 0 to 9.
    runs_by_strength: strength -> runs with a `val_accuracy` (seeds,), or that array itself, recorded with all three,
    0 for none; runs_by_kind: kind -> the same, recorded with that kind alone. The values: `strength`, `kind`, `draw`,
    `copies` (rows, 8, 28, 28); `right` and `down` in pixels, `degrees`, `zoom`, `mirrored`, `lost` (the share of the
    ink that has left the frame), each (rows, 8); `cut` (how many copies have lost more than 2 %), `accuracies` (seeds,)
    recorded with this setting, or None, `best_strength` of the highest mean accuracy with all three, and `goal_met`.
    """
    try:
        run = Augmentation(images, labels, runs_by_strength, runs_by_kind)
        keys = "Tab to it and press the arrow keys"
        words = [f"{value:g}" for value in STRENGTHS]
        tip = "1 is up to 2 pixels of shift, 10 degrees of rotation, 10 % of zoom"
        controls = {
            "strength": stops(strength, STRENGTHS, "strength", words=words, tip=tip),
            "kind": choice("all", KINDS, "what is done", tip=f"One of them, or all but the flip: {keys}"),
            "draw": slider(draw, 0, 9, "draw", step=1, tip="Other random copies", only="whole numbers"),
        }
        controls["kind"].value = kind
    except Exception as error:
        return refused(TITLE, error)
    code = CODE.format(rows=ROWS, copies=COPIES, lost=LOST)
    paint = AugmentPicture(run).paint
    return Explorer(TITLE, controls, run.compute, paint, goal=run.goal, code=code, size=(WIDTH, HEIGHT))


class Augmentation:
    """Images to copy, and the accuracies that were recorded."""

    def __init__(self, images: ArrayLike, labels: ArrayLike, runs_by_strength: Any, runs_by_kind: Any) -> None:
        self.images, self.labels = checked_images(images, labels)
        self.recorded = {"all": checked_accuracies(runs_by_strength, "runs_by_strength")} | checked_kinds(runs_by_kind)
        means = {strength: accuracies.mean() for strength, accuracies in self.recorded["all"].items()}
        self.best_strength = max(means, key=means.get)
        self.goal = "find the recorded strength of the highest validation accuracy." if len(means) > 1 else ""

    def compute(self, strength: float, kind: str, draw: float) -> Values:
        """Draw the copies."""
        shown = np.repeat(self.images, COPIES, axis=0)
        moves = draw_moves(len(shown), np.random.default_rng(int(draw)), **amounts(strength, kind))
        table = {name: part.reshape(-1, COPIES) for name, part in moves._asdict().items()}
        lost = ink_lost(shown, moves).reshape(-1, COPIES)
        accuracies = self.recorded.get(kind, {}).get(strength)
        return {
            "strength": strength, "kind": kind, "draw": int(draw),
            "copies": warp(shown, moves).reshape(-1, COPIES, *shown.shape[1:]), **table, "lost": lost,
            "cut": int(np.sum(lost > LOST)), "accuracies": None if accuracies is None else accuracies.copy(),
            "best_strength": self.best_strength,
            "goal_met": bool(self.goal) and kind == "all" and strength == self.best_strength,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        cut, many = values["cut"], values["lost"].size
        text = self._done(values)
        if values["strength"] and values["kind"] != "flip":
            most = f"at most {number(100 * values['lost'].max())} %"
            found = f"In {cut} of {many} more than 2 % of the ink leaves the frame, {most}."
            text += f" {found}" if cut else f" None of the {many} loses more than 2 % of its ink."
        text += f" {self._recorded(values)}"
        return f"{text} ✓ Goal met." if values["goal_met"] else text

    def _done(self, values: Values) -> str:
        """Say what was done to the copies."""
        strength, kind = values["strength"], values["kind"]
        if not strength:
            return "Strength 0: each copy is the original."
        if kind == "flip":
            mirrored = f"{values['mirrored'].sum()} of {values['mirrored'].size} copies are mirrored"
            return f"Flip: {mirrored}, at any strength above 0. The labels stay, though most digits become no digit."
        largest = {
            "shift": f"{number(max(np.abs(values[way]).max() for way in ('right', 'down')), 2)} pixels",
            "rotation": f"{number(np.abs(values['degrees']).max(), 2)} degrees",
            "zoom": percent(float(np.abs(values["zoom"] - 1).max())),
        }
        parts = [f"{done} by up to {largest[name]}" for name, done in DONE.items() if kind in ("all", name)]
        return f"Strength {strength:g}: copies are {' and '.join(', '.join(parts).rsplit(', ', 1))}."

    def _recorded(self, values: Values) -> str:
        """Say how accurate networks became."""
        strength, kind, accuracies = values["strength"], values["kind"], values["accuracies"]
        table, alone = self.recorded.get(kind), f"{kind} alone" if kind != "all" else "this"
        if table is None:
            return f"Nothing was recorded for {alone}."
        none = self.recorded["all"].get(0.0)
        if accuracies is None:
            near = sorted(sorted(table, key=lambda other: abs(other - strength))[:2])
            others = ", ".join(f"with {other:g} {_mean(table[other])}" for other in near)
            text = f"This strength was not recorded{'' if kind == 'all' else ' for ' + alone}; "
            text += f"validation accuracy {others}"
        else:
            text = f"Recorded validation accuracy{'' if kind == 'all' else ' with ' + alone}: {_mean(accuracies)}"
            text += f" ({_spread(accuracies)})" if len(accuracies) > 1 else ""
        if none is not None and (strength or kind != "all"):
            text += f"; with none of it {_mean(none)}"
        if kind == "all" and strength != self.best_strength:
            text += f"; highest at strength {self.best_strength:g}, {_mean(table[self.best_strength])}"
        return f"{text}."


def _mean(accuracies: NDArray) -> str:
    """Return the mean over the runs, in percent."""
    return f"{100 * accuracies.mean():.1f} %"


def _spread(accuracies: NDArray) -> str:
    """Return how many runs there are and their lowest and highest accuracy.

    >>> _spread(np.array([0.94, 0.951, 0.946]))
    '3 runs, 94.0 to 95.1 %'
    """
    return f"{len(accuracies)} runs, {100 * accuracies.min():.1f} to {100 * accuracies.max():.1f} %"
