"""Checks of lesson 14, its first part: dropout, forward and backward."""

from collections.abc import Callable

import numpy as np

from helpers.check import wrong_dropout as bad
from helpers.check.engine import Exercise, Slip
from helpers.check.observe_regularizing import OWN, following_u
from helpers.check.slips import alike, both

_rng = np.random.RandomState(1400)
_Array = np.ndarray


# Inverted dropout

_ORIGINAL = "scaled at the wrong time: x * (1 - rate) in evaluation is the form of 2014. Here training divides by 1 - rate, so that evaluation leaves x alone"
_ACTIVE = "active in evaluation: without training x comes back unchanged"
_LATE = "evaluation scales: x comes back unchanged there, training has done all of it"
_TURNED = "training and evaluation are exchanged: units are dropped where training is True"
_UNSCALED, _BY_RATE = bad.SCALES[0][1], bad.SCALES[1][1]
_REST = [
    (_ACTIVE, bad.active),
    (f"{_ORIGINAL}: here it is scaled both times", lambda x, u, rate, trained: x * (1 - rate)),
    (f"{_LATE}. (Divided by 1 - rate here)", lambda x, u, rate, trained: x / (1 - rate)),
    (f"{_LATE}. (Multiplied by the rate here)", lambda x, u, rate, trained: x * rate),
    ("nothing is left in evaluation: x comes back unchanged", lambda x, u, rate, trained: 0 * x),
]  # fmt: skip
_TRAINED: list[tuple[str, Callable]] = [
    *((hint, bad.scaled(scale=scale)) for hint, scale in bad.SCALES),
    *((hint, bad.scaled(mask)) for hint, mask in bad.MASKS),
    (both(bad.MASKS[0][0], bad.SCALES[0][0]), bad.scaled(bad.dropped, _UNSCALED)),
    (both(bad.MASKS[0][0], bad.SCALES[1][0]), bad.scaled(bad.dropped, _BY_RATE)),
    (both(bad.MASKS[0][0], bad.SCALES[1][0]), lambda x, u, rate: np.where(u < rate, x / rate, 0)),
    (both(bad.MASKS[2][0], bad.SCALES[1][0]), bad.scaled(bad.MASKS[2][1], _BY_RATE)),
    (both(bad.MASKS[2][0], bad.SCALES[0][0]), bad.scaled(bad.MASKS[2][1], _UNSCALED)),
    (both(bad.MASKS[7][0], bad.SCALES[0][0]), bad.scaled(bad.MASKS[7][1], _UNSCALED)),
    ("nothing happens in training: units are dropped there", lambda x, u, rate: x),
    ("divided by the share that this draw has kept: 1 - rate is the same for every draw, and makes the mean over draws right", bad.by_share),
    ("scaled so that the sum of this draw stays: 1 - rate is the same for every draw, and makes the mean over draws right", bad.same_sum),
    ("every row loses the same number of units here: each unit is dropped on its own, where u is below the rate", bad.exact_number),
]  # fmt: skip


def _pairs() -> list[Slip]:
    """Combine what evaluation does wrong with a right training and an unscaled one, and an active one with the rest."""
    slips = [Slip(hint, bad.dropout(bad.scaled(), rest)) for hint, rest in _REST]
    slips += [Slip(both(_TRAINED[0][0], _REST[i][0]), bad.dropout(_TRAINED[0][1], _REST[i][1])) for i in (0, 2, 3, 4)]
    slips += [Slip(hint, bad.dropout(trained)) for hint, trained in _TRAINED]
    active = [(hint, trained) for hint, trained in _TRAINED[1:] if "nothing happens" not in hint]
    return slips + [Slip(both(hint, _ACTIVE), bad.dropout(trained, bad.active)) for hint, trained in active]


_SMALL = np.array([[1.0, 2.0, -3.0, 4.0], [0.5, -1.0, 0.0, 2.5]])
_SMALL_U = np.array([[0.7, 0.2, 0.9, 0.4], [0.1, 0.6, 0.8, 0.3]])

dropout = Exercise(
    "dropout",
    lambda x, u, rate, training: bad.dropout(bad.scaled())(x, u, rate, training),
    cases=[
        (_SMALL, _SMALL_U, 0.5, True),
        (_SMALL, _SMALL_U, 0.5, False),
        (_rng.randn(6, 5), _rng.rand(6, 5), 0.25, True),
        (np.maximum(_rng.randn(5, 8), 0), _rng.rand(5, 8), 0.8, True),
        (_rng.randn(4, 3), _rng.rand(4, 3), 0.0, True),
        (_rng.randn(1, 6), _rng.rand(1, 6), 0.6, True),
        (_rng.randn(3, 4), _rng.rand(3, 4), 0.3, False),
    ],
    observe=following_u,
    slips=[
        Slip(_ORIGINAL, bad.dropout(bad.scaled(scale=_UNSCALED), _REST[1][1])),
        *_pairs(),
        *alike(OWN, *(bad.dropout(own, rest) for own in (bad.own_numbers, bad.seeded_numbers) for rest in (bad.evaluated, bad.active))),
        *alike(_TURNED, bad.inverted(bad.scaled())),
        Slip(both(_TURNED, bad.SCALES[0][0]), bad.inverted(bad.scaled(scale=_UNSCALED))),
        Slip("this is the form of 2014, with training and evaluation exchanged: training drops and divides by 1 - rate, evaluation leaves x alone", lambda x, u, rate, training: x * (1 - rate) if training else x * (u >= rate)),
        *alike("this is the mask: multiply x by it", *(bad.dropout(lambda x, u, rate, by=by: (u >= rate) / by(rate), rest) for by in (lambda rate: 1, lambda rate: 1 - rate) for rest in (bad.evaluated, bad.active))),
        *alike("two things came back: the array alone is asked, without its mask", lambda x, u, rate, training: (x * (u >= rate) / (1 - rate) if training else x, u >= rate)),
        *alike("the dropped ones are left out of the array: they are 0 in it, and its shape stays", *(lambda x, u, rate, training, by=by: x[u >= rate] / by(rate) if training else x for by in (lambda rate: 1, lambda rate: 1 - rate))),
        Slip("the dropped ones are nan: they are 0", bad.dropout(lambda x, u, rate: np.where(u < rate, np.nan, x / (1 - rate)))),
        Slip("the dropped ones stay as they are: they are 0, the others grow", bad.dropout(lambda x, u, rate: np.where(u < rate, x, x / (1 - rate)))),
        Slip("the rate is in percent here: 0.5 is half of the units", bad.dropout(lambda x, u, rate: x * (u >= rate / 100) / (1 - rate / 100))),
        Slip("the mean over the units is asked of nobody: return an array of x's shape", bad.dropout(lambda x, u, rate: np.mean(x * (u >= rate) / (1 - rate)))),
    ],
    hint="In training: 0 where u is below the rate, and x / (1 - rate) elsewhere; in evaluation: x",
    praise="The mean over many draws is x itself, so evaluation has nothing to do",
)  # fmt: skip


# Backward

_FACTORS: list[tuple[str, Callable]] = [
    ("not scaled: what the forward pass divides by 1 - rate, the backward pass divides too", _UNSCALED),
    ("scaled twice: the forward pass has one factor 1 / (1 - rate), and the gradient has the same", lambda v, rate: v / (1 - rate) ** 2),
    ("divided by the rate: the forward pass divides by 1 - rate", _BY_RATE),
    ("divided by 1 + rate: the forward pass divides by 1 - rate", lambda v, rate: v / (1 + rate)),
    ("multiplied by 1 - rate: the backward pass divides by it, as the forward pass does", lambda v, rate: v * (1 - rate)),
    ("multiplied by the rate: the backward pass divides by 1 - rate, as the forward pass does", lambda v, rate: v * rate),
    ("the root of 1 - rate: the forward pass divides by 1 - rate itself", lambda v, rate: v / np.sqrt(1 - rate)),
    ("the brackets: / 1 - rate takes the rate away from the gradient", lambda v, rate: v / 1 - rate),
    ("the opposite sign: a kept unit passes its gradient on with its own sign", lambda v, rate: -v / (1 - rate)),
]  # fmt: skip
_MASKS: list[tuple[str, Callable]] = [
    ("kept for dropped: the gradient passes where the forward pass kept the unit, u >= rate", bad.dropped),
    ("the mask is missing: a dropped unit has no influence on the loss, so its gradient is 0", lambda x, u, rate: 1.0),
    *((hint, mask) for hint, mask in bad.MASKS[2:] if "x is compared" not in hint),
    ("the gradient is compared with the rate: u is, the random numbers", bad.MASKS[5][1]),
]  # fmt: skip
_NOTHING = "the gradient comes back as it went in: dropped units pass none on, and kept ones the scaled one"


def _backward(mask: Callable = bad.kept, scale: Callable = bad.divided) -> Callable:
    return bad.scaled(mask, scale)


dropout_gradient = Exercise(
    "dropout_gradient",
    lambda grad, u, rate: _backward()(grad, u, rate),
    cases=[
        (_SMALL, _SMALL_U, 0.5),
        (_rng.randn(6, 5), _rng.rand(6, 5), 0.25),
        (_rng.randn(5, 8) / 10, _rng.rand(5, 8), 0.8),
        (_rng.randn(4, 3), _rng.rand(4, 3), 0.0),
        (_rng.randn(1, 6), _rng.rand(1, 6), 0.6),
    ],
    observe=following_u,
    slips=[
        Slip(_NOTHING, lambda grad, u, rate: grad),
        *(Slip(hint, _backward(scale=scale)) for hint, scale in _FACTORS),
        *(Slip(hint, _backward(mask)) for hint, mask in _MASKS),
        Slip(both(_FACTORS[0][0], _FACTORS[8][0]), lambda grad, u, rate: -grad * (u >= rate)),
        Slip("two things came back: the gradient alone is asked, without the mask", lambda grad, u, rate: (grad * (u >= rate) / (1 - rate), u >= rate)),
        *(Slip(both(a, b), _backward(mask, scale)) for a, mask in _MASKS[:3] for b, scale in _FACTORS if (mask, scale) != (_MASKS[1][1], _UNSCALED)),
        Slip(both(_MASKS[0][0], _FACTORS[2][0]), lambda grad, u, rate: np.where(u < rate, grad / rate, 0)),
        *alike(f"{OWN}. The backward pass uses the mask of the forward pass", bad.own_numbers, bad.seeded_numbers),
        *alike("this is the derivative of the output alone: the chain rule multiplies it by grad", *(lambda grad, u, rate, by=by: (u >= rate) / by(rate) for by in (lambda rate: 1, lambda rate: 1 - rate))),
        *alike("averaged or added up over the samples: the gradient has the shape of x, one number for each of its entries", *(lambda grad, u, rate, of=of: of(grad * (u >= rate) / (1 - rate), axis=0) for of in (np.mean, np.sum))),
        Slip("divided by the number of samples: the loss has done that already, if it is a mean", lambda grad, u, rate: grad * (u >= rate) / (1 - rate) / len(grad)),
        Slip("the gradient is squared: multiply grad by the mask, once", lambda grad, u, rate: grad**2 * (u >= rate) / (1 - rate)),
        *alike("divided by the share that this draw has kept: the forward pass divides by 1 - rate", bad.by_share),
        *alike("the dropped ones are left out of the array: they are 0 in it, and its shape stays", *(lambda grad, u, rate, by=by: grad[u >= rate] / by(rate) for by in (lambda rate: 1, lambda rate: 1 - rate))),
        Slip("the dropped ones pass their gradient on as it is: they are 0", lambda grad, u, rate: np.where(u < rate, grad, grad / (1 - rate))),
    ],
    hint="Where a unit was dropped 0, and elsewhere grad / (1 - rate): what multiplied x multiplies the gradient",
    praise="The same mask and the same factor, forward and backward",
)  # fmt: skip


# One unit

kept_activation = Exercise(
    "kept_activation",
    5,
    slips=[
        Slip("not scaled: a kept unit is divided by 1 - rate, so that the mean over many draws stays 3", 3),
        Slip("multiplied by 1 - rate: a kept unit is divided by it", 1.8),
        Slip("divided by the rate: a kept unit is divided by the share that is kept, 1 - rate", 7.5),
        Slip("multiplied by the rate: a kept unit is divided by 1 - rate", 1.2),
        Slip("multiplied by 1 + rate: 1 / (1 - rate) is larger than that", 4.2),
        Slip("0 is handed on where the unit is dropped: here it is kept", 0),
        *alike("divided twice by 1 - rate: once is enough", 3 / 0.36, 8.3, 8.33),
        *alike("divided by 1 + rate: the share that is kept is 1 - rate", 3 / 1.4, 2.14, 2.1),
        *alike("the root of 1 - rate keeps the squares, not the mean: divide by 1 - rate", 3 / 0.6**0.5, 3.87, 3.9),
        *alike("added or taken away: a kept unit is divided by 1 - rate", 3.4, 2.6, 3.6, 2.4),
        *alike("3 / 1 - 0.4: the brackets, 3 / (1 - 0.4)", -0.4),
        *alike("this is the factor: times 3", 1 / 0.6, 1.67, 1.7),
        Slip("the opposite sign: 1 - rate is positive", -5),
        *alike("this is for rate 0.5, 3 / 0.5: the rate is 0.4", 6),
    ],
    hint="Dropped with probability 0.4, kept with 0.6: what must be handed on so that the mean is 3?",
    praise="0.6 times 5 and 0.4 times 0 make 3 again",
)  # fmt: skip
