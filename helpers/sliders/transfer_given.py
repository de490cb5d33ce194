"""What the explorer of transfer is given: recorded runs by frozen layers, learning rate and labels, checked."""

from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

from numpy.typing import ArrayLike, NDArray

from helpers.sliders.given import as_number, describe, numbers

LAYERS = ("conv 1", "conv 2", "dense", "head")
MOST_RUNS, MOST_COUNTS, MOST_SEEDS = 1000, 20, 50
MOST_LABELS, MOST_PARAMETERS = 1_000_000, 10**12

Key = tuple[int, float, int]  # layers frozen, learning rate, labels a class


class Grid(NamedTuple):
    """Recorded accuracies, and the values that their keys take, each rising."""

    runs: dict[Key, NDArray]  # (seeds,) each
    frozens: list[int]
    rates: list[float]
    labels: list[int]


def checked_grid(runs: Any, name: str = "runs") -> Grid:
    """Return runs for every combination of frozen layers, learning rate and labels, or raise ValueError."""
    table = _mapping(runs, name, "(frozen, rate, labels) -> accuracies", MOST_RUNS)
    found = {_key(key, name): _accuracies(part, f"{name}[{describe(key)}]") for key, part in table.items()}
    frozens, rates, labels = (sorted(set(part)) for part in zip(*found, strict=True))
    missing = [key for key in product(frozens, rates, labels) if key not in found]
    if missing:
        first = f"the first is frozen {missing[0][0]}, rate {missing[0][1]:g}, labels {missing[0][2]}"
        every = "give a run for every combination of frozen, rate and labels"
        raise ValueError(f"{name} must be a full grid, found {len(missing)} of its runs missing ({first}): {every}")
    return Grid({key: found[key] for key in product(frozens, rates, labels)}, frozens, rates, labels)


def checked_old(old: Any, grid: Grid) -> dict[Key, NDArray]:
    """Return the accuracies of the old task under the keys of the grid, or raise ValueError."""
    found = checked_grid(old, "old").runs
    if found.keys() != grid.runs.keys():
        odd = sorted(found.keys() ^ grid.runs.keys())[0]
        raise ValueError(f"old must have the same keys as runs, found {odd} in only one of them")
    return found


def checked_scratch(scratch: Any, grid: Grid) -> dict[int, NDArray]:
    """Return labels -> accuracies from new weights, by rising labels, or raise ValueError."""
    table = _mapping(scratch, "scratch", "labels -> accuracies", MOST_COUNTS)
    found = {
        _labels(count, "scratch"): _accuracies(part, f"scratch[{describe(count)}]") for count, part in table.items()
    }
    missing = [count for count in grid.labels if count not in found]
    if missing:
        raise ValueError(f"scratch must have a run for each count of labels in runs, found none for {missing[0]}")
    return dict(sorted(found.items()))


def checked_before(before: Any, grid: Grid, old: dict[Key, NDArray]) -> float:
    """Return the accuracy of the old task before; None stands for what is left where only the head is trained."""
    if before is None:
        if grid.frozens[-1] != len(LAYERS) - 1:
            raise ValueError("before must be the accuracy of the old task before the fine-tuning, found None")
        return float(old[grid.frozens[-1], grid.rates[0], grid.labels[0]].mean())  # the old head is put back: the same
    share = as_number(before)
    if share is None or not 0 <= share <= 1:
        raise ValueError(f"before must be an accuracy from 0 to 1, found {describe(before)}")
    return share


def checked_parameters(parameters: ArrayLike) -> tuple[int, ...]:
    """Return how many numbers each of the four layers learns, or raise ValueError."""
    found = numbers(parameters, "parameters", 1, MOST_PARAMETERS)
    if found.shape != (len(LAYERS),) or (found < 1).any() or (found % 1).any():
        must = f"{len(LAYERS)} whole numbers from 1, one for each of {', '.join(LAYERS)}"
        raise ValueError(f"parameters must be {must}, found {found.tolist()}")
    return tuple(int(part) for part in found)


def _mapping(table: Any, name: str, what: str, most: int) -> Mapping:
    if not isinstance(table, Mapping):
        raise ValueError(f"{name} must be a dict, {what}, found {describe(table)}")
    if not 1 <= len(table) <= most:
        raise ValueError(f"{name} must hold 1 to {most:,} runs, found {len(table)}")
    return table


def _key(key: Any, name: str) -> Key:
    if not isinstance(key, tuple) or len(key) != 3:
        raise ValueError(f"the keys of {name} must be (frozen, rate, labels), found {describe(key)}")
    frozen, rate = as_number(key[0]), as_number(key[1])
    if frozen is None or frozen not in range(len(LAYERS)):
        raise ValueError(
            f"frozen must be a whole number from 0 to {len(LAYERS) - 1}, found {describe(key[0])} in {name}"
        )
    if rate is None or not 1e-9 <= rate <= 1e3:
        raise ValueError(f"rate must be a number from 1e-9 to 1,000, found {describe(key[1])} in {name}")
    return int(frozen), rate, _labels(key[2], name)


def _labels(count: Any, name: str) -> int:
    found = as_number(count)
    if found is None or found % 1 or not 1 <= found <= MOST_LABELS:
        raise ValueError(f"labels must be a whole number from 1 to {MOST_LABELS:,}, found {describe(count)} in {name}")
    return int(found)


def _accuracies(part: ArrayLike, whose: str) -> NDArray:
    found = numbers(part, whose, 1)
    if len(found) > MOST_SEEDS or found.min() < 0 or found.max() > 1:
        must = f"1 to {MOST_SEEDS} accuracies from 0 to 1, one for each seed"
        raise ValueError(f"{whose} must be {must}, found {describe(part)} with {found.min():g} to {found.max():g}")
    return found
