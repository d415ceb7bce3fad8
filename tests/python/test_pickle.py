"""Copies and pickles: a scenario goes to another process, what holds a run says what to send instead."""

import copy
import pickle

import pytest
import windtunnel as wt
from support import MM1, POLICIES, ROOM, SHORT, deciding

FROM = {
    "a file": lambda: wt.load(ROOM),
    "a path with settings": lambda: wt.load(str(POLICIES)).set("scaling.quality.target", "5s"),
    "text": lambda: wt.Scenario(MM1.read_text()),
    "a dict and a folder": lambda: wt.Scenario(wt.load(MM1).get(), folder=MM1.parent),
    "a variant": lambda: wt.compare(POLICIES, set=SHORT)["queue depth"].ran,
}
WAYS = {"copy": copy.copy, "deepcopy": copy.deepcopy, "pickle": lambda one: pickle.loads(pickle.dumps(one))}


@pytest.mark.parametrize("source", FROM)
@pytest.mark.parametrize("way", WAYS)
def test_a_scenario_is_copied_whole_and_apart(source, way):
    original = FROM[source]()
    before = original.get()
    other = WAYS[way](original)
    assert type(other) is wt.Scenario and repr(other) == repr(original)
    assert other.to_yaml() == original.to_yaml() and other._folder == original._folder
    other.set("seed", 4711)
    assert original.get() == before and other.get("seed") == 4711


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("make, instead", [
    (lambda: wt.run(MM1), "a Result cannot be pickled or copied, .* send result.summary, a dict, or result.to_pandas"),
    (lambda: wt.compare(POLICIES, set=SHORT), "a Comparison cannot .* comparison.to_pandas.* result.summary for"),
    (lambda: wt.check(POLICIES, set=SHORT), "a Verdict cannot .* verdict.expectations, .*verdict.to_pandas"),
])
def test_what_holds_a_run_says_what_to_send_instead(way, make, instead):
    with pytest.raises(TypeError, match=instead):
        WAYS[way](make())


def test_what_is_to_be_sent_can_be_pickled():
    result, verdict = wt.run(MM1), wt.check(POLICIES, set=SHORT)
    for one in (result.summary, verdict.expectations):
        assert pickle.loads(pickle.dumps(one)) == one
    assert pickle.loads(pickle.dumps(result.to_pandas())).equals(result.to_pandas())


def test_a_policy_may_hold_a_scenario():
    mine = deciding(lambda seen: 2)()
    mine.scenario = wt.load(POLICIES)
    assert set(wt.run(POLICIES, set=SHORT, policies={"quality": mine}).decisions["proposed"]) == {2}
