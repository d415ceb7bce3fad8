"""A policy that goes wrong: its name, the model, the simulated time, and the user's own traceback."""

import math
import threading
import traceback

import pytest
import windtunnel as wt
from support import MM1, POLICIES, SHORT, deciding


def failing(policy, **more):
    with pytest.raises(wt.PolicyError) as caught:
        wt.run(POLICIES, set=SHORT, policies={"quality": policy}, **more)
    return caught.value


@pytest.mark.parametrize("said, message", [
    (math.nan, "decided nan: figures that were not scraped yet are NaN, so check with math.isnan"),
    (math.inf, "decided inf"),
    (-1, "decided -1 replicas; return a whole number from 0 to 100000"),
    (1.5, "decided 1.5 replicas; return a whole number from 0 to 100000, or a windtunnel.Decision (math.ceil"),
    (10**9, "decided 1000000000 replicas; return a whole number from 0 to 100000"),
    (None, "decided None, which is no number"),
    ("three", "decided 'three', which is no number"),
    (True, "decided True, which is no number"),
    ([2], "decided [2], which is no number"),
    (wt.Decision(None), "decided None, which is no number"),
    (wt.Decision(-3, "fewer"), "decided -3 replicas"),
])
def test_what_is_no_number_of_replicas_is_refused(said, message):
    error = failing(deciding(lambda seen: said))
    assert str(error).startswith("at t=15 s: policy Mine for quality ")
    assert message in str(error) and "\n" not in str(error)


def test_what_a_policy_raises_arrives_with_its_line_and_the_simulated_time():
    class Stumbles(wt.Policy):
        def decide(self, seen):
            if seen.now_s > 300:
                return {}["no such key"]  # the user's line
            return 1

    error = failing(Stumbles)
    assert str(error) == "at t=315 s: policy Stumbles for quality raised KeyError: 'no such key'"
    assert isinstance(error.__cause__, KeyError)
    shown = "".join(traceback.format_exception(error))
    assert 'return {}["no such key"]  # the user\'s line' in shown and "in decide" in shown


def test_the_first_failing_replication_is_the_one_reported():
    class Mixed(wt.Policy):
        def decide(self, seen):
            raise RuntimeError(f"backlog {seen.backlog}")

    messages = {str(failing(Mixed, replications=4, threads=threads)) for threads in (1, 2) for _ in range(3)}
    assert len(messages) == 1


def test_a_policy_that_cannot_be_made_says_why():
    class NeedsTarget(wt.Policy):
        def __init__(self, target_s):
            self.target_s = target_s

    error = failing(NeedsTarget)
    assert "policies['quality']: making it raised TypeError" in str(error) and "target_s" in str(error)
    assert isinstance(error.__cause__, TypeError)
    assert "policies['quality'] made int, which is no windtunnel.Policy" in str(failing(lambda: 3))


def test_a_policy_without_decide_says_so():
    class Empty(wt.Policy):
        pass

    assert "Empty has no decide(self, seen)" in str(failing(Empty))


@pytest.mark.parametrize("attributes, message", [
    ({"window_s": 0}, "window_s is 0; give seconds above 0"),
    ({"window_s": "1m"}, "window_s is '1m'"),
    ({"window_s": math.nan}, "window_s is nan"),
    ({"response_quantile": 95}, "response_quantile is 95; give a number in (0, 1), 95 % is 0.95"),
    ({"response_quantile": "p95"}, "response_quantile is 'p95'"),
])
def test_what_a_policy_asks_to_see_is_checked(attributes, message):
    assert message in str(failing(deciding(lambda seen: 1, **attributes)))


@pytest.mark.parametrize("policies, error, message", [
    ({"qualty": wt.Policy}, wt.ScenarioError, 'the scenario has no model "qualty"; did you mean "quality"?'),
    ([wt.Policy], TypeError, "policies are a dict {model: policy}, not list"),
    ({"quality": 3}, TypeError, "policies['quality'] is int; give a subclass of windtunnel.Policy"),
    ({"quality": None}, TypeError, "policies['quality'] is NoneType"),
    ({"quality": "backlog_time"}, TypeError, "policies['quality'] is str"),
    ({"quality": dict}, TypeError, "dict is no windtunnel.Policy; write class dict(wt.Policy)"),
])
def test_what_is_no_policy_is_refused_before_anything_runs(policies, error, message):
    with pytest.raises(error) as caught:
        wt.run(POLICIES, policies=policies)
    assert message in str(caught.value)


def test_a_fixed_model_cannot_be_given_a_policy_and_the_way_out_works():
    with pytest.raises(wt.ScenarioError, match="quality has a fixed number of replicas") as caught:
        wt.run(MM1, policies={"quality": deciding(lambda seen: 1)})
    scenario = wt.load(MM1)  # the name the way out uses
    way_out = str(caught.value).split("give it limits: ")[1]
    eval(way_out)
    result = wt.run(scenario, policies={"quality": deciding(lambda seen: 1)})
    assert set(result.decisions["proposed"]) == {1}


def test_nothing_is_written_when_a_policy_fails(tmp_path):
    failing(deciding(lambda seen: 1 if seen.now_s < 600 else -1), output=tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


class Mute:
    """Fails at being shown."""

    def __repr__(self):
        raise ValueError("no text")

    __str__ = __repr__


class MuteError(Exception):
    __str__ = __repr__ = Mute.__repr__


@pytest.mark.parametrize("say, message", [
    (lambda: wt.Decision(2, "\ud800"), "surrogates not allowed; give whole replicas, a reason in plain text"),
    (lambda: wt.Decision(2, "x", 10**400), "OverflowError: int too large to convert to float"),
    (lambda: wt.Decision(2, Mute()), "reading its decision raised ValueError: no text"),
    (lambda: Mute(), "decided something of class Mute that cannot be shown, which is no number"),
    (lambda: wt.Decision(Mute()), "decided something of class Mute that cannot be shown, which is no number"),
    (lambda: 10**400, "decided 1000"),
    (lambda: 10**5000, "decided something of class int that cannot be shown replicas"),
    (lambda: "\ud800", r"decided '\ud800', which is no number"),
])
def test_a_decision_that_cannot_be_read_keeps_place_and_time(say, message):
    error = failing(deciding(lambda seen: say()))
    assert str(error).startswith("at t=15 s: policy Mine for quality") and message in str(error)
    assert len(str(error)) < 500
    str(error).encode()


def raises(error):
    def decide(_):
        raise error

    return deciding(decide)


@pytest.mark.parametrize("error, message", [
    (MuteError(), "raised MuteError: (its text cannot be shown)"),
    (ValueError("\ud800"), "raised ValueError: \\ud800"),
])
def test_an_exception_that_cannot_be_shown_keeps_place_and_time(error, message):
    caught = failing(raises(error))
    assert str(caught) == f"at t=15 s: policy Mine for quality {message}"
    assert caught.__cause__ is error


def test_what_a_policy_asks_to_see_may_raise():
    attributes = {"window_s": property(lambda self: 1 / 0)}
    assert "Mine for quality: what it asks to see raised ZeroDivisionError" in str(
        failing(deciding(lambda seen: 1, **attributes)))
    error = failing(deciding(lambda seen: 1, window_s=Mute()))
    assert "window_s is something of class Mute that cannot be shown" in str(error)


def test_an_object_that_cannot_be_copied_says_which_and_how_to_do_without():
    policy = deciding(lambda seen: 1)()
    policy.lock = threading.Lock()
    error = failing(policy)
    assert str(error).startswith("policies['quality']: each run gets a copy of the object, and copying this Mine")
    assert "give the class or a function that makes one: lambda: Mine(...)" in str(error)
    assert isinstance(error.__cause__, TypeError)
