"""Policies written in Python: what they see, and that they decide."""

import math

import numpy as np
import pytest
import windtunnel as wt
from support import POLICIES, SHORT, deciding, without_engine


class BacklogTime(wt.Policy):
    """The library's backlog_time without its scale-down window, written as a user would."""

    target_s = 3.0

    def decide(self, seen):
        if math.isnan(seen.backlog):
            return seen.current_replicas
        alone_s = seen.backlog * seen.processing_time_s / seen.concurrency if seen.backlog > 0 else 0.0
        if math.isnan(alone_s):
            return seen.current_replicas
        return wt.Decision(math.ceil(alone_s / self.target_s), "backlog", alone_s / max(1, seen.ready_replicas))


def test_deciding_as_backlog_time_does_gives_what_backlog_time_gives():
    scenario = wt.load(POLICIES).set("scaling.quality", {"policy": "backlog_time", "target": "3s", "min": 1, "max": 12})
    theirs, mine = wt.run(scenario), wt.run(scenario, policies={"quality": BacklogTime})
    assert mine.decisions["desired"].tolist() == theirs.decisions["desired"].tolist()
    assert np.array_equal(mine.decisions["value"], theirs.decisions["value"], equal_nan=True)
    for part in ("models", "totals", "cluster"):
        assert mine.summary[part] == theirs.summary[part]
    assert theirs.models.quality.scaling.ups > 10  # there was something to decide


def seen_by(scenario=POLICIES, settings=SHORT, **attributes):
    seen = []

    def decide(observation):
        seen.append({name: getattr(observation, name) for name in dir(observation) if not name.startswith("_")})
        return 2

    result = wt.run(scenario, set=settings, samples=True, policies={"quality": deciding(decide, **attributes)})
    return seen, result


def test_class_object_and_factory_decide_alike():
    class Steps(wt.Policy):
        def __init__(self):
            self.n = 0

        def decide(self, seen):
            self.n += 1
            return wt.Decision(1 + self.n % 3, "in turn", float(self.n))

    runs = [wt.run(POLICIES, set=SHORT, policies={"quality": source}) for source in (Steps, Steps(), lambda: Steps())]
    first = without_engine(runs[0].summary)
    assert all(without_engine(run.summary) == first for run in runs)
    decisions = runs[0].decisions
    assert decisions["proposed"][:4].tolist() == [2, 3, 1, 2]
    assert decisions["value"][:4].tolist() == [1, 2, 3, 4]
    assert set(decisions["reason"]) == {"in turn"}


@pytest.mark.parametrize("as_object", [True, False])
def test_no_state_goes_from_one_replication_to_the_next(as_object):
    lengths = []

    class Remembers(wt.Policy):
        def __init__(self):
            self.times = []

        def decide(self, seen):
            if self.times:
                assert seen.now_s > self.times[-1]
            self.times.append(seen.now_s)
            lengths.append(len(self.times))
            return 1

    policy = Remembers() if as_object else Remembers
    result = wt.run(POLICIES, set=SHORT, replications=3, threads=1, policies={"quality": policy})
    each = result.decisions.rows
    assert lengths == [*range(1, each + 1)] * 3
    assert not as_object or policy.times == []  # the caller's own object is left alone


def test_min_and_max_hold():
    limits = {**SHORT, "scaling.quality.min": 2, "scaling.quality.max": 5}
    result = wt.run(POLICIES, set=limits, policies={"quality": deciding(lambda seen: 0 if seen.now_s < 600 else 100)})
    decisions = result.decisions
    assert set(decisions["proposed"]) == {0, 100} and set(decisions["desired"]) == {2, 5}
    assert result.models.quality.replicas.max == 5 and result.series["models.quality.replicas"].min[5:].min() >= 2


def test_what_is_seen_is_what_was_scraped():
    seen, result = seen_by()
    assert [one["now_s"] for one in seen] == result.decisions["at_s"].tolist()
    samples = result.samples
    at = {t: i for i, t in enumerate(samples["models.quality.backlog"].time_s)}
    checked = 0
    for one in seen:
        assert one["sampled_at_s"] <= one["now_s"]
        if one["sampled_at_s"] in at:
            assert one["backlog"] == samples["models.quality.backlog"].mean[at[one["sampled_at_s"]]]
            assert one["backlog"] == one["queued"] + one["in_service"]
            checked += 1
    assert checked > 50
    assert {one["concurrency"] for one in seen} == {1}


def test_figures_are_nan_before_there_is_anything():
    quiet = {**SHORT, "workload.0.arrivals": {"process": "deterministic", "rate": "1/min"}}
    seen, _ = seen_by(settings=quiet)
    assert math.isnan(seen[0]["response_time_s"]) and math.isnan(seen[0]["processing_time_s"])
    assert any(one["response_time_s"] > 0 for one in seen)


def test_window_and_quantile_are_the_policys_own():
    window = {"window_s": 300.0}
    mean, _ = seen_by(**window)
    high, _ = seen_by(response_quantile=0.99, **window)
    assert [one["backlog"] for one in mean] == [one["backlog"] for one in high]
    pairs = [(a["response_time_s"], b["response_time_s"]) for a, b in zip(mean, high)][5:]
    assert all(low < top for low, top in pairs)
    # Two busy replicas complete four a second; a window that reaches back to the start takes five minutes to show it.
    narrow, _ = seen_by(window_s=15.0)
    start, later = (next(i for i, one in enumerate(mean) if one["now_s"] >= at) for at in (700, 1000))
    spread = [np.std(np.diff([one["throughput_per_s"] for one in seen[start:later]])) for seen in (narrow, mean)]
    assert spread[0] > 3 * spread[1]


def test_the_summary_says_who_decided():
    assert wt.run(POLICIES, set=SHORT).notes == []
    notes = wt.run(POLICIES, set=SHORT, policies={"quality": deciding(lambda seen: 1)}).notes
    assert notes == ["scaling.quality: decided by the caller's policy, not by backlog_time"]


def test_whole_floats_and_numpy_numbers_are_numbers_of_replicas():
    for kind in (float, np.int64, np.float32):
        result = wt.run(POLICIES, set=SHORT, policies={"quality": deciding(lambda seen, kind=kind: kind(3))})
        assert set(result.decisions["proposed"]) == {3}


def test_policies_decide_for_their_model_alone():
    from support import ROOM

    result = wt.run(ROOM, set={"horizon": "1h"}, policies={"cond": deciding(lambda seen: 2)})
    decisions = result.decisions
    mine = decisions["model"] == "cond"
    assert set(decisions["proposed"][mine]) == {2} and len(set(decisions["reason"][~mine])) > 1
