"""Move a threshold over scores: what is caught, what is a false alarm, precision against recall (lesson 09)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.sliders.choices import stops
from helpers.sliders.decide_picture import alarms_in_words
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.given import as_array, describe, shape_of
from helpers.sliders.parts import number, percent
from helpers.sliders.picture import Values
from helpers.sliders.precision_recall_picture import HEIGHT, WIDTH, ScoresPicture, threshold_text

TITLE = "Trade precision for recall"
LEAST_RECALL, SLACK = 0.95, 0.005  # the goal, and how far below the best precision it may be
# Where the slider stands: in hundredths, and beyond 0.01 and 0.99 ten steps for each factor of ten, because there is
# where most scores of a network are. A slider in even steps would jump over them.
STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
TAIL = np.outer(10.0 ** np.arange(-6, -2), STEPS).ravel()
THRESHOLDS = np.concatenate([[0], TAIL, np.arange(1, 100) / 100, 1 - TAIL[::-1], [1]]).round(8)
CODE = """\
import numpy as np

# scores and labels: what you gave to precision_recall
threshold = {threshold}
called, positive = np.ravel(scores) >= threshold, np.ravel(labels) == 1
caught, missed = np.sum(called & positive), np.sum(~called & positive)
false_alarms, passed = np.sum(called & ~positive), np.sum(~called & ~positive)
precision = caught / (caught + false_alarms) if called.any() else np.nan  # of those that are called: the right ones
recall = caught / (caught + missed)  # of the positives: those that are called
f1 = 2 * caught / (2 * caught + missed + false_alarms)  # the harmonic mean of both
accuracy = (caught + passed) / len(called)
"""


def precision_recall(
    scores: ArrayLike, labels: ArrayLike, *, threshold: float = 0.5, name: str = "positive"
) -> Explorer:
    """Explore what the decision score >= threshold catches and what it costs in false alarms.

    scores: probabilities, shape (n,) or (n, 1); labels: 1 or True for a positive, else 0 or False, of the same shape;
    `name` says what a positive is, such as "an 8". Precision is the share of right ones among all that are called
    positive, and nan where none is: 0/0. Recall is the share of the positives that are called. The values:
    `threshold`, `caught`, `missed`, `false_alarms`, `passed` (counts), `precision`, `recall`, `f1` (0 where nothing is
    caught), `accuracy`; `precisions` and `recalls` at each of `thresholds`, the slider's own; `best_f1` among these at
    `best_threshold`, the lowest such one; and `goal_met`: recall of 0.95 or more, and precision at most 0.005 below
    the best that goes with it.
    """
    try:
        run = Scores(scores, labels, name)
        tip = "What scores so much or more is called positive"
        words = [np.format_float_positional(t, trim="-") for t in THRESHOLDS]
        control = stops(threshold, THRESHOLDS.tolist(), "threshold", words=words, tip=tip)
    except Exception as error:
        return refused(TITLE, error)
    goal = f"catch at least 95 % ({run.enough:,} of {run.positives:,}) with as few false alarms as possible."
    paint = ScoresPicture(run).paint
    return Explorer(TITLE, {"threshold": control}, run.compute, paint, goal=goal, code=CODE, size=(WIDTH, HEIGHT))


class Scores:
    """Scores, which of them are positives, and what each threshold of the slider makes of them."""

    def __init__(self, scores: ArrayLike, labels: ArrayLike, name: str) -> None:
        self.scores, self.positive = _flat(scores, "scores"), checked_labels(_flat(labels, "labels"))
        if len(self.scores) != len(self.positive):
            raise ValueError(f"there are {len(self.scores)} scores and {len(self.positive)} labels, not as many")
        if self.scores.dtype.kind not in "iuf":
            raise ValueError(f"scores must be numbers from 0 to 1, found {self.scores.dtype}")
        inside = (self.scores >= 0) & (self.scores <= 1)
        if not inside.all():
            worst = self.scores[~inside][0]
            raise ValueError(f"scores must be probabilities from 0 to 1, found {worst:g}: sigmoid makes them of logits")
        self.scores = self.scores.astype(float)
        if not isinstance(name, str) or not 1 <= len(name.strip()) <= 12:
            raise ValueError(f"name must be a text of 1 to 12 letters, such as 'an 8', found {describe(name)}")
        self.name, self.other = name, "negative" if name == "positive" else f"not {name}"
        self.positives, self.negatives = int(self.positive.sum()), int(np.sum(~self.positive))
        self.thresholds = THRESHOLDS
        self.caught, self.false_alarms = self.count(THRESHOLDS)
        with np.errstate(invalid="ignore"):
            self.precisions = self.caught / (self.caught + self.false_alarms)
        self.recalls = self.caught / self.positives
        f1 = 2 * self.caught / (self.caught + self.false_alarms + self.positives)
        self.best_f1, self.best_threshold = float(f1.max()), float(THRESHOLDS[f1.argmax()])
        self.enough = int(np.ceil(LEAST_RECALL * self.positives - 1e-9))
        self.best_precision = float(np.nanmax(self.precisions[self.caught >= self.enough]))

    def count(self, thresholds: NDArray) -> tuple[NDArray, NDArray]:
        """Return how many positives and how many negatives score each threshold or more."""
        below = (np.searchsorted(np.sort(self.scores[kind]), thresholds) for kind in (self.positive, ~self.positive))
        return tuple(many - less for many, less in zip((self.positives, self.negatives), below, strict=True))

    def compute(self, threshold: float) -> Values:
        """Decide and count."""
        place = int(np.searchsorted(THRESHOLDS, threshold))
        caught, false_alarms = int(self.caught[place]), int(self.false_alarms[place])
        passed, precision = self.negatives - false_alarms, float(self.precisions[place])
        return {
            "threshold": threshold, "caught": caught, "missed": self.positives - caught, "false_alarms": false_alarms,
            "passed": passed, "precision": precision, "recall": float(self.recalls[place]),
            "f1": 2 * caught / (caught + false_alarms + self.positives),
            "accuracy": (caught + passed) / len(self.scores), "precisions": self.precisions.copy(),
            "recalls": self.recalls.copy(), "thresholds": THRESHOLDS.copy(), "best_f1": self.best_f1,
            "best_threshold": self.best_threshold,
            "goal_met": caught >= self.enough and precision >= self.best_precision - SLACK - 1e-12,
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a sentence."""
        caught, alarms = values["caught"], values["false_alarms"]
        never, precision = percent(self.negatives / len(self.scores), 1), "no alarms: precision has no value"
        if caught + alarms:
            precision = f"{alarms_in_words(alarms)} (precision {percent(values['precision'])})"
        text = (
            f"At {threshold_text(values['threshold'])}: {caught:,} of {self.positives:,} are caught "
            f"(recall {percent(values['recall'])}), {precision}, "
            f"F1 {number(values['f1'], 2)}; accuracy {percent(values['accuracy'], 1)}, and {never} for whoever "
            "always says no."
        )
        return f"{text} ✓ Goal met." if values["goal_met"] else text


def checked_labels(labels: NDArray) -> NDArray[np.bool_]:
    """Return which labels are positive, or raise ValueError."""
    if labels.dtype.kind not in "biuf":
        raise ValueError(f"labels must be 1 or True and 0 or False, found {describe(labels[0])}")
    if (odd := (labels != 0) & (labels != 1)).any():
        hint = "compare them first, as labels == 8"
        raise ValueError(f"labels must hold only 1, a positive, and 0, found {labels[odd][0]:g}: {hint}")
    if (labels == labels[0]).all():
        raise ValueError(f"labels holds only {labels[0]:g}: positives and negatives are both needed")
    return labels == 1


def _flat(values: ArrayLike, name: str) -> NDArray:
    """Return an array of shape (n,), not empty; (n, 1) is taken too."""
    array = as_array(values)
    found = shape_of(array, values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 1 and len(array):
        return array
    one = ": take the column of one class, as [:, 8]" if array.ndim == 2 and len(array) else ""
    raise ValueError(f"{name} must have shape (n,), one for each example, found {found}{one}")
