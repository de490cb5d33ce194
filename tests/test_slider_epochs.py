"""The explorer of epochs: what it says of each image against plain loops, its goals, bad and odd training."""

import html
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from helpers.sliders import Explorer, epochs
from helpers.sliders.parts import percent

HISTORY = {"loss": [2.0, 1.0, 0.5], "val_loss": [2.1, 1.2, 1.3], "accuracy": [0.3, 0.6, 0.9]}
LABELS = np.array([4, 9, 8, 0, 1])
SAID = np.array([[3, 9, 8, 0, 1], [4, 9, 8, 5, 2], [4, 2, 8, 5, 2], [9, 9, 8, 0, 2]])  # after 0, 1, 2, 3 epochs


def probabilities_of(said: np.ndarray, share: float = 0.61, truth: float = 0.32) -> np.ndarray:
    """Return probabilities of which `said` is the largest, and the truth's the second."""
    p = np.full((*said.shape, 10), 0.0)
    for place, digit in np.ndenumerate(said):
        label = LABELS[place[1]]
        p[place][label], p[place][digit] = truth, share
        p[place] += (1 - p[place].sum()) / 10
    return p


P = probabilities_of(SAID)
IMAGES = np.random.RandomState(0).randint(0, 256, (5, 28, 28)).astype(np.uint8)
GIVEN = {"history": HISTORY, "probabilities": P, "images": IMAGES, "labels": LABELS}


def build(**changed: Any) -> Explorer:
    """Return an explorer of the small training, with some of it changed."""
    return epochs(**(GIVEN | changed))


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets both controls."""
    return build()


@pytest.mark.parametrize("epoch", range(4))
@pytest.mark.parametrize("image", range(5))
def test_the_values_are_those_of_the_image_after_the_epoch(shared, epoch, image):
    shared.set(epoch=epoch, image=image)
    values = shared.values
    label = int(LABELS[image])
    assert (values["epoch"], values["image"], values["label"]) == (epoch, image, label)
    assert values["says"] == SAID[epoch, image]
    assert values["probabilities"].tolist() == P[epoch, image].tolist()
    assert values["probability"] == P[epoch, image, label]
    assert values["truth_by_epoch"].tolist() == [P[e, image, label] for e in range(4)]
    assert values["right_by_epoch"].tolist() == [SAID[e, image] == label for e in range(4)]
    assert values["loss"] == ([None, *HISTORY["loss"]])[epoch]
    assert values["val_loss"] == ([None, *HISTORY["val_loss"]])[epoch]


def test_what_is_forgotten_is_the_goal_and_luck_before_the_training_does_not_count():
    explorer = build()
    assert explorer.values["unlearned"].tolist() == [0]  # image 4 was right only before the training
    assert explorer.values["last_learned"].tolist() == [1, 3]
    assert "right after some epoch and is wrong at the end (1 of 5)" in explorer.children[0].value
    assert explorer.values["image"] == 1 and not explorer.values["goal_met"]  # it does not start at the goal
    for image in range(5):
        explorer.set(image=image)
        assert explorer.values["goal_met"] == (image == 0) == ("✓ Goal met" in explorer.summary)


def test_where_nothing_is_forgotten_the_goal_is_what_is_learned_last():
    explorer = build(probabilities=probabilities_of(np.where(np.arange(4)[:, None] == 3, LABELS, SAID)))
    assert explorer.values["unlearned"].tolist() == [] and explorer.values["last_learned"].tolist() == [1, 3, 4]
    assert "learned last, after epoch 3 (3 of 5)" in explorer.children[0].value
    assert [image for image in range(5) if reached(explorer, image)] == [1, 3, 4]


def test_where_everything_was_right_from_the_start_or_never_there_is_no_goal():
    for said in (np.tile(LABELS, (4, 1)), np.tile((LABELS + 1) % 10, (4, 1))):
        explorer = build(probabilities=probabilities_of(said))
        assert "Goal" not in explorer.children[0].value and explorer.message == ""
        assert not any(reached(explorer, image) for image in range(5))


def reached(explorer: Explorer, image: int) -> bool:
    """Return whether this image is the goal."""
    explorer.set(image=image)
    return explorer.values["goal_met"]


@pytest.mark.parametrize(
    ("epoch", "image", "words"),
    [
        (3, 0, "After 3 epochs image 0, a 4, is read as a 9 (62 %; 4 has 33 %). It was right after 2 of 3 epochs, "
               "last after epoch 2, and is wrong at the end. Validation loss 1.3; the lowest, 1.2, is that after 2."),
        (0, 2, "Before the training image 2, an 8, is read as an 8 (65 %). It is right from the start to the end."),
        (1, 3, "After 1 epoch image 3, a 0, is read as a 5 (62 %; 0 has 33 %). It is right from epoch 3 on."),
        (2, 4, "is read as a 2 (62 %; 1 has 33 %). It is wrong after every epoch. Validation loss 1.2, the lowest."),
    ],
)  # fmt: skip
def test_the_summary_tells_the_story_of_the_image(shared, epoch, image, words):
    shared.set(epoch=epoch, image=image)
    assert words in shared.summary and shared.summary in html.unescape(shared.children[3].value)


def test_a_share_is_told_from_none_and_from_all():
    assert [percent(share) for share in (0, 0.0004, 0.005, 0.5, 0.995, 0.9996, 1)] == [
        "0 %", "< 0.1 %", "0.5 %", "50 %", "99.5 %", "> 99.9 %", "100 %",
    ]  # fmt: skip


def test_what_stands_between_two_images_or_epochs_is_moved_and_said(shared):
    shared.set(image=2.4, epoch=1)
    assert shared.values["image"] == 2 and "image: 2.4 is between two whole numbers" in shared.message
    shared.set(epoch=99, image=4)
    assert shared.values["epoch"] == 3 and "epoch: 99 is above the range" in shared.message
    shared.set(epoch=0)
    assert shared.message == "" and type(shared.values["epoch"]) is int


def test_kerass_own_history_and_other_arrays_are_taken():
    expected = build(epoch=1, image=2)
    for changed in (
        {"history": SimpleNamespace(history=HISTORY), "images": IMAGES[..., None], "labels": LABELS.astype(np.uint8)},
        {"images": IMAGES.tolist(), "labels": LABELS[:, None].tolist(), "probabilities": P.tolist()},
    ):
        found = build(**changed, epoch=1, image=2)
        assert found.message == "" and found.summary == expected.summary
        assert found.image.value.tobytes() == expected.image.value.tobytes()


def test_float32_and_one_epoch_and_one_image_are_enough():
    few = {"loss": [1.0], "val_loss": [2.0]}
    explorer = epochs(few, P[:2, :1].astype(np.float32), IMAGES[:1], LABELS[:1])
    assert explorer.message == "" and list(explorer.controls) == ["epoch"]
    assert explorer.values["image"] == 0 and "After 1 epoch image 0, a 4, is read as a 4" in explorer.summary
    namespace = {"probabilities": P[:2, :1], "labels": LABELS[:1]}
    exec(explorer.code, namespace)
    assert namespace["says"] == 4


def test_what_was_given_is_neither_changed_nor_kept():
    p, images = P.copy(), IMAGES.copy()
    explorer = build(probabilities=p, images=images, epoch=1, image=0)
    before = explorer.image.value.tobytes()
    p[:], images[:] = 0.1, 0
    explorer.set(epoch=2)
    explorer.set(epoch=1)
    assert explorer.image.value.tobytes() == before
    explorer.values["probabilities"][:] = 0
    explorer.set(epoch=2)
    explorer.set(epoch=1)
    assert explorer.values["probabilities"].sum() == pytest.approx(1)


def spoiled(value: float) -> np.ndarray:
    """Return the probabilities with one of them changed."""
    p = P.copy()
    p[1, 2, 3] = value
    return p


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"history": None}, "history must be what `fit` returns, or a dict of lists, found None"),
        ({"history": {"loss": [1, 2, 3]}}, "the history has no 'val_loss'.*: give `fit` validation_data"),
        ({"history": {"val_loss": [1, 2, 3]}}, "the history has no 'loss'"),
        ({"history": {"loss": [1, 2, 3], "val_loss": [1, 2]}}, "has 3 losses and 2 of 'val_loss'"),
        ({"history": HISTORY | {"accuracy": [1.0]}}, "has 3 losses and 1 of 'accuracy'"),
        ({"history": {"loss": [1, np.nan, 3], "val_loss": [1, 2, 3]}}, r"history\['loss'\] must be finite, found nan"),
        ({"history": {"loss": "abc", "val_loss": [1]}}, "must be an array of numbers, found 'abc'"),
        ({"history": {"loss": [], "val_loss": []}}, r"history\['loss'\] must have 1 axis, found shape \(0,\)"),
        ({"history": {"loss": [1.0] * 201, "val_loss": [1.0] * 201}}, "must have 1 to 200 epochs, found 201"),
        ({"probabilities": P[1:]}, "after 0, 1, ..., 3 epochs, 4 in all, found 3: predict once before the training"),
        ({"probabilities": P[:2]}, r"4 in all, found 2\."),
        ({"probabilities": P[..., :9]}, r"must have shape \(E \+ 1, n, 10\), found \(4, 5, 9\)"),
        ({"probabilities": P[0]}, r"probabilities must have 3 axes, found shape \(5, 10\)"),
        ({"probabilities": np.log(P)}, "add up to 1 for each image, .*: does the model end in softmax"),
        ({"probabilities": spoiled(0.5)}, "add up to 1 for each image"),
        ({"probabilities": spoiled(np.nan)}, "probabilities must be finite, found nan"),
        ({"probabilities": "abc"}, "probabilities must be an array of numbers, found 'abc'"),
        ({"probabilities": [[1], [2, 3]]}, "probabilities must be an array of numbers"),
        ({"probabilities": np.full((4, 2001, 10), 0.1)}, "there are 2,001 images, more than 2,000"),
        ({"images": IMAGES[:4]}, "there are 4 images and the probabilities of 5: they must be as many"),
        ({"images": IMAGES.reshape(5, 784)}, r"shape \(n, 28, 28\), found uint8 of shape \(5, 784\)"),
        ({"images": [[1], [2, 3]]}, r"images must be numbers of shape \(n, 28, 28\)"),
        ({"images": None}, "images must "),
        ({"images": np.full((5, 28, 28), np.inf)}, "images must be finite, found inf"),
        ({"labels": LABELS[:4]}, r"labels must be 5 whole numbers from 0 to 9, found an array of shape \(4,\)"),
        (
            {"labels": np.eye(10)[LABELS]},
            r"found an array of shape \(5, 10\): one-hot labels become numbers by .argmax",
        ),
        ({"labels": LABELS + 2}, "labels must be 5 whole numbers from 0 to 9"),
        ({"labels": LABELS / 2}, "labels must be 5 whole numbers"),
        ({"labels": "abcde"}, "labels must be 5 whole numbers from 0 to 9, found 'abcde'"),
        ({"labels": None}, "labels must be 5 whole numbers"),
    ],
)
def test_bad_training_is_answered_in_words(changed, words):
    explorer = build(**changed)
    assert explorer.message.startswith("No picture for this: ") and "Error" not in explorer.message
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explorer.message)
    assert "Traceback" not in repr(explorer) and not explorer.controls


def test_two_thousand_images_and_two_hundred_epochs_are_taken():
    p = np.full((201, 2000, 10), 0.1, dtype=np.float32)
    explorer = epochs(
        {"loss": np.ones(200), "val_loss": np.ones(200)}, p, np.zeros((2000, 28, 28)), np.zeros(2000, int)
    )
    assert explorer.message == "" and explorer.controls["image"].high == 1999
    assert len(explorer.image.value) < 100_000


def test_the_first_image_does_not_move_the_axes():
    sure, seen = probabilities_of(SAID, share=0.99, truth=0.005), []
    for image in (0, 2, 3):
        explorer = build(probabilities=sure, epoch=3, image=image)
        seen.append([ax.get_position().bounds for ax in explorer._picture.figure.axes])
        np.testing.assert_allclose(seen[-1], seen[0], atol=1e-9)
        assert all(width > 0.2 for _, _, width, _ in seen[-1])
