"""Scenarios: read, looked at, changed by path; always valid."""

import pytest
import windtunnel as wt
from support import MM1, POLICIES, ROOM, ROOT

DOCUMENT = {
    "schema": 1,
    "horizon": "10m",
    "models": {"quality": {"service_time": {"law": "exponential", "mean": "1s"}}},
    "workload": [{"model": "quality", "arrivals": {"process": "poisson", "rate": "0.5/s"}}],
    "cluster": {"node_pools": {"t4": {"gpu": "T4", "nodes": 1}}},
}


def test_load_tells_names_of_what_is_in_the_file():
    scenario = wt.load(ROOM)
    assert scenario.name == "room-pipeline"
    assert scenario.models == ["room-scene", "cond", "quality"]
    assert scenario.pipelines == ["render"]
    assert scenario.variants == ["time-slicing", "MPS", "hard limits"]
    assert "room-scene" in repr(scenario)


def test_load_takes_text_as_well_as_a_path():
    assert wt.load(str(MM1)).get() == wt.load(MM1).get()


def test_get_reads_what_is_written_and_what_is_default():
    scenario = wt.load(MM1)
    assert scenario.get("horizon") == "2h"
    assert scenario.get("workload.0.arrivals.rate") == "0.7/s"
    assert scenario.get("models.quality.copies") == 1  # not in the file
    assert set(scenario.get()) >= {"schema", "models", "workload", "cluster", "scaling"}


def test_set_is_read_back_and_reaches_the_run():
    scenario = wt.load(MM1)
    assert scenario.set("workload.0.arrivals.rate", "0.07/s") is scenario
    assert scenario.get("workload.0.arrivals.rate") == "0.07/s"
    fewer, more = wt.run(scenario), wt.run(MM1)
    assert fewer.totals.queries.arrived < more.totals.queries.arrived / 5


def test_several_settings_are_checked_together():
    scenario = wt.load(POLICIES)
    with pytest.raises(wt.ScenarioError):
        scenario.set("scaling.quality.min", 20)  # above max on its own
    scenario.set({"scaling.quality.min": 20, "scaling.quality.max": 30})
    assert (scenario.get("scaling.quality.min"), scenario.get("scaling.quality.max")) == (20, 30)


def test_set_replaces_a_whole_block():
    scenario = wt.load(ROOM).set("cluster.node_pools.a10.sharing", {"mode": "mps", "replicas": 6})
    assert scenario.get("cluster.node_pools.a10.sharing.mode") == "mps"
    assert scenario.get("cluster.node_pools.a10.sharing.replicas") == 6


def test_an_invalid_set_leaves_the_scenario_as_it_was():
    scenario = wt.load(MM1).set("horizon", "30m")
    before = scenario.get(), scenario.to_yaml(), repr(scenario)
    with pytest.raises(wt.ScenarioError, match="rate"):
        scenario.set({"horizon": "1h", "workload.0.arrivals.rate": "fast"})
    assert (scenario.get(), scenario.to_yaml(), repr(scenario)) == before


def test_copies_are_independent():
    scenario = wt.load(MM1)
    other = scenario.copy().set("horizon", "10m")
    third = scenario.with_settings({"horizon": "20m"})
    assert [s.get("horizon") for s in (scenario, other, third)] == ["2h", "10m", "20m"]


@pytest.mark.parametrize("resolved", [False, True])
def test_yaml_round_trip_keeps_scenario_and_settings(resolved):
    scenario = wt.load(POLICIES).set("scaling.quality.target", "7s")
    again = wt.Scenario(scenario.to_yaml(resolved=resolved) + "name: three_policies\n" * (not resolved))
    assert again.get() == scenario.get()
    assert again.get("scaling.quality.target") == "7s"


def test_plain_yaml_holds_no_defaults_and_resolved_holds_them():
    scenario = wt.load(MM1)
    assert "copies" not in scenario.to_yaml()
    assert "copies" in scenario.to_yaml(resolved=True)


def test_a_dict_and_the_same_as_text_are_one_scenario():
    text = wt.Scenario(DOCUMENT).to_yaml()
    assert isinstance(text, str) and wt.Scenario(text).get() == wt.Scenario(DOCUMENT).get()
    assert wt.run(wt.Scenario(DOCUMENT)).totals.queries.arrived > 200


def test_paths_of_traces_are_relative_to_the_folder(tmp_path):
    (tmp_path / "mine.csv").write_bytes((ROOT / "scenarios/data/example.csv").read_bytes())
    document = {**DOCUMENT, "workload": [{"model": "quality", "trace": {"file": "mine.csv"}}]}
    assert wt.run(wt.Scenario(document, folder=tmp_path)).sources.quality.rows > 0
    with pytest.raises(wt.ScenarioError, match="mine.csv"):
        wt.Scenario(document, folder=tmp_path / "elsewhere")


def test_every_problem_of_a_document_comes_at_once():
    with pytest.raises(wt.ScenarioError) as caught:
        wt.Scenario({"schema": 1, "horizn": "1h", "models": {"quality": {"wieghts": 1}}})
    assert len(caught.value.problems) >= 3
    assert 'did you mean "horizon"?' in str(caught.value)
