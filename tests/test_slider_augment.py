"""The explorer of augmentation: its copies against the helpers', lost ink, recorded accuracies, odd and bad input."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers import data
from helpers.augmentation import KINDS, amounts, deform, draw_moves, ink_lost
from helpers.sliders import Explorer, augment

IMAGES, LABELS = (part[:6] for part in data.load_mnist("small")[0])
BY_STRENGTH = {0: [0.90, 0.92], 0.5: [0.93, 0.94], 1.0: [0.95, 0.96, 0.952], 2.0: [0.94, 0.96], 3: [0.9, 0.91]}
BY_KIND = {"rotation": {1: [0.93, 0.94]}, "flip": {1.0: [0.88, 0.86]}}
GIVEN = {"images": IMAGES, "labels": LABELS, "runs_by_strength": BY_STRENGTH, "runs_by_kind": BY_KIND}


def build(**changed: Any) -> Explorer:
    """Return an explorer, with some of what it is given changed."""
    return augment(**(GIVEN | changed))


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets all controls."""
    return build()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("strength", "draw"), [(0, 0), (0.25, 3), (1, 0), (3, 9)])
def test_the_copies_are_those_of_the_helpers(shared, kind, strength, draw):
    shared.set(strength=strength, kind=kind, draw=draw)
    values, shown = shared.values, np.repeat(IMAGES[:4], 8, axis=0)
    assert (values["strength"], values["kind"], values["draw"]) == (strength, kind, draw) and shared.message == ""
    expected = deform(shown, np.random.default_rng(draw), **amounts(strength, kind))
    np.testing.assert_array_equal(values["copies"].reshape(-1, 28, 28), expected)
    moves = draw_moves(32, np.random.default_rng(draw), **amounts(strength, kind))
    for name, part in moves._asdict().items():
        np.testing.assert_array_equal(values[name], part.reshape(4, 8))
    lost = ink_lost(shown, moves)
    np.testing.assert_array_equal(values["lost"].ravel(), lost)
    assert values["cut"] == (lost > 0.02).sum()
    if strength == 0:
        assert (values["copies"] == IMAGES[:4, None]).all()


def test_what_is_seen_is_what_was_computed(shared):
    """The images of the picture are the copies: their shades, read from the pixels, are those of the values."""
    import io

    from PIL import Image

    shared.set(strength=3, kind="all", draw=1)
    seen = np.asarray(Image.open(io.BytesIO(shared.image.value)).convert("L")).astype(int)
    left, top, step = 110, 700 - 612, 4 * 31  # in pixels of the picture: see augment_picture
    for row in range(4):
        for column in range(9):
            x, y = left + step * column + 32 * (column > 0), top + step * row
            expected = IMAGES[row] if column == 0 else shared.values["copies"][row, column - 1]
            found = seen[y : y + 112, x : x + 112].reshape(28, 4, 28, 4).mean(axis=(1, 3))
            assert np.abs(found - expected).max() <= 8, (row, column)


@pytest.mark.parametrize(
    ("strength", "kind", "words"),
    [
        (0, "all", "Strength 0: each copy is the original. Recorded validation accuracy: 91.0 % (2 runs, 90.0 to "
                   "92.0 %); highest at strength 1, 95.4 %."),
        (1, "all", "Recorded validation accuracy: 95.4 % (3 runs, 95.0 to 96.0 %); with none of it 91.0 %. ✓ Goal met"),
        (0.75, "all", "This strength was not recorded; validation accuracy with 0.5 93.5 %, with 1 95.4 %; with none"),
        (1, "rotation", "Recorded validation accuracy with rotation alone: 93.5 % (2 runs, 93.0 to 94.0 %); with none "
                        "of it 91.0 %."),
        (2, "rotation", "not recorded for rotation alone; validation accuracy with 1 93.5 %; with none of it 91.0 %."),
        (1, "shift", "Nothing was recorded for shift alone."),
        (1, "flip", "of 32 copies are mirrored, at any strength above 0. The labels stay, though most digits become no "
                    "digit. Recorded validation accuracy with flip alone: 87.0 %"),
    ],
)  # fmt: skip
def test_the_summary_says_what_was_recorded(shared, strength, kind, words):
    shared.set(strength=strength, kind=kind, draw=0)
    assert words in shared.summary and shared.message == ""


def test_the_summary_says_how_far_the_copies_were_moved(shared):
    shared.set(strength=2, kind="all", draw=3)
    values = shared.values
    shift = max(np.abs(values["right"]).max(), np.abs(values["down"]).max())
    degrees, zoom = np.abs(values["degrees"]).max(), 100 * np.abs(values["zoom"] - 1).max()
    words = (
        f"shifted by up to {shift:.2g} pixels, rotated by up to {degrees:.2g} degrees and zoomed by up to {zoom:.0f} %"
    )
    assert f"Strength 2: copies are {words}." in shared.summary
    shared.set(strength=3, draw=2)
    cut, most = shared.values["cut"], 100 * shared.values["lost"].max()
    assert cut and f"In {cut} of 32 more than 2 % of the ink leaves the frame, at most {most:.3g} %." in shared.summary
    shared.set(strength=0.25)
    assert shared.values["cut"] == 0 and "None of the 32 loses more than 2 % of its ink." in shared.summary


def test_the_goal_is_the_best_recorded_strength(shared):
    met = []
    for kind in ("all", "rotation"):
        for strength in (0, 0.5, 0.75, 1, 2, 3):
            shared.set(strength=strength, kind=kind, draw=0)
            met += [(kind, strength)] if shared.values["goal_met"] else []
    assert met == [("all", 1)] and shared.values["best_strength"] == 1
    assert "Goal" not in build(runs_by_strength={1: [0.9]}).children[0].value


def test_recorded_runs_arrays_and_other_images_are_taken():
    expected = build(strength=1)
    runs = {strength: SimpleNamespace(val_accuracy=np.array(part)) for strength, part in BY_STRENGTH.items()}
    for changed in ({"runs_by_strength": runs}, {"images": IMAGES[..., None]}, {"images": IMAGES.tolist()},
                    {"labels": LABELS[:, None]}, {"runs_by_strength": dict(reversed(runs.items()))}):  # fmt: skip
        found = build(**changed, strength=1)
        assert found.message == "" and found.summary == expected.summary
    assert build(images=IMAGES / 255, strength=1).summary == expected.summary


@pytest.mark.parametrize("n", [1, 2, 3])
def test_fewer_images_are_shown_too(n):
    explorer = build(images=IMAGES[:n], labels=LABELS[:n], runs_by_kind=None)
    assert explorer.message == "" and explorer.values["copies"].shape == (n, 8, 28, 28)
    assert f"None of the {8 * n} loses more" in explorer.summary


def test_blank_images_lose_no_ink():
    explorer = build(images=IMAGES * 0, strength=3)
    assert explorer.message == "" and explorer.values["cut"] == 0


@pytest.mark.parametrize("kind", ["all", "flip"])
def test_the_code_runs(kind):
    explorer = build(strength=1.25, kind=kind, draw=4)
    namespace: dict[str, Any] = {"images": IMAGES}
    exec(explorer.code, namespace)
    for name in ("copies", "right", "down", "degrees", "zoom", "mirrored", "lost", "cut"):
        np.testing.assert_array_equal(namespace[name], explorer.values[name])


def test_what_was_given_is_neither_changed_nor_kept():
    images = IMAGES.copy()
    explorer = build(images=images)
    before = explorer.image.value.tobytes()
    images[:] = 0
    explorer.values["copies"][:] = 0
    explorer.set(strength=2)
    explorer.set(strength=1)
    assert explorer.image.value.tobytes() == before


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"images": IMAGES[:, :20]},
            r"images must be numbers of shape \(n, 28, 28\), found uint8 of shape \(6, 20, 28",
        ),
        ({"images": IMAGES[:0], "labels": []}, "there are no images: give one or more"),
        ({"images": IMAGES - 1.0}, "images must hold 0 for paper and more for ink, found -1"),
        ({"images": "abc"}, r"images must be numbers of shape \(n, 28, 28\)"),
        ({"labels": LABELS[:5]}, "labels must be 6 whole numbers from 0 to 9"),
        ({"labels": None}, "labels must be 6 whole numbers"),
        ({"runs_by_strength": None}, "runs_by_strength must be a dict, strength -> recorded runs, found None"),
        ({"runs_by_strength": {}}, "runs_by_strength must be a dict, strength -> recorded runs, found an empty one"),
        ({"runs_by_strength": {"one": [0.9]}}, "a strength of runs_by_strength must be a number .*, found 'one'"),
        ({"runs_by_strength": {-1: [0.9]}}, "must be a number from 0 to 10, found -1"),
        ({"runs_by_strength": {1: [95.0]}}, r"runs_by_strength\[1\] must hold accuracies from 0 to 1, found 95"),
        ({"runs_by_strength": {1: [np.nan]}}, r"runs_by_strength\[1\] must be finite, found nan"),
        ({"runs_by_strength": {1: []}}, r"runs_by_strength\[1\] must have 1 axis, found shape \(0,\)"),
        ({"runs_by_kind": {"noise": {1: [0.9]}}}, "with keys among shift, rotation, zoom, flip, found"),
        ({"runs_by_kind": {"zoom": [0.9]}}, r"runs_by_kind\['zoom'\] must be a dict, strength -> recorded runs"),
        ({"runs_by_kind": 3}, "runs_by_kind must be a dict with keys among"),
    ],
)
def test_bad_input_is_answered_in_words(changed, words):
    explorer = build(**changed)
    assert explorer.message.startswith("No picture for this: ") and "Error" not in explorer.message
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explorer.message)
    assert "Traceback" not in repr(explorer) and not explorer.controls


def test_what_is_no_setting_is_answered_in_words(shared):
    shared.set(strength=1, kind="all", draw=0)
    shared.set(kind="mirror", draw=2.5, strength=0.6)
    for words in ("'mirror' is not one of all, shift", "draw: 2.5 is between two whole numbers", "0.6 is between two"):
        assert words in shared.message
    assert (shared.values["kind"], shared.values["strength"]) == ("all", 0.5)
