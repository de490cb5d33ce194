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

WHOLE = (
    "model.trainable is False, and then no layer learns, whatever the layers themselves say: model.trainable = True "
    "first, then layer.trainable = False for those to freeze"
)
NOT_COMPILED = "the model is not compiled: model.compile(optimizer=..., loss=...) comes before `return model`"
NOT_AGAIN = (
    "not compiled again: after a first fit, Keras's next fit goes on with the training step that it has built, and "
    "moves the frozen weights too, without a word. compile makes it build a new one"
)
STUCK = "a layer that is to learn does not move in training"
OPTIMIZER = "the optimizer is {}: compile again with Adam, learning rate 1e-4"
RATE = "the learning rate is {:.4g}: 1e-4 is asked, small steps for weights that are good already"
OLD_RATE = "the learning rate is 0.5, the old one: 1e-4 is asked, small steps for weights that are good already"
SCHEDULE = "the learning rate follows a schedule: 1e-4 throughout is asked"
NO_LOSS = "compile has no loss: without one nothing can be trained"
LOSS = "the loss is not the cross-entropy of integer labels: sparse_categorical_crossentropy"
NO_ACCURACY = 'the accuracy is missing: metrics=["accuracy"]'
FLAGS = "of the layers that have weights, counted from one, these are frozen: {}; asked: {}"

_ALL = (
    "everything is frozen, the head too: nothing can learn. Freeze the first num_frozen layers that have weights, alone"
)
_NONE = "nothing is frozen: layer.trainable = False for the first num_frozen layers that have weights"
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
        model.compile(optimizer=rule, loss=loss, metrics=list(metrics))

    return compile_it


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


def whole(model: Any, num_frozen: int) -> Any:
    """Freeze the model itself, and say of the later layers that they may learn."""
    model.trainable = False
    for place, layer in enumerate([layer for layer in model.layers if layer.weights]):
        layer.trainable = place >= num_frozen
    compiled()(model)
    return model
