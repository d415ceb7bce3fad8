"""Figures of a result: names of the contract, as attributes, keys and paths."""

import copy
import pickle

import numpy as np
import pytest
import windtunnel as wt
from support import MM1, ROOM, ROOT, command_line, without_engine


@pytest.fixture(scope="module")
def result():
    return wt.run(MM1, queries=True)


@pytest.fixture(scope="module")
def room():
    return wt.run(ROOM)


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from leaves(child, (*path, name))
    else:
        yield path, value


def test_every_name_of_the_summary_is_attribute_key_and_path(room):
    seen = 0
    for path, value in leaves(room.summary):
        by_attribute, by_key = room, room
        for name in path:
            by_attribute, by_key = getattr(by_attribute, name), by_key[name]
        dotted = ".".join(f'"{name}"' if "." in name else name for name in path)
        if isinstance(value, dict):  # empty
            assert len(by_attribute) == len(by_key) == len(room[dotted]) == 0
        else:
            assert by_attribute == by_key == room[dotted] == value, dotted
        seen += 1
    assert seen > 200


@pytest.mark.parametrize("name", ["steady_mm1", "room_pipeline", "batching", "trace_replay"])
def test_the_summary_is_the_command_lines(name):
    file = ROOT / f"scenarios/{name}.yaml"
    assert without_engine(wt.run(file).summary) == without_engine(command_line("run", file))


def test_the_scenario_that_ran_can_be_run_again(result):
    assert result.scenario == "steady_mm1"  # its name, as in the summary
    assert without_engine(wt.run(result.ran).summary) == without_engine(result.summary)


def test_settings_and_seed_are_those_of_the_command_line():
    mine = wt.run(MM1, set={"horizon": "30m"}, seed=5).summary
    theirs = command_line("run", MM1, "--set", "horizon=30m", "--seed", 5)
    assert without_engine(mine) == without_engine(theirs)
    assert mine["seed"] == 5 and mine["horizon_s"] == 1800


def test_queries_balance(room):
    for queries in [room.totals.queries, *(room.models[name].queries for name in room.models)]:
        rest = queries.completed + queries.failed + queries.timed_out + queries.rejected
        assert queries.arrived == rest + queries.in_flight + queries.queued


@pytest.mark.parametrize("level, name", [(0.5, "p50"), (0.9, "p90"), (0.95, "p95"), (0.99, "p99"), (0.999, "p999")])
@pytest.mark.parametrize("of", ["response_time_s", "queueing_delay_s", "service_time_s"])
def test_a_quantile_is_the_summarys(room, of, level, name):
    for model in room.models:
        assert room.quantile(model, level, of) == room.models[model][of][name]
    if of == "response_time_s":
        assert room.quantile("render", level) == room.pipelines.render.response_time_s[name]


def test_quantiles_rise_with_the_level_up_to_the_largest(result):
    values = [result.quantile("quality", level) for level in np.linspace(0, 1, 101)]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(result.models.quality.response_time_s.max, rel=0.008)


def test_histogram_counts_are_the_completed_queries(result):
    edges, counts = result.histogram("quality")
    assert counts.sum() == result.models.quality.queries.completed
    assert np.all(np.diff(edges) > 0) and np.all(counts > 0)
    mean = np.average(edges, weights=counts)  # of lower edges: at most a bucket's width too small
    assert mean == pytest.approx(result.models.quality.response_time_s.mean, rel=0.02)


def test_nothing_completed_gives_none():
    nothing = wt.run(MM1, set={"workload.0.arrivals.rate": "0.000001/s", "horizon": "10m"})
    assert nothing.totals.queries.arrived == 0
    assert nothing.quantile("quality", 0.5) is None
    assert nothing.models.quality.response_time_s.p50 is None
    assert len(nothing.histogram("quality")[0]) == 0


def test_figures_cannot_be_changed(result):
    with pytest.raises(AttributeError, match="cannot be changed"):
        result.totals.kills = 0
    with pytest.raises(TypeError):
        result.totals["kills"] = 0


def test_figures_are_listed_for_completion_and_survive_copying(result):
    assert {"totals", "models", "plot"} <= set(dir(result))
    assert "kills" in dir(result.totals)
    for twin in (copy.deepcopy(result.totals), pickle.loads(pickle.dumps(result.totals))):
        assert dict(twin.kills) == dict(result.totals.kills) and twin.kills.oom == 0


def test_thresholds_are_reached_by_index(result):
    first = result["models.quality.response_time_thresholds.0"]
    assert first.at_s == 1.0
    assert result["models.quality.response_time_thresholds.0.at_s"] == 1.0
    exact = int((result.response_times() <= 1.0).sum())
    counts = [value for name, value in first.items() if name != "at_s"]
    assert exact in counts


@pytest.mark.parametrize("path, message", [
    ("totals.kils.oom", 'totals has no "kils"; did you mean "kills"?'),
    ("models.qualty", 'models has no "qualty"; did you mean "quality"?'),
    ("totals.kills.oom.x", 'oom is a figure; there is no "x" below it'),
    ("notes.3", '"3" is no index into notes, which has 0 entries'),
])
def test_an_unknown_path_names_the_nearest_known(result, path, message):
    with pytest.raises(wt.UnknownNameError) as caught:
        result[path]
    assert message in str(caught.value)
    assert isinstance(caught.value, KeyError) and isinstance(caught.value, wt.ScenarioError)


@pytest.mark.parametrize("path", ["", "totals..kills", ".totals", 'totals."kills'])
def test_what_is_no_path_is_called_none(result, path):
    with pytest.raises(wt.ScenarioError):
        result[path]


def test_an_unknown_attribute_names_the_nearest_known(result):
    with pytest.raises(AttributeError, match='did you mean "totals"'):
        result.totls
    with pytest.raises(AttributeError, match='totals has no "kils"; did you mean "kills"'):
        result.totals.kils
    assert not hasattr(result, "nothing_like_it")
