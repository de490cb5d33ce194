"""Recorded experiments: what the engine keeps, leaves out and says, and whether data/ holds what the code computes."""

import csv
import importlib
import math
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.record import EXPERIMENTS, engine, keras_line, learning_rates
from helpers.record import __main__ as command

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = [{"rule": rule, "eta": eta, "seed": seed} for rule in ("b", "a") for eta in (0.1, 1e-05) for seed in (1, 0)]
RESULTS = ("loss", "steps")


def measure(rule, eta, seed):
    return {"loss": {"a": 1, "b": 2}[rule] / 3 + eta + seed, "steps": 10 + seed}


def never(**setting):
    raise AssertionError(f"{setting} was run again")


def recorded(path, settings=SETTINGS, run=measure, results=RESULTS):
    """Record, and return the number of runs and the lines of the file."""
    num_new = engine.record(path, settings, run, results=results)
    return num_new, path.read_text(encoding="utf-8").splitlines()


def stopped_after(num_runs):
    """Return a run that is interrupted once `num_runs` are done, and the list of what was run."""
    done = []

    def run(**setting):
        if len(done) == num_runs:
            raise KeyboardInterrupt
        done.append(setting)
        return measure(**setting)

    return run, done


@pytest.fixture
def path(tmp_path):
    return tmp_path / "experiment.csv"


@pytest.fixture
def whole(tmp_path):
    """Return the lines of a recording that nobody interrupted."""
    return recorded(tmp_path / "whole.csv")[1]


# What is written


def test_each_setting_has_its_row_in_their_order(path):
    num_new, lines = recorded(path)
    assert num_new == 8 and lines[0] == "rule,eta,seed,loss,steps"
    assert lines[1:4] == ["b,0.1,1,1.76667,11", "b,0.1,0,0.766667,10", "b,1e-05,1,1.66668,11"]
    assert [line.split(",")[0] for line in lines[1:]] == list("bbbbaaaa")
    assert path.read_bytes().endswith(b"\n") and b"\r" not in path.read_bytes()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1 / 3, "0.333333"),
        (np.float64(123456789.0), "1.23457e+08"),
        (np.float32(0.1), "0.1"),
        (np.int64(12345678), "12345678"),
        (math.inf, "inf"),
        (math.nan, "inf"),
        (np.float64("nan"), "inf"),
        (-math.inf, "inf"),
        ("relu", "relu"),
    ],
)
def test_results_have_six_digits_and_what_diverged_is_inf(path, value, written):
    assert recorded(path, [{"seed": 0}], lambda seed: {"loss": value}, ["loss"])[1] == ["seed,loss", f"0,{written}"]


def test_a_setting_is_written_exactly(path):
    etas = [0.1 + 0.2, 10 ** (1 / 4), 1e-300, 5.0, np.float64(1 / 3)]
    lines = recorded(path, [{"eta": eta} for eta in etas], lambda eta: {"loss": 1}, ["loss"])[1]
    assert [float(line.split(",")[0]) for line in lines[1:]] == etas
    assert engine.record(path, [{"eta": eta} for eta in etas], never, results=["loss"]) == 0


def test_a_row_is_on_disk_before_the_next_run_begins(path):
    seen = []

    def run(**setting):
        seen.append(len(path.read_text().splitlines()))
        return measure(**setting)

    recorded(path, run=run)
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]  # the line of names, and a row for each run before


# Going on


@pytest.mark.parametrize("num_runs", [0, 1, 5, 7])
def test_an_interrupted_recording_goes_on_where_it_ended(path, whole, num_runs):
    run, done = stopped_after(num_runs)
    with pytest.raises(KeyboardInterrupt):
        recorded(path, run=run)
    assert path.read_text().splitlines() == whole[: num_runs + 1]
    run, done = stopped_after(99)
    assert recorded(path, run=run) == (8 - num_runs, whole)
    assert done == SETTINGS[num_runs:]


def test_an_error_in_a_run_loses_no_row(path, whole):
    with pytest.raises(ZeroDivisionError):
        recorded(path, run=lambda **s: 1 / 0 if s == SETTINGS[3] else measure(**s))
    assert path.read_text().splitlines() == whole[:4]


@pytest.mark.parametrize("num_missing", [1, 3, 12, 19])
def test_a_half_written_last_line_is_dropped(path, whole, num_missing):
    text = "\n".join(whole[:4]) + "\n"
    path.write_text(text[:-num_missing])  # from the line end alone to almost the whole row
    run, done = stopped_after(99)
    assert recorded(path, run=run) == (6, whole)
    assert done[0] == SETTINGS[2]


@pytest.mark.parametrize("text", ["", "rule,et", "rule,eta,seed,loss,steps", "rule,eta,seed,loss,steps\n"])
def test_a_file_without_a_row_is_a_new_one(path, whole, text):
    path.write_text(text)
    assert recorded(path) == (8, whole)


def test_rows_of_any_order_end_in_the_order_of_the_settings(path, whole):
    path.write_text("\n".join([whole[0], *reversed(whole[1:]), ""]))
    assert recorded(path, run=never) == (0, whole)
    new = [{"rule": "a", "eta": 0.5, "seed": 0}, *SETTINGS[::-2]]
    num_new, lines = recorded(path, new)
    assert num_new == 1 and lines[2:] == whole[1:][::-2] and lines[1] == "a,0.5,0,0.833333,10"


def test_rows_of_other_settings_stay_until_the_end(path, whole):
    recorded(path)
    run, _ = stopped_after(0)
    with pytest.raises(KeyboardInterrupt):
        recorded(path, [{"rule": "a", "eta": 0.5, "seed": 0}], run)
    assert path.read_text().splitlines() == whole


def test_a_complete_file_is_not_touched(path, whole, monkeypatch, capsys):
    recorded(path)
    capsys.readouterr()
    monkeypatch.setattr(engine, "write_whole", never)
    assert recorded(path, run=never) == (0, whole)
    assert capsys.readouterr() == ("", "")


def test_line_ends_of_windows_are_read(path, whole):
    path.write_bytes("\r\n".join([*whole[:3], ""]).encode())
    assert recorded(path) == (6, whole)


# What cannot be recorded


@pytest.mark.parametrize(
    ("settings", "results", "names"),
    [
        (SETTINGS, ("loss", "accuracy"), "rule, eta, seed, loss, accuracy"),
        (SETTINGS, ("loss",), "rule, eta, seed, loss"),
        (SETTINGS, ("steps", "loss"), "rule, eta, seed, steps, loss"),
        ([{"rule": "a", "seed": 0}], RESULTS, "rule, seed, loss, steps"),
    ],
)
def test_changed_columns_are_told_and_nothing_is_lost(path, whole, settings, results, names):
    recorded(path)
    with pytest.raises(engine.RecordError) as error:
        recorded(path, settings, never, results)
    assert str(error.value) == (
        f"{path} has the columns rule, eta, seed, loss, steps, and the experiment writes {names}: "
        "delete the file and record it again."
    )
    assert path.read_text().splitlines() == whole


def test_a_damaged_line_is_named(path, whole):
    path.write_text("\n".join([*whole[:2], "b,0.1", *whole[3:], ""]))
    with pytest.raises(engine.RecordError, match=r"Line 3 of .*experiment.csv is damaged: delete the line"):
        recorded(path, run=never)


@pytest.mark.parametrize(
    ("settings", "run", "words"),
    [
        ([], never, "has no settings"),
        ([{"a": 1}, {"b": 1}], never, "A setting names b, the first one a: name the same"),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], never, "A setting names b, a, the first one a, b"),
        ([{"a": 1}, {"a": 2}, {"a": 1}], never, r"The setting \{'a': 1\} is there twice"),
        ([{"a": None}], never, "None cannot be written: give a number, or a text"),
        ([{"a": "x,y"}], never, "'x,y' cannot be written"),
        ([{"a": "x\n"}], never, "cannot be written"),
        ([{"a": ""}], never, "'' cannot be written"),
        ([{"a": 1}], lambda a: {"loss": 1}, "`run` returned loss, not loss, steps: name the same in `results`"),
        ([{"a": 1}], lambda a: {"loss": 1, "steps": [2]}, r"\[2\] cannot be written"),
    ],
)
def test_an_experiment_that_cannot_be_recorded_says_why(path, settings, run, words):
    with pytest.raises(engine.RecordError, match=words):
        recorded(path, settings, run)


# Progress


@pytest.fixture
def clock(monkeypatch):
    """Let a run take 25 seconds: return the run, and stop the real clock."""
    now = [1000.0]
    monkeypatch.setattr(engine, "monotonic", lambda: now[0])

    def run(**setting):
        now[0] += 25
        return measure(**setting)

    return run


def test_progress_counts_rows_and_tells_the_time_left(path, clock, capsys):
    recorded(path, run=clock)
    assert capsys.readouterr() == ("", "\n".join([
        "0 of 8", "1 of 8, about 3 min left", "2 of 8, about 2 min left", "3 of 8, about 2 min left",
        "4 of 8, about 2 min left", "5 of 8, about 75 s left", "6 of 8, about 50 s left", "7 of 8, about 25 s left",
        "8 of 8\n",
    ]))  # fmt: skip


def test_progress_of_what_is_left_counts_only_its_own_time(path, clock, capsys):
    with pytest.raises(KeyboardInterrupt):
        recorded(path, run=stopped_after(5)[0])
    capsys.readouterr()
    recorded(path, run=clock)
    assert capsys.readouterr().err.splitlines()[:2] == ["5 of 8", "6 of 8, about 50 s left"]


def test_progress_of_many_rows_is_told_each_tenth_of_the_way(path, capsys):
    recorded(path, [{"seed": seed} for seed in range(500)], lambda seed: {"loss": seed}, ["loss"])
    assert [line.split(",")[0] for line in capsys.readouterr().err.splitlines()] == [
        f"{done} of 500" for done in range(0, 501, 50)
    ]


def test_progress_on_a_terminal_stays_in_its_line(path, clock, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    recorded(path, [{"seed": seed} for seed in range(500)], lambda seed: {"loss": seed}, ["loss"])
    shown = capsys.readouterr().err
    assert shown.count("\r") == 501 and shown.count("\n") == 1 and shown.endswith("500 of 500".ljust(40) + "\n")


# The command


@pytest.fixture
def experiment(monkeypatch, tmp_path):
    """Put a small experiment named "small" in place of the real ones; return its module and its file."""
    module = type(sys)("helpers.record.small")
    module.SETTINGS, module.RESULTS, module.run = SETTINGS, RESULTS, measure
    monkeypatch.setitem(sys.modules, "helpers.record.small", module)
    monkeypatch.setattr(command, "EXPERIMENTS", ("small",))
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    for name in command.THREADS:
        monkeypatch.setenv(name, "2")
    return module, tmp_path / "small.csv"


@pytest.mark.parametrize("arguments", [[], ["small"]])
def test_the_command_records_what_is_named_or_everything(experiment, whole, arguments, capsys, tmp_path):
    _, path = experiment
    assert command.main(arguments) == 0
    assert path.read_text().splitlines() == whole
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == f"{tmp_path.name}/small.csv: 8 rows, 8 of them new." and "small:" in lines


def test_fresh_starts_anew_and_only_then(experiment, whole):
    module, path = experiment
    path.write_text("\n".join([whole[0], "b,0.1,1,9,9", ""]))
    assert command.main(["small"]) == 0 and path.read_text().splitlines()[1] == "b,0.1,1,9,9"
    assert command.main(["small", "--fresh"]) == 0 and path.read_text().splitlines() == whole


def test_an_unknown_name_is_answered_with_the_names(experiment, capsys):
    _, path = experiment
    path.write_text("kept")
    assert command.main(["learning_rate", "--fresh"]) == 2
    assert capsys.readouterr() == ("", "There is no experiment 'learning_rate': choose one of small.\n")
    assert path.read_text() == "kept"


def test_the_command_tells_changed_columns_in_a_sentence(experiment, capsys):
    _, path = experiment
    path.write_text("rule,eta\n")
    assert command.main([]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        f"{path} has the columns rule, eta, and the experiment writes rule, eta, seed, loss, steps: "
        "delete the file and record it again."
    ]


@pytest.mark.parametrize("when", ["in the third run", "while the experiment is imported"])
def test_ctrl_c_ends_with_a_sentence_and_loses_nothing(tmp_path, when):
    path = tmp_path / "learning_rates.csv"
    code = f"""
        import importlib, signal, sys
        from pathlib import Path
        from helpers.record import __main__ as command

        class Small:
            SETTINGS, RESULTS, calls = [{{"seed": seed}} for seed in range(5)], ["loss"], 0
            def run(seed):
                Small.calls += 1
                if Small.calls == 3 and sys.argv[1] == "in the third run":
                    signal.raise_signal(signal.SIGINT)
                return {{"loss": seed}}

        def find(name):
            if sys.argv[1] == "while the experiment is imported":
                signal.raise_signal(signal.SIGINT)
            return Small

        importlib.import_module, command.FOLDER = find, Path({str(tmp_path)!r})
        sys.exit(command.main(["learning_rates"]))
    """
    call = [sys.executable, "-c", textwrap.dedent(code)]
    stopped = subprocess.run([*call, when], cwd=ROOT, capture_output=True, text=True)
    assert stopped.returncode == 130 and stopped.stdout == ""
    sentence = "Stopped: `python -m helpers.record learning_rates` goes on where this ended."
    assert stopped.stderr.splitlines()[-1] == sentence and "Traceback" not in stopped.stderr
    rows = ["seed,loss", "0,0", "1,1"] if when == "in the third run" else None
    assert (path.read_text().splitlines() if path.exists() else None) == rows
    assert subprocess.run([*call, "no more"], cwd=ROOT, capture_output=True).returncode == 0
    assert path.read_text().splitlines() == ["seed,loss", "0,0", "1,1", "2,2", "3,3", "4,4"]


def test_one_thread_is_set_before_numpy_is_imported(experiment, monkeypatch):
    code = "import sys, helpers.record.__main__; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    command.main([])
    assert {command.os.environ[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")} == {"1"}


# What stands in data/


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_recording_is_complete_and_belongs_to_its_experiment(name, tmp_path):
    experiment = importlib.import_module(f"helpers.record.{name}")
    stored = (command.FOLDER / f"{name}.csv").read_bytes().replace(b"\r\n", b"\n")
    (tmp_path / "copy.csv").write_bytes(stored)
    assert engine.record(tmp_path / "copy.csv", experiment.SETTINGS, never, results=experiment.RESULTS) == 0
    assert (tmp_path / "copy.csv").read_bytes() == stored  # in order, and no row too many


def test_the_experiments_named_are_those_that_are_there():
    modules = {path.stem for path in (ROOT / "helpers" / "record").glob("*.py")}
    assert set(EXPERIMENTS) == modules - {"__init__", "__main__", "digits", "engine", "large", "photos_networks"}


@pytest.fixture(scope="module")
def stored():
    """Return (rule, eta, seed) -> the recorded row of the learning rates."""
    with (command.FOLDER / "learning_rates.csv").open(encoding="utf-8") as file:
        return {(row["rule"], float(row["eta"]), int(row["seed"])): row for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("rule", "eta", "seed"),
    [
        ("sgd", 0.1, 0),
        ("sgd", 1e-05, 3),
        ("momentum", 0.0316, 1),
        ("nesterov", 0.0316, 2),
        ("rmsprop", 0.00316, 3),
        ("adam", 0.01, 4),
        ("adam", 0.001, 0),
        ("adamw", 0.01, 1),
    ],
)
def test_a_recorded_run_can_be_repeated(stored, rule, eta, seed):
    again, row = learning_rates.run(rule, eta, seed), stored[rule, eta, seed]
    assert set(again) == set(learning_rates.RESULTS)
    for name in ("loss", "val_loss"):
        assert float(row[name]) == pytest.approx(again[name], rel=1e-3)
    assert float(row["val_accuracy"]) == pytest.approx(again["val_accuracy"], abs=1.5 / 300)  # one digit's worth


def test_the_grid_is_four_rates_a_decade_over_six_decades():
    assert len(learning_rates.SETTINGS) == 6 * 25 * 5
    np.testing.assert_allclose(np.diff(np.log10(learning_rates.ETAS)), 0.25, atol=2e-3)
    assert learning_rates.ETAS[::4] == (1e-05, 0.0001, 0.001, 0.01, 0.1, 1, 10)


def test_a_seed_is_the_same_start_for_every_rule():
    starts = {
        seed: {learning_rates.run(rule, 0.1, seed, 0)["loss"] for rule in learning_rates.RULES} for seed in (0, 1)
    }
    assert len(starts[0]) == len(starts[1]) == 1 and starts[0] != starts[1]


def test_a_run_that_overflows_is_recorded_as_inf_without_a_warning(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        setting = {"rule": "sgd", "eta": 1e200, "seed": 0}
        lines = recorded(path, [setting], learning_rates.run, learning_rates.RESULTS)[1]
    assert lines[1].startswith("sgd,1e+200,0,inf,inf,")


@pytest.mark.parametrize(("batch_size", "eta"), [(20, 0.1), (100, 0.501), (5, 1.26)])
def test_a_recorded_run_of_keras_can_be_repeated_alone_and_in_another_order(monkeypatch, batch_size, eta):
    monkeypatch.setattr(keras_line, "NUM_EPOCHS", 15)  # the others would add seconds, and nothing else
    etas, sizes, paths = data.load_keras_line()
    stored = paths[sizes.tolist().index(batch_size), etas.tolist().index(eta)][:16]
    again = keras_line.run(batch_size, eta)
    assert set(again) == set(keras_line.RESULTS)
    found = np.array([again[name].split() for name in ("w", "b")], dtype=float).T
    assert found.shape == (16, 2)
    some = np.abs(stored) < 1e30  # float32 overflows a little later or earlier with another processor
    assert some.sum() > 5
    np.testing.assert_allclose(found[some], stored[some], rtol=1e-3, atol=1e-3)


def test_the_grid_of_keras_is_twenty_rates_a_decade_beyond_the_limit():
    assert len(keras_line.SETTINGS) == 3 * 43
    np.testing.assert_allclose(np.diff(np.log10(keras_line.ETAS)), 0.05, atol=2e-3)
    assert keras_line.ETAS[::20] == (0.01, 0.1, 1.0) and keras_line.ETAS[-1] == 1.26


def test_the_text_of_a_run_that_overflows_has_61_numbers_or_inf():
    with (command.FOLDER / "keras_line.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (command.FOLDER / "keras_line.csv").stat().st_size < 600_000
    for row in rows:
        for name in ("w", "b"):
            texts = row[name].split(" ")
            assert len(texts) == 61 and texts[0] == "0"
            assert all(text == "inf" or f"{float(text):.6g}" == text for text in texts)
    assert any("inf" in row["w"] for row in rows)
