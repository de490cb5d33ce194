"""The race: its numbers against `rules.descend` and the theory, its goal, every landscape, wrong inputs."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers import rules
from helpers.landscapes import BOWL, LANDSCAPES
from helpers.plots import ROLES
from helpers.sliders import Explorer
from helpers.sliders.race import BETAS, ETAS, FEWEST, Race, race
from helpers.sliders.race_picture import LOOKS, NAMES

RULES = ["sgd", "momentum", "nesterov", "rmsprop", "adam"]
SETTINGS = [(0.1, 0.9), (0.38, 0.3), (0.0008, 0.99), (0.02, 0.0), (3.0, 0.5)]
landscapes = pytest.mark.parametrize("name", LANDSCAPES)


@pytest.fixture(scope="module")
def shown() -> Explorer:
    """Return one explorer for all tests that bring it into a setting of their own."""
    return race()


def by_rules(name: str, eta: float, beta: float, num_steps: int = 100) -> dict[str, NDArray]:
    """Return the five paths, each by its own rule with all its checks."""
    land, more = LANDSCAPES[name], {"momentum": {"beta": beta}, "nesterov": {"beta": beta}, "adam": {"beta_1": beta}}
    return {
        rule: rules.descend(getattr(rules, rule), land.gradient, land.start, num_steps, eta=eta, **more.get(rule, {}))
        for rule in RULES
    }


def spectral_radius(rule: str, eta: float, beta: float, curvature: float) -> float:
    """Return the largest factor by which one step multiplies (w, v) on a parabola of this curvature.

    The columns of the matrix are what the rule itself makes of (1, 0) and (0, 1): on a parabola it is linear.
    """
    more = {} if rule == "sgd" else {"beta": beta}
    columns = []
    for w, v in np.eye(2):
        state = None if rule == "sgd" else np.array([v])
        moved, state = getattr(rules, rule)([w], [curvature * w], state, eta=eta, **more)
        columns.append([moved[0], 0.0 if state is None else state[0]])
    return float(np.abs(np.linalg.eigvals(np.array(columns).T)).max()) if rule != "sgd" else abs(columns[0][0])


def nodes(explorer: Explorer) -> tuple[NDArray, NDArray]:
    """Return where eta and beta can stand when only the arrow keys move them."""
    eta, beta = explorer.controls["eta"], explorer.controls["beta"]
    powers = np.arange(eta.min, eta.max + 1e-9, eta.step)
    return np.array([float(f"{10**power:.3g}") for power in powers]), np.arange(0, beta.max + 1e-9, beta.step).round(2)


@landscapes
@pytest.mark.parametrize(("eta", "beta"), SETTINGS)
def test_all_five_walk_as_their_rules_do(name, eta, beta):
    values, expected = Race(100).compute(name, eta, beta), by_rules(name, eta, beta)
    assert list(values["paths"]) == list(values["heights"]) == list(values["arrived"]) == RULES
    for rule, path in expected.items():
        assert values["paths"][rule].shape == (101, 2)
        np.testing.assert_allclose(values["paths"][rule], path, rtol=1e-9, atol=1e-12, err_msg=rule)
        np.testing.assert_allclose(
            values["heights"][rule], LANDSCAPES[name].height(*path.T), rtol=1e-8, atol=1e-18, err_msg=rule
        )


@landscapes
@pytest.mark.parametrize(("eta", "beta"), SETTINGS)
def test_a_rule_has_arrived_where_it_stays_low(name, eta, beta):
    values = Race(100).compute(name, eta, beta)
    for rule, heights in values["heights"].items():
        stays = [step for step in range(101) if all(height < 1e-6 for height in heights[step:].tolist())]
        assert values["arrived"][rule] == (stays[0] if stays else None), rule


def test_passing_through_the_goal_is_not_arriving(shown):
    shown.set(landscape="bowl", eta=0.38, beta=0.3)
    assert shown.values["heights"]["rmsprop"].min() < 1e-8 and shown.values["arrived"]["rmsprop"] is None


@pytest.mark.parametrize("beta", [0.0, 0.3, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
def test_the_limits_are_where_the_iteration_begins_to_grow(rule, beta):
    run = Race(1)
    limit = run.compute("bowl", 0.1, beta)["limits"][rule]
    curvatures = [BOWL.gradient(np.array([1.0, 0]))[0], BOWL.gradient(np.array([0, 1.0]))[1]]
    assert max(spectral_radius(rule, 0.999 * limit, beta, curvature) for curvature in curvatures) < 1
    assert max(spectral_radius(rule, 1.001 * limit, beta, curvature) for curvature in curvatures) > 1
    for factor, diverges in ((0.999, False), (1, False), (1.001, True)):
        assert (rule in run.compute("bowl", factor * limit, beta)["diverges"]) == diverges


def test_nesterovs_limit_is_below_and_heavy_balls_above_plain_descents(shown):
    shown.set(landscape="bowl", eta=0.45, beta=0.9)
    limits = shown.values["limits"]
    assert limits["nesterov"] < limits["sgd"] == 0.5 < limits["momentum"]
    assert shown.values["diverges"] == ["nesterov"] and "Nesterov (limit 0.339) diverges" in shown.summary
    shown.set(beta=0)
    assert {*shown.values["limits"].values()} == {0.5, None} and shown.values["diverges"] == []


@pytest.mark.parametrize("name", [name for name in LANDSCAPES if name != "bowl"])
def test_elsewhere_nobody_knows_a_limit_and_heights_say_who_diverges(shown, name):
    shown.set(landscape=name, eta=1, beta=0.5)
    assert set(shown.values["limits"].values()) == {None}
    assert {"sgd", "momentum", "nesterov"} <= set(shown.values["diverges"])
    assert "plain descent, momentum and Nesterov" in shown.summary and "limit" not in shown.summary
    shown.set(eta=1e-4)
    assert shown.values["diverges"] == []


def test_a_normalized_step_does_not_diverge_on_the_bowl(shown):
    shown.set(landscape="bowl", eta=3, beta=0.99)
    assert shown.values["diverges"] == ["sgd", "momentum", "nesterov"]
    assert "nan" not in shown.summary and "inf" not in shown.summary and shown.message == ""


def test_the_goal_is_all_three_on_the_bowl(shown):
    assert "plain descent, momentum and Nesterov all under 1e-6 in 100 steps" in shown.children[0].value
    assert not race().values["goal_met"]
    shown.set(landscape="bowl", eta=0.376, beta=0.3)
    assert shown.values["goal_met"] and shown.summary.endswith("✓ Goal met.")
    assert all(shown.values["arrived"][rule] for rule in RULES[:3]) and shown.values["arrived"]["rmsprop"] is None
    for other in ({"eta": 0.335}, {"eta": 0.422}, {"beta": 0.45}, {"beta": 0.0}, {"landscape": "Himmelblau"}):
        shown.set(**{"landscape": "bowl", "eta": 0.376, "beta": 0.3, **other})
        assert not shown.values["goal_met"] and "Goal met" not in shown.summary


def test_himmelblau_has_a_setting_for_all_three_but_the_goal_is_on_the_bowl():
    explorer = race("Himmelblau", eta=0.01, beta=0.3)
    assert all(explorer.values["arrived"][rule] is not None for rule in RULES[:3])
    assert not explorer.values["goal_met"]


def test_the_goal_has_room_on_the_sliders_own_grid(shown):
    etas, betas = nodes(shown)
    assert (etas[0], betas[0], betas[-1]) == (ETAS[0], *BETAS)
    met, least, run = 0, 101, Race(100)
    for eta in etas[(etas > 0.3) & (etas < 0.55)]:
        for beta in betas[::4]:
            values = run.compute("bowl", eta, beta)
            met += values["goal_met"]
            if values["goal_met"]:
                least = min(least, max(values["arrived"][rule] for rule in RULES[:3]))
    assert met >= 15 and least == FEWEST


def test_a_race_too_short_for_the_goal_has_none():
    assert "Goal" in race(num_steps=FEWEST).children[0].value
    short = race(num_steps=FEWEST - 1, eta=0.447, beta=0.04)
    assert "Goal" not in short.children[0].value and not short.values["goal_met"]


@pytest.mark.parametrize(
    ("eta", "beta", "late"), [(0.376, 0.3, "RMSprop does not"), (0.3, 0.63, "plain descent and RMSprop do not")]
)
def test_the_summary_says_who_arrives_and_when(shown, eta, beta, late):
    shown.set(landscape="bowl", eta=eta, beta=beta)
    arrived = {rule: step for rule, step in shown.values["arrived"].items() if step is not None}
    said = re.findall(r"(\w+) (?:stays under 1e-6 )?from step (\d+)", shown.summary)
    order = sorted(arrived, key=arrived.get)
    assert said == [(NAMES[rule].split()[-1], str(arrived[rule])) for rule in order] and len(said) >= 3
    assert f"; {late} in 100 steps." in shown.summary
    shown.set(eta=0.001)
    assert "none of the five stays under 1e-6 in 100 steps" in shown.summary


@landscapes
@pytest.mark.parametrize(("eta", "beta"), [(0.0125, 0.9), (3.0, 0.5)])
def test_the_code_reproduces_the_values(name, eta, beta):
    explorer = race(name, eta=eta, beta=beta, num_steps=60)
    values, namespace = explorer.values, dict[str, Any]()
    exec(explorer.code, namespace)
    assert [namespace[key] for key in ("eta", "beta", "num_steps", "arrived")] == [eta, beta, 60, values["arrived"]]
    for rule in RULES:
        for key in ("paths", "heights"):
            np.testing.assert_allclose(
                namespace[key][rule], values[key][rule], rtol=1e-8, atol=1e-18, err_msg=f"{key} {rule}"
            )
    assert ("limits" in namespace) == (name == "bowl")
    for rule, limit in namespace.get("limits", {}).items():
        assert limit == pytest.approx(values["limits"][rule], rel=1e-12)


def test_every_rule_has_a_look_of_its_own_and_its_roles_color():
    assert len({(look["color"], str(look["linestyle"])) for look in LOOKS.values()}) == 5
    for rule, role in zip(RULES, ("SGD", "momentum", "Nesterov", "RMSprop", "Adam"), strict=True):
        assert LOOKS[rule]["color"] == ROLES[role]["color"] and LOOKS[rule]["linestyle"] == ROLES[role]["linestyle"]


@landscapes
def test_every_corner_has_a_small_picture_of_its_own(shown, name):
    pictures = set()
    for eta in (1e-4, 0.03, 3):
        for beta in (0.0, 0.9):
            shown.set(landscape=name, eta=eta, beta=beta)
            assert shown.message == ""
            pictures.add(shown.image.value.tobytes())
    assert len(pictures) == 6 and all(10_000 < len(picture) < 100_000 for picture in pictures)


def test_a_tick_draws_only_what_moves_and_another_landscape_draws_all(shown):
    shown.set(landscape="Beale", eta=0.01, beta=0.5)
    background = shown._picture._background
    shown.set(eta=2, beta=0.95)
    assert shown._picture._background is background
    shown.set(landscape="Rosenbrock")
    assert shown._picture._background is not background


def test_going_around_all_landscapes_comes_back_to_the_same_picture(shown):
    shown.set(landscape="bowl", eta=0.1, beta=0.9)
    before, summary = shown.image.value.tobytes(), shown.summary
    assert before == race().image.value.tobytes()
    for name in ("Rosenbrock", "Himmelblau", "Beale"):
        shown.controls["landscape"].value = name
        assert shown.values["landscape"] == name and name in shown.summary
        assert shown.image.value.tobytes() == race(name).image.value.tobytes()
    shown.controls["landscape"].value = "bowl"
    assert (shown.image.value.tobytes(), shown.summary) == (before, summary)


@pytest.mark.parametrize(("name", "num_steps"), [("bowl", 1), ("Beale", 2), ("Rosenbrock", 1000)])
def test_short_and_long_races_get_a_picture(name, num_steps):
    explorer = race(name, num_steps=num_steps)
    assert explorer.message == "" and len(explorer.image.value) < 100_000
    assert explorer.values["paths"]["adam"].shape == (num_steps + 1, 2)


@pytest.mark.parametrize("bad", ["many", 0, -3, 2.5, 1001, None, np.nan])
def test_bad_numbers_of_steps_are_answered_in_words(bad):
    explorer = race(num_steps=bad)
    assert explorer.message.startswith("No picture") and "num_steps must be a whole number" in explorer.message
    assert "Traceback" not in repr(explorer)


@pytest.mark.parametrize("bad", ["hill", "", None, 3, np.ones(2), ["bowl"]])
def test_unknown_landscapes_are_answered_in_words(shown, bad):
    shown.set(landscape="Beale")
    shown.set(landscape=bad)
    for explorer, stays in ((shown, "Beale"), (race(bad), "bowl")):
        assert "is not one of bowl, Rosenbrock, Beale, Himmelblau" in explorer.message
        assert explorer.values["landscape"] == stays and len(explorer.image.value) > 1000


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1e300, -1])
@pytest.mark.parametrize("name", ["eta", "beta"])
def test_bad_settings_are_answered_in_words(shown, name, bad):
    shown.set(**{name: bad})
    for explorer in (race(**{name: bad}), shown):
        low, high = {"eta": ETAS, "beta": BETAS}[name]
        assert name in explorer.message and low <= explorer.values[name] <= high
