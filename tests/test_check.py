"""The checks: every slip gets its own hint, every right answer passes however it is written, and nothing breaks them."""

import sys

import numpy as np
import pytest

from helpers import check
from helpers.check import _LESSONS
from helpers.check.engine import Exercise, Slip

EXERCISES = [exercise for lesson in _LESSONS.values() for exercise in lesson.values()]
FUNCTIONS = [exercise for exercise in EXERCISES if exercise.wants_function]
SLIPS = [(exercise, slip) for exercise in EXERCISES for slip in exercise.slips]


def names(exercises: list[Exercise]) -> dict:
    return {"argvalues": exercises, "ids": [exercise.name for exercise in exercises]}


def wrapped(exercise: Exercise, dress) -> object:
    """Return the exercise's right answer, its outcome dressed in another form (part by part)."""

    def outcome(value):
        return type(value)(dress(part) for part in value) if exercise.parts else dress(value)

    if not exercise.wants_function:
        return outcome(exercise.reference)
    return lambda *arguments: outcome(exercise.reference(*arguments))


# What is right passes, what is missing is said to be missing


@pytest.mark.parametrize("exercise", **names(EXERCISES))
def test_the_reference_and_its_equals_pass(exercise):
    for answer in (exercise.reference, *exercise.also_right):
        assert exercise.grade(answer).mark == "✓", exercise.grade(answer)


@pytest.mark.parametrize("exercise", **names(EXERCISES))
def test_a_stub_is_not_written_yet(exercise):
    stubs = [..., (..., ...)]
    if exercise.wants_function:
        stubs += [
            lambda *_: ...,
            lambda *_: (..., 1.0),
            lambda *_: 2 * ...,
            lambda *_: np.mean(...),
            lambda *_: np.array([..., 1]),
        ]
    for stub in stubs:
        assert exercise.grade(stub).mark == "○", exercise.grade(stub)


@pytest.mark.parametrize("exercise", **names(EXERCISES))
@pytest.mark.parametrize(
    "dress",
    [
        lambda v: np.asarray(v).tolist(),
        lambda v: np.float32(v) if np.ndim(v) == 0 else np.asarray(v, dtype=np.float32),
        lambda v: np.asarray(v, dtype=np.float32).astype(float),
        lambda v: np.array([v]) if np.ndim(v) == 0 else v,
        lambda v: np.array([[v]]) if np.ndim(v) == 0 else v,
        lambda v: np.asarray(v, dtype=object),
    ],
    ids=["lists", "float32", "rounded to float32", "one element", "one element, two axes", "objects"],
)
def test_another_form_of_the_right_answer_passes(exercise, dress):
    answer = wrapped(exercise, dress)
    assert exercise.grade(answer).mark == "✓", exercise.grade(answer)


@pytest.mark.parametrize("exercise", **names([e for e in EXERCISES if e.parts]))
@pytest.mark.parametrize("outer", [tuple, list], ids=["tuple", "list"])
def test_parts_may_come_in_any_sequence(exercise, outer):
    answer = outer(exercise.reference) if not exercise.wants_function else lambda *a: outer(exercise.reference(*a))
    assert exercise.grade(answer).mark == "✓"


def test_numbers_in_one_array_pass_for_parts():
    assert check.mse_gradient.grade(lambda *a: np.array(check.mse_gradient.reference(*a))).mark == "✓"
    assert check.mse_gradient.grade(lambda *a: np.array(check.mse_gradient.reference(*a))[:, None]).mark == "✓"


def test_a_loop_passes():
    def mse(y, y_hat):
        total = 0.0
        for a, b in zip(np.ravel(y), np.ravel(y_hat), strict=True):
            total += (a - b) ** 2
        return total / np.size(y)

    assert check.mse.grade(mse).mark == "✓"


def test_tensors_pass():
    tf = pytest.importorskip("tensorflow")

    def mse(y, y_hat):
        return tf.reduce_mean((tf.reshape(y, [-1]) - tf.reshape(y_hat, [-1])) ** 2)

    assert check.mse.grade(mse).mark == "✓"


# What is wrong is named


@pytest.mark.parametrize(("exercise", "slip"), SLIPS, ids=[f"{e.name}-{i}" for i, (e, _) in enumerate(SLIPS)])
def test_every_slip_gets_its_own_hint(exercise, slip):
    verdict = exercise.grade(slip.wrong)
    assert verdict.mark == "✗"
    assert slip.hint in verdict.message


@pytest.mark.parametrize("exercise", **names(EXERCISES))
def test_a_slip_in_float32_gets_the_same_hint(exercise):
    slip = exercise.slips[0]
    if exercise.wants_function:

        def answer(*arguments):
            value = slip.wrong(*arguments)
            return (
                tuple(np.asarray(v, np.float32) for v in value)
                if isinstance(value, tuple)
                else np.asarray(value, np.float32)
            )
    else:
        answer = np.asarray(slip.wrong, np.float32)
    assert slip.hint in exercise.grade(answer).message


def test_a_column_for_a_flat_array_is_a_slip_of_its_own():
    verdict = check.loss_curve.grade(lambda *a: check.loss_curve.reference(*a)[:, None])
    assert verdict.mark == "✗" and ".ravel()" in verdict.message and "(3, 1)" in verdict.message


def test_a_slip_in_one_part_leaves_the_other_part_praised():
    def half_right(x, y, w, b):
        dw, db = check.mse_gradient.reference(x, y, w, b)
        return dw, -db

    message = check.mse_gradient.grade(half_right).message
    assert "dL/dw is right; dL/db: your gradient has the opposite sign" in message


def test_an_unknown_mistake_gets_the_first_case_with_expected_and_found():
    message = check.mse.grade(lambda y, y_hat: np.mean((np.ravel(y) - np.ravel(y_hat)) ** 2) + 1).message
    assert "expected 2, found 3" in message and "y = [2., 3., 5.]" in message


def test_a_constant_factor_is_named():
    message = check.mse.grade(lambda y, y_hat: 3 * np.mean((np.ravel(y) - np.ravel(y_hat)) ** 2)).message
    assert "3 times" in message
    assert "opposite sign" in check.mse.grade(lambda y, y_hat: -np.mean((np.ravel(y) - np.ravel(y_hat)) ** 2)).message


def test_a_typed_value_is_not_spoiled():
    message = check.error_left.grade(0.5).message
    assert "0.5 is not it" in message and "0.216" not in message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda y, y_hat: None, "a `return` missing"),
        (lambda y, y_hat: "2.0", "without quotes"),
        (lambda y, y_hat: {"mse": 2.0}, "found a dict"),
        (lambda y, y_hat: np.mean, "call it first"),
        (lambda y, y_hat: 1 / 0, "raises ZeroDivisionError: division by zero"),
        (lambda y, y_hat: undefined, "raises NameError: name 'undefined' is not defined"),  # noqa: F821
        (lambda y, y_hat: sys.exit(), "raises SystemExit"),
        (lambda y: y, "must take the arguments (y, y_hat)"),
        (2.0, "hand over the function itself"),
        (lambda y, y_hat: 1j, "complex"),
        (lambda y, y_hat: np.nan, "expected 2, found nan"),
        (lambda y, y_hat: object(), "cannot be read as numbers"),
        (lambda y, y_hat: [1, [2, 3]], "cannot be read"),
        (lambda y, y_hat: (v for v in y), "cannot be read"),
    ],
)
def test_what_is_no_answer_is_explained(answer, says):
    verdict = check.mse.grade(answer)
    assert verdict.mark == "✗" and says in verdict.message


def test_the_line_that_raises_is_shown():
    import linecache

    name = "<ipython-input-1-test>"
    source = "def mse(y, y_hat):\n    return y.average()\n"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    scope: dict = {}
    exec(compile(source, name, "exec"), scope)
    assert "in your line 2, `return y.average()`" in check.mse.grade(scope["mse"]).message


# Nothing breaks a check


class Hostile:
    """An object that fails at whatever is asked of it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __repr__(self):
        raise KeyError("repr")

    def __len__(self):
        return -1


class Endless:
    def __len__(self):
        return 10**18

    def __getitem__(self, i):
        return self


def recursive(*_):
    return recursive()


def strange_answers() -> list:
    return [
        Hostile(), Hostile, lambda *_: Hostile(), recursive, None, "", b"x", {}, set(), [], (), [[]], np.array([]), 10**400,
        float("nan"), float("inf"), 1e-320, True, [1, "a"], np.array(["a"]), int, object(), range(3), [...] * 3, ...,
        lambda *_: np.zeros((0, 3)), lambda *_: [None], lambda *_: 10**400, lambda *_: np.full((2, 2, 2), np.nan),
        lambda **_: 1, type, Ellipsis.__class__, np.datetime64("2020"), Exception("x"), np.ma.masked, NotImplemented,
    ]  # fmt: skip


@pytest.mark.parametrize("exercise", **names(EXERCISES))
def test_nothing_crashes_a_check(exercise, capsys):
    for answer in strange_answers():
        exercise(answer)
        assert capsys.readouterr().out.splitlines()[-1][0] in "○✗"


def test_an_object_with_an_absurd_length_is_refused():
    assert check.three_points.grade(Endless()).mark == "✗"


def test_an_interrupted_answer_is_said_so():
    def interrupted(y, y_hat):
        raise KeyboardInterrupt

    assert "interrupted" in check.mse.grade(interrupted).message


@pytest.mark.parametrize("exercise", **names(FUNCTIONS))
def test_an_answer_cannot_change_the_cases_nor_the_random_numbers(exercise):
    def vandal(*arguments):
        np.random.seed(0)
        np.seterr(all="raise")
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument[...] = 0
        return np.random.rand()

    np.random.seed(1)
    expected, before = np.random.RandomState(1).rand(), np.geterr()
    exercise.grade(vandal)
    assert np.random.rand() == expected and np.geterr() == before
    assert exercise.grade(exercise.reference).mark == "✓"


def test_the_right_numbers_by_spoiling_the_arguments_pass_with_a_caution():
    def standardize(train, new):
        mean, std = train.mean(axis=0), train.std(axis=0)
        train -= mean
        train /= std
        return train, (new - mean) / std

    verdict = check.standardize.grade(standardize)
    assert verdict.mark == "✓" and "changes its argument `train` in place" in verdict.message


# What is remembered, and what is there


def test_progress_lists_what_is_solved(capsys):
    for exercise in EXERCISES:
        exercise.status, exercise.attempted = "○", False
    check.progress()
    assert "no check was called" in capsys.readouterr().out
    check.square(lambda r: 2 * r)
    check.sum_shape((3, 4))
    capsys.readouterr()
    check.progress()
    out = capsys.readouterr().out
    assert "Lesson 00: 1 of 6 solved" in out and "✗ square" in out and "✓ sum_shape" in out and "○ partial" in out
    assert "Lesson 01" not in out
    check.square(lambda r: r * r)
    check.square(lambda r: 2 * r)  # playing on does not take the mark away
    assert check.square.status == "✓"


def test_an_unknown_check_is_explained():
    with pytest.raises(AttributeError, match=r"there is no check\.mse_gradent\. Did you mean check\.mse_gradient\?"):
        check.mse_gradent  # noqa: B018


def test_names_are_unique_and_listed():
    listed = [exercise.name for exercise in EXERCISES]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= set(dir(check))
    for lesson, exercises in _LESSONS.items():
        module = sys.modules[f"helpers.check.lesson{lesson}"]
        assert all(getattr(module, name) is exercise for name, exercise in exercises.items())


def test_an_exercise_of_ones_own_takes_ten_lines():
    double = Exercise(
        "double", lambda x: 2 * x, cases=[(1.0,), (3.0,)], slips=[Slip("you squared it", lambda x: x * x)]
    )
    assert double.grade(lambda x: x + x).mark == "✓"
    assert "you squared it" in double.grade(lambda x: x**2).message


def test_the_installation_is_checked(capsys, monkeypatch):
    module = sys.modules["helpers.check.installation"]
    check.installation()
    assert all(line.startswith("✓") for line in capsys.readouterr().out.splitlines())
    monkeypatch.setattr(module, "_pins", lambda: {"numpy": "0.1"})
    monkeypatch.setattr(module, "PYTHONS", ((2, 6), (2, 7)))
    monkeypatch.setattr(module, "PACKAGES", ("numpy", "a-package-that-is-not-there"))
    check.installation()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and all(line.startswith("✗") and "make lab" in line for line in lines)
