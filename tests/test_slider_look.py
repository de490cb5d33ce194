"""The explorer of class activation maps: the map against plain NumPy, what is said of it, odd and bad data."""

import html
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from helpers.sliders import Explorer, look
from helpers.sliders.look_picture import AGAINST, FOR, mixed

NAMES = ("cardboard", "glass", "metal", "paper", "plastic", "trash")
N, HEIGHT, WIDTH, ROWS, COLUMNS = 3, 84, 112, 6, 7
ramp = np.linspace(0, 1, HEIGHT)[:, None] * np.linspace(0, 255, WIDTH)
PHOTOS = np.stack([np.dstack([ramp, ramp[::-1], ramp * 0 + 40 * i]) for i in range(N)]).astype(np.uint8)
MAPS = np.random.RandomState(0).randn(N, ROWS, COLUMNS, len(NAMES)) - 0.3
MAPS[0, 0, 6, 1], MAPS[0, 5, 3, 1] = 60, -9  # glass: upper right, lower middle
MAPS[1, :, :, 5] = -1 - np.abs(MAPS[1, :, :, 5])  # nothing speaks for trash
BIAS = np.array([0.5, 0.25, 0, -0.5, 0.1, 0.2])
SCORES = MAPS.mean(axis=(1, 2)) + BIAS
LABELS = np.array([1, 4, 2])
GIVEN = {"photos": PHOTOS, "maps": MAPS, "names": NAMES, "scores": SCORES, "labels": LABELS}


@pytest.fixture(scope="module")
def shared() -> Explorer:
    """Return one explorer; every test sets all controls."""
    return look(**GIVEN)


@pytest.mark.parametrize("photo", range(N))
@pytest.mark.parametrize("class_name", ["what it said", "glass", "trash"])
def test_the_values_agree_with_plain_numpy(shared, photo, class_name):
    shared.set(photo=photo, class_name=class_name, blend=0.5)
    values, said = shared.values, int(np.argmax(SCORES[photo]))
    shown = said if class_name == "what it said" else NAMES.index(class_name)
    assert (values["said"], values["shown"], values["label"]) == (said, shown, LABELS[photo])
    np.testing.assert_allclose(values["probabilities"], np.exp(SCORES[photo]) / np.exp(SCORES[photo]).sum())
    assert values["score"] == pytest.approx(SCORES[photo, shown]) and values["bias"] == pytest.approx(BIAS[shown])
    assert values["map_mean"] == pytest.approx(MAPS[photo, :, :, shown].mean())
    assert values["strongest"] == MAPS[photo, values["row"], values["column"], shown] == MAPS[photo, ..., shown].max()
    assert values["weakest"] == MAPS[photo, ..., shown].min() and values["limit"] == np.abs(MAPS[photo]).max()
    cells = Image.fromarray(MAPS[photo, :, :, shown].astype(np.float32))
    np.testing.assert_allclose(values["enlarged"], cells.resize((WIDTH, HEIGHT), Image.BILINEAR), atol=2e-5)
    assert shared.summary in html.unescape(shared.children[3].value)


def test_the_code_computes_the_picture_that_is_shown(shared):
    for blend in (0, 0.25, 0.5, 1):
        shared.set(photo=2, class_name="paper", blend=blend)
        namespace: dict[str, Any] = dict(GIVEN)
        exec(shared.code, namespace)
        colors = [artist for artist in shared._picture._moving if type(artist).__name__ == "Mosaic"]
        shown = next(part._squares for part in colors if part._squares.shape == (HEIGHT, WIDTH))  # the large one
        shown = shown.copy().view(np.uint8).reshape(HEIGHT, WIDTH, 4)[..., :3] / 255
        assert np.abs(shown - namespace["picture"]).max() < 0.13  # rounded to few colors


def test_at_the_ends_the_photo_and_the_map_are_alone():
    assert (np.ptp(mixed(0.0), axis=2) == 0).all() and (np.ptp(mixed(0.0), axis=1) == 0).all()  # gray, no map
    alone = mixed(1.0)
    assert (alone == alone[:1]).all() and (alone[0, 8] == 255).all()  # no photo; 0 is white
    for end, color in ((0, AGAINST), (-1, FOR)):
        assert alone[0, end] == pytest.approx(255 * np.array(to_rgb(color)), abs=1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"photo": 0, "class_name": "what it said"}, "Photo 0, glass, is read as glass ("),
        ({"photo": 0, "class_name": "what it said"},
         "For glass the photo speaks most at the upper right (+60), most against it in the lower middle (-9). The mean "
         "of the map "),
        ({"photo": 0, "class_name": "what it said"}, ", bias 0.25, together the score "),
        ({"photo": 0, "class_name": "paper"}, "For paper ("),
        ({"photo": 1, "class_name": "trash"}, ") no part of the photo speaks, most against it "),
    ],
)  # fmt: skip
def test_the_summary_tells_it_all(shared, settings, words):
    shared.set(blend=0.5, **settings)
    assert words in shared.summary


def test_marks_bars_and_frame_are_those_of_the_class(shared):
    shared.set(photo=0, class_name="glass", blend=0.5)
    sheet = shared._picture.figure.axes[0]
    plus, minus = ([line for line in sheet.lines if line.get_marker() == marker][0] for marker in "+_")
    assert plus.get_visible() and minus.get_visible()
    assert plus.get_xdata()[0] > minus.get_xdata()[0] and plus.get_ydata()[0] > minus.get_ydata()[0]
    *bars, frame = [patch for patch in sheet.patches if hasattr(patch, "get_height") and patch.get_animated()]
    chances = shared.values["probabilities"]
    assert [bar.get_width() for bar in bars] == pytest.approx(list(0.9 * chances))
    middles = [bar.get_y() + bar.get_height() / 2 for bar in bars]
    assert frame.get_y() + frame.get_height() / 2 == pytest.approx(middles[1])
    written = [patch.text for patch in sheet.patches if hasattr(patch, "text")]
    assert [text for text in written if "true" in text] == [f"{100 * chances[1]:.0f} % ← true"]
    shared.set(photo=1, class_name="trash")
    assert not plus.get_visible() and minus.get_visible()
    assert frame.get_y() + frame.get_height() / 2 == pytest.approx(middles[5])


def test_nothing_is_written_beyond_the_frame():
    names = ["w" * 12, "a", "mmmmmmmmmmmm", *"bcdefgh"]
    maps = np.random.RandomState(1).randn(1, 4, 4, 10)
    maps[..., 0] += 11
    for names_seen, photos in ((names, PHOTOS[:1]), (names, PHOTOS[:1].swapaxes(1, 2))):
        explorer = look(photos, maps, names_seen, maps.mean(axis=(1, 2)), [0])
        assert explorer.message == "" and "> 99.9 %" in explorer.summary
        sheet = explorer._picture.figure.axes[0]
        renderer = explorer._picture._canvas.get_renderer()
        for artist in [*sheet.texts, *(patch for patch in sheet.patches if hasattr(patch, "text"))]:
            box = artist.get_window_extent(renderer)
            assert box.x0 > 4 and box.x1 < 1796 and box.y0 > 4 and box.y1 < 816, getattr(artist, "text", artist)
        words = [text for text in sheet.texts if text.get_text() in names_seen]
        assert min(text.get_window_extent(renderer).x0 for text in words) > 5.66 * 200  # in the frame


def test_the_controls_are_the_photos_the_classes_and_the_blend(shared):
    explorer = look(**GIVEN)
    assert explorer.settings == {"photo": 0, "class_name": "what it said", "blend": 0.5} and explorer.message == ""
    explorer.set(photo=7, class_name="wood", blend=-1)
    assert explorer.settings == {"photo": 2, "class_name": "what it said", "blend": 0}
    assert "photo: 7 is above the range" in explorer.message and "class: 'wood' is not one of" in explorer.message
    assert look(**GIVEN, class_name="metal", photo=1, blend=0.2).settings["class_name"] == "metal"
    assert "class: 3.5 is not one of" in look(**GIVEN, class_name=3.5).message


def test_one_photo_and_other_sizes_are_taken():
    small = np.full((1, 16, 40, 3), 255, np.uint8)
    explorer = look(small, np.zeros((1, 2, 2, 2)), ["yes", "no"], [[0.5, 0.5]], [[1]])
    assert explorer.message == "" and "photo" not in explorer.controls and "nan" not in explorer.summary
    assert "For yes no part of the photo speaks. The mean of the map 0" in explorer.summary
    given = {"photos": small, "maps": np.ones((1, 2, 3, 2)), "names": ["yes", "no"], "scores": [[1, 2]], "labels": [0]}
    explorer = look(**given, blend=0.3)
    namespace: dict[str, Any] = dict(given)
    exec(explorer.code, namespace)
    np.testing.assert_allclose(namespace["enlarged"], np.ones((16, 40)))
    assert "nowhere against it" in explorer.summary and explorer.values["enlarged"].shape == (16, 40)
    large = look(
        np.zeros((2, 1024, 700, 3), np.uint8), MAPS[:2].astype(np.float16), list(NAMES), SCORES[:2], LABELS[:2]
    )
    assert large.message == "" and large.values["enlarged"].shape == (1024, 700)


def test_what_was_given_is_neither_changed_nor_kept():
    photos, maps = PHOTOS.copy(), MAPS.copy()
    explorer = look(photos, maps, NAMES, SCORES, LABELS)
    photos[:], maps[:] = 0, 0
    explorer.values["probabilities"][:] = 0
    explorer.set(photo=1)
    assert explorer.image.value.tobytes() == look(**GIVEN, photo=1).image.value.tobytes()
    explorer.set(photo=0)
    assert explorer.image.value.tobytes() == look(**GIVEN).image.value.tobytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"photos": None}, r"photos must be uint8 of shape \(n, height, width, 3\), found None"),
        ({"photos": PHOTOS / 255}, r"found float64 of shape \(3, 84, 112, 3\)"),
        ({"photos": PHOTOS[..., 0]}, r"found uint8 of shape \(3, 84, 112\)"),
        ({"photos": PHOTOS[:0]}, r"photos must be 1 to 100 photos with sides of 16 to 1,024 pixels, found shape \(0, "),
        ({"photos": PHOTOS[:, :8]}, "with sides of 16 to 1,024 pixels"),
        ({"names": "glass"}, "names must be 2 to 10 different texts, found 'glass'"),
        ({"names": None}, "names must be 2 to 10 different texts"),
        ({"names": ["glass"] * 6}, "names must be 2 to 10 different texts"),
        ({"names": ["what it said", *NAMES[:5]]}, "names must be 2 to 10 different texts"),
        ({"names": [1, 2, 3, 4, 5, 6]}, "names must be texts of 1 to 16 letters"),
        ({"names": NAMES[:5]}, r"maps must have shape \(3, rows, columns, 5\)"),
        ({"maps": MAPS[:2]}, r"maps must have shape \(3, rows, columns, 6\) with 2 to 64 rows and columns, found"),
        ({"maps": MAPS[..., 0]}, "maps must have 4 axes"),
        ({"maps": MAPS * np.nan}, "maps must be finite|maps must hold numbers"),
        ({"scores": SCORES[:2]}, r"scores must have shape \(3, 6\), found \(2, 6\)"),
        ({"scores": np.exp(SCORES)}, "plus a bias, the same for all photos: found other sums; take logits"),
        ({"labels": [0, 1]}, "labels must be 3 whole numbers from 0 to 5"),
        ({"labels": np.eye(6)[LABELS]}, "one-hot labels become numbers by"),
    ],
)
def test_bad_data_is_answered_in_words(change, words):
    explorer = look(**GIVEN | change)
    assert explorer.message.startswith("No picture for this: ") and "Error" not in explorer.message
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(explorer.message)
    assert "Traceback" not in repr(explorer) and not explorer.controls
