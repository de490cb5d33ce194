"""Explorers: pictures with sliders that answer at once, say what they show, and hand out their code.

`sliders.roll_down(eta=0.05)` in a cell shows one; `help(sliders.Explorer)` says how to write one's own.
"""

from helpers.sliders.augment import augment
from helpers.sliders.choices import choice
from helpers.sliders.controls import log_slider, slider
from helpers.sliders.decide import decide
from helpers.sliders.draw_digit import draw_digit
from helpers.sliders.dropout import dropout
from helpers.sliders.engine import Explorer
from helpers.sliders.epochs import epochs
from helpers.sliders.keras_line import keras_line
from helpers.sliders.learning_rate import learning_rate
from helpers.sliders.line import fit_line
from helpers.sliders.look import look
from helpers.sliders.move_filter import move_filter
from helpers.sliders.patience import patience
from helpers.sliders.polynomial import polynomial
from helpers.sliders.precision_recall import precision_recall
from helpers.sliders.race import race
from helpers.sliders.roll import roll_down
from helpers.sliders.stochastic import stochastic_descent
from helpers.sliders.train_network import train_network
from helpers.sliders.transfer import transfer
from helpers.sliders.two_penalties import two_penalties
from helpers.sliders.xray import xray

__all__ = [
    "Explorer",
    "augment",
    "choice",
    "decide",
    "draw_digit",
    "dropout",
    "epochs",
    "fit_line",
    "keras_line",
    "learning_rate",
    "log_slider",
    "look",
    "move_filter",
    "patience",
    "polynomial",
    "precision_recall",
    "race",
    "roll_down",
    "slider",
    "stochastic_descent",
    "train_network",
    "transfer",
    "two_penalties",
    "xray",
]
