"""Checks of lesson 08, the exercise that builds a Keras model."""

import numpy as np

from helpers.check import model_words as words
from helpers.check.engine import Slip
from helpers.check.model_exercise import ModelExercise
from helpers.check.observe_model import judging_model
from helpers.check.slips import alike
from helpers.check.wrong_model import building, dense, from_logits, made

_BIASLESS = {"use_bias": False}


def _other_rate(eta: float) -> Slip:
    return Slip(words.RATE.format(eta), building(optimizer=made("optimizers.Adam", learning_rate=eta)))


build_model = ModelExercise(
    "build_model",
    building(),
    observe=judging_model,
    also_right=[building(dense(32, "relu"), dense(10), loss=from_logits(), optimizer=made("optimizers.Adam", learning_rate=0.001)), building(shape=None)],
    slips=[
        Slip(words.NUMBERS, building(back=lambda model: model(np.zeros((1, 784), np.float32)).numpy())),
        Slip(words.NUMBERS, building(back=lambda model: model.get_weights())),
        *alike(words.NOTHING, building(back=lambda model: None), building(back=lambda model: model.compile("adam", "mse"))),
        *alike(words.A_CLASS, building(back=type), building(back=lambda model: lambda: model)),
        Slip(words.HISTORY, building(back=lambda model: made("callbacks.History")())),
        Slip(words.SEVERAL, building(back=lambda model: (model, model.optimizer))),
        Slip(words.TENSOR, building(back=lambda model: model.outputs[0])),
        Slip(words.A_LAYER, building(back=lambda model: model.layers[-1])),
        *alike(words.ROWS, building(shape=(28, 28)), building(shape=(28, 28), compiled=False)),
        Slip(words.FLATTENS, building(made("layers.Flatten"), dense(32, "relu"), dense(10, "softmax"), shape=(28, 28))),
        *(Slip(words.INPUT.format((None, *shape)), building(made("layers.Flatten"), dense(32, "relu"), dense(10, "softmax"), shape=shape)) for shape in [(28,), (783,), (28, 28, 1)]),
        *(Slip(words.UNITS.format(units), building(dense(32, "relu"), dense(units, "softmax"))) for units in (9, 11, 128)),
        *(Slip(words.UNITS.format(units), building(dense(units, "softmax"))) for units in (1, 32)),
        *(Slip(words.HIDDEN_UNITS.format(units), building(dense(units, "relu"), dense(10, "softmax"))) for units in (10, 16, 64, 128)),
        *alike(words.NO_HIDDEN, building(dense(10, "softmax")), building(dense(10), loss=from_logits())),
        Slip(words.NO_DENSE, building(made("layers.AveragePooling1D", 78), made("layers.Flatten"), made("layers.Softmax"), shape=(784, 1))),
        Slip(words.TOO_MANY, building(dense(32, "relu"), dense(32, "relu"), dense(10, "softmax"))),
        *alike(words.NO_BIAS, building(dense(32, "relu", **_BIASLESS), dense(10, "softmax", **_BIASLESS)), building(dense(32, "relu", **_BIASLESS), dense(10, "softmax")), building(dense(32, "relu"), dense(10, "softmax", **_BIASLESS))),
        Slip(words.COUNT, building(dense(32, "relu"), made("layers.BatchNormalization"), dense(10, "softmax"))),
        Slip(words.FROZEN, building(dense(32, "relu", trainable=False), dense(10, "softmax"))),
        *(Slip(words.ALIKE, building(dense(32, "relu", kernel_initializer=one), dense(10, "softmax"))) for one in ("zeros", "ones")),
        Slip(words.TRAINS_OTHERWISE, building(dense(32, "relu"), made("layers.Dropout", 0.5), dense(10, "softmax"))),
        *(Slip(hint, building(dense(32, activation), dense(10, "softmax"))) for activation, hint in words.HIDDEN.items()),
        Slip(words.HIDDEN["linear"], building(dense(32), dense(10), loss=from_logits())),
        Slip(words.ODD, building(dense(32, "gelu"), dense(10, "softmax"))),
        Slip(words.ODD, building(made("layers.Rescaling", 1 / 255), dense(32, "relu"), dense(10, "softmax"))),
        Slip(words.OUTPUT["softmax twice"], building(dense(32, "relu"), dense(10, "softmax"), made("layers.Softmax"))),
        *(Slip(words.OUTPUT[activation], building(dense(32, "relu"), dense(10, activation), loss=from_logits())) for activation in ("relu", "sigmoid", "tanh")),
        *alike(words.NOT_COMPILED, building(compiled=False), building(dense(32, "relu"), dense(10), compiled=False)),
        Slip(words.NO_LOSS, building(loss=None)),
        *alike(words.ONE_HOT, building(loss="categorical_crossentropy"), building(dense(32, "relu"), dense(10), loss=made("losses.CategoricalCrossentropy", from_logits=True)), building(loss="kl_divergence")),
        Slip(words.SQUARED, building(loss="mse")),
        Slip(words.BINARY, building(loss="binary_crossentropy")),
        Slip(words.NOT_ENTROPY, building(loss="mae")),
        *alike(words.LOGITS, building(dense(32, "relu"), dense(10)), building(dense(32, "relu"), dense(10, "linear"), loss=made("losses.SparseCategoricalCrossentropy"))),
        Slip(words.PROBABILITIES, building(loss=from_logits())),
        *(Slip(words.SUMMED, building(dense(32, "relu"), dense(10), loss=from_logits(reduction=how))) for how in ("sum", None)),
        Slip(words.LOSS_WEIGHTS, building(loss_weights=["accuracy"])),
        Slip(words.PENALTY, building(dense(32, "relu", kernel_regularizer="l2"), dense(10, "softmax"))),
        Slip("the loss fails: Could not interpret loss identifier: sparse_crossentropy", building(loss="sparse_crossentropy")),
        *(Slip(words.OPTIMIZER.format(name), building(optimizer=made(f"optimizers.{name}", learning_rate=0.001))) for name in ("SGD", "AdamW", "Nadam")),
        Slip(words.RMSPROP, building(optimizer="rmsprop")),
        *(_other_rate(eta) for eta in (0.01, 0.1, 0.0001)),
        Slip(words.SET.format("weight_decay=0.01"), building(optimizer=made("optimizers.Adam", weight_decay=0.01))),
        Slip(words.SCHEDULE, building(optimizer=made("optimizers.Adam", learning_rate=made("optimizers.schedules.CosineDecay", 0.001, 100)))),
        Slip("raises ValueError: Could not interpret activation function identifier: rellu", building(dense(32, "rellu"), dense(10))),
    ],
    praise="25,450 parameters, and ready for fit",
)  # fmt: skip
