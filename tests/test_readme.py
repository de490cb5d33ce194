"""The README keeps its word: its code runs, its links lead somewhere, its commands and its picture exist."""

import base64
import re
from pathlib import Path

import pytest

from tests import readme_picture
from tests.pictures import differ

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_python_block_runs_on_its_own(number, capsys):
    scope: dict = {}
    exec(BLOCKS[number], scope)
    for line in re.findall(r"#\s*([○✓✗] .*)", BLOCKS[number]):
        assert line in capsys.readouterr().out


def test_the_explorer_of_ones_own_moves():
    (block,) = (block for block in BLOCKS if "def paint" in block)
    scope: dict = {}
    exec(block.replace('Explorer("Waves"', 'explorer = Explorer("Waves"'), scope)
    before = scope["explorer"].image.value
    scope["explorer"].set(waves=3)
    assert scope["explorer"].image.value != before
    assert scope["explorer"].summary == "A sine with 3 waves."


def test_links_lead_somewhere():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_commands_exist():
    named = set(re.findall(r"(?:^|`|=full )make ([a-z]+)", README, re.MULTILINE))
    assert {"lab", "test", "notebooks", "benchmark", "author", "lint"} <= named <= TARGETS


def test_lessons_to_come_are_not_there_yet():
    to_come = README[README.index("To come, in this") : README.index("## Teach with it")]
    present = {path.name[:2] for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    assert present.isdisjoint(re.findall(r"\b\d\d\b", to_come))


def test_the_picture_is_what_the_course_draws():
    stored = readme_picture.PICTURE.read_bytes()
    assert not differ(base64.b64encode(stored).decode(), base64.b64encode(readme_picture.draw()).decode())
