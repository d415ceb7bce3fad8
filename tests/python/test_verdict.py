"""check(): the verdict that the command line gives, as an object."""

import json
import subprocess
import xml.etree.ElementTree as xml

import pytest
from support import ROOT, program

import windtunnel as wt

SCENARIO = "scenarios/three_policies.yaml"
SLOWER = {"scaling.quality.target": "30s"}


def test_a_verdict_is_the_command_lines():
    verdict = wt.check(SCENARIO, set=SLOWER)
    command = [program(), "check", SCENARIO, "--set", "scaling.quality.target=30s", "--format", "json", "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert verdict.expectations == json.loads(done.stdout)["expectations"]


def test_a_worse_policy_misses_exactly_what_it_worsens():
    verdict = wt.check(SCENARIO, set=SLOWER)
    missed = [row["metric"] for row in verdict.expectations if row["verdict"] != "met"]
    assert missed == ["models.quality.slo.attainment"] and not verdict
    assert "models.quality.slo.attainment" in str(verdict) and "not met" in verdict._repr_html_()


def test_a_met_verdict_is_true():
    assert wt.check(SCENARIO).met


def test_junit_and_markdown_name_every_expectation():
    verdict = wt.check(SCENARIO)
    assert len(list(xml.fromstring(verdict.to_junit()).iter("testcase"))) == 2
    assert "models.quality.slo.attainment" in verdict.to_markdown()
    assert verdict.to_pandas()["verdict"].tolist() == ["met", "met"]


def test_a_metric_that_does_not_exist_names_the_nearest_before_anything_runs():
    scenario = wt.load(SCENARIO).set("expect", [{"metric": "totals.kills.ooom", "at_most": 0}])
    with pytest.raises(wt.ScenarioError, match="totals.kills.oom"):
        wt.check(scenario, progress=lambda _: pytest.fail("it ran"))


def test_a_scenario_that_expects_nothing_cannot_be_checked():
    with pytest.raises(wt.ScenarioError, match="expect"):
        wt.check("scenarios/steady_mm1.yaml")


def test_one_variant_is_judged_as_the_command_line_judges_it():
    verdict = wt.check(SCENARIO, variant="queue depth", replications=2)
    command = [program(), "check", SCENARIO, "--variant", "queue depth", "--replications", "2", "--format", "json",
               "--quiet"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert verdict.expectations == json.loads(done.stdout)["expectations"]
    assert verdict.result.ran.get("scaling.quality.policy") == "queue_depth"
    assert "three_policies (variant queue depth)" in verdict.to_markdown()


def test_html_shows_bounds_with_their_units_as_the_terminal_does():
    expect = [{"metric": "models.quality.response_time_s.p95", "below": "1500ms"},
              {"metric": "totals.queries.arrived", "at_most": 1234567}]
    verdict = wt.check(SCENARIO, set={"expect": expect, "horizon": "5m", "warm_up": "1m"}, replications=2)
    html = verdict._repr_html_()
    for written in ("below 1.5 s", "at most 1,234,567", "models.quality.response_time_s.p95"):
        assert f">{written}</td>" in html, html
    assert verdict.expectations[0]["asked"] == 1.5
