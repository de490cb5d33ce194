"""The installation: what is refused and in which words, what is built again, what is left alone."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import install

SCRIPT = Path(install.__file__)
GOOD = (3, 12, 1)
PIP_ENDS = {  # what pip said in real runs, shortened, and what the reader has to be told
    "ERROR: Could not install packages: [Errno 28] No space left on device": "the disk is full: free 2.9 GB",
    "WARNING: Retrying after connection broken by 'NewConnectionError'\n"
    "ERROR: No matching distribution found for absl-py==2.5.1": "check the internet connection",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.": "damaged or altered on the way",
    "ERROR: No matching distribution found for h5py==3.14.0": "there is no package for this computer",
    "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'": "make",
    "a first line\nERROR: something new\na last line": "the last words were: ERROR: something new",
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder with a small lock and a Python whose pip installs nothing; `pip.sh` says what that pip does."""
    root = tmp_path / "a course"
    root.mkdir()
    (root / "requirements.txt").write_text("numpy==2.4.6\n")
    (root / "pip.sh").write_text('echo installed >> "$0.log"\n')
    base = root / "base-python"
    base.write_text(
        '#!/bin/sh\n[ "$3" = venv ] || exit 9\nmkdir -p "$4/bin"; echo home > "$4/pyvenv.cfg"\n'
        f'printf \'#!/bin/sh\\n[ "$1" = -c ] || . "{root}/pip.sh"\\n\' > "$4/bin/python"; chmod +x "$4/bin/python"\n'
    )
    base.chmod(0o755)
    monkeypatch.setattr(sys, "_base_executable", str(base))
    monkeypatch.setattr(install, "VENV", root / ".venv")
    monkeypatch.setattr(install, "LOCK", root / "requirements.txt")
    monkeypatch.setattr(install, "ROOT", root)
    return root


def builds(root: Path) -> int:
    """Return how often the fake pip was called."""
    log = root / ".venv" / "bin" / "python.log"
    return len(log.read_text().splitlines()) if log.exists() else 0


def run_script(folder: Path, prelude: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of install.py as a script, after some lines that spoil its Python; never the course's own."""
    copy = folder / "helpers" / "install.py"
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(SCRIPT.read_bytes())
    run = f"sys.argv[1:] = {list(arguments)!r}\nrunpy.run_path({str(copy)!r}, run_name='__main__')"
    command = [sys.executable, "-I", "-c", f"import runpy, sys\n{prelude}\n{run}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


def is_sentence(text: str) -> bool:
    """Return whether a message is one line and no traceback."""
    return len(text.strip().splitlines()) == 1 and "Traceback" not in text


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (2, 7, 18), (4, 0, 0)])
def test_a_python_outside_the_range_is_named_with_the_range(version: tuple[int, int, int]) -> None:
    with pytest.raises(install.Refused) as problem:
        install.check_python(version, "/usr/bin/python3", "Linux", "x86_64")
    for words in (
        "3.11, 3.12 or 3.13",
        "/usr/bin/python3 is Python " + ".".join(map(str, version)),
        "make lab PYTHON=",
    ):
        assert words in str(problem.value)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_a_python_in_the_range_is_taken(version: tuple[int, int, int]) -> None:
    install.check_python(version, "python3", "Darwin", "arm64")


def test_an_intel_mac_is_told_before_the_download() -> None:
    with pytest.raises(install.Refused, match="Intel Mac"):
        install.check_python(GOOD, "python3", "Darwin", "x86_64")


def test_the_file_parses_on_python_3_6_and_needs_the_standard_library_alone() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {node.module if isinstance(node, ast.ImportFrom) else node.names[0].name for node in imports}
    assert "__future__" not in names  # its `annotations` are a SyntaxError on 3.6
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_gets_one_sentence(tmp_path: Path) -> None:
    result = run_script(tmp_path, "sys.version_info = (3, 10, 13, 'final', 0)")
    assert result.returncode == 3 and is_sentence(result.stderr) and "Python 3.10.13" in result.stderr


@pytest.mark.parametrize("name", ["python3.6", "python3.8", "python3.9", "python3.10", "python3.14"])
def test_a_real_python_outside_the_range_gets_one_sentence(name: str, tmp_path: Path) -> None:
    python = shutil.which(name)
    if not python or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
        pytest.skip(f"no {name} here")
    copy = shutil.copy(SCRIPT, tmp_path)
    result = subprocess.run([python, copy], capture_output=True, text=True, check=False)
    assert result.returncode == 3 and is_sentence(result.stderr) and "3.11, 3.12 or 3.13" in result.stderr


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_gets_one_sentence(module: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy\n")
    result = run_script(tmp_path, f"sys.modules[{module!r}] = None")
    assert result.returncode == 3 and is_sentence(result.stderr)
    assert f"lacks the module {module}" in result.stderr and "apt install python3." in result.stderr
    assert not (tmp_path / ".venv").exists()
    asked = run_script(tmp_path, f"sys.modules[{module!r}] = None", "--fits")
    assert (asked.returncode, asked.stdout, asked.stderr) == (3, "", "")


def test_a_python_that_fits_says_so_and_installs_nothing(tmp_path: Path) -> None:
    asked = run_script(tmp_path, "", "--fits")
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")
    assert not (tmp_path / ".venv").exists()


def test_a_missing_lock_gets_one_sentence(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install.LOCK.unlink()
    assert install.main([]) == 3
    message = capsys.readouterr().err
    assert is_sentence(message) and "requirements.txt is missing" in message


def test_a_folder_closed_to_writing_gets_one_sentence(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert install.main([]) == 3
    message = capsys.readouterr().err
    assert is_sentence(message) and "cannot be written to" in message and builds(course) == 0


def test_a_disk_without_room_is_refused_before_the_download(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**10, 9 * 10**9, 10**9))
    assert install.main([]) == 3
    message = capsys.readouterr().err
    assert is_sentence(message) and "1.0 GB free" in message and "2.9 GB" in message and builds(course) == 0


@pytest.mark.parametrize("said", PIP_ENDS)
def test_what_pip_says_becomes_one_sentence_and_nothing_is_left(
    course: Path, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "pip.sh").write_text(f'touch "$(dirname "$0")/../gigabytes"\ncat >&2 <<"END"\n{said}\nEND\nexit 1\n')
    assert install.main([]) == 3
    message = capsys.readouterr().err
    assert is_sentence(message) and PIP_ENDS[said] in message
    assert list(install.VENV.iterdir()) == []


def test_a_disk_that_fills_while_the_environment_is_made_gets_one_sentence(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "base-python").write_text('#!/bin/sh\necho "Error: ensurepip returned exit status 1" >&2\nexit 1\n')
    free = iter([10**10, 10**6])  # before, and when it stopped; venv's own words do not tell
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**10, 0, next(free)))
    assert install.main([]) == 3
    message = capsys.readouterr().err
    assert is_sentence(message) and "the disk is full" in message


def test_a_build_is_complete_and_the_next_run_says_nothing(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main([]) == 0
    said = capsys.readouterr().out
    assert "530 MB" in said and "2.3 GB" in said and "Installed in" in said
    folder = install.VENV / f"lib/python{install.x_y(sys.version_info)}/site-packages"
    assert (folder / "descent_course.pth").read_text() == f"{course}\n"
    news = install.VENV / "etc/jupyter/labconfig/default_setting_overrides.json"
    assert json.loads(news.read_text()) == install.NO_NEWS
    assert not (install.VENV / "tmp").exists()
    assert install.main([]) == 0
    assert capsys.readouterr().out == "" and builds(course) == 1


@pytest.mark.parametrize("spoil", ["lock", "python", "unfinished", "no stamp", "dead interpreter"])
def test_a_stale_or_half_built_environment_is_built_again(course: Path, spoil: str) -> None:
    install.main([])
    stamp, leftover = install.VENV / install.STAMP, install.VENV / "leftover"
    leftover.write_text("of the old environment")
    if spoil == "lock":
        install.LOCK.write_text("numpy==2.4.7\n")
    elif spoil == "python":
        stamp.write_text(install.fingerprint(install.LOCK, (3, 9)))
    elif spoil == "unfinished":
        stamp.write_text(install.UNFINISHED)
    elif spoil == "no stamp":
        stamp.unlink()
    else:
        install.venv_python(install.VENV).unlink()
    assert install.main([]) == 0
    assert not leftover.exists() and builds(course) == 1
    assert stamp.read_text() == install.fingerprint(install.LOCK, sys.version_info)


def test_a_course_folder_that_was_moved_is_found_again_without_a_build(course: Path) -> None:
    install.main([])
    path_file = next(install.VENV.rglob("descent_course.pth"))
    path_file.write_text("/where/it/was\n")
    assert install.main([]) == 0
    assert path_file.read_text() == f"{course}\n" and builds(course) == 1


def test_ctrl_c_leaves_a_state_that_the_next_run_repairs(course: Path) -> None:
    (course / "pip.sh").write_text("kill -INT 0\nsleep 1\n")  # as a terminal does: pip and the installation both get it
    prelude = (
        f"import os, signal; os.setpgid(0, 0); sys._base_executable = {str(course / 'base-python')!r}\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)"  # a shell's background jobs ignore it otherwise
    )
    result = run_script(course, prelude)
    assert result.returncode == 130 and is_sentence(result.stderr) and "starts afresh" in result.stderr
    assert (course / ".venv" / install.STAMP).read_text() == install.UNFINISHED
    (course / "pip.sh").write_text('echo installed >> "$0.log"\n')
    assert run_script(course, prelude).returncode == 0 and builds(course) == 1


def test_a_folder_that_is_no_environment_is_not_emptied(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    install.VENV.mkdir()
    (install.VENV / "thesis.txt").write_text("years of work")
    assert install.main([]) == 3
    assert "not a Python environment" in capsys.readouterr().err
    assert (install.VENV / "thesis.txt").exists()


def test_an_environment_on_another_disk_stays_a_link(course: Path, tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    install.VENV.symlink_to(tmp_path / "large disk")
    assert install.main([]) == 0
    assert install.VENV.is_symlink() and (tmp_path / "large disk" / install.STAMP).exists()


def test_pip_obeys_neither_a_foreign_target_nor_a_foreign_path(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    (course / "pip.sh").write_text('env > "$(dirname "$0")/env"; echo "$1" > "$(dirname "$0")/first"\n')
    install.main([])
    env = (install.VENV / "bin" / "env").read_text()
    assert "/elsewhere" not in env and "PIP_USER=0" in env
    assert (install.VENV / "bin" / "first").read_text() == "-I\n"  # PYTHONPATH would hide missing packages from pip


FAKE = {  # how a Python answers the Makefile: it fits, it is refused in a sentence, it does not run
    "fits": 'case "$2" in --fits) exit 0;; esac; echo "built by $(basename "$0")"',
    "refused": 'case "$2" in --fits) ;; *) echo "$(basename "$0") says why";; esac; exit 3',
    "broken": 'echo "command not found" >&2; exit 127',
    "too old to parse": "exit 1",
}


def make(folder: Path, pythons: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the course's Makefile in a folder with a space in its path, where the Pythons are fakes."""
    if not shutil.which("make"):
        pytest.skip("no make here")
    course, programs = folder / "a course", folder / "bin"
    names = ["python3.11", "python3.12", "python3.13", "python3", "python"]
    for path, kind in [(programs / name, pythons.get(name, "broken")) for name in names] + [
        (course / name, kind) for name, kind in pythons.items() if name not in names
    ]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{FAKE[kind]}\n")
        path.chmod(0o755)
    course.mkdir(exist_ok=True)
    shutil.copy(SCRIPT.parent.parent / "Makefile", course)
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "PYTHON"))}
    env["PATH"] = f"{programs}{os.pathsep}{env['PATH']}"
    return subprocess.run(["make", *arguments], cwd=course, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("pythons", "says"),
    [
        ({"python3.11": "fits", "python3.12": "fits", "python3": "fits"}, "built by python3.11"),
        ({"python3.13": "fits", "python3": "refused"}, "built by python3.13"),
        ({"python3.11": "refused", "python3.12": "broken", "python3": "fits"}, "built by python3"),
        ({".venv/bin/python": "fits", "python3.11": "fits"}, "built by python\n"),
        ({".venv/bin/python": "broken", "python3.12": "fits"}, "built by python3.12"),
        ({"python": "fits", "python3": "too old to parse"}, "built by python"),
    ],
)
def test_make_takes_the_first_python_that_runs_and_fits(pythons: dict[str, str], says: str, tmp_path: Path) -> None:
    result = make(tmp_path, pythons, "install")
    assert result.returncode == 0 and result.stdout.startswith(says) and result.stderr == ""


def test_make_without_a_python_that_fits_says_why_in_one_sentence(tmp_path: Path) -> None:
    refused = make(tmp_path, {"python3": "refused", "python": "refused"}, "install")
    assert refused.returncode and refused.stdout == "python3 says why\n"
    nothing = make(tmp_path, {"python3": "broken", "python": "too old to parse"}, "install")
    assert nothing.returncode and nothing.stderr.startswith("No Python was found: install Python 3.11, 3.12 or 3.13")


def test_make_uses_the_python_that_is_named_and_no_other(tmp_path: Path) -> None:
    pythons = {"my python": "fits", "old python": "refused", "no python": "broken", "python3.11": "fits"}
    assert make(tmp_path, pythons, "install", "PYTHON=./my python").stdout == "built by my python\n"
    assert make(tmp_path, pythons, "install", "PYTHON=./old python").stdout == "old python says why\n"
    result = make(tmp_path, pythons, "install", "PYTHON=./no python")
    assert result.returncode and result.stderr.startswith("PYTHON=./no python does not run")


def test_make_alone_lists_every_target_with_its_line(tmp_path: Path) -> None:
    result = make(tmp_path, {})
    listed = [line.split()[1] for line in result.stdout.splitlines() if len(line.split()) > 3]
    makefile = (SCRIPT.parent.parent / "Makefile").read_text(encoding="utf-8")
    targets = makefile.split(".PHONY:")[1].splitlines()[0].split()
    assert result.returncode == 0 and sorted(listed) == sorted(set(targets) - {"install"})


def test_clean_never_touches_my_work(tmp_path: Path) -> None:
    for name in (
        "my_work/00.ipynb",
        ".venv/pyvenv.cfg",
        "helpers/__pycache__/x.pyc",
        "tests/t.py",
        "notebooks/n.ipynb",
    ):
        (tmp_path / "a course" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "a course" / name).write_text("kept or not")
    assert make(tmp_path, {}, "clean").returncode == 0
    left = {
        str(path.relative_to(tmp_path / "a course")) for path in (tmp_path / "a course").rglob("*") if path.is_file()
    }
    assert left == {"Makefile", "my_work/00.ipynb", "tests/t.py", "notebooks/n.ipynb"}
