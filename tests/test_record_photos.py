"""The recording on photos of rubbish: its runs, what its loader returns and refuses, and how it splits and weighs."""

import csv
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers import data
from helpers.record import engine, photos, photos_networks

COUNTS = (40, 50, 41, 60, 48, 14)
LABELS = np.repeat(np.arange(6), COUNTS)


def kept(setting: dict[str, Any]) -> dict[str, float | str]:
    """Return made-up results that tell the settings apart."""
    place = photos.SETTINGS.index(setting) / 1000
    accuracies = [place * (1 + epoch) for epoch in range(8)] if setting["method"] in photos.TUNED else [np.nan]
    tables = {"recalls": engine.as_text([place] * 6), "accuracies": engine.as_text(accuracies)}
    return {name: place + 10 * i for i, name in enumerate(photos.RESULTS[:5])} | tables


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the loader read a complete file of made-up results; return its path."""
    monkeypatch.setattr(data.recordings, "FOLDER", tmp_path)
    path = tmp_path / "photos.csv"
    engine.record(path, photos.SETTINGS, lambda **setting: kept(setting), results=photos.RESULTS)
    return path


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> photos.Seen:
    """Let the recording split made-up photos, of which every third is a twin of the one before."""
    group = np.arange(len(LABELS))
    group[2::3] -= 1
    made = photos.Seen(LABELS, *(np.zeros((len(LABELS), 1)) for _ in range(3)), group)
    monkeypatch.setattr(photos, "known", lambda: made)
    return made


def test_every_run_is_there_once() -> None:
    whole = ("probe + class weights", "top", "top + thawed batch norm", "top + class weights")
    expected = list(product(("pixels", "probe"), (0, 5, 10, 20, 50), range(5)))
    expected += [*product(whole, (0,), range(5)), *product(("all",), (0,), range(3))]
    assert sorted(tuple(s.values()) for s in photos.SETTINGS) == sorted(expected)
    assert {tuple(s) for s in photos.SETTINGS} == {("method", "labels", "seed")}


def test_the_loader_gives_each_method_its_own_numbers(made_up: Path) -> None:
    runs = data.load_photo_runs()
    for setting in photos.SETTINGS:
        found, expected = runs[setting["method"]][setting["labels"]], kept(setting)
        is_tuned, num_seeds = setting["method"] in photos.TUNED, 3 if setting["method"] == "all" else 5
        assert found._fields == photos.RESULTS and found.recalls.shape == (num_seeds, 6)
        assert found.accuracies.shape == (num_seeds, 8 if is_tuned else 1)
        assert np.isnan(found.accuracies).any() != is_tuned
        for name in photos.RESULTS[:5]:
            np.testing.assert_allclose(getattr(found, name)[setting["seed"]], expected[name], rtol=1e-5)


@pytest.mark.parametrize("lines", [slice(0), slice(1), slice(-1), slice(None, None, 2)])
def test_a_recording_with_missing_rows_is_not_complete(made_up: Path, lines: slice) -> None:
    made_up.write_text("".join(made_up.read_text().splitlines(keepends=True)[lines]))
    with pytest.raises(data.DataError) as error:
        data.load_photo_runs()
    assert str(error.value) == "The file data/photos.csv is not complete: `make record` goes on recording it."


@pytest.mark.parametrize(("column", "value"), [("accuracy", "high"), ("recalls", "0.5 0.5"), ("accuracies", "")])
def test_a_damaged_row_is_told_with_what_to_do(made_up: Path, column: str, value: str) -> None:
    rows = list(csv.DictReader(made_up.read_text().splitlines()))
    rows[-1][column] = value
    made_up.write_text("\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows), ""]))
    with pytest.raises(data.DataError, match='damaged: `make record ARGS="photos --fresh"` records it anew'):
        data.load_photo_runs()


def test_parts_hold_every_photo_once_and_twins_together(seen: photos.Seen) -> None:
    for seed in range(5):
        parts = photos.parts(seed)
        assert sorted(np.concatenate(parts)) == list(range(len(LABELS)))
        assert sum(len(set(seen.group[rows])) for rows in parts) == len(set(seen.group))
        for rows, share in zip(parts, (0.6, 0.2, 0.2), strict=True):
            np.testing.assert_allclose(np.bincount(LABELS[rows], minlength=6), share * np.array(COUNTS), atol=3)
    assert not np.array_equal(photos.parts(0)[0], photos.parts(1)[0])


def test_what_is_alike_to_what_is_alike_is_in_one_group() -> None:
    angles = np.deg2rad([0, 60, 15, 30, 90, 45])  # 15 degrees apart: a cosine of 0.966
    features = 3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert photos.groups(features).tolist() == [0, 0, 0, 0, 4, 0]


def test_few_photos_are_as_many_of_each_class() -> None:
    rows = np.flatnonzero(np.arange(len(LABELS)) % 2 == 0)
    some = photos.few(LABELS, rows, 5, seed=3)
    assert set(some) <= set(rows) and len(set(some)) == 30 and np.bincount(LABELS[some]).tolist() == [5] * 6
    assert photos.few(LABELS, rows, 0, seed=3) is rows


def test_class_weights_give_each_class_one_say() -> None:
    weights = np.array(list(photos.class_weights(LABELS).values()))
    np.testing.assert_allclose(weights * COUNTS, len(LABELS) / 6)


def test_without_the_photos_the_recording_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise data.DataError("there are no photos")

    monkeypatch.setattr(data, "load_photos", missing)
    photos.known.cache_clear()
    with pytest.raises(engine.RecordError, match="there are no photos"):
        photos.run("probe", 0, 0)


def test_a_head_learns_what_is_plain_and_weights_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos_networks, "NUM_STEPS", 240)
    rng = np.random.default_rng(0)
    x = (np.eye(6)[LABELS].repeat(50, axis=1) + rng.normal(0, 0.5, (len(LABELS), 300))).astype(np.float32)
    model = photos_networks.head(x, LABELS, seed=0)
    assert photos_networks.accuracy_of(model, x, LABELS) > 0.9
    only = photos_networks.head(x, LABELS, 0, {k: float(k == 5) for k in range(6)})
    recalls = photos_networks.recalls_of(only, x, LABELS)
    assert recalls[5] > 0.99 and recalls[:5].mean() < 0.5


def test_the_recorded_accuracies_are_those_after_the_last_epoch() -> None:
    for method in photos.TUNED:
        found = data.load_photo_runs()[method][0]
        np.testing.assert_array_equal(found.accuracies[:, -1], found.accuracy)
        assert ((found.recalls >= 0) & (found.recalls <= 1)).all() and (found.seconds > 0).all()
        np.testing.assert_allclose(found.recalls.mean(axis=1), found.balanced, rtol=1e-5)
