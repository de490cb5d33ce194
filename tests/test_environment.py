"""One source of versions: the lock, conda's file, pyproject.toml and what is installed cannot disagree."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers import install

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]
PYTHONS = ["3.11", "3.12", "3.13"]


def read(name: str) -> str:
    """Return the text of a file at the top of the course."""
    return (ROOT / name).read_text(encoding="utf-8")


def asked() -> list[Requirement]:
    """Return the lines of requirements.in."""
    lines = [re.split(r"(?:^|\s)#", line)[0].strip() for line in read("requirements.in").splitlines()]
    return [Requirement(line) for line in lines if line]


def locked() -> list[tuple[Requirement, list[str]]]:
    """Return each entry of the lock with its hashes; anything else in the file is an error here."""
    entries = []
    for entry in read("requirements.txt").replace("\\\n", " ").splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", entry.strip())
        entries.append((Requirement(requirement), hashes))
    return entries


def environment(platform: tuple[str, str], python: str) -> dict[str, str]:
    """Return the variables of markers on another computer."""
    system, machine = platform
    changed = {"sys_platform": system, "platform_machine": machine, "python_version": python}
    changed |= {"python_full_version": f"{python}.5", "os_name": "nt" if system == "win32" else "posix"}
    changed["platform_system"] = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system]
    return default_environment() | changed


def applies(requirement: Requirement, variables: dict[str, str] | None = None) -> bool:
    """Return whether a requirement counts on this computer, or on the one described."""
    return requirement.marker is None or requirement.marker.evaluate(variables)


def test_condas_file_holds_python_pip_and_the_lock_and_nothing_else() -> None:
    lines = [line.rstrip() for line in read("environment.yml").splitlines() if not line.startswith("#")]
    assert lines == [
        "name: descent",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
        "dependencies:",
        f"  - python >={install.x_y(install.OLDEST)},<3.{install.NEWEST[1] + 1}",
        "  - pip",
        "  - pip:",
        "      - -r requirements.txt",
    ]


def test_the_range_of_pythons_is_the_same_everywhere() -> None:
    allowed = f">={install.x_y(install.OLDEST)},<3.{install.NEWEST[1] + 1}"
    pyproject = tomllib.loads(read("pyproject.toml"))
    assert pyproject["project"]["requires-python"] == allowed
    assert pyproject["tool"]["ruff"]["target-version"] == f"py3{install.OLDEST[1]}"
    minors = range(install.OLDEST[1], install.NEWEST[1] + 1)
    assert [f"3.{minor}" for minor in minors] == PYTHONS
    names = " ".join(f"python3.{minor}" for minor in minors)
    assert f"PYTHONS = $(VENV_PYTHON) {names} python3 python\n" in read("Makefile")
    assert f"for python in {names} python3 python; do" in read(".ci/run")
    assert f"--python-version {install.x_y(install.OLDEST)} " in read("Makefile")
    assert sys.version_info[:2] >= install.OLDEST and f"{sys.version_info[0]}.{sys.version_info[1]}" in SpecifierSet(
        allowed
    )


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS, ids="-".join)
def test_the_lock_gives_what_is_asked_on_every_computer(platform: tuple[str, str], python: str) -> None:
    variables = environment(platform, python)
    versions: dict[str, list[str]] = {}
    for requirement, _ in locked():
        if applies(requirement, variables):
            (pin,) = requirement.specifier
            versions.setdefault(canonicalize_name(requirement.name), []).append(pin.version)
    assert [name for name, found in versions.items() if len(found) > 1] == []
    wanted = [requirement for requirement in asked() if applies(requirement, variables)]
    assert len([requirement for requirement in wanted if requirement.name.startswith("tensorflow")]) == 1
    for requirement in wanted:
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)][0]), requirement


def test_every_line_that_is_asked_has_its_reason() -> None:
    lines = [line for line in read("requirements.in").splitlines() if line.strip() and not line.startswith("#")]
    assert [line for line in lines if not re.search(r"\S +# \S+", line)] == []


def test_every_entry_of_the_lock_is_one_version_with_hashes() -> None:
    assert len(locked()) > 100
    for requirement, hashes in locked():
        assert [spec.operator for spec in requirement.specifier] == ["=="] and not requirement.url, requirement
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


def test_the_lock_names_no_index_and_no_host() -> None:
    for name in ("requirements.in", "requirements.txt", "environment.yml"):
        found = re.findall(
            r"^\s*(?:-[if]\b|--(?!hash=)).*|\S+://\S+|\b[\w-]+\.(?:org|com|io|net)\b", read(name), re.MULTILINE
        )
        assert found == [], name


def test_what_is_installed_is_what_the_lock_says() -> None:
    expected = {req.name: next(iter(req.specifier)).version for req, _ in locked() if applies(req)}
    installed = {}
    for name in expected:
        try:
            installed[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed[name] = "missing"
    assert installed == expected


def test_the_package_can_be_built_from_the_files_that_pyproject_names() -> None:
    tools = tomllib.loads(read("pyproject.toml"))["tool"]["setuptools"]
    assert (ROOT / tools["dynamic"]["dependencies"]["file"][0]).is_file()
    found = {str(path.parent.relative_to(ROOT)).replace("/", ".") for path in ROOT.glob("helpers/**/__init__.py")}
    assert set(tools["packages"]) == found
