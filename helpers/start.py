"""Open the course: copy the lessons that are not there yet into `my_work/`, then start JupyterLab on them.

    python -m helpers.start [--lesson 02] [--copy-only] [--author] [JupyterLab's own arguments]

The same for `make lab`, conda and Windows. A copy is never overwritten: what a learner wrote stays.
"""

import argparse
import hashlib
import json
import os
import platform
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from helpers import install

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "notebooks"
MY_WORK = ROOT / "my_work"
RECORD = ".originals.json"  # in my_work: lesson -> SHA-256 of the original that was copied
FIRST = "00_start_here"


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is complete or absent, whatever happens on the way."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(data)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def read_record(path: Path) -> dict[str, str]:
    """Return which originals were copied; a missing or damaged record is an empty one."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def copy_lessons(lessons: Path, my_work: Path) -> tuple[list[str], list[str]]:
    """Copy the lessons that are not there yet; return the names copied, and those whose original has changed since.

    The record is written before the copies: an entry too many does no harm, a copy without an entry would never be
    reported as outdated.
    """
    my_work.mkdir(exist_ok=True)
    originals = {path.name: path.read_bytes() for path in sorted(lessons.glob("*.ipynb"))}
    if not originals:
        raise install.Refused(f"There are no lessons in {lessons}: download the course again.")
    known = read_record(my_work / RECORD)
    record, new = dict(known), []
    for name, data in originals.items():
        copy = my_work / name
        if not os.path.lexists(copy):
            new.append(name)
        if name in new or (copy.is_file() and copy.read_bytes() == data):
            record[name] = digest(data)
    if record != known:
        write_whole(my_work / RECORD, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())
    for name in new:
        write_whole(my_work / name, originals[name])
    changed = [name for name, data in originals.items() if name in record and record[name] != digest(data)]
    return new, changed


def describe(new: list[str], changed: list[str], my_work: Path) -> list[str]:
    """Return what to tell the learner about the copies."""
    lines = []
    if new:
        lines.append(f"{len(new)} new lesson{'s' * (len(new) > 1)} in {my_work}: your own copies, never overwritten.")
    if changed:
        example = changed[0].removesuffix(".ipynb")
        lines.append(
            f"Changed since your copy was made: {', '.join(changed)}. Your copy and its answers stay; to get the "
            f"new one beside it, rename yours in {my_work.name}/ (to {example}_mine.ipynb, say) and start again."
        )
    return lines


def find_lesson(folder: Path, wanted: str) -> str:
    """Return the name of the one lesson whose name begins with `wanted`."""
    names = sorted(path.name for path in LESSONS.glob("*.ipynb") if (folder / path.name).is_file())
    exact = [name for name in names if wanted in (name, name.removesuffix(".ipynb"))]
    found = exact or [name for name in names if name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    problem = "No lesson begins" if not found else f"{len(found)} lessons begin"
    raise install.Refused(f"{problem} with {wanted!r}: choose one of {', '.join(found or names)}.")


def jupyter_arguments(folder: Path, lesson: str, extra: list[str]) -> list[str]:
    """Return JupyterLab's command line; the reader's own arguments come last and win."""
    arguments = [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{lesson}"]
    if getattr(os, "geteuid", lambda: 1)() == 0 and "--allow-root" not in extra:
        arguments.append("--allow-root")  # a container or a classroom machine: JupyterLab refuses root without it
    return arguments + extra


def prepare_environment(settings: Path) -> None:
    """Let every kernel import `helpers`, and keep JupyterLab from asking about news.

    Variables of this process do both for this server; the path file serves whoever uses the environment without it.
    """
    install.quiet_news(settings)
    for name, first in {"PYTHONPATH": ROOT, "JUPYTER_CONFIG_PATH": settings}.items():
        rest = [part for part in os.environ.get(name, "").split(os.pathsep) if part and part != str(first)]
        os.environ[name] = os.pathsep.join([str(first), *rest])
    own = sys.prefix != sys.base_prefix or Path(sys.prefix, "conda-meta").is_dir()  # never into a system's Python
    with suppress(OSError, UnicodeError):
        if own:
            install.write_path_file(Path(sysconfig.get_path("purelib")), ROOT)


def open_lab(arguments: list[str]) -> None:
    """Run JupyterLab in this process until it is stopped."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise install.Refused(
            f"JupyterLab is not installed for {sys.executable}: run make lab, or with conda "
            "conda env create -f environment.yml, then conda activate descent."
        ) from None
    LabApp.launch_instance(arguments)


def start(options: argparse.Namespace, extra: list[str]) -> None:
    """Copy, tell, open."""
    install.check_python(sys.version_info, sys.executable, platform.system(), platform.machine())
    if not options.author:
        for line in describe(*copy_lessons(LESSONS, MY_WORK), MY_WORK):
            print(line, flush=True)
    folder = LESSONS if options.author else MY_WORK
    lesson = find_lesson(folder, options.lesson)
    if not options.copy_only:
        prepare_environment(MY_WORK / ".jupyter")
        open_lab(jupyter_arguments(folder, lesson, extra))


def main(arguments: list[str] | None = None) -> int:
    """Start the course; a problem is one sentence and exit status 3."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.start", description="Open the course in JupyterLab.", allow_abbrev=False
    )
    parser.add_argument("--lesson", default=FIRST, help="the beginning of a lesson's name: 02, extra_faq")
    parser.add_argument("--copy-only", action="store_true", help="copy the new lessons and stop")
    parser.add_argument("--author", action="store_true", help="open notebooks/ itself, for those who write lessons")
    options, extra = parser.parse_known_args(arguments)
    try:
        start(options, extra)
    except install.Refused as problem:
        print(problem, file=sys.stderr)
        return 3
    except OSError as error:
        print(
            f"Your copies of the lessons could not be made; {install.explain(str(error), MY_WORK, 'some room')}",
            file=sys.stderr,
        )
        return 3
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
