"""The photos and the pretrained network, what is kept in Keras's cache, and all that can go wrong on the way."""

import hashlib
import io
import re
import shutil
import socket
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import data
from helpers.data import cache, photos, pretrained
from tests import offline
from tests.store_notebooks import Kernel

COUNTS = {"glass": 2, "paper": 3}
SKY, RED = (90, 160, 250), (200, 30, 30)
with_the_real_files = pytest.mark.skipif(bool(offline.missing()), reason=offline.missing() or "all is here")


def picture(color: tuple[int, int, int] = SKY, size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    """Return a photo of one color, as the bytes of its file; size is (width, height)."""
    packed = io.BytesIO()
    Image.new("RGB", size, color).save(packed, kind)
    return packed.getvalue()


def fill(folder: Path, counts: dict[str, int]) -> None:
    """Put photos into a folder, one folder a class, as TrashNet names them; the last of each class is red."""
    for kind, count in counts.items():
        (folder / kind).mkdir(parents=True)
        for i in range(1, count + 1):
            (folder / kind / f"{kind}{i}.jpg").write_bytes(picture(RED if i == count else SKY))


def archive(prefix: str = "dataset-resized/", counts: dict[str, int] = COUNTS, **others: bytes) -> bytes:
    """Return a zip file as TrashNet's; `others` are further members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zipped:
        for kind, count in counts.items():
            for i in range(1, count + 1):
                zipped.writestr(f"{prefix}{kind}/{kind}{i}.jpg", picture())
        for name, content in others.items():
            zipped.writestr(name, content)
    return packed.getvalue()


class Quiet(SimpleHTTPRequestHandler):
    """A server that says nothing, and breaks off in the middle of the file broken.zip."""

    def log_message(self, *_: Any) -> None:
        return

    def do_GET(self) -> None:
        if not self.path.endswith("broken.zip"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        self.wfile.write(b"half a file")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Serve a folder; return it and its address."""
    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a Keras cache that does not exist yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COURSE_PHOTOS", raising=False)
    return tmp_path / "home"


Publish = Callable[..., None]


@pytest.fixture
def publish(site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Return a function that serves an archive in place of TrashNet's, a small one, at the addresses named."""
    folder, address = site

    def put(packed: bytes, names: tuple[str, ...] = ("there.zip",), sha256: str | None = None) -> None:
        (folder / "there.zip").write_bytes(packed)
        monkeypatch.setattr(photos, "COUNTS", COUNTS)
        source = photos.ARCHIVE._replace(
            sha256=sha256 or hashlib.sha256(packed).hexdigest(), origins=tuple(f"{address}/{name}" for name in names)
        )
        monkeypatch.setattr(photos, "ARCHIVE", source)

    return put


@pytest.fixture
def weights(site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Serve a stand-in for the weights; return its place in the cache, which is empty."""
    folder, address = site
    (folder / "weights.h5").write_bytes(b"weights")
    right = hashlib.sha256(b"weights").hexdigest()
    source = pretrained.WEIGHTS._replace(sha256=right, origins=(f"{address}/weights.h5",))
    monkeypatch.setattr(pretrained, "WEIGHTS", source)
    monkeypatch.setattr("keras.applications.MobileNetV2", lambda shape, **given: (shape, given))
    return cache.keras_home() / "models" / pretrained.NAME


def sentences(text: str) -> int:
    """Count the sentences: a period, then a space or the end."""
    return len(re.findall(r"\.(?= |$)", text))


def left_in(folder: Path) -> list[str]:
    """List all files and folders below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# Photos of a folder


def test_photos_are_in_the_order_of_classes_and_numbers(tmp_path, monkeypatch):
    fill(tmp_path / "mine", {"wood": 1, "bone": 11})
    monkeypatch.setenv("COURSE_PHOTOS", str(tmp_path / "mine"))
    images, labels, names = data.load_photos(6, 8)
    assert images.shape == (12, 6, 8, 3) and images.dtype == np.uint8
    assert names == ("bone", "wood") and labels.tolist() == 11 * [0] + [1] and labels.dtype == np.int64
    assert [i for i, photo in enumerate(images) if abs(int(photo[0, 0, 0]) - RED[0]) < 5] == [10, 11]  # bone11, wood1


def test_a_photo_of_any_kind_and_size_is_resized(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    for kind, name, content in [
        ("a", "one.PNG", picture(size=(7, 90), kind="PNG")),
        ("a", "two.jpeg", picture(RED)),
        ("b", "gray.jpg", b""),
    ]:
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / name).write_bytes(content)
    Image.new("L", (30, 30), 77).save(folder / "b" / "gray.jpg")
    monkeypatch.setenv("COURSE_PHOTOS", str(folder))
    images, labels, _ = data.load_photos(12, 9)
    assert images.shape == (3, 12, 9, 3) and labels.tolist() == [0, 0, 1]
    assert np.abs(images[:, 5, 5].astype(int) - [SKY, RED, (77, 77, 77)]).max() < 5


def test_a_squeezed_photo_gets_its_shape_back(tmp_path, monkeypatch):
    fill(tmp_path, {"a": 1, "b": 1})
    original = np.zeros((60, 80, 3), np.uint8)
    original[20:40, 30:50] = 255  # a square
    Image.fromarray(original).resize((30, 40)).save(tmp_path / "a" / "a1.png")
    (tmp_path / "a" / "a1.jpg").unlink()
    monkeypatch.setenv("COURSE_PHOTOS", str(tmp_path))
    white = data.load_photos(60, 80).images[0][:, :, 0] > 127
    assert abs(white.any(axis=1).sum() - 20) <= 2 and abs(white.any(axis=0).sum() - 20) <= 2


def test_what_lies_beside_the_photos_is_ignored(tmp_path, monkeypatch):
    fill(tmp_path, {"a": 1, "b": 2, ".hidden": 1, "__MACOSX": 1})
    (tmp_path / "LICENSE.txt").write_text("MIT")
    (tmp_path / "b" / "._b1.jpg").write_bytes(b"not a photo")
    (tmp_path / "b" / "notes.txt").write_text("not a photo")
    monkeypatch.setenv("COURSE_PHOTOS", str(tmp_path))
    assert data.load_photos(4, 4).labels.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "has 0 folders"),
        ({"a": 3}, r"has 1 folder\."),
        ({"a": 3, "b": 0}, "has no photo for b"),
        (None, "there is no such folder"),
    ],
)
def test_a_folder_without_classes_says_what_is_expected(tmp_path, monkeypatch, counts, words):
    if counts is not None:
        (tmp_path / "mine").mkdir()
        fill(tmp_path / "mine", counts)
    monkeypatch.setenv("COURSE_PHOTOS", str(tmp_path / "mine"))
    with pytest.raises(data.DataError, match=words) as error:
        data.load_photos()
    assert "COURSE_PHOTOS" in str(error.value) and "one folder for each class" in str(error.value)
    assert sentences(str(error.value)) == 2


@pytest.mark.parametrize("content", [b"", b"no photo", picture()[:-200]], ids=["empty", "text", "truncated"])
def test_a_file_that_is_no_photo_is_named(tmp_path, monkeypatch, content):
    fill(tmp_path, {"a": 1, "b": 1})
    (tmp_path / "b" / "b0.jpg").write_bytes(content)
    monkeypatch.setenv("COURSE_PHOTOS", str(tmp_path))
    with pytest.raises(data.DataError, match=r"b0\.jpg cannot be read as a photo\. Mend or remove it"):
        data.load_photos()


def test_a_damaged_photo_in_the_cache_says_what_to_delete(home, monkeypatch):
    monkeypatch.setattr(photos, "COUNTS", COUNTS)
    folder = home / "datasets" / "trashnet" / "dataset-resized"
    fill(folder, COUNTS)
    (folder / "paper" / "paper2.jpg").write_bytes(b"")
    with pytest.raises(data.DataError, match=r"paper2\.jpg.*Delete the folder") as error:
        data.load_photos()
    assert str(folder) in str(error.value)


@pytest.mark.parametrize("size", [(0, 10), (10, -1), (2.5, 10), ("a", 10)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match=r"(height|width) must be a whole number"):
        data.load_photos(*size)


# Downloading the photos


def test_the_photos_are_downloaded_once(publish, home, capsys, monkeypatch):
    publish(archive())
    images, labels, names = data.load_photos(4, 4)
    assert labels.tolist() == [0, 0, 1, 1, 1] and names == ("glass", "paper") and len(images) == 5
    said, noise = capsys.readouterr()
    folder = home / "datasets" / "trashnet"
    assert f"Downloading TrashNet's 2,527 photos (43 MB) from 127.0.0.1 into {folder}.\n" in said and noise == ""
    assert [path.name for path in folder.iterdir()] == ["dataset-resized"]  # the archive is gone
    monkeypatch.setitem(sys.modules, "keras.utils", None)  # importing it raises
    assert data.load_photos(4, 4).labels.tolist() == labels.tolist()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("prefix", ["", "dataset-resized/", "a/b/"])
def test_the_archive_may_have_any_folder_on_top(publish, home, prefix):
    others = {
        f"__MACOSX/{prefix}glass/._glass1.jpg": b"noise",
        "__MACOSX/glass/glass9.jpg": picture(),
        f"{prefix}glass/._glass2.jpg": b"noise",
        f"{prefix}glass/.DS_Store": b"noise",
        f"{prefix}notes.txt": b"notes",
        f"{prefix}other/other1.jpg": picture(),
    }
    publish(archive(prefix, **others))
    assert len(data.load_photos(4, 4).labels) == 5
    folder = home / "datasets" / "trashnet" / "dataset-resized"
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 5


def test_an_archive_writes_nothing_outside_its_folder(publish, home, tmp_path):
    tricks = {"../../../../glass/glass7.jpg": picture(), "/glass/../glass/glass8.jpg": picture()}
    tricks |= {"x/glass/..\\..\\glass9.jpg": picture(), str(tmp_path / "evil.jpg"): picture()}
    publish(archive(**tricks))
    assert len(data.load_photos(4, 4).labels) == 5
    assert not [path for path in tmp_path.rglob("*") if re.search(r"glass[789]|evil", path.name)]


def test_photos_that_are_missing_are_downloaded_again(publish, home):
    publish(archive())
    fill(home / "datasets" / "trashnet" / "dataset-resized", {"glass": 2, "paper": 2})
    assert len(data.load_photos(4, 4).labels) == 5
    assert [path.name for path in (home / "datasets" / "trashnet").iterdir()] == ["dataset-resized"]


@pytest.mark.parametrize("first", ["nowhere.zip", "broken.zip", "damaged.zip"])
def test_the_second_address_serves_where_the_first_fails(publish, site, first, capsys):
    publish(archive(), (first, "there.zip"))
    (site[0] / "damaged.zip").write_bytes(archive()[:-9])
    assert len(data.load_photos(4, 4).labels) == 5
    said, noise = capsys.readouterr()
    assert said.count("Downloading TrashNet's") == 2 and noise == ""


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("nowhere.zip", "nowhere.zip"), r"\(43 MB: File not found\)"),
        (("broken.zip",), "retrieval incomplete|damaged"),
        (("damaged.zip", "nowhere.zip"), "what arrived is damaged; File not found"),
    ],
)
def test_without_the_photos_two_sentences_say_what_to_do(publish, site, home, names, words):
    publish(archive(), names)
    (site[0] / "damaged.zip").write_bytes(archive()[:-9])
    with pytest.raises(data.DataError, match=words) as error:
        data.load_photos()
    text = str(error.value)
    assert sentences(text) == 2 and "Connect to the network and run this cell again, or download http" in text
    assert photos.ARCHIVE.origins[0] in text and "COURSE_PHOTOS" in text
    assert left_in(home / "datasets") == ["trashnet"]


def test_a_computer_without_a_network_says_so(publish, home, monkeypatch):
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    publish(archive())
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(data.DataError, match="name resolution") as error:
        data.load_photos()
    assert sentences(str(error.value)) == 2
    assert left_in(home / "datasets") == ["trashnet"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ConnectionResetError("reset by peer")])
def test_a_download_that_stops_leaves_nothing(publish, home, monkeypatch, error):
    def half(name: str, origin: str, *, cache_dir: str, **_: Any) -> None:
        Path(cache_dir, name).write_bytes(b"half a fi")
        raise error

    publish(archive())
    monkeypatch.setattr("keras.utils.get_file", half)
    with pytest.raises((data.DataError, KeyboardInterrupt)):
        data.load_photos()
    assert left_in(home / "datasets") == ["trashnet"]
    assert socket.getdefaulttimeout() is None


def test_an_interrupted_unpacking_leaves_nothing(publish, home, monkeypatch):
    unzip = zipfile.ZipFile.open

    def interrupt(self: zipfile.ZipFile, member: zipfile.ZipInfo, *rest: Any) -> Any:
        if "paper2" in member.filename:
            raise KeyboardInterrupt
        return unzip(self, member, *rest)

    publish(archive())
    monkeypatch.setattr(zipfile.ZipFile, "open", interrupt)
    with pytest.raises(KeyboardInterrupt):
        data.load_photos()
    assert left_in(home / "datasets") == ["trashnet"]


@pytest.mark.parametrize("packed", [archive(counts={"glass": 2, "paper": 1}), b"no zip file"], ids=["few", "no zip"])
def test_an_archive_that_holds_something_else_is_refused(publish, home, packed):
    publish(packed)
    with pytest.raises(data.DataError, match="arrived, but could not be unpacked") as error:
        data.load_photos()
    assert left_in(home / "datasets") == ["trashnet"] and sentences(str(error.value)) == 2


@pytest.mark.parametrize("blocked", ["home", "home/datasets/trashnet"])
def test_a_cache_that_cannot_be_written_is_named(publish, tmp_path, monkeypatch, blocked):
    publish(archive())
    place = tmp_path / blocked
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("a file where the folder should be")
    monkeypatch.setattr("keras.utils.get_file", lambda *_, **__: pytest.fail("there is no place for it"))
    with pytest.raises(data.DataError, match="cannot be written.*KERAS_HOME"):
        data.load_photos()


def test_a_missing_keras_says_what_to_install(publish, monkeypatch):
    publish(archive())
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setitem(sys.modules, "keras.utils", None)
    with pytest.raises(data.DataError, match=r"cannot be imported here.*requirements\.txt"):
        data.load_photos()


# The pretrained network


def test_the_weights_are_downloaded_once(weights, home, capsys, monkeypatch):
    shape, given = data.load_mobilenet(64, 96)
    assert shape == (64, 96, 3) and given["alpha"] == 0.35 and given["include_top"] is False
    assert given["weights"] == str(weights) and weights.read_bytes() == b"weights"
    said, noise = capsys.readouterr()
    assert f"Downloading MobileNetV2's weights (2 MB) from 127.0.0.1 into {weights.parent}.\n" in said and noise == ""
    monkeypatch.setattr("keras.utils.get_file", lambda *_, **__: pytest.fail("it is there"))
    assert data.load_mobilenet(64, 96)
    assert left_in(home / "models") == [weights.name]


def test_damaged_weights_are_downloaded_again(weights, home):
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"damaged")
    data.load_mobilenet()
    assert weights.read_bytes() == b"weights" and left_in(home / "models") == [weights.name]


@pytest.mark.parametrize("found", ["nothing", "damaged"])
def test_without_the_weights_two_sentences_say_what_to_do(weights, site, home, found):
    (site[0] / "weights.h5").write_bytes(b"damaged") if found == "damaged" else (site[0] / "weights.h5").unlink()
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"damaged, too")
    with pytest.raises(data.DataError, match="damaged|File not found") as error:
        data.load_mobilenet()
    text = str(error.value)
    assert sentences(text) == 2 and text.endswith(f"on another machine and copy it to {weights}.")
    assert "Connect to the network and run this cell again, or download http" in text
    assert left_in(home / "models") == []  # Keras itself would load the damaged copy


def test_weights_that_cannot_be_read_are_named(weights):
    weights.mkdir(parents=True)  # a folder where the file should be
    with pytest.raises(data.DataError, match="cannot be read") as error:
        data.load_mobilenet()
    assert str(weights) in str(error.value)


@pytest.mark.parametrize("size", [(31, 64), (64, 31), (0, 64), (64.0, 64)])
def test_photos_too_small_for_the_network_are_refused(size):
    with pytest.raises(ValueError, match="(height|width).* must be"):
        data.load_mobilenet(*size)


def test_the_address_is_that_of_keras():
    module = sys.modules[pytest.importorskip("keras").applications.MobileNetV2.__module__]
    assert pretrained.WEIGHTS.origins == (module.BASE_WEIGHT_PATH + pretrained.NAME,)


@with_the_real_files
def test_the_real_network_has_the_weights_of_keras_at_any_size(home, capfd, recwarn):
    (home / "models").mkdir(parents=True)
    copy = shutil.copy(offline.weights(), home / "models")
    assert Path(copy).stat().st_size == pretrained.WEIGHTS.size
    model = data.load_mobilenet()
    assert capfd.readouterr() == ("", "") and not recwarn.list  # nothing downloaded, nothing to warn of
    from keras.applications import MobileNetV2

    square = MobileNetV2((224, 224, 3), alpha=0.35, include_top=False, weights=copy)
    assert [layer.name for layer in model.layers[1:]] == [layer.name for layer in square.layers[1:]]
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), square.get_weights(), strict=True))
    assert model.output_shape == (None, 6, 7, 1280) and model.count_params() == 410_208


@with_the_real_files
def test_the_real_photos_are_trashnets(monkeypatch):
    monkeypatch.setenv("COURSE_PHOTOS", str(offline.photos()))
    images, labels, names = data.load_photos(6, 8)
    assert images.shape == (2527, 6, 8, 3) and dict(zip(names, np.bincount(labels), strict=True)) == photos.COUNTS


# What is kept


class Computed:
    """Arrays, and how often they were computed."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, Any]:
        self.times += 1
        return {"file": np.arange(6.0).reshape(2, 3), "key": [True, False], "allow_pickle": np.array(["a", "bc"])}


def same(found: dict[str, Any]) -> bool:
    """Return whether these are the arrays that Computed gives, with their dtypes."""
    wanted = {name: np.asarray(array) for name, array in Computed()().items()}
    return list(found) == list(wanted) and all(
        found[name].dtype == array.dtype and np.array_equal(found[name], array) for name, array in wanted.items()
    )


def test_what_was_computed_is_kept_for_its_key(home, capsys):
    compute = Computed()
    assert same(data.keep("features", "1", compute)) and same(data.keep("features", "1", compute))
    assert compute.times == 1
    assert same(data.keep("features", "2", compute)) and compute.times == 2
    assert same(data.keep("features", "1", compute)) and compute.times == 3  # one file, the last key
    assert left_in(home / "datasets") == ["descent", "descent/features.npz"] and capsys.readouterr() == ("", "")


@pytest.mark.parametrize("damage", ["empty", "text", "truncated", "changed", "other"])
def test_a_damaged_file_is_computed_again(home, damage):
    compute = Computed()
    data.keep("features", "1", compute)
    file = home / "datasets" / "descent" / "features.npz"
    whole = file.read_bytes()
    place = whole.index(np.arange(6.0).tobytes())
    changed = whole[:place] + b"\xff" + whole[place + 1 :]
    packed = io.BytesIO()
    np.savez(packed, other=1)
    contents = {"empty": b"", "text": b"no arrays", "truncated": whole[:-30], "changed": changed}
    file.write_bytes((contents | {"other": packed.getvalue()})[damage])
    assert same(data.keep("features", "1", compute)) and compute.times == 2
    assert same(data.keep("features", "1", compute)) and compute.times == 2


def test_what_cannot_be_kept_is_computed_each_time(home, capsys):
    home.mkdir()
    (home / "datasets").write_text("a file where the folder should be")
    compute = Computed()
    assert same(data.keep("features", "1", compute)) and same(data.keep("features", "1", compute))
    said, noise = capsys.readouterr()
    assert compute.times == 2 and said.count("is not kept for the next time") == 2 and noise == ""


def test_an_interrupted_computation_keeps_nothing(home, monkeypatch):
    def interrupt(*_: Any) -> dict[str, Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        data.keep("features", "1", interrupt)
    monkeypatch.setattr("os.replace", interrupt)  # the moment before the file has its name
    with pytest.raises(KeyboardInterrupt):
        data.keep("features", "1", Computed())
    assert left_in(home) in ([], ["datasets", "datasets/descent"])


def test_only_arrays_of_numbers_and_texts_are_kept():
    with pytest.raises(TypeError, match="arrays of numbers or texts"):
        data.keep("features", "1", lambda: {"x": [{}]})
    with pytest.raises(ValueError, match="letters, digits"):
        data.keep("../features", "1", Computed())


def test_a_fingerprint_changes_with_every_part():
    one = np.arange(6, dtype=np.int32)
    others = [one + 1, one[::-1], one.reshape(2, 3), one.astype(np.int64), one.astype(np.float32), one[:0], 3, "3"]
    found = [data.fingerprint(one), *map(data.fingerprint, others), data.fingerprint(one, 3), data.fingerprint(3, one)]
    assert len(set(found)) == len(found) and {len(text) for text in found} == {64}
    wide = np.stack([one, one], axis=1)
    assert data.fingerprint(wide[:, 0]) == data.fingerprint(one)  # the layout in memory does not count
    with pytest.raises(TypeError, match="Python objects"):
        data.fingerprint([None])


def test_a_kernel_shows_one_line_and_no_traceback(tmp_path):
    with closing(Kernel(tmp_path)) as kernel:
        (output,) = kernel.run("from helpers import data\nraise data.DataError('No photos. Do this.')")
    assert output.output_type == "error" and output.traceback == ["DataError: No photos. Do this."]
