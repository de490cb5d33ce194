"""Build the course's own environment, `.venv`, from the hashed lock; one that is up to date costs a few milliseconds.

`make` runs this file with whatever Python it finds, so it parses on every Python from 3.6 on, and needs none but the
standard library. Each thing that can go wrong is one sentence and exit status 3; Ctrl-C is exit status 130.
"""

import hashlib
import importlib.util
import json
import locale
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)  # the same range as in pyproject.toml and environment.yml
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.txt"
STAMP = "descent.stamp"  # inside the environment, written first as a claim on the folder and last as the proof
UNFINISHED = "not finished\n"
DOWNLOAD_MB, DISK_MB = 530, 2300  # measured on Linux x86_64
SPARE_MB = 600  # the downloads lie on the disk too until they are all unpacked
NEED = f"{(DISK_MB + SPARE_MB) / 1000:.1f} GB"
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
RETRY = "then run the same command again"
CAUSES = (  # what pip or venv says (first match wins), and the sentence for it
    (r"No space left|Errno 28|not enough space|quota exceeded", "the disk is full: free {need}, " + RETRY),
    (r"DO NOT MATCH THE HASHES", "a download was damaged or altered on the way: run the same command again"),
    (r"connection broken|ConnectionError|timed out|Name or service|ProxyError|SSLError|HTTPError|Network is unreach",
     "no package server answers: check the internet connection (or the proxy), " + RETRY),
    (r"Permission denied|Errno 13|Read-only file system", "a file cannot be written: make {root} writable, " + RETRY),
    (r"No matching distribution|Could not find a version",
     "there is no package for this computer ({machine}): use Linux, 64-bit Windows or a Mac with Apple silicon"),
)  # fmt: skip


class Refused(Exception):
    """A problem, said in one sentence that a reader can act on."""


def x_y(version: tuple) -> str:
    """Return "3.11" for (3, 11, 7)."""
    return f"{version[0]}.{version[1]}"


def check_python(version: tuple, executable: str, system: str, machine: str) -> None:
    """Refuse a Python that the lock has no packages for."""
    if not OLDEST <= version[:2] <= NEWEST:
        found = ".".join(map(str, version[:3]))
        wanted = ", ".join(f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1])) + f" or 3.{NEWEST[1]}"
        raise Refused(
            f"The course needs Python {wanted}, and {executable} is Python {found}: install one of those, "
            "or name one that you have: make lab PYTHON=/path/to/python"
        )
    if system == "Darwin" and machine == "x86_64":
        raise Refused(
            "There is no TensorFlow for Python on Intel Macs any more: use another computer, "
            "or on a Mac with Apple silicon a Python built for arm64: make lab PYTHON=/path/to/python"
        )


def check_modules(executable: str) -> None:
    """Refuse a Python without the modules that make an environment: Debian and Ubuntu package them apart."""
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        package = f"python{x_y(sys.version_info)}-venv"
        raise Refused(
            f"{executable} lacks the module {missing[0]}: install it (Debian, Ubuntu: sudo apt install {package}), "
            "or name another Python: make lab PYTHON=/path/to/python"
        )


def check_folder(root: Path, lock: Path) -> None:
    """Refuse a folder without a lock, or closed to writing."""
    if not lock.is_file():
        raise Refused(f"{lock} is missing, which lists the packages to install: download the course again.")
    if not os.access(str(root), os.W_OK):
        raise Refused(f"The folder {root} cannot be written to: copy the course to a folder of your own, {RETRY}.")


def check_room(root: Path) -> None:
    """Refuse a disk on which the installation cannot end."""
    free = shutil.disk_usage(str(root)).free // 10**6
    if free < DISK_MB + SPARE_MB:
        raise Refused(
            f"The disk of {root} has {free / 1000:.1f} GB free, and the installation needs {NEED}: make room, {RETRY}."
        )


def fingerprint(lock: Path, version: tuple) -> str:
    """Return what an environment depends on: Python's x.y and the lock's contents."""
    return f"python {x_y(version)}\nlock {hashlib.sha256(lock.read_bytes()).hexdigest()}\n"


def venv_python(venv: Path) -> Path:
    """Return the environment's own interpreter."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_current(venv: Path, wanted: str) -> bool:
    """Return whether the environment was built to its end from this lock, and its Python still runs.

    The Python that runs this file is taken to run; another one is started once, about 20 ms.
    """
    try:
        if (venv / STAMP).read_text() != wanted:
            return False
        here = os.path.realpath(sys.prefix) == os.path.realpath(str(venv))
        return here or subprocess.call([str(venv_python(venv)), "-c", ""], stderr=subprocess.DEVNULL) == 0
    except (OSError, ValueError):
        return False


def write_if_new(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a small file, unless it already says so."""
    data = text.encode(encoding)
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def write_path_file(site_packages: Path, root: Path) -> None:
    """Make `helpers` importable from anywhere."""
    encoding = "utf-8" if sys.version_info >= (3, 13) else locale.getpreferredencoding(False)  # as `site` reads it
    write_if_new(site_packages / "descent_course.pth", str(root) + "\n", encoding)


def quiet_news(config: Path) -> None:
    """Turn JupyterLab's news pop-up and update check off, as a default below the reader's own settings.

    `config` is a folder on Jupyter's configuration path.
    """
    write_if_new(config / "labconfig" / "default_setting_overrides.json", json.dumps(NO_NEWS, indent=2) + "\n")


def finish(venv: Path) -> None:
    """Write what the environment needs beside its packages."""
    folder = "Lib/site-packages" if os.name == "nt" else f"lib/python{x_y(sys.version_info)}/site-packages"
    write_path_file(venv / folder, venv.parent)  # again on every run: the course's folder may have been moved
    quiet_news(venv / "etc" / "jupyter")


def clear(venv: Path) -> None:
    """Empty the environment's folder; refuse one that this file did not make."""
    if venv.is_dir() and any(venv.iterdir()) and not any((venv / name).exists() for name in (STAMP, "pyvenv.cfg")):
        raise Refused(f"{venv} is not a Python environment: move it elsewhere, {RETRY}.")
    venv.mkdir(exist_ok=True)  # a link to a folder on a larger disk stays a link
    entries = sorted(venv.iterdir(), key=lambda entry: entry.name == STAMP)  # the claim goes last
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(str(entry))
        else:
            entry.unlink()


def explain(words: str, root: Path = ROOT, need: str = NEED) -> str:
    """Turn what pip or venv said on its way out into a sentence."""
    machine = f"{platform.system()} {platform.machine()}"
    for pattern, sentence in CAUSES:
        if re.search(pattern, words, re.IGNORECASE):
            return sentence.format(need=need, root=root, machine=machine) + "."
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")] or lines or ["no reason given"]
    return f"the last words were: {errors[-1]}"


def run(command: list, folder: Path) -> None:
    """Run one step of the installation; its output is shown, its complaints become one sentence."""
    env = {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")}
    env.update(PIP_USER="0", TMPDIR=str(folder))  # the reader's pip settings count, but not for where things go
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        complaints = process.communicate()[1].decode(errors="replace")
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        if shutil.disk_usage(str(folder)).free < 50 * 10**6:
            complaints = "No space left"  # `venv` keeps to itself why its pip could not be unpacked
        raise Refused(f"The installation stopped; {explain(complaints)}")


def fill(venv: Path, lock: Path) -> None:
    """Make the environment and put the packages of the lock into it."""
    scratch = venv / "tmp"  # on the disk that has the room: /tmp is small on some computers
    scratch.mkdir()
    base = getattr(sys, "_base_executable", None) or sys.executable  # the environment's own Python may be what runs now
    run([base, "-I", "-m", "venv", str(venv)], scratch)
    pip = [str(venv_python(venv)), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    run(pip + ["--require-hashes", "--only-binary=:all:", "--no-warn-script-location", "-r", str(lock)], scratch)
    shutil.rmtree(str(scratch))
    finish(venv)


def build(venv: Path, lock: Path, wanted: str) -> None:
    """Build the environment; only a complete one carries the stamp, and one that failed leaves no gigabytes behind."""
    print(
        f"Installing the course into {venv}: a few minutes, about {DOWNLOAD_MB} MB to download, "
        f"{DISK_MB / 1000:.1f} GB of disk.",
        flush=True,
    )
    start = time.time()
    clear(venv)
    (venv / STAMP).write_text(UNFINISHED)
    try:
        check_room(venv)
        fill(venv, lock)
    except (Refused, OSError):
        clear(venv)
        raise
    (venv / STAMP).write_text(wanted)
    print(f"Installed in {time.time() - start:.0f} seconds.", flush=True)


def install() -> None:
    """Bring the environment up to date."""
    check_folder(ROOT, LOCK)
    wanted = fingerprint(LOCK, sys.version_info)
    if is_current(VENV, wanted):
        finish(VENV)
        return
    check_modules(sys.executable)
    build(VENV, LOCK, wanted)


def main(arguments: list) -> int:
    """Install; with --fits only say by the exit status whether this Python could."""
    try:
        check_python(tuple(sys.version_info), sys.executable, platform.system(), platform.machine())
        if arguments == ["--fits"]:
            check_modules(sys.executable)
        else:
            install()
        return 0
    except Refused as problem:
        message = str(problem)
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again, and the installation starts afresh.", file=sys.stderr)
        return 130
    except OSError as error:
        message = f"The installation stopped; {explain(str(error))}"
    if arguments != ["--fits"]:
        print(message, file=sys.stderr)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
