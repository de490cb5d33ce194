"""Checks of lesson 16, its first part: a new head, which layers learn, and the places and labels of a head."""

from collections.abc import Callable

import numpy as np

from helpers.check import wrong_transfer_freeze as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.model_exercise import ModelExercise
from helpers.check.observe_transfer_freeze import CASES, judging_frozen
from helpers.check.slips import alike

_rng = np.random.RandomState(16)
_Array = np.ndarray


head_parameters = Exercise(
    "head_parameters",
    650,
    slips=[
        Slip("the biases are forgotten: each of the ten units has one", 640),
        Slip("this is the old head, which is thrown away: the new one has ten units", 325),
        Slip("the old head is thrown away: the new one alone is trained", 975),
        Slip("each unit has a weight for each of the 64 features, and a bias: times, not plus", 74),
        Slip("each unit has a weight for each of the 64 features, and a bias: times, not plus", 84),
        *alike("one bias a unit: ten of them", 660, 651, 641, 740),
        Slip("a bias belongs to a unit, not to a feature: ten of them", 704),
        *alike("this is the old head, and without its biases: the new one has ten units", 320),
        *alike("the digits 0 to 9 are ten: ten units", 585, 576, 715, 704 - 9),
        *alike("this is one unit: the head has ten", 65, 64),
        *alike("the new units are ten in all, not ten beside the five", 15 * 64),
        *alike("the biases of ten units are ten: five belong to the old head", 645),
        Slip("nothing but the head learns, but all of its numbers do: weights and biases", 10),
        *alike("the frozen layers are counted too: all that is trained is the head", 56064, 56389, 56714, 56064 + 640, 56064 + 320),
        Slip("five units are not copied: the new head has ten, all of them new", 330),
    ],
    hint="Each unit has a weight for each of the 64 features and one bias",
    praise="All other layers together have many more, and none of those moves",
)  # fmt: skip


freeze = ModelExercise(
    "freeze",
    lambda model, num_frozen: bad.freezing()(model, num_frozen),
    cases=CASES,
    observe=judging_frozen,
    also_right=[bad.freezing(first=bad.clone_with_weights), bad.freezing(compiling=bad.compiled(learning_rate=0.0001))],
    slips=[
        Slip(bad.NUMBERS, lambda model, num_frozen: model.get_weights()),
        *alike(bad.NOTHING, bad.freezing(back=lambda model: None), bad.freezing(back=lambda model: model.compile("adam", "mse"))),
        Slip(bad.LAYERS, bad.freezing(back=lambda model: model.layers)),
        Slip(bad.LAYERS, lambda model, num_frozen: model.layers[:num_frozen] or model.layers),
        Slip(bad.SEVERAL, bad.freezing(back=lambda model: (model, model.optimizer))),
        Slip(bad.A_LAYER, bad.freezing(back=lambda model: model.layers[0])),
        *alike(bad.A_FUNCTION, bad.freezing(back=lambda model: lambda: model), bad.freezing(back=lambda model: model.fit)),
        *(Slip(hint, bad.freezing(rule)) for hint, rule in bad.RULES),
        Slip(bad.RULES[0][0], bad.freezing(lambda *_: True, back=lambda model: setattr(model, "trainable", False) or model)),
        Slip(bad.WHOLE, bad.whole),
        Slip(bad.LOST, bad.freezing(first=bad.clone)),
        Slip(bad.TRAINED, bad.freezing(back=lambda model: model.set_weights([w + 1 for w in model.get_weights()]) or model)),
        Slip(bad.NOT_AGAIN, bad.freezing(compiling=lambda model: None)),
        Slip(bad.NOT_COMPILED, bad.freezing(first=bad.same_layers, compiling=lambda model: None)),
        Slip(bad.NOT_AGAIN, bad.freezing(compiling=lambda model: setattr(model.optimizer, "learning_rate", 1e-4))),
        *alike(bad.NO_LOSS, bad.freezing(first=bad.same_layers, compiling=bad.compiled(loss=None)), bad.freezing(compiling=bad.compiled(loss=None)), bad.freezing(compiling=bad.compiled(loss=None, metrics=()))),
        *alike(bad.LOSS, *(bad.freezing(compiling=bad.compiled(loss=loss)) for loss in ("categorical_crossentropy", "mse", "binary_crossentropy", "no_such_loss"))),
        *alike(bad.NO_ACCURACY, bad.freezing(compiling=bad.compiled(metrics=())), bad.freezing(compiling=bad.compiled(metrics=None))),
        *(Slip(bad.METRICS, bad.freezing(compiling=bad.compiled(metrics=[name]))) for name in ("categorical_accuracy", "mse", "sparse_categorical_crossentropy", "sparse_top_k_categorical_accuracy")),
        *alike(bad.OLD_OPTIMIZER, bad.freezing(compiling=bad.with_the_old_optimizer)),
        Slip(bad.ONE_FOR_ALL, bad.freezing(compiling=bad.with_one_for_all())),
        Slip(bad.OTHER_IN_TRAINING, bad.freezing(first=bad.with_dropout)),
        Slip(bad.ARRAYS, bad.by_arrays(lambda model, n: model.weights[:n])),
        Slip(bad.KERNELS, bad.by_arrays(lambda model, n: [layer.weights[0] for layer in model.layers if layer.weights][:n])),
        Slip(bad.HALVES, bad.by_arrays(lambda model, n: [layer.weights[1] for layer in model.layers if layer.weights][:n])),
        *(Slip(bad.OPTIMIZER.format(name), bad.freezing(compiling=bad.compiled(name))) for name in ("SGD", "RMSprop", "AdamW")),
        *(Slip(bad.RATE.format(eta), bad.freezing(compiling=bad.compiled(learning_rate=eta))) for eta in (0.001, 0.01, 1e-5)),
        Slip(bad.OLD_RATE, bad.freezing(compiling=bad.compiled(learning_rate=0.5))),
    ],
    praise="The later layers learn, in small steps, and the first ones stay as they are",
)  # fmt: skip


# A label's place in a head

_PLACES = "the place is counted from zero: the first of classes has place 0"
_MINUS = "a number is taken away: that is right only for 5, 6, 7, 8, 9 in this order. Look each label up in classes"
_SORTED = "classes is sorted here, and its order is the head's: look each label up in classes as it stands"
_ONE_HOT = "one-hot rows came back: the place of each label is asked, one number"
_OTHER_WAY = (
    "the map the other way round: a label goes in and its place in classes comes out; classes[place] is a label"
)


def _to_head(labels: _Array, classes: list[int]) -> _Array:
    return np.array([classes.index(label) for label in labels])


def _as_int(labels: _Array) -> _Array:
    return np.asarray(labels).astype(int)


to_head = Exercise(
    "to_head",
    lambda labels, classes: _to_head(labels, classes),
    cases=[
        (np.array([7, 5, 9]), [5, 6, 7, 8, 9]),
        (np.array([0, 8, 3, 3, 0]), [0, 3, 8]),
        (np.array([9, 7, 5, 5, 9, 7]), [9, 5, 7]),
        (np.array([3, 8, 0, 6], np.uint8), [8, 0, 6, 3]),
        (np.array([2]), [7, 4, 2]),
        (np.array([6, 9, 5, 8, 7, 6, 9, 9], np.uint8), [5, 6, 7, 8, 9]),
        (np.array([1, 4, 4, 1]), [4, 1]),
    ],
    slips=[
        Slip("the labels came back as they are: the new head counts its classes from 0 in the order of the list", lambda labels, classes: labels),
        *alike(_MINUS, lambda labels, classes: _as_int(labels) - 5, lambda labels, classes: _as_int(labels) - min(classes), lambda labels, classes: _as_int(labels) - classes[0], lambda labels, classes: labels - 5, lambda labels, classes: labels - min(classes), lambda labels, classes: labels - classes[0], lambda labels, classes: _as_int(labels) - min(labels), lambda labels, classes: abs(_as_int(labels) - classes[0]), lambda labels, classes: max(classes) - _as_int(labels)),
        Slip("the labels' own order decides here, by np.unique perhaps: a label that does not occur in labels has its place as well, in classes", lambda labels, classes: np.unique(labels, return_inverse=True)[1]),
        *alike(_SORTED, lambda labels, classes: np.searchsorted(np.sort(classes), labels), lambda labels, classes: _to_head(labels, sorted(classes)[::-1])),
        Slip("searchsorted wants a sorted list, and classes may come in any order: look each label up", lambda labels, classes: np.searchsorted(classes, labels)),
        *alike("argsort of classes tells which place is the smallest, not which label is where: classes.index(label)", lambda labels, classes: np.argsort(classes)[_to_head(labels, classes)]),
        *alike("% gives numbers below len(classes), but not the places: look each label up in classes", lambda labels, classes: _as_int(labels) % len(classes), lambda labels, classes: _as_int(labels) % 5),
        *alike(_ONE_HOT, lambda labels, classes: np.eye(len(classes))[_to_head(labels, classes)], lambda labels, classes: np.eye(10)[_as_int(labels)], lambda labels, classes: np.eye(10)[_to_head(labels, classes)]),
        Slip(f"{_ONE_HOT}. (And labels stand in the rows, classes in the columns)", lambda labels, classes: np.eye(len(classes))[_to_head(labels, classes)].T),
        Slip(_PLACES, lambda labels, classes: _to_head(labels, classes) + 1),
        *alike("counted from the end: the first of classes has place 0", lambda labels, classes: len(classes) - 1 - _to_head(labels, classes), lambda labels, classes: _to_head(labels, classes) - len(classes)),
        *alike(_OTHER_WAY, lambda labels, classes: np.array(classes)[labels], lambda labels, classes: [classes[label] for label in labels], lambda labels, classes: np.take(classes, labels, mode="wrap"), lambda labels, classes: np.take(classes, labels, mode="clip")),
        *alike("this is where each class stands in labels: where each label stands in classes is asked", lambda labels, classes: [list(labels).index(c) for c in classes], lambda labels, classes: [list(labels).index(c) for c in classes if c in labels]),
        *alike("numbered as they appear in labels: the order of classes counts", lambda labels, classes: [list(dict.fromkeys(labels.tolist())).index(label) for label in labels], lambda labels, classes: np.arange(len(labels))),
        *alike("the places are sorted, or each is named once: one place for each label, in the order of labels", lambda labels, classes: np.sort(_to_head(labels, classes)), lambda labels, classes: np.unique(_to_head(labels, classes)), lambda labels, classes: np.flatnonzero(np.isin(classes, labels)), lambda labels, classes: list(dict.fromkeys(_to_head(labels, classes).tolist()))),
        *alike("this tells that a label is among the classes, not where", lambda labels, classes: np.isin(labels, classes), lambda labels, classes: np.isin(classes, labels)),
        *alike("the order of labels is turned round: one place for each label, in the order of labels", lambda labels, classes: _to_head(labels, classes)[::-1]),
        *alike("one place alone came back: each label has its own, so a `return` stands in the loop perhaps", lambda labels, classes: _to_head(labels, classes)[0], lambda labels, classes: _to_head(labels, classes)[:1], lambda labels, classes: _to_head(labels, classes)[-1]),
        *alike("argsort of the labels tells in which order they stand: where each one stands in classes is asked", lambda labels, classes: np.argsort(labels), lambda labels, classes: np.argsort(np.argsort(labels))),
    ],
    hint="For each label its place in classes, counted from zero; classes keeps its order",
    praise="With the old map kept, the loss would ask a head of five for class 7",
)  # fmt: skip


# What a head says

_PLACE = "this is the place in the head, not the label: classes[place] is the label"
_AXIS = "the wrong axis: each row of p is an image, so the largest of a row, argmax(axis=1)"
_FLAT = "argmax without an axis looks at all rows at once: the largest of each row, argmax(axis=1)"


def _chosen(p: _Array) -> _Array:
    return p.argmax(axis=1)


def _named(choose: Callable, names: Callable = np.array) -> Callable:
    return lambda p, classes: names(classes)[choose(p)]


def _shares(n: int, k: int) -> _Array:
    return _rng.dirichlet(np.full(k, 0.7), n).round(3)


from_head = Exercise(
    "from_head",
    lambda p, classes: _named(_chosen)(p, classes),
    cases=[
        (np.array([[0.1, 0.2, 0.5, 0.1, 0.1], [0.7, 0.1, 0.1, 0.05, 0.05], [0.0, 0.1, 0.1, 0.2, 0.6], [0.4, 0.1, 0.1, 0.1, 0.3]]), [5, 6, 7, 8, 9]),
        (np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [0.7, 0.2, 0.1], [0.3, 0.4, 0.3]]), [0, 3, 8]),
        (np.array([[0.6, 0.3, 0.1], [0.2, 0.1, 0.7], [0.3, 0.5, 0.2], [0.15, 0.05, 0.8]]), [9, 5, 7]),
        (_shares(4, 4), [8, 0, 6, 3]),
        (_shares(1, 3), [7, 4, 2]),
        (_shares(7, 2), [4, 1]),
        (_shares(6, 5), [6, 9, 5, 8, 7]),
    ],
    slips=[
        Slip(_PLACE, lambda p, classes: _chosen(p)),
        Slip("this is the place in the head, and counted from one: classes[place] is the label", lambda p, classes: _chosen(p) + 1),
        Slip("one place too far: argmax counts from zero, as classes does", lambda p, classes: np.array(classes)[(_chosen(p) + 1) % len(classes)]),
        *alike("one place beside: argmax counts from zero, as classes does", lambda p, classes: np.array(classes)[_chosen(p) - 1], lambda p, classes: np.array(classes)[_chosen(p) + 1]),
        *alike("these are the largest probabilities: their places say which label is meant", lambda p, classes: p.max(axis=1), lambda p, classes: p.max(axis=0), lambda p, classes: p.max()),
        Slip(_AXIS, _named(lambda p: p.argmax(axis=0))),
        Slip(_AXIS, _named(lambda p: p.argmax(axis=0) % p.shape[1])),
        Slip(f"{_AXIS}. And then the label at that place, in classes", lambda p, classes: p.argmax(axis=0)),
        *alike(_FLAT, _named(np.argmax), lambda p, classes: np.argmax(p), lambda p, classes: classes[np.argmax(p)], lambda p, classes: np.array(classes)[np.argmax(p) % p.shape[1]], lambda p, classes: np.array(classes)[np.argmax(p) % p.shape[1]] * np.ones(len(p))),
        *alike("a number is added to the place, or 5 to 9 are written in: that is right only for 5, 6, 7, 8, 9 in this order. Look the place up in classes", lambda p, classes: _chosen(p) + min(classes), lambda p, classes: _chosen(p) + 5, lambda p, classes: _chosen(p) + classes[0]),
        *alike("classes is sorted here, and its order is the head's: take classes as it stands", _named(_chosen, np.sort), _named(_chosen, np.unique), _named(_chosen, lambda classes: np.sort(classes)[::-1])),
        Slip("classes is taken backwards: the first column belongs to the first of classes", _named(_chosen, lambda classes: np.array(classes)[::-1])),
        Slip("one label for all: each row of p has one of its own", _named(lambda p: p.mean(axis=0).argmax())),
        Slip("one label for all: each row of p has one of its own", _named(lambda p: np.full(len(p), p.mean(axis=0).argmax()))),
        *alike("the label of the first row alone, or of the last: each row of p has one of its own", _named(lambda p: p[0].argmax()), _named(lambda p: p[-1].argmax()), _named(lambda p: [p[0].argmax()])),
        Slip("the least likely one: argmax, not argmin", _named(lambda p: p.argmin(axis=1))),
        Slip("this is the place of the least likely one: argmax, and then the label at that place", lambda p, classes: p.argmin(axis=1)),
        *alike("the second most likely: argsort goes up, so the last one is the largest", _named(lambda p: p.argsort(axis=1)[:, -2])),
        *alike("all labels in the order of their probabilities: the most likely one alone, argmax(axis=1)", _named(lambda p: p.argsort(axis=1)), _named(lambda p: p.argsort(axis=1)[:, ::-1])),
        *alike("one-hot rows, or thresholds: one label a row, that of the largest probability", lambda p, classes: np.eye(p.shape[1])[_chosen(p)], lambda p, classes: p > 0.5, lambda p, classes: np.round(p), lambda p, classes: p == p.max(axis=1, keepdims=True)),
        Slip("a probability of 0.5 is not needed: the largest of each row decides, however small it is", _named(lambda p: (p > 0.5).argmax(axis=1))),
        *alike("this is a mean of labels, weighted by p: between 5 and 9 a mean says 7. The most likely one is asked", lambda p, classes: p @ np.array(classes), lambda p, classes: np.round(p @ np.array(classes))),
        *alike("the map the other way round: a place goes in, and classes[place] comes out", lambda p, classes: [classes.index(place) for place in _chosen(p)], lambda p, classes: [classes.index(place) if place in classes else -1 for place in _chosen(p)]),
        *alike("p is multiplied by the labels, so a large label wins: the largest of p decides", lambda p, classes: np.array(classes)[(p * np.array(classes)).argmax(axis=1)], lambda p, classes: (p * np.array(classes)).max(axis=1)),
        *alike("the labels are sorted, or each is named once: one label for each row, in the order of the rows", lambda p, classes: np.sort(_named(_chosen)(p, classes)), lambda p, classes: np.unique(_named(_chosen)(p, classes))),
        Slip("two things came back: the labels alone are asked", lambda p, classes: (_named(_chosen)(p, classes), p.max(axis=1))),
        Slip("the labels came back in the order of classes, whatever p says", lambda p, classes: classes),
    ],
    hint="The place of the largest of each row, and then the label that classes has at that place",
    praise="A place is the head's own number, a label is yours",
)  # fmt: skip
