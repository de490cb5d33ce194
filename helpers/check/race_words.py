"""A race to a goal: how long momentum needs on the bowl with some eta and beta, and which of the two to move."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from helpers import rules
from helpers.check.compare import Mismatch, to_numbers
from helpers.landscapes import BOWL

GOAL, BY, UNTIL = 1e-6, 25, 100  # below this height from step 25 on, up to step 100
WINNER = (0.64, 0.45)
LONG_RUN = ((2 / (2 + 0.2**0.5)) ** 2, ((20**0.5 - 1) / (20**0.5 + 1)) ** 2)  # the theory's best pair
BETAS = (0.42, 0.5)  # between these some learning rate reaches the goal,
ETA = 0.62  # and this one is amid those that do
EXCHANGED = "exchanged: eta comes first, then beta"
STAYS = "eta must be above 0, else the walk stays or climbs"


def raced(answer: Any) -> tuple[float, float]:
    """Let a pair (eta, beta) race: WINNER for every one that reaches the goal. Raises Mismatch that tells what to move.

    >>> raced((0.65, 0.43))
    (0.64, 0.45)
    """
    pair = np.ravel(to_numbers(answer))
    if pair.size != 2:
        raise Mismatch(f"found {pair.size} number{'s' * (pair.size != 1)}, a pair (eta, beta) expected")
    eta, beta = pair
    if not np.all(np.isfinite(pair)):
        raise Mismatch("both must be finite numbers, (eta, beta)")
    if _needed(eta, beta) <= BY:
        return WINNER
    if eta < beta and _needed(beta, eta) <= BY:
        raise Mismatch(EXCHANGED)
    if eta <= 0:
        raise Mismatch(STAYS)
    if not 0 <= beta < 1:
        raise Mismatch(f"beta is a share of the old velocity, from 0 to below 1; found {beta:g}")
    raise Mismatch(advice(eta, beta))


def advice(eta: float, beta: float) -> str:
    """Say what happened and which of the two to move; from any pair this leads to the goal, in small moves."""
    if eta >= 2 * (1 + beta) / 4:
        return f"it diverges: with beta = {beta:g} the limit is 2(1 + beta)/4 = {(1 + beta) / 2:.3g}. Smaller eta"
    took = _needed(eta, beta)
    if np.allclose((eta, beta), LONG_RUN, rtol=0, atol=5e-3):
        return f"so near: the theory's best pair for a long walk, but it needs {took} steps. A little larger beta"
    late = f"it stays below 1e-6 from step {took:.0f} on, not from {BY}"
    words = late if took < math.inf else f"after {UNTIL} steps it is not below 1e-6 yet"
    if beta > BETAS[1] and 0.2 * eta >= (1 - math.sqrt(beta)) ** 2:
        return f"{words}. It swings about the bottom with too much speed: smaller beta"
    if beta > BETAS[1]:
        return f"{words}. It creeps along the flat direction: larger eta"
    if beta < BETAS[0]:
        return f"{words}. It gathers too little speed along the flat direction: larger beta"
    return f"{words}. This beta is a good one: {'larger' if eta < ETA else 'smaller'} eta"


@lru_cache(maxsize=1000)  # every look at the known slips lets the same pairs race again
def _needed(eta: float, beta: float) -> float:
    """Count the steps until a walk stays below the goal; inf where it does not, or where the pair is none."""
    if eta <= 0 or not 0 <= beta < 1:
        return math.inf
    path = rules.descend(rules.momentum, BOWL.gradient, BOWL.start, UNTIL, eta=eta, beta=beta)
    above = np.flatnonzero(~(BOWL.height(*path.T) < GOAL))
    return math.inf if above[-1] == UNTIL else above[-1] + 1
