"""A slider through the epochs of a training: what the model says of each image, and both losses (lesson 08)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.sliders.controls import slider
from helpers.sliders.engine import Explorer, refused
from helpers.sliders.epochs_given import checked_history, checked_probabilities
from helpers.sliders.epochs_picture import EpochsPicture
from helpers.sliders.given import digit_images, whole_labels
from helpers.sliders.parts import a_digit, number, percent
from helpers.sliders.picture import Values

TITLE = "Walk through the epochs"
CODE = """\
import numpy as np

# probabilities, labels: what you gave to epochs; `image` is a place among them
epoch, image = {epoch}, {image}
label = labels[image]
says = np.argmax(probabilities[epoch][image])
truth_by_epoch = np.array([p[image][label] for p in probabilities])  # the probability of the right class
probability = truth_by_epoch[epoch]
right = np.argmax(probabilities, axis=2) == np.ravel(labels)  # shape (epochs + 1, images)
right_by_epoch = right[:, image]
unlearned = np.flatnonzero(right[1:].any(axis=0) & ~right[-1])
"""


def epochs(
    history: Any,
    probabilities: ArrayLike,
    images: ArrayLike,
    labels: ArrayLike,
    *,
    epoch: int | None = None,
    image: int | None = None,
) -> Explorer:
    """Explore what a classifier says of n images after each of E epochs.

    `history` is what Keras's `fit` returns, or its dict, with E values of loss and val_loss; probabilities have shape
    (E + 1, n, 10), after 0, 1, ..., E epochs; images (n, 28, 28), labels (n,), n up to 2,000. It starts at the last
    epoch, with the first image that is not the goal already. The values: `epoch`, `image`, `label`, `says` (the class
    of the largest probability), `probability` (of the truth), `probabilities` (10,) of this image after this epoch,
    `truth_by_epoch` (E + 1,) and `right_by_epoch` (E + 1,) of this image, `loss` and `val_loss` (None at epoch 0),
    `unlearned` (the images that were read right after an epoch and are wrong at the end), `last_learned` (those whose
    reading is right from the latest epoch on) and `goal_met`.
    """
    try:
        training = Training(history, probabilities, images, labels)
        first, last = np.flatnonzero(~training.wanted), training.num_epochs
        start = (int(first[0]) if len(first) else 0) if image is None else image
        tip, other = "How many times all training images were read", "Which of the images is shown"
        controls = {
            "epoch": slider(last if epoch is None else epoch, 0, last, "epoch", step=1, tip=tip, only="whole numbers"),
            "image": slider(start, 0, max(training.n - 1, 1), "image", step=1, tip=other, only="whole numbers"),
        }
        if training.n == 1:
            del controls["image"]  # there is nothing to slide
    except Exception as error:
        return refused(TITLE, error)
    code = CODE if training.n > 1 else CODE.replace("{image}", "0")
    return Explorer(TITLE, controls, training.compute, EpochsPicture(training).paint, goal=training.goal, code=code)


class Training:
    """The epochs of a training, and which images it has learned when."""

    def __init__(self, history: Any, probabilities: ArrayLike, images: ArrayLike, labels: ArrayLike) -> None:
        self.curves = checked_history(history)
        self.num_epochs = len(self.curves["loss"])
        self.p = checked_probabilities(probabilities, self.num_epochs)
        self.n = self.p.shape[1]
        self.images, self.labels = digit_images(images).copy(), whole_labels(labels, self.n, 10)
        if len(self.images) != self.n:
            found = f"{len(self.images):,} images and the probabilities of {self.n:,}"
            raise ValueError(f"there are {found}: they must be as many")
        self.right = self.p.argmax(axis=2) == self.labels
        self.unlearned = np.flatnonzero(self.right[1:].any(axis=0) & ~self.right[-1])
        wrong = np.where(~self.right, np.arange(self.num_epochs + 1)[:, None], -1).max(axis=0)  # the last time
        self.learned = np.where(self.right[-1], wrong + 1, -1)  # right from this epoch on; -1: wrong at the end
        latest = self.learned.max()
        self.last_learned = np.flatnonzero(self.learned == latest) if latest > 0 else np.empty(0, dtype=int)
        self.wanted = np.zeros(self.n, dtype=bool)
        self.wanted[self.unlearned if len(self.unlearned) else self.last_learned] = True
        self.goal = self._goal()

    def _goal(self) -> str:
        """Say what to look for: something forgotten, or what is learned last."""
        many = int(self.wanted.sum())
        if len(self.unlearned):
            forgotten = "find an image that was read right after some epoch and is wrong at the end"
            return f"{forgotten} ({many:,} of {self.n:,})."
        late = f"after epoch {self.learned.max()}"
        return f"find an image that is learned last, {late} ({many:,} of {self.n:,})." if many else ""

    def compute(self, epoch: float, image: float = 0) -> Values:
        """Look up one image after one epoch."""
        epoch, image = int(epoch), int(image)
        label, p = int(self.labels[image]), self.p[epoch, image].copy()
        return {
            "epoch": epoch, "image": image, "label": label, "says": int(p.argmax()), "probability": float(p[label]),
            "probabilities": p, "truth_by_epoch": self.p[:, image, label].copy(),
            "right_by_epoch": self.right[:, image].copy(), "unlearned": self.unlearned.copy(),
            "loss": float(self.curves["loss"][epoch - 1]) if epoch else None,
            "val_loss": float(self.curves["val_loss"][epoch - 1]) if epoch else None,
            "last_learned": self.last_learned.copy(), "goal_met": bool(self.wanted[image]),
        }  # fmt: skip

    def say(self, values: Values) -> str:
        """Return the picture in a few sentences."""
        epoch, label, says = values["epoch"], values["label"], values["says"]
        when = f"After {epoch} epoch{'s' * (epoch != 1)}" if epoch else "Before the training"
        share = percent(values["probabilities"][says])
        sure = share if says == label else f"{share}; {label} has {percent(values['probability'])}"
        text = f"{when} image {values['image']}, {a_digit(label)}, is read as {a_digit(says)} ({sure}). "
        text += self._story(values)
        if epoch:
            best = int(self.curves["val_loss"].argmin())
            text += f" Validation loss {number(values['val_loss'])}"
            lowest = f"the lowest, {number(self.curves['val_loss'][best])}, is that after {best + 1}"
            text += "." if self.num_epochs == 1 else ", the lowest." if best == epoch - 1 else f"; {lowest}."
        return f"{text} ✓ Goal met." if values["goal_met"] else text

    def _story(self, values: Values) -> str:
        """Say how this image fared from the first epoch to the last."""
        right, learned = values["right_by_epoch"][1:], int(self.learned[values["image"]])
        if learned >= 0:
            return f"It is right from epoch {learned} on." if learned else "It is right from the start to the end."
        if not right.any():
            return "It is wrong after every epoch."
        last = f"last after epoch {np.flatnonzero(right)[-1] + 1}"
        return f"It was right after {right.sum()} of {len(right)} epochs, {last}, and is wrong at the end."
