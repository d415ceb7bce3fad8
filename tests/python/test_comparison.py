"""Variants side by side."""

import subprocess

import pytest
import windtunnel as wt
from support import MM1, POLICIES, ROOM, SHORT, command_line, deciding, program, without_engine


@pytest.fixture(scope="module")
def comparison():
    return wt.compare(POLICIES)


def test_the_scenarios_own_variants_are_compared(comparison):
    assert list(comparison) == ["backlog time", "queue depth", "response time"]
    assert len(comparison) == 3 and "queue depth" in comparison and "mps" not in comparison
    assert isinstance(comparison["queue depth"], wt.Result)
    assert comparison["queue depth"].ran.get("scaling.quality.policy") == "queue_depth"


def test_all_variants_meet_the_same_arrivals():
    comparison = wt.compare(POLICIES, {"few": {"scaling.quality.max": 2}, "many": {"scaling.quality.max": 12}},
                            set={"run": "to_empty", "warm_up": "0s"})
    assert comparison["few"].totals.queries.arrived == comparison["many"].totals.queries.arrived
    assert comparison["few"].models.quality.response_time_s.p95 > comparison["many"].models.quality.response_time_s.p95


def test_summaries_are_those_of_the_command_line(comparison):
    theirs = {one["name"]: one["summary"] for one in command_line("compare", POLICIES)["variants"]}
    assert list(theirs) == list(comparison)
    for name, result in comparison.items():
        assert without_engine(result.summary) == without_engine(theirs[name])


def test_a_variant_alone_gives_the_same_result(comparison):
    alone = wt.run(comparison["queue depth"].ran)
    assert without_engine(alone.summary) == without_engine(comparison["queue depth"].summary)


@pytest.mark.parametrize("settings", [
    {},
    {"scaling.quality.max": 5},
    {"scaling.quality": {"policy": "backlog_time", "target": "1s", "min": 1, "max": 2}},  # the variants set it too
])
def test_ran_is_what_ran_also_where_settings_and_variants_conflict(settings):
    scenario = wt.load(POLICIES).set(settings)
    for comparison in (wt.compare(scenario, set=SHORT), wt.compare(POLICIES, set=settings | SHORT)):
        for result in comparison.values():
            assert result.ran._checked.digest == result.ran.copy()._checked.digest == result.scenario_digest
            assert result.models.quality.replicas.max <= result.ran.get("scaling.quality.max")
            assert without_engine(wt.run(result.ran).summary) == without_engine(result.summary)
    explicit = wt.compare(POLICIES, {"a": {"scaling.quality.max": 3}, "b": {}}, set=settings | SHORT)
    assert all(result.ran._checked.digest == result.scenario_digest for result in explicit.values())


def test_text_is_the_command_lines_table():
    printed = subprocess.run([program(), "compare", ROOM, "--quiet"], capture_output=True, text=True, check=True).stdout
    rows = [line for line in str(wt.compare(ROOM)).splitlines() if line.startswith("  ")]
    assert len(rows) > 15
    assert all(row in printed.splitlines() for row in rows)


def test_the_data_frame_has_a_column_for_each_variant(comparison):
    frame = comparison.to_pandas()
    assert list(frame.columns) == list(comparison)
    results = comparison.values()
    assert list(frame.loc[("Queries", "completed")]) == [r.totals.queries.completed for r in results]
    assert list(frame.loc[("Response time, s", "quality p95")]) == [r.quantile("quality", 0.95) for r in results]
    memory = frame.loc[("Nodes and GPUs", "memory max, bytes")]  # the terminal shows GiB
    assert list(memory) == [r.cluster.memory_used_max_bytes for r in results]
    assert not frame.index.duplicated().any()


def test_html_holds_every_variant(comparison):
    html = comparison._repr_html_()
    assert all(f"<th>{name}</th>" in html for name in comparison)


def test_replications_put_intervals_into_the_table():
    comparison = wt.compare(POLICIES, set=SHORT, replications=3)
    assert all(result.replications == 3 for result in comparison.values())
    assert "±" in comparison._repr_html_()


def test_a_policy_of_ones_own_joins_every_variant_or_the_named_ones():
    two = deciding(lambda seen: 2)
    both = wt.compare(POLICIES, {"a": {}, "b": {}}, set=SHORT, policies={"quality": two})
    assert [set(result.decisions["proposed"]) for result in both.values()] == [{2}, {2}]
    one = wt.compare(POLICIES, {"theirs": {}, "mine": {}}, set=SHORT, policies={"mine": {"quality": two}})
    assert set(one["mine"].decisions["proposed"]) == {2}
    assert len(set(one["theirs"].decisions["proposed"])) > 1
    assert not one["theirs"].notes and one["mine"].notes


def test_an_unknown_variant_names_the_nearest_known(comparison):
    with pytest.raises(wt.UnknownNameError, match='did you mean "queue depth"'):
        comparison["queue dept"]
    with pytest.raises(wt.ScenarioError, match='no variant "thiers"; did you mean "theirs"'):
        wt.compare(POLICIES, {"theirs": {}}, set=SHORT, policies={"thiers": {"quality": deciding(lambda seen: 1)}})


class Apart(str):
    """Equal to no other text, until it is converted."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other


@pytest.mark.parametrize("variants, error, message", [
    (None, wt.ScenarioError, "has no variants to compare"),
    ({}, wt.ScenarioError, "at least one"),
    (["a"], TypeError, "variants are a dict"),
    ({"a": {"horizn": "1h"}}, wt.ScenarioError, 'did you mean "horizon"'),
    ({"a": 3}, TypeError, "settings are a dict"),
    ({1: {}, "1": {}}, TypeError, "variants: 1 is int, no name; write it as text: '1'"),
    ({None: {}}, TypeError, "variants: None is NoneType, no name"),
    ({"": {}}, wt.ScenarioError, "variants: '' is no name"),
    ({" ": {}}, wt.ScenarioError, "variants: ' ' is no name"),
    ({"a\ud800": {}}, wt.ScenarioError, "variants: .* lone surrogate"),
    ({Apart("a"): {}, "a": {}}, wt.ScenarioError, "variants: two are called 'a'"),
])
def test_what_cannot_be_compared_says_why(variants, error, message):
    with pytest.raises(error, match=message):
        wt.compare(MM1, variants)
