"""The checks: every slip gets its own hint, every right answer passes in whatever form, and nothing breaks them."""

import gc
import itertools
import os
import sys
import warnings

import numpy as np
import pytest

from helpers import check
from helpers.check import _LESSONS
from helpers.check.engine import Exercise, Slip
from helpers.check.wrong import then, times

EXERCISES = [exercise for lesson in _LESSONS.values() for exercise in lesson.values()]
FUNCTIONS = [exercise for exercise in EXERCISES if exercise.wants_function]
SLIPS = [(exercise, slip) for exercise in EXERCISES for slip in exercise.slips]


def names(exercises: list[Exercise]) -> dict:
    return {"argvalues": exercises, "ids": [exercise.name for exercise in exercises]}


def in_parts(dress, value) -> object:
    """Dress each part of a value, and what lies in tuples and lists inside it; a text has no other form."""
    if isinstance(value, str):
        return value
    return type(value)(in_parts(dress, v) for v in value) if isinstance(value, (tuple, list)) else dress(value)


def wrapped(exercise: Exercise, dress) -> object:
    """Return the exercise's right answer, its outcome dressed in another form (part by part)."""

    def outcome(value):
        return in_parts(dress, value) if exercise.parts else dress(value)

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


@pytest.mark.parametrize(  # but for an iterator and a model
    "exercise", **names([e for e in EXERCISES if e.name not in ("minibatches", "build_model", "freeze")])
)
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
            return in_parts(lambda v: np.asarray(v, np.float32), slip.wrong(*arguments))
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
        (lambda y, y_hat: (v for v in y), "cannot be read"),  # and what to do with it, below
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


# What an attack with 800 answers found (the second part of a pair is what the message says)


def text_only(value) -> str:
    """Name a case by its texts, since a function's own name changes from run to run."""
    return value if isinstance(value, str) else type(value).__name__


def at_index(y, y_hat):
    r = np.ravel(y) - np.ravel(y_hat)
    return sum(r[i] ** 2 for i in r) / len(r)


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("mse", at_index, "raises IndexError: an index must be a whole number: loop over range(len(x))"),
        ("loss_curve", lambda path, X, y: [path[t] for t in path], "an index must be a whole number"),
        ("square", lambda r: [v for v in range(r)], "range() counts"),
        ("descend", lambda g, t, e, n: np.subtract(t, e, out=np.array([1])), "begin with np.array(..., dtype=float)"),
        ("square", lambda r: r(r), "raises TypeError: 'float' object is not callable"),
        ("square", lambda r: r | r, "raises TypeError: unsupported operand type(s) for |"),
        ("standardize", lambda a, b: np.ones(2) + np.ones(3) if len(a) == 3 else 1 / 0, "it raises ValueError"),
    ],
    ids=text_only,
)
def test_an_exception_gets_no_hint_of_another(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message
    assert "`^`" not in verdict.message and "ellipsis" not in verdict.message


def left_over(name: str):
    """Return an answer that fails because of a `...`, without its exception or its shape saying so."""

    def eta_limit(X):
        H = ...
        return 2 / np.linalg.eigvalsh(H)[-1]

    def mended_gradient(X, y, theta):
        r = ...
        return 2 / len(y) * X.T @ r

    def descend(gradient, theta0, eta, num_steps):
        theta = np.array(theta0, dtype=float)
        path = [theta]
        for _ in range(num_steps):
            theta = ...
            path.append(theta)
        return np.array(path)

    def loss_curve(path, X, y):
        return X if path is not ... else y

    def house_step(X, y, w, eta):
        def slope():
            return X.T @ ...

        return w - eta * slope()

    return locals()[name]


@pytest.mark.parametrize("name", ["eta_limit", "mended_gradient", "descend", "loss_curve", "house_step"])
def test_what_fails_with_dots_left_over_is_not_written_yet(name):
    assert getattr(check, name).grade(left_over(name)).mark == "○"


def test_dots_that_do_no_harm_are_judged():
    assert check.square.grade(lambda r: np.asarray(r)[...] ** 2).mark == "✓"
    assert "you doubled it" in check.square.grade(lambda r: 2 * np.asarray(r)[...]).message


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("product_shape", (2, 1), "(2, 1) is not it. The axis"),
        ("product_shape", (200,), "(200,) is not it. The axis"),
        ("product_shape", (), "() is not it. The axis"),
        ("product_shape", np.zeros(100), "hand over its shape, .shape"),
        ("sum_shape", np.zeros((3, 4)), "hand over its shape, .shape"),
        ("sum_shape", (3, 1, 4), "shapes are not put one behind the other"),
        ("sum_shape", (3,), "the four columns are lost: each of the 3 rows meets all 4 numbers"),
        ("sum_shape", "(3, 4)", "found the text '(3, 4)': write it without quotes"),
        ("sum_shape", None, "None is not it. Line"),
        ("sum_shape", 34, "34 is not it"),
        ("wrong_lines", (), "() is not it. Write"),
        ("wrong_lines", (0, 2, 3, 5), "(0, 2, 3, 5) is not it. Write"),
        ("wrong_lines", range(10**9), "found range(0, 1000000000), far too many"),
        ("wrong_lines", itertools.count(), "is not it"),
        ("wrong_lines", "2, 3", "found the text '2, 3': write it without quotes"),
        ("transposed", (1, 2), "one number expected, found 2"),
        ("transposed", np.ones((2, 3)), "one number expected, found 6"),
        ("transposed", "6", "found the text '6': write it without quotes"),
        ("transposed", 3, "row 1, column 2 of A.T counted from one"),
        ("transposed", 2, "row 1, column 2 of A itself, counted from one"),
        ("transposed", 6.1, "6.1 is not it"),
        ("transposed", (v for v in (6,)), "wrap it in list(...)"),
        ("transposed", 10**400, "000…"),
        ("partial", -8, "w and b are exchanged, or a factor 2 came in twice"),
        ("partial", 8, "the square of the inner derivative"),
        ("log_of_product", 6, "2 * 3 is neither"),
        ("log_of_product", 36, "of b alone"),
        ("log_of_product", 25, "belongs to b alone"),
        ("three_points", ("2/3", "10/3", "4/3"), "loss: found the text '2/3': write it without quotes"),
        ("three_points", None, "None is not it. The predictions"),
        ("three_points", ([0, 1, 1], 10 / 3, 4 / 3), "loss: one number expected, found 3"),
        ("three_points", (0.67, 3.3, 1.3), "loss is right; dL/dw and dL/db: close: give three digits"),
        ("three_points", (0.66, 3.33, 1.33), "dL/dw and dL/db are right; loss: close"),
        ("three_points", (0.66, 3.33, 99), "(0.66, 99) is not it"),
        ("three_points", (2, 10 / 3, 4 / 3), "summed, or it is that of the lesson's line"),
        ("three_points", (2 / 3, -10 / 3, 2 / 3), "dL/dw: the opposite sign"),
        ("error_left", -0.21, "close: give three digits"),
        ("error_left", -0.2, "-0.2 is not it"),
        ("error_left", 0.512, "η³"),
        ("error_left", -3.8, "not subtracted three times"),
        ("eta_for_mean", 0.21, "close: give three digits"),
        ("eta_for_mean", 200, "n came in twice"),
    ],
    ids=text_only,
)
def test_a_wrong_value_is_answered_in_its_own_terms(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message
    assert "found shape" not in verdict.message and "return" not in verdict.message and len(verdict.message) < 260


def nearly(exercise: Exercise, digits: int):
    return lambda *arguments: exercise.reference(*arguments) * (1 + 10.0**-digits)


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("mse", lambda y, y_hat: 0.0, "every number is 0: is a step or a shift 0"),
        ("mse_gradient", lambda x, y, w, b: (0, 0), "dL/dw and dL/db are 0"),
        ("mse_gradient", times(0.25, check.mse_gradient.reference), "dL/dw and dL/db come out 0.25 times"),
        ("unscale", times(-1, check.unscale.reference), "w and b have the opposite sign"),
        ("mse", nearly(check.mse, 3), "right to about 3 digits, no more: a finite difference, or rounding?"),
        ("mse", then(check.mse.reference, lambda loss: round(float(loss), 2)), "right to about 3 digits"),
        ("standardize", lambda a, b: (a - a.mean(0)) / a.std(0), "found one table of shape (3, 2), 2 values expected"),
        ("standardize", lambda a, b: np.ones((2, 2)), "found one table of shape (2, 2), 2 values expected"),
        ("numerical_gradient", lambda f, t, h: 1.5, "one number, where 2 are expected: a mean or a sum too many"),
        ("standardize", lambda a, b: (1.5, b), "train: one number, where a table of shape (3, 2) is expected"),
        ("square", lambda r: (yield r), "wrap it in list(...)"),
        ("square", lambda r: {1: r}.values(), "wrap it in list(...)"),
        ("mse", lambda y, y_hat: range(10**9), "far too many"),
        ("mse", lambda y, y_hat: object(), "found <object object>, which cannot be read"),
        ("mse", lambda y, y_hat: {}[object()], "raises KeyError: <object object>"),
        ("descend", lambda g, t, e, n: np.vstack([t] * (n + 1)), "theta0 = -2"),
    ],
    ids=text_only,
)
def test_numbers_and_forms_of_a_function_are_named(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message and " 0x" not in verdict.message


def test_a_table_from_one_array_is_no_column_that_met_a_flat_array():
    message = check.square.grade(lambda r: np.outer(r, r) if np.ndim(r) else r * r).message
    assert "found shape (3, 3), expected (3,)" in message and "n x n" not in message
    spread = check.loss_curve.grade(lambda path, X, y: np.ones((len(path), len(path))) if len(path) > 1 else [1.0])
    assert "spread to n x n" in spread.message


def test_each_wrong_part_may_have_a_slip_of_its_own():
    def two_slips(train, new):
        return train - train.mean(0) / train.std(0), new

    message = check.standardize.grade(two_slips).message
    assert "train: the parentheses are missing" in message and ". new: nothing is scaled yet" in message


def mixed_signs(name: str):
    """Return an answer that takes |x| for x, so that only inputs on both sides of zero tell."""
    right = getattr(check, name).reference
    if name == "house_step":
        return lambda X, y, w, eta: w - eta * 2 / len(y) * abs(X).T @ (X @ w - y)
    if name == "mended_gradient":
        return lambda X, y, theta: 2 / len(y) * abs(X).T @ (X @ theta - y)
    return lambda x, y, w, *rest: right(abs(x), y - w * x + w * abs(x), w, *rest)


@pytest.mark.parametrize("name", ["mse_gradient", "one_step", "mae_gradient", "house_step", "mended_gradient"])
def test_inputs_of_both_signs_are_among_the_cases(name):
    assert "lost" in getattr(check, name).grade(mixed_signs(name)).message


def test_the_sign_of_a_product_is_not_x_missing():
    def signs(x, y, w, b):
        r = y - (w * x + b)
        return -np.mean(np.sign(x * r)), -np.mean(np.sign(r))

    assert "the sign is taken of x times r" in check.mae_gradient.grade(signs).message


@pytest.mark.parametrize(
    "start",
    [
        lambda theta0: np.zeros(len(theta0)) + theta0,  # not a scalar
        lambda theta0: np.array(theta0, dtype=float).reshape(-1) if np.ndim(theta0) else float(theta0),  # not a table
        lambda theta0: np.array(theta0),  # not whole numbers, changed in place
    ],
    ids=["scalar", "table", "integers"],
)
def test_a_walk_must_start_anywhere(start):
    def descend(gradient, theta0, eta, num_steps):
        theta = start(theta0)
        path = [np.copy(theta)]
        for _ in range(num_steps):
            theta -= eta * gradient(theta)
            path.append(np.copy(theta))
        return np.array(path)

    assert check.descend.grade(descend).mark == "✗"


def test_a_walk_of_no_steps_is_the_start():
    assert check.descend.grade(lambda g, t, e, n: check.descend.reference(g, t, e, max(n, 1))).mark == "✗"


@pytest.mark.parametrize("columns", [1, 3])
def test_a_gradient_is_asked_for_tables_of_one_and_of_three_columns(columns):
    def not_for_these(X, y, theta):
        return check.mended_gradient.reference(X, y, theta) * (X.shape[1] != columns)

    assert check.mended_gradient.grade(not_for_these).mark == "✗"
    assert "X.size" in check.mended_gradient.grade(lambda X, y, t: 2 / X.size * X.T @ (X @ t - y)).message


@pytest.mark.parametrize("shape", [(), (1, 1)], ids=str)
def test_the_weight_of_a_house_keeps_its_shape(shape):
    verdict = check.house_step.grade(lambda *a: check.house_step.reference(*a).reshape(shape))
    assert verdict.mark == "✗" and "w must keep its shape (1,)" in verdict.message


def test_a_coroutine_is_named_and_leaves_no_warning(recwarn):
    async def square(r):
        return r * r

    assert "found a coroutine: leave `async` away" in check.square.grade(square).message
    gc.collect()
    assert not recwarn.list


@pytest.mark.parametrize("method", ["__array__", "__float__", "__deepcopy__", "__eq__", "__len__", "__iter__"])
@pytest.mark.parametrize("exercise", [check.mse, check.three_points, check.wrong_lines], ids=lambda e: e.name)
def test_an_object_that_wants_to_exit_does_not(exercise, method):
    def leave(*_):
        raise SystemExit

    quitter = type("Quitter", (), {method: leave})()
    for answer in (quitter, lambda *_: quitter, (quitter, quitter, quitter)):
        assert exercise.grade(answer).mark == "✗"


def test_an_answer_cannot_change_the_session(capsys, tmp_path):
    def vandal(y, y_hat):
        sys.stdout = sys.stderr = None
        np.set_printoptions(precision=1)
        os.chdir(tmp_path)
        sys.setrecursionlimit(sys.getrecursionlimit() + 7)
        warnings.simplefilter("error")
        return check.mse.reference(y, y_hat)

    def state():
        return sys.stdout, sys.stderr, np.get_printoptions(), os.getcwd(), sys.getrecursionlimit(), warnings.filters[:]

    before = state()
    check.mse(vandal)
    assert state() == before
    assert "✓ mse" in capsys.readouterr().out


def test_the_notebooks_own_walk_passes():
    def descend(gradient, theta0, eta, num_steps):
        theta = np.array(theta0, dtype=float)
        path = [theta]
        for _ in range(num_steps):
            theta = theta - eta * gradient(theta)
            path.append(theta)
        return np.array(path)

    assert check.descend.grade(descend).mark == "✓"


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


def recursive(a=0, b=0, c=0, d=0, e=0):  # all five handed on: with fewer, or *_, Python 3.13.0 misses its own limit
    return recursive(a, b, c, d, e)


def strange_answers() -> list:
    return [
        Hostile(), Hostile, lambda *_: Hostile(), recursive, None, "", b"x", {}, set(), [], (), [[]], np.array([]),
        10**400,
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


@pytest.mark.parametrize(
    ("given", "spoil"),
    [
        ([np.zeros(2), np.ones(3)], lambda x: x[1].__imul__(2)),
        ([None, np.ones(3)], lambda x: x.__setitem__(0, np.ones(3))),
        ((np.zeros(2), [np.ones(3)]), lambda x: x[1][0].__iadd__(1)),
        ([np.zeros(2)], lambda x: x.append(3)),
        ({"m": [np.zeros(2)]}, lambda x: x["m"][0].__iadd__(1)),
        ([1, 2.5], lambda x: x.reverse()),
    ],
    ids=["array in a list", "None in a list", "array in a list in a tuple", "longer list", "dict", "numbers"],
)
def test_what_lies_inside_an_argument_is_watched_too(given, spoil):
    def answer(x):
        spoil(x)
        return 1.0

    watched = Exercise("watched", lambda x: 1.0, cases=[(given,)])
    assert "changes its argument `x` in place" in watched.grade(answer).message
    assert "caution" not in watched.grade(lambda x: 1.0).message


def test_nothing_is_changed_where_nan_stays_nan():
    odd = Exercise("odd", lambda x: 1.0, cases=[([np.nan, np.array([np.nan]), "a", np.random.default_rng(0)],)])
    assert "caution" not in odd.grade(lambda x: x[3].random() ** 0).message


# Arguments by name


def by_name(w, grad, v, *, eta, beta):
    v = beta * v - eta * grad
    return w + v, v


def in_order(w, grad, v, rate, share):
    return by_name(w, grad, v, eta=rate, beta=share)


@pytest.mark.parametrize(
    "answer",
    [
        by_name,
        in_order,
        lambda w, grad, v=None, *, beta=0.9, eta=0.1: by_name(w, grad, v, eta=eta, beta=beta),
        lambda w, grad, v, beta=0.9, eta=0.1: by_name(w, grad, v, eta=eta, beta=beta),
        lambda *arrays, **hyper: by_name(*arrays, **hyper),
        lambda *everything: in_order(*everything),
    ],
    ids=["names", "order", "defaults", "another order", "collected", "all in order"],
)
def test_arguments_after_the_star_come_by_name_or_in_their_order(answer):
    assert check.momentum.grade(answer).mark == "✓", check.momentum.grade(answer)


def test_other_names_after_the_star_are_refused_with_the_right_ones():
    verdict = check.momentum.grade(lambda w, grad, v, *, lr, beta: by_name(w, grad, v, eta=lr, beta=beta))
    assert verdict.mark == "✗" and "must take the arguments (w, grad, v, *, eta, beta)" in verdict.message


# The optimizers


def adam_in_words(step: str, t: str = "t + 1", back: str = "w, (m, s, t)"):
    """Write an Adam with the formulas of the textbook, but for its step, its t, or what it returns."""
    source = f"""
def adam(w, grad, state, *, eta, beta_1, beta_2, epsilon):
    m, s, t = state
    t = {t}
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    m_hat, s_hat = m / (1 - beta_1**t), s / (1 - beta_2**t)
    w = {step}
    return {back}
"""
    scope: dict = {"np": np}
    exec(source, scope)
    return scope["adam"]


TEXTBOOK = "w - eta * m_hat / (np.sqrt(s_hat) + epsilon)"
HATTED = "w - eta * np.sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (np.sqrt(s) + epsilon)"


@pytest.mark.parametrize("step", [TEXTBOOK, HATTED, TEXTBOOK.replace("np.sqrt(s_hat)", "s_hat ** 0.5")])
def test_both_places_of_epsilon_are_right(step):
    assert check.adam.grade(adam_in_words(step)).mark == "✓"
    assert check.adam.grade(adam_in_words(step, back="np.float32(w), [m, s, float(t)]")).mark == "✓"


@pytest.mark.parametrize("step", [TEXTBOOK, HATTED], ids=["textbook", "Keras"])
@pytest.mark.parametrize(
    ("t", "back", "says"),
    [
        ("t", "w, (m, s, t)", "t starts at 0 here"),
        ("t + w.size", "w, (m, s, t)", "t counts steps, not weights"),
        ("t + 1", "w, (m, s, t - 1)", "t does not count"),
        ("t + 1", "w, (m, 2 * s, t)", "s comes out 2 times"),
        ("t + 1", "w, m, s, t", "in its own parentheses"),
        ("t + 1", "w", "two are expected"),
        ("t + 1", "w, dict(m=m, s=s, t=t)", "a dict, not (m, s, t)"),
    ],
)
def test_a_slip_is_named_with_epsilon_in_either_place(step, t, back, says):
    verdict = check.adam.grade(adam_in_words(step, t, back))
    assert verdict.mark == "✗" and says in verdict.message


def updated(rule, params, grads, states, *, eta):
    return [rule(p, g, s, eta=eta) for p, g, s in zip(params, grads, states, strict=True)]


@pytest.mark.parametrize(
    "answer",
    [
        lambda *a, **k: zip(*updated(*a, **k), strict=True),
        lambda *a, **k: map(list, zip(*updated(*a, **k), strict=True)),
        lambda *a, **k: ((w for w, _ in updated(*a, **k)), (s for _, s in updated(*a, **k))),
        lambda *a, **k: [dict(enumerate(part)).values() for part in zip(*updated(*a, **k), strict=True)],
    ],
    ids=["zip", "map", "generators", "views"],
)
def test_two_lists_may_come_in_any_form(answer):
    assert check.update_all.grade(answer).mark == "✓", check.update_all.grade(answer)


def test_lists_that_are_filled_anew_in_place_bring_a_caution():
    def update_all(rule, params, grads, states, *, eta):
        for i, pair in enumerate(updated(rule, params, grads, states, eta=eta)):
            params[i], states[i] = pair
        return params, states

    verdict = check.update_all.grade(update_all)
    assert verdict.mark == "✓" and "changes its argument `params` in place" in verdict.message


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("momentum", lambda w, g, v, eta, beta: {"w": w, "v": v}, "a dict came back"),
        ("momentum", lambda w, g, v, eta, beta: (w, v ^ 2), "`^` is no power in Python"),
        ("good_decades", lambda etas, losses: etas[np.isfinite(losses) & losses < 1], "bind closer"),
        ("steps_to_leave", 144.953, "steps are whole"),
        ("race", (0.67, 0.4), "larger beta"),
        ("race", (0.8, 0.45), "it diverges"),
    ],
    ids=text_only,
)
def test_answers_on_optimizers_are_understood(name, answer, says):
    verdict = getattr(check, name).grade(answer)
    assert verdict.mark == "✗" and says in verdict.message


def test_the_advice_of_a_race_leads_to_its_goal():
    for pair in [(0.1, 0.7), (0.9, 0.3), (0.3, 0.2), (0.8, 0.7), (0.3, 0.45)]:
        (eta, beta), message = pair, ""
        for _ in range(30):
            if "✓" in message:
                break
            message = check.race.grade((eta, beta)).message
            eta += 0.03 * (("larger eta" in message) - ("maller eta" in message))
            beta += 0.03 * (("larger beta" in message) - ("smaller beta" in message))
        assert "✓" in message, (pair, eta, beta, message)


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
