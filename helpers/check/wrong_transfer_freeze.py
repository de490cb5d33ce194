"""What to say of a function that freezes layers of a Keras model, and functions that freeze the wrong ones."""

from collections.abc import Callable, Sequence
from typing import Any

NOTHING = "found None: `return model` is missing, or what compile returns is returned, which is None"
HISTORY = "found what fit returns: freeze and compile here, train elsewhere, and return the model itself"
SEVERAL = "found several things: return the model alone"
LAYERS = "found a list of layers: the model itself is asked, `return model`"
A_LAYER = "found a single layer: the model itself is asked, `return model`"
A_FUNCTION = "found a function, not a model"
NUMBERS = "found numbers: the model itself is asked, `return model`"
LOST = (
    "the weights are lost: a new model begins with new random ones, clone_model too. Hand them on, "
    "new.set_weights(model.get_weights()), or change the given model itself"
)
TRAINED = "the weights have changed: freezing and compiling leaves them as they are; train elsewhere"
PART = "layers are missing in the model that came back: the frozen ones are part of it, they only do not learn"
OTHER = "the model that came back computes something else: it keeps all layers and all weights of the given one"
OTHER_IN_TRAINING = (
    "the model that came back computes something else in training, by a layer of its own perhaps (Dropout, noise): it "
    "keeps the layers of the given one, no others"
)

WHOLE = (
    "model.trainable is False, and then no layer learns, whatever the layers themselves say. Leave model.trainable "
    "alone and set layer.trainable of every layer that has weights: number >= num_frozen, counted from 0"
)
NOT_COMPILED = "the model is not compiled: model.compile(optimizer=..., loss=...) comes before `return model`"
NOT_AGAIN = (
    "not compiled again: after a first fit, Keras's next fit goes on with the training step that it has built, and "
    "moves the frozen weights too, without a word. compile makes it build a new one"
)
OLD_OPTIMIZER = (
    "compile got the model's old optimizer, which is no Adam here, and which knows only the variables that it was "
    "built for: make a new one, keras.optimizers.Adam(1e-4)"
)
ONE_FOR_ALL = (
    "one optimizer serves all models: it knows only the variables that it was built for, and the fit of the next model "
    "fails. Make a new one inside of freeze, keras.optimizers.Adam(1e-4)"
)
STUCK = "a layer that is to learn does not move in training"
OPTIMIZER = "the optimizer is {}: compile again with Adam, learning rate 1e-4"
RATE = "the learning rate is {:.4g}: 1e-4 is asked, small steps for weights that are good already"
OLD_RATE = "the learning rate is 0.5, the old one: 1e-4 is asked, small steps for weights that are good already"
SCHEDULE = "the learning rate follows a schedule: 1e-4 throughout is asked"
NO_LOSS = (
    "compile has no loss, so a model that had none before cannot be trained (Keras keeps the old one where there is "
    'one): loss="sparse_categorical_crossentropy"'
)
LOSS = "the loss is not the cross-entropy of integer labels: sparse_categorical_crossentropy"
NO_ACCURACY = 'the accuracy is missing in this compile: metrics=["accuracy"]'
METRICS = 'the metrics do not give the accuracy for integer labels, the share of right answers: metrics=["accuracy"]'
NO_LATER = (
    "it raises IndexError: where num_frozen is the number of all layers that have weights there is no later one, and "
    "all of them are frozen, the head too"
)
ARRAYS = (
    "arrays are counted: a layer has two, kernel and bias, so num_frozen arrays are about half as many layers. Count "
    "the layers that have weights and set layer.trainable"
)
KERNELS = "a layer is frozen by half, its bias still learns: layer.trainable = False freezes all that it has"
HALVES = (
    "a layer is frozen by half, some of its arrays still learn: layer.trainable freezes all that it has, or nothing"
)
FLAGS = "of the layers that have weights, counted from one, these are frozen: {}; asked: {}"

_ALL = (
    "everything is frozen, the head too: nothing can learn. Freeze the first num_frozen layers that have weights, alone"
)
_NONE = (
    "nothing is frozen in the model that came back: layer.trainable = False for the first num_frozen layers that have "
    "weights"
)
_COUNTED = (
    "all layers are counted: pooling, Flatten and activations have no weights, and there is nothing to freeze in "
    "them. Count the layers whose layer.weights is not empty"
)
_LAST = "the last layers are frozen: the first num_frozen ones, near the image, are to be frozen, the head learns"
_LAST_OR_ALL = f"{_LAST}. (And [-0:] is all of a list)"
_ONE_MORE = "one layer too many is frozen: num_frozen of those that have weights"
_ONE_LESS = "one layer too few is frozen: num_frozen of those that have weights"
_STAYS = (
    "what was frozen before stays frozen: layer.trainable = True for each of the later layers. (model.trainable = True "
    "alone does nothing where the model says True already)"
)
_TRAINABLE = (
    "layer.trainable_weights is empty in a layer that is frozen already, so such a layer is not counted: count by "
    "layer.weights"
)
_SINGLE = "one layer alone is frozen: all of the first num_frozen that have weights"
_REST = "the two sides are exchanged: the first num_frozen are frozen, the later ones learn"
_HEAD_ONLY = "all but the head is frozen, whatever num_frozen is: the first num_frozen that have weights"
_NEVER_HEAD = (
    "the head is never frozen: num_frozen may be the number of all layers that have weights, and then all are frozen"
)
_KEEPS = "num_frozen layers are left to learn: so many are to be frozen, the first ones"


def pattern(rule: Callable, kinds: Sequence[str], before: Sequence[int], num_frozen: int) -> list[bool]:
    """Tell of each layer that has weights whether a rule freezes it.

    rule(place, layer, total, was, n) gets the place among the layers that have weights, the place among all, the
    number of those with weights, all that were frozen before (bools, one for each with weights), and num_frozen.

    >>> pattern(lambda place, layer, total, was, n: layer < n, ["Conv", "Pool", "Dense"], (), 2)
    [True, False]
    """
    with_weights = [i for i, kind in enumerate(kinds) if kind in ("Conv", "Dense")]
    was = [i in before for i in with_weights]
    return [bool(rule(place, i, len(was), was, num_frozen)) for place, i in enumerate(with_weights)]


RULES: list[tuple[str, Callable]] = [
    (_ALL, lambda place, layer, total, was, n: True),
    (_NONE, lambda place, layer, total, was, n: False),
    (_NONE, lambda place, layer, total, was, n: was[place]),
    (_COUNTED, lambda place, layer, total, was, n: layer < n),
    (f"{_COUNTED}. And {_STAYS}", lambda place, layer, total, was, n: layer < n or was[place]),
    (_LAST, lambda place, layer, total, was, n: place >= total - n),
    (f"{_LAST}. And {_STAYS}", lambda place, layer, total, was, n: place >= total - n or was[place]),
    (_LAST_OR_ALL, lambda place, layer, total, was, n: place >= total - n or n == 0),
    (_LAST_OR_ALL, lambda place, layer, total, was, n: place >= total - n or n == 0 or was[place]),
    (_ONE_MORE, lambda place, layer, total, was, n: place <= n),
    (f"{_ONE_MORE}. And {_STAYS}", lambda place, layer, total, was, n: place <= n or was[place]),
    (_ONE_LESS, lambda place, layer, total, was, n: place < n - 1),
    (f"{_ONE_LESS}. And {_STAYS}", lambda place, layer, total, was, n: place < n - 1 or was[place]),
    (_STAYS, lambda place, layer, total, was, n: place < n or was[place]),
    (_TRAINABLE, lambda place, layer, total, was, n: was[place] or sum(not w for w in was[:place]) < n),
    (_TRAINABLE, lambda place, layer, total, was, n: not was[place] and sum(not w for w in was[:place]) < n),
    (_SINGLE, lambda place, layer, total, was, n: place == n - 1),
    (_SINGLE, lambda place, layer, total, was, n: place == n - 1 or was[place]),
    (_SINGLE, lambda place, layer, total, was, n: place == n),
    (_SINGLE, lambda place, layer, total, was, n: place == n or was[place]),
    (_REST, lambda place, layer, total, was, n: place >= n),
    (_KEEPS, lambda place, layer, total, was, n: place < total - n),
    (_HEAD_ONLY, lambda place, layer, total, was, n: place < total - 1),
    (_NEVER_HEAD, lambda place, layer, total, was, n: place < min(n, total - 1)),
]  # fmt: skip


def right(place: int, layer: int, total: int, was: Sequence[bool], n: int) -> bool:
    """Freeze what is asked."""
    return place < n


def freezing(rule: Callable = right, compiling: Callable | None = None, back: Callable | None = None,
             first: Callable | None = None) -> Callable:  # fmt: skip
    """Make a function that freezes by a rule; see `pattern`.

    compiling: what is done then, compiling(model), `compiled()` where None. first: what is done before. back: what is
    returned, made from the model.
    """

    def freeze(model: Any, num_frozen: int) -> Any:
        model = first(model) if first else model
        layers = [(i, layer) for i, layer in enumerate(model.layers) if layer.weights]
        was = [not layer.trainable for _, layer in layers]
        for place, (i, layer) in enumerate(layers):
            layer.trainable = not rule(place, i, len(layers), was, num_frozen)
        (compiling or compiled())(model)
        return back(model) if back else model

    return freeze


def compiled(optimizer: str = "Adam", loss: Any = "sparse_categorical_crossentropy", metrics: Any = ("accuracy",),
             **options: Any) -> Callable:  # fmt: skip
    """Make a function that compiles a model; options go to the optimizer, a learning rate of 1e-4 if there are none."""

    def compile_it(model: Any) -> None:
        import keras

        rule = getattr(keras.optimizers, optimizer)(**(options or {"learning_rate": 1e-4}))
        model.compile(optimizer=rule, loss=loss, metrics=metrics and list(metrics))

    return compile_it


def with_the_old_optimizer(model: Any) -> None:
    """Compile a model again with the optimizer that it has, at another learning rate."""
    model.optimizer.learning_rate = 1e-4
    model.compile(optimizer=model.optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])


def with_one_for_all() -> Callable:
    """Make a function that compiles all models with one optimizer."""
    made = []

    def compile_it(model: Any) -> None:
        import keras

        made.extend([] if made else [keras.optimizers.Adam(learning_rate=1e-4)])
        model.compile(optimizer=made[0], loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    return compile_it


def by_arrays(choose: Callable) -> Callable:
    """Make a function that freezes arrays of numbers, not layers: choose(model, num_frozen)."""

    def freeze(model: Any, num_frozen: int) -> Any:
        for layer in model.layers:
            layer.trainable = True
        for array in choose(model, num_frozen):
            array.trainable = False
        compiled()(model)
        return model

    return freeze


def clone(model: Any) -> Any:
    """Return a model of the same layers with new weights."""
    import keras

    return keras.models.clone_model(model)


def clone_with_weights(model: Any) -> Any:
    """Return a model of the same layers and weights."""
    new = clone(model)
    new.set_weights(model.get_weights())
    return new


def same_layers(model: Any) -> Any:
    """Return a new model around the same layers, which was never compiled."""
    import keras

    return keras.Sequential(model.layers)


def with_dropout(model: Any) -> Any:
    """Return a new model around the same layers, with a Dropout at its end."""
    import keras

    return keras.Sequential([*model.layers, keras.layers.Dropout(0.5, name="dropout_at_end")])


def whole(model: Any, num_frozen: int) -> Any:
    """Freeze the model itself, and say of the later layers that they may learn."""
    model.trainable = False
    for place, layer in enumerate([layer for layer in model.layers if layer.weights]):
        layer.trainable = place >= num_frozen
    compiled()(model)
    return model
