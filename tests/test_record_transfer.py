"""The recording of lesson 16: its runs, what its loader returns and refuses, and what a run shows, freezes, forgets."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import data
from helpers.record import __main__ as command
from helpers.record import engine, transfer

ROOT = Path(__file__).resolve().parent.parent
RATE = 1e-2
FIVE_SEEDS = ("mnist", 0, 1e-3)  # the one setting of the grid with five seeds
FROM_NEW = ("scratch", "random layers", "scratch 5-9")  # these have no old task
HELD_OUT = {True: (400, 500), False: (400, 300)}  # MNIST's 5 to 9 or scikit-learn's digits: to decide on, and the test
OLD = {True: 400, False: 800}
Runs = dict[str, dict[tuple[int, float, int], data.Transferred]]


def kept(setting: dict[str, Any]) -> dict[str, float]:
    """Return made-up results that tell the settings apart."""
    place = transfer.SETTINGS.index(setting)
    old = np.nan if setting["start"] in FROM_NEW else place / 2000
    return {"accuracy": place / 1000, "test_accuracy": 1 - place / 1000, "old_accuracy": old}


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the loader read a complete file of made-up results; return its path."""
    monkeypatch.setattr(data.recordings, "FOLDER", tmp_path)
    path = tmp_path / "transfer.csv"
    engine.record(path, transfer.SETTINGS, lambda **setting: kept(setting), results=transfer.RESULTS)
    return path


# The settings


def test_every_run_is_there_once() -> None:
    found: dict[tuple[str, int, float], list[tuple[int, int]]] = {}
    for setting in transfer.SETTINGS:
        assert list(setting) == ["start", "frozen", "rate", "labels", "seed"]
        kind = setting["start"], setting["frozen"], setting["rate"]
        found.setdefault(kind, []).append((setting["labels"], setting["seed"]))
    grid = {("mnist", frozen, rate) for frozen in range(4) for rate in (1e-4, 3e-4, 1e-3, 3e-3, 1e-2)}
    three = grid - {FIVE_SEEDS}
    starts = ("mnist + new head", "shuffled labels + new head", "0-4 + new head")
    five = {(start, frozen, rate) for start in starts for frozen, rate in ((3, 0.0), (0, 1e-3))}
    five |= {("random layers", 3, 0.0), ("scratch", 0, 1e-3), ("scratch", 0, 3e-3), ("scratch 5-9", 0, 3e-3)}
    five |= {("0-4 + new head", 2, 3e-3), FIVE_SEEDS}
    assert len(three) == 19 and len(five) == 12 and set(found) == three | five
    for kind, runs in found.items():
        assert sorted(runs) == list(product((1, 2, 5, 10, 20, 100), range(3 if kind in three else 5)))


def test_only_a_new_head_on_frozen_layers_is_solved() -> None:
    for setting in transfer.SETTINGS:
        new_head = setting["start"].endswith("new head") or setting["start"] == "random layers"
        assert (setting["rate"] == transfer.SOLVED) == (new_head and setting["frozen"] == 3)


# What the loader returns


def test_the_loader_gives_each_kind_of_run_its_own_numbers(made_up: Path) -> None:
    runs = data.load_transfer()
    assert list(runs)[0] == "mnist + new head" and set(runs) == {s["start"] for s in transfer.SETTINGS}
    assert len(runs["mnist"]) == 4 * 5 * 6 and sum(map(len, runs.values())) == (20 + 11) * 6
    for setting in transfer.SETTINGS:
        found = runs[setting["start"]][setting["frozen"], setting["rate"], setting["labels"]]
        kind = setting["start"], setting["frozen"], setting["rate"]
        num_seeds = 5 if kind in {*transfer.COMPARED, FIVE_SEEDS} else 3
        assert found._fields == transfer.RESULTS
        for name, value in kept(setting).items():
            assert getattr(found, name).shape == (num_seeds,)
            np.testing.assert_allclose(getattr(found, name)[setting["seed"]], value, rtol=1e-5)  # six digits


@pytest.mark.parametrize("lines", [slice(0), slice(1), slice(-1), slice(None, None, 2)])
def test_a_recording_with_missing_rows_is_not_complete(made_up: Path, lines: slice) -> None:
    made_up.write_text("".join(made_up.read_text().splitlines(keepends=True)[lines]))
    with pytest.raises(data.DataError) as error:
        data.load_transfer()
    assert str(error.value) == "The file data/transfer.csv is not complete: `make record` goes on recording it."


def test_a_recording_that_is_not_there_is_not_complete(made_up: Path) -> None:
    made_up.unlink()
    with pytest.raises(data.DataError, match="is not complete: `make record`"):
        data.load_transfer()


@pytest.mark.parametrize(("column", "value"), [("accuracy", "high"), ("test_accuracy", ""), ("old_accuracy", None)])
def test_a_damaged_row_is_told_with_what_to_do(made_up: Path, column: str, value: str | None) -> None:
    rows = list(csv.DictReader(made_up.read_text().splitlines()))
    rows[3][column] = value
    lines = [",".join(cell for cell in row.values() if cell is not None) for row in rows]
    made_up.write_text("\n".join([",".join(rows[0]), *lines, ""]))
    with pytest.raises(data.DataError) as error:
        data.load_transfer()
    cure = '`make record ARGS="transfer --fresh"` records it anew.'
    assert str(error.value) == f"The file data/transfer.csv is damaged: {cure}"


# What is recorded


@pytest.fixture(scope="module")
def runs() -> Runs:
    return data.load_transfer()


def test_recorded_shares_are_digits_of_their_tasks(runs: Runs) -> None:
    for start, kinds in runs.items():
        halves = start in transfer.HALVES
        for found in kinds.values():
            asked = zip(found, (*HELD_OUT[halves], OLD[halves]), strict=True)
            for share, count in list(asked)[: 2 if start in FROM_NEW else 3]:
                assert ((share >= 0) & (share <= 1)).all()
                np.testing.assert_allclose(share * count, (share * count).round(), atol=1e-3)
            assert np.isnan(found.old_accuracy).all() == (start in FROM_NEW)


def test_recorded_old_networks_are_whole_where_nothing_below_the_head_learned(runs: Runs) -> None:
    for start in ("mnist + new head", "shuffled labels + new head", "0-4 + new head"):
        asked = np.array([found.old_accuracy for (frozen, *_), found in runs[start].items() if frozen == 3])
        assert asked.shape == (6, 5)
        np.testing.assert_array_equal(asked, np.broadcast_to(asked[0], asked.shape))
        assert (asked < 0.25).all() if start.startswith("shuffled") else (asked > 0.9).all()


def test_recorded_seeds_differ_and_more_labels_are_better(runs: Runs) -> None:
    for start, frozen, rate in transfer.COMPARED:
        one, hundred = (runs[start][frozen, rate, labels] for labels in (1, 100))
        assert len(np.unique(one.accuracy)) > 1
        assert hundred.accuracy.mean() > one.accuracy.mean() + 0.1
        assert hundred.test_accuracy.mean() > one.test_accuracy.mean() + 0.1


# What is shown


def test_pixels_are_blown_up_as_kron_does() -> None:
    images = np.arange(128).reshape(2, 8, 8) % 17
    large = transfer.blown_up(images)
    assert large.shape == (2, 28, 28, 1) and large.min() == 0 and large.max() == 1
    for small, image in zip(images, large[..., 0], strict=True):
        expected = np.pad(np.kron(small / 16, np.ones((3, 3))), 2)
        np.testing.assert_array_equal(image, expected)


@pytest.mark.parametrize(
    ("task", "num_classes", "held_out", "test"),
    [
        (lambda: transfer.mnist(0, 10), 10, 80, 100),
        (lambda: transfer.mnist(0, 5), 5, 80, 100),
        (lambda: transfer.mnist(5, 10), 5, 80, 100),
        (transfer.scanned, 10, 40, 30),
    ],
    ids=["mnist", "0-4", "5-9", "scanned"],
)
def test_no_image_is_in_two_parts(task: Any, num_classes: int, held_out: int, test: int) -> None:
    parts = task()
    for x, labels in parts:
        assert x.shape == (len(labels), 28, 28, 1) and x.dtype == np.float32 and (x.min(), x.max()) == (0, 1)
        assert set(labels) == set(range(num_classes))
    assert np.bincount(parts.pool[1]).min() >= max(transfer.LABELS)
    assert np.bincount(parts.held_out[1]).tolist() == [held_out] * num_classes
    assert np.bincount(parts.test[1]).tolist() == [test] * num_classes
    for one, other in ((parts.pool, parts.held_out), (parts.pool, parts.test), (parts.held_out, parts.test)):
        assert not {image.tobytes() for image in one[0]} & {image.tobytes() for image in other[0]}


def test_halves_of_mnist_have_their_own_digits_and_count_from_0() -> None:
    for whole, low, high in zip(transfer.mnist(0, 10), transfer.mnist(0, 5), transfer.mnist(5, 10), strict=True):
        np.testing.assert_array_equal(low[0], whole[0][whole[1] < 5])
        np.testing.assert_array_equal(low[1], whole[1][whole[1] < 5])
        np.testing.assert_array_equal(high[0], whole[0][whole[1] >= 5])
        np.testing.assert_array_equal(high[1] + 5, whole[1][whole[1] >= 5])


def numbered(num_classes: int = 10, num_each: int = 100) -> data.Pair:
    """Return "images" that are their own numbers, and their labels."""
    labels = np.tile(np.arange(num_classes), num_each)
    return np.arange(len(labels)), labels


@pytest.mark.parametrize("seed", [0, 1])
def test_what_few_labels_show_is_shown_with_more_too(seed: int) -> None:
    sets = [set(transfer._shown(numbered(), num_each, seed)[0]) for num_each in transfer.LABELS]
    assert [len(shown) for shown in sets] == [10 * num_each for num_each in transfer.LABELS]
    assert all(few < more for few, more in zip(sets, sets[1:], strict=False))
    assert sets[0] != set(transfer._shown(numbered(), 1, seed + 1)[0])


@pytest.mark.parametrize(("num_classes", "num_each"), [(10, 1), (10, 5), (10, 100), (5, 20), (5, 100)])
def test_every_class_is_shown_equally_and_as_much_as_the_steps_read(num_classes: int, num_each: int) -> None:
    x, labels = transfer._shown(numbered(num_classes), num_each, 3)
    assert len(x) == len(labels) == 300 * 20
    np.testing.assert_array_equal(labels, x % num_classes)
    size = num_classes * num_each
    rounds = [x[first : first + size] for first in range(0, len(x), size)]
    assert np.bincount(labels[:size]).tolist() == [num_each] * num_classes
    assert all(set(part) == set(rounds[0]) and len(set(part)) == size for part in rounds[: len(x) // size])
    assert len(set(rounds[-1])) == len(rounds[-1])
    assert num_each > 1 or len({tuple(part) for part in rounds[:-1]}) > 1  # each time in another order
    np.testing.assert_array_equal(x, transfer._shown(numbered(num_classes), num_each, 3)[0])


# What a run starts from, with networks that only listen


class Heard:
    """A network that notes what it is given, and learns nothing; one layer below its head."""

    def __init__(self, num_classes: int) -> None:
        self.num_classes, self.given, self.read, self.asked = num_classes, [], None, []

    def set_weights(self, weights: list[Any]) -> None:
        self.given.append(list(weights))

    def get_weights(self) -> list[Any]:
        return self.given[-1]

    def fit(self, x: np.ndarray, labels: np.ndarray, **options: Any) -> None:
        self.read = x, labels, options

    def __call__(self, x: np.ndarray, training: bool) -> np.ndarray:
        assert not training
        self.asked.append(len(x))
        return np.eye(self.num_classes)[np.zeros(len(x), int)]  # says 0


@pytest.mark.parametrize(
    ("start", "learned", "given"),
    [
        ("scratch", None, ["new", "new head"]),
        ("scratch 5-9", None, ["new", "new head"]),
        ("random layers", None, ["new", "new head"]),
        ("mnist", "mnist", ["old", "old head"]),
        ("mnist + new head", "mnist", ["old", "new head"]),
        ("shuffled labels + new head", "shuffled labels", ["old", "new head"]),
        ("0-4 + new head", "0-4", ["old", "new head"]),
    ],
)
def test_a_run_starts_where_it_says(
    start: str, learned: str | None, given: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, made = [], []

    def known(name: str, seed: int) -> list[str]:
        asked.append((name, seed))
        return ["old w", "old b", "old head w", "old head b"] if learned else []

    def ready(num_classes: int, frozen: int, rate: float, weights: list[str]) -> Heard:
        made.append(Heard(num_classes))
        made[0].set_weights(weights)
        return made[0]

    monkeypatch.setattr(transfer, "_known", known)
    monkeypatch.setattr(transfer, "_first_weights", lambda *_: ["new w", "new b", "new head w", "new head b"])
    monkeypatch.setattr(transfer, "_ready", ready)
    result, (model,) = transfer.run(start, 1, 1e-3, 5, 7), made
    halves = "-" in start
    assert asked == [(learned or start, 7)] and model.num_classes == (5 if halves else 10)
    assert model.given[0] == [f"{part} {letter}" for part in given for letter in "wb"]
    assert model.get_weights()[-2:] == [f"old head {letter}" if learned else f"new head {letter}" for letter in "wb"]
    assert model.get_weights()[:-2] == model.given[0][:-2]
    pool = (transfer.mnist(5, 10) if halves else transfer.scanned()).pool
    for found, expected in zip(model.read[:2], transfer._shown(pool, 5, 7), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert model.read[2] == {"batch_size": 20, "shuffle": False, "verbose": 0}
    assert model.asked == [*HELD_OUT[halves], *[OLD[halves]] * bool(learned)]
    share = 1 / model.num_classes  # of each part, by saying 0
    np.testing.assert_allclose([result[n] for n in transfer.RESULTS], [share, share, share if learned else np.nan])


@pytest.mark.parametrize(("start", "num_classes"), [("mnist + new head", 10), ("0-4 + new head", 5)])
def test_a_head_is_solved_on_each_digit_shown_once(
    start: str, num_classes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, seen = Heard(num_classes), []

    def solved_head(network: Heard, x: np.ndarray, labels: np.ndarray) -> list[str]:
        seen.append((list(network.given), x, labels))
        return ["solved w", "solved b"]

    def ready(num_classes: int, frozen: int, rate: float, weights: list[str]) -> Heard:
        model.set_weights(weights)
        return model

    monkeypatch.setattr(transfer, "_known", lambda *_: ["old w", "old b", "old head w", "old head b"])
    monkeypatch.setattr(transfer, "_first_weights", lambda *_: ["new w", "new b", "new head w", "new head b"])
    monkeypatch.setattr(transfer, "_ready", ready)
    monkeypatch.setattr(transfer, "solved_head", solved_head)
    transfer.run(start, 3, transfer.SOLVED, 5, 7)
    body, ((before_it, x, labels),) = ["old w", "old b"], seen
    assert model.read is None and before_it == [[*body, "new head w", "new head b"]]  # not a step was made
    assert model.given[1:] == [[*body, "solved w", "solved b"], [*body, "old head w", "old head b"]]
    assert len({image.tobytes() for image in x}) == len(x) == 5 * num_classes
    assert np.bincount(labels).tolist() == [5] * num_classes


@pytest.mark.parametrize(("start", "num_images", "num_read"), [("mnist", 3200, 22_400), ("0-4", 1600, 24_000)])
def test_the_network_before_has_read_its_task_again_and_again(
    start: str, num_images: int, num_read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (x, labels), options = before(start, 0, monkeypatch)
    pool = transfer.mnist(0, 5 if start == "0-4" else 10).pool
    assert len(x) == len(labels) == num_read and len(pool[0]) == num_images
    assert options == {"shift": 3, "rotation": 15, "zoom": 0.2}
    np.testing.assert_array_equal(labels, np.resize(pool[1], num_read))
    for first in range(0, num_read, num_images):
        np.testing.assert_array_equal(x[first : first + num_images], pool[0])


def test_shuffled_labels_are_the_true_ones_in_another_order_for_each_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    true = transfer.mnist(0, 10).pool[1]
    found = [before("shuffled labels", seed, monkeypatch)[0][1] for seed in (0, 1)]
    assert (found[0] != found[1]).any()
    for labels in found:
        np.testing.assert_array_equal(labels, np.resize(labels[: len(true)], len(labels)))  # one wrong label an image
        np.testing.assert_array_equal(np.bincount(labels[: len(true)]), np.bincount(true))
        assert 0.05 < np.mean(labels[: len(true)] == true) < 0.15


def before(start: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> tuple[data.Pair, dict[str, Any]]:
    """Return what a network reads before, its images not moved, and how they were to be moved."""
    moves: dict[str, Any] = {}
    model = Heard(10)
    model.given.append([])

    def deform(images: np.ndarray, rng: np.random.Generator, **options: Any) -> np.ndarray:
        moves.update(options)
        return images

    monkeypatch.setattr(transfer.augmentation, "deform", deform)
    monkeypatch.setattr(transfer, "network", lambda num_classes: model)
    monkeypatch.setattr(transfer, "_compile", lambda model, rate: None)
    transfer._known.__wrapped__(start, seed)
    return model.read[:2], moves


def test_starts_without_an_old_task_have_no_network_before() -> None:
    assert [transfer._known(start, 0) for start in FROM_NEW] == [[], [], []]


# What a run changes, with one epoch before and one step of 20 batches after


@pytest.fixture(scope="module")
def short() -> Iterator[None]:
    """Make runs short, and forget their networks afterward."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer, "NUM_STEPS", 20)
        patch.setattr(transfer, "NUM_BEFORE", 3200)
        for kept_networks in (transfer._known, transfer._compiled):
            kept_networks.cache_clear()
        yield
        for kept_networks in (transfer._known, transfer._compiled):
            kept_networks.cache_clear()


def weights_after(start: str, frozen: int, rate: float, seed: int = 0) -> list[np.ndarray]:
    """Return the weights that a short run leaves."""
    transfer.run(start, frozen, rate, 5, seed)
    return transfer._compiled(10, frozen, rate)[0].get_weights()


def test_the_network_is_the_one_described() -> None:
    shapes = [(3, 3, 1, 16), (16,), (3, 3, 16, 32), (32,), (800, 64), (64,), (64, 10), (10,)]
    assert [weights.shape for weights in transfer._first_weights(10, 0)] == shapes
    one, same, other = (transfer._first_weights(10, seed)[0] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@pytest.mark.parametrize("frozen", [0, 2, 3])
def test_frozen_layers_stay_as_they_were_and_the_others_learn(frozen: int, short: None) -> None:
    known = transfer._known("mnist", 0)
    after = weights_after("mnist", frozen, RATE)
    changed = [not np.array_equal(old, new) for old, new in zip(known, after, strict=True)]
    assert changed == [False] * 2 * frozen + [True] * 2 * (4 - frozen)
    trained = transfer._compiled(10, frozen, RATE)[0].trainable_variables
    assert len(trained) == 2 * (4 - frozen)


@pytest.mark.parametrize(("frozen", "rate"), [(0, RATE), (3, transfer.SOLVED)])
def test_the_old_head_comes_back(frozen: int, rate: float, short: None) -> None:
    known = transfer._known("mnist", 0)
    after = weights_after("mnist + new head", frozen, rate)
    same = [np.array_equal(old, new) for old, new in zip(known, after, strict=True)]
    assert same == [frozen == 3] * 6 + [True] * 2


def test_an_old_network_that_is_whole_is_as_good_as_before(short: None) -> None:
    old = transfer.network(10)
    old.set_weights(transfer._known("mnist", 0))
    share = transfer._accuracy(old, transfer.mnist(0, 10).held_out)
    assert share > 0.5
    assert transfer.run("mnist + new head", 3, transfer.SOLVED, 5, 0)["old_accuracy"] == share
    assert transfer.run("mnist", 0, RATE, 5, 0)["old_accuracy"] != share
    assert np.isnan(transfer.run("scratch", 0, RATE, 5, 0)["old_accuracy"])


def test_a_network_that_is_used_again_starts_fresh(short: None) -> None:
    transfer._compiled.cache_clear()
    known = [weights.copy() for weights in transfer._known("mnist", 0)]
    one, other, again = (weights_after(start, 0, RATE) for start in ("mnist", "scratch", "mnist"))
    for first, second, third in zip(one, other, again, strict=True):
        np.testing.assert_allclose(third, first, rtol=0, atol=1e-4)  # a step of Adam is a hundred times as long
        assert np.abs(second - first).max() > 1e-2
    for before_it, now in zip(known, transfer._known("mnist", 0), strict=True):
        np.testing.assert_array_equal(now, before_it)  # what is kept was not trained further
    assert transfer._compiled.cache_info().misses == 1
    assert int(transfer._compiled(10, 0, RATE)[0].optimizer.iterations) == 20


# The head that is solved


@pytest.fixture(scope="module")
def few() -> data.Pair:
    """Return three digits of each class."""
    x, labels = transfer.scanned().pool
    rows = np.concatenate([np.flatnonzero(labels == label)[:3] for label in range(10)])
    return x[rows], labels[rows]


def test_a_solved_head_says_what_logistic_regression_says(few: data.Pair) -> None:
    from sklearn.linear_model import LogisticRegression

    model, (x, labels) = transfer.network(10), few
    body = [weights.copy() for weights in model.get_weights()[:-2]]
    head = transfer.solved_head(model, x, labels)
    for old, now in zip(body, model.get_weights()[:-2], strict=True):
        np.testing.assert_array_equal(now, old)
    features = x
    for layer in model.layers[:-1]:
        features = layer(features)
    scaled = np.array(features, dtype=float) / np.std(np.array(features, dtype=float))
    expected = LogisticRegression(C=1.0, max_iter=5000).fit(scaled, labels).predict_proba(scaled)
    assert expected.max() > 0.5  # it tells the digits apart
    model.set_weights(body + head)
    np.testing.assert_allclose(np.array(model(x)), expected, rtol=0, atol=1e-4)


def test_a_solved_head_is_the_same_again_whatever_the_head_was(few: data.Pair) -> None:
    model = transfer.network(10)
    head = transfer.solved_head(model, *few)
    assert [weights.shape for weights in head] == [(64, 10), (10,)]
    model.set_weights(model.get_weights()[:-2] + [weights + 1 for weights in head])
    for first, again in zip(head, transfer.solved_head(model, *few), strict=True):
        np.testing.assert_array_equal(again, first)


def test_a_run_with_a_solved_head_leaves_the_layers_below_as_drawn(short: None) -> None:
    first, after = transfer._first_weights(10, 0), weights_after("random layers", 3, transfer.SOLVED)
    same = [np.array_equal(old, new) for old, new in zip(first, after, strict=True)]
    assert same == [True] * 6 + [False] * 2


def test_importing_the_experiment_imports_no_keras() -> None:
    code = "import sys, helpers.record.transfer; sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_the_file_holds_its_columns_and_rows() -> None:
    with (command.FOLDER / "transfer.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["start", "frozen", "rate", "labels", "seed", "accuracy", "test_accuracy", "old_accuracy"]
    assert len(rows) == 1 + 702 and {len(row) for row in rows} == {8}
