"""Replications: the same for any number of threads, intervals beside the means."""

import json
import math
import statistics

import pytest
import windtunnel as wt
from support import MM1, POLICIES, SHORT, command_line, deciding, without_engine


def text_of(result):
    return json.dumps(without_engine(result.summary))


@pytest.mark.parametrize("policies", [None, {"quality": deciding(lambda seen: math.ceil(seen.backlog / 4))}])
def test_one_and_two_threads_give_the_same_bytes(policies):
    one, two = (wt.run(POLICIES, set=SHORT, replications=5, threads=n, policies=policies) for n in (1, 2))
    assert text_of(one) == text_of(two)
    assert [a.tolist() for a in one.histogram("quality")] == [a.tolist() for a in two.histogram("quality")]
    assert one.decisions.to_pandas().equals(two.decisions.to_pandas())


def test_replications_are_those_of_the_command_line():
    mine = wt.run(MM1, replications=4).summary
    assert without_engine(mine) == without_engine(command_line("run", MM1, "--replications", 4))


def test_every_mean_has_the_half_width_of_its_interval():
    one, many = wt.run(MM1), wt.run(MM1, replications=6)
    times = many.models.quality.response_time_s
    assert many.replications == 6
    for name in one.models.quality.response_time_s:
        assert times[f"{name}_ci95"] > 0
    frame = many.to_pandas()
    assert frame.loc["models.quality.response_time_s.mean", "ci95"] == times.mean_ci95
    assert "mean_ci95" not in one.models.quality.response_time_s


def test_the_interval_is_students_over_the_single_runs():
    scenario = wt.load(MM1).set("horizon", "30m")
    many = wt.run(scenario, replications=3).totals.queries
    first = wt.run(scenario).totals.queries.arrived
    half_width = many.arrived_ci95
    # Three runs of which one is known: mean and spread leave the other two no choice but real whole numbers.
    s2 = (half_width * math.sqrt(3) / 4.302653) ** 2
    rest = 3 * many.arrived - first
    product = (2 * s2 - (first - many.arrived) ** 2 + 2 * many.arrived * rest - 2 * many.arrived**2 - rest**2) / -2
    root = math.sqrt(rest**2 / 4 - product)
    others = [rest / 2 - root, rest / 2 + root]
    assert all(value == pytest.approx(round(value), abs=0.02) for value in others)
    assert statistics.stdev([first, *others]) == pytest.approx(math.sqrt(s2), rel=1e-6)


def test_distributions_hold_all_replications_and_tables_the_first():
    one, three = wt.run(MM1), wt.run(MM1, replications=3)
    assert three.histogram("quality")[1].sum() == pytest.approx(3 * three.totals.queries.completed)
    assert three.series["models.quality.backlog"].mean.tolist() == one.series["models.quality.backlog"].mean.tolist()


def test_a_seed_moves_every_replication():
    a, b, again = (wt.run(MM1, set=SHORT, replications=2, seed=seed) for seed in (1, 2, 1))
    assert text_of(a) == text_of(again) != text_of(b)
